"""The schema of every table, read from `schema.csv`: one truth for code, data check and documentation."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

from corridors.base.dates import month_number
from corridors.base.errors import InputError, SchemaError
from corridors.base.names import near

FIRST_ROW = 2
"""Number of the first row of a table below one line of header."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The file (with sheet or layer) of a table, and the number of each of its rows there.

    A table that was made in memory has no file; its rows are counted as if below a header.
    """

    file: str = ""
    rows: Sequence[int] | None = None

    def row(self, number: int) -> int:
        """Number by which a row is found in the file.

        >>> Origin().row(0), Origin("links.csv", (2, 5)).row(1)
        (2, 5)
        """
        return number + FIRST_ROW if self.rows is None else int(self.rows[number])

    def say(self, number: int, column: str, text: str) -> str:
        """Message about a row or cell, with where it stands."""
        where = f", column '{column}'" if column else ""
        return f"row {self.row(number)}{where}: {text}"


NOWHERE = Origin()
"""Origin of tables made in memory."""


SEPARATOR = ";"
"""Separator of the items of a list in one cell."""

FILE_TABLES = ("network", "overrides", "lines")
"""Tables of files only: what a network has beside its tables. In files with geometry, lines are that of the links."""

_NOT_IN_ID = re.compile(rf"[\s{SEPARATOR}]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of one table."""

    table: str
    name: str
    type: str
    unit: str
    required: bool
    choices: tuple[str, ...]
    refers_to: str
    description: str


@cache
def tables() -> dict[str, dict[str, Column]]:
    """Columns of every table of a network, in order.

    >>> list(tables())[:3], tables()["links"]["length_km"].unit
    (['sources', 'places', 'links'], 'km')
    """
    return {name: columns for name, columns in all_tables().items() if name not in FILE_TABLES}


@cache
def all_tables() -> dict[str, dict[str, Column]]:
    """Columns of every table that a file may have, in order.

    >>> list(all_tables())[-3:]
    ['network', 'overrides', 'lines']
    """
    found: dict[str, dict[str, Column]] = {}
    with files("corridors.data").joinpath("schema.csv").open(encoding="utf8") as file:
        for row in csv.DictReader(file):
            choices = tuple(row["choices"].split(SEPARATOR)) if row["choices"] else ()
            column = Column(
                row["table"],
                row["column"],
                row["type"],
                row["unit"],
                row["required"] == "yes",
                choices,
                row["refers_to"],
                row["description"],
            )
            found.setdefault(column.table, {})[column.name] = column
    return found


@cache
def parameter_keys() -> tuple[str, ...]:
    """Key columns of the table `parameters`, from the most to the least specific: the order in which they stand.

    >>> parameter_keys()[0], parameter_keys()[-1], len(parameter_keys())
    ('link', 'mode', 13)
    """
    columns = list(tables()["parameters"])
    return tuple(columns[columns.index("measure") + 1 : columns.index("value")])


def items(cell: object) -> list[str]:
    """Split a list cell into its items.

    >>> items("rail;road"), items("")
    (['rail', 'road'], [])
    """
    return [part.strip() for part in str(cell).split(SEPARATOR) if part.strip()] if cell else []


def conform(table: str, frame: pd.DataFrame, *, origin: Origin = NOWHERE) -> pd.DataFrame:
    """Bring a table into the form of the schema, or say everything that is wrong with it.

    Parameters
    ----------
    table
        Name of the table.
    frame
        Its rows; cells may be text or numbers. Columns that the schema does not know are refused.
    origin
        Where the rows were read, for the messages.

    Returns
    -------
    DataFrame
        All columns of the schema in its order; text blank where empty, numbers as floats (NaN where empty).

    Raises
    ------
    SchemaError
        Listing every missing or unknown column and every cell that does not fit.
    """
    columns = all_tables()[table]
    problems = list(_misnamed(columns, frame))
    if problems:
        raise SchemaError(table, problems, origin.file)
    made: dict[str, pd.Series] = {}
    wrong: list[tuple[int, str, str]] = []
    for name, column in columns.items():
        cells = frame[name].tolist() if name in frame else [""] * len(frame)
        made[name], misfits = _conform_column(column, cells)
        wrong += [(row, name, text) for row, text in misfits]
    if columns.get("id") and columns["id"].type == "id":
        wrong += _doubled(made["id"], origin)
    if wrong:
        raise SchemaError(table, [origin.say(*misfit) for misfit in sorted(wrong)], origin.file)
    return pd.DataFrame(made)


@cache
def empty(table: str) -> pd.DataFrame:
    """Table without rows, in the form of the schema."""
    return conform(table, pd.DataFrame(columns=list(all_tables()[table])))


def _misnamed(columns: dict[str, Column], frame: pd.DataFrame) -> Iterator[str]:
    """Yield which columns are missing and which are unknown, doubled or nameless."""
    yield from (f"column '{name}' is missing" for name, c in columns.items() if c.required and name not in frame)
    for name in frame.columns[frame.columns.duplicated()]:
        yield f"column '{name}' stands twice"
    for name in frame.columns:
        if name not in columns:
            hint = near(str(name), columns, most=1)
            yield f"unknown column '{name}'" + (f" (did you mean '{hint[0]}'?)" if hint else "")


def _doubled(ids: pd.Series, origin: Origin) -> list[tuple[int, str, str]]:
    first: dict[str, int] = {}
    found = []
    for row, ident in enumerate(ids):
        if ident and first.setdefault(ident, row) != row:
            found.append((row, "id", f"'{ident}' stands twice, first in row {origin.row(first[ident])}"))
    return found


def _conform_column(column: Column, cells: list[object]) -> tuple[pd.Series, list[tuple[int, str]]]:
    text = [_as_text(cell) for cell in cells]
    wrong: list[tuple[int, str]] = []
    if column.required:
        wrong += [(row, "empty") for row, value in enumerate(text) if not value]
    if column.type == "number":
        numbers = pd.Series([_as_number(value) for value in text], dtype=float)
        bad = [row for row in np.flatnonzero(~np.isfinite(numbers)) if text[row]]
        return numbers, wrong + [(int(row), f"'{text[row]}' is not a number{_comma(text[row])}") for row in bad]
    misfits = {value: _misfit(column, value) for value in set(text) - {""}}
    wrong += [(row, misfits[value]) for row, value in enumerate(text) if misfits.get(value)]
    return pd.Series(text, dtype=str if text else object), wrong


def _as_number(text: str) -> float:
    try:
        return float(text.replace("_", "?")) if text else np.nan
    except ValueError:
        return np.nan


def _comma(text: str) -> str:
    """Explain a decimal comma."""
    return " (write a point for the decimal comma)" if text.replace(",", "", 1).lstrip("-").isdigit() else ""


def _as_text(cell: object) -> str:
    if isinstance(cell, str):
        return cell.strip()
    if cell is None or cell is pd.NA or cell is pd.NaT or cell != cell:  # noqa: PLR0124 - NaN
        return ""
    if isinstance(cell, date):
        # spreadsheets turn 2011-12 into its first day
        return f"{cell:%Y-%m}" if cell.day == 1 else f"{cell:%Y-%m-%d}"
    # whole numbers read as floats keep their short form: 1520.0 is gauge "1520"
    if isinstance(cell, float | np.floating) and float(cell).is_integer():
        return str(int(cell))
    return str(cell).strip()


def _misfit(column: Column, value: str) -> str:
    for item in items(value) if column.type == "list" else [value]:
        if column.choices and item not in column.choices:
            hint = near(item, column.choices, most=1)
            also = f" (did you mean '{hint[0]}'?)" if hint else ""
            return f"'{item}' is none of {', '.join(column.choices)}{also}"
    if column.type == "id" and _NOT_IN_ID.search(value):
        return f"'{value}' has a space or '{SEPARATOR}' in an id"
    if column.type == "country" and not (len(value) == 2 and value.isascii() and value.isupper()):
        return f"'{value}' is not a country code of two capital letters"
    if column.type == "date":
        try:
            month_number(value)
        except InputError:
            return f"'{value}' is not a date (YYYY, YYYY-MM or YYYY-MM-DD)"
    return ""
