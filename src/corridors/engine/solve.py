"""Queries to the kernel: blocks of columns go in, matrices come out."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridors.engine import kernel
from corridors.engine.lanes import WIDTH_BYTES
from corridors.engine.plan import Layout
from corridors.engine.topology import Unpacking
from corridors.engine.unpack import Climbed, Pairs, lay

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]
Masks = NDArray[np.bool_]
Rows = tuple[Ints, NDArray[np.int32], Floats]

FEW_LANES = 4
"""Up to so many columns at once, targets are joined one after the other for each, which serves many targets best."""

BLOCK_BYTES = 128_000_000
"""Memory for weights that are laid out at a time."""

MASKS = 32
"""Scenarios that are answered between two moments at which an interrupt is felt."""

PLANES = {1: (0,), 2: (0, 0)}


class Question:
    """Sources and targets with the working memory to answer for one block of columns after the other.

    Not to be shared between threads.
    """

    def __init__(self, layout: Layout, sources: Ints, targets: Ints, dtype: np.dtype[Any], planes: int = 1) -> None:
        self.layout, self.dtype, self.planes = layout, dtype, planes
        self.sources, self.targets = sources, targets
        self.lanes = WIDTH_BYTES // dtype.itemsize
        self.step = planes * self.lanes
        plan = layout.plan
        self.source_steps, self.source_ways = layout.climb(sources)
        self.target_steps, self.target_ways = layout.climb(targets)
        self.memory = self._new_memory()
        self.in_order = np.arange(len(plan.edge), dtype=np.int32)
        self.all_open = np.ones((1, len(plan.edge)), dtype=bool)

    def _new_memory(self) -> kernel.Memory:
        plan, ends = self.layout.plan, (len(self.sources), len(self.targets))
        sizes = 2 * plan.slots * self.step, *(count * plan.levels * self.step for count in ends), self.step
        return kernel.Memory(*(_aligned(size, self.dtype) for size in sizes))

    def several(self, count: int) -> list[Question]:
        """So many copies, this one first, each with working memory of its own: one for each thread."""
        found = [self, *(copy(self) for _ in range(count - 1))][:count]
        for one in found[1:]:
            one.memory = self._new_memory()
        return found

    @property
    def edges(self) -> NDArray[np.int32]:
        """Edges in the order of work."""
        return self.layout.plan.edge

    def new_blocks(self, count: int) -> Floats:
        """Memory for the weights of some blocks: blocks by edges by planes by lanes."""
        shape = (count, len(self.edges), self.planes, self.lanes)
        return _aligned(int(np.prod(shape)), self.dtype).reshape(shape)

    def label(self, block: Floats, opened: Masks) -> None:
        """Customize for one block of weights (edges by planes by lanes) and label the ways of sources and targets."""
        weights = kernel.Block(block.reshape(-1), self.in_order, self.step, 0)
        steps = self.source_steps, self.target_steps
        kernel.label(PLANES[self.planes], self.layout.plan, weights, opened, *steps, self.memory)

    def answer(self, block: Floats, found: Floats, opened: Masks | None = None) -> None:
        """Put the distances of a block's columns in `found`: planes by scenarios by columns by sources by targets.

        `opened` is scenarios by edges in the order of work; one scenario with all of them by default.
        """
        masks = self.all_open if opened is None else opened
        if found.shape[2] > FEW_LANES:
            weights = kernel.Block(block.reshape(-1), self.in_order, self.step, 0)
            steps = self.source_steps, self.target_steps
            asked = self.layout.plan, weights, masks, *steps, self.memory, self._common
            kernel.answer(PLANES[self.planes], *asked, found)
            return
        for number, mask in enumerate(masks):
            self.label(block, mask)
            for lane in range(found.shape[2]):
                found[:, number, lane] = self._wide(lane)

    @cached_property
    def _common(self) -> NDArray[np.int32]:
        """Number of nodes that are above (or are) both a source and a target."""
        common = np.empty((len(self.sources), len(self.targets)), dtype=np.int32)
        for row, way in enumerate(self.source_ways):
            height = int((way >= 0).sum())
            common[row] = (self.target_ways[:, :height] == way[:height]).sum(axis=1)
        return common

    @cached_property
    def _ranges(self) -> tuple[Ints, NDArray[np.int32], NDArray[np.int32]]:
        """Order of the targets by rank, and by source and depth the range of those below the node there."""
        t = self.layout.topology
        order = np.argsort(t.rank[self.targets], kind="stable")
        below = np.append(0, np.cumsum(np.bincount(t.rank[self.targets], minlength=len(t.rank))))
        way = self.source_ways
        begin, end = below[t.lowest[way]], below[way + 1]
        outside = way < 0
        return order, np.where(outside, 0, begin).astype(np.int32), np.where(outside, 0, end).astype(np.int32)

    def _wide(self, lane: int) -> Floats:
        """Join many targets for one lane."""
        order, begin, end = self._ranges
        levels = self.layout.plan.levels
        labels = self.memory.to_target.reshape(len(self.targets), levels, self.planes, self.lanes)[order, :, :, lane]
        by_depth = np.ascontiguousarray(labels.transpose(2, 1, 0))
        joined = np.full((self.planes, len(self.sources), len(self.targets)), np.inf, dtype=self.dtype)
        kernel.meet_wide(levels, self.step, lane, begin, end, self.memory.from_source, by_depth, joined)
        found = np.empty_like(joined)
        found[:, :, order] = joined
        return found


def dense(question: Question, weights: list[Floats], found: Floats, first: int, end: int) -> Iterator[int]:
    """Answer for columns of weights (edges by columns, one array per plane), yielding the number done at a time.

    Columns from `first` to `end` are answered; `found` is planes by columns by sources by targets.
    """
    lanes = question.lanes
    per_block = max(1, len(question.edges) * question.step * question.dtype.itemsize)
    count = max(1, min(16, BLOCK_BYTES // per_block, (end - first) // lanes))
    blocks = question.new_blocks(count)
    while first < end:
        now = max(1, min(count, (end - first) // lanes))
        fill(question, weights, first, blocks[:now])
        for block in blocks[:now]:
            last = min(first + lanes, end)
            question.answer(block, found[:, None, first:last])
            yield last - first
            first = last


def fill(question: Question, weights: list[Floats], first: int, blocks: Floats) -> None:
    """Lay out columns from `first` on; a block that they do not fill is closed beyond."""
    width = len(blocks) * question.lanes
    for plane, given in enumerate(weights):
        if given.dtype == question.dtype and given.flags.c_contiguous and first + width <= given.shape[1]:
            kernel.fill(question.edges, given.reshape(-1), given.shape[1], first, plane, blocks)
            continue
        part = given[:, first : first + width]
        if part.shape[1] == 1:  # every lane answers the same, which is quicker to lay out
            blocks[0, :, plane] = part[question.edges]
            continue
        some = np.full((len(given), width), np.inf, dtype=question.dtype)
        some[:, : part.shape[1]] = part
        kernel.fill(question.edges, some.reshape(-1), width, 0, plane, blocks)


def laid_out(question: Question, blocks: Floats, found: Floats) -> Iterator[int]:
    """Answer for weights that are laid out; `found` is 1 by columns by sources by targets."""
    for number, block in enumerate(blocks):
        some = found[:, None, number * question.lanes : (number + 1) * question.lanes]
        question.answer(block, some)
        yield some.shape[2]


def rows_of(question: Question, incidences: list[Any]) -> list[Rows]:
    """Rows of incidences in the order of work: where each begins, factors and shares."""
    rows = [incidence.tocsr()[question.edges] for incidence in incidences]
    return [(r.indptr.astype(np.int64), r.indices.astype(np.int32), r.data.astype(question.dtype)) for r in rows]


def of_factors(question: Question, factors: Floats, rows: list[Rows], masks: Masks, found: Floats) -> Iterator[int]:
    """Answer for weights incidence @ factors, one incidence per plane; `found` has masks before columns."""
    lanes, columns = question.lanes, factors.shape[1]
    wide = np.ones((len(factors), -(-columns // lanes) * lanes), dtype=question.dtype)
    wide[:, :columns] = factors
    flat = wide.reshape(-1)
    opened = np.ascontiguousarray(masks[:, question.edges])
    block = question.new_blocks(1)[0]
    for first in range(0, columns, lanes):
        for plane, (begin, factor, share) in enumerate(rows):
            kernel.form(
                begin, factor, share, flat, wide.shape[1], first, question.step, plane * lanes, block.reshape(-1)
            )
        last = min(first + lanes, columns)
        for some in range(0, len(opened), MASKS):
            masks = opened[some : some + MASKS]
            question.answer(block, found[:, some : some + MASKS, first:last], masks)
            yield len(masks) * (last - first)


def closed_in_turn(question: Question, weight: Floats, groups: list[Ints], found: Floats) -> Iterator[int]:
    """Answer for one column of weights with each group of edges closed; `found` is 1 by groups by ..."""
    place = np.full(len(weight), -1, dtype=np.int64)
    place[question.edges] = np.arange(len(question.edges))
    block = question.new_blocks(1)[0]
    block[:] = weight[question.edges][:, None, None]
    for first in range(0, len(groups), question.lanes):
        some = groups[first : first + question.lanes]
        lane = np.repeat(np.arange(len(some)), [len(group) for group in some])
        row = place[np.concatenate(some)] if some else place[:0]
        row, lane = row[row >= 0], lane[row >= 0]
        before = block[row, 0, lane]
        block[row, 0, lane] = np.inf
        question.answer(block, found[:, None, first : first + len(some)])
        block[row, 0, lane] = before
        yield len(some)


def flows(
    kept: tuple[Layout, Unpacking], weights: Floats, pairs: tuple[Ints, Ints], amount: Floats, dtype: np.dtype[Any]
) -> Iterator[Floats]:
    """Yield for every column of weights the flow over each edge, given a layout that keeps all arcs."""
    layout, unpacking = kept
    (sources, source), (targets, target) = (np.unique(nodes, return_inverse=True) for nodes in pairs)
    question, asked = Question(layout, sources, targets, dtype), Pairs(source, target, amount)
    lanes, memory = question.lanes, question.memory
    cells = memory.cells.reshape(-1, lanes)
    labels = [part.reshape(-1, layout.plan.levels, lanes) for part in (memory.from_source, memory.to_target)]
    block = question.new_blocks(1)
    for first in range(0, weights.shape[1], lanes):
        fill(question, [weights], first, block)
        question.label(block[0], question.all_open[0])
        for lane in range(min(lanes, weights.shape[1] - first)):
            up = Climbed(question.source_ways, labels[0][:, :, lane], 0)
            down = Climbed(question.target_ways, labels[1][:, :, lane], 1)
            yield lay(unpacking, up, down, asked, cells[:, lane], weights[:, first + lane].astype(dtype))


def _aligned(count: int, dtype: np.dtype[Any]) -> Floats:
    """Memory that begins where a vector may begin."""
    size = count * dtype.itemsize
    raw = np.empty(size + WIDTH_BYTES, dtype=np.uint8)
    shift = -raw.ctypes.data % WIDTH_BYTES
    return raw[shift : shift + size].view(dtype)
