"""The site: its pages lead somewhere and are all reached, their code runs, and the reference has every public name."""

from __future__ import annotations

import doctest
import inspect
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import corridors as co

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [
    *sorted(DOCS.rglob("*.md")),
    ROOT / "CHANGELOG.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "data" / "geo" / "NOTES.md",
]
FOLDERS = ("concepts", "how-to", "reference")
RUN = [DOCS / "start.md", DOCS / "tour.md", *(page for name in FOLDERS for page in sorted(DOCS.glob(f"{name}/*.md")))]
REFERENCE = "".join(path.read_text(encoding="utf8") for path in sorted(DOCS.glob("reference/*.md")))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf8")


def without_code(text: str) -> str:
    return re.sub(r"(?m)^(`{3,}).*?^\1", "", text, flags=re.DOTALL)


@cache
def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", without_code(text_of(page)), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head).strip().lower().replace(" ", "-") for head in heads}


def toctrees(page: Path) -> Iterator[Path]:
    """Pages that the lists of contents of a page name."""
    for block in re.findall(r"```\{toctree\}\n(.*?)```", text_of(page), flags=re.DOTALL):
        for entry in re.findall(r"^(?!:)(\S+)$", block, flags=re.MULTILINE):
            target = Path(os.path.normpath(page.parent / entry))
            yield from target.parent.glob(f"{target.name}.md")
            yield from target.parent.glob(f"{target.name}.ipynb")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    text = without_code(text_of(page))
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), link
        assert not anchor or target.suffix != ".md" or anchor in anchors(target), link
    for link in re.findall(r"^:(?:link|img-top): (\S+)$", text, flags=re.MULTILINE):
        assert list((page.parent / link).parent.glob(f"{Path(link).name}*")), link


def test_every_page_and_notebook_is_reached_once() -> None:
    listed = [target.resolve() for page in PAGES for target in toctrees(page)]
    wanted = {*PAGES, *ROOT.glob("notebooks/*.ipynb")} - {DOCS / "index.md"}
    assert {name_of(path) for path in wanted} == {name_of(path) for path in listed}
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("page", RUN, ids=name_of)
def test_code_of_the_pages_runs_as_shown(page: Path) -> None:
    test = doctest.DocTestParser().get_doctest(text_of(page), {}, page.name, str(page), 0)
    assert doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test).failed == 0
    assert test.examples or page.name == "index.md" or page.parent.name == "reference"


def test_reference_has_every_public_name() -> None:
    named = set(re.findall(r":: corridors\.([\w.]+)", REFERENCE))
    modules = {name for name in co.__all__ if inspect.ismodule(getattr(co, name))} - {"measures"}
    assert set(co.__all__) - modules - {"measures"} == {name for name in named if "." not in name}
    for name in named:
        thing: Any = co
        for part in name.split("."):
            thing = getattr(thing, part)
    assert modules <= {name.split(".")[0] for name in named if "." in name}
    for module in modules:
        public = set(getattr(getattr(co, module), "__all__", ()))
        shown = {name.split(".")[1] for name in named if name.startswith(f"{module}.")} | set(co.__all__)
        assert {name for name in public if inspect.isfunction(getattr(getattr(co, module), name))} <= shown


def explained() -> dict[str, tuple[Any, str]]:
    """Public functions, and public methods with their classes; one that stands at several places once."""
    found: dict[int, tuple[str, Any, str]] = {}
    for path in sorted(set(re.findall(r":: corridors\.([\w.]+)", REFERENCE))):
        thing: Any = co
        for part in path.split("."):
            thing = getattr(thing, part)
        if inspect.isfunction(thing):
            found.setdefault(id(thing), (path, thing, ""))
        elif inspect.isclass(thing):
            for method in (name for name in dir(thing) if not name.startswith("_")):
                held = inspect.getattr_static(thing, method)
                function = getattr(held, "__func__", held)
                if inspect.isfunction(function) and function.__module__.startswith("corridors"):
                    owner = function.__qualname__.split(".")[0]
                    found.setdefault(id(function), (f"{path}.{method}", function, owner))
    return {path: (function, owner) for path, function, owner in found.values()}


EXPLAINED = explained()
VERBS = {
    *("Ask", "Compare", "Count", "Divide", "Download", "Draw", "Find", "Join", "List", "Load", "Look"),
    *("Make", "Measure", "Put", "Rank", "Read", "Route", "Run", "Set", "Split", "Take", "Write"),
}
"""First words of docstrings that say what is done and not what is returned."""


def test_there_are_functions_to_look_at() -> None:
    assert len(EXPLAINED) > 200
    assert {"Network.graph", "Network.connect", "Network.merge", "Route.distribution"} <= set(EXPLAINED)


@pytest.mark.parametrize("path", EXPLAINED)
def test_docstrings_have_their_sections(path: str) -> None:
    """What a function takes, returns and raises has its section.

    A method that returns another object of its class has no Returns, nor has a docstring whose first line is what is
    returned ("Table of ...", "Days to ...").
    """
    function, owner = EXPLAINED[path]
    text, signature = inspect.getdoc(function) or "", inspect.signature(function)
    taken = set(signature.parameters) - {"self", "cls"}
    assert not taken or "Parameters\n------" in text
    returned = str(signature.return_annotation)
    if returned not in ("None", owner) and text.split()[0] in VERBS:
        assert re.search(r"(Returns|Yields)\n---", text)
    body = inspect.getsource(function).rpartition('"""')[2]
    if re.search(r"^\s+raise \w+Error", body, flags=re.MULTILINE):
        assert "Raises\n------" in text


def examples_of_classes() -> dict[str, str]:
    """The code that stands over each class on its page of the reference."""
    found = {}
    for page in sorted(DOCS.glob("reference/*.md")):
        for head, section in re.findall(r"^## (.+)\n((?:(?!^## ).*\n?)*)", text_of(page), flags=re.MULTILINE):
            found[head] = "\n".join(re.findall(r"^(?:>>>|\.\.\.) (.+)$", section, flags=re.MULTILINE))
    return found


EXAMPLES = examples_of_classes()


@pytest.mark.parametrize("path", EXPLAINED)
def test_what_is_public_has_an_example(path: str) -> None:
    """In its docstring, or a method in the code over its class in the reference."""
    code = EXAMPLES.get(path.split(".", maxsplit=1)[0], "")
    name = path.rpartition(".")[2]
    assert ">>> " in (inspect.getdoc(EXPLAINED[path][0]) or "") or re.search(rf"\.{name}\(", code)


@pytest.mark.parametrize("name", [name for name in co.__all__ if inspect.isclass(getattr(co, name))])
def test_a_class_has_an_example(name: str) -> None:
    thing = getattr(co, name)
    if issubclass(thing, Exception):
        assert EXAMPLES["How to meet them"]
    else:
        assert EXAMPLES.get(name) or ">>> " in (inspect.getdoc(thing) or "")


def test_modules_of_the_reference_are_modules() -> None:
    assert all(isinstance(getattr(co, name), ModuleType) for name in ("plot", "osm", "formats", "schema", "metrics"))
