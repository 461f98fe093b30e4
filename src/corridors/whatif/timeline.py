"""The answer by year: scenarios whose lines open one after the other, compared with the base in every year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Unpack

import pandas as pd

from corridors.base.arguments import checked
from corridors.base.dates import date_text, last_day
from corridors.base.drawing import Panels, drawn
from corridors.base.errors import InputError
from corridors.base.options import takes
from corridors.base.results import ReadOnly, Result
from corridors.base.units import COST, GENERALIZED, HOURS
from corridors.model.question import Asked
from corridors.model.view import PLANNED, View, usable
from corridors.model.years import CHOSEN, EARLIEST, LATEST, Opening, openings, stated_dates
from corridors.network.network import Network
from corridors.whatif.compare import Comparison, compare
from corridors.whatif.named import BASE, Named, Scenarios, named_networks
from corridors.whatif.value_of_time import HOURS_A_DAY, main_haul_by_rail
from corridors.whatif.weights import Weights

MOST_YEARS = 200
"""Years that a timeline may have."""

FIGURES = ("gaining", "joined", "days", "usd_t", "generalized_usd_t", "rail_share")
"""Columns of figures."""

BANDS = {"days": HOURS, "usd_t": COST, "generalized_usd_t": GENERALIZED}
"""Figures that have bands of draws, with the measure they are means of."""

Case = tuple[str, str, str]
"""Scenario, which statement (`stated`, `earliest`, `latest`), and year."""


@checked
@dataclass(frozen=True, eq=False, repr=False)
class Timeline(Result):
    """Gains of scenarios against the base, year by year.

    Attributes
    ----------
    comparison
        Comparison of the base with every state of the lines that differs from the others.
    states
        Name of the state in the comparison, by scenario, statement and year.
    dates
        Date from which each project is in use, by scenario, statement and project.
    """

    comparison: Comparison
    states: Mapping[Case, str]
    dates: Mapping[str, Mapping[str, Mapping[str, str]]]

    _indexed = False

    plot = drawn[Panels]("timeline_chart")

    def __post_init__(self) -> None:
        for name in ("states", "dates"):
            object.__setattr__(self, name, ReadOnly(getattr(self, name)))

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios beside the base."""
        return list(self.dates)

    @property
    def years(self) -> list[str]:
        """Years that are compared."""
        return list(dict.fromkeys(case[2] for case in self.states))

    def openings(self) -> pd.DataFrame:
        """Table of projects and the dates from which they are in use: one row per scenario and project.

        Columns: scenario, project, `stated` (the date that is taken), `earliest` and `latest` (of all statements; equal
        to it where a year was given), and `statement`, the id of the one that is taken in the table `project_years`;
        blank where a year was given.

        >>> import corridors as co
        >>> found = co.timeline(co.load(), "uap-kabul", [2030, 2031], ["Tashkent"], ["Karachi"]).openings()
        >>> found[["project", "stated", "earliest", "latest"]].to_numpy().tolist()[0]
        ['kharlachi-kohat', '2028', '2027', '2031']
        """
        rows = []
        for name, by_statement in self.dates.items():
            known = openings(self.comparison.networks[self.comparison.base].tables)
            for project, _ in sorted(by_statement[CHOSEN].items(), key=lambda one: (last_day(one[1]), one[0])):
                ends = {which: by_statement[which][project] for which in (CHOSEN, EARLIEST, LATEST)}
                mine = known.get(project, Opening())
                given = any(ends[which] != getattr(mine, which) for which in ends)
                rows.append(
                    {"scenario": name, "project": project, **ends, "statement": "" if given else mine.of_stated}
                )
        return pd.DataFrame(rows, columns=["scenario", "project", CHOSEN, EARLIEST, LATEST, "statement"])

    def table(self) -> pd.DataFrame:
        """Table of one row per scenario and year.

        Columns: scenario, year; `gaining` and `joined` (anew), counts of questions; `days`, `usd_t` and
        `generalized_usd_t`, weighted mean changes of the pairs joined in both; `rail_share`, the weighted share of
        pairs whose main haul is by rail; each also with `_earliest` and `_latest`, by the earliest and the latest
        statement. With draws `_p05` and `_p95` of the three means. `opens`: projects in use for the first time.

        >>> import corridors as co
        >>> found = co.timeline(co.load(), "uap-kabul", [2030, 2031], ["Tashkent"], ["Karachi"], modes={"rail"}).table()
        >>> found[["year", "gaining", "gaining_earliest", "opens"]].to_numpy().tolist()
        [['2030', 0, 1, 'kharlachi-kohat'], ['2031', 1, 1, 'uap-naibabad-kharlachi']]
        """
        rows = []
        for name in self.scenarios:
            before: set[str] = set()
            for year in self.years:
                now = {one for one, date in self.dates[name][CHOSEN].items() if last_day(date) <= last_day(year)}
                row: dict[str, Any] = {"scenario": name, "year": year}
                for which, suffix in ((CHOSEN, ""), (EARLIEST, "_earliest"), (LATEST, "_latest")):
                    state = self._figures[self.states[name, which, year]]
                    row |= {f"{column}{suffix}": state[column] for column in FIGURES}
                row |= self._bands.get(self.states[name, CHOSEN, year], {})
                rows.append({**row, "opens": ", ".join(sorted(now - before))})
                before |= now
        return pd.DataFrame(rows)

    @cached_property
    def _figures(self) -> dict[str, dict[str, float]]:
        """Figures of every state of the lines."""
        means, compared = self.comparison.overall(), self.comparison
        found = {}
        for name in compared.scenarios:
            row = means.loc[name]
            rail = [(route is not None and main_haul_by_rail(route), pair) for pair, route in self._routes(name)]
            found[name] = {
                "gaining": int(row["gaining"]),
                "joined": int(row["joined"]),
                "days": float(row["hours_delta"]) / HOURS_A_DAY,
                "usd_t": float(row["cost_usd_t_delta"]),
                "generalized_usd_t": float(row["generalized_usd_t_delta"]),
                "rail_share": float(sum(compared.weights[pair] for by_rail, pair in rail if by_rail)),
            }
        return found

    def _routes(self, name: str) -> Iterator[tuple[tuple[str, str], Any]]:
        """Yield the pairs and routes of a state."""
        return ((key[1:], route) for key, route in self.comparison.routes.items() if key[0] == name)

    @cached_property
    def _bands(self) -> dict[str, dict[str, float]]:
        """Points of 5 and 95 % of the means of every state; none without draws."""
        found: dict[str, dict[str, float]] = {}
        if self.comparison.draws:
            for name in self.comparison.scenarios:
                found[name] = {}
                for column, measure in BANDS.items():
                    ends = self.comparison.overall_band(name, measure)
                    unit = HOURS_A_DAY if measure is HOURS else 1.0
                    found[name] |= {f"{column}_{p}": end / unit for p, end in zip(("p05", "p95"), ends, strict=True)}
        return found

    def _shown(self) -> pd.DataFrame:
        ends = [f"{column}{end}" for column in ("gaining", "days", "usd_t") for end in ("_earliest", "_latest")]
        return self.table()[["scenario", "year", *FIGURES, *ends, "opens"]].round(2)

    def _above(self) -> str:
        pairs = len(self.comparison.pair_list)
        return f"Change against the base on {pairs} pairs; _earliest and _latest: by these statements of the openings"


@takes(Asked)
def timeline(
    net: Network,
    scenarios: Scenarios,
    years: Iterable[object],
    origins: str | Iterable[str],
    destinations: str | Iterable[str],
    *,
    weights: Weights = None,
    draws: int = 0,
    seed: int = 0,
    **options: Unpack[Asked],
) -> Timeline:
    """Compare scenarios with a network year by year, with their lines in use from the years in which they open.

    A project opens in the year that the scenario gives (`build(year=)`, `staged`, `opened` of a link), else as the
    table `project_years` states: the statement that is taken, and beside it the earliest and the latest one. Borders
    and existing lines stay as in the network. Years in which the same lines are in use share one answer.

    Parameters
    ----------
    net
        The base, the same in every year.
    scenarios
        Scenarios, or names of bundled ones, by name or in a list.
    years
        Years, such as `range(2026, 2041)`, or other dates.
    origins, destinations
        Places, or the name of a set of places.
    weights, draws, seed
        As in `corridors.whatif.compare.compare`.
    options
        The same for every scenario and year.

    Returns
    -------
    Timeline
        Totals and gains of every year and scenario, and when every project opens.

    Raises
    ------
    InputError
        If there is no year, or no scenario beside the base.
    ScenarioError
        If nothing is stated of the opening of a project, and no year is given for it.

    >>> import corridors as co
    >>> west = co.scenario("western-route").staged({"torghundi-herat": 2028, "western-route": 2032})
    >>> found = co.timeline(co.load(), [west], range(2027, 2034), ["Tashkent"], ["Karachi"], modes={"rail"})
    >>> found.table()["days"].round(1).tolist(), len(found.comparison.scenarios)
    ([0.0, 0.0, 0.0, 0.0, 0.0, -5.7, -5.7], 3)
    """
    texts = list(dict.fromkeys(date_text(year, name="years") for year in years))
    if not 0 < len(texts) <= MOST_YEARS:
        raise InputError("years", len(texts), f"1 to {MOST_YEARS} years")
    networks = named_networks(scenarios, base=net)
    base = networks.pop(next(iter(networks)))
    if not networks:
        raise InputError("scenarios", list(networks), "at least one scenario beside the base")
    dates = {name: _dates(one, base) for name, one in networks.items()}
    compared: dict[str, Named] = {BASE: base}
    states: dict[Case, str] = {}
    seen = {_in_use(base): BASE}
    for name, one in networks.items():
        for which, by_project in dates[name].items():
            # links with dates of their own keep them, for those of one project may differ
            more = {project: date for project, date in by_project.items() if project not in _opened(one)}
            view = replace(one.view, openings=frozenset({**dict(one.view.openings), **more}.items()))
            for year in texts:
                state = replace(one, view=replace(view, horizon=year))
                called = seen.setdefault(_in_use(state), f"{name} {year}{'' if which == CHOSEN else f' ({which})'}")
                compared.setdefault(called, state)
                states[name, which, year] = called
    found = compare(compared, origins, destinations, weights=weights, draws=draws, seed=seed, **options)
    return Timeline(found, states, dates)


def _dates(net: Network, base: Network) -> dict[str, dict[str, str]]:
    """Dates of what a scenario builds beyond the base, by statement and project."""
    given = {**_opened(net), **dict(net.view.openings)}
    new = sorted(net.view.built - base.view.built)
    left = [name for name in new if name not in given]
    fixed = {name: given[name] for name in new if name in given}
    return {which: fixed | stated_dates(net.tables, left, which) for which in (CHOSEN, EARLIEST, LATEST)}


def _opened(net: Network) -> dict[str, str]:
    """Projects whose planned links have dates of opening, each with the last of them."""
    links = net.tables["links"]
    own = links[(links["opened"] != "") & links["status"].isin(PLANNED)]
    found: dict[str, str] = {}
    for project, date in zip(own["project"], own["opened"], strict=True):
        found[project] = max(found.get(project, date), date, key=last_day)
    return found


def _in_use(net: Network) -> tuple[Any, ...]:
    """What tells a state of the lines from others: the tables, what of them is in use, date and season."""
    now, view = usable(net.tables, net.view), net.view
    masks = (now.links, now.services, now.terminals, *now.crossings.values())
    rest: View = replace(view, built=frozenset(), openings=frozenset(), horizon=None)
    return (id(net.tables), rest, *(mask.tobytes() for mask in masks))
