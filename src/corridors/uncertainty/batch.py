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

from corridors.base.cache import Slot, unchanged
from corridors.base.units import DISTANCE, GENERALIZED, Measure
from corridors.data.parameters import Theta
from corridors.data.tables import Tables
from corridors.engine import Hierarchy
from corridors.model.builder import expand
from corridors.model.expansion import Expansion
from corridors.model.problem import Problem, objective
from corridors.uncertainty.draws import draw

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Masks = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Graph:
    """A compiled graph, and the edges of the expansion that it has."""

    hierarchy: Hierarchy
    edges: Ints


_GRAPHS = Slot[Graph]("compiled graphs by cargo unit, season and ends", most=6, carried=unchanged)


def compiled(
    tables: Tables,
    cargo: str,
    season: str = "",
    ends: tuple[Sequence[str], Sequence[str]] | None = None,
    *,
    quays: bool = True,
) -> Graph:
    """Compile the expansion of a network; the most recent graphs are kept with the tables.

    Parameters
    ----------
    tables, cargo, season
        As in `expand`.
    ends
        Origins and destinations that are asked for; where journeys begin and end elsewhere is left out. All by
        default.
    quays
        Whether journeys may begin and end at the quays of ports; without them, the graph is that of other questions.

    >>> import corridors as co
    >>> tables = co.load().tables
    >>> compiled(tables, "container") is compiled(tables, "container")
    True
    """
    key = (cargo, season, None if ends is None else tuple(map(tuple, ends)), quays)
    return tables.cache.get(_GRAPHS, key, lambda: _compile(expand(tables, cargo, season), ends, quays=quays))


def _compile(e: Expansion, ends: tuple[Sequence[str], Sequence[str]] | None, *, quays: bool) -> Graph:
    kept = np.ones(len(e), dtype=bool) if quays else ~e.at_quay
    if ends is not None:
        sides = ((e.from_origin, e.tail_place), (e.to_destination, e.head_place))
        for (at_end, place), asked in zip(sides, ends, strict=True):
            kept &= ~at_end | np.isin(place.astype(str), list(asked))
    edges = np.flatnonzero(kept)
    return Graph(Hierarchy.build(len(e.states), e.tail[edges], e.head[edges]), edges)


def quays_open(problem: Problem) -> bool:
    """Whether any journey of a question may begin or end at a quay."""
    return bool(np.isfinite(problem.weight[problem.expansion.at_quay]).any())


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
        Scenarios by edges, True where the edge is open.
    sources, targets
        States of the origins and destinations.
    """

    hierarchy: Hierarchy
    edges: Ints
    theta: Theta
    weight: Any
    measure: Any
    masks: Masks
    sources: Ints
    targets: Ints
    seed: int
    spread: str
    dtype: str

    def expected(self) -> NDArray[np.floating]:
        """Matrices at expected values: scenarios by sources by targets."""
        return self._answer(np.append(self.theta.value, 1.0)[:, None])[:, 0]

    def draws(self, first: int, last: int) -> NDArray[np.floating]:
        """Matrices of some draws: scenarios by draws by sources by targets."""
        return self._answer(self._factors(first, last))

    def use(self, pairs: tuple[Ints, Ints], flow: Floats, units: Any, first: int, last: int) -> Floats:
        """Flow over each unit (rows of edges) of some draws: scenarios by draws by units."""
        weights = np.asarray(self.weight @ self._factors(first, last))
        found = []
        for mask in self.masks:
            closed = np.where(mask[:, None], weights, np.inf)
            used = self.hierarchy.edge_use(closed, *pairs, flow=flow, each=True, progress=False)
            found.append((units @ used).T)
        return np.stack(found)

    def _factors(self, first: int, last: int) -> Floats:
        drawn = draw(self.theta, last - first, self.seed, first=first, spread=self.spread)
        return np.vstack([drawn, np.ones(last - first)])

    def _answer(self, factors: Floats) -> NDArray[np.floating]:
        return self.hierarchy.matrix_of_factors(
            factors, self.weight, self.sources, self.targets,
            masks=self.masks, carried=self.measure, dtype=self.dtype, progress=False,
        )  # fmt: skip


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
    kept = np.append(used, len(theta.value))
    ends = None if every_end else (origins, destinations)
    quays = any(quays_open(p) for p in problems)
    graph = compiled(problem.tables, e.cargo, problem.view.season, ends, quays=quays)
    return Job(
        graph.hierarchy,
        graph.edges,
        subset(theta, used),
        weight[graph.edges][:, kept],
        None if same else other[graph.edges][:, kept],
        np.stack([np.isfinite(p.weight[graph.edges]) for p in problems]),
        np.array([e.origin[place] for place in origins], dtype=np.int64),
        np.array([e.destination[place] for place in destinations], dtype=np.int64),
        seed,
        spread,
        dtype,
    )


def subset(theta: Theta, rows: Ints) -> Theta:
    """Keep some of the parameters; their draws do not change."""
    names = [theta.names[row] for row in rows]
    return Theta(theta.table.iloc[rows], theta.value[rows], theta.low[rows], theta.high[rows], names)
