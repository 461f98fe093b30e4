"""Map of how much of their capacity lines and crossings use; what has no known capacity is drawn thin and grey."""

from __future__ import annotations

from typing import Any, Final, Unpack

import geopandas as gpd
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from corridors.base.drawing import Drawing
from corridors.base.errors import InputError
from corridors.base.looks import HALO, INK, MUTED
from corridors.plot import style
from corridors.plot.canvas import Sheet
from corridors.plot.maps import compose, lines, markers
from corridors.plot.maps import legend as keys
from corridors.plot.maps.basemap import draw_lines
from corridors.plot.maps.compose import Map, PanelOptions
from corridors.plot.maps.legend import Entries
from corridors.plot.translate import drawing
from corridors.trade.utilisation import Utilisation

STATES: Final = {
    "": ("No known capacity", MUTED, 1.4),
    "free": ("Up to 80 % of capacity", style.ROUTE_COLORS[0], 3.0),
    "close": ("80 to 100 %", "#e08a00", 4.5),
    "over": ("Above 100 %", "#a50f15", 6.0),
}
"""What each state is called, its colour and the width of lines in points on a map 18 cm wide."""

SIZE_PT: Final = 8.0
"""Size of a crossing."""

COMPUTED: Final = "By formula, not stated"


@drawing(PanelOptions)
def plot_utilisation(utilisation: Utilisation, ax: Axes | None = None, **options: Unpack[PanelOptions]) -> Drawing:
    """Draw the lines and crossings that flows pass by how much of their capacity is asked for in the peak month.

    Capacities that were computed by formula are dashed.

    Parameters
    ----------
    utilisation
        What `net.utilisation` gives.
    ax
        Axes to draw into; by default a new figure.
    options
        As in `PanelOptions`.

    Returns
    -------
    Drawing
        Figure and axes.

    Raises
    ------
    InputError
        If nothing is carried.

    >>> import corridors as co
    >>> used = co.load().utilisation({("Kostanay", "Tashkent"): 4e6}, commodity="grain", cargo="wagon")
    >>> plot_utilisation(used, title="Use of capacity", width_cm=10, labels=False).ax.get_title(loc="left")
    'Use of capacity'
    """
    passed = utilisation.carried.links
    if passed.empty:
        raise InputError("utilisation", "nothing is carried", "flows with a way")

    def paint(sheet: Sheet, _: str, entries: Entries) -> Map:
        return _draw(sheet, utilisation, passed, entries)

    found = compose.draw_maps([utilisation.net.name], paint, compose.coordinates([passed]), ax, options)
    return Drawing(*found)


def _draw(sheet: Sheet, utilisation: Utilisation, passed: gpd.GeoDataFrame, entries: Entries) -> Map:
    net, used = utilisation.net, utilisation.links()
    routes = [way.route for way in utilisation.carried.ways]
    drawn = compose.start(sheet, net, focus={code for route in routes for code in route.countries}, entries=entries)
    compose.draw_context(drawn, net, planned=False, emphasis=0.7, explain=False)
    places = lines.in_metres(sheet, net.places)
    markers.draw_closed(drawn.room, entries, places, net.crossings)
    mine = lines.in_metres(sheet, passed)
    mine = mine.assign(state=mine["id"].map(used["state"]).fillna(""), computed=mine["id"].map(used["status"]))
    for state, (label, color, width) in STATES.items():
        some = mine[mine["state"] == state]
        if len(some):
            entries.add(label, Line2D([0], [0], color=color, linewidth=sheet.style.pt(width)))
        for line, status in zip(some.geometry, some["computed"], strict=True):
            looks: dict[str, Any] = {"linestyle": (0, (1.6, 1.0))} if status == "computed" else {}
            draw_lines(
                sheet, [line], color=color, linewidth=sheet.style.pt(width), zorder=6, gid=f"use-{state}", **looks
            )
    if (mine["computed"] == "computed").any():
        entries.add(COMPUTED, Line2D([0], [0], color=INK, linewidth=sheet.style.pt(2), linestyle=(0, (1.6, 1.0))))
    drawn.routes = list(mine.geometry)
    drawn.room.add_lines(drawn.routes, route=True)
    _draw_crossings(sheet, entries, utilisation, places)
    drawn.stops = compose.ends(sheet, net, [end for route in routes for end in (route.origin, route.destination)])
    markers.draw_stops(drawn.room, entries, drawn.stops, scale=None, colors=("",))
    return drawn


def _draw_crossings(sheet: Sheet, entries: Entries, utilisation: Utilisation, places: gpd.GeoDataFrame) -> None:
    """Draw crossings with a known capacity half-way between their places, in the colour of their state."""
    table = utilisation.table()
    table = table[(table["kind"] == "crossing") & (table["utilisation"] > 0)].drop_duplicates("id")
    crossings: pd.DataFrame = utilisation.net.crossings
    pt = sheet.style.pt
    for ident, state in zip(table["id"], table["state"], strict=True):
        ends = [places.geometry[crossings.loc[ident, end]] for end in ("place_a", "place_b")]
        x, y = (sum(getattr(point, axis) for point in ends) / 2 for axis in "xy")
        form: dict[str, Any] = {
            "marker": "D",
            "markerfacecolor": STATES[state][1],
            "markeredgecolor": HALO,
            "linestyle": "none",
        }
        size: dict[str, Any] = {"markersize": pt(SIZE_PT), "markeredgewidth": pt(0.8)}
        sheet.ax.add_line(Line2D([x], [y], zorder=9, gid=f"use-crossing-{state}", **form, **size))
        entries.add("Crossing with a known capacity", keys.marker_handle(**form, **size))
