"""Tables as LaTeX: heads with units, as many digits as make sense, rules of the package booktabs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from corridors.base.columns import Head, decimals, head, is_number
from corridors.data.references import escaped

NOTHING = "--"
"""What stands for a number that there is none of."""

ENDLESS = r"$\infty$"
"""What stands for what cannot be reached."""


def to_latex(table: pd.DataFrame, *, caption: str = "", label: str = "") -> str:
    r"""Table as LaTeX text for `\usepackage{booktabs}`: units in the second row of the head, numbers to the right.

    Numbers of a column have the same decimals, so that its largest has three figures. Where the columns are places or
    scenarios, as in a matrix, nothing tells the unit: say it in the caption.

    Parameters
    ----------
    table
        Any table; an index that has a name is printed before the columns.
    caption
        Caption; with none the text is the `tabular` alone, without a float around it.
    label
        Label for references to it.

    Returns
    -------
    str

    >>> print(to_latex(pd.DataFrame({"way": ["by rail"], "cost_usd_t": [101.26]})))
    \begin{tabular}{lr}
    \toprule
    Way & Cost \\
     & (USD/t) \\
    \midrule
    by rail & 101 \\
    \bottomrule
    \end{tabular}
    """
    flat = flattened(table)
    heads = heads_of(table)
    columns = [flat.iloc[:, place] for place in range(flat.shape[1])]
    right = [all(is_number(cell) for cell in column) and len(column) > 0 for column in columns]
    cells = [_cells(column, numbers=numbers) for column, numbers in zip(columns, right, strict=True)]
    lines = [f"\\begin{{tabular}}{{{''.join('r' if one else 'l' for one in right)}}}", r"\toprule"]
    lines.append(_row([escaped(one.label) for one in heads]))
    if any(one.unit for one in heads):
        lines.append(_row([f"({_unit(one.unit)})" if one.unit else "" for one in heads]))
    lines.append(r"\midrule")
    lines += [_row(row) for row in zip(*cells, strict=True)]
    lines += [r"\bottomrule", r"\end{tabular}"]
    if not caption:
        return "\n".join(lines)
    named = [f"\\caption{{{escaped(caption)}}}", *([f"\\label{{{label}}}"] if label else [])]
    return "\n".join([r"\begin{table}", r"\centering", *named, *lines, r"\end{table}"])


def flattened(table: pd.DataFrame) -> pd.DataFrame:
    """Table whose index, where it has a name, stands in columns before the others."""
    levels = [name for name in table.index.names if name is not None]
    return table.reset_index(allow_duplicates=True) if levels else table.reset_index(drop=True)


def heads_of(table: pd.DataFrame) -> list[Head]:
    """Heads of the columns of `flattened`; places or scenarios in columns are not taken apart."""
    index = [head(name) for name in table.index.names if name is not None]
    if table.columns.nlevels == 1 and table.columns.name is not None:
        return [*index, *(Head(str(name), "") for name in table.columns)]
    return [*index, *(head(name) for name in table.columns)]


def _row(cells: Sequence[str]) -> str:
    return " & ".join(cells) + r" \\"


def _unit(unit: str) -> str:
    return escaped(unit).replace("CO2e", "CO$_2$e")


def _cells(column: pd.Series, *, numbers: bool) -> list[str]:
    """Cells of a column as text."""
    if not numbers:
        return [NOTHING if cell is None or cell is pd.NA or cell is pd.NaT else escaped(cell) for cell in column]
    digits = decimals(column)
    return [_number(cell, digits) for cell in column]


def _number(value: Any, digits: int) -> str:
    if np.isnan(value):
        return NOTHING
    if np.isinf(value):
        return ENDLESS
    text = f"{value:,.{digits}f}"
    # years and other numbers of four figures need no space
    text = text.replace(",", r"\," if abs(value) >= 10_000 else "")
    return f"${text}$" if text.startswith("-") else text
