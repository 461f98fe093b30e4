"""What cannot be used is one sentence in the words of the shell, with exit code 2 and no traceback."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

import corridors as co
from corridors.cli.main import main

PYTHON = re.compile(r"\b(?:net|co)\.\w|usd_t_h|\w\(\)|max_km|towns=|None|Traceback|InputError")
"""Words of the library that no message on the command line has."""

WRONG = {
    "route Almaty": "Missing argument 'DESTINATION'",
    "rote Almaty Karachi": "No such command 'rote'",
    "route Almaty Karachi --comodity flour": "--commodity",
    "route Almatty Karachi": "no place 'Almatty' in this network. Near matches: Almaty (KZ, almaty)",
    "route Алматыы Karachi": "no place 'Алматыы'",
    "route Almaty Almaty": "DESTINATION 'Almaty' is not possible: origin and destination are both",
    "route Jalalabad Karachi": "'Jalalabad' may be any of Jalal-Abad (KG, jalal-abad), Jalalabad (AF, jalalabad)",
    "route 43.25,200 Karachi": "Those are no degrees of latitude and longitude.",
    "route Almaty Karachi --via Atlantis": "no place 'Atlantis'",
    "route Almaty Karachi --by hour": "--by 'hour' is not possible: one of generalized, hours",
    "route Almaty Karachi --by cost=x": "'cost=x' is no weight",
    "route Almaty Karachi --by cost=-1": "--by -1.0 is not possible: weights are not negative.",
    "route Almaty Karachi --vot -3": "--vot -3.0 is not possible: a value of time is zero or more.",
    "route Almaty Karachi --vot nan": "--vot nan is not possible",
    "route Almaty Karachi --vot x": "Invalid value for '--vot'",
    "route Almaty Karachi --min-rail-share 2": "--min-rail-share 2.0 is not possible",
    "route Almaty Karachi --avoid Irann": "'Irann'",
    "route Almaty Karachi --modes railway": "'railway' is not one of 'rail', 'road', 'sea'",
    "route Almaty Karachi --cargo boat": "'boat' is not one of 'wagon', 'container', 'truck'",
    "route Almaty Karachi --commodity flower": "no commodity 'flower' in this network. Near matches: flour",
    "route Almaty Karachi --commodity sulphur --cargo truck": "--cargo 'truck' is not possible",
    "route Almaty Karachi --season wintr": "Near matches: winter.",
    "route Almaty Karachi --at 2026-13": "--at '2026-13' is not possible",
    "route Almaty Karachi --build uap-kabool": "'corridors projects' and 'corridors scenarios' list them all.",
    "route Almaty Karachi --build uap-kabul/lng": "Near matches: long.",
    "route Almaty Karachi --build none.toml": "'none.toml' cannot be read",
    "route Almaty Karachi --close KZ-PK": "No crossing joins the countries 'KZ-PK'",
    "route Almaty Karachi --open uap-kabul": "no crossing",
    "route Almaty Karachi --connect Isfana": "more than --max-km 50",
    "route Almaty Karachi --connect Isfana --max-km -1": "--max-km -1.0 is not possible",
    "route Almaty Karachi -k 0": "Invalid value for '-k'",
    "route Almaty Karachi -k 2 --dissimilarity 3": "-k and --dissimilarity 2, 3.0 is not possible",
    "route Almaty Karachi --draws -1": "Invalid value for '--draws'",
    "route Almaty Karachi --draws 10 --format csv": "--draws belongs to totals",
    "route Almaty Karachi --format yaml": "Invalid value for '--format'",
    "route Almaty Karachi --data nowhere": "no folder 'nowhere'",
    "route Almaty Karachi --out file/x.json": "'file/x.json' cannot be written",
    "quote Almaty Karachi --departure never": "--departure 'never' is not possible",
    "quote Almaty Karachi --currency KZT": "--fx",
    "matrix --from kazakstan": "Near matches: kazakhstan",
    "matrix --measure hour": "Invalid value for '--measure'",
    "compare": "Missing argument 'SCENARIOS...'",
    "compare uap-kabool": "'corridors scenarios' lists them all.",
    "compare uap-kabul --weights nothing.csv": "--weights 'nothing.csv' is not possible",
    "compare uap-kabul --closed war=XX-YY --draws 0": "No crossing joins the countries 'XX-YY'",
    "compare uap-kabul --transit ZZ --draws 0": "no country 'ZZ'",
    "compare none.toml": "'none.toml' cannot be read",
    "report --cargo ship": "'ship' is not one of",
    "report --out file/report": "cannot be written",
    "landed flower Kabul": "no commodity 'flower'",
    "landed flour Kabool": "Kabul (AF, kabul)",
    "landed flour Kabul --price x": "--price 'x' is not possible",
    "landed flour Kabul --lift x --draws 0": "no duty 'x'",
    "landed flour Kabul --year x": "Invalid value for '--year'",
    "split Tashkent Kabul": "--commodity (not given) is not possible",
    "split Tashkent Kabul --commodity flour --scale -1": "--scale -1.0 is not possible",
    "split Tashkent Kabul --commodity flour --ways 0": "Invalid value for '--ways'",
    "split Tashkent Kabul --commodity flour --dissimilarity 2": "--dissimilarity",
    "flows nofile.csv": "File 'nofile.csv' does not exist",
    "flows mine.csv": "FILE x is not possible: a column 'origin'.",
    "flows broken.csv": "'broken.csv' cannot be read as CSV",
    "flows pairs.csv --town AF=Kabul:x": "--town 'AF=Kabul:x' is not possible",
    "flows pairs.csv --format geojson": "--format geojson belongs to --what links",
    "flows pairs.csv --empty-share -1": "--empty-share -1.0 is not possible",
    "flows pairs.csv --train-net-t 0": "--train-net-t 0.0 is not possible",
    "flows pairs.csv --capacities mine.csv": "--capacities x is not possible: a column 'kind'.",
    "flows pairs.csv --period 2024": "--period '2024' is not possible: the rows have no column period.",
    "flows --commodity flour": "--period (not given) is not possible: rows of several years are never added",
    "flows --commodity flour --period 2022": "with --town KZ=PLACE:WEIGHT,PLACE:WEIGHT.",
    "flows --commodity flower": "--commodity 'flower' is not possible: rows have flour",
    "map x.bmp": "TARGET 'x.bmp' is not possible: a file that ends in .png, .pdf, .svg.",
    "map x.png --width-cm 1": "--width-cm 1.0 is not possible",
    "map x.png --route Almaty Atlantis": "no place 'Atlantis'",
    "map x.png --route Almaty": "requires 2 arguments",
    "explore x.html --scenario nope": "no scenario 'nope'",
    "explore x.html --via Kabul": "--via is not possible: these are for pairs of places",
    "places --country Narnia": "no country 'Narnia' in this network. There are ",
    "places --kind prot": "Near matches: port.",
    "places ''": "NAME '' is not possible",
    "places Almatty": "no town or place 'Almatty' in the gazetteer. Near matches: Almaty (KZ)",
    "projects --country Narnia": "'Narnia'",
    "schema link": "no table 'link' in this network. Near matches: links",
    "check --data nowhere": "no folder 'nowhere'",
    "init file/net": "'file/net' cannot be written",
    "convert nowhere x.gpkg": "no folder 'nowhere'",
    "convert reference x.foo": "'x.foo' has an unknown ending",
    "validate tims": "No such command 'tims'",
    "validate distances mine.csv": "missing: from_id, to_id, published_km.",
    "validate distances none.csv": "no file 'none.csv'",
    "validate times mine.csv": "missing: from_id",
    "validate prices mine.csv": "missing: from_id",
    "validate trade mine.csv": "missing: kind",
    "validate claims mine.csv": "missing: id",
}
"""Lines as they are typed, and what the answer says."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    here = tmp_path_factory.mktemp("typed")
    (here / "file").touch()
    (here / "mine.csv").write_text("x\n1\n", encoding="utf8")
    (here / "broken.csv").write_bytes(b"origin,destination,tonnes\n\xff\xfe,b,1\n")
    (here / "pairs.csv").write_text("origin,destination,tonnes,commodity\nKostanay,Kabul,1,flour\n", encoding="utf8")
    return here


@pytest.mark.parametrize("line", WRONG)
def test_wrong_input_is_one_sentence(line: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(main, shlex.split(line), prog_name="corridors")
    assert done.exit_code == 2, done.output
    assert isinstance(done.exception, SystemExit)
    told = [text for text in done.output.splitlines() if text.startswith("Error: ")]
    assert len(told) == 1, done.output
    assert done.output.splitlines()[-1] == told[0]
    assert WRONG[line] in told[0]
    assert not PYTHON.search(told[0]), told[0]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("route Almaty Gwadar --modes rail", "no route from Almaty (KZ, almaty) to Gwadar"),
        ("split Almaty Gwadar --cargo wagon --modes rail", "no route from"),
    ],
)
def test_no_way_is_an_answer_and_no_wrong_input(line: str, text: str) -> None:
    done = CliRunner().invoke(main, shlex.split(line))
    assert done.exit_code == 1
    assert text in done.output


def test_letters_that_a_stream_does_not_have_make_no_traceback(tmp_path: Path) -> None:
    """Help shows question marks; an answer is refused, and can be written into a file; messages have the code."""
    windows = CliRunner(charset="cp1252")
    done = windows.invoke(main, ["route", "--help"])
    assert done.exit_code == 0
    assert "corridors route ?????? " in done.output
    net = co.Network.from_tables(
        **{
            name: frame.replace("Termez", "Термез")
            for name, frame in co.read(co.write_template(tmp_path / "a")).tables.frames.items()
        }
    ).write(tmp_path / "b")
    line = ["route", "Термез", "Mazar-i-Sharif", "--data", str(net)]
    done = windows.invoke(main, line)
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    assert r"Error: '\u0422' cannot be written in " in done.output
    assert windows.invoke(main, [*line, "--out", str(tmp_path / "c.txt")]).exit_code == 0
    assert (tmp_path / "c.txt").read_text(encoding="utf8").startswith("Термез - Mazar-i-Sharif")


def test_warnings_are_in_the_words_of_the_shell() -> None:
    for date in ("2010", "2027-03"):
        done = CliRunner().invoke(main, ["route", "Termez", "Kabul", "--at", date])
        assert done.exit_code == 0
        assert done.stderr.startswith("warning: ")
        assert not PYTHON.search(done.stderr), done.stderr
