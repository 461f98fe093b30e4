"""A plan by year: what is paid, what opens, and what is saved, for the best order of building a set."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import pandas as pd

from corridors.appraisal.planned import AS_IT_IS, Plan


def plan_years(plan: Plan, chosen: Sequence[str] | None = None) -> pd.DataFrame:
    """Table of one row per year of a plan.

    Columns: year, paid_musd (at the middle of the costs), opens (ids of projects, with a semicolon between them),
    benefit_musd (with draws benefit_p05_musd and benefit_p95_musd, in the order of the expected values), and the sums
    from the first year on, not discounted: paid_sum_musd and benefit_sum_musd.

    Parameters
    ----------
    plan
        What `co.plan` returns, with years.
    chosen
        Ids of the projects; by default those of `plan.chosen`.

    Raises
    ------
    InputError
        If the plan has no years, or the set cannot be built.

    >>> import corridors as co
    >>> found = co.plan(
    ...     co.load(), ["uap-naibabad-kharlachi", "kharlachi-kohat"], {("Tashkent", "Karachi"): 1e6}, budget=9000,
    ...     years=range(2027, 2037), cargo="wagon", modes={"rail"}, draws=0,
    ... )
    >>> plan_years(found)[["year", "paid_musd", "opens"]].iloc[[0, 7]].to_numpy().tolist()
    [[2027, 900.0, 'kharlachi-kohat'], [2034, 742.0, 'uap-naibabad-kharlachi']]
    """
    order, one = plan.staging(chosen), plan.benefits[AS_IT_IS]
    assert plan.capital is not None  # noqa: S101  # staging refuses a plan without years
    years = list(plan.capital.years)
    opened = [order.loc[order["opens"] <= year, "project"].tolist() for year in years]
    rows = [plan.sets.index(_standing(plan, names)) for names in opened]
    paid = np.minimum(list(accumulate(plan.capital.limits)), float(order["cost_musd"].sum()))
    new = [";".join(order.loc[order["opens"] == year, "project"]) for year in years]
    table = pd.DataFrame({"year": years, "paid_musd": np.diff(paid, prepend=0.0), "opens": new})
    table["benefit_musd"] = one.expected[rows]
    if plan.draws:
        low, high = np.percentile(one.samples[rows], (5, 95), axis=1)
        table = table.assign(benefit_p05_musd=low, benefit_p95_musd=high)
    return table.assign(paid_sum_musd=paid, benefit_sum_musd=table["benefit_musd"].cumsum())


def _standing(plan: Plan, opened: Sequence[str]) -> int:
    """Set that can be used when some projects are open."""
    return plan.candidates.buildable_part(sum(1 << plan.candidates.names.index(name) for name in opened))


def payments(plan: Plan, chosen: Sequence[str] | None = None) -> pd.DataFrame:
    """Table of the years in which each project is paid for: project, begins, ends (blank after the last year), opens.

    Parameters
    ----------
    plan
        What `co.plan` returns, with years.
    chosen
        Ids of the projects; by default those of `plan.chosen`.

    Raises
    ------
    InputError
        If the plan has no years, or the set cannot be built.

    >>> import corridors as co
    >>> found = co.plan(
    ...     co.load(), ["uap-naibabad-kharlachi", "kharlachi-kohat"], {("Tashkent", "Karachi"): 1e6}, budget=9000,
    ...     years=range(2027, 2037), cargo="wagon", modes={"rail"}, draws=0,
    ... )
    >>> payments(found)[["begins", "ends", "opens"]].to_numpy().tolist()
    [[2027, 2027, 2027], [2027, 2034, 2034]]
    """
    order = plan.staging(chosen)
    assert plan.capital is not None  # noqa: S101  # staging refuses a plan without years
    sums = np.array(list(accumulate(plan.capital.limits)))
    before = order["spent_musd"].to_numpy() - order["cost_musd"].to_numpy()
    ends = {"begins": np.searchsorted(sums, before + 1e-9, side="right"),
            "ends": np.searchsorted(sums, order["spent_musd"].to_numpy() - 1e-9)}  # fmt: skip
    years = dict(enumerate(plan.capital.years))
    found = {name: pd.Series([years.get(int(n)) for n in numbers], dtype="Int64") for name, numbers in ends.items()}
    return pd.DataFrame({"project": order["project"], **found, "opens": order["opens"]})
