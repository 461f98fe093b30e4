"""Chart of a plan by year: what is paid and saved, and when each project is paid for and opens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from corridors.appraisal.plan_words import LEAST_MUSD
from corridors.appraisal.plan_years import payments, plan_years
from corridors.appraisal.planned import Plan
from corridors.base.drawing import Panels
from corridors.base.errors import InputError
from corridors.base.looks import INK
from corridors.plot import style
from corridors.plot.canvas import fit_figure, new_figure
from corridors.plot.charts.frame import Chart
from corridors.plot.charts.options import ChartOptions, height_of, width_of
from corridors.plot.style import ChartStyle
from corridors.plot.translate import drawing

MONEY_CM: Final = 5.0
"""Height of the panel of money."""

ROW_CM: Final = 0.62
"""Height of a row of the projects."""

PAID, SAVED = style.HIGH, style.ROUTE_COLORS[0]


@drawing(ChartOptions)
def plan_timeline(plan: Plan, *, names: Mapping[str, str] | None = None, **options: Unpack[ChartOptions]) -> Panels:
    """Draw what the chosen set of a plan costs and saves in every year, and below when its projects are paid and open.

    Parameters
    ----------
    plan
        What `co.plan` returns, with years.
    names
        Names of projects on the chart, by id.
    options
        As in `ChartOptions`.

    Returns
    -------
    Panels
        Figure with the axes `money` and `projects`, to show or save.

    Raises
    ------
    InputError
        If the plan has no years, or its chosen set is empty.

    >>> import corridors as co
    >>> found = co.plan(
    ...     co.load(), ["uap-naibabad-kharlachi", "kharlachi-kohat"], {("Tashkent", "Karachi"): 1e6}, budget=9000,
    ...     years=range(2027, 2037), cargo="wagon", modes={"rail"}, draws=0,
    ... )
    >>> len(plan_timeline(found).axes["projects"].texts) >= 2
    True
    """
    table, rows = plan_years(plan), payments(plan)
    if rows.empty:
        raise InputError("plan", plan.name(plan.chosen), "a plan whose chosen set has a project")
    width = width_of(options)
    looks, gap = ChartStyle(width), 0.9 * ChartStyle(width).scale
    heights = [MONEY_CM, ROW_CM * (len(rows) + 0.5)]
    height = height_of(options, sum(heights) + 2 * gap)
    share = max((height - 2 * gap) / sum(heights), 0.1)
    fig, bottom, axes = new_figure(width, height, options["dpi"]), height, {}
    for name, part in zip(("money", "projects"), heights, strict=True):
        bottom -= share * part + gap
        axes[name] = fig.add_axes((0.07, bottom / height, 0.91, share * part / height), label=name)
    money = Chart(axes["money"], looks, own=False, title=options["title"], noted=options["note"])
    _draw_money(money, table)
    fig.draw_without_rendering()
    within = f"; budget {plan.budget_musd:,.0f} in all" if np.isfinite(plan.budget_musd) else ""
    subtitle = f"Million USD in each year, at expected values; {plan.tonnes:,.0f} t a year, as stated{within}"
    money.caption("What the chosen set costs and saves, by year", subtitle, "", _key(money, plan))
    below = Chart(axes["projects"], looks, own=False, title="", noted=options["note"])
    _draw_projects(below, rows, table["year"].tolist(), names or {})
    below.caption("", "When each project is paid for, and serves", " ".join(timeline_notes(plan, names)))
    fit_figure(fig)
    return Panels(fig, axes)


def timeline_notes(plan: Plan, names: Mapping[str, str] | None = None) -> list[str]:
    """Sentences on a plan by year: what serves nothing for how long, and what is paid and saved by the last year.

    Parameters
    ----------
    plan
        What `co.plan` returns, with years.
    names
        Names of projects, by id.

    >>> import corridors as co
    >>> found = co.plan(
    ...     co.load(), ["uap-naibabad-kharlachi", "kharlachi-kohat"], {("Tashkent", "Karachi"): 1e6}, budget=9000,
    ...     years=range(2027, 2037), cargo="wagon", modes={"rail"}, draws=0,
    ... )
    >>> timeline_notes(found)[0]
    'When it opens, this adds nothing: kharlachi-kohat in 2027.'
    """
    table, order = plan_years(plan), plan.staging()
    order["project"] = [(names or {}).get(name, name) for name in order["project"]]
    return [*_idle(order), *_late(order), *_sums(table)]


def _idle(order: pd.DataFrame) -> list[str]:
    """Say what opens and adds nothing, as a line does that leads nowhere until another one opens."""
    added = order["benefit_musd"].diff().fillna(order["benefit_musd"])
    idle = order[(added < LEAST_MUSD) & order["opens"].notna()]
    told = " and ".join(f"{row.project} in {row.opens}" for row in idle.itertuples())
    return [f"When it opens, this adds nothing: {told}."] if told else []


def _late(order: pd.DataFrame) -> list[str]:
    late = order.loc[order["opens"].isna(), "project"].tolist()
    return [f"Not open by the last year: {', '.join(late)}."] if late else []


def _sums(table: pd.DataFrame) -> list[str]:
    last = table.iloc[-1]
    paid, saved = float(last["paid_sum_musd"]), float(last["benefit_sum_musd"])
    if not paid:
        return []
    part = f"{100 * saved / paid:.0f} %" if saved / paid < 1.995 else f"{saved / paid:.1f} times"
    return [
        f"By the end of {last['year']:.0f}, {paid:,.0f} m USD are paid and {saved:,.0f} saved, {part} of it, not "
        "discounted; flows do not grow."
    ]


def _set_years(chart: Chart, years: list[int], *, last: bool) -> None:
    every = max(1, int(np.ceil(len(years) / (chart.looks.width_cm * 0.75))))
    chart.ax.set_xlim(years[0] - 0.5, years[-1] + 0.5)
    chart.ax.set_xticks(years[::every], [str(year) for year in years[::every]])
    chart.ax.tick_params(axis="x", labelbottom=last)


def _draw_money(chart: Chart, table: pd.DataFrame) -> None:
    """Draw bars of what is paid, and steps of what is saved with their band."""
    ax, pt, years = chart.ax, chart.looks.pt, table["year"].tolist()
    chart.axis_looks(grid="y", bottom=True)
    ax.bar(years, table["paid_musd"], width=0.8, facecolor=PAID, hatch="////", edgecolor="#ffffff", linewidth=0,
           zorder=2, gid="paid")  # fmt: skip
    edges = np.append(np.array(years) - 0.5, years[-1] + 0.5)
    shown = [table["paid_musd"], table["benefit_musd"]]
    if "benefit_p05_musd" in table:
        low, high = (np.append(table[name], table[name].iloc[-1]) for name in ("benefit_p05_musd", "benefit_p95_musd"))
        ax.fill_between(edges, low, high, step="post", color=SAVED, alpha=0.25, linewidth=0, zorder=3, gid="band")
        shown += [table["benefit_p05_musd"], table["benefit_p95_musd"]]
    ax.stairs(table["benefit_musd"], edges, baseline=None, color=SAVED, linewidth=pt(2), zorder=4, gid="saved")
    least, most = (float(pick([float(pick(one)) for one in shown])) for pick in (np.min, np.max))
    ax.set_ylim(min(0.0, 1.1 * least), 1.12 * max(most, 1e-6))
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:,.6g}".replace("-", "\N{MINUS SIGN}"))
    _set_years(chart, years, last=False)


def _draw_projects(chart: Chart, rows: pd.DataFrame, years: list[int], names: Mapping[str, str]) -> None:
    """Draw a row per project: hatched while it is paid for, solid from its opening on, with its name."""
    ax, pt = chart.ax, chart.looks.pt
    chart.axis_looks(grid="x", bottom=True)
    _set_years(chart, years, last=True)
    ax.set_ylim(len(rows) - 0.4, -0.8)
    ax.set_yticks([])
    for number, row in enumerate(rows.itertuples(index=False)):
        begins = years[-1] + 1 if pd.isna(row.begins) else int(row.begins)
        ends = years[-1] if pd.isna(row.ends) else int(row.ends)
        looks: dict[str, Any] = {"height": 0.3, "linewidth": 0}
        shared = not pd.isna(row.opens) and int(row.opens) == ends  # it opens within the last year of payment
        if begins <= years[-1]:
            ax.barh(number, ends - begins + (0.45 if shared else 0.9), left=begins - 0.45, facecolor=PAID,
                    hatch="////", edgecolor="#ffffff", gid=f"paid-{row.project}", **looks)  # fmt: skip
        if not pd.isna(row.opens):
            opens = int(row.opens) - (0.0 if shared else 0.45)
            ax.barh(number, years[-1] + 0.5 - opens, left=opens, facecolor=SAVED, gid=f"open-{row.project}",
                    **looks)  # fmt: skip
        year = "not by the last year" if pd.isna(row.opens) else str(row.opens)
        ax.annotate(f"{names.get(row.project, row.project)}, {year}", (years[0] - 0.45, number), (0, pt(5.5)),
                    textcoords="offset points", va="bottom", ha="left", annotation_clip=False,
                    **chart.text_looks(chart.looks.small, INK))  # fmt: skip


def _key(chart: Chart, plan: Plan) -> Any:
    handles: list[Any] = [
        Patch(facecolor=PAID, hatch="////", edgecolor="#ffffff", linewidth=0),
        Line2D([], [], color=SAVED, linewidth=chart.looks.pt(2)),
    ]
    labels = ["paid for building, middle of the costs", "saved by users"]
    if plan.draws:
        handles.append(Patch(facecolor=SAVED, alpha=0.25, linewidth=0))
        labels.append("90 % of the draws")
    return chart.key(handles, labels)
