"""Charts of routes: what their totals rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from corridors.analysis import UNITS
from corridors.plot import style
from corridors.plot.canvas import CM, Drawing

if TYPE_CHECKING:
    from corridors.route import Route

LOW, HIGH = "#5b8fb9", "#c9703c"
ROW_CM = 0.62
SIZE = 8.0
"""Size of the text in points."""


def new_axes(width_cm: float, height_cm: float) -> Axes:
    """Give axes on a figure of its own that pyplot does not know."""
    figure = Figure(figsize=(width_cm * CM, height_cm * CM), layout="constrained")
    FigureCanvasAgg(figure)
    return figure.add_subplot()


def tornado(
    route: Route, measure: str = "hours", ax: Axes | None = None, *, most: int = 12, width_cm: float = 16
) -> Drawing:
    """Draw how far a total moves when each parameter goes from its low to its high value.

    Parameters
    ----------
    route
        The route.
    measure
        `hours`, `cost_usd_t` or `co2e_kg_t`.
    ax
        Axes to draw on; by default a figure of its own.
    most
        Number of parameters shown, the widest first.
    width_cm
        Width of a figure of its own.

    >>> import corridors as co
    >>> drawing = tornado(co.load().route("Almaty", "Karachi"), most=5)
    >>> len(drawing.ax.get_yticks())
    5
    """
    table = route.sensitivity(measure).head(most)
    ax = new_axes(width_cm, 2.2 + ROW_CM * len(table)) if ax is None else ax
    total = float(getattr(route, measure))
    for row, (low, high) in enumerate(zip(table["at_low"], table["at_high"], strict=True)):
        ax.barh(row, low - total, left=total, height=0.66, color=LOW, label="at its low" if row == 0 else None)
        ax.barh(row, high - total, left=total, height=0.66, color=HIGH, label="at its high" if row == 0 else None)
    ax.axvline(total, color=style.INK, linewidth=0.8)
    ax.set_yticks(range(len(table)), [name.rsplit("/", 1)[0].replace("/", " · ") for name in table.index])
    ax.invert_yaxis()
    ax.tick_params(axis="both", labelsize=SIZE, length=0, colors=style.INK)
    ax.grid(axis="x", color="#dddddd", linewidth=0.6)
    ax.set_axisbelow(True)
    for side in ("top", "right", "left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.set_xlabel(f"{measure.partition('_')[0]} in {UNITS[measure]}, expected {total:,.0f}", fontsize=SIZE)
    name = route.problem.tables.name
    title = f"{name(route.origin)} to {name(route.destination)}: what the {measure.partition('_')[0]} rest on"
    ax.set_title(title, fontsize=SIZE + 2, loc="left", fontweight="bold", color=style.INK)
    ax.legend(fontsize=SIZE, frameon=False, loc="lower right")
    figure = ax.get_figure()
    assert isinstance(figure, Figure)  # noqa: S101 - axes always have one
    return Drawing(figure, ax)
