"""What sets of projects cost to build: as published, or as the user says, with draws within the range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from corridors.appraisal.sets import Candidates
from corridors.base.errors import InputError, UnknownNameError
from corridors.base.names import near
from corridors.data.tables import Tables
from corridors.model.projects import construction_cost
from corridors.uncertainty.draws import draw_between

Floats = NDArray[np.float64]

Costs: TypeAlias = "Mapping[str, float | tuple[float, float]]"
"""Cost in million USD by project: one figure, or the least and the greatest."""


@dataclass(frozen=True, eq=False)
class ProjectCosts:
    """Least and greatest cost of every candidate in million USD.

    Attributes
    ----------
    low, high
        Ends of the ranges, by candidate.
    given
        Candidates whose cost the user gave; the others have what is published (different years, not deflated).
    sources
        Ids of the sources of published costs.
    """

    low: Floats
    high: Floats
    given: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def middle(self) -> Floats:
        """Middle of the ranges: the cost that a budget is held against."""
        return (self.low + self.high) / 2

    def of_sets(self, sets: Sequence[int], by_project: Floats | None = None) -> Floats:
        """Cost of sets: the middle, or a sum of other costs by candidate (first axis)."""
        amounts = self.middle if by_project is None else by_project
        members = (np.array(sets, dtype=np.int64)[:, None] >> np.arange(len(self.low))) & 1
        return np.asarray(members @ amounts)

    def drawn(self, names: Sequence[str], draws: int, seed: int) -> Floats:
        """Draws of the cost of every candidate: the ends of the range are points of 5 and 95 %, the middle the mean."""
        ends = zip(names, self.middle, self.low, self.high, strict=True)
        rows = [draw_between(f"cost/{name}", mid, low, high, draws=draws, seed=seed) for name, mid, low, high in ends]
        return np.array(rows).reshape(len(names), draws)


def project_costs(tables: Tables, candidates: Candidates, costs: Costs | None = None) -> ProjectCosts:
    """Costs of candidates: those given, else those published.

    Raises
    ------
    InputError
        If no cost of a project is published, and none is given; or a given one is not possible.
    UnknownNameError
        If a cost is given for what is no candidate.

    >>> import corridors as co
    >>> from corridors.appraisal.sets import candidates_of
    >>> found = candidates_of(co.load(), ["kharlachi-kohat", "khaf-herat"])
    >>> project_costs(co.load().tables, found, {"khaf-herat": (80, 120)}).middle.tolist()
    [642.0, 100.0]
    """
    given = {name: _range(name, cost) for name, cost in (costs or {}).items()}
    for name in given:
        if name not in candidates.names:
            raise UnknownNameError("project", name, near(name, candidates.names), where="among the candidates")
    ends: list[tuple[float, float]] = []
    missing: list[str] = []
    sources: list[str] = []
    for name in candidates.names:
        if name in given:
            ends.append(given[name])
            continue
        published = construction_cost(tables, [name])
        sources += published.sources
        ends.append((published.low_musd, published.high_musd))
        missing += [name] if published.missing or not published.figures else []
    if missing:
        raise InputError(
            "costs", None, f"a cost in million USD of {', '.join(missing)}, for none is published: "
            f"costs={{'{missing[0]}': (least, greatest)}}"
        )  # fmt: skip
    low, high = np.array(ends, dtype=float).T
    return ProjectCosts(low, high, tuple(given), tuple(dict.fromkeys(sources)))


def _range(name: str, cost: float | tuple[float, float]) -> tuple[float, float]:
    """Ends of a cost that was given."""
    ends = tuple(cost) if isinstance(cost, Sequence) else (cost, cost)
    if len(ends) != 2 or not 0 < float(ends[0]) <= float(ends[1]) < np.inf:
        raise InputError("costs", {name: cost}, "a cost in million USD, or the least and the greatest")
    return float(ends[0]), float(ends[1])
