"""The response of one market: from delivered prices, or from the result of `co.landed`, with the same draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from corridors.base.arguments import checked
from corridors.base.errors import InputError
from corridors.data import bundled
from corridors.data.tables import Tables
from corridors.network.network import Network
from corridors.trade.elasticities import Elasticity, Range, elasticity
from corridors.trade.market import Market, Prices, market_of_landed, market_of_prices
from corridors.trade.priced import Landed
from corridors.trade.response import Floats, Response, exact_hat
from corridors.uncertainty.draws import DRAWS, SPREAD_OF_MEANS, check_draws


@checked
def respond(
    before: Prices | Landed,
    after: Prices | Landed | str | None,
    shares: Mapping[str, float] | pd.Series[Any],
    *,
    theta: Range | None = None,
    eps: Range | None = None,
    good: str | None = None,
    net: Network | None = None,
    tonnes: Mapping[str, float] | pd.Series[Any] | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Response:
    """Response of one market's trade to a change of delivered prices: rivals first, elasticity second.

    Parameters
    ----------
    before
        What `co.landed` returns: its base, with its draws of network, prices, time and duties. Or the delivered price
        of every supplier in USD/t: numbers, or draws (with the same seed, so that draw by draw the suppliers and
        scenarios have the same parameters).
    after
        Name of a scenario of `before` (None where there is one beside the base), another result of `co.landed` (its
        base), or prices. `inf` is a supplier that has lost its way.
    shares
        Value share of every supplier in the base; they add up to one. With results of `co.landed` by country, place or
        offer; the price of a country is the mean of its places that sell in both, by the weights of the offers.
    theta
        Elasticity between suppliers, a number or (value, low, high); by default that of the good in the table
        `elasticities`, else the general one. The result tells which.
    eps
        Elasticity of the market's demand to its price, zero or below as in publications, a number or (value, low,
        high) such as (-0.3, -0.6, -0.1); by default as theta.
    good, net
        The good, and the network whose table `elasticities` is read, by default the bundled one. Of a result of
        `co.landed` both are known.
    tonnes
        Tonnes of every supplier in the base, for tonnes afterwards.
    draws, seed
        Draws of the elasticities, and seed; 0 for expected values only. Where prices are drawn, as many as there are,
        and a result of `co.landed` brings its seed.

    Returns
    -------
    Response
        Ratios of tonnes after to before for every supplier and the market, with their bands.

    Raises
    ------
    InputError
        If shares do not add up to one, prices, elasticities or draws are not possible, or two results of `co.landed` do
        not go together.
    UnknownNameError
        If a supplier of `shares` has no price.

    >>> before = {"KZ": 411.9, "UZ": 364.3, "RU": 368.0}
    >>> after = {"KZ": 395.0, "UZ": 347.4, "RU": 351.0}
    >>> shares = {"KZ": 0.434, "UZ": 0.473, "RU": 0.093}
    >>> both = respond(before, after, shares, theta=(5, 2.55, 8.11), eps=-0.3)
    >>> both.table()["tonnes_change_pct"].round(1).tolist()
    [-0.6, 2.9, 2.7, 1.4]
    >>> respond(before, after, shares, good="flour").summary()["theta"]
    2.55

    >>> import corridors as co
    >>> flour = co.landed([co.load(), "uap-kabul"], "flour", market="Kabul", year=2024, draws=300)
    >>> respond(flour, "uap-kabul", shares).table()["sign"].to_dict()
    {'KZ': 'undecided', 'UZ': 'rises', 'RU': 'rises', 'market': 'rises'}
    """
    tables: Tables | None
    if isinstance(before, Landed):
        market = market_of_landed(before, after, shares)
        good, tables = good or before.asked.good, before.networks[before.base].tables
        seed = before.asked.seed
        many = before.asked.draws
    else:
        if isinstance(after, (Landed, str)) or after is None:
            raise InputError("after", after, "prices of every supplier, as in 'before'")
        market = market_of_prices(before, after, shares)
        tables = _tables(net, theta, eps, good)
        many = market.draws or draws
    if many != 0:
        check_draws(many, seed, SPREAD_OF_MEANS)
    if good is not None and tables is not None:
        tables.find("commodities", good)
    ends = tuple(elasticity(name, given, tables, good) for name, given in (("theta", theta), ("eps", eps)))
    return _response(market, (ends[0], ends[1]), tonnes, many, seed)


def _tables(net: Network | None, theta: Range | None, eps: Range | None, good: str | None) -> Tables | None:
    """Tables in which elasticities are looked up; none where both are given."""
    if good is None or (theta is not None and eps is not None):
        return None
    return bundled.reference() if net is None else net.tables


def _response(
    market: Market,
    ends: tuple[Elasticity, Elasticity],
    tonnes: Mapping[str, float] | pd.Series[Any] | None,
    many: int,
    seed: int,
) -> Response:
    theta, eps = ends
    base = market.shares
    hat = exact_hat(base, _ratios(*market.expected, base), theta=theta.value, eps=eps.value)
    drawn = None
    if many:
        ratio = np.broadcast_to(_ratios(*market.drawn, base), (many, len(base)))
        drawn = exact_hat(base, ratio, theta=theta.drawn("theta", many, seed), eps=eps.drawn("eps", many, seed))
    given = {} if tonnes is None else tonnes
    known = np.array([float(given.get(name, np.nan)) for name in market.names])
    return Response(market.names, *market.expected, base, known, hat, drawn, theta, eps, seed, market.notes)


def _ratios(old: Floats, new: Floats, base: Floats) -> Floats:
    """Ratios of prices; 1 for suppliers without a share, whose price does not count."""
    with np.errstate(invalid="ignore"):
        return np.where(base > 0, new / old, 1.0)
