"""What users stumble over, row by row of the review of the public surface: one test each."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import corridors as co
from corridors.base.drawing import Drawing
from corridors.base.units import MEASURES
from corridors.plot import breakdown_bars
from corridors.uncertainty.draws import DRAWS, SPREAD_OF_MEANS, SPREAD_OF_TRIPS
from corridors.whatif.named import named_networks

ENDS = (["Tashkent"], ["Karachi"])
PAIR = ("tashkent", "karachi")
RAIL = {"modes": {"rail"}}


@pytest.fixture(scope="module")
def net() -> co.Network:
    return co.load()


@pytest.fixture(scope="module")
def gain(net: co.Network) -> co.Comparison:
    return co.compare([net, "uap-kabul"], *ENDS, draws=20, **RAIL)


SPELLINGS = [(m.name, m.column) for m in MEASURES.values()]


@pytest.mark.parametrize(("name", "column"), SPELLINGS)
def test_row_1_a_measure_has_two_spellings_everywhere(
    net: co.Network, gain: co.Comparison, name: str, column: str
) -> None:
    assert net.matrix(*ENDS, name).equals(net.matrix(*ENDS, column))
    assert gain.table(name).equals(gain.table(column))
    assert gain.overall_band("uap-kabul", name) == gain.overall_band("uap-kabul", column)
    assert np.array_equal(gain.samples(name)["base", *PAIR], gain.samples(column)["base", *PAIR])
    one, other = (co.simulate(net, *ENDS, spelling, draws=3) for spelling in (name, column))
    assert np.array_equal(one.samples, other.samples)
    assert one.measure == other.measure == name
    route = gain.routes["base", *PAIR]
    assert np.array_equal(route.distribution(name, draws=5).samples, route.distribution(column, draws=5).samples)
    swept = [co.sweep(net, ["uap-kabul"], *ENDS, spelling, **RAIL)["change"] for spelling in (name, column)]
    assert swept[0].equals(swept[1])


@pytest.mark.parametrize(("name", "column"), [(n, c) for n, c in SPELLINGS if n != "distance"])
def test_row_1_sums_of_parameters_have_two_spellings_too(gain: co.Comparison, name: str, column: str) -> None:
    today, built = (gain.routes[scenario, *PAIR] for scenario in gain.scenarios)
    parameter = "border/kharlachi/PK/rail/hours"
    assert co.break_even(built, today, parameter, name) == pytest.approx(
        co.break_even(built, today, parameter, column), nan_ok=True
    )
    with pytest.raises(co.InputError, match=r"'km'.*one of hours, cost, co2e, generalized"):
        co.break_even(built, today, parameter, "km")


def test_row_1_charts_take_both_spellings(gain: co.Comparison) -> None:
    route = gain.routes["base", *PAIR]
    for spelling in ("cost", "cost_usd_t"):
        assert (
            "USD/t" in breakdown_bars(route, spelling).ax.get_xlabel() + breakdown_bars(route, spelling).ax.get_ylabel()
        )


def test_row_1_a_wrong_measure_lists_the_right_ones(net: co.Network, gain: co.Comparison) -> None:
    for call in (gain.table, gain.samples, lambda name: co.simulate(net, *ENDS, name, draws=1)):
        with pytest.raises(co.InputError, match=r"'beauty'.*hours, cost, distance, co2e, generalized"):
            call("beauty")
    with pytest.raises(co.InputError, match="borders, transfers, gauge_breaks"):
        gain.table("beauty")
    with pytest.raises(co.InputError, match="did you mean 'borders'"):
        gain.table("border")


def test_row_2_distance_has_draws_and_they_are_all_the_same(net: co.Network, gain: co.Comparison) -> None:
    table = net.matrix(*ENDS, "distance", draws=5, **RAIL)
    assert table["p05"].iloc[0] == table["p95"].iloc[0] == table["expected"].iloc[0] > 1000
    km = gain.samples("distance")["base", *PAIR]
    assert len(km) == 20
    assert set(km) == {gain.routes["base", *PAIR].km}


def test_row_3_draws_of_a_matrix_are_a_method_of_their_own(net: co.Network) -> None:
    table = net.matrix_draws(*ENDS, "hours", draws=5, **RAIL)
    assert table.index.names == ["origin", "destination"]
    assert table.equals(net.matrix(*ENDS, "hours", draws=5, **RAIL)), "the keyword of before keeps working"


FORMS: list[Any] = [
    pytest.param(lambda net: net, marks=pytest.mark.slow),
    lambda net: [net, "uap-kabul"],
    pytest.param(lambda net: {"base": net, "k": "uap-kabul"}, marks=pytest.mark.slow),
    lambda net: {"base": net, "k": co.scenario("uap-kabul"), "b": net.build("uap-kabul")},
    pytest.param(lambda net: (net, co.scenario("uap-kabul"), "uap-kabul/long"), marks=pytest.mark.slow),
]


@pytest.mark.parametrize("form", FORMS)
def test_rows_4_and_5_scenarios_are_given_in_one_way_everywhere(net: co.Network, form: Callable[..., Any]) -> None:
    names = list(named_networks(form(net)))
    assert names[0] == "base"
    assert co.compare(form(net), *ENDS, **RAIL).scenarios == names
    assert co.simulate(form(net), *ENDS, draws=1, **RAIL).scenarios == names
    assert co.reach(form(net), *ENDS, **RAIL).scenarios == names
    assert f"{len(names)} scenario" in repr(co.explore(form(net)))


def test_row_5_names_of_bundled_scenarios_are_what_they_stand_for(net: co.Network) -> None:
    named = co.compare({"b": net, "k": "uap-kabul"}, *ENDS, **RAIL).table()
    built = co.compare({"b": net, "k": net.build("uap-kabul")}, *ENDS, **RAIL).table()
    pd.testing.assert_frame_equal(named, built)
    longer = co.compare([net, "uap-kabul", "uap-kabul/long"], *ENDS, **RAIL).table("km").iloc[0]
    assert longer["uap-kabul/long"] > longer["uap-kabul"] < longer["base"]
    with pytest.raises(co.UnknownNameError, match=r"'uap-kabull'.*uap-kabul"):
        co.compare({"b": net, "k": "uap-kabull"}, *ENDS)


def test_row_6_headline_and_robustness_take_both_forms(net: co.Network) -> None:
    pairs, alone = {"origins": ENDS[0], "destinations": ENDS[1]}, {"closed": None}
    classic = co.headline(net, ["uap-kabul"], *ENDS, **alone).table()
    for head in (
        co.headline({"base": net, "uap-kabul": "uap-kabul"}, **pairs, **alone),
        co.headline([net, "uap-kabul"], **pairs, **alone),
        co.headline({"base": net}, ["uap-kabul"], **pairs, **alone),
        co.headline(net, {"uap-kabul": co.scenario("uap-kabul")}, **pairs, **alone),
    ):
        pd.testing.assert_frame_equal(head.table(), classic)
    few = {"disputed": ["waiting/rail/hours"], "lengths_km": {}, **RAIL}
    table = co.robustness(net, ["uap-kabul"], *ENDS, **few)
    assert table.loc["waiting/rail/hours low", "best"] == "uap-kabul"
    pd.testing.assert_frame_equal(co.robustness({"base": net, "uap-kabul": "uap-kabul"}, **pairs, **few), table)
    pd.testing.assert_frame_equal(co.robustness(net, {"uap-kabul": net.build("uap-kabul")}, *ENDS, **few), table)
    with pytest.raises(co.InputError, match="beside the base"):
        co.robustness(net, **few)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({}, "begins with a network"),
        ([], "begins with a network"),
        ("uap-kabul", "begins with a network"),
        (["uap-kabul", "western-route"], "begins with a network"),
        ({"s": co.Scenario("s")}, "begins with a network"),
        (3, "a network"),
        ({"b": 3}, "a network"),
    ],
)
def test_rows_4_to_6_errors_are_of_one_kind(wrong: Any, words: str) -> None:
    calls: list[Callable[..., Any]] = [co.compare, co.simulate, co.reach, lambda s, o, d: co.headline(s, (), o, d)]
    for call in calls:
        with pytest.raises(co.InputError, match=f"scenarios.*{words}"):
            call(wrong, *ENDS)


def test_rows_4_to_6_two_scenarios_of_one_name_are_refused(net: co.Network) -> None:
    with pytest.raises(co.InputError, match="a name of its own"):
        co.compare([net, "uap-kabul", "uap-kabul"], *ENDS)
    with pytest.raises(co.InputError, match="a name of its own"):
        co.headline({"base": net}, {"base": "uap-kabul"}, *ENDS)


def test_row_7_the_base_is_called_base(net: co.Network) -> None:
    assert net.name != "base"
    assert co.compare(net, *ENDS, **RAIL).base == "base"
    assert co.simulate(net, *ENDS, draws=1, **RAIL).scenarios == ["base"]
    assert co.reach(net, *ENDS, **RAIL).base == "base"
    assert named_networks({"today": net}).keys() == {"today"}
    assert repr(net.explore()).startswith(f"Interactive map '{net.name}': 1 scenario")


def test_row_8_origins_come_before_destinations(net: co.Network) -> None:
    for function in (co.compare, co.simulate, co.reach):
        assert list(inspect.signature(function).parameters)[:3] == ["scenarios", "origins", "destinations"]
    one = co.reach(net, ["Termez"], ["Karachi"]).days()
    assert one.equals(co.reach(net, destinations=["Karachi"], origins=["Termez"]).days())
    everywhere = co.reach(net, destinations=["Karachi"]).days()
    assert len(everywhere) > 50
    assert everywhere.loc["termez", "base"] == one.loc["termez", "base"]
    with pytest.raises(co.InputError, match=r"destinations=\[\.\.\.\]"):
        co.reach(net, ["Karachi"])  # were these origins or destinations?


@pytest.mark.parametrize(
    "call",
    [
        lambda net: net.routes(*ENDS, mode="rail"),
        lambda net: co.compare(net, *ENDS, mode="rail"),
        lambda net: co.simulate(net, *ENDS, mode="rail"),
        lambda net: co.reach(net, *ENDS, mode="rail"),
        lambda net: co.sweep(net, ["uap-kabul"], *ENDS, mode="rail"),
        lambda net: co.use_shares(net, *ENDS, mode="rail"),
        lambda net: co.robustness(net, ["uap-kabul"], *ENDS, mode="rail"),
        lambda net: co.redundancy.criticality(net, *ENDS, mode="rail"),
        lambda net: co.redundancy.border_disjoint(net, "Tashkent", "Karachi", mode="rail"),
    ],
)
def test_row_9_a_misspelt_option_is_named(net: co.Network, call: Callable[[co.Network], object]) -> None:
    with pytest.raises(co.InputError, match="has no option 'mode'; did you mean 'modes'"):
        call(net)


def test_row_9_options_stand_in_the_signature() -> None:
    asked = {"by", "cargo", "avoid", "modes", "commodity", "vot_usd_t_h"}
    losses = (co.redundancy.smallest_cut, co.redundancy.betweenness, co.redundancy.expected_loss)
    for function in (co.compare, co.simulate, co.reach, co.sweep, co.use_shares, co.robustness, *losses):
        assert asked <= set(inspect.signature(function).parameters), function.__name__
        assert "\nvot_usd_t_h\n" in (inspect.getdoc(function) or ""), function.__name__
    assert asked <= set(inspect.signature(co.headline).parameters)


WEIGHTS: list[Any] = [
    {"almaty": 3, "astana": 1},
    {"Almaty": 3, "Astana": 1.0},
    {("almaty", "karachi"): 3, ("Astana", "Karachi"): 1},
    pd.Series({"almaty": 3, "astana": 1}),
    pd.DataFrame({"karachi": [1.0, 3.0]}, ["astana", "almaty"]),
]
TWO = (["Almaty", "Astana"], ["Karachi"])


@pytest.mark.parametrize("weights", WEIGHTS)
def test_row_10_weights_have_one_meaning_everywhere(net: co.Network, weights: Any) -> None:
    frame = WEIGHTS[-1]
    assert co.compare(net, *TWO, weights=weights).weights == {("almaty", "karachi"): 0.75, ("astana", "karachi"): 0.25}
    head = co.headline(net, *((), *TWO), closed=None, weights=weights)
    assert head.results["rail only", "open"].weights["almaty", "karachi"] == 0.75
    for call in (
        lambda w: co.sweep(net, ["uap-kabul"], *TWO, weights=w, **RAIL),
        lambda w: co.use_shares(net, *TWO, weights=w, draws=3),
        lambda w: co.redundancy.betweenness(net, *TWO, weights=w),
        lambda w: co.redundancy.criticality(net, *TWO, weights=w, cargo="truck"),
        lambda w: co.redundancy.expected_loss(net, {"torkham": 0.1}, *TWO, weights=w, cargo="truck"),
    ):
        assert call(weights).equals(call(frame))
        assert call("population").equals(call(net.places["population"]))
    if not any(isinstance(key, str) and key != key.lower() for key in weights) and "Astana" not in str(weights):
        matrix = net.matrix(*TWO)
        efficiency = co.metrics.global_efficiency(matrix, weights=weights)
        assert efficiency == co.metrics.global_efficiency(matrix, weights=frame)


@pytest.mark.parametrize(
    ("weights", "error", "words"),
    [
        ({"almaty": 1}, co.InputError, "'astana' to 'karachi' has none"),
        ({"almaty": 1, "astana": -1}, co.InputError, "'astana' has -1"),
        ({"almaty": 1, "astana": np.nan}, co.InputError, "has none"),
        ({"almaty": 0, "astana": 0}, co.InputError, "at least one pair"),
        ({"almaty": 1, "astana": "much"}, co.InputError, "weights are numbers"),
        ({"almaty": 1, "Almaty": 2, "astana": 1}, co.InputError, "every place once"),
        ({("almaty", "karachi"): 1, "astana": 1}, co.InputError, "one of these forms"),
        ({"almaty": 1, "astanaa": 1}, co.UnknownNameError, "Astana"),
        (pd.DataFrame({"karachi": [1.0]}, ["almaty"]), co.InputError, "has none"),
        ("beauty", co.InputError, "'population'"),
        (3, co.InputError, "'population'"),
    ],
)
def test_row_10_bad_weights_are_named_before_work_starts(
    net: co.Network, monkeypatch: pytest.MonkeyPatch, weights: Any, error: type[Exception], words: str
) -> None:
    def work(*_: object, **__: object) -> None:
        raise AssertionError("work has started")

    for name in ("routes", "problem"):
        monkeypatch.setattr(co.Network, name, work)
    calls: list[Callable[[], object]] = [
        lambda: co.compare(net, *TWO, weights=weights),
        lambda: co.headline(net, (), *TWO, weights=weights),
        lambda: co.sweep(net, ["uap-kabul"], *TWO, weights=weights),
        lambda: co.use_shares(net, *TWO, weights=weights),
        lambda: co.redundancy.betweenness(net, *TWO, weights=weights),
    ]
    for call in calls:
        with pytest.raises(error, match=words):
            call()


def test_row_11_tables_and_summaries_are_methods(net: co.Network, gain: co.Comparison) -> None:
    results = [
        gain,
        co.simulate(net, *ENDS, draws=2),
        co.reach(net, *ENDS),
        co.headline(net, ["uap-kabul"], *ENDS),
        co.validate.distances(net),
        co.validate.times(net, draws=5),
        co.validate.claims(net, draws=5),
    ]
    for result in results:
        assert isinstance(result.table(), pd.DataFrame), type(result)
        assert len(result.table()), type(result)
        assert str(result) == repr(result)
        assert "<table" in result._repr_html_()
    summaries = (gain.routes["base", *PAIR].summary, results[5].summary)
    assert all(len(summary()) for summary in summaries)
    table = results[4].table()
    table["within"] = False
    assert results[4].share_within > 0.5, "a table is a copy"


def test_row_12_draws_and_spreads_have_one_default_each() -> None:
    def default(function: Callable[..., object], name: str) -> object:
        return inspect.signature(function).parameters[name].default

    route, network = co.Route.distribution, co.Network.matrix_draws
    for function in (route, network, co.simulate, co.use_shares, co.validate.claims, co.validate.times):
        assert default(function, "draws") == DRAWS
    for function in (co.compare, co.headline, co.sweep):
        assert default(function, "draws") == 0
        assert "expected values only" in " ".join((inspect.getdoc(function) or "").split())
    assert [default(f, "spread") for f in (route, network, co.simulate)] == [SPREAD_OF_TRIPS] * 3
    assert [default(f, "spread") for f in (co.use_shares, co.sweep)] == [SPREAD_OF_MEANS] * 2


def test_row_13_plot_flows_says_what_is_drawn() -> None:
    assert co.Comparison.plot_flows is co.Comparison.plot


def test_row_14_every_plot_is_a_drawing(net: co.Network) -> None:
    assert isinstance(net.plot(), Drawing)
    assert inspect.signature(co.Network.plot).return_annotation in ("Drawing", Drawing)


def test_row_15_there_is_one_documented_way_each(net: co.Network) -> None:
    assert not hasattr(net, "assumptions")
    assert len(net.route("Tashkent", "Karachi").assumptions())
    assert not hasattr(co, "merge")
    assert co.Network.trace is co.trace, "the method is the function"


def test_row_16_claims_are_among_the_validations() -> None:
    assert co.validate.claims is co.claims
    assert inspect.isfunction(co.validate.claims)
    assert {"claims", "distances", "times"} <= set(co.validate.__all__)
    assert "no route is searched" in (inspect.getdoc(co.Network.check) or "")


def test_row_17_km_and_distance_are_the_same(net: co.Network, gain: co.Comparison) -> None:
    assert gain.table("km").equals(gain.table("distance"))
    assert net.matrix(*ENDS, "km").equals(net.matrix(*ENDS, "distance"))


def test_row_18_one_table_says_where_everything_is() -> None:
    text = inspect.getdoc(co.measures) or ""
    named = set(re.findall(r"co\.([a-z_]+)", text))
    assert {"compare", "headline", "simulate", "reach", "connectivity", "metrics", "redundancy", "cpmm"} <= named
    assert named <= set(co.__all__)
