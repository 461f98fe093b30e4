"""Flows: what share of the compared pairs each link carries, scenario by scenario."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
from shapely.geometry import LineString

from corridors.routing.route import Route

if TYPE_CHECKING:
    from corridors.whatif.compare import Comparison

COLUMNS = ["scenario", "id", "mode", "gauge_mm", "from_id", "to_id", "share", "base_share", "delta"]


def flows(found: Comparison) -> gpd.GeoDataFrame:
    """Give the weighted share of pairs whose way uses each link and each hop of a shipping service.

    Every pair goes its best way with its whole weight; a pair without a way carries nothing. The shares of the base
    stand beside those of every scenario, so that `delta` says what gains and what loses flow.

    Parameters
    ----------
    found
        A comparison.

    Returns
    -------
    GeoDataFrame
        One row per scenario and link that is used in it or in the base: scenario, id, mode, gauge_mm, from_id and
        to_id in the direction in which it is first used, share (0 to 1), base_share, delta, and the line (WGS 84)
        in that direction.

    >>> import corridors as co
    >>> net = co.load()
    >>> found = co.compare({"base": net, "kabul": net.build("uap-kabul")}, ["Tashkent"], ["Karachi"], modes={"rail"})
    >>> table = flows(found).query("scenario == 'kabul' and delta > 0")
    >>> set(table["delta"]), "hairatan" in set(table["to_id"])
    ({1.0}, True)
    """
    about: dict[str, tuple[str, str, str, str, LineString]] = {}
    shares: dict[str, dict[str, float]] = {name: {} for name in found.scenarios}
    for (scenario, *pair), route in found.routes.items():
        for ident in dict.fromkeys(_learnt(route, about)) if route is not None else ():
            shares[scenario][ident] = shares[scenario].get(ident, 0.0) + found.weights[pair[0], pair[1]]
    base = shares[found.base]
    rows = [
        (name, ident, *about[ident][:4], share, base.get(ident, 0.0), share - base.get(ident, 0.0), about[ident][4])
        for name, mine in shares.items()
        for ident, share in {**dict.fromkeys(base, 0.0), **mine}.items()
    ]
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "geometry"])
    return gpd.GeoDataFrame(frame, geometry="geometry", crs="EPSG:4326")


def _learnt(route: Route, about: dict[str, tuple[str, str, str, str, LineString]]) -> Iterator[str]:
    """Yield the links and hops that a route moves over, noting what each is when it is first met."""
    e, tables = route.problem.expansion, route.problem.tables
    for edge in route.edges:
        if e.km[edge] <= 0:
            continue
        table, row = ("services", e.service[edge]) if e.service[edge] >= 0 else ("links", e.link[edge])
        record = tables[table].iloc[row]
        ident = str(record["id"])
        if ident not in about:
            line = tables.shape(table, row)
            ends = str(record["from_id"]), str(record["to_id"])
            if not (e.tail_place[edge] == ends[0] or e.head_place[edge] == ends[1]):
                line, ends = line.reverse(), ends[::-1]
            about[ident] = (str(e.mode[edge]), str(record.get("gauge_mm", "")), *ends, line)
        yield ident
