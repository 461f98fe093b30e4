"""Check of names: two places of one country whose names are nearly alike are easily confused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.data.tables import Tables
from corridors.network.findings import Hits

LETTERS_MORE = 5
"""Names with so many letters are easily taken for the same name with a letter more."""

LETTERS_OTHER = 10
"""Names with so many letters are easily taken for one with another letter, or with two neighbours exchanged."""

LONGEST = 60
"""Longer names are not compared."""

MOST = 3
"""So many similar names are listed with a place."""

_ANY_LETTER = 0
_Hashes = NDArray[np.uint64]
_Rows = NDArray[np.int64]


def alike_names(tables: Tables) -> Hits:
    """Expect names that are nearly alike to stand in different countries or to carry a note."""
    ids = list(tables["places"]["id"])
    near: dict[int, set[int]] = defaultdict(set)
    for first, second in one_letter_apart(ids, tables["places"]["country"]):
        if "-" not in ids[second]:
            near[second].add(first)
    for row in sorted(near):
        for other in sorted(near[row])[:MOST]:
            yield "warning", "places", row, "name", f"is easily taken for '{ids[other]}'"


def one_letter_apart(names: Sequence[str], groups: Sequence[str] | pd.Series) -> list[tuple[int, int]]:
    """Pairs of rows, the earlier first, whose names one letter tells apart; names with digits are left out.

    The letter is one more (names of `LETTERS_MORE` or more), another, or exchanged with its neighbour (names of
    `LETTERS_OTHER` or more). Every name is looked up without one of its letters, with one left open and with two
    exchanged, by a hash of 64 bits; so time grows with the letters of all names and not with the pairs of names.

    Parameters
    ----------
    names
        Names in one spelling, as ids are.
    groups
        Group of each name; names of different groups are not compared.

    >>> one_letter_apart(["sarahs", "sarakhs", "turkmenabat", "turkmenabad", "turkmenbat"], ["TM"] * 5)
    [(0, 1), (2, 3), (2, 4)]
    """
    words = pd.Series(list(names), dtype=object)
    lengths = words.str.len()
    rows = np.flatnonzero(~words.str.contains(r"\d") & (lengths <= LONGEST) & (lengths >= LETTERS_MORE))
    if len(rows) < 2:
        return []
    codes = words.iloc[rows].to_numpy(dtype=str)
    letters = codes.view(np.uint32).reshape(len(rows), -1)
    group, _ = pd.factorize(pd.Series(list(groups)).iloc[rows])
    pairs = _alike(letters, lengths.to_numpy()[rows], _mixed(group.astype(np.uint64), LONGEST + 1))
    found = np.sort(rows[np.unique(np.vstack(pairs), axis=0)], axis=1)
    return [(int(first), int(second)) for first, second in np.unique(found, axis=0)]


def _alike(letters: NDArray[np.uint32], lengths: NDArray[np.int64], group: _Hashes) -> list[_Rows]:
    """Pairs of rows that differ by one letter; the hash of a name is the sum over its places and that of its group."""
    wide = letters.astype(np.uint64)
    places = range(wide.shape[1])
    whole = group + sum((_cell(wide, lengths, place, place) for place in places), np.zeros_like(group))
    # what follows a letter that is left out stands one place further to the front
    moved = sum((_cell(wide, lengths, place, place - 1) for place in places if place), np.zeros_like(group))
    order = np.argsort(whole, kind="stable")
    before = group.copy()
    found = [np.zeros((0, 2), dtype=np.int64)]
    for place in places:
        here = _cell(wide, lengths, place, place)
        if place:
            moved = moved - _cell(wide, lengths, place, place - 1)
        inside = lengths > place
        found.append(_same_as(before + moved, inside & (lengths > LETTERS_MORE), whole, order))
        open_letter = whole - here + _mixed(np.full(len(wide), _ANY_LETTER, dtype=np.uint64), place)
        found.append(_same_among(open_letter, inside & (lengths >= LETTERS_OTHER)))
        if place + 1 < wide.shape[1]:
            both = here + _cell(wide, lengths, place + 1, place + 1)
            turned = _mixed(wide[:, place + 1], place) + _mixed(wide[:, place], place + 1)
            swaps = (lengths > place + 1) & (lengths >= LETTERS_OTHER) & (wide[:, place] != wide[:, place + 1])
            found.append(_same_as(whole - both + turned, swaps, whole, order))
        before = before + here
    return found


def _cell(letters: _Hashes, lengths: NDArray[np.int64], place: int, as_place: int) -> _Hashes:
    """Hashes of the letters at one place as if they stood at another; zero beyond the end of a name."""
    return np.where(lengths > place, _mixed(letters[:, place], as_place), np.uint64(0))


def _mixed(values: _Hashes, place: int) -> _Hashes:
    """Hashes of values at a place, with all bits mixed (the finalizer of splitmix64)."""
    offset = (place + 1) * 0x9E3779B97F4A7C15 % 2**64
    mixed = values + np.uint64(offset)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    found: _Hashes = mixed ^ (mixed >> np.uint64(31))
    return found


def _same_as(wanted: _Hashes, asked: NDArray[np.bool_], whole: _Hashes, order: _Rows) -> _Rows:
    """Pairs of a row that is asked for and a row whose name has the wanted hash."""
    rows = np.flatnonzero(asked)
    spot = np.minimum(np.searchsorted(whole, wanted[rows], sorter=order), len(order) - 1)
    hit = whole[order[spot]] == wanted[rows]
    return np.column_stack([rows[hit], order[spot[hit]]])


def _same_among(hashes: _Hashes, asked: NDArray[np.bool_]) -> _Rows:
    """Pairs of the first row with a hash and each later one that has it, too."""
    rows = np.flatnonzero(asked)
    order = rows[np.argsort(hashes[rows], kind="stable")]
    new = np.concatenate([[True], hashes[order[1:]] != hashes[order[:-1]]])[: len(order)]
    first = order[np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))] if len(order) else order
    return np.column_stack([first[~new], order[~new]])
