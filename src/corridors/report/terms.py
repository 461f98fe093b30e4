"""Terms of a quote: departure, payload, number of units, currency, and the draws behind its percentiles."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from numbers import Real

from corridors.base.dates import date_text
from corridors.base.errors import InputError
from corridors.base.units import MOST_T, UNIT_NAMES, Load
from corridors.uncertainty.draws import DRAWS, SPREAD_OF_TRIPS, check_draws

NOON = time(12)
"""Hour of the day of departure from which a journey counts: nobody says an hour, so the middle of the day."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a forwarder says of a consignment, checked.

    Attributes
    ----------
    departure
        Day on which the journey begins.
    payload_t
        Tonnes in one unit; None for what is loaded of the commodity.
    units
        Number of boxes, wagons or trucks.
    currency, fx_per_usd
        Code of the currency of the total, and units of it for one USD, as the caller gives them.
    draws, seed, spread
        As in `Route.distribution`.

    >>> Terms.of(departure="2026-12-01", payload_t=18, units=2).departure
    datetime.date(2026, 12, 1)
    """

    departure: date
    payload_t: float | None
    units: int
    currency: str
    fx_per_usd: float
    draws: int
    seed: int
    spread: str

    @staticmethod
    def of(
        *,
        departure: object = "today",
        payload_t: float | None = None,
        units: int = 1,
        currency: str = "USD",
        fx_per_usd: float | None = None,
        draws: int = DRAWS,
        seed: int = 0,
        spread: str = SPREAD_OF_TRIPS,
    ) -> Terms:
        """Terms of what was given.

        Raises
        ------
        InputError
            If something cannot be: a departure without its day, a payload of nothing, a currency without its rate.

        >>> Terms.of(currency="KZT")
        Traceback (most recent call last):
        corridors.base.errors.InputError: fx_per_usd=None is not possible: units of KZT for one USD.
        """
        check_draws(draws, seed, spread)
        text = date_text(departure, name="departure")
        if len(text) != len("2026-12-01"):
            raise InputError("departure", departure, "a day, such as '2026-12-01'")
        if isinstance(units, bool) or not isinstance(units, int) or units < 1:
            raise InputError("units", units, "a whole number of boxes, wagons or trucks, 1 or more")
        code = currency.strip().upper() if isinstance(currency, str) else ""
        if len(code) != 3 or not code.isalpha():
            raise InputError("currency", currency, "a code of three letters, such as KZT")
        rate = _rate(code, fx_per_usd)
        tonnes = None if payload_t is None else _positive("payload_t", payload_t, "tonnes in one unit, above zero")
        return Terms(date.fromisoformat(text), tonnes, units, code, rate, draws, seed, spread)

    def arrival(self, hours: float) -> date:
        """Day of arrival after some hours, counted from noon of the day of departure.

        >>> Terms.of(departure="2026-12-01").arrival(24 * 11.4), Terms.of(departure="2026-12-01").arrival(11)
        (datetime.date(2026, 12, 12), datetime.date(2026, 12, 1))
        """
        return (datetime.combine(self.departure, NOON) + timedelta(hours=hours)).date()

    def tonnes(self, load: Load) -> float:
        """Tonnes in one unit: those that were given, or the load of the commodity."""
        return load.tonnes if self.payload_t is None else self.payload_t

    def check_loads(self, loads: Iterable[Load]) -> None:
        """Refuse a payload that no unit of the kind carries.

        Parameters
        ----------
        loads
            Loads of the ways that are quoted.

        Raises
        ------
        InputError
            If it is more than the unit can hold.

        >>> Terms.of(payload_t=500).check_loads([Load("truck", 20.0)])
        Traceback (most recent call last):
        corridors.base.errors.InputError: payload_t=500.0 is not possible: tonnes in one unit, and no truck carries \
more than 61.5 t.
        """
        for load in loads:
            most = MOST_T[load.unit]
            if self.payload_t is not None and self.payload_t > most:
                expected = f"tonnes in one unit, and no {UNIT_NAMES[load.unit]} carries more than {most:g} t"
                raise InputError("payload_t", self.payload_t, expected)

    def unit_usd(self, cost_usd_t: float, load: Load) -> float:
        """Price of one unit in USD: a box or truck costs the same whatever is in it, a wagon is paid by the tonne.

        Parameters
        ----------
        cost_usd_t
            Cost per tonne of the load.
        load
            Load that it is for.

        >>> terms = Terms.of(payload_t=10)
        >>> terms.unit_usd(50, Load("feu", 20.0)), terms.unit_usd(50, Load("wagon", 60.0))
        (1000.0, 500.0)
        """
        return cost_usd_t * (self.tonnes(load) if load.unit == "wagon" else load.tonnes)


def _rate(code: str, given: float | None) -> float:
    if given is None and code == "USD":
        return 1.0
    rate = _positive("fx_per_usd", given, f"units of {code} for one USD")
    if code == "USD" and rate != 1:
        raise InputError("fx_per_usd", given, "1 for USD; currency='KZT' names another currency")
    return rate


def _positive(name: str, given: object, expected: str) -> float:
    if isinstance(given, bool) or not isinstance(given, Real) or not 0 < float(given) < math.inf:
        raise InputError(name, given, expected)
    return float(given)
