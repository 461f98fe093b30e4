"""The compiled kernel: customization of the hierarchy and many-to-many distances, a vector of columns at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit

from corridors.engine.lanes import WIDTH_BYTES, combine, copy, lower, lower_run, meet, relax_label, relax_row
from corridors.engine.plan import Plan, Steps

F = TypeVar("F", bound=Callable[..., Any])

Array = Any
"""An array inside compiled code."""

as_int = cast("Callable[[int], int]", np.int64)
as_bool = cast("Callable[[bool], bool]", np.bool_)
"""A number, and yes or no, that are no constants: a function is compiled anew for each constant it is called with."""

Planes = tuple[int, ...]
"""As many entries as there are planes."""


def compiled(function: F) -> F:
    """Compile a function; the result is kept on disk where some folder can be written."""
    try:
        found: F = njit(cache=True, nogil=True)(function)
    except RuntimeError:  # neither the package nor the user's cache folder can be written
        found = njit(nogil=True)(function)
    return found


class Block(NamedTuple):
    """Weights of a vector of columns: where those of each edge lie, in the order of work, in a flat array."""

    weights: Array
    row: Array
    stride: int
    shift: int


class Memory(NamedTuple):
    """Working memory: cells of arcs, labels of sources and targets by depth, and one cell."""

    cells: Array
    from_source: Array
    to_target: Array
    best: Array


@compiled
def fill(edge: Array, weights: Array, columns: int, first: int, plane: int, blocks: Array) -> None:
    """Copy columns of weights into one plane of blocks, edges in the order of work.

    `weights` has rows of `columns`, of which those from `first` on are taken; `blocks` is blocks by edges by planes
    by lanes.
    """
    count, edges, planes, lanes = blocks.shape
    into = blocks.reshape(-1)
    for e in range(edges):
        row = np.int64(edge[e]) * columns + first
        for block in range(count):
            copy(into, ((block * edges + e) * planes + plane) * lanes, weights, row + block * lanes)


@compiled
def form(begin: Array, factor: Array, share: Array, factors: Array, columns: int, first: int, step: int, shift: int,
         into: Array) -> None:  # fmt: skip
    """Form the weights of one block as sums of shares of factors; cells of `into` lie `step` apart.

    `begin`, `factor` and `share` are the rows of the incidence in the order of work; `factors` has rows of `columns`.
    """
    for e in range(len(begin) - 1):
        combine(into, e * step + shift, share, factor, begin[e], begin[e + 1], factors, columns, first)


@compiled
def customize(planes: Planes, plan: Plan, group: int, block: Block, opened: Array, cells: Array) -> None:
    """Put the edges of one group in place and relax its triangles."""
    step = len(planes) * (WIDTH_BYTES // cells.itemsize)
    for e in range(plan.edge_from[group], plan.edge_from[group + 1]):
        if opened[e]:
            lower(
                planes,
                cells,
                plan.edge_cell[e] * step,
                block.weights,
                np.int64(block.row[e]) * block.stride + block.shift,
            )
    triangle = plan.target_from[group]
    for node in range(plan.node_from[group], plan.node_from[group + 1]):
        slot, degree = plan.slot[node], plan.degree[node]
        for turn in range(degree - 1):
            behind = degree - 1 - turn
            relax_row(planes, cells, 2 * (slot + turn) * step, behind, plan.target, triangle)
            triangle += behind


@compiled
def climb(planes: Planes, plan: Plan, steps: Steps, group: int, cells: Array, labels: Array, shift: int) -> None:
    """Carry labels up through one group; `shift` is 0 for the way from sources and 1 for the way to targets."""
    step = len(planes) * (WIDTH_BYTES // labels.itemsize)
    for s in range(steps.group_from[group], steps.group_from[group + 1]):
        row, node = np.int64(steps.row[s]) * plan.levels * step, steps.node[s]
        at, first = row + steps.depth[s] * step, (2 * np.int64(plan.slot[node]) + shift) * step
        relax_label(planes, labels, row, at, cells, first, plan.degree[node], plan.above_depth, plan.above_from[node])


@compiled
def label(
    planes: Planes,
    plan: Plan,
    block: Block,
    opened: Array,
    sources: Steps,
    targets: Steps,
    memory: Memory,
) -> None:
    """Customize one block of columns and label the ways up of all sources and targets."""
    cells, from_source, to_target = memory.cells, memory.from_source, memory.to_target
    step = len(planes) * (WIDTH_BYTES // cells.itemsize)
    groups = len(plan.last_slot)
    cells[: 2 * plan.top_slots * step] = np.inf
    from_source[:] = np.inf
    to_target[:] = np.inf
    for steps, labels in ((sources, from_source), (targets, to_target)):
        for s in range(len(steps.start)):
            at = (s * plan.levels + steps.start[s]) * step
            labels[at : at + step] = 0
    for group in range(groups):
        if group < groups - 1:
            cells[2 * plan.top_slots * step : 2 * plan.last_slot[group] * step] = np.inf
        customize(planes, plan, group, block, opened, cells)
        climb(planes, plan, sources, group, cells, from_source, 0)
        climb(planes, plan, targets, group, cells, to_target, 1)


@compiled
def meet_all(planes: Planes, levels: int, common: Array, memory: Memory, found: Array) -> None:
    """Join the labels of every source and target, all lanes at once; `found` is planes, columns, sources, targets."""
    best, from_source, to_target = memory.best, memory.from_source, memory.to_target
    lanes = WIDTH_BYTES // best.itemsize
    step = len(planes) * lanes
    for s in range(common.shape[0]):
        for t in range(common.shape[1]):
            best[:] = np.inf
            meet(planes, best, from_source, s * levels * step, to_target, t * levels * step, common[s, t])
            for plane in range(found.shape[0]):
                for lane in range(found.shape[1]):
                    found[plane, lane, s, t] = best[plane * lanes + lane]


@compiled
def meet_wide(
    levels: int, step: int, lane: int, way_from: Array, way_to: Array, from_source: Array, labels: Array, found: Array
) -> None:
    """Join the labels of many targets for one lane; targets are sorted, so that those below a node are a range.

    `way_from` and `way_to` give this range for the nodes above each source by depth; `labels` is planes by depth by
    targets, `found` planes by sources by targets.
    """
    lanes, targets = step // len(labels), labels.shape[2]
    best, by_depth = found.reshape(-1), labels.reshape(-1)
    for s in range(way_from.shape[0]):
        for depth in range(levels):
            begin, end = way_from[s, depth], way_to[s, depth]
            if begin == end:
                break
            at = (s * levels + depth) * step + lane
            here = from_source[at]
            if here == np.inf:
                continue
            if len(labels) == 1:
                vectors = (end - begin) // lanes
                lower_run(best, s * targets + begin, by_depth, depth * targets + begin, here, vectors)
                begin += vectors * lanes
            for t in range(begin, end):
                total = here + labels[0, depth, t]
                if total < found[0, s, t]:
                    found[0, s, t] = total
                    for plane in range(1, len(labels)):
                        found[plane, s, t] = from_source[at + plane * lanes] + labels[plane, depth, t]


@compiled
def answer(
    planes: Planes,
    plan: Plan,
    block: Block,
    opened: Array,
    sources: Steps,
    targets: Steps,
    memory: Memory,
    common: Array,
    found: Array,
) -> None:
    """Answer for one block of columns in every scenario.

    `opened` is scenarios by edges; `found` is planes by scenarios by columns by sources by targets.
    """
    for scenario in range(len(opened)):
        label(planes, plan, block, opened[scenario], sources, targets, memory)
        meet_all(planes, plan.levels, common, memory, found[:, scenario])


@compiled
def insert(
    base: Array, begin: Array, tail: Array, head: Array, head_row: Array, weight: Array, work: Array, found: Array
) -> None:
    """Insert every union of groups of edges into a matrix of distances, each edge exactly.

    Rows of `base` are the sources, then the heads of the edges; columns are the targets, then their tails and heads
    (`tail`, `head` and `head_row` say where), and are filled up to whole vectors. A union is made from the one without
    its lowest group.
    """
    sources, targets = found.shape[1:]
    rows, columns = base.shape
    vectors = columns * base.itemsize // WIDTH_BYTES
    flat = work.reshape(-1)
    work[0] = base
    found[0] = base[:sources, :targets]
    for union in range(1, len(found)):
        level, lowest, rest = 0, 0, union
        while not (union >> lowest) & 1:
            lowest += 1
        while rest:
            level += rest & 1
            rest >>= 1
        here = work[level]
        here[:] = work[level - 1]
        begin_here = level * rows * columns
        for e in range(begin[lowest], begin[lowest + 1]):
            onward = begin_here + head_row[e] * columns
            for row in range(rows):
                to_head = here[row, tail[e]] + weight[e]
                if to_head < here[row, head[e]]:
                    lower_run(flat, begin_here + row * columns, flat, onward, to_head, vectors)
        found[union] = here[:sources, :targets]
