"""Nested dissection in compiled code: the same parts and separators as `order` finds, for large graphs.

A part is a range of one array of nodes, and its graph is copied to arrays of its own, so that the searches stay in the
cache. The flow of a cut is found with Dinic's algorithm; the side of its source is the same for every greatest flow.

Reference: E. A. Dinic, "Algorithm for solution of a problem of maximum flow in networks with power estimation", Soviet
Mathematics Doklady 11, 1970.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from corridors.engine.kernel import compiled
from corridors.engine.order import END_SHARE, PART

Array = Any
"""An array inside compiled code."""


class Piece(NamedTuple):
    """Working memory for one part: its graph by rows, the edge back of each edge, and arrays by node and by edge."""

    start: Array
    near: Array
    back: Array
    flow: Array
    level: Array
    at: Array
    queue: Array
    trail: Array
    kind: Array
    source: Array


@compiled
def classes(start: Array, near: Array) -> Array:
    """Class of every node: 0 within a part, and more the larger the part is that the node separates.

    `start` and `near` are the rows of the graph, ascending.
    """
    n = len(start) - 1
    cut_at = np.full(n, -1, np.int32)
    nodes, spare = np.empty(n, np.int32), np.empty(n, np.int32)
    for node in range(n):
        nodes[node] = node
    label, local = np.full(n, -1, np.int32), np.empty(n, np.int32)
    piece = _piece(n, len(near))
    side, best_side = np.empty(n, np.bool_), np.empty(n, np.bool_)
    cut, best_cut = np.empty(n, np.bool_), np.empty(n, np.bool_)
    place, second = np.empty(n, np.int32), np.empty(n, np.int32)
    stack = np.zeros((n // PART + 2, 3), np.int64)
    stack[0, 1] = n
    waiting, token, deepest = 1, 0, 0
    while waiting:
        waiting -= 1
        first, last, depth = stack[waiting, 0], stack[waiting, 1], stack[waiting, 2]
        size = last - first
        if size <= PART:
            continue
        _take_out(start, near, nodes[first:last], label, token, local, piece)
        token += 1
        if _search(piece, size, 0, place) < size:
            waiting = _split(piece, nodes, first, last, depth, place, spare, stack, waiting)
            continue
        _turn_round(piece, size)
        best = np.inf
        _search(piece, size, piece.queue[size - 1], place)
        _search(piece, size, piece.queue[size - 1], second)
        aside, farthest = 0, -1
        for i in range(size):
            near_by = min(place[i], second[i])
            if near_by > farthest:
                aside, farthest = i, near_by
        for direction in range(2):
            if direction == 1:
                _search(piece, size, aside, place)
                _search(piece, size, piece.queue[size - 1], second)
            _ends(piece, size, place, second)
            score = _cut(piece, size, side, cut)
            if score < best:
                best, side, best_side, cut, best_cut = score, best_side, side, best_cut, cut
        deepest = max(deepest, depth)
        one, other = 0, 0
        for i in range(size):
            node = nodes[first + i]
            if best_cut[i]:
                cut_at[node] = depth
            elif best_side[i]:
                nodes[first + one] = node
                one += 1
            else:
                spare[other] = node
                other += 1
        middle = first + one
        for i in range(other):
            nodes[middle + i] = spare[i]
        waiting = _wait(stack, waiting, first, middle, depth + 1)
        waiting = _wait(stack, waiting, middle, middle + other, depth + 1)
    for node in range(n):
        cut_at[node] = deepest - cut_at[node] + 1 if cut_at[node] >= 0 else 0
    return cut_at


@compiled
def _wait(stack: Array, waiting: int, begin: int, end: int, depth: int) -> int:
    """Put a part on the stack if it is to be cut; the new size of the stack."""
    if end - begin <= PART:
        return waiting
    stack[waiting, 0], stack[waiting, 1], stack[waiting, 2] = begin, end, depth
    return waiting + 1


@compiled
def _piece(nodes: int, edges: int) -> Piece:
    """Make room for the largest part."""
    return Piece(
        np.zeros(nodes + 1, np.int32),
        np.empty(edges, np.int32),
        np.empty(edges, np.int32),
        np.empty(edges, np.int8),
        np.empty(nodes, np.int32),
        np.empty(nodes, np.int32),
        np.empty(nodes, np.int32),
        np.empty(nodes, np.int32),
        np.empty(nodes, np.int8),
        np.empty(nodes, np.int32),
    )


@compiled
def _take_out(start: Array, near: Array, nodes: Array, label: Array, token: int, local: Array, piece: Piece) -> None:
    """Copy the graph between some nodes; `label` is `token` for these afterwards."""
    for i in range(len(nodes)):
        label[nodes[i]], local[nodes[i]] = token, i
    filled = 0
    for i in range(len(nodes)):
        piece.start[i] = filled
        for e in range(start[nodes[i]], start[nodes[i] + 1]):
            if label[near[e]] == token:
                piece.near[filled] = local[near[e]]
                filled += 1
    piece.start[len(nodes)] = filled


@compiled
def _search(piece: Piece, size: int, begin: int, place: Array) -> int:
    """Search breadth-first; `place` is the turn of each node, -1 where it is not met. Nodes that are met."""
    start, near, queue = piece.start, piece.near, piece.queue
    for node in range(size):
        place[node] = -1
    queue[0], place[begin] = begin, 0
    met, turn = 1, 0
    while turn < met:
        node = queue[turn]
        turn += 1
        for e in range(start[node], start[node + 1]):
            other = near[e]
            if place[other] < 0:
                place[other], queue[met] = met, other
                met += 1
    return met


@compiled
def _split(
    piece: Piece, nodes: Array, first: int, last: int, depth: int, place: Array, spare: Array, stack: Array,
    waiting: int,
) -> int:  # fmt: skip
    """Part the nodes that are not connected; those of large enough parts wait on the stack. Its new size."""
    size, count = last - first, 0
    start, near, queue, part = piece.start, piece.near, piece.queue, piece.level
    for i in range(size):
        part[i] = -1
    for begin in range(size):
        if part[begin] >= 0:
            continue
        part[begin], queue[0] = count, begin
        met, turn = 1, 0
        while turn < met:
            node = queue[turn]
            turn += 1
            for e in range(start[node], start[node + 1]):
                if part[near[e]] < 0:
                    part[near[e]], queue[met] = count, near[e]
                    met += 1
        place[count] = met
        count += 1
    filled = 0
    for number in range(count):
        begin = filled
        filled += place[number]
        waiting = _wait(stack, waiting, first + begin, first + filled, depth)
        place[number] = begin
    for i in range(size):
        spare[place[part[i]]] = nodes[first + i]
        place[part[i]] += 1
    for i in range(size):
        nodes[first + i] = spare[i]
    return waiting


@compiled
def _turn_round(piece: Piece, size: int) -> None:
    """Find the edge back of each edge: rows are ascending, so that edges back are met in their order."""
    at = piece.at
    for node in range(size):
        at[node] = piece.start[node]
    for node in range(size):
        for e in range(piece.start[node], piece.start[node + 1]):
            other = piece.near[e]
            piece.back[e] = at[other]
            at[other] += 1


@compiled
def _ends(piece: Piece, size: int, one: Array, other: Array) -> None:
    """Mark the nodes at either end (1 and 2) by the difference of two turns, the first of equal ones first."""
    before = np.zeros(2 * size, np.int32)
    for i in range(size):
        before[one[i] - other[i] + size] += 1
    total = 0
    for value in range(2 * size):
        before[value], total = total, total + before[value]
    end = max(1, int(END_SHARE * size))
    for i in range(size):
        turn = before[one[i] - other[i] + size]
        before[one[i] - other[i] + size] += 1
        piece.kind[i] = 1 if turn < end else 2 if turn >= size - end else 0


@compiled
def _cut(piece: Piece, size: int, side: Array, cut: Array) -> float:
    """Cut between the ends: side of the first, nodes of the separator; their number by that of the smaller side."""
    for e in range(piece.start[size]):
        piece.flow[e] = 0
    sources = _sources(piece, size)
    while _levels(piece, size, sources):
        _augment(piece, size, sources)
    inside, here, there = 0, 0, 0
    for i in range(size):
        side[i] = piece.kind[i] == 1 or piece.level[i] >= 0
        inside += side[i]
    for i in range(size):
        cut[i] = False
        for e in range(piece.start[i], piece.start[i + 1]):
            if side[piece.near[e]] != side[i]:
                cut[i] = True
                break
        here += cut[i] and side[i]
        there += cut[i] and not side[i]
    for i in range(size):
        cut[i] = cut[i] and side[i] == (here <= there)
    return min(here, there) / min(inside, size - inside)


@compiled
def _sources(piece: Piece, size: int) -> int:
    """List the nodes of the first end that have a neighbour outside; their number."""
    found = 0
    for node in range(size):
        if piece.kind[node] == 1:
            for e in range(piece.start[node], piece.start[node + 1]):
                if piece.kind[piece.near[e]] != 1:
                    piece.source[found] = node
                    found += 1
                    break
    return found


@compiled
def _levels(piece: Piece, size: int, sources: int) -> bool:
    """Number nodes by their distance from the first end over what is not used up; whether the last end is met."""
    start, near, flow, level, queue, kind = piece.start, piece.near, piece.flow, piece.level, piece.queue, piece.kind
    met, turn, farthest = sources, 0, size + 1
    for i in range(size):
        level[i] = kind[i] % 2 - 1
    for i in range(sources):
        queue[i] = piece.source[i]
    while turn < met:
        node = queue[turn]
        turn += 1
        if level[node] >= farthest:
            break
        for e in range(start[node], start[node + 1]):
            other = near[e]
            if flow[e] < 1 and level[other] < 0:
                level[other] = level[node] + 1
                if kind[other] == 2:
                    farthest = level[other]
                queue[met] = other
                met += 1
    return farthest <= size


@compiled
def _augment(piece: Piece, size: int, sources: int) -> None:
    """Fill all shortest ways from the first end to the last."""
    start, near, back, flow = piece.start, piece.near, piece.back, piece.flow
    level, at, trail, kind = piece.level, piece.at, piece.trail, piece.kind
    for node in range(size):
        at[node] = start[node]
    for number in range(sources):
        source = piece.source[number]
        node, length = source, 0
        while True:
            if kind[node] == 2:
                for i in range(length):
                    flow[trail[i]] += 1
                    flow[back[trail[i]]] -= 1
                node, length = source, 0
            e = at[node]
            if e == start[node + 1]:
                if length == 0:
                    break
                length -= 1
                node = near[back[trail[length]]]
                at[node] += 1
            elif flow[e] < 1 and level[near[e]] == level[node] + 1:
                trail[length] = e
                length += 1
                node = near[e]
            else:
                at[node] += 1
