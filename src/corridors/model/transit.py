"""Crossings without transit: which of them a journey may pass depends on the countries where it begins and ends.

A crossing whose `traffic` is `no-transit` takes freight from one of its two countries to the other only: what begins or
ends in a third country, or in the same one on both ends, is transit for one of the two. For one pair of places that is
a mask of edges. Pairs that may pass the same crossings share a mask, so many pairs are answered by one search per mask,
of which there are few: one if no such crossing is in the tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from corridors.base.cache import Slot, unchanged
from corridors.base.languages import ENGLISH, words
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
    def make() -> dict[str, str]:
        return dict(zip(tables.column("places", "id"), tables.column("places", "country"), strict=True))

    return tables.cache.get(_COUNTRIES, "", make)


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


def no_transit(tables: Tables, row: int, lang: str = ENGLISH) -> str:
    """What a crossing without transit takes, for messages."""
    say = words(lang)
    return say("restriction.no_transit", countries=say("restriction.and").join(sorted(bilateral(tables)[row])))


def restrictions(tables: Tables, row: int, mode: str = "road", lang: str = ENGLISH) -> str:
    """Restrictions of a crossing in words: transit, loads, hours and days of opening; blank if there are none.

    Parameters
    ----------
    tables
        The network.
    row
        Row of the table `crossings`.
    mode
        Mode that passes; hours, days and loads of vehicles are those of the road.
    lang
        Code of the language.

    >>> import corridors as co
    >>> tables = co.load().tables
    >>> restrictions(tables, tables.rows("crossings")["bajgiran"])
    'no transit: freight between IR and TM only; at most 20 t a vehicle'
    """
    crossing, say = tables["crossings"].iloc[row], words(lang)
    parts = [no_transit(tables, row, lang)] if row in bilateral(tables) else []
    if mode != "road":
        return "; ".join(parts)
    if not np.isnan(crossing["max_load_t"]):
        parts.append(say("restriction.load", tonnes=say.short(crossing["max_load_t"])))
    hours, days = crossing["open_hours"], schema.items(crossing["open_days"])
    shut = [day for day in DAYS if days and day not in days]
    if hours or shut:
        waited = say("restriction.in_hours")
        if crossing["wait_in_dwell"] == "no":
            expected = say.number(expected_wait_h(hours, crossing["open_days"]), 1)
            waited = say("restriction.waiting", hours=expected)
        times = [say("restriction.hours", hours=hours)] if hours else []
        missed = ", ".join(say(f"weekday.{day}") for day in shut)
        times += [say("restriction.not_on", days=missed)] if shut else []
        parts.append(say("restriction.trucks", times=", ".join(times), waited=waited))
    return "; ".join(parts)


def restrictions_of(
    tables: Tables, crossings: Iterable[str], modes: Iterable[str], lang: str = ENGLISH
) -> dict[str, str]:
    """Restrictions of crossings by their ids, each with the mode that passes it; those without any are left out.

    >>> import corridors as co
    >>> restrictions_of(co.load().tables, ["bajgiran"], ["rail"], "ru")
    {'bajgiran': 'без транзита: только грузы между странами IR и TM'}
    """
    rows = tables.rows("crossings")
    found = {one: restrictions(tables, rows[one], mode, lang) for one, mode in zip(crossings, modes, strict=True)}
    return {one: text for one, text in found.items() if text}
