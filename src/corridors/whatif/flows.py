"""Flows: what share of the compared pairs each link carries, scenario by scenario."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from corridors.routing.passed import Movement, movement, passed
from corridors.routing.route import Route
from corridors.routing.ways import Ways

COLUMNS = ["scenario", "id", "mode", "gauge_mm", "from_id", "to_id", "share", "base_share", "delta"]

Key = tuple[str, str, str]
"""Scenario, origin and destination."""


def flows(
    routes: Mapping[Key, Route | None],
    weights: Mapping[tuple[str, str], float],
    base: str,
    *,
    choices: Mapping[Key, Ways] | None = None,
) -> gpd.GeoDataFrame:
    """Weighted share of pairs whose way uses each link and each hop of a shipping service.

    Every pair goes its best way with its whole weight, or is shared out between its ways where there are `choices`; a
    pair without a way carries nothing. The shares of the base stand beside those of every scenario, so that `delta`
    says what gains and what loses flow.

    Parameters
    ----------
    routes
        Route (None where there is no way) by scenario, origin and destination.
    weights
        Weight of each pair of origin and destination, adding up to one.
    base
        Name of the scenario that the others are measured against.
    choices
        Ways that pairs are shared out between.

    Returns
    -------
    GeoDataFrame
        One row per scenario and link that is used in it or in the base: scenario, id, mode, gauge_mm, from_id and
        to_id in the direction in which it is first used, share (0 to 1), base_share, delta, and the line (WGS 84)
        in that direction.

    >>> import corridors as co
    >>> net = co.load()
    >>> gain = co.compare({"base": net, "kabul": net.build("uap-kabul")}, ["Tashkent"], ["Karachi"], modes={"rail"})
    >>> table = gain.flows().query("scenario == 'kabul' and delta > 0")
    >>> set(table["delta"]), "hairatan" in set(table["to_id"])
    ({1.0}, True)
    """
    about: dict[str, Movement] = {}
    shares: dict[str, dict[str, float]] = {scenario: {} for scenario, *_ in routes}
    for (scenario, *pair), route in routes.items():
        mine, weight = shares[scenario], weights[pair[0], pair[1]]
        for way, share in shared_ways(route, (choices or {}).get((scenario, pair[0], pair[1]))):
            over = passed(way)
            for ident, edge in zip(over.idents, over.edges.tolist(), strict=True):
                if ident not in about:
                    about[ident] = movement(way, edge)
                mine[ident] = mine.get(ident, 0.0) + weight * share
    before = shares[base]
    rows = [
        (name, ident, *about[ident][:4], share, before.get(ident, 0.0), share - before.get(ident, 0.0))
        for name, mine in shares.items()
        for ident, share in {**dict.fromkeys(before, 0.0), **mine}.items()
    ]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return gpd.GeoDataFrame(frame, geometry=[about[row[1]].line for row in rows], crs="EPSG:4326")


def shared_ways(route: Route | None, ways: Ways | None) -> list[tuple[Route, float]]:
    """Ways of a pair with the share of each (0 to 1): the best way whole where there is no choice.

    Parameters
    ----------
    route
        Best way; None where there is none.
    ways
        Ways that the pair is shared out between; None where it goes its best way.

    >>> import corridors as co
    >>> route = co.load().route("Tashkent", "Kabul", cargo="truck")
    >>> [share for _, share in shared_ways(route, None)], shared_ways(None, None)
    ([1.0], [])
    """
    if ways is not None:
        return list(zip(ways.routes, ways.shares().tolist(), strict=True))
    return [] if route is None else [(route, 1.0)]
