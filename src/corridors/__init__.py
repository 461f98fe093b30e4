"""Freight transport corridors from Kazakhstan through Afghanistan to the ports of South Asia."""

from corridors.claims import Claims, claims
from corridors.compare import Comparison, break_even, compare
from corridors.connectivity import connectivity
from corridors.errors import (
    AmbiguousNameError,
    ClosedCrossingWarning,
    CorridorsError,
    CorridorsWarning,
    DataFileError,
    InputError,
    MissingPackageError,
    NoRouteError,
    ParameterError,
    ScenarioError,
    SchemaError,
    UndatedLinksWarning,
    UnknownNameError,
)
from corridors.formats import read
from corridors.gazetteer import Location, gazetteer, geocode
from corridors.headline import Headline, headline
from corridors.io import read_tables, write_tables
from corridors.network import Network, load
from corridors.robustness import robustness
from corridors.route import Route
from corridors.scenario import Scenario, scenario, scenarios
from corridors.template import write_template
from corridors.tracing import trace

__version__ = "0.1.0"

__all__ = [
    "AmbiguousNameError",
    "Claims",
    "ClosedCrossingWarning",
    "Comparison",
    "CorridorsError",
    "CorridorsWarning",
    "DataFileError",
    "Headline",
    "InputError",
    "Location",
    "MissingPackageError",
    "Network",
    "NoRouteError",
    "ParameterError",
    "Route",
    "Scenario",
    "ScenarioError",
    "SchemaError",
    "UndatedLinksWarning",
    "UnknownNameError",
    "break_even",
    "claims",
    "compare",
    "connectivity",
    "gazetteer",
    "geocode",
    "headline",
    "load",
    "read",
    "read_tables",
    "robustness",
    "scenario",
    "scenarios",
    "trace",
    "write_tables",
    "write_template",
]
