"""The search for a best way that keeps limits, in compiled code: that of `corridors.engine.labels` on flat arrays."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from corridors.engine.bounds import HALF, HIGHEST, OTHERS, PLAIN, SECOND, Bounds, Heap, Net, bound, of_lanes
from corridors.engine.heap import pop, push
from corridors.engine.kernel import as_bool, as_int, compiled
from corridors.engine.limits import SLACK

Array = Any
"""An array inside compiled code."""

NONE, TOO_MANY = -1, -2
"""No way; too many labels."""

ROUNDS = 12
"""Searches in which remembered groups grow; what needs more is left to the search that grows."""

FEW = 1000
"""Labels after which lower bounds at all prices are worked out, and the search begins again."""

EVERYTHING = np.uint64(0xFFFFFFFFFFFFFFFF)
"""A word with all its bits."""


class Work(NamedTuple):
    """Working memory: labels, the heap, lower bounds, weights of the chains, and the way at hand.

    `bounds` are those of all lanes. Of the lane and target at hand, `left` has the lower bounds by row and node,
    `ready` and `active` say which rows are there and in use, and `share` what the balance is priced at. `least_spent`
    is by targets and nodes; `has_spent` says of which targets.
    """

    weight: Array
    spent: Array
    balance: Array
    node: Array
    before: Array
    chain: Array
    onward: Array
    marks: Array
    followed: Array
    heap: Heap
    left: Array
    ready: Array
    active: Array
    share: Array
    least_spent: Array
    has_spent: Array
    bounds: Bounds
    memory: Array
    weights: Array
    chains: Array
    way: Array
    stack: Array
    visits: Array
    done_edge: Array


class Target(NamedTuple):
    """A target: its row among all, its node, and the lane at hand."""

    row: int
    node: int
    lane: int


@compiled
def use(net: Net, sums: Array, at: Target, work: Work, row: int) -> None:
    """Take lower bounds into use."""
    work.active[row] = True
    if work.ready[row]:
        return
    work.ready[row] = True
    if row >= OTHERS:
        bound(net, work.weights, net.prices[row], 0.0, at.node, work.heap, work.left[row])
        return
    bounds = work.bounds
    of_lanes(net, sums, row, (at.row, at.node), bounds, work.heap, work.left[row])
    lanes, left, found = len(bounds.cell), bounds.left[at.row, row], work.left[row]
    for node in range(len(found)):
        found[node] = left[node * lanes + at.lane]
    work.share[row] = bounds.share[row, at.lane]


@compiled
def _is_worse(
    weight: Array, spent: Array, balance: Array, marks: Array, onward: Array, other: int, number: int, balanced: bool
) -> bool:
    """Whether a label is nowhere better than one of those that were followed from its node, `other` first."""
    while other >= 0:
        if (
            weight[other] <= weight[number]
            and spent[other] <= spent[number]
            and (not balanced or balance[other] <= balance[number])
        ):
            more = np.uint64(0)
            for word in range(marks.shape[1]):
                more |= marks[other, word] & ~marks[number, word]
            if more == 0:
                return True
        other = onward[other]
    return False


@compiled
def _search(
    net: Net, source: int, target: int, most: float, least: Array, work: Work, balanced: bool, room: int, best: float
) -> int:
    """Label at the end of the best way below a weight, `NONE` or `TOO_MANY`."""
    start, heads, entered = net.start, net.head, net.entered
    weights, spents, balances, prices = work.weights, net.spent, net.balance, net.prices
    weight, spent, balance, node = work.weight, work.spent, work.balance, work.node
    before, chain, onward, marks = work.before, work.chain, work.onward, work.marks
    followed, key, item, memory = work.followed, work.heap.key, work.heap.item, work.memory
    left, share, rows = work.left, work.share, np.flatnonzero(work.active)
    plain, words, allowed = left[PLAIN], marks.shape[1], most if most < np.inf else 0.0
    followed[:] = -1
    weight[0], spent[0], balance[0] = 0.0, 0.0, 0.0
    node[0], before[0], chain[0] = source, -1, -1
    marks[0] = net.own[source]
    size, count, answer = push(key, item, 0, 0.0, 0), 1, NONE
    while size > 0:
        size = pop(key, item, size)
        number = item[size]
        if key[size] >= best:
            break
        here = node[number]
        if here == target:
            if weight[number] < best and (not balanced or _is_balanced(net, work, number)):
                best, answer = weight[number], number
            continue
        if _is_worse(weight, spent, balance, marks, onward, followed[here], number, balanced):
            continue
        onward[number], followed[here] = followed[here], number
        for c in range(start[here], start[here + 1]):
            head, total, paid = heads[c], weight[number] + weights[c], spent[number] + spents[c]
            lower = total + plain[head]
            if not lower < best or paid + least[head] > most:
                continue
            again = np.uint64(0)
            for word in range(words):
                again |= marks[number, word] & entered[c, word]
            if again != 0:
                continue
            won = balance[number] + balances[c]
            for row in rows:
                lower = max(lower, total + prices[row] * (paid - allowed) + share[row] * won + left[row, head])
            if not lower < best:
                continue
            if count >= room:
                return TOO_MANY
            weight[count], spent[count], balance[count] = total, paid, won
            node[count], before[count], chain[count] = head, number, c
            for word in range(words):
                marks[count, word] = (marks[number, word] | entered[c, word]) & memory[head, word]
            size = push(key, item, size, lower, count)
            count += 1
    return answer


@compiled
def _is_balanced(net: Net, work: Work, number: int) -> bool:
    total, size = 0.0, 1.0
    while work.chain[number] >= 0:
        total += net.balance[work.chain[number]]
        size += abs(net.balance[work.chain[number]])
        number = work.before[number]
    return bool(total <= SLACK * size)


@compiled
def _unwind(work: Work, number: int) -> int:
    """Chains to a label in the order of travel, in `work.chains`; their number."""
    chain, before, chains = work.chain, work.before, work.chains
    count, at = 0, number
    while chain[at] >= 0:
        count += 1
        at = before[at]
    for place in range(count - 1, -1, -1):
        chains[place] = chain[number]
        number = before[number]
    return count


@compiled
def _widen(net: Net, work: Work, source: int, count: int) -> bool:
    """Remember each group to which the way at hand comes back at all nodes in between; whether there are any."""
    head, entered, own, chains, memory = net.head, net.entered, net.own, work.chains, work.memory
    found = False
    for word in range(entered.shape[1]):
        seen = own[source, word]
        for place in range(count):
            again = seen & entered[chains[place], word]
            seen |= entered[chains[place], word]
            if again == 0:
                continue
            found = True
            for before in range(place + 1):
                left = own[source, word] if before == 0 else entered[chains[before - 1], word]
                for between in range(max(0, before - 1), place):
                    memory[head[chains[between]], word] |= left & again
    return found


@compiled
def spread(net: Net, work: Work, count: int) -> int:
    """Edges of the chains at hand, in their order, in `work.way`; their number."""
    first, edges, chains, way = net.first, net.edges, work.chains, work.way
    size = 0
    for place in range(count):
        for at in range(first[chains[place]], first[chains[place] + 1]):
            way[size] = edges[at]
            size += 1
    return size


@compiled
def best(net: Net, sums: Array, source: int, at: Target, most: float, work: Work, below: float) -> int:
    """Edges of the best way that keeps the limits, in the order of travel in `work.way`; their number, or why not.

    `sums` are the weights of the chains by lanes. Lower bounds by the weights stand in `work.left`. The number is
    `NONE` where no way weighs less than `below`, and `TOO_MANY` where there are too many labels.
    """
    target, least = at.node, work.least_spent[at.row]
    if most < np.inf:
        most += SLACK * (1 + abs(most))
    if work.left[PLAIN, source] == np.inf or least[source] > most:
        return NONE
    work.memory[:] = net.near
    work.active[:] = False
    priced, balanced, room = len(net.prices) > OTHERS and most < np.inf, as_bool(False), len(work.weight)
    if priced:
        use(net, sums, at, work, as_int(SECOND))
        room = min(FEW, room)
    for _ in range(ROUNDS):
        number = _search(net, source, target, most, least, work, balanced, room, below)
        if number == TOO_MANY and room < len(work.weight):
            room = len(work.weight)
            for row in range(OTHERS, len(net.prices)):
                use(net, sums, at, work, row)
            continue
        if number < 0:
            return number
        count = _unwind(work, number)
        if _widen(net, work, source, count):
            continue
        if balanced or _is_balanced(net, work, number):
            return spread(net, work, count)
        balanced = as_bool(True)
        work.memory[:] = EVERYTHING
        use(net, sums, at, work, as_int(HALF))
        use(net, sums, at, work, as_int(HIGHEST))
    return TOO_MANY
