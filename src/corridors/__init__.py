"""Freight transport corridors from Kazakhstan through Afghanistan to the ports of South Asia."""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

from corridors import formats, measures, validate
from corridors.base.errors import (
    AmbiguousNameError,
    ClosedCrossingWarning,
    CorridorsError,
    CorridorsWarning,
    DataFileError,
    InputError,
    LostWorkerWarning,
    MemoryLimitError,
    MergeError,
    MissingPackageError,
    NoRouteError,
    ParameterError,
    ScenarioError,
    SchemaError,
    SlowEngineWarning,
    TooFarError,
    UndatedLinksWarning,
    UnknownNameError,
    UnknownOptionError,
)
from corridors.data import schema
from corridors.data.csv_tables import read_tables, write_tables
from corridors.data.gazetteer import Location, gazetteer, geocode
from corridors.formats.template import write_template
from corridors.measures import cpmm, metrics, redundancy
from corridors.measures.attribution import attribute, shapley
from corridors.measures.connectivity import connectivity
from corridors.measures.headline import Headline, headline
from corridors.measures.reach import Reach, reach
from corridors.measures.robustness import robustness
from corridors.measures.sweep import sweep
from corridors.measures.usage import use_shares
from corridors.network.network import Network
from corridors.network.reading import load, read
from corridors.network.trace import trace
from corridors.routing.route import Route
from corridors.uncertainty.distribution import Distribution
from corridors.validate.promises import Claims, claims
from corridors.whatif.break_even import break_even
from corridors.whatif.compare import Comparison, compare
from corridors.whatif.scenario import Scenario, scenario, scenarios
from corridors.whatif.simulate import Simulation, simulate

if _TYPE_CHECKING:
    from corridors import osm, plot
    from corridors.plot.explore import explore

__version__ = "0.1.0"

__all__ = [
    "AmbiguousNameError",
    "Claims",
    "ClosedCrossingWarning",
    "Comparison",
    "CorridorsError",
    "CorridorsWarning",
    "DataFileError",
    "Distribution",
    "Headline",
    "InputError",
    "Location",
    "LostWorkerWarning",
    "MemoryLimitError",
    "MergeError",
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
    "TooFarError",
    "UndatedLinksWarning",
    "UnknownNameError",
    "UnknownOptionError",
    "attribute",
    "break_even",
    "claims",
    "compare",
    "connectivity",
    "cpmm",
    "explore",
    "formats",
    "gazetteer",
    "geocode",
    "headline",
    "load",
    "measures",
    "metrics",
    "osm",
    "plot",
    "reach",
    "read",
    "read_tables",
    "redundancy",
    "robustness",
    "scenario",
    "scenarios",
    "schema",
    "shapley",
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
    if name == "explore":
        return _import_module("corridors.plot.explore").explore
    raise AttributeError(f"module 'corridors' has no attribute '{name}'")


def __dir__() -> list[str]:
    """Names for completion: the public ones, not the rooms behind them."""
    return sorted([*__all__, "__version__"])
