"""Tagged ways over numbered vertices: the common form in which every reader hands over what it found."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.sphere import Floats, geodesic_km
from corridors.engine.plan import runs

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Ways:
    """Ways with their tags, and tagged points.

    Attributes
    ----------
    lonlat
        Position of each vertex, shape (vertices, 2); NaN where the file does not hold it.
    ident
        OSM id of each vertex, -1 where it has none.
    refs, start
        Vertices of all ways in a row, and where each way begins in it (one more than there are ways).
    tags
        One row per way, text blank where a tag is missing; `id` is the OSM id of the way.
    points
        One row per tagged point: lon, lat, vertex (-1 off the ways) and tags.
    km
        Stated length of each way, NaN where it is to be measured along the line.
    """

    lonlat: Floats
    ident: Ints
    refs: Ints
    start: Ints
    tags: pd.DataFrame
    points: pd.DataFrame
    km: Floats

    def __len__(self) -> int:
        return len(self.start) - 1

    @property
    def way_of_ref(self) -> Ints:
        """Number of the way that each entry of `refs` belongs to."""
        return np.asarray(np.repeat(np.arange(len(self)), np.diff(self.start)))

    def take(self, rows: Ints) -> Ways:
        """Return some of the ways, by their numbers."""
        length = np.diff(self.start)[rows]
        start = np.append(0, np.cumsum(length))
        refs = self.refs[runs(self.start[rows], length)]
        return replace(self, refs=refs, start=start, tags=self.tags.iloc[rows].reset_index(drop=True), km=self.km[rows])

    def edge_km(self) -> Floats:
        """Measure from each entry of `refs` to the next of the same way; 0 at the last of each way.

        Ways with a stated length have it shared out in proportion.
        """
        km = np.zeros(len(self.refs))
        last = self.start[1:] - 1
        inner = np.ones(len(self.refs), dtype=bool)
        inner[last] = False
        here = np.flatnonzero(inner)
        km[here] = geodesic_km(self.lonlat[self.refs[here]], self.lonlat[self.refs[here + 1]])
        if np.isfinite(self.km).any():
            drawn = np.bincount(self.way_of_ref, km, minlength=len(self))
            factor = np.where(np.isfinite(self.km) & (drawn > 0), self.km / np.where(drawn > 0, drawn, 1), 1.0)
            km *= factor[self.way_of_ref]
        return km


def clean(ways: Ways) -> tuple[Ways, dict[str, int]]:
    """Cut ways where vertices are missing, drop repeated vertices and doubled ways.

    A way of a clipped extract refers to nodes outside it: what is left of the way on this side is kept.

    Returns
    -------
    Ways, dict
        With the number of ways `clipped`, `lost` (less than two vertices left) and `doubled`.
    """
    way = ways.way_of_ref
    placed = np.isfinite(ways.lonlat[ways.refs, 0]) if len(ways.refs) else np.zeros(0, dtype=bool)
    clipped = np.unique(way[~placed])
    refs, of_way = ways.refs[placed], way[placed]
    # a piece ends where the way does or where vertices are missing
    hole = np.diff(np.flatnonzero(placed), prepend=-2) > 1
    begins = hole | np.append(True, of_way[1:] != of_way[:-1])[: len(of_way)]
    repeated = ~begins & np.append(False, refs[1:] == refs[:-1])[: len(refs)]
    begins, refs, of_way = begins[~repeated], refs[~repeated], of_way[~repeated]
    start = np.append(np.flatnonzero(begins), len(refs)).astype(np.int64)
    rows = of_way[start[:-1]] if len(refs) else np.zeros(0, dtype=np.int64)
    # a stated length belongs to the uncut way
    km = np.where(np.isin(rows, clipped), np.nan, ways.km[rows])
    cut = replace(ways, refs=refs, start=start, tags=ways.tags.iloc[rows].reset_index(drop=True), km=km)
    long_enough = np.diff(start) > 1
    single = long_enough & ~_doubled(cut)
    found = {
        "clipped": len(clipped),
        "lost": len(ways) - len(np.unique(rows[long_enough])),
        "doubled": int((long_enough & ~single).sum()),
    }
    return cut.take(np.flatnonzero(single)), found


def _doubled(ways: Ways) -> Mask:
    """Find ways that run over the same vertices as an earlier one, forth or back."""
    seen: set[tuple[object, ...]] = set()
    found = np.zeros(len(ways), dtype=bool)
    kinds = ways.tags.groupby(["railway", "highway", "route", "gauge"]).ngroup().tolist() if len(ways) else []
    for row, (first, last, kind) in enumerate(zip(ways.start[:-1], ways.start[1:], kinds, strict=True)):
        way = ways.refs[first:last]
        forth, back = way.tobytes(), way[::-1].tobytes()
        key = (kind, min(forth, back))
        found[row] = key in seen
        seen.add(key)
    return found
