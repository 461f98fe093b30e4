"""Why ways that exist are no journeys: places visited twice, or trucks that do what rail should."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from corridors.model.journey import Shares, most_road_km, shares_of, truck_km
from corridors.model.problem import Problem


def why_no_journey(problem: Problem, origin: str, destination: str) -> list[str]:
    """Say why no way between two places is a journey; nothing where one is, or where there is no way at all.

    Parameters
    ----------
    problem
        The network as it was searched.
    origin, destination
        Ids of the places.

    Returns
    -------
    list
        Reasons, with the best way by rail that visits no place twice, its share of rail and the truck's way.

    >>> import corridors as co
    >>> why_no_journey(co.load().problem(cargo="truck"), "almaty", "karachi")
    []
    """
    pair = [(origin, destination)]
    if not problem.shortest(pair)[0].joined[0] or problem.ways(pair).joined[0]:
        return []
    best = problem.best_without_shares(origin, destination)
    label, cargo = problem.tables.label, problem.expansion.cargo
    share, road = problem.rule.min_rail_share, truck_km(problem.tables, origin, destination)
    most = float(most_road_km(problem.tables, [(origin, destination)], share)[0])
    rule, by_truck = f"at least {share:.0%} of the land km", "there is no way by road alone"
    if np.isfinite(road):
        rule += f", and trucks for at most {most:,.0f} km"
        by_truck = f"by truck all the way it is {road:,.0f} km"
    found = [f"every way by {cargo} from {label(origin)} to {label(destination)} passes a place twice"]
    if share:
        found = [f"no way by {cargo} has rail as its main haul ({rule}) and passes no place twice"]
    if best is not None:
        parts = _rail_parts(problem, best)
        found.append(f"the best way by rail there is{parts} has {_told(shares_of(problem.expansion, best))}")
    if share:
        hint = "min_rail_share sets another share, cargo='truck' or 'container' another unit"
        found += [by_truck, hint]
    return found


def _told(shares: Shares) -> str:
    trucks = shares.land_km - shares.rail_km
    return (
        f"{shares.rail_km:,.0f} of {shares.land_km:,.0f} land km by rail ({shares.rail:.0%}) and {trucks:,.0f} by truck"
    )


def _rail_parts(problem: Problem, edges: Sequence[int]) -> str:
    """Ends of the parts by rail of a way, in brackets."""
    e, label = problem.expansion, problem.tables.label
    moving = [edge for edge in edges if e.km[edge] > 0]
    parts = []
    for mode, some in groupby(moving, key=lambda edge: e.mode[edge]):
        if mode == "rail":
            part = list(some)
            parts.append(f"{label(e.tail_place[part[0]])} - {label(e.head_place[part[-1]])}")
    return f" (rail {', '.join(parts)})" if parts else ""
