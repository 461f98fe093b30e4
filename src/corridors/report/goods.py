"""Trade in the report, in words and rows: who gains where, against whom, what is carried, and what was said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from markupsafe import Markup

from corridors.base.numbers import tonnes_text
from corridors.measures.answer import listed
from corridors.plot.maps.stops import crossing_label
from corridors.plot.wording import country_name
from corridors.report.cells import html_table
from corridors.report.said import said, said_rows
from corridors.report.trade import Trade
from corridors.report.words import capital, name_of, signed
from corridors.trade.carried import Carried
from corridors.trade.signs import NONE

SIGNS: Final = {
    "rises": "gains on {whom} {where}",
    "falls": "loses on {whom} {where}",
    "undecided": "undecided against {whom} {where}",
    "unchanged": "gains nothing on {whom} in {where}",
    "": "no rival in the tables in {where}",
}
"""What is said of the gain of a seller on his best rival, by its sign."""

GAINED: Final = {"rises": "gains", "falls": "loses", "unchanged": "unchanged", "undecided": "undecided"}
"""Word for the gain in a cell."""

TRANSIT: Final = "AF"
"""Country of which it is told whether anything passes it in transit."""


class Claim(NamedTuple):
    """What is said of a good.

    Attributes
    ----------
    head
        The good, and the year of its prices.
    points
        One sentence for each line.
    foot
        What holds for all of them.
    """

    head: str
    points: tuple[str, ...]
    foot: str


@dataclass(frozen=True)
class Section:
    """The section on trade of the page.

    Attributes
    ----------
    holds
        What all of it holds for.
    claims
        What is said of each good, also of goods without a price.
    gains
        Table of gains by good and market.
    tonnes, money
        Sentences on what is carried, and what is paid.
    capacities
        Table of capacities; blank without any.
    said
        Sentences on what was said of the trade.
    flows
        Table of what was said, beside the flows.
    """

    holds: str
    claims: Sequence[Claim]
    gains: Markup
    tonnes: Sequence[str]
    money: Markup
    capacities: Markup
    said: Sequence[str]
    flows: Markup


def section(found: Trade) -> Section:
    """Say what the report tells of goods.

    Parameters
    ----------
    found
        What was computed.
    """
    return Section(
        _holds(found),
        [*_claims(found), *_unpriced(found)],
        _gain_rows(found),
        list(_carried(found)),
        _paid_rows(found),
        _capacity_rows(found),
        said(found),
        said_rows(found),
    )


def _holds(found: Trade) -> str:
    """What the prices hold for."""
    where = listed([country_name(code) for code in found.home])
    return f"Cheapest seller in {where}, in the cargo unit of the offer; borders: {found.results.border}."


def sign_of_gain(row: Any) -> str:
    """Sign of a gain: that of the draws, or where there are none that of the expected gain; blank without a rival.

    Parameters
    ----------
    row
        Row of the gains.

    >>> from types import SimpleNamespace as Row
    >>> sign_of_gain(Row(gain_sign="undecided", gain_usd_t=3.0)), sign_of_gain(Row(gain_sign="", gain_usd_t=3.0))
    ('undecided', 'rises')
    """
    if row.gain_sign == row.gain_sign and row.gain_sign:
        return str(row.gain_sign)
    gain = float(row.gain_usd_t)
    if np.isnan(gain):
        return ""
    return "rises" if gain > NONE else "falls" if gain < -NONE else "unchanged"


# --- who gains --------------------------------------------------------------------------------------------------


def _claims(found: Trade) -> Iterator[Claim]:
    """Say for each good where a seller gains how much on whom with each line, and where he stands then."""
    for good, rows in found.gains.groupby("good", sort=False):
        priced = rows[rows["landed_usd_t"].notna()]
        points = [_with(found, str(scenario), part) for scenario, part in rows.groupby("scenario", sort=False)]
        foot = [_shut_out(found, priced), *_left(found, priced), _assumed(priced)]
        head = f"{found.good_name(str(good))}, prices of {rows['year'].iloc[0]}."
        yield Claim(head, tuple(points), " ".join(filter(None, foot)))


def _with(found: Trade, scenario: str, rows: pd.DataFrame) -> str:
    """Say what a line does where there is no ban."""
    sold = rows[rows["status"] == "sold"]
    told = [*_cheaper(found, sold), *_gained(found, sold), *_stands(found, sold)]
    none = [found.place_name(market) for market in rows["market"][rows["landed_usd_t"].isna()]]
    told += [f"no way to {listed(none)}"] if none else []
    return f"{capital(name_of(found.results, scenario))}: {'; '.join(told) or 'no market without a ban'}."


def _shut_out(found: Trade, rows: pd.DataFrame) -> str:
    """Say where a ban shuts a good out."""
    shut = list(dict.fromkeys(found.place_name(m) for m in rows["market"][rows["status"] == "banned"]))
    return f"A ban shuts it out of {listed(shut)}, whatever the line." if shut else ""


def _cheaper(found: Trade, rows: pd.DataFrame) -> list[str]:
    """How much less a good costs, delivered, at expected values."""
    told = [f"{signed(-row.saving_usd_t, 1)} in {found.place_name(str(row.market))}" for row in rows.itertuples()]
    return [f"delivered {listed(told)} USD/t"] if told else []


def _gained(found: Trade, rows: pd.DataFrame) -> list[str]:
    """Where a seller gains how much on whom, by the sign of the gain and the rival."""
    groups: dict[tuple[str, str], list[str]] = {}
    for row in rows.itertuples():
        sign = sign_of_gain(row)
        amount = "" if sign in ("unchanged", "") else f"{signed(row.gain_usd_t, 1)} in "
        whom = _rival(found, row) if sign else ""
        groups.setdefault((sign, whom), []).append(f"{amount}{found.place_name(str(row.market))}")
    ordered = sorted(groups, key=lambda group: list(SIGNS).index(group[0]))
    return [SIGNS[sign].format(whom=whom, where=listed(groups[sign, whom])) for sign, whom in ordered]


def _rival(found: Trade, row: Any) -> str:
    """Name of the best rival: by its place, or by its country where goods of another come by that place."""
    country, place = country_name(row.rival_country), found.place_name(row.rival)
    here = row.rival in found.tables.place_row and found.tables.country(row.rival) == row.rival_country
    return f"{place} ({country})" if here else f"{country} by {place}"


def _stands(found: Trade, rows: pd.DataFrame) -> list[str]:
    """Where a seller is ahead or behind with the line."""
    words = {"ahead": "then ahead in {}", "behind": "then behind in {}", "undecided": "then ahead or behind in {}"}
    return [
        text.format(listed([found.place_name(market) for market in rows["market"][rows["verdict"] == word]]))
        for word, text in words.items()
        if (rows["verdict"] == word).any()
    ]


def _left(found: Trade, rows: pd.DataFrame) -> list[str]:
    """Say where nothing of any gain is left in the second state of the borders."""
    if "shut_gain_usd_t" not in rows:
        return []
    gained = rows[rows["gain_usd_t"].abs() > NONE]
    gone = gained.groupby("market", sort=False)["shut_gain_usd_t"].agg(lambda gains: gains.abs().max() <= NONE)
    where = listed([found.place_name(str(market)) for market in gone.index[gone.astype(bool)]])
    return [f"Borders {found.border}: no gain is left in {where}."] if where else []


def _assumed(rows: pd.DataFrame) -> str:
    """Say that the price of a seller is assumed."""
    return "The price of the seller is assumed." if (rows["confidence"] == "assumed").any() else ""


def _unpriced(found: Trade) -> Iterator[Claim]:
    """Say which goods have no price of a seller, and whether they have flows."""
    flows = found.tables["flows"] if "flows" in found.tables.frames else pd.DataFrame(columns=["commodity", "origin"])
    for good in found.unpriced:
        rows = flows[(flows["commodity"] == good) & flows["origin"].isin(found.home) & (flows["destination"] != "")]
        flow = "no flow to a named country" if rows.empty else f"{len(rows)} rows of flows"
        yield Claim(f"{found.good_name(good)}.", (), f"No price of a seller, and {flow}: nothing is said of it.")


def _gain_rows(found: Trade) -> Markup:
    """Show gains by good and market, one column per scenario."""
    cells: dict[tuple[str, str], dict[str, str]] = {}
    for row in found.gains.itertuples():
        mine = cells.setdefault((found.good_name(row.good), found.place_name(row.market)), {})
        priced = row.landed_usd_t == row.landed_usd_t
        mine.setdefault(
            "from", f"{found.place_name(row.place)}, {_number(row.base_usd_t)}" if priced else str(row.status)
        )
        mine[capital(name_of(found.results, row.scenario).removeprefix("the "))] = _cell(found, row) if priced else ""
    rows = [{"good": good, "to": market, **mine} for (good, market), mine in cells.items()]
    return html_table(pd.DataFrame(rows).fillna("").rename(columns={"from": "from, USD/t today"}))


def _number(value: float) -> str:
    return "\N{EN DASH}" if np.isnan(value) else f"{value:,.0f}"


def _cell(found: Trade, row: Any) -> str:
    """Change of the delivered price, gain on the best rival, and the lead that is left."""
    price = f"{signed(-row.saving_usd_t, 1)}{_band(-row.saving_p95_usd_t, -row.saving_p05_usd_t)}"
    if row.rival != row.rival or not row.rival:
        return f"{price}; no rival"
    gain = f"{signed(row.gain_usd_t, 1)}{_band(row.gain_p05_usd_t, row.gain_p95_usd_t)}"
    lead = f"{abs(row.lead_usd_t):.0f} {'below' if row.lead_usd_t > 0 else 'above'} it, {row.verdict}"
    ban = "banned; " if row.status == "banned" else ""
    return f"{ban}{price}; on {_rival(found, row)} {gain}: {GAINED.get(sign_of_gain(row), 'no rival')}; {lead}"


def _band(low: float, high: float) -> str:
    return "" if np.isnan(low) or np.isnan(high) else f" ({signed(low, 1)} to {signed(high, 1)})"


# --- what is carried --------------------------------------------------------------------------------------------


def _carried(found: Trade) -> Iterator[str]:
    """Say which flows are carried, by which gateways, what does not fit, and what is transit."""
    if not found.carried:
        return
    rows, names = found.rows, list(found.carried)
    base = found.carried[names[0]]
    parts = [
        f"{found.good_name(row.commodity).lower()} to {country_name(row.destination)} {tonnes_text(row.tonnes)}"
        for row in rows.sort_values("tonnes", ascending=False).itertuples()
    ]
    statistic = str(rows["statistic"].iloc[0])
    by = "in the press" if statistic == "press" else f"by the statistics of the {statistic}"
    total = tonnes_text(float(rows["tonnes"].sum()))
    yield f"Flows of {rows['period'].iloc[0]} {by}, {total} in all: {listed(parts)}."
    for name in names[1:]:
        yield _moved(found, base, found.carried[name], name)
    yield _fits(found)
    transit = base.countries[(base.countries["transit"] > 0.5)]
    shares = [f"{country_name(row.country)} {row.transit_share:.0%}" for row in transit.itertuples()]
    none = [country_name(c) for c in (TRANSIT,) if c in set(base.countries["country"]) and not base.transit_share(c)]
    told = f"In transit, of what passes: {listed(shares)}" if shares else "Nothing is in transit"
    yield f"{told}; of {listed(none)} nothing, for these rows end there." if none else f"{told}."


def _moved(found: Trade, base: Carried, other: Carried, name: str) -> str:
    """Say which crossings gain and lose most in a scenario."""
    tables, subject = found.tables, name_of(found.results, name)
    now, was = (one.crossings.groupby("id")["tonnes"].sum() for one in (other, base))
    change = now.sub(was, fill_value=0.0)
    change = change[change.abs() >= max(0.005 * float(base.carried_t.sum()), 1.0)].sort_values(key=np.abs)[::-1]
    if change.empty:
        return f"With {subject} no crossing gains or loses a two-hundredth of it."
    told = [
        f"{crossing_label(tables, str(ident))} {tonnes_text(float(now.get(ident, 0.0)))} instead of "
        f"{tonnes_text(float(was.get(ident, 0.0)))}"
        for ident in change.index[:3]
    ]
    return f"With {subject} the same flows would pass {listed(told)}."


def _fits(found: Trade) -> str:
    """Say what exceeds a capacity."""
    table = found.capacities()
    if table.empty:
        return "No capacity of what they pass is known: whether lines and crossings have room cannot be said."
    over = table[table["state"] == "over"]
    lost = max(one.summary()["not_carried_t"] for one in found.carried.values())
    if over.empty:
        most = table.loc[table["utilisation"].idxmax()]
        return (
            f"Of {table.groupby('id').ngroups} capacities on their ways that are known today none is exceeded by these "
            f"flows alone; most is asked of {_asset(found, most)}, {most['utilisation']:.0%} in the month with most "
            "demand. Other goods use it as well; of all other lines and crossings no capacity is known."
        )
    told = [
        f"{_asset(found, row)} ({row['utilisation']:.0%} of {row['capacity']:g} {row['unit']})"
        for row in over.to_dict("records")
    ]
    return f"More is asked for than passes: {listed(list(dict.fromkeys(told)))}; {tonnes_text(lost)} are not carried."


def _asset(found: Trade, row: Mapping[str, Any] | pd.Series) -> str:
    """Name of a thing with a capacity."""
    kind, ident = str(row["kind"]), str(row["id"])
    if kind == "crossing":
        return crossing_label(found.tables, ident)
    if kind in ("section", "link"):
        ends = ident.partition(":")[0].split("--")
        return f"{found.tables.name(ends[0])}\N{EN DASH}{found.tables.name(ends[-1])}"
    return f"{kind} {ident}"


def _paid_rows(found: Trade) -> Markup:
    """Show gross freight and fees by country, in million USD a year."""
    if not found.carried:
        return Markup("")
    paid = {
        "today" if at == 0 else f"with {name_of(found.results, name)}": one.gross.groupby("country")["usd"].sum() / 1e6
        for at, (name, one) in enumerate(found.carried.items())
    }
    table = pd.DataFrame(paid).fillna(0.0)
    table = table.sort_values(table.columns[0], ascending=False).round(1)
    return html_table(table.rename(index=country_name).rename_axis("country").reset_index())


def _capacity_rows(found: Trade) -> Markup:
    """Show capacities and what is asked of them."""
    table = found.capacities()
    if table.empty:
        return Markup("")
    table["id"] = [_asset(found, row) for row in table.to_dict("records")]
    table["scenario"] = table["scenario"].map(found.results.titles)
    columns = ["scenario", "id", "capacity", "unit", "status", "month", "wanted_per_day", "utilisation", "state"]
    shown = table[columns].round(2)
    return html_table(shown.rename(columns=lambda name: str(name).replace("_", " ")))
