"""OpenStreetMap read into networks: files that the tests write, with results worked out by hand."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod

import corridors as co
from corridors.osm import Rules, files
from support.osm_files import RAIL, STANDARD, TRUNK, halves, row, station, town, write, xml

GEOD = Geod(ellps="WGS84")


def km(*lonlat: tuple[float, float]) -> float:
    return float(GEOD.line_length(*zip(*lonlat, strict=True))) / 1000


def read(tmp_path: Path, nodes: dict, ways: dict, *, suffix: str = ".osm", **options: object) -> co.Network:
    options.setdefault("country", "UZ")
    return co.osm.read(write(tmp_path / f"made{suffix}", nodes, ways), **options)  # type: ignore[arg-type]


BREAK = {
    1: (67.0, 38.0, station("West")),
    2: (67.1, 38.05),
    3: (67.2, 38.0, station("Middle")),
    4: (67.3, 38.0),
    5: (67.4, 38.0, station("East")),
}
BREAK_WAYS = {10: ([1, 2, 3], RAIL), 11: ([3, 4], STANDARD), 12: ([5, 4], STANDARD)}


@pytest.mark.parametrize("suffix", [".osm", ".osm.pbf"])
def test_two_gauges_meet_at_a_station(tmp_path: Path, suffix: str) -> None:
    """Ways that only continue each other are one link; the two gauges are two, with a terminal between them.

    ::

        West --1520-- Middle ==1435== (4) ==1435== East
    """
    net = read(tmp_path, BREAK, BREAK_WAYS, suffix=suffix)
    links = net.links
    assert sorted(links.index) == ["middle--east:rail-1435", "west--middle:rail-1520"]
    assert links.loc["middle--east:rail-1435", "length_km"] == pytest.approx(km((67.2, 38), (67.4, 38)), abs=1e-3)
    bent = km((67.0, 38.0), (67.1, 38.05), (67.2, 38.0))
    assert links.loc["west--middle:rail-1520", "length_km"] == pytest.approx(bent, abs=1e-3)
    assert len(links.geometry["west--middle:rail-1520"].coords) == 3
    assert set(links["class"]) == {"trunk"}
    route = net.route("West", "East", cargo="container")
    assert route.km == pytest.approx(bent + km((67.2, 38), (67.4, 38)), abs=2e-3)
    assert "gauge_change" in set(route.legs["kind"])
    assert {"crane", "reload"} == set(net.terminals["method"])
    assert net.check().level("error") == []


def test_hours_are_those_of_the_same_tables_made_by_hand(tmp_path: Path) -> None:
    net = read(tmp_path, BREAK, BREAK_WAYS)
    tables = {t: net.tables[t] for t in ("terminals", "sources")}
    again = co.Network.from_tables(net.tables["places"], net.tables["links"], **tables)
    first, second = (n.route("West", "East", cargo="wagon") for n in (net, again))
    assert first.hours == pytest.approx(second.hours)
    assert first.cost_usd_t == pytest.approx(second.cost_usd_t)


def test_gauges_of_separate_tracks_meet_at_a_station_that_both_pass(tmp_path: Path) -> None:
    """The two tracks share no node: the station joins what passes it within `station_km`."""
    nodes = {**row(1, 67.0, 67.2), **row(3, 67.2, 67.4, lat=38.001), 9: (67.2, 38.0005, station("Middle"))}
    ways = {10: ([1, 2], RAIL), 11: ([3, 4], STANDARD)}
    net = read(tmp_path, nodes, ways)
    assert set(net.terminals["place"]) == {"middle"}
    assert "gauge_change" in set(net.route("node-1", "node-4", cargo="wagon").legs["kind"])
    far = read(tmp_path, nodes, ways, rules=Rules(station_km=0.01))
    assert far.terminals.empty
    with pytest.raises(co.NoRouteError):
        far.route("node-1", "node-4")


def test_gauges_that_meet_away_from_a_station_are_reported(tmp_path: Path) -> None:
    nodes = row(1, 67.0, 67.1, 67.2)
    ways = {10: ([1, 2], RAIL), 11: ([2, 3], STANDARD)}
    net = read(tmp_path, nodes, ways)
    assert net.terminals.empty
    assert net.osm_report.breaks.to_dict("list") == {"place": ["node-2"], "gauges": ["1435;1520"]}
    asked = read(tmp_path, nodes, ways, rules=Rules(gauge_change="everywhere"))
    assert "gauge_change" in set(asked.route("node-1", "node-3", cargo="wagon").legs["kind"])
    assert asked.osm_report.breaks.empty


def test_a_long_straight_track_is_cut_where_a_station_stands_beside_it(tmp_path: Path) -> None:
    nodes = {**row(1, 67.0, 68.0), 9: (67.25, 38.002, station("Beside"))}
    net = read(tmp_path, nodes, {10: ([1, 2], RAIL)})
    lengths = sorted(net.links["length_km"])
    assert lengths == pytest.approx([km((67, 38), (68, 38)) / 4, km((67, 38), (68, 38)) * 3 / 4], rel=1e-3)


def test_dual_gauge_track_is_a_link_of_each_gauge(tmp_path: Path) -> None:
    nodes = {1: (67.0, 38.0, station("A")), 2: (67.3, 38.0, station("B")), 3: (67.5, 38.0, station("C"))}
    ways = {10: ([1, 2], {**RAIL, "gauge": "1435;1520"}), 11: ([2, 3], RAIL)}
    net = read(tmp_path, nodes, ways)
    assert sorted(net.links.index) == ["a--b:rail-1435", "a--b:rail-1520", "b--c:rail-1520"]
    assert net.links["length_km"]["a--b:rail-1435"] == net.links["length_km"]["a--b:rail-1520"]
    assert "gauge_change" not in set(net.route("A", "C", cargo="wagon").legs["kind"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1520", ("1520",)),
        ("1520;1435", ("1435", "1520")),
        ("1435 mm", ("1435",)),
        ("standard", ("1435",)),
        ("1524", ("1520",)),
        ("1524;1520", ("1520",)),
        ("unknown", ()),
        ("9;99;999999", ()),
    ],
)
def test_gauge_tags(text: str, expected: tuple[str, ...]) -> None:
    from corridors.osm.tags import gauges

    assert gauges(text, Rules().alike) == expected


def test_gauge_and_class_are_never_merged_across(tmp_path: Path) -> None:
    nodes = row(1, 67.0, 67.1, 67.2, 67.3, 67.4, 67.5)
    said = [
        RAIL,
        {**RAIL, "usage": "branch"},
        {**RAIL, "usage": "branch", "electrified": "contact_line"},
        STANDARD,
        STANDARD,
    ]
    ways = {10 + i: ([1 + i, 2 + i], tags) for i, tags in enumerate(said)}
    net = read(tmp_path, nodes, ways)
    assert len(net.links) == 4
    assert sorted(zip(net.links["gauge_mm"], net.links["class"], net.links["traction"], strict=True)) == [
        ("1435", "trunk", ""), ("1520", "secondary", ""), ("1520", "secondary", "electric"), ("1520", "trunk", ""),
    ]  # fmt: skip


def test_tracks_without_gauge_take_it_from_the_reference_network_or_the_user(tmp_path: Path) -> None:
    bare = {"railway": "rail"}
    nodes, ways = row(1, 67.0, 67.1), {10: ([1, 2], bare)}
    assert set(read(tmp_path, nodes, ways, country="PK").links["gauge_mm"]) == {"1676"}
    assert set(read(tmp_path, nodes, ways, country="PK", rules=Rules(gauge={"PK": "1435"})).links["gauge_mm"]) == {
        "1435"
    }
    assumed = read(tmp_path, nodes, ways, country="PK").osm_report.assumed
    assert list(assumed["what"]) == ["gauge of tracks without a tag"]
    with pytest.raises(co.DataFileError, match="no gauge tag and no rule"):
        read(tmp_path, nodes, ways, country="PE")


FERRY = {1: (50.0, 42.0), 2: (50.1, 42.0), 3: (50.2, 42.0), 4: (50.6, 42.0), 5: (51.0, 42.0), 6: (51.1, 42.0)}


def test_ferry(tmp_path: Path) -> None:
    """Trucks drive on at one pier and off at the other; the wait is half the interval of the tag.

    ::

        1 --road-- 3 ~~ferry~~ 4 ~~ferry~~ 5 --road-- 6
    """
    sailing = {"route": "ferry", "motor_vehicle": "yes", "interval": "48:00"}
    ways = {10: ([1, 2, 3], TRUNK), 11: ([3, 4], sailing), 12: ([4, 5], sailing), 13: ([5, 6], TRUNK)}
    net = read(tmp_path, FERRY, ways, country="KZ")
    service = net.services.iloc[0]
    assert len(net.services) == 1
    assert service["length_km"] == pytest.approx(km((50.2, 42), (51.0, 42)), abs=1e-3)
    assert service["headway_d"] == 2
    route = net.route("node-1", "node-6", cargo="truck")
    assert {"port", "sea"} <= set(route.legs["kind"])
    assert route.km == pytest.approx(km((50.0, 42), (51.1, 42)), abs=5e-3)
    shut = {n: (refs, {**tags, "motor_vehicle": "no"} if "route" in tags else tags) for n, (refs, tags) in ways.items()}
    assert read(tmp_path, FERRY, shut, country="KZ").services.empty


def test_ferry_headway_without_a_tag_is_an_assumption(tmp_path: Path) -> None:
    ways = {10: ([1, 2, 3], TRUNK), 11: ([3, 4, 5], {"route": "ferry"}), 13: ([5, 6], TRUNK)}
    net = read(tmp_path, FERRY, ways, country="KZ", rules=Rules(ferry_headway_d=3))
    assert list(net.services["headway_d"]) == [3]
    assert list(net.services["confidence"]) == ["assumed"]
    assert "ferry headway (ferry_headway_d)" in set(net.osm_report.assumed["what"])


def test_a_pier_off_the_roads_gets_an_access_road(tmp_path: Path) -> None:
    nodes = {**FERRY, 7: (50.2, 42.005)}
    ways = {10: ([1, 2, 3], TRUNK), 11: ([7, 4, 5], {"route": "ferry", "hgv": "yes"}), 13: ([5, 6], TRUNK)}
    net = read(tmp_path, nodes, ways, country="KZ")
    access = net.links[net.links["length_basis"] == "circuity"]
    assert list(access["length_km"]) == pytest.approx([1.3 * km((50.2, 42.0), (50.2, 42.005))], abs=2e-3)
    assert net.route("node-1", "node-6", cargo="truck").km > 90
    with pytest.raises(co.NoRouteError):
        read(tmp_path, nodes, ways, country="KZ", rules=Rules(access_km=0.1)).route("node-1", "node-6", cargo="truck")


def faults(net: co.Network) -> list[str]:
    """List what the data check finds, apart from positions: it knows only the real borders."""
    return [str(f) for f in net.check().level("error") if f.check != "in-country"]


BORDER = {1: (67.0, 37.5, town("Here")), 2: (67.3, 37.5), 3: (67.8, 37.5), 4: (68.0, 37.5, town("There"))}


def test_border(tmp_path: Path) -> None:
    """A road that passes a border is cut there: a place on either side, and a crossing without length between."""
    net = read(tmp_path, BORDER, {10: ([1, 2, 3, 4], TRUNK)}, country=halves(67.5))
    assert sorted(net.places["country"]) == ["AF", "AF", "UZ", "UZ"]
    assert list(net.crossings["modes"]) == ["road"]
    by_side = net.links.groupby(net.links["crossing"] == "")["length_km"].sum()
    assert by_side[False] == 0
    assert by_side[True] == pytest.approx(km((67.0, 37.5), (68.0, 37.5)), abs=2e-3)
    side = net.links[net.links["from_id"] == "here"]["length_km"].iloc[0]
    assert side == pytest.approx(km((67.0, 37.5), (67.5, 37.5)), abs=2e-3)
    route = net.route("Here", "There", cargo="truck")
    assert route.countries == ["UZ", "AF"]
    assert "border" in set(route.legs["kind"])
    with pytest.raises(co.NoRouteError):
        net.close("AF-UZ").route("Here", "There", cargo="truck")
    assert faults(net) == []


def test_a_border_post_names_the_crossing_and_places_it(tmp_path: Path) -> None:
    nodes = {**BORDER, 2: (67.48, 37.5, {"barrier": "border_control", "name": "Bridge"})}
    net = read(tmp_path, nodes, {10: ([1, 2, 3, 4], TRUNK)}, country=halves(67.5))
    assert list(net.crossings.index) == ["bridge"]
    assert net.places.loc["bridge-uz", "lon"] == pytest.approx(67.48, abs=1e-6)
    tagged = Rules(borders="tagged")
    assert list(read(tmp_path, nodes, {10: ([1, 2, 3, 4], TRUNK)}, country=halves(67.5), rules=tagged)
                .crossings["status"]) == ["open"]  # fmt: skip
    shut = read(tmp_path, BORDER, {10: ([1, 2, 3, 4], TRUNK)}, country=halves(67.5), rules=tagged)
    assert list(shut.crossings["status"]) == ["suspended"]
    with pytest.raises(co.NoRouteError):
        shut.route("Here", "There", cargo="truck")
    assert shut.open(shut.crossings.index[0]).route("Here", "There", cargo="truck").km > 80


def test_a_road_along_the_border_does_not_cross_it(tmp_path: Path) -> None:
    """It strays 900 m over a border that the map shows wrongly, once within a link and once with a junction there."""
    nodes = {1: (67.4, 37.0, town("South")), 2: (67.51, 37.2), 3: (67.4, 37.4), 4: (67.51, 37.6), 5: (67.4, 37.8),
             6: (67.3, 37.6)}  # fmt: skip
    net = read(tmp_path, nodes, {10: ([1, 2, 3, 4, 5], TRUNK), 11: ([4, 6], TRUNK)}, country=halves(67.5))
    assert net.crossings.empty
    assert set(net.places["country"]) == {"UZ"}
    assert faults(net) == []


def test_double_track_is_one_crossing(tmp_path: Path) -> None:
    nodes = {1: (67.0, 37.5, station("Here")), 2: (68.0, 37.5, station("There")), 3: (67.01, 37.5005),
             4: (67.99, 37.5005), 5: (67.01, 37.5), 6: (67.99, 37.5)}  # fmt: skip
    ways = {10: ([1, 5, 6, 2], RAIL), 11: ([5, 3, 4, 6], {**RAIL, "oneway": "yes"})}
    net = read(tmp_path, nodes, ways, country=halves(67.5), rules=Rules(station_km=1.5))
    assert len(net.crossings) == 1
    assert sorted(net.links["tracks"]) == ["", "2", "2"]
    assert net.route("There", "Here", cargo="wagon").km == pytest.approx(km((67, 37.5), (68, 37.5)), rel=0.03)


def test_a_clipped_way_keeps_what_is_there(tmp_path: Path) -> None:
    nodes = row(1, 67.0, 67.1, 67.2, 67.5, 67.6)
    net = read(tmp_path, nodes, {10: ([1, 2, 3, 99, 98, 4, 5], TRUNK), 11: ([97, 1], TRUNK)})
    expected = [km((67.0, 38), (67.2, 38)), km((67.5, 38), (67.6, 38))]
    assert sorted(net.links["length_km"], reverse=True) == pytest.approx(expected, abs=1e-3)
    repaired = net.osm_report.repaired.set_index("what")["number"]
    assert repaired["ways cut where the file lacks their nodes"] == 2
    assert repaired["ways lost because the file lacks their nodes"] == 1


def test_broken_references(tmp_path: Path) -> None:
    nodes = row(1, 67.0, 67.1, 67.2)
    ways = {
        10: ([1, 1, 2, 2, 3], TRUNK),  # vertices repeated
        11: ([77, 78], TRUNK),  # no vertex known
        12: ([3], TRUNK),  # one vertex
        13: ([], TRUNK),  # none
        14: ([3, 2, 1], TRUNK),  # the same line backwards
        15: ([2, 2], TRUNK),  # a point
    }
    net = read(tmp_path, nodes, ways)
    assert list(net.links["length_km"]) == pytest.approx([km((67.0, 38), (67.2, 38))], abs=1e-3)


def test_loops(tmp_path: Path) -> None:
    """A passing loop is one link of two tracks; a balloon at the end and a ring apart are dropped and reported.

    ::

        1 -- 2 <> 3 -- 4o        (o)
    """
    nodes = {1: (67.0, 38.0), 2: (67.1, 38.0), 3: (67.2, 38.0), 4: (67.3, 38.0), 5: (67.15, 38.001),
             6: (67.32, 38.01), 7: (67.33, 37.99), 8: (68.0, 38.0), 9: (68.1, 38.0), 10: (68.05, 38.1)}  # fmt: skip
    ways = {10: ([1, 2, 3, 4], RAIL), 11: ([2, 5, 3], RAIL), 12: ([4, 6, 7, 4], RAIL), 13: ([8, 9, 10, 8], RAIL)}
    net = read(tmp_path, nodes, ways)
    assert sorted(net.links["tracks"]) == ["1", "1", "2"]
    assert net.links["length_km"].sum() == pytest.approx(km((67.0, 38.0), (67.3, 38.0)), abs=3e-3)
    dropped = net.osm_report.dropped.set_index("reason")["km"]
    assert dropped["loop back to where it began"] == pytest.approx(
        km((67.3, 38), (67.32, 38.01), (67.33, 37.99), (67.3, 38)), abs=1e-3)  # fmt: skip
    assert dropped["closed loop that meets nothing"] == pytest.approx(
        km((68, 38), (68.1, 38), (68.05, 38.1), (68, 38)), abs=1e-3)  # fmt: skip
    both = read(tmp_path, nodes, ways, rules=Rules(parallel=0))
    assert len(both.links) == 4


def test_oneway_tracks_run_both_ways(tmp_path: Path) -> None:
    nodes = row(1, 67.0, 67.1, 67.2)
    net = read(tmp_path, nodes, {10: ([1, 2], {**RAIL, "oneway": "yes"}), 11: ([3, 2], {**RAIL, "oneway": "yes"})})
    there, back = (net.route(a, b, cargo="wagon").km for a, b in (("node-1", "node-3"), ("node-3", "node-1")))
    assert there == back == pytest.approx(km((67.0, 38), (67.2, 38)), abs=1e-3)


@pytest.mark.parametrize("suffix", [".osm", ".osm.pbf"])
def test_tag_bomb(tmp_path: Path, suffix: str) -> None:
    bomb = {**RAIL, **{f"key{i}": "x" * 50 for i in range(20_000)}, "name": "long-" * 180}
    gauges = {**STANDARD, "gauge": ";".join(["1435"] * 200)}
    nodes = {1: (67.0, 38.0, station("A" * 1000)), 2: (67.1, 38.0), 3: (67.2, 38.0)}
    net = read(tmp_path, nodes, {10: ([1, 2], bomb), 11: ([2, 3], gauges)}, suffix=suffix)
    assert sorted(net.links["gauge_mm"]) == ["1435", "1520"]
    assert max(map(len, net.links["line"])) == max(map(len, net.places["name"])) == 255


def test_text_beyond_the_limits_of_openstreetmap_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.osm"
    path.write_text(xml(row(1, 67.0, 67.1), {10: ([1, 2], {**RAIL, "gauge": "1435;" * 100_000})}))
    with pytest.raises(co.DataFileError, match="too long"):
        co.osm.read(path, country="UZ")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    def refused(name: str, content: bytes, match: str) -> None:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(co.DataFileError, match=match):
            co.osm.read(tmp_path / name, country="UZ")

    whole = write(tmp_path / "whole.osm.pbf", BREAK, BREAK_WAYS).read_bytes()
    refused("empty.osm.pbf", b"", "is empty")
    refused("empty.osm", b"", "is empty")
    refused("cut.osm.pbf", whole[:-7], "cut short or damaged at byte")
    refused("cut2.osm.pbf", whole[:2], "not a PBF file|cut short")
    refused("noise.osm.pbf", b"\xff" * 100, "is not a PBF file")
    refused("head.osm.pbf", whole[: 4 + int.from_bytes(whole[:4], "big")], "cut short")
    refused("cut.osm", b"<?xml version='1.0'?><osm version='0.6'><node id='1' lat", "cannot be read")
    refused("bare.osm", b"<?xml version='1.0'?><osm version='0.6'></osm>", "holds no railway, road or ferry")
    with pytest.raises(co.DataFileError, match="no file"):
        co.osm.read(tmp_path / "nowhere.osm.pbf")
    damaged = bytearray(whole)
    damaged[-20:] = b"\0" * 20
    refused("damaged.osm.pbf", bytes(damaged), "cannot be read|cut short")


def test_gaps_are_reported_and_closed_within_the_tolerance(tmp_path: Path) -> None:
    """Two ends 175 m apart; two tracks that end side by side are no gap."""
    nodes = {1: (67.0, 38.0), 2: (67.1, 38.0), 3: (67.102, 38.0), 4: (67.3, 38.0), 5: (67.0, 38.5), 6: (67.1, 38.5),
             7: (67.0, 38.501), 8: (67.1, 38.501)}  # fmt: skip
    ways = {10: ([1, 2], RAIL), 11: ([3, 4], RAIL), 12: ([5, 6], RAIL), 13: ([7, 8], RAIL)}
    net = read(tmp_path, nodes, ways)
    gap = km((67.1, 38.0), (67.102, 38.0))
    assert list(net.osm_report.gaps["gap_km"]) == pytest.approx([gap], rel=5e-3)
    assert not net.osm_report.gaps["closed"].any()
    with pytest.raises(co.NoRouteError):
        net.route("node-1", "node-4", cargo="wagon")
    closed = read(tmp_path, nodes, ways, rules=Rules(close_gaps_km=0.2))
    assert closed.route("node-1", "node-4", cargo="wagon").km == pytest.approx(km((67.0, 38), (67.3, 38)), abs=2e-3)
    assert closed.osm_report.repaired.set_index("what")["km"]["gaps closed"] == pytest.approx(gap, rel=5e-3)
    other = {**ways, 11: ([3, 4], STANDARD)}
    assert read(tmp_path, nodes, other, rules=Rules(close_gaps_km=0.2)).osm_report.gaps.empty


def test_service_tracks_and_what_carries_no_freight_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    nodes = row(1, 67.0, 67.1, 67.2, 67.3, 67.4)
    ways = {
        10: ([1, 2], RAIL), 11: ([2, 3], {**RAIL, "service": "yard"}), 12: ([3, 4], {"railway": "tram"}),
        13: ([4, 5], {"railway": "abandoned"}), 14: ([1, 5], {"railway": "construction", "construction": "rail"}),
    }  # fmt: skip
    net = read(tmp_path, nodes, ways)
    assert len(net.links) == 1
    reasons = set(net.osm_report.dropped["reason"])
    assert {"service=yard", "railway=tram", "railway=abandoned", "not yet built"} <= reasons
    assert len(read(tmp_path, nodes, ways, rules=Rules(service_tracks=True)).links) == 2


def test_freight_terminals_come_from_tags_or_from_a_stated_rule(tmp_path: Path) -> None:
    nodes = {1: (67.0, 38.0, station("Start")), 2: (67.2, 38.0), 3: (67.2, 38.005), 4: (67.5, 38.005, town("Shop")),
             9: (67.2, 38.001, {"railway": "yard", "name": "Yard"})}  # fmt: skip
    ways = {10: ([1, 2], RAIL), 11: ([3, 4], TRUNK)}
    net = read(tmp_path, nodes, ways)
    assert set(net.terminals["place"]) == {"yard"}
    legs = net.route("Start", "Shop", cargo="container").legs
    assert "transfer" in set(legs["kind"])
    plain = {**nodes, 9: (67.2, 38.001, station("Yard"))}
    assert read(tmp_path, plain, ways).terminals.empty
    asked = read(tmp_path, plain, ways, rules=Rules(road_rail="stations"))
    assert set(asked.terminals["place"]) == {"yard"}
    assert set(asked.terminals["confidence"]) == {"assumed"}


def test_neighbouring_extracts_are_one_network(tmp_path: Path) -> None:
    ways = {10: ([1, 2], TRUNK), 11: ([2, 3], TRUNK), 12: ([3, 4], TRUNK)}
    first = write(tmp_path / "a.osm.pbf", {n: BORDER[n] for n in (1, 2, 3)}, {n: ways[n] for n in (10, 11)})
    second = write(tmp_path / "b.osm", {n: BORDER[n] for n in (2, 3, 4)}, {n: ways[n] for n in (11, 12)})
    net = co.osm.read([first, second], country=halves(67.5))
    whole = read(tmp_path, BORDER, ways, country=halves(67.5))
    assert sorted(net.links.index) == sorted(whole.links.index)
    assert net.route("Here", "There", cargo="truck").km == whole.route("Here", "There", cargo="truck").km


def test_pbf_read_in_pieces_gives_the_same(tmp_path: Path) -> None:
    nodes = row(1, *np.round(np.linspace(60, 61, 20_000), 6))
    ways = {i: (range(1 + 100 * i, 102 + 100 * i), TRUNK) for i in range(199)}
    path = write(tmp_path / "long.osm.pbf", nodes, ways)
    assert len(files._open(path, 1).pieces) > 3
    once, pieces = files.read_files([path], Rules()), files.read_files([path], Rules(), chunk_bytes=1)
    assert once[1] == pieces[1]
    for name, value in vars(once[0]).items():
        np.testing.assert_array_equal(np.asarray(getattr(pieces[0], name)), np.asarray(value))
    assert len(co.osm.read(path, country="UZ").links) == 1


def test_files_outside_the_bundled_countries_need_a_country(tmp_path: Path) -> None:
    path = write(tmp_path / "far.osm", row(1, -77.0, -77.1, lat=-12.0), {10: ([1, 2], TRUNK)})
    with pytest.raises(co.DataFileError, match="country="):
        co.osm.read(path)
    assert set(co.osm.read(path, country="PE").places["country"]) == {"PE"}


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"roads": ("moterway",)}, "near: motorway"),
        ({"gauge": "1521"}, "gauge='1521'"),
        ({"borders": "some"}, "one of all, tagged"),
        ({"station_km": -1}, "zero or more"),
        ({"ferry_headway_d": 0}, "positive"),
        ({"road_class": {"trunk": "fast"}}, "road_class='fast'"),
    ],
)
def test_wrong_rules(options: dict[str, object], match: str) -> None:
    with pytest.raises(co.InputError, match=match):
        Rules(**options)  # type: ignore[arg-type]


@pytest.mark.parametrize("country", ["Uzbekistan", "uz", 7])
def test_wrong_country(tmp_path: Path, country: object) -> None:
    with pytest.raises(co.InputError, match="country"):
        read(tmp_path, BREAK, BREAK_WAYS, country=country)


def test_a_missing_package_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "made.osm", BREAK, BREAK_WAYS)
    monkeypatch.setitem(sys.modules, "osmium", None)
    with pytest.raises(co.MissingPackageError, match=r"pip install 'corridors\[osm\]'"):
        co.osm.read(path, country="UZ")


def test_the_report_tells_what_was_read(tmp_path: Path) -> None:
    net = read(tmp_path, BREAK, BREAK_WAYS)
    kinds = net.osm_report.kinds.set_index(["kind", "gauges"])
    assert kinds.loc[("rail main", "1435"), "km"] == pytest.approx(km((67.2, 38), (67.4, 38)), abs=1e-4)
    assert net.osm_report.links.loc["middle--east:rail-1435", "ways"] == "11;12"
    assert "rail main" in str(net.osm_report)
    assert co.load().osm_report is None


def test_lines_of_two_classes_pass_one_crossing(tmp_path: Path) -> None:
    nodes = {**row(1, 67.0, 67.2, 67.8, 68.0, lat=37.5), **row(5, 67.2, 67.8, lat=37.501)}
    ways = {10: ([1, 2, 3, 4], RAIL), 11: ([2, 5, 6, 3], {**RAIL, "usage": "branch"}),
            12: ([5, 6], TRUNK)}  # fmt: skip
    net = read(tmp_path, nodes, ways, country=halves(67.5))
    assert sorted(net.crossings["modes"]) == ["rail", "road"]
    over = net.links[net.links["crossing"] != ""]
    assert sorted(over["mode"]) == ["rail", "road"]
    assert faults(net) == []


def test_names_in_another_script(tmp_path: Path) -> None:
    nodes = {1: (67.0, 37.5, town("Термез")), 2: (67.5, 37.5, {"barrier": "border_control", "name": "Граница"}),
             3: (68.0, 37.5, {"place": "town", "name": "حیرتان", "name:en": "Hairatan"})}  # fmt: skip
    net = read(tmp_path, nodes, {10: ([1, 2, 3], TRUNK)}, country=halves(67.5))
    assert set(net.crossings["name"]) == {"Граница"}
    assert list(net.crossings.index) == ["граница"]
    assert net.tables.place("Граница (AF)") == "граница-af"
    assert net.route("Термез", "Hairatan", cargo="truck").countries == ["UZ", "AF"]
