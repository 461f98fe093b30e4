"""The engine against networkx and scipy, on random directed multigraphs and on the reference network."""

from __future__ import annotations

import pickle
import subprocess
import sys

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from corridors.base.errors import InputError
from corridors.engine import Hierarchy
from corridors.engine.compiled import COMPILED_NODES
from corridors.engine.topology import Topology

INF = float("inf")
COLUMNS = 5


@st.composite
def multigraphs(draw: st.DrawFn) -> tuple[int, list[int], list[int], np.ndarray]:
    """Draw graphs with parallel edges, loops, zero lengths, closed edges and parts that do not meet."""
    nodes = draw(st.integers(1, 14))
    edges = draw(st.integers(0, 40))
    node = st.integers(0, nodes - 1)
    tail = draw(st.lists(node, min_size=edges, max_size=edges))
    head = draw(st.lists(node, min_size=edges, max_size=edges))
    length = st.one_of(st.just(0.0), st.just(INF), st.integers(1, 12).map(float), st.floats(0.001, 1000))
    weights = draw(st.lists(length, min_size=edges * COLUMNS, max_size=edges * COLUMNS))
    return nodes, tail, head, np.array(weights).reshape(edges, COLUMNS)


def by_networkx(nodes: int, tail: list[int], head: list[int], weight: np.ndarray) -> np.ndarray:
    graph: nx.MultiDiGraph = nx.MultiDiGraph()
    graph.add_nodes_from(range(nodes))
    graph.add_weighted_edges_from((a, b, w) for a, b, w in zip(tail, head, weight, strict=True) if np.isfinite(w))
    found = np.full((nodes, nodes), INF)
    for source in range(nodes):
        for target, distance in nx.single_source_dijkstra_path_length(graph, source).items():
            found[source, target] = distance
    return found


@settings(max_examples=80, deadline=None)
@given(multigraphs(), st.sampled_from(["float32", "float64"]))
def test_kernel_scipy_and_networkx_agree(graph, dtype):
    nodes, tail, head, weights = graph
    h = Hierarchy.build(nodes, tail, head)
    everywhere = np.arange(nodes)
    expected = np.stack([by_networkx(nodes, tail, head, weights[:, c]) for c in range(COLUMNS)])
    tolerance = 1e-12 if dtype == "float64" else 50 * 2**-23
    for method in ("kernel", "scipy"):
        found = h.matrix(weights, everywhere, everywhere, dtype=dtype, method=method)
        np.testing.assert_allclose(found, expected, rtol=tolerance)
        # one column goes another way through the kernel than many
        single = h.matrix(weights[:, 0], everywhere[::-1], everywhere, dtype=dtype, method=method)
        np.testing.assert_array_equal(single, found[0, ::-1])


@settings(max_examples=30, deadline=None)
@given(multigraphs(), st.data())
def test_subsets_and_removals_are_those_of_the_graphs_themselves(graph, data):
    nodes, tail, head, weights = graph
    h = Hierarchy.build(nodes, tail, head)
    edge = st.lists(st.integers(0, max(0, len(tail) - 1)), max_size=6 if tail else 0)
    groups = data.draw(st.lists(edge, max_size=4))
    sources, targets = np.arange(nodes), np.arange(nodes)[::2]
    removals = h.removals(weights[:, 0], groups, sources, targets, dtype="float64", method="kernel")
    unions = h.subsets(weights, groups, sources, targets, dtype="float64", method="kernel")
    np.testing.assert_allclose(
        unions, h.subsets(weights, groups, sources, targets, dtype="float64", method="scipy"), rtol=1e-12
    )
    for number, group in enumerate(groups):
        shut = weights[:, 0].copy()
        shut[group] = INF
        expected = by_networkx(nodes, tail, head, shut)[:, targets]
        np.testing.assert_allclose(removals[number], expected, rtol=1e-12)
    for union in range(1 << len(groups)):
        weight = weights[:, 1].copy()
        weight[[e for group in groups for e in group]] = INF
        there = [e for bit, group in enumerate(groups) if union >> bit & 1 for e in group]
        weight[there] = weights[there, 1]
        expected = by_networkx(nodes, tail, head, weight)[:, targets]
        np.testing.assert_allclose(unions[1, union], expected, rtol=1e-12)


@settings(max_examples=40, deadline=None)
@given(multigraphs())
def test_best_ways_are_unpacked_to_their_edges(graph):
    nodes, tail, head, weights = graph
    h = Hierarchy.build(nodes, tail, head)
    sources, targets = np.repeat(np.arange(nodes), nodes), np.tile(np.arange(nodes), nodes)
    distance = h.matrix(weights, np.arange(nodes), np.arange(nodes), dtype="float64", method="scipy")
    for number, path in enumerate(h.paths(weights[:, 0], sources, targets)):
        source, target = sources[number], targets[number]
        if path is None:
            assert distance[0, source, target] == INF
            continue
        assert weights[path, 0].sum() == pytest.approx(distance[0, source, target], rel=1e-12)
        assert [source, *(head[e] for e in path)] == [*(tail[e] for e in path), target]
    amount = np.arange(1.0, len(sources) + 1)
    for method in ("kernel", "scipy"):
        used = h.edge_use(weights, sources, targets, flow=amount, each=True, dtype="float64", method=method)
        finite = np.isfinite(distance.reshape(COLUMNS, -1))
        length = np.where(finite, distance.reshape(COLUMNS, -1), 0) @ amount
        carried = np.where(used > 0, used * np.where(used > 0, weights, 0), 0).sum(axis=0)
        np.testing.assert_allclose(carried, length, rtol=1e-9, atol=1e-9)
        # what flows into a node and ends there is what begins there and flows out
        for column in range(COLUMNS):
            begins = np.bincount(sources, amount * finite[column], nodes)
            ends = np.bincount(targets, amount * finite[column], nodes)
            into = np.bincount(np.array(head, dtype=int), used[:, column], nodes)
            out = np.bincount(np.array(tail, dtype=int), used[:, column], nodes)
            np.testing.assert_allclose(begins + into, ends + out, rtol=1e-9)


@settings(max_examples=30, deadline=None)
@given(multigraphs(), st.integers(0, 2**32 - 1))
def test_weights_of_factors_and_measures_carried_along(graph, seed):
    nodes, tail, head, _ = graph
    random = np.random.default_rng(seed)
    h = Hierarchy.build(nodes, tail, head)
    incidence = sparse.random_array((len(tail), 4), density=0.7, rng=random, format="csr")
    other = sparse.random_array((len(tail), 4), density=0.7, rng=random, format="csr")
    factors, masks = random.uniform(0.5, 2, (4, 19)), random.random((3, len(tail))) < 0.8
    everywhere = np.arange(nodes)
    options = {"masks": masks, "dtype": "float64"}
    found = h.matrix_of_factors(factors, incidence, everywhere, everywhere, method="kernel", **options)
    carried = h.matrix_of_factors(factors, incidence, everywhere, everywhere, carried=other, method="kernel", **options)
    for scenario, mask in enumerate(masks):
        weights = np.where(mask[:, None], incidence @ factors, INF)
        expected = h.matrix(weights, everywhere, everywhere, dtype="float64", method="scipy")
        np.testing.assert_allclose(found[scenario], expected, rtol=1e-12)
        plain = h.matrix(weights, everywhere, everywhere, carried=other @ factors, dtype="float64", method="scipy")
        np.testing.assert_allclose(carried[scenario], plain, rtol=1e-9)
        kernel = h.matrix(weights, everywhere, everywhere, carried=other @ factors, dtype="float64", method="kernel")
        np.testing.assert_array_equal(kernel, carried[scenario])


def grid(side: int) -> tuple[int, np.ndarray, np.ndarray]:
    """Make a square grid, both ways: large enough for separators, subtrees and a top."""
    number = np.arange(side * side).reshape(side, side)
    pairs = [(number[:, :-1], number[:, 1:]), (number[:-1], number[1:])]
    one, other = (np.concatenate([pair[end].ravel() for pair in pairs]) for end in (0, 1))
    return side * side, np.append(one, other), np.append(other, one)


@pytest.fixture(scope="module")
def large():
    nodes, tail, head = grid(60)
    return Hierarchy.build(nodes, tail, head)


def test_a_large_grid_in_parts_agrees_with_scipy(large):
    random = np.random.default_rng(5)
    weights = random.lognormal(0, 0.5, (len(large.tail), 37))
    weights[random.random(weights.shape) < 0.02] = INF
    sources, targets = random.choice(large.nodes, 9), random.choice(large.nodes, 11)
    expected = large.matrix(weights, sources, targets, dtype="float64", method="scipy")
    found = large.matrix(weights, sources, targets, dtype="float64", method="kernel")
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    single = large.matrix(weights.astype(np.float32), sources, targets, method="kernel")
    # the bound of the documentation: a rounding for every edge of the way, of which there are no more than nodes
    edges = max(len(large.paths(weights[:, 0], [s], [t])[0] or ()) for s in sources for t in targets)
    assert np.nanmax(np.abs(single / expected - 1)) < 2 * edges * 2**-23
    use = [large.edge_use(weights[:, :3], sources[:9], targets[:9], method=m) for m in ("kernel", "scipy")]
    np.testing.assert_allclose(*use, rtol=1e-9)


def test_results_do_not_depend_on_threads_or_on_company(large):
    random = np.random.default_rng(6)
    weights = random.lognormal(0, 0.5, (len(large.tail), 70)).astype(np.float32)
    sources, targets = random.choice(large.nodes, 5), random.choice(large.nodes, 7)
    found = large.matrix(weights, sources, targets, method="kernel")
    np.testing.assert_array_equal(large.matrix(weights, sources, targets, method="kernel", threads=2), found)
    laid = large.lay_out(weights)
    np.testing.assert_array_equal(large.matrix(laid, sources, targets), found)
    for column in (0, 15, 16, 69):
        alone = large.matrix(weights[:, column], sources, targets, method="kernel")
        np.testing.assert_array_equal(alone, found[column])


def test_a_hierarchy_is_pickled_with_what_it_has_compiled(large):
    again = pickle.loads(pickle.dumps(large))  # noqa: S301 - our own bytes
    weights = np.random.default_rng(7).lognormal(0, 0.5, len(large.tail))
    for h in (large, again):
        assert "topology" in vars(h)
    np.testing.assert_array_equal(*(h.matrix(weights, [0, 5], [9, 3599], method="kernel") for h in (large, again)))
    assert 100_000 < large.nbytes < 50_000_000


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ({"weights": [1.0, 2.0]}, "weights"),
        ({"weights": [1.0, -1.0, 2.0]}, "weights"),
        ({"weights": [1.0, float("nan"), 2.0]}, "weights"),
        ({"sources": [3]}, "sources"),
        ({"targets": [0.5]}, "targets"),
        ({"dtype": "float16"}, "dtype"),
        ({"method": "quantum"}, "method"),
    ],
)
def test_wrong_input_is_named(arguments, names):
    h = Hierarchy.build(3, [0, 1, 0], [1, 2, 2])
    with pytest.raises(InputError, match=names):
        h.matrix(**({"weights": [1.0, 1.0, 1.0], "sources": [0], "targets": [2]} | arguments))


def test_the_kernel_compiles_where_nothing_can_be_written(monkeypatch):
    kernel = pytest.importorskip("corridors.engine.kernel")
    compile_now = kernel.njit

    def refuse_cache(**options):
        if options.pop("cache", False):
            raise RuntimeError("no locator available")
        return compile_now(**options)

    monkeypatch.setattr(kernel, "njit", refuse_cache)
    assert kernel.compiled(lambda number: number + 1)(1) == 2


def test_the_library_loads_without_the_compiler():
    code = "import sys, corridors; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.fixture(scope="module")
def contract():
    return pytest.importorskip("corridors.engine.contraction").contract


def grids(side: int, copies: int, share: float) -> tuple[int, np.ndarray, np.ndarray]:
    """Make some grids that do not meet, each with a share of its edges, parallel edges and loops."""
    nodes = np.arange(copies * side * side).reshape(copies, side, side)
    tail = np.concatenate([nodes[:, :, 1:].ravel(), nodes[:, 1:].ravel(), nodes[0, 0]])
    head = np.concatenate([nodes[:, :, :-1].ravel(), nodes[:, :-1].ravel(), nodes[0, 0]])
    kept = np.random.default_rng(3).random(len(tail)) < share
    return nodes.size, np.append(tail[kept], head[kept][::7]), np.append(head[kept], tail[kept][::7])


@pytest.mark.parametrize("graph", [(1, [], []), (3, [0, 1, 1], [1, 1, 0]), grids(24, 1, 1.0), grids(26, 2, 0.8)])
def test_compiled_contraction_makes_the_arrays_of_the_plain_one(contract, graph):
    nodes, *ends = graph
    tail, head = (np.asarray(end, dtype=np.int64) for end in ends)
    plain, compiled = Topology.build(nodes, tail, head), Topology(*contract(nodes, tail, head))
    for name, array in vars(plain).items():
        np.testing.assert_array_equal(getattr(compiled, name), array, err_msg=name)
        assert getattr(compiled, name).dtype == array.dtype


def test_large_graph_that_is_contracted_in_compiled_code_has_the_distances_of_scipy(contract):
    nodes, tail, head = grids(72, 1, 0.95)
    assert nodes >= COMPILED_NODES
    weight = np.random.default_rng(4).random(len(tail))
    h, some = Hierarchy.build(nodes, tail, head), np.arange(0, nodes, 700)
    by_kernel, by_scipy = (h.matrix(weight, some, some, dtype="float64", method=m) for m in ("kernel", "scipy"))
    np.testing.assert_allclose(by_kernel, by_scipy, rtol=1e-12)
    assert np.isfinite(by_kernel).any()


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_any_number_of_threads_gives_the_same_bits(threads):
    rng = np.random.default_rng(7)
    tail, head = rng.integers(0, 200, (2, 900))
    h, weights, ends = Hierarchy.build(200, tail, head), rng.uniform(1, 9, (900, 70)), np.arange(0, 200, 9)
    opened = rng.random((11, 900)) < 0.9
    asked = {
        "matrix": lambda n: h.matrix(weights, ends, ends, method="kernel", threads=n),
        "carried": lambda n: h.matrix(weights, ends, ends, carried=weights + 1, method="kernel", threads=n),
        "laid out": lambda n: h.matrix(h.lay_out(weights), ends, ends, threads=n),
        "removals": lambda n: h.removals(
            weights[:, 0], [[e] for e in range(50)], ends, ends, method="kernel", threads=n
        ),
        "columns": lambda n: h.matrix_of_factors(
            weights, sparse.eye_array(900), ends, ends, method="kernel", threads=n
        ),
        "masks": lambda n: h.matrix_of_factors(
            weights[:, :2], sparse.eye_array(900), ends, ends, masks=opened, method="kernel", threads=n
        ),
    }
    for name, ask in asked.items():
        assert np.array_equal(ask(threads), ask(1)), name
    with pytest.raises(InputError, match="threads=0"):
        h.matrix(weights, ends, ends, threads=0)
