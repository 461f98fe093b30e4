"""Best ways round edges that are closed, one set of them after the other, between the same two nodes.

What is left to the target in the open graph is never more than what is left where edges are closed, so it leads a
search (A*) that looks only at nodes near the detour. A detour that goes far is found on the whole graph instead.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy
from numpy.typing import NDArray

from corridors.engine.plain import least_parallel, shortest_way

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_NODES = 2_000
"""Nodes after which the search that is led gives way to the one on the whole graph."""


@dataclass(frozen=True, eq=False)
class Detours:
    """Two nodes of a weighted graph, between which edges are closed.

    Attributes
    ----------
    nodes
        Number of nodes.
    tail, head, weight
        Of each edge; weights are zero or more, `inf` where an edge is closed always.
    source, target
        Two different nodes.

    >>> weight = np.array([1.0, 1.0, 3.0])
    >>> detours = Detours(3, np.array([0, 1, 0]), np.array([1, 2, 2]), weight, 0, 2)
    >>> detours.around([]), detours.around([1]), detours.around([1, 2])
    ([0, 1], [2], None)
    """

    nodes: int
    tail: Ints
    head: Ints
    weight: Floats
    source: int
    target: int

    def around(self, closed: Iterable[int]) -> list[int] | None:
        """Edges of the best way without some edges, or None where there is none.

        Parameters
        ----------
        closed
            Edges that may not be used.
        """
        shut = set(closed)
        found = self._led(shut)
        if found is None:
            weight = self.weight.copy()
            weight[list(shut)] = np.inf
            return shortest_way(self.nodes, (self.tail, self.head, weight), self.source, self.target)
        return found or None

    def _led(self, shut: set[int]) -> list[int] | None:
        """Edges of the best way, none where there is no way; None where the search looks at too many nodes."""
        edges, start, heads, weights, left = self._lists
        least, before, done = {self.source: 0.0}, dict[int, int](), set[int]()
        heap = [(left[self.source], self.source)]
        while heap:
            _, node = heapq.heappop(heap)
            if node == self.target:
                return self._way(before)
            if node in done:
                continue
            if len(done) == MOST_NODES:
                return None
            done.add(node)
            here = least[node]
            for place in range(start[node], start[node + 1]):
                head = heads[place]
                total = here + weights[place]
                if head in done or edges[place] in shut or not total < least.get(head, np.inf):
                    continue
                least[head], before[head] = total, edges[place]
                heapq.heappush(heap, (total + left[head], head))
        return []

    def _way(self, before: dict[int, int]) -> list[int]:
        found, node = [], self.target
        while node != self.source:
            found.append(before[node])
            node = int(self.tail[before[node]])
        return found[::-1]

    @cached_property
    def _lists(self) -> tuple[list[int], list[int], list[int], list[float], list[float]]:
        """Edges that lead to the target by their tail, as lists, and what is left to it from every node."""
        backward, _ = least_parallel(self.nodes, self.head, self.tail, self.weight)
        left = np.asarray(scipy.sparse.csgraph.dijkstra(backward, indices=[self.target]))[0]
        leading = np.flatnonzero(np.isfinite(self.weight) & np.isfinite(left[self.head]))
        order = leading[np.argsort(self.tail[leading], kind="stable")]
        start = np.searchsorted(self.tail[order], np.arange(self.nodes + 1))
        return order.tolist(), start.tolist(), self.head[order].tolist(), self.weight[order].tolist(), left.tolist()
