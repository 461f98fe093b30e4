"""The network: places and links with what belongs to them, in view, and what can be asked of it."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridors import datasets, parameters, projects
from corridors.contents import Contents
from corridors.dates import month_number
from corridors.errors import (
    ClosedCrossingWarning,
    InputError,
    NoRouteError,
    UndatedLinksWarning,
    UnknownNameError,
)
from corridors.explain import why_no_route
from corridors.names import near
from corridors.route import Route
from corridors.routing import Problem, edge_weight, make_problem, measure_along
from corridors.tables import Tables, make_tables
from corridors.view import Target, View

if TYPE_CHECKING:
    import networkx as nx
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from corridors.check import Findings

By = str | Mapping[str, float]

MEASURES = {"hours": "hours", "cost": "cost", "distance": "km", "co2e": "emissions", "generalized": "generalized"}
"""Measures of a matrix: h, USD/t, km, kg CO2e/t, USD/t."""

DEFAULT_COMMODITY = {"wagon": "flour", "container": "general", "truck": "general"}
"""Commodity whose value of time is used where none is named."""


@dataclass(frozen=True, eq=False, repr=False)
class Network(Contents):
    """An immutable network of places and links, with crossings, terminals, services and parameters.

    Every operation returns a new network that shares the tables. `co.load()` gives the reference network in
    normal operation: border crossings are open as in 2024. `net.at("2026-11")` has the closures of that month.
    """

    @classmethod
    def from_tables(
        cls, places: pd.DataFrame, links: pd.DataFrame, *, name: str = "network", **others: pd.DataFrame
    ) -> Network:
        """Make a network from tables of one's own.

        Parameters
        ----------
        places, links
            Rows as in the schema (`corridors schema` prints it).
        name
            Name shown with results.
        others
            Further tables by name; `parameters` and `commodities` default to the bundled ones.

        Raises
        ------
        SchemaError
            Naming every misfit with its row and column.
        """
        bundled = {table: datasets.reference()[table] for table in ("parameters", "commodities") if table not in others}
        if "parameters" in bundled:
            bundled["parameters"] = _generic(bundled["parameters"])
        return cls(make_tables({"places": places, "links": links, **bundled, **others}), name=name)

    def at(self, date: str) -> Network:
        """Give the network of a year or month: what had opened by then, less what was closed.

        Parameters
        ----------
        date
            `YYYY` (the end of that year) or `YYYY-MM`. Planned lines are not opened by a date: build them.

        Warns
        -----
        UndatedLinksWarning
            Where links stay in use although nobody knows when they opened; `undated` lists them.

        >>> import corridors as co
        >>> "AF-PK" in co.load().at("2026-11").closed
        True
        """
        month_number(date)
        net = self._view(replace(self.view, date=date), f"at {date}")
        if net.undated:
            warnings.warn(
                f"{len(net.undated)} links of unknown opening date are kept in {date}; net.undated lists them.",
                UndatedLinksWarning,
                stacklevel=2,
            )
        return net

    def build(self, *names: str) -> Network:
        """Give the network with projects built.

        Raises
        ------
        UnknownNameError, ScenarioError
            If a project is unknown, built already, in conflict with another, or lacks a prerequisite.

        Warns
        -----
        ClosedCrossingWarning
            If a project ends at a crossing that is closed in this view.

        >>> import corridors as co
        >>> co.load().build("uap-kabul").name
        'reference + uap-kabul'
        """
        new = projects.plan(self.tables, self.view, names)
        net = self._view(self.view.build(new), f"+ {' + '.join(names)}")
        shut = projects.closed_ends(net.tables, net.view, new)
        if shut:
            warnings.warn(
                f"{', '.join(names)} crosses the border at {', '.join(shut)}, which is closed in '{self.name}': "
                "no cargo can pass there.",
                ClosedCrossingWarning,
                stacklevel=2,
            )
        return net

    def close(self, *what: str) -> Network:
        """Give the network with crossings, pairs of countries (`AF-PK`), links, terminals or services closed.

        A closed pair of countries stays closed for a line that is built later.

        >>> import corridors as co
        >>> co.load().close("AF-PK").name
        'reference, AF-PK closed'
        """
        return self._view(self.view.close(map(self._target, what)), f", {', '.join(what)} closed")

    def open(self, *what: str) -> Network:
        """Give the network with things opened that are closed or suspended; planned lines need `build`."""
        return self._view(self.view.open(map(self._target, what)), f", {', '.join(what)} open")

    def _view(self, view: View, change: str) -> Network:
        joint = "" if change.startswith(",") else " "
        return replace(self, view=view, name=f"{self.name}{joint}{change}")

    def _target(self, name: str) -> Target:
        """Find what a name means that is to be closed or opened."""
        tables = self.tables
        for kind in ("crossing", "link", "terminal"):
            if name in tables.rows(f"{kind}s"):
                return Target(kind, name)
        if name in set(tables["services"]["service"]) | set(tables["services"]["id"]):
            return Target("service", name)
        pair = name.upper().replace("--", "-").split("-")
        if len(pair) == 2 and set(pair) <= set(tables["places"]["country"]):
            return Target("countries", "-".join(sorted(pair)))
        known = [*tables.rows("crossings"), *tables.rows("links"), *tables.rows("terminals")]
        raise UnknownNameError(
            "crossing, pair of countries, link, terminal or service", name, near(name, known, cutoff=0.5)
        )

    def with_parameters(
        self,
        changes: Mapping[str, float | Mapping[str, float]] | str | Path | pd.DataFrame | None = None,
        *,
        scale: Mapping[str, float] | None = None,
    ) -> Network:
        """Give the network with other parameters, by name or pattern; see `corridors.parameters.override`.

        >>> import corridors as co
        >>> net = co.load().with_parameters({"border/torkham/road/hours": 12})
        >>> float(net.parameters.loc["border/torkham/PK/exit/road/hours", "value"])
        12.0
        """
        tables = parameters.override(self.tables, {} if changes is None else changes, scale)
        return replace(self, tables=tables, name=f"{self.name}, own parameters")

    def select(
        self,
        *,
        country: str | Iterable[str] | None = None,
        mode: str | Iterable[str] | None = None,
        gauge: str | Iterable[str] | None = None,
        project: str | Iterable[str] | None = None,
        status: str | Iterable[str] | None = None,
    ) -> Network:
        """Give the part of the network whose links fit every condition, with the places they touch.

        A link that crosses a border belongs to both countries.

        >>> import corridors as co
        >>> set(co.load().select(country="UZ", mode="rail").links["gauge_mm"])
        {'1520'}
        """
        links = self.tables["links"]
        keep = np.ones(len(links), dtype=bool)
        for column, wanted in (("mode", mode), ("gauge_mm", gauge), ("project", project), ("status", status)):
            if wanted is not None:
                keep &= links[column].isin(_listed(wanted)).to_numpy()
        if country is not None:
            codes = self.tables["places"].set_index("id")["country"]
            both = [links[end].map(codes).isin(_listed(country)) for end in ("from_id", "to_id")]
            keep &= (both[0] | both[1]).to_numpy()
        return replace(self, tables=_subset(self.tables, links[keep]), name=f"part of {self.name}")

    def route(
        self,
        origin: str,
        destination: str,
        *,
        by: By = "generalized",
        cargo: str = "container",
        via: str | Sequence[str] = (),
        avoid: str | Iterable[str] = (),
        modes: str | Iterable[str] | None = None,
        commodity: str | None = None,
        vot_usd_t_h: float | None = None,
    ) -> Route:
        """Find the best route between two places.

        Parameters
        ----------
        origin, destination
            Places by id, name or common spelling.
        by
            `generalized` (cost + value of time x hours), `hours`, `cost`, `distance`, `co2e`, or a dict of weights.
            By hours alone a truck wins nearly everywhere; what really goes by rail goes for its cost.
        cargo
            Cargo unit: `wagon`, `container` or `truck`; it decides which links and terminals can be used.
        via
            Places to pass, in this order.
        avoid
            Countries, places, links, crossings, services or modes not to use.
        modes
            Modes to use; `{"rail"}` is rail only, rail with ships is `{"rail", "sea"}`.
        commodity
            Commodity that gives the value of time (table `commodities`).
        vot_usd_t_h
            Value of time in USD per tonne and hour, instead of a commodity's.

        Raises
        ------
        UnknownNameError, AmbiguousNameError, InputError
            If an argument cannot be understood.
        NoRouteError
            If there is no way, with the reasons and what would join the two.

        >>> import corridors as co
        >>> co.load().route("Tashkent", "Karachi", cargo="truck").countries
        ['UZ', 'AF', 'PK']
        """
        ends = self.tables.place(origin), self.tables.place(destination)
        if ends[0] == ends[1]:
            raise InputError(
                "destination", destination, f"origin and destination are both {self.tables.label(ends[0])}"
            )
        stops = [self.tables.place(v) for v in ([via] if isinstance(via, str) else via)]
        problem = self._problem(
            by=by, cargo=cargo, avoid=avoid, modes=modes, commodity=commodity, vot_usd_t_h=vot_usd_t_h
        )
        edges = problem.best_path(*ends, stops)
        if edges is None:
            start, end = map(self.tables.label, ends)
            raise NoRouteError(start, end, self._reasons(problem, ends, stops, modes))
        return Route(problem, *ends, tuple(edges), self.name)

    def _reasons(
        self, problem: Problem, ends: tuple[str, str], stops: Sequence[str], modes: str | Iterable[str] | None
    ) -> list[str]:
        """Explain the first part of a journey that has no way."""
        chain = [ends[0], *stops, ends[1]]
        for start, end in pairwise(chain):
            if start != end and problem.best_path(start, end) is None:
                return why_no_route(problem, start, end, modes)
        names = ", ".join(map(self.tables.label, stops))
        return [f"its parts exist, but they do not meet on one system at {names}"]

    def _problem(
        self,
        *,
        by: By,
        cargo: str,
        avoid: str | Iterable[str],
        modes: str | Iterable[str] | None,
        commodity: str | None,
        vot_usd_t_h: float | None,
    ) -> Problem:
        vot = self.value_of_time(cargo, commodity) if vot_usd_t_h is None else float(vot_usd_t_h)
        if not 0 <= vot < float("inf"):
            raise InputError("vot_usd_t_h", vot, "a value of time is zero or more")
        return make_problem(self.tables, self.view, cargo=cargo, by=by, vot_usd_t_h=vot, modes=modes, avoid=avoid)

    def value_of_time(self, cargo: str, commodity: str | None = None) -> float:
        """Give the value of time in USD per tonne and hour: value of the goods x loss per day / 24.

        Reference: D. Hummels and G. Schaur, "Time as a trade barrier", American Economic Review 103(7), 2013,
        doi:10.1257/aer.103.7.2935.

        >>> import corridors as co
        >>> 0 < co.load().value_of_time("wagon") < co.load().value_of_time("container")
        True
        """
        ident = commodity or DEFAULT_COMMODITY.get(cargo)
        if ident is None:
            raise InputError("cargo", cargo, f"one of {', '.join(DEFAULT_COMMODITY)}")
        row = self.tables.find("commodities", ident)
        return float(row["value_usd_t"]) * float(row["time_pct_day"]) / 100 / 24

    def matrix(
        self,
        origins: str | Iterable[str],
        destinations: str | Iterable[str],
        measure: str = "hours",
        *,
        by: By | None = None,
        cargo: str = "container",
        avoid: str | Iterable[str] = (),
        modes: str | Iterable[str] | None = None,
        commodity: str | None = None,
        vot_usd_t_h: float | None = None,
    ) -> pd.DataFrame:
        """Give a measure for every pair of places.

        Parameters
        ----------
        origins, destinations
            Places, or the name of a set of places.
        measure
            `hours` (h), `cost` (USD/t), `distance` (km), `co2e` (kg/t) or `generalized` (USD/t).
        by
            Objective by which routes are chosen; by default the measure itself.
        cargo, avoid, modes, commodity, vot_usd_t_h
            As in `route`.

        Returns
        -------
        DataFrame
            Origins by destinations; `inf` where there is no way, 0 from a place to itself.

        >>> import corridors as co
        >>> co.load().matrix(["Termez"], ["Hairatan", "Mazar-i-Sharif"], "distance").shape
        (1, 2)
        """
        if measure not in MEASURES:
            raise InputError("measure", measure, f"one of {', '.join(MEASURES)}")
        rows, columns = self.place_set(origins), self.place_set(destinations)
        problem = self._problem(
            by=measure if by is None else by,
            cargo=cargo,
            avoid=avoid,
            modes=modes,
            commodity=commodity,
            vot_usd_t_h=vot_usd_t_h,
        )
        e = problem.expansion
        per_edge = {**e.values, "km": e.km}.get(MEASURES[measure])
        if per_edge is None:
            per_edge = edge_weight(e, "generalized", problem.vot_usd_t_h)
        found = pd.DataFrame(np.inf, index=pd.Index(rows, name="origin"), columns=pd.Index(columns, name="destination"))
        have = (
            [i for i, p in enumerate(rows) if p in e.origin],
            [i for i, p in enumerate(columns) if p in e.destination],
        )
        if all(have):
            sources, targets = [e.origin[rows[i]] for i in have[0]], [e.destination[columns[i]] for i in have[1]]
            found.iloc[have[0], have[1]] = measure_along(problem, sources, targets, per_edge).to_numpy()
        for i, place in enumerate(rows):
            found.iloc[i, [j for j, other in enumerate(columns) if other == place]] = 0.0
        return found

    def routes(
        self,
        origins: str | Iterable[str],
        destinations: str | Iterable[str],
        *,
        by: By = "generalized",
        cargo: str = "container",
        avoid: str | Iterable[str] = (),
        modes: str | Iterable[str] | None = None,
        commodity: str | None = None,
        vot_usd_t_h: float | None = None,
    ) -> dict[tuple[str, str], Route | None]:
        """Find the best route of every pair of two sets of places at once; None where there is no way.

        Arguments are those of `route`; pairs of a place with itself are left out.

        >>> import corridors as co
        >>> list(co.load().routes(["Termez"], ["Hairatan", "Termez"]))
        [('termez', 'hairatan')]
        """
        rows, columns = self.place_set(origins), self.place_set(destinations)
        problem = self._problem(
            by=by, cargo=cargo, avoid=avoid, modes=modes, commodity=commodity, vot_usd_t_h=vot_usd_t_h
        )
        e = problem.expansion
        starts = [place for place in rows if place in e.origin]
        distance, before = problem.trees([e.origin[place] for place in starts])
        found: dict[tuple[str, str], Route | None] = {}
        for place, other in ((p, o) for p in rows for o in columns if p != o):
            target = e.destination.get(other)
            found[place, other] = None
            if place in starts and target is not None and np.isfinite(distance[starts.index(place), target]):
                row = starts.index(place)
                edges = problem.path(e.origin[place], target, before[row])
                found[place, other] = Route(problem, place, other, tuple(edges), self.name)
        return found

    def alternatives(self, origin: str, destination: str, k: int = 3, **options: Any) -> list[Route]:
        """Find really different corridors, best first; see `corridors.alternatives.find`.

        >>> import corridors as co
        >>> [r.countries[1:-1] for r in co.load().alternatives("Tashkent", "Karachi", 2, cargo="truck")][0]
        ['AF']
        """
        from corridors.alternatives import find

        return find(self, origin, destination, k, **options)

    def check(self) -> Findings:
        """Run the data check; see `corridors.check.run`."""
        from corridors.check import run

        return run(self.tables)

    def graph(self, *, expanded: bool = False, cargo: str = "container") -> nx.MultiDiGraph[Any]:
        """Give the network as a networkx graph; see `corridors.graphs.to_networkx`."""
        from corridors.graphs import to_networkx

        return to_networkx(self, expanded=expanded, cargo=cargo)

    def plot(self, ax: Axes | None = None, **options: Any) -> tuple[Figure, Axes]:
        """Draw the network on a map; see `corridors.plot.maps.plot_network`."""
        from corridors.plot.maps import plot_network

        return plot_network(self, ax=ax, **options)


def load() -> Network:
    """Load the reference network in normal operation (border crossings open as in 2024).

    The Afghan-Pakistani border has been closed to trade since October 2025: `load().at("2026-11")` has that.

    >>> import corridors as co
    >>> co.load().name
    'reference'
    """
    return Network(datasets.reference(), name="reference")


def _listed(value: str | Iterable[str]) -> list[str]:
    return [value] if isinstance(value, str) else [str(v) for v in value]


def _generic(parameters: pd.DataFrame) -> pd.DataFrame:
    """Leave out parameters of single links, crossings, terminals and services of the reference network."""
    own = (parameters[["link", "crossing", "terminal", "service"]] == "").all(axis=1)
    return parameters[own].reset_index(drop=True)


def _subset(tables: Tables, links: pd.DataFrame) -> Tables:
    """Keep some links, and the rows of other tables that belong to them."""
    frames = dict(tables.frames)
    touched = set(links["from_id"]) | set(links["to_id"])
    frames["links"] = links.reset_index(drop=True)
    frames["places"] = frames["places"][frames["places"]["id"].isin(touched)].reset_index(drop=True)
    known = frames["terminals"]["place"].isin(touched)
    frames["terminals"] = frames["terminals"][known].reset_index(drop=True)
    ports = frames["services"]["from_id"].isin(touched) & frames["services"]["to_id"].isin(touched)
    frames["services"] = frames["services"][ports].reset_index(drop=True)
    both = frames["crossings"]["place_a"].isin(touched) & frames["crossings"]["place_b"].isin(touched)
    frames["crossings"] = frames["crossings"][both].reset_index(drop=True)
    return Tables(frames, tables.as_of, tables.read_alignments)
