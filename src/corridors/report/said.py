"""What was said of the trade of Kazakhstan with Afghanistan, beside the flows of the tables, each with its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import pandas as pd
from markupsafe import Markup

from corridors.base.numbers import tonnes_text
from corridors.data import bundled
from corridors.measures.answer import listed
from corridors.plot.wording import country_name
from corridors.report.cells import html_table, source_links
from corridors.report.trade import Trade

CLAIMS: Final = ("C098", "C099", "C100")
"""Rows of the claims on the trade of Kazakhstan with Afghanistan."""

SELLER, BUYER, BEYOND = "KZ", "AF", ("PK", "IN")
"""Countries of that trade, and those that transit would reach."""

FOOD: Final = ("flour", "grain", "sunflower-oil")
"""Goods of which the table of flows has tonnes of that trade."""


def _statements() -> pd.DataFrame:
    """Statements on the trade of Kazakhstan with Afghanistan that the claims hold."""
    claims = pd.read_csv(bundled.folder() / "validation" / "claims.csv", dtype=str).set_index("id")
    return claims.loc[[ident for ident in CLAIMS if ident in claims.index]]


def _flows(found: Trade) -> pd.DataFrame:
    """Rows of flows beside the statements: values of the trade, tonnes of food in 2022, and what goes beyond."""
    if "flows" not in found.tables.frames or SELLER not in found.home:
        return pd.DataFrame()
    flows = found.tables["flows"]
    pair = flows["origin"].isin([SELLER, BUYER]) & flows["destination"].isin([SELLER, BUYER])
    food = flows["commodity"].isin(FOOD) & (flows["period"] == "2022") & (flows["destination"] == BUYER)
    beyond = (flows["origin"] == SELLER) & flows["destination"].isin(BEYOND)
    return flows[(pair & (flows["commodity"] == "")) | (pair & food) | beyond]


def said(found: Trade) -> list[str]:
    """Sentences on what became of the near billion, of food, and of transit.

    Parameters
    ----------
    found
        What was computed.
    """
    rows = _flows(found)
    return [] if rows.empty else [*_near_billion(rows), *_food(found, rows), *_transit(found, rows)]


def _near_billion(rows: pd.DataFrame) -> Iterator[str]:
    """Say what the turnover was, and what the flows have of it."""
    claims = _statements()
    value = {ident: float(claims.loc[ident, "high"]) for ident in claims.index}
    year = rows[(rows["period"] == "2023") & (rows["commodity"] == "")]
    way = {(o, d): usd / 1e6 for o, d, usd in zip(year["origin"], year["destination"], year["usd"], strict=True)}
    if {"C098", "C100"} <= set(value) and (SELLER, BUYER) in way:
        fall = 100 * (1 - value["C100"] / value["C098"])
        yield (
            f'"Near 1 bn USD": the turnover told for 2022 is {value["C098"]:,.1f} million USD, for 2023 '
            f"{value['C100']:,.1f}, {fall:.0f} % less. The flows have {way[SELLER, BUYER]:,.0f} million of exports to "
            f"{country_name(BUYER)} in 2023."
        )


def _food(found: Trade, rows: pd.DataFrame) -> Iterator[str]:
    """Say which food the flows have."""
    food = rows[rows["commodity"].isin(FOOD)].set_index("commodity")["tonnes"]
    if len(food):
        named = [f"{found.good_name(good).lower()} {tonnes_text(food[good])}" for good in FOOD if good in food.index]
        yield f'"Food products": in 2022 {listed(named)} to {country_name(BUYER)}; the table has no value by good.'


def _transit(found: Trade, rows: pd.DataFrame) -> Iterator[str]:
    """Say what the flows have beyond the country of transit."""
    beyond = rows[rows["destination"].isin(BEYOND)]
    values = beyond[beyond["usd"].notna() & (beyond["commodity"] == "")]
    told = [
        f"{row.usd / 1e6:,.1f} million in {row.period} ({country_name(row.destination)}, {row.statistic})"
        for row in values.itertuples()
    ]
    tonnes = [
        f"{found.good_name(row.commodity).lower()} {tonnes_text(row.tonnes)} in {row.period}"
        for row in beyond[beyond["tonnes"].notna() & (beyond["commodity"] != "")].itertuples()
    ]
    have = listed(tonnes) if tonnes else "no tonnes"
    only = f"; of values, goods not named, USD {listed(told)}" if told else ""
    none = "" if tonnes else " So no tonnes of transit are told here."
    yield (
        f'"Transit to South Asia": from {country_name(SELLER)} beyond {country_name(BUYER)} the flows have {have}'
        f"{only}.{none}"
    )


def said_rows(found: Trade) -> Markup:
    """Show what was said beside the flows, each with its source."""
    rows = _flows(found)
    if rows.empty:
        return Markup("")
    shown: list[Mapping[str, object]] = []
    for claim in _statements().itertuples():
        link = Markup('<a lang="en" href="{}" rel="noreferrer">{}</a>').format(claim.url, claim.source)
        shown.append({
            "what": Markup('said: <span lang="en">{}</span>').format(claim.claim), "period": "", "tonnes": "",
            "USD million": f"{float(claim.high):,.1f}",
            "whose figure": Markup('<span lang="en">{}</span>').format(f"{claim.who}, {claim.year}"), "source": link,
        })  # fmt: skip
    for row in rows.sort_values(["commodity", "destination", "period"]).itertuples():
        good = found.good_name(row.commodity) if row.commodity else "all goods"
        shown.append({
            "what": f"{good}, {country_name(row.origin)} to {country_name(row.destination)}", "period": str(row.period),
            "tonnes": "" if np.isnan(row.tonnes) else tonnes_text(row.tonnes),
            "USD million": "" if np.isnan(row.usd) else f"{row.usd / 1e6:,.1f}", "whose figure": str(row.statistic),
            "source": source_links(row.source, found.results.net.sources),
        })  # fmt: skip
    table = pd.DataFrame(shown)
    for marked in ("what", "whose figure", "source"):
        table[marked] = pd.Series([one[marked] for one in shown], dtype=object)
    return html_table(table)
