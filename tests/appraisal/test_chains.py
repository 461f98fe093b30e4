"""Borders that open and shut: closed forms against matrices and against simulation, and the worth of waiting."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

import corridors as co
from corridors.appraisal.border import Border, Chain
from corridors.appraisal.outlook import Outlook
from corridors.appraisal.schedule import Schedule
from corridors.appraisal.worth import Worth

SHUT = Border("AF-PK", p_shut=0.2, p_open=0.3, open_now=False)


def outlook(border: Border = SHUT, benefit: tuple[float, float] = (30.0, 0.0), cost: float = 100.0) -> Outlook:
    """A line of one year of building and 20 of service, with its benefit a year with the border open and shut."""
    plan = Schedule((2031,), (1.0,), build_years=1, life_years=20)
    return Outlook("line", Chain((border,)), Worth(plan, (benefit[0],), cost, 8.0), np.array(benefit)[:, None], 4000, 0)


def test_expectation_is_the_closed_form() -> None:
    found = outlook()
    pi, change = 0.6, 0.5
    years = range(2, 22)  # building in year 1
    by_hand = sum(30 * (pi - pi * change**t) / 1.08**t for t in years) - 100 / 1.08
    assert found.expected_musd == pytest.approx(by_hand)
    assert SHUT.open_in(7) == pytest.approx(Chain((SHUT,)).probabilities(8)[7, 0])


def test_simulation_has_the_exact_mean_and_common_numbers() -> None:
    found = outlook()
    paths = found.npv_paths(20_000)
    assert paths.mean() == pytest.approx(found.expected_musd, abs=4 * paths.std() / np.sqrt(len(paths)))
    other = outlook(benefit=(60.0, 0.0))
    assert (found.paths() == other.paths()).all()
    # another border beside it does not change the years of war of this one
    two = replace(found, chain=Chain((SHUT, Border("hormuz", 0.1, 0.5))), benefit_musd=np.zeros((4, 1)))
    assert (two.paths() // 2 == found.paths()).all()


def test_two_borders_are_independent() -> None:
    chain = Chain((SHUT, Border("hormuz", 0.1, 0.5)))
    joint = chain.probabilities(12)[11]
    open_pk, open_hormuz = SHUT.open_in(11), chain.borders[1].open_in(11)
    assert joint[0] == pytest.approx(open_pk * open_hormuz)
    assert joint[3] == pytest.approx((1 - open_pk) * (1 - open_hormuz))


def test_break_even_probability_of_an_open_border() -> None:
    found = outlook()
    even = found.break_even_open("AF-PK")
    worth = [found.constant_musd(0), found.constant_musd(1)]
    assert even * worth[0] + (1 - even) * worth[1] == pytest.approx(0)
    assert np.isnan(outlook(cost=1.0, benefit=(30.0, 5.0)).break_even_open("AF-PK"))  # pays in any case
    with pytest.raises(co.InputError, match="AF-PK"):
        found.break_even_open("iran")


def test_second_line_is_worth_what_it_earns_while_the_border_is_shut() -> None:
    """Both lines together cost more and also earn while the first is shut: the difference is exact by hand."""
    alone, both = outlook(), outlook(benefit=(30.0, 25.0), cost=180.0)
    found = alone.against(both)
    shut = sum((1 - SHUT.open_in(t)) * 25 / 1.08**t for t in range(2, 22))
    assert found["expected_musd"] == pytest.approx(shut - 80 / 1.08)
    assert found["other_sd_musd"] < found["sd_musd"]
    with pytest.raises(co.InputError, match="same borders"):
        alone.against(outlook(replace(SHUT, p_open=0.5)))


def test_waiting_is_the_best_of_all_rules() -> None:
    """Against every rule 'build in this year if the state is in this set' of a right that lasts two years."""
    found = outlook(cost=150.0)
    table = found.waiting(2).set_index("state")
    value = table["build_now_musd"].to_numpy()
    matrix, factor = found.chain.matrix, 1 / 1.08

    def worth(rule: tuple[tuple[int, int], ...], year: int, state: int) -> float:
        if rule[year][state]:
            return float(value[state])
        if year == len(rule) - 1:
            return 0.0
        return float(factor * sum(matrix[state, after] * worth(rule, year + 1, after) for after in (0, 1)))

    for state in (0, 1):
        rules = product(product((0, 1), repeat=2), repeat=3)
        assert table["best_musd"].iloc[state] == pytest.approx(max(worth(rule, 0, state) for rule in rules))
    assert (found.waiting(0)["option_musd"] == 0).all()
    assert (found.waiting(10)["best_musd"] >= table["best_musd"].to_numpy()).all()


def test_waiting_pays_where_the_border_is_shut_and_may_open() -> None:
    table = outlook(replace(SHUT, p_shut=0.05, p_open=0.1), cost=170.0).waiting().set_index("state")
    assert table["decision"].tolist() == ["build", "wait"]
    assert table.loc["AF-PK shut", "option_musd"] > 0


def test_fit_counts_onsets_and_ends() -> None:
    net = co.load()
    border = co.Border.fitted(net, "AF-PK", since="2021", until="2026-11")
    assert border.told.startswith("1 closings in 4.8 open years and 0 reopenings in 1.1 shut years")
    assert border.open_now is False
    shuts, opens = 1.5 / 4.777, 0.5 / 1.139  # (n + 1/2) / T; 11 October 2025 to the end of November 2026
    changed = 1 - np.exp(-(shuts + opens))
    assert border.p_shut == pytest.approx(shuts / (shuts + opens) * changed, rel=1e-3)
    assert border.p_open == pytest.approx(opens / (shuts + opens) * changed, rel=1e-3)
    assert border.ends[0] < border.p_shut < border.ends[1]
    assert border.ends[2] < border.p_open < border.ends[3]
    assert "npr-2026-closures" in border.sources
    hormuz = co.Border.fitted(net, "hormuz", since="2021", until="2026-11")
    assert hormuz.open_now is True  # half of the sailings is not shut
    assert hormuz.p_open > hormuz.p_shut
    with pytest.raises(co.InputError, match="dated closures"):
        co.Border.fitted(net, "iran", since="2021")


def test_a_shut_border_takes_the_saving_beyond_it() -> None:
    """To Lahore the line ends at a shut border and saves nothing; to Kabul it saves all the same."""
    asked = {"cargo": "wagon", "commodity": "flour", "draws": 0, "borders": [SHUT]}
    lahore = co.appraise(co.load(), "uap-kabul", {("Tashkent", "Lahore"): 20e6}, **asked)
    assert lahore.benefit_musd[0, 0] > 0
    assert lahore.benefit_musd[1, 0] == pytest.approx(0, abs=1e-9)
    found = lahore.outlook(reference_class=False)
    assert found.expected_musd < found.constant_musd() == pytest.approx(lahore.npv_musd(reference_class=False))
    kabul = co.appraise(co.load(), "uap-kabul", {("Tashkent", "Kabul"): 1e6}, **asked)
    assert kabul.benefit_musd[1, 0] == pytest.approx(kabul.benefit_musd[0, 0])
    assert kabul.outlook().summary()["decision"] == "never"
    assert "Expected" in str(found)
    with pytest.raises(co.InputError, match="borders"):
        co.appraise(co.load(), "uap-kabul", {("Tashkent", "Kabul"): 1e6}, **{**asked, "borders": ()}).outlook()
    with pytest.raises(co.InputError, match="AF-PK is shut in it"):
        co.appraise(co.load().close("AF-PK"), "uap-kabul", {("Tashkent", "Kabul"): 1e6}, opens=2031, **asked)


@pytest.mark.parametrize(
    "wrong",
    [
        {"p_shut": float("nan")}, {"p_shut": True}, {"p_open": "x"}, {"p_open": 1.1}, {"open_now": "no"},
        {"targets": "AF-PK"}, {"targets": (3,)}, {"ends": (0.1, 0.2)}, {"name": ""},
    ],
    ids=str,
)  # fmt: skip
def test_a_border_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    (name,) = wrong
    with pytest.raises(co.InputError, match=name):
        co.Border(**{"name": "AF-PK", "p_shut": 0.1, "p_open": 0.3, **wrong})  # type: ignore[arg-type]


def test_years_of_a_border_that_cannot_be_are_refused(net: co.Network) -> None:
    for years in (-1, 1.5, float("nan")):
        with pytest.raises(co.InputError, match="years"):
            SHUT.open_in(years)  # type: ignore[arg-type]
    with pytest.raises(co.InputError, match="until"):
        co.Border.fitted(net, "AF-PK", since="2021", until="2300")
    for since in ("0001", "1800", "1991-12"):
        with pytest.raises(co.InputError, match=rf"since='{since}' is not possible: a date from 1992"):
            co.Border.fitted(net, "AF-PK", since=since)
    assert co.Border.fitted(net, "AF-PK", since="1992").p_shut < co.Border.fitted(net, "AF-PK", since="2021").p_shut
