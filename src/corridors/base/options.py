"""Options that several functions share: declared once, shown in every signature, and a misspelt one is named."""

from __future__ import annotations

import difflib
import functools
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints, is_typeddict

from corridors.base.arguments import checked
from corridors.base.errors import UnknownOptionError

Function = TypeVar("Function", bound=Callable[..., Any])

OPTIONS = "options"
"""Name under which a docstring refers to the options, and of the parameter that takes them."""

WIDTH = 100
"""Longest line of help that is filled in."""


@dataclass(frozen=True, slots=True)
class Default:
    """Default of an option in a `TypedDict`: `labels: Annotated[bool, Default(True, "Whether to write names.")]`.

    Attributes
    ----------
    value
        The default.
    about
        What the option does; stands in the help of every function that takes it.
    """

    value: object
    about: str = ""


def takes(source: type, **defaults: object) -> Callable[[Function], Function]:
    """Let a function take shared options as `**options`, which it gets complete with their defaults.

    Signature and help show every option by name, with its default. Type checkers see `Unpack[source]`, so that one
    `TypedDict` declares the options for both; a dataclass can be given as well, then only the call is checked.

    Parameters
    ----------
    source
        A `TypedDict` whose items are annotated with `Default`, or a dataclass with defaults. What `Default` says of
        each item, or else the section Attributes of its docstring, stands in the help of the function, where the
        docstring has the parameter `options`.
    defaults
        Defaults of this function that differ from those of the source.

    Raises
    ------
    UnknownOptionError
        If the function is called with an option that it does not have (an `InputError`, and a `TypeError`).

    >>> from typing import TypedDict, Unpack
    >>> class Looks(TypedDict, total=False):
    ...     labels: Annotated[bool, Default(True)]
    ...     width_cm: Annotated[float, Default(18.0)]
    >>> @takes(Looks, width_cm=8.0)
    ... def draw(what, **options: Unpack[Looks]):
    ...     return options
    >>> draw("a map", labels=False)
    {'labels': False, 'width_cm': 8.0}
    >>> print(inspect.signature(draw))
    (what, *, labels: bool = True, width_cm: float = 8.0)
    >>> draw("a map", lable=False)
    Traceback (most recent call last):
    corridors.base.errors.UnknownOptionError: draw has no option 'lable'; did you mean 'labels'?
    """
    declared = dict(_parameters(source))
    declared |= {name: declared[name].replace(default=value) for name, value in defaults.items()}

    def wrap(function: Function) -> Function:
        own = inspect.signature(function)
        fixed = [one for one in own.parameters.values() if one.kind is not one.VAR_KEYWORD]
        names = [one.name for one in fixed]
        filled = {name: one.default for name, one in declared.items() if name not in names}
        answer = checked(function, {name: one.annotation for name, one in declared.items()})

        @functools.wraps(function)
        def complete(*args: Any, **given: Any) -> Any:
            for name in given:
                if name not in filled and name not in names:
                    near = difflib.get_close_matches(name, [*names, *filled], n=1)
                    raise UnknownOptionError(function.__name__, name, near, list(filled))
            return answer(*args, **{**filled, **given})

        shown = own.replace(parameters=[*fixed, *(declared[name] for name in filled)])
        complete.__checked__ = True  # type: ignore[attr-defined]  # by `answer`
        complete.__signature__ = shown  # type: ignore[attr-defined]  # read by inspect.signature
        complete.__doc__ = _explained(function.__doc__, source)
        return complete  # type: ignore[return-value]  # called as before

    return wrap


def defaults_of(source: type) -> dict[str, object]:
    """Options of a `TypedDict` or dataclass with their defaults.

    >>> from typing import TypedDict
    >>> class Looks(TypedDict, total=False):
    ...     labels: Annotated[bool, Default(True)]
    >>> defaults_of(Looks)
    {'labels': True}
    """
    return {name: one.default for name, one in _parameters(source)}


@functools.cache
def _parameters(source: type) -> tuple[tuple[str, inspect.Parameter], ...]:
    """Every option as a parameter, with its name; worked out once for all functions that take it."""
    return tuple(_declared(source))


def _declared(source: type) -> Iterator[tuple[str, inspect.Parameter]]:
    hints = get_type_hints(source, include_extras=True)
    if is_dataclass(source):
        made = {one.name: one.default_factory() for one in fields(source) if one.default_factory is not MISSING}
        values = {one.name: one.default for one in fields(source)} | made
    elif is_typeddict(source):
        values = {name: mark.value if (mark := _mark(hint)) else MISSING for name, hint in hints.items()}
    else:
        message = f"{source.__name__} must be a TypedDict or a dataclass"
        raise TypeError(message)
    for name, value in values.items():
        if value is MISSING:
            message = f"option '{name}' of {source.__name__} has no default"
            raise TypeError(message)
        hint = get_args(hints[name])[0] if get_origin(hints[name]) is Annotated else hints[name]
        yield name, inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=value, annotation=hint)


def _mark(hint: object) -> Default | None:
    """Default and text that an item of a `TypedDict` is annotated with."""
    return next((one for one in getattr(hint, "__metadata__", ()) if isinstance(one, Default)), None)


def _explained(text: str | None, source: type) -> str | None:
    """Docstring in which the parameter `options` is replaced by what the source says of each option."""
    hints = get_type_hints(source, include_extras=True)
    texts = {name: mark.about for name, hint in hints.items() if (mark := _mark(hint)) and mark.about}
    fill = functools.partial(textwrap.fill, width=WIDTH, initial_indent="    ", subsequent_indent="    ")
    items = "\n".join(f"{name}\n{fill(about)}" for name, about in texts.items())
    written = inspect.cleandoc(source.__doc__ or "").partition("Attributes\n----------\n")[2]
    items = items or re.split(r"\n\n(?=\S)", written)[0].rstrip()
    if not text or not items:
        return text
    return re.sub(rf"(?m)^{OPTIONS}\n(?: +.*\n?)+", lambda _: items + "\n", inspect.cleandoc(text) + "\n").rstrip("\n")
