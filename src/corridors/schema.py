"""The schema of every table, read from `schema.csv`: one truth for code, data check and documentation."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

from corridors.dates import month_number
from corridors.errors import InputError, SchemaError
from corridors.names import near

SEPARATOR = ";"
"""Separator of the items of a list in one cell."""

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
    """Give the columns of every table, in order.

    >>> list(tables())[:3], tables()["links"]["length_km"].unit
    (['sources', 'places', 'links'], 'km')
    """
    found: dict[str, dict[str, Column]] = {}
    with files("corridors").joinpath("schema.csv").open(encoding="utf8") as file:
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


def items(cell: object) -> list[str]:
    """Split a list cell into its items.

    >>> items("rail;road"), items("")
    (['rail', 'road'], [])
    """
    return [part.strip() for part in str(cell).split(SEPARATOR) if part.strip()] if cell else []


def conform(table: str, frame: pd.DataFrame, *, first_row: int = 2) -> pd.DataFrame:
    """Bring a table into the form of the schema, or say everything that is wrong with it.

    Parameters
    ----------
    table
        Name of the table.
    frame
        Its rows; cells may be text or numbers. Columns that the schema does not know are refused.
    first_row
        Number by which the first row is called in messages (2 = the line of a CSV file with header).

    Returns
    -------
    DataFrame
        All columns of the schema in its order; text blank where empty, numbers as floats (NaN where empty).

    Raises
    ------
    SchemaError
        Listing every missing or unknown column and every cell that does not fit.
    """
    columns = tables()[table]
    problems = [f"column '{name}' is missing" for name, c in columns.items() if c.required and name not in frame]
    for name in frame.columns:
        if name not in columns:
            hint = near(str(name), columns, most=1)
            problems.append(f"unknown column '{name}'" + (f" (did you mean '{hint[0]}'?)" if hint else ""))
    if problems:
        raise SchemaError(table, problems)
    made: dict[str, pd.Series] = {}
    for name, column in columns.items():
        cells = frame[name] if name in frame else pd.Series("", index=frame.index, dtype=object)
        made[name], wrong = _conform_column(column, cells.reset_index(drop=True))
        problems += [f"row {first_row + row}, column '{name}': {text}" for row, text in wrong]
    if "id" in columns:
        problems += _doubled(made["id"], first_row)
    if problems:
        raise SchemaError(table, problems)
    return pd.DataFrame(made)


def _doubled(ids: pd.Series, first_row: int) -> list[str]:
    rows = ids.index[ids.duplicated()]
    return [f"row {first_row + row}: id '{ids[row]}' stands twice" for row in rows]


def _conform_column(column: Column, cells: pd.Series) -> tuple[pd.Series, list[tuple[int, str]]]:
    if column.type == "number" and cells.dtype.kind == "f" and np.isfinite(cells).all():
        return cells, []
    text = pd.Series([_as_text(cell) for cell in cells.to_numpy(dtype=object)], index=cells.index, dtype=_dtype(cells))
    wrong: list[tuple[int, str]] = []
    if column.required:
        wrong += [(int(row), "empty") for row in np.flatnonzero(text == "")]
    if column.type == "number":
        numbers = pd.to_numeric(text.where(text != "", None), errors="coerce").astype(float)
        bad = (text != "") & ~np.isfinite(numbers)
        wrong += [(int(row), f"'{text[row]}' is not a number") for row in np.flatnonzero(bad)]
        return numbers, wrong
    for value in text.unique():
        misfit = _misfit(column, value) if value else ""
        if misfit:
            wrong += [(int(row), misfit) for row in np.flatnonzero(text == value)]
    return text, wrong


def _dtype(cells: pd.Series) -> Any:
    # an empty column says nothing of what it holds
    return "str" if len(cells) else object


def _as_text(cell: object) -> str:
    if isinstance(cell, str):
        return cell.strip()
    if pd.isna(cell):
        return ""
    # whole numbers read as floats keep their short form: 1520.0 is gauge "1520"
    if isinstance(cell, float | np.floating) and float(cell).is_integer():
        return str(int(cell))
    return str(cell).strip()


def _misfit(column: Column, value: str) -> str:
    if column.choices and value not in column.choices:
        return f"'{value}' is none of {', '.join(column.choices)}"
    if column.type == "id" and _NOT_IN_ID.search(value):
        return f"'{value}' has a space or '{SEPARATOR}' in an id"
    if column.type == "country" and not (len(value) == 2 and value.isascii() and value.isupper()):
        return f"'{value}' is not a country code of two capital letters"
    if column.type == "date":
        try:
            month_number(value)
        except InputError:
            return f"'{value}' is not a date (YYYY or YYYY-MM)"
    return ""
