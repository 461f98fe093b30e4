"""Answers whose pairs are shared out between ways: the same shares in every one of them."""

from __future__ import annotations

import numpy as np
import pytest

import corridors as co
from corridors.measures.connectivity import transit_band, transit_shares
from corridors.whatif.compare import Comparison

TWO = co.Logit(ways=2)
ENDS = {"origins": ["Tashkent"], "destinations": ["Kabul"]}


@pytest.fixture(scope="module")
def gain() -> Comparison:
    return co.compare([co.load(), "uap-kabul"], **ENDS, cargo="wagon", choice=TWO, draws=100)


def test_use_shares_are_those_of_the_comparison(gain: Comparison, net: co.Network) -> None:
    used = co.use_shares(net, ["Tashkent"], ["Kabul"], cargo="wagon", choice=TWO, draws=100)
    split = co.split(net, "Tashkent", "Kabul", cargo="wagon", choice=TWO, draws=100)
    for what in ("crossing", "link"):
        mine = used[used["kind"] == what].set_index("id")
        other = split.by(what)
        both = list(set(mine.index) & set(other.index))  # a link without km, at a border, is counted in one alone
        assert len(both) > 0.9 * len(other)
        for end in ("p05", "p95"):
            assert mine[end][both].to_dict() == pytest.approx(other[end][both].to_dict())
    crossings = used[used["kind"] == "crossing"].set_index("id")["mean"]
    passed = [[name in way.crossings for name in crossings.index] for way in gain.choices["base", *PAIR].routes]
    drawn = gain.share_samples("base", *PAIR) @ np.array(passed, dtype=float)
    assert crossings.tolist() == pytest.approx(drawn.mean(axis=0).tolist())
    assert (used["used"] == 1).all()


PAIR = ("tashkent", "kabul")


def test_one_way_is_no_choice(net: co.Network) -> None:
    asked = {"cargo": "truck", "what": "crossing", "draws": 40}
    one = co.use_shares(net, ["Tashkent"], ["Kabul"], choice=co.Logit(ways=1), **asked)
    assert (one["mean"] == 1).all()
    with pytest.raises(co.InputError, match="spread"):
        co.use_shares(net, ["Tashkent"], ["Kabul"], choice=TWO, spread="trip", **asked)
    with pytest.raises(co.InputError, match="'best', 'logit'"):
        co.use_shares(net, ["Tashkent"], ["Kabul"], choice="logits", **asked)
    with pytest.raises(co.NoRouteError):
        co.use_shares(
            net.close("AF-UZ", "AF-TM", "AF-TJ", "AF-IR", "AF-PK"), ["Tashkent"], ["Kabul"], choice=TWO, **asked
        )


def test_means_are_those_of_the_choice(gain: Comparison) -> None:
    overall = gain.overall().loc["uap-kabul"]
    before, after = gain.logsums().iloc[0]
    assert overall["generalized_usd_t_delta"] == pytest.approx(after - before)
    days = [
        float(ways.shares() @ [way.hours for way in ways.routes])
        for ways in (gain.choices[name, *PAIR] for name in gain.scenarios)
    ]
    assert overall["hours_delta"] == pytest.approx(days[1] - days[0])
    low, high = gain.overall_band("uap-kabul")
    assert low < overall["generalized_usd_t_delta"] < high
    change = gain.overall_band("uap-kabul", "hours")
    assert change[0] < overall["hours_delta"] < change[1]
    least = [ways.logsum(gain._way_costs[key], ways.logit.scales(100)) for key, ways in gain.choices.items()]
    assert gain.beats().loc["uap-kabul", "base"] == pytest.approx(float((least[1] < least[0]).mean()))


def test_without_a_choice_the_draws_of_shares_are_refused(net: co.Network) -> None:
    best = co.compare(net, **ENDS, cargo="truck", draws=5)
    with pytest.raises(co.InputError, match="choice='logit'"):
        best.share_samples("base", *PAIR)
    assert np.isnan(transit_band(best, "base", "TM")).all()


def test_headline_is_that_of_the_comparison(gain: Comparison, net: co.Network) -> None:
    options = {"closed": None, "cargo": "wagon", "modes": ["rail", "road"], "transit": "UZ"}
    head = co.headline(net, ["uap-kabul"], ["Almaty"], ["Kabul"], choice=TWO, draws=40, **options)
    result = head.first
    row = head.table().set_index("scenario").loc["uap-kabul"]
    before, after = result.logsums().iloc[0]
    assert row["generalized_usd_t"] == pytest.approx(after - before)
    share = float(transit_shares(result, ["UZ"]).loc["uap-kabul", "UZ"])
    assert row["transit_share"] == pytest.approx(share)
    assert row["transit_p05"] <= share <= row["transit_p95"]
    assert 0 < share <= 1
    assert "shared out between different ways (logit, scale 0.05 t/USD); 1 pair" in head.sentences()[0]
    plain = co.headline(net, ["uap-kabul"], ["Almaty"], ["Kabul"], **options).table()
    assert "transit_p05" not in plain


def test_robustness_takes_the_change_of_the_choice(gain: Comparison, net: co.Network) -> None:
    table = co.robustness(
        net, ["uap-kabul"], **ENDS, cargo="wagon", choice=TWO, disputed=["waiting/rail/hours"], lengths_km={}
    )
    before, after = gain.logsums().iloc[0]
    assert table.loc["reference", "uap-kabul"] == pytest.approx(after - before)
