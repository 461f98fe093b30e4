"""The report: its files, its figures, and the page in a real browser."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import corridors as co
from corridors.base.numbers import tonnes_text
from corridors.base.phrases import Phrases
from corridors.measures.answer import of_pairs
from corridors.measures.turns import ASSUMPTIONS, settings
from corridors.report import DESTINATIONS, Study, study, write_report
from corridors.report.brief import brief
from corridors.report.holding import turn_sentences
from corridors.report.page import _glance
from corridors.report.words import signed
from support.browser import browser, needs_browser
from support.networks import POSITIONS, crossing, link, make, place

MAPS = {"map-flows.png", "map-days.png", "map-ways-by-rail.png", "map-ways-all-modes.png"}
CHARTS = {"value-of-time-destinations", "gain-against-cost", "time-distance", "parts", "spread", "pairs"}
TRADE = {
    "chart-delivered-prices.png",
    "chart-from-to.png",
    "chart-gateways.png",
    "map-tonnes.png",
    "map-tonnes-change.png",
}
WORTH = {"chart-net-present-value.png"}
PICTURES = MAPS | TRADE | WORTH | {f"chart-{name}.png" for name in CHARTS}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("report")
    write_report(place, origins=["Almaty", "Kostanay"], destinations=["Karachi", "Gwadar"])
    return place


def test_files(folder: Path) -> None:
    names = {file.name for file in folder.iterdir()}
    assert {"index.html", "pairs.csv", "gains.csv", "legs.csv", "flows.csv", "days.csv", "assumptions.csv"} <= names
    assert {"ranking-by-assumption.csv", "ranking-by-measure.csv", "report.gpkg", "map.html"} <= names
    assert {"markets.csv", "value-of-time.csv", "break-even.csv", "single-assumptions.csv"} <= names
    assert {name for name in names if name.endswith(".png")} == PICTURES


@pytest.mark.slow
def test_every_sentence_of_the_page_has_russian_words(folder: Path) -> None:
    say = Phrases("ru", own=["uap-kabul", "western-route"])
    english = (folder / "index.html").read_text(encoding="utf8")
    # names of parameters are put into words from the tables, not from the page
    rows = re.compile(r'(<section id="assumptions">.*?<tbody>).*?</tbody>', re.DOTALL)
    page = say.page(rows.sub(r"\1</tbody>", english))
    assert not list(dict.fromkeys(say.missing))
    assert page.startswith('<!doctype html>\n<html lang="ru">')
    assert "Что изменит железная дорога" in page
    assert "Какая из двух теряет меньше" in page
    assert page.count("<td") > 300


def test_geodata(folder: Path) -> None:
    layers = {name: gpd.read_file(folder / "report.gpkg", layer=name) for name in ("legs", "flows", "days")}
    assert all(layer.crs.to_epsg() == 4326 for layer in layers.values())
    flows = layers["flows"].drop(columns="geometry")
    assert len(flows) == len(pd.read_csv(folder / "flows.csv"))
    kabul = layers["flows"].query("way == 'rail only' and cargo == 'container' and scenario == 'uap-kabul'")
    assert set(layers["flows"].geom_type) == {"LineString"}
    # both origins send half of what is joined over the bridge at Hairatan
    bridge = kabul[(kabul["to_id"] == "hairatan") & (kabul["mode"] == "rail")]
    assert bridge["share"].tolist() == pytest.approx([0.5])
    assert layers["days"].query("origin == 'karachi'")["days"].eq(0).all()


def test_tables(folder: Path, net: co.Network) -> None:
    pairs = pd.read_csv(folder / "pairs.csv")
    assert len(pairs) == 2 * 2 * 4 * 3 * 4, "cargo units, ways, states of the borders, scenarios and pairs"
    keys = ["cargo", "way", "border", "scenario", "origin", "destination"]
    row = pairs.set_index(keys).loc[("wagon", "rail only", "open", "uap-kabul", "almaty", "karachi")]
    route = net.build("uap-kabul").route("almaty", "karachi", cargo="wagon", modes={"rail"})
    assert row["hours"] == pytest.approx(route.hours, abs=1e-3)
    base = net.route("almaty", "karachi", cargo="wagon", modes={"rail"})
    assert row["hours_delta"] == pytest.approx(route.hours - base.hours, abs=2e-3)
    gwadar = pairs[(pairs["destination"] == "gwadar") & (pairs["way"] == "rail only")]
    assert set(gwadar["status"]) == {"neither"}


def test_a_closed_border_gains_nothing(folder: Path) -> None:
    gains = pd.read_csv(folder / "gains.csv")
    shut = gains[gains["border"].isin(["AF-PK closed", "both closed"])]
    assert (shut[["gaining", "joined", "parted"]] == 0).all(axis=None)
    assert (shut["days"].fillna(0) == 0).all()
    rail = gains[(gains["border"] == "open") & (gains["way"] == "rail only") & (gains["scenario"] != "base")]
    assert (rail["days"] < 0).all()
    # a wagonload gains less, and its band reaches beyond zero
    assert (rail.loc[rail["cargo"] == "container", "p95"] < 0).all()


def test_the_page_needs_nothing_else(folder: Path) -> None:
    page = (folder / "index.html").read_text(encoding="utf8")
    assert not re.search(r"src=[\"'](?!data:)", page)
    assert not re.search(r"<link|@import|url\(", page)
    assert page.count("data:image/webp;base64") == len(PICTURES)
    assert len(page) < 5_000_000


def statements(page: str) -> list[tuple[str, str]]:
    return re.findall(r"<li><strong>(.*?)</strong> (.*?)</li>\s*(?=<li><strong>|</ol>)", page, re.DOTALL)


def test_the_page_opens_with_the_value_of_time(folder: Path) -> None:
    page = (folder / "index.html").read_text(encoding="utf8")
    first = statements(page)[0]
    table = pd.read_csv(folder / "break-even.csv").query("cargo == 'container' and way == 'all modes'")
    limits = table.groupby("scenario")["to_usd_t_d"].max()
    assert "while a day is worth less than" in first[0]
    assert all(f"{limit:.2g}" in first[0] for limit in (limits.min(), limits.max()))
    by_value = pd.read_csv(folder / "value-of-time.csv").query("cargo == 'container' and way == 'all modes'")
    flour = by_value.query("commodity == 'flour' and scenario == 'uap-kabul'").iloc[0]
    assert f"{flour['gaining']} with wheat flour ({flour['vot_usd_t_d']:.2g})" in first[1]
    assert page.index(first[0]) < page.index("<img") < page.index(statements(page)[1][0])
    assert "from Almaty, Kostanay" in page
    assert "to Karachi, Gwadar" in page


def test_statements_come_from_the_tables_and_say_what_they_hold_for(folder: Path) -> None:
    page = (folder / "index.html").read_text(encoding="utf8")
    second = statements(page)[1]
    keys = ["cargo", "way", "border", "scenario"]
    gains = pd.read_csv(folder / "gains.csv").set_index(keys).sort_index()
    markets = pd.read_csv(folder / "markets.csv").set_index([*keys, "market"]).sort_index()
    row = gains.loc[("container", "rail only", "open", "uap-kabul")]
    karachi = markets.loc[("container", "rail only", "open", "uap-kabul", "karachi")]
    told = f"takes {-karachi['days']:.1f} days less and {-karachi['usd_t']:.0f} USD/t less to Karachi."
    assert second[0] == f"By rail alone the Kabul corridor {told}"
    assert f"{row['p05']:+.0f}".replace("-", "\N{MINUS SIGN}") in second[1]
    assert "no way with it or without to Gwadar" in second[1].replace("No way", "no way")
    for claim, rest in statements(page):
        holds = re.search(r"<em>(.*?)</em>", rest)
        assert holds is not None, claim
        assert holds[1].startswith("Wagon, " if claim.startswith("By wagon") else "Container, ")
        assert "borders: " in holds[1]
        assert "USD/t a day" in holds[1] or "a day is worth" in claim


def section_on_trade(folder: Path) -> str:
    page = (folder / "index.html").read_text(encoding="utf8")
    return unescape(page[page.index('<section id="trade">') : page.index('<section id="measures">')])


def test_gains_that_are_said_are_those_of_the_table(folder: Path, net: co.Network) -> None:
    """Every market without a ban has its saving and its gain in the sentence of its line, and the word of its sign."""
    text, gains = section_on_trade(folder), pd.read_csv(folder / "trade-gains.csv")
    title = {"uap-kabul": "The Kabul corridor", "western-route": "The western Trans-Afghan railway"}
    words = {"rises": "gains on", "falls": "loses on", "undecided": "undecided against"}
    sold = gains[gains["status"] == "sold"]
    assert {"flour", "grain", "sunflower-oil", "ammophos"} == set(gains["good"])
    for row in sold.itertuples():
        good = net.tables.find("commodities", row.good)["name"]
        part = text[text.index(f"<b>{good}, prices of {row.year}.</b>") :]
        said = re.findall(rf"<li>{title[row.scenario]}: (.*?)</li>", part)[0]
        market = net.tables.name(row.market)
        numbers = [
            float(n.replace("\N{MINUS SIGN}", "-")) for n in re.findall(rf"([+\u2212]?[\d.]+) in {market}", said)
        ]
        assert numbers[0] == pytest.approx(-row.saving_usd_t, abs=0.051)
        if row.gain_sign in words:
            assert numbers[1] == pytest.approx(row.gain_usd_t, abs=0.051)
            assert re.search(rf"{words[row.gain_sign]} [^;]*{market}", said)
        else:
            assert re.search(rf"gains nothing on [^;]*{market}", said)
        assert re.search(
            rf"then {row.verdict if row.verdict != 'undecided' else 'ahead or behind'} in [^;]*{market}", said
        )
    banned = gains[gains["status"] == "banned"]
    assert set(banned["market"]) == {"lahore", "karachi"}
    assert "A ban shuts it out of Lahore and Karachi, whatever the line." in text
    # with the border to Pakistan shut nothing is left of what is gained beyond it
    assert (banned["shut_gain_usd_t"].abs() < 0.5).all()
    assert "Confectionery.</b> No price of a seller" in text


def test_what_is_carried_and_paid_is_that_of_the_tables(folder: Path, net: co.Network) -> None:
    text, tonnes = section_on_trade(folder), pd.read_csv(folder / "trade-tonnes.csv")
    flows = net.tables["flows"].set_index("id")
    rows = ["kz-af-flour-2022", "kz-uz-grain-2022", "kz-uz-flour-2022", "kz-af-grain-2022", "kz-af-sunflower-oil-2022"]
    total = flows.loc[rows, "tonnes"].sum()
    assert f"Flows of 2022 by the statistics of the exporter, {tonnes_text(total)} in all" in text
    into = tonnes[(tonnes["scenario"] == "base") & (tonnes["to_country"] == "AF")]
    afghan = flows.loc[[row for row in rows if row.startswith("kz-af")], "tonnes"].sum()
    left = pd.read_csv(folder / "trade-not-carried.csv").query("scenario == 'base'")
    left = left[left["destination"].map(net.places["country"]) == "AF"]
    assert into["tonnes"].sum() + left["tonnes"].sum() == pytest.approx(afghan), "what enters is what is sold there"
    bridge = tonnes[tonnes["id"] == "galaba-hairatan"].groupby("scenario")["tonnes"].sum()
    told = f"Galaba–Hairatan {tonnes_text(bridge['uap-kabul'])} instead of {tonnes_text(bridge['base'])}"
    assert told in text
    paid = pd.read_csv(folder / "trade-payments.csv").groupby(["scenario", "country"])["usd"].sum() / 1e6
    for scenario in ("base", "uap-kabul"):
        assert f'<td class="n">{paid[scenario, "AF"]:.1f}</td>' in text
    full = pd.read_csv(folder / "trade-capacities.csv")
    line = full.loc[full["utilisation"].idxmax()]
    assert f"({line['utilisation']:.0%} of {line['capacity']:g} {line['unit']})" in text
    assert "Gross freight and fees" in text


def test_the_statement_that_began_it_stands_beside_the_flows(folder: Path, net: co.Network) -> None:
    text, flows = section_on_trade(folder), net.tables["flows"].set_index("id")
    assert "987.9 million USD, for 2023 567.5, 43 % less" in text
    assert f"{flows.loc['kz-af-all-2023-usd', 'usd'] / 1e6:,.0f} million of exports to Afghanistan in 2023" in text
    assert f"wheat flour {tonnes_text(flows.loc['kz-af-flour-2022', 'tonnes'])}" in text
    assert "the flows have no tonnes" in text
    for ident in ("interfax-2024", "profit", "kazinform-2024"):
        assert f">{ident}</a>" in text
    for forbidden in ("income of", "will rise", "forecast of", "transit income"):
        assert forbidden not in text


def section_on_worth(folder: Path) -> str:
    page = (folder / "index.html").read_text(encoding="utf8")
    return unescape(page[page.index('<section id="worth">') : page.index('<section id="measures">')])


def test_the_tonnage_that_pays_is_that_of_the_tables(folder: Path, net: co.Network) -> None:
    """Each line opens with the tonnage that pays at the saving of the flows; figures are those of the files."""
    text, table = section_on_worth(folder), pd.read_csv(folder / "worth-summary.csv").set_index("scenario")
    title = {"uap-kabul": "The Kabul corridor", "western-route": "The western Trans-Afghan railway"}
    flows = net.tables["flows"].set_index("id")["tonnes"]
    seen = flows[["kz-af-flour-2022", "kz-af-grain-2022", "kz-af-sunflower-oil-2022"]].sum() / 1e6
    for name, row in table.iterrows():
        assert row["flows_mt"] == pytest.approx(seen, abs=1e-3), (
            "flows to Uzbekistan, where no line is built, are left out"
        )
        head = f"<b>{title[str(name)]}. The flows of the tables save {row['saving_usd_t']:.1f} USD/t by it: at that, "
        assert f"{head}{row['break_even_mt']:,.1f} Mt a year would have to move" in text
        told = f"net present value {signed(row['npv_musd'])} m USD"
        assert {"pays": "it pays", "does not pay": "it does not pay", "undecided": "undecided"}[row["verdict"]] in text
        assert told in text
        assert f"above zero in {100 * row['p_positive']:.0f} % of the draws" in text
        # a line is worth its cost at its break-even: 30 years at the saving of a tonne
        needed = row["break_even_mt"] * row["saving_usd_t"]
        assert f"it has to save {needed:,.0f} m USD in every year" in text
    assert set(table["opens"]) == {2031}, "one year for all"
    assert (table["p_positive"] < 0.1).all()
    assert "None of the lines pays at these flows, so none comes first" in text
    assert "Of tonnes to Pakistan the table of flows has no row of that year" in text
    assert f"Left out are {tonnes_text(flows[['kz-uz-flour-2022', 'kz-uz-grain-2022']].sum())} to Uzbekistan" in text
    assert "the border makes no difference with the Kabul corridor" in text, "these flows end before it"


def test_tonnage_by_market_is_what_has_to_be_saved_over_the_saving(folder: Path) -> None:
    text, table = section_on_worth(folder), pd.read_csv(folder / "worth-break-even.csv")
    saving = table[table["sign"] != "saves nothing"]
    assert (saving["break_even_mt"] * saving["saving_usd_t"]).to_numpy() == pytest.approx(
        saving["needed_musd"].to_numpy(), rel=1e-3
    )
    assert (saving["sign"] == "undecided").to_numpy().tolist() == (saving["p_saves"] < 0.9).tolist()
    assert table.loc[table["sign"] == "saves nothing", "break_even_mt"].isna().all()
    markets = pd.read_csv(folder / "markets.csv").query("way == 'all modes' and border == 'open' and cargo == 'wagon'")
    for row in saving.itertuples():
        mine = markets[(markets["scenario"] == row.scenario) & (markets["market"] == row.market)].iloc[0]
        assert row.saving_usd_t == pytest.approx(-mine["generalized_usd_t"], abs=2e-3)
        cells = re.findall(r"([\d.,]+) Mt at ([\d.,]+) USD/t \([^)]*\)(, undecided)?<", text)
        near = [word for mt, usd, word in cells if abs(float(usd.replace(",", "")) - row.saving_usd_t) < 0.051
                and abs(float(mt.replace(",", "")) - row.break_even_mt) < 0.051]  # fmt: skip
        assert near == [", undecided" if row.sign == "undecided" else ""]


def test_what_is_a_transfer_is_told_apart(folder: Path) -> None:
    text = section_on_worth(folder)
    paid = pd.read_csv(folder / "worth-countries.csv").groupby("scenario")["gross_musd"].sum()
    flows = pd.read_csv(folder / "worth-flows.csv").groupby("scenario")[["users_usd", "revenue_usd"]].sum() / 1e6
    for name, row in flows.iterrows():
        assert f"users save {row['users_usd']:,.1f} m USD a year" in text
        assert f"changes by {signed(paid[name], 1)}, of it dues at borders {signed(row['revenue_usd'], 1)}" in text
    turns = pd.read_csv(folder / "worth-assumptions.csv").query("scenario == 'uap-kabul'")
    assert all(f"<td>{name}</td>" in text for name in turns["assumption"])
    for forbidden in ("income of", "will carry", "will move", "expects to", "forecast of"):
        assert forbidden not in text


def test_every_assumption_names_its_sources(folder: Path, net: co.Network) -> None:
    page = (folder / "index.html").read_text(encoding="utf8")
    part = page[page.index('<section id="assumptions">') :]
    used = pd.read_csv(folder / "assumptions.csv").head(30)
    for ident in {i for cell in used["source"] for i in cell.split(";")} & set(net.sources.index):
        assert f">{ident}</" in part


@pytest.mark.slow
def test_text_from_data_is_escaped(net: co.Network, tmp_path: Path) -> None:
    evil = replace(co.scenario("uap-kabul"), title="<script>alert(1)</script>")
    few = {"draws": 5, "cargo": "container", "closed": None, "trade": False, "appraisal": False}
    page = write_report(tmp_path, origins=["Termez"], destinations=["Karachi"], scenarios=[evil], net=net, **few)
    assert "<script>alert" not in page.read_text(encoding="utf8")


@pytest.mark.slow
def test_brief_without_a_gain(net: co.Network) -> None:
    said = brief(study(net, ["Almaty"], ["Bandar Abbas"], scenarios=["uap-kabul"], draws=20))
    assert said[1].claim == "By rail alone the Kabul corridor saves nothing on any pair to the destinations."
    assert "At no value of time of any good that goes by container would Bandar Abbas gain." in said[1].evidence
    assert said[0].claim.startswith("In free choice of mode no pair to the destinations gains at any value of time")
    assert not any(said[1].senses.values())


@pytest.mark.slow
def test_the_lead_names_every_scenario(net: co.Network) -> None:
    """Where one scenario gains and another never does, the lead says which is which."""
    both = {"scenarios": ["uap-kabul", "western-route"], "cargo": "container", "closed": None, "draws": 5}
    results = study(net, ["Almaty"], ["Karachi"], **both)
    limits = results.break_even().query("way == 'all modes'").set_index("scenario")["to_usd_t_d"]
    assert np.isnan(limits["western-route"])
    kabul = f"with the Kabul corridor only while a day is worth less than {limits['uap-kabul']:.2g} USD/t"
    assert kabul in brief(results)[0].claim
    assert "with the western Trans-Afghan railway at no value from" in brief(results)[0].claim


def test_one_pair_gains_and_two_pairs_gain() -> None:
    assert of_pairs(1, 8) == "1 of 8 pairs gains"
    assert of_pairs(2, 8) == "2 of 8 pairs gain"
    assert of_pairs(1, 1) == "1 of 1 pair gains"


@pytest.mark.slow
def test_cells_are_of_the_destinations_that_gain(net: co.Network) -> None:
    asked = {"scenarios": ["uap-kabul"], "cargo": "container", "closed": None, "modes": {"rail"}, "draws": 5}
    results = study(net, ["Almaty", "Astana"], ["Karachi", "Bandar Abbas"], **asked)
    markets = results.tables["container", "destinations", "market"].query("scenario == 'uap-kabul'")
    karachi = markets.set_index("market").loc["karachi"]
    change = f"{signed(karachi['days'], 1)} days, {signed(karachi['usd_t'])} USD/t"
    assert f"2 of 4 pairs gain, to Karachi: {change}" in str(_glance(results, "destinations"))


def test_other_cargo_units_stand_on_the_first_page(folder: Path) -> None:
    page = (folder / "index.html").read_text(encoding="utf8")
    claim, rest = next(found for found in statements(page) if found[0].startswith("By wagon"))
    gains = pd.read_csv(folder / "gains.csv")
    rows = gains.query("cargo == 'wagon' and way == 'all modes' and border == 'open' and scenario == 'uap-kabul'")
    number = int(rows["gaining"].iloc[0])
    assert f"{number} of {int(rows['compared'].iloc[0])} pairs" in f"{claim} {rest}" or number == 0
    assert "wheat flour" in rest
    assert "State of the borders: normal operation; open here, shut in November 2026: AF-PK" in page


SMALL = {"origins": ["Almaty"], "destinations": ["Karachi", "Lahore"], "scenarios": ["uap-kabul"], "cargo": "container"}


DISPUTED = (
    "rail tariffs x 1.5", "road cost x 0.8", "changes of gauge of 110 h", "hours at Kharlachi x 2",
    "Pakistani rail tariff x 2",
)  # fmt: skip


def told(results: Study) -> dict[tuple[str, ...], int]:
    """Senses of all claims but those on other states of the borders, in which no assumption is tried."""
    found: dict[tuple[str, ...], int] = {}
    for statement in brief(results):
        found |= {key: sense for key, sense in statement.senses.items() if key[0] != "border"}
    return found


@pytest.mark.slow
def test_no_sentence_turns_round_without_the_page_saying_so(net: co.Network) -> None:
    """Change one assumption at a time: where a claim becomes another, the first page must have named the assumption."""
    ends = {name: SMALL[name] for name in ("origins", "destinations")}
    limit = co.compare([net, "uap-kabul"], **ends).by_value_of_time().break_even()["to_usd_t_d"].max()
    asked = {**SMALL, "draws": 20, "closed": None, "vot_usd_t_h": 0.6 * limit / 24}  # where little turns much
    first = study(net, **asked)
    senses, said = told(first), " ".join(turn_sentences(first))
    assert {key[0] for key in senses} == {"value", "gain", "days", "usd_t"}
    turned = set()
    for name, setting in settings(net, {name: ASSUMPTIONS[name] for name in DISPUTED}).items():
        changed = told(study(setting.apply(net), **asked))
        others = [key for key in senses if key in changed and senses[key] != changed[key] and key[0] != "value"]
        if others:
            turned.add(name)
            assert name in said, f"{name} turns {others}"
    assert turned, "an assumption that turns nothing proves nothing"
    assert "reference" not in turned


@pytest.mark.slow
def test_options_of_the_reader_reach_the_page(net: co.Network, tmp_path: Path) -> None:
    page = write_report(tmp_path, origins=["Almaty"], destinations={"far": ["Karachi"], "near": ["Kabul"]}, net=net,
                        scenarios=["uap-kabul"], draws=20, commodity="flour", modes={"rail", "road"},
                        weights={"almaty": 3}, closed=None, cargo="wagon", trade=False, appraisal=False)  # fmt: skip
    text = page.read_text(encoding="utf8")
    assert "Wagon at 0.398 USD/t a day, wheat flour; 2 pairs; normal operation." in text
    assert 'id="worth"' not in text
    assert not list(tmp_path.glob("worth-*"))
    assert {"chart-value-of-time-far.png", "chart-value-of-time-near.png"} <= {f.name for f in tmp_path.iterdir()}
    gains = pd.read_csv(tmp_path / "gains.csv")
    assert set(gains["cargo"]) == {"wagon"}
    assert set(gains["way"]) == {"rail + road"}
    assert set(gains["border"]) == {"open"}
    assert list(gains["group"].unique()) == ["far", "near"]
    with pytest.raises(co.UnknownOptionError, match="commodity"):
        write_report(tmp_path, comodity="flour")
    with pytest.raises(co.InputError, match="cargo"):
        study(net, ["Almaty"], ["Karachi"], commodity="general", cargo="wagon")


def test_report_of_an_own_network_without_railways(tmp_path: Path) -> None:
    """No country of the default states of the borders, no railway, no published cost: the page says what there is."""
    new = link("c", "d", "road", 20, id="new", status="planned", project="new")
    plan = {"id": "new", "name": "New road", "kind": "new", "status": "planned", "countries": "UZ", "source": "s",
            "confidence": "B"}  # fmt: skip
    over = link("b", "c", "road", 10, crossing="x", border_km=5)
    net = make([place(i, *at) for i, at in POSITIONS.items()],
               [link("a", "b", "road", 100), over, link("c", "d", "road", 50), new],
               crossings=[crossing("x", "b", "c")], projects=[plan])  # fmt: skip
    page = write_report(
        tmp_path, origins=["a"], destinations=["d"], scenarios={"new": net.build("new")}, net=net, draws=5
    )
    claims = [claim for claim, _ in statements(page.read_text(encoding="utf8"))]
    assert 'id="trade"' not in page.read_text(encoding="utf8"), "no offers, no section"
    assert 'id="worth"' not in page.read_text(encoding="utf8"), "no cost is published"
    assert claims[0].startswith(
        "In free choice of mode pairs to the destinations gain with the new up to the highest value"
    )
    assert claims[1] == "By rail alone no pair to the destinations has a way, with the new or without."
    assert set(pd.read_csv(tmp_path / "gains.csv")["border"]) == {"open"}


def test_ports_and_cities_stand_side_by_side() -> None:
    net = co.load()
    groups = {name: net.place_set(ends) for name, ends in DESTINATIONS.items()}
    assert "kabul" in groups["cities"]
    assert "lahore" in groups["cities"]
    assert not set(groups["ports"]) & set(groups["cities"])


@pytest.mark.slow
def test_the_pair_shown_is_one_of_those_compared(net: co.Network) -> None:
    few = {"scenarios": ["uap-kabul"], "cargo": "container", "closed": None, "draws": 10}
    assert study(net, ["Almaty"], ["Karachi"], **few).pair == ("almaty", "karachi")
    assert study(net, ["Aktau"], ["Gwadar"], **few).pair == ("aktau", "gwadar")


LONG_NAMES = """(() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), long = "International".repeat(7);
  let changed = 0;
  for (let text; (text = texts.nextNode());) {
    if (!/^(SCRIPT|STYLE)$/.test(text.parentElement.tagName) && /Almaty|Karachi/.test(text.data)) {
      text.data = text.data.replace(/Almaty|Karachi/g, long);
      changed += 1;
    }
  }
  return changed;
})()"""
"""Gives two places of the page names of 91 letters without a space, and returns in how many texts."""


@pytest.mark.browser
@needs_browser
def test_the_page_in_a_browser(folder: Path, tmp_path: Path) -> None:
    """Load the page without network; a click on a heading sorts its table."""
    with browser(tmp_path) as page:
        page.open(folder / "index.html", ready="document.readyState === 'complete'")
        head = "document.querySelector('#measures thead th:nth-child(9)')"
        page.evaluate(f"{head}.click()")
        order = page.evaluate(f"{head}.getAttribute('aria-sort')")
        cells = page.evaluate(
            "[...document.querySelector('#measures tbody').rows].map(row => row.cells[8].textContent)"
        )
        assert not page.problems
        assert page.requests == [(folder / "index.html").as_uri()]
        linked = page.evaluate("[...document.querySelectorAll('figure a')].map(a => a.getAttribute('href'))")
        page.open(folder / "index.html", 390, 800, phone=True, ready="document.readyState === 'complete'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.evaluate(LONG_NAMES) > 10
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert linked
    assert all((folder / name).is_file() for name in linked)
    assert order == "ascending"
    values = [float(cell.replace("\N{MINUS SIGN}", "-")) for cell in cells]
    assert values == sorted(values)
    assert len(set(values)) > 2


@pytest.mark.slow
def test_a_long_name_and_a_missing_optional_column(net: co.Network, tmp_path: Path) -> None:
    frames = {name: frame.copy() for name, frame in net.tables.frames.items() if len(frame)}
    long = "Karachi International Container Terminal and Port Qasim Freight Village, Second Yard"
    frames["places"]["name"] = frames["places"]["name"].where(frames["places"]["id"] != "karachi", long)
    frames["projects"]["costs_published"] = ""
    (tmp_path / "notes.txt").write_text("mine")
    few = {"origins": ["almaty", "astana"], "destinations": ["karachi"], "scenarios": ["uap-kabul"], "draws": 5,
           "cargo": "container", "closed": None, "trade": False}  # fmt: skip
    page = write_report(tmp_path, net=co.Network.from_tables(**frames), **few)
    assert long in page.read_text(encoding="utf8")
    names = {file.name for file in tmp_path.iterdir()}
    assert "chart-pairs.png" in names
    assert "chart-gain-against-cost.png" not in names
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_report_that_fails_halfway_leaves_the_earlier_one(
    net: co.Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "index.html").write_text("the earlier one")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("corridors.report.folder.pictures", lambda _: [])
    monkeypatch.setattr("corridors.report.folder._write_pictures", full)
    ends = {"origins": ["almaty"], "destinations": ["karachi"], "scenarios": ["uap-kabul"], "draws": 5,
            "cargo": "container", "closed": None, "trade": False, "appraisal": False}  # fmt: skip
    with pytest.raises(co.DataFileError, match="cannot be written: No space left on device"):
        write_report(tmp_path, net=net, **ends)
    assert [file.name for file in tmp_path.iterdir()] == ["index.html"]
    assert (tmp_path / "index.html").read_text() == "the earlier one"
