"""Tables and sentences of a quote: ways with prices and arrivals, crossings with what they ask, what is assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from corridors.base.errors import NoRouteError
from corridors.base.languages import ENGLISH, Words, words
from corridors.base.units import UNIT_NAMES
from corridors.data import schema
from corridors.data.about import data_of
from corridors.data.tables import Tables
from corridors.model.borders import after_data
from corridors.model.transit import restrictions
from corridors.model.view import usable
from corridors.network.network import Network
from corridors.plot.wording import parameter_label, translated_label
from corridors.report.terms import Terms
from corridors.routing.route import Route
from corridors.routing.side_by_side import prices

LEAST_SHARE = 0.01
"""Smallest share of a total that a parameter has to be listed among what is assumed."""


def of_units(
    net: Network, ends: tuple[str, str], kinds: Sequence[str], ways: int, options: Mapping[str, Any]
) -> tuple[list[Route], NoRouteError]:
    """Ways by each of some cargo units, the cheapest first; and the error to raise where there is none at all."""
    found: list[Route] = []
    reasons: list[str] = []
    labels = ends
    for unit in kinds:
        try:
            found += net.alternatives(*ends, ways, **{**options, "cargo": unit})
        except NoRouteError as error:
            labels = error.origin, error.destination
            reasons += [f"by {unit}: {reason}" for reason in error.reasons]
    found.sort(key=lambda route: route.generalized_usd_t)
    return found, NoRouteError(*labels, reasons)


def ways_table(routes: Sequence[Route], terms: Terms) -> pd.DataFrame:
    """Table of `Quote.table`."""
    rows = [_way(route, terms) for route in routes]
    order = dict.fromkeys(name for row in rows for name in row)
    table = pd.DataFrame(rows, index=pd.RangeIndex(1, len(rows) + 1, name="way"))
    later = ["unit", "units", "total_usd", "total", "currency", "co2e_kg_t", "borders", "transfers", "gauge_breaks"]
    return table[[*(name for name in order if name not in later), *later]]


def _way(route: Route, terms: Terms) -> dict[str, Any]:
    """What a quote says of a way."""
    told, load = route.summary(), route.problem.question.load
    hours = route.distribution(draws=terms.draws, seed=terms.seed, spread=terms.spread)
    late = {point: hours.percentile(point) for point in (50, 90)}
    tonnes, usd = terms.tonnes(load), terms.unit_usd(route.cost_usd_t, load)
    light = 1.0 if load.unit == "wagon" else load.tonnes / tonnes
    units = {name: usd if name == f"{load.unit}_usd" else price for name, price in prices(route).items()}
    return {
        **{name: told[name] for name in ("cargo", "modes", "countries", "crossings", "km")},
        "days": route.days,
        **{f"p{point}_days": value / 24 for point, value in late.items()},
        "arrival": terms.arrival(route.hours),
        **{f"p{point}_arrival": terms.arrival(value) for point, value in late.items()},
        "payload_t": tonnes,
        "cost_usd_t": usd / tonnes,
        **units,
        "unit": UNIT_NAMES[load.unit],
        "units": terms.units,
        "total_usd": terms.units * usd,
        "total": terms.units * usd * terms.fx_per_usd,
        "currency": terms.currency,
        # a box or truck has the emissions of its run, whatever is in it
        "co2e_kg_t": route.co2e_kg_t * light,
        **{name: told[name] for name in ("borders", "transfers", "gauge_breaks")},
    }


def crossings_table(routes: Sequence[Route], terms: Terms, lang: str = ENGLISH) -> pd.DataFrame:
    """Table of `Quote.crossings`."""
    say = words(lang)
    columns = ["way", "crossing", "from_country", "to_country", "mode", "hours", "restrictions", "documents"]
    columns += ["closures", "stops"]
    rows = [row for number, route in enumerate(routes, start=1) for row in _borders(number, route, terms, say)]
    return pd.DataFrame(rows, columns=[*columns, "source"])


def _borders(number: int, route: Route, terms: Terms, say: Words) -> Iterator[dict[str, Any]]:
    tables, steps = route.problem.tables, route.steps
    for row in steps[steps["kind"] == "border"].to_dict("records"):
        crossing, (first, last) = tables.find("crossings", row["id"]), row["country"].split("-")
        limits = restrictions(tables, tables.rows("crossings")[row["id"]], row["mode"], say.lang)
        most = crossing["max_load_t"]
        if row["mode"] == "road" and terms.payload_t is not None and terms.payload_t > most:
            limits = say("restriction.payload", limits=limits, tonnes=say.short(terms.payload_t))
        shut, shut_by = _closures(tables, (row["id"], "-".join(sorted((first, last)))), row["mode"], terms, say)
        papers, signed = _documents(tables, (first, last), row["mode"], say)
        stops, counted = _stops(tables, row["id"], row["mode"], say)
        yield {
            "way": number,
            "crossing": row["id"],
            "from_country": first,
            "to_country": last,
            "mode": row["mode"],
            "hours": row["hours"],
            "restrictions": limits,
            "documents": papers,
            "closures": shut,
            "stops": stops,
            "source": schema.SEPARATOR.join(
                dict.fromkeys(filter(None, [crossing["source"], *signed, *shut_by, *counted]))
            ),
        }


def _closures(tables: Tables, targets: Sequence[str], mode: str, terms: Terms, say: Words) -> tuple[str, list[str]]:
    """Closures of a crossing or its two countries that are not over at the departure, in words, with their sources."""
    frame = tables["closures"]
    mine = frame[frame["target"].isin(targets) & frame["kind"].isin(["crossing", "countries"])]
    texts, sources = [], []
    for row in mine.to_dict("records"):
        over = row["end"] and str(row["end"]) < terms.departure.isoformat()[: len(str(row["end"]))]
        if over or (row["modes"] and mode not in schema.items(row["modes"])):
            continue
        span = say("asked.shut_since", date=say.date(row["start"])) if row["start"] else say("asked.shut")
        span = say("asked.until", span=span, date=say.date(row["end"])) if row["end"] else span
        months = ", ".join(schema.items(row["months"]))
        span = say("asked.months", span=span, months=months) if months else span
        # reasons are in English, so other languages leave them out
        texts.append(say("asked.reason", span=span, reason=row["reason"]))
        sources.append(row["source"])
    return "; ".join(texts), sources


def _documents(tables: Tables, countries: tuple[str, str], mode: str, say: Words) -> tuple[str, list[str]]:
    """Papers of a mode to whose conventions both countries, or one of them, are parties, with the sources."""
    texts, sources = [], []
    for row in tables["documents"].to_dict("records"):
        parties = [code for code in countries if code in schema.items(row["countries"])]
        if row["mode"] != mode or not parties:
            continue
        others = [code for code in countries if code not in parties]
        key, country = ("asked.no_party", others[0]) if others else ("asked.both", "")
        texts.append(say(key, name=say.name(row["name"]), country=country))
        sources.append(row["source"])
    return "; ".join(texts), sources


def _stops(tables: Tables, ident: str, mode: str, say: Words) -> tuple[str, list[str]]:
    """How often and how long a crossing is shut besides, in words, with the sources."""
    frame = tables["events"]
    mine = frame[(frame["kind"] == "crossing") & (frame["target"] == ident) & (frame["mode"] == mode)]
    texts = []
    for row in mine.to_dict("records"):
        key = "asked.found_once" if row["rate_per_year"] == 1 else "asked.found_shut"
        text = say(key, times=say.short(row["rate_per_year"]), days=say.short(row["duration_d"]))
        texts.append(say("asked.assumed", text=text) if row["confidence"] == "assumed" else text)
    return "; ".join(texts), list(mine["source"])


def assumed_table(routes: Sequence[Route], lang: str = ENGLISH) -> pd.DataFrame:
    """Table of `Quote.assumed`."""
    say = words(lang)
    parts = []
    for number, route in enumerate(routes, start=1):
        found = route.assumptions()
        found = found[(found["kind"] != "published") & (found["share"] >= LEAST_SHARE)]
        tables = route.problem.tables
        what = [
            parameter_label(tables, name) if lang == ENGLISH else translated_label(tables, name, say)
            for name in found["name"]
        ]
        parts.append(found.assign(way=number, what=what))
    columns = ["way", "name", "what", "measure", "share", "kind", "value", "low", "high", "unit", "note"]
    return pd.concat(parts, ignore_index=True)[columns]


def assumed_shares(route: Route) -> dict[str, float]:
    """Share of hours and of cost (0 to 1) that rests on parameters without a published source."""
    found = route.assumptions()
    shares = found[found["kind"] != "published"].groupby("measure")["share"].sum()
    return {measure: float(shares.get(measure, 0.0)) for measure in ("hours", "cost")}


def _shut(routes: Sequence[Route], terms: Terms, say: Words) -> Iterator[str]:
    """Yield a sentence for every way that passes a crossing which the tables have as shut at the departure."""
    for number, route in enumerate(routes, start=1):
        tables, steps = route.problem.tables, route.steps
        date = replace(route.problem.view, date=terms.departure.isoformat(), closed=frozenset(), opened=frozenset())
        now, borders = usable(tables, date).crossings, steps[steps["kind"] == "border"]
        shut = [
            say.name(str(tables.find("crossings", ident)["name"]))
            for ident, mode in zip(borders["id"], borders["mode"], strict=True)
            if not now[mode][tables.rows("crossings")[ident]]
        ]
        if shut:
            yield say("condition.shut", number=number, crossings=", ".join(shut))


def conditions(
    routes: Sequence[Route], terms: Terms, wanted: int, commodity: str | None, lang: str = ENGLISH
) -> list[str]:
    """What the figures hold for, as sentences."""
    tables, say = routes[0].problem.tables, words(lang)
    spread = say(f"condition.{terms.spread}")
    told = [
        *_shut(routes, terms, say),
        say("condition.prices"),
        say("condition.arrivals", draws=say.number(terms.draws), seed=terms.seed, spread=spread),
    ]
    if len(routes) < wanted:
        told.append(say("condition.fewer", wanted=wanted, found=len(routes)))
    loads = {route.problem.question.load for route in routes}
    if terms.payload_t is not None and any(load.tonnes != terms.payload_t for load in loads):
        each = sorted(
            say("condition.usual", tonnes=say.short(load.tonnes), unit=say(f"unit.{load.unit}")) for load in loads
        )
        usual = say("quote.and").join(each)
        told.append(say("condition.payload", tonnes=say.short(terms.payload_t), usual=usual))
    if terms.currency != "USD":
        rate = say.own(f"{terms.fx_per_usd:,g}")
        told.append(say("condition.rate", rate=rate, currency=terms.currency))
    if after_data(tables, terms.departure.isoformat()):
        told.append(say("condition.after", date=say.date(tables.as_of)))
    if commodity:
        told.append(say("condition.goods", goods=say.name(str(tables.find("commodities", commodity)["name"]))))
    told.append(say("condition.documents" if len(tables["documents"]) else "condition.no_documents"))
    told.append(say("condition.data", data=data_of(tables, lang)))
    return told
