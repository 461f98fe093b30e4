"""Networks from OpenStreetMap: files, downloads, osmnx graphs and tables of tagged lines."""

from corridors.data.osm_account import Report
from corridors.osm.rules import HIGHWAYS, RAIL_CLASS, ROAD_CLASS, Rules
from corridors.osm.sources import from_bbox, from_lines, from_osmnx, from_place, read

__all__ = [
    "HIGHWAYS", "RAIL_CLASS", "ROAD_CLASS", "Report", "Rules",
    "from_bbox", "from_lines", "from_osmnx", "from_place", "read",
]  # fmt: skip
