"""Charts of what projects gain: their shares, and the gain against what they cost to build."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from corridors.base.drawing import Drawing
from corridors.base.errors import InputError
from corridors.base.looks import INK
from corridors.base.units import measure as measure_of
from corridors.model.parts import SUMS
from corridors.model.projects import ConstructionCost, construction_cost
from corridors.plot import style, wording
from corridors.plot.charts import frame
from corridors.plot.charts.frame import Chart
from corridors.plot.charts.slopes import scenarios_of, tables_of
from corridors.whatif.compare import Comparison


def shapley_bars(
    table: pd.DataFrame,
    ax: Axes | None = None,
    *,
    what: str = "gain",
    unit: str = "",
    names: Mapping[str, str] | None = None,
    title: str | None = None,
    width_cm: float = 18,
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
    title
        Title; by default it says what is shown, and `""` leaves it out.
    width_cm
        Width of a figure of its own.

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
    needed = ["project", "isolation", "complement", "shapley", "standard_error"]
    if not set(needed) <= set(table) or not len(table):
        raise InputError("table", list(table), f"a table of attribute() or shapley() with {', '.join(needed)}")
    rows = table.sort_values("shapley", ascending=False, kind="stable").reset_index(drop=True)
    chart = frame.open_chart(ax, width_cm, 0.6 + 1.35 * frame.row_cm(width_cm) * len(rows))
    chart.ax.barh(rows.index, rows["shapley"], height=0.5, color=style.ROUTE_COLORS[0], gid="shapley")
    chart.name_rows([(names or {}).get(name, name) for name in rows["project"]])
    marks = (("isolation", "o", "Alone (first built)"), ("complement", "D", "Last built"))
    for column, marker, _ in marks:
        chart.ax.plot(rows[column], rows.index, linestyle="none", marker=marker, markersize=chart.looks.pt(4.6),
                      markerfacecolor="white", markeredgecolor=style.HIGH, markeredgewidth=chart.looks.pt(1.2),
                      zorder=6, clip_on=False, gid=column)  # fmt: skip
    error = 1.96 * rows["standard_error"].fillna(0)
    if (error > 0).any():
        chart.ax.errorbar(rows["shapley"], rows.index, xerr=error, fmt="none", ecolor=INK,
                          elinewidth=chart.looks.pt(0.9), zorder=5)  # fmt: skip
    ends = rows[["isolation", "complement", "shapley"]]
    largest = float(ends.abs().max().max())
    texts = [_amount(value, largest) for value in rows["shapley"]]
    tops = pd.concat([ends.max(axis=1), rows["shapley"] + error], axis=1).max(axis=1).clip(lower=0)
    chart.ax.axvline(0, color=INK, linewidth=chart.looks.pt(0.8))
    chart.axis_label(unit or what)
    bottoms = ends.min(axis=1).clip(upper=0)
    beside = [("+" if low < 0 else "", text) for low, text in zip(bottoms, texts, strict=True)]  # room for a mark
    chart.room_beside(bottoms, tops, beside, size=chart.looks.body)
    handles = [Line2D([], [], linestyle="none", marker=marker, markersize=chart.looks.pt(4.6), markerfacecolor="white",
                      markeredgecolor=style.HIGH) for _, marker, _ in marks]  # fmt: skip
    key = chart.key(handles, [label for *_, label in marks])
    total = _amount(float(rows["shapley"].sum()), largest)
    said = f"Shares of {len(rows)} projects in the {what}" if title is None else title
    tail = f" in {unit}" if unit else ""
    note = "A project worth nothing alone and much as the last one needs the others; the reverse is a substitute."
    whiskers = " Whiskers: 95 % of the sampling error." if (error > 0).any() else ""
    subtitle = f"Bar: Shapley share{tail}, the mean over all orders of building; together {total}"
    chart.caption(said, subtitle, note + whiskers, key)
    _write_shares(chart, rows, tops, texts)
    return chart.drawing()


def _write_shares(chart: Chart, rows: pd.DataFrame, tops: pd.Series, texts: Sequence[str]) -> None:
    """Write each share at the end of its bar, inside where there is room, else beside all marks of its row."""
    looks = chart.looks
    for row, (share, top, text) in enumerate(zip(rows["shapley"], tops, texts, strict=True)):
        start, end = chart.pixels([0, share], [row, row])[:, 0]
        marks = chart.pixels(rows.loc[row, ["isolation", "complement"]].to_numpy(), [row, row])[:, 0]
        need = chart.size_of(text, looks.body, fontweight="bold")[0] + 12 * chart.px
        clear = end - start > need and not ((marks > end - need) & (marks < end + 4 * chart.px)).any()
        inside = clear and not rows["standard_error"].iloc[row] > 0
        chart.ax.annotate(
            text, (share if inside else top, row), (-looks.pt(4) if inside else looks.pt(6), 0),
            textcoords="offset points", ha="right" if inside else "left", va="center", gid=frame.LABEL,
            **chart.text_looks(looks.body, "#ffffff" if inside else INK, fontweight="bold"),
        )  # fmt: skip


def _amount(value: float, largest: float) -> str:
    """Write a number with three digits of the largest on the chart."""
    digits = max(0, 2 - int(np.floor(np.log10(largest)))) if largest > 0 else 0
    return wording.figure(value, digits)


# --- gain and cost --------------------------------------------------------------------------------------------


def gain_against_cost(
    comparison: Comparison,
    measure: str = "generalized_usd_t",
    ax: Axes | None = None,
    *,
    costs: Mapping[str, tuple[float, float]] | None = None,
    names: Mapping[str, str] | None = None,
    title: str | None = None,
    width_cm: float = 18,
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
    title
        Title; by default it says what is shown, and `""` leaves it out.
    width_cm
        Width of a figure of its own.

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
    wording.check_measure(measure, [m.column for m in SUMS])
    points = gain_cost_table(comparison, measure, costs=costs)
    shown = points.dropna(subset=["cost_low_musd", "gain"])
    if shown.empty:
        told = "; ".join(
            f"{name}: no published cost of {row.missing}" for name, row in points.iterrows() if row.missing
        )
        raise InputError(
            "costs", costs, f"costs={{'scenario': (low, high)}} in million USD, for {told or 'a scenario'}"
        )
    factor, word = (1 / 24, "days") if measure == "hours" else (1.0, measure_of(measure).unit)
    chart = frame.open_chart(ax, width_cm, 2.6 + 0.27 * min(width_cm, 24))
    sides = shown[["gain", "p05", "p95"]].fillna(0) * factor
    low, high = min(0.0, float(sides.min().min())), max(0.0, float(sides.max().max()))
    high = high if high - low > 1e-6 else 1.0  # nothing gained: a scale all the same
    room = 0.12 * (high - low)
    chart.ax.set(
        xlim=(0, 1.32 * shown["cost_high_musd"].max() / 1000), ylim=(low - (room if low < 0 else 0), high + room)
    )
    chart.axis_looks(grid="y", bottom=low >= 0)
    chart.ax.tick_params(axis="x", pad=chart.looks.pt(5))
    chart.ax.xaxis.set_major_formatter("{x:g}")
    chart.ax.axhline(0, color=INK, linewidth=chart.looks.pt(0.8), zorder=1)
    own = costs is not None and set(shown.index) <= set(costs)
    chart.axis_label(f"construction cost{'' if own else ' as published'}, billion USD")
    chart.settle()
    what = wording.QUANTITIES[measure].lower()
    said = f"Saving of {what} against construction cost" if title is None else title
    upright = "p05 to p95 of what is known of the means, and " if comparison.draws else ""
    base = (names or {}).get(comparison.base, comparison.base)
    subtitle = f"Mean saving in {word} over the pairs joined in both, against {base}"
    bars = f"; bars: {upright}least to greatest cost, the mark in the middle"
    chart.caption(said, subtitle + bars, _cost_note(comparison, points, costs or {}, names or {}))
    for number, (_, row) in enumerate(shown.iterrows()):
        _draw_point(chart, row, factor, number)
    for number, (name, row) in enumerate(shown.iterrows()):
        color = style.ROUTE_COLORS[number % len(style.ROUTE_COLORS)]
        _name_point(chart, row, factor, f"{(names or {}).get(str(name), name)}\n{{}} {word}\n{{}} bn USD", color=color)
    return chart.drawing()


def gain_cost_table(
    comparison: Comparison,
    measure: str = "generalized_usd_t",
    *,
    costs: Mapping[str, tuple[float, float]] | None = None,
) -> pd.DataFrame:
    """Give mean gain and construction cost of every scenario.

    Returns
    -------
    DataFrame
        One row per scenario besides the base: gain (less of the measure, weighted mean over the pairs joined in both),
        p05 and p95 (with draws), cost_low_musd, cost_high_musd, sources and missing (projects without a figure).

    >>> import corridors as co
    >>> nets = {"base": co.load(), "kabul": co.Scenario("kabul").build("uap-kabul")}
    >>> gain = co.compare(nets, ["Tashkent"], ["Karachi"], modes={"rail"})
    >>> gain_cost_table(gain)["cost_high_musd"].tolist()
    [8200.0]
    """
    given = dict(costs or {})
    others = scenarios_of(comparison, None)
    for name, ends in given.items():
        scenarios_of(comparison, name)
        if not (len(ends) == 2 and 0 < ends[0] <= ends[1]):
            raise InputError("costs", {name: ends}, "a least and a greatest cost in million USD")
    overall = comparison.overall()
    rows = {}
    for name in others:
        found = _built_cost(comparison, name)
        low, high = given.get(name, (found.low_musd, found.high_musd))
        p05, p95 = comparison.overall_band(name, measure)
        compared = int(overall.loc[name, "compared"])
        rows[name] = {
            "gain": -float(overall.loc[name, f"{measure}_delta"]) if compared else np.nan,
            "p05": -p95, "p95": -p05, "cost_low_musd": low, "cost_high_musd": high,
            "sources": "" if name in given else ";".join(found.sources),
            "missing": "" if name in given else ";".join(found.missing),
        }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index")


def _built_cost(comparison: Comparison, name: str) -> ConstructionCost:
    """Give the published cost of what a scenario builds beyond the base."""
    views = {
        which: next((r.problem for key, r in comparison.routes.items() if key[0] == which and r is not None), None)
        for which in (name, comparison.base)
    }
    mine, base = views[name], views[comparison.base]
    built = (mine.view.built if mine else frozenset()) - (base.view.built if base else frozenset())
    return construction_cost(tables_of(comparison), built)


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
    band = f" ({wording.figure(p05, digits)} to {wording.figure(p95, digits)})" if np.isfinite(p05) else ""
    money = f"{low:.1f}" if low == high else f"{low:.1f} to {high:.1f}"
    places = [
        (float(dx * reach), float(dy * reach), "left" if dx > 0 else "right", "bottom" if dy > 0 else "top")
        for reach in (5, 10, 18, 30, 45, 65)
        for dx, dy in ((1, 1), (-1, 1), (1, -1), (-1, -1))
    ]
    told = text.format(f"{wording.figure(gain, digits)}{band}", money)
    chart.write(told, ((low + high) / 2, gain), places, size=chart.looks.body, leader=16, color=color, force=True)


def _cost_note(
    comparison: Comparison, points: pd.DataFrame, costs: Mapping[str, object], names: Mapping[str, str]
) -> str:
    """Say where the costs come from, which are missing, and what they are not."""
    sources = tables_of(comparison)["sources"].set_index("id")
    ids = [i for cell in points["sources"] for i in str(cell).split(";") if i in sources.index]
    said = dict.fromkeys(f"{sources.loc[i, 'publisher']} {sources.loc[i, 'year']}" for i in ids)
    parts = (
        [f"Published costs: {'; '.join(said)}; figures of different years and scopes, not deflated."] if said else []
    )
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
    return " ".join([*parts, "Parameters of the gain and their sources: route.assumptions()."])
