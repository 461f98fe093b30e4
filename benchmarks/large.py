"""Large networks from file to file: time and memory of each step, in fresh processes; a part of `make bench`.

`python -m benchmarks.large [--quick]` makes networks of 50,000, 150,000 and 500,000 links (`benchmarks.made`), writes
them to Parquet, loads them, checks them, asks for routes, compares two scenarios and writes them again. Seconds are of
the processor, with one thread. Every process first does the same on a small network, so that what it imports, and what
numba has compiled before, is ready; all of that counts for the memory, which is the most that the process ever had.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import corridors as co
from benchmarks import made
from benchmarks.keeping import keep, one_thread

LINKS = (50_000, 150_000, 500_000)
QUICK = LINKS[:2]

WARM = 15_000
"""Links of the small network; for much smaller ones other code answers, and this one would not be compiled yet."""

LONGEST_S = 1200
"""A process that takes longer is stopped."""

Steps = Iterator[tuple[str, Callable[[], Any]]]


def main() -> None:
    """Time, or be one of the processes."""
    parser = argparse.ArgumentParser(description="Time large networks from file to file.")
    parser.add_argument("--quick", action="store_true", help="without the largest network")
    parser.add_argument("--links", type=int, action="append", help="a size of one's own; may be repeated")
    parser.add_argument("--process", nargs=3, metavar=("NAME", "LINKS", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.process:
        name, links, folder = given.process
        print(json.dumps(timed(name, int(links), Path(folder))))
        return
    for links in given.links or (QUICK if given.quick else LINKS):
        keep("large", measured(links), ["links", "step"])


def measured(links: int) -> list[dict[str, Any]]:
    """Run all processes on a network of about so many links."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name in PROCESSES:
            print(f"{links:,} links: {name}", flush=True)
            command = [sys.executable, "-m", "benchmarks.large", "--process", name, str(links), folder]
            done = subprocess.run(
                command, env=one_thread(), capture_output=True, text=True, check=True, timeout=LONGEST_S
            )
            rows += json.loads(done.stdout.splitlines()[-1])
    return [{"links": links, **row} for row in rows]


def timed(name: str, links: int, folder: Path) -> list[dict[str, Any]]:
    """Take the steps of a process, first on the small network, and say what each has taken."""
    with tempfile.TemporaryDirectory() as small:
        made.network(WARM).write(Path(small) / "net", format="parquet")
        for _, work in PROCESSES[name](WARM, Path(small)):
            work()
    rows = []
    for step, work in PROCESSES[name](links, folder):
        clock, begin = time.perf_counter(), time.process_time()
        work()
        taken = {"seconds": time.process_time() - begin, "wall_s": time.perf_counter() - clock}
        # the most memory of the process so far, which Linux tells in units of 1,024 bytes
        rows.append({"step": step, **taken, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1.024e-3})
    return rows


def _write(links: int, folder: Path) -> Steps:
    frames = made.frames(links)
    found: list[co.Network] = []
    yield "made from tables", lambda: found.append(co.Network.from_tables(**frames))
    yield "written to Parquet", lambda: found[0].write(folder / "net", format="parquet")


def _load(_: int, folder: Path) -> Steps:
    yield "loaded from Parquet", lambda: co.read(folder / "net")


def _check(_: int, folder: Path) -> Steps:
    net = co.read(folder / "net")
    yield "checked", net.check


def _route(_: int, folder: Path) -> Steps:
    net = co.read(folder / "net")
    first, second = ends(net, 1)
    yield "first route", lambda: net.route(first[0], second[0])
    first, second = ends(net, 2)
    yield "second route", lambda: net.route(first[1], second[1])


def _compare(_: int, folder: Path) -> Steps:
    """The second scenario is without one link, in the middle."""
    net = co.read(folder / "net")
    first, second = ends(net, 8)
    legs = net.tables.frames["links"]
    middle = legs["id"].iloc[len(legs) // 2]
    yield "two scenarios compared", lambda: co.compare({"base": net, "closed": net.close(middle)}, first, second)


def _rewrite(_: int, folder: Path) -> Steps:
    net = co.read(folder / "net")
    yield "written again", lambda: net.write(folder / "again", format="parquet")


PROCESSES: Mapping[str, Callable[[int, Path], Steps]] = {
    "write": _write,
    "load": _load,
    "check": _check,
    "route": _route,
    "compare": _compare,
    "rewrite": _rewrite,
}
"""The steps of each process, from a number of links and a folder that holds the network."""


def ends(net: co.Network, count: int) -> tuple[list[str], list[str]]:
    """Places at both ends of the table, that is in the south and in the north."""
    ids = [str(ident) for ident in net.tables.frames["places"]["id"]]
    apart = max(1, len(ids) // 200)
    return ids[: count * apart : apart], ids[::-1][: count * apart : apart]


if __name__ == "__main__":
    main()
