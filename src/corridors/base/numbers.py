"""Numbers as they are read: figures, ranges, and what was published."""

from __future__ import annotations

import numpy as np


def figure(value: float) -> str:
    """Write a number as it is read: no decimals from 20 on, one below, two below one; blank where there is none.

    >>> figure(3372.4), figure(-14.25), figure(0.083), figure(float("nan"))
    ('3,372', '-14.2', '0.08', '')
    """
    return span(value, value)


def fixed(value: float, decimals: int) -> str:
    """Write a number with so many decimals, and no minus before nothing.

    >>> fixed(-3141.59, 0), fixed(-0.01, 1)
    ('-3,142', '0.0')
    """
    return f"{round(value, decimals) + 0.0:,.{decimals}f}"


def span(low: float, high: float) -> str:
    """Write a range, both ends alike; one figure where they read the same.

    >>> span(1.99, 5.81), span(-37.2, -18.6), span(0, 0)
    ('2.0 to 5.8', '-37 to -19', '0')
    """
    if np.isnan(low) or np.isnan(high):
        return ""
    widest = max(abs(low), abs(high))
    whole = float(low).is_integer() and float(high).is_integer()
    decimals = 0 if whole or widest >= 20 else 1 if widest >= 1 else 2
    return " to ".join(dict.fromkeys(fixed(value, decimals) for value in (low, high)))


def published(low: float, high: float) -> str:
    """Write a published range with the digits that were published.

    >>> published(3, 5), published(0.083, 0.083), published(-277, -227), published(3800, 3800)
    ('3 to 5', '0.083', '-277 to -227', '3,800')
    """
    return " to ".join(dict.fromkeys(f"{value:,.10g}" for value in (low, high)))


def tonnes_text(*tonnes: float) -> str:
    """Write tonnes as a reader takes them in, several in the unit of the largest.

    >>> tonnes_text(2_537_000), tonnes_text(20_000, 150_000), tonnes_text(640), tonnes_text(0)
    ('2.5 Mt', '20, 150 kt', '640 t', '0 t')
    """
    largest = max(tonnes, default=0.0)
    factor, unit = next((pair for pair in ((1e6, "Mt"), (1e3, "kt")) if largest >= pair[0]), (1.0, "t"))
    rounded = (float(f"{one / factor:.2g}") for one in tonnes)
    return f"{', '.join(f'{one:,.10g}' for one in rounded)} {unit}"
