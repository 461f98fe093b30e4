"""Maps of days to the nearest destination as a surface in classes, the same for every scenario."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Annotated, Final, Unpack

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
from corridors.base.options import Default
from corridors.measures.reach import Reach
from corridors.plot import style
from corridors.plot.canvas import Sheet
from corridors.plot.maps import basemap, compose, lines, markers
from corridors.plot.maps import legend as keys
from corridors.plot.maps.compose import Map, Painter, PanelOptions
from corridors.plot.maps.legend import Entries
from corridors.plot.maps.stops import plain
from corridors.plot.translate import drawing

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


class DaysOptions(PanelOptions, total=False):
    """Options of surfaces of days."""

    classes: Annotated[
        Sequence[float] | None,
        Default(None, "Limits of the classes in days, rising; by default round ones for all scenarios together."),
    ]
    access_km: Annotated[float, Default(ACCESS_KM, "How far a place serves the land around it (assumed).")]
    access_kmh: Annotated[
        float, Default(ACCESS_KMH, "Speed in a straight line of the way to the place that serves (assumed).")
    ]


@drawing(DaysOptions)
def plot_days(
    reach: Reach, scenario: str | None = None, ax: Axes | None = None, **options: Unpack[DaysOptions]
) -> Drawing | Panels:
    """Draw the days to the nearest destination as a surface: of one scenario, or of all side by side.

    A point on the map takes the days of the place from which it is served soonest, plus the way to that place. Places
    serve their own country only, and no farther than `access_km`; what no place serves is left blank. Places are named
    with their days.

    Parameters
    ----------
    reach
        Reach of one or several scenarios.
    scenario
        Scenario to draw; by default all.
    ax
        Axes to draw one scenario into; by default a new figure.
    options
        As in `DaysOptions`; the title is by default the scenario, where one of several is drawn.

    Returns
    -------
    Drawing or Panels
        Figure, and axes (by scenario where there are several).

    Raises
    ------
    UnknownNameError, InputError
        If the scenario is unknown, an option cannot be, or no place has a way.

    >>> import corridors as co
    >>> reach = co.reach(co.load(), destinations=["Karachi"])
    >>> plot_days(reach, classes=[0, 5, 10], title="To Karachi", width_cm=10, labels=False).ax.get_title(loc="left")
    'To Karachi'
    """
    names = compose.panels_of(reach.scenarios, scenario)
    access = options["access_km"], options["access_kmh"]
    if min(access) <= 0:
        raise InputError("access_km, access_kmh", access, "more than zero")
    limits = _classes(reach) if options["classes"] is None else _given(options["classes"])

    def paint(sheet: Sheet, name: str, entries: Entries) -> Map:
        return _draw(sheet, reach, name, entries, limits=limits, access_km=access[0], access_kmh=access[1])

    return draw_reach(reach, names, paint, ax, options)


def draw_reach(
    reach: Reach, names: Sequence[str], paint: Painter, ax: Axes | None, options: PanelOptions
) -> Drawing | Panels:
    """Draw maps of reach on the region of the places; one of several scenarios has its name as title."""
    if options["title"] is None and len(names) == 1 < len(reach.scenarios):
        options["title"] = names[0]
    return compose.draw_maps(names, paint, compose.coordinates([compose.at_home(reach.shown())]), ax, options)


def _classes(reach: Reach) -> list[float]:
    """Choose round limits for all scenarios together."""
    days = reach.days().to_numpy()
    finite = days[np.isfinite(days)]
    if not finite.size:
        raise InputError("reach", "no place has a way", "destinations that can be reached")
    low, high = float(finite.min()), float(np.percentile(finite, 99))
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
    """Colours from near (dark) to far (light), which keep their order in print without colour."""
    ramp = mpl.colormaps["YlGnBu_r"]
    return [to_hex(ramp(value)) for value in np.linspace(0.08, 0.96, number)]


def _draw(
    sheet: Sheet,
    reach: Reach,
    name: str,
    entries: Entries,
    *,
    limits: Sequence[float],
    access_km: float,
    access_kmh: float,
) -> Map:
    net, days = reach.nets[name], reach.days()[name]
    drawn = compose.start(sheet, net, focus=compose.study_area(net), entries=entries)
    places = lines.in_metres(sheet, net.places)
    served = places.loc[days.index].assign(days=days)
    near = served[np.isfinite(served["days"])]
    _draw_surface(sheet, near, limits=limits, access_km=access_km, access_kmh=access_kmh)
    _explain(entries, limits)
    compose.draw_context(drawn, net, planned=False, emphasis=0.6, explain=False)
    markers.draw_closed(drawn.room, entries, places, net.crossings)
    markers.draw_unreached(sheet, entries, served[~np.isfinite(served["days"])])
    targets = list(reach.hours[name].columns)
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
    """Surface of days on a grid: its columns and rows in metres, and the days (nan where nothing serves).

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
    countries = basemap.visible(sheet, "countries")
    shapes = [] if countries is None else list(countries.geometry[countries["country"] == code])
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
