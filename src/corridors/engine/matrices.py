"""Matrices of a compiled topology: for columns of weights, and for weights that are linear in factors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridors.base.errors import InputError, MissingPackageError
from corridors.engine import checks, work
from corridors.engine.checks import Floats, Ints
from corridors.engine.compiled import Compiled, customized

if TYPE_CHECKING:
    from corridors.engine.single import Customized

Ends = tuple[Ints, Ints]
Masks = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class LaidOut:
    """Columns of weights in the order in which the kernel of one hierarchy reads them; made by `lay_out`."""

    blocks: Floats
    columns: int


@dataclass(frozen=True, eq=False)
class Matrices(Compiled):
    """The part of `Hierarchy` that answers with matrices."""

    def matrix(
        self,
        weights: ArrayLike | LaidOut,
        sources: ArrayLike,
        targets: ArrayLike,
        *,
        carried: ArrayLike | None = None,
        dtype: str = "float32",
        method: str = "auto",
        threads: int | None = None,
        progress: bool = True,
    ) -> Floats:
        """Distance from every source to every target, for every column of weights, in their unit.

        Parameters
        ----------
        weights
            One number per edge, or edges by columns; `inf` is closed. Or what `lay_out` made of them, which goes
            straight to the kernel.
        sources, targets
            Nodes.
        carried
            Another measure of the edges (shape of `weights`), whose sum along the best ways is wanted instead.
        dtype
            `float32` or `float64`.
        method
            `auto`, `kernel` or `scipy`.
        threads
            Threads of the kernel, which share out the columns; by default one for each core that the process may
            use. Results are the same bits for any number.
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

        >>> from corridors.engine import Hierarchy
        >>> h = Hierarchy.build(3, [0, 1, 0], [1, 2, 2])
        >>> h.matrix([[1.0, 4.0], [1.0, 4.0], [5.0, 5.0]], [0], [1, 2]).tolist()
        [[[1.0, 2.0]], [[4.0, 5.0]]]
        """
        if isinstance(weights, LaidOut):
            return self._matrix_laid_out(weights, self._ends(sources, targets), threads=threads, progress=progress)
        columns, single = checks.columns_of("weights", weights, len(self.tail))
        measures = [columns]
        if carried is not None:
            measures.append(checks.columns_of("carried", carried, len(self.tail))[0])
            if measures[1].shape != columns.shape:
                raise InputError("carried", measures[1].shape, f"the shape of weights, {columns.shape}")
        ends, kind = self._ends(sources, targets), checks.dtype_of(dtype)
        count = columns.shape[1]
        shape = (len(measures), count, len(ends[0]), len(ends[1]))
        parted = work.shares(count, threads)
        self._require("this matrix", shape, kind, len(parted))
        found = np.empty(shape, dtype=kind)
        parts = [self._plain(measures, ends, found)]
        if self._takes_kernel(method, count, len(ends[0])):
            from corridors.engine.solve import Question, dense

            several = Question(self._layout, *ends, kind, len(measures)).several(len(parted))
            parts = [
                dense(one, measures, found, first, last) for one, (first, last) in zip(several, parted, strict=True)
            ]
        work.do(parts, count, "matrices", progress=progress)
        wanted: Floats = found[-1]
        return wanted[0] if single else wanted

    def lay_out(self, weights: ArrayLike, *, dtype: str = "float32") -> LaidOut:
        """Bring columns of weights in the order in which the kernel reads them, for several questions on them.

        Raises
        ------
        MissingPackageError
            If numba is not installed.

        >>> from corridors.engine import Hierarchy
        >>> h = Hierarchy.build(3, [0, 1, 0], [1, 2, 2])
        >>> h.matrix(h.lay_out([[1.0, 4.0], [1.0, 4.0], [5.0, 5.0]]), [0], [2]).tolist()
        [[[2.0]], [[5.0]]]
        """
        if not checks.has_numba():
            raise MissingPackageError("Laying out weights for the kernel", "numba", "fast")
        from corridors.engine.solve import Question, fill

        columns, _ = checks.columns_of("weights", weights, len(self.tail))
        nowhere = np.zeros(0, dtype=np.int64)
        question = Question(self._layout, nowhere, nowhere, checks.dtype_of(dtype))
        blocks = question.new_blocks(-(-columns.shape[1] // question.lanes))
        fill(question, [columns], 0, blocks)
        return LaidOut(blocks, columns.shape[1])

    def customize(self, weights: ArrayLike) -> Customized:
        """Take in one column of weights, for many single ways or small matrices of it.

        Parameters
        ----------
        weights
            One number per edge, zero or more; `inf` is closed.

        Returns
        -------
        Customized
            What answers `distance`, `path`, `ways` and `matrix`, in `float64`.

        Raises
        ------
        MissingPackageError
            If numba is not installed.
        InputError
            If a weight is negative or not a number, or there is more than one column.

        >>> from corridors.engine import Hierarchy
        >>> h = Hierarchy.build(3, [0, 1, 0], [1, 2, 2])
        >>> h.customize([1.0, 1.0, 5.0]).matrix([0], [1, 2]).tolist()
        [[1.0, 2.0]]
        """
        if not checks.has_numba():
            raise MissingPackageError("Customizing for one column of weights", "numba", "fast")
        columns, single = checks.columns_of("weights", weights, len(self.tail))
        if not single:
            raise InputError("weights", f"array of shape {columns.shape}", "one number per edge")
        return customized(self._reduced, columns[:, 0])

    def _matrix_laid_out(self, weights: LaidOut, ends: Ends, *, threads: int | None, progress: bool) -> Floats:
        from corridors.engine.solve import Question, laid_out

        shape, kind = (1, weights.columns, len(ends[0]), len(ends[1])), weights.blocks.dtype
        parted, lanes = work.shares(len(weights.blocks), threads, 1), weights.blocks.shape[-1]
        self._require("this matrix", shape, kind, len(parted))
        found = np.empty(shape, dtype=kind)
        several = Question(self._layout, *ends, kind).several(len(parted))
        parts = [
            laid_out(one, weights.blocks[first:last], found[:, first * lanes : last * lanes])
            for one, (first, last) in zip(several, parted, strict=True)
        ]
        work.do(parts, weights.columns, "matrices", progress=progress)
        wanted: Floats = found[0]
        return wanted

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
        threads: int | None = None,
        progress: bool = True,
    ) -> Floats:
        """Distances where weights are linear in factors: weights = incidence @ factors.

        Weights are formed block by block and never stand in memory all at once.

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
        >>> from corridors.engine import Hierarchy
        >>> h = Hierarchy.build(2, [0, 0], [1, 1])
        >>> h.matrix_of_factors([[1, 2]], sparse.csr_array([[1.0], [3.0]]), [0], [1], masks=[[1, 1], [0, 1]]).ravel()
        array([1., 2., 3., 6.], dtype=float32)
        """
        drawn, incidences, opened = self._linear(factors, incidence, carried, masks)
        ends, kind = self._ends(sources, targets), checks.dtype_of(dtype)
        count = drawn.shape[1]
        shape = (len(incidences), len(opened), count, len(ends[0]), len(ends[1]))
        # a few columns in many scenarios are shared out by scenarios
        masked = work.shares(len(opened), threads, 1) if count <= work.GRAIN else [(0, len(opened))]
        parted = work.shares(count, threads) if count > work.GRAIN else [(0, count)]
        self._require("this matrix", shape, kind, len(masked) * len(parted))
        found = np.empty(shape, dtype=kind)
        parts = [self._plain_factors(drawn, incidences, opened, ends, found)]
        if self._takes_kernel(method, len(opened) * count, len(ends[0])):
            from corridors.engine.solve import Question, of_factors, rows_of

            shares = [(*columns, *scenarios) for columns in parted for scenarios in masked]
            question = Question(self._layout, *ends, kind, len(incidences))
            rows = rows_of(question, incidences)
            parts = [
                of_factors(one, drawn[:, first:last], rows, opened[begin:end], found[:, begin:end, first:last])
                for one, (first, last, begin, end) in zip(question.several(len(shares)), shares, strict=True)
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
