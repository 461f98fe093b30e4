"""How maps look: colours, line patterns and sizes, in one place.

Colours follow the palette of Okabe and Ito, darkened where they stand on a pale map, so that they can be told apart
with any colour vision; every colour comes with a pattern of its own for print in black and white. A dashed line
always means "not there yet".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

FONT: Final = "DejaVu Sans"
REFERENCE_CM: Final = 18.0
"""Width of a map at which sizes are as written here."""

PLAIN: Final[dict[str, Any]] = {"parse_math": False}
"""Looks of every text: a dollar sign in a name is a dollar sign, and not the begin of a formula."""

FRAME: Final = "#8b897f"
SEA: Final = "#d3e2ec"
LAND: Final = "#f3efe6"
VEIL: Final = "#fffdf6"
LAKE_EDGE: Final = "#9dbbd0"
RIVER: Final = "#a3c2d8"
BOUNDARY: Final = "#8d8578"
COUNTRY_NAME: Final = "#7d766a"
SEA_NAME: Final = "#5d86a3"

MORE: Final = "#0a5aa0"
LESS: Final = "#c0440a"
SAME: Final = "#7d7b74"
"""Colours of what gains, loses and stays as it is."""

ROUTE_COLORS: Final = ("#0a5aa0", "#c0440a", "#00785a", "#a63d7a", "#8a6a00", "#4a4a4a")
"""Colours of several routes on one map, in order."""


PLANNED_DASH: Final = (3.2, 1.8)
"""Dashes of lines that are not built, in line widths."""


@dataclass(frozen=True, slots=True)
class Style:
    """Sizes for a map of some width: type and lines grow more slowly than the sheet."""

    width_cm: float

    @property
    def scale(self) -> float:
        """Factor on lengths in points, 1 for a map 18 cm wide."""
        return float((self.width_cm / REFERENCE_CM) ** 0.55)

    def pt(self, size: float) -> float:
        """Scale the width of a line or the size of a marker."""
        return size * self.scale

    def font(self, size: float) -> float:
        """Scale the size of type, which stays legible on the smallest map."""
        return max(size * self.scale, 3.9)


# --- charts ---------------------------------------------------------------------------------------------------

GRID: Final = "#dedbd2"
FAINT: Final = "#b9b6ac"
STRIPES: Final = ("#e9e5da", "#d3cec0")
"""Fills of neighbouring countries in the strip under a profile."""

LOW: Final = "#2f7fb8"
HIGH: Final = "#d2691e"
"""Colours of the two ends of a range; the figures at the ends tell them apart without colour."""

COMPONENT_LOOKS: Final = {
    "line_haul": ("#0a5aa0", ""),
    "sea": ("#7fa3bf", "...."),
    "rest": ("#8fb8d8", ""),
    "yard": ("#5f9d88", "////"),
    "stops": ("#c9c5b8", "...."),
    "waiting": ("#e6ddc3", ""),
    "border": ("#f4c430", ""),
    "gauge_change": ("#c0440a", "\\\\\\\\"),
    "transfer": ("#e39a6b", ""),
    "port": ("#a63d7a", "xxxx"),
}
"""Fill and hatching of the components of a route, movement first."""

COUNTRY_LOOKS: Final = (
    ("#0a5aa0", ""), ("#f4c430", ""), ("#00785a", "////"), ("#c0440a", ""), ("#7fa3bf", "...."), ("#a63d7a", ""),
    ("#c9c5b8", ""), ("#8a6a00", "\\\\\\\\"), ("#5f9d88", ""), ("#4a4a4a", "xxxx"),
)  # fmt: skip
"""Fill and hatching of countries in the order in which they are passed; borders between two are pale."""

STEP_MARKERS: Final = {"waiting": "o", "border": "D", "gauge_change": "^", "transfer": "s", "port": "p"}
"""Markers of the stops of a profile."""


@dataclass(frozen=True, slots=True)
class ChartStyle:
    """Sizes for a chart of some width; type shrinks less than on a map, since a chart is read figure by figure."""

    width_cm: float

    @property
    def scale(self) -> float:
        """Factor on sizes in points, 1 for a chart 18 cm wide."""
        return float(min(max((self.width_cm / REFERENCE_CM) ** 0.25, 0.78), 1.5))

    def pt(self, size: float) -> float:
        """Scale a length, the width of a line or the size of a marker."""
        return size * self.scale

    @property
    def title(self) -> float:
        """Size of the title."""
        return 10.5 * self.scale

    @property
    def body(self) -> float:
        """Size of labels and figures."""
        return 7.6 * self.scale

    @property
    def small(self) -> float:
        """Size of what stands beside a label, and of the note."""
        return max(6.4 * self.scale, 5.6)
