"""What drawings are, and how a result draws itself: by the name of a function of `corridors.plot`."""

from __future__ import annotations

import io
from collections.abc import Callable
from importlib import import_module
from types import MethodType
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PACKAGE, ROOM = __name__.partition(".")[0], ".plot"
"""Where the functions that draw are: asked for by name, because nothing below that room may import it."""

Result = TypeVar("Result")


class drawn(Generic[Result]):  # noqa: N801 - used like a decorator
    """A method that is a function of `corridors.plot`: the object is the first argument of the function.

    The drawing library is loaded when the method is first read; signature and help are those of the function.

    Parameters
    ----------
    name
        Name of the function.

    >>> import corridors as co, inspect
    >>> list(inspect.signature(co.Route.tornado).parameters)[:3]
    ['route', 'measure', 'ax']
    """

    room = ROOM

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, thing: object, owner: type | None = None) -> Callable[..., Result]:
        function: Callable[..., Result] = getattr(import_module(self.room, PACKAGE), self.name)
        return function if thing is None else MethodType(function, thing)


class answered(drawn[Result]):  # noqa: N801 - used like a decorator
    """A method that is a function of a room above, which does not draw: `net.landed` is `co.landed(net, ...)`.

    Parameters
    ----------
    name
        Name of the function.
    room
        Module of the function, from the package, such as `.trade.landed`.

    >>> import corridors as co, inspect
    >>> list(inspect.signature(co.Network.landed).parameters)[:3]
    ['scenarios', 'good', 'market']
    """

    def __init__(self, name: str, room: str) -> None:
        super().__init__(name)
        self.room = room


MAP_DPI, CHART_DPI = 135, 160
"""Dots per inch of pictures in notebooks, where maps weigh most."""

Shown = tuple[bytes, dict[str, Any]]


class Drawing(NamedTuple):
    """A figure and its axes; notebooks show the figure.

    The figure is not known to pyplot, so nothing has to be closed.
    """

    fig: Figure
    ax: Axes

    def savefig(self, fname: Any, **options: Any) -> None:
        """Save the figure: as `matplotlib.figure.Figure.savefig`, to which all goes on."""
        self.fig.savefig(fname, **options)

    def _repr_jpeg_(self) -> Shown | None:
        return _picture(self.fig, "jpeg")

    def _repr_png_(self) -> Shown | None:
        return _picture(self.fig, "png")


class Panels(NamedTuple):
    """A figure of several maps and their axes by name; notebooks show the figure."""

    fig: Figure
    axes: dict[str, Axes]

    def savefig(self, fname: Any, **options: Any) -> None:
        """Save the figure: as `matplotlib.figure.Figure.savefig`, to which all goes on."""
        self.fig.savefig(fname, **options)

    def _repr_jpeg_(self) -> Shown | None:
        return _picture(self.fig, "jpeg")

    def _repr_png_(self) -> Shown | None:
        return _picture(self.fig, "png")


def _picture(figure: Figure, form: str) -> Shown | None:
    """Draw a figure for a notebook in the one form that suits it, unless pyplot shows it by itself.

    A relief makes a PNG of megabytes, so maps are JPEG. Charts are PNG with a palette: sharp, and a third of the size.
    """
    suits = "jpeg" if any(ax.images for ax in figure.axes) else "png"
    if figure.canvas.manager is not None or form != suits:
        return None
    stream = io.BytesIO()
    if form == "jpeg":
        figure.savefig(stream, format="jpeg", dpi=MAP_DPI, pil_kwargs={"quality": 80, "optimize": True})
    else:
        from PIL import Image  # loaded with the first chart

        full = io.BytesIO()
        figure.savefig(full, format="png", dpi=CHART_DPI)
        Image.open(full).convert("RGB").quantize(128).save(stream, "png", optimize=True)
    width, height = figure.get_size_inches() * 96
    return stream.getvalue(), {"width": int(width), "height": int(height)}
