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
        ("Тошканд", "tashkent"), ("Ҳайратон", "hairatan"), ("ハイラタン", None), ("喀什", "kashgar"),
        ("Кандагар", "kandahar"),
        ("Kabul, Afghanistan", "kabul"), ("kabul, af", "kabul"), ("Karachi, PAK", "karachi"),
        ("Karachi port", "karachi"), ("Port of Gwadar", "gwadar"), ("Port Qasim", "port-qasim"),
        ("Тошкент", "tashkent"), ("Aşgabat", "ashgabat"), ("Qyzylorda", "kyzylorda"), ("Достык", "dostyk"),
        ("Хайратон", "hairatan"), ("Galaba (Afghanistan)", None), ("阿拉木图", "almaty"), ("天津", "tianjin"),
        ("KZALA", "almaty"), ("ala", "almaty"), ("KHI", "karachi"), ("700007", "almaty"), ("708507", "dostyk"),
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
    for call in (lambda: net.select(country=[]), lambda: net.nearest("Kabul", country=[])):
        with pytest.raises(co.InputError, match=r"country=\[\] is not possible: at least one"):
            call()
    assert country_code("Karachi") == country_code("") == ""
    with pytest.raises(co.UnknownNameError, match=r"no country 'Iram'.*Near matches: Iran \(IR\)"):
        net.select(country="Iram")


def test_letters_that_keyboards_write_in_different_ways_are_one() -> None:
    assert fold("كابل") == fold("کابل")
    assert fold("لاھور") == fold("لاہور") == fold("لاهور")
    assert fold("Ёлка") == fold("Елка")


def test_geocode_takes_names_in_their_scripts() -> None:
    assert co.geocode("Алматы").place == "almaty"
    assert (co.geocode("Mumbai port").place, co.geocode("KBL").place) == ("mumbai", "kabul")
    assert co.geocode("Рудный").country == "KZ"
    assert co.geocode("Астрахань").place == co.load().tables.place("Астрахань") == "astrakhan-city"
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


def test_codes_of_stations_have_a_check_digit_and_name_one_place(net: co.Network) -> None:
    aliases = net.places["aliases"].str.split(";").explode()
    codes = aliases[aliases.str.fullmatch(r"\d{6}")]
    assert len(codes) == codes.nunique() >= 20
    for code in codes:
        digits = [int(digit) for digit in code]
        rest = sum(digit * weight for digit, weight in zip(digits[:5], range(1, 6), strict=True)) % 11
        if rest == 10:
            rest = sum(digit * weight for digit, weight in zip(digits[:5], range(3, 8), strict=True)) % 11 % 10
        assert digits[5] == rest, code


def test_codes_name_one_place_each(net: co.Network) -> None:
    aliases = net.places["aliases"].str.split(";").explode()
    for pattern, least in ((r"[A-Z]{3}", 150), (r"[A-Z]{5}", 130)):
        codes = aliases[aliases.str.fullmatch(pattern)]
        assert len(codes) == codes.nunique() >= least
        for ident, code in codes.items():
            assert net.tables.place(code) == ident
            assert len(code) == 3 or code[:2] == net.tables.country(str(ident))


def test_what_sounds_alike_is_never_chosen_silently(net: co.Network) -> None:
    places = net.places.reset_index().iloc[:2].assign(id=["one", "two"], name=["Qala", "Kala"], aliases="")
    names = PlaceNames(places)
    assert (names.find("Qala"), names.find("KALA")) == ("one", "two")
    with pytest.raises(co.AmbiguousNameError, match=r"Qala .*, Kala "):
        names.find("Қала")
