"""Equilibrium of a choice whose costs depend on what is chosen: successive averages with a stated gap."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridors.base.errors import InputError

Floats = NDArray[np.float64]

GAP = 1e-4
"""Gap at which the averages stop: amounts that would still choose otherwise, over all."""

MOST = 2000
"""Most iterations."""

FASTER, SLOWER = 1.8, 0.3
"""What the divisor of the step grows by where the last step went too far, and where it did not."""


class Balance(NamedTuple):
    """Amounts in equilibrium.

    Attributes
    ----------
    amounts
        The amounts.
    gap
        Sum of the differences between what would be chosen at their costs and them, over their sum.
    iterations
        Steps taken.
    converged
        Whether the gap is as small as was asked for.
    """

    amounts: Floats
    gap: float
    iterations: int
    converged: bool


def successive_averages(
    respond: Callable[[Floats], Floats], start: Floats, *, gap: float = GAP, iterations: int = MOST
) -> Balance:
    """Amounts x that are what would be chosen at the costs that they make: x = y(x), within a gap.

    Formula: x <- x + (y(x) - x) / b with b = 1 at first. b grows by 1.8 where the distance between y and x has grown
    and by 0.3 where it has fallen (self-regulated averages), so steps shrink only as fast as is needed. With costs that
    do not fall in the amounts there is one equilibrium.

    Parameters
    ----------
    respond
        Amounts that would be chosen, of the amounts; of the same sum.
    start
        Amounts to begin with.
    gap
        Gap at which to stop.
    iterations
        Most steps.

    Raises
    ------
    InputError
        If the gap or the number of steps is not possible.

    References
    ----------
    C. Fisk, Some developments in equilibrium traffic assignment, Transportation Research B 14, 1980; Y. Sheffi, Urban
    Transportation Networks, 1985, chapter 12; H. Liu, X. He and B. He, Method of successive weighted averages (MSWA)
    and self-regulated averaging schemes, Networks and Spatial Economics 9, 2009, doi:10.1007/s11067-007-9023-x.

    >>> two = successive_averages(lambda x: 2 / (1 + np.exp(x - x[::-1])), np.array([2.0, 0.0]), gap=1e-9)
    >>> two.amounts.round(6).tolist(), two.converged
    ([1.0, 1.0], True)
    """
    if not 0 < gap < 1 or int(iterations) != iterations or iterations < 1:
        raise InputError("gap, iterations", (gap, iterations), "a gap between 0 and 1, and one iteration or more")
    x, divisor, before = np.asarray(start, dtype=float).copy(), 1.0, np.inf
    total = float(x.sum())
    if not total > 0:
        return Balance(x, 0.0, 0, True)
    for number in range(int(iterations) + 1):
        step = respond(x) - x
        now = float(np.abs(step).sum())
        if now / total <= gap or number == iterations:
            return Balance(x, now / total, number, now / total <= gap)
        if number:
            divisor += FASTER if now >= before else SLOWER
        x += step / divisor
        before = now
    raise AssertionError("the loop returns")
