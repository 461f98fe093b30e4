"""Formats: what is written is read again without loss, and wrong files are answered by name, row and column."""

from __future__ import annotations

import json
import pickle
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import LineString, MultiLineString

import corridors as co
from corridors.data import schema
from corridors.formats import FORMATS
from corridors.formats.folder import lines_of
from corridors.formats.qgis import styles
from support.networks import COMMODITIES, PARAMETERS, POSITIONS, assert_same, link, make, place

LOSSLESS = [name for name, kind in FORMATS.items() if not kind.lost]


def path_of(name: str, folder: Path) -> Path:
    return folder / f"net{FORMATS[name].ending}"


@pytest.mark.parametrize("name", LOSSLESS)
def test_reference_network_without_loss(net: co.Network, name: str, tmp_path: Path) -> None:
    # the slower formats with a part of it
    whole = name in ("csv", "gpkg", "parquet")
    mine = (
        (net if whole else net.select(country=["AF", "PK", "UZ"]))
        .build("uap-kabul")
        .at("2026-11")
        .close("torkham", "AF-IR", "termez--galaba:rail-1520")
        .open("chaman")
    )
    mine = mine.in_season("winter").with_parameters({"border/torkham/road/hours": 7.5}, scale={"yard/rail/hours": 1.1})
    path = mine.write(path_of(name, tmp_path), format=name)
    again = co.read(path)
    assert_same(again, mine)
    assert again.closed == mine.closed
    if name == "csv":
        assert again.route("Tashkent", "Kabul").hours == mine.route("Tashkent", "Kabul").hours
    assert pickle.loads(pickle.dumps(again)).name == mine.name  # noqa: S301 - our own bytes


@pytest.mark.parametrize("name", LOSSLESS)
def test_small_network_without_loss(line: co.Network, name: str, tmp_path: Path) -> None:
    assert_same(co.read(line.write(path_of(name, tmp_path), format=name)), line)


@pytest.mark.parametrize("name", ["geojson", "gmns"])
def test_what_a_format_can_hold(net: co.Network, name: str, tmp_path: Path) -> None:
    again = co.read(net.write(path_of(name, tmp_path), format=name))
    for table in ["places", "links"] + ["crossings", "terminals", "services"] * (name == "geojson"):
        one, other = again.tables[table], net.tables[table].set_index("id").loc[list(again.tables[table]["id"])]
        pd.testing.assert_frame_equal(one.set_index("id"), other)
        assert len(one) == len(net.tables[table])
    for row in range(len(net.tables["links"])):
        assert again.tables.shape("links", row).equals_exact(net.tables.shape("links", row), 1e-9)
    assert set(again.tables["crossings"]["id"]) == set(net.tables["links"]["crossing"]) - {""}
    assert again.view == co.Network(again.tables).view
    assert again.route("Termez", "Kabul", by="distance", cargo="truck").km == pytest.approx(
        net.route("Termez", "Kabul", by="distance", cargo="truck").km
    )


def test_a_file_written_twice_is_the_second_network(net: co.Network, line: co.Network, tmp_path: Path) -> None:
    few = net.select(country="AF")
    for name in FORMATS:
        path = path_of(name, tmp_path / name)
        few.with_parameters({"border/torkham/road/hours": 7.5}).write(path, format=name)
        line.write(path, format=name)
        assert list(co.read(path).tables["places"]["id"]) == list(POSITIONS), name


def test_awkward_cells(tmp_path: Path) -> None:
    note = '=1+1, "quoted"; Мазари-Шариф\nsecond line'
    places = [place(i, *at, note=note, aliases="0123;NaN;None") for i, at in POSITIONS.items()]
    km = 1 / 3 + 1e-13
    few = {"parameters": PARAMETERS[:2], "commodities": COMMODITIES[:1]}
    mine = make(places, [link("a", "b", "rail", km, year="2019", note="'"), link("c", "d", "road", 1e5)], **few)
    for name in LOSSLESS:
        assert_same(co.read(mine.write(path_of(name, tmp_path / name), format=name)), mine)


def test_defaults_for_tables_that_are_left_out(net: co.Network, line: co.Network, tmp_path: Path) -> None:
    line.write(tmp_path)
    for name in ("parameters", "commodities", "network"):
        (tmp_path / f"{name}.csv").unlink()
    again = co.read(tmp_path)
    assert again.name == tmp_path.name
    assert 0 < len(again.parameters) < len(net.parameters)
    assert again.route("a", "d").hours > 0


def test_fill_gives_columns_that_are_missing(line: co.Network, tmp_path: Path) -> None:
    line.write(tmp_path)
    file = tmp_path / "places.csv"
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    table.loc[0, "kind"] = ""
    table.drop(columns="confidence").to_csv(file, index=False)
    with pytest.raises(co.SchemaError, match="column 'confidence' is missing"):
        co.read(tmp_path)
    again = co.read(tmp_path, fill={"places": {"confidence": "C", "kind": "city"}})
    assert set(again.places["confidence"]) == {"C"}
    assert list(again.places["kind"]) == ["city", "town", "town", "town", "town"]
    with pytest.raises(co.SchemaError, match="no such table to fill"):
        co.read(tmp_path, fill={"place": {}})


def edit(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf8")


@pytest.mark.parametrize(
    ("before", "after", "match"),
    [
        ("a--b:rail-1520,a,b", "a--b:rail-1520,a,bb", r"(?s)links.csv: table 'links'.*row 2, column 'to_id': no place"),
        ("\nc--d", "\n\n\nc--d", None),
        ("\nc--d:rail-1520,c", "\n\nb--c:rail-1520,c", "row 5, column 'id': 'b--c:rail-1520' stands twice, first in"),
        (",length_km", ",lenght_km", r"column 'length_km' is missing\n  unknown column 'lenght_km' \(did you mean"),
        ("trunk", '"trunk', "cannot be read as CSV"),
        ("published,open", "published,open,", "row 2 has 25 cells, the header 24|row 2, column"),
        ("published", "publisht", r"none of published, .* \(did you mean 'published'\?\)"),
        (",100,", ',"100,5",', r"column 'length_km': '100,5' is not a number \(write a point"),
        ("id,from_id", "id;from_id", "unknown column 'id;from_id'|separated by"),
    ],
)
def test_a_wrong_csv_file_names_row_and_column(
    line: co.Network, tmp_path: Path, before: str, after: str, match: str | None
) -> None:
    line.write(tmp_path)
    edit(tmp_path / "links.csv", before, after)
    if match is None:
        assert len(co.read(tmp_path).links) == 4
        return
    with pytest.raises(co.CorridorsError, match=match):
        co.read(tmp_path)


def test_semicolons_of_a_spreadsheet(line: co.Network, tmp_path: Path) -> None:
    line.write(tmp_path)
    file = tmp_path / "places.csv"
    file.write_text(file.read_text().replace(",", ";"))
    with pytest.raises(co.DataFileError, match=r"places.csv.*separated by ';'; save it with commas"):
        co.read(tmp_path)


def test_rows_are_counted_as_in_the_file(line: co.Network, tmp_path: Path) -> None:
    line.write(tmp_path)
    edit(tmp_path / "places.csv", "\nb,", '\n\nb,')  # fmt: skip
    edit(tmp_path / "places.csv", ",A,\n", ',A,"two\nlines"\n')
    edit(tmp_path / "places.csv", "town,,5,,s,A,\nd", "hamlet,,5,,s,A,\nd")
    with pytest.raises(co.SchemaError, match="row 6, column 'kind': 'hamlet'"):
        co.read(tmp_path)


def test_the_data_check_points_to_file_row_and_column(line: co.Network, tmp_path: Path) -> None:
    places = {
        "csv": "links.csv:4 length_km",
        "xlsx": "net.xlsx, sheet links:4 length_km",
        "gpkg": "net.gpkg, layer links:3 length_km",
        "parquet": "links.parquet:4 length_km",
    }
    for name, where in places.items():
        lengths = line.tables["links"].assign(length_km=[150.0, 10.0, 5.0, 130.0])
        short = co.Network.from_tables(line.tables["places"], lengths, crossings=line.tables["crossings"])
        found = co.read(short.write(path_of(name, tmp_path / name), format=name)).check()
        wrong = [str(f) for f in found.level("error") if f.check == "great-circle"]
        assert len(wrong) == 1, name
        assert where in wrong[0]
        assert {"file", "row", "column"} <= set(found.to_frame())


@pytest.mark.parametrize(
    ("path", "match"),
    [
        ("nowhere", "no folder '.*nowhere'"),
        ("nowhere.gpkg", "no file '.*nowhere.gpkg'. '.*' has bad.gpkg, there.gpkg"),
        ("net.shp", "unknown ending: .gpkg, .xlsx, .graphml, .geojson or a folder"),
        ("links.csv", "give the folder that holds places and links"),
        ("old.xls", "save it as .xlsx"),
        ("empty", "has no places.csv, places.parquet or node.csv: .*'corridors init"),
        ("bad.gpkg", "cannot be read as a GeoPackage"),
        ("bad.xlsx", "cannot be read as an Excel workbook"),
        ("bad.graphml", "cannot be read as GraphML"),
        ("bad.geojson", "cannot be read as a GeoJSON"),
        ("two", r"holds several networks \(csv, gmns\)"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, path: str, match: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "two").mkdir()
    for name in ("there.gpkg", "two/places.csv", "two/node.csv"):
        (tmp_path / name).touch()
    for ending in ("gpkg", "xlsx", "graphml", "geojson"):
        (tmp_path / f"bad.{ending}").write_text("{ nothing")
    with pytest.raises(co.DataFileError, match=match):
        co.read(tmp_path / path)


def test_wrong_format_and_wrong_place_to_write(line: co.Network, tmp_path: Path) -> None:
    with pytest.raises(co.InputError, match="format='shp' is not possible: one of csv, gpkg"):
        line.write(tmp_path, format="shp")
    (tmp_path / "file").touch()
    with pytest.raises(co.DataFileError, match="is a file: give a folder"):
        line.write(tmp_path / "file")
    with pytest.raises(co.DataFileError, match="is a folder: give the name of a file"):
        line.write(tmp_path, format="gpkg")


def test_workbook_of_a_user(line: co.Network, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = line.write(tmp_path / "net.xlsx")
    book = load_workbook(path)
    sheet = book["links"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.cell(1, columns["length_km"]).comment.text == "Length that is routed (0 to 100,000) [km] Required."
    assert any('"rail,road"' in rule.formula1 for rule in sheet.data_validations.dataValidation)
    # a spreadsheet turns numbers and months into its own kinds of cell, and leaves rows empty
    sheet.cell(2, columns["gauge_mm"]).value = 1520
    sheet.cell(2, columns["opened"]).value = pd.Timestamp("2011-12-01").to_pydatetime()
    sheet.cell(2, columns["year"]).value = 2019
    sheet.insert_rows(4)
    book.save(path)
    again = co.read(path)
    first = again.tables["links"].iloc[0]
    assert (first["gauge_mm"], first["opened"], first["year"]) == ("1520", "2011-12", "2019")
    sheet.cell(5, columns["length_km"]).value = "far"
    book.save(path)
    with pytest.raises(co.SchemaError, match=r"net.xlsx, sheet links: .*\n  row 5, column 'length_km': 'far'"):
        co.read(path)
    book["places"].title = "Place"
    book.save(path)
    with pytest.raises(co.DataFileError, match=r"has no sheet 'places'.*\(is it 'place'\? rename it\)"):
        co.read(path)


@pytest.mark.parametrize(("name", "package"), [("xlsx", "openpyxl"), ("parquet", "pyarrow")])
def test_a_missing_package_says_how_to_get_it(
    line: co.Network, tmp_path: Path, name: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = line.write(path_of(name, tmp_path), format=name)
    monkeypatch.setattr(f"corridors.formats.{FORMATS[name].module}.find_spec", lambda _: None)
    for act in (lambda: co.read(path), lambda: line.write(path, format=name)):
        with pytest.raises(co.MissingPackageError, match=rf"needs {package}.*pip install 'corridors\["):
            act()


# GeoPackage


def test_layers_of_a_geopackage_as_a_gis_sees_them(net: co.Network, tmp_path: Path) -> None:
    path = net.write(tmp_path / "net.gpkg")
    kinds = dict(pyogrio.list_layers(path))
    spatial = {name: kind for name, kind in kinds.items() if kind}
    assert spatial == {"links": "LineString", "services": "LineString", "crossings": "Point", "terminals": "Point",
                       "places": "Point", "corridors_links_stated": "LineString"}  # fmt: skip
    links = gpd.read_file(path, layer="links")
    assert links.crs == "EPSG:4326"
    assert len(links) == len(net.links)
    # a link without length between two places at one point is drawn as a point of a line
    assert set(links["length_km"][~links.geometry.is_valid]) == {0}
    # the shape of the table is that of the QGIS extension, and GDAL sees it as a table of attributes
    assert kinds["layer_styles"] is None
    wanted = ["id", "f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column", "styleName", "styleQML",
              "styleSLD", "useAsDefault", "description", "owner", "ui", "update_time"]  # fmt: skip
    with closing(sqlite3.connect(path)) as base:
        assert [row[1] for row in base.execute("PRAGMA table_info(layer_styles)")] == wanted
        rows = list(base.execute("SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles"))
        columns = dict(base.execute("SELECT table_name, column_name FROM gpkg_geometry_columns"))
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert {row[0] for row in rows} == set(spatial)
    assert all(columns[name] == geometry and default == 1 for name, geometry, default, _ in rows)


def test_every_link_of_the_reference_has_exactly_one_rule(net: co.Network) -> None:
    rules = ET.fromstring(styles(["links"])["links"].partition("\n")[2]).find("renderer-v2/rules")  # noqa: S314 - ours
    assert rules is not None
    frame = net.tables["links"]
    with closing(sqlite3.connect(":memory:")) as base:
        frame.astype(str).to_sql("links", base)
        hits = pd.concat(
            [pd.read_sql(f'SELECT "id" FROM links WHERE {r.get("filter")}', base)["id"] for r in rules]  # noqa: S608
        )
    assert sorted(hits) == sorted(frame["id"])


@pytest.mark.parametrize("layer", ["links", "services", "crossings", "terminals", "places"])
def test_styles_are_sound(layer: str) -> None:
    text = styles([layer])[layer]
    assert text.startswith("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis ")
    root = ET.fromstring(text.partition("\n")[2])  # noqa: S314 - our own text
    symbols = {s.get("name"): s for s in root.findall("renderer-v2/symbols/symbol")}
    rules = root.findall("renderer-v2/rules/rule")
    assert rules
    assert {rule.get("symbol") for rule in rules} == set(symbols)
    known = set(schema.tables()[layer])
    for rule in rules:
        named = [part for i, part in enumerate((rule.get("filter") or "").split('"')) if i % 2]
        assert set(named) <= known
    for symbol in symbols.values():
        for option in symbol.iter("Option"):
            if "color" in (option.get("name") or ""):
                parts = [int(n) for n in (option.get("value") or "").split(",")]
                assert len(parts) == 4
                assert all(0 <= n <= 255 for n in parts)


def change_layer(path: Path, layer: str, change: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]) -> None:
    pyogrio.write_dataframe(change(gpd.read_file(path, layer=layer)), path, layer=layer, driver="GPKG")


def test_what_is_drawn_in_a_gis_is_read(line: co.Network, tmp_path: Path) -> None:
    path = line.write(tmp_path / "net.gpkg")
    curved = LineString([(60, 50), (60.5, 50.5), (60, 51)])

    def move(links: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        links.loc[0, "geometry"] = MultiLineString([curved])
        return links

    change_layer(path, "links", move)
    again = co.read(path)
    assert again.tables.alignments == {"a--b:rail-1520": (curved, "drawn")}

    def shift(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        return places.set_geometry(places.geometry.translate(xoff=0.25))

    change_layer(path, "places", shift)
    assert set(co.read(path).places["lon"]) == {60.25}


def test_other_coordinates_are_changed_or_refused(line: co.Network, tmp_path: Path) -> None:
    path = line.write(tmp_path / "net.gpkg")
    change_layer(path, "places", lambda p: p.to_crs("EPSG:3857"))
    assert np.allclose(co.read(path).places["lat"], line.places["lat"])
    with pytest.warns(UserWarning, match="crs"):
        change_layer(path, "places", lambda p: p.set_crs(None, allow_override=True))
    with pytest.raises(co.SchemaError, match=r"net.gpkg, layer places.*\n.*no coordinate reference system: set it"):
        co.read(path)
    change_layer(path, "places", lambda p: p.set_crs("EPSG:4326", allow_override=True).assign(lat=7.0))
    with pytest.raises(co.SchemaError, match=r"row 1, column 'lat': 7 is not where the point is"):
        co.read(path)
    pyogrio.write_dataframe(gpd.GeoDataFrame(geometry=[], crs=4326), tmp_path / "other.gpkg", layer="roads",
                            driver="GPKG", geometry_type="Point")  # fmt: skip
    with pytest.raises(co.DataFileError, match="has no layer 'places'; it has roads"):
        co.read(tmp_path / "other.gpkg")


# GMNS from elsewhere


def test_gmns_made_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "node.csv").write_text("node_id,name,x_coord,y_coord\n1,One,60,50\n2,Two,60,51\n")
    links = "link_id,from_node_id,to_node_id,directed,length,facility_type,allowed_uses,lanes\n"
    (tmp_path / "link.csv").write_text(f"{links}7,1,2,true,100,trunk,road,2\n8,2,1,true,100,trunk,road,2\n")
    (tmp_path / "config.csv").write_text("dataset_name,long_length,crs\nsmall,mile,EPSG:4326\n")
    facts = {"source": "survey", "confidence": "C"}
    fill = {"places": {"country": "KZ", "kind": "town", "position_km": 1, **facts},
            "links": {"length_basis": "network", "status": "open", **facts}}  # fmt: skip
    with pytest.raises(co.SchemaError, match=r"node.csv: table 'places'.*\n.*column 'country' is missing"):
        co.read(tmp_path)
    net = co.read(tmp_path, fill=fill)
    assert list(net.links["length_km"]) == pytest.approx([160.9344])
    assert net.name == "small"
    assert net.route("One", "Two", by="distance").km == pytest.approx(160.9344)
    (tmp_path / "link.csv").write_text(f"{links}7,1,2,true,100,trunk,road,2\n")
    with pytest.raises(co.SchemaError, match=r"link.csv.*\n  row 2, column 'directed': goes one way only"):
        co.read(tmp_path, fill=fill)
    (tmp_path / "config.csv").write_text("long_length\nverst\n")
    with pytest.raises(co.DataFileError, match="long_length is 'verst', expected is one of km"):
        co.read(tmp_path, fill=fill)


def test_a_crossing_of_a_link_must_exist(line: co.Network) -> None:
    with pytest.raises(co.SchemaError, match="column 'crossing': no crossing 'x'"):
        co.Network.from_tables(line.tables["places"], line.tables["links"])


def gmns(folder: Path, links: str, config: str = "long_length\nkm\n") -> co.Network:
    (folder / "node.csv").write_text("node_id,name,x_coord,y_coord\n1,One,60,50\n2,Two,60,51\n")
    head = "link_id,from_node_id,to_node_id,directed,dir_flag,length,facility_type,allowed_uses,status,geometry\n"
    (folder / "link.csv").write_text(head + links)
    (folder / "config.csv").write_text(config)
    facts = {"source": "survey", "confidence": "C"}
    fill = {"places": {"country": "KZ", "kind": "town", "position_km": 1, **facts},
            "links": {"length_basis": "network", "status": "open", **facts}}  # fmt: skip
    return co.read(folder, fill=fill)


@pytest.mark.parametrize("yes", ["y", "Yes", "TRUE", "1", "t"])
def test_two_directions_with_lengths_of_their_own(tmp_path: Path, yes: str) -> None:
    net = gmns(tmp_path, f"7,1,2,{yes},,100,trunk,road,,\n8,2,1,{yes},,140,trunk,road,,\n")
    found = net.links[["length_low_km", "length_km", "length_high_km"]]
    assert found.to_numpy().tolist() == [[100.0, 120.0, 140.0]]
    assert list(net.links.index) == ["7"]


def test_directions_that_contradict_and_words_that_are_neither(tmp_path: Path) -> None:
    text = r"row 3, column 'status': 'planned' is not that of the other .* row 2: 'open'"
    with pytest.raises(co.SchemaError, match=text):
        gmns(tmp_path, "7,1,2,y,,100,trunk,road,open,\n8,2,1,y,,100,trunk,road,planned,\n")
    with pytest.raises(co.SchemaError, match="row 2, column 'directed': 'maybe' is neither true nor false"):
        gmns(tmp_path, "7,1,2,maybe,,100,trunk,road,,\n")
    (tmp_path / "link.csv").write_text("link_id\n7\n")
    with pytest.raises(co.SchemaError, match="field 'from_node_id' of GMNS is missing"):
        co.read(tmp_path)


def test_points_that_run_against_the_link_are_turned(tmp_path: Path) -> None:
    line = '"LINESTRING (60 51, 60.2 50.5, 60 50)"'
    for flag, first in (("-1", (60.0, 50.0)), ("1", (60.0, 51.0)), ("0", (60.0, 51.0))):
        net = gmns(tmp_path, f"7,1,2,false,{flag},120,trunk,road,,{line}\n")
        assert net.tables.shape("links", 0).coords[0] == first
    projected = gmns(
        tmp_path,
        '7,1,2,n,,120,trunk,road,,"LINESTRING (6679169 6446276, 6700000 6500000, 6679169 6621294)"\n',
        "long_length,crs\nkm,EPSG:3857\n",
    )
    assert projected.tables.shape("links", 0).coords[0] == pytest.approx((60, 50), abs=1e-4)


# files as other software writes them


@pytest.mark.parametrize("crs", [None, "EPSG:4326", {"properties": None}, {"type": "name", "properties": {}}])
def test_geojson_as_other_software_writes_it(line: co.Network, tmp_path: Path, crs: object) -> None:
    text = json.loads(line.write(tmp_path / "net.geojson").read_text())
    text["crs"] = crs
    for feature in text["features"]:
        if feature["geometry"]["type"] == "Point":
            feature["geometry"] = {"type": "MultiPoint", "coordinates": [feature["geometry"]["coordinates"]]}
        feature["properties"] |= {"fid": 1, "fid_2": 3, "layer": "x", "path": "/home/x.gpkg|layer=x"}
    (tmp_path / "other.geojson").write_bytes(b"\xef\xbb\xbf" + json.dumps(text).encode())
    again = co.read(tmp_path / "other.geojson")
    pd.testing.assert_frame_equal(again.tables["links"], line.tables["links"])
    pd.testing.assert_frame_equal(again.tables["places"], line.tables["places"])


def test_null_geometry_is_named_by_its_row(line: co.Network, tmp_path: Path) -> None:
    text = json.loads(line.write(tmp_path / "net.geojson").read_text())
    for feature in text["features"]:
        if feature["geometry"]["type"] == "LineString":
            feature["geometry"] = None
    (tmp_path / "lines.geojson").write_text(json.dumps(text))
    assert len(co.read(tmp_path / "lines.geojson").links) == 4
    text["features"][-1]["geometry"] = None
    (tmp_path / "lines.geojson").write_text(json.dumps(text))
    with pytest.raises(co.SchemaError, match="column 'geometry': a place needs a point"):
        co.read(tmp_path / "lines.geojson")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1251"])
def test_encodings_are_read_or_named(line: co.Network, tmp_path: Path, encoding: str) -> None:
    line.write(tmp_path)
    file = tmp_path / "places.csv"
    text = file.read_text(encoding="utf8").replace("town", "town", 1).replace(",A,", ",Тараз,", 1)
    file.write_bytes(text.encode(encoding))
    if encoding in ("cp1251", "utf-16-le"):
        match = r"places.csv' cannot be read as CSV.*(line 2\).*such as cp1251|unknown|is missing)|missing"
        with pytest.raises(co.CorridorsError, match=match):
            co.read(tmp_path)
        return
    assert "Тараз" in set(co.read(tmp_path).places["name"]) | set(co.read(tmp_path).places["note"])


def test_toml_in_other_encodings(net: co.Network, tmp_path: Path) -> None:
    text = 'title = "T"\nstory = "s"\n[[steps]]\nbuild = ["uap-kabul"]\n'
    for encoding in ("utf-8-sig", "utf-16"):
        (tmp_path / "s.toml").write_bytes(text.encode(encoding))
        assert co.Scenario.read(tmp_path / "s.toml").title == "T"
        (tmp_path / "p.toml").write_bytes('"border/torkham/road/hours" = 12\n'.encode(encoding))
        assert (
            net.with_parameters(tmp_path / "p.toml").parameters.loc["border/torkham/PK/exit/road/hours", "value"] == 12
        )
    (tmp_path / "s.toml").write_bytes("title = 'Тараз'".encode("cp1251"))
    with pytest.raises(co.DataFileError, match=r"s.toml' cannot be read as TOML in UTF-8: byte 9 \(line 1\).*cp1251"):
        co.Scenario.read(tmp_path / "s.toml")


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_folder_of_any_name(line: co.Network, tmp_path: Path, name: str) -> None:
    path = path_of(name, tmp_path / "a!b?c #1 é%20")
    assert list(co.read(line.write(path, format=name), format=name).places.index) == list(POSITIONS)


def test_control_characters_are_refused_where_they_would_not_come_back(tmp_path: Path) -> None:
    places = [place(i, *at, note="a\x0bb") for i, at in POSITIONS.items()]
    net = make(places, [link("a", "b", "rail", 100)], parameters=PARAMETERS[:2], commodities=COMMODITIES[:1])
    for name in FORMATS:
        path = path_of(name, tmp_path / name)
        if name in ("graphml", "xlsx"):
            with pytest.raises(co.InputError, match=r"places.note=.*has no such character"):
                net.write(path, format=name)
            assert not path.exists()
        else:
            assert set(co.read(net.write(path, format=name), format=name).places["note"]) == {"a\x0bb"}


def test_a_geopackage_shows_what_is_stated_of_links(line: co.Network, tmp_path: Path) -> None:
    told = {"id": "s", "kind": "section", "subject": "a--b", "mode": "rail", "attribute": "capacity", "value": 12}
    rows = pd.DataFrame([{**told, "unit": "pairs/day", "status": "official", "source": "s", "confidence": "A"}])
    net = co.Network.from_tables(**{**line.tables.frames, "attributes": rows})
    path = net.write(tmp_path / "net.gpkg")
    stated = pyogrio.read_dataframe(path, layer="corridors_links_stated").set_index("id")
    assert stated[["capacity", "capacity_unit"]].to_dict("index") == {
        "a--b:rail-1520": {"capacity": 12, "capacity_unit": "pairs/day"}
    }
    assert len(stated.geometry.iloc[0].coords) == 2
    assert co.read(path).attributes.equals(net.attributes)
    # a network of which nothing is stated has no such layer, and none of before is left
    line.write(path)
    assert "corridors_links_stated" not in pyogrio.list_layers(path)[:, 0]


def test_lines_are_put_together_from_their_points_in_any_order() -> None:
    points = pd.DataFrame({"id": list("abab"), "method": "traced", "lat": [1.0, 2, 3, 4], "lon": [5.0, 6, 7, 8]})
    found = lines_of(points)
    assert {ident: list(line.coords) for ident, (line, _) in found.items()} == {
        "a": [(5, 1), (7, 3)],
        "b": [(6, 2), (8, 4)],
    }
    assert lines_of(points.head(0)) == {}
    with pytest.raises(co.CorridorsError, match="'b' has one point; a line has two or more"):
        lines_of(points.head(3))
