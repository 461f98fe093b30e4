"""Distances on the earth, and lines put together."""

from __future__ import annotations

from functools import cache
from typing import overload

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge

from corridors.base.sphere import WGS84, geodesic_km
from corridors.data import bundled
from corridors.data.tables import Tables

_EQUAL_AREA = "+proj=aea +lat_1=25 +lat_2=45 +lat_0=35 +lon_0=68 +datum=WGS84 +units=m"


@overload
def great_circle_km(what: LineString) -> float: ...
@overload
def great_circle_km(what: Tables, table: str) -> NDArray[np.float64]: ...
def great_circle_km(what: LineString | Tables, table: str = "links") -> float | NDArray[np.float64]:
    """Length in km of a line, or of the straight way between the ends of every link, on the ellipsoid.

    >>> from shapely.geometry import LineString
    >>> round(great_circle_km(LineString([(0, 0), (1, 0)])), 1)
    111.3
    """
    if isinstance(what, LineString):
        return float(WGS84.geometry_length(what)) / 1000
    places = what["places"].set_index("id")
    first, second = (places.loc[what[table][end], ["lon", "lat"]] for end in ("from_id", "to_id"))
    return geodesic_km(first, second)


@cache
def _countries() -> gpd.GeoDataFrame:
    layer = gpd.read_file(f"zip://{bundled.folder() / 'basemap' / 'countries.fgb.zip'}")
    return layer.to_crs(_EQUAL_AREA).set_index("country")


def country_of(lat: float, lon: float) -> str:
    """Code of the country in which a point lies on the bundled map, blank where there is none.

    >>> country_of(34.5, 69.2), country_of(0, 0)
    ('AF', '')
    """
    point = gpd.GeoSeries.from_xy([lon], [lat], crs="EPSG:4326").to_crs(_EQUAL_AREA)[0]
    countries = _countries()
    found = countries.index[countries.covers(point)]
    return str(found[0]) if len(found) else ""


def country_distance_km(places: pd.DataFrame) -> NDArray[np.float64]:
    """Distance in km of each place from its stated country (0 inside; 0 where the country is not on the map)."""
    points = gpd.GeoSeries.from_xy(places["lon"], places["lat"], crs="EPSG:4326").to_crs(_EQUAL_AREA).to_numpy()
    countries = _countries()
    found = np.zeros(len(places))
    for code, rows in places.groupby("country").indices.items():
        if code in countries.index:
            shape = countries.geometry[code]
            shapely.prepare(shape)
            outside = rows[~shapely.covers(shape, points[rows])]
            found[outside] = shapely.distance(shape, points[outside]) / 1000
    return found


def joined(lines: list[LineString]) -> BaseGeometry:
    """Join lines that follow each other into one, or keep them apart where there is a gap."""
    if len(lines) == 1:
        return lines[0]
    merged = linemerge(MultiLineString(lines))
    return merged if merged.geom_type == "LineString" else MultiLineString(lines)
