"""Choice between ways: the expected least cost, shares, and from where on one mode is cheaper than another."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from corridors.base.errors import InputError
from corridors.routing import choice

Floats = NDArray[np.float64]


def logsum(costs: Iterable[float], *, mu: float) -> float:
    r"""Expected least cost of a choice between ways: :math:`-\frac{1}{\mu} \ln \sum_r \exp(-\mu c_r)`.

    Parameters
    ----------
    costs
        Costs of the ways, `inf` where there is none. Near copies of one way would count as choices, so only distinct
        corridors make sense, as from `net.alternatives`.
    mu
        Scale of the choice, in one over the unit of the costs: the larger, the more surely the cheapest is chosen.

    References
    ----------
    H. C. W. L. Williams, "On the formation of travel demand models and economic evaluation measures of
    user benefit", Environment and Planning A 9(3), 1977, doi:10.1068/a090285.

    >>> import corridors as co
    >>> ways = co.load().alternatives("Tashkent", "Karachi", 3)
    >>> round(ways[0].generalized_usd_t), round(logsum([way.generalized_usd_t for way in ways], mu=0.1))
    (438, 437)
    """
    return float(choice.logsum(_choices(costs), scale=positive("mu", mu)))


def logit_shares(costs: Iterable[float], *, mu: float) -> Floats:
    """Share (0 to 1) of each way in a logit choice.

    Parameters
    ----------
    costs, mu
        As in `logsum`.

    References
    ----------
    D. McFadden, "Conditional logit analysis of qualitative choice behavior", in Frontiers in Econometrics, 1974.

    >>> logit_shares([100, 120], mu=0.05).round(3).tolist()
    [0.731, 0.269]
    """
    return choice.shares(_choices(costs), scale=positive("mu", mu))


def logsum_benefit(before: Iterable[float], after: Iterable[float], *, mu: float) -> float:
    """Fall of the expected least cost; `inf` where there was no way before.

    Parameters
    ----------
    before, after
        Costs of the ways before and after.
    mu
        As in `logsum`.

    References
    ----------
    H. C. W. L. Williams, "On the formation of travel demand models and economic evaluation measures of
    user benefit", Environment and Planning A 9(3), 1977, doi:10.1068/a090285.

    >>> round(logsum_benefit([100, 120], [100, 120, 100], mu=0.05), 2)
    10.97
    """
    first, second = logsum(before, mu=mu), logsum(after, mu=mu)
    return 0.0 if first == second else first - second


def break_even_km(*, rail_fixed: float, rail_per_km: float, road_fixed: float, road_per_km: float) -> float:
    """Distance from which on rail is no dearer than road; `inf` if there is none.

    Formula: (rail_fixed - road_fixed) / (road_per_km - rail_per_km).

    Parameters
    ----------
    rail_fixed, road_fixed
        What a journey costs whatever its length; all in one currency and unit of load.
    rail_per_km, road_per_km
        What every km costs.

    >>> round(break_even_km(rail_fixed=400, rail_per_km=0.5, road_fixed=50, road_per_km=1.2))
    500
    """
    more, saved = rail_fixed - road_fixed, road_per_km - rail_per_km
    if saved > 0:
        return max(0.0, more / saved)
    return 0.0 if saved == 0 and more <= 0 else float("inf")


def time_tariff_equivalent(days: float, low: float = 0.6, high: float = 2.1) -> tuple[float, float]:
    """Ad valorem tariff, in per cent from low to high, that days in transit are worth.

    Parameters
    ----------
    days
        Days in transit.
    low, high
        Percent of the value of the goods that a day is worth.

    References
    ----------
    D. Hummels and G. Schaur, "Time as a trade barrier", American Economic Review 103(7), 2013,
    doi:10.1257/aer.103.7.2935: 0.6 to 2.1 % per day.

    >>> time_tariff_equivalent(5)
    (3.0, 10.5)
    """
    return days * low, days * high


def _choices(costs: Iterable[float]) -> Floats:
    choices = np.array(list(costs), dtype=float)
    if not choices.size or np.isnan(choices).any() or np.isneginf(choices).any():
        raise InputError("costs", choices.tolist(), "at least one cost; inf where there is no way")
    return choices


def positive(name: str, value: float | None) -> float:
    """Value of an argument that must be above zero.

    Parameters
    ----------
    name, value
        Argument and its value.

    >>> positive("half_life", 120)
    120.0
    """
    if value is None or not 0 < value < float("inf"):
        raise InputError(name, value, "a number above zero")
    return float(value)
