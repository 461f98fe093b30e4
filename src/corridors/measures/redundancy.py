"""Redundancy: how many really separate ways there are, and what is lost when something on them closes.

Separate ways are counted as the smallest number of links, crossings or countries that must close before no way is
left. Where each is one edge of a graph, this is the number of disjoint ways (Menger; maximum flow). A crossing with
road and rail, or a country, is many edges that close together, which a flow would count several times or mix up: so
the smallest set is searched directly, on the graph that routes are found on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Unpack

import numpy as np
import pandas as pd

from corridors.base.errors import InputError, NoRouteError
from corridors.base.options import takes
from corridors.base.units import GENERALIZED
from corridors.measures.cuts import closing, fewest_closed, near_best
from corridors.measures.losses import Ends, Flows, cost_of, shut, weighted_flows
from corridors.model.question import Asked
from corridors.model.view import Mask, usable
from corridors.network.network import Network
from corridors.routing.route import Route
from corridors.whatif.weights import Pair, Weights

Chances = Mapping[str, float]


@takes(Asked)
def edge_disjoint(
    net: Network, origin: str, destination: str, *, within: float | None = None, **options: Unpack[Asked]
) -> float:
    """Number of ways that share no link or sea hop.

    Parallel tracks (links of one system between the same two places) are one. 0 if there is no way.

    Parameters
    ----------
    net
        The network.
    origin, destination
        Places by id, name or common spelling.
    within
        As in `smallest_cut`: for reasonable ways only.
    options
        As in `Network.route`.

    References
    ----------
    K. Menger, "Zur allgemeinen Kurventheorie", Fundamenta Mathematicae 10, 1927, doi:10.4064/fm-10-1-96-115.

    >>> import corridors as co
    >>> edge_disjoint(co.load(), "Almaty", "Karachi", cargo="wagon", modes={"rail"})
    1
    """
    return _size(smallest_cut(net, origin, destination, unit="links", within=within, **options))


@takes(Asked)
def border_disjoint(
    net: Network, origin: str, destination: str, *, within: float | None = None, **options: Unpack[Asked]
) -> float:
    """Number of ways that share no border crossing.

    A port where cargo goes ashore or aboard is a border, too. `inf` if a way passes none.

    Parameters
    ----------
    net
        The network.
    origin, destination
        Places by id, name or common spelling.
    within
        As in `smallest_cut`: for reasonable ways only.
    options
        As in `Network.route`.

    >>> import corridors as co
    >>> border_disjoint(co.load(), "Astana", "Bandar Abbas", cargo="wagon", modes={"rail"})
    2
    """
    return _size(smallest_cut(net, origin, destination, unit="crossings", within=within, **options))


@takes(Asked)
def country_disjoint(
    net: Network, origin: str, destination: str, *, within: float | None = None, **options: Unpack[Asked]
) -> float:
    """Number of ways that share no third country; `inf` if a way passes none.

    Parameters
    ----------
    net
        The network.
    origin, destination
        Places by id, name or common spelling.
    within
        As in `smallest_cut`: for reasonable ways only.
    options
        As in `Network.route`.

    >>> import corridors as co
    >>> country_disjoint(co.load(), "Almaty", "Karachi")
    5
    """
    return _size(smallest_cut(net, origin, destination, unit="countries", within=within, **options))


def _size(cut: Collection[str] | None) -> float:
    return float("inf") if cut is None else len(cut)


@takes(Asked)
def smallest_cut(
    net: Network,
    origin: str,
    destination: str,
    *,
    unit: str = "crossings",
    within: float | None = None,
    **options: Unpack[Asked],
) -> list[str] | None:
    """Find a smallest set of links, crossings or countries without which no way is left between two places.

    Exact: ways are added one by one to those that the set must hit, until closing it leaves none.

    Parameters
    ----------
    net
        The network.
    origin, destination
        Places by id, name or common spelling.
    unit
        `links` (with sea hops), `crossings` (with ports), or `countries` other than those of the two ends.
    within
        Share, such as 0.25, for reasonable ways only: over links on some way at most so much dearer than the best.
    options
        As in `Network.route`.

    Returns
    -------
    list of str or None
        Ids, those of parallel links joined by semicolons; empty if there is no way, None if a way passes none of
        the units. There may be other sets as small.

    Raises
    ------
    InputError
        If `unit` is unknown or `within` is negative.

    References
    ----------
    K. Menger, "Zur allgemeinen Kurventheorie", Fundamenta Mathematicae 10, 1927,
    doi:10.4064/fm-10-1-96-115.

    >>> import corridors as co
    >>> smallest_cut(co.load(), "Almaty", "Karachi", unit="countries")
    ['AF', 'CN', 'IR', 'RU', 'TR']
    """
    if unit not in ("links", "crossings", "countries"):
        raise InputError("unit", unit, "links, crossings or countries")
    if within is not None and not within >= 0:
        raise InputError("within", within, "a share of zero or more, such as 0.25 for 25 % longer")
    try:
        route = net.route(origin, destination, **options)
    except NoRouteError:
        return []
    ends = route.origin, route.destination
    problem = route.problem if within is None else near_best(route.problem, ends, within)
    names, touches = closing(problem, unit, ends)
    closed = fewest_closed(problem, ends, touches)
    return None if closed is None else [names[row] for row in np.flatnonzero(closed)]


def _generalized(options: Asked) -> Asked:
    """Refuse another objective: what is lost is measured in generalized cost."""
    if options["by"] != GENERALIZED.name:
        raise InputError("by", options["by"], "losses are measured in generalized cost, so leave it out")
    return options


@takes(Asked)
def betweenness(
    net: Network, origins: Ends, destinations: Ends, *, weights: Weights = None, **options: Unpack[Asked]
) -> pd.DataFrame:
    """Share of pairs whose best route passes each country and each crossing.

    A country counts as passed in transit only: not by pairs that begin or end in it. Pairs without a way are left
    out of the shares; `corridors.measures.metrics.unreachable` counts them.

    Parameters
    ----------
    net
        The network.
    origins, destinations
        Places, or the name of a set of places.
    weights
        Weights of pairs, such as trade, in any form of `corridors.whatif.weights`; equal by default.
    options
        As in `Network.routes`.

    Returns
    -------
    DataFrame
        One row per country and crossing, the most used first: kind, id, pairs (number passing) and share (by weight).

    References
    ----------
    L. C. Freeman, "A set of measures of centrality based on betweenness", Sociometry 40(1), 1977,
    doi:10.2307/3033543.

    >>> import corridors as co
    >>> betweenness(co.load(), "uzbekistan", "pakistan", cargo="truck").iloc[0].to_dict()
    {'kind': 'country', 'id': 'AF', 'pairs': 56, 'share': 1.0}
    """
    flows = weighted_flows(net, origins, destinations, weights, options)
    country, crossings = net.tables["places"].set_index("id")["country"], net.tables["crossings"]
    passing: dict[tuple[str, str], list[Pair]] = {("country", c): [] for c in sorted(set(country))}
    passing |= {("crossing", c): [] for c in crossings["id"]}
    for pair, route in flows.routes.items():
        e = route.problem.expansion
        passed = {("country", c) for edge in route.edges for c in e.countries[edge]}
        passed -= {("country", country[place]) for place in pair}
        passed |= {("crossing", crossings["id"].iloc[e.crossing[i]]) for i in route.edges if e.crossing[i] >= 0}
        for key in passed:
            passing[key].append(pair)
    rows = [(*key, len(pairs), flows.share(pairs)) for key, pairs in passing.items()]
    table = pd.DataFrame(rows, columns=["kind", "id", "pairs", "share"])
    return table.sort_values("share", ascending=False, kind="stable", ignore_index=True)


@takes(Asked)
def criticality(
    net: Network,
    origins: Ends,
    destinations: Ends,
    *,
    what: str = "crossings",
    weights: Weights = None,
    **options: Unpack[Asked],
) -> pd.DataFrame:
    r"""Table of what is lost when each crossing or link closes: dearer ways, and pairs that are cut off, kept apart.

    .. math:: \text{rise} = \sum_{\text{still joined}} w_{ij} (c_{ij}' - c_{ij}) \Big/ \sum w_{ij}

    Only what some best route passes can matter, so nothing else is tried.

    Parameters
    ----------
    net, origins, destinations, weights
        As in `betweenness`; routes are those of least generalized cost.
    what
        `crossings` or `links`.
    options
        As in `Network.routes`, without another objective.

    Returns
    -------
    DataFrame
        By id, the worst first: pairs (number of best routes over it), share (their weight), rise_usd_t (mean rise of
        generalized cost over all pairs), rise_pct (of the mean cost) and cut_share (weight of pairs cut off).

    Raises
    ------
    InputError
        If `what` is neither crossings nor links.

    References
    ----------
    E. Jenelius, T. Petersen and L.-G. Mattsson, "Importance and exposure in road network vulnerability
    analysis", Transportation Research Part A 40(7), 2006, doi:10.1016/j.tra.2005.11.003.

    >>> import corridors as co
    >>> criticality(co.load(), "uzbekistan", "pakistan", cargo="truck").index[0]
    'galaba-hairatan'
    """
    if what not in ("crossings", "links"):
        raise InputError("what", what, "crossings or links")
    flows = weighted_flows(net, origins, destinations, weights, _generalized(options))
    ids = net.tables[what]["id"]
    passing: dict[str, list[Pair]] = {}
    for pair, route in flows.routes.items():
        rows = getattr(route.problem.expansion, what.removesuffix("s"))[list(route.edges)]
        for row in np.unique(rows[rows >= 0]):
            passing.setdefault(str(ids.iloc[row]), []).append(pair)
    number = {pair: row for row, pair in enumerate(flows.routes)}
    costs = flows.costs([net.close(ident) for ident in passing]) if passing else np.zeros((0, 0))
    lost = {}
    for (ident, pairs), cost in zip(passing.items(), costs, strict=True):
        loss = flows.loss({pair: float(cost[number[pair]]) for pair in pairs})
        lost[ident] = {"pairs": len(pairs), "share": flows.share(pairs), **loss}
    columns = ["pairs", "share", "rise_usd_t", "rise_pct", "cut_share"]
    table = pd.DataFrame(lost.values(), pd.Index(lost, name=what.removesuffix("s"), dtype=str), columns)
    return table.sort_values(["cut_share", "rise_usd_t"], ascending=False, kind="stable")


@takes(Asked)
def expected_loss(
    net: Network,
    closures: Chances | None,
    origins: Ends,
    destinations: Ends,
    *,
    weights: Weights = None,
    **options: Unpack[Asked],
) -> pd.Series:
    """Losses on average when things close at random, each on its own.

    Exact, over all combinations that matter: what no best route passes, given what is closed already, is skipped.

    Parameters
    ----------
    closures
        Probability that each crossing, pair of countries (`AF-PK`), link, terminal, service or port is closed. None
        for the short closures of the table `events`, as `event_chances` has them.
    net, origins, destinations, weights
        As in `betweenness`; routes are those of least generalized cost.
    options
        As in `Network.routes`, without another objective.

    Returns
    -------
    Series
        base_usd_t (mean generalized cost, all open); expected rise_usd_t, rise_pct and cut_share as in `criticality`.

    Raises
    ------
    InputError
        If a chance is not between 0 and 1.

    >>> import corridors as co
    >>> loss = expected_loss(co.load(), {"torkham": 0.1, "AF-PK": 0.5}, ["Tashkent"], ["Karachi"], cargo="truck")
    >>> loss[["base_usd_t", "rise_usd_t", "cut_share"]].round().tolist()
    [458.0, 35.0, 0.0]
    """
    chances = event_chances(net) if closures is None else closures
    if wrong := {name: chance for name, chance in chances.items() if not 0 <= chance <= 1}:
        raise InputError("closures", wrong, "a probability is between 0 and 1")
    flows = weighted_flows(net, origins, destinations, weights, _generalized(options))
    closed = {name: shut(net, name) for name in chances}
    e = next(iter(flows.routes.values())).problem.expansion
    open_now = e.in_use(usable(net.tables, net.view))
    shuts = {name: open_now & ~e.in_use(usable(net.tables, other.view)) for name, other in closed.items()}
    total = dict.fromkeys(("rise_usd_t", "rise_pct", "cut_share"), 0.0)
    for chance, routes in _outcomes(flows, net, chances, shuts, flows.routes):
        costs = {pair: np.inf if route is None else cost_of(route) for pair, route in routes.items()}
        for name, loss in flows.loss(costs).items():
            total[name] += chance * loss
    return pd.Series({"base_usd_t": flows.mean, **total}, name=net.name)


def event_chances(net: Network) -> dict[str, float]:
    """Probability that each crossing or line of the table `events` is shut on a day: rate x duration / 365.

    Closures of months and years are in the table `closures` instead, so nothing is counted twice.

    Parameters
    ----------
    net
        The network.

    Returns
    -------
    dict
        Probability by id of the crossing or name of the line, with its mode, such as `torkham road`.

    >>> import corridors as co
    >>> {name: round(chance, 3) for name, chance in event_chances(co.load()).items()}["torkham road"]
    0.058
    """
    events = net.tables["events"]
    chance = (events["rate_per_year"] * events["duration_d"] / 365).clip(upper=1.0)
    names = events["target"] + " " + events["mode"]
    return {name: float(1 - (1 - part).prod()) for name, part in chance.groupby(names, sort=False)}


def _outcomes(
    flows: Flows, net: Network, left: Chances, shuts: Mapping[str, Mask], routes: Mapping[Pair, Route | None]
) -> Iterator[tuple[float, Mapping[Pair, Route | None]]]:
    """Yield the routes of every outcome with its probability, branching on closures that some route meets."""
    edges = {pair: list(route.edges) for pair, route in routes.items() if route}
    name = next((name for name in left if any(shuts[name][some].any() for some in edges.values())), None)
    if name is None:
        yield 1.0, routes
        return
    chance, rest = left[name], {other: left[other] for other in left if other != name}
    if chance < 1:
        for then, outcome in _outcomes(flows, net, rest, shuts, routes):
            yield (1 - chance) * then, outcome
    if chance > 0:
        closed, met = shut(net, name), [pair for pair, some in edges.items() if shuts[name][some].any()]
        for then, outcome in _outcomes(flows, closed, rest, shuts, {**routes, **flows.again(closed, met)}):
            yield chance * then, outcome
