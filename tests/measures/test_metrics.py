"""Measures of connectivity against values worked out by hand or by networkx and scipy."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from scipy import stats

import corridors as co
from corridors.measures import metrics, redundancy
from corridors.uncertainty.distribution import Distribution
from support.networks import crossing, link, make, parameter, place, terminal
from support.strategies import IDS, networks

FREE = [
    parameter(component, measure, 0, unit)
    for component, measure, unit in (
        ("border", "hours", "h"),
        ("border", "cost", "USD/t"),
        ("line_haul", "cost", "USD/tkm"),
        ("line_haul", "emissions", "g/tkm"),
        ("stops", "hours", "h/1000km"),
    )
]
HOURLY = [parameter("line_haul", "hours", 1, "km/h"), *FREE]
"""An hour takes a km, and nothing else takes time or money."""

ENDS = ("kazakhstan", "south-asian-ports")


def table(values: Any, names: str) -> pd.DataFrame:
    return pd.DataFrame(np.array(values, dtype=float), list(names), list(names))


@pytest.fixture
def p3() -> co.Network:
    """A chain: A --2 km, 0.5 h-- B --3 km, 1 h-- C."""
    speeds = [parameter("line_haul", "hours", v, "km/h", link=f"{i}:road") for v, i in ((4, "a--b"), (3, "b--c"))]
    places = [place("a", "KZ", 50, 60), place("b", "KZ", 50, 60.01), place("c", "KZ", 50.02, 60.01)]
    links = [link("a", "b", "road", 2), link("b", "c", "road", 3)]
    return make(places, links, parameters=[*HOURLY, *speeds])


PLANE = table([[0, 2, math.hypot(2, 3)], [2, 0, 3], [math.hypot(2, 3), 3, 0]], "abc")
"""Straight lines between A (0, 0), B (2, 0) and C (2, 3)."""

M3 = table([[0, 24, 48], [24, 0, 12], [48, 12, 0]], "abc")
MASSES = {"a": 10.0, "b": 20.0, "c": 40.0}
TAU = table([[1, 1.10, 1.20], [1.10, 1, 1.05], [1.20, 1.05, 1]], "abc")

RING = {"t-m": 1, "m-k": 1, "k-p": 1, "t-h": 2, "h-q": 2, "q-p": 2}
COUNTRY = dict(zip("tmkphq", ("KZ", "UZ", "AF", "PK", "TM", "IR"), strict=True))


def make_ring(**more: int) -> co.Network:
    places = [place(i, c, 40 + n, 60) for n, (i, c) in enumerate({**COUNTRY, **({"x": "IN"} if more else {})}.items())]
    hops = {**RING, **{name.replace("_", "-"): hours for name, hours in more.items()}}
    links = [link(*name.split("-"), "road", 0, crossing=name, border_km=0) for name in hops]
    crossings = [crossing(name, *name.split("-")) for name in hops]
    # half the hours on leaving, half on entering
    waits = [parameter("border", "hours", hours / 2, "h", crossing=name) for name, hours in hops.items()]
    return make(places, links, crossings=crossings, parameters=[*HOURLY, *waits])


@pytest.fixture
def ring() -> co.Network:
    """Two corridors from T to P, every place in a country of its own, hours at the borders.

    ::

        T --1-- M --1-- K --1-- P      east
        T --2-- H --2-- Q --2-- P      west
    """
    return make_ring()


def hours(net: co.Network, names: str = "tmkphq") -> pd.DataFrame:
    return net.matrix(list(names), list(names), "hours", cargo="truck")


# --- efficiency and detour


def test_efficiency_of_a_chain(p3: co.Network) -> None:
    km = p3.matrix(list("abc"), list("abc"), "distance", cargo="truck")
    assert metrics.global_efficiency(km) == pytest.approx(0.3444444, abs=1e-7)
    assert metrics.global_efficiency(hours(p3, "abc")) == pytest.approx(1.2222222, abs=1e-7)
    assert metrics.global_efficiency(PLANE) == pytest.approx(0.3702278, abs=1e-7)
    assert metrics.relative_efficiency(km, PLANE) == pytest.approx(0.9303581, abs=1e-7)
    assert metrics.relative_efficiency(km, PLANE.loc[list("cba"), list("bac")]) == pytest.approx(0.9303581, abs=1e-7)


def test_efficiency_of_other_graphs(ring: co.Network) -> None:
    square = pd.DataFrame(nx.floyd_warshall_numpy(nx.cycle_graph(4)))
    assert metrics.global_efficiency(square) == pytest.approx(5 / 6) == nx.global_efficiency(nx.cycle_graph(4))
    apart = table([[0, 4, np.inf], [4, 0, np.inf], [np.inf, np.inf, 0]], "abc")
    assert metrics.global_efficiency(apart) == pytest.approx(0.0833333, abs=1e-7)
    assert metrics.unreachable(apart) == 4
    assert metrics.global_efficiency(hours(ring)) == pytest.approx(0.5)


def test_weights_of_pairs() -> None:
    weights = table([[9, 3, 0], [0, 9, 0], [0, 1, 9]], "abc")
    assert metrics.global_efficiency(M3, weights=weights) == pytest.approx((3 / 24 + 1 / 12) / 4)
    assert metrics.detour_index(2 * PLANE, PLANE, weights=weights) == pytest.approx(2)
    assert metrics.global_efficiency(M3, weights=7 * weights) == metrics.global_efficiency(M3, weights=weights)
    assert metrics.global_efficiency(M3, weights=table(np.ones((3, 3)), "abc")) == metrics.global_efficiency(M3)


def test_origins_and_destinations_may_share_places() -> None:
    part = M3.loc[["a", "b"], ["b", "c"]]
    assert metrics.global_efficiency(part) == pytest.approx((1 / 24 + 1 / 48 + 1 / 12) / 3)
    assert metrics.potential_accessibility(part, MASSES, half_life=24)["b"] == pytest.approx(40 * 2**-0.5)


def test_detour_of_a_chain(p3: co.Network) -> None:
    km = p3.matrix(list("abc"), list("abc"), "distance", cargo="truck")
    assert metrics.detour_index(km.loc[["a"], ["c"]], PLANE) == pytest.approx(1.3867505, abs=1e-7)
    assert metrics.detour_index(km, PLANE) == pytest.approx(1.1289168, abs=1e-7)
    assert metrics.detour_index(km, PLANE, kind="ratio_of_sums") == pytest.approx(1.1620406, abs=1e-7)


def test_detour_leaves_out_pairs_without_a_way() -> None:
    km = (2 * PLANE).mask(PLANE == 2, np.inf)
    assert metrics.detour_index(km, PLANE) == pytest.approx(2)
    assert math.isnan(
        metrics.detour_index(PLANE.replace({2.0: np.inf, 3.0: np.inf, PLANE.loc["a", "c"]: np.inf}), PLANE)
    )


def test_great_circles_are_symmetric_and_shorter_than_ways(net: co.Network) -> None:
    ideal = metrics.great_circle_matrix(net, *ENDS)
    back = metrics.great_circle_matrix(net, *ENDS[::-1])
    assert np.allclose(ideal, back.T)
    km = net.matrix(*ENDS, "distance")
    assert (km.to_numpy() > ideal.to_numpy()).all()
    assert metrics.great_circle_matrix(net, ["Almaty"], ["Almaty"]).to_numpy().tolist() == [[0.0]]
    assert 0 < metrics.relative_efficiency(km, ideal) < 1 < metrics.detour_index(km, ideal)


# --- accessibility and market access


def test_potential_accessibility() -> None:
    reach = metrics.potential_accessibility(M3, MASSES, half_life=24)
    assert reach.to_dict() == pytest.approx({"a": 20.0, "b": 33.2842712, "c": 16.6421356})
    own = metrics.potential_accessibility(M3, pd.Series(MASSES), half_life=24, own=True)
    assert own.to_dict() == pytest.approx({"a": 30.0, "b": 53.2842712, "c": 56.6421356})
    power = metrics.potential_accessibility(M3, MASSES, alpha=1)
    assert power.to_dict() == pytest.approx({"a": 1.6666667, "b": 3.75, "c": 1.875})
    assert list(reach.index) == list(M3.index)


def test_what_cannot_be_reached_counts_nothing() -> None:
    apart = M3.mask(M3 == 48, np.inf)
    for options in ({"half_life": 24}, {"alpha": 1}):
        assert metrics.potential_accessibility(apart, MASSES, **options)["c"] < 40
    assert metrics.potential_accessibility(apart, MASSES, half_life=24)["a"] == pytest.approx(10)
    assert metrics.market_access(apart, MASSES, theta=1, goods_value_usd_t=24)["a"] == pytest.approx(10)


@pytest.mark.parametrize(
    ("theta", "expected"),
    [
        (1, (51.515152, 47.186147, 27.380952)),
        (5.03, (28.370387, 37.486691, 19.644458)),
        (8.22, (18.073515, 31.352799, 15.626504)),
    ],
)
def test_market_access(theta: float, expected: tuple[float, ...]) -> None:
    found = metrics.market_access(500 * (TAU - 1), MASSES, theta=theta, goods_value_usd_t=500)
    assert tuple(found) == pytest.approx(expected)
    double = metrics.market_access(
        500 * (TAU - 1), {k: 2 * v for k, v in MASSES.items()}, theta=theta, goods_value_usd_t=500
    )
    assert np.allclose(np.log(double / found), np.log(2))
    own = metrics.market_access(500 * (TAU - 1), MASSES, theta=theta, goods_value_usd_t=500, own=True)
    assert np.allclose(own - found, list(MASSES.values()))


def test_market_access_without_elasticity_is_the_sum_of_markets() -> None:
    found = metrics.market_access(TAU - 1, MASSES, theta=1e-12, goods_value_usd_t=1)
    assert tuple(found) == pytest.approx((60, 50, 30))


def test_land_value() -> None:
    assert metrics.land_value_gain(0.1, 1000, theta=5.03) == pytest.approx(4.1591601)


# --- choice, break-even, time


@pytest.mark.parametrize(
    ("costs", "mu", "expected"),
    [
        ([100, 120], 0.05, 93.7347662),
        ([100, 120, 100], 0.05, 82.7601039),
        ([100, 100], 0.05, 86.1370564),
        ([100], 0.05, 100),
        ([100], 50, 100),
        ([100, np.inf], 50, 100),
        ([np.inf, np.inf], 0.05, np.inf),
    ],
)
def test_logsum(costs: list[float], mu: float, expected: float) -> None:
    assert metrics.logsum(costs, mu=mu) == pytest.approx(expected)


def test_shares_and_benefit() -> None:
    assert metrics.logit_shares([100, 120], mu=0.05).tolist() == pytest.approx([0.7310586, 0.2689414])
    assert metrics.logit_shares([100, np.inf], mu=0.05).tolist() == [1, 0]
    assert metrics.logsum_benefit([100, 120], [100, 120, 100], mu=0.05) == pytest.approx(93.7347662 - 82.7601039)
    assert metrics.logsum_benefit([np.inf], [100], mu=1) == np.inf
    assert metrics.logsum_benefit([np.inf], [np.inf], mu=1) == 0


def test_break_even() -> None:
    fees = {"rail_fixed": 400.0, "rail_per_km": 0.5, "road_fixed": 50.0, "road_per_km": 1.2}
    assert metrics.break_even_km(**fees) == pytest.approx(500)
    assert metrics.break_even_km(**{**fees, "rail_fixed": 10}) == 0
    assert metrics.break_even_km(**{**fees, "rail_per_km": 1.2}) == np.inf
    assert metrics.break_even_km(**{**fees, "rail_per_km": 1.2, "rail_fixed": 50}) == 0
    assert metrics.break_even_km(**{**fees, "rail_per_km": 2, "rail_fixed": 0}) == np.inf


def test_time_as_a_tariff() -> None:
    assert metrics.time_tariff_equivalent(5) == pytest.approx((3.0, 10.5))


# --- reliability: the definitions of corridors.uncertainty.draws on distributions with known figures


def quantiles(distribution: Any) -> np.ndarray:
    return np.asarray(distribution.ppf((np.arange(200_000) + 0.5) / 200_000))


def test_reliability_of_known_distributions() -> None:
    lognormal = Distribution(quantiles(stats.lognorm(0.5, scale=10)), 11.331485, "h", free=8)
    assert lognormal.mean == pytest.approx(11.331485, rel=1e-4)
    assert lognormal.percentile(80) == pytest.approx(15.231958, rel=1e-4)
    assert lognormal.percentile(95) == pytest.approx(22.760166, rel=1e-4)
    assert lognormal.buffer_index == pytest.approx(1.008578, rel=1e-3)
    assert lognormal.planning_time_index == pytest.approx(2.845021, rel=1e-4)
    assert np.log(lognormal.percentile(95) / lognormal.percentile(50)) / 1.6448536 == pytest.approx(0.5, rel=1e-4)
    triangular = Distribution(quantiles(stats.triang(4 / 24, 6, 24)), 15.3333, "h", free=6)
    assert triangular.mean == pytest.approx(15.3333, rel=1e-4)
    assert (triangular.percentile(50), triangular.percentile(95)) == pytest.approx((14.508067, 25.101021), rel=1e-4)
    assert triangular.samples.var() == pytest.approx(27.5556, rel=1e-4)
    pert = Distribution(quantiles(stats.beta(1 + 4 * 4 / 24, 1 + 4 * 20 / 24, 6, 24)), 12.6667, "h", free=6)
    # a standard deviation of a sixth of the range, 4, is the rule of thumb for it
    assert (pert.mean, pert.samples.std()) == (pytest.approx(12.6667, rel=1e-4), pytest.approx(4, rel=0.02))


def test_percentiles_of_legs_do_not_add_up() -> None:
    one, both = stats.norm(10, 3), stats.norm(20, math.hypot(3, 3))
    found = Distribution(quantiles(both), 20, "h", free=20).percentile(95)
    assert (2 * one.ppf(0.95), found) == (pytest.approx(29.869, abs=1e-3), pytest.approx(26.979, abs=2e-3))


# --- algebraic connectivity


@pytest.mark.parametrize(
    ("graph", "expected"),
    [
        (nx.path_graph(3), 1.0),
        (nx.cycle_graph(6), 1.0),
        (nx.path_graph(6), 0.2679492),
        (nx.complete_graph(4), 4.0),
        (nx.empty_graph(2), 0.0),
        (nx.empty_graph(1), 0.0),
    ],
)
def test_algebraic_connectivity(graph: nx.Graph, expected: float) -> None:
    assert metrics.algebraic_connectivity(graph) == pytest.approx(expected, abs=1e-7)


def test_algebraic_connectivity_adds_parallel_edges_and_halves_one_way() -> None:
    two = nx.MultiGraph()
    two.add_edge("a", "b", conductance=2.5)
    assert metrics.algebraic_connectivity(two) == pytest.approx(5)
    two.add_edge("a", "b", conductance=2.5)
    assert metrics.algebraic_connectivity(two) == pytest.approx(10)
    assert metrics.algebraic_connectivity(nx.DiGraph([("a", "b")])) == pytest.approx(1)


def test_algebraic_connectivity_of_a_network(p3: co.Network, net: co.Network) -> None:
    weighted = nx.Graph()
    weighted.add_edge("a", "b", weight=1 / 0.5)
    weighted.add_edge("b", "c", weight=1 / 1.0)
    expected = nx.algebraic_connectivity(weighted, tol=1e-10)
    assert metrics.algebraic_connectivity(p3, cargo="truck") == pytest.approx(expected)
    assert metrics.algebraic_connectivity(net) > 0


def test_a_ring_cut_open_is_a_line() -> None:
    places = [place(i, "KZ", 40 + n, 60) for n, i in enumerate("tmkpqh")]
    links = [link(a, b, "road", 1) for a, b in itertools.pairwise("tmkpqht")]
    net = make(places, links, parameters=HOURLY)
    assert metrics.algebraic_connectivity(net) == pytest.approx(1)
    assert metrics.algebraic_connectivity(net.close("t--m:road")) == pytest.approx(0.2679492)
    assert metrics.algebraic_connectivity(net.close("t--m:road", "k--p:road")) == 0


# --- redundancy


def test_two_corridors(ring: co.Network) -> None:
    assert redundancy.edge_disjoint(ring, "t", "p", cargo="truck") == 2
    assert redundancy.border_disjoint(ring, "t", "p", cargo="truck") == 2
    assert redundancy.country_disjoint(ring, "t", "p", cargo="truck") == 2
    assert redundancy.edge_disjoint(ring, "t", "p", within=0.9, cargo="truck") == 1
    assert redundancy.edge_disjoint(ring, "t", "p", within=1, cargo="truck") == 2
    assert redundancy.country_disjoint(ring, "t", "m", cargo="truck") == np.inf
    assert redundancy.smallest_cut(ring, "t", "m", unit="countries", cargo="truck") is None
    assert redundancy.smallest_cut(ring.close("h-q"), "t", "p", unit="countries", cargo="truck") in (["AF"], ["UZ"])
    shut = ring.close("h-q", "m-k")
    assert redundancy.edge_disjoint(shut, "t", "p", cargo="truck") == 0
    assert redundancy.smallest_cut(shut, "t", "p", cargo="truck") == []


def test_parallel_tracks_are_one() -> None:
    places = [place("a", "KZ", 50, 60), place("b", "KZ", 51, 60)]
    road, track = link("a", "b", "road", 5), link("a", "b", "rail", 5)
    second = link("b", "a", "rail", 9, id="second")
    net = make(places, [track, second])
    assert redundancy.edge_disjoint(net, "a", "b") == 1
    assert redundancy.smallest_cut(net, "a", "b", unit="links") == ["a--b:rail-1520;second"]
    assert redundancy.smallest_cut(net.close("second"), "a", "b", unit="links") == ["a--b:rail-1520"]
    assert redundancy.edge_disjoint(make(places, [track, second, road]), "a", "b") == 2
    assert redundancy.border_disjoint(net, "a", "b") == np.inf


def test_road_and_rail_over_one_crossing_close_together() -> None:
    places = [place("a", "KZ", 50, 60), place("b", "UZ", 51, 60)]
    at_x = [link("a", "b", mode, 5, crossing="x", border_km=2) for mode in ("road", "rail")]
    net = make(places, at_x, crossings=[crossing("x", "a", "b")])
    assert redundancy.edge_disjoint(net, "a", "b") == 2
    assert redundancy.smallest_cut(net, "a", "b") == ["x"]


def test_ports_are_borders() -> None:
    """A ship from A to B, roads behind both ports."""
    hop = {"id": "ab", "service": "ab", "name": "ab", "from_id": "a", "to_id": "b", "mode": "sea", "class": "liner",
           "cargo": "container", "length_km": 100, "length_basis": "published", "headway_d": 7, "status": "open",
           "source": "s", "confidence": "A"}  # fmt: skip
    ends = (("z", "IR"), ("a", "IR"), ("b", "PK"), ("c", "PK"))
    places = [place(ident, country, 40 + n, 60) for n, (ident, country) in enumerate(ends)]
    ports = [terminal(ident, "road", "sea", "container", method="port") for ident in ("a", "b")]
    net = make(places, [link("z", "a", "road", 5), link("b", "c", "road", 5)], services=[hop], terminals=ports)
    assert redundancy.smallest_cut(net, "z", "c") in (["a (port)"], ["b (port)"])
    assert redundancy.country_disjoint(net, "z", "c") == np.inf
    assert redundancy.edge_disjoint(net, "a", "b") == 1
    assert redundancy.smallest_cut(net, "a", "b", unit="links") == ["ab"]


@settings(max_examples=25, deadline=None)
@given(networks())
def test_link_cuts_are_maximum_flows(net: co.Network) -> None:
    graph = nx.DiGraph()
    for row in net.links[net.links["in_use"]].itertuples():
        ends = [(row.from_id, row.mode + row.gauge_mm), (row.to_id, row.mode + row.gauge_mm)]
        graph.add_edge(*ends, capacity=1)
        graph.add_edge(*ends[::-1], capacity=1)
    for row in net.terminals.itertuples():
        if "container" in row.cargo:
            ends = [(row.place, system.replace("-", "")) for system in (row.from_system, row.to_system)]
            graph.add_edges_from([ends, ends[::-1]])
    for state in [s for s in graph if s[0] == IDS[0]]:
        graph.add_edge("start", state)
    for state in [s for s in graph if s[0] == IDS[-1]]:
        graph.add_edge(state, "end")
    graph.add_nodes_from(["start", "end"])
    assert redundancy.edge_disjoint(net, IDS[0], IDS[-1]) == nx.maximum_flow_value(graph, "start", "end")


@settings(max_examples=12, deadline=None)
@given(networks())
def test_border_cuts_are_the_smallest_that_there_are(net: co.Network) -> None:
    for cargo in ("wagon", "container"):
        found = redundancy.smallest_cut(net, IDS[0], IDS[-1], cargo=cargo)

        def parts(shut: tuple[str, ...], cargo: str = cargo) -> bool:
            return net.routes([IDS[0]], [IDS[-1]], cargo=cargo, avoid=shut)[IDS[0], IDS[-1]] is None

        crossings = list(net.crossings.index)
        sizes = (size for size in range(len(crossings) + 1) if any(map(parts, itertools.combinations(crossings, size))))
        assert (None if found is None else len(found)) == next(sizes, None)
        assert found is None or parts(tuple(found))


# --- betweenness


def test_betweenness_of_the_ring(ring: co.Network) -> None:
    graph = nx.Graph()
    for name, length in RING.items():
        graph.add_edge(*name.split("-"), weight=length)
    nodes = nx.betweenness_centrality(graph, weight="weight")
    edges = nx.edge_betweenness_centrality(graph, weight="weight")
    table = redundancy.betweenness(ring, list("tmkphq"), list("tmkphq"), cargo="truck")
    share = table.set_index("id")["share"]
    # networkx leaves the pairs of a node itself out of the total: 20 of the 30 ordered pairs remain
    assert {i: share[c] * 30 / 20 for i, c in COUNTRY.items()} == pytest.approx(nodes)
    assert {i: share[c] * 30 / 20 for i, c in COUNTRY.items()} == pytest.approx(
        {"t": 0.2, "m": 0.3, "k": 0.3, "p": 0.2, "h": 0.1, "q": 0.1}
    )
    crossings = {"m-k": 0.4, "t-m": 1 / 3, "k-p": 1 / 3, "t-h": 4 / 15, "q-p": 4 / 15, "h-q": 0.2}
    assert share[table["id"][table["kind"] == "crossing"]].to_dict() == pytest.approx(crossings)
    assert {frozenset(k.split("-")): v for k, v in crossings.items()} == pytest.approx(
        {frozenset(k): v for k, v in edges.items()}
    )


def test_betweenness_by_weight(ring: co.Network) -> None:
    weights = pd.DataFrame([[3.0, 1.0]], ["t"], ["p", "q"])
    table = redundancy.betweenness(ring, ["t"], ["q", "p"], weights=weights, cargo="truck")
    share = table.set_index("id")["share"]
    assert (share["UZ"], share["AF"], share["TM"], share["KZ"]) == (0.75, 0.75, 0.25, 0)
    assert table["pairs"].max() == 1
    assert set(table["id"]) == {*COUNTRY.values(), *RING}


# --- criticality and expected loss


def test_efficiency_drop_of_the_ring(ring: co.Network) -> None:
    whole = metrics.global_efficiency(hours(ring))
    drop = {name: 1 - metrics.global_efficiency(hours(ring.close(name))) / whole for name in RING}
    expected = {"m-k": 0.24746, "t-m": 0.215397, "k-p": 0.215397, "t-h": 0.083175, "q-p": 0.083175, "h-q": 0.060952}
    assert drop == pytest.approx(expected, abs=1e-5)
    far = {name: hours(ring.close(name)).loc["t", "p"] for name in RING}
    assert far == {"t-m": 6, "m-k": 6, "k-p": 6, "t-h": 3, "h-q": 3, "q-p": 3}


def test_a_bridge_cuts_off_what_is_behind_it() -> None:
    net = make_ring(p_x=1)
    whole, shut = (hours(n, "tmkphqx") for n in (net, net.close("p-x")))
    assert 1 - metrics.global_efficiency(shut) / metrics.global_efficiency(whole) == pytest.approx(0.258649, abs=1e-6)
    assert list(shut.index[np.isinf(shut["p"])]) == ["x"]
    assert metrics.unreachable(shut) == 12
    table = redundancy.criticality(net, ["t"], ["p", "x"], cargo="truck")
    assert table.index[0] == "p-x"
    assert table.loc["p-x", ["pairs", "share", "rise_usd_t", "cut_share"]].tolist() == [1, 0.5, 0, 0.5]


def test_criticality_of_the_ring(ring: co.Network) -> None:
    options: dict[str, Any] = {"cargo": "truck", "vot_usd_t_h": 2.0}
    table = redundancy.criticality(ring, ["t"], ["p"], **options)
    assert sorted(table.index) == ["k-p", "m-k", "t-m"]
    assert table["rise_usd_t"].tolist() == pytest.approx([6, 6, 6])
    assert table["rise_pct"].tolist() == pytest.approx([100, 100, 100])
    assert not table["cut_share"].any()
    links = redundancy.criticality(ring, ["t"], ["p"], what="links", **options)
    assert sorted(links.index) == ["k--p:road", "m--k:road", "t--m:road"]
    assert (links["rise_usd_t"].tolist(), links.index.name) == (pytest.approx([6, 6, 6]), "link")
    assert redundancy.criticality(ring, ["t"], ["q"], **options).loc["h-q", "rise_usd_t"] == pytest.approx(2)


@settings(max_examples=8, deadline=None)
@given(networks())
def test_criticality_agrees_with_closing_everything(net: co.Network) -> None:
    before = net.matrix(IDS, IDS, "generalized").to_numpy()
    joined = np.isfinite(before) & (before > 0)
    if not joined.any():
        with pytest.raises(co.NoRouteError, match="no pair of them"):
            redundancy.criticality(net, IDS, IDS)
        return
    for what, idents in (("crossings", net.crossings.index), ("links", net.links.index)):
        table = redundancy.criticality(net, IDS, IDS, what=what)
        for ident in idents:
            after = net.close(ident).matrix(IDS, IDS, "generalized").to_numpy()
            kept = joined & np.isfinite(after)
            rise, cut = (after[kept] - before[kept]).sum() / joined.sum(), (joined & ~kept).sum() / joined.sum()
            found = table.loc[ident, ["rise_usd_t", "cut_share"]].tolist() if ident in table.index else [0, 0]
            assert found == pytest.approx([rise, cut], abs=1e-9)


def objectives(net: co.Network, ends: tuple[list[str], list[str]]) -> np.ndarray:
    """Least objective of every pair; losses are of the objective by which ways are chosen."""
    routes = net.routes(*ends, cargo="truck")
    pairs = [[routes[first, second] for second in ends[1]] for first in ends[0]]
    return np.array([[np.inf if route is None else route.objective_value for route in row] for row in pairs])


def enumerated(net: co.Network, closures: dict[str, float], ends: tuple[list[str], list[str]]) -> tuple[float, float]:
    """Go through every combination of closures."""
    before = objectives(net, ends)
    rise = cut = 0.0
    for pattern in itertools.product((True, False), repeat=len(closures)):
        chance = math.prod(p if shut else 1 - p for p, shut in zip(closures.values(), pattern, strict=True))
        shut = list(itertools.compress(closures, pattern))
        after = objectives(net.close(*shut) if shut else net, ends)
        kept = np.isfinite(after)
        rise += chance * (after[kept] - before[kept]).sum() / before.size
        cut += chance * (~kept).sum() / before.size
    return rise, cut


def test_expected_loss_is_that_of_all_combinations(ring: co.Network, net: co.Network) -> None:
    cases = [
        (ring, {"t-m": 0.2, "h-q": 0.1, "m-k": 0.5, "q--p:road": 0.3}, (["t", "m"], ["p", "q"])),
        (
            net,
            {"torkham": 0.3, "AF-PK": 0.2, "galaba-hairatan": 0.4, "taftan": 0.1},
            (["tashkent"], ["karachi", "kabul"]),
        ),
    ]
    for network, closures, ends in cases:
        loss = redundancy.expected_loss(network, closures, *ends, cargo="truck")
        assert (loss["rise_usd_t"], loss["cut_share"]) == pytest.approx(enumerated(network, closures, ends))
        assert loss["rise_pct"] == pytest.approx(100 * loss["rise_usd_t"] / loss["base_usd_t"])
        assert loss.name == network.name


def test_certain_and_impossible_closures(ring: co.Network) -> None:
    sure = redundancy.expected_loss(ring, {"m-k": 1}, ["t"], ["p"], cargo="truck", vot_usd_t_h=2.0)
    assert sure.to_dict() == pytest.approx({"base_usd_t": 6, "rise_usd_t": 6, "rise_pct": 100, "cut_share": 0})
    never = redundancy.expected_loss(ring, {"m-k": 0, "t-h": 1}, ["t"], ["p"], cargo="truck")
    assert (never["rise_usd_t"], never["cut_share"]) == (0, 0)
    assert not redundancy.expected_loss(ring, {}, ["t"], ["p"], cargo="truck")["rise_usd_t"]


# --- the reference network


def test_borders_of_the_reference_network_matter(net: co.Network) -> None:
    crossings = redundancy.criticality(net, *ENDS)
    links = redundancy.criticality(net, *ENDS, what="links")
    assert set(crossings.index) <= set(net.crossings.index)
    assert set(links.index) <= set(net.links.index)
    share = redundancy.betweenness(net, *ENDS).set_index("id")["share"]
    assert share[crossings.index].to_dict() == pytest.approx(crossings["share"].to_dict())


def test_closing_borders_never_adds_ways(net: co.Network) -> None:
    for count in (redundancy.edge_disjoint, redundancy.border_disjoint, redundancy.country_disjoint):
        assert 1 <= count(net.close("AF-PK"), "Almaty", "Karachi") <= count(net, "Almaty", "Karachi")
    cut = redundancy.smallest_cut(net, "Almaty", "Karachi")
    assert cut is not None
    with pytest.raises(co.NoRouteError):
        net.route("Almaty", "Karachi", avoid=[name.removesuffix(" (port)") for name in cut])


def test_pairs_at_one_point_are_left_out() -> None:
    """The two sides of a border have no length: no closeness and no detour, and the other pairs keep theirs."""
    km = pd.DataFrame([[0.0, 0.0, 30.0], [0.0, 0.0, 30.0]], index=["a", "b"], columns=["a", "b", "c"])
    straight = pd.DataFrame([[0.0, 0.0, 20.0], [0.0, 0.0, 20.0]], index=["a", "b"], columns=["a", "b", "c"])
    assert metrics.global_efficiency(km) == pytest.approx(1 / 30)
    assert metrics.relative_efficiency(km, straight) == pytest.approx(2 / 3)
    assert metrics.detour_index(km, straight) == pytest.approx(1.5)
    assert metrics.detour_index(km, straight, kind="ratio_of_sums") == pytest.approx(1.5)
    gain = co.compare([co.load(), "uap-kabul"], ["dustlik"], ["dostuk"])
    assert co.connectivity(gain)["detour"].isna().all()


# --- wrong input


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: metrics.global_efficiency(M3 - 24), "matrix=-24.0"),
        (lambda: metrics.global_efficiency(M3 * np.nan), "matrix=nan"),
        (lambda: metrics.global_efficiency(M3 * 0), "matrix=0.0.*more than zero"),
        (lambda: metrics.global_efficiency(M3, weights=M3.loc[["a"]]), "weights=.*every pair"),
        (lambda: metrics.global_efficiency(M3, weights=M3 * 0), "weights=.*at least one pair"),
        (lambda: metrics.relative_efficiency(M3, PLANE.loc[["a"]]), "ideal='b, c'"),
        (lambda: metrics.detour_index(M3, PLANE, kind="median"), "kind='median'.*ratio_of_sums"),
        (lambda: metrics.detour_index(M3, PLANE * 0), "ideal=0.0"),
        (lambda: metrics.potential_accessibility(M3, MASSES), "half_life, alpha"),
        (lambda: metrics.potential_accessibility(M3, MASSES, half_life=0), "half_life=0"),
        (lambda: metrics.potential_accessibility(M3, MASSES, alpha=1, own=True), "own only with half_life"),
        (lambda: metrics.potential_accessibility(M3 * 0, MASSES, alpha=1), "matrix=0.0"),
        (lambda: metrics.potential_accessibility(M3, {"a": 1.0}, half_life=1), "masses='b, c'"),
        (lambda: metrics.potential_accessibility(M3, dict.fromkeys("abc", -1.0), half_life=1), "masses=.*negative"),
        (lambda: metrics.market_access(M3, MASSES, theta=-1, goods_value_usd_t=1), "theta=-1"),
        (lambda: metrics.market_access(M3, MASSES, theta=1, goods_value_usd_t=0), "goods_value_usd_t=0"),
        (lambda: metrics.logsum([], mu=1), "costs=.*at least one"),
        (lambda: metrics.logsum([1], mu=0), "mu=0"),
        (lambda: metrics.logit_shares([np.inf], mu=1), "costs=.*finite"),
        (lambda: redundancy.smallest_cut(make_ring(), "t", "p", unit="roads"), "unit='roads'.*crossings"),
        (lambda: redundancy.edge_disjoint(make_ring(), "t", "p", within=-1), "within=-1"),
        (lambda: redundancy.edge_disjoint(make_ring(), "t", "p", via="m", cargo="truck"), "no option 'via'"),
        (lambda: redundancy.criticality(make_ring(), "t", "p", what="roads"), "what='roads'.*links"),
        (lambda: redundancy.criticality(make_ring(), "t", "p", by="hours"), "by='hours'.*generalized"),
        (lambda: redundancy.expected_loss(make_ring(), {"m-k": 2}, "t", "p"), "closures=.*'m-k': 2.*between 0 and 1"),
    ],
)
def test_wrong_input_is_named(call: Callable[[], object], match: str) -> None:
    with pytest.raises(co.InputError, match=match):
        call()


def test_a_step_without_time_has_no_conductance() -> None:
    with pytest.raises(co.InputError, match="border edge takes time"):
        metrics.algebraic_connectivity(make_ring(p_x=0), cargo="truck")
