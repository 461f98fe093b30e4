"""networkx as the public face: the network of places, or the expanded graph that routes are searched on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from corridors.expand import KINDS, expand
from corridors.view import usable

if TYPE_CHECKING:
    from corridors.questions import Questions


def to_networkx(net: Questions, *, expanded: bool = False, cargo: str = "container") -> nx.MultiDiGraph[Any]:
    """Give the network in view as a graph with every attribute.

    Parameters
    ----------
    net
        The network.
    expanded
        False: nodes are place ids, edges are links and sea hops in use, both ways. True: nodes are states
        (place, system, phase) of one cargo unit; edges are movements, border passages and terminal work with
        `hours`, `cost_usd_t` and `co2e_kg_t`, so that shortest paths need nothing else.
    cargo
        Cargo unit of the expanded graph.

    >>> import corridors as co
    >>> g = co.load().graph()
    >>> g.nodes["karachi"]["country"], g["termez"]["galaba"]["termez--galaba:rail-1520"]["gauge_mm"]
    ('PK', '1520')
    """
    return _expanded(net, cargo) if expanded else _of_places(net)


def _of_places(net: Questions) -> nx.MultiDiGraph[Any]:
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(name=net.name)
    for ident, place in net.places.to_dict("index").items():
        graph.add_node(ident, **place)
    for frame in (net.links, net.services):
        for ident, row in frame[frame["in_use"]].to_dict("index").items():
            for tail, head in ((row["from_id"], row["to_id"]), (row["to_id"], row["from_id"])):
                graph.add_edge(tail, head, key=ident, **row)
    return graph


def _expanded(net: Questions, cargo: str) -> nx.MultiDiGraph[Any]:
    e = expand(net.tables, cargo, net.view.season)
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(name=net.name, cargo=cargo)
    graph.add_nodes_from(e.states)
    for edge in np.flatnonzero(e.in_use(usable(net.tables, net.view))):
        graph.add_edge(
            e.states[e.tail[edge]],
            e.states[e.head[edge]],
            key=int(edge),
            kind=KINDS[e.kind[edge]],
            mode=e.mode[edge],
            countries=e.countries[edge],
            km=float(e.km[edge]),
            hours=float(e.values["hours"][edge]),
            cost_usd_t=float(e.values["cost"][edge]),
            co2e_kg_t=float(e.values["emissions"][edge]),
        )
    return graph
