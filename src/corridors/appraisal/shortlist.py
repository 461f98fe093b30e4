"""Sets of projects worth valuing where there are too many to value all: a mixed-integer model of the ways.

What a flow pays with a set is the cost of the cheapest of its ways that stand with the set. All ways that can be the
cheapest with some set are found by search: from the network with everything built, a project that a best way uses is
taken out, until nothing else is met. Over these ways a set is chosen by HiGHS (through scipy), exactly as if every set
had been valued. If not all ways can be searched, what was not searched counts as if nothing were lost there, so that
the model has a bound above every set.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from corridors.appraisal.benefits import GoodFlows, jobs_of, saving_musd
from corridors.appraisal.lattice import answer, coded
from corridors.appraisal.open_edges import OpenEdges
from corridors.appraisal.sets import MOST_SETS, Candidates
from corridors.appraisal.staging import MOST_STAGED
from corridors.base.errors import CorridorsError
from corridors.network.network import Network
from corridors.trade.demand import Flow
from corridors.uncertainty.batch import Job
from corridors.uncertainty.draws import SPREAD_OF_MEANS

Floats = NDArray[np.float64]

BEST = 12
"""Best sets that the model is asked for, one after another, in each future."""

MOST_SEARCHED = 4096
"""Most networks that are searched for ways, of each good and cargo unit."""

AT_A_TIME = 64
"""Networks that are searched together."""

SECONDS = 20.0
"""Most time for one solution of the model: what is not proven until then is told as a gap."""

_INFEASIBLE = 2
"""Status of `scipy.optimize.milp` where no set is left."""

_TIE = 1e-6
"""Share of the cost that decides between sets that are even, and nothing else."""


@dataclass(frozen=True)
class Way:
    """Cost of a tonne where all of some projects and none of others are built.

    Attributes
    ----------
    needs, without
        Sets (numbers): projects that the way uses, and those that would shut it.
    usd_t
        Generalized cost, USD per tonne.
    """

    needs: int
    without: int
    usd_t: float


@dataclass(frozen=True, eq=False)
class Worth:
    """What one flow saves in a year with each of its ways, million USD, and what the way asks for."""

    ways: tuple[Way, ...]
    saved_musd: Floats


@dataclass(frozen=True)
class Shortlist:
    """The best sets by a mixed-integer model at expected values.

    Attributes
    ----------
    best
        Sets as numbers, the best of the first network first.
    bound_musd
        No set has more in the first network: a year, or net of the cost.
    """

    best: tuple[int, ...]
    bound_musd: float


def ways_of_flows(job: Job, edges: OpenEdges, everything: int, case: GoodFlows) -> list[list[Way]]:
    """Ways of every flow that are the cheapest with some set of projects, at expected values.

    A flow has a way for every set: where not all can be searched (`MOST_SEARCHED`), the rest are taken to cost what the
    way before them costs, and to need no project.

    Parameters
    ----------
    job, edges
        The compiled question, and what is open with each set.
    everything
        Set of all candidates.
    case
        The flows.
    """
    found = [_Found() for _ in case.tonnes]
    todo = dict.fromkeys(everything & ~part for part in _parts(edges.replacing))
    seen, codes = set(todo), coded(job, edges)
    while todo:
        level = [todo.popitem()[0] for _ in range(min(AT_A_TIME, len(todo)))]
        masks = np.stack([edges.of(chosen) for chosen in level], axis=1)
        cost = answer(replace(job, masks=masks), None, case.pairs)[:, 0]
        used = np.zeros(cost.shape, dtype=np.uint32)
        for code in codes:
            used |= code.decode(answer(replace(code.job, masks=masks), None, case.pairs)[:, 0])
        for number, chosen in enumerate(level):
            flows = list(zip(found, cost[number].tolist(), used[number].tolist(), strict=True))
            for flow, usd_t, mine in flows:
                flow.keep(mine & chosen, edges.replacing & ~chosen, usd_t)
            for bit in _bits(int(np.bitwise_or.reduce(used[number])) & chosen):
                smaller = chosen & ~bit
                if smaller in seen:
                    continue
                if len(seen) < MOST_SEARCHED:
                    todo[smaller] = None
                    seen.add(smaller)
                    continue
                for flow, usd_t, mine in flows:
                    flow.keep(0, 0, usd_t if mine & bit else np.inf)
    return [flow.ways() for flow in found]


class _Found:
    """Ways of a flow as they are found: of those with the same conditions the cheapest."""

    def __init__(self) -> None:
        self.cost: dict[tuple[int, int], float] = {}

    def keep(self, needs: int, without: int, usd_t: float) -> None:
        """Keep a way, if there is one."""
        if np.isfinite(usd_t):
            self.cost[needs, without] = min(usd_t, self.cost.get((needs, without), np.inf))

    def ways(self) -> list[Way]:
        """List the ways."""
        return [Way(*key, usd_t) for key, usd_t in self.cost.items()]


def _bits(chosen: int) -> Iterator[int]:
    while chosen:
        yield chosen & -chosen
        chosen &= chosen - 1


def _parts(chosen: int) -> Iterator[int]:
    """All parts of a set, itself and the empty one too."""
    part = chosen
    while True:
        yield part
        if not part:
            return
        part = (part - 1) & chosen


def worth_of(ways: Sequence[Way], base_usd_t: float, tonnes: float, elasticity: float) -> Worth:
    """Ways of a flow that save something, without those that a cheaper way with fewer conditions makes idle.

    Parameters
    ----------
    ways
        Ways of the flow.
    base_usd_t
        Cost with nothing built; where it is infinite there is no benefit.
    tonnes, elasticity
        As in `saving_musd`.

    >>> ways = [Way(0b01, 0, 90.0), Way(0b11, 0, 95.0), Way(0, 0, 100.0)]
    >>> worth_of(ways, 100.0, 1e6, 0.0).saved_musd.tolist()
    [10.0]
    """
    kept: list[Way] = []
    for way in sorted(ways, key=lambda one: (one.usd_t, one.needs.bit_count() + one.without.bit_count())):
        idle = any(one.needs & way.needs == one.needs and one.without & way.without == one.without for one in kept)
        if not idle and way.usd_t < base_usd_t < np.inf:
            kept.append(way)
    saved = saving_musd(np.full(len(kept), base_usd_t), np.array([way.usd_t for way in kept]), tonnes, elasticity)
    return Worth(tuple(kept), saved)


@dataclass(frozen=True)
class Limits:
    """What is made as great as can be, and within what.

    Attributes
    ----------
    budget_musd
        Million USD; infinite without a limit.
    annuity
        Discounted years of benefit, from which the cost is taken; None for the yearly benefit alone, of even sets the
        cheapest.
    elasticity
        Of tonnes to generalized cost.
    """

    budget_musd: float
    annuity: float | None = None
    elasticity: float = 0.0


def shortlist(
    networks: Mapping[str, Network], candidates: Candidates, flows: Sequence[Flow], cost_musd: Floats, limits: Limits,
    *, cargo: Any, asked: Mapping[str, Any],
) -> Shortlist:  # fmt: skip
    """Best sets in each of some networks, those of the first network first.

    Parameters
    ----------
    networks
        The network without the projects, and futures.
    candidates
        The projects.
    flows
        What `corridors.trade.demand.demand` returns.
    cost_musd
        Cost of every project, million USD.
    limits
        Budget, years and elasticity.
    cargo, asked
        As in `corridors.appraisal.benefits.benefits_of_sets`.
    """
    found = []
    for net in networks.values():
        worth: list[Worth] = []
        for jobs, case in jobs_of(net, candidates, flows, cargo=cargo, seed=0, spread=SPREAD_OF_MEANS, asked=asked):
            ways = [ways_of_flows(job, edges, candidates.everything, case) for job, edges in jobs]
            base = np.minimum.reduce([_with_nothing(job, edges, case) for job, edges in jobs])
            worth += [
                worth_of(
                    [way for some in ways for way in some[flow]], float(base[flow]), float(tonnes), limits.elasticity
                )
                for flow, tonnes in enumerate(case.tonnes)
            ]
        found.append(best_sets(candidates, worth, cost_musd, limits))
    best = dict.fromkeys(chosen for one in found for chosen in one.best)
    return replace(found[0], best=tuple(best))


def _with_nothing(job: Job, edges: OpenEdges, case: GoodFlows) -> Floats:
    return np.asarray(answer(replace(job, masks=edges.of(0)[:, None]), None, case.pairs)[0, 0])


def best_sets(candidates: Candidates, flows: Sequence[Worth], cost_musd: Floats, limits: Limits) -> Shortlist:
    r"""Best sets that can be built within the budget, one after another.

    .. math:: \max \sum_f \sum_w s_{fw} y_{fw} \quad \text{s.t.} \quad y_{fw} \le x_k, \; \sum_w y_{fw} \le 1, \;
        c^T x \le b

    with :math:`x_k` whether a project is built and :math:`y_{fw}` whether a flow takes a way that needs it.

    Parameters
    ----------
    candidates
        The projects.
    flows
        What the flows save with each of their ways.
    cost_musd
        Cost of every project, million USD.
    limits
        Budget and years.

    >>> both = Candidates(("a", "b"), (("a",), ("b",)), (0, 0), ())
    >>> flow = Worth((Way(0b11, 0, 80.0), Way(0b10, 0, 90.0)), np.array([20.0, 10.0]))
    >>> best_sets(both, [flow], np.array([5.0, 4.0]), Limits(8.0)).best  # b, nothing, a
    (2, 0, 1)
    """
    model = _Model.of(candidates, flows, cost_musd, limits)
    best: list[int] = []
    bounds: list[float] = []
    while len(best) < BEST and (found := model.solve(best)) is not None:
        best.append(found[0])
        bounds.append(found[1])
    # what decides between even sets is small, and may be on either side of the bound
    slack = _TIE * float(cost_musd.sum()) if limits.annuity is None else 0.0
    return Shortlist(tuple(best), bounds[0] + slack)


@dataclass(frozen=True, eq=False)
class _Model:
    """Columns: projects, then ways of flows. Rows: what a way needs, one way per flow, needs, clashes, the budget."""

    objective: Floats
    matrix: scipy.sparse.csr_array
    upper: Floats
    projects: int

    @classmethod
    def of(
        cls, candidates: Candidates, flows: Sequence[Worth], cost_musd: Floats, limits: Limits
    ) -> _Model:  # fmt: skip
        annuity, budget_musd = limits.annuity, limits.budget_musd
        count = len(candidates.names)
        gain = np.concatenate([np.zeros(0), *(one.saved_musd for one in flows)])
        price = cost_musd if annuity is not None else _TIE * cost_musd
        rows: list[dict[int, float]] = []
        upper: list[float] = []
        column = count
        for one in flows:
            for way in one.ways:
                rows += [{column: 1.0, k: -1.0} for k in range(count) if way.needs >> k & 1]
                upper += [0.0] * way.needs.bit_count()
                rows += [{column: 1.0, k: 1.0} for k in range(count) if way.without >> k & 1]
                upper += [1.0] * way.without.bit_count()
                column += 1
            rows.append(dict.fromkeys(range(column - len(one.ways), column), 1.0))
            upper.append(1.0)
        for k, need in enumerate(candidates.needs):
            rows += [{k: 1.0, other: -1.0} for other in range(count) if need >> other & 1]
            upper += [0.0] * need.bit_count()
        for clash in candidates.clashes:
            rows.append({k: 1.0 for k in range(count) if clash >> k & 1})
            upper.append(clash.bit_count() - 1.0)
        if np.isfinite(budget_musd):
            rows.append(dict(enumerate(cost_musd.tolist())))
            upper.append(budget_musd + 1e-6)
        at = [(row, col, value) for row, some in enumerate(rows) for col, value in some.items()]
        row, col, value = (np.array(part) for part in zip(*at, strict=True)) if at else (np.zeros(0, int),) * 3
        matrix = scipy.sparse.csr_array((value.astype(float), (row, col)), shape=(len(rows), column))
        return cls(np.concatenate([price, -(annuity or 1.0) * gain]), matrix, np.array(upper), count)

    def solve(self, without: Sequence[int]) -> tuple[int, float] | None:
        """Best set but for some, and what none of them exceeds; None where no other can be built."""
        cuts = np.array([[-1.0 if chosen >> k & 1 else 1.0 for k in range(self.projects)] for chosen in without])
        limits = np.array([1.0 - chosen.bit_count() for chosen in without])
        width = len(self.objective)
        constraints = [LinearConstraint(self.matrix, -np.inf, self.upper)]
        if len(cuts):
            padded = scipy.sparse.csr_array(np.pad(cuts, ((0, 0), (0, width - self.projects))))
            constraints.append(LinearConstraint(padded, limits, np.inf))
        found = milp(
            self.objective,
            integrality=(np.arange(width) < self.projects).astype(float),
            bounds=Bounds(0.0, 1.0),
            constraints=constraints,
            options={"time_limit": SECONDS, "mip_rel_gap": 1e-9},
        )
        if found.x is None:
            if found.status != _INFEASIBLE:
                raise CorridorsError(
                    f"the model of the sets was not solved: {found.message}. Plan with fewer candidates."
                )
            return None
        chosen = sum(1 << k for k in range(self.projects) if found.x[k] > 0.5)
        return chosen, -min(float(found.fun), float(found.mip_dual_bound))


def parts_of(candidates: Candidates, chosen: int) -> list[int]:
    """What can be built of a set, itself and nothing too.

    Parameters
    ----------
    candidates
        The projects.
    chosen
        The set.

    >>> parts_of(Candidates(("a", "b"), (("a",), ("b",)), (0, 1), ()), 0b11)  # b needs a
    [3, 1, 0]
    """
    return [part for part in _parts(chosen) if candidates.can_build(part)]


def with_parts(candidates: Candidates, best: Sequence[int]) -> list[int]:
    """Sets to be valued: the best ones, and what can be built of them on the way while there is room.

    Parameters
    ----------
    candidates
        The projects.
    best
        Sets as numbers, the best first.

    >>> with_parts(Candidates(("a", "b"), (("a",), ("b",)), (0, 1), ()), [0b11])  # b needs a
    [0, 1, 3]
    """
    kept = dict.fromkeys([0, *best])
    for chosen in best:
        parts = parts_of(candidates, chosen) if chosen.bit_count() <= MOST_STAGED else []
        if chosen == best[0] or len(kept.keys() | set(parts)) <= MOST_SETS:
            kept |= dict.fromkeys(parts)
    return sorted(kept, key=lambda chosen: (chosen.bit_count(), chosen))
