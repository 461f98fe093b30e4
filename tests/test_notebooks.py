"""Every notebook runs from the first cell to the last, is committed as it runs, and says what it computes."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbformat import NotebookNode

FOLDER = Path(__file__).parents[1] / "notebooks"
sys.path.insert(0, str(FOLDER))

import execute  # noqa: E402  # a script beside the notebooks

ANSWER = "**The answer.**"
MOST_BYTES = 600_000


def notebooks() -> list[Path]:
    return sorted(FOLDER.glob("*.ipynb"))


def texts(cell: NotebookNode) -> list[str]:
    """What a cell prints or shows, pictures left out."""
    return [
        output.text if output.output_type == "stream" else output.data.get("text/plain", "") for output in cell.outputs
    ]


def code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def kernel() -> Iterator[KernelManager]:
    started = execute.start()
    yield started
    started.shutdown_kernel(now=True)


@pytest.mark.parametrize("path", notebooks(), ids=lambda p: p.stem)
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_notebook_runs_and_says_what_it_computes(path: Path, kernel: KernelManager) -> None:
    committed = nbformat.read(path, as_version=4)
    fresh = nbformat.read(path, as_version=4)
    execute.execute(fresh, kernel)
    for old, new in zip(code(committed), code(fresh), strict=True):
        assert texts(old) == texts(new), "committed outputs are out of date: run `make notebooks`"
    outputs = "\n".join(text for cell in code(fresh) for text in texts(cell))
    numbers = re.findall(r"\d+(?:[.,]\d+)*", fresh.cells[-1].source)
    known = set(re.findall(r"\d+(?:[.,]\d+)*", outputs))
    assert [n for n in numbers if n not in known] == [], "the answer quotes figures that the notebook does not show"


@pytest.mark.parametrize("path", notebooks(), ids=lambda p: p.stem)
def test_notebook_is_fit_to_be_read(path: Path) -> None:
    assert path.stat().st_size < MOST_BYTES
    notebook = nbformat.read(path, as_version=4)
    first, last = notebook.cells[0], notebook.cells[-1]
    assert first.cell_type == last.cell_type == "markdown"
    assert first.source.startswith("# ")
    assert "?" in first.source, "a notebook opens with its question"
    assert last.source.startswith(ANSWER)
    for cell in code(notebook):
        assert len(cell.source.splitlines()) <= 25
        for output in cell.outputs:
            assert output.output_type in ("execute_result", "display_data", "stream")
            assert output.get("name", "stdout") == "stdout", "a warning or a progress bar is in the outputs"
    shown = "\n".join(text for cell in code(notebook) for text in texts(cell))
    assert not re.search(r"Traceback|Warning|object at 0x|<Figure|/home/|/tmp/|/work/", shown)


@pytest.mark.parametrize("path", notebooks(), ids=lambda p: p.stem)
def test_notebook_is_tidy(path: Path) -> None:
    committed = nbformat.read(path, as_version=4)
    tidied = nbformat.read(path, as_version=4)
    execute.tidy(tidied)
    assert committed == tidied, "written by hand or by Jupyter: run `make notebooks`"


def test_there_are_notebooks() -> None:
    assert notebooks()
