"""Plans: 2^12 sets of projects, 200 draws, 64 pairs and 3 goods, in seconds of processor time on one core.

Twelve projects of the bundled network that need nothing of each other, so that all 4,096 sets can be built; from eight
places of Kazakhstan to eight ports, in containers, and in wagons, whose journeys have a least share of rail. Costs do
not matter for the time and are the same for all. `OMP_NUM_THREADS=1 python -m benchmarks.plan` prints the seconds, the
sets searched, those of an appraisal with 1,000 draws where each flow goes its best way and where it is shared out, and
the time of a smaller plan beside that of searching every one of its sets. Processor time, too, is longer on a busy
machine: compare runs made in turn.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import pandas as pd

import corridors as co

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
    """Time the plan, and a smaller one beside a search of each of its sets."""
    net = co.load()
    planned(net, PROJECTS[:2], GOODS[:1], 2)  # what is compiled once
    for cargo in ("container", "wagon"):
        start = time.process_time()
        found = planned(net, PROJECTS, GOODS, DRAWS, cargo=cargo)
        seconds = time.process_time() - start
        asked = f"{len(found.sets)} sets x {DRAWS} draws x 64 pairs x {len(GOODS)} goods by {cargo}"
        print(f"{asked}: {seconds:.1f} s, {found.benefits['as it is'].searches} searches")
    pairs = {(o, d): 1e5 for o in net.place_set(ENDS[0]) for d in net.place_set(ENDS[1])}
    for choice in ("best", "logit"):
        start = time.process_time()
        co.appraise(net, PROJECTS[0], pairs, commodity=GOODS[0], cargo="wagon", choice=choice, draws=1000).summary()
        print(f"appraise, 1,000 draws x {len(pairs)} pairs, {choice}: {time.process_time() - start:.1f} s")
    start = time.process_time()
    small = planned(net, PROJECTS[:5], GOODS[:1], 50)
    middle = time.process_time()
    each = every_set(net, PROJECTS[:5], GOODS[0], 50)
    end = time.process_time()
    saved = 1e-3 * np.nan_to_num(each[:1] - each, nan=0.0, posinf=0.0, neginf=0.0).sum(axis=(2, 3))
    gap = float(np.abs(saved - small.benefits["as it is"].samples).max())
    print(
        f"32 sets x 50 draws: {middle - start:.1f} s, each searched {end - middle:.1f} s, apart {gap:.1e} million USD"
    )


if __name__ == "__main__":
    main()
