"""A route as running sums: hours, cost or emissions against the distance covered, with their spread."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.units import HOURS, QUANTITIES, Measure, measure
from corridors.model.problem import Journey
from corridors.uncertainty import totals


def profile(
    journey: Journey,
    steps: pd.DataFrame,
    edges: NDArray[np.int64],
    of: str | Measure = HOURS,
    *,
    draws: int = 1000,
    seed: int = 0,
    spread: str = "both",
) -> pd.DataFrame:
    """Total of a route as it adds up on the way.

    Percentiles are those of the running sums in the draws, never sums of percentiles.

    Parameters
    ----------
    journey
        The route.
    steps, edges
        Its steps, and the edge of the expansion behind each of them.
    of
        `hours`, `cost` or `co2e`.
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
    >>> route.profile(draws=200)[["km", "p05", "expected", "p95"]].round().iloc[-1].tolist()
    [3731.0, 158.0, 276.0, 414.0]
    """
    wanted = measure(of, among=QUANTITIES)
    table = pd.DataFrame(
        {
            "place_id": [journey.origin, *steps["to_id"]],
            "kind": ["", *steps["kind"]],
            "id": ["", *steps["id"]],
            "mode": ["", *steps["mode"]],
            "country": ["", *steps["country"]],
            "km": np.concatenate([[0.0], steps["km"].cumsum()]),
            "expected": np.concatenate([[0.0], steps[wanted.column].cumsum()]),
        }
    )
    if not draws:
        return table
    e, theta = journey.problem.expansion, journey.problem.tables.theta
    passed = e.incidence[wanted.quantity][edges].toarray()
    if wanted.quantity in e.rest.rows:
        passed[:, e.rest.rows[wanted.quantity]] += e.rest.change(edges)
    running = np.cumsum(passed, axis=0)
    # what is charged at a start without a wait stands with the first step
    running += e.incidence[wanted.quantity][np.setdiff1d(journey.edges, edges)].sum(axis=0)
    weights = np.vstack([np.zeros(len(theta.value)), running])
    low, middle, high = np.percentile(totals.weighted(theta, weights, draws, seed, spread), (5, 50, 95), axis=1)
    return table.assign(p05=low, p50=middle, p95=high)
