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
        order = np.argsort(self.pairs.target, kind="stable")
        pairs, net = self.pairs.take(order), self._net(columns)
        code = np.random.default_rng(0).integers(1, 1 << CODE_BITS, len(self.tail), dtype=np.int64)
        plain = _Lanes(self.kept[0], pairs, code)
        dear, costly = plain, columns
        if len(net.prices) > 1:
            dear, costly = _Lanes(self.kept[0], pairs), columns + net.prices[1] * self.limits.spent[:, None]
        asked = compiled.Asked(*plain.rows, pairs.source, pairs.target, pairs.most, pairs.flow)
        work, known = _work(net, len(plain.question.targets)), _known(len(order))
        used = np.zeros(len(self.tail) if found.wants_flow else 0)
        answer = compiled.Answer(np.empty(len(order)), np.zeros(len(order), dtype=np.int64), code, used)
        for number in range(columns.shape[1]):
            lane = number % plain.question.lanes
            if not lane:
                plain.label(columns, number)
                if dear is not plain:
                    dear.label(costly, number)
            up, down, codes, cells = plain.of(lane)
            _, to_dear, _, dear_cells = dear.of(lane)
            sides = net, self.kept[1], up, down, codes, (to_dear, dear_cells), asked, cells
            column, along = (np.ascontiguousarray(given[:, number]) for given in (columns, measure))
            failed = compiled.FULL
            while failed == compiled.FULL:
                used[:] = 0.0
                failed = compiled.column(*sides, column, along, work, known, answer)
                known = _grown(known) if failed == compiled.FULL else known
            if failed:
                known = self._again(pairs, column, along, known, answer)
            found.value[number, order], found.way[number, order] = answer.value, answer.way
            if found.wants_flow:
                found.used[:, number] = used
            yield 1
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


class _Lanes:
    """Columns that go through the hierarchy together, with a number of each edge that is added up beside, if given."""

    def __init__(self, layout: Layout, pairs: Pairs, code: Ints | None = None) -> None:
        sources, source_row = np.unique(pairs.source, return_inverse=True)
        targets, target_row = np.unique(pairs.target, return_inverse=True)
        self.rows = source_row, target_row
        self.question = Question(layout, sources, targets, np.dtype(float), planes=1 if code is None else 2)
        shape, memory = (self.question.planes, self.question.lanes), self.question.memory
        self.cells = memory.cells.reshape(-1, *shape)
        self.up, self.down = (
            part.reshape(-1, layout.plan.levels, *shape) for part in (memory.from_source, memory.to_target)
        )
        self.block = self.question.new_blocks(1)
        if code is not None:
            self.block[0, :, 1] = code[self.question.edges][:, None]

    def label(self, columns: Floats, first: int) -> None:
        """Customize for as many columns as there are lanes, and label the ways of sources and targets."""
        fill(self.question, [columns], first, self.block)
        self.question.label(self.block[0], self.question.all_open[0])

    def of(self, lane: int) -> tuple[Climbed, Climbed, tuple[Floats, Floats], Floats]:
        """Ways from sources and to targets, sums of the numbers along both, and cells of a lane."""
        up = Climbed(self.question.source_ways, self.up[:, :, 0, lane], 0)
        down = Climbed(self.question.target_ways, self.down[:, :, 0, lane], 1)
        return up, down, (self.up[:, :, -1, lane], self.down[:, :, -1, lane]), self.cells[:, 0, lane]


def _known(pairs: int) -> compiled.Known:
    """Room for the ways of the first columns."""
    ways = 4 * pairs + 64
    return compiled.Known(
        slot=np.full(4 * ways, -1, dtype=np.int64),
        print=np.zeros(ways, dtype=np.int64),
        kept=np.zeros(ways, dtype=np.bool_),
        spent=np.zeros(ways),
        first=np.zeros(ways + 1, dtype=np.int64),
        edges=np.zeros(64 * ways, dtype=np.int64),
        count=np.zeros(2, dtype=np.int64),
    )


def _grown(known: compiled.Known) -> compiled.Known:
    """Twice the room, with the same ways."""
    mark, kept, spent, first, edges = (np.append(part, np.zeros_like(part)) for part in known[1:-1])
    slot = np.full(2 * len(known.slot), -1, dtype=np.int64)
    found = compiled.Known(slot, mark, kept, spent, first, edges, known.count)
    for number in known.slot[known.slot >= 0].tolist():
        at = int(known.print[number]) % len(found.slot)
        while found.slot[at] >= 0:
            at = (at + 1) % len(found.slot)
        found.slot[at] = number
    return found
