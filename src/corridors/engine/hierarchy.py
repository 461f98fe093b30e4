"""The hierarchy: what can be asked of a compiled topology, whoever answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridors.base.errors import InputError
from corridors.engine import checks, work
from corridors.engine.checks import Floats, Ints
from corridors.engine.labels import LimitedGraph
from corridors.engine.limits import LimitedWays, Limits, Pairs
from corridors.engine.matrices import Ends, Matrices

LIMITED = 100
"""Searches of scipy that the search of a way under limits takes about as long as."""


@dataclass(frozen=True, eq=False)
class Hierarchy(Matrices):
    """A directed graph, compiled once for any number of weights.

    Parallel edges, loops, weights of zero and closed edges (infinite weight) are allowed. Distances are `inf` where
    there is no way and 0 from a node to itself. Build it with `Hierarchy.build`. It is immutable, can be pickled, and
    may be asked from several threads at once.

    Every question takes `method`: `kernel` (compiled with numba), `scipy`, or `auto`, which leaves small jobs to scipy
    and all others to the kernel, if numba is installed; and `dtype`, the precision. In `float32` the relative error of
    a distance is at most n x 1.2e-7, where n is the number of edges of the way and of the terms of their weights.

    Attributes
    ----------
    nodes
        Number of nodes.
    tail, head
        Nodes of each edge.
    """

    def subsets(
        self,
        weights: ArrayLike,
        groups: Sequence[ArrayLike],
        sources: ArrayLike,
        targets: ArrayLike,
        *,
        reduce: Callable[[Floats], ArrayLike] | None = None,
        dtype: str = "float32",
        method: str = "auto",
        progress: bool = True,
    ) -> Floats:
        """Distances with every union of some groups of edges in place, in the unit of the weights.

        The kernel searches once, without the groups, and then inserts edge after edge into the matrix, exactly:
        d(i, j) = min(d(i, j), d(i, tail) + weight + d(head, j)).

        Parameters
        ----------
        weights
            One number per edge, or edges by columns; those of the groups are what the edges weigh once in place.
        groups
            Edges of each of k groups.
        sources, targets, dtype, method, progress
            As in `matrix`.
        reduce
            Function of the (2^k, sources, targets) distances of one column, so that memory stays flat.

        Returns
        -------
        ndarray
            2^k by sources by targets, group i being in place where bit i of the number of the row is set; with
            columns one of these, or what `reduce` makes of it, per column.

        >>> h = Hierarchy.build(3, [0, 1, 0], [1, 2, 2])
        >>> h.subsets([1.0, 1.0, 5.0], [[1], [2]], [0], [2]).ravel()
        array([inf,  2.,  5.,  2.], dtype=float32)
        """
        columns, single = checks.columns_of("weights", weights, len(self.tail))
        chosen, ends = checks.groups_of(groups, len(self.tail)), self._ends(sources, targets)
        kind, unions = checks.dtype_of(dtype), 1 << len(groups)
        kept = 1 if single or reduce else columns.shape[1]
        self._require("all unions of these groups", (kept, unions, len(ends[0]), len(ends[1])), kind)
        found: list[NDArray[Any]] = []

        def each() -> Iterator[int]:
            for matrices in self._unions(columns, chosen, ends, kind, method):
                found.append(np.asarray(matrices if reduce is None else reduce(matrices)))
                yield unions

        work.do([each()], unions * columns.shape[1], "matrices", progress=progress)
        return found[0] if single else np.stack(found)

    def _unions(
        self, columns: Floats, groups: list[Ints], ends: Ends, dtype: np.dtype[Any], method: str
    ) -> Iterator[Floats]:
        """Yield the matrices of all unions, column by column."""
        unions = 1 << len(groups)
        if self._takes_kernel(method, unions * columns.shape[1], len(ends[0])):
            from corridors.engine.insertion import all_unions

            yield from all_unions(self._layout, (self.tail, self.head), columns, groups, ends=ends, dtype=dtype)
            return
        for number in range(columns.shape[1]):
            found = np.empty((1, unions, len(ends[0]), len(ends[1])), dtype=dtype)
            for union in range(unions):
                weight = columns[:, [number]].copy()
                absent = [group for bit, group in enumerate(groups) if not union >> bit & 1]
                weight[np.concatenate(absent) if absent else []] = np.inf
                for bit, group in enumerate(groups):  # an edge of two groups is there with either
                    if union >> bit & 1:
                        weight[group] = columns[group, [number]][:, None]
                list(self._plain([weight], ends, found[:, union : union + 1]))
            yield found[0]

    def removals(
        self,
        weights: ArrayLike,
        groups: Sequence[ArrayLike],
        sources: ArrayLike,
        targets: ArrayLike,
        *,
        dtype: str = "float32",
        method: str = "auto",
        threads: int | None = None,
        progress: bool = True,
    ) -> Floats:
        """Distances with each group of edges closed in turn, in the unit of the weights.

        Parameters
        ----------
        weights
            One number per edge.
        groups
            Edges of each group.
        sources, targets, dtype, method, threads, progress
            As in `matrix`.

        Returns
        -------
        ndarray
            Groups by sources by targets.

        >>> h = Hierarchy.build(3, [0, 1, 0], [1, 2, 2])
        >>> h.removals([1.0, 1.0, 5.0], [[0], [2]], [0], [2]).ravel()
        array([5., 2.], dtype=float32)
        """
        columns, single = checks.columns_of("weights", weights, len(self.tail))
        if not single:
            raise InputError("weights", f"array of shape {columns.shape}", "one number per edge")
        chosen, ends = checks.groups_of(groups, len(self.tail)), self._ends(sources, targets)
        kind, weight = checks.dtype_of(dtype), columns[:, 0]
        shape = (1, len(chosen), len(ends[0]), len(ends[1]))
        parted = work.shares(len(chosen), threads)
        self._require("this matrix", shape, kind, len(parted))
        found = np.empty(shape, dtype=kind)
        parts = [self._plain_removals(weight, chosen, ends, found)]
        if self._takes_kernel(method, len(chosen), len(ends[0])):
            from corridors.engine.solve import Question, closed_in_turn

            several = Question(self._layout, *ends, kind).several(len(parted))
            parts = [
                closed_in_turn(one, weight, chosen[first:last], found[:, first:last])
                for one, (first, last) in zip(several, parted, strict=True)
            ]
        work.do(parts, len(chosen), "closures", progress=progress)
        wanted: Floats = found[0]
        return wanted

    def _plain_removals(self, weight: Floats, groups: list[Ints], ends: Ends, found: Floats) -> Iterator[int]:
        for number, group in enumerate(groups):
            shut = weight.copy()
            shut[group] = np.inf
            yield from self._plain([shut[:, None]], ends, found[:, number : number + 1])

    def path(self, weights: ArrayLike, source: int, target: int) -> list[int] | None:
        """Edges of one best path in order, or None where there is none.

        >>> Hierarchy.build(3, [0, 1, 0], [1, 2, 2]).path([1.0, 1.0, 5.0], 0, 2)
        [0, 1]
        """
        return self.paths(weights, [source], [target])[0]

    def paths(self, weights: ArrayLike, sources: ArrayLike, targets: ArrayLike) -> list[list[int] | None]:
        """Edges of a best path of each pair (as many sources as targets); None where there is none."""
        columns, _ = checks.columns_of("weights", weights, len(self.tail))
        return list(self.adjacency.paths(columns[:, 0], *self._pairs(sources, targets)))

    def _pairs(self, sources: ArrayLike, targets: ArrayLike) -> Ends:
        starts, ends = self._ends(sources, targets)
        if len(starts) != len(ends):
            raise InputError("sources, targets", (len(starts), len(ends)), "both have one node per pair")
        return starts, ends

    def edge_use(
        self,
        weights: ArrayLike,
        sources: ArrayLike,
        targets: ArrayLike,
        *,
        flow: ArrayLike | None = None,
        each: bool = False,
        dtype: str = "float64",
        method: str = "auto",
        progress: bool = True,
    ) -> Floats:
        """Flow over every edge when every pair takes its best way, in the unit of `flow`.

        Parameters
        ----------
        weights
            One number per edge, or edges by columns.
        sources, targets
            Ends of each pair (as many of one as of the other).
        flow
            Flow of each pair; 1 by default. A pair without a way has none.
        each
            Whether each column is wanted instead of their mean.
        dtype, method, progress
            As in `matrix`.

        Returns
        -------
        ndarray
            One number per edge, the mean over the columns; or edges by columns.

        >>> Hierarchy.build(3, [0, 1, 0], [1, 2, 2]).edge_use([1.0, 1.0, 5.0], [0, 1], [2, 2], flow=[2, 3])
        array([2., 5., 0.])
        """
        columns, single = checks.columns_of("weights", weights, len(self.tail))
        pairs = self._pairs(sources, targets)
        amount = np.ones(len(pairs[0])) if flow is None else np.asarray(flow, dtype=float)
        if amount.shape != pairs[0].shape or not np.isfinite(amount).all():
            raise InputError("flow", f"array of shape {amount.shape}", f"{len(pairs[0])} finite numbers, one per pair")
        kind, count = checks.dtype_of(dtype), columns.shape[1]
        self._require("these flows", (1, 1, len(self.tail), count if each else 1), np.dtype(float))
        used: Floats = np.zeros((len(self.tail), count if each and not single else 1))
        if self._takes_kernel(method, count, len(np.unique(pairs[0]))):
            from corridors.engine.solve import flows

            found = flows((self._whole_layout, self._unpacking), columns, pairs, amount, kind)
        else:
            found = self._plain_flows(columns, pairs, amount)

        def add() -> Iterator[int]:
            for number, flows_of_column in enumerate(found):
                used[:, number if used.shape[1] > 1 else 0] += flows_of_column
                yield 1

        work.do([add()], count, "columns", progress=progress)
        if each and not single:
            return used
        mean: Floats = used[:, 0] / max(1, count)
        return mean

    def limited(
        self,
        weights: ArrayLike,
        pairs: Pairs,
        limits: Limits,
        *,
        measure: ArrayLike | None = None,
        wants_flow: bool = False,
        wants_ways: bool = True,
        method: str = "auto",
        progress: bool = True,
    ) -> LimitedWays:
        """Best ways of pairs that keep limits, for every column of weights.

        Parameters
        ----------
        weights
            Edges by columns.
        pairs
            Pairs of different nodes, with the most that each may spend.
        limits
            What ways must keep.
        measure
            Edges by columns, added up along the ways; the weights by default.
        wants_flow, wants_ways
            Whether the flow over every edge is wanted, and the edges of the ways.
        method, progress
            As in `matrix`. The precision is `float64`.

        >>> h = Hierarchy.build(3, [0, 1, 0], [1, 2, 2])
        >>> limits = Limits(np.arange(3), np.array([0.0, 0.0, 2.0]), np.zeros(3))
        >>> pairs = Pairs(np.array([0, 0]), np.array([2, 2]), np.array([2.0, 1.0]), np.ones(2))
        >>> h.limited(np.array([[1.0], [5.0], [4.0]]), pairs, limits).value.tolist()
        [[4.0, 6.0]]
        """
        columns = checks.columns_of("weights", weights, len(self.tail))[0].astype(float, copy=False)
        along = columns
        if measure is not None:
            along = checks.columns_of("measure", measure, len(self.tail))[0].astype(float, copy=False)
        shape = columns.shape[1], len(pairs.source)
        used = np.zeros((len(self.tail) if wants_flow else 0, shape[0]))
        found = LimitedWays(np.empty(shape), np.full(shape, -1), [], used, wants_ways)
        if self._takes_kernel(method, shape[0] * LIMITED, len(np.unique(pairs.source))):
            from corridors.engine.limited import Limited

            part = Limited(self.tail, self.head, pairs, limits, self._store).answer(columns, along, found)
        else:
            part = self._plain_limited(columns, along, pairs, limits, found)
        work.do([part], shape[0], "columns", progress=progress)
        return found

    def _plain_limited(
        self, columns: Floats, measure: Floats, pairs: Pairs, limits: Limits, found: LimitedWays
    ) -> Iterator[int]:
        """Answer with scipy, column by column."""
        numbers: dict[tuple[int, ...], int] = {}
        for number in range(columns.shape[1]):
            weight = columns[:, number].astype(np.float64, copy=False)
            graph = LimitedGraph(self.nodes, self.tail, self.head, weight, limits)
            for pair, path in enumerate(self.adjacency.paths(columns[:, number], pairs.source, pairs.target)):
                ends = pairs.one(pair)
                way = path if path is None or graph.keeps(path, ends[2]) else graph.best(*ends)
                found.value[number, pair] = np.inf if way is None else measure[way, number].sum()
                if way is None:
                    continue
                found.way[number, pair] = numbers.setdefault(tuple(way), len(numbers))
                if found.wants_flow:
                    found.used[way, number] += pairs.flow[pair]
            yield 1
        found.ways.extend(np.array(way, dtype=np.int64) for way in numbers)

    def _plain_flows(self, columns: Floats, pairs: Ends, amount: Floats) -> Iterator[Floats]:
        for number in range(columns.shape[1]):
            used = np.zeros(len(self.tail))
            for pair, path in enumerate(self.adjacency.paths(columns[:, number], *pairs)):
                if path is not None:
                    used[path] += amount[pair]
            yield used
