"""Colours and line patterns that maps, charts and files for QGIS share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from corridors.base.names import system

INK: Final = "#1c1c1a"

MUTED: Final = "#66655f"

HALO: Final = "#ffffff"

CROSS: Final = "#9b1c1c"

DWELL: Final = "#e9a820"

DWELL_EDGE: Final = "#7a5300"


@dataclass(frozen=True, slots=True)
class LineStyle:
    """How one system is drawn.

    Attributes
    ----------
    label
        What it is called in a legend.
    color, pale
        Colour of a route, and of the network underneath.
    width, thin
        Width in points of a route, and of the network underneath, on a map 18 cm wide.
    dots
        Whether the line is dotted.
    inlay
        Lengths of white strokes and gaps inside a route line, in line widths; `(1, 0)` is a continuous white line.
    ties
        Distance in points of the ties across a network line; 0 for none.
    """

    label: str
    color: str
    pale: str
    width: float
    thin: float
    dots: bool = False
    inlay: tuple[float, float] = (0, 0)
    ties: float = 0


SYSTEMS: Final = {
    "rail-1520": LineStyle("Railway, 1520 mm gauge", "#b8400e", "#b8613c", 2.6, 0.75),
    "rail-1435": LineStyle("Railway, 1435 mm gauge", "#0a5aa0", "#6d93b8", 2.6, 0.75, inlay=(2.4, 2.4), ties=7),
    "rail-1676": LineStyle("Railway, 1676 mm gauge", "#00785a", "#5f9d88", 2.6, 0.75, inlay=(1, 0), ties=3.2),
    "rail-other": LineStyle("Railway, other gauge", "#6b4c9a", "#9d8bb5", 2.6, 0.75, inlay=(1, 1), ties=5),
    "road": LineStyle("Road", "#e08c00", "#c9b68f", 1.9, 0.7),
    "sea": LineStyle("Sea", "#1d4e79", "#7fa3bf", 2.0, 0.7, dots=True),
}
"""Line styles by system."""


def system_of(mode: str, gauge_mm: str = "") -> str:
    """Name the style of a leg or link: `road`, `sea`, `rail-1520`, or `rail-other` for a gauge without its own.

    >>> system_of("rail", "1520"), system_of("road"), system_of("rail", "1067")
    ('rail-1520', 'road', 'rail-other')
    """
    name = system(mode, gauge_mm)
    return name if name in SYSTEMS else "rail-other"
