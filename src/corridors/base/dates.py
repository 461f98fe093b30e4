"""Dates to the month: a year alone means its December, so what opened in 2011 is open in "2011"."""

from __future__ import annotations

import re

from corridors.base.errors import InputError

BEFORE_RECORDS = 0
"""Month number of `before-1992`: earlier than every date that can be asked for."""

FIRST_YEAR = 1992
"""Opening dates are kept from this year on; older lines are marked `before-1992`."""

_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?")


def month_number(text: str, *, name: str = "date") -> int:
    """Month number (12 x year + month - 1) of a date.

    Parameters
    ----------
    text
        `YYYY` (its December), `YYYY-MM`, or `before-1992`.
    name
        Name of the argument, for the message.

    Raises
    ------
    InputError
        If the text is none of these.

    >>> month_number("2011") == month_number("2011-12") > month_number("2011-11")
    True
    """
    text = str(text).strip()
    if text == f"before-{FIRST_YEAR}":
        return BEFORE_RECORDS
    match = _DATE.fullmatch(text)
    month = int(match[2]) if match and match[2] else 12
    if match is None or not 1 <= month <= 12:
        raise InputError(name, text, "dates are written YYYY or YYYY-MM, such as '2011' or '2026-11'")
    return 12 * int(match[1]) + month - 1


def month_of_year(number: int) -> int:
    """Calendar month (1 to 12) of a month number."""
    return number % 12 + 1
