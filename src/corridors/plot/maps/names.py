"""Names on a map: stops and towns of routes, other towns, countries and seas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.lines import Line2D

from corridors.base.languages import Words
from corridors.base.looks import MUTED
from corridors.plot import style
from corridors.plot.canvas import Sheet
from corridors.plot.maps import basemap, markers
from corridors.plot.maps.labels import Field, Label, name_areas, place
from corridors.plot.maps.stops import IMPORTANCE, SIZES, Scale, Stop, plain

CM2_PER_TOWN: Final = 7.0
"""Area of a map for each town that is named beside what it is about."""

CONTESTED_M: Final = 120_000
"""Distance in metres from contested boundaries within which no country's name stands."""

SEAS: Final[Mapping[str, tuple[float, float]]] = {
    "Caspian Sea": (50.6, 42.0), "Arabian Sea": (63.5, 20.5), "Persian Gulf": (51.6, 27.1),
    "Gulf of Oman": (59.3, 24.6), "Bay of Bengal": (88.0, 16.5), "Aral Sea": (58.6, 45.4),
}  # fmt: skip
"""Where the names of seas may stand (longitude, latitude)."""


def write_stops(room: Field, stops: Sequence[Stop], *, circles: Scale | None, hours: bool) -> None:
    """Name the stops of routes beside their circles, with their hours, and the towns passed where there is room."""
    sheet, wanted = room.sheet, []
    towns = sorted((s for s in stops if s.kind == "via"), key=lambda s: (-s.population, s.name))
    most = int(_area_cm2(sheet) / CM2_PER_TOWN)
    for stop in [*(s for s in stops if s.kind != "via"), *towns[:most]]:
        if not sheet.contains(np.array(stop.x), np.array(stop.y)):
            continue
        text = stop.name
        if hours and stop.most >= (12 if stop.kind == "end" else 1):
            text = f"{text}, {_duration(stop.most, sheet.say)}"
        circle = sheet.style.pt(circles.diameter(stop.most)) if circles else 0.0
        wanted.append(_stop_label(sheet, stop, text, circle))
    _write(room, wanted)


def _area_cm2(sheet: Sheet) -> float:
    x0, y0, x1, y1 = sheet.extent
    cm = sheet.metres_per_pt * 72 / 2.54
    return (x1 - x0) * (y1 - y0) / cm**2


def _duration(hours: float, say: Words) -> str:
    """Say a stop in hours, or in days where it is long.

    >>> from corridors.base.languages import words
    >>> _duration(31.2, words()), _duration(100, words("ru"))
    ('31 h', '4,2 сут')
    """
    if hours < 72:
        return say("map.hours", hours=say.number(hours))
    return say("map.days", days=say.number(hours / 24, 1))


def _stop_label(sheet: Sheet, stop: Stop, text: str, circle: float) -> Label:
    pt = sheet.style.pt
    end, via = stop.kind == "end", stop.kind == "via"
    return Label(
        text, stop.x, stop.y, IMPORTANCE[stop.kind] + min(stop.most, 90) + stop.population / 1e6,
        size=sheet.style.font(7.4 if end else 6.0 if via else 6.4), weight="bold" if end else "normal",
        radius=max(pt(SIZES[stop.kind]), circle) / 2, over_route=not via,
        mark="via" if via and not circle else "",
    )  # fmt: skip


def write_towns(room: Field, places: gpd.GeoDataFrame, *, without: Iterable[str]) -> None:
    """Name the greatest towns and ports that the map has room for (`places` in metres)."""
    sheet = room.sheet
    most = int(_area_cm2(sheet) / CM2_PER_TOWN)
    others = places[places["kind"].isin(["city", "town", "port"]) & ~places.index.isin(list(without))]
    inside = sheet.contains(others.geometry.x.to_numpy(), others.geometry.y.to_numpy(), margin_pt=4)
    rank = others["population"].fillna(1e5 * (others["kind"] == "city")) + 1e6 * (others["kind"] == "port")
    chosen = others.assign(rank=rank)[inside].sort_values(["rank", "name"], ascending=[False, True]).head(most)
    _write(room, [_town_label(sheet, row) for row in chosen.itertuples()])


def _town_label(sheet: Sheet, row: object) -> Label:
    name = plain(sheet.say.name(row.name))  # type: ignore[attr-defined]  # a row
    point, kind = row.geometry, "port-small" if row.kind == "port" else "town"  # type: ignore[attr-defined]  # a row
    return Label(
        name, point.x, point.y, min(row.rank / 1e5, 250), size=sheet.style.font(5.4), color=MUTED,  # type: ignore[attr-defined]
        radius=sheet.style.pt(1.2), mark=kind,
    )  # fmt: skip


def _write(room: Field, wanted: Sequence[Label]) -> None:
    """Place labels, and draw the markers of those that have found room."""
    for label, _ in place(room, wanted):
        if label.mark:
            looks = markers.marker(label.mark, 2 * label.radius)
            room.sheet.ax.add_line(Line2D([label.x], [label.y], zorder=11, gid=f"place-{label.mark}", **looks))


def write_countries(room: Field) -> None:
    """Name the countries that are seen, the largest first."""
    sheet = room.sheet
    found = basemap.visible(sheet, "countries")
    if found is None:
        return
    named = found[found["country"].notna() & (found.area > (12 * sheet.metres_per_pt) ** 2)]
    lines = basemap.visible(sheet, "boundaries")
    if lines is not None:
        contested = lines.geometry[lines["class"] != "international"].union_all().buffer(CONTESTED_M)
        named = named.set_geometry(named.geometry.difference(contested))
    ordered = named.iloc[np.argsort(-named.area.to_numpy())]
    spelled = map(sheet.say.name, ordered["name"])
    name_areas(room, list(zip(spelled, ordered.geometry, strict=True)), color=style.COUNTRY_NAME)


def write_seas(room: Field) -> None:
    """Name the seas that are seen."""
    sheet = room.sheet
    land = basemap.visible(sheet, "land")
    if land is None:
        return
    lakes = basemap.visible(sheet, "lakes")
    box = shapely.box(*sheet.extent)
    dry = land.union_all()
    water = box.difference(dry) if lakes is None else box.difference(dry).union(lakes.union_all())
    areas = []
    for name, (lon, lat) in SEAS.items():
        x, y = sheet.project(lon, lat)
        around = shapely.Point(float(x), float(y)).buffer(220_000)
        if around.intersects(box):
            areas.append((sheet.say.name(name), water.intersection(around)))
    name_areas(room, areas, color=style.SEA_NAME, fontstyle="italic", capitals=False)
