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

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.errors import InputError
from corridors.base.progress import counter, progress
from corridors.base.units import DISTANCE, GENERALIZED, HOURS, QUANTITIES, Measure
from corridors.base.units import measure as measure_of
from corridors.data.parameters import Theta
from corridors.model import parts
from corridors.model.problem import Journey, Problem
from corridors.uncertainty.batch import make_job, subset
from corridors.uncertainty.distribution import Distribution
from corridors.uncertainty.draws import DRAWS, SPREAD_OF_TRIPS, check_draws, draw, ranges, stream

Samples = NDArray[np.float64]


def distribution(
    journey: Journey,
    measure: str | Measure = HOURS,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    spread: str = SPREAD_OF_TRIPS,
    adapt: bool = False,
    closures: bool = False,
) -> Distribution:
    """Draw a total of a journey.

    Parameters
    ----------
    journey
        The journey, such as a route.
    measure
        `hours`, `cost`, `distance` (the same in all draws of a given way), `co2e` or `generalized`.
    draws, seed
        Number of draws and seed; the same seed gives the same draws of every parameter in every scenario.
    spread
        `trip` (one trip after another), `knowledge` (how well the mean is known), or `both`.
    adapt
        Whether every draw takes its own best way between the same places instead of this one.
    closures
        Whether crossings and lines may be found shut; adds to hours, and to generalized cost by the value of time.

    Returns
    -------
    Distribution
        Draws of the total in the unit of the measure, with its percentiles.

    Raises
    ------
    InputError
        If an argument is not possible.

    >>> import corridors as co
    >>> hours = co.load().route("Almaty", "Karachi").distribution(draws=200)
    >>> [round(value) for value in (hours.percentile(5), hours.expected, hours.percentile(95))]
    [158, 276, 414]
    """
    wanted = measure_of(measure)
    check_draws(draws, seed, spread)
    if wanted is DISTANCE:
        km = float(journey.problem.expansion.km[list(journey.edges)].sum())
        found = Distribution(np.full(draws, km), km, wanted.unit, km)
    else:
        weights = parts.coefficients(journey, wanted)
        found = spread_of(journey, weights, wanted, draws=draws, seed=seed, spread=spread)
    if adapt:
        found = replace(found, samples=_adapted(journey, wanted, draws=draws, seed=seed, spread=spread))
    if closures:
        if wanted not in (HOURS, GENERALIZED):
            raise InputError("closures", closures, "closures add hours; ask for 'hours' or 'generalized'")
        if adapt:
            raise InputError("closures", closures, "closures are drawn for a given route: leave out adapt")
        factor = 1.0 if wanted is HOURS else journey.problem.vot_usd_t_h
        waits, expected = closure_hours(journey, draws, seed)
        found = replace(found, samples=found.samples + factor * waits, expected=found.expected + factor * expected)
    return found


def spread_of(
    journey: Journey, weights: Samples, of: Measure, *, draws: int, seed: int, spread: str = "both"
) -> Distribution:
    """Draw the sum of a journey's parameters with the given weights."""
    theta = journey.problem.tables.theta
    samples = weighted(theta, weights[None, :], draws, seed, spread)[0]
    free = parts.coefficients(journey, of, components=parts.MOVEMENT)
    return Distribution(samples, float(weights @ theta.value), of.unit, float(free @ theta.value))


def weighted(theta: Theta, weights: Samples, draws: int, seed: int, spread: str) -> Samples:
    """Multiply weights (rows by parameters) with draws of the parameters that any row uses."""
    used = np.flatnonzero(weights.any(axis=0))
    return np.asarray(weights[:, used] @ draw(subset(theta, used), draws, seed, spread=spread))


def _adapted(journey: Journey, of: Measure, *, draws: int, seed: int, spread: str) -> Samples:
    """Measure of the best way of each draw."""
    problem = journey.problem
    if not journey.via:
        ends = [journey.origin], [journey.destination]
        return adapted(problem, *ends, of, draws=draws, seed=seed, spread=spread)[:, 0, 0]
    samples = np.empty(draws)
    rest = drawn_rests(problem, of, draws, seed, spread)
    for number, (drawn, totals) in enumerate(drawn_problems(problem, of, draws, seed, spread)):
        edges = drawn.best_path(journey.origin, journey.destination, journey.via)
        if edges is None:
            samples[number] = np.inf
            continue
        change = problem.expansion.rest.change(np.asarray(edges, dtype=np.int64)).sum()
        samples[number] = totals[edges].sum() + rest[number] * change
    return samples


def adapted(
    problem: Problem,
    origins: Sequence[str],
    destinations: Sequence[str],
    of: Measure,
    *,
    draws: int,
    seed: int,
    spread: str,
) -> Samples:
    """Measure of the best way of every pair in every draw: draws by origins by destinations."""
    one = len(origins) == len(destinations) == 1
    job = make_job([problem], of, origins, destinations, seed=seed, spread=spread, every_end=one)
    answers = []
    with counter(draws, "draws") as done:
        for first, last in ranges(draws):
            answers.append(job.draws(first, last)[0])
            done(last - first)
    return np.concatenate(answers).astype(float)


def drawn_problems(
    problem: Problem, of: str | Measure, draws: int, seed: int, spread: str
) -> Iterable[tuple[Problem, Samples]]:
    """Yield for every draw the question with its weights, and the measure per edge as the search takes it."""
    wanted = measure_of(of)
    e, theta = problem.expansion, problem.tables.theta
    used = np.unique(np.concatenate([matrix.indices for matrix in e.incidence.values()]))
    drawn = np.repeat(theta.value[:, None], draws, axis=1)
    drawn[used] = draw(subset(theta, used), draws, seed, spread=spread)
    for number in progress(range(draws), "draws", least=200):
        values = {name: matrix @ drawn[:, number] for name, matrix in e.incidence.items()}
        amounts = {**values, "distance": e.km, "generalized": values["cost"] + problem.vot_usd_t_h * values["hours"]}
        yield problem.reweighted(values), amounts[wanted.quantity or wanted.name]


def drawn_rests(problem: Problem, of: str | Measure, draws: int, seed: int, spread: str) -> Samples:
    """Measure of one rest of drivers in every draw.

    What `Rest.change_of_ways` has for a way, times this, is what a measure of the search changes by.

    >>> import corridors as co
    >>> drawn_rests(co.load().problem(), "hours", 4000, 0, "both").mean().round()
    np.float64(11.0)
    """
    wanted, theta = measure_of(of), problem.tables.theta
    found = {m.quantity: np.zeros(draws) for m in QUANTITIES}
    for quantity, row in problem.expansion.rest.rows.items():
        found[quantity] = draw(subset(theta, np.array([row])), draws, seed, spread=spread)[0]
    if wanted is GENERALIZED:
        return np.asarray(found["cost"] + problem.vot_usd_t_h * found["hours"])
    return found.get(wanted.quantity, np.zeros(draws))


def closure_hours(journey: Journey, draws: int, seed: int) -> tuple[Samples, float]:
    """Draw the hours that a trip loses at borders and lines found shut, and give their expectation.

    Formula: a trip meets a closure with probability `rate_per_year * duration_d / 365` and then waits an
    exponential time of mean `duration_d`, which is what is left of a closure that has begun at random.
    """
    waits, expected = np.zeros(draws), 0.0
    for event in _events_on(journey).itertuples(index=False):
        share = min(1.0, event.rate_per_year * event.duration_d / 365)
        random = stream(seed, f"event/{event.id}")
        shut = random.random(draws) < share
        waits += shut * random.exponential(24 * event.duration_d, draws)
        expected += share * 24 * event.duration_d
    return waits, expected


def _events_on(journey: Journey) -> pd.DataFrame:
    """List the events of the crossings and lines that a journey passes, by mode."""
    tables = journey.problem.tables
    e, events = journey.problem.expansion, tables["events"]
    passed: set[tuple[str, str, str]] = set()
    for edge in journey.edges:
        if e.crossing[edge] >= 0:
            passed.add(("crossing", str(tables["crossings"]["id"].iloc[e.crossing[edge]]), str(e.mode[edge])))
        elif e.link[edge] >= 0:
            passed.add(("line", str(tables["links"]["line"].iloc[e.link[edge]]), str(e.mode[edge])))
    keys = zip(events["kind"], events["target"], events["mode"], strict=True)
    return events[[key in passed for key in keys]]


def matrix(
    journeys: Mapping[tuple[str, str], Journey | None],
    of: str | Measure = HOURS,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    spread: str = SPREAD_OF_TRIPS,
    adapt: bool = False,
) -> tuple[pd.DataFrame, dict[tuple[str, str], Samples]]:
    """Draw a total for every pair of places.

    Parameters
    ----------
    journeys
        The best way of each pair, None where there is none: answers to the same question.
    of, draws, seed, spread, adapt
        As in `distribution`.

    Returns
    -------
    tuple
        A table indexed by origin and destination with expected, mean, p05, p50, p95, buffer_index and
        planning_time_index (`inf` where there is no way), and the draws by pair.
    """
    wanted = measure_of(of)
    rows, samples = {}, {}
    free = _all_adapted(journeys, wanted, draws, seed, spread) if adapt else {}
    for pair, journey in progress(list(journeys.items()), "pairs", least=50):
        if journey is None:
            rows[pair] = dict.fromkeys(("expected", "mean", "p05", "p50", "p95"), np.inf)
            continue
        found = distribution(journey, wanted, draws=draws, seed=seed, spread=spread)
        if adapt:
            found = replace(found, samples=free[pair])
        rows[pair], samples[pair] = found.summary(), found.samples
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.index = pd.MultiIndex.from_tuples(rows, names=["origin", "destination"])
    return table, samples


def _all_adapted(
    journeys: Mapping[tuple[str, str], Journey | None], of: Measure, draws: int, seed: int, spread: str
) -> dict[tuple[str, str], Samples]:
    """Draws of all pairs that are joined, each with its own best way."""
    joined = {pair: journey for pair, journey in journeys.items() if journey is not None}
    if not joined:
        return {}
    origins, destinations = (list(dict.fromkeys(pair[end] for pair in joined)) for end in (0, 1))
    problem = next(iter(joined.values())).problem
    found = adapted(problem, origins, destinations, of, draws=draws, seed=seed, spread=spread)
    return {(o, d): found[:, origins.index(o), destinations.index(d)] for o, d in joined}
