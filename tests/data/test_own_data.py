"""A network of one's own: the template to start from, the documented schema, and the page that leads through it."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from click.testing import CliRunner

import corridors as co
from corridors.cli.main import main
from corridors.data import schema

ROOT = Path(__file__).parents[2]


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(main, words)
    assert done.exit_code == code, done.output
    return done.output


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"docs_{name}", ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_schema_page_is_up_to_date() -> None:
    page = script("schema").schema_page()
    assert (ROOT / "docs" / "schema.md").read_text(encoding="utf8") == page
    for name, columns in schema.all_tables().items():
        assert f"\n## {name}\n" in page
        assert all(f"\n| `{column}` | " in page for column in columns)


@pytest.mark.parametrize("name", ["mine", "mine.xlsx", "mine.gpkg"])
def test_the_template_routes_at_once(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert "try: corridors route Termez Mazar-i-Sharif" in run("init", str(path))
    assert "border   Galaba" in run("route", "Termez", "Mazar-i-Sharif", "--data", str(path))
    assert "0 errors, 0 warnings" in run("check", "--data", str(path))
    net = co.read(path)
    assert net.route("Termez", "Gur-e-Mar", modes="rail", cargo="wagon").km == 93
    # nothing that would put the user's own tables under the licence of OpenStreetMap
    assert not any("osm" in cell for table in ("places", "links") for cell in net.tables[table]["source"])
    assert not net.tables.alignments
    assert "is there already" in run("init", str(path), code=2)


def test_conversion_says_what_is_left_out(tmp_path: Path) -> None:
    run("init", str(tmp_path / "mine"))
    assert "left out" not in run("convert", str(tmp_path / "mine"), str(tmp_path / "mine.xlsx"))
    shown = run("convert", str(tmp_path / "mine.xlsx"), str(tmp_path / "gmns"), "--format", "gmns")
    assert "left out, for the format cannot hold it: services and terminals" in shown
    assert (tmp_path / "gmns" / "node.csv").is_file()
    assert "unknown ending" in run("convert", str(tmp_path / "mine"), str(tmp_path / "mine.shp"), code=2)


def blocks() -> list[tuple[str, str]]:
    text = (ROOT / "docs" / "own-data.md").read_text(encoding="utf8")
    return re.findall(r"```(\w+)\n(.*?)```", text, flags=re.DOTALL)


def shown(code: str, scope: dict[str, object]) -> str:
    """Run Python lines and give what the last one shows, as a notebook would."""
    *lines, last = re.split(r"\n(?=\S)", code.rstrip())
    exec("\n".join(lines), scope)  # noqa: S102 - the page's own code
    try:
        expression = compile(last, "own-data.md", "eval")
    except SyntaxError:
        exec(last, scope)  # noqa: S102 - the page's own code
        return ""
    result = eval(expression, scope)  # noqa: S307 - the page's own code
    return result.round(1).to_string() if isinstance(result, pd.DataFrame) else repr(result)


def test_the_page_on_own_data_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    scope: dict[str, object] = {}
    found = blocks()
    checked = 0
    for (kind, code), (after, text) in zip(found, [*found[1:], ("", "")], strict=True):
        expected = [line.rstrip() for line in text.rstrip().splitlines()] if after == "text" else None
        output = ""
        if kind == "sh":
            for line in code.splitlines():
                failing = expected is not None and expected[0].startswith("Error")
                output = run(*line.split()[1:], code=int(failing))
        elif kind == "python":
            output = shown(code, scope)
        if expected is not None:
            assert [line.rstrip() for line in output.rstrip().splitlines()] == expected
            checked += 1
    assert checked == 7
    assert (tmp_path / "both-gmns" / "link.csv").is_file()
