"""Run the notebooks and write them back with their outputs: `make notebooks`, or `execute.py NOTEBOOK ...` for some.

What differs from run to run and from machine to machine is left out (times, versions, names of objects beside a
picture), so that two runs of the same code and data write the same file.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode

FOLDER = Path(__file__).parent
# a progress bar is for who waits, not for who reads
ENVIRONMENT = {**os.environ, "TQDM_DISABLE": "1"}
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def execute(notebook: NotebookNode, kernel: KernelManager | None = None) -> None:
    """Run a notebook in place, from the first cell to the last, and tidy it.

    A kernel that is given is emptied of names before; modules stay loaded, which is half the time of a short notebook.
    """
    resources = {"metadata": {"path": str(FOLDER)}}
    client = NotebookClient(notebook, km=kernel, timeout=300, coalesce_streams=True, resources=resources)
    notebook.cells.insert(0, nbformat.v4.new_code_cell("%reset -f"))
    client.execute(env=ENVIRONMENT)
    if kernel is not None:
        client.kc.stop_channels()
    del notebook.cells[0]
    tidy(notebook)


def start() -> KernelManager:
    """Start a kernel for several notebooks."""
    kernel = KernelManager(kernel_name="python3")
    kernel.start_kernel(cwd=str(FOLDER), env=ENVIRONMENT)
    return kernel


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
