"""The search for a best way that keeps limits, in compiled code: that of `corridors.engine.labels` on flat arrays."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from corridors.engine.heap import pop, push
from corridors.engine.kernel import compiled
from corridors.engine.limits import SLACK

Array = Any
"""An array inside compiled code."""

NONE, TOO_MANY = -1, -2
"""No way; too many labels."""

ROUNDS = 12
"""Searches in which remembered groups grow; what needs more is left to the search that grows."""

FEW = 4000
"""Labels after which lower bounds at all prices are worked out, and the search begins again."""


class Net(NamedTuple):
    """Edges by tail and by head, the order of the hierarchy, and what limits ways.

    `near` has the groups that partial ways remember in each group, as words of bits; `spent` and `balance` are of each
    edge; `prices` are those of what is spent at which lower bounds are worked out. `rank`, `arc_start` and `arc_above`
    are those of the hierarchy; `open` is infinite where an edge is closed in every column.
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
    rank: Array
    arc_start: Array
    arc_above: Array
    open: Array


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
    onto: Array
    done_edge: Array
    least_spent: Array
    has_spent: Array


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
def _search(
    net: Net, weights: Array, source: int, target: int, most: float, work: Work, balanced: bool, prices: int
) -> int:
    """Label at the end of the best way, `NONE` or `TOO_MANY`."""
    work.first[:] = -1
    words = work.marks.shape[1]
    room = min(FEW, len(work.weight)) if 1 < prices < len(net.prices) else len(work.weight)
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
            if count >= room or size >= len(work.key):
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

    Lower bounds at the first two prices, and of what is spent alone, stand in `work.left`, the latter in its last row.
    """
    if most < np.inf:
        most += SLACK * (1 + abs(most))
    if work.left[0, source] == np.inf or work.left[len(net.prices), source] > most:
        return NONE
    work.memory[:] = net.near
    balanced, prices = False, min(2, len(net.prices)) if most < np.inf else 1
    for _ in range(ROUNDS):
        number = _search(net, weights, source, target, most, work, balanced, prices)
        if number == TOO_MANY and 1 < prices < len(net.prices):
            for price in range(2, len(net.prices)):
                bound(net, weights, net.prices[price], target, work, work.left[price])
            prices = len(net.prices)
            continue
        if number < 0:
            return number
        count = _unwind(work, number)
        if _widen(net, work, count):
            continue
        if balanced or _is_balanced(net, work, number):
            return count
        balanced = True
    return TOO_MANY
