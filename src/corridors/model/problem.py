"""Shortest paths on the expansion: one best route, many pairs at once, and what may be used on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from corridors.base.cache import Slot
from corridors.base.errors import InputError, ParameterError, UnknownNameError
from corridors.base.names import near
from corridors.data.tables import Tables
from corridors.model.builder import expand
from corridors.model.expansion import MODES, Expansion, Floats, Ints
from corridors.model.question import By, Question
from corridors.model.view import Mask, View, usable

TIE_H = 1e-6
"""Weight of an hour where hours are not the objective: among equals the faster way wins."""


class Journey(Protocol):
    """A way that answers a question: what parts, totals and profiles need of a route."""

    @property
    def problem(self) -> Problem:
        """The question."""

    @property
    def edges(self) -> Sequence[int]:
        """Edges of the expansion in order."""

    @property
    def origin(self) -> str:
        """Place where it begins."""

    @property
    def destination(self) -> str:
        """Place where it ends."""

    @property
    def via(self) -> Sequence[str]:
        """Places that had to be passed."""


@dataclass(frozen=True, eq=False)
class Problem:
    """A network in view, expanded for one cargo unit and weighted for one objective.

    `weight` has one number per edge; edges that cannot be used are infinite.
    """

    tables: Tables
    view: View
    expansion: Expansion
    question: Question
    weight: Floats

    def __post_init__(self) -> None:
        # the search is native code, which runs on for ever or ends the process on such numbers
        wrong = np.flatnonzero(~(self.weight >= 0))
        if len(wrong):
            edge = int(wrong[0])
            where = f"{self.expansion.tail_place[edge]} to {self.expansion.head_place[edge]}"
            raise ParameterError(
                f"{len(wrong)} edges have an impossible {self.by}, the first from {where}: {self.weight[edge]:g}; zero "
                "or more is expected. net.check() names wrong lengths and parameters."
            )

    @property
    def objective(self) -> By:
        """Objective: a measure, or weights of several."""
        return self.question.objective

    @property
    def vot_usd_t_h(self) -> float:
        """Value of time in USD per tonne and hour."""
        return self.question.vot_usd_t_h

    @property
    def by(self) -> str:
        """The objective in words."""
        if isinstance(self.objective, str):
            return self.objective
        return " + ".join(f"{share:g} {name}" for name, share in self.objective.items())

    def reweighted(self, values: Mapping[str, Floats]) -> Problem:
        """Same question with other hours, cost and emissions of the edges; what is closed stays closed."""
        weight = edge_weight(self.expansion, self.objective, self.vot_usd_t_h, values)
        return replace(self, weight=np.where(np.isfinite(self.weight), weight, np.inf))

    @cached_property
    def _best(self) -> tuple[scipy.sparse.csr_array, Ints]:
        """Adjacency with the best of parallel edges, and the edge behind each entry."""
        e = self.expansion
        usable_edges = np.flatnonzero(np.isfinite(self.weight))
        order = usable_edges[np.lexsort((self.weight[usable_edges], e.head[usable_edges], e.tail[usable_edges]))]
        pair = e.tail[order] * len(e.states) + e.head[order]
        first = np.append(True, pair[1:] != pair[:-1]) if len(order) else np.zeros(0, dtype=bool)
        chosen = order[first]
        n = len(e.states)
        start = np.searchsorted(e.tail[chosen], np.arange(n + 1))
        # built directly: a conversion from coordinates would drop or add up entries
        graph = scipy.sparse.csr_array((self.weight[chosen], e.head[chosen], start), shape=(n, n))
        return graph, chosen

    def edge_between(self, tail: int, head: int) -> int:
        """Best edge between two neighbouring states."""
        graph, chosen = self._best
        begin, end = graph.indptr[tail], graph.indptr[tail + 1]
        return int(chosen[begin + np.searchsorted(graph.indices[begin:end], head)])

    def trees(self, sources: Sequence[int]) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        """Weights and predecessors of all states from each source state: two arrays, sources by states."""
        graph, _ = self._best
        return scipy.sparse.csgraph.dijkstra(
            graph, indices=np.asarray(sources, dtype=np.int64), return_predecessors=True
        )

    def path(self, source: int, target: int, predecessors: NDArray[np.int32]) -> list[int]:
        """Unpack the edges of one path from a tree of predecessors."""
        edges: list[int] = []
        while target != source:
            before = int(predecessors[target])
            edges.append(self.edge_between(before, target))
            target = before
        return edges[::-1]

    def best_path(self, origin: str, destination: str, via: Sequence[str] = ()) -> list[int] | None:
        """Find the edges of the best way from place to place, or None where there is none.

        Places of `via` are passed in this order and in any system; a journey does not end there, so there is no
        change of system without a terminal.
        """
        e = self.expansion
        source, target = e.origin.get(origin), e.destination.get(destination)
        if source is None or target is None:
            return None
        if not via:
            distance, before = self.trees([source])
            return self.path(source, target, before[0]) if np.isfinite(distance[0, target]) else None
        return self._path_via(source, target, via)

    def _path_via(self, source: int, target: int, via: Sequence[str]) -> list[int] | None:
        """Search layers of the graph, one per part of the journey, joined at the places of `via`."""
        graph, _ = self._best
        n, parts = graph.shape[0], len(via) + 1
        layers = scipy.sparse.block_diag([graph] * parts, format="coo")
        states = self.expansion.states
        rows, columns = [layers.row], [layers.col]
        for layer, place in enumerate(via):
            here = np.array([i for i, s in enumerate(states) if s.place == place and not s.border and not s.is_end])
            rows.append(here + layer * n)
            columns.append(here + (layer + 1) * n)
        joints = sum(map(len, rows[1:]))
        row, column = np.concatenate(rows), np.concatenate(columns)
        # an explicit zero would be taken for no edge while the matrix is put together
        weight = np.concatenate([layers.data, np.full(joints, 1e-12)])
        stacked = scipy.sparse.csr_array((weight, (row, column)), shape=(n * parts, n * parts))
        distance, before = scipy.sparse.csgraph.dijkstra(stacked, indices=np.array([source]), return_predecessors=True)
        at = target + (parts - 1) * n
        if not np.isfinite(distance[0, at]):
            return None
        edges: list[int] = []
        while at != source:
            previous = int(before[0, at])
            if previous // n == at // n:
                edges.append(self.edge_between(previous % n, at % n))
            at = previous
        return edges[::-1]


def make_problem(tables: Tables, view: View, question: Question) -> Problem:
    """Expand, mask and weight a network in view; the most recent problems are kept with the tables.

    Raises
    ------
    InputError, UnknownNameError
        If the cargo unit, a mode or a thing to avoid is unknown.
    """
    return tables.cache.get(_PROBLEMS, (view, question), lambda: _make_problem(tables, view, question))


def _make_problem(tables: Tables, view: View, question: Question) -> Problem:
    expansion = expand(tables, question.cargo, view.season)
    weight = edge_weight(expansion, question.objective, question.vot_usd_t_h)
    open_edges = expansion.in_use(usable(tables, view)) & _in_modes(expansion, question.modes)
    for name in question.avoid:
        open_edges &= ~_touches(tables, expansion, name)
    weight = np.where(open_edges, weight, np.inf)
    weight.flags.writeable = False  # the problem is kept, and the next route is found with it
    return Problem(tables, view, expansion, question, weight)


_PROBLEMS = Slot[Problem]("problems by view and question", most=8)


def edge_weight(
    expansion: Expansion,
    by: str | Mapping[str, float],
    vot_usd_t_h: float,
    values: Mapping[str, Floats] | None = None,
) -> Floats:
    """Weight of every edge under an objective.

    Parameters
    ----------
    expansion
        The expanded network.
    by
        A measure, or weights of several, such as `{"cost": 1, "co2e": 0.1}`.
    vot_usd_t_h
        Value of time (USD per tonne and hour) in generalized cost = cost + value of time x hours.
    values
        Hours, cost and emissions of the edges; the expected ones by default.
    """
    values = expansion.values if values is None else values
    return np.asarray(objective(expansion.km, values, by, vot_usd_t_h), dtype=float)


def objective(km: Any, values: Mapping[str, Any], by: str | Mapping[str, float], vot_usd_t_h: float) -> Any:
    """Put an objective together from length, hours, cost and emissions: of edges, or as rows of parameters."""
    single = {
        "generalized": values["cost"] + vot_usd_t_h * values["hours"],
        "hours": values["hours"],
        "cost": values["cost"] + TIE_H * values["hours"],
        "distance": km + TIE_H * values["hours"],
        "co2e": values["emissions"] + TIE_H * values["hours"],
    }
    parts = {by: 1.0} if isinstance(by, str) else by
    return sum(share * single[name] for name, share in parts.items())


def _in_modes(expansion: Expansion, modes: Iterable[str] | None) -> Mask:
    if modes is None:
        return np.ones(len(expansion), dtype=bool)
    wanted = set(modes)
    for mode in wanted - set(MODES):
        raise InputError("modes", mode, f"any of {', '.join(MODES)}")
    return np.asarray(np.isin(expansion.mode, list(wanted)), dtype=bool)


def _touches(tables: Tables, e: Expansion, name: str) -> Mask:
    """Find the edges that use a country, mode, crossing, link, project, service or place."""
    if name in MODES:
        return np.asarray(e.mode == name, dtype=bool)
    countries = set(tables["places"]["country"])
    if isinstance(name, str) and name.upper() in countries:
        return np.array([name.upper() in c for c in e.countries], dtype=bool)
    for table, index in (("crossings", e.crossing), ("links", e.link), ("terminals", e.terminal)):
        if name in tables.rows(table):
            return np.asarray(index == tables.rows(table)[name], dtype=bool)
    services = np.flatnonzero((tables["services"]["service"] == name) | (tables["services"]["id"] == name))
    if len(services):
        return np.isin(e.service, services)
    try:
        place = tables.place(name)
    except UnknownNameError as error:
        hints = error.matches or near(name, [*tables.rows("crossings"), *tables.rows("links")])
        raise UnknownNameError("country, mode, crossing, link, service or place", name, hints) from None
    through = (e.tail_place == place) | (e.head_place == place)
    return np.asarray(through, dtype=bool)


def measure_along(problem: Problem, sources: Sequence[int], targets: Sequence[int], per_edge: Floats) -> pd.DataFrame:
    """Add up a measure along the best ways between states.

    Returns
    -------
    DataFrame
        Sources by targets; `inf` where there is no way.
    """
    e = problem.expansion
    distance, before = problem.trees(sources)
    found = np.full((len(sources), len(targets)), np.inf)
    for i, source in enumerate(sources):
        total = np.full(len(e.states), np.nan)
        total[source] = 0.0
        for target in targets:
            if not np.isfinite(distance[i, target]):
                total[target] = np.inf
                continue
            chain, state = [], int(target)
            while np.isnan(total[state]):
                chain.append(state)
                state = int(before[i, state])
            for onward in reversed(chain):
                total[onward] = total[state] + per_edge[problem.edge_between(state, onward)]
                state = onward
        found[i] = total[list(targets)]
    return pd.DataFrame(found)
