"""Bands of a comparison: every route priced with the same draws of the parameters, and what follows of differences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.units import CO2E, COST, DISTANCE, GENERALIZED, HOURS, Measure
from corridors.model import parts
from corridors.routing.route import Route
from corridors.uncertainty import totals
from corridors.uncertainty.draws import SPREAD_OF_MEANS, SPREAD_OF_TRIPS
from corridors.whatif.flows import Key
from corridors.whatif.weights import Pair

Samples = NDArray[np.float64]

Drawn = Callable[[Measure, str], Mapping[Key, Samples]]
"""Draws of every route, of a measure and a spread."""

POINTS = (5, 50, 95)
"""Percentiles of a band."""

OF_TRIPS = (HOURS, COST, CO2E)
"""Measures whose band, from one trip to another, stands in the table of pairs."""

OF_CHANGES = {"hours": HOURS, "cost": COST, "co2e": CO2E, "generalized": GENERALIZED}
"""Measures whose change has a band of what is known of the means, by the beginning of its columns."""


def samples_of(
    routes: Mapping[Key, Route | None], wanted: Measure, *, draws: int, seed: int, spread: str
) -> dict[Key, Samples]:
    """Draws of every route; a way that several scenarios share is priced once, and its draws are the same array.

    Parameters
    ----------
    routes
        Route (None where there is no way) by scenario, origin and destination.
    wanted
        Measure of which draws are asked for.
    draws, seed, spread
        As in `Route.distribution`.

    >>> import corridors as co
    >>> route = co.load().route("Almaty", "Karachi")
    >>> drawn = samples_of({("a", "o", "d"): route, ("b", "o", "d"): route}, HOURS, draws=9, seed=0, spread="trip")
    >>> drawn["a", "o", "d"] is drawn["b", "o", "d"], len(drawn["a", "o", "d"])
    (True, 9)
    """
    found = {key: route for key, route in routes.items() if route is not None}
    if wanted is DISTANCE:
        return {key: np.full(draws, route.km) for key, route in found.items()}
    by_theta: dict[int, dict[tuple[Any, ...], list[Key]]] = {}
    for key, route in found.items():
        problem = route.problem
        way = (id(problem.expansion), problem.vot_usd_t_h, route.edges)
        by_theta.setdefault(id(problem.tables.theta), {}).setdefault(way, []).append(key)
    samples: dict[Key, Samples] = {}
    for ways in by_theta.values():
        first = [found[keys[0]] for keys in ways.values()]
        weights = np.array([parts.coefficients(route, wanted) for route in first])
        rows = totals.weighted(first[0].problem.tables.theta, weights, draws, seed, spread)
        for keys, row in zip(ways.values(), rows, strict=True):
            samples |= dict.fromkeys(keys, row)
    return {key: samples[key] for key in found}


def general(
    routes: Mapping[Key, Route | None], hours: Mapping[Key, Samples], cost: Mapping[Key, Samples]
) -> dict[Key, Samples]:
    """Draws of generalized cost (USD/t) from the same draws of hours and cost; of one way it is one array.

    Parameters
    ----------
    routes
        Route by scenario, origin and destination.
    hours, cost
        Draws of hours and of cost of every route.
    """
    made: dict[tuple[int, int, float], Samples] = {}
    found = {}
    for key in hours:
        route = routes[key]
        vot = 0.0 if route is None else route.problem.vot_usd_t_h
        same = (id(hours[key]), id(cost[key]), vot)
        found[key] = made[same] if same in made else made.setdefault(same, cost[key] + vot * hours[key])
    return found


def pair_bands(keys: Sequence[Key], base: str, drawn: Drawn) -> pd.DataFrame:
    """Table of bands, one row per scenario and pair; nan where there is no way, or none to compare with.

    Parameters
    ----------
    keys
        Scenario, origin and destination of every row.
    base
        Scenario that the others are measured against.
    drawn
        Draws by measure and spread.
    """
    table = pd.DataFrame(index=range(len(keys)))
    for measure in OF_TRIPS:
        points = _percentiles(list(keys), drawn(measure, SPREAD_OF_TRIPS))
        for number, point in enumerate(POINTS):
            table[f"{measure.column}_p{point:02d}"] = points[number]
    pairs = [(key, (base, *key[1:])) for key in keys]
    for name, measure in OF_CHANGES.items():
        means = drawn(measure, SPREAD_OF_MEANS)
        changes = {one: means[one] - means[other] for one, other in pairs if one in means and other in means}
        low, _, high = _percentiles(list(keys), changes)
        table[f"{name}_delta_p05"], table[f"{name}_delta_p95"] = low, high
        if measure is GENERALIZED:
            table["p_better"] = [float((changes[k] < 0).mean()) if k in changes else np.nan for k in keys]
            tie = [bool(a <= 0 <= b) if k in changes else np.nan for k, a, b in zip(keys, low, high, strict=True)]
            table["tie"] = pd.Series(tie, dtype=bool if len(changes) == len(keys) else object)
    return table


def band_table(expected: pd.DataFrame, samples: Mapping[Key, Samples]) -> pd.DataFrame:
    """Table of expected values (pairs by scenarios) with p05 and p95 beside them; nan where there are no draws.

    Parameters
    ----------
    expected
        One row per pair, one column per scenario.
    samples
        Draws by scenario, origin and destination.
    """
    nothing = np.empty(0)
    columns: dict[tuple[str, str], Any] = {}
    for name in expected:
        bands = [band_of(samples.get((name, *pair), nothing)) for pair in expected.index]
        columns[name, "expected"] = expected[name]
        columns |= {(name, end): [band[i] for band in bands] for i, end in enumerate(("p05", "p95"))}
    return pd.DataFrame(columns, expected.index).rename_axis(columns=["scenario", "value"])


def _percentiles(keys: Sequence[Key], samples: Mapping[Key, Samples]) -> NDArray[np.float64]:
    """Percentiles (rows) of the draws of every key (columns); nan where there are no draws."""
    found = np.full((len(POINTS), len(keys)), np.nan)
    with_draws = [i for i, key in enumerate(keys) if key in samples]
    if with_draws:
        rows, row_of = np.unique([id(samples[keys[i]]) for i in with_draws], return_inverse=True)
        first = {int(row): i for i, row in zip(reversed(with_draws), reversed(row_of.tolist()), strict=True)}
        stacked = np.array([samples[keys[first[row]]] for row in range(len(rows))])
        found[:, with_draws] = np.percentile(stacked, POINTS, axis=1)[:, row_of]
    return found


def mean_change(
    drawn: Mapping[Key, Samples], weights: Mapping[Pair, float], one: str, other: str, pairs: Iterable[Pair]
) -> Samples:
    """Draws of the weighted mean difference of one scenario from another, over the pairs joined in both; empty if none.

    Parameters
    ----------
    drawn
        Draws of every route.
    weights
        Weight of every pair.
    one, other
        Scenarios.
    pairs
        Pairs of which the mean is taken.

    >>> import numpy as np
    >>> drawn = {("new", "a", "b"): np.array([1.0, 3.0]), ("old", "a", "b"): np.array([2.0, 2.0])}
    >>> mean_change(drawn, {("a", "b"): 1.0}, "new", "old", [("a", "b")]).tolist()
    [-1.0, 1.0]
    """
    both = [pair for pair in pairs if (one, *pair) in drawn and (other, *pair) in drawn]
    weight = np.array([weights[pair] for pair in both])
    if not weight.any():
        return np.empty(0)
    change = np.array([drawn[(one, *pair)] - drawn[(other, *pair)] for pair in both])
    return np.asarray(weight @ change / weight.sum())


def beats_table(
    drawn: Mapping[Key, Samples], weights: Mapping[Pair, float], scenarios: Sequence[str], pairs: Sequence[Pair]
) -> pd.DataFrame:
    """Probability that one scenario (row) is lower than another (column), over the pairs joined in both.

    Parameters
    ----------
    drawn
        Draws of every route.
    weights
        Weight of every pair.
    scenarios, pairs
        What is compared.
    """
    share = pd.DataFrame(np.nan, list(scenarios), list(scenarios))
    for one, other in permutations(scenarios, 2):
        change = mean_change(drawn, weights, one, other, pairs)
        if len(change):
            share.loc[one, other] = float((change < 0).mean())
    return share


def band_of(samples: Samples) -> tuple[float, float]:
    """5 % and 95 % points of some draws; nan where there are none.

    Parameters
    ----------
    samples
        The draws.

    >>> import numpy as np
    >>> band_of(np.arange(101.0))
    (5.0, 95.0)
    """
    if not len(samples):
        return float("nan"), float("nan")
    low, high = np.percentile(samples, (POINTS[0], POINTS[-1]))
    return float(low), float(high)
