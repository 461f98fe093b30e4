"""osmnx graphs, downloads and tables of lines as networks, and chains against an independent implementation."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import osmnx as ox
import pandas as pd
import pytest
import requests
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point

import corridors as co
from corridors.data.geography import great_circle_km
from corridors.osm import Rules
from corridors.osm.downloads import keeping_tags
from support.osm_files import RAIL, STANDARD, TRUNK, row, station, write

NODES = {
    1: (67.0, 38.0, station("West")), 2: (67.1, 38.05), 3: (67.2, 38.0, station("Middle")), 4: (67.3, 38.0),
    5: (67.4, 38.0, station("East")), 11: (67.0, 38.1), 12: (67.2, 38.1), 13: (67.4, 38.1), 14: (67.2, 38.2),
}  # fmt: skip
WAYS = {
    20: ([1, 2, 3], RAIL), 21: ([3, 4, 5], STANDARD), 22: ([11, 12], {**TRUNK, "oneway": "yes"}), 23: ([12, 13], TRUNK),
    24: ([12, 14], {"highway": "secondary", "name": "Up"}),
}  # fmt: skip


def kilometres(net: co.Network) -> dict[str, float]:
    return net.links["length_km"].to_dict()


@pytest.fixture
def graph(tmp_path: Path) -> nx.MultiDiGraph:
    path = write(tmp_path / "made.osm", NODES, WAYS)
    with keeping_tags(ox):
        return ox.graph_from_xml(path, simplify=False, retain_all=True)


def test_osmnx_graph_gives_the_same_network_as_the_file(tmp_path: Path, graph: nx.MultiDiGraph) -> None:
    points = gpd.GeoDataFrame(
        {"railway": "station", "name": ["West", "Middle", "East"]},
        geometry=[Point(67.0, 38), Point(67.2, 38), Point(67.4, 38)], crs="EPSG:4326",
    )  # fmt: skip
    read = co.osm.read(write(tmp_path / "made.osm", NODES, WAYS), country="UZ")
    taken = co.osm.from_osmnx(graph, country="UZ", points=points)
    assert kilometres(taken) == kilometres(read)
    assert len(taken.links) == 5
    assert kilometres(co.osm.from_osmnx(graph, country="UZ")) == kilometres(read)
    assert taken.route("West", "East").km == read.route("West", "East").km


def test_osmnx_settings_are_left_as_they_were(graph: nx.MultiDiGraph) -> None:
    assert "gauge" not in ox.settings.useful_tags_way
    assert any("gauge" in data for *_, data in graph.edges(data=True))


def test_simplified_osmnx_graph(graph: nx.MultiDiGraph) -> None:
    plain = co.osm.from_osmnx(graph, country="UZ")
    simple = ox.simplify_graph(graph, edge_attrs_differ=["railway", "gauge", "usage", "highway"])
    taken = co.osm.from_osmnx(simple, country="UZ")
    assert taken.links["length_km"].sum() == pytest.approx(plain.links["length_km"].sum(), abs=2e-3)
    with pytest.raises(co.InputError, match="edge_attrs_differ"):
        co.osm.from_osmnx(ox.simplify_graph(graph), country="UZ")


def test_lesser_road_of_edges_that_osmnx_merged(tmp_path: Path) -> None:
    ways = {20: ([1, 2], {"highway": "trunk"}), 21: ([2, 3], {"highway": "secondary"})}
    path = write(tmp_path / "roads.osm", row(1, 67.0, 67.1, 67.2), ways)
    merged = ox.simplify_graph(ox.graph_from_xml(path, simplify=False, retain_all=True))
    net = co.osm.from_osmnx(merged, country="UZ")
    assert list(net.links["class"]) == ["local"]
    assert any("merged" in what for what in net.osm_report.repaired["what"])


def test_graphs_that_cannot_be_taken(graph: nx.MultiDiGraph) -> None:
    with pytest.raises(co.InputError, match="to_latlong"):
        co.osm.from_osmnx(ox.project_graph(graph), country="UZ")
    with pytest.raises(co.InputError, match="a graph with edges"):
        co.osm.from_osmnx(nx.MultiDiGraph(crs="epsg:4326"), country="UZ")
    with pytest.raises(co.InputError, match="west < east"):
        co.osm.from_bbox((68, 37, 67, 38), country="UZ")


class Answer:
    """What the stubbed server gives back."""

    def __init__(self, content: Any) -> None:
        self.content = json.dumps(content).encode()
        self.ok, self.status_code, self.reason, self.text, self.url = True, 200, "OK", json.dumps(content), "stub"

    def json(self) -> Any:
        return json.loads(self.content)


@pytest.fixture
def overpass(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Answer requests to Overpass and Nominatim from the ways above; list the queries."""
    asked: list[str] = []

    def post(url: str, *, data: dict[str, str], **_: Any) -> Answer:
        query = data["data"]
        asked.append(query)
        nodes = [{"type": "node", "id": n, "lon": at[0], "lat": at[1], **({"tags": at[2]} if len(at) > 2 else {})}
                 for n, at in NODES.items()]  # fmt: skip
        if "node[" in query or "nwr" in query:
            return Answer({"elements": [n for n in nodes if "tags" in n] if "railway" in query else []})
        kind = "railway" if '"railway"' in query else "highway" if '"highway"' in query else "route"
        ways = [{"type": "way", "id": w, "nodes": list(refs), "tags": tags}
                for w, (refs, tags) in WAYS.items() if kind in tags]  # fmt: skip
        return Answer({"elements": [*nodes, *ways] if ways else []})

    def get(url: str, **_: Any) -> Answer:
        box = {"type": "Polygon", "coordinates": [[[66, 37], [69, 37], [69, 39], [66, 39], [66, 37]]]}
        found = {"display_name": "Made-up", "lat": "38", "lon": "67", "boundingbox": ["37", "39", "66", "69"],
                 "geojson": box, "importance": 1, "osm_type": "relation", "osm_id": 1}  # fmt: skip
        return Answer([found])

    monkeypatch.setattr(requests, "post", post)
    monkeypatch.setattr(requests, "get", get)
    monkeypatch.setattr(socket, "gethostbyname", lambda _: "127.0.0.1")
    monkeypatch.setattr(socket, "getaddrinfo", socket.getaddrinfo)
    monkeypatch.setattr("time.sleep", lambda _: None)
    for name, value in (("use_cache", False), ("overpass_rate_limit", False), ("max_query_area_size", 1e15)):
        monkeypatch.setattr(ox.settings, name, value)
    return asked


@pytest.mark.parametrize("how", ["bbox", "place"])
def test_downloads(how: str, overpass: list[str], tmp_path: Path) -> None:
    if how == "bbox":
        net = co.osm.from_bbox((66, 37, 69, 39), country="UZ")
    else:
        net = co.osm.from_place("Made-up", country="UZ")
    read = co.osm.read(write(tmp_path / "made.osm", NODES, WAYS), country="UZ")
    assert kilometres(net) == kilometres(read)
    assert net.route("West", "East").km == read.route("West", "East").km
    assert any('["railway"~"^(rail|narrow_gauge)$"]' in query for query in overpass)
    assert any('["route"="ferry"]' in query for query in overpass)
    assert "Overpass" in net.osm_report.source


def test_a_download_that_finds_nothing_is_a_clear_error(overpass: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "post", lambda *_, **__: Answer({"elements": []}))
    with pytest.raises(co.DataFileError, match="OpenStreetMap gave nothing"):
        co.osm.from_bbox((66, 37, 69, 39), country="UZ")


def lines_of(nodes: dict, ways: dict) -> gpd.GeoDataFrame:
    shapes = [LineString([nodes[n][:2] for n in refs]) for refs, _ in ways.values()]
    return gpd.GeoDataFrame(pd.DataFrame([tags for _, tags in ways.values()]), geometry=shapes, crs="EPSG:4326")


def test_lines_with_tags_as_columns(tmp_path: Path) -> None:
    read = co.osm.read(write(tmp_path / "made.osm", NODES, WAYS), country="UZ")
    net = co.osm.from_lines(lines_of(NODES, WAYS), country="UZ")
    assert sorted(kilometres(net).values()) == pytest.approx(sorted(kilometres(read).values()), abs=1e-3)
    projected = lines_of(NODES, WAYS).to_crs("EPSG:32642")
    again = co.osm.from_lines(projected, country="UZ")
    assert sorted(kilometres(again).values()) == pytest.approx(sorted(kilometres(read).values()), abs=1e-2)
    with pytest.raises(co.InputError, match="no crs"):
        co.osm.from_lines(lines_of(NODES, WAYS).set_crs(None, allow_override=True), country="UZ")


def test_a_stated_length_is_kept_and_shared_out() -> None:
    lines = gpd.GeoDataFrame(
        {"railway": "rail", "gauge": [1520.0], "length_km": [100.0]},
        geometry=[LineString([(67, 38), (67.5, 38), (68, 38)])], crs="EPSG:4326",
    )  # fmt: skip
    stop = gpd.GeoDataFrame({"railway": ["station"], "name": ["Mid"]}, geometry=[Point(67.25, 38)], crs="EPSG:4326")
    net = co.osm.from_lines(lines, points=stop, country="UZ")
    assert sorted(net.links["length_km"]) == pytest.approx([25, 75], abs=0.05)


AT = np.array([67.0, 38.0]) + 0.5 * np.random.default_rng(0).random((25, 2))
"""Positions without three in a row."""

EDGES = st.sets(st.tuples(st.integers(0, 24), st.integers(0, 24)).filter(lambda pair: pair[0] < pair[1]),
                min_size=3, max_size=30)  # fmt: skip


@settings(max_examples=12)
@given(EDGES, st.sets(st.integers(0, 24), max_size=3))
def test_chains_against_networkx(edges: set[tuple[int, int]], towns: set[int]) -> None:
    """No kilometre is lost, and links run between the ends, junctions and towns that networkx counts."""
    graph = nx.Graph(edges)
    towns &= set(graph)
    lines = gpd.GeoDataFrame({"highway": "trunk"}, geometry=[LineString(AT[list(pair)]) for pair in edges],
                             index=range(len(edges)), crs="EPSG:4326")  # fmt: skip
    points = gpd.GeoDataFrame({"place": "town", "name": [f"Town {n}" for n in towns]},
                              geometry=[Point(AT[n]) for n in towns], crs="EPSG:4326")  # fmt: skip
    stops = {n for n in graph if graph.degree[n] != 2 or n in towns}
    assume(any(len(part & stops) > 1 for part in nx.connected_components(graph)))
    net = co.osm.from_lines(lines, points=points, country="UZ", rules=Rules(parallel=0, town_km=0.001))
    dropped = net.osm_report.dropped.groupby("reason")[["number", "km"]].sum()
    measured = sum(great_circle_km(line) for line in lines.geometry)
    assert net.links["length_km"].sum() + dropped["km"].sum() == pytest.approx(measured, abs=1e-3 * len(edges))
    turning = int(dropped["number"].get("loop back to where it began", 0))
    assert 2 * (len(net.links) + turning) == sum(graph.degree[n] for n in stops)
    rings = sum(not part & stops for part in nx.connected_components(graph))
    assert int(dropped["number"].get("closed loop that meets nothing", 0)) == rings


def test_twenty_thousand_lines_are_read_and_routed() -> None:
    """A grid of 100 by 100 crossings: the number of links and the shortest way are known."""
    n = 100
    grid = np.arange(n * n).reshape(n, n)
    xy = np.column_stack([60 + 0.01 * (grid.ravel() % n), 40 + 0.01 * (grid.ravel() // n)])
    pairs = np.vstack([np.column_stack([grid[:, :-1].ravel(), grid[:, 1:].ravel()]),
                       np.column_stack([grid[:-1].ravel(), grid[1:].ravel()])])  # fmt: skip
    shapes = [LineString(xy[pair]) for pair in pairs]
    lines = gpd.GeoDataFrame({"highway": "trunk", "length_km": np.ones(len(pairs))}, geometry=shapes, crs="EPSG:4326")
    ends = gpd.GeoDataFrame({"place": "town", "name": ["Start", "End"]}, geometry=[Point(xy[0]), Point(xy[-1])],
                            crs="EPSG:4326")  # fmt: skip
    net = co.osm.from_lines(lines, points=ends, country="UZ")
    # at the two corners without a town the links that meet there are one
    assert len(net.links) == 2 * n * (n - 1) - 2
    assert net.route("Start", "End", cargo="truck").km == pytest.approx(2 * (n - 1))
