"""The ways in: files, downloads through osmnx, osmnx graphs, and tables of tagged lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd

from corridors.errors import InputError
from corridors.network import Network
from corridors.osm.assemble import assemble
from corridors.osm.files import read_files
from corridors.osm.rules import Rules


def read(
    paths: str | Path | Sequence[str | Path],
    *,
    country: str | gpd.GeoDataFrame | None = None,
    rules: Rules | None = None,
    name: str | None = None,
) -> Network:
    """Read OpenStreetMap files into one network."""
    rules = rules or Rules()
    several = [paths] if isinstance(paths, str | Path) else list(paths)
    ways, month = read_files(several, rules)
    files = ", ".join(Path(path).name for path in several)
    return assemble(ways, source=files, name=name or Path(several[0]).name.split(".")[0], country=country, rules=rules, as_of=month)


def from_lines(): ...
def from_osmnx(): ...
def from_place(): ...
def from_bbox(): ...
