"""Cells of the page: tables as HTML with numbers to the right, and sources with their links."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup, escape

from corridors.data.schema import items


def source_link(ident: str, sources: pd.DataFrame) -> Markup:
    """Name a source, with its title, and linked where it has an address on the web."""
    if ident not in sources.index:
        return escape(ident)
    row = sources.loc[ident]
    if not str(row["url"]).startswith(("http://", "https://")):
        return Markup('<span lang="en" title="{}">{}</span>').format(row["title"], ident)
    return Markup('<a lang="en" href="{}" title="{}" rel="noreferrer">{}</a>').format(row["url"], row["title"], ident)


def source_links(cell: str, sources: pd.DataFrame) -> Markup:
    """Name all sources of a cell.

    Parameters
    ----------
    cell
        Ids, parted by semicolons.
    sources
        Table of sources.
    """
    return Markup("; ").join(source_link(ident, sources) for ident in items(cell))


def as_written(cells: pd.Series) -> pd.Series:
    """Text of the tables that stays in the language in which it is written.

    Parameters
    ----------
    cells
        Texts.
    """
    return pd.Series([Markup('<span lang="en">{}</span>').format(c) if c else c for c in cells], cells.index, object)


def html_table(table: pd.DataFrame) -> Markup:
    """Turn a table into HTML, cells escaped unless they are HTML already; numbers stand to the right."""
    head = Markup("").join(Markup("<th>{}</th>").format(name) for name in table.columns)
    rows = (
        Markup("<tr>{}</tr>").format(Markup("").join(map(_html_cell, row)))
        for row in table.itertuples(index=False, name=None)
    )
    return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(head, Markup("\n").join(rows))


def _html_cell(value: Any) -> Markup:
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number):
        return Markup("<td>{}</td>").format(value)
    text = "\N{EN DASH}" if np.isnan(value) else f"{value:,}".removesuffix(".0").replace("-", "\N{MINUS SIGN}")
    return Markup('<td class="n">{}</td>').format(text)
