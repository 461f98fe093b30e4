"""Which edges the best ways use: flow is laid on labels, arcs and at last on edges."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from corridors.engine.kernel import compiled
from corridors.engine.topology import Unpacking

Array = Any
"""An array inside compiled code."""


class Climbed(NamedTuple):
    """Ways of some nodes up the elimination tree, with the labels of one column of weights.

    `way` is the rank and `label` the distance by row and depth (-1 below the node itself); `shift` is 0 for ways
    from sources and 1 for ways to targets, as in the cells of an arc.
    """

    way: Array
    label: Array
    shift: int


class Pairs(NamedTuple):
    """Pairs of sources and targets by their rows, and the flow between them."""

    source: Array
    target: Array
    amount: Array


@compiled
def lay(u: Unpacking, up: Climbed, down: Climbed, pairs: Pairs, cells: Array, weights: Array) -> Array:
    """Flow over each edge when every pair takes its best way, for one column of weights.

    `weights` has one number per edge, with which the column was customized; `cells` are what the arcs came to.
    """
    flow_up, flow_down = _meet(up, down, pairs)
    on_cell = np.zeros(2 * len(u.depth_above))
    _descend(u, up, flow_up, cells, on_cell)
    _descend(u, down, flow_down, cells, on_cell)
    on_edge = np.zeros(len(weights))
    for cell in range(len(on_cell) - 1, -1, -1):
        if on_cell[cell] != 0:
            _resolve(u, cell, cells, weights, on_cell, on_edge)
    return on_edge


@compiled
def _meet(up: Climbed, down: Climbed, pairs: Pairs) -> tuple[Array, Array]:
    """Lay the flow of pairs on the labels at which their best ways turn from up to down."""
    flow_up, flow_down = np.zeros(up.way.shape), np.zeros(down.way.shape)
    for pair in range(len(pairs.source)):
        s, t = pairs.source[pair], pairs.target[pair]
        depth = turn(up, down, s, t)
        if depth >= 0:
            flow_up[s, depth] += pairs.amount[pair]
            flow_down[t, depth] += pairs.amount[pair]
    return flow_up, flow_down


@compiled
def turn(up: Climbed, down: Climbed, s: int, t: int) -> int:
    """Depth of the node at which the best way of a pair turns, the lowest of equals; -1 where there is no way."""
    common = 0
    while common < up.way.shape[1] and up.way[s, common] >= 0 and up.way[s, common] == down.way[t, common]:
        common += 1
    best, place = np.inf, -1
    for depth in range(common - 1, -1, -1):
        total = up.label[s, depth] + down.label[t, depth]
        if total < best:
            best, place = total, depth
    return place


@compiled
def _descend(u: Unpacking, side: Climbed, flow: Array, cells: Array, on_cell: Array) -> None:
    """Move the flow of labels (rows by depth) to the cells by which they were reached."""
    for row in range(flow.shape[0]):
        start = start_of(side, row)
        for depth in range(start):
            if flow[row, depth] != 0:
                below, cell = reached_by(u, side, row, depth, start, cells)
                if cell >= 0:
                    on_cell[cell] += flow[row, depth]
                    flow[row, below] += flow[row, depth]


@compiled
def reached_by(u: Unpacking, side: Climbed, row: int, depth: int, start: int, cells: Array) -> tuple[int, int]:
    """Depth from which a label was reached, and the cell over which; -1 where it was not."""
    wanted = side.label[row, depth]
    for below in range(start, depth, -1):
        node, label = side.way[row, below], side.label[row, below]
        for arc in range(u.start[node], u.start[node + 1]):
            cell = 2 * arc + side.shift
            if u.depth_above[arc] == depth and label + cells[cell] == wanted:
                return below, cell
    return -1, -1


@compiled
def start_of(side: Climbed, row: int) -> int:
    """Depth at which the way of a row begins."""
    start = 0
    while start + 1 < side.way.shape[1] and side.way[row, start + 1] >= 0:
        start += 1
    return start


@compiled
def edge_of(u: Unpacking, cell: int, cells: Array, weights: Array) -> int:
    """Edge that is a cell, -1 where the cell stands for a way over a lower node."""
    for place in range(u.edge_from[cell], u.edge_from[cell + 1]):
        if weights[u.edge[place]] == cells[cell]:
            return int(u.edge[place])
    return -1


@compiled
def cells_of(u: Unpacking, cell: int, cells: Array) -> tuple[int, int]:
    """Cells of the triangle that a cell was shortened by, -1 where there is none."""
    arc, back = cell // 2, cell % 2
    for triangle in range(u.triangle_from[arc], u.triangle_from[arc + 1]):
        first, second = 2 * int(u.first[triangle]), 2 * int(u.second[triangle])
        one, other = (second + 1, first) if back else (first + 1, second)
        if cells[one] + cells[other] == cells[cell]:
            return one, other
    return -1, -1


@compiled
def _resolve(u: Unpacking, cell: int, cells: Array, weights: Array, on_cell: Array, on_edge: Array) -> None:
    """Move the flow of a cell to an edge, or to the two cells of a triangle below."""
    edge = edge_of(u, cell, cells, weights)
    if edge >= 0:
        on_edge[edge] += on_cell[cell]
        return
    one, other = cells_of(u, cell, cells)
    if one >= 0:
        on_cell[one] += on_cell[cell]
        on_cell[other] += on_cell[cell]
