"""Maps of days to the nearest destination as a surface in classes, the same for every scenario."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from corridors.base.drawing import Drawing, Panels
from corridors.base.errors import InputError
from corridors.measures.reach import Reach, chosen
from corridors.plot import style
from corridors.plot.canvas import Box, Sheet
from corridors.plot.maps import basemap, compose, lines, markers
from corridors.plot.maps import legend as keys
from corridors.plot.maps.compose import Map
from corridors.plot.maps.legend import Entries
from corridors.plot.maps.stops import plain

Floats = NDArray[np.float64]

ACCESS_KM: Final = 200.0
"""Distance from a place, in a straight line, within which it is taken to serve the land around it (assumed)."""

ACCESS_KMH: Final = 15.0
"""Straight-line speed of the way to that place: about 20 km/h by road, roads a third longer (assumed)."""

CELL_PT: Final = 1.2
"""Size of a cell of the surface in points."""

MOST_CLASSES: Final = 8
STEPS_D: Final = (0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 14.0, 30.0)
"""Widths of classes in days, of which the least is taken that gives no more than so many classes."""


def plot_days(
    found: Reach,
    scenario: str | None = None,
    ax: Axes | None = None,
    *,
    classes: Sequence[float] | None = None,
    access_km: float = ACCESS_KM,
    access_kmh: float = ACCESS_KMH,
    columns: int | None = None,
    labels: bool = True,
    title: str | None = None,
    legend: bool = True,
    width_cm: float = 18,
    extent: Box | None = None,
) -> Drawing | Panels:
    """Draw the days to the nearest destination as a surface: of one scenario, or of all side by side.

    A point on the map takes the days of the place from which it is served soonest, plus the way to that place. Places
    serve their own country only, and no farther than `access_km`; what no place serves is left blank.

    Parameters
    ----------
    found
        Reach of one or several scenarios.
    scenario
        Scenario to draw; by default all.
    ax
        Axes to draw one scenario into; by default a new figure.
    classes
        Limits of the classes in days, rising; by default round ones for all scenarios together.
    access_km, access_kmh
        How far a place serves the land around it, and the speed in a straight line of the way there (both assumed).
    columns
        Maps in a row; by default up to three.
    labels
        Whether to write names of places with their days, and of countries and seas.
    title
        Title above the map or maps; by default the scenario, where one of several is drawn.
    legend
        Whether to explain what is shown.
    width_cm
        Width of a new figure: type and lines are fitted to it.
    extent
        West, south, east and north in degrees, instead of what the places need.

    Returns
    -------
    Drawing or Panels
        Figure, and axes (by scenario where there are several).

    Raises
    ------
    UnknownNameError, InputError
        If the scenario is unknown, an option cannot be, or no place has a way.

    >>> import corridors as co
    >>> fig, ax = plot_days(co.reach(co.load(), ["Karachi"]), "reference", width_cm=10, labels=False)
    """
    names = chosen(found, scenario, base=True)
    if not (access_km > 0 and access_kmh > 0):
        raise InputError("access_km, access_kmh", (access_km, access_kmh), "more than zero")
    limits = _classes(found) if classes is None else _given(classes)

    def paint(sheet: Sheet, name: str, entries: Entries) -> Map:
        return _draw(sheet, found, name, entries, limits=limits, access_km=access_km, access_kmh=access_kmh)

    lonlat = compose.coordinates([found.shown()])
    if title is None and len(names) == 1 < len(found.scenarios):
        title = names[0]
    return compose.draw_maps(
        names, paint, lonlat, ax, columns=columns, labels=labels, title=title, legend=legend, width_cm=width_cm,
        extent=extent,
    )  # fmt: skip


def _classes(found: Reach) -> list[float]:
    """Choose round limits for all scenarios together."""
    days = found.days().to_numpy()
    known = days[np.isfinite(days)]
    if not known.size:
        raise InputError("reach", "no place has a way", "destinations that can be reached")
    low, high = float(known.min()), float(np.percentile(known, 99))
    for step in STEPS_D:
        first = int(np.floor(low / step))
        number = max(int(np.ceil(high / step)) - first, 1)
        if number <= MOST_CLASSES:
            break
    return [step * (first + i) for i in range(number + 1)]


def _given(classes: Sequence[float]) -> list[float]:
    limits = [float(limit) for limit in classes]
    if len(limits) < 2 or sorted(set(limits)) != limits:
        raise InputError("classes", classes, "two or more limits in days, rising")
    return limits


def class_colors(number: int) -> list[str]:
    """Give colours from near (dark) to far (light), which keep their order in print without colour."""
    ramp = mpl.colormaps["YlGnBu_r"]
    return [to_hex(ramp(value)) for value in np.linspace(0.08, 0.96, number)]


def _draw(
    sheet: Sheet,
    found: Reach,
    name: str,
    entries: Entries,
    *,
    limits: Sequence[float],
    access_km: float,
    access_kmh: float,
) -> Map:
    net, days = found.nets[name], found.days()[name]
    drawn = compose.start(sheet, net, focus=compose.study_area(net), entries=entries)
    places = lines.in_metres(sheet, net.places)
    served = places.loc[days.index].assign(days=days)
    near = served[np.isfinite(served["days"])]
    _draw_surface(sheet, near, limits=limits, access_km=access_km, access_kmh=access_kmh)
    _explain(entries, limits)
    compose.draw_context(drawn, net, planned=False, emphasis=0.6, explain=False)
    markers.draw_closed(drawn.room, entries, places, net.crossings)
    markers.draw_unreached(sheet, entries, served[~np.isfinite(served["days"])])
    targets = list(found.hours[name].columns)
    towns = near.drop(index=targets, errors="ignore")
    labels = [f"{plain(name)}, {days:.1f} d" for name, days in zip(towns["name"], towns["days"], strict=True)]
    drawn.stops = compose.ends(sheet, net, targets) + compose.towns(towns, labels)
    markers.draw_stops(drawn.room, entries, drawn.stops, scale=None, colors=("",), named=compose.TARGETS)
    drawn.covered = True
    text = f"Around a place up to {access_km:g} km\nat {access_kmh:g} km/h straight (assumed)"
    entries.add(text, keys.marker_handle())
    return drawn


def _draw_surface(
    sheet: Sheet, near: gpd.GeoDataFrame, *, limits: Sequence[float], access_km: float, access_kmh: float
) -> None:
    """Draw the classes under rivers, lakes and boundaries."""
    x, y, days = surface(sheet, near, access_km=access_km, access_kmh=access_kmh)
    shown = np.ma.masked_invalid(np.clip(days, limits[0], limits[-1] - 1e-9))
    if shown.count() == 0:
        return
    looks = sheet.ax.contourf(x, y, shown, levels=limits, colors=class_colors(len(limits) - 1), alpha=0.72, zorder=1.3)
    looks.set_gid("surface")
    edges = sheet.ax.contour(
        x, y, shown, levels=limits[1:-1], colors="white", linewidths=sheet.style.pt(0.5), alpha=0.8, zorder=1.35
    )
    edges.set_gid("surface-edges")


def surface(
    sheet: Sheet, near: gpd.GeoDataFrame, *, access_km: float, access_kmh: float
) -> tuple[Floats, Floats, Floats]:
    """Give the surface of days on a grid: its columns and rows in metres, and the days (nan where nothing serves).

    `near` holds the places in metres with their `days` and `country`.
    """
    x0, y0, x1, y1 = sheet.extent
    step = max(CELL_PT * sheet.metres_per_pt, 2_000.0)
    x, y = np.arange(x0, x1 + step, step), np.arange(y0, y1 + step, step)
    days = np.full((len(y), len(x)), np.inf)
    for country, mine in near.groupby("country"):
        inside = _country(sheet, str(country), x, y)
        for place in mine.itertuples():
            window = _window(x, place.geometry.x, 1000 * access_km), _window(y, place.geometry.y, 1000 * access_km)
            away = np.hypot(x[window[0]][None, :] - place.geometry.x, y[window[1]][:, None] - place.geometry.y) / 1000
            there = place.days + away / access_kmh / 24
            part = days[window[1], window[0]]
            keep = (away <= access_km) & inside[window[1], window[0]] & (there < part)
            part[keep] = there[keep]
    return x, y, np.where(np.isfinite(days), days, np.nan)


def _window(axis: Floats, middle: float, reach_m: float) -> slice:
    return slice(*np.searchsorted(axis, (middle - reach_m, middle + reach_m)))


def _country(sheet: Sheet, code: str, x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Tell which cells of a grid lie in a country; all of them where the base map does not know it."""
    known = basemap.visible(sheet, "countries")
    shapes = [] if known is None else list(known.geometry[known["country"] == code])
    if not shapes:
        return np.ones((len(y), len(x)), dtype=bool)
    shape = shapely.union_all(shapes)
    shapely.prepare(shape)
    return np.asarray(shapely.contains_xy(shape, x[None, :], y[:, None]))


def _explain(entries: Entries, limits: Sequence[float]) -> None:
    colors = class_colors(len(limits) - 1)
    for number, (low, high) in enumerate(itertools.pairwise(limits)):
        last = number == len(colors) - 1
        label = f"{low:g} days and more" if last else f"{low:g} to {high:g} days"
        entries.add(label, Rectangle((0, 0), 1, 1, facecolor=colors[number], edgecolor=style.FRAME, linewidth=0.4))
