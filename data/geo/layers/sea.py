"""Sea legs between ports: in the region the shortest way by water that keeps off the coast, else a coarse way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import sparse
from scipy.sparse import csgraph

from layers.far_sea import FarSea
from layers.network import great_circle_km
from layers.region import WGS84, project, unproject

if TYPE_CHECKING:
    from layers.tables import Tables

SEA_BOX = (47.0, 5.0, 82.0, 31.0)  # the Arabian Sea, the Gulf and the way to Colombo
CASPIAN_BOX = (46.0, 36.0, 55.5, 48.0)
OFFING_M = 5_500.0  # ships keep so far from the coast
HARBOUR_OFFING_M = 800.0  # and so far within the next distance of a port
HARBOUR_M = 45_000.0
DETAIL_M = 1_000.0
PORT_KM = 25.0  # a port lies so near to water that ships can use
INLETS = {"bandar-imam"}  # ports up an inlet that is narrower than the distance kept off the coast
DECIMALS = 3
COLUMNS = ["from_id", "to_id", "method", "sea_km", "geometry"]


@dataclass(frozen=True)
class Water:
    """Where ships go, in map coordinates, and the corners round which the shortest ways turn."""

    area: shapely.MultiPolygon
    corners: np.ndarray


def sea_legs(tables: Tables, land: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Draw one leg for each pair of ports that has a service or a distance, from port to port.

    ``sea_km`` is the length of the leg along great circles: real tracks are longer by some percent.
    """
    ends = ["from_id", "to_id"]
    pairs = pd.concat([tables.services[ends], tables.distances[ends]]).drop_duplicates(ignore_index=True)
    return legs_between(tables, land, pairs)


def legs_between(tables: Tables, land: gpd.GeoDataFrame, pairs: pd.DataFrame) -> gpd.GeoDataFrame:
    """Draw one leg for each pair of ports, ``from_id`` and ``to_id``; one that leaves the region is drawn coarsely."""
    near = pairs.apply(lambda pair: all(in_region(tables, port) for port in pair[["from_id", "to_id"]]), axis=1)
    legs = pd.concat([_near_legs(tables, land, pairs[near]), _far_legs(tables, pairs[~near])])
    order = {pair: row for row, pair in enumerate(pairs[["from_id", "to_id"]].itertuples(index=False, name=None))}
    rank = [order[pair] for pair in legs[["from_id", "to_id"]].itertuples(index=False, name=None)]
    return legs.iloc[np.argsort(rank)].reset_index(drop=True)


def in_region(tables: Tables, port: str) -> bool:
    """Whether a port lies at one of the waters for which the way off the coast is computed."""
    lon, lat = tables.position(port)
    return port not in INLETS and any(
        west < lon < east and south < lat < north for west, south, east, north in (SEA_BOX, CASPIAN_BOX)
    )


def _far_legs(tables: Tables, pairs: pd.DataFrame) -> gpd.GeoDataFrame:
    """Draw legs through the points that are set by hand."""
    seas, rows = FarSea(tables), []
    for start, end in pairs[["from_id", "to_id"]].itertuples(index=False):
        line = seas.way(start, end)
        km = round(float(great_circle_km(line[:-1], line[1:]).sum()), 1)
        rows.append((start, end, "coarse", km, shapely.LineString(line)))
    return gpd.GeoDataFrame(rows, columns=COLUMNS, crs=WGS84)


def _near_legs(tables: Tables, land: gpd.GeoDataFrame, pairs: pd.DataFrame) -> gpd.GeoDataFrame:
    """Draw legs along the shortest ways by water."""
    ports = sorted({*pairs["from_id"], *pairs["to_id"]})
    lonlat = np.array([tables.position(port) for port in ports])
    water = _navigable(land, lonlat)
    entries = _entries(water, ports, lonlat)
    points = np.vstack([entries, water.corners])
    graph = _visible(water.area, points)
    rows = []
    for start, end in pairs[["from_id", "to_id"]].itertuples(index=False):
        way = _way(graph, ports.index(start), ports.index(end), f"{start} - {end}")
        inner = np.round(unproject(points[way]), DECIMALS)
        line = np.vstack([lonlat[ports.index(start)], inner, lonlat[ports.index(end)]])
        km = round(float(great_circle_km(line[:-1], line[1:]).sum()), 1)
        rows.append((start, end, "sea", km, shapely.LineString(line)))
    legs = gpd.GeoDataFrame(rows, columns=COLUMNS, crs=WGS84)
    legs["geometry"] = shapely.remove_repeated_points(legs.geometry.to_numpy())
    return legs


def _navigable(land: gpd.GeoDataFrame, ports: np.ndarray) -> Water:
    """Take the seas less a strip along the coast, which is narrower round the ports."""
    boxes = shapely.union_all([shapely.box(*SEA_BOX), shapely.box(*CASPIAN_BOX)])
    seas = shapely.segmentize(boxes - land.geometry.union_all(), 0.5)
    flat = shapely.transform(seas, project)
    round_ports = shapely.union_all(shapely.buffer(shapely.points(project(ports)), HARBOUR_M))
    area = flat.buffer(-OFFING_M) | (flat.buffer(-HARBOUR_OFFING_M) & round_ports)
    area = area.simplify(DETAIL_M).buffer(0)
    return Water(area, np.unique(np.vstack([_corners(basin) for basin in area.geoms]), axis=0))


def _corners(basin: shapely.Polygon) -> np.ndarray:
    """The points where the shore of a basin juts into the water: shortest ways turn only there."""
    rings = [shapely.get_coordinates(ring)[:-1] for ring in shapely.get_rings(shapely.orient_polygons(basin))]
    jutting = []
    for ring in rings:
        into, out = ring - np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0) - ring
        jutting.append(ring[into[:, 0] * out[:, 1] - into[:, 1] * out[:, 0] < 0])
    return np.vstack(jutting)


def _entries(water: Water, ports: list[str], lonlat: np.ndarray) -> np.ndarray:
    """Find the point where each port meets the water that ships use."""
    places = shapely.points(project(lonlat))
    lines = shapely.shortest_line(places, water.area)
    far = shapely.length(lines) > PORT_KM * 1000
    if far.any():
        msg = f"no water within {PORT_KM:.0f} km of {', '.join(np.array(ports)[far])}"
        raise ValueError(msg)
    return np.array([line.coords[-1] for line in lines])


def _visible(area: shapely.Geometry, points: np.ndarray) -> sparse.csr_matrix:
    """Join the points that see each other over water, with the length of the great circle."""
    roomy = area.buffer(50.0)
    shapely.prepare(roomy)
    basin = shapely.STRtree(area.geoms).nearest(shapely.points(points))
    first, second = np.triu_indices(len(points), 1)
    same = basin[first] == basin[second]
    first, second = first[same], second[same]
    lines = shapely.linestrings(np.stack([points[first], points[second]], axis=1))
    clear = shapely.covers(roomy, lines)
    first, second = first[clear], second[clear]
    lonlat = unproject(points)
    km = np.maximum(great_circle_km(lonlat[first], lonlat[second]), 1e-6)
    return sparse.coo_matrix((km, (first, second)), shape=(len(points),) * 2).tocsr()


def _way(graph: sparse.csr_matrix, start: int, end: int, name: str) -> list[int]:
    """The points of the shortest way."""
    reach, before = csgraph.dijkstra(graph, directed=False, indices=start, return_predecessors=True)
    if np.isinf(reach[end]):
        msg = f"{name}: no way by water"
        raise ValueError(msg)
    way = [end]
    while way[-1] != start:
        way.append(int(before[way[-1]]))
    return way[::-1]
