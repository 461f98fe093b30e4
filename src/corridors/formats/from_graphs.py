"""Networks from networkx graphs: nodes are places, edges are links or sea hops, attributes are columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
import pandas as pd
from shapely.errors import ShapelyError
from shapely.geometry import LineString

from corridors.base.errors import InputError, SchemaError
from corridors.base.names import system
from corridors.base.reading import readable
from corridors.data import schema
from corridors.data.prune import pruned
from corridors.formats.content import Content, Fill, Lines, as_line, state_of, unpacked
from corridors.formats.movements import MEASURES
from corridors.model.state import State

CRS = "epsg:4326"

ADDED = frozenset({"x", "y", "geometry", "length", "osmid", "in_use", "alignment", "street_count", "reversed"})
"""Attributes that serve osmnx or show the view: they are not read back (lines and their method are)."""

WORKED_OUT = frozenset(MEASURES)
"""Attributes of edges that `to_networkx` works out for a cargo unit, which its graph names; they are not read back."""


def from_networkx(graph: nx.Graph[Any], *, fill: Fill | None = None, name: str = "network") -> State:
    """Make tables and view of a graph; see `Network.from_graph`."""
    return state_of(content_of_graph(graph), name=str(graph.graph.get("name") or name), fill=fill)


def content_of_graph(graph: nx.Graph[Any]) -> Content:
    """Take a graph apart into tables and lines."""
    crs = str(graph.graph.get("crs", CRS)).upper()
    if crs not in ("EPSG:4326", "OGC:CRS84", "WGS84"):
        raise InputError("graph['crs']", graph.graph["crs"], "longitude and latitude (EPSG:4326) are expected")
    rest = graph.graph.get("corridors")
    kept = rest if isinstance(rest, Content) else unpacked(rest) if isinstance(rest, str) else Content({})
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
    left = ADDED | WORKED_OUT if "cargo" in graph.graph else ADDED
    for number, edge in enumerate(edges):
        ident = _add_row(seen, edge, number, left)
        _add_line(seen, edge, ident, graph)
    if graph.is_directed():
        seen.problems += _one_way(seen)
    if seen.problems:
        raise SchemaError("links", seen.problems, "graph")
    return seen.rows, _by_hop(seen)


def _add_row(seen: Seen, edge: Edge, number: int, left: frozenset[str]) -> str:
    """Add the row of an edge without some attributes, or compare it with the one that is there; return its id."""
    tail, head, data, key = edge
    row = {name: value for name, value in data.items() if name not in left and name != "id"}
    if "sources" in row:
        row["source"] = row.pop("sources")
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
    if isinstance(line, str):
        with readable(f"geometry of edge {edge.tail} -> {edge.head}", "a line in WKT", ShapelyError):
            line = as_line(line)
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
    try:
        x, y = (float(data[name] if name in data else data[axis]) for name, axis in (("lon", "x"), ("lat", "y")))
    except (KeyError, TypeError, ValueError):
        # a position that is missing or no number is named when the table of places is checked
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
