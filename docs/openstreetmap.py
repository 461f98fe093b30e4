"""Write openstreetmap.md: what the reader makes of real files, beside pyrosm and osmnx.

Needs `pip install pyrosm==0.25.0 osmnx osmium` beside the library, and a folder for downloads:

    python docs/openstreetmap.py build/osm
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import geopandas as gpd
import numpy as np
import osmium
import osmnx as ox
import pandas as pd
import pyrosm
import shapely
from pyproj import Geod

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "data" / "geo"))

from layers.network import read_lines  # noqa: E402

import corridors as co  # noqa: E402
from corridors.osm.downloads import keeping_tags  # noqa: E402

HELSINKI = Path(pyrosm.__path__[0]) / "data" / "Helsinki.osm.pbf"
ALL = co.osm.Rules(roads=co.osm.HIGHWAYS)
RAILWAYS = ("rail", "subway", "tram", "abandoned")

GAUGES = {"AM": "1520", "AZ": "1520", "GE": "1520", "MN": "1520", "UA": "1520", "TR": "1435", "IQ": "1435",
          "SA": "1435", "BD": "1676", "LK": "1676", "NP": "1676"}  # fmt: skip
"""Gauge by rule in countries that the reference network does not reach."""

PAIRS = (
    ("Almaty", "Tashkent", "truck"), ("Almaty", "Karachi", "truck"), ("Kabul", "Karachi", "truck"),
    ("Herat", "Kandahar", "truck"), ("Mashhad", "Bandar Abbas", "truck"), ("Taraz", "Tashkent", "wagon"),
    ("Tashkent", "Termez", "wagon"), ("Quetta", "Rohri", "wagon"), ("Rohri", "Lahore", "wagon"),
    ("Tehran", "Mashhad", "wagon"), ("Mary", "Mashhad", "container"),
)  # fmt: skip

TOLERANCE_PCT = 15


def table(frame: pd.DataFrame) -> str:
    """A frame as a Markdown table."""
    head = "| " + " | ".join(frame.columns) + " |\n|" + "|".join("---" for _ in frame.columns) + "|\n"
    return head + "\n".join("| " + " | ".join(map(str, row)) + " |" for row in frame.to_numpy()) + "\n"


def kind_of(railway: object, service: object, highway: object) -> str:
    """Name the tag class of a line as the comparison has it."""
    if isinstance(railway, str) and railway in RAILWAYS:
        inside = isinstance(service, str) and service in ("yard", "siding", "spur")
        return f"railway={railway}" + (", service track" if inside else "")
    if isinstance(highway, str):
        return f"highway={highway.removesuffix('_link')}"
    return ""


def by_pyrosm() -> pd.Series:
    """Add up km per tag class of the lines that pyrosm gives, on the ellipsoid."""
    data = pyrosm.OSM(str(HELSINKI))
    geod, found = Geod(ellps="WGS84"), {}
    for key in ("railway", "highway"):
        frame = data.get_data_by_custom_criteria(
            custom_filter={key: True}, filter_type="keep", keep_nodes=False, keep_relations=False,
            extra_attributes=["service", "railway", "highway"],
        )  # fmt: skip
        for row in frame.to_dict("records"):
            kind = kind_of(row.get("railway"), row.get("service"), row.get("highway"))
            lines = row["geometry"]
            found[row["id"]] = kind, sum(geod.line_length(*np.array(part.coords).T[:2]) for part in _rings(lines))
    frame = pd.DataFrame(found.values(), columns=["kind", "m"])
    return frame.groupby("kind")["m"].sum() / 1000


def _rings(shape: shapely.Geometry) -> list[shapely.Geometry]:
    """The lines of a shape; pyrosm makes areas of closed ways."""
    return [part.exterior if part.geom_type == "Polygon" else part for part in shapely.get_parts(shape)]


def by_osmnx() -> tuple[pd.Series, str]:
    """Add up km per tag class of the edges that osmnx gives, and say what it did with the file as it is."""
    with tempfile.TemporaryDirectory() as folder:
        raw, cut = Path(folder) / "raw.osm", Path(folder) / "cut.osm"
        known = {node.id for node in osmium.FileProcessor(str(HELSINKI), osmium.osm.NODE)}
        with osmium.SimpleWriter(str(raw)) as first, osmium.SimpleWriter(str(cut)) as second:
            for thing in osmium.FileProcessor(str(HELSINKI), osmium.osm.NODE | osmium.osm.WAY):
                first.add(thing)
                if thing.is_node():
                    second.add(thing)
                    continue
                for run, part in enumerate(_runs([node.ref for node in thing.nodes], known)):
                    # ids of further parts are out of the way of all others
                    second.add(thing.replace(id=thing.id + run * 10**12, nodes=part))
        with keeping_tags(ox):
            try:
                ox.graph_from_xml(raw, simplify=False, retain_all=True)
                said = "reads it"
            except ValueError as error:
                said = f"stops with `{type(error).__name__}: {error}`"
            graph = ox.graph_from_xml(cut, simplify=False, retain_all=True)
    edges = ox.graph_to_gdfs(ox.convert.to_undirected(graph), nodes=False)
    kinds = [kind_of(*row) for row in edges.reindex(columns=["railway", "service", "highway"]).to_numpy()]
    return edges["length"].groupby(np.array(kinds)).sum() / 1000, said


def _runs(refs: list[int], known: set[int]) -> list[list[int]]:
    """Split the nodes of a way where the file lacks them."""
    runs: list[list[int]] = [[]]
    for ref in refs:
        if ref in known:
            runs[-1].append(ref)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if len(run) > 1]


def helsinki() -> str:
    """Compare three readers on one file."""
    net = co.osm.read(HELSINKI, country="FI", rules=ALL)
    kinds = net.osm_report.kinds
    service = kinds["kind"].str.contains(r"yard|siding|spur")
    rail = "railway=" + kinds["kind"].str.split().str[0] + np.where(service, ", service track", "")
    name = np.where(kinds["mode"] == "rail", rail, "highway=" + kinds["kind"])
    ours = kinds.groupby(name)[["km", "kept_km"]].sum()
    edges, said = by_osmnx()
    rows = pd.DataFrame({"ours": ours["km"], "pyrosm": by_pyrosm(), "osmnx": edges, "kept": ours["kept_km"]})
    rows = rows.loc[[k for k in rows.index if k in ours.index and k.partition("=")[2] not in ("cycleway", "footway")]]
    shown = rows.fillna(0).map(lambda km: f"{km:.3f}").reset_index(names="tag class")
    shown.columns = ["tag class", "corridors, read km", "pyrosm km", "osmnx km", "corridors, kept km"]
    links = net.links.groupby("mode")["length_km"].agg(["size", "sum"])
    digest = hashlib.sha256(HELSINKI.read_bytes()).hexdigest()
    dropped = net.osm_report.dropped.round(3)
    repaired = net.osm_report.repaired
    repaired = repaired.assign(km=repaired["km"].map(lambda km: f"{km:.3f}" if np.isfinite(km) else ""))
    call = 'co.osm.read(path, country="FI", rules=co.osm.Rules(roads=co.osm.HIGHWAYS))'
    pyrosm_file = f"{HELSINKI.stat().st_size:,} bytes, sha256 `{digest[:16]}...`"
    by_mode = f"rail {links.loc['rail', 'sum']:.2f}, road {links.loc['road', 'sum']:.2f}"
    most = (rows["ours"] - rows["pyrosm"]).abs().max()
    ratio = (rows["osmnx"] / rows["ours"])[rows["osmnx"] > 0]
    return f"""## One file, three readers

The file `Helsinki.osm.pbf` of the package pyrosm {version("pyrosm")} ({pyrosm_file}), an extract of central Helsinki
with ways clipped at its edge; osmnx {version("osmnx")}, osmium {version("osmium")}. Ramps (`_link`) count with their
class. "Read" is every way of the class, "kept" what the rules leave (`{call}`).

{table(shown)}
What the differences are:

- **Read km against pyrosm**: at most {most * 1000:.0f} m in any class. Both keep what a clipped way has inside
  the file, and both are measured here on the ellipsoid. The difference is one area (way 35144170, `area=yes`) whose
  outline is clipped: pyrosm closes it with a straight line.
- **osmnx** on the file as it is (converted to XML) {said}
  With the missing references taken out it gives {ratio.min():.4f} to {ratio.max():.4f} of our km: it measures on a
  sphere of 6,371 km, while at 60 degrees north the ellipsoid is 0.2 % (north-south) to 0.4 % (east-west) wider. By
  default it would also have dropped the gauge and the usage of every track.
- **Read against kept**: trams, metro and abandoned tracks carry no freight, service tracks are left out unless asked
  for, and ways shut to motor vehicles are dropped:

{table(dropped)}
- **Kept against links**: {links["size"].sum()} links of {links["sum"].sum():.2f} km ({by_mode}) join
  {len(net.places)} places. Loops that lead back to where they began are dropped (above); parallel lines between the
  same two places count once:

{table(repaired)}
{len(net.osm_report.gaps)} ends of lines stop within 1 km ahead of another line without a way round of under 5 km, as
the streets and tracks do that the edge of the extract cuts off. None is closed unless a tolerance is given
(`close_gaps_km`).

Gauge tags of the tracks say 1524 mm, which is taken for 1520 mm (`Rules.alike`): wagons pass between the two.
"""


def region_lines(cache: Path) -> gpd.GeoDataFrame:
    """The railways and main roads of the region as lines with their stated lengths."""
    frames = []
    for name, tags in (("railways", {"railway": "rail"}), ("highways", {"highway": "trunk"})):
        lines = read_lines(name, cache)
        shapes = shapely.linestrings(lines.lonlat[lines.pairs])
        frames.append(gpd.GeoDataFrame({**tags, "length_km": lines.km}, geometry=shapes, crs="EPSG:4326"))
    return pd.concat(frames, ignore_index=True)


def region_points(net: co.Network) -> gpd.GeoDataFrame:
    """The places of the reference network: stations where it has rail, towns where it has a road."""
    links, frames = net.links, []
    for mode, key, value in (("rail", "railway", "station"), ("road", "place", "city")):
        mine = links[(links["mode"] == mode) & links["in_use"]]
        places = net.places.loc[sorted({*mine["from_id"], *mine["to_id"]})]
        # stations are told apart from the towns of the same name
        name = places["name"] + (" rail" if mode == "rail" else "")
        frames.append(gpd.GeoDataFrame({"name": name, key: value}, geometry=places.geometry.values, crs="EPSG:4326"))
    return pd.concat(frames, ignore_index=True)


def region(cache: Path) -> str:
    """Load, simplify and route the region."""
    reference = co.load()
    lines = region_lines(cache)
    rules = co.osm.Rules(station_km=3, town_km=8, close_gaps_km=1.5, gauge=GAUGES, parallel=0,
                          gauge_change="everywhere")  # fmt: skip
    begin = time.process_time()
    net = co.osm.from_lines(lines, points=region_points(reference), rules=rules, name="region")
    loaded = time.process_time() - begin
    begin = time.process_time()
    net.route("Almaty", "Karachi", cargo="truck", by="distance")
    first = time.process_time() - begin
    begin = time.process_time()
    net.route("Tashkent", "Karachi", cargo="truck", by="distance")
    again = time.process_time() - begin
    links = net.links[net.links["crossing"] == ""].groupby("mode")["length_km"].agg(["size", "sum"])
    read = lines.assign(mode=np.where(lines["railway"].notna(), "rail", "road")).groupby("mode")["length_km"]
    sizes = pd.DataFrame(
        {
            "mode": links.index, "lines": read.size().map("{:,}".format), "read km": read.sum().map("{:,.0f}".format),
            "links": links["size"].map("{:,}".format), "km": links["sum"].map("{:,.0f}".format),
        }
    )  # fmt: skip
    routes = pd.DataFrame([_pair(net, reference, *pair) for pair in PAIRS])
    gaps = net.osm_report.gaps
    return f"""## A region of {len(lines):,} lines

The railways and main roads of the package scgraph_data 2.0.0 (OSM-derived, April 2024) in the region of the bundled
maps, through `co.osm.from_lines`: the package states lengths along the line and gives only straight shapes, so lengths
are taken as stated. It has no tags but the kind of line: gauges come from the rule by country, every road counts as
`trunk`. Stations and towns are the places of the reference network.

{table(sizes)}
{table(net.osm_report.dropped.round(0).astype({"km": int}))}
{len(gaps)} gaps up to 1.5 km were found and {int(gaps["closed"].sum())} closed, {len(net.crossings)} border crossings
found. Since gauges change where countries do, the rule is `gauge_change="everywhere"`:
{net.terminals["place"].nunique()} places got a terminal between two gauges.

| step | CPU seconds |
|---|---|
| load and simplify | {loaded:.1f} |
| expand and route, first truck route | {first:.1f} |
| second truck route | {again:.2f} |

On one core of a shared machine; a busy one takes longer by the clock.

Shortest ways beside those of the reference network, whose lengths are published ones:

{table(routes)}
A difference beyond {TOLERANCE_PCT} % is marked. The usual one is a few percent short, since lines between vertices are
simplified and the shortest way is not always the one that is used. Almaty-Tashkent goes straight over the border
here; trucks go by Konysbayeva and Yallama in the reference network. Rohri-Lahore goes round a hole of about
100 km in the main line of the package. The reference network is the default for good reason.
"""


def _pair(net: co.Network, reference: co.Network, origin: str, destination: str, cargo: str) -> dict[str, str]:
    rail = cargo != "truck"
    kilometres = []
    for one, suffix in ((net, " rail" if rail else ""), (reference, "")):
        try:
            route = one.route(f"{origin}{suffix}", f"{destination}{suffix}", cargo=cargo, by="distance",
                              modes=["rail" if rail else "road"])  # fmt: skip
            kilometres.append(route.km)
        except co.CorridorsError:
            kilometres.append(float("nan"))
    ours, known = kilometres
    change = 100 * (ours / known - 1)
    mark = " (!)" if abs(change) > TOLERANCE_PCT else ""
    shown = [f"{km:,.0f}" if np.isfinite(km) else "no way" for km in kilometres]
    return {
        "from": origin, "to": destination, "cargo": cargo, "region km": shown[0], "reference km": shown[1],
        "difference": f"{change:+.1f} %{mark}" if np.isfinite(change) else "",
    }  # fmt: skip


TEXT = """# OpenStreetMap

`co.osm.read` makes a network of `.osm.pbf` and `.osm` files that routes with the default parameters;
`co.osm.from_place` and `from_bbox` download through osmnx, `from_osmnx` takes its graphs, `from_lines` any table of
tagged lines. Install with `pip install 'corridors[osm]'`.

```python
import corridors as co

net = co.osm.read(["uzbekistan.osm.pbf", "afghanistan.osm.pbf"])
print(net.osm_report)                                       # what was read, dropped, repaired and assumed
net.route("Tashkent", "Kabul", cargo="truck").plot()
```

What is done:

- Ways are cut where they meet and joined where they only continue, never across a change of gauge, class, traction or
  tag class; kilometres are measured along the line and added up. Hours follow from class and country.
- `gauge=1435;1520` gives a link of each gauge. A track without the tag takes the gauge that the user states, or the one
  with most kilometres of its country in the reference network; elsewhere it is dropped and counted.
- Tracks that pass a station within `station_km` meet there, so that two gauges without a common node do. By the default
  rule a station that two gauges reach has a terminal between them; road and rail meet where a freight yard or terminal
  is mapped. Both rules can be changed or turned off, and what they gave is marked `assumed`.
- A line that passes from one country into another is cut at the border post on it, else at the mapped border: two
  places and a crossing without length. A line that strays over the border by less than `border_km` stays at home.
- Links work both ways: `oneway` on a track is the usual direction of its trains, and the two carriageways of a road are
  two lines.
- Files are read piece by piece in three passes (ways, the nodes they need, points); memory grows with what is kept.
  Missing nodes, repeated vertices and doubled ways are mended and counted, and a file cut short is refused at once.

All rules are attributes of `co.osm.Rules`. Data of OpenStreetMap are under the Open Database License: name
"OpenStreetMap contributors" where you publish what you make of them.

What is not done: turn restrictions, relations (route numbers, multipolygon stations), speeds from `maxspeed` (a limit
for cars or passenger trains; `net.osm_report.links` has it), lines under construction.

The figures below are written by `python docs/openstreetmap.py build/osm`.

"""


def main() -> None:
    """Write the page."""
    cache = Path(sys.argv[1] if len(sys.argv) > 1 else "build/osm").resolve()
    page = TEXT + helsinki() + "\n" + region(cache)
    (HERE / "openstreetmap.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
