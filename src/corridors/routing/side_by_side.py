"""Ways of one pair side by side: totals, percentiles of trips, and prices of whole boxes, trucks and wagons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from corridors.base.arguments import checked
from corridors.formats.printable import Printable
from corridors.model.problem import Journey
from corridors.routing.route import Route
from corridors.uncertainty.draws import DRAWS, SPREAD_OF_TRIPS

PRICED = {"container": ("teu", "feu"), "truck": ("truck",), "wagon": ("wagon",)}
"""Units that a way is priced for, by its cargo unit."""


@checked
class Alternatives(list[Route], Printable):
    """Ways of one pair, the best first: a list of routes that can be had as a table.

    >>> import corridors as co
    >>> ways = co.load().alternatives("Tashkent", "Karachi", 2, cargo="truck")
    >>> ways.table(draws=0)["countries"].tolist()
    ['UZ-AF-PK', 'UZ-AF-PK']
    """

    _columns = (
        *("cargo", "modes", "countries", "km", "days", "p50_days", "p90_days", "cost_usd_t", "teu_usd", "feu_usd"),
        *("truck_usd", "wagon_usd", "co2e_kg_t", "borders", "transfers", "gauge_breaks"),
    )

    def table(
        self, *, draws: int = DRAWS, seed: int = 0, spread: str = SPREAD_OF_TRIPS, names: bool = False
    ) -> pd.DataFrame:
        """Table of one row per way.

        Parameters
        ----------
        draws, seed, spread
            As in `Route.distribution`; no draws give no percentiles.
        names
            Whether names stand for ids.

        Returns
        -------
        DataFrame
            Indexed by way, from 1: cargo, modes, countries, crossings, km, days (expected), p50_days and p90_days,
            cost_usd_t, the price of one unit in USD (teu_usd, feu_usd, truck_usd, wagon_usd, where a way is by such
            a unit), co2e_kg_t, generalized_usd_t, borders, transfers and gauge_breaks.

        >>> import corridors as co
        >>> ways = co.load().alternatives("Almaty", "Karachi", 2)
        >>> ways.table(draws=200)[["days", "p90_days", "feu_usd"]].round().iloc[0].tolist()
        [12.0, 16.0, 3900.0]
        """
        rows = [_record(route, draws, seed, spread) for route in self]
        table = pd.DataFrame(rows, index=pd.RangeIndex(1, len(rows) + 1, name="way"))
        return self._named(table, names)

    def __repr__(self) -> str:
        return str(self.table(draws=0).drop(columns=["generalized_usd_t"]).round(1).to_string())

    def _repr_html_(self) -> str:
        return str(self.table(draws=0).drop(columns=["generalized_usd_t"]).round(1).to_html(border=0))

    def _sheets(self) -> Mapping[str, pd.DataFrame]:
        return {"ways": self.table(), **{f"legs of way {n}": route.legs for n, route in enumerate(self, start=1)}}

    def _journeys(self) -> Iterable[Journey]:
        return tuple(self)


def prices(route: Route) -> dict[str, float]:
    """Price in USD of one of each unit that a way is by.

    Parameters
    ----------
    route
        The way.

    >>> import corridors as co
    >>> list(prices(co.load().route("Termez", "Hairatan", cargo="wagon")))
    ['wagon_usd']
    """
    return {f"{unit}_usd": route.cost_usd(unit) for unit in PRICED[route.cargo]}


def _record(route: Route, draws: int, seed: int, spread: str) -> dict[str, Any]:
    """What is told of a way."""
    told = route.summary()
    points: dict[str, float] = {}
    if draws:
        hours = route.distribution(draws=draws, seed=seed, spread=spread)
        points = {f"p{point}_days": hours.percentile(point) / 24 for point in (50, 90)}
    return {
        **{name: told[name] for name in ("cargo", "modes", "countries", "crossings", "km")},
        "days": route.days,
        **points,
        "cost_usd_t": route.cost_usd_t,
        **prices(route),
        **{name: told[name] for name in ("co2e_kg_t", "generalized_usd_t", "borders", "transfers", "gauge_breaks")},
    }
