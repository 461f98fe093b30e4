"""Money by year: present value, internal rate, payback, and what a project needs a year to pay for itself.

The first entry of a stream is of the present year and not discounted, the next one is of a year later.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.optimize
from numpy.typing import ArrayLike, NDArray

from corridors.base.errors import InputError

Floats = NDArray[np.float64]

LEAST_RATE, GREATEST_RATE = -0.99, 100.0
"""Yearly rates between which an internal rate is sought."""

MOST_GROWTH_PCT = 100.0
"""Growth in a year, in per cent, above which a figure is a slip; factors by year may say anything."""


def discount_factors(years: int, rate_pct: float) -> Floats:
    """Worth today of one USD in the present year and in each of the years after it.

    Parameters
    ----------
    years
        Number of years, the present one with them.
    rate_pct
        Real discount rate in per cent a year.

    Raises
    ------
    InputError
        If the rate is -100 % or less.

    >>> discount_factors(3, 8).round(4).tolist()
    [1.0, 0.9259, 0.8573]
    """
    if not rate_pct > -100:
        raise InputError("rate_pct", rate_pct, "a discount rate above -100 % a year")
    return np.asarray((1 + rate_pct / 100) ** -np.arange(years, dtype=float))


def discounted_years(years: int, rate_pct: float) -> float:
    """Sum of the discount factors of the years after the present one: what one USD in each of them is worth today.

    Parameters
    ----------
    years
        Number of years.
    rate_pct
        Real discount rate in per cent a year.

    >>> round(discounted_years(2, 10), 4)
    1.7355
    """
    return float(discount_factors(1 + years, rate_pct)[1:].sum())


def present_value(stream: ArrayLike, rate_pct: float) -> float:
    """Worth today of a stream of money.

    Parameters
    ----------
    stream
        Money by year, the present year first.
    rate_pct
        Real discount rate in per cent a year.

    >>> round(present_value([-100] + 30 * [10], 8), 2)
    12.58
    """
    money = np.asarray(stream, dtype=float)
    return float(money @ discount_factors(len(money), rate_pct))


def internal_rate_pct(stream: ArrayLike) -> float:
    """Discount rate in per cent at which a stream is worth nothing.

    nan where there is none, or where money changes its sign more than once, because then there can be several.

    Parameters
    ----------
    stream
        Money by year, the present year first.

    >>> round(internal_rate_pct([-100, 110]), 6)
    10.0
    >>> internal_rate_pct([-100, 230, -132])  # 10 % and 20 % both fit
    nan
    """
    money = np.asarray(stream, dtype=float)
    signs = np.sign(money[money != 0])
    if not len(signs) or np.count_nonzero(signs[1:] != signs[:-1]) != 1:
        return float("nan")
    powers = np.arange(len(money), dtype=float)

    def worth(rate: float) -> float:
        """Value at a rate, scaled by the last year so that rates near -1 stay finite."""
        return float(money @ (1 + rate) ** (powers[-1] - powers))

    if worth(LEAST_RATE) * worth(GREATEST_RATE) > 0:
        return float("nan")
    return float(100 * scipy.optimize.brentq(worth, LEAST_RATE, GREATEST_RATE, xtol=1e-12))


def payback_years(stream: ArrayLike, rate_pct: float = 0.0) -> float:
    """Years from the present until what was spent has come back; nan where it never does.

    Parameters
    ----------
    stream
        Money by year, the present year first.
    rate_pct
        Discount rate; 0 for the usual payback, which knows no interest.

    >>> payback_years([-100] + 30 * [10]), payback_years([-100] + 30 * [10], 8)
    (10.0, 21.0)
    """
    money = np.asarray(stream, dtype=float)
    paid = np.cumsum(money * discount_factors(len(money), rate_pct))
    last = np.flatnonzero(paid < -1e-9)
    if not len(last):
        return 0.0
    return float(last[-1] + 1) if last[-1] + 1 < len(money) else float("nan")


def needed_musd(cost_musd: float, *, rate_pct: float, build_years: int, life_years: int) -> float:
    """Yearly benefit in million USD, net of operation, that pays for a cost spread evenly over the years of building.

    Parameters
    ----------
    cost_musd
        Cost in million USD.
    rate_pct
        Real discount rate in per cent a year.
    build_years, life_years
        Years of building, and years of benefit after them.

    >>> [round(needed_musd(4600, rate_pct=rate, build_years=5, life_years=30)) for rate in (4, 8, 12)]
    [288, 479, 726]
    """
    for name, years in (("build_years", build_years), ("life_years", life_years)):
        if years < 1:
            raise InputError(name, years, "one year or more")
    factors = discount_factors(1 + build_years + life_years, rate_pct)
    spent = float(factors[1 : build_years + 1].sum()) / build_years
    return cost_musd * spent / float(factors[build_years + 1 :].sum())


def break_even_mt(needed: float, saving_usd_t: float) -> float:
    """Million tonnes a year at which a needed benefit is reached; inf where a tonne saves nothing.

    Parameters
    ----------
    needed
        Million USD a year.
    saving_usd_t
        What a tonne saves, in USD.

    >>> round(break_even_mt(479, 53.5), 1), break_even_mt(479, 0)
    (9.0, inf)
    """
    return needed / saving_usd_t if saving_usd_t > 0 else float("inf")


def factors_by_year(growth: float | Sequence[float], years: int) -> Floats:
    """Tonnes of every year of operation over those that were stated.

    Parameters
    ----------
    growth
        Per cent a year from the first year of operation on; or the factors themselves, of which the last one holds on.
    years
        Years of operation.

    Raises
    ------
    InputError
        If there is no factor, one is below zero, or the growth is not possible.

    >>> factors_by_year(10, 3).round(2).tolist(), factors_by_year([1, 2], 3).tolist()
    ([1.0, 1.1, 1.21], [1.0, 2.0, 2.0])
    """
    if isinstance(growth, int | float):
        if isinstance(growth, bool) or not -100 < growth <= MOST_GROWTH_PCT:
            expected = f"a growth above -100 % a year and up to {MOST_GROWTH_PCT:g} %, or factors by year"
            raise InputError("growth", growth, expected)
        return np.asarray((1 + float(growth) / 100) ** np.arange(years, dtype=float))
    given = np.asarray(list(growth), dtype=float)
    if not len(given) or not np.isfinite(given).all() or (given < 0).any():
        raise InputError("growth", list(growth), "per cent a year, or one or more factors of zero or more")
    return np.asarray(given[np.minimum(np.arange(years), len(given) - 1)])
