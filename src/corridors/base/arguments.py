"""Arguments of another kind than a function declares: named, where Python would fail somewhere inside.

A single number, and what is True or False, is looked at before the function works: Python would go on with nan, with
half a draw, and with "no" as if it were yes. Of the rest nothing is looked at while a function works. Only where it
ends with an error of Python are its arguments held against their annotations, and the first that does not fit is the
answer. An error with arguments that all fit is a fault of the library and is left as it is.
"""

from __future__ import annotations

import functools
import inspect
import math
import re
import sys
import types
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from numbers import Integral, Real
from typing import Any, TypeVar

import pandas as pd

from corridors.base.errors import CorridorsError, InputError

Thing = TypeVar("Thing")

RAISED = (TypeError, AttributeError, ValueError, LookupError, ArithmeticError, NotImplementedError)
"""What Python raises inside when an argument is of another kind."""

_MARK = "__checked__"


def checked(thing: Thing, more: Mapping[str, object] | None = None) -> Thing:
    """Function, or class with all its public methods, that names an argument of a kind which it does not take.

    Parameters
    ----------
    thing
        A function or a class.
    more
        Annotations of the options that a function takes as `**options`.

    Raises
    ------
    InputError
        If a number is none, and in place of an error of Python from inside, if an argument does not fit its annotation.

    >>> @checked
    ... def double(number: float) -> float:
    ...     return 2 * number
    >>> double(3)
    6
    >>> double("3")
    Traceback (most recent call last):
    corridors.base.errors.InputError: number='3' is not possible: a number.
    """
    if isinstance(thing, type):
        for name, value in list(vars(thing).items()):
            wanted = name == "__init__" or not name.startswith("_")
            if wanted and isinstance(value, types.FunctionType):
                setattr(thing, name, checked(value))
            elif wanted and isinstance(value, classmethod | staticmethod):
                setattr(thing, name, type(value)(checked(value.__func__)))
        return thing
    if getattr(thing, _MARK, False):
        return thing
    return _answering(thing, more or {})  # type: ignore[arg-type,return-value]  # called as before


def _answering(function: Callable[..., Any], more: Mapping[str, object]) -> Callable[..., Any]:
    numbers: list[tuple[int, str, object, Any]] | None = None

    @functools.wraps(function)
    def answer(*args: Any, **given: Any) -> Any:
        nonlocal numbers
        if numbers is None:
            numbers = _numbers(function, more)
        for place, name, default, hint in numbers:
            value = args[place] if place < len(args) else given.get(name, default)
            if value is not default and not fits(value, hint):
                raise InputError(name, value, described(hint))
        try:
            return function(*args, **given)
        except RAISED as error:
            if not isinstance(error, CorridorsError):
                _refuse(function, more, args, given, error)
            raise

    setattr(answer, _MARK, True)
    return answer


def _numbers(function: Callable[..., Any], more: Mapping[str, object]) -> list[tuple[int, str, object, Any]]:
    """Place (beyond all where only by name), name, default and annotation of single numbers, and of True or False."""
    kinds = inspect.signature(function).parameters.values()
    found: list[tuple[int, str, object, Any]] = []
    for place, one in enumerate(kinds):
        if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY):
            by_place = place if one.kind is one.POSITIONAL_OR_KEYWORD else sys.maxsize
            found.append((by_place, one.name, one.default, hint_of(function, one.name)))
    found += [(sys.maxsize, name, None, hint) for name, hint in more.items()]
    return [row for row in found if row[-1] in _NUMBERS]


def _refuse(
    function: Callable[..., Any],
    more: Mapping[str, object],
    args: tuple[object, ...],
    given: Mapping[str, object],
    error: Exception,
) -> None:
    """Name the first argument that does not fit."""
    signature = inspect.signature(function)
    try:
        bound = signature.bind(*args, **given)
    except TypeError:
        return  # Python says itself which argument is missing or too many
    for name, value, hint in _arguments(signature, bound.arguments, function, more):
        if not fits(value, hint):
            raise InputError(name, value, described(hint)) from error


def _arguments(
    signature: inspect.Signature, values: Mapping[str, Any], function: Callable[..., Any], more: Mapping[str, object]
) -> Iterator[tuple[str, object, object]]:
    """Yield name, value and annotation of what is given."""
    for name, value in values.items():
        one = signature.parameters[name]
        if one.kind is one.VAR_KEYWORD:
            hints = {key: more.get(key, hint_of(function, name)) for key in value}
            yield from ((key, part, hints[key]) for key, part in value.items())
        elif one.kind is one.VAR_POSITIONAL:
            yield from ((name, part, hint_of(function, name)) for part in value)
        else:
            yield name, value, hint_of(function, name)


def hint_of(function: Callable[..., Any], name: str) -> object:
    """Annotation of a parameter as a type; `Any` where it has none, or one that only type checkers know."""
    plain: Any = inspect.unwrap(function)
    text = getattr(plain, "__annotations__", {}).get(name, Any)
    names = plain.__globals__
    if isinstance(text, str):
        # a quoted alias is text for Python; what is of anything needs no brackets, which few classes take
        text = re.sub(r"\w+", lambda word: one if isinstance(one := names.get(word[0]), str) else word[0], text)
        text = text.replace("[Any]", "")
    holder = types.SimpleNamespace(__annotations__={name: text})
    try:
        return typing.get_type_hints(holder, globalns=names)[name]
    except (NameError, TypeError):
        return Any


def fits(value: object, hint: Any) -> bool:
    """Whether a value is what an annotation says; of an iterator, whose parts are gone, only that it is one.

    >>> fits(["a", "b"], list[str]), fits(["a", 3], list[str]), fits(True, int), fits(2, float | None)
    (True, False, False, True)
    >>> fits({"a": float("nan")}, Mapping[str, float]), fits("rail", typing.Literal["road", "sea"])
    (False, False)
    """
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if hint in _PLAIN:
        return _PLAIN[hint][1](value)
    if origin in (typing.Union, types.UnionType):
        return any(fits(value, part) for part in parts)
    if origin is typing.Literal:
        return any(value is part or (isinstance(value, str) and value == part) for part in parts)
    if isinstance(hint, TypeVar):
        return fits(value, _bound(hint))
    kind = dict if typing.is_typeddict(hint) else origin or hint
    own_protocol = getattr(kind, "_is_protocol", False) and kind.__module__.startswith("corridors")
    if not isinstance(kind, type) or own_protocol:
        return True
    return isinstance(value, kind) and _holds(value, kind, parts)


def _holds(value: Any, kind: type, parts: tuple[Any, ...]) -> bool:
    """Whether what a collection holds fits as well."""
    if issubclass(kind, Mapping) and len(parts) == 2:
        return all(fits(key, parts[0]) and fits(one, parts[1]) for key, one in value.items())
    if issubclass(kind, tuple) and parts and parts[-1] is not Ellipsis:
        return len(value) == len(parts) and all(map(fits, value, parts))
    if not issubclass(kind, Iterable) or not parts or issubclass(kind, pd.DataFrame | pd.Series):
        return True
    if isinstance(value, str):
        return value != "" and fits(value, parts[0])
    return not isinstance(value, pd.DataFrame) and (
        not isinstance(value, Collection) or all(fits(one, parts[0]) for one in value)
    )


def _bound(hint: TypeVar) -> object:
    """Class that a type variable stands for; one that is quoted is looked up where the variable is declared."""
    bound: Any = hint.__bound__
    if isinstance(bound, typing.ForwardRef):
        bound = getattr(sys.modules[hint.__module__], bound.__forward_arg__, Any)
    return Any if bound is None else bound


def _number(value: object) -> bool:
    return not isinstance(value, bool) and isinstance(value, Real) and not math.isnan(value)


_PLAIN: dict[Any, tuple[str, Callable[[object], bool]]] = {
    type(None): ("None", lambda value: value is None),
    Any: ("anything", lambda _: True),
    object: ("anything", lambda _: True),
    str: ("a text", lambda value: isinstance(value, str)),
    bool: ("True or False", lambda value: isinstance(value, bool) or type(value).__name__ == "bool_"),
    int: ("a whole number", lambda value: isinstance(value, Integral) and not isinstance(value, bool)),
    float: ("a number", _number),
}
"""Words for plain annotations, and what fits them."""


_NUMBERS: tuple[Any, ...] = (bool, int, float, int | None, float | None)
"""Annotations of a single number, or of yes and no."""


def described(hint: Any) -> str:
    """Annotation in words.

    >>> described(str | None), described(Mapping[str, float]), described(typing.Iterable[str])
    ('a text or None', 'a mapping of a text to a number', 'a list of this: a text')
    """
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(dict.fromkeys(map(described, parts)))
    if origin is typing.Literal:
        return "one of " + ", ".join(map(str, parts))
    if isinstance(hint, TypeVar):
        return described(_bound(hint))
    kind = origin or hint
    if hint in _PLAIN or not isinstance(kind, type):
        return _PLAIN[hint][0] if hint in _PLAIN else str(hint)
    return _kind(kind, parts)


def _kind(kind: type, parts: tuple[Any, ...]) -> str:
    """Class in words, with what it holds."""
    if issubclass(kind, Mapping) and len(parts) == 2:
        return f"a mapping of {described(parts[0])} to {described(parts[1])}"
    if issubclass(kind, tuple) and parts and Ellipsis not in parts:
        return f"{len(parts)} of these together: {', '.join(map(described, parts))}"
    if issubclass(kind, Iterable) and parts:
        return f"a list of this: {described(parts[0])}"
    return f"a {kind.__name__}"
