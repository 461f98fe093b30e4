"""A map while it is being put together: the network underneath, and what stands around a map when it is finished."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final, TypedDict

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from shapely.geometry.base import BaseGeometry

from corridors.base.drawing import Drawing, Panels
from corridors.base.errors import InputError, UnknownNameError
from corridors.base.languages import ENGLISH
from corridors.base.looks import INK, MUTED, SYSTEMS
from corridors.base.options import Default
from corridors.model.borders import border_state
from corridors.network.network import Network
from corridors.plot import canvas
from corridors.plot.canvas import Box, LonLat, Sheet
from corridors.plot.maps import basemap, lines, names
from corridors.plot.maps import legend as keys
from corridors.plot.maps.labels import Field
from corridors.plot.maps.legend import Entries
from corridors.plot.maps.stops import Scale, Stop, plain

OSM: Final = "© OpenStreetMap contributors (ODbL)"
GEONAMES: Final = "GeoNames (CC BY 4.0)"
CREDITS: Final = {
    OSM: "map.osm", GEONAMES: "map.geonames", basemap.NATURAL_EARTH: "map.natural_earth",
    basemap.RELIEF: "map.relief", basemap.DISCLAIMER: "map.disclaimer",
}  # fmt: skip
"""Keys of the texts of credits."""

BUILT: Final = "Built in this scenario"
TARGETS: Final = {"end": "Destination"}
"""What the ends are called where only destinations are marked."""


class MapOptions(TypedDict, total=False):
    """Options of every map."""

    labels: Annotated[bool, Default(True, "Whether to write names of places, countries and seas.")]
    title: Annotated[str | None, Default(None, "Title above the map, or over all maps where there are several.")]
    legend: Annotated[bool, Default(True, "Whether to explain what is shown.")]
    width_cm: Annotated[float, Default(18, "Width of a new figure: type and lines are fitted to it.")]
    figsize: Annotated[
        tuple[float, float] | None,
        Default(None, "Width and height of the map in inches, in place of `width_cm`; title and credit come on top."),
    ]
    dpi: Annotated[float | None, Default(None, "Dots per inch of a new figure; 150 by default.")]
    extent: Annotated[
        Box | None, Default(None, "West, south, east and north in degrees; by default what is shown needs.")
    ]
    lang: Annotated[str, Default(ENGLISH, "Language of titles, labels, names and legend: `en` or `ru`.")]


class PanelOptions(MapOptions, total=False):
    """Options of several maps side by side; their width is that of the whole figure."""

    columns: Annotated[int | None, Default(None, "Maps in a row; by default up to three.")]


@dataclass
class Map:
    """A map while it is being drawn.

    Attributes
    ----------
    room
        What is taken on the sheet, so that names and legend keep clear of it.
    routes
        Lines that names and legend avoid most.
    net
        Network whose towns are named where there is room.
    nets
        Networks whose state of the borders is told below the map; `net` if there are none.
    stops
        Places that are named first.
    circles, hours
        Scale of the circles at stops, and whether to write their hours.
    towns
        Whether to name towns beside the stops.
    covered
        Whether the map is covered so far that its legend stands below, where it can.
    """

    sheet: Sheet
    room: Field
    net: Network
    entries: Entries = field(default_factory=Entries)
    credits: list[str] = field(default_factory=list)
    nets: list[Network] = field(default_factory=list)
    routes: list[BaseGeometry] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    circles: Scale | None = None
    hours: bool = False
    towns: bool = True
    covered: bool = False


Painter = Callable[[Sheet, str, Entries], Map]
"""Draws the map of a name on a sheet, with a legend that several maps may share."""


def start(sheet: Sheet, net: Network, *, focus: set[str], entries: Entries | None = None) -> Map:
    """Begin a map with its base, countries other than those in focus faded."""
    legend = Entries() if entries is None else entries
    return Map(sheet, Field(sheet), net, legend, basemap.draw(sheet, focus=focus))


def at_home(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Places or links in the corridor region; all of them if less than half lie there."""
    box = rows.geometry.bounds
    west, south, east, north = canvas.HOME
    inside = (box["minx"] >= west) & (box["miny"] >= south) & (box["maxx"] <= east) & (box["maxy"] <= north)
    return rows[inside] if inside.mean() >= 0.5 else rows


def study_area(net: Network, least: float = 0.03, most: float = 2 / 3) -> set[str]:
    """Countries of which the network holds more than border points, and most of it in the region.

    `least` is the share of a country of all places of the region, `most` the share of its own places that lie there.
    """
    here, everywhere = at_home(net.places)["country"].value_counts(), net.places["country"].value_counts()
    counts = here[(here >= least * here.sum()) & (here >= most * everywhere.reindex(here.index))]
    return set(counts.index)


def draw_context(drawn: Map, net: Network, *, planned: bool, emphasis: float = 1.0, explain: bool = True) -> None:
    """Draw the network in use, what a scenario has built, and if wanted what is only planned.

    Systems that are in the legend already are not explained again: a thin line is the network, a thick one a route.
    """
    sheet, entries = drawn.sheet, drawn.entries
    links = lines.seen(sheet, lines.in_metres(sheet, net.links))
    project, used = lines.of_project(links), links["in_use"]
    there, built, later = links[used & ~project], links[used & project], links[~used & project]
    for system in lines.draw_links(sheet, there, emphasis=emphasis):
        looks = SYSTEMS[system]
        if explain:
            entries.add(sheet.say(f"system.{system}"), keys.network_handle(sheet, looks, emphasis))
    if explain and lines.of_chord(there).any():
        entries.add(sheet.say("map.straight"), keys.chord_handle(sheet, emphasis))
    if planned and len(later):
        lines.draw_planned(sheet, later)
        entries.add(sheet.say("map.planned"), keys.planned_handle(sheet, MUTED))
    if len(built):
        lines.draw_built(sheet, built)
        entries.add(sheet.say("map.built"), keys.planned_handle(sheet, INK, lines.BUILT_PT))
    drawn.room.add_lines([*there.geometry, *built.geometry], route=False)
    credit(drawn, links[used | planned], net.places)


def credit(drawn: Map, links: pd.DataFrame, places: pd.DataFrame) -> None:
    """Credit those whose lines and positions are shown, each once."""
    drawn.credits[:0] = [name for name in owners(links, places) if name not in drawn.credits]


def owners(links: pd.DataFrame, places: pd.DataFrame) -> list[str]:
    """Name those whose lines and positions links and places have."""
    due = {
        OSM: links["alignment"].isin(["traced", "osm"]).any(),
        GEONAMES: places["source"].str.contains("geonames").any(),
    }
    return [name for name, shown in due.items() if shown]


def finish(drawn: Map, options: MapOptions) -> Drawing:
    """Set legend, scale, names, title and credit, each where the others have left room."""
    sheet, legend = drawn.sheet, options["legend"]
    below = None
    if legend and drawn.covered and sheet.own and drawn.entries.rows:
        below = keys.legend_below(sheet, drawn.entries, drawn.room.bounds[2])
    elif legend:
        below = keys.draw_legend(sheet, drawn.entries, drawn.room, drawn.routes)
    keys.draw_scale(sheet, drawn.room, drawn.routes)
    if options["labels"]:
        write_names(drawn)
    canvas.add_title(sheet, options["title"])
    canvas.add_credit(sheet, [*states([drawn]), *credited(drawn)], below=below)
    if sheet.own:
        canvas.fit_figure(sheet.fig)
    return Drawing(sheet.fig, sheet.ax)


def states(maps: Sequence[Map]) -> list[str]:
    """Lines that say which state of the borders maps are of, each state once."""
    nets = [(net, one.sheet.say) for one in maps for net in one.nets or [one.net]]
    found = dict.fromkeys(border_state(net.tables, net.view, say.lang) for net, say in nets)
    return [maps[0].sheet.say("state.heading", state=" / ".join(found))] if found else []


def credited(drawn: Map) -> list[str]:
    """Credits of a map in its language."""
    return [drawn.sheet.say(CREDITS[name]) if name in CREDITS else name for name in drawn.credits]


def panels_of(scenarios: Sequence[str], scenario: str | None) -> list[str]:
    """Scenarios that are drawn: the one that is named, or all of them.

    Raises
    ------
    UnknownNameError, InputError
        If the scenario is unknown, or there is none.

    >>> panels_of(["kabul", "west"], None), panels_of(["kabul", "west"], "west")
    (['kabul', 'west'], ['west'])
    """
    if not scenarios:
        raise InputError("scenario", scenario, "a second scenario to compare with the first")
    if scenario is not None and scenario not in scenarios:
        raise UnknownNameError("scenario", scenario, scenarios)
    return list(scenarios) if scenario is None else [scenario]


def draw_map(panel: str, paint: Painter, lonlat: LonLat, ax: Axes | None, options: MapOptions) -> Drawing:
    """Draw one map, on axes that are given or on a new figure."""
    sheet = canvas.open_sheet(ax, lonlat, options)
    return finish(paint(sheet, panel, Entries()), options)


def draw_panels(panels: Sequence[str], paint: Painter, lonlat: LonLat, options: PanelOptions) -> Panels:
    """Draw maps of one extent side by side with one legend, one credit line, and a scale bar on the first."""
    width_cm, columns = canvas.size_cm(options)[0], options["columns"] or min(len(panels), 3)
    sheets = canvas.open_panels(len(panels), lonlat, options, columns=columns)
    shared = Entries()
    maps: list[Map] = []
    for sheet, panel in zip(sheets, panels, strict=True):
        drawn = paint(sheet, panel, shared)
        if not maps:
            keys.draw_scale(sheet, drawn.room, drawn.routes)
        if options["labels"]:
            write_names(drawn)
        canvas.add_title(sheet, panel)
        maps.append(drawn)
    first_below = sheets[-(-len(sheets) // columns) * columns - columns]
    explain = options["legend"] and shared.rows
    below = keys.legend_below(first_below, shared, width_cm * canvas.CM * 72) if explain else None
    due = dict.fromkeys([*states(maps), *(name for one in maps for name in credited(one))])
    canvas.add_credit(first_below, due, below=below, width_cm=width_cm)
    canvas.add_heading(sheets[0], options["title"], width_cm)
    canvas.fit_figure(sheets[0].fig)
    return Panels(sheets[0].fig, {name: sheet.ax for name, sheet in zip(panels, sheets, strict=True)})


def draw_maps(
    panels: Sequence[str], paint: Painter, lonlat: LonLat, ax: Axes | None, options: PanelOptions
) -> Drawing | Panels:
    """Draw one map, on given axes if wanted, or several side by side.

    Raises
    ------
    InputError
        If axes are given for several maps.
    """
    if len(panels) == 1:
        return draw_map(panels[0], paint, lonlat, ax, options)
    if ax is not None:
        raise InputError("ax", f"axes for {len(panels)} maps", "name one scenario to draw into given axes")
    return draw_panels(panels, paint, lonlat, options)


def write_names(drawn: Map) -> None:
    """Write the names of stops, countries, seas and towns, in this order."""
    room, stops = drawn.room, drawn.stops
    names.write_stops(room, stops, circles=drawn.circles, hours=drawn.hours)
    names.write_countries(room)
    names.write_seas(room)
    if drawn.towns:
        places = lines.in_metres(drawn.sheet, drawn.net.places)
        names.write_towns(room, places, without=[stop.place for stop in stops])


def ends(sheet: Sheet, net: Network, places: Iterable[str]) -> list[Stop]:
    """Make stops without hours of places."""
    rows = net.places.loc[list(dict.fromkeys(places))]
    x, y = sheet.project(rows.geometry.x, rows.geometry.y)
    return [
        Stop(str(ident), plain(name), "end", float(px), float(py), {})
        for ident, name, px, py in zip(rows.index, rows["name"], x, y, strict=True)
    ]


def towns(rows: gpd.GeoDataFrame, labels: Sequence[str], sizes: Iterable[float] | None = None) -> list[Stop]:
    """Make stops of places (in metres), named with a label where there is room, those with most people first.

    Sizes are those of the circles that stand at the places.
    """
    people = rows["population"].fillna(0.0)
    values = [0.0] * len(rows) if sizes is None else [float(v) if v == v else 0.0 for v in sizes]  # noqa: PLR0124  # nan
    return [
        Stop(str(ident), text, "via", point.x, point.y, {0: size}, float(number))
        for ident, text, point, size, number in zip(rows.index, labels, rows.geometry, values, people, strict=True)
    ]


def coordinates(frames: Sequence[gpd.GeoDataFrame]) -> LonLat:
    """Longitudes and latitudes of everything in some frames."""
    xy = np.vstack([shapely.get_coordinates(frame.geometry.to_numpy()) for frame in frames])
    return xy[:, 0], xy[:, 1]
