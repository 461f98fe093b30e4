"""Measures of a journey with their names, columns and units, and what a rate per tonne means for a whole unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corridors.base.errors import InputError
from corridors.base.names import near

PAYLOAD_T = {"tonne": 1.0, "teu": 15.0, "feu": 20.0, "truck": 20.0, "wagon": 60.0}
"""Tonnes of cargo in one unit: the payloads with which rates per box, truck and wagon were turned into USD/t.

A 20-ft container (teu) with 15 t, a 40-ft container (feu) and a truck with 20 t (CPMM's unit), a wagon with 60 t.
"""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of a journey, of a pair in a matrix and of a difference between scenarios.

    Attributes
    ----------
    name
        Short name, such as `cost`: the objective of a route and the measure of a matrix.
    column
        Name with its unit, such as `cost_usd_t`: column of tables and attribute of a route.
    unit
        Unit as it is written beside numbers.
    label
        What it is called in words.
    quantity
        Name in the table of parameters; blank where it is not a sum of parameters of its own.
    other_names
        Further spellings that are accepted.
    """

    name: str
    column: str
    unit: str
    label: str
    quantity: str = ""
    other_names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name

    def __reduce__(self) -> tuple[object, tuple[str]]:
        # a measure that was sent to another process is still the one of the registry
        return measure, (self.name,)


HOURS = Measure("hours", "hours", "h", "transit time", "hours", ("time", "transit_time"))
COST = Measure("cost", "cost_usd_t", "USD/t", "cost", "cost")
DISTANCE = Measure("distance", "km", "km", "length", "", ("length", "length_km", "distance_km"))
CO2E = Measure("co2e", "co2e_kg_t", "kg CO2e/t", "emissions", "emissions", ("emissions", "co2"))
GENERALIZED = Measure(
    "generalized", "generalized_usd_t", "USD/t", "generalized cost", "", ("generalized_cost", "generalised")
)

MEASURES = {m.name: m for m in (HOURS, COST, DISTANCE, CO2E, GENERALIZED)}
"""All measures by short name."""

QUANTITIES = tuple(m for m in MEASURES.values() if m.quantity)
"""Measures that are sums of parameters: hours, cost and emissions."""

_SPELLINGS = {text: m for m in MEASURES.values() for text in (m.name, m.column, *m.other_names)}


def measure(name: str | Measure, *, among: Iterable[Measure] | None = None) -> Measure:
    """Measure of a name: `cost` and `cost_usd_t` are the same one.

    Parameters
    ----------
    name
        Short name or column, or the measure itself.
    among
        Measures that make sense where this is asked; all by default.

    Raises
    ------
    InputError
        If the name is unknown or the measure makes no sense there; it lists what does, nearest first.

    >>> measure("cost_usd_t") is measure("cost"), measure("km").unit
    (True, 'km')
    """
    allowed = list(MEASURES.values() if among is None else among)
    found = name if isinstance(name, Measure) else _SPELLINGS.get(name) if isinstance(name, str) else None
    if found is None or found not in allowed:
        names = {text: m.name for text, m in _SPELLINGS.items() if m in allowed}
        hints = dict.fromkeys(names[text] for text in near(str(name), names))
        meant = f" (did you mean {' or '.join(map(repr, hints))}?)" if hints and found is None else ""
        raise InputError("measure", name, f"one of {', '.join(m.name for m in allowed)}{meant}")
    return found


def per_unit(cost_usd_t: float, unit: str) -> float:
    """Cost in USD of one unit at its usual payload.

    >>> per_unit(100, "feu")
    2000.0
    """
    if unit not in PAYLOAD_T:
        raise InputError("unit", unit, f"one of {', '.join(PAYLOAD_T)}")
    return cost_usd_t * PAYLOAD_T[unit]
