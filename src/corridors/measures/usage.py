"""What the best ways use, draw by draw: shares of crossings, links, services and terminals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from typing import Any, Unpack

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from corridors.base.errors import InputError, NoRouteError
from corridors.base.options import takes
from corridors.base.parallel import ordered_map
from corridors.base.progress import counter
from corridors.base.units import GENERALIZED
from corridors.data.tables import Tables
from corridors.model.expansion import Expansion
from corridors.model.question import Asked
from corridors.network.network import Network
from corridors.routing.ways import Logit
from corridors.uncertainty.batch import Job, make_job
from corridors.uncertainty.distribution import PERCENTILES
from corridors.uncertainty.draws import DRAWS, SPREAD_OF_MEANS, ranges
from corridors.whatif.shared import BEST, choices_of, share_samples, way_samples
from corridors.whatif.weights import Weights, pair_weights

THINGS = ("crossing", "link", "service", "terminal")
"""Things whose use is counted."""


@takes(Asked)
def use_shares(
    net: Network,
    origins: str | Iterable[str],
    destinations: str | Iterable[str],
    *,
    what: str | Iterable[str] = THINGS,
    weights: Weights = None,
    choice: str | Logit = BEST,
    draws: int = DRAWS,
    seed: int = 0,
    spread: str = SPREAD_OF_MEANS,
    executor: Executor | None = None,
    threads: int | None = None,
    **options: Unpack[Asked],
) -> pd.DataFrame:
    """Share of pairs whose best way passes each crossing, link, service and terminal, over many draws.

    In every draw of the parameters every pair takes its own best way, or is shared out between its really different
    ways. The share of a thing says how firmly the traffic is bound to it: 0.6 with a band from 0 to 1 is a matter of
    small differences, 0.6 to 0.6 is not.

    Parameters
    ----------
    net
        The network.
    origins, destinations
        Places, or the name of a set of places. Pairs without a way, and of a place with itself, are left out.
    what
        Any of `crossing`, `link`, `service` and `terminal`.
    weights
        Weights of pairs, such as trade, in any form of `corridors.whatif.weights`; equal by default.
    choice
        `best`, `logit` or a `co.Logit`, as in `corridors.whatif.compare.compare`. With a choice the ways of a pair are
        those of expected costs; costs and scale are drawn together.
    draws, seed, spread
        As in `Route.distribution`; by default of what is known of the means, which is all that a choice can be of.
    executor, threads
        As in `corridors.whatif.simulate.simulate`; a choice does not need them.
    options
        The same in every draw.

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
    >>> asked = {"cargo": "truck", "what": "crossing", "draws": 200}
    >>> shares = co.use_shares(co.load(), ["Tashkent"], ["Kabul"], **asked)
    >>> shares[["id", "mean", "used"]].head(2).round(2).to_numpy().tolist()
    [['galaba-hairatan', 1.0, 1.0]]
    >>> shared = co.use_shares(co.load(), ["Tashkent"], ["Kabul"], choice=co.Logit(ways=2), **asked)
    >>> shared[["id", "mean", "p05", "p95"]].head(1).round(2).to_numpy().tolist()
    [['galaba-hairatan', 0.86, 0.69, 0.99]]
    """
    kinds = [what] if isinstance(what, str) else list(what)
    if not kinds or not set(kinds) <= set(THINGS):
        raise InputError("what", what, f"any of {', '.join(THINGS)}")
    if draws < 1:
        raise InputError("draws", draws, "at least 1")
    rows, columns = net.place_set(origins), net.place_set(destinations)
    empty = pd.DataFrame(0.0, rows, columns)
    amount = pd.DataFrame(pair_weights(empty, weights, tables=net.tables), rows, columns)
    if choice != BEST:
        if spread != SPREAD_OF_MEANS:
            raise InputError("spread", spread, f"'{SPREAD_OF_MEANS}': a choice is made by what is known of the means")
        return _shared_out(net, amount, kinds, choice=choice, draws=draws, seed=seed, options=options)
    problem = net.problem(**options)
    e = problem.expansion
    existing = [p for p in rows if p in e.origin], [p for p in columns if p in e.destination]
    job = make_job([problem], GENERALIZED, *existing, seed=seed, spread=spread)
    pairs = _joined(job, existing, amount)
    if not len(pairs[2]):
        raise _no_way(amount)
    names, entered = _entered(e, problem.tables, kinds)
    at_job = scipy.sparse.csr_array(entered[:, job.edges])
    shares = (*pairs[:2], pairs[2] / pairs[2].sum())
    tasks = [(job, shares, at_job, first, last) for first, last in ranges(draws)]
    return _table(names, _counted(tasks, draws, executor, threads))


def _no_way(amount: pd.DataFrame) -> NoRouteError:
    ends = ", ".join(amount.index), ", ".join(amount.columns)
    return NoRouteError(*ends, ["no pair of them has a way in this network"])


def _shared_out(
    net: Network, amount: pd.DataFrame, kinds: list[str], *, choice: str | Logit, draws: int, seed: int, options: Asked
) -> pd.DataFrame:
    """Summary of the use of things where every pair is shared out between its ways."""
    asked: dict[str, Any] = dict(options)
    routes = {
        ("", *pair): route
        for pair, route in net.routes(list(amount.index), list(amount.columns), **options).items()
        if route is not None and amount.loc[pair] > 0
    }
    if not routes:
        raise _no_way(amount)
    choices = choices_of({"": net}, routes, choice, asked)
    costs = way_samples(choices, GENERALIZED, draws=draws, seed=seed)
    shares = share_samples(choices, costs, draws=draws, seed=seed)
    names, entered = _entered(net.problem(**options).expansion, net.tables, kinds)
    used = np.zeros((draws, len(names)))
    total = sum(float(amount.loc[key[1:]]) for key in routes)
    for key, ways in choices.items():
        passed = [np.asarray(entered[:, list(route.edges)].sum(axis=1)).ravel() for route in ways.routes]
        used += float(amount.loc[key[1:]]) / total * (shares[key] @ np.array(passed))
    return _table(names, used)


def _counted(
    tasks: Sequence[tuple[Any, ...]], draws: int, executor: Executor | None, threads: int | None
) -> NDArray[np.float64]:
    """Shares of all draws: draws by things."""
    shares = []
    with counter(draws, "draws") as done:
        for chunk in ordered_map(Job.use, tasks, executor, threads=threads):
            shares.append(chunk[0])
            done(len(chunk[0]))
    return np.concatenate(shares)


def _joined(
    job: Job, existing: tuple[list[str], list[str]], weights: pd.DataFrame
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Rows of origins and destinations, and weights, of the pairs that have a way."""
    weight = weights.loc[existing[0], existing[1]].to_numpy(dtype=float)
    row, column = np.nonzero(np.isfinite(job.expected()[0]) & (weight > 0))
    return row, column, weight[row, column]


def _entered(e: Expansion, tables: Tables, kinds: list[str]) -> tuple[list[tuple[str, str]], scipy.sparse.csr_array]:
    """Kind and id of things, and which edges enter each of them: things by edges."""
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
    """Summary of shares: draws by things."""
    points = np.percentile(shares, PERCENTILES, axis=0)
    table = pd.DataFrame(names, columns=["kind", "id"]).assign(
        mean=shares.mean(axis=0),
        **{f"p{p:02d}": row for p, row in zip(PERCENTILES, points, strict=True)},
        used=(shares > 0).mean(axis=0),
    )
    used = table[table["used"] > 0]
    return used.sort_values("mean", ascending=False, kind="stable", ignore_index=True)
