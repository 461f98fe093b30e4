"""The base map of an interactive map: relief, water, boundaries, faded countries and names, in units of the map."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Proj, Transformer
from shapely.geometry.base import BaseGeometry

from corridors.base import looks
from corridors.base.looks import SYSTEMS
from corridors.plot import canvas, style
from corridors.plot.maps import basemap
from corridors.plot.maps.names import CONTESTED_M, SEAS
from corridors.plot.web.book import UNIT_M, Book, Row, encoded

DETAIL_M: Final = 600
"""Detail in metres that is left out: below what the layers themselves are good for."""

FADED_DETAIL_M: Final = 2500
"""Detail of the edge of faded countries, over which their boundary is drawn."""

LEAST_M2: Final = 2e7
"""Area from which lakes and islands are shown."""

LEAST_NAMED_M2: Final = 5e9
"""Area in which the name of a country may stand."""

SPOTS: Final = 12
"""Places where the name of a country may stand: the first that is seen and free is taken."""

SCALE_STEPS: Final = 9
"""Rows and columns of the grid of scale factors."""


def base_map(book: Book, focus: Collection[str]) -> Row:
    """Make the base map in units of the map; empty outside the region that the layers cover.

    Returns
    -------
    dict
        frame (west, south, east, north), polygons and lines by layer, names of countries and seas, and credits.
    """
    if book.crs != canvas.REGION_CRS:
        return {"credits": []}
    entries: Row = {"frame": [round(v / UNIT_M) for v in canvas.FRAME], "credits": []}
    frame = shapely.box(*canvas.FRAME)
    land, lakes, rivers, boundaries = (_layer(name) for name in ("land", "lakes", "rivers", "boundaries"))
    if land is not None:
        entries["sea"] = _polygons([frame.difference(land.union_all())])
    if lakes is not None:
        entries["lakes"] = _polygons(lakes)
    if rivers is not None:
        entries["rivers"] = _lines(rivers)
    if boundaries is not None:
        kind = basemap.layer("boundaries", book.crs)["class"]  # type: ignore[index]  # there is one, as seen above
        entries["boundaries"] = _lines(boundaries[kind == "international"])
        entries["disputed"] = _lines(boundaries[kind != "international"])
    entries["names"] = _country_names() + _sea_names(book)
    entries["faded"] = _faded(focus)
    due = {
        basemap.NATURAL_EARTH: any(entries.get(name) for name in ("sea", "lakes", "rivers", "boundaries", "faded")),
        basemap.RELIEF: relief_picture() is not None,
        basemap.DISCLAIMER: boundaries is not None,
    }
    entries["credits"] += [name for name, shown in due.items() if shown]
    return entries


def relief_picture() -> str | None:
    """Relief as the address of data, where there is one in the region's projection and frame."""
    found = basemap.relief_file()
    if found is None or found[1:] != (canvas.REGION_CRS, canvas.FRAME):
        return None
    kind = found[0].suffix.removeprefix(".")
    return f"data:image/{kind};base64,{base64.b64encode(found[0].read_bytes()).decode('ascii')}"


def scale_factors(crs: str, box: Iterable[float]) -> Row:
    """How much longer than on the ground an eastward line is on the map, on a grid over a box in units."""
    west, south, east, north = box
    x, y = np.meshgrid(np.linspace(west, east, SCALE_STEPS), np.linspace(south, north, SCALE_STEPS))
    lon, lat = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(
        x * UNIT_M, y * UNIT_M, direction="INVERSE"
    )
    found = Proj(crs).get_factors(np.clip(lon, -180, 180), np.clip(lat, -89, 89))
    factors = np.asarray(found.parallel_scale)
    return {"box": [west, south, east, north], "rows": [[round(float(v), 4) for v in row] for row in factors]}


@lru_cache(maxsize=16)
def _layer(name: str, detail_m: float = DETAIL_M) -> gpd.GeoSeries | None:
    """Read a layer cut to the frame, without detail that is not seen."""
    rows = basemap.layer(name, canvas.REGION_CRS)
    if rows is None:
        return None
    cut = shapely.clip_by_rect(rows.geometry.to_numpy(), *canvas.FRAME)
    return gpd.GeoSeries(shapely.simplify(cut, detail_m), rows.index, canvas.REGION_CRS)


def _parts(shapes: Iterable[BaseGeometry], kind: str) -> list[Any]:
    """List the simple parts of one kind."""
    simple = [part for shape in shapes for part in shapely.get_parts(shape)]
    nested = [part for shape in simple for part in shapely.get_parts(shape)]
    return [part for part in nested if part.geom_type == kind and not part.is_empty]


def _lines(shapes: Iterable[BaseGeometry]) -> list[list[int]]:
    parts = _parts(shapes, "LineString")
    merged = shapely.line_merge(shapely.multilinestrings(parts)) if parts else None
    return [encoded(np.asarray(part.coords)) for part in shapely.get_parts(merged)]


def _polygons(shapes: Iterable[BaseGeometry]) -> list[list[list[int]]]:
    """Polygons as rings, those too small to see left out."""
    found = []
    for polygon in _parts(shapes, "Polygon"):
        holes = [ring for ring in polygon.interiors if shapely.Polygon(ring).area >= LEAST_M2]
        if polygon.area >= LEAST_M2:
            found.append([encoded(np.asarray(ring.coords)) for ring in (polygon.exterior, *holes)])
    return found


def _faded(focus: Collection[str]) -> list[list[list[int]]]:
    """Countries that the map is not about."""
    shapes = _layer("countries", FADED_DETAIL_M)
    if shapes is None or not focus:
        return []
    codes = basemap.layer("countries", canvas.REGION_CRS)["country"]  # type: ignore[index]  # there is one
    return _polygons([shapes[~codes.isin(list(focus))].union_all()])


@lru_cache(maxsize=1)
def _country_names() -> list[Row]:
    """List where the name of every country may stand, away from contested boundaries."""
    boundaries = _layer("boundaries")
    layer = basemap.layer("countries", canvas.REGION_CRS)
    shapes = _layer("countries", FADED_DETAIL_M)
    if layer is None or shapes is None:
        return []
    free = shapely.box(*canvas.FRAME).buffer(-150_000)
    lines = basemap.layer("boundaries", canvas.REGION_CRS)
    if boundaries is not None and lines is not None:
        free = free.difference(boundaries[lines["class"] != "international"].union_all().buffer(CONTESTED_M))
    found = []
    for code, name, shape in zip(layer["country"], layer["name"], shapes, strict=True):
        spots = _spots(shapely.make_valid(shape).intersection(free)) if isinstance(code, str) else []
        if spots:
            found.append({"name": str(name), "kind": "country", "spots": spots})
    return found


def _spots(shape: BaseGeometry) -> list[list[int]]:
    """Find the middles of the widest rooms in an area, each with the distance to its edge."""
    found: list[list[int]] = []
    while len(found) < SPOTS:
        room = max(_parts([shape], "Polygon"), key=_area, default=None)
        if room is None or room.area < LEAST_NAMED_M2:
            break
        middle = shapely.maximum_inscribed_circle(room, tolerance=10_000)
        x, y = middle.coords[0]
        found.append([round(v / UNIT_M) for v in (x, y, middle.length)])
        shape = shape.difference(shapely.Point(x, y).buffer(0.8 * middle.length))
    return found


def _area(shape: BaseGeometry) -> float:
    return float(shape.area)


def _sea_names(book: Book) -> list[Row]:
    """Set the names of seas where they may stand."""
    west, south, east, north = (v / UNIT_M for v in canvas.FRAME)
    found = []
    for name, place in SEAS.items():
        x, y = book.position(*place)
        if west < x < east and south < y < north:
            found.append({"name": name, "kind": "sea", "spots": [[x, y, 1500]]})
    return found


def palette() -> Row:
    """Colours and patterns of the printed maps."""
    shared = ("INK", "MUTED", "HALO", "CROSS", "DWELL", "DWELL_EDGE")
    own = ("SEA", "LAND", "VEIL", "LAKE_EDGE", "RIVER", "BOUNDARY", "COUNTRY_NAME", "SEA_NAME", "FRAME")
    systems = {
        name: {"label": line.label, "color": line.color, "pale": line.pale, "width": line.width,
               "thin": line.thin, "dots": line.dots, "inlay": list(line.inlay), "ties": line.ties}
        for name, line in SYSTEMS.items()
    }  # fmt: skip
    return {
        **{name.lower(): getattr(looks, name) for name in shared},
        **{name.lower(): getattr(style, name) for name in own},
        "routes": list(style.ROUTE_COLORS),
        "systems": systems,
        "planned_dash": list(style.PLANNED_DASH),
    }
