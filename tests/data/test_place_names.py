"""Names of places as people of the region write them, namesakes, and countries by name."""

from __future__ import annotations

import pytest

import corridors as co
from corridors.base.names import fold
from corridors.data.countries import country_code
from corridors.data.place_names import PlaceNames


@pytest.mark.parametrize(
    ("name", "ident"),
    [
        ("Алматы", "almaty"), ("Қостанай", "kostanay"), ("Костанай", "kostanay"), ("Карачи", "karachi"),
        ("کابل", "kabul"), ("كابل", "kabul"), ("کراچی", "karachi"), ("كراچي", "karachi"), ("कराची", "karachi"),
        ("Тошканд", "tashkent"), ("Ҳайратон", None), ("喀什", "kashgar"), ("Кандагар", "kandahar"),
        ("Kabul, Afghanistan", "kabul"), ("kabul, af", "kabul"), ("Karachi, PAK", "karachi"),
        ("Karachi port", "karachi"), ("Port of Gwadar", "gwadar"), ("Port Qasim", "port-qasim"),
        ("Bandar Abbas, Iran", "bandar-abbas"), ("Jalal-Abad", "jalal-abad"), ("MazarISharif", "mazar-i-sharif"),
    ],
)  # fmt: skip
def test_names_as_people_write_them(net: co.Network, name: str, ident: str | None) -> None:
    if ident is None:
        with pytest.raises(co.UnknownNameError, match="no place"):
            net.tables.place(name)
    else:
        assert net.tables.place(name) == ident


def test_names_of_a_station_with_a_number_are_not_the_number(net: co.Network) -> None:
    places = net.places.reset_index().iloc[:2].assign(id=["one", "two"], name=["Алматы-1", "Тараз-1"], aliases="")
    names = PlaceNames(places)
    assert (names.find("Алматы-1"), names.find("тараз 1")) == ("one", "two")
    with pytest.raises(co.UnknownNameError):
        names.find("1")


def test_a_namesake_is_never_chosen_silently(net: co.Network) -> None:
    assert net.route("Jalalabad", "Osh").origin == "jalal-abad"
    assert net.route("Jalalabad", "Kabul").origin == "jalalabad"
    assert net.route("Kabul", "Peshawar", via="Jalalabad").via == ("jalalabad",)
    with pytest.raises(co.AmbiguousNameError, match=r"Jalal-Abad \(KG, jalal-abad\), Jalalabad \(AF, jalalabad\)"):
        net.route("Jalalabad", "Almaty")
    assert net.route("Jalalabad, Kyrgyzstan", "Almaty").origin == "jalal-abad"
    assert list(net.routes(["Jalalabad", "Bishkek"], ["almaty"])) == [("jalal-abad", "almaty"), ("bishkek", "almaty")]


def test_a_large_town_that_the_network_does_not_have_is_a_namesake_too(net: co.Network) -> None:
    with pytest.raises(co.AmbiguousNameError, match=r"\(PK, hyderabad\), Hyderabad \(IN.*not in this network"):
        net.route("Hyderabad", "Almaty")
    assert net.route("Hyderabad", "Karachi").origin == "hyderabad"
    assert net.route("hyderabad", "Almaty").origin == net.route("Hyderabad, PK", "Almaty").origin == "hyderabad"


def test_places_of_the_reference_network_have_names_in_their_scripts(net: co.Network) -> None:
    places = net.places
    other = places["aliases"].map(lambda text: any(ord(char) > 0x3FF for char in text))
    towns = places[(places["population"] >= 100_000)]
    assert other[towns.index].mean() > 0.9
    assert other.sum() >= 200


@pytest.mark.parametrize("text", ["IR", "ir", "IRN", "Iran", "iran", " Iran "])
def test_countries_by_code_and_name(net: co.Network, text: str) -> None:
    assert country_code(text) == "IR"
    assert set(net.select(country=text).links.index) == set(net.select(country="IR").links.index)
    assert "IR" not in net.route("Almaty", "Karachi", cargo="container", avoid=text).countries
    assert set(net.nearest("Herat", country=text)["country"]) == {"IR"}


def test_what_is_no_country_is_named(net: co.Network) -> None:
    assert country_code("Karachi") == country_code("") == ""
    with pytest.raises(co.UnknownNameError, match=r"no country 'Iram'.*Near matches: Iran \(IR\)"):
        net.select(country="Iram")


def test_letters_that_keyboards_write_in_different_ways_are_one() -> None:
    assert fold("كابل") == fold("کابل")
    assert fold("لاھور") == fold("لاہور") == fold("لاهور")
    assert fold("Ёлка") == fold("Елка")


def test_geocode_takes_names_in_their_scripts() -> None:
    assert co.geocode("Алматы").place == "almaty"
    assert co.geocode("Кокшетау").country == "KZ"
    assert co.gazetteer("Alat, Azerbaijan")["country"].tolist() == ["AZ"]


@pytest.mark.parametrize(
    ("name", "match"),
    [
        ("Kokshetau-2", r"no place 'Kokshetau-2'"),
        ("Fayzabad", r"gazetteer has Fayzabad \(AF\), \d+ km from .* \(AF, .*net\.connect\('Fayzabad', max_km=\d+\)"),
        ("Ishkashim", r"gazetteer has Ishqoshim \(TJ\), \d+ km from .* \(TJ, .*net\.connect\('Ishkashim'"),
        ("43.25,76.95", r"nearest place is Almaty \(KZ, almaty\), \d+ km away; net\.connect\(\(43\.25, 76\.95\)"),
        ("76.95, 43.25", r"Latitude comes first: 43\.25, 76\.95 is \d+ km from Almaty"),
        ("95, 200", r"no degrees of latitude and longitude"),
        ("", r"no place ''"),
    ],
)
def test_what_the_network_does_not_have_is_told_how_to_join(net: co.Network, name: str, match: str) -> None:
    with pytest.raises(co.UnknownNameError, match=match):
        net.route(name, "Karachi")


def test_a_town_that_was_joined_is_found_by_the_spelling_it_was_asked_for(net: co.Network) -> None:
    joined = net.connect("Ishkashim", max_km=110)
    assert joined.route("Ishkashim", "Dushanbe", cargo="truck").origin == "ishqoshim"
    assert joined.tables.place("Ishqoshim") == "ishqoshim"
