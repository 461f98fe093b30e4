"""The contents of networks for an interactive map: links, crossings, terminals and services with their sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from corridors.base.languages import ENGLISH
from corridors.base.looks import system_of
from corridors.data import schema
from corridors.data.tables import Tables
from corridors.model.borders import border_state
from corridors.model.builder import expand
from corridors.model.expansion import CARGO, KINDS, Expansion, Term
from corridors.model.targets import country_pair
from corridors.network.network import Network
from corridors.plot.maps import lines
from corridors.plot.web.book import Book, Row, kept, without_blanks
from corridors.plot.web.stated import entered

LENGTH = ("length_km", "length_low_km", "length_high_km", "length_basis")
STATE = ("status", "opened", "closed", "year", "confidence", "note")

OWN_WORK = ("border", "gauge_change", "transfer", "port")
"""Components that belong to a crossing or terminal itself; the wait for a ship or train belongs to the service."""


def enter_network(book: Book, net: Network, cargo: str, lang: str = ENGLISH) -> Row:
    """Enter everything that a network holds, and say what of it is in use.

    Returns
    -------
    dict
        Numbers of links, planned links, services, terminals and crossings (with the modes that are open, and
        those by which a link in use passes), and of the hours at crossings and terminals for a cargo unit.
    """
    tables = net.tables
    numbers = book.once(("tables", id(tables)), lambda: _enter_tables(book, tables))
    hours = book.once(("hours", id(tables), net.view.season), lambda: book.hours.add(_hours(book, net, cargo, numbers)))
    links = tables["links"]
    used, planned = net.links_in_use(), lines.of_project(links).to_numpy()
    used_by = links[used].groupby("crossing")["mode"].agg(set).to_dict()
    crossings = zip(numbers["crossings"], net.crossings["open_to"].items(), strict=True)
    return {
        "network": net.name,
        "borders": border_state(net.tables, net.view, lang),
        "closed": net.closed,
        "built": [str(name) for name in net.projects["name"][net.projects["built"]]],
        "places": numbers["places"],
        "links": _taken(numbers["links"], used & ~planned),
        "new": _taken(numbers["links"], used & planned),
        "planned": _taken(numbers["links"], ~used & planned),
        "services": _taken(numbers["services"], net.services["in_use"].to_numpy()),
        "terminals": _taken(numbers["terminals"], net.terminals["in_use"].to_numpy()),
        "crossings": [[n, schema.items(to), sorted(used_by.get(str(ident), ()))] for n, (ident, to) in crossings],
        "hours": hours,
    }


def _enter_tables(book: Book, tables: Tables) -> dict[str, list[int]]:
    """Enter the rows of all tables, which networks that differ only in what is in use share."""
    enter = {"links": _link, "crossings": _crossing, "terminals": _terminal, "services": _service}
    found = {
        name: [make(book, tables, number, row) for number, row in enumerate(tables[name].to_dict("records"))]
        for name, make in enter.items()
    }
    return {**found, "places": [book.place(tables, ident) for ident in tables["places"]["id"]]}


def _hours(book: Book, net: Network, cargo: str, numbers: dict[str, list[int]]) -> Row:
    """List the hours of crossings and terminals."""
    return {
        "crossings": _dwell(book, net, cargo, numbers["crossings"]),
        "terminals": _work(book, net, cargo, numbers["terminals"]),
    }


def _taken(numbers: list[int], mask: np.ndarray[Any, Any]) -> list[int]:
    return [number for number, take in zip(numbers, mask, strict=True) if take]


def _link(book: Book, tables: Tables, number: int, row: Row) -> int:
    """Enter a link."""
    traced = tables.alignments.get(row["id"])
    facts = kept(row, ("class", "line", *LENGTH, *STATE, "tracks", "traction"))
    more = {
        "system": system_of(row["mode"], row["gauge_mm"]),
        "project": _name(tables, "projects", row["project"]),
        "crossing": _name(tables, "crossings", row["crossing"]),
        "alignment": traced[1] if traced else "straight",
        "stated": entered(book, tables, "link", row["id"]),
        "sources": book.source_list(tables, row["source"]),
    }
    ends = {"from": book.place(tables, row["from_id"]), "to": book.place(tables, row["to_id"])}
    line = book.line(tables.shape("links", number))
    return book.links.add({"id": row["id"], **ends, **facts, **without_blanks(more), "line_of": line})


def _name(tables: Tables, table: str, ident: str) -> str:
    """Name a thing, by its id where it has no row."""
    rows = tables.rows(table)
    return str(tables[table]["name"].iloc[rows[ident]]) if ident in rows else ident


def _crossing(book: Book, tables: Tables, _: int, row: Row) -> int:
    """Enter a crossing half-way between its two places."""
    ends = [book.place(tables, row[end]) for end in ("place_a", "place_b")]
    x, y = (round(sum(book.places.rows[end][axis] for end in ends) / 2) for axis in "xy")
    codes = {book.places.rows[end]["country"] for end in ends}
    closures = [
        {**kept(c, ("reason", "start", "end", "months", "modes")), "sources": book.source_list(tables, c["source"])}
        for c in tables["closures"].to_dict("records")
        if c["target"] == row["id"] or (c["kind"] == "countries" and set(country_pair(c["target"])) == codes)
    ]
    facts = kept(row, ("name", "status", "opened", "closed", "confidence", "note"))
    more = {"modes": schema.items(row["modes"]), "sources": book.source_list(tables, row["source"])}
    more |= {"closures": closures, "stated": entered(book, tables, "crossing", row["id"])}
    return book.crossings.add({"id": row["id"], **facts, **without_blanks(more), "ends": ends, "x": x, "y": y})


def _terminal(book: Book, tables: Tables, _: int, row: Row) -> int:
    """Enter a terminal."""
    at_sea = "sea" in (row["from_system"], row["to_system"])
    port = entered(book, tables, "port", row["place"]) if at_sea else []
    facts = kept(row, ("name", "from_system", "to_system", "both_ways", "method", "capacity", *STATE))
    more = {
        "cargo": schema.items(row["cargo"]),
        "project": _name(tables, "projects", row["project"]),
        "sources": book.source_list(tables, row["source"]),
        "stated": entered(book, tables, "terminal", row["id"]) + port,
    }
    here = book.place(tables, row["place"])
    return book.terminals.add({"id": row["id"], "place": here, **facts, **without_blanks(more)})


def _service(book: Book, tables: Tables, number: int, row: Row) -> int:
    """Enter a hop of a shipping service."""
    facts = kept(row, ("name", "class", *LENGTH, "headway_d", "headway_low_d", "headway_high_d", *STATE))
    more = {"cargo": schema.items(row["cargo"]), "sources": book.source_list(tables, row["source"])}
    ends = {"from": book.place(tables, row["from_id"]), "to": book.place(tables, row["to_id"])}
    line = book.line(tables.shape("services", number))
    return book.services.add({"id": row["id"], **ends, **facts, **without_blanks(more), "line_of": line})


def _dwell(book: Book, net: Network, cargo: str, numbers: list[int]) -> list[Row]:
    """List the hours and cost of every crossing by mode and direction."""
    e = expand(net.tables, cargo, net.view.season)
    found: dict[tuple[int, str, tuple[str, ...]], Row] = {}
    for edge in np.flatnonzero(e.crossing >= 0):
        key = (int(e.crossing[edge]), str(e.mode[edge]), e.countries[edge])
        if key not in found:
            row = {"crossing": numbers[key[0]], "mode": key[1], "way": list(key[2]), "cargo": cargo}
            found[key] = {**row, **_amounts(book, net.tables, e.terms[int(edge)])}
    return list(found.values())


def _work(book: Book, net: Network, cargo: str, numbers: list[int]) -> list[Row]:
    """List the hours and cost of every terminal by direction, for a cargo unit that it handles."""
    tables = net.tables
    expansions: dict[str, Expansion] = {}
    found = []
    for row, cell in enumerate(tables["terminals"]["cargo"]):
        handled = schema.items(cell)
        unit = next(c for c in (cargo, "container", *CARGO) if c in handled)
        if unit not in expansions:
            expansions[unit] = expand(tables, unit, net.view.season)
        found += list(_directions(book, tables, expansions[unit], row, {"terminal": numbers[row], "cargo": unit}))
    return found


def _directions(book: Book, tables: Tables, e: Expansion, row: int, facts: Row) -> Iterator[Row]:
    """Yield the work of one terminal in each direction."""
    seen = set()
    for edge in np.flatnonzero((e.terminal == row) & ~e.at_quay):
        way = tuple(e.states[i].system for i in (e.tail[edge], e.head[edge]))
        if way not in seen:
            seen.add(way)
            own = [term for term in e.terms[int(edge)] if term.component in OWN_WORK]
            yield {**facts, "kind": KINDS[e.kind[edge]], "way": list(way), **_amounts(book, tables, own)}


def _amounts(book: Book, tables: Tables, terms: list[Term]) -> Row:
    """Add up hours and cost, and name the parameters behind them."""
    theta = tables.theta.value
    sums = {"hours": 0.0, "cost": 0.0}
    behind = []
    for component, measure, coefficient, parameter in terms:
        if measure in sums:
            amount = coefficient * float(theta[parameter])
            sums[measure] += amount
            behind.append([component, measure, round(amount, 3), book.parameter(tables, parameter)])
    return {name: round(value, 3) for name, value in sums.items()} | {"terms": behind}
