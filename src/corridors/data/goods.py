"""Rules for the rows of goods and of trade: commodities, flows, offers, markets, duties, elasticities, seasons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from corridors.base.dates import first_day, last_day
from corridors.data import schema

Misfit = tuple[int, str, str]
"""Row number (-1 for the whole table), column (blank for the whole row) and what is wrong."""

Frames = Mapping[str, pd.DataFrame]

UNITS = ("wagon", "container", "truck")
"""Cargo units that have columns of loads."""

PRICES = ("price_usd_t", "low_usd_t", "high_usd_t")

_HS = re.compile("[0-9]{2}(?:[0-9]{2}){0,3}")
_MONEY = re.compile("[A-Z]{3}/t")
_AMOUNTS = ("t", "t/month", "t/year")


def check_commodities(commodities: pd.DataFrame, made: Frames) -> Iterator[Misfit]:
    """Yield loads out of their range, codes that are none, and profiles of seasons that do not exist."""
    for unit in UNITS:
        yield from _between(commodities, f"load_{unit}_t", f"load_{unit}_low_t", f"load_{unit}_high_t")
    yield from _codes(commodities)
    seasons = made["seasons"]
    profiles = set(seasons["profile"])
    for row in np.flatnonzero((commodities["season"] != "") & ~commodities["season"].isin(profiles)).tolist():
        if profiles:
            yield row, "season", f"no profile '{commodities['season'][row]}' in the table seasons"


def check_range(frame: pd.DataFrame, _: Frames) -> Iterator[Misfit]:
    """Yield prices and other values that do not lie between their low and their high ends."""
    yield from _between(frame, *(PRICES if "price_usd_t" in frame else ("value", "low", "high")))


def check_flows(flows: pd.DataFrame, _: Frames) -> Iterator[Misfit]:
    """Yield flows without an amount, or out of their range."""
    yield from _between(flows, "tonnes", "tonnes_low", "tonnes_high")
    for row in np.flatnonzero(flows["tonnes"].isna() & flows["usd"].isna()).tolist():
        yield row, "tonnes", "needed where usd is blank: a flow has tonnes or a value"
    for row in np.flatnonzero((flows["origin"] != "") & (flows["origin"] == flows["destination"])).tolist():
        yield row, "destination", f"'{flows['origin'][row]}' is the origin as well"


def check_duties(duties: pd.DataFrame, _: Frames) -> Iterator[Misfit]:
    """Yield duties whose value, unit, exchange rate, countries or dates cannot be."""
    yield from _between(duties, "value", "low", "high")
    yield from _codes(duties)
    for row, duty in enumerate(duties.to_dict("records")):
        for column in ("partner", "partner_except"):
            for code in schema.items(duty[column]):
                if not all(schema.is_country(part) for part in code.split(">")):
                    yield row, column, f"'{code}' is not a country code of two capital letters"
        if problem := _amount(duty):
            yield row, *problem
        if duty["direction"] == "transit" and duty["kind"] in ("ban", "quota"):
            yield row, "kind", f"a {duty['kind']} of transit is not looked at: close the border instead (closures)"
        start, end = str(duty["valid_from"]), str(duty["valid_to"])
        if start and end and last_day(end) < first_day(start):
            yield row, "valid_to", f"'{end}' is before valid_from, '{start}'"


def _amount(duty: Mapping[object, object]) -> tuple[str, str] | None:
    """Column and text of what is wrong with value and unit of a duty."""
    kind, unit, known = str(duty["kind"]), str(duty["unit"]), pd.notna(duty["value"])
    if kind == "ban":
        return ("value", "a ban has no value: nothing may pass") if known or unit else None
    if not known:
        return "value", f"needed for the kind {kind}"
    if kind != "specific":
        units = ("%",) if kind == "ad-valorem" else _AMOUNTS
        return None if unit in units else ("unit", f"'{unit}' is not {' or '.join(units)}")
    if not _MONEY.fullmatch(unit):
        return "unit", f"'{unit}' is not money per tonne, such as AFN/t"
    needed = unit != "USD/t" and pd.isna(duty["fx_per_usd"])
    return ("fx_per_usd", f"needed for an amount in {unit}") if needed else None


def check_seasons(seasons: pd.DataFrame, _: Frames) -> Iterator[Misfit]:
    """Yield profiles that lack a month, have it twice, or whose mean is not one."""
    yield from _between(seasons, "weight", "low", "high")
    for profile, rows in seasons.groupby("profile", sort=False):
        first = int(rows.index[0])
        if sorted(rows["month"]) != list(range(1, 13)):
            yield first, "month", f"the profile '{profile}' needs each of the months 1 to 12 once"
        elif abs(rows["weight"].mean() - 1) > 0.005:
            yield first, "weight", f"the mean of the profile '{profile}' is {rows['weight'].mean():.3f}, not 1"


def _between(frame: pd.DataFrame, value: str, low: str, high: str) -> Iterator[Misfit]:
    for row in np.flatnonzero((frame[low] > frame[value]) | (frame[high] < frame[value])).tolist():
        yield row, value, f"{frame[value][row]:g} is not between {low} and {high}"


def _codes(frame: pd.DataFrame) -> Iterator[Misfit]:
    for row in np.flatnonzero(frame["hs"] != "").tolist():
        for code in schema.items(frame["hs"][row]):
            if not _HS.fullmatch(code):
                yield row, "hs", f"'{code}' is no code of the Harmonized System (2, 4, 6 or 8 digits)"
