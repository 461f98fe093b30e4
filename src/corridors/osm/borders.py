"""Countries of places, and the points where lines pass from one into another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import geopandas as gpd
import numpy as np
import shapely
from scipy import sparse
from scipy.sparse import csgraph

from corridors.base.errors import InputError
from corridors.base.sphere import KM_PER_DEG, Floats, lon_scale
from corridors.data import bundled
from corridors.osm.chains import Chains
from corridors.osm.ways import Ints, Mask

_HALVINGS = 24


@dataclass(frozen=True, eq=False)
class Countries:
    """Codes and outlines of countries; without outlines everything lies in the one country named."""

    codes: tuple[str, ...]
    outlines: Sequence[shapely.Geometry] = ()

    def at(self, lonlat: Floats) -> Ints:
        """Return the number of the country of each position, -1 outside all."""
        if not len(self.outlines):
            return np.zeros(len(lonlat), dtype=np.int64)
        found = np.full(len(lonlat), -1, dtype=np.int64)
        for number, outline in enumerate(self.outlines):
            left, bottom, right, top = shapely.bounds(outline)
            near = (lonlat[:, 0] >= left) & (lonlat[:, 0] <= right) & (lonlat[:, 1] >= bottom) & (lonlat[:, 1] <= top)
            rows = np.flatnonzero(near & (found < 0))
            if len(rows):
                shapely.prepare(outline)
                found[rows[shapely.contains_xy(outline, lonlat[rows, 0], lonlat[rows, 1])]] = number
        return found

    def nearest(self, lonlat: Floats, most_km: float) -> Ints:
        """Return the number of the nearest country of each position, -1 where none is within reach."""
        if not len(self.outlines):
            return np.zeros(len(lonlat), dtype=np.int64)
        if len(lonlat) == 0:
            return np.zeros(0, dtype=np.int64)
        km = np.stack([self.distance_km(lonlat, number) for number in range(len(self.codes))])
        best = km.argmin(axis=0)
        return np.where(km[best, np.arange(len(lonlat))] <= most_km, best, -1)

    def distance_km(self, lonlat: Floats, number: int) -> Floats:
        """Measure how far positions lie outside a country: within a percent or so near it, infinite beyond a degree."""
        # only what lies near is measured; degrees are made about equally long in both directions
        (west, south), (east, north) = lonlat.min(axis=0) - 1, lonlat.max(axis=0) + 1
        near = shapely.clip_by_rect(self.outlines[number], west, south, east, north)
        if near.is_empty:
            return np.full(len(lonlat), np.inf)
        scale = lon_scale(float(lonlat[:, 1].mean()))
        outline = shapely.transform(near, lambda xy: xy * (scale, 1.0))
        return np.asarray(shapely.distance(shapely.points(lonlat * (scale, 1.0)), outline) * KM_PER_DEG)

    def holds(self, number: int, lonlat: Floats) -> bool:
        """Tell whether a position lies in a country."""
        return bool(shapely.contains_xy(self.outlines[number], lonlat[0], lonlat[1]))


def countries_of(country: str | gpd.GeoDataFrame | None, box: Sequence[float]) -> Countries:
    """Make the countries that a reader asked for.

    Parameters
    ----------
    country
        A code for everything; a layer of outlines with a column `country`; or None for the bundled layer.
    box
        Extent that matters: west, south, east, north in degrees.

    Raises
    ------
    InputError
        If the code or the layer has another form.
    """
    if isinstance(country, str):
        if not (len(country) == 2 and country.isascii() and country.isupper()):
            raise InputError("country", country, "a code of two capital letters such as 'FI', or a layer of countries")
        return Countries((country,))
    if country is None:
        country = gpd.read_file(f"zip://{bundled.folder() / 'basemap' / 'countries.fgb.zip'}")
    if not isinstance(country, gpd.GeoDataFrame) or "country" not in country or country.crs is None:
        raise InputError(
            "country",
            type(country).__name__,
            "a code such as 'FI', or a GeoDataFrame of outlines with a column 'country' and a crs",
        )
    layer = country[country["country"].notna()].to_crs("EPSG:4326")
    layer = layer.cx[box[0] - 1 : box[2] + 1, box[1] - 1 : box[3] + 1]
    # the parts of one country are one outline, cut to the extent so that tests stay fast
    layer = layer.dissolve("country")
    frame = shapely.box(box[0] - 1, box[1] - 1, box[2] + 1, box[3] + 1)
    outlines = shapely.intersection(layer.geometry.to_numpy(), frame)
    kept = ~shapely.is_empty(outlines)
    return Countries(tuple(layer.index[kept]), tuple(outlines[kept]))


def settle(
    chains: Chains, country: Ints, lonlat: Floats, countries: Countries, *, posts: Mask, sites: Mask, border_km: float
) -> Ints:
    """Bring ends of lines that stray over a mapped border back to their own country.

    Borders on a map of 1:10 million are off by kilometres. A group of chain ends that hang together in one country,
    none of them deeper in it than `border_km`, whose lines all lead into one other country, is taken to lie there. A
    border post in the group speaks against it, and so does a station or town where a single line ends.

    Parameters
    ----------
    chains
        Chains of all modes.
    country
        Number of the country of each vertex.
    lonlat
        Position of each vertex.
    countries
        The countries.
    posts, sites
        Vertices where a border post, or any site, stands.
    border_km
        Tolerance.

    Returns
    -------
    array
        Numbers of countries, changed only at ends of chains.
    """
    if len(countries.codes) < 2 or border_km == 0:
        return country
    ends, at = np.unique(np.concatenate([chains.first, chains.last]), return_inverse=True)
    a, b = at[: len(chains)], at[len(chains) :]
    here = country[ends]
    same = here[a] == here[b]
    graph = sparse.coo_array((np.ones(same.sum()), (a[same], b[same])), shape=(len(ends), len(ends)))
    _, group = csgraph.connected_components(graph, directed=False)
    over = np.flatnonzero(~same & (here[a] >= 0) & (here[b] >= 0))
    lines: dict[int, list[int]] = {}
    for mine, other in ((a, b), (b, a)):
        for number, neighbour in zip(group[mine[over]].tolist(), group[other[over]].tolist(), strict=True):
            lines.setdefault(number, []).append(neighbour)
    size = np.bincount(group, minlength=1)
    members = np.argsort(group, kind="stable")
    begin = np.append(0, np.cumsum(size))
    kept = set(group[posts[ends]].tolist()) | {
        g for g in set(group[sites[ends]].tolist()) if len(lines.get(g, ())) == 1
    }
    settled = country.copy()
    # the smaller group gives way, and what it joins stays, so that two groups do not change places
    for number in sorted(lines, key=lambda g: int(size[g])):
        nodes = members[begin[number] : begin[number + 1]]
        beyond = {int(here[members[begin[other]]]) for other in lines[number]}
        if number in kept or len(beyond) != 1:
            continue
        (home,) = beyond
        if countries.distance_km(lonlat[ends[nodes]], home).max() <= border_km:
            settled[ends[nodes]] = home
            kept.update(lines[number])
    return settled


@dataclass(frozen=True, eq=False)
class Passage:
    """One passage of a border on a chain: before which entry of it, where, and from which country into which."""

    chain: int
    entry: int
    lonlat: tuple[float, float]
    sides: tuple[int, int]


def passages(
    chains: Chains, country: Ints, lonlat: Floats, countries: Countries, *, posts: Mask, border_km: float
) -> list[Passage]:
    """Find where chains pass from one country into another.

    A stretch that goes no deeper into another country than `border_km` and leads back is no passage. Where a border
    post stands on the line within that distance, the passage is there.
    """
    if len(countries.codes) < 2:
        return []
    along = chains.along_km(lonlat)
    code = country[chains.refs]
    mixed = np.unique(chains.of_ref[np.flatnonzero(code != np.repeat(code[chains.start[:-1]], np.diff(chains.start)))])
    found: list[Passage] = []
    for chain in mixed.tolist():
        span = slice(chains.start[chain], chains.start[chain + 1])
        refs = chains.refs[span]
        for entry, sides in _changes(code[span], lonlat[refs], countries, border_km):
            at, where = _place(refs, along[span], entry, sides, lonlat=lonlat, countries=countries, posts=posts,
                               border_km=border_km)  # fmt: skip
            found.append(Passage(chain, at, where, sides))
    return found


def _changes(code: Ints, lonlat: Floats, countries: Countries, border_km: float) -> list[tuple[int, tuple[int, int]]]:
    """List the changes of country along a chain that are real, by the first entry on the far side."""
    starts = [0, *(np.flatnonzero(code[1:] != code[:-1]) + 1).tolist(), len(code)]
    runs = [(begin, end, int(code[begin])) for begin, end in pairwise(starts) if code[begin] >= 0]
    kept: list[tuple[int, int]] = []
    for place, (begin, end, number) in enumerate(runs):
        around = runs[place - 1][2] if 0 < place < len(runs) - 1 and runs[place - 1][2] == runs[place + 1][2] else -1
        strays = around >= 0 and countries.distance_km(lonlat[begin:end], around).max() <= border_km
        if not strays and (not kept or kept[-1][1] != number):
            kept.append((begin, number))
    return [(later[0], (earlier[1], later[1])) for earlier, later in pairwise(kept)]


def _place(
    refs: Ints, along: Floats, entry: int, sides: tuple[int, int], *, lonlat: Floats, countries: Countries,
    posts: Mask, border_km: float,
) -> tuple[int, tuple[float, float]]:  # fmt: skip
    """Put a passage at a border post near it on the line, or where the line meets the border."""
    a, b = lonlat[refs[entry - 1]], lonlat[refs[entry]]
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if countries.holds(sides[1], a + middle * (b - a)):
            high = middle
        else:
            low = middle
    at = along[entry - 1] + high * (along[entry] - along[entry - 1])
    inner = np.arange(1, len(refs) - 1)
    near = inner[posts[refs[inner]] & (np.abs(along[inner] - at) <= border_km)]
    if len(near):
        best = int(near[np.abs(along[near] - at).argmin()])
        return best, (float(lonlat[refs[best], 0]), float(lonlat[refs[best], 1]))
    point = a + high * (b - a)
    return entry, (float(point[0]), float(point[1]))
