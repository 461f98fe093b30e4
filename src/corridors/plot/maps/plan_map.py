"""Map of a plan: the lines of the chosen set in the colour of the year in which they open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Unpack

import geopandas as gpd
import pandas as pd
import shapely
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D

from corridors.appraisal.planned import Plan
from corridors.base.drawing import Drawing
from corridors.base.errors import InputError
from corridors.base.looks import HALO, MUTED
from corridors.network.network import Network
from corridors.plot import style
from corridors.plot.canvas import Sheet
from corridors.plot.maps import compose, lines, markers
from corridors.plot.maps.basemap import draw_lines
from corridors.plot.maps.compose import Map, MapOptions
from corridors.plot.maps.legend import Entries
from corridors.plot.maps.stops import Stop
from corridors.plot.translate import drawing

YEARS: Final = colormaps["cividis"]
"""Colours of years, from dark to light: they differ without red and green, and in grey."""

LINE_PT: Final = 4.2
"""Width of a line that is built, on a map 18 cm wide."""

LATER: Final = "Not open by the last year"
LEFT: Final = "Candidate that is not chosen"


@drawing(MapOptions)
def plan_map(
    plan: Plan,
    net: Network,
    ax: Axes | None = None,
    *,
    names: Mapping[str, str] | None = None,
    **options: Unpack[MapOptions],
) -> Drawing:
    """Draw the lines of the chosen set of a plan by the year in which they open, with candidates that are not chosen.

    Parameters
    ----------
    plan
        What `co.plan` returns, with years.
    net
        The network of the plan, without the projects.
    ax
        Axes to draw into; by default a new figure.
    names
        Names of projects on the map, by id; they stand with the year beside their line.
    options
        As in `MapOptions`.

    Returns
    -------
    Drawing
        Figure and axes.

    Raises
    ------
    InputError
        If the plan has no years, or no candidate has a line in the network.

    >>> import corridors as co
    >>> net = co.load()
    >>> found = co.plan(
    ...     net, ["uap-naibabad-kharlachi", "kharlachi-kohat"], {("Tashkent", "Karachi"): 1e6}, budget=9000,
    ...     years=range(2027, 2037), cargo="wagon", modes={"rail"}, draws=0,
    ... )
    >>> sorted(t.get_text() for t in plan_map(found, net, width_cm=12).ax.get_legend().get_texts())[:2]
    ['Opens in 2027', 'Opens in 2034']
    """
    opens = plan.staging().set_index("project")["opens"]
    links = net.links
    shown = links[links["project"].isin([leaf for own in plan.candidates.leaves for leaf in own])]
    if shown.empty:
        raise InputError("net", net.name, "the network that the plan was made for, with the lines of its candidates")
    owner = {leaf: name for name, own in zip(plan.candidates.names, plan.candidates.leaves, strict=True)
             for leaf in own}  # fmt: skip
    mine = shown.assign(candidate=shown["project"].map(owner))

    def paint(sheet: Sheet, _: str, entries: Entries) -> Map:
        return _draw(sheet, net, mine, entries, opens=opens, names=names or {})

    if options["title"] is None:
        options["title"] = "What is built, by the year in which it opens"
    return compose.draw_map("", paint, compose.coordinates([mine]), ax, options)


def year_colors(years: list[int]) -> dict[int, str]:
    """Colour of each year: the first one dark, the last one light, in equal steps.

    Parameters
    ----------
    years
        Years of opening.

    >>> year_colors([2031, 2028])[2028]
    '#00224e'
    """
    own = sorted(set(years))
    return {year: to_hex(YEARS(0.86 * step / max(len(own) - 1, 1))) for step, year in enumerate(own)}


def _draw(
    sheet: Sheet, net: Network, mine: gpd.GeoDataFrame, entries: Entries, *, opens: pd.Series, names: Mapping[str, str]
) -> Map:
    drawn = compose.start(sheet, net, focus=compose.study_area(net), entries=entries)
    compose.draw_context(drawn, net, planned=False, emphasis=0.7, explain=False)
    compose.credit(drawn, mine, net.places)
    places = lines.in_metres(sheet, net.places)
    markers.draw_closed(drawn.room, entries, places, net.crossings)
    links = lines.in_metres(sheet, mine)
    colors = year_colors([int(year) for year in opens.dropna()] or [0])
    order = [*opens.sort_values(kind="stable").index, *(one for one in links["candidate"].unique() if one not in opens)]
    for name in order:
        rows = links[links["candidate"] == name]
        label, looks = _looks(sheet, name, opens, colors)
        entries.add(label, Line2D([0], [0], **looks))
        halo = looks["linewidth"] + sheet.style.pt(1.6)
        draw_lines(sheet, rows.geometry, color=HALO, linewidth=halo, capstyle="round", zorder=6)
        draw_lines(sheet, rows.geometry, capstyle="butt", zorder=7, gid=f"plan-{name}", **looks)
    drawn.routes = list(links.geometry)
    drawn.room.add_lines(drawn.routes, route=True)
    drawn.stops = [_label(links[links["candidate"] == name], name, opens, names) for name in opens.index
                   if (links["candidate"] == name).any()]  # fmt: skip
    return drawn


def _looks(sheet: Sheet, name: str, opens: pd.Series, colors: Mapping[int, str]) -> tuple[str, dict[str, Any]]:
    """What a candidate is called in the legend, and how its line looks."""
    if name not in opens:
        return LEFT, {"color": MUTED, "linewidth": sheet.style.pt(1.8), "linestyle": (0, style.PLANNED_DASH)}
    if pd.isna(opens[name]):
        return LATER, {"color": style.LESS, "linewidth": sheet.style.pt(2.6), "linestyle": (0, style.PLANNED_DASH)}
    year = int(opens[name])
    return f"Opens in {year}", {"color": colors[year], "linewidth": sheet.style.pt(LINE_PT)}


def _label(rows: gpd.GeoDataFrame, name: str, opens: pd.Series, names: Mapping[str, str]) -> Stop:
    """Name and year of a project at the middle of its line."""
    merged = shapely.line_merge(shapely.union_all(rows.geometry.to_numpy()))
    longest = max(shapely.get_parts(merged), key=lambda part: float(part.length))
    point = longest.interpolate(0.5, normalized=True)
    year = "not by the last year" if pd.isna(opens[name]) else str(opens[name])
    return Stop(name, f"{names.get(name, name)}, {year}", "end", point.x, point.y, {})
