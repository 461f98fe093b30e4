"""Every combination of some projects at once: what each set of them is worth, and whether it can be built."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from concurrent.futures import Executor
from itertools import combinations
from typing import Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.errors import ClosedCrossingWarning, InputError
from corridors.base.options import takes
from corridors.base.units import Measure
from corridors.base.units import measure as measure_of
from corridors.measures.attribution import buildable
from corridors.model.question import Asked
from corridors.network.network import Network
from corridors.uncertainty.draws import SPREAD_OF_MEANS, check_draws
from corridors.whatif.pair_table import GAIN_USD_T
from corridors.whatif.simulate import Simulation, simulate
from corridors.whatif.weights import Weights, pair_weights

MOST = 12
"""Most projects of a sweep: 4096 sets."""


@takes(Asked)
def sweep(
    net: Network,
    projects: Iterable[str],
    origins: str | Iterable[str],
    destinations: str | Iterable[str],
    measure: str | Measure = "generalized",
    *,
    weights: Weights = None,
    draws: int = 0,
    seed: int = 0,
    spread: str = SPREAD_OF_MEANS,
    executor: Executor | None = None,
    threads: int | None = None,
    **options: Unpack[Asked],
) -> pd.DataFrame:
    """Build every subset of some projects, and measure what it changes.

    A set that cannot be built, because a prerequisite is missing, counts with its largest part that can be built.

    Parameters
    ----------
    net
        The network without the projects.
    projects
        Ids of up to 12 projects, which can all be built together.
    origins, destinations
        Places, or the name of a set of places.
    measure
        `hours`, `cost`, `distance`, `co2e` or `generalized`; the names of columns will do, too.
    weights
        Weights of pairs, such as trade, in any form of `corridors.whatif.weights`; equal by default.
    draws, seed, spread
        Draws of the parameters for a band, in each of which every pair takes its own best way; with 0, the default,
        there are expected values only. The band is of what is known of the means, unless `spread` says otherwise.
    executor, threads
        As in `corridors.whatif.simulate.simulate`.
    options
        The same for every set of projects.

    Returns
    -------
    DataFrame
        One row per set (a tuple of ids, the empty one first): projects (their number), complete (whether the whole set
        can be built), joined (pairs with a way), new (of these, pairs without one in the base), gaining (pairs whose
        measure falls), change (weighted mean over the pairs joined in both), and with draws change_p05, change_p95
        and p_gain (share of the draws in which the mean falls).

    Raises
    ------
    InputError, UnknownNameError, ScenarioError
        If an argument is not possible, or the projects cannot all be built.

    >>> import corridors as co
    >>> table = co.sweep(co.load(), ["uap-kabul", "western-route"], ["Tashkent"], ["Karachi"], modes={"rail"})
    >>> table["change"].round().tolist()
    [0.0, -210.0, -199.0, -210.0]
    """
    names = [projects] if isinstance(projects, str) else list(dict.fromkeys(projects))
    if not 0 < len(names) <= MOST:
        raise InputError("projects", names, f"one to {MOST} projects")
    check_draws(draws or 1, seed, spread)
    wanted = measure_of(measure)
    rows, columns = net.place_set(origins), net.place_set(destinations)
    amount = pair_weights(pd.DataFrame(0.0, rows, columns), weights, tables=net.tables)
    net.build(*names)  # refuses and warns, once, as it should
    sets = [part for size in range(len(names) + 1) for part in combinations(names, size)]
    real = {part: buildable(net, part) for part in sets}
    simulation = simulate(
        _built(net, real.values()), rows, columns, wanted, draws=max(1, draws), seed=seed, spread=spread,
        executor=executor, threads=threads, **options,
    )  # fmt: skip
    measured = {}
    for part in sets:
        number = simulation.scenarios.index(_name(real[part]))
        about = {"projects": len(part), "complete": real[part] == set(part)}
        measured[part] = about | _row(simulation, number, amount, draws)
    table = pd.DataFrame.from_dict(dict(enumerate(measured.values())), orient="index")
    table.index = pd.Index(list(measured), name="built", tupleize_cols=False)
    return table


def _name(part: Iterable[str]) -> str:
    """Name of the scenario in which some projects are built."""
    return " + ".join(sorted(part))


def _built(net: Network, parts: Iterable[frozenset[str]]) -> dict[str, Network]:
    """Networks with every set of projects built, each once, without the warnings that were given before."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ClosedCrossingWarning)
        return {_name(part): net.build(*sorted(part)) if part else net for part in dict.fromkeys(parts)}


def _row(simulation: Simulation, number: int, weight: NDArray[np.float64], draws: int) -> dict[str, float]:
    """Measure one set of projects against the base."""
    here, base = simulation.expected[number], simulation.expected[0]
    counted, joined = weight > 0, np.isfinite(here)
    both = counted & joined & np.isfinite(base)
    change = here[both] - base[both]
    share = weight[both] / weight[both].sum()
    row: dict[str, float] = {
        "joined": int((counted & joined).sum()),
        "new": int((counted & joined & ~np.isfinite(base)).sum()),
        "gaining": int((change < -GAIN_USD_T).sum()),
        "change": float(change @ share) if len(change) else np.nan,
    }
    if draws:
        row |= _band(simulation, number, both, share)
    return row


def _band(simulation: Simulation, number: int, both: NDArray[np.bool_], share: NDArray[np.float64]) -> dict[str, float]:
    if simulation.samples is None:
        raise InputError("draws", simulation.draws, "fewer draws, projects or places: a band needs all draws in memory")
    mean = (simulation.samples[number][:, both] - simulation.samples[0][:, both]) @ share
    low, high = np.percentile(mean, (5, 95)) if len(share) else (np.nan, np.nan)
    return {"change_p05": float(low), "change_p95": float(high), "p_gain": float((mean < -GAIN_USD_T).mean())}
