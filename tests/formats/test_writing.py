"""Writing: what is not a network stays, and whatever happens meanwhile the old file or the new one is whole."""

from __future__ import annotations

import errno
import gc
import multiprocessing
import os
import resource
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from click.testing import CliRunner
from openpyxl import Workbook

import corridors as co
from corridors.base import writing
from corridors.cli.main import main
from corridors.formats import FORMATS
from corridors.formats.excel import save
from support.networks import COMMODITIES, PARAMETERS, POSITIONS, link, make, place

NAMES = list(FORMATS)


def path_of(name: str, folder: Path) -> Path:
    return folder / f"net{FORMATS[name].ending}"


def ids(path: Path, name: str) -> list[str]:
    return list(co.read(path, format=name).tables["places"]["id"])


@pytest.fixture(scope="module")
def other() -> co.Network:
    """Another small network, with other tables than the line."""
    tables = {"parameters": PARAMETERS[:18], "commodities": COMMODITIES[:1]}
    tables["sets"] = [{"id": "s", "name": "S", "places": "d;e"}]
    return make([place(i, *at) for i, at in POSITIONS.items()][3:], [link("d", "e", "road", 160)], **tables)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


# what is not ours


def test_other_layers_of_a_geopackage_stay(line: co.Network, other: co.Network, tmp_path: Path) -> None:
    path = tmp_path / "project.gpkg"
    survey = gpd.GeoDataFrame({"a": [1, 2]}, geometry=gpd.points_from_xy([67, 68], [38, 39]), crs=4326)
    survey.to_file(path, layer="my_survey")
    for net in (other, line):
        net.write(path)
        assert ids(path, "gpkg") == list(net.tables["places"]["id"])
        assert gpd.read_file(path, layer="my_survey")["a"].tolist() == [1, 2]
    with closing(sqlite3.connect(path)) as base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert base.execute("SELECT count(*) FROM layer_styles").fetchone() == (4,)
        listed = {name for (name,) in base.execute("SELECT table_name FROM gpkg_contents")}
    assert {"my_survey", "places", "links"} <= listed
    assert "sets" not in listed, "what the second network does not have is gone"
    assert set(pyogrio.list_layers(path)[:, 0]) == listed


def test_a_style_of_a_user_stays(line: co.Network, tmp_path: Path) -> None:
    path = line.write(tmp_path / "net.gpkg")
    gpd.GeoDataFrame({"a": [1]}, geometry=gpd.points_from_xy([67], [38]), crs=4326).to_file(path, layer="survey")
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("INSERT INTO layer_styles (f_table_name, styleName, owner) VALUES ('links', 'mine', 'me')")
    line.write(path)
    with closing(sqlite3.connect(path)) as base:
        assert {row for (row,) in base.execute("SELECT styleName FROM layer_styles")} == {"mine", "corridors"}


@pytest.mark.parametrize("name", ["events", "lines", "sets", "links"])
def test_a_file_with_the_name_of_a_table_is_refused(line: co.Network, tmp_path: Path, name: str) -> None:
    own = tmp_path / f"{name}.csv"
    own.write_text("my,own\n1,2\n")
    (tmp_path / "diary.txt").write_text("mine")
    with pytest.raises(co.DataFileError, match=rf"holds what is no table of a network: {name}.csv.*overwrite=True"):
        line.write(tmp_path)
    assert snapshot(tmp_path) == {f"{name}.csv": b"my,own\n1,2\n", "diary.txt": b"mine"}
    line.write(tmp_path, overwrite=True)
    assert ids(tmp_path, "csv") == list(line.tables["places"]["id"])
    assert (tmp_path / "diary.txt").read_text() == "mine"


def test_every_format_refuses_what_it_would_destroy(line: co.Network, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.create_sheet("budget")
    book.save(tmp_path / "net.xlsx")
    gpd.GeoDataFrame({"a": [1]}, geometry=gpd.points_from_xy([67], [38]), crs=4326).to_file(
        tmp_path / "net.gpkg", layer="links"
    )
    (tmp_path / "net.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    (tmp_path / "net.graphml").write_text("<notes>mine</notes>")
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "config.csv").write_text("speed\nfast\n")
    pd.DataFrame({"my": [1]}).to_parquet(tmp_path / "net" / "sets.parquet")
    (tmp_path / "net" / "closures.csv").write_text("what\nshop\n")
    before = snapshot(tmp_path)
    for name in NAMES:
        path = path_of(name, tmp_path)
        if name == "geojson":
            path.write_text('{"type": "Feature"}')
            before = snapshot(tmp_path)
        with pytest.raises(co.DataFileError, match="no table of a network"):
            line.write(path, format=name)
        assert snapshot(tmp_path) == before
    for name in NAMES:
        path = path_of(name, tmp_path)
        assert ids(line.write(path, format=name, overwrite=True), name) == list(line.tables["places"]["id"])


def test_an_empty_file_and_an_earlier_network_are_replaced(line: co.Network, other: co.Network, tmp_path: Path) -> None:
    for name in NAMES:
        path = path_of(name, tmp_path / name)
        if FORMATS[name].ending:
            path.parent.mkdir()
            path.touch()
        for net in (other, line):
            assert ids(net.write(path, format=name), name) == list(net.tables["places"]["id"])


def test_formats_side_by_side_in_one_folder(line: co.Network, other: co.Network, tmp_path: Path) -> None:
    both = {"csv": line, "parquet": other, "gmns": line}
    for name, net in both.items():
        net.write(tmp_path, format=name)
    for name, net in both.items():
        assert ids(tmp_path, name) == list(net.tables["places"]["id"])
    with pytest.raises(co.DataFileError, match=r"several networks \(csv, parquet, gmns\): name the format"):
        co.read(tmp_path)


def test_the_command_convert_keeps_what_is_not_a_network(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("my,own\n1,2\n")
    done = CliRunner().invoke(main, ["convert", "reference", str(tmp_path)])
    assert done.exit_code == 2
    assert "Error: " in done.output
    assert "--overwrite" in done.output
    assert [f.name for f in tmp_path.iterdir()] == ["events.csv"]
    assert CliRunner().invoke(main, ["convert", "reference", str(tmp_path), "--overwrite"]).exit_code == 0
    assert len(co.read(tmp_path).tables["events"]) == len(co.load().tables["events"])


def test_a_link_and_the_mode_of_a_file_stay(line: co.Network, tmp_path: Path) -> None:
    real = tmp_path / "real.geojson"
    line.write(real)
    real.chmod(0o640)
    (tmp_path / "net.geojson").symlink_to(real)
    line.write(tmp_path / "net.geojson")
    assert (tmp_path / "net.geojson").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert ids(real, "geojson") == list(line.tables["places"]["id"])


# disk full, read-only, killed


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file may grow over 20 kB, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[0][1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before[0])
    signal.signal(signal.SIGXFSZ, before[1])


# openpyxl leaves a writer of a temporary file behind that cannot be closed where temporary files have no room either
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", NAMES)
def test_a_full_disk_leaves_the_earlier_network(
    line: co.Network, net: co.Network, tmp_path: Path, name: str, request: pytest.FixtureRequest
) -> None:
    path = line.write(path_of(name, tmp_path), format=name)
    before = snapshot(tmp_path)
    request.getfixturevalue("small_files")
    with pytest.raises(co.DataFileError, match=r"cannot be written: .*What stood there before is unchanged"):
        net.write(path, format=name)
    gc.collect()
    assert snapshot(tmp_path) == before
    assert ids(path, name) == list(line.tables["places"]["id"])


def test_a_workbook_on_a_full_disk_leaves_nothing_that_complains(monkeypatch: pytest.MonkeyPatch) -> None:
    complaints: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", complaints.append)
    book = Workbook()
    book.create_sheet("more").append([1, 2])
    with pytest.raises(OSError, match="No space left on device"):
        save(book, Path("/dev/full"))
    gc.collect()
    assert complaints == []


@pytest.mark.parametrize("name", NAMES)
def test_every_writer_names_an_error_of_the_disk(
    line: co.Network, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = line.write(path_of(name, tmp_path), format=name)
    before = snapshot(tmp_path)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for target in ("_store", "_workshop"):
        monkeypatch.setattr(writing, target, full)
        with pytest.raises(co.DataFileError, match="cannot be written: No space left on device"):
            line.write(path, format=name)
        monkeypatch.undo()
        assert snapshot(tmp_path) == before


@pytest.mark.parametrize("name", NAMES)
def test_a_place_where_nothing_can_be_written(line: co.Network, name: str) -> None:
    # a folder of the kernel: read-only for root too
    with pytest.raises(co.DataFileError, match="cannot be written: "):
        line.write(path_of(name, Path("/proc/nowhere")), format=name)
    with pytest.raises(co.DataFileError, match="cannot be written: "):
        co.Scenario("s").write("/proc/nowhere/a.toml")


def write_slowly(net: co.Network, path: Path, name: str, ready: Any) -> None:
    ready.set()
    net.write(path, format=name)


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[] if name in ("csv", "gpkg", "parquet") else [pytest.mark.slow]) for name in NAMES],
)
def test_a_killed_writer_leaves_a_whole_network(line: co.Network, other: co.Network, tmp_path: Path, name: str) -> None:
    path = other.write(path_of(name, tmp_path), format=name)
    wholes = [list(n.tables["places"]["id"]) for n in (line, other)]
    begin = time.perf_counter()
    other.write(path, format=name)
    whole_s = time.perf_counter() - begin
    context = multiprocessing.get_context("fork")
    for share in (0.2, 0.5, 0.7, 0.85, 0.95, 1.05):
        ready = context.Event()
        child = context.Process(target=write_slowly, args=(other, path, name, ready))
        child.start()
        ready.wait()
        time.sleep(share * whole_s)
        child.kill()
        child.join()
        again = co.read(path, format=name)
        assert list(again.tables["places"]["id"]) in wholes
        assert len(again.tables["parameters"]) == len(other.tables["parameters"]) or FORMATS[name].lost
    line.write(path, format=name)
    assert ids(path, name) == wholes[0]


def test_a_folder_cut_off_at_any_move_reads_as_the_new_network(
    line: co.Network, other: co.Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moves = [0, 0]
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if target.suffix == ".csv":
            moves[0] += 1
            if moves[0] > moves[1]:
                raise OSError(errno.EIO, "cut off")
        return real(self, target)

    while moves[1] < 3 or moves[0] > moves[1]:
        other.write(tmp_path)
        moves[0] = 0
        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", replace)
            try:
                line.write(tmp_path)
            except co.DataFileError:
                # all files are complete, and moving them is finished by the next writer
                assert (tmp_path / writing.PENDING).is_dir()
        again = co.read(tmp_path)
        assert list(again.tables["places"]["id"]) == list(line.tables["places"]["id"])
        assert len(again.tables["sets"]) == 0
        moves[1] += 1
    other.write(tmp_path)
    assert not (tmp_path / writing.PENDING).exists()
    assert ids(tmp_path, "csv") == list(other.tables["places"]["id"])
