"""Tables from and to folders of CSV files, and the lines that belong to them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import LineString

from corridors.base.arguments import checked
from corridors.base.errors import DataFileError
from corridors.base.reading import read_text, readable
from corridors.base.writing import current, new_files
from corridors.data import schema
from corridors.data.schema import Origin
from corridors.data.tables import Tables, make_tables

ALIGNMENTS = "osm/alignments.fgb.zip"
"""Layer with the lines of links, by `link_id`; OSM-derived, so it keeps to its own folder (ODbL)."""

SEA = "basemap/sea.fgb.zip"
"""Layer with the lines between ports, by `from_id` and `to_id`."""


@checked
def read_tables(folder: str | Path, *, as_of: str = "") -> Tables:
    """Read the CSV tables of a folder.

    Parameters
    ----------
    folder
        Folder of CSV files.
    as_of
        Date for which the data holds.

    Returns
    -------
    Tables
        Checked tables, each in the form of the schema.

    Raises
    ------
    DataFileError
        If the folder, or its `places.csv` or `links.csv`, does not exist.
    SchemaError
        If a table does not fit the schema; it names file, row and column.

    >>> import tempfile
    >>> import corridors as co
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     tables = read_tables(co.write_template(f"{folder}/mine"))
    >>> len(tables.frames["places"])
    6
    """
    folder = Path(folder)
    frames, origins = read_folder(folder, tuple(schema.tables()))
    return make_tables(frames, as_of=as_of, read_alignments=partial(read_alignments, folder), files=origins)


def read_folder(folder: Path, names: tuple[str, ...]) -> tuple[dict[str, pd.DataFrame], dict[str, Origin]]:
    """Read the CSV files of a folder that have the name of a table, as text."""
    if not folder.is_dir():
        raise DataFileError(f"no folder '{folder}': give the folder that holds places.csv and links.csv.")
    frames, origins = {}, {}
    for name in names:
        path = current(folder, f"{name}.csv")
        if path.is_file():
            header, rows, origins[name] = _read_rows(path)
            # a list of texts is all that the schema needs
            frames[name] = pd.DataFrame(rows, columns=header, dtype=object)
        elif name in ("places", "links"):
            raise DataFileError(f"'{folder}' has no {name}.csv: a network needs places.csv and links.csv.")
    return frames, origins


def read_csv(path: Path) -> tuple[pd.DataFrame, Origin]:
    """Read one CSV file as text, with the line on which each row ends; empty lines are left out.

    Raises
    ------
    DataFileError
        If it is no CSV file in UTF-8 with commas, or a row has more cells than the header.
    """
    header, rows, origin = _read_rows(path)
    return pd.DataFrame(rows, columns=header, dtype=str), origin


def _read_rows(path: Path) -> tuple[list[str], list[list[str]], Origin]:
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        with _wide_cells(text := read_text(path, "CSV")):
            reader = csv.reader(io.StringIO(text, newline=""), strict=True)
            header = [name.strip() for name in next(reader, [])]
            for row in reader:
                if len(row) != len(header):
                    if not any(row):
                        continue
                    row = _fitted(row, len(header), path, reader.line_num)  # noqa: PLW2901
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as error:
        raise DataFileError(
            f"'{path}' cannot be read as CSV: row {reader.line_num}: {error}. From a spreadsheet, save as 'CSV UTF-8'."
        ) from error
    if len(header) == 1 and (mark := next((m for m in ";\t" if m in header[0]), "")):
        raise DataFileError(
            f"'{path}' cannot be read as CSV: its columns are separated by {mark!r}; save it with commas."
        )
    if not header:
        raise DataFileError(f"'{path}' cannot be read as CSV: it is empty; its first line names the columns.")
    return header, rows, Origin(str(path), lines)


@contextmanager
def _wide_cells(text: str) -> Iterator[None]:
    """Let a cell be as long as the text: the line of a long link is one cell of GMNS."""
    before = csv.field_size_limit()
    csv.field_size_limit(max(before, len(text)))
    try:
        yield
    finally:
        csv.field_size_limit(before)


def header_of(path: Path) -> list[str]:
    """Names of the columns of a CSV file; none where it cannot be read as one."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [name.strip() for name in next(csv.reader(file), [])]
    except (csv.Error, UnicodeError, OSError):
        return []


def _fitted(row: list[str], width: int, path: Path, line: int) -> list[str]:
    """Bring a row to the width of the header: cells may be missing at its end, or be empty beyond it."""
    if any(row[width:]):
        raise DataFileError(
            f"'{path}' cannot be read as CSV: row {line} has {len(row)} cells, the header {width}; "
            'a cell with a comma is put in "quotes".'
        )
    return [*row[:width], *[""] * (width - len(row))]


def read_alignments(folder: Path) -> Mapping[str, tuple[LineString, str]]:
    """Read the lines of links by id and of sea hops by `from--to`, each with the method by which it was made."""
    found: dict[str, tuple[LineString, str]] = {}
    if (file := folder / ALIGNMENTS).is_file():
        with readable(file, "a layer of lines"):
            layer = gpd.read_file(f"zip://{file}")
            found.update(zip(layer["link_id"], zip(layer.geometry, layer["method"], strict=True), strict=True))
    if (file := folder / SEA).is_file():
        with readable(file, "a layer of lines"):
            layer = gpd.read_file(f"zip://{file}")
            names = layer["from_id"] + "--" + layer["to_id"]
            found.update({name: (line, "sea") for name, line in zip(names, layer.geometry, strict=True)})
    return found


@checked
def write_tables(tables: Tables, folder: str | Path) -> Path:
    """Write every table that has rows as CSV into a folder; reading it again gives the same tables.

    Only the tables, with the parameters in use: `Network.write` keeps lines, view and overrides apart, too.

    Parameters
    ----------
    tables
        Tables of a network.
    folder
        Folder to write into; it is made if need be.

    Returns
    -------
    Path
        The folder.

    >>> import tempfile
    >>> import corridors as co
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     again = read_tables(write_tables(co.load().tables, folder))
    >>> len(again.frames["places"]) == len(co.load().places)
    True
    """
    folder = Path(folder)
    with new_files(folder) as beside:
        for name in schema.tables():
            # waits for ships are made from the services again when the tables are read
            frame = tables.parameters.iloc[: len(tables[name])] if name == "parameters" else tables[name]
            if len(frame):
                write_csv(frame, beside / f"{name}.csv")
    return folder


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write one table; numbers have the digits that give the same number when they are read."""
    text = frame.copy()
    for name in text.columns[text.dtypes == np.float64]:
        text[name] = text[name].map(number_text).astype(object)
    text.to_csv(path, index=False, lineterminator="\n")


def number_text(number: float) -> str:
    """Write a number with as many digits as it needs, blank where there is none.

    >>> number_text(1520.0), number_text(0.1), number_text(float("nan"))
    ('1520', '0.1', '')
    """
    return "" if np.isnan(number) else np.format_float_positional(number, trim="-")


def read_rows(file: str | Path | pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Read a CSV file or take a table, and see that it has the columns needed."""
    if isinstance(file, pd.DataFrame):
        frame = file
    else:
        path = Path(file)
        if not path.is_file():
            raise DataFileError(f"no file '{path}': give a CSV file with the columns {', '.join(columns)}.")
        frame, _ = read_csv(path)
    missing = [name for name in columns if name not in frame]
    if missing:
        raise DataFileError(f"the table needs the columns {', '.join(columns)}; missing: {', '.join(missing)}.")
    return frame
