"""A made network of any size in the package's own tables: roads and railways of two countries, as a planner's would be.

Places lie on a grid over the north of Kazakhstan and the south of Siberia, each in the country in which it lies on the
bundled map. Roads join neighbours in a row and some of those in a column; every eighth row has a railway beside its
road, with a terminal at every tenth station. Few roads pass the border, each with a crossing of its own. So a link and
a place cost what they do in a real network; only the names say nothing.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import corridors as co
from benchmarks.osm import Floats, Ints
from corridors.base.sphere import EARTH_KM
from corridors.data import bundled

BOX = (46.0, 56.0, 61.0, 75.0)
"""Degrees of latitude and longitude."""

COLUMNS_JOINED, RAIL_ROWS, TERMINALS, DETOUR = 0.4, 8, 10, (1.05, 1.5)
"""Share of neighbours in a column that are joined, rows per railway, stations per terminal, detour."""

BORDER_ROADS = 25
"""Of so many roads that would pass the border one does."""

COUNTRIES = ("KZ", "RU")
"""All of the box is in one of them."""

SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]


def network(links: int, seed: int = 0) -> co.Network:
    """A network with about so many links."""
    return co.Network.from_tables(**frames(links, seed), name=f"made of {links:,} links")


def frames(links: int, seed: int = 0) -> dict[str, pd.DataFrame]:
    """Tables of places, links, crossings, terminals and sources; the others are the bundled ones."""
    rng = np.random.default_rng(seed)
    side = max(4, round((links / (1 + COLUMNS_JOINED + 1 / RAIL_ROWS)) ** 0.5))
    places = _places(side, rng)
    first, second, rail = _pairs(side, rng)
    km = _km(places, first, second) * rng.uniform(*DETOUR, len(first))
    country = places["country"].to_numpy()
    border = country[first] != country[second]
    kept = np.flatnonzero(~border | ~rail & (np.cumsum(border) % BORDER_ROADS == 0))
    first, second, rail, km, border = (part[kept] for part in (first, second, rail, km, border))
    ids = places["id"].to_numpy()
    pair = pd.Series(ids[first]) + "--" + ids[second]
    crossing = np.where(border, pair, "")
    found = pd.DataFrame(
        {
            "id": pair + np.where(rail, ":rail-1520", ":road"),
            "from_id": ids[first],
            "to_id": ids[second],
            "mode": np.where(rail, "rail", "road"),
            "gauge_mm": np.where(rail, "1520", ""),
            "class": "trunk",
            "length_km": np.round(km, 3),
            "length_basis": "estimate",
            "status": "open",
            "opened": "before-1992",
            "crossing": crossing,
            "source": "made",
            "confidence": "assumed",
            "note": "made",
        }
    )
    sources = pd.DataFrame({"id": ["made"], "title": ["Made for a benchmark"], "publisher": ["corridors"],
                            "year": ["2026"], "kind": ["assumption"]})  # fmt: skip
    crossings = _crossings(crossing[border], ids[first[border]], ids[second[border]])
    return {"places": places, "links": found, "crossings": crossings, "terminals": _terminals(ids, side, found),
            "sources": sources}  # fmt: skip


def _places(side: int, rng: np.random.Generator) -> pd.DataFrame:
    """Places of a grid, a little off its points, each in its country on the map."""
    lat, lon = np.meshgrid(np.linspace(*BOX[:2], side), np.linspace(*BOX[2:], side), indexing="ij")
    off = rng.uniform(-0.3, 0.3, (2, side * side)) / (side - 1)
    lat = lat.ravel() + off[0] * (BOX[1] - BOX[0])
    lon = lon.ravel() + off[1] * (BOX[3] - BOX[2])
    places = pd.DataFrame({"id": _names(side * side, rng), "lat": lat.round(5), "lon": lon.round(5)})
    countries = gpd.read_file(f"zip://{bundled.folder() / 'basemap' / 'countries.fgb.zip'}").set_index("country")
    first = countries.geometry[COUNTRIES[0]]
    shapely.prepare(first)
    country = np.where(shapely.contains_xy(first, lon, lat), *COUNTRIES)
    return places.assign(name=places["id"].str.capitalize(), country=country, kind="town", position_km=1.0,
                         source="made", confidence="assumed", note="made")  # fmt: skip


def _names(count: int, rng: np.random.Generator) -> list[str]:
    """Different names of five syllables."""
    picked = rng.choice(len(SYLLABLES) ** 5, count, replace=False)
    found = np.full(count, "", dtype=object)
    for _ in range(5):
        found += np.array(SYLLABLES, dtype=object)[picked % len(SYLLABLES)]
        picked //= len(SYLLABLES)
    return found.tolist()


def _pairs(side: int, rng: np.random.Generator) -> tuple[Ints, Ints, np.ndarray]:
    """Ends of the links, and whether they are railways."""
    at = np.arange(side * side).reshape(side, side)
    rows, columns = np.stack([at[:, :-1].ravel(), at[:, 1:].ravel()]), np.stack([at[:-1].ravel(), at[1:].ravel()])
    columns = columns[:, rng.random(columns.shape[1]) < COLUMNS_JOINED]
    tracks = np.stack([at[::RAIL_ROWS, :-1].ravel(), at[::RAIL_ROWS, 1:].ravel()])
    ends = np.hstack([rows, columns, tracks])
    return ends[0], ends[1], np.arange(ends.shape[1]) >= ends.shape[1] - tracks.shape[1]


def _km(places: pd.DataFrame, first: Ints, second: Ints) -> Floats:
    """Great-circle distances."""
    lat, lon = (np.radians(places[name].to_numpy()) for name in ("lat", "lon"))
    half = np.sin((lat[first] - lat[second]) / 2) ** 2
    half += np.cos(lat[first]) * np.cos(lat[second]) * np.sin((lon[first] - lon[second]) / 2) ** 2
    return 2 * EARTH_KM * np.arcsin(np.sqrt(half))


def _crossings(ids: np.ndarray, first: np.ndarray, second: np.ndarray) -> pd.DataFrame:
    shared = {"modes": "road", "status": "open", "source": "made", "confidence": "assumed", "note": "made"}
    return pd.DataFrame({"id": ids, "name": ids, "place_a": first, "place_b": second, **shared})


def _terminals(ids: np.ndarray, side: int, links: pd.DataFrame) -> pd.DataFrame:
    """Terminals between road and railway, where both are left."""
    place = ids.reshape(side, side)[::RAIL_ROWS, ::TERMINALS].ravel()
    for _, part in links.groupby("mode"):
        place = place[np.isin(place.astype(str), part[["from_id", "to_id"]].to_numpy(dtype=str))]
    named = pd.Series(place, dtype=object) + ":rail-1520--road"
    shared = {"from_system": "rail-1520", "to_system": "road", "both_ways": "yes", "cargo": "wagon;container",
              "method": "crane", "status": "open", "source": "made", "confidence": "assumed",
              "note": "made"}  # fmt: skip
    return pd.DataFrame({"id": named, "name": named, "place": place, **shared})
