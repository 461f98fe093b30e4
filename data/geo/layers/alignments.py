"""The lines of all links: traced on the network where that works, else drawn through what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from layers.network import great_circle_km, mend, read_lines
from layers.region import WGS84, extent
from layers.tables import PLANNED
from layers.trace import Tracer

if TYPE_CHECKING:
    from pathlib import Path

    from layers.tables import Tables

SOURCES = {"rail": "railways", "road": "highways"}
TOLERANCE_DEG = 0.004
DECIMALS = 3
CHORD_KM = 15.0  # a way of two points that is longer is only a stroke of the network and says nothing of bends
MOVED_KM = 0.1  # a line whose place has moved farther is drawn anew
BESIDE_DEG = 1.5  # outside the region, lines are read so far to both sides of the links
POINT_KM = 0.05  # a link shorter than this is a point and has no line
COLUMNS = ["link_id", "method", "osm_km", "geometry"]


class Row(NamedTuple):
    """A row of the tables as far as it is needed here."""

    id: str
    from_id: str
    to_id: str
    mode: str
    length_km: float
    status: str
    via: str


def alignments(
    tables: Tables, countries: gpd.GeoDataFrame, cache: Path, drawn: gpd.GeoDataFrame | None = None
) -> gpd.GeoDataFrame:
    """Draw the lines of the links of the tables, each from its first place to its second.

    Lines of ``drawn`` that still join their two places are kept as they are.

    ``method`` is ``traced`` (shortest path on the network), ``via`` (straight between the places that it passes) or
    ``straight`` or ``chord`` (the network has only a stroke); ``osm_km`` is the length along the traced lines, of which
    the geometry is a simplification.
    A planned link that doubles an existing one has its line; a link of no length has none.
    """
    links = [Row(*row) for row in tables.links[list(Row._fields)].itertuples(index=False)]
    found = {} if drawn is None else _kept(links, tables, drawn)
    todo = sorted((link for link in links if link.id not in found), key=lambda link: link.status in PLANNED)
    modes = sorted({link.mode for link in todo})
    area = _area(tables)
    tracers = {mode: Tracer(mode, mend(read_lines(SOURCES[mode], cache, area)), tables, countries) for mode in modes}
    for link in todo:
        existing = found.get(link.id.partition("@")[0])
        line = existing if existing and "@" in link.id else _draw(link, tables, tracers[link.mode])
        if line is not None:
            found[link.id] = line
    rows = [(link.id, *found[link.id]) for link in links if link.id in found]
    return gpd.GeoDataFrame(rows, columns=COLUMNS, crs=WGS84)


def _kept(
    links: list[Row], tables: Tables, drawn: gpd.GeoDataFrame
) -> dict[str, tuple[str, float, shapely.LineString]]:
    """Lines that were drawn before and still join the two places of their link."""
    old = {str(row[0]): (str(row[1]), float(row[2]), row[3]) for row in drawn[COLUMNS].itertuples(index=False)}
    kept = {}
    for link in links:
        if link.id in old:
            ends = np.array([tables.position(link.from_id), tables.position(link.to_id)])
            if great_circle_km(shapely.get_coordinates(old[link.id][2])[[0, -1]], ends).max() <= MOVED_KM:
                kept[link.id] = old[link.id]
    return kept


def _area(tables: Tables) -> shapely.Polygon:
    """The region, and a strip along the links that leave it."""
    ends = np.array(
        [[tables.position(place) for place in pair] for pair in tables.links[["from_id", "to_id"]].to_numpy()]
    )
    outside = shapely.difference(shapely.linestrings(ends), extent())
    return shapely.union_all([extent(), *shapely.buffer(outside[~shapely.is_empty(outside)], BESIDE_DEG)])


def _draw(link: Row, tables: Tables, tracer: Tracer) -> tuple[str, float, shapely.LineString] | None:
    """Method, length on the network and line of a link, or nothing for a link without length."""
    stops = [place for place in link.via.split(";") if place]
    ends = np.array([tables.position(link.from_id), tables.position(link.to_id)])
    if great_circle_km(ends[:1], ends[1:])[0] < POINT_KM:
        return None
    path = None if link.status in PLANNED else tracer.trace(link.from_id, link.to_id, link.length_km)
    if path is not None:
        line = _line(ends, path.lonlat)
        chord = len(line.coords) == 2 and path.km > CHORD_KM
        return ("chord", np.nan, line) if chord else ("traced", round(path.km, 1), line)
    between = np.array([tables.position(place) for place in stops]).reshape(-1, 2)
    return "via" if stops else "straight", np.nan, _line(ends, between)


def _line(ends: np.ndarray, between: np.ndarray) -> shapely.LineString:
    """Join ends and what lies between by a simplified line; only the ends keep their exact position."""
    coarse = shapely.simplify(shapely.LineString(np.vstack([ends[:1], between, ends[1:]])), TOLERANCE_DEG)
    inner = np.round(shapely.get_coordinates(coarse)[1:-1], DECIMALS)
    return shapely.remove_repeated_points(shapely.LineString(np.vstack([ends[:1], inner, ends[1:]])))
