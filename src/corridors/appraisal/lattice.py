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

CELLS = 40_000_000
"""Sets times draws times pairs that are kept at a time."""

EXACT = 2.0**50
"""Numbers below it are held exactly: what a way uses is coded in one of them."""


@dataclass(frozen=True, eq=False)
class Searched:
    """Cost of pairs, and how many sets were searched for it.

    Attributes
    ----------
    cost
        USD per tonne: sets by draws by pairs.
    searches
        Sets that were searched.
    """

    cost: Floats
    searches: int


def draws_at_a_time(sets: int, pairs: int) -> int:
    """Draws that are kept at a time.

    >>> draws_at_a_time(4096, 64)
    152
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
    everything = int(np.bitwise_or.reduce(edges.used_by, initial=0)) | edges.replacing | max(sets, default=0)
    ordered = sorted({everything, *sets}, key=lambda chosen: (-chosen.bit_count(), chosen))
    shape = len(ordered), count, len(pairs[0])
    memory.require(shape[0] * count * shape[2] * 12.0, f"costs of {shape[0]} sets", "ask for fewer sets or pairs")
    cost, used = np.full(shape, np.inf), np.zeros(shape, dtype=np.uint32)
    coded, numbers, searches = _coded(job, edges), np.array(ordered, dtype=np.int64), 0
    levels: dict[int, list[int]] = {}
    for row, chosen in enumerate(ordered):
        levels.setdefault(chosen.bit_count(), []).append(row)
    for rows in levels.values():
        lost = [row for row in rows if not _inherit(row, numbers, edges.replacing, cost, used)]
        searches += len(lost)
        if lost:
            masks = np.stack([edges.of(ordered[row]) for row in lost], axis=1)
            cost[lost] = _answer(replace(job, masks=masks), bounds, pairs)
            used[lost] = sum(code.decode(_answer(replace(code.job, masks=masks), bounds, pairs)) for code in coded)
    at = {chosen: row for row, chosen in enumerate(ordered)}
    return Searched(cost[[at[chosen] for chosen in sets]], searches)


def _inherit(row: int, numbers: NDArray[np.int64], replacing: int, cost: Floats, used: Bits) -> bool:
    """Take over the costs of larger sets whose ways stand in this one; whether that is all of them."""
    left = np.ones(cost.shape[1:], dtype=bool)
    for other in _covers(row, numbers, replacing):
        missing = np.uint32(int(numbers[other]) & ~int(numbers[row]))
        stands = left & (used[other] & missing == 0)
        cost[row][stands], used[row][stands] = cost[other][stands], used[other][stands]
        left &= ~stands
        if not left.any():
            return True
    return False


def _covers(row: int, numbers: NDArray[np.int64], replacing: int) -> list[int]:
    """Rows of the smallest larger sets that hold a set, and replace nothing that it does not."""
    mine = numbers[row]
    rows = np.flatnonzero((numbers[:row] & mine == mine) & (numbers[:row] & ~mine & replacing == 0))[::-1]
    found: list[int] = []
    while len(rows):
        found.append(int(rows[0]))
        rows = rows[numbers[rows] & numbers[rows[0]] != numbers[rows[0]]]
    return found


@dataclass(frozen=True, eq=False)
class _Code:
    """Question whose answer is how many edges of some projects a best way uses, as digits of a number."""

    job: Job
    digits: tuple[tuple[int, int, int], ...]

    def decode(self, answer: Floats) -> Bits:
        """Projects that ways use; those without a way use none."""
        number = np.where(np.isfinite(answer), np.rint(answer), 0).astype(np.int64)
        found = np.zeros(number.shape, dtype=np.uint32)
        for bit, unit, base in self.digits:
            found |= np.where(number // unit % base > 0, np.uint32(1 << bit), np.uint32(0))
        return found


def _coded(job: Job, edges: OpenEdges) -> list[_Code]:
    """Questions that tell which projects the ways use: no more of them than their digits need."""
    used_by = edges.used_by
    codes: list[_Code] = []
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


def _code(job: Job, used_by: Bits, digits: Sequence[tuple[int, int, int]]) -> _Code:
    """Question of some digits: its measure is a fixed number of every edge."""
    value = sum((used_by >> np.uint32(bit) & 1).astype(float) * unit for bit, unit, _ in digits)
    width = job.weight.shape[1]
    rows = np.flatnonzero(value)
    measure = scipy.sparse.csr_array(
        (np.asarray(value)[rows], (rows, np.full(len(rows), width - 1))), shape=(len(used_by), width)
    )
    journeys = None if job.journeys is None else replace(job.journeys, per_rest=0.0 * job.journeys.per_rest)
    return _Code(replace(job, measure=measure, journeys=journeys), tuple(digits))


def _answer(job: Job, bounds: tuple[int, int] | None, pairs: tuple[NDArray[np.int64], NDArray[np.int64]]) -> Floats:
    """Answers of a job: sets by draws by pairs."""
    found = job.expected()[:, None] if bounds is None else job.draws(*bounds)
    return np.asarray(found[:, :, pairs[0], pairs[1]], dtype=float)
