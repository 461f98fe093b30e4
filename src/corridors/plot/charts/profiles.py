"""Profiles of routes: time and cost against distance, after the method of UNESCAP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator
from matplotlib.typing import LineStyleType
from shapely.geometry.base import BaseGeometry

from corridors.base.drawing import Drawing
from corridors.base.looks import INK
from corridors.base.options import Default
from corridors.base.units import COST, HOURS, Measure
from corridors.plot import style, wording
from corridors.plot.charts import frame
from corridors.plot.charts.frame import Chart
from corridors.plot.charts.options import ChartOptions, width_of
from corridors.plot.charts.places import around
from corridors.plot.maps.routes import Routes, named_routes
from corridors.plot.maps.stops import plain
from corridors.plot.translate import drawing
from corridors.routing.route import Route

STRIP_PT: Final = 11.5
"""Height of the strip of countries of one route."""

LEAST_STEP: Final = 0.015
"""Share of the largest total from which a stop is a step of its own with a marker."""

PATTERNS: Final[tuple[LineStyleType, ...]] = ("-", (0, (5, 1.6)), (0, (1.2, 1.2)), (0, (5, 1.4, 1.2, 1.4)))
"""Patterns of several routes, so that they differ without colour."""


@dataclass(frozen=True, slots=True)
class _Axis:
    """What runs up the chart.

    Attributes
    ----------
    factor
        What one hour, or one USD/t, counts in the unit shown.
    digits
        Decimals of the totals.
    """

    measure: Measure
    factor: float
    unit: str
    short: str
    digits: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class _Line:
    """One route on a profile."""

    name: str
    route: Route
    table: pd.DataFrame
    color: str
    pattern: LineStyleType


class ProfileOptions(ChartOptions, total=False):
    """Options of profiles."""

    band: Annotated[bool, Default(True, "Whether to draw the band from p05 to p95 of the running sums; takes draws.")]
    steps: Annotated[bool, Default(True, "Whether to name the stops, the longest first, where there is room.")]
    countries: Annotated[bool, Default(True, "Whether to set a strip of the countries passed under each route.")]
    draws: Annotated[int, Default(1000, "Draws of the band.")]
    seed: Annotated[int, Default(0, "Seed of the draws.")]


@drawing(ProfileOptions)
def time_distance(
    routes: Routes, ax: Axes | None = None, *, unit: str | None = None, **options: Unpack[ProfileOptions]
) -> Drawing:
    """Draw the hours of routes as they add up over the distance covered.

    Distance runs to the right and time upward, as UNESCAP draws it: a slope is movement (flatter is faster), a
    vertical step is a stop.

    Parameters
    ----------
    routes
        A route, several, or several by the name they have on the chart.
    ax
        Axes to draw on; by default a figure of its own, which pyplot does not know.
    unit
        `h` or `d`; by default days where the longest route takes 96 hours or more.
    options
        As in `ProfileOptions`.

    Returns
    -------
    Drawing
        Figure with its axes, tables and caption, to show or save.

    Raises
    ------
    InputError
        If there is no route, or an option cannot be.

    Reference: UNESCAP, Time/Cost-Distance Methodology, https://www.unescap.org/resources/timecost-distance-methodology

    >>> import corridors as co
    >>> nets = {"Existing lines": co.load(), "Kabul corridor": co.load().build("uap-kabul")}
    >>> routes = {name: net.route("Almaty", "Karachi", modes={"rail"}) for name, net in nets.items()}
    >>> fig, ax = time_distance(routes, draws=200)
    >>> ax.get_xlabel(), ax.get_title(loc="left")
    ('km from Almaty', 'Almaty to Karachi: days in transit by distance')
    """
    named = named_routes(routes)
    factor, word = wording.scale_of(HOURS, max(r.hours for r in named.values()), unit)
    axis = _Axis(HOURS, factor, f"{word} in transit", "d" if word == "days" else "h")
    return _draw(named, axis, ax, options)


@drawing(ProfileOptions)
def cost_distance(
    routes: Routes, ax: Axes | None = None, *, unit: str = "tonne", **options: Unpack[ProfileOptions]
) -> Drawing:
    """Draw the cost of routes as it adds up over the distance covered.

    Parameters
    ----------
    routes
        A route, several, or several by the name they have on the chart.
    ax
        Axes to draw on; by default a figure of its own, which pyplot does not know.
    unit
        Cost of one `tonne`, `teu`, `feu`, `truck` or `wagon`; see `Route.cost_usd`.
    options
        As in `ProfileOptions`.

    Returns
    -------
    Drawing
        Figure with its axes, tables and caption, to show or save.

    >>> import corridors as co
    >>> drawing = cost_distance(co.load().route("Almaty", "Karachi"), unit="feu", draws=200)
    >>> drawing.ax.get_title(loc="left")
    'Almaty to Karachi: cost in USD per FEU by distance'
    """
    named = named_routes(routes)
    word = unit.upper() if unit in ("teu", "feu") else unit
    first = next(iter(named.values()))
    axis = _Axis(COST, first.cost_usd(unit) / first.cost_usd_t, f"cost in USD per {word}", "USD")
    return _draw(named, axis, ax, options)


def _draw(named: Mapping[str, Route], axis: _Axis, ax: Axes | None, options: ProfileOptions) -> Drawing:
    """Draw profiles, then their labels from the most important on."""
    draws = options["draws"] if options["band"] else 0
    lines = _lines(named, axis, draws, options["seed"])
    axis = replace(axis, digits=wording.digits_for(_largest(lines, "p95")))
    chart = frame.open_chart(ax, 3.6 + 0.42 * min(width_of(options), 24), options)
    for line in lines:
        _draw_line(chart, line, shade=0.16 / len(lines))
    _set_axes(chart, lines, axis, strips=len(lines) if options["countries"] else 0)
    chart.settle()
    if options["countries"]:
        _draw_strips(chart, lines)
    key = _key(chart, lines, axis)
    title = f"{wording.ends(list(named.values()))}: {axis.unit} by distance"
    chart.caption(title, _subtitle(named, axis, band=draws != 0), _note(named, axis, draws), key)
    for line in lines:
        chart.block(line.table["km"], line.table["expected"], width_pt=2)
    if not _in_key(chart, lines):
        _write_ends(chart, lines, axis)
    if options["steps"]:
        _write_steps(chart, lines, axis)
    return chart.drawing()


def _lines(named: Mapping[str, Route], axis: _Axis, draws: int, seed: int) -> list[_Line]:
    lines = []
    for number, (name, route) in enumerate(named.items()):
        table = route.profile(axis.measure.column, draws=draws, seed=seed)
        sums = [column for column in ("expected", "p05", "p50", "p95") if column in table]
        table[sums] *= axis.factor
        color = style.ROUTE_COLORS[number % len(style.ROUTE_COLORS)]
        lines.append(_Line(name, route, table, color, PATTERNS[number % len(PATTERNS)]))
    return lines


def _draw_line(chart: Chart, line: _Line, *, shade: float) -> None:
    table, pt = line.table, chart.looks.pt
    if "p05" in table:
        chart.ax.fill_between(
            table["km"], table["p05"], table["p95"], color=line.color, alpha=shade, linewidth=0, zorder=1,
            gid=f"band-{line.name}",
        )  # fmt: skip
        for end in ("p05", "p95"):
            chart.ax.plot(table["km"], table[end], color=line.color, linewidth=pt(0.5), alpha=0.55, zorder=2)
    chart.ax.plot(
        table["km"], table["expected"], color=line.color, linewidth=pt(2), linestyle=line.pattern, zorder=5,
        solid_joinstyle="round", gid=f"profile-{line.name}",
    )  # fmt: skip
    chart.ax.plot(
        table["km"].iloc[-1:], table["expected"].iloc[-1:], "o", color=line.color, markersize=pt(4), zorder=6,
        clip_on=False,
    )  # fmt: skip


def _stops(line: _Line, least: float) -> pd.DataFrame:
    """List the vertical steps of a route from some height on: kind, place_id, id, km, bottom and top."""
    table = line.table
    bottom = table["expected"].shift(fill_value=0.0)
    rows = table.assign(bottom=bottom, top=table["expected"])
    return rows[rows["kind"].isin(wording.STEPS) & (rows["top"] - rows["bottom"] >= least)]


def _largest(lines: list[_Line], column: str = "expected") -> float:
    return max(float(line.table.get(column, line.table["expected"]).iloc[-1]) for line in lines)


def _set_axes(chart: Chart, lines: list[_Line], axis: _Axis, strips: int) -> None:
    """Set limits that leave room for the names at the ends, ticks and labels."""
    ax, looks = chart.ax, chart.looks
    # a border alone has no length, and an axis needs one
    top = _largest(lines, "p95") or 1.0
    km = max(line.route.km for line in lines) or 1.0
    texts = [_end_text(chart, line, axis) for line in lines]
    texts = [""] if _in_key(chart, lines) else texts
    room = max(chart.size_of(text, looks.body, fontweight="bold")[0] for text in texts) / chart.px + looks.pt(9)
    share = min(room / (looks.width_cm / 2.54 * 72 * 0.9), 0.45)
    ax.set(xlim=(0, km / (1 - share)), ylim=(0, 1.04 * top))
    ticks = MaxNLocator(4 if looks.width_cm < 12 else 7, steps=[1, 2, 5, 10]).tick_values(0, km)
    ax.set_xticks([tick for tick in ticks if tick <= km])  # none in the room for the names
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.yaxis.set_major_formatter("{x:,.0f}")
    chart.axis_looks(grid="y", bottom=True)
    if strips:
        ax.tick_params(axis="x", pad=looks.pt(3 + STRIP_PT * strips))
    origins = {line.route.problem.tables.name(line.route.origin) for line in lines}
    chart.axis_label(f"km from {plain(origins.pop())}" if len(origins) == 1 else "km from the origin")
    chart.fig.draw_without_rendering()


def _end_text(chart: Chart, line: _Line, axis: _Axis) -> str:
    """Name a route with its total and band, in lines narrow enough for the end of its line."""
    last = line.table.iloc[-1]
    name = chart.wrap(line.name, 62 * chart.looks.scale if chart.looks.width_cm < 12 else 96, chart.looks.body)
    total, *ends = (wording.amount(last[c], axis.digits) for c in ("expected", "p05", "p95") if c in last)
    return "\n".join([name, f"{total} {axis.short}", *([f"({'–'.join(ends)})"] if ends else [])])


def _write_ends(chart: Chart, lines: list[_Line], axis: _Axis) -> None:
    """Write the names of the routes at their ends, on a line of their own above each other where they meet."""
    written: list[BaseGeometry] = []
    for line in sorted(lines, key=lambda one: -one.table["expected"].iloc[-1]):
        before = len(chart.blocked)
        last = line.table.iloc[-1]
        right = [(6.0, float(dy), "left", "center") for dy in sorted(range(-140, 141, 4), key=abs)]
        chart.write(
            _end_text(chart, line, axis), (last["km"], last["expected"]), [*right, *around(first="right")],
            size=chart.looks.body, leader=16, crossing=written, force=True, color=line.color,
            fontweight="bold",
        )  # fmt: skip
        written += chart.blocked[before:]


def _in_key(chart: Chart, lines: list[_Line]) -> bool:
    """Tell whether there are too many routes to name each at its end."""
    return len(lines) > (3 if chart.looks.width_cm < 12 else 5)


def _mark_steps(chart: Chart, lines: list[_Line]) -> list[str]:
    """Set a marker on every step that is worth one, and list the kinds of steps marked."""
    least, kinds = LEAST_STEP * _largest(lines), set()
    for line in lines:
        for stop in _stops(line, least).itertuples():
            kinds.add(stop.kind)
            chart.ax.plot(
                stop.km, (stop.bottom + stop.top) / 2, marker=style.STEP_MARKERS[stop.kind], linestyle="none",
                markersize=chart.looks.pt(4.4), markerfacecolor="white", markeredgecolor=line.color,
                markeredgewidth=chart.looks.pt(1.1), zorder=7, clip_on=False, gid=f"step-{stop.kind}",
            )  # fmt: skip
    return [kind for kind in wording.STEPS if kind in kinds]


def _key(chart: Chart, lines: list[_Line], axis: _Axis) -> Artist | None:
    """Explain the markers of the steps, and the routes where they are too many to be named at their ends."""
    names = {wording.STEPS[kind].capitalize(): _marker(chart, kind) for kind in _mark_steps(chart, lines)}
    for line in lines if _in_key(chart, lines) else ():
        text = " ".join(_end_text(chart, line, axis).split("\n"))
        names[text] = Line2D([], [], color=line.color, linestyle=line.pattern, linewidth=chart.looks.pt(2))
    return chart.key(list(names.values()), list(names))


def _marker(chart: Chart, kind: str) -> Line2D:
    marker, size = style.STEP_MARKERS[kind], chart.looks.pt(4.4)
    return Line2D([], [], linestyle="none", marker=marker, markersize=size, mfc="white", mec=INK)


def _write_steps(chart: Chart, lines: list[_Line], axis: _Axis) -> None:
    """Name the steps, the highest first; what routes share is named once, and what finds no room is not."""
    least = 1.6 * LEAST_STEP * _largest(lines)
    wanted: dict[tuple[str, str, int, int], tuple[float, str, tuple[float, float], str]] = {}
    for line in lines:
        for stop in _stops(line, least).itertuples():
            height = stop.top - stop.bottom
            name = wording.step_name(line.route, stop.kind, stop.place_id, stop.id)
            amount = f"{height / axis.factor:,.0f} h" if axis.measure is HOURS else f"{wording.amount(height)} USD"
            text = f"{name}\n{wording.STEPS[stop.kind]}, {amount}"
            at = (stop.km, (stop.bottom + stop.top) / 2)
            key = (stop.kind, stop.id, round(stop.km), round(100 * stop.bottom / axis.factor))
            color = line.color if key not in wanted and len(lines) > 1 else INK
            wanted[key] = (height, text, at, color)
            chart.block(*at, width_pt=3.5)
    labels: list[BaseGeometry] = []
    most = round(0.65 * chart.looks.width_cm)
    for _, text, at, color in sorted(wanted.values(), key=lambda w: -w[0])[:most]:
        before = len(chart.blocked)
        chart.write(text, at, around(), size=chart.looks.small, leader=8, crossing=labels, color=color)
        labels += chart.blocked[before:]


def _draw_strips(chart: Chart, lines: list[_Line]) -> None:
    """Set under the axis a strip of countries for each route, marked with its colour."""
    looks, under = chart.looks, chart.under()
    high = looks.pt(STRIP_PT)
    for number, line in enumerate(lines):
        low = -(number + 1) * high
        for i, (code, start, end) in enumerate(stretches(line.route)):
            strip = Rectangle(
                (start, low + 0.2 * high), end - start, 0.72 * high, transform=under, clip_on=False, zorder=3,
                facecolor=style.STRIPES[i % 2], edgecolor="white", linewidth=looks.pt(0.6),
                gid=f"country-{line.name}-{code}",
            )  # fmt: skip
            chart.ax.add_patch(strip)
            wide = np.diff(chart.pixels([start, end], [0, 0])[:, 0])[0] - 2 * chart.px
            fitting = (t for t in (wording.country_name(code), code) if chart.size_of(t, looks.small)[0] < wide)
            if text := next(fitting, ""):
                chart.ax.text(
                    (start + end) / 2, low + 0.54 * high, text, transform=under, ha="center", va="center",
                    gid="country-label", **chart.text_looks(looks.small),
                )  # fmt: skip
        if len(lines) > 1:
            chart.ax.plot(
                [0, line.route.km], [low + 0.12 * high] * 2, transform=under, clip_on=False, color=line.color,
                linestyle=line.pattern, linewidth=looks.pt(1.3), zorder=4, solid_capstyle="butt",
            )  # fmt: skip


def stretches(route: Route) -> list[tuple[str, float, float]]:
    """List the countries that a route passes with the km at which it enters and leaves them; `sea` between ports.

    >>> import corridors as co
    >>> [(code, round(start)) for code, start, _ in stretches(co.load().route("Termez", "Mazar-i-Sharif"))]
    [('UZ', 0), ('AF', 18)]
    """
    moving = route.steps[route.steps["km"] > 0]
    passed: list[tuple[str, float, float]] = []
    start = 0.0
    for step in moving.itertuples(index=False):
        code = str(step.country) or "sea"
        if passed and passed[-1][0] == code:
            passed[-1] = (code, passed[-1][1], start + step.km)
        else:
            passed.append((code, start, start + step.km))
        start += step.km
    return passed


def _subtitle(named: Mapping[str, Route], axis: _Axis, *, band: bool) -> str:
    what = f"{axis.unit[0].upper()}{axis.unit[1:]}, {wording.cargo(list(named.values()))}; line: expected value"
    return f"{what}; vertical step: a stop" + ("; band: 5th to 95th percentile" if band else "")


def _note(named: Mapping[str, Route], axis: _Axis, draws: int) -> str:
    basis = [wording.basis(named, axis.measure), "Form after UNESCAP's time/cost-distance method."]
    band = f"Band: {draws:,} draws of trips and of what is known of the means, percentiles of the running sums."
    return " ".join([band, *basis] if draws else basis)
