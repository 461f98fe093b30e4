"""The base map: relief, land, water, boundaries and names, from the bundled layers.

Every layer is optional. What is missing is left out, and the credit line names only what was drawn.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.path import Path as Outline
from numpy.typing import NDArray
from PIL import Image
from shapely.geometry.base import BaseGeometry

from corridors.base.errors import DataFileError
from corridors.data import bundled
from corridors.plot import style
from corridors.plot.canvas import Box, Sheet

DETAIL_PT = 0.15
"""Detail in points that is not seen."""
NATURAL_EARTH = "Natural Earth"
RELIEF = "relief shadedrelief.com"
DISCLAIMER = "Boundaries shown do not imply endorsement; dashed: disputed or line of control"


@lru_cache(maxsize=64)
def layer(name: str, crs: str) -> gpd.GeoDataFrame | None:
    """Read a layer of the base map in a projection, or None where it is not bundled; treat it as read-only."""
    path = _folder() / f"{name}.fgb.zip"
    if not path.is_file():
        return None
    return gpd.read_file(f"zip://{path}").to_crs(crs)


@lru_cache(maxsize=1)
def _folder() -> Path:
    try:
        return bundled.folder() / "basemap"
    except DataFileError:
        return Path("basemap")


class Relief(NamedTuple):
    """The relief picture, its projection, and what it covers (west, south, east, north in metres)."""

    pixels: NDArray[np.uint8]
    crs: str
    box: Box

    def part(self, extent: Box) -> tuple[NDArray[np.uint8], Box]:
        """Pixels that an extent in metres needs, and what they cover; none where the picture does not reach.

        >>> picture = Relief(np.zeros((10, 10), dtype=np.uint8), "", (0, 0, 100, 100))
        >>> pixels, box = picture.part((20, 20, 40, 50))
        >>> pixels.shape, box
        ((6, 5), (10.0, 0.0, 60.0, 60.0))
        >>> picture.part((200, 20, 300, 50))[0].size
        0
        """
        (rows, columns), (x0, y0, x1, y1) = self.pixels.shape[:2], self.box
        dx, dy = (x1 - x0) / columns, (y1 - y0) / rows
        left, right = _cells(extent[0] - x0, extent[2] - x0, dx, columns)
        top, bottom = _cells(y1 - extent[3], y1 - extent[1], dy, rows)
        return self.pixels[top:bottom, left:right], (x0 + left * dx, y1 - bottom * dy, x0 + right * dx, y1 - top * dy)


def _cells(start: float, end: float, size: float, number: int) -> tuple[int, int]:
    """First and last cell (exclusive) of a row of cells that hold a stretch, with one more on either side."""
    first = max(int(start / size) - 1, 0)
    return first, max(min(int(end / size) + 2, number), first)


@lru_cache(maxsize=1)
def relief() -> Relief | None:
    """Read the relief picture."""
    picture_file = relief_file()
    if picture_file is None:
        return None
    path, crs, box = picture_file
    with Image.open(path) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    return Relief(pixels, crs, box)


def relief_file() -> tuple[Path, str, Box] | None:
    """Find the relief picture, with its projection and extent (west, south, east, north in metres)."""
    about = _folder() / "relief.json"
    if not about.is_file():
        return None
    facts = json.loads(about.read_text(encoding="utf-8"))
    left, right, bottom, top = facts["extent_m"]
    return _folder() / facts["file"], str(facts["projection"]), (left, bottom, right, top)


def draw(sheet: Sheet, *, focus: Collection[str] = ()) -> list[str]:
    """Draw the base map, with countries other than those in focus faded.

    Returns
    -------
    list of str
        Whom to credit, and the disclaimer where boundaries are shown.
    """
    shaded = _draw_relief(sheet)
    water = _draw_water(sheet)
    faded = _draw_countries(sheet, focus)
    bounded = _draw_boundaries(sheet)
    drawn = [NATURAL_EARTH] if water or faded or bounded else []
    return drawn + [RELIEF] * shaded + [DISCLAIMER] * bounded


def _draw_countries(sheet: Sheet, focus: Collection[str]) -> bool:
    """Fade the countries that are not in focus."""
    found = visible(sheet, "countries")
    if found is None or not focus:
        return False
    outside = found.geometry[~found["country"].isin(list(focus))]
    _fill(sheet, outside, facecolor="white", edgecolor="none", alpha=0.5, zorder=1.2)
    return True


def _draw_relief(sheet: Sheet) -> bool:
    """Draw the part of the relief that is seen."""
    picture = relief()
    if picture is None or not _same_projection(picture.crs, sheet.crs):
        return False
    pixels, (x0, y0, x1, y1) = picture.part(sheet.extent)
    if not pixels.size:
        return False
    limits = sheet.ax.get_xlim(), sheet.ax.get_ylim()
    sheet.ax.imshow(pixels, extent=(x0, x1, y0, y1), zorder=0.5, interpolation="bilinear", aspect="equal")
    sheet.ax.set(xlim=limits[0], ylim=limits[1])
    _fill(sheet, [shapely.box(*_widened(sheet))], facecolor=style.VEIL, edgecolor="none", alpha=0.3, zorder=0.6)
    return True


def _same_projection(first: str, second: str) -> bool:
    keys = ("+proj", "+lat_1", "+lat_2", "+lat_0", "+lon_0")
    parts = [dict(p.partition("=")[::2] for p in text.split()) for text in (first, second)]
    return all(_number(parts[0].get(k)) == _number(parts[1].get(k)) for k in keys)


def _number(text: str | None) -> float | str | None:
    try:
        return float(text) if text is not None else None
    except ValueError:
        return text


def _draw_water(sheet: Sheet) -> bool:
    """Draw land where there is no relief, sea, lakes and rivers."""
    pt = sheet.style.pt
    land, rivers, lakes = (visible(sheet, name) for name in ("land", "rivers", "lakes"))
    if land is not None:
        _fill(sheet, land.geometry, facecolor=style.LAND, edgecolor="none", zorder=0.4)
        sea = shapely.box(*_widened(sheet)).difference(land.union_all())
        _fill(sheet, [sea], facecolor=style.SEA, edgecolor=style.LAKE_EDGE, linewidth=pt(0.4), zorder=1.6)
    if rivers is not None:
        draw_lines(sheet, rivers.geometry, color=style.RIVER, linewidth=pt(0.45), zorder=1.5)
    if lakes is not None:
        _fill(sheet, lakes.geometry, facecolor=style.SEA, edgecolor=style.LAKE_EDGE, linewidth=pt(0.3), zorder=1.6)
    return any(part is not None for part in (land, rivers, lakes))


def _draw_boundaries(sheet: Sheet) -> bool:
    """Draw boundaries, those in dispute dashed."""
    lines = visible(sheet, "boundaries")
    if lines is None or lines.empty:
        return False
    pt = sheet.style.pt
    disputed = lines["class"] != "international"
    common: dict[str, Any] = {"color": style.BOUNDARY, "zorder": 2}
    draw_lines(sheet, lines.geometry[~disputed], linewidth=pt(0.6), **common)
    draw_lines(sheet, lines.geometry[disputed], linewidth=pt(0.6), linestyle=(0, (4, 2.5)), **common)
    return True


def visible(sheet: Sheet, name: str) -> gpd.GeoDataFrame | None:
    """Part of a layer that is seen, cut to the extent."""
    rows = layer(name, sheet.crs)
    if rows is None:
        return None
    part = rows.iloc[np.sort(rows.sindex.query(shapely.box(*sheet.extent)))]
    cut = shapely.clip_by_rect(part.geometry.to_numpy(), *_widened(sheet))
    return part.set_geometry(
        gpd.GeoSeries(shapely.simplify(cut, DETAIL_PT * sheet.metres_per_pt), part.index, sheet.crs)
    )


def _widened(sheet: Sheet) -> Box:
    """Extent with a margin in which cut edges are not seen."""
    x0, y0, x1, y1 = sheet.extent
    edge = 0.02 * (x1 - x0)
    return x0 - edge, y0 - edge, x1 + edge, y1 + edge


def draw_lines(sheet: Sheet, shapes: Iterable[BaseGeometry], **looks: Any) -> LineCollection | None:
    """Draw lines as one collection; nothing is added where there are none."""
    parts = [np.asarray(line.coords) for shape in shapes for line in _parts(shape, "LineString")]
    if not parts:
        return None
    lines = LineCollection(parts, joinstyle="round", **looks)
    sheet.ax.add_collection(lines, autolim=False)
    return lines


def _fill(sheet: Sheet, shapes: Iterable[BaseGeometry], **looks: Any) -> None:
    outlines = [
        Outline.make_compound_path(
            *(Outline(np.asarray(ring.coords), closed=True) for ring in (p.exterior, *p.interiors))
        )
        for shape in shapes
        for p in _parts(shape, "Polygon")
    ]
    if outlines:
        sheet.ax.add_collection(PathCollection(outlines, **looks), autolim=False)


def _parts(shape: BaseGeometry | None, kind: str) -> Iterator[Any]:
    """Yield the simple parts of one kind of a geometry."""
    if shape is None or shape.is_empty:
        return
    if shape.geom_type == kind or (kind == "LineString" and shape.geom_type == "LinearRing"):
        yield shape
    for part in getattr(shape, "geoms", ()):
        yield from _parts(part, kind)
