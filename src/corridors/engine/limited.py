"""Columns of weights go in, best ways that keep limits come out: what `follow` works on is laid out here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import scipy
from numpy.typing import NDArray

from corridors.engine import columns as compiled
from corridors.engine import follow
from corridors.engine.labels import HOPS, LimitedGraph
from corridors.engine.limits import LimitedWays, Limits, Pairs
from corridors.engine.plan import Layout
from corridors.engine.solve import Question, fill
from corridors.engine.topology import Unpacking
from corridors.engine.unpack import Climbed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CODE_BITS = 42
"""Bits of the numbers by chance of edges: sums of up to 2,000 of them are exact, and hardly any two ways have one."""

PRICES = (0.0, 1.0, 0.5, 2.0, 4.0, 8.0)
"""Prices of what is spent, in median weights of it; the first two are worked out in the hierarchy for every column."""

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
        question = Question(layout, rows, others, np.dtype(float), planes=2)
        asked = compiled.Asked(source_row, target_row, pairs.source, pairs.target, pairs.most, pairs.flow)
        net = self._net(columns)
        work, known = _work(net, len(others)), _known(len(order))
        code = np.random.default_rng(0).integers(1, 1 << CODE_BITS, len(self.tail), dtype=np.int64)
        used = np.zeros(len(self.tail) if found.wants_flow else 0)
        answer = compiled.Answer(np.empty(len(order)), np.zeros(len(order), dtype=np.int64), code, used)
        lanes, block = question.lanes, question.new_blocks(1)
        cells, labels = _planes(question)
        price = float(net.prices[1]) if len(net.prices) > 1 else 0.0
        dear = columns + price * self.limits.spent[:, None] if price else columns
        other = Question(layout, rows, others, np.dtype(float))
        other_block = other.new_blocks(1)
        dear_cells, dear_labels = _planes(other)
        block[0, :, 1] = code[question.edges][:, None]
        for first in range(0, columns.shape[1], lanes):
            fill(question, [columns], first, block)
            question.label(block[0], question.all_open[0])
            if price:
                fill(other, [dear], first, other_block)
                other.label(other_block[0], other.all_open[0])
            last = min(first + lanes, columns.shape[1])
            for number in range(first, last):
                lane = number - first
                up = Climbed(question.source_ways, labels[0][:, :, 0, lane], 0)
                down = Climbed(question.target_ways, labels[1][:, :, 0, lane], 1)
                codes = labels[0][:, :, 1, lane], labels[1][:, :, 1, lane]
                to_dear = Climbed(other.target_ways, dear_labels[1][:, :, 0, lane], 1)
                priced = to_dear, dear_cells[:, 0, lane]
                column = np.ascontiguousarray(columns[:, number])
                along = column if measure is columns else np.ascontiguousarray(measure[:, number])
                failed = compiled.FULL
                while failed == compiled.FULL:
                    used[:] = 0.0
                    failed = compiled.column(
                        net, unpacking, up, down, codes, priced, asked,
                        cells[:, 0, lane], column, along, work, known, answer,
                    )  # fmt: skip
                    known = _grown(known) if failed == compiled.FULL else known
                if failed:
                    known = self._again(pairs, column, along, known, answer)
                found.value[number, order], found.way[number, order] = answer.value, answer.way
                if found.wants_flow:
                    found.used[:, number] = used
            yield last - first
        if found.wants_ways:
            ends = known.first[: known.count[0] + 1]
            found.ways.extend(known.edges[a:b].copy() for a, b in pairwise(ends.tolist()))

    def _again(
        self, pairs: Pairs, weights: Floats, measure: Floats, known: compiled.Known, answer: compiled.Answer
    ) -> compiled.Known:
        """Search the ways that had too many labels with the search that grows."""
        graph = LimitedGraph(len(self.limits.group), self.tail, self.head, weights, self.limits)
        for pair in np.flatnonzero(np.isnan(answer.value)).tolist():
            way = graph.best(*pairs.one(pair))
            answer.value[pair], answer.way[pair] = np.inf, -1
            if way is None:
                continue
            while known.count[0] + 1 >= len(known.print) or known.count[1] + len(way) > len(known.edges):
                known = _grown(known)
            number, size = known.count.tolist()
            # without a place in the table: it is searched again where it is met again
            known.edges[size : size + len(way)], known.first[number + 1] = way, size + len(way)
            known.count[:] = number + 1, size + len(way)
            answer.value[pair], answer.way[pair] = measure[way].sum(), number
            if len(answer.used):
                answer.used[way] += pairs.flow[pair]
        return known

    def _net(self, columns: Floats) -> follow.Net:
        """Lay out edges by tail and by head, and the limits."""
        limits, nodes, topology = self.limits, len(self.limits.group), self.kept[0].topology
        open_ever = np.isfinite(columns).any(axis=1)
        weights = columns[:, 0] if columns.shape[1] else np.zeros(len(self.tail))
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
            topology.rank.astype(np.int64),
            topology.start,
            topology.above.astype(np.int64),
            np.where(open_ever, 0.0, np.inf),
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


def _work(net: follow.Net, targets: int) -> follow.Work:
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
        onto=np.zeros(nodes),
        done_edge=np.zeros(nodes, dtype=np.int64),
        least_spent=np.zeros((targets, nodes)),
        has_spent=np.zeros(targets, dtype=np.bool_),
    )


def _planes(question: Question) -> tuple[Floats, list[Floats]]:
    """Cells of arcs by planes and lanes, and labels of sources and targets by depth, planes and lanes."""
    shape = question.planes, question.lanes
    levels = question.layout.plan.levels
    memory = question.memory
    labels = [part.reshape(-1, levels, *shape) for part in (memory.from_source, memory.to_target)]
    return memory.cells.reshape(-1, *shape), labels


def _known(pairs: int) -> compiled.Known:
    """Room for the ways of the first columns."""
    ways = 4 * pairs + 64
    return compiled.Known(
        slot=np.full(4 * ways, -1, dtype=np.int64),
        print=np.zeros(ways, dtype=np.int64),
        kept=np.zeros(ways, dtype=np.bool_),
        first=np.zeros(ways + 1, dtype=np.int64),
        edges=np.zeros(64 * ways, dtype=np.int64),
        count=np.zeros(2, dtype=np.int64),
    )


def _grown(known: compiled.Known) -> compiled.Known:
    """Twice the room, with the same ways."""
    mark, kept, first, edges = (np.append(part, np.zeros_like(part)) for part in known[1:5])
    slot = np.full(2 * len(known.slot), -1, dtype=np.int64)
    found = compiled.Known(slot, mark, kept, first, edges, known.count)
    for number in known.slot[known.slot >= 0].tolist():
        at = int(known.print[number]) % len(found.slot)
        while found.slot[at] >= 0:
            at = (at + 1) % len(found.slot)
        found.slot[at] = number
    return found
