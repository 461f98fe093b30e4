"""Slope charts: how pairs of places change from the base to a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Text

from corridors.base import units
from corridors.base.drawing import Drawing
from corridors.base.errors import InputError, UnknownNameError
from corridors.base.names import near
from corridors.base.units import Measure
from corridors.data.tables import Tables
from corridors.plot import style, wording
from corridors.plot.charts import frame
from corridors.plot.charts.frame import Chart
from corridors.plot.charts.options import TimeOptions, width_of
from corridors.plot.maps import labels
from corridors.plot.maps.stops import plain
from corridors.plot.translate import drawing
from corridors.whatif.compare import Comparison

Pair = tuple[str, str]

LEAST_CHANGE: Final = 1e-9
"""Change, in the unit shown, below which a pair is as before."""


@drawing(TimeOptions)
def slope(
    comparison: Comparison,
    measure: str = "hours",
    ax: Axes | None = None,
    *,
    scenario: str | Sequence[str] | None = None,
    most: int = 12,
    names: Mapping[str, str] | None = None,
    **options: Unpack[TimeOptions],
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
    names
        Names of scenarios on the chart.
    options
        As in `TimeOptions`.

    Returns
    -------
    Drawing
        Figure with its axes, tables and caption, to show or save.

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
    kind = units.measure(measure)
    if most < 1:
        raise InputError("most", most, "one pair or more")
    chosen = scenarios_of(comparison, scenario)
    table, word = _shown_table(comparison, kind, chosen, options["unit"])
    titles = {name: (names or {}).get(name, name) for name in comparison.scenarios}
    chart = frame.open_chart(ax, 3.0 + 0.42 * min(most, len(table)) + 0.1 * width_of(options), options)
    _set_axes(chart, table)
    slopes = _Slopes(chart, table, _pair_names(comparison), _most_changed(table, most))
    slopes.draw([titles[name] for name in table.columns])
    others = " and ".join(titles[name] for name in chosen)
    title = f"Change of {kind.label} from {titles[comparison.base]} to {others}"
    subtitle = f"{kind.label.capitalize()} in {word}, one line a pair of places{_remarks(table, slopes.named)}"
    chart.caption(title, subtitle, _slope_note(comparison, titles, chosen), *slopes.heads)
    return chart.drawing()


def _shown_table(
    comparison: Comparison, kind: Measure, chosen: Sequence[str], unit: str | None
) -> tuple[pd.DataFrame, str]:
    """Table of pairs by scenario in the unit shown, the base first, and the name of the unit."""
    table = comparison.table(kind.column)[[comparison.base, *chosen]]
    largest = float(np.nanmax(table.to_numpy(dtype=float))) if table.notna().to_numpy().any() else 0.0
    if largest <= 0:
        raise InputError("comparison", comparison.scenarios, "a comparison in which some pair is joined")
    factor, word = wording.scale_of(kind, largest, unit)
    return table * factor, word


def _set_axes(chart: Chart, table: pd.DataFrame) -> None:
    """Set limits that hold all values, and no ticks."""
    chart.axis_looks(grid="")
    low, high = float(np.nanmin(table.to_numpy())), float(np.nanmax(table.to_numpy()))
    edge = 0.06 * max(high - low, 0.1 * high)
    chart.ax.set(ylim=(low - edge, high + edge), xticks=[], yticks=[])
    chart.settle()


def _remarks(table: pd.DataFrame, named: Sequence[Pair]) -> str:
    """Say which pairs are named, and what dashes mean where there are any."""
    changes = table.iloc[:, 1:].sub(table.iloc[:, 0], axis=0).loc[list(named)]
    if (changes.abs() <= LEAST_CHANGE).to_numpy().all():
        return "; no pair changes"
    fewer = len(named) < len(table)
    which = f"; {len(named)} of {len(table)} pairs named, those that change most" if fewer else ""
    return which + ("; dashed: an increase" if (changes > LEAST_CHANGE).to_numpy().any() else "")


def scenarios_of(comparison: Comparison, scenario: str | Sequence[str] | None) -> list[str]:
    """Scenarios to show besides the base."""
    others = [name for name in comparison.scenarios if name != comparison.base]
    chosen = others if scenario is None else [scenario] if isinstance(scenario, str) else list(scenario)
    for name in chosen:
        if name not in others:
            raise UnknownNameError("scenario", name, near(name, others), f"Compared are {', '.join(others)}.")
    if not chosen:
        raise InputError("comparison", comparison.scenarios, "a comparison with a scenario besides the base")
    return chosen


def tables_of(comparison: Comparison) -> Tables:
    """Tables behind a comparison."""
    route = next((route for route in comparison.routes.values() if route is not None), None)
    if route is None:
        raise InputError("comparison", comparison.scenarios, "a comparison in which some pair is joined")
    return route.problem.tables


def _pair_names(comparison: Comparison) -> dict[tuple[str, str], str]:
    """Name the pairs; an end that all have in common goes without saying."""
    name = tables_of(comparison).name
    pairs = comparison.pair_list
    origins, destinations = {o for o, _ in pairs}, {d for _, d in pairs}
    if len(destinations) == 1 < len(origins):
        return {pair: plain(name(pair[0])) for pair in pairs}
    if len(origins) == 1 < len(destinations):
        return {pair: plain(name(pair[1])) for pair in pairs}
    return {pair: f"{plain(name(pair[0]))}–{plain(name(pair[1]))}" for pair in pairs}


def _most_changed(table: pd.DataFrame, most: int) -> list[tuple[str, str]]:
    """List the pairs that change most in any scenario, those newly joined first; any pairs where none changes."""
    change = table.iloc[:, 1:].sub(table.iloc[:, 0], axis=0).abs().max(axis=1)
    joined = table.isna().any(axis=1) & table.notna().any(axis=1)
    order = change.where(~joined, np.inf).sort_values(ascending=False, kind="stable").dropna()
    changed = [pair for pair in order.index if order[pair] > LEAST_CHANGE]
    return (changed or list(order.index))[:most]


LABEL_SHARE, LABEL_LINES = 0.4, 3
"""Most of the width of the chart, and most lines, that the label of a pair takes."""


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
        self.labels = {pair: self._fitted(label, LABEL_SHARE * width) for pair, label in self.labels.items()}
        chart.ax.set_xlim(0, width)
        gap = chart.looks.pt(11 if chart.looks.width_cm >= 12 else 8)
        heads = [chart.wrap(name, chart.looks.pt(74), self.size, fontweight="bold") for name in names]
        room = [self._wide([self._text(pair, 0) for pair in self.named], heads[0]) + gap]
        room += [self._wide([self._text(pair, i) for pair in self.named], heads[i]) + gap for i in range(1, blocks + 1)]
        slope = (width - sum(room) - (blocks - 1) * 1.3 * gap) / blocks
        if slope < chart.looks.pt(12):
            raise InputError(
                "scenario", list(names[1:]), f"fewer scenarios for a chart {chart.looks.width_cm:.0f} cm wide"
            )
        left = room[0]
        for i in range(1, blocks + 1):
            self._draw_lines(left, left + slope, i)
            if i == 1:
                self._write_side(left, 0)
                self._write_head(left, heads[0], "right")
            elif self._wide([], heads[0]) + gap < slope:
                self._write_head(left, heads[0], "left")
            self._write_side(left + slope, i)
            self._write_head(left + slope, heads[i], "left")
            left += slope + room[i] + 1.3 * gap

    def _wide(self, texts: Sequence[str], head: str) -> float:
        sizes = [self.chart.size_of(text, self.size)[0] for text in texts]
        return max([*sizes, self.chart.size_of(head, self.size, fontweight="bold")[0]]) / self.chart.px

    def _fitted(self, label: str, most_pt: float) -> str:
        """Label as it is, or broken into a few lines that take no more than a width; what is left over is cut."""
        wide_px, size = most_pt * self.chart.px, self.size
        if self.chart.size_of(label, size)[0] <= wide_px:
            return label
        lines = self.chart.wrap(label, most_pt, size).split("\n")
        lines = [*lines[:LABEL_LINES], *(["…"] if len(lines) > LABEL_LINES else [])]
        for number, line in enumerate(lines):
            kept = line
            while self.chart.size_of(kept, size)[0] > wide_px:
                kept = f"{kept.removesuffix('…')[:-1]}…"
            lines[number] = kept
        return "\n".join(lines)

    def _text(self, pair: Pair, column: int) -> str:
        value = float(self.table.loc[pair].iloc[column])
        amount = wording.amount(value, self.digits) if np.isfinite(value) else "no way"
        return f"{self.labels[pair]} {amount}" if column == 0 else amount

    def _draw_lines(self, left: float, right: float, column: int) -> None:
        looks, ax = self.chart.looks, self.chart.ax
        for x in (left, right):
            ax.plot([x, x], ax.get_ylim(), color=style.FAINT, linewidth=looks.pt(0.7), zorder=1)
        for pair, values in zip(self.table.index, self.table.to_numpy(), strict=True):
            before, after = float(values[0]), float(values[column])
            strong, more = pair in self.named, after > before + LEAST_CHANGE
            color = (style.HIGH if more else style.LOW) if strong else style.FAINT
            ax.plot([left, right], [before, after], color=color, linewidth=looks.pt(1.3 if strong else 0.5),
                    linestyle=(0, (4, 1.5)) if strong and more else "-", zorder=4 if strong else 2,
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
        at = labels.spread(y, high)
        at += max(box.y0 - (at - high / 2).min(), 0) - max((at + high / 2).max() - box.y1, 0)
        ha, sign, side = ("right", -1, 1) if column == 0 else ("left", 1, 0)
        for pair, old, new in zip(pairs, y, at, strict=True):
            arrow = {"arrowstyle": "-", "color": style.FAINT, "linewidth": looks.pt(0.5), "shrinkA": 0, "shrinkB": 2}
            away = sign * looks.pt(10 if looks.width_cm >= 12 else 7)
            chart.ax.annotate(
                self._text(pair, column), (x, values[pair]), (away, (new - old) / chart.px),
                textcoords="offset points", ha=ha, va="center", gid=frame.LABEL,
                arrowprops={**arrow, "relpos": (side, 0.5)}, **chart.text_looks(self.size),
            )  # fmt: skip


def _slope_note(comparison: Comparison, titles: Mapping[str, str], chosen: Sequence[str]) -> str:
    table = comparison.overall().loc[list(chosen)]
    joined = [f"{titles[name]} joins {int(n)} pairs anew." for name, n in table["joined"].items() if n]
    lost = [f"{titles[name]} parts {int(n)} pairs." for name, n in table["parted"].items() if n]
    route = next(r for r in comparison.routes.values() if r is not None)
    least = "generalized cost" if route.by == "generalized" else route.by
    head = f"{route.cargo.capitalize()}, expected values on the way of least {least}; the scale does not begin at zero."
    return " ".join([head, *joined, *lost, "Parameters and sources: see the table of assumptions."])
