"""What a forwarder pays for one unit: the way, the work of ports at its ends, and the way back of the empty box."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from corridors.base.errors import InputError
from corridors.base.units import COST, in_unit
from corridors.model import parts
from corridors.model.expansion import EdgeKind, Floats
from corridors.model.problem import Journey, Problem
from corridors.model.view import usable

EMPTY_SHARE = {"road": 1.0, "rail": 0.62, "sea": 0.0}
"""Price of the way back of an empty box or truck, as a share of that of a full one.

By road it pays the rate of that direction, by rail 0.55 to 0.70 of a light box (CONCOR, 2019); lines bring their boxes
home at sea themselves.
"""

_AT_SEA = (EdgeKind.PORT, EdgeKind.SEA)


@dataclass(frozen=True, eq=False)
class Way:
    """Some edges as a journey."""

    problem: Problem
    edges: Sequence[int]
    origin: str
    destination: str
    via: Sequence[str] = ()


def price_weights(
    journey: Journey,
    unit: str = "tonne",
    *,
    ports: bool = False,
    empty_return: bool = False,
    components: Collection[str] | None = None,
) -> Floats:
    """Coefficient of every parameter in the price of one unit: the price in USD is their product.

    Parameters
    ----------
    journey
        The journey, such as a route.
    unit
        `tonne`, `teu`, `feu`, `truck` or `wagon`.
    ports
        Whether the work of the port is in it where the journey begins or ends on land in a port.
    empty_return
        Whether the way back of the empty box or truck to the origin is in it, see `EMPTY_SHARE`.
    components
        Components of the way to keep; all by default.

    Raises
    ------
    InputError
        If there is no such unit, or no way back.

    >>> import corridors as co
    >>> route = co.load().route("Karachi", "Kabul", via="torkham", modes={"road"})
    >>> value = route.problem.tables.theta.value
    >>> [round(float(price_weights(route, "feu", empty_return=back) @ value), -2) for back in (False, True)]
    [1900.0, 2800.0]
    """
    load, cargo = journey.problem.question.load, journey.problem.question.cargo
    if (cargo, unit) in (("wagon", "truck"), ("truck", "wagon")):
        raise InputError("unit", unit, f"the journey is by {cargo}")
    whole = parts.coefficients(journey, COST, components=components)
    land = parts.coefficients(journey, COST, components=components, kinds_out=_AT_SEA)
    by_road, on_land, at_sea = (in_unit(unit, load, part) for part in ("road", "land", "sea"))
    found = on_land * land + at_sea * (whole - land)
    if by_road != on_land:
        found += (by_road - on_land) * _on_roads(journey, components)
    if ports:
        for place, outward in ((journey.origin, False), (journey.destination, True)):
            found += at_sea * _port(journey, place, outward=outward)
    if empty_return:
        back = _way_back(journey)
        found += sum({"road": by_road}.get(mode, on_land) * some for mode, some in back.items())
    return np.asarray(found)


def _on_roads(journey: Journey, components: Collection[str] | None) -> Floats:
    """Coefficients of the movements and borders of a journey by road."""
    edges = np.asarray(journey.edges, dtype=np.int64)
    kept = edges[journey.problem.expansion.mode[edges] == "road"].tolist()
    way = Way(journey.problem, kept, journey.origin, journey.destination, journey.via)
    return parts.coefficients(way, COST, components=components)


def _port(journey: Journey, place: str, *, outward: bool) -> Floats:
    """Coefficients of the work of a port between land and sea, the cheapest where there are several; none elsewhere."""
    problem = journey.problem
    e, value = problem.expansion, problem.tables.theta.value
    # the modes of the journey rule out ships, but not that the port works
    here = (e.kind == EdgeKind.PORT) & (e.tail_place == place) & e.in_use(usable(problem.tables, problem.view))
    edges = [edge for edge in np.flatnonzero(here).tolist() if bool(e.states[e.head[edge]].service) == outward]
    works = [parts.coefficients(Way(problem, [edge], place, place), COST, components=("port",)) for edge in edges]
    return min(works, key=lambda work: float(work @ value), default=np.zeros(len(value)))


def _way_back(journey: Journey) -> dict[str, Floats]:
    """Coefficients of the movement on the way back by mode, as empty boxes and trucks pay."""
    problem, via = journey.problem, tuple(reversed(journey.via))
    edges = problem.best_path(journey.destination, journey.origin, via)
    if edges is None:
        raise InputError("empty_return", True, "there is no way back to the origin")
    modes = problem.expansion.mode[edges]
    found = {}
    for mode, share in EMPTY_SHARE.items():
        chosen = [edge for edge, other in zip(edges, modes, strict=True) if other == mode]
        way = Way(problem, chosen, journey.destination, journey.origin, via)
        found[mode] = share * parts.coefficients(way, COST, components=("line_haul",))
    return found
