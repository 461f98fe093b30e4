"""Really different corridors between two places, not near copies of the best route."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from corridors.engine.detours import Detours
from corridors.model.expansion import EdgeKind, Ints
from corridors.model.problem import Problem
from corridors.routing.passed import Passed, passed
from corridors.routing.route import Route

TRIED = 40
"""Ways for each corridor wanted, after which the search ends."""


def find(first: Route, k: int = 3, *, dissimilarity: float = 0.3) -> list[Route]:
    """Up to `k` corridors that differ in more than a stretch.

    Corridors are branched from the best one by closing, in turn, each border crossing that a found route passes
    (each link, where none is passed), and are taken in the order of their objective. One is kept if at least the
    share `dissimilarity` of its km runs over links that no corridor kept before uses.

    Parameters
    ----------
    first
        The best way.
    k
        Number of corridors wanted; fewer are given where there are fewer.
    dissimilarity
        Smallest share of km (0 to 1) that a corridor must not share with any one kept before it.
    """
    branches = _Branches(first)
    # what is known of a way, its number among those tried, what was closed for it, and its edges; None if not searched
    queue: list[tuple[float, bool, int, tuple[str, ...], tuple[int, ...] | None]] = [
        (branches.cost(first.edges), True, 0, (), first.edges)
    ]
    branches.existing[frozenset()] = first.edges
    seen = {frozenset[str]()}
    kept: list[tuple[Route, Passed]] = []
    tried = 0
    while queue and len(kept) < k and tried < TRIED * k:
        _, _, number, banned, edges = heapq.heappop(queue)
        if edges is None:
            found = branches.way(banned)
            if found is not None:
                heapq.heappush(queue, (branches.cost(found), True, number, banned, found))
            continue
        best = branches.route(banned, edges)
        over = passed(best)
        if all(_difference(over, other) >= dissimilarity for _, other in kept):
            kept.append((best, over))
        for thing in _branch_points(best):
            bans = (*banned, thing)
            if frozenset(bans) in seen:
                continue
            seen.add(frozenset(bans))
            tried += 1
            # searched when nothing is left that may cost less; before others of the same cost, as if searched at once
            heapq.heappush(queue, (branches.least(bans), False, tried, bans, None))
    return [route for route, _ in kept]


@dataclass(frozen=True, eq=False)
class _Branches:
    """Best ways between the ends of a route without some things."""

    first: Route
    existing: dict[frozenset[str], tuple[int, ...] | None] = field(default_factory=dict)
    _edges: dict[str, Ints] = field(default_factory=dict)

    def cost(self, edges: Sequence[int]) -> float:
        """Objective of a way."""
        return float(self.first.problem.weight[list(edges)].sum())

    def least(self, bans: Sequence[str]) -> float:
        """Objective that a way without some things has at least: that of the ways without some of them."""
        whole = frozenset(bans)
        ways = [self.existing[some] for name in bans if (some := whole - {name}) in self.existing]
        return max(np.inf if way is None else self.cost(way) for way in ways)

    def way(self, bans: Sequence[str]) -> tuple[int, ...] | None:
        """Edges of the best journey without some things, or None where there is none."""
        whole = frozenset(bans)
        for name in bans:
            some = whole - {name}
            if some not in self.existing:
                continue
            other = self.existing[some]
            if other is None or not np.isin(self._edges_of(name), other).any():
                self.existing[whole] = other  # to close what the best way does not use changes nothing
                return other
        found = self.existing[whole] = self._searched(bans)
        return found

    def _searched(self, bans: Sequence[str]) -> tuple[int, ...] | None:
        first, edges = self.first, None
        if self._detours is not None:
            edges = self._detours.around(np.concatenate([self._edges_of(name) for name in bans]).tolist())
            if edges is None or first.problem.keeps_rule((first.origin, first.destination), edges):
                return None if edges is None else tuple(edges)
        edges = self._problem(bans).best_path(first.origin, first.destination, first.via)
        return None if edges is None else tuple(edges)

    def route(self, bans: Sequence[str], edges: tuple[int, ...]) -> Route:
        """Way as a route, whose question avoids what was closed for it."""
        first = self.first
        problem = self._problem(bans) if bans else first.problem
        return Route(problem, first.origin, first.destination, edges, first.network, first.via)

    def _problem(self, bans: Sequence[str]) -> Problem:
        return self.first.problem.without({name: self._edges_of(name) for name in bans})

    def _edges_of(self, name: str) -> Ints:
        found = self._edges.get(name)
        if found is None:
            found = self._edges[name] = self.first.problem.edges_of(name)
        return found

    @cached_property
    def _detours(self) -> Detours | None:
        """Search between the ends; none where places have to be passed, whose parts are searched together."""
        first = self.first
        return None if first.via else first.problem.detours(first.origin, first.destination)


def _branch_points(route: Route) -> Sequence[str]:
    e, edges = route.problem.expansion, route.step_edges
    at = e.crossing[edges[e.kind[edges] == EdgeKind.BORDER]]
    if len(at):
        return [str(ident) for ident in route.problem.tables.column("crossings", "id")[at]]
    moving = route.steps[route.steps["kind"].isin(["line_haul", "sea"])]
    return list(moving["id"])


def _difference(over: Passed, other: Passed) -> float:
    """Share of a way's km over links that the other does not use."""
    total = float(over.km.sum())
    used = set(other.idents.tolist())
    own = [ident not in used for ident in over.idents.tolist()]
    return float(over.km[own].sum()) / total if total else 0.0
