"""Sources as references: one line of text each, and entries of BibTeX."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from corridors.data import schema
from corridors.data.tables import Tables

Uses = Mapping[str, Iterable[str]]
"""What each source is used for, by its id."""

_COLUMNS = ("title", "publisher", "year", "url", "kind")

_ESCAPES = {"\\": r"\textbackslash{}", **{sign: f"\\{sign}" for sign in "&%$#_{}"}, "~": r"\textasciitilde{}",
            "^": r"\textasciicircum{}"}  # fmt: skip


def references(tables: Tables, uses: Uses) -> pd.DataFrame:
    """Table of sources by id, with what they are used for and a reference to print.

    Parameters
    ----------
    tables
        Tables with the sources.
    uses
        What each is used for; ids that the table does not have are listed with a blank title.

    Returns
    -------
    DataFrame
        Indexed by id, in the order of publisher and year: title, publisher, year, url, kind, used_for, reference.

    >>> import corridors as co
    >>> references(co.load().tables, {"frank-2025-flour": ["value of flour"]})["used_for"].tolist()
    ['value of flour']
    """
    there = tables["sources"].set_index("id")[list(_COLUMNS)]
    found = there.reindex(sorted(uses)).fillna("").rename_axis("id")
    found["used_for"] = ["; ".join(sorted(set(uses[ident]))) for ident in found.index]
    found["reference"] = [_reference(str(ident), row) for ident, row in found.iterrows()]
    return found.sort_values(["publisher", "year"], kind="stable")


def _reference(ident: str, row: pd.Series) -> str:
    """Publisher (year): title. Address."""
    by = row["publisher"] or ident
    year = f" ({row['year']})" if row["year"] else ""
    title = f": {str(row['title']).rstrip('.')}." if row["title"] else "."
    return f"{by}{year}{title} {row['url']}".strip()


def bibtex(sources: pd.DataFrame) -> str:
    """Entries of BibTeX (`@misc`) of a table of sources, with their ids as keys.

    Parameters
    ----------
    sources
        What `references` returns, or `Network.sources`.

    >>> import corridors as co
    >>> print(bibtex(co.load().sources.loc[["iru-2023-kashgar-kabul"]]))
    @misc{iru-2023-kashgar-kabul,
      title = {{TIR transport Kashgar-Khunjerab-Kabul}},
      author = {{IRU}},
      year = {2023},
    }
    """
    return "\n".join(_entry(str(ident), row) for ident, row in sources.iterrows())


def _entry(ident: str, row: pd.Series) -> str:
    fields = {
        "title": f"{{{escaped(row['title'] or ident)}}}",
        "author": f"{{{escaped(row['publisher'])}}}" if row["publisher"] else "",
        "year": escaped(row["year"]),
        "url": str(row["url"]),
    }
    lines = [f"  {name} = {{{text}}}," for name, text in fields.items() if text]
    return "\n".join([f"@misc{{{ident},", *lines, "}"])


def escaped(text: object) -> str:
    r"""Text with the signs that mean something to LaTeX written out.

    >>> print(escaped("R&D, 5 %, a_b"))
    R\&D, 5 \%, a\_b
    """
    return "".join(_ESCAPES.get(sign, sign) for sign in str(text))


def split_sources(cells: Iterable[object]) -> list[str]:
    """Ids of the sources that cells of a column `source` name, each once.

    >>> split_sources(["a;b", "b"])
    ['a', 'b']
    """
    return list(dict.fromkeys(ident for cell in cells for ident in schema.items(str(cell))))
