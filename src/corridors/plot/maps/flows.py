"""Maps of what a scenario does to flows: lines that are new, that gain and that lose, as wide as the change."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Unpack

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from shapely.geometry.base import BaseGeometry

from corridors.base.drawing import Drawing, Panels
from corridors.base.errors import InputError
from corridors.base.looks import HALO
from corridors.base.options import Default, takes
from corridors.plot import style
from corridors.plot.canvas import LonLat, Sheet
from corridors.plot.maps import compose, lines, markers
from corridors.plot.maps import legend as keys
from corridors.plot.maps.basemap import draw_lines
from corridors.plot.maps.compose import Map, Painter, PanelOptions
from corridors.plot.maps.legend import Entries
from corridors.whatif.compare import Comparison

WIDEST_PT: Final = 11.0
"""Width in points of a line that carries all pairs, on a map 18 cm wide."""

LEAST_PT: Final = 1.5
"""Least width in points of a line that carries anything."""

LEAST_SHARE: Final = 1e-9
"""Share below which a difference is rounding."""

KEY_SHARES: Final = (0.1, 0.4, 0.8)
"""Shares of all pairs that the key to the widths shows."""

KINDS: Final = {
    "more": ("Gains flow", style.MORE), "less": ("Loses flow", style.LESS), "same": ("Keeps its flow", style.SAME),
}  # fmt: skip
"""What each kind of band is called, and its colour."""

HOLLOW: Final = "#ffffff"
"""Core of a line that loses flow."""


class FlowOptions(PanelOptions, total=False):
    """Options of maps of differences."""

    context: Annotated[
        bool,
        Default(
            True, "Whether to draw the network of the scenario underneath, with what it builds and what is closed."
        ),
    ]


@takes(FlowOptions)
def plot_comparison(
    comparison: Comparison, scenario: str | None = None, ax: Axes | None = None, **options: Unpack[FlowOptions]
) -> Drawing | Panels:
    """Draw what gains and loses flow: one scenario against the base, or all of them side by side.

    Parameters
    ----------
    comparison
        A comparison.
    scenario
        Scenario that is compared with the base; by default all of them.
    ax
        Axes to draw one scenario into; by default a new figure.
    options
        As in `FlowOptions`.

    Returns
    -------
    Drawing or Panels
        Figure, and axes (by scenario where there are several).

    Raises
    ------
    UnknownNameError, InputError
        If the scenario is not in the comparison, or there is none but the base, or no pair has a way.

    >>> import corridors as co
    >>> net = co.load()
    >>> gain = co.compare({"base": net, "kabul": net.build("uap-kabul")}, ["Tashkent"], ["Karachi"])
    >>> gain.plot("kabul", width_cm=10, labels=False).ax.get_title(loc="left")
    'kabul against base'
    """
    names = compose.panels_of(comparison.scenarios[1:], scenario)
    if len(names) == 1 and options["title"] is None:
        options["title"] = f"{names[0]} against {comparison.base}"
    return compose.draw_maps(names, *_painter(comparison, context=options["context"]), ax, options)


@takes(FlowOptions)
def plot_difference(
    comparison: Comparison, scenario: str | None = None, ax: Axes | None = None, **options: Unpack[FlowOptions]
) -> Drawing:
    """Draw which lines gain and lose flow in a scenario, as wide as the share of pairs that moves.

    Where a line keeps part of its flow, that part runs beside the change in grey. Lines that gain are solid, those
    that lose are hollow, those that are not yet built are dashed.

    Parameters
    ----------
    comparison
        A comparison.
    scenario
        Scenario that is compared with the base; may be left out where there is only one.
    ax
        Axes to draw into; by default a new figure.
    options
        As in `FlowOptions`.

    Returns
    -------
    Drawing
        Figure and axes.

    Raises
    ------
    UnknownNameError, InputError
        If the scenario is not in the comparison, or there is none but the base, or no pair has a way.

    >>> import corridors as co
    >>> net = co.load()
    >>> gain = co.compare({"base": net, "kabul": net.build("uap-kabul")}, ["Tashkent"], ["Karachi"], modes={"rail"})
    >>> plot_difference(gain, width_cm=12).ax.get_title(loc="left")
    'kabul against base'
    """
    names = compose.panels_of(comparison.scenarios[1:], scenario)
    if len(names) > 1:
        raise InputError("scenario", scenario, f"one of {', '.join(names)}")
    drawing = plot_comparison(comparison, names[0], ax, **options)
    return Drawing(*drawing)


@takes(FlowOptions)
def plot_differences(comparison: Comparison, **options: Unpack[FlowOptions]) -> Panels:
    """Draw the difference that every scenario makes, side by side, with one extent and one scale of widths.

    Parameters
    ----------
    comparison
        A comparison of at least two scenarios.
    options
        As in `FlowOptions`.

    Returns
    -------
    Panels
        Figure, and axes by scenario.

    >>> import corridors as co
    >>> net = co.load()
    >>> nets = {"base": net, "kabul": net.build("uap-kabul"), "west": net.build("western-route")}
    >>> gain = co.compare(nets, ["Tashkent"], ["Karachi"], modes={"rail"})
    >>> list(plot_differences(gain, labels=False).axes)
    ['kabul', 'west']
    """
    names = compose.panels_of(comparison.scenarios[1:], None)
    return compose.draw_panels(names, *_painter(comparison, context=options["context"]), options)


def _painter(comparison: Comparison, *, context: bool) -> tuple[Painter, LonLat]:
    """Make the painter of scenarios, with longitudes and latitudes of all flows."""
    table = comparison.flows()
    if table.empty:
        raise InputError("comparison", "no pair has a way", "pairs that are joined in at least one scenario")

    def paint(sheet: Sheet, name: str, entries: Entries) -> Map:
        return _draw(sheet, comparison, name, table, entries, context=context)

    return paint, compose.coordinates([table])


def _draw(
    sheet: Sheet, comparison: Comparison, name: str, table: gpd.GeoDataFrame, entries: Entries, *, context: bool
) -> Map:
    """Draw one map of differences."""
    net = comparison.networks[name]
    pair = (name, comparison.base)
    routes = [route for key, route in comparison.routes.items() if key[0] in pair and route is not None]
    drawn = compose.start(sheet, net, focus={code for route in routes for code in route.countries}, entries=entries)
    mine = lines.in_metres(sheet, table[table["scenario"] == name])
    bands = _bands(mine, planned=set(net.links.index[lines.of_project(net.links)]))
    _explain(sheet, entries, bands)
    if context:
        compose.draw_context(drawn, net, planned=False, emphasis=0.7, explain=False)
        markers.draw_closed(drawn.room, entries, lines.in_metres(sheet, net.places), net.crossings)
    else:
        compose.credit(drawn, net.links.loc[net.links.index.intersection(mine["id"])], net.places)
    _draw_bands(sheet, bands)
    drawn.routes = [band.line for band in bands]
    drawn.room.add_lines(drawn.routes, route=True)
    drawn.stops = compose.ends(sheet, net, [end for route in routes for end in (route.origin, route.destination)])
    markers.draw_stops(drawn.room, entries, drawn.stops, scale=None, colors=("",))
    return drawn


@dataclass(frozen=True, slots=True)
class _Band:
    """Flow on one link, as it is drawn.

    Attributes
    ----------
    kind
        `same` for what stays, `more` or `less` for the change.
    share, beside
        Share of pairs drawn, and share drawn beside it on the same link.
    new
        Whether the link is not yet built.
    """

    kind: str
    line: BaseGeometry
    share: float
    beside: float
    new: bool


def _bands(mine: gpd.GeoDataFrame, *, planned: Collection[str]) -> list[_Band]:
    """List what is drawn of each link: the flow that stays, and the change beside it, which comes last."""
    kept = np.minimum(mine["share"], mine["base_share"])
    change = mine["delta"].abs().where(mine["delta"].abs() > LEAST_SHARE, 0.0)
    kinds = np.where(mine["delta"] > 0, "more", "less")
    rows = list(zip(kinds, mine.geometry, kept, change, mine["id"].isin(list(planned)), strict=True))
    same = [_Band("same", line, stays, moves, new) for _, line, stays, moves, new in rows if stays > LEAST_SHARE]
    return same + [_Band(kind, line, moves, stays, new) for kind, line, stays, moves, new in rows if moves > 0]


def _width(share: float) -> float:
    """Width in points of a share, on a map 18 cm wide."""
    return max(WIDEST_PT * share, LEAST_PT)


def _draw_bands(sheet: Sheet, bands: Sequence[_Band]) -> None:
    """Draw bands with a white casing, what stays below what changes."""
    placed = [(band, _lane(sheet, band)) for band in bands]
    for band, line in placed:
        width = sheet.style.pt(_width(band.share) + 1.2)
        draw_lines(sheet, [line], color=HALO, linewidth=width, capstyle="round", zorder=5.8, alpha=0.9)
    for kind in ("same", "less", "more"):
        alike = [(line, [*_strokes(kind, _width(b.share), new=b.new)]) for b, line in placed if b.kind == kind]
        # cores come after the edges of all, so that the links of one way join without seams
        for layer in (0, 1):
            for line, strokes in alike:
                for width, looks in strokes[layer : layer + 1]:
                    draw_lines(sheet, [line], linewidth=sheet.style.pt(width), zorder=6, gid=f"flow-{kind}", **looks)


def _lane(sheet: Sheet, band: _Band) -> BaseGeometry:
    """Move a line aside where two bands share it: what stays to the left of the way, the change to the right."""
    line = shapely.simplify(band.line, 0.5 * sheet.metres_per_pt)
    if band.beside <= LEAST_SHARE:
        return line
    aside = _width(band.beside) / 2 * sheet.style.scale * sheet.metres_per_pt
    moved = shapely.offset_curve(line, aside if band.kind == "same" else -aside, join_style="round")
    return line if moved.is_empty else moved


def _strokes(kind: str, width: float, *, new: bool = False) -> Iterator[tuple[float, dict[str, Any]]]:
    """Yield the strokes of a band: solid, hollow where it loses, dashed where it is not yet built."""
    color = KINDS[kind][1]
    if new:
        yield width, {"color": color, "linestyle": (0, _dash(width)), "capstyle": "butt"}
        return
    yield width, {"color": color, "linestyle": "solid", "capstyle": "round"}
    if kind == "less":
        yield (
            min(max(width - 1.3, 0.45 * width), 0.7 * width),
            {"color": HOLLOW, "linestyle": "solid", "capstyle": "round"},
        )


def _dash(width: float) -> tuple[float, float]:
    """Dash and gap in line widths: dashes are alike in length, but never shorter than the line is wide."""
    return max(4.2 / width, 1.2), max(1.8 / width, 0.35)


def _explain(sheet: Sheet, entries: Entries, bands: Sequence[_Band]) -> None:
    """Add what is shown to the legend."""
    for kind, (label, _) in KINDS.items():
        if any(band.kind == kind for band in bands):
            entries.add(label, _handle(sheet, kind))
    if any(band.new for band in bands):
        entries.add(compose.BUILT, _handle(sheet, "more", new=True))
    text = ", ".join(f"{100 * share:g}" for share in KEY_SHARES)
    entries.add(f"{text} % of all pairs", keys.Beside(_handle(sheet, "same", _width(s))[0] for s in KEY_SHARES))


def _handle(sheet: Sheet, kind: str, width: float = 3.2, *, new: bool = False) -> tuple[Line2D, ...]:
    return tuple(
        Line2D([0], [0], linewidth=sheet.style.pt(pt), color=looks["color"], linestyle=looks["linestyle"],
               solid_capstyle="butt", dash_capstyle="butt")
        for pt, looks in _strokes(kind, width, new=new)
    )  # fmt: skip
