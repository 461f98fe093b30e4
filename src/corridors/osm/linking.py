"""Links: lines between places, gathered at stations, with parallel tracks merged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph

from corridors.data.osm_account import Log
from corridors.osm import chains as chaining
from corridors.osm.borders import Countries, passages, settle
from corridors.osm.chains import Chains
from corridors.osm.cutting import BORDER, Sections, cut_lines, gather
from corridors.osm.ways import Ints, Mask
from corridors.osm.web import Web

_SAME_KM = 0.05
"""Parallel lines may always differ by this much."""


@dataclass(frozen=True, eq=False)
class Linked:
    """Links and places by number, before they get names.

    Attributes
    ----------
    links
        One row per link: a, b (keys of places), km, code (row of attributes, -1 for access roads), line (-1 where
        straight), crossing (-1 where none), tracks (lines merged).
    sea
        One row per ferry hop: a, b, km, code, line, route (hops of one route hang together).
    crossings
        One row per border crossing: lon, lat, mode, first and second country, near_post.
    places
        One row per place key: lon, lat, country, outside_km (how far it lies outside the country on the map).
    lines
        Lines over vertices; those of ferries stand behind those of rail and road.
    """

    links: pd.DataFrame
    sea: pd.DataFrame
    crossings: pd.DataFrame
    places: pd.DataFrame
    lines: Sections


def link_up(web: Web, countries: Countries, log: Log) -> Linked:
    """Turn chains into links between places."""
    rail, road, sea = (web.chains[mode] for mode in ("rail", "road", "sea"))
    land = chaining.join(rail, road)
    on_rail = np.arange(len(land)) < len(rail)
    number, mapped = _countries(web, land, countries)
    cuts = passages(land, number, web.ways.lonlat, countries, posts=web.posts, border_km=web.rules.border_km)
    crossings, of_cut = gather(cuts, on_rail, web)
    ends = [np.where(on_rail, web.key("rail", v), web.key("road", v)) for v in (land.first, land.last)]
    lines = cut_lines(land, (ends[0], ends[1]), cuts, of_cut, web.ways.lonlat)
    links = lines.table.assign(line=np.arange(len(lines.table)), crossing=-1)
    hops = _hops(web, len(land), len(links))
    lines = _with_sea(lines, sea)
    places = _places(web, links, hops, crossings, number=number, mapped=mapped, countries=countries)
    links = pd.concat([links, _access(web, places)], ignore_index=True)
    links = _inside(links, places, web, log)
    links = pd.concat([_one_of_parallel(links, web, log), _over_borders(links)], ignore_index=True)
    on_map = [places["country"].reindex(hops[end]).ne("").to_numpy() for end in ("a", "b")]
    return Linked(links, hops[on_map[0] & on_map[1]].reset_index(drop=True), crossings, places, lines)


def _countries(web: Web, land: Chains, countries: Countries) -> tuple[Ints, Ints]:
    """Return the number of the country of each vertex, settled; and as the map has it."""
    lonlat, rules = web.ways.lonlat, web.rules
    used = np.unique(np.concatenate([land.refs, web.chains["sea"].refs]))
    mapped = np.full(len(lonlat), -1, dtype=np.int64)
    mapped[used] = countries.at(lonlat[used])
    number = mapped.copy()
    ends = np.unique(np.concatenate([vertex for made in web.chains.values() for vertex in (made.first, made.last)]))
    astray = ends[number[ends] < 0]
    if len(astray):
        number[astray] = countries.nearest(lonlat[astray], rules.coast_km)
    sites: Mask = np.logical_or.reduce([row >= 0 for row in web.site.values()])
    number = settle(land, number, lonlat, countries, posts=web.posts, sites=sites, border_km=rules.border_km)
    for row in web.site.values():
        # all points of a station lie in the country of the first of them
        vertex = np.flatnonzero(row >= 0)
        first = np.full(len(web.sites), -1, dtype=np.int64)
        first[row[vertex][::-1]] = number[vertex[::-1]]
        number[vertex] = first[row[vertex]]
    return number, mapped


def _hops(web: Web, first_origin: int, first_line: int) -> pd.DataFrame:
    """Table of ferry lines as hops; those that meet at sea are one route."""
    sea = web.chains["sea"]
    table = pd.DataFrame(
        {"a": web.key("sea", sea.first), "b": web.key("sea", sea.last), "km": sea.km, "code": sea.code,
         "origin": first_origin + np.arange(len(sea)), "line": first_line + np.arange(len(sea))}
    )  # fmt: skip
    keys, at = np.unique(table[["a", "b"]].to_numpy(dtype=np.int64), return_inverse=True)
    at = at.reshape(-1, 2)
    graph = sparse.coo_array((np.ones(len(at)), (at[:, 0], at[:, 1])), shape=(len(keys), len(keys)))
    _, route = csgraph.connected_components(graph, directed=False)
    table["route"] = route[at[:, 0]] if len(at) else np.zeros(0, dtype=int)
    return table[table["a"] != table["b"]].reset_index(drop=True)


def _with_sea(lines: Sections, sea: Chains) -> Sections:
    """Put the lines of ferries behind the others; `table` holds only those of rail and road."""
    start = np.append(lines.start, sea.start[1:] + lines.start[-1])
    return Sections(lines.table, lines.lonlat, np.append(lines.refs, sea.refs), start)


def _places(
    web: Web, links: pd.DataFrame, hops: pd.DataFrame, crossings: pd.DataFrame, *, number: Ints, mapped: Ints,
    countries: Countries,
) -> pd.DataFrame:  # fmt: skip
    """Table of position and country of every place that a line ends at, by key."""
    keys = np.unique(np.concatenate([links["a"], links["b"], hops["a"], hops["b"], _access_keys(web)]).astype(np.int64))
    at_site, at_border = keys < 0, keys >= BORDER
    vertex = np.where(at_border | at_site, 0, keys)
    for row in web.site.values():
        mine = np.flatnonzero(row >= 0)
        one = np.full(len(web.sites), -1, dtype=np.int64)
        one[row[mine][::-1]] = mine[::-1]
        here = np.where(at_site, one[np.where(at_site, -1 - keys, 0)] if len(one) else -1, -1)
        vertex = np.where(here >= 0, here, vertex)
    lonlat = web.ways.lonlat[vertex].copy()
    lonlat[at_site] = web.sites.lonlat[-1 - keys[at_site]]
    country = number[vertex].copy()
    if at_border.any():
        which, side = np.divmod(keys[at_border] - BORDER, 2)
        lonlat[at_border] = crossings[["lon", "lat"]].to_numpy()[which]
        country[at_border] = np.where(
            side == 0, crossings["first"].to_numpy()[which], crossings["second"].to_numpy()[which]
        )
    outside = np.zeros(len(keys))
    moved = np.flatnonzero((country != mapped[vertex]) & ~at_border & (country >= 0))
    for n in np.unique(country[moved]):
        rows = moved[country[moved] == n]
        outside[rows] = countries.distance_km(lonlat[rows], int(n))
    codes = np.array([*countries.codes, ""], dtype=object)
    table = pd.DataFrame({"lon": lonlat[:, 0], "lat": lonlat[:, 1], "country": codes[country], "outside_km": outside})
    return table.set_index(keys)


def _access_keys(web: Web) -> Ints:
    return np.concatenate([web.access[0], web.key("road", web.access[1])])


def _access(web: Web, places: pd.DataFrame) -> pd.DataFrame:
    """Table of access roads as links, unless they would cross a border."""
    key, vertex, km = web.access
    a, b = key, web.key("road", vertex)
    table = pd.DataFrame({"a": a, "b": b, "km": np.maximum(km * web.rules.access_detour, _SAME_KM)})
    table = table.assign(code=-1, origin=-1, line=-1, crossing=-1)
    country = places["country"]
    return table[(country.reindex(a).to_numpy() == country.reindex(b).to_numpy()) & (a != b)]


def _inside(links: pd.DataFrame, places: pd.DataFrame, web: Web, log: Log) -> pd.DataFrame:
    """Leave out lines outside all countries, within one station, and loops back to where they began."""
    country = places["country"]
    outside = (country.reindex(links["a"]).to_numpy() == "") | (country.reindex(links["b"]).to_numpy() == "")
    turns = (links["a"] == links["b"]).to_numpy() & ~outside
    station = turns & (links["a"] < 0).to_numpy() & (links["km"] <= 4 * web.rules.station_km).to_numpy()
    modes = np.append(web.kinds.drop_duplicates("code").sort_values("code")["mode"].to_numpy(), "road")
    mode = modes[links["code"]]
    for reason, rows in (
        ("outside all countries", outside),
        ("tracks within one station", station),
        ("loop back to where it began", turns & ~station),
    ):
        for name in ("rail", "road"):
            mine = rows & (mode == name)
            log.drop(reason, name, int(mine.sum()), float(links["km"][mine].sum()))
    return links[~(outside | turns)].reset_index(drop=True)


def _one_of_parallel(links: pd.DataFrame, web: Web, log: Log) -> pd.DataFrame:
    """Keep the shortest of lines between the same places, of the same kind and of about the same length."""
    low, high = np.minimum(links["a"], links["b"]), np.maximum(links["a"], links["b"])
    table = links.assign(low=low, high=high).sort_values(["low", "high", "code", "km"], kind="stable")
    if web.rules.parallel == 0:
        return table.drop(columns=["low", "high"]).assign(tracks=1)
    same = ["low", "high", "code"]
    group = table.groupby(same, sort=False).ngroup().to_numpy()
    km = table["km"].to_numpy()
    leader = np.arange(len(table))
    for row in np.flatnonzero(np.append(False, group[1:] == group[:-1])).tolist():
        first = leader[row - 1]
        if km[row] <= km[first] * (1 + web.rules.parallel) + _SAME_KM:
            leader[row] = first
    kept = leader == np.arange(len(table))
    log.repair("parallel lines merged into one link", int((~kept).sum()), float(km[~kept].sum()))
    tracks = np.bincount(leader, minlength=len(table))
    return table.assign(tracks=tracks)[kept].drop(columns=["low", "high"])


def _over_borders(links: pd.DataFrame) -> pd.DataFrame:
    """Table of the crossings between the two places of each border point, once per kind of line that passes it."""
    ends = pd.concat(
        [links[["a", "code"]].rename(columns={"a": "key"}), links[["b", "code"]].rename(columns={"b": "key"})]
    )
    ends = ends[ends["key"] >= BORDER]
    table = pd.DataFrame({"crossing": (ends["key"] - BORDER) // 2, "code": ends["code"]}).drop_duplicates()
    a = BORDER + 2 * table["crossing"]
    return table.assign(a=a, b=a + 1, km=0.0, origin=-1, line=-1, tracks=1)
