"""The hierarchy: what can be asked of a compiled topology, whoever answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridors.engine import checks, work
from corridors.engine.checks import Floats, Ints
from corridors.engine.compiled import Compiled
from corridors.errors import InputError

Ends = tuple[Ints, Ints]
Masks = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Hierarchy(Compiled):
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

    def matrix(
        self,
        weights: ArrayLike,
        sources: ArrayLike,
        targets: ArrayLike,
        *,
        carried: ArrayLike | None = None,
        dtype: str = "float32",
        method: str = "auto",
        threads: int = 1,
        progress: bool = True,
    ) -> Floats:
        """Give the distance from every source to every target, for every column of weights.

        Parameters
        ----------
        weights
            One number per edge, or edges by columns; `inf` is closed. The kernel reads rows of `dtype` fastest.
        sources, targets
            Nodes.
        carried
            Another measure of the edges (shape of `weights`), whose sum along the best ways is wanted instead.
        dtype
            `float32` or `float64`.
        method
            `auto`, `kernel` or `scipy`.
        threads
            Threads of the kernel, which share out the columns. Results do not depend on it.
        progress
            Whether long work shows a bar.

        Returns
        -------
        ndarray
            Sources by targets, or columns by sources by targets.

        Raises
        ------
        InputError
            If an argument is out of range, or a weight is negative or not a number.
        MemoryLimitError
            If the result would not fit the memory.

        >>> h = Hierarchy.build(3, [0, 1, 0], [1, 2, 2])
        >>> h.matrix([[1.0, 4.0], [1.0, 4.0], [5.0, 5.0]], [0], [1, 2]).tolist()
        [[[1.0, 2.0]], [[4.0, 5.0]]]
        """
        columns, single = checks.columns_of("weights", weights, len(self.tail))
        measures = [columns]
        if carried is not None:
            measures.append(checks.columns_of("carried", carried, len(self.tail))[0])
            if measures[1].shape != columns.shape:
                raise InputError("carried", measures[1].shape, f"the shape of weights, {columns.shape}")
        ends, kind = self._ends(sources, targets), checks.dtype_of(dtype)
        count = columns.shape[1]
        shape = (len(measures), count, len(ends[0]), len(ends[1]))
        self._require("this matrix", shape, kind, threads)
        found = np.empty(shape, dtype=kind)
        parts = [self._plain(measures, ends, found)]
        if self._takes_kernel(method, count, len(ends[0])):
            from corridors.engine.solve import Question, dense

            parts = [
                dense(
                    Question(self._layout, *ends, kind, len(measures)),
                    [measure[:, first:last] for measure in measures],
                    found[:, first:last],
                )
                for first, last in work.shares(count, threads)
            ]
        work.do(parts, count, "matrices", progress=progress)
        wanted: Floats = found[-1]
        return wanted[0] if single else wanted

    def _plain(self, measures: Sequence[Floats], ends: Ends, found: Floats) -> Iterator[int]:
        """Answer with scipy, column by column."""
        for number in range(measures[0].shape[1]):
            weight = measures[0][:, number]
            found[0, number] = self.adjacency.distances(weight, *ends)
            for plane, measure in enumerate(measures[1:], start=1):
                found[plane, number] = self.adjacency.along(weight, measure[:, number], *ends)
            yield 1

    def matrix_of_factors(
        self,
        factors: ArrayLike,
        incidence: Any,
        sources: ArrayLike,
        targets: ArrayLike,
        *,
        masks: ArrayLike | None = None,
        carried: Any = None,
        dtype: str = "float32",
        method: str = "auto",
        threads: int = 1,
        progress: bool = True,
    ) -> Floats:
        """Give the distances where weights are linear in factors: weights = incidence @ factors.

        Weights are formed block by block and never stand in memory as a whole.

        Parameters
        ----------
        factors
            Factors by columns, zero or more.
        incidence
            Sparse matrix of shape (edges, factors), zero or more.
        sources, targets, dtype, method, threads, progress
            As in `matrix`.
        masks
            Scenarios by edges, True where the edge is open. Every scenario sees every column.
        carried
            Incidence of another measure, whose sum along the best ways is wanted instead.

        Returns
        -------
        ndarray
            Columns by sources by targets; with masks scenarios by columns by sources by targets.

        >>> from scipy import sparse
        >>> h = Hierarchy.build(2, [0, 0], [1, 1])
        >>> h.matrix_of_factors([[1, 2]], sparse.csr_array([[1.0], [3.0]]), [0], [1], masks=[[1, 1], [0, 1]]).ravel()
        array([1., 2., 3., 6.], dtype=float32)
        """
        drawn, incidences, opened = self._linear(factors, incidence, carried, masks)
        ends, kind = self._ends(sources, targets), checks.dtype_of(dtype)
        count = drawn.shape[1]
        shape = (len(incidences), len(opened), count, len(ends[0]), len(ends[1]))
        self._require("this matrix", shape, kind, threads)
        found = np.empty(shape, dtype=kind)
        parts = [self._plain_factors(drawn, incidences, opened, ends, found)]
        if self._takes_kernel(method, len(opened) * count, len(ends[0])):
            from corridors.engine.solve import Question, of_factors

            parts = [
                of_factors(
                    Question(self._layout, *ends, kind, len(incidences)),
                    drawn[:, first:last],
                    incidences,
                    opened,
                    found[:, :, first:last],
                )
                for first, last in work.shares(count, threads)
            ]
        work.do(parts, len(opened) * count, "matrices", progress=progress)
        wanted: Floats = found[-1]
        return wanted[0] if masks is None else wanted

    def _linear(
        self, factors: ArrayLike, incidence: Any, carried: Any, masks: ArrayLike | None
    ) -> tuple[Floats, list[Any], Masks]:
        """Check factors, incidences and masks."""
        edges, drawn = len(self.tail), np.asarray(factors, dtype=float)
        if drawn.ndim != 2 or (drawn.size and not drawn.min() >= 0):
            raise InputError("factors", f"array of shape {drawn.shape}", "two dimensions, zero or more")
        incidences = [given.tocsr() for given in (incidence, carried) if given is not None]
        for given in incidences:
            if given.shape != (edges, len(drawn)) or (given.nnz and not given.data.min() >= 0):
                shape = (edges, len(drawn))
                raise InputError("incidence", f"matrix of shape {given.shape}", f"zero or more, of shape {shape}")
        opened = np.ones((1, edges), dtype=bool) if masks is None else np.asarray(masks, dtype=bool)
        if opened.ndim != 2 or opened.shape[1] != edges:
            raise InputError("masks", f"array of shape {opened.shape}", f"scenarios by {edges} edges")
        return drawn, incidences, opened

    def _plain_factors(
        self, factors: Floats, incidences: list[Any], masks: Masks, ends: Ends, found: Floats
    ) -> Iterator[int]:
        """Answer with scipy, column by column."""
        for number in range(factors.shape[1]):
            measures = [np.asarray(incidence @ factors[:, [number]]) for incidence in incidences]
            for scenario, mask in enumerate(masks):
                weighted = [np.where(mask[:, None], measures[0], np.inf), *measures[1:]]
                yield from self._plain(weighted, ends, found[:, scenario, number : number + 1])

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
        """Give the distances with every union of some groups of edges in place.

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
        threads: int = 1,
        progress: bool = True,
    ) -> Floats:
        """Give the distances with each group of edges closed in turn.

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
        self._require("this matrix", shape, kind, threads)
        found = np.empty(shape, dtype=kind)
        parts = [self._plain_removals(weight, chosen, ends, found)]
        if self._takes_kernel(method, len(chosen), len(ends[0])):
            from corridors.engine.solve import Question, closed_in_turn

            parts = [
                closed_in_turn(Question(self._layout, *ends, kind), weight, chosen[first:last], found[:, first:last])
                for first, last in work.shares(len(chosen), threads)
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
        """Give the edges of one best path in order, or None where there is none.

        >>> Hierarchy.build(3, [0, 1, 0], [1, 2, 2]).path([1.0, 1.0, 5.0], 0, 2)
        [0, 1]
        """
        return self.paths(weights, [source], [target])[0]

    def paths(self, weights: ArrayLike, sources: ArrayLike, targets: ArrayLike) -> list[list[int] | None]:
        """Give the edges of a best path of each pair (as many sources as targets); None where there is none."""
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
        """Give the flow over every edge when every pair takes its best way.

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

    def _plain_flows(self, columns: Floats, pairs: Ends, amount: Floats) -> Iterator[Floats]:
        for number in range(columns.shape[1]):
            used = np.zeros(len(self.tail))
            for pair, path in enumerate(self.adjacency.paths(columns[:, number], *pairs)):
                if path is not None:
                    used[path] += amount[pair]
            yield used
