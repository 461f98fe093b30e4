"""Dates: days, months and years.

A month stands for its last day and a year for its last month, so what opened in 2011 is open in "2011".
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

import numpy as np
import pandas as pd

from corridors.base.errors import InputError

BEFORE_RECORDS = 0
"""Day and month number of `before-1992`: earlier than every date that can be asked for."""

FIRST_YEAR = 1992
"""Opening dates are kept from this year on; older lines are marked `before-1992`."""

TODAY = "today"
"""Word for the day on which it is asked."""

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""Names of the months; those of `calendar` depend on the locale."""

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_EXPECTED = "dates are written YYYY, YYYY-MM or YYYY-MM-DD, such as '2011' or '2026-11'"


def date_text(value: object, *, name: str = "date") -> str:
    """Date as text: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, as exact as it was given.

    Parameters
    ----------
    value
        Such a text; a year as a number; a `datetime.date`, `datetime.datetime`, `pandas.Timestamp`,
        `pandas.Period` or `numpy.datetime64`; or `today`.
    name
        Name of the argument, for the message.

    Raises
    ------
    InputError
        If it is no date.

    >>> date_text(2011), date_text(pd.Timestamp("2026-04-15 12:00")), date_text(date(2026, 4, 15))
    ('2011', '2026-04-15', '2026-04-15')
    """
    text = _plain(value)
    if text is None or text == f"before-{FIRST_YEAR}":
        expected = f"{_EXPECTED}; a year as a number, datetime.date, pandas.Timestamp and '{TODAY}' are taken, too"
        raise InputError(name, value, expected)
    _parts(text, name)
    return text


def _plain(value: object) -> str | None:
    """Text of a date in any form, None for what is no date at all."""
    if isinstance(value, str):
        text = value.strip()
        return date.today().isoformat() if text.lower() == TODAY else text
    if isinstance(value, pd.Period):
        forms = {"Y": "%Y", "M": "%Y-%m", "D": "%Y-%m-%d"}
        return str(value.strftime(forms.get(value.freqstr[0], forms["D"])))
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else str(value)[:10]
    if isinstance(value, date):
        return None if value is pd.NaT else f"{value:%Y-%m-%d}"
    if isinstance(value, int | np.integer) and not isinstance(value, bool | np.bool_):
        return str(value)
    return None


def _parts(text: str, name: str) -> tuple[int, int, int]:
    """Year, month and day, with 0 for what is not said."""
    match = _DATE.fullmatch(str(text).strip())
    if match is None:
        raise InputError(name, text, _EXPECTED)
    year, month, day = (int(part or 0) for part in match.groups())
    said_month, said_day = match[2] is not None, match[3] is not None
    if year < 1 or (said_month and not 1 <= month <= 12) or (said_day and not 1 <= day <= monthrange(year, month)[1]):
        raise InputError(name, text, f"there is no such day or month; {_EXPECTED}")
    return year, month, day


def first_day(text: str, *, name: str = "date") -> int:
    """Number of the first day of a date (`datetime.date.toordinal`); that of a year is 1 December.

    >>> first_day("2026-03") - first_day("2026-02-28"), first_day("2011") == first_day("2011-12-01")
    (1, True)
    """
    return _day(text, name, last=False)


def last_day(text: str, *, name: str = "date") -> int:
    """Number of the last day of a date (`datetime.date.toordinal`).

    >>> last_day("2026-02") == last_day("2026-02-28"), last_day("2011") - last_day("2011-12-30")
    (True, 1)
    """
    return _day(text, name, last=True)


def _day(text: str, name: str, *, last: bool) -> int:
    if str(text).strip() == f"before-{FIRST_YEAR}":
        return BEFORE_RECORDS
    year, month, day = _parts(text, name)
    month = month or 12
    return date(year, month, day or (monthrange(year, month)[1] if last else 1)).toordinal()


def days_of(period: str, *, name: str = "period") -> tuple[int, int]:
    """Numbers of the first and the last day of a period; a year begins in January.

    Parameters
    ----------
    period
        A date, or the first and the last of several, such as `2024`, `2025-09` or `2024-09/2025-08`.
    name
        Name of the argument, for the message.

    Raises
    ------
    InputError
        If it is none, or ends before it begins.

    >>> first, last = days_of("2024")
    >>> last - first + 1, days_of("2024-01/2024-12") == (first, last)
    (366, True)
    """
    begin, _, end = str(period).strip().partition("/")
    year, month, day = _parts(begin, name)
    days = date(year, month or 1, day or 1).toordinal(), last_day(end or begin, name=name)
    if days[1] < days[0]:
        raise InputError(name, period, "it ends before it begins")
    return days


def month_number(text: str, *, name: str = "date") -> int:
    """Month number (12 x year + month - 1) of a date.

    Parameters
    ----------
    text
        `YYYY` (its December), `YYYY-MM`, `YYYY-MM-DD`, or `before-1992`.
    name
        Name of the argument, for the message.

    Raises
    ------
    InputError
        If the text is none of these.

    >>> month_number("2011") == month_number("2011-12") > month_number("2011-11")
    True
    """
    if str(text).strip() == f"before-{FIRST_YEAR}":
        return BEFORE_RECORDS
    year, month, _ = _parts(text, name)
    return 12 * year + (month or 12) - 1


def calendar_month(text: str) -> int | None:
    """Calendar month (1 to 12) of a date; None for a year alone, which says nothing of a season.

    >>> calendar_month("2026-11-15"), calendar_month("2026")
    (11, None)
    """
    return _parts(text, "date")[1] or None


def in_words(text: str) -> str:
    """Date for a heading.

    >>> in_words("2026-11"), in_words("2026-04-15"), in_words("2024")
    ('November 2026', '15 April 2026', 'end of 2024')
    """
    year, month, day = _parts(text, "date")
    if not month:
        return f"end of {year}"
    return f"{f'{day} ' if day else ''}{MONTHS[month - 1]} {year}"
