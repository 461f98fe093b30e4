"""The best way that keeps limits, found exactly.

The shortest way may break a limit, and the best way that keeps them all need not be near it. Partial ways (labels) are
followed in the order of a lower bound of what they can end at, and are dropped only where another one is nowhere worse.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any, NamedTuple

import numpy as np
import scipy

from corridors.base.errors import SearchLimitError
from corridors.engine.limits import SLACK, Floats, Ints, Limits
from corridors.engine.plain import shortest_way

PRICES = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Prices of what is spent, in median weights of it, at which lower bounds are worked out (Lagrange multipliers)."""

HOPS = 2
"""Groups that a partial way remembers having left are those within so many hops; more where a way comes back."""

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
    _bounds: dict[int, _Bounds] = field(default_factory=dict, repr=False)
    _marks: dict[int, int] = field(default_factory=dict, repr=False)
    _near: dict[int, int] = field(default_factory=dict, repr=False)
    _numbers: Iterator[int] = field(default_factory=count, repr=False)

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
        least_spent, by_price = self._to(target)
        by_price = by_price if np.isfinite(most) else by_price[:1]
        most += SLACK * (1 + abs(most)) if np.isfinite(most) else 0.0
        if not np.isfinite(by_price[0][2][source]) or least_spent[source] > most:
            return None
        memory, balanced, rounds, left = _Memory(self), False, 0, MOST_LABELS if labels is None else labels
        while True:
            search = _Search(self, least_spent, by_price, most, memory, balanced=balanced)
            way = search.run(source, target, left)
            left, rounds = left - len(search.labels), rounds + 1
            if way is None:
                return None
            loops = self._loops(source, way)
            edges = [self._arrays.edge[q] for q in way]
            if not loops and (balanced or self._is_balanced(edges)):
                return edges
            if not loops:
                balanced = memory.everything = True
                by_price = [*by_price, *self._by_balance(target)]
            memory.everything |= rounds >= ROUNDS
            for group, members in loops:
                memory.widen(members, group)

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

    def _loops(self, source: int, way: Sequence[int]) -> list[tuple[int, list[int]]]:
        """Groups to which a way comes back, each with the groups in between."""
        group, head = self._arrays.group, self._arrays.head
        visits = [group[source]]
        for q in way:
            if group[head[q]] != visits[-1]:
                visits.append(group[head[q]])
        last: dict[int, int] = {}
        found = []
        for place, visited in enumerate(visits):
            if visited in last:
                found.append((visited, visits[last[visited] : place]))
            last[visited] = place
        return found

    def mark(self, group: int) -> int:
        """Bit of a group in what partial ways remember."""
        found = self._marks.get(group)
        # threads may ask at once: each takes another number, and one of them stays
        return found or self._marks.setdefault(group, 1 << next(self._numbers))

    def near(self, group: int) -> int:
        """Marks of the groups within a few hops of a group, and of itself."""
        found = self._near.get(group)
        if found is None:
            reached, border = {group}, {group}
            for _ in range(HOPS):
                border = {other for g in border for other in self._next_to(g)} - reached
                reached |= border
            found = self._near[group] = sum(map(self.mark, reached))
        return found

    @cached_property
    def _members(self) -> tuple[list[int], list[int]]:
        """Nodes by group, and where each group begins."""
        group = self.limits.group
        order = np.argsort(group, kind="stable")
        return order.tolist(), np.searchsorted(group[order], np.arange(group.max(initial=0) + 2)).tolist()

    def _next_to(self, group: int) -> set[int]:
        """Groups that edges lead to."""
        nodes, first = self._members
        a = self._arrays
        found = set()
        for node in nodes[first[group] : first[group + 1]]:
            found |= {a.group[head] for head in a.head[a.start[node] : a.start[node + 1]]}
        return found

    @cached_property
    def _arrays(self) -> _Arrays:
        """Open edges by tail, as lists, which are read faster one by one."""
        open_edges = np.flatnonzero(np.isfinite(self.weight) & (self.tail != self.head))
        order = open_edges[np.argsort(self.tail[open_edges], kind="stable")]
        start = np.searchsorted(self.tail[order], np.arange(self.nodes + 1))
        given = (self.head, self.weight, self.limits.spent, self.limits.balance)
        head, weight, spent, balance = (column[order].tolist() for column in given)
        return _Arrays(order.tolist(), start.tolist(), head, weight, spent, balance, self.limits.group.tolist())

    def prepare(self, targets: Sequence[int]) -> None:
        """Work out the lower bounds of what is left to some targets together, which is quicker than one by one."""
        new = [target for target in dict.fromkeys(targets) if target not in self._bounds]
        for old in list(self._bounds)[: max(0, len(self._bounds) + len(new) - KEPT)]:
            self._bounds.pop(old, None)
        self._bounds.update(zip(new, self._bound(new), strict=True) if new else ())

    def _to(self, target: int) -> _Bounds:
        """Lower bounds of what is left to a target; another thread may drop those that are kept at any moment."""
        found = self._bounds.get(target)
        if found is None:
            found = self._bounds[target] = next(self._bound([target]))
        return found

    def _bound(self, targets: list[int]) -> Iterator[_Bounds]:
        """Yield the lower bounds of what is left to each target."""
        weight, spent = self.weight, self.limits.spent
        prices = [price * self._unit for price in PRICES] if self._unit else [0.0]
        left = [self._left(targets, weight + price * spent) for price in prices]
        least = self._left(targets, np.where(np.isfinite(weight), spent, np.inf))
        for number in range(len(targets)):
            by_price = [(price, 0.0, rows[number]) for price, rows in zip(prices, left, strict=True)]
            yield _Bounds(least[number], by_price)

    @cached_property
    def _unit(self) -> float:
        """Median weight of a unit spent."""
        costly = (self.limits.spent > 0) & np.isfinite(self.weight)
        return float(np.median(self.weight[costly] / self.limits.spent[costly])) if costly.any() else 0.0

    def _by_balance(self, target: int) -> list[Bound]:
        """Lower bounds by prices of the balance: the highest at which no edge weighs less than nothing, and half."""
        balance = self.limits.balance
        gain = (balance < 0) & np.isfinite(self.weight)
        highest = float((self.weight[gain] / -balance[gain]).min()) if gain.any() else 0.0
        weights = [(price, np.maximum(self.weight + price * balance, 0.0)) for price in (0.5 * highest, highest)]
        return [(0.0, price, self._left([target], weight)[0]) for price, weight in weights if highest]

    def _left(self, targets: list[int], weight: Floats) -> list[list[float]]:
        """Least weight from every node to each target."""
        order, first, tail, start = self._backward
        least = np.minimum.reduceat(weight[order], first) if len(first) else np.zeros(0)
        graph: Any = scipy.sparse.csr_array((least, tail, start), shape=(self.nodes, self.nodes))
        found: list[list[float]] = np.asarray(scipy.sparse.csgraph.dijkstra(graph, indices=targets)).tolist()
        return found

    @cached_property
    def _backward(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Open edges by head and tail, where each group of parallel ones begins, and rows of the graph turned round."""
        open_edges = np.array(self._arrays.edge, dtype=np.int64)
        order = open_edges[np.lexsort((self.tail[open_edges], self.head[open_edges]))]
        new = np.ones(len(order), dtype=bool)
        new[1:] = (np.diff(self.tail[order]) != 0) | (np.diff(self.head[order]) != 0)
        first = np.flatnonzero(new)
        start = np.searchsorted(self.head[order[first]], np.arange(self.nodes + 1))
        return order, first, self.tail[order[first]], start


class _Arrays(NamedTuple):
    """Columns of the open edges, by tail, and groups of the nodes."""

    edge: list[int]
    start: list[int]
    head: list[int]
    weight: list[float]
    spent: list[float]
    balance: list[float]
    group: list[int]


Bound = tuple[float, float, list[float]]
"""Prices of what is spent and of the balance, and the least of weight and both from every node to a target."""


class _Bounds(NamedTuple):
    """Least spent from every node to a target, and bounds by the price of what is spent, the first without."""

    spent: list[float]
    by_price: list[Bound]


Label = tuple[float, float, float, int, int, int, int]
"""Partial way: weight, spent, balance, node, groups remembered, number of the label before and last edge."""


class _Memory:
    """Which groups a partial way remembers having left, as bits of a number, in each group."""

    def __init__(self, graph: LimitedGraph) -> None:
        self.graph = graph
        self.masks: dict[int, int] = {}
        self.everything = False

    def mask(self, group: int) -> int:
        """Marks of the groups that are remembered in a group."""
        return -1 if self.everything else self.masks.get(group) or self.graph.near(group)

    def widen(self, groups: list[int], other: int) -> None:
        """Remember another group in some groups."""
        for group in groups:
            self.masks[group] = self.mask(group) | self.graph.mark(other)


class _Search:
    """One search with the limits that have been taken up."""

    def __init__(
        self,
        graph: LimitedGraph,
        least_spent: list[float],
        by_price: list[Bound],
        most: float,
        memory: _Memory,
        *,
        balanced: bool,
    ) -> None:
        self.graph, self.arrays, self.memory = graph, graph._arrays, memory
        self.least_spent, self.by_price, self.most = least_spent, by_price, most
        self.balanced = balanced
        self.labels: list[Label] = []
        self.at: dict[int, list[int]] = {}
        self.dropped: set[int] = set()
        self.heap: list[tuple[float, int]] = []

    def run(self, source: int, target: int, most_labels: int) -> list[int] | None:
        """Edges of the best way, by their place in the arrays."""
        best, answer = np.inf, -1
        self._keep((0.0, 0.0, 0.0, source, self.graph.mark(self.arrays.group[source]), -1, -1), 0.0)
        while self.heap:
            bound, number = heapq.heappop(self.heap)
            if bound >= best:
                break
            if number in self.dropped:
                continue
            label = self.labels[number]
            if label[3] != target:
                self._follow(number, label, best)
            elif label[0] < best and (not self.balanced or label[2] <= self._slack(number)):
                best, answer = label[0], number
            if len(self.labels) > most_labels:
                raise SearchLimitError(most_labels)
        return self._way(answer) if answer >= 0 else None

    def _slack(self, number: int) -> float:
        return SLACK * (1 + sum(abs(self.arrays.balance[q]) for q in self._way(number)))

    def _follow(self, number: int, label: Label, best: float) -> None:
        """Keep the labels one edge farther that can still end below the best."""
        _, start, heads, weights, spents, balances, groups = self.arrays
        weight, spent, balance, node, seen, _, _ = label
        here, allowed = groups[node], self.most if self.most < np.inf else 0.0
        for q in range(start[node], start[node + 1]):
            head = heads[q]
            paid = spent + spents[q]
            if paid + self.least_spent[head] > self.most:
                continue
            total, balanced, bound = weight + weights[q], balance + balances[q], 0.0
            for price, share, left in self.by_price:
                bound = max(bound, total + price * (paid - allowed) + share * balanced + left[head])
            if not bound < best:
                continue
            marks = seen
            if groups[head] != here:
                mark = self.graph.mark(groups[head])
                if seen & mark:
                    continue
                marks = seen & self.memory.mask(groups[head]) | mark
            self._keep((total, paid, balanced, head, marks, number, q), bound)

    def _keep(self, label: Label, bound: float) -> None:
        """Keep a label, unless another is nowhere worse, and drop those that are nowhere better."""
        weight, spent, balance, node, seen, _, _ = label
        kept = []
        for number in self.at.get(node, ()):
            w, s, b, _, marks, _, _ = self.labels[number]
            if w <= weight and s <= spent and marks & seen == marks and (b <= balance or not self.balanced):
                return
            if weight <= w and spent <= s and marks & seen == seen and (balance <= b or not self.balanced):
                self.dropped.add(number)
            else:
                kept.append(number)
        kept.append(len(self.labels))
        self.at[node] = kept
        heapq.heappush(self.heap, (bound, len(self.labels)))
        self.labels.append(label)

    def _way(self, number: int) -> list[int]:
        found = []
        while number >= 0 and self.labels[number][6] >= 0:
            found.append(self.labels[number][6])
            number = self.labels[number][5]
        return found[::-1]
