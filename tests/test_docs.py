"""The pages for developers: links and paths exist, and rooms, imports and functions are as they say."""

from __future__ import annotations

import re
from collections import defaultdict
from importlib import import_module
from pathlib import Path

import grimp
import pandas as pd
import pytest
import yaml

import corridors

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "corridors"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
DECISIONS = ROOT / "docs" / "decisions"
PAGES = [ARCHITECTURE, ROOT / "CONTRIBUTING.md", *sorted(DECISIONS.glob("*.md"))]
NO_ROOMS = {"vendor"}
PLACEHOLDER = "NAME"
PATH = re.compile(
    r"""(?<![\w./*-]) \.?[\w-]+ (?:/[\w.-]+)+ /? (?![\w*])               # with a slash
    | (?<![\w./-]) [\w-]+ \. (?:py|toml|md|csv|yaml) \b (?![\w/])""",  # a single file
    re.VERBOSE,
)
NO_PATHS = {"g/tkm", "mine.toml", "links.csv", "route.py"}
"""A unit, and files of a user, of a folder of tables, and of a sentence on what might have been."""

PARAMETER = re.compile(r"\b(?:border|line_haul)/")
"""Names of parameters look like paths."""


def without_code(text: str) -> str:
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def quoted(text: str) -> list[str]:
    """What stands in backticks, outside of blocks of code."""
    return re.findall(r"`([^`\n]+)`", without_code(text))


def paths(text: str) -> list[str]:
    return [
        path
        for part in quoted(text)
        if not PARAMETER.search(part)
        for path in PATH.findall(part)
        if PLACEHOLDER not in path and path not in NO_PATHS
    ]


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", without_code(page.read_text(encoding="utf8")), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head).strip().lower().replace(" ", "-") for head in heads}


def sections() -> dict[str, str]:
    parts = re.split(r"^## (.+)$", ARCHITECTURE.read_text(encoding="utf8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(section: str) -> list[list[str]]:
    """The rows of the tables of a section, heads and rules left out."""
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]
    return [row for row in cells if not set("".join(row)) <= set("-: |")]


def rooms() -> list[str]:
    return [row[0].strip("`") for row in rows(sections()["The seventeen rooms"])[1:]]


def imports() -> dict[str, set[str]]:
    """Find which rooms each room imports; annotations and imports inside functions count."""
    graph = grimp.build_graph("corridors", cache_dir=None)
    found: dict[str, set[str]] = defaultdict(set)
    for module in graph.modules - {"corridors"}:
        room = module.split(".")[1]
        for other in graph.find_modules_directly_imported_by(module) - {"corridors"}:
            found[room] |= {other.split(".")[1]} - {room}
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_relative_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text(encoding="utf8")))
    inside = [link for link in links if not link.startswith(("http://", "https://"))]
    for link in inside:
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_paths_exist(page: Path) -> None:
    found = paths(page.read_text(encoding="utf8"))
    assert found or page.name == "README.md"
    bases = (ROOT, PACKAGE, page.parent)
    assert [path for path in found if not any((base / path).exists() for base in bases)] == []


def test_what_counts_as_a_path() -> None:
    text = "`model/state.py`, `data/geo`, `border/torkham/road/hours`, `wide.py`, `NAME/x.py`\n```\n`a/b.py`\n```"
    assert paths(text) == ["model/state.py", "data/geo", "wide.py"]


def test_every_room_is_described() -> None:
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    files = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    assert set(rooms()) == (folders | files) - NO_ROOMS
    assert len(rooms()) == len(set(rooms()))


def test_every_room_names_its_own_files() -> None:
    for row in rows(sections()["The seventeen rooms"])[1:]:
        room = row[0].strip("`")
        assert quoted(row[2]), room
        assert all(path.startswith((f"{room}/", f"{room}.py")) for path in quoted(row[2])), room


def test_imports_between_rooms_are_those_listed() -> None:
    block = re.search(r"```text\n(.*?)```", sections()["Who may import whom"], flags=re.DOTALL)
    assert block is not None
    listed = [line.partition("->") for line in block[1].splitlines()]
    found = imports()
    shown = [f"{room:<11} -> {' '.join(sorted(found.get(room, ()))) or '(nothing)'}" for room in rooms()]
    assert [f"{room.strip():<11} -> {others.strip()}" for room, _, others in listed] == shown


def test_imports_run_down_and_both_lists_agree() -> None:
    order = rooms()
    block = re.search(r"```text\n(.*?)```", sections()["Who may import whom"], flags=re.DOTALL)
    assert block is not None
    listed = {}
    for line in block[1].splitlines():
        room, _, others = line.partition("->")
        listed[room.strip()] = set(others.split()) - {"(nothing)"}
    assert list(listed) == order
    for number, room in enumerate(order):
        assert listed[room] <= set(order[number + 1 :]), room
    for row in rows(sections()["The seventeen rooms"])[1:]:
        told = {name.strip() for name in row[3].split(",")} - {""} if len(row) > 3 else set()
        assert told == listed[row[0].strip("`")], row[0]


def walks() -> list[tuple[str, str]]:
    """Module and function of every numbered step of the walks."""
    steps = [row for name, part in sections().items() if name.startswith("The walk of") for row in rows(part)]
    return [(row[1].strip("`"), row[2].strip("`")) for row in steps if row[0].isdigit()]


@pytest.mark.parametrize(("path", "function"), sorted(set(walks())))
def test_functions_of_the_walks_are_where_they_are_said_to_be(path: str, function: str) -> None:
    module = "corridors." + path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    name, _, method = function.partition(".")
    thing = getattr(import_module(module), name, None)
    assert thing is not None, f"{path} has no {name}"
    assert thing.__module__ == module, "it is imported there, not defined"
    assert not method or callable(getattr(thing, method))


def test_decisions_have_one_form_and_stand_in_the_index() -> None:
    pages = sorted(DECISIONS.glob("[0-9]*.md"))
    index = (DECISIONS / "README.md").read_text(encoding="utf8")
    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    for page in pages:
        text = page.read_text(encoding="utf8")
        assert text.startswith(f"# {page.name[:4]} ")
        heads = re.findall(r"^## (.+)$", text, flags=re.MULTILINE)
        assert heads == ["Context", "Decision", "Consequences", "What would change our mind"]
        assert f"({page.name})" in index
        assert 25 <= len(text.splitlines()) <= 45, page.name


def test_hooks_are_local_and_call_the_tools_of_the_environment() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf8"))
    hooks = [hook for repo in config["repos"] for hook in repo["hooks"]]
    assert {repo["repo"] for repo in config["repos"]} == {"local"}
    assert {hook["language"] for hook in hooks} == {"system"}
    assert all(hook["entry"].startswith(".venv/bin/") for hook in hooks)


def test_scenario_of_the_contributing_page_reads(tmp_path: Path) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf8")
    block = re.search(r"```toml\n(.*?)```", text, flags=re.DOTALL)
    assert block is not None
    (tmp_path / "samarkand-guzar.toml").write_text(block[1], encoding="utf8")
    read = corridors.Scenario.read(tmp_path / "samarkand-guzar.toml")
    assert [str(step) for step in read.variant("long").steps] == [
        "build samarkand-guzar",
        "lengths {'samarkand-guzar': 170}",
    ]


def test_parameter_of_the_contributing_page_is_taken() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf8")
    row = next(line for line in text.splitlines() if line.startswith("border,hours"))
    net = corridors.load()
    columns = (ROOT / "data" / "geo" / "parameters.csv").read_text(encoding="utf8").splitlines()[0].split(",")
    own = dict(zip(columns, row.split(","), strict=True)) | {"source": "assumption"}
    changed = net.with_parameters(pd.concat([net.tables["parameters"], pd.DataFrame([own])], ignore_index=True))
    assert "border/ghulam-khan/PK/entry/road/hours" not in net.parameter_names
    assert changed.parameters.loc["border/ghulam-khan/PK/entry/road/hours", "value"] == 20
