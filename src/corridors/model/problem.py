"""Problem: a question laid on a network, with the weight of every edge and what may be used on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from corridors.base.cache import Slot, unchanged
from corridors.base.errors import InputError, ParameterError, UnknownNameError
from corridors.base.names import near
from corridors.data.closures import bordering, pair_of
from corridors.data.countries import country_code
from corridors.data.tables import Tables
from corridors.model.builder import expand
from corridors.model.charter import chartered, require_ports
from corridors.model.expansion import MODES, EdgeKind, Expansion, Floats, Ints
from corridors.model.journey import Rule, rule_of
from corridors.model.question import By, Question
from corridors.model.search import Search
from corridors.model.targets import crossings_between
from corridors.model.transit import Passes, barred, groups, passes
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
class Problem(Search):
    """A network in view, expanded for one cargo unit and weighted for one objective.

    `weight` has one number per edge; edges that cannot be used are infinite. Crossings without transit are open only to
    journeys from one of their countries to the other: `passes` has those that this problem takes, `barred` the edges
    that are closed for this reason alone.
    """

    tables: Tables
    view: View
    expansion: Expansion
    question: Question
    weight: Floats
    passes: Passes = frozenset()
    barred: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def between(self, origin: str, destination: str) -> Problem:
        """Same question for one pair of places, with the crossings without transit that it may pass."""
        return self.passing(passes(self.tables, origin, destination))

    def by_pairs(self, origins: Sequence[str], destinations: Sequence[str]) -> list[tuple[Problem, Mask]]:
        """Problems that answer some pairs, each with the mask of its pairs: origins by destinations."""
        found: dict[int, tuple[Problem, Mask]] = {}
        for allowed, pairs in groups(self.tables, origins, destinations):
            problem = self.passing(allowed)
            _, before = found.get(id(problem), (problem, np.zeros_like(pairs)))
            found[id(problem)] = problem, before | pairs
        return list(found.values())

    def require_ends(self, places: Iterable[str]) -> None:
        """Refuse places where no journey of these modes can begin or end, whatever is open: by sea alone, no ports."""
        require_ports(self.tables, self.question.cargo, modes_of(self.question), places)

    def passing(self, allowed: Passes) -> Problem:
        """Same question with some crossings without transit open; the same problem if that opens nothing."""
        opened = np.isin(self.expansion.crossing[self.barred], list(allowed))
        if self.passes <= allowed and not opened.any():
            return self
        return make_problem(self.tables, self.view, self.question, allowed)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is worked out again in moments."""
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}

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

    def without(self, closed: Mapping[str, Ints]) -> Problem:
        """Same question with some things avoided as well, whose edges are known.

        Parameters
        ----------
        closed
            Edges of each thing, from `edges_of`.
        """
        weight = self.weight.copy()
        for edges in closed.values():
            weight[edges] = np.inf
        weight.flags.writeable = False
        question = replace(self.question, avoid=(*self.question.avoid, *closed))
        made = replace(self, question=question, weight=weight)
        # it depends on the expansion and the share of rail alone
        made.__dict__["rule"] = self.rule
        return made

    def edges_of(self, name: str) -> Ints:
        """Edges that use a country, mode, crossing, link, project, service or place.

        Parameters
        ----------
        name
            Its id or name.

        Raises
        ------
        UnknownNameError
            If there is no such thing.
        """
        return np.flatnonzero(_touches(self.tables, self.expansion, name))

    @cached_property
    def rule(self) -> Rule:
        """What a journey must keep."""
        return rule_of(self.expansion, self.question.min_rail_share)


def make_problem(tables: Tables, view: View, question: Question, allowed: Passes = frozenset()) -> Problem:
    """Expand, mask and weight a network in view; the most recent problems are kept with the tables.

    Parameters
    ----------
    tables, view, question
        What is asked of which network.
    allowed
        Crossings without transit that may be passed, from `corridors.model.transit.passes`; none by default.

    Raises
    ------
    InputError, UnknownNameError
        If the cargo unit, a mode or a thing to avoid is unknown, or ships are to be chartered without distances.
    """
    key = (view, question, allowed)
    return tables.cache.get(_PROBLEMS, key, lambda: _make_problem(tables, view, question, allowed))


def _make_problem(tables: Tables, view: View, question: Question, allowed: Passes) -> Problem:
    if question.charter:
        tables = chartered(tables)
    expansion = expand(tables, question.cargo, view.season, question.load)
    weight = edge_weight(expansion, question.objective, question.vot_usd_t_h)
    in_use = expansion.in_use(usable(tables, view))
    modes = modes_of(question)
    open_edges = in_use & _in_modes(expansion, question.modes) & ~shut_quays(expansion, in_use, modes)
    for name in question.avoid:
        open_edges &= ~_touches(tables, expansion, name)
    shut = open_edges & barred(tables, expansion, allowed)
    weight = np.where(open_edges & ~shut, weight, np.inf)
    weight.flags.writeable = False  # the problem is kept, and the next route is found with it
    return Problem(tables, view, expansion, question, weight, allowed, np.flatnonzero(shut))


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


def modes_of(question: Question) -> frozenset[str]:
    """Modes that a question may use: those it names, or all, without those that it avoids."""
    return frozenset(MODES if question.modes is None else question.modes) - set(question.avoid)


def shut_quays(e: Expansion, in_use: Mask, modes: frozenset[str]) -> Mask:
    """Quays where no journey begins or ends, because the place has a land state in use in these modes.

    Where a journey may go by land it begins and ends on land, so that the work of the port is never left out. By sea
    alone, or by rail and sea at a port without a railway, it begins and ends at the quay.

    Parameters
    ----------
    e
        The expanded network.
    in_use
        Edges in use.
    modes
        Modes that may be used.

    Returns
    -------
    ndarray
        True for the edges of such quays, False for all other edges.
    """
    if modes.issuperset(MODES):
        return e.at_quay
    usable_edges = in_use & np.isin(e.mode, list(modes))
    ends = usable_edges & np.isin(e.kind, (EdgeKind.START, EdgeKind.END))
    passed = usable_edges & ~ends & ~e.at_quay
    touched = np.zeros(len(e.states), dtype=bool)
    touched[e.tail[passed]] = touched[e.head[passed]] = True
    on_land = {*e.head_place[ends & touched[e.head]], *e.tail_place[ends & touched[e.tail]]}
    place = np.where(e.from_origin, e.tail_place, e.head_place)
    return e.at_quay & np.isin(place.astype(str), list(on_land))


_COUNTRIES = Slot[set[str]]("countries of the network", most=1, carried=unchanged)


def _touches(tables: Tables, e: Expansion, name: str) -> Mask:
    """Find the edges that use a country, mode, crossing, pair of countries, link, terminal, service or place."""
    if name in MODES:
        return np.asarray(e.mode == name, dtype=bool)
    code = country_code(name) or name.upper()
    if code in tables.cache.get(_COUNTRIES, "", lambda: set(tables["places"]["country"])):
        return np.array([code in passed for passed in e.countries], dtype=bool)
    for table, index in (("crossings", e.crossing), ("links", e.link), ("terminals", e.terminal)):
        if name in tables.rows(table):
            return np.asarray(index == tables.rows(table)[name], dtype=bool)
    if (pair := pair_of(name)) is not None and pair in bordering(tables.frames):
        return np.isin(e.crossing, np.flatnonzero(crossings_between(tables, pair)))
    services = np.flatnonzero((tables["services"]["service"] == name) | (tables["services"]["id"] == name))
    if len(services):
        return np.isin(e.service, services)
    try:
        place = tables.place(name)
    except UnknownNameError as error:
        hints = error.matches or near(name, [*tables.rows("crossings"), *tables.rows("links")])
        raise UnknownNameError(
            "country, pair of countries, mode, crossing, link, service or place", name, hints
        ) from None
    through = (e.tail_place == place) | (e.head_place == place)
    return np.asarray(through, dtype=bool)
