"""The page of the report: a brief that opens with the answer and needs nothing but itself."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from typing import Any

import jinja2
import numpy as np
import pandas as pd
from markupsafe import Markup, escape
from matplotlib.figure import Figure
from PIL import Image

from corridors.data.schema import items
from corridors.measures.headline import Headline
from corridors.measures.robustness import in_words
from corridors.plot.wording import parameter_label
from corridors.report.brief import brief
from corridors.report.pictures import Picture
from corridors.report.study import Study
from corridors.whatif.compare import Comparison

QUALITY = 82
"""Quality of the pictures inside the page (WebP); the PNG files beside it are lossless."""

PAGE_DPI = 190

PARAMETERS_SHOWN = 30


def render(results: Study, pictures: Sequence[Picture]) -> str:
    """Make the page."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("corridors.report"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    name = results.net.tables.name
    origin, destination = map(name, results.pair)
    return environment.get_template("report.html.j2").render(
        origins=list(map(name, dict.fromkeys(o for o, _ in results.titled().pair_list))),
        destinations=list(map(name, dict.fromkeys(d for _, d in results.titled().pair_list))),
        origin=origin,
        destination=destination,
        scenarios=list(results.titles.values())[1:],
        brief=brief(results),
        glance=_glance(results),
        headline={cargo: head.sentences() for cargo, head in results.heads.items()},
        gains=_gain_rows(results),
        connectivity={cargo: _connectivity_rows(head) for cargo, head in results.heads.items()},
        robust={name: _ranking_rows(table, name, results.titles) for name, table in results.robust.items()},
        pictures={picture.name: (picture, _embedded(picture.figure)) for picture in pictures},
        tables={f"{c}, {w}, border {b}": _pair_table(results, t) for c, w, b, t in results.comparisons()},
        legs={
            f"{cargo}, {way}, border {border}: {results.titles[scenario]}": _html(route.shown_legs())
            for cargo, way, border, comparison in results.comparisons()
            for scenario, route in results.shown(comparison)
        },
        assumptions=_assumption_rows(results),
    )


def _embedded(figure: Figure) -> str:
    """Encode a picture as base64 text, small enough for a page that holds several of them."""
    drawn, packed = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="png", dpi=PAGE_DPI)
    with Image.open(drawn) as picture:
        picture.convert("RGB").save(packed, "WEBP", quality=QUALITY)
    return base64.b64encode(packed.getvalue()).decode("ascii")


def _glance(results: Study) -> Markup:
    """Show the 2 x 2 of every scenario: rail only and all modes, border open and closed."""
    table = results.head.table()
    rows: dict[str, dict[str, str]] = {}
    for row in table[table["scenario"] != next(iter(results.titles))].itertuples():
        rows.setdefault(results.titles[row.scenario], {})[f"{row.way}, border {row.border}"] = _glance_cell(row)
    return _html(pd.DataFrame.from_dict(rows, orient="index").rename_axis("scenario").reset_index())


def _glance_cell(row: Any) -> str:
    if row.gaining + row.joined == 0:
        return "0: no pair gains"
    text = f"{row.days:+.1f} days, {row.usd_t:+.0f} USD/t; {row.gaining} of {row.compared} pairs gain"
    joined = f", {row.joined} joined anew" if row.joined else ""
    return (text + joined).replace("-", "\N{MINUS SIGN}")


def _gain_rows(results: Study) -> Markup:
    """Show the table of gains, the base left out."""
    table = results.gains()
    shown = table[table["scenario"] != next(iter(results.titles))].drop(columns=["pairs", "parted"])
    names = {
        "compared": "pairs compared",
        "gaining": "pairs that gain",
        "joined": "newly joined",
        "days": "change, days",
        "usd_t": "change, USD/t",
        "generalized_usd_t": "change, generalized USD/t",
        "transit_share": f"share by {results.head.transit}",
    }
    return _html(shown.assign(scenario=shown["scenario"].map(results.titles)).round(2).rename(columns=names))


def _connectivity_rows(head: Headline) -> Markup:
    """Show the measures of connectivity with the border open."""
    table = head.shown_connectivity()
    shown = table[table["border"] == "open"].drop(columns="border")
    return _html(shown.rename(columns=lambda name: str(name).replace("_", " ")))


def _ranking_rows(table: pd.DataFrame, name: str, titles: Mapping[str, str]) -> Markup:
    """Show a table of rankings, scenarios by their titles."""
    shown = table.round(1).rename(index=in_words).rename_axis(name).reset_index()
    shown["best"] = shown["best"].map(lambda scenario: titles.get(scenario, scenario))
    shown["same_ranking"] = shown["same_ranking"].map({True: "yes", False: "no"})
    return _html(shown.rename(columns={**titles, "same_ranking": "same ranking"}))


def _pair_table(results: Study, comparison: Comparison) -> Markup:
    """Show days with the band of trips and USD/t per pair, one column per scenario."""
    pairs = comparison.pairs().set_index(["origin", "destination"])
    name = results.net.tables.name
    cells = pd.DataFrame({"pair": [f"{name(o)} - {name(d)}" for o, d in comparison.pair_list]})
    for scenario_name, part in pairs.groupby("scenario", sort=False):
        cells[results.titles[scenario_name]] = [_cell(row) for row in part.itertuples()]
    return _html(cells)


def _cell(row: Any) -> str:
    if np.isnan(row.hours):
        return "no way"
    return f"{row.hours / 24:.1f} d ({row.hours_p05 / 24:.0f}-{row.hours_p95 / 24:.0f}), {row.cost_usd_t:.0f} USD/t"


def _assumption_rows(results: Study) -> Markup:
    """Show the parameters that weigh most, each with links to its sources."""
    table = results.assumptions().head(PARAMETERS_SHOWN)
    sources = results.net.sources
    tables = results.net.tables
    links = [Markup("; ").join(_source(ident, sources) for ident in items(cell)) for cell in table["source"]]
    shown = pd.DataFrame(
        {
            "what": [parameter_label(tables, n) if n in tables.theta.names else n for n in table["name"]],
            "measure": table["measure"],
            "share, %": (100 * table["share"]).round(1),
            **table[["value", "low", "high", "unit", "confidence"]],
            # a column of text would turn marked-up cells into plain ones, which are escaped again
            "source": pd.Series(links, table.index, dtype=object),
            "note": table["note"],
        }
    )
    return _html(shown)


def _source(ident: str, sources: pd.DataFrame) -> Markup:
    """Name a source, with its title, and linked where it has an address on the web."""
    if ident not in sources.index:
        return escape(ident)
    row = sources.loc[ident]
    if not str(row["url"]).startswith(("http://", "https://")):
        return Markup('<span title="{}">{}</span>').format(row["title"], ident)
    return Markup('<a href="{}" title="{}" rel="noreferrer">{}</a>').format(row["url"], row["title"], ident)


def _html(table: pd.DataFrame) -> Markup:
    """Turn a table into HTML, cells escaped unless they are HTML already; numbers stand to the right."""
    head = Markup("").join(Markup("<th>{}</th>").format(name) for name in table.columns)
    rows = (
        Markup("<tr>{}</tr>").format(Markup("").join(map(_html_cell, row)))
        for row in table.itertuples(index=False, name=None)
    )
    return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(head, Markup("\n").join(rows))


def _html_cell(value: Any) -> Markup:
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number):
        return Markup("<td>{}</td>").format(value)
    text = "\N{EN DASH}" if np.isnan(value) else f"{value:,}".removesuffix(".0").replace("-", "\N{MINUS SIGN}")
    return Markup('<td class="n">{}</td>').format(text)
