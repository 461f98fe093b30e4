"""Flows on the network: every flow on its best way, or shared out between its ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

import pandas as pd

from corridors.base.errors import InputError, NoRouteError
from corridors.base.options import takes
from corridors.base.progress import progress
from corridors.model.question import Asked
from corridors.network.network import Network
from corridors.routing.route import Route
from corridors.routing.unreachable import why_no_route
from corridors.routing.ways import Logit, Ways, cargo_units, ways_between
from corridors.trade.capacity import KNOWN, capacities_of
from corridors.trade.carried import Carried
from corridors.trade.demand import Flow, FlowTable, Seasons, demand
from corridors.trade.quotas import within_quotas, year_of
from corridors.trade.use import CarriedWay, passed_limits
from corridors.trade.vehicles import EMPTY_SHARE, TRAIN_NET_T, check_trains


@takes(Asked, cargo=None)
def carry(
    net: Network,
    flows: FlowTable,
    *,
    split: bool = False,
    choice: str | Logit = "logit",
    capacities: pd.DataFrame | str | None = KNOWN,
    seasons: Seasons | None = None,
    quotas: bool = False,
    towns: Mapping[str, Mapping[str, float]] | None = None,
    train_net_t: float = TRAIN_NET_T,
    empty_share: float = EMPTY_SHARE,
    **options: Unpack[Asked],
) -> Carried:
    """Put tonnes on the network: on links, crossings, terminals, ports and in countries, by month.

    The flows are given; nothing is forecast. What has no way, or does not fit a capacity in a month, is listed as not
    carried (`not_carried`) and counts nowhere else.

    Parameters
    ----------
    net
        The network.
    flows
        Tonnes of pairs: a table with origin, destination and tonnes (and commodity and period, where they differ), or
        numbers by pair.
    split
        Whether a flow is shared out between really different ways and cargo units; else it goes its best way whole.
    choice
        With `split`: `logit`, or a `co.Logit`.
    capacities
        `known` for those that the network states (`net.attributes`) of what the ways pass; None for none; or a table
        of your own, one row each: kind (`link`, `section`, `line`, `crossing`, `terminal` or `port`), id, value, unit
        (such as `trains/day`, `wagons/day`, `trucks/day`, `t/day`, `Mt/year`), and perhaps mode, status, low and high.
        Plans and claims are shown in `utilisation` but limit nothing.
    seasons
        Twelve weights of months by good, instead of those of the tables; without any a year is spread evenly.
    quotas
        Whether quotas of the table `duties` act like closures beyond their tonnage: of all flows of a good that a quota
        is on, in the months in which it holds. The year is that of the column `period`, else that of the network's
        date. What is above is listed as not carried. Flows that are not given take nothing of a quota.
    towns
        Places that stand for a name in the table, such as a country, with their weights.
    train_net_t
        Net tonnes of a train.
    empty_share
        Trains that run back empty for each loaded one.
    options
        As in `corridors.model.question.Asked`: `commodity` is the good of rows without one, and `cargo` by default
        every unit that a good can travel in.

    Returns
    -------
    Carried
        Tonnes a year by link, crossing, terminal, port, country and month, with payments in USD.

    Raises
    ------
    InputError, UnknownNameError, AmbiguousNameError
        If an argument is not possible, or names what the network does not have.

    >>> import corridors as co
    >>> flour = {("Kostanay", "Kabul"): 1000, ("Astana", "Kabul"): 500}
    >>> carried = co.carry(co.load(), flour, commodity="flour", cargo="wagon")
    >>> carried.crossings[["id", "tonnes"]].values.tolist()
    [['saryagash-keles', 1500.0], ['galaba-hairatan', 1500.0]]
    """
    check_trains(train_net_t, empty_share)
    limits = capacities_of(net.tables, capacities, net.view.date)
    asked: dict[str, Any] = dict(options)
    good, cargo = asked.pop("commodity"), asked.pop("cargo")
    rows = demand(net.tables, flows, commodity=good, seasons=seasons, towns=towns)
    above: dict[int, str] = {}
    if quotas:
        rows, above = within_quotas(net.tables, rows, year_of(flows, net.view.date))
    free = rows[: len(rows) - len(above)]
    if split:
        ways, choices, no_way = _shared(net, free, cargo, Logit.of(choice), asked)
    else:
        if choice != "logit":
            raise InputError("choice", choice, "split=True shares flows out by it")
        ways, no_way = _best(net, free, cargo, asked)
        choices = {}
    no_way |= above
    if isinstance(capacities, str):
        limits = passed_limits(limits, ways)
    return Carried(tuple(rows), tuple(ways), no_way, tuple(limits), train_net_t, empty_share, choices)


def _best(
    net: Network, rows: Sequence[Flow], cargo: Any, asked: Mapping[str, Any]
) -> tuple[list[CarriedWay], dict[int, str]]:
    """Best way of every flow over its cargo units, and why others have none."""
    found: dict[tuple[str, str, str | None], Route] = {}
    goods: dict[str | None, list[Flow]] = {}
    for flow in rows:
        goods.setdefault(flow.commodity, []).append(flow)
    for good, some in goods.items():
        ends = [list(dict.fromkeys(names)) for names in ((f.origin for f in some), (f.destination for f in some))]
        for unit in cargo_units(net.tables, good, cargo):
            for pair, route in net.routes(ends[0], ends[1], commodity=good, cargo=unit, **asked).items():
                best = found.get((*pair, good))
                if route is not None and (best is None or route.objective_value < best.objective_value):
                    found[*pair, good] = route
    ways, no_way = [], {}
    for number, flow in enumerate(rows):
        if flow[:3] in found:
            ways.append(CarriedWay(number, found[flow[:3]], 1.0, 1))
        else:
            unit = cargo_units(net.tables, flow.commodity, cargo)[0]
            problem = net.problem(commodity=flow.commodity, cargo=unit, **asked)
            no_way[number] = "no way: " + "; ".join(why_no_route(problem, flow.origin, flow.destination))
    return ways, no_way


def _shared(
    net: Network, rows: Sequence[Flow], cargo: Any, logit: Logit, asked: Mapping[str, Any]
) -> tuple[list[CarriedWay], dict[int, Ways], dict[int, str]]:
    """Ways of every flow with their shares, and why others have none."""
    ways: list[CarriedWay] = []
    choices: dict[int, Ways] = {}
    no_way: dict[int, str] = {}
    for number, flow in enumerate(progress(rows, "flows", least=5)):
        units = cargo_units(net.tables, flow.commodity, cargo)
        try:
            some = ways_between(net, *flow[:2], units, logit, commodity=flow.commodity, **asked)
        except NoRouteError as error:
            no_way[number] = "no way: " + "; ".join(error.reasons)
            continue
        choices[number] = some
        shares = some.shares().tolist()
        ways += [
            CarriedWay(number, route, share, i)
            for i, (route, share) in enumerate(zip(some.routes, shares, strict=True), 1)
        ]
    return ways, choices, no_way
