"""Pictures of the results, in the style of the package's charts."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from benchmarks.results import OWN, TITLES, Results, clock, digits, exponent
from corridors.base.looks import INK, MUTED
from corridors.plot.style import FONT, ROUTE_COLORS

OWN_COLOR, OTHER = ROUTE_COLORS[0], "#b9b6ab"
MARKS = {
    OWN: (OWN_COLOR, "o", 78),
    "pyroutingkit": (ROUTE_COLORS[1], "D", 40),
    "routingkit-cch": (ROUTE_COLORS[1], "d", 44),
    "pandana": (ROUTE_COLORS[3], "v", 42),
    "aequilibrae": (ROUTE_COLORS[4], "^", 42),
    "scipy": (INK, "s", 40),
    "igraph": (ROUTE_COLORS[2], "P", 46),
    "scgraph": (ROUTE_COLORS[2], "X", 42),
    "rustworkx": (ROUTE_COLORS[2], "<", 42),
    "networkx": (MUTED, "*", 74),
}
"""Colour, marker and size by tool: hierarchies are warm, searches from every source cold or grey."""

CLOSE, DODGE = 1.35, 0.19
"""Ratio of two times whose marks would touch, and how far off the line they are set then."""

SIDES = {"scipy": -1, "igraph": 1, "pyroutingkit": -1, OWN: -1}
"""Tools whose growth is drawn, with their name above (1) or below the line."""

TICKS_S = [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 60, 600, 3600, 36_000, 360_000, 3_600_000]
TICK_NAMES = [
    "10 µs",
    "100 µs",
    "1 ms",
    "10 ms",
    "0.1 s",
    "1 s",
    "10 s",
    "1 min",
    "10 min",
    "1 h",
    "10 h",
    "100 h",
    "1,000 h",
]


def write(results: Results, folder: Path) -> None:
    """Draw both pictures."""
    with mpl.rc_context({"svg.hashsalt": "corridors", "font.family": FONT}):
        for name, figure in (("benchmarks.svg", tasks(results)), ("benchmarks-growth.svg", growth(results))):
            figure.savefig(folder / name, metadata={"Date": None, "Creator": None})


def tasks(results: Results, network: str = "region") -> Figure:
    """Draw the time of every task and tool, a row per task."""
    # setting weights alone takes some tools no time, since they take them with each question
    found = [name for name in TITLES if name != "set" and (network, name) in results.seconds.index]
    fig = Figure(figsize=(8.6, 1.75 + 0.54 * len(found)), facecolor="white")
    height = fig.get_figheight()
    ax = fig.add_axes((0.315, 0.42 / height, 0.66, 1 - 1.52 / height))
    for row, name in enumerate(found):
        _row(ax, row, results.seconds.loc[(network, name)].dropna(), results.share.loc[(network, name)])
    ax.set(xscale="log", ylim=(len(found) - 0.45, -0.62), xlim=(4e-6, results.seconds.loc[network].max().max() * 2.5))
    ax.set_yticks(range(len(found)), [_label(TITLES[name]) for name in found])
    _frame(ax, TICKS_S, TICK_NAMES)
    ax.tick_params(axis="y", labelsize=8.6, labelcolor=INK)
    rival, own = results.best_rival(network, "draws"), results.seconds.loc[(network, "draws"), OWN]
    longer = [f"{digits(results.ratio(network, 'draws', tool))} times as long with {tool}" for tool in (rival, "scipy")]
    _head(
        fig,
        f"1,000 draws in {clock(own)}: {', '.join(longer)}",
        f"Processor time of one thread on the regional network of {results.networks.loc[network, 'nodes']:,} nodes, "
        "log scale; hollow marks are timed on a part",
    )
    handles = [_key(tool, *MARKS[tool]) for tool in MARKS if tool in results.seconds.columns]
    fig.legend(
        handles=handles, ncols=5, loc="upper left", bbox_to_anchor=(0.008, 1 - 0.55 / height), frameon=False,
        fontsize=8.2, labelcolor=INK, handletextpad=0.2, columnspacing=1.6, labelspacing=0.35,
    )  # fmt: skip
    return fig


def _label(title: str) -> str:
    return title.replace(" x ", " × ").replace(" with its nodes", "")


def _row(ax: Axes, row: int, times: pd.Series, share: pd.Series) -> None:
    """Draw the tools of one task; marks that would lie on each other are set below the line."""
    ax.hlines(row, times.min(), times.max(), color="#e4e1d8", linewidth=1.2, zorder=1)
    own = float(times[OWN])
    taken = [(own, -DODGE)]  # by the label
    for name in times.index[times.index == OWN].append(times.drop(OWN).sort_values().index):
        seconds, (color, marker, size) = float(times[name]), MARKS[str(name)]
        near = {shift for other, shift in taken if max(seconds / other, other / seconds) < CLOSE}
        shift = next((shift for shift in (0, DODGE, 2 * DODGE, 3 * DODGE, 4 * DODGE) if shift not in near), 0)
        taken.append((seconds, shift))
        ax.scatter(
            seconds, row + shift, s=size, marker=marker, facecolor=color if share[name] >= 0.999 else "white",
            edgecolor=color, linewidth=1.1, zorder=4 if name == OWN else 3,
        )  # fmt: skip
    ax.annotate(
        clock(own), (own, row), xytext=(0, 7.5), textcoords="offset points", ha="center", fontsize=7.8,
        color=OWN_COLOR, weight="bold",
    )  # fmt: skip


def growth(results: Results) -> Figure:
    """Draw time against the size of the network and the number of draws."""
    fig = Figure(figsize=(8.6, 4.5), facecolor="white")
    left, right = fig.add_axes((0.075, 0.11, 0.415, 0.69)), fig.add_axes((0.565, 0.11, 0.415, 0.69))
    for tool in filter(results.seconds.columns.__contains__, SIDES):
        sizes = results.sizes(tool)
        _line(left, sizes, tool, SIDES[tool])
    columns = results.columns()
    many = columns[columns["draws"] >= 64]
    _line(right, many, OWN, 1)
    right.plot(columns["draws"], columns["seconds"], color=OWN_COLOR, linewidth=1.6, marker="o", markersize=7)
    edges = results.networks.drop("reference")["edges"]
    left.set(xscale="log", yscale="log", xlim=(edges.min() / 1.5, edges.max() * 2))
    right.set(xscale="log", yscale="log", xlim=(columns["draws"].min() / 1.5, columns["draws"].max() * 2))
    _frame_y(left, [10_000, 100_000, 1_000_000], ["10,000", "100,000", "1,000,000 edges"])
    _frame_y(right, columns["draws"].tolist(), [f"{n:,}" for n in columns["draws"]])
    right.set_ylim(columns["seconds"].min() / 2.5, columns["seconds"].max() * 2.5)
    left.set_title("1,000 draws × 60 × 60, by directed edges", fontsize=9, loc="left", color=INK, pad=8)
    right.set_title("Regional network, by draws", fontsize=9, loc="left", color=INK, pad=8)
    own = results.sizes(OWN)
    powers = exponent(own["edges"], own["seconds"]), exponent(many["draws"], many["seconds"])
    _head(
        fig,
        f"Time grows as the edges to the power {powers[0]:.2f}, and as the draws to the power {powers[1]:.2f}",
        "Processor time of one thread for draws from parameters, log scales; beside the lines their exponents",
    )
    return fig


def _line(ax: Axes, points: pd.DataFrame, tool: str, side: int) -> None:
    """Draw a line with its name and exponent above or below its middle."""
    x, y = points.iloc[:, 0], points.iloc[:, 1]
    color, marker, size = MARKS[tool]
    ax.plot(x, y, color=color, linewidth=1.6, marker=marker, markersize=size**0.5 * 0.8, zorder=3)
    middle, power = len(x) // 2, f"{tool}: {exponent(x, y):.2f}"
    ax.annotate(
        power, (x.iloc[middle], y.iloc[middle]), xytext=(-9 * side, 9 * side), textcoords="offset points",
        fontsize=7.8, color=color, ha="right" if side > 0 else "left", va="bottom" if side > 0 else "top",
    )  # fmt: skip


def _frame(ax: Axes, ticks: list[float], names: list[str]) -> None:
    ax.xaxis.set_major_locator(FixedLocator(ticks))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: dict(zip(ticks, names, strict=True)).get(value, "")))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.grid(axis="x", color="#dcdcd6", linewidth=0.6)
    _plain(ax)


def _frame_y(ax: Axes, ticks: list[float], names: list[str]) -> None:
    ax.set_xticks(ticks, names)
    ax.yaxis.set_major_locator(FixedLocator(TICKS_S))
    ax.yaxis.set_major_formatter(
        FuncFormatter(lambda value, _: dict(zip(TICKS_S, TICK_NAMES, strict=True)).get(value, ""))
    )
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_minor_locator(NullLocator())
    ax.grid(color="#dcdcd6", linewidth=0.6)
    _plain(ax)


def _plain(ax: Axes) -> None:
    ax.set_axisbelow(True)
    ax.tick_params(length=0, labelsize=7.8, labelcolor=MUTED)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set_color(INK)


def _head(fig: Figure, title: str, subtitle: str) -> None:
    """Set title and subtitle at the top left."""
    inch = 1 / fig.get_figheight()
    fig.text(0.012, 1 - 0.14 * inch, title, fontsize=11.5, weight="bold", color=INK, va="top")
    fig.text(0.012, 1 - 0.37 * inch, subtitle, fontsize=8.8, color=MUTED, va="top")


def _key(name: str, color: str, marker: str, size: float) -> Line2D:
    return Line2D([], [], label=name, marker=marker, color=color, markersize=size**0.5, linestyle="none")
