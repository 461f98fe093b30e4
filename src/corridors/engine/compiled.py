"""A topology compiled once: what all questions share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike

from corridors.base.cache import Cache
from corridors.base.errors import DataFileError
from corridors.engine import checks, kept, memory
from corridors.engine.checks import Floats, Ints
from corridors.engine.order import eliminate
from corridors.engine.plain import Adjacency
from corridors.engine.plan import Layout
from corridors.engine.topology import Topology, Unpacking, make_unpacking

if TYPE_CHECKING:
    from corridors.engine.reduction import Reduced
    from corridors.engine.single import Customized

SMALLER = "ask for fewer columns, sources or targets at a time"

COMPILED_NODES = 5_000
"""Nodes from which a graph is contracted in compiled code; below, Python is done before that is loaded."""


def contracted(nodes: int, tail: Ints, head: Ints, order: Ints | None = None) -> Topology:
    """Contract a graph, in an order that is given or found."""
    if nodes < COMPILED_NODES or not checks.has_numba():
        return Topology.build(nodes, tail, head, order)
    from corridors.engine.contraction import contract
    from corridors.engine.in_order import contract_in

    if order is None:
        return Topology(*contract(nodes, tail, head))
    return Topology(*contract_in(nodes, tail, head, order.astype(np.int32)))


def find_order(nodes: int, tail: Ints, head: Ints) -> Ints:
    """Order in which the nodes of a graph are contracted, without the contraction.

    >>> find_order(3, np.array([0, 1]), np.array([1, 2])).tolist()
    [2, 1, 0]
    """
    if nodes < COMPILED_NODES or not checks.has_numba():
        return np.array(eliminate(nodes, tail, head)[0], dtype=np.int64)
    from corridors.engine.contraction import eliminated

    return np.asarray(eliminated(nodes, tail, head)[0], dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Compiled:
    """Edges of a directed graph with everything that follows from them alone."""

    nodes: int
    tail: Ints
    head: Ints

    @classmethod
    def build(cls, nodes: int, tail: ArrayLike, head: ArrayLike, *, order: ArrayLike | None = None) -> Self:
        """Compile a topology: adjacency, elimination order, arcs and triangles.

        Parameters
        ----------
        nodes
            Number of nodes.
        tail, head
            Node at the begin and at the end of each directed edge.
        order
            All nodes in the order in which they are contracted, such as `order` of a hierarchy of a graph that is
            nearly the same. By default it is found, which is most of the work. Any order is right; a bad one is slow.

        Raises
        ------
        InputError
            If the arrays do not fit each other or name nodes that do not exist.

        >>> from corridors.engine import Hierarchy
        >>> h = Hierarchy.build(3, [0, 1, 0], [1, 2, 2])
        >>> h.matrix([1.0, 1.0, 5.0], [0], [2])
        array([[2.]], dtype=float32)
        """
        ends = checks.ends_of(nodes, tail, head)
        found = cls(nodes, *ends)
        if order is not None:
            found.__dict__["topology"] = contracted(nodes, *ends, checks.order_of(order, nodes))
        _ = found.adjacency, found.topology
        return found

    def write(self, path: str | Path) -> Path:
        """Keep the order of contraction in a file, which is what costs time to find.

        Parameters
        ----------
        path
            The file, ending in `.npz`; an earlier one is replaced in one step.

        Returns
        -------
        Path
            The path.

        Raises
        ------
        DataFileError
            If it cannot be written.

        >>> import tempfile
        >>> from corridors.engine import Hierarchy
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Hierarchy.build(3, [0, 1, 0], [1, 2, 2]).write(f"{folder}/three.npz")
        ...     Hierarchy.read(file, 3, [0, 1, 0], [1, 2, 2]).matrix([1.0, 1.0, 5.0], [0], [2]).tolist()
        [[2.0]]
        """
        kept.write_orders(Path(path), {kept.digest_of(self.nodes, self.tail, self.head): self.order})
        return Path(path)

    @classmethod
    def read(cls, path: str | Path, nodes: int, tail: ArrayLike, head: ArrayLike) -> Self:
        """Hierarchy of a graph with the order of contraction from a file; its answers are the same bit for bit.

        Parameters
        ----------
        path
            File that `write` wrote.
        nodes, tail, head
            The graph, as in `build`. The file is of the same one, or it is refused.

        Raises
        ------
        DataFileError
            If the file is missing, damaged, of another version, or of another graph.
        InputError
            As in `build`.
        """
        ends = checks.ends_of(nodes, tail, head)
        order = kept.read_order(Path(path), kept.digest_of(nodes, *ends), nodes)
        if order is None:
            raise DataFileError(f"'{path}' has no hierarchy of this graph ({nodes:,} nodes, {len(ends[0]):,} edges).")
        return cls.build(nodes, *ends, order=order)

    @cached_property
    def adjacency(self) -> Adjacency:
        """Edges by tail and head."""
        return Adjacency.build(self.nodes, self.tail, self.head)

    @cached_property
    def topology(self) -> Topology:
        """Arcs, elimination tree and triangles; both ways to make them give the same arrays."""
        return contracted(self.nodes, self.tail, self.head)

    @property
    def order(self) -> Ints:
        """Nodes in the order in which they were contracted.

        >>> from corridors.engine import Hierarchy
        >>> Hierarchy.build(3, [0, 1, 0], [1, 2, 2], order=[1, 2, 0]).order.tolist()
        [1, 2, 0]
        """
        return np.argsort(self.topology.rank)

    @cached_property
    def _layout(self) -> Layout:
        return Layout.build(self.topology)

    @cached_property
    def _whole_layout(self) -> Layout:
        """The layout that keeps all arcs."""
        return Layout.build(self.topology, 0)

    @cached_property
    def _unpacking(self) -> Unpacking:
        return make_unpacking(self.topology)

    @cached_property
    def _reduced(self) -> Reduced:
        """The topology as a reduced graph without a core."""
        from corridors.engine.reduction import of_topology

        return of_topology(self.topology)

    @cached_property
    def _store(self) -> Cache:
        """What questions have in common beyond the topology."""
        return Cache()

    @property
    def nbytes(self) -> int:
        """Size of all arrays in bytes, with what questions asked so far have added."""
        made = vars(self)
        parts: list[dict[str, Any]] = [made, *(vars(made[name]) for name in ("adjacency", "topology") if name in made)]
        layouts = [made[name] for name in ("_layout", "_whole_layout") if name in made]
        parts += [part for layout in layouts for part in (vars(layout), layout.plan._asdict())]
        parts += [made["_unpacking"]._asdict()] if "_unpacking" in made else []
        parts += [{"low": made["_reduced"].low}] if "_reduced" in made else []  # all else is of the topology
        return sum(value.nbytes for part in parts for value in part.values() if isinstance(value, np.ndarray))

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is laid out again in moments."""
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}

    def _ends(self, sources: ArrayLike, targets: ArrayLike) -> tuple[Ints, Ints]:
        return checks.nodes_of("sources", sources, self.nodes), checks.nodes_of("targets", targets, self.nodes)

    def _takes_kernel(self, method: str, columns: int, sources: int) -> bool:
        return checks.takes_kernel(method, columns * sources, columns, self.nodes + len(self.tail))

    def _require(self, what: str, shape: tuple[int, ...], dtype: np.dtype[Any], threads: int = 1) -> None:
        """Refuse a result that would not fit the memory, with the working memory of the kernel."""
        planes, ends = shape[0], sum(shape[-2:])
        vectors = 2 * len(self.topology.above) + ends * (int(self.topology.depth.max(initial=0)) + 1)
        working = 64.0 * planes * (vectors + len(self.tail)) + 64e6
        memory.require(float(np.prod(shape, dtype=float)) * dtype.itemsize + working * threads, what, SMALLER)


def reduced(nodes: int, tail: Ints, head: Ints) -> Reduced:
    """Return a graph whose nodes with few neighbours are contracted, for `customized`; needs numba."""
    from corridors.engine.reduction import reduce

    return reduce(nodes, tail, head)


def customized(graph: Reduced, weights: Floats) -> Customized:
    """Take one number per edge into a reduced graph, for single ways; needs numba."""
    from corridors.engine.single import Customized

    return Customized.of(graph, weights.astype(np.float64, copy=False))
