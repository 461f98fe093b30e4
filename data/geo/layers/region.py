"""The region that is mapped and the map projection that is used."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import Transformer
from pyproj.enums import TransformDirection

WGS84 = "EPSG:4326"
PROJECTION = "+proj=lcc +lat_1=30 +lat_2=48 +lat_0=38 +lon_0=68 +datum=WGS84 +units=m +no_defs"
_TO_MAP = Transformer.from_crs(WGS84, PROJECTION, always_xy=True)


@dataclass(frozen=True)
class Frame:
    """A rectangle of the map projection, in metres."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Width in metres."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height in metres."""
        return self.top - self.bottom


# The relief covers this frame: Caucasus to Lake Baikal's west, the Urals' foot to Mumbai.
FRAME = Frame(left=-2_000_000, bottom=-2_450_000, right=2_000_000, top=2_150_000)

# Vector layers cover the frame and this box (longitude and latitude), which reaches Colombo and the Gulf.
BOX = (44.0, 5.0, 92.0, 57.0)
MARGIN_DEG = 0.5

# Land, countries, boundaries and the network of lines also cover this box: Moscow and Istanbul to Shanghai, and the
# seas from Suez to Singapore. Lakes and rivers do not, for they would take more space than they tell.
WIDE = (25.0, -1.0, 124.0, 62.0)


def project(lonlat: np.ndarray) -> np.ndarray:
    """Turn rows of longitude and latitude into map coordinates."""
    return np.column_stack(_TO_MAP.transform(lonlat[:, 0], lonlat[:, 1]))


def unproject(xy: np.ndarray) -> np.ndarray:
    """Turn rows of map coordinates into longitude and latitude."""
    return np.column_stack(_TO_MAP.transform(xy[:, 0], xy[:, 1], direction=TransformDirection.INVERSE))


def extent() -> shapely.Polygon:
    """The area of the vector layers in longitude and latitude."""
    outline = shapely.segmentize(shapely.box(FRAME.left, FRAME.bottom, FRAME.right, FRAME.top), 50_000)
    frame = shapely.transform(outline, unproject).buffer(MARGIN_DEG)
    return shapely.union(frame, shapely.box(*BOX)).simplify(0.05)


def wide_extent() -> shapely.Polygon:
    """The area of the layers that reach beyond the region, in longitude and latitude."""
    return shapely.union(extent(), shapely.box(*WIDE))
