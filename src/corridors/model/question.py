"""What is asked of a network: objective, cargo unit, modes, what to avoid, and the value of time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Annotated, TypedDict, Unpack

from corridors.base.cache import Slot, unchanged
from corridors.base.errors import InputError
from corridors.base.options import Default, takes
from corridors.base.units import GENERALIZED, MEASURES, UNIT_LOADS, Load, Measure, measure
from corridors.data.schema import items
from corridors.data.tables import Tables
from corridors.model.journey import MIN_RAIL_SHARE

By = str | Mapping[str, float]
"""Objective: a measure, or weights of several."""

DEFAULT_COMMODITY = {"wagon": "flour", "container": "general", "truck": "general"}
"""Commodity whose value of time is used where none is named."""

_VALUES_OF_TIME = Slot[float]("values of time by commodity", most=200, carried=unchanged)
_LOADS = Slot[Load]("loads by cargo unit and commodity", most=200, carried=unchanged)

USUAL_CARGO = "container"
"""Cargo unit where none is named, unless the commodity does not travel in it."""


class Asked(TypedDict, total=False):
    """Options of a question to a network, the same for routes, matrices, comparisons and simulations.

    Attributes
    ----------
    by
        Objective: `generalized` (cost + value of time x hours), `hours`, `cost`, `distance`, `co2e`, or a dict of
        weights of several. By hours alone a truck wins nearly everywhere; what goes by rail goes for its cost.
    cargo
        Cargo unit: `wagon`, `container` or `truck`; it decides which links and terminals can be used. By default a
        container, or the usual unit of a commodity that does not travel in one (sulphur goes by wagon).
    avoid
        Countries, pairs of countries such as `AF-PK` (all crossings between them), places, links, crossings, services
        or modes not to use.
    modes
        Modes to use; `{"rail"}` is rail only, rail with ships is `{"rail", "sea"}`. All by default. By `{"sea"}` alone
        a journey is from quay to quay, as it is at any port without a land state in use in these modes.
    commodity
        Commodity that gives the value of time and the load of a unit, and decides in which units it can travel (table
        `commodities`); by default `flour` for wagons, else `general`.
    vot_usd_t_h
        Value of time in USD per tonne and hour, instead of a commodity's; a commodity named beside it gives the load
        of a unit alone.
    min_rail_share
        Least share of the land km that a journey goes by rail (`corridors.model.journey`); by default one half for
        wagons, else none.
    charter
        Whether ships may be chartered between all ports with a distance (table `sea_distances`), besides the services.
        A charter has the hours and cost of its class, of the ports and of the sea, and no wait for a sailing.
    """

    by: Annotated[By, Default("generalized")]
    cargo: Annotated[str | None, Default(None)]
    avoid: Annotated[str | Iterable[str], Default(())]
    modes: Annotated[str | Iterable[str] | None, Default(None)]
    commodity: Annotated[str | None, Default(None)]
    vot_usd_t_h: Annotated[float | None, Default(None)]
    min_rail_share: Annotated[float | None, Default(None)]
    charter: Annotated[bool, Default(False)]


@dataclass(frozen=True, slots=True)
class Question:
    """Options of a question in one form: equal questions are equal, and can be keys.

    Attributes
    ----------
    by
        Short name of a measure, or pairs of such a name and its weight.
    cargo, avoid, modes
        Cargo unit; names not to use; modes to use, None for all.
    vot_usd_t_h
        Value of time in USD per tonne and hour.
    load
        What is loaded on one unit.
    min_rail_share
        Least share of the land km that goes by rail; 0 for none.
    charter
        Whether ships may be chartered.
    """

    by: str | tuple[tuple[str, float], ...]
    cargo: str
    avoid: tuple[str, ...]
    modes: tuple[str, ...] | None
    vot_usd_t_h: float
    load: Load
    min_rail_share: float
    charter: bool = False

    @staticmethod
    @takes(Asked)
    def of(tables: Tables, **options: Unpack[Asked]) -> Question:
        """Question of some options to a network with these tables.

        Parameters
        ----------
        tables
            Tables whose commodities give the value of time.
        options
            As in `Asked`.

        Raises
        ------
        InputError, UnknownNameError
            If an option is unknown, or its value is.

        >>> import corridors as co
        >>> Question.of(co.load().tables, modes={"rail"}, by="cost_usd_t").by
        'cost'
        """
        avoid, modes, vot = options["avoid"], options["modes"], options["vot_usd_t_h"]
        cargo = cargo_of(tables, options["cargo"], options["commodity"])
        if vot is None:
            vot = value_of_time(tables, cargo, options["commodity"])
        vot = _amount("vot_usd_t_h", vot, "a value of time is zero or more")
        used = None if modes is None else tuple(sorted(set(_names("modes", modes))))
        if used == ():
            raise InputError("modes", modes, "at least one mode; None is all of them")
        if not isinstance(options["charter"], bool):
            raise InputError("charter", options["charter"], "True or False")
        share = _share(cargo, options["min_rail_share"])
        load = load_of(tables, cargo, options["commodity"])
        by, avoided = _objective(options["by"]), _names("avoid", avoid)
        return Question(by, cargo, avoided, used, vot, load, share, options["charter"])

    @property
    def objective(self) -> By:
        """Objective as a measure or a dict of weights."""
        return self.by if isinstance(self.by, str) else dict(self.by)


def _objective(by: By) -> str | tuple[tuple[str, float], ...]:
    """Objective with the short names of its measures."""
    if isinstance(by, str | Measure):
        return _measure(by)
    if not isinstance(by, Mapping) or not by:
        raise InputError("by", by, "a measure, or a dict of weights of at least one")
    parts = {_measure(name): _amount("by", share, "weights are not negative") for name, share in by.items()}
    if len(parts) < len(by) or not any(parts.values()):
        raise InputError("by", by, "every measure once, and a weight above zero for at least one")
    return tuple(parts.items())


def _amount(option: str, given: object, expected: str) -> float:
    """Number of an option that is finite and not negative."""
    if isinstance(given, bool) or not isinstance(given, Real) or not 0 <= float(given) < float("inf"):
        raise InputError(option, given, expected)
    return float(given)


def _share(cargo: str, given: object) -> float:
    """Least share of rail that a cargo unit is asked for, or has."""
    if given is None:
        return MIN_RAIL_SHARE.get(cargo, 0.0)
    share = _amount("min_rail_share", given, expected := "a share of the land km from 0 to 1")
    if share > 1:
        raise InputError("min_rail_share", given, expected)
    return share


def _names(option: str, given: str | Iterable[str]) -> tuple[str, ...]:
    """Names that an option was given: one, or several."""
    names = (given,) if isinstance(given, str) or not isinstance(given, Iterable) else tuple(given)
    for name in names:
        if not isinstance(name, str):
            raise InputError(option, given, "a name, or several names")
    return names


def _measure(name: object) -> str:
    try:
        return measure(name if isinstance(name, Measure) else str(name)).name
    except InputError as error:
        names = [GENERALIZED.name, *(other for other in MEASURES if other != GENERALIZED.name)]
        expected = f"one of {', '.join(names)}, or a dict of weights of them"
        raise InputError("by", name, expected) from error


def cargo_of(tables: Tables, cargo: str | None, commodity: str | None = None) -> str:
    """Cargo unit that is asked for, or that of a commodity where none is.

    Parameters
    ----------
    tables
        Tables with the commodities.
    cargo
        Cargo unit, None for a container, or else for the usual unit of the commodity.
    commodity
        Id of a commodity.

    Raises
    ------
    InputError, UnknownNameError
        If there is no such unit or commodity, or the commodity does not travel in the unit.

    >>> import corridors as co
    >>> cargo_of(co.load().tables, None, "sulphur"), cargo_of(co.load().tables, None, "flour")
    ('wagon', 'container')
    """
    if cargo is not None and (not isinstance(cargo, str) or cargo not in DEFAULT_COMMODITY):
        raise InputError("cargo", cargo, f"one of {', '.join(DEFAULT_COMMODITY)}")
    if commodity is None:
        return cargo or USUAL_CARGO
    row = tables.find("commodities", str(commodity))
    units = items(row["cargo_units"])
    if cargo is None:
        return USUAL_CARGO if USUAL_CARGO in units else units[0]
    if cargo not in units:
        expected = f"{row['name']} ('{commodity}') travels by {' or '.join(units)} (table commodities)"
        raise InputError("cargo", cargo, expected)
    return cargo


def value_of_time(tables: Tables, cargo: str, commodity: str | None = None) -> float:
    """Value of time in USD per tonne and hour: value of the goods x loss per day / 24.

    Parameters
    ----------
    tables
        Tables with the commodities.
    cargo
        Cargo unit, which names the commodity where none is given.
    commodity
        Id of a commodity.

    References
    ----------
    D. Hummels and G. Schaur, "Time as a trade barrier", American Economic Review 103(7), 2013,
    doi:10.1257/aer.103.7.2935.
    """
    ident = _commodity(cargo, commodity)

    def make() -> float:
        row = tables.find("commodities", ident)
        return float(row["value_usd_t"]) * float(row["time_pct_day"]) / 100 / 24

    return tables.cache.get(_VALUES_OF_TIME, ident, make)


def _commodity(cargo: str, commodity: str | None) -> str:
    """Commodity that is asked for, or that of the cargo unit."""
    ident = commodity or DEFAULT_COMMODITY.get(cargo)
    if ident is None:
        raise InputError("cargo", cargo, f"one of {', '.join(DEFAULT_COMMODITY)}")
    return str(ident)


def load_of(tables: Tables, cargo: str, commodity: str | None = None) -> Load:
    """What is loaded on one unit of a commodity; the load that the rates are for where the table tells none.

    Parameters
    ----------
    tables
        Tables with the commodities.
    cargo
        Cargo unit, which names the commodity where none is given.
    commodity
        Id of a commodity.

    >>> import corridors as co
    >>> load_of(co.load().tables, "truck", "pharmaceuticals")
    Load(unit='truck', tonnes=10.0)
    """
    ident = _commodity(cargo, commodity)
    return tables.cache.get(_LOADS, (cargo, ident), lambda: _load_of(tables, cargo, ident))


def _load_of(tables: Tables, cargo: str, ident: str) -> Load:
    usual = UNIT_LOADS[cargo]
    if ident not in tables.rows("commodities"):
        return usual
    row = tables.find("commodities", ident)
    tonnes = float(row[f"load_{cargo}_t"])
    if not tonnes > 0:
        return usual
    return Load(str(row["box"]) if cargo == "container" and row["box"] else usual.unit, tonnes)
