"""Gaps: ends of lines that stop short of another line of the same kind."""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from corridors.base.sphere import Floats, in_space
from corridors.data.osm_account import GAPS
from corridors.osm.chains import Chains
from corridors.osm.ways import Ints, Mask

REPORTED_KM = 1.0
"""Gaps up to this length are reported."""

ROUND_KM = 5.0
"""What can be reached over the network within this distance is no gap."""

_AHEAD = 0.5
"""Least cosine between the direction of a line at its end and the gap: tracks that end side by side are no gap."""

_SAME_POINT_KM = 0.01


def find(chains: Chains, lonlat: Floats, expected: Mask, most_km: float) -> tuple[Ints, Ints, Floats]:
    """Find ends of lines that stop within reach of another line to which the way round is long.

    Parameters
    ----------
    chains
        Chains that may meet each other.
    lonlat
        Position of each vertex.
    expected
        Vertices where a line may well end: stations, buffer stops, piers.
    most_km
        Longest gap looked for.

    Returns
    -------
    array, array, array
        Vertex where a line ends, nearest vertex beyond the gap, and the gap in km; each gap once.
    """
    ends = np.concatenate([chains.first, chains.last])
    vertex, count = np.unique(ends, return_counts=True)
    dead = vertex[(count == 1) & ~expected[vertex]]
    none = np.zeros(0, dtype=np.int64)
    if len(dead) == 0 or most_km == 0:
        return none, none, np.zeros(0)
    space = in_space(lonlat[chains.refs])
    hits = cKDTree(space).query_ball_point(in_space(lonlat[dead]), most_km)
    web = _Web(chains, lonlat)
    heading = _headings(chains, lonlat)
    found: dict[tuple[int, int], float] = {}
    for end, entries in zip(dead.tolist(), hits, strict=True):
        near = np.asarray(entries)
        near = near[chains.refs[near] != end]
        far = near[~web.reached(end, near)] if len(near) else near
        if len(far):
            to = space[far] - in_space(lonlat[end])
            km = np.linalg.norm(to, axis=1)
            ahead = (to @ heading[end] >= _AHEAD * km) | (km <= _SAME_POINT_KM)
            if ahead.any():
                best = int(np.where(ahead, km, np.inf).argmin())
                target = int(chains.refs[far[best]])
                found.setdefault((min(end, target), max(end, target)), float(km[best]))
    pairs = np.array(list(found), dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1], np.array(list(found.values()))


def _headings(chains: Chains, lonlat: Floats) -> dict[int, Floats]:
    """Direction in which the chain at each end runs out, as a vector of length 1."""
    tips = np.concatenate([chains.first, chains.last])
    before = np.concatenate([chains.refs[chains.start[:-1] + 1], chains.refs[chains.start[1:] - 2]])
    ahead = in_space(lonlat[tips]) - in_space(lonlat[before])
    ahead /= np.maximum(np.linalg.norm(ahead, axis=1), 1e-12)[:, None]
    return dict(zip(tips.tolist(), ahead, strict=True))


class _Web:
    """Ways round along chains, near one point at a time."""

    def __init__(self, chains: Chains, lonlat: Floats) -> None:
        self.chain, self.along, self.km = chains.of_ref, chains.along_km(lonlat), chains.km
        self.first, self.last = chains.first, chains.last
        self.next: dict[int, list[tuple[int, float]]] = {}
        for a, b, km in zip(self.first.tolist(), self.last.tolist(), chains.km.tolist(), strict=True):
            self.next.setdefault(a, []).append((b, km))
            self.next.setdefault(b, []).append((a, km))

    def reached(self, start: int, entries: Ints) -> Mask:
        """Tell which entries of `refs` are reached from a chain end within `ROUND_KM`."""
        distance = self._near(start)
        chain, along = self.chain[entries], self.along[entries]
        begin = np.array([distance.get(v, np.inf) for v in self.first[chain].tolist()])
        end = np.array([distance.get(v, np.inf) for v in self.last[chain].tolist()])
        return np.minimum(begin + along, end + self.km[chain] - along) <= ROUND_KM

    def _near(self, start: int) -> dict[int, float]:
        distance: dict[int, float] = {}
        heap = [(0.0, start)]
        while heap:
            km, vertex = heappop(heap)
            if vertex in distance:
                continue
            distance[vertex] = km
            for other, step in self.next.get(vertex, ()):
                if km + step <= ROUND_KM and other not in distance:
                    heappush(heap, (km + step, other))
        return distance


def table(mode: str, lonlat: Floats, gaps: tuple[Ints, Ints, Floats], closed: Mask) -> pd.DataFrame:
    """Table of gaps as the report shows them."""
    first, second, km = gaps
    here, there = lonlat[first], lonlat[second]
    columns = [np.full(len(km), mode, dtype=object), *here.T, *there.T, km, closed]
    return pd.DataFrame(dict(zip(GAPS, columns, strict=True)))
