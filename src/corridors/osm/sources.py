"""The ways in: files, downloads through osmnx, osmnx graphs, and tables of tagged lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd

from corridors.base.errors import InputError
from corridors.network.network import Network
from corridors.osm.assemble import assemble
from corridors.osm.downloads import download
from corridors.osm.files import read_files
from corridors.osm.rules import Rules
from corridors.osm.tables import ways_of_graph, ways_of_lines

if TYPE_CHECKING:
    import networkx as nx


def read(
    paths: str | Path | Sequence[str | Path],
    *,
    country: str | gpd.GeoDataFrame | None = None,
    rules: Rules | None = None,
    name: str | None = None,
) -> Network:
    """Read `.osm.pbf` or `.osm` files as one network that routes with the default parameters.

    Ways that only continue each other are joined, never across a change of gauge or class, so that links run from
    junction to junction; their kilometres are measured along the line and added up. Stations, towns, border points
    and piers are places. Links work both ways: `oneway` on a track is the usual direction of its trains.

    `net.osm_report` says what was read, dropped, repaired and assumed.

    Parameters
    ----------
    paths
        One file, or several that belong together, such as the extracts of neighbouring countries.
    country
        Country of everything (`FI`), or a layer of outlines with a column `country` of two-letter codes. By default
        the bundled layer, which reaches from the Caucasus to western China.
    rules
        What is taken, and what is assumed where tags are silent.
    name
        Name shown with results; by default that of the first file.

    Returns
    -------
    Network
        Lines of the files with lengths in km, and `osm_report` on what was kept, dropped and assumed.

    Raises
    ------
    DataFileError
        If a file is missing, empty, cut short or no OpenStreetMap data, or holds nothing that the rules ask for.
    MissingPackageError
        If pyosmium is not installed (`pip install 'corridors[osm]'`).
    InputError
        If the country is no code and no layer.

    Examples
    --------
    `net = co.osm.read("uzbekistan.osm.pbf", rules=co.osm.Rules(close_gaps_km=0.2))`, then `print(net.osm_report)`.

    >>> import tempfile
    >>> import corridors as co
    >>> node = '<node id="{}" lat="38" lon="{}"><tag k="railway" v="station"/><tag k="name" v="{}"/></node>'
    >>> ends = node.format(1, 67, "A") + node.format(2, 68, "B")
    >>> line = '<way id="1"><nd ref="1"/><nd ref="2"/><tag k="railway" v="rail"/><tag k="gauge" v="1520"/></way>'
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     size = Path(f"{folder}/small.osm").write_text(f'<osm version="0.6">{ends}{line}</osm>', encoding="utf8")
    ...     net = co.osm.read(f"{folder}/small.osm", country="UZ")
    >>> net.links["length_km"].round(1).to_dict()
    {'a--b:rail-1520': 87.8}
    """
    rules = rules or Rules()
    several = [paths] if isinstance(paths, str | Path) else list(paths)
    if not several:
        raise InputError("paths", paths, "at least one file")
    ways, month, deleted = read_files(several, rules)
    files = ", ".join(Path(path).name for path in several)
    name = name or Path(several[0]).name.split(".")[0]
    return assemble(ways, source=files, name=name, country=country, rules=rules, as_of=month,
                    notes={"objects left out that an editor had deleted": deleted})  # fmt: skip


def from_lines(
    lines: gpd.GeoDataFrame,
    *,
    points: gpd.GeoDataFrame | None = None,
    country: str | gpd.GeoDataFrame | None = None,
    rules: Rules | None = None,
    name: str = "lines",
) -> Network:
    """Make a network of lines from OpenStreetMap with their tags as columns, such as the tables of pyrosm.

    Lines meet where they share a vertex, to 1e-7 degrees. They are credited to OpenStreetMap.

    Parameters
    ----------
    lines
        Lines with columns such as `railway`, `gauge`, `usage`, `highway`; `length_km` states a length that is not to
        be measured (blank: it is), `id` a number for the report. Rows without geometry are left out, and counted.
    points
        Points with columns such as `railway`, `place` and `name`.
    country, rules, name
        As in `read`.

    Returns
    -------
    Network
        Lines of the lines with lengths in km, and `osm_report` on what was kept, dropped and assumed.

    Raises
    ------
    InputError
        If there are no lines, or a stated length is none; it names the row.

    >>> import geopandas as gpd, corridors as co
    >>> from shapely.geometry import LineString, Point
    >>> track = gpd.GeoDataFrame(
    ...     {"railway": ["rail"], "gauge": ["1520"]}, geometry=[LineString([(67, 38), (68, 38)])], crs="EPSG:4326")
    >>> towns = gpd.GeoDataFrame(
    ...     {"railway": "station", "name": ["A", "B"]}, geometry=[Point(67, 38), Point(68, 38)], crs="EPSG:4326")
    >>> net = co.osm.from_lines(track, points=towns, country="UZ")
    >>> round(net.route("A", "B", cargo="wagon").km, 1)
    87.8
    """
    rules = rules or Rules()
    ways, notes = ways_of_lines(lines, points)
    return assemble(ways, source=name, name=name, country=country, rules=rules, notes=notes)


def from_osmnx(
    graph: nx.MultiDiGraph[Any],
    *,
    points: gpd.GeoDataFrame | None = None,
    country: str | gpd.GeoDataFrame | None = None,
    rules: Rules | None = None,
    name: str = "osmnx",
) -> Network:
    """Make a network of an osmnx graph.

    osmnx keeps only the tags named in `osmnx.settings`: without `railway`, `gauge`, `usage` and `electrified` among
    `useful_tags_way` they are lost before this function sees them, and `from_place` sets them. A graph that osmnx has
    simplified across railways or gauges is refused: simplify it with
    `edge_attrs_differ=["railway", "gauge", "usage", "electrified"]`, or not at all.

    Parameters
    ----------
    graph
        Nodes with `x` and `y` in degrees; edges with tags, and `geometry` where they are not straight. The two
        directions of an edge become one link.
    points
        Points with tags such as `railway=station`; tagged nodes of the graph are taken anyway.
    country, rules, name
        As in `read`.

    Returns
    -------
    Network
        Lines of the graph with lengths in km, and `osm_report` on what was kept, dropped and assumed.

    Raises
    ------
    InputError
        If the graph is projected, or merged across railways or gauges.

    >>> import networkx as nx
    >>> import corridors as co
    >>> graph = nx.MultiDiGraph(crs="epsg:4326")
    >>> graph.add_nodes_from([(1, {"x": 67.0, "y": 38.0}), (2, {"x": 68.0, "y": 38.0})])
    >>> graph.add_edge(1, 2, osmid=1, highway="trunk", length=87833.0)
    0
    >>> co.osm.from_osmnx(graph, country="UZ").links["length_km"].round(1).tolist()
    [87.8]
    """
    rules = rules or Rules()
    ways, merged = ways_of_graph(graph, points)
    return assemble(ways, source=name, name=name, country=country, rules=rules, notes=merged)


def from_place(
    query: str | dict[str, str] | list[str | dict[str, str]],
    *,
    country: str | gpd.GeoDataFrame | None = None,
    rules: Rules | None = None,
    name: str | None = None,
) -> Network:
    """Download the lines of a place from the Overpass API through osmnx and make a network of them.

    Parameters
    ----------
    query
        A place that Nominatim finds, such as `"Termez, Uzbekistan"`.
    country, rules, name
        As in `read`.

    Returns
    -------
    Network
        Lines of the place with lengths in km, and `osm_report` on what was kept, dropped and assumed.

    Raises
    ------
    DataFileError
        If the download fails or finds nothing.

    >>> import corridors as co
    >>> net = co.osm.from_place("Termez, Uzbekistan", country="UZ")  # doctest: +SKIP
    """
    return _downloaded("place", query, str(query), country=country, rules=rules, name=name)


def from_bbox(
    bbox: tuple[float, float, float, float],
    *,
    country: str | gpd.GeoDataFrame | None = None,
    rules: Rules | None = None,
    name: str | None = None,
) -> Network:
    """Download the lines in a box from the Overpass API through osmnx and make a network of them.

    Parameters
    ----------
    bbox
        West, south, east and north in degrees.
    country, rules, name
        As in `read`.

    Returns
    -------
    Network
        Lines of the box with lengths in km, and `osm_report` on what was kept, dropped and assumed.

    Raises
    ------
    InputError
        If the box is none.
    DataFileError
        As in `from_place`.

    >>> import corridors as co
    >>> net = co.osm.from_bbox((67.1, 37.1, 67.5, 37.4), country="UZ")  # doctest: +SKIP
    """
    west, south, east, north = bbox
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise InputError("bbox", bbox, "west < east and south < north, in degrees")
    shown = f"{west:g}, {south:g}, {east:g}, {north:g}"
    return _downloaded("bbox", (west, south, east, north), shown, country=country, rules=rules, name=name)


def _downloaded(
    how: str, query: Any, shown: str, *, country: str | gpd.GeoDataFrame | None, rules: Rules | None, name: str | None
) -> Network:
    rules = rules or Rules()
    graph, points = download(how, query, rules)
    ways, merged = ways_of_graph(graph, points)
    source = f"Overpass API, {shown}"
    return assemble(ways, source=source, name=name or shown, country=country, rules=rules, notes=merged)
