"""Lines on a map: the network underneath and routes with their casing, several side by side where they coincide."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry

from corridors.base import names
from corridors.base.looks import HALO, SYSTEMS, LineStyle, system_of
from corridors.network.network import Network
from corridors.plot import style
from corridors.plot.canvas import Sheet
from corridors.plot.maps.basemap import draw_lines

PLANNED_PT: Final = 1.1
"""Width in points of a line that is planned."""

BUILT_PT: Final = 1.7
"""Width in points of a line that a scenario builds."""

CHORDS: Final = ("straight", "chord")
"""How lines are made that only join the ends of their link."""

CHORD_KM: Final = 15.0
"""Links up to this length are not marked as chords: nobody sees a bend in them."""

CHORD_DASH: Final = (0.1, 2.4)
"""Dots of a link of which only the ends are known, in line widths."""

CHORD_SHARE: Final = 0.8
"""Width of such a link as a share of that of others."""

NEW_DASH: Final = (1.6, 0.7)
"""Dashes of a route on a line that is not yet built, in line widths."""

Segment = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of one or several routes in one system, in metres.

    Attributes
    ----------
    routes
        Numbers of the routes that use it.
    new
        Whether it is not yet built.
    """

    line: LineString
    system: str
    routes: tuple[int, ...]
    new: bool = False


def of_project(links: pd.DataFrame) -> pd.Series:
    """Tell which links are not there yet, whether a scenario builds them or not."""
    return links["status"].isin(["planned", "under_construction"])


def systems(frame: pd.DataFrame) -> pd.Series:
    """Name the system of each link, as `system_of` does."""
    named = names.system(frame["mode"], frame["gauge_mm"])
    return named.where(named.isin(list(SYSTEMS)), "rail-other")


def of_chord(links: gpd.GeoDataFrame) -> pd.Series:
    """Tell which links are drawn straight from end to end because their way is not known.

    Short links are not told apart, nor is any where no link has a line of its own.
    """
    straight = links["alignment"].isin(CHORDS)
    return straight & (links["length_km"] > CHORD_KM) & (not straight.all())


def draw_links(sheet: Sheet, links: gpd.GeoDataFrame, *, emphasis: float = 1.0) -> list[str]:
    """Draw links thinly, roads below railways, mere chords dotted; list the systems shown (`links` in metres)."""
    shown = []
    kinds, chords = systems(links), of_chord(links)
    for name in ("road", "rail-other", "rail-1435", "rail-1676", "rail-1520"):
        if not (kinds == name).any():
            continue
        looks = SYSTEMS[name]
        merged = _merged(links.geometry[(kinds == name) & ~chords])
        dotted = links.geometry[(kinds == name) & chords]
        draw_lines(
            sheet, dotted, color=looks.pale, linewidth=sheet.style.pt(CHORD_SHARE * looks.thin) * emphasis,
            linestyle=(0, CHORD_DASH), capstyle="round", zorder=3, gid=f"chords-{name}",
        )  # fmt: skip
        width = sheet.style.pt(looks.thin) * emphasis
        draw_lines(sheet, merged, color=looks.pale, linewidth=width, capstyle="round", zorder=3, gid=f"network-{name}")
        if looks.ties:
            _draw_ties(sheet, merged, looks, width)
        shown.append(name)
    return shown


def _draw_ties(sheet: Sheet, lines: Sequence[BaseGeometry], looks: LineStyle, width: float) -> None:
    """Draw ties across lines: very short dashes of a wide line."""
    dash = tie_dash(looks, width, sheet.style.scale)
    draw_lines(sheet, lines, color=looks.pale, linewidth=dash[0], linestyle=(0, dash[1]), capstyle="butt", zorder=3)


def tie_dash(looks: LineStyle, width: float, scale: float) -> tuple[float, tuple[float, float]]:
    """Line width, and dash and gap in line widths, of the ties of a line."""
    across = 3.4 * width
    return across, (0.8 * width / across, looks.ties * scale / across)


def _merged(lines: gpd.GeoSeries) -> list[BaseGeometry]:
    """Join lines end to end, so that patterns run through."""
    parts = [part for line in lines for part in shapely.get_parts(line)]
    return list(shapely.get_parts(shapely.line_merge(MultiLineString(parts))))


def draw_planned(sheet: Sheet, links: gpd.GeoDataFrame, *, built: bool = False) -> None:
    """Draw links that are not there yet, dashed; those that a scenario builds stand out (`links` in metres)."""
    kinds = systems(links)
    width, zorder = (BUILT_PT, 4.0) if built else (PLANNED_PT, 3.5)
    for name in dict.fromkeys(kinds):
        looks = SYSTEMS[name]
        draw_lines(
            sheet, _merged(links.geometry[kinds == name]), color=looks.color if built else looks.pale, capstyle="butt",
            linewidth=sheet.style.pt(width), linestyle=(0, style.PLANNED_DASH), zorder=zorder, gid=f"planned-{name}",
        )  # fmt: skip


def draw_built(sheet: Sheet, links: gpd.GeoDataFrame) -> None:
    """Draw links that a scenario builds, dashed on white (`links` in metres)."""
    width = sheet.style.pt(BUILT_PT + 1.8)
    draw_lines(sheet, links.geometry, color=HALO, linewidth=width, capstyle="round", zorder=3.8, alpha=0.9)
    draw_planned(sheet, links, built=True)


def new_segments(sheet: Sheet, net: Network) -> set[Segment]:
    """Segments, in metres, of links in use that are not yet built."""
    links = net.links
    new = in_metres(sheet, links[links["in_use"] & of_project(links)])
    return {_key(a, b)[0] for shape in new.geometry for part in shapely.get_parts(shape) for a, b in _segments(part)}


def stretches(routes: Sequence[gpd.GeoDataFrame], *, new: Collection[Segment] = ()) -> list[Stretch]:
    """Split routes (legs in metres) into stretches that the same routes use, in the direction of the first of them."""
    used: dict[Segment, _Use] = {}
    order: list[list[Segment]] = []
    for number, legs in enumerate(routes):
        for system, line in _leg_lines(legs):
            mine = []
            for a, b in _segments(line):
                key, forward = _key(a, b)
                use = used.setdefault(key, _Use([], forward, system, key in new))
                if not use.routes:
                    mine.append(key)
                if number not in use.routes:
                    use.routes.append(number)
            order.append(mine)
    return [stretch for keys in order for stretch in _runs(keys, used)]


@dataclass(slots=True)
class _Use:
    """Routes that use a segment, and the direction and system of the first of them."""

    routes: list[int]
    forward: bool
    system: str
    new: bool


def _key(a: tuple[float, float], b: tuple[float, float]) -> tuple[Segment, bool]:
    """Segment in a fixed direction, and whether that is the direction from a to b."""
    return ((a, b), True) if a <= b else ((b, a), False)


def _leg_lines(legs: gpd.GeoDataFrame) -> Iterator[tuple[str, LineString]]:
    moving = legs[legs["kind"].isin(["line_haul", "sea"])]
    for mode, gauge, shape in zip(moving["mode"], moving["gauge_mm"], moving.geometry, strict=True):
        for part in shapely.get_parts(shape):
            if part.geom_type == "LineString":
                yield system_of(mode, gauge), part


def _segments(line: LineString) -> Iterator[Segment]:
    points = [(float(x), float(y)) for x, y in np.round(np.asarray(line.coords)[:, :2], 0)]
    for a, b in itertools.pairwise(points):
        if a != b:
            yield a, b


def _runs(keys: Sequence[Segment], used: Mapping[Segment, _Use]) -> Iterator[Stretch]:
    """Join segments that follow each other and are used alike."""

    def label(key: Segment) -> tuple[str, tuple[int, ...], bool]:
        return used[key].system, tuple(used[key].routes), used[key].new

    points: list[tuple[float, float]] = []
    for i, key in enumerate(keys):
        start, end = key if used[key].forward else key[::-1]
        if points and (points[-1] != start or label(key) != label(keys[i - 1])):
            yield _stretch(points, *label(keys[i - 1]))
            points = []
        points = [*(points or [start]), end]
    if points:
        yield _stretch(points, *label(keys[-1]))


def _stretch(points: Sequence[tuple[float, float]], system: str, routes: tuple[int, ...], new: bool) -> Stretch:
    return Stretch(LineString(points), system, routes, new)


def draw_routes(sheet: Sheet, parts: Sequence[Stretch], looks: Sequence[Mapping[str, LineStyle]]) -> None:
    """Draw routes with a white casing; routes on the same line run side by side."""
    lanes = [(n, part, _lane(sheet, part, i, looks)) for part in parts for i, n in enumerate(part.routes)]
    for number, part, line in lanes:
        mine = looks[number][part.system]
        if not mine.dots:
            width = sheet.style.pt(mine.width + 2.0)
            draw_lines(sheet, [line], color=HALO, linewidth=width, capstyle="round", zorder=6, alpha=0.9)
    for number, part, line in lanes:
        draw_route_line(sheet, line, looks[number][part.system], new=part.new, gid=f"route-{number}-{part.system}")


def _lane(sheet: Sheet, part: Stretch, position: int, looks: Sequence[Mapping[str, LineStyle]]) -> BaseGeometry:
    """Move a line aside, so that all routes on it are seen."""
    if len(part.routes) == 1:
        return part.line.simplify(0.15 * sheet.metres_per_pt)
    widths = [looks[n][part.system].width + 0.5 for n in part.routes]
    middle = sum(widths[:position]) + widths[position] / 2 - sum(widths) / 2
    aside = middle * sheet.style.scale * sheet.metres_per_pt
    moved = shapely.offset_curve(part.line.simplify(0.7 * sheet.metres_per_pt), -aside, join_style="round")
    return part.line if moved.is_empty else moved


def draw_route_line(sheet: Sheet, line: BaseGeometry, looks: LineStyle, *, new: bool, gid: str) -> None:
    """Draw one line of a route with its pattern; a line that is not yet built is dashed."""
    for width, options in strokes(looks, new=new):
        draw_lines(sheet, [line], linewidth=sheet.style.pt(width), zorder=7, gid=gid, **options)


def strokes(looks: LineStyle, *, new: bool = False) -> Iterator[tuple[float, dict[str, Any]]]:
    """Yield the strokes that make up a route line: width in points, and colour, dashes and ends."""
    if looks.dots:
        yield looks.width, {"color": looks.color, "linestyle": (0, (0.01, 1.9)), "capstyle": "round"}
        return
    if new:
        yield looks.width, {"color": looks.color, "linestyle": (0, NEW_DASH), "capstyle": "butt"}
        return
    yield looks.width, {"color": looks.color, "linestyle": "solid", "capstyle": "round"}
    if looks.inlay[0]:
        share = 0.3
        dashes: object = (0, tuple(v / share for v in looks.inlay)) if looks.inlay[1] else "solid"
        yield share * looks.width, {"color": HALO, "linestyle": dashes, "capstyle": "butt"}


def route_looks(routes: int) -> list[dict[str, LineStyle]]:
    """Line styles of each route by system: colours of the systems for one route, of the routes for several."""
    if routes == 1:
        return [dict(SYSTEMS)]
    colors = [style.ROUTE_COLORS[i % len(style.ROUTE_COLORS)] for i in range(routes)]
    return [{name: recolored(name, looks, color) for name, looks in SYSTEMS.items()} for color in colors]


def recolored(name: str, looks: LineStyle, color: str) -> LineStyle:
    """Style in the colour of a route: roads solid, railways with the white strokes of a railway sign."""
    inlay = (0.0, 0.0) if name == "road" else (1.3, 1.3)
    return replace(looks, color=color, inlay=inlay, width=2.0 if name == "road" else 2.4)


def in_metres(sheet: Sheet, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Project a frame onto the sheet."""
    return frame.to_crs(sheet.crs)


def seen(sheet: Sheet, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep the rows of a frame in metres that touch the map."""
    mask: NDArray[np.bool_] = np.asarray(frame.intersects(shapely.box(*sheet.extent)))
    return frame[mask]
