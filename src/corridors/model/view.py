"""What of a network is in use: status, dates, projects built, things closed or opened.

A view never changes the tables. It says which rows of `links`, `services`, `terminals` and `crossings` can be
used, so that building and closing commute: a closed border stays closed for a line that is built later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from corridors.base.cache import Slot, unchanged
from corridors.base.dates import month_number, month_of_year
from corridors.base.errors import UnknownNameError
from corridors.base.names import near
from corridors.data import schema
from corridors.data.tables import Tables

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]

THINGS = ("links", "services", "terminals", "crossings")
_IN_USE = ("open", "seasonal")


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """A thing that is closed or opened: a crossing, a pair of countries, a country, a link, a service, ..."""

    kind: str
    ident: str
    modes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.ident + (f" ({', '.join(self.modes)})" if self.modes else "")


@dataclass(frozen=True, slots=True)
class View:
    """Projects built, things closed and opened by hand, the date looked at (None = normal operation), the season."""

    date: str | None = None
    season: str = ""
    built: frozenset[str] = frozenset()
    closed: frozenset[Target] = frozenset()
    opened: frozenset[Target] = frozenset()

    def build(self, projects: Iterable[str]) -> View:
        """Add projects."""
        return replace(self, built=self.built | frozenset(projects))

    def close(self, targets: Iterable[Target]) -> View:
        """Close things; what was opened by hand before is closed again."""
        new = frozenset(targets)
        return replace(self, closed=self.closed | new, opened=self.opened - new)

    def open(self, targets: Iterable[Target]) -> View:
        """Open things, whatever their status or the date says."""
        new = frozenset(targets)
        return replace(self, opened=self.opened | new, closed=self.closed - new)


@dataclass(frozen=True, eq=False, slots=True)
class Usable:
    """Which rows of each table can be used, and which crossings for which mode."""

    links: Mask
    services: Mask
    terminals: Mask
    crossings: dict[str, Mask]


_USABLE = Slot[Usable]("what is in use by view", most=64, carried=unchanged)


def usable(tables: Tables, view: View) -> Usable:
    """Rows that are in use in a view; the most recent views are kept."""
    return tables.cache.get(_USABLE, view, lambda: _usable(tables, view))


def _usable(tables: Tables, view: View) -> Usable:
    rows = {name: _by_status(tables[name], view) for name in THINGS}
    links, crossings = tables["links"], tables["crossings"]
    # a crossing that is only planned opens with the first link that is built over it
    passed = crossings["id"].isin(links["crossing"][rows["links"]]) & (crossings["status"] == "planned")
    rows["crossings"] |= passed.to_numpy()
    open_to = {mode: rows["crossings"] & _admits(crossings, mode) for mode in ("rail", "road")}
    found = Usable(rows["links"], rows["services"], rows["terminals"], open_to)
    shut = view.closed | (set(dated_closures(tables, view.date)) - view.opened)
    # what is set for one crossing or link holds against what is set for a pair of countries
    for broad in (True, False):
        for targets, value in ((view.opened, True), (shut, False)):
            for target in sorted(t for t in targets if (t.kind == "countries") == broad):
                _set(tables, found, target, value)
    found.links[:] &= ~_replaced(tables["links"], found.links)
    return found


def _by_status(frame: pd.DataFrame, view: View) -> Mask:
    """Judge rows by status, date and project alone."""
    status = frame["status"].to_numpy(dtype=object)
    project = frame["project"].to_numpy(dtype=object) if "project" in frame else np.full(len(frame), "")
    built = np.isin(project, list(view.built)) & (project != "")
    planned = np.isin(status, ("planned", "under_construction"))
    in_use = np.isin(status, _IN_USE)
    if view.date is not None:
        now = month_number(view.date)
        opened = np.array([month_number(d) if d else 0 for d in frame["opened"]], dtype=int)
        closed = np.array([month_number(d) if d else -1 for d in frame["closed"]], dtype=int)
        before_closing = (closed >= 0) & (now < closed)
        in_use = (opened <= now) & (before_closing | (in_use & (closed < 0))) & ~planned
    return np.asarray(in_use | (planned & built), dtype=bool)


def _admits(crossings: pd.DataFrame, mode: str) -> Mask:
    return np.array([mode in schema.items(cell) for cell in crossings["modes"]], dtype=bool)


def _replaced(links: pd.DataFrame, in_use: Mask) -> Mask:
    """Find the links that an upgrade in use takes the place of."""
    gone = {ident for cell in links["replaces"][in_use] if cell for ident in schema.items(cell)}
    return np.asarray(links["id"].isin(gone), dtype=bool)


def dated_closures(tables: Tables, date: str | None) -> list[Target]:
    """List what the table `closures` says is closed in a month (nothing in normal operation)."""
    if date is None:
        return []
    now = month_number(date)
    found = []
    for row in tables["closures"].itertuples(index=False):
        months = [int(m) for m in schema.items(row.months)]
        begun = not row.start or month_number(row.start) <= now
        ended = bool(row.end) and month_number(row.end) < now
        # a year alone stands for its December, which says nothing of a season
        in_season = not months or (month_of_year(now) in months and "-" in date)
        if begun and not ended and in_season:
            found.append(Target(row.kind, str(row.target), tuple(schema.items(row.modes))))
    return found


def find_target(tables: Tables, name: str) -> Target:
    """Find what a name means that is to be closed or opened.

    Raises
    ------
    UnknownNameError
        If it is no crossing, pair of countries, link, terminal or service; with near matches.
    """
    for kind in ("crossing", "link", "terminal"):
        if name in tables.rows(f"{kind}s"):
            return Target(kind, name)
    if name in set(tables["services"]["service"]) | set(tables["services"]["id"]):
        return Target("service", name)
    pair = name.upper().replace("--", "-").split("-")
    if len(pair) == 2 and set(pair) <= set(tables["places"]["country"]):
        return Target("countries", "-".join(sorted(pair)))
    names = [*tables.rows("crossings"), *tables.rows("links"), *tables.rows("terminals")]
    kinds = "crossing, pair of countries, link, terminal or service"
    raise UnknownNameError(kinds, name, near(name, names, cutoff=0.5))


def country_pair(ident: str) -> tuple[str, str]:
    """Split the name of a pair of countries such as `AF-PK`."""
    first, _, second = ident.partition("-")
    return first, second


def crossings_between(tables: Tables, ident: str) -> Mask:
    """Find the crossings between two countries (`AF-PK`)."""
    pair = set(country_pair(ident))
    country = tables["places"].set_index("id")["country"]
    crossings = tables["crossings"]
    sides = zip(crossings["place_a"].map(country), crossings["place_b"].map(country), strict=True)
    return np.array([{a, b} == pair for a, b in sides], dtype=bool)


def _set(tables: Tables, now: Usable, target: Target, value: bool) -> None:
    """Open or close one target in place (what is `now` in use)."""
    if target.kind in ("crossing", "countries"):
        if target.kind == "crossing":
            rows = (tables["crossings"]["id"] == target.ident).to_numpy()
        else:
            rows = crossings_between(tables, target.ident)
        for mode in target.modes or tuple(now.crossings):
            if value:
                _open_links(tables, now, rows, mode)
            now.crossings[mode][rows] = value
    elif target.kind == "service":
        services = tables["services"]
        now.services[((services["service"] == target.ident) | (services["id"] == target.ident)).to_numpy()] = value
    elif target.kind in ("link", "terminal"):
        table = target.kind + "s"
        getattr(now, table)[tables.rows(table)[target.ident]] = value


def _open_links(tables: Tables, now: Usable, crossings: Mask, mode: str) -> None:
    """Open the suspended links over and up to crossings that are opened; what is only planned stays so."""
    links, sides = tables["links"], tables["crossings"][["place_a", "place_b"]][crossings]
    beside = links["from_id"].isin(sides.to_numpy().ravel()) | links["to_id"].isin(sides.to_numpy().ravel())
    now.links[(beside & (links["mode"] == mode) & (links["status"] == "suspended")).to_numpy()] = True
