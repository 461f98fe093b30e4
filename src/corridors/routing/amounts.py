"""Totals of many routes at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corridors.base.units import CO2E, COST, DISTANCE, GENERALIZED, HOURS
from corridors.routing.route import Route

Floats = NDArray[np.float64]


def amounts(routes: Sequence[Route]) -> dict[str, Floats]:
    """Totals of some routes: one array per column, one number per route.

    What `Route.km`, `hours`, `cost_usd_t`, `co2e_kg_t` and `generalized_usd_t` are, apart from rounding.

    Parameters
    ----------
    routes
        Routes, of whatever networks and questions.

    >>> import corridors as co
    >>> routes = co.load().routes(["Tashkent"], ["Karachi", "Kabul"], cargo="truck").values()
    >>> [round(km) for km in amounts(list(routes))["km"]]
    [2865, 1163]
    """
    found = {m.column: np.zeros(len(routes)) for m in (DISTANCE, HOURS, COST, CO2E, GENERALIZED)}
    asked: dict[int, list[int]] = {}
    for place, route in enumerate(routes):
        asked.setdefault(id(route.problem), []).append(place)
    for places in asked.values():
        mine = _of_one_question([routes[place] for place in places])
        for column, values in mine.items():
            found[column][places] = values
    return found


def _of_one_question(routes: Sequence[Route]) -> dict[str, Floats]:
    """Totals of routes that answer the same question on the same network."""
    problem = routes[0].problem
    e = problem.expansion
    edges = np.concatenate([np.array(route.edges, dtype=np.int64) for route in routes])
    starts = np.cumsum([0, *(len(route.edges) for route in routes[:-1])])
    rests = e.rest.change_of_ways(edges, starts)
    found = {DISTANCE.column: np.add.reduceat(e.km[edges], starts)}
    for wanted in (HOURS, COST, CO2E):
        per_rest = e.rest.amounts.get(wanted.quantity, 0.0)
        found[wanted.column] = np.add.reduceat(e.values[wanted.quantity][edges], starts) + per_rest * rests
    found[GENERALIZED.column] = found[COST.column] + problem.vot_usd_t_h * found[HOURS.column]
    return found
