"""The package as a whole on the reference network: `python -m benchmarks.own`, a process of `benchmarks.run`."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

import corridors as co
from corridors.uncertainty import draws

SCENARIOS = 20
ENDS = ("kazakhstan", "south-asian-ports")
DRAWS = 1000

FIRST = f"""\
import time
import corridors as co
net = co.load()
begin = time.process_time()
co.simulate(net, {", ".join(map(repr, ENDS))}, draws={DRAWS})
print(time.process_time() - begin)
"""
"""The first question of a process: expansion, hierarchy, layout, a thousand draws, and what numba compiles or kept."""


def scenarios() -> dict[str, co.Network]:
    """The network as it is and with one project built in each of the other scenarios."""
    net = co.load()
    free = net.projects[net.projects["kind"].eq("new") & net.projects["requires"].eq("")].index
    return {"base": net, **{name: net.build(name) for name in free[: SCENARIOS - 1]}}


def facts() -> dict[str, float]:
    """Time compilation, simulation and the very first call: medians of five, but the last, which is run once."""
    nets, found = scenarios(), {}
    assert len(nets) == SCENARIOS  # noqa: S101
    for dtype in ("float64", "float32"):
        times = [_seconds(lambda: co.simulate(nets, *ENDS, draws=DRAWS, dtype=dtype)) for _ in range(8)]  # noqa: B023
        found[f"simulate_{dtype}_s"] = statistics.median(times[1:])
    theta = nets["base"].tables.theta
    found["draw_s"] = statistics.median(_seconds(lambda: draws.draw(theta, DRAWS, 0)) for _ in range(5))
    found["compile_s"] = statistics.median(first({}) for _ in range(5))
    with tempfile.TemporaryDirectory() as folder:
        found["cold_s"] = first({"NUMBA_CACHE_DIR": folder})
    return found


def _seconds(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def first(environment: dict[str, str]) -> float:
    """Time the first call of a new process."""
    done = subprocess.run(
        [sys.executable, "-c", FIRST], env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


if __name__ == "__main__":
    for name, value in facts().items():
        print(name, f"{value:.6g}")
