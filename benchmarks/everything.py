"""The whole run, part by part, and the page at its end: `python -m benchmarks.everything [--quick]`, by `make bench`.

Results are kept after each part, with what it has taken. A run that was stopped goes on after its last finished part,
unless the code has changed since or it was of the other kind; `--again` begins anew.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from benchmarks import page, run
from benchmarks.keeping import RESULTS, one_core, one_thread, spent
from benchmarks.networks import CACHE

ROOT = Path(__file__).parent.parent
DONE = CACHE / "done.json"
RIGHT = CACHE / "right"
"""Right answers of a run, worked out by scipy for all tools of a network."""

Part = tuple[str, Callable[[], object]]


def main() -> None:
    """Run all parts that are not done yet, and write the page."""
    parser = argparse.ArgumentParser(description="Run all benchmarks and write their page.")
    parser.add_argument("--quick", action="store_true", help="less of everything; see the page")
    parser.add_argument("--again", action="store_true", help="begin anew where a run was stopped")
    given = parser.parse_args()
    one_core()
    if given.again:
        DONE.unlink(missing_ok=True)
    state = begun(DONE, {"quick": given.quick, "code": fingerprint()})
    if not state["done"]:
        shutil.rmtree(RIGHT, ignore_errors=True)
        (RESULTS / "durations.csv").unlink(missing_ok=True)
    go(parts(quick=given.quick), state, DONE, quick=given.quick)
    page.main()
    DONE.unlink()


def parts(*, quick: bool) -> list[Part]:
    """List the parts by name: questions of the package, large networks, then each tool on each network."""
    few = ["--quick"] if quick else []
    found: list[Part] = [(name, partial(module, name)) for name in ("load", "chain")]
    found += [(name, partial(module, name, *few)) for name in ("plan", "large")]
    for network in run.networks_of(quick=quick):
        ready = partial(run.ready, network, RIGHT)
        found += [(f"{network}: networks and right answers", ready)]
        for tool in run.tools_of(network):
            found += [(f"{network}: {tool}", partial(run.time_tool, network, tool, RIGHT, quick=quick))]
    return [*found, ("floor", run.time_rest)]


def module(name: str, *arguments: str) -> None:
    """Run a module of the benchmarks with one thread."""
    print(name, flush=True)
    subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *arguments], env=one_thread(), check=True)


def go(todo: Sequence[Part], state: dict[str, object], file: Path, *, quick: bool) -> None:
    """Run the parts that are not done, and write down after each of them that it is."""
    done = list(state["done"])  # type: ignore[call-overload]
    for name, work in todo:
        if name in done:
            continue
        with spent(name, quick=quick):
            work()
        done.append(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({**state, "done": done}))


def begun(file: Path, same: dict[str, object]) -> dict[str, object]:
    """Read what a stopped run has done, if it was the same; nothing is done otherwise."""
    if file.exists():
        before: dict[str, object] = json.loads(file.read_text())
        if all(before.get(name) == value for name, value in same.items()):
            return before
    return {**same, "done": []}


def fingerprint() -> str:
    """A hash of the code and of the bundled tables."""
    found = hashlib.sha256()
    folders = (ROOT / "src", "*.py"), (ROOT / "benchmarks", "*.py"), (ROOT / "data" / "geo", "*.csv")
    for folder, pattern in folders:
        for file in sorted(folder.rglob(pattern)):
            found.update(file.read_bytes())
    return found.hexdigest()


if __name__ == "__main__":
    main()
