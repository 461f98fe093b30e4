"""Pictures of plans and of worth: what is drawn is what the tables say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import corridors as co
from corridors.appraisal.plan_years import payments, plan_years
from corridors.plot.charts.outlooks import outlook_sentence
from corridors.plot.charts.plan_timeline import timeline_notes
from corridors.plot.maps.plan_map import year_colors

LINES = ["uap-naibabad-kharlachi", "kharlachi-kohat", "western-route"]
NAMES = {"kharlachi-kohat": "Kharlachi–Kohat", "uap-naibabad-kharlachi": "Naibabad–Kharlachi"}


@pytest.fixture(scope="module")
def plan(net: co.Network) -> co.Plan:
    shut = {"AF-PK shut": co.Scenario("shut").close("AF-PK")}
    return co.plan(
        net, LINES, {("Tashkent", "Karachi"): 1e6}, budget=9000, years=range(2027, 2042), futures=shut,
        cargo="wagon", modes={"rail"}, draws=5, rate_pct=6,
    )  # fmt: skip


@pytest.fixture(scope="module")
def large(net: co.Network) -> co.Appraisal:
    border = co.Border("AF-PK", p_shut=0.2, p_open=0.3, open_now=False)
    flows = {("Tashkent", "Lahore"): 30e6}
    return co.appraise(net, "uap-kabul", flows, cargo="wagon", commodity="flour", draws=50, borders=[border])


def test_years_of_a_plan_add_up_by_hand(plan: co.Plan) -> None:
    # 600 a year: 642 are paid in the second year, 7,042 in the twelfth
    table = plan_years(plan)
    assert table["paid_musd"].tolist() == pytest.approx([600.0] * 11 + [442.0] + [0.0] * 3)
    assert table.loc[table["opens"] != "", ["year", "opens"]].to_numpy().tolist() == [
        [2028, "kharlachi-kohat"],
        [2038, "uap-naibabad-kharlachi"],
    ]
    whole = plan.table().loc[plan.name(plan.chosen), "benefit_musd"]
    assert table["benefit_musd"].tolist() == pytest.approx([0.0] * 11 + [whole] * 4)
    assert table["benefit_sum_musd"].iloc[-1] == pytest.approx(4 * whole)
    assert payments(plan)[["begins", "ends"]].to_numpy().tolist() == [[2027, 2028], [2028, 2038]]


def test_the_timeline_shows_the_years_and_says_what_adds_nothing(plan: co.Plan) -> None:
    drawn = plan.plot_timeline(names=NAMES, width_cm=12)
    bars = [bar.get_height() for bar in drawn.axes["money"].patches if bar.get_gid() == "paid"]
    assert bars == pytest.approx(plan_years(plan)["paid_musd"].tolist())
    texts = " ".join(" ".join(text.get_text() for text in ax.texts) for ax in drawn.axes.values()).replace("\n", " ")
    assert "Kharlachi–Kohat, 2028" in texts
    assert "When it opens, this adds nothing: Kharlachi–Kohat in 2028." in texts
    last = plan_years(plan).iloc[-1]
    assert timeline_notes(plan)[-1].startswith(
        f"By the end of 2041, {last['paid_sum_musd']:,.0f} m USD are paid and {last['benefit_sum_musd']:,.0f} saved"
    )


def test_the_map_has_each_line_in_the_colour_of_its_year(plan: co.Plan, net: co.Network, line: co.Network) -> None:
    drawn = plan.plot_map(net, names=NAMES, width_cm=9, labels=False)
    ids = {one.get_gid() for one in drawn.ax.collections}
    assert {f"plan-{name}" for name in LINES} <= ids
    legend = drawn.ax.get_legend()
    assert legend is not None
    rows = [text.get_text() for text in legend.get_texts()]
    assert {"Opens in 2028", "Opens in 2038", "Candidate that is not chosen"} <= set(rows)
    colors = year_colors([2028, 2038, 2029])
    lightness = [sum(int(color[at : at + 2], 16) for at in (1, 3, 5)) for color in colors.values()]
    assert lightness == sorted(lightness), "later years are lighter, so that they differ in grey"
    with pytest.raises(co.InputError, match="lines of its candidates"):
        plan.plot_map(line)


def test_a_future_in_which_nothing_saves_is_named(plan: co.Plan) -> None:
    texts = " ".join(text.get_text() for text in plan.plot_regret(names=NAMES).ax.texts).replace("\n", " ")
    assert "In 'AF-PK shut' no set saves anything." in texts
    assert "least with: Naibabad–Kharlachi + Kharlachi–Kohat." in texts


def test_the_outlook_is_drawn_as_it_is_told(large: co.Appraisal) -> None:
    outlook = large.outlook(reference_class=False)
    drawn = co.plot.npv_outlook({"Kabul line": outlook, "as others": large.outlook()}, width_cm=12)
    marks = [line for line in drawn.ax.lines if line.get_gid() == "expected"]
    assert marks[0].get_xdata()[0] == pytest.approx(outlook.expected_musd)
    heights = [-bar.get_height() for bar in drawn.ax.patches if bar.get_gid() == "paths"]
    assert max(heights) == pytest.approx(0.62)
    share = (outlook.npv_paths() > 0).mean()
    said = outlook_sentence("Kabul line", outlook)
    assert f"above zero on {100 * share:.0f} % of the paths" in said
    assert ("undecided" in said) == (0.1 < share < 0.9)
    chain = type(outlook.chain)((co.Border("AF-PK", p_shut=0.5, p_open=0.5),))
    other = replace(outlook, chain=chain)
    with pytest.raises(co.InputError, match="same borders"):
        co.plot.npv_outlook({"a": outlook, "b": other})


def test_the_tornado_says_what_moves_after_the_shortfall(large: co.Appraisal) -> None:
    drawn = large.plot(width_cm=14)
    texts = " ".join(text.get_text() for text in drawn.ax.texts).replace("\n", " ")
    moved = large.summary()["flows_mt"] * (1 + large.shortfall.value / 100)
    assert f"of which {moved:,.2f} move after the shortfall" in texts
    labels = [text.get_text().replace("\n", " ") for text in drawn.ax.get_yticklabels()]
    assert "overrun of the cost, %" in labels
    assert np.all(pd.Series(labels).str.contains(","))
