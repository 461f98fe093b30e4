"""The command line, as a user types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import corridors as co
from corridors.cli.main import main
from support.networks import link, make, place


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(main, words)
    assert done.exit_code == code, done.output
    return done.output


def test_route_as_table() -> None:
    shown = run("route", "Almaty", "Karachi", "--cargo", "truck")
    assert "Almaty - Karachi: truck, least generalized" in shown
    assert "border" in shown


def test_route_as_json_csv_and_geojson() -> None:
    (found,) = json.loads(run("route", "Tashkent", "Karachi", "--format", "json", "--cargo", "truck"))
    assert sum(leg["hours"] for leg in found["legs"]) == pytest.approx(found["hours"])
    lines = run("route", "Tashkent", "Karachi", "--format", "csv", "-k", "2").splitlines()
    assert lines[0].startswith("kind,from_id,to_id,mode,gauge_mm,country,id,km,hours,cost_usd_t")
    assert {line.rsplit(",", 1)[1] for line in lines[1:]} == {"1", "2"}
    layer = json.loads(run("route", "Tashkent", "Karachi", "--format", "geojson"))
    assert {f["geometry"]["type"] for f in layer["features"]} >= {"LineString", "Point"}


def test_alternatives_pass_the_places_asked_for() -> None:
    found = json.loads(run("route", "Almaty", "Karachi", "--via", "Kabul", "-k", "2", "--format", "json"))
    assert len(found) == 2
    ways = co.load().alternatives("Almaty", "Karachi", 2, via="Kabul")
    assert [way["km"] for way in found] == pytest.approx([way.km for way in ways])
    assert all("kabul" in way.places for way in ways)


def test_route_with_changes() -> None:
    shown = run("route", "Tashkent", "Karachi", "--modes", "rail", "--build", "uap-kabul", "--by", "hours")
    assert "uap-kabul" in shown
    assert "1520-1676" in shown
    shut = run("route", "Tashkent", "Karachi", "--cargo", "truck", "--close", "AF-PK", "--avoid", "CN")
    assert "IR" in shut
    assert "AF-PK" not in shut.replace("AF-PK closed", "")
    assert "warning: uap-kabul crosses the border at kharlachi" in run(
        "route", "Tashkent", "Karachi", "--at", "2026-11", "--build", "uap-kabul"
    )


def test_charter() -> None:
    shown = run("route", "Karachi", "Chabahar", "--modes", "sea", "--charter")
    assert "sea charter" in shown
    assert "667 km" in shown


def test_errors_are_plain_lines() -> None:
    assert "Error: no place 'Almatty' in this network. Near matches: Almaty (KZ, almaty)" in run(
        "route", "Almatty", "Karachi", code=2
    )
    assert "Error: no route" in run("route", "Almaty", "Gwadar", "--modes", "rail", code=1)
    assert "Error: no folder" in run("route", "a", "b", "--data", "nowhere", code=2)


def test_check_schema_and_validate(tmp_path: Path) -> None:
    assert "0 errors, 0 warnings" in run("check")
    assert "length_km" in run("schema", "links")
    assert "no table 'link'" in run("schema", "link", code=2)
    assert "within 2 %" in run("validate", "distances")
    file = tmp_path / "mine.csv"
    file.write_text("from_id,to_id,published_km\nalmaty,atlantis,5\nalmaty,lugovaya,426\n")
    assert "1 of 2 within 2 % (50%)" in run("validate", "distances", str(file))
    file.write_text("from_id,to_id,published_km,mode\nkarachi,jebel-ali,1361,sea\nkabul,herat,9,road\n")
    text = run("validate", "distances", str(file), "--mode", "road")
    assert "1 of 1 within 5 % (100%)" in text
    assert "impossible, below the great circle: Kabul - Herat" in text
    file.write_text(
        "kind,from_id,to_id,commodity,cargo,value,tolerance,year\ngap,mazar-i-sharif,kabul,flour,truck,27,20,2021\n"
    )
    assert "mazar-i-sharif-kabul" in run("validate", "trade", str(file), "--draws", "20")
    file.write_text("from,to\n")
    assert "missing: from_id, to_id, published_km" in run("validate", "distances", str(file), code=2)


def test_check_fails_on_bad_data(tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text("id,name\na,A\n")
    (tmp_path / "links.csv").write_text("id\n")
    assert "column 'country' is missing" in run("check", "--data", str(tmp_path), code=1)


def command(*words: str, encoding: str = "utf-8", out: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
    start = "from corridors.cli.main import main; main(prog_name='corridors')"
    variables = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONWARNINGS": "ignore"}
    return subprocess.Popen([sys.executable, "-c", start, *words], stdout=out, stderr=subprocess.PIPE, env=variables)


@pytest.fixture
def cyrillic(tmp_path: Path) -> str:
    places = [place("a", "KZ", 50, 60, name="Тараз"), place("b", "KZ", 51, 60, name="Шахта")]
    return str(make(places, [link("a", "b", "road", 120)]).write(tmp_path / "net"))


def test_a_closed_pipe_and_a_full_disk_end_without_a_traceback(cyrillic: str) -> None:
    words = ("route", "Тараз", "Шахта", "--data", cyrillic, "--cargo", "truck")
    running = command(*words)
    assert running.stdout is not None
    running.stdout.close()
    assert running.wait(timeout=300) == 1
    assert running.stderr is not None
    assert running.stderr.read() == b""
    running.stderr.close()
    with Path("/dev/full").open("wb") as full:
        _, err = command(*words, out=full.fileno()).communicate(timeout=300)
    assert err == b"Error: No space left on device: output\n"


def test_targets_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for words in (
        ("convert", "reference", "/proc/nowhere/net.gpkg"),
        ("convert", "reference", str(tmp_path / "file" / "net.geojson")),
        ("init", "/proc/nowhere/net"),
    ):
        shown = run(*words, code=2)
        assert shown.startswith("Error: '")
        assert "cannot be written: " in shown


PAIR = ("--from", "Almaty", "--to", "Karachi", "--draws", "0")


def test_compare_takes_the_options_of_a_question() -> None:
    shown = run("compare", "uap-kabul", *PAIR, "--commodity", "flour", "--modes", "rail", "--closed", "none")
    assert shown.startswith("Container at 0.398 USD/t a day, wheat flour; 1 pair; normal operation.")
    assert "all modes" not in shown
    assert "closed" not in shown
    shut = run("compare", "uap-kabul", *PAIR, "--vot", "2", "--closed", "war=AF-PK,IR", "--closed", "IR")
    assert "at 48 USD/t a day;" in shut
    assert "war: none of these gains anything" in shut
    assert "IR closed: uap-kabul, rail only, 1 pair joined anew" in shut


def test_compare_takes_weights_of_a_file(tmp_path: Path) -> None:
    ends = ("--from", "Almaty", "--from", "Astana", "--to", "Karachi", "--draws", "0", "--closed", "none")
    tonnes = tmp_path / "tonnes.csv"
    tonnes.write_text("origin,destination,tonnes\nAlmaty,Karachi,1\nAstana,Karachi,0\n")
    places = tmp_path / "places.csv"
    places.write_text("place,weight\nAlmaty,5\nAstana,0\n")
    by_file = [run("compare", "uap-kabul", *ends, "--weights", str(file)) for file in (tonnes, places)]
    assert by_file[0] == by_file[1] != run("compare", "uap-kabul", *ends)
    assert "Error: --weights 'nothing.csv'" in run("compare", "uap-kabul", *ends, "--weights", "nothing.csv", code=2)
    tonnes.write_text("origin,destination,tonnes\nAlmaty,Karachi,-1\nAstana,Karachi,0\n")
    assert "'Almaty' to 'Karachi' has -1" in run("compare", "uap-kabul", *ends, "--weights", str(tonnes), code=2)


def test_compare_at_a_date_says_its_state() -> None:
    shown = run("compare", "uap-kabul", *PAIR, "--at", "2026-11", "--closed", "none")
    assert "; closed: AF-PK" in shown
    assert "rail only, closed: AF-PK" in shown
    assert "open:" not in shown


@pytest.mark.slow
def test_report_without_draws(tmp_path: Path) -> None:
    words = ("--cargo", "container", "--closed", "none", "--commodity", "flour", "--out", str(tmp_path))
    assert "index.html" in run("report", "uap-kabul", *PAIR, *words)
    page = (tmp_path / "index.html").read_text(encoding="utf8")
    assert "Container at 0.398 USD/t a day, wheat flour; 1 pair; normal operation." in page
    assert "band" not in page[page.index('<section id="answer">') : page.index("</ol>")]
    assert ">nan<" not in page
