"""The Earth as a sphere and as an ellipsoid: positions in space, and distances between longitudes and latitudes."""

from __future__ import annotations

from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod

Floats = NDArray[np.float64]

EARTH_KM = 6371.0
"""Mean radius of the Earth."""

KM_PER_DEG = 111.32
"""Length of a degree of longitude at the equator, and about that of a degree of latitude anywhere."""

WGS84 = Geod(ellps="WGS84")
"""The ellipsoid on which lengths are measured."""


def in_space(lonlat: ArrayLike) -> Floats:
    """Positions in space in km, where straight distances are good for what is near.

    Parameters
    ----------
    lonlat
        Longitudes and latitudes in degrees, shape (positions, 2).

    >>> in_space([(0, 0), (90, 0), (0, 90)]).round(6).tolist()
    [[6371.0, 0.0, 0.0], [0.0, 6371.0, 0.0], [0.0, 0.0, 6371.0]]
    """
    lon, lat = np.radians(np.asarray(lonlat, dtype=float).reshape(-1, 2)).T
    return EARTH_KM * np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def geodesic_km(a: ArrayLike, b: ArrayLike) -> Floats:
    """Geodesics on the ellipsoid in km between positions, row by row.

    Parameters
    ----------
    a, b
        Longitudes and latitudes in degrees, shape (positions, 2) each.

    >>> geodesic_km([(0, 0)], [(1, 0)]).round(2).tolist()
    [111.32]
    """
    first, second = (np.asarray(lonlat, dtype=float).reshape(-1, 2) for lonlat in (a, b))
    if len(first) == 0:
        return np.zeros(0)
    return np.asarray(WGS84.inv(first[:, 0], first[:, 1], second[:, 0], second[:, 1])[2], dtype=float) / 1000


@overload
def lon_scale(lat: float) -> float: ...
@overload
def lon_scale(lat: Floats) -> Floats: ...
def lon_scale(lat: float | Floats) -> float | Floats:
    """Length of a degree of longitude at a latitude, as a share of a degree of latitude.

    >>> round(lon_scale(60.0), 3)
    0.5
    """
    found = np.cos(np.radians(lat))
    return found if isinstance(found, np.ndarray) else float(found)
