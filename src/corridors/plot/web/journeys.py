"""Routes for an interactive map: legs with their lines, amounts and the parameters behind them, and stops."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from corridors.base.looks import system_of
from corridors.plot.maps.stops import KIND_OF_STEP, crossing_name, plain
from corridors.plot.web.book import Book, Row
from corridors.routing.itinerary import NUMBERS
from corridors.routing.route import Route

DIGITS: Final = 4
"""Digits kept behind the point: sums of what is shown agree with the totals."""

NOT_BUILT: Final = ("planned", "under_construction")


def enter_route(book: Book, route: Route, draws: int, seed: int) -> Row:
    """Enter a route: totals, legs and stops, and with draws the band of its hours from trip to trip."""
    tables = route.problem.tables
    legs = _legs(book, route)
    summary = {k: v for k, v in route.summary().items() if k not in ("origin", "destination", "crossings", "countries")}
    return {
        "origin": book.place(tables, route.origin),
        "destination": book.place(tables, route.destination),
        "via": [book.place(tables, ident) for ident in route.via],
        **{key: round(value, DIGITS) if isinstance(value, float) else value for key, value in summary.items()},
        **(_band(route, draws, seed) if draws else {}),
        "by": str(route.by),
        "vot_usd_t_h": round(route.problem.vot_usd_t_h, 6),
        "countries": route.countries,
        "crossings": [crossing_name(route, ident) for ident in route.crossings],
        "legs": legs,
        "stops": _stops(book, route, legs),
    }


def _band(route: Route, draws: int, seed: int) -> Row:
    """Band of the hours of trips: p05 and p95."""
    hours = route.distribution("hours", draws=draws, seed=seed)
    return {f"hours_p{p:02d}": round(hours.percentile(p), DIGITS) for p in (5, 95)}


def _legs(book: Book, route: Route) -> list[Row]:
    """Every leg with its lines, what it passes, and its terms."""
    tables = route.problem.tables
    found: list[Row] = []
    for leg in route.legs.to_dict("records"):
        numbers = {name: round(float(leg[name]), DIGITS) for name in (*NUMBERS, "cum_km", "cum_hours")}
        ends = {"from": book.place(tables, leg["from_id"]), "to": book.place(tables, leg["to_id"])}
        system = system_of(leg["mode"], leg["gauge_mm"])
        row = {"kind": leg["kind"], **ends, "mode": leg["mode"], "system": system, "country": leg["country"]}
        found.append(
            {**row, **numbers, "name": _passed(route, leg), "lines": [], "fresh": [], "passes": [], "terms": []}
        )
    e = route.problem.expansion
    for number, edge, line in route.moves():
        leg, link = found[number], int(e.link[edge])
        if line is None:
            continue
        if link >= 0 and tables["links"]["status"].iloc[link] in NOT_BUILT:
            leg["fresh"].append(len(leg["lines"]))
        leg["lines"].append(book.line(line))
        if link >= 0:
            leg["passes"].append([book.made["tables", id(tables)]["links"][link], round(float(e.km[edge]), 2)])
    for term in _leg_terms(route).itertuples(index=False):
        parameter = book.parameter(tables, term.parameter)
        found[term.leg]["terms"].append([term.component, term.measure, round(float(term.amount), DIGITS), parameter])
    return found


def _passed(route: Route, leg: dict[Any, Any]) -> str:
    """Name the crossing, terminal or service of a leg."""
    tables = route.problem.tables
    if leg["kind"] == "border":
        return crossing_name(route, leg["id"])
    for table in ("terminals", "services"):
        rows = tables.rows(table)
        if leg["id"].partition(";")[0] in rows:
            return str(tables[table]["name"].iloc[rows[leg["id"].partition(";")[0]]])
    return ""


def _stops(book: Book, route: Route, legs: list[Row]) -> list[Row]:
    """List the places where the route stops, each once, with hours and the legs that belong to it."""
    tables = route.problem.tables
    found: dict[int, Row] = {}
    for end in (route.origin, route.destination):
        number = book.place(tables, end)
        found[number] = {"place": number, "kind": "end", "name": plain(tables.name(end)), "hours": 0.0, "legs": []}
    for number, leg in enumerate(legs):
        if leg["kind"] in KIND_OF_STEP:
            kind = KIND_OF_STEP[leg["kind"]]
            name = leg["name"] if kind == "border" else plain(book.places.rows[leg["to"]]["name"])
            blank = {"place": leg["to"], "kind": kind, "name": name, "hours": 0.0, "legs": []}
            stop = found.setdefault(leg["to"], blank)
            stop["hours"] = round(stop["hours"] + leg["hours"], DIGITS)
            stop["legs"].append(number)
    return list(found.values())


def _leg_terms(route: Route) -> pd.DataFrame:
    """Amount that each parameter adds to each leg: leg, component, measure, parameter (row) and amount."""
    terms, value = route.problem.expansion.terms, route.problem.tables.theta.value
    position, rows, coefficient = route.problem.expansion.terms_along(route.step_edges)
    parameter = terms.parameter[rows]
    keys = {
        "leg": route.leg_of_step[position],
        "component": terms.component[rows],
        "measure": terms.quantity[rows],
        "parameter": parameter,
    }
    amounts = pd.DataFrame({**keys, "amount": coefficient * value[parameter]})
    return amounts.groupby(list(keys), as_index=False, sort=False).sum()
