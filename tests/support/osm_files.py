"""Small OpenStreetMap files that the tests write themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

import geopandas as gpd
import osmium
import shapely

Nodes = Mapping[int, Sequence[object]]
"""Longitude, latitude and (optional) tags by node id."""

Ways = Mapping[int, tuple[Sequence[int], Mapping[str, str]]]
"""Node ids and tags by way id."""

RAIL = {"railway": "rail", "usage": "main", "gauge": "1520"}
STANDARD = {**RAIL, "gauge": "1435"}
TRUNK = {"highway": "trunk"}


def station(name: str, **tags: str) -> dict[str, str]:
    return {"railway": "station", "name": name, **tags}


def town(name: str) -> dict[str, str]:
    return {"place": "town", "name": name}


def xml(nodes: Nodes, ways: Ways) -> str:
    """Write nodes and ways as OSM XML."""

    def tags(found: Mapping[str, str]) -> str:
        return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in found.items())

    parts = ['<?xml version="1.0" encoding="UTF-8"?><osm version="0.6" generator="test">']
    for ident, (lon, lat, *more) in nodes.items():
        parts.append(f'<node id="{ident}" version="1" lat="{lat}" lon="{lon}">{tags(more[0] if more else {})}</node>')
    for ident, (refs, said) in ways.items():
        body = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        parts.append(f'<way id="{ident}" version="1">{body}{tags(said)}</way>')
    return "\n".join([*parts, "</osm>"])


def write(path: Path, nodes: Nodes, ways: Ways) -> Path:
    """Write a file; the suffix `.pbf` makes it PBF."""
    plain = path.with_suffix("").with_suffix(".osm") if path.suffix == ".pbf" else path
    plain.write_text(xml(nodes, ways), encoding="utf-8")
    if path.suffix == ".pbf":
        with osmium.SimpleWriter(str(path), overwrite=True) as writer:
            for thing in osmium.FileProcessor(str(plain)):
                writer.add(thing)
        plain.unlink()
    return path


def halves(lon: float, west: str = "UZ", east: str = "AF") -> gpd.GeoDataFrame:
    """Two countries that meet at a meridian."""
    boxes = [shapely.box(lon - 10, 20, lon, 60), shapely.box(lon, 20, lon + 10, 60)]
    return gpd.GeoDataFrame({"country": [west, east]}, geometry=boxes, crs="EPSG:4326")


def row(first: int, *lons: float, lat: float = 38.0) -> dict[int, tuple[float, float]]:
    """Nodes in a row, numbered from `first`."""
    return {first + i: (lon, lat) for i, lon in enumerate(lons)}
