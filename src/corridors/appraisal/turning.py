"""The value of every assumption at which a worth turns its sign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import scipy.optimize

from corridors.appraisal.case import Case
from corridors.appraisal.worth import Worth, benefit_factor

LONGEST_LIFE = 200
"""Years of service up to which a turning point is sought."""

GROWTH_PCT = (-20.0, 30.0)
"""Growth a year between which a turning point is sought."""

RATE_PCT = (-20.0, 100.0)
"""Discount rates between which a turning point is sought."""


def assumptions(appraisal: Case, *, reference_class: bool = True) -> pd.DataFrame:
    """Table of every assumption: what it is, where it comes from, and at which value the worth turns its sign.

    Columns: assumption, value, low, high, unit, turns_at (all others as they are; nan where no value does it),
    npv_low_musd and npv_high_musd (net present value at either end of its range; nan without one), told, confidence.

    Parameters
    ----------
    appraisal
        What `co.appraise` returns.
    reference_class
        Whether cost and tonnes are as other projects had them.

    >>> import corridors as co
    >>> found = co.appraise(co.load(), "uap-kabul", {("Tashkent", "Lahore"): 5e6}, cargo="wagon", draws=0)
    >>> found.assumptions()["assumption"].tolist()[:3]
    ['tonnes of the flows', 'saving per tonne', 'cost of construction']
    """
    worth = appraisal.worth(reference_class=reference_class)
    rows = [*_benefits(appraisal, worth, reference_class), *_costs(appraisal, worth, reference_class)]
    if reference_class:
        rows += _class(appraisal)
    columns = ["assumption", "value", "low", "high", "unit", "turns_at", "npv_low_musd", "npv_high_musd", "told"]
    return pd.DataFrame(rows, columns=[*columns, "confidence"])


Row = tuple[Any, ...]
NAN = float("nan")


def _benefits(appraisal: Case, worth: Worth, reference_class: bool) -> list[Row]:
    found = appraisal.points(worth, reference_class=reference_class)
    factor, saving = benefit_factor(worth), found["saving_usd_t"]
    low, high = saving, saving
    if appraisal.draws and found["flows_mt"]:
        ends = np.percentile(appraisal.drawn_musd[:, 0, -1], (5, 95)) / found["flows_mt"]
        priced = appraisal.co2_usd_t * float(appraisal.co2_t[0, -1]) / 1e6 / found["flows_mt"]
        low, high = (float(one) + priced for one in ends)
    at = [_times(worth, end / saving).npv() if saving else NAN for end in (low, high)]
    growth, plan = worth.schedule.growth, worth.schedule
    grows = not isinstance(growth, tuple)
    told = "saving of the ways, draws of the network"
    return [
        ("tonnes of the flows", found["flows_mt"], NAN, NAN, "Mt/year", _finite(factor * found["flows_mt"]), NAN, NAN,
         "flows that were given", "given"),
        ("saving per tonne", saving, low, high, "USD/t", _finite(factor * saving), *at, told, "B"),
        ("cost of construction", appraisal.cost.value, appraisal.cost.low, appraisal.cost.high, appraisal.cost.unit,
         *_cost_turns(appraisal, worth), appraisal.cost.told, appraisal.cost.confidence),
        ("growth of the flows", growth if grows else NAN, NAN, NAN, "%/year",
         _root(lambda g: replace(worth, schedule=replace(plan, growth=g)).npv(), GROWTH_PCT) if grows else NAN,
         NAN, NAN, "given" if growth else "none taken", "assumed"),
    ]  # fmt: skip


def _cost_turns(appraisal: Case, worth: Worth) -> tuple[float, float, float]:
    """Cost at which the worth turns, and the worth at both ends of the cost."""
    scale = worth.cost / appraisal.cost.value if appraisal.cost.value else 1.0
    parts = worth.parts()
    gained = float(np.asarray(worth.benefit) @ parts.per_stage) - parts.operated
    even = gained / (parts.spent - parts.left) / scale
    ends = [replace(worth, cost=scale * end).npv() for end in (appraisal.cost.low, appraisal.cost.high)]
    return even if even > 0 else NAN, ends[0], ends[1]


def _costs(appraisal: Case, worth: Worth, reference_class: bool) -> list[Row]:
    plan, rate = worth.schedule, appraisal.rate
    parts = replace(worth, operating=1.0, residual_share=1.0).parts()
    npv = worth.npv()
    lives = (years for years in range(1, LONGEST_LIFE) if _with_life(worth, years).npv() >= 0)
    life = float(next(lives, NAN))
    at_rates = [worth.npv(end) for end in (rate.low, rate.high)]
    rest = worth.residual_share - npv / (worth.cost * parts.left) if worth.cost else NAN
    operation = _above(worth.operating + npv / parts.operated)
    beyond = "given" if worth.operating else "none beyond the freight rates"
    rows: list[Row] = [
        ("discount rate", rate.value, rate.low, rate.high, "%/year", _root(worth.npv, RATE_PCT), *at_rates, rate.told,
         rate.confidence),
        ("years of service", plan.life_years, NAN, NAN, "years", life, NAN, NAN, "stated or 30", "assumed"),
        ("years of building", plan.build_years, NAN, NAN, "years", NAN, NAN, NAN, "stated or 5", "assumed"),
        ("cost of operation", worth.operating, NAN, NAN, "m USD/year", operation, NAN, NAN, beyond, "assumed"),
        ("share of the cost left at the end", worth.residual_share, NAN, NAN, "", rest if 0 <= rest <= 1 else NAN,
         NAN, NAN, "given" if worth.residual_share else "none taken", "assumed"),
    ]  # fmt: skip
    saved = float(appraisal.co2_t[0, -1])
    if saved:
        served = 1 + appraisal.shortfall.value / 100 if reference_class else 1.0
        gained = served * float(appraisal.co2_t[0] @ parts.per_stage) / 1e6
        turn = appraisal.co2_usd_t - npv / gained if gained else NAN
        told = "given" if appraisal.co2_usd_t else "not priced"
        rows.append(("price of emissions", appraisal.co2_usd_t, NAN, NAN, "USD/t", _above(turn), NAN, NAN,
                     told, "given"))  # fmt: skip
    return rows


def _class(appraisal: Case) -> list[Row]:
    """Rows of the reference class: overrun and shortfall."""
    over, short, base = appraisal.overrun, appraisal.shortfall, appraisal.expected
    at_over = [base.in_class(end, short.value).npv() for end in (over.low, over.high)]
    at_short = [base.in_class(over.value, end).npv() for end in (short.low, short.high)]
    even_over = _root(lambda x: base.in_class(x, short.value).npv(), (-99.0, 1000.0))
    even_short = _root(lambda x: base.in_class(over.value, x).npv(), (-100.0, 1000.0))
    return [
        ("overrun of the cost", over.value, over.low, over.high, "%", even_over, *at_over, over.told, over.confidence),
        ("shortfall of traffic", short.value, short.low, short.high, "%", even_short, *at_short, short.told,
         short.confidence),
    ]  # fmt: skip


def _finite(value: float) -> float:
    """Value, nan where it is infinite."""
    return value if np.isfinite(value) else NAN


def _above(value: float) -> float:
    """Value, nan where it is below zero and so none that could be."""
    return value if value >= 0 else NAN


def _times(worth: Worth, factor: float) -> Worth:
    return replace(worth, benefit=tuple(factor * one for one in worth.benefit))


def _with_life(worth: Worth, years: int) -> Worth:
    return replace(worth, schedule=replace(worth.schedule, life_years=years))


def _root(function: Callable[[float], float], ends: tuple[float, float]) -> float:
    """Place between two ends at which a function is zero; nan where its sign is the same at both."""
    if not function(ends[0]) * function(ends[1]) < 0:
        return NAN
    return float(scipy.optimize.brentq(function, *ends))
