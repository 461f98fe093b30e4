"""Columns of weights to best ways that keep limits, in compiled code.

A column is customized in the hierarchy together with a number by chance of each edge, whose sum is the print of a way.
The shortest way of a pair is unpacked and looked at where its print is new, and known again in later columns. Only
where it breaks a limit is the best way searched that keeps them all, column by column.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from corridors.engine.bounds import PLAIN, Net, bound
from corridors.engine.follow import NONE, TOO_MANY, Target, Work, best, spread, use
from corridors.engine.kernel import as_bool, as_int, compiled
from corridors.engine.limits import SLACK
from corridors.engine.topology import Unpacking
from corridors.engine.unpack import Climbed, cells_of, edge_of, reached_by, start_of, turn

Array = Any
"""An array inside compiled code."""

FULL = -3
"""No room for more ways."""


class Graph(NamedTuple):
    """Edges with what limits ways."""

    tail: Array
    head: Array
    group: Array
    spent: Array
    balance: Array


class Known(NamedTuple):
    """Ways by print: a table of slots with the numbers of ways, and of each its print, edges and whether it is kept.

    A way is kept if it comes back to no group and has its balance; what it has spent is held against each pair.
    `weight` and `measure` are ways by lanes, worked out for those that are `summed`. `count` has the number of ways
    and of their edges.
    """

    slot: Array
    print: Array
    kept: Array
    spent: Array
    weight: Array
    measure: Array
    summed: Array
    first: Array
    edges: Array
    count: Array


class Asked(NamedTuple):
    """Pairs by target: rows of their ends in the hierarchy, first node, nodes among the chains, most, and flow."""

    source_row: Array
    target_row: Array
    source: Array
    from_node: Array
    to_node: Array
    most: Array
    flow: Array


class Lanes(NamedTuple):
    """Columns that went through the hierarchy together.

    `up_way` and `down_way` are the ways of sources and targets; labels are rows by depth by planes by lanes, cells
    arcs and directions by planes by lanes; the second plane has the sums of the numbers by chance. `sums` are the
    weights of the chains by lanes; `weights` and `measure` are edges by lanes.
    """

    up_way: Array
    up: Array
    down_way: Array
    down: Array
    cells: Array
    sums: Array
    weights: Array
    measure: Array


class Answer(NamedTuple):
    """Of each lane and pair the measure along its way and the number of the way, -1 where there is none.

    `code` is the number by chance of each edge. `used` has the flow over each edge by lanes, or no edges where it is
    not wanted. `before` has the numbers of ways that the search found for each pair in earlier columns, -1 behind them.
    """

    value: Array
    way: Array
    code: Array
    used: Array
    before: Array


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
def _add(graph: Graph, known: Known, mark: int, work: Work, count: int, source: int, kept: bool) -> int:
    """Keep the way at hand, its edges in the order of travel; its number or `FULL`."""
    number: int = known.count[0]
    size: int = known.count[1]
    if 2 * (number + 1) > len(known.slot) or number + 1 >= len(known.print) or size + count > len(known.edges):
        return FULL
    for place in range(count):
        work.done_edge[graph.tail[work.way[place]]] = work.way[place]
    node, spent = source, 0.0
    for place in range(count):
        e = work.done_edge[node]
        known.edges[size + place] = e
        spent += graph.spent[e]
        node = graph.head[e]
    at = mark % len(known.slot)
    while known.slot[at] >= 0:
        at = (at + 1) % len(known.slot)
    known.slot[at], known.print[number], known.kept[number] = number, mark, kept
    known.spent[number], known.summed[number], known.first[number + 1] = spent, False, size + count
    known.count[0], known.count[1] = number + 1, size + count
    return number


@compiled
def _unpacked(u: Unpacking, cell: int, cells: Array, weights: Array, work: Work, count: int) -> int:
    """Add the chains behind a cell to `work.chains`; their new number."""
    size = 1
    work.stack[0] = cell
    while size > 0:
        size -= 1
        cell = work.stack[size]
        edge = edge_of(u, cell, cells, weights)
        if edge >= 0:
            work.chains[count] = edge
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
    """Chains of the shortest way of a pair of rows, which turns at a depth, in no order; their number."""
    count = as_int(0)
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
def _is_kept(graph: Graph, work: Work, count: int, source: int) -> bool:
    """Whether the way at hand comes back to no group and has its balance; its edges stand in no order."""
    balance, size, again = 0.0, 1.0, False
    work.visits[graph.group[source]] += 1
    for place in range(count):
        e = work.way[place]
        balance += graph.balance[e]
        size += abs(graph.balance[e])
        group = graph.group[graph.head[e]]
        if group != graph.group[graph.tail[e]]:
            work.visits[group] += 1
            again = again or work.visits[group] > 1
    work.visits[graph.group[source]] = 0
    for place in range(count):
        work.visits[graph.group[graph.head[work.way[place]]]] = 0
    return not again and balance <= SLACK * size


@compiled
def _print(code: Array, work: Work, count: int) -> int:
    total, way = 0, work.way
    for place in range(count):
        total += code[way[place]]
    return total


@compiled
def _sum(known: Known, way: int, lanes: Lanes) -> None:
    """Work out the weight and the measure of a way in all lanes, where that is not done."""
    if known.summed[way]:
        return
    known.summed[way] = True
    edges, weights, measures = known.edges, lanes.weights, lanes.measure
    weight, measure = known.weight[way], known.measure[way]
    width = weights.shape[1]
    weight[:], measure[:] = 0.0, 0.0
    for place in range(known.first[way], known.first[way + 1]):
        e = edges[place]
        for lane in range(width):
            weight[lane] += weights[e, lane]
            measure[lane] += measures[e, lane]


@compiled
def _recalled(known: Known, before: Array, lanes: Lanes, lane: int) -> tuple[int, float]:
    """Best of the ways of earlier columns that keep the limits of a pair, and its weight; -1 where none is open."""
    best, below = -1, np.inf
    for way in before:
        if way < 0:
            break
        _sum(known, way, lanes)
        if known.weight[way, lane] < below:
            best, below = way, known.weight[way, lane]
    return best, below


@compiled
def _remember(before: Array, way: int) -> None:
    """Put a way before those of earlier columns; the last one is forgotten."""
    for place in range(len(before) - 1, 0, -1):
        before[place] = before[place - 1]
    before[0] = way


@compiled
def _ready(net: Net, lanes: Lanes, at: Target, work: Work, new: bool) -> None:
    """Prepare the search for ways to a target in a lane: lower bounds, and in a `new` lane weights of chains."""
    if new:
        work.weights[:] = lanes.sums[:, at.lane]
    work.ready[:] = False
    use(net, lanes.sums, at, work, as_int(PLAIN))
    if not work.has_spent[at.row]:
        bound(net, net.nothing, 1.0, 0.0, at.node, work.heap, work.least_spent[at.row])
        work.has_spent[at.row] = True


@compiled
def _column(
    net: Net,
    graph: Graph,
    u: Unpacking,
    lanes: Lanes,
    lane: int,
    asked: Asked,
    work: Work,
    known: Known,
    answer: Answer,
) -> bool:
    """Answer for each pair and one lane; whether there was room.

    The value of a pair without a way is infinite, that of one with too many labels nan.
    """
    up = Climbed(lanes.up_way, lanes.up[:, :, 0, lane], 0)
    down = Climbed(lanes.down_way, lanes.down[:, :, 0, lane], 1)
    codes = lanes.up[:, :, 1, lane], lanes.down[:, :, 1, lane]
    cells = lanes.cells[:, 0, lane]
    value, ways, used, code = answer.value[lane], answer.way[lane], answer.used[lane], answer.code
    used[:] = 0.0
    ready = -1
    for pair in range(len(asked.source)):
        source, target = asked.source[pair], asked.to_node[pair]
        rows = asked.source_row[pair], asked.target_row[pair]
        value[pair], ways[pair] = np.inf, -1
        depth = turn(up, down, rows[0], rows[1])
        if depth < 0:
            continue
        way = _find(known, int(codes[0][rows[0], depth] + codes[1][rows[1], depth]))
        if way < 0:
            count = _shortest(u, up, down, rows[0], rows[1], depth, cells, lanes.sums[:, lane], work)
            count = spread(net, work, count)
            kept = _is_kept(graph, work, count, source)
            way = _add(graph, known, _print(code, work, count), work, count, source, kept)
            if way == FULL:
                return False
        most = asked.most[pair]
        dear = most < np.inf and known.spent[way] > most + SLACK * (1 + most)
        if dear or not known.kept[way]:
            if ready != target:
                _ready(net, lanes, Target(rows[1], target, lane), work, ready < 0)
                ready = target
            way, below = _recalled(known, answer.before[pair], lanes, lane)
            at = Target(rows[1], target, lane)
            count = best(net, lanes.sums, asked.from_node[pair], at, most, work, below)
            if count == TOO_MANY or (count == NONE and way < 0):
                value[pair] = np.inf if count == NONE else np.nan
                continue
            if count != NONE:
                mark = _print(code, work, count)
                way = _find(known, mark)
                if way < 0:
                    way = _add(graph, known, mark, work, count, source, as_bool(True))
                    if way == FULL:
                        return False
                _remember(answer.before[pair], way)
        _sum(known, way, lanes)
        value[pair], ways[pair] = known.measure[way, lane], way
        if len(used):
            for place in range(known.first[way], known.first[way + 1]):
                used[known.edges[place]] += asked.flow[pair]
    return True


@compiled
def answer_lanes(
    net: Net,
    graph: Graph,
    u: Unpacking,
    lanes: Lanes,
    asked: Asked,
    work: Work,
    known: Known,
    answer: Answer,
    first: int,
) -> int:
    """Answer for each pair and the lanes from `first` on: the lane for which there was no room, or their number."""
    if first == 0:
        work.bounds.has_left[:] = False
        work.bounds.has_cost[:] = False
        known.summed[:] = False
    for lane in range(first, lanes.weights.shape[1]):
        if not _column(net, graph, u, lanes, lane, asked, work, known, answer):
            return lane
    return int(lanes.weights.shape[1])
