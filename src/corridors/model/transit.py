"""Crossings without transit: which of them a journey may pass depends on the countries where it begins and ends.

A crossing whose `traffic` is `no-transit` takes freight from one of its two countries to the other only: what begins or
ends in a third country, or in the same one on both ends, is transit for one of the two. For one pair of places that is
a mask of edges. Pairs that may pass the same crossings share a mask, so many pairs are answered by one search per mask,
of which there are few: one if no such crossing is in the tables.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corridors.base.cache import Slot, unchanged
from corridors.data import schema
from corridors.data.opening import DAYS, expected_wait_h
from corridors.data.tables import Tables
from corridors.model.expansion import Expansion
from corridors.model.view import Mask

Passes = frozenset[int]
"""Rows of the crossings without transit that a journey may pass."""

_BILATERAL = Slot[dict[int, frozenset[str]]]("countries of crossings without transit", most=1, carried=unchanged)
_COUNTRIES = Slot[dict[str, str]]("countries of places", most=1, carried=unchanged)


def bilateral(tables: Tables) -> dict[int, frozenset[str]]:
    """Countries of every crossing without transit, by row of the table `crossings`."""
    return tables.cache.get(_BILATERAL, "", lambda: _bilateral(tables))


def _bilateral(tables: Tables) -> dict[int, frozenset[str]]:
    crossings, country = tables["crossings"], _countries(tables)
    rows = np.flatnonzero(crossings["traffic"] == "no-transit").tolist()
    return {row: frozenset(country[crossings[side][row]] for side in ("place_a", "place_b")) for row in rows}


def _countries(tables: Tables) -> dict[str, str]:
    places = tables["places"]
    return tables.cache.get(_COUNTRIES, "", lambda: dict(zip(places["id"], places["country"], strict=True)))


def passes(tables: Tables, origin: str, destination: str) -> Passes:
    """Crossings without transit that a journey may pass: those whose two countries are those of its two ends.

    >>> import corridors as co
    >>> tables = co.load().tables
    >>> [len(passes(tables, "ashgabat", place)) for place in ("mashhad", "gwadar")]
    [1, 0]
    """
    restricted = bilateral(tables)
    if not restricted:
        return frozenset()
    country = _countries(tables)
    ends = {country[origin], country[destination]}
    return frozenset(row for row, pair in restricted.items() if ends == pair)


def barred(tables: Tables, e: Expansion, allowed: Passes) -> Mask:
    """Edges over crossings without transit that a journey may not pass.

    Parameters
    ----------
    tables, e
        The network and its expansion.
    allowed
        Crossings that it may pass, from `passes`.
    """
    rows = [row for row in bilateral(tables) if row not in allowed]
    return np.asarray(np.isin(e.crossing, rows), dtype=bool)


def groups(
    tables: Tables, origins: Sequence[str], destinations: Sequence[str]
) -> list[tuple[Passes, NDArray[np.bool_]]]:
    """Pairs by the crossings without transit that they may pass.

    Parameters
    ----------
    tables
        The network.
    origins, destinations
        Ids of places.

    Returns
    -------
    list of tuple
        Crossings, and a mask of the pairs: origins by destinations. Every pair is in one mask.

    >>> import corridors as co
    >>> [(len(rows), int(mask.sum())) for rows, mask in groups(co.load().tables, ["almaty"], ["karachi", "lahore"])]
    [(0, 2)]
    """
    if not (bilateral(tables) and len(origins) and len(destinations)):
        return [(frozenset(), np.ones((len(origins), len(destinations)), dtype=bool))]
    found: dict[Passes, NDArray[np.bool_]] = {}
    for i, origin in enumerate(origins):
        for j, destination in enumerate(destinations):
            mask = found.setdefault(
                passes(tables, origin, destination), np.zeros((len(origins), len(destinations)), dtype=bool)
            )
            mask[i, j] = True
    return list(found.items())


def no_transit(tables: Tables, row: int) -> str:
    """What a crossing without transit takes, for messages."""
    return f"no transit: freight between {' and '.join(sorted(bilateral(tables)[row]))} only"


def restrictions(tables: Tables, row: int, mode: str = "road") -> str:
    """Restrictions of a crossing in words: transit, loads, hours and days of opening; blank if there are none.

    Parameters
    ----------
    tables
        The network.
    row
        Row of the table `crossings`.
    mode
        Mode that passes; hours, days and loads of vehicles are those of the road.

    >>> import corridors as co
    >>> tables = co.load().tables
    >>> restrictions(tables, tables.rows("crossings")["bajgiran"])
    'no transit: freight between IR and TM only; at most 20 t a vehicle'
    """
    crossing = tables["crossings"].iloc[row]
    parts = [no_transit(tables, row)] if row in bilateral(tables) else []
    if mode != "road":
        return "; ".join(parts)
    if not np.isnan(crossing["max_load_t"]):
        parts.append(f"at most {crossing['max_load_t']:g} t a vehicle")
    hours, days = crossing["open_hours"], schema.items(crossing["open_days"])
    shut = [day for day in DAYS if days and day not in days]
    if hours or shut:
        waited = "the wait is in the border hours"
        if crossing["wait_in_dwell"] == "no":
            waited = f"{expected_wait_h(hours, crossing['open_days']):.1f} h of waiting on average"
        times = [f"{hours} h"] if hours else []
        times += [f"not on {', '.join(shut)}"] if shut else []
        parts.append(f"trucks pass {', '.join(times)} ({waited})")
    return "; ".join(parts)
