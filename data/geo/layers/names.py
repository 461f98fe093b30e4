"""Names of places and towns in the scripts of the region, from GeoNames."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridors.base.names import fold
from layers.network import great_circle_km
from layers.sources import source_file

if TYPE_CHECKING:
    from pathlib import Path

SCRIPTS = ("CYRILLIC", "ARABIC", "DEVANAGARI", "CJK")  # as the names of their letters in Unicode begin
TOWN_KM, GATE_KM = 12.0, 3.0  # a town of that name so near is the place; a border post, a port or a pass is no town
_MORE = re.compile(r"[;,،()/]| - ")  # a country or another name stands beside it
GATES = ("border", "port", "pass")
PORT_KM = 30.0  # a port has the name of its town, but not its position


def in_scripts(town: dict[str, Any]) -> list[str]:
    """Other names of a town in the scripts of the region, each spelling once."""
    found: dict[str, str] = {}
    for name in sorted(town["alternatenames"]):
        letters = [char for char in name if char.isalpha()]
        if (
            letters
            and not _MORE.search(name)
            and all(unicodedata.name(char, "").startswith(SCRIPTS) for char in letters)
        ):
            found.setdefault(fold(name), name)
    return list(found.values())


def nearest_towns(places: pd.DataFrame, cache: Path, port_km: float = GATE_KM) -> dict[str, dict[str, Any]]:
    """The nearest town of GeoNames that bears the name or an alias of each place, if it is near enough."""
    named: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for town in json.loads(source_file("towns", cache).read_text(encoding="utf-8")).values():
        for key in {joined(name) for name in (town["name"], *town["alternatenames"])}:
            named.setdefault((town["countrycode"], key), []).append(town)
    found = {}
    for row in places.itertuples():
        names = {joined(re.sub(r"\s*\(.*\)", "", text)) for text in (row.name, *row.aliases.split(";")) if text}
        towns = [town for name in sorted(names) for town in named.get((row.country, name), ())]
        if not towns:
            continue
        spots = np.array([(town["longitude"], town["latitude"]) for town in towns])
        km = great_circle_km(np.broadcast_to([float(row.lon), float(row.lat)], spots.shape), spots)
        reach_km = port_km if row.kind == "port" else GATE_KM if row.kind in GATES else TOWN_KM
        if km.min() <= reach_km:
            found[row.id] = towns[int(km.argmin())]
    return found


def joined(name: str) -> str:
    """A spelling without the breaks between its words."""
    return fold(name).replace("-", "")


def with_names(folder: Path, cache: Path) -> pd.DataFrame:
    """Rows of ``places`` with the names that GeoNames has in the scripts of the region among the aliases."""
    places = pd.read_csv(folder / "places.csv", dtype=str, keep_default_na=False)
    towns = nearest_towns(places, cache, PORT_KM)
    for row, ident, aliases in places[["id", "aliases"]].itertuples():
        old = [name for name in aliases.split(";") if name]
        spellings = {fold(name) for name in old}
        new = [name for name in in_scripts(towns.get(ident, {"alternatenames": []})) if fold(name) not in spellings]
        places.loc[row, "aliases"] = ";".join([*old, *new])
    return places
