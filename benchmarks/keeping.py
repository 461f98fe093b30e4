"""How results are kept: rows of tables in `benchmarks/results`, and what each part of a run has taken."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

RESULTS = Path(__file__).parent / "results"

THREADS = dict.fromkeys((f"{library}_NUM_THREADS" for library in ("OMP", "OPENBLAS", "MKL", "NUMBA", "RAYON")), "1")
QUIET = {"AEQ_SHOW_PROGRESS": "FALSE"}


def one_thread() -> dict[str, str]:
    """The environment of a process with one thread."""
    return {**os.environ, **THREADS, **QUIET}


def one_core() -> None:
    """Keep this process, and those that it will start, to one core, where the system can do that.

    Tools that count the cores then take one thread, whatever their variables.
    """
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def keep(name: str, rows: list[dict[str, Any]], keys: list[str], folder: Path | None = None) -> None:
    """Write rows to a table of the results in place of those with the same keys; all others stay as they are."""
    folder = folder or RESULTS
    folder.mkdir(exist_ok=True)
    file, table = folder / f"{name}.csv", pd.DataFrame(rows)
    if not rows:
        return
    if file.exists():
        before = pd.read_csv(file, keep_default_na=False, na_values=[""])
        again = pd.MultiIndex.from_frame(before[keys]).isin(pd.MultiIndex.from_frame(table[keys]))
        table = pd.concat([before[~again], table])
    table.to_csv(file, index=False, float_format="%.6g")


@contextmanager
def spent(part: str, *, quick: bool = False, folder: Path | None = None) -> Iterator[None]:
    """Keep what a part has taken by the clock and of the processors, its processes included, once it is finished."""
    clock, begin = time.perf_counter(), _processors()
    yield
    taken = {"wall_s": round(time.perf_counter() - clock, 2), "cpu_s": round(_processors() - begin, 2)}
    row = {"part": part, **taken, "quick": int(quick), "date": time.strftime("%Y-%m-%d", time.gmtime())}
    keep("durations", [row], ["part"], folder)


def _processors() -> float:
    """Seconds of the processors of this process and of those that it has waited for."""
    whose = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, whose))
