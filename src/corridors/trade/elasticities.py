"""Elasticities by good, from the table: between suppliers (theta), and of the demand of a market to its price (eps).

The row of the good itself counts before one of any good, and of several the first of the table. In publications theta
stands as a positive number and the own-price elasticity of demand as a negative one; so they do here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.errors import InputError
from corridors.data import schema
from corridors.data.tables import Tables
from corridors.uncertainty.draws import draw_between

Floats = NDArray[np.float64]

Range: TypeAlias = float | Sequence[float]
"""A number, or (value, low, high) with the 5 and 95 % points of what is known of it."""

ROWS = {"theta": "theta", "eps": "epsilon"}
"""Parameter of the table by the name of the elasticity."""


class Elasticity(NamedTuple):
    """An elasticity with its range.

    Attributes
    ----------
    value, low, high
        The elasticity, and the 5 and 95 % points of what is known of it.
    told
        Where it comes from.
    """

    value: float
    low: float
    high: float
    told: str = "given"

    def words(self) -> str:
        """Value, range and origin.

        >>> Elasticity(5, 4, 8).words()
        '5 (4 to 8): given'
        """
        return f"{self.value:g} ({self.low:g} to {self.high:g}): {self.told}"

    def drawn(self, name: str, draws: int, seed: int) -> Floats:
        """Draws of the elasticity; of one below zero its size is drawn.

        >>> demand = Elasticity(-0.3, -0.6, -0.1).drawn("eps", 2000, 0)
        >>> float(demand.mean().round(2)), bool((demand < 0).all())
        (-0.3, True)
        """
        stream = f"trade/{name}"
        if self.low < 0:
            return -draw_between(stream, -self.value, -self.high, -self.low, draws=draws, seed=seed)
        return draw_between(stream, self.value, self.low, self.high, draws=draws, seed=seed)


def elasticity(name: str, given: Range | None, tables: Tables | None, good: str | None) -> Elasticity:
    """Elasticity that was given, else that of the good in the table.

    Parameters
    ----------
    name
        `theta` or `eps`.
    given
        A number, or (value, low, high); None for that of the table.
    tables
        Tables with `elasticities`.
    good
        Id of a commodity.

    Raises
    ------
    InputError
        If what was given is no range, or nothing was given and the table has no row.

    >>> import corridors as co
    >>> elasticity("theta", None, co.load().tables, "flour")[:3]
    (2.55, 1.3, 3.8)
    >>> elasticity("eps", (-0.3, -0.6, -0.1), None, None).words()
    '-0.3 (-0.6 to -0.1): given'
    """
    if given is not None:
        return _given(name, given)
    if tables is None or good is None:
        expected = "a number or (value, low, high); or the good, of which the table 'elasticities' may have it"
        raise InputError(name, given, expected)
    table = tables["elasticities"]
    rows = table[table["parameter"] == ROWS[name]]
    own = rows[[good in schema.items(cell) for cell in rows["commodity"]]]
    used = own if len(own) else rows[rows["commodity"] == ""]
    if used.empty:
        parameter = ROWS[name]
        expected = f"a number or (value, low, high), for the table 'elasticities' has no {parameter} of {good}"
        raise InputError(name, given, expected)
    return _of_rows(used, good if len(own) else "")


def _given(name: str, given: Range) -> Elasticity:
    text: object = given
    if isinstance(text, str):
        raise InputError(name, given, "a number, or (value, low, high)")
    parts = [float(one) for one in np.atleast_1d(np.asarray(given, dtype=float))]
    if len(parts) == 1:
        parts *= 3
    if len(parts) != 3 or not parts[1] <= parts[0] <= parts[2]:
        raise InputError(name, given, "a number, or (value, low, high)")
    return Elasticity(parts[0], parts[1], parts[2])


def _of_rows(rows: pd.DataFrame, good: str) -> Elasticity:
    """First of some rows; where it has no range, that of the values of all of them."""
    first = rows.iloc[0]
    value = float(first["value"])
    whose = f"row of {good}" if good else "general row, for the good has none of its own"
    source = first["reference"] or "an assumption"
    told = f"{source}, {whose} ({first['id']})"
    if pd.notna(first["low"]) and pd.notna(first["high"]):
        return Elasticity(value, float(first["low"]), float(first["high"]), told)
    values = rows["value"].astype(float)
    spread = "" if len(rows) == 1 else f"; range of the values of {', '.join(rows['id'].iloc[1:])}"
    return Elasticity(value, float(values.min()), float(values.max()), told + spread)
