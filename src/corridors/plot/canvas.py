"""The sheet a map is drawn on: figure, projection, extent, title and credit."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import shapely
from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer

from corridors.base.errors import InputError
from corridors.base.languages import ENGLISH, Words, words
from corridors.base.looks import INK, MUTED
from corridors.base.sphere import WGS84
from corridors.plot import style
from corridors.plot.style import Style

CM: float = 1 / 2.54
REGION_CRS = "+proj=lcc +lat_1=30 +lat_2=48 +lat_0=38 +lon_0=68 +datum=WGS84 +units=m +no_defs"
"""Lambert conformal conic projection of the corridor region."""

REGION = (40.0, 10.0, 96.0, 60.0)
"""West, south, east and north of what is drawn in that projection."""

HOME = (48.5, 18.0, 89.0, 55.0)
"""West, south, east and north that the map of a whole network keeps to, if most of the network lies there."""

FRAME = (-2_000_000.0, -2_450_000.0, 2_000_000.0, 2_150_000.0)
"""What the base map covers in that projection, in metres."""

PAD_PT = 3.0
"""White edge around a new figure."""

ASPECT = (0.7, 1.45)
"""Least and greatest height of a map over its width."""

TITLE = 10.5
"""Size of titles in points."""

GAP_PT = 8.0
"""Distance between maps side by side."""

DPI = 150.0
"""Dots per inch of a new figure, where none are asked for."""


class Page(Figure):
    """A new figure, which pyplot does not know; it is saved with its fonts as TrueType."""

    def savefig(self, fname: Any, **options: Any) -> None:
        """Save the figure: as `matplotlib.figure.Figure.savefig`, with fonts as TrueType in PDF and PostScript."""
        # as Type 3, which is the default, journals refuse them
        with rc_context({"pdf.fonttype": 42, "ps.fonttype": 42}):
            super().savefig(fname, **options)


def new_figure(width_cm: float, height_cm: float, dpi: float | None = None) -> Figure:
    """New figure of some size.

    Parameters
    ----------
    width_cm, height_cm
        Size.
    dpi
        Dots per inch at which it is saved and shown; None for 150.

    Raises
    ------
    InputError
        If the dots per inch are none.

    >>> new_figure(25.4, 12.7, 100).get_size_inches().round(3).tolist()
    [10.0, 5.0]
    """
    if dpi is not None and not 10 <= dpi <= 2400:
        raise InputError("dpi", dpi, "10 to 2400 dots per inch")
    figure = Page(figsize=(width_cm * CM, height_cm * CM), dpi=DPI if dpi is None else dpi, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def size_cm(options: Mapping[str, Any]) -> tuple[float, float | None]:
    """Width in cm that options ask for, and the height if they ask for one.

    Parameters
    ----------
    options
        Options of a drawing: `width_cm`, and `figsize` in inches, which goes before it.

    Raises
    ------
    InputError
        If `figsize` is not two lengths.

    >>> size_cm({"width_cm": 18, "figsize": None}), size_cm({"width_cm": 18, "figsize": (10, 5)})
    ((18, None), (25.4, 12.7))
    """
    asked = options.get("figsize")
    if asked is None:
        return options["width_cm"], None
    try:
        width, height = (float(side) for side in asked)
    except (TypeError, ValueError):
        width = height = 0.0
    if not (width > 0 and height > 0):
        raise InputError("figsize", asked, "width and height in inches, such as (7, 4)")
    return width * 2.54, height * 2.54


Box = tuple[float, float, float, float]
LonLat = tuple[ArrayLike, ArrayLike]
Floats = NDArray[np.float64]


def projection(bounds: Box) -> str:
    """Choose a projection for bounds in degrees: the region's own where they lie in it, else one fitted to them.

    >>> projection((60, 25, 75, 45)) == REGION_CRS
    True
    >>> projection((-10, 36, 4, 42))
    '+proj=lcc +lat_1=37 +lat_2=41 +lat_0=39 +lon_0=-3 +datum=WGS84 +units=m +no_defs'
    """
    west, south, east, north = bounds
    if REGION[0] <= west and REGION[1] <= south and east <= REGION[2] and north <= REGION[3]:
        return REGION_CRS
    middle = (south + north) / 2
    ends = south + (north - south) / 6, north - (north - south) / 6
    if abs(ends[0] + ends[1]) < 10:  # a cone degenerates at the equator
        kind = f"+proj=eqc +lat_ts={middle:g}"
    else:
        kind = f"+proj=lcc +lat_1={ends[0]:g} +lat_2={ends[1]:g} +lat_0={middle:g}"
    return f"{kind} +lon_0={(west + east) / 2:g} +datum=WGS84 +units=m +no_defs"


@lru_cache(maxsize=16)
def _transformer(crs: str) -> Transformer:
    return Transformer.from_crs("EPSG:4326", crs, always_xy=True)


@dataclass(frozen=True, eq=False)
class Sheet:
    """Axes with their projection, extent in metres and style.

    Attributes
    ----------
    own
        Whether the figure was made for maps; axes that were given keep to their own box.
    say
        Texts and names of the language of the map.
    """

    ax: Axes
    crs: str
    extent: Box
    style: Style
    own: bool
    say: Words = field(default_factory=words)

    @property
    def fig(self) -> Figure:
        """Figure that holds the axes."""
        figure = self.ax.get_figure(root=True)
        assert figure is not None  # noqa: S101  # axes always belong to a figure here
        return figure

    def project(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
        """Project degrees to metres."""
        x, y = _transformer(self.crs).transform(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
        return np.asarray(x), np.asarray(y)

    def unproject(self, x: float, y: float) -> tuple[float, float]:
        """Longitude and latitude of a point in metres."""
        lon, lat = _transformer(self.crs).transform(x, y, direction="INVERSE")
        return float(lon), float(lat)

    @cached_property
    def metres_per_pt(self) -> float:
        """Metres on the ground (in the projection) to a point on paper."""
        return (self.extent[2] - self.extent[0]) / (self.style.width_cm * CM * 72)

    def contains(self, x: Floats, y: Floats, margin_pt: float = 0) -> NDArray[np.bool_]:
        """Tell which points lie inside the map."""
        x0, y0, x1, y1 = self.extent
        inner = margin_pt * self.metres_per_pt
        return np.asarray((x > x0 + inner) & (x < x1 - inner) & (y > y0 + inner) & (y < y1 - inner))

    def length_m(self, km: float) -> float:
        """Length on the map, in metres of the projection, of so many km eastward at the map's centre."""
        x0, y0, x1, y1 = self.extent
        lon, lat = self.unproject((x0 + x1) / 2, (y0 + y1) / 2)
        ends = [WGS84.fwd(lon, lat, azimuth, km * 500)[:2] for azimuth in (90, 270)]
        x, y = self.project(*zip(*ends, strict=True))
        return float(np.hypot(x[0] - x[1], y[0] - y[1]))


def open_sheet(ax: Axes | None, lonlat: LonLat, options: Mapping[str, Any]) -> Sheet:
    """Prepare the sheet for a map.

    Parameters
    ----------
    ax
        Axes to draw into, or None for a new figure.
    lonlat
        Longitudes and latitudes of what is shown.
    options
        Extent to show instead, and the size of a new figure.
    """
    if ax is not None:
        return _on_axes(ax, *_boxes(lonlat, options["extent"]), words(options.get("lang", ENGLISH)))
    return open_panels(1, lonlat, options, columns=1)[0]


def open_panels(number: int, lonlat: LonLat, options: Mapping[str, Any], *, columns: int) -> list[Sheet]:
    """Prepare a new figure with maps of one extent side by side."""
    (width_cm, height_cm), extent = size_cm(options), options["extent"]
    say = words(options.get("lang", ENGLISH))
    if not 3 <= width_cm <= 200:
        raise InputError("width_cm", width_cm, "3 to 200 (a map's width on paper in cm)")
    crs, box, content = _boxes(lonlat, extent)
    rows = -(-number // columns)
    pad, gap = PAD_PT / 72, (GAP_PT if columns > 1 else 0) / 72
    width = (width_cm * CM - 2 * pad - (columns - 1) * gap) / columns
    looks = Style(width / CM)
    gap_y = 2.2 * looks.font(TITLE) / 72
    if height_cm is not None:
        aspect = (height_cm * CM - 2 * pad - (rows - 1) * gap_y) / rows / width
        if not 0.1 <= aspect <= 10:
            raise InputError("figsize", options["figsize"], "room for a map: a height of 0.1 to 10 times its width")
        box = _inside(_of_aspect(box, aspect, aspect), content, crs, cut=False)
    elif not extent:
        box = _inside(_of_aspect(box, *ASPECT), content, crs)
    height = width * (box[3] - box[1]) / (box[2] - box[0])
    size = width_cm * CM, 2 * pad + rows * height + (rows - 1) * gap_y
    figure = new_figure(width_cm, size[1] / CM, options.get("dpi"))
    found = []
    for i in range(number):
        row, column = divmod(i, columns)
        left, bottom = pad + column * (width + gap), pad + (rows - 1 - row) * (height + gap_y)
        new = figure.add_axes((left / size[0], bottom / size[1], width / size[0], height / size[1]))
        _frame(new, box, looks)
        found.append(Sheet(new, crs, box, looks, own=True, say=say))
    return found


def _boxes(lonlat: LonLat, extent: Box | None) -> tuple[str, Box, Box]:
    """Projection, box with its margin, and box of the content in metres."""
    lon, lat = map(np.asarray, _edges(extent) if extent else lonlat)
    crs = projection((lon.min(), lat.min(), lon.max(), lat.max()))
    x, y = _transformer(crs).transform(lon, lat)
    content = float(x.min()), float(y.min()), float(x.max()), float(y.max())
    return crs, content if extent else _with_margin(content), content


def _on_axes(ax: Axes, crs: str, box: Box, content: Box, say: Words) -> Sheet:
    figure = ax.get_figure(root=True)
    assert figure is not None  # noqa: S101  # axes always belong to a figure here
    size = ax.get_window_extent()
    aspect = size.height / size.width
    box = _inside(_of_aspect(box, aspect, aspect), content, crs, cut=False)
    looks = Style(max(size.width / figure.dpi / CM, 3.0))
    _frame(ax, box, looks)
    return Sheet(ax, crs, box, looks, own=False, say=say)


def _frame(ax: Axes, box: Box, looks: Style) -> None:
    ax.set(xlim=(box[0], box[2]), ylim=(box[1], box[3]), xticks=[], yticks=[], facecolor=style.SEA)
    ax.set_aspect("equal", adjustable="box")
    ax.set_autoscale_on(False)
    for spine in ax.spines.values():
        spine.set(color=style.FRAME, linewidth=looks.pt(0.6), zorder=50)


def _edges(extent: Box) -> tuple[Floats, Floats]:
    """List points along the edges of an extent in degrees, which are curved on the map."""
    west, south, east, north = extent
    if not (west < east and south < north and south >= -90 and north <= 90):
        raise InputError("extent", extent, "west, south, east, north in degrees")
    x, y = np.linspace(west, east, 25), np.linspace(south, north, 25)
    lon = np.concatenate([x, np.full(25, west), np.full(25, east), x])
    lat = np.concatenate([np.full(25, south), y, y, np.full(25, north)])
    return lon, lat


def _with_margin(box: Box, share: float = 0.09, least_m: float = 15_000) -> Box:
    """Widen a box by a share of its longer side."""
    margin = max(share * max(box[2] - box[0], box[3] - box[1]), least_m)
    return box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin


def _of_aspect(box: Box, least: float, most: float) -> Box:
    """Widen a box about its centre until height over width lies between two values."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    width, height = box[2] - box[0], box[3] - box[1]
    width, height = max(width, height / most), max(height, width * least)
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _inside(box: Box, content: Box, crs: str, *, cut: bool = True) -> Box:
    """Move a box, or cut its margin, so that it keeps to what the base map covers if its content does."""
    found = list(box)
    if crs != REGION_CRS or not shapely.box(*FRAME).contains(shapely.box(*content)):
        return box
    for low, high in ((0, 2), (1, 3)):
        if box[high] - box[low] <= FRAME[high] - FRAME[low]:
            shift = max(FRAME[low] - box[low], 0) + min(FRAME[high] - box[high], 0)
            found[low], found[high] = box[low] + shift, box[high] + shift
        elif cut:
            found[low], found[high] = FRAME[low], FRAME[high]
    return found[0], found[1], found[2], found[3]


def wrap(text: str, width_pt: float, size: float) -> str:
    """Break a text into lines that fit a width, at the average width of this type."""
    return "\n".join(textwrap.wrap(text, max(int(width_pt / (0.56 * size)), 12)))


def add_title(sheet: Sheet, title: str | None) -> None:
    """Set the title above the map, flush left."""
    if not title:
        return
    size = sheet.style.font(TITLE)
    lines = wrap(title, sheet.style.width_cm * CM * 72 * 0.9, size)
    looks: dict[str, Any] = {"fontweight": "bold", "fontfamily": style.FONT, "color": INK, **style.PLAIN}
    sheet.ax.set_title(lines, loc="left", fontsize=size, pad=sheet.style.pt(5), **looks)


def add_heading(sheet: Sheet, title: str | None, width_cm: float) -> None:
    """Set a title over several maps, above the title of the first."""
    if not title:
        return
    looks = Style(width_cm)
    size, small = looks.font(TITLE), sheet.style.font(TITLE)
    sheet.ax.annotate(
        wrap(title, width_cm * CM * 72 * 0.95, size), (0, 1), (0, 1.6 * small + sheet.style.pt(6)),
        xycoords="axes fraction", textcoords="offset points", ha="left", va="bottom", annotation_clip=False,
        fontsize=size, fontweight="bold", fontfamily=style.FONT, color=INK, **style.PLAIN,
    )  # fmt: skip


def add_credit(
    sheet: Sheet, names: Iterable[str], *, below: Artist | None = None, width_cm: float | None = None
) -> None:
    """Set the credit line under the map, or under what stands there."""
    text = "\N{NO-BREAK SPACE}· ".join(names)
    if not text:
        return
    size = max(sheet.style.font(4.6), 3.2)
    bottom, gap = sheet.ax.get_window_extent().y0, sheet.style.pt(3 if below is None else 5)
    used = 0.0 if below is None else (bottom - below.get_window_extent().y0) * 72 / sheet.fig.dpi
    sheet.ax.annotate(
        wrap(text, (width_cm or sheet.style.width_cm) * CM * 72 * 0.95, size), (0, 0), (0, -used - gap),
        xycoords="axes fraction", textcoords="offset points", ha="left", va="top", annotation_clip=False,
        fontsize=size, fontfamily=style.FONT, color=MUTED, linespacing=1.15, **style.PLAIN,
    )  # fmt: skip


def fit_figure(figure: Figure) -> None:
    """Grow a new figure up and down around its maps, so that nothing is cut off and the maps keep their size."""
    width, height = figure.get_size_inches()
    places = [(ax, ax.get_position()) for ax in figure.axes]
    tight = [box for ax in figure.axes if (box := ax.get_tightbbox()) is not None]
    pad = PAD_PT / 72
    above = max(max(box.y1 for box in tight) / figure.dpi - height, 0) + pad
    below = max(-min(box.y0 for box in tight) / figure.dpi, 0) + pad
    total = height + above + below
    figure.set_size_inches(width, total)
    for ax, place in places:
        ax.set_position((place.x0, (place.y0 * height + below) / total, place.width, place.height * height / total))
