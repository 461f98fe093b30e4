"""Write `docs/benchmarks.md` and its pictures from the results: `python -m benchmarks.page`, by `make bench`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from benchmarks import chart, sections
from benchmarks.measure import TOLERANCE
from benchmarks.networks import CELLS, REMOVALS
from benchmarks.results import OWN, TITLES, Results, clock, digits, exponent
from benchmarks.sections import markdown
from benchmarks.tasks import CHECKED_ROWS, DRAWS

DOCS = Path(__file__).parent.parent / "docs"
GENERATED = "<!-- Written by benchmarks/page.py from benchmarks/results: run `make bench`. -->"

ONE = {
    "route": "route",
    "matrix": "60 x 60",
    "many": "1,000 x 1,000",
    "set": "new weights",
    "new_route": "new weights and route",
    "new_matrix": "new weights and 60 x 60",
}
MANY = {
    "subsets": "256 subsets",
    "removals": "500 removals",
    "draws": "1,000 draws, weights given",
    "parameters": "1,000 draws, from parameters",
    "both": "1,000 draws x 256 subsets",
}
"""Heads of the columns: tasks with one column of weights, and with many, each a matrix of 60 x 60."""

GOALS = {
    "draws": (1500, 25),
    "parameters": (1000, 20),
    "subsets": (10_000, 25),
    "removals": (1000, 2),
    "many": (100, 3),
}
"""How many times faster than scipy and than the best other tool this package should be on the regional network."""

INTRODUCTION = """\
What this package's engine takes for the questions it is made for, beside other tools for shortest paths, all on the
same machine. Every tool has one thread and a process of its own. Figures are processor time, which is what a clock
shows on a quiet machine: the median of at least three runs where these fit the time given to a task."""

READING = """\
Route, 60 x 60 and 1,000 x 1,000 are asked with weights that are set already; for "new weights" they are set, and
customized where a tool does that, within the time. Subsets, removals and draws have a matrix of 60 x 60 each, and
setting the weights of each is counted.
`~`: timed on a part (of the sources, draws or networks) and multiplied up, because the whole takes too long.
`=`: computed, a thousand times the time of the subsets. A dash: not asked, for want of time or memory, or not right
(see below)."""

NETWORKS = f"""\
- **reference**: the bundled network, expanded into states for containers and weighted by generalized cost, with the
  links of eight projects.
- **region**: main roads and railways from 17 to 56 N and 44 to 92 E, derived from OpenStreetMap (package
  `scgraph_data`, ODbL), pieces joined by their smallest gaps, rail joined to road by transfers, with flat speeds. The
  boxes are cut-outs of it, the **world** is the same for the whole globe.
- The 60 x 60 is between places of the reference network, as far from each other as they can be, on the world and the
  boxes between nodes at random. The projects are eight of the package's, on all networks.
- Edges are directed, and the two ways differ by up to a fifth. All weights are multiples of 0.1 s, so that tools that
  know whole numbers only get the same ones.
- Weights *given* have a lognormal factor of their own for every edge. Weights *from parameters* are the product of a
  sparse incidence with drawn parameters: those of the bundled table on the reference network, elsewhere one factor for
  each of {4 * CELLS[0] * CELLS[1]} classes (place, mode and way)."""

FAIRNESS = f"""\
- **Right answers.** They are compared with scipy's, worked out in the same run, for {CHECKED_ROWS} sources, and of
  many networks for the first, the second and (where it was reached) the last; networkx checks scipy in the same way.
  What is further off than {TOLERANCE:g} h is not counted.
- **New weights** are set in the quickest way each tool has: in place (scipy, networkx), with each question (igraph,
  rustworkx), summed into the compressed graph (aequilibrae), by customizing again (pyroutingkit, routingkit-cch,
  corridors), or by building again (scgraph, pandana). For subsets and removals only the edges that change are set,
  where a tool can do that.
- **One rule for setting weights**, the same for all tools: it is not counted where the weights are set already (route,
  60 x 60, 1,000 x 1,000), and counted where they are new (all other tasks). "New weights" has it alone.
- **What counts.** Building the graph does not count, nor does bringing given weights into the form that a tool takes:
  lists or whole numbers for other tools, the order of the kernel for `corridors`.
  Drawing parameters and weighing edges counts for "from parameters".
- AequilibraE 1.7.2 gives wrong answers on networks with one-way links: its compression makes of a chain that can be
  passed in no direction, such as two links into one dead end, a link for both directions
  ([mended](https://github.com/AequilibraE/aequilibrae/pull/846) after that version). The reference network has such
  chains at origins and destinations. The adapter leaves out what lies on no way between the places that are asked,
  which no answer needs; then there are none, and all answers are right. Roads of both directions are given to it as one
  link, which is what its compression is made for.
- scgraph is asked for Dijkstra trees, because its contraction hierarchy knows no new weights and builds slowly.
- Removals are {REMOVALS} links, each in both directions: open ones of the reference network, elsewhere links on best
  routes between the places."""

AGAIN = """\
```sh
make bench         # everything, and this page; installs the other tools (dependency group "bench")
make bench-quick   # less time per task, without the world, the largest made network and the growth with size
```

A run that was stopped goes on after its last finished part when it is started again.

The figures are in [`benchmarks/results`](../benchmarks/results), the adapters in
[`benchmarks/rivals.py`](../benchmarks/rivals.py). A tool that does not install is left out with a message."""


def main() -> None:
    """Write page and pictures."""
    results = Results()
    (DOCS / "benchmarks.md").write_text(page(results), encoding="utf8")
    chart.write(results, DOCS)


def page(results: Results) -> str:
    """The text of `benchmarks.md`."""
    parts = ["# Benchmarks", GENERATED, INTRODUCTION, _machine(results), "![Time by task and tool](benchmarks.svg)"]
    parts += ["## Against the goals", *_goals(results)]
    for network in ("region", "reference", "world"):
        if network in results.networks.index:
            parts += [f"## All tools: {network}", *(_times(results, network, heads) for heads in (ONE, MANY))]
    parts += [READING, *_wrong(results)]
    parts += ["## Load, build and memory", *_builds(results)]
    if len(results.sizes(OWN)) > 2:
        parts += ["## Growth", "![Growth with size and draws](benchmarks-growth.svg)", _growth(results)]
    parts += ["## Whole questions", *sections.questions(results)]
    if len(results.large):
        parts += ["## Large networks", *sections.large(results)]
    parts += ["## The networks", _networks(results), NETWORKS, "## What is compared", FAIRNESS]
    parts += ["## Run it again", *sections.durations(results), AGAIN]
    return "\n\n".join(parts) + "\n"


def _machine(results: Results) -> str:
    m = results.machine
    busy = results.rows["load"].median()
    return (
        f"Machine: {m['processor']}, {m['cores']} cores, {m['memory GB']} GB, {m['system']}, Python {m['python']}; "
        f"{m['date']}.\nWhile it ran, {busy:.1f} processes wanted the processor (median of the load average): all "
        "above one is other work, which shares caches and memory and slows every tool. The tools ran one after the "
        "other, not under the same load; that of every figure is in the results."
        + ("" if len(results.durations) else " The results are of several runs on different days: compare with care.")
    )


def _goals(results: Results) -> list[str]:
    """Compare the ratios on the regional network with what is wanted, and say what bounds those that fall short."""
    rows, missed = [], []
    for task, goals in GOALS.items():
        best = results.best_rival("region", task)
        cells = []
        for rival, goal in zip(("scipy", best), goals, strict=True):
            ratio = results.ratio("region", task, rival)
            cells.append(f"**{digits(ratio)}** ({'met' if ratio >= goal else 'missed'}: {goal:,})")
            if ratio < goal:
                missed.append((task, rival, ratio, goal))
        times = [_time(results, "region", task, tool) for tool in (OWN, "scipy", best)]
        rows.append([TITLES[task], *times[:2], f"{times[2]} ({best})", *cells])
    head = ["task", OWN, "scipy", "best other tool", "times scipy (goal)", "times the best (goal)"]
    parts = ["On the regional network:", markdown(pd.DataFrame(rows, columns=head))]
    parts += ["\n".join(_miss(*miss, results) for miss in missed)] if missed else ["All of these goals are met."]
    return [*parts, _floor(results), *sections.engine(results), *sections.own(results)]


def _miss(task: str, rival: str, ratio: float, goal: int, results: Results) -> str:
    """Say by how much a goal is missed, and what bounds it."""
    here = results.seconds.loc["region"]
    weights_gb = 4e-9 * DRAWS * results.networks.loc["region", "edges"]
    reason = {
        "draws": f"reading {weights_gb:.1f} GB of weights, one after the other; with the weights formed in the kernel "
        f"from parameters, the draws take {clock(here.loc['parameters', OWN])}, "
        f"{digits(here.loc['draws', rival] / here.loc['parameters', OWN])} times as fast as {rival}",
        "parameters": f"the kernel, which takes {_over_floor(results)} times its floor (below)",
        "many": "a million pairs are joined over all nodes above both ends; no batch of draws shares this",
        "removals": "every removal is a column of its own, customized in full although one link differs",
        "subsets": "inserting an edge costs the square of the number of places and ends of projects",
    }[task]
    short = f"{digits(ratio)} of {goal:,}, {1 - ratio / goal:.0%} short"
    return f"- {TITLES[task]}, against {rival}: {short}. Bound: {reason}."


def _over_floor(results: Results) -> str:
    """Compare draws from parameters with the least that the processor needs."""
    return f"{float(results.seconds.loc[('region', 'parameters'), OWN]) / float(results.floor['work_s']):.1f}"


def _floor(results: Results) -> str:
    """Say what the processor allows at best."""
    f = {name: float(value) for name, value in results.floor.items()}
    work = {name: f"{f[name] / 1e6:.2f} million" for name in ("triangles", "labels", "meetings")}
    taken = float(results.seconds.loc[("region", "parameters"), OWN])
    return (
        f"What bounds the draws: a column of weights takes additions and minima for triangles ({work['triangles']}, "
        f"both directions), for labels ({work['labels']}) and to join these ({work['meetings']}), 16 columns at a "
        f"time. One takes {f['vector_ns']:.2f} ns, measured on this machine in the fastest cache, so {DRAWS:,} draws "
        f"take at least {clock(f['work_s'])}; reading their weights at the measured {f['read_gb_s']:.0f} GB/s takes "
        f"{clock(f['read_s'])}. Draws from parameters take {clock(taken)}, {_over_floor(results)} times that floor: "
        "inner loops are short, cells wait for slower caches, and weights are formed on the way. Given weights are "
        f"first laid out for the kernel, which is not counted above: {clock(f['lay_out_s'])} for {DRAWS:,} columns."
    )


def _time(results: Results, network: str, task: str, tool: str) -> str:
    seconds, share = (float(table.loc[(network, task), tool]) for table in (results.seconds, results.share))
    if pd.isna(seconds):
        return "-"
    return f"{'=' if share == 0 else '~' if share < 0.999 else ''}{clock(seconds)}"


def _times(results: Results, network: str, heads: dict[str, str]) -> str:
    """Tabulate tools by tasks, the best time of each task in bold."""
    tasks = [task for task in heads if (network, task) in results.seconds.index]
    rows = []
    for tool in results.tools:
        if results.seconds.loc[[(network, task) for task in tasks], tool].notna().any():
            cells = [_time(results, network, task, tool) for task in tasks]
            best = [results.seconds.loc[(network, task)].idxmin() == tool for task in tasks]
            version = results.build.loc[(network, tool), "version"]
            rows.append([f"{tool} {version}", *(f"**{c}**" if b else c for c, b in zip(cells, best, strict=True))])
    return markdown(pd.DataFrame(rows, columns=["", *(heads[task] for task in tasks)]))


def _wrong(results: Results) -> list[str]:
    """List what failed, or was not right."""
    lines = []
    for (tool, network), rows in results.wrong.groupby(["tool", "network"]):
        each = "; ".join(
            f"{(ONE | MANY).get(task, task)}: {why}" for task, why in zip(rows["task"], rows["problem"], strict=True)
        )
        lines.append(f"- {tool}, {network}: {each}.")
    return ["Not counted:", "\n".join(lines)] if lines else []


def _builds(results: Results) -> list[str]:
    """Tabulate import, build and memory."""
    parts = []
    for network in ("region", "world"):
        if network not in results.networks.index:
            continue
        table = results.build.loc[network]
        rows = [
            [
                tool,
                *(clock(row[name]) for name in ("import_s", "build_s")),
                f"{row['import_mb']:.0f}",
                f"{row['build_mb']:.0f}",
            ]
            for tool, row in table.loc[[tool for tool in results.tools if tool in table.index]].iterrows()
        ]
        parts += [
            f"{network.capitalize()}:",
            markdown(pd.DataFrame(rows, columns=["", "import", "build", "import MB", "graph MB"])),
        ]
    own = results.build.loc[("region", OWN), "own_mb"]
    return [
        *parts,
        f"Graph MB is what the process grew by while the tool built its graph. The arrays of `{OWN}` are {own:.0f} MB "
        "of that on the regional network; the rest is numba's code and what is free again. Its import brings the whole "
        "package (geopandas and all), its build includes the layout that the first question makes.",
    ]


def _growth(results: Results) -> str:
    """State the exponents."""
    lines = []
    for tool in filter(results.seconds.columns.__contains__, chart.SIDES):
        sizes = results.sizes(tool)
        power, last = (exponent(part["edges"], part["seconds"]) for part in (sizes, sizes.tail(2)))
        lines.append(
            f"- {tool}: seconds grow as directed edges to the power {power:.2f}; from region to world {last:.2f}."
        )
    many = results.columns().query("draws >= 64")
    power = exponent(many["draws"], many["seconds"])
    lines.append(
        f"- {OWN}: seconds grow as draws to the power {power:.2f} from 64 draws on; 16 are computed at the least."
    )
    return "\n".join(lines)


def _networks(results: Results) -> str:
    table = results.networks.sort_values("edges")[["nodes", "edges", "parameters"]].map("{:,}".format).reset_index()
    return markdown(table.rename(columns={"edges": "directed edges"}))


if __name__ == "__main__":
    main()
