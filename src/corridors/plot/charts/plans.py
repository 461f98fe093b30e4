"""Charts of a plan: the frontier of benefit against cost with its sets by name, and regret by set and future."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D

from corridors.appraisal.plan_words import LEAST_MUSD
from corridors.appraisal.planned import Plan
from corridors.base.drawing import Drawing
from corridors.base.errors import InputError
from corridors.base.looks import INK, MUTED
from corridors.plot import style
from corridors.plot.charts import frame
from corridors.plot.charts.frame import Chart
from corridors.plot.charts.options import ChartOptions
from corridors.plot.translate import drawing

REGRETS: Final = LinearSegmentedColormap.from_list("regret", ["#ffffff", style.HIGH])
"""Colours of regret, from none to the greatest."""

MOST_NAMED: Final = 8
"""Most sets of the frontier that have a name on the chart."""


@drawing(ChartOptions)
def plan_frontier(
    plan: Plan,
    ax: Axes | None = None,
    *,
    names: Mapping[str, str] | None = None,
    **options: Unpack[ChartOptions],
) -> Drawing:
    """Draw the yearly benefit of every set against its cost, with the frontier, its sets by name, and the budget.

    Parameters
    ----------
    plan
        What `co.plan` returns.
    ax
        Axes to draw on; by default a figure of its own, which pyplot does not know.
    names
        Names of projects on the chart, by id.
    options
        As in `ChartOptions`.

    Returns
    -------
    Drawing
        Figure with its axes, tables and caption, to show or save.

    >>> import corridors as co
    >>> lines = ["uap-naibabad-kharlachi", "kharlachi-kohat"]
    >>> tonnes = {("Tashkent", "Karachi"): 1_000_000}
    >>> found = co.plan(co.load(), lines, tonnes, budget=9000, cargo="wagon", modes={"rail"}, draws=20)
    >>> plan_frontier(found).ax.get_xlabel()
    'construction cost, billion USD'
    """
    table, frontier = plan.table(), plan.frontier
    chart = frame.open_chart(ax, 3.2 + 0.27 * min(options["width_cm"], 24), options)
    most_cost = 1.25 * max(float(table["cost_high_musd"].max()) / 1000, 1e-6)
    high = table["benefit_p95_musd"] if plan.draws else table["benefit_musd"]
    low = table["benefit_p05_musd"] if plan.draws else table["benefit_musd"]
    top, least = max(float(high.max()), 1e-6), min(float(low.min()), float(table["benefit_musd"].min()))
    chart.ax.set(xlim=(0, most_cost), ylim=(min(0.0, 1.1 * least), 1.3 * top))
    chart.axis_looks(grid="y", bottom=True)
    chart.axis_label("construction cost, billion USD")
    chart.settle()
    _draw_sets(chart, plan, table, frontier)
    handles = [
        Line2D([], [], color=style.ROUTE_COLORS[0], marker="o", linewidth=chart.looks.pt(1.2)),
        Line2D([], [], color=MUTED, marker=".", linestyle="none"),
    ]
    key = chart.key(handles, ["frontier", "other sets that can be built"])
    bars = " Bars: 90 % of the draws, and least to greatest cost." if plan.draws else ""
    subtitle = f"Million USD a year that each of {len(table)} sets saves; {plan.tonnes:,.0f} t a year, as stated.{bars}"
    chart.caption("Benefit of sets of projects against what they cost", subtitle, _note(plan, frontier), key)
    for name, row in _named(plan, frontier).iterrows():
        _write_set(chart, plan, str(name), row, names or {})
    return chart.drawing()


def _draw_sets(chart: Chart, plan: Plan, table: pd.DataFrame, frontier: pd.DataFrame) -> None:
    """Draw all sets, the frontier with its bands, and the budget."""
    pt, color = chart.looks.pt, style.ROUTE_COLORS[0]
    others = table[~table["frontier"]]
    chart.ax.plot(others["cost_musd"] / 1000, others["benefit_musd"], ".", color=MUTED, markersize=pt(3), zorder=3,
                  gid="sets")  # fmt: skip
    x, y = frontier["cost_musd"] / 1000, frontier["benefit_musd"]
    chart.ax.plot(x, y, color=color, linewidth=pt(1.2), marker="o", markersize=pt(5), zorder=5, gid="frontier",
                  drawstyle="steps-post", clip_on=False)  # fmt: skip
    chart.block(x, y, width_pt=3)
    for name, row in frontier.iterrows():
        at, gain = row["cost_musd"] / 1000, row["benefit_musd"]
        looks: dict[str, Any] = {"color": color, "linewidth": pt(0.9), "alpha": 0.6, "zorder": 4}
        chart.ax.plot([row["cost_low_musd"] / 1000, row["cost_high_musd"] / 1000], [gain, gain], gid=f"cost-{name}",
                      **looks)  # fmt: skip
        if plan.draws:
            ends = [row["benefit_p05_musd"], row["benefit_p95_musd"]]
            chart.ax.plot([at, at], ends, gid=f"benefit-{name}", **looks)
            chart.block([at, at], ends)
    if plan.budget_musd / 1000 <= chart.ax.get_xlim()[1]:
        at = plan.budget_musd / 1000
        chart.ax.axvline(at, color=INK, linewidth=pt(0.9), linestyle=(0, (4, 3)), zorder=2, gid="budget")
        chart.write("budget", (at, chart.ax.get_ylim()[1]), [(4, -4, "left", "top"), (-4, -4, "right", "top")],
                    size=chart.looks.small, color=INK)  # fmt: skip


def _named(plan: Plan, frontier: pd.DataFrame) -> pd.DataFrame:
    """Sets of the frontier with a name: the one that is chosen, and those that save most."""
    rows = frontier[frontier["projects"] > 0]
    mine = rows.index == plan.name(plan.chosen)
    order = np.argsort(~mine, kind="stable")
    return pd.concat([rows[mine], rows[~mine].iloc[::-1]]).head(MOST_NAMED) if len(order) else rows


def _write_set(chart: Chart, plan: Plan, name: str, row: pd.Series, names: Mapping[str, str]) -> None:
    """Name a set beside its point; the chosen one in bold."""
    parts = [names.get(part, part) for part in name.split(" + ")]
    text = "\n".join([*(" + ".join(parts[at : at + 2]) for at in range(0, len(parts), 2)), _figures(plan, row)])
    bold: dict[str, Any] = {"fontweight": "bold"} if name == plan.name(plan.chosen) else {}
    up, down = ((-1, 1), (1, 1)), ((1, -1), (-1, -1))
    highest = row["benefit_musd"] >= plan.frontier["benefit_musd"].max()  # above the others, which may lie close by
    sides = (up, down) if highest else (down, up)
    places = [
        (float(dx * reach), float(dy * reach), "left" if dx > 0 else "right", "bottom" if dy > 0 else "top")
        for side in sides
        for reach in (5, 12, 22, 36, 55, 80)
        for dx, dy in side
    ]
    chart.write(text, (row["cost_musd"] / 1000, row["benefit_musd"]), places, size=chart.looks.small, leader=14,
                color=INK, **bold)  # fmt: skip


def _figures(plan: Plan, row: pd.Series) -> str:
    """What a set saves and costs, which tells sets apart that lie close together."""
    ends = f" ({row['benefit_p05_musd']:,.0f} to {row['benefit_p95_musd']:,.0f})" if plan.draws else ""
    return f"{row['benefit_musd']:,.0f}{ends} for {row['cost_musd'] / 1000:,.1f} bn USD"


def _note(plan: Plan, frontier: pd.DataFrame) -> str:
    """Say what is left out and where the costs come from."""
    count = int((frontier["projects"] > 0).sum())
    left = f"{MOST_NAMED} of {count} sets of the frontier are named. " if count > MOST_NAMED else ""
    return left + plan.sentences[-1]


@drawing(ChartOptions)
def plan_regret(
    plan: Plan,
    ax: Axes | None = None,
    *,
    most: int = 10,
    names: Mapping[str, str] | None = None,
    **options: Unpack[ChartOptions],
) -> Drawing:
    """Draw what sets fall behind the best one of each future: a matrix of sets and futures, the least regret first.

    Parameters
    ----------
    plan
        What `co.plan` returns, with futures.
    ax
        Axes to draw on; by default a figure of its own, which pyplot does not know.
    most
        Number of sets that are drawn.
    names
        Names of projects and futures on the chart.
    options
        As in `ChartOptions`.

    Returns
    -------
    Drawing
        Figure with its axes, tables and caption, to show or save.

    Raises
    ------
    InputError
        If the plan has no futures beside the network itself.

    >>> import corridors as co
    >>> lines, tonnes = ["uap-naibabad-kharlachi", "kharlachi-kohat"], {("Tashkent", "Karachi"): 1_000_000}
    >>> shut = {"AF-PK shut": co.Scenario("shut").close("AF-PK")}
    >>> found = co.plan(co.load(), lines, tonnes, budget=9000, futures=shut, cargo="wagon", modes={"rail"}, draws=0)
    >>> [text.get_text() for text in plan_regret(found).ax.get_xticklabels()]
    ['as it is', 'AF-PK shut']
    """
    regret = plan.regret
    if len(regret.columns) < 2:
        raise InputError("futures", list(regret.columns), "plan(..., futures={'shut': scenario}), one or more")
    if most < 1:
        raise InputError("most", most, "one set or more")
    order = np.lexsort((plan.cost_musd[plan.within], regret.max(axis=1).round(6)))
    shown, given = regret.iloc[order].head(most), names or {}
    labels = [" + ".join(given.get(part, part) for part in str(name).split(" + ")) for name in shown.index]
    chart = frame.open_rows(ax, labels, options, margin_cm=0.9, rows=1.3, share=0.5)
    cells, largest = shown.to_numpy(), max(float(shown.to_numpy().max()), 1e-9)
    chart.ax.imshow(cells, cmap=REGRETS, vmin=0, vmax=1.6 * largest, aspect="auto", zorder=1)
    chart.ax.set_xticks(range(len(shown.columns)), [given.get(str(name), str(name)) for name in shown.columns])
    chart.ax.tick_params(axis="x", labelsize=chart.looks.small)
    chart.ax.grid(visible=False)
    chart.settle()
    for (row, column), amount in np.ndenumerate(cells):
        chart.ax.text(column, row, f"{amount:,.{1 if amount < 100 else 0}f}", ha="center", va="center", zorder=6,
                      **chart.text_looks(chart.looks.body))  # fmt: skip
    left = f"; the first {most} of {len(regret)} sets within the budget" if len(regret) > most else ""
    kind = "yearly benefit" if plan.horizon_years is None else f"net value of {plan.horizon_years} years"
    subtitle = f"Million USD of {kind} below the best set of each future{left}"
    chart.caption("Regret of sets of projects", subtitle, _regret_note(plan, given))
    return chart.drawing()


def _regret_note(plan: Plan, names: Mapping[str, str]) -> str:
    """Say which set has the least greatest regret, and in which futures no set is worth anything."""
    least = " + ".join(names.get(part, part) for part in plan.name(plan.least_regret).split(" + "))
    idle = [names.get(future, future) for future in plan.benefits
            if plan.values(future, mean=True)[plan.within].max() < LEAST_MUSD]  # fmt: skip
    told = "saves anything" if plan.horizon_years is None else "is worth its cost"
    return f"The greatest regret is least with: {least}." + "".join(f" In '{one}' no set {told}." for one in idle)
