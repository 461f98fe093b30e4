"""Hours and days on which a border crossing is open, and how long a truck waits that comes at any time."""

from __future__ import annotations

import re
from itertools import pairwise

from corridors.base.errors import InputError
from corridors.data import schema

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Days of the week in order, as they stand in the column `open_days`."""

WEEK_H = 168.0
"""Hours of a week."""

_HOURS = re.compile(r"(\d{1,2})(?::(\d{2}))?-(\d{1,2})(?::(\d{2}))?")


def open_hours(text: str) -> tuple[float, float]:
    """Hours of the day at which a crossing opens and closes; the second is below the first if it is open over midnight.

    Raises
    ------
    InputError
        If the text is not written like `8-17` or `8:30-17:00`.

    >>> open_hours("8:30-17"), open_hours("22-6"), open_hours("")
    ((8.5, 17.0), (22.0, 6.0), (0.0, 24.0))
    """
    if not text:
        return 0.0, 24.0
    expected = "hours of the day are written like 8-17 or 8:30-17:00"
    match = _HOURS.fullmatch(text.replace(" ", ""))
    if match is None:
        raise InputError("open_hours", text, expected)
    first, minute, last, other = (int(part or 0) for part in match.groups())
    opens, closes = first + minute / 60, last + other / 60
    if max(minute, other) > 59 or opens >= 24 or closes > 24 or opens == closes:
        raise InputError("open_hours", text, expected)
    return opens, closes


def closed_times(hours: str, days: str) -> list[float]:
    """Lengths in hours of the times in a week at which a crossing is closed.

    >>> closed_times("8-17", "mon;tue;wed;thu;sat;sun")
    [15.0, 15.0, 15.0, 39.0, 15.0, 15.0]
    """
    opens, closes = open_hours(hours)
    length = closes - opens if closes > opens else closes + 24 - opens
    named = schema.items(days) or DAYS
    starts = [24.0 * number + opens for number, day in enumerate(DAYS) if day in named]
    gaps = [after - before - length for before, after in pairwise([*starts, starts[0] + WEEK_H])]
    return [gap for gap in gaps if gap > 1e-9]


def expected_wait_h(hours: str, days: str) -> float:
    """Hours that a truck waits on average for the opening, if it comes at any time of the week.

    Who comes during a closed time of g hours waits g / 2 on average, and comes then with probability g / 168: in
    all, the sum of g squared over 2 x 168.

    >>> round(expected_wait_h("8-17", ""), 3), round(expected_wait_h("8-17", "mon;tue;wed;thu;sat;sun"), 3)
    (4.688, 7.875)
    """
    return sum(gap**2 for gap in closed_times(hours, days)) / (2 * WEEK_H)


def wait_cv(hours: str, days: str) -> float:
    """Coefficient of variation of that wait from truck to truck; its mean square is the sum of g cubed over 3 x 168.

    >>> round(wait_cv("8-17", ""), 3)
    1.065
    """
    mean = expected_wait_h(hours, days)
    square = sum(gap**3 for gap in closed_times(hours, days)) / (3 * WEEK_H)
    return float((square / mean**2 - 1) ** 0.5) if mean else 0.0
