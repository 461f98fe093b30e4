"""The schema of every table, read from `schema.csv`: one truth for code, data check and documentation."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from corridors.base.dates import days_of, month_number
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

_HINTS = 20
"""Unknown columns for which a near name is looked for."""

Cells: TypeAlias = ExtensionArray | NDArray[np.float64]
"""One column of a table."""

_TEXT = pd.Series([""], dtype=str).dtype
"""How this pandas keeps columns of text."""

_NO_TEXT = re.compile("[\x00\ud800-\udfff]")

_NOT_IN_ID = re.compile(rf"[\s{SEPARATOR}]")


@dataclass(frozen=True, slots=True)
class Range:
    """What numbers of a column can be: from `low` (or above it) to `high`.

    >>> wait = Range.of(">0..3650")
    >>> str(wait), wait.has(0.0), wait.has(7.0), Range.of("0..100000").has(1e308)
    ('above 0 to 3,650', False, True, False)
    """

    low: float
    high: float
    above: bool = False

    @classmethod
    def of(cls, text: str) -> Range:
        """Read a range as `schema.csv` has it: `0..100000`, or `>0..3650` where zero is not possible."""
        low, _, high = text.removeprefix(">").partition("..")
        return cls(float(low), float(high), text.startswith(">"))

    def has(self, number: float) -> bool:
        """Whether a number is possible."""
        return (self.low < number if self.above else self.low <= number) and number <= self.high

    def __str__(self) -> str:
        return f"{'above ' if self.above else ''}{self.low:,.10g} to {self.high:,.15g}"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of one table; a column of numbers has a range in place of choices."""

    table: str
    name: str
    type: str
    unit: str
    required: bool
    choices: tuple[str, ...]
    refers_to: str
    description: str
    range: Range | None = None


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
            number = row["type"] == "number"
            choices = tuple(row["choices"].split(SEPARATOR)) if row["choices"] and not number else ()
            column = Column(
                row["table"],
                row["column"],
                row["type"],
                row["unit"],
                row["required"] == "yes",
                choices,
                row["refers_to"],
                row["description"],
                Range.of(row["choices"]) if number else None,
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


def is_country(text: str) -> bool:
    """Whether a text is a code of a country, in columns of the type `area`, where places can stand, too.

    Parameters
    ----------
    text
        Text of a cell.

    >>> is_country("KZ"), is_country("kabul")
    (True, False)
    """
    return len(text) == 2 and text.isascii() and text.isalpha() and text.isupper()


def items(cell: object) -> list[str]:
    """Split a list cell into its items.

    Parameters
    ----------
    cell
        Text of the cell, items separated by semicolons.

    Returns
    -------
    list
        Items without spaces around them.

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

    >>> places = pd.DataFrame({"id": ["depot"], "name": ["Depot"], "country": ["AF"], "lat": ["36.7"], "lon": ["67.2"]})
    >>> places = places.assign(kind="site", position_km=1, source="survey", confidence="C")
    >>> conform("places", places)["lat"].tolist()
    [36.7]
    """
    columns = all_tables()[table]
    problems = list(_misnamed(columns, frame))
    if problems:
        raise SchemaError(table, problems, origin.file)
    made: dict[str, Cells] = {}
    wrong: list[tuple[int, str, str]] = []
    given, blank = _columns_of(frame), _blank(len(frame))
    for name, column in columns.items():
        if name not in given and not column.required:
            made[name] = blank[column.type == "number"]
            continue
        made[name], misfits = _conform_column(column, given.get(name, [""] * len(frame)))
        wrong += [(row, name, text) for row, text in misfits]
    if columns.get("id") and columns["id"].type == "id":
        wrong += _doubled(np.asarray(made["id"], dtype=object).tolist(), origin)
    if wrong:
        raise SchemaError(table, [origin.say(*misfit) for misfit in sorted(wrong)], origin.file)
    return pd.DataFrame(made)


def _columns_of(frame: pd.DataFrame) -> dict[str, list[object]]:
    """Cells by column; of a table of texts alone, as files give it, in one go."""
    if all(map(pd.api.types.is_object_dtype, frame.dtypes)):
        return dict(zip(frame.columns, frame.to_numpy().T.tolist(), strict=True))
    # over an array of objects, since those of texts are slow to walk through
    return {name: frame[name].to_numpy(dtype=object).tolist() for name in frame}


def _blank(rows: int) -> tuple[Cells, Cells]:
    """Column of text that a table leaves out, and one of numbers."""
    return pd.array([""] * rows, dtype=_TEXT if rows else object), np.full(rows, np.nan)


@cache
def empty(table: str) -> pd.DataFrame:
    """Table without rows, in the form of the schema."""
    return conform(table, pd.DataFrame(columns=list(all_tables()[table])))


def _misnamed(columns: dict[str, Column], frame: pd.DataFrame) -> Iterator[str]:
    """Yield which columns are missing and which are unknown, doubled or nameless."""
    yield from (f"column '{name}' is missing" for name, c in columns.items() if c.required and name not in frame)
    for name in frame.columns[frame.columns.duplicated()]:
        yield f"column '{name}' stands twice"
    unknown = [name for name in frame.columns if name not in columns]
    for number, name in enumerate(unknown):
        # a search for near names in thousands of columns would take minutes
        hint = near(str(name), columns, most=1) if number < _HINTS else []
        yield f"unknown column '{name}'" + (f" (did you mean '{hint[0]}'?)" if hint else "")


def _doubled(ids: Iterable[Any], origin: Origin) -> list[tuple[int, str, str]]:
    first: dict[str, int] = {}
    found = []
    for row, ident in enumerate(ids):
        if ident and first.setdefault(ident, row) != row:
            found.append((row, "id", f"'{ident}' stands twice, first in row {origin.row(first[ident])}"))
    return found


def _conform_column(column: Column, cells: list[object]) -> tuple[Cells, list[tuple[int, str]]]:
    wrong: list[tuple[int, str]] = []
    if column.type == "number" and not column.required and {*map(type, cells)} == {float}:
        numbers = np.array(cells, dtype=float)
        if not np.isinf(numbers).any():
            return numbers, _out_of_range(column, numbers)
    text = _as_texts(cells)
    values = set(text)
    if column.required and "" in values:
        wrong += [(row, "empty") for row, value in enumerate(text) if not value]
    if column.type == "number":
        numbers = np.array([_as_number(value) for value in text], dtype=float)
        bad = [row for row in np.flatnonzero(~np.isfinite(numbers)) if text[row]]
        wrong += [(int(row), f"'{text[row]}' is not a number{_comma(text[row])}") for row in bad]
        return numbers, wrong + _out_of_range(column, numbers)
    misfits = {value: misfit for value, misfit in _misfits(column, values - {""}).items() if misfit}
    kept = text
    if misfits:
        wrong += [(row, misfits[value]) for row, value in enumerate(text) if value in misfits]
        # what is refused may be more than a column of text can hold
        kept = ["" if value in misfits else value for value in text]
    # an array rather than a series: a table is made of these without looking at their rows
    return pd.array(kept, dtype=_TEXT if text else object), wrong


def _out_of_range(column: Column, values: NDArray[np.float64]) -> list[tuple[int, str]]:
    """Numbers that are not possible; positions of places are looked at with their table: they may be swapped."""
    reach = column.range
    if reach is None or (column.table == "places" and column.unit == "deg"):
        return []
    wrong = np.flatnonzero(((values <= reach.low) if reach.above else (values < reach.low)) | (values > reach.high))
    unit = f" {column.unit}" if column.unit else ""
    return [(int(row), f"{values[row]:g} is not possible: {reach}{unit} is expected") for row in wrong]


def _as_number(text: str) -> float:
    """Read a number in plain digits: those of other scripts, and `1_000`, are refused."""
    try:
        return float(text.replace("_", "?")) if text and text.isascii() else np.nan
    except ValueError:
        return np.nan


def _comma(text: str) -> str:
    """Explain a decimal comma."""
    return " (write a point for the decimal comma)" if text.replace(",", "", 1).lstrip("-").isdigit() else ""


def _as_texts(cells: list[object]) -> list[str]:
    """Text of cells; most columns are texts already, and quicker taken as a whole."""
    if {*map(type, cells)} <= {str} and "\r" not in "".join(texts := cast(list[str], cells)):
        return [text.strip() for text in texts]
    return [_as_text(cell) for cell in cells]


def _as_text(cell: object) -> str:
    if isinstance(cell, str):
        # one form of line ends, for XML and spreadsheets do not keep the others
        return (cell.replace("\r\n", "\n").replace("\r", "\n") if "\r" in cell else cell).strip()
    if isinstance(cell, list | tuple | np.ndarray):
        return SEPARATOR.join(map(_as_text, cell))
    if cell is None or cell is pd.NA or cell is pd.NaT or cell != cell:  # noqa: PLR0124 - NaN
        return ""
    if isinstance(cell, date):
        # spreadsheets turn 2011-12 into its first day
        return f"{cell:%Y-%m}" if cell.day == 1 else f"{cell:%Y-%m-%d}"
    # whole numbers read as floats keep their short form: 1520.0 is gauge "1520"
    if isinstance(cell, float | np.floating) and float(cell).is_integer():
        return str(int(cell))
    return str(cell).strip()


def _misfits(column: Column, values: set[str]) -> dict[str, str]:
    """What is wrong with each value that does not fit; plain text is looked through as a whole."""
    plain = column.type == "text" or (column.type == "id" and not _NOT_IN_ID.search("".join(values)))
    if plain and not column.choices and not _NO_TEXT.search(" ".join(values)):
        return {}
    return {value: _misfit(column, value) for value in values}


def _misfit(column: Column, value: str) -> str:
    if _NO_TEXT.search(value):
        return f"{value[:40]!r} has a character that no text has (NUL or half of a pair)"
    for item in items(value) if column.type == "list" else [value]:
        if column.choices and item not in column.choices:
            hint = near(item, column.choices, most=1)
            also = f" (did you mean '{hint[0]}'?)" if hint else ""
            return f"'{item}' is none of {', '.join(column.choices)}{also}"
    if column.type == "id" and _NOT_IN_ID.search(value):
        return f"'{value}' has a space or '{SEPARATOR}' in an id"
    if column.type == "country" and not (len(value) == 2 and value.isascii() and value.isupper()):
        return f"'{value}' is not a country code of two capital letters"
    if column.type in _TIMES:
        read, form = _TIMES[column.type]
        try:
            read(value)
        except InputError:
            return f"'{value}' is not a {column.type} ({form})"
    return ""


_TIMES: dict[str, tuple[Callable[[str], object], str]] = {
    "date": (month_number, "YYYY, YYYY-MM or YYYY-MM-DD"),
    "period": (days_of, "a date, or the first and the last one, such as 2024-09/2025-08"),
}
"""How columns of time are read, and their form."""
