"""Terminals that a new line needs: which systems meet at its places, which are joined there, and rows for the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import numpy as np

from corridors.base.names import system
from corridors.data import schema
from corridors.data.tables import Tables, free_id
from corridors.model.view import PLANNED

METHODS = {"container": "crane", "wagon": "reload"}
"""How a terminal that is assumed moves each cargo unit."""

Meeting = tuple[str, str, str]
"""Place, system that meets a line there, and cargo unit."""


def systems_at(tables: Tables, built: Collection[str]) -> dict[str, set[str]]:
    """Systems of land at each place, by links that exist or belong to projects that are built.

    Parameters
    ----------
    tables
        Tables of the network.
    built
        Ids of projects.

    >>> import corridors as co
    >>> [sorted(systems_at(co.load().tables, built)["herat"]) for built in ([], ["khaf-herat-4b"])]
    [['road'], ['rail-1435', 'road']]
    """
    links = tables["links"]
    there = ~links["status"].isin(PLANNED) | links["project"].isin(list(built))
    found: dict[str, set[str]] = {}
    for first, second, mode, gauge in links.loc[there, ["from_id", "to_id", "mode", "gauge_mm"]].itertuples(
        index=False
    ):
        for place in (first, second):
            found.setdefault(str(place), set()).add(system(str(mode), str(gauge)))
    return found


def unjoined(tables: Tables, places: Iterable[str], line: str, built: Collection[str], *, road: bool) -> list[Meeting]:
    """List where a railway meets other systems without a terminal that moves a cargo unit between the two.

    Parameters
    ----------
    tables
        Tables of the network, with the line.
    places
        Places of the line.
    line
        Its system; a road asks for none.
    built
        Ids of projects that are built.
    road
        Whether meetings with roads count, and not only those with railways of another gauge.

    >>> import corridors as co
    >>> unjoined(co.load().tables, ["herat", "naibabad"], "rail-1435", [], road=False)
    [('naibabad', 'rail-1520', 'container'), ('naibabad', 'rail-1520', 'wagon')]
    """
    terminals = tables["terminals"]
    there = (~terminals["status"].isin(PLANNED) | terminals["project"].isin(list(built))).to_numpy()
    joined = set()
    for one in terminals[there].to_dict("records"):
        for cargo in schema.items(one["cargo"]):
            joined.add((one["place"], frozenset((one["from_system"], one["to_system"])), cargo))
    meeting = systems_at(tables, built)
    return [
        (place, other, cargo)
        for place in dict.fromkeys(places)
        for other in sorted(meeting.get(place, set()) - {line})
        if line != "road" and (road or other != "road")
        for cargo in METHODS
        if (place, frozenset((line, other)), cargo) not in joined
    ]


def assumed_terminals(tables: Tables, line: str, meetings: Iterable[Meeting], project: str) -> list[dict[str, Any]]:
    """Rows of the table `terminals` that join a line to what it meets, of a project and assumed.

    Parameters
    ----------
    tables
        Tables of the network.
    line
        System of the line.
    meetings
        What `unjoined` lists.
    project
        Project that builds them.

    >>> import corridors as co
    >>> met = [("naibabad", "rail-1520", "container")]
    >>> rows = assumed_terminals(co.load().tables, "rail-1435", met, "uap-naibabad-kharlachi")
    >>> rows[0]["id"], rows[0]["name"]
    ('naibabad:rail-1435--rail-1520:crane', 'Naibabad break of gauge, containers (assumed)')
    """
    taken, rows = set(tables["terminals"]["id"]), []
    for place, other, cargo in meetings:
        method = METHODS[cargo]
        ident = free_id(f"{place}:{line}--{other}:{method}", taken)
        taken.add(ident)
        kind = "rail-road terminal" if other == "road" else "break of gauge"
        goods = "containers" if cargo == "container" else "wagonload"
        ground = "Rail-road terminal assumed: without one the line serves no truck; nothing is published"
        if other != "road":
            ground = "Where the two gauges meet; no yard, method or capacity is published"
        rows.append(
            {
                **dict.fromkeys(tables["terminals"].columns, ""),
                "id": ident,
                "name": f"{tables.name(place)} {kind}, {goods} (assumed)",
                "place": place,
                "from_system": line,
                "to_system": other,
                "both_ways": "yes",
                "cargo": cargo,
                "method": method,
                "status": "planned",
                "project": project,
                "source": "assumption",
                "confidence": "assumed",
                "note": ground,
            }
        )
    return rows


def blank_numbers(row: dict[str, Any], table: str) -> dict[str, Any]:
    """Row in which blank numbers are nan, as tables in memory have them.

    Parameters
    ----------
    row
        Row with texts and numbers.
    table
        Name of its table.

    >>> blank_numbers({"length_km": ""}, "links")
    {'length_km': nan}
    """
    columns = schema.tables()[table]
    return {name: np.nan if cell == "" and columns[name].type == "number" else cell for name, cell in row.items()}
