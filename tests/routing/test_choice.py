"""Path-size logit: worked values, an independent plain implementation, and what must hold for any ways."""

from __future__ import annotations

from itertools import pairwise
from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import corridors as co
from corridors.routing import choice
from corridors.routing.ways import Logit, Ways, cargo_units, path_sizes, ways_between

THREE = np.array([[50.0, 50, 0, 0], [50, 0, 50, 0], [0, 0, 0, 100]])
"""Three ways of 100 km, of which two share 50 km."""


def plain_shares(costs: list[float], km: list[list[float]], mu: float, beta: float = 1.0) -> tuple[list[float], float]:
    """Shares and logsum way by way and link by link, as the formulas are written."""
    ways = range(len(costs))
    used = [tuple(length > 0 for length in row) for row in km]
    size = []
    for k in ways:
        total = 0.0
        for a, length in enumerate(km[k]):
            if length > 0:
                total += length / sum(km[k]) / len({used[j] for j in ways if used[j][a]})
        size.append(total / sum(used[j] == used[k] for j in ways))
    value = [-mu * costs[k] + beta * log(size[k]) for k in ways]
    whole = sum(exp(v) for v in value)
    return [exp(v) / whole for v in value], -log(whole) / mu


def plain_nested(costs: list[float], nests: list[str], mu: float, lam: float) -> tuple[list[float], float]:
    """Nested logit, nest by nest."""
    inclusive = {n: log(sum(exp(-mu * c / lam) for c, m in zip(costs, nests, strict=True) if m == n)) for n in nests}
    whole = sum(exp(lam * value) for value in inclusive.values())
    found = [
        exp(-mu * c / lam - inclusive[n]) * exp(lam * inclusive[n]) / whole for c, n in zip(costs, nests, strict=True)
    ]
    return found, -log(whole) / mu


def test_example_4_two_ways_that_overlap_share() -> None:
    size = choice.path_size(THREE)
    assert size.tolist() == [0.75, 0.75, 1.0]
    assert choice.shares([80, 80, 80], size=size) == pytest.approx([0.3, 0.3, 0.4])
    assert choice.shares([80, 80, 80]) == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        (0.05, [0.402, 0.385, 0.108, 0.106]),
        (0.02, [0.316, 0.311, 0.187, 0.186]),
        (0.1, [0.485, 0.446, 0.035, 0.034]),
    ],
)
def test_example_5_ways_from_kostanay_to_kabul(scale: float, expected: list[float]) -> None:
    assert choice.shares([132.7, 133.5, 159.0, 159.4], scale=scale) == pytest.approx(expected, abs=1.5e-3)


def test_benefit_of_a_third_way() -> None:
    gain = choice.logsum([100, 120]) - choice.logsum([100, 120, 100])
    assert float(gain) == pytest.approx(10.97, abs=0.005)


links = st.integers(2, 6)
amounts = st.floats(20, 300)


@st.composite
def choices(draw: st.DrawFn, *, distinct: bool = False) -> tuple[list[float], np.ndarray]:
    ways, width = draw(st.integers(1, 5)), draw(links)
    km = draw(st.lists(st.lists(st.sampled_from([0.0, 10, 35, 80]), min_size=width, max_size=width), min_size=ways,
                       max_size=ways))  # fmt: skip
    lengths = np.array(km, dtype=float)
    lengths[:, 0] += 5.0 * (lengths.sum(axis=1) == 0)
    if distinct:  # of ways over the same links each would be a copy of the other
        lengths = lengths[np.sort(np.unique(lengths > 0, axis=0, return_index=True)[1])]
        ways = len(lengths)
    return draw(st.lists(amounts, min_size=ways, max_size=ways)), lengths


@given(choices(), st.sampled_from([0.02, 0.05, 0.1]), st.sampled_from([0.0, 0.5, 1.0]))
def test_shares_are_those_of_the_plain_implementation(
    some: tuple[list[float], np.ndarray], mu: float, beta: float
) -> None:
    costs, km = some
    expected, least = plain_shares(costs, km.tolist(), mu, beta)
    size = choice.path_size(km)
    assert choice.shares(costs, scale=mu, size=size, beta=beta) == pytest.approx(expected)
    assert float(choice.logsum(costs, scale=mu, size=size, beta=beta)) == pytest.approx(least)


@given(choices(distinct=True), st.integers(0, 4), st.integers(1, 3))
def test_a_copy_of_a_way_changes_nothing(some: tuple[list[float], np.ndarray], which: int, copies: int) -> None:
    costs, km = some
    of = which % len(costs)
    more_costs, more_km = [*costs, *[costs[of]] * copies], np.vstack([km, *[km[of]] * copies])
    before = choice.shares(costs, size=choice.path_size(km))
    after = choice.shares(more_costs, size=choice.path_size(more_km))
    together = after[: len(costs)].copy()
    together[of] += after[len(costs) :].sum()
    assert together == pytest.approx(before)
    least = [float(choice.logsum(c, size=choice.path_size(k))) for c, k in ((costs, km), (more_costs, more_km))]
    assert least[0] == pytest.approx(least[1])


@given(choices(distinct=True), st.integers(0, 4))
def test_a_copy_changes_nothing_inside_a_nest(some: tuple[list[float], np.ndarray], which: int) -> None:
    costs, km = some
    nests = ["rail" if way % 2 else "road" for way in range(len(costs))]
    of = which % len(costs)
    more = [*costs, costs[of]], np.vstack([km, km[of]]), [*nests, nests[of]]
    least = [
        float(choice.logsum(c, size=choice.path_size(k), nests=n, nest_scale=0.6))
        for c, k, n in ((costs, km, nests), more)
    ]
    assert least[0] == pytest.approx(least[1])


@given(st.lists(amounts, min_size=1, max_size=6), st.sampled_from([0.3, 0.7, 1.0]))
def test_nests_are_those_of_the_plain_implementation(costs: list[float], lam: float) -> None:
    nests = ["rail" if way % 3 else "road" for way in range(len(costs))]
    expected, least = plain_nested(costs, nests, 0.05, lam)
    assert choice.shares(costs, nests=nests, nest_scale=lam) == pytest.approx(expected)
    assert float(choice.logsum(costs, nests=nests, nest_scale=lam)) == pytest.approx(least)
    if lam == 1:
        assert choice.shares(costs, nests=nests, nest_scale=1) == pytest.approx(choice.shares(costs))


def test_the_more_two_of_three_ways_share_the_less_they_get() -> None:
    together = []
    for shared in (0.0, 30.0, 60.0, 99.0):
        own = 100 - shared
        km = [[shared, own, 0, 0], [shared, 0, own, 0], [0, 0, 0, 100]]
        together.append(float(choice.shares([70, 70, 70], size=choice.path_size(km))[:2].sum()))
    assert together[0] == pytest.approx(2 / 3)
    assert all(more > less for more, less in pairwise(together))
    assert together[-1] == pytest.approx(0.5, abs=0.01)


@given(choices(), st.integers(0, 4), st.floats(1, 50))
def test_a_dearer_way_loses_share(some: tuple[list[float], np.ndarray], which: int, more: float) -> None:
    costs, km = some
    size, of = choice.path_size(km), which % len(costs)
    dearer = [cost + more * (way == of) for way, cost in enumerate(costs)]
    assert choice.shares(dearer, size=size)[of] <= choice.shares(costs, size=size)[of] + 1e-12


def test_draws_lie_on_leading_axes() -> None:
    costs = np.array([[100.0, 110], [100, 130], [90, np.inf]])
    scales = np.array([0.05, 0.02, 0.1])
    rows = choice.shares(costs, scale=scales)
    for row, cost, scale in zip(rows, costs, scales, strict=True):
        assert row == pytest.approx(choice.shares(cost, scale=scale))
    assert rows[2].tolist() == [1.0, 0.0]
    assert choice.logsum(costs, scale=scales)[2] == pytest.approx(90)
    assert choice.logsum([np.inf, np.inf]) == np.inf


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: choice.shares([np.inf]), "at least one way has a finite cost"),
        (lambda: choice.shares([]), "at least one way"),
        (lambda: choice.shares([1.0], scale=0), "above zero"),
        (lambda: choice.shares([1.0], size=[0]), "path sizes"),
        (lambda: choice.shares([1.0], beta=-1), "zero or more"),
        (lambda: choice.shares([1.0, 2], nests=["a"]), "one nest for each of the 2 ways"),
        (lambda: choice.shares([1.0], nests=["a"], nest_scale=1.2), "at most 1"),
        (lambda: choice.path_size([[0.0, 0]]), "a length above zero"),
        (lambda: choice.path_size([1.0]), "rows"),
        (lambda: Logit(nests="mode s"), "did you mean 'mode'"),
        (lambda: Logit(scale_t_usd=0.05, scale_low_t_usd=0.06), "between its low and its high end"),
        (lambda: Logit(dearest=0.5), "1 or more"),
        (lambda: Logit.of("logits"), "co.Logit"),
    ],
)
def test_what_cannot_be_is_named(call: object, words: str) -> None:
    with pytest.raises(co.InputError, match=words):
        call()  # type: ignore[operator]


def test_scale_is_drawn_within_what_is_stated() -> None:
    scales = Logit().scales(4000, 0)
    low, high = np.percentile(scales, [5, 95])
    assert (low, high) == (pytest.approx(0.02, rel=0.1), pytest.approx(0.1, rel=0.1))
    assert float(scales.mean()) == pytest.approx(0.05, rel=0.03)
    assert (Logit().scales(100, 0) == scales[:100]).all()


def test_units_are_those_of_the_good(net: co.Network) -> None:
    assert cargo_units(net.tables, "sulphur") == ("wagon",)
    with pytest.raises(co.InputError, match="sulphur travels by wagon"):
        cargo_units(net.tables, "sulphur", "truck")
    with pytest.raises(co.InputError, match="did you mean 'wagon'"):
        cargo_units(net.tables, "flour", "wagons")
    with pytest.raises(co.InputError, match="a good, such as 'flour'"):
        cargo_units(net.tables, None)
    with pytest.raises(co.UnknownNameError, match="flour"):
        cargo_units(net.tables, "flor")


def test_ways_that_are_too_dear_are_told(net: co.Network) -> None:
    ways = ways_between(net, "Tashkent", "Kabul", ["truck"], Logit(ways=3, dearest=1.1), commodity="flour")
    assert (ways.costs <= 1.1 * ways.costs[0]).all()
    assert ways.left_out
    assert all(route.generalized_usd_t > 1.1 * ways.costs[0] for route in ways.left_out)


def test_a_copied_route_shares_its_size(net: co.Network) -> None:
    one, other = net.alternatives("Tashkent", "Kabul", 2, cargo="truck")
    twice = path_sizes([one, one, other])
    assert twice[0] == twice[1] == pytest.approx(path_sizes([one, other])[0] / 2)
    ways = [Ways((one, other), path_sizes([one, other])), Ways((one, one, other), twice)]
    assert float(ways[0].logsum()) == pytest.approx(float(ways[1].logsum()))
    assert ways[0].shares()[1] == pytest.approx(ways[1].shares()[2])


def test_no_way_by_any_unit_says_why_by_each(net: co.Network) -> None:
    with pytest.raises(co.NoRouteError, match=r"by wagon: .*by truck: "):
        ways_between(net, "Almaty", "Kabul", ["wagon", "truck"], commodity="flour", avoid=["AF"])
