"""Edges while an expansion is being built, and the arrays that they become."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd

from corridors.base.units import QUANTITIES
from corridors.data.tables import Tables
from corridors.model import rest
from corridors.model.expansion import EdgeKind, Expansion, Floats, Ints, PlaceState, Term, Terms
from corridors.model.resolver import Resolver

Row = dict[Hashable, Any]
"""A row of a table."""


@dataclass(slots=True)
class Edge:
    """One directed edge while the expansion is being built."""

    kind: EdgeKind
    tail: PlaceState
    head: PlaceState
    mode: str
    countries: tuple[str, ...] = ()
    km: float = 0.0
    link: int = -1
    crossing: int = -1
    terminal: int = -1
    service: int = -1
    shift: int = -1
    headway: float = 0.0
    terms: list[Term] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class EdgeArrays:
    """Many directed edges while the expansion is being built: the columns of `Edge`.

    Attributes
    ----------
    states
        States at the ends of the edges; `tail` and `head` are numbers in this list.
    template
        Number of the terms of each edge in `templates`.
    scale
        Factor of the coefficients of these terms: km where the terms are those of one km, else 1.
    """

    states: list[PlaceState]
    templates: list[list[Term]]
    kind: Ints
    tail: Ints
    head: Ints
    mode: Any
    countries: Any
    km: Floats
    link: Ints
    crossing: Ints
    terminal: Ints
    service: Ints
    shift: Ints
    headway: Floats
    template: Ints
    scale: Floats

    def taken(self, order: Ints) -> EdgeArrays:
        """Same edges in another order."""
        return replace(self, **{name: getattr(self, name)[order] for name in _COLUMNS})


_COLUMNS = tuple(column.name for column in fields(EdgeArrays) if column.name not in ("states", "templates"))


def objects(values: Sequence[Any]) -> Any:
    """Array of Python objects, tuples among them, one per entry."""
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found


def collected(edges: Sequence[Edge]) -> EdgeArrays:
    """Arrays of edges that were made one by one, in their order."""
    states: dict[PlaceState, int] = {}
    for edge in edges:
        for state in (edge.tail, edge.head):
            states.setdefault(state, len(states))

    def column(name: str, dtype: Any) -> Any:
        return np.array([getattr(e, name) for e in edges], dtype=dtype)

    return EdgeArrays(
        states=list(states),
        templates=[e.terms for e in edges],
        tail=np.array([states[e.tail] for e in edges], dtype=np.int64),
        head=np.array([states[e.head] for e in edges], dtype=np.int64),
        mode=column("mode", object),
        countries=objects([e.countries for e in edges]),
        template=np.arange(len(edges)),
        scale=np.ones(len(edges)),
        **{name: column(name, float) for name in ("km", "headway")},
        **{name: column(name, np.int64) for name in ("kind", "link", "crossing", "terminal", "service", "shift")},
    )


def joined(parts: Sequence[EdgeArrays]) -> EdgeArrays:
    """Edges of some parts, one part after another; states are numbered in the order in which edges name them."""
    states: dict[PlaceState, int] = {}
    tails, heads, numbers = [], [], []
    templates: list[list[Term]] = []
    for part in parts:
        here = np.array([states.setdefault(state, len(states)) for state in part.states], dtype=np.int64)
        tails.append(here[part.tail])
        heads.append(here[part.head])
        numbers.append(part.template + len(templates))
        templates += part.templates
    ends = np.stack([np.concatenate(tails), np.concatenate(heads)], axis=1)
    codes, order = pd.factorize(ends.ravel())
    all_states = list(states)
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS}
    columns["tail"], columns["head"] = codes.reshape(-1, 2).astype(np.int64).T.copy()
    columns["template"] = np.concatenate(numbers)
    return EdgeArrays([all_states[state] for state in order.tolist()], templates, **columns)


def in_arrays(edges: EdgeArrays, tables: Tables, resolver: Resolver, attributes: Mapping[str, str]) -> Expansion:
    """Turn collected edges into the arrays of an expansion.

    Parameters
    ----------
    edges
        Edges, in the order in which they are to be numbered.
    tables
        The tables that they were made of.
    resolver
        Finds the parameters of rests.
    attributes
        `cargo` and `season` of the expansion.
    """
    terms, value = _terms(edges), tables.theta.value
    rest_rows = _rest_rows(resolver, attributes, terms, edges.shift)
    shifts = rest.shifts_of(rest_rows, value, edges.km)
    terms = terms.with_shifts(rest_rows, shifts)
    systems = list(map(itemgetter(1), edges.states))  # by place, as names of tuples take several times as long
    at = {end: [i for i, system in enumerate(systems) if system == end] for end in ("origin", "destination")}
    names = ("kind", "tail", "head", "mode", "countries", "km", "headway", "link", "crossing", "terminal", "service")
    return Expansion(
        cargo=attributes["cargo"],
        states=edges.states,
        origin={edges.states[i].place: i for i in at["origin"]},
        destination={edges.states[i].place: i for i in at["destination"]},
        **{name: getattr(edges, name) for name in names},
        terms=terms,
        incidence={m.quantity: terms.incidence(m.quantity, len(value)) for m in QUANTITIES},
        values={},
        rest_rows=rest_rows,
        rest=rest.Rest(shifts, np.zeros(len(shifts)), {}, {}),
    ).with_parameters(tables)


def _terms(edges: EdgeArrays) -> Terms:
    """Lay the terms of all edges out one after another."""
    entries = [term for template in edges.templates for term in template]
    first = np.append(0, np.cumsum([len(template) for template in edges.templates])).astype(np.int64)
    count = np.diff(first)[edges.template]
    start = np.append(0, np.cumsum(count)).astype(np.int64)
    entry = np.arange(start[-1]) + np.repeat(first[edges.template] - start[:-1], count)
    coefficient = np.array([term.coefficient for term in entries], dtype=float)
    return Terms(
        start,
        np.array([term.component for term in entries], dtype=object)[entry],
        np.array([term.quantity for term in entries], dtype=object)[entry],
        coefficient[entry] * np.repeat(edges.scale, count),
        np.array([term.parameter for term in entries], dtype=np.int64)[entry],
    )


def _rest_rows(resolver: Resolver, attributes: Mapping[str, str], terms: Terms, shift: Ints) -> rest.RestRows:
    """Parameters behind the rests of drivers."""
    on_road = {"mode": "road", **attributes}
    found = {m.quantity: resolver.find(rest.COMPONENT, m.quantity, on_road) for m in QUANTITIES}
    rows = {quantity: row for quantity, row in found.items() if row is not None}
    layover = resolver.find("layover", "hours", on_road) if rows else None
    haul = np.full(len(shift), -1, dtype=np.int64)
    driving = (terms.component == "line_haul") & (terms.quantity == "hours")
    haul[terms.edge[driving]] = terms.parameter[driving]
    return rest.RestRows(haul, shift, rows, -1 if layover is None else layover)
