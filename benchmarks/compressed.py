"""The adapter of AequilibraE, which compresses its graph before it searches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse

from benchmarks.networks import Net
from benchmarks.osm import Floats, Ints
from benchmarks.tools import CLOSED_H, Tool


class Aequilibrae(Tool):
    """AequilibraE: skims between centroids, on its own compressed graph, into which new weights are summed.

    Roads of both directions are one link of it, which its compression needs to join links at nodes that only two roads
    meet at. What lies on no way between centroids is left out: version 1.7.2 makes of a chain that can be passed in no
    direction (1 -> 5 <- 2) a link for both directions (mended after it, pull request 846 of its repository).
    """

    name, package, module = "aequilibrae", "aequilibrae", "aequilibrae"
    tree = False

    def __init__(self, net: Net) -> None:
        self.tail, self.head, self.nodes = net.tail, net.head, net.nodes
        self.weight = self.native(net.base)
        self.centroids = np.zeros(0, dtype=np.int64)
        self.ready(net.sources, net.targets)

    def native(self, weight: Floats) -> Floats:
        return np.minimum(weight, CLOSED_H)

    def ready(self, sources: Ints, targets: Ints) -> None:
        centroids = np.unique(np.append(sources, targets)) + 1
        if not np.array_equal(centroids, self.centroids):
            self.centroids = centroids
            self._prepare()

    def _prepare(self) -> None:
        from aequilibrae.paths import Graph

        self.graph = Graph()
        self.graph.network = self._links()
        self.graph.prepare_graph(self.centroids)
        self.graph.set_blocked_centroid_flows(False)
        self.graph.set_graph("weight")
        self.graph.set_skimming(["weight"])
        self.edge = self.graph.graph["edge"].to_numpy()
        self.crosswalk = self.graph.graph["__compressed_id__"].to_numpy()
        self.reweight(self.weight)

    def _links(self) -> Any:
        """List the links between centroids; an edge and that of the other way are one link."""
        import pandas as pd

        kept = self._between()
        code = np.minimum(self.tail, self.head)[kept] * self.nodes + np.maximum(self.tail, self.head)[kept]
        _, first, link = np.unique(code, return_index=True, return_inverse=True)
        back = kept[first].copy()
        back[link] = np.where(kept == kept[first][link], back[link], kept)
        edge = kept[first]
        columns = {"link_id": np.arange(1, len(edge) + 1), "a_node": self.tail[edge] + 1, "b_node": self.head[edge] + 1}
        columns |= {"direction": np.where(back == edge, 1, 0), "edge_ab": edge, "edge_ba": back}
        return pd.DataFrame({**columns, "weight_ab": self.weight[edge], "weight_ba": self.weight[back]})

    def _between(self) -> Ints:
        """List the edges that a centroid reaches and that lead to a centroid."""
        from scipy.sparse import csgraph

        ends = self.tail, self.head
        found = np.ones(len(self.tail), dtype=bool)
        for tail, head in (ends, ends[::-1]):
            graph = sparse.csr_array((np.ones(len(tail)), (tail, head)), shape=(self.nodes,) * 2)
            steps = csgraph.dijkstra(graph, indices=self.centroids - 1, unweighted=True, min_only=True)
            found &= np.isfinite(steps[tail])
        return np.flatnonzero(found)

    def reweight(self, native: Floats) -> None:
        """Set the costs of all links and sum them over the compressed ones, as its assignment does in each round."""
        from aequilibrae.paths.AoN import aggregate_link_costs

        self.weight = native
        self.graph.cost = np.take(native, self.edge)
        aggregate_link_costs(self.graph.cost, self.graph.compact_cost, self.crosswalk)
        self.graph.skims[:, 0] = self.graph.cost
        self.graph.compact_skims[:, 0] = self.graph.compact_cost[: len(self.graph.compact_skims)]

    def route(self, source: int, target: int) -> tuple[float, Sequence[int]]:
        found = self.graph.compute_path(source + 1, target + 1, early_exit=True)
        return float(found.milepost[-1]), (found.path_nodes - 1).tolist()

    def matrix(self, sources: Ints, targets: Ints) -> Floats:
        skims = self.graph.compute_skims(cores=1).results.skims.matrix_view
        rows, columns = (np.searchsorted(self.centroids, nodes + 1) for nodes in (sources, targets))
        found = skims.reshape(len(self.centroids), -1)[np.ix_(rows, columns)]
        return np.where(found >= CLOSED_H, np.inf, found)
