"""Reach: how many days every place is from the nearest of some destinations, and how that changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.base.drawing import Drawing, Panels, drawn
from corridors.base.errors import InputError
from corridors.base.progress import progress
from corridors.measures import metrics
from corridors.model.question import By
from corridors.network.network import Network
from corridors.whatif.scenario import Scenario

KINDS = ("city", "town", "port")
"""Kinds of places that are origins unless others are named."""

HALF_LIFE_D = 10.0
"""Days over which a destination loses half of its weight in accessibility (assumed)."""


@dataclass(frozen=True, eq=False)
class Reach:
    """Hours from every origin to every destination, by scenario, the base first.

    Attributes
    ----------
    hours
        Origins by destinations, by scenario; `inf` where there is no way.
    nets
        Networks by scenario.
    half_life_d
        Days over which a destination loses half of its weight in accessibility.
    """

    hours: Mapping[str, pd.DataFrame]
    nets: Mapping[str, Network]
    half_life_d: float = HALF_LIFE_D

    plot = drawn[Drawing | Panels]("plot_reach")

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios, the base first."""
        return list(self.hours)

    @property
    def base(self) -> str:
        """Name of the scenario that the others are measured against."""
        return self.scenarios[0]

    def days(self) -> pd.DataFrame:
        """Give the days to the nearest destination: origins by scenarios, `inf` where there is no way."""
        return pd.DataFrame({name: hours.min(axis=1) / 24 for name, hours in self.hours.items()})

    def accessibility(self) -> pd.DataFrame:
        """Give the potential accessibility of each origin, in destinations: origins by scenarios.

        See `corridors.measures.metrics.potential_accessibility`; destinations weigh the same.
        """
        found = {
            name: metrics.potential_accessibility(
                hours / 24, dict.fromkeys(hours.columns, 1.0), half_life=self.half_life_d
            )
            for name, hours in self.hours.items()
        }
        return pd.DataFrame(found)

    def shown(self) -> gpd.GeoDataFrame:
        """Give the places that a map shows: destinations, and origins that have a way in any scenario."""
        days = self.days()
        joined = days.index[np.isfinite(days).any(axis=1)]
        places = self.nets[self.base].places
        return places.loc[joined.union(self.hours[self.base].columns, sort=False)]

    def table(self) -> pd.DataFrame:
        """Give one row per scenario and origin.

        Columns: scenario, origin, nearest (destination; empty where there is no way), days to it, days_delta against
        the base (nan where either has no way), accessibility (destinations, by half-life), accessibility_delta and
        accessibility_pct against the base (nan where the base has none).

        >>> import corridors as co
        >>> net = co.load()
        >>> found = co.reach({"base": net, "kabul": net.build("uap-kabul")}, ["Karachi"], ["Termez"], modes={"rail"})
        >>> bool(found.table()["days_delta"].iloc[1] < 0)
        True
        """
        days, access = self.days(), self.accessibility()
        parts = []
        for name, hours in self.hours.items():
            nearest = hours.idxmin(axis=1).where(np.isfinite(hours.min(axis=1)), "")
            before, now = access[self.base], access[name]
            row = {
                "scenario": name,
                "nearest": nearest,
                "days": days[name],
                # without a way before or after there is no difference
                "days_delta": (days[name] - days[self.base]).replace([np.inf, -np.inf], np.nan),
                "accessibility": now,
                "accessibility_delta": now - before,
                "accessibility_pct": 100 * (now / before.where(before > 0) - 1),
            }
            parts.append(pd.DataFrame(row).rename_axis("origin").reset_index())
        table = pd.concat(parts, ignore_index=True)
        return table[["scenario", "origin", *table.columns.drop(["scenario", "origin"])]]

    def __repr__(self) -> str:
        shown = self.days().round(1).to_string()
        return f"Reach of {', '.join(self.scenarios)}: days to the nearest destination\n{shown}"


def reach(
    scenarios: Network | Mapping[str, Network | Scenario],
    destinations: str | Iterable[str] = "south-asian-ports",
    origins: str | Iterable[str] | None = None,
    *,
    by: By = "generalized",
    cargo: str = "container",
    modes: str | Iterable[str] | None = None,
    half_life_d: float = HALF_LIFE_D,
    **options: Any,
) -> Reach:
    """Find how long it takes from every place to some destinations, scenario by scenario.

    Parameters
    ----------
    scenarios
        A network, or networks and scenarios by name of which the first is the base and a network.
    destinations
        Places, or the name of a set of places.
    origins
        Places, or the name of a set; by default all cities, towns and ports of the base that a link touches.
    by, cargo, modes, options
        As in `Network.matrix`: the ways are those of least `by`, the hours are theirs.
    half_life_d
        Days over which a destination loses half of its weight in accessibility.

    Raises
    ------
    InputError
        If there is no scenario, or the first is no network.

    >>> import corridors as co
    >>> co.reach(co.load(), ["Karachi"], ["Lahore", "Kabul"]).days().idxmin().tolist()
    ['lahore']
    """
    given = {scenarios.name: scenarios} if isinstance(scenarios, Network) else dict(scenarios)
    base = next(iter(given.values()), None)
    if not isinstance(base, Network):
        raise InputError("scenarios", list(given), "a network, or networks by name that begin with the base")
    places = base.places
    ends = base.tables["links"][["from_id", "to_id"]].to_numpy().ravel()
    on_land = places["kind"].isin(KINDS) & places.index.isin(ends)
    start = list(places.index[on_land]) if origins is None else base.place_set(origins)
    targets = base.place_set(destinations)
    nets = {name: one.apply(base) if isinstance(one, Scenario) else one for name, one in given.items()}
    hours = {
        name: net.matrix(start, targets, "hours", by=by, cargo=cargo, modes=modes, **options)
        for name, net in progress(list(nets.items()), "scenarios")
    }
    return Reach(hours, nets, half_life_d)
