"""Versions of the library and of its data, and how they are cited."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import corridors as co
from corridors.data import about, bundled


def test_the_licences_are_those_of_the_project() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf8"))["project"]
    names = project["license"].split(" AND ")
    assert names[0] == about.LICENCE
    assert all(name.replace("-", " ") in about.DATA_LICENCE for name in names[1:3])
    assert project["description"] == about.TITLE


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for path in bundled.folder().glob("*.csv"):
        shutil.copy(path, tmp_path)
    monkeypatch.setattr(bundled, "folder", lambda: tmp_path)
    bundled.data_version.cache_clear()
    yield tmp_path
    bundled.data_version.cache_clear()


def test_the_version_of_the_data_is_that_of_its_cells(copied: Path) -> None:
    first = co.data_version()
    assert co.cite().data_version == first
    table = copied / "crossings.csv"
    for text, same in ((table.read_bytes().replace(b"\n", b"\r\n"), True), (table.read_bytes() + b"x", False)):
        table.write_bytes(text)
        bundled.data_version.cache_clear()
        assert (co.data_version() == first) is same


def test_the_data_of_a_network_is_named(net: co.Network, line: co.Network) -> None:
    assert about.data_of(net.close("AF-PK").tables) == f"bundled tables {co.data_version()}"
    other = net.with_parameters({"border/torkham/road/hours": 12})
    assert about.data_of(other.tables).endswith(" parameters of one's own")
    assert about.data_of(line.tables) == "tables of one's own, collected to 2026-11"


def test_a_citation_names_version_data_and_licence() -> None:
    text, entry = str(co.cite()), co.cite().bibtex()
    assert all(part in text for part in (co.__version__, co.data_version(), "MIT", "ODbL"))
    assert f"version = {{{co.__version__}}}" in entry
    assert "year = {2026}" in entry


def test_versions_name_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(about, "EXTRAS", ("no-such-package",))
    table = co.show_versions().table()
    assert table.loc["no-such-package", "version"] == ""
    assert table.loc["pandas", "version"][0].isdigit()
    assert str(co.show_versions()).splitlines()[-1].split() == ["no-such-package", "-"]
