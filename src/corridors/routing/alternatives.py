"""Really different corridors between two places, not near copies of the best route."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from corridors.engine.detours import Detours
from corridors.model.expansion import Ints
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
    queue: list[tuple[float, int, tuple[str, ...], tuple[int, ...]]] = [(first.objective_value, 0, (), first.edges)]
    seen = {frozenset[str]()}
    kept: list[tuple[Route, Passed]] = []
    tried = 0
    while queue and len(kept) < k and tried < TRIED * k:
        _, _, banned, edges = heapq.heappop(queue)
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
            branch = branches.way(bans)
            if branch is not None:
                # what a way needs besides its edges is large, and is made again for those that are looked at
                heapq.heappush(queue, (float(first.problem.weight[list(branch)].sum()), tried, bans, branch))
    return [route for route, _ in kept]


@dataclass(frozen=True, eq=False)
class _Branches:
    """Best ways between the ends of a route without some things."""

    first: Route
    _edges: dict[str, Ints] = field(default_factory=dict)

    def way(self, bans: Sequence[str]) -> tuple[int, ...] | None:
        """Edges of the best journey without some things, or None where there is none."""
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
    if route.crossings:
        return route.crossings
    moving = route.steps[route.steps["kind"].isin(["line_haul", "sea"])]
    return list(moving["id"])


def _difference(over: Passed, other: Passed) -> float:
    """Share of a way's km over links that the other does not use."""
    total = float(over.km.sum())
    return float(over.km[~np.isin(over.idents, other.idents)].sum()) / total if total else 0.0
