"""Two networks as one: tables joined by id, places that are the same told by name or by nearness."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from corridors.base.errors import InputError, MergeError
from corridors.base.sphere import geodesic_km, in_space
from corridors.data import schema
from corridors.data.parameters import KEYS
from corridors.data.tables import Tables
from corridors.model import parameters
from corridors.model.state import N, State
from corridors.model.view import View
from corridors.network.split import renewed

SIDES = ("ours", "theirs")


def merge(
    net: N,
    other: State,
    *,
    same: Mapping[str, str] | None = None,
    within_km: float | None = None,
    prefer: str | None = None,
) -> N:
    """Give the network with the tables of another added.

    Rows of one id are one row: if both networks have it and say the same, nothing changes, so a network merged with
    itself stays as it is. The other's places may have other ids; `same` and `within_km` tell which they are, and the
    links of the other then end at ours. What is built, closed or opened in either stays so.

    Parameters
    ----------
    net, other
        Networks. Links of the two that run between the same places are kept side by side if their ids differ.
    same
        Places of the other that are places of ours, by id: `{"other-id": "our-id"}`.
    within_km
        Every place of the other whose id we do not have is ours if one of ours, in the same country, lies so near;
        the nearest pair first, each place once.
    prefer
        `ours` or `theirs`: whose row counts where both have one and they differ. By default that is an error.

    Raises
    ------
    MergeError
        Listing every row in which they differ.
    UnknownNameError, InputError
        If `same` names unknown places, or the networks are views of different dates or seasons.
    """
    if prefer is not None and prefer not in SIDES:
        raise InputError("prefer", prefer, f"one of {', '.join(SIDES)}")
    if within_km is not None and not within_km > 0:
        raise InputError("within_km", within_km, "it is positive")
    view = _view(net.view, other.view)
    ids = _same_places(net.tables, other.tables, same or {}, within_km)
    conflicts: list[str] = []
    frames = {}
    for name in schema.tables():
        theirs = _renamed(name, other.tables[name], ids)
        if name == "places":
            theirs = theirs[~other.tables["places"]["id"].isin(ids).to_numpy()]
        joined = _joined(name, net.tables[name], theirs, conflicts, prefer)
        if joined is not None:
            frames[name] = joined
    own, their_own = parameters.overridden(net.tables), parameters.overridden(other.tables)
    conflicts += [
        f"overrides: '{name}' is {own[name]['value']:g} and {their_own[name]['value']:g}"
        for name in own.keys() & their_own.keys()
        if own[name] != their_own[name]
    ]
    if conflicts and prefer is None:
        raise MergeError(sorted(conflicts))
    values = {**own, **their_own} if prefer == "theirs" else {**their_own, **own}
    if not frames and view == net.view and values == own:
        return net
    lines = {**other.tables.alignments, **net.tables.alignments}
    as_of = max(net.tables.as_of, other.tables.as_of)
    made = renewed(net, frames, lines=lines, as_of=as_of)
    tables = parameters.override(made.tables, values) if values != own else made.tables
    return replace(made, tables=tables, view=view, name=f"{net.name} and {other.name}")


def _view(ours: View, theirs: View) -> View:
    """Join two views of the same date and season."""
    for field in ("date", "season"):
        one, other = getattr(ours, field), getattr(theirs, field)
        if one != other:
            raise InputError(
                field, other or "none", f"the networks are views of the same {field}, ours has {one or 'none'}"
            )
    return replace(
        ours,
        built=ours.built | theirs.built,
        closed=ours.closed | theirs.closed,
        opened=(ours.opened | theirs.opened) - ours.closed - theirs.closed,
    )


def _same_places(ours: Tables, theirs: Tables, same: Mapping[str, str], within_km: float | None) -> dict[str, str]:
    """Give the id that we have for places of the other, where it is another."""
    found = {theirs.place(one): ours.place(other) for one, other in same.items()}
    if within_km is None:
        return {one: other for one, other in found.items() if one != other}
    taken = set(found.values()) | set(ours.place_row) & set(theirs.place_row)
    mine, new = ours["places"], theirs["places"]
    new = new[~new["id"].isin({*found, *ours.place_row})]
    # candidates by the straight distance through the earth, a little wide, then the exact one
    trees = [cKDTree(in_space(frame[["lon", "lat"]].to_numpy())) for frame in (new, mine)]
    hits = trees[0].query_ball_tree(trees[1], 1.01 * within_km)
    rows = np.repeat(np.arange(len(new)), [len(hit) for hit in hits])
    one, other = new.iloc[rows], mine.iloc[np.array([i for hit in hits for i in hit], dtype=int)]
    km = geodesic_km(one[["lon", "lat"]], other[["lon", "lat"]])
    fits = (km <= within_km) & (one["country"].to_numpy() == other["country"].to_numpy())
    pairs = [p for p, fit in zip(zip(km, one["id"], other["id"], strict=True), fits, strict=True) if fit]
    for _, place, known in sorted(pairs):
        if place not in found and known not in taken:
            found[place] = known
            taken.add(known)
    return {place: known for place, known in found.items() if place != known}


def _renamed(name: str, frame: pd.DataFrame, ids: Mapping[str, str]) -> pd.DataFrame:
    """Put our ids of places for those of the other."""
    if not ids:
        return frame
    made = frame.copy()
    for column in schema.tables()[name].values():
        if column.refers_to == "places":
            made[column.name] = made[column.name].map(
                lambda cell: schema.SEPARATOR.join(ids.get(i, i) for i in schema.items(cell))
            )
    return made


def _joined(
    name: str, ours: pd.DataFrame, theirs: pd.DataFrame, conflicts: list[str], prefer: str | None
) -> pd.DataFrame | None:
    """Join two tables; None where ours has all of it already."""
    keys = ["id"] if "id" in ours else ["component", "measure", *KEYS]
    mine = {_key(row, keys): (number, row) for number, row in enumerate(ours.to_dict("records"))}
    added, changed = [], {}
    for row in theirs.to_dict("records"):
        key = _key(row, keys)
        if key not in mine:
            added.append(row)
            continue
        number, known = mine[key]
        differing = [str(c) for c in row if not _equal(row[c], known[c])]
        if differing:
            conflicts.append(f"{name}: '{'/'.join(filter(None, map(str, key)))}' differs in {', '.join(differing)}")
            changed[number] = row
    if not added and not (changed and prefer == "theirs"):
        return None
    rows = ours.to_dict("records")
    if prefer == "theirs":
        rows = [changed.get(number, row) for number, row in enumerate(rows)]
    return pd.DataFrame([*rows, *added], columns=list(ours.columns))


def _key(row: Mapping[Hashable, Any], keys: list[str]) -> tuple[Any, ...]:
    return tuple(row[key] for key in keys)


def _equal(one: object, other: object) -> bool:
    return one == other or (one != one and other != other)  # noqa: PLR0124 - both NaN
