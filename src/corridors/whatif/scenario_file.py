"""Steps of a scenario and how they stand in a file: keys, the form of every value, and messages about wrong ones."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corridors.base.errors import DataFileError, shortened
from corridors.base.names import near

ABOUT = ("title", "story", "date", "sources")
PARTS = "parts"
"""Key of named parts of what a scenario builds, such as its stages: lists of projects by name."""

LISTS = ("build", "close", "open")
SINGLES = ("at", "season", "in_year", "years")
MAPPINGS = ("parameters", "scale", "lengths", "change", "stages", "gauge", "add_link")
KINDS = (*LISTS, *SINGLES, *MAPPINGS)
"""Kinds of steps: projects built, things closed or opened, a date, a season, a year up to which lines have opened,
which statements date what is built, parameters set or scaled, total lengths of projects, one cell of a table changed
(with the value that it must have had), years from which projects are in use, gauges of projects, and a link added."""

FORMS = {
    **dict.fromkeys(("title", "story", "date", *SINGLES), "text"),
    **dict.fromkeys(("sources",), "texts"),
    **dict.fromkeys(LISTS, "texts or text"),
    PARTS: "texts by name",
    "steps": "tables",
    "variants": "table of tables",
    "parameters": "numbers or tables of numbers",
    "scale": "numbers",
    "lengths": "numbers",
    "change": "table of tables",
    "stages": "texts or numbers by name",
    "gauge": "numbers",
    "add_link": "table",
}
"""Form of every value of a file."""


@dataclass(frozen=True, slots=True)
class Step:
    """One change; `value` is a tuple of names, a text, or a mapping as a tuple of pairs."""

    kind: str
    value: Any

    def plain(self) -> Any:
        """Value as lists and dicts."""
        if self.kind in LISTS:
            return list(self.value)
        if self.kind in MAPPINGS:
            return {key: _thawed(v) for key, v in self.value}
        return self.value

    def __str__(self) -> str:
        value = self.plain()
        return f"{self.kind} {', '.join(value) if isinstance(value, list) else value}"


def frozen(kind: str, value: Any) -> Any:
    """Value of a step in a form that cannot change.

    Parameters
    ----------
    kind, value
        Kind of the step, and its value.

    >>> frozen("build", ["ml-1"]), frozen("scale", {"line_haul/hours": 2})
    (('ml-1',), (('line_haul/hours', 2),))
    """
    if kind in LISTS:
        return (value,) if isinstance(value, str) else tuple(value)
    if kind in MAPPINGS:
        return tuple((k, _frozen(v)) for k, v in value.items())
    return value


@dataclass(frozen=True, slots=True)
class _Pairs:
    """A table within a step."""

    of: tuple[tuple[str, Any], ...]


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _Pairs(tuple(sorted((key, _frozen(v)) for key, v in value.items())))
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value


def _thawed(value: Any) -> Any:
    if isinstance(value, _Pairs):
        return {key: _thawed(v) for key, v in value.of}
    return list(map(_thawed, value)) if isinstance(value, tuple) else value


def fits(form: str, value: Any) -> bool:
    """Whether a value has a form of `FORMS`.

    Parameters
    ----------
    form, value
        Name of the form, and the value.

    >>> fits("numbers", {"ml-1": 2.0}), fits("text", 2)
    (True, False)
    """
    number = isinstance(value, int | float) and not isinstance(value, bool)
    tests = {
        "text": isinstance(value, str),
        "number": number,
        "texts": isinstance(value, list) and all(isinstance(v, str) for v in value),
        "table": isinstance(value, Mapping),
        "tables": isinstance(value, list) and all(isinstance(v, Mapping) for v in value),
        "texts or numbers by name": isinstance(value, Mapping)
        and all(isinstance(v, str | int) and not isinstance(v, bool) for v in value.values()),
        "texts by name": isinstance(value, Mapping)
        and all(isinstance(v, list) and all(isinstance(i, str) for i in v) for v in value.values()),
        "table of tables": isinstance(value, Mapping) and all(isinstance(v, Mapping) for v in value.values()),
    }
    if form in tests:
        return tests[form]
    if form == "texts or text":
        return tests["text"] or tests["texts"]
    if not isinstance(value, Mapping):
        return False
    inner = [v.values() if isinstance(v, Mapping) and form != "numbers" else [v] for v in value.values()]
    return all(fits("number", number) for numbers in inner for number in numbers)


def misplaced(key: str, allowed: Sequence[str], text: str, where: str) -> str:
    """Message about a key that does not belong into a file: its line, and what was meant.

    Parameters
    ----------
    key, allowed
        The key, and those that can stand there.
    text, where
        Text of the file, and its name.

    >>> misplaced("biuld", KINDS, 'biuld = ["ml-1"]', "mine.toml")
    "mine.toml, line 1: unknown key 'biuld'. Did you mean 'build'?"
    """
    close = near(key, allowed, most=1, cutoff=0.4)
    hint = f" Did you mean '{close[0]}'?" if close else f" There are {', '.join(allowed)}."
    return f"{where}, line {line_of(key, text)}: unknown key '{shortened(key)}'.{hint}"


def misformed(key: str, value: object, text: str, where: str) -> str:
    """Message about a value that has not the form of its key: its line, and the value.

    Parameters
    ----------
    key, value
        The key, and its value.
    text, where
        Text of the file, and its name.

    >>> misformed("build", 5, "build = 5", "mine.toml")
    'mine.toml, line 1: build = 5 has the wrong form.'
    """
    return f"{where}, line {line_of(key, text)}: {key} = {shortened(repr(value))} has the wrong form."


def line_of(key: str, text: str) -> int:
    r"""Number of the line on which a key stands, 1 if it is not found.

    Parameters
    ----------
    key, text
        The key, and the text of the file.

    >>> line_of("close", 'title = "x"\n[[steps]]\nclose = ["AF-PK"]')
    3
    """
    return next((n for n, line in enumerate(text.splitlines(), start=1) if line.lstrip(" [").startswith(key)), 1)


def as_toml(value: Any) -> str:
    """Value of TOML as it is written.

    Parameters
    ----------
    value
        Value of a step, or what it is made of.

    >>> as_toml({"build": ["ml-1"]})
    '{"build" = ["ml-1"]}'
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{as_toml(str(key))} = {as_toml(v)}" for key, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    # a basic string of TOML escapes as JSON does
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def check_keys(content: Mapping[str, Any], text: str, where: str) -> None:
    """Expect the keys of a scenario, each with a value of its form.

    Parameters
    ----------
    content
        What stands in the file, or in a variant.
    text, where
        Text of the file, and its name.

    Raises
    ------
    DataFileError
        With the line of a wrong key or value.

    >>> check_keys({"title": "Mine", "steps": []}, "", "mine.toml")
    """
    allowed = (*ABOUT, PARTS, "steps", "variants")
    for key in content:
        if key not in allowed:
            raise DataFileError(misplaced(key, allowed, text, where))
    for key, value in content.items():
        if not fits(FORMS[key], value):
            raise DataFileError(misformed(key, value, text, where))


def read_steps(rows: Sequence[Mapping[str, Any]], text: str, where: str) -> Iterator[Step]:
    """Yield the steps of a file; the error names the line of a key or value that does not fit.

    Parameters
    ----------
    rows
        Tables of the file, each with the kinds and values of steps.
    text, where
        Text of the file, and its name.

    >>> [str(step) for step in read_steps([{"build": "ml-1"}], "", "mine.toml")]
    ['build ml-1']
    """
    for row in rows:
        for kind, value in row.items():
            if kind not in KINDS:
                raise DataFileError(misplaced(kind, KINDS, text, where))
            if not fits(FORMS[kind], value):
                raise DataFileError(misformed(kind, value, text, where))
            yield Step(kind, frozen(kind, value))
