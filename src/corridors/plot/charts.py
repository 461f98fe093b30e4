"""Charts of routes: what their totals are made of and rest on, and how they spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from numpy.typing import NDArray
from scipy.stats import gaussian_kde

from corridors.analysis import MEASURES, UNITS
from corridors.errors import InputError
from corridors.plot import frame, style, wording
from corridors.plot.canvas import Drawing
from corridors.plot.frame import Chart
from corridors.plot.maps import Routes
from corridors.route import Route
from corridors.uncertainty import Distribution

ROW_CM: Final = 0.62
"""Height of a row of a chart 18 cm wide."""

DOTS: Final = 20
"""Dots of a quantile dot plot: each stands for one journey in twenty."""

ROOM: Final = 0.66
"""Share of a row that a density or dots take."""

HATCH_INK: Final = "#ffffff"

Distributions = Distribution | Mapping[str, Distribution] | Routes


def tornado(
    route: Route,
    measure: str = "hours",
    ax: Axes | None = None,
    *,
    most: int = 12,
    unit: str | None = None,
    title: str | None = None,
    width_cm: float = 18,
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
    unit
        Unit of hours, `h` or `d`; by default days from 96 hours on.
    title
        Title; by default it says what is shown, and `""` leaves it out.
    width_cm
        Width of a figure of its own.

    Raises
    ------
    InputError
        If an option cannot be.

    >>> import corridors as co
    >>> drawing = tornado(co.load().route("Almaty", "Karachi"), most=5)
    >>> len(drawing.ax.get_yticks())
    5
    """
    if most < 1:
        raise InputError("most", most, "one parameter or more")
    whole = route.sensitivity(measure)
    factor, word = wording.scale_of(measure, float(getattr(route, measure)), unit)
    table = whole[["at_low", "at_high"]].head(most) * factor
    total = float(getattr(route, measure)) * factor
    chart = frame.open_chart(ax, width_cm, 0.5 + _row_cm(width_cm) * len(table))
    for row, (low, high) in enumerate(zip(table["at_low"], table["at_high"], strict=True)):
        for end, color, hatch in ((low, style.LOW, ""), (high, style.HIGH, "////")):
            chart.ax.barh(row, end - total, left=total, height=0.62, facecolor=color, hatch=hatch,
                          edgecolor=HATCH_INK, linewidth=0)  # fmt: skip
    chart.ax.axvline(total, color=style.INK, linewidth=chart.looks.pt(0.8))
    tables, several = route.problem.tables, len(set(route.modes)) > 1
    chart.name_rows([wording.parameter_label(tables, str(name), mode=several) for name in table.index])
    tops, bottoms = table.max(axis=1), table.min(axis=1)
    ends = [wording.parameter_ends(tables, str(name)) for name in table.index]
    chart.axis_label(f"{word}, expected {wording.figure(total)}")
    chart.room_beside(bottoms, tops, ends)
    for row, (low, high) in enumerate(ends):
        looks = chart.text_looks(chart.looks.small, style.MUTED)
        for x, text, ha, side in ((bottoms.iloc[row], low, "right", -3), (tops.iloc[row], high, "left", 3)):
            chart.ax.annotate(text, (x, row), (side, 0), textcoords="offset points", ha=ha, va="center",
                              gid=frame.LABEL, **looks)  # fmt: skip
    what = wording.QUANTITIES[measure]
    said = f"{wording.ends([route])}: what the {what.lower()} rests on" if title is None else title
    subtitle = f"{what} in {word}, {route.cargo}, with one parameter at a time at the ends of its range (written beside it)"
    chart.head(said, subtitle)
    left = f"{len(table)} of {len(whole)} parameters, the widest first. " if len(table) < len(whole) else ""
    chart.note(left + wording.basis({"": route}, measure))
    return chart.drawing()


def _row_cm(width_cm: float) -> float:
    return ROW_CM * style.ChartStyle(width_cm).scale


# --- what a total is made of ----------------------------------------------------------------------------------


def breakdown_bars(
    routes: Routes,
    measure: str = "hours",
    by: str = "component",
    ax: Axes | None = None,
    *,
    unit: str | None = None,
    title: str | None = None,
    width_cm: float = 18,
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
    ax, unit, title, width_cm
        As in `tornado`.

    Raises
    ------
    InputError
        If there is no route, or an option cannot be.

    >>> import corridors as co
    >>> nets = {"Today": co.load(), "Kabul corridor": co.load().build("uap-kabul")}
    >>> routes = {name: net.route("Almaty", "Karachi", modes={"rail"}) for name, net in nets.items()}
    >>> breakdown_bars(routes, "cost_usd_t").ax.get_title(loc="left")
    'Almaty to Karachi: cost by component'
    """
    named = wording.named_routes(routes)
    wording.check_measure(measure, list(MEASURES))
    largest = max(float(getattr(route, measure)) for route in named.values())
    factor, word = wording.scale_of(measure, largest, unit)
    table = breakdown_table(named, measure, by) * factor
    chart = frame.open_chart(ax, width_cm, 0.7 + 1.5 * _row_cm(width_cm) * len(table))
    looks = _part_looks(table, by)
    sides = table.cumsum(axis=1)
    for part in table.columns:
        color, hatch = looks[part]
        chart.ax.barh(range(len(table)), table[part], left=sides[part] - table[part], height=0.68, facecolor=color,
                      hatch=hatch, edgecolor=HATCH_INK, linewidth=chart.looks.pt(0.7), gid=f"part-{part}")  # fmt: skip
    chart.name_rows(list(named), share=0.22)
    totals = table.sum(axis=1)
    digits = wording.digits_for(largest * factor)
    texts = [("", f"{wording.figure(total, digits)} {_short(word)}") for total in totals]
    chart.axis_label(word)
    chart.room_beside(totals * 0, totals, texts, size=chart.looks.body * 1.1, floor=True)
    entries = {_part_name(part, by): looks[part] for part in table.columns}
    patches = [Patch(facecolor=color, hatch=hatch, edgecolor=HATCH_INK) for color, hatch in entries.values()]
    key = chart.key(patches, list(entries))
    _write_parts(chart, table, looks, digits)
    for row, (total, (_, text)) in enumerate(zip(totals, texts, strict=True)):
        chart.ax.annotate(text, (total, row), (4, 0), textcoords="offset points", va="center", gid=frame.LABEL,
                          **chart.text_looks(chart.looks.body, fontweight="bold"))  # fmt: skip
    what = wording.QUANTITIES[measure]
    said = f"{wording.ends(list(named.values()))}: {what.lower()} by {by}" if title is None else title
    chart.head(said, f"Expected {what.lower()} in {word}, {wording.cargo(list(named.values()))}", key)
    chart.note(wording.basis(named, measure))
    return chart.drawing()


def breakdown_table(routes: Routes, measure: str = "hours", by: str = "component") -> pd.DataFrame:
    """Give what the totals of routes are made of: one row a route, one column a component or country.

    >>> import corridors as co
    >>> route = co.load().route("Almaty", "Karachi")
    >>> bool(abs(breakdown_table(route).to_numpy().sum() - route.hours) < 1e-9)
    True
    """
    named = wording.named_routes(routes)
    wording.check_measure(measure, list(MEASURES))
    parts = {name: route.breakdown(by)[measure] for name, route in named.items()}
    table = pd.DataFrame(parts).T.fillna(0.0)
    if by == "component":
        order = [c for c in style.COMPONENT_LOOKS if c in table] + [c for c in table if c not in style.COMPONENT_LOOKS]
    else:
        order = sorted(table, key=lambda code: np.mean([_position(part.index, code) for part in parts.values()]))
    return table[[part for part in order if table[part].abs().max() > 0]]


def _position(codes: pd.Index, code: str) -> float:
    """Give where on the way a country lies, as a share; past the middle where it is not passed."""
    return float(codes.get_loc(code)) / max(len(codes) - 1, 1) if code in codes else 0.6


def _part_looks(table: pd.DataFrame, by: str) -> dict[str, tuple[str, str]]:
    """Give fill and hatching of each part: components have their own, borders between two countries are pale."""
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


def _short(word: str) -> str:
    return {"days": "d", "hours": "h"}.get(word, word)


def _write_parts(chart: Chart, table: pd.DataFrame, looks: Mapping[str, tuple[str, str]], digits: int) -> None:
    """Write the amount into each part that is wide enough."""
    size = chart.looks.small
    for row, (_, parts) in enumerate(table.iterrows()):
        start = 0.0
        for part, amount in parts.items():
            wide = np.diff(chart.pixels([start, start + amount], [row, row])[:, 0])[0]
            text = wording.figure(amount, digits)
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
    return "#ffffff" if float(linear @ [0.2126, 0.7152, 0.0722]) < 0.2 else style.INK


# --- how totals spread ----------------------------------------------------------------------------------------


def distributions(
    found: Distributions,
    ax: Axes | None = None,
    *,
    kind: Literal["density", "dots"] = "density",
    measure: str = "hours",
    promised: float | Mapping[str, float] | None = None,
    unit: str | None = None,
    draws: int = 2000,
    seed: int = 0,
    title: str | None = None,
    width_cm: float = 18,
) -> Drawing:
    """Draw how totals spread, one row a scenario, with p05, p50, p95 and the expected value.

    Parameters
    ----------
    found
        Distributions or routes: one, or several by the name they have on the chart.
    kind
        `density`, or `dots`: twenty dots, each one journey in twenty.
    measure
        Measure that is drawn for routes: `hours`, `cost_usd_t`, `co2e_kg_t` or `generalized_usd_t`.
    promised
        A promised value to mark, or several by their label; in days where time is shown in days, else in the unit of
        the chart.
    draws, seed
        Draws for routes and their seed.
    ax, unit, title, width_cm
        As in `tornado`.

    Raises
    ------
    InputError
        If there is nothing to draw, units differ, or an option cannot be.

    Reference: M. Kay et al., "When (ish) is my bus?", CHI 2016, doi:10.1145/2858036.2858558 (quantile dot plots).

    >>> import corridors as co
    >>> hours = co.load().route("Almaty", "Karachi").distribution(draws=200)
    >>> distributions({"Today": hours}, promised={"Promised": 5}).ax.get_xlabel()
    'days'
    """
    if kind not in ("density", "dots"):
        raise InputError("kind", kind, "'density' or 'dots'")
    named, heading, basis = _distributions(found, measure, draws, seed)
    units = {one.unit for one in named.values()}
    if len(units) > 1:
        raise InputError("found", sorted(units), "distributions of one unit")
    is_time = units == {"h"}
    largest = max(one.expected for one in named.values())
    factor, word = wording.scale_of("hours", largest, unit) if is_time else (1.0, next(iter(units)))
    samples = [one.samples * factor for one in named.values()]
    if not all(np.isfinite(drawn).all() for drawn in samples):
        raise InputError("found", "inf", "distributions in which every draw has a way")
    marks = _marks(promised)
    chart = frame.open_chart(ax, width_cm, 0.4 + 3.1 * _row_cm(width_cm) * len(named))
    chart.ax.set_xlim(0, 1.02 * max(*(_grid(drawn)[-1] for drawn in samples), *marks.values()))
    chart.name_rows(list(named), share=0.22, pad=5)
    chart.ax.set_ylim(len(named) - 0.42, -0.72)
    chart.axis_label(word)
    chart.settle()
    (_draw_densities if kind == "density" else _draw_dots)(chart, samples)
    for row, (one, drawn) in enumerate(zip(named.values(), samples, strict=True)):
        _draw_interval(chart, drawn, one.expected * factor, row)
    _write_promises(chart, marks, samples, word)
    chart.head(_spread_title(heading, measure if heading else None, title), _spread_subtitle(kind, word, samples))
    chart.note(basis)
    return chart.drawing()


def _distributions(
    found: Distributions, measure: str, draws: int, seed: int
) -> tuple[dict[str, Distribution], str, str]:
    """Give distributions by name, from where to where they lead as far as known, and what they rest on."""
    if isinstance(found, Distribution):
        return {"": found}, "", ""
    if isinstance(found, Mapping) and found and all(isinstance(one, Distribution) for one in found.values()):
        return {name: one for name, one in found.items() if isinstance(one, Distribution)}, "", ""
    named = wording.named_routes(found)  # type: ignore[arg-type]
    wording.check_measure(measure, list(UNITS))
    drawn = {name: route.distribution(measure, draws=draws, seed=seed) for name, route in named.items()}
    routes = list(named.values())
    return drawn, f"{wording.ends(routes)}, {wording.cargo(routes)}", wording.basis(named, measure)


def _marks(promised: float | Mapping[str, float] | None) -> dict[str, float]:
    marks = {} if promised is None else promised if isinstance(promised, Mapping) else {"Promised": promised}
    for name, value in marks.items():
        if not (np.isfinite(value) and value >= 0):
            raise InputError("promised", {name: value}, "a number from 0 on")
    return {str(name): float(value) for name, value in marks.items()}


def _grid(drawn: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the grid on which a density is drawn: what lies between its 0.5th and 99.5th percentile."""
    low, high = np.percentile(drawn, (0.5, 99.5))
    return np.linspace(low, max(high, low + 1e-9), 200)


def _density(drawn: NDArray[np.float64], grid: NDArray[np.float64]) -> NDArray[np.float64]:
    """Estimate the density by kernels on the logarithm, since totals are positive and skewed."""
    if np.ptp(drawn) <= 1e-9 * abs(drawn).max():
        return np.ones_like(grid)
    positive = drawn > 0
    kernel = gaussian_kde(np.log(drawn[positive]))
    return np.asarray(kernel(np.log(np.maximum(grid, 1e-12))) / np.maximum(grid, 1e-12))


def _color(row: int) -> str:
    return style.ROUTE_COLORS[row % len(style.ROUTE_COLORS)]


def _draw_densities(chart: Chart, samples: Sequence[NDArray[np.float64]]) -> None:
    """Draw the densities on one scale, so that equal areas are equal shares."""
    curves = [(grid, _density(drawn, grid)) for drawn in samples for grid in (_grid(drawn),)]
    peak = max(float(curve.max()) for _, curve in curves)
    for row, (grid, curve) in enumerate(curves):
        height = ROOM * curve / peak
        chart.ax.fill_between(grid, row, row - height, color=_color(row), alpha=0.25, linewidth=0, gid="density")
        chart.ax.plot(grid, row - height, color=_color(row), linewidth=chart.looks.pt(1.2))


def _draw_dots(chart: Chart, samples: Sequence[NDArray[np.float64]]) -> None:
    """Stack dots, each for a twentieth of the draws at its median, as large as the highest stack allows."""
    frame_box, (left, right) = chart.ax.get_window_extent(), chart.ax.get_xlim()
    rows = chart.ax.get_ylim()[0] - chart.ax.get_ylim()[1]
    middles = (np.arange(DOTS) + 0.5) / DOTS * 100
    values = [np.percentile(drawn, middles) for drawn in samples]
    room = ROOM * frame_box.height / rows  # pixels
    for dot in np.linspace(room / 2, room / DOTS, 60):
        wide = dot / frame_box.width * (right - left)
        stacks = [np.unique(np.round(mine / wide), return_counts=True) for mine in values]
        if max(counts.max() for _, counts in stacks) * dot <= room:
            break
    for row, (columns, counts) in enumerate(stacks):
        x = np.repeat(columns, counts) * wide
        level = np.concatenate([np.arange(count) for count in counts])
        y = row - (level + 0.5) * dot / frame_box.height * rows
        chart.ax.plot(x, y, "o", color=_color(row), markersize=0.88 * dot / chart.px, markeredgewidth=0, gid="dots")


def _draw_interval(chart: Chart, drawn: NDArray[np.float64], expected: float, row: int) -> None:
    """Draw p05 to p95 with the median and the expected value under a row, and write the figures."""
    ax, looks, color = chart.ax, chart.looks, _color(row)
    low, middle, high = np.percentile(drawn, (5, 50, 95))
    y = row + 0.09
    ax.plot([low, high], [y, y], color=color, linewidth=looks.pt(2.2), solid_capstyle="butt", gid="interval")
    ax.plot([middle] * 2, [y - 0.055, y + 0.055], color=color, linewidth=looks.pt(2), gid="median")
    ax.plot(expected, y, marker="D", color="white", markeredgecolor=color, markersize=looks.pt(3.8),
            markeredgewidth=looks.pt(1.1), gid="expected", zorder=6)  # fmt: skip
    texts = [wording.figure(value, wording.digits_for(high)) for value in (low, middle, high)]
    size, gap = looks.small, 3 * chart.px
    spots = chart.pixels([low, middle, high], [y] * 3)[:, 0]
    wide = np.array([chart.size_of(text, size)[0] + gap for text in texts])
    for text, spot in zip(texts, frame.spread(spots, wide), strict=True):
        x = float(ax.transData.inverted().transform((spot, 0))[0])
        ax.annotate(text, (x, y), (0, -looks.pt(3.5)), textcoords="offset points", ha="center", va="top",
                    gid=frame.LABEL, **chart.text_looks(size))  # fmt: skip


def _write_promises(
    chart: Chart, marks: Mapping[str, float], samples: Sequence[NDArray[np.float64]], word: str
) -> None:
    """Mark promised values with the share of the draws that keep them."""
    shares = {name: [float((drawn <= value).mean()) for drawn in samples] for name, value in marks.items()}
    for name, value in marks.items():
        chart.ax.axvline(value, color=style.CROSS, linewidth=chart.looks.pt(1.1), linestyle=(0, (4, 2)), zorder=7,
                         gid=f"promised-{name}")  # fmt: skip
        told = "–".join(dict.fromkeys(f"{100 * share:.0f}" for share in (min(shares[name]), max(shares[name]))))
        text = f"{name}: {value:g} {_short(word)}\nkept by {told} % of draws"
        chart.write(text, (value, -0.68), [(3, 0, "left", "top"), (-3, 0, "right", "top"), *frame.around(first="right")],
                    size=chart.looks.small, leader=200, color=style.CROSS)  # fmt: skip


def _spread_title(heading: str, measure: str | None, title: str | None) -> str:
    if title is not None:
        return title
    what = wording.QUANTITIES[measure] if measure else "Draws"
    return f"{heading}: spread of {what.lower()}" if heading else "How the draws spread"


def _spread_subtitle(kind: str, word: str, samples: Sequence[NDArray[np.float64]]) -> str:
    what = "Density" if kind == "density" else "One dot is one journey in twenty"
    return (
        f"{what}, in {word}; bar: 5th to 95th percentile, tick: median, diamond: expected value; "
        f"{len(samples[0]):,} draws"
    )

