"""Roads and railways derived from OpenStreetMap, as the registry package `scgraph_data` has them, joined to one graph.

The package's lines are in pieces: components are joined here by their smallest gaps, and rail to road by transfers.
Speeds are flat figures for timing, not findings about corridors. The data are under the ODbL; what is built of them is
kept in `build/benchmarks/` and not published.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from corridors.base.sphere import Floats, in_space

CACHE = Path(__file__).parent.parent / "build" / "benchmarks"

ROAD_KMH, RAIL_KMH, TRANSFER_H = 45.0, 35.0, 12.0
ROAD_GAP_KM, RAIL_GAP_KM, TRANSFER_KM = 5.0, 15.0, 5.0
TRANSFER_CELL_DEG = 0.6
"""One transfer at most in a cell of so many degrees."""

Ints = NDArray[np.int64]
Box = tuple[float, float, float, float]
"""South, north, west and east."""


@dataclass(frozen=True, eq=False)
class Lines:
    """Undirected edges between points: roads, railways, or both with the transfers between them."""

    lat: Floats
    lon: Floats
    first: Ints
    second: Ints
    km: Floats
    hours: Floats
    rail: NDArray[np.bool_]
    """Nodes of the railway."""

    @property
    def points(self) -> Floats:
        """Points in space, km; straight distances order as great-circle distances do."""
        return sphere(self.lat, self.lon)

    def part(self, inside: NDArray[np.bool_]) -> Lines:
        """Keep some nodes and the edges between them."""
        number = np.cumsum(inside) - 1
        kept = inside[self.first] & inside[self.second]
        ends = number[self.first[kept]], number[self.second[kept]]
        return Lines(self.lat[inside], self.lon[inside], *ends, self.km[kept], self.hours[kept], self.rail[inside])

    def within(self, box: Box) -> Lines:
        """Keep what lies in a box."""
        south, north, west, east = box
        return self.part((self.lat >= south) & (self.lat <= north) & (self.lon >= west) & (self.lon <= east))

    def added(self, first: Ints, second: Ints, km: Floats, hours: Floats) -> Lines:
        """Add edges."""
        ends = np.append(self.first, first), np.append(self.second, second)
        amounts = np.append(self.km, km), np.append(self.hours, hours)
        return Lines(self.lat, self.lon, *ends, *amounts, self.rail)

    def component(self) -> Ints:
        """Number the component of each node."""
        size = len(self.lat)
        graph = sparse.csr_array((np.ones(len(self.first)), (self.first, self.second)), shape=(size, size))
        return csgraph.connected_components(graph, directed=False)[1].astype(np.int64)

    def largest(self) -> Lines:
        """Keep the largest component."""
        label = self.component()
        return self.part(label == np.bincount(label).argmax())

    def joined(self, gap_km: float, kmh: float) -> Lines:
        """Join components over gaps of at most so many km, the smallest gap first (Kruskal over components)."""
        points, label = self.points, self.component()
        found, other = cKDTree(points).query(points, k=12, distance_upper_bound=gap_km)
        one, rank = np.nonzero(np.isfinite(found))
        two, gap = other[one, rank], np.maximum(found[one, rank], 0.05)
        size = int(label.max()) + 1
        code = np.minimum(label[one], label[two]) * size + np.maximum(label[one], label[two])
        order = np.lexsort((gap, code))
        order = order[label[one[order]] != label[two[order]]]
        pairs, best = np.unique(code[order], return_index=True)
        best = order[best]
        between = sparse.csr_array((gap[best], np.divmod(pairs, size)), shape=(size, size))
        tree = csgraph.minimum_spanning_tree(between).tocoo()
        chosen = best[np.searchsorted(pairs, tree.row.astype(np.int64) * size + tree.col)]
        return self.added(one[chosen], two[chosen], gap[chosen], gap[chosen] / kmh)


def lines(box: Box) -> Lines:
    """Roads and railways of a box as one connected graph."""
    road = _read("world_highways", ROAD_KMH, rail=False).within(box).joined(ROAD_GAP_KM, ROAD_KMH)
    rail = _read("world_railways", RAIL_KMH, rail=True).within(box).joined(RAIL_GAP_KM, RAIL_KMH)
    near, at = cKDTree(road.points).query(rail.points)
    cell = np.floor(np.stack([rail.lat, rail.lon]) / TRANSFER_CELL_DEG)
    candidates = np.flatnonzero(near <= TRANSFER_KM)
    _, first = np.unique(cell[:, candidates], axis=1, return_index=True)
    chosen, shift = candidates[first], len(road.lat)
    both = [np.append(getattr(road, name), getattr(rail, name)) for name in ("lat", "lon", "km", "hours", "rail")]
    ends = np.append(road.first, rail.first + shift), np.append(road.second, rail.second + shift)
    return (
        Lines(both[0], both[1], *ends, *both[2:])
        .added(at[chosen], chosen + shift, near[chosen], TRANSFER_H + near[chosen] / ROAD_KMH)
        .largest()
    )


def _read(module: str, kmh: float, *, rail: bool) -> Lines:
    """Read the lines of a module of `scgraph_data`, whose text is kept as arrays after the first time."""
    kept = CACHE / f"{module}.npz"
    if not kept.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        np.savez(kept, **_parsed(module))
    with np.load(kept) as arrays:
        lat, lon = arrays["nodes"].T
        first, second = arrays["ends"].T
        km = arrays["km"]
    return Lines(lat, lon, first, second, km, km / kmh, np.full(len(lat), rail))


def _parsed(module: str) -> dict[str, NDArray[np.float64] | NDArray[np.int64]]:
    """Parse nodes and edges out of a module that current versions of scgraph cannot import."""
    package = find_spec("scgraph_data")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("the networks need scgraph_data: pip install --group bench")
    text = (Path(package.submodule_search_locations[0]) / f"{module}.py").read_text()
    part = {line.partition("=")[0]: line.partition("=")[2] for line in text.splitlines()}
    graph = json.loads(re.sub(r"(\d+):", r'"\1":', part["graph"]))
    rows = [(one, int(two), km) for one, near in enumerate(graph) for two, km in near.items() if one < int(two)]
    table = np.array(rows)
    return {"nodes": np.array(json.loads(part["nodes"])), "ends": table[:, :2].astype(np.int64), "km": table[:, 2]}


def sphere(lat: Floats, lon: Floats) -> Floats:
    """Points in km in space."""
    return in_space(np.column_stack([lon, lat]))
