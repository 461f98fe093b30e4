"""Puts stations, towns and the places of the tables into the network of lines."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csgraph

from layers.network import Lines, great_circle_km, in_space

if TYPE_CHECKING:
    from collections.abc import Sequence

CURATED = Path(__file__).with_name("curated.csv")
CHAIN_END_KM = 10.0  # the ends of a curated chain lie so near to a node of the network
CURVES = 1.04  # a line missing in the network is longer than its straight pieces by this factor
SPARE_KM = 1.0  # an edge is split at a place if its length has room for the detour, give or take so much
LONG_KM = 3.0  # edges of this length are split by every place that they pass with a detour as small as this:
CLOSE_KM, CLOSE_SHARE = 0.3, 0.01
SMALLEST_PIECE = 50  # separate pieces with fewer nodes are left out: they lead nowhere


@dataclass(frozen=True)
class Stop:
    """A place of the tables: how far off its position may be, and whether lines go on beyond it."""

    lonlat: np.ndarray
    error_km: float
    between: bool


@dataclass(frozen=True)
class Chain:
    """A line that the network lacks or draws as one straight stroke, by the positions it passes."""

    action: str
    name: str
    lonlat: np.ndarray


def read_chains(mode: str) -> list[Chain]:
    """Read the curated chains of a mode.

    The action is ``bend`` (an edge of the network runs through these positions), ``add`` (a line that the network
    lacks), ``lead`` (such a line whose last end is not on the network) or ``cut`` (an edge that does not exist).
    """
    with CURATED.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["mode"] == mode]
    return [
        Chain(row["action"], row["name"], np.array([point.split() for point in row["lon_lat"].split(";")], dtype=float))
        for row in rows
    ]


def whole(lines: Lines) -> Lines:
    """Leave out the edges of small separate pieces."""
    _, piece = csgraph.connected_components(lines.matrix, directed=False)
    kept = np.bincount(piece)[piece[lines.pairs[:, 0]]] >= SMALLEST_PIECE
    return replace(lines, pairs=lines.pairs[kept], km=lines.km[kept])


def apply_chain(lines: Lines, chain: Chain) -> Lines:
    """Bend, add or cut one line."""
    gap, ends = lines.space.query(in_space(chain.lonlat[[0, -1]]))
    if chain.action == "lead":
        return _with_stops(lines, ends[:1], chain.lonlat[1:], None)
    if gap.max() > CHAIN_END_KM:
        msg = f"{chain.name}: its end is {gap.max():.0f} km from the network"
        raise ValueError(msg)
    direct = (np.sort(lines.pairs, axis=1) == np.sort(ends)).all(axis=1)
    if direct.any() == (chain.action == "add"):
        msg = f"{chain.name}: the network has {'an' if direct.any() else 'no'} edge between its ends"
        raise ValueError(msg)
    length = float(lines.km[direct].min()) if direct.any() else None
    kept = replace(lines, pairs=lines.pairs[~direct], km=lines.km[~direct])
    if chain.action == "cut":
        return kept
    return _with_stops(kept, ends, chain.lonlat[1:-1], length)


def _with_stops(lines: Lines, ends: np.ndarray, stops: np.ndarray, length_km: float | None) -> Lines:
    """Join two nodes by a chain of new nodes; the length is shared out by straight distance."""
    new = np.arange(lines.size, lines.size + len(stops))
    path = np.concatenate([ends[:1], new, ends[1:]])
    lonlat = np.vstack([lines.lonlat, stops.reshape(-1, 2)])
    straight = great_circle_km(lonlat[path[:-1]], lonlat[path[1:]])
    total = straight.sum() * CURVES if length_km is None else max(length_km, straight.sum())
    grown = replace(lines, lonlat=lonlat)
    return grown.joined(np.column_stack([path[:-1], path[1:]]), straight * total / straight.sum())


def insert_places(lines: Lines, stops: Sequence[Stop], near_km: float, spare_share: float) -> Lines:
    """Split the edges that pass places, first where a place is surely passed, then where one may be.

    Parameters
    ----------
    lines
        The network.
    stops
        The places.
    near_km
        A place with a node of the network so near is joined to that and splits only the edges that pass close by.
    spare_share
        An edge may pass a place if its length and this share of it are enough for the detour.
    """
    share = 1 + spare_share
    detours = [_detours(lines, stop, share)[0].min() for stop in stops]
    ordered = [stops[row] for row in np.argsort(detours, kind="stable")]
    given = lines.space
    for stop in ordered:
        detour, chord = _detours(lines, stop, share)
        lines = _split(lines, stop, (chord >= LONG_KM) & (detour <= CLOSE_KM + CLOSE_SHARE * chord))
    for stop in ordered:
        if stop.between and given.query(in_space(stop.lonlat[None, :]))[0][0] > near_km:
            detour, _ = _detours(lines, stop, share, spare_km=SPARE_KM + 2 * stop.error_km)
            likely = np.isfinite(detour) & (np.arange(len(detour)) == detour.argmin())
            lines = _split(lines, stop, likely)
    return lines


def _detours(lines: Lines, stop: Stop, share: float, *, spare_km: float = SPARE_KM) -> tuple[np.ndarray, np.ndarray]:
    """For each edge its detour by a place, infinite where its length has no room for that, and its chord.

    The shape of an edge is its chord, so an edge may pass a place far off the chord if it is long enough.
    """
    start, end = lines.lonlat[lines.pairs[:, 0]], lines.lonlat[lines.pairs[:, 1]]
    here = np.broadcast_to(stop.lonlat, start.shape)
    chord = great_circle_km(start, end)
    around = great_circle_km(start, here) + great_circle_km(here, end)
    room = (around <= lines.km * share + spare_km) & (chord > 0)
    return np.where(room, around - chord, np.inf), chord


def _split(lines: Lines, stop: Stop, split: np.ndarray) -> Lines:
    """Lead edges through one new node; their lengths are shared out by straight distance."""
    if not split.any():
        return lines
    sides = [great_circle_km(lines.lonlat[lines.pairs[split][:, end]], stop.lonlat[None, :]) for end in (0, 1)]
    factor = np.maximum(lines.km[split] / (sides[0] + sides[1]), 1)
    rest = replace(lines, lonlat=np.vstack([lines.lonlat, stop.lonlat]), pairs=lines.pairs[~split], km=lines.km[~split])
    new = np.full(int(split.sum()), lines.size)
    for end in (0, 1):
        rest = rest.joined(np.column_stack([lines.pairs[split][:, end], new]), sides[end] * factor)
    return rest
