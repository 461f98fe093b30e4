"""A quote for reading: as text, and as a page that prints on A4."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import jinja2
import pandas as pd
from markupsafe import Markup

from corridors.base.columns import is_number
from corridors.base.dates import in_words
from corridors.data.about import cite
from corridors.report.quote_tables import assumed_shares
from corridors.report.terms import Terms
from corridors.routing.route import Route

ASSUMED_SHOWN = 3
"""Assumptions shown of each way and measure on the page; all are in the table."""

PRICES = {"teu_usd": "One 20-ft container", "feu_usd": "One 40-ft container", "truck_usd": "One truck",
          "wagon_usd": "One wagon"}  # fmt: skip


LAST = ("Payload", "Total", "Emissions", "Handling")
"""Rows that stand below the prices of all units."""


class Shown(Protocol):
    """What is shown of a quote."""

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


def heading(routes: Sequence[Route], terms: Terms, commodity: str | None) -> str:
    """Ends of the journey with their countries, cargo and departure."""
    tables = routes[0].problem.tables
    ends = [f"{tables.name(end)} ({tables.country(end)})" for end in (routes[0].origin, routes[0].destination)]
    units = " or ".join(dict.fromkeys(route.cargo for route in routes))
    good = f"{tables.find('commodities', commodity)['name']}, " if commodity else ""
    return f"{' - '.join(ends)}: {good}{units}, departure {in_words(terms.departure.isoformat())}"


def side_by_side(shown: Shown) -> pd.DataFrame:
    """Ways in columns, what is told of them in rows, as text."""
    table = shown.table(names=True)
    columns = {f"Way {number}": _cells(row) for number, row in table.iterrows()}
    order = list(dict.fromkeys(name for cells in columns.values() for name in cells))
    last = [name for name in order if name in LAST or name.startswith("Total")]
    found = pd.DataFrame(columns).reindex([*(name for name in order if name not in last), *last])
    found = found.fillna("\N{EN DASH}")
    found.columns.name = "way"
    return found.rename_axis("")


def _cells(row: pd.Series) -> dict[str, str]:
    """Figures of one way as they are read."""
    cells = {
        "By": f"{row['cargo']} ({row['modes'].replace('+', ', ')})",
        "Through": row["countries"],
        "Length": f"{row['km']:,.0f} km",
        "Days expected": f"{row['days']:.1f}",
        "Days P50 / P90": f"{row['p50_days']:.1f} / {row['p90_days']:.1f}",
        "Arrival expected": in_words(row["arrival"].isoformat()),
        "Arrival P50": in_words(row["p50_arrival"].isoformat()),
        "Arrival P90": in_words(row["p90_arrival"].isoformat()),
        "One tonne": f"{row['cost_usd_t']:,.0f} USD",
    }
    cells |= {words: f"{row[name]:,.0f} USD" for name, words in PRICES.items() if row.get(name, 0) > 0}
    cells["Payload"] = f"{row['payload_t']:g} t in a {row['unit']}"
    cells["Total"] = f"{row['total_usd']:,.0f} USD for {row['units']} ({row['units'] * row['payload_t']:,.0f} t)"
    if row["currency"] != "USD":
        cells["Total in " + row["currency"]] = f"{row['total']:,.0f} {row['currency']}"
    more = {"Emissions": f"{row['co2e_kg_t']:,.0f} kg CO2e/t"}
    counts = {"borders": "border", "transfers": "transfer", "gauge_breaks": "gauge change"}
    handled = [f"{row[name]} {words}{'s' if row[name] > 1 else ''}" for name, words in counts.items() if row[name]]
    more["Handling"] = ", ".join(handled) or "none"
    return cells | more


def asked_of(shown: Shown) -> pd.DataFrame:
    """Crossings with what they ask, in words: ways, border, hours, what is known; those of several ways once."""
    rows: dict[tuple[str, int, str], list[str]] = {}
    for row in shown.crossings(names=True).itertuples():
        words = (
            "; ".join(filter(None, [row.restrictions, row.documents, row.closures, row.stops]))
            or "nothing known but the hours"
        )
        border = f"{row.crossing} ({row.from_country}-{row.to_country}, {row.mode})"
        rows.setdefault((border, round(row.hours), words), []).append(str(row.way))
    columns = ["way", "border", "hours", "what the tables know"]
    return pd.DataFrame([(", ".join(ways), *key) for key, ways in rows.items()], columns=columns)


def text(shown: Shown) -> str:
    """Quote as text."""
    asked = asked_of(shown)
    parts = [
        shown.heading,
        f"State of the borders: {shown.border_state}",
        "",
        side_by_side(shown).rename_axis(columns=None).to_string(max_colwidth=None),
    ]
    if len(asked):
        parts += ["", "Borders", *(f"  way {r[0]}: {r[1]}, {r[2]} h: {r[3]}" for r in asked.to_numpy().tolist())]
    parts += ["", "Assumed", *(f"  {line}" for line in assumed_lines(shown))]
    return "\n".join([*parts, "", "Terms", *(f"  {line}" for line in shown.conditions())])


def assumed_lines(shown: Shown) -> list[str]:
    """Share of each way's hours and cost that rests on assumptions."""
    lines = []
    for number, route in enumerate(shown.routes, start=1):
        share = assumed_shares(route)
        lines.append(
            f"way {number}: {share['hours']:.0%} of the hours and {share['cost']:.0%} of the cost rest on parameters "
            "without a published source"
        )
    return lines


def fragment(shown: Shown) -> str:
    """Quote for a notebook: heading, ways and terms."""
    terms = Markup("").join(Markup("<li>{}</li>").format(line) for line in shown.conditions())
    table = side_by_side(shown).rename_axis(columns=None).to_html(border=0)
    head = Markup("<p><b>{}</b><br>State of the borders: {}</p>").format(shown.heading, shown.border_state)
    return str(head + Markup(table) + Markup("<ul>{}</ul>").format(terms))  # noqa: S704 - pandas escapes the cells


def page(shown: Shown) -> str:
    """Quote as a page."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("corridors.report"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    ways = side_by_side(shown).rename_axis(columns=None)
    return environment.get_template("quote.html.j2").render(
        heading=shown.heading,
        state=shown.border_state,
        columns=list(ways.columns),
        rows=[(str(name), row.tolist()) for name, row in ways.iterrows()],
        crossings=_cells_of(asked_of(shown)),
        legs=[(number, _cells_of(route.shown_legs())) for number, route in enumerate(shown.routes, start=1)],
        shares=assumed_lines(shown),
        assumed=_cells_of(_assumed(shown)),
        conditions=shown.conditions(),
        sources=[row.to_dict() for _, row in shown.sources().iterrows()],
        citation=str(cite()),
    )


def _cells_of(table: pd.DataFrame) -> dict[str, Any]:
    """Columns of a table and its rows, each cell with whether it is a number, for the template."""
    rows = [
        [(f"{cell:,}" if is_number(cell) else str(cell), is_number(cell)) for cell in row]
        for row in table.itertuples(index=False, name=None)
    ]
    return {"columns": list(table.columns), "rows": rows}


def _assumed(shown: Shown) -> pd.DataFrame:
    """Largest assumptions of each way and measure."""
    table = shown.assumed()
    table = table[table["measure"].isin(["hours", "cost"])].groupby(["way", "measure"], sort=False).head(ASSUMED_SHOWN)
    cells: dict[str, Any] = {
        "way": table["way"].astype(str),
        "what": table["what"],
        "of the": table["measure"],
        "share, %": (100 * table["share"]).round().astype(int),
        "value": [f"{row.value:g} ({row.low:g} to {row.high:g}) {row.unit}" for row in table.itertuples()],
        "ground": table["note"],
    }
    return pd.DataFrame(cells)
