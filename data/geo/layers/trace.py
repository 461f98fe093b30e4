"""Traces links of the tables on the network of lines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from layers.insert import Stop, apply_chain, insert_places, read_chains, whole
from layers.network import Lines, in_space, matrix

if TYPE_CHECKING:
    import geopandas as gpd

    from layers.tables import Tables

SNAP_KM = {"rail": 12.0, "road": 15.0}  # an end of a link joins nodes of the network within this distance
SPARE_SHARE = {"rail": 0.01, "road": 0.05}  # lengths on the network may be so much too short
SHORTEST_KM = 8.0  # shorter links are straight: snapping would decide their shape
LOWEST, HIGHEST = 0.65, 1.30  # accepted length on the network, as a share of the length in the table
CONNECTOR_WEIGHT = 3.0  # going from a place to the network counts threefold, so that paths do not cut corners
OTHER_PLACE_KM = 2.0  # a path that avoids other places keeps this distance from them
ABROAD_DEG = 0.1  # a path stays in the countries of its ends, give or take so much


@dataclass(frozen=True)
class Path:
    """A path on the network: its length along the lines, and its positions without the ends."""

    km: float
    lonlat: np.ndarray


class Tracer:
    """Finds the way of links of one mode on the network."""

    def __init__(self, mode: str, lines: Lines, tables: Tables, countries: gpd.GeoDataFrame) -> None:
        used = tables.links[tables.links["mode"] == mode]
        ids = sorted({*used["from_id"], *used["to_id"]})
        positions = np.array([tables.position(place) for place in ids])
        for chain in read_chains(mode):
            lines = apply_chain(lines, chain)
        lines = whole(lines)
        degree = pd.concat([used["from_id"], used["to_id"]]).value_counts()
        errors = tables.places.loc[ids, "position_km"].astype(float)
        stops = [Stop(*row) for row in zip(positions, errors, degree[ids] > 1, strict=True)]
        lines = insert_places(lines, stops, SNAP_KM[mode], SPARE_SHARE[mode])
        self.lines = lines
        self.number = {place: lines.size + row for row, place in enumerate(ids)}
        self.country = {place: str(tables.places.loc[place, "country"]) for place in ids}
        self.positions = np.vstack([lines.lonlat, positions])
        self.shapes = dict(zip(countries["country"], countries.geometry, strict=True))
        self.near = cKDTree(in_space(positions))
        self._connect(positions, SNAP_KM[mode])
        self.inside = cache(self._inside)

    def _connect(self, positions: np.ndarray, snap_km: float) -> None:
        """Join the places to all nodes near them."""
        hits = self.lines.space.query_ball_point(in_space(positions), snap_km)
        places = np.repeat(np.arange(len(positions)), [len(row) for row in hits]) + self.lines.size
        nodes = np.array([node for row in hits for node in sorted(row)], dtype=int)
        km = np.linalg.norm(in_space(self.positions[places]) - in_space(self.positions[nodes]), axis=1)
        pairs = np.vstack([self.lines.pairs, np.column_stack([places, nodes])])
        self.km = matrix(pairs, np.concatenate([self.lines.km, km]), len(self.positions))
        self.weight = matrix(pairs, np.concatenate([self.lines.km, CONNECTOR_WEIGHT * km]), len(self.positions))

    def _inside(self, country: str) -> np.ndarray:
        """Mark the nodes in or near a country."""
        shape = self.shapes[country].buffer(ABROAD_DEG)
        shapely.prepare(shape)
        return shapely.contains_xy(shape, self.positions[:, 0], self.positions[:, 1])

    def trace(self, start: str, end: str, length_km: float) -> Path | None:
        """Find the path whose length is nearest to the one in the table, or none within the tolerance."""
        if length_km < SHORTEST_KM:
            return None
        found = [path for avoid in (False, True) if (path := self._shortest(start, end, avoid=avoid))]
        fitting = [path for path in found if LOWEST <= path.km / length_km <= HIGHEST]
        return min(fitting, key=lambda path: abs(path.km / length_km - 1), default=None)

    def _shortest(self, start: str, end: str, *, avoid: bool) -> Path | None:
        """Find the shortest path, either free or keeping clear of the other places."""
        ends = np.array([self.number[start], self.number[end]])
        usable = self.inside(self.country[start]) | self.inside(self.country[end])
        usable[self.lines.size :] = False
        if avoid:
            usable &= ~self._near_others(ends)
        usable[ends] = True
        kept = np.flatnonzero(usable)
        source, target = np.searchsorted(kept, ends)
        graph = self.weight[kept][:, kept]
        reach, before = csgraph.dijkstra(graph, indices=source, return_predecessors=True)
        if np.isinf(reach[target]):
            return None
        steps = [target]
        while steps[-1] != source:
            steps.append(before[steps[-1]])
        path = kept[steps[::-1]]
        return Path(float(self.km[path[:-1], path[1:]].sum()), self.positions[path[1:-1]])

    def _near_others(self, ends: np.ndarray) -> np.ndarray:
        """Mark the nodes that are nearer to another place than to the ends, and near."""
        gap, nearest = self.near.query(in_space(self.positions), distance_upper_bound=OTHER_PLACE_KM)
        return np.isfinite(gap) & ~np.isin(nearest + self.lines.size, ends)
