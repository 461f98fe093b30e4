"""What four kinds of users do with the README alone, each as one short script with numbers that can fail."""

from __future__ import annotations

import re
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

import corridors as co
from support.browser import browser, needs_browser


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
    # for the paper: the table with units, and what it stands on
    assert r"\toprule" in (latex := flour.to_latex(names=True))
    assert "USD/t" in latex
    assert len(flour.sources()) > 5


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
    # the same by the names of his own letters, and the books of the office
    other = net.quote("Алматы", "Карачи", departure="2026-12-01", ways=1, payload_t=20, units=2, draws=50)
    assert other.table()["km"].tolist() == quote.table()["km"].tolist()
    sheets = pd.read_excel(quote.to_excel(tmp_path / "quote.xlsx"), sheet_name=None)
    assert any("ource" in name for name in sheets)


@pytest.mark.browser
@needs_browser
def test_the_quote_fits_a_phone_a_screen_and_paper(net: co.Network, tmp_path: Path) -> None:
    file = net.quote("Almaty", "Karachi", departure="2026-12-01", ways=1, draws=5).write(tmp_path / "quote.html")
    with browser(tmp_path) as page:
        for width, phone in ((390, True), (1280, False)):
            page.open(file, width, 844, phone=phone, ready="document.readyState === 'complete'")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        printed = page.call("Page.printToPDF", preferCSSPageSize=True)["data"]
        assert not page.problems
    assert len(printed) > 10_000


def test_a_railway_planner_ranks_projects(net: co.Network) -> None:
    """Hours by rail before and after, and a line of his own."""
    nets = {"base": net, "uap": net.build("uap-kabul"), "west": net.build("western-route")}
    hours = {name: one.route("Tashkent", "Karachi", modes={"rail"}, cargo="wagon").hours for name, one in nets.items()}
    assert hours["uap"] < hours["base"] - 48
    assert hours["west"] < hours["base"] - 48
    joined = net.add_link("Herat", "Kandahar", mode="rail", gauge_mm=1435, length_km=560, terminals=False)
    assert joined.links["length_km"].sum() - net.links["length_km"].sum() == pytest.approx(560)
    assert len(net.select(country="Uzbekistan", mode="rail").links) > 20
    gain = co.compare([net, "uap-kabul", "western-route"], ["Достык"], ["KHI"], modes={"rail"}, cargo="wagon")
    assert (gain.summary()["hours_delta"].drop("base") < -48).all()
    with pytest.raises(co.AmbiguousNameError, match="Hyderabad"):
        net.route("Tashkent", "Hyderabad", modes={"rail"})


def test_a_railway_planner_prints_a_map(net: co.Network, tmp_path: Path) -> None:
    """A map for a paper, in inches and with letters that stay letters."""
    route = net.build("uap-kabul").route("Termez", "Karachi", modes={"rail"}, cargo="wagon")
    drawn = route.plot(figsize=(5, 5), dpi=60)
    drawn.savefig(tmp_path / "map.pdf")
    assert b"/CIDFontType2" in (tmp_path / "map.pdf").read_bytes()
    assert b"/Type3" not in (tmp_path / "map.pdf").read_bytes()


def test_a_researcher_tests_how_sure_it_is(net: co.Network, tmp_path: Path) -> None:
    """Joint draws, the same by seed, and a measure of a network written in his own code."""
    route = net.route("Tashkent", "Karachi", cargo="truck")
    first, again, other = (route.distribution("hours", draws=40, seed=seed).samples.tolist() for seed in (3, 3, 4))
    assert first == again != other
    graph = net.graph(cargo="truck")
    assert graph.number_of_edges() == 2 * int(net.links["in_use"].sum() + net.services["in_use"].sum())
    # to other programs and back, without a word more
    nx.write_graphml(graph, tmp_path / "net.graphml")
    again = co.Network.from_graph(nx.read_graphml(tmp_path / "net.graphml"))
    assert again.links["length_km"].sum() == net.links["length_km"].sum()
    edges = nx.to_pandas_edgelist(graph)
    assert edges["hours"].notna().all()
    assert "@" in route.bibtex()
    assert re.search(r"\d{4}-\d{2}\+\w{12}", str(co.cite()))
