"""Edges while an expansion is being built, and the arrays that they become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from corridors.base.units import QUANTITIES
from corridors.data.tables import Tables
from corridors.model import rest
from corridors.model.expansion import EdgeKind, Expansion, Ints, PlaceState, Term, Terms
from corridors.model.resolver import Resolver


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


def in_arrays(edges: list[Edge], tables: Tables, resolver: Resolver, attributes: Mapping[str, str]) -> Expansion:
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
    states: dict[PlaceState, int] = {}
    for edge in edges:
        for state in (edge.tail, edge.head):
            states.setdefault(state, len(states))
    terms = _terms(edges)
    countries = np.empty(len(edges), dtype=object)
    countries[:] = [e.countries for e in edges]

    def column(name: str, dtype: Any) -> Any:
        return np.array([getattr(e, name) for e in edges], dtype=dtype)

    km, rest_rows = column("km", float), _rest_rows(resolver, attributes, terms, column("shift", np.int64))
    nothing = np.zeros(len(edges))
    return Expansion(
        cargo=attributes["cargo"],
        states=list(states),
        origin={s.place: i for s, i in states.items() if s.system == "origin"},
        destination={s.place: i for s, i in states.items() if s.system == "destination"},
        kind=column("kind", np.int64),
        tail=np.array([states[e.tail] for e in edges], dtype=np.int64),
        head=np.array([states[e.head] for e in edges], dtype=np.int64),
        mode=column("mode", object),
        countries=countries,
        km=km,
        headway=column("headway", float),
        **{name: column(name, np.int64) for name in ("link", "crossing", "terminal", "service")},
        terms=terms,
        incidence={m.quantity: terms.incidence(m.quantity, len(tables.theta.value)) for m in QUANTITIES},
        values={},
        rest_rows=rest_rows,
        rest=rest.Rest(nothing, nothing, {}, {}),
    ).with_parameters(tables)


def _terms(edges: list[Edge]) -> Terms:
    """Lay the terms of all edges out one after another."""
    start = np.append(0, np.cumsum([len(e.terms) for e in edges])).astype(np.int64)
    rows = [term for e in edges for term in e.terms]
    return Terms(
        start,
        np.array([term.component for term in rows], dtype=object),
        np.array([term.quantity for term in rows], dtype=object),
        np.array([term.coefficient for term in rows], dtype=float),
        np.array([term.parameter for term in rows], dtype=np.int64),
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
