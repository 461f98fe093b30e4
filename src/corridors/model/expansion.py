"""Expansion: a place becomes one state per system it serves, and all that costs time becomes an edge.

For one cargo unit the union of all links, existing and planned, is expanded once. A state is a place on a system
(`road`, `rail-1520`, `rail-1435`, `rail-1676`, or one shipping service). Edges between states are

- `line_haul`: a link within one country,
- `border`: the passage of a crossing, exit from one country and entry to the next,
- `transfer`, `gauge_change`, `port`: work of a terminal, only where one does it for this cargo unit,
- `sea`: a hop of a shipping service; the wait for the ship sits on the port edge that boards it,
- `start`, `end`: from and to the place itself, in its land states only,
- `port` from and to the place itself: a journey that begins or ends at the quay. A question opens it only at ports
  without a land state that it may use, as for a journey by sea alone.

Rests of drivers depend on the whole of a journey (`corridors.model.rest`). Edges have the part of a rest that a search
takes for them; `values_along` and `terms_along` have the rests of a given way.

A wagonload must travel on rail at least part of the way, so its states come twice: before and after moving on rail.
Which ways are journeys is said in `corridors.model.journey`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from corridors.base.names import mode_and_gauge
from corridors.data.tables import Tables
from corridors.model import rest
from corridors.model.rest import ONE_WAY, Rest, RestRows
from corridors.model.view import Mask, Usable

CARGO = ("wagon", "container", "truck")
MODES = ("rail", "road", "sea")

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class EdgeKind(IntEnum):
    """Kinds of edges, as they are numbered in `Expansion.kind`."""

    START = 0
    LINE_HAUL = 1
    BORDER = 2
    GAUGE_CHANGE = 3
    TRANSFER = 4
    PORT = 5
    SEA = 6
    END = 7


KINDS = tuple(kind.name.lower() for kind in EdgeKind)
"""Names of the kinds of edges, by number."""


class PlaceState(NamedTuple):
    """A place on one system, or the end of a link where it meets the border.

    Attributes
    ----------
    place
        Id of the place; of a state at the border, of the place on the same side.
    system
        `road`, `sea`, `rail-<gauge in mm>`; `origin` and `destination` for the place as such.
    phase
        0 for a wagonload that has not moved on rail yet, else 1.
    service
        Shipping service, at sea.
    border
        Link whose meeting with the border this is; blank in the place itself.
    """

    place: str
    system: str
    phase: int = 0
    service: str = ""
    border: str = ""

    @property
    def node(self) -> tuple[str, str, int]:
        """Node of the expanded graph: place (`link|place` at a border), system (`sea:service` at sea) and phase."""
        place = f"{self.border}|{self.place}" if self.border else self.place
        return place, f"sea:{self.service}" if self.service else self.system, self.phase

    def in_phase(self, phase: int) -> PlaceState:
        """Same state in another phase."""
        if phase == self.phase:
            return self
        return PlaceState(self.place, self.system, phase, self.service, self.border)

    @property
    def on_rail(self) -> bool:
        """Whether the system is a railway."""
        return self.system.startswith("rail")

    @property
    def mode(self) -> str:
        """Mode of the system: `rail`, `road` or `sea`."""
        return mode_and_gauge(self.system)[0]

    @property
    def is_end(self) -> bool:
        """Whether this is the place as such, where journeys begin or end."""
        return self.system in ("origin", "destination")


class Term(NamedTuple):
    """One entry of `Terms`."""

    component: str
    quantity: str
    coefficient: float
    parameter: int


@dataclass(frozen=True, eq=False)
class Terms:
    """What every edge is made of, edge after edge: one entry per component and quantity.

    The amount of an entry is `coefficient * theta[parameter]`, in h, USD/t or kg CO2e/t.

    Attributes
    ----------
    start
        First entry of each edge, and the number of entries at the end.
    component, quantity
        Names, such as `line_haul` and `hours`.
    coefficient
        Factor of the parameter: km of a movement, 1 for work that is done once, shifts of driving for rest.
    parameter
        Row of the parameter.
    """

    start: Ints
    component: NDArray[np.object_]
    quantity: NDArray[np.object_]
    coefficient: Floats
    parameter: Ints

    def __getitem__(self, edge: int) -> list[Term]:
        columns = self.component, self.quantity, self.coefficient, self.parameter
        entries = slice(self.start[edge], self.start[edge + 1])
        return [Term(*entry) for entry in zip(*(column[entries].tolist() for column in columns), strict=True)]

    def of(self, edges: Ints) -> tuple[Ints, Ints]:
        """Entries of some edges in their order.

        Returns
        -------
        tuple
            Position in `edges` and row of this table, one of each per entry.
        """
        count = self.start[edges + 1] - self.start[edges]
        position = np.repeat(np.arange(len(edges)), count)
        return position, np.arange(len(position)) - (np.cumsum(count) - count - self.start[edges])[position]

    @cached_property
    def edge(self) -> Ints:
        """Edge of each entry."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    def with_shifts(self, rows: RestRows, shifts: Floats) -> Terms:
        """Terms in which the coefficients of rest are other shifts of driving."""
        resting = np.isin(self.parameter, list(rows.rest.values()))
        return replace(self, coefficient=np.where(resting, shifts[self.edge], self.coefficient))

    def incidence(self, quantity: str, width: int) -> Any:
        """Coefficients of a quantity as a sparse matrix: edges by parameters, of which there are `width`."""
        mine = np.flatnonzero(self.quantity == quantity)
        start, shape = np.searchsorted(mine, self.start), (len(self.start) - 1, width)
        found = scipy.sparse.csr_array((self.coefficient[mine], self.parameter[mine], start), shape=shape)
        found.sum_duplicates()
        return found


@dataclass(frozen=True, eq=False)
class Expansion:
    """Immutable arrays of the expanded graph of one cargo unit.

    Attributes
    ----------
    cargo
        Cargo unit.
    states
        States by number.
    origin, destination
        Number of the state in which journeys from and to a place begin and end, by place.
    kind, tail, head, mode, countries, km
        Of each edge: `EdgeKind`, states at its ends, mode, countries passed and length in km.
    link, crossing, terminal, service
        Row of the table that each edge comes from, -1 for none.
    headway
        Factor of the headway of ships with which each edge counts, 0 where it counts with any; at a port at which
        ships call less often at some dates, there is an edge for each.
    terms
        What each edge is made of.
    incidence
        Edges by parameters, for `hours`, `cost` and `emissions`: sums of the terms.
    values
        Expected hours, cost in USD/t and emissions in kg CO2e/t of each edge, with the part of a rest that a search
        takes for it.
    rest_rows, rest
        Parameters behind the rests of drivers, and what decides on the rests of a journey.
    """

    cargo: str
    states: list[PlaceState]
    origin: dict[str, int]
    destination: dict[str, int]
    kind: Ints
    tail: Ints
    head: Ints
    mode: NDArray[np.object_]
    countries: NDArray[np.object_]
    km: Floats
    link: Ints
    crossing: Ints
    terminal: Ints
    service: Ints
    headway: Floats
    terms: Terms
    incidence: Mapping[str, Any]
    values: Mapping[str, Floats]
    rest_rows: RestRows
    rest: Rest

    def __post_init__(self) -> None:
        # kept with the tables and behind every route, so nobody may write into it
        for column in (*vars(self).values(), *vars(self.terms).values(), *self.values.values()):
            if isinstance(column, np.ndarray):
                column.flags.writeable = False

    def __len__(self) -> int:
        return len(self.kind)

    @cached_property
    def tail_place(self) -> NDArray[np.object_]:
        """Place of the tail of each edge."""
        return self._of_states("place")[self.tail]

    @cached_property
    def head_place(self) -> NDArray[np.object_]:
        """Place of the head of each edge."""
        return self._of_states("place")[self.head]

    @cached_property
    def tail_at_border(self) -> Mask:
        """Whether the tail of each edge is where a link meets the border."""
        return np.asarray((self._of_states("border") != "")[self.tail], dtype=bool)

    @cached_property
    def head_at_border(self) -> Mask:
        """Whether the head of each edge is where a link meets the border."""
        return np.asarray((self._of_states("border") != "")[self.head], dtype=bool)

    @cached_property
    def _systems(self) -> dict[str, int]:
        """Number of each system, places as such being one of them."""
        return {name: i for i, name in enumerate(dict.fromkeys("" if s.is_end else s.system for s in self.states))}

    @cached_property
    def system_code(self) -> Ints:
        """Number of the system of each state; `system_modes` and `system_gauges` say what it is."""
        codes = self._systems
        return np.array([codes["" if s.is_end else s.system] for s in self.states], dtype=np.int64)

    @cached_property
    def system_modes(self) -> NDArray[np.object_]:
        """Modes of an edge by the systems at its tail and head, such as `road-rail`."""
        return self._pairs([mode_and_gauge(name)[0] for name in self._systems])

    @cached_property
    def system_gauges(self) -> NDArray[np.object_]:
        """Gauges of an edge in mm by the systems at its tail and head, such as `1520-1435`; blank off the rails."""
        return self._pairs([mode_and_gauge(name)[1] for name in self._systems])

    @staticmethod
    def _pairs(names: list[str]) -> NDArray[np.object_]:
        rows = [["-".join(dict.fromkeys(filter(None, (tail, head)))) for head in names] for tail in names]
        return np.array(rows, dtype=object).reshape(len(names), len(names))

    def among(self, ends: Mapping[str, int]) -> Mask:
        """Whether each state is one of those of `origin`, or of `destination`."""
        return np.isin(np.arange(len(self.states)), np.fromiter(ends.values(), dtype=np.int64, count=len(ends)))

    @cached_property
    def from_origin(self) -> Mask:
        """Whether a journey can begin with each edge: its tail is a place as such."""
        return self.among(self.origin)[self.tail]

    @cached_property
    def to_destination(self) -> Mask:
        """Whether a journey can end with each edge: its head is a place as such."""
        return self.among(self.destination)[self.head]

    @cached_property
    def at_quay(self) -> Mask:
        """Whether each edge is a journey's begin or end at the quay of a port, without a land state."""
        return np.asarray((self.kind == EdgeKind.PORT) & (self.from_origin | self.to_destination), dtype=bool)

    def _of_states(self, name: str) -> NDArray[np.object_]:
        return np.array(list(map(attrgetter(name), self.states)), dtype=object)

    @cached_property
    def point(self) -> Ints:
        """Number of the point of each state: its place, or where its link meets the border."""
        place, border = (pd.factorize(self._of_states(name))[0].astype(np.int64) for name in ("place", "border"))
        return np.asarray(pd.factorize(place * (border.max(initial=0) + 1) + border)[0], dtype=np.int64)

    @cached_property
    def can_repeat(self) -> bool:
        """Whether a journey can come by a point twice: some point has several states on the way."""
        through = ~(self.among(self.origin) | self.among(self.destination))
        return bool(np.bincount(self.point[through], minlength=1).max() > 1)

    def in_use(self, usable: Usable) -> Mask:
        """Edges that can be used."""

        def take(rows: Mask, index: Ints) -> Mask:
            return np.append(rows, True)[index]

        found = take(usable.links, self.link) & take(usable.terminals, self.terminal)
        found &= take(usable.services, self.service)
        for mode, rows in usable.crossings.items():
            found &= take(rows, self.crossing) | (self.mode != mode)
        return found & self._sails(usable)

    def _sails(self, usable: Usable) -> Mask:
        """Edges that count with the headways of ships that hold now."""
        rare, one = np.flatnonzero(self.headway), np.ones(len(self), dtype=bool)
        here, before = (
            np.array([usable.headway.get(place, 1.0) for place in side[rare]])
            for side in (self.head_place, self.tail_place)
        )
        # who sails between two such ports has waited at the first
        counted = (self.kind[rare] == EdgeKind.SEA) & (before > 1)
        one[rare] = self.headway[rare] == np.where(counted, 1.0, here)
        return one

    def values_along(self, edges: Ints, starts: Ints = ONE_WAY) -> dict[str, Floats]:
        """Expected hours, cost and emissions of the edges of some ways, with the rests of journeys on them.

        Parameters
        ----------
        edges
            Edges of the ways, one way after another, each in the order of travel.
        starts
            Where each way begins in `edges`; one way by default.

        >>> import corridors as co
        >>> route = co.load().route("Tashkent", "Karachi", cargo="truck")
        >>> hours = route.problem.expansion.values_along(route.step_edges)["hours"]
        >>> float(hours.sum()) == route.hours
        True
        """
        found = {quantity: values[edges] for quantity, values in self.values.items()}
        change = self.rest.change(edges, starts)
        for quantity, amount in self.rest.amounts.items():
            found[quantity] = found[quantity] + amount * change
        return found

    def terms_along(self, edges: Ints) -> tuple[Ints, Ints, Floats]:
        """Entries of the terms of a way, with the rests of a journey on it.

        Returns
        -------
        tuple
            Position in `edges`, row of `terms` and coefficient, one of each per entry.
        """
        position, rows = self.terms.of(edges)
        resting = np.isin(self.terms.parameter[rows], list(self.rest.rows.values()))
        coefficient = np.where(resting, self.rest.on(edges)[position], self.terms.coefficient[rows])
        return position, rows, coefficient

    def with_parameters(self, tables: Tables) -> Expansion:
        """Same graph with the values of other parameters."""
        value = tables.theta.value
        shifts = rest.shifts_of(self.rest_rows, value, self.km)
        terms, incidence = self.terms, self.incidence
        if not np.array_equal(shifts, self.rest.shifts):
            terms = terms.with_shifts(self.rest_rows, shifts)
            incidence = {name: terms.incidence(name, len(value)) for name in incidence}
        values = {name: matrix @ value for name, matrix in incidence.items()}
        rests = rest.rest_of(self.rest_rows, value, shifts, self._stop_h(values["hours"]))
        return replace(self, terms=terms, incidence=incidence, values=values, rest=rests)

    def _stop_h(self, hours: Floats) -> Floats:
        """Hours that a driver stands at each edge; infinite where the load is not on a vehicle of the road."""
        on_road = self.mode == "road"
        standing = np.where(on_road & (self.kind == EdgeKind.BORDER), hours, np.inf)
        return np.where(on_road & (self.kind == EdgeKind.LINE_HAUL), 0.0, standing)
