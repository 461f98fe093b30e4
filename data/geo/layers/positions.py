"""Positions of places that were known by general knowledge only, from GeoNames, the network of lines and boundaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from corridors.base.sphere import in_space
from layers.names import GATES, nearest_towns
from layers.network import great_circle_km, mend, read_lines

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from layers.network import Lines

GUESS = "general-knowledge"
TOWN_ERROR_KM, STATION_ERROR_KM = 2.0, 3.0
APART_KM = 6.0  # places with a greater error stand for several points; the error is kept
# edges of the network are strokes across bends: the longer, the less they say where the line crosses a boundary
STROKES_KM = ((8.0, 3.0), (30.0, 5.0), (50.0, 8.0))  # length of an edge, error of the spot
REACH_KM = (5.0, 20.0)  # a crossing is sought within three times the error of its place, in these bounds
BESIDE_DEG = 0.03  # boundaries of neighbours are drawn within this of each other
JUNCTION_KM = 5.0  # a railway junction is the nearest node so near where three lines meet
# any place on a line is the nearest node so near where the line ends or parts; quays lie apart from the town's roads
END_KM, QUAY_KM = 2.0, 1.5
NODE_KM = 0.3  # a place so near any node was set on it
OFF = {"tashkent"}  # GeoNames has these towns some 7 km from their centre and stations
# the published lengths to these points fit where they are, and not where the town or the boundary is
KEPT = {"ahvaz", "astrakhan-city", "lokot", "lokot-kz", "samur-border", "xuzhou", "yalama"}
FREE = {"naibabad", "gur-e-mar"}  # in the template for users' own tables, which must not fall under the ODbL
DECIMALS = 3


def better_positions(folder: Path, countries: gpd.GeoDataFrame, cache: Path) -> pd.DataFrame:
    """Rows of ``places`` with better positions; those that no source has stay as they are.

    In this order: for two border places at one point, where the network of lines crosses the boundary; the town of
    that name in GeoNames; where a line of the network ends, or lines meet.
    """
    places, crossings, links = (
        pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
        for name in ("places", "crossings", "links")
    )
    places = places.set_index("id", drop=False)
    guessed = places["source"].str.split(";").map(lambda ids: GUESS in ids) & ~places.index.isin(KEPT)
    lines = {mode: mend(read_lines(name, cache)) for mode, name in (("rail", "railways"), ("road", "highways"))}
    found = _gates(places[guessed], crossings, lines, countries)
    found |= _towns(places[guessed & ~places.index.isin(list(found))], cache)
    found |= _twins(places, crossings, found)
    found |= _nodes(places[guessed & ~places.index.isin([*found, *FREE])], links, lines)
    found |= _twins(places, crossings, found)
    for ident, (lonlat, error_km, source) in found.items():
        row = places.loc[ident]
        kept = [s for s in row["source"].split(";") if s not in {GUESS, *source.split(";")}]
        old_km = float(row["position_km"])
        error = old_km if old_km > APART_KM and row["kind"] not in GATES and source == "geonames" else error_km
        places.loc[ident, ["lon", "lat"]] = [f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".") for value in lonlat]
        places.loc[ident, ["position_km", "source", "confidence"]] = [f"{error:g}", ";".join([source, *kept]), "B"]
    return places.reset_index(drop=True)


def _lonlat(places: pd.DataFrame) -> np.ndarray:
    return places[["lon", "lat"]].astype(float).to_numpy()


def _towns(places: pd.DataFrame, cache: Path) -> dict[str, tuple[np.ndarray, float, str]]:
    """The position of the nearest town of GeoNames that bears the name or an alias of a place."""
    kinds, found = places["kind"], {}
    for ident, town in nearest_towns(places[~places["id"].isin(OFF)], cache).items():
        is_station = kinds[ident] in (*GATES, "station", "junction", "terminal")
        spot = np.array([town["longitude"], town["latitude"]])
        found[ident] = (spot, STATION_ERROR_KM if is_station else TOWN_ERROR_KM, "geonames")
    return found


def _gates(
    places: pd.DataFrame, crossings: pd.DataFrame, lines: dict[str, Lines], countries: gpd.GeoDataFrame
) -> dict[str, tuple[np.ndarray, float, str]]:
    """For border places that stand at one point, the nearest spot where a line of their mode crosses the boundary."""
    shapes = dict(zip(countries["country"], countries.geometry, strict=True))
    found = {}
    for row in crossings.itertuples():
        pair = [row.place_a, row.place_b]
        if not set(pair) <= set(places.index):
            continue
        both = places.loc[pair]
        here = _lonlat(both)
        if great_circle_km(here[:1], here[1:])[0] > 0.1:
            continue
        one, other = (shapes[country] for country in both["country"])
        edge = shapely.intersection(one.boundary, other.buffer(BESIDE_DEG))
        known_km = float(both["position_km"].astype(float).max())
        for stroke_km, error_km in STROKES_KM:
            mode = "road" if "road" in row.modes else "rail"
            spots = _crossed(edge, lines[mode], here[0], float(np.clip(3 * known_km, *REACH_KM)), stroke_km)
            if len(spots) and (error_km <= known_km or error_km == STROKES_KM[0][1]):
                km = great_circle_km(np.broadcast_to(here[0], spots.shape), spots)
                found |= dict.fromkeys(pair, (spots[km.argmin()], error_km, "osm-scgraph;natural-earth"))
                break
    return found


def _crossed(edge: shapely.Geometry, lines: Lines, here: np.ndarray, reach_km: float, stroke_km: float) -> np.ndarray:
    """Positions around a point where edges of the network that are no longer than a stroke cross a boundary."""
    near = lines.space.query_ball_point(in_space(here[None, :])[0], reach_km + stroke_km)
    used = np.isin(lines.pairs, near).all(axis=1) & (lines.km <= stroke_km)
    strokes = shapely.linestrings(lines.lonlat[lines.pairs[used]])
    points = shapely.get_coordinates(shapely.intersection(strokes, edge))
    km = great_circle_km(np.broadcast_to(here, points.shape), points)
    return points[km <= reach_km]


def _twins(
    places: pd.DataFrame, crossings: pd.DataFrame, found: dict[str, tuple[np.ndarray, float, str]]
) -> dict[str, tuple[np.ndarray, float, str]]:
    """The other one of two border places at one point of which one has moved."""
    more = {}
    for pair in zip(crossings["place_a"], crossings["place_b"], strict=True):
        for moved, other in (pair, pair[::-1]):
            same = (places.loc[moved, ["lat", "lon"]] == places.loc[other, ["lat", "lon"]]).all()
            if same and moved in found and other not in found:
                more[other] = found[moved]
    return more


def _nodes(
    places: pd.DataFrame, links: pd.DataFrame, lines: dict[str, Lines]
) -> dict[str, tuple[np.ndarray, float, str]]:
    """For places on a railway or else on a road, the nearest node where the line ends, or lines meet; or its own."""
    found = {}
    for mode, network in lines.items():
        used = links[links["mode"] == mode]
        on_mode = {*used["from_id"], *used["to_id"]}
        degree = np.bincount(network.pairs.ravel(), minlength=network.size)
        rail_junction = np.flatnonzero(degree >= 3)
        for row, here in zip(places.itertuples(), _lonlat(places), strict=True):
            if row.id not in on_mode or row.id in found:
                continue
            km = great_circle_km(np.broadcast_to(here, network.lonlat.shape), network.lonlat)
            ends = np.flatnonzero((degree != 2) & (degree > 0))
            tries = [(np.arange(network.size), NODE_KM), (ends, QUAY_KM if row.kind == "port" else END_KM)]
            if mode == "rail" and row.kind in ("junction", "station", "terminal", "town"):
                tries.append((rail_junction, max(JUNCTION_KM, float(row.position_km))))
            for nodes, reach_km in tries:
                best = nodes[km[nodes].argmin()]
                if km[best] <= reach_km:
                    found[row.id] = (network.lonlat[best], STATION_ERROR_KM, "osm-scgraph")
                    break
    return found
