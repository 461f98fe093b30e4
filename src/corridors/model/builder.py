"""Building of an expansion: edges of links, borders, terminals, ports and services for one cargo unit."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property

import numpy as np

from corridors.base.cache import Slot
from corridors.base.errors import InputError
from corridors.base.names import system
from corridors.base.units import QUANTITIES, UNIT_LOADS, Load
from corridors.data import schema
from corridors.data.tables import Tables
from corridors.data.waiting import is_waited_for
from corridors.model.bulk import LINK_COLUMNS, place_ends, plain_hauls, records
from corridors.model.edges import Edge, Row, collected, in_arrays, joined
from corridors.model.expansion import CARGO, EdgeKind, Expansion, PlaceState, Term
from corridors.model.resolver import Resolver
from corridors.model.rest import COMPONENT
from corridors.model.view import Mask

_EXPANSIONS = Slot[Expansion]("expansions by cargo unit, season and load", most=16, carried=Expansion.with_parameters)


def expand(tables: Tables, cargo: str, season: str = "", load: Load | None = None) -> Expansion:
    """Expansion of the network for one cargo unit and season; it is kept with the tables.

    Parameters
    ----------
    tables
        The tables; all links are expanded, existing and planned.
    cargo
        `wagon`, `container` or `truck`.
    season
        Season whose parameters hold; blank for the whole year.
    load
        What is loaded on one unit; by default the payload that the rates are for.

    Raises
    ------
    InputError
        If the cargo unit is unknown.
    ParameterError
        If an edge finds no value for a component that it must have.

    >>> import corridors as co
    >>> e = expand(co.load().tables, "truck")
    >>> sorted(set(e.mode))
    ['road', 'sea']
    """
    if cargo not in CARGO:
        raise InputError("cargo", cargo, f"one of {', '.join(CARGO)}")
    key = (cargo, season, UNIT_LOADS[cargo] if load is None else load)

    def make() -> Expansion:
        with _without_collector():
            return _Builder(tables, *key).build()

    return tables.cache.get(_EXPANSIONS, key, make)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Put off Python's search for objects that hold each other: of states by the hundred thousand there are none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Builder:
    """Collects the edges of one expansion."""

    def __init__(self, tables: Tables, cargo: str, season: str, load: Load) -> None:
        self.tables, self.cargo, self.season, self.load = tables, cargo, season, load
        self.country = dict(
            zip(tables.column("places", "id").tolist(), tables.column("places", "country").tolist(), strict=True)
        )
        self.crossing_row = tables.rows("crossings")
        self.resolver = Resolver(tables.parameters)
        self.phases = (0, 1) if cargo == "wagon" else (1,)
        self.found: dict[object, list[tuple[int, str, str, int]]] = {}

    def build(self) -> Expansion:
        """Build all edges, then the arrays."""
        hauls = plain_hauls(self.tables, self._plain_links(), self.phases, self.resolver.named, self._haul_terms)
        cut = list(self._crossing_links())
        links = hauls
        if cut:
            links = joined([hauls, collected(cut)])
            links = links.taken(np.argsort(links.link, kind="stable"))
        work = [*self._services(), *self._terminals()]
        states = [*hauls.states, *(state for e in (*cut, *work) for state in (e.tail, e.head))]
        ends = place_ends(states, self.country, self.phases, self._start_terms)
        edges = joined([links, collected(work), ends, collected([*self._quays(work)])])
        return in_arrays(edges, self.tables, self.resolver, {"cargo": self.cargo, "season": self.season})

    def _moves(self, first: PlaceState, second: PlaceState) -> Iterator[tuple[PlaceState, PlaceState]]:
        """Yield both directions between two states of one system, in every phase; a move on rail ends in phase 1."""
        for phase in self.phases:
            onward = 1 if first.on_rail else phase
            for tail, head in ((first, second), (second, first)):
                yield tail.in_phase(phase), head.in_phase(onward)

    def _terms(self, wanted: Iterable[tuple[str, float]], attributes: dict[str, str]) -> list[Term]:
        """Terms of an edge with these attributes."""
        attributes = {"cargo": self.cargo, "season": self.season, **attributes}
        asked = list(wanted)
        key = (tuple(component for component, _ in asked), self.resolver.telling(attributes))
        if key not in self.found:
            self.found[key] = [
                (place, component, measure.quantity, row)
                for place, (component, _) in enumerate(asked)
                for measure in QUANTITIES
                if (row := self.resolver.find(component, measure.quantity, attributes)) is not None
            ]
        at_sea = attributes.get("mode") == "sea" or asked[0][0] == "port"
        share = self.load.per_tonne("sea" if at_sea else "road" if attributes.get("mode") == "road" else "land")
        return [
            Term(component, quantity, asked[place][1] * (1.0 if quantity == "hours" else share), row)
            for place, component, quantity, row in self.found[key]
        ]

    def _plain_links(self) -> Mask:
        """Links that are not cut at a border, and that this cargo unit may take."""
        links = self.tables["links"]
        plain = links["crossing"] == ""
        if self.cargo == "truck":
            plain &= links["mode"] != "rail"
        return np.asarray(plain, dtype=bool)

    def _crossing_links(self) -> Iterator[Edge]:
        """Yield the edges of links that are cut at a border, both ways."""
        links, last = self.tables["links"], self.phases[-1]
        rows = np.flatnonzero(links["crossing"] != "")
        for row, link in zip(rows.tolist(), records(links.iloc[rows], LINK_COLUMNS), strict=True):
            if link["mode"] == "rail" and self.cargo == "truck":
                continue
            on = system(link["mode"], link["gauge_mm"])
            ends = (PlaceState(link["from_id"], on, last), PlaceState(link["to_id"], on, last))
            yield from self._crossing_link(row, link, ends)

    def _haul(
        self, row: int, link: Row, ends: tuple[PlaceState, PlaceState], km: float, *, turned: bool = False
    ) -> Iterator[Edge]:
        """Yield line-haul edges both ways; `turned` says that the first end is the nearer one to the link's second."""
        country = self.country[ends[0].place]
        onward, shift = self._haul_terms(link, country, km, "from" if turned else "to")
        back, _ = self._haul_terms(link, country, km, "to" if turned else "from")
        for tail, head in self._moves(*ends):
            terms = onward if tail.node[:2] == ends[0].node[:2] else back
            yield Edge(EdgeKind.LINE_HAUL, tail, head, link["mode"], (country,), km, link=row, shift=shift, terms=terms)

    def _haul_terms(self, link: Row, country: str, km: float, towards: str) -> tuple[list[Term], int]:
        """List the terms of a movement towards one end; with the row of the hours of a shift, -1 where nobody rests."""
        hauls = {"": "", towards: "head-haul"}
        attributes = {
            "mode": link["mode"],
            "country": country,
            "class": link["class"],
            "line": link["line"],
            "link": link["id"],
            "traction": link["traction"] or ("diesel" if link["mode"] == "rail" else ""),
            "direction": hauls.get(link["head_haul"], "back-haul"),
        }
        if link["mode"] == "rail":
            return self._terms([("line_haul", km), ("yard", km)], attributes), -1
        # how many shifts it is follows from the values of the parameters, when the edges are put together
        rests = self._terms([(COMPONENT, 0.0)], {"mode": "road"})
        terms = [*self._terms([("line_haul", km)], attributes), *rests, *self._terms([("stops", km)], attributes)]
        keys = {"cargo": self.cargo, "season": self.season, **attributes}
        shift = self.resolver.find("shift", "hours", keys) if rests else None
        return terms, -1 if shift is None else shift

    def _crossing_link(self, row: int, link: Row, ends: tuple[PlaceState, PlaceState]) -> Iterator[Edge]:
        """Cut a link at the border: line-haul on either side and the passage between."""
        length, border = float(link["length_km"]), float(np.nan_to_num(float(link["border_km"])))
        points: list[PlaceState] = []
        for end, km, turned in zip(ends, (border, length - border), (False, True), strict=True):
            # a side without length needs no state of its own
            points.append(end._replace(border=str(link["id"])) if km > 0 else end)
            if km > 0:
                yield from self._haul(row, link, (end, points[-1]), km, turned=turned)
        crossing = self.crossing_row[link["crossing"]]
        for tail, head in self._moves(points[0], points[1]):
            sides = self.country[tail.place], self.country[head.place]
            terms = self._border_terms(link, sides)
            yield Edge(EdgeKind.BORDER, tail, head, link["mode"], sides, link=row, crossing=crossing, terms=terms)

    def _border_terms(self, link: Row, sides: tuple[str, str]) -> list[Term]:
        """List the terms of leaving one country and entering the next."""
        terms = []
        for country, direction in zip(sides, ("exit", "entry"), strict=True):
            keys = {"crossing": link["crossing"], "country": country, "direction": direction, "mode": link["mode"]}
            terms += self._terms([("border", 1.0)], keys)
        if link["mode"] == "road" and link["crossing"] in self.timed:
            terms += self._terms([("waiting", 1.0)], {"crossing": link["crossing"], "mode": "road"})
        return terms

    def _services(self) -> Iterator[Edge]:
        """Yield sea edges, both ways."""
        for row, hop in enumerate(self.tables["services"].to_dict("records")):
            if self.cargo not in schema.items(hop["cargo"]):
                continue
            keys = {"service": hop["service"], "class": hop["class"], "mode": "sea"}
            terms = self._terms([("sea", hop["length_km"])], keys)
            ports = [PlaceState(port, "sea", service=hop["service"]) for port in (hop["from_id"], hop["to_id"])]
            for tail, head in self._moves(ports[0], ports[1]):
                edge = Edge(EdgeKind.SEA, tail, head, "sea", (), hop["length_km"], service=row, terms=terms)
                yield from self._with_headways(edge, head.place, waited=0.0)

    def _terminals(self) -> Iterator[Edge]:
        """Yield edges of terminals, for the cargo units and directions that they serve."""
        for row, terminal in enumerate(self.tables["terminals"].to_dict("records")):
            if self.cargo not in schema.items(terminal["cargo"]):
                continue
            pair = (terminal["from_system"], terminal["to_system"])
            if self.cargo == "truck" and any(name.startswith("rail") for name in pair):
                continue  # no truck stands on rails, whatever the table says
            for tail, head in (pair, pair[::-1]) if terminal["both_ways"] == "yes" else (pair,):
                if "sea" in (tail, head):
                    yield from self._port(row, terminal, tail, head)
                else:
                    yield from self._transfer(row, terminal, tail, head)

    def _transfer(self, row: int, terminal: Row, tail: str, head: str) -> Iterator[Edge]:
        place = terminal["place"]
        first, second = PlaceState(place, tail), PlaceState(place, head)
        kind = EdgeKind.GAUGE_CHANGE if first.on_rail and second.on_rail else EdgeKind.TRANSFER
        keys = self._terminal_keys(terminal)
        if kind == EdgeKind.TRANSFER:
            keys["direction"] = "to-rail" if second.on_rail else "from-rail"
        terms = self._terms([(kind.name.lower(), 1.0)], keys)
        if kind == EdgeKind.TRANSFER and second.on_rail:
            terms += self._terms([("waiting", 1.0)], {**keys, "mode": "rail"})
        if kind == EdgeKind.TRANSFER:
            terms += self._terms([("charge", 1.0)], {**keys, "mode": second.mode})
        for phase in self.phases:
            ends = (first.in_phase(phase), second.in_phase(phase))
            yield Edge(kind, *ends, second.mode, (self.country[place],), terminal=row, terms=terms)

    def _port(self, row: int, terminal: Row, tail: str, head: str) -> Iterator[Edge]:
        """Yield the edges between land and every service that calls at the port."""
        place = terminal["place"]
        land = PlaceState(place, tail if head == "sea" else head)
        direction = "export" if head == "sea" else "import"
        keys = {**self._terminal_keys(terminal), "direction": direction, "mode": land.mode}
        terms = self._terms([("port", 1.0)], keys)
        for service in self._calls.get(place, []):
            ship = {"service": service, "mode": "sea", "class": self._ship_class[service]}
            boarding = [*terms, *self._terms([("charge", 1.0)], ship if head == "sea" else keys)]
            if head == "sea" and service not in self._unscheduled:
                boarding += self._terms([("waiting", 1.0)], {"service": service, "mode": "sea"})
            elif head != "sea" and land.on_rail and terminal["method"] != "ferry":
                # what a ship has carried waits for a train; wagons that roll off a ferry go on, as over a gauge change
                boarding += self._terms([("waiting", 1.0)], {**keys, "mode": "rail", "direction": "to-rail"})
            for phase in self.phases:
                on_land, at_sea = land.in_phase(phase), PlaceState(place, "sea", phase, service)
                ends = (on_land, at_sea) if head == "sea" else (at_sea, on_land)
                edge = Edge(EdgeKind.PORT, *ends, "sea", (self.country[place],), terminal=row, terms=boarding)
                if head == "sea":
                    yield from self._with_headways(edge, place, waited=1.0)
                else:
                    yield edge

    def _with_headways(self, edge: Edge, port: str, *, waited: float) -> Iterator[Edge]:
        """Yield an edge, and its twins with longer waits for the dates at which ships call less often at a port.

        Whoever boards there waits longer, and so does whoever sails there from elsewhere (`waited` is what the edge
        holds of the wait already). A view has one of the twins in use.
        """
        factors, service = self.rarer.get(port, []), edge.head.service
        if not factors or service in self._unscheduled:
            yield edge
            return
        yield replace(edge, headway=1.0)
        rest = [term for term in edge.terms if not waited or term.component != "waiting"]
        for factor in factors:
            longer = self._terms([("waiting", factor - 1.0 + waited)], {"service": service, "mode": "sea"})
            yield replace(edge, headway=factor, terms=[*rest, *longer])

    @cached_property
    def rarer(self) -> dict[str, list[float]]:
        """Factors of the headway that hold at some date, by port."""
        rows = self.tables["closures"].dropna(subset="headway_factor")
        found: dict[str, set[float]] = {}
        for port, factor in zip(rows["target"], rows["headway_factor"], strict=True):
            found.setdefault(port, set()).add(float(factor))
        return {port: sorted(factors) for port, factors in found.items()}

    @cached_property
    def timed(self) -> set[str]:
        """Crossings for whose opening trucks wait beyond the border hours."""
        crossings = self.tables["crossings"]
        return set(crossings["id"][is_waited_for(crossings)])

    @cached_property
    def _ship_class(self) -> dict[str, str]:
        """Class of the ships of each service."""
        services = self.tables["services"]
        return dict(zip(services["service"], services["class"], strict=True))

    @cached_property
    def _calls(self) -> dict[str, list[str]]:
        """Services that call at each port with this cargo unit."""
        found: dict[str, dict[str, None]] = {}
        for hop in records(self.tables["services"], ["service", "from_id", "to_id", "cargo"]):
            if self.cargo in schema.items(hop["cargo"]):
                for port in (hop["from_id"], hop["to_id"]):
                    found.setdefault(port, {})[hop["service"]] = None
        return {port: list(services) for port, services in found.items()}

    @cached_property
    def _unscheduled(self) -> set[str]:
        """Services without a headway: chartered ships, which sail when the cargo is there."""
        services = self.tables["services"]
        return set(services["service"][services["headway_d"].isna()])

    def _terminal_keys(self, terminal: Row) -> dict[str, str]:
        country = self.country[terminal["place"]]
        return {"terminal": terminal["id"], "method": terminal["method"], "country": country}

    def _start_terms(self, mode: str, country: str) -> list[Term]:
        """List the terms of a departure: the wait for a train, and what is charged there."""
        keys = {"mode": "rail", "country": country}
        terms = self._terms([("waiting", 1.0)], keys) if mode == "rail" else []
        return terms + self._terms([("charge", 1.0)], {**keys, "mode": mode})

    def _quays(self, work: Iterable[Edge]) -> Iterator[Edge]:
        """Yield the work of a port straight from the place to a ship and back, for journeys that stay at sea."""
        for port in [e for e in work if e.kind == EdgeKind.PORT]:
            place = port.tail.place
            if port.head.system == "sea" and port.tail.phase == self.phases[0]:
                yield replace(port, tail=PlaceState(place, "origin"))
            elif port.tail.system == "sea" and port.tail.phase == 1:
                # what is landed stays at the quay, so it waits for no train
                terms = [term for term in port.terms if term.component != "waiting"]
                yield replace(port, head=PlaceState(place, "destination"), terms=terms)
