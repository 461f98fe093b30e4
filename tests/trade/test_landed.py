"""Delivered prices on a small network with round numbers, and on the reference network."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import corridors as co
from corridors.trade.charges import discounts_on
from corridors.trade.priced import PARTS
from support.networks import COMMODITIES, POSITIONS, crossing, link, make, place

#  a --(100 km rail, KZ)-- b ==crossing x== c --(200 km rail, UZ)-- d        e: in UZ, 50 km of rail from d; f: no link
LINKS = [
    link("a", "b", "rail", 100),
    link("b", "c", "rail", 10, crossing="x", border_km=4),
    link("c", "d", "rail", 200),
    link("e", "d", "rail", 50),
]
SOLD = {"confidence": "A", "source": "s"}


def offer(ident: str, country: str, at: str, price: float, **more: object) -> dict[str, object]:
    base = {"id": ident, "commodity": "flour", "country": country, "place": at, "price_usd_t": price}
    return {**base, "basis": "exw", "period": "2024", **SOLD, **more}


def duty(ident: str, country: str, direction: str, kind: str, **more: object) -> dict[str, object]:
    return {"id": ident, "country": country, "direction": direction, "kind": kind, "commodity": "flour", **SOLD, **more}


OFFERS = [offer("north", "KZ", "a", 240), offer("local", "UZ", "e", 260)]


def small(offers: list[dict[str, object]] = OFFERS, **tables: Any) -> co.Network:
    spots = [place(i, *at) for i, at in POSITIONS.items()]
    goods = [{**row, "time_pct_day": 1, "value_usd_t": 240} for row in COMMODITIES]
    return make(spots, LINKS, crossings=[crossing("x", "b", "c")], commodities=goods, offers=offers, **tables)


def rows(found: co.Landed) -> pd.DataFrame:
    return found.table().set_index("offer")


def test_a_price_is_built_part_by_part() -> None:
    row = rows(small().landed("flour", market="d", draws=0)).loc["north"]
    # 310 km at 0.02 USD/tkm; one border of two sides at 3; 50 km/h, 20 h of yards in 1,000 km, 4 + 6 h, 10 h of waiting
    assert row["freight_usd_t"] == pytest.approx(6.2)
    assert row["border_usd_t"] == pytest.approx(6)
    days = (310 / 50 + 0.02 * 310 + 10 + 10) / 24
    assert row["days"] == pytest.approx(days)
    assert row["time_usd_t"] == pytest.approx(240 * 0.01 * days)
    assert row["landed_usd_t"] == pytest.approx(240 + 6.2 + 6 + 240 * 0.01 * days)
    parts = [name for name in row.index if name in PARTS]
    assert row[parts].sum() == pytest.approx(row["landed_usd_t"])


def test_rank_advantage_and_break_even_freight() -> None:
    table = rows(small().landed("flour", market="d", draws=0))
    north, local = table.loc["north"], table.loc["local"]
    assert (north["rank"], local["rank"]) == (1, 2)
    advantage = local["landed_usd_t"] - north["landed_usd_t"]
    assert north["advantage_usd_t"] == pytest.approx(advantage)
    assert local["advantage_usd_t"] == pytest.approx(-advantage)
    assert north["advantage_pct"] == pytest.approx(100 * advantage / local["landed_usd_t"])
    assert north["break_even_usd_t"] == pytest.approx(12.2 + advantage)


def test_a_rival_is_of_another_country() -> None:
    table = rows(small([*OFFERS, offer("b", "KZ", "b", 239)]).landed("flour", market="d", draws=0))
    assert table.loc[["b", "north", "local"], "rank"].tolist() == [1, 2, 3]
    assert table.loc["north", "rival"] == "e"
    assert table.loc["local", "rival"] == "b"


def test_a_specific_duty_and_one_in_percent() -> None:
    charges = [
        duty("t", "UZ", "import", "specific", value=7000, unit="UZS/t", fx_per_usd=1000, valid_from="2024-01"),
        duty("v", "UZ", "import", "ad-valorem", value=10, unit="%", partner="KZ"),
        duty("s", "KZ", "export", "specific", value=-5, unit="USD/t", valid_to="2024-06"),
    ]
    net = small(duties=charges)
    now, then = (rows(net.landed("flour", market="d", at=at, draws=0)).loc["north"] for at in ("2026-11", "2024-06"))
    to_border = 0.02 * 104
    assert now["duty_usd_t"] == pytest.approx(7 + 0.1 * (240 + to_border))
    assert (now["export_usd_t"], then["export_usd_t"]) == (0, -5)
    assert rows(net.landed("flour", market="d", draws=0)).loc["local", "duty_usd_t"] == 0, "no border is passed"
    even = now["break_even_usd_t"] - (now["freight_usd_t"] + now["border_usd_t"])
    assert even == pytest.approx(now["advantage_usd_t"] / 1.1)


def test_a_ban_acts_like_a_closure_and_names_its_row() -> None:
    charges = [duty("no-flour", "KZ", "export", "ban", partner="UZ", valid_from="2024-03", valid_to="2024-09")]
    net = small(duties=charges)
    inside, outside = (net.landed("flour", market="d", at=at, draws=0) for at in ("2024-05", "2024-10"))
    row = rows(inside).loc["north"]
    assert (row["status"], np.isnan(row["rank"])) == ("banned", True)
    assert "no-flour" in row["reason"]
    assert "no-flour" in str(inside)
    assert row["landed_usd_t"] == pytest.approx(rows(outside).loc["north", "landed_usd_t"]), "no duty, however high"
    assert rows(inside).loc["local", "rival"] == ""
    assert inside.summary().loc["base", ["place", "banned"]].tolist() == ["e", 1]
    lifted = net.landed("flour", market="d", at="2024-05", lift="no-flour", draws=0)
    assert rows(lifted).loc["north", "rank"] == 1
    with pytest.raises(co.UnknownNameError, match=r"duty 'no-flower'.*no-flour"):
        net.landed("flour", market="d", lift="no-flower")


def test_a_quota_is_told_and_changes_no_price() -> None:
    charges = [duty("some", "KZ", "export", "quota", value=70000, unit="t/month")]
    row = rows(small(duties=charges).landed("flour", market="d", draws=0)).loc["north"]
    assert (row["status"], row["rank"]) == ("sold", 1)
    assert "70,000 t/month" in row["limits"]


def test_who_has_no_way_or_no_price_is_listed() -> None:
    more = [offer("far", "RU", "", 200, price_place="Orenburg"), offer("old", "KZ", "b", 230, period="2022")]
    net = small([*OFFERS, *more])
    table = rows(net.landed("flour", market="d", year=2024, draws=0))
    assert table.loc["far", ["status", "reason"]].tolist() == ["no way", "Orenburg lies outside this network"]
    assert table.loc["old", "status"] == "no price"
    assert "2022" in table.loc["old", "reason"]
    shut = rows(net.close("x").landed("flour", market="d", year=2024, draws=0))
    assert shut.loc["north", "status"] == "no way"
    assert "x" in shut.loc["north", "reason"]
    assert shut.loc["local", "rank"] == 1


def test_the_latest_offer_counts_and_a_year_chooses() -> None:
    net = small([*OFFERS, offer("later", "KZ", "a", 300, period="2025-01/2025-10")])
    assert "later" in rows(net.landed("flour", market="d", draws=0)).index
    assert rows(net.landed("flour", market="d", year=2024, draws=0)).loc["north", "price_usd_t"] == 240
    assert "years: 2024, 2025" in net.landed("flour", market="d", draws=0).basis_warning


def test_prices_of_ones_own_by_country_place_and_offer() -> None:
    net = small()
    for key in ("KZ", "a", "A", "north"):
        row = rows(net.landed("flour", market="d", prices={key: 200}, draws=0)).loc["north"]
        assert (row["price_usd_t"], row["basis"]) == (200, "own"), key
    with pytest.raises(co.UnknownNameError, match=r"supplier 'PK'.*There are .*local"):
        net.landed("flour", market="d", prices={"PK": 200})
    with pytest.raises(co.InputError, match="above zero"):
        net.landed("flour", market="d", prices={"KZ": 0})


def test_a_supplier_at_the_market_has_no_freight() -> None:
    row = rows(small([*OFFERS, offer("here", "UZ", "d", 250)]).landed("flour", market="d", draws=20)).loc["here"]
    assert (row["landed_usd_t"], row["days"], row["p95_usd_t"]) == (250, 0, pytest.approx(250))


def test_bases_that_differ_are_told() -> None:
    assert small().landed("flour", market="d", draws=0).basis_warning == ""
    mixed = [OFFERS[0], offer("local", "UZ", "e", 260, basis="retail", price_place="Elsewhere")]
    found = small(mixed).landed("flour", market="d", draws=0)
    assert "exw, retail" in found.basis_warning
    assert "an upper bound" in rows(found).loc["local", "basis_warning"]
    assert "price of Elsewhere: the way from there to E is not in it" in rows(found).loc["local", "basis_warning"]


def test_bands_come_from_prices_and_parameters_drawn_alike_for_all() -> None:
    ranged = [offer("north", "KZ", "a", 240, low_usd_t=200, high_usd_t=290),
              offer("other", "UZ", "a", 240, low_usd_t=200, high_usd_t=290)]  # fmt: skip
    found = small(ranged).landed("flour", market="d", draws=500)
    north, other = (found.samples["base", name].landed for name in ("north", "other"))
    np.testing.assert_array_equal(north, other, err_msg="one quotation, one way: the same draws")
    row = rows(found).loc["north"]
    assert row["p05_usd_t"] == pytest.approx(row["landed_usd_t"] - 40, abs=5)
    assert row["p05_usd_t"] < row["p50_usd_t"] < row["p95_usd_t"]
    again = small(ranged).landed("flour", market="d", draws=500)
    np.testing.assert_array_equal(again.samples["base", "north"].landed, north)
    fixed = small().landed("flour", market="d", draws=50).samples["base", "north"].landed
    assert np.ptp(fixed) == pytest.approx(0), "nothing here has a range"


def test_a_sign_that_is_not_sure_is_undecided() -> None:
    ranged = [offer("north", "KZ", "a", 240, low_usd_t=200, high_usd_t=290), OFFERS[1]]
    found = small(ranged).landed("flour", market="d", draws=400)
    table = found.break_even().set_index("place")
    assert 0.1 < table.loc["a", "p_ahead"] < 0.9
    assert table.loc["a", "verdict"] == "undecided"
    assert table.loc["a", "p05_usd_t"] < 0 < table.loc["a", "p95_usd_t"]
    sure = small().landed("flour", market="d", draws=50).break_even().set_index("place")
    assert sure["verdict"].to_dict() == {"a": "ahead", "e": "behind"}


def test_before_and_after_with_the_same_draws() -> None:
    net = small()
    cheaper = net.with_parameters({"line_haul/rail/cost": {"value": 0.01, "low": 0.01, "high": 0.01}})
    found = co.landed({"base": net, "cheap": cheaper}, "flour", market="d", draws=50)
    change = found.changes().set_index("place")
    assert change.loc["a", "change_usd_t"] == pytest.approx(-3.1)
    assert change.loc["e", "change_usd_t"] == pytest.approx(-0.5)
    assert change.loc["a", "p05_usd_t"] == pytest.approx(-3.1)
    assert found.scenarios == ["base", "cheap"]
    assert found.table()["scenario"].tolist() == ["base", "base", "cheap", "cheap"]


def test_who_shares_a_saving_gains_nothing_on_the_other() -> None:
    net = small()
    cheaper = net.with_parameters({"line_haul/rail/cost": {"value": 0.01, "low": 0.01, "high": 0.01}})
    change = co.landed({"base": net, "cheap": cheaper}, "flour", market="d", draws=50).changes().set_index("place")
    assert change["change_usd_t"].round(6).tolist() == [-3.1, -0.5]
    assert change.loc["a", "sign"] == "falls"
    assert change["gain_usd_t"].round(6).tolist() == [2.6, -2.6], "the saving less that of the rival"
    assert change["gain_sign"].tolist() == ["rises", "falls"]
    assert change.loc["a", "gain_p05_usd_t"] == pytest.approx(2.6)
    same = co.landed({"base": net, "same": net}, "flour", market="d", draws=50).changes()
    assert set(same["sign"]) == set(same["gain_sign"]) == {"unchanged"}
    assert set(co.landed({"base": net, "cheap": cheaper}, "flour", market="d", draws=0).changes()["sign"]) == {""}


def test_a_duty_that_is_not_known_is_told(net: co.Network) -> None:
    india = co.landed(net, "flour", market="Delhi", year=2024, draws=0)
    assert "no import duty of IN on goods of KZ, RU, UZ is in the table duties: none is taken" in str(india)
    assert "no import duty" not in str(co.landed(net, "flour", market="Kabul", year=2024, draws=0))


def test_no_change_to_tell_is_an_empty_table(net: co.Network) -> None:
    nobody = co.landed([net, "uap-kabul"], "confectionery", market="Kabul", year=2024, draws=0).changes()
    assert nobody.empty
    assert "change_usd_t" in nobody


def test_draws_of_prices_can_be_handed_on() -> None:
    found = small().landed("flour", market="d", draws=50)
    drawn = found.draws_of()
    assert drawn.shape == (50, 2)
    after = drawn.mul(0.9)
    shares = dict.fromkeys(drawn.columns, 0.5)
    response = co.respond(drawn, after, shares, theta=5, eps=-0.3)
    assert response.table()["tonnes_change_pct"].to_numpy() == pytest.approx(100 * (0.9**-0.3 - 1))
    with pytest.raises(co.InputError, match=r"scenario='later'.*base"):
        found.draws_of("later")
    with pytest.raises(co.InputError, match="draws"):
        small().landed("flour", market="d", draws=0).draws_of()


def test_legs_add_up_to_the_freight() -> None:
    found = small().landed("flour", market="d", draws=0)
    legs = found.legs().groupby("place")["cost_usd_t"].sum()
    table = found.table().set_index("place")["all_freight_usd_t"]
    pd.testing.assert_series_equal(legs.sort_index(), table.sort_index(), check_names=False)
    assert set(found.legs()["country"]) >= {"KZ", "UZ"}


def test_wrong_questions_are_named(net: co.Network) -> None:
    with pytest.raises(co.UnknownNameError, match=r"commodity 'flower'.*flour"):
        net.landed("flower", market="Kabul")
    with pytest.raises(co.InputError, match=r"good='cement'.*offers.*flour"):
        net.landed("cement", market="Kabul")
    with pytest.raises(co.UnknownNameError, match="Kabul"):
        net.landed("flour", market="Kabool")
    with pytest.raises(co.InputError, match="year='soon'"):
        net.landed("flour", market="Kabul", year="soon")
    with pytest.raises(co.InputError, match=r"cargo='plane'.*wagon, container, truck, or 'cheapest'"):
        net.landed("flour", market="Kabul", cargo="plane")
    with pytest.raises(co.InputError, match="draws"):
        net.landed("flour", market="Kabul", draws=-1)


def test_flour_in_kabul_before_and_after_the_railway(net: co.Network) -> None:
    found = net_landed = co.landed([net, "uap-kabul"], "flour", market="Kabul", year=2024, draws=100)
    table = found.table()
    assert set(table.loc[table["status"] == "banned", "country"]) == {"PK"}
    base = table[table["scenario"] == "base"].set_index("place")
    assert base.loc["kostanay", "price_usd_t"] == 265
    assert base.loc["kostanay", "landed_usd_t"] == pytest.approx(415, abs=15)
    assert base.loc["kostanay", "duty_usd_t"] == pytest.approx(14.2, abs=0.05)
    route = net.route("Kostanay", "Kabul", cargo="wagon", commodity="flour")
    assert base.loc["kostanay", "all_freight_usd_t"] == pytest.approx(route.cost_usd_t)
    change = net_landed.changes().set_index("place")["change_usd_t"]
    north = change[["iletsk", "tashkent", "kokshetau", "kostanay"]]
    assert np.ptp(north) < 0.5, "all of the north share the new line, so none gains on the others"
    assert (north < -5).all()


def test_the_cheapest_unit_is_never_dearer(net: co.Network) -> None:
    usual, cheap = (net.landed("flour", market="Kabul", year=2024, cargo=unit, draws=0) for unit in (None, "cheapest"))
    values = [found.table().set_index("offer")["landed_usd_t"].sort_index() for found in (usual, cheap)]
    assert (values[1] <= values[0] + 1e-6).all()


def test_goods_bought_on_board_do_not_pay_the_first_port(net: co.Network) -> None:
    found = net.landed("ammophos", market="Karachi", year=2024, draws=0)
    row = found.table().set_index("place").loc["jebel-ali"]
    route = net.route("Jebel Ali", "Karachi", cargo="container", commodity="ammophos")
    first = route.steps.iloc[0]
    assert (first["kind"], row["basis"], row["cargo"]) == ("port", "fob", "container")
    assert row["all_freight_usd_t"] == pytest.approx(route.cost_usd_t - first["cost_usd_t"])
    assert row["days"] == pytest.approx((route.hours - first["hours"]) / 24)
    legs = found.legs().groupby("place")["cost_usd_t"].sum()
    assert legs["jebel-ali"] == pytest.approx(row["all_freight_usd_t"])
    own = net.landed("ammophos", market="Karachi", year=2024, draws=0, prices={"SA": 500})
    whole = own.table().set_index("place").loc["jebel-ali", "all_freight_usd_t"]
    assert whole == pytest.approx(route.cost_usd_t), "a price of one's own is at the gate"


def test_a_sign_is_held_against_the_best_rival_of_each_draw(net: co.Network) -> None:
    """Three suppliers of three countries whose prices cross: who is the best rival changes from draw to draw."""
    even = {"RU": 235.0, "UZ": 272.0, "KZ": 237.0}
    flour = co.landed(net, "flour", market="Kabul", year=2024, prices=even, draws=400)
    sold, draws = flour.table().query("status == 'sold'"), flour.draws_of()
    countries = dict(zip(sold["offer"], sold["country"], strict=True))
    assert len(set(countries.values())) == 3
    for offer, told in zip(sold["offer"], sold["p_ahead"], strict=True):
        rivals = [other for other, country in countries.items() if country != countries[offer]]
        assert told == pytest.approx((draws[offer] < draws[rivals].min(axis=1)).mean())
    # against the rival of the expected prices alone, some would be ahead more often
    alone = [(draws[offer] < draws[flour.rival("base", offer)]).mean() for offer in sold["offer"]]
    assert (sold["p_ahead"].to_numpy() <= alone).all()
    assert (sold["p_ahead"].to_numpy() < alone).any()


def test_discounts_of_transit_are_told_and_not_taken_off(net: co.Network) -> None:
    table = co.landed(net, "flour", market="Kabul", year=2024, draws=0).table().set_index("place")
    told = "transit tariff of UZ -20 % since 2023-01 (uz-grain-transit-2023), in the rates already"
    assert told in table.loc["kostanay", "limits"]
    assert table.loc["tashkent", "limits"] == ""
    before = co.landed(net, "flour", market="Kabul", draws=0, prices={"KZ": 300}).table().set_index("place")
    assert before.loc["kostanay", "freight_usd_t"] == table.loc["kostanay", "freight_usd_t"]
    rows = discounts_on(net.tables, "flour", ("KZ", "AF"), ["KZ", "UZ", "AF"], date="2022")
    assert rows == [], "it holds from 2023 on"
    assert discounts_on(net.tables, "sugar", ("KZ", "AF"), ["KZ", "UZ", "AF"], date="2024") == []
