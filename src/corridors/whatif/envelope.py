"""Ways of a pair over a range of values of time, exactly: the lower envelope of lines cost + value of time x hours.

Every admissible way is a line in the value of time, and which ways are admissible does not depend on it. So the least
generalized cost is the lower envelope of these lines: concave, and made of few of them. The parametric method finds
them all: the ways that are best at both ends of the range; where their lines cross, the way that is best there; and so
on with each new line, until none is below a crossing.

Costs and hours are those that the search adds up, edge by edge. What a route tells of its hours may differ by a part
of a rest, so figures are told of the route, and break-even values are of the search.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from corridors.base.errors import InputError
from corridors.network.network import Network
from corridors.routing.route import Route
from corridors.whatif.weights import Pair

ROUNDING = 1e-9
"""Difference of generalized cost (USD/t, or relative where costs are above 1) that is taken for rounding."""

Interval = tuple[float, float]
"""From one value of time to another."""


class Line(NamedTuple):
    """One way: its generalized cost as a line in the value of time, and the route.

    Attributes
    ----------
    cost_usd_t, hours
        Cost and hours as the search adds them up.
    route
        The route; it was found at some value of time, which its own generalized cost is of.
    """

    cost_usd_t: float
    hours: float
    route: Route

    def at(self, vot_usd_t_h: float) -> float:
        """Generalized cost in USD/t at a value of time."""
        return self.cost_usd_t + vot_usd_t_h * self.hours


@dataclass(frozen=True, eq=False)
class Envelope:
    """Ways that are best at some value of time between two, in order.

    Attributes
    ----------
    lines
        The ways, the cheapest and slowest first; none where there is no way at all.
    turns
        Values of time (USD/t and h) at which one way gives place to the next.
    low, high
        Ends of the range.
    """

    lines: tuple[Line, ...]
    turns: tuple[float, ...]
    low: float
    high: float

    def number_at(self, vot_usd_t_h: float) -> int:
        """Number of the way that is best at a value of time; of the cheaper one where two are equal."""
        return int(np.searchsorted(self.turns, vot_usd_t_h))

    def line_at(self, vot_usd_t_h: float) -> Line | None:
        """Way that is best at a value of time; None where there is none."""
        return self.lines[self.number_at(vot_usd_t_h)] if self.lines else None

    def least(self, vot_usd_t_h: float) -> float:
        """Least generalized cost in USD/t; inf where there is no way."""
        line = self.line_at(vot_usd_t_h)
        return float("inf") if line is None else line.at(vot_usd_t_h)

    @cached_property
    def ends(self) -> tuple[float, ...]:
        """Ends of the range and all turns."""
        return (self.low, *self.turns, self.high)

    def below(self, other: Envelope) -> list[Interval]:
        """Intervals of the value of time on which this envelope lies below another: exact, joined where they meet.

        Parameters
        ----------
        other
            Envelope of the same range. Nothing is below one without a way, and one without a way is below nothing.
        """
        if not self.lines or not other.lines:
            return []
        found: list[Interval] = []
        ends = sorted({*self.ends, *other.ends})
        for start, end in pairwise(ends):
            for part in self._part_below(other, start, end):
                joins = found and part[0] - found[-1][1] <= ROUNDING * max(1.0, part[0])
                found = [*found[:-1], (found[-1][0], part[1])] if joins else [*found, part]
        return found

    def _part_below(self, other: Envelope, start: float, end: float) -> list[Interval]:
        """Part of an interval without turns on which this envelope is below the other."""
        middle = (start + end) / 2
        mine, theirs = self.line_at(middle), other.line_at(middle)
        assert mine is not None  # noqa: S101  # both have lines
        assert theirs is not None  # noqa: S101
        first, last = (theirs.at(value) - mine.at(value) for value in (start, end))
        least = ROUNDING * max(1.0, abs(mine.at(end)))
        if max(first, last) <= least:
            return []
        if min(first, last) >= -least:
            return [(start, end)]
        root = start + (end - start) * first / (first - last)
        return [(start, root) if first > 0 else (root, end)]


def envelopes(
    net: Network, pairs: Sequence[Pair], low: float, high: float, options: Mapping[str, Any]
) -> dict[Pair, Envelope]:
    """Ways of every pair over a range of values of time.

    Parameters
    ----------
    net
        The network.
    pairs
        Pairs of ids of different places.
    low, high
        Ends of the range, USD per tonne and hour.
    options
        Other options of the question, as in `Network.route`; the objective is generalized cost.

    Raises
    ------
    InputError
        If the range is none.

    >>> import corridors as co
    >>> found = envelopes(co.load(), [("almaty", "karachi")], 0.01, 10, {})["almaty", "karachi"]
    >>> len(found.lines) == len(found.turns) + 1 > 1, found.lines[0].hours > found.lines[-1].hours
    (True, True)
    """
    if not 0 <= low < high < float("inf"):
        raise InputError("low, high", (low, high), "two values of time in USD per tonne and hour, the lower one first")
    search = _Search(net, {**options, "by": "generalized", "commodity": None})
    ends = {value: search.best(dict.fromkeys(pairs, value)) for value in (low, high)}
    kept: dict[Pair, list[Line]] = {pair: [] for pair in pairs}
    turns: dict[Pair, list[float]] = {pair: [] for pair in pairs}
    gaps: list[tuple[Pair, Line, Line]] = []
    for pair in pairs:
        first, last = (ends[value][pair] for value in (low, high))
        if first is None or last is None:
            continue
        apart = first.hours - last.hours > ROUNDING  # two ways of equal hours are one line, or one is not the best
        kept[pair] = [first, last] if apart else [first]
        gaps += [(pair, first, last)] if apart else []
    while gaps:
        gaps = _narrowed(search, gaps, kept, turns, (low, high))
    return {pair: _envelope(kept[pair], turns[pair], low, high) for pair in pairs}


def _narrowed(
    search: _Search,
    gaps: Sequence[tuple[Pair, Line, Line]],
    kept: dict[Pair, list[Line]],
    turns: dict[Pair, list[float]],
    ends: Interval,
) -> list[tuple[Pair, Line, Line]]:
    """Ask for the best way where the lines of each gap cross: it is a turn, or a line between and two new gaps."""
    crossings = [min(max((b.cost_usd_t - a.cost_usd_t) / (a.hours - b.hours), ends[0]), ends[1]) for _, a, b in gaps]
    new: list[tuple[Pair, Line, Line]] = []
    for number, line in enumerate(search.all([(gap[0], at) for gap, at in zip(gaps, crossings, strict=True)])):
        (pair, first, last), at = gaps[number], crossings[number]
        least = min(first.at(at), last.at(at))
        if line is None or line.at(at) >= least - ROUNDING * max(1.0, least):
            turns[pair].append(at)
            continue
        kept[pair].append(line)
        new += [(pair, *two) for two in ((first, line), (line, last)) if two[0].hours - two[1].hours > ROUNDING]
    return new


def _envelope(lines: list[Line], turns: list[float], low: float, high: float) -> Envelope:
    """Envelope in order; lines that are best at an end of the range alone are left out."""
    ordered, at = sorted(lines, key=lambda line: -line.hours), sorted(turns)
    while at and at[0] <= low:
        ordered, at = ordered[1:], at[1:]
    while at and at[-1] >= high:
        ordered, at = ordered[:-1], at[:-1]
    return Envelope(tuple(ordered), tuple(at), low, high)


class _Search:
    """Best ways at given values of time, one search per origin and value."""

    def __init__(self, net: Network, options: Mapping[str, Any]) -> None:
        self.net, self.options = net, options

    def best(self, asked: Mapping[Pair, float]) -> dict[Pair, Line | None]:
        """Best way of every pair at its value of time; None where there is none."""
        return dict(zip(asked, self.all(list(asked.items())), strict=True))

    def all(self, asked: Sequence[tuple[Pair, float]]) -> list[Line | None]:
        """Best ways of pairs at values of time, in order."""
        groups: dict[float, dict[str, list[str]]] = {}
        for (origin, destination), value in asked:
            groups.setdefault(_rounded(value), {}).setdefault(origin, []).append(destination)
        found: dict[tuple[Pair, float], Line | None] = {}
        for value, origins in sorted(groups.items()):
            for origin, destinations in origins.items():
                routes = self.net.routes(
                    [origin], dict.fromkeys(destinations), **{**self.options, "vot_usd_t_h": value}
                )
                found |= {(pair, value): None if route is None else _line(route) for pair, route in routes.items()}
        return [found[pair, _rounded(value)] for pair, value in asked]


def _rounded(value: float) -> float:
    """Value of time at which is searched: ways of many pairs turn at one value, which differs in its last digits."""
    return float(f"{value:.12g}")


def _line(route: Route) -> Line:
    """Cost and hours of a route as the search adds them up."""
    values, edges = route.problem.expansion.values, list(route.edges)
    return Line(float(values["cost"][edges].sum()), float(values["hours"][edges].sum()), route)
