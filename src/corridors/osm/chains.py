"""Chains: ways cut where they meet and joined where they only continue, so that links run from junction to junction."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from corridors.base.sphere import Floats, geodesic_km
from corridors.engine.plan import runs
from corridors.osm.ways import Ints, Mask, Ways


@dataclass(frozen=True, eq=False)
class Chains:
    """Lines between junctions; no chain runs over a change of `code`.

    Attributes
    ----------
    refs, start
        Vertices of all chains in a row, and where each begins (one more than there are chains).
    code
        Number of the attributes (mode, gauges, class, traction, tag class) that all parts of a chain share.
    km
        Length of each chain.
    piece_chain, piece_way, piece_km
        Parts of ways of which the chains are made: chain, way and length.
    """

    refs: Ints
    start: Ints
    code: Ints
    km: Floats
    piece_chain: Ints
    piece_way: Ints
    piece_km: Floats

    def __len__(self) -> int:
        return len(self.code)

    @property
    def first(self) -> Ints:
        """First vertex of each chain."""
        return self.refs[self.start[:-1]]

    @property
    def last(self) -> Ints:
        """Last vertex of each chain."""
        return self.refs[self.start[1:] - 1]

    @property
    def of_ref(self) -> Ints:
        """Number of the chain that each entry of `refs` belongs to."""
        return np.repeat(np.arange(len(self)), np.diff(self.start))

    def along_km(self, lonlat: Floats) -> Floats:
        """Distance in km of each entry of `refs` from the beginning of its chain."""
        step = np.zeros(len(self.refs))
        step[1:] = geodesic_km(lonlat[self.refs[:-1]], lonlat[self.refs[1:]])
        begin = self.start[:-1]
        step[begin] = 0
        total = np.cumsum(step)
        along = total - np.repeat(total[begin], np.diff(self.start))
        drawn = along[self.start[1:] - 1]
        # a stated length is shared out along the line
        factor = np.where(drawn > 0, self.km / np.where(drawn > 0, drawn, 1), 1.0)
        return np.asarray(along * np.repeat(factor, np.diff(self.start)))


@dataclass(frozen=True, eq=False)
class _Pieces:
    """Parts of ways between cuts."""

    first: Ints
    last: Ints
    way: Ints
    begin: Ints
    end: Ints
    km: Floats


def build(ways: Ways, code: Ints, stops: Mask, *, rings: bool = False) -> tuple[Chains, Floats]:
    """Make chains of ways that may all meet each other.

    Parameters
    ----------
    ways
        Ways of one mode.
    code
        Number of the attributes of each way; chains end where it changes.
    stops
        Vertices at which every chain ends.
    rings
        Whether a closed loop without a junction becomes a chain back to where it begins, anywhere on it.

    Returns
    -------
    Chains, array
        And the lengths of closed loops without a junction that are no chains.
    """
    pieces, crowd = _pieces(ways, stops)
    mate = _mates(pieces, code, stops, crowd, len(ways.lonlat))
    order, length = _walk(mate, len(pieces.way))
    if rings and len(order) < len(pieces.way):
        order, length = _walk(_opened(mate, order), len(pieces.way))
    chains = _assemble(ways, pieces, code, order, length)
    used = np.zeros(len(pieces.way), dtype=bool)
    used[order >> 1] = True
    return chains, _loops(pieces, mate, used)


def _pieces(ways: Ways, stops: Mask) -> tuple[_Pieces, Ints]:
    """Cut ways at every vertex where more than one line passes, and at stops."""
    refs, way = ways.refs, ways.way_of_ref
    is_end = np.zeros(len(refs), dtype=bool)
    is_end[ways.start[:-1]] = True
    is_end[ways.start[1:] - 1] = True
    crowd = np.bincount(refs, np.where(is_end, 1, 2), minlength=len(ways.lonlat)).astype(np.int64)
    cut = np.flatnonzero(is_end | (crowd[refs] > 2) | stops[refs])
    same = way[cut[:-1]] == way[cut[1:]]
    begin, end = cut[:-1][same], cut[1:][same]
    total = np.cumsum(ways.edge_km())
    before = np.append(0.0, total)
    return _Pieces(refs[begin], refs[end], way[begin], begin, end, before[end] - before[begin]), crowd


def _mates(pieces: _Pieces, code: Ints, stops: Mask, crowd: Ints, size: int) -> Ints:
    """Find for each end of a piece (2 x piece + side) the one end that continues it, or -1."""
    n = len(pieces.way)
    vertex = np.empty(2 * n, dtype=np.int64)
    vertex[0::2], vertex[1::2] = pieces.first, pieces.last
    mate = np.full(2 * n, -1, dtype=np.int64)
    joint = (np.bincount(vertex, minlength=size) == 2) & (crowd == 2) & ~stops
    ends = np.flatnonzero(joint[vertex])
    ends = ends[np.argsort(vertex[ends], kind="stable")]
    a, b = ends[0::2], ends[1::2]
    fits = code[pieces.way[a >> 1]] == code[pieces.way[b >> 1]]
    mate[a[fits]], mate[b[fits]] = b[fits], a[fits]
    return mate


def _opened(mate: Ints, order: Ints) -> Ints:
    """Cut every ring of pieces at one end of its first piece."""
    opened = mate.copy()
    done = np.zeros(len(mate) // 2, dtype=bool)
    done[order >> 1] = True
    for piece in np.flatnonzero(~done).tolist():
        if done[piece]:
            continue
        at = 2 * piece
        while not done[at >> 1]:
            done[at >> 1] = True
            at = int(mate[at ^ 1])
        opened[[2 * piece, mate[2 * piece]]] = -1
    return opened


def _walk(mate: Ints, n: int) -> tuple[Ints, Ints]:
    """Follow pieces from free end to free end.

    Returns
    -------
    array, array
        2 x piece + 1 if it is run backwards, chain by chain; and the number of pieces of each chain.
    """
    mates = mate.tolist()
    done = bytearray(n)
    order: list[int] = []
    lengths: list[int] = []
    for start in np.flatnonzero(mate < 0).tolist():
        if done[start >> 1]:
            continue
        at, count = start, 0
        while at >= 0:
            done[at >> 1] = 1
            order.append(at)
            count += 1
            at = mates[at ^ 1]
        lengths.append(count)
    return np.array(order, dtype=np.int64), np.array(lengths, dtype=np.int64)


def _assemble(ways: Ways, pieces: _Pieces, code: Ints, order: Ints, length: Ints) -> Chains:
    """Put the vertices of the pieces of each chain in a row."""
    piece, backwards = order >> 1, (order & 1).astype(bool)
    begins = np.zeros(len(order), dtype=bool)
    begins[np.cumsum(length) - length] = True
    first, last = pieces.begin[piece], pieces.end[piece]
    # the joint between two pieces is counted once: the later piece leaves out its first vertex
    count = last - first + np.where(begins, 1, 0)
    forth = runs(np.where(begins, first, first + 1), count)
    of_entry = np.repeat(np.arange(len(order)), count)
    back = (first + last)[of_entry] - forth
    refs = ways.refs[np.where(backwards[of_entry], back, forth)]
    chain = np.repeat(np.arange(len(length)), length)
    vertices = np.bincount(chain, count, minlength=len(length)).astype(np.int64)
    start = np.append(0, np.cumsum(vertices)).astype(np.int64)
    km = np.bincount(chain, pieces.km[piece], minlength=len(length)).astype(np.float64)
    return Chains(refs, start, code[pieces.way[piece[begins]]], km, chain, pieces.way[piece], pieces.km[piece])


def _loops(pieces: _Pieces, mate: Ints, used: Mask) -> Floats:
    """Measure closed loops: rings of pieces that only continue each other."""
    found = []
    left = set(np.flatnonzero(~used).tolist())
    while left:
        at, km = 2 * min(left), 0.0
        while at >> 1 in left:
            left.discard(at >> 1)
            km += pieces.km[at >> 1]
            at = int(mate[at ^ 1])
        found.append(km)
    return np.array(found)


def join(first: Chains, second: Chains) -> Chains:
    """Put two sets of chains together; ways keep their numbers."""
    return replace(
        first,
        refs=np.append(first.refs, second.refs),
        start=np.append(first.start, second.start[1:] + first.start[-1]),
        code=np.append(first.code, second.code),
        km=np.append(first.km, second.km),
        piece_chain=np.append(first.piece_chain, second.piece_chain + len(first)),
        piece_way=np.append(first.piece_way, second.piece_way),
        piece_km=np.append(first.piece_km, second.piece_km),
    )
