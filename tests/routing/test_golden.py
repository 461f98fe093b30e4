"""Routes on the reference network that a forwarder would recognise, with the places they must pass.

They pass because classes and parameters are right; there is no exception in the code for any of them.
"""

from __future__ import annotations

import warnings

import pytest

import corridors as co


@pytest.mark.parametrize("by", ["generalized", "cost"])
def test_karachi_torkham_truck_stays_in_pakistan(net: co.Network, by: str) -> None:
    route = net.route("Karachi", "Torkham", cargo="truck", by=by)
    assert "peshawar" in route.places
    assert "kandahar" not in route.places
    assert {"dera-ismail-khan", "multan", "rohri"} & set(route.places), "by the Indus highway or N-5"
    assert 1390 < route.km < 1650


@pytest.mark.parametrize("cargo", ["wagon", "container"])
def test_tashkent_sarakhs_rail_by_farap(net: co.Network, cargo: str) -> None:
    route = net.route("Tashkent", "Sarakhs", cargo=cargo, modes={"rail"})
    assert {"bukhara", "farap", "mary"} <= set(route.places)
    assert not {"kerki", "amyderya", "talimarjan"} & set(route.places)


@pytest.mark.parametrize("cargo", ["wagon", "container"])
def test_karachi_peshawar_rail_by_lahore(net: co.Network, cargo: str) -> None:
    route = net.route("Karachi", "Peshawar", cargo=cargo, modes={"rail"})
    assert {"rohri", "khanewal", "rawalpindi"} <= set(route.places)
    # the branch by Faisalabad is 59 km shorter and charged by the same table of distances
    assert {"lahore", "faisalabad"} & set(route.places)
    assert not {"dera-ghazi-khan", "kundian"} & set(route.places)


def test_almaty_kabul_wagon_by_hairatan(net: co.Network) -> None:
    route = net.route("Almaty", "Kabul", cargo="wagon")
    assert {"saryagash", "tashkent", "hairatan", "salang"} <= set(route.places)
    assert route.modes == ["rail", "road"]
    transfer = route.steps[route.steps["kind"] == "transfer"]["from_id"]
    assert list(transfer) in (["hairatan"], ["naibabad"], ["gur-e-mar"])


@pytest.mark.parametrize("cargo", ["wagon", "container"])
def test_astana_bandar_abbas_rail(net: co.Network, cargo: str) -> None:
    route = net.route("Astana", "Bandar Abbas", cargo=cargo, modes={"rail"})
    east = {"saryagash", "farap", "sarakhs"} <= set(route.places)
    west = {"bolashak", "incheh-borun"} <= set(route.places)
    assert east or west
    assert route.count("gauge_change") == 1
    assert 3800 < route.km < 4700


def test_tashkent_karachi_truck(net: co.Network) -> None:
    route = net.route("Tashkent", "Karachi", cargo="truck")
    assert {"termez", "hairatan", "salang", "kabul", "torkham", "peshawar"} <= set(route.places)
    assert 2700 < route.km < 3100
    shut = net.at("2026-11").route("Tashkent", "Karachi", cargo="truck")
    assert {"IR", "CN"} & set(shut.countries)
    assert "torkham" not in shut.places
    assert shut.km > route.km


def test_aktau_nhava_sheva(net: co.Network) -> None:
    route = net.route("Aktau", "Nhava Sheva")
    assert {"IR"} <= set(route.countries)
    assert "sea" in route.modes
    assert {"bandar-abbas", "chabahar"} & set(route.places)


def test_kostanay_torghundi_wagon(net: co.Network) -> None:
    route = net.route("Kostanay", "Torghundi", cargo="wagon", modes={"rail"})
    assert {"mary", "serhetabat"} <= set(route.places)
    assert set(route.countries) <= {"KZ", "UZ", "TM", "AF"}
    assert route.count("gauge_change") == 0
    # the block train of 2018 ran 3,500 km to Serhetabat by Bolashak
    by_bolashak = net.route("Kostanay", "Torghundi", cargo="wagon", modes={"rail"}, via="bolashak")
    assert by_bolashak.km == pytest.approx(3500, rel=0.05)


def test_gwadar_kandahar(net: co.Network) -> None:
    route = net.route("Gwadar", "Kandahar")
    assert route.modes == ["road"]
    assert {"quetta", "chaman", "spin-boldak"} <= set(route.places)


def test_almaty_mundra(net: co.Network) -> None:
    route = net.route("Almaty", "Mundra")
    assert "sea" in route.modes
    assert "IR" in route.countries
    assert "karachi" not in route.places, "no direct shipping between Pakistan and India"


@pytest.mark.parametrize("cargo", ["container", "wagon"])
def test_the_kabul_corridor_shortens_rail_to_karachi(net: co.Network, cargo: str) -> None:
    before = net.route("Tashkent", "Karachi", cargo=cargo, modes={"rail"})
    after = net.build("uap-kabul").route("Tashkent", "Karachi", cargo=cargo, modes={"rail"})
    assert "zahedan" in before.places
    assert {"hairatan", "naibabad", "pul-e-khumri", "kharlachi", "kohat"} <= set(after.places)
    assert after.km < before.km - 1000
    assert after.hours < before.hours


@pytest.mark.parametrize("project", ["uap-kabul", "western-route"])
def test_a_railway_to_a_closed_border_gains_exactly_nothing(net: co.Network, project: str) -> None:
    for cargo in ("container", "wagon"):
        for modes in (None, {"rail"}):
            options = {"cargo": cargo, "modes": modes, "by": "generalized"}
            without = net.close("AF-PK").matrix("kazakhstan", "south-asian-ports", "hours", **options)
            built = net.build(project).close("AF-PK").matrix("kazakhstan", "south-asian-ports", "hours", **options)
            assert built.equals(without)


@pytest.mark.parametrize(
    ("ends", "options", "km"),
    [
        (("Karachi", "Mundra"), {"modes": {"sea"}}, 3048),  # over Jebel Ali, for the direct line is barred
        # over the Caspian Sea: by rail alone through Russia it is nearer in cost
        (("Almaty", "alat-az"), {"modes": {"rail", "sea"}, "avoid": "RU"}, 3298),
        (("alat-az", "Almaty"), {"modes": {"rail", "sea"}, "avoid": "RU", "cargo": "wagon"}, 3320),
        (("Karachi", "Chabahar"), {"modes": {"sea"}, "charter": True}, 668),
        (("Aktau", "Turkmenbashi"), {"modes": {"sea"}, "charter": True, "cargo": "truck"}, 506),
    ],
)
def test_by_sea_from_quay_to_quay(net: co.Network, ends: tuple[str, str], options: dict, km: float) -> None:
    route = net.route(*ends, **options)
    assert route.km == pytest.approx(km, rel=0.03)
    assert "sea" in route.modes
    assert "road" not in route.modes
    assert route.count("port") >= 2
    matrix = net.matrix([ends[0]], [ends[1]], by="generalized", **options)
    assert matrix.iloc[0, 0] == pytest.approx(route.hours)


def test_khorgos_by_wagon_loads_at_altynkol(net: co.Network) -> None:
    route = net.route("Khorgos", "Hairatan", cargo="wagon")
    steps = route.steps
    assert list(steps[steps["kind"] == "transfer"]["from_id"]) == ["altynkol"]
    assert steps[steps["mode"] == "road"]["km"].sum() < 15


def test_the_two_sides_of_a_border_are_no_stumbling_block(net: co.Network) -> None:
    """Dustlik and Dostuk lie at one point: the way has hours and cost, but no length."""
    ends = ["dustlik", "dostuk", "osh"]
    table = net.matrix(ends, ends, draws=50, by="generalized")
    assert table.loc[("dustlik", "dostuk"), "expected"] == pytest.approx(1.8)
    assert table["planning_time_index"].isna().sum() == 2  # nothing moves, so there is nothing to compare with
    assert table.drop(columns="planning_time_index").notna().all(axis=None)
    assert co.simulate([net], ends, ends, "hours", draws=20).expected.max() < 20
    assert net.route("dustlik", "dostuk").summary()["km"] == 0


@pytest.mark.parametrize(
    ("origin", "destination", "km", "passed"),
    [
        ("Samarkand", "Dushanbe", 292, {"jartepa", "penjikent", "ayni"}),
        ("Osh", "Murghab", 417, {"sary-tash", "bordobo"}),  # 417 km by the Pamir highway
        ("Khiva", "Ashgabat", 680, {"shovot-border", "dashoguz"}),
        ("Semey", "Urumqi", 1175, {"taskesken", "bakhty"}),
        ("Almaty", "Urumqi", 1016, {"khorgos"}),  # Kolzhat is as near, and its queue no shorter
        ("Turbat", "Chabahar", 318, {"mand", "pishin-ir"}),
        ("Farah", "Chabahar", 1434, {"mahirud", "birjand"}),
        ("Mary", "Mashhad", 477, {"tejen", "sarakhs"}),  # not by the desert road
        ("Kandahar", "Herat", 557, {"farah-rud"}),  # 557 km are published; not by Farah city
        ("Khorog", "Dushanbe", 615, {"kalaikhumb", "kulob"}),  # 1,008 - 395 km by the ministry
    ],
)
def test_trucks_over_the_smaller_posts(
    net: co.Network, origin: str, destination: str, km: float, passed: set[str]
) -> None:
    route = net.route(origin, destination, cargo="truck")
    assert route.km == pytest.approx(km, rel=0.02)
    assert passed <= set(route.places)
    assert "farah" not in route.places[1:]


def test_the_smaller_posts_were_shut_when_they_were_shut(net: co.Network) -> None:
    days = {"2024-06": {"bordobo"}, "2021-06": {"bordobo", "khojeyli", "kolzhat"}, "2022-09-10": {"bordobo", "jartepa"}}
    posts = {"bordobo", "khojeyli", "kolzhat", "jartepa", "artyk", "kulma", "bakhty", "mahirud"}
    for day, shut in days.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", co.CorridorsWarning)
            crossings = net.at(day).crossings
        assert {post for post in posts if not crossings.loc[post, "open_to"]} == shut, day
