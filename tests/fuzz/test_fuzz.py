"""Damaged files of every format: read, or refused by name, in bounded memory, without hanging; and the known bombs."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import corridors as co
from fuzz.readers import Reader, readers, small
from fuzz.run import MEGABYTES, Outcomes, guarded, megabytes, run

INPUTS = 2500
"""Inputs of all readers together, the same each time; `make fuzz` runs a million."""

QUICK = ("csv", "gpkg", "scenario", "parameters")
"""Readers that are tried each time; the others are left to `make slow`."""

NAMES = ("csv", "gpkg", "parquet", "xlsx", "graphml", "geojson", "gmns", "scenario", "parameters", "osm", "pbf")


@pytest.fixture(scope="module")
def by_name(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reader]:
    return {reader.name: reader for reader in readers(tmp_path_factory.mktemp("good"))}


def test_every_reader_is_here(by_name: dict[str, Reader]) -> None:
    assert tuple(by_name) == NAMES
    assert sum(reader.share for reader in by_name.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in QUICK else [pytest.mark.slow]) for name in NAMES]
)
def test_damaged_files_are_read_or_refused_by_name(by_name: dict[str, Reader], name: str) -> None:
    count = max(round(INPUTS * by_name[name].share), 15)
    found = run(by_name[name], range(count))
    assert found.wrong == []
    assert found.counts.total() == count
    assert min(found.counts["equal"], found.counts["refused"]) > 0, "damage of both kinds: harmless and harmful"


def test_an_error_of_another_kind_would_be_seen(by_name: dict[str, Reader], monkeypatch: pytest.MonkeyPatch) -> None:
    good = by_name["scenario"]
    seen: list[int] = []

    def read(folder: Path) -> object:
        seen.append(1)
        if len(seen) > 1:
            raise KeyError("features")
        return good.read(folder)

    found: Outcomes = run(Reader("scenario", good.good, good.files, read, 1.0), range(3))
    assert (found.counts["other"], len(found.wrong)) == (3, 3)


# bombs: small files that would take all memory, or all day


@pytest.fixture
def bounded() -> Iterator[None]:
    memory = megabytes()
    with guarded():
        yield
    assert megabytes() - memory < 3 * MEGABYTES


pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def refused(path: Path, match: str, read: Any = co.read) -> None:
    with pytest.raises(co.CorridorsError, match=match):
        read(path)


@pytest.mark.usefixtures("bounded")
def test_archives_that_unpack_to_gigabytes(tmp_path: Path) -> None:
    path = small().write(tmp_path / "net.xlsx")
    with zipfile.ZipFile(path) as good:
        parts = {name: good.read(name) for name in good.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        for name, data in parts.items():
            bomb.writestr(name, data + b" " * 300_000_000 if name.endswith("sheet1.xml") else data)
    refused(path, r"would unpack to 300 MB")


@pytest.mark.usefixtures("bounded")
def test_a_sheet_that_says_it_is_all_cells(tmp_path: Path) -> None:
    path = small().write(tmp_path / "net.xlsx")
    out = io.BytesIO()
    with zipfile.ZipFile(path) as good, zipfile.ZipFile(out, "w") as made:
        for name in good.namelist():
            text = good.read(name)
            if name.endswith("sheet1.xml"):
                text = text.replace(
                    b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                )
            made.writestr(name, text)
    path.write_bytes(out.getvalue())
    assert len(co.read(path).places) == 3


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize("name", ["a.graphml", "a.osm"])
def test_entities_and_nesting_in_xml(tmp_path: Path, name: str) -> None:
    read = co.read if name.endswith("graphml") else co.osm.read
    root = "graphml" if name.endswith("graphml") else "osm"
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden")
    heads = {
        "billion laughs": (f'<!DOCTYPE x [<!ENTITY e0 "lol">{levels}]>', "&e11;"),
        "external": (f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>', "&e;"),
        "deep": ("", "<a>" * 200_000 + "</a>" * 200_000),
    }
    for head, body in heads.values():
        (tmp_path / name).write_text(f'<?xml version="1.0"?>{head}<{root} version="0.6">{body}</{root}>')
        with pytest.raises(co.CorridorsError) as caught:
            read(tmp_path / name)
        assert "hidden" not in str(caught.value)


@pytest.mark.usefixtures("bounded")
def test_nesting_in_json_and_toml(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text("[" * 200_000 + "]" * 200_000)
    refused(tmp_path / "a.geojson", "cannot be read as a GeoJSON")
    (tmp_path / "a.toml").write_text(f"steps = {'[' * 50_000}{']' * 50_000}")
    refused(tmp_path / "a.toml", "cannot be read as TOML", co.Scenario.read)
    refused(tmp_path / "a.toml", "cannot be read as TOML", co.load().with_parameters)


@pytest.mark.slow
@pytest.mark.usefixtures("bounded")
def test_ten_thousand_columns_and_as_many_rows(tmp_path: Path) -> None:
    net = small()
    more = pd.DataFrame("", index=range(3), columns=[f"x{n}" for n in range(10_000)])
    wide = pd.concat([net.tables["places"], more], axis=1)
    for name in ("csv", "parquet"):
        net.write(tmp_path / name, format=name)
        write = wide.to_csv if name == "csv" else wide.to_parquet
        write(tmp_path / name / f"places.{name}", index=False)
        refused(tmp_path / name, r"unknown column 'x0'(.|\n)*\+9980 more")
    (tmp_path / "csv" / "places.csv").write_text(",".join(wide) + "\n" + ("," * 9999 + "\n") * 2000)
    refused(tmp_path / "csv", "unknown column")
    features = [{"type": "Feature", "properties": {f"x{n}": n}, "geometry": {"type": "Point", "coordinates": [0, 0]}}
                for n in range(3000)]  # fmt: skip
    (tmp_path / "a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    refused(tmp_path / "a.geojson", "3,000 different properties")


def test_cells_of_any_length_come_back(tmp_path: Path) -> None:
    places = small().tables["places"].assign(note="K" * 200_000)
    net = co.Network.from_tables(**{**small().tables.frames, "places": places})
    for name in ("csv", "gpkg", "parquet", "graphml", "geojson", "gmns"):
        path = tmp_path / name if name in ("csv", "parquet", "gmns") else tmp_path / f"net.{name}"
        assert co.read(net.write(path, format=name), format=name).tables["places"]["note"].equals(places["note"]), name
    with pytest.raises(co.InputError, match=r"places.note=.* is not possible: .*32,767"):
        net.write(tmp_path / "net.xlsx")


def test_spellings_that_excel_has_a_meaning_for_come_back(tmp_path: Path) -> None:
    notes = ["_x0041_", "=1+1", "'quoted", " 1e5", "TRUE", "#N/A", "a\nb"]
    places = pd.concat([small().tables["places"]] * 3, ignore_index=True).head(len(notes)).assign(note=notes)
    places["id"] = [f"p{n}" for n in range(len(notes))]
    links = small().tables["links"].assign(from_id="p0", to_id="p1", crossing="", border_km=float("nan")).head(1)
    net = co.Network.from_tables(places, links)
    again = co.read(net.write(tmp_path / "net.xlsx"))
    assert again.tables["places"]["note"].tolist() == net.tables["places"]["note"].tolist()
