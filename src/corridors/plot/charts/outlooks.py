"""Chart of net present values under borders that open and shut: how the paths of the years spread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Unpack

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from corridors.appraisal.outlook import Outlook
from corridors.base.drawing import Drawing
from corridors.base.errors import InputError
from corridors.base.looks import INK, MUTED
from corridors.plot import style, wording
from corridors.plot.charts import frame
from corridors.plot.charts.frame import Chart
from corridors.plot.charts.options import ChartOptions
from corridors.plot.translate import drawing
from corridors.trade.signs import UNDECIDED

BINS: Final = 40
"""Bars from the least to the greatest value of all rows."""

ROOM: Final = 0.62
"""Share of a row that the highest bar takes."""

SHARE: Final = 0.22
"""Share of the width that names take."""

HATCHES: Final = ("", "////", "....", "xxxx", "\\\\\\\\", "++++")

Outlooks = Outlook | Mapping[str, Outlook]


@drawing(ChartOptions)
def npv_outlook(outlooks: Outlooks, ax: Axes | None = None, **options: Unpack[ChartOptions]) -> Drawing:
    """Draw how the net present value spreads over the paths of the borders, one row a project, on one axis.

    Parameters
    ----------
    outlooks
        What `Appraisal.outlook` returns, or several by the name that they have on the chart.
    ax
        Axes to draw on; by default a figure of its own, which pyplot does not know.
    options
        As in `ChartOptions`.

    Returns
    -------
    Drawing
        Figure with its axes, tables and caption, to show or save.

    Raises
    ------
    InputError
        If there is no outlook, or several are not on the same borders.

    >>> import corridors as co
    >>> border = co.Border("AF-PK", p_shut=0.2, p_open=0.3, open_now=False)
    >>> found = co.appraise(
    ...     co.load(), "uap-kabul", {("Tashkent", "Lahore"): 5e6}, cargo="wagon", draws=0, borders=[border]
    ... )
    >>> [text.get_text() for text in npv_outlook(found.outlook()).ax.get_yticklabels()]
    ['uap-kabul']
    """
    named = {outlooks.name: outlooks} if isinstance(outlooks, Outlook) else dict(outlooks)
    if not named:
        raise InputError("outlooks", named, "an outlook or more")
    first = next(iter(named.values()))
    if any(one.chain != first.chain for one in named.values()):
        raise InputError("outlooks", list(named), "outlooks on the same borders")
    samples = [one.npv_paths() for one in named.values()]
    chart = frame.open_rows(ax, list(named), options, margin_cm=0.4, rows=3.1, share=SHARE, pad=5)
    low, high = min(float(one.min()) for one in samples), max(float(one.max()) for one in samples)
    room = 0.06 * max(high - low, 1.0)
    chart.ax.set_xlim(low - room, high + room)
    chart.ax.set_ylim(len(named) - 0.45, -0.85)
    chart.axis_label("net present value, million USD")
    chart.ax.xaxis.set_major_formatter(lambda value, _: wording.amount(value, 0))
    chart.settle()
    chart.caption("What borders that open and shut leave of the worth", _subtitle(first, samples), _note(named))
    edges = np.linspace(low, high if high > low else low + 1, BINS + 1)
    counts = [np.histogram(one, edges)[0] for one in samples]
    for row, (one, drawn) in enumerate(zip(named.values(), samples, strict=True)):
        _draw_row(chart, row, edges, counts[row] / max(int(np.max(counts)), 1))
        _draw_interval(chart, row, one, drawn)
    if low - room < 0 < high + room:
        chart.ax.axvline(0, color=INK, linewidth=chart.looks.pt(0.9), linestyle="--", zorder=1, gid="zero")
    return chart.drawing()


def _draw_row(chart: Chart, row: int, edges: NDArray[np.float64], heights: NDArray[np.float64]) -> None:
    color = style.ROUTE_COLORS[row % len(style.ROUTE_COLORS)]
    chart.ax.bar(
        edges[:-1], -ROOM * heights, width=np.diff(edges), bottom=row, align="edge", facecolor=color, alpha=0.55,
        hatch=HATCHES[row % len(HATCHES)], edgecolor="#ffffff", linewidth=0, gid="paths",
    )  # fmt: skip


def _draw_interval(chart: Chart, row: int, one: Outlook, drawn: NDArray[np.float64]) -> None:
    """Draw 5 to 95 % with the median and the exact expectation under a row, and write the figures."""
    ax, looks = chart.ax, chart.looks
    color = style.ROUTE_COLORS[row % len(style.ROUTE_COLORS)]
    low, middle, high = np.percentile(drawn, (5, 50, 95))
    y = row + 0.1
    ax.plot([low, high], [y, y], color=color, linewidth=looks.pt(2.2), solid_capstyle="butt", gid="interval")
    ax.plot([middle] * 2, [y - 0.05, y + 0.05], color=color, linewidth=looks.pt(2), gid="median")
    ax.plot(one.expected_musd, y, marker="D", color="white", markeredgecolor=color, markersize=looks.pt(3.8),
            markeredgewidth=looks.pt(1.1), zorder=6, gid="expected")  # fmt: skip
    text = f"expected {wording.amount(one.expected_musd, 0)}; {wording.amount(low, 0)} to {wording.amount(high, 0)}"
    centre = float(np.mean(ax.get_xlim()))
    side = "left" if (low + high) / 2 < centre else "right"
    at = low if side == "left" else high
    ax.annotate(text, (at, y), (0, -looks.pt(4.5)), textcoords="offset points", ha=side, va="top", gid=frame.LABEL,
                path_effects=[withStroke(linewidth=looks.pt(1.6), foreground="white")],
                **chart.text_looks(looks.small, MUTED))  # fmt: skip


def _subtitle(first: Outlook, samples: list[NDArray[np.float64]]) -> str:
    borders = ", ".join(border.name for border in first.chain.borders)
    return (
        f"{len(samples[0]):,} paths of the years of {borders}; bar: 5 to 95 %, tick: median, diamond: expected. All "
        "else at expected values"
    )


def _note(named: Mapping[str, Outlook]) -> str:
    """Say for each project how often the worth is above zero, and what it would be if nothing ever shut."""
    return " ".join(outlook_sentence(name, one) for name, one in named.items())


def outlook_sentence(name: str, one: Outlook) -> str:
    """Sentence on an outlook: share of the paths above zero, and the worth if all stayed open.

    Parameters
    ----------
    name
        Name of the project.
    one
        Its outlook.

    >>> import corridors as co
    >>> border = co.Border("AF-PK", p_shut=0.2, p_open=0.3, open_now=False)
    >>> found = co.appraise(
    ...     co.load(), "uap-kabul", {("Tashkent", "Lahore"): 5e6}, cargo="wagon", draws=0, borders=[border]
    ... )
    >>> outlook_sentence("The line", found.outlook()).split(", ")[0]
    'The line: above zero on 0 % of the paths'
    """
    share = float((one.npv_paths() > 0).mean())
    word = ", undecided" if UNDECIDED < share < 1 - UNDECIDED else ""
    open_always = wording.amount(one.constant_musd(), 0)
    return f"{name}: above zero on {100 * share:.0f} % of the paths{word}, {open_always} if all stayed open."
