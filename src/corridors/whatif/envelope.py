"""Ways of a pair over a range of values of time: the lower envelope of lines cost + value of time x hours.

Which ways are admissible does not depend on the value of time, and what a search adds up of a way, edge by edge, is a
line in it. So the parametric method finds all ways that are best in a search at some value of time: those at both ends
of a span; where their lines cross, the way that is best there; and so on with each new line, until none is below a
crossing. These are the candidates. A candidate of one network is one of another as well, where it may be used there.

What is compared is what routes tell: costs and hours with the rests of drivers where they fall on the way, while a
search takes a part of a rest in every hour of driving. The least told generalized cost is the lower envelope of the
told lines of the candidates: concave, and exact over them. A way that no search finds best at any value of time is no
candidate, though what it tells may be less.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from corridors.base.errors import InputError
from corridors.model.problem import Problem
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
        Cost and hours: of the envelope as the route tells them, of a search as it adds them up.
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
    networks: Mapping[str, Network],
    pairs: Mapping[str, Sequence[Pair]],
    low: float,
    high: float,
    options: Mapping[str, Any],
    *,
    span: Interval | None = None,
) -> dict[str, dict[Pair, Envelope]]:
    """Ways of every pair over a range of values of time in some networks, as they are told.

    Parameters
    ----------
    networks
        The networks by name. Of those of the same tables each has the ways of the others too, where it may use them.
    pairs
        Pairs of ids of different places, by name of the network.
    low, high
        Ends of the range, USD per tonne and hour.
    options
        Other options of the question, as in `Network.route`; the objective is generalized cost.
    span
        Values of time between which candidates are searched, as far as they lie outside the range; so that a part of a
        range says the same as the whole.

    Raises
    ------
    InputError
        If the range is none.

    >>> import corridors as co
    >>> found = envelopes({"base": co.load()}, {"base": [("almaty", "karachi")]}, 0.01, 10, {})["base"]
    >>> one = found["almaty", "karachi"]
    >>> len(one.lines) == len(one.turns) + 1 > 1, one.lines[0].hours > one.lines[-1].hours
    (True, True)
    """
    if not 0 <= low < high < float("inf"):
        raise InputError("low, high", (low, high), "two values of time in USD per tonne and hour, the lower one first")
    ends = min((low, *(span or ()))), max((high, *(span or ())))
    asked = {**options, "by": "generalized"}
    found = {name: candidates(net, pairs[name], *ends, asked) for name, net in networks.items()}
    told: dict[str, dict[Pair, Envelope]] = {}
    for name, net in networks.items():
        problem = net.problem(**asked, vot_usd_t_h=low)
        told[name] = {
            pair: lower_envelope([_told(route) for route in _usable(found, name, pair, problem)], low, high)
            for pair in pairs[name]
        }
    return told


def _usable(
    found: Mapping[str, Mapping[Pair, Sequence[Route]]], name: str, pair: Pair, problem: Problem
) -> Iterator[Route]:
    """Yield the candidates of a pair in a network: its own, and those of others that may be used there, each once."""
    yield from found[name][pair]
    own = {route.edges for route in found[name][pair]}
    here = problem.between(*pair)
    for other, ways in found.items():
        for route in ways.get(pair, ()) if other != name else ():
            if route.edges in own or route.problem.expansion is not here.expansion:
                continue
            own.add(route.edges)
            if np.isfinite(here.weight[list(route.edges)]).all():
                yield route


def lower_envelope(lines: Iterable[Line], low: float, high: float) -> Envelope:
    """Lower envelope of some lines between two values of time.

    Parameters
    ----------
    lines
        Lines in any order.
    low, high
        Ends of the range, USD per tonne and hour.

    >>> lines = [Line(2, 10, None), Line(5, 5, None), Line(15, 2, None), Line(9, 6, None)]
    >>> lower_envelope(lines, 0, 10).turns
    (0.6, 3.3333333333333335)
    """
    kept: list[Line] = []
    turns: list[float] = []
    for line in sorted(lines, key=lambda line: (-round(line.hours, 9), line.cost_usd_t)):
        if kept and kept[-1].hours - line.hours <= ROUNDING:  # as fast, and no cheaper
            continue
        # a line is never least where the new one is below it from where it would begin
        while kept and _turn(kept[-1], line) <= (turns[-1] if turns else low):
            kept.pop()
            del turns[-1:]
        at = _turn(kept[-1], line) if kept else low
        if at < high:
            turns += [at] if kept else []
            kept.append(line)
    return Envelope(tuple(kept), tuple(turns), low, high)


def _turn(slow: Line, fast: Line) -> float:
    """Value of time from which the faster of two ways is the better one."""
    return (fast.cost_usd_t - slow.cost_usd_t) / (slow.hours - fast.hours)


def candidates(
    net: Network, pairs: Sequence[Pair], low: float, high: float, options: Mapping[str, Any]
) -> dict[Pair, list[Route]]:
    """Ways of every pair that are best in a search at some value of time between two, the cheapest and slowest first.

    Parameters
    ----------
    net, pairs, low, high, options
        As in `envelopes`, of one network.

    >>> import corridors as co
    >>> ways = candidates(co.load(), [("almaty", "karachi")], 0.01, 10, {"cargo": "truck"})["almaty", "karachi"]
    >>> sorted((way.cost_usd_t for way in ways)) == [way.cost_usd_t for way in ways]
    True
    """
    search = _Search(net, options)
    ends = {value: search.best(dict.fromkeys(pairs, value)) for value in (low, high)}
    kept: dict[Pair, list[Line]] = {pair: [] for pair in pairs}
    gaps: list[tuple[Pair, Line, Line]] = []
    for pair in pairs:
        first, last = (ends[value][pair] for value in (low, high))
        if first is None or last is None:
            continue
        kept[pair] = [first, last]
        # two ways of equal hours are one line, or one is not the best
        gaps += [(pair, first, last)] if first.hours - last.hours > ROUNDING else []
    while gaps:
        gaps = _narrowed(search, gaps, kept, (low, high))
    return {pair: [line.route for line in _once(lines)] for pair, lines in kept.items()}


def _once(lines: Iterable[Line]) -> list[Line]:
    """Lines in order of their hours, each way once."""
    ways = {line.route.edges: line for line in lines}
    return sorted(ways.values(), key=lambda line: (-line.hours, line.cost_usd_t))


def _narrowed(
    search: _Search, gaps: Sequence[tuple[Pair, Line, Line]], kept: dict[Pair, list[Line]], ends: Interval
) -> list[tuple[Pair, Line, Line]]:
    """Ask for the best way where the lines of each gap cross: none is better, or it makes two new gaps."""
    crossings = [min(max(_turn(first, last), ends[0]), ends[1]) for _, first, last in gaps]
    new: list[tuple[Pair, Line, Line]] = []
    for number, line in enumerate(search.all([(gap[0], at) for gap, at in zip(gaps, crossings, strict=True)])):
        (pair, first, last), at = gaps[number], crossings[number]
        least = min(first.at(at), last.at(at))
        if line is None:
            continue
        kept[pair].append(line)
        if line.at(at) >= least - ROUNDING * max(1.0, least):
            continue
        new += [(pair, *two) for two in ((first, line), (line, last)) if two[0].hours - two[1].hours > ROUNDING]
    return new


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
    """Line of a route as the search adds it up."""
    values, edges = route.problem.expansion.values, list(route.edges)
    return Line(float(values["cost"][edges].sum()), float(values["hours"][edges].sum()), route)


def _told(route: Route) -> Line:
    """Line of a route as it is told."""
    return Line(route.cost_usd_t, route.hours, route)
