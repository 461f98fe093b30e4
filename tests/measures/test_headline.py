"""The answer in tables and sentences, and whether it holds when an assumption changes."""

from __future__ import annotations

import numpy as np
import pytest

import corridors as co
from corridors.measures.borders import BORDERS, border_cases, ways_abroad
from corridors.measures.connectivity import transit_shares
from corridors.measures.robustness import measure_robustness, robustness, variations
from support.networks import POSITIONS, crossing, link, make, place

ENDS = {"origins": ["Almaty", "Kostanay"], "destinations": ["Karachi", "Gwadar"]}


@pytest.fixture(scope="module")
def head() -> co.Headline:
    return co.headline(co.load(), ["uap-kabul", "western-route"], **ENDS, draws=300)


def test_table_is_two_by_two_times_built_for_every_way(head: co.Headline) -> None:
    table = head.table().set_index(["way", "border", "scenario"]).sort_index()
    assert head.borders == list(BORDERS)
    assert len(table) == 2 * 4 * 3
    for border in ("AF-PK closed", "both closed"):
        shut = table.xs(border, level="border")
        assert (shut[["gaining", "joined", "parted", "days", "usd_t"]] == 0).all(axis=None)
    rail = table.loc[("rail only", "open", "uap-kabul")]
    assert (rail["pairs"], rail["compared"], rail["gaining"]) == (4, 2, 2)
    assert rail["p05"] < rail["generalized_usd_t"] < rail["p95"] < 0
    for column in ("days", "usd_t", "co2e_kg_t"):
        assert rail[f"{column}_p05"] < rail[column] < rail[f"{column}_p95"]
    assert rail["transit_share"] == 1
    assert table.loc[("rail only", "open", "base"), "transit_share"] == 0


def test_without_iran_the_railway_joins_and_saves_nothing(head: co.Headline) -> None:
    """The railway of today to Pakistan leads through Iran: with it shut there is nothing to compare with."""
    shut = head.table().set_index(["way", "border", "scenario"]).sort_index().loc["rail only", "Iran closed"]
    assert (shut["compared"] == 0).all()
    assert (shut.loc[["uap-kabul", "western-route"], "joined"] == 2).all()
    said = next(line for line in head.sentences() if line.startswith("Iran closed"))
    assert "uap-kabul, rail only, 2 pairs joined anew" in said


def test_sentences_come_from_the_table(head: co.Headline) -> None:
    said = head.sentences()
    assert said[0] == f"{head.heading}"
    assert said[0].startswith("Container at 30 USD/t a day, general goods in containers; 4 pairs")
    assert said[1].startswith("uap-kabul, rail only, open: to Karachi ")
    assert "no way with it or without to Gwadar" in said[1]
    assert "90 % band of the change: -" in said[1]
    row = (
        head.table("market")
        .set_index(["way", "border", "scenario", "market"])
        .sort_index()
        .loc["rail only", "open", "uap-kabul"]
    )
    assert f"{-row.loc['karachi', 'days']:.1f} days less" in said[1]
    assert any("are a tie" in line or "beats" in line for line in said)
    assert said[-1] == "both closed: none of these gains anything; the change is exactly zero on every pair."
    assert str(head).startswith(said[0])


def test_results_stand_per_market_before_they_are_averaged(head: co.Headline) -> None:
    table = head.table("market").set_index(["way", "border", "scenario", "market"]).sort_index()
    rail = table.loc["rail only", "open", "uap-kabul"]
    assert rail["compared"].to_dict() == {"karachi": 2, "gwadar": 0}
    mean = head.table().set_index(["way", "border", "scenario"]).sort_index().loc["rail only", "open", "uap-kabul"]
    assert rail.loc["karachi", "days"] == pytest.approx(mean["days"]), "all that can be compared goes to Karachi"
    assert rail.loc["karachi", "p05"] == pytest.approx(mean["p05"])
    part = head.part([("almaty", "karachi")]).table().set_index(["way", "border", "scenario"]).sort_index()
    origin = head.table("origin").set_index(["way", "border", "scenario", "origin"]).sort_index()
    assert part.loc[("rail only", "open", "uap-kabul"), "days"] == pytest.approx(
        origin.loc[("rail only", "open", "uap-kabul", "almaty"), "days"]
    )


def test_options_of_the_question_reach_every_comparison() -> None:
    asked = {"origins": ["Almaty"], "destinations": ["Karachi"], "commodity": "flour", "cargo": "wagon"}
    found = co.headline(co.load(), ["uap-kabul"], **asked, modes={"rail", "sea"}, closed=None, weights={"almaty": 2})
    assert found.ways == ["rail + sea"]
    comparison = found.first
    assert 24 * comparison.vot_usd_t_h == pytest.approx(265 * 0.15 / 100)
    assert {route.problem.question.modes for route in comparison.routes.values() if route} == {("rail", "sea")}
    assert "wheat flour" in found.heading
    with pytest.raises(co.InputError, match="zero or more"):
        co.headline(co.load(), ["uap-kabul"], ["Almaty"], ["Karachi"], weights={"almaty": -1})


def small() -> co.Network:
    """A network without any of the countries of the default states of the borders."""
    places = [place(i, *at) for i, at in POSITIONS.items()]
    links = [
        link("a", "b", "road", 100),
        link("b", "c", "road", 10, crossing="x", border_km=5),
        link("c", "d", "road", 50),
    ]
    new = link("c", "d", "road", 20, id="new", status="planned", project="new")
    project = {"id": "new", "name": "New", "kind": "new", "status": "planned", "countries": "UZ", "source": "s",
               "confidence": "B"}  # fmt: skip
    return make(places, [*links, new], crossings=[crossing("x", "b", "c")], projects=[project])


def test_states_of_the_borders_of_an_own_network() -> None:
    net = small()
    found = co.headline(net, {"new": net.build("new")}, ["a"], ["d"], cargo="truck")
    assert found.borders == ["open"], "countries that a network does not have are left out of the default"
    shut = co.headline(net, {"new": net.build("new")}, ["a"], ["d"], cargo="truck", closed="KZ-UZ")
    assert shut.borders == ["open", "KZ-UZ closed"]
    table = shut.table().set_index(["way", "border", "scenario"]).sort_index()
    assert table.loc[("all modes", "open", "new"), "gaining"] == 1
    assert table.loc[("all modes", "KZ-UZ closed", "new"), "compared"] == 0
    named = co.headline(net, {"new": net.build("new")}, ["c"], ["d"], cargo="truck", closed={"now": (), "war": ["UZ"]})
    assert named.borders == ["now", "war"]
    assert named.results["all modes", "war"].networks["base"].closed == ["KZ-UZ"]
    with pytest.raises(co.UnknownNameError, match="AF-PK"):
        co.headline(net, {"new": net.build("new")}, ["a"], ["d"], cargo="truck", closed="AF-PK")
    with pytest.raises(co.InputError, match="by name of the state"):
        border_cases(net.tables, {})


def test_a_country_is_shut_by_land_and_by_sea() -> None:
    tables = co.load().tables
    shut = ways_abroad(tables, "IR")
    assert {"AF-IR", "IR-PK", "IR-TM"} <= set(shut)
    closed = co.load().close(*shut)
    at = tables["places"].set_index("id")["country"]
    services = closed.services
    calls = (services["from_id"].map(at) == "IR") | (services["to_id"].map(at) == "IR")
    assert not services["in_use"][calls].any()
    assert services["in_use"][~calls].sum() == co.load().services["in_use"][~calls.to_numpy()].sum()
    assert closed.routes(["Almaty"], ["Bandar Abbas"]) == {("almaty", "bandar-abbas"): None}


def test_same_figures_as_the_comparison(head: co.Headline) -> None:
    net = co.load()
    route = [n.route("Almaty", "Karachi", modes={"rail"}) for n in (net, net.build("uap-kabul"))]
    found = head.results["rail only", "open"].pairs().set_index(["scenario", "origin", "destination"])
    change = found.loc[("uap-kabul", "almaty", "karachi"), "hours_delta"]
    assert change == pytest.approx(route[1].hours - route[0].hours)


def test_without_draws_there_is_no_band() -> None:
    plain = co.headline(co.load(), ["uap-kabul"], ["Almaty"], ["Karachi"], closed=None)
    assert not any("band" in line for line in plain.sentences())
    assert plain.table()["p05"].isna().all()
    assert set(plain.table()["border"]) == {"open"}


def test_a_scenario_off_all_ways_gains_nothing() -> None:
    found = co.headline(co.load(), [co.Scenario("gwadar").build("ml-4-gwadar-mastung")], ["Almaty"], ["Karachi"])
    assert found.sentences()[1] == "gwadar, rail only, open: none of 1 pair to Karachi gains."
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
    given = head.table().set_index(["way", "border", "scenario"]).sort_index()["transit_share"]
    np.testing.assert_array_equal(table["transit_AF"], given.reindex(table.index))
    shown = head.shown_connectivity()
    assert [c for c in shown if c.startswith("transit_")] == ["transit_AF"]
    assert len(shown) == len(table)
    shut = table.loc["rail only", "AF-PK closed"]
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


def test_what_is_unknown_is_named() -> None:
    net, ends = co.load(), (["uap-kabul"], ["Almaty"], ["Karachi"])
    with pytest.raises(co.UnknownNameError, match="no parameter with 'nonsense'"):
        co.robustness(net, *ends, disputed=["waiting/rail/hours", "nonsense"])
    with pytest.raises(co.UnknownNameError, match="no project with links 'nowhere'"):
        co.robustness(net, *ends, lengths_km={"nowhere": (3.0,)})
    with pytest.raises(co.UnknownNameError, match="no country 'XX'"):
        co.headline(net, *ends, transit="XX")
    for draws in (-1, 1.5):
        with pytest.raises(co.InputError, match=f"draws={draws} is not possible: a whole number"):
            co.compare(net, *ends[1:], draws=draws)
    with pytest.raises(co.InputError, match="spread='week' is not possible: one of both, trip, knowledge"):
        net.route("Almaty", "Karachi").distribution(spread="week")
