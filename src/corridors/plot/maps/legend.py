"""What stands in the corners of a map: the legend, with only what is shown, and the scale bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import shapely
from matplotlib.artist import Artist
from matplotlib.legend import Legend
from matplotlib.legend_handler import HandlerBase, HandlerTuple
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.transforms import Transform
from shapely.geometry.base import BaseGeometry

from corridors.base.looks import INK, MUTED, SYSTEMS, LineStyle
from corridors.plot import style
from corridors.plot.canvas import Box, Sheet
from corridors.plot.maps.labels import HINTING, Field, halo
from corridors.plot.maps.lines import CHORD_DASH, CHORD_SHARE, PLANNED_PT, strokes, tie_dash

Corner = Literal["lower left", "lower right", "upper left", "upper right"]
CORNERS: Final[tuple[Corner, ...]] = ("lower left", "lower right", "upper left", "upper right")
NICE: Final = (1, 2, 5)
BELOW: Final = {"frameon": False, "borderpad": 0.2, "borderaxespad": 0.3}
LARGEST_SHARE: Final = 0.16
"""Share of a map that its legend may cover."""


class Nested(tuple[Line2D, ...]):
    """Circles that stand in one another in a row of a legend, the largest first."""

    __slots__ = ()


class Beside(tuple[Line2D, ...]):
    """Lines that stand side by side in a row of a legend."""

    __slots__ = ()


class _NestedHandler(HandlerBase):
    """Draws circles that touch at their lowest point."""

    def create_artists(  # noqa: PLR0917  # the interface of matplotlib
        self,
        legend: Legend,  # noqa: ARG002
        orig_handle: Any,
        xdescent: float,
        ydescent: float,
        width: float,
        height: float,
        fontsize: float,  # noqa: ARG002
        trans: Transform,
    ) -> list[Artist]:
        lowest = height / 2 - ydescent - orig_handle[0].get_markersize() / 2
        circles: list[Artist] = []
        for circle in orig_handle:
            drawn = Line2D([width / 2 - xdescent], [lowest + circle.get_markersize() / 2])
            drawn.update_from(circle)
            drawn.set_transform(trans)
            circles.append(drawn)
        return circles


@dataclass
class Entries:
    """Rows of a legend, in order, each once."""

    rows: dict[str, Any] = field(default_factory=dict)

    def add(self, label: str, handle: Any) -> None:
        """Add a row, unless there is one of that name."""
        self.rows.setdefault(label, handle)


def route_handle(sheet: Sheet, looks: LineStyle, *, new: bool = False) -> tuple[Line2D, ...]:
    """Make the handle of a route line."""
    handles = []
    for width, options in strokes(looks, new=new):
        cap = options.pop("capstyle")
        handles.append(_line(width=sheet.style.pt(width), solid_capstyle="butt", dash_capstyle=cap, **options))
    return tuple(handles)


def network_handle(sheet: Sheet, looks: LineStyle, emphasis: float = 1.0) -> tuple[Line2D, ...]:
    """Make the handle of a line of the network."""
    width = sheet.style.pt(looks.thin) * emphasis
    lines = [_line(looks.pale, width)]
    if looks.ties:
        across, dash = tie_dash(looks, width, sheet.style.scale)
        lines.append(_line(looks.pale, across, linestyle=(0, dash)))
    return tuple(lines)


def planned_handle(sheet: Sheet, color: str, width: float = PLANNED_PT) -> Line2D:
    """Make the handle of a line that is not built."""
    return _line(color, sheet.style.pt(width), linestyle=(0, style.PLANNED_DASH))


def chord_handle(sheet: Sheet, emphasis: float = 1.0) -> Line2D:
    """Make the handle of a link of which only the ends are known."""
    width = sheet.style.pt(CHORD_SHARE * SYSTEMS["road"].thin) * emphasis
    return _line(MUTED, width, linestyle=(0, CHORD_DASH), dash_capstyle="round")


def marker_handle(**looks: Any) -> Line2D:
    """Make the handle of a marker."""
    return Line2D([], [], **{"linestyle": "none", **looks})


def dwell_handle(diameters: Sequence[float], color: str, edge: str, width: float) -> Nested:
    """Make the handle of the key to dwell circles (diameters in points)."""
    looks = {"markerfacecolor": (color, 0.45), "markeredgecolor": edge, "markeredgewidth": width}
    return Nested(marker_handle(marker="o", markersize=d, **looks) for d in sorted(diameters, reverse=True))


def _line(color: str, width: float, **looks: Any) -> Line2D:
    ends: dict[str, Any] = {"solid_capstyle": "butt", "dash_capstyle": "butt", **looks}
    return Line2D([0], [0], color=color, linewidth=width, **ends)


def draw_legend(sheet: Sheet, entries: Entries, room: Field, routes: Sequence[BaseGeometry]) -> Legend | None:
    """Set the legend in the corner where it covers least, or below the map of a new figure where it covers much.

    Returns
    -------
    Legend or None
        The legend, where it stands below the map.
    """
    if not entries.rows:
        return None
    legend = _make(sheet, entries, "lower left", columns=1)
    width, height = _size(sheet, legend)
    corner, cost = _best_corner(room, routes, width, height)
    share = width * height / (room.bounds[2] * room.bounds[3])
    if sheet.own and (share > LARGEST_SHARE or cost > 0):
        return legend_below(sheet, entries, room.bounds[2])
    legend.set_loc(corner)
    room.keep_free(_corner_box(room, corner, width, height))
    return None


def legend_below(sheet: Sheet, entries: Entries, width_pt: float) -> Legend:
    """Set the legend below the map, in as many columns as fit."""
    for columns in (4, 3, 2, 1):
        legend = _make(sheet, entries, "upper left", columns=columns, bbox_to_anchor=(0, 0), **BELOW)
        if columns == 1 or _size(sheet, legend)[0] <= width_pt:
            break
    return legend


def _make(sheet: Sheet, entries: Entries, loc: Corner, *, columns: int, **options: Any) -> Legend:
    pt = sheet.style.pt
    options = {"borderpad": 0.7, "borderaxespad": 0.5, **options}
    legend: Legend = sheet.ax.legend(
        list(entries.rows.values()), list(entries.rows), loc=loc, ncols=columns,
        prop={"family": style.FONT, "size": sheet.style.font(6.0)}, labelcolor=INK, handlelength=3.2,
        handletextpad=0.8, labelspacing=0.5, fancybox=False, framealpha=0.92, edgecolor=style.FRAME, facecolor="white",
        columnspacing=1.6, handler_map={
            Nested: _NestedHandler(), Beside: HandlerTuple(ndivide=None, pad=0.3), tuple: HandlerTuple(ndivide=1),
        },
        **options,
    )  # fmt: skip
    for text in legend.get_texts():
        text.set(**style.PLAIN)
    legend.set_zorder(40)
    legend.get_frame().set_linewidth(pt(0.5))
    return legend


def _size(sheet: Sheet, artist: Artist) -> tuple[float, float]:
    box = artist.get_window_extent()
    return box.width * HINTING * 72 / sheet.fig.dpi, box.height * 72 / sheet.fig.dpi


def _corner_box(room: Field, corner: str, width: float, height: float) -> Box:
    gap = 0.5 * room.sheet.style.font(6.0)
    x0, y0, x1, y1 = room.bounds
    x = x0 + gap if "left" in corner else x1 - gap - width
    y = y0 + gap if "lower" in corner else y1 - gap - height
    return x, y, x + width, y + height


def _best_corner(room: Field, routes: Sequence[BaseGeometry], width: float, height: float) -> tuple[Corner, float]:
    """Find the corner where a box covers least of the routes, and how much (points)."""
    shapes = [room.shape(r) for r in routes]
    costs = []
    for i, corner in enumerate(CORNERS):
        box = _corner_box(room, corner, width, height)
        area = shapely.box(*box).buffer(3)
        over = sum(shapely.intersection(area, s).length for s in shapes)
        hits = 0 if room.is_free(box) else 30
        costs.append((over + hits, i, corner))
    cost, _, corner = min(costs)
    return corner, float(cost)


def draw_scale(sheet: Sheet, room: Field, routes: Sequence[BaseGeometry]) -> float:
    """Draw a scale bar that is true at the map's centre, and give its length in km."""
    width_m = sheet.extent[2] - sheet.extent[0]
    km = nice(0.2 * width_m / 1000)
    unit = sheet.metres_per_pt
    length, font = sheet.length_m(km) / unit, sheet.style.font(5.6)
    width, height = length + 3.2 * font, 2.6 * font
    corner, _ = _best_corner(room, routes, width, height)
    x, y, *_ = _corner_box(room, corner, width, height)
    room.keep_free((x, y, x + width, y + height))
    left = sheet.extent[0] + (x + font) * unit
    bottom = sheet.extent[1] + (y + 0.5 * font) * unit
    thick = 0.32 * font * unit
    for i, color in enumerate((INK, "white")):
        bar = Rectangle(
            (left + i * length * unit / 2, bottom), length * unit / 2, thick, facecolor=color, edgecolor=INK,
            linewidth=sheet.style.pt(0.5), zorder=30,
        )  # fmt: skip
        bar.set_gid("scale-bar")
        sheet.ax.add_patch(bar)
    ticks = [(0.0, "0"), (0.5, sheet.say.short(km / 2)), (1.0, sheet.say("map.km", km=sheet.say.short(km)))]
    for share, text in ticks if length > 9 * font else ticks[::2]:
        sheet.ax.annotate(
            text, (left + share * length * unit, bottom + thick), (0, 0.25 * font), textcoords="offset points",
            fontsize=font, fontfamily=style.FONT, color=INK, ha="center", va="bottom", zorder=30,
            path_effects=halo(sheet),
        )  # fmt: skip
    return km


def nice(most: float) -> float:
    """Greatest of 1, 2, 5, 10, ... that is not more than a number.

    >>> nice(430), nice(99), nice(0.7)
    (200.0, 50.0, 0.5)
    """
    power = 1e-6
    best = power
    while power <= most:
        for step in NICE:
            if step * power <= most * (1 + 1e-9):
                best = step * power
        power *= 10
    return float(f"{best:g}")
