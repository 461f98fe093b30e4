"""The answer in short: plain sentences, every figure from the tables of the study, each with what it holds for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from corridors.measures.answer import less, listed, market_names, of_pairs, outcome
from corridors.report.holding import borders, other_units, sure, turned, which
from corridors.report.study import Study
from corridors.report.words import (
    Senses,
    Statement,
    capital,
    group_of,
    holds,
    lead,
    name_of,
    rows_of,
    scenarios,
    sense,
    signed,
)
from corridors.whatif.value_of_time import SHOWN_GOODS, ValueOfTime


def brief(results: Study) -> list[Statement]:
    """Say the answer for the first cargo unit, the value of time first.

    Parameters
    ----------
    results
        The study.

    >>> import corridors as co
    >>> from corridors.report import study
    >>> asked = {"scenarios": ["uap-kabul"], "cargo": "container", "closed": None, "draws": 10}
    >>> statements = brief(study(co.load(), ["Almaty"], ["Karachi"], **asked))
    >>> statements[1].claim
    'By rail alone the Kabul corridor takes 5.9 days less and 35 USD/t less to Karachi.'
    """
    makers = (_by_value, _first_way, _free, other_units, turned, borders, which, sure)
    return [statement for make in makers for statement in make(results)]


# --- the value of time ------------------------------------------------------------------------------------------


def _by_value(results: Study) -> Iterator[Statement]:
    """Say how the gain depends on the value of time where cargo may take any mode, or by the only way."""
    if not results.values:
        return
    way = results.head.ways[-1]
    parts, claims = [], []
    senses: Senses = {}
    for group in results.groups:
        found = results.value_of_time(results.cargo, way, group)
        table, spans = found.break_even(), {}
        for scenario in scenarios(results):
            rows = table[(table["scenario"] == scenario) & table["to_usd_t_d"].notna()]
            ends = float(rows["from_usd_t_d"].min()), float(rows["to_usd_t_d"].max())
            spans[name_of(results, scenario)] = ends if len(rows) else None
            senses["value", group, way, scenario] = int(len(rows) > 0)
            parts.append(_at_goods(results, found, group, scenario, ends[1]))
        claims.append(_limits(found, group, spans))
    points = tuple(part for part in parts if part)
    claim = f"{lead(way)} {'; '.join(claims)}."
    evidence = "In brackets the value of time of the good in USD/t a day." if points else ""
    yield Statement(claim, evidence, points, holds(results, way, value=False), senses)


def _limits(found: ValueOfTime, group: str, spans: Mapping[str, tuple[float, float] | None]) -> str:
    """Say at which values of time anything is gained, scenario by scenario, from the first and last of them."""
    where, whole = group_of(group), f"from {found.low:.2g} to {found.high:.3g} USD/t a day"
    idle = [name for name, span in spans.items() if span is None]
    if len(idle) == len(spans):
        return f"no pair {where} gains at any value of time {whole}"
    told: dict[str, list[str]] = {}
    for name, span in spans.items():
        if span is not None:
            told.setdefault(_span(found, *span), []).append(name)
    parts = [f"with {listed(names)} {when}" for when, names in told.items()]
    parts += [f"with {listed(idle)} at no value {whole}"] if idle else []
    return f"pairs {where} gain {', and '.join(parts)}"


def _span(found: ValueOfTime, first: float, last: float) -> str:
    """Say at which values of time something is gained, from the first and the last."""
    from_low, to_high = np.isclose(first, found.low), np.isclose(last, found.high)
    if from_low and to_high:
        return f"up to the highest value of time, {found.high:.3g} USD/t a day"
    if from_low:
        return f"only while a day is worth less than {last:.2g} USD/t"
    if to_high:
        return f"only where a day is worth more than {first:.2g} USD/t"
    return f"only while a day is worth {first:.2g} to {last:.2g} USD/t"


def _at_goods(results: Study, found: ValueOfTime, group: str, scenario: str, limit: float) -> str:
    """Say how many pairs gain at the values of time of some goods."""
    marked = found.goods[[name for name in found.goods.index if name in SHOWN_GOODS]]
    inside = marked[(marked >= found.low) & (marked <= found.high)]
    if inside.empty:
        return ""
    rows = found.table(inside.to_numpy())
    rows = rows[rows["scenario"] == scenario]
    told = [
        f"{row.gaining} with {listed([_good(found, name) for name in row.commodity.split(';')])} "
        f"({row.vot_usd_t_d:.2g})"
        for row in rows.itertuples()
    ]
    end = "" if np.isnan(limit) or np.isclose(limit, found.high) else f", none above {limit:.2g} USD/t a day"
    number, subject = int(rows["pairs"].iloc[0]), capital(name_of(results, scenario))
    return f"{subject}, {group_of(group)}: pairs that gain, of {number}: {', '.join(told)}{end}."


def _good(found: ValueOfTime, name: str) -> str:
    words = found.names[name].split(" in ")[0]
    return f"{words[:1].lower()}{words[1:]}"


# --- gains at the value of time of the comparison ---------------------------------------------------------------


def _first_way(results: Study) -> Iterator[Statement]:
    """Say what each scenario brings on the first way, group by group and market by market."""
    for group in results.groups:
        for scenario in scenarios(results):
            yield _gain(results, group, scenario, results.way)


def _gain(results: Study, group: str, scenario: str, way: str) -> Statement:
    """Say what a scenario brings to the markets of a group."""
    markets, total = rows_of(results, group, way, results.border, scenario)
    names = market_names(results.parts[results.cargo, group].results[way, results.border])
    gaining, rest = markets[markets["gaining"] > 0], markets[markets["gaining"] == 0]
    senses: Senses = {("gain", group, way, scenario): int(total["gaining"] > 0)}
    subject, evidence = name_of(results, scenario), []
    if not markets[["compared", "joined", "parted"]].to_numpy().any():
        claim = f"{lead(way)} no pair {group_of(group)} has a way, with {subject} or without."
        rest = rest.iloc[:0]
    elif gaining.empty:
        claim = f"{lead(way)} {subject} saves nothing on any pair {group_of(group)}."
    else:
        days, usd = (_ends(gaining[column], unit, digits) for column, unit, digits in _FIGURES)
        claim = f"{lead(way)} {subject} takes {days} and {usd} to {listed([names[m] for m in gaining['market']])}."
        senses |= {(column, group, way, scenario): sense(total[column], column) for column in ("days", "usd_t")}
        evidence.append(f"{of_pairs(gaining['gaining'].sum(), gaining['compared'].sum())}.")
    evidence += [f"{capital(outcome(rest, names))}."] if len(rest) else []
    never = _never(results, group, scenario, way)
    if never:
        where = listed([names[market] for market in never])
        evidence.append(f"At no value of time of any good that goes by {results.cargo} would {where} gain.")
    evidence += [_mean(total)] if total["gaining"] else []
    return Statement(claim, " ".join(evidence), (), holds(results, way), senses)


_FIGURES = (("days", "days", 1), ("usd_t", "USD/t", 0))


def _ends(changes: pd.Series, unit: str, digits: int) -> str:
    """Range of changes in words."""
    low, high = float(changes.max()), float(changes.min())
    first, last = less(low, unit, digits), less(high, unit, digits)
    if first == last:
        return first
    if low < 0 and first.endswith("less"):
        return f"{abs(low):,.{digits}f} to {last}"
    return f"between {first} and {last}"


def _mean(total: pd.Series) -> str:
    """Say the mean over what can be compared, with its band."""
    band = "" if np.isnan(total["p05"]) else f" (90 % band {signed(total['p05'])} to {signed(total['p95'])})"
    return (
        f"Over the {total['compared']} of {total['pairs']} pairs that can be compared the mean change is "
        f"{signed(total['days'], 1)} days, {signed(total['usd_t'])} USD/t, and {signed(total['generalized_usd_t'])} "
        f"USD/t of generalized cost{band}."
    )


def _never(results: Study, group: str, scenario: str, way: str) -> list[str]:
    """Markets that can be compared and gain at no value of time."""
    if (results.cargo, way) not in results.values:
        return []
    found = results.value_of_time(results.cargo, way, group)
    table = found.break_even()
    mine = table[(table["scenario"] == scenario) & (table["status"] == "both")]
    gains: dict[str, set[str]] = {}
    for origin, destination, kind in zip(mine["origin"], mine["destination"], mine["gains"], strict=True):
        market = found.comparison.questions.get((origin, destination), (origin, destination))[1]
        gains.setdefault(market, set()).add(kind)
    return [market for market, kinds in gains.items() if kinds == {"never"}]


def _free(results: Study) -> Iterator[Statement]:
    """Say what is left where cargo may take any mode, at the value of time of the study."""
    if len(results.head.ways) < 2:
        return
    way = results.head.ways[-1]
    parts, clear, gaining = [], [], 0
    senses: Senses = {}
    for group in results.groups:
        for scenario in scenarios(results):
            markets, total = rows_of(results, group, way, results.border, scenario)
            names = market_names(results.parts[results.cargo, group].results[way, results.border])
            senses["gain", group, way, scenario] = int(total["gaining"] > 0)
            gaining += int(total["gaining"])
            clear.append(bool(total["p95"] < 0))
            gains = markets[markets["gaining"] > 0]
            told = f": {outcome(gains, names)}. {_mean(total)}" if len(gains) else ": no pair gains."
            parts.append(f"{capital(name_of(results, scenario))}, {group_of(group)}{told}")
    value = f"{24 * results.head.first.vot_usd_t_h:.3g} USD/t a day"
    within = f"{lead(way)}, at {value}, the mean gain is within what is not known"
    claim = (
        f"{lead(way)}, at {value}, no pair gains."
        if not gaining
        else f"{lead(way)}, at {value}, some pairs gain."
        if not results.draws
        else f"{lead(way)}, at {value}, the mean gain is sure."
        if all(clear)
        else f"{within}{' in some cases' if any(clear) else ''}."
    )
    yield Statement(claim, "", tuple(parts), holds(results, way), senses)
