"""Sites: stations, freight terminals, border posts and towns, and the points of lines that belong to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from corridors.base.names import fold
from corridors.base.sphere import KM_PER_DEG, Floats, in_space, lon_scale
from corridors.osm.chains import Chains
from corridors.osm.rules import Rules
from corridors.osm.tags import BORDER_POINTS, FREIGHT_AREAS
from corridors.osm.ways import Ints, Mask, Ways

_NO_FREIGHT = ("subway", "light_rail", "tram", "monorail", "funicular")


@dataclass(frozen=True, eq=False)
class Sites:
    """Points that are places.

    Attributes
    ----------
    table
        One row per site: name, lon, lat, kind (`station`, `terminal`, `border`, `city`, `town`), freight and
        gauge_conversion (both bool).
    """

    table: pd.DataFrame

    def __len__(self) -> int:
        return len(self.table)

    @property
    def lonlat(self) -> Floats:
        """Positions, shape (sites, 2)."""
        return np.asarray(self.table[["lon", "lat"]], dtype=float)

    def of_kind(self, *kinds: str) -> Ints:
        """Rows of some kinds."""
        return np.flatnonzero(self.table["kind"].isin(kinds).to_numpy())


def find(points: pd.DataFrame, rules: Rules) -> Sites:
    """Pick the sites among tagged points; a station that is mapped twice under one name is one site."""
    railway, place = points["railway"], points["place"]
    passenger = points["station"].isin(_NO_FREIGHT)
    for name in ("subway", "light_rail", "tram", "monorail"):
        passenger |= (points[name] == "yes") & (points["station"] != "train") & (railway == "station")
    freight = points["industrial"].isin(FREIGHT_AREAS) | (railway == "yard")
    border = np.logical_or.reduce([points[key] == value for key, value in BORDER_POINTS])
    kind = np.select(
        [freight.to_numpy(), (railway.isin(rules.stations) & ~passenger).to_numpy(),
         (railway == "gauge_conversion").to_numpy(), border, place.isin(rules.towns).to_numpy()],
        ["terminal", "station", "station", "border", place.to_numpy(dtype=object)], default="",
    )  # fmt: skip
    name = points["name:en"].where(points["name:en"] != "", points["name"])
    table = pd.DataFrame({"name": name, "lon": points["lon"], "lat": points["lat"], "kind": kind})
    table = table.assign(freight=freight, gauge_conversion=railway == "gauge_conversion")
    table = table[table["kind"] != ""].reset_index(drop=True)
    return Sites(_once(table, rules.station_km))


def _once(table: pd.DataFrame, radius_km: float) -> pd.DataFrame:
    """Merge sites of one name and kind that stand within twice the radius of each other."""
    named = np.flatnonzero((table["name"] != "").to_numpy())
    if len(named) < 2 or radius_km == 0:
        return table
    near = cKDTree(in_space(table[["lon", "lat"]].to_numpy()[named])).query_pairs(2 * radius_km, output_type="ndarray")
    folded = table["name"].map(fold).to_numpy(dtype=object)
    urban = table["kind"].isin(["city", "town"]).to_numpy()
    gone = set()
    for a, b in named[near].tolist():
        first, second = min(a, b), max(a, b)
        alike = folded[first] == folded[second] != "" and urban[first] == urban[second]
        if alike and first not in gone:
            for name in ("freight", "gauge_conversion"):
                table.loc[first, name] |= table.loc[second, name]
            gone.add(second)
    return table.drop(index=sorted(gone)).reset_index(drop=True)


def add_vertices(ways: Ways, rows: Mask, lonlat: Floats, radius_km: float) -> Ways:
    """Put a vertex where a long straight piece of a way passes a site, so that the line can be cut there.

    Parameters
    ----------
    ways, rows
        Ways, and which of them are looked at.
    lonlat, radius_km
        Sites, and how near a line must pass.
    """
    if len(lonlat) == 0 or len(ways) == 0 or radius_km == 0:
        return ways
    way = ways.way_of_ref
    at = np.flatnonzero((np.diff(way, append=-1) == 0) & rows[way])
    a, b = ways.lonlat[ways.refs[at]], ways.lonlat[ways.refs[at + 1]]
    scale = lon_scale((a[:, 1] + b[:, 1]) / 2)
    long = np.hypot((b[:, 0] - a[:, 0]) * scale, b[:, 1] - a[:, 1]) * KM_PER_DEG > radius_km
    at, a, b = at[long], a[long], b[long]
    if len(at) == 0:
        return ways
    pieces: Any = shapely.linestrings(np.stack([a, b], axis=1))
    tree = shapely.STRtree(pieces)
    reach = radius_km / KM_PER_DEG / lon_scale(np.clip(lonlat[:, 1], -80, 80))
    site, edge = tree.query(shapely.box(*(lonlat - reach[:, None]).T, *(lonlat + reach[:, None]).T))
    share, gap_km, rest_km = _foot(lonlat[site], a[edge], b[edge])
    good = (gap_km <= radius_km) & (rest_km > radius_km / 4)
    return _insert(ways, at[edge[good]], share[good], a[edge[good]], b[edge[good]])


def _foot(point: Floats, a: Floats, b: Floats) -> tuple[Floats, Floats, Floats]:
    """Foot of a point on a straight piece: its share, its distance, and that of the nearer end from it, in km."""
    scale = np.column_stack([lon_scale(point[:, 1]), np.ones(len(point))]) * KM_PER_DEG
    along, to = (b - a) * scale, (point - a) * scale
    square = np.maximum((along**2).sum(axis=1), 1e-12)
    share = np.clip((along * to).sum(axis=1) / square, 0, 1)
    gap = np.linalg.norm(to - share[:, None] * along, axis=1)
    return share, gap, np.minimum(share, 1 - share) * np.sqrt(square)


def _insert(ways: Ways, after: Ints, share: Floats, a: Floats, b: Floats) -> Ways:
    """Insert vertices into ways after entries of `refs`."""
    order = np.lexsort((share, after))
    after, share, a, b = after[order], share[order], a[order], b[order]
    new = a + share[:, None] * (b - a)
    number = len(ways.lonlat) + np.arange(len(after))
    added = np.bincount(ways.way_of_ref[after], minlength=len(ways))
    return replace(
        ways,
        lonlat=np.vstack([ways.lonlat, new]),
        ident=np.append(ways.ident, np.full(len(after), -1)),
        refs=np.insert(ways.refs, after + 1, number),
        start=ways.start + np.append(0, np.cumsum(added)),
    )


def catch(chains: Chains, ways: Ways, lonlat: Floats, radius_km: float) -> tuple[Ints, Ints]:
    """Find the vertices of lines that belong to sites: of every chain that passes within the radius the nearest.

    Returns
    -------
    array, array
        Vertices and the row of the site of each; a vertex that two sites reach belongs to the nearer.
    """
    if len(lonlat) == 0 or len(chains) == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    site, entry, km = _within(chains, ways, lonlat, radius_km)
    chain = chains.of_ref[entry]
    order = np.lexsort((km, chain, site))
    site, entry, km, chain = site[order], entry[order], km[order], chain[order]
    best = np.append(True, (site[1:] != site[:-1]) | (chain[1:] != chain[:-1]))[: len(site)]
    return _nearer(chains.refs[entry[best]], site[best], km[best])


def nearest(chains: Chains, ways: Ways, lonlat: Floats, radius_km: float) -> tuple[Ints, Ints, Floats]:
    """Find for each point the nearest vertex of any chain within the radius.

    Returns
    -------
    array, array, array
        Vertices, the row of the point of each, and distances in km.
    """
    if len(lonlat) == 0 or len(chains) == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
    vertices = np.unique(chains.refs)
    tree = cKDTree(in_space(ways.lonlat[vertices]))
    km, found = map(np.asarray, tree.query(in_space(lonlat), distance_upper_bound=radius_km + 1e-9))
    good = np.isfinite(km)
    return vertices[found[good]], np.flatnonzero(good), km[good]


def _within(chains: Chains, ways: Ways, lonlat: Floats, radius_km: float) -> tuple[Ints, Ints, Floats]:
    """List the pairs of site and entry of `refs` within the radius."""
    space, wanted = in_space(ways.lonlat[chains.refs]), in_space(lonlat)
    hits = [
        np.asarray(h, dtype=np.int64) for h in np.asarray(cKDTree(space).query_ball_point(wanted, radius_km + 1e-9))
    ]
    count = np.array([len(h) for h in hits], dtype=np.int64)
    site = np.repeat(np.arange(len(lonlat)), count)
    entry = np.concatenate(hits) if count.sum() else np.zeros(0, np.int64)
    return site, entry, np.linalg.norm(space[entry] - wanted[site], axis=1)


def _nearer(vertex: Ints, site: Ints, km: Floats) -> tuple[Ints, Ints]:
    order = np.lexsort((km, vertex))
    vertex, site = vertex[order], site[order]
    first = np.append(True, vertex[1:] != vertex[:-1])[: len(vertex)]
    return vertex[first], site[first]


def mask(vertices: Ints, size: int) -> Mask:
    """Mark vertices."""
    found = np.zeros(size, dtype=bool)
    found[vertices] = True
    return found
