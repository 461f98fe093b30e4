"""What results hand out for print: LaTeX, a workbook, and the sources behind them as references and BibTeX."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar

import pandas as pd

from corridors.base.arguments import checked
from corridors.base.errors import InputError, UnknownNameError
from corridors.base.names import near
from corridors.data.naming import by_names
from corridors.data.references import bibtex, references
from corridors.data.tables import Tables
from corridors.formats.latex import to_latex
from corridors.formats.workbook import to_excel
from corridors.model.evidence import sources_of
from corridors.model.problem import Journey


@checked
class Printable:
    """A result with tables: each is a sheet of `to_excel` and can be printed by `to_latex`.

    A result says what its tables are (`_sheets`), which routes it rests on (`_journeys`), which sources besides
    (`_cited`), and which network its ids are of (`_tables`, None where there is none).
    """

    _columns: ClassVar[tuple[str, ...]] = ()
    """Columns of the first table that are printed where none are named; all by default."""

    def _sheets(self) -> Mapping[str, pd.DataFrame]:
        """Tables by name, the one that is printed first."""
        raise NotImplementedError

    def _journeys(self) -> Iterable[Journey]:
        """Routes that the result rests on."""
        return ()

    def _cited(self) -> Mapping[str, Iterable[str]]:
        """Sources besides those of the routes, with what they are used for."""
        return {}

    def _tables(self) -> Tables | None:
        """Tables of the network that ids are of: those of the first route."""
        return next((journey.problem.tables for journey in self._journeys()), None)

    def _named(self, table: pd.DataFrame, names: bool) -> pd.DataFrame:
        """Table with names in place of ids where they are asked for."""
        tables = self._tables() if names else None
        return table if tables is None else by_names(table, tables)

    def sources(self) -> pd.DataFrame:
        """Table of the sources behind the result, as references.

        Returns
        -------
        DataFrame
            Indexed by id: title, publisher, year, url, kind, used_for (`length`, `border`, ...) and reference, a line
            to print.

        Raises
        ------
        InputError
            If the result keeps no references.

        >>> import corridors as co
        >>> len(co.load().route("Termez", "Hairatan", cargo="truck").sources())
        14
        """
        uses = {ident: set(words) for ident, words in self._cited().items()}
        for ident, words in sources_of(self._journeys()).items():
            uses.setdefault(ident, set()).update(words)
        tables = self._tables()
        if tables is None:
            raise InputError("sources", type(self).__name__, "a result that rests on routes of a network")
        return references(tables, uses)

    def bibtex(self) -> str:
        """Sources behind the result as entries of BibTeX.

        >>> import corridors as co
        >>> print(co.load().route("Termez", "Hairatan", cargo="truck").bibtex().count("@misc"))
        14
        """
        return bibtex(self.sources())

    def to_latex(
        self,
        sheet: str = "",
        *,
        columns: Iterable[str] | None = None,
        names: bool = True,
        caption: str = "",
        label: str = "",
    ) -> str:
        r"""Table of the result as LaTeX for `\usepackage{booktabs}`, with units in the head.

        Parameters
        ----------
        sheet
            Name of a table, as `to_excel` names its sheets; the first by default.
        columns
            Columns to print, in this order; all by default, of a wide first table those that fit a page.
        names
            Whether names stand for ids.
        caption, label
            As in `corridors.formats.to_latex`.

        Raises
        ------
        UnknownNameError
            If the result has no such table, or the table no such column.

        >>> import corridors as co
        >>> text = co.load().route("Termez", "Hairatan", cargo="truck").to_latex()
        >>> text.splitlines()[2]
        'Kind & From & To & Mode & Gauge & Country & Length & Transit time & Cost & Emissions \\\\'
        """
        sheets = self._sheets()
        wanted = sheet or next(iter(sheets))
        if wanted not in sheets:
            raise UnknownNameError("table", wanted, near(wanted, list(sheets)) or list(sheets))
        table = sheets[wanted]
        if columns is None:
            chosen = [name for name in self._columns if name in table] if not sheet else []
        else:
            chosen = list(columns)
        for name in chosen:
            if name not in table:
                raise UnknownNameError("column", str(name), near(str(name), list(map(str, table.columns))))
        return to_latex(self._named(table[chosen] if chosen else table, names), caption=caption, label=label)

    def to_excel(self, path: str | Path, *, names: bool = True) -> Path:
        """Write all tables of the result into a workbook, one sheet each, and its sources into a last sheet.

        Parameters
        ----------
        path
            File ending in `.xlsx`; what stands there is replaced.
        names
            Whether names stand for ids.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        MissingPackageError, InputError, DataFileError
            As in `corridors.formats.to_excel`.
        """
        sheets = {name: self._named(table, names) for name, table in self._sheets().items()}
        if self._tables() is not None:
            sheets["sources"] = self.sources()
        return to_excel(sheets, path)
