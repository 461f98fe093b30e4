"""Batches: a network compiled once, asked for many draws and scenarios at a time.

The expansion holds every link, existing and planned. A scenario is a mask of its edges, a draw of the parameters is a
column of numbers, and the weights are the product of the incidence with the draws: nothing is rebuilt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from corridors.base.units import DISTANCE, GENERALIZED, Measure
from corridors.data.parameters import Theta
from corridors.engine import Hierarchy
from corridors.engine.limits import LimitedWays, Limits, Pairs
from corridors.model.expansion import Expansion
from corridors.model.journey import most_road_km
from corridors.model.problem import Problem, objective
from corridors.model.rest import Rest
from corridors.model.transit import groups
from corridors.uncertainty.draws import draw
from corridors.uncertainty.graphs import Graph, compiled, quays_open

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Masks = NDArray[np.bool_]


def objective_rows(e: Expansion, by: str | Mapping[str, float], vot_usd_t_h: float) -> Any:
    """Objective as a sparse matrix: edges by parameters, and a last column for what is fixed (length)."""
    return scipy.sparse.csr_array(objective(_km(e), _with_fixed(e), by, vot_usd_t_h))


def measure_rows(e: Expansion, of: Measure, vot_usd_t_h: float) -> Any:
    """Measure as a sparse matrix like `objective_rows`, without the tie-breakers of an objective."""
    if of is DISTANCE:
        return scipy.sparse.csr_array(_km(e))
    values = _with_fixed(e)
    if of is GENERALIZED:
        return scipy.sparse.csr_array(values["cost"] + vot_usd_t_h * values["hours"])
    return scipy.sparse.csr_array(values[of.quantity])


def _with_fixed(e: Expansion) -> dict[str, Any]:
    nothing = scipy.sparse.csr_array((len(e), 1))
    return {name: scipy.sparse.hstack([matrix, nothing], format="csr") for name, matrix in e.incidence.items()}


def _km(e: Expansion) -> Any:
    width = e.incidence["hours"].shape[1]
    return scipy.sparse.csr_array((e.km, (np.arange(len(e)), np.full(len(e), width))), shape=(len(e), width + 1))


@dataclass(frozen=True, eq=False)
class Journeys:
    """What makes a way through a compiled graph a journey.

    Attributes
    ----------
    limits
        What a way must keep, by states and edges of the graph.
    most
        Most road km of each pair: sources by targets.
    rest
        What decides on the rests of drivers.
    per_rest
        The measure of one rest by the parameters of the job.
    """

    limits: Limits
    most: Floats
    rest: Rest
    per_rest: Floats

    def rests(self, ways: LimitedWays) -> Floats:
        """Rests of ways, less those that the search took for them: columns by pairs."""
        change = np.zeros(len(ways.ways) + 1)  # the last one is for -1, no way
        if ways.ways:
            starts = np.cumsum([0, *map(len, ways.ways[:-1])])
            change[:-1] = self.rest.change_of_ways(np.concatenate(ways.ways), starts)
        return change[ways.way]


CELLS = 4_000_000
"""Edges times draws that are weighted at a time, which bounds the memory."""


@dataclass(frozen=True, eq=False)
class Job:
    """Scenarios of one table of parameters, to be answered for any range of draws; it can be sent to a worker.

    Attributes
    ----------
    hierarchy, edges
        The compiled graph, and the edges of the expansion that it has; edges below are these.
    theta
        Parameters that the objective or the measure uses.
    weight, measure
        Edges by these parameters, and a last column for what is fixed. `measure` is None where it is the objective.
    masks
        Groups of pairs by scenarios by edges, True where the edge is open.
    sources, targets
        States of the origins and destinations.
    journeys
        What journeys must keep, None where every way is a journey.
    group
        Group of each pair, sources by targets: pairs that may pass the same crossings without transit.
    """

    hierarchy: Hierarchy
    edges: Ints
    theta: Theta
    weight: Any
    measure: Any
    masks: Masks
    sources: Ints
    targets: Ints
    journeys: Journeys | None
    group: Ints
    seed: int
    spread: str
    dtype: str

    def expected(self, threads: int | None = None) -> NDArray[np.floating]:
        """Matrices at expected values: scenarios by sources by targets."""
        return self._answer(np.append(self.theta.value, 1.0)[:, None], threads)[:, 0]

    def draws(self, first: int, last: int) -> NDArray[np.floating]:
        """Matrices of some draws, in one thread: scenarios by draws by sources by targets."""
        return self._answer(self._factors(first, last), 1)

    def use(self, pairs: tuple[Ints, Ints, Floats], units: Any, first: int, last: int) -> Floats:
        """Flow over each unit (rows of edges) of some draws: scenarios by draws by units.

        `pairs` are rows of the origins and of the destinations, and the flow between them.
        """
        row, column, flow = pairs
        weights = np.asarray(self.weight @ self._factors(first, last))
        found = np.zeros((self.masks.shape[1], last - first, units.shape[0]))
        group = self.group[row, column]
        for number, masks in enumerate(self.masks):
            mine = group == number
            if not mine.any():
                continue
            for scenario, mask in enumerate(masks):
                closed = np.where(mask[:, None], weights, np.inf)
                used = self._flows(closed, row[mine], column[mine], flow[mine])
                found[scenario] += (units @ used).T
        return found

    def _flows(self, weights: Floats, row: Ints, column: Ints, flow: Floats) -> Floats:
        """Flow over edges by columns, between some origins and destinations."""
        ends = self.sources[row], self.targets[column]
        if self.journeys is None:
            return np.asarray(self.hierarchy.edge_use(weights, *ends, flow=flow, each=True, progress=False))
        asked = Pairs(*ends, self.journeys.most[row, column], flow)
        limits = self.journeys.limits
        return self.hierarchy.limited(
            weights, asked, limits, wants_flow=True, wants_ways=False, progress=False
        ).used  # fmt: skip

    def _factors(self, first: int, last: int) -> Floats:
        drawn = draw(self.theta, last - first, self.seed, first=first, spread=self.spread)
        return np.vstack([drawn, np.ones(last - first)])

    def _answer(self, factors: Floats, threads: int | None) -> NDArray[np.floating]:
        if self.journeys is None:
            return self._by_matrices(factors, threads)
        shape = self.masks.shape[1], factors.shape[1], *self.group.shape
        found = np.empty(shape, dtype=self.dtype)
        step = max(8, CELLS // max(1, len(self.edges)))
        for first in range(0, shape[1], step):
            found[:, first : first + step] = self._by_ways(self.journeys, factors[:, first : first + step])
        return found

    def _by_matrices(self, factors: Floats, threads: int | None) -> NDArray[np.floating]:
        """Matrices where every way is a journey: scenarios by draws by sources by targets."""
        count, scenarios, edges = self.masks.shape
        found = self.hierarchy.matrix_of_factors(
            factors, self.weight, self.sources, self.targets,
            masks=self.masks.reshape(count * scenarios, edges), carried=self.measure, dtype=self.dtype,
            threads=threads, progress=False,
        )  # fmt: skip
        if count == 1:
            return found
        found = found.reshape(count, scenarios, *found.shape[1:])
        rows, columns = np.indices(self.group.shape)
        return np.moveaxis(found, 0, -1)[:, :, rows, columns, self.group]

    def _by_ways(self, journeys: Journeys, factors: Floats) -> Floats:
        """Matrices along best journeys: scenarios by draws by sources by targets."""
        weights = np.asarray(self.weight @ factors)
        measure = None if self.measure is None else np.asarray(self.measure @ factors)
        per_rest = journeys.per_rest @ factors
        found = np.full((self.masks.shape[1], factors.shape[1], *self.group.shape), np.inf)
        for number, masks in enumerate(self.masks):
            row, column = np.nonzero(self.group == number)
            pairs = Pairs(self.sources[row], self.targets[column], journeys.most[row, column], np.ones(len(row)))
            for scenario, mask in enumerate(masks):
                closed = np.where(mask[:, None], weights, np.inf)
                ways = self.hierarchy.limited(
                    closed, pairs, journeys.limits, measure=measure, wants_ways=bool(per_rest.any()), progress=False
                )
                value = ways.value
                if per_rest.any():
                    value = value + per_rest[:, None] * journeys.rests(ways)
                found[scenario][:, row, column] = value
        return found


def make_job(
    problems: Sequence[Problem],
    of: Measure,
    origins: Sequence[str],
    destinations: Sequence[str],
    *,
    seed: int,
    spread: str,
    dtype: str = "float64",
    every_end: bool = False,
) -> Job:
    """Compile questions that share tables, cargo unit and objective, and differ in what is open.

    Parameters
    ----------
    problems
        The questions.
    of
        Measure that is added up along the best ways.
    origins, destinations
        Ids of places.
    seed, spread
        Of the draws.
    dtype
        Type of the answers.
    every_end
        Whether the graph is compiled with the ends of all places. It serves other pairs, too, so that pairs which
        are asked one after another share it; answers for one set of ends are a quarter faster without the others.
    """
    problem = problems[0]
    e, theta = problem.expansion, problem.tables.theta
    weight = objective_rows(e, problem.objective, problem.vot_usd_t_h)
    other = measure_rows(e, of, problem.vot_usd_t_h)
    same = abs(weight - other).sum() == 0
    used = np.flatnonzero(np.diff(weight.tocsc().indptr) + np.diff(other.tocsc().indptr))
    used = used[used < len(theta.value)]
    used = np.union1d(used, list(e.rest.rows.values())).astype(np.int64)
    kept = np.append(used, len(theta.value))
    ends = None if every_end else (origins, destinations)
    quays = any(quays_open(p) for p in problems)
    graph = compiled(problem.tables, e.cargo, problem.view.season, ends, quays=quays)
    masks, group = _by_group(problems, graph.edges, origins, destinations)
    return Job(
        graph.hierarchy,
        graph.edges,
        subset(theta, used),
        weight[graph.edges][:, kept],
        None if same else other[graph.edges][:, kept],
        masks,
        np.array([e.origin[place] for place in origins], dtype=np.int64),
        np.array([e.destination[place] for place in destinations], dtype=np.int64),
        _journeys(problem, graph, of, (origins, destinations), kept),
        group,
        seed,
        spread,
        dtype,
    )


def _journeys(
    problem: Problem, graph: Graph, of: Measure, ends: tuple[Sequence[str], Sequence[str]], kept: Ints
) -> Journeys | None:
    """What makes a way a journey; None where every way is one, and none has a rest that is measured."""
    e, rule = problem.expansion, problem.rule
    per_rest = rest_row(e, of, problem.vot_usd_t_h)[kept]
    if not (rule.can_repeat or rule.min_rail_share or per_rest.any()):
        return None
    pairs = [(origin, destination) for origin in ends[0] for destination in ends[1]]
    most = most_road_km(problem.tables, pairs, rule.min_rail_share).reshape(len(ends[0]), len(ends[1]))
    return Journeys(_limits(problem, graph), most, e.rest.of_edges(graph.edges), per_rest)


def _limits(problem: Problem, graph: Graph) -> Limits:
    """What a journey must keep, by edges of a compiled graph."""
    limits = problem.rule.limits
    return Limits(limits.group, limits.spent[graph.edges], limits.balance[graph.edges])


def least_weights(graph: Graph, problem: Problem, pairs: Sequence[tuple[str, str]], weights: Floats) -> Floats:
    """Weight of the best journey of each pair, for columns of weights.

    Parameters
    ----------
    graph, problem
        A compiled graph, and a question to it that says what a journey is.
    pairs
        Ids of origin and destination.
    weights
        Edges of the graph by columns.

    Returns
    -------
    ndarray
        Columns by pairs, `inf` where there is no journey.
    """
    e = problem.expansion
    asked = Pairs(
        np.array([e.origin[origin] for origin, _ in pairs], dtype=np.int64),
        np.array([e.destination[destination] for _, destination in pairs], dtype=np.int64),
        most_road_km(problem.tables, pairs, problem.rule.min_rail_share),
        np.ones(len(pairs)),
    )
    return graph.hierarchy.limited(weights, asked, _limits(problem, graph), wants_ways=False).value


def rest_row(e: Expansion, of: Measure, vot_usd_t_h: float) -> Floats:
    """Measure of one rest of drivers by parameters, and a last one for what is fixed."""
    found = np.zeros(e.incidence["hours"].shape[1] + 1)
    for quantity, row in e.rest.rows.items():
        if of is GENERALIZED:
            found[row] += {"hours": vot_usd_t_h, "cost": 1.0}.get(quantity, 0.0)
        elif quantity == of.quantity:
            found[row] += 1.0
    return found


def _by_group(
    problems: Sequence[Problem], edges: Ints, origins: Sequence[str], destinations: Sequence[str]
) -> tuple[Masks, Ints]:
    """Open edges by group of pairs and problem, and the group of each pair; groups with the same edges are one."""
    masks: list[Masks] = []
    group = np.zeros((len(origins), len(destinations)), dtype=np.int64)
    for allowed, pairs in groups(problems[0].tables, origins, destinations):
        mine = np.stack([np.isfinite(p.passing(allowed).weight[edges]) for p in problems])
        same = next((number for number, other in enumerate(masks) if np.array_equal(other, mine)), len(masks))
        group[pairs] = same
        masks += [mine] if same == len(masks) else []
    return np.stack(masks), group


def subset(theta: Theta, rows: Ints) -> Theta:
    """Keep some of the parameters; their draws do not change."""
    names = [theta.names[row] for row in rows]
    return Theta(theta.table.iloc[rows], theta.value[rows], theta.low[rows], theta.high[rows], names)
