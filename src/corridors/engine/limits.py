"""Best ways that keep limits: they come back to no group of nodes, and spend no more than they may.

The shortest way may break a limit, and the best way that keeps them all need not be near it. It is found exactly, by
partial ways (labels) that are followed in the order of a lower bound of what they can end at, and are dropped only
where another one is nowhere worse.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from corridors.base.errors import SearchLimitError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SLACK = 1e-9
"""Relative error that sums of floats may have against a limit."""

PRICES = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Prices of what is spent, in median weights of it, at which lower bounds are worked out (Lagrange multipliers)."""

HOPS = 2
"""Groups that a partial way remembers having left are those within so many hops; more where a way comes back."""

MOST_LABELS = 1_000_000
"""Partial ways after which a search is given up, with an error."""


@dataclass(frozen=True, eq=False)
class Limits:
    """What a way must keep.

    Attributes
    ----------
    group
        Group of each node. A way that has left a group does not come back to it. Edges within a group must not win
        balance, or a way could go to and fro.
    spent
        Of each edge, zero or more; the sum along a way may be limited, pair by pair.
    balance
        Of each edge, of either sign; the sum along a way must not be above zero.
    """

    group: Ints
    spent: Floats
    balance: Floats

    def repeats(self, tail: Ints, head: Ints, first: Ints) -> NDArray[np.bool_]:
        """Whether ways come back to a group.

        Parameters
        ----------
        tail, head
            Nodes of the edges of all ways, one way after the other, each in its order.
        first
            Where each way begins; no way is empty.
        """
        way = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(tail))))
        entered = self.group[head] != self.group[tail]
        visits = np.concatenate([self.group[tail[first]], self.group[head[entered]]])
        of_way = np.concatenate([np.arange(len(first)), way[entered]])
        order = np.lexsort((visits, of_way))
        again = (np.diff(visits[order]) == 0) & (np.diff(of_way[order]) == 0)
        found = np.zeros(len(first), dtype=bool)
        found[of_way[order][1:][again]] = True
        return found


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

    def best(self, source: int, target: int, most: float = np.inf) -> list[int] | None:
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

        Raises
        ------
        SearchLimitError
            If there are too many partial ways to compare.

        References
        ----------
        R. Baldacci, A. Mingozzi and R. Roberti, "New route relaxation and pricing strategies for the vehicle routing
        problem", Operations Research 59(5), 2011, doi:10.1287/opre.1110.0975 (remembered groups that grow).
        """
        bounds = self._to(target)
        most += SLACK * (1 + abs(most)) if np.isfinite(most) else 0.0
        if not np.isfinite(bounds.weight[source]) or bounds.spent[source] > most:
            return None
        memory, balanced = _Memory(self), False
        while True:
            way = _Search(self, bounds, most, memory, balanced=balanced).run(source, target)
            if way is None:
                return None
            loops = self._loops(source, way)
            if not loops and (balanced or self._is_balanced(way)):
                return [self._arrays.edge[q] for q in way]
            if not loops:
                balanced = memory.everything = True
            for group, members in loops:
                for member in members:
                    memory.widen(member, group)

    def _is_balanced(self, way: Sequence[int]) -> bool:
        balance = [self._arrays.balance[q] for q in way]
        return sum(balance) <= SLACK * (1 + sum(map(abs, balance)))

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

    def near(self, group: int) -> tuple[int, ...]:
        """Groups within a few hops of a group, and itself."""
        if group not in self._near:
            reached, border = {group}, {group}
            for _ in range(HOPS):
                border = {other for g in border for other in self._next_to(g)} - reached
                reached |= border
            self._near[group] = tuple(sorted(reached))
        return self._near[group]

    @cached_property
    def _near(self) -> dict[int, tuple[int, ...]]:
        return {}

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

    def _to(self, target: int) -> _Bounds:
        """Lower bounds of what is left to a target; those of the last few targets are kept."""
        if target not in self._bounds:
            for old in list(self._bounds)[:-31]:
                self._bounds.pop(old, None)
            self._bounds[target] = self._bound(target)
        return self._bounds[target]

    def _bound(self, target: int) -> _Bounds:
        edges = np.array(self._arrays.edge, dtype=np.int64)
        weight, spent, balance = self.weight[edges], self.limits.spent[edges], self.limits.balance[edges]
        costly = spent > 0
        unit = float(np.median(weight[costly] / spent[costly])) if costly.any() else 0.0
        prices = [price * unit for price in PRICES] if unit else [0.0]
        gain = balance < 0
        # the highest price of the balance at which no edge weighs less than nothing, and half of it
        highest = float((weight[gain] / -balance[gain]).min()) if gain.any() else 0.0
        left = [self._left(target, edges, weight + price * spent) for price in prices]
        lots = [(price, 0.0, whole) for price, whole in zip(prices, left, strict=True)]
        for share in (0.5, 1.0):
            if highest:
                weighed = np.maximum(weight + share * highest * balance, 0.0)
                lots.append((0.0, share * highest, self._left(target, edges, weighed)))
        return _Bounds(left[0], self._left(target, edges, spent), lots)

    def _left(self, target: int, edges: Ints, weight: Floats) -> list[float]:
        """Least weight from every node to a target."""
        order = np.lexsort((weight, self.tail[edges], self.head[edges]))
        tail, head = self.tail[edges][order], self.head[edges][order]
        new = np.ones(len(order), dtype=bool)
        new[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        start = np.searchsorted(head[new], np.arange(self.nodes + 1))
        graph: Any = scipy.sparse.csr_array((weight[order][new], tail[new], start), shape=(self.nodes, self.nodes))
        found: list[float] = np.asarray(scipy.sparse.csgraph.dijkstra(graph, indices=[target]))[0].tolist()
        return found


@dataclass(frozen=True, slots=True)
class _Arrays:
    """Columns of the open edges, by tail, and groups of the nodes."""

    edge: list[int]
    start: list[int]
    head: list[int]
    weight: list[float]
    spent: list[float]
    balance: list[float]
    group: list[int]


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Least weight and least spent from every node to a target, and bounds by prices of spent and balance."""

    weight: list[float]
    spent: list[float]
    lots: list[tuple[float, float, list[float]]]


Label = tuple[float, float, float, int, int, int, int]
"""Partial way: weight, spent, balance, node, groups remembered, number of the label before and last edge."""


class _Memory:
    """Which groups a partial way remembers having left, as bits of a number, in each group."""

    def __init__(self, graph: LimitedGraph) -> None:
        self.graph = graph
        self.bits: dict[int, int] = {}
        self.masks: dict[int, int] = {}
        self.everything = False

    def bit(self, group: int) -> int:
        """Mark of a group."""
        return 1 << self.bits.setdefault(group, len(self.bits))

    def mask(self, group: int) -> int:
        """Marks of the groups that are remembered in a group."""
        if self.everything:
            return -1
        if group not in self.masks:
            self.masks[group] = sum(map(self.bit, self.graph.near(group)))
        return self.masks[group]

    def widen(self, group: int, other: int) -> None:
        """Remember another group in a group."""
        self.masks[group] = self.mask(group) | self.bit(other)


class _Search:
    """One search with the limits that have been taken up."""

    def __init__(self, graph: LimitedGraph, bounds: _Bounds, most: float, memory: _Memory, *, balanced: bool) -> None:
        self.graph, self.bounds, self.most = graph, bounds, most
        self.memory, self.balanced = memory, balanced
        limited = np.isfinite(most)
        self.lots = [lot for lot in bounds.lots if (limited or not lot[0]) and (balanced or not lot[1])]
        self.allowed = most if limited else 0.0
        self.labels: list[Label] = []
        self.at: dict[int, list[int]] = {}
        self.dropped: set[int] = set()
        self.heap: list[tuple[float, int]] = []

    def run(self, source: int, target: int) -> list[int] | None:
        """Edges of the best way, by their place in the arrays."""
        a, best, answer = self.graph._arrays, np.inf, -1
        self._add((0.0, 0.0, 0.0, source, self.memory.bit(a.group[source]), -1, -1), np.inf)
        while self.heap:
            bound, number = heapq.heappop(self.heap)
            if bound >= best:
                break
            if number in self.dropped:
                continue
            label = self.labels[number]
            if label[3] == target:
                if label[0] < best and (not self.balanced or label[2] <= self._slack(number)):
                    best, answer = label[0], number
                continue
            for onward in self._onward(number, label):
                self._add(onward, best)
            if len(self.labels) > MOST_LABELS:
                raise SearchLimitError(MOST_LABELS)
        return self._way(answer) if answer >= 0 else None

    def _slack(self, number: int) -> float:
        return SLACK * (1 + sum(abs(self.graph._arrays.balance[q]) for q in self._way(number)))

    def _onward(self, number: int, label: Label) -> Iterator[Label]:
        """Yield the labels one edge farther."""
        a, left = self.graph._arrays, self.bounds.spent
        weight, spent, balance, node, seen, _, _ = label
        here = a.group[node]
        for q in range(a.start[node], a.start[node + 1]):
            head = a.head[q]
            group, remembered = a.group[head], seen
            if group != here:
                bit = self.memory.bit(group)
                if seen & bit:
                    continue
                remembered = seen & self.memory.mask(group) | bit
            paid = spent + a.spent[q]
            if paid + left[head] <= self.most:
                yield weight + a.weight[q], paid, balance + a.balance[q], head, remembered, number, q

    def _add(self, label: Label, best: float) -> None:
        """Keep a label, unless another is nowhere worse, and drop those that are nowhere better."""
        weight, spent, balance, node, seen = label[:5]
        over = spent - self.allowed
        bound = max(weight + price * over + share * balance + left[node] for price, share, left in self.lots)
        if not bound < best:
            return
        kept = []
        for number in self.at.get(node, ()):
            w, s, b, _, marks, _, _ = self.labels[number]
            if w <= weight and s <= spent and (b <= balance or not self.balanced) and marks & seen == marks:
                return
            if weight <= w and spent <= s and (balance <= b or not self.balanced) and seen & marks == seen:
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
