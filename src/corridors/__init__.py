"""Freight transport corridors from Kazakhstan through Afghanistan to the ports of South Asia."""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

from corridors import formats
from corridors.base.errors import (
    AfterDataWarning,
    AmbiguousNameError,
    ClosedCrossingWarning,
    CorridorsError,
    CorridorsWarning,
    DamagedHierarchiesWarning,
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
    SearchLimitError,
    SlowEngineWarning,
    TooFarError,
    UndatedLinksWarning,
    UnknownNameError,
    UnknownOptionError,
)
from corridors.data import schema
from corridors.data.about import Citation, cite, show_versions
from corridors.data.about import __version__ as __version__
from corridors.data.bundled import data_version
from corridors.data.csv_tables import read_tables, write_tables
from corridors.data.gazetteer import Location, gazetteer, geocode
from corridors.formats.template import write_template
from corridors.network.network import Network
from corridors.network.reading import load, read
from corridors.network.trace import trace
from corridors.routing.route import Route
from corridors.routing.side_by_side import Alternatives
from corridors.routing.ways import Logit
from corridors.uncertainty.distribution import Distribution
from corridors.whatif.break_even import break_even
from corridors.whatif.compare import Comparison, compare
from corridors.whatif.scenario import Scenario, scenario, scenarios
from corridors.whatif.simulate import Simulation, simulate
from corridors.whatif.timeline import Timeline, timeline

if _TYPE_CHECKING:
    from corridors import measures, osm, plot, validate
    from corridors.appraisal.appraise import appraise
    from corridors.appraisal.border import Border
    from corridors.appraisal.outlook import Outlook
    from corridors.appraisal.plan import plan
    from corridors.appraisal.planned import Plan
    from corridors.appraisal.result import Appraisal
    from corridors.measures import cpmm, metrics, redundancy
    from corridors.measures.attribution import attribute, shapley
    from corridors.measures.connectivity import connectivity
    from corridors.measures.headline import Headline, headline
    from corridors.measures.reach import Reach, reach
    from corridors.measures.robustness import robustness
    from corridors.measures.sweep import sweep
    from corridors.measures.usage import use_shares
    from corridors.plot.explore import explore
    from corridors.report.quote import Quote
    from corridors.trade.carried import Carried
    from corridors.trade.carry import carry
    from corridors.trade.crowding import Crowded, crowd
    from corridors.trade.landed import landed
    from corridors.trade.priced import Landed
    from corridors.trade.respond import respond
    from corridors.trade.response import Response
    from corridors.trade.shares import Split, split
    from corridors.trade.utilisation import Utilisation, utilisation
    from corridors.trade.watershed import Watershed, watershed
    from corridors.validate.promises import Claims, claims

__all__ = [
    "AfterDataWarning",
    "Alternatives",
    "AmbiguousNameError",
    "Appraisal",
    "Border",
    "Carried",
    "Citation",
    "Claims",
    "ClosedCrossingWarning",
    "Comparison",
    "CorridorsError",
    "CorridorsWarning",
    "Crowded",
    "DamagedHierarchiesWarning",
    "DataFileError",
    "Distribution",
    "Headline",
    "InputError",
    "Landed",
    "Location",
    "Logit",
    "LostWorkerWarning",
    "MemoryLimitError",
    "MergeError",
    "MissingPackageError",
    "Network",
    "NoRouteError",
    "Outlook",
    "ParameterError",
    "Plan",
    "Quote",
    "Reach",
    "Response",
    "Route",
    "Scenario",
    "ScenarioError",
    "SchemaError",
    "SearchLimitError",
    "Simulation",
    "SlowEngineWarning",
    "Split",
    "Timeline",
    "TooFarError",
    "UndatedLinksWarning",
    "UnknownNameError",
    "UnknownOptionError",
    "Utilisation",
    "Watershed",
    "appraise",
    "attribute",
    "break_even",
    "carry",
    "cite",
    "claims",
    "compare",
    "connectivity",
    "cpmm",
    "crowd",
    "data_version",
    "explore",
    "formats",
    "gazetteer",
    "geocode",
    "headline",
    "landed",
    "load",
    "measures",
    "metrics",
    "osm",
    "plan",
    "plot",
    "reach",
    "read",
    "read_tables",
    "redundancy",
    "respond",
    "robustness",
    "scenario",
    "scenarios",
    "schema",
    "shapley",
    "show_versions",
    "simulate",
    "split",
    "sweep",
    "timeline",
    "trace",
    "use_shares",
    "utilisation",
    "validate",
    "watershed",
    "write_tables",
    "write_template",
]


_ROOMS = ("measures", "osm", "plot", "validate")
_MEASURES = ("cpmm", "metrics", "redundancy")
_LATER = {
    "Appraisal": "appraisal.result",
    "Border": "appraisal.border",
    "Carried": "trade.carried",
    "Claims": "validate.promises",
    "Crowded": "trade.crowding",
    "Headline": "measures.headline",
    "Landed": "trade.priced",
    "Outlook": "appraisal.outlook",
    "Plan": "appraisal.planned",
    "Quote": "report.quote",
    "Reach": "measures.reach",
    "Response": "trade.response",
    "Split": "trade.shares",
    "Utilisation": "trade.utilisation",
    "Watershed": "trade.watershed",
    "appraise": "appraisal.appraise",
    "attribute": "measures.attribution",
    "carry": "trade.carry",
    "claims": "validate.promises",
    "connectivity": "measures.connectivity",
    "crowd": "trade.crowding",
    "explore": "plot.explore",
    "headline": "measures.headline",
    "landed": "trade.landed",
    "plan": "appraisal.plan",
    "reach": "measures.reach",
    "respond": "trade.respond",
    "robustness": "measures.robustness",
    "shapley": "measures.attribution",
    "split": "trade.shares",
    "sweep": "measures.sweep",
    "use_shares": "measures.usage",
    "utilisation": "trade.utilisation",
    "watershed": "trade.watershed",
}
"""Modules of the names that are imported when they are first used, so that the package loads fast."""


def __getattr__(name: str) -> _Any:
    """Import rooms that a route does not need, and names of them, when they are first used."""
    if name in _ROOMS:
        found: _Any = _import_module(f"corridors.{name}")
    elif name in _MEASURES:
        found = _import_module(f"corridors.measures.{name}")
    elif name in _LATER:
        found = getattr(_import_module(f"corridors.{_LATER[name]}"), name)
    else:
        raise AttributeError(f"module 'corridors' has no attribute '{name}'")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Names for completion: the public ones, not the rooms behind them."""
    return sorted([*__all__, "__version__"])
