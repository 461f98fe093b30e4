"""Whether the lines of the report pay, computed: flows of the tables on them, and the tonnage that pays for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from corridors.appraisal.appraise import appraise
from corridors.appraisal.border import Border
from corridors.appraisal.case import Case
from corridors.appraisal.cost import Amount, published_cost, reference_class
from corridors.appraisal.result import Appraisal
from corridors.appraisal.schedule import Schedule, stages_of
from corridors.appraisal.worth import Worth, benefit_factor
from corridors.base.errors import CorridorsError
from corridors.base.progress import progress
from corridors.data.deflators import PRICE_YEAR
from corridors.network.network import Network
from corridors.report.study import Study
from corridors.report.trade import flow_pairs, flow_rows, shared_unit
from corridors.trade.signs import UNDECIDED
from corridors.whatif.weights import Pair

BORDER: Final = "AF-PK"
"""Border whose closures are followed over the decades."""

SINCE: Final = "2021"
"""Year since which its closures were collected with care."""

NONE_USD_T: Final = 0.05
"""Saving that rounds to nothing."""


Shares = Mapping[tuple[str, str, str], "pd.Series[float]"]
"""Shares of the draws by scenario, for each cargo unit, group and market."""


@dataclass(frozen=True)
class Line:
    """A scenario as a thing to be paid for.

    Attributes
    ----------
    cost
        Published cost in prices of one year.
    opens
        Year at whose end it is taken to open.
    needed_musd
        Benefit in million USD a year that pays for it, with the overrun of other projects.
    needed_as_stated_musd
        The same at the middle of what is published.
    needed_ends_musd
        The same, with the overrun, at both ends of the published cost.
    """

    cost: Amount
    opens: int
    needed_musd: float
    needed_as_stated_musd: float
    needed_ends_musd: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Appraised:
    """What the report tells of worth.

    Attributes
    ----------
    results
        The study that it belongs to.
    countries
        Countries in which a line is built or that are destinations: flows to them are counted.
    rows, elsewhere
        Rows of the table `flows` that are counted, and those of the same year to other countries.
    lines
        Scenarios with a cost and a year of opening.
    missing
        Why a scenario is not among them.
    appraisals
        Appraisals of these scenarios for the rows; empty without rows.
    border
        Border that opens and shuts over the years; None where nothing is known of its closures.
    """

    results: Study
    countries: tuple[str, ...]
    rows: pd.DataFrame
    elsewhere: pd.DataFrame
    lines: Mapping[str, Line]
    missing: Mapping[str, str]
    appraisals: Mapping[str, Appraisal]
    border: Border | None

    @cached_property
    def break_even(self) -> pd.DataFrame:
        """Table of the tonnage that pays for each line, if all of it went to one market.

        Columns: scenario, cargo, group, market, saving_usd_t (generalized, in free choice of mode, borders in their
        first state), saving_p05_usd_t and saving_p95_usd_t, p_saves (share of the draws), sign (`saves`, `undecided` or
        `saves nothing`), needed_musd a year, break_even_mt (a year; nan where nothing is saved),
        break_even_as_stated_mt (without the overrun), and break_even_low_mt and break_even_high_mt (at the ends of the
        published cost).
        """
        shares = _shares(self)
        rows = [row for name in self.lines for row in _markets(self, name, shares)]
        table = pd.DataFrame(rows)
        return table.sort_values(["scenario", "break_even_mt"], kind="stable", ignore_index=True) if rows else table

    def summaries(self) -> pd.DataFrame:
        """Summaries of the appraisals, one row each."""
        return pd.DataFrame([{**one.summary(), "scenario": name} for name, one in self.appraisals.items()])

    def assumptions(self) -> pd.DataFrame:
        """Assumptions of the appraisals with the value at which the worth turns."""
        return self._stacked({name: one.assumptions() for name, one in self.appraisals.items()})

    def flows(self) -> pd.DataFrame:
        """Flows of the appraisals with their costs without and with each line."""
        return self._stacked({name: one.flows for name, one in self.appraisals.items()})

    def by_country(self) -> pd.DataFrame:
        """Tables by country of the appraisals."""
        return self._stacked({name: one.by_country() for name, one in self.appraisals.items()})

    @staticmethod
    def _stacked(parts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        stacked = [part.assign(scenario=name) for name, part in parts.items()]
        table = pd.concat(stacked, ignore_index=True) if stacked else pd.DataFrame(columns=["scenario"])
        return table[["scenario", *(name for name in table if name != "scenario")]]


def appraised(results: Study) -> Appraised | None:
    """Appraise the lines of a study; None where no scenario has a published cost and a year of opening.

    Parameters
    ----------
    results
        The study.
    """
    net = results.net
    nets = dict(results.head.results[results.way, results.border].networks)
    base = next(iter(nets))
    lines, missing = _lines(net, {name: one for name, one in nets.items() if name != base})
    if not lines:
        return None
    countries = _countries(results, [nets[name] for name in lines])
    home = tuple(sorted({net.tables.country(origin) for origin, _ in results.titled().pair_list}))
    rows = flow_rows(net.tables, home)
    counted = rows["destination"].isin(countries) if len(rows) else pd.Series(dtype=bool)
    mine, elsewhere = (rows, rows) if rows.empty else (rows[counted], rows[~counted])
    border = _border(net)
    found: dict[str, Appraisal] = {}
    if len(mine):
        pairs = pd.DataFrame(list(flow_pairs(net.tables, mine)))
        asked: dict[str, Any] = {
            "cargo": shared_unit(net.tables, pairs),
            "draws": results.draws,
            "borders": [border] if border else [],
        }
        for name in progress(list(lines), "appraisals"):
            year = lines[name].opens
            found[name] = appraise(net, nets[name], pairs, opens=None if _dated(nets[name]) else year, **asked)
    return Appraised(results, countries, mine, elsewhere, lines, missing, _from_one_year(found), border)


def _lines(net: Network, nets: Mapping[str, Network]) -> tuple[dict[str, Line], dict[str, str]]:
    """Scenarios with a cost and a year, all open in the latest that is stated for any; and why others are not."""
    costs: dict[str, Amount] = {}
    years: dict[str, int] = {}
    missing: dict[str, str] = {}
    for name, one in nets.items():
        try:
            costs[name] = published_cost(one.tables, sorted(one.view.built - net.view.built), PRICE_YEAR)
            years[name] = max(stages_of(net, one, None))
        except CorridorsError as error:
            missing[name] = str(error)
    known = [name for name in nets if name in years]
    try:
        rate, overrun = (reference_class(net.tables, which) for which in ("discount", "overrun"))
    except CorridorsError as error:
        return {}, dict.fromkeys(nets, str(error))
    latest = max((years[name] for name in known), default=0)
    return {
        name: _line(costs[name], years[name] if _dated(nets[name]) else latest, rate.value, overrun.value)
        for name in known
    }, missing


def _dated(built: Network) -> bool:
    """Whether a scenario says itself when its lines open."""
    return bool(dict(built.view.openings))


def _line(cost: Amount, opens: int, rate_pct: float, overrun_pct: float) -> Line:
    plan = Schedule((opens,), (1.0,))

    def needed(amount: float, more_pct: float) -> float:
        return benefit_factor(Worth(plan, (1.0,), amount * (1 + more_pct / 100), rate_pct))

    ends = needed(cost.low, overrun_pct), needed(cost.high, overrun_pct)
    return Line(cost, opens, needed(cost.value, overrun_pct), needed(cost.value, 0.0), ends)


def _countries(results: Study, nets: list[Network]) -> tuple[str, ...]:
    """Countries in which a line is built, and those of the destinations."""
    tables = results.net.tables
    found = {tables.country(destination) for _, destination in results.titled().pair_list}
    for one in nets:
        links = one.links
        new = links[links["in_use"] & links["project"].isin(one.view.built - results.net.view.built)]
        found |= {tables.country(str(place)) for end in ("from_id", "to_id") for place in new[end]}
    return tuple(sorted(found))


def _border(net: Network) -> Border | None:
    """The border with the rates of its dated closures; None where it is shut in the network, or nothing is known."""
    try:
        if net.close(BORDER).closed == net.closed:
            return None
        return Border.fitted(net, BORDER, since=SINCE)
    except (CorridorsError, KeyError):
        return None


def _from_one_year(found: Mapping[str, Appraisal]) -> dict[str, Appraisal]:
    """Appraisals that count money from the same year."""
    first = min((one.schedule.present for one in found.values()), default=0)
    return {name: _counted_from(one, first) for name, one in found.items()}


def _counted_from(one: Appraisal, present: int) -> Appraisal:
    return one if one.schedule.present == present else replace(one, schedule=replace(one.schedule, present=present))


def _markets(found: Appraised, name: str, shares: Shares) -> Iterator[dict[str, object]]:
    """Rows of the break-even of a scenario, by cargo unit and market."""
    results, line = found.results, found.lines[name]
    way = results.head.ways[-1]
    for unit, group in results.parts:
        table = results.tables[unit, group, "market"]
        mine = table[(table["scenario"] == name) & (table["way"] == way) & (table["border"] == results.border)]
        for row in mine[mine["compared"] > 0].itertuples():
            saving = 0.0 - float(row.generalized_usd_t) if row.gaining else 0.0
            saves = saving > NONE_USD_T
            share = float(shares[unit, group, str(row.market)].get(name, np.nan)) if saves else np.nan
            sign = "saves nothing" if not saves else "undecided" if share < 1 - UNDECIDED else "saves"
            tonnes = [needed / saving if saves else np.nan for needed in
                      (line.needed_musd, line.needed_as_stated_musd, *line.needed_ends_musd)]  # fmt: skip
            yield {
                "scenario": name, "cargo": unit, "group": group, "market": row.market, "saving_usd_t": saving,
                "saving_p05_usd_t": 0.0 - float(row.p95), "saving_p95_usd_t": 0.0 - float(row.p05), "p_saves": share,
                "sign": sign, "needed_musd": line.needed_musd, "break_even_mt": tonnes[0],
                "break_even_as_stated_mt": tonnes[1], "break_even_low_mt": tonnes[2], "break_even_high_mt": tonnes[3],
            }  # fmt: skip


def _shares(found: Appraised) -> Shares:
    """Share of the draws in which each scenario saves on the way to a market where it saves at expected values."""
    results, shares = found.results, {}
    for (unit, group), head in results.parts.items():
        one = head.results[results.head.ways[-1], results.border]
        pairs: dict[str, list[Pair]] = {}
        for pair in one.pair_list:
            pairs.setdefault(one.questions.get(pair, pair)[1], []).append(pair)
        table = results.tables[unit, group, "market"]
        saving = set(table.loc[(table["way"] == results.head.ways[-1]) & (table["gaining"] > 0), "market"])
        for market, mine in pairs.items():
            drawn = one.draws and market in saving
            beats = one.part(mine).beats()[one.base] if drawn else pd.Series(dtype=float)
            shares[unit, group, market] = beats
    return shares


def better(found: Mapping[str, Case], first: str, second: str) -> float:
    """Share of the draws in which one line is worth more than another; of expected values without draws.

    Parameters
    ----------
    found
        Appraisals by scenario.
    first, second
        Names of two of them.
    """
    one, other = found[first], found[second]
    if not one.draws:
        return float(one.npv_musd() > other.npv_musd())
    return float((one.npv_draws() > other.npv_draws()).mean())
