"""Names in any script: what is one name, and what is not."""

from __future__ import annotations

import unicodedata

import pytest

import corridors as co
from corridors.base.names import fold, spelling_key
from support.networks import link, make, place


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Nhava Sheva (JNPT)", "nhava-sheva-jnpt"),
        ("Mazār-i  Sharif", "mazar-i-sharif"),
        ("Oʻzbekiston", "ozbekiston"),
        ("Qal‘ah-ye Kūf", "qalah-ye-kuf"),
        ("Łódź", "lodz"),
        ("Kızılorda", "kizilorda"),
        ("İstanbul", "istanbul"),
        ("Straße", "strasse"),
        ("Разъезд 5", "разъезд-5"),
        ("Ўзбек — тоғ", "узбек-тоғ"),
        ("北京", "北京"),
        ("مزار شریف", "مزار-شریف"),
        ("مَزار", "مزار"),
        ("नई दिल्ली", "नई-दिल्ली"),
        ("ガラス", "ガラス"),
        ("５ km", "5-km"),
        ("-- —", ""),
        ("", ""),
    ],
)
def test_folded_spellings(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded
    assert fold(folded) == folded


def test_names_that_differ_in_their_letters_alone_are_two() -> None:
    assert len({fold(name) for name in ("Алматы-1", "Астана-1", "Разъезд 1", "北京 1", "1", "حیرتان ۱")}) == 6
    assert spelling_key("—") == "—"


def test_a_place_in_another_script_is_not_found_by_its_digits() -> None:
    places = [place("p1", "KZ", 50, 60, name="Алматы-1"), place("p2", "KZ", 51, 60, name="Астана-1")]
    net = make(places, [link("p1", "p2", "road", 120)])
    assert net.route("алматы 1", "АСТАНА-1", cargo="truck").km == 120
    with pytest.raises(co.UnknownNameError, match=r"no place 'Алмата-1'.*Алматы-1 \(KZ, p1\)"):
        net.route("Алмата-1", "Астана-1")
    with pytest.raises(co.UnknownNameError):
        net.route("1", "Астана-1")
    assert net.connect((50.1, 60), name="Шахта", max_km=20, detour=1.2).route("шахта", "p2", cargo="truck").km > 100
