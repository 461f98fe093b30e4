"""Scenarios: an ordered, named diff of a network, as a call chain or a TOML file, checked before it is applied."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from corridors.base.errors import CorridorsError, DataFileError, ScenarioError, UnknownNameError
from corridors.base.names import near
from corridors.data import bundled
from corridors.network.network import Network
from corridors.whatif.steps import apply_step

ABOUT = ("title", "story", "date", "sources")

LISTS = ("build", "close", "open")
SINGLES = ("at", "season")
MAPPINGS = ("parameters", "scale", "lengths", "change")
KINDS = (*LISTS, *SINGLES, *MAPPINGS)
"""Kinds of steps: projects built, things closed or opened, a date, a season, parameters set or scaled, total lengths
of projects, and one cell of a table changed (with the value that it must have had)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One change; `value` is a tuple of names, a text, or a mapping as a tuple of pairs."""

    kind: str
    value: Any

    def plain(self) -> Any:
        """Give the value as lists and dicts."""
        if self.kind in LISTS:
            return list(self.value)
        if self.kind in MAPPINGS:
            return {key: dict(v) if isinstance(v, tuple) else v for key, v in self.value}
        return self.value

    def __str__(self) -> str:
        value = self.plain()
        return f"{self.kind} {', '.join(value) if isinstance(value, list) else value}"


def _frozen(kind: str, value: Any) -> Any:
    if kind in LISTS:
        return (value,) if isinstance(value, str) else tuple(value)
    if kind in MAPPINGS:
        return tuple((k, tuple(sorted(v.items())) if isinstance(v, Mapping) else v) for k, v in value.items())
    return value


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named list of steps, with its story and sources.

    >>> import corridors as co
    >>> kabul = co.Scenario("kabul").build("uap-kabul").close("AF-PK")
    >>> [str(step) for step in kabul.steps]
    ['build uap-kabul', 'close AF-PK']
    >>> kabul.apply(co.load()).closed
    ['AF-PK']
    """

    name: str
    steps: tuple[Step, ...] = ()
    title: str = ""
    story: str = ""
    date: str = ""
    sources: tuple[str, ...] = ()
    variants: tuple[tuple[str, Scenario], ...] = ()

    def _and(self, kind: str, value: Any) -> Scenario:
        return replace(self, steps=(*self.steps, Step(kind, _frozen(kind, value))))

    def build(self, *projects: str) -> Scenario:
        """Add projects to build."""
        return self._and("build", projects)

    def close(self, *what: str) -> Scenario:
        """Add crossings, pairs of countries, links, terminals or services to close."""
        return self._and("close", what)

    def open(self, *what: str) -> Scenario:
        """Add things to open."""
        return self._and("open", what)

    def at(self, date: str) -> Scenario:
        """Look at a date."""
        return self._and("at", date)

    def in_season(self, season: str) -> Scenario:
        """Look at a season."""
        return self._and("season", season)

    def with_parameters(
        self,
        changes: Mapping[str, float | Mapping[str, float]] | None = None,
        *,
        scale: Mapping[str, float] | None = None,
    ) -> Scenario:
        """Set or scale parameters by name or pattern."""
        found = self._and("parameters", changes) if changes else self
        return found._and("scale", scale) if scale else found

    def with_lengths(self, lengths_km: Mapping[str, float]) -> Scenario:
        """Set total lengths of projects; their links are scaled alike."""
        return self._and("lengths", lengths_km)

    def change(self, ident: str, column: str, *, was: object, to: object) -> Scenario:
        """Change one cell of a link, crossing, terminal or service, which must hold `was` before."""
        return self._and("change", {ident: {"column": column, "was": was, "to": to}})

    def variant(self, name: str) -> Scenario:
        """Give a variant: the same scenario with further steps, such as another published length.

        Raises
        ------
        UnknownNameError
            If there is no such variant.
        """
        known = dict(self.variants)
        if name not in known:
            raise UnknownNameError(f"variant of scenario '{self.name}'", name, near(name, known, cutoff=0.3) or known)
        extra = known[name]
        steps = (*self.steps, *extra.steps)
        return replace(
            extra,
            name=f"{self.name}/{name}",
            steps=steps,
            title=f"{self.title}: {extra.title or name}",
            story=extra.story or self.story,
            date=extra.date or self.date,
            sources=extra.sources or self.sources,
        )

    def apply(self, net: Network) -> Network:
        """Apply every step in order.

        Raises
        ------
        CorridorsError
            Naming the step; the network given is never changed.
        """
        found = net
        for number, step in enumerate(self.steps, start=1):
            try:
                found = apply_step(found, step.kind, step.plain())
            except CorridorsError as error:
                raise ScenarioError(f"scenario '{self.name}', step {number} ({step}): {error}") from error
        return replace(found, name=self.name)

    def diff(self, net: Network) -> pd.DataFrame:
        """List what the scenario changes in a network; see `corridors.whatif.steps.difference`."""
        from corridors.whatif.steps import difference

        return difference(net, self.apply(net))

    def to_toml(self) -> str:
        """Write the scenario as TOML; `read` gives it back without loss."""
        lines = [f"{key} = {_toml(getattr(self, key))}" for key in ABOUT if getattr(self, key)]
        for step in self.steps:
            lines += ["", "[[steps]]", f"{step.kind} = {_toml(step.plain())}"]
        for name, extra in self.variants:
            lines += ["", f"[variants.{name}]"]
            lines += [f"{key} = {_toml(getattr(extra, key))}" for key in ABOUT if getattr(extra, key)]
            lines += [f"steps = [{', '.join(_toml({s.kind: s.plain()}) for s in extra.steps)}]"]
        return "\n".join(lines).strip() + "\n"

    def write(self, path: str | Path) -> Path:
        """Write the scenario into a TOML file."""
        Path(path).write_text(self.to_toml(), encoding="utf8")
        return Path(path)

    @classmethod
    def read(cls, path: str | Path) -> Scenario:
        """Read a scenario from a TOML file.

        Raises
        ------
        DataFileError
            If the file cannot be read, or a key is unknown: with the line and near matches.
        """
        path = Path(path)
        try:
            text = path.read_text(encoding="utf8")
            return _from_dict(path.stem, tomllib.loads(text), text, str(path))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise DataFileError(f"'{path}' cannot be read as TOML: {error}") from error

    def __repr__(self) -> str:
        rows = [f"Scenario '{self.name}'" + (f": {self.title}" if self.title else ""), *map(str, self.steps)]
        if self.variants:
            rows.append(f"variants: {', '.join(name for name, _ in self.variants)}")
        return "\n  ".join(rows)


def _from_dict(name: str, content: Mapping[str, Any], text: str, where: str) -> Scenario:
    for key in content:
        if key not in (*ABOUT, "steps", "variants"):
            raise DataFileError(_misplaced(key, (*ABOUT, "steps", "variants"), text, where))
    for key, value in content.items():
        if not _fits(_FORMS[key], value):
            raise DataFileError(f"{where}, line {_line(key, text)}: {key} = {value!r} has the wrong form.")
    steps = tuple(_steps(content.get("steps", []), text, where))
    extras = tuple((key, _from_dict(key, extra, text, where)) for key, extra in content.get("variants", {}).items())
    about = {key: content.get(key, "") for key in ("title", "story", "date")}
    return Scenario(name, steps, **about, sources=tuple(content.get("sources", ())), variants=extras)


_FORMS = {
    **dict.fromkeys(("title", "story", "date", *SINGLES), "text"),
    **dict.fromkeys(("sources",), "texts"),
    **dict.fromkeys(LISTS, "texts or text"),
    "steps": "tables",
    "variants": "table of tables",
    "parameters": "numbers or tables of numbers",
    "scale": "numbers",
    "lengths": "numbers",
    "change": "table of tables",
}
"""Form of every value of a file."""


def _fits(form: str, value: Any) -> bool:
    """Tell whether a value has a form."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    tests = {
        "text": isinstance(value, str),
        "number": number,
        "texts": isinstance(value, list) and all(isinstance(v, str) for v in value),
        "table": isinstance(value, Mapping),
        "tables": isinstance(value, list) and all(isinstance(v, Mapping) for v in value),
        "table of tables": isinstance(value, Mapping) and all(isinstance(v, Mapping) for v in value.values()),
    }
    if form in tests:
        return tests[form]
    if form == "texts or text":
        return tests["text"] or tests["texts"]
    if not isinstance(value, Mapping):
        return False
    inner = [v.values() if isinstance(v, Mapping) and form != "numbers" else [v] for v in value.values()]
    return all(_fits("number", number) for numbers in inner for number in numbers)


def _steps(rows: Sequence[Mapping[str, Any]], text: str, where: str) -> Iterator[Step]:
    for row in rows:
        for kind, value in row.items():
            if kind not in KINDS:
                raise DataFileError(_misplaced(kind, KINDS, text, where))
            if not _fits(_FORMS[kind], value):
                raise DataFileError(f"{where}, line {_line(kind, text)}: {kind} = {value!r} has the wrong form.")
            yield Step(kind, _frozen(kind, value))


def _misplaced(key: str, known: Sequence[str], text: str, where: str) -> str:
    close = near(key, known, most=1, cutoff=0.4)
    hint = f" Did you mean '{close[0]}'?" if close else f" There are {', '.join(known)}."
    return f"{where}, line {_line(key, text)}: unknown key '{key}'.{hint}"


def _line(key: str, text: str) -> int:
    return next((n for n, line in enumerate(text.splitlines(), start=1) if line.lstrip(" [").startswith(key)), 1)


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f'"{key}" = {_toml(v)}' for key, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    # a basic string of TOML escapes as JSON does
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def scenarios() -> pd.DataFrame:
    """List the bundled scenarios: title, steps, variants and date, by name.

    >>> import corridors as co
    >>> "uap-kabul" in co.scenarios().index
    True
    """
    found = [scenario(path.stem) for path in sorted((bundled.folder() / "scenarios").glob("*.toml"))]
    rows = [(s.name, s.title, "; ".join(map(str, s.steps)), ", ".join(v for v, _ in s.variants), s.date) for s in found]
    return pd.DataFrame(rows, columns=["name", "title", "steps", "variants", "date"]).set_index("name")


def scenario(name: str) -> Scenario:
    """Give a bundled scenario by name, or a variant of it as `name/variant`.

    Raises
    ------
    UnknownNameError
        With near matches.

    >>> import corridors as co
    >>> co.scenario("uap-kabul").title
    'Kabul corridor'
    """
    base, _, extra = name.partition("/")
    path = bundled.folder() / "scenarios" / f"{base}.toml"
    if not path.is_file():
        known = [file.stem for file in path.parent.glob("*.toml")]
        raise UnknownNameError("scenario", name, near(base, known, cutoff=0.4), "co.scenarios() lists them all.")
    found = Scenario.read(path)
    return found.variant(extra) if extra else found
