"""What a way adds to a delivered price: costs by kind, hours, and costs up to the border of the market's country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.units import COST, HOURS
from corridors.data.parameters import Theta
from corridors.model.expansion import EdgeKind
from corridors.routing.route import Route
from corridors.uncertainty import totals
from corridors.uncertainty.draws import SPREAD_OF_MEANS

Floats = NDArray[np.float64]

GROUPS = {"border": "border", "transfer": "transfer", "gauge_change": "transfer", "port": "port"}
"""Kinds of cost that stand apart, by component; all others are freight."""

KINDS = ("freight", "border", "transfer", "port")
"""Kinds of cost of a way."""

ROWS = (*KINDS, "to_border", "hours")
"""Rows of `Way.weights`: costs of every kind, all costs up to the border of the country of the market, and hours."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way and the weight of every parameter in what it adds.

    Attributes
    ----------
    route
        The route.
    weights
        Rows as in `ROWS`, one column per parameter.
    begin
        Number of the first edge that counts: later ones where the goods are on board already.
    """

    route: Route
    weights: Floats
    begin: int = 0

    @property
    def theta(self) -> Theta:
        """Parameters of the network of the way."""
        return self.route.problem.tables.theta

    def expected(self) -> dict[str, float]:
        """Costs in USD/t, and hours, by row."""
        return dict(zip(ROWS, (self.weights @ self.theta.value).tolist(), strict=True))

    def drawn(self, draws: int, seed: int) -> dict[str, Floats]:
        """Draws of the costs and hours by row; a parameter has the same draws on every way."""
        rows = totals.weighted(self.theta, self.weights, draws, seed, SPREAD_OF_MEANS)
        return dict(zip(ROWS, rows, strict=True))


def way_of(route: Route, market_country: str, *, on_board: bool = False) -> Way:
    """Weights of the parameters in what a way adds to a price.

    Parameters
    ----------
    route
        The way, from the supplier to the market.
    market_country
        Code of the country that charges a duty on the value at its border.
    on_board
        Whether the goods are bought on board of a ship, so that the port where the way begins is in the price.

    >>> import corridors as co
    >>> route = co.load().route("Kostanay", "Kabul", cargo="wagon", commodity="flour")
    >>> found = way_of(route, "AF").expected()
    >>> round(sum(found[kind] for kind in KINDS), 6) == round(route.cost_usd_t, 6)
    True
    >>> found["to_border"] < route.cost_usd_t
    True
    """
    e = route.problem.expansion
    edges = np.asarray(route.edges, dtype=np.int64)
    position, rows, coefficient = e.terms_along(edges)
    component, quantity = e.terms.component[rows].astype(str), e.terms.quantity[rows].astype(str)
    kind = np.array([GROUPS.get(name, KINDS[0]) for name in component])
    begin = boarding(route) if on_board else 0
    counted = position >= begin
    cost = counted & (quantity == COST.quantity)
    masks = [cost & (kind == name) for name in KINDS]
    masks += [cost & (position < entry(route, market_country)), counted & (quantity == HOURS.quantity)]
    width, parameter = len(route.problem.tables.theta.value), e.terms.parameter[rows]
    weights = [np.bincount(parameter[mask], coefficient[mask], minlength=width) for mask in masks]
    return Way(route, np.array(weights, dtype=float), begin)


def entry(route: Route, country: str) -> int:
    """Number of edges of a way before it enters a country for the last time; 0 where it never is elsewhere.

    >>> import corridors as co
    >>> route = co.load().route("Termez", "Kabul", cargo="truck")
    >>> route.problem.expansion.countries[route.edges[entry(route, "AF")]]
    ('UZ', 'AF')
    """
    e = route.problem.expansion
    outside = [number for number, edge in enumerate(route.edges) if e.countries[edge] != (country,)]
    travelled = [number for number in outside if e.kind[route.edges[number]] not in (EdgeKind.START, EdgeKind.END)]
    if not travelled:
        return 0
    last = travelled[-1]
    return last if e.kind[route.edges[last]] == EdgeKind.BORDER else last + 1


def boarding(route: Route) -> int:
    """Number of the first edge at sea of a way that begins at a port, 0 for any other way.

    >>> import corridors as co
    >>> boarding(co.load().route("Jebel Ali", "Karachi")) > 0, boarding(co.load().route("Termez", "Kabul"))
    (True, 0)
    """
    for number, edge in enumerate(route.edges):
        kind = route.problem.expansion.kind[edge]
        if kind == EdgeKind.SEA:
            return number
        if kind not in (EdgeKind.START, EdgeKind.PORT):
            break
    return 0


def by_country(ways: Sequence[Way]) -> pd.DataFrame:
    """Cost of ways by country and component: one row per way (its number), country and component, in USD/t.

    >>> import corridors as co
    >>> route = co.load().route("Kostanay", "Kabul", cargo="wagon", commodity="flour")
    >>> table = by_country([way_of(route, "AF")])
    >>> bool(abs(table["cost_usd_t"].sum() - route.cost_usd_t) < 1e-9)
    True
    """
    frames = []
    for number, way in enumerate(ways):
        e, edges = way.route.problem.expansion, np.asarray(way.route.edges, dtype=np.int64)
        position, rows, coefficient = e.terms_along(edges)
        kept = (e.terms.quantity[rows].astype(str) == COST.quantity) & (position >= way.begin)
        amount = coefficient * way.theta.value[e.terms.parameter[rows]]
        names = np.array(["-".join(e.countries[edge]) or "sea" for edge in edges], dtype=object)
        terms = pd.DataFrame({"country": names[position], "component": e.terms.component[rows], "cost_usd_t": amount})
        table = terms[kept].groupby(["country", "component"], sort=False)["cost_usd_t"].sum().reset_index()
        frames.append(table[table["cost_usd_t"] != 0].assign(way=number))
    columns = ["way", "country", "component", "cost_usd_t"]
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)
