"""Shared options: defaults are filled in, signatures and help show them, a misspelt one is refused."""

from __future__ import annotations

import inspect
import pickle
from dataclasses import dataclass, field
from typing import Annotated, TypedDict, Unpack

import pytest

from corridors.base.errors import CorridorsError, InputError
from corridors.base.options import Default, defaults_of, takes


class Looks(TypedDict, total=False):
    """How a thing looks.

    Attributes
    ----------
    color
        Name of a colour.
    width_cm
        Width on paper,
        in centimetres.

    >>> Looks(color="red")
    {'color': 'red'}
    """

    color: Annotated[str | None, Default(None)]
    width_cm: Annotated[float, Default(18.0)]


class Framed(Looks, total=False):
    """The same with a frame."""

    frame: Annotated[bool, Default(True, "Whether a frame " + "of many words " * 12 + "is drawn.")]


@dataclass(frozen=True)
class Question:
    """What is asked."""

    by: str = "generalized"
    avoid: list[str] = field(default_factory=list)


@takes(Looks, width_cm=8.0)
def draw(thing: str, shade: str = "black", **options: Unpack[Looks]) -> tuple[str, str, Looks]:
    """Draw a thing.

    Parameters
    ----------
    thing
        What is drawn.
    options
        As in `Looks`.

    Returns
    -------
    str
        The thing.
    """
    return thing, shade, options


class Asked:
    @takes(Question)
    def route(self, origin: str, /, **options: object) -> tuple[str, Question]:
        return origin, Question(**options)  # type: ignore[arg-type]


def test_defaults_are_filled_in_and_may_differ_by_function() -> None:
    assert draw("x") == ("x", "black", {"color": None, "width_cm": 8.0})
    assert draw("x", "red", width_cm=3.0) == ("x", "red", {"color": None, "width_cm": 3.0})

    @takes(Framed)
    def framed(**options: Unpack[Framed]) -> Framed:
        return options

    assert framed(frame=False) == {"color": None, "width_cm": 18.0, "frame": False}


def test_signature_shows_each_option_with_type_and_default() -> None:
    shown = inspect.signature(draw)
    assert list(shown.parameters) == ["thing", "shade", "color", "width_cm"]
    assert shown.parameters["shade"].kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    width = shown.parameters["width_cm"]
    assert (width.kind, width.default, width.annotation) == (inspect.Parameter.KEYWORD_ONLY, 8.0, float)
    assert list(inspect.signature(Asked().route).parameters) == ["origin", "by", "avoid"]


def test_help_says_what_the_options_are() -> None:
    text = inspect.getdoc(draw) or ""
    assert "thing\n    What is drawn.\ncolor\n    Name of a colour.\nwidth_cm\n    Width on paper,\n" in text
    assert "    in centimetres.\n\nReturns\n-------\nstr\n    The thing." in text
    assert "As in `Looks`" not in text


def test_help_is_taken_from_the_defaults_where_they_say_it() -> None:
    @takes(Framed)
    def framed(**options: Unpack[Framed]) -> None:
        """Frame.

        Parameters
        ----------
        options
            As in `Framed`.

        >>> 1
        1
        """

    lines = (framed.__doc__ or "").split("\n")
    assert lines[4] == "frame"
    assert lines[5].startswith("    Whether a frame of many words")
    assert lines[6].startswith("    ")
    assert max(map(len, lines)) <= 100
    assert lines[-3:] == ["", ">>> 1", "1"]


def test_a_dataclass_declares_options_as_well() -> None:
    assert Asked().route("a", by="hours") == ("a", Question("hours", []))
    with pytest.raises(InputError, match="route has no option 'avoids'; did you mean 'avoid'"):
        Asked().route("a", avoids=["b"])


def test_a_misspelt_option_is_refused_with_the_near_one() -> None:
    with pytest.raises(InputError, match=r"draw has no option 'widht_cm'; did you mean 'width_cm'\?") as caught:
        draw("x", widht_cm=3.0)  # type: ignore[call-arg]
    assert isinstance(caught.value, TypeError)
    assert isinstance(caught.value, CorridorsError)
    with pytest.raises(InputError, match=r"no option 'shades'; did you mean 'shade'\?"):
        draw("x", shades="red")  # type: ignore[call-arg]
    with pytest.raises(InputError, match=r"no option 'zzz'; it takes color, width_cm\."):
        draw("x", zzz=1)  # type: ignore[call-arg]


def test_what_lacks_a_default_cannot_declare_options() -> None:
    class Bare(TypedDict, total=False):
        size: int

    with pytest.raises(TypeError, match="'size' of Bare has no default"):
        takes(Bare)
    with pytest.raises(TypeError, match="must be a TypedDict or a dataclass"):
        takes(dict)


def test_defaults_of_a_source() -> None:
    assert defaults_of(Framed) == {"color": None, "width_cm": 18.0, "frame": True}
    assert defaults_of(Question) == {"by": "generalized", "avoid": []}


def test_functions_with_options_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(draw)) is draw  # noqa: S301
