"""Charts of how totals spread: densities or quantile dots, one row a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal, Unpack

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray
from scipy.stats import gaussian_kde

from corridors.base import units
from corridors.base.drawing import Drawing
from corridors.base.errors import InputError
from corridors.base.looks import CROSS
from corridors.base.units import Measure
from corridors.model.parts import SUMS
from corridors.plot import style, wording
from corridors.plot.charts import frame
from corridors.plot.charts.frame import Chart
from corridors.plot.charts.options import TimeOptions
from corridors.plot.charts.places import around
from corridors.plot.maps import labels
from corridors.plot.maps.routes import Routes, named_routes
from corridors.plot.translate import drawing
from corridors.uncertainty.distribution import Distribution

DOTS: Final = 20
"""Dots of a quantile dot plot: each stands for one journey in twenty."""

ROOM: Final = 0.66
"""Share of a row that a density or dots take."""

Distributions = Distribution | Mapping[str, Distribution] | Routes


@drawing(TimeOptions)
def distributions(
    spreads: Distributions,
    ax: Axes | None = None,
    *,
    kind: Literal["density", "dots"] = "density",
    measure: str = "hours",
    promised: float | Mapping[str, float] | None = None,
    draws: int = 2000,
    seed: int = 0,
    **options: Unpack[TimeOptions],
) -> Drawing:
    """Draw how totals spread, one row a scenario, with p05, p50, p95 and the expected value.

    Parameters
    ----------
    spreads
        Distributions or routes: one, or several by the name they have on the chart.
    ax
        Axes to draw on; by default a figure of its own, which pyplot does not know.
    kind
        `density`, or `dots`: twenty dots, each one journey in twenty.
    measure
        Measure that is drawn for routes: `hours`, `cost_usd_t`, `co2e_kg_t` or `generalized_usd_t`.
    promised
        A promised value to mark, or several by their label; in days where time is shown in days, else in the unit of
        the chart.
    draws, seed
        Draws for routes and their seed.
    options
        As in `TimeOptions`.

    Returns
    -------
    Drawing
        Figure with its axes, tables and caption, to show or save.

    Raises
    ------
    InputError
        If there is nothing to draw, units differ, or an option cannot be.

    Reference: M. Kay et al., "When (ish) is my bus?", CHI 2016, doi:10.1145/2858036.2858558 (quantile dot plots).

    >>> import corridors as co
    >>> hours = co.load().route("Almaty", "Karachi").distribution(draws=200)
    >>> distributions({"Existing lines": hours}, promised={"Promised": 5}).ax.get_xlabel()
    'days'
    """
    if kind not in ("density", "dots"):
        raise InputError("kind", kind, "'density' or 'dots'")
    shown = units.measure(measure, among=SUMS)
    named, heading, basis = _named_spreads(spreads, shown, draws, seed)
    factor, word = _scale(named, options["unit"])
    samples = [one.samples * factor for one in named.values()]
    if not all(np.isfinite(drawn).all() for drawn in samples):
        raise InputError("spreads", "inf", "distributions in which every draw has a way")
    marks = _marks(promised)
    chart = frame.open_rows(ax, list(named), options, margin_cm=0.4, rows=3.1, share=0.22, pad=5)
    most = max([*(_grid(drawn)[-1] for drawn in samples), *marks.values()])
    chart.ax.set_xlim(0, 1.02 * most or 1.0)
    chart.ax.set_ylim(len(named) - 0.58, -1.1 if marks else -0.72)
    chart.axis_label(word)
    chart.settle()
    title = f"{heading}: spread of {shown.label}" if heading else "How the draws spread"
    chart.caption(title, _spread_subtitle(kind, word, samples), basis)
    (_draw_densities if kind == "density" else _draw_dots)(chart, samples)
    digits = wording.digits_for(max(float(np.percentile(drawn, 95)) for drawn in samples))
    for row, (one, drawn) in enumerate(zip(named.values(), samples, strict=True)):
        _draw_interval(chart, drawn, one.expected * factor, row, digits=digits)
    _write_promises(chart, marks, samples, word)
    return chart.drawing()


def _named_spreads(
    spreads: Distributions, measure: Measure, draws: int, seed: int
) -> tuple[dict[str, Distribution], str, str]:
    """Distributions by name, from where to where they lead if that can be said, and what they rest on."""
    if isinstance(spreads, Distribution):
        return {"": spreads}, "", ""
    if isinstance(spreads, Mapping) and spreads and all(isinstance(one, Distribution) for one in spreads.values()):
        return {name: one for name, one in spreads.items() if isinstance(one, Distribution)}, "", ""
    named = named_routes(spreads)  # type: ignore[arg-type]  # distributions are handled above
    drawn = {name: route.distribution(measure.column, draws=draws, seed=seed) for name, route in named.items()}
    routes = list(named.values())
    return drawn, f"{wording.ends(routes)}, {wording.cargo(routes)}", wording.basis(named, measure)


def _scale(named: Mapping[str, Distribution], unit: str | None) -> tuple[float, str]:
    """Factor on distributions in the unit in which they are shown, and the name of that unit."""
    given = {one.unit for one in named.values()}
    if len(given) > 1:
        raise InputError("spreads", sorted(given), "distributions of one unit")
    if given != {units.HOURS.unit}:
        return 1.0, given.pop()
    return wording.scale_of(units.HOURS, max(one.expected for one in named.values()), unit)


def _marks(promised: float | Mapping[str, float] | None) -> dict[str, float]:
    marks = {} if promised is None else promised if isinstance(promised, Mapping) else {"Promised": promised}
    for name, value in marks.items():
        if not (np.isfinite(value) and value >= 0):
            raise InputError("promised", {name: value}, "a number from 0 on")
    return {str(name): float(value) for name, value in marks.items()}


def _varies(drawn: NDArray[np.float64]) -> bool:
    return bool(np.ptp(drawn) > 1e-9 * np.abs(drawn).max())


def _grid(drawn: NDArray[np.float64]) -> NDArray[np.float64]:
    """Grid on which a density is drawn: from where it rises to the 99.5th percentile, the tail being long."""
    low, high = 0.9 * drawn.min(), np.percentile(drawn, 99.5)
    return np.linspace(low, high, 200)


def _density(drawn: NDArray[np.float64], grid: NDArray[np.float64]) -> NDArray[np.float64]:
    """Estimate the density by kernels on the logarithm, since totals are positive and skewed."""
    kernel = gaussian_kde(np.log(drawn[drawn > 0]))
    at = np.maximum(grid, 1e-12)
    return np.asarray(kernel(np.log(at)) / at)


def _color(row: int) -> str:
    return style.ROUTE_COLORS[row % len(style.ROUTE_COLORS)]


def _draw_densities(chart: Chart, samples: Sequence[NDArray[np.float64]]) -> None:
    """Draw the densities on one scale, so that equal areas are equal shares; what does not vary is a line."""
    curves = {row: (_grid(drawn), _density(drawn, _grid(drawn))) for row, drawn in enumerate(samples) if _varies(drawn)}
    peak = max((float(curve.max()) for _, curve in curves.values()), default=1.0)
    for row, drawn in enumerate(samples):
        x, curve = curves.get(row, (drawn[[0, 0]], np.array([0.0, peak])))
        height = ROOM * curve / peak
        chart.ax.fill_between(x, row, row - height, color=_color(row), alpha=0.25, linewidth=0, gid="density")
        chart.ax.plot(x, row - height, color=_color(row), linewidth=chart.looks.pt(1.2))


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


def _draw_interval(chart: Chart, drawn: NDArray[np.float64], expected: float, row: int, *, digits: int) -> None:
    """Draw p05 to p95 with the median and the expected value under a row, and write the figures."""
    ax, looks, color = chart.ax, chart.looks, _color(row)
    low, middle, high = np.percentile(drawn, (5, 50, 95))
    y = row + 0.09
    ax.plot([low, high], [y, y], color=color, linewidth=looks.pt(2.2), solid_capstyle="butt", gid="interval")
    ax.plot([middle] * 2, [y - 0.055, y + 0.055], color=color, linewidth=looks.pt(2), gid="median")
    ax.plot(expected, y, marker="D", color="white", markeredgecolor=color, markersize=looks.pt(3.8),
            markeredgewidth=looks.pt(1.1), gid="expected", zorder=6)  # fmt: skip
    texts = [wording.amount(value, digits) for value in (low, middle, high)]
    size, gap = looks.small, 3 * chart.px
    spots = chart.pixels([low, middle, high], [y] * 3)[:, 0]
    wide = np.array([chart.size_of(text, size)[0] + gap for text in texts])
    for text, spot in zip(texts, labels.spread(spots, wide), strict=True):
        x = float(ax.transData.inverted().transform((spot, 0))[0])
        ax.annotate(text, (x, y), (0, -looks.pt(3.5)), textcoords="offset points", ha="center", va="top",
                    gid=frame.LABEL, **chart.text_looks(size))  # fmt: skip


def _write_promises(
    chart: Chart, marks: Mapping[str, float], samples: Sequence[NDArray[np.float64]], word: str
) -> None:
    """Mark promised values with the share of the draws that keep them."""
    shares = {name: [float((drawn <= value).mean()) for drawn in samples] for name, value in marks.items()}
    for name, value in marks.items():
        chart.ax.axvline(value, color=CROSS, linewidth=chart.looks.pt(1.1), linestyle=(0, (4, 2)), zorder=7,
                         gid=f"promised-{name}")  # fmt: skip
        kept = "–".join(dict.fromkeys(f"{100 * share:.0f}" for share in (min(shares[name]), max(shares[name]))))
        text = f"{name}: {value:g} {wording.short(word)}\nkept by {kept} % of draws"
        places = [(3.0, 0.0, "left", "top"), (-3.0, 0.0, "right", "top"), *around(first="right")]
        chart.write(text, (value, -1.08), places, size=chart.looks.small, leader=200, color=CROSS, force=True)


def _spread_subtitle(kind: str, word: str, samples: Sequence[NDArray[np.float64]]) -> str:
    what = "Density" if kind == "density" else "One dot is one journey in twenty"
    return (
        f"{what}, in {word}; bar: 5th to 95th percentile, tick: median, diamond: expected value; "
        f"{len(samples[0]):,} draws"
    )
