"""Maps of routes and networks for screen and print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Unpack

import geopandas as gpd
import pandas as pd
from matplotlib.axes import Axes

from corridors.base.drawing import Drawing, Panels
from corridors.base.errors import InputError
from corridors.base.languages import Words, words
from corridors.base.looks import INK, MUTED, SYSTEMS
from corridors.base.names import mode_and_gauge
from corridors.base.options import Default, takes
from corridors.network.network import Network
from corridors.plot import canvas, style
from corridors.plot.canvas import Sheet
from corridors.plot.maps import compose, lines, markers
from corridors.plot.maps import legend as keys
from corridors.plot.maps.compose import MapOptions, PanelOptions
from corridors.plot.maps.legend import Entries
from corridors.plot.maps.stops import Scale, crossing_name, of_routes, plain, scale_for
from corridors.routing.route import Route

ROOM_FOR_CONTEXT_CM: Final = 9.0
"""Width from which a map of routes explains the network underneath."""

Routes = Route | Sequence[Route] | Mapping[str, Route]


UNDER: Final = "Whether to draw the network in use underneath, and mark closed crossings."
PLANNED: Final = "Whether to draw the lines of projects that are not built as well."
DWELL: Final = "Whether to draw circles whose area is in proportion to the hours at borders, terminals and ports."


class NetworkOptions(MapOptions, total=False):
    """Options of maps of networks."""

    planned: Annotated[bool, Default(False, PLANNED)]


class RouteOptions(NetworkOptions, total=False):
    """Options of maps of routes."""

    context: Annotated[bool, Default(True, UNDER)]
    dwell: Annotated[bool, Default(True, DWELL)]


class RoutePanelOptions(RouteOptions, PanelOptions, total=False):
    """Options of maps of routes side by side."""


@takes(RouteOptions)
def plot_routes(routes: Routes, ax: Axes | None = None, **options: Unpack[RouteOptions]) -> Drawing:
    """Draw one or several routes on a map.

    One route is drawn in the colours of its systems; several have a colour each and run side by side where they use
    the same line. Figures are not known to pyplot: they show in a notebook, and need not be closed.

    Parameters
    ----------
    routes
        A route, several, or several by the name they have in the legend.
    ax
        Axes to draw into; by default a new figure.
    options
        As in `RouteOptions`.

    Returns
    -------
    Drawing
        Figure and axes.

    Raises
    ------
    InputError
        If there is no route, or an option cannot be.

    >>> import corridors as co
    >>> fig, ax = plot_routes(co.load().route("Almaty", "Karachi"), title="By rail and road")
    >>> ax.get_title(loc="left")
    'By rail and road'
    >>> fig.savefig("almaty-karachi.pdf")  # doctest: +SKIP
    """
    named = {"": named_routes(routes, words(options["lang"]))}
    return compose.draw_map("", *_painter(named, options), ax, options)


@takes(NetworkOptions)
def plot_network(net: Network, ax: Axes | None = None, **options: Unpack[NetworkOptions]) -> Drawing:
    """Draw a network on a map: what is in use by system, what a scenario has built, and what is closed.

    Parameters
    ----------
    net
        The network, in any view.
    ax
        Axes to draw into; by default a new figure.
    options
        As in `NetworkOptions`.

    Returns
    -------
    Drawing
        Figure and axes.

    Raises
    ------
    InputError
        If an option cannot be.

    >>> import corridors as co
    >>> fig, ax = plot_network(co.load().build("uap-kabul"), width_cm=12)
    >>> round(fig.get_figwidth() * 2.54)
    12
    """
    links, planned = net.links, options["planned"]
    shown = links if planned else links[links["in_use"]]

    def paint(sheet: Sheet, _: str, entries: Entries) -> compose.Map:
        drawn = compose.start(sheet, net, focus=compose.study_area(net), entries=entries)
        compose.draw_context(drawn, net, planned=planned, emphasis=1.5)
        markers.draw_crossings(drawn.room, drawn.entries, lines.in_metres(sheet, net.places), net.crossings)
        return drawn

    lonlat = compose.coordinates([compose.at_home(shown if len(shown) else net.places)])
    return compose.draw_map("", paint, lonlat, ax, options)


@takes(RoutePanelOptions)
def plot_scenarios(panels: Mapping[str, Routes], **options: Unpack[RoutePanelOptions]) -> Panels:
    """Draw routes of several scenarios on maps of one extent, side by side, with circles on one scale.

    Parameters
    ----------
    panels
        Routes of each scenario, by the title of its map.
    options
        As in `RoutePanelOptions`.

    Returns
    -------
    Panels
        Figure, and axes by title.

    Raises
    ------
    InputError
        If there is no scenario, or one without a route.

    >>> import corridors as co
    >>> nets = {"existing lines": co.load(), "Kabul line": co.load().build("uap-kabul")}
    >>> routes = {name: net.route("Tashkent", "Karachi", cargo="wagon") for name, net in nets.items()}
    >>> list(plot_scenarios(routes, labels=False).axes)
    ['existing lines', 'Kabul line']
    """
    if not panels:
        raise InputError("panels", dict(panels), "at least one scenario")
    named = {panel: named_routes(routes, words(options["lang"])) for panel, routes in panels.items()}
    return compose.draw_panels(list(named), *_painter(named, options), options)


def _painter(named: Mapping[str, Mapping[str, Route]], options: RouteOptions) -> tuple[compose.Painter, canvas.LonLat]:
    """Make the painter of panels, with longitudes and latitudes of all routes."""
    frames = {panel: [route.to_gdf() for route in routes.values()] for panel, routes in named.items()}

    def paint(sheet: Sheet, panel: str, entries: Entries) -> compose.Map:
        # all sheets are alike, so that the scale is the same on all
        scale = scale_for([stop for mine in named.values() for stop in of_routes(sheet, list(mine.values()))])
        return _draw_routes(sheet, named[panel], frames[panel], entries, scale=scale, options=options)

    return paint, compose.coordinates([frame for mine in frames.values() for frame in mine])


def named_routes(routes: Routes, say: Words | None = None) -> dict[str, Route]:
    """Routes by the name that they have in a legend and on a chart; in English unless words are given.

    Raises
    ------
    InputError
        If there is no route, or what is given is none.
    """
    if isinstance(routes, Route):
        routes = [routes]
    if not isinstance(routes, Sequence | Mapping) or not routes:
        raise InputError("routes", routes, "at least one route: a route, several, or several by name")
    if isinstance(routes, Mapping):
        named = dict(routes)
    else:
        _check_routes(dict(enumerate(routes)))
        named = dict(zip(route_names(routes, say), routes, strict=True))
    _check_routes(named)
    return named


def _check_routes(named: Mapping[Any, object]) -> None:
    """Refuse what is no route."""
    for name, route in named.items():
        if not isinstance(route, Route):
            raise InputError(f"routes[{name!r}]", route, "a Route; where there is no way, leave the scenario out")


def route_names(routes: Sequence[Route], say: Words | None = None) -> list[str]:
    """Name routes by the least that tells them apart: ends, cargo, crossings or network, and else a number."""
    say = words() if say is None else say
    shared = set.intersection(*(set(route.crossings) for route in routes))
    parts = []
    for route in routes:
        own = [crossing_name(route, c, say) for c in route.crossings if c not in shared]
        ends = " – ".join(plain(say.name(route.problem.tables.name(end))) for end in (route.origin, route.destination))
        via = say("map.via", names=", ".join(own[:3])) if own else ""
        parts.append((ends, say(f"cargo.{route.cargo}").capitalize(), via, route.network))
    for columns in ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2), (3,), (1, 3), (0, 1, 2, 3)):
        names = [", ".join(one[i] for i in columns if one[i]) for one in parts]
        if len(set(names)) == len(names) and all(names):
            return [name[0].upper() + name[1:] for name in names]
    return [f"{one[0]} ({i})" for i, one in enumerate(parts, start=1)]


def _draw_routes(
    sheet: Sheet,
    named: Mapping[str, Route],
    frames: Sequence[gpd.GeoDataFrame],
    entries: Entries,
    *,
    scale: Scale,
    options: RouteOptions,
) -> compose.Map:
    """Draw routes over their network."""
    routes = list(named.values())
    nets = _networks(routes)
    focus = {code for route in routes for code in route.countries}
    drawn = compose.start(sheet, nets[0], focus=focus, entries=entries)
    drawn.nets = nets
    new = set().union(*(lines.new_segments(sheet, net) for net in nets))
    parts = lines.stretches([lines.in_metres(sheet, f) for f in frames], new=new)
    drawn.routes = [part.line for part in parts]
    _explain_routes(drawn, named, parts)
    links = pd.concat([net.links for net in nets])
    compose.credit(drawn, links.loc[links.index.intersection(_passed(routes))], nets[0].places)
    if options["context"]:
        compose.draw_context(
            drawn, nets[0], planned=options["planned"], explain=sheet.style.width_cm >= ROOM_FOR_CONTEXT_CM
        )
        places = lines.in_metres(sheet, nets[0].places)
        markers.draw_closed(drawn.room, entries, places, _shut_in_all(nets))
    lines.draw_routes(sheet, parts, lines.route_looks(len(routes)))
    drawn.room.add_lines(drawn.routes, route=True)
    drawn.stops = of_routes(sheet, routes)
    drawn.hours = options["dwell"] and len(named) == 1
    drawn.circles = scale if options["dwell"] else None
    colors = style.ROUTE_COLORS if len(routes) > 1 else ("",)
    markers.draw_stops(drawn.room, entries, drawn.stops, scale=drawn.circles, colors=colors)
    return drawn


def _networks(routes: Sequence[Route]) -> list[Network]:
    """Networks in view that routes were found in, each once."""
    views = dict.fromkeys((id(route.problem.tables), route.problem.view) for route in routes)
    tables = {id(route.problem.tables): route.problem.tables for route in routes}
    return [Network(tables[number], view) for number, view in views]


def _shut_in_all(nets: Sequence[Network]) -> pd.DataFrame:
    """Crossings that no mode can use in any of some networks."""
    shut = pd.concat([net.crossings["open_to"] == "" for net in nets], axis=1).all(axis=1)
    return nets[0].crossings[shut]


def _passed(routes: Sequence[Route]) -> list[str]:
    """List the ids of everything that routes pass."""
    return [ident for route in routes for ident in route.steps["id"]]


def _explain_routes(drawn: compose.Map, named: Mapping[str, Route], parts: Sequence[lines.Stretch]) -> None:
    """Add routes to the legend: by system where there is one, by name and mode where there are several."""
    sheet, looks = drawn.sheet, lines.route_looks(len(named))
    used = dict.fromkeys(part.system for part in parts)
    if len(named) == 1:
        for system in used:
            drawn.entries.add(sheet.say(f"system.{system}"), keys.route_handle(sheet, looks[0][system]))
    else:
        for mine, (name, route) in zip(looks, named.items(), strict=True):
            km, days = sheet.say.number(route.km), sheet.say.number(route.days, 1)
            label = sheet.say("map.route", name=name, km=km, days=days)
            drawn.entries.add(label, keys.route_handle(sheet, mine["road"]))
        for mode in dict.fromkeys(mode_and_gauge(system)[0] for system in used):
            system = "rail-1520" if mode == "rail" else mode
            grey = lines.recolored(system, SYSTEMS[system], MUTED)
            drawn.entries.add(sheet.say(f"map.by_{mode}"), keys.route_handle(sheet, grey))
    if any(part.new for part in parts):
        drawn.entries.add(sheet.say("map.built"), keys.planned_handle(sheet, INK, 2.4))
