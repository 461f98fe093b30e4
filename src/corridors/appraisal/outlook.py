"""A project under borders that open and shut over the years: exact expectation, distribution, and the worth of waiting.

The expectation is exact: probabilities of the states by powers of the matrix, times the benefit in each. The
distribution is drawn, with the same random numbers for a border in every project, so that two projects meet the same
years of war.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.appraisal import cash
from corridors.appraisal.border import Chain
from corridors.appraisal.cash import Floats
from corridors.appraisal.worth import Worth
from corridors.base.arguments import checked
from corridors.base.drawing import Drawing, drawn
from corridors.base.errors import InputError
from corridors.base.results import Result
from corridors.trade.signs import UNDECIDED
from corridors.uncertainty.draws import DRAWS, stream

WAIT_YEARS = 20
"""Years up to which building may be put off."""


@checked
@dataclass(frozen=True, eq=False, repr=False)
class Outlook(Result):
    """Worth of a project under borders that open and shut; money in million USD of the year of prices.

    Attributes
    ----------
    name
        Name of the scenario.
    chain
        Borders.
    worth
        What the worth is made of while all borders are as in the network that was given.
    benefit_musd
        Benefit in a year, by state of the borders and stage.
    draws, seed
        Number of paths of the borders, and seed.
    """

    name: str
    chain: Chain
    worth: Worth
    benefit_musd: Floats
    draws: int
    seed: int

    _indexed = False

    plot = drawn[Drawing]("npv_outlook")

    @cached_property
    def by_state(self) -> Floats:
        """Discounted benefit of each year (rows) in each state (columns)."""
        plan = self.worth.schedule
        factors = cash.discount_factors(len(plan.years), self.worth.rate_pct)
        return np.asarray((self.benefit_musd @ plan.served * factors).T)

    @cached_property
    def sunk_musd(self) -> float:
        """Present cost of building and operation less what is left: it does not depend on the borders."""
        parts = self.worth.parts()
        return self.worth.cost * (parts.spent - parts.left) + parts.operated

    @property
    def expected_musd(self) -> float:
        """Expected net present value, exact."""
        return float((self.chain.probabilities(len(self.by_state)) * self.by_state).sum()) - self.sunk_musd

    def constant_musd(self, state: int = 0) -> float:
        """Net present value if the borders were in one state in all years.

        Parameters
        ----------
        state
            Number of the state; 0 has all open.
        """
        return float(self.by_state[:, state].sum()) - self.sunk_musd

    def paths(self, draws: int = DRAWS) -> NDArray[np.int64]:
        """Numbers of the states by path (rows) and year (columns); the same for all projects with one seed.

        Parameters
        ----------
        draws
            Number of paths.
        """
        years = len(self.by_state)
        state = np.zeros((draws, years), dtype=np.int64)
        for border in self.chain.borders:
            uniform = stream(self.seed, f"appraisal/border/{border.name}").random((draws, years))
            shut = np.full(draws, not border.open_now)
            for year in range(years):
                if year:
                    shut = np.where(shut, uniform[:, year] >= border.p_open, uniform[:, year] < border.p_shut)
                state[:, year] = 2 * state[:, year] + shut
        return state

    def npv_paths(self, draws: int = 0) -> Floats:
        """Net present value on every path of the borders, all else at expected values.

        Parameters
        ----------
        draws
            Number of paths; by default that of the appraisal, or 1,000.
        """
        paths = self.paths(draws or self.draws or DRAWS)
        return np.asarray(self.by_state[np.arange(paths.shape[1]), paths].sum(axis=1) - self.sunk_musd)

    def break_even_open(self, border: str) -> float:
        """Probability that a border is open in any year, the same in all, at which the project is worth nothing.

        The other borders stay as they are. nan where it pays at any probability, or at none.

        Parameters
        ----------
        border
            Name of the border.
        """
        number = self._border(border)
        ends = []
        for shut in (1.0, 0.0):
            fixed = replace(self.chain.borders[number], p_shut=shut, p_open=1 - shut, open_now=not shut)
            others = [fixed if i == number else one for i, one in enumerate(self.chain.borders)]
            ends.append(replace(self, chain=Chain(tuple(others))).expected_musd)
        never, always = ends
        if always == never:
            return float("nan")
        even = -never / (always - never)
        return even if 0 <= even <= 1 else float("nan")

    def _border(self, name: str) -> int:
        names = [one.name for one in self.chain.borders]
        if name not in names:
            raise InputError("border", name, f"one of {', '.join(names)}")
        return names.index(name)

    def against(self, other: Outlook) -> dict[str, float]:
        """What another project, or both together, is worth more than this one, with the same paths of the borders.

        With this line alone and both lines, it is the value of a second line that does not share the border.

        Parameters
        ----------
        other
            Outlook of the other on the same borders.

        Returns
        -------
        dict
            expected_musd (exact), p05_musd, p95_musd, p_better (share of the paths), and of each the standard deviation
            sd_musd and other_sd_musd.

        Raises
        ------
        InputError
            If the borders or seeds differ, so that the numbers would not be common, or the years.
        """
        if self.chain != other.chain or self.seed != other.seed:
            raise InputError("other", other.name, "an outlook on the same borders with the same seed")
        if self.worth.schedule.present != other.worth.schedule.present:
            ends = self.worth.schedule.present, other.worth.schedule.present
            raise InputError("other", other.name, f"the same present year: appraise(..., present={min(ends)})")
        draws = self.draws or DRAWS
        mine, theirs = self.npv_paths(draws), other.npv_paths(draws)
        more = theirs - mine
        low, high = np.percentile(more, (5, 95)).tolist()
        return {
            "expected_musd": other.expected_musd - self.expected_musd, "p05_musd": low, "p95_musd": high,
            "p_better": float((more > 0).mean()), "sd_musd": float(mine.std()), "other_sd_musd": float(theirs.std()),
        }  # fmt: skip

    # --- waiting --------------------------------------------------------------------------------------------------

    def waiting(self, years: int = WAIT_YEARS) -> pd.DataFrame:
        """Whether to build now or to wait and see, by state of the borders: exact, by backward induction.

        In each year the state is seen; one builds, which is final, or waits. After the last year the right is lost.
        Building later shifts all years of the project; its tonnes, cost and saving stay.

        Parameters
        ----------
        years
            Years up to which building may be put off.

        Returns
        -------
        DataFrame
            One row per state: state, probability (now), build_now_musd, best_musd (with the right to wait), option_musd
            (best less the better of building now and never) and decision (`build`, `wait` or `never`).

        Raises
        ------
        InputError
            If the years are below zero.
        """
        if years < 0:
            raise InputError("years", years, "zero years or more")
        build = self._values()
        never = np.maximum(build, 0.0)
        best = never
        for _ in range(years):
            later = self.chain.matrix @ best / (1 + self.worth.rate_pct / 100)
            best = np.maximum(never, later)
        decision = np.where(best <= 0, "never", np.where(build >= best, "build", "wait"))
        return pd.DataFrame(
            {
                "state": self.chain.names, "probability": self.chain.start, "build_now_musd": build, "best_musd": best,
                "option_musd": best - never, "decision": decision,
            }
        )  # fmt: skip

    def _values(self) -> Floats:
        """Expected net present value of building at once, by the state in which that is decided."""
        states = np.eye(len(self.chain.names))
        many = len(self.by_state)
        gained = [float((self.chain.probabilities(many, start) * self.by_state).sum()) for start in states]
        return np.array(gained) - self.sunk_musd

    # --- shown ----------------------------------------------------------------------------------------------------

    def table(self) -> pd.DataFrame:
        """Table of one row per border.

        Columns: border, open_now, p_shut, p_open, open_share (in the long run), break_even_open, expected_low_musd and
        expected_high_musd (expected worth at the worst and best ends of fitted rates; nan for stated ones), told.
        """
        rows = []
        for number, one in enumerate(self.chain.borders):
            low, high = self._at_ends(number)
            even = self.break_even_open(one.name)
            rows.append((one.name, one.open_now, one.p_shut, one.p_open, one.open_share, even, low, high, one.told))
        columns = ["border", "open_now", "p_shut", "p_open", "open_share", "break_even_open"]
        return pd.DataFrame(rows, columns=[*columns, "expected_low_musd", "expected_high_musd", "told"])

    def _at_ends(self, number: int) -> tuple[float, float]:
        """Expected worth at the worst and the best ends of the rates of a border."""
        one = self.chain.borders[number]
        if not one.ends:
            return float("nan"), float("nan")
        shut_low, shut_high, open_low, open_high = one.ends
        found = []
        for p_shut, p_open in ((shut_high, open_low), (shut_low, open_high)):
            moved = replace(one, p_shut=min(p_shut, 1.0), p_open=min(p_open, 1.0))
            others = [moved if i == number else other for i, other in enumerate(self.chain.borders)]
            found.append(replace(self, chain=Chain(tuple(others))).expected_musd)
        return found[0], found[1]

    def summary(self) -> dict[str, Any]:
        """Result as a flat record.

        Returns
        -------
        dict
            scenario, expected_musd (exact), all_open_musd (if nothing ever shut), percentiles of the paths p05_musd,
            p50_musd and p95_musd, p_positive, option_musd of waiting, and decision in the state of today.
        """
        paths = self.npv_paths()
        ends = np.percentile(paths, (5, 50, 95)).tolist()
        now = self.waiting().iloc[int(np.argmax(self.chain.start))]
        return {
            "scenario": self.name, "expected_musd": self.expected_musd, "all_open_musd": self.constant_musd(),
            **dict(zip(("p05_musd", "p50_musd", "p95_musd"), ends, strict=True)),
            "p_positive": float((paths > 0).mean()), "option_musd": float(now["option_musd"]),
            "decision": str(now["decision"]),
        }  # fmt: skip

    def _shown(self) -> pd.DataFrame:
        return self.table().drop(columns="told").round(3)

    def _below(self) -> str:
        all_in = self.summary()
        waits = {"build": "building now is best", "wait": "waiting is best", "never": "it is not worth building"}
        share = all_in["p_positive"]
        sure = (
            "" if not UNDECIDED < share < 1 - UNDECIDED else f", undecided: above zero in {100 * share:.0f} % of them"
        )
        return (
            f"Expected {all_in['expected_musd']:,.0f} m USD, {all_in['all_open_musd']:,.0f} if all stayed open; "
            f"90 % of the paths {all_in['p05_musd']:,.0f} to {all_in['p95_musd']:,.0f}{sure}. In the state of today "
            f"{waits[all_in['decision']]}; the right to wait is worth {all_in['option_musd']:,.0f}."
        )
