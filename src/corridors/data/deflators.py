"""Prices of one year in those of another: the implicit price deflator of the gross domestic product of the USA."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from corridors.base.errors import InputError

TABLE = "deflators.csv"
"""Means of the quarters of each year, 2017 = 100; the last year is not complete (column `quarters`)."""

SOURCE = (
    "U.S. Bureau of Economic Analysis: Gross Domestic Product, Implicit Price Deflator (GDPDEF), by FRED, Federal "
    "Reserve Bank of St. Louis, https://fred.stlouisfed.org/series/GDPDEF, release of summer 2026 with the second "
    "quarter of that year"
)
"""Where the index comes from."""

PRICE_YEAR = 2025
"""Last year of which all quarters are known."""


@cache
def index() -> Mapping[int, float]:
    """Index of prices by year, 2017 = 100.

    >>> index()[2022], index()[2025]
    (118.012, 128.97)
    """
    with (files(__package__) / TABLE).open(encoding="utf8") as lines:
        return {int(row["year"]): float(row["index"]) for row in csv.DictReader(lines)}


def deflator(from_year: int, to_year: int, given: Mapping[int, float] | None = None) -> float:
    """Factor that turns USD of one year into USD of another.

    Parameters
    ----------
    from_year, to_year
        Years of prices.
    given
        Index by year instead of that of the table.

    Raises
    ------
    InputError
        If the index has no such year, or a value that is not above zero.

    >>> round(deflator(2022, 2025), 4)
    1.0929
    """
    known = index() if given is None else given
    if not known or not all(0 < value < math.inf for value in known.values()):
        raise InputError("index", dict(known), "an index of prices by year, numbers above zero")
    for year in (from_year, to_year):
        if year not in known:
            raise InputError("price_year", year, f"a year of the index of prices, {min(known)} to {max(known)}")
    return known[to_year] / known[from_year]
