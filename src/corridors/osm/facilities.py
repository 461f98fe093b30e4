"""Terminals: where tags or a stated rule say that cargo changes between road, rail, gauges and ferries."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from corridors.base.names import system
from corridors.data.osm_account import Log
from corridors.osm.linking import Linked
from corridors.osm.web import Web

COLUMNS = ["id", "name", "place", "from_system", "to_system", "both_ways", "cargo", "method", "status", "source",
           "confidence", "note"]  # fmt: skip
_LAND = (("container", "crane"), ("wagon", "reload"))


def terminal_rows(web: Web, linked: Linked, named: pd.DataFrame, links: pd.DataFrame, log: Log) -> pd.DataFrame:
    """Table of the terminals of all places, one row each."""
    systems = _systems(links)
    ident = named["id"].to_dict()
    sites = {ident[key]: -1 - key for key in named.index if key < 0}
    rows = [
        *_gauge_changes(web, systems, sites, log),
        *_road_rail(web, systems, sites),
        *_piers(linked, systems, ident),
    ]
    table = pd.DataFrame(rows, columns=["place", "from_system", "to_system", "cargo", "method", "tagged", "note"])
    counts = table[~table["tagged"].astype(bool)].groupby("note")["place"].nunique()
    for note, number in counts.items():
        log.assume(f"terminals: {note}", int(number))
    names = named.set_index("id")["name"]
    ident_of = table["place"] + ":" + table["from_system"] + "--" + table["to_system"] + ":" + table["method"]
    return table.assign(
        id=ident_of,
        name=names.reindex(table["place"]).to_numpy() + ", " + table["from_system"] + " - " + table["to_system"],
        both_ways="yes",
        status="open",
        source=np.where(table["tagged"], "openstreetmap", "osm-rules"),
        confidence=np.where(table["tagged"], "C", "assumed"),
    )[COLUMNS].drop_duplicates("id")


def _systems(links: pd.DataFrame) -> dict[str, list[str]]:
    """Systems that serve each place, by id of the place."""
    runs_on = system(links["mode"], links["gauge_mm"].fillna(""))
    ends = pd.concat([pd.DataFrame({"place": links[end], "system": runs_on}) for end in ("from_id", "to_id")])
    ends = ends.drop_duplicates().sort_values(["place", "system"])
    found: dict[str, list[str]] = {}
    for place, name in zip(ends["place"], ends["system"], strict=True):
        found.setdefault(place, []).append(name)
    return found


Row = tuple[str, str, str, str, str, bool, str]


def _gauge_changes(web: Web, systems: dict[str, list[str]], sites: dict[str, int], log: Log) -> Iterator[Row]:
    """Yield terminals between gauges that meet at a place; places that get none are noted."""
    rule, table = web.rules.gauge_change, web.sites.table
    for place, here in systems.items():
        rails = [name for name in here if name.startswith("rail")]
        if len(rails) < 2:
            continue
        site = sites.get(place, -1)
        tagged = site >= 0 and bool(table["gauge_conversion"].iloc[site])
        station = site >= 0 and table["kind"].iloc[site] in ("station", "terminal")
        if not (rule == "everywhere" or (rule != "none" and tagged) or (rule == "stations" and station)):
            log.breaks.append((place, ";".join(name.removeprefix("rail-") for name in rails)))
            continue
        note = "change of gauge at a tagged point" if tagged else f"change of gauge by rule ({rule})"
        for first, second in combinations(rails, 2):
            for cargo, method in _LAND:
                yield place, first, second, cargo, method, tagged, note


def _road_rail(web: Web, systems: dict[str, list[str]], sites: dict[str, int]) -> Iterator[Row]:
    """Yield terminals between road and rail; an access road was made where the rule asks for one."""
    rule, freight = web.rules.road_rail, web.sites.table["freight"].to_numpy(dtype=bool)
    for place, site in sites.items():
        here = systems.get(place, ())
        if rule == "none" or "road" not in here or not (freight[site] or rule == "stations"):
            continue
        note = "freight yard or terminal on the map" if freight[site] else "road and rail meet at every station"
        for rail in (s for s in here if s.startswith("rail")):
            for cargo, method in _LAND:
                yield place, "road", rail, cargo, method, bool(freight[site]), note


def _piers(linked: Linked, systems: dict[str, list[str]], ident: dict[int, str]) -> Iterator[Row]:
    """Yield terminals between land and ferries."""
    for key in pd.unique(linked.sea[["a", "b"]].to_numpy().ravel()).tolist():
        for land in systems.get(ident[key], ()):
            cargo = "truck;container" if land == "road" else "wagon;container"
            yield ident[key], land, "sea", cargo, "ferry", True, "ferry pier on the map"
