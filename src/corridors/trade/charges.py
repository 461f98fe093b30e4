"""What borders charge, forbid and pay for a good on its way from a supplier to a market, on a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.dates import days_of, first_day, last_day
from corridors.base.errors import UnknownNameError
from corridors.base.names import fold, near_labels
from corridors.data import schema
from corridors.data.tables import Tables
from corridors.uncertainty.draws import draw_between

Floats = NDArray[np.float64]

Row = Mapping[Any, Any]


@dataclass(frozen=True, slots=True)
class Charges:
    """Rows of the table `duties` that hold for a good, a supplier and a market.

    Attributes
    ----------
    rows
        The rows, imports into the country of the market and exports of that of the supplier.
    """

    rows: tuple[Row, ...] = ()

    def named(self, kind: str) -> list[Row]:
        """Rows of a kind, such as `ban`."""
        return [row for row in self.rows if row["kind"] == kind]

    def amount(self, direction: str, kind: str) -> float:
        """Sum of a kind of charge: a share of the value for `ad-valorem`, USD/t for `specific`."""
        return float(sum(row["value"] * scale(row) for row in self._of(direction, kind)))

    def drawn(self, direction: str, kind: str, draws: int, seed: int) -> Floats:
        """Draws of the sum of a kind of charge; a row has the same draws for all suppliers and scenarios."""
        found = np.zeros(draws)
        for row in self._of(direction, kind):
            low, high = (row["value"] if pd.isna(row[end]) else row[end] for end in ("low", "high"))
            name = f"duty/{row['id']}"
            found += scale(row) * draw_between(name, row["value"], low, high, draws=draws, seed=seed)
        return found

    def _of(self, direction: str, kind: str) -> list[Row]:
        return [row for row in self.named(kind) if row["direction"] == direction]


def scale(row: Row) -> float:
    """Factor from the value of a row to a share, or to USD per tonne."""
    if row["kind"] == "ad-valorem":
        return 0.01
    return 1.0 if row["unit"] == "USD/t" else 1.0 / float(row["fx_per_usd"])


def charges_on(
    tables: Tables, good: str, supplier: str, market: str, *, date: str = "", lift: Collection[str] = ()
) -> Charges:
    """Charges on a good that goes from one country to another.

    Parameters
    ----------
    tables
        Tables of the network.
    good
        Id of a commodity.
    supplier, market
        Codes of the countries; within one country nothing is charged.
    date
        Date on which they hold; without one, those without an end.
    lift
        Ids of rows that are left out.

    Raises
    ------
    UnknownNameError
        If there is no row to lift of such an id.

    >>> import corridors as co
    >>> found = charges_on(co.load().tables, "flour", "KZ", "AF", date="2024")
    >>> round(found.amount("import", "specific"), 1)
    14.2
    """
    duties = tables["duties"]
    check_lifted(tables, lift)
    if supplier == market:
        return Charges()
    codes = schema.items(tables.find("commodities", good)["hs"])
    rows = [
        row
        for row in duties.to_dict("records")
        if row["id"] not in lift
        and _between(row, supplier, market)
        and (good in schema.items(row["commodity"]) or _covers(schema.items(row["hs"]), codes))
        and in_force(row, date)
    ]
    return Charges(tuple(rows))


def without_duty(market: str, charges: Mapping[str, Charges]) -> str:
    """Words for suppliers without a row of imports, which is not the same as a duty of zero; blank if there are none.

    Parameters
    ----------
    market
        Code of the country of the market.
    charges
        Charges by the code of the country of the supplier.

    >>> without_duty("IN", {"KZ": Charges(), "IN": Charges()})
    'no import duty of IN on goods of KZ is in the table duties: none is taken'
    """
    imports = {country: [row for row in some.rows if row["direction"] == "import"] for country, some in charges.items()}
    names = sorted(country for country, rows in imports.items() if country != market and not rows)
    where = f"no import duty of {market} on goods of {', '.join(names)} is in the table duties: none is taken"
    return where if names else ""


def check_lifted(tables: Tables, lift: Collection[str]) -> None:
    """Expect rows that are to be left out to exist."""
    existing = set(tables["duties"]["id"])
    for ident in lift:
        if ident not in existing:
            raise UnknownNameError("duty", ident, near_labels(str(ident), {fold(name): name for name in existing}))


def in_force(row: Row, date: str) -> bool:
    """Whether a row holds on the last day of a date; without a date, whether it has no end.

    >>> row = {"valid_from": "2021-10", "valid_to": ""}
    >>> in_force(row, "2021"), in_force(row, "2021-09"), in_force(row, "")
    (True, False, True)
    """
    start, end = str(row["valid_from"]), str(row["valid_to"])
    if not date:
        return not end
    day = days_of(date)[1]
    return (not start or first_day(start) <= day) and (not end or day <= last_day(end))


def _between(row: Row, supplier: str, market: str) -> bool:
    """Whether a row is one of the country of the market on imports, or of the supplier on exports."""
    who, other = {"import": (market, supplier), "export": (supplier, market)}.get(str(row["direction"]), ("", ""))
    partners = schema.items(row["partner"])
    return row["country"] == who and (not partners or other in partners) and other not in schema.items(
        row["partner_except"]
    )  # fmt: skip


def _covers(codes: list[str], of_good: list[str]) -> bool:
    """Whether a code of a duty begins one of the codes of a good."""
    return any(mine.startswith(code) for code in codes for mine in of_good)


def discounts_on(
    tables: Tables, good: str, ends: tuple[str, str], passed: Collection[str], *, date: str = ""
) -> list[Row]:
    """Rows of the table `duties` that change the transit tariff of a country that a way passes.

    They are told and not taken off: the rates of `parameters` are those of transit already.

    Parameters
    ----------
    tables, good
        Tables of the network, and the good.
    ends
        Codes of the countries of the supplier and the market.
    passed
        Codes of the countries of the way.
    date
        As in `charges_on`.

    >>> import corridors as co
    >>> [told(row) for row in discounts_on(co.load().tables, "flour", ("KZ", "AF"), ["KZ", "UZ", "AF"], date="2024")]
    ['transit tariff of UZ -20 % since 2023-01 (uz-grain-transit-2023), in the rates already']
    """
    codes = schema.items(tables.find("commodities", good)["hs"])
    return [
        row
        for row in tables["duties"].to_dict("records")
        if row["direction"] == "transit"
        and row["country"] in passed
        and ">".join(ends) in schema.items(row["partner"])
        and (good in schema.items(row["commodity"]) or _covers(schema.items(row["hs"]), codes))
        and in_force(row, date)
    ]


def told(row: Row) -> str:
    """Ban, quota or change of a transit tariff in words, with its row.

    >>> import corridors as co
    >>> told(co.load().tables.find("duties", "pk-wheat-flour-export-ban").to_dict())
    'export ban of PK since 2024-01 (pk-wheat-flour-export-ban)'
    """
    when = f" since {row['valid_from']}" if row["valid_from"] else ""
    until = f" until {row['valid_to']}" if row["valid_to"] else ""
    if row["direction"] == "transit":
        change = f"{row['value']:+g} {row['unit']}"
        return f"transit tariff of {row['country']} {change}{when}{until} ({row['id']}), in the rates already"
    amount = "" if row["kind"] == "ban" else f" of {row['value']:,.0f} {row['unit']}"
    return f"{row['direction']} {row['kind']}{amount} of {row['country']}{when}{until} ({row['id']})"
