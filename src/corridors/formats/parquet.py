"""A folder of Parquet files, those with geometry as GeoParquet; needs pyarrow."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely.errors import ShapelyError

from corridors.base.errors import DataFileError, MissingPackageError
from corridors.base.reading import readable
from corridors.base.writing import current
from corridors.data import schema
from corridors.data.schema import Origin
from corridors.formats.content import Content
from corridors.formats.layers import LAYERS, layers_of, take_layers
from corridors.formats.standing import is_table

FILES = tuple(f"{name}.parquet" for name in schema.all_tables())
"""Names of the files of a folder."""


def _need_pyarrow() -> None:
    if find_spec("pyarrow") is None:
        raise MissingPackageError("Parquet", "pyarrow", "parquet")


def read(path: Path) -> Content:
    """Read a folder of Parquet files."""
    _need_pyarrow()
    frames, origins = {}, {}
    for name in schema.all_tables():
        file = current(path, f"{name}.parquet")
        if file.is_file():
            frames[name] = _read(name, file)
            origins[name] = Origin(str(file))
        elif name in ("places", "links"):
            raise DataFileError(f"'{path}' has no {name}.parquet: a network needs places and links.")
    return take_layers(Content(frames, {}, origins))


def _read(name: str, file: Path) -> pd.DataFrame:
    from pyarrow import ArrowException
    from pyarrow.parquet import read_schema

    with readable(file, "Parquet", ArrowException, ShapelyError):
        has_geometry = name in LAYERS and b"geo" in (read_schema(file).metadata or {})
        return gpd.read_parquet(file) if has_geometry else pd.read_parquet(file)


def write(content: Content, path: Path) -> None:
    """Write a folder of Parquet files."""
    _need_pyarrow()
    frames = {**content.frames, **layers_of(content)}
    for name in schema.all_tables():
        if name in frames:
            frames[name].to_parquet(path / f"{name}.parquet", index=False, compression="zstd")


def foreign(path: Path) -> list[str]:
    """Names of files that have the name of a table and are none."""
    files = {name: current(path, f"{name}.parquet") for name in schema.all_tables()}
    return [f.name for name, f in files.items() if f.exists() and not is_table(name, _header(f))]


def _header(file: Path) -> list[str]:
    """Names of the columns of a Parquet file; none where it cannot be read as one."""
    _need_pyarrow()
    from pyarrow import ArrowException
    from pyarrow.parquet import read_schema

    try:
        with readable(file, "Parquet", ArrowException):
            return [str(name) for name in read_schema(file).names]
    except DataFileError:
        return []
