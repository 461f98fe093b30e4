"""Who is cheapest where: on a line between two suppliers the divide lies where both prices are equal."""

from __future__ import annotations

from itertools import pairwise

import pytest

import corridors as co
from support.networks import link, make, place

GOOD = {"id": "flour", "name": "flour", "cargo_units": "wagon", "value_usd_t": 1000, "time_pct_day": 0, "source": "s",
        "confidence": "A"}  # fmt: skip
LINE = [f"p{number}" for number in range(6)]


#  p0 --1000-- p1 --1000-- p2 --1000-- p3 --1000-- p4 --1000-- p5, 20 USD/t each: sellers at both ends
def line(first: float, last: float, **tables: list[dict[str, object]]) -> co.Network:
    offers = [
        {"id": ident, "commodity": "flour", "country": country, "place": at, "price_usd_t": price, "basis": "exw",
         "period": "2024", "source": "s", "confidence": "A"}
        for ident, country, at, price in (("left", "KZ", "p0", first), ("right", "UZ", "p5", last))
    ]  # fmt: skip
    spots = [place(name, "KZ", 50 - number, 60) for number, name in enumerate(LINE)]
    links = [link(a, b, "rail", 1000) for a, b in pairwise(LINE)]
    goods = [GOOD, {**GOOD, "id": "general"}]
    return make(spots, links, commodities=goods, offers=offers, **tables)


@pytest.mark.parametrize(("last", "left"), [(100, 3), (130, 4), (70, 2), (210, 6), (0.5, 1)])
def test_the_divide_lies_where_prices_are_equal(last: float, left: int) -> None:
    found = co.watershed(line(100.5, last), "flour", markets=LINE).table()
    assert (found["country"] == "KZ").sum() == left
    assert found["country"].tolist() == ["KZ"] * left + ["UZ"] * (6 - left), "each side hangs together"
    landed = [min(100.5 + 20 * i, last + 20 * (5 - i)) for i in range(6)]
    assert found["landed_usd_t"].tolist() == pytest.approx(landed)


def test_a_market_is_priced_as_by_landed() -> None:
    net = line(100, 110)
    table = co.watershed(net, "flour", markets=["p2", "p3"]).table().set_index("market")
    for market in ("p2", "p3"):
        one = co.landed(net, "flour", market=market, draws=0).summary().loc["base"]
        assert table.loc[market, "landed_usd_t"] == pytest.approx(one["landed_usd_t"])
        assert table.loc[market, "advantage_usd_t"] == pytest.approx(one["advantage_usd_t"])


def test_a_ban_moves_the_divide_and_is_told() -> None:
    ban = {"id": "b", "country": "UZ", "direction": "export", "kind": "ban", "commodity": "flour", "source": "s",
           "confidence": "A"}  # fmt: skip
    net = line(100, 100, duties=[ban])
    banned = co.watershed(net, "flour", markets=LINE).table()
    assert set(banned["country"]) == {"KZ"}
    assert banned["banned"].tolist()[-1] == "UZ"
    assert banned["banned"].tolist()[0] == ""
    assert set(co.watershed(net, "flour", markets=LINE, lift="b").table()["country"]) == {"KZ", "UZ"}


def test_before_and_after() -> None:
    net = line(100, 100.5)
    shut = net.close("p4--p5:rail-1520")
    found = co.watershed({"base": net, "shut": shut}, "flour", markets=LINE)
    assert found.changes()["market"].tolist() == ["p3", "p4"]
    assert set(found.changes()["country"]) == {"KZ"}
    assert "shut" in str(found)
    with pytest.raises(co.InputError, match="the network has no cities"):
        co.watershed(net, "flour")


def test_the_map_shows_every_supplier(net: co.Network) -> None:
    found = co.watershed([net, "uap-kabul"], "grain", markets="south-asian-markets", year=2025,
                         lift=["pk-wheat-flour-export-ban", "pk-wheat-flour-import-ban"])  # fmt: skip
    drawing = found.plot("base", width_cm=10, labels=False)
    kinds = {line.get_gid() for line in drawing.ax.get_lines()}
    assert {f"supplier-{code}" for code in found.table()["country"]} <= kinds
    with pytest.raises(co.UnknownNameError):
        found.plot("nothing")
