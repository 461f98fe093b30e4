"""Measures of a journey with their names, columns and units, and what a rate per tonne means for a whole unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corridors.base.errors import InputError
from corridors.base.names import near

PAYLOAD_T = {"tonne": 1.0, "teu": 15.0, "feu": 20.0, "truck": 20.0, "wagon": 60.0}
"""Tonnes of cargo in one unit: the payloads with which rates per box, truck and wagon were turned into USD/t.

A 20-ft container (teu) with 15 t, a 40-ft container (feu) and a truck with 20 t (CPMM's unit), a wagon with 60 t. What
is loaded of a commodity may be more or less: see `Load`.
"""

UNIT_NAMES = {"teu": "20-ft container", "feu": "40-ft container", "truck": "truck", "wagon": "wagon"}
"""Units in words."""

MOST_T = {"teu": 36.0, "feu": 36.0, "truck": 61.5, "wagon": 77.0}
"""Tonnes that no unit can hold more of, to refuse what is mistyped.

The rating of a box with its cargo (ISO 668 since 2016), the gross weight of the heaviest truck that a country of the
region admits (Pakistan, six axles: National Highway Authority 2023), and the cargo of the largest open wagon on four
axles of 25 t (Tikhvin 12-9869, 2016).
"""

TEU_SHARE = {"land": 0.64, "sea": 0.875}
"""Price of a 20-ft container as a share of that of a 40-ft one: 0.60 to 0.68 by rail and by road (Pakistan Railways
2022, viputrans Karachi-Kabul 2023, KTZ 2010), 0.85 to 0.90 by sea (Maersk and lines of the Gulf 2024).

By rail it holds of heavy boxes as well: KTZ asked 987 USD for a 20-ft box of 21 t where one of 40 ft with 24 t paid
1,646 (2010). By road it holds up to the payload of 15 t that the fares are of: a heavier box takes a truck of its own.
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What is loaded on one unit: prices are per box, truck or wagon, so a tonne of a light load costs more.

    Attributes
    ----------
    unit
        `teu`, `feu`, `truck` or `wagon`.
    tonnes
        Tonnes of cargo in it.
    """

    unit: str
    tonnes: float

    def per_tonne(self, part: str) -> float:
        """Factor of the rates per tonne, by `road`, on other `land` or at `sea`: above one where less is loaded.

        Rates of wagons are per tonne already, whatever the load. Emissions take the same factor.

        >>> Load("feu", 16.0).per_tonne("land"), round(Load("teu", 21.0).per_tonne("sea"), 3)
        (1.25, 0.833)
        >>> [round(Load("teu", 21.0).per_tonne(part), 2) for part in ("road", "land")]
        [0.95, 0.61]
        """
        if self.unit == "wagon":
            return 1.0
        alone = part == "road" and self.tonnes > PAYLOAD_T["teu"]
        share = 1.0 if alone or self.unit != "teu" else TEU_SHARE["sea" if part == "sea" else "land"]
        return share * PAYLOAD_T["feu" if self.unit == "teu" else self.unit] / self.tonnes


UNIT_LOADS = {
    "wagon": Load("wagon", PAYLOAD_T["wagon"]),
    "container": Load("feu", PAYLOAD_T["feu"]),
    "truck": Load("truck", PAYLOAD_T["truck"]),
}
"""Load that the rates are for, by cargo unit; it holds where the commodity tells no other."""


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


def in_unit(unit: str, load: Load, part: str) -> float:
    """Price of one unit for a cost of 1 USD per tonne of a load, on `land` or at `sea`.

    A box or truck costs the same whatever is in it. The unit of the load itself costs its tonnes.

    Parameters
    ----------
    unit
        `tonne`, `teu`, `feu`, `truck` or `wagon`.
    load
        Load that the cost per tonne is for.
    part
        `road`, `land` (by rail, and where it is handled) or `sea`.

    Raises
    ------
    InputError
        If there is no such unit.

    >>> in_unit("feu", Load("feu", 16.0), "land"), round(in_unit("teu", Load("feu", 16.0), "land"), 2)
    (16.0, 10.24)
    """
    if unit not in PAYLOAD_T:
        raise InputError("unit", unit, f"one of {', '.join(PAYLOAD_T)}")
    if unit in ("tonne", load.unit):
        return 1.0 if unit == "tonne" else load.tonnes
    share = TEU_SHARE["sea" if part == "sea" else "land"] if unit == "teu" else 1.0
    return share * PAYLOAD_T["feu" if unit == "teu" else unit] / load.per_tonne(part)
