"""Places around a point where a label of a chart may stand, and the box that it takes there."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

Place = tuple[float, float, str, str]
"""Distance from a point, right and up in points, and how the text is set there."""


def towards(ha: str, va: str) -> tuple[float, float]:
    """Point of a label's box from which its line leads, as shares of width and height.

    >>> towards("left", "center")
    (0.0, 0.5)
    """
    return {"left": 0.0, "center": 0.5, "right": 1.0}[ha], {"bottom": 0.0, "center": 0.5, "top": 1.0}[va]


def text_box(x: float, y: float, size: tuple[float, float], ha: str, va: str) -> BaseGeometry:
    """Box of a text of some width and height (pixels) at a point.

    >>> text_box(10, 10, (4, 2), "left", "center").bounds
    (10.0, 9.0, 14.0, 11.0)
    """
    width, height = size
    left = x - width * {"left": 0.0, "center": 0.5, "right": 1.0}[ha]
    low = y - height * {"bottom": 0.0, "center": 0.5, "top": 1.0}[va]
    return shapely.box(left, low, left + width, low + height)


@dataclass(frozen=True, slots=True)
class Spot:
    """A point in pixels for which a label is to be written.

    Attributes
    ----------
    px
        Pixels in a point of type.
    size
        Width and height of the label in pixels.
    leader
        Distance in points from which a thin line leads to the point.
    """

    x: float
    y: float
    px: float
    size: tuple[float, float]
    leader: float

    def box(self, place: Place) -> BaseGeometry:
        """Box of the label at a place."""
        dx, dy, ha, va = place
        return text_box(self.x + dx * self.px, self.y + dy * self.px, self.size, ha, va)

    def line(self, place: Place) -> BaseGeometry:
        """Line from the point to the label at a place."""
        return shapely.LineString([(self.x, self.y), (self.x + place[0] * self.px, self.y + place[1] * self.px)])

    def far(self, place: Place) -> bool:
        """Whether a thin line leads from the point to a place."""
        return bool(np.hypot(*place[:2]) > self.leader)

    def is_free(
        self, place: Place, within: BaseGeometry, blocked: Iterable[BaseGeometry], crossing: Iterable[BaseGeometry]
    ) -> bool:
        """Whether a label at a place lies within an area, covers nothing blocked, and its line crosses nothing."""
        box = self.box(place)
        if not within.contains(box) or any(box.intersects(shape) for shape in blocked):
            return False
        line = self.line(place)
        return not (self.far(place) and any(line.intersects(shape) for shape in crossing))

    def taken(self, place: Place) -> list[BaseGeometry]:
        """List what a label at a place and its line take, with a margin."""
        margins: list[BaseGeometry] = [self.box(place).buffer(1.2 * self.px)]
        return [*margins, self.line(place).buffer(0.5 * self.px)] if self.far(place) else margins


def around(reach: Sequence[float] = (6, 14, 24, 38, 56, 78), *, first: str = "left") -> list[Place]:
    """List places left and right of a point, the nearest first.

    >>> around((6,))[0]
    (-6.0, 0.0, 'right', 'center')
    """
    sides = (-1, 1) if first == "left" else (1, -1)
    found = [
        (float(side * dx), float(dy), "right" if side < 0 else "left", "center")
        for dx, dy, side in itertools.product(reach, (0, 8, -8, 16, -16, 26, -26, 40, -40, 56, -56), sides)
    ]
    order = {side: place for place, side in enumerate(sides)}
    return sorted(found, key=lambda p: (round(np.hypot(p[0], 1.3 * p[1]) / 4), order[int(np.sign(p[0]))]))
