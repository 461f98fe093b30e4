"""The face of the package and the form of its rooms."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import corridors as co

SOURCE = Path(co.__file__).parent
MODULES = sorted(path for path in SOURCE.rglob("*.py"))

PUBLIC = [
    "AfterDataWarning",
    "AmbiguousNameError",
    "Alternatives",
    "Appraisal",
    "Border",
    "Carried",
    "Citation",
    "Claims",
    "ClosedCrossingWarning",
    "Comparison",
    "CorridorsError",
    "CorridorsWarning",
    "Crowded",
    "DamagedHierarchiesWarning",
    "DataFileError",
    "Distribution",
    "Headline",
    "InputError",
    "Landed",
    "Location",
    "Logit",
    "LostWorkerWarning",
    "MemoryLimitError",
    "MergeError",
    "MissingPackageError",
    "Network",
    "NoRouteError",
    "Outlook",
    "ParameterError",
    "Plan",
    "Quote",
    "Reach",
    "Response",
    "Route",
    "Scenario",
    "ScenarioError",
    "SearchLimitError",
    "SchemaError",
    "Simulation",
    "SlowEngineWarning",
    "Split",
    "Timeline",
    "TooFarError",
    "UndatedLinksWarning",
    "UnknownNameError",
    "UnknownOptionError",
    "Utilisation",
    "Watershed",
    "appraise",
    "attribute",
    "break_even",
    "carry",
    "cite",
    "claims",
    "compare",
    "connectivity",
    "cpmm",
    "crowd",
    "data_version",
    "explore",
    "formats",
    "gazetteer",
    "geocode",
    "headline",
    "landed",
    "load",
    "measures",
    "metrics",
    "osm",
    "plan",
    "plot",
    "reach",
    "read",
    "read_tables",
    "redundancy",
    "respond",
    "robustness",
    "scenario",
    "scenarios",
    "schema",
    "shapley",
    "show_versions",
    "simulate",
    "split",
    "sweep",
    "timeline",
    "trace",
    "use_shares",
    "utilisation",
    "validate",
    "watershed",
    "write_tables",
    "write_template",
]


def test_public_names_are_those_of_the_list() -> None:
    assert sorted(co.__all__) == sorted(PUBLIC)


def test_completions_show_public_names_alone() -> None:
    assert dir(co) == sorted([*PUBLIC, "__version__"])


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_there_and_explained(name: str) -> None:
    assert inspect.getdoc(getattr(co, name))


def test_nothing_at_the_top_has_the_name_of_a_public_function() -> None:
    entries = {path.stem for path in SOURCE.iterdir()}
    functions = {name for name in co.__all__ if inspect.isfunction(getattr(co, name))}
    assert not entries & functions


def test_a_newcomer_sees_eighteen_entries() -> None:
    beside = {"__init__.py", "py.typed", "vendor", "__pycache__"}
    assert len([path for path in SOURCE.iterdir() if path.name not in beside]) <= 18


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_modules_are_of_a_size_to_be_read(path: Path) -> None:
    lines = path.read_text(encoding="utf8").splitlines()
    assert len(lines) <= 400
    if path.name not in ("__init__.py", "bundled.py"):  # where the bundled data lies is a thing of its own
        assert len(lines) >= 40


def test_inner_packages_hold_a_docstring_only() -> None:
    public = {"formats", "osm", "plot", "engine", "validate"}
    for path in SOURCE.rglob("__init__.py"):
        if path.parent != SOURCE and path.parent.name not in public | {"report"}:
            assert len(ast.parse(path.read_text(encoding="utf8")).body) == 1, path


def test_no_docstring_begins_with_give() -> None:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                assert not (ast.get_docstring(node) or "").startswith("Give "), f"{path.name}: {node.name}"


def test_drawing_and_slow_packages_are_not_loaded_with_the_package() -> None:
    slow = ("matplotlib", "scipy.sparse", "scipy.spatial", "scipy.optimize", "numba", "osmnx", "jinja2")
    code = f"import networkx, geopandas, sys; import corridors; print([m for m in {slow} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_lowest_versions_are_those_that_are_permitted() -> None:
    root = SOURCE.parents[1]
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [
        *project["dependencies"],
        *(one for name in ("osm", "excel", "parquet", "igraph") for one in extras[name]),
    ]
    bounds = {name.lower(): version for name, version in (one.split(">=") for one in wanted)}
    lines = (root / "lowest.txt").read_text(encoding="utf8").splitlines()
    pinned = {name.lower(): version for name, version in (line.split("==") for line in lines if "==" in line)}
    assert pinned.keys() == bounds.keys()
    for name, version in bounds.items():
        assert (pinned[name] + ".0").startswith(version + "."), name
