"""Charts of what scenarios gain: pair by pair, by project, and against what they cost to build."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Text

from corridors.analysis import UNITS
from corridors.compare import Comparison
from corridors.costs import ConstructionCost, construction_cost
from corridors.errors import InputError, UnknownNameError
from corridors.names import near
from corridors.plot import frame, style, wording
from corridors.plot.canvas import Drawing
from corridors.plot.charts import ROW_CM
from corridors.plot.frame import Chart
from corridors.plot.stops import plain
from corridors.tables import Tables

MEASURES: Final = ("km", "hours", "cost_usd_t", "co2e_kg_t", "generalized_usd_t")
Pair = tuple[str, str]


def slope(
    comparison: Comparison,
    measure: str = "hours",
    ax: Axes | None = None,
    *,
    scenario: str | Sequence[str] | None = None,
    most: int = 12,
    unit: str | None = None,
    names: Mapping[str, str] | None = None,
    title: str | None = None,
    width_cm: float = 18,
) -> Drawing:
    """Draw how every pair changes from the base to each scenario, as slopes on one scale.

    The pairs that change most are named, with their figures; the others are drawn thin. A pair that is joined in one
    of the two networks only has a ring at that end.

    Parameters
    ----------
    comparison
        The comparison.
    measure
        `km`, `hours`, `cost_usd_t`, `co2e_kg_t` or `generalized_usd_t`.
    ax
        Axes to draw on; by default a figure of its own, which pyplot does not know.
    scenario
        One or several of the scenarios; by default all.
    most
        Number of pairs that are named.
    unit
        Unit of hours, `h` or `d`; by default days from 96 hours on.
    names
        Names of scenarios on the chart.
    title
        Title; by default it says what is shown, and `""` leaves it out.
    width_cm
        Width of a figure of its own.

    Raises
    ------
    InputError, UnknownNameError
        If there is nothing to compare, or an option cannot be.

    >>> import corridors as co
    >>> nets = {"base": co.load(), "kabul": co.Scenario("kabul").build("uap-kabul")}
    >>> gain = co.compare(nets, ["Tashkent", "Almaty"], ["Karachi"], modes={"rail"})
    >>> slope(gain).ax.get_title(loc="left")
    'Change of transit time from base to kabul'
    """
    wording.check_measure(measure, MEASURES)
    chosen = _scenarios(comparison, scenario)
    table = comparison.table(measure)[[comparison.base, *chosen]]
    largest = float(np.nanmax(table.to_numpy(dtype=float))) if table.notna().to_numpy().any() else 0.0
    if largest <= 0:
        raise InputError("comparison", comparison.scenarios, "a comparison in which some pair is joined")
    factor, word = wording.scale_of(measure, largest, unit) if measure != "km" else (1.0, "km")
    table = table * factor
    shown = {name: (names or {}).get(name, name) for name in comparison.scenarios}
    chart = frame.open_chart(ax, width_cm, 3.0 + 0.42 * min(most, len(table)) + 0.1 * width_cm)
    chart.axis_looks(grid="")
    low, high = float(np.nanmin(table.to_numpy())), float(np.nanmax(table.to_numpy()))
    edge = 0.06 * max(high - low, 0.1 * high)
    chart.ax.set(ylim=(low - edge, high + edge), xticks=[], yticks=[])
    chart.settle()
    slopes = _Slopes(chart, table, _pair_names(comparison), _most_changed(table, most))
    slopes.draw([shown[name] for name in [comparison.base, *chosen]])
    what, others = wording.QUANTITIES[measure], " and ".join(shown[name] for name in chosen)
    said = f"Change of {what.lower()} from {shown[comparison.base]} to {others}" if title is None else title
    rest = len(table) - len(slopes.named)
    more = f"; {len(slopes.named)} of {len(table)} pairs named, those that change most" if rest > 0 else ""
    chart.head(said, f"{what} in {word}, one line a pair of places{more}", *slopes.heads)
    chart.note(_slope_note(comparison, shown, chosen))
    return chart.drawing()


def _scenarios(comparison: Comparison, scenario: str | Sequence[str] | None) -> list[str]:
    """Give the scenarios to show besides the base."""
    others = [name for name in comparison.scenarios if name != comparison.base]
    chosen = others if scenario is None else [scenario] if isinstance(scenario, str) else list(scenario)
    for name in chosen:
        if name not in others:
            raise UnknownNameError("scenario", name, near(name, others), f"Compared are {', '.join(others)}.")
    if not chosen:
        raise InputError("comparison", comparison.scenarios, "a comparison with a scenario besides the base")
    return chosen


def _tables(comparison: Comparison) -> Tables:
    route = next((route for route in comparison.routes.values() if route is not None), None)
    if route is None:
        raise InputError("comparison", comparison.scenarios, "a comparison in which some pair is joined")
    return route.problem.tables


def _pair_names(comparison: Comparison) -> dict[tuple[str, str], str]:
    """Name the pairs; an end that all have in common goes without saying."""
    name = _tables(comparison).name
    pairs = comparison.pair_list
    origins, destinations = {o for o, _ in pairs}, {d for _, d in pairs}
    if len(destinations) == 1 < len(origins):
        return {pair: plain(name(pair[0])) for pair in pairs}
    if len(origins) == 1 < len(destinations):
        return {pair: plain(name(pair[1])) for pair in pairs}
    return {pair: f"{plain(name(pair[0]))}–{plain(name(pair[1]))}" for pair in pairs}


def _most_changed(table: pd.DataFrame, most: int) -> list[tuple[str, str]]:
    """List the pairs that change most in any scenario, those newly joined first."""
    change = table.iloc[:, 1:].sub(table.iloc[:, 0], axis=0).abs().max(axis=1)
    joined = table.isna().any(axis=1) & table.notna().any(axis=1)
    order = change.where(~joined, np.inf).sort_values(ascending=False, kind="stable").dropna()
    return [pair for pair in order.index if order[pair] > 1e-9][:most]


class _Slopes:
    """Slopes of one scenario after another, left to right, on one scale; across the chart runs a scale of points."""

    def __init__(
        self, chart: Chart, table: pd.DataFrame, labels: Mapping[Pair, str], named: Sequence[Pair]
    ) -> None:  # fmt: skip
        self.chart, self.table, self.labels, self.named = chart, table, labels, named
        self.digits = wording.digits_for(float(np.nanmax(table.to_numpy())))
        self.size = chart.looks.body if chart.looks.width_cm >= 12 else chart.looks.small
        self.heads: list[Text] = []

    def draw(self, names: Sequence[str]) -> None:
        """Draw all scenarios; the pairs are named at the first."""
        chart, blocks = self.chart, len(names) - 1
        if blocks > 1 and chart.looks.width_cm < 12:
            self.labels = {pair: label.replace("–", "–\n", 1) for pair, label in self.labels.items()}
        width = chart.ax.get_window_extent().width / chart.px
        chart.ax.set_xlim(0, width)
        gap = chart.looks.pt(11 if chart.looks.width_cm >= 12 else 8)
        heads = [chart.wrap(name, chart.looks.pt(74), self.size, fontweight="bold") for name in names]
        room = [self._wide([self._text(pair, 0) for pair in self.named], heads[0]) + gap]
        room += [self._wide([self._text(pair, i) for pair in self.named], heads[i]) + gap for i in range(1, blocks + 1)]
        slope = (width - sum(room) - (blocks - 1) * 1.3 * gap) / blocks
        if slope < chart.looks.pt(12):
            raise InputError("scenario", list(names[1:]), f"fewer scenarios for a chart {chart.looks.width_cm:.0f} cm wide")
        left = room[0]
        for i in range(1, blocks + 1):
            self._draw_lines(left, left + slope, i)
            if i == 1:
                self._write_side(left, 0)
                self._write_head(left, heads[0], "right")
            self._write_side(left + slope, i)
            self._write_head(left + slope, heads[i], "left")
            left += slope + room[i] + 1.3 * gap

    def _wide(self, texts: Sequence[str], head: str) -> float:
        sizes = [self.chart.size_of(text, self.size)[0] for text in texts]
        return max([*sizes, self.chart.size_of(head, self.size, fontweight="bold")[0]]) / self.chart.px

    def _text(self, pair: Pair, column: int) -> str:
        value = float(self.table.loc[pair].iloc[column])
        told = wording.figure(value, self.digits) if np.isfinite(value) else "no way"
        return f"{self.labels[pair]} {told}" if column == 0 else told

    def _draw_lines(self, left: float, right: float, column: int) -> None:
        looks, ax = self.chart.looks, self.chart.ax
        for x in (left, right):
            ax.plot([x, x], ax.get_ylim(), color=style.FAINT, linewidth=looks.pt(0.7), zorder=1)
        for pair, values in zip(self.table.index, self.table.to_numpy(), strict=True):
            before, after = float(values[0]), float(values[column])
            strong = pair in self.named
            color = (style.HIGH if after > before else style.LOW) if strong else style.FAINT
            ax.plot([left, right], [before, after], color=color, linewidth=looks.pt(1.3 if strong else 0.5),
                    linestyle=(0, (4, 1.5)) if strong and after > before else "-", zorder=4 if strong else 2,
                    gid=f"pair-{pair[0]}-{pair[1]}")  # fmt: skip
            for x, y, other in ((left, before, after), (right, after, before)):
                if np.isfinite(y) and (strong or not np.isfinite(other)):
                    ring = not np.isfinite(other)
                    ax.plot(x, y, "o", markersize=looks.pt(3.6), markerfacecolor="white" if ring else color,
                            markeredgecolor=color, zorder=5, gid="ring" if ring else None)  # fmt: skip

    def _write_head(self, x: float, text: str, ha: str) -> None:
        ax = self.chart.ax
        self.heads.append(
            ax.annotate(text, (x, 1), (0, 2), xycoords=ax.get_xaxis_transform(), textcoords="offset points", ha=ha,
                        va="bottom", annotation_clip=False, gid="column-head",
                        **self.chart.text_looks(self.size, fontweight="bold"))
        )  # fmt: skip

    def _write_side(self, x: float, column: int) -> None:
        """Write the labels of a column, moved apart where they would meet, with lines to their points."""
        values = self.table.iloc[:, column]
        pairs = [pair for pair in self.named if np.isfinite(values[pair])]
        if not pairs:
            return
        chart, looks = self.chart, self.chart.looks
        box = chart.ax.get_window_extent()
        y = chart.pixels([x] * len(pairs), values[pairs].to_numpy())[:, 1]
        high = np.array([chart.size_of(self._text(pair, column), self.size)[1] * 1.04 for pair in pairs])
        at = frame.spread(y, high)
        at += max(box.y0 - (at - high / 2).min(), 0) - max((at + high / 2).max() - box.y1, 0)
        ha, sign, side = ("right", -1, 1) if column == 0 else ("left", 1, 0)
        for pair, old, new in zip(pairs, y, at, strict=True):
            arrow = {"arrowstyle": "-", "color": style.FAINT, "linewidth": looks.pt(0.5), "shrinkA": 0, "shrinkB": 2}
            chart.ax.annotate(
                self._text(pair, column), (x, values[pair]), (sign * looks.pt(10 if looks.width_cm >= 12 else 7), (new - old) / chart.px),
                textcoords="offset points", ha=ha, va="center", gid=frame.LABEL,
                arrowprops={**arrow, "relpos": (side, 0.5)}, **chart.text_looks(self.size),
            )  # fmt: skip


def _slope_note(comparison: Comparison, shown: Mapping[str, str], chosen: Sequence[str]) -> str:
    table = comparison.overall()
    said = [f"{shown[name]} joins {int(table.loc[name, 'joined'])} pairs anew." for name in chosen if table.loc[name, "joined"]]
    said += [f"{shown[name]} parts {int(table.loc[name, 'parted'])} pairs." for name in chosen if table.loc[name, "parted"]]
    route = next(r for r in comparison.routes.values() if r is not None)
    least = "generalized cost" if route.by == "generalized" else route.by
    head = f"{route.cargo.capitalize()}, expected values on the way of least {least}; the scale does not begin at zero."
    return " ".join([head, *said, "Parameters and sources: route.assumptions()."])


# --- shares of projects ---------------------------------------------------------------------------------------


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
        Table of `corridors.attribution.attribute` or `shapley`.
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

    >>> from corridors.attribution import shapley
    >>> gains = {"": 0, "a": 4, "b": 6, "ab": 15}
    >>> table = shapley(lambda built: gains["".join(sorted(built))], ["a", "b"])
    >>> [bar.get_width() for bar in shapley_bars(table, unit="h").ax.patches]
    [8.5, 6.5]
    """
    needed = ["project", "isolation", "complement", "shapley", "standard_error"]
    if not set(needed) <= set(table) or not len(table):
        raise InputError("table", list(table), f"a table of attribute() or shapley() with {', '.join(needed)}")
    rows = table.sort_values("shapley", ascending=False, kind="stable").reset_index(drop=True)
    chart = frame.open_chart(ax, width_cm, 0.6 + 1.35 * ROW_CM * style.ChartStyle(width_cm).scale * len(rows))
    chart.ax.barh(rows.index, rows["shapley"], height=0.5, color=style.ROUTE_COLORS[0], gid="shapley")
    chart.name_rows([(names or {}).get(name, name) for name in rows["project"]])
    marks = (("isolation", "o", "Alone (first built)"), ("complement", "D", "Last built"))
    for column, marker, _ in marks:
        chart.ax.plot(rows[column], rows.index, linestyle="none", marker=marker, markersize=chart.looks.pt(4.6),
                      markerfacecolor="white", markeredgecolor=style.HIGH, markeredgewidth=chart.looks.pt(1.2),
                      zorder=6, gid=column)  # fmt: skip
    error = 1.96 * rows["standard_error"].fillna(0)
    if (error > 0).any():
        chart.ax.errorbar(rows["shapley"], rows.index, xerr=error, fmt="none", ecolor=style.INK,
                          elinewidth=chart.looks.pt(0.9), zorder=5)  # fmt: skip
    ends = rows[["isolation", "complement", "shapley"]]
    largest = float(ends.abs().max().max())
    texts = [_amount(value, largest) for value in rows["shapley"]]
    tops = pd.concat([ends.max(axis=1), rows["shapley"] + error], axis=1).max(axis=1).clip(lower=0)
    chart.ax.axvline(0, color=style.INK, linewidth=chart.looks.pt(0.8))
    chart.axis_label(unit or what)
    chart.room_beside(ends.min(axis=1).clip(upper=0), tops, [("", text) for text in texts], size=chart.looks.body)
    handles = [Line2D([], [], linestyle="none", marker=marker, markersize=chart.looks.pt(4.6), markerfacecolor="white",
                      markeredgecolor=style.HIGH) for _, marker, _ in marks]  # fmt: skip
    key = chart.key(handles, [label for *_, label in marks])
    for row, (top, text) in enumerate(zip(tops, texts, strict=True)):
        chart.ax.annotate(text, (top, row), (chart.looks.pt(5), 0), textcoords="offset points", va="center",
                          gid=frame.LABEL, **chart.text_looks(chart.looks.body, fontweight="bold"))  # fmt: skip
    total = _amount(float(rows["shapley"].sum()), largest)
    said = f"Shares of {len(rows)} projects in the {what}" if title is None else title
    tail = f" in {unit}" if unit else ""
    chart.head(said, f"Bar: Shapley share{tail}, the mean over all orders of building; together {total}", key)
    chart.note("A project worth nothing alone and much as the last one needs the others; the reverse is a substitute."
               + (" Whiskers: 95 % of the sampling error." if (error > 0).any() else ""))  # fmt: skip
    return chart.drawing()


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
    wording.check_measure(measure, tuple(UNITS))
    points = gain_cost_table(comparison, measure, costs=costs)
    shown = points.dropna(subset=["cost_low_musd", "gain"])
    if shown.empty:
        told = "; ".join(f"{name}: no published cost of {row.missing}" for name, row in points.iterrows() if row.missing)
        raise InputError("costs", costs, f"costs={{'scenario': (low, high)}} in million USD, for {told or 'a scenario'}")
    factor, word = (1 / 24, "days") if measure == "hours" else (1.0, UNITS[measure])
    chart = frame.open_chart(ax, width_cm, 2.6 + 0.27 * min(width_cm, 24))
    sides = shown[["gain", "p05", "p95"]].fillna(0) * factor
    low, high = min(0.0, float(sides.min().min())), max(0.0, float(sides.max().max()))
    room = 0.12 * max(high - low, 1e-9)
    chart.ax.set(xlim=(0, 1.32 * shown["cost_high_musd"].max() / 1000), ylim=(low - (room if low < 0 else 0), high + room))
    chart.axis_looks(grid="y", bottom=low >= 0)
    chart.ax.axhline(0, color=style.INK, linewidth=chart.looks.pt(0.8), zorder=1)
    own = costs is not None and set(shown.index) <= set(costs)
    chart.axis_label(f"construction cost{'' if own else ' as published'}, billion USD")
    chart.settle()
    for number, (name, row) in enumerate(shown.iterrows()):
        _draw_point(chart, row, factor, style.ROUTE_COLORS[number % len(style.ROUTE_COLORS)], number, str(name))
    for number, (name, row) in enumerate(shown.iterrows()):
        _name_point(chart, row, factor, word, style.ROUTE_COLORS[number % len(style.ROUTE_COLORS)],
                    (names or {}).get(str(name), str(name)))  # fmt: skip
    what = wording.QUANTITIES[measure].lower()
    said = f"Saving of {what} against construction cost" if title is None else title
    band = "; bars: p05 to p95 of what is known of the means, and least to greatest cost" if comparison.draws else ""
    chart.head(said, f"Mean saving in {word} over the pairs joined in both, against {comparison.base}{band}")
    chart.note(_cost_note(comparison, points, costs or {}, names or {}))
    return chart.drawing()


def gain_cost_table(
    comparison: Comparison, measure: str = "generalized_usd_t", *, costs: Mapping[str, tuple[float, float]] | None = None
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
    others = _scenarios(comparison, None)
    for name, ends in given.items():
        _scenarios(comparison, name)
        if not (len(ends) == 2 and 0 < ends[0] <= ends[1]):
            raise InputError("costs", {name: ends}, "a least and a greatest cost in million USD")
    overall = comparison.overall()
    rows = {}
    for name in others:
        found = _built_cost(comparison, name)
        low, high = given.get(name, (found.low_musd, found.high_musd))
        p05, p95 = comparison.overall_band(name, measure) if comparison.draws else (np.nan, np.nan)
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
    return construction_cost(_tables(comparison), built)


def _draw_point(chart: Chart, row: pd.Series, factor: float, color: str, number: int, name: str) -> None:
    low, high = row["cost_low_musd"] / 1000, row["cost_high_musd"] / 1000
    x, y, pt = (low + high) / 2, row["gain"] * factor, chart.looks.pt
    looks = {"color": color, "linewidth": pt(1.6), "solid_capstyle": "butt", "zorder": 4}
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


def _name_point(chart: Chart, row: pd.Series, factor: float, word: str, color: str, name: str) -> None:
    low, high = row["cost_low_musd"] / 1000, row["cost_high_musd"] / 1000
    gain, p05, p95 = (row[column] * factor for column in ("gain", "p05", "p95"))
    digits = wording.digits_for(max(abs(gain), abs(np.nan_to_num(p95))))
    band = f" ({wording.figure(p05, digits)} to {wording.figure(p95, digits)})" if np.isfinite(p05) else ""
    money = f"{low:.1f}" if low == high else f"{low:.1f} to {high:.1f}"
    text = f"{name}\n{wording.figure(gain, digits)}{band} {word}\n{money} bn USD"
    places = [(dx, dy, ha, va) for reach in (5.0, 10.0, 18.0, 30.0, 45.0, 65.0) for dx, dy, ha, va in (
        (reach, reach, "left", "bottom"), (-reach, reach, "right", "bottom"),
        (reach, -reach, "left", "top"), (-reach, -reach, "right", "top"))]  # fmt: skip
    at = ((low + high) / 2, gain)
    chart.write(text, at, places, size=chart.looks.body, leader=16, color=color)


def _cost_note(comparison: Comparison, points: pd.DataFrame, costs: Mapping[str, object], names: Mapping[str, str]) -> str:
    """Say where the costs come from, which are missing, and what they are not."""
    sources = _tables(comparison)["sources"].set_index("id")
    ids = [i for cell in points["sources"] for i in str(cell).split(";") if i in sources.index]
    said = dict.fromkeys(f"{sources.loc[i, 'publisher']} {sources.loc[i, 'year']}" for i in ids)
    parts = [f"Published costs: {'; '.join(said)}; figures of different years and scopes, not deflated."] if said else []
    if costs:
        parts.append(f"Costs given by the user: {', '.join(costs)}.")
    alone = [names.get(str(name), str(name)) for name, row in points.iterrows() if row["cost_low_musd"] == row["cost_high_musd"]]
    parts += [f"One figure only: {', '.join(alone)}."] if alone else []
    parts += [f"Not shown, cost not published: {names.get(str(name), name)} ({row['missing'].replace(';', ', ')})."
              for name, row in points.iterrows() if row["missing"]]  # fmt: skip
    return " ".join([*parts, "Parameters of the gain and their sources: route.assumptions()."])
