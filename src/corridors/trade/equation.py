"""The delivered price of goods: price, freight, time, loss, duty; advantage over a rival; break-even freight."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Delivered:
    """Parts of a delivered price in USD per tonne, of one case or of many draws; they add up to `total`.

    Attributes
    ----------
    price
        Price at the supply place.
    freight
        Freight with borders, transfers and ports.
    time
        Loss of value of the goods in transit: price x share of value per day x days.
    loss
        Cost of what is lost on the way.
    duty
        Duty of the country of the market.
    export
        Export duty of the country of the supplier, or subsidy where below zero.
    """

    price: Floats
    freight: Floats
    time: Floats
    loss: Floats
    duty: Floats
    export: Floats

    @property
    def total(self) -> Floats:
        """Delivered price in USD per tonne."""
        parts: Iterable[Floats] = (getattr(self, part.name) for part in fields(self))
        return np.asarray(sum(parts), dtype=float)


def delivered(
    price: ArrayLike,
    freight: ArrayLike,
    days: ArrayLike,
    *,
    time_pct_day: ArrayLike = 0.0,
    loss_share: ArrayLike = 0.0,
    rate: ArrayLike = 0.0,
    freight_to_border: ArrayLike | None = None,
    duty_usd_t: ArrayLike = 0.0,
    export_rate: ArrayLike = 0.0,
    export_usd_t: ArrayLike = 0.0,
) -> Delivered:
    r"""Delivered price of goods, part by part.

    .. math:: L = (p + f + p \lambda d)(1 + x) + t (p + f_b) + T + s

    Parameters
    ----------
    price
        Price at the supply place p, USD/t.
    freight
        Freight, borders, transfers and ports f, USD/t.
    days
        Days in transit d.
    time_pct_day
        Share of the value that a day costs (lambda), percent.
    loss_share
        Share of the goods that is lost on the way (x).
    rate
        Duty as a share of the value at the border (t).
    freight_to_border
        Freight to the border of the country that charges (f_b), USD/t; all of it by default.
    duty_usd_t
        Duty per tonne (T), USD/t.
    export_rate, export_usd_t
        Export duty as a share of the price and per tonne (s); a subsidy is below zero.

    References
    ----------
    D. Hummels and G. Schaur, "Time as a trade barrier", American Economic Review 103(7), 2013,
    doi:10.1257/aer.103.7.2935.

    >>> flour = delivered(265, 126.5, 15.6, time_pct_day=0.15, duty_usd_t=1000 / 70.3)
    >>> float(flour.time.round(1)), float(flour.duty.round(1)), float(flour.total.round(1))
    (6.2, 14.2, 411.9)
    """
    p, f, share = (np.asarray(number, dtype=float) for number in (price, freight, loss_share))
    to_border = f if freight_to_border is None else np.asarray(freight_to_border, dtype=float)
    time = p * np.asarray(time_pct_day, dtype=float) / 100 * np.asarray(days, dtype=float)
    duty = np.asarray(rate, dtype=float) * (p + to_border) + np.asarray(duty_usd_t, dtype=float)
    export = np.asarray(export_rate, dtype=float) * p + np.asarray(export_usd_t, dtype=float)
    return Delivered(p, f, time, (p + f + time) * share, duty, export)


def break_even_freight(
    freight: ArrayLike, own: ArrayLike, rival: ArrayLike, *, rate: ArrayLike = 0.0, loss_share: ArrayLike = 0.0
) -> Floats:
    r"""Freight at which a supplier is as dear as the best rival, USD/t.

    .. math:: f^* = f + \frac{L_r - L_s}{1 + x + t}

    Parameters
    ----------
    freight
        Freight of the supplier, USD/t.
    own, rival
        Delivered prices of the supplier and of the rival, USD/t.
    rate
        Duty as a share of the value, where the freight in question is part of the value at the border.
    loss_share
        Share of the goods that is lost on the way.

    >>> float(break_even_freight(126.5, 411.9, 447.5).round(1))
    162.1
    """
    spare = np.asarray(rival, dtype=float) - np.asarray(own, dtype=float)
    per_dollar = 1 + np.asarray(loss_share, dtype=float) + np.asarray(rate, dtype=float)
    return np.asarray(np.asarray(freight, dtype=float) + spare / per_dollar)
