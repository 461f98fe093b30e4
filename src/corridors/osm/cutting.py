"""Chains cut at the border: on each side one place, and between the two a crossing without length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from corridors.base.sphere import Floats, geodesic_km, in_space
from corridors.engine.plan import runs
from corridors.osm.borders import Passage
from corridors.osm.chains import Chains
from corridors.osm.ways import Ints, Mask
from corridors.osm.web import Web

BORDER = 1 << 48
"""Keys of border places: BORDER + 2 x crossing, and one more on the side of the second country."""


@dataclass(frozen=True, eq=False)
class Sections:
    """Parts of chains between places.

    Attributes
    ----------
    table
        One row per line: a, b (keys of the places), km, code, origin (the chain).
    lonlat, refs, start
        Vertices, and the lines over them.
    """

    table: pd.DataFrame
    lonlat: Floats
    refs: Ints
    start: Ints


def gather(cuts: list[Passage], on_rail: Mask, web: Web) -> tuple[pd.DataFrame, Ints]:
    """Gather passages of one mode between the same countries within a station's reach into one crossing.

    Returns
    -------
    DataFrame, array
        Crossings (lon, lat, mode, first and second country by number, near_post), and the crossing of each passage.
    """
    columns = ["lon", "lat", "mode", "first", "second"]
    rows = [(*cut.lonlat, "rail" if on_rail[cut.chain] else "road", min(cut.sides), max(cut.sides)) for cut in cuts]
    table = pd.DataFrame(rows, columns=columns)
    if table.empty:
        return table.assign(near_post=False), np.zeros(0, dtype=np.int64)
    where = in_space(table[["lon", "lat"]].to_numpy())
    near = cKDTree(where).query_pairs(web.rules.station_km, output_type="ndarray")
    kind = table.groupby(columns[2:]).ngroup().to_numpy()
    near = near[kind[near[:, 0]] == kind[near[:, 1]]]
    graph = sparse.coo_array((np.ones(len(near)), (near[:, 0], near[:, 1])), shape=(len(table), len(table)))
    _, cluster = csgraph.connected_components(graph, directed=False)
    gathered = table.groupby(cluster).first()
    posts = web.sites.lonlat[web.sites.of_kind("border")]
    km = np.full(len(gathered), np.inf)
    if len(posts):
        km = np.asarray(cKDTree(in_space(posts)).query(in_space(gathered[["lon", "lat"]].to_numpy()))[0])
    return gathered.assign(near_post=km <= web.rules.border_km), cluster.astype(np.int64)


def cut_lines(land: Chains, ends: tuple[Ints, Ints], cuts: list[Passage], of_cut: Ints, lonlat: Floats) -> Sections:
    """Cut chains where they pass a border.

    Parameters
    ----------
    land
        Chains of rail and road.
    ends
        Keys of the places at which each chain begins and ends.
    cuts, of_cut
        Passages, and the crossing of each.
    lonlat
        Position of each vertex.
    """
    by_chain: dict[int, list[tuple[Passage, int, int]]] = {}
    for row, cut in enumerate(cuts):
        by_chain.setdefault(cut.chain, []).append((cut, int(of_cut[row]), len(lonlat) + row))
    uncut = np.ones(len(land), dtype=bool)
    uncut[list(by_chain)] = False
    rows = np.flatnonzero(uncut)
    length = np.diff(land.start)[rows]
    kept = pd.DataFrame(
        {"a": ends[0][rows], "b": ends[1][rows], "km": land.km[rows], "code": land.code[rows], "origin": rows}
    )
    along = land.along_km(lonlat) if cuts else np.zeros(0)
    parts: list[Ints] = []
    table: list[tuple[int, int, float, int, int]] = []
    for chain, passed in by_chain.items():
        span = slice(land.start[chain], land.start[chain + 1])
        passed.sort(key=lambda p: p[0].entry)
        pieces, km, keys = _split(land.refs[span], along[span], passed, lonlat)
        keys = [int(ends[0][chain]), *keys, int(ends[1][chain])]
        parts += pieces
        table += [(keys[2 * i], keys[2 * i + 1], d, int(land.code[chain]), chain) for i, d in enumerate(km)]
    cut_table = pd.DataFrame(table, columns=list(kept.columns))
    sizes = np.concatenate([length, np.array([len(p) for p in parts], dtype=np.int64)])
    return Sections(
        pd.concat([kept, cut_table], ignore_index=True) if table else kept,
        np.vstack([lonlat, *(np.array([cut.lonlat]) for cut in cuts)]),
        np.concatenate([land.refs[runs(land.start[rows], length)], *parts]).astype(np.int64),
        np.append(0, np.cumsum(sizes)),
    )


def _split(
    refs: Ints, along: Floats, passed: list[tuple[Passage, int, int]], lonlat: Floats
) -> tuple[list[Ints], list[float], list[int]]:
    """Split one chain at its passages: vertices and km of the parts, and the keys of the places between them."""
    pieces, km, keys = [], [], []
    begin, done, head = 0, 0.0, np.zeros(0, dtype=np.int64)
    for cut, crossing, vertex in passed:
        here = np.array([lonlat[refs[cut.entry - 1]], cut.lonlat, lonlat[refs[cut.entry]]])
        steps = geodesic_km(here[:-1], here[1:])
        share = steps[0] / max(float(steps.sum()), 1e-12)
        at = along[cut.entry - 1] + share * (along[cut.entry] - along[cut.entry - 1])
        pieces.append(np.concatenate([head, refs[begin : cut.entry], [vertex]]))
        km.append(at - done)
        side = BORDER + 2 * crossing + int(cut.sides[0] > cut.sides[1])
        keys += [side, side ^ 1]
        begin, done, head = cut.entry, at, np.array([vertex])
    pieces.append(np.concatenate([head, refs[begin:]]))
    km.append(along[-1] - done)
    return pieces, km, keys
