"""Tables of results in an Excel workbook: one sheet each, heads with units, and a sheet of sources; needs openpyxl."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from corridors.base.columns import decimals, is_number
from corridors.base.errors import InputError
from corridors.base.writing import new_file
from corridors.formats.excel import MOST_CHARACTERS, need_openpyxl, save
from corridors.formats.latex import flattened, heads_of

_WIDEST = 60
_LONGEST_NAME = 31
"""Most characters of the name of a sheet."""

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


def to_excel(sheets: Mapping[str, pd.DataFrame], path: str | Path) -> Path:
    """Write tables into a new workbook, which replaces what stands at the path.

    Numbers are written as they are and shown with as many decimals as make sense.

    Parameters
    ----------
    sheets
        Tables by the name of their sheet.
    path
        File ending in `.xlsx`.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    MissingPackageError
        If openpyxl is not installed.
    InputError, DataFileError
        If the path does not end so, a table has no room in a sheet, or the file cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     book = to_excel({"days": pd.DataFrame({"place": ["almaty"], "days": [11.5]})}, f"{folder}/days.xlsx")
    ...     pd.read_excel(book, header=None).iloc[-1].tolist()
    ['almaty', 11.5]
    """
    need_openpyxl()
    from openpyxl import Workbook

    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        raise InputError("path", str(path), "a file that ends in .xlsx")
    if not sheets:
        raise InputError("sheets", dict(sheets), "at least one table by the name of its sheet")
    book = Workbook()
    book.remove(book.active)
    for name, table in sheets.items():
        title = _FORBIDDEN.sub("-", name)[:_LONGEST_NAME]
        if title.casefold() in (sheet.title.casefold() for sheet in book.worksheets):
            raise InputError("sheets", name, f"names that differ in their first {_LONGEST_NAME} characters")
        _fill(book.create_sheet(title), name, table)
    with new_file(path) as beside:
        save(book, beside)
    return path


def _fill(sheet: Any, name: str, table: pd.DataFrame) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    flat = flattened(table)
    sheet.freeze_panes = "A2"
    for place, head in enumerate(heads_of(table), start=1):
        cells = flat.iloc[:, place - 1].tolist()
        sheet.cell(1, place, str(head)).font = Font(bold=True)
        digits = decimals(flat.iloc[:, place - 1]) if any(map(is_number, cells)) else 0
        shown = "General" if str(head).casefold().startswith("year") else f"#,##0{'.' + '0' * digits if digits else ''}"
        for row, cell in enumerate(cells, start=2):
            _write(sheet, (row, place), cell, shown=shown, name=name)
        longest = max([len(str(head)), *(len(str(cell)) for cell in cells[:200] if isinstance(cell, str)), 8])
        sheet.column_dimensions[get_column_letter(place)].width = min(longest + 2, _WIDEST)


def _write(sheet: Any, at: tuple[int, int], cell: object, *, shown: str, name: str) -> None:
    """Write one cell at a row and column; what is missing stays empty, and text is no formula."""
    from openpyxl.utils.exceptions import IllegalCharacterError

    value = cell.item() if isinstance(cell, np.generic) else cell
    if value is None or value is pd.NA or value is pd.NaT or value == "" or value != value:  # noqa: PLR0124 - NaN
        return
    if isinstance(value, float) and np.isinf(value):
        value = "no way"
    if is_number(value):
        sheet.cell(*at, value).number_format = shown
        return
    text = str(value)
    if len(text) > MOST_CHARACTERS:
        raise InputError(f"{name}", text[:40], f"a cell of Excel has at most {MOST_CHARACTERS:,} characters")
    try:
        sheet.cell(*at, text).data_type = "s"
    except IllegalCharacterError:
        raise InputError(f"{name}", text[:40], "Excel has no such character") from None
