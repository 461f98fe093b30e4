"""Best ways that keep limits, in compiled code: the same search as in `corridors.engine.limits`, on flat arrays.

A column of weights is customized in the hierarchy; the shortest way of each pair is unpacked from it and looked at, and
only where it breaks a limit is the best way searched that keeps them all.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from corridors.engine.heap import pop, push
from corridors.engine.kernel import compiled
from corridors.engine.limits import SLACK
from corridors.engine.topology import Unpacking
from corridors.engine.unpack import Climbed, reached_by, turn

Array = Any
"""An array inside compiled code."""

NONE, TOO_MANY = -1, -2
"""No way; too many labels."""


class Net(NamedTuple):
    """Edges by tail and by head, and what limits ways.

    `near` has the groups that partial ways remember in each group, as words of bits; `spent` and `balance` are of each
    edge; `prices` are those of what is spent at which lower bounds are worked out.
    """

    start: Array
    edge: Array
    back_start: Array
    back_edge: Array
    tail: Array
    head: Array
    group: Array
    near: Array
    spent: Array
    balance: Array
    prices: Array


class Asked(NamedTuple):
    """Pairs by target: rows of their ends in the hierarchy, their nodes, most that each may spend, and its flow."""

    source_row: Array
    target_row: Array
    source: Array
    target: Array
    most: Array
    flow: Array


class Answer(NamedTuple):
    """Of each pair: the measure along its way, a print of the way, where its edges begin, and the edges of all.

    `code` is a number by chance of each edge; the print of a way is their sum. `used` has the flow over each edge, or
    no entries where it is not wanted.
    """

    value: Array
    print: Array
    first: Array
    edges: Array
    code: Array
    used: Array


class Work(NamedTuple):
    """Working memory: labels, the heap, lower bounds, the way at hand, and visits of groups."""

    weight: Array
    spent: Array
    balance: Array
    node: Array
    before: Array
    edge: Array
    onward: Array
    dropped: Array
    marks: Array
    first: Array
    key: Array
    item: Array
    left: Array
    done: Array
    way: Array
    stack: Array
    visits: Array
    memory: Array


@compiled
def bound(net: Net, weights: Array, price: float, target: int, work: Work, left: Array) -> None:
    """Least weight, with what is spent at a price, from every node to a target; of what is spent alone below 0."""
    left[:] = np.inf
    work.done[:] = False
    left[target] = 0.0
    size = push(work.key, work.item, 0, 0.0, target)
    while size > 0:
        size = pop(work.key, work.item, size)
        node = work.item[size]
        if work.done[node]:
            continue
        work.done[node] = True
        for place in range(net.back_start[node], net.back_start[node + 1]):
            e = net.back_edge[place]
            if weights[e] == np.inf:
                continue
            length = net.spent[e] if price < 0 else weights[e] + price * net.spent[e]
            tail = net.tail[e]
            if left[node] + length < left[tail]:
                left[tail] = left[node] + length
                size = push(work.key, work.item, size, left[tail], tail)


@compiled
def _worse(work: Work, one: int, other: int, words: int, balanced: bool) -> bool:
    """Whether a label is nowhere better than another."""
    if work.weight[other] > work.weight[one] or work.spent[other] > work.spent[one]:
        return False
    if balanced and work.balance[other] > work.balance[one]:
        return False
    for word in range(words):
        if work.marks[other, word] & ~work.marks[one, word]:
            return False
    return True


@compiled
def _keep(work: Work, number: int, balanced: bool) -> bool:
    """Keep a label at its node unless another is nowhere worse; drop those that are nowhere better."""
    node, words = work.node[number], work.marks.shape[1]
    last, other = -1, work.first[node]
    while other >= 0:
        if _worse(work, number, other, words, balanced):
            return False
        onward = work.onward[other]
        if _worse(work, other, number, words, balanced):
            work.dropped[other] = True
            if last < 0:
                work.first[node] = onward
            else:
                work.onward[last] = onward
        else:
            last = other
        other = onward
    work.onward[number] = work.first[node]
    work.first[node] = number
    return True


@compiled
def _search(net: Net, weights: Array, source: int, target: int, most: float, work: Work, balanced: bool) -> int:
    """Label at the end of the best way, `NONE` or `TOO_MANY`."""
    work.first[:] = -1
    words, prices = work.marks.shape[1], len(net.prices) if most < np.inf else 1
    allowed = most if most < np.inf else 0.0
    least = work.left[len(net.prices)]
    work.weight[0], work.spent[0], work.balance[0] = 0.0, 0.0, 0.0
    work.node[0], work.before[0], work.edge[0], work.dropped[0] = source, -1, -1, False
    work.marks[0, :] = 0
    work.marks[0, net.group[source] >> 6] = np.uint64(1) << np.uint64(net.group[source] & 63)
    _keep(work, 0, balanced)
    size, count = push(work.key, work.item, 0, 0.0, 0), 1
    best, answer = np.inf, NONE
    while size > 0:
        size = pop(work.key, work.item, size)
        number = work.item[size]
        if work.key[size] >= best:
            break
        if work.dropped[number]:
            continue
        node = work.node[number]
        if node == target:
            if work.weight[number] < best and (not balanced or _is_balanced(net, work, number)):
                best, answer = work.weight[number], number
            continue
        here = net.group[node]
        for place in range(net.start[node], net.start[node + 1]):
            e = net.edge[place]
            if weights[e] == np.inf:
                continue
            head = net.head[e]
            paid = work.spent[number] + net.spent[e]
            if paid + least[head] > most:
                continue
            total, lower = work.weight[number] + weights[e], 0.0
            for price in range(prices):
                lower = max(lower, total + net.prices[price] * (paid - allowed) + work.left[price, head])
            if not lower < best:
                continue
            group = net.group[head]
            word, mark = group >> 6, np.uint64(1) << np.uint64(group & 63)
            if group != here and work.marks[number, word] & mark:
                continue
            if count == len(work.weight) or size == len(work.key):
                return TOO_MANY
            work.weight[count], work.spent[count] = total, paid
            work.balance[count] = work.balance[number] + net.balance[e]
            work.node[count], work.before[count], work.edge[count] = head, number, e
            work.dropped[count] = False
            for w in range(words):
                kept = work.marks[number, w]
                work.marks[count, w] = kept if group == here or balanced else kept & work.memory[group, w]
            if group != here:
                work.marks[count, word] |= mark
            if _keep(work, count, balanced):
                size = push(work.key, work.item, size, lower, count)
                count += 1
    return answer


@compiled
def _is_balanced(net: Net, work: Work, number: int) -> bool:
    total, size = 0.0, 1.0
    while work.edge[number] >= 0:
        total += net.balance[work.edge[number]]
        size += abs(net.balance[work.edge[number]])
        number = work.before[number]
    return total <= SLACK * size


@compiled
def _unwind(work: Work, number: int) -> int:
    """Edges of a label from its end, in `work.way`; their number."""
    count = 0
    while work.edge[number] >= 0:
        work.way[count] = work.edge[number]
        count += 1
        number = work.before[number]
    return count


@compiled
def _widen(net: Net, work: Work, count: int) -> bool:
    """Remember the groups to which the way at hand comes back, in all groups in between; whether there are any."""
    found = False
    for end in range(count):
        group = net.group[net.head[work.way[end]]]
        if group == net.group[net.tail[work.way[end]]]:
            continue
        # the way lies from its end: look for where it has left this group before
        for place in range(end + 1, count):
            tail = net.group[net.tail[work.way[place]]]
            if tail == group:
                found = True
                for between in range(end, place + 1):
                    member = net.group[net.tail[work.way[between]]]
                    work.memory[member, group >> 6] |= np.uint64(1) << np.uint64(group & 63)
                break
    return found


@compiled
def best(net: Net, weights: Array, source: int, target: int, most: float, work: Work) -> int:
    """Edges of the best way that keeps the limits, from its end in `work.way`; their number, `NONE` or `TOO_MANY`.

    The lower bounds of the target stand in `work.left`.
    """
    if most < np.inf:
        most += SLACK * (1 + abs(most))
    if work.left[0, source] == np.inf or work.left[len(net.prices), source] > most:
        return NONE
    work.memory[:] = net.near
    balanced = False
    while True:
        number = _search(net, weights, source, target, most, work, balanced)
        if number < 0:
            return number
        count = _unwind(work, number)
        if _widen(net, work, count):
            continue
        if balanced or _is_balanced(net, work, number):
            return count
        balanced = True


@compiled
def bounds(net: Net, weights: Array, target: int, work: Work) -> None:
    """Put the lower bounds of a target into `work.left`: by price, and of what is spent alone."""
    for price in range(len(net.prices)):
        bound(net, weights, net.prices[price], target, work, work.left[price])
    bound(net, weights, -1.0, target, work, work.left[len(net.prices)])


@compiled
def _unpacked(u: Unpacking, cell: int, cells: Array, weights: Array, work: Work, count: int) -> int:
    """Add the edges behind a cell to `work.way`; the new number of edges."""
    size = 1
    work.stack[0] = cell
    while size > 0:
        size -= 1
        cell = work.stack[size]
        wanted, is_edge = cells[cell], False
        for place in range(u.edge_from[cell], u.edge_from[cell + 1]):
            if weights[u.edge[place]] == wanted:
                work.way[count] = u.edge[place]
                count, is_edge = count + 1, True
                break
        if is_edge:
            continue
        arc, back = cell // 2, cell % 2
        for triangle in range(u.triangle_from[arc], u.triangle_from[arc + 1]):
            first, second = 2 * np.int64(u.first[triangle]), 2 * np.int64(u.second[triangle])
            one, other = (second + 1, first) if back else (first + 1, second)
            if cells[one] + cells[other] == wanted:
                work.stack[size], work.stack[size + 1] = one, other
                size += 2
                break
    return count


@compiled
def _shortest(
    u: Unpacking, up: Climbed, down: Climbed, source: int, target: int, cells: Array, weights: Array, work: Work
) -> int:
    """Edges of the shortest way of a pair of rows in `work.way`, in no order; their number or `NONE`."""
    depth = turn(up, down, source, target)
    if depth < 0:
        return NONE
    count = 0
    for side, row in ((up, source), (down, target)):
        at, start = depth, 0
        while start + 1 < side.way.shape[1] and side.way[row, start + 1] >= 0:
            start += 1
        while at < start:
            below, cell = reached_by(u, side, row, at, start, cells)
            if cell < 0:
                break
            count = _unpacked(u, cell, cells, weights, work, count)
            at = below
    return count


@compiled
def _is_kept(net: Net, work: Work, count: int, source: int, most: float) -> bool:
    """Whether the way at hand keeps the limits; its edges stand in no order."""
    spent, balance, size, again = 0.0, 0.0, 1.0, False
    work.visits[net.group[source]] += 1
    for place in range(count):
        e = work.way[place]
        spent += net.spent[e]
        balance += net.balance[e]
        size += abs(net.balance[e])
        group = net.group[net.head[e]]
        if group != net.group[net.tail[e]]:
            work.visits[group] += 1
            again = again or work.visits[group] > 1
    work.visits[net.group[source]] = 0
    for place in range(count):
        work.visits[net.group[net.head[work.way[place]]]] = 0
    if most < np.inf and spent > most + SLACK * (1 + most):
        return False
    return not again and balance <= SLACK * size


@compiled
def column(
    net: Net,
    u: Unpacking,
    up: Climbed,
    down: Climbed,
    asked: Asked,
    cells: Array,
    weights: Array,
    measure: Array,
    work: Work,
    answer: Answer,
) -> int:
    """Answer for each pair and one column of weights; the result is the number of pairs that had too many labels.

    The value of a pair without a way is infinite, that of one with too many labels nan.
    """
    ready, failed, size = -1, 0, 0
    for pair in range(len(asked.source)):
        source, target, most = asked.source[pair], asked.target[pair], asked.most[pair]
        count = _shortest(u, up, down, asked.source_row[pair], asked.target_row[pair], cells, weights, work)
        if count >= 0 and not _is_kept(net, work, count, source, most):
            if ready != target:
                bounds(net, weights, target, work)
                ready = target
            count = best(net, weights, source, target, most, work)
        answer.first[pair] = size
        if count < 0:
            answer.value[pair], answer.print[pair] = np.inf if count == NONE else np.nan, np.uint64(0)
            failed += count == TOO_MANY
            continue
        total, mark = 0.0, np.uint64(0)
        for place in range(count):
            e = work.way[place]
            total += measure[e]
            mark += answer.code[e]
            answer.edges[size] = e
            size += 1
            if len(answer.used):
                answer.used[e] += asked.flow[pair]
        answer.value[pair], answer.print[pair] = total, mark
    answer.first[len(asked.source)] = size
    return failed
