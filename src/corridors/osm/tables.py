"""Ways from what is in memory already: an osmnx graph, or a table of tagged lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from corridors.base.errors import InputError
from corridors.base.sphere import Floats, geodesic_km
from corridors.data import schema
from corridors.osm.rules import HIGHWAYS
from corridors.osm.tags import POINT_TAGS, WAY_TAGS
from corridors.osm.ways import Ints, Ways

if TYPE_CHECKING:
    import networkx as nx

_GRID = 10_000_000
"""Vertices are the same when they agree to 1e-7 degrees, the grid of OpenStreetMap."""

_SIMPLIFY = "simplify with edge_attrs_differ=['railway', 'gauge', 'usage', 'electrified'], or not at all"

_SHORTER = 0.01
"""Share by which a stated length may fall below the straight line."""

_NEVER_MIXED = ("railway", "gauge")


def ways_of_lines(lines: gpd.GeoDataFrame, points: gpd.GeoDataFrame | None) -> tuple[Ways, dict[str, int]]:
    """Take lines with tags as columns.

    Returns
    -------
    Ways, dict
        And how many rows have no geometry, and how many a stated length below the straight line.

    Raises
    ------
    InputError
        If there are none, they are no lines, or a stated length is none.
    """
    if not isinstance(lines, gpd.GeoDataFrame) or lines.empty:
        raise InputError("lines", type(lines).__name__, "a GeoDataFrame with at least one line")
    lines = _in_degrees(lines, "lines")
    blank = (lines.geometry.isna() | lines.geometry.is_empty).to_numpy()
    lines = lines[~blank]
    if lines.empty:
        raise InputError("lines", f"{len(blank)} rows", "a GeoDataFrame with at least one line; none has geometry")
    stated = _stated_km(lines)
    if not np.isin(shapely.get_type_id(lines.geometry), (1, 5)).all():
        raise InputError("lines", sorted(set(lines.geom_type)), "LineString or MultiLineString")
    part, of_row = shapely.get_parts(lines.geometry.to_numpy(), return_index=True)
    xy, of_part = shapely.get_coordinates(part, return_index=True)
    tags = _tags(lines, WAY_TAGS).iloc[of_row].reset_index(drop=True)
    ids = lines["id"].to_numpy() if "id" in lines else np.arange(len(lines))
    tags.insert(0, "id", ids[of_row])
    start = np.searchsorted(of_part, np.arange(len(part) + 1))
    if not ((np.abs(xy) <= (180, 90)).all(axis=1)).all():
        row = int(of_row[of_part[~(np.abs(xy) <= (180, 90)).all(axis=1)][0]])
        raise InputError(f"lines, row {lines.index[row]}", lines.geometry.iloc[row].wkt[:80], "positions on earth")
    lonlat, refs = _vertices(xy)
    # the length of a line in several parts is stated for all of them together
    km = np.where(np.bincount(of_row, minlength=len(lines))[of_row] == 1, stated[of_row], np.nan)
    ident = np.full(len(lonlat), -1)
    ends = geodesic_km(xy[start[:-1]], xy[start[1:] - 1])
    short = int((km < ends * (1 - _SHORTER)).sum())
    notes = {"rows without geometry left out": int(blank.sum()), "stated lengths below the straight line": short}
    return Ways(lonlat, ident, refs, start, tags, _points(points, lonlat), km), notes


def _stated_km(lines: gpd.GeoDataFrame) -> Floats:
    """Lengths of the column `length_km`, NaN where it is blank."""
    if "length_km" not in lines:
        return np.full(len(lines), np.nan)
    cells = [None if cell is None or cell is pd.NA or cell != cell or cell == "" else cell  # noqa: PLR0124 - NaN
             for cell in lines["length_km"]]  # fmt: skip
    km: Floats = pd.to_numeric(pd.Series(cells, dtype=object), errors="coerce").to_numpy(dtype=float)
    most = schema.tables()["links"]["length_km"].range
    for row, (cell, number) in enumerate(zip(cells, km, strict=True)):
        if cell is not None and not (number > 0 and most is not None and most.has(number)):
            place = lines.index[row]
            raise InputError(f"lines.length_km, row {place}", cell, f"a length in km above zero and in {most}")
    return km


def ways_of_graph(graph: nx.MultiDiGraph[Any], points: gpd.GeoDataFrame | None) -> tuple[Ways, dict[str, int]]:
    """Take the edges of an osmnx graph, both directions of one as one way.

    Returns
    -------
    Ways, dict
        And how many edges had tags that osmnx merged.

    Raises
    ------
    InputError
        If the graph is projected, has no edges, or was merged across railways or gauges.
    """
    _check_graph(graph)
    nodes = list(graph.nodes)
    number = {node: row for row, node in enumerate(nodes)}
    lonlat = np.array([_position(graph, node) for node in nodes])
    edges = list(_unique_edges(graph, number))
    between, refs, start = _stacked(edges, len(nodes))
    lonlat = np.vstack([lonlat, between])
    osm_ids = [n if isinstance(n, int | np.integer) else -1 for n in nodes] + [-1] * len(between)
    tags = pd.DataFrame([(edge.ident, *edge.tags) for edge in edges], columns=["id", *WAY_TAGS], dtype=object)
    tables = [_node_points(graph, nodes, lonlat), _points(points, lonlat)]
    where = pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)
    ways = Ways(lonlat, np.array(osm_ids, dtype=np.int64), refs, start, tags, where, np.full(len(edges), np.nan))
    merged = sum(edge.merged for edge in edges)
    return ways, {"edges whose tags osmnx merged (the lesser road class counts)": merged}


def _check_graph(graph: nx.MultiDiGraph[Any]) -> None:
    """Expect positions in degrees, and edges."""
    crs = str(graph.graph.get("crs", "epsg:4326")).lower()
    if "4326" not in crs and "crs84" not in crs:
        raise InputError(
            "graph", crs, "positions in degrees; project it back with osmnx.project_graph(to_latlong=True)"
        )
    if graph.number_of_edges() == 0:
        raise InputError("graph", graph, "a graph with edges")


def _position(graph: nx.MultiDiGraph[Any], node: Any) -> tuple[float, float]:
    data = graph.nodes[node]
    try:
        lon, lat = float(data["x"]), float(data["y"])
    except (KeyError, TypeError, ValueError):
        lon = lat = np.nan
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        shown = {axis: data.get(axis) for axis in ("x", "y")}
        raise InputError(f"graph, node {node!r}", shown, "x and y in degrees are expected at every node")
    return lon, lat


class _Edge(NamedTuple):
    """An edge of a graph, or both directions of one: ends by number, OSM id, tags, and positions between the ends."""

    tail: int
    head: int
    ident: int
    tags: list[str]
    merged: bool
    between: Floats


def _unique_edges(graph: nx.MultiDiGraph[Any], number: Mapping[Any, int]) -> Iterator[_Edge]:
    """Yield the edges of a graph, an edge and its other direction once."""
    seen: set[tuple[Any, ...]] = set()
    for from_node, to_node, data in graph.edges(data=True):
        tail, head, ident = number[from_node], number[to_node], data.get("osmid", -1)
        ids = tuple(sorted(ident)) if isinstance(ident, list) else (ident,)
        key = (min(tail, head), max(tail, head), ids, _metres(data.get("length")))
        if key not in seen:
            seen.add(key)
            between = shapely.get_coordinates(data["geometry"])[1:-1] if "geometry" in data else np.zeros((0, 2))
            yield _Edge(tail, head, ids[0], *_edge_tags(data), between)


def _metres(value: object) -> float:
    """Length of an edge to tell it from parallel ones; files of graphs hold it as text."""
    number = pd.to_numeric(pd.Series([value], dtype=object), errors="coerce").iloc[0]
    return round(float(number), 2) if np.isfinite(number) else 0.0


def _stacked(edges: Sequence[_Edge], nodes: int) -> tuple[Floats, Ints, Ints]:
    """Positions between the ends of all edges, numbered after the nodes, then the vertices and starts of the edges."""
    refs: list[int] = []
    start, vertex = [0], nodes
    for edge in edges:
        refs += [edge.tail, *range(vertex, vertex + len(edge.between)), edge.head]
        vertex += len(edge.between)
        start.append(len(refs))
    between = np.vstack([edge.between for edge in edges])
    return between, np.array(refs, dtype=np.int64), np.array(start, dtype=np.int64)


def _edge_tags(data: dict[str, Any]) -> tuple[list[str], bool]:
    """Read the tags of an edge; where osmnx merged several values the lesser road counts and the rest is blank."""
    found, mixed = [], False
    for name in WAY_TAGS:
        value = data.get(name, "")
        if isinstance(value, list):
            mixed = True
            if name in _NEVER_MIXED:
                raise InputError(name, value, f"one value per edge; {_SIMPLIFY}")
            value = _lesser(value) if name == "highway" else ""
        blank = value is None or isinstance(value, float | bool)
        found.append("" if blank else str(value))
    return found, mixed


def _lesser(values: list[str]) -> str:
    bare = [str(value).removesuffix("_link") for value in values]
    ranked = [value for value in bare if value in HIGHWAYS]
    return max(ranked, key=HIGHWAYS.index) if ranked else bare[0]


def _node_points(graph: nx.MultiDiGraph[Any], nodes: list[Any], lonlat: Floats) -> pd.DataFrame:
    """Table of the nodes that carry tags."""
    rows = [
        (*(str(graph.nodes[node].get(tag, "") or "") for tag in POINT_TAGS), *lonlat[row], row)
        for row, node in enumerate(nodes)
        if any(tag in graph.nodes[node] for tag in POINT_TAGS)
    ]
    return pd.DataFrame(rows, columns=[*POINT_TAGS, "lon", "lat", "vertex"])


def _points(points: gpd.GeoDataFrame | None, lonlat: Floats) -> pd.DataFrame:
    """Table of points with their tags, and the vertex on which each stands (-1 off all)."""
    if points is None or points.empty:
        return pd.DataFrame(columns=[*POINT_TAGS, "lon", "lat", "vertex"]).astype({"lon": float, "lat": float})
    points = _in_degrees(points[points.geometry.notna() & ~points.geometry.is_empty], "points")
    if not (shapely.get_type_id(points.geometry) == 0).all():
        raise InputError("points", sorted(set(points.geom_type)), "Point")
    table = _tags(points, POINT_TAGS)
    table["lon"], table["lat"] = points.geometry.x.to_numpy(), points.geometry.y.to_numpy()
    vertices, where = _cells(lonlat), _cells(table[["lon", "lat"]].to_numpy())
    order = np.argsort(vertices, kind="stable")
    at = np.minimum(np.searchsorted(vertices[order], where), len(vertices) - 1)
    table["vertex"] = np.where(vertices[order][at] == where, order[at], -1)
    return table


def _in_degrees(frame: gpd.GeoDataFrame, what: str) -> gpd.GeoDataFrame:
    if frame.crs is None:
        raise InputError(what, "no crs", "a table that knows its coordinate reference system, such as EPSG:4326")
    return frame.to_crs("EPSG:4326")


def _tags(frame: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Table of columns as text, blank where there is no value; numbers such as a gauge lose their `.0`."""
    made = {}
    for name in names:
        cells = frame[name].to_numpy(dtype=object) if name in frame else []
        made[name] = [_text(cell) for cell in cells] if len(cells) else ""
    return pd.DataFrame(made, index=range(len(frame)), dtype=object)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if pd.isna(value):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _cells(xy: Floats) -> Ints:
    """Return the number of the cell of the grid that each position falls into."""
    cell = np.round(xy * _GRID).astype(np.int64)
    return np.asarray(cell[:, 0] * (1 << 32) + cell[:, 1], dtype=np.int64)


def _vertices(xy: Floats) -> tuple[Floats, Ints]:
    """Positions without repetition, and the number of each given one among them."""
    _, first, refs = np.unique(_cells(xy), return_index=True, return_inverse=True)
    return xy[first], refs.reshape(-1).astype(np.int64)
