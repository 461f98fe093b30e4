"""Kinds of words that commands take: how they are completed by the shell, and those that are not plain text.

Completions are those of the reference network, also where a command reads another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import click
from click.shell_completion import CompletionItem

import corridors as co
from corridors.base.units import MEASURES


class Word(click.ParamType):  # type: ignore[type-arg]  # not generic in click 8.1
    """A name of something, which the shell completes.

    Parameters
    ----------
    name
        What it is the name of; stands in the help.
    choices
        Function of no arguments that lists the names.
    """

    def __init__(self, name: str, choices: Callable[[], Iterable[str]]) -> None:
        self.name, self._choices = name, choices

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - as click calls it
        """List the names that begin with what was typed, in either case."""
        begun = incomplete.casefold()
        return [CompletionItem(word) for word in self._choices() if word.casefold().startswith(begun)]


class Place(Word):
    """A place by id, name in any script, or latitude and longitude."""


class WordOrFile(Word):
    """A name of something, or a file that stands for one."""

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """List the names that begin with what was typed; without any, the shell looks for files."""
        return super().shell_complete(ctx, param, incomplete) or [CompletionItem(incomplete, type="file")]


class Objective(Word):
    """A measure, or weights of several such as `cost=1,hours=0.5`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Measure, or dict of weights."""
        if not isinstance(value, str) or "=" not in value:
            return value
        weights: dict[str, float] = {}
        for part in value.split(","):
            name, _, number = part.partition("=")
            try:
                weights[name.strip()] = float(number)
            except ValueError:
                self.fail(f"'{part}' is no weight: weights are written cost=1,hours=0.5", param, ctx)
        return weights


@cache
def _ids(table: str) -> tuple[str, ...]:
    return tuple(sorted(co.load().tables.rows(table)))


def _scenarios() -> tuple[str, ...]:
    table = co.scenarios()
    variants = [f"{name}/{one}" for name, found in table["variants"].items() for one in str(found).split(", ") if one]
    return tuple(sorted([*table.index, *variants]))


def _countries() -> tuple[str, ...]:
    return tuple(sorted(set(co.load().places["country"])))


def _pairs() -> set[str]:
    tables = co.load().tables
    ends = zip(*(map(tables.country, tables["crossings"][end]) for end in ("place_a", "place_b")), strict=True)
    return {"-".join(sorted(pair)) for pair in ends}


PLACE = Place("place", lambda: _ids("places"))
PLACE_OR_SET = Place("place", lambda: (*_ids("sets"), *_ids("places")))
COMMODITY = Word("good", lambda: _ids("commodities"))
SCENARIO = WordOrFile("scenario", _scenarios)
PROJECT = WordOrFile("project", lambda: sorted({*_ids("projects"), *_scenarios()}))
CLOSURE = Word("what", lambda: (*sorted(_pairs()), *_ids("crossings")))
AVOIDED = Word("what", lambda: ("rail", "road", "sea", *_countries(), *sorted(_pairs()), *_ids("crossings")))
COUNTRY = Word("country", _countries)
OBJECTIVE = Objective("measure", lambda: MEASURES)
