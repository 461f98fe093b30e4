"""Plans: 2^12 sets of projects, 200 draws, 64 pairs and 3 goods, in seconds of processor time on one core.

Twelve projects of the bundled network that need nothing of each other, so that all 4,096 sets can be built; from eight
places of Kazakhstan to eight ports, in containers, and in wagons, whose journeys have a least share of rail. Costs do
not matter for the time and are the same for all. `python -m benchmarks.plan` prints the seconds of processor time and
keeps them in the results: of the plans, of an appraisal with 1,000 draws where each flow goes its best way and where it
is shared out, and of a smaller plan beside a search of every one of its sets. `make bench` runs it with one thread.
Processor time, too, is longer on a busy machine: compare runs made in turn.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

import numpy as np
import pandas as pd

import corridors as co
from benchmarks.keeping import keep

PROJECTS = (
    "uap-kabul", "western-route", "khaf-herat", "mazar-herat", "andkhoy-sheberghan", "kunduz-naibabad",
    "kolkhozabad-kunduz", "rasht-astara", "chabahar-zahedan", "cku", "kz-moyynty-kyzylzhar", "kz-darbaza-maktaaral",
)  # fmt: skip
GOODS = ("flour", "grain", "metals")
DRAWS, SEED = 200, 1
ENDS = "kazakhstan", "south-asian-ports"


def planned(
    net: co.Network, projects: Sequence[str], goods: Sequence[str], draws: int, *, cargo: str = "wagon"
) -> co.Plan:
    """Plan of some projects, with 1,000 t of every pair and good."""
    rows = [(o, d, good, 1000.0) for o in net.place_set(ENDS[0]) for d in net.place_set(ENDS[1]) for good in goods]
    flows = pd.DataFrame(rows, columns=["origin", "destination", "commodity", "tonnes"])
    costs = dict.fromkeys(projects, 1000.0)
    return co.plan(net, projects, flows, budget=6000, costs=costs, draws=draws, seed=SEED, cargo=cargo)


def every_set(net: co.Network, projects: Sequence[str], good: str, draws: int) -> np.ndarray:
    """Draws of generalized cost with every set, each searched."""
    costs = dict.fromkeys(projects, 1.0)
    some = co.plan(net, projects, {("almaty", "karachi"): 1.0}, budget=1, costs=costs, draws=0, cargo="wagon")
    nets = {str(one): net.build(*some.candidates.named(one)) if one else net for one in some.sets}
    found = co.simulate(
        nets, *ENDS, "generalized", draws=draws, seed=SEED, spread="knowledge", commodity=good, cargo="wagon"
    )
    return np.asarray(found.samples)


def main() -> None:
    """Time plans, appraisals, and a smaller plan beside a search of each of its sets."""
    parser = argparse.ArgumentParser(description="Time plans and appraisals.")
    parser.add_argument("--quick", action="store_true", help="by container only, and flows their best way")
    quick = parser.parse_args().quick
    net = co.load()
    planned(net, PROJECTS[:2], GOODS[:1], 2)  # what is compiled once
    for cargo in ("container", "wagon")[: 1 if quick else 2]:
        start = time.process_time()
        found = planned(net, PROJECTS, GOODS, DRAWS, cargo=cargo)
        searches = found.benefits["as it is"].searches
        kept(f"plan {cargo}", start, f"{len(found.sets):,} sets, {searches} searches")
    pairs = {(o, d): 1e5 for o in net.place_set(ENDS[0]) for d in net.place_set(ENDS[1])}
    for choice in ("best", "logit")[: 1 if quick else 2]:
        start = time.process_time()
        co.appraise(net, PROJECTS[0], pairs, commodity=GOODS[0], cargo="wagon", choice=choice, draws=1000).summary()
        kept(f"appraise {choice}", start, f"{len(pairs)} pairs")
    start = time.process_time()
    small = planned(net, PROJECTS[:5], GOODS[:1], 50)
    kept("plan small", start, "32 sets")
    start = time.process_time()
    each = every_set(net, PROJECTS[:5], GOODS[0], 50)
    saved = 1e-3 * np.nan_to_num(each[:1] - each, nan=0.0, posinf=0.0, neginf=0.0).sum(axis=(2, 3))
    gap = float(np.abs(saved - small.benefits["as it is"].samples).max())
    kept("plan small searched", start, f"32 sets, apart by {gap:.1e} million USD")


def kept(what: str, start: float, size: str) -> None:
    """Print the time since the start, and keep it."""
    seconds = time.process_time() - start
    print(f"{what}, {size}: {seconds:.1f} s")
    keep("chains", [{"what": what, "seconds": seconds, "size": size}], ["what"])


if __name__ == "__main__":
    main()
