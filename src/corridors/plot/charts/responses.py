"""Chart of the response of a market: who gains tonnes, and against whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from corridors.base.drawing import Drawing
from corridors.base.looks import INK
from corridors.plot import style, wording
from corridors.plot.charts import frame
from corridors.plot.charts.options import ChartOptions
from corridors.plot.translate import drawing
from corridors.trade.response import Response

MARKET: Final = "market"
"""Row of the whole market."""

LEAST_PCT: Final = 0.05
"""Change in per cent that rounds to nothing."""


@drawing(ChartOptions)
def response_bars(
    response: Response,
    ax: Axes | None = None,
    *,
    names: Mapping[str, str] | None = None,
    **options: Unpack[ChartOptions],
) -> Drawing:
    """Draw the change of tonnes of every supplier and of the market in per cent, those that gain most first.

    Parameters
    ----------
    response
        What `co.respond` returns.
    ax
        Axes to draw on; by default a figure of its own, which pyplot does not know.
    names
        Names of suppliers; codes of countries have theirs without.
    options
        As in `ChartOptions`.

    Returns
    -------
    Drawing
        Figure with its axes, tables and caption, to show or save.

    >>> import corridors as co
    >>> before, after = {"KZ": 412, "UZ": 364}, {"KZ": 395, "UZ": 347}
    >>> found = co.respond(before, after, {"KZ": 0.5, "UZ": 0.5}, theta=5, eps=0, draws=0)
    >>> [text.get_text() for text in response_bars(found).ax.get_yticklabels()]
    ['Uzbekistan', 'Kazakhstan', 'Market']
    """
    table = response.table()
    suppliers = table.drop(index=MARKET).sort_values("tonnes_change_pct", ascending=False, kind="stable")
    table = pd.concat([suppliers, table.loc[[MARKET]]])
    labels = [_name(str(name), names or {}) for name in table.index]
    chart = frame.open_rows(ax, labels, options, margin_cm=0.7, rows=1.4, share=0.34)
    change = table["tonnes_change_pct"].to_numpy(dtype=float)
    banded = "p05" in table
    low, high = (table[name].to_numpy(dtype=float) if banded else change for name in ("p05", "p95"))
    rows = np.arange(len(table))
    colors = [style.SAME if name == MARKET else style.MORE if one > 0 else style.LESS
              for name, one in zip(table.index, change, strict=True)]  # fmt: skip
    hatches = ["" if name == MARKET or one > 0 else "////" for name, one in zip(table.index, change, strict=True)]
    chart.ax.barh(rows, change, height=0.55, color=colors, hatch=hatches, edgecolor="white", gid="change",
                  linewidth=chart.looks.pt(0.7))  # fmt: skip
    chart.ax.axvline(0, color=INK, linewidth=chart.looks.pt(0.8), zorder=1)
    if banded:
        spread = np.vstack([np.maximum(change - low, 0), np.maximum(high - change, 0)])
        chart.ax.errorbar(change, rows, xerr=spread, fmt="none", ecolor=INK, elinewidth=chart.looks.pt(1.0), zorder=5)
    texts = [_said(row) for row in table.to_dict("records")]
    ends = np.maximum(np.maximum(high, change), 0.0)
    chart.axis_label("change of tonnes, %")
    chart.room_beside(np.minimum(np.minimum(low, change), 0.0), ends, [("", text) for text in texts],
                      size=chart.looks.body)  # fmt: skip
    chart.caption("Who gains, against whom", _subtitle(response), _note(banded=banded))
    for row, (end, text) in enumerate(zip(ends, texts, strict=True)):
        chart.beside(text, float(end), row, 4, chart.looks.body, fontweight="bold")
    return chart.drawing()


def _name(supplier: str, names: Mapping[str, str]) -> str:
    if supplier in names:
        return names[supplier]
    return "Market" if supplier == MARKET else wording.country_name(supplier)


def _said(row: Mapping[object, object]) -> str:
    """Change in words, with its sign where that is not sure."""
    change = float(str(row["tonnes_change_pct"]))
    text = "0.0 %" if abs(change) < LEAST_PCT else f"{change:+.1f} %".replace("-", "\N{MINUS SIGN}")
    return f"{text}, undecided" if row.get("sign") == "undecided" else text


def _subtitle(response: Response) -> str:
    index = float(response.hat.price)
    return f"Change of tonnes with the change of delivered prices; price index of the market {100 * (index - 1):+.1f} %"


def _note(*, banded: bool) -> str:
    band = "Whiskers: 5 to 95 % of joint draws; undecided: another sign in over 10 % of them. " if banded else ""
    return f"{band}Elasticities are borrowed, not known for this region. A supplier gains only what his rivals do not."
