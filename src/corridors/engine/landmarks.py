"""Search in the core of a reduced graph, in compiled code, that knows how far its target is at least.

Distances from and to a few landmarks give a lower bound for every node by the triangle inequality:
d(v, t) >= d(v, L) - d(t, L) and d(v, t) >= d(L, t) - d(L, v). A search in the order of distance and bound together
leaves out most of the core, and finds the same distance as one without bounds.

Reference: A. V. Goldberg and C. Harrelson, "Computing the shortest path: A* search meets graph theory", Symposium on
Discrete Algorithms, 2005.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from corridors.engine.contraction import ZERO, wide
from corridors.engine.heap import pop, push
from corridors.engine.kernel import compiled
from corridors.engine.reduction import Reduced

Array = Any
"""An array inside compiled code."""

LANDMARKS = 4
"""Landmarks: with more, preparing takes longer than the searches of some hundred pairs gain."""


class Labels(NamedTuple):
    """Distances of nodes by rank, infinite before a search; the cell by which each was reached; and which were."""

    distance: Array
    cell: Array
    reached: Array


class Core(NamedTuple):
    """The core with one column of weights: entries by tail, with their heads, cells and weights.

    `far` has the distances from each landmark (even columns) and to it (odd columns), infinite where there is no way.
    """

    start: Array
    head: Array
    cell: Array
    weight: Array
    far: Array


class Room(NamedTuple):
    """Working memory of a search: of each node its bound and whether it is settled; and keys and nodes of a heap."""

    bound: Array
    settled: Array
    key: Array
    item: Array


def make_core(g: Reduced, weight: Array, count: int = LANDMARKS) -> Core:
    """Weigh the core, and choose landmarks, each as far as possible from those before.

    Parameters
    ----------
    g
        A reduced graph.
    weight
        Weight of each cell.
    count
        Number of landmarks.
    """
    out, back = weight[g.core_cell], weight[g.core_cell ^ 1]
    nodes = len(g.core_start) - 1
    far = np.full((nodes, 2 * count), np.inf)
    if nodes:
        _measure(g.core_start, g.core_head, out, back, far)
    return Core(g.core_start, g.core_head, g.core_cell, out, far)


def new_room(core: Core) -> Room:
    """Working memory for searches."""
    nodes, most = len(core.start) - 1, len(core.start) + len(core.head)
    return Room(np.empty(nodes), np.zeros(nodes, dtype=np.bool_), np.empty(most), np.empty(most, dtype=np.int32))


@compiled
def _measure(start: Array, head: Array, out: Array, back: Array, far: Array) -> None:
    """Choose landmarks and work out the distances from and to them."""
    nodes = len(far)
    key, item = np.empty(nodes + len(head)), np.empty(nodes + len(head), np.int32)
    found, near = np.empty((2, nodes)), np.full(nodes, np.inf)
    place = int(np.argmax(start[1:] - start[:-1]))  # most likely of the largest part that hangs together
    _distances(start, head, out, place, key, item, found[0])
    place = _farthest(found[0])  # the one that is farthest from any node is at the border
    for column in range(0, far.shape[1], 2):
        _distances(start, head, out, place, key, item, found[0])
        _distances(start, head, back, place, key, item, found[1])
        for node in range(nodes):
            far[node, column], far[node, column + 1] = found[0, node], found[1, node]
            near[node] = min(near[node], found[0, node] + found[1, node])
        place = _farthest(near)


@compiled
def _farthest(distance: Array) -> int:
    """Node with the greatest distance that is not infinite."""
    best, place = -1.0, 0
    for node in range(len(distance)):
        if best < distance[node] < np.inf:
            best, place = distance[node], node
    return place


@compiled
def _distances(start: Array, head: Array, weight: Array, source: int, key: Array, item: Array, found: Array) -> None:
    """Distance of every node from one."""
    found[:] = np.inf
    found[source] = 0.0
    size = push(key, item, ZERO, 0.0, source)
    while size > 0:
        size = pop(key, item, size)
        node = item[size]
        if key[size] > found[node]:
            continue
        for entry in range(start[node], start[node + 1]):
            other, total = wide(head[entry]), found[node] + weight[entry]
            if total < found[other]:
                found[other] = total
                size = push(key, item, size, total, other)


@compiled
def _goal(far: Array, first: int, down: Labels, count: int) -> Array:
    """Distance of a target from each landmark, and to each at most: over the nodes of the core that lead to it."""
    found = np.empty(far.shape[1])
    for column in range(0, far.shape[1], 2):
        found[column], found[column + 1] = np.inf, -np.inf
        for place in range(count):
            node = down.reached[place] - first
            if node >= 0:
                left = down.distance[node + first]
                found[column] = min(found[column], far[node, column] + left)
                found[column + 1] = max(found[column + 1], far[node, column + 1] - left)
    return found


@compiled
def _bound(far: Array, goal: Array, node: int) -> float:
    """Distance that is left to a target at least."""
    best = 0.0
    for column in range(0, far.shape[1], 2):
        ahead, behind = goal[column] - far[node, column], far[node, column + 1] - goal[column + 1]
        # two infinite distances leave no number, which is never above another one
        best = ahead if ahead > best else best
        best = behind if behind > best else best
    return best


@compiled
def search(
    core: Core, first: int, up: Labels, count: int, down: Labels, others: int, room: Room, best: float, place: int
) -> tuple[int, float, int]:
    """Go on in the core from what a source has reached to what leads to a target.

    Parameters
    ----------
    core, first
        The core, and the rank of its first node.
    up, count
        Labels from the source, which are carried on, and the number of nodes that have one.
    down, others
        Labels to the target, and the number of nodes that have one.
    room
        Working memory.
    best, place
        Least distance that is known, and the node over which it goes.

    Returns
    -------
    tuple
        Number of nodes that have a label from the source, and the least distance and its node.
    """
    start, head, cells, weight, far = core
    bound, settled, key, item = room
    distance, by, reached, ahead = up.distance, up.cell, up.reached, down.distance
    goal = _goal(far, first, down, others)
    size = _enter(core, first, up, count, goal, room, best)
    while size > 0:
        size = pop(key, item, size)
        node = item[size]
        if key[size] >= best:
            break
        if settled[node]:
            continue
        settled[node] = True
        for entry in range(start[node], start[node + 1]):
            other = wide(head[entry])
            at, total = other + first, distance[node + first] + weight[entry]
            if total >= distance[at]:
                continue
            if distance[at] == np.inf:
                reached[count], bound[other] = at, _bound(far, goal, other)
                count += 1
            distance[at], by[at] = total, cells[entry]
            if total + ahead[at] < best:
                best, place = total + ahead[at], at
            if total + bound[other] < best:
                size = push(key, item, size, total + bound[other], other)
    for number in range(count):
        settled[max(reached[number] - first, 0)] = False
    return count, best, place


@compiled
def _enter(core: Core, first: int, up: Labels, count: int, goal: Array, room: Room, best: float) -> int:
    """Put the nodes of the core that a source has reached on the heap; its size."""
    size = ZERO
    for number in range(count):
        node = up.reached[number] - first
        if node >= 0:
            room.bound[node] = _bound(core.far, goal, node)
            total = up.distance[node + first] + room.bound[node]
            if total < best:
                size = push(room.key, room.item, size, total, node)
    found: int = size
    return found
