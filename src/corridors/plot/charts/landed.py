"""Chart of delivered prices: one bar per supplier, part by part, with its band and what shuts it out."""

from __future__ import annotations

from typing import Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from corridors.base.drawing import Drawing
from corridors.base.errors import InputError, UnknownNameError
from corridors.base.looks import INK
from corridors.plot import style, wording
from corridors.plot.charts import frame
from corridors.plot.charts.frame import Chart
from corridors.plot.charts.options import ChartOptions
from corridors.plot.maps.stops import plain
from corridors.plot.translate import drawing
from corridors.trade.priced import PARTS, Landed

LOOKS: Final = {
    "price_usd_t": ("Price of the supplier", style.STRIPES[1], ""),
    "freight_usd_t": ("Freight", style.COMPONENT_LOOKS["line_haul"][0], ""),
    "border_usd_t": ("Borders", *style.COMPONENT_LOOKS["border"]),
    "transfer_usd_t": ("Transfers", *style.COMPONENT_LOOKS["transfer"]),
    "port_usd_t": ("Ports", *style.COMPONENT_LOOKS["port"]),
    "time_usd_t": ("Time", style.COMPONENT_LOOKS["rest"][0], ""),
    "loss_usd_t": ("Loss", "#4a4a4a", ""),
    "duty_usd_t": ("Duty", style.COMPONENT_LOOKS["yard"][0], "////"),
    "export_usd_t": ("Export duty or subsidy", style.FAINT, "...."),
}
"""Name, fill and hatching of the parts of a delivered price."""

HATCH_INK: Final = "#ffffff"


@drawing(ChartOptions)
def landed_bars(
    landed: Landed, ax: Axes | None = None, *, scenario: str | None = None, **options: Unpack[ChartOptions]
) -> Drawing:
    """Draw the delivered price of every supplier, part by part; who is shut out is pale and says why.

    Parameters
    ----------
    landed
        What `co.landed` returns.
    ax
        Axes to draw on; by default a figure of its own, which pyplot does not know.
    scenario
        Scenario to show; by default all of them, one under the other.
    options
        As in `ChartOptions`.

    Returns
    -------
    Drawing
        Figure with its axes, tables and caption, to show or save.

    Raises
    ------
    UnknownNameError, InputError
        If there is no such scenario, or no supplier has a delivered price.

    >>> import corridors as co
    >>> flour = co.landed(co.load(), "flour", market="Kabul", year=2024, draws=50)
    >>> landed_bars(flour).ax.get_title(loc="left")
    'Wheat flour delivered to Kabul'
    """
    if scenario is not None and scenario not in landed.scenarios:
        raise UnknownNameError("scenario", scenario, landed.scenarios, where="in this result")
    table = landed.table()
    table = table[table["landed_usd_t"].notna()]
    if scenario is not None:
        table = table[table["scenario"] == scenario]
    if table.empty:
        raise InputError("landed", landed.asked.good, "at least one supplier with a delivered price")
    table = table.reset_index(drop=True)
    several = table["scenario"].nunique() > 1
    chart = frame.open_rows(ax, [_name(landed, row, several) for row in table.to_dict("records")], options,
                            margin_cm=0.7, rows=1.5, share=0.3)  # fmt: skip
    shown = [part for part in PARTS if (table[part].abs() > 0).any()]
    _draw(chart, table, shown)
    ends = table["p95_usd_t"].fillna(table["landed_usd_t"]).clip(lower=table["landed_usd_t"])
    texts = [_said(row) for row in table.to_dict("records")]
    chart.axis_label("USD per tonne")
    chart.room_beside(ends * 0, ends, [("", text) for text in texts], size=chart.looks.body, floor=True)
    patches = [Patch(facecolor=LOOKS[part][1], hatch=LOOKS[part][2], edgecolor=HATCH_INK) for part in shown]
    key = chart.key(patches, [LOOKS[part][0] for part in shown])
    tables = landed.networks[landed.base].tables
    good = tables.find("commodities", landed.asked.good)["name"]
    chart.caption(f"{good} delivered to {tables.name(landed.asked.market)}", _subtitle(landed), _note(landed), key)
    for row, (end, text) in enumerate(zip(ends, texts, strict=True)):
        chart.beside(text, float(end), row, 4, chart.looks.body, fontweight="bold")
    return chart.drawing()


def _name(landed: Landed, row: dict[str, object], several: bool) -> str:
    """Supplier, with its scenario where there are several."""
    tables = landed.networks[landed.base].tables
    name = f"{tables.name(str(row['place']))}, {wording.country_name(str(row['country']))}"
    return f"{name}: {row['scenario']}" if several else name


def _draw(chart: Chart, table: pd.DataFrame, shown: list[str]) -> None:
    """Draw the parts end to end, pale for those who do not sell, and the bands."""
    start, rows = np.zeros(len(table)), np.arange(len(table))
    faded = [1.0 if status == "sold" else 0.35 for status in table["status"]]
    for part in shown:
        _, color, hatch = LOOKS[part]
        bars = chart.ax.barh(rows, table[part], left=start, height=0.68, facecolor=color, hatch=hatch,
                             edgecolor=HATCH_INK, linewidth=chart.looks.pt(0.7), gid=f"part-{part}")  # fmt: skip
        for bar, alpha in zip(bars, faded, strict=True):
            bar.set_alpha(alpha)
        start = start + table[part].to_numpy(dtype=float)
    known = table["p05_usd_t"].notna().to_numpy()
    if known.any():
        total = table.loc[known, "landed_usd_t"].to_numpy(dtype=float)
        low, high = (table.loc[known, f"{point}_usd_t"].to_numpy(dtype=float) for point in ("p05", "p95"))
        chart.ax.errorbar(total, rows[known], xerr=np.vstack([np.maximum(total - low, 0), np.maximum(high - total, 0)]),
                          fmt="none", ecolor=INK, elinewidth=chart.looks.pt(1.0), zorder=5)  # fmt: skip


def _said(row: dict[str, object]) -> str:
    """Delivered price, and what shuts the supplier out."""
    text = f"{float(str(row['landed_usd_t'])):,.0f}"
    return text if row["status"] == "sold" else f"{text} ({row['status']})"


def _subtitle(landed: Landed) -> str:
    year = f"prices of {landed.asked.year}" if landed.asked.year else "latest prices of each supplier"
    return f"USD per tonne, {year}; borders: {landed.networks[landed.base].border_state}"


def _note(landed: Landed) -> str:
    """What the bands are, and what is doubtful about the prices."""
    band = f"Whiskers: 5 to 95 % of {landed.asked.draws:,} draws of costs and price ranges." if landed.samples else ""
    tables = landed.networks[landed.base].tables
    doubts: dict[str, list[str]] = {}
    for row in landed.table().itertuples():
        for doubt in filter(None, str(row.basis_warning).split("; ")):
            name = tables.name(row.place) if row.place in tables.place_row else row.place
            doubts.setdefault(doubt, []).append(plain(name))
    told = "; ".join(f"{', '.join(dict.fromkeys(names))}: {doubt}" for doubt, names in doubts.items())
    return " ".join(filter(None, [band, f"Prices: {told}." if told else ""]))
