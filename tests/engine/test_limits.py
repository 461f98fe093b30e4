"""Best ways that keep limits, against all ways listed one by one."""

import importlib
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridors.base.errors import SearchLimitError
from corridors.engine import Hierarchy
from corridors.engine.chains import make_chains
from corridors.engine.labels import LimitedGraph
from corridors.engine.limits import Limits, Pairs


def ways(graph: LimitedGraph, source: int, target: int) -> Iterator[list[int]]:
    """List every way that comes back to no group that it has left, and to no node."""
    group = graph.limits.group

    def follow(node: int, nodes: set[int], left: set[int], way: list[int]) -> Iterator[list[int]]:
        if node == target:
            yield list(way)
            return
        for edge in np.flatnonzero((graph.tail == node) & np.isfinite(graph.weight)):
            head = int(graph.head[edge])
            gone = left | {int(group[node])} if group[head] != group[node] else left
            if head not in nodes and int(group[head]) not in gone:
                yield from follow(head, nodes | {head}, gone, [*way, int(edge)])

    yield from follow(source, {source}, set(), [])


def least(graph: LimitedGraph, source: int, target: int, most: float) -> float:
    """Weight of the best way of all that keep the limits."""
    kept = [
        graph.weight[way].sum()
        for way in ways(graph, source, target)
        if graph.limits.spent[way].sum() <= most + 1e-9 and graph.limits.balance[way].sum() <= 1e-9
    ]
    return min(kept, default=np.inf)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[LimitedGraph, int, int, float]:
    """Small graphs with groups of nodes, some edges that spend and some that win back the balance."""
    seed = draw(st.integers(0, 2**32 - 1))
    chance = np.random.default_rng(seed)
    nodes, edges = int(chance.integers(4, 9)), int(chance.integers(6, 19))
    tail, head = chance.integers(0, nodes, edges), chance.integers(0, nodes, edges)
    weight = chance.integers(0, 9, edges) + chance.choice([0.0, 0.25, np.inf], edges, p=[0.5, 0.4, 0.1])
    spent = chance.integers(0, 6, edges) * (chance.random(edges) < 0.5)
    balance = np.where(spent > 0, 0.5 * spent, -0.5 * chance.integers(0, 6, edges))
    group = chance.integers(0, max(2, nodes - 2), nodes)
    balance = np.where(group[tail] == group[head], 0.0, balance)
    most = float(chance.choice([3.0, 6.0, np.inf]))
    return LimitedGraph(nodes, tail, head, weight, Limits(group, spent.astype(float), balance)), 0, nodes - 1, most


@settings(max_examples=400)
@given(graphs())
def test_best_way_that_keeps_the_limits_is_that_of_all_ways(case: tuple[LimitedGraph, int, int, float]) -> None:
    graph, source, target, most = case
    way = graph.best(source, target, most)
    expected = least(graph, source, target, most)
    if way is None:
        assert expected == np.inf
        return
    assert graph.weight[way].sum() == pytest.approx(expected)
    assert graph.limits.spent[way].sum() <= most + 1e-9
    assert graph.limits.balance[way].sum() <= 1e-9
    if way:
        assert not graph.limits.repeats(graph.tail[way], graph.head[way], np.array([0]))[0]


@settings(max_examples=200)
@given(graphs())
def test_best_way_over_chains_is_that_over_edges(case: tuple[LimitedGraph, int, int, float]) -> None:
    graph, source, target, most = case
    is_open, ends = np.isfinite(graph.weight), np.array([source, target])
    joined = make_chains(graph.tail, graph.head, graph.limits.group, is_open, ends)
    over = LimitedGraph(graph.nodes, graph.tail, graph.head, graph.weight, graph.limits, joined)
    way, expected = over.best(source, target, most), least(graph, source, target, most)
    assert (np.inf if way is None else graph.weight[way].sum()) == pytest.approx(expected)
    assert way is None or over.keeps(way, most)


@settings(max_examples=200)
@given(graphs())
def test_chains_have_every_way_that_comes_back_nowhere(case: tuple[LimitedGraph, int, int, float]) -> None:
    graph, source, target, _ = case
    is_open, ends = np.isfinite(graph.weight), np.array([source, target])
    joined = make_chains(graph.tail, graph.head, graph.limits.group, is_open, ends)
    numbers = joined.number[ends]
    over = LimitedGraph(
        len(joined.nodes),
        joined.tail,
        joined.head,
        joined.sums(graph.weight),
        Limits(graph.limits.group[joined.nodes], np.zeros(len(joined.tail)), np.zeros(len(joined.tail))),
    )
    found = [joined.edges_of(way) for way in ways(over, *numbers.tolist())]
    crossings = [tuple(way) for way in found if not way or not repeated(graph, way)]
    assert sorted(crossings) == sorted(tuple(way) for way in ways(graph, source, target))


def repeated(graph: LimitedGraph, way: list[int]) -> bool:
    """Whether a way comes back to a group or a node."""
    nodes = [*graph.tail[way].tolist(), int(graph.head[way[-1]])]
    return len(set(nodes)) < len(nodes) or bool(
        graph.limits.repeats(graph.tail[way], graph.head[way], np.array([0]))[0]
    )


@settings(max_examples=60)
@given(graphs(), st.sampled_from(["kernel", "scipy"]))
def test_columns_of_pairs_have_the_best_ways_that_keep_the_limits(
    case: tuple[LimitedGraph, int, int, float], method: str
) -> None:
    graph, source, target, most = case
    other = 1 if target > 1 else 0
    ends = [(source, target), (source, other), (target, source)]
    ends = [(a, b) for a, b in ends if a != b]
    pairs = Pairs(
        np.array([a for a, _ in ends]), np.array([b for _, b in ends]), np.full(len(ends), most), np.ones(len(ends))
    )
    weights = np.stack([graph.weight, graph.weight[::-1], 2 * graph.weight], axis=1)
    measure = np.stack([np.arange(len(graph.weight), dtype=float)] * 3, axis=1)
    hierarchy = Hierarchy.build(graph.nodes, graph.tail, graph.head)
    found = hierarchy.limited(weights, pairs, graph.limits, method=method)
    along = hierarchy.limited(weights, pairs, graph.limits, measure=measure, wants_flow=True, method=method)
    for column in range(3):
        same = LimitedGraph(graph.nodes, graph.tail, graph.head, weights[:, column], graph.limits)
        for pair, (a, b) in enumerate(ends):
            assert found.value[column, pair] == pytest.approx(least(same, a, b, most))
            if np.isfinite(found.value[column, pair]):
                way = along.ways[along.way[column, pair]]
                assert weights[way, column].sum() == pytest.approx(found.value[column, pair])
                assert measure[way, column].sum() == along.value[column, pair]
                assert same.keeps(way.tolist(), most)
        used = np.zeros(len(graph.weight))
        for number in along.way[column]:
            if number >= 0:
                used[along.ways[number]] += 1
        assert along.used[:, column].tolist() == used.tolist()


@pytest.mark.parametrize("method", ["kernel", "scipy"])
def test_pairs_with_the_same_ends_may_spend_differently(method: str) -> None:
    # 0-2 spends 2 and weighs 4; 0-1-2 spends nothing and weighs 6
    keep = Limits(np.arange(3), np.array([0.0, 0.0, 2.0]), np.zeros(3))
    pairs = Pairs(np.array([0, 0, 0]), np.array([2, 2, 2]), np.array([2.0, 1.0, np.inf]), np.ones(3))
    found = Hierarchy.build(3, [0, 1, 0], [1, 2, 2]).limited([[1.0], [5.0], [4.0]], pairs, keep, method=method)
    assert found.value.tolist() == [[4.0, 6.0, 4.0]]


def test_a_search_with_too_many_labels_is_done_again_by_the_one_that_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    limited = importlib.import_module("corridors.engine.limited")
    monkeypatch.setattr(limited, "LABELS", 1)
    chance = np.random.default_rng(3)
    tail, head = np.triu_indices(12, 1)
    group, spent = np.arange(12), chance.random(len(tail)) * (chance.random(len(tail)) < 0.7)
    weight = chance.random(len(tail)) + 2 * (1 - spent)
    graph = LimitedGraph(12, tail, head, weight, Limits(group, spent, np.zeros(len(tail))))
    pairs = Pairs(np.array([0]), np.array([11]), np.array([0.6]), np.ones(1))
    found = Hierarchy.build(12, tail, head).limited(weight[:, None], pairs, graph.limits, method="kernel")
    assert found.value[0, 0] == pytest.approx(least(graph, 0, 11, 0.6))


def test_a_way_round_wins_back_no_balance() -> None:
    # 0 -road-> 1 -road-> 2, and a siding 1-3 on which a load could be moved to and fro
    tail, head = np.array([0, 1, 1, 3]), np.array([1, 2, 3, 1])
    spent, balance = np.array([4.0, 4, 0, 0]), np.array([2.0, 2, -4, -4])
    graph = LimitedGraph(4, tail, head, np.ones(4), Limits(np.arange(4), spent, balance))
    assert graph.best(0, 2) is None
    assert graph.best(0, 3) == [0, 2]


def test_repeats_are_told_way_by_way() -> None:
    known = Limits(np.array([0, 1, 1, 2]), np.zeros(1), np.zeros(1))
    # 0-1-2-3 stays; 0-1-3-2 comes back to the group of 1 and 2; 1-2 is one visit
    tail, head = np.array([0, 1, 2, 0, 1, 3, 1]), np.array([1, 2, 3, 1, 3, 2, 2])
    assert known.repeats(tail, head, np.array([0, 3, 6])).tolist() == [False, True, False]


def test_a_search_that_grows_beyond_bounds_is_given_up_with_advice() -> None:
    tail, head = np.array([0, 0, 1, 2, 3]), np.array([1, 2, 3, 3, 4])
    graph = LimitedGraph(5, tail, head, np.ones(5), Limits(np.arange(5), np.zeros(5), np.zeros(5)))
    with pytest.raises(SearchLimitError, match="after 2 partial ways: leave out modes"):
        graph.best(0, 4, labels=2)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_words_of_chains_have_the_bits_that_are_needed(seed):
    rng = np.random.default_rng(seed)
    nodes, edges = int(rng.integers(1, 90)), int(rng.integers(0, 200))
    tail, head = rng.integers(0, nodes, (2, edges))
    group = rng.integers(0, 70 + nodes, nodes)
    chains = make_chains(tail, head, group, np.ones(edges, dtype=bool), rng.integers(0, nodes, 2))
    entered, near, own = (
        [bin(bits)[:1:-1] for bits in numbers] for numbers in (chains.entered, chains.near, chains.own)
    )
    ends = [frozenset(pair) for pair in zip(chains.tail.tolist(), chains.head.tolist(), strict=True)]
    needed = [
        g
        for g in range(max(map(len, [*entered, *own]), default=0))
        if any(bits[g : g + 1] == "1" for bits in own)
        or len({pair for bits, pair in zip(entered, ends, strict=True) if bits[g : g + 1] == "1"}) > 1
    ]
    for words, numbers in zip(chains.words, (entered, near, own), strict=True):
        assert words.shape == (len(numbers), max(1, -(-len(needed) // 64)))
        for row, bits in zip(words.tolist(), numbers, strict=True):
            wanted = sum(1 << place for place, g in enumerate(needed) if bits[g : g + 1] == "1")
            assert sum(word << 64 * place for place, word in enumerate(row)) == wanted
