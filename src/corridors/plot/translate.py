"""Texts of a finished drawing in another language: titles, axes, legends, notes, and ticks that are words."""

from __future__ import annotations

import re
import textwrap
from typing import Final

from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter, FuncFormatter

from corridors.base.phrases import Phrases

_SPACED: Final = re.compile(r"(?:\S\s)+\S")
_CYRILLIC: Final = re.compile("[А-Яа-я]")


def translate(figure: Figure, say: Phrases) -> None:
    """Bring all texts of a figure into a language; a text without a translation stays, and goes to `say.missing`.

    Parameters
    ----------
    figure
        The figure.
    say
        Phrases of the language.

    >>> figure = Figure()
    >>> axes = figure.subplots()
    >>> _ = axes.set_title("Kabul corridor, 3.5 d"), axes.set_xticks([0], ["rail only"])
    >>> translate(figure, Phrases("ru"))
    >>> axes.get_title(), axes.get_xticklabels()[0].get_text()
    ('Кабульский коридор, 3,5 сут', 'только ж/д')
    """
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            _ticks(axis, say)
    for text in figure.findobj(Text):
        if text.get_text().strip():
            text.set_text(_said(text.get_text(), say))


def _said(text: str, say: Phrases) -> str:
    """Text in the language: names in spaced capitals, wrapped sentences as wide as they were, or line by line."""
    if _SPACED.fullmatch(text):
        name = say.words.name(re.sub(r"\s", "", text).title())
        return " ".join(name.upper()) if _CYRILLIC.search(name) else text
    lines = text.split("\n")
    if len(lines) > 1:
        joined = " ".join(text.split())
        whole = say.phrase(joined) or say.known(joined)
        if whole is not None:
            return textwrap.fill(whole, max(map(len, lines)))
    return "\n".join(map(say, lines))


def _ticks(axis: Axis, say: Phrases) -> None:
    """Words at ticks are made anew at every drawing, from a list."""
    made = axis.get_major_formatter()
    if isinstance(made, FixedFormatter):
        axis.set_major_formatter(FixedFormatter([say(str(label)) for label in made.seq]))
    elif isinstance(made, FuncFormatter):
        label = made.func
        axis.set_major_formatter(FuncFormatter(lambda value, at=None: say(str(label(value, at)))))
