"""Small networks that the tests share, with round numbers so that results can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd

import corridors as co
from corridors.data import schema
from corridors.data.tables import make_tables

POSITIONS = {"a": ("KZ", 50, 60), "b": ("KZ", 51, 60), "c": ("UZ", 51.01, 60), "d": ("UZ", 52, 60), "e": ("UZ", 53, 60)}


def place(ident: str, country: str, lat: float, lon: float, **more: object) -> dict[str, object]:
    base = {"id": ident, "name": ident.upper(), "country": country, "lat": lat, "lon": lon, "kind": "town"}
    return {**base, "position_km": 5, "source": "s", "confidence": "A", **more}


def link(first: str, second: str, mode: str, km: float, gauge: str = "", **more: object) -> dict[str, object]:
    gauge = gauge or ("1520" if mode == "rail" else "")
    system = f"rail-{gauge}" if mode == "rail" else mode
    base = {"id": f"{first}--{second}:{system}", "from_id": first, "to_id": second, "mode": mode, "gauge_mm": gauge}
    fixed = {"class": "trunk", "length_km": km, "length_basis": "published", "status": "open", "source": "s"}
    return {**base, **fixed, "opened": "before-1992", "confidence": "A", **more}


def terminal(
    place_id: str, first: str, second: str, cargo: str = "wagon;container", **more: object
) -> dict[str, object]:
    ident = f"{place_id}:{first}--{second}"
    base = {"id": ident, "name": ident, "place": place_id, "from_system": first, "to_system": second}
    rest = {"both_ways": "yes", "cargo": cargo, "method": "crane", "status": "open", "source": "s", "confidence": "A"}
    return {**base, **rest, **more}


def crossing(ident: str, first: str, second: str, **more: object) -> dict[str, object]:
    base = {"id": ident, "name": ident, "place_a": first, "place_b": second, "modes": "rail;road"}
    return {**base, "status": "open", "source": "s", "confidence": "A", **more}


def parameter(component: str, measure: str, value: float, unit: str, **keys: object) -> dict[str, object]:
    ends = {"low": value, "high": value, **{k: keys.pop(k) for k in ("low", "high") if k in keys}}
    return {"component": component, "measure": measure, "value": value, "unit": unit, "source": "s",
            "confidence": "A", **ends, **keys}  # fmt: skip


PARAMETERS = [
    parameter("line_haul", "hours", 50, "km/h", mode="rail"),
    parameter("line_haul", "hours", 25, "km/h", mode="road"),
    parameter("line_haul", "cost", 0.02, "USD/tkm", mode="rail"),
    parameter("line_haul", "cost", 0.05, "USD/tkm", mode="road"),
    parameter("line_haul", "emissions", 30, "g/tkm", mode="rail"),
    parameter("line_haul", "emissions", 100, "g/tkm", mode="road"),
    parameter("stops", "hours", 10, "h/1000km", mode="road"),
    parameter("yard", "hours", 20, "h/1000km", mode="rail"),
    parameter("border", "hours", 4, "h"),
    parameter("border", "hours", 6, "h", direction="entry"),
    parameter("border", "cost", 3, "USD/t"),
    parameter("gauge_change", "hours", 24, "h"),
    parameter("gauge_change", "cost", 8, "USD/t"),
    parameter("transfer", "hours", 12, "h"),
    parameter("transfer", "cost", 5, "USD/t"),
    parameter("port", "hours", 48, "h", direction="export"),
    parameter("port", "hours", 72, "h", direction="import"),
    parameter("port", "cost", 7, "USD/t"),
    parameter("waiting", "hours", 10, "h", mode="rail"),
    parameter("sea", "hours", 20, "km/h"),
    parameter("sea", "cost", 0.005, "USD/tkm"),
    parameter("sea", "emissions", 20, "g/tkm"),
]

RESTS = [
    parameter("rest", "hours", 11, "h", mode="road"),
    parameter("shift", "hours", 9, "h", mode="road"),
    parameter("layover", "hours", 2, "h", mode="road"),
]
"""Rests of drivers: 11 h after each 9 h of driving, in which stops count but for their first 2 h."""

COMMODITIES = [
    {"id": ident, "name": ident, "cargo_units": "wagon;container;truck", "value_usd_t": 2400, "time_pct_day": 1,
     "source": "s", "confidence": "A"}
    for ident in ("flour", "general")
]  # fmt: skip


def make(places: list, links: list, **tables: list) -> co.Network:
    """Make a network from lists of rows; parameters default to the round ones."""
    frames = {"places": places, "links": links, "parameters": PARAMETERS, "commodities": COMMODITIES, **tables}
    return co.Network(make_tables({n: pd.DataFrame(rows) for n, rows in frames.items() if rows}, as_of="2026-11"))


def grid(side: int) -> co.Network:
    """Roads of one country: a square of places with links of 8 to 20 km to their neighbours."""
    rng, number = np.random.default_rng(0), np.arange(side * side)
    row, column = np.divmod(number, side)
    ids = pd.Series([f"p{n}" for n in number])
    places = pd.DataFrame({"id": ids, "name": ids, "country": "KZ", "kind": "junction", "position_km": 1.0})
    places = places.assign(lat=44 + 6 * row / side, lon=55 + 20 * column / side, source="s", confidence="B")
    first = np.concatenate([number[column < side - 1], number[row < side - 1]])
    step = np.repeat([1, side], len(first) // 2)
    length = rng.uniform(8, 20, len(first)).round(2)
    links = pd.DataFrame({"id": [f"l{n}" for n in range(len(first))], "from_id": ids[first].to_numpy()})
    links = links.assign(to_id=ids[first + step].to_numpy(), mode="road", length_km=length, status="open")
    links = links.assign(**{"class": "trunk"}, length_basis="published", source="s", confidence="B")
    sources = pd.DataFrame([{"id": "s", "title": "s", "kind": "assumption"}])
    return co.Network.from_tables(places, links, sources=sources)


def assert_same(again: co.Network, net: co.Network) -> None:
    for name in schema.tables():
        # an empty column has no type to keep
        some = len(net.tables[name]) > 0
        pd.testing.assert_frame_equal(again.tables[name], net.tables[name], check_dtype=some, check_index_type=some)
    pd.testing.assert_frame_equal(again.parameters, net.parameters)
    assert again.tables.overridden == net.tables.overridden
    assert (again.view, again.name, again.tables.as_of) == (net.view, net.name, net.tables.as_of)
    for table in ("links", "services"):
        for row in range(len(net.tables[table])):
            assert again.tables.shape(table, row).equals_exact(net.tables.shape(table, row), 0)
    assert list(again.links["alignment"]) == list(net.links["alignment"])
