"""A graph reduced to its core, in compiled code: nodes with few neighbours are contracted, the others stay.

Contracting all nodes takes long where a graph has no small separators, as a grid. Of any graph of roads or rails most
nodes have few neighbours, and still have few when those before them are gone. What is left is a core of some per cent.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridors.engine.contraction import ZERO, Rows, arc_of_edges, arcs_of, neighbours, room, rows_of, take, triangles
from corridors.engine.heap import pop, push
from corridors.engine.kernel import compiled
from corridors.engine.topology import Topology

Array = Any
"""An array inside compiled code."""

Ints = NDArray[np.int64]

MOST_NEIGHBOURS = 10
"""Neighbours of a node that is contracted at most: with more, the core hardly becomes smaller."""


class Reduced(NamedTuple):
    """A graph whose lower ranks are contracted, and whose higher ones are a core; the core may be empty.

    `rank` is of each node; `start`, `above`, `target` and `arc` are as in `Topology`, with triangles of the
    `contracted` ranks only; `low` is the lower end of each arc. A *cell* is 2 x arc, plus 1 for the way down.
    `core_start` has the first entry of each node of the core, `core_head` and `core_cell` their heads, counted from
    the first node of the core, and cells.
    """

    rank: Array
    start: Array
    above: Array
    low: Array
    target: Array
    arc: Array
    contracted: int
    core_start: Array
    core_head: Array
    core_cell: Array


def of_topology(t: Topology) -> Reduced:
    """Return a graph that is contracted as a whole."""
    none = np.zeros(0, dtype=np.int32)
    low = np.repeat(np.arange(len(t.rank), dtype=np.int32), np.diff(t.start))
    return Reduced(t.rank, t.start, t.above, low, t.target, t.arc, len(t.rank), np.zeros(1, np.int64), none, none)


def reduce(nodes: int, tail: Ints, head: Ints, most: int = MOST_NEIGHBOURS) -> Reduced:
    """Contract the nodes that have few neighbours.

    Parameters
    ----------
    nodes
        Number of nodes.
    tail, head
        Nodes of each directed edge.
    most
        Neighbours of a node that is contracted at most.

    >>> reduce(4, np.array([0, 1, 2]), np.array([1, 2, 3]), 1).contracted
    4
    """
    order, count, above, contracted = _eliminate(nodes, tail, head, most)
    rank = np.empty(nodes, dtype=np.int32)
    rank[order] = np.arange(nodes, dtype=np.int32)
    start, high = arcs_of(rank, order, count, above)
    low = np.repeat(np.arange(nodes, dtype=np.int32), np.diff(start))
    arc = arc_of_edges(rank, start, high, tail, head)
    inner = np.arange(start[contracted], start[-1], dtype=np.int32)
    ends = np.concatenate([low[inner], high[inner]]), np.concatenate([high[inner], low[inner]])
    by_tail = np.argsort(ends[0], kind="stable")
    core_start = np.searchsorted(ends[0][by_tail], np.arange(contracted, nodes + 1))
    cells = np.concatenate([2 * inner, 2 * inner + 1])[by_tail]
    core_head = ends[1][by_tail] - np.int32(contracted)
    target = triangles(start, high, contracted)
    return Reduced(rank, start, high, low, target, arc, contracted, core_start, core_head, cells)


@compiled
def _eliminate(nodes: int, tail: Array, head: Array, most: int) -> tuple[Array, Array, Array, int]:
    """Eliminate nodes, those with the fewest neighbours first; behind them stand those that are left.

    Returns the order, the number and the run of neighbours that each had by then (those that are left: that stand
    behind it), and how many were eliminated.
    """
    start, pool = neighbours(nodes, tail, head)
    rows, used = rows_of(start), len(pool)
    order, count, gone = np.empty(nodes, np.int32), np.empty(nodes, np.int32), np.zeros(nodes, np.bool_)
    above, filled, done = np.empty(len(pool) + 16, np.int32), ZERO, ZERO
    stamp, token, size = np.zeros(nodes, np.int64), ZERO, ZERO
    key, item = np.empty(2 * nodes + 16, np.int64), np.empty(2 * nodes + 16, np.int32)
    for node in range(nodes):
        if rows.size[node] <= most:
            size = push(key, item, size, rows.size[node] * nodes + node, node)
    while size:
        size = pop(key, item, size)
        node, degree = item[size], rows.size[item[size]]
        if gone[node] or key[size] // nodes != degree:
            continue
        gone[node] = True
        above = room(above, filled, degree)
        around = above[filled : filled + degree]
        pool, used, token = take(node, around, rows, pool, used, stamp, token)
        order[done], count[done] = node, degree
        done, filled = done + 1, filled + degree
        key, item = room(key, size, degree), room(item, size, degree)
        for other in around:
            if rows.size[other] <= most:
                size = push(key, item, size, rows.size[other] * nodes + other, other)
    above, filled = _list_core(gone, rows, pool, order, count, above, filled, done)
    return order, count, above[:filled], done


@compiled
def _list_core(
    gone: Array, rows: Rows, pool: Array, order: Array, count: Array, above: Array, filled: int, done: int
) -> tuple[Array, int]:
    """Put the nodes that are left behind the others, each with the neighbours that stand behind it."""
    for node in range(len(gone)):
        if gone[node]:
            continue
        above, degree = room(above, filled, rows.size[node]), 0
        for e in range(rows.begin[node], rows.begin[node] + rows.size[node]):
            if pool[e] > node:
                above[filled + degree] = pool[e]
                degree += 1
        order[done], count[done] = node, degree
        done, filled = done + 1, filled + degree
    return above, filled
