"""Parts of the page on the package itself: its goals, whole questions, large networks, and what the run has taken."""

from __future__ import annotations

import pandas as pd

from benchmarks.large import WARM
from benchmarks.results import OWN, Results, clock, digits, exponent

ENGINE_GOALS = {
    ("region", "route", "seconds"): ("One route with its nodes, weights set", 1e-4),
    ("region", "matrix", "seconds"): ("60 x 60, weights set", 2e-3),
    ("region", "set", "seconds"): ("One column of new weights set", 15e-3),
    ("region", "build", "build_s"): ("Build, region", 0.5),
    ("world", "build", "build_s"): ("Build, world", 8.0),
}
"""Seconds for one column of weights, and for the build with what the first question lays out."""

WORLD_MB = 300
"""What the build may take on the world."""

TWO_CORES = 1.7
"""Times as fast that draws should be with two threads."""

OWN_GOALS = {
    "compile_s": ("Compilation: the first question of a process, numba's cache warm", 1.0),
    "simulate_float64_s": ("1,000 draws x 20 scenarios x 8 cities x 8 ports, with percentiles, in float64", 0.5),
    "simulate_float32_s": ("the same in float32", 0.5),
    "cold_s": ("The first question where numba has compiled nothing before", 5.0),
}
"""What the package should take on the reference network."""

CHAIN_GOALS = {
    "demand": (
        "Demand: 20 x 20 places x 14 goods x 3 cargo units x 2 scenarios x 1,000 draws, shares over 5 ways",
        10.0,
    ),
    "plan container": ("Portfolio: 2^12 sets of projects x 200 draws x 64 pairs x 3 goods, by container", 60.0),
    "plan wagon": ("the same by wagon, whose journeys have a rule", 60.0),
    "appraise best": ("Appraisal of a project: 1,000 draws, each flow its best way", None),
    "appraise logit": ("the same, flows shared out between ways", None),
    "plan small": ("A plan of 2^5 sets x 50 draws, one good, by wagon", None),
    "plan small searched": ("the same with a search for every set", None),
}
"""Whole questions on the reference network, and the seconds that they may take."""

STEEPEST = 1.2
"""Power of the links above which no step but the contraction should grow."""

CONTRACTS = "it contracts the nodes, which grows with the triangles"
WHY = {"first route": CONTRACTS, "two scenarios compared": CONTRACTS}
"""Why a step of large networks may grow faster."""

GROUPS = {
    "load": "Import, loading and first answers",
    "chain": "Demand",
    "plan": "Portfolio and appraisal",
    "large": "Large networks",
    "floor": "Floor of the processor, the package as a whole, threads",
}
"""Parts of a run by the title of their row; the others are those of a network."""


def verdict(value: float, goal: float | None) -> str:
    """Say whether a goal is met, or by how much it is missed.

    >>> verdict(0.9, 1.0), verdict(1.0, 1.0), verdict(1.25, 1.0), verdict(7.0, 1.0), verdict(5.0, None)
    ('met', 'met', 'missed by 25%', 'missed, 7.0 times as much', '-')
    """
    if goal is None:
        return "-"
    if value <= goal:
        return "met"
    return f"missed by {value / goal - 1:.0%}" if value < 2 * goal else f"missed, {digits(value / goal)} times as much"


def markdown(table: pd.DataFrame, left: int = 1) -> str:
    """Write a table as Markdown; all columns but the first ones are set to the right."""
    head = [str(name) for name in table.columns]
    rule = ["---"] * left + ["---:"] * (len(head) - left)
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in [head, rule, *table.to_numpy()])


def engine(results: Results) -> list[str]:
    """Tabulate what one column of weights and the build take, against the goals."""
    rows = []
    for (network, task, column), (title, goal) in ENGINE_GOALS.items():
        table = results.build[column] if task == "build" else results.seconds[OWN]
        key = (network, OWN) if task == "build" else (network, task)
        if key in table.index and pd.notna(table[key]):
            rows.append([title, clock(table[key]), clock(goal), verdict(table[key], goal)])
    if ("world", OWN) in results.build.index:
        grown = float(results.build.loc[("world", OWN), "build_mb"])
        rows.append(["Memory of the build, world", f"{grown:.0f} MB", f"{WORLD_MB} MB", verdict(grown, WORLD_MB)])
    if results.cores:
        ratio = float(results.cores["ratio"])
        met = "met" if ratio >= TWO_CORES else f"missed by {1 - ratio / TWO_CORES:.0%}"
        same = "the same bits" if float(results.cores["same"]) else "other bits"
        rows.append(
            [f"1,000 draws by two threads, by the clock ({same})", f"{ratio:.2f} times", f"{TWO_CORES:g} times", met]
        )
    return [
        "One column of weights on the regional network, the build, and threads:",
        markdown(pd.DataFrame(rows, columns=["", "taken", "goal", "verdict"])),
        "A build holds what the first question lays out, and a first column of weights.",
    ]


def own(results: Results) -> list[str]:
    """Tabulate what the package as a whole takes on the reference network."""
    rows = []
    for name, (title, goal) in OWN_GOALS.items():
        seconds = float(results.own[name])
        rows.append([title, clock(seconds), clock(goal), verdict(seconds, goal)])
    drawing = float(results.own["draw_s"]) / float(results.own["simulate_float64_s"])
    return [
        "On the reference network:",
        markdown(pd.DataFrame(rows, columns=["", "time", "goal", "verdict"])),
        f"Drawing all parameters takes {clock(float(results.own['draw_s']))}, {drawing:.0%} of a simulation in "
        "float64. The rest is the kernel (20,000 matrices, 8 at a time in float64, 16 in float32) and the percentiles "
        "of 1,280 cells and of their differences from the base.",
    ]


def questions(results: Results) -> list[str]:
    """Tabulate whole questions against their goals, then import, loading and first answers."""
    parts = []
    if len(results.chains):
        taken = results.chains.set_index("what")
        rows = [
            [title, taken.loc[name, "size"], clock(taken.loc[name, "seconds"]), clock(goal) if goal else "-",
             verdict(taken.loc[name, "seconds"], goal)]
            for name, (title, goal) in CHAIN_GOALS.items() if name in taken.index
        ]  # fmt: skip
        parts += [
            "Questions of trade and of projects on the reference network, in full, with one thread:",
            markdown(pd.DataFrame(rows, columns=["", "size", "time", "goal", "verdict"]), left=2),
        ]
    rows = [[row.step, clock(row.seconds)] for row in results.load.itertuples()]
    return [
        *parts,
        "The steps of a session on the reference network, one after another in a fresh process (median of five):",
        markdown(pd.DataFrame(rows, columns=["", "time"])),
    ]


def large(results: Results) -> list[str]:
    """Tabulate time and memory of large networks by step, with the powers by which time grows."""
    seconds, peak = (
        results.large.pivot_table(index="step", columns="links", values=name, sort=False)
        for name in ("seconds", "peak_mb")
    )
    powers = growth(seconds) if len(seconds.columns) > 1 else {}
    sizes = [f"{links:,}" for links in seconds.columns]
    named = " and ".join(filter(None, (", ".join(sizes[:-1]), sizes[-1])))
    rows = [
        [step, *(clock(value) for value in seconds.loc[step]), f"{powers[step]:.2f}" if powers else "-",
         *(f"{value / 1000:.2f}" for value in peak.loc[step])]
        for step in seconds.index
    ]  # fmt: skip
    head = ["step", *sizes, "power", *(f"GB at {size}" for size in sizes)]
    return [
        "Made networks in the package's own tables: roads and railways of two countries, with crossings and terminals "
        f"([`benchmarks/made.py`](../benchmarks/made.py)), of {named} links. Each step "
        "is the only one of a fresh process (the routes follow each other), which has done the same on a network of "
        f"{WARM:,} links before; so what is imported, and what numba compiled on an earlier day, is ready. Compiling "
        "it the first time is in the tables above. Memory is the most that the process had, with imports and loading.",
        markdown(pd.DataFrame(rows, columns=head)),
        *([steepest(powers)] if powers else []),
    ]


def growth(seconds: pd.DataFrame) -> dict[str, float]:
    """The power of the links by which each step (row) grows, over all sizes (columns).

    >>> growth(pd.DataFrame({100: [1.0, 2.0], 1000: [10.0, 200.0]}, index=["a", "b"]))
    {'a': 1.0, 'b': 2.0}
    """
    sizes = pd.Series(seconds.columns)
    return {str(step): round(exponent(sizes, pd.Series(row.to_numpy())), 6) for step, row in seconds.iterrows()}


def steepest(powers: dict[str, float]) -> str:
    """Say which steps grow faster than they should.

    >>> steepest({"checked": 1.1, "written again": 0.9})
    'No step grows faster than links^1.2; the steepest is "checked" with 1.10.'
    >>> steepest({"checked": 1.3, "written again": 0.9})
    'Faster than links^1.2 grows "checked" (1.30: not explained yet).'
    """
    above = {step: power for step, power in powers.items() if power > STEEPEST}
    if not above:
        step = max(powers, key=lambda name: powers[name])
        return f'No step grows faster than links^{STEEPEST:g}; the steepest is "{step}" with {powers[step]:.2f}.'
    each = "; ".join(f'"{step}" ({power:.2f}: {WHY.get(step, "not explained yet")})' for step, power in above.items())
    return f"Faster than links^{STEEPEST:g} grows {each}."


def durations(results: Results) -> list[str]:
    """Tabulate what the run has taken, by group of parts."""
    taken = results.durations
    if not len(taken):
        return ["These results are of several runs, so what one takes is not known."]
    network, _, rest = (taken["part"].str.partition(": ")[column] for column in range(3))
    group = (
        network.map(GROUPS).fillna("All tools: " + network).where(~rest.str.startswith("networks"), "Making networks")
    )
    sums = taken.groupby(group, sort=False)[["wall_s", "cpu_s"]].sum()
    rows = [[name, clock(wall), clock(cpu)] for name, wall, cpu in sums.itertuples()]
    wall, cpu = sums.sum()
    longest = sums["wall_s"].sort_values(ascending=False).index[:3]
    most = ", ".join(f'"{name}"' for name in longest)
    kinds = {(0,): "`make bench`", (1,): "`make bench-quick`"}
    kind = kinds.get(tuple(sorted(taken["quick"].unique())), "Parts of both kinds of runs")
    return [
        f"{kind} took {clock(wall)} by the clock and {clock(cpu)} of the processors ({taken['date'].max()}), the tools "
        f"installed before. Most of it went into {most}.",
        markdown(pd.DataFrame([*rows, ["**All**", clock(wall), clock(cpu)]], columns=["", "clock", "processors"])),
    ]
