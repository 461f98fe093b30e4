"""Time of import, loading and first answers on the reference network, in fresh processes; the median of five runs.

Run by `make bench`; the table is printed and written to benchmarks/results/load.csv. Seconds are of the processor.
"""

from __future__ import annotations

import csv
import statistics
import subprocess
import sys

from benchmarks.keeping import RESULTS, one_thread

RUNS = 5

STEPS = {
    "import networkx, geopandas": "import networkx, geopandas",
    "import corridors (on top)": "import corridors as co",
    "co.load()": "net = co.load()",
    "first route (expands the network)": "net.route('Almaty', 'Karachi')",
    "next route": "net.route('Astana', 'Nhava Sheva')",
    "the same question again": "net.route('Astana', 'Karachi')",
    "matrix 8 x 8": "net.matrix('kazakhstan', 'south-asian-ports', by='generalized')",
    "64 routes": "routes = [r for r in net.routes('kazakhstan', 'south-asian-ports').values() if r]",
    "steps and legs of a route": "tables = [(route.steps, route.legs) for route in routes]",
    "steps and legs, asked again": "tables = [(route.steps, route.legs) for route in routes]",
    "places and links, first": "net.places, net.links",
    "places and links, again": "net.places, net.links",
    "comparison of 128 routes": "gain = co.compare({'base': net, 'kabul': net.build('uap-kabul')}, 'kazakhstan', "
    "'south-asian-ports')",
    "flows of 128 routes": "flows = gain.flows()",
}
"""What is timed, one after another in one process."""

PER = {"steps and legs of a route": "len(routes)", "steps and legs, asked again": "len(routes)"}
"""What the time of a step is divided by."""


def main() -> None:
    """Time every step and write the table."""
    rows = [{"step": step, "seconds": f"{seconds:.5f}"} for step, seconds in timings().items()]
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / "load.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["step", "seconds"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    for row in rows:
        print(f"{row['step']:<36}{row['seconds']:>8} s")


def timings() -> dict[str, float]:
    """Median seconds of each step."""
    script = ["import time", "marks = [time.process_time()]"]
    for code in STEPS.values():
        script += [code, "marks.append(time.process_time())"]
    shares = ", ".join(PER.get(step, "1") for step in STEPS)
    script.append(f"print(*((b - a) / n for a, b, n in zip(marks, marks[1:], [{shares}])))")
    runs = []
    for _ in range(RUNS):
        command = [sys.executable, "-c", "\n".join(script)]
        done = subprocess.run(command, env=one_thread(), capture_output=True, text=True, check=True)
        runs.append([float(number) for number in done.stdout.split()])
    return {step: statistics.median(column) for step, column in zip(STEPS, zip(*runs, strict=True), strict=True)}


if __name__ == "__main__":
    main()
