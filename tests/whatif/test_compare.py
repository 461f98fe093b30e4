"""Comparison of scenarios: differences, bands, probabilities, ties and break-even, by hand and by properties."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import corridors as co
from support.networks import PARAMETERS, POSITIONS, link, make, parameter, place

PLACES = [place(i, *at, population=n) for (i, at), n in zip(POSITIONS.items(), (10, 30, 5, 20, 60), strict=True)]


def project(ident: str) -> dict[str, object]:
    base = {"id": ident, "name": ident, "kind": "new", "status": "planned", "countries": "UZ", "source": "s"}
    return {**base, "confidence": "B"}


def planned(first: str, second: str, km: float, name: str, line: str) -> dict[str, object]:
    ident = f"{first}--{second}@{name}"
    return link(first, second, "road", km, status="planned", project=name, id=ident, line=line)


@pytest.fixture
def net() -> co.Network:
    """C to D by an old road of 100 km; `new` offers 60 km, `other` 62 km; E is reached by `far` alone."""
    speeds = [
        parameter("line_haul", "hours", 25, "km/h", line=name, mode="road", low=20, high=31.25, trip_cv=0.3)
        for name in ("old", "new", "other", "far")
    ]
    return make(
        PLACES,
        [
            link("c", "d", "road", 100, line="old"),
            planned("c", "d", 60, "new", "new"),
            planned("c", "d", 62, "other", "other"),
            planned("d", "e", 40, "far", "far"),
        ],
        projects=[project(name) for name in ("new", "other", "far")],
        parameters=[*PARAMETERS, *speeds],
    )


def test_differences_against_the_base(net: co.Network) -> None:
    found = co.compare(
        {"base": net, "new": net.build("new"), "far": net.build("far")}, ["c"], ["d", "e"], cargo="truck"
    )
    pairs = found.pairs().set_index(["scenario", "destination"])
    assert pairs.loc[("new", "d"), "km_delta"] == -40
    assert pairs.loc[("new", "d"), "km_ratio"] == 0.6
    assert pairs.loc[("new", "d"), "hours_delta"] == pytest.approx(-40 / 25 - 0.4)
    assert list(pairs["status"]) == ["both", "neither", "both", "neither", "both", "only_scenario"]
    overall = found.overall()
    assert overall.loc["far", "joined"] == 1
    assert overall.loc["far", "compared"] == 1
    assert overall.loc["far", "hours_delta"] == 0
    assert found.table("km").loc[("c", "d")].to_list() == [100, 60, 100]


def test_scenarios_are_applied_to_the_base(net: co.Network) -> None:
    one = co.compare({"base": net, "new": co.Scenario("x").build("new")}, ["c"], ["d"], cargo="truck")
    assert one.table("km").iloc[0].to_list() == [100, 60]


def test_weights_by_population(net: co.Network) -> None:
    found = co.compare(
        {"base": net, "new": net.build("new", "far")}, ["c", "e"], ["d"], cargo="truck", weights="population"
    )
    assert found.weights == {("c", "d"): pytest.approx(5 / 65), ("e", "d"): pytest.approx(60 / 65)}
    by_hand = co.compare({"base": net}, ["c", "e"], ["d"], cargo="truck", weights={"c": 3, "e": 1})
    assert by_hand.weights["c", "d"] == 0.75
    with pytest.raises(co.InputError, match=r"every pair needs a weight.*'e' to 'd' has none"):
        co.compare({"base": net}, ["c", "e"], ["d"], weights={"c": 1})
    with pytest.raises(co.InputError, match="'population'"):
        co.compare({"base": net}, ["c"], ["d"], weights="beauty")


def test_bands_probabilities_and_ties(net: co.Network) -> None:
    scenarios = {"base": net, "new": net.build("new"), "other": net.build("other")}
    found = co.compare(scenarios, ["c"], ["d"], cargo="truck", draws=4000, seed=1)
    pairs = found.pairs().set_index("scenario")
    assert pairs.loc["new", "p_better"] > 0.95
    assert not pairs.loc["new", "tie"]
    assert pairs.loc["new", "hours_p05"] < pairs.loc["new", "hours_p50"] < pairs.loc["new", "hours_p95"]
    beats = found.beats()
    assert beats.loc["new", "other"] == pytest.approx(1 - beats.loc["other", "new"])
    assert 0.5 < beats.loc["new", "other"] < 0.8, "two new roads of nearly the same length are a tie"
    again = co.compare(scenarios, ["c"], ["d"], cargo="truck", draws=4000, seed=1)
    assert again.pairs().equals(found.pairs())


def test_paired_draws_of_an_unchanged_way_are_identical(net: co.Network) -> None:
    found = co.compare({"base": net, "far": net.build("far")}, ["c"], ["d"], cargo="truck", draws=500)
    samples = found.samples()
    assert np.array_equal(samples["base", "c", "d"], samples["far", "c", "d"])
    assert found.pairs().iloc[1]["generalized_delta_p95"] == 0


def test_draws_handed_out_are_the_callers_own(net: co.Network) -> None:
    found = co.compare({"base": net, "far": net.build("far")}, ["c"], ["d"], cargo="truck", draws=50)
    before = found.pairs()
    samples = found.samples("hours", "knowledge")
    samples["far", "c", "d"] *= 2
    samples.clear()
    assert len(found.samples("hours", "knowledge")) == 2
    pd.testing.assert_frame_equal(found.pairs(), before)


def test_break_even_is_exact(net: co.Network) -> None:
    old, new = (n.route("c", "d", cargo="truck") for n in (net, net.build("new")))
    speed = co.break_even(new, old, "line_haul/new/road/hours", "hours")
    slowed = net.with_parameters({"line_haul/new/road/hours": {"value": speed, "low": 1, "high": 60}}).build("new")
    assert slowed.route("c", "d", cargo="truck", avoid="c--d:road").hours == pytest.approx(old.hours)
    assert np.isnan(co.break_even(new, old, "line_haul/far/road/hours", "hours"))
    with pytest.raises(co.InputError, match="full name"):
        co.break_even(new, old, "line_haul")


def test_wrong_comparisons(net: co.Network) -> None:
    with pytest.raises(co.InputError, match="begins with a network"):
        co.compare({}, ["c"], ["d"])
    with pytest.raises(co.InputError, match="begins with a network"):
        co.compare({"s": co.Scenario("x")}, ["c"], ["d"])
    with pytest.raises(co.InputError, match="one pair of different places"):
        co.compare(net, ["c"], ["c"])
    with pytest.raises(co.InputError, match="at least one place"):
        co.compare(net, [], ["d"])
    found = co.compare({"base": net}, ["c"], ["d"], cargo="truck")
    with pytest.raises(co.InputError, match="draws"):
        found.samples()
    with pytest.raises(co.InputError, match="measure"):
        found.table("beauty")
    with pytest.raises(co.InputError, match="origin, destination, market"):
        found.overall("country")


def test_rows_per_origin_and_destination(net: co.Network) -> None:
    found = co.compare({"base": net, "all": net.build("new", "far")}, ["c", "d"], ["d", "e"], cargo="truck")
    assert list(found.overall("origin").loc["all"].index) == ["c", "d"]
    assert found.overall("destination").loc[("all", "e"), "joined"] == 2
    assert "4 pairs" not in repr(found)
    assert "<table" in found._repr_html_()


def test_what_is_handed_out_cannot_change_the_comparison() -> None:
    gain = co.compare([co.load(), "uap-kabul"], ["Almaty"], ["Karachi"])
    for name in ("routes", "weights", "networks"):
        mapping = getattr(gain, name)
        assert dict(mapping) == mapping
        with pytest.raises(TypeError):
            mapping[next(iter(mapping))] = None
        assert not hasattr(mapping, "clear")
