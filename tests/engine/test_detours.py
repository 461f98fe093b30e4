"""Ways round closed edges against Dijkstra's algorithm without them."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridors.engine import detours
from corridors.engine.detours import Detours


@st.composite
def closings(draw: st.DrawFn) -> tuple[list[tuple[int, int, float]], list[set[int]]]:
    """Draw edges between ten nodes, with parallel ones, loops and zero weights, and sets of them to close."""
    node = st.integers(0, 9)
    weight = st.one_of(st.just(0.0), st.integers(1, 9).map(float), st.floats(0.001, 100))
    edges = draw(st.lists(st.tuples(node, node, weight), min_size=1, max_size=40))
    numbers = st.sets(st.integers(0, len(edges) - 1), max_size=12)
    return edges, draw(st.lists(numbers, min_size=1, max_size=4))


@pytest.mark.parametrize("most", [0, 4, 2_000])
def test_ways_round_what_is_closed_are_the_best(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # with few nodes to look at, the search on the whole graph takes over
    monkeypatch.setattr(detours, "MOST_NODES", most)

    @settings(max_examples=60)
    @given(closings())
    def check(case: tuple[list[tuple[int, int, float]], list[set[int]]]) -> None:
        edges, sets = case
        tail, head, weight = (np.array(column) for column in zip(*edges, strict=True))
        between = Detours(10, tail, head, weight.astype(float), 0, 9)
        for closed in sets:
            graph: nx.MultiDiGraph = nx.MultiDiGraph()
            graph.add_nodes_from(range(10))
            graph.add_weighted_edges_from(edge for number, edge in enumerate(edges) if number not in closed)
            expected = nx.single_source_dijkstra_path_length(graph, 0).get(9)
            found = between.around(closed)
            if expected is None:
                assert found is None
                continue
            assert found is not None
            assert not closed & set(found)
            assert [0, *head[found]] == [*tail[found], 9]
            assert weight[found].sum() == pytest.approx(expected, rel=1e-12, abs=1e-12)

    check()
