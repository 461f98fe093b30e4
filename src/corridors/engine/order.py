"""Elimination order: which node goes first when a graph is contracted, so that few shortcuts arise.

Dead ends and chains go first. What is left is cut in halves by small separators, again and again (nested dissection;
the separators go last), and within a part the node of least degree goes first. The cuts are minimum cuts between the
two ends of a part as a breadth-first search sees them, so no coordinates are needed.

Reference: A. George, "Nested dissection of a regular finite element mesh", SIAM Journal on Numerical Analysis 10(2),
1973, doi:10.1137/0710032. Cuts between ends: A. Schild and C. Sommer, "On balanced separators in road networks",
SEA 2015, doi:10.1007/978-3-319-20086-6_22.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator

import numpy as np
import scipy
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Neighbours = list[set[int]]

PART = 256
"""Parts of at most so many nodes are not cut any further."""

END_SHARE = 0.25
"""Share of a part's nodes at either end that a cut leaves on its side."""


def eliminate(nodes: int, tail: Ints, head: Ints) -> tuple[list[int], list[list[int]]]:
    """Eliminate every node of a graph taken as undirected.

    Returns
    -------
    tuple
        The nodes in order, and for each of them the neighbours that it had when its turn came, with the shortcuts
        made by then.
    """
    left: Neighbours = [set() for _ in range(nodes)]
    for a, b in zip(tail.tolist(), head.tolist(), strict=True):
        if a != b:
            left[a].add(b)
            left[b].add(a)
    order, above = _chains(left)
    gone = np.zeros(nodes, dtype=bool)
    gone[order] = True
    rest = np.flatnonzero(~gone)
    if len(rest):
        _least_degree(left, rest, _classes(left, rest), order, above)
    return order, above


def eliminate_in(nodes: int, tail: Ints, head: Ints, order: list[int]) -> tuple[list[int], list[list[int]]]:
    """Eliminate every node in a given order; returns what `eliminate` does."""
    turn = [0] * nodes
    for place, node in enumerate(order):
        turn[node] = place
    later: Neighbours = [set() for _ in range(nodes)]
    for a, b in zip(tail.tolist(), head.tolist(), strict=True):
        if a != b:
            first, second = (a, b) if turn[a] < turn[b] else (b, a)
            later[first].add(second)
    above: list[list[int]] = []
    for node in order:
        around = sorted(later[node], key=turn.__getitem__)
        above.append(around)
        if around:  # what a node joins is joined to the first of it, which hands it on
            later[around[0]].update(around[1:])
        later[node] = set()
    return order, above


def _take(left: Neighbours, node: int) -> list[int]:
    """Take a node out of the graph and join its neighbours."""
    around = left[node]
    for other in around:
        mine = left[other]
        mine |= around
        mine.discard(other)
        mine.discard(node)
    left[node] = set()
    return list(around)


def _chains(left: Neighbours) -> tuple[list[int], list[list[int]]]:
    """Eliminate nodes while they have at most two neighbours; no shortcut is more than what it replaces."""
    order: list[int] = []
    above: list[list[int]] = []
    gone = bytearray(len(left))
    stack = [node for node, around in enumerate(left) if len(around) <= 2]
    while stack:
        node = stack.pop()
        if gone[node] or len(left[node]) > 2:
            continue
        gone[node] = 1
        around = sorted(_take(left, node))
        order.append(node)
        above.append(around)
        stack += [other for other in around if len(left[other]) <= 2]
    return order, above


def _least_degree(left: Neighbours, rest: Ints, classes: Ints, order: list[int], above: list[list[int]]) -> None:
    """Eliminate the rest by class, and within a class by least degree."""
    rank = dict(zip(rest.tolist(), classes.tolist(), strict=True))
    heap = [(rank[node], len(left[node]), node) for node in rest.tolist()]
    heapq.heapify(heap)
    while heap:
        _, degree, node = heapq.heappop(heap)
        if node not in rank:
            continue
        if degree != len(left[node]):
            heapq.heappush(heap, (rank[node], len(left[node]), node))
            continue
        del rank[node]
        around = _take(left, node)
        order.append(node)
        above.append(around)
        for other in around:
            heapq.heappush(heap, (rank[other], len(left[other]), other))


def _classes(left: Neighbours, rest: Ints) -> Ints:
    """Class of every node: 0 within a part, and more the larger the part is that the node separates."""
    local = np.full(len(left), -1, dtype=np.int64)
    local[rest] = np.arange(len(rest))
    degree = np.array([len(left[node]) for node in rest.tolist()])
    column = local[[other for node in rest.tolist() for other in left[node]]]
    start = np.append(0, np.cumsum(degree))
    graph = scipy.sparse.csr_array((np.ones(len(column), dtype=np.int32), column, start), shape=(len(rest), len(rest)))
    graph.sort_indices()
    level = np.zeros(len(rest), dtype=np.int64)
    cuts = list(_dissect(graph))
    deepest = max((depth for _, depth in cuts), default=0)
    for separator, depth in cuts:
        level[separator] = deepest - depth + 1
    return level


def _dissect(graph: scipy.sparse.csr_array) -> Iterator[tuple[Ints, int]]:
    """Yield separators and their depth."""
    parts = [(np.arange(graph.shape[0]), graph, 0)]
    while parts:
        nodes, part, depth = parts.pop()
        count, label = scipy.sparse.csgraph.connected_components(part, directed=False)
        for number in range(count):
            inside = np.flatnonzero(label == number) if count > 1 else np.arange(len(nodes))
            if len(inside) <= PART:
                continue
            piece = part if count == 1 else part[inside][:, inside]
            side, separator = _cut(piece)
            yield nodes[inside[separator]], depth
            for half in (side & ~separator, ~side & ~separator):
                keep = np.flatnonzero(half)
                parts.append((nodes[inside[keep]], piece[keep][:, keep], depth + 1))


def _cut(graph: scipy.sparse.csr_array) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Split a connected graph by few nodes: one side, and the separator (which lies on one of the sides)."""
    best: tuple[float, NDArray[np.bool_], NDArray[np.bool_]] | None = None
    for place in _directions(graph):
        side = _least_cut(graph, place)
        separator = _boundary(graph, side)
        smaller = min(side.sum(), len(side) - side.sum())
        score = separator.sum() / smaller
        if best is None or score < best[0]:
            best = (score, side, separator)
    assert best is not None  # noqa: S101 - there is always a direction
    return best[1], best[2]


def _directions(graph: scipy.sparse.csr_array) -> Iterator[Ints]:
    """Yield orders of the nodes from one end of the graph to the other: lengthwise, then across."""
    far = int(_search(graph, 0)[-1])
    first = _place(graph, far)
    last = int(np.argmax(first))
    other = _place(graph, last)
    yield first - other
    aside = int(np.argmax(np.minimum(first, other)))
    across = _place(graph, aside)
    yield across - _place(graph, int(np.argmax(across)))


def _search(graph: scipy.sparse.csr_array, start: int) -> Ints:
    return np.asarray(scipy.sparse.csgraph.breadth_first_order(graph, start, directed=True, return_predecessors=False))


def _place(graph: scipy.sparse.csr_array, start: int) -> Ints:
    """Turn at which a breadth-first search meets each node."""
    found = np.empty(graph.shape[0], dtype=np.int64)
    found[_search(graph, start)] = np.arange(graph.shape[0])
    return found


def _least_cut(graph: scipy.sparse.csr_array, place: Ints) -> NDArray[np.bool_]:
    """Side of the first nodes in a minimum cut between the first and the last nodes."""
    n = graph.shape[0]
    end = max(1, int(END_SHARE * n))
    by_place = np.argsort(place, kind="stable")
    # both ends shrink to one node each
    new = np.empty(n, dtype=np.int64)
    new[by_place[end:-end]] = np.arange(n - 2 * end)
    source, sink = n - 2 * end, n - 2 * end + 1
    new[by_place[:end]], new[by_place[-end:]] = source, sink
    row = new[np.repeat(np.arange(n), np.diff(graph.indptr))]
    column = new[graph.indices]
    apart = row != column
    ends = (row[apart], column[apart])
    capacity = scipy.sparse.csr_array((np.ones(int(apart.sum()), dtype=np.int32), ends), shape=(sink + 1, sink + 1))
    flow = scipy.sparse.csgraph.maximum_flow(capacity, source, sink).flow
    spare = scipy.sparse.csr_array(capacity - flow)
    spare.eliminate_zeros()
    reached = np.zeros(sink + 1, dtype=bool)
    reached[_search(spare, source)] = True
    return np.asarray(reached[new])


def _boundary(graph: scipy.sparse.csr_array, side: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Nodes of one side that have a neighbour on the other: of the side that has fewer of them."""
    row = np.repeat(np.arange(graph.shape[0]), np.diff(graph.indptr))
    crossing = side[row] != side[graph.indices]
    touching = np.zeros(graph.shape[0], dtype=bool)
    touching[row[crossing]] = True
    here, there = touching & side, touching & ~side
    return here if here.sum() <= there.sum() else there
