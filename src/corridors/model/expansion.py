"""Expansion: a place becomes one state per system it serves, and all that costs time becomes an edge.

For one cargo unit the union of all links, existing and planned, is expanded once. A state is a place on a system
(`road`, `rail-1520`, `rail-1435`, `rail-1676`, or one shipping service). Edges between states are

- `line_haul`: a link within one country,
- `border`: the passage of a crossing, exit from one country and entry to the next,
- `transfer`, `gauge_change`, `port`: work of a terminal, only where one does it for this cargo unit,
- `sea`: a hop of a shipping service; the wait for the ship sits on the port edge that boards it,
- `start`, `end`: from and to the place itself, in its land states only.

A wagonload must travel on rail at least part of the way, so its states come twice: before and after moving on rail.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from corridors.base import names
from corridors.base.errors import InputError
from corridors.data import schema
from corridors.data.tables import Tables
from corridors.model.resolver import MEASURES, Resolver
from corridors.model.view import Mask, Usable

CARGO = ("wagon", "container", "truck")
MODES = ("rail", "road", "sea")
KINDS = ("start", "line_haul", "border", "gauge_change", "transfer", "port", "sea", "end")

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
State = tuple[str, str, int]
"""Place or border point, system, and phase (1 once a wagonload has moved on rail)."""

Point = tuple[str, str]
"""Place or border point, and system."""

Term = tuple[str, str, float, int]
"""Component, measure, coefficient and parameter."""

Row = dict[Hashable, Any]
"""A row of a table."""

_LINK_COLUMNS = [
    "id",
    "from_id",
    "to_id",
    "mode",
    "gauge_mm",
    "class",
    "line",
    "length_km",
    "crossing",
    "border_km",
    "traction",
]


@dataclass(slots=True)
class Edge:
    """One directed edge while the expansion is being built."""

    kind: str
    tail: State
    head: State
    mode: str
    countries: tuple[str, ...] = ()
    km: float = 0.0
    link: int = -1
    crossing: int = -1
    terminal: int = -1
    service: int = -1
    terms: list[Term] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Expansion:
    """Immutable arrays of the expanded graph of one cargo unit.

    `incidence[measure]` is a sparse matrix of shape (edges, parameters); `terms` names the component of each of
    its entries.
    """

    cargo: str
    states: list[State]
    origin: dict[str, int]
    destination: dict[str, int]
    kind: Ints
    tail: Ints
    head: Ints
    mode: NDArray[np.object_]
    countries: list[tuple[str, ...]]
    km: Floats
    link: Ints
    crossing: Ints
    terminal: Ints
    service: Ints
    terms: list[list[Term]]
    incidence: Mapping[str, Any]
    values: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.kind)

    @cached_property
    def tail_place(self) -> NDArray[np.object_]:
        """Place of the tail of each edge."""
        return np.array([self.states[i][0] for i in self.tail], dtype=object)

    @cached_property
    def head_place(self) -> NDArray[np.object_]:
        """Place of the head of each edge."""
        return np.array([self.states[i][0] for i in self.head], dtype=object)

    def in_use(self, usable: Usable) -> Mask:
        """Give the edges that can be used."""

        def take(rows: Mask, index: Ints) -> Mask:
            return np.append(rows, True)[index]

        found = take(usable.links, self.link) & take(usable.terminals, self.terminal)
        found &= take(usable.services, self.service)
        for mode, rows in usable.crossings.items():
            found &= take(rows, self.crossing) | (self.mode != mode)
        return found


def expand(tables: Tables, cargo: str, season: str = "") -> Expansion:
    """Expand the network for one cargo unit and season; the result is kept with the tables.

    Raises
    ------
    InputError
        If the cargo unit is unknown.
    ParameterError
        If an edge finds no value for a component that it must have.
    """
    if cargo not in CARGO:
        raise InputError("cargo", cargo, f"one of {', '.join(CARGO)}")
    key = ("expansion", cargo, season)
    if key not in tables.cache:
        tables.cache[key] = _Builder(tables, cargo, season).build()
    return tables.cache[key]  # type: ignore[return-value]  # the cache is heterogeneous


class _Builder:
    """Collects the edges of one expansion."""

    def __init__(self, tables: Tables, cargo: str, season: str) -> None:
        self.tables, self.cargo, self.season = tables, cargo, season
        places = tables["places"]
        self.country = dict(zip(places["id"], places["country"], strict=True))
        self.crossing_row = tables.rows("crossings")
        self.resolver = Resolver(tables.parameters)
        self.edges: list[Edge] = []
        self.phases = (0, 1) if cargo == "wagon" else (1,)
        self.found: dict[object, list[tuple[int, str, str, int]]] = {}

    def build(self) -> Expansion:
        """Build all edges, then the arrays."""
        for make in (self._links, self._services, self._terminals, self._ends):
            self.edges += list(make())
        return _arrays(self)

    def _moves(self, first: Point, second: Point) -> Iterator[tuple[State, State]]:
        """Yield both directions between two points of one system, in every phase; a move on rail ends in phase 1."""
        for phase in self.phases:
            onward = 1 if first[1].startswith("rail") else phase
            for tail, head in ((first, second), (second, first)):
                yield (*tail, phase), (*head, onward)

    def _terms(self, wanted: Iterable[tuple[str, float]], attributes: dict[str, str]) -> list[Term]:
        """List (component, measure, coefficient, parameter) of an edge with these attributes."""
        attributes = {"cargo": self.cargo, "season": self.season, **attributes}
        asked = list(wanted)
        key = (tuple(component for component, _ in asked), self.resolver.telling(attributes))
        if key not in self.found:
            self.found[key] = [
                (place, component, measure, row)
                for place, (component, _) in enumerate(asked)
                for measure in MEASURES
                if (row := self.resolver.find(component, measure, attributes)) is not None
            ]
        return [(component, measure, asked[place][1], row) for place, component, measure, row in self.found[key]]

    def _links(self) -> Iterator[Edge]:
        """Yield line-haul and border edges, both ways."""
        for row, link in enumerate(_records(self.tables["links"], _LINK_COLUMNS)):
            if link["mode"] == "rail" and self.cargo == "truck":
                continue
            runs_on = names.system(link["mode"], link["gauge_mm"])
            ends = ((link["from_id"], runs_on), (link["to_id"], runs_on))
            if link["crossing"]:
                yield from self._crossing_link(row, link, ends)
            else:
                yield from self._haul(row, link, ends, link["length_km"])

    def _haul(self, row: int, link: Row, ends: tuple[Point, Point], km: float) -> Iterator[Edge]:
        country = self.country[ends[0][0]]
        terms = self._haul_terms(link, country, km)
        for tail, head in self._moves(*ends):
            yield Edge("line_haul", tail, head, link["mode"], (country,), km, link=row, terms=terms)

    def _haul_terms(self, link: Row, country: str, km: float) -> list[Term]:
        attributes = {
            "mode": link["mode"],
            "country": country,
            "class": link["class"],
            "line": link["line"],
            "link": link["id"],
            "traction": link["traction"] or ("diesel" if link["mode"] == "rail" else ""),
        }
        extra = ("yard",) if link["mode"] == "rail" else ("rest", "stops")
        return self._terms([(component, km) for component in ("line_haul", *extra)], attributes)

    def _crossing_link(self, row: int, link: Row, ends: tuple[Point, Point]) -> Iterator[Edge]:
        """Cut a link at the border: line-haul on either side and the passage between."""
        length, border = float(link["length_km"]), float(np.nan_to_num(float(link["border_km"])))
        points: list[Point] = []
        for (place, system), km in zip(ends, (border, length - border), strict=True):
            # a side without length needs no point of its own
            points.append((f"{link['id']}|{place}" if km > 0 else place, system))
            if km > 0:
                yield from self._haul(row, link, ((place, system), points[-1]), km)
        crossing = self.crossing_row[link["crossing"]]
        countries = self.country[ends[0][0]], self.country[ends[1][0]]
        passages = {points[0]: countries, points[1]: countries[::-1]}
        for tail, head in self._moves(points[0], points[1]):
            sides = passages[tail[:2]]
            terms = self._border_terms(link, sides)
            yield Edge("border", tail, head, link["mode"], sides, link=row, crossing=crossing, terms=terms)

    def _border_terms(self, link: Row, sides: tuple[str, str]) -> list[Term]:
        """List the terms of leaving one country and entering the next."""
        terms = []
        for country, direction in zip(sides, ("exit", "entry"), strict=True):
            keys = {"crossing": link["crossing"], "country": country, "direction": direction, "mode": link["mode"]}
            terms += self._terms([("border", 1.0)], keys)
        return terms

    def _services(self) -> Iterator[Edge]:
        """Yield sea edges, both ways."""
        for row, hop in enumerate(self.tables["services"].to_dict("records")):
            if self.cargo not in schema.items(hop["cargo"]):
                continue
            keys = {"service": hop["service"], "class": hop["class"], "mode": "sea"}
            terms = self._terms([("sea", hop["length_km"])], keys)
            ports = [(port, f"sea:{hop['service']}") for port in (hop["from_id"], hop["to_id"])]
            for tail, head in self._moves(ports[0], ports[1]):
                yield Edge("sea", tail, head, "sea", (), hop["length_km"], service=row, terms=terms)

    def _terminals(self) -> Iterator[Edge]:
        """Yield edges of terminals, for the cargo units and directions that they serve."""
        for row, terminal in enumerate(self.tables["terminals"].to_dict("records")):
            if self.cargo not in schema.items(terminal["cargo"]):
                continue
            pair = (terminal["from_system"], terminal["to_system"])
            for tail, head in (pair, pair[::-1]) if terminal["both_ways"] == "yes" else (pair,):
                if "sea" in (tail, head):
                    yield from self._port(row, terminal, tail, head)
                else:
                    yield from self._transfer(row, terminal, tail, head)

    def _transfer(self, row: int, terminal: Row, tail: str, head: str) -> Iterator[Edge]:
        rails = tail.startswith("rail") + head.startswith("rail")
        kind = "gauge_change" if rails == 2 else "transfer"
        place = terminal["place"]
        keys = self._terminal_keys(terminal)
        if kind == "transfer":
            keys["direction"] = "to-rail" if head.startswith("rail") else "from-rail"
        terms = self._terms([(kind, 1.0)], keys)
        if kind == "transfer" and head.startswith("rail"):
            terms += self._terms([("waiting", 1.0)], {**keys, "mode": "rail"})
        for phase in self.phases:
            ends = ((place, tail, phase), (place, head, phase))
            yield Edge(kind, *ends, head.partition("-")[0], (self.country[place],), terminal=row, terms=terms)

    def _port(self, row: int, terminal: Row, tail: str, head: str) -> Iterator[Edge]:
        """Yield the edges between land and every service that calls at the port."""
        place, land = terminal["place"], tail if head == "sea" else head
        direction = "export" if head == "sea" else "import"
        keys = {**self._terminal_keys(terminal), "direction": direction, "mode": land.partition("-")[0]}
        terms = self._terms([("port", 1.0)], keys)
        for service in self._calls(place):
            boarding = list(terms)
            if head == "sea":
                boarding += self._terms([("waiting", 1.0)], {"service": service, "mode": "sea"})
            elif land.startswith("rail"):
                boarding += self._terms([("waiting", 1.0)], {**keys, "mode": "rail", "direction": "to-rail"})
            for phase in self.phases:
                on_land, at_sea = (place, land, phase), (place, f"sea:{service}", phase)
                ends = (on_land, at_sea) if head == "sea" else (at_sea, on_land)
                yield Edge("port", *ends, "sea", (self.country[place],), terminal=row, terms=boarding)

    def _calls(self, place: str) -> list[str]:
        """List the services that call at a port with this cargo unit."""
        hops = self.tables["services"]
        here = ((hops["from_id"] == place) | (hops["to_id"] == place)) & hops["cargo"].map(
            lambda cell: self.cargo in schema.items(cell)
        )
        return list(dict.fromkeys(hops["service"][here]))

    def _terminal_keys(self, terminal: Row) -> dict[str, str]:
        country = self.country[terminal["place"]]
        return {"terminal": terminal["id"], "method": terminal["method"], "country": country}

    def _ends(self) -> Iterator[Edge]:
        """Yield edges from and to the places themselves, in their land states."""
        land = {s for e in self.edges for s in (e.tail, e.head) if s[0] in self.country and not s[1].startswith("sea")}
        for state in sorted(land):
            place, system, phase = state
            on_rail = system.startswith("rail")
            mode, countries = system.partition("-")[0], (self.country[place],)
            if phase == self.phases[0]:
                keys = {"mode": "rail", "country": countries[0]}
                terms = self._terms([("waiting", 1.0)], keys) if on_rail else []
                yield Edge("start", (place, "origin", 0), state, mode, countries, terms=terms)
            if phase == 1:
                yield Edge("end", state, (place, "destination", 0), mode, countries)


def _records(frame: pd.DataFrame, columns: list[str]) -> Iterator[Row]:
    """Yield rows as dicts of some columns; much faster than `to_dict` on columns of text."""
    cells = [frame[name].to_numpy(dtype=object).tolist() for name in columns]
    for row in zip(*cells, strict=True):
        yield dict(zip(columns, row, strict=True))


def _arrays(builder: _Builder) -> Expansion:
    """Turn the collected edges into arrays."""
    edges = builder.edges
    states: dict[State, int] = {}
    for edge in edges:
        for state in (edge.tail, edge.head):
            states.setdefault(state, len(states))
    theta = builder.tables.theta
    incidence = {measure: _incidence(edges, measure, len(theta.value)) for measure in MEASURES}
    return Expansion(
        cargo=builder.cargo,
        states=list(states),
        origin={s[0]: i for s, i in states.items() if s[1] == "origin"},
        destination={s[0]: i for s, i in states.items() if s[1] == "destination"},
        kind=np.array([KINDS.index(e.kind) for e in edges], dtype=np.int64),
        tail=np.array([states[e.tail] for e in edges], dtype=np.int64),
        head=np.array([states[e.head] for e in edges], dtype=np.int64),
        mode=np.array([e.mode for e in edges], dtype=object),
        countries=[e.countries for e in edges],
        km=np.array([e.km for e in edges], dtype=float),
        link=np.array([e.link for e in edges], dtype=np.int64),
        crossing=np.array([e.crossing for e in edges], dtype=np.int64),
        terminal=np.array([e.terminal for e in edges], dtype=np.int64),
        service=np.array([e.service for e in edges], dtype=np.int64),
        terms=[e.terms for e in edges],
        incidence=incidence,
        values={measure: matrix @ theta.value for measure, matrix in incidence.items()},
    )


def _incidence(edges: list[Edge], measure: str, width: int) -> Any:
    entries = [(i, t[3], t[2]) for i, e in enumerate(edges) for t in e.terms if t[1] == measure]
    table = np.array(entries, dtype=float).reshape(-1, 3)
    where = (table[:, 0].astype(np.int64), table[:, 1].astype(np.int64))
    return sparse.coo_array((table[:, 2], where), shape=(len(edges), width)).tocsr()
