"""The best way that keeps limits, found exactly.

The shortest way may break a limit, and the best way that keeps them all need not be near it. Partial ways (labels) are
followed in the order of a lower bound of what they can end at, and are dropped only where another one is nowhere worse.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import scipy

from corridors.base.errors import SearchLimitError
from corridors.engine.chains import Chains, single_edges
from corridors.engine.limits import SLACK, Floats, Ints, Limits
from corridors.engine.plain import shortest_way

PRICES = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Prices of what is spent, in median weights of it, at which lower bounds are worked out (Lagrange multipliers)."""

KEPT = 64
"""Targets whose lower bounds are kept."""

MOST_LABELS = 300_000
"""Partial ways after which a search is given up, with an error."""

ROUNDS = 12
"""Searches in which remembered groups grow; after them, all groups are remembered."""


@dataclass(frozen=True, eq=False)
class LimitedGraph:
    """A weighted graph in which best ways are found that keep limits.

    Attributes
    ----------
    nodes
        Number of nodes.
    tail, head, weight
        Of each edge; weights are zero or more, `inf` where an edge is closed.
    limits
        What ways must keep.
    joined
        The open edges put together to chains, with the ends of all ways that are asked for among their nodes. By
        default every edge is a chain of its own.

    >>> limits = Limits(np.arange(3), np.array([0.0, 0.0, 2.0]), np.zeros(3))
    >>> graph = LimitedGraph(3, np.array([0, 1, 0]), np.array([1, 2, 2]), np.array([1.0, 5.0, 4.0]), limits)
    >>> graph.best(0, 2), graph.best(0, 2, 1.0)
    ([2], [0, 1])
    """

    nodes: int
    tail: Ints
    head: Ints
    weight: Floats
    limits: Limits
    joined: Chains | None = None
    _bounds: dict[int, _Bounds] = field(default_factory=dict, init=False, repr=False)
    _balanced: dict[int, list[Bound]] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def chains(self) -> Chains:
        """Chains of edges that are searched."""
        return self.joined or single_edges(self.tail, self.head, self.limits.group, np.isfinite(self.weight))

    def best(self, source: int, target: int, most: float = np.inf, *, labels: int | None = None) -> list[int] | None:
        """Edges of the best way that keeps the limits, or None where there is none.

        The limits are taken up one by one, as the best way so far breaks them: first what is spent, and groups near
        by; then every group to which it came back; then the balance, and with it all groups, since a way that may
        come back could win back any balance by going round.

        Parameters
        ----------
        source, target
            Nodes.
        most
            Most that the way may spend.
        labels
            Partial ways after which the search is given up; `MOST_LABELS` by default.

        Raises
        ------
        SearchLimitError
            If there are too many partial ways to compare.

        References
        ----------
        R. Baldacci, A. Mingozzi and R. Roberti, Operations Research 59(5), 2011, doi:10.1287/opre.1110.0975.
        """
        source, target = int(self.chains.number[source]), int(self.chains.number[target])
        least_spent, by_price = self._to(target)
        by_price = by_price if np.isfinite(most) else by_price[:1]
        most += SLACK * (1 + abs(most)) if np.isfinite(most) else 0.0
        if not np.isfinite(by_price[0][2][source]) or least_spent[source] > most:
            return None
        memory, balanced, rounds, left = list(self.chains.near), False, 0, MOST_LABELS if labels is None else labels
        while True:
            search = _Search(self, least_spent, by_price, most, memory, balanced=balanced)
            way = search.run(source, target, left)
            left, rounds = left - len(search.labels), rounds + 1
            if way is None:
                return None
            again = self._widen(memory, source, way)
            if not again:
                edges = self.chains.edges_of(way)
                if balanced or self._is_balanced(edges):
                    return edges
                balanced = True
                by_price = [*by_price, *self._by_balance(target)]
            if balanced or rounds >= ROUNDS:
                memory = [-1] * len(memory)

    def keeps(self, way: Sequence[int], most: float) -> bool:
        """Whether a way of some edges, in their order, keeps the limits."""
        edges, first = np.asarray(way, dtype=np.int64), np.zeros(min(len(way), 1), dtype=np.int64)
        return not self.limits.broken(self.tail, self.head, (edges, first), np.full(len(first), most)).any()

    def shortest(self, source: int, target: int) -> list[int] | None:
        """Edges of the shortest way, whether it keeps the limits or not; None where there is none."""
        return shortest_way(self.nodes, (self.tail, self.head, self.weight), source, target)

    def _is_balanced(self, edges: Sequence[int]) -> bool:
        balance = self.limits.balance[list(edges)]
        return bool(balance.sum() <= SLACK * (1 + abs(balance).sum()))

    def _widen(self, memory: list[int], source: int, way: Sequence[int]) -> bool:
        """Remember each group to which a way comes back at all nodes in between; whether there are any."""
        a, seen, found = self._arrays, [self.chains.own[source]], False
        for place, chain in enumerate(way):
            entered = a.entered[chain]
            for before in range(place, -1, -1):
                again = seen[before] & entered
                if again:
                    found = True
                    for between in range(max(0, before - 1), place):
                        memory[a.head[way[between]]] |= again
            seen.append(entered)
        return found

    @cached_property
    def _arrays(self) -> _Arrays:
        """Chains by their tails, as lists, which are read faster one by one."""
        chains = self.chains
        weight, spent, balance = (column.tolist() for column in self._sums)
        return _Arrays(chains.start.tolist(), chains.head.tolist(), weight, spent, balance, chains.entered)

    def prepare(self, targets: Sequence[int]) -> None:
        """Work out the lower bounds of what is left to some targets together, which is quicker than one by one."""
        numbers = self.chains.number[list(targets)].tolist()
        new = [target for target in dict.fromkeys(numbers) if target not in self._bounds]
        for old in list(self._bounds)[: max(0, len(self._bounds) + len(new) - KEPT)]:
            self._bounds.pop(old, None)
            self._balanced.pop(old, None)
        self._bounds.update(zip(new, self._bound(new), strict=True) if new else ())

    def _to(self, target: int) -> _Bounds:
        """Lower bounds of what is left to a target; another thread may drop those that are kept at any moment."""
        found = self._bounds.get(target)
        if found is None:
            found = self._bounds[target] = next(self._bound([target]))
        return found

    def _bound(self, targets: list[int]) -> Iterator[_Bounds]:
        """Yield the lower bounds of what is left to each target."""
        weight, spent, _ = self._sums
        prices = [price * self._unit for price in PRICES] if self._unit else [0.0]
        left = [self._left(targets, weight + price * spent) for price in prices]
        least = self._left(targets, spent)
        for number in range(len(targets)):
            by_price = [(price, 0.0, rows[number]) for price, rows in zip(prices, left, strict=True)]
            yield _Bounds(least[number], by_price)

    @cached_property
    def _sums(self) -> tuple[Floats, Floats, Floats]:
        """Weight, spent and balance of each chain."""
        limits, sums = self.limits, self.chains.sums
        return sums(self.weight), sums(limits.spent), sums(limits.balance)

    @cached_property
    def _unit(self) -> float:
        """Median weight of a unit spent."""
        costly = (self.limits.spent > 0) & np.isfinite(self.weight)
        return float(np.median(self.weight[costly] / self.limits.spent[costly])) if costly.any() else 0.0

    def _by_balance(self, target: int) -> list[Bound]:
        """Lower bounds by prices of the balance: the highest at which no chain weighs less than nothing, and half."""
        if target in self._balanced:
            return self._balanced[target]
        weight, _, balance = self._sums
        gain = balance < 0
        highest = float((weight[gain] / -balance[gain]).min()) if gain.any() else 0.0
        weights = [(price, np.maximum(weight + price * balance, 0.0)) for price in (0.5 * highest, highest)]
        found = [(0.0, price, self._left([target], priced)[0]) for price, priced in weights if highest]
        return self._balanced.setdefault(target, found)

    def _left(self, targets: list[int], weight: Floats) -> list[list[float]]:
        """Least weight from every node to each target."""
        order, first, tail, start = self._backward
        least = np.minimum.reduceat(weight[order], first) if len(first) else np.zeros(0)
        count = len(self.chains.nodes)
        graph: Any = scipy.sparse.csr_array((least, tail, start), shape=(count, count))
        found: list[list[float]] = np.asarray(scipy.sparse.csgraph.dijkstra(graph, indices=targets)).tolist()
        return found

    @cached_property
    def _backward(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Chains by head and tail, where each group of parallel ones begins, and rows of the graph turned round."""
        tail, head = self.chains.tail, self.chains.head
        order = np.lexsort((tail, head))
        new = np.ones(len(order), dtype=bool)
        new[1:] = (np.diff(tail[order]) != 0) | (np.diff(head[order]) != 0)
        first = np.flatnonzero(new)
        start = np.searchsorted(head[order[first]], np.arange(len(self.chains.nodes) + 1))
        return order, first, tail[order[first]], start


class _Arrays(NamedTuple):
    """Columns of the chains, by tail, and the bits of the groups that they enter."""

    start: list[int]
    head: list[int]
    weight: list[float]
    spent: list[float]
    balance: list[float]
    entered: Sequence[int]


Bound = tuple[float, float, list[float]]
"""Prices of what is spent and of the balance, and the least of weight and both from every node to a target."""


class _Bounds(NamedTuple):
    """Least spent from every node to a target, and bounds by the price of what is spent, the first without."""

    spent: list[float]
    by_price: list[Bound]


Label = tuple[float, float, float, int, int, int, int]
"""Partial way: weight, spent, balance, node, groups remembered, number of the label before and last chain."""


class _Search:
    """One search with the limits that have been taken up."""

    def __init__(
        self,
        graph: LimitedGraph,
        least_spent: list[float],
        by_price: list[Bound],
        most: float,
        memory: list[int],
        *,
        balanced: bool,
    ) -> None:
        self.graph, self.arrays, self.memory = graph, graph._arrays, memory
        self.least_spent, self.by_price, self.most = least_spent, by_price, most
        self.balanced = balanced
        self.labels: list[Label] = []
        self.at: dict[int, list[Label]] = {}
        self.heap: list[tuple[float, int]] = []

    def run(self, source: int, target: int, most_labels: int) -> list[int] | None:
        """Chains of the best way."""
        best, answer = np.inf, -1
        self._add((0.0, 0.0, 0.0, source, self.graph.chains.own[source], -1, -1), 0.0)
        while self.heap:
            bound, number = heapq.heappop(self.heap)
            if bound >= best:
                break
            label = self.labels[number]
            if label[3] == target:
                if label[0] < best and (not self.balanced or label[2] <= self._slack(number)):
                    best, answer = label[0], number
            elif self._is_new(label):
                self._follow(number, label, best)
            if len(self.labels) > most_labels:
                raise SearchLimitError(most_labels)
        return self._way(answer) if answer >= 0 else None

    def _slack(self, number: int) -> float:
        return SLACK * (1 + sum(abs(self.arrays.balance[q]) for q in self._way(number)))

    def _follow(self, number: int, label: Label, best: float) -> None:
        """Add the labels one chain farther that can still end below the best."""
        start, heads, weights, spents, balances, entered = self.arrays
        weight, spent, balance, node, seen, _, _ = label
        allowed = self.most if self.most < np.inf else 0.0
        for q in range(start[node], start[node + 1]):
            if seen & entered[q]:
                continue
            head = heads[q]
            paid = spent + spents[q]
            if paid + self.least_spent[head] > self.most:
                continue
            total, balanced, bound = weight + weights[q], balance + balances[q], 0.0
            for price, share, left in self.by_price:
                bound = max(bound, total + price * (paid - allowed) + share * balanced + left[head])
            if bound < best:
                marks = (seen | entered[q]) & self.memory[head]
                self._add((total, paid, balanced, head, marks, number, q), bound)

    def _add(self, label: Label, bound: float) -> None:
        heapq.heappush(self.heap, (bound, len(self.labels)))
        self.labels.append(label)

    def _is_new(self, label: Label) -> bool:
        """Whether no label that was followed from the same node is nowhere worse; one that is has no higher bound."""
        weight, spent, balance, node, seen, _, _ = label
        here = self.at.setdefault(node, [])
        for w, s, b, _, marks, _, _ in here:
            if w <= weight and s <= spent and marks & seen == marks and (b <= balance or not self.balanced):
                return False
        here.append(label)
        return True

    def _way(self, number: int) -> list[int]:
        found = []
        while number >= 0 and self.labels[number][6] >= 0:
            found.append(self.labels[number][6])
            number = self.labels[number][5]
        return found[::-1]
