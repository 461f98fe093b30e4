"""Names and positions of towns of the region, for looking up what the tables do not have."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from layers.names import in_scripts
from layers.region import BOX
from layers.sources import source_file

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = ("AF", "IR", "KG", "KZ", "PK", "TJ", "TM", "UZ")  # every town that the package has
LARGE = ("AE", "AZ", "CN", "IN", "LK", "OM", "RU")  # towns in the box with this many inhabitants
LARGE_POPULATION = 50_000
MOST_ALIASES = 40
DECIMALS = 3
COLUMNS = ("name", "country", "lat", "lon", "population", "aliases")


def write_gazetteer(cache: Path, file: Path) -> None:
    """Write the towns as CSV, by country and name."""
    towns = json.loads(source_file("towns", cache).read_text(encoding="utf-8")).values()
    rows = sorted((_row(town) for town in towns if _kept(town)), key=lambda row: (row[1], row[0], row[2], row[3]))
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def _kept(town: dict[str, Any]) -> bool:
    west, south, east, north = BOX
    inside = west <= town["longitude"] <= east and south <= town["latitude"] <= north
    large = town["countrycode"] in LARGE and town["population"] >= LARGE_POPULATION
    return inside and (large or town["countrycode"] in WHOLE)


def _row(town: dict[str, Any]) -> tuple[str, str, float, float, int | str, str]:
    position = round(town["latitude"], DECIMALS), round(town["longitude"], DECIMALS)
    # the package says 0 where it does not know
    return town["name"], town["countrycode"], *position, town["population"] or "", ";".join(_aliases(town))


def _aliases(town: dict[str, Any]) -> list[str]:
    """Other names in Latin letters and the scripts of the region; codes and mere transcriptions are left out."""
    found = {_fold(town["name"]): ""}
    for name in town["alternatenames"]:
        spelling = _fold(name)
        if spelling and name[:1].isupper() and not name.isupper() and ";" not in name and len(spelling) == len(name):
            found.setdefault(spelling, name)
    return sorted(filter(None, found.values()))[:MOST_ALIASES] + in_scripts(town)


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")
