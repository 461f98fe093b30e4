"""Land, lakes, rivers, boundaries and countries of the region and beyond, from Natural Earth 1:10 million."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from layers.files import rounded
from layers.region import WGS84, extent, wide_extent
from layers.sources import source_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TOLERANCE_DEG = 0.005
COVERAGE_TOLERANCE_DEG = 0.01  # of Visvalingam's kind: the root of the area that a point may cut off
GRID_DEG = 0.001
DECIMALS = 3
SMALLEST_ISLAND_KM2 = 2.0
SMALLEST_LAKE_KM2 = 20.0
KM2_PER_DEG2 = 111.32 * 110.95

# Classes of boundary lines, by the first word of Natural Earth's feature class; others are left out.
BOUNDARY_CLASSES = {
    "International": "international",
    "Disputed": "disputed",
    "Line": "line-of-control",
    "Indefinite": "indefinite",
    "Indeterminant": "indefinite",
}

# ISO 3166-1 alpha-2 by numeric code, for the countries that reach into the region.
ALPHA2 = {
    "004": "AF", "031": "AZ", "050": "BD", "051": "AM", "064": "BT", "104": "MM", "144": "LK", "156": "CN", "231": "ET",
    "268": "GE", "356": "IN", "364": "IR", "368": "IQ", "398": "KZ", "400": "JO", "414": "KW", "417": "KG", "048": "BH",
    "462": "MV", "496": "MN", "512": "OM", "524": "NP", "586": "PK", "634": "QA", "643": "RU", "682": "SA", "706": "SO",
    "096": "BN", "100": "BG", "108": "BI", "112": "BY", "116": "KH", "140": "CF", "158": "TW", "180": "CD", "196": "CY",
    "232": "ER", "233": "EE", "246": "FI", "262": "DJ", "275": "PS", "300": "GR", "344": "HK", "360": "ID", "376": "IL",
    "404": "KE", "408": "KP", "410": "KR", "418": "LA", "422": "LB", "428": "LV", "434": "LY", "440": "LT", "446": "MO",
    "458": "MY", "498": "MD", "578": "NO", "608": "PH", "616": "PL", "642": "RO", "646": "RW", "702": "SG", "704": "VN",
    "728": "SS", "729": "SD", "752": "SE", "764": "TH", "800": "UG", "818": "EG", "834": "TZ",
    "760": "SY", "762": "TJ", "784": "AE", "792": "TR", "795": "TM", "804": "UA", "860": "UZ", "887": "YE",
}  # fmt: skip

# Areas that Natural Earth draws apart and that are shown with a country: the leased launch site lies in Kazakhstan.
MERGED = {"Baikonur": "398"}


def land(cache: Path) -> gpd.GeoDataFrame:
    """The land of the region as polygons, the Caspian Sea a hole in it; islands below 2 km2 are left out."""
    return _areas(source_file("land", cache), SMALLEST_ISLAND_KM2, wide_extent())


def lakes(cache: Path) -> gpd.GeoDataFrame:
    """The lakes of the region without the Caspian Sea; those below 20 km2 are left out."""
    return _areas(source_file("lakes", cache), SMALLEST_LAKE_KM2, extent())


def rivers(cache: Path) -> gpd.GeoDataFrame:
    """The rivers with name and rank (1 the greatest); names that the source has lost letters of are blank."""
    raw = gpd.read_file(source_file("rivers", cache), encoding="cp1252")
    raw["rank"] = raw["scalerank"].astype(int)
    complete = raw["name"].str.fullmatch(r"[^?]{3,}|Ob").fillna(value=False)
    raw["name"] = raw["name"].where(complete, None).str.replace(r"\s+", " ", regex=True)
    return _lines(raw[["name", "rank", "geometry"]], extent()).sort_values(
        ["rank", "name"], kind="stable", ignore_index=True
    )


def boundaries(cache: Path) -> gpd.GeoDataFrame:
    """The boundary lines on land with their class: international, disputed, line-of-control or indefinite."""
    raw = gpd.read_file(source_file("boundaries", cache), encoding="cp1252")
    raw["class"] = raw["featurecla"].str.split().str[0].map(BOUNDARY_CLASSES)
    two_sided = (raw["adm0_left"] != raw["adm0_right"]) | (raw["class"] != "disputed")
    drawn = raw[raw["class"].notna() & (raw["type"] == "Land") & two_sided]
    merged = _lines(drawn[["class", "geometry"]], wide_extent()).dissolve("class", as_index=False)
    merged["geometry"] = shapely.line_merge(merged.geometry.to_numpy())
    return merged


def countries(cache: Path) -> gpd.GeoDataFrame:
    """The countries with ISO alpha-2 code and name; an area under no agreed rule has no code."""
    raw = gpd.read_file(source_file("countries", cache), layer="countries", engine="pyogrio").set_crs(WGS84)
    raw["geometry"] = shapely.make_valid(raw.geometry.to_numpy())
    raw["id"] = raw["id"].fillna(raw["name"].map(MERGED))
    raw = _clip(raw.dissolve(raw["id"].fillna(raw["name"]), aggfunc="first"), shapely.Polygon, wide_extent())
    raw["geometry"] = shapely.coverage_simplify(raw.geometry.to_numpy(), COVERAGE_TOLERANCE_DEG)
    raw["geometry"] = shapely.set_precision(raw.geometry.to_numpy(), GRID_DEG)
    raw["country"] = raw["id"].map(ALPHA2)
    return raw[["country", "name", "geometry"]].sort_values("name", ignore_index=True)


LAYERS: dict[str, Callable[[Path], gpd.GeoDataFrame]] = {
    "land": land,
    "lakes": lakes,
    "rivers": rivers,
    "boundaries": boundaries,
    "countries": countries,
}


def _areas(source: Path, smallest_km2: float, area: shapely.Polygon) -> gpd.GeoDataFrame:
    """Clip and simplify polygons, and drop the small ones."""
    raw = gpd.read_file(source)
    raw["geometry"] = shapely.make_valid(raw.geometry.to_numpy())
    parts = _clip(raw, shapely.Polygon, area).explode(ignore_index=True)
    shapes = parts.geometry.to_numpy()
    km2 = shapely.area(shapes) * KM2_PER_DEG2 * np.cos(np.radians(shapely.get_y(shapely.point_on_surface(shapes))))
    coarse = shapely.simplify(shapes[km2 >= smallest_km2], TOLERANCE_DEG)
    kept = shapely.get_parts(shapely.set_precision(coarse, GRID_DEG))
    order = np.argsort(-shapely.area(kept), kind="stable")
    return gpd.GeoDataFrame(geometry=kept[order], crs=WGS84)


def _lines(raw: gpd.GeoDataFrame, area: shapely.Polygon) -> gpd.GeoDataFrame:
    """Clip, simplify and round lines."""
    drawn = _clip(raw, shapely.LineString, area)
    drawn["geometry"] = rounded(drawn.geometry.simplify(TOLERANCE_DEG).to_numpy(), DECIMALS)
    return drawn[~drawn.geometry.is_empty].reset_index(drop=True)


def _clip(
    raw: gpd.GeoDataFrame, kind: type[shapely.Polygon | shapely.LineString], area: shapely.Polygon
) -> gpd.GeoDataFrame:
    """Cut geometries at the edge of an area and keep the parts of one kind."""
    inside = raw[raw.intersects(area)].copy()
    inside["geometry"] = [_parts(shape, kind) for shape in shapely.intersection(inside.geometry.to_numpy(), area)]
    return inside[~inside.geometry.is_empty].reset_index(drop=True)


def _parts(shape: shapely.Geometry, kind: type[shapely.Polygon | shapely.LineString]) -> shapely.Geometry:
    """Keep the polygons or the lines of a geometry that may be mixed."""
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, kind)]
    multiple = shapely.MultiPolygon if kind is shapely.Polygon else shapely.MultiLineString
    return parts[0] if len(parts) == 1 else multiple(parts)
