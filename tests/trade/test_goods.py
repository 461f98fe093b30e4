"""A good decides what it travels in, and the tables of trade are checked at the door and kept in every format."""

from __future__ import annotations

from pathlib import Path

import pytest

import corridors as co
from corridors.data import schema
from support.networks import COMMODITIES, POSITIONS, assert_same, link, make, place

TRADE = ("flows", "offers", "markets", "duties", "elasticities", "seasons")


def test_a_good_goes_in_what_it_can(net: co.Network) -> None:
    try:
        unit = net.route("Kostanay", "Karachi", commodity="sulphur").cargo
    except co.NoRouteError as error:
        unit = "wagon" if "wagon" in str(error) else str(error)
    assert unit == "wagon"
    assert net.route("Kostanay", "Tashkent", commodity="sulphur").cargo == "wagon"
    assert net.route("Kostanay", "Tashkent", commodity="flour").cargo == "container", "as without a good"
    assert net.route("Mashhad", "Herat", commodity="poultry").cargo == "container"


@pytest.mark.parametrize(("good", "cargo"), [("sulphur", "container"), ("sulphur", "truck"), ("fruit", "wagon")])
def test_a_contradicting_cargo_unit_is_an_error(net: co.Network, good: str, cargo: str) -> None:
    with pytest.raises(co.InputError, match=rf"cargo='{cargo}'.*'{good}'\) travels by"):
        net.route("Kostanay", "Karachi", commodity=good, cargo=cargo)
    with pytest.raises(co.InputError, match="travels by"):
        co.compare(net, ["Kostanay"], ["Karachi"], commodity=good, cargo=cargo)


def test_a_comparison_of_a_good_says_its_unit(net: co.Network) -> None:
    assert co.compare(net, ["Kostanay"], ["Tashkent"], commodity="sulphur").cargo == "wagon"
    assert co.compare(net, ["Kostanay"], ["Tashkent"]).cargo == "container"


def test_the_bundled_tables_of_trade(net: co.Network) -> None:
    tables = net.tables
    assert all(len(tables[name]) > 20 for name in TRADE)
    goods = {"oilseeds", "sunflower-oil", "confectionery", "coal", "lpg", "oil-products", "cement", "pulses", "poultry"}
    assert goods <= set(tables["commodities"]["id"])
    flour = tables.find("commodities", "flour")
    assert flour[["load_wagon_t", "load_container_t", "load_truck_t"]].tolist() == [66, 21, 22]
    for profile, rows in tables["seasons"].groupby("profile"):
        assert rows["weight"].mean() == pytest.approx(1, abs=1e-3), profile
    peak = tables["seasons"].set_index("id").loc["grain-kz-11", "weight"]
    assert peak == pytest.approx(1.31, abs=0.005)
    assert not tables["duties"]["value"][tables["duties"]["kind"] == "ban"].notna().any()
    mirror = tables["flows"].query("origin == 'PK' and destination == 'KZ'")
    assert len(mirror) == len(mirror.drop_duplicates(["period", "statistic"])), "two sides are two rows"


def offer(**more: object) -> dict[str, object]:
    base = {"id": "o", "commodity": "flour", "country": "KZ", "place": "a", "price_usd_t": 100, "basis": "exw"}
    return {**base, "period": "2024", "source": "s", "confidence": "A", **more}


def duty(**more: object) -> dict[str, object]:
    base = {"id": "d", "country": "KZ", "direction": "export", "kind": "ad-valorem", "value": 5, "unit": "%"}
    return {**base, "source": "s", "confidence": "A", **more}


def flow(**more: object) -> dict[str, object]:
    base = {"id": "f", "origin": "KZ", "destination": "a", "commodity": "flour", "period": "2024", "tonnes": 10}
    return {**base, "statistic": "exporter", "source": "s", "confidence": "A", **more}


def season(month: int, weight: float = 1) -> dict[str, object]:
    return {"id": f"s-{month}", "profile": "s", "month": month, "weight": weight, "source": "s", "confidence": "A"}


def made(**tables: list[dict[str, object]]) -> co.Network:
    return make([place(i, *POSITIONS[i]) for i in "ab"], [link("a", "b", "rail", 100)], **tables)


WRONG = [
    ({"offers": [offer(place="z")]}, "no place 'z'"),
    ({"offers": [offer(commodity="flower")]}, "no commodity 'flower'; near matches: flour"),
    ({"offers": [offer(low_usd_t=120)]}, "100 is not between low_usd_t and high_usd_t"),
    ({"offers": [offer(period="2024-13")]}, "is not a period"),
    ({"offers": [offer(period="2024/2023")]}, "is not a period"),
    ({"offers": [offer(basis="ddp")]}, "'ddp' is none of"),
    ({"duties": [duty(kind="ban")]}, "a ban has no value"),
    ({"duties": [duty(value="")]}, "needed for the kind ad-valorem"),
    ({"duties": [duty(unit="percent")]}, "'percent' is not %"),
    ({"duties": [duty(kind="specific", unit="KZT/t")]}, "needed for an amount in KZT/t"),
    ({"duties": [duty(kind="specific", unit="KZT")]}, "is not money per tonne"),
    ({"duties": [duty(kind="quota", unit="%")]}, "is not t or t/month or t/year"),
    ({"duties": [duty(partner="Uzbekistan")]}, "not a country code"),
    ({"duties": [duty(hs="101")]}, "no code of the Harmonized System"),
    ({"duties": [duty(valid_from="2024-02", valid_to="2024-01")]}, "is before valid_from"),
    ({"duties": [duty(direction="transit", kind="ban", value="", unit="")]}, "close the border instead"),
    ({"flows": [flow(destination="nowhere")]}, "no place 'nowhere'"),
    ({"flows": [flow(tonnes="")]}, "a flow has tonnes or a value"),
    ({"flows": [flow(origin="a")]}, "is the origin as well"),
    ({"seasons": [season(m) for m in range(1, 12)]}, "each of the months"),
    ({"seasons": [season(m, 2) for m in range(1, 13)]}, "not 1"),
    (
        {"commodities": [{**COMMODITIES[0], "season": "x"}], "seasons": [season(m) for m in range(1, 13)]},
        "no profile 'x'",
    ),
    ({"commodities": [{**COMMODITIES[0], "load_wagon_t": 60, "load_wagon_high_t": 50}]}, "is not between"),
    ({"commodities": [{**COMMODITIES[0], "cargo_units": "wagon;plane"}]}, "'plane' is none of"),
]


@pytest.mark.parametrize(("tables", "words"), WRONG, ids=[words for _, words in WRONG])
def test_what_cannot_be_is_refused_at_the_door(tables: dict[str, list[dict[str, object]]], words: str) -> None:
    with pytest.raises(co.SchemaError, match=words):
        made(**tables)


def test_a_network_without_trade_works_as_before() -> None:
    net = made()
    assert all(net.tables[name].empty for name in TRADE)
    assert net.route("a", "b", cargo="wagon").km == 100
    with pytest.raises(co.InputError, match="the table offers has no rows"):
        net.landed("flour", market="a")


@pytest.mark.parametrize("name", ["net", "net.gpkg", "net.graphml"])
def test_tables_of_trade_are_written_and_read(tmp_path: Path, name: str) -> None:
    trade = {"offers": [offer()], "duties": [duty()], "flows": [flow()], "seasons": [season(m) for m in range(1, 13)]}
    net = made(**trade)
    assert_same(co.read(net.write(tmp_path / name)), net)


def test_a_part_of_a_network_keeps_what_is_about_it(net: co.Network) -> None:
    part = net.select(country="UZ")
    assert set(part.tables["offers"]["place"]) - set(part.places.index) <= {""}
    assert len(part.tables["flows"]) == len(net.tables["flows"]), "flows of countries stay"
    assert "tashkent" in set(part.tables["offers"]["place"])
    own = made(flows=[flow(), flow(id="g", destination="b")])
    assert schema.is_country("KZ")
    assert own.tables["flows"]["destination"].tolist() == ["a", "b"]


def test_robustness_of_a_good_keeps_its_load(net: co.Network) -> None:
    few = {"disputed": ["waiting/rail/hours"], "lengths_km": {}, "commodity": "flour", "cargo": "truck"}
    table = co.robustness(net, ["uap-kabul"], ["Tashkent"], ["Kabul"], **few)
    whole = co.compare([net, "uap-kabul"], ["Tashkent"], ["Kabul"], commodity="flour", cargo="truck")
    cost = whole.table("generalized").iloc[0]
    assert len(table) == 5
    assert table.loc["reference", "uap-kabul"] == pytest.approx(cost["uap-kabul"] - cost["base"])
