"""Scenarios side by side, pair by pair, always against the first one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from corridors.errors import InputError
from corridors.network import Network
from corridors.progress import progress
from corridors.questions import By
from corridors.route import Route

NUMBERS = ["km", "hours", "cost_usd_t", "co2e_kg_t", "generalized_usd_t", "borders", "transfers", "gauge_breaks"]
"""Columns of the pair table that are compared."""

KEYS = ["scenario", "origin", "destination"]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Routes of every pair in every scenario, and the differences from the base (the first scenario).

    Attributes
    ----------
    routes
        Route (None where there is no way) by scenario, origin and destination.
    base
        Name of the scenario that the others are measured against.
    """

    routes: Mapping[tuple[str, str, str], Route | None]
    base: str

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios, the base first."""
        return list(dict.fromkeys(key[0] for key in self.routes))

    def pairs(self) -> pd.DataFrame:
        """Give one row per scenario and pair.

        Columns: scenario, origin, destination, the totals of the route (km, hours, cost_usd_t, co2e_kg_t,
        generalized_usd_t, borders, transfers, gauge_breaks, modes, countries, crossings), `<number>_delta` and
        `<number>_ratio` against the base, and `status`: both, only_base, only_scenario or neither.
        """
        rows = [_record(key, route) for key, route in self.routes.items()]
        table = pd.DataFrame(rows)
        base = table[table["scenario"] == self.base].drop(columns="scenario")
        both = table.merge(base, on=["origin", "destination"], suffixes=("", "_base"), how="left")
        for name in NUMBERS:
            table[f"{name}_delta"] = (both[name] - both[f"{name}_base"]).to_numpy()
        for name in NUMBERS[:5]:
            table[f"{name}_ratio"] = (both[name] / both[f"{name}_base"]).to_numpy()
        here, there = both["km"].notna(), both["km_base"].notna()
        table["status"] = [_STATUS[pair] for pair in zip(here, there, strict=True)]
        return table

    def table(self, measure: str = "hours") -> pd.DataFrame:
        """Give a measure with one row per pair and one column per scenario.

        >>> import corridors as co
        >>> net = co.load()
        >>> co.compare({"base": net}, ["Almaty"], ["Karachi"]).table("km").shape
        (1, 1)
        """
        if measure not in NUMBERS:
            raise InputError("measure", measure, f"one of {', '.join(NUMBERS)}")
        wide = self.pairs().pivot_table(
            index=["origin", "destination"], columns="scenario", values=measure, dropna=False, sort=False
        )
        return wide.reindex(columns=self.scenarios)

    def __repr__(self) -> str:
        pairs = len(self.routes) // max(len(self.scenarios), 1)
        return f"Comparison of {', '.join(self.scenarios)} on {pairs} pairs\n{self.table().round(1).to_string()}"

    def _repr_html_(self) -> str:
        return str(self.table().round(1).to_html(border=0))


_STATUS = {(True, True): "both", (True, False): "only_scenario", (False, True): "only_base", (False, False): "neither"}


def _record(key: tuple[str, str, str], route: Route | None) -> dict[str, Any]:
    totals = {} if route is None else {k: v for k, v in route.summary.items() if k not in ("origin", "destination")}
    blank: dict[str, Any] = {**dict.fromkeys(NUMBERS), "modes": "", "countries": "", "crossings": ""}
    record = {**dict(zip(KEYS, key, strict=True)), **blank, **totals}
    return {k: float("nan") if v is None else v for k, v in record.items() if k not in ("cargo", "by")}


def compare(
    scenarios: Mapping[str, Network],
    origins: str | Iterable[str],
    destinations: str | Iterable[str],
    *,
    by: By = "generalized",
    cargo: str = "container",
    modes: str | Iterable[str] | None = None,
    **options: Any,
) -> Comparison:
    """Route every pair in every scenario and compare with the first.

    Parameters
    ----------
    scenarios
        Networks by name; the first is the base.
    origins, destinations
        Places, or the name of a set of places.
    by, cargo, modes, options
        As in `Network.route`; the same for every scenario.

    Raises
    ------
    InputError
        If there is no scenario.
    """
    if not scenarios:
        raise InputError("scenarios", scenarios, "a dict of at least one network by name")
    routes: dict[tuple[str, str, str], Route | None] = {}
    for name, net in progress(scenarios.items(), "scenarios"):
        found = net.routes(origins, destinations, by=by, cargo=cargo, modes=modes, **options)
        routes.update({(name, *pair): route for pair, route in found.items()})
    return Comparison(routes, next(iter(scenarios)))
