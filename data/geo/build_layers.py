"""Build the layers of the library: base map, relief, alignments of links, sea legs, gazetteer.

For maintainers. The packages are fetched by name and version through the clients of their registries (``pip``,
``npm``, ``apt-get``) into a folder of their own, checked against their checksums, and everything is built anew from
them and from the tables, with the same result every time. Needs the library itself:

    python data/geo/build_layers.py --cache ~/.cache/corridors-layers

``--only missing`` draws the links that have no line yet, or whose places have moved, and leaves all other lines.
Tables come from ``data/geo`` unless ``--tables`` names other folders, of which the first that has an id counts.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from layers.alignments import alignments
from layers.basemap import LAYERS
from layers.checks import problems, read_layer, summary
from layers.files import write_layer
from layers.gazetteer import write_gazetteer
from layers.names import with_names
from layers.positions import better_positions
from layers.relief import write_relief
from layers.sea import sea_legs
from layers.tables import read_tables

HERE = Path(__file__).resolve().parent
STEPS = ("basemap", "relief", "sea", "alignments", "gazetteer")
ASKED = ("positions", "names", "missing")  # done only when they are asked for; the first two change tables


def main() -> int:
    """Build the layers that are asked for, then check all of them."""
    options = _options()
    basemap, osm, cache = HERE / "basemap", HERE / "osm", options.cache.expanduser().resolve()
    if cache.is_relative_to(HERE.parents[1]):
        print("the cache must lie outside the repository", file=sys.stderr)
        return 2
    if "positions" in options.only:
        places = better_positions(HERE, read_layer(basemap / "countries.fgb.zip"), cache)
        places.to_csv(HERE / "places.csv", index=False, lineterminator="\n")
    if "names" in options.only:
        with_names(HERE, cache).to_csv(HERE / "places.csv", index=False, lineterminator="\n")
    tables = read_tables(options.tables)
    if "basemap" in options.only:
        for name, build in LAYERS.items():
            write_layer(build(cache), basemap / f"{name}.fgb.zip")
    land = read_layer(basemap / "land.fgb.zip")
    if "relief" in options.only:
        write_relief(cache, land, read_layer(basemap / "lakes.fgb.zip"), basemap)
    if "sea" in options.only:
        write_layer(sea_legs(tables, land), basemap / "sea.fgb.zip")
    if {"alignments", "missing"} & set(options.only):
        path = osm / "alignments.fgb.zip"
        drawn = None if "alignments" in options.only else read_layer(path)
        write_layer(alignments(tables, read_layer(basemap / "countries.fgb.zip"), cache, drawn), path)
    if "gazetteer" in options.only:
        write_gazetteer(cache, HERE / "gazetteer" / "geonames.csv")
    print(summary(HERE, tables))
    wrong = problems(HERE, tables)
    print("\n".join(wrong) or "all checks passed")
    return 1 if wrong else 0


def _options() -> argparse.Namespace:
    """Read the options."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cache", type=Path, required=True, help="folder for the packages, outside the repository")
    parser.add_argument("--tables", type=Path, nargs="+", default=[HERE], help="folders with places, links, services")
    parser.add_argument("--only", nargs="+", choices=(*STEPS, *ASKED), default=STEPS, help="do only these; check all")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
