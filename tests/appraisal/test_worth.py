"""Sums of an appraisal, each worked out by hand or in another way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import corridors as co
from corridors.appraisal.cash import break_even_mt, internal_rate_pct, needed_musd, payback_years, present_value
from corridors.appraisal.cost import published_cost
from corridors.appraisal.schedule import Schedule
from corridors.appraisal.worth import Worth, benefit_factor
from corridors.cli.main import main
from corridors.data.deflators import deflator
from support.work import calls

FLOUR = {"commodity": "flour", "cargo": "wagon"}


@pytest.fixture(scope="module")
def net() -> co.Network:
    return co.load()


@pytest.fixture(scope="module")
def drawn(net: co.Network) -> co.Appraisal:
    flows = {("Tashkent", "Lahore"): 20e6, ("Kostanay", "Kabul"): 1e6}
    return co.appraise(net, "uap-kabul", flows, draws=400, **FLOUR)


@pytest.mark.parametrize(
    ("cost", "rate", "needed", "to_lahore", "to_kabul"),
    [
        (4600, 4, 288, 5.4, 17),
        (4600, 8, 479, 9.0, 28),
        (4600, 12, 726, 13.6, 43),
        (8200, 4, 514, 9.6, 30),
        (8200, 8, 855, 16.0, 50),
        (8200, 12, 1293, 24.2, 76),
    ],
)
def test_tonnage_that_pays_for_the_kabul_line(
    cost: float, rate: float, needed: float, to_lahore: float, to_kabul: float
) -> None:
    """Five years of equal spending, then thirty years without growth (worked by hand for the design)."""
    a_year = needed_musd(cost, rate_pct=rate, build_years=5, life_years=30)
    assert a_year == pytest.approx(needed, abs=0.5)
    assert break_even_mt(a_year, 53.5) == pytest.approx(to_lahore, abs=0.05)
    assert break_even_mt(a_year, 17) == pytest.approx(to_kabul, abs=0.5)
    plan = Schedule((2031,), (1.0,), build_years=5, life_years=30)
    assert benefit_factor(Worth(plan, (1.0,), cost, rate)) == pytest.approx(a_year)


@pytest.mark.parametrize(
    ("cost", "saving", "rate"), [(4600, 53.5, 9.5), (8200, 53.5, 5.4), (4600, 17, 2.0), (8200, 17, -1.1)]
)
def test_internal_rate_of_a_flow_that_grows_from_3_to_15_mt(cost: float, saving: float, rate: float) -> None:
    """3 Mt in the first year of service, 15 in the tenth; the last rate is 'below zero' in the design."""
    plan = Schedule((2031,), (1.0,), growth=tuple(np.linspace(1, 5, 10).tolist()))
    assert internal_rate_pct(Worth(plan, (3 * saving,), cost, 8.0).stream()) == pytest.approx(rate, abs=0.05)


def test_money_by_hand() -> None:
    stream = [-100.0, 60.0, 60.0]
    assert present_value(stream, 10) == pytest.approx(-100 + 60 / 1.1 + 60 / 1.21)
    assert internal_rate_pct(stream) == pytest.approx(13.0662386)  # 100 x^2 - 60 x - 60 = 0 for x = 1 + r
    assert payback_years(stream) == 2
    assert payback_years(stream, 14) != payback_years(stream, 14)  # never, so nan
    assert payback_years([-100.0, 100.0, -50.0, 60.0]) == 3


def test_worth_with_operation_and_what_is_left() -> None:
    plan = Schedule((2031,), (1.0,), build_years=1, life_years=2)
    worth = Worth(plan, (70.0,), 100.0, 10.0, operating=10.0, residual_share=0.2)
    assert worth.stream().tolist() == [0.0, -100.0, 60.0, 80.0]
    by_hand = -100 / 1.1 + 60 / 1.1**2 + 80 / 1.1**3
    assert worth.npv() == pytest.approx(by_hand)
    assert worth.by_year()["cumulated_musd"].iloc[-1] == pytest.approx(by_hand)
    assert worth.benefit_cost_ratio() == pytest.approx(1 + by_hand / (100 / 1.1))
    classed = worth.in_class(39, -51)
    assert classed.stream().round(9).tolist() == [0.0, -139.0, 24.3, 52.1]


def test_stages_pay_and_serve_one_after_the_other() -> None:
    plan = Schedule((2028, 2030), (0.25, 0.75), build_years=2, life_years=3, growth=10.0)
    assert plan.years == list(range(2026, 2034))
    assert plan.spending.tolist() == [0, 0.125, 0.125, 0.375, 0.375, 0, 0, 0]
    assert plan.served.round(3).tolist() == [[0, 0, 0, 1, 1.1, 0, 0, 0], [0, 0, 0, 0, 0, 1.21, 1.331, 1.464]]


def test_rule_of_a_half_on_the_network(net: co.Network) -> None:
    """One flow: its saving is the difference of two routes, and new tonnes count at half."""
    now, new = {("Tashkent", "Lahore"): 2e6}, {("Tashkent", "Lahore"): 1e6}
    asked = {"cost_musd": 1000, "draws": 0, **FLOUR}
    found = co.appraise(net, "uap-kabul", now, new_flows=new, resource={"border": 1.0}, **asked)
    ends = net.route("Tashkent", "Lahore", **FLOUR), net.build("uap-kabul").route("Tashkent", "Lahore", **FLOUR)
    saving = ends[0].generalized_usd_t - ends[1].generalized_usd_t
    assert found.benefit_musd[0, 0] == pytest.approx(2.5 * saving)
    assert found.co2_t[0, 0] == pytest.approx(1000 * (2 * ends[0].co2e_kg_t - 3 * ends[1].co2e_kg_t))
    # dues are a transfer by default: what users pay more or less of them is lost or gained by others
    society = co.appraise(net, "uap-kabul", now, new_flows=new, **asked)
    dues = [route.breakdown().loc["border", "cost_usd_t"] for route in ends]
    assert society.users_musd[0, 0] == pytest.approx(2.5 * saving)
    assert society.benefit_musd[0, 0] == pytest.approx(2.5 * saving + 3 * dues[1] - 2 * dues[0])
    table = society.by_country().set_index("country")
    assert table["dues_musd"].sum() == pytest.approx(3 * dues[1] - 2 * dues[0])
    assert table["gross_musd"].sum() == pytest.approx(3 * ends[1].cost_usd_t - 2 * ends[0].cost_usd_t)
    assert table["saving_from_musd"].sum() == pytest.approx(2.5 * saving)
    priced = co.appraise(net, "uap-kabul", now, new_flows=new, co2_usd_t=50.0, **asked)
    assert priced.benefit_musd[0, 0] - society.benefit_musd[0, 0] == pytest.approx(50 * society.co2_t[0, 0] / 1e6)


def test_logit_saves_the_difference_of_logsums(net: co.Network) -> None:
    rule = co.Logit(ways=2)
    flows = {("Tashkent", "Lahore"): 1e6}
    found = co.appraise(net, "uap-kabul", flows, choice=rule, draws=0, resource={"border": 1.0}, **FLOUR)
    carried = [co.carry(one, flows, split=True, choice=rule, **FLOUR) for one in (net, net.build("uap-kabul"))]
    before, after = (float(one.choices[0].logsum()) for one in carried)
    assert found.benefit_musd[0, 0] == pytest.approx(before - after)


def test_break_even_tonnage_is_where_nothing_is_gained(drawn: co.Appraisal, net: co.Network) -> None:
    total = drawn.summary(reference_class=False)
    times = total["break_even_mt"] / total["flows_mt"]
    flows = {("Tashkent", "Lahore"): 20e6 * times, ("Kostanay", "Kabul"): 1e6 * times}
    even = co.appraise(net, "uap-kabul", flows, draws=400, **FLOUR)
    assert even.npv_musd(reference_class=False) == pytest.approx(0, abs=1e-6)
    assert even.summary(reference_class=False)["verdict"] == "undecided"
    assert any("undecided" in line for line in even.sentences(reference_class=False))
    # the tonnes that really have to move do not depend on how many were promised
    assert drawn.summary()["break_even_mt"] == pytest.approx(1.39 * total["break_even_mt"])


def test_every_assumption_turns_where_it_says(drawn: co.Appraisal) -> None:
    table = drawn.assumptions().set_index("assumption")
    worth = drawn.worth()
    over, short = (float(table.loc[name, "turns_at"]) for name in ("overrun of the cost", "shortfall of traffic"))
    assert drawn.expected.in_class(over, drawn.shortfall.value).npv() == pytest.approx(0, abs=1e-5)
    assert drawn.expected.in_class(drawn.overrun.value, short).npv() == pytest.approx(0, abs=1e-5)
    assert worth.npv(float(table.loc["discount rate", "turns_at"])) == pytest.approx(0, abs=1e-5)
    assert float(table.loc["discount rate", "turns_at"]) == pytest.approx(internal_rate_pct(worth.stream()))
    even = float(table.loc["cost of construction", "turns_at"])
    assert Worth(worth.schedule, worth.benefit, 1.39 * even, 8.0).npv() == pytest.approx(0, abs=1e-5)
    assert table["told"].ne("").all()


def test_bands_and_verdict(drawn: co.Appraisal) -> None:
    total = drawn.summary()
    assert total["npv_p05_musd"] < total["npv_musd"] < total["npv_p95_musd"]
    assert total["npv_musd"] < total["npv_as_stated_musd"]
    assert drawn.npv_draws(reference_class=False).mean() == pytest.approx(total["npv_as_stated_musd"], rel=0.25)
    assert "Break-even" in drawn.sentences()[0]


def test_draws_are_worked_out_together(net: co.Network) -> None:
    flows = {("Tashkent", "Lahore"): 3e6, ("Almaty", "Kabul"): 1e6}

    def work(draws: int) -> int:
        return calls(lambda: co.appraise(net, "uap-kabul", flows, draws=draws, **FLOUR).summary())

    work(20)  # what is compiled once
    assert work(1000) < 2 * work(20), "fifty times the draws, and no search or sum for each of them"


def test_no_benefit_without_flows_and_no_cost_out_of_nothing(net: co.Network) -> None:
    with pytest.raises(co.InputError, match="tonnes that move today"):
        co.appraise(net, "uap-kabul", {("Tashkent", "Lahore"): 0}, **FLOUR)
    with pytest.raises(co.InputError, match="none is published of"):
        co.appraise(net, "mazar-herat", {("Tashkent", "Herat"): 1e6}, opens=2035, draws=0, **FLOUR)
    with pytest.raises(co.ScenarioError, match="opens=2035"):
        co.appraise(net, "mazar-herat", {("Tashkent", "Herat"): 1e6}, cost_musd=100, draws=0, **FLOUR)
    with pytest.raises(co.InputError, match="did you mean 'border'"):
        co.appraise(net, "uap-kabul", {("Tashkent", "Lahore"): 1}, resource={"borders": 0.5}, draws=0, **FLOUR)


NAN, INF = float("nan"), float("inf")

IMPOSSIBLE: dict[str, tuple[object, ...]] = {
    "shortfall_pct": (20, -100, (-50, -100, 0), -101, NAN, (-5, -10), "x", True),
    "overrun_pct": (-1, INF, (5, 4), "x"),
    "rate_pct": (-100, INF, NAN, (6, 7, 4), "x", True),
    "residual_share": (2, -1, NAN, "1", True),
    "growth": ([], NAN, INF, -100, 1e308, [NAN], "x", True),
    "present": (2030, 1, -1, 1.5),
    "payers": ({"UZ": 0.5}, {"AF": NAN}, {"AF": -1, "UZ": 2}, {"Nowhere": 1}),
    "opens": (0, -1, 1.5, 99_999, True, "2030"),
    "build_years": (0, 1.5, NAN, 10**6),
    "life_years": (0, 1.5, INF, 10**6),
    "operating_musd": (-1, NAN, 1e308, "x"),
    "co2_usd_t": (-1, INF, 1e308, True),
    "cost_musd": (-1, NAN, 1e308, "5", True, (5, 4), (NAN, 1)),
    "index": ({}, {2025: 0.0}, {2025: NAN}),
    "seed": (-1, 1.5, "x"),
    "draws": (-1, 1.5, NAN),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_numbers_that_cannot_be_are_named(net: co.Network, name: str) -> None:
    asked = {"draws": 0, "cost_musd": 100, **FLOUR}
    for wrong in IMPOSSIBLE[name]:
        with pytest.raises(co.CorridorsError) as caught:
            co.appraise(net, "uap-kabul", {("Tashkent", "Lahore"): 1}, **{**asked, name: wrong})
        assert name in str(caught.value) or "price_year" in str(caught.value), wrong


def test_costs_are_in_prices_of_one_year(net: co.Network) -> None:
    assert deflator(2022, 2025) == pytest.approx(128.970 / 118.012)
    with pytest.raises(co.InputError, match="1999"):
        deflator(1999, 2025)
    cost = published_cost(net.tables, ["uap-kabul"], 2026, index={2022: 100.0, 2026: 120.0})
    assert (cost.low, cost.high) == (pytest.approx(4600 * 1.2), 8200)


def test_printed(drawn: co.Appraisal, tmp_path: Path) -> None:
    assert {"adb-2017", "flyvbjerg-2018", "flyvbjerg-2005", "kabul24-2026-uap"} <= set(drawn.sources().index)
    assert r"\toprule" in drawn.to_latex("assumptions")
    assert drawn.to_excel(tmp_path / "worth.xlsx").exists()
    assert "Break-even" in str(drawn)


def test_command() -> None:
    line = "appraise uap-kabul --flow Tashkent:Lahore:3e6 --commodity flour --cargo wagon --draws 0 --format csv"
    done = CliRunner().invoke(main, line.split())
    assert done.exit_code == 0
    heads, row = (text.split(",") for text in done.output.splitlines()[:2])
    assert dict(zip(heads, row, strict=True))["verdict"] == "does not pay"
    assert CliRunner().invoke(main, ["appraise", "uap-kabul"]).exit_code == 2


def test_stages_of_a_scenario(net: co.Network) -> None:
    west = co.scenario("western-route").staged({"torghundi-herat": 2028, "western-route": 2032})
    flows = {("Mary", "Herat"): 1e6, ("Tashkent", "Karachi"): 1e6}
    found = co.appraise(net, west, flows, draws=0, **FLOUR)
    assert found.schedule.openings == (2028, 2032)
    assert found.benefit_musd.shape == (1, 2)
    assert 0 < found.benefit_musd[0, 0] < found.benefit_musd[0, 1]
    years = found.table(reference_class=False).set_index("year")
    assert np.allclose(years.loc[2029:2032, "benefit_musd"], found.benefit_musd[0, 0])
    assert np.allclose(years.loc[2033:, "benefit_musd"], found.benefit_musd[0, 1])
