"""GeoJSON: one collection of points and lines, for maps on the web.

Each feature names its table in the property `table`; without it a point is a place and a line is a link.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from corridors.base.errors import DataFileError
from corridors.base.reading import parsed_json, read_text, readable
from corridors.data import schema
from corridors.data.schema import Origin
from corridors.formats.content import Content
from corridors.formats.layers import CRS, LAYERS, layers_of, take_layers
from corridors.formats.standing import foreign_file

MOST_COLUMNS = 1000
"""Features with more different properties than this are refused before a table is made of them."""

_TABLE_OF = {"Point": "places", "MultiPoint": "places", "LineString": "links", "MultiLineString": "links"}


def write(content: Content, path: Path) -> None:
    """Write a GeoJSON file; blank cells are left out."""
    features: list[dict[str, Any]] = []
    for name, layer in layers_of(content).items():
        for row in layer.to_dict("records"):
            geometry = mapping(row.pop("geometry"))
            properties = {k: v for k, v in row.items() if v == v and v != ""}  # noqa: PLR0124 - not NaN
            features.append({"type": "Feature", "properties": {"table": name, **properties}, "geometry": geometry})
    name = str(content.frames["network"]["name"].iloc[0])
    path.write_text(json.dumps({"type": "FeatureCollection", "name": name, "features": features}), encoding="utf8")


def foreign(path: Path) -> list[str]:
    """Whether a file that stands there is no network, in a list."""
    return foreign_file(path, read, "GeoJSON")


def read(path: Path) -> Content:
    """Read a GeoJSON file."""
    text = read_text(path, "GeoJSON")
    with readable(path, "a GeoJSON collection of features", ShapelyError):
        collection = parsed_json(text)
        features = [{**f, "properties": f["properties"] or {}} for f in collection["features"]]
        shapes = [None if f["geometry"] is None else shape(f["geometry"]) for f in features]
        kinds = [str(f["properties"].get("table") or _table_of(one)) for f, one in zip(features, shapes, strict=True)]
    crs = _crs(collection.get("crs"))
    if not crs.endswith(("4326", "CRS84")):
        raise DataFileError(f"'{path}' has coordinates in {crs}: GeoJSON is in longitude and latitude (RFC 7946).")
    unknown = sorted({kind for kind in kinds if kind not in LAYERS})
    if unknown:
        raise DataFileError(f"'{path}' has features of table {', '.join(map(repr, unknown))}; there are {LAYERS}.")
    frames: dict[str, pd.DataFrame] = {}
    origins: dict[str, Origin] = {}
    for name in LAYERS:
        rows = [row for row, kind in enumerate(kinds) if kind == name]
        if rows or name in ("places", "links"):
            cells = [{k: v for k, v in features[row]["properties"].items() if k != "table"} for row in rows]
            names = {key for cell in cells for key in cell}
            if len(names) > MOST_COLUMNS:
                raise DataFileError(f"'{path}': features of {name} have {len(names):,} different properties.")
            table = pd.DataFrame(cells) if rows else pd.DataFrame(columns=[*schema.tables()[name], "alignment"])
            frames[name] = gpd.GeoDataFrame(table, geometry=[shapes[row] for row in rows], crs=CRS)
            origins[name] = Origin(f"{path}, features of {name}", tuple(row + 1 for row in rows))
    if collection.get("name"):
        frames["network"] = pd.DataFrame([{"name": str(collection["name"])}])
    return take_layers(Content(frames, {}, origins))


def _table_of(geometry: BaseGeometry | None) -> str:
    """Table of a feature that does not name it."""
    return "" if geometry is None else _TABLE_OF.get(geometry.geom_type, "")


def _crs(stated: Any) -> str:
    """Name of the coordinates that a file states, as older software does; in degrees where it states none."""
    facts = stated.get("properties") if isinstance(stated, dict) else {"name": stated}
    return str((facts.get("name") if isinstance(facts, dict) else None) or CRS)
