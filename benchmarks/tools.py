"""What a tool is asked for, and how the package itself answers.

What a tool cannot do in one call is done in a loop: a matrix per draw, per subset of projects, per removal.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any, ClassVar

import numpy as np

from benchmarks.networks import Net
from benchmarks.osm import Floats, Ints

NONE: Ints = np.zeros(0, dtype=np.int64)

CLOSED_H = 1e5
"""Weight of a closed edge for tools that cannot take infinity; a sum that reaches it counts as no way."""


class Tool:
    """A tool with the graph of a network, weighted as on the base network.

    Attributes
    ----------
    name, package, module
        What it is called here, to pip and to Python.
    tree
        Whether a matrix costs the same per source, whatever the number of sources, so that it can be timed on some.
    batched
        Whether all columns of weights are answered in one call.
    """

    name: ClassVar[str]
    package: ClassVar[str]
    module: ClassVar[str]
    tree: ClassVar[bool] = True
    batched: ClassVar[bool] = False
    varied: Ints = NONE

    def __init__(self, net: Net) -> None:
        raise NotImplementedError

    @classmethod
    def missing(cls) -> str:
        """Say why the tool cannot be used, or nothing."""
        return "" if find_spec(cls.module) else f"{cls.package} is not installed"

    @classmethod
    def version(cls) -> str:
        """The installed version."""
        return version(cls.package)

    def native(self, weight: Floats) -> Any:
        """Weights in the form that `reweight` takes."""
        return weight

    def reweight(self, native: Any) -> None:
        """Set the weights of all edges."""
        raise NotImplementedError

    def change(self, net: Net, edges: Ints, weight: Floats) -> None:
        """Set the weights of some edges; all others are as on the base network."""
        every = net.base.copy()
        every[edges] = weight
        self.reweight(self.native(every))

    def ready(self, sources: Ints, targets: Ints) -> None:
        """Prepare for these sources and targets, if the tool wants that: this is not timed."""

    def route(self, source: int, target: int) -> tuple[float, Sequence[int]]:
        """The distance and the nodes of a best way."""
        raise NotImplementedError

    def matrix(self, sources: Ints, targets: Ints) -> Floats:
        """Distances."""
        raise NotImplementedError

    def columns(self, weights: Floats) -> Any:
        """Weights, edges by columns, in the form that `draws` takes: this is not timed."""
        return [self.native(weight) for weight in weights.T.astype(float)]

    def draws(self, columns: Any, sources: Ints, targets: Ints) -> Floats:
        """A matrix for each column of weights."""
        found = []
        for column in columns:
            self.reweight(column)
            found.append(self.matrix(sources, targets))
        return np.stack(found)

    def of_factors(self, net: Net, factors: Floats, sources: Ints, targets: Ints) -> Floats:
        """A matrix for each column of parameters."""
        closed = np.isinf(net.base)
        weights = (np.where(closed, np.inf, net.incidence @ column) for column in factors.T)
        return self.draws(map(self.native, weights), sources, targets)

    def subsets(self, net: Net, which: Sequence[int], sources: Ints, targets: Ints) -> Floats:
        """A matrix for each number of a subset: project i is built where bit i is set."""
        found = []
        for mask in which:
            built = [edges for bit, edges in enumerate(net.projects) if mask >> bit & 1]
            edges = np.concatenate(built) if built else NONE
            self.vary(net, edges, net.weight[edges])
            found.append(self.matrix(sources, targets))
        return np.stack(found)

    def removals(self, net: Net, which: Sequence[int], sources: Ints, targets: Ints) -> Floats:
        """A matrix for each group of edges closed."""
        found = []
        for number in which:
            edges = net.removals[number]
            self.vary(net, edges, np.full(len(edges), np.inf))
            found.append(self.matrix(sources, targets))
        return np.stack(found)

    def vary(self, net: Net, edges: Ints, weight: Floats) -> None:
        """Set the weights of some edges; those that were set before go back to the base network's."""
        back = np.setdiff1d(self.varied, edges)
        self.change(net, np.append(edges, back), np.append(weight, net.base[back]))
        self.varied = edges

    @property
    def nbytes(self) -> int:
        """Bytes of arrays, where the tool tells; what the process grew by is measured beside it."""
        return 0

    def draws_of_subsets(self, net: Net, columns: Any, sources: Ints, targets: Ints) -> Floats:
        """For each column of weights, the last of the matrices of all subsets."""
        raise NotImplementedError


class Corridors(Tool):
    """This package: many columns of weights in one call, or one that is set before."""

    name, package, module = "corridors", "corridors", "corridors.engine"
    tree = False
    batched = True

    def __init__(self, net: Net) -> None:
        from corridors.engine import Hierarchy

        self.head = net.head
        self.hierarchy = Hierarchy.build(net.nodes, net.tail, net.head)
        self.reweight(net.base)
        self.hierarchy.matrix(net.base, net.sources, net.targets, threads=1)  # the first question lays out the work

    @property
    def nbytes(self) -> int:
        return self.hierarchy.nbytes

    def reweight(self, native: Floats) -> None:
        self.weight, self.column = native, self.hierarchy.customize(native)

    def route(self, source: int, target: int) -> tuple[float, Sequence[int]]:
        edges = self.column.path(source, target)
        assert edges is not None  # noqa: S101
        return float(self.weight[edges].sum()), [source, *self.head[edges].tolist()]

    def matrix(self, sources: Ints, targets: Ints) -> Floats:
        return self.column.matrix(sources, targets)

    def columns(self, weights: Floats) -> Any:
        return self.hierarchy.lay_out(weights)

    def draws(self, columns: Any, sources: Ints, targets: Ints) -> Floats:
        return self.hierarchy.matrix(columns, sources, targets, threads=1)

    def of_factors(self, net: Net, factors: Floats, sources: Ints, targets: Ints) -> Floats:
        masks = np.isfinite(net.base)[None]
        return self.hierarchy.matrix_of_factors(factors, net.incidence, sources, targets, masks=masks, threads=1)[0]

    def subsets(self, net: Net, which: Sequence[int], sources: Ints, targets: Ints) -> Floats:
        return self.hierarchy.subsets(net.weight, net.projects, sources, targets)[list(which)]

    def removals(self, net: Net, which: Sequence[int], sources: Ints, targets: Ints) -> Floats:
        groups = [net.removals[number] for number in which]
        return self.hierarchy.removals(net.base, groups, sources, targets, threads=1)

    def draws_of_subsets(self, net: Net, columns: Floats, sources: Ints, targets: Ints) -> Floats:
        return self.hierarchy.subsets(columns, net.projects, sources, targets, reduce=lambda found: found[-1].copy())
