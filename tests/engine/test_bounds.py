"""Lower bounds of a vector of columns, against Dijkstra column by column."""

import numpy as np
import pytest

pytest.importorskip("numba")

from corridors.engine import bounds, limited
from corridors.engine.chains import make_chains


@pytest.mark.parametrize("seed", range(8))
def test_bounds_of_all_columns_are_those_of_each(seed: int) -> None:
    chance = np.random.default_rng(seed)
    nodes, edges, lanes, columns = 12, 40, 8, 5
    tail, head = chance.integers(0, nodes, edges), chance.integers(0, nodes, edges)
    everything = np.arange(nodes)
    chains = make_chains(tail, head, everything, np.ones(edges, dtype=bool), everything)
    weights = chance.integers(0, 9, (edges, columns)) + chance.choice([0.0, 0.25, np.inf], (edges, columns))
    spent, balance = chance.integers(0, 3, edges).astype(float), chance.integers(-3, 4, edges).astype(float)
    sums, entered = chains.sums(weights), chains.words
    by_head = np.argsort(chains.head, kind="stable")
    net = bounds.Net(
        chains.start, chains.tail, chains.head, np.searchsorted(chains.head[by_head], np.arange(nodes + 1)), by_head,
        entered[0], entered[2], entered[1], chains.sums(spent), chains.sums(balance), np.zeros(len(sums)),
        np.array([0.0, 0.5, 0.0, 0.0]), chains.edges, np.append(chains.first, len(chains.edges)),
    )  # fmt: skip
    heap = bounds.Heap(np.zeros(999), np.zeros(999, dtype=np.int64), np.zeros(nodes, dtype=np.bool_))
    room, spare, expected = limited._bounds(len(sums), nodes, 1, lanes), np.zeros(nodes), np.zeros(nodes)
    for row in (bounds.PLAIN, bounds.SECOND, bounds.HALF, bounds.HIGHEST):
        bounds.of_lanes(net, sums, row, (0, 3), room, heap, spare)
        found = room.left[0, row].reshape(nodes, lanes)
        assert np.isinf(np.delete(found, 3, axis=0)[:, columns:]).all()
        for lane in range(columns):
            share = room.share[row, lane]
            assert (share > 0) <= (row in {bounds.HALF, bounds.HIGHEST})
            bounds.bound(net, sums[:, lane], net.prices[row], share, 3, heap, expected)
            np.testing.assert_allclose(found[:, lane], expected, rtol=1e-12)
