"""Quotes: prices, arrivals, borders and what is assumed, worked out by hand on a small network."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import corridors as co
from support.networks import PARAMETERS, crossing, link, make, parameter, place

DAY = {"departure": "2026-12-01", "draws": 20}


@pytest.fixture(scope="module")
def small() -> co.Network:
    """Road of 100 km in KZ, a border with hours of opening and a load limit, and 150 km in UZ."""
    shut = {"id": "snow", "kind": "crossing", "target": "x", "start": "2020-01", "months": "1;2", "reason": "Snow"}
    stop = {"id": "x", "kind": "crossing", "target": "x", "mode": "road", "rate_per_year": 2, "duration_d": 3}
    ends = {"rate_low_per_year": 1, "rate_high_per_year": 3, "duration_low_d": 2, "duration_high_d": 4}
    sure = {"source": "s", "confidence": "A"}
    wait = parameter("charge", "cost", 1, "USD/t", mode="road") | {"confidence": "assumed", "note": "no figure"}
    return make(
        [place("a", "KZ", 50, 60), place("b", "KZ", 51, 60), place("c", "UZ", 51.01, 60), place("d", "UZ", 52, 60)],
        [
            link("a", "b", "road", 100),
            link("b", "c", "road", 10, crossing="x", border_km=5),
            link("c", "d", "road", 140),
        ],
        crossings=[crossing("x", "b", "c", max_load_t=20, open_hours="8-20", wait_in_dwell="yes", source="cx")],
        closures=[{**shut, "source": "cs", "confidence": "A"}],
        events=[{**stop, **ends, **sure, "source": "ev"}],
        parameters=[*PARAMETERS, wait],
    )


def test_prices_and_arrival_by_hand(small: co.Network) -> None:
    # 250 km at 25 km/h and 10 h of stops per 1000 km; 4 h of exit and 6 h of entry
    hours = 10 + 2.5 + 10
    # 0.05 USD/tkm, 3 USD/t on either side, 1 USD/t at the start; a truck of 20 t
    usd_t = 12.5 + 6 + 1
    offer = small.route("A", "D", cargo="truck").quote(**DAY, payload_t=16, units=3, currency="kzt", fx_per_usd=500)
    row = offer.table().iloc[0]
    assert row["days"] == pytest.approx(hours / 24)
    assert row["arrival"] == dt.date(2026, 12, 2)  # noon and 22.5 h
    assert row["truck_usd"] == pytest.approx(20 * usd_t)
    assert row["cost_usd_t"] == pytest.approx(20 * usd_t / 16)
    assert (row["total_usd"], row["total"]) == pytest.approx((60 * usd_t, 30_000 * usd_t))
    assert row["co2e_kg_t"] == pytest.approx(25 * 20 / 16)
    assert (row["currency"], row["units"], row["unit"]) == ("KZT", 3, "truck")
    # nothing is drawn where low and high are the value
    assert row["p50_days"] == row["p90_days"] == pytest.approx(hours / 24)


def test_a_wagon_is_paid_by_the_tonne(line: co.Network) -> None:
    route = line.route("A", "D", cargo="wagon")
    row = route.quote(**DAY, payload_t=50).table().iloc[0]
    assert row["wagon_usd"] == pytest.approx(50 * route.cost_usd_t)
    assert row["cost_usd_t"] == pytest.approx(route.cost_usd_t)
    assert row["co2e_kg_t"] == pytest.approx(route.co2e_kg_t)


def test_a_border_tells_what_it_asks_for(small: co.Network) -> None:
    offer = small.route("A", "D", cargo="truck").quote(**DAY, payload_t=22)
    (row,) = offer.crossings().to_dict("records")
    assert (row["crossing"], row["from_country"], row["to_country"], row["hours"]) == ("x", "KZ", "UZ", 10)
    assert "at most 20 t a vehicle" in row["restrictions"]
    assert "trucks pass 8-20 h" in row["restrictions"]
    assert "the payload of 22 t is more" in row["restrictions"]
    assert row["closures"] == "shut since January 2020 in the months 1, 2: Snow"
    assert row["stops"] == "found shut 2 times a year, for 3 days on average"
    assert row["source"] == "cx;cs;ev"
    assert {"cx", "cs", "ev"} <= set(offer.sources().index)


def test_documents_are_told_by_the_parties_of_their_conventions(net: co.Network) -> None:
    wagon = net.route("Chaman", "Tashkent", cargo="wagon", modes={"rail"}, via="taftan").quote(**DAY)
    told = wagon.crossings().set_index("crossing")["documents"].to_dict()
    assert told["sarakhs"] == "SMGS consignment note: both are parties"
    assert told["taftan"] == "SMGS consignment note: PK is no party"
    assert {"smgs-2016"} < set(wagon.sources().index)
    truck = net.route("Termez", "Kabul", cargo="truck").quote(**DAY)
    assert truck.crossings()["documents"].tolist() == ["TIR carnet: both are parties"]
    assert any("not whether a post takes its papers" in line for line in truck.conditions())


def test_what_is_assumed_is_listed_with_its_share(small: co.Network) -> None:
    offer = small.route("A", "D", cargo="truck").quote(**DAY)
    (row,) = offer.assumed().to_dict("records")
    assert (row["measure"], row["note"]) == ("cost", "no figure")
    assert row["share"] == pytest.approx(1 / 19.5)
    assert "0% of the hours and 5% of the cost" in str(offer)


def test_a_way_over_a_border_that_is_shut_says_so(net: co.Network) -> None:
    route = net.route("Almaty", "Karachi", cargo="truck", via="torkham")
    told = route.quote(**DAY).conditions()
    assert told[0].startswith("Way 1 passes Torkham, shut at the departure")
    # known closures are of November 2026, and this departure is before them
    early = route.quote(departure="2025-06-01", draws=20).conditions()
    assert not any("shut at the departure" in line or "Closures are known" in line for line in early)


def test_three_ways_in_todays_state_of_the_borders(net: co.Network) -> None:
    offer = net.quote("Almaty", "Karachi", cargo="truck", **DAY)
    assert len(offer.table()) == 3
    assert offer.border_state.startswith("November 2026: AF-PK")
    assert not offer.crossings()["crossing"].isin(["torkham", "chaman"]).any()
    with pytest.warns(co.UndatedLinksWarning):
        earlier = net.quote("Almaty", "Karachi", cargo="truck", ways=1, at="2024-06", **DAY)
    assert earlier.table()["countries"].tolist() == ["KZ-UZ-AF-PK"]
    by_hand = net.at("2026-11").open("AF-PK").quote("Almaty", "Karachi", cargo="truck", ways=1, **DAY)
    assert by_hand.border_state.endswith("AF-PK opened by hand")


def test_units_of_a_good_stand_side_by_side(net: co.Network) -> None:
    offer = net.quote("Kostanay", "Kabul", commodity="flour", **DAY)
    table = offer.table()
    assert sorted(table["cargo"]) == ["container", "truck", "wagon"]
    assert {"teu_usd", "feu_usd", "truck_usd", "wagon_usd"} <= set(table)
    assert "Wheat flour" in offer.heading
    costs = [route.generalized_usd_t for route in offer.routes]
    assert costs == sorted(costs)


def test_the_forms_of_a_quote(small: co.Network, tmp_path: Path) -> None:
    offer = small.quote("A", "D", cargo="truck", **DAY)
    assert "1 differ enough" in str(offer)
    assert "390 USD for 1 (20 t)" in str(offer)
    page = offer.write(tmp_path / "quote.html").read_text(encoding="utf8")
    assert offer.heading in page
    assert "<script" not in page
    assert "no figure" in page
    assert offer.write(tmp_path / "quote.txt").read_text(encoding="utf8") == f"{offer}\n"
    assert r"One truck & 390 USD \\" in offer.write(tmp_path / "quote.tex").read_text(encoding="utf8")
    assert offer.to_latex("crossings").startswith(r"\begin{tabular}{rllllr")
    assert "<li>" in offer._repr_html_()
    with pytest.raises(co.InputError, match=r"\.html, \.txt, \.tex or \.xlsx"):
        offer.write(tmp_path / "quote.doc")


def test_tables_of_a_quote_fill_a_workbook(small: co.Network, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(small.quote("A", "D", cargo="truck", **DAY).write(tmp_path / "quote.xlsx"))
    assert book.sheetnames == ["ways", "crossings", "legs of way 1", "assumed", "terms", "sources"]
    assert book["terms"]["A3"].value.startswith("Borders: ")


def test_names_of_a_page_are_text(small: co.Network) -> None:
    rows = small.tables["places"].to_dict("records")
    rows[0]["name"] = "<b>A&B</b>"
    names = {name: small.tables[name].to_dict("records") for name in ("crossings", "closures", "events", "parameters")}
    mine = make(rows, small.tables["links"].to_dict("records"), **names)
    assert "<b>A" not in mine.route("a", "D", cargo="truck").quote(**DAY).html


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"departure": "2026-12"}, "a day, such as"),
        ({"departure": "tomorrow"}, "dates are written"),
        ({"payload_t": 0}, "tonnes in one unit"),
        ({"payload_t": float("nan")}, "tonnes in one unit"),
        ({"payload_t": 500}, r"payload_t=500\.0 is not possible: .*no truck carries more than 61\.5 t"),
        ({"units": 1.5}, "a whole number of boxes"),
        ({"units": 0}, "a whole number of boxes"),
        ({"currency": "tenge"}, "a code of three letters"),
        ({"currency": "KZT"}, "units of KZT for one USD"),
        ({"fx_per_usd": 520}, "1 for USD"),
        ({"draws": 0}, "draws"),
    ],
)
def test_terms_that_cannot_be(small: co.Network, wrong: dict[str, object], told: str) -> None:
    with pytest.raises(co.InputError, match=told):
        small.route("A", "D", cargo="truck").quote(**{**DAY, **wrong})


def test_a_payload_is_looked_at_for_every_unit_that_is_quoted(line: co.Network, net: co.Network) -> None:
    assert line.route("A", "D", cargo="wagon").quote(**DAY, payload_t=77).table()["payload_t"].iloc[0] == 77
    with pytest.raises(co.InputError, match="no wagon carries more than 77 t"):
        line.quote("A", "D", cargo="wagon", payload_t=78, **DAY)
    with pytest.raises(co.InputError, match="no 20-ft container carries more than 36 t"):
        net.quote("Kostanay", "Kabul", commodity="flour", payload_t=60, **DAY)


def test_a_quote_that_cannot_be(small: co.Network, net: co.Network) -> None:
    with pytest.raises(co.InputError, match="1 or more"):
        small.quote("A", "D", ways=0, **DAY)
    with pytest.raises(co.NoRouteError):
        small.close("x").quote("A", "D", cargo="truck", **DAY)
    with pytest.raises(co.NoRouteError, match=r"by wagon.*by truck"):
        net.close("UZ-AF", "AF-TM", "AF-TJ", "AF-IR", "AF-PK").quote("Kostanay", "Kabul", commodity="flour", **DAY)
    with pytest.raises(co.UnknownOptionError, match="did you mean 'payload_t'"):
        net.quote("Almaty", "Karachi", payload=18)
