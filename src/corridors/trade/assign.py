"""What ways use: links, crossings, terminals, ports, countries, places and payees, as matrices of things by ways.

Tonnes on all things are one product of such a matrix with the tonnes of the ways, for every month or draw at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

from corridors.model.expansion import EdgeKind
from corridors.routing.itinerary import is_forward
from corridors.routing.passed import passed
from corridors.routing.route import Route

Floats = NDArray[np.float64]
Part = tuple[tuple[str, ...], float]
"""A thing that a way uses, and how much of it."""

WORK = ("transfer", "gauge_change", "port")
"""Kinds of steps at terminals."""

PAYEES = {
    "border": "border dues and payments",
    "transfer": "terminals",
    "gauge_change": "terminals",
    "port": "ports",
}
"""Who is paid for the components that are no movement."""

CARRIERS = {"rail": "railways", "road": "road hauliers", "sea": "shipping lines"}
"""Who is paid for movement and what belongs to it, by mode."""

AT_SEA = "sea"
"""Country of what is paid at sea."""


class Uses(NamedTuple):
    """Things by ways.

    Attributes
    ----------
    things
        Names of the things, in the order in which ways meet them.
    matrix
        How much each way (column) uses of each thing (row).
    """

    things: list[tuple[str, ...]]
    matrix: scipy.sparse.csr_array

    def of(self, amounts: Floats) -> Floats:
        """Amounts on the things, from those of the ways (first axis)."""
        return np.asarray(self.matrix @ amounts)


def uses(routes: Sequence[Route], parts: Callable[[Route], Iterable[Part]]) -> Uses:
    """Matrix of what ways use.

    Parameters
    ----------
    routes
        The ways.
    parts
        What a way uses, and how much of it.

    >>> import corridors as co
    >>> used = uses([co.load().route("Termez", "Kabul", cargo="truck")], crossings_of)
    >>> used.things, used.of(np.array([100.0])).tolist()
    ([('galaba-hairatan', 'road', 'UZ', 'AF')], [100.0])
    """
    number: dict[tuple[str, ...], int] = {}
    rows: list[int] = []
    columns: list[int] = []
    amounts: list[float] = []
    done: dict[int, list[tuple[int, float]]] = {}
    for column, route in enumerate(routes):
        if id(route) not in done:
            done[id(route)] = [(number.setdefault(key, len(number)), amount) for key, amount in parts(route)]
        for row, amount in done[id(route)]:
            rows.append(row)
            columns.append(column)
            amounts.append(amount)
    shape = len(number), len(routes)
    matrix = scipy.sparse.coo_array((amounts, (rows, columns)), shape=shape, dtype=float).tocsr()
    return Uses(list(number), matrix)


def links_of(route: Route) -> Iterator[Part]:
    """Links and sea hops of a way, in the direction of travel: id, mode, direction (`forward` or `back`)."""
    over = passed(route)
    e = route.problem.expansion
    for ident, edge in zip(over.idents, over.edges.tolist(), strict=True):
        direction = "forward" if is_forward(route.problem, edge) else "back"
        yield (str(ident), str(e.mode[edge]), direction), 1.0


def crossings_of(route: Route) -> Iterator[Part]:
    """Crossings of a way: id, mode, country left and country entered."""
    e, tables = route.problem.expansion, route.problem.tables
    for edge in route.step_edges[e.kind[route.step_edges] == EdgeKind.BORDER].tolist():
        ident = str(tables.column("crossings", "id")[e.crossing[edge]])
        yield (ident, str(e.mode[edge]), *map(str, e.countries[edge])), 1.0


def terminals_of(route: Route) -> Iterator[Part]:
    """Terminals of a way: id, kind of work, place."""
    steps = route.steps
    work = steps[steps["kind"].isin(WORK)]
    for ident, kind, place in zip(work["id"], work["kind"], work["from_id"], strict=True):
        yield (str(ident), str(kind), str(place)), 1.0


def ports_of(route: Route) -> Iterator[Part]:
    """Ports of a way: place, and `loaded` on a ship or `landed` from one."""
    e = route.problem.expansion
    edges = np.asarray(route.edges, dtype=np.int64)
    for edge in edges[e.kind[edges] == EdgeKind.PORT].tolist():
        aboard = bool(e.states[e.head[edge]].service)
        yield (str(e.tail_place[edge] if aboard else e.head_place[edge]), "loaded" if aboard else "landed"), 1.0


def places_of(route: Route) -> Iterator[Part]:
    """Places of a way: id, and `begins`, `ends`, `arrives` or `leaves`."""
    places = route.places
    yield (places[0], "begins"), 1.0
    yield (places[-1], "ends"), 1.0
    for place in places[:-1]:
        yield (place, "leaves"), 1.0
    for place in places[1:]:
        yield (place, "arrives"), 1.0


def countries_of(route: Route) -> Iterator[Part]:
    """Countries of a way: code, and what it does there.

    `begins`, `ends`, `enters by land`, `enters by sea`, `leaves by land`, `leaves by sea`, `passes` (once, however
    often it enters), `transit` (with both ends outside) and `km`.
    """
    e, tables = route.problem.expansion, route.problem.tables
    country = dict(zip(tables.column("places", "id"), map(str, tables.column("places", "country")), strict=True))
    first, last = country[route.origin], country[route.destination]
    yield (first, "begins"), 1.0
    yield (last, "ends"), 1.0
    touched = {first: None, last: None}
    for edge in route.step_edges.tolist():
        one, other = country[e.tail_place[edge]], country[e.head_place[edge]]
        if one != other:
            how = "sea" if e.mode[edge] == "sea" else "land"
            yield (one, f"leaves by {how}"), 1.0
            yield (other, f"enters by {how}"), 1.0
            touched |= {one: None, other: None}
        if len(e.countries[edge]) == 1 and e.km[edge] > 0 and e.mode[edge] != "sea":
            yield (str(e.countries[edge][0]), "km"), float(e.km[edge])
    for code in touched:
        yield (code, "passes"), 1.0
        if code not in (first, last):
            yield (code, "transit"), 1.0


def payments_of(route: Route) -> Iterator[Part]:
    """What a way pays in USD/t: country and kind of payee; together they are the cost of the way.

    A border is paid on both of its sides: the first of its terms is the exit, the second the entry.
    """
    e, value = route.problem.expansion, route.problem.tables.theta.value
    edges = np.asarray(route.edges, dtype=np.int64)
    position, rows, coefficient = e.terms_along(edges)
    kept = np.flatnonzero(e.terms.quantity[rows] == "cost")
    sides: dict[int, int] = {}
    for at in kept.tolist():
        edge, component = int(edges[position[at]]), str(e.terms.component[rows[at]])
        codes = e.countries[edge]
        side = 0
        if component == "border":
            side = sides.get(int(position[at]), 0)
            sides[int(position[at])] = side + 1
        country = str(codes[min(side, len(codes) - 1)]) if len(codes) and e.mode[edge] != "sea" else AT_SEA
        if component in ("port", "charge") and len(codes) == 1:
            country = str(codes[0])
        payee = PAYEES.get(component) or CARRIERS.get(str(e.mode[edge]), "other carriers")
        amount = float(coefficient[at] * value[e.terms.parameter[rows[at]]])
        if amount:
            yield (country, payee), amount


THINGS: dict[str, Callable[[Route], Iterable[Part]]] = {
    "links": links_of,
    "crossings": crossings_of,
    "terminals": terminals_of,
    "ports": ports_of,
    "countries": countries_of,
    "places": places_of,
    "payments": payments_of,
}
"""What flows are added up over."""

COLUMNS = {
    "links": ["id", "mode", "direction"],
    "crossings": ["id", "mode", "from_country", "to_country"],
    "terminals": ["id", "kind", "place"],
    "ports": ["place", "work"],
    "countries": ["country", "role"],
    "places": ["place", "role"],
    "payments": ["country", "payee"],
}
"""Columns that name a thing."""
