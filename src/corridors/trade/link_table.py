"""Table of links and sea hops with the tonnes, wagons, boxes, trucks and trains on them."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np

from corridors.routing.itinerary import is_forward
from corridors.routing.passed import Movement, movement, passed
from corridors.routing.route import Route
from corridors.trade.assign import Floats, Uses
from corridors.trade.vehicles import NAMES, per_tonne

DIRECTIONS = ("forward", "back")
"""From the first end of a link to the second, and against it."""


def link_table(
    used: Uses,
    routes: Sequence[Route],
    goods: Sequence[str | None],
    yearly_t: Floats,
    trains: tuple[float, float],
) -> gpd.GeoDataFrame:
    """Table of links and sea hops, the most tonnes first.

    Parameters
    ----------
    used
        Links by ways, with mode and direction.
    routes, goods
        The ways, and the good that goes each.
    yearly_t
        Tonnes on each way.
    trains
        Net tonnes of a train, and trains that run back empty for each loaded one.

    Returns
    -------
    GeoDataFrame
        id, mode, gauge_mm, from_id, to_id, tonnes, forward, back, wagons, boxes, trucks, trains and the line.
    """
    keys = list(dict.fromkeys(thing[:2] for thing in used.things))
    number = {key: i for i, key in enumerate(keys)}
    row_of = np.array([number[thing[:2]] for thing in used.things], dtype=np.int64)

    def summed(amounts: Floats) -> Floats:
        """Amounts of links in both directions together."""
        return np.bincount(row_of, amounts, len(keys)).astype(np.float64)

    tonnes = used.of(yearly_t)
    columns = {"tonnes": summed(tonnes)}
    for name in DIRECTIONS:
        columns[name] = summed(np.where([thing[2] == name for thing in used.things], tonnes, 0.0))
    mode_of = np.array([thing[1] for thing in used.things])
    modes = list(dict.fromkeys(mode_of.tolist()))
    for name in NAMES:
        per = [_per(name, mode, routes, goods, trains) for mode in modes]
        counted = (
            np.where(mode_of == mode, used.of(yearly_t * one), 0.0) for mode, one in zip(modes, per, strict=True)
        )
        columns[name] = summed(np.sum(list(counted), axis=0))
    about = _movements(routes)
    facts = [about[ident] for ident, _ in keys]
    frame = gpd.GeoDataFrame(
        {
            "id": [ident for ident, _ in keys],
            "mode": [mode for _, mode in keys],
            "gauge_mm": [fact.gauge_mm for fact in facts],
            "from_id": [fact.from_id for fact in facts],
            "to_id": [fact.to_id for fact in facts],
            **columns,
        },
        geometry=[fact.line for fact in facts],
        crs="EPSG:4326",
    )
    return frame.sort_values("tonnes", ascending=False, kind="stable", ignore_index=True)


def _per(
    name: str, mode: str, routes: Sequence[Route], goods: Sequence[str | None], trains: tuple[float, float]
) -> Floats:
    """Vehicles or boxes of a kind for a tonne of each way while it goes by a mode."""
    options = {"train_net_t": trains[0], "empty_share": trains[1]}
    pairs = zip(routes, goods, strict=True)
    return np.array([per_tonne(route, mode, name, commodity=good, **options) for route, good in pairs], dtype=float)


def _movements(routes: Sequence[Route]) -> dict[str, Movement]:
    """What each link is, in its own direction."""
    found: dict[str, Movement] = {}
    for route in routes:
        over = passed(route)
        for ident, edge in zip(over.idents, over.edges.tolist(), strict=True):
            if ident not in found:
                fact = movement(route, edge)
                if not is_forward(route.problem, edge):
                    fact = Movement(fact.mode, fact.gauge_mm, fact.to_id, fact.from_id, fact.line.reverse())
                found[ident] = fact
    return found
