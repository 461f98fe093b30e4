"""Time every tool on every network and write `results/*.csv`: `python -m benchmarks.run [--quick]`, by `make bench`.

Each tool runs in a process of its own with one thread, one after the other.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks import machine, networks
from benchmarks.rivals import TOOLS
from benchmarks.tasks import TASKS

RESULTS = Path(__file__).parent / "results"

BUDGET_S, QUICK_S = 2.0, 0.5
"""What a task may take per tool before it is run in part."""

LONGEST_S = 900
"""A process that takes longer is stopped."""

THREADS = dict.fromkeys((f"{library}_NUM_THREADS" for library in ("OMP", "OPENBLAS", "MKL", "NUMBA", "RAYON")), "1")
QUIET = {"AEQ_SHOW_PROGRESS": "FALSE"}

SCALING = ("scipy", "igraph", "pyroutingkit", "corridors")
"""Tools whose growth with size is shown."""

WORLD = ("scipy", "networkx", "igraph", "routingkit-cch", "pyroutingkit", "corridors")
"""Tools on the largest network; the others need minutes for one matrix, or for a new weight."""

BOXES = [name for name in networks.BOXES if name.startswith("box")]


def plan(quick: bool) -> list[tuple[str, str, list[str]]]:
    """List network, tool and tasks of every process, scipy first: it works out the right answers."""
    found = []
    for network in ("reference", "region", *(() if quick else ("world", *BOXES))):
        names = WORLD if network == "world" else SCALING if network in BOXES else TOOLS
        for name in names:
            tasks = ["matrix", "parameters"] if network in BOXES else ["route", *(t for t in TASKS if t != "both")]
            if TOOLS[name].batched and network not in BOXES:
                tasks += ["both", *(["columns"] if network == "region" else [])]
            found.append((network, name, tasks))
    return found


def main() -> None:
    """Time, write the results, and say what was left out."""
    parser = argparse.ArgumentParser(description="Time this package and its rivals.")
    parser.add_argument("--quick", action="store_true", help="leave out the world and the growth with size")
    parser.add_argument("--network", action="append", help="only this network; may be repeated")
    parser.add_argument("--tool", action="append", help="only this tool; may be repeated")
    given = parser.parse_args()
    found: dict[str, list[dict[str, Any]]] = {"build": [], "tasks": []}
    with tempfile.TemporaryDirectory() as folder:
        for network, name, tasks in plan(given.quick):
            if (given.network and network not in given.network) or (given.tool and name not in given.tool):
                continue
            print(f"{network}: {name}", flush=True)
            if missing := TOOLS[name].missing():
                print(f"  left out: {missing}")
                continue
            for kind, rows in measured(network, name, tasks, folder, QUICK_S if given.quick else BUDGET_S).items():
                found[kind] += rows
    for kind, keys in (("build", ["network", "tool"]), ("tasks", ["network", "tool", "task"])):
        keep(kind, pd.DataFrame(found[kind]), keys)
    sizes = [size(name) for name in ("reference", *networks.BOXES) if name in set(pd.DataFrame(found["build"])["network"])]
    keep("networks", pd.DataFrame(sizes), ["network"])
    machine.write(RESULTS / "machine.csv")


def measured(network: str, name: str, tasks: list[str], folder: str, budget_s: float) -> dict[str, list[dict[str, Any]]]:
    """Run one process; give its rows, or one that says why there are none."""
    command = [sys.executable, "-m", "benchmarks.measure", network, name, folder, str(budget_s), *tasks]
    environment = {**os.environ, **THREADS, **QUIET}
    try:
        subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=LONGEST_S)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        said = error.stderr.strip().splitlines()[-1:] if isinstance(error.stderr, str) else []
        reason = said[0] if said else f"stopped after {LONGEST_S} s, or crashed"
        print(f"  failed: {reason}")
        return {"tasks": [{"network": network, "tool": name, "task": task, "problem": reason} for task in tasks]}
    report = json.loads((Path(folder) / f"{network} {name}.json").read_text())
    for row in report["tasks"]:
        if row["problem"]:
            print(f"  {row['task']}: {row['problem']}")
    return {"build": [report["build"]], "tasks": report["tasks"]}


def size(name: str) -> dict[str, Any]:
    """Give the size of a network."""
    net = networks.get(name)
    counts = {"nodes": net.nodes, "edges": net.edges, "parameters": net.incidence.shape[1]}
    return {"network": name, **counts, "projects": len(net.projects), "removals": len(net.removals)}


def keep(name: str, rows: pd.DataFrame, keys: list[str]) -> None:
    """Write rows to the results; rows of what was not run this time stay as they are."""
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{name}.csv"
    if file.exists() and len(rows):
        before = pd.read_csv(file, keep_default_na=False, na_values=[""])
        new = pd.MultiIndex.from_frame(rows[keys])
        rows = pd.concat([before[~pd.MultiIndex.from_frame(before[keys]).isin(new)], rows])
    if len(rows):
        rows.to_csv(file, index=False, float_format="%.6g")


if __name__ == "__main__":
    main()
