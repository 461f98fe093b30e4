"""The interactive map: one HTML page that needs nothing else, for scenarios, their routes and what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias, Unpack

from corridors.base.errors import InputError, NoRouteError
from corridors.base.languages import ENGLISH
from corridors.base.options import defaults_of, takes
from corridors.model.charter import chartered
from corridors.model.question import Asked, cargo_of
from corridors.network.network import Network
from corridors.plot.maps.routes import Routes, named_routes
from corridors.plot.maps.stops import plain
from corridors.plot.web.page import InteractiveMap, make_map
from corridors.routing.route import Route
from corridors.whatif.compare import Comparison
from corridors.whatif.named import Scenarios, named_networks

Pair: TypeAlias = tuple[str, str]
Wanted: TypeAlias = Routes | Mapping[str, Routes] | Pair | Sequence[Pair]

CARGO: Final = "container"
"""Cargo unit where none is named."""

NOTEBOOK_PX: Final = 600
"""Height of the map in a notebook."""


@takes(Asked)
def explore(
    scenarios: Scenarios,
    routes: Wanted | None = None,
    *,
    via: str | Sequence[str] = (),
    draws: int = 0,
    seed: int = 0,
    title: str | None = None,
    height_px: int = NOTEBOOK_PX,
    lang: str = ENGLISH,
    **options: Unpack[Asked],
) -> InteractiveMap:
    """Make an interactive map of networks and routes: one page that works offline.

    It pans and zooms, switches scenarios and layers, compares two routes leg by leg, and shows for every leg, place,
    crossing, terminal and link its figures, the parameters behind them and their sources. What is asked (`by`, `modes`,
    ...) is for pairs of places; the cargo unit is also that of the hours at crossings and terminals, unless routes are
    given that agree on another.

    Parameters
    ----------
    scenarios
        A network, or networks and scenarios by name; a `Scenario` is applied to the first, which is a network.
    routes
        Pairs of places, which are routed in every scenario; or routes that were found before, by scenario (for one
        network, routes as in `plot_routes`). None shows the networks alone.
    via
        Places that pairs pass, in this order.
    draws, seed
        Draws for the 5 to 95 % band of the hours of trips; none by default.
    title
        Title; by default the ends of the routes or the names of the scenarios.
    height_px
        Height in a notebook.
    lang
        Language of the page, `en` or `ru`. Notes and titles of sources stay as the tables have them, and a name
        without a translation stays English.
    options
        As in `corridors.model.question.Asked`.

    Returns
    -------
    InteractiveMap
        Shows in a notebook; `save` writes the page, `data` holds what is in it.

    Raises
    ------
    InputError
        If there is no scenario, or routes belong to none of them.

    >>> import corridors as co
    >>> net = co.load()
    >>> scenarios = {"existing lines": net, "Kabul corridor": net.build("uap-kabul")}
    >>> page = co.explore(scenarios, ("Almaty", "Karachi"), modes={"rail"})
    >>> page
    Interactive map 'Almaty – Karachi': 2 scenarios, 2 routes; save it with .save('map.html')
    >>> page.save("almaty-karachi.html")  # doctest: +SKIP
    """
    networks = named_networks(scenarios)
    if title is None and routes is None and isinstance(scenarios, Network):
        title = scenarios.name  # a network alone is no base of anything
    answers = _routed(networks, routes, via, options)
    units = {route.cargo for mine in answers.values() for route in mine.values() if isinstance(route, Route)}
    first = next(iter(networks.values())).tables
    unit = units.pop() if len(units) == 1 else cargo_of(first, options["cargo"], options["commodity"])
    return make_map(networks, answers, cargo=unit, title=title, height_px=height_px, draws=draws, seed=seed, lang=lang)


def explore_route(
    route: Route,
    *others: Route,
    draws: int = 0,
    seed: int = 0,
    title: str | None = None,
    height_px: int = NOTEBOOK_PX,
    lang: str = ENGLISH,
) -> InteractiveMap:
    """Make an interactive map of a route, beside others to compare it with.

    Parameters
    ----------
    route, others
        The routes, of one network or of several.
    draws, seed, title, height_px, lang
        As in `explore`.

    Returns
    -------
    InteractiveMap
        Page that works offline; it shows in a notebook, `save` writes it.

    >>> import corridors as co
    >>> net = co.load()
    >>> rail, kabul = (n.route("Almaty", "Karachi", modes={"rail"}) for n in (net, net.build("uap-kabul")))
    >>> page = rail.explore(kabul)
    >>> page.save("comparison.html")  # doctest: +SKIP
    """
    return explore_routes([route, *others], draws=draws, seed=seed, title=title, height_px=height_px, lang=lang)


def explore_routes(
    routes: Routes,
    *,
    draws: int = 0,
    seed: int = 0,
    title: str | None = None,
    height_px: int = NOTEBOOK_PX,
    lang: str = ENGLISH,
) -> InteractiveMap:
    """Make an interactive map of routes on the networks that they were found on; the first two are compared.

    Parameters
    ----------
    routes
        A route, several, or several by name.
    draws, seed, title, height_px, lang
        As in `explore`.

    Returns
    -------
    InteractiveMap
        Page that works offline; it shows in a notebook, `save` writes it.

    >>> import corridors as co
    >>> explore_routes(co.load().route("Termez", "Kabul"))
    Interactive map 'Termez – Kabul': 1 scenario, 1 route; save it with .save('map.html')
    """
    named = named_routes(routes)
    networks: dict[str, Network] = {}
    mine: dict[str, dict[str, Route]] = {}
    for name, route in named.items():
        net = Network(route.problem.tables, route.problem.view, route.network)
        same = (n for n, other in networks.items() if (other.tables, other.view) == (net.tables, net.view))
        where = next(same, net.name if net.name not in networks else f"{net.name} ({len(networks) + 1})")
        networks.setdefault(where, net)
        mine.setdefault(where, {})[name] = route
    # names of one's own are kept; others need only tell the routes of one network apart
    shown = mine if isinstance(routes, Mapping) else {n: named_routes(list(r.values())) for n, r in mine.items()}
    cargo = next(iter(named.values())).cargo
    return make_map(networks, shown, cargo=cargo, title=title, height_px=height_px, draws=draws, seed=seed, lang=lang)


def explore_comparison(
    comparison: Comparison, *, title: str | None = None, height_px: int = NOTEBOOK_PX, lang: str = ENGLISH
) -> InteractiveMap:
    """Make an interactive map of a comparison: every pair in every scenario.

    Parameters
    ----------
    comparison
        What `corridors.compare` gave; with draws, so has the map.
    title, height_px, lang
        As in `explore`.

    Returns
    -------
    InteractiveMap
        Page that works offline; it shows in a notebook, `save` writes it.

    Raises
    ------
    InputError
        If the comparison does not hold its networks.

    >>> import corridors as co
    >>> found = co.compare([co.load(), "uap-kabul"], ["Tashkent"], ["Karachi"], modes={"rail"})
    >>> co.plot.explore_comparison(found).html.count("<html")
    1
    """
    if missing := [name for name in comparison.scenarios if name not in comparison.networks]:
        raise InputError("comparison", missing, "a comparison made by corridors.compare, which keeps the networks")
    answers: dict[str, dict[str, Route | str]] = {name: {} for name in comparison.networks}
    for (scenario, *pair), route in comparison.routes.items():
        name = _pair_name(comparison.networks[scenario], *pair)
        answers[scenario][name] = route or "Network.route says what is missing."
    cargo = next((route.cargo for route in comparison.routes.values() if route), CARGO)
    options: dict[str, Any] = {"draws": comparison.draws, "seed": comparison.seed, "lang": lang}
    return make_map(comparison.networks, answers, cargo=cargo, title=title, height_px=height_px, **options)


def _routed(
    networks: Mapping[str, Network], routes: Wanted | None, via: str | Sequence[str], options: Asked
) -> dict[str, dict[str, Route | str]]:
    """Routes of every scenario by name, or why there is none."""
    pairs = _pairs(routes)
    if pairs:
        return {name: _answers(net, pairs, via, options) for name, net in networks.items()}
    plain_question = {**defaults_of(Asked), "via": (), "cargo": options["cargo"]}
    asked = [name for name, value in {**options, "via": via}.items() if value != plain_question[name]]
    if asked:
        raise InputError("options", sorted(asked), "these are for pairs of places; routes that are given have theirs")
    given = {} if routes is None else _given(networks, routes)
    return {name: dict(mine) for name, mine in given.items()}


def _given(networks: Mapping[str, Network], routes: Any) -> dict[str, dict[str, Route]]:
    """Routes that were found before by scenario and name."""
    by_scenario = isinstance(routes, Mapping)
    if len(networks) == 1 and (not by_scenario or any(isinstance(route, Route) for route in routes.values())):
        routes, by_scenario = dict.fromkeys(networks, routes), True
    if not by_scenario:
        raise InputError("routes", routes, "pairs of places, or routes by scenario")
    unknown = [name for name in routes if name not in networks]
    if unknown:
        raise InputError("routes", unknown, f"names of scenarios: {', '.join(networks)}")
    named = {name: named_routes(mine) for name, mine in routes.items()}
    _check_networks(networks, named)
    return named


def _check_networks(networks: Mapping[str, Network], routes: Mapping[str, Mapping[str, Route]]) -> None:
    """Refuse routes that were not found on the network under which they are given."""
    for scenario, mine in routes.items():
        net = networks[scenario]
        for name, route in mine.items():
            tables = chartered(net.tables) if route.problem.question.charter else net.tables
            if route.problem.tables is not tables or route.problem.view != net.view:
                expected = f"a route found on the network of '{scenario}' ('{net.name}')"
                raise InputError("routes", f"{name}, found on '{route.network}'", expected)


def _pairs(routes: Wanted | None) -> list[Pair]:
    """List the pairs of places that are asked for; none, where routes are given."""
    if not isinstance(routes, Sequence) or isinstance(routes, str) or not routes:
        return []
    given: list[Any] = [routes] if all(isinstance(part, str) for part in routes) else list(routes)
    if any(isinstance(part, Route) for part in given):
        return []
    if not all(isinstance(p, Sequence) and len(p) == 2 and all(isinstance(end, str) for end in p) for p in given):
        raise InputError("routes", routes, "pairs of places such as ('Almaty', 'Karachi')")
    return [(origin, destination) for origin, destination in given]


def _answers(net: Network, pairs: Iterable[Pair], via: str | Sequence[str], options: Asked) -> dict[str, Route | str]:
    """Find the route of every pair, or say why there is none."""
    answers: dict[str, Route | str] = {}
    for origin, destination in pairs:
        try:
            answers[_pair_name(net, origin, destination)] = net.route(origin, destination, via=via, **options)
        except NoRouteError as error:
            answers[_pair_name(net, origin, destination)] = str(error)
    return answers


def _pair_name(net: Network, origin: str, destination: str) -> str:
    return " – ".join(plain(net.tables.name(net.tables.place(end))) for end in (origin, destination))
