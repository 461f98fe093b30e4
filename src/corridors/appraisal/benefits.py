"""Yearly benefit of every set of projects: tonnes that somebody states, times what they save of generalized cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridors.appraisal.lattice import costs_of_sets, draws_at_a_time
from corridors.appraisal.open_edges import OpenEdges, compiled_job
from corridors.appraisal.sets import Candidates
from corridors.base.errors import InputError
from corridors.network.network import Network
from corridors.routing.ways import cargo_units
from corridors.trade.demand import Flow
from corridors.uncertainty.batch import Job

Floats = NDArray[np.float64]

USD_OF_MUSD = 1e6


@dataclass(frozen=True, eq=False)
class Benefits:
    """What sets of projects save in a year, in million USD.

    Attributes
    ----------
    expected
        At expected parameters, by set.
    samples
        By set and draw; no columns without draws.
    no_way_t
        Tonnes a year that have no way with nothing built. What a new way is worth to them is not known: they count
        nowhere.
    joined_t
        Of these, tonnes that have a way with everything built.
    searches
        Sets that were searched, of all goods and cargo units.
    """

    expected: Floats
    samples: Floats
    no_way_t: float
    joined_t: float
    searches: int

    @property
    def mean(self) -> Floats:
        """Mean of the draws, or expected values where there are none."""
        return self.samples.mean(axis=1) if self.samples.shape[1] else self.expected


def saving_musd(base: Floats, cost: Floats, tonnes: Floats | float, elasticity: float = 0.0) -> Floats:
    r"""Benefit in million USD of lower costs, by the rule of a half.

    .. math:: \tfrac12 (T_0 + T_1)(c_0 - c_1), \qquad T_1 = T_0 (c_1 / c_0)^\epsilon

    Parameters
    ----------
    base, cost
        Generalized cost before and after, USD per tonne; without a finite cost on both sides there is no benefit.
    tonnes
        Tonnes before.
    elasticity
        Of the tonnes to generalized cost, zero or less: with zero, tonnes stay.

    >>> float(saving_musd(np.array(100.0), np.array(80.0), np.array(1e6)))
    20.0
    >>> float(saving_musd(np.array(100.0), np.array(80.0), np.array(1e6), -1.0))  # 1.25 million t travel afterwards
    22.5
    """
    valued = np.isfinite(base) & np.isfinite(cost)
    before, after = np.where(valued, base, 1.0), np.where(valued, cost, 1.0)
    if elasticity:
        tonnes = tonnes * (1 + (after / before) ** elasticity) / 2
    return np.asarray(tonnes * (before - after) / USD_OF_MUSD)


def benefits_of_sets(
    net: Network,
    candidates: Candidates,
    sets: Sequence[int],
    flows: Sequence[Flow],
    *,
    cargo: Any,
    elasticity: float,
    draws: int,
    seed: int,
    spread: str,
    asked: Mapping[str, Any],
) -> Benefits:
    """Benefits of sets of projects in one network.

    Parameters
    ----------
    net
        The network without the projects.
    candidates, sets
        The projects, and sets of them as numbers, the empty one first.
    flows
        What `corridors.trade.demand.demand` returns.
    cargo
        Cargo unit or units; of several, each pair takes the cheapest in every set and draw.
    elasticity
        As in `saving_musd`.
    draws, seed, spread
        Of the parameters, the same in every set and network.
    asked
        Further options of the question.
    """
    expected, samples = np.zeros(len(sets)), np.zeros((len(sets), draws))
    no_way_t = joined_t = 0.0
    searches = 0
    for jobs, case in jobs_of(net, candidates, flows, cargo=cargo, seed=seed, spread=spread, asked=asked):
        cost, row_of, count = _cheapest(jobs, sets, case, None)
        searches += count
        base, last = cost[row_of[0], 0], cost[:, 0].min(axis=0)
        no_way_t += float(case.tonnes[~np.isfinite(base)].sum())
        joined_t += float(case.tonnes[~np.isfinite(base) & np.isfinite(last)].sum())
        expected += saving_musd(cost[row_of[0]], cost, case.tonnes, elasticity).sum(axis=2)[row_of, 0]
        step = draws_at_a_time(len(sets), len(case.tonnes))
        for first in range(0, draws, step):
            bounds = first, min(draws, first + step)
            cost, row_of, count = _cheapest(jobs, sets, case, bounds)
            searches += count
            saved = saving_musd(cost[row_of[0]], cost, case.tonnes, elasticity).sum(axis=2)
            samples[:, slice(*bounds)] += saved[row_of]
    return Benefits(expected, samples, no_way_t, joined_t, searches)


def jobs_of(
    net: Network, candidates: Candidates, flows: Sequence[Flow], *, cargo: Any, seed: int, spread: str,
    asked: Mapping[str, Any],
) -> Iterator[tuple[list[tuple[Job, OpenEdges]], GoodFlows]]:  # fmt: skip
    """Yield the compiled questions of every good, one for each cargo unit, with the flows of the good.

    Parameters
    ----------
    net, candidates, flows, cargo, seed, spread, asked
        As in `benefits_of_sets`.
    """
    goods: dict[str | None, list[Flow]] = {}
    for flow in flows:
        goods.setdefault(flow.commodity, []).append(flow)
    for good, some in goods.items():
        case = GoodFlows.of(some)
        units = cargo_units(net.tables, good, cargo)
        questions: list[dict[str, Any]] = [{**asked, "cargo": unit, "commodity": good} for unit in units]
        yield [compiled_job(net, candidates, case.ends, seed=seed, spread=spread, asked=one) for one in questions], case


@dataclass(frozen=True, eq=False)
class GoodFlows:
    """Flows of one good.

    Attributes
    ----------
    ends
        Origins and destinations.
    pairs
        Row of the origin and column of the destination of each flow.
    tonnes
        Tonnes a year of each flow.
    """

    ends: tuple[list[str], list[str]]
    pairs: tuple[NDArray[np.int64], NDArray[np.int64]]
    tonnes: Floats

    @classmethod
    def of(cls, flows: Sequence[Flow]) -> GoodFlows:
        """GoodFlows of some flows.

        Parameters
        ----------
        flows
            Flows of one good.
        """
        ends = [list(dict.fromkeys(names)) for names in ((f.origin for f in flows), (f.destination for f in flows))]
        rows = np.array([ends[0].index(flow.origin) for flow in flows], dtype=np.int64)
        columns = np.array([ends[1].index(flow.destination) for flow in flows], dtype=np.int64)
        return cls((ends[0], ends[1]), (rows, columns), np.array([float(flow.tonnes.sum()) for flow in flows]))


def _cheapest(
    jobs: Sequence[tuple[Job, OpenEdges]], sets: Sequence[int], case: GoodFlows, bounds: tuple[int, int] | None
) -> tuple[Floats, NDArray[np.int64], int]:
    """Cost of the cheapest cargo unit, different answers by draws by flows; the answer of each set; sets searched."""
    if not jobs:
        raise InputError("cargo", None, "at least one cargo unit")
    found = [costs_of_sets(job, edges, sets, case.pairs, bounds) for job, edges in jobs]
    rows, row_of = np.unique(np.stack([one.row_of for one in found]), axis=1, return_inverse=True)
    cost = np.minimum.reduce([one.rows[mine] for one, mine in zip(found, rows, strict=True)])
    return np.asarray(cost), np.asarray(row_of).ravel(), sum(one.searches for one in found)
