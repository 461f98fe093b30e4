"""Threads: 1,000 draws on the regional network by one thread and by two: `python -m benchmarks.cores`.

A process of `benchmarks.run`. Seconds are of the clock here, as processor time is the same for all numbers of threads;
so on a busy machine they say nothing. The least of five runs in turn is taken.
"""

from __future__ import annotations

import os
import time

import numpy as np

from benchmarks import networks
from benchmarks.tasks import DRAWS, SEED
from corridors.engine import Hierarchy

TURNS = 5


def facts() -> dict[str, float]:
    """Seconds by one thread and by two, and whether both gave the same bits."""
    net = networks.get("region")
    hierarchy = Hierarchy.build(net.nodes, net.tail, net.head)
    factors, masks = net.draw(DRAWS, SEED), np.isfinite(net.base)[None]
    times: dict[int, list[float]] = {1: [], 2: []}
    found = {}
    for _ in range(TURNS + 1):
        for threads, taken in times.items():
            begin = time.perf_counter()
            found[threads] = hierarchy.matrix_of_factors(
                factors, net.incidence, net.sources, net.targets, masks=masks, threads=threads
            )
            taken.append(time.perf_counter() - begin)
    one, two = (min(times[threads][1:]) for threads in (1, 2))  # numba compiles at the first calls
    same = float(np.array_equal(found[1], found[2]))
    return {"one_s": one, "two_s": two, "ratio": one / two, "same": same}


if __name__ == "__main__":
    if hasattr(os, "sched_setaffinity"):  # the run before kept to one core
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
    for name, value in facts().items():
        print(name, f"{value:.6g}")
