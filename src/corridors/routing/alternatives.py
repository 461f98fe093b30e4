"""Really different corridors between two places, not near copies of the best route."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from corridors.base.errors import InputError, NoRouteError
from corridors.routing.route import Route

if TYPE_CHECKING:
    from corridors.routing.queries import Questions


def find(
    net: Questions,
    origin: str,
    destination: str,
    k: int = 3,
    *,
    dissimilarity: float = 0.3,
    avoid: str | Iterable[str] = (),
    **options: Any,
) -> list[Route]:
    """Find up to `k` corridors that differ in more than a stretch.

    Corridors are branched from the best one by closing, in turn, each border crossing that a found route passes
    (each link, where none is passed), and are taken in the order of their objective. One is kept if at least the
    share `dissimilarity` of its km runs over links that no corridor kept before uses.

    Parameters
    ----------
    net
        The network.
    origin, destination
        Places.
    k
        Number of corridors wanted; fewer are given where there are fewer.
    dissimilarity
        Smallest share of km (0 to 1) that a corridor must not share with any one kept before it.
    avoid, options
        As in `Network.route`.

    Raises
    ------
    NoRouteError
        If there is no route at all.
    """
    if k < 1 or not 0 <= dissimilarity <= 1:
        raise InputError("k, dissimilarity", (k, dissimilarity), "k is at least 1, dissimilarity is 0 to 1")
    always = (avoid,) if isinstance(avoid, str) else tuple(avoid)
    first = net.route(origin, destination, avoid=always, **options)
    queue = [(_objective(first), 0, frozenset[str](), first)]
    seen = {frozenset[str]()}
    kept: list[Route] = []
    tried = 0
    while queue and len(kept) < k and tried < 40 * k:
        _, _, banned, route = heapq.heappop(queue)
        if all(_difference(route, other) >= dissimilarity for other in kept):
            kept.append(route)
        for thing in _branch_points(route):
            bans = banned | {thing}
            if bans in seen:
                continue
            seen.add(bans)
            tried += 1
            try:
                branch = net.route(origin, destination, avoid=[*always, *bans], **options)
            except NoRouteError:
                continue
            heapq.heappush(queue, (_objective(branch), tried, bans, branch))
    return kept


def _objective(route: Route) -> float:
    return float(route.problem.weight[list(route.edges)].sum())


def _branch_points(route: Route) -> Sequence[str]:
    if route.crossings:
        return route.crossings
    moving = route.steps[route.steps["kind"].isin(["line_haul", "sea"])]
    return list(moving["id"])


def _difference(route: Route, other: Route) -> float:
    """Give the share of a route's km over links that the other does not use."""
    moving = route.steps[route.steps["km"] > 0]
    apart = ~moving["id"].isin(set(other.steps["id"]))
    total = float(moving["km"].sum())
    return float(moving["km"][apart].sum()) / total if total else 0.0
