"""Rest of drivers as a term of a journey: it begins when the driving of a shift is used up.

A driver drives for the hours of a shift (parameter `shift`), then rests (parameter `rest`) before driving on. Hours of
a stop beyond the first few (parameter `layover`) are rest as well: a driver may make any stop a rest by staying for
what is lacking, and begins a new shift after it. Where the load changes the vehicle, another driver goes on with it.
Of all that is possible the shortest is taken, so

- a trip within one shift has no rest, and one shift and a bit has one;
- more driving, a further stop on the road or a longer stop never makes a journey shorter: whatever plan of rests is
  possible after it was possible before it, at no more hours;
- splitting an edge changes nothing, because only sums of driving count.

In a search the rest of an edge is its part of a shift, which is linear and never less than what a journey has. Both
are coefficients of the same parameter, `rest`, at expected hours of driving.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

COMPONENT = "rest"
"""Component of the terms whose coefficient is the number of rests."""

ONE_WAY = np.zeros(1, dtype=np.int64)
"""Start of a single way in its list of edges."""

_SAME = 1e-9
"""Shifts that make no difference: a shift driven to its end is not overrun by rounding."""

_CELLS = 100_000
"""Edges of ways that are worked on at a time, which bounds the memory."""


@dataclass(frozen=True, eq=False)
class RestRows:
    """Parameters behind the rests of an expansion, by row of the table.

    Attributes
    ----------
    haul, shift
        Hours of driving per km and hours of a shift of each edge; -1 where nobody drives on a road.
    rest
        One rest, by quantity: `hours`, and what else it may cost. Empty where the table has no rest.
    layover
        Hours of a stop that are no rest; -1 where the table has no rest.
    """

    haul: Ints
    shift: Ints
    rest: Mapping[str, int]
    layover: int


@dataclass(frozen=True, eq=False)
class Rest:
    """What decides on the rests of journeys, edge by edge of an expansion.

    Attributes
    ----------
    shifts
        Driving in shifts: expected hours of driving / hours of a shift, zero off the road.
    lacking
        Share of a rest that a driver must add to make a rest of this edge: 1 where there is no stop or too short a
        one, 0 where the stop is long enough or the load changes the vehicle.
    rows
        Row of the parameter of one rest, by quantity.
    amounts
        One rest at expected values, by quantity: hours, and USD/t if the table has them.

    >>> import corridors as co
    >>> e = co.load().problem(cargo="truck").expansion
    >>> round(float(e.rest.shifts[e.km > 0].max()), 1), e.rest.amounts["hours"]
    (3.5, 11.0)
    """

    shifts: Floats
    lacking: Floats
    rows: Mapping[str, int]
    amounts: Mapping[str, float]

    def on(self, edges: Ints, starts: Ints = ONE_WAY) -> Floats:
        """Rests on each edge of some ways, as they stand on a journey: the coefficients of the parameter `rest`.

        Parameters
        ----------
        edges
            Edges of the ways, one way after another, each in the order of travel.
        starts
            Where each way begins in `edges`; one way by default. No way is empty.

        Returns
        -------
        ndarray
            One number per entry of `edges`. Whole rests stand where the shift is used up; what is lacking at a stop
            stands on the edge driven after it.

        >>> import corridors as co
        >>> route = co.load().route("Tashkent", "Karachi", cargo="truck")
        >>> e = route.problem.expansion
        >>> rests = e.rest.on(route.step_edges)
        >>> bool(rests.sum() <= e.rest.shifts[route.step_edges].sum())
        True
        """
        found = np.zeros(len(edges))
        if self.rows:
            for index, here in _blocks(len(edges), starts):
                found[index[here]] = _placed(*self._laid_out(edges[index], here))[here]
        return found

    def of_ways(self, edges: Ints, starts: Ints) -> Floats:
        """Rests of some ways: one number per way; parameters as in `on`, whose sums they are.

        >>> import corridors as co
        >>> route = co.load().route("Tashkent", "Samarkand", cargo="truck")
        >>> route.problem.expansion.rest.of_ways(route.step_edges, np.array([0])).tolist()
        [0.0]
        """
        found = np.zeros(len(starts))
        if self.rows:
            first = 0
            for index, here in _blocks(len(edges), starts):
                at, more = _stops(*self._laid_out(edges[index], here))
                found[first : first + len(at)] = _least(at, more)[0][:, -1]
                first += len(at)
        return found

    def _laid_out(self, edges: Ints, here: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Driving before the end of each edge and what is lacking there, ways in rows; nothing where no edge is."""
        shifts = self.shifts[edges]
        shifts *= here
        return np.cumsum(shifts, axis=1), np.where(here, self.lacking[edges], 1.0)

    def change(self, edges: Ints, starts: Ints = ONE_WAY) -> Floats:
        """Rests on each edge of some ways, less those that the search took for it; parameters as in `on`.

        Hours of the search plus this times the hours of a rest are the hours of the journey.
        """
        return self.on(edges, starts) - self.shifts[edges]

    def of_edges(self, edges: Ints) -> Rest:
        """Same for some of the edges, which are numbered anew in the order given."""
        return Rest(self.shifts[edges], self.lacking[edges], self.rows, self.amounts)

    def change_of_ways(self, edges: Ints, starts: Ints) -> Floats:
        """Rests of some ways, less those that the search took for them: one number per way; parameters as in `on`.

        Times the hours of a rest (of each draw, where there are draws) this is what the hours of the search change by.
        """
        if not len(edges):
            return np.zeros(len(starts))
        return self.of_ways(edges, starts) - np.add.reduceat(self.shifts[edges], starts)


def shifts_of(rows: RestRows, value: Floats, km: Floats) -> Floats:
    """Driving of each edge in shifts, from the values of all parameters and the length of each edge in km."""
    shifts, drives = np.zeros(len(km)), rows.shift >= 0
    shifts[drives] = km[drives] * value[rows.haul[drives]] / value[rows.shift[drives]]
    return shifts


def rest_of(rows: RestRows, value: Floats, shifts: Floats, stop_h: Floats) -> Rest:
    """Rest of an expansion at some values of the parameters.

    Parameters
    ----------
    rows
        Parameters behind it.
    value
        Values of all parameters in the units of computation.
    shifts
        Driving of each edge in shifts.
    stop_h
        Hours that a driver stands at each edge; infinite where the load is on another vehicle.
    """
    amounts = {quantity: float(value[row]) for quantity, row in rows.rest.items()}
    awake_h = float(value[rows.layover]) if rows.layover >= 0 else 0.0
    rested_h, rest_h = np.maximum(stop_h - awake_h, 0.0), amounts.get("hours", 0.0)
    lacking = np.clip(1 - rested_h / rest_h, 0.0, 1.0) if rest_h else np.ones(len(shifts))
    for column in (shifts, lacking):
        column.flags.writeable = False
    return Rest(shifts, lacking, rows.rest, amounts)


def _blocks(count: int, starts: Ints) -> Iterator[tuple[Ints, NDArray[np.bool_]]]:
    """Yield ways as rows of one width: where their edges stand in the list, and which of the cells are edges."""
    lengths = np.diff(starts, append=count)
    if not count:
        return
    step = max(1, _CELLS // int(lengths.max()))
    for first in range(0, len(starts), step):
        mine = slice(first, first + step)
        place = np.arange(lengths[mine].max())
        here = place < lengths[mine][:, None]
        yield np.where(here, starts[mine][:, None] + place, 0), here


def _needed(shifts: Floats) -> Floats:
    """Rests that driving without a stop needs: one after each full shift, and none at the end."""
    return np.asarray(np.maximum(np.ceil(shifts - _SAME) - 1, 0.0))


def _placed(driven: Floats, lacking: Floats) -> Floats:
    """Rests on each edge of ways (rows), from the driving before its end and what is lacking at its stops."""
    before = np.concatenate([np.zeros((len(driven), 1)), driven[:, :-1]], axis=1)
    at, more = _stops(driven, lacking)
    used = _chosen(at, more)
    base, extra = np.zeros_like(driven), np.zeros_like(driven)
    for stop in range(1, at.shape[1] - 1):
        here, rested = at[:, stop, None], used[:, stop, None]
        base = np.where(rested & (before >= here), here, base)
        extra += np.where(rested & (before == here) & (driven > before), more[:, stop, None], 0.0)
    return _needed(driven - base) - _needed(before - base) + extra


def _stops(driven: Floats, lacking: Floats) -> tuple[Floats, Floats]:
    """Start, stops and end of ways: driving before each in shifts, and the share of a rest that is lacking there.

    Of stops without driving between them the longest counts; a way with fewer stops than others has some that
    cannot be used.
    """
    total = driven[:, -1:]
    way, edge = np.nonzero((lacking < 1) & (driven > 0) & (driven < total))
    here = driven[way, edge]
    new = np.ones(len(way), dtype=bool)
    new[1:] = (way[1:] != way[:-1]) | (here[1:] != here[:-1])
    first = np.flatnonzero(new)
    count = np.bincount(way[first], minlength=len(driven))
    number = np.arange(len(first)) - np.repeat(np.cumsum(count) - count, count) + 1
    width = int(count.max(initial=0)) + 2
    at, more = np.repeat(total, width, axis=1), np.full((len(driven), width), np.inf)
    at[:, 0], more[:, 0], more[:, -1] = 0.0, 0.0, 0.0
    if len(first):
        at[way[first], number] = here[first]
        more[way[first], number] = np.minimum.reduceat(lacking[way, edge], first)
    return at, more


def _least(at: Floats, more: Floats) -> tuple[Floats, Ints]:
    """Least sum of rests up to each stop, with a rest there, and the stop of the rest before; the end is the last."""
    least, last = np.zeros_like(at), np.zeros(at.shape, dtype=np.int64)
    for stop in range(1, at.shape[1]):
        rests = least[:, :stop] + _needed(at[:, stop, None] - at[:, :stop])
        last[:, stop] = rests.argmin(axis=1)
        least[:, stop] = rests.min(axis=1) + more[:, stop]
    return least, last


def _chosen(at: Floats, more: Floats) -> NDArray[np.bool_]:
    """Choose the stops at which drivers rest, so that the sum of rests is least."""
    (ways, width), last = at.shape, _least(at, more)[1]
    used = np.zeros(at.shape, dtype=bool)
    row, where = np.arange(ways), np.full(ways, width - 1)
    for _ in range(width - 1):
        where = last[row, where]
        used[row, where] = True
    return used
