"""Tonnes as wagons, boxes, trucks and trains, and what a tonne on a way takes of a capacity."""

from __future__ import annotations

from corridors.base.errors import InputError
from corridors.base.units import Load
from corridors.model.question import load_of
from corridors.routing.itinerary import is_forward
from corridors.routing.passed import passed
from corridors.routing.route import Route
from corridors.trade.assign import crossings_of, ports_of, terminals_of
from corridors.trade.capacity import Capacity

TRAIN_NET_T = 3300.0
"""Net tonnes of a freight train: 50 covered wagons of flour (KTZ, 2018); on mountain grades 2,000, an assumption."""

EMPTY_SHARE = 1.0
"""Trains that run back empty for each loaded one: 1 is no back load at all, the upper end."""

BOXES_A_WAGON = {"feu": 1.0, "teu": 2.0}
"""Boxes on one flat wagon: one of 40 ft or two of 20 ft (general knowledge)."""

NAMES = ("wagons", "boxes", "trucks", "trains")
"""What tonnes are turned into."""

_COUNTED = {"wagon": "wagons", "truck": "trucks", "train": "trains", "pair": "trains"}


def check_trains(train_net_t: float, empty_share: float) -> None:
    """Refuse trains that cannot be.

    Raises
    ------
    InputError
        If a load is not above zero, or a share of empty trains is negative.

    >>> check_trains(3300, 1)
    """
    if not 0 < train_net_t < float("inf"):
        raise InputError("train_net_t", train_net_t, "net tonnes of a train, above zero")
    if not 0 <= empty_share < float("inf"):
        raise InputError("empty_share", empty_share, "empty trains for each loaded one, zero or more")


def per_tonne(
    route: Route,
    mode: str,
    name: str,
    *,
    commodity: str | None = None,
    train_net_t: float = TRAIN_NET_T,
    empty_share: float = EMPTY_SHARE,
) -> float:
    """Vehicles or boxes for a tonne of a way while it goes by a mode.

    Wagonloads are reloaded to trucks where the way leaves the rails; a box takes a truck of its own there.

    Parameters
    ----------
    route
        The way: its cargo unit and good say what is loaded.
    mode
        `rail`, `road` or `sea`.
    name
        `wagons`, `boxes`, `trucks` or `trains` (with those that run back empty).
    commodity
        The good, for trucks at the ends of a way by rail.
    train_net_t
        Net tonnes of a train.
    empty_share
        Trains that run back empty for each loaded one.

    >>> import corridors as co
    >>> route = co.load().route("Kostanay", "Kabul", cargo="wagon", commodity="flour")
    >>> round(6600 * per_tonne(route, "rail", "wagons")), round(3300 * per_tonne(route, "rail", "trains"))
    (100, 2)
    """
    load = route.problem.question.load
    boxed = load.unit in BOXES_A_WAGON
    if name == "boxes":
        return 1 / load.tonnes if boxed else 0.0
    if mode == "rail":
        wagons = 1 / load.tonnes / BOXES_A_WAGON.get(load.unit, 1.0)
        return {"wagons": wagons, "trains": (1 + empty_share) / train_net_t}.get(name, 0.0)
    if mode == "road" and name == "trucks":
        return 1 / (load.tonnes if boxed else _truck(route, commodity).tonnes)
    return 0.0


def _truck(route: Route, commodity: str | None) -> Load:
    """Load of a truck that carries the good of a way."""
    load = route.problem.question.load
    return load if load.unit == "truck" else load_of(route.problem.tables, "truck", commodity)


Passes = dict[tuple[str, str], list[tuple[str, str, float]]]
"""How often a way passes each thing (kind and id): by mode, way (as in `Capacity.way`) and times."""


def taken(
    capacity: Capacity,
    route: Route,
    passes: Passes,
    *,
    commodity: str | None,
    train_net_t: float,
    empty_share: float,
) -> float:
    """What a tonne on a way takes of a capacity, in what it counts; 0 where the way does not pass it.

    Parameters
    ----------
    capacity
        The limit.
    route
        The way.
    passes
        What it passes, from `passes_of`.
    commodity, train_net_t, empty_share
        As in `per_tonne`.
    """
    total = 0.0
    for mode, way, times in passes.get((capacity.kind, capacity.ident), ()):
        if (capacity.way and capacity.way != way) or (mode and capacity.mode not in ("", mode)):
            continue
        if capacity.counts == "t":
            total += times
            continue
        name = _COUNTED[capacity.counts]
        some = per_tonne(
            route,
            mode or capacity.mode,
            name,
            commodity=commodity,
            train_net_t=train_net_t,
            empty_share=empty_share,
        )
        total += times * some / (2 if capacity.counts == "pair" else 1)  # a pair is a train there and one back
    return total


def passes_of(route: Route) -> Passes:
    """How often a way passes each link, line, crossing, terminal and port; the last two without mode.

    Parameters
    ----------
    route
        The way.

    >>> import corridors as co
    >>> passes = passes_of(co.load().route("Termez", "Kabul", cargo="truck"))
    >>> passes["crossing", "galaba-hairatan"]
    [('road', 'UZ-AF', 1.0)]
    """
    found: Passes = {}
    over, tables, e = passed(route), route.problem.tables, route.problem.expansion
    for ident, edge in zip(over.idents, over.edges.tolist(), strict=True):
        mode, way = str(e.mode[edge]), "forward" if is_forward(route.problem, edge) else "back"
        found["link", str(ident)] = [(mode, way, 1.0)]
        line = str(tables.column("links", "line")[e.link[edge]]) if e.link[edge] >= 0 else ""
        if line:
            found["line", line] = [(mode, "", 1.0)]
    for key, amount in crossings_of(route):
        found.setdefault(("crossing", key[0]), []).append((key[1], f"{key[2]}-{key[3]}", amount))
    for kind, parts in (("terminal", terminals_of(route)), ("port", ports_of(route))):
        for key, amount in parts:
            found.setdefault((kind, key[0]), []).append(("", "", amount))
    return found
