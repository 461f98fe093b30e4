"""What is stated of lines, crossings, terminals and ports, in words for the details of the interactive map."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import pandas as pd

from corridors.data.attributes import statements
from corridors.data.tables import Tables
from corridors.plot.web.book import Book, Row, kept

NAMES: Final = {
    "capacity": "Capacity",
    "traffic": "Traffic",
    "tracks": "Tracks",
    "traction": "Traction",
    "axle_load_t": "Axle load",
    "train_mass_t": "Mass of a train",
    "train_length_m": "Length of a train",
    "freight_speed_kmh": "Speed of goods trains between stops",
    "line_speed_kmh": "Speed of the line",
    "commercial_speed_kmh": "Speed with stops",
    "gradient_permille": "Ruling gradient",
    "loops_km": "Distance between loops",
    "lanes": "Lanes",
    "servers": "Vehicles handled at a time",
    "restriction": "Limit",
}
"""What attributes are called."""

WITHOUT_UNIT: Final = ("tracks", "lanes", "servers")
"""Attributes whose name says what is counted."""


def entered(book: Book, tables: Tables, kind: str, ident: str) -> list[int]:
    """Enter what is stated of a thing, the statement that is used first, and return their numbers.

    Parameters
    ----------
    book
        The book.
    tables
        Tables of the network.
    kind
        `link`, `crossing`, `terminal` or `port`.
    ident
        Id of the thing.
    """
    groups = book.once(("statements", id(tables)), lambda: _by_thing(tables))
    return [book.statements.add(_row(book, tables, told)) for told in groups.get((kind, ident), ())]


def _by_thing(tables: Tables) -> dict[tuple[str, str], list[Row]]:
    table = statements(tables).sort_values("used", ascending=False, kind="stable")
    found: dict[tuple[str, str], list[Row]] = {}
    for told in table.to_dict("records"):
        found.setdefault((str(told["kind"]), str(told["id"])), []).append({str(k): v for k, v in told.items()})
    return found


def _row(book: Book, tables: Tables, told: Row) -> Row:
    """Statement as the page holds it."""
    more = {"used": bool(told["used"]), "sources": book.source_list(tables, told["source"])}
    name = NAMES[told["attribute"]] + (f" by {told['mode']}" if told["kind"] in ("crossing", "port") else "")
    return {"name": name, "told": in_words(told), **kept(told, ("status", "year", "note")), **more}


def in_words(told: Row) -> str:
    """Value of a statement with its unit and range, or its words.

    Parameters
    ----------
    told
        Row of `corridors.data.attributes.statements`.

    >>> in_words({"attribute": "capacity", "value": 2100, "low": 2000, "high": 2200, "unit": "wagons/day",
    ...           "ways": "each", "text": ""})
    '2,100 wagons/day (2,000 to 2,200) each way'
    """
    if told["text"] and pd.isna(told["value"]):
        return str(told["text"])
    unit = "" if told["attribute"] in WITHOUT_UNIT else f" {told['unit']}"
    told_range = [told[end] for end in ("low", "high")]
    band = "" if any(map(pd.isna, told_range)) else f" ({' to '.join(_numbers(told_range))})"
    when = f", {told['text']}" if told["text"] else ""
    return f"{next(iter(_numbers([told['value']])))}{unit}{band}{' each way' if told['ways'] else ''}{when}"


def _numbers(values: Iterable[Any]) -> list[str]:
    return [f"{value:,.10g}" for value in values]
