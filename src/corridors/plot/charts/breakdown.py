"""Charts of routes: what their totals are made of, and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from corridors.base import units
from corridors.base.drawing import Drawing
from corridors.base.errors import InputError
from corridors.base.looks import INK, MUTED
from corridors.base.units import Measure
from corridors.plot import style, wording
from corridors.plot.charts import frame
from corridors.plot.charts.frame import Chart
from corridors.plot.charts.options import TimeOptions
from corridors.plot.maps.routes import Routes, named_routes
from corridors.plot.translate import drawing
from corridors.routing.route import Route

HATCH_INK: Final = "#ffffff"


@drawing(TimeOptions)
def tornado(
    route: Route, measure: str = "hours", ax: Axes | None = None, *, most: int = 12, **options: Unpack[TimeOptions]
) -> Drawing:
    """Draw how far a total moves when each parameter goes from one end of its range to the other.

    Parameters
    ----------
    route
        The route.
    measure
        `hours`, `cost_usd_t` or `co2e_kg_t`.
    ax
        Axes to draw on; by default a figure of its own, which pyplot does not know.
    most
        Number of parameters shown, the widest first.
    options
        As in `TimeOptions`.

    Returns
    -------
    Drawing
        Figure with its axes, tables and caption, to show or save.

    Raises
    ------
    InputError
        If an option cannot be, or no parameter decides the measure, such as the emissions of a border.

    >>> import corridors as co
    >>> drawing = tornado(co.load().route("Almaty", "Karachi"), most=5)
    >>> len(drawing.ax.get_yticks())
    5
    """
    kind = units.measure(measure, among=units.QUANTITIES)
    if most < 1:
        raise InputError("most", most, "one parameter or more")
    ranges = _ranges(route, kind)
    if ranges.empty:
        raise InputError("measure", measure, f"a measure that this way has; it has no {kind.label}")
    expected = float(getattr(route, kind.column))
    factor, word = wording.scale_of(kind, expected, options["unit"])
    table = ranges[["at_low", "at_high"]].head(most) * factor
    tables, several = route.problem.tables, len(set(route.modes)) > 1
    names = [wording.parameter_label(tables, str(name), mode=several) for name in table.index]
    chart = frame.open_rows(ax, names, options, margin_cm=0.5)
    _draw_ranges(chart, table, expected * factor)
    ends = [wording.parameter_ends(tables, str(name)) for name in table.index]
    chart.axis_label(f"{word}, expected {wording.amount(expected * factor)}")
    chart.room_beside(table.min(axis=1), table.max(axis=1), ends)
    subtitle = (
        f"{kind.label.capitalize()} in {word}, {route.cargo}, with one parameter at a time at the ends of its range "
        "(written beside it)"
    )
    fewer = len(table) < len(ranges)
    rest = f"{len(table)} of {len(ranges)} parameters with a range, the widest first. " if fewer else ""
    title = f"{wording.ends([route])}: what the {kind.label} rests on"
    chart.caption(title, subtitle, rest + wording.basis({"": route}, kind))
    _write_ends(chart, table, ends)
    return chart.drawing()


def _ranges(route: Route, kind: Measure) -> pd.DataFrame:
    """Totals with each parameter at the ends of its range, without parameters that have none unless none has one."""
    ranges = route.sensitivity(kind.column)
    moving = ranges[ranges["at_high"] > ranges["at_low"]]
    return moving if len(moving) else ranges


def _draw_ranges(chart: Chart, table: pd.DataFrame, expected: float) -> None:
    """Draw a bar from the expected total to either end of the range of each parameter."""
    for row, (low, high) in enumerate(zip(table["at_low"], table["at_high"], strict=True)):
        for end, color, hatch in ((low, style.LOW, ""), (high, style.HIGH, "////")):
            chart.ax.barh(row, end - expected, left=expected, height=0.62, facecolor=color, hatch=hatch,
                          edgecolor=HATCH_INK, linewidth=0)  # fmt: skip
    chart.ax.axvline(expected, color=INK, linewidth=chart.looks.pt(0.8))


def _write_ends(chart: Chart, table: pd.DataFrame, ends: Sequence[tuple[str, str]]) -> None:
    """Write the ends of the range of each parameter beside its bar."""
    rows = zip(table.min(axis=1), table.max(axis=1), ends, strict=True)
    for row, (left, right, (low, high)) in enumerate(rows):
        chart.beside(low, left, row, -3, chart.looks.small, color=MUTED)
        chart.beside(high, right, row, 3, chart.looks.small, color=MUTED)


# --- what a total is made of ----------------------------------------------------------------------------------


@drawing(TimeOptions)
def breakdown_bars(
    routes: Routes,
    measure: str = "hours",
    by: str = "component",
    ax: Axes | None = None,
    **options: Unpack[TimeOptions],
) -> Drawing:
    """Draw what the totals of routes are made of, one bar a route.

    Parameters
    ----------
    routes
        A route, several, or several by the name they have on the chart.
    measure
        `hours`, `cost_usd_t` or `co2e_kg_t`.
    by
        `component` (line haul, yards, borders, ...) or `country` (a border belongs to both of its countries).
    ax
        Axes to draw on; by default a figure of its own, which pyplot does not know.
    options
        As in `TimeOptions`.

    Returns
    -------
    Drawing
        Figure with its axes, tables and caption, to show or save.

    Raises
    ------
    InputError
        If there is no route, or an option cannot be.

    >>> import corridors as co
    >>> nets = {"Existing lines": co.load(), "Kabul corridor": co.load().build("uap-kabul")}
    >>> routes = {name: net.route("Almaty", "Karachi", modes={"rail"}) for name, net in nets.items()}
    >>> breakdown_bars(routes, "cost_usd_t").ax.get_title(loc="left")
    'Almaty to Karachi: cost by component'
    """
    named = named_routes(routes)
    kind = units.measure(measure, among=units.QUANTITIES)
    largest = max(float(getattr(route, kind.column)) for route in named.values())
    factor, word = wording.scale_of(kind, largest, options["unit"])
    table = breakdown_table(named, measure, by) * factor
    looks = _part_looks(table, by)
    chart = frame.open_rows(ax, list(named), options, margin_cm=0.7, rows=1.5, share=0.22)
    _draw_parts(chart, table, looks)
    totals = table.sum(axis=1)
    digits = wording.digits_for(largest * factor)
    texts = [f"{wording.amount(total, digits)} {wording.short(word)}" for total in totals]
    chart.axis_label(word)
    chart.room_beside(totals * 0, totals, [("", text) for text in texts], size=chart.looks.body * 1.1, floor=True)
    entries = {_part_name(part, by): looks[part] for part in table.columns}
    patches = [Patch(facecolor=color, hatch=hatch, edgecolor=HATCH_INK) for color, hatch in entries.values()]
    key = chart.key(patches, list(entries))
    title = f"{wording.ends(list(named.values()))}: {kind.label} by {by}"
    subtitle = f"Expected {kind.label} in {word}, {wording.cargo(list(named.values()))}"
    chart.caption(title, subtitle, wording.basis(named, kind), key)
    _write_parts(chart, table, looks, digits)
    for row, (total, text) in enumerate(zip(totals, texts, strict=True)):
        chart.beside(text, total, row, 4, chart.looks.body, fontweight="bold")
    return chart.drawing()


def breakdown_table(routes: Routes, measure: str = "hours", by: str = "component") -> pd.DataFrame:
    """Table of what the totals of routes are made of: one row a route, one column a component or country.

    Parameters
    ----------
    routes
        Routes by name.
    measure
        `hours`, `cost` (USD/t) or `co2e` (kg/t).
    by
        What the columns are: `component` or `country`.

    >>> import corridors as co
    >>> route = co.load().route("Almaty", "Karachi", modes={"rail"})
    >>> table = breakdown_table(route)
    >>> float(table["gauge_change"].iloc[0]), bool(abs(table.to_numpy().sum() - route.hours) < 1e-9)
    (114.0, True)
    """
    named = named_routes(routes)
    kind = units.measure(measure, among=units.QUANTITIES)
    parts = {name: route.breakdown(by)[kind.column] for name, route in named.items()}
    table = pd.DataFrame(parts).T.fillna(0.0)
    if by == "component":
        order = [c for c in style.COMPONENT_LOOKS if c in table] + [c for c in table if c not in style.COMPONENT_LOOKS]
    else:
        order = sorted(table, key=lambda code: np.mean([_position(part.index, code) for part in parts.values()]))
    return table[[part for part in order if table[part].abs().max() > 0]]


def _position(codes: pd.Index, code: str) -> float:
    """Where on the way a country lies, as a share; past the middle where it is not passed."""
    return float(codes.get_loc(code)) / max(len(codes) - 1, 1) if code in codes else 0.6


def _draw_parts(chart: Chart, table: pd.DataFrame, looks: Mapping[str, tuple[str, str]]) -> None:
    """Draw the parts of each total end to end."""
    sides = table.cumsum(axis=1)
    for part in table.columns:
        color, hatch = looks[part]
        chart.ax.barh(range(len(table)), table[part], left=sides[part] - table[part], height=0.68, facecolor=color,
                      hatch=hatch, edgecolor=HATCH_INK, linewidth=chart.looks.pt(0.7), gid=f"part-{part}")  # fmt: skip


def _part_looks(table: pd.DataFrame, by: str) -> dict[str, tuple[str, str]]:
    """Fill and hatching of each part: components have their own, borders between two countries are pale."""
    if by == "component":
        return {part: style.COMPONENT_LOOKS.get(part, (style.FAINT, "")) for part in table}
    plain = iter(range(len(table.columns)))
    return {
        part: (style.STRIPES[0], "////") if "-" in part else style.COUNTRY_LOOKS[next(plain) % len(style.COUNTRY_LOOKS)]
        for part in table
    }


def _part_name(part: str, by: str) -> str:
    if by == "component":
        return wording.COMPONENTS.get(part, part)
    return "Border between two countries" if "-" in part else wording.country_name(part)


def _write_parts(chart: Chart, table: pd.DataFrame, looks: Mapping[str, tuple[str, str]], digits: int) -> None:
    """Write the amount into each part that is wide enough."""
    size = chart.looks.small
    for row, (_, parts) in enumerate(table.iterrows()):
        start = 0.0
        for part, amount in parts.items():
            wide = np.diff(chart.pixels([start, start + amount], [row, row])[:, 0])[0]
            text = wording.amount(amount, digits)
            if chart.size_of(text, size)[0] + 4 * chart.px < wide:
                fill, hatch = looks[str(part)]
                box = {"boxstyle": "round,pad=0.15", "facecolor": fill, "edgecolor": "none"} if hatch else None
                chart.ax.text(start + amount / 2, row, text, ha="center", va="center", gid="part-label", bbox=box,
                              **chart.text_looks(size, _ink_on(fill)))  # fmt: skip
            start += amount


def _ink_on(color: str) -> str:
    """Choose white or dark type for a fill by its luminance (WCAG 2)."""
    rgb = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(rgb <= 0.03928, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return "#ffffff" if float(linear @ [0.2126, 0.7152, 0.0722]) < 0.2 else INK
