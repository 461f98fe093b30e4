"""Timing of one tool on one network, in a process of its own, which `benchmarks.run` starts.

Times are of the processor, not of the clock on the wall: with one thread they are what a quiet machine's clock would
show, and other work on the machine does not count.
"""

from __future__ import annotations

import gc
import importlib
import json
import math
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks import networks
from benchmarks.networks import Net
from benchmarks.osm import Floats
from benchmarks.rivals import TOOLS
from benchmarks.tasks import TASKS, difference, right
from benchmarks.tools import Tool

REPEATS = 3, 7
"""Least and most repeats of a task that fits the budget."""

SHORT_S = 0.02
"""What takes less is run in a loop."""

COLUMNS = (16, 64, 256, 1024, 4096, 16384)
"""Numbers of draws by which growth with draws is measured."""

TOLERANCE = 0.005
"""Hours (USD per tonne on the reference network) by which an answer may be off; whole units of 0.1 s add up to less."""


@dataclass(frozen=True)
class Row:
    """One line of the results.

    Attributes
    ----------
    seconds
        Median processor time of the whole task, multiplied up if it was run in part.
    least_s, wall_s
        The least of the repeats, and the median by the clock on the wall.
    share
        Part of the task that was run.
    difference, compared
        Greatest difference from the right answer, and the number of distances compared.
    problem
        Why the time does not count.
    load
        Processes that wanted the processor, from the operating system's average over a minute.
    """

    network: str
    tool: str
    task: str
    seconds: float = math.nan
    least_s: float = math.nan
    wall_s: float = math.nan
    share: float = 1.0
    repeats: int = 0
    difference: float = 0.0
    compared: int = 0
    problem: str = ""
    load: float = 0.0


@dataclass(frozen=True)
class Timed:
    """Processor seconds, seconds of the clock, and the answer."""

    seconds: float
    wall_s: float
    answer: Any = None


def main(network: str, name: str, folder: str, budget_s: str, *tasks: str) -> None:
    """Build a tool on a network, run tasks, and write what was found to a file.

    Parameters
    ----------
    network, name
        Network and tool.
    folder
        Where right answers are kept between tools, and where the results go.
    budget_s
        What a task may take: it is repeated within this time, or run in part where it would take longer.
    tasks
        Names of `TASKS`, of `SINGLE`, or `columns`, in the order of `in_order`.
    """
    out, kind, net = Path(folder), TOOLS[name], networks.get(network)
    with np.load(answers_file(network, out)) as file:
        answers = dict(file)
    tool, built = build(kind, net)
    rows = []
    for task in tasks:
        rows += ask(task, tool, net, answers, float(budget_s))
    rows = [replace(row, network=network, tool=name, load=os.getloadavg()[0]) for row in rows]
    facts = {"network": network, "tool": name, "version": kind.version(), **built}
    (out / f"{network} {name}.json").write_text(json.dumps({"build": facts, "tasks": [asdict(row) for row in rows]}))


def answers_file(network: str, folder: Path) -> Path:
    """The file of the right answers; they are worked out if it is not there."""
    kept = folder / f"{network} right.npz"
    if not kept.exists():
        np.savez(kept, **right(networks.get(network)))
    return kept


def ask(task: str, tool: Tool, net: Net, answers: dict[str, Floats], budget_s: float) -> list[Row]:
    """Run one task, or several of growing size."""
    if task in ("route", "new_route"):
        return [route(task, tool, net, answers, budget_s)]
    if task == "set":
        native = tool.native(TASKS["new_matrix"].weight(net, 0))
        tool.reweight(native)  # numba compiles at the first call
        return [_repeated(Row("", "", "set"), lambda: tool.reweight(native), budget_s)]
    if task == "columns":
        return [growing(tool, net, columns) for columns in COLUMNS]
    return [run(task, tool, net, answers, budget_s)]


def build(kind: type[Tool], net: Net) -> tuple[Tool, dict[str, float]]:
    """Build a tool; give seconds and MB of its import and of the build."""
    code = (
        "import importlib, psutil, time; rss = psutil.Process().memory_info; start, before = time.process_time(), rss()"
        f"; importlib.import_module({kind.module!r}); print(time.process_time() - start, rss().rss - before.rss)"
    )
    script = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, memory = map(float, script.stdout.split())
    importlib.import_module(kind.module)
    gc.collect()
    before = psutil.Process().memory_info().rss
    first = _timed(lambda: kind(net))
    gc.collect()
    after = psutil.Process().memory_info().rss
    repeats = 2 if kind.batched or first.seconds < 15 else 0  # numba compiles in the first build
    again = [_timed(lambda: kind(net)).seconds for _ in range(repeats)]
    return first.answer, {
        "import_s": seconds,
        "import_mb": memory / 1e6,
        "build_s": statistics.median([first.seconds, *again]),
        "build_mb": (after - before) / 1e6,
        "own_mb": first.answer.nbytes / 1e6,
    }


def route(name: str, tool: Tool, net: Net, answers: dict[str, Floats], budget_s: float) -> Row:
    """Time a single route with its nodes, on the base network or with new weights, which are set each time."""
    source, target = net.route.tolist()
    weights = net.base if name == "route" else TASKS["new_matrix"].weight(net, 0)
    native = tool.native(weights)

    def work() -> tuple[float, Sequence[int]]:
        if name == "new_route":
            tool.reweight(native)
        return tool.route(source, target)

    first = _timed(work)
    distance, nodes = first.answer
    weight = dict(zip(zip(net.tail.tolist(), net.head.tolist(), strict=True), weights.tolist(), strict=True))
    along = sum(weight.get(step, math.inf) for step in pairwise(nodes))
    worst = max(abs(length - float(answers[name][0, 0])) for length in (distance, along))
    row = Row("", "", name, difference=worst, compared=1, problem=doubt(worst))
    return _repeated(row, work, budget_s, None if tool.batched else first)  # numba compiles at the first call


def run(name: str, tool: Tool, net: Net, answers: dict[str, Floats], budget_s: float) -> Row:
    """Time a task with a matrix: on a part first, then on as much of it as fits half of the budget.

    A part is some rows of a single matrix, or some columns of many with all of their rows.
    """
    task = TASKS[name]
    sources, targets = task.ends(net)
    tool.ready(sources, targets)
    most = task.ready(net, tool), len(sources)
    size = (task.least(net, tool), 1 if tool.tree and most[0] == 1 else most[1])
    fresh = tool.batched
    while True:
        inputs = task.inputs(net, tool, size[0])
        work = partial(task.run, net, tool, inputs, sources[: size[1]], targets)
        if fresh:  # numba compiles at the first call
            work()
            fresh = False
        once = _timed(work)
        if size == most or once.seconds > budget_s / 4:
            break
        size = _larger(size, most, budget_s / 2 / max(once.seconds, 1e-6))
    worst, compared = difference(name, once.answer, answers)
    share = size[0] * size[1] / (task.columns(net) * len(sources))
    row = Row("", "", name, share=share, difference=worst, compared=compared, problem=doubt(worst))
    return _repeated(row, work, budget_s, once)


def growing(tool: Tool, net: Net, columns: int) -> Row:
    """Time a number of draws from parameters."""
    factors, ends = net.draw(columns, 1), (net.sources, net.targets)
    tool.of_factors(net, factors[:, :16], *ends)
    return _repeated(Row("", "", f"columns {columns}"), lambda: tool.of_factors(net, factors, *ends), 2.0)


def doubt(difference: float) -> str:
    """Say what is wrong with an answer, if anything."""
    return "" if difference <= TOLERANCE else f"answers differ by up to {difference:.3g}"


def _larger(size: tuple[int, int], most: tuple[int, int], times: float) -> tuple[int, int]:
    """Take more rows, then more columns; a hundredfold at most, because small runs say little about large ones."""
    total = math.ceil(size[0] * size[1] * min(max(times, 2.0), 100.0))
    rows = min(most[1], math.ceil(total / size[0]))
    return (size[0], rows) if rows < most[1] else (min(most[0], math.ceil(total / rows)), rows)


def _repeated(row: Row, work: Callable[[], Any], budget_s: float, once: Timed | None = None) -> Row:
    """Repeat work within the budget, short work in a loop; what took longer than the budget is not run again."""
    once = once or _timed(work)
    if once.seconds > budget_s:
        return replace(_scaled(row, [once], row.share), repeats=1)
    loops = max(1, math.ceil(SHORT_S / max(once.seconds, 1e-7)))
    count = min(REPEATS[1], max(REPEATS[0], int(budget_s / (loops * max(once.seconds, 1e-7)))))
    return _scaled(row, [_timed(work, loops) for _ in range(count)], loops * row.share)


def _scaled(row: Row, times: list[Timed], share: float) -> Row:
    seconds = [one.seconds / share for one in times]
    wall = statistics.median(one.wall_s / share for one in times)
    return replace(row, seconds=statistics.median(seconds), least_s=min(seconds), wall_s=wall, repeats=len(times))


def _timed(work: Callable[[], Any], loops: int = 1) -> Timed:
    clock, begin = time.perf_counter(), time.process_time()
    for _ in range(loops):
        answer = work()
    return Timed(time.process_time() - begin, time.perf_counter() - clock, answer)


if __name__ == "__main__":
    if sys.argv[1] == "right":
        answers_file(sys.argv[2], Path(sys.argv[3]))
    else:
        main(*sys.argv[1:])
