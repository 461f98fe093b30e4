"""The answer in tables and sentences, and whether it holds when an assumption changes."""

from __future__ import annotations

import pytest

import corridors as co
from corridors.measures.connectivity import transit_shares
from corridors.measures.robustness import measure_robustness, robustness, variations

ENDS = {"origins": ["Almaty", "Kostanay"], "destinations": ["Karachi", "Gwadar"]}


@pytest.fixture(scope="module")
def head() -> co.Headline:
    return co.headline(co.load(), ["uap-kabul", "western-route"], **ENDS, draws=300)


def test_table_is_two_by_two_for_every_way(head: co.Headline) -> None:
    table = head.table().set_index(["way", "border", "scenario"])
    assert len(table) == 2 * 2 * 3
    shut = table.xs("closed", level="border")
    assert (shut[["gaining", "joined", "parted", "days", "usd_t"]] == 0).all(axis=None)
    rail = table.loc[("rail only", "open", "uap-kabul")]
    assert (rail["pairs"], rail["compared"], rail["gaining"]) == (4, 2, 2)
    assert rail["p05"] < rail["generalized_usd_t"] < rail["p95"] < 0
    assert rail["transit_share"] == 1
    assert table.loc[("rail only", "open", "base"), "transit_share"] == 0


def test_sentences_come_from_the_table(head: co.Headline) -> None:
    said = head.sentences()
    assert said[0].startswith("uap-kabul, rail only: 2 of 4 pairs gain")
    assert "90 % band of the change: -" in said[0]
    assert any("are a tie" in line or "beats" in line for line in said)
    assert said[-1].endswith("the change is exactly zero on every pair.")
    assert str(head).startswith(said[0])


def test_same_figures_as_the_comparison(head: co.Headline) -> None:
    net = co.load()
    route = [n.route("Almaty", "Karachi", modes={"rail"}) for n in (net, net.build("uap-kabul"))]
    found = head.results["rail only", "open"].pairs().set_index(["scenario", "origin", "destination"])
    change = found.loc[("uap-kabul", "almaty", "karachi"), "hours_delta"]
    assert change == pytest.approx(route[1].hours - route[0].hours)


def test_without_draws_there_is_no_band() -> None:
    plain = co.headline(co.load(), ["uap-kabul"], ["Almaty"], ["Karachi"], closed=None)
    assert "band" not in plain.sentences()[0]
    assert plain.table()["p05"].isna().all()
    assert set(plain.table()["border"]) == {"open"}


def test_a_scenario_off_all_ways_gains_nothing() -> None:
    found = co.headline(co.load(), [co.Scenario("gwadar").build("ml-4-gwadar-mastung")], ["Almaty"], ["Karachi"])
    assert found.sentences()[0] == "gwadar, rail only: no pair gains."
    assert (found.table()["days"] == 0).all()


def test_variations_name_what_they_change() -> None:
    net = co.load()
    found = variations(net, ["border/kharlachi/rail/hours", "no/such/hours"])
    assert list(found) == ["border/kharlachi/rail/hours low", "border/kharlachi/rail/hours high"]
    low = found["border/kharlachi/rail/hours low"].apply(net).parameters
    names = [n for n in net.parameter_names if n.startswith("border/kharlachi") and n.endswith("rail/hours")]
    assert names
    assert (low.loc[names, "value"] == net.parameters.loc[names, "low"]).all()


def test_robustness_runs_one_change_at_a_time() -> None:
    net = co.load()
    table = robustness(net, ["uap-kabul", "western-route"], ["Almaty"], ["Karachi"],
                       disputed=["border/kharlachi/rail/hours"], modes={"rail"})  # fmt: skip
    assert table.loc["reference", "same_ranking"]
    slow = table.loc["border/kharlachi/rail/hours high"]
    assert slow["uap-kabul"] > table.loc["reference", "uap-kabul"]
    assert slow["western-route"] == pytest.approx(table.loc["reference", "western-route"])
    assert {"uap-naibabad-kharlachi 685 km", "value of time x 2"} <= set(table.index)


def test_connectivity_stands_on_the_same_pairs(head: co.Headline) -> None:
    table = head.connectivity()
    rail = table.loc["rail only", "open"]
    assert (rail["unreachable"] == 2).all(), "Gwadar has no railway, and is counted, never averaged away"
    assert rail.loc["base", "efficiency_pct"] == rail.loc["base", "market_access_pct"] == 0
    assert rail.loc["uap-kabul", "efficiency_pct"] > 0
    assert rail.loc["uap-kabul", "accessibility_5d"] > rail.loc["base", "accessibility_5d"]
    assert rail.loc["uap-kabul", "detour"] < rail.loc["base", "detour"]
    assert rail.loc["uap-kabul", "transit_AF"] == 1
    given = head.table().set_index(["way", "border", "scenario"])["transit_share"]
    assert (table["transit_AF"] == given.reindex(table.index)).all()
    shown = head.shown_connectivity()
    assert [c for c in shown if c.startswith("transit_")] == ["transit_AF"]
    assert len(shown) == len(table)
    shut = table.loc["rail only", "closed"]
    assert (shut.loc["uap-kabul"] == shut.loc["base"]).all()
    routes = head.results["rail only", "open"].routes
    by_hand = sum(1000 / r.generalized_usd_t / 4 for (s, *_), r in routes.items() if s == "base" and r is not None)
    assert rail.loc["base", "efficiency"] == pytest.approx(by_hand)


def test_connectivity_where_nothing_is_joined() -> None:
    net = co.load()
    found = co.compare({"base": net, "kabul": net.build("uap-kabul")}, ["Almaty"], ["Gwadar"], modes={"rail"})
    table = co.connectivity(found)
    assert (table["unreachable"] == 1).all()
    assert (table["efficiency"] == 0).all()
    assert table["detour"].isna().all()
    assert transit_shares(found, ["AF"])["AF"].isna().all(), "no share of nothing"


def test_ranking_by_measure(head: co.Headline) -> None:
    found = head.results["rail only", "open"]
    table = measure_robustness(found, thetas=[1, 5.03], half_lives_d=[5])
    given = co.connectivity(found, theta=1, half_lives_d=[5])
    assert table.loc["market access, theta 1", "uap-kabul"] == given.loc["uap-kabul", "market_access_pct"]
    gain = given.loc["uap-kabul", "accessibility_5d"] / given.loc["base", "accessibility_5d"]
    assert table.loc["accessibility, half-life 5 d", "uap-kabul"] == pytest.approx(100 * (gain - 1))
    assert table.loc["market access, theta 5.03", "uap-kabul"] > table.loc["market access, theta 1", "uap-kabul"] > 0
    assert "base" not in table
    assert table.columns.name is None, "a name would stand as an empty column in the report"
