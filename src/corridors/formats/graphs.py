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
from corridors.base.units import QUANTITIES
from corridors.data.attributes import WIDE
from corridors.formats.content import Content, content_of, packed
from corridors.formats.from_graphs import CRS
from corridors.formats.movements import MEASURES, amounts, expansion_of
from corridors.model.expansion import KINDS, Expansion
from corridors.model.state import State
from corridors.model.transit import barred
from corridors.model.view import Mask, usable

if TYPE_CHECKING:
    import igraph


def to_networkx(
    net: State, *, expanded: bool = False, cargo: str = "container", plain: bool = True
) -> nx.MultiDiGraph[Any]:
    """Return the network in view as a networkx graph with every attribute, which all writers of networkx take.

    Parameters
    ----------
    net
        The network.
    expanded
        False: nodes are place ids, edges are links and sea hops in use, both ways, with `length_km`, `hours`,
        `cost_usd_t` and `co2e_kg_t` of the cargo unit, and with `x`, `y` and `length` in metres as osmnx has them.
        Hours and costs are those of the movement and of the borders on the way, inf where the cargo unit cannot go.
        Transfers, changes of gauge, ports, waits for trains and ships and charges at the start are left out, and who
        may pass crossings without transit is not looked at: the least sum of a way is a lower bound of a route.
        Everything else that the network has is kept in `graph["corridors"]`, from which `Network.from_graph` makes
        the same network again. True: nodes are states `place|system|phase` of one cargo unit, with `place_id` and
        `system`; edges are movements, border passages and terminal work with the same four measures, so that shortest
        paths need nothing else, and with `link_id`, `crossing_id`, `terminal_id` and `service_id` (blank where it is
        none). Hours have the part of a rest that a search takes for an edge; the rests of a whole journey are never
        more than their sum. Crossings without transit are left out: who may pass them depends on where a journey
        begins and ends.
    cargo
        Cargo unit whose hours, costs and emissions edges have: `wagon`, `container` or `truck`.
    plain
        True: all values are text and numbers, as the writers of networkx take them (GraphML, GML, GEXF, JSON,
        `to_pandas_edgelist`): lines as WKT, `graph["corridors"]` as JSON text, `sources` for the column `source` of
        edges (their end in networkx), blank attributes left out. False: lines are geometries, which geopandas takes,
        attributes have the names of the columns, states are tuples (place, system, phase).

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
    >>> round(nx.shortest_path_length(co.load().graph(cargo="truck"), "tashkent", "karachi", weight="hours"))
    249
    """
    if expanded:
        return _plain(_expanded(net, cargo)) if plain else _expanded(net, cargo)
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(name=net.name, crs=CRS, cargo=cargo, corridors=_rest(net))
    for ident, place in net.places.to_dict("index").items():
        graph.add_node(ident, **place, x=place["lon"], y=place["lat"])
    for ident, row, there, back in _movements(net, cargo):
        if row["in_use"]:
            graph.add_edge(row["from_id"], row["to_id"], key=ident, **row, **there)
            turned = {**row, "geometry": row["geometry"].reverse()}
            graph.add_edge(row["to_id"], row["from_id"], key=ident, **turned, **back)
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


Row = dict[str, Any]


def _movements(net: State, cargo: str) -> list[tuple[str, Row, Row, Row]]:
    """List links and sea hops by id, with their line, what osmnx needs, and what they take there and back."""
    found: list[tuple[str, Row, Row, Row]] = []
    taken = amounts(net, cargo)
    for table, frame in (("links", net.links.drop(columns=list(WIDE))), ("services", net.services)):
        for number, (ident, row) in enumerate(frame.to_dict("index").items()):
            line = row.pop("geometry", None) or net.tables.shape(table, number)
            more = {"length": 1000 * row["length_km"], "geometry": line}
            there, back = ({name: float(taken[table][name][number, way]) for name in MEASURES} for way in (0, 1))
            found.append((str(ident), {"alignment": _method(net, table, row), **row, **more}, there, back))
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


_ORIGINS = {"link": "links", "crossing": "crossings", "terminal": "terminals", "service": "services"}
"""Tables that edges of the expanded graph come from, by what their rows are."""


def _expanded(net: State, cargo: str) -> nx.MultiDiGraph[Any]:
    e = expansion_of(net, cargo)
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(name=net.name, cargo=cargo)
    nodes = [state.node for state in e.states]
    for state in e.states:
        graph.add_node(state.node, place_id=state.place, system=state.system)
    idents = {f"{name}_id": _idents(net, table, getattr(e, name)) for name, table in _ORIGINS.items()}
    measures = {m.column: e.values[m.quantity].tolist() for m in QUANTITIES}
    columns = {**idents, "km": e.km.tolist(), "length_km": e.km.tolist(), **measures}
    for edge in np.flatnonzero(_open(net, e)).tolist():
        graph.add_edge(
            nodes[e.tail[edge]],
            nodes[e.head[edge]],
            key=edge,
            kind=KINDS[e.kind[edge]],
            mode=e.mode[edge],
            countries=e.countries[edge],
            **{name: column[edge] for name, column in columns.items()},
        )
    return graph


def _idents(net: State, table: str, rows: NDArray[np.int64]) -> list[str]:
    """Id of the row of a table behind each edge, blank where there is none."""
    return list(map(str, np.append(net.tables.column(table, "id").astype(object), "")[rows]))


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
    source = to_networkx(net, plain=False)
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

    source = to_networkx(net, expanded=expanded, cargo=cargo, plain=False)
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
        `length_km`, `hours`, `cost_usd_t` or `co2e_kg_t`, as the edges of `to_networkx` have them.
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
    (1588, 10)
    """
    if weight not in _WEIGHTS:
        raise InputError("weight", weight, f"one of {', '.join(_WEIGHTS)}")
    if expanded:
        e = expansion_of(net, cargo)
        used, quantity = _open(net, e), next((m.quantity for m in QUANTITIES if m.column == weight), "")
        weights = e.values[quantity] if quantity else e.km
        return _matrix(e.tail[used], e.head[used], weights[used], len(e.states)), [s.node for s in e.states]
    nodes = list(net.tables["places"]["id"])
    tables = {"links": net.links, "services": net.services}
    used = np.concatenate([frame["in_use"].to_numpy() for frame in tables.values()])
    ends = [pd.concat([f[c] for f in tables.values()]).map(net.tables.place_row) for c in ("from_id", "to_id")]
    tail, head = (one.to_numpy()[used] for one in ends)
    there, back = _weights(net, weight, cargo)[:, used]
    return _matrix(np.append(tail, head), np.append(head, tail), np.append(there, back), len(nodes)), nodes


_WEIGHTS = ("length_km", "km", *MEASURES)


def _weights(net: State, weight: str, cargo: str) -> NDArray[np.float64]:
    """Weights of all links, then of all sea hops: there and back by movement."""
    if weight in MEASURES:
        return np.concatenate([taken[weight] for taken in amounts(net, cargo).values()]).T
    km = pd.concat([net.links["length_km"], net.services["length_km"]]).to_numpy(dtype=float)
    return np.stack([km, km])


def _matrix(tail: Any, head: Any, weights: NDArray[np.float64], size: int) -> scipy.sparse.csr_array:
    """Build a matrix; of parallel edges the least counts, and what is infinite is no edge."""
    finite = np.isfinite(weights)
    tail, head, weights = tail[finite], head[finite], weights[finite]
    order = np.argsort(weights, kind="stable")
    tail, head, weights = tail[order], head[order], np.maximum(weights[order], np.finfo(float).tiny)
    _, first = np.unique(tail.astype(np.int64) * size + head, return_index=True)
    return scipy.sparse.csr_array((weights[first], (tail[first], head[first])), shape=(size, size))
