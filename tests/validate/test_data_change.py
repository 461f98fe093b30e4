"""What a change of data does to answers, in words and tables."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import corridors as co
from corridors.cli.main import main
from corridors.data import bundled
from corridors.validate.data_change import ROUTES, DataChange, data_change

TORKHAM = {"border/torkham/road/hours": 60}


@pytest.fixture(scope="module")
def slower() -> DataChange:
    net = co.load()
    return data_change(net, net.with_parameters(TORKHAM), parts=["routes"])


def test_cells_that_differ_are_named(slower: DataChange) -> None:
    assert set(slower.cells["row"]) == {
        f"border/torkham/{side}/{way}/road/hours" for side in ("AF", "PK") for way in ("entry", "exit")
    }
    assert set(slower.cells.query("column == 'value'")["new"]) == {"60.0"}
    assert slower.sentences()[1] == "Tables: parameters: 4 rows changed."


def test_a_long_list_of_cells_is_cut_and_says_so(slower: DataChange) -> None:
    many = replace(slower, cells=pd.concat([slower.cells] * 20, ignore_index=True))
    assert f"... and {len(many.cells) - 60} more" in str(many)
    assert str(many).count("border/torkham") == 60
    assert "more" not in str(slower)


def test_routes_are_those_of_the_networks(slower: DataChange) -> None:
    net = co.load()
    row = slower.figures.set_index(["what", "figure"]).loc[("tashkent - karachi, truck", "hours")]
    asked = "Tashkent", "Karachi"
    assert row["old"] == pytest.approx(net.route(*asked, cargo="truck").hours)
    assert row["new"] == pytest.approx(net.with_parameters(TORKHAM).route(*asked, cargo="truck").hours)
    assert "tashkent - karachi, truck" in slower.sentences()[2]
    assert f"of {len(ROUTES)} change" in slower.sentences()[2]
    assert "samarkand - dushanbe, truck" not in str(slower)


def test_another_way_is_told_by_its_places() -> None:
    net = co.load()
    found = data_change(net, net.close("AF-PK"), parts="routes")
    assert found.cells.empty
    ways = found.ways.set_index("what")
    assert "torkham" in ways.loc["tashkent - karachi, truck", "no_longer_by"].split()
    assert "rimdan" in ways.loc["tashkent - karachi, truck", "now_by"].split()


def test_an_answer_that_is_lost_is_no_figure() -> None:
    net = co.load()
    found = data_change(net, net.select(country="UZ"), parts=["routes"])
    row = found.table().set_index(["what", "figure"]).loc[("gwadar - kandahar, container", "km")]
    assert row["old"] > 0
    assert pd.isna(row["new"])
    removed = found.cells.query("table == 'places' and change == 'removed'")["row"]
    assert "kabul" in set(removed)
    assert "karachi" in set(removed)


def test_an_unknown_part_is_refused(net: co.Network) -> None:
    with pytest.raises(co.UnknownNameError, match="routes"):
        data_change(net, net, parts=["route"])


def test_headline_and_validation_are_compared(net: co.Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """On one pair, and on some of the journeys and prices: all of them take ten seconds."""
    module = sys.modules["corridors.validate.data_change"]
    pair = {"origins": ["almaty"], "destinations": ["karachi"], "closed": None}
    monkeypatch.setattr(module, "headline", partial(co.headline, **pair))
    for name in ("times", "prices"):
        rows = pd.read_csv(bundled.folder() / "validation" / f"observed_{name}.csv", dtype=str, keep_default_na=False)
        some = rows[rows["via"].str.contains("torkham") | (rows.index < 12)]
        monkeypatch.setattr(module, name, partial(getattr(co.validate, name), file=some))
    found = data_change(net, net.with_parameters(TORKHAM), parts=["headline", "validation"], draws=10)
    figures = found.figures.set_index(["part", "what", "figure"])
    days = co.headline(net, ["uap-kabul"], **pair).table().set_index(["way", "scenario"])["days"]
    assert figures.loc[("headline", "uap-kabul, rail only, open", "days"), "old"] == days["rail only", "uap-kabul"] < 0
    score = figures.loc[("validation", "times", "score")]
    assert found.sentences()[2] == "Headline: the answer on both railways is the same."
    assert f"times, score: {score['old']:.3g} before, {score['new']:.3g} after (" in found.sentences()[3]
    assert ("better" in found.sentences()[3].partition("times, score")[2].partition(";")[0]) == (score["change"] < 0)


def test_the_command_compares_a_folder_with_the_bundled_data(tmp_path: Path) -> None:
    for path in bundled.folder().glob("*.csv"):
        shutil.copy(path, tmp_path)
    places = tmp_path / "places.csv"
    places.write_text(places.read_text("utf8").replace("almaty,Almaty,", "almaty,Alma-Ata,", 1), "utf8")
    line = "data", "diff", "reference", str(tmp_path), "--part", "routes"
    done = CliRunner().invoke(main, line, prog_name="corridors")
    assert done.exit_code == 0, done.output
    assert "Tables: places: 1 row changed." in done.output
    assert "Alma-Ata" in done.output
    assert "none of 12 changes" in done.output
