"""Closures: what their targets mean, their form, and whether they can be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from corridors.base.dates import first_day, last_day
from corridors.base.names import fold, near, near_labels
from corridors.data import schema

Frames = Mapping[str, pd.DataFrame]

_JOINTS = re.compile(r"\s*(?:--|[-\u2013\u2014/])\s*")

_TABLES = {"crossing": "crossings", "link": "links", "terminal": "terminals"}
"""Tables of the kinds whose targets are ids of rows."""


def pair_of(text: str) -> str | None:
    """Pair of countries in one form, None for what is none: two codes in order.

    >>> pair_of("pk-af"), pair_of("AF--PK"), pair_of("torkham")
    ('AF-PK', 'AF-PK', None)
    """
    codes = _JOINTS.split(text.strip().upper())
    two = len(codes) == 2 and all(len(code) == 2 and code.isascii() and code.isalpha() for code in codes)
    return "-".join(sorted(codes)) if two else None


def bordering(frames: Frames) -> set[str]:
    """Pairs of countries with a crossing between them.

    >>> import corridors as co
    >>> "AF-PK" in bordering(co.load().tables.frames), "KZ-PK" in bordering(co.load().tables.frames)
    (True, False)
    """
    country = dict(zip(frames["places"]["id"].tolist(), frames["places"]["country"].tolist(), strict=True))
    crossings = frames.get("crossings")
    if crossings is None:
        return set()
    sides = zip(crossings["place_a"].tolist(), crossings["place_b"].tolist(), strict=True)
    pairs = ([country[side] for side in pair] for pair in sides if all(side in country for side in pair))
    return {"-".join(sorted(pair)) for pair in pairs}


def idents(frames: Frames, kind: str) -> set[str]:
    """Everything of a kind that can be closed: ids, pairs of countries, services and their hops, places of ports."""
    if kind == "countries":
        return bordering(frames)
    if kind in ("service", "port"):
        services = frames.get("services")
        columns = ("service", "id") if kind == "service" else ("from_id", "to_id")
        return set() if services is None else set().union(*(services[c].tolist() for c in columns if c in services))
    frame = frames.get(_TABLES[kind])
    return set() if frame is None else set(frame["id"].tolist())


def in_one_form(frames: Frames, kind: str, target: str) -> str:
    """Target as the tables name it: pairs of countries in order, and the id that a spelling such as `Torkham` means.

    >>> import corridors as co
    >>> frames = co.load().tables.frames
    >>> in_one_form(frames, "countries", "pk-af"), in_one_form(frames, "crossing", "Torkham")
    ('AF-PK', 'torkham')
    """
    return _in_one_form(kind, target, idents(frames, kind))


def _in_one_form(kind: str, target: str, there: set[str]) -> str:
    if kind == "countries":
        return pair_of(target) or target
    return fold(target) if target not in there and fold(target) in there else target


def unknown(frames: Frames, kind: str, target: str) -> str:
    """Why a target is none, with near matches; blank for a target that exists.

    >>> import corridors as co
    >>> unknown(co.load().tables.frames, "crossing", "torkam")
    "no crossing 'torkam'; near matches: torkham"
    """
    return _unknown(frames, kind, target, idents(frames, kind))


def _unknown(frames: Frames, kind: str, target: str, there: set[str]) -> str:
    if target in there:
        return ""
    if kind == "countries":
        return no_border(frames, target)
    hints = near_labels(target, {fold(ident): ident for ident in sorted(there)}, most=2)
    what = "port at which a service calls" if kind == "port" else kind
    return f"no {what} '{target}'" + (f"; near matches: {', '.join(hints)}" if hints else "")


def no_border(frames: Frames, target: str) -> str:
    """Why a pair of countries is none that can be closed."""
    pair = pair_of(target)
    if pair is None:
        return f"'{target}' is not two country codes such as AF-PK"
    pairs = sorted(bordering(frames))
    beside = [other for other in pairs if set(other.split("-")) & set(pair.split("-"))]
    return f"no crossing joins the countries '{pair}'; pairs with one: {', '.join(beside or pairs) or 'none'}"


def normalised(closures: pd.DataFrame, frames: Frames) -> pd.DataFrame:
    """Closures with their targets in one form; the same table where all are."""
    there = _idents_by_kind(closures, frames)
    formed = [
        _in_one_form(kind, target, there[kind])
        for kind, target in zip(closures["kind"], closures["target"], strict=True)
    ]
    return closures if formed == closures["target"].tolist() else closures.assign(target=formed)


def _idents_by_kind(closures: pd.DataFrame, frames: Frames) -> dict[str, set[str]]:
    return {kind: idents(frames, kind) for kind in set(closures["kind"])}


def misfits(closures: pd.DataFrame, frames: Frames) -> Iterator[tuple[int, str, str]]:
    """Yield row, column and text of everything that cannot be: targets, modes, dates, months, factors."""
    there = _idents_by_kind(closures, frames)
    for row, closure in enumerate(closures.to_dict("records")):
        kind, target = str(closure["kind"]), str(closure["target"])
        if problem := _unknown(frames, kind, target, there[kind]):
            yield row, "target", problem
        elif problem := modes_misfit(frames, kind, target, schema.items(closure["modes"])):
            yield row, "modes", problem
        start, end = str(closure["start"]), str(closure["end"])
        if start and end and last_day(end) < first_day(start):
            yield row, "end", f"'{end}' is before the start, '{start}'"
        for month in schema.items(closure["months"]):
            if not (month.isascii() and month.isdigit() and 1 <= int(month) <= 12):
                yield row, "months", f"'{month}' is no month: they are numbers from 1 to 12"
        factor = float(closure["headway_factor"])
        if not np.isnan(factor) and not (kind == "port" and 1 < factor <= 1000):
            yield row, "headway_factor", f"{factor:g}: it is above 1, and for the kind port only"


def modes_misfit(frames: Frames, kind: str, target: str, modes: list[str]) -> str:
    """Why modes cannot be named with a target; blank where they can.

    >>> import corridors as co
    >>> modes_misfit(co.load().tables.frames, "crossing", "torkham", ["raod"])
    "'raod' is none of rail, road (did you mean 'road'?)"
    """
    choices = schema.tables()["closures"]["modes"].choices
    for mode in modes:
        if mode not in choices:
            hint = near(mode, choices, most=1)
            return f"'{mode}' is none of {', '.join(choices)}" + (f" (did you mean '{hint[0]}'?)" if hint else "")
    if modes and kind not in ("crossing", "countries"):
        return "modes count at crossings only; leave them out"
    if kind == "crossing":
        crossings = frames["crossings"]
        admitted = schema.items(crossings["modes"].iloc[crossings["id"].tolist().index(target)])
        if modes and not set(modes) & set(admitted):
            return f"'{target}' admits {', '.join(admitted)} only"
    return ""
