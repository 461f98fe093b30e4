"""Texts of a finished drawing in another language: titles, axes, legends, notes, and ticks that are words."""

from __future__ import annotations

import functools
import inspect
import re
import textwrap
from collections.abc import Callable
from typing import Any, Final, TypeVar

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FixedFormatter, Formatter, FuncFormatter, NullFormatter
from matplotlib.transforms import BboxBase

from corridors.base.languages import ENGLISH, words
from corridors.base.options import takes
from corridors.base.phrases import Phrases
from corridors.plot.canvas import fit_figure

Function = TypeVar("Function", bound=Callable[..., Any])

ROW_SHARE: Final = 0.88
"""Size of names of rows that stand on two lines, in shares of what it was."""

EDGE_SHARE: Final = 0.015
"""Margin of the sheet that names of rows keep clear of, in shares of its width: type is wider at some sizes."""

LEAST_SHARE: Final = 0.75
"""Least size of a title or note that has become too wide, in shares of what it was."""

_SPACED: Final = re.compile(r"(?:\S\s)+\S")
_CYRILLIC: Final = re.compile("[А-Яа-я]")
_LATIN: Final = re.compile("[A-Za-z]")


def drawing(source: type, **defaults: object) -> Callable[[Function], Function]:
    """Let a function that draws take shared options, as `takes`, and bring what it draws into their `lang`.

    Parameters
    ----------
    source
        Options, among them `lang`.
    defaults
        Defaults of this function that differ from those of the source.

    >>> from corridors.base.drawing import Drawing
    >>> from corridors.plot.charts.options import ChartOptions
    >>> @drawing(ChartOptions)
    ... def draw(text, **options):
    ...     figure = Figure()
    ...     return Drawing(figure, figure.subplots(subplot_kw={"title": text}))
    >>> [draw("3.5 d", lang=lang).ax.get_title() for lang in ("en", "ru")]
    ['3.5 d', '3,5 сут']
    """
    taking = takes(source, **defaults)

    def wrap(function: Function) -> Function:
        @functools.wraps(function)
        def spoken(*args: Any, **options: Any) -> Any:
            lang = words(options["lang"]).lang
            drawn = function(*args, **options)
            if lang != ENGLISH:
                given = inspect.signature(function).bind(*args, **options).arguments.get("ax")
                # on a figure of the caller's only the axes that were drawn on are brought into the language
                translate(drawn.fig if given is None else drawn.ax, Phrases(lang))
            return drawn

        return taking(spoken)  # type: ignore[return-value]  # called as before

    return wrap


def translate(figure: Figure | Axes, say: Phrases) -> None:
    """Bring all texts of a figure into a language; a text without a translation stays, and goes to `say.missing`.

    Parameters
    ----------
    figure
        The figure, or axes of it.
    say
        Phrases of the language.

    >>> figure = Figure()
    >>> axes = figure.subplots()
    >>> _ = axes.set_title("Kabul corridor, 3.5 d"), axes.set_xticks([0], ["rail only"])
    >>> translate(figure, Phrases("ru"))
    >>> axes.get_title(), axes.get_xticklabels()[0].get_text()
    ('Кабульский коридор, 3,5 сут', 'только ж/д')
    """
    every = figure.axes if isinstance(figure, Figure) else [figure]
    for axes in every:
        for axis in (axes.xaxis, axes.yaxis):
            _ticks(axis, say)
    for text in figure.findobj(Text):
        if text.get_text().strip():
            text.set_text(_said(text.get_text(), say))
    root = figure.get_figure(root=True)
    if root is not None:
        root.draw_without_rendering()
    for axes in every:
        _fit(axes)
    if isinstance(figure, Figure):
        tight = [box for axes in every if (box := axes.get_tightbbox()) is not None]
        if any(box.y0 < 0 or box.y1 > figure.bbox.y1 for box in tight):
            fit_figure(figure)  # a note of more lines than before


def _said(text: str, say: Phrases) -> str:
    """Text in the language: names in spaced capitals, wrapped sentences as wide as they were, or line by line."""
    if _CYRILLIC.search(text) and not _LATIN.search(text):
        return text
    if _SPACED.fullmatch(text):
        name = say.words.name(re.sub(r"\s", "", text).title())
        return " ".join(name.upper()) if _CYRILLIC.search(name) else text
    lines = text.split("\n")
    if len(lines) > 1:
        joined = " ".join(text.split())
        whole = say.phrase(joined) or say.known(joined)
        if whole is not None:
            return textwrap.fill(whole, max(map(len, lines)), break_long_words=False)
    return "\n".join(map(say, lines))


class _Spoken(Formatter):
    """Ticks of another formatter in a language."""

    def __init__(self, made: Formatter, say: Phrases) -> None:
        self.made, self.say = made, say

    def __call__(self, x: float, pos: int | None = None) -> str:
        return self.say(str(self.made(x, pos)))

    def set_locs(self, locs: Any) -> None:
        self.made.set_locs(locs)

    def get_offset(self) -> str:
        return self.say(self.made.get_offset())


def _ticks(axis: Axis, say: Phrases) -> None:
    """Words at ticks are made anew at every drawing, from a list."""
    made = axis.get_major_formatter()
    if isinstance(made, FixedFormatter):
        axis.set_major_formatter(FixedFormatter([say(str(label)) for label in made.seq]))
    elif not isinstance(made, NullFormatter):
        axis.set_major_formatter(_Spoken(made, say))


def _fit(axes: Axes) -> None:
    """Break names of rows that have become too long for their margin, and set wide titles and notes smaller."""
    edges, made = axes.get_figure(root=True).bbox, axes.yaxis.get_major_formatter()  # type: ignore[union-attr]
    broken: dict[str, str] = {}
    for label in axes.get_yticklabels():
        name, box = label.get_text(), label.get_window_extent()
        if name and box.x0 < edges.x0 + EDGE_SHARE * edges.width:
            broken[name] = textwrap.fill(name, max(int(0.95 * len(name) * (box.x1 - edges.x0) / box.width), 8))
            label.set_fontsize(ROW_SHARE * float(label.get_fontsize()))
    if broken:

        def lines(value: float, at: int | None = None) -> str:
            name = str(made(value, at))
            return broken.get(name, name)

        axes.yaxis.set_major_formatter(FuncFormatter(lines))
    _part_neighbours(axes)
    _make_room(axes, edges)
    for text in axes.findobj(Text):
        box = text.get_window_extent()
        clipped = text.get_clip_on() and text.get_clip_box() is not None
        if text.get_text() and edges.x0 <= box.x0 < edges.x1 < box.x1 and not clipped:
            room = edges.x1 - box.x0
            if text.get_horizontalalignment() == "center":  # what becomes smaller moves at both ends
                room = 2 * edges.x1 - box.x0 - box.x1
            text.set_fontsize(text.get_fontsize() * max(0.97 * room / box.width, LEAST_SHARE))
        elif text.get_text() and box.x0 < edges.x0 < box.x1 and not clipped:
            share = 0.97 * (box.x1 - edges.x0) / box.width  # written up to what it names
            text.set_fontsize(text.get_fontsize() * max(share, LEAST_SHARE))


def _part_neighbours(axes: Axes) -> None:
    """Set texts that have grown into one beside them on two lines."""
    boxes = [(text, text.get_window_extent()) for text in axes.texts if text.get_text().strip()]
    for text, box in boxes:
        said = text.get_text()
        beside = any(
            box.overlaps(other) and abs(box.y0 + box.y1 - other.y0 - other.y1) < box.height
            for one, other in boxes
            if one is not text
        )
        if beside and " " in said and "\n" not in said:
            text.set_text(textwrap.fill(said, len(said) // 2 + 2, break_long_words=False))


def _make_room(axes: Axes, edges: BboxBase) -> None:
    """Draw values closer together where what is written behind them passes the edge of the sheet."""
    start = axes.get_window_extent().x0
    behind = [
        text.get_window_extent()
        for text in axes.texts
        if text.get_horizontalalignment() == "left"
        and (text.xycoords == "data" if isinstance(text, Annotation) else text.get_transform() == axes.transData)
    ]
    over = [box for box in behind if start < box.x0 < edges.x1 < box.x1 and box.width < 0.5 * edges.width]
    if over:
        low, high = axes.get_xlim()
        factor = max((box.x0 - start) / (edges.x1 - EDGE_SHARE * edges.width - box.width - start) for box in over)
        axes.set_xlim(low, low + factor * (high - low))
