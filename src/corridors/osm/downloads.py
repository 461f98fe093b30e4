"""Downloads from the Overpass API through osmnx, with the tags kept that a freight network needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from corridors.base.errors import DataFileError
from corridors.osm.rules import Rules
from corridors.osm.tags import BORDER_POINTS, FREIGHT_AREAS, POINT_TAGS, WAY_TAGS

if TYPE_CHECKING:
    import networkx as nx


def osmnx() -> ModuleType:
    """Import osmnx when it is first used: it is always installed, and the package loads faster without it.

    >>> int(osmnx().__version__.partition(".")[0]) >= 2
    True
    """
    import osmnx as module

    found: ModuleType = module
    return found


@contextmanager
def keeping_tags(ox: ModuleType) -> Iterator[None]:
    """Let osmnx keep the tags of railways and ferries meanwhile; by default it drops them."""
    before = ox.settings.useful_tags_way, ox.settings.useful_tags_node
    ox.settings.useful_tags_way = sorted({*before[0], *WAY_TAGS})
    ox.settings.useful_tags_node = sorted({*before[1], *POINT_TAGS})
    try:
        yield
    finally:
        ox.settings.useful_tags_way, ox.settings.useful_tags_node = before


def way_filters(rules: Rules) -> list[str]:
    """Overpass filters of the ways that the rules ask for.

    >>> way_filters(Rules(roads=("trunk",), ferries=False))
    ['["railway"~"^(rail|narrow_gauge)$"]', '["highway"~"^(trunk)(_link)?$"]']
    """
    filters = []
    if rules.railways:
        filters.append(f'["railway"~"^({"|".join(rules.railways)})$"]')
    if rules.roads:
        filters.append(f'["highway"~"^({"|".join(rules.roads)})(_link)?$"]')
    if rules.ferries:
        filters.append('["route"="ferry"]')
    return filters


def download(how: str, query: Any, rules: Rules) -> tuple[nx.MultiDiGraph[Any], gpd.GeoDataFrame | None]:
    """Fetch ways as an unsimplified graph, and points.

    Raises
    ------
    DataFileError
        If the download fails or finds nothing.
    """
    ox = osmnx()
    tags = {
        "railway": [*rules.stations, "yard", "border", "gauge_conversion", "buffer_stop"],
        "place": list(rules.towns),
        "industrial": list(FREIGHT_AREAS),
        **{key: [value] for key, value in BORDER_POINTS if key != "railway"},
    }
    fetch = {"place": ox.graph_from_place, "bbox": ox.graph_from_bbox}[how]
    find = {"place": ox.features_from_place, "bbox": ox.features_from_bbox}[how]
    try:
        with keeping_tags(ox):
            graph = fetch(
                query, simplify=False, retain_all=True, truncate_by_edge=True, custom_filter=way_filters(rules)
            )
        points = find(query, {key: values for key, values in tags.items() if values})
    except (ValueError, OSError) as error:
        if "No matching features" in str(error):
            return graph, None
        raise DataFileError(f"OpenStreetMap gave nothing for {query!r}: {error}") from error
    return graph, _as_points(points)


def _as_points(features: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Features as points: areas by the middle of their box."""
    box = features.bounds
    middle = gpd.points_from_xy((box["minx"] + box["maxx"]) / 2, (box["miny"] + box["maxy"]) / 2)
    kept = pd.DataFrame(features[[tag for tag in POINT_TAGS if tag in features]]).reset_index(drop=True)
    return gpd.GeoDataFrame(kept, geometry=middle, crs="EPSG:4326")
