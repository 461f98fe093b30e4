"""networkx as the public face: the network of places, in and out, and the expanded graph that is searched.

The same graph goes to osmnx (`x`, `y`, `crs`, `length` in metres, `geometry`), igraph and scipy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx
import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray
from shapely.geometry import LineString

from corridors.base.errors import InputError, MissingPackageError, SchemaError
from corridors.base.names import system
from corridors.data import schema
from corridors.data.prune import pruned
from corridors.formats.content import Content, Fill, Lines, content_of, state_of
from corridors.model.builder import expand
from corridors.model.expansion import KINDS, Expansion
from corridors.model.state import State
from corridors.model.view import usable

if TYPE_CHECKING:
    import igraph

CRS = "epsg:4326"

ADDED = frozenset({"x", "y", "geometry", "length", "osmid", "in_use", "alignment", "street_count", "reversed"})
"""Attributes that serve osmnx or show the view: they are not read back (lines and their method are)."""


def to_networkx(net: State, *, expanded: bool = False, cargo: str = "container") -> nx.MultiDiGraph[Any]:
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
        `co2e_kg_t`, so that shortest paths need nothing else.
    cargo
        Cargo unit of the expanded graph.

    >>> import corridors as co
    >>> g = co.load().graph()
    >>> g.nodes["karachi"]["country"], g["termez"]["galaba"]["termez--galaba:rail-1520"]["gauge_mm"]
    ('PK', '1520')
    """
    if expanded:
        return _expanded(net, cargo)
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(name=net.name, crs=CRS, corridors=_rest(net))
    for ident, place in net.places.to_dict("index").items():
        graph.add_node(ident, **place, x=place["lon"], y=place["lat"])
    for ident, row in _movements(net):
        if row["in_use"]:
            graph.add_edge(row["from_id"], row["to_id"], key=ident, **row)
            graph.add_edge(row["to_id"], row["from_id"], key=ident, **{**row, "geometry": row["geometry"].reverse()})
    return graph


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


def from_networkx(graph: nx.Graph[Any], *, fill: Fill | None = None, name: str = "network") -> State:
    """Make tables and view of a graph; see `Network.from_graph`."""
    return state_of(content_of_graph(graph), name=str(graph.graph.get("name") or name), fill=fill)


def content_of_graph(graph: nx.Graph[Any]) -> Content:
    """Take a graph apart into tables and lines."""
    crs = str(graph.graph.get("crs", CRS)).upper()
    if crs not in ("EPSG:4326", "OGC:CRS84", "WGS84"):
        raise InputError("graph['crs']", graph.graph["crs"], "longitude and latitude (EPSG:4326) are expected")
    rest = graph.graph.get("corridors")
    kept = rest if isinstance(rest, Content) else Content({})
    frames = dict(kept.frames) | {"places": pd.DataFrame([_place(i, data) for i, data in graph.nodes(data=True)])}
    rows, lines = _edges(graph)
    for table, is_sea in (("links", False), ("services", True)):
        parts = [pd.DataFrame([row for row in rows.values() if (row.get("mode") == "sea") == is_sea])]
        if table in kept.frames:
            idle = kept.frames[table]
            parts.append(idle[~idle["id"].isin(rows)])
        parts = [part for part in parts if len(part)]
        if parts or table == "links":
            frames[table] = pd.concat(parts) if parts else pd.DataFrame(columns=list(schema.tables()[table]))
    if kept.frames:
        frames = _in_order(pruned(frames), kept)
    return Content(frames, {**kept.lines, **lines}, order=kept.order)


def _place(ident: object, data: dict[str, Any]) -> dict[str, Any]:
    row = {key: value for key, value in data.items() if key not in ADDED}
    # positions of an osmnx graph stand in x and y
    for column, axis in (("lat", "y"), ("lon", "x")):
        if column not in row and axis in data:
            row[column] = data[axis]
    return {"id": str(ident), **row}


class Edge(NamedTuple):
    """An edge of a graph: the names of its nodes, its attributes, and its key in a multigraph."""

    tail: str
    head: str
    data: dict[str, Any]
    key: object


@dataclass
class Seen:
    """What the edges of a graph say: rows and lines by id, in which directions, and what contradicts."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    lines: Lines = field(default_factory=dict)
    ways: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def _edges(graph: nx.Graph[Any]) -> tuple[dict[str, dict[str, Any]], Lines]:
    """One row per link or sea hop, and the lines.

    A directed graph has every link in both directions; what the two say must be the same.
    """
    seen = Seen()
    # every edge that starts at its from_id comes first, so that lines run from there
    edges = sorted(_all_edges(graph), key=lambda edge: str(edge.data.get("from_id", edge.tail)) != edge.tail)
    for number, edge in enumerate(edges):
        ident = _add_row(seen, edge, number)
        _add_line(seen, edge, ident, graph)
    if graph.is_directed():
        seen.problems += _one_way(seen)
    if seen.problems:
        raise SchemaError("links", seen.problems, "graph")
    return seen.rows, _by_hop(seen)


def _add_row(seen: Seen, edge: Edge, number: int) -> str:
    """Add the row of an edge, or compare it with the one that is there; return its id."""
    tail, head, data, key = edge
    row = {name: value for name, value in data.items() if name not in ADDED and name != "id"}
    row.setdefault("from_id", tail)
    row.setdefault("to_id", head)
    ident = str(data.get("id") or (key if isinstance(key, str) else _named(row)))
    if {row["from_id"], row["to_id"]} != {tail, head}:
        seen.problems.append(f"edge {tail} -> {head}: from_id and to_id name {row['from_id']} and {row['to_id']}")
    first = seen.rows.setdefault(ident, {"id": ident, **row})
    changed = [c for c in row if c not in ("from_id", "to_id") and not _same(row[c], first.get(c))]
    if changed:
        seen.problems.append(f"edges of '{ident}' ({tail} -> {head}, edge {number}) differ in {', '.join(changed)}")
    seen.ways.setdefault(ident, set()).add((tail, head))
    return ident


def _add_line(seen: Seen, edge: Edge, ident: str, graph: nx.Graph[Any]) -> None:
    """Add the line of an edge, unless it is a straight stroke or there already."""
    line = edge.data.get("geometry")
    if isinstance(line, LineString) and ident not in seen.lines and _drawn(edge.data, line):
        method = str(edge.data.get("alignment") or "drawn")
        seen.lines[ident] = (_from(graph, seen.rows[ident]["from_id"], line), method)


def _one_way(seen: Seen) -> list[str]:
    """List the links of a directed graph that go one way only."""
    return [
        f"'{ident}' goes one way only ({', '.join(f'{a} -> {b}' for a, b in ways)}); links go both ways: add the "
        "other direction, or give graph.to_undirected()"
        for ident, ways in seen.ways.items()
        if len(ways) == 1
    ]


def _by_hop(seen: Seen) -> Lines:
    """Lines by id of the link, those of sea hops by `from--to`, which all services on the hop share."""
    lines = dict(seen.lines)
    hops = {f"{r['from_id']}--{r['to_id']}": i for i, r in seen.rows.items() if r.get("mode") == "sea" and i in lines}
    return lines | {hop: lines.pop(ident) for hop, ident in hops.items()}


def _from(graph: nx.Graph[Any], first: str, line: LineString) -> LineString:
    """Turn a line so that it runs from its first place: an undirected graph may hold either direction."""
    data = graph.nodes.get(first, {})
    x, y = (data.get(name, data.get(axis)) for name, axis in (("lon", "x"), ("lat", "y")))
    if x is None or y is None:
        return line
    start, end = (np.hypot(point[0] - x, point[1] - y) for point in (line.coords[0], line.coords[-1]))
    return line if start <= end else line.reverse()


def _all_edges(graph: nx.Graph[Any]) -> list[Edge]:
    """List the edges of any kind of graph."""
    if isinstance(graph, nx.MultiGraph):
        return [Edge(str(a), str(b), data, key) for a, b, key, data in graph.edges(keys=True, data=True)]
    return [Edge(str(a), str(b), data, None) for a, b, data in graph.edges(data=True)]


def _named(row: dict[str, Any]) -> str:
    """Name a link as the schema does."""
    first, second = sorted((str(row["from_id"]), str(row["to_id"])))
    return f"{first}--{second}:{system(str(row.get('mode', '')), str(row.get('gauge_mm', '')))}"


def _same(one: object, other: object) -> bool:
    both_empty = isinstance(one, float) and isinstance(other, float) and np.isnan(one) and np.isnan(other)
    return both_empty or one == other


def _drawn(data: dict[str, Any], line: LineString) -> bool:
    """Whether a line was drawn: a link without one has a straight stroke."""
    return str(data.get("alignment") or "straight") != "straight" or len(line.coords) > 2


def _in_order(frames: dict[str, pd.DataFrame], kept: Content) -> dict[str, pd.DataFrame]:
    """Bring rows into the order of the network that the graph was made from; new rows come last."""
    for name, ids in kept.order.items():
        if name in frames:
            rank = {ident: number for number, ident in enumerate(ids)}
            frames[name] = frames[name].sort_values("id", key=lambda c: c.map(rank).fillna(len(rank)), kind="stable")
    return frames


def _expanded(net: State, cargo: str) -> nx.MultiDiGraph[Any]:
    e = expand(net.tables, cargo, net.view.season)
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(name=net.name, cargo=cargo)
    nodes = [state.node for state in e.states]
    graph.add_nodes_from(nodes)
    for edge in np.flatnonzero(e.in_use(usable(net.tables, net.view))):
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


def to_osmnx(net: State) -> nx.MultiDiGraph[Any]:
    """Return the network in view as osmnx has its graphs: whole numbers for nodes and keys, no blank attributes.

    A node has the `id` of its place, an edge the `id` of its link; `length` is in metres.

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
        graph.add_node(number[ident], id=ident, **_present(data))
    for tail, head, ident, data in source.edges(keys=True, data=True):
        graph.add_edge(number[tail], number[head], id=ident, osmid=ident, **_present(data))
    return graph


def _present(data: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in data.items() if v != "" and not (isinstance(v, float) and np.isnan(v))}


def to_igraph(net: State, *, expanded: bool = False, cargo: str = "container") -> igraph.Graph:
    """Return the graph of `to_networkx` as a directed `igraph.Graph`; needs igraph.

    Vertices have `name` (the place id, or the state as `place|system|phase`), edges have `id` and the numbers.

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

    >>> import corridors as co
    >>> matrix, nodes = co.load().to_sparse()
    >>> matrix.shape == (len(nodes), len(nodes))
    True
    """
    if not expanded and weight != "length_km":
        raise InputError("weight", weight, "the graph of places has length_km; hours and costs need expanded=True")
    if expanded:
        e = expand(net.tables, cargo, net.view.season)
        used = e.in_use(usable(net.tables, net.view))
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
