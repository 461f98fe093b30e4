"""The compiled topology: arcs of the contracted graph, its elimination tree and its triangles, as arrays.

Nodes are numbered by rank in a postorder of the elimination tree, so that a subtree is a range. An arc joins a node
to one of higher rank and stands for both directions. A triangle is a node with two of its arcs: the way over the node
may shorten the arc between the two others. Relaxing all triangles from the lowest node up makes every arc as short as
the best way over lower nodes (customization); then every best way climbs to one node and descends from it.

Reference: J. Dibbelt, B. Strasser and D. Wagner, "Customizable contraction hierarchies", ACM Journal of Experimental
Algorithmics 21, 2016, doi:10.1145/2886843.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridors.engine.order import eliminate, eliminate_in

Ints = NDArray[np.int64]
Ints32 = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Topology:
    """Arrays of a contracted graph.

    Attributes
    ----------
    rank
        Rank of each node.
    parent, depth
        Of each rank in the elimination tree; the parent of a root is -1, its depth 0.
    start
        First arc of each rank (and one more).
    above
        Higher end of each arc, ascending within a rank.
    target
        Arc that each triangle may shorten; triangles by rank, first arc and second arc.
    arc
        Arc and direction of each edge: 2 x arc, plus 1 where the edge leads down; -1 for loops.
    """

    rank: Ints32
    parent: Ints32
    depth: Ints32
    start: Ints
    above: Ints32
    target: Ints32
    arc: Ints32

    @classmethod
    def build(cls, nodes: int, tail: Ints, head: Ints, order: Ints | None = None) -> Topology:
        """Contract a graph, in an order that is given or found."""
        taken = eliminate(nodes, tail, head) if order is None else eliminate_in(nodes, tail, head, order.tolist())
        rank, low, high = _ranked(nodes, *taken)
        start = np.searchsorted(low, np.arange(nodes + 1))
        parent = np.full(nodes, -1, dtype=np.int64)
        has = np.diff(start) > 0
        parent[has] = high[start[:-1][has]]
        key = low * nodes + high
        target = _triangles(nodes, start, high, key)
        ends = np.minimum(rank[tail], rank[head]), np.maximum(rank[tail], rank[head])
        arc = 2 * np.searchsorted(key, ends[0] * nodes + ends[1]) + (rank[tail] > rank[head])
        small = np.int32
        return cls(
            rank.astype(small),
            parent.astype(small),
            _depths(parent).astype(small),
            start.astype(np.int64),
            high.astype(small),
            target,
            np.where(tail == head, -1, arc).astype(small),
        )

    @cached_property
    def lowest(self) -> Ints32:
        """Lowest rank of the subtree of each rank."""
        found = np.arange(len(self.parent)).tolist()
        for node, above in enumerate(self.parent.tolist()):
            if above >= 0 and found[node] < found[above]:
                found[above] = found[node]
        return np.array(found, dtype=np.int32)

    @property
    def nbytes(self) -> int:
        """Size of the arrays in bytes."""
        return sum(array.nbytes for array in vars(self).values())


def _ranked(nodes: int, order: list[int], above: list[list[int]]) -> tuple[Ints, Ints, Ints]:
    """Rank nodes in postorder of the elimination tree; also return the two ends of all arcs, sorted."""
    turn = np.empty(nodes, dtype=np.int64)
    turn[order] = np.arange(nodes)
    count = np.array([len(some) for some in above], dtype=np.int64)
    low = np.repeat(np.arange(nodes), count)
    high = turn[np.array([other for some in above for other in some], dtype=np.int64)]
    parent = np.full(nodes, nodes, dtype=np.int64)
    np.minimum.at(parent, low, high)
    post = _postorder(parent.tolist())
    low, high = post[low], post[high]
    by_rank = np.lexsort((high, low))
    return post[turn], low[by_rank], high[by_rank]


def _postorder(parent: list[int]) -> Ints:
    """Return the number of every node of a forest in postorder; a root has the number of nodes as parent."""
    n = len(parent)
    size = [1] * (n + 1)
    for node, above in enumerate(parent):
        size[above] += size[node]
    # a parent has a higher number than its children and ends its range; ranges are handed out from the top
    free = [n] * (n + 1)
    end = [0] * n
    for node in range(n - 1, -1, -1):
        above = parent[node]
        end[node] = free[above] - 1
        free[above] -= size[node]
        free[node] = end[node]
    return np.array(end, dtype=np.int64)


def _depths(parent: Ints) -> Ints:
    depth = [0] * len(parent)
    above = parent.tolist()
    for node in range(len(above) - 1, -1, -1):
        if above[node] >= 0:
            depth[node] = depth[above[node]] + 1
    return np.array(depth, dtype=np.int64)


def _triangles(nodes: int, start: Ints, high: Ints, key: Ints) -> Ints32:
    """Find the arc between the ends of every two arcs of a node."""
    degree = np.diff(start)
    begin = np.append(0, np.cumsum(degree * (degree - 1) // 2))
    target = np.empty(begin[-1], dtype=np.int32)
    for d in np.unique(degree[degree > 1]):
        here = np.flatnonzero(degree == d)
        first, second = np.triu_indices(d, 1)
        # in slices, so that memory stays near the size of the result
        for some in np.array_split(here, 1 + len(here) * len(first) // 1_000_000):
            ends = high[start[some][:, None] + first], high[start[some][:, None] + second]
            found = np.searchsorted(key, ends[0] * nodes + ends[1])
            target[begin[some][:, None] + np.arange(len(first))] = found
    return target


class Unpacking(NamedTuple):
    """The triangles below each arc, and the edges of each of its two directions.

    A triangle is given by its two lower arcs. Nodes are those of the topology, by rank.
    """

    start: Ints
    depth_above: Ints32
    triangle_from: Ints
    first: Ints32
    second: Ints32
    edge_from: Ints
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
