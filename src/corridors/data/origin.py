"""Where the rows of a table were read, so that messages can point to file, row and column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
        """Give the number by which a row is found in the file.

        >>> Origin().row(0), Origin("links.csv", (2, 5)).row(1)
        (2, 5)
        """
        return number + FIRST_ROW if self.rows is None else int(self.rows[number])

    def say(self, number: int, column: str, text: str) -> str:
        """Say something of a row or cell."""
        where = f", column '{column}'" if column else ""
        return f"row {self.row(number)}{where}: {text}"


NOWHERE = Origin()
"""Origin of tables made in memory."""
