"""Waits in queues at a crossing: Erlang's formula, the fluid queue of an overload, and one function that joins them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridors.base.errors import InputError

Floats = NDArray[np.float64]

MONTH_H = 24 * 365 / 12
"""Hours of a month."""

QUEUES = ("both", "mmc", "fluid")
"""Kinds of queues."""


def erlang_c(servers: int, offered: ArrayLike) -> Floats:
    """Share of arrivals that wait in an M/M/c queue (0 to 1); 1 where more arrives than is served.

    Formula: by recursion of Erlang's loss formula B(k) = a B(k-1) / (k + a B(k-1)), then
    C = B / (1 - (a/c) (1 - B)).

    Parameters
    ----------
    servers
        Servers c, such as lanes in which vehicles are handled.
    offered
        Load a: arrivals over what one server handles in the same time.

    References
    ----------
    A. K. Erlang, 1917; e.g. D. Gross and C. Harris, Fundamentals of Queueing Theory, 1998, chapter 2.

    >>> float(erlang_c(10, 9).round(3)), float(erlang_c(1, 0.5))
    (0.669, 0.5)
    """
    if int(servers) != servers or servers < 1:
        raise InputError("servers", servers, "a whole number, 1 or more")
    load = np.minimum(np.asarray(offered, dtype=float), servers)
    if np.isnan(load).any() or (load < 0).any():
        raise InputError("offered", offered, "a load of zero or more")
    loss = np.ones_like(load)
    for k in range(1, int(servers) + 1):
        loss = load * loss / (k + load * loss)
    return np.asarray(loss / (1 - load / servers * (1 - loss)), dtype=float)


def wait_h(
    arrivals_h: ArrayLike,
    capacity_h: ArrayLike,
    *,
    servers: int = 1,
    queue: str = "both",
    period_h: float = MONTH_H,
    service_cv: float = 1.0,
) -> Floats:
    """Mean hours of waiting before a vehicle is handled.

    With x the arrivals over the capacity Q (c servers of mu each, Q = c mu), C of Erlang and the period T:

    - `mmc`: W = C / (Q (1 - x)) times (1 + cv^2) / 2, infinite from x = 1 on (the steady state of M/M/c, and an
      approximation of M/G/c where cv is not 1);
    - `fluid`: W = max(0, x - 1) T / 2, the mean over the period of a queue that grows from nothing;
    - `both`: W = T/4 ((x - 1) + sqrt((x - 1)^2 + 8 C' / (Q T))), with C' = C (1 + cv^2) / 2. It is close to the first
      for x well below 1, to the second for x well above, and finite between.

    Parameters
    ----------
    arrivals_h, capacity_h
        Vehicles an hour that arrive, and that can be handled.
    servers
        Vehicles that are handled at a time.
    queue
        `both`, `mmc` or `fluid`.
    period_h
        Hours for which the arrivals last.
    service_cv
        Coefficient of variation of the time that handling one vehicle takes; 1 is that of M/M/c.

    Raises
    ------
    InputError
        If a number is not possible.

    References
    ----------
    R. M. Kimber and E. M. Hollis, Traffic queues and delays at road junctions, TRRL LR 909, 1979; R. Akcelik, Travel
    time functions for transport planning purposes, Australian Road Research 21(3), 1991.

    >>> float((60 * wait_h(45, 50, servers=10, queue="mmc")).round(1))
    8.0
    >>> [float(wait_h(x, 1, queue="both").round(1)) for x in (0.5, 1.0, 1.5)]
    [1.0, 19.1, 184.5]
    """
    x, rate = np.asarray(arrivals_h, dtype=float), np.asarray(capacity_h, dtype=float)
    if queue not in QUEUES:
        raise InputError("queue", queue, f"one of {', '.join(QUEUES)}")
    if not (np.isfinite(rate) & (rate > 0)).all() or np.isnan(x).any() or (x < 0).any():
        raise InputError("arrivals_h, capacity_h", (arrivals_h, capacity_h), "arrivals of zero or more, capacity above")
    if not 0 < period_h < np.inf or not 0 <= service_cv < np.inf:
        raise InputError("period_h, service_cv", (period_h, service_cv), "hours above zero, a variation from zero on")
    over = x / rate - 1
    if queue == "fluid":
        return np.asarray(np.maximum(over, 0) * period_h / 2, dtype=float)
    waiting = erlang_c(servers, servers * x / rate) * (1 + service_cv**2) / 2
    if queue == "mmc":
        room = rate - x
        return np.where(room > 0, waiting / np.where(room > 0, room, 1.0), np.inf)
    return np.asarray(period_h / 4 * (over + np.sqrt(over**2 + 8 * waiting / (rate * period_h))), dtype=float)


def queue_days(arrivals_day: float, capacity_day: float, days: float) -> float:
    """Days that the last in a fluid queue waits after a period in which more arrived than was handled.

    Formula: Q = (arrivals - capacity) days; wait = Q / capacity.

    Parameters
    ----------
    arrivals_day, capacity_day
        Vehicles a day.
    days
        Length of the period.

    >>> round(queue_days(2100 + 8800 / 70, 2100, 70), 1)
    4.2
    """
    if not capacity_day > 0 or not arrivals_day >= 0 or not days >= 0:
        raise InputError("arrivals_day, capacity_day", (arrivals_day, capacity_day), "a capacity above zero")
    return max(arrivals_day - capacity_day, 0.0) * days / capacity_day
