"""The hierarchy: what can be asked of a compiled topology, whatever answers it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridors.engine.plain import Adjacency
from corridors.errors import InputError

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]
Masks = NDArray[np.bool_]

DTYPES = ("float32", "float64")


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """A directed graph, compiled once for any number of weights.

    Parallel edges, loops, weights of zero and closed edges (infinite weight) are allowed. Distances are `inf` where
    there is no way and 0 from a node to itself. Build it with `Hierarchy.build`.

    Attributes
    ----------
    nodes
        Number of nodes.
    tail, head
        Nodes of each edge.
    """

    nodes: int
    tail: Ints
    head: Ints

    @classmethod
    def build(cls, nodes: int, tail: ArrayLike, head: ArrayLike) -> Hierarchy:
        """Compile a topology.

        Parameters
        ----------
        nodes
            Number of nodes.
        tail, head
            Node of the begin and end of each directed edge.

        Raises
        ------
        InputError
            If the arrays do not fit each other or name nodes that do not exist.

        >>> h = Hierarchy.build(3, [0, 1, 0], [1, 2, 2])
        >>> h.matrix([1.0, 1.0, 5.0], [0], [2])
        array([[2.]], dtype=float32)
        """
        ends = [_nodes(name, given, nodes) for name, given in (("tail", tail), ("head", head))]
        if len(ends[0]) != len(ends[1]):
            raise InputError("tail, head", (len(ends[0]), len(ends[1])), "both have one node per edge")
        return cls(nodes, *ends)

    @cached_property
    def adjacency(self) -> Adjacency:
        """Edges by tail and head."""
        return Adjacency.build(self.nodes, self.tail, self.head)

    @property
    def nbytes(self) -> int:
        """Size of all arrays in bytes."""
        a = self.adjacency
        arrays = (self.tail, self.head, a.order, a.first, a.indptr, a.indices)
        return sum(array.nbytes for array in arrays)

    def matrix(self, weights: ArrayLike, sources: ArrayLike, targets: ArrayLike, *, dtype: str = "float32") -> Floats:
        """Give the distances of every source and target, for every column of weights.

        Parameters
        ----------
        weights
            One number per edge, or edges by columns; `inf` is closed.
        sources, targets
            Nodes.
        dtype
            `float32` or `float64`.

        Returns
        -------
        ndarray
            Sources by targets, or columns by sources by targets.

        Raises
        ------
        InputError
            If an argument is out of range, or a weight is negative or not a number.
        """
        columns, single = self._columns(weights)
        starts, ends = self._ends(sources, targets)
        found = np.empty((columns.shape[1], len(starts), len(ends)), dtype=_dtype(dtype))
        for number in range(columns.shape[1]):
            found[number] = self.adjacency.distances(columns[:, number], starts, ends)
        return found[0] if single else found

    def matrix_of_factors(
        self,
        factors: ArrayLike,
        incidence: Any,
        sources: ArrayLike,
        targets: ArrayLike,
        *,
        masks: ArrayLike | None = None,
        dtype: str = "float32",
    ) -> Floats:
        """Give the distances where weights are linear in factors: weights = incidence @ factors.

        Weights are formed block by block and never stand in memory as a whole.

        Parameters
        ----------
        factors
            Parameters by columns.
        incidence
            Sparse matrix, edges by parameters.
        sources, targets, dtype
            As in `matrix`.
        masks
            Scenarios by edges; True where the edge is open. Every scenario has every column.

        Returns
        -------
        ndarray
            Columns by sources by targets; with masks scenarios by columns by sources by targets.
        """
        drawn = np.asarray(factors, dtype=float)
        weights = incidence @ drawn
        if masks is None:
            return self.matrix(weights, sources, targets, dtype=dtype)
        opened = np.asarray(masks, dtype=bool)
        return np.stack(
            [self.matrix(np.where(mask[:, None], weights, np.inf), sources, targets, dtype=dtype) for mask in opened]
        )

    def subsets(
        self,
        weights: ArrayLike,
        groups: Sequence[ArrayLike],
        sources: ArrayLike,
        targets: ArrayLike,
        *,
        dtype: str = "float32",
        reduce: Callable[[Floats], ArrayLike] | None = None,
    ) -> Floats:
        """Give the distances with every union of some groups of edges in place.

        Parameters
        ----------
        weights
            One number per edge, or edges by columns; those of the groups are what the edges weigh once in place.
        groups
            Edges of each of k groups.
        sources, targets, dtype
            As in `matrix`.
        reduce
            Function of the (2^k, sources, targets) distances of one column, so that memory stays flat.

        Returns
        -------
        ndarray
            2^k by sources by targets, group i being in place where bit i of the row's number is set; with columns
            one of these, or what `reduce` makes of it, per column.
        """
        columns, single = self._columns(weights)
        found = []
        for number in range(columns.shape[1]):
            weight = np.repeat(columns[:, [number]], 1 << len(groups), axis=1)
            for bit, group in enumerate(groups):
                absent = np.flatnonzero(~(np.arange(weight.shape[1]) >> bit) & 1)
                weight[np.ix_(np.asarray(group, dtype=np.int64), absent)] = np.inf
            distances = self.matrix(weight, sources, targets, dtype=dtype)
            found.append(distances if reduce is None else reduce(distances))
        every: Floats = np.stack([np.asarray(f) for f in found])
        return every[0] if single else every

    def removals(
        self,
        weights: ArrayLike,
        groups: Sequence[ArrayLike],
        sources: ArrayLike,
        targets: ArrayLike,
        *,
        dtype: str = "float32",
    ) -> Floats:
        """Give the distances with each group of edges closed in turn: groups by sources by targets."""
        columns, _ = self._columns(weights)
        weight = np.repeat(columns[:, :1], len(groups), axis=1)
        for number, group in enumerate(groups):
            weight[np.asarray(group, dtype=np.int64), number] = np.inf
        return self.matrix(weight, sources, targets, dtype=dtype)

    def path(self, weights: ArrayLike, source: int, target: int) -> list[int] | None:
        """Give the edges of one best path, or None where there is none."""
        columns, _ = self._columns(weights)
        starts, ends = self._ends([source], [target])
        return next(self.adjacency.paths(columns[:, 0], starts, ends))

    def edge_use(
        self, weights: ArrayLike, sources: ArrayLike, targets: ArrayLike, *, flow: ArrayLike | None = None
    ) -> Floats:
        """Give the flow over every edge when every pair takes a best path.

        Parameters
        ----------
        weights
            One number per edge, or edges by columns.
        sources, targets
            Ends of each pair (as many of one as of the other).
        flow
            Flow of each pair; 1 by default. Pairs without a way have none.

        Returns
        -------
        ndarray
            One number per edge: the mean over the columns.
        """
        columns, _ = self._columns(weights)
        starts, ends = self._ends(sources, targets)
        amount = np.ones(len(starts)) if flow is None else np.asarray(flow, dtype=float)
        used = np.zeros(len(self.tail))
        for number in range(columns.shape[1]):
            for pair, path in enumerate(self.adjacency.paths(columns[:, number], starts, ends)):
                if path is not None:
                    used[path] += amount[pair]
        return used / columns.shape[1]

    def _columns(self, weights: ArrayLike) -> tuple[Floats, bool]:
        """Check weights; give them with columns, and whether there was only one number per edge."""
        given = np.asarray(weights)
        if given.dtype not in (np.float32, np.float64):
            given = given.astype(float)
        if given.ndim not in (1, 2) or len(given) != len(self.tail):
            raise InputError("weights", given.shape, f"{len(self.tail)} numbers, or as many rows of columns")
        if len(given) and not given.min() >= 0:
            raise InputError("weights", given.min(), "a weight is zero or more, or inf where the edge is closed")
        return (given[:, None], True) if given.ndim == 1 else (given, False)

    def _ends(self, sources: ArrayLike, targets: ArrayLike) -> tuple[Ints, Ints]:
        return _nodes("sources", sources, self.nodes), _nodes("targets", targets, self.nodes)


def _nodes(name: str, given: ArrayLike, nodes: int) -> Ints:
    """Check numbers of nodes."""
    found = np.asarray(given)
    if found.size == 0:
        return np.zeros(0, dtype=np.int64)
    if found.ndim != 1 or not np.issubdtype(found.dtype, np.integer):
        raise InputError(name, found.dtype, "a sequence of numbers of nodes")
    if found.min() < 0 or found.max() >= nodes:
        wrong = found[(found < 0) | (found >= nodes)][0]
        raise InputError(name, int(wrong), f"nodes are numbered from 0 to {nodes - 1}")
    return found.astype(np.int64)


def _dtype(name: str) -> np.dtype[Any]:
    if name not in DTYPES:
        raise InputError("dtype", name, f"one of {', '.join(DTYPES)}")
    found: np.dtype[Any] = np.dtype(name)
    return found
