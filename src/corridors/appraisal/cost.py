"""What a project costs to build: published figures with their year in prices of one year, or figures of your own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from corridors.base.arguments import fits
from corridors.base.errors import InputError
from corridors.data import schema
from corridors.data.deflators import deflator
from corridors.data.tables import Tables
from corridors.model.projects import construction_cost, leaves, published
from corridors.uncertainty.draws import draw_between

Floats = NDArray[np.float64]

Ends: TypeAlias = "float | Sequence[float]"
"""A number, its two ends, or (value, low, high)."""

MOST_MUSD = 1e7
"""Million USD that a cost may be; all the world makes in a year is some ten times as much."""


@dataclass(frozen=True)
class Amount:
    """A number with its range and origin.

    Attributes
    ----------
    value, low, high
        The number, and the 5 and 95 % points of what is known of it.
    unit
        Unit.
    told
        Where it comes from.
    sources
        Ids of sources.
    confidence
        As in the tables; `given` for what the user states.
    """

    value: float
    low: float
    high: float
    unit: str
    told: str = "given"
    sources: tuple[str, ...] = ()
    confidence: str = "given"

    def drawn(self, name: str, draws: int, seed: int) -> Floats:
        """Draws of the number; of one below zero its size is drawn.

        Parameters
        ----------
        name
            Name of its stream of random numbers.
        draws, seed
            Number of draws, and seed.

        >>> float(Amount(-51, -70, 0, "%").drawn("shortfall", 4000, 0).mean().round())
        -51.0
        """
        stream = f"appraisal/{name}"
        if self.low < 0:
            return -draw_between(stream, -self.value, -self.high, -self.low, draws=draws, seed=seed)
        return draw_between(stream, self.value, self.low, self.high, draws=draws, seed=seed)


def amount(name: str, given: Ends, unit: str) -> Amount:
    """Number with its range, from what was given.

    Parameters
    ----------
    name
        Name of the argument.
    given
        A number; (low, high), whose middle is the value; or (value, low, high).
    unit
        Unit.

    Raises
    ------
    InputError
        If it is no such thing.

    >>> amount("cost_musd", (4600, 8200), "m USD").value
    6400.0
    """
    parts = ends_of(given)
    if len(parts) == 2:
        parts = [sum(parts) / 2, *parts]
    if len(parts) == 1:
        parts *= 3
    if len(parts) != 3 or not 0 <= parts[1] <= parts[0] <= parts[2] <= MOST_MUSD:
        expected = f"a number from zero to {MOST_MUSD:g}, (low, high) or (value, low, high)"
        raise InputError(name, given, expected)
    return Amount(parts[0], parts[1], parts[2], unit)


def ends_of(given: Ends) -> list[float]:
    """Numbers of what was given; none where one of them is no number.

    >>> ends_of(4600), ends_of((4600, 8200)), ends_of([4600, True])
    ([4600.0], [4600.0, 8200.0], [])
    """
    parts: list[Any] = list(given) if isinstance(given, Sequence | np.ndarray) else [given]
    numbers = [float(one) for one in parts if fits(one, float)]
    return numbers if len(numbers) == len(parts) else []


def given_cost(given: Ends, cost_year: int, price_year: int, index: Mapping[int, float] | None) -> Amount:
    """Cost of your own in prices of a year.

    Parameters
    ----------
    given
        Million USD: a number, (low, high) or (value, low, high).
    cost_year, price_year
        Year of its prices, and year of prices of the appraisal.
    index
        Index of prices by year, instead of that of the table.

    >>> round(given_cost(4600, 2022, 2025, None).value)
    5027
    """
    own = amount("cost_musd", given, "m USD")
    factor = deflator(cost_year, price_year, index)
    told = f"given in USD of {cost_year}, x {factor:.3f} to prices of {price_year}"
    return Amount(factor * own.value, factor * own.low, factor * own.high, f"m USD of {price_year}", told)


def published_cost(
    tables: Tables, built: Iterable[str], price_year: int, index: Mapping[int, float] | None = None
) -> Amount:
    """Published cost of some projects in prices of a year: the least and the greatest figure, and their middle.

    Figures are those with a date (table `project_years`), each in prices of the year in which it was first stated; of a
    project without any, those of its row, in prices of the year of the row.

    Parameters
    ----------
    tables
        Tables with the projects.
    built
        Ids of projects.
    price_year
        Year of prices.
    index
        Index of prices by year, instead of that of the table.

    Raises
    ------
    InputError
        If a project has no figure.

    >>> import corridors as co
    >>> cost = published_cost(co.load().tables, ["uap-kabul"], 2025)
    >>> round(cost.low), round(cost.high), cost.told
    (5027, 7962, '4600 (2022) to 8200 (2026) m USD, published')
    """
    names = list(built)
    found = construction_cost(tables, names)
    if not found.figures or found.missing:
        short = ", ".join(found.missing or names)
        raise InputError("cost_musd", None, f"a cost in million USD: none is published of {short}")
    row_year = tables["projects"].set_index("id")["year"]
    low = high = 0.0
    told = []
    for name, figures in found.figures.items():
        dated = _years(tables, name)
        # the year of the row is that of its last revision: it stands in only where no figure has a date of its own
        of_year = dated or dict.fromkeys(figures, int(row_year[name]))
        real = [(figure * deflator(year, price_year, index), figure, year) for figure, year in of_year.items()]
        (least, a, of_a), (most, b, of_b) = min(real), max(real)
        low, high = low + least, high + most
        words = f"{a:g} ({of_a})" if a == b else f"{a:g} ({of_a}) to {b:g} ({of_b})"
        told.append(f"{words} m USD, published" if len(found.figures) == 1 else f"{name} {words} m USD, published")
    return Amount((low + high) / 2, low, high, f"m USD of {price_year}", "; ".join(told), found.sources, "C")


def _years(tables: Tables, project: str) -> dict[float, int]:
    """First year in which each figure of a project, or of one with the same parts, was stated."""
    members = set(leaves(tables, project))
    found: dict[float, int] = {}
    for row in tables["project_years"].to_dict("records"):
        if set(leaves(tables, str(row["project"]))) != members or not row["costs_published"]:
            continue
        for figure in published(str(row["costs_published"])):
            year = int(str(row["stated"])[:4])
            found[figure] = min(year, found.get(figure, year))
    return found


def reference_class(tables: Tables, parameter: str) -> Amount:
    """Overrun of cost, shortfall of traffic or discount rate as other projects have it, in per cent.

    Parameters
    ----------
    tables
        Tables with `elasticities`.
    parameter
        `overrun`, `shortfall` or `discount`.

    Raises
    ------
    InputError
        If the table has no such row.

    >>> import corridors as co
    >>> reference_class(co.load().tables, "overrun").value
    39.0
    """
    frame = tables.frames.get("elasticities")
    rows = [] if frame is None else frame[frame["parameter"] == parameter].to_dict("records")
    if not rows:
        raise InputError(parameter, None, f"a number: the table elasticities has no row of {parameter}")
    row = rows[0]
    told = f"{row['name']}, {row['applies_to']}: {row['reference']}"
    ends = float(row["low"]), float(row["high"])
    named = tuple(schema.items(row["source"]))
    return Amount(float(row["value"]), *ends, str(row["unit"]), told, named, str(row["confidence"]))
