"""The report: its files, its figures, and the page in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

import corridors as co
from browser import browser, needs_browser
from corridors.report import SCENARIOS, study, write_report


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("report")
    write_report(place, origins=["Almaty", "Kostanay"], destinations=["Karachi", "Gwadar"])
    return place


def test_files(folder: Path) -> None:
    names = {file.name for file in folder.iterdir()}
    assert {"index.html", "pairs.csv", "gains.csv", "legs.csv", "assumptions.csv"} <= names
    assert {"ranking-by-assumption.csv", "ranking-by-measure.csv"} <= names
    assert len([name for name in names if name.endswith(".png")]) == 2 * (1 + len(SCENARIOS))


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
    assert not re.search(r"(?:src|href)=[\"'](?!data:)", page)
    assert page.count("data:image/webp;base64") == 6
    assert len(page) < 5_000_000
    assert "the change is exactly zero" in page


def test_the_pair_shown_is_one_of_those_compared(net: co.Network) -> None:
    assert study(net, ["Almaty"], ["Karachi"], draws=10).pair == ("almaty", "karachi")
    assert study(net, ["Aktau"], ["Gwadar"], draws=10).pair == ("aktau", "gwadar")


@pytest.mark.browser
@needs_browser
def test_the_page_in_a_browser(folder: Path, tmp_path: Path) -> None:
    """Load the page without network; a click on a heading sorts its table."""
    with browser(tmp_path) as page:
        page.open(folder / "index.html", ready="document.readyState === 'complete'")
        page.click_on("thead th:nth-child(9)")
        order = page.evaluate("document.querySelector('thead th:nth-child(9)').getAttribute('aria-sort')")
        cells = page.evaluate("[...document.querySelector('tbody').rows].map(row => row.cells[8].textContent)")
        assert not page.problems
        assert page.requests == [(folder / "index.html").as_uri()]
    assert order == "ascending"
    values = [float(cell) for cell in cells if cell != "-"]
    assert values == sorted(values)
