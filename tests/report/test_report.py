"""The report: its files, its figures, and the page in a real browser."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

import corridors as co
from corridors.report import study, write_report
from corridors.report.brief import brief
from support.browser import browser, needs_browser

MAPS = {"map-flows.png", "map-days.png", "map-ways-by-rail.png", "map-ways-all-modes.png"}
CHARTS = {"gain-against-cost", "time-distance", "parts", "spread", "pairs"}
PICTURES = MAPS | {f"chart-{name}.png" for name in CHARTS}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("report")
    write_report(place, origins=["Almaty", "Kostanay"], destinations=["Karachi", "Gwadar"])
    return place


def test_files(folder: Path) -> None:
    names = {file.name for file in folder.iterdir()}
    assert {"index.html", "pairs.csv", "gains.csv", "legs.csv", "flows.csv", "days.csv", "assumptions.csv"} <= names
    assert {"ranking-by-assumption.csv", "ranking-by-measure.csv", "report.gpkg", "map.html"} <= names
    assert {name for name in names if name.endswith(".png")} == PICTURES


def test_geodata(folder: Path) -> None:
    layers = {name: gpd.read_file(folder / "report.gpkg", layer=name) for name in ("legs", "flows", "days")}
    assert all(layer.crs.to_epsg() == 4326 for layer in layers.values())
    flows = layers["flows"].drop(columns="geometry")
    assert len(flows) == len(pd.read_csv(folder / "flows.csv"))
    kabul = layers["flows"].query("way == 'rail only' and cargo == 'container' and scenario == 'uap-kabul'")
    assert set(layers["flows"].geom_type) == {"LineString"}
    # both origins send half of what is joined over the bridge at Hairatan
    bridge = kabul[(kabul["to_id"] == "hairatan") & (kabul["mode"] == "rail")]
    assert bridge["share"].tolist() == pytest.approx([0.5])
    assert layers["days"].query("origin == 'karachi'")["days"].eq(0).all()


def test_tables(folder: Path, net: co.Network) -> None:
    pairs = pd.read_csv(folder / "pairs.csv")
    assert len(pairs) == 2 * 2 * 6 * 4
    keys = ["cargo", "way", "border", "scenario", "origin", "destination"]
    row = pairs.set_index(keys).loc[("wagon", "rail only", "open", "uap-kabul", "almaty", "karachi")]
    route = net.build("uap-kabul").route("almaty", "karachi", cargo="wagon", modes={"rail"})
    assert row["hours"] == pytest.approx(route.hours, abs=1e-3)
    base = net.route("almaty", "karachi", cargo="wagon", modes={"rail"})
    assert row["hours_delta"] == pytest.approx(route.hours - base.hours, abs=2e-3)
    gwadar = pairs[(pairs["destination"] == "gwadar") & (pairs["way"] == "rail only")]
    assert set(gwadar["status"]) == {"neither"}


def test_a_closed_border_gains_nothing(folder: Path) -> None:
    gains = pd.read_csv(folder / "gains.csv")
    shut = gains[gains["border"] == "closed"]
    assert (shut[["gaining", "joined", "parted"]] == 0).all(axis=None)
    assert (shut["days"].fillna(0) == 0).all()
    rail = gains[(gains["border"] == "open") & (gains["way"] == "rail only") & (gains["scenario"] != "base")]
    assert (rail["days"] < 0).all()
    assert (rail["p95"] < 0).all()


def test_the_page_needs_nothing_else(folder: Path) -> None:
    page = (folder / "index.html").read_text(encoding="utf8")
    assert not re.search(r"src=[\"'](?!data:)", page)
    assert not re.search(r"<link|@import|url\(", page)
    assert page.count("data:image/webp;base64") == len(PICTURES)
    assert len(page) < 5_000_000


def test_the_page_opens_with_the_answer(folder: Path) -> None:
    page = (folder / "index.html").read_text(encoding="utf8")
    first = re.search(r"<li><strong>(.*?)</strong> <span>(.*?)</span></li>", page, re.DOTALL)
    gains = pd.read_csv(folder / "gains.csv").set_index(["cargo", "way", "border", "scenario"])
    row = gains.loc[("container", "rail only", "open", "uap-kabul")]
    assert first is not None
    assert f"saves {-row['days']:.1f} days and {-row['usd_t']:.0f} USD a tonne" in first[1]
    assert f"{row['p05']:+.0f}".replace("-", "\N{MINUS SIGN}") in first[2]
    assert page.index(first[1]) < page.index("<img")
    assert "from Almaty, Kostanay to Karachi, Gwadar" in page


def test_every_assumption_names_its_sources(folder: Path, net: co.Network) -> None:
    page = (folder / "index.html").read_text(encoding="utf8")
    part = page[page.index('<section id="assumptions">') :]
    used = pd.read_csv(folder / "assumptions.csv").head(30)
    for ident in {i for cell in used["source"] for i in cell.split(";")} & set(net.sources.index):
        assert f">{ident}</" in part


def test_text_from_data_is_escaped(net: co.Network, tmp_path: Path) -> None:
    evil = replace(co.scenario("uap-kabul"), title="<script>alert(1)</script>")
    page = write_report(tmp_path, origins=["Termez"], destinations=["Karachi"], scenarios=[evil], draws=20, net=net)
    assert "<script>alert" not in page.read_text(encoding="utf8")


def test_brief_without_a_gain(net: co.Network) -> None:
    said = brief(study(net, ["Almaty"], ["Bandar Abbas"], scenarios=["uap-kabul"], draws=20))
    assert said[0].claim == "By rail alone the Kabul corridor changes nothing on these pairs."


def test_the_pair_shown_is_one_of_those_compared(net: co.Network) -> None:
    assert study(net, ["Almaty"], ["Karachi"], draws=10).pair == ("almaty", "karachi")
    assert study(net, ["Aktau"], ["Gwadar"], draws=10).pair == ("aktau", "gwadar")


@pytest.mark.browser
@needs_browser
def test_the_page_in_a_browser(folder: Path, tmp_path: Path) -> None:
    """Load the page without network; a click on a heading sorts its table."""
    with browser(tmp_path) as page:
        page.open(folder / "index.html", ready="document.readyState === 'complete'")
        head = "document.querySelector('#measures thead th:nth-child(8)')"
        page.evaluate(f"{head}.click()")
        order = page.evaluate(f"{head}.getAttribute('aria-sort')")
        cells = page.evaluate(
            "[...document.querySelector('#measures tbody').rows].map(row => row.cells[7].textContent)"
        )
        assert not page.problems
        assert page.requests == [(folder / "index.html").as_uri()]
    assert order == "ascending"
    values = [float(cell.replace("\N{MINUS SIGN}", "-")) for cell in cells]
    assert values == sorted(values)
    assert len(set(values)) > 2


def test_a_long_name_and_a_missing_optional_column(net: co.Network, tmp_path: Path) -> None:
    frames = {name: frame.copy() for name, frame in net.tables.frames.items() if len(frame)}
    long = "Karachi International Container Terminal and Port Qasim Freight Village, Second Yard"
    frames["places"]["name"] = frames["places"]["name"].where(frames["places"]["id"] != "karachi", long)
    frames["projects"]["costs_published"] = ""
    (tmp_path / "notes.txt").write_text("mine")
    ends = {"origins": ["almaty", "astana"], "destinations": ["karachi"], "scenarios": ["uap-kabul"], "draws": 5}
    page = write_report(tmp_path, net=co.Network.from_tables(**frames), **ends)
    assert long in page.read_text(encoding="utf8")
    names = {file.name for file in tmp_path.iterdir()}
    assert "chart-pairs.png" in names
    assert "chart-gain-against-cost.png" not in names
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_report_that_fails_halfway_leaves_the_earlier_one(
    net: co.Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "index.html").write_text("the earlier one")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("corridors.report.folder._write_pictures", full)
    ends = {"origins": ["almaty"], "destinations": ["karachi"], "scenarios": ["uap-kabul"], "draws": 5}
    with pytest.raises(co.DataFileError, match="cannot be written: No space left on device"):
        write_report(tmp_path, net=net, **ends)
    assert [file.name for file in tmp_path.iterdir()] == ["index.html"]
    assert (tmp_path / "index.html").read_text() == "the earlier one"
