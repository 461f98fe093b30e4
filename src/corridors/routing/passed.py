"""What a way passes: its links and sea hops with their km and direction, and its crossings and terminals.

Flows by share of pairs (`corridors.whatif.flows`), flows in tonnes (`corridors.trade.carry`) and path sizes are all
made of this.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import LineString

from corridors.routing.itinerary import is_forward, table_row
from corridors.routing.route import Route


class Passed(NamedTuple):
    """Links and sea hops of a way, each once, in the order of travel.

    Attributes
    ----------
    idents
        Id of each link or hop.
    edges
        The first edge of the expansion on each.
    km
        Km of the way on each.
    """

    idents: NDArray[np.object_]
    edges: NDArray[np.int64]
    km: NDArray[np.float64]


class Movement(NamedTuple):
    """What a link or hop is, in the direction in which a way uses it."""

    mode: str
    gauge_mm: str
    from_id: str
    to_id: str
    line: LineString


def passed(route: Route) -> Passed:
    """Links and sea hops that a way moves over, each once.

    Parameters
    ----------
    route
        The way.

    >>> import corridors as co
    >>> over = passed(co.load().route("Termez", "Mazar-i-Sharif", cargo="wagon"))
    >>> over.idents[0], float(over.km.sum().round(1))
    ('termez--galaba:rail-1520', 105.0)
    """
    e, tables = route.problem.expansion, route.problem.tables
    edges = route.step_edges[e.km[route.step_edges] > 0]
    at_sea = e.service[edges] >= 0
    idents: NDArray[Any] = tables.column("links", "id")[e.link[edges]]
    idents[at_sea] = tables.column("services", "id")[e.service[edges[at_sea]]]
    number: dict[str, int] = {}
    of_edge = np.array([number.setdefault(ident, len(number)) for ident in idents], dtype=np.int64)
    first = np.unique(of_edge, return_index=True)[1]
    km = np.bincount(of_edge, e.km[edges], minlength=len(number))
    return Passed(idents[first], edges[first], km.astype(float))


def movement(route: Route, edge: int) -> Movement:
    """What the link or hop behind an edge of a way is, and its line, in the direction of travel.

    Parameters
    ----------
    route
        The way.
    edge
        One of the edges of `passed`.
    """
    e, tables = route.problem.expansion, route.problem.tables
    table, row = table_row(e, edge)
    line = tables.shape(table, row)
    ends = str(tables.column(table, "from_id")[row]), str(tables.column(table, "to_id")[row])
    if not is_forward(route.problem, edge):
        line, ends = line.reverse(), ends[::-1]
    gauge = str(tables.column(table, "gauge_mm")[row]) if table == "links" else ""
    return Movement(str(e.mode[edge]), gauge, *ends, line)
