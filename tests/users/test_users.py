"""What four kinds of users do with the README alone, each as one short script with numbers that can fail."""

from __future__ import annotations

from pathlib import Path

import pytest

import corridors as co


def test_an_economist_asks_who_gains_by_a_railway(net: co.Network) -> None:
    """Delivered prices of flour in Kabul with and without the line, and the response of the market."""
    flour = co.landed([net, "uap-kabul"], "flour", market="Kabul", year=2024, draws=0)
    table = flour.table().set_index(["scenario", "offer"])["landed_usd_t"]
    before, after = table["base"].dropna(), table["uap-kabul"].dropna()
    assert set(before.index) == set(after.index)
    assert (after <= before + 1e-9).all(), "a line that opens makes nothing dearer"
    assert 200 < before.min() < 600
    response = co.respond(
        {"KZ": 400, "UZ": 380}, {"KZ": 380, "UZ": 380}, {"KZ": 0.6, "UZ": 0.4}, theta=5, eps=0, draws=3
    )
    # by hand: 0.6 (380/400)^-5 over the sum of both
    share = 0.6 * 0.95**-5 / (0.6 * 0.95**-5 + 0.4)
    assert response.table()["share_after"]["KZ"] == pytest.approx(share)


def test_a_forwarder_quotes_a_box(net: co.Network, tmp_path: Path) -> None:
    """A dated quote by codes of places, sent as a page."""
    quote = net.quote(
        "KZALA", "PKKHI", departure="2026-12-01", cargo="container", ways=1, payload_t=20, units=2, draws=50
    )
    row = quote.table().iloc[0]
    assert row["km"] == pytest.approx(net.at("2026-11").route("Almaty", "Karachi", cargo="container").km)
    page = quote.write(tmp_path / "quote.html").read_text(encoding="utf8")
    assert "Almaty" in page
    assert "2026" in page


def test_a_railway_planner_ranks_projects(net: co.Network) -> None:
    """Hours by rail before and after, and a line of his own."""
    nets = {"base": net, "uap": net.build("uap-kabul"), "west": net.build("western-route")}
    hours = {name: one.route("Tashkent", "Karachi", modes={"rail"}, cargo="wagon").hours for name, one in nets.items()}
    assert hours["uap"] < hours["base"] - 48
    assert hours["west"] < hours["base"] - 48
    joined = net.add_link("Herat", "Kandahar", mode="rail", gauge_mm=1435, length_km=560, terminals=False)
    assert joined.links["length_km"].sum() - net.links["length_km"].sum() == pytest.approx(560)
    assert len(net.select(country="Uzbekistan", mode="rail").links) > 20


def test_a_researcher_tests_how_sure_it_is(net: co.Network) -> None:
    """Joint draws, the same by seed, and a measure of a network written in his own code."""
    route = net.route("Tashkent", "Karachi", cargo="truck")
    first, again, other = (route.distribution("hours", draws=40, seed=seed).samples.tolist() for seed in (3, 3, 4))
    assert first == again != other
    graph = net.graph(cargo="truck")
    assert graph.number_of_edges() == 2 * int(net.links["in_use"].sum() + net.services["in_use"].sum())
    assert "@" in co.load().route("Almaty", "Karachi").bibtex()
