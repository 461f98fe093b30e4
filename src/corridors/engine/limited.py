"""Columns of weights go in, best ways that keep limits come out: what `follow` works on is laid out here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from corridors.base.cache import Cache, Slot
from corridors.engine import bounds, follow
from corridors.engine import columns as compiled
from corridors.engine.chains import Chains, make_chains
from corridors.engine.compiled import Compiled
from corridors.engine.labels import LimitedGraph
from corridors.engine.limits import LimitedWays, Limits, Pairs
from corridors.engine.plan import Layout
from corridors.engine.solve import Question, fill

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CODE_BITS = 42
"""Bits of the numbers by chance of edges: sums of up to 2,000 of them are exact, and hardly any two ways have one."""

PRICES = (0.0, 0.5, 0.0, 0.0, 1.0, 2.0, 4.0, 8.0)
"""Prices of what is spent, in median weights of it, by row of the lower bounds; two rows price the balance alone."""

BEFORE = 8
"""Ways of earlier columns that are held against the search of a pair."""

LABELS = 1 << 17
"""Partial ways of one search; what needs more is left to the search that grows."""


@dataclass(frozen=True, eq=False)
class Limited:
    """Pairs asked of a compiled graph under limits.

    Attributes
    ----------
    tail, head
        Nodes of each edge.
    pairs
        Pairs; those of one target stand together, so that its lower bounds are worked out once.
    limits
        What ways must keep.
    store
        Where chains of edges are kept.
    """

    tail: Ints
    head: Ints
    pairs: Pairs
    limits: Limits
    store: Cache

    def answer(self, columns: Floats, measure: Floats, found: LimitedWays) -> Iterator[int]:
        """Answer for columns of weights (edges by columns), yielding the number done at a time."""
        order = np.argsort(self.pairs.target, kind="stable")
        pairs, (chains, hierarchy) = self.pairs.take(order), self._chains(columns)
        net, graph = self._net(chains, columns), self._graph()
        code = np.random.default_rng(0).integers(1, 1 << CODE_BITS, len(self.tail), dtype=np.int64)
        ends = chains.number[pairs.source], chains.number[pairs.target]
        lanes = _Lanes(hierarchy._whole_layout, chains, ends, code)
        asked = compiled.Asked(*lanes.rows, pairs.source, *ends, pairs.most, pairs.flow)
        width, edges = lanes.question.lanes, len(self.tail) if found.wants_flow else 0
        work, known = _work(net, graph, len(lanes.question.targets), width), _known(len(order), width)
        before = np.full((len(order), BEFORE), -1, dtype=np.int64)
        room = (np.empty((width, len(order))), np.zeros((width, len(order)), dtype=np.int64))
        for first in range(0, columns.shape[1], width):
            some = slice(first, min(first + width, columns.shape[1]))
            block = lanes.label(columns, measure, some)
            answer, done = compiled.Answer(*room, code, np.zeros((width, edges)), before), 0
            while True:
                done = compiled.answer_lanes(
                    net, graph, hierarchy._unpacking, block, asked, work, known, answer, done
                )  # fmt: skip
                if done == block.weights.shape[1]:
                    break
                known = _grown(known)
            for lane in np.flatnonzero(np.isnan(answer.value[:done]).any(axis=1)).tolist():
                known = self._again(pairs, block, lane, known, answer)
            found.value[some, order], found.way[some, order] = answer.value[:done], answer.way[:done]
            if found.wants_flow:
                found.used[:, some] = answer.used[:done].T
            yield done
        if found.wants_ways:
            starts = known.first[: known.count[0] + 1]
            found.ways.extend(known.edges[a:b].copy() for a, b in pairwise(starts.tolist()))

    def _again(
        self, pairs: Pairs, block: compiled.Lanes, lane: int, known: compiled.Known, answer: compiled.Answer
    ) -> compiled.Known:
        """Search the ways of a lane that had too many labels with the search that grows."""
        graph = LimitedGraph(len(self.limits.group), self.tail, self.head, block.weights[:, lane], self.limits)
        for pair in np.flatnonzero(np.isnan(answer.value[lane])).tolist():
            way = graph.best(*pairs.one(pair))
            answer.value[lane, pair], answer.way[lane, pair] = np.inf, -1
            if way is None:
                continue
            while known.count[0] + 1 >= len(known.print) or known.count[1] + len(way) > len(known.edges):
                known = _grown(known)
            number, size = known.count.tolist()
            # without a place in the table: it is searched again where it is met again
            known.edges[size : size + len(way)], known.first[number + 1] = way, size + len(way)
            known.count[:] = number + 1, size + len(way)
            answer.value[lane, pair], answer.way[lane, pair] = block.measure[way, lane].sum(), number
            if answer.used.shape[1]:
                answer.used[lane, way] += pairs.flow[pair]
        return known

    def _chains(self, columns: Floats) -> tuple[Chains, Compiled]:
        """Chains of the edges that are open in any column and their hierarchy, kept as long as the same are open."""
        is_open = np.asarray(np.isfinite(columns).any(axis=1), dtype=bool)
        ends = np.unique(np.concatenate([self.pairs.source, self.pairs.target]))
        group = self.limits.group.astype(np.int64)
        key = is_open.tobytes(), ends.tobytes(), group.tobytes()

        def make() -> tuple[Chains, Compiled]:
            chains = make_chains(self.tail, self.head, group, is_open, ends)
            return chains, Compiled.build(len(chains.nodes), chains.tail, chains.head)

        return self.store.get(_CHAINS, key, make)

    def _net(self, chains: Chains, columns: Floats) -> bounds.Net:
        """Lay out chains by tail and by head, and what limits ways."""
        limits, count = self.limits, len(chains.nodes)
        weights = columns[:, 0] if columns.shape[1] else np.zeros(len(self.tail))
        costly = (limits.spent > 0) & np.isfinite(weights)
        unit = float(np.median(weights[costly] / limits.spent[costly])) if costly.any() else 0.0
        by_head = np.argsort(chains.head, kind="stable")
        entered, near, own = chains.words
        return bounds.Net(
            chains.start,
            chains.tail,
            chains.head,
            np.searchsorted(chains.head[by_head], np.arange(count + 1)),
            by_head,
            entered,
            own,
            near,
            chains.sums(limits.spent.astype(float)),
            chains.sums(limits.balance.astype(float)),
            np.zeros(len(chains.tail)),
            unit * np.array(PRICES) if unit else np.zeros(bounds.OTHERS),
            chains.edges,
            np.append(chains.first, len(chains.edges)),
        )

    def _graph(self) -> compiled.Graph:
        """Lay out the edges with what limits ways."""
        limits = self.limits
        return compiled.Graph(
            self.tail,
            self.head,
            limits.group.astype(np.int64),
            limits.spent.astype(float),
            limits.balance.astype(float),
        )


_CHAINS = Slot[tuple[Chains, Compiled]]("chains of edges by what is open and the ends", most=8)


def _work(net: bounds.Net, graph: compiled.Graph, targets: int, lanes: int) -> follow.Work:
    """Working memory for one question after the other; not to be shared between threads."""
    chains, nodes, every = len(net.tail), len(net.own), len(graph.group)
    labels, rows = max(LABELS, chains + 1, nodes + 1), len(net.prices)
    return follow.Work(
        weight=np.zeros(labels),
        spent=np.zeros(labels),
        balance=np.zeros(labels),
        node=np.zeros(labels, dtype=np.int64),
        before=np.zeros(labels, dtype=np.int64),
        chain=np.zeros(labels, dtype=np.int64),
        onward=np.zeros(labels, dtype=np.int64),
        marks=np.zeros((labels, net.near.shape[1]), dtype=np.uint64),
        followed=np.zeros(nodes, dtype=np.int64),
        heap=bounds.Heap(np.zeros(labels), np.zeros(labels, dtype=np.int64), np.zeros(nodes, dtype=np.bool_)),
        left=np.zeros((rows, nodes)),
        ready=np.zeros(rows, dtype=np.bool_),
        active=np.zeros(rows, dtype=np.bool_),
        share=np.zeros(rows),
        least_spent=np.zeros((targets, nodes)),
        has_spent=np.zeros(targets, dtype=np.bool_),
        bounds=_bounds(chains, nodes, targets, lanes),
        memory=np.zeros_like(net.near),
        weights=np.zeros(chains),
        chains=np.zeros(nodes + 1, dtype=np.int64),
        way=np.zeros(every + 1, dtype=np.int64),
        stack=np.zeros(2 * every + 2, dtype=np.int64),
        visits=np.zeros(int(graph.group.max(initial=0)) + 1, dtype=np.int64),
        done_edge=np.zeros(every, dtype=np.int64),
    )


def _bounds(chains: int, nodes: int, targets: int, lanes: int) -> bounds.Bounds:
    """Room for lower bounds of a vector of columns."""
    rows = bounds.OTHERS
    return bounds.Bounds(
        cost=np.zeros((rows, chains * lanes)),
        share=np.zeros((rows, lanes)),
        has_cost=np.zeros(rows, dtype=np.bool_),
        left=np.zeros((targets, rows, nodes * lanes)),
        has_left=np.zeros((targets, rows), dtype=np.bool_),
        order=np.zeros((targets, rows, nodes), dtype=np.int64),
        has_order=np.zeros((targets, rows), dtype=np.bool_),
        cell=np.zeros(lanes),
    )


class _Lanes:
    """Columns that go through the hierarchy together, with a number of each edge that is added up beside."""

    def __init__(self, layout: Layout, chains: Chains, ends: tuple[Ints, Ints], code: Ints) -> None:
        (sources, source_row), (targets, target_row) = (np.unique(side, return_inverse=True) for side in ends)
        self.rows, self.chains = (source_row, target_row), chains
        self.question = Question(layout, sources, targets, np.dtype(float), planes=2)
        self.block = self.question.new_blocks(1)
        self.block[0, :, 1] = chains.sums(code)[self.question.edges][:, None]

    def label(self, columns: Floats, measure: Floats, some: slice) -> compiled.Lanes:
        """Customize for as many columns as there are lanes, and label the ways of sources and targets."""
        question, memory = self.question, self.question.memory
        here = np.ascontiguousarray(columns[:, some])
        sums = self.chains.sums(here)
        fill(question, [sums], 0, self.block)
        question.label(self.block[0], question.all_open[0])
        shape = question.planes, question.lanes
        up, down = (
            part.reshape(-1, question.layout.plan.levels, *shape) for part in (memory.from_source, memory.to_target)
        )
        given = sums, here, np.ascontiguousarray(measure[:, some])
        ways = question.source_ways, up, question.target_ways, down
        return compiled.Lanes(*ways, memory.cells.reshape(-1, *shape), *given)


def _known(pairs: int, lanes: int) -> compiled.Known:
    """Room for the ways of the first columns."""
    ways = 4 * pairs + 64
    return compiled.Known(
        slot=np.full(4 * ways, -1, dtype=np.int64),
        print=np.zeros(ways, dtype=np.int64),
        kept=np.zeros(ways, dtype=np.bool_),
        spent=np.zeros(ways),
        weight=np.zeros((ways, lanes)),
        measure=np.zeros((ways, lanes)),
        summed=np.zeros(ways, dtype=np.bool_),
        first=np.zeros(ways + 1, dtype=np.int64),
        edges=np.zeros(64 * ways, dtype=np.int64),
        count=np.zeros(2, dtype=np.int64),
    )


def _grown(known: compiled.Known) -> compiled.Known:
    """Twice the room, with the same ways."""
    found = compiled.Known._make(np.concatenate([part, np.zeros_like(part)]) for part in known)
    found.slot[:] = -1
    found = found._replace(count=known.count)
    for number in known.slot[known.slot >= 0].tolist():
        at = int(known.print[number]) % len(found.slot)
        while found.slot[at] >= 0:
            at = (at + 1) % len(found.slot)
        found.slot[at] = number
    return found
