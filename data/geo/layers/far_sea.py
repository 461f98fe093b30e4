"""Sea legs that leave the waters of the region: a coarse way through points that are set by hand.

The way is for maps only. Lengths of such legs are in the tables, from a network of shipping lanes.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from layers.network import great_circle_km

if TYPE_CHECKING:
    from layers.tables import Tables

WAYS = Path(__file__).with_name("sea_ways.csv")


class FarSea:
    """The points at sea, the ports beside them, and which of them ships go between."""

    def __init__(self, tables: Tables) -> None:
        with WAYS.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        points = {row["id"]: (float(row["lon"]), float(row["lat"])) for row in rows}
        pairs = [(row["id"], other) for row in rows for other in row["next"].split(";")]
        for port in sorted({name for pair in pairs for name in pair} & set(tables.places.index)):
            points[port] = tables.position(port)
        self.names = list(points)
        self.lonlat = np.array([points[name] for name in self.names])
        first, second = (np.array([self.names.index(pair[side]) for pair in pairs]) for side in (0, 1))
        km = great_circle_km(self.lonlat[first], self.lonlat[second])
        self.graph = sparse.coo_matrix((km, (first, second)), shape=(len(points),) * 2).tocsr()

    def way(self, start: str, end: str) -> np.ndarray:
        """The positions of the shortest way from port to port, both ends included."""
        unknown = [port for port in (start, end) if port not in self.names]
        if unknown:
            msg = f"{', '.join(unknown)} not in {WAYS.name}: add the port to the points beside it"
            raise ValueError(msg)
        first, last = self.names.index(start), self.names.index(end)
        reach, before = csgraph.dijkstra(self.graph, directed=False, indices=first, return_predecessors=True)
        if np.isinf(reach[last]):
            msg = f"{start} - {end}: no way by sea in {WAYS.name}"
            raise ValueError(msg)
        way = [last]
        while way[-1] != first:
            way.append(int(before[way[-1]]))
        return self.lonlat[way[::-1]]
