"""Which edges the best ways use: flow is laid on labels, arcs and at last on edges."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridors.engine.kernel import compiled
from corridors.engine.topology import Topology

Array = Any
Ints32 = NDArray[np.int32]


class Unpacking(NamedTuple):
    """The triangles below each arc, and the edges of each of its two directions.

    A triangle is given by its two lower arcs. Nodes are those of the topology, by rank.
    """

    start: Array
    depth_above: Ints32
    triangle_from: Array
    first: Ints32
    second: Ints32
    edge_from: Array
    edge: Ints32


def make_unpacking(t: Topology) -> Unpacking:
    """Sort triangles and edges by arc."""
    degree = np.diff(t.start)
    behind = np.repeat(t.start[1:], degree) - np.arange(len(t.above)) - 1
    first = np.repeat(np.arange(len(t.above)), behind)
    second = np.arange(len(first)) - np.repeat(np.cumsum(behind) - behind, behind) + first + 1
    order = np.argsort(t.target, kind="stable")
    triangle_from = np.searchsorted(t.target[order], np.arange(len(t.above) + 1))
    edges = np.argsort(t.arc, kind="stable")
    edge_from = np.searchsorted(t.arc[edges], np.arange(2 * len(t.above) + 1))
    small = np.int32
    return Unpacking(
        t.start,
        t.depth[t.above].astype(small),
        triangle_from,
        first[order].astype(small),
        second[order].astype(small),
        edge_from,
        edges.astype(small),
    )


@compiled
def descend(
    u: Unpacking, way: Array, levels: int, lanes: int, lane: int, shift: int, cells: Array, labels: Array, flow: Array,
    on_cell: Array,
) -> None:  # fmt: skip
    """Move the flow of labels (rows by depth) to the cells by which they were reached."""
    for row in range(flow.shape[0]):
        start = 0
        while start + 1 < levels and way[row, start + 1] >= 0:
            start += 1
        base = row * levels * lanes + lane
        for depth in range(start):
            amount = flow[row, depth]
            if amount == 0:
                continue
            wanted = labels[base + depth * lanes]
            below = start
            found = False
            while not found and below > depth:
                node = way[row, below]
                for arc in range(u.start[node], u.start[node + 1]):
                    cell = 2 * arc + shift
                    if (
                        u.depth_above[arc] == depth
                        and labels[base + below * lanes] + cells[cell * lanes + lane] == wanted
                    ):
                        on_cell[cell] += amount
                        flow[row, below] += amount
                        found = True
                        break
                below -= 1


@compiled
def lay(
    u: Unpacking, ways: Array, targets: Array, source: Array, target: Array, amount: Array, levels: int, lanes: int,
    lane: int, cells: Array, from_source: Array, to_target: Array, weights: Array, on_edge: Array,
) -> None:  # fmt: skip
    """Lay the flow of pairs on the edges of their best ways, for one lane.

    `weights` has one number per edge, with which the lane was customized; `on_edge` is added to.
    """
    up = np.zeros(ways.shape)
    down = np.zeros(targets.shape)
    for pair in range(len(source)):
        s, t = source[pair], target[pair]
        common = 0
        while common < levels and ways[s, common] >= 0 and ways[s, common] == targets[t, common]:
            common += 1
        best, place = np.inf, -1
        for depth in range(common - 1, -1, -1):
            total = from_source[(s * levels + depth) * lanes + lane] + to_target[(t * levels + depth) * lanes + lane]
            if total < best:
                best, place = total, depth
        if place >= 0:
            up[s, place] += amount[pair]
            down[t, place] += amount[pair]
    on_cell = np.zeros(2 * len(u.depth_above))
    descend(u, ways, levels, lanes, lane, 0, cells, from_source, up, on_cell)
    descend(u, targets, levels, lanes, lane, 1, cells, to_target, down, on_cell)
    for cell in range(len(on_cell) - 1, -1, -1):
        if on_cell[cell] != 0:
            _resolve(u, cell, lanes, lane, cells, weights, on_cell, on_edge)


@compiled
def _resolve(
    u: Unpacking, cell: int, lanes: int, lane: int, cells: Array, weights: Array, on_cell: Array, on_edge: Array
) -> None:
    """Move the flow of a cell to an edge, or to the two cells of a triangle below."""
    wanted, amount = cells[cell * lanes + lane], on_cell[cell]
    for e in range(u.edge_from[cell], u.edge_from[cell + 1]):
        if weights[u.edge[e]] == wanted:
            on_edge[u.edge[e]] += amount
            return
    arc, back = cell // 2, cell % 2
    for triangle in range(u.triangle_from[arc], u.triangle_from[arc + 1]):
        first, second = 2 * np.int64(u.first[triangle]), 2 * np.int64(u.second[triangle])
        one, other = (second + 1, first) if back else (first + 1, second)
        if cells[one * lanes + lane] + cells[other * lanes + lane] == wanted:
            on_cell[one] += amount
            on_cell[other] += amount
            return
