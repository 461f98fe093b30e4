"""Freight transport corridors from Kazakhstan through Afghanistan to the ports of South Asia."""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

from corridors import metrics, validate
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
    LostWorkerWarning,
    MemoryLimitError,
    MissingPackageError,
    NoRouteError,
    ParameterError,
    ScenarioError,
    SchemaError,
    SlowEngineWarning,
    UndatedLinksWarning,
    UnknownNameError,
)
from corridors.explore import explore
from corridors.formats import read
from corridors.gazetteer import Location, gazetteer, geocode
from corridors.headline import Headline, headline
from corridors.io import read_tables, write_tables
from corridors.network import Network, load
from corridors.reach import Reach, reach
from corridors.robustness import robustness
from corridors.route import Route
from corridors.scenario import Scenario, scenario, scenarios
from corridors.simulate import Simulation, simulate
from corridors.sweep import sweep
from corridors.template import write_template
from corridors.tracing import trace
from corridors.use import use_shares

if _TYPE_CHECKING:
    from corridors import osm, plot

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
    "LostWorkerWarning",
    "MemoryLimitError",
    "MissingPackageError",
    "Network",
    "NoRouteError",
    "ParameterError",
    "Reach",
    "Route",
    "Scenario",
    "ScenarioError",
    "SchemaError",
    "Simulation",
    "SlowEngineWarning",
    "UndatedLinksWarning",
    "UnknownNameError",
    "break_even",
    "claims",
    "compare",
    "connectivity",
    "explore",
    "gazetteer",
    "geocode",
    "headline",
    "load",
    "metrics",
    "osm",
    "plot",
    "reach",
    "read",
    "read_tables",
    "robustness",
    "scenario",
    "scenarios",
    "simulate",
    "sweep",
    "trace",
    "use_shares",
    "validate",
    "write_tables",
    "write_template",
]


def __getattr__(name: str) -> _Any:
    """Import what takes long to load, drawing and reading of OpenStreetMap, when it is first used."""
    if name in ("osm", "plot"):
        return _import_module(f"corridors.{name}")
    raise AttributeError(f"module 'corridors' has no attribute '{name}'")
