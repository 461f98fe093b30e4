"""Which projects to build under a budget, and in what order: every set that can be built is valued."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Unpack

import numpy as np

from corridors.appraisal.benefits import benefits_of_sets
from corridors.appraisal.cash import discounted_years
from corridors.appraisal.planned import AS_IT_IS, Plan
from corridors.appraisal.set_costs import Costs, project_costs
from corridors.appraisal.sets import MOST_SETS, candidates_of
from corridors.appraisal.shortlist import Limits, shortlist, with_parts
from corridors.appraisal.staging import Capital
from corridors.base.errors import InputError
from corridors.base.options import takes
from corridors.model.question import Asked
from corridors.network.network import Network
from corridors.trade.demand import FlowTable, demand
from corridors.uncertainty.draws import SPREAD_OF_MEANS, check_draws
from corridors.whatif.named import Scenarios, named_networks

DRAWS = 200
"""Draws of a plan where their number is not given."""

MOST_YEARS = 100
"""Years that a plan may have."""


@takes(Asked, cargo=None)
def plan(
    net: Network,
    candidates: Iterable[str],
    flows: FlowTable,
    *,
    budget: float | Mapping[int, float] | None = None,
    years: Iterable[int] | None = None,
    horizon_years: int | None = None,
    rate_pct: float = 0.0,
    lead_years: int = 0,
    costs: Costs | None = None,
    futures: Scenarios | None = None,
    elasticity: float = 0.0,
    draws: int = DRAWS,
    seed: int = 0,
    spread: str = SPREAD_OF_MEANS,
    towns: Mapping[str, Mapping[str, float]] | None = None,
    **options: Unpack[Asked],
) -> Plan:
    """Choose the best set of projects under a budget, with its rivals, its regret in other futures, and its order.

    Every set of candidates that can be built is valued, up to 4,096 of them; of more, those that a mixed-integer model
    finds best at expected values in some future, proven within a stated gap, and their parts (`Plan.shortlist`). The
    yearly benefit of a set is the sum over the flows of tonnes times the generalized cost that is saved; flows are
    those stated, nothing is forecast.

    Parameters
    ----------
    net
        The network without the projects.
    candidates
        Ids of projects to choose from. What one needs must be a candidate, too, or be built.
    flows
        Tonnes a year of pairs, as in `corridors.trade.carry.carry`.
    budget
        Million USD in all, or by year. A set is within it by the middle of its range of cost.
    years
        Years in which money is spent and benefits count; they ask for the order of building. A budget in all is spread
        evenly over them; money that is left stays for later.
    horizon_years
        Years of benefit that are set against the cost. With it, the best set is that of the greatest net value:
        benefits of these years, discounted, less the cost. Without it, that of the greatest yearly benefit within the
        budget; of sets that are even, the cheapest.
    rate_pct
        Discount rate in % a year. Nothing is discounted unless it is stated.
    lead_years
        Years from the last payment of a project to its opening.
    costs
        Cost of projects in million USD, a figure or a range. By default all figures published, from the least to the
        greatest; they are of different years and not deflated. A project without one needs yours.
    futures
        Scenarios, or names of bundled ones, by name or in a list, in each of which every set is valued again.
    elasticity
        Of tonnes to generalized cost, zero or less; with it the benefit is that of the rule of a half.
    draws, seed, spread
        Draws of parameters and costs, the same for every set and future; 0 for expected values only.
    towns
        As in `corridors.trade.carry.carry`.
    options
        As in `corridors.model.question.Asked`; `commodity` is the good of rows without one, and `cargo` by default
        every unit that a good can travel in, of which each pair takes the cheapest.

    Raises
    ------
    InputError
        If an argument is not possible, or a cost is missing.
    UnknownNameError, AmbiguousNameError
        If there is no such place, good or project.
    ScenarioError
        If a project can never be built.

    >>> import corridors as co
    >>> lines = ["uap-naibabad-kharlachi", "kharlachi-kohat"]
    >>> tonnes = {("Tashkent", "Karachi"): 1_000_000}
    >>> found = co.plan(co.load(), lines, tonnes, budget=9000, cargo="wagon", modes={"rail"}, draws=50)
    >>> found.table()[["cost_musd", "benefit_musd"]].round().to_numpy().tolist()
    [[0.0, 0.0], [642.0, 0.0], [7042.0, 32.0]]
    """
    if not 0 <= rate_pct < 100:
        raise InputError("rate_pct", rate_pct, "a discount rate in %, such as 6")
    rate = rate_pct / 100
    capital, total = _capital(budget, years, rate, lead_years)
    if horizon_years is not None and not 0 < horizon_years <= MOST_YEARS:
        raise InputError("horizon_years", horizon_years, f"1 to {MOST_YEARS} years")
    if total is None and horizon_years is None:
        raise InputError("budget", budget, "million USD, or horizon_years=: without either, everything would be built")
    if not -20 <= elasticity <= 0:
        raise InputError("elasticity", elasticity, "zero or less")
    check_draws(draws or 1, seed, spread)
    found = candidates_of(net, candidates)
    prices = project_costs(net.tables, found, costs)
    networks = {AS_IT_IS: net, **_futures(net, futures)}
    asked = dict(options)
    good, cargo = asked.pop("commodity"), asked.pop("cargo")
    rows = demand(net.tables, flows, commodity=str(good) if good else None, towns=towns)
    total = np.inf if total is None else total
    listed = None
    if found.count > MOST_SETS:
        limits = Limits(total, None if horizon_years is None else discounted_years(horizon_years, rate_pct), elasticity)
        listed = shortlist(networks, found, rows, prices.middle, limits, cargo=cargo, asked=asked)
    sets = found.sets() if listed is None else with_parts(found, listed.best)
    benefits = {
        name: benefits_of_sets(
            one, found, sets, rows,
            cargo=cargo, elasticity=elasticity, draws=draws, seed=seed, spread=spread, asked=asked,
        )
        for name, one in networks.items()
    }  # fmt: skip
    return Plan(found, tuple(sets), prices, benefits, total, horizon_years, rate, capital, elasticity, draws, seed,
                sum(float(flow.tonnes.sum()) for flow in rows), listed)  # fmt: skip


def _capital(
    budget: float | Mapping[int, float] | None, years: Iterable[int] | None, rate: float, lead_years: int
) -> tuple[Capital | None, float | None]:
    """Money by year, None without years; and in all, None without a budget."""
    if not 0 <= lead_years <= MOST_YEARS:
        raise InputError("lead_years", lead_years, f"zero or more, {MOST_YEARS} at most")
    by_year = dict(budget) if isinstance(budget, Mapping) else None
    amounts = list(by_year.values()) if by_year is not None else [] if budget is None else [budget]
    if any(isinstance(amount, bool) or not 0 <= float(amount) < np.inf for amount in amounts):  # type: ignore[arg-type]
        raise InputError("budget", budget, "million USD, zero or more")
    total = float(sum(amounts)) if budget is not None else None  # type: ignore[arg-type]
    if years is None and by_year is None:
        return None, total
    span = sorted({*(years if years is not None else by_year or ())})
    if not 0 < len(span) <= MOST_YEARS or span[0] < 1 or span != list(range(span[0], span[-1] + 1)):
        raise InputError("years", span, f"1 to {MOST_YEARS} years, one after another")
    if total is None:
        raise InputError("budget", None, "million USD, for years are asked for")
    if by_year is not None and not set(by_year) <= set(span):
        raise InputError("budget", sorted(by_year), f"years of {span[0]} to {span[-1]}")
    even = total / len(span)
    limits = [even if by_year is None else float(by_year.get(year, 0.0)) for year in span]
    return Capital(tuple(span), tuple(limits), rate, lead_years), total


def _futures(net: Network, futures: Scenarios | None) -> dict[str, Network]:
    """Networks of the futures."""
    if futures is None:
        return {}
    networks = named_networks(futures, base=net)
    networks.pop(next(iter(networks)))
    if AS_IT_IS in networks:
        raise InputError("futures", list(networks), f"names other than '{AS_IT_IS}', which is the network itself")
    return networks
