"""What of a network is in use: status, dates, projects built, things closed or opened.

A view never changes the tables. It says which rows of `links`, `services`, `terminals` and `crossings` can be
used, so that building and closing commute: a closed border stays closed for a line that is built later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.cache import Slot, unchanged
from corridors.base.dates import calendar_month, first_day, last_day
from corridors.base.units import PAYLOAD_T
from corridors.data import schema
from corridors.data.tables import Tables
from corridors.model.targets import MODES_OF_CROSSINGS, Target, scope, without

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]

THINGS = ("links", "services", "terminals", "crossings")
PLANNED = ("planned", "under_construction")
_IN_USE = ("open", "seasonal")


@dataclass(frozen=True, slots=True)
class View:
    """Projects built, things closed and opened by hand, the date looked at (None = normal operation), the season.

    `openings` has the dates from which single projects are in use, `horizon` the date to which they are looked at
    where that is not the date of the view, as in `Network.in_year`.
    """

    date: str | None = None
    season: str = ""
    built: frozenset[str] = frozenset()
    closed: frozenset[Target] = frozenset()
    opened: frozenset[Target] = frozenset()
    openings: frozenset[tuple[str, str]] = frozenset()
    horizon: str | None = None

    def build(self, projects: Iterable[str], date: str | None = None) -> View:
        """Add projects, which are in use from a date, or at once."""
        new = frozenset(projects)
        dated = {pair for pair in self.openings if pair[0] not in new}
        if date is not None:
            dated |= {(project, date) for project in new}
        return replace(self, built=self.built | new, openings=frozenset(dated))

    def close(self, tables: Tables, targets: Iterable[Target]) -> View:
        """Close things, whatever was said of them before."""
        new = frozenset(targets)
        return replace(self, closed=self.closed | new, opened=without(tables, self.opened, new))

    def open(self, tables: Tables, targets: Iterable[Target]) -> View:
        """Open things, whatever was said of them before, and whatever their status or the date says."""
        new = frozenset(targets)
        return replace(self, opened=self.opened | new, closed=without(tables, self.closed, new))


@dataclass(frozen=True, eq=False, slots=True)
class Usable:
    """What can be used.

    Attributes
    ----------
    links, services, terminals
        Masks of the rows of these tables.
    crossings
        Mask of the crossings for each mode.
    headway
        Factor of the headway of services at ports where ships call less often, by id of the place.
    """

    links: Mask
    services: Mask
    terminals: Mask
    crossings: dict[str, Mask]
    headway: Mapping[str, float] = field(default_factory=dict)


_USABLE = Slot[Usable]("what is in use by view", most=64, carried=unchanged)
_BY_DATE = Slot["_ByDate"]("what is in use by date and projects", most=16, carried=unchanged)


def usable(tables: Tables, view: View) -> Usable:
    """Rows that are in use in a view; the most recent views are kept."""
    return tables.cache.get(_USABLE, view, lambda: _usable(tables, view))


@dataclass(frozen=True, eq=False, slots=True)
class _ByDate:
    """What date and projects alone make of a view, before anything is closed or opened by hand.

    Attributes
    ----------
    by_status
        Masks of the rows of each table by status, date and project.
    now
        What can be used, less the dated closures; without headways, loads and upgrades, which come last.
    light
        Mask of the crossings whose greatest load is below that of a vehicle, for each mode.
    upgrades
        Row of every link that takes the place of another, with the row of that one.
    """

    by_status: dict[str, Mask]
    now: Usable
    light: dict[str, Mask]
    upgrades: tuple[NDArray[np.int64], NDArray[np.int64]]


def _by_date(tables: Tables, view: View) -> _ByDate:
    rows = {name: _by_status(tables.frames[name], view) for name in THINGS}
    crossings = tables.frames["crossings"]
    # a crossing that is only planned opens with the first link that is built over it
    passed = set(tables.frames["links"]["crossing"][rows["links"]].unique())
    built = np.array([ident in passed for ident in tables.column("crossings", "id")], dtype=bool)
    rows["crossings"] |= built & (crossings["status"] == "planned").to_numpy()
    rows["crossings"] &= (crossings["traffic"] != "cars-only").to_numpy()
    open_to = {mode: rows["crossings"] & _admits(crossings, mode) for mode in MODES_OF_CROSSINGS}
    now = Usable(rows["links"].copy(), rows["services"].copy(), rows["terminals"].copy(), open_to)
    for target in dated_closures(tables, view.date):
        _set(tables, now, rows, target, False)
    vehicles = (("road", "truck"), ("rail", "wagon"))
    light = {mode: (crossings["max_load_t"] < PAYLOAD_T[vehicle]).to_numpy() for mode, vehicle in vehicles}
    return _ByDate(rows, now, light, _upgrades(tables))


def _usable(tables: Tables, view: View) -> Usable:
    by_hand_aside = replace(view, season="", closed=frozenset(), opened=frozenset())
    dated = tables.cache.get(_BY_DATE, by_hand_aside, lambda: _by_date(tables, by_hand_aside))
    now = dated.now
    crossings = {mode: mask.copy() for mode, mask in now.crossings.items()}
    found = Usable(now.links.copy(), now.services.copy(), now.terminals.copy(), crossings, _headways(tables, view))
    # what is set for one crossing or link holds against what is set for a pair of countries
    said = [(target, value) for targets, value in ((view.opened, True), (view.closed, False)) for target in targets]
    for target, value in sorted(said, key=lambda one: (-len(scope(tables, one[0])), one)):
        _set(tables, found, dated.by_status, target, value)
    for mode, light in dated.light.items():
        found.crossings[mode][light] = False
    new, old = dated.upgrades
    found.links[old[found.links[new]]] = False
    return found


def _by_status(frame: pd.DataFrame, view: View) -> Mask:
    """Judge rows by status, date and project alone."""
    planned, in_use = (frame["status"].isin(names).to_numpy(dtype=bool) for names in (PLANNED, _IN_USE))
    if view.date is not None:
        now = last_day(view.date)
        opened = np.array([first_day(d) if d else 0 for d in frame["opened"]], dtype=int)
        closed = np.array([first_day(d) if d else -1 for d in frame["closed"]], dtype=int)
        before_closing = (closed >= 0) & (now < closed)
        in_use = (opened <= now) & (before_closing | (in_use & (closed < 0))) & ~planned
    wanted = np.zeros(len(frame), dtype=bool)
    if view.built and "project" in frame:
        wanted = planned & frame["project"].isin(view.built - {""}).to_numpy(dtype=bool)
        wanted[wanted] = _open_by_then(frame["project"].to_numpy(dtype=object)[wanted], frame, wanted, view)
    return np.asarray(in_use | wanted, dtype=bool)


def _open_by_then(projects: NDArray[np.object_], frame: pd.DataFrame, rows: Mask, view: View) -> Mask:
    """Whether rows of projects have opened by the date looked at: by the date of the project, else by their own.

    Rows without either, and all rows where no date is looked at, are open as soon as they are built.
    """
    date = view.horizon or view.date
    if date is None or not len(projects):
        return np.ones(len(projects), dtype=bool)
    now, of_project = last_day(date), dict(view.openings)
    dates = [of_project.get(name, opened) for name, opened in zip(projects, frame["opened"][rows], strict=True)]
    return np.array([not opened or first_day(opened) <= now for opened in dates], dtype=bool)


def _admits(crossings: pd.DataFrame, mode: str) -> Mask:
    return np.array([mode in schema.items(cell) for cell in crossings["modes"]], dtype=bool)


def _upgrades(tables: Tables) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the links that take the place of others once they are in use."""
    cells = tables.frames["links"]["replaces"]
    given = np.flatnonzero(cells != "").tolist()
    row = tables.rows("links") if given else {}
    pairs = [(new, row[old]) for new in given for old in schema.items(cells.iloc[new]) if old in row]
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def dated_closures(tables: Tables, date: str | None) -> list[Target]:
    """List what the table `closures` says is closed at a date (nothing in normal operation).

    >>> import corridors as co
    >>> [str(target) for target in dated_closures(co.load().tables, "2023-09-10")]
    ['KG-TJ (road)', 'bordobo (road)', 'karamyk (road)', 'torkham (road)', 'wagah', 'marabda--akhalkalaki:rail-1520']
    """
    rows = _in_force(tables, date)
    shut = rows[rows["headway_factor"].isna()]
    found = (
        Target(kind, ident, tuple(schema.items(modes)))
        for kind, ident, modes in zip(shut["kind"], shut["target"], shut["modes"], strict=True)
    )
    return sorted(set(found))


def _in_force(tables: Tables, date: str | None) -> pd.DataFrame:
    """Rows of the table `closures` that hold at a date."""
    closures = tables.frames["closures"]
    if date is None:
        return closures[:0]
    now, month = last_day(date), calendar_month(date)
    holds = []
    for start, end, months in zip(closures["start"], closures["end"], closures["months"], strict=True):
        within = (not start or first_day(start) <= now) and (not end or now <= last_day(end))
        # a year alone says nothing of a season
        in_season = not months or month in [int(number) for number in schema.items(months)]
        holds.append(within and in_season)
    return closures[np.array(holds, dtype=bool)]


def _headways(tables: Tables, view: View) -> dict[str, float]:
    """Ports at which ships call less often in a view, each with the greatest factor of the headway."""
    found: dict[str, float] = {}
    if view.date is None:
        return found
    rows = _in_force(tables, view.date)
    rows = rows[rows["headway_factor"].notna()]
    for port, factor in zip(rows["target"], rows["headway_factor"], strict=True):
        if Target("port", port) not in view.opened:
            found[port] = max(float(factor), found.get(port, 1.0))
    return found


def closed_now(tables: Tables, view: View) -> list[Target]:
    """List what is closed in a view, by hand or by its date, less what was opened by hand."""
    by_hand = frozenset().union(*(scope(tables, target) for target in view.opened))
    dated = (target for target in dated_closures(tables, view.date) if not scope(tables, target) <= by_hand)
    return sorted(view.closed | set(dated))


def _set(tables: Tables, now: Usable, by_status: dict[str, Mask], target: Target, value: bool) -> None:
    """Open or close one target in place (what is `now` in use); what is planned and not built stays as it is."""
    for mode in MODES_OF_CROSSINGS:
        crossings = tables.frames["crossings"]
        rows = np.zeros(len(crossings), dtype=bool)
        rows[[row for table, row, one in scope(tables, target) if table == "crossings" and one == mode]] = True
        if value:
            rows &= _admits(crossings, mode) & (by_status["crossings"] | ~_planned(crossings))
            _open_links(tables, now, rows, mode)
        now.crossings[mode][rows] = value
    for table, row, mode in scope(tables, target):
        # an open port has its services back, not those that are suspended for other reasons
        lasting = target.kind == "port" or tables.column(table, "status")[row] in PLANNED
        if not mode and not (value and lasting and not by_status[table][row]):
            getattr(now, table)[row] = value


def _planned(frame: pd.DataFrame) -> Mask:
    return np.isin(frame["status"].to_numpy(dtype=object), PLANNED)


def _open_links(tables: Tables, now: Usable, crossings: Mask, mode: str) -> None:
    """Open the suspended links over and up to crossings that are opened; what is only planned stays so."""
    links, sides = tables.frames["links"], tables.frames["crossings"][["place_a", "place_b"]][crossings]
    beside = links["from_id"].isin(sides.to_numpy().ravel()) | links["to_id"].isin(sides.to_numpy().ravel())
    now.links[(beside & (links["mode"] == mode) & (links["status"] == "suspended")).to_numpy()] = True
