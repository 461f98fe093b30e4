"""Charts of a comparison over the value of time: pairs gaining, gain per tonne, days, and what would go by rail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from corridors.base.drawing import Drawing, Panels
from corridors.base.errors import InputError
from corridors.base.looks import INK, MUTED
from corridors.base.options import takes
from corridors.measures.borders import state_of
from corridors.plot import style, wording
from corridors.plot.canvas import CM, fit_figure
from corridors.plot.charts import frame
from corridors.plot.charts.frame import Chart, ChartOptions
from corridors.plot.style import ChartStyle
from corridors.whatif.value_of_time import SHOWN_GOODS, ValueOfTime

GRID_POINTS: Final = 240
"""Values of time at which curves are drawn, beside both sides of every turn."""

PANEL_CM: Final = 4.1
"""Height of one panel."""


class Curve(NamedTuple):
    """What a measure is called, and how its values are drawn.

    Attributes
    ----------
    label
        What is shown, with its unit.
    factor
        Factor on the column; below zero where a fall is a gain.
    base
        Column of the base, which is drawn too; blank for none.
    steps
        Whether a value changes in steps.
    """

    label: str
    factor: float = 1.0
    base: str = ""
    steps: bool = True


CURVES: Final = {
    "gaining": Curve("pairs that gain"),
    "generalized_usd_t": Curve("gain of generalized cost, USD/t, mean of the pairs joined in both", -1.0, steps=False),
    "usd_t": Curve("freight cost saved, USD/t, mean of the pairs joined in both", -1.0),
    "days": Curve("days saved, mean of the pairs joined in both", -1.0),
    "rail_share": Curve("share of the pairs whose way is by rail, %", 100.0, "base_rail_share"),
}
"""Columns of `ValueOfTime.table` that can be drawn."""

MEASURES: Final = ("gaining", "generalized_usd_t", "rail_share")
"""Measures of the panels."""


@takes(ChartOptions)
def gain_by_value_of_time(
    result: ValueOfTime,
    measure: str = "gaining",
    ax: Axes | None = None,
    *,
    goods: Iterable[str] | None = None,
    names: Mapping[str, str] | None = None,
    **options: Unpack[ChartOptions],
) -> Drawing:
    """Draw one measure of a comparison over the value of time, with the values of some goods marked.

    Parameters
    ----------
    result
        What `Comparison.by_value_of_time` returns.
    measure
        `gaining`, `generalized_usd_t`, `usd_t`, `days` or `rail_share`.
    ax
        Axes to draw on; by default a figure of its own, which pyplot does not know.
    goods
        Commodities that are marked; by default flour, fertilizer, oil, confectionery and general goods, as far as they
        travel in the cargo unit.
    names
        Names of scenarios on the chart.
    options
        As in `ChartOptions`.

    Raises
    ------
    InputError
        If the measure or a commodity is unknown.

    >>> import corridors as co
    >>> gain = co.compare([co.load(), "uap-kabul"], ["Almaty"], ["Karachi"], modes={"rail"})
    >>> gain_by_value_of_time(gain.by_value_of_time()).ax.get_xscale()
    'log'
    """
    marked = _goods(result, goods)
    titles = _titles(result, names)
    chart = frame.open_chart(ax, PANEL_CM + 1.4, options)
    key = _draw(chart, result, _curve(measure), measure, marked, titles, last=True)
    chart.caption(_title(result), _panel_title(_curve(measure).label), _note(result), key, *chart.ax.texts)
    return chart.drawing()


@takes(ChartOptions)
def gains_by_value_of_time(
    result: ValueOfTime,
    measures: Sequence[str] = MEASURES,
    *,
    goods: Iterable[str] | None = None,
    names: Mapping[str, str] | None = None,
    **options: Unpack[ChartOptions],
) -> Panels:
    """Draw several measures of a comparison over the value of time, one below the other.

    Parameters
    ----------
    result
        What `Comparison.by_value_of_time` returns.
    measures
        Measures, as in `gain_by_value_of_time`.
    goods, names, options
        As in `gain_by_value_of_time`.

    Raises
    ------
    InputError
        If a measure or a commodity is unknown.

    >>> import corridors as co
    >>> gain = co.compare([co.load(), "uap-kabul"], ["Almaty"], ["Karachi"], modes={"rail"})
    >>> list(gains_by_value_of_time(gain.by_value_of_time(), ["gaining", "days"]).axes)
    ['gaining', 'days']
    """
    curves = {measure: _curve(measure) for measure in measures}
    width = options["width_cm"]
    if not curves or not 5 <= width <= 100:
        raise InputError("measures, width_cm", (list(measures), width), "a measure or more, and a width of 5 to 100 cm")
    marked, titles = _goods(result, goods), _titles(result, names)
    fig, looks = Figure(dpi=150, facecolor="white"), ChartStyle(width)
    FigureCanvasAgg(fig)
    gap = 0.95 * looks.scale
    height = len(curves) * (PANEL_CM + gap)
    fig.set_size_inches(width * CM, height * CM)
    axes = {}
    for number, (measure, curve) in enumerate(curves.items()):
        bottom = (len(curves) - 1 - number) * (PANEL_CM + gap) / height
        axes[measure] = fig.add_axes((0.07, bottom, 0.9, PANEL_CM / height), label=measure)
        first, last = number == 0, number == len(curves) - 1
        chart = Chart(axes[measure], looks, own=False, title=None if first else "")
        fig.draw_without_rendering()
        key = _draw(chart, result, curve, measure, marked if first else marked[:0], titles, last=last)
        if not first:
            _mark_lines(chart, marked)
        above = [key, *chart.ax.texts] if first else []
        title = (options["title"] if options["title"] is not None else _title(result)) if first else ""
        chart.caption(title, _panel_title(curve.label), _note(result) if last else "", *above)
    fit_figure(fig)
    return Panels(fig, axes)


def _curve(measure: str) -> Curve:
    if measure not in CURVES:
        raise InputError("measure", measure, f"one of {', '.join(CURVES)}")
    return CURVES[measure]


def _goods(result: ValueOfTime, goods: Iterable[str] | None) -> pd.Series:
    """Values of time of the goods that are marked, the least first."""
    within = result.goods[(result.goods >= result.low) & (result.goods <= result.high) & (result.goods > 0)]
    if goods is None:
        return within[[name for name in within.index if name in SHOWN_GOODS]]
    wanted = list(goods)
    for name in wanted:
        if name not in within:
            raise InputError("goods", name, f"commodities within the range: {', '.join(within.index)}")
    return within[[name for name in within.index if name in wanted]]


def _titles(result: ValueOfTime, names: Mapping[str, str] | None) -> dict[str, str]:
    return {name: (names or {}).get(name, name) for name in result.comparison.scenarios}


def _draw(
    chart: Chart,
    result: ValueOfTime,
    curve: Curve,
    measure: str,
    marked: pd.Series,
    titles: Mapping[str, str],
    *,
    last: bool,
) -> Any:
    """Draw the curves of all scenarios, and the goods; the key is handed back."""
    ax, pt = chart.ax, chart.looks.pt
    chart.axis_looks(grid="y", bottom=True)
    low = result.low if result.low > 0 else float(result.goods[result.goods > 0].min())
    ax.set_xscale("log")
    ax.set_xlim(low, result.high)
    table = result.table(_values(result, low))
    handles, top, bottom = [], 0.0, 0.0
    base = titles[result.comparison.base]
    for number, (name, rows) in enumerate(table.groupby("scenario", sort=False)):
        color, dashes = style.ROUTE_COLORS[number % len(style.ROUTE_COLORS)], ("-", (0, (5, 1.6)), (0, (1.4, 1.2)))
        looks = {"color": color, "linestyle": dashes[number % 3], "linewidth": pt(1.9), "solid_capstyle": "butt"}
        if curve.base and number == 0:
            values = rows[curve.base].to_numpy(dtype=float) * curve.factor
            line = {"color": style.SAME, "linewidth": pt(1.5)}
            ax.plot(rows["vot_usd_t_d"], values, gid="curve-base", zorder=3, **line)
            handles.append((Line2D([], [], **line), base))
            top, bottom = max(top, np.nanmax(values, initial=0)), min(bottom, np.nanmin(values, initial=0))
        values = rows[measure].to_numpy(dtype=float) * curve.factor + 0.0
        ax.plot(rows["vot_usd_t_d"], values, gid=f"curve-{name}", zorder=4, **looks)
        handles.append((Line2D([], [], **looks), titles[str(name)]))
        top, bottom = max(top, np.nanmax(values, initial=0)), min(bottom, np.nanmin(values, initial=0))
    room = 0.08 * max(top - bottom, 1.0)
    ax.set_ylim(bottom - (room if bottom < 0 else 0), top + room)
    if bottom < 0:
        ax.axhline(0, color=INK, linewidth=pt(0.8), zorder=1)
    ax.xaxis.set_major_formatter("{x:g}")
    ax.xaxis.set_minor_formatter("")
    ax.tick_params(axis="x", which="both", length=pt(2), labelbottom=last, color=INK)
    if last:
        chart.axis_label("value of time, USD per tonne and day")
    if chart.own:
        chart.settle()
    else:
        chart.fig.draw_without_rendering()
    _mark_lines(chart, marked)
    _name_goods(chart, result, marked)
    return _key(chart, handles) if len(marked) or last and chart.own else None


def _key(chart: Chart, handles: Sequence[tuple[Line2D, str]]) -> Any:
    """Key over the axes, above the names of the goods."""
    key = chart.key([handle for handle, _ in handles], [text for _, text in handles])
    names = [text.get_window_extent().y1 for text in chart.ax.texts]
    box = chart.ax.get_window_extent()
    if key is not None and names:
        up = (max(names) - box.y0) / box.height
        key.set_bbox_to_anchor((0, up), chart.ax.transAxes)
    return key


def _values(result: ValueOfTime, low: float) -> np.ndarray:
    """Values of time at which curves are drawn: both sides of every turn, and points between."""
    turns = result.turns()
    near = np.concatenate([turns * (1 - 1e-9), turns * (1 + 1e-9)])
    points = np.concatenate([np.geomspace(low, result.high, GRID_POINTS), near])
    return np.unique(np.clip(points, max(low, result.low), result.high))


def _mark_lines(chart: Chart, marked: pd.Series) -> None:
    for name, value in marked.items():
        chart.ax.axvline(value, color=style.FAINT, linewidth=chart.looks.pt(0.8), linestyle=(0, (2, 2)), zorder=1,
                         gid=f"good-{name}")  # fmt: skip


def _name_goods(chart: Chart, result: ValueOfTime, marked: pd.Series) -> None:
    """Name the goods over their lines, in as many rows as keep them apart."""
    size, px = chart.looks.small, chart.px
    ends: list[float] = []
    box = chart.ax.get_window_extent()
    for name, value in marked.items():
        words = result.names[str(name)].split(" in ")[0]
        text = f"{words} {value:.2g}"
        wide, high = chart.size_of(text, size)
        x = min(max(chart.pixels(value, 0)[0, 0], box.x0 + wide / 2), box.x1 - wide / 2)
        row = next((i for i, end in enumerate(ends) if end < x - wide / 2 - 4 * px), len(ends))
        ends[row : row + 1] = [x + wide / 2]
        chart.ax.annotate(
            text, ((x - box.x0) / box.width, 1), (0, chart.looks.pt(2) + row * high / px * 1.15),
            xycoords="axes fraction", textcoords="offset points", ha="center", va="bottom", annotation_clip=False,
            gid="good-name", **chart.text_looks(size, MUTED),
        )  # fmt: skip


def _panel_title(label: str) -> str:
    return f"{label[:1].upper()}{label[1:]}"


def _title(result: ValueOfTime) -> str:
    return "What is gained, by the value of time of the goods"


def _note(result: ValueOfTime) -> str:
    """Say what the chart holds for."""
    compared = result.comparison
    number = len({compared.questions.get(pair, pair) for pair in compared.pair_list})
    modes = compared.asked.get("modes")
    way = "all modes" if modes is None else f"{' + '.join(sorted([modes] if isinstance(modes, str) else modes))} only"
    state = state_of(compared.networks[compared.base])
    own = wording.amount(24 * compared.vot_usd_t_h)
    return (
        f"{compared.cargo.capitalize()}, {way}, {state}; {number} pairs (one market counted once), each on its way of "
        f"least generalized cost at every value of time, exact. The comparison itself is at {own} USD/t a day. Values "
        "of time are value of the goods times their loss per day (table commodities)."
    )
