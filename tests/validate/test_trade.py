"""Trade against observation: gaps as freight, bounds, markups, weights, and what cannot be modelled."""

from __future__ import annotations

import pandas as pd
import pytest

import corridors as co
from corridors.validate import trade
from support.networks import PARAMETERS, link, make, parameter, place

GAP = {"kind": "gap", "from_id": "a", "to_id": "b", "commodity": "flour", "cargo": "truck", "value": 10,
       "tolerance": 3, "year": 2021}  # fmt: skip


@pytest.fixture
def road() -> co.Network:
    """A -100 km- B by road at 0.08 USD per tonne-km there and 0.02 back."""
    rates = [
        parameter("line_haul", "cost", 0.08, "USD/tkm", mode="road", direction="head-haul"),
        parameter("line_haul", "cost", 0.02, "USD/tkm", mode="road", direction="back-haul"),
    ]
    spots = [place("a", "KZ", 50, 60), place("b", "KZ", 51, 60)]
    return make(spots, [link("a", "b", "road", 100, head_haul="to")], parameters=[*PARAMETERS, *rates])


def one(net: co.Network, **changes: object) -> pd.Series:
    return trade(net, pd.DataFrame([{**GAP, **changes}]), draws=20).table().iloc[0]


def test_a_gap_is_the_freight_between_the_towns(road: co.Network) -> None:
    row = one(road)
    assert row["expected"] == pytest.approx(8)
    assert row["error"] == pytest.approx(-2)
    assert row["inside"]
    assert not one(road, value=12)["inside"]
    assert one(road, from_id="b", to_id="a")["expected"] == pytest.approx(2)


@pytest.mark.parametrize(("value", "error"), [(5, 0), (-7, 0), (9, -1), (-12, -4)])
def test_a_bound_is_broken_only_by_a_larger_gap(road: co.Network, value: float, error: float) -> None:
    assert one(road, value=value, relation="bound")["error"] == pytest.approx(error)


def test_groups_and_what_cannot_be(road: co.Network) -> None:
    rows = [GAP, {**GAP, "conditions": "closed"}, {**GAP, "in_sample": "yes"}, {**GAP, "to_id": "nowhere"},
            {**GAP, "usable": "no"}]  # fmt: skip
    found = trade(road, pd.DataFrame(rows).fillna(""), draws=0)
    assert found.table()["group"].tolist() == ["counted", "special", "in-sample", "not modelled"]
    assert "nowhere" in str(found)
    assert found.summary()["rows"].sum() == 3
    with pytest.raises(co.DataFileError, match="kind 'gape'"):
        one(road, kind="gape")
    with pytest.raises(co.DataFileError, match="relation 'about'"):
        one(road, relation="about")


def test_a_delivered_price_has_the_markup_of_traders(net: co.Network) -> None:
    row = {"kind": "landed", "from_id": "kostanay", "to_id": "kabul", "country": "KZ", "value": 459, "tolerance": 15}
    plain, marked = (one(net, **row, year=2024, markup_pct=pct) for pct in ("", 10))
    table = co.landed(net, "flour", market="Kabul", year=2024, draws=0).table().set_index("place")
    assert plain["expected"] == pytest.approx(table.loc["kostanay", "landed_usd_t"])
    assert marked["expected"] == pytest.approx(1.1 * plain["expected"])
    assert marked["p05"] < marked["p50"] < marked["p95"]
    assert plain["tolerance"] == pytest.approx(0.15 * 459)
    lost = one(net, **row, year=2019)
    assert lost["group"] == "not modelled"
    assert "no price of 2019" in lost["note"]


def test_a_share_is_that_of_the_pairs_by_weight(net: co.Network) -> None:
    row = {"kind": "share", "cargo": "wagon", "gateway": "galaba-hairatan", "from_id": "kostanay", "value": 60}
    kabul, mazar = (one(net, **row, to_id=place)["expected"] for place in ("kabul", "mazar-i-sharif"))
    both = one(net, **row, to_id="kabul:3;mazar-i-sharif:1")
    assert both["expected"] == pytest.approx(0.75 * kabul + 0.25 * mazar)
    assert 0 < both["p05"] < both["p95"] <= 100
    every = one(net, **{**row, "gateway": "KZ"}, to_id="kabul")
    assert every["expected"] == pytest.approx(100), "all ways begin in Kazakhstan"


def test_bundled_rows_meet_the_model(net: co.Network) -> None:
    found = trade(net, draws=0)
    assert len(found.table()) >= 30
    counted = found.summary().query("group == 'counted'").set_index(["kind", "relation"])
    assert counted.loc[("gap", "equal"), "inside"] >= 5, "a later change of rates must not undo this in silence"
    assert counted.loc[("gap", "bound"), "rows"] == 6
    assert set(found.table()["kind"]) == {"gap", "landed", "share", "closure", "loss", "shortfall", "untested"}
    lost = found.table().query("kind == 'untested'")
    assert (lost["note"].str.len() > 10).all(), "each says why"


def test_a_shut_border_is_the_price_of_the_detour(net: co.Network) -> None:
    row = {"kind": "closure", "to_id": "kabul", "closed": "AF-PK", "year": 2025, "tolerance": 10}
    rice = one(net, **row, from_id="lahore", commodity="rice", value=35, price_usd_t=1641)
    before, after = (n.route("lahore", "kabul", cargo="truck", commodity="rice") for n in (net, net.close("AF-PK")))
    change = 100 * (after.generalized_usd_t - before.generalized_usd_t) / 1641
    assert rice["expected"] == pytest.approx(change)
    assert rice["p05"] < change < rice["p95"]
    assert not rice["inside"], "the detour explains a fifth of the rise of the price"
    north = one(net, **row, from_id="kostanay", cargo="wagon", value=-3.4, price_usd_t=464)
    assert (north["expected"], north["p95"]) == (0, 0)


def test_goods_change_their_way_rather_than_vanish(net: co.Network) -> None:
    row = {"kind": "loss", "from_id": "karachi", "to_id": "kabul", "commodity": "general", "cargo": "container",
           "closed": "AF-PK", "relation": "floor", "tolerance": 0}  # fmt: skip
    year, months = (one(net, **row, months=some, value=14) for some in (12, 2.7))
    assert -10 < year["expected"] < 0
    assert months["expected"] == pytest.approx(year["expected"] * 2.7 / 12)
    assert months["error"] == 0
    assert one(net, **row, months=12, value=-20)["error"] == pytest.approx(year["expected"] + 20)


def test_what_cannot_be_set_against_the_model_says_why(net: co.Network) -> None:
    lost = one(net, kind="untested", note="no flows by origin", unit="days", value=4.2, tolerance="")
    assert (lost["group"], lost["note"], lost["unit"]) == ("not modelled", "no flows by origin", "days")
    promised = one(net, kind="shortfall", value=-96, tolerance="")
    assert (promised["expected"], promised["error"]) == (-51, 45)
    with pytest.raises(co.DataFileError, match="equal, bound, floor"):
        one(net, kind="untested", note="", relation="ceiling")
