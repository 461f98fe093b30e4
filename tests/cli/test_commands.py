"""Every command once, in process: what it shows is what the library says."""

from __future__ import annotations

import json
import shlex
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import click
import pandas as pd
import pytest
from click.testing import CliRunner

import corridors as co
from corridors.cli.main import TOPICS, main

TOWNS = "--town KZ=Kostanay:3,Astana:1 --town UZ=Tashkent --town RU=Iletsk --town AF=Kabul:3,Mazar-i-Sharif:1"

SHOWN = {
    "route Алматы کابل": "Almaty - Kabul: container, least generalized, reference",
    'route "Kabul, Afghanistan" almaty --commodity flour': "Kabul - Almaty: container",
    "route Kabul Hairatan --season winter": "reference in winter",
    "route Almaty Karachi --at 2026-11 --open AF-PK": "reference at 2026-11, AF-PK open",
    "route Almaty Karachi --build uap-kabul/long --modes rail": "uap-kabul/long",
    "route Almaty Karachi --build border-closed": "AF-PK closed",
    "route Almaty Karachi --draws 50": "Single trips (p05 / p50 / p95 of 50 draws): ",
    "route Almaty Karachi --by cost=1,hours=0.5": "least 1 cost + 0.5 hours",
    "matrix --from Алматы --to کراچی --measure distance --modes rail": "karachi",
    "matrix --from Almaty --to Karachi --draws 20": "p95",
    "compare base uap-kabul --from Almaty --to Karachi --closed none --draws 0": "Container at ",
    "quote Almaty Karachi --cargo truck --departure 2026-12-01 --draws 50": "Karachi",
    "scenarios": "Kabul corridor",
    "landed flour Кабул --scenario uap-kabul --year 2024 --draws 0": "Wheat flour at Kabul (AF, kabul)",
    "split Tashkent Kabul --cargo truck --ways 2 --draws 0": "Tashkent - Kabul: 2 ways",
    "split Tashkent Kabul --cargo truck --ways 2 --draws 0 --per crossing": "galaba-hairatan",
    f"flows --commodity flour --period 2024 --statistic press {TOWNS}": "2,537,000 t of 2,537,000 t a year",
    "appraise uap-kabul --flow Tashkent:Lahore:3e6 --commodity flour --cargo wagon --draws 0": "tonnes",
    "places": "Karachi",
    "places Алматы": "Almaty",
    "places 43.25,76.95": "almaty",
    "places --country Kazakhstan --kind port": "Aktau",
    "projects --country Kyrgyzstan": "cku",
    "schema": "commodities",
    "schema links": "length_km",
    "validate distances": "within 2 %",
}
"""Lines as they are typed, and what their answer holds."""


def run(line: str, code: int = 0) -> str:
    done = CliRunner().invoke(main, shlex.split(line), prog_name="corridors")
    assert done.exit_code == code, done.output
    return done.output


@pytest.mark.parametrize("line", SHOWN)
def test_commands_answer(line: str) -> None:
    assert SHOWN[line] in run(line)


def test_no_command_is_left_out_of_the_tests() -> None:
    elsewhere = {"report", "map", "explore", "check", "init", "convert", "data", "plan"}
    tried = {line.split()[0] for line in SHOWN}
    assert tried | elsewhere == {command.name for commands in TOPICS.values() for command in commands}


@pytest.mark.parametrize("count", ["", "-k 2", "-k 9"])
def test_json_of_routes_has_one_shape_for_any_number(count: str, net: co.Network) -> None:
    found = json.loads(run(f"route Almaty Karachi --cargo truck --format json {count}"))
    assert isinstance(found, list)
    best = net.route("Almaty", "Karachi", cargo="truck")
    assert found[0]["hours"] == pytest.approx(best.hours)
    assert all({"km", "hours", "legs", "border_state"} <= route.keys() for route in found)


def test_draws_stand_beside_the_totals(net: co.Network) -> None:
    (found,) = json.loads(run("route Almaty Karachi --draws 50 --seed 3 --format json"))
    hours = net.route("Almaty", "Karachi").distribution(draws=50, seed=3)
    assert [found[f"hours_p{point:02d}"] for point in (5, 50, 95)] == [hours.percentile(p) for p in (5, 50, 95)]
    assert "cost_usd_t_p95" in found


def test_json_has_null_for_what_is_unknown(net: co.Network) -> None:
    def no_constant(name: str) -> object:
        raise AssertionError(name)

    rows = json.loads(run("matrix --from Almaty --to Gwadar --modes rail --format json"), parse_constant=no_constant)
    assert rows == [{"origin": "almaty", "destination": "gwadar", "hours": None}]
    assert json.loads(run("projects --format json"), parse_constant=no_constant)[0]["id"] in net.projects.index


def test_the_ending_of_a_file_is_its_form(tmp_path: Path) -> None:
    pair = "matrix --from Almaty --from Astana --to Karachi --measure cost"
    for target in ("a.csv", "a.json", "a.txt"):
        assert run(f"{pair} --out {tmp_path / target}") == f"wrote {tmp_path / target}\n"
    rows = pd.read_csv(tmp_path / "a.csv")
    records = json.loads((tmp_path / "a.json").read_text(encoding="utf8"))
    assert rows["origin"].tolist() == [row["origin"] for row in records] == ["almaty", "astana"]
    assert rows["cost_usd_t"].tolist() == pytest.approx([row["cost_usd_t"] for row in records])
    assert (tmp_path / "a.txt").read_text(encoding="utf8").startswith("destination  karachi")
    assert run(f"{pair} --format csv") == (tmp_path / "a.csv").read_text(encoding="utf8")


def test_a_point_is_joined_to_the_network(net: co.Network) -> None:
    rows = pd.read_csv(StringIO(run("route 43.25,76.95 Kabul --cargo truck --format csv")))
    near = net.route("Almaty", "Kabul", cargo="truck")
    assert rows["from_id"].iloc[0] == "point-43-25-76-95"
    assert rows["km"].sum() == pytest.approx(near.km, abs=20)
    assert "--max-km 870 joins the point" in run("route 30,30 Kabul", code=2)
    assert "Latitude comes first: 43.25, 76.95 is" in run("route 76.95,43.25 Kabul", code=2)


def test_a_town_is_joined_to_the_network() -> None:
    assert "--connect 'Isfana' --max-km 194 joins it" in run("route Isfana Kabul", code=2)
    assert "Razzakov - Kabul" in run("route Isfana Kabul --connect Isfana --max-km 200 --cargo truck")


def test_compare_as_records(net: co.Network) -> None:
    pair = "--from Almaty --to Karachi --modes rail --closed none --draws 0 --commodity flour"
    rows = json.loads(run(f"compare uap-kabul {pair} --format json"))
    found = co.headline(net, ["uap-kabul"], ["Almaty"], ["Karachi"], closed=None, modes="rail", commodity="flour")
    assert [row["days"] for row in rows] == pytest.approx(found.table()["days"].tolist())


def test_validation_and_check_as_records() -> None:
    rows = json.loads(run("validate distances --format json"))
    assert len(rows) == len(co.validate.distances(co.load()).table())
    assert {"from_id", "published_km", "error_pct"} <= rows[0].keys()
    assert json.loads(run("check --format json")) == []
    assert {row["level"] for row in json.loads(run("check --all --format json"))} == {"explained", "information"}


def test_flows_of_a_file(tmp_path: Path, net: co.Network) -> None:
    pairs, limits = tmp_path / "pairs.csv", tmp_path / "limits.csv"
    pairs.write_text("origin,destination,tonnes\nКостанай,کابل,1000\nAstana,Kabul,500\n", encoding="utf8")
    limits.write_text("kind,id,value,unit\ncrossing,galaba-hairatan,600,t/year\n", encoding="utf8")
    asked = f"flows {pairs} --commodity flour --cargo wagon"
    found = co.carry(net, {("Kostanay", "Kabul"): 1000, ("Astana", "Kabul"): 500}, commodity="flour", cargo="wagon")
    assert json.loads(run(f"{asked} --format json")) == found.crossings.round(10).to_dict("records")
    layer = json.loads(run(f"{asked} --what links --format geojson"))
    assert {feature["geometry"]["type"] for feature in layer["features"]} == {"LineString"}
    assert "900 t exceed a capacity (--what not-carried)." in run(f"{asked} --capacities {limits}")
    lost = pd.read_csv(StringIO(run(f"{asked} --capacities {limits} --what not-carried --format csv")))
    assert lost["tonnes"].sum() == pytest.approx(900)


def test_a_plan_of_a_file(tmp_path: Path, net: co.Network) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("origin,destination,tonnes\nTashkent,Karachi,1000000\n", encoding="utf8")
    asked = f"plan {pairs} uap-naibabad-kharlachi kharlachi-kohat --cargo wagon --modes rail --draws 0 --budget 9000"
    options = {"cargo": "wagon", "modes": {"rail"}, "draws": 0}
    lines, flows = ["uap-naibabad-kharlachi", "kharlachi-kohat"], {("Tashkent", "Karachi"): 1_000_000}
    found = co.plan(net, lines, flows, budget=8000, costs={"kharlachi-kohat": (600, 700)}, **options)
    rows = json.loads(run(f"{asked} --budget 8000 --cost kharlachi-kohat=600-700 --format json"))
    assert [row["benefit_musd"] for row in rows] == pytest.approx(found.table()["benefit_musd"].tolist())
    assert [row["built"] for row in rows] == found.table().index.tolist()
    assert "(2036)" in run(f"{asked} --years 2027-2046 --what order --cost uap-naibabad-kharlachi=3500")
    assert "such as 2027-2046" in run(f"{asked} --years soon", code=2)
    assert "such as khaf-herat=100-300" in run(f"{asked} --cost kharlachi-kohat=dear", code=2)


def test_own_prices_of_a_supplier(net: co.Network) -> None:
    rows = json.loads(run("landed flour Kabul --price KZ=250 --lift pk-wheat-flour-export-ban --draws 0 --format json"))
    found = co.landed(
        net, "flour", market="Kabul", prices={"KZ": 250}, lift="pk-wheat-flour-export-ban", draws=0
    ).table()
    assert [row["landed_usd_t"] for row in rows] == pytest.approx(found["landed_usd_t"].tolist(), nan_ok=True)
    assert "banned" not in {row["status"] for row in rows}


def test_pictures_and_pages(tmp_path: Path) -> None:
    drawing, page = tmp_path / "ways.svg", tmp_path / "map.html"
    small = co.write_template(tmp_path / "small")
    pair = f'--route Termez Mazar-i-Sharif --data {small} --title "By lorry"'
    assert run(f"map {drawing} {pair} --cargo truck --width-cm 6") == f"wrote {drawing}\n"
    assert ElementTree.parse(drawing).getroot().tag.endswith("svg")  # noqa: S314 - our own file
    assert run(f"explore {page} {pair}") == f"wrote {page}\n"
    assert "<title>By lorry" in page.read_text(encoding="utf8")


def test_scenarios_take_the_place_of_projects(tmp_path: Path) -> None:
    own = tmp_path / "mine.toml"
    own.write_text('title = "Mine"\n[[steps]]\nclose = ["AF-PK"]\n', encoding="utf8")
    assert "AF-PK closed" in run(f"route Almaty Kabul --build {own} --build uap-kabul")
    assert "Near matches: uap-kabul." in run("route Almaty Kabul --build uap-kabool", code=2)


def test_a_report_that_cannot_be_written_is_refused_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "cannot be written" in run(f"report --out {tmp_path / 'file' / 'report'}", code=2)


def test_report_takes_the_options_of_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}

    def written(folder: Path, **options: object) -> Path:
        asked.update(options)
        return folder / "index.html"

    monkeypatch.setattr("corridors.report.write_report", written)
    out = tmp_path / "new"
    line = f"report uap-kabul --cargo wagon --at 2026-11 --from Алматы --from 43.25,76.95 --to Karachi --out {out}"
    assert run(line) == f"wrote {out / 'index.html'}\n"
    assert not out.exists()
    assert asked["cargo"] == ("wagon",)
    assert asked["origins"] == ("Алматы", "point-43-25-76-95")
    assert asked["net"].view.date == "2026-11"  # type: ignore[attr-defined]
    assert "point-43-25-76-95" in asked["net"].places.index  # type: ignore[attr-defined]


def commands() -> list[tuple[str, click.Command]]:
    """Every command with its path."""
    found = []
    for command in (command for commands in TOPICS.values() for command in commands):
        inner = command.commands.items() if isinstance(command, click.Group) else ()
        found += [(str(command.name), command), *((f"{command.name} {name}", one) for name, one in inner)]
    return found
