"""How columns of tables are printed: their head in words, their unit, and as many digits as make sense."""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from corridors.base.units import MEASURES, UNIT_NAMES

FIGURES = 3
"""Figures that the largest number of a column is printed with, where these need decimals."""

MOST_DECIMALS = 2

UNITS = {
    "usd_t_d": "USD/t a day",
    "usd_t_h": "USD/t an hour",
    "usd_t": "USD/t",
    "usd": "USD",
    "kg_t": "kg/t",
    "tkm": "tkm",
    "km": "km",
    "hours": "h",
    "h": "h",
    "days": "d",
    "d": "d",
    "t": "t",
    "pct": "%",
    "mm": "mm",
    "t_usd": "t/USD",
}
"""Units by the ends of names of columns."""

_ALONE = {"km": "length", "hours": "time", "days": "time", "usd": "amount", "usd_t": "amount", "t": "load"}
"""Words for columns whose name is a unit."""

_MARKS = (
    (re.compile(r"(?:^|_)p(\d\d)$"), "P{0}"),
    (re.compile(r"_delta$"), "change"),
    (re.compile(r"_ratio$"), "ratio"),
)


class Head(NamedTuple):
    """Head of a column: what it holds in words, and its unit (blank for none)."""

    label: str
    unit: str

    def __str__(self) -> str:
        return f"{self.label} ({self.unit})" if self.unit else self.label


def head(column: object) -> Head:
    """Head of a column by its name, whose end is the unit.

    Parameters
    ----------
    column
        Name of the column; of columns with several levels a tuple.

    >>> str(head("cost_usd_t")), str(head("hours_delta_p05")), str(head("from_id")), str(head("freight_usd_t"))
    ('Cost (USD/t)', 'Transit time, change, P05 (h)', 'From', 'Freight (USD/t)')
    """
    if isinstance(column, tuple):
        parts = [head(part) for part in column if str(part)]
        return Head(", ".join(part.label for part in parts), next((part.unit for part in parts if part.unit), ""))
    # p90_days is read as days_p90
    text = re.sub(r"^p(\d\d)_(.+)$", r"\2_p\1", str(column))
    marks: list[str] = []
    while found := next(((m, words) for form, words in _MARKS if (m := form.search(text))), None):
        match, words = found
        marks.insert(0, words.format(*match.groups()))
        text = text[: match.start()]
    label, unit = _parts(text)
    label = ", ".join(filter(None, [label, *marks]))
    return Head(label[:1].upper() + label[1:], "" if "ratio" in marks else unit)


def _parts(text: str) -> tuple[str, str]:
    """Words and unit of a name without marks."""
    for measure in MEASURES.values():
        if text == measure.column:
            return measure.label, measure.unit
    for end in sorted(UNITS, key=len, reverse=True):
        if text == end or text.endswith(f"_{end}"):
            words = text[: -len(end)].rstrip("_").replace("_", " ")
            return UNIT_NAMES.get(words, words) or _ALONE.get(end, end), UNITS[end]
    return text.removesuffix("_id").replace("_", " "), ""


def decimals(values: pd.Series) -> int:
    """Decimals with which a column of numbers is printed: none for whole numbers, else three figures of the largest.

    >>> [decimals(pd.Series(numbers)) for numbers in ([2865.3, 18.0], [44.13, 2.5], [0.623, 0.1], [3.0, 4.0])]
    [0, 1, 2, 0]
    """
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float)
    numbers = np.abs(numbers[np.isfinite(numbers)])
    if not len(numbers) or not numbers.any() or (numbers == np.round(numbers)).all():
        return 0
    return int(np.clip(FIGURES - 1 - math.floor(math.log10(numbers.max())), 0, MOST_DECIMALS))


def is_number(value: Any) -> bool:
    """Whether a cell holds a number that is printed to the right.

    >>> is_number(2.5), is_number(True), is_number("2")
    (True, False, False)
    """
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool | np.bool_)
