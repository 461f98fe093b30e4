"""What is fuzzed: every reader, with the good file that is damaged and the damage that fits its format."""

from __future__ import annotations

import datetime
import decimal
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry import LineString, Point

import corridors as co
from corridors.formats import FORMATS
from fuzz import mutations
from support.networks import COMMODITIES, PARAMETERS, crossing, link, make, place
from support.osm_files import RAIL, TRUNK, station, town, write

Damage = Callable[[bytes, Random], bytes]


@dataclass(frozen=True)
class Reader:
    """A reader: the folder with its good files, the files that are damaged and how, and what reads them.

    `share` is its part of all inputs; those that take longer have a smaller one.
    """

    name: str
    good: Path
    files: Mapping[str, Damage]
    read: Callable[[Path], object]
    share: float

    def damage(self, folder: Path, rng: Random) -> None:
        """Write the good files into a folder, one of them damaged."""
        chosen = rng.choice(list(self.files))
        for file in self.good.iterdir():
            if file.name == chosen:
                (folder / chosen).write_bytes(self.files[chosen](file.read_bytes(), rng))
            else:
                shutil.copyfile(file, folder / file.name)


def small() -> co.Network:
    """Network of three places, a line, a border and a few other tables."""
    places = [place(i, c, lat, 60) for i, c, lat in (("a", "KZ", 50), ("b", "KZ", 51), ("c", "UZ", 51.01))]
    links = [link("a", "b", "rail", 130), link("b", "c", "rail", 2, crossing="x", border_km=1)]
    frames = {"crossings": [crossing("x", "b", "c")], "parameters": PARAMETERS[:14], "commodities": COMMODITIES[:2],
              "sets": [{"id": "all", "name": "All", "places": "a;b;c"}]}  # fmt: skip
    made = make(places, links, **frames)
    line = LineString([(60, 50), (60.1, 50.5), (60, 51)])
    tables = co.Network.from_tables(**made.tables.frames).tables
    object.__setattr__(tables, "read_alignments", lambda: {"a--b:rail-1520": (line, "drawn")})
    return co.Network(tables, name="small").close("x")


SCENARIO = """\
title = "T"
story = "A line."
date = "2026-11"
sources = ["s"]

[[steps]]
build = ["uap-kabul"]

[[steps]]
close = ["torkham"]
scale = {"line_haul/*" = 1.1}

[variants.long]
title = "L"
steps = [{lengths = {"uap-kabul" = 700}}]
"""

OWN_PARAMETERS = '"gauge_change/hours" = 12\n"yard/rail/hours" = {value = 5, low = 4, high = 6.5}\n'


def readers(folder: Path) -> list[Reader]:
    """All readers; their good files are written into a folder."""
    net, found = small(), []
    damages: dict[str, Damage] = {
        "csv": mutations.of_csv, "gmns": mutations.of_csv, "geojson": mutations.of_json, "graphml": mutations.of_xml,
        "xlsx": partial(mutations.of_zip, member=mutations.of_xml), "gpkg": _of_geopackage, "parquet": _of_parquet,
    }  # fmt: skip
    shares = {"csv": 0.03, "gmns": 0.02, "geojson": 0.025, "graphml": 0.03, "xlsx": 0.003, "gpkg": 0.003,
              "parquet": 0.003, "scenario": 0.543, "parameters": 0.3, "osm": 0.003, "pbf": 0.04}  # fmt: skip
    for name, kind in FORMATS.items():
        good = folder / name
        target = good / f"net{kind.ending}" if kind.ending else good
        good.mkdir()
        net.write(target, format=name)
        files = {file.name: damages[name] for file in good.iterdir()}
        read = partial(_read_network, name=target.name if kind.ending else "", format=name)
        found.append(Reader(name, good, files, read, shares[name]))
    texts = {"scenario": SCENARIO, "parameters": OWN_PARAMETERS}
    for name, read in (("scenario", co.Scenario.read), ("parameters", net.with_parameters)):
        (folder / name).mkdir()
        (folder / name / "a.toml").write_text(texts[name])
        files = {"a.toml": mutations.of_text}
        found.append(Reader(name, folder / name, files, partial(_read_file, read, "a.toml"), shares[name]))
    nodes = {1: (67.0, 38.0, station("West")), 2: (67.2, 38.0), 3: (67.4, 38.0, station("East")),
             4: (67.4, 38.001, town("T"))}  # fmt: skip
    ways = {10: ([1, 2, 3], RAIL), 11: ([1, 4], TRUNK)}
    for name, ending, damage in (("osm", ".osm", mutations.of_xml), ("pbf", ".osm.pbf", mutations.of_pbf)):
        (folder / name).mkdir()
        write(folder / name / f"a{ending}", nodes, ways)
        read = partial(_read_file, partial(co.osm.read, country="UZ"), f"a{ending}")
        found.append(Reader(name, folder / name, {f"a{ending}": damage}, read, shares[name]))
    return found


def _read_network(folder: Path, *, name: str, format: str) -> co.Network:  # noqa: A002
    return co.read(folder / name, format=format)


def _read_file(read: Callable[[Path], object], name: str, folder: Path) -> object:
    return read(folder / name)


# damage that has to be made with the libraries of a format


_ODD: tuple[Any, ...] = (
    None, 0, -1, 2**40, 1.5, float("nan"), float("inf"), True, "", "x", b"\xff", pd.Timestamp("2011-12-01"), [1, 2],
    {"a": 1}, decimal.Decimal("1.5"), datetime.timedelta(1), datetime.date(2011, 12, 1), Point(1, 2), LineString(),
)  # fmt: skip


def _of_parquet(data: bytes, rng: Random) -> bytes:
    """Damage to columns of Parquet: other types, other values; or to its bytes."""
    import io

    import pyarrow as pa

    if rng.random() < 0.4:
        return mutations.of_bytes(data, rng)
    frame = pd.read_parquet(io.BytesIO(data))
    column = rng.choice(list(frame.columns))
    value = rng.choice(_ODD)
    kind = rng.randrange(4)
    if kind == 0:
        frame[column] = [value] * len(frame)
    elif kind == 1 and len(frame):
        cells = frame[column].astype(object).tolist()
        cells[rng.randrange(len(cells))] = value
        frame[column] = cells
    elif kind == 2:
        frame = frame.drop(columns=column)
    else:
        frame = frame.rename(columns={column: rng.choice(("geometry", "fid_1", "layer", "x", "id"))})
    out = io.BytesIO()
    try:
        if "geometry" in frame and rng.random() < 0.5:
            gpd.GeoDataFrame(frame, geometry=[rng.choice((None, Point(1, 2), LineString())) for _ in frame.index],
                             crs=rng.choice((None, 4326, 3857))).to_parquet(out)  # fmt: skip
        else:
            frame.to_parquet(out)
    except (pa.ArrowException, ValueError, TypeError, AttributeError, NotImplementedError, OverflowError):
        return mutations.of_bytes(data, rng)
    return out.getvalue()


def _of_geopackage(data: bytes, rng: Random) -> bytes:
    """Damage to cells, columns, tables and geometry of a GeoPackage; or to its bytes."""
    import tempfile

    if rng.random() < 0.4:
        return mutations.of_bytes(data, rng)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gpkg"
        path.write_bytes(data)
        with closing(sqlite3.connect(path)) as base:
            _damage_tables(base, rng)
            base.commit()
        return path.read_bytes()


def _damage_tables(base: sqlite3.Connection, rng: Random) -> None:
    tables = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for (trigger,) in list(base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")):
        base.execute(f'DROP TRIGGER "{trigger}"')
    table = rng.choice([t for t in tables if not t.startswith(("rtree", "sqlite"))])
    columns = [row[1] for row in base.execute(f'PRAGMA table_info("{table}")')]
    column = rng.choice(columns)
    blobs = (b"\xff\x00", shapely.to_wkb(Point(1, 2)), b"GP\x00\x01" + bytes(40))
    odd = (*mutations.CELLS, None, 1.5, -1, 2**62, *blobs)
    name = rng.choice(("fid_1", "layer", "x", "id2"))
    try:
        kind = rng.randrange(5)
        if kind <= 2:
            base.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE random() % 2 = 0', (rng.choice(odd),))  # noqa: S608
        elif kind == 3:
            base.execute(f'ALTER TABLE "{table}" RENAME COLUMN "{column}" TO "{name}"')
        else:
            base.execute(f'DROP TABLE "{table}"')
    except sqlite3.Error:
        base.rollback()
