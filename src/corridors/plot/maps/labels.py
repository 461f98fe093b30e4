"""Labels that overlap neither each other nor what must stay visible.

Labels are placed one by one, the most important first, each at the best of some positions around its point: beside
it, above and below, farther out. A position that overlaps a placed label, a marker, the legend or the map's edge is
not taken; one that crosses a line costs something. A label without a free position is left out. The result depends
on nothing but the input.

Libraries for labels of charts (textalloc was tried) know neither a legend in the way nor an order of importance, and
set names away from their points and over routes, which on a map is worse than a name left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import shapely
from matplotlib.font_manager import FontProperties
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.textpath import TextPath
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import isotonic_regression
from shapely.geometry.base import BaseGeometry

from corridors.base.looks import HALO, INK
from corridors.plot import style
from corridors.plot.canvas import Box, Sheet

_SIDES: Final = (
    (1, 0, 0.0), (1, 0.55, 0.3), (1, -0.55, 0.4), (-1, 0, 0.6), (-1, 0.55, 0.8), (-1, -0.55, 0.9),
    (1, 1, 0.7), (1, -1, 0.8), (-1, 1, 1.2), (-1, -1, 1.3),
    (0, 1, 1.0), (0, -1, 1.2), (0.5, 1, 1.1), (0.5, -1, 1.3), (-0.5, 1, 1.4), (-0.5, -1, 1.5),
)  # fmt: skip
"""Positions around a point, right and up, with their cost: right of it first, as Imhof advises."""

_REACH: Final = ((0.0, 0.0), (3.0, 1.6), (7.0, 3.5))
"""Further distance from the marker in points, with its cost."""

HINTING: Final = 1.09
"""How much wider type may come out than it is, depending on the resolution."""

_OVER_ROUTE, _OVER_LINE = 1.2, 0.06
"""Cost per point of route, and of other lines, that a label would cover."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text beside a point.

    Attributes
    ----------
    x, y
        Position of the point in metres.
    importance
        Labels of greater importance are placed first.
    radius
        Radius in points to keep free around the point.
    over_route
        Whether it may cover a route rather than be left out.
    mark
        Kind of marker that is drawn with the label, where that is placed.
    """

    text: str
    x: float
    y: float
    importance: float
    size: float
    radius: float = 0
    weight: str = "normal"
    color: str = INK
    over_route: bool = False
    mark: str = ""


class Field:
    """What is taken on a sheet, in points from its lower left corner."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        x0, y0, x1, y1 = sheet.extent
        unit = sheet.metres_per_pt
        self.bounds: Box = (0.0, 0.0, (x1 - x0) / unit, (y1 - y0) / unit)
        self._boxes: list[Box] = []
        self._signs: list[Box] = []
        self._route: list[BaseGeometry] = []
        self._lines: list[BaseGeometry] = []
        self._trees: tuple[shapely.STRtree, shapely.STRtree] | None = None

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Position in points of a point in metres."""
        x0, y0 = self.sheet.extent[:2]
        return (x - x0) / self.sheet.metres_per_pt, (y - y0) / self.sheet.metres_per_pt

    def shape(self, geometry: BaseGeometry) -> BaseGeometry:
        """Geometry in points instead of metres."""
        origin, unit = np.array(self.sheet.extent[:2]), self.sheet.metres_per_pt
        return shapely.transform(geometry, lambda xy: (xy - origin) / unit)

    def keep_free(self, *boxes: Box) -> None:
        """Add boxes in points that nothing may cover."""
        self._boxes.extend(boxes)

    def keep_point(self, x: float, y: float, radius: float, *, small: bool = False) -> None:
        """Keep a marker free, given in metres with its radius in points; the dot of a town may cover a small one."""
        (self._signs if small else self._boxes).append(self.around(x, y, radius))

    def around(self, x: float, y: float, radius: float) -> Box:
        """Box in points around a point in metres."""
        px, py = self.at(x, y)
        return px - radius, py - radius, px + radius, py + radius

    def add_lines(self, shapes: Iterable[BaseGeometry], *, route: bool) -> None:
        """Add lines in metres: routes, which labels avoid, or others, which they would rather not cover."""
        target = self._route if route else self._lines
        target.extend(self.shape(s) for s in shapes if not s.is_empty)
        self._trees = None

    @property
    def boxes(self) -> list[Box]:
        """Boxes that are taken."""
        return self._boxes + self._signs

    def taken(self, margin: float) -> tuple[BaseGeometry, BaseGeometry]:
        """Geometry in points of what is taken, routes with a margin: with other lines, and without them."""
        boxes = shapely.box(*np.reshape(self.boxes, (-1, 4)).T)
        firm = shapely.union_all([*boxes, *_widened(self._route, margin)])
        return shapely.union_all([firm, *_widened(self._lines, 0.3 * margin)]), firm

    def is_free(self, box: Box, *, dot: bool = False) -> bool:
        """Tell whether a box (the dot of a town) lies inside the map and overlaps nothing that is to be kept free."""
        x0, y0, x1, y1 = self.bounds
        if box[0] < x0 + 1 or box[1] < y0 + 1 or box[2] > x1 - 1 or box[3] > y1 - 1:
            return False
        others = np.reshape(self._boxes if dot else self._boxes + self._signs, (-1, 4))
        apart = (
            (others[:, 0] >= box[2]) | (others[:, 2] <= box[0]) | (others[:, 1] >= box[3]) | (others[:, 3] <= box[1])
        )
        return bool(apart.all())

    def covered(self, box: Box) -> tuple[float, float]:
        """Length of route, and of other lines, under a box."""
        if self._trees is None:
            self._trees = shapely.STRtree(self._route), shapely.STRtree(self._lines)
        area = shapely.box(*box)
        found = []
        for tree in self._trees:
            near = tree.geometries[tree.query(area)]
            found.append(float(shapely.length(shapely.intersection(near, area)).sum()))
        return found[0], found[1]


def _widened(shapes: Sequence[BaseGeometry], margin: float) -> NDArray[np.object_]:
    """Widen lines to rough bands."""
    lines = shapely.simplify(np.array(shapes, dtype=object), 1.0)
    return np.asarray(shapely.buffer(lines, margin, quad_segs=1))


def place(field: Field, labels: Sequence[Label]) -> list[tuple[Label, Text]]:
    """Place labels and keep the room they take; those without room are left out."""
    placed = []
    for label in sorted(labels, key=lambda label: (-label.importance, label.text, label.x)):
        point = field.around(label.x, label.y, label.radius)
        if label.mark and not field.is_free(point, dot=True):
            continue
        found = _best_position(field, label, *measure(label.text, label.size, label.weight))
        if found is None:
            continue
        box, side = found
        field.keep_free(box)
        if label.mark:
            field.keep_free(point)
        placed.append((label, _text(field, label, box, side)))
    return placed


def _best_position(field: Field, label: Label, width: float, height: float) -> tuple[Box, float] | None:
    """Box, in points, of the cheapest free position, and to which side of the point it is."""
    px, py = field.at(label.x, label.y)
    best: tuple[Box, float] | None = None
    lowest = np.inf
    for further, reach_cost in _REACH:
        gap = label.radius + field.sheet.style.pt(1.8 + further)
        for right, up, side_cost in _SIDES:
            cost = side_cost + reach_cost
            if cost >= lowest:
                continue
            x, y = _corner((px, py), (width, height), (right, up), gap)
            box = (x, y, x + width, y + height)
            if not field.is_free(box):
                continue
            route, lines = field.covered(box)
            if route > 0 and not label.over_route:
                continue
            cost += (_OVER_ROUTE * route + _OVER_LINE * lines) / field.sheet.style.scale
            if cost < lowest:
                best, lowest = (box, right), cost
    return best


def _corner(
    point: tuple[float, float], size: tuple[float, float], side: tuple[float, float], gap: float
) -> tuple[float, float]:
    """Lower left corner of a label that stands to one side of a point."""
    (px, py), (width, height), (right, up) = point, size, side
    if abs(right) == 1:
        slant = 0.75 if up else 1.0
        x = px + gap * slant if right > 0 else px - gap * slant - width
        return x, py - height / 2 + up * (height / 2 + 0.5 * gap)
    x = px - width / 2 + right * 0.6 * width
    return x, (py + 0.8 * gap if up > 0 else py - 0.8 * gap - height)


def _text(field: Field, label: Label, box: Box, side: float) -> Text:
    """Write a label into its box, against the side that is next to the point."""
    px, py = field.at(label.x, label.y)
    align, x = ("left", box[0]) if side == 1 else ("right", box[2]) if side == -1 else ("center", (box[0] + box[2]) / 2)
    return field.sheet.ax.annotate(
        label.text, (label.x, label.y), (x - px, (box[1] + box[3]) / 2 - py), textcoords="offset points", ha=align,
        va="center", fontsize=label.size, fontweight=label.weight, fontfamily=style.FONT, color=label.color,
        annotation_clip=True, zorder=20, gid="place-label", path_effects=halo(field.sheet), **style.PLAIN,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def measure(text: str, size: float, weight: str = "normal") -> tuple[float, float]:
    """Measure a line of type in points, with room for what hinting adds at some resolutions."""
    # an outline takes a dollar sign for the begin of a formula unless it is escaped
    outline = TextPath(
        (0, 0), text.replace("$", r"\$"), size=size, prop=FontProperties(family=style.FONT, weight=weight)
    )
    return float(outline.get_extents().width) * HINTING, 1.2 * size


def halo(sheet: Sheet) -> list[Any]:
    """White edge of letters on a map."""
    return [withStroke(linewidth=sheet.style.pt(1.6), foreground=HALO, alpha=0.85)]


def name_areas(
    field: Field, areas: Sequence[tuple[str, BaseGeometry]], *, capitals: bool = True, **looks: Any
) -> list[Text]:
    """Set names inside areas (in metres), in spaced capitals or as they are, where there is room for them.

    The middle of the largest free ellipse of the label's shape is taken, near the middle of the area and clear of
    lines if possible; the type shrinks a little before a name is left out.
    """
    placed: list[Text] = []
    taken = field.taken(field.sheet.style.pt(4))
    for name, area in areas:
        rooms = _rooms(field.shape(area), *taken)
        for size, room in [(size, room) for room in rooms for size in (6.6, 5.6)] + [(4.8, rooms[-1])]:
            written, points = spaced(name) if capitals else name, field.sheet.style.font(size)
            spot = _spot(field, room, *measure(written, points))
            if spot is not None:
                text = field.sheet.ax.text(
                    *spot, written, fontsize=points, ha="center", va="center", fontfamily=style.FONT, zorder=4,
                    gid="area-label", **looks,
                )  # fmt: skip
                text.set(**style.PLAIN)
                placed.append(text)
                break
    return placed


def _rooms(area: BaseGeometry, taken: BaseGeometry, firm: BaseGeometry) -> list[BaseGeometry]:
    """Where a name may stand in an area (in points), the best parts first."""
    if not area.is_valid:  # far from the middle of a projection, and when simplified, an area may cross itself
        area = area.buffer(0)
    middle = area.centroid.buffer(0.6 * np.sqrt(area.area / np.pi))
    clear, other = area.difference(taken), area.difference(firm)
    return [clear.intersection(middle), other.intersection(middle), clear, other]


def _spot(field: Field, room: BaseGeometry, width: float, height: float) -> tuple[float, float] | None:
    """Find the middle, in metres, of a place for a box in an area (in points), and keep it free."""
    half = np.array([width, height]) / 2 + field.sheet.style.pt(2)
    best: NDArray[np.float64] | None = None
    widest = 0.95
    for part in shapely.get_parts(room):
        if part.geom_type != "Polygon" or part.area < width * height:
            continue
        scaled = shapely.transform(part, lambda xy: xy / half)
        radius = shapely.maximum_inscribed_circle(scaled, tolerance=0.05)
        if radius.length > widest:
            widest, best = radius.length, np.asarray(radius.coords[0]) * half
    if best is None:
        return None
    box = (best[0] - width / 2, best[1] - height / 2, best[0] + width / 2, best[1] + height / 2)
    if not field.is_free(box):
        return None
    pad = field.sheet.style.pt(2)
    field.keep_free((box[0] - pad, box[1] - pad, box[2] + pad, box[3] + pad))
    x0, y0 = field.sheet.extent[:2]
    return float(x0 + best[0] * field.sheet.metres_per_pt), float(y0 + best[1] * field.sheet.metres_per_pt)


def spaced(name: str) -> str:
    """Set a name in capitals with thin spaces between them.

    >>> spaced("Iran").split("\N{THIN SPACE}")
    ['I', 'R', 'A', 'N']
    """
    return "\u2009".join(name.upper())


def spread(wanted: ArrayLike, heights: ArrayLike) -> NDArray[np.float64]:
    """Move positions on a line as little as possible (least squares), so that things of some height do not overlap.

    Parameters
    ----------
    wanted
        Positions of the middles.
    heights
        Heights, in the same unit.

    >>> spread([0, 1, 10], [4, 4, 4]).tolist()
    [-1.5, 2.5, 10.0]
    """
    middle, height = np.asarray(wanted, dtype=float), np.asarray(heights, dtype=float)
    order = np.argsort(middle, kind="stable")
    offset = np.concatenate([[0.0], np.cumsum((height[order][1:] + height[order][:-1]) / 2)])
    found = np.empty(len(middle))
    found[order] = isotonic_regression(middle[order] - offset).x + offset if len(middle) else []
    return found
