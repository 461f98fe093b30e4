"""Chart of a timeline: what is gained in every year, between the earliest and the latest statement, and what opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, Unpack

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from corridors.base.dates import last_day
from corridors.base.drawing import Panels
from corridors.base.errors import InputError
from corridors.base.looks import INK, MUTED
from corridors.measures.borders import state_of
from corridors.model.years import CHOSEN, EARLIEST, LATEST
from corridors.plot import style, wording
from corridors.plot.canvas import fit_figure, new_figure
from corridors.plot.charts.frame import Chart
from corridors.plot.charts.options import ChartOptions, height_of, width_of
from corridors.plot.style import ChartStyle
from corridors.plot.translate import drawing
from corridors.whatif.timeline import Timeline
from corridors.whatif.value_of_time import HOURS_A_DAY

TITLE: Final = "What is gained, by the year in which the lines open"

PANEL_CM: Final = 3.3
"""Height of one panel."""

ROW_CM: Final = 0.5
"""Height of a row of the openings."""

DAYS_A_YEAR: Final = 365.25


class Steps(NamedTuple):
    """What a figure is called, and the factor on its column: below zero where a fall is a gain."""

    label: str
    factor: float = 1.0


STEPS: Final = {
    "gaining": Steps("Pairs that gain"),
    "days": Steps("Days saved, mean of the pairs joined in both", -1.0),
    "usd_t": Steps("Freight cost saved, USD/t, mean of the pairs joined in both", -1.0),
    "generalized_usd_t": Steps("Gain of generalized cost, USD/t, mean of the pairs joined in both", -1.0),
    "rail_share": Steps("Pairs whose way is by rail, %", 100.0),
}
"""Columns of `Timeline.table` that can be drawn."""

MEASURES: Final = ("gaining", "days", "rail_share")
"""Measures of the panels."""


@drawing(ChartOptions)
def timeline_chart(
    result: Timeline,
    measures: Sequence[str] = MEASURES,
    *,
    names: Mapping[str, str] | None = None,
    **options: Unpack[ChartOptions],
) -> Panels:
    """Draw the figures of a timeline over the years, one panel each, and below them when every project opens.

    A curve is by the statement that is taken; the band beside it lies between the earliest and the latest statement.
    With draws, dotted lines are the points of 5 and 95 % of means.

    Parameters
    ----------
    result
        What `co.timeline` returns.
    measures
        `gaining`, `days`, `usd_t`, `generalized_usd_t` or `rail_share`.
    names
        Names of scenarios and projects on the chart.
    options
        As in `ChartOptions`.

    Returns
    -------
    Panels
        Figure with one axes per panel, to show or save.

    Raises
    ------
    InputError
        If a measure is unknown, or there is none.

    >>> import corridors as co
    >>> result = co.timeline(co.load(), "uap-kabul", [2030, 2031], ["Tashkent"], ["Karachi"], modes={"rail"})
    >>> list(timeline_chart(result, ["days"]).axes)
    ['days', 'openings']
    """
    for measure in measures:
        if measure not in STEPS:
            raise InputError("measures", measure, f"some of {', '.join(STEPS)}")
    width = width_of(options)
    if not len(measures):
        raise InputError("measures", list(measures), "a measure or more")
    looks, rows = ChartStyle(width), result.openings()
    usual = [*([PANEL_CM] * len(measures)), ROW_CM * (len(rows) + 0.6)]
    gap = 1.0 * looks.scale
    height = height_of(options, sum(usual) + gap * len(usual))
    share = (height - gap * len(usual)) / sum(usual)
    if share <= 0:
        raise InputError("figsize", options["figsize"], f"room for {len(usual)} charts")
    heights = [share * one for one in usual]
    fig = new_figure(width, height, options["dpi"])
    axes, table, bottom = {}, result.table(), height
    for number, measure in enumerate([*measures, "openings"]):
        bottom -= heights[number] + gap
        axes[measure] = fig.add_axes((0.05, bottom / height, 0.93, heights[number] / height), label=measure)
        chart = Chart(
            axes[measure], looks, own=False, title=options["title"] if not number else "", noted=options["note"]
        )
        _set_years(chart, result, last=measure == "openings")
        if measure == "openings":
            _draw_openings(chart, result, rows, names or {})
        else:
            _draw_steps(chart, result, table, measure)
        fig.draw_without_rendering()
        above = [_key(chart, result, names or {})] if not number else []
        chart.caption(TITLE, _title(result, measure), _note(result) if measure == "openings" else "", *above)
    fit_figure(fig)
    return Panels(fig, axes)


def _at(date: str) -> float:
    """Position of a date on the axis of years: the end of 2031 is 2032."""
    return 1970 + (last_day(date) - 719163 + 1) / DAYS_A_YEAR


def _dot(date: str) -> float:
    """Position of an opening: the middle of a year, or the end of a month."""
    return _at(date) - (0.5 if len(date) == len("2031") else 0.0)


def _ends(result: Timeline) -> tuple[float, float]:
    """Begin and end of the axis: the first year from its begin, the last one to its end."""
    places = [_at(year) for year in result.years]
    return min(places) - 1, max(places)


def _set_years(chart: Chart, result: Timeline, *, last: bool) -> None:
    ax, (low, high) = chart.ax, _ends(result)
    chart.axis_looks(grid="x" if last else "y", bottom=True)
    ax.set_xlim(low, high)
    years = np.arange(np.floor(low + 0.01), np.ceil(high - 0.01))
    every = max(1, int(np.ceil(len(years) / (chart.looks.width_cm * 0.9))))
    ax.set_xticks(years[::every] + 0.5, [f"{year:.0f}" for year in years[::every]])
    ax.tick_params(axis="x", labelbottom=last, length=0)


def _color(number: int) -> str:
    return style.ROUTE_COLORS[number % len(style.ROUTE_COLORS)]


def _draw_steps(chart: Chart, result: Timeline, table: pd.DataFrame, measure: str) -> None:
    """Draw the steps of every scenario, each year from its begin to its end, with their bands."""
    ax, factor, pt = chart.ax, STEPS[measure].factor, chart.looks.pt
    ends = [0.0]
    for number, name in enumerate(result.scenarios):
        rows = table[table["scenario"] == name]
        edges = np.append([_at(year) - 1 for year in rows["year"]], _at(rows["year"].iloc[-1]))
        drawn = {
            end: rows[f"{measure}{end}"].to_numpy(dtype=float) * factor + 0.0 for end in ("", "_earliest", "_latest")
        }
        low, high = (pick(drawn["_earliest"], drawn["_latest"]) for pick in (np.fmin, np.fmax))
        looks: dict[str, Any] = {"step": "post", "color": _color(number), "linewidth": 0, "alpha": 0.18}
        ax.fill_between(
            edges, np.append(low, low[-1]), np.append(high, high[-1]), gid=f"range-{name}", zorder=2, **looks
        )
        dashes: Any = ("-", (0, (5, 1.6)), (0, (1.4, 1.2)))[number % 3]
        line: dict[str, Any] = {"baseline": None, "color": _color(number), "zorder": 4}
        ax.stairs(drawn[""], edges, gid=f"steps-{name}", linewidth=pt(1.9), linestyle=dashes, **line)
        shown = [low, high, drawn[""]]
        for end in ("_p05", "_p95"):
            if f"{measure}{end}" in rows:
                values = rows[f"{measure}{end}"].to_numpy(dtype=float) * factor + 0.0
                ax.stairs(values, edges, gid=f"draws{end}-{name}", linewidth=pt(0.8), linestyle=(0, (1, 1.5)), **line)
                shown.append(values)
        ends += [float(value) for values in shown for value in values[np.isfinite(values)]]
    top, bottom = max(ends), min(ends)
    room = 0.08 * max(top - bottom, 1.0)
    ax.set_ylim(bottom - (room if bottom < 0 else 0), top + room)
    ax.yaxis.set_major_locator(MaxNLocator(5, integer=measure == "gaining" or top - bottom > 6))
    if bottom < 0:
        ax.axhline(0, color=INK, linewidth=pt(0.8), zorder=1)


def _draw_openings(chart: Chart, result: Timeline, rows: pd.DataFrame, names: Mapping[str, str]) -> None:
    """Draw a row for every project: the date that is taken, between the earliest and the latest one."""
    ax, pt, (low, high) = chart.ax, chart.looks.pt, _ends(result)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_yticks([])
    projects = result.comparison.networks[result.comparison.base].tables["projects"].set_index("id")["name"]
    for number, row in enumerate(rows.itertuples(index=False)):
        color = _color(result.scenarios.index(row.scenario))
        first, taken, last = (_dot(str(getattr(row, which))) for which in (EARLIEST, CHOSEN, LATEST))
        ax.plot([first, last], [number, number], color=color, linewidth=pt(4), alpha=0.3, solid_capstyle="butt",
                gid=f"range-{row.project}")  # fmt: skip
        ax.plot([taken], [number], marker="o", color=color, markersize=pt(4.5), gid=f"opening-{row.project}")
        text = names.get(row.project, str(projects.get(row.project, row.project)))
        right = last + 0.25 < low + 0.55 * (high - low)
        x = min(max(last if right else first, low), high)
        ax.annotate(
            text, (x, number), (pt(5) if right else -pt(5), 0), textcoords="offset points", va="center",
            ha="left" if right else "right", annotation_clip=False, **chart.text_looks(chart.looks.small, MUTED),
        )  # fmt: skip


def _key(chart: Chart, result: Timeline, names: Mapping[str, str]) -> Any:
    """Key over the first panel."""
    handles: list[Any] = []
    labels = []
    for number, name in enumerate(result.scenarios):
        dashes: Any = ("-", (0, (5, 1.6)), (0, (1.4, 1.2)))[number % 3]
        handles.append(Line2D([], [], color=_color(number), linestyle=dashes, linewidth=chart.looks.pt(1.9)))
        labels.append(names.get(name, name))
    handles.append(Patch(facecolor=MUTED, alpha=0.25, linewidth=0))
    labels.append("between the earliest and the latest statement")
    return chart.key(handles, labels)


def _number(result: Timeline) -> int:
    """Number of questions."""
    compared = result.comparison
    return len({compared.questions.get(pair, pair) for pair in compared.pair_list})


def _title(result: Timeline, measure: str) -> str:
    """Title of a panel."""
    if measure == "openings":
        return "When they open"
    return STEPS[measure].label + (f", of {_number(result)}" if measure == "gaining" else "")


def _note(result: Timeline) -> str:
    """Say what the chart holds for."""
    compared = result.comparison
    modes = compared.asked.get("modes")
    way = "all modes" if modes is None else f"{' + '.join(sorted([modes] if isinstance(modes, str) else modes))} only"
    pairs = _number(result)
    own = wording.amount(HOURS_A_DAY * compared.vot_usd_t_h)
    state = state_of(compared.networks[compared.base])
    return (
        f"{compared.cargo.capitalize()}, {way}, {state}; {pairs} pairs (one market counted once), value of time {own} "
        "USD/t a day. Against the base in every year; nothing else changes over the years. Dates are those of the "
        "table project_years, or were given; many are no promise, and some are our reading of a duration."
    )
