"""The order of work of the kernel: subtrees whose arcs fit the fast cache, one after the other, then the top.

The arcs of small subtrees of the elimination tree are needed only until what lies above has been relaxed from them,
so that all subtrees share one buffer. Arcs of the top keep places of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridors.engine.topology import Topology

Ints = NDArray[np.int64]
Ints32 = NDArray[np.int32]

BUFFER_ARCS = 4096
"""Arcs of a subtree that are kept at once: at 128 bytes each, half of a common second-level cache."""


class Plan(NamedTuple):
    """Arrays that drive the kernel.

    `node_from` to `target_from` are by group, `slot` to `above_from` by node in the order of work, `target` by
    triangle, `above_depth` by arc, `edge` and `edge_cell` by edge in the order of work.
    """

    node_from: Ints
    edge_from: Ints
    target_from: Ints
    last_slot: Ints
    slot: Ints32
    degree: Ints32
    above_from: Ints
    target: Ints32
    above_depth: Ints32
    edge: Ints32
    edge_cell: Ints32
    top_slots: int
    slots: int
    levels: int


class Steps(NamedTuple):
    """The ways of some nodes up the elimination tree, by group of the plan.

    `start` is the depth of each node itself; `row` is the label row, `node` the place in the order of work and
    `depth` its depth, for every step.
    """

    start: Ints32
    group_from: Ints
    row: Ints32
    node: Ints32
    depth: Ints32


@dataclass(frozen=True, eq=False)
class Layout:
    """A topology with an order of work.

    Attributes
    ----------
    topology
        Arcs, elimination tree and triangles.
    plan
        Arrays that drive the kernel.
    place, group
        Of each rank: its place in the order of work, and its group.
    """

    topology: Topology
    plan: Plan
    place: Ints
    group: Ints

    @classmethod
    def build(cls, topology: Topology, buffer_arcs: int = BUFFER_ARCS) -> Layout:
        """Lay out the work, with all arcs kept if `buffer_arcs` is 0."""
        return cls(topology, *make_plan(topology, buffer_arcs))

    def climb(self, nodes: Ints) -> tuple[Steps, Ints32]:
        """Follow nodes up to their roots."""
        return climb(self.topology, self.place, self.group, len(self.plan.last_slot), nodes)


def make_plan(t: Topology, buffer_arcs: int = BUFFER_ARCS) -> tuple[Plan, Ints, Ints]:
    """Lay out the work; also return the place of each rank in the order of work, and its group."""
    group = _groups(t, buffer_arcs)
    groups = int(group.max(initial=0)) + 1
    by_group = np.argsort(group, kind="stable")
    place = np.empty_like(by_group)
    place[by_group] = np.arange(len(group))
    degree = np.diff(t.start)[by_group]
    node_from = np.searchsorted(group[by_group], np.arange(groups + 1))
    slots = _slots(t, group, groups)
    edge, edge_cell, edge_from = _edges(t, group, groups, slots.of_arc)
    target, target_before = _targets(t, by_group, slots.of_arc)
    small = np.int32
    plan = Plan(
        node_from=node_from,
        edge_from=edge_from,
        target_from=target_before[node_from],
        last_slot=slots.last,
        slot=_first_slots(t, by_group, slots.of_arc).astype(small),
        degree=degree.astype(small),
        above_from=np.append(0, np.cumsum(degree))[:-1],
        target=target.astype(small),
        above_depth=t.depth[t.above[runs(t.start[by_group], degree)]].astype(small),
        edge=edge.astype(small),
        edge_cell=edge_cell.astype(small),
        top_slots=slots.top,
        slots=int(slots.last.max(initial=slots.top)),
        levels=int(t.depth.max(initial=0)) + 1,
    )
    return plan, place, group


def _groups(t: Topology, buffer_arcs: int) -> Ints:
    """Group of every rank: runs of complete subtrees with few enough arcs, and last the top."""
    n = len(t.parent)
    low, start = t.lowest.tolist(), t.start.tolist()
    runs: list[tuple[int, int]] = []
    node = n - 1
    while node >= 0:
        first = low[node]
        if start[node + 1] - start[first] > buffer_arcs:
            node -= 1
            continue
        if runs and runs[-1][0] == node + 1 and start[runs[-1][1] + 1] - start[first] <= buffer_arcs:
            runs[-1] = (first, runs[-1][1])
        else:
            runs.append((first, node))
        node = first - 1
    group = np.full(n, len(runs), dtype=np.int64)
    for number, (first, last) in enumerate(reversed(runs)):
        group[first : last + 1] = number
    return group


class _Slots(NamedTuple):
    """Place of every arc, number of places of the top, and end of the places of each group."""

    of_arc: Ints
    top: int
    last: Ints


def _slots(t: Topology, group: Ints, groups: int) -> _Slots:
    """Hand out places to arcs: those of the top keep theirs, all other groups share one buffer behind."""
    of_arc = np.repeat(group, np.diff(t.start))
    top = of_arc == groups - 1
    slot = np.empty(len(of_arc), dtype=np.int64)
    width = int(top.sum())
    slot[top] = np.arange(width)
    size = np.bincount(of_arc[~top], minlength=groups)
    first = np.full(groups, len(of_arc), dtype=np.int64)
    np.minimum.at(first, of_arc, np.arange(len(of_arc)))
    slot[~top] = width + np.flatnonzero(~top) - first[of_arc[~top]]
    return _Slots(slot, width, width + size)


def _first_slots(t: Topology, by_group: Ints, slot_of_arc: Ints) -> Ints:
    """Place of the first arc of each node in the order of work, 0 where a node has none."""
    first = t.start[by_group]
    slot = np.zeros(len(first), dtype=np.int64)
    has = t.start[by_group + 1] > first
    slot[has] = slot_of_arc[first[has]]
    return slot


def _targets(t: Topology, by_group: Ints, slot_of_arc: Ints) -> tuple[Ints, Ints]:
    """Place of the arc that each triangle may shorten, in the order of work, and triangles before each node."""
    degree = np.diff(t.start)
    inner = degree * (degree - 1) // 2
    order = runs(np.append(0, np.cumsum(inner))[by_group], inner[by_group])
    return slot_of_arc[t.target[order]], np.append(0, np.cumsum(inner[by_group]))


def _edges(t: Topology, group: Ints, groups: int, slot: Ints) -> tuple[Ints, Ints, Ints]:
    """Sort edges by group and place; loops are left out."""
    edges = np.flatnonzero(t.arc >= 0)
    arc = t.arc[edges] // 2
    low = np.searchsorted(t.start, arc, side="right") - 1
    cell = 2 * slot[arc] + t.arc[edges] % 2
    order = np.lexsort((cell, group[low]))
    return edges[order], cell[order], np.searchsorted(group[low][order], np.arange(groups + 1))


def runs(start: Ints, length: Ints) -> Ints:
    """List runs of numbers: `start[i], start[i] + 1, ...` of each length, one run after the other.

    >>> runs(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    before = np.cumsum(length) - length
    return np.repeat(start - before, length) + np.arange(int(length.sum()))


def climb(t: Topology, place: Ints, group: Ints, groups: int, nodes: Ints) -> tuple[Steps, Ints32]:
    """Follow nodes up to their roots; also return the ranks on each way by depth (-1 below the node itself)."""
    at = t.rank[nodes].astype(np.int64)
    way = np.full((len(nodes), int(t.depth.max(initial=0)) + 1), -1, dtype=np.int32)
    rows, ranks = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    row = np.arange(len(nodes))
    while len(row):
        way[row, t.depth[at]] = at
        rows.append(row)
        ranks.append(at)
        up = t.parent[at].astype(np.int64)
        row, at = row[up >= 0], up[up >= 0]
    row, rank = np.concatenate(rows), np.concatenate(ranks)
    order = np.lexsort((rank, row, group[rank]))
    row, rank = row[order], rank[order]
    group_from = np.searchsorted(group[rank], np.arange(groups + 1))
    small = np.int32
    start = t.depth[t.rank[nodes]]
    return Steps(start, group_from, row.astype(small), place[rank].astype(small), t.depth[rank].astype(small)), way
