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
    `share` what the balance is priced at. `least_spent` is by targets and nodes, `bounds` (those by weights alone) by
    targets, nodes and lanes; `has_spent` and `has_bounds` say of which targets.
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
    bounds: Array
    has_bounds: Array
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
    # arrays of a tuple are counted whenever they are reached for, which takes longer than to read them
    start, chain, tails, spent, balance = net.back_start, net.back_chain, net.tail, net.spent, net.balance
    key, item, done = work.key, work.item, work.done
    left[:] = np.inf
    done[:] = False
    left[target] = 0.0
    size = push(key, item, 0, 0.0, target)
    while size > 0:
        size = pop(key, item, size)
        node = item[size]
        if done[node]:
            continue
        done[node] = True
        for place in range(start[node], start[node + 1]):
            c = chain[place]
            total = left[node] + max(weights[c] + price * spent[c] + share * balance[c], 0.0)
            tail = tails[c]
            if total < left[tail]:
                left[tail] = total
                size = push(key, item, size, total, tail)


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
    followed, key, item, memory = work.followed, work.key, work.item, work.memory
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
def spread(net: Net, work: Work, count: int) -> int:
    """Edges of the chains at hand, in their order, in `work.way`; their number."""
    size = 0
    for place in range(count):
        for at in range(net.first[work.chains[place]], net.first[work.chains[place] + 1]):
            work.way[size] = net.edges[at]
            size += 1
    return size


@compiled
def best(net: Net, source: int, target: int, most: float, least: Array, work: Work, below: float) -> int:
    """Edges of the best way that keeps the limits, in the order of travel in `work.way`; their number, or why not.

    Lower bounds by the weights stand in `work.left`; `least` is the least that is spent from every node. The number is
    `NONE` where no way weighs less than `below`, and `TOO_MANY` where there are too many labels.
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
        number = _search(net, source, target, most, least, work, balanced, room, below)
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
            return spread(net, work, count)
        balanced = True
        work.memory[:] = EVERYTHING
        _price_balance(net, work)
        _use(net, target, work, HALF)
        _use(net, target, work, HIGHEST)
    return TOO_MANY
