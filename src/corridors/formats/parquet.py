"""A folder of Parquet files, those with geometry as GeoParquet; needs pyarrow."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import pandas as pd

from corridors.base.errors import DataFileError, MissingPackageError
from corridors.data import schema
from corridors.data.schema import Origin
from corridors.formats.content import Content
from corridors.formats.layers import LAYERS, layers_of, take_layers


def _need_pyarrow() -> None:
    if find_spec("pyarrow") is None:
        raise MissingPackageError("Parquet", "pyarrow", "parquet")


def read(path: Path) -> Content:
    """Read a folder of Parquet files."""
    _need_pyarrow()
    frames, origins = {}, {}
    for name in schema.all_tables():
        file = path / f"{name}.parquet"
        if file.is_file():
            frames[name] = _read(name, file)
            origins[name] = Origin(str(file))
        elif name in ("places", "links"):
            raise DataFileError(f"'{path}' has no {name}.parquet: a network needs places and links.")
    return take_layers(Content(frames, {}, origins))


def _read(name: str, file: Path) -> pd.DataFrame:
    from pyarrow import ArrowInvalid
    from pyarrow.parquet import read_schema

    try:
        has_geometry = name in LAYERS and b"geo" in (read_schema(file).metadata or {})
        return gpd.read_parquet(file) if has_geometry else pd.read_parquet(file)
    except ArrowInvalid as error:
        raise DataFileError(f"'{file}' cannot be read as Parquet: {error}") from error


def write(content: Content, path: Path) -> None:
    """Write a folder of Parquet files; tables of an earlier network that this one does not have are removed."""
    _need_pyarrow()
    path.mkdir(parents=True, exist_ok=True)
    frames = {**content.frames, **layers_of(content)}
    for name in schema.all_tables():
        file = path / f"{name}.parquet"
        if name in frames:
            frames[name].to_parquet(file, index=False, compression="zstd")
        else:
            file.unlink(missing_ok=True)
