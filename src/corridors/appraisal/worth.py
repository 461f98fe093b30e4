"""What a net present value is made of, by year, and what it is worth at another rate or in a class of projects."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from corridors.appraisal import cash
from corridors.appraisal.cash import Floats
from corridors.appraisal.schedule import Schedule


class Parts(NamedTuple):
    """Present values of one unit of each part of a worth.

    Attributes
    ----------
    per_stage
        Of one USD of benefit a year in each stage.
    spent, left
        Of one USD of cost, and of what of it is left at the end.
    operated
        Of the cost of operation, in million USD.
    """

    per_stage: Floats
    spent: float
    left: float
    operated: float


@dataclass(frozen=True)
class Worth:
    """Parts of a net present value at expected values.

    Attributes
    ----------
    schedule
        Years of building, opening and service.
    benefit
        Benefit in million USD a year at the stated tonnes, by stage.
    cost
        Cost of construction in million USD.
    rate_pct
        Real discount rate.
    operating
        Cost of operation in million USD a year of service.
    residual_share
        Share of the cost that is left in the last year.

    >>> plan = Schedule((2030,), (1.0,), build_years=1, life_years=30)
    >>> worth = Worth(plan, (10.0,), 100.0, 8.0)  # spent in 2030, a year after the present
    >>> round(worth.npv() * 1.08, 2), round(worth.benefit_cost_ratio(), 4)
    (12.58, 1.1258)
    """

    schedule: Schedule
    benefit: tuple[float, ...]
    cost: float
    rate_pct: float
    operating: float = 0.0
    residual_share: float = 0.0

    def in_class(self, overrun_pct: float, shortfall_pct: float) -> Worth:
        """Same project with the overrun of cost and the shortfall of traffic of others.

        Parameters
        ----------
        overrun_pct, shortfall_pct
            Per cent of the estimate and of the forecast.
        """
        served = 1 + shortfall_pct / 100
        fewer = tuple(served * one for one in self.benefit)
        return replace(self, cost=self.cost * (1 + overrun_pct / 100), benefit=fewer)

    def at_rate(self, rate_pct: float) -> Worth:
        """Same project at another discount rate.

        Parameters
        ----------
        rate_pct
            Real discount rate in per cent a year.
        """
        return replace(self, rate_pct=rate_pct)

    def parts(self) -> Parts:
        """Present values of one unit of each part."""
        plan = self.schedule
        factors = cash.discount_factors(len(plan.years), self.rate_pct)
        serving = (np.array(plan.years) > plan.openings[0]).astype(float)
        return Parts(
            plan.served @ factors, float(plan.spending @ factors), float(self.residual_share * factors[-1]),
            float(self.operating * (serving @ factors)),
        )  # fmt: skip

    def npv(self, rate_pct: float | None = None) -> float:
        """Net present value in million USD.

        Parameters
        ----------
        rate_pct
            Another discount rate.
        """
        parts = (self if rate_pct is None else self.at_rate(rate_pct)).parts()
        gained = float(np.asarray(self.benefit) @ parts.per_stage)
        return gained - self.cost * (parts.spent - parts.left) - parts.operated

    def benefit_cost_ratio(self) -> float:
        """Present benefit over the present cost of building, with operation and what is left as negative benefits."""
        parts = self.parts()
        gained = float(np.asarray(self.benefit) @ parts.per_stage) - parts.operated + self.cost * parts.left
        return gained / (self.cost * parts.spent) if self.cost else float("inf")

    def by_year(self) -> pd.DataFrame:
        """Table by year in million USD, as `Appraisal.table`."""
        plan = self.schedule
        left = np.zeros(len(plan.years))
        left[-1] = self.residual_share * self.cost
        serving = (np.array(plan.years) > plan.openings[0]).astype(float)
        table = pd.DataFrame(
            {
                "year": plan.years,
                "construction_musd": self.cost * plan.spending,
                "operation_musd": self.operating * serving,
                "benefit_musd": np.asarray(self.benefit) @ plan.served,
                "residual_musd": left,
            }
        )
        got, spent = table["benefit_musd"] + left, table["construction_musd"] + table["operation_musd"]
        table["net_musd"] = got - spent
        table["discounted_musd"] = table["net_musd"] * cash.discount_factors(len(table), self.rate_pct)
        return table.assign(cumulated_musd=table["discounted_musd"].cumsum())

    def stream(self) -> Floats:
        """Net million USD by year, the present first."""
        return np.asarray(self.by_year()["net_musd"], dtype=float)


def benefit_factor(worth: Worth) -> float:
    """How many times the benefit has to be what it is to pay for the project; inf where there is none.

    Parameters
    ----------
    worth
        What the worth is made of.

    >>> round(benefit_factor(Worth(Schedule((2030,), (1.0,), 1, 30), (10.0,), 100.0, 8.0)), 4)
    0.8883
    """
    parts = worth.parts()
    gained = float(np.asarray(worth.benefit) @ parts.per_stage)
    needed = worth.cost * (parts.spent - parts.left) + parts.operated
    return needed / gained if gained > 0 else float("inf")
