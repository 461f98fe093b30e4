"""Search: best ways on a weighted expansion that are journeys, for one pair of places or many.

The shortest ways of all pairs are found first, by Dijkstra's algorithm of scipy. Those that break the rule
(`corridors.model.journey`) are replaced by the best way that keeps it, which is found exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import scipy
from numpy.typing import NDArray

from corridors.base.cache import Slot, unchanged
from corridors.base.errors import SearchLimitError
from corridors.data.tables import Tables
from corridors.engine.chains import Chains, make_chains
from corridors.engine.checks import has_numba
from corridors.engine.compiled import customized, reduced
from corridors.engine.detours import Detours
from corridors.engine.labels import KEPT, LimitedGraph
from corridors.engine.limits import Limits
from corridors.engine.plain import least_parallel
from corridors.model.expansion import Expansion, Floats, Ints
from corridors.model.journey import Rule, most_road_km
from corridors.model.view import Mask

if TYPE_CHECKING:
    from corridors.engine.reduction import Reduced
    from corridors.engine.single import Customized

Pair = tuple[str, str]
"""Ids of origin and destination."""

WAYS = 4096
"""Ways that are unpacked at a time, which bounds the memory."""

SOON = 5_000
"""Partial ways in the search for a way that is only told."""

MANY = 16
"""Searches of ways that keep the rule for which edges are put together to chains."""

LARGE = 20_000
"""States from which pairs are searched in compiled code, which takes some time to load and to prepare."""

PER_ORIGIN = 50
"""Pairs of an origin that are searched one by one in about the time that one search for all places takes."""

_REDUCED: Slot[Reduced] = Slot("graphs reduced to their core, by expansion", most=4, carried=unchanged)

_CHAINS = Slot[Chains]("chains of edges by what is open and the ends", most=8, carried=unchanged)

CELLS = 20_000_000
"""States times origins that are searched at a time, which bounds the memory."""


@dataclass(frozen=True, eq=False)
class Ways:
    """Best ways of some pairs of places, in their order.

    Attributes
    ----------
    joined
        Whether each pair has a way.
    edges
        Edges of the ways of the pairs that have one, one way after another.
    starts
        Where each of these ways begins in `edges`.
    """

    joined: Mask
    edges: Ints
    starts: Ints

    def each(self) -> Iterator[Ints | None]:
        """Yield the edges of each pair, None where there is no way."""
        parts = iter(np.split(self.edges, self.starts[1:]) if len(self.starts) else [])
        for joined in self.joined:
            yield next(parts) if joined else None


class Search:
    """Searches of a question: what `Problem` can be asked."""

    tables: Tables
    expansion: Expansion
    weight: Floats

    @property
    def rule(self) -> Rule:
        """What a journey must keep."""
        raise NotImplementedError

    @cached_property
    def limited(self) -> LimitedGraph:
        """Graph in which ways are found that keep the rule."""
        e = self.expansion
        return LimitedGraph(len(e.states), e.tail, e.head, self.weight, self.rule.limits)

    def _limited_between(self, sources: Ints, targets: Ints) -> LimitedGraph:
        """Graph for many ways, with its edges put together to chains, which are kept as long as the same are open."""
        e, group, is_open = self.expansion, self.rule.limits.group, np.isfinite(self.weight)
        ends = np.unique(np.concatenate([sources, targets]))
        key = blake2b(b"".join(part.tobytes() for part in (e.tail, e.head, group, is_open, ends))).digest()
        joined = self.tables.cache.get(_CHAINS, key, lambda: make_chains(e.tail, e.head, group, is_open, ends))
        return replace(self.limited, joined=joined)

    @cached_property
    def _best(self) -> tuple[scipy.sparse.csr_array, Ints]:
        """Adjacency with the best of parallel edges, and the edge behind each entry."""
        e = self.expansion
        return least_parallel(len(e.states), e.tail, e.head, self.weight)

    @cached_property
    def _customized(self) -> Customized:
        """The weights in a reduced graph, which is kept as long as the expansion has the same edges."""
        e = self.expansion
        key = blake2b(e.tail.tobytes() + e.head.tobytes()).digest()
        graph = self.tables.cache.get(_REDUCED, key, lambda: reduced(len(e.states), e.tail, e.head))
        return customized(graph, self.weight)

    @cached_property
    def _pairs(self) -> Ints:
        """Number of the pair of states of each entry of the adjacency, in order."""
        graph, chosen = self._best
        found: Ints = self.expansion.tail[chosen] * graph.shape[0] + graph.indices
        return found

    def paths(
        self, sources: Ints, targets: Ints, predecessors: NDArray[np.int32], trees: Ints | None = None
    ) -> tuple[Ints, Ints]:
        """Unpack the edges of many paths from trees of predecessors at once.

        Parameters
        ----------
        sources, targets
            States at the ends of each path; every target can be reached, and is another state than its source.
        predecessors
            Trees: rows of states.
        trees
            Row of `predecessors` for each path; by default the first for the first, and so on.

        Returns
        -------
        tuple
            Edges of all paths, one path after another and each in the order of travel, and where each path begins.

        >>> import corridors as co
        >>> problem = co.load().problem(cargo="truck")
        >>> e = problem.expansion
        >>> start, ends = e.origin["termez"], np.array([e.destination["hairatan"], e.destination["kabul"]])
        >>> edges, starts = problem.paths(np.array([start, start]), ends, problem.trees([start])[1], np.array([0, 0]))
        >>> starts.tolist(), len(edges)
        ([0, 6], 20)
        """
        _, chosen = self._best
        n = len(self.expansion.states)
        tree, state = np.arange(len(sources)) if trees is None else trees, np.array(targets, dtype=np.int64)
        way, found = np.arange(len(sources)), []
        while len(way):
            before = predecessors[tree[way], state[way]].astype(np.int64)
            found.append((way, before * n + state[way]))
            state[way] = before
            way = way[before != sources[way]]
        if not found:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        # steps were found from the end; a stable sort of the reversed list brings each path into its order
        ways, pairs = (np.concatenate(column)[::-1] for column in zip(*found, strict=True))
        order = np.argsort(ways, kind="stable")
        edges = chosen[np.searchsorted(self._pairs, pairs[order])]
        return edges, np.searchsorted(ways[order], np.arange(len(sources)))

    def trees(self, sources: Sequence[int]) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        """Weights and predecessors of all states from each source state: two arrays, sources by states."""
        places = np.asarray(sources, dtype=np.int64)
        return scipy.sparse.csgraph.dijkstra(self._best[0], indices=places, return_predecessors=True)

    def ways(self, pairs: Sequence[Pair]) -> Ways:
        """Best journeys of some pairs of places.

        Parameters
        ----------
        pairs
            Ids of two different places each.

        >>> import corridors as co
        >>> ways = co.load().problem(cargo="wagon").ways([("kabul", "jalalabad"), ("tashkent", "hairatan")])
        >>> ways.joined.tolist()
        [False, True]
        """
        parts = [self._ways(some) for some in self.batches(pairs)]
        if len(parts) == 1:
            return parts[0]
        lengths = np.cumsum([0, *(len(part.edges) for part in parts)])
        return Ways(
            np.concatenate([np.zeros(0, dtype=bool), *(part.joined for part in parts)]),
            np.concatenate([np.zeros(0, dtype=np.int64), *(part.edges for part in parts)]),
            np.concatenate(
                [np.zeros(0, dtype=np.int64), *(p.starts + n for p, n in zip(parts, lengths, strict=False))]
            ),
        )

    def batches(self, pairs: Sequence[Pair]) -> Iterator[Sequence[Pair]]:
        """Pairs in their order, so many at a time as fit the memory."""
        origins = max(1, CELLS // max(1, len(self.expansion.states)))
        first, seen = 0, set[str]()
        for number, (origin, _) in enumerate(pairs):
            if number - first >= WAYS or (origin not in seen and len(seen) >= origins):
                yield pairs[first:number]
                first, seen = number, set()
            seen.add(origin)
        if first < len(pairs):
            yield pairs[first:]

    def _ways(self, pairs: Sequence[Pair]) -> Ways:
        """Best journeys of a few pairs."""
        shortest, (sources, targets) = self.shortest(pairs)
        if not (len(shortest.starts) and self.rule.binds):
            return shortest
        e, places = self.expansion, [pair for pair, joined in zip(pairs, shortest.joined, strict=True) if joined]
        most = most_road_km(self.tables, places, self.rule.min_rail_share)
        broken = self.rule.limits.broken(e.tail, e.head, (shortest.edges, shortest.starts), most)
        if not broken.any():
            return shortest
        found = list(np.split(shortest.edges, shortest.starts[1:]))
        has_way = np.ones(len(found), dtype=bool)
        limited = self.limited if broken.sum() < MANY else self._limited_between(sources, targets)
        limited.prepare(targets[broken].tolist()[:KEPT])
        for way in np.flatnonzero(broken):
            edges = limited.best(int(sources[way]), int(targets[way]), float(most[way]))
            has_way[way] = edges is not None
            found[way] = np.array(edges or (), dtype=np.int64)
        joined = shortest.joined.copy()
        joined[joined] = has_way
        lengths = [len(way) for way, kept in zip(found, has_way, strict=True) if kept]
        return Ways(joined, np.concatenate(found), np.cumsum([0, *lengths])[:-1])

    def shortest(self, pairs: Sequence[Pair]) -> tuple[Ways, tuple[Ints, Ints]]:
        """Shortest ways of some pairs, journeys or not, and the states at the ends of those that have one.

        Parameters
        ----------
        pairs
            Ids of two different places each.

        >>> import corridors as co
        >>> co.load().problem(cargo="wagon").shortest([("kabul", "jalalabad")])[0].joined.tolist()
        [True]
        """
        e, nothing = self.expansion, np.zeros(0, dtype=np.int64)
        ends = np.array([(e.origin.get(a, -1), e.destination.get(b, -1)) for a, b in pairs], dtype=np.int64)
        starts, targets = ends.reshape(-1, 2).T
        joined = np.asarray((starts >= 0) & (targets >= 0), dtype=bool)
        if not joined.any():
            return Ways(joined, nothing, nothing), (nothing, nothing)
        sources, tree = np.unique(starts[joined], return_inverse=True)
        if len(e.states) >= LARGE and len(tree) <= PER_ORIGIN * len(sources) and has_numba():
            edges, begins, joined[joined] = self._customized.ways(starts[joined], targets[joined])
            return Ways(joined, edges, begins), (starts[joined], targets[joined])
        distance, before = self.trees(sources.tolist())
        reached = np.isfinite(distance[tree, targets[joined]])
        joined[joined] = reached
        here = starts[joined], targets[joined]
        return Ways(joined, *self.paths(*here, before, tree[reached])), here

    def best_path(self, origin: str, destination: str, via: Sequence[str] = ()) -> list[int] | None:
        """Find the edges of the best journey from place to place, or None where there is none.

        Places of `via` are passed in this order and in any system; a journey does not end there, so there is no
        change of system without a terminal. No place is visited twice between two of them.
        """
        if via:
            return self._path_via(origin, destination, via)
        edges = next(self.ways([(origin, destination)]).each())
        return None if edges is None else edges.tolist()

    def detours(self, origin: str, destination: str) -> Detours | None:
        """Ways round what is closed between two places, journeys or not; None where a place is not in the expansion.

        Parameters
        ----------
        origin, destination
            Ids of two different places.
        """
        e = self.expansion
        ends = e.origin.get(origin), e.destination.get(destination)
        if ends[0] is None or ends[1] is None:
            return None
        return Detours(len(e.states), e.tail, e.head, self.weight, ends[0], ends[1])

    def keeps_rule(self, pair: Pair, edges: Sequence[int]) -> bool:
        """Whether a way between two places is a journey.

        Parameters
        ----------
        pair
            Ids of origin and destination.
        edges
            Edges of the way, in order.
        """
        if not self.rule.binds:
            return True
        e, most = self.expansion, most_road_km(self.tables, [pair], self.rule.min_rail_share)
        way = np.asarray(edges, dtype=np.int64), np.zeros(1, dtype=np.int64)
        return not self.rule.limits.broken(e.tail, e.head, way, most).any()

    def best_without_shares(self, origin: str, destination: str) -> list[int] | None:
        """Find the best way that visits no place twice, whatever its share of rail, or None where none is found soon.

        Parameters
        ----------
        origin, destination
            Ids of two different places, in this expansion.
        """
        e, nothing = self.expansion, np.zeros(len(self.expansion))
        free = replace(self.rule.limits, spent=nothing, balance=nothing)
        graph = LimitedGraph(len(e.states), e.tail, e.head, self.weight, free)
        try:
            return graph.best(e.origin[origin], e.destination[destination], labels=SOON)
        except SearchLimitError:  # it only helps to explain, and that may not take long
            return None

    def _path_via(self, origin: str, destination: str, via: Sequence[str]) -> list[int] | None:
        """Search layers of the graph, one per part of the journey, joined at the places of `via`."""
        e, n = self.expansion, len(self.expansion.states)
        source, target = e.origin.get(origin), e.destination.get(destination)
        if source is None or target is None:
            return None
        parts = list(pairwise([origin, *via, destination]))
        most = float(most_road_km(self.tables, parts, self.rule.min_rail_share).sum())
        layers = self._layers(via)
        goal = target + len(via) * n
        found = layers.shortest(source, goal)
        if found is None:
            return None
        if not layers.keeps(found, most):
            found = layers.best(source, goal, most)
        # edges beyond those of the layers are the joints
        return None if found is None else [edge % len(e) for edge in found if edge < len(e) * (len(via) + 1)]

    def _layers(self, via: Sequence[str]) -> LimitedGraph:
        """One copy of the graph per part of a journey, joined at the places in between."""
        e, limits, n = self.expansion, self.rule.limits, len(self.expansion.states)
        inner = [(i, state.place) for i, state in enumerate(e.states) if not (state.border or state.is_end)]
        here = [np.array([i for i, at in inner if at == place], dtype=np.int64) for place in via]
        joints = sum(map(len, here))
        copies, layer = len(via) + 1, np.arange(len(via) + 1)
        tail, head = ((ends[None, :] + n * layer[:, None]).ravel() for ends in (e.tail, e.head))
        from_layer = np.concatenate([states + n * number for number, states in enumerate(here)])
        points = int(limits.group.max()) + 1
        return LimitedGraph(
            n * copies,
            np.concatenate([tail, from_layer]),
            np.concatenate([head, from_layer + n]),
            np.concatenate([np.tile(self.weight, copies), np.zeros(joints)]),
            Limits(
                (limits.group[None, :] + points * layer[:, None]).ravel(),
                *(np.append(np.tile(column, copies), np.zeros(joints)) for column in (limits.spent, limits.balance)),
            ),
        )


def measure_along(search: Search, pairs: Sequence[Pair], per_edge: Floats, per_rest: float) -> Floats:
    """Add up a measure along the best journeys of some pairs, with the rests of journeys on them.

    Parameters
    ----------
    search
        The question.
    pairs
        Ids of two different places each.
    per_edge
        The measure of each edge, as a search takes it.
    per_rest
        The measure of one rest.

    Returns
    -------
    ndarray
        One number per pair; `inf` where there is no way.
    """
    found = np.full(len(pairs), np.inf)
    first = 0
    for some in search.batches(pairs):
        ways = search.ways(some)
        if len(ways.starts):
            sums = np.add.reduceat(per_edge[ways.edges], ways.starts)
            if per_rest:
                sums += per_rest * search.expansion.rest.change_of_ways(ways.edges, ways.starts)
            found[first + np.flatnonzero(ways.joined)] = sums
        first += len(some)
    return found
