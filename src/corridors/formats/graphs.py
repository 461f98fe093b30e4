"""Graphs of a network: the places for networkx, osmnx, igraph and scipy, and the expanded graph that is searched.

The same graph goes to osmnx (`x`, `y`, `crs`, `length` in metres, `geometry`), igraph and scipy.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from corridors.base.errors import InputError, MissingPackageError
from corridors.formats.content import Content, content_of, packed
from corridors.formats.from_graphs import CRS
from corridors.model.builder import expand
from corridors.model.expansion import KINDS, Expansion
from corridors.model.state import State
from corridors.model.transit import barred
from corridors.model.view import Mask, usable

if TYPE_CHECKING:
    import igraph


def to_networkx(
    net: State, *, expanded: bool = False, cargo: str = "container", plain: bool = False
) -> nx.MultiDiGraph[Any]:
    """Return the network in view as a networkx graph with every attribute.

    Parameters
    ----------
    net
        The network.
    expanded
        False: nodes are place ids, edges are links and sea hops in use, both ways, with `x`, `y` and `length` in
        metres as osmnx has them. Everything else that the network has is kept in `graph["corridors"]`, from which
        `Network.from_graph` makes the same network again. True: nodes are states (place, system, phase) of one
        cargo unit; edges are movements, border passages and terminal work with `hours`, `cost_usd_t` and
        `co2e_kg_t`, so that shortest paths need nothing else. Hours have the part of a rest that a search takes for
        an edge; the rests of a whole journey are never more than their sum. Crossings without transit are left out:
        who may pass them depends on where a journey begins and ends.
    cargo
        Cargo unit of the expanded graph: `wagon`, `container` or `truck`.
    plain
        Whether all values are text and numbers, as the writers of networkx take them (GraphML, GEXF, JSON): lines as
        WKT, `graph["corridors"]` as JSON text, states as `place|system|phase`, `sources` for the column `source` of
        edges (their end in networkx), blank attributes left out.

    Returns
    -------
    MultiDiGraph
        A graph of the caller's own: changing it changes no network.

    Raises
    ------
    InputError
        If there is no such cargo unit.

    >>> import corridors as co
    >>> g = co.load().graph()
    >>> g.nodes["karachi"]["country"], g["termez"]["galaba"]["termez--galaba:rail-1520"]["gauge_mm"]
    ('PK', '1520')
    """
    if expanded:
        return _plain(_expanded(net, cargo)) if plain else _expanded(net, cargo)
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(name=net.name, crs=CRS, corridors=_rest(net))
    for ident, place in net.places.to_dict("index").items():
        graph.add_node(ident, **place, x=place["lon"], y=place["lat"])
    for ident, row in _movements(net):
        if row["in_use"]:
            graph.add_edge(row["from_id"], row["to_id"], key=ident, **row)
            graph.add_edge(row["to_id"], row["from_id"], key=ident, **{**row, "geometry": row["geometry"].reverse()})
    return _plain(graph) if plain else graph


_RENAMED = {"source": "sources"}
"""Names of attributes that networkx needs for the ends of an edge; `Network.from_graph` reads the other name, too."""


def _plain(graph: nx.MultiDiGraph[Any]) -> nx.MultiDiGraph[Any]:
    """Same graph with text and numbers alone."""
    facts = {key: packed(value) if isinstance(value, Content) else value for key, value in graph.graph.items()}
    made: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    made.graph.update(facts)
    for node, data in graph.nodes(data=True):
        made.add_node(_text(node), **{k: _text(v) for k, v in _present(data).items() if k != "geometry"})
    for tail, head, key, data in graph.edges(keys=True, data=True):
        own = {_RENAMED.get(k, k): _text(v) for k, v in _present(data).items()}
        made.add_edge(_text(tail), _text(head), key=key, **own)
    return made


def _text(value: Any) -> Any:
    """Value as text or number: states and lists joined, lines as WKT."""
    if isinstance(value, tuple | list):
        return "|".join(map(str, value))
    if isinstance(value, BaseGeometry):
        return value.wkt
    return value.item() if isinstance(value, np.generic) else value


def _movements(net: State) -> list[tuple[str, dict[str, Any]]]:
    """List links and sea hops by id, with their line and what osmnx needs."""
    found: list[tuple[str, dict[str, Any]]] = []
    for table, frame in (("links", net.links), ("services", net.services)):
        for number, (ident, row) in enumerate(frame.to_dict("index").items()):
            line = row.pop("geometry", None) or net.tables.shape(table, number)
            more = {"length": 1000 * row["length_km"], "geometry": line}
            found.append((str(ident), {"alignment": _method(net, table, row), **row, **more}))
    return found


def _method(net: State, table: str, row: dict[str, Any]) -> str:
    drawn = net.tables.alignments.get(f"{row['from_id']}--{row['to_id']}") if table == "services" else None
    return drawn[1] if drawn else ""


def _rest(net: State) -> Content:
    """Content that edges and nodes of the graph do not hold: other tables, what is not in use, lines by id."""
    content = content_of(net)
    for name, used in (("links", net.links_in_use()), ("services", usable(net.tables, net.view).services)):
        if name in content.frames:
            content.order[name] = list(content.frames[name]["id"])
            content.frames[name] = content.frames[name][~used]
    del content.frames["places"]
    content.frames = {name: frame.copy() for name, frame in content.frames.items()}
    return content


def _expanded(net: State, cargo: str) -> nx.MultiDiGraph[Any]:
    e = expand(net.tables, cargo, net.view.season)
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(name=net.name, cargo=cargo)
    nodes = [state.node for state in e.states]
    graph.add_nodes_from(nodes)
    for edge in np.flatnonzero(_open(net, e)):
        graph.add_edge(
            nodes[e.tail[edge]],
            nodes[e.head[edge]],
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


def _open(net: State, e: Expansion) -> Mask:
    """Edges of an expansion in use that any journey may take.

    Who may pass crossings without transit depends on the pair. Journeys that stay at the quay would let others leave
    out their way by land.
    """
    return e.in_use(usable(net.tables, net.view)) & ~barred(net.tables, e, frozenset()) & ~e.at_quay


def to_osmnx(net: State) -> nx.MultiDiGraph[Any]:
    """Return the network in view as osmnx has its graphs: whole numbers for nodes, keys and `osmid`.

    A node has the `id` of its place and its `street_count`, an edge the `id` of its link; `length` is in metres. Blank
    attributes are left out. osmnx can measure the graph, save it and load it again.

    Parameters
    ----------
    net
        The network.

    Returns
    -------
    MultiDiGraph
        With both ways of every link and sea hop in use.

    >>> import corridors as co
    >>> g = co.load().to_osmnx()
    >>> node = next(n for n, data in g.nodes(data=True) if data["id"] == "karachi")
    >>> g.graph["crs"], round(g.nodes[node]["x"])
    ('epsg:4326', 67)
    """
    source = to_networkx(net)
    number = {node: row for row, node in enumerate(source)}
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(name=net.name, crs=CRS)
    for ident, data in source.nodes(data=True):
        # every street leads away from a node once: links go both ways
        facts = {k: v for k, v in _present(data).items() if k != "geometry"}
        graph.add_node(number[ident], id=ident, **facts, street_count=source.out_degree(ident))
    numbers: dict[str, int] = {}
    for tail, head, ident, data in source.edges(keys=True, data=True):
        facts = {**_present(data), "osmid": numbers.setdefault(ident, len(numbers)), "oneway": False}
        graph.add_edge(number[tail], number[head], id=ident, **facts, reversed=data["from_id"] != tail)
    return graph


def _present(data: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in data.items() if v != "" and not (isinstance(v, float) and np.isnan(v))}


def to_igraph(net: State, *, expanded: bool = False, cargo: str = "container") -> igraph.Graph:
    """Return the graph of `to_networkx` as a directed `igraph.Graph`; needs igraph.

    Vertices have `name` (the place id, or the state as `place|system|phase`), edges have `id` and the numbers.

    Parameters
    ----------
    net
        The network.
    expanded, cargo
        As in `to_networkx`.

    Returns
    -------
    Graph
        With directed edges, both ways of every link.

    Raises
    ------
    MissingPackageError
        If igraph is not installed.

    >>> import corridors as co
    >>> g = co.load().to_igraph()
    >>> path = g.distances("termez", "hairatan", weights="length_km")
    >>> g.vcount() == len(co.load().places) and 0 < path[0][0] < 30
    True
    """
    if find_spec("igraph") is None:
        raise MissingPackageError("An igraph graph", "igraph", "igraph")
    import igraph

    source = to_networkx(net, expanded=expanded, cargo=cargo)
    names = {node: "|".join(map(str, node)) if expanded else str(node) for node in source}
    number = {node: row for row, node in enumerate(source)}
    edges = [(number[a], number[b], key, data) for a, b, key, data in source.edges(keys=True, data=True)]
    columns = sorted({name for *_, data in edges for name in data} - {"geometry", "id"})
    found = igraph.Graph(len(names), [edge[:2] for edge in edges], directed=True)
    found["name"] = net.name
    found.vs["name"] = list(names.values())
    if not expanded:
        for column in ("country", "kind", "lat", "lon"):
            found.vs[column] = [source.nodes[node][column] for node in source]
    found.es["id"] = [str(key) for _, _, key, _ in edges]
    for column in columns:
        found.es[column] = [data.get(column) for *_, data in edges]
    return found


def to_sparse(
    net: State, weight: str = "length_km", *, expanded: bool = False, cargo: str = "container"
) -> tuple[scipy.sparse.csr_array, list[Any]]:
    """Return one weight of the graph as a sparse matrix, with the node of each row.

    Of parallel edges the least counts. Weights of zero are kept as the smallest number above zero, for scipy takes
    zero as "no edge".

    Parameters
    ----------
    net
        The network.
    weight
        `length_km`; with `expanded`, `km`, `hours`, `cost_usd_t` or `co2e_kg_t`.
    expanded, cargo
        As in `to_networkx`.

    Returns
    -------
    tuple
        Matrix of shape (nodes, nodes), and the node of each row: a place id, or a state of the expanded graph.

    Raises
    ------
    InputError
        If the graph has no such weight.

    >>> import corridors as co
    >>> matrix, nodes = co.load().to_sparse()
    >>> matrix.nnz, round(matrix[nodes.index("termez"), nodes.index("galaba")])
    (1054, 10)
    """
    if not expanded and weight != "length_km":
        raise InputError("weight", weight, "the graph of places has length_km; hours and costs need expanded=True")
    if expanded:
        e = expand(net.tables, cargo, net.view.season)
        used = _open(net, e)
        return _matrix(e.tail[used], e.head[used], _weights(e, weight)[used], len(e.states)), [s.node for s in e.states]
    nodes = list(net.tables["places"]["id"])
    frames = [frame[frame["in_use"].to_numpy()] for frame in (net.links, net.services)]
    ends = [pd.concat([f[c] for f in frames]).map(net.tables.place_row).to_numpy() for c in ("from_id", "to_id")]
    km = np.tile(pd.concat([f["length_km"] for f in frames]).to_numpy(), 2)
    return _matrix(np.concatenate(ends), np.concatenate(ends[::-1]), km, len(nodes)), nodes


def _weights(e: Expansion, weight: str) -> NDArray[np.float64]:
    columns = {"km": e.km, "hours": e.values["hours"], "cost_usd_t": e.values["cost"]}
    columns["co2e_kg_t"] = e.values["emissions"]
    if weight not in columns:
        raise InputError("weight", weight, f"one of {', '.join(columns)}")
    return columns[weight]


def _matrix(tail: Any, head: Any, weights: NDArray[np.float64], size: int) -> scipy.sparse.csr_array:
    """Build a matrix; of parallel edges the least counts."""
    order = np.argsort(weights, kind="stable")
    tail, head, weights = tail[order], head[order], np.maximum(weights[order], np.finfo(float).tiny)
    _, first = np.unique(tail.astype(np.int64) * size + head, return_index=True)
    return scipy.sparse.csr_array((weights[first], (tail[first], head[first])), shape=(size, size))
