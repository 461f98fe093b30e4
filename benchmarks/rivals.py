"""The other tools, an adapter for each (that of AequilibraE is in `benchmarks.compressed`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import sparse

from benchmarks.compressed import Aequilibrae
from benchmarks.networks import UNIT, Net
from benchmarks.osm import Floats, Ints
from benchmarks.tools import CLOSED_H, Corridors, Tool


class Scipy(Tool):
    """scipy.sparse.csgraph, Dijkstra."""

    name, package, module = "scipy", "scipy", "scipy"

    def __init__(self, net: Net) -> None:
        self.order = np.lexsort((net.head, net.tail))
        indptr = np.searchsorted(net.tail[self.order], np.arange(net.nodes + 1))
        # put together by hand: a conversion would drop edges without weight
        self.graph = sparse.csr_array((net.base[self.order], net.head[self.order], indptr), shape=(net.nodes,) * 2)

    def reweight(self, native: Floats) -> None:
        self.graph.data[:] = native[self.order]

    def route(self, source: int, target: int) -> tuple[float, Sequence[int]]:
        from scipy.sparse import csgraph

        distance, before = csgraph.dijkstra(self.graph, indices=source, return_predecessors=True)
        return float(distance[target]), _back(before, source, target)

    def matrix(self, sources: Ints, targets: Ints) -> Floats:
        from scipy.sparse import csgraph

        return csgraph.dijkstra(self.graph, indices=sources)[:, targets]


class Networkx(Tool):
    """networkx: bidirectional Dijkstra for one route, Dijkstra from every source for a matrix."""

    name, package, module = "networkx", "networkx", "networkx"

    def __init__(self, net: Net) -> None:
        import networkx as nx

        self.graph = nx.DiGraph()
        self.graph.add_nodes_from(range(net.nodes))
        ends = list(zip(net.tail.tolist(), net.head.tolist(), strict=True))
        self.graph.add_edges_from(ends)
        self.edge = [self.graph.edges[pair] for pair in ends]
        self.reweight(self.native(net.base))

    def native(self, weight: Floats) -> list[float]:
        return weight.tolist()

    def reweight(self, native: Iterable[float]) -> None:
        for data, weight in zip(self.edge, native, strict=True):
            data["weight"] = weight

    def change(self, net: Net, edges: Ints, weight: Floats) -> None:
        for edge, value in zip(edges.tolist(), weight.tolist(), strict=True):
            self.edge[edge]["weight"] = value

    def route(self, source: int, target: int) -> tuple[float, Sequence[int]]:
        import networkx as nx

        return nx.bidirectional_dijkstra(self.graph, source, target)

    def matrix(self, sources: Ints, targets: Ints) -> Floats:
        import networkx as nx

        found = np.full((len(sources), len(targets)), np.inf)
        for row, source in enumerate(sources.tolist()):
            distance = nx.single_source_dijkstra_path_length(self.graph, source)
            found[row] = [distance.get(target, np.inf) for target in targets.tolist()]
        return found


class Igraph(Tool):
    """igraph, its C core."""

    name, package, module = "igraph", "igraph", "igraph"

    def __init__(self, net: Net) -> None:
        import igraph

        self.graph = igraph.Graph(net.nodes, np.stack([net.tail, net.head], axis=1), directed=True)
        self.weight = self.native(net.base)

    def native(self, weight: Floats) -> list[float]:
        return weight.tolist()

    def reweight(self, native: list[float]) -> None:
        self.weight = native

    def change(self, net: Net, edges: Ints, weight: Floats) -> None:
        for edge, value in zip(edges.tolist(), weight.tolist(), strict=True):
            self.weight[edge] = value

    def route(self, source: int, target: int) -> tuple[float, Sequence[int]]:
        edges = self.graph.get_shortest_path(source, target, weights=self.weight, output="epath")
        nodes = [source, *(self.graph.es[edge].target for edge in edges)]
        return sum(self.weight[edge] for edge in edges), nodes

    def matrix(self, sources: Ints, targets: Ints) -> Floats:
        return np.array(self.graph.distances(sources.tolist(), targets.tolist(), weights=self.weight))


class Rustworkx(Tool):
    """rustworkx; the weights are asked of Python for every edge."""

    name, package, module = "rustworkx", "rustworkx", "rustworkx"

    def __init__(self, net: Net) -> None:
        import rustworkx

        self.graph = rustworkx.PyDiGraph()
        self.graph.add_nodes_from(range(net.nodes))
        edges = range(net.edges)
        self.graph.extend_from_weighted_edge_list(list(zip(net.tail.tolist(), net.head.tolist(), edges, strict=True)))
        self.weight = self.native(net.base)

    def native(self, weight: Floats) -> list[float]:
        return weight.tolist()

    def reweight(self, native: list[float]) -> None:
        self.weight = native

    def change(self, net: Net, edges: Ints, weight: Floats) -> None:
        for edge, value in zip(edges.tolist(), weight.tolist(), strict=True):
            self.weight[edge] = value

    def route(self, source: int, target: int) -> tuple[float, Sequence[int]]:
        import rustworkx

        weight = self.weight.__getitem__
        found = rustworkx.dijkstra_shortest_paths(self.graph, source, target=target, weight_fn=weight)
        nodes = list(found[target])
        return sum(weight(self.graph.get_edge_data(*step)) for step in pairwise(nodes)), nodes

    def matrix(self, sources: Ints, targets: Ints) -> Floats:
        import rustworkx

        found = np.full((len(sources), len(targets)), np.inf)
        for row, source in enumerate(sources.tolist()):
            lengths = rustworkx.dijkstra_shortest_path_lengths(self.graph, source, self.weight.__getitem__)
            distance = {**lengths, source: 0.0}
            found[row] = [distance.get(target, np.inf) for target in targets.tolist()]
        return found


class Scgraph(Tool):
    """scgraph, its C++ core: bidirectional Dijkstra for one route, a tree from every source for a matrix."""

    name, package, module = "scgraph", "scgraph", "scgraph"

    def __init__(self, net: Net) -> None:
        self.nodes, self.tail, self.head = net.nodes, net.tail.tolist(), net.head.tolist()
        self.reweight(self.native(net.base))

    def native(self, weight: Floats) -> list[float]:
        return weight.tolist()

    def reweight(self, native: list[float]) -> None:
        """Build the graph anew, without what is closed: there is no way to set weights."""
        from scgraph import cpp

        near: list[dict[int, float]] = [{} for _ in range(self.nodes)]
        for tail, head, weight in zip(self.tail, self.head, native, strict=True):
            if weight < CLOSED_H:
                near[tail][head] = weight
        self.graph = cpp.Graph(near)

    def change(self, net: Net, edges: Ints, weight: Floats) -> None:
        for edge, value in zip(edges.tolist(), weight.tolist(), strict=True):
            ends = self.tail[edge], self.head[edge]
            if value < CLOSED_H:
                self.graph.add_edge(*ends, value)
            elif ends[1] in self.graph.get(ends[0]):
                self.graph.remove_edge(*ends)

    def route(self, source: int, target: int) -> tuple[float, Sequence[int]]:
        found = self.graph.bidirectional_dijkstra(source, target)
        return found["length"], found["path"]

    def matrix(self, sources: Ints, targets: Ints) -> Floats:
        rows = [self.graph.get_shortest_path_tree(source)["distance_matrix"] for source in sources.tolist()]
        return np.array([[row[target] for target in targets.tolist()] for row in rows])


class Pandana(Tool):
    """pandana, a contraction hierarchy; new weights need a new one."""

    name, package, module = "pandana", "pandana", "pandana"
    tree = False

    def __init__(self, net: Net) -> None:
        self.net = net
        self.reweight(self.native(net.base))

    def native(self, weight: Floats) -> Floats:
        """Thousands of units, because pandana keeps whole thousandths."""
        return np.minimum(np.rint(weight / UNIT) / 1000, CLOSED_H)

    def reweight(self, native: Floats) -> None:
        import pandana
        import pandas as pd

        net = self.net
        self.weight = native
        ends = pd.Series(net.tail), pd.Series(net.head)
        places = pd.Series(net.lon), pd.Series(net.lat)
        self.graph = pandana.Network(*places, *ends, pd.DataFrame({"weight": native}), twoway=False)

    def route(self, source: int, target: int) -> tuple[float, Sequence[int]]:
        nodes = self.graph.shortest_path(source, target)
        return self.graph.shortest_path_length(source, target) * 1000 * UNIT, nodes.tolist()

    def matrix(self, sources: Ints, targets: Ints) -> Floats:
        pairs = np.repeat(sources, len(targets)), np.tile(targets, len(sources))
        found = np.array(self.graph.shortest_path_lengths(*pairs)).reshape(len(sources), -1)
        return np.where(found >= CLOSED_H, np.inf, found * 1000 * UNIT)


class Pyroutingkit(Tool):
    """pyroutingkit, a customizable contraction hierarchy (RoutingKit)."""

    name, package, module = "pyroutingkit", "pyroutingkit", "pyroutingkit"
    tree = False

    def __init__(self, net: Net) -> None:
        import pyroutingkit

        self.closed = pyroutingkit.INF_WEIGHT
        ends = net.tail.astype(np.uint32), net.head.astype(np.uint32)
        self.topology = pyroutingkit.CCHTopology()
        self.topology.build(*ends, net.lat.astype(np.float32), net.lon.astype(np.float32), net.nodes)
        self.metric = pyroutingkit.CCHMetric(self.topology)
        self.reweight(self.native(net.base))

    def native(self, weight: Floats) -> Any:
        return _units(weight, self.closed)

    def reweight(self, native: Any) -> None:
        self.metric.customize(native, 1)

    def change(self, net: Net, edges: Ints, weight: Floats) -> None:
        self.metric.update_weights(edges.astype(np.uint32), self.native(weight))

    def route(self, source: int, target: int) -> tuple[float, Sequence[int]]:
        distance, nodes, _ = self.metric.query(source, target)
        return distance * UNIT, nodes

    def matrix(self, sources: Ints, targets: Ints) -> Floats:
        found = self.metric.distances_many_to_many(sources.astype(np.uint32), targets.astype(np.uint32))
        return np.where(found >= self.closed, np.inf, found * UNIT)


class RoutingkitCch(Tool):
    """routingkit-cch, a customizable contraction hierarchy (RoutingKit) that takes lists."""

    name, package, module = "routingkit-cch", "routingkit-cch", "routingkit_cch"
    tree = False
    closed = 2**31 - 1

    def __init__(self, net: Net) -> None:
        import routingkit_cch as kit

        ends = net.tail.tolist(), net.head.tolist()
        order = kit.compute_order_inertial(net.nodes, *ends, net.lat.tolist(), net.lon.tolist())
        self.topology = kit.CCH(order, *ends, False)
        self.metric = kit.CCHMetric(self.topology, self.native(net.base))
        self.updater = kit.CCHMetricPartialUpdater(self.topology)

    def native(self, weight: Floats) -> list[int]:
        return _units(weight, self.closed).tolist()

    def reweight(self, native: list[int]) -> None:
        self.metric.reset(native)

    def change(self, net: Net, edges: Ints, weight: Floats) -> None:
        self.updater.apply(self.metric, dict(zip(edges.tolist(), self.native(weight), strict=True)))

    def route(self, source: int, target: int) -> tuple[float, Sequence[int]]:
        import routingkit_cch as kit

        found = kit.CCHQuery(self.metric).run(source, target)
        return found.distance * UNIT, found.node_path

    def matrix(self, sources: Ints, targets: Ints) -> Floats:
        import routingkit_cch as kit

        ask = kit.CCHOneToMany(self.metric, targets.tolist())
        found = np.array([ask.distances_from(source) for source in sources.tolist()], dtype=float)
        return np.where(np.isnan(found), np.inf, found * UNIT)


def _units(weight: Floats, closed: int) -> Any:
    """Round to whole units of 0.1 s."""
    found = np.full(len(weight), closed, dtype=np.uint32)
    opened = np.isfinite(weight)
    found[opened] = np.rint(weight[opened] / UNIT).astype(np.uint32)
    return found


def _back(before: Ints, source: int, target: int) -> list[int]:
    """Follow predecessors from the target."""
    nodes = [target]
    while nodes[-1] != source:
        nodes.append(int(before[nodes[-1]]))
    return nodes[::-1]


TOOLS: dict[str, type[Tool]] = {
    tool.name: tool
    for tool in (
        Scipy,
        Networkx,
        Igraph,
        Rustworkx,
        Scgraph,
        Pandana,
        Aequilibrae,
        RoutingkitCch,
        Pyroutingkit,
        Corridors,
    )
}
"""By name; scipy comes first, because the others are checked against it, and networkx checks scipy."""
