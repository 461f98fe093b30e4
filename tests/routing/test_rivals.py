"""The rivals of the trans-Afghan railway: corridors by Chinese ports, Russia, the Caspian Sea and western Iran.

A corridor is asked for with `via`, `avoid` and `modes`. Days and prices are given as ranges that a forwarder would not
dispute; single figures are in `data/geo/validation`.
"""

from __future__ import annotations

import pytest

import corridors as co

BY_RAIL_AND_SEA = {"modes": {"rail", "sea"}}
BY_POTI = {"via": ["alat-az", "poti", "istanbul"], "avoid": ["RU", "IR", "kars"], **BY_RAIL_AND_SEA}
CASES = {
    "almaty-karachi-lianyungang": (
        ("Almaty", "Karachi", {"via": "lianyungang", **BY_RAIL_AND_SEA}),
        ("altynkol", "khorgos-cn", "xian", "lianyungang"), (14_000, 15_500), (30, 50), (3_000, 6_500),
    ),
    "kostanay-nhava-sheva-bandar-abbas": (
        ("Kostanay", "Nhava Sheva", {"via": "bandar-abbas", **BY_RAIL_AND_SEA}),
        ("bolashak", "incheh-borun", "bandar-abbas"), (6_500, 7_200), (25, 42), (3_000, 5_500),
    ),
    "kostanay-nhava-sheva-poti": (
        ("Kostanay", "Nhava Sheva", BY_POTI),
        ("aktau", "alat-az", "tbilisi", "poti", "istanbul"), (10_500, 12_500), (40, 62), (3_500, 6_500),
    ),
    "kostanay-nhava-sheva-novorossiysk": (
        ("Kostanay", "Nhava Sheva", {"via": "novorossiysk", "avoid": "IR", **BY_RAIL_AND_SEA}),
        ("zolotaya-sopka", "samara", "novorossiysk"), (10_500, 11_500), (28, 45), (2_000, 4_500),
    ),
    "almaty-istanbul-aktau-baku": (
        ("Almaty", "Istanbul", {"avoid": ["RU", "IR"], **BY_RAIL_AND_SEA}),
        ("aktau", "alat-az", "tbilisi", "akhalkalaki", "kars", "istanbul"), (5_700, 6_400), (17, 30), (3_300, 6_000),
    ),
    "almaty-istanbul-iran": (
        ("Almaty", "Istanbul", {"via": "tehran", "avoid": "RU", **BY_RAIL_AND_SEA}),
        ("sarakhs", "tehran", "razi", "van", "tatvan", "istanbul"), (5_900, 6_700), (17, 30), (3_300, 6_000),
    ),
    "moscow-bandar-abbas-east": (
        ("Moscow", "Bandar Abbas", {"modes": {"rail"}}),
        ("kigash-border", "bolashak", "incheh-borun"), (5_300, 6_000), (12, 21), (2_500, 4_500),
    ),
    "moscow-nhava-sheva-west": (
        ("Moscow", "Nhava Sheva", {"via": ["astara-ir", "bandar-abbas"], "avoid": ["KZ", "chabahar"]}),
        ("samur-border", "baku", "astara-az", "rasht-ir", "qazvin", "bandar-abbas"),
        (6_000, 6_900), (20, 35), (3_500, 6_500),
    ),
    "astana-moscow": (
        ("Astana", "Moscow", {"modes": {"rail"}}),
        ("petropavl", "kurgan"), (2_500, 3_000), (5, 11), (1_100, 2_500),
    ),
    "almaty-tianjin": (
        ("Almaty", "Tianjin Xingang", {"modes": {"rail"}}),
        ("altynkol", "urumqi", "lanzhou", "xuzhou"), (4_900, 5_500), (8, 16), (2_500, 4_800),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_corridors_of_the_rivals(net: co.Network, name: str) -> None:
    (start, end, options), passed, km, days, usd = CASES[name]
    route = net.route(start, end, **options)
    assert set(passed) <= set(route.places)
    assert km[0] < route.km < km[1]
    assert days[0] < route.hours / 24 < days[1]
    assert usd[0] < route.cost_usd("feu") < usd[1]


def test_customs_union_has_no_long_borders(net: co.Network) -> None:
    """Between Kazakhstan and Russia a truck stands some hours, at Samur, where the union ends, a day."""
    inside = net.route("Petropavl", "Kurgan", cargo="truck")
    beyond = net.route("Makhachkala", "Baku", cargo="truck")
    assert _border_hours(inside) < 10 < _border_hours(beyond)


def _border_hours(route: co.Route) -> float:
    steps = route.steps
    return float(steps.loc[steps["kind"] == "border", "hours"].sum())


@pytest.mark.parametrize("cargo", ["wagon", "container"])
def test_railways_to_the_south_keep_their_ways(net: co.Network, cargo: str) -> None:
    """By rail alone no rival reaches Karachi or Bandar Abbas: Astara has no railway yet."""
    route = net.route("Kostanay", "Bandar Abbas", cargo=cargo, modes={"rail"})
    assert not {"RU", "AZ", "CN"} & set(route.countries)


def test_rasht_astara_closes_the_western_branch(net: co.Network) -> None:
    before = net.route("Moscow", "Bandar Abbas", modes={"rail"})
    after = net.build("rasht-astara").route("Moscow", "Bandar Abbas", modes={"rail"})
    assert "astara-ir" not in before.places
    assert {"astara-az", "rasht-ir", "qazvin"} <= set(after.places)
    assert after.km < before.km - 500
    assert after.count("gauge_change") == 1


def test_alimbet_is_shut_to_trucks(net: co.Network) -> None:
    assert "alimbet-rail" not in net.route("Aktobe", "Orsk", cargo="truck").places
    assert "alimbet-rail" in net.open("alimbet-road").route("Aktobe", "Orsk", cargo="truck").places


def test_sets_of_the_corridors(net: co.Network) -> None:
    matrix = net.matrix(["almaty"], "china-ports", "hours", modes={"rail"})
    assert (matrix / 24).max(axis=None) < 16
    assert {"poti", "istanbul"} <= set(net.matrix(["tbilisi"], "middle-corridor", "km").columns)
    assert {"moscow", "astara-ir"} <= set(net.matrix(["baku"], "instc-west", "km").columns)
