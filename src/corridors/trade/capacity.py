"""Capacities: what a line, crossing, terminal or port passes, and what of a demand fits in.

First a check, then a limit: what does not fit is not carried and is listed. There is no queue and no detour here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.errors import InputError, UnknownNameError
from corridors.base.names import near
from corridors.data.attributes import statements
from corridors.data.section_links import Sections
from corridors.data.tables import Tables

Floats = NDArray[np.float64]

KINDS = ("link", "line", "crossing", "terminal", "port")
"""Things that have a capacity."""

DAYS_MONTH = 365 / 12
"""Days of a month."""

UNITS = {
    "t/day": ("t", 1.0),
    "t/month": ("t", 1 / DAYS_MONTH),
    "t/year": ("t", 1 / 365),
    "kt/month": ("t", 1e3 / DAYS_MONTH),
    "Mt/year": ("t", 1e6 / 365),
    "wagons/day": ("wagon", 1.0),
    "trucks/day": ("truck", 1.0),
    "trains/day": ("train", 1.0),
    "pairs/day": ("pair", 1.0),
}
"""What a unit of capacity counts, and how many of it are one a day."""

KNOWN = "known"
"""Word for the capacities that the tables of a network state."""

BINDING = ("", "observed", "official", "limit", "official capacity", "administrative limit")
"""States of a capacity that limit what is carried; plans, claims and what was computed are only shown."""

FULL, CLOSE = 1.0, 0.8
"""Utilisation above which a flow is not carried, and above which there is a warning."""

NEEDED = ("kind", "id", "value", "unit")


class Capacity(NamedTuple):
    """One limit.

    Attributes
    ----------
    kind, ident
        The thing.
    mode
        Mode that it holds for; blank for all.
    value, unit
        As it was given.
    counts
        What is counted: `t`, `wagon`, `truck`, `train` or `pair`.
    per_day
        The limit in what is counted, a day.
    status
        Where it comes from.
    low, high
        Range of the value; the value itself where none is known.
    way
        Way that it holds for, as codes of the country left and entered or `forward` and `back` of a link; blank for
        both together.
    year, source
        Year of the information, and sources.
    """

    kind: str
    ident: str
    mode: str
    value: float
    unit: str
    counts: str
    per_day: float
    status: str
    low: float = np.nan
    high: float = np.nan
    way: str = ""
    year: str = ""
    source: str = ""

    @property
    def binding(self) -> bool:
        """Whether it limits what is carried."""
        return self.status in BINDING

    @property
    def label(self) -> str:
        """The limit in words, such as `crossing torkham: 1200 trucks/day`."""
        way = f" {self.way}" if self.way else ""
        return f"{self.kind} {self.ident}{way}: {self.value:g} {self.unit}"


def capacities_of(tables: Tables, table: pd.DataFrame | str | None, date: str | None = None) -> list[Capacity]:
    """Capacities of a table, with things that the network has.

    Parameters
    ----------
    tables
        Tables of the network.
    table
        `known` for those of the table `attributes`, None for none; or one row per limit: kind (`link`, `section`,
        `line`, `crossing`, `terminal` or `port`), id (of a section its places, `a--b--c`), value, unit, and perhaps
        mode, status, low, high, ways (`each`), year and source. Limits whose status is a plan, a claim or a computation
        are shown and do not bind.
    date
        Date on which statements of `attributes` hold.

    Raises
    ------
    InputError
        If a column is missing, or a kind, unit or value is not possible.
    UnknownNameError
        If the network does not have the thing.

    >>> import corridors as co
    >>> rows = pd.DataFrame({"kind": ["crossing"], "id": ["saryagash-keles"], "value": [35], "unit": ["trains/day"]})
    >>> capacities_of(co.load().tables, rows)[0].counts
    'train'
    >>> len([one for one in capacities_of(co.load().tables, "known") if one.kind == "crossing"])
    10
    """
    if table is None:
        return []
    if isinstance(table, str) and table != KNOWN:
        raise InputError("capacities", table, f"'{KNOWN}', None, or a table of limits")
    given = statements(tables, date) if isinstance(table, str) else table
    for name in NEEDED:
        if name not in given:
            raise InputError("capacities", list(map(str, given.columns)), f"a column '{name}'")
    if "attribute" in given:  # such as `net.attributes`
        given = given[(given["attribute"] == "capacity") & given["unit"].isin(UNITS)]
        given = given[given["used"].to_numpy(dtype=bool)] if "used" in given else given
    ids: dict[str, set[str]] = {
        "link": set(tables.column("links", "id")) | set(tables.column("services", "id")),
        "line": set(tables.column("links", "line")) - {""},
        "crossing": set(tables.column("crossings", "id")),
        "terminal": set(tables.column("terminals", "id")),
        "port": set(tables.column("places", "id")),
    }
    rows = [part for row in given.to_dict("records") for part in _links_of(tables, row)]
    return [one for row in rows for one in _ways(tables, _capacity(row, ids), str(row.get("ways", "") or ""))]


def _links_of(tables: Tables, row: Mapping[Any, Any]) -> Iterator[Mapping[Any, Any]]:
    """Yield a row, for a section once for each of its links: every link passes as much as the section."""
    if str(row["kind"]) != "section":
        yield row
        return
    mode = str(row.get("mode", "") or "")
    sections = Sections(tables["links"], tables["places"])
    idents, missing = sections.between(str(row["id"]).split("--"), mode)
    if missing:
        raise InputError("capacities", str(row["id"]), f"a section of the network with its mode ({missing[0]})")
    yield from ({**row, "kind": "link", "id": ident} for ident in idents)


def _ways(tables: Tables, capacity: Capacity, ways: str) -> Iterator[Capacity]:
    """Yield a capacity, twice where it is that of each way alone."""
    if ways not in ("", "each"):
        raise InputError("ways", ways, "'each' where a capacity is that of each way alone, else blank")
    if not ways:
        yield capacity
    elif capacity.kind == "crossing":
        crossing = tables.find("crossings", capacity.ident)
        one, other = (tables.country(str(crossing[end])) for end in ("place_a", "place_b"))
        yield from (capacity._replace(way="-".join(pair)) for pair in ((one, other), (other, one)))
    elif capacity.kind == "link":
        yield from (capacity._replace(way=way) for way in ("forward", "back"))
    else:
        raise InputError("ways", ways, f"blank for a {capacity.kind}: only crossings and links have two ways")


def _capacity(row: Mapping[Any, Any], ids: Mapping[str, set[str]]) -> Capacity:
    kind, ident, unit = str(row["kind"]), str(row["id"]), str(row["unit"])
    if kind not in KINDS:
        raise InputError("kind", kind, f"one of {', '.join(KINDS)}, section")
    if ident not in ids[kind]:
        raise UnknownNameError(kind, ident, near(ident, ids[kind]))
    if unit not in UNITS:
        hint = "".join(f" (did you mean '{name}'?)" for name in near(unit, UNITS, most=1))
        raise InputError("unit", unit, f"one of {', '.join(UNITS)}{hint}")
    value = float(row["value"])
    low, high = (value if row.get(e, "") == "" or pd.isna(row[e]) else float(row[e]) for e in ("low", "high"))
    if not 0 <= low <= value <= high < np.inf:
        raise InputError("capacities", (low, value, high), f"a capacity of zero or more for {ident}, in its range")
    counts, a_day = UNITS[unit]
    mode, status, year, source = (str(row.get(name, "") or "") for name in ("mode", "status", "year", "source"))
    of_mode = {"wagon": "rail", "train": "rail", "pair": "rail", "truck": "road"}.get(counts, "")
    if mode and of_mode and mode != of_mode:
        raise InputError("unit", unit, f"a capacity of {ident} by {mode} is not counted in it")
    limit = Capacity(kind, ident, mode or of_mode, value, unit, counts, value * a_day, status, low, high)
    return limit._replace(year=year, source=source)


def state_of(utilisation: float) -> str:
    """Word for a utilisation: `free`, `close` (above 0.8) or `over` (above 1).

    >>> state_of(0.5), state_of(0.9), state_of(1.2)
    ('free', 'close', 'over')
    """
    if utilisation > FULL + 1e-9:
        return "over"
    return "close" if utilisation > CLOSE else "free"


def single_track_pairs(*, block_km: float, speed_kmh: float, station_min: float = 3.0, use: float = 0.8) -> float:
    """Pairs of trains a day on a single track with loops: 1440 u / (t_up + t_down + 2 t_station).

    Parameters
    ----------
    block_km
        Km between loops.
    speed_kmh
        Speed of trains in both directions.
    station_min
        Minutes that are lost in each loop.
    use
        Share of the day that is used.

    References
    ----------
    UIC Code 406, Capacity, 2nd edition, 2013 (the idea of a share of time that is used).

    >>> round(single_track_pairs(block_km=20, speed_kmh=40))
    17
    """
    for name, value in (("block_km", block_km), ("speed_kmh", speed_kmh)):
        if not 0 < value < np.inf:
            raise InputError(name, value, "a number above zero")
    if not 0 <= station_min < np.inf or not 0 < use <= 1:
        raise InputError("station_min, use", (station_min, use), "minutes of zero or more, and a share above 0")
    return 1440 * use / (2 * 60 * block_km / speed_kmh + 2 * station_min)


def fitted(load: Floats, limit: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Share of each flow that fits within all limits, and the limit that stops it (-1 for none).

    All flows grow together in proportion to their demand until a limit is met; those that pass it stay there, the
    others grow on. So no limit is exceeded, and none that stops a flow has room left.

    Parameters
    ----------
    load
        What the whole of each flow would take of each limit: limits by flows.
    limit
        The limits.

    >>> fitted(np.array([[100.0, 100.0, 0.0], [0.0, 50.0, 50.0]]), np.array([150.0, 80.0]))[0].round(2).tolist()
    [0.75, 0.75, 0.85]
    """
    flows = load.shape[1]
    share, stopped = np.zeros(flows), np.full(flows, -1, dtype=np.int64)
    growing, room, level = np.ones(flows, dtype=bool), limit.astype(float).copy(), 0.0
    while growing.any() and level < 1:
        rate = load @ growing
        used = rate > 0
        steps = np.full(len(limit), np.inf)
        steps[used] = room[used] / rate[used]
        step = min(1 - level, max(float(steps.min(initial=np.inf)), 0.0))
        level += step
        room -= rate * step
        share[growing] = level
        if level >= 1:
            break
        for full in np.flatnonzero(used & (steps <= step * (1 + 1e-12) + 1e-15)).tolist():
            now = growing & (load[full] > 0)
            stopped[now] = full
            growing &= ~now
            room[full] = 0.0
    return share, stopped
