"""What an appraisal is made of: a project, its years and cost, what flows save, and what that is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from corridors.appraisal import cash
from corridors.appraisal.border import Chain
from corridors.appraisal.cash import Floats
from corridors.appraisal.cost import Amount
from corridors.appraisal.schedule import Schedule
from corridors.appraisal.worth import Worth, benefit_factor
from corridors.base.errors import InputError
from corridors.data.tables import Tables
from corridors.routing.route import Route
from corridors.trade.signs import UNDECIDED


@dataclass(frozen=True, eq=False, repr=False)
class Case:
    """Worth of a project for given flows, in million USD of one year.

    Attributes
    ----------
    name
        Name of the scenario.
    schedule
        Years of building, opening and service.
    cost, rate, overrun, shortfall
        Cost of construction, discount rate, and the reference class of other projects, each with its range.
    operating_musd, residual_share
        Cost of operation a year that is not in the freight, and share of the cost left at the end.
    users_musd, revenue_musd, co2_t
        What users save, what others gain of transfers, and t CO2e less, in a year: states of the borders by stages.
    drawn_musd
        Draws of the sum of the first two: draws by states by stages.
    co2_usd_t
        Price of emissions; 0 where none is asked for.
    chain
        Borders that open and shut; None without. The first state is the network as it was given.
    flows
        Table of flows: tonnes, costs and saving of each, in the last stage and the first state.
    countries
        Table by country, as in `by_country`.
    left_out
        Flows without a way, which count nothing, and why.
    notes
        What else has to be known.
    draws, seed
        Number of draws, and seed.
    journeys, tables
        Ways that the result rests on, and tables with their sources.

    """

    name: str
    schedule: Schedule
    cost: Amount
    rate: Amount
    overrun: Amount
    shortfall: Amount
    operating_musd: float
    residual_share: float
    users_musd: Floats
    revenue_musd: Floats
    co2_t: Floats
    drawn_musd: Floats
    co2_usd_t: float
    chain: Chain | None
    flows: pd.DataFrame
    countries: pd.DataFrame
    left_out: Mapping[str, str]
    notes: tuple[str, ...]
    draws: int
    seed: int
    journeys: tuple[Route, ...]
    tables: Tables

    # --- money ----------------------------------------------------------------------------------------------------

    @cached_property
    def benefit_musd(self) -> Floats:
        """Benefit in a year at the stated tonnes, by state of the borders and stage: users, transfers, emissions."""
        return np.asarray(self.users_musd + self.revenue_musd + self.co2_usd_t * self.co2_t / 1e6)

    @property
    def expected(self) -> Worth:
        """What the worth is made of, at expected values and in the network as it was given."""
        return Worth(
            self.schedule, tuple(self.benefit_musd[0].tolist()), self.cost.value, self.rate.value,
            self.operating_musd, self.residual_share,
        )  # fmt: skip

    def worth(self, *, reference_class: bool = True) -> Worth:
        """What the worth is made of, with the overrun and the shortfall of other projects or as stated.

        Parameters
        ----------
        reference_class
            Whether cost and tonnes are as other projects had them.
        """
        return self.expected.in_class(self.overrun.value, self.shortfall.value) if reference_class else self.expected

    def npv_musd(self, *, rate_pct: float | None = None, reference_class: bool = True) -> float:
        """Net present value in million USD.

        Parameters
        ----------
        rate_pct
            Real discount rate, instead of that of the appraisal.
        reference_class
            As in `worth`.
        """
        return self.worth(reference_class=reference_class).npv(rate_pct)

    def npv_draws(self, *, reference_class: bool = True) -> Floats:
        """Draws of the net present value in million USD: costs of ways, construction, and the reference class.

        Parameters
        ----------
        reference_class
            As in `worth`.

        Raises
        ------
        InputError
            If there are no draws.
        """
        if not self.draws:
            raise InputError("draws", self.draws, "appraise(..., draws=1000) draws")
        given = self.draws, self.seed
        cost, served = self.cost.drawn("cost", *given), np.ones(self.draws)
        if reference_class:
            cost = cost * (1 + self.overrun.drawn("overrun", *given) / 100)
            served = 1 + self.shortfall.drawn("shortfall", *given) / 100
        emissions = self.co2_usd_t * self.co2_t[0] / 1e6
        parts = self.expected.parts()
        benefit = (self.drawn_musd[:, 0] + emissions) @ parts.per_stage
        return np.asarray(served * benefit - cost * (parts.spent - parts.left) - parts.operated)

    def points(self, worth: Worth, *, reference_class: bool) -> dict[str, float]:
        """Tonnes and saving of the flows, and both at which the project breaks even.

        The tonnage is of what really moves, so a shortfall is not in it; the saving is at the tonnes that it leaves.

        Parameters
        ----------
        worth
            What the worth is made of.
        reference_class
            Whether it has the shortfall in it.
        """
        moved = self.flows[self.flows["counted"]]
        tonnes = float((moved["now_t"] + moved["new_t"]).sum())
        served = 1 + self.shortfall.value / 100 if reference_class else 1.0
        factor = benefit_factor(worth)
        saving = 1e6 * float(self.benefit_musd[0, -1]) / tonnes if tonnes else 0.0
        return {
            "break_even_mt": factor * served * tonnes / 1e6,
            "break_even_saving_usd_t": factor * saving if np.isfinite(factor) else float("inf"),
            "flows_mt": tonnes / 1e6,
            "saving_usd_t": saving,
        }

    def summary(self, *, reference_class: bool = True) -> dict[str, Any]:
        """Result as a flat record; money in million USD of the year of prices.

        Parameters
        ----------
        reference_class
            Whether cost and tonnes are as other projects had them; `npv_as_stated_musd` is without in any case.

        Returns
        -------
        dict
            scenario, reference_class, break_even_mt (tonnes a year, million, that really have to move at the saving of
            the flows), break_even_saving_usd_t (at the tonnes of the flows), flows_mt, saving_usd_t, benefit_musd (a
            year, last stage), cost_musd, npv_musd, npv_as_stated_musd, npv_p05_musd, npv_p50_musd, npv_p95_musd,
            p_positive, verdict (`pays`, `does not pay` or `undecided`), irr_pct, benefit_cost_ratio, payback_year
            (blank for never: nan), rate_pct, opens and last_year.
        """
        worth = self.worth(reference_class=reference_class)
        stated = self.expected.npv()
        return {
            "scenario": self.name, "reference_class": reference_class,
            **self.points(worth, reference_class=reference_class),
            "benefit_musd": worth.benefit[-1], "cost_musd": worth.cost, "npv_musd": worth.npv(),
            "npv_as_stated_musd": stated, **self._band(reference_class),
            "irr_pct": cash.internal_rate_pct(worth.stream()), "benefit_cost_ratio": worth.benefit_cost_ratio(),
            "payback_year": self.schedule.present + cash.payback_years(worth.stream()),
            "rate_pct": self.rate.value, "opens": self.schedule.openings[0], "last_year": self.schedule.years[-1],
        }  # fmt: skip

    def _band(self, reference_class: bool) -> dict[str, Any]:
        """Percentiles of the worth, the share of draws in which it is above zero, and the verdict."""
        names = ("npv_p05_musd", "npv_p50_musd", "npv_p95_musd")
        if not self.draws:
            npv = self.npv_musd(reference_class=reference_class)
            return {**dict.fromkeys(names, np.nan), "p_positive": np.nan, "verdict": verdict(np.array([npv]))}
        drawn_npv = self.npv_draws(reference_class=reference_class)
        ends = np.percentile(drawn_npv, (5, 50, 95)).tolist()
        share = float((drawn_npv > 0).mean())
        return {**dict(zip(names, ends, strict=True)), "p_positive": share, "verdict": verdict(drawn_npv)}


def verdict(npv: Floats) -> str:
    """Word for draws of a net present value; undecided where the sign is another in more than 10 % of them.

    Parameters
    ----------
    npv
        The draws.

    >>> verdict(np.array([1.0] * 95 + [-1.0] * 5)), verdict(np.array([1.0] * 80 + [-1.0] * 20))
    ('pays', 'undecided')
    """
    positive = float((npv > 0).mean())
    if UNDECIDED < positive < 1 - UNDECIDED:
        return "undecided"
    return "pays" if positive >= 1 - UNDECIDED else "does not pay"
