"""Every combination of some projects at once: what each set of them is worth, and whether it can be built."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from concurrent.futures import Executor
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.errors import ClosedCrossingWarning, InputError
from corridors.measures.attribution import buildable
from corridors.measures.metrics import pair_weights
from corridors.model.question import By
from corridors.network.network import Network
from corridors.whatif.simulate import Simulation, simulate

MOST = 12
"""Most projects of a sweep: 4096 sets."""

SMALLEST = 1e-9
"""Difference from which a pair counts as gaining: anything beyond rounding."""


def sweep(
    net: Network,
    projects: Iterable[str],
    origins: str | Iterable[str],
    destinations: str | Iterable[str],
    measure: str = "generalized",
    *,
    weights: pd.DataFrame | None = None,
    by: By = "generalized",
    cargo: str = "container",
    draws: int = 0,
    seed: int = 0,
    spread: str = "knowledge",
    executor: Executor | None = None,
    **options: Any,
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
        `hours`, `cost`, `distance`, `co2e` or `generalized`.
    weights
        Weights of pairs (origins by destinations, by id), such as trade; 1 by default.
    by, cargo, options
        As in `Network.route`.
    draws, seed, spread
        Draws of the parameters for a band, in each of which every pair takes its own best way; none by default. The
        band is of what is known of the means, unless `spread` says otherwise.
    executor
        As in `corridors.whatif.simulate.simulate`.

    Returns
    -------
    DataFrame
        One row per set (a tuple of ids, the empty one first): projects (their number), complete (whether the whole set
        can be built), joined (pairs with a way), new (of these, pairs without one in the base), gaining (pairs whose
        measure falls), change (weighted mean over the pairs joined in both), and with draws change_p05, change_p95
        and p_gain (share of the draws in which the mean falls).

    Raises
    ------
    UnknownNameError, ScenarioError
        If the projects cannot all be built.

    >>> import corridors as co
    >>> table = sweep(co.load(), ["uap-kabul", "western-route"], ["Tashkent"], ["Karachi"], modes={"rail"})
    >>> table["projects"].tolist(), bool(table["change"].min() < 0)
    ([0, 1, 1, 2], True)
    """
    names = [projects] if isinstance(projects, str) else list(dict.fromkeys(projects))
    if not 0 < len(names) <= MOST:
        raise InputError("projects", names, f"one to {MOST} projects")
    net.build(*names)  # refuses and warns, once, as it should
    sets = [part for size in range(len(names) + 1) for part in combinations(names, size)]
    real = {part: buildable(net, part) for part in sets}
    kept = list(dict.fromkeys(real[part] for part in sets))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ClosedCrossingWarning)
        nets = {" + ".join(sorted(part)): net.build(*sorted(part)) if part else net for part in kept}
    found = simulate(
        nets, origins, destinations, measure, by=by, cargo=cargo, draws=max(1, draws), seed=seed, spread=spread,
        executor=executor, **options,
    )  # fmt: skip
    amount = pair_weights(found.matrix(""), weights)
    rows = {}
    for part in sets:
        number = found.scenarios.index(" + ".join(sorted(real[part])))
        rows[part] = {"projects": len(part), "complete": real[part] == set(part)} | _row(found, number, amount, draws)
    table = pd.DataFrame.from_dict(dict(enumerate(rows.values())), orient="index")
    table.index = pd.Index(list(rows), name="built", tupleize_cols=False)
    return table


def _row(found: Simulation, number: int, weight: NDArray[np.float64], draws: int) -> dict[str, float]:
    """Measure one set of projects against the base."""
    here, base = found.expected[number], found.expected[0]
    counted, joined = weight > 0, np.isfinite(here)
    both = counted & joined & np.isfinite(base)
    change = here[both] - base[both]
    share = weight[both] / weight[both].sum()
    row: dict[str, float] = {
        "joined": int((counted & joined).sum()),
        "new": int((counted & joined & ~np.isfinite(base)).sum()),
        "gaining": int((change < -SMALLEST).sum()),
        "change": float(change @ share) if len(change) else np.nan,
    }
    if draws:
        row |= _band(found, number, both, share)
    return row


def _band(found: Simulation, number: int, both: NDArray[np.bool_], share: NDArray[np.float64]) -> dict[str, float]:
    if found.samples is None:
        raise InputError("draws", found.draws, "fewer draws, projects or places: a band needs all draws in memory")
    mean = (found.samples[number][:, both] - found.samples[0][:, both]) @ share
    low, high = np.percentile(mean, (5, 95)) if len(share) else (np.nan, np.nan)
    return {"change_p05": float(low), "change_p95": float(high), "p_gain": float((mean < -SMALLEST).mean())}
