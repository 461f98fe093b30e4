"""Really different corridors between two places, not near copies of the best route."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from corridors.base.errors import InputError, NoRouteError
from corridors.routing.passed import Passed, passed
from corridors.routing.route import Route


def find(
    route: Callable[..., Route],
    k: int = 3,
    *,
    dissimilarity: float = 0.3,
    avoid: str | Iterable[str] = (),
) -> list[Route]:
    """Up to `k` corridors that differ in more than a stretch.

    Corridors are branched from the best one by closing, in turn, each border crossing that a found route passes
    (each link, where none is passed), and are taken in the order of their objective. One is kept if at least the
    share `dissimilarity` of its km runs over links that no corridor kept before uses.

    Parameters
    ----------
    route
        Finds the best way between two places: a function of `avoid`.
    k
        Number of corridors wanted; fewer are given where there are fewer.
    dissimilarity
        Smallest share of km (0 to 1) that a corridor must not share with any one kept before it.
    avoid
        What is avoided by all of them.

    Raises
    ------
    NoRouteError
        If there is no route at all.
    """
    if k < 1 or not 0 <= dissimilarity <= 1:
        raise InputError("k, dissimilarity", (k, dissimilarity), "k is at least 1, dissimilarity is 0 to 1")
    always = (avoid,) if isinstance(avoid, str) else tuple(avoid)
    first = route(avoid=always)
    queue = [(first.objective_value, 0, frozenset[str](), first)]
    seen = {frozenset[str]()}
    kept: list[tuple[Route, Passed]] = []
    tried = 0
    while queue and len(kept) < k and tried < 40 * k:
        _, _, banned, best = heapq.heappop(queue)
        over = passed(best)
        if all(_difference(over, other) >= dissimilarity for _, other in kept):
            kept.append((best, over))
        for thing in _branch_points(best):
            bans = banned | {thing}
            if bans in seen:
                continue
            seen.add(bans)
            tried += 1
            try:
                branch = route(avoid=(*always, *bans))
            except NoRouteError:
                continue
            heapq.heappush(queue, (branch.objective_value, tried, bans, branch))
    return [route for route, _ in kept]


def _branch_points(route: Route) -> Sequence[str]:
    if route.crossings:
        return route.crossings
    moving = route.steps[route.steps["kind"].isin(["line_haul", "sea"])]
    return list(moving["id"])


def _difference(over: Passed, other: Passed) -> float:
    """Share of a way's km over links that the other does not use."""
    total = float(over.km.sum())
    return float(over.km[~np.isin(over.idents, other.idents)].sum()) / total if total else 0.0
