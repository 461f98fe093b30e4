"""Words of charts: names of components, countries, parameters and routes, amounts, and what figures rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import pandas as pd

from corridors.base.errors import InputError
from corridors.base.languages import Words
from corridors.base.numbers import fixed
from corridors.base.units import COST, HOURS, QUANTITIES, Measure
from corridors.data.countries import country_title
from corridors.data.tables import Tables
from corridors.plot.canvas import REGION_CRS
from corridors.plot.maps import basemap
from corridors.plot.maps.stops import crossing_name, plain
from corridors.routing.route import Route

COMPONENTS: Final = {
    "line_haul": "Line haul", "sea": "Sea", "rest": "Rest of drivers", "yard": "Yards", "stops": "Stops on the road",
    "waiting": "Wait for departure", "border": "Borders", "gauge_change": "Gauge changes", "transfer": "Transfers",
    "port": "Ports", "charge": "Charges", "shift": "Driving in a shift", "layover": "Layover at a border",
}  # fmt: skip
STEPS: Final = {
    "waiting": "wait for departure", "border": "border", "gauge_change": "gauge change", "transfer": "transfer",
    "port": "port",
}  # fmt: skip
LONG_H: Final = 96.0
"""Hours from which times are shown in days."""


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, str]:
    layer = basemap.layer("countries", REGION_CRS)
    return {} if layer is None else dict(layer.dropna(subset=["country"]).set_index("country")["name"])


def country_name(code: str) -> str:
    """Name a country, the two countries of a border, or the sea.

    >>> country_name("KZ-UZ")
    'Kazakhstan–Uzbekistan'
    """
    if code == "sea":
        return "Sea"
    return "–".join(_countries().get(part) or country_title(part) for part in code.split("-"))


def ends(routes: Sequence[Route]) -> str:
    """Say from where to where some routes lead, for a title.

    >>> import corridors as co
    >>> ends([co.load().route("Almaty", "Karachi")])
    'Almaty to Karachi'
    """
    pairs = {(r.origin, r.destination): r.problem.tables.name for r in routes}
    if len(pairs) > 1:
        return "Routes compared"
    ((origin, destination), name), = pairs.items()  # fmt: skip
    return f"{plain(name(origin))} to {plain(name(destination))}"


def cargo(routes: Sequence[Route]) -> str:
    """Say which cargo units some routes are for."""
    return " and ".join(dict.fromkeys(route.cargo for route in routes))


def scale_of(measure: Measure, largest: float, unit: str | None = None) -> tuple[float, str]:
    """Factor on a measure in the unit in which it is shown, and the name of that unit.

    >>> from corridors.base.units import HOURS
    >>> scale_of(HOURS, 300), scale_of(HOURS, 300, "h")
    ((0.041666666666666664, 'days'), (1.0, 'hours'))
    """
    if measure is not HOURS:
        return 1.0, measure.unit
    if unit not in (None, "h", "d"):
        raise InputError("unit", unit, "'h' or 'd'")
    in_days = unit == "d" or (unit is None and largest >= LONG_H)
    return (1 / 24, "days") if in_days else (1.0, "hours")


def short(unit: str) -> str:
    """Shorten the name of a unit for use after a number."""
    return {"days": "d", "hours": "h"}.get(unit, unit)


def digits_for(largest: float) -> int:
    """Decimals with which figures of a chart are written: all of them alike."""
    return 0 if abs(largest) >= 50 else 1


def amount(value: float, digits: int | None = None) -> str:
    """Write an amount on a chart, by default with as many decimals as its size deserves.

    >>> amount(3.14159), amount(-3141.59), amount(-0.01)
    ('3.1', '−3,142', '0.0')
    """
    return fixed(value, digits_for(value) if digits is None else digits).replace("-", "−")


def step_name(route: Route, kind: str, place: str, ident: str) -> str:
    """Name a stop: a crossing by both sides, all else by its place."""
    return crossing_name(route, ident) if kind == "border" else plain(route.problem.tables.name(place))


_DETAILS: Final = {"exit": "exit", "entry": "entry", "export": "export", "import": "import", "crane": "by crane",
                   "reload": "by reloading", "bogie-change": "by bogie change", "from-rail": "from rail",
                   "to-rail": "to rail", "electric": "electric", "diesel": "diesel", "winter": "winter"}  # fmt: skip
_PLAIN_UNITS: Final = {"h/1000km": "h/1,000 km", "g/tkm": "g/t km", "USD/tkm": "USD/t km"}
_HAUL: Final = {"hours": "Speed", "cost": "Rate", "emissions": "Emission factor"}


def translated_label(tables: Tables, name: str, say: Words) -> str:
    """Say what a parameter is in another language than English.

    >>> import corridors as co
    >>> from corridors.base.languages import words
    >>> translated_label(co.load().tables, "border/saryagash-keles/KZ/exit/rail/hours", words("ru"))
    'Граница, Сарыагаш–Келес: Казахстан, выезд, ж/д'
    """
    row = tables.theta.table.iloc[tables.theta.names.index(name)]
    kind = str(row["component"])
    haul = kind in ("line_haul", "sea")
    what = [say(f"haul.{row['measure']}" if haul else f"component.{kind}"), _subject(tables, row, say)]
    details = [str(row[key]) for key in ("traction", "method", "direction", "season") if row[key]]
    by = str(row["mode"]) or ("sea" if kind == "sea" else "")
    rest = [
        say(f"class.{row['class']}") if row["class"] else "",
        "–".join(say.name(country_name(code)) for code in str(row["country"]).split("-") if code),
        *(say(f"detail.{detail}") for detail in details),
        say(f"mode.{by}") if by else "",
    ]
    return ": ".join(filter(None, [", ".join(filter(None, what)), ", ".join(filter(None, rest))]))


def parameter_label(tables: Tables, name: str, *, mode: bool = True) -> str:
    """Say in words what a parameter is, with its mode of transport unless that goes without saying.

    >>> import corridors as co
    >>> tables = co.load().tables
    >>> parameter_label(tables, "border/saryagash-keles/KZ/exit/rail/hours")
    'Border Saryagash–Keles: Kazakhstan, exit, rail'
    >>> parameter_label(tables, "line_haul/PK/trunk/rail/hours")
    'Speed: trunk lines, Pakistan, rail'
    """
    theta = tables.theta
    row: pd.Series = theta.table.iloc[theta.names.index(name)]
    kind = str(row["component"])
    what = _HAUL[str(row["measure"])] if kind in ("line_haul", "sea") else COMPONENTS.get(kind, kind)
    what = what.removesuffix("s") if kind in ("border", "gauge_change", "transfer", "port") else what
    where = _subject(tables, row)
    lines = f"{row['class']} {'roads' if row['mode'] == 'road' else 'lines'}" if row["class"] else ""
    details = [_DETAILS.get(str(row[key]), str(row[key])) for key in ("traction", "method", "direction", "season")]
    country = country_name(str(row["country"])) if row["country"] else ""
    by = (str(row["mode"]) or ("sea" if kind == "sea" else "")) if mode else ""
    rest = [part for part in (lines, country, *details, by) if part]
    return f"{what}{f' {where}' if where else ''}{': ' + ', '.join(rest) if rest else ''}"


def _subject(tables: Tables, row: pd.Series, say: Words | None = None) -> str:
    """Name the crossing, terminal, link, service or line that a parameter is of."""
    named = str if say is None else say.name
    if row["crossing"]:
        crossing = named(str(tables.find("crossings", str(row["crossing"]))["name"]))
        return plain(crossing).replace(" - ", "–").replace(" / ", "–")
    if row["terminal"]:
        return plain(named(tables.name(str(tables.find("terminals", str(row["terminal"]))["place"]))))
    return str(row["link"] or row["service"] or row["line"]).replace("--", "–").partition(":")[0]


def parameter_ends(tables: Tables, name: str) -> tuple[str, str]:
    """Values of a parameter at which a total is least and greatest, in the unit of the table.

    >>> import corridors as co
    >>> parameter_ends(co.load().tables, "line_haul/PK/trunk/rail/hours")  # a high speed takes few hours
    ('38.1 km/h', '20.1 km/h')
    """
    theta = tables.theta
    row = theta.table.iloc[theta.names.index(name)]
    values = tuple(f"{row[end]:.3g} {_PLAIN_UNITS.get(row['unit'], row['unit'])}" for end in ("low", "high"))
    return (values[1], values[0]) if row["unit"] == "km/h" else (values[0], values[1])


def assumed_share(route: Route, measure: Measure) -> float:
    """Share of a total that rests on assumed parameters.

    >>> import corridors as co
    >>> from corridors.base.units import HOURS
    >>> 0 < assumed_share(co.load().route("Almaty", "Karachi"), HOURS) < 1
    True
    """
    table = route.assumptions()
    used = table[table["measure"] == measure.quantity]
    return float(used.loc[used["kind"] == "assumed", "share"].sum())


def basis(named: Mapping[str, Route], measure: Measure) -> str:
    """Say how much of some totals rests on assumptions, and where the sources are."""
    if measure not in QUANTITIES:
        return "Parameters and sources: see the table of assumptions."
    shares = [assumed_share(route, measure) for route in named.values()]
    low, high = (f"{100 * share:.0f}" for share in (min(shares), max(shares)))
    share = f"{low}" if low == high else f"{low} to {high}"
    what = "cost rests" if measure is COST else f"{measure.quantity} rest"
    return f"{share} % of the {what} on assumed parameters; parameters and sources: see the table of assumptions."
