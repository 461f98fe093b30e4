"""Maps of routes and networks for screen and print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from numpy.typing import ArrayLike
from shapely.geometry.base import BaseGeometry

from corridors.errors import InputError
from corridors.network import Network
from corridors.plot import basemap, canvas, lines, markers, names, style
from corridors.plot import legend as keys
from corridors.plot.canvas import Box, Drawing, Panels, Sheet
from corridors.plot.labels import Field
from corridors.plot.legend import Entries
from corridors.plot.stops import Scale, Stop, crossing_name, of_routes, plain, scale_for
from corridors.route import Route

OSM: Final = "© OpenStreetMap contributors (ODbL)"
BUILT: Final = "Built in this scenario"
ROOM_FOR_CONTEXT_CM: Final = 9.0
"""Width from which a map of routes explains the network underneath."""
GEONAMES: Final = "GeoNames (CC BY 4.0)"

Routes = Route | Sequence[Route] | Mapping[str, Route]


@dataclass
class _Map:
    """A map while it is being drawn."""

    sheet: Sheet
    room: Field
    entries: Entries = field(default_factory=Entries)
    credits: list[str] = field(default_factory=list)
    routes: list[BaseGeometry] = field(default_factory=list)


def plot_routes(
    routes: Routes,
    ax: Axes | None = None,
    *,
    labels: bool = True,
    title: str | None = None,
    context: bool = True,
    planned: bool = False,
    dwell: bool = True,
    legend: bool = True,
    width_cm: float = 18,
    extent: Box | None = None,
) -> Drawing:
    """Draw one or several routes on a map.

    One route is drawn in the colours of its systems; several have a colour each and run side by side where they use
    the same line. Figures are not known to pyplot: they show in a notebook, and need not be closed.

    Parameters
    ----------
    routes
        A route, several, or several by the name they have in the legend.
    ax
        Axes to draw into; by default a new figure.
    labels
        Whether to write names of places, countries and seas.
    title
        Title above the map.
    context
        Whether to draw the network in use underneath, and mark closed crossings.
    planned
        Whether to draw planned lines as well.
    dwell
        Whether to draw circles whose area is in proportion to the hours at borders, terminals and ports.
    legend
        Whether to explain what is shown.
    width_cm
        Width of a new figure: type and lines are fitted to it.
    extent
        West, south, east and north in degrees, instead of what the routes need.

    Returns
    -------
    Drawing
        Figure and axes.

    Raises
    ------
    InputError
        If there is no route, or an option cannot be.

    >>> import corridors as co
    >>> fig, ax = plot_routes(co.load().route("Almaty", "Karachi"))
    >>> fig.savefig("almaty-karachi.pdf")  # doctest: +SKIP
    """
    named = _named(routes)
    frames = [route.to_gdf() for route in named.values()]
    sheet = canvas.open_sheet(ax, _coordinates(frames), extent, width_cm)
    drawn, found = _draw_routes(sheet, named, frames, context=context, planned=planned, dwell=dwell)
    places = _places(next(iter(named.values())), sheet) if labels else None
    return _finish(drawn, title, legend=legend, places=places, found=found, dwell=dwell, hours=len(named) == 1)


def plot_network(
    net: Network,
    ax: Axes | None = None,
    *,
    labels: bool = True,
    title: str | None = None,
    planned: bool = False,
    legend: bool = True,
    width_cm: float = 18,
    extent: Box | None = None,
) -> Drawing:
    """Draw a network on a map: what is in use by system, what a scenario has built, and what is closed.

    Parameters
    ----------
    net
        The network, in any view.
    ax
        Axes to draw into; by default a new figure.
    labels
        Whether to write names of places, countries and seas.
    title
        Title above the map.
    planned
        Whether to draw the lines of projects that are not built as well.
    legend
        Whether to explain what is shown.
    width_cm
        Width of a new figure: type and lines are fitted to it.
    extent
        West, south, east and north in degrees, instead of the whole network.

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
    """
    links = net.links
    shown = links if planned else links[links["in_use"]]
    sheet = canvas.open_sheet(ax, _coordinates([shown if len(shown) else net.places]), extent, width_cm)
    drawn = _start(sheet, focus=_study_area(net))
    _draw_context(drawn, net, planned=planned, emphasis=1.5)
    crossings = net.crossings
    places = lines.in_metres(sheet, net.places)
    markers.draw_crossings(drawn.room, drawn.entries, places, crossings)
    return _finish(drawn, title, legend=legend, places=places if labels else None)


def plot_scenarios(
    panels: Mapping[str, Routes],
    *,
    columns: int | None = None,
    labels: bool = True,
    title: str | None = None,
    context: bool = True,
    dwell: bool = True,
    legend: bool = True,
    width_cm: float = 18,
    extent: Box | None = None,
) -> Panels:
    """Draw routes of several scenarios on maps of one extent, side by side, with circles on one scale.

    Parameters
    ----------
    panels
        Routes of each scenario, by the title of its map.
    columns
        Maps in a row; by default up to three.
    title
        Title above the first map.
    labels, context, dwell, legend, width_cm, extent
        As in `plot_routes`; the width is that of the whole figure.

    Returns
    -------
    Panels
        Figure, and axes by title.

    Raises
    ------
    InputError
        If there is no scenario, or one without a route.

    >>> import corridors as co
    >>> nets = {"today": co.load(), "Kabul line": co.load().build("uap-kabul")}
    >>> routes = {name: net.route("Tashkent", "Karachi", cargo="wagon") for name, net in nets.items()}
    >>> list(plot_scenarios(routes, labels=False).axes)
    ['today', 'Kabul line']
    """
    if not panels:
        raise InputError("panels", dict(panels), "at least one scenario")
    named = {panel: _named(routes) for panel, routes in panels.items()}
    frames = {panel: [route.to_gdf() for route in routes.values()] for panel, routes in named.items()}
    across = columns or min(len(panels), 3)
    lonlat = _coordinates([frame for mine in frames.values() for frame in mine])
    sheets = canvas.open_panels(len(panels), lonlat, extent, width_cm, columns=across)
    scale = scale_for([stop for mine in named.values() for stop in of_routes(sheets[0], list(mine.values()))])
    shared = Entries()
    for sheet, (panel, mine) in zip(sheets, named.items(), strict=True):
        drawn, found = _draw_routes(
            sheet, mine, frames[panel], context=context, planned=False, dwell=dwell, scale=scale, entries=shared
        )
        if sheet is sheets[0]:
            keys.draw_scale(sheet, drawn.room, drawn.routes)
        if labels:
            places = _places(next(iter(mine.values())), sheet)
            _write_names(drawn.room, places, found, circles=scale if dwell else None, hours=len(mine) == 1)
        canvas.add_title(sheet, panel)
    first_below = sheets[-(-len(panels) // across) * across - across]
    below = keys.legend_below(first_below, shared, width_cm * canvas.CM * 72) if legend else None
    canvas.add_credit(first_below, drawn.credits, below=below, width_cm=width_cm)
    canvas.add_heading(sheets[0], title, width_cm)
    canvas.fit_figure(sheets[0].fig)
    return Panels(sheets[0].fig, {panel: sheet.ax for panel, sheet in zip(panels, sheets, strict=True)})


def _named(routes: Routes) -> dict[str, Route]:
    """Give routes by the name that they have in a legend."""
    if isinstance(routes, Route):
        routes = [routes]
    if not routes:
        raise InputError("routes", routes, "at least one route")
    if isinstance(routes, Mapping):
        return dict(routes)
    return dict(zip(route_names(routes), routes, strict=True))


def route_names(routes: Sequence[Route]) -> list[str]:
    """Name routes by the least that tells them apart: ends, cargo, crossings or network, and else a number."""
    shared = set.intersection(*(set(route.crossings) for route in routes))
    found = []
    for route in routes:
        own = [crossing_name(route, c) for c in route.crossings if c not in shared]
        ends = " – ".join(plain(route.problem.tables.name(end)) for end in (route.origin, route.destination))
        found.append((ends, route.cargo.capitalize(), f"via {', '.join(own[:3])}" if own else "", route.network))
    for columns in ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2), (3,), (1, 3), (0, 1, 2, 3)):
        names = [", ".join(parts[i] for i in columns if parts[i]) for parts in found]
        if len(set(names)) == len(names) and all(names):
            return [name[0].upper() + name[1:] for name in names]
    return [f"{parts[0]} ({i})" for i, parts in enumerate(found, start=1)]


def _coordinates(frames: Sequence[gpd.GeoDataFrame]) -> tuple[ArrayLike, ArrayLike]:
    """Give longitudes and latitudes of everything in some frames."""
    xy = np.vstack([shapely.get_coordinates(frame.geometry.to_numpy()) for frame in frames])
    return xy[:, 0], xy[:, 1]


def _places(route: Route, sheet: Sheet) -> gpd.GeoDataFrame:
    return lines.in_metres(sheet, Network(route.problem.tables).places)


def _start(sheet: Sheet, *, focus: set[str]) -> _Map:
    return _Map(sheet, Field(sheet), credits=basemap.draw(sheet, focus=focus))


def _study_area(net: Network, least: float = 0.03) -> set[str]:
    """Give the countries of which the network holds more than border points: a share of all places."""
    shares = net.places["country"].value_counts(normalize=True)
    return set(shares.index[shares >= least])


def _draw_context(drawn: _Map, net: Network, *, planned: bool, emphasis: float = 1.0, explain: bool = True) -> None:
    """Draw the network in use, what a scenario has built, and if wanted what is only planned.

    Systems that are in the legend already are not explained again: a thin line is the network, a thick one a route.
    """
    sheet, entries = drawn.sheet, drawn.entries
    links = lines.seen(sheet, lines.in_metres(sheet, net.links))
    project, used = lines.of_project(links), links["in_use"]
    there, built, later = links[used & ~project], links[used & project], links[~used & project]
    for system in lines.draw_links(sheet, there, emphasis=emphasis):
        looks = style.SYSTEMS[system]
        if explain:
            entries.add(looks.label, keys.network_handle(sheet, looks, emphasis))
    if planned and len(later):
        lines.draw_planned(sheet, later)
        entries.add("Planned", keys.planned_handle(sheet, style.MUTED))
    if len(built):
        lines.draw_built(sheet, built)
        entries.add(BUILT, keys.planned_handle(sheet, style.INK, lines.BUILT_PT))
    drawn.room.add_lines([*there.geometry, *built.geometry], route=False)
    _credit(drawn, links[used | planned], net.places)


def _credit(drawn: _Map, links: pd.DataFrame, places: pd.DataFrame) -> None:
    """Credit those whose lines and positions are shown, each once."""
    due = {
        OSM: links["alignment"].isin(["traced", "osm"]).any(),
        GEONAMES: places["source"].str.contains("geonames").any(),
    }
    drawn.credits[:0] = [name for name, shown in due.items() if shown and name not in drawn.credits]


def _draw_routes(
    sheet: Sheet,
    named: Mapping[str, Route],
    frames: Sequence[gpd.GeoDataFrame],
    *,
    context: bool,
    planned: bool,
    dwell: bool,
    scale: Scale | None = None,
    entries: Entries | None = None,
) -> tuple[_Map, list[Stop]]:
    """Draw routes over their network, and give the map and their stops."""
    routes = list(named.values())
    problem = routes[0].problem
    net = Network(problem.tables, problem.view)
    drawn = _start(sheet, focus={code for route in routes for code in route.countries})
    drawn.entries = drawn.entries if entries is None else entries
    parts = lines.stretches([lines.in_metres(sheet, f) for f in frames], new=lines.new_segments(sheet, net))
    drawn.routes = [part.line for part in parts]
    _explain_routes(drawn, named, parts)
    links = net.links
    _credit(drawn, links.loc[links.index.intersection(_passed(routes))], net.places)
    if context:
        _draw_context(drawn, net, planned=planned, explain=sheet.style.width_cm >= ROOM_FOR_CONTEXT_CM)
        places = lines.in_metres(sheet, net.places)
        markers.draw_closed(drawn.room, drawn.entries, places, net.crossings)
    lines.draw_routes(sheet, parts, lines.route_looks(len(routes)))
    drawn.room.add_lines(drawn.routes, route=True)
    found = of_routes(sheet, routes)
    colors = style.ROUTE_COLORS if len(routes) > 1 else ("",)
    circles = (scale or scale_for(found)) if dwell else None
    markers.draw_stops(drawn.room, drawn.entries, found, scale=circles, colors=colors)
    return drawn, found


def _passed(routes: Sequence[Route]) -> list[str]:
    """List the ids of everything that routes pass."""
    return [ident for route in routes for ident in route.steps["id"]]


def _explain_routes(drawn: _Map, named: Mapping[str, Route], parts: Sequence[lines.Stretch]) -> None:
    """Add routes to the legend: by system where there is one, by name and mode where there are several."""
    sheet, looks = drawn.sheet, lines.route_looks(len(named))
    used = dict.fromkeys(part.system for part in parts)
    if len(named) == 1:
        for system in used:
            drawn.entries.add(style.SYSTEMS[system].label, keys.route_handle(sheet, looks[0][system]))
    else:
        for mine, (name, route) in zip(looks, named.items(), strict=True):
            label = f"{name}: {route.km:,.0f} km, {route.days:.1f} d"
            drawn.entries.add(label, keys.route_handle(sheet, mine["road"]))
        for mode in dict.fromkeys(system.partition("-")[0] for system in used):
            system = "rail-1520" if mode == "rail" else mode
            grey = lines.recolored(system, style.SYSTEMS[system], style.MUTED)
            drawn.entries.add(f"Route by {mode}", keys.route_handle(sheet, grey))
    if any(part.new for part in parts):
        drawn.entries.add(BUILT, keys.planned_handle(sheet, style.INK, 2.4))


def _finish(
    drawn: _Map,
    title: str | None,
    *,
    legend: bool,
    places: gpd.GeoDataFrame | None,
    found: Sequence[Stop] = (),
    dwell: bool = False,
    hours: bool = False,
) -> Drawing:
    """Set legend, scale, names, title and credit, each where the others have left room."""
    sheet = drawn.sheet
    below = keys.draw_legend(sheet, drawn.entries, drawn.room, drawn.routes) if legend else None
    keys.draw_scale(sheet, drawn.room, drawn.routes)
    if places is not None:
        _write_names(drawn.room, places, found, circles=scale_for(found) if dwell else None, hours=hours)
    canvas.add_title(sheet, title)
    canvas.add_credit(sheet, drawn.credits, below=below)
    if sheet.own:
        canvas.fit_figure(sheet.fig)
    return Drawing(sheet.fig, sheet.ax)


def _write_names(
    room: Field, places: gpd.GeoDataFrame, found: Sequence[Stop], *, circles: Scale | None, hours: bool
) -> None:
    """Write the names of stops, countries, seas and towns, in this order."""
    names.write_stops(room, found, circles=circles, hours=circles is not None and hours)
    names.write_countries(room)
    names.write_seas(room)
    names.write_towns(room, places, without=[stop.place for stop in found])
