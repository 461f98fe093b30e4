"""Targets: what can be closed or opened, which rows of the tables that are, and what the last word on them is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from corridors.base.cache import Slot, unchanged
from corridors.base.errors import InputError, UnknownNameError
from corridors.base.names import near
from corridors.data import closures
from corridors.data.tables import Tables

KINDS = ("crossing", "countries", "link", "service", "terminal", "port")
"""Kinds of targets, as in the column `kind` of the table `closures`."""

MODES_OF_CROSSINGS = ("rail", "road")

Scope = frozenset[tuple[str, int, str]]
"""Table, row and mode (blank but for crossings) of everything that a target is."""


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """A thing that is closed or opened: a crossing, a pair of countries, a link, a service, a terminal, a port."""

    kind: str
    ident: str
    modes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.ident + (f" ({', '.join(self.modes)})" if self.modes else "")


_FOUND = Slot[Target]("targets by name", most=2000, carried=unchanged)


def find_target(tables: Tables, name: str) -> Target:
    """Find what a name means that is to be closed or opened.

    Raises
    ------
    UnknownNameError
        If it is no crossing, pair of countries with a crossing, link, terminal, service or port; with near matches.

    >>> import corridors as co
    >>> [find_target(co.load().tables, name).ident for name in ("Torkham", "pk-af", "Bandar Abbas")]
    ['torkham', 'AF-PK', 'bandar-abbas']
    """
    return tables.cache.get(_FOUND, name, lambda: _find_target(tables, name))


def _find_target(tables: Tables, name: str) -> Target:
    for kind in ("crossing", "link", "terminal", "service", "port"):
        ident = closures.in_one_form(tables.frames, kind, name)
        if ident in closures.idents(tables.frames, kind):
            return Target(kind, ident)
    kinds = "crossing, pair of countries, link, terminal, service or port"
    if (pair := closures.pair_of(name)) is not None:
        if problem := closures.unknown(tables.frames, "countries", pair):
            raise UnknownNameError("pair of countries with a crossing", name, (), f"{problem[0].upper()}{problem[1:]}.")
        return Target("countries", pair)
    names = [*tables.rows("crossings"), *tables.rows("links"), *tables.rows("terminals")]
    raise UnknownNameError(kinds, name, near(name, names, cutoff=0.5))


def target_of(tables: Tables, text: str) -> Target:
    """Target as files hold it: kind, id and modes, such as `crossing torkham road`.

    Raises
    ------
    InputError
        If the kind, the id or a mode is none.

    >>> import corridors as co
    >>> str(target_of(co.load().tables, "countries pk-af road"))
    'AF-PK (road)'
    """
    kind, _, rest = text.partition(" ")
    ident, _, modes = rest.partition(" ")
    if kind not in KINDS or not ident:
        raise InputError("target", text, f"a kind ({', '.join(KINDS)}) and an id")
    ident, named = closures.in_one_form(tables.frames, kind, ident), [mode for mode in modes.split(",") if mode]
    problem = closures.unknown(tables.frames, kind, ident) or closures.modes_misfit(tables.frames, kind, ident, named)
    if problem:
        raise InputError("target", text, problem)
    return Target(kind, ident, tuple(named))


_SCOPES = Slot[Scope]("rows by target", most=200, carried=unchanged)


def scope(tables: Tables, target: Target) -> Scope:
    """Rows that a target is; empty if it does not exist.

    >>> import corridors as co
    >>> tables = co.load().tables
    >>> scope(tables, Target("crossing", "torkham")) < scope(tables, Target("countries", "AF-PK"))
    True
    """
    return tables.cache.get(_SCOPES, target, lambda: frozenset(_rows(tables, target)))


def _rows(tables: Tables, target: Target) -> Iterable[tuple[str, int, str]]:
    ident = target.ident
    if target.kind in ("crossing", "countries"):
        one = target.kind == "crossing"
        rows = tables.column("crossings", "id") == ident if one else crossings_between(tables, ident)
        return [
            ("crossings", row, mode)
            for row in np.flatnonzero(rows).tolist()
            for mode in target.modes or MODES_OF_CROSSINGS
        ]
    services = tables["services"]
    if target.kind == "service":
        return [("services", row, "") for row in _where(services, ["service", "id"], ident)]
    if target.kind == "port":
        terminals = tables["terminals"]
        here = terminals["place"] == ident
        quays = [row for row in _where(terminals, ["from_system", "to_system"], "sea") if here[row]]
        calls = _where(services, ["from_id", "to_id"], ident)
        return [*(("services", row, "") for row in calls), *(("terminals", row, "") for row in quays)]
    table = f"{target.kind}s"
    row = tables.rows(table).get(ident)
    return [] if row is None else [(table, row, "")]


def _where(frame: pd.DataFrame, columns: list[str], value: str) -> list[int]:
    """Rows of a table that have a value in one of some columns."""
    found: list[int] = np.flatnonzero((frame[columns] == value).any(axis=1)).tolist()
    return found


def country_pair(pair: str) -> tuple[str, str]:
    """Codes of a pair of countries such as `AF-PK`."""
    first, _, second = pair.partition("-")
    return first, second


def crossings_between(tables: Tables, pair: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Mask of the crossings between two countries (`AF-PK`)."""
    wanted = set(country_pair(pair))
    country = tables["places"].set_index("id")["country"]
    crossings = tables["crossings"]
    sides = zip(crossings["place_a"].map(country), crossings["place_b"].map(country), strict=True)
    return np.array([{a, b} == wanted for a, b in sides], dtype=bool)


def without(tables: Tables, old: Iterable[Target], new: Iterable[Target]) -> frozenset[Target]:
    """What is left of targets after others have the last word on part of them.

    A target that is wider than a new one stays whole, because what is set for less holds against what is set for
    more. One that overlaps is left as its other rows.

    >>> import corridors as co
    >>> tables = co.load().tables
    >>> torkham, border = Target("crossing", "torkham"), Target("countries", "AF-PK")
    >>> without(tables, [torkham], [border]), len(without(tables, [border], [torkham]))
    (frozenset(), 1)
    """
    fresh = list(new)
    left: set[Target] = set()
    for target in old:
        rows = scope(tables, target)
        said = [scope(tables, other) for other in fresh]
        if any(rows & part and not part < rows for part in said):
            rest = rows - frozenset().union(*said)
            left |= {_single(tables, row) for row in rest}
        else:
            left.add(target)
    return frozenset(left)


def _single(tables: Tables, row: tuple[str, int, str]) -> Target:
    """Target that is one row of a table."""
    table, number, mode = row
    return Target(table.removesuffix("s"), tables.ident(table, number), (mode,) if mode else ())


def existing(tables: Tables, targets: Iterable[Target]) -> frozenset[Target]:
    """Targets that the tables have."""
    return frozenset(t for t in targets if t.ident in closures.idents(tables.frames, t.kind))
