"""Checks of the layers that were written, and a summary for the maintainer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.alignments import POINT_KM
from layers.network import great_circle_km

if TYPE_CHECKING:
    from pathlib import Path

    from layers.tables import Tables

LARGEST_MB = 5.0
END_KM = 0.1
SHIPPED = (".csv", ".json", ".toml", ".webp", ".zip")
AREAS = ("land", "lakes", "countries")


def read_layer(path: Path) -> gpd.GeoDataFrame:
    """Read a zipped layer as users of the library do."""
    return gpd.read_file(f"zip://{path}")


def problems(folder: Path, tables: Tables) -> list[str]:
    """List what is wrong with the layers of a folder; an empty list is good."""
    lines = read_layer(folder / "osm" / "alignments.fgb.zip")
    legs = read_layer(folder / "basemap" / "sea.fgb.zip")
    keyed = tables.links.set_index("id").loc[lines["link_id"]]
    found = _ends("alignments", lines, tables, list(zip(keyed["from_id"], keyed["to_id"], strict=True)))
    found += _ends("sea", legs, tables, list(zip(legs["from_id"], legs["to_id"], strict=True)))
    found += [f"alignments: no line for {link}" for link in _undrawn(lines, tables)]
    for name in AREAS:
        broken = int((~read_layer(folder / "basemap" / f"{name}.fgb.zip").is_valid).sum())
        found += [f"{name}: {broken} shapes are not valid"] if broken else []
    size = sum(file.stat().st_size for file in folder.rglob("*.*") if file.suffix in SHIPPED)
    found += [f"{folder} has {size / 1e6:.1f} MB, more than {LARGEST_MB}"] if size > LARGEST_MB * 1e6 else []
    return found


def _ends(name: str, lines: gpd.GeoDataFrame, tables: Tables, pairs: list[tuple[str, str]]) -> list[str]:
    """List the lines that do not join their two places."""
    found = []
    for shape, (start, end) in zip(lines.geometry, pairs, strict=True):
        actual = shapely.get_coordinates(shape)[[0, -1]]
        gap = great_circle_km(actual, np.array([tables.position(start), tables.position(end)])).max()
        if gap > END_KM:
            found.append(f"{name}: the line {start} - {end} ends {gap:.1f} km from its place")
    return found


def _undrawn(lines: gpd.GeoDataFrame, tables: Tables) -> list[str]:
    """List the links that have a length but no line."""
    missing = tables.links[~tables.links["id"].isin(lines["link_id"])]
    start = np.array([tables.position(place) for place in missing["from_id"]]).reshape(-1, 2)
    end = np.array([tables.position(place) for place in missing["to_id"]]).reshape(-1, 2)
    return list(missing["id"][great_circle_km(start, end) >= POINT_KM])


def summary(folder: Path, tables: Tables, *, worst: int = 12) -> str:
    """Describe how links were drawn and where the traced length is farthest from the table."""
    lines = read_layer(folder / "osm" / "alignments.fgb.zip").drop(columns="geometry")
    joined = lines.merge(tables.links, left_on="link_id", right_on="id")
    joined["planned"] = np.where(joined["project"] == "", "existing", "planned")
    counts = pd.crosstab([joined["mode"], joined["planned"]], joined["method"])
    joined["deviation"] = joined["osm_km"] / joined["length_km"] - 1
    far = joined.dropna(subset="deviation").sort_values("deviation", key=abs, ascending=False).head(worst)
    sizes = [f"{file.stat().st_size / 1000:8.0f} kB  {file.relative_to(folder)}" for file in _layers(folder)]
    table = far[["link_id", "length_km", "osm_km", "deviation"]].round(2).to_string(index=False)
    return "\n".join([counts.to_string(), "", "largest deviations", table, "", *sizes])


def _layers(folder: Path) -> list[Path]:
    """List the files of the layers."""
    return sorted(file for part in ("basemap", "osm") for file in (folder / part).iterdir())
