"""Small networks that the tests share, with round numbers so that results can be worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib as mpl
import pandas as pd
import pytest
from hypothesis import settings

import corridors as co
from corridors.data.tables import make_tables

mpl.use("Agg")

# the same examples on every machine; more of them with --hypothesis-profile=search
settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.register_profile("search", max_examples=500, deadline=None)
settings.load_profile("same")

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
    parameter("rest", "hours", 10, "h/1000km", mode="road"),
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

COMMODITIES = [
    {"id": ident, "name": ident, "cargo": "wagon;container;truck", "value_usd_t": 2400, "time_pct_day": 1,
     "source": "s", "confidence": "A"}
    for ident in ("flour", "general")
]  # fmt: skip


def make(places: list, links: list, **tables: list) -> co.Network:
    """Make a network from lists of rows; parameters default to the round ones."""
    frames = {"places": places, "links": links, "parameters": PARAMETERS, "commodities": COMMODITIES, **tables}
    return co.Network(make_tables({n: pd.DataFrame(rows) for n, rows in frames.items() if rows}, as_of="2026-11"))


@pytest.fixture
def line() -> co.Network:
    """Rail over a border with a break of gauge at D.

    ::

        A --100 km-- B |--10 km (4 + 6)--| C --90 km-- D ==60 km== E
             1520        border KZ | UZ        1520       1435
    """
    return make(
        [place(i, *at) for i, at in POSITIONS.items()],
        [
            link("a", "b", "rail", 100),
            link("b", "c", "rail", 10, crossing="x", border_km=4),
            link("c", "d", "rail", 90),
            link("d", "e", "rail", 60, "1435"),
        ],
        crossings=[crossing("x", "b", "c")],
        terminals=[terminal("d", "rail-1520", "rail-1435")],
    )


@pytest.fixture(scope="session")
def net() -> co.Network:
    """Give the reference network."""
    return co.load()


@pytest.fixture(autouse=True)
def _no_open_figures() -> Iterator[None]:
    yield
    from matplotlib import pyplot as plt

    assert not plt.get_fignums(), "a test left figures open in pyplot"
