"""One column of weights, taken into a reduced graph once and asked many times, in compiled code.

Every arc becomes as short as the best way over lower nodes, and keeps which way that is (customization). A way then
climbs from its source and from its target to the nodes above them; if these are of a core, a search goes on there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridors.base.errors import InputError
from corridors.engine import checks
from corridors.engine.contraction import ZERO, wide
from corridors.engine.contraction import room as with_room
from corridors.engine.kernel import compiled
from corridors.engine.landmarks import Core, Labels, Room, make_core, new_room, search
from corridors.engine.reduction import Reduced

Array = Any
"""An array inside compiled code."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ONE: Any = np.int64(1)
NONE: Any = np.int64(-1)


class Column(NamedTuple):
    """Weights of the cells of a reduced graph, and of each the way behind it.

    `via` is the number of an edge as its complement, or the arc that leads from the lower node between to the lower
    end.
    """

    weight: Array
    via: Array


Rooms = tuple[Labels, Labels, Room]
"""Working memory of a search: for its source, its target and the core."""


@dataclass(frozen=True, eq=False)
class Customized:
    """A graph with one column of weights. Made by `Hierarchy.customize`.

    May be asked from several threads at once.

    Attributes
    ----------
    graph
        Nodes and arcs.
    column
        Weights of arcs.
    core
        What searches in the core need.
    """

    graph: Reduced
    column: Column
    core: Core
    _rooms: list[Rooms] = field(default_factory=list)

    @classmethod
    def of(cls, graph: Reduced, weights: Floats) -> Customized:
        """Take in weights, one number per edge, zero or more or infinite."""
        column = Column(*customize(graph, weights))
        return cls(graph, column, make_core(graph, column.weight))

    def __reduce__(self) -> tuple[type[Customized], tuple[Reduced, Column, Core]]:
        return Customized, (self.graph, self.column, self.core)

    def distance(self, source: int, target: int) -> float:
        """Distance between two nodes in the unit of the weights, `inf` where there is no way.

        Parameters
        ----------
        source, target
            Nodes.

        Raises
        ------
        InputError
            If there is no such node.

        >>> from corridors.engine import Hierarchy
        >>> Hierarchy.build(3, [0, 1, 0], [1, 2, 2]).customize([1.0, 1.0, 5.0]).distance(0, 2)
        2.0
        """
        return self._way(*self._ends(source, target), False)[0]

    def path(self, source: int, target: int) -> list[int] | None:
        """Edges of a best way between two nodes in order, None where there is none.

        Parameters
        ----------
        source, target
            Nodes.

        Raises
        ------
        InputError
            If there is no such node.

        >>> from corridors.engine import Hierarchy
        >>> Hierarchy.build(3, [0, 1, 0], [1, 2, 2]).customize([1.0, 1.0, 5.0]).path(0, 2)
        [0, 1]
        """
        distance, edges = self._way(*self._ends(source, target), True)
        return edges.tolist() if distance < np.inf else None

    def ways(self, sources: Ints, targets: Ints) -> tuple[Ints, Ints, NDArray[np.bool_]]:
        """Best ways of some pairs of nodes.

        Parameters
        ----------
        sources, targets
            Nodes, as many of one as of the other; they are not checked.

        Returns
        -------
        tuple
            Edges of all ways, one way after another and each in the order of travel; where each way begins; and
            whether each pair has one.

        >>> from corridors.engine import Hierarchy
        >>> customized = Hierarchy.build(3, [0, 1, 0], [1, 2, 2]).customize([1.0, 1.0, 5.0])
        >>> [part.tolist() for part in customized.ways(np.array([0, 2]), np.array([2, 0]))]
        [[0, 1], [0], [True, False]]
        """
        found = [self._way(*ends, True) for ends in zip(sources.tolist(), targets.tolist(), strict=True)]
        joined = np.array([distance < np.inf for distance, _ in found], dtype=bool)
        ways = [edges for distance, edges in found if distance < np.inf]
        starts = np.cumsum([0, *map(len, ways)])[:-1]
        return np.concatenate([np.zeros(0, dtype=np.int64), *ways]), starts, joined

    def matrix(self, sources: ArrayLike, targets: ArrayLike) -> Floats:
        """Distances from each source to each target in the unit of the weights, `inf` where there is no way.

        Parameters
        ----------
        sources, targets
            Nodes.

        Returns
        -------
        ndarray
            Sources by targets, in `float64`.

        Raises
        ------
        InputError
            If there is no such node.

        >>> from corridors.engine import Hierarchy
        >>> Hierarchy.build(3, [0, 1, 0], [1, 2, 2]).customize([1.0, 1.0, 5.0]).matrix([0, 1], [1, 2])
        array([[1., 2.],
               [0., 1.]])
        """
        starts, ends = (checks.nodes_of(name, given, len(self.graph.rank)) for name, given in
                        (("sources", sources), ("targets", targets)))  # fmt: skip
        if self.graph.contracted < len(self.graph.rank):
            pairs = [[self._way(source, target, False)[0] for target in ends.tolist()] for source in starts.tolist()]
            return np.array(pairs, dtype=float).reshape(len(starts), len(ends))
        found: Floats = join(self.graph, self.column, starts, ends)
        return found

    def _ends(self, source: int, target: int) -> tuple[int, int]:
        nodes = len(self.graph.rank)
        for name, node in (("source", source), ("target", target)):
            if not isinstance(node, int | np.integer) or not 0 <= node < nodes:
                raise InputError(name, node, f"nodes are numbered from 0 to {nodes - 1}")
        return source, target

    def _way(self, source: int, target: int, wants_edges: bool) -> tuple[float, Ints]:
        try:  # as many rooms are kept as there were threads at once
            rooms = self._rooms.pop()
        except IndexError:
            nodes = len(self.graph.rank)
            up, down = (Labels(np.full(nodes, np.inf), *np.empty((2, nodes), dtype=np.int32)) for _ in range(2))
            rooms = up, down, new_room(self.core)
        distance, edges = way(self.graph, self.column, self.core, source, target, rooms, wants_edges)
        self._rooms.append(rooms)
        return distance, edges


@compiled
def customize(g: Reduced, weights: Array) -> tuple[Array, Array]:
    """Weights of the cells, and the way behind each."""
    above, target, start, arc = g.above, g.target, g.start, g.arc
    weight, via = np.full(2 * len(above), np.inf), np.zeros(2 * len(above), np.int32)
    for edge in range(len(arc)):
        cell = arc[edge]
        if cell >= 0 and weights[edge] < weight[cell]:
            weight[cell], via[cell] = weights[edge], ~edge
    triangle = 0
    for node in range(g.contracted):
        last = start[node + 1]
        for one in range(start[node], last):
            up, down = weight[2 * one], weight[2 * one + 1]
            for other in range(one + 1, last):
                cell = 2 * target[triangle]
                triangle += 1
                there = down + weight[2 * other]
                if there < weight[cell]:
                    weight[cell], via[cell] = there, one
                back = weight[2 * other + 1] + up
                if back < weight[cell + 1]:
                    weight[cell + 1], via[cell + 1] = back, one
    return weight, via


@compiled
def _climb(g: Reduced, weight: Array, node: int, shift: int, labels: Labels) -> int:
    """Label the nodes above one; how many are. `shift` is 0 for ways from the node and 1 for ways to it."""
    start, above, contracted = g.start, g.above, g.contracted
    distance, by, reached = labels
    at, count = wide(g.rank[node]), 1
    distance[at], by[at], reached[0] = 0.0, -1, at
    while at < contracted and start[at] < start[at + 1]:
        here = distance[at]
        for arc in range(start[at], start[at + 1]):
            total, other = here + weight[2 * arc + shift], above[arc]
            if total < distance[other]:
                if distance[other] == np.inf:
                    reached[count] = other
                    count += 1
                distance[other], by[other] = total, 2 * arc + shift
        at = wide(above[start[at]])
    return count


@compiled
def way(
    g: Reduced, column: Column, core: Core, source: int, target: int, rooms: Rooms, wants_edges: bool
) -> tuple[float, Array]:
    """Distance between two nodes, and edges of a best way if they are wanted; the rooms are left as they were."""
    up, down, room = rooms
    count = _climb(g, column.weight, source, ZERO, up)
    others = _climb(g, column.weight, target, ONE, down)
    best, place = np.inf, NONE
    for number in range(others):
        node = wide(down.reached[number])
        if up.distance[node] + down.distance[node] < best:
            best, place = up.distance[node] + down.distance[node], node
    if len(core.head):
        count, best, place = search(core, g.contracted, up, count, down, others, room, best, place)
    edges = np.empty(0, np.int64)
    if wants_edges and place >= 0:
        edges = _edges(g, column.via, up.cell, down.cell, place)
    for number in range(count):
        up.distance[up.reached[number]] = np.inf
    for number in range(others):
        down.distance[down.reached[number]] = np.inf
    return best, edges


@compiled
def _edges(g: Reduced, via: Array, up: Array, down: Array, place: int) -> Array:
    """Edges of the way that turns at a node, given the cells by which nodes were reached from both ends."""
    low, above = g.low, g.above
    stack, size, node = np.empty(64, np.int64), ZERO, place
    while down[node] >= 0:
        stack = with_room(stack, size, ONE)
        stack[size] = down[node]
        size, node = size + 1, wide(low[down[node] >> 1])
    for number in range(size // 2):  # the cell that is last on the way comes below all others
        stack[number], stack[size - 1 - number] = stack[size - 1 - number], stack[number]
    node = place
    while up[node] >= 0:
        stack = with_room(stack, size, ONE)
        stack[size] = up[node]
        size, node = size + 1, wide(above[up[node] >> 1] if up[node] & 1 else low[up[node] >> 1])
    edges, count = np.empty(64, np.int64), ZERO
    while size > 0:
        size -= 1
        cell, behind = stack[size], via[stack[size]]
        if behind < 0:
            edges = with_room(edges, count, ONE)
            edges[count] = ~behind
            count += 1
            continue
        other = behind + 1
        while above[other] != above[cell >> 1]:
            other += 1
        stack = with_room(stack, size, ONE + 1)
        if cell & 1:
            stack[size], stack[size + 1] = 2 * behind, 2 * other + 1
        else:
            stack[size], stack[size + 1] = 2 * other, 2 * behind + 1
        size += 2
    return edges[:count]


@compiled
def join(g: Reduced, column: Column, sources: Array, targets: Array) -> Array:
    """Distances from sources to targets in a graph without a core."""
    from_source, to_target = _rows(g, column.weight, sources, ZERO), _rows(g, column.weight, targets, ONE)
    found = np.full((len(sources), len(targets)), np.inf)
    for s in range(len(sources)):
        nodes, labels = from_source[0][s], from_source[1][s]
        for t in range(len(targets)):
            others, left = to_target[0][t], to_target[1][t]
            best = np.inf
            for depth in range(min(len(nodes), len(others))):
                if nodes[depth] < 0 or nodes[depth] != others[depth]:
                    break
                best = min(best, labels[depth] + left[depth])
            found[s, t] = best
    return found


@compiled
def _rows(g: Reduced, weight: Array, nodes: Array, shift: int) -> tuple[Array, Array]:
    """Ranks above each node and their labels, from the root on; ranks are -1 beyond the node itself."""
    start, above = g.start, g.above
    height, most = np.zeros(len(nodes), np.int64), 0
    for row in range(len(nodes)):
        at = wide(g.rank[nodes[row]])
        height[row] = 1
        while start[at] < start[at + 1]:
            at = wide(above[start[at]])
            height[row] += 1
        most = max(most, height[row])
    ranks, labels = np.full((len(nodes), most), -1, np.int32), np.full((len(nodes), most), np.inf)
    size = len(g.rank)
    room = Labels(np.full(size, np.inf), np.empty(size, np.int32), np.empty(size, np.int32))
    for row in range(len(nodes)):
        count = _climb(g, weight, nodes[row], shift, room)
        at = wide(g.rank[nodes[row]])
        for depth in range(height[row] - 1, -1, -1):
            ranks[row, depth], labels[row, depth] = at, room.distance[at]
            at = wide(above[start[at]]) if depth else at
        for number in range(count):
            room.distance[room.reached[number]] = np.inf
    return ranks, labels
