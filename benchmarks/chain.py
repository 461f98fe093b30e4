"""The chain of trade: costs of known ways in many draws, shares, delivered prices and the response of every market.

20 origins, 20 markets, 14 goods, 3 cargo units, 2 scenarios and 1,000 draws, with shares over 5 ways. The ways are
found before (that is not timed); what is timed begins with the coefficients of the ways and the draws of the
parameters. `python -m benchmarks.chain` prints the seconds of processor time and keeps them in the results; `make
bench` runs it with one thread.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import corridors as co
from benchmarks.keeping import keep
from corridors.model import parts
from corridors.routing import choice
from corridors.routing.ways import Logit
from corridors.trade.response import exact_hat
from corridors.uncertainty.batch import subset
from corridors.uncertainty.draws import draw, draw_between

Floats = NDArray[np.float64]

WAYS, DRAWS, SEED = 5, 1000, 7
SIZE = 1 / WAYS
"""Path size of every way, as of copies: the time does not depend on it, and the logsum stays among the costs."""

POINTS = (50, 500, 950)
UNITS = ("wagon", "container", "truck")
BANS = ((), ("galaba-hairatan",), ("sarakhs",), ("farap-rail", "farap-road"), ("IR",))
"""What is avoided, so that up to five ways are found fast; where one does not exist, its cost is infinite."""


ORIGINS = [
    "kostanay",
    "astana",
    "almaty",
    "shymkent",
    "aktobe",
    "pavlodar",
    "karaganda",
    "semey",
    "atyrau",
    "tashkent",
    "samarkand",
    "bukhara",
    "navoi",
    "karshi",
    "termez",
    "dushanbe",
    "bishkek",
    "osh",
    "ashgabat",
    "mary",
    "aktau",
    "taraz",
    "kyzylorda",
    "petropavlovsk",
]
MARKETS = [
    "kabul",
    "kandahar",
    "herat",
    "mazar-i-sharif",
    "jalalabad",
    "kunduz",
    "peshawar",
    "lahore",
    "rawalpindi",
    "multan",
    "quetta",
    "karachi",
    "port-qasim",
    "gwadar",
    "chabahar",
    "bandar-abbas",
    "mundra",
    "kandla",
    "mashhad",
    "tehran",
    "zahedan",
    "zaranj",
    "islamabad",
    "hairatan",
]
"""Places, of which the first twenty that the network has are taken."""


class Chain(NamedTuple):
    """What the chain is computed from.

    Attributes
    ----------
    hours, cost
        Coefficients: scenario, market, origin, unit and way (rows of a matrix) by parameters in use.
    exists
        Whether each way exists.
    vot, factor
        Value of time (USD/t and h) and factor of the freight rates by the load, by good and unit.
    theta
        Draws of the parameters in use: parameters by draws.
    scales
        Draws of the scale.
    """

    hours: Floats
    cost: Floats
    exists: NDArray[np.bool_]
    vot: Floats
    factor: Floats
    theta: Floats
    scales: Floats


class Answer(NamedTuple):
    """What the chain gives: by scenario, market and good.

    Attributes
    ----------
    shares
        p05, p50 and p95 of the shares of ways: scenario, market, good, origin, unit, way, point.
    prices
        The same of delivered freight (logsum over units and ways): scenario, market, good, origin, point.
    tonnes
        The same of the ratio of tonnes: market, good, origin, point.
    """

    shares: Floats
    prices: Floats
    tonnes: Floats


def ready(origins: Sequence[str], markets: Sequence[str], goods: int = 14, draws: int = DRAWS) -> Chain:
    """Find ways and draw parameters; not timed."""
    net = co.load()
    theta = net.tables.theta
    width = len(theta.value)
    shape = (2, len(markets), len(origins), len(UNITS), WAYS)
    hours, cost, exists = np.zeros((*shape, width)), np.zeros((*shape, width)), np.zeros(shape, dtype=bool)
    for s, state in enumerate((net, net.build("uap-kabul"))):
        for u, unit in enumerate(UNITS):
            for w, ban in enumerate(BANS):
                routes = state.routes(origins, markets, cargo=unit, avoid=ban)
                for o, origin in enumerate(origins):
                    for m, market in enumerate(markets):
                        route = routes.get((origin, market))
                        if route is not None:
                            exists[s, m, o, u, w] = True
                            hours[s, m, o, u, w] = parts.coefficients(route, "hours")
                            cost[s, m, o, u, w] = parts.coefficients(route, "cost")
    used = np.flatnonzero((hours != 0).any(axis=(0, 1, 2, 3, 4)) | (cost != 0).any(axis=(0, 1, 2, 3, 4)))
    rng = np.random.default_rng(SEED)
    drawn = draw(subset(theta, used), draws, SEED, spread="knowledge")
    vot = np.repeat(rng.uniform(0.01, 0.5, goods)[:, None], len(UNITS), axis=1)
    factor = rng.uniform(0.8, 1.4, (goods, len(UNITS)))
    return Chain(hours[..., used], cost[..., used], exists, vot, factor, drawn, Logit().scales(draws, SEED))


def run(chain: Chain) -> Answer:
    """Compute shares, delivered freight and response in every draw, and their percentiles; this is timed."""
    scenarios, markets, origins, units, ways, width = chain.hours.shape
    goods, draws = len(chain.vot), chain.theta.shape[1]
    points = len(POINTS)
    shares = np.empty((scenarios, markets, goods, origins, units, ways, points))
    prices = np.empty((scenarios, markets, goods, origins, points))
    tonnes = np.empty((markets, goods, origins, points))
    ends = ("trade/theta", 5.0, 2.55, 8.11), ("trade/eps", 0.3, 0.1, 0.6)
    elasticity, demand = (draw_between(*end, draws=draws, seed=SEED) for end in ends)
    base = np.full(origins, 1 / origins)
    ranks = [int(point * draws / 1000) for point in POINTS]
    for m in range(markets):
        amounts = [part[:, m].reshape(-1, width) @ chain.theta for part in (chain.hours, chain.cost)]
        hours, cost = (one.reshape(scenarios, origins, units, ways, draws) for one in amounts)
        none = ~chain.exists[:, m]
        for k in range(goods):
            g = chain.factor[k][:, None, None] * cost + chain.vot[k][:, None, None] * hours
            g[none] = 1e6  # no way: never chosen, and finite where a unit has none at all
            delivered = np.empty((scenarios, origins, draws))
            for s in range(scenarios):
                some = np.moveaxis(g[s], -1, -2)  # origins, units, draws, ways
                part, least = choice.choose(some, scale=chain.scales, size=SIZE)
                part = np.partition(np.moveaxis(part, -1, -2), ranks, axis=-1)
                shares[s, m, k] = part[..., ranks]
                delivered[s] = choice.logsum(np.moveaxis(least, 1, -1), scale=chain.scales, size=1 / units)
            prices[:, m, k] = np.partition(delivered, ranks, axis=-1)[..., ranks]
            ratio = (300 + delivered[1]) / (300 + delivered[0])  # on an offer of 300 USD/t
            hat = exact_hat(base, ratio.T, theta=elasticity, eps=-demand)
            tonnes[m, k] = np.partition(hat.tonnes, ranks, axis=0)[ranks].T
    return Answer(shares, prices, tonnes)


def main() -> None:
    """Time the chain of the full size."""
    net = co.load()
    origins = [town for town in ORIGINS if town in net.tables.place_row]
    markets = [town for town in MARKETS if town in net.tables.place_row]
    chain = ready(origins[:20], markets[:20])
    begin = time.process_time()
    answer = run(chain)
    seconds = time.process_time() - begin
    size = {"shares": answer.shares[..., 0].size, "draws": chain.theta.shape[1], "goods": len(chain.vot)}
    print(f"{chain.hours.shape} coefficients, {size}: {seconds:.1f} s of processor time")
    keep("chains", [{"what": "demand", "seconds": seconds, "size": f"{size['shares']:,} shares"}], ["what"])


if __name__ == "__main__":
    main()
