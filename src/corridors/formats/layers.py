"""Tables with geometry: what is a point or a line on a map, for GeoPackage, GeoParquet and GeoJSON.

The geometry is the position: places are written without `lat` and `lon`, and links and sea hops carry their line. The
column `alignment` says how a line was made; it is blank where a link has none and is drawn straight. Crossings and
terminals are drawn beside their places; that geometry is for looking only and is not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from corridors.base.errors import SchemaError
from corridors.data import schema
from corridors.data.attributes import WIDE, of_links
from corridors.data.schema import Origin
from corridors.data.tables import Tables
from corridors.formats.content import Content, Lines

CRS = "EPSG:4326"

_OF_GIS = re.compile(r"fid|fid_\d+|ogc_fid|layer|path")
"""Names of columns that QGIS and GDAL add."""

F = TypeVar("F", pd.DataFrame, gpd.GeoDataFrame)

LAYERS = ("links", "services", "crossings", "terminals", "places")
"""Tables with geometry, in the order in which a map shows them from below."""


def layers_of(content: Content) -> dict[str, gpd.GeoDataFrame]:
    """Tables that have geometry, as layers by name."""
    frames = content.frames
    places = frames["places"].reset_index(drop=True)
    points = gpd.GeoSeries.from_xy(places["lon"], places["lat"], crs=CRS)
    at = dict(zip(places["id"], points, strict=True))
    made = {"places": gpd.GeoDataFrame(places.drop(columns=["lat", "lon"]), geometry=points)}
    for name in ("links", "services"):
        if name in frames:
            made[name] = _with_lines(name, frames[name].reset_index(drop=True), at, content.lines)
    if "crossings" in frames:
        crossings = frames["crossings"].reset_index(drop=True)
        between = [_middle(at[a], at[b]) for a, b in zip(crossings["place_a"], crossings["place_b"], strict=True)]
        made["crossings"] = gpd.GeoDataFrame(crossings, geometry=between, crs=CRS)
    if "terminals" in frames:
        terminals = frames["terminals"].reset_index(drop=True)
        made["terminals"] = gpd.GeoDataFrame(terminals, geometry=list(terminals["place"].map(at)), crs=CRS)
    return {name: made[name] for name in LAYERS if name in made}


def stated_links(links: gpd.GeoDataFrame, frames: Mapping[str, pd.DataFrame]) -> gpd.GeoDataFrame:
    """Links of which something is stated, with loads, speeds, capacities and so on as columns.

    Parameters
    ----------
    links
        Layer of the links.
    frames
        Tables as they are written.
    """
    if "attributes" not in frames:
        return links.iloc[:0]
    date = str(frames["network"]["date"].iloc[0]) or str(frames["network"]["as_of"].iloc[0])
    needed = ("places", "links", "crossings", "terminals", "attributes")
    tables = Tables({name: frames.get(name, schema.empty(name)).reset_index(drop=True) for name in needed}, date)
    stated = of_links(tables)
    shown = links[["id", "from_id", "to_id", "mode", "gauge_mm", "status", "length_km", links.geometry.name]]
    cells = stated[list(WIDE)]
    told = (cells.notna() & (cells != "")).any(axis=1).to_numpy()
    return gpd.GeoDataFrame(pd.concat([shown, stated], axis=1)[told], geometry=links.geometry.name, crs=links.crs)


def _middle(a: shapely.Point, b: shapely.Point) -> shapely.Point:
    return shapely.Point((a.x + b.x) / 2, (a.y + b.y) / 2)


def _keys(name: str, frame: pd.DataFrame) -> pd.Series:
    return frame["id"] if name == "links" else frame["from_id"] + "--" + frame["to_id"]


def _with_lines(name: str, frame: pd.DataFrame, at: dict[str, shapely.Point], lines: Lines) -> gpd.GeoDataFrame:
    shapes, methods = [], []
    for key, first, second in zip(_keys(name, frame), frame["from_id"], frame["to_id"], strict=True):
        line, method = lines.get(key, (None, ""))
        shapes.append(line or LineString([at[first], at[second]]))
        methods.append(method)
    return gpd.GeoDataFrame(frame.assign(alignment=methods), geometry=shapes, crs=CRS)


def take_layers(content: Content) -> Content:
    """Turn layers that were read into tables and lines; other tables stay as they are.

    Raises
    ------
    SchemaError
        If a layer has no coordinate reference system, or geometry that is empty or of another kind.
    """
    frames: dict[str, pd.DataFrame] = {}
    layers: dict[str, gpd.GeoDataFrame] = {}
    for name, frame in content.frames.items():
        if isinstance(frame, gpd.GeoDataFrame):
            own = _without_marks(name, frame.reset_index(drop=True))
            layers[name] = _in_wgs84(name, own, content.origins[name])
            frames[name] = pd.DataFrame(layers[name].drop(columns=layers[name].geometry.name))
        else:
            frames[name] = _without_marks(name, frame)
    lines: Lines = dict(content.lines)
    if "places" in layers:
        frames["places"] = _positions(frames["places"], layers["places"], content.origins["places"])
    for name in ("links", "services"):
        if name in layers:
            lines |= _lines(name, frames[name], layers[name], content.origins[name])
        if name in frames:
            frames[name] = frames[name].drop(columns="alignment", errors="ignore")
    # a straight stroke of no method stands for no line at all
    kept = {key: (line, method or "drawn") for key, (line, method) in lines.items() if method or len(line.coords) > 2}
    return Content(frames, kept, content.origins)


def _without_marks(name: str, frame: F) -> F:
    """Leave out the columns that a GIS adds when it copies or joins layers."""
    own = schema.all_tables().get(name, {})
    columns = [c for c in frame.columns if c not in own and _OF_GIS.fullmatch(str(c))]
    kept: F = frame.drop(columns=columns)
    return kept


def _in_wgs84(name: str, layer: gpd.GeoDataFrame, origin: Origin) -> gpd.GeoDataFrame:
    if layer.crs is None:
        raise SchemaError(
            name, [f"no coordinate reference system: set it to {CRS} if these are longitude and latitude"], origin.file
        )
    return layer.to_crs(CRS) if layer.crs != CRS else layer


def _positions(frame: pd.DataFrame, layer: gpd.GeoDataFrame, origin: Origin) -> pd.DataFrame:
    """Take latitude and longitude from the points; columns that say something else are refused."""
    geometry = layer.geometry
    single = (geometry.geom_type == "MultiPoint") & (shapely.get_num_geometries(geometry) == 1)
    if single.any():
        geometry = geometry.where(~single, geometry.apply(lambda points: shapely.get_geometry(points, 0)))
    wrong = np.flatnonzero(~(geometry.geom_type == "Point") | geometry.is_empty | geometry.isna())
    problems = [origin.say(int(row), "geometry", "a place needs a point") for row in wrong]
    if not problems:
        for name, values in (("lat", geometry.y), ("lon", geometry.x)):
            given = pd.to_numeric(frame[name], errors="coerce") if name in frame else pd.Series(np.nan, frame.index)
            for row in np.flatnonzero((given - values).abs() > 1e-6):
                text = f"{given[row]:g} is not where the point is ({values[row]:.6f}): leave the column out"
                problems.append(origin.say(int(row), name, text))
            frame = frame.assign(**{name: values.to_numpy()})
    if problems:
        raise SchemaError("places", problems, origin.file)
    return frame


def _lines(name: str, frame: pd.DataFrame, layer: gpd.GeoDataFrame, origin: Origin) -> Lines:
    """Take the lines; where `alignment` is blank, a line is kept as `drawn` (if it is more than a straight stroke)."""
    missing = {"id", "from_id", "to_id"} - set(frame.columns)
    if missing:
        raise SchemaError(name, [f"column '{column}' is missing" for column in sorted(missing)], origin.file)
    methods = frame["alignment"] if "alignment" in frame else pd.Series("", frame.index)
    found: Lines = {}
    problems = []
    for row, (key, method, shape) in enumerate(zip(_keys(name, frame), methods, layer.geometry, strict=True)):
        if shape is None or shape.is_empty:
            continue
        line = _one_line(shape)
        if line is None:
            problems.append(origin.say(row, "geometry", f"a link needs one connected line, not a {shape.geom_type}"))
            continue
        found[str(key)] = (line, str(method) if isinstance(method, str) else "")
    if problems:
        raise SchemaError(name, problems, origin.file)
    return found


def _one_line(shape: BaseGeometry) -> LineString | None:
    if shape.geom_type == "MultiLineString":
        shape = shapely.line_merge(shape)
    return shape if isinstance(shape, LineString) else None
