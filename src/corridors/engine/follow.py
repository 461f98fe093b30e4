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

FEW = 1000
"""Labels after which lower bounds at all prices are worked out, and the search begins again."""

PLAIN, SECOND, HALF, HIGHEST, OTHERS = 0, 1, 2, 3, 4
"""Rows of lower bounds: by weights alone, at the second price of what is spent, at two prices of the balance, at the
other prices of what is spent."""

EVERYTHING = np.uint64(0xFFFFFFFFFFFFFFFF)
"""A word with all its bits."""


class Net(NamedTuple):
    """Chains of edges by tail and by head (`corridors.engine.chains.Chains`), and what limits ways.

    `entered` has the groups of each chain, `own` that of each node and `near` those that partial ways remember at each
    node, as words of bits; `spent` and `balance` are sums along the chains, `nothing` has a zero for each. `prices` are
    those of what is spent, by row of the lower bounds; there is none where nothing can be spent.
    """

    start: Array
    tail: Array
    head: Array
    back_start: Array
    back_chain: Array
    entered: Array
    own: Array
    near: Array
    spent: Array
    balance: Array
    nothing: Array
    prices: Array
    edges: Array
    first: Array


class Work(NamedTuple):
    """Working memory: labels, the heap, lower bounds of a target, weights of the chains, and the way at hand.

    `left` has the lower bounds by row and node, `ready` and `active` say which rows are worked out and in use, and
    `share` what the balance is priced at; `least_spent` is of each target, `has_spent` says of which.
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
    key: Array
    item: Array
    left: Array
    ready: Array
    active: Array
    share: Array
    least_spent: Array
    has_spent: Array
    memory: Array
    weights: Array
    chains: Array
    done: Array
    way: Array
    stack: Array
    visits: Array
    onto: Array
    done_edge: Array


@compiled
def bound(net: Net, weights: Array, price: float, share: float, target: int, work: Work, left: Array) -> None:
    """Least weight, with what is spent and the balance at a price, from every node to a target."""
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
            c = net.back_chain[place]
            total = left[node] + max(weights[c] + price * net.spent[c] + share * net.balance[c], 0.0)
            tail = net.tail[c]
            if total < left[tail]:
                left[tail] = total
                size = push(work.key, work.item, size, total, tail)


@compiled
def _use(net: Net, target: int, work: Work, row: int) -> None:
    """Take lower bounds into use, which are worked out once for a target and column."""
    work.active[row] = True
    if not work.ready[row]:
        bound(net, work.weights, net.prices[row], work.share[row], target, work, work.left[row])
        work.ready[row] = True


@compiled
def _price_balance(net: Net, work: Work) -> None:
    """Price the balance as high as no chain weighs less than nothing, and at half of that."""
    highest = np.inf
    for c in range(len(net.balance)):
        if net.balance[c] < 0:
            highest = min(highest, work.weights[c] / -net.balance[c])
    work.share[HIGHEST] = highest if highest < np.inf else 0.0
    work.share[HALF] = 0.5 * work.share[HIGHEST]


@compiled
def _is_new(work: Work, number: int, balanced: bool) -> bool:
    """Keep a label at its node, unless one that was followed from there is nowhere worse."""
    node, other = work.node[number], work.followed[work.node[number]]
    while other >= 0:
        if (
            work.weight[other] <= work.weight[number]
            and work.spent[other] <= work.spent[number]
            and (not balanced or work.balance[other] <= work.balance[number])
        ):
            more = np.uint64(0)
            for word in range(work.marks.shape[1]):
                more |= work.marks[other, word] & ~work.marks[number, word]
            if more == 0:
                return False
        other = work.onward[other]
    work.onward[number] = work.followed[node]
    work.followed[node] = number
    return True


@compiled
def _lower(net: Net, work: Work, total: float, beyond: float, balance: float, head: int) -> float:
    """Lower bound of a partial way at a node: what it can end at."""
    found = total + work.left[PLAIN, head]
    for row in range(1, len(work.active)):
        if work.active[row]:
            found = max(found, total + net.prices[row] * beyond + work.share[row] * balance + work.left[row, head])
    return found


@compiled
def _search(
    net: Net, source: int, target: int, most: float, least: Array, work: Work, balanced: bool, room: int
) -> int:
    """Label at the end of the best way, `NONE` or `TOO_MANY`."""
    work.followed[:] = -1
    words, allowed = work.marks.shape[1], most if most < np.inf else 0.0
    work.weight[0], work.spent[0], work.balance[0] = 0.0, 0.0, 0.0
    work.node[0], work.before[0], work.chain[0] = source, -1, -1
    work.marks[0] = net.own[source]
    size, count = push(work.key, work.item, 0, 0.0, 0), 1
    best, answer = np.inf, NONE
    while size > 0:
        size = pop(work.key, work.item, size)
        number = work.item[size]
        if work.key[size] >= best:
            break
        node = work.node[number]
        if node == target:
            if work.weight[number] < best and (not balanced or _is_balanced(net, work, number)):
                best, answer = work.weight[number], number
            continue
        if not _is_new(work, number, balanced):
            continue
        for c in range(net.start[node], net.start[node + 1]):
            head = net.head[c]
            paid = work.spent[number] + net.spent[c]
            if paid + least[head] > most:
                continue
            again = np.uint64(0)
            for word in range(words):
                again |= work.marks[number, word] & net.entered[c, word]
            if again != 0:
                continue
            total, balance = work.weight[number] + work.weights[c], work.balance[number] + net.balance[c]
            lower = _lower(net, work, total, paid - allowed, balance, head)
            if not lower < best:
                continue
            if count >= room:
                return TOO_MANY
            work.weight[count], work.spent[count], work.balance[count] = total, paid, balance
            work.node[count], work.before[count], work.chain[count] = head, number, c
            for word in range(words):
                seen = work.marks[number, word] | net.entered[c, word]
                work.marks[count, word] = seen & work.memory[head, word]
            size = push(work.key, work.item, size, lower, count)
            count += 1
    return answer


@compiled
def _is_balanced(net: Net, work: Work, number: int) -> bool:
    total, size = 0.0, 1.0
    while work.chain[number] >= 0:
        total += net.balance[work.chain[number]]
        size += abs(net.balance[work.chain[number]])
        number = work.before[number]
    return total <= SLACK * size


@compiled
def _unwind(work: Work, number: int) -> int:
    """Chains to a label in the order of travel, in `work.chains`; their number."""
    count, at = 0, number
    while work.chain[at] >= 0:
        count += 1
        at = work.before[at]
    for place in range(count - 1, -1, -1):
        work.chains[place] = work.chain[number]
        number = work.before[number]
    return count


@compiled
def _widen(net: Net, work: Work, source: int, count: int) -> bool:
    """Remember each group to which the way at hand comes back at all nodes in between; whether there are any."""
    found = False
    for place in range(count):
        entered = net.entered[work.chains[place]]
        for before in range(place + 1):
            seen = net.own[source] if before == 0 else net.entered[work.chains[before - 1]]
            for word in range(len(entered)):
                again = seen[word] & entered[word]
                if again != 0:
                    found = True
                    for between in range(max(0, before - 1), place):
                        work.memory[net.head[work.chains[between]], word] |= again
    return found


@compiled
def _spread(net: Net, work: Work, count: int) -> int:
    """Edges of the chains at hand in the order of travel, in `work.way`; their number."""
    size = 0
    for place in range(count):
        for at in range(net.first[work.chains[place]], net.first[work.chains[place] + 1]):
            work.way[size] = net.edges[at]
            size += 1
    return size


@compiled
def best(net: Net, source: int, target: int, most: float, least: Array, work: Work) -> int:
    """Edges of the best way that keeps the limits, in the order of travel in `work.way`; their number, or why not.

    Lower bounds by the weights stand in `work.left`; `least` is the least that is spent from every node. The number is
    `NONE` where there is no way, and `TOO_MANY` where there are too many labels.
    """
    if most < np.inf:
        most += SLACK * (1 + abs(most))
    if work.left[PLAIN, source] == np.inf or least[source] > most:
        return NONE
    work.memory[:] = net.near
    work.active[:] = False
    priced, balanced, room = len(net.prices) > OTHERS and most < np.inf, False, len(work.weight)
    if priced:
        _use(net, target, work, SECOND)
        room = min(FEW, room)
    for _ in range(ROUNDS):
        number = _search(net, source, target, most, least, work, balanced, room)
        if number == TOO_MANY and room < len(work.weight):
            room = len(work.weight)
            for row in range(OTHERS, len(net.prices)):
                _use(net, target, work, row)
            continue
        if number < 0:
            return number
        count = _unwind(work, number)
        if _widen(net, work, source, count):
            continue
        if balanced or _is_balanced(net, work, number):
            return _spread(net, work, count)
        balanced = True
        work.memory[:] = EVERYTHING
        _price_balance(net, work)
        _use(net, target, work, HALF)
        _use(net, target, work, HIGHEST)
    return TOO_MANY
