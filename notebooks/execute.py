"""Run the notebooks and write them back with their outputs: `make notebooks`, or `execute.py NOTEBOOK ...` for some.

What differs from run to run and from machine to machine is left out (times, versions, names of objects beside a
picture), so that two runs of the same code and data write the same file.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

FOLDER = Path(__file__).parent
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def execute(notebook: NotebookNode, folder: Path = FOLDER) -> None:
    """Run a notebook in place, from the first cell to the last, and tidy it."""
    client = NotebookClient(notebook, timeout=300, coalesce_streams=True, resources={"metadata": {"path": str(folder)}})
    client.execute(env={**os.environ, "TQDM_DISABLE": "1"})  # a progress bar is for who waits, not for who reads
    tidy(notebook)


def tidy(notebook: NotebookNode) -> None:
    """Leave what a reader sees: sources, outputs, and counts from one."""
    notebook.metadata = nbformat.from_dict(METADATA)
    count = 0
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02d}"
        cell.metadata = NotebookNode()
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
            cell.outputs = [_tidy_output(output, count) for output in cell.outputs]


def _tidy_output(output: NotebookNode, count: int) -> NotebookNode:
    if "execution_count" in output:
        output.execution_count = count
    if {"image/jpeg", "image/png"} & set(output.get("data", {})):
        output.data.pop("text/plain", None)
    return output


def main(names: list[str]) -> None:
    """Run the named notebooks, or all."""
    for path in map(Path, names) if names else sorted(FOLDER.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        execute(notebook)
        nbformat.write(notebook, path)
        print(f"{path.name}: {len(notebook.cells)} cells, {path.stat().st_size / 1000:,.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
