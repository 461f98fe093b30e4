"""Graphs in and out: networkx, osmnx, igraph, scipy."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from scipy.sparse import csgraph

import corridors as co
from support.networks import PARAMETERS, assert_same, crossing, link, make, parameter, place


@pytest.mark.parametrize(("undirected", "plain"), [(False, False), (True, False), (True, True)])
def test_there_and_back_keeps_everything(net: co.Network, undirected: bool, plain: bool) -> None:
    mine = net.build("uap-kabul").close("AF-PK", "torkham").with_parameters({"border/torkham/road/hours": 7.5})
    graph = mine.graph(plain=plain)
    assert_same(co.Network.from_graph(graph.to_undirected() if undirected else graph), mine)


def test_changes_in_the_graph_are_kept(net: co.Network) -> None:
    graph = net.graph()
    ident = "termez--galaba:rail-1520"
    for ends in (("termez", "galaba"), ("galaba", "termez")):
        graph.edges[*ends, ident]["length_km"] = 99.0
    graph.remove_node("karachi")
    graph.nodes["kabul"]["name"] = "Kabul city"
    again = co.Network.from_graph(graph)
    assert again.links.loc[ident, "length_km"] == 99.0
    assert again.tables.place("Kabul city") == "kabul"
    assert "karachi" not in again.places.index
    assert "karachi" not in again.place_set("south-asian-ports")
    assert not ((again.links["from_id"] == "karachi") | (again.links["to_id"] == "karachi")).any()
    assert "karachi" not in set(again.terminals["place"])
    assert len(again.tables["parameters"]) == len(net.tables["parameters"])


def own_graph(kind: Callable[[], Any]) -> Any:
    """Two places and a road, with as few attributes as can be."""
    graph = kind()
    facts = {"country": "KZ", "kind": "town", "position_km": 1, "source": "s", "confidence": "C"}
    graph.add_node("a", name="A", x=60, y=50, **facts)
    graph.add_node("b", name="B", x=60, y=51, **facts)
    road = {"mode": "road", "class": "trunk", "length_km": 120, "length_basis": "network", "status": "open"}
    graph.add_edge("a", "b", **road, source="s", confidence="C")
    if graph.is_directed():
        graph.add_edge("b", "a", **road, source="s", confidence="C")
    return graph


@pytest.mark.parametrize("kind", [nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph])
def test_any_kind_of_graph(kind: Callable[[], Any]) -> None:
    net = co.Network.from_graph(own_graph(kind), name="mine")
    assert list(net.links.index) == ["a--b:road"]
    assert (net.name, net.route("A", "B").km) == ("mine", 120)


def test_a_graph_that_is_wrong() -> None:
    graph = own_graph(nx.DiGraph)
    graph.remove_edge("b", "a")
    with pytest.raises(co.SchemaError, match=r"graph: table 'links'.*\n.*'a--b:road' goes one way only \(a -> b\)"):
        co.Network.from_graph(graph)
    graph = own_graph(nx.DiGraph)
    graph["b"]["a"]["length_km"] = 7
    with pytest.raises(co.SchemaError, match=r"edges of 'a--b:road' .* differ in length_km"):
        co.Network.from_graph(graph)
    graph = own_graph(nx.Graph)
    graph["a"]["b"]["lenght_km"] = 7
    with pytest.raises(co.SchemaError, match=r"unknown column 'lenght_km' \(did you mean 'length_km'\?\)"):
        co.Network.from_graph(graph)
    graph = own_graph(nx.Graph)
    del graph.nodes["a"]["country"]
    with pytest.raises(co.SchemaError, match="row 2, column 'country': empty"):
        co.Network.from_graph(graph)
    assert co.Network.from_graph(graph, fill={"places": {"country": "KZ"}}).places["country"].eq("KZ").all()
    graph = own_graph(nx.Graph)
    graph.graph["crs"] = "epsg:32642"
    with pytest.raises(co.InputError, match="longitude and latitude"):
        co.Network.from_graph(graph)
    with pytest.raises(co.SchemaError, match="from_id and to_id name a and b"):
        co.Network.from_graph(
            nx.relabel_nodes(co.Network.from_graph(own_graph(nx.Graph)).graph().to_undirected(), {"a": "z"})
        )


def test_edges_carry_their_line_in_the_direction_of_travel(net: co.Network) -> None:
    graph = net.graph(plain=False)
    for tail, head, data in graph.edges(data=True):
        start, end = data["geometry"].coords[0], data["geometry"].coords[-1]
        for node, point in ((tail, start), (head, end)):
            at = np.array([graph.nodes[node]["x"], graph.nodes[node]["y"]])
            assert np.abs(at - point).max() < 0.02
        assert data["length"] == 1000 * data["length_km"]


def test_osmnx_draws_and_routes_it(net: co.Network) -> None:
    ox = pytest.importorskip("osmnx")
    graph = net.to_osmnx()
    nodes, edges = ox.graph_to_gdfs(graph)
    assert (len(nodes), len(edges)) == (graph.number_of_nodes(), graph.number_of_edges())
    assert edges.crs == "EPSG:4326"
    number = {data["id"]: node for node, data in graph.nodes(data=True)}
    path = ox.routing.shortest_path(graph, number["termez"], number["kabul"], weight="length")
    km = ox.routing.route_to_gdf(graph, path, weight="length")["length_km"].sum()
    matrix, ids = net.to_sparse()
    assert km == pytest.approx(csgraph.dijkstra(matrix, indices=ids.index("termez"))[ids.index("kabul")])
    figure, _ = ox.plot_graph(graph, show=False, close=True)
    assert figure is not None


def test_writers_of_graphs_take_them_as_they_come(net: co.Network, tmp_path: Path) -> None:
    mine = net.build("uap-kabul").close("AF-PK")
    for number, graph in enumerate((mine.graph(), mine.graph(expanded=True))):
        nx.write_graphml(graph, tmp_path / f"{number}.graphml")
        nx.write_gexf(graph, tmp_path / f"{number}.gexf")
        nx.write_gml(graph, tmp_path / f"{number}.gml")
        assert len(nx.to_pandas_edgelist(graph)) == graph.number_of_edges()
        assert all(isinstance(v, str | int | float) for *_, data in graph.edges(data=True) for v in data.values())
    text = json.dumps(nx.node_link_data(mine.graph()))
    for again in (nx.node_link_graph(json.loads(text)), nx.read_graphml(tmp_path / "0.graphml")):
        assert_same(co.Network.from_graph(again), mine)


def over_the_border() -> co.Network:
    """Railway of 100 km from KZ to UZ with the border at 40 km, where entry to UZ takes longer; a road beside it."""
    ways = [
        link("b", "c", "rail", 100, crossing="x", border_km=40),
        link("b", "c", "road", 50, crossing="x", border_km=50),
    ]
    slow = parameter("border", "hours", 16, "h", direction="entry", country="UZ")
    rows = [place("b", "KZ", 51, 60), place("c", "UZ", 51.5, 60)]
    return make(rows, ways, crossings=[crossing("x", "b", "c")], parameters=[*PARAMETERS, slow])


def test_edges_have_what_a_movement_takes_each_way() -> None:
    mine = over_the_border()
    graph = mine.graph(cargo="wagon")
    there, back = graph["b"]["c"]["b--c:rail-1520"], graph["c"]["b"]["b--c:rail-1520"]
    # 100 km at 50 km/h, 2 h of yards; 4 h of exit, then 16 h of entry to UZ or 6 h of entry to KZ
    assert (there["hours"], back["hours"]) == pytest.approx((2 + 2 + 4 + 16, 2 + 2 + 4 + 6))
    assert (there["cost_usd_t"], back["co2e_kg_t"], there["length_km"]) == pytest.approx((2 + 3 + 3, 3, 100))
    road = graph["b"]["c"]["b--c:road"]
    assert (road["hours"], road["cost_usd_t"]) == pytest.approx((2 + 0.5 + 4 + 16, 2.5 + 6))
    truck = mine.graph(cargo="truck")["b"]["c"]
    assert truck["b--c:road"]["hours"] == road["hours"]
    assert truck["b--c:rail-1520"]["hours"] == np.inf
    matrix, nodes = mine.to_sparse("hours", cargo="wagon")
    assert matrix[nodes.index("c"), nodes.index("b")] == pytest.approx(2 + 0.5 + 4 + 6)
    assert matrix[nodes.index("b"), nodes.index("c")] == pytest.approx(22.5)


def test_shortest_ways_of_networkx_mean_something(net: co.Network) -> None:
    graph = net.graph(cargo="truck")
    route = net.route("Tashkent", "Karachi", by="hours", cargo="truck")
    hours = nx.shortest_path_length(graph, "tashkent", "karachi", weight="hours")
    assert hours == pytest.approx(route.objective_value)
    passed = [min(graph[a][b].values(), key=lambda data: data["hours"]) for a, b in pairwise(route.places)]
    assert sum(data["co2e_kg_t"] for data in passed) == pytest.approx(route.co2e_kg_t)
    charge = route.breakdown()["cost_usd_t"]["charge"]
    assert sum(data["cost_usd_t"] for data in passed) == pytest.approx(route.cost_usd_t - charge)
    # a container by rail changes gauge and waits, which no link tells
    mixed = net.route("Almaty", "Karachi", by="hours", modes={"rail", "sea"})
    assert nx.shortest_path_length(net.graph(), "almaty", "karachi", weight="hours") < mixed.hours


def test_the_expanded_graph_names_what_its_edges_come_from(net: co.Network) -> None:
    graph = net.graph(expanded=True, cargo="wagon", plain=False)
    origins = {"link_id": net.links, "crossing_id": net.crossings, "terminal_id": net.terminals}
    for name, table in {**origins, "service_id": net.services}.items():
        named = {data[name] for *_, data in graph.edges(data=True)} - {""}
        assert named, name
        assert named <= set(table.index), name
    assert {data["place_id"] for _, data in graph.nodes(data=True)} <= set(net.places.index)
    at_border = [data for *_, data in graph.edges(data=True) if data["kind"] == "border"]
    assert all(net.links.loc[data["link_id"], "crossing"] == data["crossing_id"] for data in at_border)
    assert all(data["length_km"] == data["km"] for *_, data in graph.edges(data=True))


def test_measures_of_a_foreign_graph_are_not_passed_over() -> None:
    graph = own_graph(nx.Graph)
    graph["a"]["b"]["hours"] = 7
    with pytest.raises(co.SchemaError, match="unknown column 'hours'"):
        co.Network.from_graph(graph)


@pytest.mark.parametrize("wrong", ["LINESTRING (0 0", "POINT (1 2)", "nothing"])
def test_text_that_is_no_line_is_named(wrong: str) -> None:
    graph = own_graph(nx.Graph)
    graph["a"]["b"]["geometry"] = wrong
    with pytest.raises(co.DataFileError, match="geometry of edge a -> b' cannot be read as a line in WKT"):
        co.Network.from_graph(graph)
    graph["a"]["b"]["geometry"] = "LINESTRING (60 50, 60.1 50.5, 60 51)"
    graph.nodes["a"]["x"] = "60"
    assert len(co.Network.from_graph(graph).tables.shape("links", 0).coords) == 3


def test_osmnx_measures_saves_and_loads_it(net: co.Network, tmp_path: Path) -> None:
    ox = pytest.importorskip("osmnx")
    graph = net.to_osmnx()
    ox.save_graphml(graph, tmp_path / "net.graphml")
    again = ox.load_graphml(tmp_path / "net.graphml")
    for one in (graph, again):
        facts = ox.stats.basic_stats(one)
        assert facts["n"] == len(net.places)
        assert facts["street_segment_count"] == net.links["in_use"].sum() + net.services["in_use"].sum()
    streets = {data["id"]: data["street_count"] for _, data in graph.nodes(data=True)}
    links = net.links[net.links["in_use"]]
    assert streets["tashguzar"] == ((links["from_id"] == "tashguzar") | (links["to_id"] == "tashguzar")).sum()


def test_igraph_and_scipy_agree_with_the_router(net: co.Network) -> None:
    pytest.importorskip("igraph")
    graph = net.to_igraph(expanded=True, cargo="truck")
    matrix, states = net.to_sparse("hours", expanded=True, cargo="truck")
    tail, head = states.index(("tashkent", "origin", 0)), states.index(("karachi", "destination", 0))
    route = net.route("Tashkent", "Karachi", by="hours", cargo="truck")
    hours = route.objective_value
    assert hours > route.hours  # edges have a share of a rest each, a journey has whole ones
    assert graph.distances("tashkent|origin|0", "karachi|destination|0", weights="hours")[0][0] == pytest.approx(hours)
    assert csgraph.dijkstra(matrix, indices=tail)[head] == pytest.approx(hours)
    places, ids = net.to_sparse()
    km = csgraph.dijkstra(places, indices=ids.index("termez"))[ids.index("hairatan")]
    assert net.to_igraph().distances("termez", "hairatan", weights="length_km")[0][0] == pytest.approx(km)
    with pytest.raises(co.InputError, match="one of length_km, km, hours"):
        net.to_sparse("days", expanded=True)


def test_igraph_that_is_missing(line: co.Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corridors.formats.graphs.find_spec", lambda _: None)
    with pytest.raises(co.MissingPackageError, match=r"pip install 'corridors\[igraph\]'"):
        line.to_igraph()
