"""Comparisons whose pairs are shared out between ways."""

from __future__ import annotations

import numpy as np
import pytest

import corridors as co
from corridors.whatif.compare import Comparison

PAIRS = [("tashkent", "kabul"), ("tashkent", "karachi")]


@pytest.fixture(scope="module")
def gain() -> Comparison:
    net = co.load()
    return co.compare(
        {"base": net, "kabul": "uap-kabul"},
        ["Tashkent"],
        ["Kabul", "Karachi"],
        cargo="wagon",
        choice=co.Logit(ways=2),
        draws=100,
    )


def test_ways_and_logsums_are_those_of_a_split(gain: Comparison, net: co.Network) -> None:
    split = co.split(net, "Tashkent", "Kabul", cargo="wagon", choice=co.Logit(ways=2), draws=100)
    ways = gain.ways()
    mine = ways[(ways["scenario"] == "base") & (ways["destination"] == "kabul")]
    assert mine["share"].tolist() == pytest.approx(split.table()["share"].tolist())
    assert mine["p95"].tolist() == pytest.approx(split.table()["p95"].tolist())
    assert gain.logsums().loc[("tashkent", "kabul"), "base"] == pytest.approx(split.logsum_usd_t)
    assert ways.groupby(["scenario", "destination"])["share"].sum().to_numpy() == pytest.approx(1)


def test_pairs_tell_the_expected_least_cost_and_its_band(gain: Comparison) -> None:
    table = gain.pairs().set_index(["scenario", "destination"])
    least = gain.logsums()
    row = table.loc[("kabul", "karachi")]
    before, after = least.loc[("tashkent", "karachi"), ["base", "kabul"]]
    assert row["logsum_usd_t_delta"] == pytest.approx(after - before)
    assert row["logsum_delta_p05"] < row["logsum_usd_t_delta"] < row["logsum_delta_p95"]
    assert table.loc[("base", "karachi"), "logsum_usd_t_delta"] == 0
    assert (table["share_best"] > 1 / table["ways"] - 0.2).all()


def test_flows_follow_the_shares(gain: Comparison, net: co.Network) -> None:
    flows = gain.flows()
    base = flows[flows["scenario"] == "base"].set_index("id")["share"]
    expected: dict[str, float] = {}
    for (scenario, *pair), ways in gain.choices.items():
        if scenario == "base":
            for route, share in zip(ways.routes, ways.shares(), strict=True):
                moving = route.steps[route.steps["km"] > 0]
                for ident in set(moving["id"]):
                    expected[ident] = expected.get(ident, 0.0) + gain.weights[tuple(pair)] * share
    assert base[base > 0].to_dict() == pytest.approx(expected)
    assert base.max() <= 1
    assert ((base > 0.01) & (base < 0.99)).any()


def test_one_way_is_the_best_way(net: co.Network) -> None:
    options = {"origins": ["Tashkent"], "destinations": ["Kabul"], "cargo": "truck"}
    single = co.compare(net, **options, choice=co.Logit(ways=1))
    best = co.compare(net, **options)
    assert single.logsums().iloc[0, 0] == pytest.approx(best.table("generalized").iloc[0, 0])
    flows = [gain.flows().set_index("id")["share"] for gain in (single, best)]
    assert flows[0].to_dict() == flows[1].to_dict()
    assert "logsum_usd_t" not in best.pairs()
    with pytest.raises(co.InputError, match="choice='logit'"):
        best.ways()
    with pytest.raises(co.InputError, match="choice='logit'"):
        best.logsums()


def test_parts_and_names_keep_the_ways(gain: Comparison) -> None:
    assert list(gain.renamed({"base": "Today"}).logsums()) == ["Today", "kabul"]
    part = gain.part([("tashkent", "karachi")])
    assert set(part.ways()["destination"]) == {"karachi"}
    assert part.flows()["share"].max() == pytest.approx(1)


def test_a_pair_without_a_way_has_no_ways(net: co.Network) -> None:
    shut = net.close("AF-UZ", "AF-TM", "AF-TJ", "AF-IR", "AF-PK")
    gain = co.compare({"shut": shut, "open": net}, ["Tashkent"], ["Kabul"], cargo="truck", choice=co.Logit(ways=1))
    table = gain.pairs().set_index("scenario")
    assert table.loc["shut", "ways"] == 0
    assert np.isnan(table.loc["open", "logsum_usd_t_delta"])
    assert np.isnan(gain.logsums()["shut"].iloc[0])


def test_an_unknown_choice_is_named(net: co.Network) -> None:
    with pytest.raises(co.InputError, match="'best', 'logit'"):
        co.compare(net, ["Tashkent"], ["Kabul"], cargo="truck", choice="logits")
