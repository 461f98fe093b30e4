"""Tables of the schema from links and places by number, and the network that they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString

from corridors.base.cache import Cache
from corridors.base.names import system
from corridors.data import bundled, schema
from corridors.data.osm_account import Log
from corridors.engine.plan import runs
from corridors.network.network import Network
from corridors.osm.cutting import BORDER
from corridors.osm.facilities import terminal_rows
from corridors.osm.linking import Linked
from corridors.osm.naming import line_tags, name_crossings, name_places
from corridors.osm.web import Web

SOURCE, RULES = "openstreetmap", "osm-rules"

_POSITION_KM = 0.05
_LEAST_KM = 0.001


@dataclass(frozen=True, eq=False)
class Alignments:
    """Lines of links and ferry hops by name, made when they are asked for."""

    names: list[str]
    lonlat: np.ndarray
    start: np.ndarray

    def __call__(self) -> Mapping[str, tuple[LineString, str]]:
        """Make the lines."""
        of_point = np.repeat(np.arange(len(self.names)), np.diff(self.start))
        lines: Any = shapely.linestrings(self.lonlat, indices=of_point)
        return {name: (line, "osm") for name, line in zip(self.names, lines, strict=True)}


def make_network(web: Web, linked: Linked, log: Log, *, name: str, as_of: str) -> Network:
    """Make the tables and bind them together."""
    named = name_places(web, linked)
    tags = line_tags(web)
    links = _links(web, linked, named, tags)
    tables = {
        "crossings": _crossings(web, linked, named, links),
        "services": _services(web, linked, named, tags, log),
        "terminals": terminal_rows(web, linked, named, links, log),
    }
    places = _places(web, linked, named, links, tables["services"])
    net = Network.from_tables(places, links[[c for c in links if c in schema.tables()["links"]]], name=name,
                              **{table: frame for table, frame in tables.items() if len(frame)})  # fmt: skip
    frames = {**net.tables.frames, "sources": schema.conform("sources", _sources(net, log.source))}
    lines = _alignments(linked, links, tables["services"])
    tagged = links.set_index("id")[["kind", "name", "ref", "maxspeed_kmh", "surface", "ways"]]
    log.assume("access roads as straight lines times access_detour", int((links["kind"] == "access").sum()),
               float(links["length_km"][links["kind"] == "access"].sum()))  # fmt: skip
    made = replace(
        net.tables, frames=frames, as_of=as_of, read_alignments=lines, osm_report=log.report(tagged), cache=Cache()
    )
    return replace(net, tables=made)


def _links(web: Web, linked: Linked, named: pd.DataFrame, tags: pd.DataFrame) -> pd.DataFrame:
    """Table of one row per link and gauge, with the columns of the schema and what the tags say."""
    kinds = web.kinds.drop_duplicates("code").set_index("code")[["mode", "kind", "class", "gauges", "traction"]]
    kinds.loc[-1] = ["road", "access", "local", "", ""]
    links = linked.links.reset_index(drop=True)
    table = kinds.loc[links["code"]].reset_index(drop=True)
    tagged = tags.reindex(links["origin"]).reset_index(drop=True)
    tagged[["name", "ref", "surface", "ways"]] = tagged[["name", "ref", "surface", "ways"]].fillna("")
    table = pd.concat([table, tagged], axis=1)
    first = np.where(table["mode"] == "rail", table["name"], table["ref"])
    table["line"] = np.where(first != "", first, np.where(table["mode"] == "rail", table["ref"], table["name"]))
    table = table.assign(
        from_id=named["id"].loc[links["a"]].to_numpy(),
        to_id=named["id"].loc[links["b"]].to_numpy(),
        length_km=np.where(links["crossing"] >= 0, 0.0, links["km"].clip(lower=_LEAST_KM).round(3)),
        tracks=np.where((table["mode"] == "rail") & (links["crossing"] < 0), links["tracks"].astype(str), ""),
        row=links["line"],
        number=links["crossing"],
        length_basis=np.where(table["kind"] == "access", "circuity", "network"),
        status="open", source=np.where(table["kind"] == "access", RULES, SOURCE),
        confidence=np.where(table["kind"] == "access", "assumed", "B"),
        note=np.where(table["kind"] == "access", "access road: straight line times a detour factor", ""),
    )  # fmt: skip
    table["gauge_mm"] = table["gauges"].str.split(";")
    table = table.explode("gauge_mm", ignore_index=True)
    ids = np.array([*(slug for _, slug in name_crossings(linked, web)), ""], dtype=object)
    table["crossing"] = ids[table["number"]]
    table["border_km"] = np.where(table["number"] >= 0, 0.0, np.nan)
    table["id"] = table["from_id"] + "--" + table["to_id"] + ":" + system(table["mode"], table["gauge_mm"])
    # lines of several classes may pass one border point, which is crossed once
    table = table[(table["number"] < 0) | ~table["id"].duplicated()].reset_index(drop=True)
    again = table.groupby("id").cumcount()
    table["id"] = table["id"].where(again == 0, table["id"] + "-" + (again + 1).astype(str))
    return table


def _crossings(web: Web, linked: Linked, named: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Table of the crossings that lines pass."""
    found = linked.crossings
    key = BORDER + 2 * np.arange(len(found))
    shut = (web.rules.borders == "tagged") & ~found["near_post"].to_numpy(dtype=bool)
    names = name_crossings(linked, web)
    table = pd.DataFrame(
        {
            "id": [slug for _, slug in names], "name": [name for name, _ in names],
            "place_a": named["id"].reindex(key).to_numpy(), "place_b": named["id"].reindex(key + 1).to_numpy(),
            "modes": found["mode"].to_numpy(), "status": np.where(shut, "suspended", "open"),
            "source": np.where(found["near_post"], SOURCE, RULES),
            "confidence": np.where(found["near_post"], "B", "assumed"),
            "note": np.where(found["near_post"], "", "a line passes the border here; no border post is mapped near"),
        }
    )  # fmt: skip
    return table[table["id"].isin(links["crossing"])].reset_index(drop=True)


def _places(web: Web, linked: Linked, named: pd.DataFrame, links: pd.DataFrame, services: pd.DataFrame) -> pd.DataFrame:
    """Table of the places that links and services touch."""
    where = linked.places
    site = where.index.to_numpy() < 0
    outside = where["outside_km"].to_numpy()
    position = np.maximum(np.where(site, max(web.rules.station_km, _POSITION_KM), _POSITION_KM), outside + _POSITION_KM)
    table = pd.DataFrame(
        {
            "id": named["id"], "name": named["name"], "country": where["country"], "lat": where["lat"].round(6),
            "lon": where["lon"].round(6), "kind": named["kind"], "position_km": position.round(2), "source": SOURCE,
            "confidence": "B",
            "note": np.where(outside > 0, "outside its country on the map, within the tolerance of the border", ""),
        }
    )  # fmt: skip
    touched = {*links["from_id"], *links["to_id"]}
    if len(services):
        touched |= {*services["from_id"], *services["to_id"]}
    return table[table["id"].isin(touched)].reset_index(drop=True)


def _services(web: Web, linked: Linked, named: pd.DataFrame, tags: pd.DataFrame, log: Log) -> pd.DataFrame:
    """Table of ferry hops with their headway in days."""
    hops = linked.sea
    if hops.empty:
        return pd.DataFrame(columns=["from_id", "to_id"])
    kind = web.kinds.drop_duplicates("code").set_index("code")["kind"].loc[hops["code"]].to_numpy(dtype=object)
    a, b = (named["id"].loc[hops[end]].to_numpy() for end in ("a", "b"))
    ends = [named["name"].loc[hops[end]].to_numpy() for end in ("a", "b")]
    name = tags["name"].loc[hops["origin"]].to_numpy(dtype=object)
    route = "ferry-" + (hops["route"] + 1).astype(str)
    headway = _headway_d(web, hops)
    stated = np.isfinite(headway)
    log.assume("ferry headway (ferry_headway_d)", int((~stated).sum()), float(hops["km"][~stated].sum()))
    table = pd.DataFrame(
        {
            "id": route + "--" + a + "--" + b, "service": route,
            "name": np.where(name != "", name, np.array([f"Ferry {x} - {y}" for x, y in zip(*ends, strict=True)])),
            "from_id": a, "to_id": b, "mode": "sea", "class": "ferry",
            "cargo": np.where(kind == "ferry rail", "wagon;container", "truck;container"),
            "length_km": hops["km"].clip(lower=_LEAST_KM).round(3), "length_basis": "network",
            "headway_d": np.where(stated, headway, web.rules.ferry_headway_d), "status": "open",
            "source": np.where(stated, SOURCE, RULES), "confidence": np.where(stated, "B", "assumed"),
            "note": np.where(stated, "", "headway by rule (ferry_headway_d): no interval tag"),
        }
    )  # fmt: skip
    again = table.groupby("id").cumcount()
    table["id"] = table["id"].where(again == 0, table["id"] + "-" + (again + 1).astype(str))
    return table


def _headway_d(web: Web, hops: pd.DataFrame) -> np.ndarray:
    """Read the `interval` tags of ferries in days, NaN where there is none."""
    sea = web.chains["sea"]
    text = np.full(len(sea), "", dtype=object)
    text[sea.piece_chain] = web.ways.tags["interval"].to_numpy(dtype=object)[sea.piece_way]
    first = len(web.chains["rail"]) + len(web.chains["road"])
    return np.array([interval_d(cell) for cell in text[hops["origin"].to_numpy() - first]], dtype=float)


def interval_d(text: str) -> float:
    """Read an `interval` tag (`HH:MM:SS`, `HH:MM` or minutes) in days; NaN where it is none.

    >>> interval_d("02:00") * 24, interval_d("30") * 24, interval_d("often")
    (2.0, 0.5, nan)
    """
    parts = text.split(":")
    if not all(part.strip().isdigit() for part in parts) or len(parts) > 3:
        return float("nan")
    hours = int(parts[0]) / 60 if len(parts) == 1 else int(parts[0]) + int(parts[1]) / 60
    return hours / 24 if hours > 0 else float("nan")


def _alignments(linked: Linked, links: pd.DataFrame, services: pd.DataFrame) -> Alignments:
    """Bring the lines of links and hops into a form that is read when it is needed."""
    drawn = links[links["row"] >= 0]
    names = [*drawn["id"]]
    row = drawn["row"].to_numpy(dtype=np.int64)
    if len(services):
        names += [f"{a}--{b}" for a, b in zip(services["from_id"], services["to_id"], strict=True)]
        row = np.append(row, linked.sea["line"].to_numpy(dtype=np.int64))
    lines = linked.lines
    length = np.diff(lines.start)[row]
    vertices = lines.refs[runs(lines.start[row], length)]
    return Alignments(names, lines.lonlat[vertices], np.append(0, np.cumsum(length)))


def _sources(net: Network, origin: str) -> pd.DataFrame:
    """Table of the sources that rows name: OpenStreetMap, the rules, and those of the bundled parameters."""
    used = {item for table in net.tables.frames.values() if "source" in table for cell in table["source"]
            for item in schema.items(cell)}  # fmt: skip
    own = [
        {"id": SOURCE, "title": f"OpenStreetMap: {origin}", "publisher": "OpenStreetMap contributors",
         "url": "https://www.openstreetmap.org/copyright", "kind": "reference", "note": "Open Database License 1.0"},
        {"id": RULES, "title": "Rules by which OpenStreetMap was read", "kind": "assumption",
         "note": "corridors.osm.Rules; net.osm_report counts what each rule gave"},
    ]  # fmt: skip
    existing = bundled.reference()["sources"]
    table = pd.concat([pd.DataFrame(own).fillna(""), existing], ignore_index=True)
    return table[table["id"].isin(used)]
