"""Contraction in an order that is given, in compiled code: no neighbours are counted, which saves most of the time.

The results are those of `contraction.contract` where the order is the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from corridors.engine.contraction import laid_out, neighbours, room
from corridors.engine.kernel import compiled

Array = Any
"""An array inside compiled code."""


@compiled
def contract_in(nodes: int, tail: Array, head: Array, order: Array) -> tuple[Array, ...]:
    """Contract a graph in a given order (int32), a permutation of its nodes; arrays as from `contract`."""
    count, above = _filled_in(nodes, tail, head, order)
    return laid_out(tail, head, order, count, above)


@compiled
def _filled_in(nodes: int, tail: Array, head: Array, order: Array) -> tuple[Array, Array]:
    """Number and run of neighbours that each node has in its turn: its own later ones, and those of its children.

    Neighbours of a node are neighbours of the first of them by the time that it is taken out, so that a node takes
    them over from its children in the elimination tree alone.
    """
    start, near = neighbours(nodes, tail, head)
    turn = np.empty(nodes, np.int32)
    for i in range(nodes):
        turn[order[i]] = i
    begin, count = np.zeros(nodes + 1, np.int64), np.zeros(nodes, np.int32)
    above, filled = np.empty(len(near) + 16, np.int32), 0
    child, sibling, stamp = np.full(nodes, -1, np.int32), np.full(nodes, -1, np.int32), np.full(nodes, -1, np.int32)
    for i in range(nodes):
        node = order[i]
        more = start[node + 1] - start[node]
        young = child[i]
        while young >= 0:
            more += count[young]
            young = sibling[young]
        above = room(above, filled, more)
        first, lowest = filled, nodes
        stamp[node] = i
        for e in range(start[node], start[node + 1]):
            other = near[e]
            if turn[other] > i:
                stamp[other], above[filled] = i, other
                filled, lowest = filled + 1, min(lowest, turn[other])
        young = child[i]
        while young >= 0:
            for e in range(begin[young], begin[young] + count[young]):
                other = above[e]
                if stamp[other] != i:
                    stamp[other], above[filled] = i, other
                    filled, lowest = filled + 1, min(lowest, turn[other])
            young = sibling[young]
        begin[i], count[i] = first, filled - first
        if lowest < nodes:
            sibling[i], child[lowest] = child[lowest], i
    return count, above[:filled].copy()
