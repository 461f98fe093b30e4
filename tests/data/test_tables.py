"""Wrong input: every mistake is answered by name, with row, column and what to do."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import corridors as co
from corridors.data import schema
from support.networks import POSITIONS, link, make, parameter, place

PLACES = [place(i, *at) for i, at in POSITIONS.items()]
LINKS = [link("a", "b", "rail", 100), link("c", "d", "rail", 90)]


def frames(places: list | None = None, links: list | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    return pd.DataFrame(PLACES if places is None else places), pd.DataFrame(LINKS if links is None else links)


def refused(match: str, places: list | None = None, links: list | None = None) -> None:
    with pytest.raises(co.SchemaError, match=match):
        co.Network.from_tables(*frames(places, links))


def test_missing_column() -> None:
    places, links = frames()
    with pytest.raises(co.SchemaError, match=r"(?s)table 'links'.*column 'length_km' is missing"):
        co.Network.from_tables(places, links.drop(columns="length_km"))


def test_misspelt_column() -> None:
    places, links = frames()
    with pytest.raises(co.SchemaError, match="unknown column 'lenght_km' \\(did you mean 'length_km'"):
        co.Network.from_tables(places, links.assign(lenght_km=1))


def test_duplicate_id() -> None:
    refused("row 4, column 'id': 'a--b:rail-1520' stands twice, first in row 2", links=[*LINKS, LINKS[0]])


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"length_km": -5}, "'length_km': -5 is not possible"),
        ({"length_km": 0}, "'length_km': 0 must be positive"),
        ({"length_km": None}, "row 2, column 'length_km': empty"),
        ({"length_km": "far"}, "'far' is not a number"),
        ({"length_km": float("inf")}, "'inf' is not a number"),
        ({"to_id": "atlantis"}, "row 2, column 'to_id': no place 'atlantis'"),
        ({"gauge_mm": 1521}, "'1521' is none of 1520, 1435, 1676"),
        ({"gauge_mm": ""}, "'gauge_mm': needed for rail"),
        ({"status": "closed"}, "'closed' is none of open, suspended"),
        ({"to_id": "c"}, "a link between two countries needs a crossing"),
        ({"to_id": "a"}, "joins 'a' to itself"),
        ({"opened": "spring 2011"}, "'spring 2011' is not a date"),
        ({"mode": "air"}, "'air' is none of rail, road"),
    ],
)
def test_wrong_link(change: dict[str, object], match: str) -> None:
    refused(match, links=[{**LINKS[0], **change}, LINKS[1]])


def test_swapped_coordinates() -> None:
    refused("lat=160, lon=45 is no point on earth; latitude and longitude look swapped",
            places=[{**PLACES[0], "lat": 160, "lon": 45}, *PLACES[1:]])  # fmt: skip


def test_empty_network() -> None:
    with pytest.raises(co.SchemaError, match="the table has no rows"):
        co.Network.from_tables(pd.DataFrame(columns=list(PLACES[0])), pd.DataFrame(columns=list(LINKS[0])))


@pytest.mark.parametrize(
    ("row", "match"),
    [
        (parameter("border", "hours", 5, "h", low=6), "not low <= value <= high"),
        (parameter("border", "hours", -1, "h"), "-1 is not possible"),
        (parameter("line_haul", "hours", 0, "km/h"), "0 km/h is not possible"),
        (parameter("border", "hours", 5, "days"), "'days' is none of"),
    ],
)
def test_wrong_parameter(row: dict[str, object], match: str) -> None:
    with pytest.raises(co.SchemaError, match=match):
        make(PLACES, LINKS, parameters=[row])


def test_two_equal_parameters_are_refused() -> None:
    row = parameter("border", "hours", 5, "h", mode="rail")
    with pytest.raises(co.SchemaError, match="row 3: the same keys stand in an earlier row"):
        make(PLACES, LINKS, parameters=[row, row])


def test_missing_parameter_is_named() -> None:
    net = make(PLACES, LINKS, parameters=[parameter("line_haul", "hours", 5, "km/h")])
    with pytest.raises(co.ParameterError, match=r"line_haul/.../cost' fits cargo=container, mode=rail"):
        net.route("a", "b")


def test_most_specific_parameter_wins() -> None:
    speeds = [
        parameter("line_haul", "hours", 40, "km/h", mode="rail"),
        parameter("line_haul", "hours", 30, "km/h", mode="rail", cargo="container", **{"class": "trunk"}),
        parameter("line_haul", "hours", 20, "km/h", country="KZ"),
        parameter("line_haul", "hours", 10, "km/h", link="c--d:rail-1520"),
    ]
    rest = [parameter("line_haul", "cost", 0, "USD/tkm"), parameter("line_haul", "emissions", 0, "g/tkm"),
            parameter("waiting", "hours", 0, "h")]  # fmt: skip
    links = [*LINKS, link("d", "e", "rail", 60)]
    net = make(PLACES, links, parameters=[*speeds, *rest])
    assert net.route("a", "b").hours == pytest.approx(100 / 20)
    assert net.route("c", "d").hours == pytest.approx(90 / 10)
    assert net.route("d", "e").hours == pytest.approx(60 / 30)
    assert net.route("d", "e", cargo="wagon").hours == pytest.approx(60 / 40)


@pytest.mark.parametrize(
    ("name", "error", "match"),
    [
        ("atlantis", co.UnknownNameError, "no place 'atlantis'"),
        ("Karatchi", co.UnknownNameError, r"Near matches: .*Karachi \(PK, karachi\)"),
        ("Alat, KZ", co.UnknownNameError, "no place 'Alat, KZ'"),
        (7, co.InputError, "given by id or name"),
    ],
)
def test_unknown_place(net: co.Network, name: str, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        net.route(name, "karachi")


def test_near_twins_show_their_country(net: co.Network) -> None:
    with pytest.raises(co.UnknownNameError, match=r"\(TM, sarahs\).*|.*\(IR, sarakhs\)"):
        net.route("Sarakhz", "karachi")
    assert net.tables.place("Serakhs") != "sarakhs"


@pytest.mark.parametrize("spelling", ["almaty", "ALMATY", " Álmaty ", "Alma-Ata"])
def test_spellings_are_folded(net: co.Network, spelling: str) -> None:
    assert net.tables.place(spelling) == "almaty"


def test_same_origin_and_destination(net: co.Network) -> None:
    with pytest.raises(co.InputError, match="origin and destination are both Almaty"):
        net.route("almaty", "Alma-Ata")


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"by": "beauty"}, "by='beauty' is not possible: one of generalized"),
        ({"by": {"cost": -1}}, "weights are not negative"),
        ({"by": {}}, "a dict of weights of at least one"),
        ({"by": None}, "a measure, or a dict"),
        ({"by": {"cost": "1"}}, "weights are not negative"),
        ({"by": {"cost": float("nan")}}, "weights are not negative"),
        ({"by": {"cost": float("inf")}}, "weights are not negative"),
        ({"by": {"cost": 0, "hours": 0}}, "a weight above zero"),
        ({"by": {"cost": 1, "cost_usd_t": 2}}, "every measure once"),
        ({"cargo": "camel"}, "cargo='camel'"),
        ({"cargo": ["wagon"]}, "cargo=.* one of wagon"),
        ({"modes": {"air"}}, "modes='air'"),
        ({"modes": []}, "at least one mode"),
        ({"modes": [["rail"]]}, "a name, or several"),
        ({"modes": 3}, "modes=3"),
        ({"vot_usd_t_h": -1}, "zero or more"),
        ({"vot_usd_t_h": "1"}, "a number"),
        ({"avoid": None}, "avoid=None"),
        ({"avoid": [["IR"]]}, "a name, or several"),
        ({"commodity": 3}, "no commodity '3'"),
        ({"avoid": "Lahoar"}, "Near matches"),
        ({"commodity": "flower"}, "flour"),
    ],
)
def test_wrong_options(net: co.Network, options: dict[str, object], match: str) -> None:
    with pytest.raises(co.CorridorsError, match=match):
        net.route("almaty", "karachi", **options)  # type: ignore[arg-type]


def test_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(co.DataFileError, match="no folder"):
        co.read_tables(tmp_path / "nowhere")
    (tmp_path / "places.csv").write_text("id\n")
    with pytest.raises(co.DataFileError, match=r"has no links.csv"):
        co.read_tables(tmp_path)
    (tmp_path / "links.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(co.DataFileError, match="cannot be read as CSV"):
        co.read_tables(tmp_path)


def test_tables_are_written_and_read_without_loss(net: co.Network, tmp_path: Path) -> None:
    again = co.read_tables(co.write_tables(net.tables, tmp_path), as_of="2026-11")
    for name in schema.tables():
        pd.testing.assert_frame_equal(again[name], net.tables[name])


def test_a_network_is_not_changed_through_its_tables(net: co.Network) -> None:
    before = net.route("tashkent", "karachi").hours
    net.links["length_km"] = 0.0
    net.places["lat"] = 0.0
    assert net.route("tashkent", "karachi").hours == before


@pytest.mark.skipif(pd.__version__ < "3", reason="shallow copies of pandas 2 share what is changed in place")
def test_tables_that_are_handed_out_are_the_callers_own(line: co.Network) -> None:
    before = line.route("a", "d").km
    for table in ("places", "links"):
        taken = line.tables[table]
        taken["note"] = "mine"
        for column in taken.select_dtypes("float"):
            taken[column] *= 2
            taken.loc[0, column] = -1.0
    assert "mine" not in set(line.tables["links"]["note"]) | set(line.places["note"])
    assert line.tables["links"]["length_km"].min() >= 0
    assert co.Network.from_tables(**line.tables.frames).route("a", "d").km == before
