"""What is released: versions in one place, citation, description of the data, and the recipe."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

import corridors as co
from corridors.data import bundled, schema
from docs import datapackage

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))
EXTRAS = ("excel", "igraph", "osm", "parquet")
"""Extras that the lowest and the newest versions are tried with."""

CONDA_NAMES = {"matplotlib": "matplotlib-base"}


def read_yaml(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf8"))


def test_the_version_stands_in_one_place_and_the_others_follow() -> None:
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert read_yaml("CITATION.cff")["version"] == co.__version__
    assert read_yaml("recipe/recipe.yaml")["context"]["version"] == co.__version__
    first = re.search(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf8"), flags=re.MULTILINE)
    assert first
    assert first[1].endswith("(unreleased)") or first[1].startswith(co.__version__)


def test_the_citation_has_what_its_standard_asks_for() -> None:
    found = read_yaml("CITATION.cff")
    assert {"cff-version", "message", "title", "authors"} <= found.keys()
    assert found["cff-version"] == "1.2.0"
    assert found["title"] == f"corridors: {PROJECT['project']['description']}"
    assert found["license"] == co.cite().licence
    assert set(found["keywords"]) == set(PROJECT["project"]["keywords"])
    assert all(author.get("name") or author.get("family-names") for author in found["authors"])


def test_the_recipe_asks_for_the_packages_of_the_project() -> None:
    recipe = read_yaml("recipe/recipe.yaml")
    project = PROJECT["project"]
    wanted = [one.split(">=") for one in project["dependencies"]]
    expected = {f"{CONDA_NAMES.get(name, name)} >={least}" for name, least in wanted}
    assert set(recipe["requirements"]["run"]) == expected | {f"python {project['requires-python']}"}
    assert recipe["about"]["license"] == project["license"]
    assert set(recipe["about"]["license_file"]) == set(project["license-files"])
    assert recipe["build"]["python"]["entry_points"] == [f"corridors = {project['scripts']['corridors']}"]
    assert not [text for text in ("http:", "https:") if text in (ROOT / "recipe/recipe.yaml").read_text("utf8")]


def test_a_release_holds_what_it_is_built_and_cited_with() -> None:
    included = PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    assert all((ROOT / name).exists() for name in included)
    assert {"src", "data", "tests", "CITATION.cff", "CHANGELOG.md", "LICENSE", "LICENSE-DATA", "recipe"} <= set(
        included
    )


def test_the_description_of_the_data_is_current() -> None:
    assert datapackage.TARGET.read_text(encoding="utf8") == datapackage.text(), "run `make docs`"


def test_the_description_of_the_data_covers_every_table() -> None:
    found = datapackage.package()
    assert found["version"] == co.data_version() == co.load().data_version
    described = {one["path"] for one in found["resources"]}
    assert described == {path.name for path in bundled.folder().glob("*.csv")}
    links = next(one for one in found["resources"] if one["name"] == "links")
    fields = {one["name"]: one for one in links["schema"]["fields"]}
    assert list(fields) == list(schema.tables()["links"])
    assert fields["length_km"]["unit"] == "km"
    assert fields["length_km"]["constraints"] == {"required": True, "minimum": 0.0, "maximum": 100000.0}
    assert {"fields": "from_id", "reference": {"resource": "places", "fields": "id"}} in links["schema"]["foreignKeys"]
    names = {one["name"] for one in found["resources"]} | {""}
    for one in found["resources"]:
        assert {key["reference"]["resource"] for key in one["schema"].get("foreignKeys", [])} <= names


def test_the_version_of_own_data_follows_its_cells(net: co.Network, line: co.Network) -> None:
    assert net.close("AF-PK").in_season("winter").data_version == co.data_version()
    changed = net.with_parameters({"border/torkham/road/hours": 12}).data_version
    assert changed != co.data_version()
    assert changed == net.with_parameters({"border/torkham/road/hours": 12}).data_version
    assert changed != net.with_parameters({"border/torkham/road/hours": 13}).data_version
    assert line.data_version not in (co.data_version(), changed)


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
def test_the_versions_of_python_are_those_that_were_tried(version: str) -> None:
    assert f"Programming Language :: Python :: {version}" in PROJECT["project"]["classifiers"]


def test_the_way_from_a_figure_to_its_row_can_be_walked(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "dispute-a-number.md").read_text(encoding="utf8")
    scope: dict[str, Any] = {}
    for code in re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL):
        exec(code, scope)  # noqa: S102 - the page's own code
    shown = capsys.readouterr().out
    assert "border/torkham/AF/exit/road/hours" in shown
    assert "Tables: parameters: 1 row changed." in shown
    assert scope["slower"].route("Tashkent", "Karachi", cargo="truck").hours > scope["route"].hours


@pytest.mark.parametrize(
    ("changed", "compared"), [("data/geo/parameters.csv", True), ("data/geo/NOTES.md", False), ("README.md", False)]
)
def test_ci_compares_the_answers_where_a_table_has_changed(changed: str, compared: bool, tmp_path: Path) -> None:
    """The script of CI in a repository of two commits, with a `make` that says what it is asked for."""
    repository, programs = tmp_path / "repository", tmp_path / "programs"
    for path in (repository / ".ci" / "run", repository / changed, programs / "make", programs / "chromium"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('#!/bin/sh\necho "make $*"\n', encoding="utf8")
        path.chmod(0o755)
    shutil.copy(ROOT / ".ci" / "run", repository / ".ci" / "run")
    person = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")

    def git(*words: str) -> None:
        subprocess.run(["git", *person, *words], cwd=repository, check=True, capture_output=True)  # noqa: S607

    git("init")
    git("add", ".")
    git("commit", "--message", "first")
    (repository / changed).write_text("changed", encoding="utf8")
    git("commit", "--all", "--message", "second")
    surroundings = {name: value for name, value in os.environ.items() if name != "CI_BASE"}
    surroundings["PATH"] = f"{programs}{os.pathsep}{surroundings['PATH']}"
    run = subprocess.run(
        ["bash", ".ci/run"],  # noqa: S607 - found on the path, as by CI
        cwd=repository,
        env=surroundings,
        check=True,
        capture_output=True,
        text=True,
    )
    asked = [line for line in run.stdout.splitlines() if line.startswith("make")]
    assert asked == [*(["make data-diff OLD=HEAD^"] if compared else []), "make test"]


def test_ci_tries_the_lowest_and_the_newest_versions() -> None:
    words = re.findall(r"^test:\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf8"), flags=re.MULTILINE)[0].split()
    assert {"lowest", "newest"} <= set(words)
    lowest = dict(line.split("==") for line in (ROOT / "lowest.txt").read_text("utf8").splitlines() if "==" in line)
    optional = PROJECT["project"]["optional-dependencies"]
    tried = [*PROJECT["project"]["dependencies"], *(one for name in EXTRAS for one in optional[name])]
    least = {name.lower(): version for name, version in (one.split(">=") for one in tried)}
    found = {name.lower(): version for name, version in lowest.items()}
    assert found.keys() == least.keys()
    assert all(found[name].split(".")[: len(least[name].split("."))] == least[name].split(".") for name in least)
    assert least["pandas"].startswith("2.")


@pytest.mark.parametrize("form", ["wrong-number", "new-source", "bug"])
def test_forms_of_issues_ask_for_what_is_needed(form: str) -> None:
    found = read_yaml(f".github/ISSUE_TEMPLATE/{form}.yml")
    assert found["name"]
    assert found["description"]
    fields = [part for part in found["body"] if part["type"] != "markdown"]
    assert len({part["id"] for part in fields}) == len(fields) >= 4
    assert all(part["attributes"]["label"] for part in fields)
    assert sum(part.get("validations", {}).get("required", False) for part in fields) >= 3
