"""Spread of routes and matrices: the same draws of the parameters for every route, pair and scenario.

Two modes, which answer two questions:

- *re-priced* (default): the way that is best at expected values is kept, and each draw gives its hours, cost or
  emissions. This is the spread of trips on a corridor.
- *adapted* (`adapt=True`): each draw takes its own best way, as a forwarder would who knew the conditions before
  choosing. The difference of the two means is the value of flexibility.

Closures of borders come on top where asked for (`closures=True`): they happen at a rate and last for a time
(table `events`), so a trip finds the border shut with probability rate x duration / 365 and then waits the rest of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.errors import InputError
from corridors.base.progress import counter, progress
from corridors.data.parameters import Theta
from corridors.model import parts
from corridors.model.parts import MEASURES, UNITS
from corridors.uncertainty.batch import make_job, part_of
from corridors.uncertainty.distribution import Distribution
from corridors.uncertainty.draws import draw, ranges, stream

if TYPE_CHECKING:
    from corridors.data.tables import Tables
    from corridors.model.problem import Problem
    from corridors.routing.queries import Questions
    from corridors.routing.route import Route

Samples = NDArray[np.float64]

_IN_MATRICES = {"hours": "hours", "cost_usd_t": "cost", "co2e_kg_t": "co2e", "generalized_usd_t": "generalized"}
"""Measures of a route as matrices name them."""


def distribution(
    route: Route,
    measure: str = "hours",
    *,
    draws: int = 2000,
    seed: int = 0,
    spread: str = "both",
    adapt: bool = False,
    closures: bool = False,
) -> Distribution:
    """Draw a total of a route.

    Parameters
    ----------
    route
        The route.
    measure
        `hours`, `cost_usd_t`, `co2e_kg_t` or `generalized_usd_t`.
    draws, seed
        Number of draws and seed; the same seed gives the same draws of every parameter in every scenario.
    spread
        `trip` (one trip after another), `knowledge` (how well the mean is known), or `both`.
    adapt
        Whether every draw takes its own best way between the same places instead of this route.
    closures
        Whether crossings and lines may be found shut; adds to hours, and to generalized cost by the value of time.
    """
    weights = parts.coefficients(route, measure)
    found = spread_of(route, weights, measure, draws=draws, seed=seed, spread=spread)
    if adapt:
        samples = _adapted(route, measure, draws=draws, seed=seed, spread=spread)
        found = Distribution(samples, found.expected, found.unit, found.free)
    if closures:
        if measure not in ("hours", "generalized_usd_t"):
            raise InputError("closures", closures, "closures add hours; ask for 'hours' or 'generalized_usd_t'")
        if adapt:
            raise InputError("closures", closures, "closures are drawn for a given route: leave out adapt")
        factor = 1.0 if measure == "hours" else route.problem.vot_usd_t_h
        waits, expected = closure_hours(route, draws, seed)
        found = Distribution(found.samples + factor * waits, found.expected + factor * expected, found.unit, found.free)
    return found


def spread_of(
    route: Route, weights: Samples, measure: str, *, draws: int, seed: int, spread: str = "both"
) -> Distribution:
    """Draw the sum of a route's parameters with the given weights."""
    theta = route.problem.tables.theta
    samples = weighted(theta, weights[None, :], draws, seed, spread)[0]
    moving = "hours" if measure == "generalized_usd_t" else measure
    free = parts.coefficients(route, moving, components=parts.MOVEMENT)
    return Distribution(samples, float(weights @ theta.value), UNITS[measure], float(free @ theta.value))


def weighted(theta: Theta, weights: Samples, draws: int, seed: int, spread: str) -> Samples:
    """Multiply weights (rows by parameters) with draws of the parameters that any row uses."""
    used = np.flatnonzero(weights.any(axis=0))
    return np.asarray(weights[:, used] @ draw(part_of(theta, used), draws, seed, spread=spread))


def _adapted(route: Route, measure: str, *, draws: int, seed: int, spread: str) -> Samples:
    """Give the measure of the best way of each draw."""
    problem = route.problem
    if not route.via:
        ends = [route.origin], [route.destination]
        return adapted(problem, *ends, measure, draws=draws, seed=seed, spread=spread)[:, 0, 0]
    samples = np.empty(draws)
    for number, (weighted, totals) in enumerate(_drawn_problems(problem, measure, draws, seed, spread)):
        edges = weighted.best_path(route.origin, route.destination, route.via)
        samples[number] = totals[edges].sum() if edges is not None else np.inf
    return samples


def adapted(
    problem: Problem,
    origins: Sequence[str],
    destinations: Sequence[str],
    measure: str,
    *,
    draws: int,
    seed: int,
    spread: str,
) -> Samples:
    """Give the measure of the best way of every pair in every draw: draws by origins by destinations."""
    job = make_job([problem], _IN_MATRICES[measure], origins, destinations, seed=seed, spread=spread)
    parts = []
    with counter(draws, "draws") as done:
        for first, last in ranges(draws):
            parts.append(job.draws(first, last)[0])
            done(last - first)
    return np.concatenate(parts).astype(float)


def _drawn_problems(
    problem: Problem, measure: str, draws: int, seed: int, spread: str
) -> Iterable[tuple[Problem, Samples]]:
    """Yield for every draw the question with its weights, and the measure per edge."""
    e, theta = problem.expansion, problem.tables.theta
    used = np.unique(np.concatenate([matrix.indices for matrix in e.incidence.values()]))
    drawn = np.repeat(theta.value[:, None], draws, axis=1)
    drawn[used] = draw(part_of(theta, used), draws, seed, spread=spread)
    for number in progress(range(draws), "draws", least=200):
        values = {name: matrix @ drawn[:, number] for name, matrix in e.incidence.items()}
        totals = values.get(MEASURES.get(measure, ""))
        if totals is None:
            totals = values["cost"] + problem.vot_usd_t_h * values["hours"]
        yield problem.reweighted(values), totals


def closure_hours(route: Route, draws: int, seed: int) -> tuple[Samples, float]:
    """Draw the hours that a trip loses at borders and lines found shut, and give their expectation.

    Formula: a trip meets a closure with probability `rate_per_year * duration_d / 365` and then waits an
    exponential time of mean `duration_d`, which is what is left of a closure that has begun at random.
    """
    waits, expected = np.zeros(draws), 0.0
    for event in _events_on(route).itertuples(index=False):
        share = min(1.0, event.rate_per_year * event.duration_d / 365)
        random = stream(seed, f"event/{event.id}")
        shut = random.random(draws) < share
        waits += shut * random.exponential(24 * event.duration_d, draws)
        expected += share * 24 * event.duration_d
    return waits, expected


def _events_on(route: Route) -> pd.DataFrame:
    """List the events of the crossings and lines that a route passes, by mode."""
    tables: Tables = route.problem.tables
    e, events = route.problem.expansion, tables["events"]
    passed: set[tuple[str, str, str]] = set()
    for edge in route.edges:
        if e.crossing[edge] >= 0:
            passed.add(("crossing", str(tables["crossings"]["id"].iloc[e.crossing[edge]]), str(e.mode[edge])))
        elif e.link[edge] >= 0:
            passed.add(("line", str(tables["links"]["line"].iloc[e.link[edge]]), str(e.mode[edge])))
    keys = zip(events["kind"], events["target"], events["mode"], strict=True)
    return events[[key in passed for key in keys]]


def matrix(
    net: Questions,
    origins: str | Iterable[str],
    destinations: str | Iterable[str],
    measure: str = "hours",
    *,
    draws: int = 2000,
    seed: int = 0,
    spread: str = "both",
    adapt: bool = False,
    **options: Any,
) -> tuple[pd.DataFrame, dict[tuple[str, str], Samples]]:
    """Draw a total for every pair of places.

    Parameters
    ----------
    net
        The network.
    origins, destinations
        Places, or the name of a set of places.
    measure, draws, seed, spread, adapt
        As in `distribution`.
    options
        As in `Network.routes`.

    Returns
    -------
    tuple
        A table indexed by origin and destination with expected, mean, p05, p50, p95, buffer_index and
        planning_time_index (`inf` where there is no way), and the draws by pair.
    """
    routes: Mapping[tuple[str, str], Route | None] = net.routes(origins, destinations, **options)
    rows, samples = {}, {}
    free = _all_adapted(routes, measure, draws, seed, spread) if adapt else {}
    for pair, route in progress(list(routes.items()), "pairs", least=50):
        if route is None:
            rows[pair] = dict.fromkeys(("expected", "mean", "p05", "p50", "p95"), np.inf)
            continue
        found = distribution(route, measure, draws=draws, seed=seed, spread=spread)
        if adapt:
            found = replace(found, samples=free[pair])
        rows[pair], samples[pair] = found.summary(), found.samples
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.index = pd.MultiIndex.from_tuples(rows, names=["origin", "destination"])
    return table, samples


def _all_adapted(
    routes: Mapping[tuple[str, str], Route | None], measure: str, draws: int, seed: int, spread: str
) -> dict[tuple[str, str], Samples]:
    """Give the draws of all pairs that are joined, each with its own best way."""
    joined = {pair: route for pair, route in routes.items() if route is not None}
    if not joined:
        return {}
    origins, destinations = (list(dict.fromkeys(pair[end] for pair in joined)) for end in (0, 1))
    problem = next(iter(joined.values())).problem
    found = adapted(problem, origins, destinations, measure, draws=draws, seed=seed, spread=spread)
    return {(o, d): found[:, origins.index(o), destinations.index(d)] for o, d in joined}
