"""What results have in common: a table of figures, and how they are shown in text and in notebooks."""

from __future__ import annotations

import html
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import ClassVar, TypeVar

import pandas as pd

from corridors.base.arguments import checked

Key = TypeVar("Key")
Held = TypeVar("Held")


class ReadOnly(Mapping[Key, Held]):
    """A mapping that is handed out and cannot be changed; other than that of Python it can be sent and copied.

    >>> weights = ReadOnly({"almaty": 0.25, "astana": 0.75})
    >>> weights["astana"], weights == {"almaty": 0.25, "astana": 0.75}, hasattr(weights, "pop")
    (0.75, True, False)
    """

    __slots__ = ("_of",)

    def __init__(self, of: Mapping[Key, Held]) -> None:
        self._of = dict(of)

    def __getitem__(self, key: Key) -> Held:
        return self._of[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._of)

    def __len__(self) -> int:
        return len(self._of)

    def __repr__(self) -> str:
        return repr(self._of)


MOST_ROWS = 60
"""Most rows that a notebook shows of a result."""


@checked
class Result(ABC):
    """A result with a table: `table()` gives the figures as they are, `str` and notebooks show them for reading.

    What is shown can differ from the table (`_shown`), and lines can stand above and below it (`_above`, `_below`).

    >>> class Squares(Result):
    ...     def table(self):
    ...         return pd.DataFrame({"n": [1, 2], "square": [1, 4]})
    ...     def _below(self):
    ...         return "2 squares"
    >>> print(Squares())
       n  square
    0  1       1
    1  2       4
    2 squares
    """

    _indexed: ClassVar[bool] = True
    """Whether the index is shown."""

    _widest: ClassVar[int] = 70
    """Most characters of a cell that are shown."""

    @abstractmethod
    def table(self) -> pd.DataFrame:
        """Table of the figures, unrounded."""

    def _shown(self) -> pd.DataFrame:
        """Table for reading."""
        return self.table().round(1)

    def _above(self) -> str:
        """Line above the table in text."""
        return ""

    def _below(self) -> str:
        """Line below the table."""
        return ""

    def __str__(self) -> str:
        shown = self._shown().to_string(index=self._indexed, max_colwidth=self._widest)
        return "\n".join(filter(None, [self._above(), shown, self._below()]))

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        below = f"<p>{html.escape(self._below())}</p>" if self._below() else ""
        return f"{self._shown().to_html(index=self._indexed, border=0, max_rows=MOST_ROWS)}{below}"
