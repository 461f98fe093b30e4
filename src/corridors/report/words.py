"""Words and rows that the sentences of the report share: statements, names, and what a statement holds for."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from corridors.measures.answer import goods
from corridors.measures.turns import SLIGHT
from corridors.report.study import ALL, RAIL, Study

ANY = "all modes"
"""Way on which cargo may take any mode."""


Senses = dict[tuple[str, ...], int]
"""Sense of what is said, by what it is of: 1 for a gain (or less), -1 for a loss (or more), 0 for neither."""


class Statement(NamedTuple):
    """A claim, and the evidence for it.

    Attributes
    ----------
    claim, evidence
        What is said, and what it rests on.
    points
        What it rests on in each scenario and group.
    holds
        What it holds for: cargo unit, modes, state of the borders, value of time.
    senses
        Sense of all that the claim says, by what it is of: 1 for a gain (or less), -1 for a loss (or more), 0 for
        neither. A sense that turns is a claim that turns.
    """

    claim: str
    evidence: str
    points: tuple[str, ...]
    holds: str
    senses: Senses


def scenarios(results: Study) -> list[str]:
    """Scenarios beside the base."""
    return list(results.titles)[1:]


def name_of(results: Study, scenario: str) -> str:
    """Name a scenario inside a sentence.

    Parameters
    ----------
    results
        The study.
    scenario
        Its name.
    """
    words = results.titles[scenario].split()
    # only the first word loses its capital, and only where it is a common word
    if words[0].lower() in ("western", "eastern", "northern", "southern", "both", "no"):
        words[0] = words[0].lower()
    return "the " + " ".join(words)


def group_of(group: str) -> str:
    """Say a group of destinations."""
    return "to the destinations" if group == ALL else f"to the {group}"


def holds(results: Study, way: str, border: str = "", *, value: bool = True) -> str:
    """What a statement holds for."""
    parts = [results.cargo.capitalize(), way, f"borders: {border or results.border}"]
    return ", ".join([*parts, goods(results.head.first)] if value else parts)


def lead(way: str) -> str:
    """A way at the beginning of a sentence."""
    return {RAIL: "By rail alone", ANY: "In free choice of mode"}.get(way, f"With {way}")


def rows_of(results: Study, group: str, way: str, border: str, scenario: str) -> tuple[pd.DataFrame, pd.Series]:
    """Rows of a scenario per market, and the row of its mean."""
    found = []
    for by in ("market", None):
        table = results.tables[results.cargo, group, by]
        found.append(table[(table["way"] == way) & (table["border"] == border) & (table["scenario"] == scenario)])
    return found[0], found[1].iloc[0]


def sense(change: float, column: str) -> int:
    """Sense of a mean change as it is told: a change that rounds to nothing has none."""
    return 0 if abs(change) < SLIGHT[column] else 1 if change < 0 else -1


def signed(value: float, digits: int = 0) -> str:
    """Number with its sign; nothing has none."""
    text = f"{value:+,.{digits}f}"
    return f"{0:.{digits}f}" if not float(text.replace(",", "")) else text.replace("-", "\N{MINUS SIGN}")


def capital(text: str) -> str:
    """Text with a capital at its beginning."""
    return text[:1].upper() + text[1:]
