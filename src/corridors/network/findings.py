"""What the data check finds: findings with their level, table and row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pandas as pd

from corridors.data.tables import Tables


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found."""

    check: str
    level: str
    table: str
    row: int
    ident: str
    message: str
    column: str = ""
    file: str = ""

    def __str__(self) -> str:
        where = f"{self.file or self.table}:{self.row}" if self.row else self.file or self.table
        if self.column:
            where += f" {self.column}"
        return f"{self.level:<11} {self.check:<18} {where:<18} {self.ident}: {self.message}"


@dataclass(frozen=True)
class Findings:
    """All that the checks found; truth value: no error."""

    found: list[Finding] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)

    def level(self, level: str) -> list[Finding]:
        """List findings of a level: `error`, `warning`, `explained` or `information`."""
        return [finding for finding in self.found if finding.level == level]

    def to_frame(self) -> pd.DataFrame:
        """Table with one row per finding."""
        columns = ["check", "level", "file", "table", "row", "column", "ident", "message"]
        return pd.DataFrame([[getattr(f, c) for c in columns] for f in self.found], columns=columns)

    def __bool__(self) -> bool:
        return not self.level("error")

    def __str__(self) -> str:
        levels = {level: len(self.level(level)) for level in ("error", "warning", "explained", "information")}
        last = (
            f"{len(self.checks)} checks: {levels['error']} errors, {levels['warning']} warnings, "
            f"{levels['explained']} explained in the data, {levels['information']} for information"
        )
        return "\n".join([*map(str, self.level("error") + self.level("warning")), last])

    __repr__ = __str__


Hits = Iterator[tuple[str, str, int, str, str]]

Check = Callable[[Tables], Hits]
"""A check yields (level, table, row number or -1, column or blank, message)."""
