"""The order of building under a limit of capital in every year: the best of all, by dynamic programming on sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from corridors.appraisal.cash import discount_factors
from corridors.appraisal.sets import Candidates

Floats = NDArray[np.float64]

MOST_STAGED = 12
"""Most projects whose orders are all compared: 4,096 states."""


@dataclass(frozen=True)
class Capital:
    """Money by year, and what a year counts.

    Attributes
    ----------
    years
        Years in which money is spent and benefits count, one after another.
    limits
        Million USD that can be spent in each; what is left stays for later.
    rate
        Discount rate, as a share; the first year counts whole.
    lead_years
        Years from the last payment of a project to its opening.
    """

    years: tuple[int, ...]
    limits: tuple[float, ...]
    rate: float = 0.0
    lead_years: int = 0

    def paid(self, cost_musd: float) -> int | None:
        """Number of the year by whose end a cost is paid, None where the money does not suffice."""
        for number, total in enumerate(accumulate(self.limits)):
            if total >= cost_musd - 1e-9:
                return number
        return None

    def worth(self) -> Floats:
        """Discounted years of benefit of a project that opens with each year, and after the last one."""
        factors = discount_factors(len(self.years), 100 * self.rate)
        return np.append(np.cumsum(factors[::-1])[::-1], 0.0)

    def opens(self, cost_musd: float) -> int | None:
        """Number of the year with which what costs so much is open; None where that is after the last one."""
        paid = self.paid(cost_musd)
        number = len(self.years) if paid is None else paid + self.lead_years
        return number if number < len(self.years) else None


@dataclass(frozen=True)
class Staging:
    """The best order of building, and when each project opens.

    Attributes
    ----------
    order
        Bits of the projects, the first to be built first.
    opens
        Year of opening of each; None where it is not open by the last year.
    value_musd
        Discounted benefits of all years, million USD.
    """

    order: tuple[int, ...]
    opens: tuple[int | None, ...]
    value_musd: float


def staged(
    candidates: Candidates, chosen: int, costs_musd: Sequence[float], benefits: Mapping[int, float], capital: Capital
) -> Staging:
    """Best order of building the projects of a set one after another.

    All orders are compared, by dynamic programming on the sets that stand after each step. A project is worth nothing
    until what it needs stands; a set that cannot be built counts with its part that can. Benefits of a set are the
    same in every year.

    Parameters
    ----------
    candidates, chosen
        The projects, and the set of them that is built.
    costs_musd
        Cost of each candidate.
    benefits
        Yearly benefit of every set that can be built, million USD.
    capital
        Money by year.

    >>> both = Candidates(("a", "b"), (("a",), ("b",)), (0, 0), ())
    >>> money = Capital((2030, 2031, 2032), (10.0, 10.0, 10.0))
    >>> found = staged(both, 3, [20.0, 10.0], {0: 0.0, 1: 5.0, 2: 4.0, 3: 9.0}, money)
    >>> found.order, found.opens, found.value_musd  # b first: 4 + 4 + 9; a first: 0 + 5 + 9
    ((1, 0), (2030, 2032), 17.0)
    """
    bits = [k for k in range(len(candidates.names)) if chosen >> k & 1]
    worth = capital.worth()
    best: dict[int, tuple[float, int, tuple[int, ...]]] = {0: (0.0, 0, ())}
    for size in range(len(bits)):
        for state in [one for one in best if one.bit_count() == size]:
            value, built, order = best[state]
            for k in bits:
                if state >> k & 1:
                    continue
                after = state | 1 << k
                gain = _of(candidates, benefits, after) - _of(candidates, benefits, state)
                number = capital.opens(sum(costs_musd[one] for one in (*order, k)))
                total = value + gain * (0.0 if number is None else float(worth[number]))
                steps = built + candidates.can_build(after)  # of even orders that in which what is needed comes first
                if after not in best or (round(total, 9), steps) > (round(best[after][0], 9), best[after][1]):
                    best[after] = total, steps, (*order, k)
    value, _, order = best[chosen]
    numbers = [capital.opens(sum(costs_musd[one] for one in order[: place + 1])) for place in range(len(order))]
    opens = tuple(None if number is None else capital.years[number] for number in numbers)
    return Staging(order, opens, value)


def _of(candidates: Candidates, benefits: Mapping[int, float], state: int) -> float:
    """Benefit of what stands of a set."""
    return benefits[candidates.buildable_part(state)]
