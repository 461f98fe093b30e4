"""Parameters by name: found by pattern, overridden, scaled or swapped, with what was overridden kept in mind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
import pandas as pd

from corridors.base.cache import Cache
from corridors.base.errors import InputError, UnknownNameError
from corridors.base.names import near
from corridors.base.reading import read_toml
from corridors.data import bundled, schema
from corridors.data.parameters import parameter_names
from corridors.data.tables import Tables, make_tables

ENDS = ("value", "low", "high")


def find(names: list[str], pattern: str) -> list[int]:
    """Find parameters by name or pattern.

    Parameters
    ----------
    names
        Names of the parameters.
    pattern
        A full name; a pattern with `*`; or some parts of a name, beginning with the component and ending with the
        measure, such as `border/torkham/road/hours` for every side and direction.

    Returns
    -------
    list
        Row numbers.

    Raises
    ------
    UnknownNameError
        With near matches.

    >>> names = ["border/torkham/PK/exit/road/hours", "border/torkham/AF/entry/road/hours", "border/road/hours"]
    >>> find(names, "border/torkham/road/hours"), find(names, "border/road/hours")
    ([0, 1], [2])
    """
    if pattern in names:
        return [names.index(pattern)]
    if "*" in pattern:
        found = [row for row, name in enumerate(names) if fnmatchcase(name, pattern)]
    else:
        found = [row for row, name in enumerate(names) if has_parts(name, pattern)]
    if not found:
        close = near(pattern.replace("/", "-"), [n.replace("/", "-").lower() for n in names], cutoff=0.5)
        by_fold = {n.replace("/", "-").lower(): n for n in names}
        raise UnknownNameError("parameter", pattern, [by_fold[c] for c in close], "net.parameters lists them all.")
    return found


def has_parts(name: str, pattern: str) -> bool:
    """Whether a name of a parameter begins and ends as a pattern, and has all of its parts.

    >>> has_parts("border/torkham/PK/exit/road/hours", "border/torkham/road/hours")
    True
    """
    have, parts = name.split("/"), pattern.split("/")
    return have[0] == parts[0] and have[-1] == parts[-1] and set(parts) <= set(have)


def override(
    tables: Tables,
    changes: Mapping[str, float | Mapping[str, float]] | str | Path | pd.DataFrame,
    scale: Mapping[str, float] | None = None,
) -> Tables:
    """Tables with other parameters; the expansion keeps its structure.

    Parameters
    ----------
    tables
        The tables.
    changes
        Values by name or pattern, in the unit of the table. A number sets the value and moves low and high by the
        same factor; a mapping may set `value`, `low` and `high`. Or a TOML file of these, or a whole table.
    scale
        Factors by name or pattern, on value, low and high. A speed is scaled as a speed.

    Raises
    ------
    UnknownNameError, SchemaError, InputError
        If a name is unknown or a number impossible.
    """
    if isinstance(changes, pd.DataFrame):
        return make_tables({**tables.frames, "parameters": changes}, as_of=tables.as_of,
                           read_alignments=tables.read_alignments)  # fmt: skip
    wanted = read_toml(Path(changes)) if isinstance(changes, str | Path) else changes
    frame = tables.parameters.copy()
    names = parameter_names(frame)
    # rows are changed in an array, which takes a hundredth of the time of rows in a table
    ends, touched = frame[list(ENDS)].to_numpy(dtype=float, copy=True), set[str]()
    for pattern, change in wanted.items():
        for row in find(names, pattern):
            new = _changed(ends[row].tolist(), names[row], change)
            _check_ends(frame, row, names[row], change, new)
            ends[row] = list(new.values())
            touched.add(names[row])
    for pattern, factor in (scale or {}).items():
        if not _number("scale", factor) > 0:
            raise InputError("scale", factor, f"the factor of '{pattern}' is positive")
        for row in find(names, pattern):
            ends[row] *= factor
            _check_ends(frame, row, names[row], factor, dict(zip(ENDS, ends[row].tolist(), strict=True)))
            touched.add(names[row])
    frame[list(ENDS)] = ends
    changed = replace(tables, overrides=frame, overridden=tables.overridden | touched, cache=Cache())
    changed.cache.take(tables.cache, changed)
    return changed


def _number(name: str, given: object) -> float:
    if isinstance(given, int | float | np.number) and not isinstance(given, bool):
        return float(given)
    raise InputError(name, given, "a number, or a table of value, low and high")


def _check_ends(frame: pd.DataFrame, row: int, name: str, change: object, new: Mapping[str, float]) -> None:
    """Expect ends in their order and within the range of the schema."""
    most = schema.tables()["parameters"]["value"].range
    least_is_open = frame.loc[row, "unit"] == "km/h" or frame.loc[row, "component"] == "shift"
    ordered = 0 <= new["low"] <= new["value"] <= new["high"]
    if not ordered or most is None or new["high"] > most.high or (least_is_open and new["low"] == 0):
        shown = ", ".join(f"{end} {number:g}" for end, number in new.items())
        expected = f"0 <= low <= value <= high, at most {1e6:,.0f}, and a speed is positive, as is a shift"
        raise InputError(name, change, f"it would be {shown}; {expected}")


def overridden(tables: Tables) -> dict[str, dict[str, float]]:
    """Value, low and high of the parameters that were overridden, by name."""
    if not tables.overridden:
        return {}
    frame = tables.parameters.set_axis(parameter_names(tables.parameters)).loc[sorted(tables.overridden)]
    return {str(name): {end: float(row[end]) for end in ENDS} for name, row in frame.iterrows()}


def _changed(ends: list[float], name: str, change: float | Mapping[str, float]) -> dict[str, float]:
    """Value, low and high after a change."""
    old = dict(zip(ENDS, ends, strict=True))
    if isinstance(change, Mapping):
        unknown = set(change) - set(ENDS)
        if unknown:
            raise InputError(name, unknown.pop(), f"a parameter has {', '.join(ENDS)}")
        return {**old, **{end: _number(name, v) for end, v in change.items()}}
    number = _number(name, change)
    factor = number / old["value"] if old["value"] else 1.0
    return {"value": number, "low": old["low"] * factor, "high": old["high"] * factor}


def with_bundled(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Add the bundled parameters and commodities to tables that have none of their own, with their sources.

    Parameters of single links, crossings, terminals and services of the reference network are left out.
    """
    reference = bundled.reference()
    new = {table: reference[table] for table in ("parameters", "commodities") if table not in frames}
    if "parameters" in new:
        new["parameters"] = _generic(new["parameters"])
    if new and "id" in (own := frames.get("sources", pd.DataFrame())):
        named = {ident for frame in new.values() for cell in frame["source"] for ident in schema.items(cell)}
        more = reference["sources"]
        new["sources"] = pd.concat([own, more[more["id"].isin(named - set(own["id"]))]], ignore_index=True)
    return {**frames, **new}


def _generic(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out parameters of single links, crossings, terminals and services of the reference network."""
    own = (frame[["link", "crossing", "terminal", "service"]] == "").all(axis=1)
    return frame[own].reset_index(drop=True)


def renewed_tables(tables: Tables, frames: Mapping[str, pd.DataFrame]) -> Tables:
    """Check changed tables; lines, date and overrides of parameters stay.

    Parameters
    ----------
    tables
        Tables of the network.
    frames
        The changed ones by name.

    Raises
    ------
    SchemaError
        Naming what does not fit.

    >>> import corridors as co
    >>> tables = co.load().tables
    >>> renewed_tables(tables, {"links": tables["links"].assign(note="")})["links"]["note"].unique().tolist()
    ['']
    """
    new = make_tables(
        {**tables.frames, **frames}, as_of=tables.as_of, read_alignments=tables.read_alignments, checked=tables
    )
    return replace(new, overrides=tables.overrides, overridden=tables.overridden)
