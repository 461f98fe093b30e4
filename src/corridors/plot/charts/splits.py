"""Chart of the shares of ways: one bar per way or gateway, with its band."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from corridors.base.drawing import Drawing
from corridors.base.looks import INK
from corridors.plot import style
from corridors.plot.charts import frame
from corridors.plot.charts.options import ChartOptions
from corridors.plot.translate import drawing
from corridors.trade.shares import Split

COLORS: Final = {
    "wagon": style.ROUTE_COLORS[0],
    "container": style.ROUTE_COLORS[2],
    "truck": style.ROUTE_COLORS[1],
}
"""Colour of ways by cargo unit."""


@drawing(ChartOptions)
def split_bars(
    split: Split,
    by: str = "way",
    ax: Axes | None = None,
    *,
    names: Mapping[str, str] | None = None,
    **options: Unpack[ChartOptions],
) -> Drawing:
    """Draw the shares of ways, or of the crossings, units, modes or countries that they use, with their bands.

    Parameters
    ----------
    split
        What `co.split` returns.
    by
        `way`, or what `Split.by` takes.
    ax
        Axes to draw on; by default a figure of its own, which pyplot does not know.
    names
        Names of rows, by what stands there otherwise.
    options
        As in `ChartOptions`.

    Returns
    -------
    Drawing
        Figure with its axes, tables and caption, to show or save.

    >>> import corridors as co
    >>> split = co.split(co.load(), "Tashkent", "Kabul", cargo="truck", draws=50)
    >>> len(split_bars(split).ax.patches) == len(split.ways)
    True
    """
    rows = _of_ways(split) if by == "way" else split.by(by).assign(cargo="")
    texts = [str((names or {}).get(name, name)) for name in rows.index.astype(str)]
    chart = frame.open_rows(ax, texts, options, margin_cm=0.6, rows=1.2, share=0.42)
    share = 100 * rows["share"].to_numpy(dtype=float)
    banded = "p05" in rows
    low, high = (100 * rows[name].to_numpy(dtype=float) if banded else share for name in ("p05", "p95"))
    colors = [COLORS.get(unit, style.ROUTE_COLORS[0]) for unit in rows["cargo"]]
    chart.ax.barh(np.arange(len(rows)), share, height=0.5, color=colors, gid="share")
    if banded:
        middle = np.vstack([np.maximum(share - low, 0), np.maximum(high - share, 0)])
        chart.ax.errorbar(share, np.arange(len(rows)), xerr=middle, fmt="none", ecolor=INK,
                          elinewidth=chart.looks.pt(1.0), zorder=5)  # fmt: skip
    chart.axis_label("share of tonnes, %")
    written = [f"{value:.0f} %" for value in share]
    top = np.maximum(share, high)
    chart.room_beside(np.zeros(len(rows)), top, [("", text) for text in written], size=chart.looks.body, floor=True)
    units = [unit for unit in COLORS if unit in set(rows["cargo"])]
    key = chart.key([Patch(color=COLORS[unit]) for unit in units], units) if len(units) > 1 else None
    low_scale, high_scale = split.ways.logit.scale_range_t_usd
    band = f" Whiskers: 5 to 95 % of {split.draws:,} draws of costs and scale." if banded else ""
    label = split.ways.routes[0].problem.tables.name
    good = f" of {split.commodity}" if split.commodity else ""
    chart.caption(
        f"Shares{good} from {label(split.origin)} to {label(split.destination)}",
        f"Path-size logit over {len(split.ways)} ways, scale {split.ways.logit.scale_t_usd:g} t/USD",
        f"The scale is an assumption ({low_scale:g} to {high_scale:g}), not estimated for this region.{band}",
        key,
    )
    for row, (end, text) in enumerate(zip(top, written, strict=True)):
        chart.beside(text, float(end), row, chart.looks.pt(6), chart.looks.body, fontweight="bold")
    return chart.drawing()


def _of_ways(split: Split) -> pd.DataFrame:
    """Shares of the ways, named by unit and gateway."""
    table, tables = split.table(), split.ways.routes[0].problem.tables
    named = dict(zip(tables.column("crossings", "id"), tables.column("crossings", "name"), strict=True))
    through = table["crossings"].map(lambda cell: ", ".join(named[i] for i in cell.split(";") if i) or "no border")
    return table.set_index(pd.Index(table["cargo"] + ": " + through, name="way"))
