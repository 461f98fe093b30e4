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
    links["directed"], links["dir_flag"] = "false", ["0" if line is None else "1" for line in shapes]
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
    Two directed links between the same nodes, there and back, are one link; where their lengths differ, it has the
    mean, and both as its low and high length.
    """
    node, link, settings = (current(path, name) for name in FILES)
    if not link.is_file():
        raise DataFileError(f"'{path}' has no link.csv: a GMNS network needs node.csv and link.csv.")
    nodes, node_origin = _fields(node, NODE, "places", ["id"])
    links, link_origin = _fields(link, LINK, "links", ["id", "from_id", "to_id"])
    config = read_csv(settings)[0].head(1) if settings.is_file() else pd.DataFrame()
    if config.columns.has_duplicates:
        raise DataFileError(f"'{settings}': the field '{config.columns[config.columns.duplicated()][0]}' stands twice.")
    change = _change(config, path)
    nodes = _placed(nodes, change)
    if "length_km" in links:
        factor = _unit(config, path)
        km = pd.to_numeric(links["length_km"], errors="coerce") * factor
        links["length_km"] = km.where(km.notna(), links["length_km"]) if factor != 1 else links["length_km"]
    lines = _lines(links, link_origin, change)
    links, link_origin = _both_ways(links, link_origin)
    frames = {"places": nodes.drop(columns=[c for c in _UNUSED if c in nodes]),
              "links": links.drop(columns=[c for c in _UNUSED if c in links])}  # fmt: skip
    if "crossing" in links and (links["crossing"] != "").any():
        frames["crossings"] = _crossings(links[links["crossing"] != ""])
    if "dataset_name" in config and len(config):
        frames["network"] = pd.DataFrame([{"name": config["dataset_name"].iloc[0] or path.name}])
    return Content(frames, lines, {"places": node_origin, "links": link_origin})


def _fields(file: Path, names: dict[str, str], table: str, needed: list[str]) -> tuple[pd.DataFrame, Origin]:
    """Read a file with our names for its fields; `NaN` is blank in GMNS."""
    frame, origin = read_csv(file)
    frame = frame.rename(columns={v: k for k, v in names.items()}).replace("NaN", "")
    missing = [names[column] for column in needed if column not in frame]
    twice = [names.get(column, column) for column in frame.columns[frame.columns.duplicated()]]
    if missing or twice:
        problems = [f"the field '{name}' of GMNS is missing" for name in missing]
        raise SchemaError(table, [*problems, *(f"the field '{name}' stands twice" for name in twice)], origin.file)
    return frame, origin


def _unit(config: pd.DataFrame, path: Path) -> float:
    """Km per unit of the column `length`."""
    unit = str(config["long_length"].iloc[0]).strip().lower() if "long_length" in config and len(config) else ""
    if unit not in KM:
        raise DataFileError(
            f"'{path / 'config.csv'}' does not say the unit of length: long_length is '{unit}', expected is one of "
            f"{', '.join(KM)}."
        )
    return KM[unit]


def _change(config: pd.DataFrame, path: Path) -> pyproj.Transformer | None:
    """What brings positions to longitude and latitude; None where they are."""
    name = str(config["crs"].iloc[0]).strip() if "crs" in config and len(config) else ""
    try:
        crs = pyproj.CRS.from_user_input(name or "EPSG:4326")
    except CRSError as error:
        raise DataFileError(f"'{path / 'config.csv'}': crs '{name}' is unknown: {error}") from error
    same = crs == pyproj.CRS("EPSG:4326")
    return None if same else pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)


def _placed(nodes: pd.DataFrame, change: pyproj.Transformer | None) -> pd.DataFrame:
    """Bring positions to longitude and latitude."""
    if change is None or "lon" not in nodes or "lat" not in nodes:
        return nodes
    xy = [pd.to_numeric(nodes[c], errors="coerce").to_numpy() for c in ("lon", "lat")]
    made = dict(zip(("lon", "lat"), change.transform(*xy), strict=True))
    # what was no number is named as it stands
    return nodes.assign(**{c: np.where(np.isnan(old), nodes[c], made[c]) for c, old in zip(made, xy, strict=True)})


def _lines(links: pd.DataFrame, origin: Origin, change: pyproj.Transformer | None) -> Lines:
    """Lines of links from their first node to their second; `dir_flag` -1 says that the points run the other way."""
    if "geometry" not in links:
        return {}
    shapes = shapely.from_wkt([text or None for text in links["geometry"]], on_invalid="ignore")
    bad = np.flatnonzero((links["geometry"] != "") & (shapely.get_type_id(shapes) != 1))
    if len(bad):
        raise SchemaError("links", [origin.say(int(r), "geometry", "no line in WKT") for r in bad], origin.file)
    if change is not None:
        shapes = shapely.transform(shapes, lambda xy: np.column_stack(change.transform(*xy.T)))
    flags = links["dir_flag"].str.strip() if "dir_flag" in links else pd.Series("", links.index)
    back = flags.isin(("-1", "-1.0"))
    shapes = np.where(back, shapely.reverse(shapes), shapes)
    methods = links["alignment"] if "alignment" in links else pd.Series("drawn", links.index)
    rows = zip(links["id"], shapes, methods, strict=True)
    return {ident: (line, method or "drawn") for ident, line, method in rows if line is not None and not line.is_empty}


_YES, _NO = ("true", "1", "1.0", "t", "yes", "y"), ("false", "0", "0.0", "f", "no", "n", "")


def _both_ways(links: pd.DataFrame, origin: Origin) -> tuple[pd.DataFrame, Origin]:
    """Make one link of two directed ones there and back; a link that goes one way only is refused."""
    if "directed" not in links:
        return links, origin
    words = links["directed"].str.strip().str.lower()
    unclear = np.flatnonzero(~words.isin([*_YES, *_NO]))
    if len(unclear):
        wrong = [origin.say(int(r), "directed", f"'{words.iloc[r]}' is neither true nor false") for r in unclear]
        raise SchemaError("links", wrong, origin.file)
    directed = words.isin(_YES)
    pairs, alone = _paired(links, np.flatnonzero(directed).tolist())
    if alone:
        text = "goes one way only; links of the library go both ways: add the other direction"
        raise SchemaError("links", [origin.say(row, "directed", text) for row in alone], origin.file)
    contrary = [text for pair in pairs for text in _contrary(links, *pair, origin)]
    if contrary:
        raise SchemaError("links", contrary, origin.file)
    kept = sorted([*np.flatnonzero(~directed).tolist(), *(first for first, _ in pairs)])
    merged = _with_mean_km(links, pairs).iloc[kept].reset_index(drop=True)
    return merged, Origin(origin.file, [origin.row(row) for row in kept])


def _paired(links: pd.DataFrame, rows: list[int]) -> tuple[list[tuple[int, int]], list[int]]:
    """Rows of directed links, each with that of its other direction, and those without one."""
    same = [c for c in ("mode", "class", "gauge_mm") if c in links]
    keys = list(zip(*(links[c] for c in ("from_id", "to_id", *same)), strict=True))
    pairs: list[tuple[int, int]] = []
    waiting: dict[tuple[object, ...], list[int]] = {}
    for row in rows:
        first, second, *what = keys[row]
        back = waiting.get((second, first, *what))
        if back:
            pairs.append((back.pop(0), row))
        else:
            waiting.setdefault((first, second, *what), []).append(row)
    return pairs, sorted(row for left in waiting.values() for row in left)


_SAME = ("status", "crossing", "project", "opened", "closed", "traction", "replaces")
"""Columns in which the two directions of a link cannot differ."""


def _contrary(links: pd.DataFrame, first: int, second: int, origin: Origin) -> list[str]:
    """What the other direction of a link says that contradicts the first."""
    return [
        origin.say(second, column, f"'{links[column].iloc[second]}' is not that of the other direction in row "
                                   f"{origin.row(first)}: '{links[column].iloc[first]}'")
        for column in _SAME if column in links and links[column].iloc[first] != links[column].iloc[second]
    ]  # fmt: skip


def _with_mean_km(links: pd.DataFrame, pairs: list[tuple[int, int]]) -> pd.DataFrame:
    """Links whose directions differ in length with the mean of both, and both as low and high."""
    if "length_km" not in links or not pairs:
        return links
    km = pd.to_numeric(links["length_km"], errors="coerce").to_numpy(dtype=float)
    first, second = np.array(pairs).T
    differ = np.isfinite(km[first]) & np.isfinite(km[second]) & (km[first] != km[second])
    if not differ.any():
        return links
    rows, ends = first[differ], np.sort([km[first[differ]], km[second[differ]]], axis=0)
    columns = {"length_low_km": ends[0], "length_km": ends.mean(axis=0), "length_high_km": ends[1]}
    changed = links.copy()
    for column, numbers in columns.items():
        cells = np.full(len(links), "", dtype=object)
        if column in changed:
            cells[:] = changed[column]
        cells[rows] = numbers
        changed[column] = cells
    return changed


def _crossings(links: pd.DataFrame) -> pd.DataFrame:
    """Make the crossings that links name; GMNS has no table for them."""
    rows = []
    for ident, part in links.groupby("crossing", sort=False):
        first = part.iloc[0]
        modes = schema.SEPARATOR.join(dict.fromkeys(part.get("mode", ())))
        rows.append({"id": ident, "name": ident, "place_a": first["from_id"], "place_b": first["to_id"],
                     "modes": modes, "status": "open", "source": first.get("source", ""),
                     "confidence": first.get("confidence", "")})  # fmt: skip
    return pd.DataFrame(rows)
