"""Files of editors and tables of lines: deleted and new objects, rings, stated lengths."""

from __future__ import annotations

import gzip
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
from shapely.geometry import LineString, Point

import corridors as co
from corridors.osm import Rules
from support.networks import link, make, place

A_DEGREE = 87.832  # km of a degree of longitude at 38 degrees north (pyproj)


def josm(folder: Path, body: str, name: str = "a.osm") -> co.Network:
    path = folder / name
    text = f"<osm version='0.6' generator='JOSM'>{body}</osm>".encode()
    path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return co.osm.read(path, country="UZ")


def node(ident: int, lon: object, more: str = "", tags: str = "") -> str:
    return f"<node id='{ident}' lat='38' lon='{lon}' {more}>{tags}</node>"


def way(ident: int, first: int, last: int, more: str = "") -> str:
    return f"<way id='{ident}' {more}><nd ref='{first}'/><nd ref='{last}'/><tag k='highway' v='primary'/></way>"


THREE = node(1, 66) + node(2, 67) + node(3, 68) + way(5, 1, 2)


@pytest.mark.parametrize("name", ["a.osm", "a.osm.gz"])
@pytest.mark.parametrize("mark", ["action='delete' visible='true'", "visible='false' version='2'", 'action="delete"'])
def test_deleted_ways_are_left_out_and_counted(tmp_path: Path, mark: str, name: str) -> None:
    net = josm(tmp_path, THREE + way(6, 2, 3, mark), name)
    assert net.links["length_km"].tolist() == [A_DEGREE]
    counts = net.osm_report.repaired.set_index("what")["number"]
    assert counts["objects left out that an editor had deleted"] == 1
    kept = josm(tmp_path, THREE + way(6, 2, 3, "action='modify'"), name)
    assert kept.links["length_km"].tolist() == [2 * A_DEGREE]


def test_a_deleted_town_names_nothing(tmp_path: Path) -> None:
    tags = "<tag k='place' v='town'/><tag k='name' v='Ghost'/>"
    net = josm(tmp_path, THREE + node(9, 66, "action='delete'", tags))
    assert "Ghost" not in set(net.places["name"])
    assert "Ghost" in set(josm(tmp_path, THREE + node(9, 66, "", tags)).places["name"])


def test_new_objects_have_negative_numbers(tmp_path: Path) -> None:
    net = josm(tmp_path, node(1, 66) + node(-2, 67) + node(-3, 68) + way(-5, 1, -2) + way(-6, -2, -3))
    assert net.links["length_km"].tolist() == [2 * A_DEGREE]
    assert net.osm_report.links["ways"].tolist() == ["-5;-6"]


@pytest.mark.parametrize(
    "body", [node(1, "66,5") + node(2, 67) + way(5, 1, 2), THREE + "<way id='x'/>", THREE + "<way"]
)
def test_a_damaged_file_is_named(tmp_path: Path, body: str) -> None:
    with pytest.raises(co.DataFileError, match=r"a.osm' cannot be read as OpenStreetMap data: "):
        josm(tmp_path, body)


# tables of lines


def table(key: str, lines: list[LineString | None], **columns: object) -> gpd.GeoDataFrame:
    facts = {key: "rail" if key == "railway" else "primary", "gauge": "1520", **columns}
    return gpd.GeoDataFrame(facts, index=range(len(lines)), geometry=lines, crs=4326)


def towns(key: str, *at: tuple[float, float]) -> gpd.GeoDataFrame:
    tags = ("railway", "station") if key == "railway" else ("place", "town")
    return gpd.GeoDataFrame(
        {tags[0]: tags[1], "name": list("ABCD")[: len(at)]}, geometry=list(map(Point, at)), crs=4326
    )


SQUARE = [(67, 38), (68, 38), (68, 39), (67, 39)]


@pytest.mark.parametrize("key", ["railway", "highway"])
@pytest.mark.parametrize("closed", [True, False])
def test_a_ring_with_stations_on_it(key: str, closed: bool) -> None:
    """Four stations at the corners of a square, drawn as one closed line or as its four sides."""
    sides = [LineString([SQUARE[i], SQUARE[(i + 1) % 4]]) for i in range(4)]
    lines = table(key, [LineString([*SQUARE, SQUARE[0]])] if closed else sides)
    net = co.osm.from_lines(lines, points=towns(key, *SQUARE), country="UZ")
    assert sorted(net.links["from_id"] + net.links["to_id"].str.upper()) in (
        ["aB", "aD", "bC", "cD"],
        ["aB", "bC", "cD", "dA"],
    )
    assert "station off every track" not in set(net.osm_report.dropped["reason"])


def test_two_tracks_that_share_both_ends() -> None:
    lines = table("railway", [LineString([(67, 38), (68, 39), (69, 38)]), LineString([(67, 38), (69, 38)])])
    net = co.osm.from_lines(lines, points=towns("railway", (67, 38), (69, 38)), country="UZ")
    assert len(net.links) == 2
    assert net.links["length_km"].min() == pytest.approx(2 * A_DEGREE, abs=1e-2)


def test_a_ring_without_stations_is_dropped_for_that_reason() -> None:
    lines = table("railway", [LineString([*SQUARE, SQUARE[0]]), LineString([(70, 38), (71, 38)])])
    net = co.osm.from_lines(lines, points=towns("railway", (70, 38), (71, 38)), country="UZ")
    assert len(net.links) == 1
    assert set(net.osm_report.dropped["reason"]) == {"closed loop that meets nothing"}


TWO = [LineString([(67, 38), (68, 38)]), LineString([(68, 38), (69, 38)])]


@pytest.mark.parametrize("wrong", [-10, 0, np.inf, 1e308, "100,5", "100 km", "far", "１２"])
def test_a_stated_length_is_a_length(wrong: object) -> None:
    lines = table("railway", TWO)
    lines["length_km"] = np.array([90, wrong], dtype=object)
    with pytest.raises(co.InputError, match=r"lines.length_km, row 1=.*: a length in km above zero"):
        co.osm.from_lines(lines, points=towns("railway", (67, 38), (69, 38)), country="UZ")


def test_stated_lengths_count_and_short_ones_are_told() -> None:
    lines = table("railway", TWO)
    lines["length_km"] = np.array(["60", None], dtype=object)
    net = co.osm.from_lines(lines, points=towns("railway", (67, 38), (69, 38)), country="UZ")
    assert net.route("A", "B", cargo="wagon").km == pytest.approx(60 + A_DEGREE, abs=1e-2)
    counts = net.osm_report.repaired.set_index("what")["number"]
    assert counts["stated lengths below the straight line"] == 1


def test_rows_without_geometry_are_left_out_and_counted() -> None:
    net = co.osm.from_lines(table("railway", [*TWO, None, LineString()]), country="UZ")
    assert net.osm_report.repaired.set_index("what")["number"]["rows without geometry left out"] == 2
    for lines in ([None], [LineString()]):
        with pytest.raises(co.InputError, match="none has geometry"):
            co.osm.from_lines(table("railway", lines), country="UZ")


def test_positions_off_the_earth_are_named() -> None:
    for line in (LineString([(67, 38), (np.inf, 38)]), LineString([(500000, 4200000), (500100, 4200000)])):
        with pytest.raises(co.InputError, match=r"lines, row 2=.*positions on earth"):
            co.osm.from_lines(table("railway", [*TWO, line]), country="UZ")


def test_one_kind_of_railway_is_not_its_letters() -> None:
    assert Rules(railways="light_rail", roads="trunk").railways == ("light_rail",)
    with pytest.raises(co.DataFileError, match="railway=rail"):
        co.osm.from_lines(table("railway", TWO), country="UZ", rules=Rules(railways="light_rail", roads=()))
    for wrong in ("rial", ("rail", "xyz")):
        with pytest.raises(co.InputError, match=r"railways='(rial|xyz)' is not possible: any of rail, narrow_gauge"):
            Rules(railways=wrong)


# graphs of osmnx


@pytest.mark.parametrize("length", ["43000", None, "unknown", 43000])
def test_a_graph_that_was_read_from_a_file(length: object) -> None:
    graph = nx.MultiDiGraph(crs="epsg:4326")
    graph.add_node(1, x="66.0", y="38.0")
    graph.add_node(2, x=66.5, y=38.0)
    graph.add_edge(1, 2, osmid=1, highway="primary", length=length)
    graph.add_edge(2, 1, osmid=1, highway="primary", length=length)
    assert co.osm.from_osmnx(graph, country="UZ").links["length_km"].tolist() == [pytest.approx(A_DEGREE / 2, abs=1e-2)]


@pytest.mark.parametrize(
    "node", [{"y": 38.0}, {"x": "east", "y": 38.0}, {"x": np.nan, "y": 38.0}, {"x": 5e5, "y": 4e6}]
)
def test_a_node_without_a_position_is_named(node: dict[str, object]) -> None:
    graph = nx.MultiDiGraph(crs="epsg:4326")
    graph.add_node(1, x=66.0, y=38.0)
    graph.add_node(2, **node)
    graph.add_edge(1, 2, osmid=1, highway="primary")
    with pytest.raises(co.InputError, match=r"graph, node 2=.*x and y in degrees"):
        co.osm.from_osmnx(graph, country="UZ")


# the antimeridian


def test_a_place_on_a_line_over_the_antimeridian() -> None:
    net = make([place("a", "RU", 66, 179.0), place("b", "RU", 66, -179.0)], [link("a", "b", "road", 100)])
    assert abs(net.insert_place("Mid", "a--b:road", km=50).places.loc["mid", "lon"]) == pytest.approx(180)
    for lon, km in ((179.5, 25.0), (-179.5, 75.0)):
        split = net.insert_place("Mid", "a--b:road", where=(66, lon))
        assert split.links.loc["a--mid:road", "length_km"] == pytest.approx(km)
        assert split.places.loc["mid", "lon"] == lon
        assert net.insert_place("Mid", "a--b:road", km=km).places.loc["mid", "lon"] == pytest.approx(lon)
        assert [np.abs(line.xy[0]).min() > 178 for line in split.links.geometry] == [True, True]
