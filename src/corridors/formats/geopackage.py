"""GeoPackage: one file for a GIS, with the tables as layers in their styles."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd
import pyogrio

from corridors.base.errors import DataFileError
from corridors.data import schema
from corridors.data.schema import Origin
from corridors.formats.content import Content
from corridors.formats.layers import layers_of, take_layers
from corridors.formats.qgis import styles

GEOMETRY = "geom"
"""Name of the column with the geometry, as GDAL and QGIS call it."""


def read(path: Path) -> Content:
    """Read a GeoPackage; layers that have no name of a table are left aside."""
    try:
        names = [str(name) for name, _ in pyogrio.list_layers(path)]
        frames = {n: pyogrio.read_dataframe(path, layer=n, fid_as_index=True) for n in names if n in _known()}
    except pyogrio.errors.DataSourceError as error:
        raise DataFileError(f"'{path}' cannot be read as a GeoPackage: {error}") from error
    for name in ("places", "links"):
        if name not in frames:
            raise DataFileError(f"'{path}' has no layer '{name}'; it has {', '.join(names) or 'none'}.")
    origins = {n: Origin(f"{path}, layer {n}", tuple(f.index)) for n, f in frames.items()}
    return take_layers(Content({n: f.reset_index(drop=True) for n, f in frames.items()}, {}, origins))


def _known() -> list[str]:
    return list(schema.all_tables())


def write(content: Content, path: Path) -> None:
    """Write a GeoPackage with a default style for every layer (table `layer_styles`, as QGIS reads it)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    layers = layers_of(content)
    for name, layer in layers.items():
        kind = "LineString" if name in ("links", "services") else "Point"
        pyogrio.write_dataframe(layer, path, layer=name, driver="GPKG", geometry_type=kind, geometry_name=GEOMETRY)
    for name, frame in content.frames.items():
        if name not in layers:
            pyogrio.write_dataframe(pd.DataFrame(frame), path, layer=name, driver="GPKG")
    _add_styles(path, styles(list(layers)))


def _add_styles(path: Path, qml: dict[str, str]) -> None:
    """Add the table in which QGIS keeps the styles of layers."""
    rows = [("", "", layer, GEOMETRY, "corridors", text, 1, "Style of the library") for layer, text in qml.items()]
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(
            'CREATE TABLE layer_styles ("id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "f_table_catalog" TEXT(256), '
            '"f_table_schema" TEXT(256), "f_table_name" TEXT(256), "f_geometry_column" TEXT(256), "styleName" TEXT(30),'
            ' "styleQML" TEXT, "styleSLD" TEXT, "useAsDefault" BOOLEAN, "description" TEXT, "owner" TEXT(30), '
            "\"ui\" TEXT(30), \"update_time\" DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))"
        )
        base.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, "
            "styleQML, useAsDefault, description) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description) "
            "VALUES ('layer_styles', 'attributes', 'layer_styles', 'Styles of the layers for QGIS')"
        )
