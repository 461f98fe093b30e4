"""A link that a scenario adds: the arguments of `add_link` as they stand in a step and in a file, and back."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from shapely.geometry import LineString

from corridors.base.dates import date_text
from corridors.base.errors import InputError, UnknownOptionError
from corridors.base.names import near
from corridors.network.add import add_link

ENDS = {"from": "from_place", "to": "to_place"}
"""Names of the ends in a step."""

OPTIONS = tuple(
    name for name, one in inspect.signature(add_link).parameters.items() if one.kind is inspect.Parameter.KEYWORD_ONLY
)
"""Names of the other arguments, which are the same in a step."""


def as_step(from_place: object, to_place: object, options: Mapping[str, object]) -> dict[str, Any]:
    """Value of a step, in texts, numbers and lists, that adds a link.

    Parameters
    ----------
    from_place, to_place, options
        As in `corridors.network.add.add_link`.

    Raises
    ------
    UnknownOptionError
        If there is no such option, with near matches.

    >>> as_step("Herat", ("New Town", 33.5, 63.1), {"mode": "road", "opened": 2031})
    {'from': 'Herat', 'to': ['New Town', 33.5, 63.1], 'mode': 'road', 'opened': '2031'}
    """
    _check(options, OPTIONS)
    found: dict[str, Any] = {"from": _plain(from_place), "to": _plain(to_place)}
    for name, value in options.items():
        if value is not None:
            found[name] = date_text(value, name=name) if name == "opened" else _plain(value)
    return found


def as_arguments(step: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments of `add_link` of the value of a step.

    Parameters
    ----------
    step
        Value of the step, as `as_step` makes it and files have it.

    Raises
    ------
    InputError
        If an end or the mode is missing, or there is no such option.

    >>> as_arguments({"from": "Herat", "to": ["New Town", 33.5, 63.1], "mode": "road"})["to_place"]
    ('New Town', 33.5, 63.1)
    """
    _check(step, (*ENDS, *OPTIONS))
    for name in (*ENDS, "mode"):
        if name not in step:
            raise InputError(f"add_link.{name}", None, "a link has from, to and mode")
    ends = {ENDS[name]: tuple(end) if isinstance(end := step[name], list) else end for name in ENDS}
    return {**ends, **{name: value for name, value in step.items() if name not in ENDS}}


def _check(names: Mapping[str, object], allowed: tuple[str, ...]) -> None:
    for name in names:
        if name not in allowed:
            raise UnknownOptionError("add_link", name, near(name, allowed, most=1, cutoff=0.5), allowed)


def _plain(value: Any) -> Any:
    """Value as TOML can hold it."""
    if isinstance(value, LineString):
        return [list(point) for point in value.coords]
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
