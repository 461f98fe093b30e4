"""Charts of what projects gain: their shares, and the gain against what they cost to build."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from corridors.base import units
from corridors.base.drawing import Drawing
from corridors.base.errors import InputError
from corridors.base.looks import INK
from corridors.model.parts import SUMS
from corridors.model.projects import ConstructionCost, construction_cost
from corridors.plot import style, wording
from corridors.plot.charts import frame
from corridors.plot.charts.frame import Chart
from corridors.plot.charts.options import ChartOptions, width_of
from corridors.plot.charts.slopes import scenarios_of, tables_of
from corridors.plot.translate import drawing
from corridors.whatif.compare import Comparison

NEEDED: Final = ("project", "isolation", "complement", "shapley", "standard_error")
"""Columns of a table of shares."""

MARKS: Final = {"isolation": ("o", "Alone (first built)"), "complement": ("D", "Last built")}
"""Markers beside a share, and what they are called."""


@drawing(ChartOptions)
def shapley_bars(
    table: pd.DataFrame,
    ax: Axes | None = None,
    *,
    what: str = "gain",
    unit: str = "",
    names: Mapping[str, str] | None = None,
    **options: Unpack[ChartOptions],
) -> Drawing:
    """Draw the Shapley shares of projects, between what each is worth alone and as the last one built.

    Parameters
    ----------
    table
        Table of `corridors.measures.attribution.attribute` or `shapley`.
    ax
        Axes to draw on; by default a figure of its own, which pyplot does not know.
    what, unit
        What is shared out, and its unit, for title and axis.
    names
        Names of projects on the chart, by id.
    options
        As in `ChartOptions`.

    Returns
    -------
    Drawing
        Figure with its axes, tables and caption, to show or save.

    Raises
    ------
    InputError
        If the table has no rows or lacks a column.

    >>> from corridors.measures.attribution import shapley
    >>> gains = {"": 0, "a": 4, "b": 6, "ab": 15}
    >>> table = shapley(lambda built: gains["".join(sorted(built))], ["a", "b"])
    >>> [float(bar.get_width()) for bar in shapley_bars(table, unit="h").ax.patches]
    [8.5, 6.5]
    """
    rows = _share_rows(table)
    largest = float(rows[[*MARKS, "shapley"]].abs().max().max())
    texts = [_amount(value, largest) for value in rows["shapley"]]
    named = [(names or {}).get(name, name) for name in rows["project"]]
    chart = frame.open_rows(ax, named, options, margin_cm=0.6, rows=1.35)
    _draw_shares(chart, rows)
    chart.axis_label(unit or what)
    beside = [("+" if low < 0 else "", text) for low, text in zip(rows["bottom"], texts, strict=True)]  # for a mark
    chart.room_beside(rows["bottom"], rows["top"], beside, size=chart.looks.body)
    key = chart.key(
        [Line2D([], [], **_mark_looks(chart, column)) for column in MARKS], [text for _, text in MARKS.values()]
    )
    total, tail = _amount(float(rows["shapley"].sum()), largest), f" in {unit}" if unit else ""
    subtitle = f"Bar: Shapley share{tail}, the mean over all orders of building; together {total}"
    note = "A project worth nothing alone and much as the last one needs the others; the reverse is a substitute."
    whiskers = " Whiskers: 95 % of the sampling error." if rows["error"].any() else ""
    chart.caption(f"Shares of {len(rows)} projects in the {what}", subtitle, note + whiskers, key)
    _write_shares(chart, rows, texts)
    return chart.drawing()


def _share_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the chart, the largest share first, with the sampling error and the ends of all that is drawn."""
    if not set(NEEDED) <= set(table) or not len(table):
        raise InputError("table", list(table), f"a table of attribute() or shapley() with {', '.join(NEEDED)}")
    rows = table.sort_values("shapley", ascending=False, kind="stable").reset_index(drop=True)
    ends, error = rows[[*MARKS, "shapley"]], 1.96 * rows["standard_error"].fillna(0)
    top = np.maximum(ends.max(axis=1), rows["shapley"] + error).clip(lower=0)
    return rows.assign(error=error, top=top, bottom=ends.min(axis=1).clip(upper=0))


def _mark_looks(chart: Chart, column: str) -> dict[str, Any]:
    """How the marker of a column is drawn."""
    return {"linestyle": "none", "marker": MARKS[column][0], "markersize": chart.looks.pt(4.6),
            "markerfacecolor": "white", "markeredgecolor": style.HIGH}  # fmt: skip


def _draw_shares(chart: Chart, rows: pd.DataFrame) -> None:
    """Draw the bars, the markers of each row and the sampling error."""
    pt = chart.looks.pt
    chart.ax.barh(rows.index, rows["shapley"], height=0.5, color=style.ROUTE_COLORS[0], gid="shapley")
    for column in MARKS:
        chart.ax.plot(rows[column], rows.index, markeredgewidth=pt(1.2), zorder=6, clip_on=False, gid=column,
                      **_mark_looks(chart, column))  # fmt: skip
    if rows["error"].any():
        chart.ax.errorbar(rows["shapley"], rows.index, xerr=rows["error"], fmt="none", ecolor=INK,
                          elinewidth=pt(0.9), zorder=5)  # fmt: skip
    chart.ax.axvline(0, color=INK, linewidth=pt(0.8))


def _write_shares(chart: Chart, rows: pd.DataFrame, texts: Sequence[str]) -> None:
    """Write each share at the end of its bar, inside where there is room, else beside all marks of its row."""
    looks = chart.looks
    for row, (share, top, text) in enumerate(zip(rows["shapley"], rows["top"], texts, strict=True)):
        start, end = chart.pixels([0, share], [row, row])[:, 0]
        marks = chart.pixels(rows.loc[row, list(MARKS)].to_numpy(), [row, row])[:, 0]
        need = chart.size_of(text, looks.body, fontweight="bold")[0] + 12 * chart.px
        clear = end - start > need and not ((marks > end - need) & (marks < end + 4 * chart.px)).any()
        inside = clear and not rows["standard_error"].iloc[row] > 0
        at, away, color = (share, -looks.pt(4), "#ffffff") if inside else (top, looks.pt(6), INK)
        chart.beside(text, at, row, away, looks.body, color=color, fontweight="bold")


def _amount(value: float, largest: float) -> str:
    """Write a number with three digits of the largest on the chart."""
    digits = max(0, 2 - int(np.floor(np.log10(largest)))) if largest > 0 else 0
    return wording.amount(value, digits)


# --- gain and cost --------------------------------------------------------------------------------------------


@drawing(ChartOptions)
def gain_against_cost(
    comparison: Comparison,
    measure: str = "generalized_usd_t",
    ax: Axes | None = None,
    *,
    costs: Mapping[str, tuple[float, float]] | None = None,
    names: Mapping[str, str] | None = None,
    **options: Unpack[ChartOptions],
) -> Drawing:
    """Draw the mean gain of each scenario against what it costs to build, with the bands of both.

    Parameters
    ----------
    comparison
        The comparison; with draws the gain has its band p05 to p95 of what is known of the means.
    measure
        Measure of the gain: `hours`, `cost_usd_t`, `co2e_kg_t` or `generalized_usd_t`.
    ax
        Axes to draw on; by default a figure of its own, which pyplot does not know.
    costs
        Least and greatest cost of scenarios in million USD, where others than the published ones of the projects
        built are to be used.
    names
        Names of scenarios on the chart.
    options
        As in `ChartOptions`.

    Returns
    -------
    Drawing
        Figure with its axes, tables and caption, to show or save.

    Raises
    ------
    InputError
        If no scenario has a cost and a pair to compare, or an option cannot be.

    >>> import corridors as co
    >>> nets = {"base": co.load(), "kabul": co.Scenario("kabul").build("uap-kabul")}
    >>> gain = co.compare(nets, ["Tashkent", "Almaty"], ["Karachi"], modes={"rail"}, draws=100)
    >>> gain_against_cost(gain).ax.get_xlabel()
    'construction cost as published, billion USD'
    """
    kind, given, titles = units.measure(measure, among=SUMS), dict(costs or {}), dict(names or {})
    points = gain_cost_table(comparison, measure, costs=costs)
    shown = _with_cost(points, costs)
    factor, word = wording.scale_of(kind, 0.0, "d" if kind is units.HOURS else None)
    chart = frame.open_chart(ax, 2.6 + 0.27 * min(width_of(options), 24), options)
    _set_axes(chart, shown, factor)
    chart.axis_label(f"construction cost{'' if set(shown.index) <= set(given) else ' as published'}, billion USD")
    chart.settle()
    base = titles.get(comparison.base, comparison.base)
    upright = "p05 to p95 of what is known of the means, and " if comparison.draws else ""
    subtitle = f"Mean saving in {word} over the pairs joined in both, against {base}"
    bars = f"; bars: {upright}least to greatest cost, the mark in the middle"
    title = f"Saving of {kind.label} against construction cost"
    chart.caption(title, subtitle + bars, _cost_note(comparison, points, given, titles))
    for number, (_, row) in enumerate(shown.iterrows()):
        _draw_point(chart, row, factor, number)
    for number, (name, row) in enumerate(shown.iterrows()):
        color = style.ROUTE_COLORS[number % len(style.ROUTE_COLORS)]
        _name_point(chart, row, factor, f"{titles.get(str(name), name)}\n{{}} {word}\n{{}} bn USD", color=color)
    return chart.drawing()


def _with_cost(points: pd.DataFrame, costs: Mapping[str, tuple[float, float]] | None) -> pd.DataFrame:
    """Scenarios that have a gain and a cost, or an error that says what is not published."""
    shown = points.dropna(subset=["cost_low_musd", "gain"])
    if shown.empty:
        missing = [f"{name}: no published cost of {row.missing}" for name, row in points.iterrows() if row.missing]
        where = "; ".join(missing) or "a scenario"
        raise InputError("costs", costs, f"costs={{'scenario': (low, high)}} in million USD, for {where}")
    return shown


def _set_axes(chart: Chart, shown: pd.DataFrame, factor: float) -> None:
    """Set limits that hold all bands and zero, ticks and the line of no gain."""
    sides = shown[["gain", "p05", "p95"]].fillna(0) * factor
    low, high = min(0.0, float(sides.min().min())), max(0.0, float(sides.max().max()))
    high = high if high - low > 1e-6 else 1.0  # nothing gained: a scale all the same
    room = 0.12 * (high - low)
    most = 1.32 * shown["cost_high_musd"].max() / 1000
    chart.ax.set(xlim=(0, most), ylim=(low - (room if low < 0 else 0), high + room))
    chart.axis_looks(grid="y", bottom=low >= 0)
    chart.ax.tick_params(axis="x", pad=chart.looks.pt(5))
    chart.ax.xaxis.set_major_formatter("{x:g}")
    chart.ax.axhline(0, color=INK, linewidth=chart.looks.pt(0.8), zorder=1)


def gain_cost_table(
    comparison: Comparison,
    measure: str = "generalized_usd_t",
    *,
    costs: Mapping[str, tuple[float, float]] | None = None,
) -> pd.DataFrame:
    """Table of mean gain and construction cost of every scenario.

    Parameters
    ----------
    comparison
        Comparison of a base with scenarios.
    measure
        Measure of the gain.
    costs
        Construction costs in million USD by scenario; by default those of the data.

    Returns
    -------
    DataFrame
        One row per scenario besides the base: gain (less of the measure, weighted mean over the pairs joined in both),
        p05 and p95 (with draws), cost_low_musd, cost_high_musd, sources and missing (projects without a figure).

    Raises
    ------
    InputError
        If the ends of a cost are not a least and a greatest one.

    >>> import corridors as co
    >>> nets = {"base": co.load(), "kabul": co.Scenario("kabul").build("uap-kabul")}
    >>> gain = co.compare(nets, ["Tashkent"], ["Karachi"], modes={"rail"})
    >>> gain_cost_table(gain)["cost_high_musd"].tolist()
    [8200.0]
    """
    kind, given = units.measure(measure, among=SUMS), dict(costs or {})
    others = scenarios_of(comparison, None)
    for name, ends in given.items():
        scenarios_of(comparison, name)
        if not (len(ends) == 2 and 0 < ends[0] <= ends[1]):
            raise InputError("costs", {name: ends}, "a least and a greatest cost in million USD")
    overall = comparison.overall()
    rows = {}
    for name in others:
        published = _built_cost(comparison, name)
        low, high = given.get(name, (published.low_musd, published.high_musd))
        p05, p95 = comparison.overall_band(name, kind.column)
        compared = int(overall.loc[name, "compared"])
        rows[name] = {
            "gain": -float(overall.loc[name, f"{kind.column}_delta"]) if compared else np.nan,
            "p05": -p95, "p95": -p05, "cost_low_musd": low, "cost_high_musd": high,
            "sources": "" if name in given else ";".join(published.sources),
            "missing": "" if name in given else ";".join(published.missing),
        }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index")


def _built_cost(comparison: Comparison, name: str) -> ConstructionCost:
    """Cost as published of what a scenario builds beyond the base."""
    views = {
        which: next((r.problem for key, r in comparison.routes.items() if key[0] == which and r is not None), None)
        for which in (name, comparison.base)
    }
    mine, base = views[name], views[comparison.base]
    built = (mine.view.built if mine else frozenset()) - (base.view.built if base else frozenset())
    # a scenario may have other costs than the base, such as none for another gauge
    return construction_cost(mine.tables if mine else tables_of(comparison), built)


def _draw_point(chart: Chart, row: pd.Series, factor: float, number: int) -> None:
    color, name = style.ROUTE_COLORS[number % len(style.ROUTE_COLORS)], row.name
    low, high = row["cost_low_musd"] / 1000, row["cost_high_musd"] / 1000
    x, y, pt = (low + high) / 2, row["gain"] * factor, chart.looks.pt
    looks: dict[str, Any] = {"color": color, "linewidth": pt(1.6), "solid_capstyle": "butt", "zorder": 4}
    if high > low:
        chart.ax.plot([low, high], [y, y], gid=f"cost-{name}", **looks)
        chart.block([low, high], [y, y])
    if np.isfinite(row["p05"]):
        chart.ax.plot([x, x], [row["p05"] * factor, row["p95"] * factor], gid=f"gain-{name}", **looks)
        chart.block([x, x], [row["p05"] * factor, row["p95"] * factor])
    marker = "osD^pv"[number % 6]
    chart.ax.plot(x, y, marker=marker, color=color, markersize=pt(6.5), markeredgecolor="white", zorder=6,
                  gid=f"point-{name}")  # fmt: skip
    chart.block(x, y, width_pt=4)


def _name_point(chart: Chart, row: pd.Series, factor: float, text: str, *, color: str) -> None:
    """Name a scenario beside its point, with its gain and its cost filled into the text."""
    low, high = row["cost_low_musd"] / 1000, row["cost_high_musd"] / 1000
    gain, p05, p95 = (row[column] * factor for column in ("gain", "p05", "p95"))
    digits = wording.digits_for(max(abs(gain), abs(np.nan_to_num(p95))))
    band = f" ({wording.amount(p05, digits)} to {wording.amount(p95, digits)})" if np.isfinite(p05) else ""
    money = f"{low:.1f}" if low == high else f"{low:.1f} to {high:.1f}"
    places = [
        (float(dx * reach), float(dy * reach), "left" if dx > 0 else "right", "bottom" if dy > 0 else "top")
        for reach in (5, 10, 18, 30, 45, 65)
        for dx, dy in ((1, 1), (-1, 1), (1, -1), (-1, -1))
    ]
    filled = text.format(f"{wording.amount(gain, digits)}{band}", money)
    chart.write(filled, ((low + high) / 2, gain), places, size=chart.looks.body, leader=16, color=color, force=True)


def _cost_note(
    comparison: Comparison, points: pd.DataFrame, costs: Mapping[str, object], names: Mapping[str, str]
) -> str:
    """Say where the costs come from, which are missing, and what they are not."""
    sources = tables_of(comparison)["sources"].set_index("id")
    ids = [i for cell in points["sources"] for i in str(cell).split(";") if i in sources.index]
    cited = "; ".join(dict.fromkeys(f"{sources.loc[i, 'publisher']} {sources.loc[i, 'year']}" for i in ids))
    parts = [f"Published costs: {cited}; figures of different years and scopes, not deflated."] if cited else []
    if costs:
        parts.append(f"Costs given by the user: {', '.join(costs)}.")
    alone = [
        names.get(str(name), str(name))
        for name, row in points.iterrows()
        if row["cost_low_musd"] == row["cost_high_musd"]
    ]
    parts += [f"One figure only: {', '.join(alone)}."] if alone else []
    parts += [f"Not shown, cost not published: {names.get(str(name), name)} ({row['missing'].replace(';', ', ')})."
              for name, row in points.iterrows() if row["missing"]]  # fmt: skip
    return " ".join([*parts, "Parameters of the gain and their sources: see the table of assumptions."])
