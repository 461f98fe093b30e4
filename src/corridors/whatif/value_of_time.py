"""What a comparison says as a function of the value of time: gains, shares of rail, and break-even values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.drawing import Panels, drawn
from corridors.base.errors import InputError
from corridors.base.results import Result
from corridors.base.units import GENERALIZED
from corridors.data import schema
from corridors.data.tables import Tables
from corridors.model.expansion import EdgeKind
from corridors.model.question import value_of_time
from corridors.network.network import Network
from corridors.routing.route import Route
from corridors.whatif.envelope import Envelope, Line, envelopes
from corridors.whatif.flows import Key
from corridors.whatif.pair_table import BY, GAIN_USD_T
from corridors.whatif.questions import BOTH, STATUS, counts
from corridors.whatif.weights import Pair

Floats = NDArray[np.float64]

HOURS_A_DAY = 24.0

ALONE = 10.0
"""Factor on both sides of a value of time that stands alone."""

MAIN_HAUL = 0.5
"""Share of the km on land from which on a way counts as one by rail."""

SHOWN_GOODS = ("flour", "fertilizer", "vegetable-oil", "confectionery", "general")
"""Commodities that are marked on charts and named in texts, as far as a network has them."""


class Compared(Protocol):
    """What is needed of a comparison."""

    @property
    def routes(self) -> Mapping[Key, Route | None]:
        """Route by scenario, origin and destination."""

    @property
    def networks(self) -> Mapping[str, Network]:
        """Network of each scenario."""

    @property
    def base(self) -> str:
        """Scenario that the others are measured against."""

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios, the base first."""

    @property
    def pair_list(self) -> list[Pair]:
        """Pairs of origin and destination."""

    @property
    def weights(self) -> Mapping[Pair, float]:
        """Weight of each pair, adding up to one."""

    @property
    def questions(self) -> Mapping[Pair, Pair]:
        """Question that each pair asks."""

    @property
    def asked(self) -> Mapping[str, Any]:
        """Options of the question."""

    @property
    def cargo(self) -> str:
        """Cargo unit."""

    @property
    def vot_usd_t_h(self) -> float:
        """Value of time in USD per tonne and hour."""


def goods(tables: Tables, cargo: str) -> pd.Series:
    """Value of time (USD per tonne and day) of the commodities that travel in a cargo unit, by id, the least first.

    Parameters
    ----------
    tables
        Tables with the commodities.
    cargo
        Cargo unit.

    >>> import corridors as co
    >>> goods(co.load().tables, "container")[["flour", "general"]].round(1).tolist()
    [0.4, 30.0]
    """
    frame = tables["commodities"]
    mine = frame["id"][[cargo in schema.items(cell) for cell in frame["cargo_units"]]]
    values = {ident: HOURS_A_DAY * value_of_time(tables, cargo, ident) for ident in mine}
    return pd.Series(values, dtype=float).sort_values(kind="stable")


class Along(NamedTuple):
    """Totals of every pair (rows) at values of time (columns) in one scenario; nan where there is no way."""

    hours: Floats
    cost_usd_t: Floats
    by_rail: Floats


@dataclass(frozen=True, eq=False, repr=False)
class ValueOfTime(Result):
    """Gains of a comparison over a range of values of time.

    The ways are all that a search finds best at some value of time, in this scenario or in another of which this one
    may use the way. At every value each pair has that of least generalized cost as routes tell it, with the rests of
    drivers where they fall (see `corridors.whatif.envelope`). Figures and break-even values are exact over these ways,
    and building something is never a loss. The comparison itself has the way of the search at its value, which may
    tell a little more.

    Attributes
    ----------
    comparison
        The comparison; its first scenario is the base.
    envelopes
        Ways of every pair over the range, by scenario.
    low, high
        Ends of the range in USD per tonne and day.
    goods
        Value of time (USD per tonne and day) by commodity.
    names
        Name of each commodity.
    """

    comparison: Compared
    envelopes: Mapping[str, Mapping[Pair, Envelope]]
    low: float
    high: float
    goods: pd.Series
    names: Mapping[str, str]

    plot = drawn[Panels]("gains_by_value_of_time")

    def table(self, values: Iterable[float] | None = None, *, by: str | None = None) -> pd.DataFrame:
        """Table of gains: one row per scenario besides the base and value of time (and per place, with `by`).

        Parameters
        ----------
        values
            Values of time in USD per tonne and day, within the range; those of the commodities by default.
        by
            `origin`, `destination` or `market` (destinations of one market together) for one row each.

        Returns
        -------
        DataFrame
            scenario, (the place,) vot_usd_t_d, commodity (those of just this value), pairs, compared, gaining, joined
            and parted (questions, so that pairs of one market count once), days, usd_t and generalized_usd_t (weighted
            mean change over the pairs joined in both), rail_share and base_rail_share (weighted share of the joined
            pairs whose way goes by rail for at least half of its km on land).
        """
        if by not in (None, *BY):
            raise InputError("by", by, f"one of {', '.join(BY)}")
        asked = self.goods[(self.goods >= self.low) & (self.goods <= self.high)].unique() if values is None else values
        days = np.array([float(value) for value in asked])
        if not len(days) or not ((days >= self.low) & (days <= self.high)).all():
            raise InputError("values", days.tolist(), f"values from {self.low:g} to {self.high:g} USD/t a day")
        groups: dict[str, list[int]] = {}
        for row, pair in enumerate(self.comparison.pair_list):
            market = self.comparison.questions.get(pair, pair)[1]
            groups.setdefault(dict(zip(BY, (*pair, market), strict=True)).get(by or "", ""), []).append(row)
        rows = [
            {"scenario": name, **({by: place} if by else {}), **row}
            for name in self.comparison.scenarios[1:]
            for place, mine in groups.items()
            for row in self._rows(name, days, mine)
        ]
        return pd.DataFrame(rows)

    def _rows(self, scenario: str, days: Floats, rows: Sequence[int]) -> Iterable[dict[str, Any]]:
        """Rows of one scenario, of some of the pairs."""
        here, before = self._along(scenario, days), self._along(self.comparison.base, days)
        pairs = [self.comparison.pair_list[row] for row in rows]
        weight = np.array([self.comparison.weights[pair] for pair in pairs])
        questions = [self.comparison.questions.get(pair, pair) for pair in pairs]
        for column, value in enumerate(days):
            mine, theirs = (Along(*(part[rows, column] for part in side)) for side in (here, before))
            yield {
                "vot_usd_t_d": float(value),
                "commodity": ";".join(self.goods.index[np.isclose(self.goods, value, rtol=1e-9)]),
                **_changes(mine, theirs, value / HOURS_A_DAY, weight, questions),
                "rail_share": _mean(mine.by_rail, weight),
                "base_rail_share": _mean(theirs.by_rail, weight),
            }

    def _along(self, scenario: str, days: Floats) -> Along:
        """Totals of the best ways at values of time."""
        totals = self._totals[scenario]
        found = Along(*(np.full((len(self.comparison.pair_list), len(days)), np.nan) for _ in range(3)))
        for row, pair in enumerate(self.comparison.pair_list):
            envelope = self.envelopes[scenario].get(pair)
            if envelope is not None and envelope.lines:
                number = np.searchsorted(envelope.turns, days / HOURS_A_DAY)
                for part, of_line in zip(found, totals[pair], strict=True):
                    part[row] = of_line[number]
        return found

    @cached_property
    def _totals(self) -> Mapping[str, Mapping[Pair, Floats]]:
        """Hours, cost and whether by rail (rows) of every line (columns) of every pair, by scenario."""
        return {
            scenario: {
                pair: np.array([_figures(line) for line in envelope.lines]).T
                for pair, envelope in found.items() if envelope.lines
            }
            for scenario, found in self.envelopes.items()
        }  # fmt: skip

    def turns(self) -> Floats:
        """All values of time (USD per tonne and day) at which a way of any pair turns, in order."""
        turns = {turn for found in self.envelopes.values() for one in found.values() for turn in one.turns}
        return HOURS_A_DAY * np.array(sorted(turns))

    def break_even(self) -> pd.DataFrame:
        """Table of the values of time at which each pair begins and ceases to gain, exact over its ways.

        Returns
        -------
        DataFrame
            One row per scenario besides the base and pair: scenario, origin, destination, status (both, only_base,
            only_scenario or neither), gains (`always`, `below`, `above`, `between`, `several` or `never`, within the
            range; blank where the two cannot be compared), from_usd_t_d and to_usd_t_d (USD per tonne and day: the
            first value at which it gains and the last; an end of the range where it gains up to there).
        """
        rows = []
        for name in self.comparison.scenarios[1:]:
            for pair in self.comparison.pair_list:
                here, before = (self.envelopes[one].get(pair) for one in (name, self.comparison.base))
                status = _status(before, here)
                inside = here.below(before) if status == BOTH and here is not None and before is not None else []
                parts = [(HOURS_A_DAY * start, HOURS_A_DAY * end) for start, end in inside]
                first, last = (parts[0][0], parts[-1][1]) if parts else (np.nan, np.nan)
                kind = self._kind(parts) if status == BOTH else ""
                rows.append((name, *pair, status, kind, first, last))
        columns = ["scenario", "origin", "destination", "status", "gains", "from_usd_t_d", "to_usd_t_d"]
        return pd.DataFrame(rows, columns=columns)

    def _kind(self, parts: Sequence[tuple[float, float]]) -> str:
        """Say in one word where a pair gains."""
        if len(parts) != 1:
            return "several" if parts else "never"
        from_start, to_end = np.isclose(parts[0][0], self.low), np.isclose(parts[0][1], self.high)
        return {(True, True): "always", (True, False): "below", (False, True): "above"}.get(
            (bool(from_start), bool(to_end)), "between"
        )

    def _above(self) -> str:
        compared = self.comparison
        return (
            f"Value of time from {self.low:.2g} to {self.high:.3g} USD/t a day: {compared.cargo}, "
            f"{len(set(compared.questions.values()) or compared.pair_list)} pairs"
        )

    def _shown(self) -> pd.DataFrame:
        return self.table().round(2)


def by_value_of_time(
    comparison: Compared, *, low_usd_t_d: float | None = None, high_usd_t_d: float | None = None
) -> ValueOfTime:
    """Gains of a comparison over a range of values of time; every pair takes the way that is best at each value.

    Parameters
    ----------
    comparison
        A comparison of least generalized cost.
    low_usd_t_d, high_usd_t_d
        Ends of the range in USD per tonne and day; by default from the least to the greatest of the commodities that
        travel in the cargo unit, and as far as the value of the comparison itself; where these are one value, from a
        tenth of it to ten times of it.

    Returns
    -------
    ValueOfTime
        Hours, cost in USD/t and emissions of every scenario at every value of time, and where the order turns.

    Raises
    ------
    InputError
        If the comparison is of another objective, has no scenario beside the base, or the range is none.

    >>> import corridors as co
    >>> gain = co.compare([co.load(), "uap-kabul"], ["Almaty"], ["Karachi"], modes={"rail"})
    >>> found = by_value_of_time(gain)
    >>> found.table([1, 30])["gaining"].tolist(), found.break_even()["gains"].tolist()
    ([1, 1], ['always'])
    """
    if comparison.asked.get("by", GENERALIZED.name) not in (GENERALIZED.name, GENERALIZED.column):
        raise InputError("by", comparison.asked["by"], "a comparison of least generalized cost")
    if len(comparison.scenarios) < 2 or set(comparison.networks) != set(comparison.scenarios):
        raise InputError(
            "comparison", comparison.scenarios, "a comparison with its networks and a scenario beside the base"
        )
    tables = comparison.networks[comparison.base].tables
    values = goods(tables, comparison.cargo)
    span = [*values[values > 0], *([own] if (own := HOURS_A_DAY * comparison.vot_usd_t_h) > 0 else [])]
    if span and np.isclose(min(span), max(span)):
        span = [min(span) / ALONE, max(span) * ALONE]
    least, most = min(span, default=0.0), max(span, default=0.0)
    low = least if low_usd_t_d is None else float(low_usd_t_d)
    high = most if high_usd_t_d is None else float(high_usd_t_d)
    if not 0 <= low < high < float("inf"):
        raise InputError("low_usd_t_d, high_usd_t_d", (low, high), "two values of time, the lower one first")
    # a commodity that was named stays, for it decides on the load of a unit, too
    options = {k: v for k, v in comparison.asked.items() if k not in ("by", "vot_usd_t_h")}
    networks = {name: comparison.networks[name] for name in comparison.scenarios}
    pairs = {n: [pair for pair in comparison.pair_list if (n, *pair) in comparison.routes] for n in networks}
    ends = [value / HOURS_A_DAY for value in (low, high, least or low, most or high)]
    found = envelopes(networks, pairs, ends[0], ends[1], options, span=(ends[2], ends[3]))
    names = tables["commodities"].set_index("id")["name"].to_dict()
    return ValueOfTime(comparison, found, low, high, values, names)


def _changes(
    mine: Along, theirs: Along, vot_usd_t_h: float, weight: Floats, questions: Sequence[Pair]
) -> dict[str, float]:
    """Counts and mean changes of one row."""
    hours, cost = mine.hours - theirs.hours, mine.cost_usd_t - theirs.cost_usd_t
    change = cost + vot_usd_t_h * hours
    return {
        **counts(np.isfinite(theirs.hours), np.isfinite(mine.hours), change < -GAIN_USD_T, questions),
        "days": _mean(hours, weight) / HOURS_A_DAY,
        "usd_t": _mean(cost, weight),
        "generalized_usd_t": _mean(change, weight),
    }


def _mean(values: Floats, weight: Floats) -> float:
    """Weighted mean of what is no nan; nan where nothing is."""
    there = np.isfinite(values) & (weight > 0)
    return float(np.average(values[there], weights=weight[there])) if there.any() else float("nan")


def _status(before: Envelope | None, here: Envelope | None) -> str:
    """Status of a pair that may have no way, or no place, in one of two networks."""
    return STATUS[bool(before and before.lines), bool(here and here.lines)]


def _figures(line: Line) -> tuple[float, float, float]:
    """Hours and cost of a way, and 1 if rail is its main haul, 0 if not."""
    return line.hours, line.cost_usd_t, float(main_haul_by_rail(line.route))


def main_haul_by_rail(route: Route) -> bool:
    """Whether a route goes by rail for at least half of its km on land.

    >>> import corridors as co
    >>> [main_haul_by_rail(co.load().route("Almaty", "Karachi", modes={mode})) for mode in ("rail", "road")]
    [True, False]
    """
    e, edges = route.problem.expansion, route.step_edges
    mode, km = e.mode[edges], np.where(e.kind[edges] == EdgeKind.SEA, 0.0, e.km[edges])
    return bool(km[mode == "rail"].sum() >= MAIN_HAUL * km.sum() > 0)
