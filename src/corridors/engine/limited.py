"""Columns of weights go in, best ways that keep limits come out: what `follow` works on is laid out here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from corridors.engine import follow
from corridors.engine.limits import HOPS, PRICES, LimitedGraph, LimitedWays, Limits, Pairs
from corridors.engine.plan import Layout
from corridors.engine.solve import Question, fill
from corridors.engine.topology import Unpacking
from corridors.engine.unpack import Climbed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LABELS = 1 << 17
"""Partial ways of one search; what needs more is left to the search that grows."""


@dataclass(frozen=True, eq=False)
class Limited:
    """Pairs asked of a compiled graph under limits.

    Attributes
    ----------
    kept
        A layout that keeps all arcs, and its unpacking.
    tail, head
        Nodes of each edge.
    pairs
        Pairs; those of one target stand together, so that its lower bounds are worked out once.
    limits
        What ways must keep.
    """

    kept: tuple[Layout, Unpacking]
    tail: Ints
    head: Ints
    pairs: Pairs
    limits: Limits

    def answer(self, columns: Floats, measure: Floats, found: LimitedWays) -> Iterator[int]:
        """Answer for columns of weights (edges by columns), yielding the number done at a time."""
        layout, unpacking = self.kept
        order = np.argsort(self.pairs.target, kind="stable")
        pairs = self.pairs.take(order)
        rows, source_row = np.unique(pairs.source, return_inverse=True)
        others, target_row = np.unique(pairs.target, return_inverse=True)
        question = Question(layout, rows, others, np.dtype(float))
        asked = follow.Asked(source_row, target_row, pairs.source, pairs.target, pairs.most, pairs.flow)
        net = self._net(columns[:, 0] if columns.shape[1] else np.zeros(len(self.tail)))
        work, answer = _work(net), self._answer(len(order), len(net.start), wants_flow=found.wants_flow)
        lanes, memory = question.lanes, question.memory
        cells = memory.cells.reshape(-1, lanes)
        labels = [part.reshape(-1, layout.plan.levels, lanes) for part in (memory.from_source, memory.to_target)]
        block = question.new_blocks(1)
        for first in range(0, columns.shape[1], lanes):
            fill(question, [columns], first, block)
            question.label(block[0], question.all_open[0])
            last = min(first + lanes, columns.shape[1])
            for number in range(first, last):
                lane = number - first
                up = Climbed(question.source_ways, labels[0][:, :, lane], 0)
                down = Climbed(question.target_ways, labels[1][:, :, lane], 1)
                column = np.ascontiguousarray(columns[:, number])
                along = column if measure is columns else np.ascontiguousarray(measure[:, number])
                answer.used[:] = 0.0
                failed = follow.column(
                    net, unpacking, up, down, asked, cells[:, lane], column, along, work, answer
                )  # fmt: skip
                ways = {}
                if failed:
                    ways = self._again(pairs, column, along, answer)
                found.take(number, order, answer.value, answer.print, answer.used)
                if found.wants_ways:
                    self._remember(pairs, answer, ways, found)
            yield last - first

    def _again(self, pairs: Pairs, weights: Floats, measure: Floats, answer: follow.Answer) -> dict[int, list[int]]:
        """Search the ways that had too many labels with the search that grows."""
        graph = LimitedGraph(len(self.limits.group), self.tail, self.head, weights, self.limits)
        ways = {}
        for pair in np.flatnonzero(np.isnan(answer.value)).tolist():
            way = graph.best(*pairs.one(pair))
            answer.value[pair] = np.inf if way is None else measure[way].sum()
            if way is not None:
                ways[pair] = way
                answer.print[pair] = answer.code[way].sum()
                if len(answer.used):
                    answer.used[way] += pairs.flow[pair]
        return ways

    def _remember(self, pairs: Pairs, answer: follow.Answer, ways: dict[int, list[int]], found: LimitedWays) -> None:
        """Keep the edges of ways that no column had before."""
        for pair, mark in enumerate(answer.print.tolist()):
            if mark and mark not in found.ways:
                edges = ways.get(pair) or answer.edges[answer.first[pair] : answer.first[pair + 1]].tolist()
                found.ways[mark] = self._in_order(edges, int(pairs.source[pair]))

    def _in_order(self, edges: list[int], source: int) -> Ints:
        """Edges of a way in the order of travel."""
        after = {int(self.tail[e]): e for e in edges}
        found = np.empty(len(edges), dtype=np.int64)
        for place in range(len(edges)):
            found[place] = after[source]
            source = int(self.head[found[place]])
        return found

    def _answer(self, pairs: int, nodes: int, *, wants_flow: bool) -> follow.Answer:
        chance = np.random.default_rng(0)
        code = chance.integers(1, np.iinfo(np.int64).max, len(self.tail), dtype=np.int64).astype(np.uint64)
        return follow.Answer(
            np.empty(pairs),
            np.zeros(pairs, dtype=np.uint64),
            np.zeros(pairs + 1, dtype=np.int64),
            np.zeros(pairs * nodes, dtype=np.int64),
            code,
            np.zeros(len(self.tail) if wants_flow else 0),
        )

    def _net(self, weights: Floats) -> follow.Net:
        """Lay out edges by tail and by head, and the limits."""
        limits, nodes = self.limits, len(self.limits.group)
        through = np.flatnonzero(self.tail != self.head)
        by_tail = through[np.argsort(self.tail[through], kind="stable")]
        by_head = through[np.argsort(self.head[through], kind="stable")]
        costly = (limits.spent > 0) & np.isfinite(weights)
        unit = float(np.median(weights[costly] / limits.spent[costly])) if costly.any() else 0.0
        return follow.Net(
            np.searchsorted(self.tail[by_tail], np.arange(nodes + 1)),
            by_tail,
            np.searchsorted(self.head[by_head], np.arange(nodes + 1)),
            by_head,
            self.tail,
            self.head,
            limits.group.astype(np.int64),
            _near(limits.group, self.tail, self.head),
            limits.spent.astype(float),
            limits.balance.astype(float),
            unit * np.array(PRICES) if unit else np.zeros(1),
        )


def _near(group: Ints, tail: Ints, head: Ints) -> NDArray[np.uint64]:
    """Groups within a few hops of each group, and itself, as words of bits."""
    count = int(group.max(initial=0)) + 1
    itself = np.arange(count)
    ends = np.append(group[tail], itself), np.append(group[head], itself)
    joined = scipy.sparse.csr_array((np.ones(len(ends[0])), ends), shape=(count, count))
    reached = joined
    for _ in range(HOPS - 1):
        reached = reached @ joined
    row, column = reached.nonzero()
    found = np.zeros((count, (count >> 6) + 1), dtype=np.uint64)
    np.bitwise_or.at(found, (row, column >> 6), np.uint64(1) << (column & 63).astype(np.uint64))
    return found


def _work(net: follow.Net) -> follow.Work:
    """Working memory for one question after the other; not to be shared between threads."""
    nodes = len(net.start) - 1
    labels, words = max(LABELS, len(net.edge) + 1), net.near.shape[1]
    return follow.Work(
        weight=np.zeros(labels),
        spent=np.zeros(labels),
        balance=np.zeros(labels),
        node=np.zeros(labels, dtype=np.int64),
        before=np.zeros(labels, dtype=np.int64),
        edge=np.zeros(labels, dtype=np.int64),
        onward=np.zeros(labels, dtype=np.int64),
        dropped=np.zeros(labels, dtype=np.bool_),
        marks=np.zeros((labels, words), dtype=np.uint64),
        first=np.zeros(nodes, dtype=np.int64),
        key=np.zeros(labels),
        item=np.zeros(labels, dtype=np.int64),
        left=np.zeros((len(net.prices) + 1, nodes)),
        done=np.zeros(nodes, dtype=np.bool_),
        way=np.zeros(nodes + 1, dtype=np.int64),
        stack=np.zeros(2 * nodes + 2, dtype=np.int64),
        visits=np.zeros(len(net.near), dtype=np.int64),
        memory=np.zeros_like(net.near),
    )
