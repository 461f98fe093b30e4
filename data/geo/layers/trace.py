"""Traces links of the tables on the network of lines."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from corridors.network.trace import Finder, Path
from layers.insert import Stop, apply_chain, insert_places, read_chains, whole

if TYPE_CHECKING:
    import geopandas as gpd

    from layers.network import Lines
    from layers.tables import Tables

SNAP_KM = {"rail": 12.0, "road": 15.0}  # an end of a link joins nodes of the network within this distance
SPARE_SHARE = {"rail": 0.01, "road": 0.05}  # lengths on the network may be so much too short
ABROAD_DEG = 0.1  # a path stays in the countries of its ends, give or take so much


class Tracer:
    """Finds the way of links of one mode on the network, inside the countries of their ends."""

    def __init__(self, mode: str, lines: Lines, tables: Tables, countries: gpd.GeoDataFrame) -> None:
        used = tables.links[tables.links["mode"] == mode]
        ids = sorted({*used["from_id"], *used["to_id"]})
        positions = np.array([tables.position(place) for place in ids])
        for chain in read_chains(mode):
            lines = apply_chain(lines, chain)
        lines = whole(lines)
        degree = pd.concat([used["from_id"], used["to_id"]]).value_counts()
        errors = tables.places.loc[ids, "position_km"].astype(float)
        stops = [Stop(*row) for row in zip(positions, errors, degree[ids] > 1, strict=True)]
        lines = insert_places(lines, stops, SNAP_KM[mode], SPARE_SHARE[mode])
        self.finder = Finder(lines.lonlat, lines.pairs, lines.km, positions, snap_km=SNAP_KM[mode])
        self.number = {place: row for row, place in enumerate(ids)}
        self.country = {place: str(tables.places.loc[place, "country"]) for place in ids}
        self.shapes = dict(zip(countries["country"], countries.geometry, strict=True))
        self.inside = cache(self._inside)

    def _inside(self, country: str) -> np.ndarray:
        """Mark the nodes in or near a country."""
        shape = self.shapes[country].buffer(ABROAD_DEG)
        shapely.prepare(shape)
        lonlat = self.finder.positions
        return shapely.contains_xy(shape, lonlat[:, 0], lonlat[:, 1])

    def trace(self, start: str, end: str, length_km: float) -> Path | None:
        """Find the path whose length is nearest to the one in the table, or none within the tolerance."""
        usable = self.inside(self.country[start]) | self.inside(self.country[end])
        return self.finder.find(self.number[start], self.number[end], length_km, usable)
