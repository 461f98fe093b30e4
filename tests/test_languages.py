"""Languages: complete files, texts that the code asks for, and Russian without English words."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from string import Formatter

import pytest

import corridors as co
from corridors.base.errors import InputError
from corridors.base.languages import LANGUAGES, words
from corridors.base.phrases import Phrases, slots, templates

SOURCE = Path(co.__file__).parent
NAMES = SOURCE / "base" / "lang" / "ru-names.csv"
ALLOWED = re.compile(r"GeoNames|OpenStreetMap|ODbL|CC BY 4.0|Natural Earth|KZT|P50|P90|CO2|[A-Z]{2}(-[A-Z]{2})*\b")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("lang", LANGUAGES[1:])
def test_a_language_has_every_key_with_the_same_values(lang: str) -> None:
    english, other = words("en").texts, words(lang).texts
    assert set(other) == set(english)
    for key, text in english.items():
        assert other[key].strip(" ") or key.startswith("number."), key
        # reasons of closures and forms of one are left out where the language has no use for them
        assert fields(other[key]) <= fields(text) | {"times"}, key
        missing = fields(text) - fields(other[key])
        assert missing <= ({"reason"} if key == "asked.reason" else set()), key


def test_every_key_that_the_code_asks_for_is_there() -> None:
    pattern = re.compile(r"\b(?:say|words\(\w*\))\(\s*f?\"([a-z_]+\.[^\"{]*)(\{?)")
    asked = [
        found
        for file in [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.j2")]
        for found in pattern.findall(file.read_text(encoding="utf8"))
    ]
    assert len(asked) > 90
    keys = words("en").texts
    for key, more in asked:
        assert key in keys or (more and any(name.startswith(key) for name in keys)), key


def test_every_name_of_the_bundled_tables_is_there_in_russian() -> None:
    tables, names = co.load().tables, words("ru").names
    for table in ("places", "crossings", "commodities", "documents"):
        assert not [name for name in tables[table]["name"] if name not in names], table


def test_names_say_where_they_are_from() -> None:
    with NAMES.open(encoding="utf8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["source"] for row in rows} == {"cldr", "geonames", "written"}
    assert len({row["en"] for row in rows}) == len(rows)
    assert not [row for row in rows if re.search("[A-Za-z]", row["name"])]
    places = co.load().tables["places"].set_index("name")["aliases"]
    for row in rows:
        if row["source"] == "geonames":
            assert row["name"].partition(" (")[0] in places[row["en"]].split(";"), row


def test_a_quote_in_russian_has_no_english_words() -> None:
    asked = {"departure": "2026-12-01", "draws": 5, "payload_t": 18.0, "currency": "KZT", "fx_per_usd": 520.0}
    offer = co.load().quote("Almaty", "Karachi", lang="ru", ways=2, **asked)
    page = re.sub(r"<style>.*?</style>|<section id=\"sources\">.*", "", offer.html, flags=re.DOTALL)
    for text in (str(offer), re.sub(r"<[^>]*>", " ", page)):
        plain = re.sub(r"комплекта, \S+", "", ALLOWED.sub("", text))
        assert not re.findall(r"[A-Za-z]{2,}", plain)
    assert 'lang="ru"' in offer.html
    assert "Алматы (KZ) - Карачи (PK)" in offer.heading
    with pytest.raises(InputError, match="one of en, ru"):
        co.load().route("Termez", "Hairatan").quote(lang="de")


def test_a_map_in_russian_has_no_english_words() -> None:
    drawn = co.load().route("Termez", "Hairatan", cargo="wagon").plot(lang="ru", width_cm=12)
    legend = drawn.ax.get_legend()
    texts = [text.get_text() for text in [*drawn.ax.texts, *(legend.get_texts() if legend else [])]]
    assert "Термез" in " ".join(texts)
    for text in texts:
        plain = re.sub(r"shadedrelief\.com", "", ALLOWED.sub("", text.replace("\n", " ")))
        assert not re.findall(r"[A-Za-z]{2,}", plain), text


@pytest.mark.parametrize("lang", LANGUAGES[1:])
def test_phrases_fill_the_same_slots(lang: str) -> None:
    every = templates(lang)
    assert len(every) > 400
    for english, other in every.items():
        assert other.strip(), english
        assert slots(english) == slots(other), english
        forms = re.findall(r"\{\w+\|([^}]*)\}", other)
        assert all(form.count("|") == 2 for form in forms), english


def test_russian_phrases_have_no_english_words() -> None:
    allowed = ("csv", "html", "docs/", "report.gpkg", "OpenStreetMap", "Natural Earth", "GeoNames")
    allowed += ("shadedrelief", "co.appraise")
    for english, other in templates("ru").items():
        bare = re.sub(r"\{.*?\}", "", other)
        assert not re.search(r"[a-z]{3,}", bare) or any(word in bare for word in allowed), english


def test_a_sentence_within_a_sentence() -> None:
    say = Phrases("ru", own=["uap-kabul"])
    english = (
        "uap-kabul, rail only, open: to Peshawar, Lahore, Rawalpindi and Faisalabad 7.7 to 9.4 days less and 57 to 80 "
        "USD/t less (32 of 32 pairs gain); no way with it or without to Kabul and Herat."
    )
    assert say(english) == (
        "uap-kabul, только ж/д, открыты: Пешавар, Лахор, Равалпинди и Фейсалабад: на 7,7–9,4 сут меньше, на 57–80 "
        "долл. США/т меньше (выигрывают 32 из 32 пар); ни с проектом, ни без него нет пути: Кабул и Герат."
    )
    assert say("1 of 21 pairs gains") == "выигрывает 1 из 21 пары"
    assert not say.missing


def test_a_sentence_without_a_phrase_stays_and_is_named() -> None:
    say = Phrases("ru")
    assert say("All pairs. Nobody has said this yet.") == "Все пары. Nobody has said this yet."
    assert say.missing == ["Nobody has said this yet."]
