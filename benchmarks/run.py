"""Time every tool on every network and write `results/*.csv`: `python -m benchmarks.run [--quick]`, by `make bench`.

Each tool runs in a process of its own with one thread, one after the other. Results are kept after each of them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks import machine, networks
from benchmarks.keeping import RESULTS, keep, one_core, one_thread
from benchmarks.rivals import TOOLS
from benchmarks.tasks import SINGLE, TASKS, in_order

BUDGET_S, QUICK_S = 2.0, 0.5
"""What a task may take per tool before it is run in part."""

LONGEST_S = 900
"""A process that takes longer is stopped."""

SCALING = ("scipy", "igraph", "pyroutingkit", "corridors")
"""Tools whose growth with size is shown."""

WORLD = ("scipy", "networkx", "igraph", "routingkit-cch", "pyroutingkit", "corridors")
"""Tools on the largest network; the others need minutes for one matrix, or for a new weight."""

BOXES = [name for name in networks.BOXES if name.startswith("box")]


def main() -> None:
    """Time what is asked for, write the results as they come, and say what was left out."""
    parser = argparse.ArgumentParser(description="Time this package and its rivals.")
    parser.add_argument("--quick", action="store_true", help="less time per task, no world, no growth with size")
    parser.add_argument("--network", action="append", help="only this network; may be repeated")
    parser.add_argument("--tool", action="append", help="only this tool; may be repeated")
    given = parser.parse_args()
    one_core()
    with tempfile.TemporaryDirectory() as folder:
        for network in given.network or networks_of(quick=given.quick):
            ready(network, Path(folder))
            for name in tools_of(network):
                if not given.tool or name in given.tool:
                    time_tool(network, name, Path(folder), quick=given.quick)
    if not (given.network or given.tool):
        time_rest()


def networks_of(*, quick: bool) -> Sequence[str]:
    """List the networks of a run."""
    return ("reference", "region") if quick else ("reference", "region", "world", *BOXES)


def ready(network: str, folder: Path) -> None:
    """Make a network if it is not there, and its right answers, which all tools are compared with."""
    print(f"{network}: network and right answers", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    keep("networks", [size(network)], ["network"])
    command = [sys.executable, "-m", "benchmarks.measure", "right", network, str(folder)]
    subprocess.run(command, env=one_thread(), check=True)


def time_tool(network: str, name: str, folder: Path, *, quick: bool) -> None:
    """Time one tool on one network, whose right answers are in the folder, and keep what was found."""
    found = measured(network, name, str(folder), QUICK_S if quick else BUDGET_S)
    keep("build", [found["build"]] if "build" in found else [], ["network", "tool"])
    keep("tasks", found.get("tasks", []), ["network", "tool"])


def time_rest() -> None:
    """Time the floor of the processor, the package as a whole and its threads, and describe the machine."""
    for name in ("floor", "own", "cores"):
        print(name, flush=True)
        values(name)
    machine.write(RESULTS / "machine.csv")


def tools_of(network: str) -> Sequence[str]:
    """List the tools for a network, scipy first: it works out the right answers."""
    return WORLD if network == "world" else SCALING if network in BOXES else tuple(TOOLS)


def tasks_of(network: str, name: str) -> list[str]:
    """List the tasks of a tool on a network; draws of subsets and growth with draws are of this package only.

    networkx needs minutes for a single matrix of the world, which is timed on a part of its rows.
    """
    if network in BOXES:
        return ["matrix", "parameters"]
    if network == "world" and name == "networkx":
        return ["route", "matrix", "many"]
    found = in_order(task for task in (*SINGLE, *TASKS) if task != "both" or TOOLS[name].batched)
    return [*found, "columns"] if network == "region" and TOOLS[name].batched else found


def measured(network: str, name: str, folder: str, budget_s: float) -> dict[str, Any]:
    """Run one process and return what it found, or rows that say why there is nothing."""
    print(f"{network}: {name}", flush=True)
    if missing := TOOLS[name].missing():
        print(f"  left out: {missing}")
        return {}
    tasks = tasks_of(network, name)
    command = [sys.executable, "-m", "benchmarks.measure", network, name, folder, str(budget_s), *tasks]
    try:
        subprocess.run(command, env=one_thread(), capture_output=True, text=True, check=True, timeout=LONGEST_S)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        said = error.stderr.strip().splitlines()[-1:] if isinstance(error.stderr, str) else []
        reason = said[0] if said else f"stopped after {LONGEST_S} s, or crashed"
        print(f"  failed: {reason}")
        return {"tasks": [{"network": network, "tool": name, "task": task, "problem": reason} for task in tasks]}
    report: dict[str, Any] = json.loads((Path(folder) / f"{network} {name}.json").read_text())
    for row in report["tasks"]:
        if row["problem"]:
            print(f"  {row['task']}: {row['problem']}")
    return report


def values(name: str) -> None:
    """Run a module that prints names and values, and write these."""
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    done = subprocess.run(command, env=one_thread(), capture_output=True, text=True, check=True)
    rows = [line.split() for line in done.stdout.splitlines()]
    pd.DataFrame(rows, columns=["what", "value"]).to_csv(RESULTS / f"{name}.csv", index=False)


def size(name: str) -> dict[str, Any]:
    """The size of a network."""
    net = networks.get(name)
    counts = {"nodes": net.nodes, "edges": net.edges, "parameters": net.incidence.shape[1]}
    return {"network": name, **counts, "projects": len(net.projects), "removals": len(net.removals)}


if __name__ == "__main__":
    main()
