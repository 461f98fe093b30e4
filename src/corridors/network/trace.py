"""Lines for links: the way of each link is found on a detailed network, its length is kept.

The same search draws the alignments of the reference network (`data/geo/layers`).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import scipy
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString

from corridors.base import names
from corridors.base.arguments import checked
from corridors.base.cache import Cache
from corridors.base.errors import InputError, UnknownNameError
from corridors.base.progress import progress
from corridors.base.sphere import Floats, in_space
from corridors.model.state import N, State

Mask = NDArray[np.bool_]

LOWEST, HIGHEST = 0.65, 1.30
"""Accepted length on the detailed network, as a share of the length of the link."""

SHORTEST_KM = 8.0
"""Shorter links are left straight: snapping would decide their shape."""

CONNECTOR_WEIGHT = 3.0
"""Going from a place to the network counts threefold, so that paths do not cut corners."""

OTHER_PLACE_KM = 2.0
"""A path that avoids other places keeps this distance from them."""

MARGIN_DEG = 1.0
"""The detailed network is used so far around the links."""


@dataclass(frozen=True)
class Path:
    """A path on the network: its length along the lines, and its positions without the ends."""

    km: float
    lonlat: Floats


def symmetric(pairs: NDArray[np.int64], km: Floats, size: int) -> scipy.sparse.csr_matrix:
    """Build a symmetric matrix of lengths; the shortest of parallel edges counts."""
    order = np.argsort(km, kind="stable")
    low, high = pairs[order].min(axis=1), pairs[order].max(axis=1)
    _, first = np.unique(low.astype(np.int64) * size + high, return_index=True)
    low, high, length = low[first], high[first], np.maximum(km[order][first], 1e-6)
    half = scipy.sparse.coo_matrix((length, (low, high)), shape=(size, size))
    found: scipy.sparse.csr_matrix = (half + half.T).tocsr()
    return found


class Finder:
    """Finds ways between places that lie on or near a network of lines.

    The places are joined to all nodes of the network within `snap_km`. Nodes are numbered first, then the places.
    """

    def __init__(self, lonlat: Floats, pairs: NDArray[np.int64], km: Floats, places: Floats, *, snap_km: float) -> None:
        self.nodes = len(lonlat)
        self.positions = np.vstack([lonlat, places])
        self.places = scipy.spatial.cKDTree(in_space(places))
        hits: Any = scipy.spatial.cKDTree(in_space(lonlat)).query_ball_point(in_space(places), snap_km)
        ends = np.repeat(np.arange(len(places)), [len(row) for row in hits]) + self.nodes
        near_by = np.array([node for row in hits for node in sorted(row)], dtype=np.int64)
        gaps = np.linalg.norm(in_space(self.positions[ends]) - in_space(self.positions[near_by]), axis=1)
        pairs = np.vstack([pairs, np.column_stack([ends, near_by])])
        self.km = symmetric(pairs, np.concatenate([km, gaps]), len(self.positions))
        self.weight = symmetric(pairs, np.concatenate([km, CONNECTOR_WEIGHT * gaps]), len(self.positions))

    def find(self, start: int, end: int, length_km: float, usable: Mask | None = None) -> Path | None:
        """Find the path between two places whose length is nearest to that of the link, None if none fits.

        The shortest path is sought twice, freely and keeping clear of the other places.

        Parameters
        ----------
        start, end
            Numbers of the places.
        length_km
            Length of the link.
        usable
            Nodes and places that may be passed; the ends always may.
        """
        if length_km < SHORTEST_KM:
            return None
        found = [path for avoid in (False, True) if (path := self._shortest(start, end, usable, avoid=avoid))]
        fitting = [path for path in found if LOWEST <= path.km / length_km <= HIGHEST]
        return min(fitting, key=lambda path: abs(path.km / length_km - 1), default=None)

    def _shortest(self, start: int, end: int, usable: Mask | None, *, avoid: bool) -> Path | None:
        ends = np.array([start, end]) + self.nodes
        allowed = np.ones(len(self.positions), dtype=bool) if usable is None else usable.copy()
        allowed[self.nodes :] = False
        if avoid:
            allowed &= ~self._near_others(ends)
        allowed[ends] = True
        kept = np.flatnonzero(allowed)
        source, target = np.searchsorted(kept, ends)
        graph = self.weight[kept][:, kept]
        reach, before = scipy.sparse.csgraph.dijkstra(graph, indices=source, return_predecessors=True)
        if np.isinf(reach[target]):
            return None
        steps = [target]
        while steps[-1] != source:
            steps.append(before[steps[-1]])
        path = kept[steps[::-1]]
        return Path(float(self.km[path[:-1], path[1:]].sum()), self.positions[path[1:-1]])

    def _near_others(self, ends: NDArray[np.int64]) -> Mask:
        """Mark the nodes that are nearer to another place than to the ends, and near."""
        gap, nearest = self.places.query(in_space(self.positions), distance_upper_bound=OTHER_PLACE_KM)
        return np.asarray(np.isfinite(gap) & ~np.isin(nearest + self.nodes, ends), dtype=bool)


COLUMNS = ["id", "traced", "length_km", "base_km", "difference_km", "difference_pct", "reason"]


@checked
def trace(
    net: N, base: State, links: str | Iterable[str] | None = None, *, snap_km: float = 12.0, again: bool = False
) -> tuple[N, pd.DataFrame]:
    """Return the network with lines for its straight links, found on a detailed network, and a report.

    Every end of a link is joined to the nodes of the detailed network of the same mode and gauge that lie within
    `snap_km`. Of the shortest path and the shortest that keeps clear of other places, the one is taken whose length is
    nearer to the length of the link, if it is 35 % shorter to 30 % longer. The length of the link stays what it was;
    the report sets it beside the length on the detailed network.

    Parameters
    ----------
    net
        The network whose links need lines.
    base
        The detailed network. The lines of its links are followed point by point, with their `length_km`.
    links
        Ids of the links; by default all that have no line.
    snap_km
        How far the network may lie from a place.
    again
        Trace links that have a line, too.

    Returns
    -------
    tuple
        The network, and a table with one row per link: id, traced, length_km, base_km (length on the detailed
        network), difference_km and difference_pct (base against link), and the reason where it was not traced.

    Raises
    ------
    UnknownNameError, InputError
        If there is no such link, or an argument is wrong.

    >>> import corridors as co
    >>> net = co.load()
    >>> bare = co.Network.from_graph(net.select(country="UZ", mode="rail").graph())
    >>> traced, report = co.trace(bare, net, ["navoi--bukhara:rail-1520"], again=True)
    >>> bool(report["traced"].iloc[0]), bool(abs(report["difference_pct"].iloc[0]) < 5)
    (True, True)
    """
    if not snap_km > 0:
        raise InputError("snap_km", snap_km, "it is positive")
    rows = _wanted(net, links, again=again)
    report: list[dict[str, object]] = []
    lines = dict(net.tables.alignments)
    table = net.tables["links"]
    systems = names.system(table["mode"], table["gauge_mm"]).iloc[rows]
    for system, group in systems.groupby(systems, sort=False):
        found, report_rows = _trace_system(net, base, str(system), list(group.index), snap_km=snap_km)
        lines |= found
        report += report_rows
    frame = pd.DataFrame(report, columns=COLUMNS).set_index("id").reindex(table["id"].iloc[rows]).reset_index()
    tables = replace(net.tables, read_alignments=partial(dict, lines), cache=Cache())
    return replace(net, tables=tables), frame


def _wanted(net: State, links: str | Iterable[str] | None, *, again: bool) -> list[int]:
    """Row numbers of the links to trace."""
    rows = net.tables.rows("links")
    existing = net.tables.alignments
    ids = list(rows) if links is None else [links] if isinstance(links, str) else list(links)
    for ident in ids:
        if ident not in rows:
            raise UnknownNameError("link", ident, names.near(ident, rows))
    bare = [ident for ident in ids if again or ident not in existing or existing[ident][1] in ("straight", "chord")]
    return sorted(rows[ident] for ident in bare)


def _trace_system(
    net: State, base: State, system: str, rows: list[int], *, snap_km: float
) -> tuple[dict[str, tuple[LineString, str]], list[dict[str, object]]]:
    """Trace the links of one system; return the lines that were found, and the rows of the report."""
    tables = net.tables
    links = tables["links"].iloc[rows]
    ids = sorted({*links["from_id"], *links["to_id"]})
    number = {place: row for row, place in enumerate(ids)}
    positions = np.array([tables.point(place).coords[0] for place in ids])
    ways = _ways(base, system, positions)
    finder = Finder(*ways, positions, snap_km=snap_km) if ways else None
    lines, report = {}, []
    for row in progress(list(links.to_dict("records")), f"tracing {system}", least=50):
        record = {"id": row["id"], "traced": False, "length_km": row["length_km"], "reason": ""}
        start, end = number[row["from_id"]], number[row["to_id"]]
        path = finder.find(start, end, row["length_km"]) if finder else None
        if path is None:
            short = f"shorter than {SHORTEST_KM:g} km" if row["length_km"] < SHORTEST_KM else ""
            record["reason"] = short or f"no way of {LOWEST:.0%} to {HIGHEST:.0%} of its length"
        else:
            more = path.km - row["length_km"]
            record |= {"traced": True, "base_km": path.km, "difference_km": more}
            record["difference_pct"] = 100 * more / row["length_km"]
            lines[str(row["id"])] = (_line(positions[start], path.lonlat, positions[end]), "traced")
        report.append({str(key): value for key, value in record.items()})
    return lines, report


def _line(first: Floats, between: Floats, last: Floats) -> LineString:
    drawn = LineString(np.vstack([first, between, last]))
    line = shapely.remove_repeated_points(drawn)
    return line if len(line.coords) > 1 else drawn


def _ways(base: State, system: str, positions: Floats) -> tuple[Floats, NDArray[np.int64], Floats] | None:
    """Lines of the detailed network around some places: points, pairs of them, and km along the links."""
    tables = base.tables
    links = tables["links"]
    on_system = (names.system(links["mode"], links["gauge_mm"]) == system).to_numpy() & base.links_in_use()
    rows = np.flatnonzero(on_system)
    all_lines = tables.lines("links")
    low, high = positions.min(axis=0) - MARGIN_DEG, positions.max(axis=0) + MARGIN_DEG
    shapes = np.array([all_lines[row] for row in rows], dtype=object)
    rows = rows[shapely.intersects(shapely.box(*low, *high), shapes)]
    if not len(rows):
        return None
    ends = links[["from_id", "to_id"]].iloc[rows].to_numpy(dtype=object)
    parts = []
    for row, pair in zip(rows, ends, strict=True):
        points = shapely.get_coordinates(all_lines[row])
        # links meet in their places, wherever their lines end
        points[[0, -1]] = [tables.point(end).coords[0] for end in pair]
        parts.append(points)
    return stack_lines(parts, links["length_km"].to_numpy()[rows])


def stack_lines(parts: Sequence[Floats], length_km: Floats) -> tuple[Floats, NDArray[np.int64], Floats]:
    """Lines as one graph, in which equal points are one node.

    Parameters
    ----------
    parts
        Longitudes and latitudes in degrees of the points of each line, shape (points, 2).
    length_km
        Length of each line, shared out along it.

    Returns
    -------
    tuple
        Longitudes and latitudes of the nodes; numbers of both nodes of each edge; km of each edge.

    >>> square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]])
    >>> lonlat, pairs, km = stack_lines([square, square[:2]], np.array([20.0, 5.0]))
    >>> len(lonlat), pairs.tolist(), km.round(2).tolist()
    (3, [[0, 1], [1, 2], [0, 1]], [10.0, 10.0, 5.0])
    """
    lengths = []
    for points, total_km in zip(parts, length_km, strict=True):
        steps = np.linalg.norm(np.diff(in_space(points), axis=0), axis=1)
        total = steps.sum()
        lengths.append(steps * (total_km / total if total else 0.0))
    nodes, number = np.unique(np.round(np.vstack(parts), 7), axis=0, return_inverse=True)
    starts = np.cumsum([0, *map(len, parts)])
    tails = np.concatenate([np.arange(a, b - 1) for a, b in itertools.pairwise(starts)])
    pairs = number.ravel()[np.column_stack([tails, tails + 1])].astype(np.int64)
    km = np.concatenate(lengths)
    apart = pairs[:, 0] != pairs[:, 1]
    return nodes.astype(float), pairs[apart], km[apart]
