"""Response of trade: worked values, an independent implementation, and what must hold for any market."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import corridors as co
from corridors.trade.elasticities import Elasticity
from corridors.trade.response import exact_hat
from corridors.trade.signs import sign_of

SHARES = {"KZ": 0.434, "UZ": 0.473, "RU": 0.093}
BEFORE = {"KZ": 411.9, "UZ": 364.3, "RU": 368.0}
AFTER = {"KZ": 395.0, "UZ": 347.4, "RU": 351.0}
ALONE = {**BEFORE, "KZ": 395.0}


def plain(shares: list[float], ratios: list[float], theta: float, eps: float) -> tuple[list[float], list[float], float]:
    """Value, price and quantity of every supplier from a demand of constant elasticity, without hats.

    Prices of the base are one, so the value of a supplier is its quantity; the taste for each is its share.
    """
    index = sum(s * p**-theta for s, p in zip(shares, ratios, strict=True)) ** (-1 / theta)
    spent = index * index**eps  # price times quantity of the market
    values = [s * (p / index) ** -theta * spent for s, p in zip(shares, ratios, strict=True)]
    total = sum(values)
    return [v / total for v in values], [v / p for v, p in zip(values, ratios, strict=True)], index


@pytest.mark.parametrize(("theta", "kz", "alone"), [(2.55, 1.0023, 1.092), (5, 0.9945, 1.152), (8.11, 0.9846, 1.229)])
def test_example_6_rivals_on_the_same_line(theta: float, kz: float, alone: float) -> None:
    both = co.respond(BEFORE, AFTER, SHARES, theta=theta, eps=-0.3, draws=0)
    assert both.hat.tonnes[0] == pytest.approx(kz, abs=5e-5)
    assert both.hat.market == pytest.approx(1.0136, abs=5e-5)
    only = co.respond(BEFORE, ALONE, SHARES, theta=theta, eps=-0.3, draws=0)
    assert only.hat.tonnes[0] == pytest.approx(alone, abs=5e-4)


def test_example_6_shares_and_index() -> None:
    both = co.respond(BEFORE, AFTER, SHARES, theta=5, eps=-0.3, draws=0)
    assert both.hat.shares == pytest.approx([0.427, 0.479, 0.094], abs=5e-4)
    assert both.hat.price == pytest.approx(0.9559, abs=5e-5)
    assert both.hat.tonnes[1] == pytest.approx(1.0285, abs=5e-5)
    table = both.table()
    assert table.loc["KZ", "tonnes_change_pct"] == pytest.approx(-0.55, abs=0.01)
    assert table["share_after"].iloc[:-1].sum() == pytest.approx(1)


ratio = st.floats(0.5, 2)


@st.composite
def markets(draw: st.DrawFn) -> tuple[list[float], list[float], float, float]:
    many = draw(st.integers(1, 6))
    raw = draw(st.lists(st.floats(0.01, 1), min_size=many, max_size=many))
    ratios = draw(st.lists(ratio, min_size=many, max_size=many))
    return [s / sum(raw) for s in raw], ratios, draw(st.floats(0.5, 12)), draw(st.floats(-1.5, 0))


@given(markets())
def test_hat_is_that_of_the_plain_implementation(market: tuple[list[float], list[float], float, float]) -> None:
    shares, ratios, theta, eps = market
    hat = exact_hat(shares, ratios, theta=theta, eps=eps)
    expected, tonnes, index = plain(shares, ratios, theta, eps)
    assert hat.shares == pytest.approx(expected)
    assert hat.tonnes == pytest.approx([q / s for q, s in zip(tonnes, shares, strict=True)])
    assert float(hat.price) == pytest.approx(index)
    assert float(hat.shares.sum()) == pytest.approx(1)


@given(markets(), st.floats(0.6, 1.5))
def test_prices_that_all_move_alike_move_only_the_market(
    market: tuple[list[float], list[float], float, float], factor: float
) -> None:
    shares, _, theta, eps = market
    hat = exact_hat(shares, [factor] * len(shares), theta=theta, eps=eps)
    assert hat.shares == pytest.approx(shares)
    assert hat.tonnes == pytest.approx([factor**eps] * len(shares))


@given(markets(), st.floats(0.5, 0.99))
def test_a_supplier_that_alone_improves_gains_and_rivals_lose(
    market: tuple[list[float], list[float], float, float], fall: float
) -> None:
    shares, _, theta, _ = market
    hat = exact_hat(shares, [fall] + [1.0] * (len(shares) - 1), theta=theta, eps=0)
    assert hat.tonnes[0] >= 1 - 1e-12
    assert (hat.tonnes[1:] <= 1).all()


def test_what_was_zero_stays_zero() -> None:
    shares = {**SHARES, "PK": 0.0}
    found = co.respond({**BEFORE, "PK": 500}, {**AFTER, "PK": 1}, shares, theta=5, eps=-0.3, draws=20)
    assert found.hat.shares[3] == found.hat.tonnes[3] == 0
    assert found.hat.tonnes[0] == pytest.approx(0.9945, abs=5e-5)
    assert found.table().loc["PK", ["tonnes_change_pct", "p95", "sign"]].tolist() == [0.0, 0.0, "unchanged"]


def test_a_supplier_that_loses_its_way_sells_nothing() -> None:
    found = co.respond(BEFORE, {**BEFORE, "UZ": np.inf}, SHARES, theta=5, eps=-0.3, draws=20)
    assert found.hat.tonnes[1] == 0
    assert found.hat.shares[[0, 2]].sum() == pytest.approx(1)
    assert found.hat.tonnes[0] > 1 > found.hat.market
    assert found.table().loc["UZ", "sign"] == "falls"
    none = exact_hat([1.0], [np.inf], theta=5, eps=-0.3)
    assert (none.tonnes[0], none.market) == (0, 0)


def test_the_sign_of_kazakh_flour_is_undecided_with_rivals_and_rises_alone() -> None:
    options = {"theta": (5, 2.55, 8.11), "eps": (-0.3, -0.6, -0.1)}
    both = co.respond(BEFORE, AFTER, SHARES, **options).table()
    assert both.loc["KZ", "sign"] == "undecided"
    assert 0.1 < both.loc["KZ", "p_rise"] < 0.9
    assert both.loc["KZ", "p05"] < -0.6 < both.loc["KZ", "p95"]
    assert both.loc["UZ", "sign"] == both.loc["market", "sign"] == "rises"
    assert co.respond(BEFORE, ALONE, SHARES, **options).table().loc["KZ", "sign"] == "rises"


def test_words_of_signs() -> None:
    assert [sign_of(0.95, 0.05), sign_of(0.91, 0.09), sign_of(0.89, 0.11)] == ["rises", "rises", "undecided"]
    assert sign_of(0.05, 0.95) == "falls"
    assert sign_of(0.5, 0.0) == "undecided"


def test_prices_can_be_drawn_jointly() -> None:
    rng = np.random.default_rng(0)
    common = rng.normal(0, 10, 200)
    before = {name: price + common for name, price in BEFORE.items()}
    after = pd.DataFrame({name: price + common for name, price in AFTER.items()})
    found = co.respond(before, after, SHARES, theta=5, eps=-0.3)
    samples = found.samples()
    assert samples.shape == (200, 4)
    one = exact_hat(list(SHARES.values()), [after[name][7] / before[name][7] for name in SHARES], theta=5, eps=-0.3)
    assert samples.loc[7, ["KZ", "UZ", "RU"]].tolist() == pytest.approx(one.tonnes.tolist())


def test_tonnes_are_carried_over() -> None:
    tonnes = {"KZ": 100e3, "UZ": 120e3, "RU": 20e3}
    table = co.respond(BEFORE, AFTER, SHARES, theta=5, eps=-0.3, tonnes=tonnes, draws=0).table()
    assert table.loc["KZ", "tonnes_after"] == pytest.approx(99450, abs=5)
    assert table.loc["market", "tonnes_before"] == 240e3


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"shares": {"KZ": 0.5, "UZ": 0.4}}, co.InputError, "add up to one"),
        ({"before": {"KZ": 1, "UZ": 2, "Ru": 3}}, co.UnknownNameError, "no supplier 'RU'"),
        ({"after": {**AFTER, "KZ": -1}}, co.InputError, "above zero"),
        ({"theta": 0}, co.InputError, "theta"),
        ({"theta": (5, 6, 8)}, co.InputError, "value, low, high"),
        ({"eps": 0.3}, co.InputError, "zero or below"),
        ({"draws": -1}, co.InputError, "draws"),
        ({"before": {n: [p] * 3 for n, p in BEFORE.items()}, "after": {n: [p] * 4 for n, p in AFTER.items()}},
         co.InputError, "as many draws"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named(change: dict[str, object], error: type[Exception], words: str) -> None:
    given = {"before": BEFORE, "after": AFTER, "shares": SHARES, "theta": 5, "eps": -0.3, **change}
    with pytest.raises(error, match=words):
        co.respond(**given)


def test_tonnes_may_be_a_series() -> None:
    tonnes = {"KZ": 100e3, "UZ": 120e3, "RU": 20e3}
    given = {"theta": 5, "eps": -0.3, "draws": 0}
    expected = co.respond(BEFORE, AFTER, SHARES, tonnes=tonnes, **given).table()
    pd.testing.assert_frame_equal(
        co.respond(BEFORE, AFTER, pd.Series(SHARES), tonnes=pd.Series(tonnes), **given).table(), expected
    )


def test_it_is_shown_with_its_sources_of_doubt() -> None:
    found = co.respond(BEFORE, AFTER, SHARES, theta=(5, 2.55, 8.11), eps=(-0.3, -0.6, -0.1))
    assert "not known for this region but borrowed" in str(found)
    assert "undecided" in found._repr_html_()
    assert "0.434" in str(found), "shares with three digits"
    with pytest.raises(co.InputError, match="makes a response with draws"):
        co.respond(BEFORE, AFTER, SHARES, theta=5, eps=-0.3, draws=0).samples()


def test_elasticities_of_a_good_come_from_the_table_and_are_told(net: co.Network) -> None:
    flour = co.respond(BEFORE, AFTER, SHARES, good="flour", net=net, draws=0)
    assert flour.theta[:3] == (2.55, 1.3, 3.8)
    assert flour.eps[:3] == (-0.3, -0.6, -0.1)
    assert "row of flour (theta-caliendo-2015-food)" in str(flour)
    assert flour.summary()["eps_source"].endswith("row of flour (epsilon-usda-2011)")
    coal = co.respond(BEFORE, AFTER, SHARES, good="coal", draws=0)
    assert coal.theta[:3] == (5, 4, 8.28), "no range of its own: that of the values of the general rows"
    assert "general row, for the good has none of its own (theta-fontagne-2022); range of the values of" in str(coal)
    assert coal.eps[:3] == (-1, -1.5, -0.5)


def test_what_is_given_wins_over_the_table(net: co.Network) -> None:
    found = co.respond(BEFORE, AFTER, SHARES, good="flour", net=net, theta=5, eps=(-1, -2, -0.5), draws=0)
    assert found.theta == (5, 5, 5, "given")
    assert found.eps == (-1, -2, -0.5, "given")
    with pytest.raises(co.InputError, match=r"theta=None is not possible.*the good"):
        co.respond(BEFORE, AFTER, SHARES, eps=-0.3)
    with pytest.raises(co.UnknownNameError, match="flower"):
        co.respond(BEFORE, AFTER, SHARES, good="flower")


def test_draws_of_eps_are_below_zero_and_in_the_range() -> None:
    demand = Elasticity(-0.3, -0.6, -0.1).drawn("eps", 4000, 0)
    assert (demand < 0).all()
    assert demand.mean() == pytest.approx(-0.3, abs=0.01)
    assert np.ptp(np.percentile(demand, [5, 95])) == pytest.approx(0.5, abs=0.05)


FEW = {"market": "Kabul", "year": 2024, "draws": 60}


@pytest.fixture(scope="module")
def flour() -> co.Landed:
    return co.landed([co.load(), "uap-kabul"], "flour", **FEW)


def test_one_call_from_delivered_prices(flour: co.Landed) -> None:
    """Draw by draw the response is the exact hat on the draws of the delivered prices."""
    shares = {"tashkent": 0.6, "iletsk": 0.4}
    found = co.respond(flour, "uap-kabul", shares)
    offers = ["flour-uz-tashkent-2024", "flour-ru-orenburg-2024"]
    before, after = (flour.draws_of(name)[offers].to_numpy() for name in flour.scenarios)
    theta, eps = found.theta.drawn("theta", 60, 0), found.eps.drawn("eps", 60, 0)
    plain = exact_hat([0.6, 0.4], after / before, theta=theta, eps=eps)
    assert found.drawn.tonnes == pytest.approx(plain.tonnes)
    assert found.before == pytest.approx([flour.cases["base", offer].total for offer in offers])
    table, summary = found.table(), found.summary()
    for name in ("", "price_ratio_", "share_"):
        assert (table[f"{name}p05"] <= table[f"{name}p95"]).all()
    assert summary["market_quantity_p05"] <= summary["market_quantity"] <= summary["market_quantity_p95"]
    assert co.respond(flour, None, shares).table().equals(table)


def test_a_country_has_the_mean_price_of_its_places(flour: co.Landed) -> None:
    found = co.respond(flour, None, {"KZ": 1.0})
    prices = [flour.cases["base", f"flour-kz-{place}-2024"].total for place in ("kostanay", "akmola")]
    assert found.before == pytest.approx([(0.5 * prices[0] + 0.17 * prices[1]) / 0.67])


def test_who_loses_the_way_and_who_never_sold(flour: co.Landed, net: co.Network) -> None:
    later = co.landed(net.close("AF-UZ", "AF-TM", "AF-TJ", "AF-IR", "AF-PK"), "flour", **FEW)
    found = co.respond(flour, later, {"UZ": 0.5, "RU": 0.5})
    assert found.hat.tonnes.tolist() == [0, 0]
    assert found.hat.market == 0
    assert found.table().loc["UZ", "sign"] == "falls"
    assert "UZ: no longer sold from flour-uz-tashkent-2024" in str(found)
    with pytest.raises(co.InputError, match="PK: export ban"):
        co.respond(flour, None, {"UZ": 0.5, "PK": 0.5})
    none = co.respond(flour, None, {"UZ": 1.0, "PK": 0.0}, draws=0)
    assert none.hat.tonnes[1] == 0


def test_results_that_do_not_go_together_are_named(flour: co.Landed, net: co.Network) -> None:
    other = co.landed(net, "flour", **{**FEW, "draws": 61})
    with pytest.raises(co.InputError, match="draw by draw"):
        co.respond(flour, other, {"UZ": 1.0})
    with pytest.raises(co.InputError, match="uap-kabul"):
        co.respond(flour, "western-route", {"UZ": 1.0})
    with pytest.raises(co.UnknownNameError, match="no supplier 'Tashkant'"):
        co.respond(flour, None, {"Tashkant": 1.0})
    with pytest.raises(co.InputError, match="prices of every supplier"):
        co.respond(BEFORE, None, SHARES, theta=5, eps=-0.3)


def test_tonnes_go_over_the_ways_draw_by_draw(net: co.Network) -> None:
    few = {"commodity": "flour", "cargo": "truck", "choice": co.Logit(ways=2), "draws": 50}
    ends = [{"UZ": co.split(one, "Tashkent", "Kabul", **few)} for one in (net, net.close("galaba-hairatan"))]
    found = co.respond({"UZ": 400}, {"UZ": 440}, {"UZ": 1.0}, good="flour", tonnes={"UZ": 1000}, draws=50)
    table = found.over(*ends)
    assert table.loc["galaba-hairatan", "tonnes_after"] == 0
    assert table.loc["galaba-hairatan", "sign"] == "falls"
    cargo = found.over(*ends, "cargo").loc["truck"]
    assert cargo["tonnes_after"] == pytest.approx(1000 * found.hat.tonnes[0])
    assert cargo["p50"] == pytest.approx(np.median(1000 * (found.drawn.tonnes[:, 0] - 1)))
    with pytest.raises(co.InputError, match="also of UZ"):
        found.over({}, ends[1])
    other = co.respond({"UZ": 400}, {"UZ": 440}, {"UZ": 1.0}, theta=5, eps=-1, tonnes={"UZ": 9}, draws=50, seed=1)
    with pytest.raises(co.InputError, match="50 draws with seed 1"):
        other.over(*ends)
    with pytest.raises(co.InputError, match="tonnes of every supplier"):
        co.respond({"UZ": 400}, {"UZ": 440}, {"UZ": 1.0}, theta=5, eps=-1, draws=50).over(*ends)


def test_sentences_say_undecided() -> None:
    said = co.respond(BEFORE, AFTER, SHARES, theta=(5, 2.55, 8.11), eps=(-0.3, -0.6, -0.1)).sentences()
    assert said[0].startswith("KZ: undecided (")
    assert said[-1].startswith("market: tonnes 1.4 % more (")
