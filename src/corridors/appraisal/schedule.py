"""Years of a project: when its stages are built, when they open, and how long they serve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from corridors.appraisal.cash import Floats, factors_by_year
from corridors.base.errors import InputError, ScenarioError
from corridors.model.years import openings
from corridors.network.network import Network

BUILD_YEARS = 5
"""Years of building of a stage (assumed; named for the Kabul line in 2022 and 2025)."""

MOST_YEARS = 200
"""Years that building, and that service, may take, and that the present may lie before them."""

LIFE_YEARS = 30
"""Years of benefit after the last opening (assumed)."""


@dataclass(frozen=True)
class Schedule:
    """Stages of a project by year; each opens at the end of a year, and serves from the next one on.

    Attributes
    ----------
    openings
        Years at whose end the stages open, in order.
    shares
        Share of the cost of each stage; they add up to one.
    build_years
        Years over which the cost of a stage is spent evenly, the year of opening being the last.
    life_years
        Years of benefit after the last opening.
    growth
        Tonnes by year of operation, as in `corridors.appraisal.cash.factors_by_year`.
    present
        Year whose money is not discounted; by default the year before the first is spent.

    >>> plan = Schedule((2031,), (1.0,), build_years=5, life_years=30)
    >>> plan.present, plan.years[-1], plan.spending[1:6].tolist()
    (2026, 2061, [0.2, 0.2, 0.2, 0.2, 0.2])
    """

    openings: tuple[int, ...]
    shares: tuple[float, ...]
    build_years: int = BUILD_YEARS
    life_years: int = LIFE_YEARS
    growth: float | tuple[float, ...] = 0.0
    present: int = 0

    def __post_init__(self) -> None:
        for name in ("build_years", "life_years"):
            if not 1 <= getattr(self, name) <= MOST_YEARS:
                raise InputError(name, getattr(self, name), f"one year or more, {MOST_YEARS} at most")
        factors_by_year(self.growth, 1)
        first = self.openings[0] - self.build_years
        if not self.present:
            object.__setattr__(self, "present", first)
        if self.present > first:
            raise InputError("present", self.present, f"{first} or before, for the first money is spent in {first + 1}")
        if self.present < first - MOST_YEARS:
            raise InputError("present", self.present, f"a year, {MOST_YEARS} years before {first} at most")

    @cached_property
    def years(self) -> list[int]:
        """Years from the present to the last one of benefit."""
        return list(range(self.present, self.openings[-1] + self.life_years + 1))

    @cached_property
    def spending(self) -> Floats:
        """Share of the cost spent in each year."""
        spent = np.zeros(len(self.years))
        for opening, share in zip(self.openings, self.shares, strict=True):
            last = opening - self.present + 1
            spent[last - self.build_years : last] += share / self.build_years
        return spent

    @cached_property
    def served(self) -> Floats:
        """Factor of the tonnes in each year (columns) in which the stages up to each (rows) are in use."""
        years = np.array(self.years)
        factor = np.zeros(len(years))
        running = years > self.openings[0]
        factor[running] = factors_by_year(self.growth, int(running.sum()))
        ends = (*self.openings[1:], self.years[-1])
        return np.array(
            [
                np.where((years > opening) & (years <= end), factor, 0.0)
                for opening, end in zip(self.openings, ends, strict=True)
            ]
        )


def stages_of(base: Network, built: Network, opens: int | None) -> dict[int, list[str]]:
    """Projects that a scenario builds by the year in which they open.

    Years are those of `staged` or `build(year=)`, else `opens`, else the ones that the table `project_years` takes, of
    which the last counts for all.

    Parameters
    ----------
    base, built
        Networks without and with the scenario.
    opens
        Year for what has none.

    Raises
    ------
    ScenarioError
        If there is no year.

    >>> import corridors as co
    >>> net = co.load()
    >>> stages_of(net, net.build("uap-kabul"), None)
    {2031: ['kharlachi-kohat', 'uap-naibabad-kharlachi']}
    >>> staged = net.build("western-route").staged({"torghundi-herat": 2028, "western-route": 2032})
    >>> {year: len(names) for year, names in stages_of(net, staged, None).items()}
    {2028: 2, 2032: 3}
    """
    new = sorted(built.view.built - base.view.built)
    given = {name: int(date[:4]) for name, date in dict(built.view.openings).items() if name in new}
    left = [name for name in new if name not in given]
    if opens is None and (left or not new):
        known = openings(built.tables)
        stated = [int(known[name].stated[:4]) for name in left if name in known and known[name].stated]
        if not stated:
            raise ScenarioError(f"no year is stated for {', '.join(left) or built.name}: say opens=2035, or stage it.")
        opens = max(stated)
    found: dict[int, list[str]] = {}
    for name in new or [built.name]:
        found.setdefault(given.get(name, opens or 0), []).append(name)
    return dict(sorted(found.items()))


def shares_of(built: Network, stages: Mapping[int, Sequence[str]]) -> tuple[float, ...]:
    """Share of the cost of each stage, by the km of its projects; equal where the km of one are not known.

    Parameters
    ----------
    built
        Network with the projects.
    stages
        Projects by year of opening.

    >>> import corridors as co
    >>> shares_of(co.load(), {2028: ["uap-naibabad-kharlachi"], 2030: ["kharlachi-kohat"]})
    (0.7490196078431373, 0.25098039215686274)
    """
    table = built.tables["projects"].set_index("id")["length_km"]
    length = [sum(float(table.get(name, np.nan)) for name in names) for names in stages.values()]
    if not np.isfinite(length).all() or sum(length) <= 0:
        return tuple(1 / len(stages) for _ in stages)
    return tuple(one / sum(length) for one in length)
