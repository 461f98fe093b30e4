"""The page of the report: a brief that opens with the answer and needs nothing but itself."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import jinja2
import numpy as np
import pandas as pd
from markupsafe import Markup
from PIL import Image

from corridors.base.languages import ENGLISH
from corridors.base.phrases import Phrases
from corridors.data.tables import Tables
from corridors.measures.answer import listed, market_names, of_pairs, pairs
from corridors.measures.headline import Headline
from corridors.measures.robustness import in_words
from corridors.plot.wording import parameter_label, translated_label
from corridors.report.brief import brief
from corridors.report.cells import as_written, html_table, source_links
from corridors.report.goods import Section
from corridors.report.holding import turn_sentences
from corridors.report.pictures import Picture, value_chart
from corridors.report.study import Study
from corridors.report.words import group_of, rows_of, signed
from corridors.report.worth import WorthSection
from corridors.whatif.compare import Comparison

QUALITY = 82
"""Quality of the pictures inside the page (WebP); the PNG files beside it are lossless."""

PARAMETERS_SHOWN = 30


def render(
    results: Study,
    pictures: Sequence[Picture],
    goods: Section | None = None,
    worth: WorthSection | None = None,
    *,
    say: Phrases | None = None,
) -> str:
    """Make the page; trade and worth have sections where there are any, and `say` brings it into its language."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("corridors.report"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    name = results.net.tables.name
    origin, destination = map(name, results.pair)
    first = {cargo: _first(results, cargo) for cargo in results.heads}
    lang = say.words.lang if say else ENGLISH
    page = environment.get_template("report.html.j2").render(
        origins=list(map(name, dict.fromkeys(o for o, _ in results.titled().pair_list))),
        groups=_destinations(results),
        origin=origin,
        destination=destination,
        scenarios=list(results.titles.values())[1:],
        cargo=results.cargo,
        units=list(results.heads),
        way=results.way,
        ways=results.head.ways,
        borders=results.head.borders,
        heading=results.head.heading,
        state=results.net.border_state,
        brief=brief(results),
        glance={group: _glance(results, group) for group in results.groups},
        turns=turn_sentences(results),
        apart=any(found.opposed(name) for found in results.turned.values() for name in found.scenarios),
        by_good={group: _good_rows(results, group) for group in results.groups if results.values},
        values={group: value_chart(group) for group in results.groups if results.values},
        markets={group: _market_rows(results, group) for group in results.groups},
        headline={
            f"{cargo}, {group_of(group)}" if len(results.groups) > 1 else cargo: head.sentences()
            for (cargo, group), head in results.parts.items()
        },
        gains=_gain_rows(results),
        connectivity={cargo: _connectivity_rows(head, results.border) for cargo, head in results.heads.items()},
        robust={key: _ranking_rows(table, key[1], results.titles) for key, table in results.robust.items()},
        pictures={picture.name: (picture, _embedded(picture)) for picture in pictures},
        tables={f"{c}, {w}": _pair_table(results, one) for c, ways in first.items() for w, one in ways.items()},
        legs={
            f"{cargo}, {way}: {results.titles[scenario]}": html_table(route.shown_legs())
            for cargo, ways in first.items()
            for way, comparison in ways.items()
            for scenario, route in results.shown(comparison)
        },
        assumptions=_assumption_rows(results, say),
        trade=goods,
        worth=worth,
        decimal="." if lang == ENGLISH else ",",
    )
    return page if say is None else _in_language(page, say)


def _in_language(page: str, say: Phrases) -> str:
    """Page in another language, with what is left in English counted at its foot."""
    said = say.page(page)
    left = len(set(say.missing))
    note = say.words("report.left", number=left) if left else ""
    return said.replace("</footer>", f" {note}</footer>", 1)


def _first(results: Study, cargo: str) -> dict[str, Comparison]:
    """Comparisons of a cargo unit in the first state of the borders, by way."""
    head = results.heads[cargo]
    return {way: head.results[way, results.border] for way in head.ways}


def _destinations(results: Study) -> dict[str, list[str]]:
    """Names of the destinations of each group."""
    name = results.net.tables.name
    return {group: list(map(name, dict.fromkeys(d for _, d in pairs))) for group, pairs in results.groups.items()}


def _embedded(picture: Picture) -> str:
    """Encode a picture as base64 text, small enough for a page that holds several of them."""
    packed = io.BytesIO()
    with Image.open(io.BytesIO(picture.png)) as drawn:
        drawn.convert("RGB").save(packed, "WEBP", quality=QUALITY)
    return base64.b64encode(packed.getvalue()).decode("ascii")


def _glance(results: Study, group: str) -> Markup:
    """Show every scenario and way in all states of the borders."""
    table = results.tables[results.cargo, group, None]
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for row in table[table["scenario"] != next(iter(results.titles))].itertuples():
        cells = rows.setdefault((results.titles[row.scenario], row.way), {})
        cells[f"borders: {row.border}"] = _glance_cell(row, *_gaining_markets(results, group, row))
    shown = pd.DataFrame([{"scenario": one, "way": way, **cells} for (one, way), cells in rows.items()])
    return html_table(shown)


def _gaining_markets(results: Study, group: str, row: Any) -> tuple[str, Any]:
    """Names of the markets in which a pair gains, where others have none, and the mean changes of their pairs."""
    comparison = results.parts[results.cargo, group].results[row.way, row.border]
    markets, _ = rows_of(results, group, row.way, row.border, row.scenario)
    gaining = set(markets["market"][markets["gaining"] > 0])
    if not gaining or gaining == set(markets["market"][markets["compared"] > 0]):
        return "", row
    mine = [pair for pair in comparison.pair_list if comparison.questions.get(pair, pair)[1] in gaining]
    mean = comparison.part(mine).overall().loc[row.scenario]
    names = market_names(comparison)
    where = listed([name for market, name in names.items() if market in gaining])
    return f", to {where}", SimpleNamespace(days=mean["hours_delta"] / 24, usd_t=mean["cost_usd_t_delta"])


def _glance_cell(row: Any, where: str, change: Any) -> str:
    joined = f"{pairs(row.joined)} joined anew" if row.joined else ""
    if not row.gaining:
        idle = "no pair has a way before and after" if not row.compared else "0: no pair gains"
        return f"{joined}; {idle}" if joined else idle
    counts = of_pairs(row.gaining, row.compared)
    text = f"{counts}{where}: {signed(change.days, 1)} days, {signed(change.usd_t)} USD/t"
    return text + (f"; {joined}" if joined else "")


def _good_rows(results: Study, group: str) -> Markup:
    """Show what is gained at the value of time of every good, where cargo may take any mode or by the only way."""
    found = results.value_of_time(results.cargo, results.head.ways[-1], group)
    rows: dict[float, dict[str, Any]] = {}
    for row in found.table().itertuples():
        names = ", ".join(found.names[name] for name in row.commodity.split(";"))
        cells = rows.setdefault(row.vot_usd_t_d, {"goods": names, "USD/t a day": round(row.vot_usd_t_d, 2)})
        title = results.titles[row.scenario]
        cells["by rail without, %"] = round(100 * row.base_rail_share)
        cells[f"{title}: pairs that gain"] = f"{row.gaining} of {row.compared}"
        cells[f"{title}: mean change"] = _change_cell(row)
        cells[f"{title}: by rail, %"] = round(100 * row.rail_share)
    return html_table(pd.DataFrame(list(rows.values())))


def _change_cell(row: Any) -> str:
    if not row.gaining:
        return "\N{EN DASH}"
    return f"{signed(row.days, 1)} d, {signed(row.usd_t)} USD/t, generalized {signed(row.generalized_usd_t, 1)}"


def _market_rows(results: Study, group: str) -> Markup:
    """Show the change of every market in the first state of the borders, before any mean."""
    table = results.tables[results.cargo, group, "market"]
    names = market_names(results.parts[results.cargo, group].first)
    mine = table[(table["border"] == results.border) & (table["scenario"] != next(iter(results.titles)))]
    cells: dict[str, dict[str, str]] = {}
    for row in mine.itertuples():
        cells.setdefault(names[row.market], {})[f"{results.titles[row.scenario]}, {row.way}"] = _market_cell(row)
    return html_table(pd.DataFrame.from_dict(cells, orient="index").rename_axis("to").reset_index())


def _market_cell(row: Any) -> str:
    if not row.compared:
        return f"joined anew ({pairs(row.joined)})" if row.joined else "no way"
    if not row.gaining:
        return f"0 of {row.compared}"
    band = "" if np.isnan(row.days_p05) else f" ({signed(row.days_p05)} to {signed(row.days_p95)})"
    return f"{signed(row.days, 1)} d{band}, {signed(row.usd_t)} USD/t; {row.gaining} of {row.compared} gain"


def _gain_rows(results: Study) -> Markup:
    """Show the table of gains, the base left out."""
    table = results.gains()
    shown = table[table["scenario"] != next(iter(results.titles))]
    shown = shown[[c for c in shown if c not in ("pairs", "parted") and not c.startswith(("days_", "usd_t_", "co2e"))]]
    names = {
        "compared": "pairs compared",
        "gaining": "pairs that gain",
        "joined": "newly joined",
        "days": "change, days",
        "usd_t": "change, USD/t",
        "generalized_usd_t": "change, generalized USD/t",
        "transit_share": f"share by {results.head.transit}",
    }
    return html_table(shown.assign(scenario=shown["scenario"].map(results.titles)).round(2).rename(columns=names))


def _connectivity_rows(head: Headline, border: str) -> Markup:
    """Show the measures of connectivity in one state of the borders."""
    first = replace(head, results={key: one for key, one in head.results.items() if key[1] == border})
    shown = first.shown_connectivity().drop(columns="border")
    return html_table(shown.rename(columns=lambda name: str(name).replace("_", " ")))


def _ranking_rows(table: pd.DataFrame, name: str, titles: Mapping[str, str]) -> Markup:
    """Show a table of rankings, scenarios by their titles."""
    shown = table.round(1).rename(index=in_words).rename_axis(name).reset_index()
    shown["best"] = shown["best"].map(lambda scenario: titles.get(scenario, scenario))
    shown["same_ranking"] = shown["same_ranking"].map({True: "yes", False: "no"})
    return html_table(shown.rename(columns={**titles, "same_ranking": "same ranking"}))


def _pair_table(results: Study, comparison: Comparison) -> Markup:
    """Show days with the band of trips and USD/t per pair, one column per scenario."""
    table = comparison.pairs().set_index(["origin", "destination"])
    name = results.net.tables.name
    cells = pd.DataFrame({"pair": [f"{name(o)} - {name(d)}" for o, d in comparison.pair_list]})
    for scenario_name, part in table.groupby("scenario", sort=False):
        cells[results.titles[scenario_name]] = [_cell(row) for row in part.itertuples()]
    return html_table(cells)


def _cell(row: Any) -> str:
    """Days and cost of a pair, with their bands of trips."""
    if np.isnan(row.hours):
        return "no way"
    if not hasattr(row, "hours_p05"):
        return f"{row.hours / 24:.1f} d, {row.cost_usd_t:.0f} USD/t"
    days, usd = (
        f"{row.hours_p05 / 24:.0f}-{row.hours_p95 / 24:.0f}",
        f"{row.cost_usd_t_p05:.0f}-{row.cost_usd_t_p95:.0f}",
    )
    return f"{row.hours / 24:.1f} d ({days}), {row.cost_usd_t:.0f} USD/t ({usd})"


def _assumption_rows(results: Study, say: Phrases | None) -> Markup:
    """Show the parameters that weigh most, each with links to its sources."""
    table = results.assumptions().head(PARAMETERS_SHOWN)
    sources = results.net.sources
    tables = results.net.tables
    labels = [_label(tables, n, say) if n in tables.theta.names else n for n in table["name"]]
    links = [source_links(cell, sources) for cell in table["source"]]
    shown = pd.DataFrame(
        {
            "what": pd.Series(labels, table.index, dtype=object),
            "measure": table["measure"],
            "share, %": (100 * table["share"]).round(1),
            **table[["value", "low", "high", "unit", "confidence"]],
            # a column of text would turn marked-up cells into plain ones, which are escaped again
            "source": pd.Series(links, table.index, dtype=object),
            "note": as_written(table["note"]),
        }
    )
    return html_table(shown)


def _label(tables: Tables, name: str, say: Phrases | None) -> str | Markup:
    """Name of a parameter, in a language that is not English marked as said already."""
    if say is None:
        return parameter_label(tables, name)
    return Markup('<span lang="{}">{}</span>').format(say.words.lang, translated_label(tables, name, say.words))
