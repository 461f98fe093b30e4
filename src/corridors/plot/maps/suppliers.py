"""Map of who is cheapest where: markets in the colour and form of the supplier's country."""

from __future__ import annotations

from typing import Any, Final, Unpack

import geopandas as gpd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from corridors.base.drawing import Drawing, Panels
from corridors.base.errors import InputError
from corridors.base.looks import HALO, INK
from corridors.plot import style
from corridors.plot.canvas import REGION_CRS, Sheet
from corridors.plot.maps import basemap, compose, lines, markers
from corridors.plot.maps import legend as keys
from corridors.plot.maps.compose import Map, PanelOptions
from corridors.plot.maps.legend import Entries
from corridors.plot.maps.stops import plain
from corridors.plot.translate import drawing
from corridors.trade.watershed import Watershed

FORMS: Final = ("o", "s", "^", "D", "v", "P")
"""Form of the markers of each country, with the colours of routes, so that they differ in print as well."""

SIZE_PT: Final = 6.0
"""Size of a market on a map 18 cm wide."""


@drawing(PanelOptions)
def plot_watershed(
    watershed: Watershed, scenario: str | None = None, ax: Axes | None = None, **options: Unpack[PanelOptions]
) -> Drawing | Panels:
    """Draw the country of the cheapest supplier at every market, with the delivered price in USD per tonne.

    Markets at which it is another than in the base have a dark ring.

    Parameters
    ----------
    watershed
        What `co.watershed` returns.
    scenario
        Scenario to draw; by default all of them side by side.
    ax
        Axes to draw one scenario into; by default a new figure.
    options
        As in `PanelOptions`; the title is by default the scenario, where one of several is drawn.

    Returns
    -------
    Drawing or Panels
        Figure, and axes (by scenario where there are several).

    Raises
    ------
    UnknownNameError, InputError
        If the scenario is unknown, or nobody sells at any market.

    >>> import corridors as co
    >>> found = co.watershed(co.load(), "flour", markets="afghan-cities", year=2024)
    >>> plot_watershed(found, title="Cheapest flour", width_cm=10, labels=False).ax.get_title(loc="left")
    'Cheapest flour'
    """
    table = watershed.table()
    countries = list(dict.fromkeys(table.loc[table["country"] != "", "country"].sort_values()))
    if not countries:
        raise InputError("watershed", watershed.good, "a market at which somebody sells")
    looks = {code: _looks(number) for number, code in enumerate(countries)}

    def paint(sheet: Sheet, name: str, entries: Entries) -> Map:
        return _draw(sheet, watershed, name, entries, looks)

    names = compose.panels_of(watershed.scenarios, scenario)
    if options["title"] is None and len(names) == 1 < len(watershed.scenarios):
        options["title"] = names[0]
    places = watershed.networks[watershed.base].places.loc[list(watershed.markets)]
    return compose.draw_maps(names, paint, compose.coordinates([places]), ax, options)


def _looks(number: int) -> dict[str, Any]:
    """Marker of a country by its number."""
    color = style.ROUTE_COLORS[number % len(style.ROUTE_COLORS)]
    return {"marker": FORMS[number % len(FORMS)], "markerfacecolor": color, "markeredgecolor": HALO}


def _draw(sheet: Sheet, watershed: Watershed, name: str, entries: Entries, looks: dict[str, dict[str, Any]]) -> Map:
    net, table = watershed.networks[name], watershed.table()
    mine = table[table["scenario"] == name].set_index("market")
    base = table[table["scenario"] == watershed.base].set_index("market")
    drawn = compose.start(sheet, net, focus=compose.study_area(net), entries=entries)
    compose.draw_context(drawn, net, planned=False, emphasis=0.7, explain=False)
    places = lines.in_metres(sheet, net.places)
    markers.draw_closed(drawn.room, entries, places, net.crossings)
    rows = places.loc[mine.index].assign(
        supplier=mine["country"], landed=mine["landed_usd_t"], moved=mine["country"] != base["country"]
    )
    markers.draw_unreached(sheet, entries, rows[rows["supplier"] == ""])
    sold = rows[rows["supplier"] != ""]
    _draw_markets(sheet, entries, sold, looks)
    labels = [f"{plain(town)}, {price:.0f}" for town, price in zip(sold["name"], sold["landed"], strict=True)]
    towns = sold.assign(population=sold["population"].fillna(0))
    drawn.stops = compose.towns(towns, labels, sold["moved"].astype(float) + 0.5)
    drawn.towns = False
    return drawn


def _draw_markets(sheet: Sheet, entries: Entries, sold: gpd.GeoDataFrame, looks: dict[str, dict[str, Any]]) -> None:
    """Draw the markets of every supplier's country, those that changed with a dark ring, and explain them."""
    pt = sheet.style.pt
    layer = basemap.layer("countries", REGION_CRS)
    names = {} if layer is None else dict(zip(layer["country"], layer["name"], strict=True))
    for code, form in looks.items():
        entries.add(str(names.get(code, code)), _handle(form, pt(SIZE_PT), pt(0.6)))
        for moved in (False, True):
            some = sold[(sold["supplier"] == code) & (sold["moved"] == moved)]
            if len(some):
                ring = {"markeredgecolor": INK} if moved else {}
                width = pt(1.6) if moved else pt(0.6)
                options = {**form, **ring, "markersize": pt(SIZE_PT), "markeredgewidth": width, "linestyle": "none"}
                gid = f"supplier-{code}{'-new' if moved else ''}"
                sheet.ax.add_line(Line2D(some.geometry.x, some.geometry.y, zorder=9, gid=gid, **options))
    if sold["moved"].any():
        ring = {"marker": "o", "markerfacecolor": HALO, "markeredgecolor": INK}
        entries.add("Another than in the base", _handle(ring, pt(SIZE_PT), pt(1.6)))


def _handle(form: dict[str, Any], size: float, width: float) -> Line2D:
    return keys.marker_handle(**form, markersize=size, markeredgewidth=width, linestyle="none")
