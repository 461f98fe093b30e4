"""An Excel workbook: one sheet per table, with the columns explained and choices to pick from; needs openpyxl."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from corridors.base.errors import DataFileError, InputError, MissingPackageError
from corridors.base.names import near
from corridors.base.reading import check_archive, readable
from corridors.data import schema
from corridors.data.schema import Origin
from corridors.formats.content import Content
from corridors.formats.folder import lines_of, lines_table
from corridors.formats.standing import is_table

_WIDEST = 48
_LIST_ROWS = 5000


def need_openpyxl() -> None:
    """Say how to get openpyxl where it is not installed."""
    if find_spec("openpyxl") is None:
        raise MissingPackageError("Excel", "openpyxl", "excel")


KIND = "an Excel workbook (.xlsx)"

MOST_CHARACTERS = 32_767
"""Most characters that a cell of Excel holds; the rest would be cut off."""

MOST_CELLS = 20_000_000
"""A sheet with more cells than this, most of them empty, is refused."""


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Workbook to read; what is damaged in it is named."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    check_archive(path, KIND)
    with readable(path, KIND, InvalidFileException):
        book = load_workbook(path, read_only=True, data_only=True)
    try:
        with readable(path, KIND):
            yield book
    finally:
        book.close()


def read(path: Path) -> Content:
    """Read a workbook; sheets that have no name of a table are left aside, formulas count by their last result."""
    need_openpyxl()
    frames, origins = {}, {}
    with _opened(path) as book:
        for name in schema.all_tables():
            if name in book.sheetnames:
                sheet = book[name]
                # a workbook may state a size of a billion cells, to which rows would be filled up
                sheet.reset_dimensions()
                frames[name], origins[name] = _sheet(sheet.iter_rows(values_only=True), path, name)
            elif name in ("places", "links"):
                hint = near(name, [s.casefold() for s in book.sheetnames], most=1, cutoff=0.5)
                also = f" (is it '{hint[0]}'? rename it)" if hint else ""
                raise DataFileError(f"'{path}' has no sheet '{name}'; it has {', '.join(book.sheetnames)}{also}.")
    lines = lines_of(frames.pop("lines"), origins["lines"]) if "lines" in frames else {}
    return Content(frames, lines, origins)


def _sheet(rows: Iterator[tuple[Any, ...]], path: Path, name: str) -> tuple[pd.DataFrame, Origin]:
    """Read a sheet below its first row; empty rows and columns without a name are left out."""
    header = ["" if cell is None else str(cell).strip() for cell in next(rows, ())]
    used = [place for place, column in enumerate(header) if column]
    kept, numbers = [], []
    count = 0
    for number, row in enumerate(rows, start=2):
        count += len(row)
        if count > MOST_CELLS:
            raise DataFileError(f"'{path}', sheet '{name}', has more than {MOST_CELLS:,} cells up to row {number:,}.")
        cells = [row[place] if place < len(row) else None for place in used]
        if any(cell is not None and cell != "" for cell in cells):
            kept.append(cells)
            numbers.append(number)
    frame = pd.DataFrame(kept, columns=[header[place] for place in used], dtype=object)
    return frame, Origin(f"{path}, sheet {name}", tuple(numbers))


def write(content: Content, path: Path) -> None:
    """Write a workbook."""
    need_openpyxl()
    from openpyxl import Workbook

    frames = dict(content.frames)
    if content.lines:
        frames["lines"] = lines_table(content.lines)
    book = Workbook()
    book.remove(book.active)
    for name in schema.all_tables():
        if name in frames:
            _write_sheet(book.create_sheet(name), name, frames[name])
    save(book, path)


def save(book: Any, path: Path) -> None:
    """Write a workbook of openpyxl to a file.

    It is made in memory: on a full disk openpyxl leaves an archive open, which complains when Python lets go of it.

    Parameters
    ----------
    book
        The workbook.
    path
        The file.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    made = BytesIO()
    book.save(made)
    path.write_bytes(made.getbuffer())


def foreign(path: Path) -> list[str]:
    """Names of sheets of a workbook that stands there which are no tables of a network."""
    if not path.is_file() or path.stat().st_size == 0:
        return []
    try:
        with _opened(path) as book:
            heads = {sheet.title: next(sheet.iter_rows(max_row=1, values_only=True), ()) for sheet in book.worksheets}
    except DataFileError:
        return ["something that is no workbook"]
    return [f"sheet '{name}'" for name, head in heads.items() if not is_table(name, [str(c) for c in head if c])]


def _write_sheet(sheet: Any, name: str, frame: pd.DataFrame) -> None:
    from openpyxl.utils.exceptions import IllegalCharacterError

    sheet.append(list(frame.columns))
    for number, row in enumerate(frame.itertuples(index=False), start=2):
        for column, cell in enumerate(row, start=1):
            if cell == "" or (isinstance(cell, float) and math.isnan(cell)):
                continue
            if isinstance(cell, str) and len(cell) > MOST_CHARACTERS:
                expected = f"a cell of Excel has at most {MOST_CHARACTERS:,} characters"
                raise InputError(f"{name}.{frame.columns[column - 1]}", cell, expected)
            try:
                written = sheet.cell(number, column, cell)
            except IllegalCharacterError:
                raise InputError(f"{name}.{frame.columns[column - 1]}", cell, "Excel has no such character") from None
            if isinstance(cell, str):
                # text that begins with an equals sign is no formula
                written.data_type = "s"
    _dress(sheet, name, frame)


def _dress(sheet: Any, name: str, frame: pd.DataFrame) -> None:
    """Explain every column in a comment on its head, offer its choices, and fix the head."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    columns = schema.all_tables()[name]
    sheet.freeze_panes = "B2"
    for place, title in enumerate(frame.columns, start=1):
        head, letter, column = sheet.cell(1, place), get_column_letter(place), columns[title]
        head.font = Font(bold=column.required)
        head.comment = Comment(explained(column), "corridors", height=90, width=260)
        longest = max([len(title), *(len(str(cell)) for cell in frame[title].head(200))])
        sheet.column_dimensions[letter].width = min(longest + 2, _WIDEST)
        if column.choices and column.type == "choice":
            rule = DataValidation("list", formula1=f'"{",".join(column.choices)}"', allow_blank=not column.required)
            rule.add(f"{letter}2:{letter}{max(_LIST_ROWS, len(frame) + 1)}")
            sheet.add_data_validation(rule)


def explained(column: schema.Column) -> str:
    """What a column holds, in a few sentences."""
    parts = [column.description, f"[{column.unit}]" if column.unit else "", "Required." if column.required else ""]
    if column.range:
        parts[0] = f"{column.description} ({column.range})"
    if column.type == "list":
        parts.append("Several are separated by semicolons.")
    if column.refers_to:
        parts.append(f"Id in the sheet {column.refers_to}.")
    return " ".join(filter(None, parts))
