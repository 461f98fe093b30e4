"""What is timed: how large each task is, how a tool is asked, and what the right answer is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from benchmarks.networks import Net
from benchmarks.osm import Floats, Ints
from benchmarks.tools import Tool

DRAWS, SEED = 1000, 11

MOST_BYTES = 1e9
"""Weights that stand ready in memory; where a task has more, it is timed on part of its columns."""

MOST_LOOPED = 64
"""Columns of weights that stand ready for a tool that takes them one by one."""

CHECKED_ROWS = 12
"""Sources whose distances are compared with the right ones."""


class Task:
    """One matrix on the base network; what is asked of more networks is a task of its own.

    A task has columns (weights, that is networks) and rows (sources). Where it would take too long it is run on the
    first columns and rows, and the time is multiplied up.
    """

    title: ClassVar[str] = "60 x 60, weights set"
    leaves: ClassVar[bool] = False
    """Whether it leaves a tool with other weights than those of the base network."""

    def columns(self, net: Net) -> int:
        """Say how many matrices are asked for."""
        return 1

    def ready(self, net: Net, tool: Tool) -> int:
        """Say how many of the columns can be run at most."""
        return self.columns(net)

    def least(self, net: Net, tool: Tool) -> int:
        """Say how many columns are tried first: a block, where a tool takes them together."""
        return min(16, self.ready(net, tool)) if tool.batched else 1

    def ends(self, net: Net) -> tuple[Ints, Ints]:
        """Sources and targets."""
        return net.sources, net.targets

    def inputs(self, net: Net, tool: Tool, columns: int) -> Any:
        """Prepare so many columns; this is not timed."""

    def run(self, net: Net, tool: Tool, inputs: Any, sources: Ints, targets: Ints) -> Floats:
        """Columns by sources by targets; this is timed."""
        return tool.matrix(sources, targets)[None]

    def weight(self, net: Net, column: int) -> Floats:
        """The weights of a column, to work out the right answer."""
        return net.base


class New(Task):
    """One matrix with weights that differ in every edge; setting them is part of the task."""

    title = "60 x 60, with new weights"
    leaves = True

    def inputs(self, net: Net, tool: Tool, columns: int) -> Any:
        return tool.native(self.weight(net, 0))

    def run(self, net: Net, tool: Tool, inputs: Any, sources: Ints, targets: Ints) -> Floats:
        tool.reweight(inputs)
        return tool.matrix(sources, targets)[None]

    def weight(self, net: Net, column: int) -> Floats:
        return (net.base.astype(np.float32) * net.noise(column, SEED)).astype(float)


class Many(Task):
    """A matrix between a thousand nodes."""

    title = "1,000 x 1,000, weights set"

    def ends(self, net: Net) -> tuple[Ints, Ints]:
        return net.many, net.many


class Draws(Task):
    """A matrix for each draw; every edge has a factor of its own, and the weights stand ready."""

    title = "1,000 draws x 60 x 60, weights given"
    leaves = True

    def columns(self, net: Net) -> int:
        return DRAWS

    def ready(self, net: Net, tool: Tool) -> int:
        most = MOST_BYTES / (4 * net.edges) if tool.batched else MOST_LOOPED
        return min(DRAWS, int(most) // 16 * 16)

    def inputs(self, net: Net, tool: Tool, columns: int) -> Any:
        return tool.columns(net.noisy(net.base, columns, SEED))

    def run(self, net: Net, tool: Tool, inputs: Any, sources: Ints, targets: Ints) -> Floats:
        return tool.draws(inputs, sources, targets)

    def weight(self, net: Net, column: int) -> Floats:
        return (net.base.astype(np.float32) * net.noise(column, SEED)).astype(float)


class Parameters(Task):
    """A matrix for each draw of the parameters; drawing and weighing the edges is part of the task."""

    title = "1,000 draws x 60 x 60, from parameters"
    leaves = True

    def columns(self, net: Net) -> int:
        return DRAWS

    def inputs(self, net: Net, tool: Tool, columns: int) -> int:
        return columns

    def run(self, net: Net, tool: Tool, inputs: int, sources: Ints, targets: Ints) -> Floats:
        return tool.of_factors(net, net.draw(inputs, SEED), sources, targets)

    def weight(self, net: Net, column: int) -> Floats:
        weight = net.incidence @ net.draw(column + 1, SEED)[:, column]
        return np.where(np.isinf(net.base), np.inf, weight)


class Subsets(Task):
    """A matrix for every subset of the projects, each differing from the one before by one project."""

    title = "256 subsets of 8 projects x 60 x 60"

    def columns(self, net: Net) -> int:
        return 1 << len(net.projects)

    def least(self, net: Net, tool: Tool) -> int:
        return self.columns(net) if tool.batched else 1

    def inputs(self, net: Net, tool: Tool, columns: int) -> list[int]:
        return gray(columns)

    def run(self, net: Net, tool: Tool, inputs: list[int], sources: Ints, targets: Ints) -> Floats:
        return tool.subsets(net, inputs, sources, targets)

    def weight(self, net: Net, column: int) -> Floats:
        weight, mask = net.base.copy(), gray(column + 1)[-1]
        for bit, edges in enumerate(net.projects):
            if mask >> bit & 1:
                weight[edges] = net.weight[edges]
        return weight


class Removals(Task):
    """A matrix with each of 500 links closed in turn."""

    title = "500 removals x 60 x 60"

    def columns(self, net: Net) -> int:
        return len(net.removals)

    def inputs(self, net: Net, tool: Tool, columns: int) -> list[int]:
        return self.order(net)[:columns]

    def run(self, net: Net, tool: Tool, inputs: list[int], sources: Ints, targets: Ints) -> Floats:
        return tool.removals(net, inputs, sources, targets)

    def weight(self, net: Net, column: int) -> Floats:
        weight = net.base.copy()
        weight[net.removals[self.order(net)[column]]] = np.inf
        return weight

    @staticmethod
    def order(net: Net) -> list[int]:
        """Order the removals so that the first ones are from all over the network."""
        return np.random.default_rng(9).permutation(len(net.removals)).tolist()


class Both(Draws):
    """A matrix for every draw and subset, of which the one with all projects is kept per draw."""

    title = "1,000 draws x 256 subsets x 60 x 60"

    def inputs(self, net: Net, tool: Tool, columns: int) -> Any:
        return net.noisy(net.weight, columns, SEED)

    def run(self, net: Net, tool: Tool, inputs: Any, sources: Ints, targets: Ints) -> Floats:
        return tool.draws_of_subsets(net, inputs, sources, targets)

    def weight(self, net: Net, column: int) -> Floats:
        return (net.weight.astype(np.float32) * net.noise(column, SEED)).astype(float)


TASKS: dict[str, Task] = {
    "matrix": Task(),
    "new_matrix": New(),
    "many": Many(),
    "subsets": Subsets(),
    "removals": Removals(),
    "draws": Draws(),
    "parameters": Parameters(),
    "both": Both(),
}
"""Tasks with a matrix, by the name in the results."""

SINGLE = {
    "route": "Single route with its nodes, weights set",
    "set": "New weights set",
    "new_route": "Single route with its nodes, with new weights",
}
"""Other tasks with one column of weights."""


def in_order(names: Iterable[str]) -> list[str]:
    """Order tasks so that those which leave other weights than those of the base network come last.

    >>> in_order(["new_matrix", "many", "draws", "matrix"])
    ['many', 'matrix', 'new_matrix', 'draws']
    """
    return sorted(names, key=lambda name: name in ("set", "new_route") or (name in TASKS and TASKS[name].leaves))


def gray(count: int) -> list[int]:
    """Number subsets so that each differs from the one before by one member.

    >>> gray(5)
    [0, 1, 3, 2, 6]
    """
    return [number ^ number >> 1 for number in range(count)]


def distances(net: Net, weight: Floats, sources: Ints, targets: Ints) -> Floats:
    """Work out distances by Dijkstra's algorithm of scipy."""
    order = np.lexsort((net.head, net.tail))
    indptr = np.searchsorted(net.tail[order], np.arange(net.nodes + 1))
    graph = sparse.csr_array((weight[order], net.head[order], indptr), shape=(net.nodes, net.nodes))
    return np.asarray(csgraph.dijkstra(graph, indices=sources)[:, targets])


def right(net: Net) -> dict[str, Floats]:
    """Right answers: of each task the first two columns and the last, for some sources."""
    found = {}
    for name, task in TASKS.items():
        sources, targets = task.ends(net)
        for column in checked(net, task):
            weight = task.weight(net, column)
            found[f"{name} {column}"] = distances(net, weight, sources[:CHECKED_ROWS], targets)
    found["route"] = distances(net, net.base, net.route[:1], net.route[1:])
    found["new_route"] = distances(net, TASKS["new_matrix"].weight(net, 0), net.route[:1], net.route[1:])
    return found


def checked(net: Net, task: Task) -> Sequence[int]:
    """List the columns whose answers are checked."""
    last = task.columns(net) - 1
    return sorted({0, min(1, last), last})


def difference(name: str, answer: Floats, answers: dict[str, Floats]) -> tuple[float, int]:
    """Compare an answer with the right one: the greatest difference, and how many distances were compared.

    Both are `inf` and agree where there is no way; the difference is infinite where only one of them is.
    """
    worst, count = 0.0, 0
    for key, wanted in answers.items():
        task, _, column = key.partition(" ")
        if task == name and int(column) < len(answer):
            got = np.asarray(answer[int(column)][:CHECKED_ROWS], dtype=float)
            exact = wanted[: len(got)]
            same = np.isinf(got) & np.isinf(exact)
            worst = max(worst, float(np.abs(np.where(same, 0, got) - np.where(same, 0, exact)).max()))
            count += exact.size
    return worst, count
