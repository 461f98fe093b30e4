"""Chart of a net present value: how far each assumption moves it, from one end of its range to the other."""

from __future__ import annotations

from typing import Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from corridors.appraisal.result import Appraisal
from corridors.base.drawing import Drawing
from corridors.base.errors import InputError
from corridors.base.looks import INK, MUTED
from corridors.plot import style, wording
from corridors.plot.charts import frame
from corridors.plot.charts.frame import Chart
from corridors.plot.charts.options import ChartOptions
from corridors.plot.translate import drawing

HATCH_INK: Final = "#ffffff"


@drawing(ChartOptions)
def npv_tornado(
    appraisal: Appraisal, ax: Axes | None = None, *, reference_class: bool = True, **options: Unpack[ChartOptions]
) -> Drawing:
    """Draw how far the net present value moves when each assumption goes to either end of its range.

    Parameters
    ----------
    appraisal
        What `co.appraise` returns.
    ax
        Axes to draw on; by default a figure of its own, which pyplot does not know.
    reference_class
        Whether cost and tonnes are as other projects had them.
    options
        As in `ChartOptions`.

    Returns
    -------
    Drawing
        Figure with its axes, tables and caption, to show or save.

    Raises
    ------
    InputError
        If no assumption has a range.

    >>> import corridors as co
    >>> found = co.appraise(co.load(), "uap-kabul", {("Tashkent", "Lahore"): 5e6}, cargo="wagon", draws=0)
    >>> npv_tornado(found).ax.get_yticklabels()[0].get_text()
    'overrun of the cost, %'
    """
    table = _ranges(appraisal, reference_class)
    units = table["unit"].str.replace("/year", " a year")
    labels = [f"{name}, {unit}" for name, unit in zip(table["assumption"], units, strict=True)]
    chart = frame.open_rows(ax, labels, options, margin_cm=0.5)
    expected = appraisal.npv_musd(reference_class=reference_class)
    _draw(chart, table, expected)
    ends = [_ends(row.value, row.low, row.high, row.npv_low_musd > row.npv_high_musd) for row in table.itertuples()]
    sides = table[["npv_low_musd", "npv_high_musd"]]
    chart.axis_label(
        f"net present value in million {appraisal.cost.unit.removeprefix('m ')}, {wording.amount(expected, 0)} expected"
    )
    chart.ax.xaxis.set_major_formatter(lambda number, _: wording.amount(number, 0))
    chart.room_beside(sides.min(axis=1), sides.max(axis=1), ends)
    basis = "cost and tonnes as other railways had them" if reference_class else "cost and tonnes as stated"
    subtitle = f"One assumption at a time at the ends of its range (written beside it); {basis}"
    total = appraisal.summary(reference_class=reference_class)
    tonnes = f"Stated are {total['flows_mt']:,.2f} Mt a year from {total['opens'] + 1}"
    if reference_class and appraisal.shortfall.value:
        tonnes += (
            f", of which {total['flows_mt'] * (1 + appraisal.shortfall.value / 100):,.2f} move after the shortfall"
        )
    even = f"{total['break_even_mt']:,.1f} Mt that really move" if np.isfinite(total["break_even_mt"]) else "no tonnage"
    note = f"{tonnes}; it breaks even at {even}."
    chart.caption(f"{appraisal.name}: what its worth rests on", subtitle, note)
    for row, (left, right, (low, high)) in enumerate(zip(sides.min(axis=1), sides.max(axis=1), ends, strict=True)):
        chart.beside(low, left, row, -3, chart.looks.small, color=MUTED)
        chart.beside(high, right, row, 3, chart.looks.small, color=MUTED)
    return chart.drawing()


def _ranges(appraisal: Appraisal, reference_class: bool) -> pd.DataFrame:
    """Assumptions with a range that moves the worth, the widest first."""
    table = appraisal.assumptions(reference_class=reference_class)
    table["width"] = (table["npv_high_musd"] - table["npv_low_musd"]).abs()
    table = table[table["width"] > 0].sort_values("width", ascending=False, kind="stable", ignore_index=True)
    if table.empty:
        raise InputError("appraisal", appraisal.name, "an assumption with a range, such as cost_musd=(4600, 8200)")
    return table


def _draw(chart: Chart, table: pd.DataFrame, expected: float) -> None:
    """Draw a bar from the expected worth to that at either end of each range, and a line at zero if it is near."""
    for row, (low, high) in enumerate(zip(table["npv_low_musd"], table["npv_high_musd"], strict=True)):
        for end, color, hatch in ((low, style.LOW, ""), (high, style.HIGH, "////")):
            chart.ax.barh(row, end - expected, left=expected, height=0.62, facecolor=color, hatch=hatch,
                          edgecolor=HATCH_INK, linewidth=0)  # fmt: skip
    chart.ax.axvline(expected, color=INK, linewidth=chart.looks.pt(0.8))
    reached = np.array([table["npv_low_musd"], table["npv_high_musd"]])
    if reached.min() < 0 < reached.max():
        chart.ax.axvline(0, color=MUTED, linewidth=chart.looks.pt(0.8), linestyle="--", gid="zero")


def _ends(value: float, low: float, high: float, falls: bool) -> tuple[str, str]:
    """Ends of a range as they stand beside a bar: left what makes the worth less."""
    digits = 0 if max(abs(value), abs(low), abs(high)) >= 10 else 1
    texts = wording.amount(low, digits), wording.amount(high, digits)
    return texts[::-1] if falls else texts
