"""Freight transport corridors from Kazakhstan through Afghanistan to the ports of South Asia."""

from corridors.compare import Comparison, compare
from corridors.errors import (
    AmbiguousNameError,
    ClosedCrossingWarning,
    CorridorsError,
    CorridorsWarning,
    DataFileError,
    InputError,
    NoRouteError,
    ParameterError,
    ScenarioError,
    SchemaError,
    UndatedLinksWarning,
    UnknownNameError,
)
from corridors.io import read_tables, write_tables
from corridors.network import Network, load
from corridors.route import Route

__version__ = "0.1.0"

__all__ = [
    "AmbiguousNameError",
    "ClosedCrossingWarning",
    "Comparison",
    "CorridorsError",
    "CorridorsWarning",
    "DataFileError",
    "InputError",
    "Network",
    "NoRouteError",
    "ParameterError",
    "Route",
    "ScenarioError",
    "SchemaError",
    "UndatedLinksWarning",
    "UnknownNameError",
    "compare",
    "load",
    "read_tables",
    "write_tables",
]
