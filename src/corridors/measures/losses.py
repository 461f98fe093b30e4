"""Weighted pairs with their best routes, and what is lost when these become dearer or are cut off."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.errors import NoRouteError
from corridors.model.question import Asked
from corridors.model.targets import Target
from corridors.model.transit import groups
from corridors.network.network import Network
from corridors.routing.route import Route
from corridors.uncertainty.batch import least_weights
from corridors.uncertainty.graphs import compiled, quays_open
from corridors.whatif.weights import Pair, Weights, pair_weights

Floats = NDArray[np.float64]
Ends = str | Iterable[str]


@dataclass(frozen=True, eq=False)
class Flows:
    """Weighted pairs with their best routes and what these cost; pairs without a way are left out."""

    options: Asked
    weight: pd.Series
    routes: Mapping[Pair, Route]
    cost: pd.Series
    mean: float

    def share(self, pairs: Collection[Pair]) -> float:
        """Share (0 to 1) of the weight that some pairs have."""
        return float(np.array([self._weight[pair] for pair in pairs]).sum() / self._total)

    @cached_property
    def _weight(self) -> dict[Pair, float]:
        """Weights of the pairs, which are asked for one by one thousands of times."""
        return dict(self.weight.items())

    @cached_property
    def _cost(self) -> dict[Pair, float]:
        return dict(self.cost.items())

    @cached_property
    def _total(self) -> float:
        return float(self.weight.sum())

    def loss(self, after: Mapping[Pair, float]) -> dict[str, float]:
        """Mean rise over all pairs where some cost more (inf: cut off), and the share of those cut off."""
        cut = [pair for pair, cost in after.items() if np.isinf(cost)]
        more = [self._weight[pair] * (cost - self._cost[pair]) for pair, cost in after.items() if np.isfinite(cost)]
        rise = float(sum(more) / self._total)
        percent = 100 * rise / self.mean if self.mean else 0.0
        return {"rise_usd_t": rise, "rise_pct": percent, "cut_share": self.share(cut)}

    def again(self, net: Network, pairs: Collection[Pair]) -> dict[Pair, Route | None]:
        """Route some pairs on another network."""
        rows, columns = (dict.fromkeys(pair[end] for pair in pairs) for end in (0, 1))
        routes = net.routes(rows, columns, **self.options)
        return {pair: routes[pair] for pair in pairs}

    def costs(self, nets: Iterable[Network]) -> Floats:
        """Cost of all pairs on other views of the network, in one batch: networks by pairs."""
        problem = next(iter(self.routes.values())).problem
        e = problem.expansion
        places = [list(dict.fromkeys(pair[end] for pair in self.routes)) for end in (0, 1)]
        problems, pairs = [net.problem(**self.options) for net in nets], list(self.routes)
        quays = any(map(quays_open, problems))
        graph = compiled(problem.tables, e.cargo, problem.view.season, (places[0], places[1]), quays=quays)
        found = np.full((len(problems), len(pairs)), np.inf)
        at = tuple(np.array([places[k].index(pair[k]) for pair in pairs]) for k in (0, 1))
        before, costs = np.zeros(0), found
        for allowed, mask in groups(problem.tables, *places):
            weights = np.stack([one.passing(allowed).weight[graph.edges] for one in problems], axis=1)
            if not np.array_equal(weights, before):
                before, costs = weights, least_weights(graph, problem, pairs, weights)
            found = np.where(mask[at], costs, found)
        return found


def weighted_flows(net: Network, origins: Ends, destinations: Ends, weights: Weights, options: Asked) -> Flows:
    """Best routes of all pairs that have a weight.

    Parameters
    ----------
    net
        The network.
    origins, destinations
        Places, or the name of a set of places.
    weights
        Weights of pairs in any form of `corridors.whatif.weights`.
    options
        What is asked, complete.

    Raises
    ------
    NoRouteError
        If no pair has a way.
    """
    rows, columns = net.place_set(origins), net.place_set(destinations)
    table = pair_weights(pd.DataFrame(0.0, rows, columns), weights, tables=net.tables)
    weight = {(a, b): table[i, j] for i, a in enumerate(rows) for j, b in enumerate(columns) if table[i, j] > 0}
    routes = net.routes(rows, columns, **options)
    joined = {pair: route for pair in weight if (route := routes[pair]) is not None}
    if not joined:
        raise NoRouteError(", ".join(rows), ", ".join(columns), ["no pair of them has a way in this network"])
    cost = pd.Series({pair: cost_of(route) for pair, route in joined.items()})
    kept = pd.Series({pair: weight[pair] for pair in joined})
    return Flows(options, kept, joined, cost, float(np.average(cost, weights=kept)))


def cost_of(route: Route) -> float:
    """Cost of a route in the objective by which it was chosen, in the unit of that: rest is a share of the driving.

    Parameters
    ----------
    route
        The route.

    >>> import corridors as co
    >>> round(cost_of(co.load().route("Tashkent", "Karachi", by="hours")) / 24, 1)  # days
    10.4
    """
    return float(route.problem.weight[list(route.edges)].sum())


def shut(net: Network, name: str) -> Network:
    """Network without one thing: what `Network.close` takes, or an event of `event_chances`."""
    target, _, mode = name.rpartition(" ")
    events = net.tables["events"]
    mine = events[(events["target"] == target) & (events["mode"] == mode)]
    if mine.empty:
        return net.close(name)
    if mine["kind"].iloc[0] == "crossing":
        return replace(net, view=net.view.close(net.tables, [Target("crossing", target, (mode,))]))
    links = net.tables["links"]
    return net.close(links["id"][(links["line"] == target) & (links["mode"] == mode)].tolist())
