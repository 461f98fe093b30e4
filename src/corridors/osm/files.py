"""Reading `.osm.pbf` and `.osm` files through pyosmium, piece by piece, keeping only what a network needs."""

from __future__ import annotations

import bz2
import gzip
import struct
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any
from xml.parsers import expat

import numpy as np
import pandas as pd

from corridors.base.errors import DataFileError, MissingPackageError
from corridors.base.progress import progress
from corridors.base.reading import readable
from corridors.osm.rules import RAILWAYS, Rules
from corridors.osm.tags import BORDER_POINTS, FREIGHT_AREAS, POINT_TAGS, WAY_TAGS, kept
from corridors.osm.ways import Ints, Ways

CHUNK_BYTES = 32_000_000
"""Compressed bytes of a `.osm.pbf` file that are decoded at a time."""

SCANNED_BYTES = 8_000_000
"""Bytes of an `.osm` file that are searched at a time for objects that an editor has deleted."""

KIND = "OpenStreetMap data"

_MOST_HEADER_BYTES = 64 * 1024


@dataclass
class _Collected:
    """What the passes over all files collect."""

    way_id: array[int] = field(default_factory=lambda: array("q"))
    way_tags: list[tuple[str, ...]] = field(default_factory=list)
    refs: array[int] = field(default_factory=lambda: array("q"))
    start: array[int] = field(default_factory=lambda: array("q", [0]))
    area_tags: list[tuple[str, ...]] = field(default_factory=list)
    areas: list[array[int]] = field(default_factory=list)
    node_id: array[int] = field(default_factory=lambda: array("q"))
    lonlat: array[float] = field(default_factory=lambda: array("d"))
    point_id: array[int] = field(default_factory=lambda: array("q"))
    point_lonlat: array[float] = field(default_factory=lambda: array("d"))
    point_tags: list[tuple[str, ...]] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    deleted: set[tuple[str, int]] = field(default_factory=set)


def pyosmium() -> ModuleType:
    """Import pyosmium, or say how to install it."""
    try:
        import osmium
    except ImportError as error:
        raise MissingPackageError("Reading OpenStreetMap files", "osmium", "osm") from error
    module: ModuleType = osmium
    return module


def read_files(paths: Sequence[str | Path], rules: Rules, *, chunk_bytes: int = CHUNK_BYTES) -> tuple[Ways, str, int]:
    """Read ways and points of files that belong together, such as the extracts of neighbouring countries.

    A file is passed over three times: for the ways that are wanted, for the nodes that these refer to, and for
    points. What is held in memory grows with what is kept and not with the file.

    Parameters
    ----------
    paths
        `.osm.pbf` or `.osm` files.
    rules
        What is taken.
    chunk_bytes
        Compressed bytes of a `.osm.pbf` file that are decoded at a time.

    Returns
    -------
    Ways, str, int
        And the month of the newest data where the files say it (`YYYY-MM`), and how many ways and points were left out
        because an editor such as JOSM had marked them as deleted.

    Raises
    ------
    DataFileError
        If a file is missing, empty, cut short or no OpenStreetMap data.
    """
    osm = pyosmium()
    files = [_open(Path(path), chunk_bytes) for path in paths]
    month = max((file.month(osm) for file in files), default="")
    collected = _Collected()
    deleted = [_deleted(file.path) for file in files]
    for file, gone in zip(files, deleted, strict=True):
        with readable(file.path, KIND, osm.InvalidLocationError):
            _take_ways(osm, file, rules, collected, gone)
    needed = np.unique(np.concatenate([np.asarray(collected.refs), *map(np.asarray, collected.areas)]).astype(np.int64))
    for file, gone in zip(files, deleted, strict=True):
        with readable(file.path, KIND, osm.InvalidLocationError):
            for node in _nodes(osm, file, needed):
                collected.node_id.append(node.id)
                collected.lonlat.extend(_lonlat(node))
            _take_points(osm, file, rules, collected, gone)
    return _ways(collected, needed), month, len(collected.deleted)


Gone = set[tuple[str, int]]
"""Kind and number of objects that an editor has deleted."""


def _take_ways(osm: ModuleType, file: _File, rules: Rules, collected: _Collected, gone: Gone) -> None:
    for way in _objects(osm, file, "ways", osm.osm.WAY, osm.filter.TagFilter(*_wanted_ways(rules))):
        if ("way", way.id) in gone or not way.visible:
            collected.deleted.add(("way", way.id))
        else:
            _take_way(collected, way)


def _take_points(osm: ModuleType, file: _File, rules: Rules, collected: _Collected, gone: Gone) -> None:
    for node in _objects(osm, file, "points", osm.osm.NODE, osm.filter.TagFilter(*_wanted_points(rules))):
        if ("node", node.id) in gone or not node.visible:
            collected.deleted.add(("node", node.id))
            continue
        collected.point_id.append(node.id)
        collected.point_lonlat.extend(_lonlat(node))
        collected.point_tags.append(kept(dict(node.tags), POINT_TAGS))


def _nodes(osm: ModuleType, file: _File, needed: Ints) -> Iterator[Any]:
    """Yield the nodes of a file that ways refer to."""
    if len(needed) and needed[0] < 0:
        # objects that are new in an editor have negative numbers, which the filter of pyosmium does not take
        wanted = set(needed.tolist())
        yield from (node for node in _objects(osm, file, "nodes", osm.osm.NODE, None) if node.id in wanted)
    elif len(needed):
        yield from _objects(osm, file, "nodes", osm.osm.NODE, osm.filter.IdFilter(array("q", needed.tobytes())))


_UNPACKED: Mapping[str, Callable[..., Any]] = MappingProxyType({".osm": Path.open, ".gz": gzip.open, ".bz2": bz2.open})
"""How XML of OpenStreetMap is opened, by the ending of the file."""


def _deleted(path: Path) -> set[tuple[str, int]]:
    """Kind and number of the objects that a file of JOSM marks with `action='delete'`, which pyosmium does not read."""
    opener = _UNPACKED.get(path.suffix)
    found: set[tuple[str, int]] = set()
    if opener is None:
        return found

    def start(kind: str, facts: dict[str, str]) -> None:
        if facts.get("action") == "delete":
            found.add((kind, int(facts.get("id", "0"))))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with readable(path, KIND, expat.ExpatError), opener(path, "rb") as file:
        if any(b"delete" in piece for piece in iter(lambda: file.read(SCANNED_BYTES), b"")):
            file.seek(0)
            parser.ParseFile(file)
    return found


def _wanted_ways(rules: Rules) -> list[tuple[str, str]]:
    roads = [*rules.roads, *(f"{road}_link" for road in rules.roads)]
    stages = ["construction", "proposed"] if rules.roads else []
    return [
        *product(["highway"], [*roads, *stages]),
        *product(["railway"], RAILWAYS if rules.railways else ["ferry"]),
        *product(["railway"], rules.stations),
        *product(["industrial"], FREIGHT_AREAS),
        ("route", "ferry"),
    ]


def _wanted_points(rules: Rules) -> list[tuple[str, str]]:
    return [
        *product(["railway"], [*rules.stations, "yard", "gauge_conversion", "buffer_stop"]),
        *product(["place"], rules.towns),
        *product(["industrial"], FREIGHT_AREAS),
        *BORDER_POINTS,
    ]


def _take_way(collected: _Collected, way: Any) -> None:
    if way.id in collected.seen:
        return
    collected.seen.add(way.id)
    tags = dict(way.tags)
    refs = array("q", [node.ref for node in way.nodes])
    is_line = tags.get("railway") in RAILWAYS or "highway" in tags or tags.get("route") == "ferry"
    if not is_line:
        collected.areas.append(refs)
        collected.area_tags.append(kept(tags, POINT_TAGS))
        return
    collected.way_id.append(way.id)
    collected.way_tags.append(kept(tags, WAY_TAGS))
    collected.refs.extend(refs)
    collected.start.append(len(collected.refs))


def _lonlat(node: Any) -> tuple[float, float]:
    where = node.location
    return (where.lon, where.lat) if where.valid() else (float("nan"), float("nan"))


def _ways(collected: _Collected, needed: Ints) -> Ways:
    """Make ways of what was collected: vertices get numbers, tags become tables."""
    lonlat = np.full((len(needed), 2), np.nan)
    if len(collected.node_id):
        lonlat[np.searchsorted(needed, np.asarray(collected.node_id))] = np.asarray(collected.lonlat).reshape(-1, 2)
    tags = pd.DataFrame(collected.way_tags, columns=list(WAY_TAGS), dtype=object)
    tags.insert(0, "id", np.asarray(collected.way_id, dtype=np.int64))
    start = np.asarray(collected.start, dtype=np.int64)
    refs = np.searchsorted(needed, np.asarray(collected.refs, dtype=np.int64))
    return Ways(lonlat, needed, refs, start, tags, _points(collected, needed, lonlat), np.full(len(tags), np.nan))


def _points(collected: _Collected, needed: Ints, lonlat: np.ndarray) -> pd.DataFrame:
    """Table of tagged nodes, and of areas by the middle of their outline."""
    nodes = pd.DataFrame(collected.point_tags, columns=list(POINT_TAGS), dtype=object)
    where = np.asarray(collected.point_lonlat, dtype=float).reshape(-1, 2)
    ident = np.asarray(collected.point_id, dtype=np.int64)
    place = np.searchsorted(needed, ident) if len(needed) else np.zeros(len(ident), dtype=np.int64)
    on_way = np.zeros(len(ident), dtype=bool)
    if len(needed):
        on_way = needed[np.minimum(place, len(needed) - 1)] == ident
    nodes = nodes.assign(lon=where[:, 0], lat=where[:, 1], vertex=np.where(on_way, place, -1))
    nodes = nodes[~pd.Series(ident).duplicated().to_numpy()]
    areas = pd.DataFrame(collected.area_tags, columns=list(POINT_TAGS), dtype=object)
    outlines = [lonlat[np.searchsorted(needed, np.asarray(refs))] for refs in collected.areas]
    outlines = [line[np.isfinite(line[:, 0])] for line in outlines]
    middle = np.array([(line.min(0) + line.max(0)) / 2 if len(line) else (np.nan, np.nan) for line in outlines])
    middle = middle.reshape(-1, 2)
    areas = areas.assign(lon=middle[:, 0], lat=middle[:, 1], vertex=-1)
    points = pd.concat([nodes, areas], ignore_index=True)
    return points[points["lon"].notna()].reset_index(drop=True)


def _objects(osm: ModuleType, file: _File, what: str, kind: Any, chosen: Any) -> Iterator[Any]:
    """Yield the objects of a file that pass a filter."""
    for piece in progress(file.pieces, f"{file.path.name}: {what}"):
        objects = osm.FileProcessor(file.source(osm, piece), kind)
        yield from objects if chosen is None else objects.with_filter(chosen)


@dataclass(frozen=True)
class _File:
    """A file, and the pieces in which it is decoded; a file that is not PBF is one piece without size."""

    path: Path
    header: bytes
    pieces: list[tuple[int, int]]

    def source(self, osm: ModuleType, piece: tuple[int, int]) -> Any:
        """Piece of the file as pyosmium takes it: PBF as its header and some blobs."""
        begin, size = piece
        if size == 0:
            return str(self.path)
        with self.path.open("rb") as file:
            file.seek(begin)
            return osm.io.FileBuffer(self.header + file.read(size), "pbf")

    def month(self, osm: ModuleType) -> str:
        """Month of the data (`YYYY-MM`), blank where the header does not say it."""
        with readable(self.path, KIND):
            header = osm.FileProcessor(self.source(osm, self.pieces[0]), osm.osm.NOTHING).header
        return str(header.get("osmosis_replication_timestamp") or header.get("timestamp"))[:7]


def _open(path: Path, chunk_bytes: int) -> _File:
    """Look over a file before work starts: it exists, is not empty, and no blob of it is cut short."""
    if not path.is_file():
        raise DataFileError(f"no file '{path}': an .osm.pbf or .osm file is expected.")
    size = path.stat().st_size
    if size == 0:
        raise DataFileError(f"'{path}' is empty.")
    if path.suffix != ".pbf":
        return _File(path, b"", [(0, 0)])
    blobs = list(_blobs(path, size))
    with path.open("rb") as file:
        header = file.read(blobs[0][1])
    pieces: list[tuple[int, int]] = []
    for begin, length in blobs[1:]:
        if pieces and pieces[-1][1] + length <= chunk_bytes:
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + length)
        else:
            pieces.append((begin, length))
    if not pieces:
        raise DataFileError(f"'{path}' is empty: it has a header and no data.")
    return _File(path, header, pieces)


def _blobs(path: Path, size: int) -> Iterator[tuple[int, int]]:
    """Yield begin and length of every blob of a PBF file.

    Each is framed by the length of its header (4 bytes, big-endian) and a header that says the length of the data;
    see https://wiki.openstreetmap.org/wiki/PBF_Format.
    """
    begin = 0
    with path.open("rb") as file:
        while begin < size:
            file.seek(begin)
            frame = file.read(4)
            head = struct.unpack(">I", frame)[0] if len(frame) == 4 else 0
            if not 0 < head <= _MOST_HEADER_BYTES and begin == 0:
                raise DataFileError(f"'{path}' is not a PBF file.")
            length = 4 + head + _data_size(file.read(head))
            if len(frame) < 4 or begin + length > size or length == 4 + head:
                raise DataFileError(f"'{path}' is cut short or damaged at byte {begin:,} of {size:,}: fetch it again.")
            yield begin, length
            begin += length


def _data_size(header: bytes) -> int:
    """Read field 3 (datasize) of a BlobHeader, 0 where it is missing or the header is cut short."""
    at = 0
    while at < len(header):
        key, at = _varint(header, at)
        value, at = _varint(header, at)
        if key == 0x18:
            return value
        if key & 7 == 2:
            at += value
        elif key & 7 != 0:
            return 0
    return 0


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data):
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            break
    return value, at
