"""Networks cut, joined and thinned: what must stay the same does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import LineString

import corridors as co
from corridors.base.cache import Cache
from corridors.base.errors import MergeError, TooFarError
from corridors.data import schema
from corridors.data.geography import country_of, great_circle_km
from corridors.data.tables import make_tables
from support.networks import POSITIONS, crossing, link, make, parameter, place, terminal

NUMBERS = ["km", "hours", "cost_usd_t", "co2e_kg_t"]


def totals(net: co.Network, origin: str, destination: str, **options: object) -> list[float]:
    route = net.route(origin, destination, **options)  # type: ignore[arg-type]
    return [getattr(route, name) for name in NUMBERS]


def assert_sound(net: co.Network) -> None:
    """Expect tables that could be read from files, and a view that fits them."""
    make_tables(net.tables.frames)
    assert len(net.links_in_use()) == len(net.links)


# insert_place


@settings(max_examples=5)
@given(share=st.floats(0.001, 0.999), number=st.integers(0, 10**6))
def test_a_split_link_keeps_every_route(share: float, number: int) -> None:
    net = co.load()
    links = net.tables["links"]
    open_links = links[net.links_in_use() & (links["crossing"] == "")]
    row = open_links.iloc[number % len(open_links)]
    split = net.insert_place("Halt", row["id"], km=share * row["length_km"])
    parts = split.links[(split.links["from_id"] == "halt") | (split.links["to_id"] == "halt")]
    own = parts[parts["in_use"]]
    assert own["length_km"].sum() == pytest.approx(row["length_km"])
    assert own["class"].nunique() == own["mode"].nunique() == 1
    for cargo in ("wagon", "truck") if row["mode"] == "rail" else ("truck",):
        if row["mode"] == "road" or cargo == "wagon":
            one, other = (totals(n, row["from_id"], row["to_id"], cargo=cargo) for n in (net, split))
            assert other == pytest.approx(one)
    assert_sound(split)


def test_splitting_keeps_the_matrix(net: co.Network) -> None:
    split = net.insert_place("One", "hairatan--naibabad:road", km=20).insert_place(
        "Two", "hairatan--naibabad:rail-1520", km=11
    )
    for measure in ("hours", "cost", "distance"):
        one, other = (n.matrix("kazakhstan", "south-asian-ports", measure, by="generalized") for n in (net, split))
        assert np.allclose(one, other)


def test_parts_share_length_line_and_range(line: co.Network) -> None:
    curve = LineString([(60, 50), (60.4, 50.25), (60.4, 50.75), (60, 51)])
    tables = replace(line.tables, read_alignments=lambda: {"a--b:rail-1520": (curve, "traced")}, cache=Cache())
    split = replace(line, tables=tables).insert_place("Halfway", "a--b:rail-1520", km=50, kind="station")
    one, other = split.links.loc["a--halfway:rail-1520"], split.links.loc["halfway--b:rail-1520"]
    assert (one["length_km"], other["length_km"]) == (50, 50)
    assert one["alignment"] == other["alignment"] == "traced"
    at = split.places.loc["halfway"]
    assert (at["lat"], at["lon"]) == pytest.approx((50.5, 60.4), abs=1e-3)
    assert one.geometry.coords[-1] == other.geometry.coords[0] == (at["lon"], at["lat"])
    assert (one.geometry.coords[0], other.geometry.coords[-1]) == ((60, 50), (60, 51))
    whole = sum(great_circle_km(part.geometry) for part in (one, other))
    assert whole == pytest.approx(great_circle_km(curve), rel=1e-6)
    assert at["kind"] == "station"
    assert one["note"] == "part of a--b:rail-1520 (100 km)"


def test_what_belongs_to_a_link_goes_over_to_its_parts() -> None:
    places = [place(i, *at) for i, at in POSITIONS.items()]
    upgrade = {"status": "planned", "project": "p", "replaces": "a--b:rail-1520", "class": "modern"}
    rows = [
        link("a", "b", "rail", 100, via=""),
        link("b", "a", "rail", 90, **{**upgrade, "id": "b--a:rail-1520@p"}),
        link("d", "e", "rail", 60),
    ]
    own = [parameter("line_haul", "hours", 20, "km/h", link="a--b:rail-1520")]
    base = make(places, rows)
    frames = {**base.tables.frames, "parameters": pd.concat([base.tables["parameters"], pd.DataFrame(own)])}
    frames["projects"] = pd.DataFrame(
        [{"id": "p", "name": "P", "kind": "upgrade", "status": "idea", "countries": "KZ", "source": "s",
          "confidence": "C"}]
    )  # fmt: skip
    frames["closures"] = pd.DataFrame(
        [{"id": "x", "kind": "link", "target": "a--b:rail-1520", "start": "2020", "reason": "r", "source": "s",
          "confidence": "C"}]
    )  # fmt: skip
    net = co.Network(make_tables(frames))
    net = net.with_parameters({"line_haul/a--b:rail-1520/hours": 25})
    split = net.insert_place("m", "a--b:rail-1520", km=30)
    assert_sound(split)
    assert totals(split, "a", "b") == pytest.approx(totals(net, "a", "b"))
    assert split.tables.overridden == {"line_haul/a--m:rail-1520/hours", "line_haul/m--b:rail-1520/hours"}
    assert totals(split.build("p"), "a", "b") == pytest.approx(totals(net.build("p"), "a", "b"))
    links = split.build("p").links
    assert list(links.index[links["in_use"]]) == ["b--m:rail-1520@p", "m--a:rail-1520@p", "d--e:rail-1520"]
    lengths = {"a--m:rail-1520": 30, "m--b:rail-1520": 70, "b--m:rail-1520@p": 63, "m--a:rail-1520@p": 27}
    assert links["length_km"].to_dict() == pytest.approx({**lengths, "d--e:rail-1520": 60})
    with pytest.raises(co.NoRouteError):
        split.at("2021").route("a", "b")
    closed = net.close("a--b:rail-1520").insert_place("m", "a--b:rail-1520", km=30)
    assert closed.closed == ["a--m:rail-1520", "m--b:rail-1520"]


def test_a_place_is_put_where_it_lies(line: co.Network) -> None:
    split = line.insert_place("Near", "a--b:rail-1520", where=(50.25, 60.02))
    assert split.links.loc["a--near:rail-1520", "length_km"] == pytest.approx(25, abs=0.1)
    assert split.places.loc["near", ["lat", "lon"]].tolist() == [50.25, 60.02]


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"link": "a-b", "km": 1}, "no link 'a-b' in this network"),
        ({"link": "b--c:rail-1520", "km": 1}, "a link over a border is not split"),
        ({"link": "a--b:rail-1520", "km": 100}, "has 100 km; the place lies between its ends"),
        ({"link": "a--b:rail-1520", "km": -1}, "between its ends"),
        ({"link": "a--b:rail-1520"}, "give either km or where"),
        ({"link": "a--b:rail-1520", "km": 1, "where": (50, 60)}, "give either km or where"),
        ({"link": "a--b:rail-1520", "where": (50.5, 61)}, r"it lies 7\d.\d km from the line of 'a--b:rail-1520' \(max"),
        ({"link": "a--b:rail-1520", "km": 1, "ident": "c"}, r"has this place already: C \(UZ, c\)"),
    ],
)
def test_places_that_cannot_be_inserted(line: co.Network, options: dict[str, object], match: str) -> None:
    with pytest.raises(co.CorridorsError, match=match):
        line.insert_place("New", **options)  # type: ignore[arg-type]


# connect


@settings(max_examples=10)
@given(lat=st.floats(50.1, 50.9), lon=st.floats(60.05, 60.5), detour=st.floats(1, 2))
def test_a_connected_point_has_access_and_rest(lat: float, lon: float, detour: float) -> None:
    net = make([place(i, *at) for i, at in POSITIONS.items()], [link("a", "b", "road", 120)])
    joined = net.connect((lat, lon), name="Mine", max_km=60, detour=detour, country="KZ")
    access = joined.links.loc["mine--mine-junction:road"]
    junction = joined.places.loc["mine-junction"]
    gap = Geod(ellps="WGS84").inv(lon, lat, junction["lon"], junction["lat"])[2] / 1000
    assert access["length_km"] == pytest.approx(max(gap, 0.01) * detour)
    for end in ("a", "b"):
        route = joined.route("Mine", end, cargo="truck")
        rest = joined.route("mine-junction", end, cargo="truck")
        assert route.km == pytest.approx(access["length_km"] + rest.km)
        assert route.legs["id"].iloc[0] == "mine--mine-junction:road"
        assert route.legs["km"].iloc[0] == pytest.approx(access["length_km"])
    both = [joined.links.loc[f"{i}:road", "length_km"] for i in ("a--mine-junction", "mine-junction--b")]
    assert sum(both) == pytest.approx(120)
    # no point of the road is nearer than the junction
    ends = [Geod(ellps="WGS84").inv(lon, lat, 60, y)[2] / 1000 for y in np.linspace(50, 51, 201)]
    assert gap <= min(ends) + 0.3


def test_connection_of_the_reference_network(net: co.Network) -> None:
    joined = net.connect((35.95, 68.70), name="Coal mine", max_km=40)
    assert_sound(joined)
    assert not [f for f in joined.check().level("error") if "coal" in f.ident]
    access = joined.links.loc["coal-mine--coal-mine-junction:road"]
    assert (access["line"], access["class"], access["confidence"]) == ("access", "local", "assumed")
    assert access["length_low_km"] < access["length_km"] < access["length_high_km"]
    assert "median of" in access["note"]
    assert "road links of AF" in access["note"]
    # other routes stay as they were
    assert totals(joined, "Tashkent", "Kabul") == pytest.approx(totals(net, "Tashkent", "Kabul"))
    legs = joined.route("Karachi", "Coal mine", cargo="truck").legs
    assert legs["to_id"].iloc[-1] == "coal-mine"
    assert legs["from_id"].iloc[-1] == "coal-mine-junction"


def test_connection_to_a_place_and_by_rail(net: co.Network) -> None:
    at = (36.90, 67.50)
    to = net.connect(at, name="Factory", to="naibabad", max_km=30, detour=1.2)
    assert "factory--naibabad:road" in to.links.index
    near = net.connect(at, name="Factory", onto="place", max_km=30, mode="rail", gauge_mm="1520", detour=1.2)
    siding = near.links.loc["factory--naibabad:rail-1520"]
    assert siding["gauge_mm"] == "1520"
    route = near.route("Factory", "Tashkent", cargo="wagon", modes="rail")
    assert route.legs[route.legs["kind"] == "line_haul"]["id"].iloc[0] == "factory--naibabad:rail-1520"
    assert net.connect("Balkh", max_km=30).places.loc["balkh", "source"] == "geonames"


@pytest.mark.parametrize(
    ("where", "options", "match"),
    [
        ((33.0, 63.0), {"name": "Far", "max_km": 5}, r"is 1?\d\d.\d km from the network on road in AF.*Nearest places"),
        ((36.8, 67.4), {"max_km": 5}, "a bare point needs a name"),
        ("Kabul", {"max_km": 5}, r"it is in the network already: Kabul \(AF, kabul\)"),
        ((36.9, 67.5), {"name": "Kabul", "max_km": 50}, "has this place already"),
        ((36.9, 67.5), {"name": "F", "max_km": 50, "mode": "rail"}, "a railway needs its gauge"),
        ((36.9, 67.5), {"name": "F", "max_km": 50, "to": "Termez"}, "a border needs a crossing"),
        ((36.9, 67.5), {"name": "F", "max_km": 50, "mode": "rail", "gauge_mm": "1676"}, "no link in AF is rail-1676"),
        ((36.9, 67.5), {"name": "F", "max_km": 50, "detour": 0.5}, "at least as long as the great circle"),
        ((36.9, 67.5), {"name": "F", "max_km": 0}, "max_km=0 is not possible"),
        ((20.0, 62.0), {"name": "Ship", "max_km": 50}, "lies in no country of the map"),
    ],
)
def test_points_that_cannot_be_connected(
    net: co.Network, where: object, options: dict[str, object], match: str
) -> None:
    with pytest.raises(co.CorridorsError, match=match):
        net.connect(where, **options)  # type: ignore[arg-type]


def test_a_town_whose_nearest_road_lies_in_another_country_is_told(net: co.Network) -> None:
    abroad = "nearest road lies in another country, TJ, 3\\d km away; a way there needs a crossing"
    with pytest.raises(TooFarError, match=f"1\\d\\d\\.\\d km from the network on road in KG.*{abroad}"):
        net.connect("Isfana", max_km=100)
    with pytest.warns(co.CorridorsWarning, match=f"joined at Karamyk.*{abroad}"):
        joined = net.connect("Isfana", max_km=200)
    assert joined.places.loc["razzakov", "country"] == "KG"
    # a place that was named is taken without a word, and so is a road abroad that is not much nearer
    assert "razzakov--osh:road" in net.connect("Isfana", max_km=400, to="Osh").links.index
    assert "batken" in net.connect("Batken", max_km=150).places.index


def test_penjikent_is_joined_over_its_border_post(net: co.Network) -> None:
    with pytest.raises(co.InputError, match=r"in the network already: Penjikent \(TJ, penjikent\)"):
        net.connect("Penjikent", max_km=100)
    route = net.route("Penjikent", "Samarkand", cargo="truck")
    assert route.km == pytest.approx(66, abs=6), "64 km by the published road"
    assert "jartepa" in route.places
    far = net.close("jartepa").route("Penjikent", "Samarkand", cargo="truck")
    assert far.km > 600


def test_a_network_too_small_to_measure_the_detour(line: co.Network) -> None:
    with pytest.raises(TooFarError, match="no link in KZ is road"):
        line.connect((50.4, 60.1), name="Mine", max_km=50, country="KZ")
    with pytest.raises(co.InputError, match="fewer than 10 rail links to measure it on; give it"):
        line.connect((50.4, 60.1), name="Mine", max_km=50, country="KZ", mode="rail", gauge_mm="1520")


def test_country_of_a_point() -> None:
    assert [country_of(*at) for at in ((41.3, 69.2), (24.9, 67.0), (20, 62))] == ["UZ", "PK", ""]


# merge


def test_merged_with_itself_nothing_changes(net: co.Network) -> None:
    mine = net.build("uap-kabul").close("AF-PK").with_parameters({"border/torkham/road/hours": 7.5})
    assert mine.merge(mine) is mine


def test_parts_merged_are_the_whole(net: co.Network) -> None:
    whole = net.select(country=["UZ", "AF", "PK"])
    parts = [net.select(country=country) for country in ("UZ", "AF", "PK")]
    joined = parts[0].merge(parts[1], prefer="ours").merge(parts[2], prefer="ours")
    for name in ("places", "links", "crossings", "terminals"):
        one, other = (n.tables[name].sort_values("id", ignore_index=True) for n in (joined, whole))
        pd.testing.assert_frame_equal(one, other)
    assert_sound(joined)
    assert joined.route("Tashkent", "Karachi", cargo="truck").km == whole.route("Tashkent", "Karachi", cargo="truck").km


def other_region(**more: object) -> co.Network:
    """A road beyond D, whose end has another name and stands beside D."""
    places = [place("d2", "UZ", 52.01, 60.01), place("f", "UZ", 53, 61)]
    return make(places, [link("d2", "f", "road", 150, **more)])


def test_places_that_are_the_same(line: co.Network) -> None:
    lines = make(
        [place(i, *at) for i, at in POSITIONS.items()],
        [link("a", "b", "road", 100), link("c", "d", "road", 90), link("b", "c", "road", 5, crossing="x")],
        crossings=[crossing("x", "b", "c")],
    )
    apart = lines.merge(other_region())
    with pytest.raises(co.NoRouteError):
        apart.route("a", "f")
    for joined in (lines.merge(other_region(), same={"d2": "d"}), lines.merge(other_region(), within_km=5)):
        assert_sound(joined)
        assert joined.route("a", "f", cargo="truck").km == 100 + 5 + 90 + 150
        assert "d2" not in joined.places.index
        assert joined.name == "network and network"
    assert "d2" in lines.merge(other_region(), within_km=0.5).places.index
    with pytest.raises(co.UnknownNameError, match="no place 'z'"):
        lines.merge(other_region(), same={"d2": "z"})


def test_rows_that_differ_are_listed(line: co.Network) -> None:
    links = line.tables["links"].assign(length_km=[100, 10, 95, 60])
    other = replace(line, tables=make_tables({**line.tables.frames, "links": links}))
    with pytest.raises(
        MergeError, match=r"differ in 1 rows.*\n  links: 'c--d:rail-1520' differs in length_km"
    ) as caught:
        line.merge(other)
    assert len(caught.value.conflicts) == 1
    assert line.merge(other, prefer="ours").links["length_km"].tolist() == [100, 10, 90, 60]
    assert line.merge(other, prefer="theirs").links["length_km"].tolist() == [100, 10, 95, 60]
    with pytest.raises(co.InputError, match="one of ours, theirs"):
        line.merge(other, prefer="mine")
    with pytest.raises(co.InputError, match="within_km=0"):
        line.merge(other, within_km=0)


def test_views_are_joined(line: co.Network) -> None:
    other = other_region()
    joined = line.close("x").merge(other.close("d2--f:road"))
    assert joined.closed == ["d2--f:road", "x"]
    with pytest.raises(co.InputError, match="views of the same date, ours has none"):
        line.merge(other.at("2020"))


# simplify


def test_chains_become_one_link(line: co.Network) -> None:
    places = [place(i, *at, kind="junction" if i in "bd" else "town") for i, at in POSITIONS.items()]
    places = [{**p, "country": "KZ"} for p in places]
    rows = [link("a", "b", "rail", 100, length_low_km=90), link("c", "b", "rail", 10, source="s;t", confidence="C"),
            link("c", "d", "rail", 90), link("d", "e", "rail", 60, "1435")]  # fmt: skip
    net = make(places, rows, terminals=[terminal("d", "rail-1520", "rail-1435")])
    thin = net.simplify()
    assert list(thin.links.index) == ["a--c:rail-1520", "c--d:rail-1520", "d--e:rail-1435"]
    row = thin.links.loc["a--c:rail-1520"]
    assert (row["length_km"], row["length_low_km"], row["source"], row["confidence"]) == (110, 100, "s;t", "C")
    assert row.geometry.equals(LineString([(60, 50), (60, 51), (60, 51.01)]))
    assert "b" not in thin.places.index
    assert totals(thin, "a", "e") == pytest.approx(totals(net, "a", "e"))
    assert len(net.simplify(keep=["b"]).links) == 4
    assert len(net.simplify(drop=()).links) == 4
    with pytest.raises(co.InputError, match="kinds of places are city"):
        net.simplify(drop=["crossroads"])


def test_the_reference_network_simplified(net: co.Network) -> None:
    thin = net.simplify(drop=["junction", "station", "site", "pass", "town"])
    assert_sound(thin)
    assert len(thin.links) < len(net.links) - 20
    assert set(thin.places.index) < set(net.places.index)
    for name in schema.tables():
        if name not in ("places", "links"):
            pd.testing.assert_frame_equal(thin.tables[name], net.tables[name])
    assert thin.links["length_km"].sum() == pytest.approx(net.links["length_km"].sum())
    for cargo, measure in (("wagon", "hours"), ("truck", "cost"), ("container", "distance")):
        one, other = (n.matrix("kazakhstan", "south-asian-ports", measure, cargo=cargo) for n in (net, thin))
        assert np.allclose(one, other)
    assert thin.simplify() is thin
    assert not thin.check().level("error")


def test_rings_and_twin_lines_stay_routable() -> None:
    at = {"a": (50, 60), "b": (50.3, 60.3), "c": (50, 60.6), "d": (49.7, 60.3)}
    places = [place(i, "KZ", *xy, kind="town" if i in "ac" else "junction") for i, xy in at.items()]
    ring = [
        link("a", "b", "road", 40),
        link("b", "c", "road", 40),
        link("c", "d", "road", 50),
        link("a", "d", "road", 50),
    ]
    thin = make(places, ring).simplify()
    assert sorted(thin.links["length_km"]) == [80, 100]
    assert len(set(thin.links.index)) == 2
    loop = [*ring, link("a", "e", "road", 10), link("e", "f", "road", 10), link("a", "f", "road", 10)]
    more = [place("e", "KZ", 50, 59.9, kind="junction"), place("f", "KZ", 50.1, 59.9, kind="junction")]
    assert len(make([*places, *more], loop).simplify().links) == 5
