"""What the processor and the memory allow at best: `python -m benchmarks.floor`, a process of `benchmarks.run`.

The kernel's work is additions and minima of vectors. Their number follows from the hierarchy, their speed is measured
here on data that stays in the fastest cache, and so is the speed at which weights can be read from memory.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numba
import numpy as np

from benchmarks import networks
from benchmarks.networks import Net
from benchmarks.osm import Ints
from corridors.engine import Hierarchy
from corridors.engine.lanes import WIDTH_BYTES, relax_row

LANES = WIDTH_BYTES // 4
ARCS, ROW, TURNS = 128, 32, 20_000
"""Arcs that fit the fastest cache, arcs of a row that is relaxed, and how often."""

READ_BYTES = 512_000_000


@numba.njit  # type: ignore[misc]
def _relax(cells: Any, target: Any, turns: int) -> None:
    for _ in range(turns):
        relax_row((0,), cells, 0, ROW, target, 0)


def vector_ns() -> float:
    """Measure the time of one addition and minimum of vectors (16 columns)."""
    cells = np.ones(2 * ARCS * LANES, dtype=np.float32)
    target = np.arange(ROW + 1, 2 * ROW + 1, dtype=np.int32)
    _relax(cells, target, 1)
    return _fastest(lambda: _relax(cells, target, TURNS)) / (2 * ROW * TURNS) * 1e9


def read_gb_s() -> float:
    """Measure how fast one thread reads memory."""
    numbers = np.ones(READ_BYTES // 4, dtype=np.float32)
    return READ_BYTES / _fastest(numbers.max) / 1e9


def operations(net: Net) -> dict[str, int]:
    """Count additions and minima of one column of weights: triangles, labels of the places, and their meeting."""
    topology = Hierarchy.build(net.nodes, net.tail, net.head).topology
    degree = np.diff(topology.start)
    ways = [[_way(topology.parent, topology.rank[node]) for node in nodes] for nodes in (net.sources, net.targets)]
    labels = sum(int(degree[way].sum()) for side in ways for way in side)
    reached = [set(way.tolist()) for way in ways[1]]
    meetings = sum(len(other.intersection(way.tolist())) for way in ways[0] for other in reached)
    return {"triangles": 2 * len(topology.target), "labels": labels, "meetings": meetings}


def _way(parent: Ints, rank: int) -> Ints:
    """Follow a node up to its root."""
    way = [int(rank)]
    while parent[way[-1]] >= 0:
        way.append(int(parent[way[-1]]))
    return np.array(way)


def _fastest(work: Callable[[], object], repeats: int = 7) -> float:
    times = []
    for _ in range(repeats):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return min(times)


def lay_out_s(net: Net, columns: int = 160) -> float:
    """Measure how long 1,000 columns of weights take to be brought into the order of the kernel."""
    hierarchy = Hierarchy.build(net.nodes, net.tail, net.head)
    weights = net.noisy(net.base, columns, 0)
    hierarchy.lay_out(weights)  # numba compiles, and the work is planned
    return _fastest(lambda: hierarchy.lay_out(weights), 3) * 1000 / columns


def facts() -> dict[str, float]:
    """The floor of the draws on the regional network."""
    net = networks.get("region")
    counts = operations(net)
    per_column = sum(counts.values())
    speed, reading = vector_ns(), read_gb_s()
    return {
        **counts,
        "vector_ns": speed,
        "read_gb_s": reading,
        "work_s": per_column * speed * 1e-9 * 1000 / LANES,
        "read_s": 4e-9 * net.edges * 1000 / reading,
        "lay_out_s": lay_out_s(net),
    }


if __name__ == "__main__":
    for name, value in facts().items():
        print(name, f"{value:.6g}")
