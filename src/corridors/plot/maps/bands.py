"""Bands on a map: lines as wide as what they carry, side by side where a link has several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import shapely
from matplotlib.lines import Line2D
from shapely.geometry.base import BaseGeometry

from corridors.base.looks import HALO
from corridors.plot.canvas import Sheet
from corridors.plot.maps.basemap import draw_lines

WIDEST_PT: Final = 11.0
"""Width in points of a line that carries the most (a share of one), on a map 18 cm wide."""

LEAST_PT: Final = 1.5
"""Least width in points of a line that carries anything."""

ROUNDING_PT: Final = 1e-3
"""Distance in points below which a line stays where it is: the middle one of three lies aside by rounding alone."""

HOLLOW: Final = "#ffffff"
"""Core of a hollow line."""


class Look(NamedTuple):
    """How a kind of band is drawn.

    Attributes
    ----------
    label
        What it is called in a legend.
    color
        Its colour.
    pattern
        `solid`, `hollow` (a white core) or `dotted` (white dots along the core): what tells kinds apart in print.
    """

    label: str
    color: str
    pattern: str = "solid"


@dataclass(frozen=True, slots=True)
class Band:
    """What one link carries of one kind, as it is drawn.

    Attributes
    ----------
    kind
        Kind, a key of the looks.
    share
        Share of the most that any line may carry (0 to 1), which is its width.
    aside
        Points by which its middle lies to the left of the line, on a map 18 cm wide; negative to the right.
    new
        Whether the link is not yet built.
    """

    kind: str
    line: BaseGeometry
    share: float
    aside: float
    new: bool


def width_of(share: float) -> float:
    """Width in points of a share, on a map 18 cm wide.

    >>> width_of(1.0), width_of(0.01)
    (11.0, 1.5)
    """
    return max(WIDEST_PT * share, LEAST_PT)


def lanes(shares: Sequence[float]) -> list[float]:
    """How far bands that run side by side lie to the left of their line, in points, from left to right.

    >>> lanes([1.0, 0.5]), lanes([0.7])
    ([2.75, -5.5], [0.0])
    """
    widths = [width_of(share) for share in shares]
    return [sum(widths) / 2 - sum(widths[:at]) - width / 2 for at, width in enumerate(widths)]


def draw_bands(sheet: Sheet, bands: Sequence[Band], looks: Mapping[str, Look], order: Sequence[str]) -> None:
    """Draw bands with a white casing, kinds in an order, the last on top.

    Parameters
    ----------
    sheet
        Sheet of the map.
    bands
        The bands, lines in metres.
    looks
        Look of each kind.
    order
        Kinds, those below first.
    """
    placed = [(band, _lane(sheet, band)) for band in bands]
    for band, line in placed:
        width = sheet.style.pt(width_of(band.share) + 1.2)
        draw_lines(sheet, [line], color=HALO, linewidth=width, capstyle="round", zorder=5.8, alpha=0.9)
    for kind in order:
        alike = [(line, [*strokes(looks[kind], width_of(b.share), new=b.new)]) for b, line in placed if b.kind == kind]
        # cores come after the edges of all, so that the links of one way join without seams
        for layer in (0, 1):
            for line, drawn in alike:
                for width, options in drawn[layer : layer + 1]:
                    draw_lines(sheet, [line], linewidth=sheet.style.pt(width), zorder=6, gid=f"flow-{kind}", **options)


def _lane(sheet: Sheet, band: Band) -> BaseGeometry:
    """Move a line aside where bands share it."""
    line = shapely.simplify(band.line, 0.5 * sheet.metres_per_pt)
    if abs(band.aside) < ROUNDING_PT:
        return line
    moved = shapely.offset_curve(line, band.aside * sheet.style.scale * sheet.metres_per_pt, join_style="round")
    return line if moved.is_empty else moved


def strokes(look: Look, width: float, *, new: bool = False) -> Iterator[tuple[float, dict[str, Any]]]:
    """Yield the strokes of a band: width in points, and colour, dashes and ends; dashed where it is not yet built."""
    if new:
        yield width, {"color": look.color, "linestyle": (0, _dash(width)), "capstyle": "butt"}
        return
    yield width, {"color": look.color, "linestyle": "solid", "capstyle": "round"}
    core = min(max(width - 1.3, 0.45 * width), 0.7 * width)
    if look.pattern == "hollow":
        yield core, {"color": HOLLOW, "linestyle": "solid", "capstyle": "round"}
    elif look.pattern == "dotted":
        yield 0.4 * width, {"color": HOLLOW, "linestyle": (0, (0.01, 2.2)), "capstyle": "round"}


def _dash(width: float) -> tuple[float, float]:
    """Dash and gap in line widths: dashes are alike in length, but never shorter than the line is wide."""
    return max(4.2 / width, 1.2), max(1.8 / width, 0.35)


def handle(sheet: Sheet, look: Look, width: float = 3.2, *, new: bool = False) -> tuple[Line2D, ...]:
    """Handle of a band in a legend.

    Parameters
    ----------
    sheet
        Sheet of the map.
    look
        Look of the kind.
    width
        Width in points.
    new
        Whether it is not yet built.
    """
    return tuple(
        Line2D([0], [0], linewidth=sheet.style.pt(pt), color=options["color"], linestyle=options["linestyle"],
               solid_capstyle="butt", dash_capstyle="round" if look.pattern == "dotted" else "butt")
        for pt, options in strokes(look, width, new=new)
    )  # fmt: skip
