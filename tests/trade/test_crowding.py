"""Queues and crowding: Erlang's values, fluid queues, and equilibria found by other methods."""

from __future__ import annotations

from math import factorial

import numpy as np
import pytest
from scipy.optimize import brentq

import corridors as co
from corridors.trade.equilibrium import successive_averages
from corridors.trade.queues import MONTH_H, erlang_c, queue_days, wait_h
from support.networks import crossing, link, make, place


def by_hand(servers: int, load: float) -> float:
    """Erlang's formula as it is written."""
    last = load**servers / factorial(servers) * servers / (servers - load)
    return last / (sum(load**k / factorial(k) for k in range(servers)) + last)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.3), (2, 1.0), (3, 2.5), (10, 9.0), (24, 20.0)])
def test_erlang_c_is_the_formula(servers: int, load: float) -> None:
    assert erlang_c(servers, load) == pytest.approx(by_hand(servers, load))


def test_worked_examples_9_and_10_of_the_design() -> None:
    assert erlang_c(10, 9) == pytest.approx(0.669, abs=5e-4)
    assert 60 * wait_h(45, 50, servers=10, queue="mmc") == pytest.approx(8.0, abs=0.05)
    # 33 trains arrive and 35 pass: 1 / (35 - 33) days in the system, of which 1/35 is handling
    assert wait_h(33 / 24, 35 / 24, queue="mmc") + 24 / 35 == pytest.approx(12.0)
    assert queue_days(2100 + 8800 / 70, 2100, 70) == pytest.approx(8800 / 2100)
    # two servers of 1/h with 1/h: C = 1/3, W = 1/3 h
    assert wait_h(1, 2, servers=2, queue="mmc") == pytest.approx(1 / 3)
    assert wait_h(1, 2, servers=2, queue="mmc", service_cv=0) == pytest.approx(1 / 6)


def test_queues_meet_where_they_should() -> None:
    long = 1e7
    light = np.array([0.3, 0.6, 0.8])
    assert wait_h(light, 1, period_h=long) == pytest.approx(wait_h(light, 1, queue="mmc"), rel=1e-3)
    heavy = np.array([1.5, 3.0])
    assert wait_h(heavy, 1) == pytest.approx(wait_h(heavy, 1, queue="fluid"), rel=0.03)
    assert wait_h(1.5, 1, queue="fluid") == pytest.approx(MONTH_H / 4)
    assert np.isinf(wait_h(1, 1, queue="mmc"))
    grid = np.linspace(0, 3, 301)
    for queue in ("both", "fluid", "mmc"):
        waits = wait_h(grid, 1, servers=3, queue=queue)
        assert (np.diff(waits[np.isfinite(waits)]) >= -1e-12).all()
    for wrong in ({"queue": "mm1"}, {"servers": 1.5}, {"period_h": 0}, {"service_cv": -1}):
        with pytest.raises(co.InputError):
            wait_h(0.5, 1, **wrong)


def test_two_equal_ways_share_alike_and_others_as_a_root_says() -> None:
    equal = successive_averages(lambda x: 2 / (1 + np.exp(x - x[::-1])), np.array([1.9, 0.1]), gap=1e-10)
    assert equal.amounts == pytest.approx([1, 1])

    def respond(x: np.ndarray) -> np.ndarray:
        cost = np.array([1 + x[0] ** 2, 4 + 0.5 * x[1]])
        share = 1 / (1 + np.exp(cost[0] - cost[1]))
        return 3 * np.array([share, 1 - share])

    found = successive_averages(respond, np.array([3.0, 0.0]), gap=1e-9)
    root = brentq(lambda x: respond(np.array([x, 3 - x]))[0] - x, 0, 3)
    assert found.amounts == pytest.approx([root, 3 - root], abs=1e-6)
    short = successive_averages(respond, np.array([3.0, 0.0]), gap=1e-9, iterations=2)
    assert (short.iterations, short.converged) == (2, False)
    assert short.gap > 1e-9


DAY = 20.0  # tonnes of a truck of the fixture


def two_posts(*capacities: tuple[str, float]) -> co.Network:
    """Roads from A (KZ) to D (UZ) by two posts, x and y, of nearly the same length."""
    rows = [{"id": f"s-{ident}", "kind": "crossing", "subject": ident, "mode": "road", "attribute": "capacity",
             "value": value, "unit": "trucks/day", "status": "official", "source": "s", "confidence": "A"}
            for ident, value in capacities]  # fmt: skip
    return make(
        [place("a", "KZ", 50, 60), place("b", "KZ", 50.5, 61), place("c", "UZ", 50.6, 61.5),
         place("e", "KZ", 49.5, 61), place("f", "UZ", 49.4, 61.5), place("d", "UZ", 50, 63)],
        [
            link("a", "b", "road", 100), link("b", "c", "road", 40, crossing="x", border_km=20),
            link("c", "d", "road", 100), link("a", "e", "road", 110),
            link("e", "f", "road", 40, crossing="y", border_km=20), link("f", "d", "road", 110),
        ],
        crossings=[crossing("x", "b", "c"), crossing("y", "e", "f")],
        attributes=rows,
    )  # fmt: skip


OPTIONS = {"commodity": "flour", "cargo": "truck", "choice": co.Logit(ways=2, scale_t_usd=0.1)}


def trucks(net: co.Network, a_day: float) -> dict[tuple[str, str], float]:
    load = net.route("a", "d", cargo="truck", commodity="flour").problem.question.load.tonnes
    return {("a", "d"): a_day * load * 365}


def test_an_equilibrium_is_the_root_of_its_equation() -> None:
    net = two_posts(("x", 50.0), ("y", 120.0))
    found = co.crowd(net, trucks(net, 120), gap=1e-9, **OPTIONS)
    ways = found.uncrowded.choices[0]
    value = ways.routes[0].problem.vot_usd_t_h

    def excess(share: float) -> float:
        waits = [float(wait_h(120 * s / 24, q / 24)) for s, q in ((share, 50.0), (1 - share, 120.0))]
        at_none = [float(wait_h(0, q / 24)) for q in (50.0, 120.0)]
        return float(ways.shares(ways.costs + value * (np.array(waits) - at_none))[0]) - share

    root = brentq(excess, 1e-9, 1 - 1e-9, xtol=1e-12)
    assert found.shares == pytest.approx([root, 1 - root], abs=1e-6)
    assert found.shares[0] < found.uncrowded.ways[0].share
    table = found.table().set_index("id")
    assert table["crowded"].sum() == pytest.approx(120)
    assert table.loc["x", "extra_h"] == pytest.approx(float(wait_h(120 * root / 24, 50 / 24)), rel=1e-4)
    assert found.carried.pairs["carried_t"].sum() == pytest.approx(sum(trucks(net, 120).values()), rel=1e-6)


def test_nothing_changes_on_the_base_and_a_closure_raises_the_other_wait() -> None:
    net = two_posts(("x", 100.0), ("y", 80.0))
    flows = trucks(net, 120)
    same = co.crowd(net, flows, base=net, **OPTIONS)
    assert same.shares == pytest.approx([way.share for way in same.uncrowded.ways])
    assert (same.extra_h == 0).all()
    shut = co.crowd(net.close("x"), flows, base=net, **OPTIONS)
    row = shut.table().set_index("id").loc["y"]
    before = 120 * same.uncrowded.ways[1].share
    assert row[["before", "crowded"]].tolist() == pytest.approx([before, 120])
    assert row["extra_h"] == pytest.approx(float(wait_h(5, 80 / 24) - wait_h(before / 24, 80 / 24)))
    assert row["utilisation"] == pytest.approx(1.5)
    told = shut.summary()
    assert (told["crossings"], told["crossings_known"], told["converged"]) == (1, 1, True)


def test_crossings_without_a_capacity_take_no_part_and_are_counted() -> None:
    net = two_posts(("x", 100.0))
    found = co.crowd(net, trucks(net, 120), background={"x": 30}, **OPTIONS)
    told = found.summary()
    assert (told["crossings"], told["crossings_known"]) == (2, 1)
    assert found.loads.loc[0, "uncrowded"] == pytest.approx(30 + 120 * found.uncrowded.ways[0].share)
    assert "1 of 2 crossings" in str(found)
    none = co.crowd(two_posts(), trucks(net, 120), **OPTIONS)
    assert none.summary()["iterations"] == 0
    assert none.shares == pytest.approx([way.share for way in none.uncrowded.ways])
    for wrong, words in (({"background": {"y": 3}}, "'y'"), ({"month": 13}, "1 to 12"), ({"queue": "mm1"}, "both")):
        with pytest.raises((co.InputError, co.UnknownNameError), match=words):
            co.crowd(net, trucks(net, 1), **wrong, **OPTIONS)


def test_a_steady_state_needs_room() -> None:
    net = two_posts(("x", 100.0), ("y", 80.0))
    fits = co.crowd(net, trucks(net, 120), queue="mmc", **OPTIONS)
    assert fits.balance.converged
    assert (fits.table()["utilisation"] < 1).all()
    with pytest.raises(co.InputError, match="over its capacity"):
        co.crowd(net.close("x"), trucks(net, 120), queue="mmc", **OPTIONS)
