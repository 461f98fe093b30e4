"""GMNS, the General Modeling Network Specification: a folder with `node.csv`, `link.csv` and `config.csv`.

Reference: General Modeling Network Specification 0.97, Zephyr Foundation, github.com/zephyr-data-specs/GMNS. Nodes are
places, undirected links are links; what GMNS has no field for stands in fields of our own, which it permits.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyproj
import shapely
from pyproj.exceptions import CRSError

from corridors.base.errors import DataFileError, SchemaError
from corridors.base.writing import current
from corridors.data import schema
from corridors.data.csv_tables import header_of, read_csv, write_csv
from corridors.data.schema import Origin
from corridors.formats.content import Content, Lines

VERSION = 0.97

NODE = {"id": "node_id", "name": "name", "lon": "x_coord", "lat": "y_coord", "kind": "node_type"}
LINK = {
    "id": "link_id",
    "line": "name",
    "from_id": "from_node_id",
    "to_id": "to_node_id",
    "length_km": "length",
    "class": "facility_type",
    "mode": "allowed_uses",
}
"""Our columns that GMNS has a field for."""

FILES = ("node.csv", "link.csv", "config.csv")
"""Names of the files of a folder."""

_CONFIG = (
    "dataset_name",
    "long_length",
    "speed",
    "crs",
    "geometry_field_format",
    "currency",
    "version_number",
    "id_type",
)

KM = {"km": 1.0, "kilometer": 1.0, "kilometre": 1.0, "kilometers": 1.0, "m": 1e-3, "meter": 1e-3, "meters": 1e-3,
      "mi": 1.609344, "mile": 1.609344, "miles": 1.609344, "ft": 0.0003048, "feet": 0.0003048}  # fmt: skip
"""Kilometres per unit of length."""

_UNUSED = (
    "z_coord", "ctrl_type", "zone_id", "parent_node_id", "directed", "geometry", "geometry_id", "parent_link_id",
    "dir_flag", "grade", "capacity", "free_speed", "lanes", "bike_facility", "ped_facility", "parking", "toll",
    "jurisdiction", "row_width", "alignment",
)  # fmt: skip
"""Fields of GMNS that the library has no column for, and those that are read apart."""


def write(content: Content, path: Path) -> None:
    """Write the files of GMNS."""
    write_csv(content.frames["places"].rename(columns=NODE), path / "node.csv")
    links = content.frames["links"].reset_index(drop=True)
    none = (None, "")
    shapes = [content.lines.get(i, none)[0] for i in links["id"]]
    links = links.assign(alignment=[content.lines.get(i, none)[1] for i in links["id"]])
    links["directed"], links["dir_flag"] = "false", "0"
    links["geometry"] = ["" if line is None else shapely.to_wkt(line, rounding_precision=-1) for line in shapes]
    write_csv(links.rename(columns=LINK), path / "link.csv")
    name = str(content.frames["network"]["name"].iloc[0])
    config: list[object] = [name, "km", "km/h", "EPSG:4326", "WKT", "USD", VERSION, "string"]
    write_csv(pd.DataFrame([config], columns=_CONFIG), path / "config.csv")


def foreign(path: Path) -> list[str]:
    """Names of files that stand there and that this format did not write, such as GMNS with fields we do not keep."""
    columns = schema.tables()
    ours = {
        "node.csv": {NODE.get(name, name) for name in columns["places"]},
        "link.csv": {LINK.get(name, name) for name in columns["links"]}
        | {"alignment", "directed", "dir_flag", "geometry"},
        "config.csv": set(_CONFIG),
    }
    files = {name: current(path, name) for name in FILES}
    return [name for name, file in files.items() if file.exists() and set(header_of(file)) != ours[name]]


def read(path: Path) -> Content:
    """Read the files of GMNS.

    A network made elsewhere lacks columns that the library needs, such as the country of a node: `fill` gives them.
    Two directed links between the same nodes, there and back, are one link.
    """
    node, link, settings = (current(path, name) for name in FILES)
    if not link.is_file():
        raise DataFileError(f"'{path}' has no link.csv: a GMNS network needs node.csv and link.csv.")
    nodes, node_origin = read_csv(node)
    links, link_origin = read_csv(link)
    config = read_csv(settings)[0] if settings.is_file() else pd.DataFrame()
    nodes = _placed(nodes.rename(columns={v: k for k, v in NODE.items()}), config, path)
    links = links.rename(columns={v: k for k, v in LINK.items()})
    for name, frame, origin in (("places", nodes, node_origin), ("links", links, link_origin)):
        if "id" not in frame or (name == "links" and not {"from_id", "to_id"} <= set(frame)):
            raise SchemaError(name, ["the fields of GMNS for id and ends are missing"], origin.file)
    if "length_km" in links:
        factor = _unit(config, path)
        km = pd.to_numeric(links["length_km"], errors="coerce") * factor
        links["length_km"] = km.where(km.notna(), links["length_km"]) if factor != 1 else links["length_km"]
    lines = _lines(links, link_origin)
    links, link_origin = _both_ways(links, link_origin)
    frames = {"places": nodes.drop(columns=[c for c in _UNUSED if c in nodes]),
              "links": links.drop(columns=[c for c in _UNUSED if c in links])}  # fmt: skip
    if "crossing" in links and (links["crossing"] != "").any():
        frames["crossings"] = _crossings(links[links["crossing"] != ""])
    if "dataset_name" in config:
        frames["network"] = pd.DataFrame([{"name": config["dataset_name"].iloc[0]}])
    return Content(frames, lines, {"places": node_origin, "links": link_origin})


def _unit(config: pd.DataFrame, path: Path) -> float:
    """Km per unit of the column `length`."""
    unit = str(config["long_length"].iloc[0]).strip().lower() if "long_length" in config else ""
    if unit not in KM:
        raise DataFileError(
            f"'{path / 'config.csv'}' does not say the unit of length: long_length is '{unit}', expected is one of "
            f"{', '.join(KM)}."
        )
    return KM[unit]


def _placed(nodes: pd.DataFrame, config: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Bring positions to longitude and latitude."""
    name = str(config["crs"].iloc[0]).strip() if "crs" in config else ""
    try:
        crs = pyproj.CRS.from_user_input(name or "EPSG:4326")
    except CRSError as error:
        raise DataFileError(f"'{path / 'config.csv'}': crs '{name}' is unknown: {error}") from error
    if crs == pyproj.CRS("EPSG:4326") or "lon" not in nodes or "lat" not in nodes:
        return nodes
    change = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    xy = [pd.to_numeric(nodes[c], errors="coerce").to_numpy() for c in ("lon", "lat")]
    lon, lat = change.transform(*xy)
    return nodes.assign(lon=lon, lat=lat)


def _lines(links: pd.DataFrame, origin: Origin) -> Lines:
    if "geometry" not in links:
        return {}
    shapes = shapely.from_wkt([text or None for text in links["geometry"]], on_invalid="ignore")
    bad = np.flatnonzero((links["geometry"] != "") & (shapely.get_type_id(shapes) != 1))
    if len(bad):
        raise SchemaError("links", [origin.say(int(r), "geometry", "no line in WKT") for r in bad], origin.file)
    methods = links["alignment"] if "alignment" in links else pd.Series("drawn", links.index)
    rows = zip(links["id"], shapes, methods, strict=True)
    return {ident: (line, method or "drawn") for ident, line, method in rows if line is not None}


def _both_ways(links: pd.DataFrame, origin: Origin) -> tuple[pd.DataFrame, Origin]:
    """Make one link of two directed ones there and back; a link that goes one way only is refused."""
    directed = links["directed"].str.lower().isin(["true", "1", "t", "yes"]) if "directed" in links else None
    if directed is None or not directed.any():
        return links, origin
    same = [c for c in ("mode", "class", "gauge_mm") if c in links]
    kept = [int(row) for row in np.flatnonzero(~directed)]
    waiting: dict[tuple[object, ...], list[int]] = {}
    for row in np.flatnonzero(directed):
        record = links.iloc[row]
        what = tuple(record[same])
        back = waiting.get((record["to_id"], record["from_id"], *what))
        if back:
            kept.append(back.pop(0))
        else:
            waiting.setdefault((record["from_id"], record["to_id"], *what), []).append(int(row))
    alone = sorted(row for rows in waiting.values() for row in rows)
    if alone:
        text = "goes one way only; links of the library go both ways: add the other direction"
        raise SchemaError("links", [origin.say(row, "directed", text) for row in alone], origin.file)
    kept.sort()
    return links.iloc[kept].reset_index(drop=True), Origin(origin.file, [origin.row(row) for row in kept])


def _crossings(links: pd.DataFrame) -> pd.DataFrame:
    """Make the crossings that links name; GMNS has no table for them."""
    rows = []
    for ident, part in links.groupby("crossing", sort=False):
        first = part.iloc[0]
        modes = schema.SEPARATOR.join(dict.fromkeys(part["mode"]))
        rows.append({"id": ident, "name": ident, "place_a": first["from_id"], "place_b": first["to_id"],
                     "modes": modes, "status": "open", "source": first.get("source", ""),
                     "confidence": first.get("confidence", "")})  # fmt: skip
    return pd.DataFrame(rows)
