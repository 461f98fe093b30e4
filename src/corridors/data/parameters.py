"""The vector of parameters: the table in the units of computation, and a name for every row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.data import schema

KEYS = schema.parameter_keys()
"""Key columns from the most to the least specific."""

_PER_UNIT = {"h/1000km": 1e-3, "g/tkm": 1e-3}
"""Factors from the units of the table to h/km and kg/tkm."""


@dataclass(frozen=True, eq=False)
class Theta:
    """The parameters as vectors in the units of computation (h, h/km, USD/t, USD/tkm, kg/tkm), which cannot be written.

    Speeds are turned into slowness, so a low speed becomes a high slowness; ends are swapped after inverting.
    """

    table: pd.DataFrame
    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    names: list[str]

    def __post_init__(self) -> None:
        for vector in (self.value, self.low, self.high):
            vector.flags.writeable = False


def make_theta(parameters: pd.DataFrame) -> Theta:
    """Turn the table of parameters into vectors."""
    is_speed = (parameters["unit"] == "km/h").to_numpy()
    factor = parameters["unit"].map(_PER_UNIT).fillna(1.0).to_numpy(dtype=float)
    ends = {}
    for name in ("value", "low", "high"):
        numbers = parameters[name].to_numpy(dtype=float)
        ends[name] = np.where(is_speed, 1.0 / np.where(is_speed, numbers, 1.0), numbers * factor)
    low = np.where(is_speed, ends["high"], ends["low"])
    high = np.where(is_speed, ends["low"], ends["high"])
    return Theta(parameters, ends["value"], low, high, parameter_names(parameters))


def parameter_names(parameters: pd.DataFrame) -> list[str]:
    """Name every parameter after its component, its keys that are set, and its measure.

    >>> import corridors as co
    >>> [n for n in co.load().parameter_names if n.startswith("border/torkham/PK/exit")]
    ['border/torkham/PK/exit/road/hours', 'border/torkham/PK/exit/road/cost']
    """
    columns = ["component", *KEYS, "measure"]
    rows = zip(*(parameters[column].to_numpy(dtype=object).tolist() for column in columns), strict=True)
    return ["/".join(filter(None, row)) for row in rows]
