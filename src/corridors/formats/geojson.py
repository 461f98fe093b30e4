"""GeoJSON: one collection of points and lines, for maps on the web.

Each feature names its table in the property `table`; without it a point is a place and a line is a link.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry import mapping, shape

from corridors.base.errors import DataFileError
from corridors.data import schema
from corridors.data.schema import Origin
from corridors.formats.content import Content
from corridors.formats.layers import CRS, LAYERS, layers_of, take_layers

_TABLE_OF = {"Point": "places", "LineString": "links", "MultiLineString": "links"}


def write(content: Content, path: Path) -> None:
    """Write a GeoJSON file; blank cells are left out."""
    path.parent.mkdir(parents=True, exist_ok=True)
    features: list[dict[str, Any]] = []
    for name, layer in layers_of(content).items():
        for row in layer.to_dict("records"):
            geometry = mapping(row.pop("geometry"))
            properties = {k: v for k, v in row.items() if v == v and v != ""}  # noqa: PLR0124 - not NaN
            features.append({"type": "Feature", "properties": {"table": name, **properties}, "geometry": geometry})
    name = str(content.frames["network"]["name"].iloc[0])
    path.write_text(json.dumps({"type": "FeatureCollection", "name": name, "features": features}), encoding="utf8")


def read(path: Path) -> Content:
    """Read a GeoJSON file."""
    try:
        text = json.loads(path.read_text(encoding="utf8"))
        features = text["features"]
        kinds = [f["properties"].get("table") or _TABLE_OF.get(f["geometry"]["type"], "") for f in features]
        shapes = [shape(f["geometry"]) for f in features]
    except (ValueError, KeyError, TypeError, AttributeError, shapely.GEOSException) as error:
        raise DataFileError(f"'{path}' cannot be read as a GeoJSON collection of features: {error!r}") from error
    crs = str(text.get("crs", {}).get("properties", {}).get("name", CRS))
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
            table = pd.DataFrame(cells) if rows else pd.DataFrame(columns=[*schema.tables()[name], "alignment"])
            frames[name] = gpd.GeoDataFrame(table, geometry=[shapes[row] for row in rows], crs=CRS)
            origins[name] = Origin(f"{path}, features of {name}", tuple(row + 1 for row in rows))
    if "name" in text:
        frames["network"] = pd.DataFrame([{"name": text["name"]}])
    return take_layers(Content(frames, {}, origins))
