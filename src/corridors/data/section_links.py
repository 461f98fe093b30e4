"""Links of a section: those between two places, by one link or by the shortest way over several of its mode.

So a statement about a section still holds when a link of it is split at a new place.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from itertools import pairwise

import pandas as pd

from corridors.base.sphere import geodesic_km

WINDING = 2.0
"""A way between two places that is longer than this many times the great circle is another line, not the section."""

SHORT_KM = 30.0
"""Km that are allowed beside it, for places close together."""


class Sections:
    """Links by their ends, for one mode at a time. Planned links count only where there is no other."""

    def __init__(self, links: pd.DataFrame, places: pd.DataFrame) -> None:
        self._at = dict(zip(places["id"], zip(places["lon"], places["lat"], strict=True), strict=True))
        self._country = dict(zip(places["id"], places["country"], strict=True))
        self._direct: dict[tuple[str, str, str], list[tuple[bool, str]]] = {}
        self._around: dict[tuple[str, str], list[tuple[str, float, str]]] = {}
        self._lines: list[tuple[str, str, str]] = []
        self._inside: list[tuple[str, str, str]] = []
        columns = ("id", "from_id", "to_id", "mode", "length_km", "status", "line")
        for ident, a, b, mode, km, status, line in zip(*(links[name].tolist() for name in columns), strict=True):
            planned = status in ("planned", "under_construction")
            for one, other in ((a, b), (b, a)):
                self._direct.setdefault((mode, one, other), []).append((planned, ident))
                if not planned:
                    self._around.setdefault((mode, one), []).append((other, km, ident))
            self._lines.append((ident, mode, line))
            if self._country.get(a) == self._country.get(b) and not planned:
                self._inside.append((ident, mode, self._country[a]))

    def between(self, chain: Sequence[str], mode: str) -> tuple[list[str], list[str]]:
        """Links from place to place of a chain, and what of it the tables do not have.

        A place in the middle that does not exist is passed over: a section may be told with more stations than the
        network has.

        Parameters
        ----------
        chain
            Ids of places in order.
        mode
            `rail` or `road`.

        >>> import corridors as co
        >>> net = co.load()
        >>> sections = Sections(net.tables["links"], net.tables["places"])
        >>> sections.between(["hairatan", "gur-e-mar"], "rail")
        (['hairatan--naibabad:rail-1520', 'naibabad--gur-e-mar:rail-1520'], [])
        >>> sections.between(["hairatan", "nowhere"], "rail")
        ([], ["no place 'nowhere'"])
        """
        ends = chain[0], chain[-1]
        missing = [f"no place '{place}'" for place in dict.fromkeys(ends) if place not in self._at]
        there = [place for place in chain if place in self._at]
        found: list[str] = []
        for one, other in pairwise(there):
            way = self._pair(one, other, mode)
            found += way
            if not way:
                missing.append(f"no {mode or 'link'} between '{one}' and '{other}'")
        return found, missing

    def of_line(self, line: str, mode: str) -> list[str]:
        """Links of a line by its name, of one mode or of any.

        Parameters
        ----------
        line
            Name of the line, as in the column `line`.
        mode
            Mode; blank for any.
        """
        return [ident for ident, other, name in self._lines if name == line and mode in ("", other)]

    def inside(self, country: str, mode: str) -> list[str]:
        """Links that exist inside a country, of one mode or of any.

        Parameters
        ----------
        country
            Code of the country.
        mode
            Mode; blank for any.
        """
        return [ident for ident, other, code in self._inside if code == country and mode in ("", other)]

    def _pair(self, one: str, other: str, mode: str) -> list[str]:
        """Links between two places: all existing ones that join them, else the shortest way, else planned ones."""
        direct = self._direct.get((mode, one, other), [])
        existing = [ident for planned, ident in direct if not planned]
        return existing or self._way(one, other, mode) or [ident for _, ident in direct]

    def _way(self, one: str, other: str, mode: str) -> list[str]:
        """Links of the shortest way between two places, none where it is long for a section."""
        most = WINDING * float(geodesic_km([self._at[one]], [self._at[other]])[0]) + SHORT_KM
        best: dict[str, float] = {one: 0.0}
        queue: list[tuple[float, str, tuple[str, ...]]] = [(0.0, one, ())]
        while queue:
            km, place, way = heapq.heappop(queue)
            if place == other:
                return list(way)
            if km > best[place]:
                continue
            for there, length, ident in self._around.get((mode, place), ()):
                total = km + length
                if total <= most and total < best.get(there, float("inf")):
                    best[there] = total
                    heapq.heappush(queue, (total, there, (*way, ident)))
        return []
