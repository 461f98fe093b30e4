"""Help, the page of commands, and completion."""

from __future__ import annotations

import importlib.util
import re
import shlex
import tomllib
from pathlib import Path
from types import ModuleType

import click
import pytest
from click.shell_completion import BashComplete, FishComplete, ZshComplete
from click.testing import CliRunner
from test_commands import commands

from corridors.cli.main import main
from corridors.cli.running import Command

ROOT = Path(__file__).parents[2]
UNIT = re.compile(r"\bkm\b|USD|per cent|0 to 1|\bcm\b|columns|scenarios|folder|GeoPackage|hours")
"""What the help of a command has at least one of: a unit, or what it makes where it has no figures."""


def page() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_commands", ROOT / "docs" / "commands.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_command_that_is_installed_is_this_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"]
    module, _, name = project["scripts"]["corridors"].partition(":")
    assert getattr(importlib.import_module(module), name) is main


def test_the_page_of_commands_is_up_to_date() -> None:
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf8") == page().commands_page()


def test_every_command_and_option_is_on_the_page() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf8")
    for path, command in commands():
        assert f"\n### corridors {path}\n" in text
        for param in command.params:
            if isinstance(param, click.Option):
                assert all(re.search(rf"`[^`]*{flag}\b", text) for flag in param.opts), (path, param.opts)


@pytest.mark.parametrize(("path", "command"), commands(), ids=[path for path, _ in commands()])
def test_help_has_units_and_examples(path: str, command: click.Command) -> None:
    done = CliRunner().invoke(main, [*path.split(), "--help"], prog_name="corridors")
    assert done.exit_code == 0
    assert UNIT.search(done.output)
    assert f"corridors {path} " in done.output
    if isinstance(command, Command):
        assert command.examples
        assert all(f"  {example}\n" in done.output for example in command.examples)
        for option in command.params:
            assert isinstance(option, click.Argument) or option.help, option.name


@pytest.mark.parametrize(("path", "command"), commands(), ids=[path for path, _ in commands()])
def test_examples_are_lines_that_the_command_takes(path: str, command: click.Command, tmp_path: Path,
                                                   monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pairs.csv").touch()
    for example in getattr(command, "examples", ()):
        words = shlex.split(example)
        assert words[: 1 + len(path.split())] == ["corridors", *path.split()]
        # options and arguments are parsed, nothing is run
        command.make_context(path, words[1 + len(path.split()) :])


@pytest.mark.parametrize(
    ("typed", "begun", "expected"),
    [
        ([], "ma", ["matrix", "map"]),
        (["route"], "alma", ["almaty"]),
        (["route", "almaty"], "kara", ["karachi", "karakalpakstan"]),
        (["route", "almaty", "karachi"], "--min", ["--min-rail-share"]),
        (["route", "almaty", "karachi", "--build"], "uap-k", ["uap-kabul", "uap-kabul/long"]),
        (["route", "almaty", "karachi", "--close"], "af-p", ["AF-PK"]),
        (["route", "almaty", "karachi", "--cargo"], "w", ["wagon"]),
        (["landed"], "flo", ["flour"]),
        (["matrix", "--to"], "south", ["south-asian-markets", "south-asian-ports"]),
        (["compare"], "ml-1-", ["ml-1-karachi-rohri"]),
        (["places", "--country"], "k", ["KG", "KZ"]),
        (["validate"], "", ["claims", "distances", "prices", "times", "trade"]),
    ],
)
def test_the_shell_completes_names(typed: list[str], begun: str, expected: list[str]) -> None:
    found = BashComplete(main, {}, "corridors", "_CORRIDORS_COMPLETE").get_completions(typed, begun)
    assert set(expected) <= {item.value for item in found}
    assert all(item.value.casefold().startswith(begun) for item in found)


def test_the_shell_looks_for_files_of_scenarios() -> None:
    shell = BashComplete(main, {}, "corridors", "_CORRIDORS_COMPLETE")
    assert [(item.type, item.value) for item in shell.get_completions(["compare"], "./mi")] == [("file", "./mi")]


def test_the_help_of_all_has_every_command_and_examples() -> None:
    shown = CliRunner().invoke(main, ["--help"]).output
    assert all(f"\n  {path} " in shown for path, _ in commands() if " " not in path)
    assert "\n  corridors route Almaty Karachi --cargo wagon\n" in shown


def test_scripts_of_completion_are_those_of_the_page() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf8")
    for shell in (BashComplete, ZshComplete, FishComplete):
        assert f"_CORRIDORS_COMPLETE={shell.name}_source corridors" in text
        script = shell(main, {}, "corridors", "_CORRIDORS_COMPLETE").source_template
        assert "%(complete_func)s" in script
