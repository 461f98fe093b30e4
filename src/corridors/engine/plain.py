"""The simplest way: Dijkstra's algorithm of scipy, one column after the other. Small jobs and the reference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Adjacency:
    """Directed edges by tail and head, so that a column of weights becomes a graph without sorting.

    Attributes
    ----------
    order
        Edges by tail and head, without loops.
    first
        Where each group of parallel edges begins in `order`.
    indptr, indices
        Rows of the graph.
    """

    nodes: int
    order: Ints
    first: Ints
    indptr: Ints
    indices: Ints

    @classmethod
    def build(cls, nodes: int, tail: Ints, head: Ints) -> Adjacency:
        """Sort edges by tail and head."""
        order = np.lexsort((head, tail))
        order = order[tail[order] != head[order]]
        pair = tail[order] * nodes + head[order]
        first = np.flatnonzero(np.append(True, pair[1:] != pair[:-1])) if len(order) else np.zeros(0, np.int64)
        chosen = order[first]
        indptr = np.searchsorted(tail[chosen], np.arange(nodes + 1))
        return cls(nodes, order, first, indptr.astype(np.int64), head[chosen].astype(np.int64))

    def graph(self, weight: Floats) -> scipy.sparse.csr_array:
        """Graph of one column, with the best of parallel edges."""
        best = np.minimum.reduceat(weight[self.order], self.first) if len(self.first) else np.zeros(0)
        return scipy.sparse.csr_array((best.astype(float), self.indices, self.indptr), shape=(self.nodes, self.nodes))

    def edge(self, weight: Floats, tail: int, head: int) -> int:
        """Return the number of the best edge between two neighbours."""
        row = int(self.indptr[tail] + np.searchsorted(self.indices[self.indptr[tail] : self.indptr[tail + 1]], head))
        end = self.first[row + 1] if row + 1 < len(self.first) else len(self.order)
        parallel = self.order[self.first[row] : end]
        return int(parallel[np.argmin(weight[parallel])])

    def distances(self, weight: Floats, sources: Ints, targets: Ints) -> NDArray[np.float64]:
        """Distances of one column, sources by targets."""
        if not len(sources) or not len(targets):
            return np.zeros((len(sources), len(targets)))
        rows, back = np.unique(sources, return_inverse=True)
        found = np.asarray(scipy.sparse.csgraph.dijkstra(self.graph(weight), indices=rows), dtype=float)
        return found[back][:, targets]

    def along(self, weight: Floats, carried: Floats, sources: Ints, targets: Ints) -> NDArray[np.float64]:
        """Sum of another measure along the best ways of one column, sources by targets."""
        if not len(sources) or not len(targets):
            return np.zeros((len(sources), len(targets)))
        rows, back = np.unique(sources, return_inverse=True)
        distance, before = scipy.sparse.csgraph.dijkstra(self.graph(weight), indices=rows, return_predecessors=True)
        best = self._best(weight)
        key = np.repeat(np.arange(self.nodes), np.diff(self.indptr)) * self.nodes + self.indices
        found = np.where(np.isfinite(distance[back][:, targets]), 0.0, np.inf)
        row, column = np.nonzero(found == 0)
        at = targets[column]
        # all ways are followed back at once, a step at a time
        while len(row):
            moving = at != sources[row]
            row, column, at = row[moving], column[moving], at[moving]
            tail = before[back[row], at].astype(np.int64)
            found[row, column] += carried[best[np.searchsorted(key, tail * self.nodes + at)]]
            at = tail
        return found

    def _best(self, weight: Floats) -> Ints:
        """Best (and first) of each group of parallel edges."""
        if not len(self.first):
            return self.first
        sizes = np.diff(np.append(self.first, len(self.order)))
        least = np.repeat(np.minimum.reduceat(weight[self.order], self.first), sizes)
        is_best = np.flatnonzero(weight[self.order] == least)[::-1]
        found = np.empty(len(self.first), dtype=np.int64)
        found[np.repeat(np.arange(len(sizes)), sizes)[is_best]] = self.order[is_best]
        return found

    def paths(self, weight: Floats, sources: Ints, targets: Ints) -> Iterator[list[int] | None]:
        """Yield the edges of a best path of each pair; None where there is none."""
        if not len(sources):
            return
        rows, back = np.unique(sources, return_inverse=True)
        distance, before = scipy.sparse.csgraph.dijkstra(self.graph(weight), indices=rows, return_predecessors=True)
        for row, source, target in zip(back.tolist(), sources.tolist(), targets.tolist(), strict=True):
            if not np.isfinite(distance[row, target]):
                yield None
                continue
            edges, at = [], target
            while at != source:
                tail = int(before[row, at])
                edges.append(self.edge(weight, tail, at))
                at = tail
            yield edges[::-1]


def least_parallel(nodes: int, tail: Ints, head: Ints, weight: NDArray[np.float64]) -> tuple[Any, Ints]:
    """Graph of the open edges with the least of parallel ones, and the edge behind each entry.

    Parameters
    ----------
    nodes
        Number of nodes.
    tail, head, weight
        Of each edge; weights are zero or more, `inf` where an edge is closed.
    """
    open_edges = np.flatnonzero(np.isfinite(weight))
    order = open_edges[np.lexsort((weight[open_edges], head[open_edges], tail[open_edges]))]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(tail[order]) != 0) | (np.diff(head[order]) != 0)
    chosen = order[new]
    start = np.searchsorted(tail[chosen], np.arange(nodes + 1))
    # built directly: a conversion from coordinates would drop or add up entries
    graph = scipy.sparse.csr_array((weight[chosen], head[chosen], start), shape=(nodes, nodes))
    return graph, chosen


def shortest_way(
    nodes: int, edges: tuple[Ints, Ints, NDArray[np.float64]], source: int, target: int
) -> list[int] | None:
    """Edges of the shortest way between two nodes, or None where there is none.

    Parameters
    ----------
    nodes
        Number of nodes.
    edges
        Tail, head and weight of each edge; weights are zero or more, `inf` where an edge is closed.
    source, target
        Nodes.
    """
    graph, chosen = least_parallel(nodes, *edges)
    distance, before = scipy.sparse.csgraph.dijkstra(graph, indices=[source], return_predecessors=True)
    if not np.isfinite(distance[0, target]):
        return None
    found = []
    while target != source:
        tail = int(before[0, target])
        row = slice(graph.indptr[tail], graph.indptr[tail + 1])
        found.append(int(chosen[row][np.searchsorted(graph.indices[row], target)]))
        target = tail
    return found[::-1]
