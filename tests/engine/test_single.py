"""One column of weights taken in once: single ways and small matrices, in whole and in reduced graphs."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridors as co
from corridors.base.errors import InputError, MissingPackageError
from corridors.engine import Hierarchy, checks
from corridors.engine.compiled import customized, reduced
from corridors.engine.plain import Adjacency
from corridors.engine.reduction import reduce


@st.composite
def _graphs(draw):
    """Nodes, edges and weights, with loops, parallel edges, weights of zero and closed edges."""
    nodes = draw(st.integers(2, 14))
    ends = st.integers(0, nodes - 1)
    edges = draw(st.lists(st.tuples(ends, ends), max_size=50))
    tail, head = np.array(edges, dtype=np.int64).reshape(-1, 2).T
    weight = draw(
        st.lists(st.sampled_from([0.0, 1.0, 2.0, 2.5, 7.0, np.inf]), min_size=len(edges), max_size=len(edges))
    )
    return nodes, tail.copy(), head.copy(), np.array(weight, dtype=float)


def _is_way(path, source, target, tail, head):
    ends = [source, *head[path].tolist()]
    return ends[-1] == target and tail[path].tolist() == ends[:-1]


@settings(max_examples=150, deadline=None)
@given(_graphs(), st.integers(-1, 4))
def test_ways_are_those_of_dijkstra_whatever_is_left_of_the_core(graph, most):
    nodes, tail, head, weight = graph
    every = np.arange(nodes)
    right = Adjacency.build(nodes, tail, head).distances(weight, every, every)
    here = Hierarchy.build(nodes, tail, head).customize(weight)
    if most >= 0:
        here = customized(reduce(nodes, tail, head, most), weight)
    assert np.array_equal(here.matrix(every, every), right)
    for source in range(nodes):
        for target in range(nodes):
            path = here.path(source, target)
            assert here.distance(source, target) == right[source, target]
            assert (path is None) == np.isinf(right[source, target])
            if path is not None:
                assert _is_way(path, source, target, tail, head)
                assert weight[path].sum() == right[source, target]


def _grid(side):
    """A grid of streets in both directions with weights by chance."""
    number = np.arange(side * side).reshape(side, side)
    one = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    other = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    tail, head = np.concatenate([one, other]), np.concatenate([other, one])
    return side * side, tail, head, np.random.default_rng(3).uniform(1, 3, len(tail))


def test_a_grid_keeps_a_core_in_which_ways_are_searched():
    nodes, tail, head, weight = _grid(40)
    graph = reduced(nodes, tail, head)
    assert 0.05 * nodes < nodes - graph.contracted < 0.5 * nodes
    here = customized(graph, weight)
    sources, targets = np.random.default_rng(4).integers(0, nodes, (2, 60))
    right = Adjacency.build(nodes, tail, head).distances(weight, sources, targets).diagonal()
    edges, starts, joined = here.ways(sources, targets)
    assert joined.all()
    ways = np.split(edges, starts[1:])
    assert np.allclose([weight[way].sum() for way in ways], right, rtol=1e-12)
    assert all(map(_is_way, ways, sources, targets, [tail] * 60, [head] * 60))


def test_threads_ask_the_same_column_at_once():
    nodes, tail, head, weight = _grid(25)
    here = customized(reduced(nodes, tail, head), weight)
    pairs = np.random.default_rng(5).integers(0, nodes, (200, 2)).tolist()
    alone = [here.distance(*pair) for pair in pairs]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda pair: here.distance(*pair), pairs * 3)) == alone * 3


def test_parts_that_do_not_hang_together_have_no_way():
    nodes, tail, head, weight = _grid(20)
    apart = np.concatenate([tail, tail + nodes]), np.concatenate([head, head + nodes])
    here = customized(reduced(2 * nodes, *apart), np.concatenate([weight, weight]))
    assert here.distance(0, nodes - 1) == here.distance(nodes, 2 * nodes - 1) < np.inf
    assert here.path(0, nodes) is None
    assert here.path(5, 5) == []
    assert pickle.loads(pickle.dumps(here)).distance(0, 7) == here.distance(0, 7)  # noqa: S301


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda h: h.customize([1.0, 1.0]), "3 numbers"),
        (lambda h: h.customize([1.0, -1.0, 1.0]), "zero or more"),
        (lambda h: h.customize([[1.0], [1.0], [1.0]]), "one number per edge"),
        (lambda h: h.customize([1.0, 1.0, 1.0]).path(0, 3), "from 0 to 2"),
        (lambda h: h.customize([1.0, 1.0, 1.0]).distance(-1, 2), "from 0 to 2"),
        (lambda h: h.customize([1.0, 1.0, 1.0]).distance(0, 1.5), "target=1.5"),
        (lambda h: h.customize([1.0, 1.0, 1.0]).matrix([0], [9]), "from 0 to 2"),
    ],
)
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(InputError, match=message):
        call(Hierarchy.build(3, [0, 1, 0], [1, 2, 2]))


def test_customizing_needs_numba(monkeypatch):
    monkeypatch.setattr(checks, "has_numba", lambda: False)
    with pytest.raises(MissingPackageError, match="numba"):
        Hierarchy.build(3, [0, 1, 0], [1, 2, 2]).customize([1.0, 1.0, 1.0])


@pytest.mark.parametrize("cargo", ["container", "truck", "wagon"])
def test_routes_of_a_large_network_are_those_of_a_small_one(net, monkeypatch, cargo):
    pairs = "kazakhstan", "south-asian-ports"
    plain = net.routes(*pairs, cargo=cargo)
    monkeypatch.setattr("corridors.model.search.LARGE", 0)
    asked = co.load().routes(*pairs, cargo=cargo)
    assert any(asked.values())
    for pair, route in asked.items():
        assert (route and route.edges) == (plain[pair] and plain[pair].edges), pair
