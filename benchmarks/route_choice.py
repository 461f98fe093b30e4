"""Path sizes and shares of the library beside those of AequilibraE, on its routes through random grids.

AequilibraE wants versions of its own, so there are two steps, each where the other is not installed:
`python benchmarks/route_choice.py routes FILE` finds routes with AequilibraE and keeps its overlaps and probabilities;
`python -m benchmarks.route_choice compare FILE` works them out anew from the links of the routes and prints the
largest difference. In AequilibraE an overlap is a share of cost, here of length: the links cost what they are long.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

SIDE, GRIDS, ROUTES, SCALES = 6, 20, 8, (0.02, 0.05, 0.1)


def grid(seed: int) -> dict[str, Any]:
    """Links of a square grid with random lengths, both ways: number, ends and length."""
    rng = np.random.default_rng(seed)
    ends = [(i, i + 1) for i in range(1, SIDE**2 + 1) if i % SIDE]
    ends += [(i, i + SIDE) for i in range(1, SIDE**2 - SIDE + 1)]
    lengths = rng.uniform(10, 60, len(ends)).round(3)
    return {"a": [a for a, _ in ends], "b": [b for _, b in ends], "length": lengths.tolist()}


def routes(file: Path) -> None:
    """Routes of every grid by AequilibraE, with their overlaps and probabilities."""
    pandas, paths = importlib.import_module("pandas"), importlib.import_module("aequilibrae.paths")
    found = []
    for seed in range(GRIDS):
        links = grid(seed)
        for scale in SCALES:
            number = range(1, len(links["a"]) + 1)
            cost = scale * np.array(links["length"])  # its utility is less the cost, without a scale
            graph = paths.Graph()
            graph.network = pandas.DataFrame({"link_id": number, "a_node": links["a"], "b_node": links["b"],
                                              "direction": 0, "id": number, "cost": cost})  # fmt: skip
            graph.prepare_graph(np.array([1, SIDE**2]))
            graph.set_graph("cost")
            graph.set_blocked_centroid_flows(False)
            choice = paths.RouteChoice(graph)
            choice.set_choice_set_generation("bfsle", max_routes=ROUTES, max_depth=10, cutoff_prob=0.0, beta=1.0)
            choice.prepare([(1, SIDE**2)])
            choice.execute(perform_assignment=True)
            found += [
                {"grid": seed, "scale": scale, "links": [int(one) for one in row["route set"]],
                 "overlap": float(row["path overlap"]), "probability": float(row["probability"])}
                for row in choice.get_results().to_dict("records")
            ]  # fmt: skip
    file.write_text(json.dumps(found), encoding="utf8")
    print(len(found), "routes")


def compare(file: Path) -> None:
    """Print the largest differences of path sizes and shares."""
    choice = importlib.import_module("corridors.routing.choice")
    rows = json.loads(file.read_text(encoding="utf8"))
    worst = np.zeros(2)
    keys = dict.fromkeys((row["grid"], row["scale"]) for row in rows)
    for seed, scale in keys:
        length = np.array(grid(seed)["length"])
        mine = [row for row in rows if (row["grid"], row["scale"]) == (seed, scale)]
        km = np.zeros((len(mine), 2 * len(length)))
        for number, row in enumerate(mine):
            for link in row["links"]:  # below zero in the other direction, which is another link
                km[number, abs(link) - 1 + len(length) * (link < 0)] = length[abs(link) - 1]
        size = choice.path_size(km)
        shares = choice.shares(km.sum(axis=1), scale=scale, size=size)
        other = np.array([(row["overlap"], row["probability"]) for row in mine]).T
        worst = np.maximum(worst, [np.abs(size - other[0]).max(), np.abs(shares - other[1]).max()])
    print(f"{len(rows)} routes, {len(keys)} choices: path size within {worst[0]:.1e}, shares within {worst[1]:.1e}")


if __name__ == "__main__":
    {"routes": routes, "compare": compare}[sys.argv[1]](Path(sys.argv[2]))
