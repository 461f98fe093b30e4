"""A route as running sums: hours, cost or emissions against the distance covered, with their spread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridors.base.errors import InputError
from corridors.model.parts import MEASURES
from corridors.uncertainty import totals

if TYPE_CHECKING:
    from corridors.routing.route import Route


def profile(
    route: Route, measure: str = "hours", *, draws: int = 1000, seed: int = 0, spread: str = "both"
) -> pd.DataFrame:
    """Give a total of a route as it adds up on the way.

    Percentiles are those of the running sums in the draws, never sums of percentiles.

    Parameters
    ----------
    route
        The route.
    measure
        `hours`, `cost_usd_t` or `co2e_kg_t`.
    draws, seed, spread
        As in `corridors.uncertainty.totals.distribution`; no draws give no percentiles.

    Returns
    -------
    DataFrame
        One row at the origin and one after every step, in order: place_id, kind (of the step that ends here; blank at
        the origin), id, mode, country, km (covered so far), expected (running sum), and with draws p05, p50 and p95.

    Reference: UNESCAP, Time/Cost-Distance Methodology, https://www.unescap.org/resources/timecost-distance-methodology

    >>> import corridors as co
    >>> route = co.load().route("Almaty", "Karachi")
    >>> table = profile(route, draws=200)
    >>> bool(abs(table["expected"].iloc[-1] - route.hours) < 1e-9)
    True
    """
    if measure not in MEASURES:
        raise InputError("measure", measure, f"one of {', '.join(MEASURES)}")
    steps = route.steps
    table = pd.DataFrame(
        {
            "place_id": [route.origin, *steps["to_id"]],
            "kind": ["", *steps["kind"]],
            "id": ["", *steps["id"]],
            "mode": ["", *steps["mode"]],
            "country": ["", *steps["country"]],
            "km": np.concatenate([[0.0], steps["km"].cumsum()]),
            "expected": np.concatenate([[0.0], steps[measure].cumsum()]),
        }
    )
    if not draws:
        return table
    theta = route.problem.tables.theta
    used = _running_weights(route, measure)
    samples = totals.weighted(theta, used, draws, seed, spread)
    low, middle, high = np.percentile(samples, (5, 50, 95), axis=1)
    return table.assign(p05=low, p50=middle, p95=high)


def _running_weights(route: Route, measure: str) -> totals.Samples:
    """Give the coefficient of every parameter in the running sums, a row for the origin and for every step."""
    terms = route.problem.expansion.terms
    edges = route.step_edges
    found = np.zeros((len(edges) + 1, len(route.problem.tables.theta.value)))
    for row, edge in enumerate(edges, start=1):
        for _, which, coefficient, parameter in terms[edge]:
            if which == MEASURES[measure]:
                found[row, parameter] += coefficient
    return np.asarray(found.cumsum(axis=0))
