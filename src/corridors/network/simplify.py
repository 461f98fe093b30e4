"""Fewer places: chains of links of one kind become one link, with the same kilometres, hours and cost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString

from corridors.base.errors import InputError
from corridors.data import schema
from corridors.data.tables import Tables, free_id
from corridors.formats.content import Lines
from corridors.model.state import N
from corridors.network.split import renewed

DROP = ("junction", "station", "site", "pass")
"""Kinds of places that may go."""

ALIKE = ("mode", "gauge_mm", "class", "line", "status", "opened", "closed", "tracks", "traction")
"""Columns in which the links of a chain are the same: those that decide use, speed and cost, and what is shown."""

_TURNED = {"": "", "from": "to", "to": "from"}

_CONFIDENCE = ("A", "B", "C", "assumed")

Row = dict[str, Any]


def simplify(net: N, *, keep: str | Iterable[str] = (), drop: Iterable[str] = DROP) -> N:
    """Return the network without places where nothing but one line goes on.

    A place goes if exactly two links meet there, of one mode, gauge, class, line, status, traction and head haul, and
    nothing else names it: no terminal, service, crossing or set. The links become one with the sum of lengths and one
    line, so that routes between the places that stay keep their kilometres, hours and cost. Links over a border, of a
    project, with upgrades, or with parameters or closures of their own stay as they are.

    Parameters
    ----------
    net
        The network.
    keep
        Places that stay, or the name of a set of places.
    drop
        Kinds of places that may go; by default junctions, stations, sites and passes, not towns.

    Returns
    -------
    Network
        With fewer places and links; `net` itself where nothing can go.

    Raises
    ------
    InputError, UnknownNameError
        If there is no such kind of place, or no such place or set to keep.

    >>> import corridors as co
    >>> net = co.load()
    >>> simple = net.simplify()
    >>> len(net.places) - len(simple.places), len(net.links) - len(simple.links)
    (8, 8)
    """
    kinds = schema.tables()["places"]["kind"].choices
    for kind in drop:
        if kind not in kinds:
            raise InputError("drop", kind, f"kinds of places are {', '.join(kinds)}")
    tables = net.tables
    links: list[Row] = [{str(k): v for k, v in row.items()} for row in tables["links"].to_dict("records")]
    gone = _droppable(net, links, set(drop), set(net.place_set(keep) if keep else ()))
    chains = _chains(links, gone)
    if not chains:
        return net
    used = {number for chain in chains for number, _ in chain}
    inside = {_ends(links[number], turned)[1] for chain in chains for number, turned in chain[:-1]}
    lines: Lines = dict(tables.alignments)
    taken = {row["id"] for number, row in enumerate(links) if number not in used}
    joined = {chain[0][0]: _join(tables, links, chain, lines, taken) for chain in chains}
    rows = [joined.get(number, row) for number, row in enumerate(links) if number in joined or number not in used]
    for row in rows:
        row["via"] = schema.SEPARATOR.join(place for place in schema.items(row["via"]) if place not in inside)
    places = tables["places"]
    frames = {"links": pd.DataFrame(rows), "places": places[~places["id"].isin(inside)].reset_index(drop=True)}
    return renewed(net, frames, lines=lines)


def _ends(row: Row, turned: bool) -> tuple[str, str]:
    return (row["to_id"], row["from_id"]) if turned else (row["from_id"], row["to_id"])


def _droppable(net: N, links: list[Row], drop: set[str], keep: set[str]) -> set[str]:
    """Find the places that may go."""
    tables = net.tables
    places = tables["places"]
    found = set(places["id"][places["kind"].isin(drop)]) - keep
    for name, columns in schema.tables().items():
        for column in columns.values():
            if column.refers_to == "places" and name != "links":
                found -= {ident for cell in tables[name][column.name] for ident in schema.items(cell)}
    fixed = _fixed(net, links)
    at: dict[str, list[int]] = {}
    for number, row in enumerate(links):
        at.setdefault(row["from_id"], []).append(number)
        at.setdefault(row["to_id"], []).append(number)
    return {
        place
        for place in found
        if len(at.get(place, ())) == 2 and not fixed & set(at[place]) and _alike(*(links[i] for i in at[place]))
    }


def _fixed(net: N, links: list[Row]) -> set[int]:
    """List the links that stay as they are."""
    tables = net.tables
    named = set(tables.parameters["link"]) | {t.ident for t in net.view.closed | net.view.opened if t.kind == "link"}
    named |= set(tables["closures"]["target"][tables["closures"]["kind"] == "link"])
    stated = tables["attributes"]["subject"][tables["attributes"]["kind"] == "link"]
    named |= {ident for cell in stated for ident in schema.items(cell)}
    named |= {ident for row in links for ident in schema.items(row["replaces"])}
    return {
        number
        for number, row in enumerate(links)
        if row["id"] in named or row["crossing"] or row["project"] or row["replaces"]
    }


def _alike(one: Row, other: Row) -> bool:
    far = {one["from_id"], one["to_id"]} ^ {other["from_id"], other["to_id"]}
    # two links that join the same two places are no chain
    return len(far) == 2 and all(one[column] == other[column] for column in ALIKE) and _one_way(one, other)


def _one_way(one: Row, other: Row) -> bool:
    """Whether the head haul of two links that meet goes on in the same direction, or neither has one."""
    (place,) = {one["from_id"], one["to_id"]} & {other["from_id"], other["to_id"]}
    ends = [row[f"{row['head_haul']}_id"] if row["head_haul"] else "" for row in (one, other)]
    return ends == ["", ""] or (all(ends) and (ends[0] == place) != (ends[1] == place))


def _chains(links: list[Row], gone: set[str]) -> list[list[tuple[int, bool]]]:
    """List the chains of links through places that go: link numbers, each with whether it is passed backwards."""
    at: dict[str, list[int]] = {}
    for number, row in enumerate(links):
        for place in {row["from_id"], row["to_id"]} & gone:
            at.setdefault(place, []).append(number)
    found, seen = [], set()
    for first, row in enumerate(links):
        for turned in (False, True):
            start, place = _ends(row, turned)
            if first in seen or start in gone or place not in gone:
                continue
            chain = [(first, turned)]
            while place in gone:
                number = next(i for i in at[place] if i != chain[-1][0])
                back = links[number]["to_id"] == place
                chain.append((number, back))
                place = _ends(links[number], back)[1]
            if place != start:
                found.append(chain)
            seen |= {number for number, _ in chain}
    return found


def _join(tables: Tables, links: list[Row], chain: list[tuple[int, bool]], lines: Lines, taken: set[str]) -> Row:
    """Make one link of a chain, and one line of theirs."""
    rows = [links[number] for number, _ in chain]
    first, last = _ends(rows[0], chain[0][1])[0], _ends(rows[-1], chain[-1][1])[1]
    system = rows[0]["id"].partition(":")[1:]
    ident = free_id(f"{first}--{last}{''.join(system)}", taken)
    taken.add(ident)
    shapes = [(tables.shape("links", i), turned) for i, turned in chain]
    methods = [lines.pop(row["id"])[1] for row in rows if row["id"] in lines]
    coordinates = np.vstack([shapely.get_coordinates(s.reverse() if turned else s) for s, turned in shapes])
    # even without lines of their own, the links show where the places were
    method = methods[0] if len(set(methods)) == 1 and len(methods) == len(rows) else "joined"
    lines[ident] = (
        LineString(shapely.get_coordinates(shapely.remove_repeated_points(LineString(coordinates)))),
        method,
    )
    lengths = {column: _total(rows, column) for column in ("length_km", "length_low_km", "length_high_km")}
    names = [_ends(row, turned)[1] for row, (_, turned) in zip(rows[:-1], chain[:-1], strict=True)]
    return {
        **rows[0],
        "head_haul": _TURNED[rows[0]["head_haul"]] if chain[0][1] else rows[0]["head_haul"],
        "id": ident,
        "from_id": first,
        "to_id": last,
        **lengths,
        "length_basis": rows[0]["length_basis"] if len({r["length_basis"] for r in rows}) == 1 else "derived",
        "opened_basis": _union(row["opened_basis"] for row in rows),
        "via": "",
        "source": _union(item for row in rows for item in schema.items(row["source"])),
        "year": rows[0]["year"] if len({r["year"] for r in rows}) == 1 else "",
        "confidence": max((row["confidence"] for row in rows), key=_CONFIDENCE.index),
        "line_note": "; ".join(dict.fromkeys(filter(None, (row["line_note"] for row in rows)))),
        "note": f"{len(rows)} links by {', '.join(names[:6])}{', ...' if len(names) > 6 else ''}",
    }


def _total(rows: list[Row], column: str) -> float:
    """Add up lengths; an end of a range that a link lacks is its length, if another has one."""
    if all(np.isnan(row[column]) for row in rows):
        return float("nan")
    return float(sum(row["length_km"] if np.isnan(row[column]) else row[column] for row in rows))


def _union(items: Iterable[str]) -> str:
    return schema.SEPARATOR.join(dict.fromkeys(filter(None, items)))
