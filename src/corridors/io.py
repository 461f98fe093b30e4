"""Tables from and to folders of CSV files, and the lines that belong to them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely.geometry import LineString

from corridors import schema
from corridors.errors import DataFileError
from corridors.tables import Tables, make_tables

ALIGNMENTS = "osm/alignments.fgb.zip"
"""Layer with the lines of links, by `link_id`; OSM-derived, so it keeps to its own folder (ODbL)."""

SEA = "basemap/sea.fgb.zip"
"""Layer with the lines between ports, by `from_id` and `to_id`."""


def read_tables(folder: str | Path, *, as_of: str = "") -> Tables:
    """Read the CSV tables of a folder.

    Raises
    ------
    DataFileError
        If the folder, or its `places.csv` or `links.csv`, does not exist.
    SchemaError
        If a table does not fit the schema.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DataFileError(f"no folder '{folder}': give the folder that holds places.csv and links.csv.")
    frames = {}
    for name in schema.tables():
        path = folder / f"{name}.csv"
        if path.is_file():
            frames[name] = _read_csv(path)
        elif name in ("places", "links"):
            raise DataFileError(f"'{folder}' has no {name}.csv: a network needs places.csv and links.csv.")
    return make_tables(frames, as_of=as_of, read_alignments=partial(read_alignments, folder))


def _read_csv(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise DataFileError(f"'{path}' cannot be read as CSV in UTF-8: {error}") from error


def read_alignments(folder: Path) -> Mapping[str, tuple[LineString, str]]:
    """Read the lines of links by id and of sea hops by `from--to`, each with the method by which it was made."""
    found: dict[str, tuple[LineString, str]] = {}
    if (folder / ALIGNMENTS).is_file():
        layer = gpd.read_file(f"zip://{folder / ALIGNMENTS}")
        found.update(zip(layer["link_id"], zip(layer.geometry, layer["method"], strict=True), strict=True))
    if (folder / SEA).is_file():
        layer = gpd.read_file(f"zip://{folder / SEA}")
        names = layer["from_id"] + "--" + layer["to_id"]
        found.update({name: (line, "sea") for name, line in zip(names, layer.geometry, strict=True)})
    return found


def write_tables(tables: Tables, folder: str | Path) -> Path:
    """Write every table that has rows as CSV into a folder; reading it again gives the same tables."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in schema.tables():
        # waits for ships are made from the services again when the tables are read
        frame = tables.parameters.iloc[: len(tables[name])] if name == "parameters" else tables[name]
        if len(frame):
            frame.to_csv(folder / f"{name}.csv", index=False, float_format="%.10g", lineterminator="\n")
    return folder
