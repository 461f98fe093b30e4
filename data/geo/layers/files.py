"""Writing layers: small, the same bytes every time, readable with geopandas alone."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    import geopandas as gpd

EPOCH = (1980, 1, 1, 0, 0, 0)


def write_layer(layer: gpd.GeoDataFrame, path: Path) -> int:
    """Write a layer as zipped FlatGeobuf.

    The archive carries no date and rows stay in the order given, so that an unchanged layer gives an unchanged file.

    Parameters
    ----------
    layer
        Rows with geometries in WGS 84, already rounded.
    path
        File to write; its name ends in ``.fgb.zip``.

    Returns
    -------
        The size of the file in bytes.
    """
    name = path.name.removesuffix(".zip")
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / name
        layer.to_file(plain, driver="FlatGeobuf", SPATIAL_INDEX="NO", engine="pyogrio")
        content = plain.read_bytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        member = zipfile.ZipInfo(name, EPOCH)
        member.compress_type = zipfile.ZIP_DEFLATED
        member.external_attr = 0o644 << 16
        archive.writestr(member, content, compresslevel=9)
    return path.stat().st_size


def rounded(geometry: np.ndarray, decimals: int) -> np.ndarray:
    """Round the coordinates of lines and drop points that fall together."""
    coarse = shapely.transform(geometry, lambda xy: np.round(xy, decimals))
    return shapely.remove_repeated_points(coarse)
