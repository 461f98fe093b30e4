"""Contraction in compiled code: nodes eliminated one by one, their tree, arcs and triangles, for large graphs.

The results are those of `order` and `topology`, array by array.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from corridors.engine.dissection import classes
from corridors.engine.heap import pop, push
from corridors.engine.kernel import compiled

Array = Any
"""An array inside compiled code."""


ZERO: Any = np.int64(0)
"""Where counting begins: a function that is handed the number 0 itself is compiled once more for it."""

wide: Any = np.int64
"""Makes a number from an array as wide as those that are counted, for the same reason."""


class Rows(NamedTuple):
    """Neighbours of every node that is left, in runs of one array with room to grow."""

    begin: Array
    size: Array
    room: Array


@compiled
def contract(nodes: int, tail: Array, head: Array) -> tuple[Array, ...]:
    """Contract a graph: rank, parent, depth, start, above, target and arc of its topology."""
    order, count, above = eliminated(nodes, tail, head)
    return laid_out(tail, head, order, count, above)


@compiled
def laid_out(tail: Array, head: Array, order: Array, count: Array, above: Array) -> tuple[Array, ...]:
    """Arrays of a topology from the order, and the number and the run of neighbours that each node had in its turn."""
    nodes = len(order)
    rank, parent = _ranks(order, count, above)
    start, high = arcs_of(rank, order, count, above)
    depth = np.zeros(nodes, np.int32)
    for node in range(nodes - 1, -1, -1):
        if parent[node] >= 0:
            depth[node] = depth[parent[node]] + 1
    return rank, parent, depth, start, high, triangles(start, high, nodes), arc_of_edges(rank, start, high, tail, head)


@compiled
def neighbours(nodes: int, tail: Array, head: Array) -> tuple[Array, Array]:
    """Rows of the graph taken as undirected, ascending, without loops and parallel edges."""
    start = np.zeros(nodes + 2, np.int64)
    for e in range(len(tail)):
        if tail[e] != head[e]:
            start[tail[e] + 2] += 1
            start[head[e] + 2] += 1
    for node in range(nodes):
        start[node + 2] += start[node + 1]
    mixed = np.empty(start[nodes + 1], np.int32)
    for e in range(len(tail)):
        if tail[e] != head[e]:
            mixed[start[tail[e] + 1]] = head[e]
            start[tail[e] + 1] += 1
            mixed[start[head[e] + 1]] = tail[e]
            start[head[e] + 1] += 1
    # handed out by their other end, so that each row is ascending and equal ones are together
    size, near = np.zeros(nodes, np.int64), np.empty(len(mixed), np.int32)
    for node in range(nodes):
        for e in range(start[node], start[node + 1]):
            other = mixed[e]
            at = start[other] + size[other]
            if size[other] == 0 or near[at - 1] != node:
                near[at] = node
                size[other] += 1
    filled = 0
    for node in range(nodes):
        begin, start[node] = start[node], filled
        for e in range(begin, begin + size[node]):
            near[filled] = near[e]
            filled += 1
    start[nodes] = filled
    return start[: nodes + 1], near[:filled].copy()


@compiled
def rows_of(start: Array) -> Rows:
    """Rows as they are before any node is eliminated."""
    nodes = len(start) - 1
    rows = Rows(np.empty(nodes, np.int64), np.empty(nodes, np.int64), np.empty(nodes, np.int64))
    for node in range(nodes):
        rows.begin[node] = start[node]
        rows.size[node] = rows.room[node] = start[node + 1] - start[node]
    return rows


@compiled
def eliminated(nodes: int, tail: Array, head: Array) -> tuple[Array, Array, Array]:
    """Eliminate all nodes: their order, and the number and the run of neighbours that each had by then."""
    start, pool = neighbours(nodes, tail, head)
    rows, used = rows_of(start), len(pool)
    order, count, gone = np.empty(nodes, np.int32), np.empty(nodes, np.int32), np.zeros(nodes, np.bool_)
    above, filled, done = np.empty(len(pool) + 16, np.int32), ZERO, ZERO
    stamp, token = np.zeros(nodes, np.int64), ZERO
    stack, waiting = np.empty(3 * nodes, np.int32), 0
    for node in range(nodes):
        if rows.size[node] <= 2:
            stack[waiting] = node
            waiting += 1
    while waiting:
        waiting -= 1
        node = stack[waiting]
        if gone[node] or rows.size[node] > 2:
            continue
        gone[node] = True
        degree = rows.size[node]
        above = room(above, filled, degree)
        around = above[filled : filled + degree]
        pool, used, token = take(node, around, rows, pool, used, stamp, token)
        if degree == 2 and around[0] > around[1]:
            around[0], around[1] = around[1], around[0]
        order[done], count[done] = node, degree
        done, filled = done + 1, filled + degree
        for other in around:
            if rows.size[other] <= 2:
                stack[waiting] = other
                waiting += 1
    number, rest = _core_of(gone)
    core_start, core_near = _core(rows, pool, number, rest)
    rank = classes(core_start, core_near)
    by_class, members = _members(rank, rest)
    key, item = np.empty(4 * len(rank) + 16, np.int64), np.empty(4 * len(rank) + 16, np.int32)
    for group in range(len(by_class) - 1):
        size = 0
        for i in range(by_class[group], by_class[group + 1]):
            size = push(key, item, size, rows.size[members[i]] * nodes + members[i], members[i])
        while size:
            size = pop(key, item, size)
            node, degree = item[size], rows.size[item[size]]
            if gone[node] or key[size] // nodes != degree:
                continue
            gone[node] = True
            above = room(above, filled, degree)
            around = above[filled : filled + degree]
            for i in range(degree):
                stack[i] = rows.size[pool[rows.begin[node] + i]]
            pool, used, token = take(node, around, rows, pool, used, stamp, token)
            order[done], count[done] = node, degree
            done, filled = done + 1, filled + degree
            key, item = room(key, size, degree), room(item, size, degree)
            for i in range(degree):
                other = around[i]
                if rank[number[other]] == group and rows.size[other] != stack[i]:
                    size = push(key, item, size, rows.size[other] * nodes + other, other)
    return order, count, above[:filled]


@compiled
def _members(rank: Array, rest: Array) -> tuple[Array, Array]:
    """First member of each class (and one more), and nodes by class."""
    highest = -1
    for value in rank:
        highest = max(highest, value)
    first, at = np.zeros(highest + 2, np.int64), np.zeros(highest + 2, np.int64)
    for value in rank:
        first[value + 1] += 1
    for value in range(highest + 1):
        first[value + 1] += first[value]
        at[value + 1] = first[value + 1]
    found = np.empty(len(rank), np.int32)
    for i in range(len(rank)):
        found[at[rank[i]]] = rest[i]
        at[rank[i]] += 1
    return first, found


@compiled
def room(array: Array, filled: int, more: int) -> Array:
    """Return an array with room for more, the same one if it has."""
    if filled + more <= len(array):
        return array
    found = np.empty(filled + filled // 2 + more, array.dtype)
    for i in range(filled):
        found[i] = array[i]
    return found


@compiled
def _core_of(gone: Array) -> tuple[Array, Array]:
    """Number of every node among those that are left, -1 for the others, and those that are left."""
    number, rest, filled = np.full(len(gone), -1, np.int32), np.empty(len(gone), np.int32), 0
    for node in range(len(gone)):
        if not gone[node]:
            number[node], rest[filled] = filled, node
            filled += 1
    return number, rest[:filled].copy()


@compiled
def _core(rows: Rows, pool: Array, number: Array, rest: Array) -> tuple[Array, Array]:
    """Rows of the graph between the nodes that are left, ascending."""
    start = np.zeros(len(rest) + 1, np.int64)
    for i in range(len(rest)):
        start[i + 1] = start[i] + rows.size[rest[i]]
    near, at = np.empty(start[-1], np.int32), start.copy()
    for i in range(len(rest)):
        for e in range(rows.begin[rest[i]], rows.begin[rest[i]] + rows.size[rest[i]]):
            other = number[pool[e]]
            near[at[other]] = i
            at[other] += 1
    return start, near


@compiled
def take(
    node: int, around: Array, rows: Rows, pool: Array, used: int, stamp: Array, token: int
) -> tuple[Array, int, int]:
    """Take a node out, list its neighbours in `around` and join them; the pool, what of it is used, and the stamp."""
    begin, size, room = rows
    for i in range(size[node]):
        around[i] = pool[begin[node] + i]
    size[node] = 0
    for other in around:
        token += 1
        stamp[other] = token
        first, kept = begin[other], 0
        for e in range(first, first + size[other]):
            if pool[e] != node:
                pool[first + kept] = pool[e]
                stamp[pool[e]] = token
                kept += 1
        size[other] = kept
        missing = 0
        for third in around:
            missing += stamp[third] != token
        if kept + missing > room[other]:
            wanted = kept + missing + (kept + missing) // 2
            if used + wanted > len(pool):
                pool, used = _closed_up(rows, pool, wanted)
            first = begin[other]
            for i in range(kept):
                pool[used + i] = pool[first + i]
            begin[other], room[other] = used, wanted
            used += wanted
        at = begin[other] + kept
        for third in around:
            if stamp[third] != token:
                pool[at] = third
                at += 1
        size[other] = kept + missing
    return pool, used, token


@compiled
def _closed_up(rows: Rows, pool: Array, wanted: int) -> tuple[Array, int]:
    """Copy what is in use to a new pool with room for half as much again."""
    begin, size, room = rows
    total = 0
    for node in range(len(size)):
        total += size[node]
    found, used = np.empty(total + total // 2 + wanted + 1024, np.int32), 0
    for node in range(len(size)):
        for e in range(size[node]):
            found[used + e] = pool[begin[node] + e]
        begin[node], room[node] = used, size[node]
        used += size[node]
    return found, used


@compiled
def _ranks(order: Array, count: Array, above: Array) -> tuple[Array, Array]:
    """Rank of every node in postorder of the elimination tree, and the parent of every rank."""
    n = len(order)
    turn = np.empty(n, np.int32)
    for i in range(n):
        turn[order[i]] = i
    parent, at = np.full(n, n, np.int32), 0
    for i in range(n):
        for e in range(at, at + count[i]):
            parent[i] = min(parent[i], turn[above[e]])
        at += count[i]
    size = np.ones(n + 1, np.int32)
    for i in range(n):
        size[parent[i]] += size[i]
    # a parent has a higher number than its children and ends its range; ranges are handed out from the top
    free, post = np.full(n + 1, n, np.int32), np.empty(n + 1, np.int32)
    for i in range(n - 1, -1, -1):
        post[i] = free[i] = free[parent[i]] - 1
        free[parent[i]] -= size[i]
    post[n] = -1
    rank, up = np.empty(n, np.int32), np.empty(n, np.int32)
    for i in range(n):
        rank[order[i]], up[post[i]] = post[i], post[parent[i]]
    return rank, up


@compiled
def arcs_of(rank: Array, order: Array, count: Array, above: Array) -> tuple[Array, Array]:
    """First arc of each rank, and higher ends of the arcs, ascending within a rank."""
    n = len(rank)
    start, begin = np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64)
    for i in range(n):
        start[rank[order[i]] + 1] = count[i]
    for node in above:
        begin[rank[node] + 1] += 1
    for i in range(n):
        start[i + 1] += start[i]
        begin[i + 1] += begin[i]
    low, at, first = np.empty(len(above), np.int32), begin.copy(), 0
    for i in range(n):
        for e in range(first, first + count[i]):
            high = rank[above[e]]
            low[at[high]] = rank[order[i]]
            at[high] += 1
        first += count[i]
    found, at = np.empty(len(above), np.int32), start.copy()
    for high in range(n):
        for e in range(begin[high], begin[high + 1]):
            found[at[low[e]]] = high
            at[low[e]] += 1
    return start, found


@compiled
def triangles(start: Array, high: Array, nodes: int) -> Array:
    """Find the arc between the ends of every two arcs of a node, for some nodes from the lowest on.

    What is above a node is above its lowest too.
    """
    total = 0
    for node in range(nodes):
        degree = start[node + 1] - start[node]
        total += degree * (degree - 1) // 2
    target, filled = np.empty(total, np.int32), 0
    for node in range(nodes):
        for one in range(start[node], start[node + 1] - 1):
            arc = start[high[one]]
            for other in range(one + 1, start[node + 1]):
                while high[arc] != high[other]:
                    arc += 1
                target[filled] = arc
                filled += 1
    return target


@compiled
def arc_of_edges(rank: Array, start: Array, high: Array, tail: Array, head: Array) -> Array:
    """Arc and direction of each edge, -1 for loops."""
    found = np.full(len(tail), -1, np.int32)
    for e in range(len(tail)):
        low, top = rank[tail[e]], rank[head[e]]
        if low != top:
            arc = start[min(low, top)]
            while high[arc] != max(low, top):
                arc += 1
            found[e] = 2 * arc + (low > top)
    return found
