"""A quote for reading: as text, and as a page that prints on A4."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import jinja2
import pandas as pd
from markupsafe import Markup

from corridors.base.columns import is_number
from corridors.base.languages import ENGLISH, Words, words
from corridors.base.units import UNIT_NAMES
from corridors.data.about import cite
from corridors.report.quote_tables import assumed_shares
from corridors.report.terms import Terms
from corridors.routing.route import Route

ASSUMED_SHOWN = 3
"""Assumptions shown of each way and measure on the page; all are in the table."""

PRICES = ("teu", "feu", "truck", "wagon")
"""Units that have a price."""

LAST = ("row.payload", "row.total", "row.emissions", "row.handling")
"""Rows that stand below the prices of all units."""


class Shown(Protocol):
    """What is shown of a quote."""

    @property
    def lang(self) -> str:
        """Code of the language."""

    @property
    def routes(self) -> tuple[Route, ...]:
        """Ways."""

    @property
    def heading(self) -> str:
        """Ends, cargo and departure."""

    @property
    def border_state(self) -> str:
        """State of the borders."""

    def table(self, *, names: bool) -> pd.DataFrame:
        """Table of the ways."""

    def crossings(self, *, names: bool) -> pd.DataFrame:
        """Table of the crossings."""

    def assumed(self) -> pd.DataFrame:
        """Table of what is assumed."""

    def conditions(self) -> list[str]:
        """What the figures hold for."""

    def sources(self) -> pd.DataFrame:
        """Sources."""


def heading(routes: Sequence[Route], terms: Terms, commodity: str | None, lang: str = ENGLISH) -> str:
    """Ends of the journey with their countries, cargo and departure."""
    tables, say = routes[0].problem.tables, words(lang)
    ends = [
        f"{say.name(tables.name(end))} ({tables.country(end)})" for end in (routes[0].origin, routes[0].destination)
    ]
    units = say("quote.or").join(dict.fromkeys(say(f"cargo.{route.cargo}") for route in routes))
    good = f"{say.name(str(tables.find('commodities', commodity)['name']))}, " if commodity else ""
    date = say.date(terms.departure.isoformat())
    return say("quote.heading", ends=" - ".join(ends), what=good + units, date=date)


def side_by_side(shown: Shown) -> pd.DataFrame:
    """Ways in columns, what is told of them in rows, as text."""
    table, say = shown.table(names=True), words(shown.lang)
    columns = {say("quote.way", number=number): _cells(row, say) for number, row in table.iterrows()}
    order = list(dict.fromkeys(name for cells in columns.values() for name in cells))
    below = {*map(say, LAST), *(say("row.total_in", currency=code) for code in table["currency"])}
    last = [name for name in order if name in below]
    found = pd.DataFrame(columns).reindex([*(name for name in order if name not in last), *last])
    found = found.fillna("\N{EN DASH}")
    found.columns.name = say("quote.way_column")
    return found.rename_axis("")


def _cells(row: pd.Series, say: Words) -> dict[str, str]:
    """Figures of one way as they are read."""
    modes = ", ".join(say(f"mode.{mode}") for mode in row["modes"].split("+"))
    dates = {name: say.date(row[name].isoformat()) for name in ("arrival", "p50_arrival", "p90_arrival")}
    late = " / ".join(say.number(row[f"p{point}_days"], 1) for point in (50, 90))
    unit = next(key for key, words_of in UNIT_NAMES.items() if words_of == row["unit"])
    cells = {
        "row.by": say("row.by_cell", cargo=say(f"cargo.{row['cargo']}"), modes=modes),
        "row.through": row["countries"],
        "row.length": say("row.length_cell", km=say.number(row["km"])),
        "row.days": say.number(row["days"], 1),
        "row.days_late": late,
        **{f"row.{name}": date for name, date in dates.items()},
        "row.tonne": say("row.usd", usd=say.number(row["cost_usd_t"])),
    }
    priced = [name for name in PRICES if row.get(f"{name}_usd", 0) > 0]
    cells |= {f"one.{name}": say("row.usd", usd=say.number(row[f"{name}_usd"])) for name in priced}
    cells["row.payload"] = say("row.payload_cell", tonnes=say.short(row["payload_t"]), unit=say(f"unit.{unit}"))
    tonnes = say.number(row["units"] * row["payload_t"])
    cells["row.total"] = say("row.total_cell", usd=say.number(row["total_usd"]), units=row["units"], tonnes=tonnes)
    named = {say(key): cell for key, cell in cells.items()}
    if row["currency"] != "USD":
        amount = say("row.money", amount=say.number(row["total"]), currency=row["currency"])
        named[say("row.total_in", currency=row["currency"])] = amount
    counts = {"borders": "border", "transfers": "transfer", "gauge_breaks": "gauge_break"}
    handled = [say.count(f"count.{thing}", int(row[name])) for name, thing in counts.items() if row[name]]
    return named | {
        say("row.emissions"): say("row.emissions_cell", kg=say.number(row["co2e_kg_t"])),
        say("row.handling"): ", ".join(handled) or say("row.none"),
    }


def asked_of(shown: Shown) -> pd.DataFrame:
    """Crossings with what they ask, in words: ways, border, hours, what is known; those of several ways once."""
    say, rows = words(shown.lang), dict[tuple[str, int, str], list[str]]()
    for row in shown.crossings(names=True).itertuples():
        told = "; ".join(filter(None, [row.restrictions, row.documents, row.closures, row.stops]))
        border = say(
            "asked.crossing",
            crossing=say.name(row.crossing),
            first=row.from_country,
            last=row.to_country,
            mode=say(f"mode.{row.mode}"),
        )
        rows.setdefault((border, round(row.hours), told or say("asked.nothing")), []).append(str(row.way))
    columns = [say(f"asked.{column}") for column in ("way", "border", "hours", "what")]
    return pd.DataFrame([(", ".join(ways), *key) for key, ways in rows.items()], columns=columns)


def text(shown: Shown) -> str:
    """Quote as text."""
    asked, say = asked_of(shown), words(shown.lang)
    parts = [
        shown.heading,
        say("quote.state", state=shown.border_state),
        "",
        side_by_side(shown).rename_axis(columns=None).to_string(max_colwidth=None),
    ]
    if len(asked):
        lines = [
            say("quote.border_line", ways=r[0], border=r[1], hours=r[2], what=r[3]) for r in asked.to_numpy().tolist()
        ]
        parts += ["", say("quote.borders"), *lines]
    parts += ["", say("quote.assumed_short"), *(f"  {line}" for line in assumed_lines(shown))]
    return "\n".join([*parts, "", say("quote.terms"), *(f"  {line}" for line in shown.conditions())])


def assumed_lines(shown: Shown) -> list[str]:
    """Share of each way's hours and cost that rests on assumptions."""
    say, lines = words(shown.lang), []
    for number, route in enumerate(shown.routes, start=1):
        share = {name: f"{value:.0%}" for name, value in assumed_shares(route).items()}
        lines.append(say("quote.assumed_line", number=number, **share))
    return lines


def fragment(shown: Shown) -> str:
    """Quote for a notebook: heading, ways and terms."""
    terms = Markup("").join(Markup("<li>{}</li>").format(line) for line in shown.conditions())
    table = side_by_side(shown).rename_axis(columns=None).to_html(border=0)
    head = Markup("<p><b>{}</b><br>{}</p>").format(
        shown.heading, words(shown.lang)("quote.state", state=shown.border_state)
    )
    return str(head + Markup(table) + Markup("<ul>{}</ul>").format(terms))  # noqa: S704 - pandas escapes the cells


def page(shown: Shown) -> str:
    """Quote as a page."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("corridors.report"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    ways, say = side_by_side(shown).rename_axis(columns=None), words(shown.lang)
    return environment.get_template("quote.html.j2").render(
        say=say,
        main=[say("row.arrival"), say("row.total")],
        heading=shown.heading,
        state=say("quote.state", state=shown.border_state),
        columns=list(ways.columns),
        rows=[(str(name), row.tolist()) for name, row in ways.iterrows()],
        crossings=_cells_of(asked_of(shown), say),
        legs=[
            (number, _cells_of(route.shown_legs(shown.lang), say)) for number, route in enumerate(shown.routes, start=1)
        ],
        shares=assumed_lines(shown),
        assumed=_cells_of(_assumed(shown), say),
        conditions=shown.conditions(),
        sources=[row.to_dict() for _, row in shown.sources().iterrows()],
        citation=str(cite()),
    )


def _cells_of(table: pd.DataFrame, say: Words) -> dict[str, Any]:
    """Columns of a table and its rows, each cell with whether it is a number, for the template."""
    rows = [
        [(say.own(f"{cell:,}") if is_number(cell) else str(cell), is_number(cell)) for cell in row]
        for row in table.itertuples(index=False, name=None)
    ]
    return {"columns": list(table.columns), "rows": rows}


def _assumed(shown: Shown) -> pd.DataFrame:
    """Largest assumptions of each way and measure."""
    table = shown.assumed()
    table = table[table["measure"].isin(["hours", "cost"])].groupby(["way", "measure"], sort=False).head(ASSUMED_SHOWN)
    say = words(shown.lang)
    cells: dict[str, Any] = {
        "way": table["way"].astype(str),
        "what": table["what"],
        "of_the": [say(f"assumed.{measure}") for measure in table["measure"]],
        "share": (100 * table["share"]).round().astype(int),
        "value": [_range(row, say) for row in table.itertuples()],
    }
    # notes are in English
    cells |= {"ground": table["note"]} if shown.lang == ENGLISH else {}
    return pd.DataFrame({say(f"assumed.{name}"): column for name, column in cells.items()}, table.index)


def _range(row: Any, say: Words) -> str:
    """Value of a parameter with its range and unit; in English the unit is that of the table."""
    unit = row.unit if say.lang == ENGLISH else say(f"measure.{row.unit}")
    return say("assumed.range", value=say.short(row.value), low=say.short(row.low), high=say.short(row.high), unit=unit)
