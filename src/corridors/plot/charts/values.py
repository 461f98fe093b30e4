"""Charts of a comparison over the value of time: pairs gaining, gain per tonne, days, and what would go by rail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from corridors.base.drawing import Drawing, Panels
from corridors.base.errors import InputError
from corridors.base.looks import INK, MUTED
from corridors.measures.borders import state_of
from corridors.plot import style, wording
from corridors.plot.canvas import fit_figure, new_figure
from corridors.plot.charts import frame
from corridors.plot.charts.frame import Chart
from corridors.plot.charts.options import ChartOptions, height_of, width_of
from corridors.plot.style import ChartStyle
from corridors.plot.translate import drawing
from corridors.whatif.value_of_time import SHOWN_GOODS, ValueOfTime

GRID_POINTS: Final = 240
"""Values of time at which curves are drawn, beside both sides of every turn."""

TITLE: Final = "What is gained, by the value of time of the goods"

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
    """

    label: str
    factor: float = 1.0
    base: str = ""


CURVES: Final = {
    "gaining": Curve("pairs that gain"),
    "generalized_usd_t": Curve("gain of generalized cost, USD/t, mean of the pairs joined in both", -1.0),
    "usd_t": Curve("freight cost saved, USD/t, mean of the pairs joined in both", -1.0),
    "days": Curve("days saved, mean of the pairs joined in both", -1.0),
    "rail_share": Curve("share of the pairs whose way is by rail, %", 100.0, "base_rail_share"),
}
"""Columns of `ValueOfTime.table` that can be drawn."""

MEASURES: Final = ("gaining", "generalized_usd_t", "rail_share")
"""Measures of the panels."""


@drawing(ChartOptions)
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

    Returns
    -------
    Drawing
        Figure with its axes, tables and caption, to show or save.

    Raises
    ------
    InputError
        If the measure or a commodity is unknown.

    >>> import corridors as co
    >>> gain = co.compare([co.load(), "uap-kabul"], ["Almaty"], ["Karachi"], modes={"rail"})
    >>> gain_by_value_of_time(gain.by_value_of_time()).ax.get_xlabel()
    'value of time, USD per tonne and day (logarithmic)'
    """
    _curve(measure)
    marked, titles = _goods(result, goods), _titles(result, names)
    chart = frame.open_chart(ax, PANEL_CM + 1.4, options)
    _set_axes(chart, result, last=True)
    _draw(chart, result.table(_values(result)), measure, titles)
    chart.settle()
    _mark(chart, result, marked)
    key = _key(chart, result, titles, [measure])
    chart.caption(TITLE, _panel_title(result, measure), _note(result), key, *chart.ax.texts)
    return chart.drawing()


@drawing(ChartOptions)
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
    goods, names
        As in `gain_by_value_of_time`.
    options
        As in `ChartOptions`.

    Returns
    -------
    Panels
        Figure with one axes per panel, to show or save.

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
    width = width_of(options)
    if not curves:
        raise InputError("measures", list(measures), "a measure or more")
    marked, titles = _goods(result, goods), _titles(result, names)
    looks = ChartStyle(width)
    gap = 0.95 * looks.scale
    height = height_of(options, len(curves) * (PANEL_CM + gap))
    panel = height / len(curves) - gap
    if panel <= 0:
        raise InputError("figsize", options["figsize"], f"room for {len(curves)} charts")
    fig = new_figure(width, height, options["dpi"])
    axes, table = {}, result.table(_values(result))
    for number, measure in enumerate(curves):
        bottom = (len(curves) - 1 - number) * (panel + gap) / height
        axes[measure] = fig.add_axes((0.05, bottom, 0.93, panel / height), label=measure)
        first, last = number == 0, number == len(curves) - 1
        chart = Chart(axes[measure], looks, own=False, title=options["title"] if first else "", noted=options["note"])
        _set_axes(chart, result, last=last)
        _draw(chart, table, measure, titles)
        fig.draw_without_rendering()
        _mark(chart, result, marked, named=first)
        above = [_key(chart, result, titles, measures), *chart.ax.texts] if first else []
        chart.caption(TITLE, _panel_title(result, measure), _note(result) if last else "", *above)
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


def _set_axes(chart: Chart, result: ValueOfTime, *, last: bool) -> None:
    """Set the scale of the value of time; only the last panel has its figures."""
    ax = chart.ax
    low, high = _least(result), result.high
    chart.axis_looks(grid="y", bottom=True)
    # a linear axis of logarithms: on a log axis, matplotlib takes texts at its left end for texts outside
    ax.set_xlim(np.log10(low), np.log10(high))
    tens = [10.0**power for power in range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))))]
    ticks = [digit * ten for ten in tens for digit in range(1, 10) if low <= digit * ten <= high]
    told = [tick for tick in ticks if f"{tick:e}"[0] in "13"]
    ax.set_xticks(np.log10(told), [f"{tick:g}" for tick in told])
    ax.set_xticks(np.log10(ticks), minor=True)
    ax.tick_params(axis="x", which="both", length=chart.looks.pt(2), labelbottom=last, color=INK)
    if last:
        chart.axis_label("value of time, USD per tonne and day (logarithmic)")


def _least(result: ValueOfTime) -> float:
    """Least value of time on the axis, which has no zero."""
    return result.low if result.low > 0 else min(1e-3 * result.high, float(result.goods[result.goods > 0].min()))


def _looks(chart: Chart, number: int) -> dict[str, Any]:
    """How the curve of a scenario is drawn; the base has the number -1."""
    pt = chart.looks.pt
    if number < 0:
        return {"color": style.SAME, "linewidth": pt(1.5)}
    dashes: Any = ("-", (0, (5, 1.6)), (0, (1.4, 1.2)))[number % 3]
    color = style.ROUTE_COLORS[number % len(style.ROUTE_COLORS)]
    return {"color": color, "linestyle": dashes, "linewidth": pt(1.9)}


def _draw(chart: Chart, table: pd.DataFrame, measure: str, titles: Mapping[str, str]) -> None:
    """Draw the curves of all scenarios, and of the base where it has one."""
    ax, curve = chart.ax, CURVES[measure]
    ends = [0.0]
    for number, name in enumerate(list(titles)[1:]):
        rows = table[table["scenario"] == name]
        drawn = [(number, f"curve-{name}", measure)]
        drawn += [(-1, "curve-base", curve.base)] if curve.base and not number else []
        for which, gid, column in drawn:
            values = rows[column].to_numpy(dtype=float) * curve.factor + 0.0
            ax.plot(
                np.log10(rows["vot_usd_t_d"]), values, gid=gid, zorder=3 if which < 0 else 4, **_looks(chart, which)
            )
            ends += [float(value) for value in values[np.isfinite(values)]]
    top, bottom = max(ends), min(ends)
    room = 0.08 * max(top - bottom, 1.0)
    ax.set_ylim(bottom - (room if bottom < 0 else 0), top + room)
    ax.yaxis.set_major_locator(MaxNLocator(6, integer=measure == "gaining" or top - bottom > 6))
    if bottom < 0:
        ax.axhline(0, color=INK, linewidth=chart.looks.pt(0.8), zorder=1)


def _key(chart: Chart, result: ValueOfTime, titles: Mapping[str, str], measures: Sequence[str]) -> Any:
    """Key over the axes, above the names of the goods."""
    drawn = list(enumerate(titles))[1:]
    drawn += [(0, result.comparison.base)] if any(CURVES[measure].base for measure in measures) else []
    key = chart.key([Line2D([], [], **_looks(chart, n - 1)) for n, _ in drawn], [titles[name] for _, name in drawn])
    names = [text.get_window_extent().y1 for text in chart.ax.texts]
    box = chart.ax.get_window_extent()
    if isinstance(key, Legend) and names:
        key.set_bbox_to_anchor((0, (max(names) - box.y0) / box.height), chart.ax.transAxes)
    return key


def _values(result: ValueOfTime) -> NDArray[np.float64]:
    """Values of time at which curves are drawn: both sides of every turn, and points between."""
    turns, low = result.turns(), _least(result)
    near = np.concatenate([turns * (1 - 1e-9), turns * (1 + 1e-9)])
    points = np.concatenate([np.geomspace(low, result.high, GRID_POINTS), near])
    return np.unique(np.clip(points, low, result.high))


def _mark(chart: Chart, result: ValueOfTime, marked: pd.Series, *, named: bool = True) -> None:
    """Mark the values of time of the goods."""
    looks: dict[str, Any] = {"color": style.FAINT, "linewidth": chart.looks.pt(0.8), "linestyle": (0, (2, 2))}
    for name, value in marked.items():
        chart.ax.axvline(np.log10(value), gid=f"good-{name}", zorder=1, **looks)
    if named:
        _name_goods(chart, result, marked)


def _name_goods(chart: Chart, result: ValueOfTime, marked: pd.Series) -> None:
    """Name the goods over their lines, in as many rows as keep them apart."""
    size, px = chart.looks.small, chart.px
    ends: list[float] = []
    box = chart.ax.get_window_extent()
    for name, value in marked.items():
        words = result.names[str(name)].split(" in ")[0]
        text = f"{words} {value:.2g}"
        wide, high = chart.size_of(text, size)
        x = min(max(chart.pixels(np.log10(value), 0)[0, 0], box.x0 + wide / 2), box.x1 - wide / 2)
        row = next((i for i, end in enumerate(ends) if end < x - wide / 2 - 4 * px), len(ends))
        ends[row : row + 1] = [x + wide / 2]
        chart.ax.annotate(
            text, ((x - box.x0) / box.width, 1), (0, chart.looks.pt(2) + row * high / px * 1.15),
            xycoords="axes fraction", textcoords="offset points", ha="center", va="bottom", annotation_clip=False,
            gid="good-name", **chart.text_looks(size, MUTED),
        )  # fmt: skip


def _panel_title(result: ValueOfTime, measure: str) -> str:
    label = CURVES[measure].label
    total = f", of {_number(result)}" if measure == "gaining" else ""
    return f"{label[:1].upper()}{label[1:]}{total}"


def _number(result: ValueOfTime) -> int:
    """Number of questions."""
    compared = result.comparison
    return len({compared.questions.get(pair, pair) for pair in compared.pair_list})


def _note(result: ValueOfTime) -> str:
    """Say what the chart holds for."""
    compared = result.comparison
    modes = compared.asked.get("modes")
    way = "all modes" if modes is None else f"{' + '.join(sorted([modes] if isinstance(modes, str) else modes))} only"
    state = state_of(compared.networks[compared.base])
    own = wording.amount(24 * compared.vot_usd_t_h)
    return (
        f"{compared.cargo.capitalize()}, {way}, {state}; {_number(result)} pairs (one market counted once), each on "
        "its way of least generalized cost at every value of time, exact. The comparison itself is at "
        f"{own} USD/t a day. Values of time are value of the goods times their loss per day (table commodities)."
    )
