"""The frame of a chart: axes and their margins, title, note, and room for labels that never cover each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from matplotlib.artist import Artist, setp
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Affine2D, Bbox, ScaledTranslation, Transform, blended_transform_factory
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from corridors.base.drawing import Drawing
from corridors.base.looks import INK, MUTED
from corridors.plot import style
from corridors.plot.canvas import CM, PAD_PT, fit_figure, new_figure
from corridors.plot.charts.options import ChartOptions, height_of, width_of
from corridors.plot.charts.places import Place, Spot, towards
from corridors.plot.style import FONT, ChartStyle

HINTED = 1.04
"""How much wider a text may be where its figure is saved with few dots per inch, by the hinting of the type."""

LABEL = "chart-label"
"""Id of the artists that are labels placed where there is room."""


class _Caption(Annotation):
    """Text over or under a chart, which asks a layout engine for height but not for width, as titles do."""

    def get_tightbbox(self, renderer: RendererBase | None = None) -> Bbox:
        box = super().get_tightbbox(renderer)
        assert box is not None  # noqa: S101  # a text always has one
        return Bbox.from_extents(box.x0, box.y0, box.x0 + 1, box.y1)


@dataclass
class Chart:
    """Axes of a chart while it is drawn.

    Attributes
    ----------
    own
        Whether the figure was made for this chart; a figure that was given keeps its size.
    title
        Title that was asked for; None for the chart's own.
    noted
        Whether the note is written.
    """

    ax: Axes
    looks: ChartStyle
    own: bool
    title: str | None = None
    noted: bool = True
    blocked: list[BaseGeometry] = field(default_factory=list)

    @property
    def fig(self) -> Figure:
        """Figure that holds the axes."""
        figure = self.ax.get_figure(root=True)
        assert figure is not None  # noqa: S101  # axes always belong to a figure here
        return figure

    @property
    def px(self) -> float:
        """Pixels in a point."""
        return self.fig.dpi / 72

    @property
    def width_pt(self) -> float:
        """Width in points that text over and under the chart may have."""
        if self.own:
            return self.looks.width_cm * CM * 72 - 2 * PAD_PT
        return self.ax.get_window_extent().width / self.px

    def text_looks(self, size: float, color: str = INK, **more: Any) -> dict[str, Any]:
        """How a text is written."""
        return {"fontsize": size, "color": color, "fontfamily": FONT, "linespacing": 1.15, **style.PLAIN, **more}

    def size_of(self, text: str, size: float, **looks: Any) -> tuple[float, float]:
        """Measure a text in pixels, with room for how it is set at other resolutions."""
        probe = self.fig.text(0, 0, text, **self.text_looks(size, **looks))
        box = probe.get_window_extent()
        probe.remove()
        return HINTED * box.width, box.height

    def wrap(self, text: str, width_pt: float, size: float, **looks: Any) -> str:
        """Break a text into lines that fit a width as it is drawn."""
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.size_of(longer, size, **looks)[0] <= 0.92 * width_pt * self.px:
                lines[-1] = longer
            else:
                lines.append(word)
        return "\n".join(lines)

    def settle(self) -> None:
        """Fit the axes to the width that their labels leave, after limits, ticks and labels are set."""
        if self.own:
            width = self.fig.get_figwidth() * 72
            for _ in range(2):  # a narrower axis may drop ticks
                tight, frame = self.ax.get_tightbbox(), self.ax.get_window_extent()
                assert tight is not None  # noqa: S101  # visible axes have one
                left, right = (max(d, 0) / self.px for d in (frame.x0 - tight.x0, tight.x1 - frame.x1))
                x0, x1 = PAD_PT + left, width - PAD_PT - right
                self.ax.set_position((x0 / width, 0, (x1 - x0) / width, 1))
        self.fig.draw_without_rendering()

    def caption(self, title: str, subtitle: str, note: str, *above: Artist | None) -> None:
        """Set title (unless another was asked for), subtitle and note round all that stands outside the axes by now.

        What is placed in pixels comes after this, since a figure of its own takes its height here, and a layout engine
        moves axes that were given.
        """
        self._head(title if self.title is None else self.title, subtitle, *above)
        self._note(note)
        self.fig.draw_without_rendering()

    @property
    def _indent(self) -> float:
        """Points from the axes to the left edge of what stands over and under them."""
        return -(self.ax.get_window_extent().x0 / self.px - PAD_PT) if self.own else 0.0

    def _outside(self, text: str, y: float, away: float, size: float, **more: Any) -> None:
        """Set a text over the axes (`y` is 1) or under them (0), so many points away."""
        caption = _Caption(
            text, (0, y), (self._indent, away), xycoords="axes fraction", textcoords="offset points",
            annotation_clip=False, clip_on=False, **self.text_looks(size, MUTED), **more,
        )  # fmt: skip
        self.ax.add_artist(caption)

    def _head(self, title: str, subtitle: str, *above: Artist | None) -> None:
        """Set title and subtitle over the axes, and over what stands above them, such as a key."""
        looks, frame = self.looks, self.ax.get_window_extent()
        top = max([frame.y1, *(a.get_window_extent().y1 for a in above if a is not None)])
        up = (top - frame.y1) / self.px + looks.pt(5)
        if subtitle:
            wrapped = self.wrap(subtitle, self.width_pt, looks.body)
            self._outside(wrapped, 1, up, looks.body, va="bottom", gid="subtitle")
            up += self.size_of(wrapped, looks.body)[1] / self.px + looks.pt(2.5)
        if title:
            bold = {"fontweight": "bold"}
            lines, x = self.wrap(title, self.width_pt, looks.title, **bold), self._indent * self.px / frame.width
            self.ax.set_title(lines, loc="left", pad=up, x=x, **self.text_looks(looks.title, **bold))

    def _note(self, text: str) -> None:
        """Set the note under the chart, and a figure of its own to the height of all that stands there."""
        frame, tight = self.ax.get_window_extent(), self.ax.get_tightbbox()
        assert tight is not None  # noqa: S101  # visible axes have one
        if text and self.noted:
            down = (frame.y0 - tight.y0) / self.px + self.looks.pt(5)
            size = self.looks.small
            self._outside(self.wrap(text, self.width_pt, size), 0, -down, size, va="top", gid="note")
        if self.own:
            fit_figure(self.fig)

    def drawing(self) -> Drawing:
        """Figure and axes, for the caller."""
        return Drawing(self.fig, self.ax)

    def under(self) -> Transform:
        """Transform of what hangs under the axes: data to the right, points down from the axes."""
        points = Affine2D().scale(1 / 72) + self.fig.dpi_scale_trans
        corner: Any = self.ax.transAxes
        down = points + ScaledTranslation(0, 0, corner)
        return blended_transform_factory(self.ax.transData, down)

    # --- looks of the axes --------------------------------------------------------------------------------------

    def axis_looks(self, *, grid: str, bottom: bool = False) -> None:
        """Set ticks, grid (`x` or `y`) and spines as they are on every chart."""
        ax, looks = self.ax, self.looks
        ax.tick_params(axis="both", labelsize=looks.body, labelfontfamily=FONT, length=0, colors=INK)
        if grid:
            ax.grid(axis=grid, color=style.GRID, linewidth=looks.pt(0.6))  # type: ignore[arg-type]
        ax.set_axisbelow(True)
        for side, spine in ax.spines.items():
            spine.set_visible(bottom and side == "bottom")
            spine.set(color=INK, linewidth=looks.pt(0.8))

    def axis_label(self, text: str) -> None:
        """Set the label under the horizontal axis."""
        self.ax.set_xlabel(text, **self.text_looks(self.looks.body))

    def key(self, handles: Sequence[Artist], labels: Sequence[str]) -> Artist | None:
        """Set a key over the axes, in as many rows as its width needs."""
        if not handles:
            return None
        left, frame = self._indent * self.px, self.ax.get_window_extent()
        for columns in range(len(handles), 0, -1):
            legend = self.ax.legend(
                handles, labels, loc="lower left", bbox_to_anchor=(left / frame.width, 1.0), ncols=columns,
                frameon=False, borderaxespad=0.15, borderpad=0.2, handlelength=1.5, handletextpad=0.45,
                columnspacing=1.2, labelspacing=0.3, labelcolor=INK,
                prop={"size": self.looks.small * 1.08, "family": FONT},
            )  # fmt: skip
            setp(legend.get_texts(), **style.PLAIN)  # type: ignore[arg-type]  # it takes several
            if legend.get_window_extent().width <= self.width_pt * self.px * 0.93:
                break
        return legend

    # --- rows -------------------------------------------------------------------------------------------------

    def name_rows(self, names: Sequence[str], *, share: float = 0.34, pad: float = 3) -> None:
        """Name the rows of a horizontal chart, broken into lines that take a share of the width at most."""
        width = share * self.looks.width_cm * CM * 72
        size = self.looks.body if self.looks.width_cm >= 12 else self.looks.small
        wrapped = [self.wrap(name, width, size) for name in names]
        if self.own:  # room for the row with most lines
            least = max(text.count("\n") + 1.6 for text in wrapped) * 1.18 * size * len(names) / 72
            self.fig.set_figheight(max(self.fig.get_figheight(), least))
        self.ax.set_yticks(range(len(names)), wrapped, **style.PLAIN)
        self.ax.set_ylim(len(names) - 0.5, -0.5)
        self.axis_looks(grid="x")
        self.ax.tick_params(axis="y", labelsize=size, pad=self.looks.pt(pad))

    def room_beside(
        self,
        left: ArrayLike,
        right: ArrayLike,
        texts: Sequence[tuple[str, str]],
        *,
        size: float = 0,
        floor: bool = False,
    ) -> None:
        """Settle a horizontal chart with limits that leave room for texts beside its bars.

        Parameters
        ----------
        left, right
            Ends of the bars of each row.
        texts
            What is to be written left and right of each row.
        size
            Size of the type; small by default.
        floor
            Whether the axis begins at zero.
        """
        low, high = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
        size = size or self.looks.small
        wide = np.array(
            [[self.size_of(text, size)[0] + 10 * self.px if text else 0 for text in pair] for pair in texts]
        )
        self.ax.set_xlim(low.min(), max(high.max(), low.min() + 1e-9))
        for _ in range(2):
            self.settle()
            inner = self.ax.get_window_extent().width
            scale = inner / max(float(high.max() - low.min()), 1e-9)
            for _ in range(40):  # a longer axis has fewer pixels to the unit, so the texts take more of it
                start = 0.0 if floor else float((low - wide[:, 0] / scale).min())
                end = float((high + wide[:, 1] / scale).max())
                scale = max(inner / max(end - start, 1e-9), 0.2 * scale)
            self.ax.set_xlim(start, end)
        self.settle()

    # --- labels -------------------------------------------------------------------------------------------------

    def pixels(self, x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
        """Points of the data in pixels."""
        points = np.column_stack([np.atleast_1d(x), np.atleast_1d(y)]).astype(float)
        return np.asarray(self.ax.transData.transform(points))

    def block(self, x: ArrayLike, y: ArrayLike, *, width_pt: float = 1.5) -> None:
        """Keep labels off a line or a point."""
        points = self.pixels(x, y)
        shape = shapely.LineString(points) if len(points) > 1 else shapely.Point(points[0])
        self.blocked.append(shape.buffer(width_pt * self.px))

    def beside(self, text: str, x: float, row: float, away: float, size: float, **looks: Any) -> None:
        """Write a text right of a point of a row, or left of it, so many points (negative to the left) away."""
        self.ax.annotate(
            text, (x, row), (away, 0), textcoords="offset points", ha="left" if away > 0 else "right", va="center",
            gid=LABEL, **self.text_looks(size, **looks),
        )  # fmt: skip

    def write(
        self, text: str, at: tuple[float, float], places: Iterable[Place], *, size: float, leader: float = 9.0,
        crossing: Sequence[BaseGeometry] = (), force: bool = False, **looks: Any,
    ) -> Text | None:  # fmt: skip
        """Write a label at the first place near a point where it covers nothing; None where there is no such place.

        Parameters
        ----------
        at
            The point, in data.
        places
            Distances from it in points, the best first.
        leader
            Distance from which a thin line leads to the point.
        crossing
            Shapes in pixels that the thin line may not cross, such as other labels.
        force
            Whether to write at the first place if there is none without a clash.
        """
        bold = {key: value for key, value in looks.items() if key == "fontweight"}
        x, y = self.pixels(*at)[0]
        spot = Spot(x, y, self.px, self.size_of(text, size, **bold), leader)
        within, listed = shapely.box(*self.ax.get_window_extent().padded(1).extents), list(places)
        found = next((place for place in listed if spot.is_free(place, within, self.blocked, crossing)), None)
        if found is not None:
            self.blocked += spot.taken(found)
        elif not force:
            return None
        return self._annotate(
            text, at, found or listed[0], size, far=found is not None and spot.far(found), looks=looks
        )

    def _annotate(
        self, text: str, at: tuple[float, float], place: Place, size: float, *, far: bool, looks: dict[str, Any]
    ) -> Text:
        dx, dy, ha, va = place
        color = looks.get("color", INK)
        arrow = {"arrowstyle": "-", "color": color, "linewidth": self.looks.pt(0.5), "shrinkA": 0, "shrinkB": 1}
        return self.ax.annotate(
            text, at, (dx, dy), textcoords="offset points", ha=ha, va=va, gid=LABEL, zorder=9,
            multialignment={"right": "right", "center": "center"}.get(ha, "left"),
            arrowprops={**arrow, "relpos": towards(ha, va)} if far else None,
            path_effects=[withStroke(linewidth=self.looks.pt(1.6), foreground="white")],
            **self.text_looks(size, **looks),
        )  # fmt: skip


def open_chart(ax: Axes | None, height_cm: float, options: ChartOptions) -> Chart:
    """Prepare axes for a chart: those that were given, or new ones on a figure that pyplot does not know.

    Parameters
    ----------
    ax
        Axes to draw on, or None.
    height_cm
        Height of the axes of a new figure; title, key and note come on top.
    options
        Title, and width of a new figure.
    """
    title, noted = options["title"], options["note"]
    if ax is not None:
        figure = ax.get_figure(root=True)
        assert figure is not None  # noqa: S101  # axes always belong to a figure here
        figure.draw_without_rendering()  # so that a layout engine has placed the axes
        width_cm = max(ax.get_window_extent().width / figure.dpi / CM, 3.0)
        return Chart(ax, ChartStyle(width_cm), own=False, title=title, noted=noted)
    width_cm = width_of(options)
    figure = new_figure(width_cm, height_of(options, height_cm), options["dpi"])
    new = figure.add_axes((0.1, 0, 0.8, 1))
    return Chart(new, ChartStyle(width_cm), own=True, title=title, noted=noted)


def open_rows(
    ax: Axes | None,
    names: Sequence[str],
    options: ChartOptions,
    *,
    margin_cm: float,
    rows: float = 1.0,
    share: float = 0.34,
    pad: float = 3,
) -> Chart:
    """Prepare a horizontal chart with named rows.

    Parameters
    ----------
    margin_cm
        Height besides the rows.
    rows
        Height of a row, in rows of one line.
    share
        Share of the width that names may take.
    pad
        Distance of names from the axis in points.
    """
    row_cm = 0.62 * ChartStyle(width_of(options)).scale
    chart = open_chart(ax, margin_cm + rows * row_cm * len(names), options)
    chart.name_rows(names, share=share, pad=pad)
    return chart
