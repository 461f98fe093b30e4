"""Markers on a map: stops with their hours, crossings, ports and towns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
from matplotlib.lines import Line2D

from corridors.base.languages import ENGLISH
from corridors.base.looks import CROSS, DWELL, DWELL_EDGE, HALO, INK, MUTED
from corridors.plot.canvas import Sheet
from corridors.plot.maps import legend as keys
from corridors.plot.maps.labels import Field
from corridors.plot.maps.legend import Entries
from corridors.plot.maps.stops import FACES, MARKERS, NAMES, SIZES, Scale, Stop


def draw_stops(
    room: Field,
    entries: Entries,
    stops: Sequence[Stop],
    *,
    scale: Scale | None,
    colors: Sequence[str],
    named: Mapping[str, str] = NAMES,
) -> None:
    """Draw the markers of stops, with a circle for the hours of each route where a scale is given.

    `named` says what each kind of stop is called in the legend.
    """
    sheet = room.sheet
    pt = sheet.style.pt
    shown = [s for s in stops if s.kind != "via" and sheet.contains(np.array(s.x), np.array(s.y))]
    if scale and any(s.hours for s in shown):
        _draw_dwell(sheet, entries, shown, scale, colors)
    for stop in shown:
        looks = {**marker(stop.kind, pt(SIZES[stop.kind])), "markeredgewidth": pt(0.8)}
        sheet.ax.add_line(Line2D([stop.x], [stop.y], zorder=12, gid=f"stop-{stop.place}", **looks))
        room.keep_point(stop.x, stop.y, pt(SIZES[stop.kind]) / 2 + pt(0.6))
    for kind, name in named.items():
        if any(s.kind == kind for s in shown):
            label = sheet.say(f"map.{kind}") if named is NAMES else name
            entries.add(
                label,
                keys.marker_handle(**marker(kind, pt(SIZES[kind]))),
            )


def marker(kind: str, size: float) -> dict[str, Any]:
    """How a marker is drawn."""
    edge = HALO if kind in ("end", "port") else INK
    return {
        "marker": MARKERS[kind], "markersize": size, "markerfacecolor": FACES[kind],
        "markeredgecolor": edge, "markeredgewidth": 0.16 * size, "linestyle": "none",
    }  # fmt: skip


def _draw_dwell(sheet: Sheet, entries: Entries, stops: Sequence[Stop], scale: Scale, colors: Sequence[str]) -> None:
    """Draw circles in proportion to hours, the larger below the smaller."""
    pt = sheet.style.pt
    circles = sorted(((h, n, s) for s in stops for n, h in s.hours.items()), key=lambda c: (-c[0], c[1], c[2].place))
    for hours, number, stop in circles:
        size = pt(scale.diameter(hours))
        face, edge = (DWELL, DWELL_EDGE) if len(colors) == 1 else (colors[number], colors[number])
        sheet.ax.add_line(
            Line2D(
                [stop.x], [stop.y], marker="o", markersize=size, markerfacecolor=(face, 0.45), markeredgecolor=edge,
                markeredgewidth=pt(0.5), linestyle="none", zorder=9, gid=f"dwell-{stop.place}",
            )
        )  # fmt: skip
    text = (", " if sheet.say.lang == ENGLISH else "; ").join(sheet.say.short(h) for h in scale.key_hours)
    sizes = [pt(scale.diameter(h)) for h in scale.key_hours]
    color, edge = (DWELL, DWELL_EDGE) if len(colors) == 1 else (MUTED, MUTED)
    entries.add(sheet.say("map.hours_at_stop", hours=text), keys.dwell_handle(sizes, color, edge, pt(0.5)))


def draw_closed(room: Field, entries: Entries, places: gpd.GeoDataFrame, crossings: gpd.GeoDataFrame) -> None:
    """Mark the crossings that are closed to every mode in a view (`places` in metres)."""
    sheet = room.sheet
    shut = crossings[(crossings["open_to"] == "") & (crossings["status"] != "planned")]
    pt = sheet.style.pt
    drawn = False
    for ident, row in shut.iterrows():
        ends = places.geometry[[row["place_a"], row["place_b"]]]
        x, y = ends.x.mean(), ends.y.mean()
        if not sheet.contains(np.array(x), np.array(y)):
            continue
        drawn = True
        for width, color, zorder in ((pt(2.4), HALO, 8.5), (pt(1.2), CROSS, 8.6)):
            cross = _cross(pt(4.2), width, color)
            sheet.ax.add_line(Line2D([x], [y], zorder=zorder, gid=f"closed-{ident}", **cross))
        room.keep_point(x, y, pt(2.4), small=True)
    if drawn:
        entries.add(sheet.say("map.closed"), keys.marker_handle(**_cross(pt(4.2), pt(1.2), CROSS)))


def _cross(size: float, width: float, color: str) -> dict[str, Any]:
    return {"marker": "x", "markersize": size, "markeredgewidth": width, "markeredgecolor": color, "linestyle": "none"}


def draw_crossings(room: Field, entries: Entries, places: gpd.GeoDataFrame, crossings: gpd.GeoDataFrame) -> None:
    """Mark crossings in use with a small sign, and those that are closed with a cross (`places` in metres)."""
    sheet = room.sheet
    draw_closed(room, entries, places, crossings)
    looks = marker("crossing", sheet.style.pt(2.3))
    used = crossings[crossings["open_to"] != ""]
    ends = [places.geometry[used[end]] for end in ("place_a", "place_b")]
    x, y = (sum(getattr(e, axis).to_numpy() for e in ends) / 2 for axis in "xy")
    inside = sheet.contains(x, y)
    for px, py in zip(x[inside], y[inside], strict=True):
        room.keep_point(px, py, sheet.style.pt(1.2), small=True)
    if inside.any():
        sheet.ax.add_line(Line2D(x[inside], y[inside], zorder=10, gid="crossings", **looks))
        entries.add(sheet.say("map.crossing"), keys.marker_handle(**looks))


def draw_unreached(sheet: Sheet, entries: Entries, places: gpd.GeoDataFrame) -> None:
    """Mark places that have no way to any destination (`places` in metres)."""
    looks = {
        "marker": "o", "markersize": sheet.style.pt(2.4), "markerfacecolor": HALO,
        "markeredgecolor": MUTED, "markeredgewidth": sheet.style.pt(0.5), "linestyle": "none",
    }  # fmt: skip
    inside = sheet.contains(places.geometry.x.to_numpy(), places.geometry.y.to_numpy())
    if inside.any():
        x, y = places.geometry.x[inside], places.geometry.y[inside]
        sheet.ax.add_line(Line2D(x, y, zorder=8.4, gid="unreached", **looks))  # type: ignore[arg-type]  # looks are mixed
        entries.add("No way to a destination", keys.marker_handle(**looks))
