"""The section of the report on worth, in words: the tonnage that pays for a line, whether it pays, which is first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
import pandas as pd
from markupsafe import Markup

from corridors.appraisal.result import Appraisal
from corridors.base.numbers import tonnes_text
from corridors.measures.answer import listed, market_names
from corridors.plot.wording import country_name
from corridors.report.appraised import SINCE, Appraised, better
from corridors.report.cells import html_table
from corridors.report.words import capital, name_of, signed
from corridors.trade.signs import UNDECIDED

NOTHING_MUSD: Final = 0.5
"""Million USD of net present value that round to nothing."""

MARKETS_SHOWN: Final = 8
"""Markets in the table of the page; the file beside it has all."""

VERDICTS: Final = {
    "pays": "At these flows it pays",
    "does not pay": "At these flows it does not pay",
    "undecided": "Whether it pays at these flows is undecided",
}


@dataclass(frozen=True)
class WorthSection:
    """The section on worth of the page.

    Attributes
    ----------
    points
        Name of each line with its sentences, the tonnage that pays for it first.
    first
        Sentences on which line comes first, and on the border.
    missing
        Sentences on what is not counted.
    holds
        What all of it holds for.
    break_even, assumptions, countries
        Tables.
    """

    points: Sequence[tuple[str, Sequence[str]]]
    first: Sequence[str]
    missing: Sequence[str]
    holds: str
    break_even: Markup
    assumptions: Markup
    countries: Markup


def worth_section(found: Appraised) -> WorthSection:
    """Say what the report tells of worth.

    Parameters
    ----------
    found
        What was computed.
    """
    return WorthSection(
        [(capital(name_of(found.results, name)), list(_line(found, name))) for name in found.lines],
        [*_order(found), *_border(found)], list(_missing(found)), _holds(found), _break_even_rows(found),
        _assumption_rows(found), _country_rows(found),
    )  # fmt: skip


# --- by line ----------------------------------------------------------------------------------------------------


def _line(found: Appraised, name: str) -> Iterator[str]:
    """What tonnage would pay for a line, and whether it pays at the flows of the tables."""
    one = found.appraisals.get(name)
    if one is not None:
        yield _tonnage(one.summary())
    yield _best_market(found, name)
    yield _needed(found, name)
    if one is not None:
        yield from _verdict(one, one.summary())


def _needed(found: Appraised, name: str) -> str:
    """What has to be saved in a year to pay for a line."""
    line = found.lines[name]
    low, high = line.needed_ends_musd
    span = f"; {low:,.0f} to {high:,.0f} over the published cost" if high > low else ""
    return (
        f"To pay for itself it has to save {line.needed_musd:,.0f} m USD in every year of service, with the overrun of "
        f"other railways ({line.needed_as_stated_musd:,.0f} without{span})."
    )


def _best_market(found: Appraised, name: str) -> str:
    """Tonnage that pays if all of it went where most is saved."""
    table = found.break_even
    mine = table[(table["scenario"] == name) & (table["sign"] != "saves nothing")] if len(table) else table
    if mine.empty:
        return (
            "In free choice of mode it saves nothing on the way to any market compared here, so no tonnage pays for it."
        )
    row = mine.iloc[0]
    unsure = ", whose sign is undecided" if row["sign"] == "undecided" else ""
    low, high = row["break_even_low_mt"], row["break_even_high_mt"]
    ends = f" ({low:,.1f} to {high:,.1f} over the published cost)" if high > low else ""
    return (
        f"If all its cargo went by {row['cargo']} to {_market(found, row)}, where it saves most "
        f"({row['saving_usd_t']:,.1f} USD/t{unsure}), it would take {row['break_even_mt']:,.1f} Mt a year{ends}."
    )


def _market(found: Appraised, row: Any) -> str:
    names = market_names(found.results.parts[row["cargo"], row["group"]].first)
    return str(names.get(row["market"], row["market"]))


def _tonnage(total: dict[str, Any]) -> str:
    """Tonnage that pays at the saving of the flows of the tables, beside these flows."""
    saving, even, flows = total["saving_usd_t"], total["break_even_mt"], total["flows_mt"]
    if not np.isfinite(even):
        return f"The flows of the tables, {flows:,.2f} Mt, save nothing by it ({signed(saving, 1)} USD/t)."
    times = even / flows
    how = f"{times:,.0f} times" if times >= 9.5 else f"{times:,.1f} times"
    return (
        f"The flows of the tables save {saving:,.1f} USD/t by it: at that, {even:,.1f} Mt a year would have to move, "
        f"{how} the {flows:,.2f} Mt that there are."
    )


def _verdict(one: Appraisal, total: dict[str, Any]) -> Iterator[str]:
    """Whether it pays at the flows of the tables, with the band, the figure as stated, and what is a transfer."""
    text = f"{VERDICTS[total['verdict']]}: net present value {signed(total['npv_musd'])} m USD"
    if one.draws:
        ends = f"{signed(total['npv_p05_musd'])} to {signed(total['npv_p95_musd'])} in nine draws of ten"
        text += f" ({ends}), above zero in {100 * total['p_positive']:.0f} % of the draws"
    yield f"{text}; as stated, without overrun and shortfall, {signed(total['npv_as_stated_musd'])}."
    users, dues = float(one.users_musd[0, -1]), float(one.revenue_musd[0, -1])
    paid = float(one.by_country()["gross_musd"].sum())
    yield (
        f"At the flows as stated users save {users:,.1f} m USD a year, in freight, fees and time. What they pay along "
        f"the way changes by {signed(paid, 1)}, of it dues at borders {signed(dues, 1)}: dues are a transfer, and as "
        "far as rates are above what carriers spend, the rest of a fall is lost by carriers and no gain either."
    )


# --- which first ------------------------------------------------------------------------------------------------


def _order(found: Appraised) -> Iterator[str]:
    """Say which line comes first, if that can be said."""
    names, totals = list(found.appraisals), {name: one.summary() for name, one in found.appraisals.items()}
    if len(names) < 2:
        return
    paying = [name for name in names if totals[name]["verdict"] == "pays"]
    undecided = [name for name in names if totals[name]["verdict"] == "undecided"]
    if not paying and not undecided:
        yield "None of the lines pays at these flows, so none comes first for their sake."
    elif not paying:
        yield f"None of the lines surely pays at these flows; of {_named(found, undecided)} it is undecided."
    else:
        yield f"At these flows {_named(found, paying)} {'pays' if len(paying) == 1 else 'pay'}."
    word = "is worth more" if paying else "loses less"
    for first, second in combinations(names, 2):
        share = better(found.appraisals, first, second)
        lead, rest = (first, second) if share >= 0.5 else (second, first)
        most = max(share, 1 - share)
        if most <= 1 - UNDECIDED:
            yield (
                f"Which of {_named(found, [first, second])} {word} is undecided: "
                f"{name_of(found.results, lead)} does in {100 * most:.0f} % of the draws."
            )
        else:
            yield (
                f"{capital(name_of(found.results, lead))} {word} than {name_of(found.results, rest)} in "
                f"{100 * most:.0f} % of the draws."
            )
    if any(one.draws for one in found.appraisals.values()):
        yield "In the draws the costs of all lines are high or low together."


def _named(found: Appraised, names: Sequence[str]) -> str:
    return listed([name_of(found.results, name) for name in names])


def _border(found: Appraised) -> Iterator[str]:
    """Say what the border leaves of the worth over the decades, and of what is sent beyond it."""
    if found.border is None or not found.border.open_share > 0:
        return
    border, share = found.border, 100 * found.border.open_share
    yield (
        f"The border {country_pair(border.name)} is {'open' if border.open_now else 'shut'} now. By its closures since "
        f"{SINCE} an open one is shut a year later with {_odds(border.p_shut, border.ends[:2])}, and a shut one open "
        f"with {_odds(border.p_open, border.ends[2:])}. In the long run that makes it open in {share:.0f} % of the "
        f"years: a saving beyond it counts for {share:.0f} % of what is said here, and takes {100 / share:.1f} times "
        "the tonnes."
    )
    outlooks = {name: one.outlook() for name, one in found.appraisals.items()}
    same = [name for name, one in outlooks.items() if abs(one.expected_musd - one.constant_musd()) < NOTHING_MUSD]
    if same:
        yield f"To the flows of the tables the border makes no difference with {_named(found, same)}."
    for name, one in outlooks.items():
        if name not in same:
            yield (
                f"With {name_of(found.results, name)} the flows of the tables are expected to be worth "
                f"{signed(one.expected_musd)} m USD instead of {signed(one.constant_musd())}."
            )


def _odds(value: float, ends: Sequence[float]) -> str:
    """Probability in per cent with its range."""
    span = f" ({100 * ends[0]:.0f} to {100 * ends[1]:.0f})" if len(ends) else ""
    return f"{100 * value:.0f} %{span}"


def country_pair(border: str) -> str:
    """Name of a border of two countries.

    Parameters
    ----------
    border
        Its codes.

    >>> country_pair("AF-PK")
    'between Afghanistan and Pakistan'
    """
    return f"between {listed([country_name(code) for code in border.split('-')])}"


# --- what is missing ------------------------------------------------------------------------------------------------


def _missing(found: Appraised) -> Iterator[str]:
    """Say what is not counted, and why."""
    rows = found.rows
    if rows.empty:
        where = listed([country_name(code) for code in found.countries])
        yield (
            f"The tables have no yearly flow of tonnes to {where}. Without flows there is no benefit, and nothing is "
            "said on whether a line pays: state your own in co.appraise(net, scenario, flows)."
        )
    else:
        parts = [f"{_good(found, row.commodity)} to {country_name(row.destination)} {tonnes_text(row.tonnes)}"
                 for row in rows.sort_values("tonnes", ascending=False).itertuples()]  # fmt: skip
        yield f"Counted are flows of {rows['period'].iloc[0]}, {rows['statistic'].iloc[0]} statistics: {listed(parts)}."
        none = [country_name(code) for code in found.countries if code not in set(rows["destination"])]
        if none:
            yield (
                f"Of tonnes to {listed(none)} the table of flows has no row of that year. They count as nothing, which "
                "is not to say that there would be none: transit has to be stated by whoever expects it."
            )
    if len(found.elsewhere):
        total = tonnes_text(float(found.elsewhere["tonnes"].sum()))
        where = listed([country_name(str(code)) for code in found.elsewhere["destination"].unique()])
        yield f"Left out are {total} to {where}, where no line is built."
    for name, why in found.missing.items():
        yield f"{capital(name_of(found.results, name))} is not appraised: {why}"
    left = {flow: why for one in found.appraisals.values() for flow, why in one.left_out.items()}
    for flow, why in list(left.items())[:3]:
        yield f"Not counted: {flow} ({why})."


def _good(found: Appraised, good: str) -> str:
    return str(found.results.net.tables.find("commodities", good)["name"]).lower()


def _holds(found: Appraised) -> str:
    """Years, prices, rate and class of what is told."""
    lines = found.lines
    opens = sorted({line.opens for line in lines.values()})
    when = f"the end of {opens[0]}" if len(opens) == 1 else f"the ends of {listed([str(year) for year in opens])}"
    first = next(iter(lines.values()))
    costs = "; ".join(f"{name_of(found.results, name)} {line.cost.told}" for name, line in lines.items())
    text = f"Money is {first.cost.unit.replace('m USD', 'million USD')}. Cost: {costs}. "
    last = "the latest year that the tables take for any of them" if len(opens) == 1 else "as the scenarios say"
    text += f"They are taken to open at {when}, {last}. "
    one = next(iter(found.appraisals.values()), None)
    if one is not None:
        plan = one.schedule
        text += (
            f"They are paid for over {plan.build_years} years and serve {plan.life_years}; money is discounted at "
            f"{one.rate.value:g} % to {plan.present}. As other railways had it the cost is {one.overrun.value:+.0f} % "
            f"({one.overrun.low:g} to {one.overrun.high:g}) and traffic {signed(one.shortfall.value)} % "
            f"({signed(one.shortfall.low)} to {signed(one.shortfall.high)}) off what is stated."
        )
    return text


# --- tables and pictures ----------------------------------------------------------------------------------------------


def _break_even_rows(found: Appraised) -> Markup:
    """Show the tonnage by market and cargo unit, those first where a line needs least."""
    table = found.break_even
    if table.empty:
        return Markup("")
    keys = ["cargo", "group", "market"]
    least = table.groupby(keys)["break_even_mt"].min().dropna().sort_values(kind="stable").index[:MARKETS_SHOWN]
    cells: dict[Any, dict[str, str]] = {}
    for key in least:
        rows = table[(table[keys] == list(key)).all(axis=1)]
        mine = cells.setdefault(key, {"to": _market(found, rows.iloc[0]), "by": str(key[0])})
        for row in rows.to_dict("records"):
            mine[capital(name_of(found.results, str(row["scenario"])).removeprefix("the "))] = _cell(row)
    return html_table(pd.DataFrame(list(cells.values())).fillna("")) if cells else Markup("")


def _cell(row: dict[Any, Any]) -> str:
    if row["sign"] == "saves nothing":
        return "saves nothing"
    band = "" if np.isnan(row["saving_p05_usd_t"]) else (
        f" ({signed(row['saving_p05_usd_t'])} to {signed(row['saving_p95_usd_t'])})")  # fmt: skip
    unsure = ", undecided" if row["sign"] == "undecided" else ""
    return f"{row['break_even_mt']:,.1f} Mt at {row['saving_usd_t']:,.1f} USD/t{band}{unsure}"


def _assumption_rows(found: Appraised) -> Markup:
    """Show the assumptions of the first line with the value at which its worth turns."""
    for one in list(found.appraisals.values())[:1]:
        table = one.assumptions()[["assumption", "unit", "value", "low", "high", "turns_at", "confidence"]]
        numbers = {name: table[name].round(2) for name in ("value", "low", "high", "turns_at")}
        return html_table(table.assign(**numbers).rename(columns={"turns_at": "worth turns at"}))
    return Markup("")


def _country_rows(found: Appraised) -> Markup:
    """Show by country what users of flows save, and what changes of freight and dues, with the first line."""
    for one in list(found.appraisals.values())[:1]:
        table = one.by_country().drop(columns="pays_musd").round(1)
        names = {"saving_from_musd": "saved on flows from it", "saving_to_musd": "saved on flows to it",
                 "gross_musd": "change of gross freight and fees", "dues_musd": "of it dues"}  # fmt: skip
        return html_table(table.assign(country=table["country"].map(country_name)).rename(columns=names))
    return Markup("")


def worth_tables(found: Appraised) -> dict[str, pd.DataFrame]:
    """Tables of the section, for the files beside the page.

    Parameters
    ----------
    found
        What was computed.
    """
    tables = {"break-even": found.break_even, "summary": found.summaries(), "assumptions": found.assumptions(),
              "flows": found.flows(), "countries": found.by_country()}  # fmt: skip
    return {f"worth-{name}": table for name, table in tables.items() if len(table)}
