"""Generalized cost of pairs with every set of projects, with far fewer searches than there are sets.

A best way that does not use a project is still there, and still the best, when the project is not built. So sets are
taken from the largest to the smallest, and only those are searched in which some pair, in some draw, has lost the way
that it had in every larger set. The answer is that of searching them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy
from numpy.typing import NDArray

from corridors.appraisal.open_edges import OpenEdges
from corridors.engine import memory
from corridors.uncertainty.batch import Job

Floats = NDArray[np.float64]
Bits = NDArray[np.uint32]

CELLS = 64_000_000
"""Sets times draws times pairs that are kept at a time."""

EXACT = 2.0**50
"""Numbers below it are held exactly: what a way uses is coded in one of them."""


@dataclass(frozen=True, eq=False)
class Searched:
    """Cost of pairs, and how many sets were searched for it.

    Attributes
    ----------
    rows
        USD per tonne: different answers by draws by pairs.
    row_of
        Row of each set: many sets share an answer.
    searches
        Sets that were searched.
    """

    rows: Floats
    row_of: NDArray[np.int64]
    searches: int

    @property
    def cost(self) -> Floats:
        """USD per tonne: sets by draws by pairs."""
        return np.asarray(self.rows[self.row_of])


def draws_at_a_time(sets: int, pairs: int) -> int:
    """Draws that are kept at a time.

    >>> draws_at_a_time(4096, 64)
    244
    """
    return max(1, CELLS // max(1, sets * pairs))


def costs_of_sets(
    job: Job,
    edges: OpenEdges,
    sets: Sequence[int],
    pairs: tuple[NDArray[np.int64], NDArray[np.int64]],
    bounds: tuple[int, int] | None = None,
) -> Searched:
    """Generalized cost of pairs with every set.

    Parameters
    ----------
    job, edges
        The compiled question, and what is open with each set.
    sets
        Sets as numbers.
    pairs
        Rows of the origins and of the destinations.
    bounds
        First and last draw; expected values, as one draw, if there are none.
    """
    count = 1 if bounds is None else bounds[1] - bounds[0]
    everything = int(np.bitwise_or.reduce(edges.used_by, initial=0)) | edges.replacing
    everything |= int(np.bitwise_or.reduce(np.array(sets, dtype=np.int64), initial=0))
    ordered = sorted({everything, *sets}, key=lambda chosen: (-chosen.bit_count(), chosen))
    memory.require(
        len(ordered) * count * len(pairs[0]) * 12.0, f"costs of {len(ordered)} sets", "ask for fewer sets or pairs"
    )
    known = _Known(np.array(ordered, dtype=np.int64), edges.replacing)
    codes, searches = coded(job, edges), 0
    levels: dict[int, list[int]] = {}
    for number, chosen in enumerate(ordered):
        levels.setdefault(chosen.bit_count(), []).append(number)
    for numbers in levels.values():
        lost = [number for number in numbers if not known.inherit(number)]
        searches += len(lost)
        if lost:
            masks = np.stack([edges.of(ordered[number]) for number in lost], axis=1)
            cost = answer(replace(job, masks=masks), bounds, pairs)
            used = np.zeros(cost.shape, dtype=np.uint32)
            for code in codes:
                used |= code.decode(answer(replace(code.job, masks=masks), bounds, pairs))
            for number, mine, bits in zip(lost, cost, used, strict=True):
                known.add(number, mine, bits)
    at = {chosen: known.row_of[number] for number, chosen in enumerate(ordered)}
    return Searched(np.stack(known.cost), np.array([at[chosen] for chosen in sets], dtype=np.int64), searches)


class _Known:
    """Answers that are known already, and the sets that share them."""

    def __init__(self, sets: NDArray[np.int64], replacing: int) -> None:
        self.sets, self.replacing = sets, replacing
        self.cost: list[Floats] = []
        self.used: list[Bits] = []
        self.any_used: list[int] = []
        self.row_of: dict[int, int] = {}

    def add(self, number: int, cost: Floats, used: Bits) -> None:
        """Keep an answer of a set."""
        self.row_of[number] = len(self.cost)
        self.cost.append(cost)
        self.used.append(used)
        self.any_used.append(int(np.bitwise_or.reduce(used, axis=None)))

    def inherit(self, number: int) -> bool:
        """Take over answers of larger sets whose ways stand in this one; whether that is all of them."""
        others = [(self.row_of[one], int(self.sets[one] & ~self.sets[number])) for one in self._covers(number)]
        for row, missing in others:
            if not self.any_used[row] & missing:
                self.row_of[number] = row
                return True
        if not others:
            return False
        cost, used = np.empty_like(self.cost[0]), np.zeros_like(self.used[0])
        left = np.ones(cost.shape, dtype=bool)
        for row, missing in others:
            stands = left & (self.used[row] & np.uint32(missing) == 0)
            cost[stands], used[stands] = self.cost[row][stands], self.used[row][stands]
            left &= ~stands
        if not left.any():
            self.add(number, cost, used)
            return True
        return False

    def _covers(self, number: int) -> list[int]:
        """Numbers of the smallest larger sets that hold a set, and replace nothing that it does not."""
        mine, before = self.sets[number], self.sets[:number]
        numbers = np.flatnonzero((before & mine == mine) & (before & ~mine & self.replacing == 0))[::-1]
        found: list[int] = []
        while len(numbers):
            found.append(int(numbers[0]))
            numbers = numbers[self.sets[numbers] & self.sets[numbers[0]] != self.sets[numbers[0]]]
        return found


@dataclass(frozen=True, eq=False)
class Code:
    """Question whose answer is how many edges of some projects a best way uses, as digits of a number.

    Attributes
    ----------
    job
        The compiled question.
    digits
        Project (its bit), unit and base of each digit.
    """

    job: Job
    digits: tuple[tuple[int, int, int], ...]

    def decode(self, answer: Floats) -> Bits:
        """Projects that ways use; those without a way use none."""
        number = np.where(np.isfinite(answer), np.rint(answer), 0).astype(np.int64)
        found = np.zeros(number.shape, dtype=np.uint32)
        for bit, unit, base in self.digits:
            found |= np.where(number // unit % base > 0, np.uint32(1 << bit), np.uint32(0))
        return found


def coded(job: Job, edges: OpenEdges) -> list[Code]:
    """Questions that tell which projects the ways use: no more of them than their digits need.

    Parameters
    ----------
    job, edges
        The compiled question, and what is open with each set.
    """
    used_by = edges.used_by
    codes: list[Code] = []
    digits: list[tuple[int, int, int]] = []
    unit = 1
    for bit in range(32):
        base = 1 + int((used_by >> np.uint32(bit) & 1).sum())
        if base == 1:
            continue
        if unit * base > EXACT:
            codes.append(_code(job, used_by, digits))
            digits, unit = [], 1
        digits.append((bit, unit, base))
        unit *= base
    return [*codes, _code(job, used_by, digits)] if digits else codes


def _code(job: Job, used_by: Bits, digits: Sequence[tuple[int, int, int]]) -> Code:
    """Question of some digits: its measure is a fixed number of every edge."""
    value = sum((used_by >> np.uint32(bit) & 1).astype(float) * unit for bit, unit, _ in digits)
    width = job.weight.shape[1]
    rows = np.flatnonzero(value)
    measure = scipy.sparse.csr_array(
        (np.asarray(value)[rows], (rows, np.full(len(rows), width - 1))), shape=(len(used_by), width)
    )
    journeys = None if job.journeys is None else replace(job.journeys, per_rest=0.0 * job.journeys.per_rest)
    return Code(replace(job, measure=measure, journeys=journeys), tuple(digits))


def answer(job: Job, bounds: tuple[int, int] | None, pairs: tuple[NDArray[np.int64], NDArray[np.int64]]) -> Floats:
    """Answers of a job: sets by draws by pairs.

    Parameters
    ----------
    job
        The compiled question.
    bounds
        First and last draw; expected values, as one draw, if there are none.
    pairs
        Rows of the origins and of the destinations.
    """
    found = job.expected()[:, None] if bounds is None else job.draws(*bounds)
    return np.asarray(found[:, :, pairs[0], pairs[1]], dtype=float)
