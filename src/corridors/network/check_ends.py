"""Checks for information: ends from which nothing goes on, and crossings that freight may not pass."""

from __future__ import annotations

from corridors.base.names import system
from corridors.data.tables import Tables
from corridors.network.findings import Hits

IN_PLACE = ("open", "seasonal", "suspended")
"""Links and terminals of these states exist."""

NO_TARGET = ("border", "pass", "junction")
"""Nothing is sent to places of these kinds: a line that ends there leads nowhere."""


def dead_ends(tables: Tables) -> Hits:
    """Tell border places, passes and junctions where a line ends without a transfer, and places that nothing reaches.

    Ends of lines in towns, stations and ports are no findings, since goods are loaded there.
    """
    places, links, terminals = tables["places"], tables["links"], tables["terminals"]
    existing = links["status"].isin(IN_PLACE)
    beside: dict[tuple[str, str], set[str]] = {}
    runs_on = system(links["mode"], links["gauge_mm"])
    ends = zip(links["from_id"][existing], links["to_id"][existing], runs_on[existing], strict=True)
    for first, second, name in ends:
        beside.setdefault((first, name), set()).add(second)
        beside.setdefault((second, name), set()).add(first)
    in_place = terminals[terminals["status"].isin(IN_PLACE)]
    transfers = {
        (place, name)
        for column in ("from_system", "to_system")
        for place, name in zip(in_place["place"], in_place[column], strict=True)
    }
    kinds = dict(zip(places["id"], places["kind"], strict=True))
    for (place, name), others in beside.items():
        if len(others) == 1 and kinds[place] in NO_TARGET and (place, name) not in transfers:
            text = f"{name} ends here: one way, from {next(iter(others))}, and no transfer"
            yield "information", "places", tables.place_row[place], "", text
    reached = {*links["from_id"], *links["to_id"], *tables["services"]["from_id"], *tables["services"]["to_id"]}
    for row, place in enumerate(places["id"]):
        if place not in reached:
            yield "information", "places", row, "", "no link and no service leads here"


def freight(tables: Tables) -> Hits:
    """Tell crossings of which no source says that freight passes, and those that freight may not pass."""
    texts = {
        "unverified": "no source says that freight passes; it does in the model",
        "cars-only": "cars only: no freight passes unless it is opened by hand",
    }
    for row, traffic in enumerate(tables["crossings"]["traffic"]):
        if traffic in texts:
            yield "information", "crossings", row, "traffic", texts[traffic]
