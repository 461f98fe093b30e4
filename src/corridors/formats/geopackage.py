"""GeoPackage: one file for a GIS, with the tables as layers in their styles."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pyogrio
from shapely.errors import ShapelyError

from corridors.base.errors import DataFileError
from corridors.base.reading import readable
from corridors.data import schema
from corridors.data.schema import Origin
from corridors.formats.content import Content
from corridors.formats.layers import layers_of, stated_links, take_layers
from corridors.formats.qgis import styles
from corridors.formats.standing import is_table

STATED = "corridors_links_stated"
"""Layer of the links of which something is stated, with what is used of it as columns: for looking at, not read."""

OWN = frozenset({*schema.all_tables(), STATED})
"""Layers that are written anew."""

STYLES = "layer_styles"
"""Table in which QGIS keeps the styles of layers."""

GEOMETRY = "geom"
"""Name of the column with the geometry, as GDAL and QGIS call it."""


KIND = "a GeoPackage"


def read(path: Path) -> Content:
    """Read a GeoPackage; layers that have no name of a table are left aside."""
    with readable(path, KIND, ShapelyError), _for_gdal(path) as source:
        names = [str(name) for name, _ in pyogrio.list_layers(source)]
        frames = {n: _layer(source, n) for n in names if n in schema.all_tables()}
    for name in ("places", "links"):
        if name not in frames:
            raise DataFileError(f"'{path}' has no layer '{name}'; it has {', '.join(names) or 'none'}.")
    origins = {n: Origin(f"{path}, layer {n}", tuple(f.index)) for n, f in frames.items()}
    return take_layers(Content({n: f.reset_index(drop=True) for n, f in frames.items()}, {}, origins))


@contextmanager
def _for_gdal(path: Path) -> Iterator[Path]:
    """Path of the file, or of a copy where GDAL would take a sign in its path for that of an archive."""
    if not set("!?") & set(str(path)):
        yield path
        return
    with TemporaryDirectory() as folder:
        copied = Path(folder) / "network.gpkg"
        shutil.copyfile(path, copied)
        yield copied


def _layer(source: Path, name: str) -> pd.DataFrame:
    return pyogrio.read_dataframe(source, layer=name, fid_as_index=True)


def write(content: Content, path: Path) -> None:
    """Write a GeoPackage with a default style for every layer (table `layer_styles`, as QGIS reads it).

    What the file holds already stays, as `copy_others` leaves it.
    """
    layers = layers_of(content)
    stated = stated_links(layers["links"], content.frames)
    with TemporaryDirectory() as folder, writable(path):
        made = Path(folder) / "network.gpkg"
        if path.is_file():
            shutil.copyfile(path, made)
        for name, layer in layers.items():
            kind = "LineString" if name in ("links", "services") else "Point"
            pyogrio.write_dataframe(layer, made, layer=name, driver="GPKG", geometry_type=kind, geometry_name=GEOMETRY)
        for name, frame in content.frames.items():
            if name not in layers:
                pyogrio.write_dataframe(pd.DataFrame(frame), made, layer=name, driver="GPKG")
        if len(stated):
            pyogrio.write_dataframe(
                stated, made, layer=STATED, driver="GPKG", geometry_type="LineString", geometry_name=GEOMETRY
            )
        drawn = styles(list(layers))
        _add_styles(made, drawn | ({STATED: drawn["links"]} if len(stated) else {}))
        _check_rows(made, {name: len(frame) for name, frame in content.frames.items()})
        shutil.copyfile(made, path)


def foreign(path: Path) -> list[str]:
    """Names of layers that have the name of a table and are none; other layers are kept, see `copy_others`."""
    if not path.is_file() or path.stat().st_size == 0:
        return []
    try:
        with closing(sqlite3.connect(path)) as base:
            return [f"layer '{name}'" for name, columns in _layers(base).items()
                    if name in schema.all_tables() and not is_table(name, columns)]  # fmt: skip
    except sqlite3.Error:
        return ["something that is no GeoPackage"]


def copy_others(path: Path, beside: Path) -> None:
    """Copy a GeoPackage without the tables of a network, so that layers of a user are kept; not if it has no others."""
    try:
        with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(beside)) as new:
            if set(_layers(old)) <= {*OWN, STYLES}:
                beside.unlink()
                return
            old.backup(new)
            with new:
                for name, columns in _layers(new).items():
                    if name in OWN:
                        _drop(new, name, columns)
    except sqlite3.DatabaseError:
        # no GeoPackage at all: `foreign` has named it, and it is to be replaced
        beside.unlink(missing_ok=True)


def _layers(base: sqlite3.Connection) -> dict[str, list[str]]:
    """Columns of every layer and table that the file lists."""
    names = [name for (name,) in base.execute("SELECT table_name FROM gpkg_contents")]
    return {n: [row[1] for row in base.execute(f"PRAGMA table_info({_quoted(n)})")] for n in names}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _drop(base: sqlite3.Connection, name: str, columns: list[str]) -> None:
    """Drop a layer with its spatial index and whatever the tables of the GeoPackage say of it."""
    tables = {table for (table,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for column in columns:
        if f"rtree_{name}_{column}" in tables:
            base.execute(f"DROP TABLE {_quoted(f'rtree_{name}_{column}')}")
    listed = {"gpkg_geometry_columns": "table_name", "gpkg_ogr_contents": "table_name", "gpkg_extensions": "table_name",
              "gpkg_contents": "table_name", STYLES: "f_table_name"}  # fmt: skip
    for table, column in listed.items():
        if table in tables:
            own = " AND owner = 'corridors'" if table == STYLES else ""
            # names are ours
            base.execute(f"DELETE FROM {table} WHERE {column} = ?{own}", (name,))  # noqa: S608
    base.execute(f"DROP TABLE {_quoted(name)}")


def _check_rows(path: Path, wanted: dict[str, int]) -> None:
    """See that all rows are there: GDAL does not always report a full disk."""
    with closing(sqlite3.connect(path)) as base:
        for name, rows in wanted.items():
            (found,) = base.execute(f"SELECT count(*) FROM {_quoted(name)}").fetchone()  # noqa: S608 - names are ours
            if found != rows:
                raise OSError(f"layer '{name}' has {found} of {rows} rows; the disk may be full")


@contextmanager
def writable(path: Path) -> Iterator[None]:
    """Let GDAL and SQLite write; what they cannot is an error of the disk."""
    try:
        yield
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, sqlite3.Error) as error:
        raise OSError(f"{error} ('{path.name}')") from error


def _add_styles(path: Path, qml: dict[str, str]) -> None:
    """Add the styles of our layers to the table in which QGIS keeps them."""
    rows = [("", "", layer, GEOMETRY, "corridors", text, 1, "Style of the library", "corridors")
            for layer, text in qml.items()]  # fmt: skip
    with closing(sqlite3.connect(path)) as base, base:
        there = base.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (STYLES,)).fetchone()
        if there is None:
            base.execute(
                'CREATE TABLE layer_styles ("id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "f_table_catalog" '
                'TEXT(256), "f_table_schema" TEXT(256), "f_table_name" TEXT(256), "f_geometry_column" TEXT(256), '
                '"styleName" TEXT(30), "styleQML" TEXT, "styleSLD" TEXT, "useAsDefault" BOOLEAN, "description" TEXT, '
                '"owner" TEXT(30), "ui" TEXT(30), "update_time" DATETIME DEFAULT '
                "(strftime('%Y-%m-%dT%H:%M:%fZ','now')))"
            )
            base.execute(
                "INSERT INTO gpkg_contents (table_name, data_type, identifier, description) "
                "VALUES ('layer_styles', 'attributes', 'layer_styles', 'Styles of the layers for QGIS')"
            )
        base.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, "
            "styleQML, useAsDefault, description, owner) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
