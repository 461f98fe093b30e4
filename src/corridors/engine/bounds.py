"""Lower bounds of what is left to a target, in compiled code: of one column, and of a vector of columns at once.

The columns of a vector differ little, so nodes lie in much the same order from a target in all of them. Going through
the nodes in the order of one column until nothing changes takes a few rounds for all columns.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from corridors.engine.heap import pop, push
from corridors.engine.kernel import compiled
from corridors.engine.lanes import copy, meet

Array = Any
"""An array inside compiled code."""

PLAIN, SECOND, HALF, HIGHEST, OTHERS = 0, 1, 2, 3, 4
"""Rows of lower bounds: by weights alone, at the second price of what is spent, at two prices of the balance, at the
other prices of what is spent. Those before the others are worked out for a vector of columns."""


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


class Bounds(NamedTuple):
    """Lower bounds for a vector of columns, by rows of the bounds.

    `cost` has the weights of the chains at the prices of a row, chains by lanes, `share` what the balance is priced at
    in each lane; `has_cost` says of which rows. `left` has the bounds of a target and row, nodes by lanes, `has_left`
    says of which. `order` has the nodes by target and row, about in the order of what is left; `cell` is room.
    """

    cost: Array
    share: Array
    has_cost: Array
    left: Array
    has_left: Array
    order: Array
    has_order: Array
    cell: Array


class Heap(NamedTuple):
    """Room for a search by Dijkstra: keys and items of the heap, and which nodes are done."""

    key: Array
    item: Array
    done: Array


@compiled
def bound(net: Net, weights: Array, price: float, share: float, target: int, heap: Heap, left: Array) -> None:
    """Least weight, with what is spent and the balance at a price, from every node to a target."""
    # arrays of a tuple are counted whenever they are reached for, which takes longer than to read them
    start, chain, tails, spent, balance = net.back_start, net.back_chain, net.tail, net.spent, net.balance
    key, item, done = heap.key, heap.item, heap.done
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
def _put_in_order(net: Net, weights: Array, target: int, heap: Heap, left: Array, order: Array) -> None:
    """Put the nodes in the order of the least weight to a target."""
    bound(net, weights, 0.0, 0.0, target, heap, left)
    key, item, size = heap.key, heap.item, 0
    for node in range(len(left)):
        size = push(key, item, size, left[node], node)
    for place in range(len(left)):
        size = pop(key, item, size)
        order[place] = item[size]


@compiled
def _price(net: Net, sums: Array, row: int, bounds: Bounds) -> None:
    """Work out the weights of the chains at the prices of a row in all lanes; lanes without a column are closed."""
    spents, balances, cost, share = net.spent, net.balance, bounds.cost[row], bounds.share[row]
    lanes, price = len(bounds.cell), net.prices[row]
    share[:] = 0.0
    if HALF <= row <= HIGHEST:  # a set of two would take seconds to compile
        share[:] = np.inf
        for c in range(len(sums)):
            if balances[c] < 0:
                for lane in range(sums.shape[1]):
                    share[lane] = min(share[lane], sums[c, lane] / -balances[c])
        for lane in range(lanes):
            share[lane] = (1.0 if row == HIGHEST else 0.5) * share[lane] if share[lane] < np.inf else 0.0
    cost[:] = np.inf
    for c in range(len(sums)):
        for lane in range(sums.shape[1]):
            cost[c * lanes + lane] = max(sums[c, lane] + price * spents[c] + share[lane] * balances[c], 0.0)


@compiled
def _sweep(net: Net, target: int, cost: Array, order: Array, cell: Array, left: Array) -> None:
    """Least cost from every node to a target in all lanes: through the nodes until nothing changes."""
    start, heads, lanes = net.start, net.head, len(cell)
    left[:] = np.inf
    left[target * lanes : (target + 1) * lanes] = 0.0
    changes = True
    while changes:
        changes = False
        for node in order:
            at = node * lanes
            copy(cell, 0, left, at)
            for c in range(start[node], start[node + 1]):
                meet((0,), cell, cost, c * lanes, left, heads[c] * lanes, 1)
            for lane in range(lanes):
                changes = changes or cell[lane] < left[at + lane]
            copy(left, at, cell, 0)


@compiled
def of_lanes(net: Net, sums: Array, row: int, ends: tuple[int, int], bounds: Bounds, heap: Heap, spare: Array) -> None:
    """Work out the bounds of a row for all lanes, where that is not done; `ends` are row and node of the target."""
    at, target = ends
    if bounds.has_left[at, row]:
        return
    bounds.has_left[at, row] = True
    if not bounds.has_cost[row]:
        _price(net, sums, row, bounds)
        bounds.has_cost[row] = True
    cost, order = bounds.cost[row], bounds.order[at, row]
    if not bounds.has_order[at, row]:
        _put_in_order(net, cost[:: len(bounds.cell)], target, heap, spare, order)
        bounds.has_order[at, row] = True
    _sweep(net, target, cost, order, bounds.cell, bounds.left[at, row])
