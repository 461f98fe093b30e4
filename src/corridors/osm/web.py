"""The web of lines of all modes: chains that end at junctions, stations, towns, terminals and piers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from corridors.base.sphere import Floats
from corridors.data.osm_account import Log
from corridors.osm import chains, gaps, sites
from corridors.osm.chains import Chains
from corridors.osm.rules import Rules
from corridors.osm.sites import Sites
from corridors.osm.ways import Ints, Mask, Ways

MODES = ("rail", "road", "sea")


@dataclass(frozen=True, eq=False)
class Web:
    """Chains by mode, and what their vertices belong to.

    Attributes
    ----------
    ways, kinds
        Ways with what their tags say of them; `code` numbers what no chain runs across.
    sites
        Stations, terminals, border posts and towns.
    rules
        The rules.
    chains
        By mode: `rail`, `road`, `sea`.
    site
        By land mode: row of the site of each vertex, -1 elsewhere.
    access
        Access roads: key of the place (see `key`), vertex of the road, straight distance in km.
    posts
        Vertices where a border post stands.
    """

    ways: Ways
    kinds: pd.DataFrame
    sites: Sites
    rules: Rules
    chains: dict[str, Chains]
    site: dict[str, Ints]
    access: tuple[Ints, Ints, Floats]
    posts: Mask

    def used(self, mode: str) -> Mask:
        """Mark the vertices of a mode."""
        return sites.mask(self.chains[mode].refs, len(self.ways.lonlat))

    def key(self, mode: str, vertex: Ints) -> Ints:
        """Key of the place of each vertex: the vertex itself, or -1 - row of the site that it belongs to."""
        if mode == "sea":
            on_road, on_rail = self.used("road")[vertex], self.used("rail")[vertex]
            by_land = np.where(on_road, self.key("road", vertex), self.key("rail", vertex))
            return np.where(on_road | on_rail, by_land, vertex)
        site = self.site[mode][vertex]
        return np.where(site >= 0, -1 - site, vertex)


def make_web(ways: Ways, kinds: pd.DataFrame, places: Sites, rules: Rules, log: Log, *, one_country: bool) -> Web:
    """Make chains, join them at sites, and close gaps.

    Parameters
    ----------
    ways, kinds
        Ways that are kept, and what their tags say.
    places
        Sites.
    rules
        The rules.
    log
        Takes notes of gaps and of sites off the network.
    one_country
        Whether no border can be found: then border posts are places like stations.
    """
    ways = _vertices_at_sites(ways, kinds, places, rules)
    size = len(ways.lonlat)
    bare = {mode: np.full(size, -1, dtype=np.int64) for mode in ("rail", "road")}
    none = np.zeros(0, dtype=np.int64)
    # stations and towns may stand on a ring, which is a chain until they are found
    first = {mode: _chains(ways, kinds, mode, np.zeros(size, dtype=bool), rings=mode != "sea")[0] for mode in MODES}
    web = Web(ways, kinds, places, rules, first, bare, (none, none, np.zeros(0)), np.zeros(size, dtype=bool))
    web = _with_sites(web, log, one_country=one_country)
    web = _with_access(web)
    web = _rebuilt(web, log)
    return _with_gaps(web, log)


def _chains(ways: Ways, kinds: pd.DataFrame, mode: str, stops: Mask, *, rings: bool = False) -> tuple[Chains, Floats]:
    rows = np.flatnonzero((kinds["mode"] == mode).to_numpy())
    made, loops = chains.build(ways.take(rows), kinds["code"].to_numpy()[rows], stops, rings=rings)
    return replace(made, piece_way=rows[made.piece_way]), loops


def _vertices_at_sites(ways: Ways, kinds: pd.DataFrame, places: Sites, rules: Rules) -> Ways:
    on_rail = places.lonlat[places.of_kind("station", "terminal", "border")]
    on_road = places.lonlat[places.of_kind("city", "town")]
    for mode, points, radius in (("rail", on_rail, rules.station_km), ("road", on_road, rules.town_km)):
        ways = sites.add_vertices(ways, (kinds["mode"] == mode).to_numpy(), points, radius)
    return ways


def _with_sites(web: Web, log: Log, *, one_country: bool) -> Web:
    """Say which vertices belong to stations and towns, and where border posts stand."""
    places, rules = web.sites, web.rules
    site = {mode: row.copy() for mode, row in web.site.items()}
    stations = places.of_kind("station", "terminal", *(["border"] if one_country else []))
    vertex, row = sites.catch(web.chains["rail"], web.ways, places.lonlat[stations], rules.station_km)
    site["rail"][vertex] = stations[row]
    log.repair("stations joined to their tracks", len(np.unique(row)))
    on_track = np.unique(stations[row])
    log.drop("station off every track", "rail", len(np.setdiff1d(places.of_kind("station"), on_track)), 0.0)
    towns = places.of_kind("city", "town")
    vertex, row, km = sites.nearest(web.chains["road"], web.ways, places.lonlat[towns], rules.town_km)
    _take_nearest(site["road"], vertex, towns[row], km)
    posts = web.posts.copy()
    border = places.of_kind("border")
    for mode in ("rail", "road"):
        vertex, row, km = sites.nearest(web.chains[mode], web.ways, places.lonlat[border], rules.station_km)
        posts[vertex] = True
        if one_country and mode == "road":
            _take_nearest(site["road"], vertex, border[row], km)
    return replace(web, site=site, posts=posts)


def _take_nearest(site: Ints, vertex: Ints, row: Ints, km: Floats) -> None:
    """Assign vertices to sites in place, the nearest site last."""
    free = site[vertex] < 0
    vertex, row, km = vertex[free], row[free], km[free]
    order = np.argsort(-km, kind="stable")
    site[vertex[order]] = row[order]


def _with_access(web: Web) -> Web:
    """Find access roads from terminals on rail and from piers to the nearest road."""
    rules, places = web.rules, web.sites
    on_track = np.unique(web.site["rail"])
    on_track = on_track[on_track >= 0]
    if rules.road_rail == "none":
        on_track = on_track[:0]
    elif rules.road_rail == "tagged":
        on_track = on_track[places.table["freight"].to_numpy(dtype=bool)[on_track]]
    piers = _piers(web)
    piers = piers[~(web.used("road") | web.used("rail"))[piers]]
    where = np.vstack([places.lonlat[on_track], web.ways.lonlat[piers]])
    vertex, row, km = sites.nearest(web.chains["road"], web.ways, where, rules.access_km)
    return replace(web, access=(np.concatenate([-1 - on_track, piers])[row], vertex, km))


def _piers(web: Web) -> Ints:
    """Vertices at the ends of ferry lines."""
    sea = web.chains["sea"]
    return np.unique(np.concatenate([sea.first, sea.last]))


def _rebuilt(web: Web, log: Log | None) -> Web:
    """Make the chains again, with ends at every site, pier and access road."""
    size = len(web.ways.lonlat)
    piers = sites.mask(_piers(web), size)
    stops = {
        "rail": (web.site["rail"] >= 0) | piers,
        "road": (web.site["road"] >= 0) | piers | sites.mask(web.access[1], size),
        "sea": np.zeros(size, dtype=bool),
    }
    made = {}
    for mode in MODES:
        made[mode], loops = _chains(web.ways, web.kinds, mode, stops[mode])
        if log:
            log.drop("closed loop that meets nothing", mode, len(loops), float(loops.sum()))
    return replace(web, chains=made)


def _with_gaps(web: Web, log: Log) -> Web:
    """Report gaps, and close those within the stated tolerance."""
    rules, size = web.rules, len(web.ways.lonlat)
    buffers = web.ways.points
    buffers = buffers["vertex"][(buffers["railway"] == "buffer_stop") & (buffers["vertex"] >= 0)].to_numpy(dtype=int)
    ends = sites.mask(buffers, size) | sites.mask(_piers(web), size)
    added: list[tuple[Ints, Ints, Floats, Ints]] = []
    for mode in ("rail", "road"):
        expected = ends | (web.site[mode] >= 0)
        found = gaps.find(web.chains[mode], web.ways.lonlat, expected, max(gaps.REPORTED_KM, rules.close_gaps_km))
        way = _way_at(web.chains[mode], found[0], found[1])
        fits = _gauge_fits(web, way) if mode == "rail" else np.ones(len(found[2]), dtype=bool)
        found = (found[0][fits], found[1][fits], found[2][fits])
        closed = found[2] <= rules.close_gaps_km
        log.gaps.append(gaps.table(mode, web.ways.lonlat, found, closed))
        added.append((found[0][closed], found[1][closed], found[2][closed], way[fits][closed, 0]))
    first, second, km, way = (np.concatenate(parts) for parts in zip(*added, strict=True))
    log.repair("gaps closed", len(km), float(km.sum()))
    if len(km) == 0:
        return web
    ways = replace(
        web.ways,
        refs=np.concatenate([web.ways.refs, np.column_stack([first, second]).ravel()]),
        start=np.append(web.ways.start, web.ways.start[-1] + 2 * np.arange(1, len(km) + 1)),
        tags=pd.concat([web.ways.tags, web.ways.tags.iloc[way]], ignore_index=True),
        km=np.append(web.ways.km, np.full(len(km), np.nan)),
    )
    kinds = pd.concat([web.kinds, web.kinds.iloc[way]], ignore_index=True)
    return _rebuilt(replace(web, ways=ways, kinds=kinds), None)


def _way_at(made: Chains, first: Ints, second: Ints) -> Ints:
    """Return the number of a way that passes each of two vertices, shape (pairs, 2); the first is an end of a chain."""
    chain = np.full(int(made.refs.max(initial=0)) + 1, -1, dtype=np.int64)
    chain[made.refs] = made.of_ref
    way = np.zeros(len(made), dtype=np.int64)
    way[made.piece_chain] = made.piece_way
    pairs = np.column_stack([first, second])
    return way[chain[pairs]] if len(pairs) else np.zeros((0, 2), dtype=np.int64)


def _gauge_fits(web: Web, way: Ints) -> Mask:
    gauges = web.kinds["gauges"].to_numpy(dtype=object)
    return np.array([bool(set(gauges[a].split(";")) & set(gauges[b].split(";"))) for a, b in way.tolist()], dtype=bool)
