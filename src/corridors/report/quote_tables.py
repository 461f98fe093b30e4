"""Tables and sentences of a quote: ways with prices and arrivals, crossings with what they ask, what is assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from corridors.base.dates import in_words
from corridors.base.errors import NoRouteError
from corridors.data import schema
from corridors.data.about import data_of
from corridors.data.tables import Tables
from corridors.model.borders import after_data
from corridors.model.transit import restrictions
from corridors.model.view import usable
from corridors.network.network import Network
from corridors.plot.wording import parameter_label
from corridors.report.terms import Terms
from corridors.routing.route import Route
from corridors.routing.side_by_side import prices

LEAST_SHARE = 0.01
"""Smallest share of a total that a parameter has to be listed among what is assumed."""

UNIT_NAMES = {"teu": "20-ft container", "feu": "40-ft container", "truck": "truck", "wagon": "wagon"}
"""Units in words."""


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


def crossings_table(routes: Sequence[Route], terms: Terms) -> pd.DataFrame:
    """Table of `Quote.crossings`."""
    columns = ["way", "crossing", "from_country", "to_country", "mode", "hours", "restrictions", "documents"]
    columns += ["closures", "stops"]
    rows = [row for number, route in enumerate(routes, start=1) for row in _borders(number, route, terms)]
    return pd.DataFrame(rows, columns=[*columns, "source"])


def _borders(number: int, route: Route, terms: Terms) -> Iterator[dict[str, Any]]:
    tables, steps = route.problem.tables, route.steps
    for row in steps[steps["kind"] == "border"].to_dict("records"):
        crossing, (first, last) = tables.find("crossings", row["id"]), row["country"].split("-")
        limits = restrictions(tables, tables.rows("crossings")[row["id"]], row["mode"])
        most = crossing["max_load_t"]
        if row["mode"] == "road" and terms.payload_t is not None and terms.payload_t > most:
            limits += f" (the payload of {terms.payload_t:g} t is more)"
        shut, shut_by = _closures(tables, row["id"], {first, last}, row["mode"], terms)
        papers, signed = _documents(tables, (first, last), row["mode"])
        stops, counted = _stops(tables, row["id"], row["mode"])
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


def _closures(tables: Tables, ident: str, countries: set[str], mode: str, terms: Terms) -> tuple[str, list[str]]:
    """Closures of a crossing that are not over at the departure, in words, with their sources."""
    frame, pair = tables["closures"], "-".join(sorted(countries))
    mine = frame[frame["target"].isin([ident, pair]) & frame["kind"].isin(["crossing", "countries"])]
    texts, sources = [], []
    for row in mine.to_dict("records"):
        over = row["end"] and str(row["end"]) < terms.departure.isoformat()[: len(str(row["end"]))]
        if over or (row["modes"] and mode not in schema.items(row["modes"])):
            continue
        span = f"shut since {in_words(row['start'])}" if row["start"] else "shut"
        span += f" until {in_words(row['end'])}" if row["end"] else ""
        span += f" in the months {', '.join(schema.items(row['months']))}" if row["months"] else ""
        texts.append(f"{span}: {row['reason']}")
        sources.append(row["source"])
    return "; ".join(texts), sources


def _documents(tables: Tables, countries: tuple[str, str], mode: str) -> tuple[str, list[str]]:
    """Papers of a mode to whose conventions both countries, or one of them, are parties, with the sources."""
    texts, sources = [], []
    for row in tables["documents"].to_dict("records"):
        parties = [code for code in countries if code in schema.items(row["countries"])]
        if row["mode"] != mode or not parties:
            continue
        others = [code for code in countries if code not in parties]
        texts.append(f"{row['name']}: {f'{others[0]} is no party' if others else 'both are parties'}")
        sources.append(row["source"])
    return "; ".join(texts), sources


def _stops(tables: Tables, ident: str, mode: str) -> tuple[str, list[str]]:
    """How often and how long a crossing is shut besides, in words, with the sources."""
    frame = tables["events"]
    mine = frame[(frame["kind"] == "crossing") & (frame["target"] == ident) & (frame["mode"] == mode)]
    texts = []
    for row in mine.to_dict("records"):
        often = "once" if row["rate_per_year"] == 1 else f"{row['rate_per_year']:g} times"
        ground = " (assumed)" if row["confidence"] == "assumed" else ""
        texts.append(f"found shut {often} a year, for {row['duration_d']:g} days on average{ground}")
    return "; ".join(texts), list(mine["source"])


def assumed_table(routes: Sequence[Route]) -> pd.DataFrame:
    """Table of `Quote.assumed`."""
    parts = []
    for number, route in enumerate(routes, start=1):
        found = route.assumptions()
        found = found[(found["kind"] != "published") & (found["share"] >= LEAST_SHARE)]
        what = [parameter_label(route.problem.tables, name) for name in found["name"]]
        parts.append(found.assign(way=number, what=what))
    columns = ["way", "name", "what", "measure", "share", "kind", "value", "low", "high", "unit", "note"]
    return pd.concat(parts, ignore_index=True)[columns]


def assumed_shares(route: Route) -> dict[str, float]:
    """Share of hours and of cost (0 to 1) that rests on parameters without a published source."""
    found = route.assumptions()
    shares = found[found["kind"] != "published"].groupby("measure")["share"].sum()
    return {measure: float(shares.get(measure, 0.0)) for measure in ("hours", "cost")}


def _shut(routes: Sequence[Route], terms: Terms) -> Iterator[str]:
    """Yield a sentence for every way that passes a crossing which the tables have as shut at the departure."""
    for number, route in enumerate(routes, start=1):
        tables, steps = route.problem.tables, route.steps
        date = replace(route.problem.view, date=terms.departure.isoformat(), closed=frozenset(), opened=frozenset())
        now, borders = usable(tables, date).crossings, steps[steps["kind"] == "border"]
        shut = [
            str(tables.find("crossings", ident)["name"])
            for ident, mode in zip(borders["id"], borders["mode"], strict=True)
            if not now[mode][tables.rows("crossings")[ident]]
        ]
        if shut:
            yield (
                f"Way {number} passes {', '.join(shut)}, shut at the departure as far as the tables know: it can be "
                "gone only in the state of the borders named above."
            )


def conditions(routes: Sequence[Route], terms: Terms, wanted: int, commodity: str | None) -> list[str]:
    """What the figures hold for, as sentences."""
    tables = routes[0].problem.tables
    spread = {"trip": "one trip after another", "knowledge": "how well the means are known", "both": "trips and means"}
    told = [
        *_shut(routes, terms),
        "Prices are what the model expects carriers, terminals, ports and borders to charge. A margin, insurance, "
        "duties, taxes, the work of a port at the ends and the way back of empty boxes and trucks are not in them.",
        f"Arrivals count from noon of the day of departure. P50 and P90 are of {terms.draws:,} draws (seed "
        f"{terms.seed}, {spread[terms.spread]}); waits at borders found shut are not in them.",
    ]
    if len(routes) < wanted:
        told.append(f"{wanted} ways were looked for; no more than {len(routes)} differ enough.")
    loads = {route.problem.question.load for route in routes}
    if terms.payload_t is not None and any(load.tonnes != terms.payload_t for load in loads):
        usual = " and ".join(sorted(f"{load.tonnes:g} t in a {UNIT_NAMES[load.unit]}" for load in loads))
        told.append(
            f"Prices are for a payload of {terms.payload_t:g} t; the ways were chosen for the usual load of {usual}."
        )
    if terms.currency != "USD":
        told.append(f"1 USD is {terms.fx_per_usd:,g} {terms.currency}, a rate that was given, not looked up.")
    if after_data(tables, terms.departure.isoformat()):
        told.append(
            f"Closures are known to {in_words(tables.as_of)}; the departure is later, and nobody knows how the borders "
            "will be then."
        )
    if commodity:
        told.append(f"Goods: {tables.find('commodities', commodity)['name']}, with their load and value of time.")
    if len(tables["documents"]):
        told.append(
            "Of documents the tables know who is party to a convention, not whether a post takes its papers; permits, "
            "licences and visas are not in them."
        )
    else:
        told.append("The tables hold no documents (carnets, consignment notes, permits): ask the carrier.")
    told.append(f"Data: {data_of(tables)}.")
    return told
