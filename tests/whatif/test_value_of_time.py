"""Gains over the value of time: exact turns and break-even values, by hand and against a search at many values."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridors as co
from corridors.measures.answer import goods as goods_in_words
from corridors.whatif.envelope import Envelope, Line, envelopes, lower_envelope
from corridors.whatif.value_of_time import goods, main_haul_by_rail
from support.networks import COMMODITIES, POSITIONS, RESTS, link, make, parameter, place, terminal

PLACES = [place(i, *at) for i, at in POSITIONS.items()]

LINES = {"cheap": (0.02, 10), "middle": (0.05, 20), "fast": (0.15, 50)}
"""Cost (USD/tkm) and speed (km/h) of three roads of 100 km: 2 USD/t and 10 h, 5 and 5, 15 and 2."""


def road(name: str, **more: object) -> dict[str, object]:
    return link("c", "d", "road", 100, line=name, id=f"c--d:{name}", **more)


def planned(name: str) -> dict[str, object]:
    return road(name, status="planned", project=name)


def project(ident: str) -> dict[str, object]:
    base = {"id": ident, "name": ident, "kind": "new", "status": "planned", "countries": "UZ", "source": "s"}
    return {**base, "confidence": "B"}


def net_of(
    links: list[dict[str, object]],
    *projects: str,
    lines: dict[str, tuple[float, float]] = LINES,
    rests: list[dict[str, object]] | None = None,
) -> co.Network:
    rates = [
        row
        for name, (cost, speed) in lines.items()
        for row in (
            parameter("line_haul", "cost", cost, "USD/tkm", line=name, mode="road"),
            parameter("line_haul", "hours", speed, "km/h", line=name, mode="road"),
        )
    ]
    general = [
        parameter("line_haul", "emissions", 100, "g/tkm", mode="road"),
        parameter("line_haul", "hours", 25, "km/h", mode="road"),
        parameter("line_haul", "cost", 1, "USD/tkm", mode="road"),
    ]
    return make(
        PLACES, links, projects=[project(name) for name in projects], parameters=[*general, *rates, *(rests or [])]
    )


def envelopes_of(net: co.Network, pair: tuple[str, str], low: float, high: float, **options: object) -> Envelope:
    return envelopes({"net": net}, {"net": [pair]}, low, high, options)["net"][pair]


@pytest.fixture
def net() -> co.Network:
    """C to D by the cheap road; `middle` and `fast` can be built."""
    return net_of([road("cheap"), planned("middle"), planned("fast")], "middle", "fast")


def test_envelope_of_three_roads_by_hand(net: co.Network) -> None:
    built = net.build("middle", "fast")
    found = envelopes_of(built, ("c", "d"), 0.0, 10.0, cargo="truck")
    assert [(round(line.cost_usd_t, 9), round(line.hours, 9)) for line in found.lines] == [(2, 10), (5, 5), (15, 2)]
    # cheap and middle cost the same where 2 + 10 v = 5 + 5 v, middle and fast where 5 + 5 v = 15 + 2 v
    assert found.turns == pytest.approx((3 / 5, 10 / 3))
    assert found.least(0.6) == pytest.approx(8)
    assert [line_at.hours for v in (0.5, 0.7, 4) if (line_at := found.line_at(v))] == pytest.approx([10, 5, 2])


def test_a_way_that_is_never_best_is_no_line() -> None:
    dear = {**LINES, "dear": (0.04, 15)}  # 4 USD/t and 6.67 h, above the chord of cheap and middle
    built = net_of([road(name) for name in dear], lines=dear)
    assert len(envelopes_of(built, ("c", "d"), 0.0, 10.0, cargo="truck").lines) == 3


def test_break_even_value_of_time_by_hand(net: co.Network) -> None:
    nets = {"base": net, "middle": net.build("middle"), "fast": net.build("fast"), "none": net.close("c--d:cheap")}
    gain = co.compare(nets, ["c"], ["d"], cargo="truck")
    found = gain.by_value_of_time(low_usd_t_d=1, high_usd_t_d=240)
    table = found.break_even().set_index("scenario")
    assert table["gains"].to_dict() == {"middle": "above", "fast": "above", "none": ""}
    # 2 + 10 v = 5 + 5 v, and 2 + 10 v = 15 + 2 v, in USD per tonne and day
    assert table.loc["middle", "from_usd_t_d"] == pytest.approx(24 * 3 / 5)
    assert table.loc["fast", "from_usd_t_d"] == pytest.approx(24 * 13 / 8)
    assert table.loc["middle", "to_usd_t_d"] == pytest.approx(240)
    assert table.loc["none", "status"] == "only_base"
    at = table.loc["fast", "from_usd_t_d"] / 24
    routes = [n.route("c", "d", cargo="truck", avoid=avoid) for n, avoid in ((net, ()), (nets["fast"], "c--d:cheap"))]
    assert co.break_even(*routes, "vot_usd_t_h") == pytest.approx(at)
    with pytest.raises(co.InputError, match="generalized"):
        co.break_even(*routes, "vot_usd_t_h", "hours")


def test_gain_between_two_values(net: co.Network) -> None:
    base = net.build("fast")
    gain = co.compare({"base": base, "more": base.build("middle")}, ["c"], ["d"], cargo="truck")
    found = gain.by_value_of_time(low_usd_t_d=1, high_usd_t_d=240)
    row = found.break_even().iloc[0]
    assert row["gains"] == "between"
    assert [row["from_usd_t_d"], row["to_usd_t_d"]] == pytest.approx([24 * 3 / 5, 24 * 10 / 3])
    table = found.table([1, 24 * 0.7, 24 * 3, 240])
    assert table["gaining"].tolist() == [0, 1, 1, 0]
    # at 3 USD/t an hour the fast road (15 + 6) gives place to the middle one (5 + 15)
    assert table["generalized_usd_t"].tolist() == pytest.approx([0, 8.5 - 9, -1, 0])
    assert table["days"].tolist() == pytest.approx([0, -5 / 24, 3 / 24, 0])


def test_table_is_the_comparison_at_its_own_value(net: co.Network) -> None:
    nets = {"base": net, "fast": net.build("fast")}
    gain = co.compare(nets, ["c"], ["d"], cargo="truck", vot_usd_t_h=2)
    row = gain.by_value_of_time().table([48]).iloc[0]
    overall = gain.overall().loc["fast"]
    assert row["generalized_usd_t"] == pytest.approx(overall["generalized_usd_t_delta"])
    assert row["days"] == pytest.approx(overall["hours_delta"] / 24)
    assert row["gaining"] == overall["gaining"] == 1


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 60), st.integers(1, 60)), min_size=1, max_size=6), st.integers(0, 5))
def test_envelope_is_the_least_at_every_value(roads: list[tuple[int, int]], shut: int) -> None:
    lines = {f"r{i}": (cost / 100, 100 / hours) for i, (cost, hours) in enumerate(roads)}
    built = net_of([road(name) for name in lines], lines=lines)
    found = envelopes_of(built, ("c", "d"), 0.01, 50.0, cargo="truck")
    for value in np.geomspace(0.01, 50, 40):
        least = min(cost + value * hours for cost, hours in roads)
        assert found.least(value) == pytest.approx(least)
    hours = [line.hours for line in found.lines]
    assert hours == sorted(hours, reverse=True)
    assert list(found.turns) == sorted(found.turns)


WITH_RESTS = {"slow": (0.02, 100 / 9), "quick": (0.05, 100 / 6)}
"""2 USD/t and 9 h, 5 USD/t and 6 h of driving: no rest on either, and in a search 11 h and 22 / 3 h of it."""


def test_break_even_is_of_rests_as_they_are_told() -> None:
    base = net_of([road("slow"), planned("quick")], "quick", lines=WITH_RESTS, rests=RESTS)
    gain = co.compare({"base": base, "quick": base.build("quick")}, ["c"], ["d"], cargo="truck", vot_usd_t_h=0.7)
    found = gain.by_value_of_time(low_usd_t_d=1, high_usd_t_d=240)
    # 2 + 9 v = 5 + 6 v; a search would say 2 + 20 v = 5 + 40 / 3 v
    assert found.turns() == pytest.approx([24])
    row = found.break_even().iloc[0]
    assert (row["gains"], row["from_usd_t_d"]) == ("above", pytest.approx(24 * 1))
    # between 0.45 and 1 USD/t an hour the search takes a way that tells more than the one without the road
    assert gain.overall().loc["quick", "generalized_usd_t_delta"] == pytest.approx(5 + 6 * 0.7 - (2 + 9 * 0.7))
    assert found.table([24 * 0.7])[["gaining", "generalized_usd_t"]].iloc[0].tolist() == [0, 0]


def test_least_is_the_least_that_routes_tell_on_a_fine_grid() -> None:
    base = co.load()
    nets = {"base": base, "kabul": base.build("uap-kabul")}
    grid = np.geomspace(0.01, 10, 80)
    for cargo, pair in (("container", ("almaty", "karachi")), ("truck", ("almaty", "bandar-abbas"))):
        found = envelopes(nets, {name: [pair] for name in nets}, 0.01, 10, {"cargo": cargo})
        for name, net in nets.items():
            told = [net.route(*pair, cargo=cargo, vot_usd_t_h=float(value)) for value in grid]
            hours, cost = (np.array([getattr(way, part) for way in told]) for part in ("hours", "cost_usd_t"))
            least = [float((cost + value * hours).min()) for value in grid]
            assert [found[name][pair].least(value) for value in grid] == pytest.approx(least)
            # a single search misses what routes tell at some values of time
            assert cargo == "truck" or (cost + grid * hours > np.array(least) + 0.01).any(), name


@pytest.mark.parametrize("cargo", ["container", "wagon", "truck"])
def test_a_new_line_is_never_a_loss(cargo: str) -> None:
    pairs = (["almaty", "shymkent"], ["karachi", "bandar-abbas", "kabul", "peshawar"])
    found = co.compare([co.load(), "uap-kabul", "western-route"], *pairs, cargo=cargo).by_value_of_time()
    table = found.table(np.geomspace(found.low, found.high, 40).clip(found.low, found.high), by="destination")
    assert (table["generalized_usd_t"].dropna() <= 1e-9).all()
    assert table["generalized_usd_t"].notna().any()
    turns, values = found.turns(), found.break_even()
    assert len(turns) > 0
    # just inside an interval the pair gains, and just outside it does not
    for row in values[values["gains"].isin(["below", "above", "between"])].itertuples():
        mine, base = (found.envelopes[name][row.origin, row.destination] for name in (row.scenario, "base"))
        for value, inward in ((row.from_usd_t_d / 24, 1e-6), (row.to_usd_t_d / 24, -1e-6)):
            assert mine.least(value * (1 + inward)) < base.least(value * (1 + inward))
            if found.low * 1.001 < 24 * value < found.high * 0.999:
                assert mine.least(value * (1 - inward)) == pytest.approx(base.least(value * (1 - inward)))


def test_a_part_of_the_range_says_the_same_as_the_whole() -> None:
    gain = co.compare([co.load(), "uap-kabul"], ["almaty"], ["karachi", "lahore"])
    whole, part = gain.by_value_of_time(), gain.by_value_of_time(low_usd_t_d=2, high_usd_t_d=30)
    values = [2, 3, 10, 25, 30]
    columns = ["gaining", "days", "usd_t", "generalized_usd_t", "rail_share"]
    assert part.table(values)[columns].equals(whole.table(values)[columns])
    turns = whole.turns()
    assert part.turns() == pytest.approx(turns[(turns > 2) & (turns < 30)])


def test_a_commodity_keeps_its_load_at_every_value() -> None:
    asked = {"cargo": "truck", "commodity": "pharmaceuticals"}
    gain = co.compare([co.load(), "uap-kabul"], ["almaty"], ["karachi"], **asked)
    found = gain.by_value_of_time()
    own = gain.routes["base", "almaty", "karachi"]
    assert own is not None
    line = found.envelopes["base"]["almaty", "karachi"].line_at(gain.vot_usd_t_h)
    assert line is not None
    assert 0.95 * own.generalized_usd_t < line.at(gain.vot_usd_t_h) <= own.generalized_usd_t + 1e-9
    assert line.cost_usd_t > 1.5 * co.load().route("almaty", "karachi", cargo="truck", vot_usd_t_h=10).cost_usd_t
    both = co.compare([co.load()], ["almaty"], ["karachi"], **asked, vot_usd_t_h=1)
    assert goods_in_words(both) == "24 USD/t a day as given, loads of pharmaceuticals"


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=12))
def test_lower_envelope_is_the_least_line(points: list[tuple[int, int]]) -> None:
    found = lower_envelope([Line(cost, hours, None) for cost, hours in points], 0.1, 9.0)  # type: ignore[arg-type]
    for value in np.linspace(0.1, 9, 60):
        assert found.least(value) == pytest.approx(min(cost + value * hours for cost, hours in points))
    assert list(found.turns) == sorted(set(found.turns))
    assert len(found.lines) == len(found.turns) + 1


def envelope(*lines: tuple[float, float], turns: tuple[float, ...] = ()) -> Envelope:
    return Envelope(tuple(Line(cost, hours, None) for cost, hours in lines), turns, 0.0, 10.0)  # type: ignore[arg-type]


def test_below_joins_parts_and_finds_roots() -> None:
    flat, steep = envelope((10, 0)), envelope((0, 4))
    assert steep.below(flat) == [(0.0, 2.5)]
    assert flat.below(steep) == [(2.5, 10.0)]
    assert flat.below(flat) == []
    assert envelope().below(flat) == flat.below(envelope()) == []
    bent = envelope((0, 4), (9, 0), turns=(2.25,))
    assert bent.below(flat) == [(0.0, 10.0)], "parts that meet at a turn are one"
    assert math.isinf(envelope().least(1))


def test_markets_count_once() -> None:
    places = [place(i, *at) for i, at in POSITIONS.items()]
    links = [
        link("c", "d", "road", 100, id="old"),
        link("c", "d", "road", 50, id="new", status="planned", project="new"),
        link("d", "e", "road", 10),
        link("c", "b", "road", 30, id="cb"),
    ]
    crossing = {"id": "x", "name": "x", "place_a": "b", "place_b": "c", "modes": "road", "status": "open",
                "source": "s", "confidence": "A"}  # fmt: skip
    links[3]["crossing"] = "x"
    sets = [{"id": "harbours", "name": "Harbours", "places": "d;e", "one_market": "yes"}]
    net = make(places, links, crossings=[crossing], sets=sets, projects=[project("new")])
    gain = co.compare({"base": net, "new": net.build("new")}, ["c"], ["d", "e", "b"], cargo="truck")
    assert gain.weights == {("c", "d"): 0.25, ("c", "e"): 0.25, ("c", "b"): 0.5}
    overall = gain.overall().loc["new"]
    assert overall[["pairs", "compared", "gaining"]].tolist() == [2, 2, 1]
    saved = 50 / 25 + 0.5  # hours of 50 km, with 10 h of rest in 1,000 km
    assert overall["hours_delta"] == pytest.approx(-saved / 2)
    by_market = gain.overall("market")
    assert list(by_market.loc["new"].index) == ["d", "b"]
    assert by_market.loc[("new", "d"), "hours_delta"] == pytest.approx(-saved)
    given = co.compare({"base": net}, ["c"], ["d", "e", "b"], cargo="truck", weights={"c": 1})
    assert given.weights["c", "d"] == pytest.approx(1 / 3), "weights that are given stand as they are"
    row = gain.by_value_of_time().table([24]).iloc[0]
    assert (row["pairs"], row["gaining"]) == (2, 1)


def test_a_part_keeps_its_draws_and_its_weights(net: co.Network) -> None:
    whole = co.compare({"base": net, "fast": net.build("fast")}, ["c", "d"], ["d", "c"], cargo="truck", draws=40)
    part = whole.part([("c", "d")])
    assert part.weights == {("c", "d"): 1.0}
    assert np.array_equal(part.samples()["fast", "c", "d"], whole.samples()["fast", "c", "d"])
    with pytest.raises(co.UnknownNameError, match="no pair 'c - a'"):
        whole.part([("c", "a")])


def test_bands_of_cost_and_emissions() -> None:
    rows = [
        parameter("line_haul", "hours", 25, "km/h", mode="road"),
        parameter("line_haul", "cost", 0.05, "USD/tkm", mode="road", low=0.04, high=0.06, trip_cv=0.2),
        parameter("line_haul", "emissions", 100, "g/tkm", mode="road", low=80, high=120, trip_cv=0.1),
    ]
    net = make(PLACES, [link("c", "d", "road", 100)], parameters=rows)
    table = co.compare({"base": net, "same": net}, ["c"], ["d"], cargo="truck", draws=500).pairs().iloc[0]
    for measure, column in (("cost", "cost_usd_t"), ("co2e", "co2e_kg_t"), ("hours", "hours")):
        trips = net.route("c", "d", cargo="truck").distribution(measure, draws=500)
        for point in (5, 50, 95):
            assert table[f"{column}_p{point:02d}"] == pytest.approx(trips.percentile(point))
    assert table["co2e_kg_t"] == pytest.approx(10)
    assert table["co2e_kg_t_p05"] < 10 < table["co2e_kg_t_p95"]
    assert table["cost_delta_p05"] == table["co2e_delta_p95"] == 0
    gain = co.compare({"base": net}, ["c"], ["d"], cargo="truck", draws=200)
    cost = gain.table("cost", bands=True)["base"].iloc[0]
    assert cost["p05"] < cost["expected"] < cost["p95"]
    assert list(cost[["p05", "p95"]]) == list(gain.pairs()[["cost_usd_t_p05", "cost_usd_t_p95"]].iloc[0])
    with pytest.raises(co.InputError, match="draws"):
        co.compare({"base": net}, ["c"], ["d"], cargo="truck").table(bands=True)


def test_what_has_no_function_of_the_value_of_time(net: co.Network) -> None:
    nets = {"base": net, "fast": net.build("fast")}
    with pytest.raises(co.InputError, match="least generalized cost"):
        co.compare(nets, ["c"], ["d"], cargo="truck", by="hours").by_value_of_time()
    with pytest.raises(co.InputError, match="beside the base"):
        co.compare(net, ["c"], ["d"], cargo="truck").by_value_of_time()
    gain = co.compare(nets, ["c"], ["d"], cargo="truck")
    with pytest.raises(co.InputError, match="the lower one first"):
        gain.by_value_of_time(low_usd_t_d=5, high_usd_t_d=1)
    found = gain.by_value_of_time(low_usd_t_d=5, high_usd_t_d=50)
    with pytest.raises(co.InputError, match="from 5 to 50"):
        found.table([60])
    with pytest.raises(co.InputError, match="origin, destination, market"):
        found.table(by="country")


def test_main_haul_and_goods() -> None:
    links = [
        link("c", "d", "rail", 100),
        link("d", "e", "road", 100),
        link("d", "e", "rail", 100, id="slow", line="slow"),
    ]
    ore = {**COMMODITIES[0], "id": "ore", "cargo_units": "wagon", "value_usd_t": 24}
    net = make(PLACES, links, terminals=[terminal("d", "rail-1520", "road")], commodities=[*COMMODITIES, ore])
    assert main_haul_by_rail(net.route("c", "e"))
    assert not main_haul_by_rail(net.route("d", "e", modes={"road"}))
    assert goods(net.tables, "wagon").to_dict() == pytest.approx({"ore": 0.24, "flour": 24, "general": 24})
    assert "ore" not in goods(net.tables, "truck")


def test_marks_stand_beside_their_commodities() -> None:
    gain = co.compare([co.load(), "uap-kabul"], ["Almaty"], ["Karachi"], modes={"rail"})
    table = gain.by_value_of_time().table().set_index("commodity")
    assert table.loc["general", "vot_usd_t_d"] == pytest.approx(30)
    assert (table["rail_share"] == 1).all()
    # by rail alone nearly the same way is best at every value of time: the gain is nearly a line in it
    slope = np.polyfit(table["vot_usd_t_d"], table["generalized_usd_t"], 1)
    assert slope == pytest.approx([table["days"].iloc[0], table["usd_t"].iloc[0]], rel=0.06)
    assert isinstance(table, pd.DataFrame)
