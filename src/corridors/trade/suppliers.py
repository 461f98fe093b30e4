"""Suppliers of a good: the offers that hold in a year, their prices, and what is doubtful about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.dates import days_of
from corridors.base.errors import InputError, UnknownNameError
from corridors.base.names import fold, near_labels
from corridors.data import schema
from corridors.data.tables import Tables
from corridors.uncertainty.draws import draw_between

Floats = NDArray[np.float64]

ABOUT = {
    "retail": "retail price: an upper bound",
    "unit-value": "mean of customs values, place of delivery not said",
    "dap": "delivered to the place named",
    "wholesale": "wholesale price: above that of the mill",
}
"""What is doubtful about a price of a basis."""


@dataclass(frozen=True, slots=True)
class Supplier:
    """An offer: who sells a good where, at what price.

    Attributes
    ----------
    offer
        Id of the row of `offers`.
    country, place, price_place
        Code of the country, id of the place where the way begins (blank outside the network), and where the price
        holds, if elsewhere.
    price_usd_t, low_usd_t, high_usd_t
        Price and its range in USD per tonne; the three are the same where no range is known.
    basis, period, cargo, weight
        As in the table `offers`.
    own
        Whether the price was given by the caller.
    absent
        Why there is no price of the year asked for; blank where there is one.
    """

    offer: str
    country: str
    place: str
    price_place: str
    price_usd_t: float
    low_usd_t: float
    high_usd_t: float
    basis: str
    period: str
    cargo: str
    weight: float
    own: bool = False
    absent: str = ""

    @property
    def on_board(self) -> bool:
        """Whether the price is that of goods on board of a ship in the port where the way begins."""
        return self.basis == "fob" and not self.own

    @property
    def year(self) -> int:
        """Year in which the period of the price ends."""
        return date.fromordinal(days_of(self.period)[1]).year

    def drawn(self, good: str, draws: int, seed: int) -> Floats:
        """Draws of the price; suppliers with the same quotation have the same draws."""
        ends = self.price_usd_t, self.low_usd_t, self.high_usd_t
        name = f"price/{good}/{'/'.join(f'{end:g}' for end in ends)}"
        return draw_between(name, *ends, draws=draws, seed=seed)

    def doubts(self, label: str) -> str:
        """What is doubtful about the price, in words; `label` is the place where the way begins."""
        if self.own:
            return ""
        away = f"price of {self.price_place}: the way from there to {label} is not in it, so a lower bound"
        return "; ".join(filter(None, [away if self.price_place else "", ABOUT.get(self.basis, "")]))


def suppliers(
    tables: Tables, good: str, *, year: int | str | None = None, prices: Mapping[str, float] | None = None
) -> list[Supplier]:
    """Suppliers of a good, one per country and place: the latest offer of the year, or of all years.

    Parameters
    ----------
    tables
        Tables of the network.
    good
        Id of a commodity.
    year
        Year of the prices; a supplier without a price of that year is kept and says so.
    prices
        Own prices in USD/t by offer, place or country (a code).

    Raises
    ------
    UnknownNameError, InputError
        If there is no such good, no offer for it (with the goods that have some), or a price is for no supplier.

    >>> import corridors as co
    >>> [one.place for one in suppliers(co.load().tables, "flour", year=2024)][:3]
    ['kostanay', 'kokshetau', 'tashkent']
    """
    tables.find("commodities", good)
    offers = tables["offers"][tables["offers"]["commodity"] == good]
    if offers.empty:
        goods = sorted(set(tables["offers"]["commodity"]))
        expected = f"a good with offers (table offers): {', '.join(goods)}" if goods else "the table offers has no rows"
        raise InputError("good", good, expected)
    found = list(_latest([_supplier(row) for row in offers.to_dict("records")], _year(year)))
    return _priced(tables, found, prices or {})


def _supplier(row: Mapping[object, object]) -> Supplier:
    price, low, high = (float(str(row[name])) for name in ("price_usd_t", "low_usd_t", "high_usd_t"))
    low, high = (price if pd.isna(end) else end for end in (low, high))
    return Supplier(
        str(row["id"]), str(row["country"]), str(row["place"]), str(row["price_place"]), price, low, high,
        str(row["basis"]), str(row["period"]), str(row["cargo"]), float(str(row["weight"])),
    )  # fmt: skip


def _year(year: int | str | None) -> int | None:
    """Year as a number."""
    if year is None:
        return None
    if isinstance(year, bool) or not str(year).isdigit() or not 1 <= int(year) <= date.max.year:
        raise InputError("year", year, "a year, such as 2024")
    return int(year)


def _latest(offers: list[Supplier], year: int | None) -> Iterator[Supplier]:
    """Yield the latest offer of every country and place; with a year, the latest of those that touch it."""
    groups: dict[tuple[str, str, str], list[Supplier]] = {}
    for one in offers:
        groups.setdefault((one.country, one.place, one.price_place), []).append(one)
    for group in groups.values():
        ordered = sorted(group, key=lambda one: days_of(one.period)[::-1])
        fitting = ordered if year is None else [one for one in ordered if _touches(one.period, year)]
        if fitting:
            yield fitting[-1]
        else:
            there = ", ".join(dict.fromkeys(one.period for one in ordered))
            yield replace(ordered[-1], absent=f"no price of {year}; there are prices of {there}")


def _touches(period: str, year: int) -> bool:
    first, last = days_of(period)
    return first <= date(year, 12, 31).toordinal() and last >= date(year, 1, 1).toordinal()


def _priced(tables: Tables, found: list[Supplier], prices: Mapping[str, float]) -> list[Supplier]:
    """Suppliers with the prices of the caller: that of an offer or place counts before that of a country."""
    used: set[str] = set()
    made = []
    for one in found:
        keys = [key for key in prices if _names(tables, key, one)]
        used.update(keys)
        if keys:
            key = min(keys, key=lambda key: (key != one.offer, schema.is_country(key)))
            price = prices[key]
            if isinstance(price, bool) or not isinstance(price, int | float) or not 0 < price < np.inf:
                raise InputError("prices", {key: price}, "a price above zero in USD per tonne")
            given = float(price)
            made.append(
                replace(one, price_usd_t=given, low_usd_t=given, high_usd_t=given, own=True, price_place="", absent="")
            )
        else:
            made.append(one)
    for key in prices:
        if key not in used:
            names = {name for one in found for name in (one.offer, one.place, one.country) if name}
            hints = near_labels(str(key), {fold(name): name for name in sorted(names)})
            raise UnknownNameError("supplier", key, hints, f"There are {', '.join(sorted(names))}.", "of this good")
    return made


def _names(tables: Tables, key: str, one: Supplier) -> bool:
    """Whether a key of a price is the offer, the place or the country of a supplier."""
    if key in (one.offer, one.place, one.country):
        return True
    return bool(one.place) and fold(str(key)) == fold(tables.name(one.place))
