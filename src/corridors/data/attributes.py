"""Attributes of things: tracks, loads, speeds, capacities; what each statement is about, and which one is used.

A statement is a row of the table `attributes`. Statements that contradict each other all stay. Of those on one thing
the one is used that holds on the day, then by its status (observed, then official and limits by order, then plans, then
claims, then what was computed), then the newest, then by its confidence.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from corridors.base.cache import Slot, unchanged
from corridors.base.dates import first_day, last_day
from corridors.base.names import near
from corridors.data import schema
from corridors.data.attribute_rows import TABLES
from corridors.data.section_links import Sections
from corridors.data.tables import Tables

Thing = tuple[str, str]
"""Kind (`link`, `crossing`, `terminal` or `port`) and id."""

RANK = {"observed": 0, "official": 1, "limit": 1, "plan": 2, "claim": 3, "computed": 4}
"""Order in which statements are used, by their status."""

WIDE = (
    "axle_load_t", "train_mass_t", "train_length_m", "freight_speed_kmh", "line_speed_kmh", "commercial_speed_kmh",
    "gradient_permille", "loops_km", "lanes", "restriction", "capacity", "capacity_unit", "capacity_status", "traffic",
    "traffic_unit",
)  # fmt: skip
"""Columns that links have beside those of their table."""

COLUMNS = (
    "kind", "id", "mode", "attribute", "value", "low", "high", "unit", "ways", "text", "status", "used", "start", "end",
    "year", "source", "confidence", "note", "statement",
)  # fmt: skip
"""Columns of `statements`."""

_GRADES = {"A": 0, "B": 1, "C": 2, "assumed": 3}

_THINGS = Slot[tuple[list[list[Thing]], list[list[str]]]]("things of statements", most=1, carried=unchanged)

_WIDE = Slot[pd.DataFrame]("attributes of links by date", most=8, carried=unchanged)

_STATED = Slot[pd.DataFrame]("statements by date", most=8, carried=unchanged)


def things_of(tables: Tables) -> tuple[list[list[Thing]], list[list[str]]]:
    """Things that each statement is about, and what of its subject the tables do not have.

    Parameters
    ----------
    tables
        Tables of a network.

    >>> import corridors as co
    >>> tables = co.load().tables
    >>> row = list(tables["attributes"]["id"]).index("kyzylzhar-sexeul-capacity-2025")
    >>> [ident for _, ident in things_of(tables)[0][row]]
    ['kyzylzhar--zhezkazgan:rail-1520', 'zhezkazgan--sexeul:rail-1520']
    """
    return tables.cache.get(_THINGS, "all", lambda: _resolved(tables))


def _resolved(tables: Tables) -> tuple[list[list[Thing]], list[list[str]]]:
    if tables["attributes"].empty:
        return [], []
    sections = Sections(tables["links"], tables["places"])
    existing = {kind: set(tables[table]["id"]) for kind, table in TABLES.items()}
    things: list[list[Thing]] = []
    problems: list[list[str]] = []
    for row in tables["attributes"].to_dict("records"):
        found: dict[Thing, None] = {}
        wrong: list[str] = []
        kind, mode = str(row["kind"]), str(row["mode"])
        for item in schema.items(row["subject"]):
            if kind == "section":
                idents, missing = sections.between(item.split("--"), mode)
                wrong += missing
            elif kind in ("line", "country"):
                idents = sections.of_line(item, mode) if kind == "line" else sections.inside(item, mode)
                wrong += [] if idents else [f"no {mode + ' ' if mode else ''}link of {kind} '{item}'"]
            else:
                idents = [item] if item in existing[kind] else []
                hints = near(item, existing[kind], most=2) if not idents else []
                also = f"; near matches: {', '.join(hints)}" if hints else ""
                wrong += [] if idents else [f"no {kind} '{item}'{also}"]
            found |= dict.fromkeys((kind if kind in TABLES else "link", ident) for ident in idents)
        things.append(list(found))
        problems.append(wrong)
    return things, problems


def statements(tables: Tables, date: str | None = None) -> pd.DataFrame:
    """Table of what is stated of each thing, one row per thing and statement, the used ones marked.

    Parameters
    ----------
    tables
        Tables of a network.
    date
        Day, month or year; by default that to which the tables were collected.

    Returns
    -------
    DataFrame
        kind, id, mode, attribute, value, low, high, unit, ways, text, status, used, start, end, year, source,
        confidence, note and statement (its id in the table `attributes`).

    >>> import corridors as co
    >>> found = statements(co.load().tables)
    >>> found = found[(found["id"] == "sayak--aktogay:rail-1520") & (found["attribute"] == "capacity")]
    >>> found[["value", "unit", "used"]].values.tolist()
    [[12.0, 'pairs/day', False], [60.0, 'pairs/day', True]]
    """
    return tables.cache.get(_STATED, date or tables.as_of, lambda: _stated(tables, date or tables.as_of)).copy()


def _stated(tables: Tables, date: str) -> pd.DataFrame:
    table = tables["attributes"].rename(columns={"id": "statement"}).drop(columns=["kind", "subject"])
    about = things_of(tables)[0]
    rows = np.repeat(np.arange(len(table)), [len(some) for some in about])
    names = [thing for some in about for thing in some]
    made = table.iloc[rows].reset_index(drop=True)
    made = made.assign(kind=[kind for kind, _ in names], id=[ident for _, ident in names])
    made["used"] = _used(made, date)
    order = made.sort_values(["kind", "id", "attribute"], kind="stable", ignore_index=True)
    return order[list(COLUMNS)]


def _used(made: pd.DataFrame, date: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which statements are used: the first of each thing, mode and attribute by the rule above."""
    used = np.zeros(len(made), dtype=bool)
    best: dict[tuple[str, ...], tuple[tuple[int, int, int], int]] = {}
    keys = zip(made["kind"], made["id"], made["mode"], made["attribute"], strict=True)
    for row, (key, about) in enumerate(zip(keys, made.to_dict("records"), strict=True)):
        if not _holds(str(about["start"]), str(about["end"]), date):
            continue
        year = str(about["year"])[:4]
        merit = RANK[str(about["status"])], -int(year) if year.isdigit() else 0, _GRADES[str(about["confidence"])]
        if key not in best or merit < best[key][0]:
            best[key] = merit, row
    used[[row for _, row in best.values()]] = True
    return used


def _holds(start: str, end: str, date: str) -> bool:
    """Whether a statement holds on a date; without one, what has ended does not."""
    if not date:
        return not end
    return not (start and first_day(start) > last_day(date)) and not (end and last_day(end) < first_day(date))


def of_links(tables: Tables, date: str | None = None) -> pd.DataFrame:
    """Table of what is used of the attributes of links: the columns `WIDE`, tracks and traction, blank where unknown.

    Parameters
    ----------
    tables
        Tables of a network.
    date
        As in `statements`.

    Returns
    -------
    DataFrame
        In the order of the links. Tracks and traction are those of the table of links where no statement tells them.

    >>> import corridors as co
    >>> of_links(co.load().tables)["capacity"].dropna().max()
    np.float64(70.0)
    """
    day = date or tables.as_of
    return tables.cache.get(_WIDE, day, lambda: _of_links(tables, day)).copy()


def _of_links(tables: Tables, date: str) -> pd.DataFrame:
    links = tables["links"]
    found = statements(tables, date)
    found = found[(found["kind"] == "link") & found["used"]]
    made = {name: np.full(len(links), "" if _in_words(name) else np.nan, dtype=object) for name in WIDE}
    made |= {name: links[name].to_numpy(dtype=object).copy() for name in ("tracks", "traction")}
    number = tables.rows("links")
    for row in found.to_dict("records"):
        at, name = number[str(row["id"])], str(row["attribute"])
        if name in ("traction", "restriction"):
            made[name][at] = row["text"]
        elif name == "tracks":
            made[name][at] = f"{row['value']:g}"
        elif name in made:
            made[name][at] = row["value"]
        for end in ("unit", "status"):
            if f"{name}_{end}" in made:
                made[f"{name}_{end}"][at] = row[end]
    words = {name: pd.Series(column, links.index, dtype=str if len(links) else object) for name, column in made.items()
             if _in_words(name)}  # fmt: skip
    numbers = {name: column.astype(float) for name, column in made.items() if not _in_words(name)}
    return pd.DataFrame({name: words.get(name, numbers.get(name)) for name in made}, index=links.index)


def _in_words(name: str) -> bool:
    return name in ("tracks", "traction", "restriction") or name.endswith(("_unit", "_status"))
