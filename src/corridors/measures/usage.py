"""What the best ways use, draw by draw: shares of crossings, links, services and terminals."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor
from typing import Any

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from corridors.base.errors import InputError, NoRouteError
from corridors.base.parallel import in_order
from corridors.base.progress import counter
from corridors.base.units import GENERALIZED
from corridors.data.tables import Tables
from corridors.measures.metrics import pair_weights
from corridors.model.expansion import Expansion
from corridors.model.question import By
from corridors.network.network import Network
from corridors.uncertainty.batch import Job, make_job
from corridors.uncertainty.distribution import PERCENTILES
from corridors.uncertainty.draws import ranges

UNITS = ("crossing", "link", "service", "terminal")
"""Things whose use is told."""


def use_shares(
    net: Network,
    origins: str | Iterable[str],
    destinations: str | Iterable[str],
    *,
    what: str | Iterable[str] = UNITS,
    weights: pd.DataFrame | None = None,
    by: By = "generalized",
    cargo: str = "container",
    draws: int = 1000,
    seed: int = 0,
    spread: str = "knowledge",
    executor: Executor | None = None,
    **options: Any,
) -> pd.DataFrame:
    """Give the share of pairs whose best way passes each crossing, link, service and terminal, over many draws.

    In every draw of the parameters every pair takes its own best way. The share of a thing says how firmly the
    traffic is bound to it: 0.6 with a band from 0 to 1 is a matter of small differences, 0.6 to 0.6 is not.

    Parameters
    ----------
    net
        The network.
    origins, destinations
        Places, or the name of a set of places. Pairs without a way, and of a place with itself, are left out.
    what
        Any of `crossing`, `link`, `service` and `terminal`.
    weights
        Weights of pairs (origins by destinations, by id), such as trade; 1 by default.
    by, cargo, options
        As in `Network.route`.
    draws, seed, spread
        As in `corridors.uncertainty.totals.distribution`; by default of what is known of the means.
    executor
        As in `corridors.whatif.simulate.simulate`.

    Returns
    -------
    DataFrame
        One row per thing that is used in any draw, the most used first: kind, id, mean (of the weighted share), p05,
        p50, p95 and used (share of the draws in which any pair passes it).

    Raises
    ------
    InputError
        If an argument is not possible.
    NoRouteError
        If no pair has a way.

    >>> import corridors as co
    >>> found = use_shares(co.load(), ["Tashkent"], ["Kabul"], cargo="truck", what="crossing", draws=20)
    >>> found["id"].iloc[0], bool(0.5 < found["mean"].iloc[0] <= 1)
    ('galaba-hairatan', True)
    """
    kinds = [what] if isinstance(what, str) else list(what)
    if wrong := set(kinds) - set(UNITS):
        raise InputError("what", sorted(wrong), f"any of {', '.join(UNITS)}")
    if draws < 1:
        raise InputError("draws", draws, "at least 1")
    problem = net.problem(by=by, cargo=cargo, **options)
    e = problem.expansion
    rows, columns = net.place_set(origins), net.place_set(destinations)
    amount = pair_weights(pd.DataFrame(0.0, rows, columns), weights)
    known = [p for p in rows if p in e.origin], [p for p in columns if p in e.destination]
    job = make_job([problem], GENERALIZED, *known, seed=seed, spread=spread)
    pairs, flow = _joined(job, known, pd.DataFrame(amount, rows, columns))
    if not len(flow):
        raise NoRouteError(", ".join(rows), ", ".join(columns), ["no pair of them has a way in this network"])
    names, units = _units(e, net.tables, kinds)
    entered = scipy.sparse.csr_array(units[:, job.edges])
    tasks = [(job, pairs, flow / flow.sum(), entered, first, last) for first, last in ranges(draws)]
    shares = []
    with counter(draws, "draws") as done:
        for chunk in in_order(Job.use, tasks, executor):
            shares.append(chunk[0])
            done(len(chunk[0]))
    return _table(names, np.concatenate(shares))


def _joined(
    job: Job, known: tuple[list[str], list[str]], weights: pd.DataFrame
) -> tuple[tuple[NDArray[np.int64], NDArray[np.int64]], NDArray[np.float64]]:
    """List the states and weights of the pairs that have a way."""
    reached = np.isfinite(job.expected()[0])
    found = [
        (job.sources[i], job.targets[j], float(weights.loc[o, d]))
        for i, o in enumerate(known[0])
        for j, d in enumerate(known[1])
        if reached[i, j] and weights.loc[o, d] > 0
    ]
    table = np.array(found, dtype=float).reshape(-1, 3)
    return (table[:, 0].astype(np.int64), table[:, 1].astype(np.int64)), table[:, 2]


def _units(e: Expansion, tables: Tables, kinds: list[str]) -> tuple[list[tuple[str, str]], scipy.sparse.csr_array]:
    """Name things, and say which edges enter each of them: units by edges."""
    # a link is entered once, at one of its ends, however many edges it is made of
    sources = {
        "crossing": ("crossings", e.crossing, e.crossing >= 0),
        "link": ("links", e.link, (e.link >= 0) & ~e.tail_at_border),
        "service": ("services", e.service, e.service >= 0),
        "terminal": ("terminals", e.terminal, e.terminal >= 0),
    }
    names: list[tuple[str, str]] = []
    parts = []
    for kind in kinds:
        table, index, entering = sources[kind]
        edges = np.flatnonzero(entering)
        shape = (len(tables[table]), len(e))
        parts.append(scipy.sparse.coo_array((np.ones(len(edges)), (index[edges], edges)), shape=shape))
        names += [(kind, str(ident)) for ident in tables[table]["id"]]
    return names, scipy.sparse.csr_array(scipy.sparse.vstack(parts))


def _table(names: list[tuple[str, str]], shares: NDArray[np.float64]) -> pd.DataFrame:
    """Summarize shares: draws by units."""
    points = np.percentile(shares, PERCENTILES, axis=0)
    table = pd.DataFrame(names, columns=["kind", "id"]).assign(
        mean=shares.mean(axis=0),
        **{f"p{p:02d}": row for p, row in zip(PERCENTILES, points, strict=True)},
        used=(shares > 0).mean(axis=0),
    )
    used = table[table["used"] > 0]
    return used.sort_values("mean", ascending=False, kind="stable", ignore_index=True)
