"""The interactive map in Russian: every text of its page is translated, and so are names and words of the tables."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

import corridors as co
from corridors.plot.web.language import page_texts
from support.browser import browser, needs_browser

TEXT = re.compile(r"""\bt\(\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)')""")
WORDS = {
    "places": ("kind",), "links": ("class", "length_basis", "status", "tracks", "traction"),
    "services": ("class", "length_basis", "status", "cargo"), "crossings": ("status",),
    "terminals": ("status", "method", "cargo", "from_system", "to_system"), "statements": ("status",),
}  # fmt: skip
"""Columns whose values are words of the tables, which the page shows in its language."""


@pytest.fixture(scope="module")
def shown(net: co.Network) -> co.InteractiveMap:
    scenarios = {"existing lines": net, "Kabul corridor": net.build("uap-kabul")}
    return co.explore(scenarios, ("Almaty", "Karachi"), modes={"rail"}, lang="ru")


def written() -> set[str]:
    """Texts that the scripts and the frame of the page say."""
    folder = resources.files("corridors.plot.web") / "templates"
    sources = [file.read_text(encoding="utf8") for file in folder.iterdir() if file.name.endswith((".js", ".j2"))]
    return {one or other for source in sources for one, other in TEXT.findall(source)}


def test_every_text_of_the_page_is_translated() -> None:
    texts = page_texts("ru")["texts"]
    assert written() == set(texts)
    assert len(texts) > 100
    for english, russian in texts.items():
        assert set(re.findall(r"\{\w+\}", english)) == set(re.findall(r"\{\w+\}", russian)), english


def test_words_of_the_tables_are_translated(shown: co.InteractiveMap) -> None:
    known = page_texts("ru")["words"]
    for table, columns in WORDS.items():
        for row in shown.data[table]:
            for column in columns:
                cell = row.get(column, ())
                for word in [cell] if isinstance(cell, str) else cell:
                    assert word in known or word.isdigit(), (table, column, word)


def test_names_are_translated_and_still_found_in_english(shown: co.InteractiveMap) -> None:
    assert shown.title == "Алматы – Карачи"
    almaty = next(place for place in shown.data["places"] if place["id"] == "almaty")
    assert almaty["name"] == "Алматы"
    assert "Almaty" in almaty["aliases"]
    assert [scenario["name"] for scenario in shown.data["scenarios"]] == ["действующие линии", "Кабульский коридор"]
    assert list(shown.data["scenarios"][0]["routes"]) == ["Алматы – Карачи"]
    labels = [look["label"] for look in shown.data["looks"]["systems"].values()]
    assert "Автодорога" in labels
    assert not any(re.search("[A-Za-z]", label) for label in labels)


@pytest.mark.browser
@needs_browser
def test_the_page_speaks_russian(shown: co.InteractiveMap, tmp_path: Path) -> None:
    path = shown.save(tmp_path / "map.html")
    with browser(tmp_path) as page:
        page.open(path)
        panel = page.evaluate("document.getElementById('panel').textContent")
        all_labels = "[...document.querySelectorAll('[aria-label]')].map(one => one.getAttribute('aria-label'))"
        spoken = page.evaluate(all_labels)
        assert page.evaluate("document.documentElement.lang") == "ru"
        assert not page.problems
    # AF-PK is a code, uap-kabul and the projects are names of the tables
    kept = re.findall(r"[A-Za-z]{2,}", " ".join(s["network"] + " ".join(s["built"]) for s in shown.data["scenarios"]))
    assert not set(re.findall(r"[A-Za-z]{2,}", panel)) - {*kept, "CO", "AF", "PK"}
    assert "Сравнить с" in panel
    assert "Откуда разница" in panel
    assert not [label for label in spoken if re.fullmatch(r"[A-Za-z ,:]+", label)]
