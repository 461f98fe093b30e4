"""Two networks as one: tables joined by id; places that are the same are named, or found by nearness."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import scipy

from corridors.base.errors import InputError, MergeError
from corridors.base.sphere import geodesic_km, in_space
from corridors.data import attribute_rows, schema
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
    """Return the network with the tables of another added.

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

    Returns
    -------
    Network
        Tables of both, in the view of both; `net` itself where the other adds nothing.

    Raises
    ------
    MergeError
        Listing every row in which they differ.
    UnknownNameError, InputError
        If `same` names unknown places, or the networks are views of different dates or seasons.

    >>> import corridors as co
    >>> kz, uz = (co.load().select(country=code) for code in ("KZ", "UZ"))
    >>> len(kz.links), len(uz.links), len(kz.merge(uz).links)
    (189, 96, 278)
    """
    if prefer is not None and prefer not in SIDES:
        raise InputError("prefer", prefer, f"one of {', '.join(SIDES)}")
    if within_km is not None and not within_km > 0:
        raise InputError("within_km", within_km, "it is positive")
    view = _view(net.view, other.view)
    ids = _same_places(net.tables, other.tables, same or {}, within_km)
    frames, conflicts = _frames(net.tables, other.tables, ids, prefer)
    own = parameters.overridden(net.tables)
    values, differing = _overrides(own, parameters.overridden(other.tables), prefer)
    if (conflicts or differing) and prefer is None:
        raise MergeError(sorted(conflicts + differing))
    if not frames and view == net.view and values == own:
        return net
    lines = {**other.tables.alignments, **net.tables.alignments}
    merged = renewed(net, frames, lines=lines, as_of=max(net.tables.as_of, other.tables.as_of))
    tables = parameters.override(merged.tables, values) if values != own else merged.tables
    return replace(merged, tables=tables, view=view, name=f"{net.name} and {other.name}")


def _frames(
    ours: Tables, theirs: Tables, ids: Mapping[str, str], prefer: str | None
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Tables of ours that change, joined with theirs, and the rows in which the two differ."""
    frames: dict[str, pd.DataFrame] = {}
    conflicts: list[str] = []
    for name in schema.tables():
        rows = _renamed(name, theirs[name], ids)
        if name == "places":
            rows = rows[~theirs["places"]["id"].isin(ids).to_numpy()]
        joined = _joined(name, ours[name], rows, conflicts, prefer)
        if joined is not None:
            frames[name] = joined
    return frames, conflicts


Overrides = dict[str, dict[str, float]]


def _overrides(ours: Overrides, theirs: Overrides, prefer: str | None) -> tuple[Overrides, list[str]]:
    """Parameters that either network overrides, and those in which the two differ."""
    conflicts = [
        f"overrides: '{name}' is {ours[name]['value']:g} and {theirs[name]['value']:g}"
        for name in ours.keys() & theirs.keys()
        if ours[name] != theirs[name]
    ]
    return ({**ours, **theirs} if prefer == "theirs" else {**theirs, **ours}), conflicts


def _view(ours: View, theirs: View) -> View:
    """Join two views of the same date and season."""
    for field in ("date", "season", "horizon"):
        one, other = getattr(ours, field), getattr(theirs, field)
        if one != other:
            raise InputError(
                field, other or "none", f"the networks are views of the same {field}, ours has {one or 'none'}"
            )
    return replace(
        ours,
        built=ours.built | theirs.built,
        openings=frozenset({**dict(theirs.openings), **dict(ours.openings)}.items()),
        closed=ours.closed | theirs.closed,
        opened=(ours.opened | theirs.opened) - ours.closed - theirs.closed,
    )


def _same_places(ours: Tables, theirs: Tables, same: Mapping[str, str], within_km: float | None) -> dict[str, str]:
    """Our ids of places of the other, by its id, where the two differ."""
    found = {theirs.place(one): ours.place(other) for one, other in same.items()}
    if within_km is None:
        return {one: other for one, other in found.items() if one != other}
    taken = set(found.values()) | set(ours.place_row) & set(theirs.place_row)
    mine, new = ours["places"], theirs["places"]
    new = new[~new["id"].isin({*found, *ours.place_row})]
    # candidates by the straight distance through the earth, a little wide, then the exact one
    trees = [scipy.spatial.cKDTree(in_space(frame[["lon", "lat"]].to_numpy())) for frame in (new, mine)]
    hits = trees[0].query_ball_tree(trees[1], 1.01 * within_km)
    rows = np.repeat(np.arange(len(new)), [len(hit) for hit in hits])
    one, other = new.iloc[rows], mine.iloc[np.array([i for hit in hits for i in hit], dtype=int)]
    km = geodesic_km(one[["lon", "lat"]], other[["lon", "lat"]])
    fits = (km <= within_km) & (one["country"].to_numpy() == other["country"].to_numpy())
    pairs = [p for p, fit in zip(zip(km, one["id"], other["id"], strict=True), fits, strict=True) if fit]
    for _, place, mine_id in sorted(pairs):
        if place not in found and mine_id not in taken:
            found[place] = mine_id
            taken.add(mine_id)
    return {place: mine_id for place, mine_id in found.items() if place != mine_id}


def _renamed(name: str, frame: pd.DataFrame, ids: Mapping[str, str]) -> pd.DataFrame:
    """Put our ids of places for those of the other."""
    if not ids:
        return frame
    made = frame.copy()
    if name == "attributes":
        about = zip(made["subject"], made["kind"], strict=True)
        made["subject"] = [attribute_rows.renamed(subject, kind, ids) for subject, kind in about]
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
        number, existing = mine[key]
        differing = [str(c) for c in row if not _equal(row[c], existing[c])]
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
