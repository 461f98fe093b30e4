"""The network, and the other views of it: dates, projects, closures, seasons, parameters, selections."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridors import datasets, parameters, projects
from corridors.dates import month_number
from corridors.errors import (
    ClosedCrossingWarning,
    UndatedLinksWarning,
    UnknownNameError,
)
from corridors.names import near
from corridors.questions import Questions
from corridors.tables import Tables, make_tables
from corridors.view import Target, View

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from corridors.explore import Wanted
    from corridors.plot.web.page import InteractiveMap


@dataclass(frozen=True, eq=False, repr=False)
class Network(Questions):
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

    def at(self, date: str | int) -> Network:
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
        date = str(date)
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

    def in_season(self, season: str) -> Network:
        """Give the network in a named season, such as `winter` with its snow on the Salang; `""` is the whole year.

        Raises
        ------
        UnknownNameError
            If no parameter is of that season.

        >>> import corridors as co
        >>> net = co.load()
        >>> bool(net.in_season("winter").route("Kabul", "Hairatan").hours > net.route("Kabul", "Hairatan").hours)
        True
        """
        known = sorted(set(self.tables.parameters["season"]) - {""})
        if season and season not in known:
            raise UnknownNameError("season", season, known)
        return self._view(replace(self.view, season=season), f"in {season}" if season else "all year")

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

    def plot(self, ax: Axes | None = None, **options: Any) -> tuple[Figure, Axes]:
        """Draw the network on a map; see `corridors.plot.maps.plot_network`."""
        from corridors.plot.maps import plot_network

        return plot_network(self, ax=ax, **options)

    def explore(self, routes: Wanted | None = None, **options: Any) -> InteractiveMap:
        """Show the network on an interactive map, with routes; see `corridors.explore.explore`.

        >>> import corridors as co
        >>> co.load().explore(("Almaty", "Karachi"), cargo="wagon")
        Interactive map 'Almaty – Karachi': 1 scenario, 1 route; save it with .save('map.html')
        """
        from corridors.explore import explore

        return explore(self, routes, **options)

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
