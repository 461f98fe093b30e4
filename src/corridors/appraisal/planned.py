"""The result of `co.plan`: every set with cost, benefit and its share of wins, the frontier, regret, and the order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.appraisal.benefits import Benefits
from corridors.appraisal.cash import discounted_years
from corridors.appraisal.plan_words import LEAST_MUSD, PlanFacts, SetFacts, sentences
from corridors.appraisal.set_costs import ProjectCosts
from corridors.appraisal.sets import Candidates
from corridors.appraisal.shortlist import Shortlist, parts_of
from corridors.appraisal.staging import MOST_STAGED, Capital, Staging, staged
from corridors.base.arguments import checked
from corridors.base.drawing import Drawing, Panels, drawn
from corridors.base.errors import InputError
from corridors.base.results import ReadOnly, Result
from corridors.measures.attribution import EXACT, shapley, synergies

Floats = NDArray[np.float64]

AS_IT_IS = "as it is"
"""Name of the network itself among the futures."""

MAJORITY = 0.5
"""Share of the draws that a set must win to be called the best."""

TIED = 0.9
"""Share of the draws that the sets together win which are shown where none is the best."""

EVEN_MUSD = 1e-6
"""Values that differ by less are even, million USD."""

ROWS = 12
"""Most sets that are shown in text."""


@checked
@dataclass(frozen=True, eq=False, repr=False)
class Plan(Result):
    """Sets of projects, what they cost, what they save in a year, and which of them is best within the budget.

    Attributes
    ----------
    candidates
        The projects, with what they need and exclude.
    sets
        Every set that was valued, as a number: bit k stands for project k.
    costs
        Ranges of the cost of every project.
    benefits
        Yearly benefit of every set, by future.
    budget_musd
        Million USD; infinite without a limit.
    horizon_years, rate
        Years of benefit that are set against the cost (None: none are), and the discount rate.
    capital
        Money by year; None where no years were asked for.
    elasticity
        Of tonnes to generalized cost.
    draws, seed
        Number of draws (0: expected values only) and their seed.
    tonnes
        Tonnes a year of all flows.
    shortlist
        Best sets by a mixed-integer model where more than 4,096 can be built; None where all were valued.
    """

    candidates: Candidates
    sets: tuple[int, ...]
    costs: ProjectCosts
    benefits: Mapping[str, Benefits]
    budget_musd: float
    horizon_years: int | None
    rate: float
    capital: Capital | None
    elasticity: float
    draws: int
    seed: int
    tonnes: float
    shortlist: Shortlist | None = None

    plot = plot_frontier = drawn[Drawing]("plan_frontier")
    plot_regret = drawn[Drawing]("plan_regret")
    plot_timeline = drawn[Panels]("plan_timeline")
    plot_map = drawn[Drawing]("plan_map")

    def __post_init__(self) -> None:
        object.__setattr__(self, "benefits", ReadOnly(self.benefits))

    def name(self, chosen: int) -> str:
        """Name of a set: its projects, or `nothing`.

        Parameters
        ----------
        chosen
            Number of the set.
        """
        return " + ".join(self.candidates.named(chosen)) or "nothing"

    @cached_property
    def cost_musd(self) -> Floats:
        """Cost of every set, middle of the range."""
        return self.costs.of_sets(self.sets)

    @cached_property
    def within(self) -> NDArray[np.bool_]:
        """Sets within the budget."""
        return np.asarray(self.cost_musd <= self.budget_musd + EVEN_MUSD)

    @property
    def annuity(self) -> float:
        """Discounted years of benefit: the sum of (1 + rate)^-year from year 1; 1 where only a year counts."""
        return discounted_years(self.horizon_years, 100 * self.rate) if self.horizon_years else 1.0

    def values(self, future: str = AS_IT_IS, *, mean: bool = False) -> Floats:
        """Benefit of every set in million USD: yearly, or net of the cost with `horizon_years`.

        Parameters
        ----------
        future
            Name of a future; by default the network as it is.
        mean
            Whether it is the mean of the draws, not that of expected values.
        """
        one = self.benefits[future]
        amounts = one.mean if mean else one.expected
        return amounts if self.horizon_years is None else self.annuity * amounts - self.cost_musd

    @cached_property
    def _drawn_costs(self) -> Floats:
        return self.costs.of_sets(self.sets, self.costs.drawn(self.candidates.names, self.draws, self.seed))

    @cached_property
    def _drawn(self) -> Floats:
        """Draws of `values`."""
        samples = self.benefits[AS_IT_IS].samples
        return samples if self.horizon_years is None else self.annuity * samples - self._drawn_costs

    @cached_property
    def win_shares(self) -> Floats:
        """Share of the draws in which each set is the best within the budget; without draws, of expected values."""
        values = self._drawn if self.draws else self.values()[:, None]
        open_to = np.flatnonzero(self.within)
        cheapest = open_to[np.argsort(self.cost_musd[open_to], kind="stable")]
        some = values[cheapest]
        first = np.argmax(some >= some.max(axis=0) - EVEN_MUSD, axis=0)  # of those that are even the cheapest
        return np.asarray(np.bincount(cheapest[first], minlength=len(self.sets)) / values.shape[1])

    @property
    def best(self) -> int | None:
        """The set that wins in more than half of the draws; None where there is none."""
        row = int(np.argmax(self.win_shares))
        return self.sets[row] if self.win_shares[row] > MAJORITY else None

    @property
    def tied(self) -> list[int]:
        """Sets that win most often and together in 90 % of the draws; the best alone where there is one."""
        if self.best is not None:
            return [self.best]
        order = np.argsort(-self.win_shares, kind="stable")
        count = int(np.searchsorted(np.cumsum(self.win_shares[order]), TIED - 1e-12)) + 1
        return [self.sets[row] for row in order[:count]]

    @property
    def chosen(self) -> int:
        """The best set, or that of the tied ones which has the greatest expected value."""
        values = dict(zip(self.sets, self.values().tolist(), strict=True))
        return max(self.tied, key=values.__getitem__)

    @cached_property
    def _on_frontier(self) -> NDArray[np.bool_]:
        """Sets that save more than every other that costs no more."""
        benefit = self.benefits[AS_IT_IS].expected
        order = np.lexsort((-benefit, self.cost_musd))
        before = np.concatenate([[-np.inf], np.maximum.accumulate(benefit[order])[:-1]])
        found = np.zeros(len(order), dtype=bool)
        found[order] = benefit[order] > before + EVEN_MUSD
        return found

    def table(self) -> pd.DataFrame:
        """Table of one row per set that can be built, the empty one first.

        Columns: projects (their number); cost_musd (middle), cost_low_musd, cost_high_musd; benefit_musd a year
        (expected; with draws benefit_p05_musd and benefit_p95_musd); value_musd (what is made as great as can be);
        within (the budget, by the middle of the cost; with draws p_within by draws of the cost); p_best (share of
        the draws in which the set wins); frontier; and regret_max_musd over the futures.
        """
        one = self.benefits[AS_IT_IS]
        columns: dict[str, object] = {
            "projects": [chosen.bit_count() for chosen in self.sets],
            "cost_musd": self.cost_musd,
            "cost_low_musd": self.costs.of_sets(self.sets, self.costs.low),
            "cost_high_musd": self.costs.of_sets(self.sets, self.costs.high),
            "benefit_musd": one.expected,
        }
        if self.draws:
            low, high = np.percentile(one.samples, (5, 95), axis=1)
            columns |= {"benefit_p05_musd": low, "benefit_p95_musd": high}
        columns |= {"value_musd": self.values(), "within": self.within}
        if self.draws:
            columns["p_within"] = (self._drawn_costs <= self.budget_musd + EVEN_MUSD).mean(axis=1)
        columns |= {"p_best": self.win_shares, "frontier": self._on_frontier}
        regret = self.regret.max(axis=1).reindex(map(self.name, self.sets))
        columns["regret_max_musd"] = regret.to_numpy()
        return pd.DataFrame(columns, pd.Index([self.name(chosen) for chosen in self.sets], name="built"))

    @property
    def frontier(self) -> pd.DataFrame:
        """Rows of `table` on the frontier of benefit against cost, the cheapest first."""
        table = self.table()
        return table[table["frontier"]].sort_values("cost_musd", kind="stable")

    @cached_property
    def regret(self) -> pd.DataFrame:
        """Table of regret in million USD: one row per set within the budget, one column per future.

        Regret is what the best set of a future has more in it; of means of the draws, or expected values without.
        """
        rows = np.flatnonzero(self.within)
        found = {}
        for future in self.benefits:
            values = self.values(future, mean=True)[rows]
            found[future] = values.max() - values
        names = [self.name(self.sets[row]) for row in rows]
        return pd.DataFrame(found, pd.Index(names, name="built")).rename_axis(columns="future")

    @property
    def least_regret(self) -> int:
        """Set whose greatest regret over the futures is the least; of those that are even, the cheapest."""
        most = self.regret.max(axis=1).to_numpy()
        rows = np.flatnonzero(self.within)
        even = rows[most <= most.min() + EVEN_MUSD]
        return self.sets[int(even[np.argmin(self.cost_musd[even])])]

    def staging(self, chosen: Sequence[str] | None = None) -> pd.DataFrame:
        """Table of the order of building a set, and when each project opens.

        Parameters
        ----------
        chosen
            Ids of the projects; by default those of `chosen`.

        Returns
        -------
        DataFrame
            One row per project, the first to be built first: project, cost_musd, spent_musd (in all until then),
            opens (year; blank where that is after the last one), benefit_musd (a year, of what stands then), and with
            draws p_first (share of the draws in which the project is the first).

        Raises
        ------
        InputError
            If the plan has no years, or the set cannot be built or is too large.
        """
        wanted = self.chosen if chosen is None else self._number(chosen)
        if wanted.bit_count() > MOST_STAGED:
            raise InputError("chosen", self.name(wanted), f"at most {MOST_STAGED} projects")
        found = self._staged(wanted, self.benefits[AS_IT_IS].expected)
        first = [order.order[:1] for order in self._drawn_orders(wanted)]
        spent = np.cumsum([self.costs.middle[k] for k in found.order])
        benefit, rows, state = dict(zip(self.sets, self.benefits[AS_IT_IS].expected, strict=True)), [], 0
        for place, (k, year) in enumerate(zip(found.order, found.opens, strict=True)):
            state |= 1 << k
            row = {"project": self.candidates.names[k], "cost_musd": self.costs.middle[k], "spent_musd": spent[place],
                   "opens": year, "benefit_musd": benefit[self.candidates.buildable_part(state)]}  # fmt: skip
            rows.append(row | ({"p_first": first.count((k,)) / len(first)} if first else {}))
        columns = ["project", "cost_musd", "spent_musd", "opens", "benefit_musd", *(["p_first"] if first else [])]
        return pd.DataFrame(rows, columns=columns).astype({"opens": "Int64"})

    def _staged(self, wanted: int, benefit: Floats) -> Staging:
        if self.capital is None:
            raise InputError("years", None, "plan(..., years=range(2027, 2047)), which an order of building needs")
        by_set = dict(zip(self.sets, benefit.tolist(), strict=True))
        self._require_parts(wanted)
        return staged(self.candidates, wanted, self.costs.middle.tolist(), by_set, self.capital)

    def _drawn_orders(self, wanted: int) -> list[Staging]:
        """Best order of every draw."""
        samples = self.benefits[AS_IT_IS].samples
        return [self._staged(wanted, samples[:, draw]) for draw in range(self.draws)]

    def shares(self, chosen: Sequence[str] | None = None) -> pd.DataFrame:
        """Table of Shapley shares of the projects of a set in its yearly benefit; columns of `attribution.shapley`.

        Parameters
        ----------
        chosen
            Ids of the projects; by default those of `chosen`.
        """
        return shapley(self._worth, self._players(chosen))

    def synergies(self, chosen: Sequence[str] | None = None) -> pd.DataFrame:
        """Table of what two projects of a set are worth beyond each alone, million USD a year.

        Parameters
        ----------
        chosen
            Ids of the projects; by default those of `chosen`.
        """
        return synergies(self._worth, self._players(chosen))

    def _players(self, chosen: Sequence[str] | None) -> tuple[str, ...]:
        wanted = self.chosen if chosen is None else self._number(chosen)
        if not 0 < wanted.bit_count() <= EXACT:
            raise InputError("chosen", self.name(wanted), f"a set of 1 to {EXACT} projects")
        self._require_parts(wanted)
        return self.candidates.named(wanted)

    def _require_parts(self, wanted: int) -> None:
        """Refuse a set whose parts were not all valued, as happens where only the best sets were."""
        if self.shortlist is not None and not {*parts_of(self.candidates, wanted)} <= {*self.sets}:
            expected = "a set whose parts were all valued: plan with its projects alone as candidates"
            raise InputError("chosen", self.name(wanted), expected)

    def _worth(self, players: frozenset[str]) -> float:
        """Yearly benefit of what can be built of some projects."""
        part = self.candidates.buildable_part(sum(1 << self.candidates.names.index(one) for one in players))
        return float(self.benefits[AS_IT_IS].expected[self.sets.index(part)])

    def _number(self, chosen: Sequence[str]) -> int:
        unknown = [name for name in chosen if name not in self.candidates.names]
        number = sum(1 << self.candidates.names.index(name) for name in dict.fromkeys(chosen) if name not in unknown)
        if unknown or number not in self.sets:
            raise InputError("chosen", list(chosen), "a set of candidates that can be built")
        return number

    @property
    def sentences(self) -> list[str]:
        """The answer in words: the best or the tied sets, benefit and cost, regret, order, and what is assumed."""
        now = self.benefits[AS_IT_IS]
        wins = dict(zip(self.sets, self.win_shares.tolist(), strict=True))
        order = self.staging() if self.capital is not None and self.chosen else None
        return sentences(PlanFacts(
            [(self.name(one), wins[one]) for one in self.tied], self.best is not None, self._facts(self.chosen),
            self.budget_musd, self.horizon_years, self.rate, self.regret, self.name(self.least_regret), order,
            self.draws, self.elasticity, self.tonnes, now.no_way_t, now.joined_t, self.costs.given, self._listed,
        ))  # fmt: skip

    @property
    def _listed(self) -> tuple[int, int, float] | None:
        """Sets that can be built, those that a model named best, and its gap in %."""
        if self.shortlist is None:
            return None
        above = self.shortlist.bound_musd - float(self.values()[self.within].max())
        gap_pct = 100 * above / abs(self.shortlist.bound_musd) if above > LEAST_MUSD else 0.0
        return self.candidates.count, len(self.shortlist.best), gap_pct

    def _facts(self, chosen: int) -> SetFacts:
        row = self.sets.index(chosen)
        cost = [float(self.costs.of_sets([chosen], part)[0]) for part in (None, self.costs.low, self.costs.high)]
        drawn = (self.benefits[AS_IT_IS].samples[row], self._drawn[row]) if self.draws else (np.array([np.nan]),) * 2
        expected = self.benefits[AS_IT_IS].expected[row], self.values()[row]
        bands = [(float(at), *np.percentile(some, (5, 95)).tolist()) for at, some in zip(expected, drawn, strict=True)]
        return SetFacts(
            self.name(chosen), (cost[0], cost[1], cost[2]), bands[0], bands[1], float((drawn[1] > 0).mean())
        )

    def _shown(self) -> pd.DataFrame:
        table = self.table()
        first = table[table["within"]].sort_values(["p_best", "value_musd"], ascending=False, kind="stable")
        names = ["cost_musd", "benefit_musd", "benefit_p05_musd", "benefit_p95_musd", "value_musd", "p_best"]
        shown = first[[name for name in (*names, "frontier", "regret_max_musd") if name in first]].head(ROWS)
        return shown.assign(p_best=shown["p_best"].round(2)).round({name: 1 for name in shown if name != "p_best"})

    def _above(self) -> str:
        more = f"; the first {ROWS}" if int(self.within.sum()) > ROWS else ""
        can = f"{self.candidates.count:,} sets can be built"
        if self.shortlist is not None:
            can += f", {len(self.sets):,} of them valued"
        return f"{can}, {int(self.within.sum()):,} within the budget{more}; million USD"

    def _below(self) -> str:
        return " ".join(self.sentences)
