"""The railways and main roads of the region as a graph with its holes mended.

The package that carries them gives nodes and lengths: the length of an edge is measured along the line, its shape is
only the chord. Lines are cut where tiles of the source met; the cuts are closed here by three rules and a short list.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from corridors.base.sphere import EARTH_KM, in_space
from corridors.network.trace import symmetric
from layers.region import extent
from layers.sources import source_file

if TYPE_CHECKING:
    from pathlib import Path

# Rules that close cuts: an end of a line joins any node so near, if the way round is so long; then two ends; then the
# remaining separate pieces.
END_TO_NODE_KM, END_TO_NODE_ROUND_KM = 1.0, 5.0
END_TO_END_KM, END_TO_END_ROUND_KM = 4.0, 25.0
PIECE_KM = 6.0


@dataclass(frozen=True)
class Lines:
    """A graph of lines: positions of nodes, pairs of nodes, length of each pair along the line."""

    lonlat: np.ndarray
    pairs: np.ndarray
    km: np.ndarray

    @property
    def size(self) -> int:
        """Number of nodes."""
        return len(self.lonlat)

    @cached_property
    def space(self) -> cKDTree:
        """Nodes as points in space: straight distances in km, good for what is near."""
        return cKDTree(in_space(self.lonlat))

    @cached_property
    def matrix(self) -> sparse.csr_matrix:
        """Lengths as a symmetric sparse matrix."""
        return symmetric(self.pairs, self.km, self.size)

    @cached_property
    def ends(self) -> np.ndarray:
        """Nodes with one neighbour."""
        return np.flatnonzero(np.bincount(self.pairs.ravel(), minlength=self.size) == 1)

    def joined(self, pairs: np.ndarray, km: np.ndarray) -> Lines:
        """The graph with further edges."""
        if len(pairs) == 0:
            return self
        return replace(self, pairs=np.vstack([self.pairs, pairs]), km=np.concatenate([self.km, km]))


def great_circle_km(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Measure great circles between positions, row by row."""
    chord = np.linalg.norm(in_space(a) - in_space(b), axis=1)
    return 2 * EARTH_KM * np.arcsin(np.clip(chord / (2 * EARTH_KM), 0, 1))


def read_lines(name: str, cache: Path, area: shapely.Polygon | None = None) -> Lines:
    """Read ``railways`` or ``highways`` of an area, by default of the region, without self-loops."""
    text = source_file(name, cache).read_text(encoding="utf-8")
    lists = {key: re.search(rf"^{key}=(.*)$", text, re.MULTILINE) for key in ("graph", "nodes")}
    if lists["graph"] is None or lists["nodes"] is None:
        msg = f"{name}: the package has another form than expected"
        raise ValueError(msg)
    lonlat = np.array(json.loads(lists["nodes"].group(1)))[:, ::-1]
    graph = json.loads(re.sub(r"(\d+):", r'"\1":', lists["graph"].group(1)))
    edges = [(a, int(b), km) for a, row in enumerate(graph) for b, km in row.items() if a < int(b)]
    table = np.array(edges)
    return _cut(Lines(lonlat, table[:, :2].astype(int), table[:, 2]), extent() if area is None else area)


def _cut(lines: Lines, area: shapely.Polygon) -> Lines:
    """Keep what lies in an area, and number the nodes anew."""
    inside = shapely.contains_xy(area, lines.lonlat[:, 0], lines.lonlat[:, 1])
    kept = inside[lines.pairs].all(axis=1)
    number = np.cumsum(inside) - 1
    return Lines(lines.lonlat[inside], number[lines.pairs[kept]], lines.km[kept])


def mend(lines: Lines) -> Lines:
    """Close the cuts between pieces of one line."""
    lines = _join_ends(lines, END_TO_NODE_KM, END_TO_NODE_ROUND_KM, ends_only=False)
    lines = _join_ends(lines, END_TO_END_KM, END_TO_END_ROUND_KM, ends_only=True)
    return _join_pieces(lines)


def _join_ends(lines: Lines, near_km: float, round_km: float, *, ends_only: bool) -> Lines:
    """Join the ends of lines to what is near by air and far by the network."""
    targets = lines.ends if ends_only else np.arange(lines.size)
    tree = cKDTree(in_space(lines.lonlat[targets]))
    near = tree.query_ball_point(in_space(lines.lonlat[lines.ends]), near_km)
    found: dict[tuple[int, int], float] = {}
    for end, hits in zip(lines.ends, near, strict=True):
        others = targets[hits][targets[hits] != end]
        if len(others) == 0:
            continue
        way = csgraph.dijkstra(lines.matrix, indices=end, limit=round_km)
        far = others[np.isinf(way[others])]
        if len(far):
            gaps = great_circle_km(np.repeat(lines.lonlat[[end]], len(far), axis=0), lines.lonlat[far])
            other = far[gaps.argmin()]
            found[min(end, other), max(end, other)] = float(gaps.min())
    return lines.joined(np.array(list(found), dtype=int).reshape(-1, 2), np.array(list(found.values())))


def _join_pieces(lines: Lines) -> Lines:
    """Join separate pieces by their shortest gap, the narrowest first."""
    _, piece = csgraph.connected_components(lines.matrix, directed=False)
    gaps = lines.space.query_pairs(PIECE_KM, output_type="ndarray")
    gaps = gaps[piece[gaps[:, 0]] != piece[gaps[:, 1]]]
    km = great_circle_km(lines.lonlat[gaps[:, 0]], lines.lonlat[gaps[:, 1]])
    chosen = []
    for row in np.argsort(km, kind="stable"):
        a, b = piece[gaps[row]]
        if a != b:
            chosen.append(row)
            piece[piece == b] = a
    return lines.joined(gaps[chosen], km[chosen])
