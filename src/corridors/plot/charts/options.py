"""Options of charts: title, size and note."""

from __future__ import annotations

from typing import Annotated, TypedDict

from corridors.base.errors import InputError
from corridors.base.languages import ENGLISH
from corridors.base.options import Default
from corridors.plot.canvas import size_cm

LEAST_CM, MOST_CM = 5.0, 100.0
"""Width of a chart on paper."""


class ChartOptions(TypedDict, total=False):
    """Options of every chart."""

    title: Annotated[str | None, Default(None, 'Title; by default it says what is shown, and `""` leaves it out.')]
    note: Annotated[bool, Default(True, "Whether to say under the chart what its figures rest on.")]
    width_cm: Annotated[float, Default(18, "Width of a figure of its own.")]
    figsize: Annotated[
        tuple[float, float] | None,
        Default(None, "Width and height of the chart in inches, in place of `width_cm`; title and note come on top."),
    ]
    dpi: Annotated[float | None, Default(None, "Dots per inch of a figure of its own; 150 by default.")]
    lang: Annotated[str, Default(ENGLISH, "Language of all texts, `en` or `ru`; one without a translation stays.")]


class TimeOptions(ChartOptions, total=False):
    """Options of charts that may show hours."""

    unit: Annotated[str | None, Default(None, "Unit of hours, `h` or `d`; by default days from 96 hours on.")]


def width_of(options: ChartOptions) -> float:
    """Width in cm of a figure of its own.

    Raises
    ------
    InputError
        If it cannot be: too small for type, or no width at all.

    >>> width_of({"width_cm": 18}), width_of({"width_cm": 18, "figsize": (10, 4)})
    (18, 25.4)
    """
    width = size_cm(options)[0]
    if not LEAST_CM <= width <= MOST_CM:
        raise InputError("width_cm", width, f"{LEAST_CM:g} to {MOST_CM:g} (a chart's width on paper in cm)")
    return width


def height_of(options: ChartOptions, usual_cm: float) -> float:
    """Height in cm of the axes of a figure of its own: that of `figsize`, or what the chart usually has.

    >>> height_of({"width_cm": 18}, 9.5), height_of({"width_cm": 18, "figsize": (10, 5)}, 9.5)
    (9.5, 12.7)
    """
    asked = size_cm(options)[1]
    return usual_cm if asked is None else asked
