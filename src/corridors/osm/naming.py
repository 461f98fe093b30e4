"""Names and ids of places, and what the tags say of each line."""

from __future__ import annotations

import numpy as np
import pandas as pd

from corridors.base.names import fold
from corridors.osm.cutting import BORDER
from corridors.osm.linking import Linked
from corridors.osm.tags import speed_kmh
from corridors.osm.ways import Ints
from corridors.osm.web import MODES, Web

_RANK = {"city": 0, "town": 1, "station": 2, "terminal": 3, "border": 4}
_NAMED = {"station": "station", "terminal": "freight terminal"}


def name_places(web: Web, linked: Linked) -> pd.DataFrame:
    """Table of id, name and kind of every place, by key."""
    places = linked.places
    keys = places.index.to_numpy(dtype=np.int64)
    vertex = np.where((keys >= 0) & (keys < BORDER), keys, -1)
    ident = np.where(vertex >= 0, web.ways.ident[vertex], -1)
    number = np.where(ident >= 0, ident, vertex)
    ports = np.isin(keys, linked.sea[["a", "b"]].to_numpy())
    # a vertex that has no OSM id is called by its number in the file
    digits = number.astype(str).astype(object)
    made = np.empty((len(keys), 3), dtype=object)
    made[:, 0] = np.where(ports, "Pier ", "Junction ").astype(object) + digits
    made[:, 1] = np.where(ports, "port", "junction")
    made[:, 2] = np.where(ident >= 0, "node-", "point-").astype(object) + digits
    for row, (name, kind, slug) in {**_sites(keys, web), **_borders(keys, linked, web)}.items():
        made[row] = name, kind, slug
    table = pd.DataFrame(made, index=places.index, columns=["name", "kind", "id"])
    again = table.groupby("id").cumcount()
    table["id"] = table["id"].where(again == 0, table["id"] + "-" + (again + 1).astype(str))
    return table


Named = dict[int, tuple[str, str, str]]
"""Name, kind and id by row of the places."""


def _sites(keys: Ints, web: Web) -> Named:
    """Name stations and towns; a station that shares its name with a town is called a station."""
    rows = np.flatnonzero(keys < 0)
    sites = web.sites.table.iloc[-1 - keys[rows]].assign(row=rows)
    sites["rank"] = sites["kind"].map(_RANK)
    taken: set[str] = set()
    found: Named = {}
    for site in sites.sort_values("rank", kind="stable").itertuples(index=False):
        bare = f"{_NAMED.get(site.kind, site.kind).capitalize()} {site.row}"
        name = site.name or bare
        if fold(name) in taken and site.kind in _NAMED:
            name = f"{name} {_NAMED[site.kind]}"
        slug = fold(name) or fold(bare)
        taken.add(slug)
        found[site.row] = name, site.kind, slug
    return found


def _borders(keys: Ints, linked: Linked, web: Web) -> Named:
    """Name both sides of every crossing."""
    names = name_crossings(linked, web)
    found: Named = {}
    for row in np.flatnonzero(keys >= BORDER).tolist():
        name, slug = names[(int(keys[row]) - BORDER) // 2]
        country = linked.places["country"].iloc[row]
        found[row] = f"{name} ({country})", "border", f"{slug}-{country.lower()}"
    return found


def name_crossings(linked: Linked, web: Web) -> list[tuple[str, str]]:
    """Name and id of every crossing, after the border post that stands near or after its countries."""
    posts = web.sites.table.iloc[web.sites.of_kind("border")]
    code = linked.places["country"]
    found: list[tuple[str, str]] = []
    seen: dict[str, int] = {}
    for row, crossing in enumerate(linked.crossings.itertuples(index=False)):
        plain = f"{'-'.join(sorted((code[BORDER + 2 * row], code[BORDER + 2 * row + 1])))} {crossing.mode}"
        name = plain
        if crossing.near_post:
            off = (posts["lon"] - crossing.lon) ** 2 + (posts["lat"] - crossing.lat) ** 2
            name = posts["name"].iloc[int(off.to_numpy().argmin())] or plain
        slug = fold(name) or fold(plain)
        seen[slug] = seen.get(slug, 0) + 1
        again = seen[slug]
        found.append((name, slug) if again == 1 else (f"{name} {again}", f"{slug}-{again}"))
    return found


def line_tags(web: Web) -> pd.DataFrame:
    """Table of what the ways of every chain (of rail, road, sea, in this order) are tagged with.

    Returns
    -------
    DataFrame
        Per chain: name and ref of most of its km, surface of most of its km, maxspeed_kmh (harmonic mean over the
        km that state it), ways (OSM ids).
    """
    parts, offset = [], 0
    for mode in MODES:
        made = web.chains[mode]
        parts.append(pd.DataFrame({"chain": made.piece_chain + offset, "way": made.piece_way, "km": made.piece_km}))
        offset += len(made)
    pieces = pd.concat(parts, ignore_index=True)
    tags = web.ways.tags.iloc[pieces["way"]].reset_index(drop=True)
    name = tags["name:en"].where(tags["name:en"] != "", tags["name"])
    found = pd.DataFrame(index=np.arange(offset))
    for column, values in (("name", name), ("ref", tags["ref"]), ("surface", tags["surface"])):
        found[column] = _most(pieces, values).reindex(found.index, fill_value="")
    speed = tags["maxspeed"].map({text: speed_kmh(text) for text in tags["maxspeed"].unique()}).to_numpy(dtype=float)
    stated = np.isfinite(speed) & (speed > 0)
    hours = (pieces["km"][stated] / speed[stated]).groupby(pieces["chain"][stated]).sum()
    km = pieces["km"][stated].groupby(pieces["chain"][stated]).sum()
    found["maxspeed_kmh"] = (km / hours.where(hours > 0)).reindex(found.index)
    ways: list[dict[str, None]] = [{} for _ in range(offset)]
    for chain, way in zip(pieces["chain"].tolist(), tags["id"].tolist(), strict=True):
        ways[chain][str(way)] = None
    found["ways"] = [";".join(way) for way in ways]
    return found


def _most(pieces: pd.DataFrame, values: pd.Series) -> pd.Series:
    """Value that stands on most of its km, blank where none does."""
    stated = (values != "").to_numpy()
    table = pieces[stated].assign(value=values[stated].to_numpy())
    km = table.groupby(["chain", "value"], sort=False)["km"].sum().reset_index().sort_values("km", kind="stable")
    return km.drop_duplicates("chain", keep="last").set_index("chain")["value"]
