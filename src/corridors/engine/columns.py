"""Columns of weights to best ways that keep limits, in compiled code.

A column is customized in the hierarchy together with a number by chance of each edge, whose sum is the print of a way.
The shortest way of a pair is unpacked and looked at where its print is new, and known again in later columns. Only
where it breaks a limit is the best way searched that keeps them all, column by column.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from corridors.engine.follow import NONE, TOO_MANY, Net, Work, best, bound
from corridors.engine.kernel import compiled
from corridors.engine.limits import SLACK
from corridors.engine.topology import Unpacking
from corridors.engine.unpack import Climbed, cells_of, edge_of, reached_by, start_of, turn

Array = Any
"""An array inside compiled code."""

FULL = -3
"""No room for more ways."""


class Known(NamedTuple):
    """Ways by print: a table of slots with the numbers of ways, and of each its print, edges and whether it is kept.

    A way is kept if it comes back to no group and has its balance; what it has spent is held against each pair. `count`
    has the number of ways and of their edges.
    """

    slot: Array
    print: Array
    kept: Array
    spent: Array
    first: Array
    edges: Array
    count: Array


class Asked(NamedTuple):
    """Pairs by target: rows of their ends in the hierarchy, their nodes, most that each may spend, and its flow."""

    source_row: Array
    target_row: Array
    source: Array
    target: Array
    most: Array
    flow: Array


class Answer(NamedTuple):
    """Of each pair the measure along its way and the number of the way, -1 where there is none.

    `code` is the number by chance of each edge. `used` has the flow over each edge, or no entries where it is not
    wanted.
    """

    value: Array
    way: Array
    code: Array
    used: Array


@compiled
def bounds(net: Net, down: Climbed, row: int, cells: Array, work: Work, left: Array) -> None:
    """Least weight from every node to a target, in `left`, from the labels of the hierarchy."""
    nodes = len(net.rank)
    work.onto[:] = np.inf
    for depth in range(down.way.shape[1]):
        if down.way[row, depth] < 0:
            break
        work.onto[down.way[row, depth]] = down.label[row, depth]
    for node in range(nodes - 1, -1, -1):
        least = work.onto[node]
        for arc in range(net.arc_start[node], net.arc_start[node + 1]):
            least = min(least, cells[2 * arc] + work.onto[net.arc_above[arc]])
        work.onto[node] = least
    for node in range(nodes):
        left[node] = work.onto[net.rank[node]]


@compiled
def _find(known: Known, mark: int) -> int:
    """Number of a way by its print; -1 for one that is new."""
    size = len(known.slot)
    at = mark % size
    number: int = known.slot[at]
    while number >= 0 and known.print[number] != mark:
        at = (at + 1) % size
        number = known.slot[at]
    return number


@compiled
def _add(net: Net, known: Known, mark: int, work: Work, count: int, source: int, kept: bool) -> int:
    """Keep the way at hand, its edges in the order of travel; its number or `FULL`."""
    number: int = known.count[0]
    size: int = known.count[1]
    if 2 * (number + 1) > len(known.slot) or number + 1 >= len(known.print) or size + count > len(known.edges):
        return FULL
    for place in range(count):
        work.done_edge[net.tail[work.way[place]]] = work.way[place]
    node, spent = source, 0.0
    for place in range(count):
        e = work.done_edge[node]
        known.edges[size + place] = e
        spent += net.spent[e]
        node = net.head[e]
    at = mark % len(known.slot)
    while known.slot[at] >= 0:
        at = (at + 1) % len(known.slot)
    known.slot[at], known.print[number], known.kept[number] = number, mark, kept
    known.spent[number], known.first[number + 1] = spent, size + count
    known.count[0], known.count[1] = number + 1, size + count
    return number


@compiled
def _unpacked(u: Unpacking, cell: int, cells: Array, weights: Array, work: Work, count: int) -> int:
    """Add the edges behind a cell to `work.way`; the new number of edges."""
    size = 1
    work.stack[0] = cell
    while size > 0:
        size -= 1
        cell = work.stack[size]
        edge = edge_of(u, cell, cells, weights)
        if edge >= 0:
            work.way[count] = edge
            count += 1
            continue
        one, other = cells_of(u, cell, cells)
        if one >= 0:
            work.stack[size], work.stack[size + 1] = one, other
            size += 2
    return count


@compiled
def _shortest(
    u: Unpacking,
    up: Climbed,
    down: Climbed,
    source: int,
    target: int,
    depth: int,
    cells: Array,
    weights: Array,
    work: Work,
) -> int:
    """Edges of the shortest way of a pair of rows, which turns at a depth, in `work.way`, in no order; their number."""
    count = 0
    for side, row in ((up, source), (down, target)):
        at, start = depth, start_of(side, row)
        while at < start:
            below, cell = reached_by(u, side, row, at, start, cells)
            if cell < 0:
                break
            count = _unpacked(u, cell, cells, weights, work, count)
            at = below
    return count


@compiled
def _is_kept(net: Net, work: Work, count: int, source: int) -> bool:
    """Whether the way at hand comes back to no group and has its balance; its edges stand in no order."""
    balance, size, again = 0.0, 1.0, False
    work.visits[net.group[source]] += 1
    for place in range(count):
        e = work.way[place]
        balance += net.balance[e]
        size += abs(net.balance[e])
        group = net.group[net.head[e]]
        if group != net.group[net.tail[e]]:
            work.visits[group] += 1
            again = again or work.visits[group] > 1
    work.visits[net.group[source]] = 0
    for place in range(count):
        work.visits[net.group[net.head[work.way[place]]]] = 0
    return not again and balance <= SLACK * size


@compiled
def _print(code: Array, work: Work, count: int) -> int:
    total = 0
    for place in range(count):
        total += code[work.way[place]]
    return total


@compiled
def column(
    net: Net,
    u: Unpacking,
    up: Climbed,
    down: Climbed,
    codes: tuple[Array, Array],
    priced: tuple[Climbed, Array],
    asked: Asked,
    cells: Array,
    weights: Array,
    measure: Array,
    work: Work,
    known: Known,
    answer: Answer,
) -> int:
    """Answer for each pair and one column of weights: the number of pairs with too many labels, or `FULL`.

    `codes` are the sums of the numbers by chance along the labels; `priced` are labels to the targets and cells of the
    weights with what is spent at the second price. The value of a pair without a way is infinite, that
    of one with too many labels nan.
    """
    ready, failed = -1, 0
    for pair in range(len(asked.source)):
        source, target = asked.source[pair], asked.target[pair]
        rows = asked.source_row[pair], asked.target_row[pair]
        answer.value[pair], answer.way[pair] = np.inf, -1
        depth = turn(up, down, rows[0], rows[1])
        if depth < 0:
            continue
        mark = int(codes[0][rows[0], depth] + codes[1][rows[1], depth])
        way = _find(known, mark)
        if way < 0:
            count = _shortest(u, up, down, rows[0], rows[1], depth, cells, weights, work)
            kept = _is_kept(net, work, count, source)
            way = _add(net, known, _print(answer.code, work, count), work, count, source, kept)
            if way == FULL:
                return FULL
        most = asked.most[pair]
        dear = most < np.inf and known.spent[way] > most + SLACK * (1 + most)
        if dear or not known.kept[way]:
            if ready != target:
                bounds(net, down, rows[1], cells, work, work.left[0])
                if len(net.prices) > 1:
                    bounds(net, priced[0], rows[1], priced[1], work, work.left[1])
                if not work.has_spent[rows[1]]:
                    bound(net, net.open, -1.0, target, work, work.least_spent[rows[1]])
                    work.has_spent[rows[1]] = True
                work.left[len(net.prices)] = work.least_spent[rows[1]]
                ready = target
            count = best(net, weights, source, target, most, work)
            if count < 0:
                answer.value[pair] = np.inf if count == NONE else np.nan
                failed += count == TOO_MANY
                continue
            mark = _print(answer.code, work, count)
            way = _find(known, mark)
            if way < 0:
                way = _add(net, known, mark, work, count, source, True)
                if way == FULL:
                    return FULL
        total = 0.0
        for place in range(known.first[way], known.first[way + 1]):
            total += measure[known.edges[place]]
            if len(answer.used):
                answer.used[known.edges[place]] += asked.flow[pair]
        answer.value[pair], answer.way[pair] = total, way
    return failed
