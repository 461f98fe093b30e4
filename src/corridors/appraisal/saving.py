"""What a project saves given flows in a year: rule of a half on the cost of ways, with transfers told apart.

Users save (Q0 + Q1) / 2 x (c0 - c1), where c is the generalized cost of a tonne (the logsum, where ways are shared
out), Q0 the tonnes that move today and Q1 those with the project. A payment that is a transfer, such as a border due,
is a cost to them and an income to others, so that T1 Q1 - T0 Q0 is added for the economy as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridors.base.errors import InputError
from corridors.base.names import near
from corridors.base.units import COST, GENERALIZED
from corridors.data.parameters import Theta
from corridors.model import parts
from corridors.routing.route import Route
from corridors.trade.carried import Carried
from corridors.uncertainty.draws import SPREAD_OF_MEANS
from corridors.uncertainty.totals import weighted

Floats = NDArray[np.float64]

BORDER = "border"

RESOURCE: Mapping[str, float] = {BORDER: 0.0}
"""Share of a payment that is resource cost, by component or mode; of what is not named, all of it.

Dues and payments at borders are transfers. Freight rates are taken as resource cost, because what railways and hauliers
spend is not published here: today's rates are tariffs.
"""


@dataclass(frozen=True, eq=False)
class PerTonne:
    """Cost of a tonne of every flow in one state of the network; inf where a flow has no way.

    Attributes
    ----------
    cost, transfer, co2
        Generalized cost and transfers in it (USD/t), and kg CO2e/t, by flow.
    cost_drawn, transfer_drawn
        Draws of the first two, draws by flows.
    """

    cost: Floats
    transfer: Floats
    co2: Floats
    cost_drawn: Floats
    transfer_drawn: Floats


@dataclass(frozen=True, eq=False)
class Saving:
    """What flows save in a year in one state of the network.

    Attributes
    ----------
    users_usd, revenue_usd
        Saving of users and change of transfers to others, in USD a year by flow.
    co2_t
        Tonnes of CO2e saved a year, by flow.
    drawn_usd
        Draws of the sum of both over all flows.
    counted
        Whether a flow has a way without and with the project.
    cost_before, cost_after
        Generalized cost in USD/t by flow.
    """

    users_usd: Floats
    revenue_usd: Floats
    co2_t: Floats
    drawn_usd: Floats
    counted: NDArray[np.bool_]
    cost_before: Floats
    cost_after: Floats


def checked_resource(given: Mapping[str, float] | None) -> dict[str, float]:
    """Shares of payments that are resource cost.

    Parameters
    ----------
    given
        Shares by component (`border`, `transfer`, `port`, ...) or mode (`rail`, `road`, `sea`), which win over
        `RESOURCE`.

    Raises
    ------
    InputError
        If there is no such component or mode, or a share is not between 0 and 1.

    >>> checked_resource({"rail": 0.7})
    {'border': 0.0, 'rail': 0.7}
    """
    known = (BORDER, "rail", "road", "sea", "transfer", "gauge_change", "port", "yard", "charge", "line_haul")
    for name, share in (given or {}).items():
        if name not in known:
            hint = "".join(f" (did you mean '{one}'?)" for one in near(str(name), known, most=1))
            raise InputError("resource", name, f"one of {', '.join(known)}{hint}")
        if not 0 <= float(share) <= 1:
            raise InputError("resource", {name: share}, "a share between 0 and 1")
    return {**RESOURCE, **{name: float(share) for name, share in (given or {}).items()}}


def transfer_shares(theta: Theta, resource: Mapping[str, float]) -> Floats:
    """Share of what is paid by each parameter that is a transfer.

    Parameters
    ----------
    theta
        The parameters.
    resource
        Share that is resource cost, by component or mode; the component counts first.

    >>> import corridors as co
    >>> sorted(set(transfer_shares(co.load().tables.theta, {"border": 0.0}).tolist()))
    [0.0, 1.0]
    """
    table = theta.table
    components, modes = table["component"].tolist(), table["mode"].tolist()
    return np.array(
        [1 - resource.get(part, resource.get(mode, 1.0)) for part, mode in zip(components, modes, strict=True)]
    )


def per_tonne(carried: Sequence[Carried], resource: Mapping[str, float], *, draws: int, seed: int) -> list[PerTonne]:
    """Cost of a tonne of every flow in several states of the network, with the same draws in all of them.

    Parameters
    ----------
    carried
        Ways of the same flows in each state.
    resource
        Share of payments that is resource cost.
    draws, seed
        Number of draws (0: none), and seed.

    >>> import corridors as co
    >>> found = co.carry(co.load(), {("Termez", "Kabul"): 1}, cargo="truck")
    >>> one = per_tonne([found], {"border": 0.0}, draws=0, seed=0)[0]
    >>> one.cost[0] > one.transfer[0] > 0
    np.True_
    """
    routes = {id(way.route): way.route for one in carried for way in one.ways}
    expected, drawn = _priced(routes, resource, draws, seed)
    return [_of_state(one, routes, expected, drawn, draws=draws, seed=seed) for one in carried]


def _priced(
    routes: Mapping[int, Route], resource: Mapping[str, float], draws: int, seed: int
) -> tuple[dict[int, Floats], dict[int, Floats]]:
    """Generalized cost and transfers of routes: two numbers each, and two rows of draws."""
    groups: dict[int, list[int]] = {}
    for ident, route in routes.items():
        groups.setdefault(id(route.problem.tables.theta), []).append(ident)
    expected, drawn = {}, {}
    for idents in groups.values():
        theta = routes[idents[0]].problem.tables.theta
        share = transfer_shares(theta, resource)
        rows = []
        for ident in idents:
            rows += [
                parts.coefficients(routes[ident], GENERALIZED), share * parts.coefficients(routes[ident], COST)
            ]  # fmt: skip
        weights = np.array(rows)
        values = weights @ theta.value
        samples = weighted(theta, weights, draws, seed, SPREAD_OF_MEANS) if draws else np.empty((len(rows), 0))
        for i, ident in enumerate(idents):
            expected[ident], drawn[ident] = values[2 * i : 2 * i + 2], samples[2 * i : 2 * i + 2]
    return expected, drawn


def _of_state(
    carried: Carried,
    routes: Mapping[int, Route],
    expected: Mapping[int, Floats],
    drawn: Mapping[int, Floats],
    *,
    draws: int,
    seed: int,
) -> PerTonne:
    many = len(carried.flows)
    cost, transfer, co2 = (np.full(many, np.inf) for _ in range(3))
    cost_drawn, transfer_drawn = (np.full((draws, many), np.inf) for _ in range(2))
    ways: dict[int, list[int]] = {}
    for way in carried.ways:
        ways.setdefault(way.flow, []).append(id(way.route))
    for flow, idents in ways.items():
        costs, moved = (np.array([expected[ident][i] for ident in idents]) for i in (0, 1))
        costs_d, moved_d = (np.array([drawn[ident][i] for ident in idents]).T for i in (0, 1))
        emitted = np.array([routes[ident].co2e_kg_t for ident in idents])
        choice = carried.choices.get(flow)
        if choice is None:
            cost[flow], transfer[flow], co2[flow] = costs[0], moved[0], emitted[0]
            cost_drawn[:, flow], transfer_drawn[:, flow] = costs_d[:, 0], moved_d[:, 0]
            continue
        shares = choice.shares()
        cost[flow], transfer[flow], co2[flow] = float(choice.logsum()), shares @ moved, shares @ emitted
        if draws:
            scales = choice.logit.scales(draws, seed)
            cost_drawn[:, flow] = choice.logsum(costs_d, scales)
            transfer_drawn[:, flow] = (choice.shares(costs_d, scales) * moved_d).sum(axis=1)
    return PerTonne(cost, transfer, co2, cost_drawn, transfer_drawn)


def saved(before: PerTonne, after: PerTonne, now_t: Floats, new_t: Floats) -> Saving:
    """Saving of flows in a year, by the rule of a half.

    Parameters
    ----------
    before, after
        Cost of a tonne of every flow without and with the project.
    now_t, new_t
        Tonnes a year that move today, and that move only with the project.

    >>> def cost(c, t):
    ...     return PerTonne(np.array([c]), np.array([t]), np.array([0.0]), np.empty((0, 1)), np.empty((0, 1)))
    >>> gain = saved(cost(100.0, 10.0), cost(80.0, 4.0), np.array([1000.0]), np.array([200.0]))
    >>> gain.users_usd.tolist(), gain.revenue_usd.tolist()  # 20 x 1,100 t; 4 x 1,200 t - 10 x 1,000 t
    ([22000.0], [-5200.0])
    """
    all_t = now_t + new_t
    counted = np.isfinite(before.cost) & np.isfinite(after.cost)
    use = np.flatnonzero(counted)

    def zero_beyond(values: Floats) -> Floats:
        full = np.zeros(len(counted))
        full[use] = values
        return full

    mean_t = (now_t + all_t)[use] / 2
    users = mean_t * (before.cost[use] - after.cost[use])
    revenue = after.transfer[use] * all_t[use] - before.transfer[use] * now_t[use]
    drawn = (before.cost_drawn[:, use] - after.cost_drawn[:, use]) @ mean_t
    drawn = drawn + after.transfer_drawn[:, use] @ all_t[use] - before.transfer_drawn[:, use] @ now_t[use]
    co2 = (before.co2[use] * now_t[use] - after.co2[use] * all_t[use]) / 1000
    return Saving(zero_beyond(users), zero_beyond(revenue), zero_beyond(co2), drawn, counted, before.cost, after.cost)
