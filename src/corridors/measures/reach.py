"""Reach: how many days every place is from the nearest of some destinations, and how that changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Unpack

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.base.arguments import checked
from corridors.base.drawing import Drawing, Panels, drawn
from corridors.base.errors import InputError
from corridors.base.options import takes
from corridors.base.progress import progress
from corridors.base.results import Result
from corridors.base.units import HOURS
from corridors.measures import metrics
from corridors.model.question import Asked
from corridors.network.network import Network
from corridors.whatif.named import Scenarios, named_networks

KINDS = ("city", "town", "port")
"""Kinds of places that are origins unless others are named."""

DESTINATIONS = "south-asian-ports"
"""Destinations unless others are named."""

HALF_LIFE_D = 10.0
"""Days over which a destination loses half of its weight in accessibility (assumed)."""


@checked
@dataclass(frozen=True, eq=False, repr=False)
class Reach(Result):
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
        """Days to the nearest destination: origins by scenarios, `inf` where there is no way."""
        return pd.DataFrame({name: hours.min(axis=1) / 24 for name, hours in self.hours.items()})

    def accessibility(self) -> pd.DataFrame:
        """Potential accessibility of each origin, in destinations: origins by scenarios.

        See `corridors.measures.metrics.potential_accessibility`; destinations weigh the same.
        """
        access = {
            name: metrics.potential_accessibility(
                hours / 24, dict.fromkeys(hours.columns, 1.0), half_life=self.half_life_d
            )
            for name, hours in self.hours.items()
        }
        return pd.DataFrame(access)

    def shown(self) -> gpd.GeoDataFrame:
        """Places that a map shows: destinations, and origins that have a way in any scenario."""
        days = self.days()
        joined = days.index[np.isfinite(days).any(axis=1)]
        places = self.nets[self.base].places
        return places.loc[joined.union(self.hours[self.base].columns, sort=False)]

    def table(self) -> pd.DataFrame:
        """Table of one row per scenario and origin.

        Columns: scenario, origin, nearest (destination; empty where there is no way), days to it, days_delta against
        the base (nan where either has no way), accessibility (destinations, by half-life), accessibility_delta and
        accessibility_pct against the base (nan where the base has none).

        >>> import corridors as co
        >>> by_rail = co.reach([co.load(), "uap-kabul"], ["Termez"], ["Karachi"], modes={"rail"})
        >>> by_rail.table()["days_delta"].round().tolist()
        [0.0, -7.0]
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

    def _shown(self) -> pd.DataFrame:
        return self.days().round(1)

    def _above(self) -> str:
        return f"Reach of {', '.join(self.scenarios)}: days to the nearest destination"


@takes(Asked)
def reach(
    scenarios: Scenarios,
    origins: str | Iterable[str] | None = None,
    destinations: str | Iterable[str] | None = None,
    *,
    half_life_d: float = HALF_LIFE_D,
    **options: Unpack[Asked],
) -> Reach:
    """Find how long it takes from every place to some destinations, scenario by scenario, at expected values.

    Parameters
    ----------
    scenarios
        A network, or networks, scenarios and names of bundled scenarios, as in `compare`; the first is the base.
    origins
        Places, or the name of a set; by default all cities, towns and ports of the base that a link touches.
    destinations
        Places, or the name of a set of places; where neither origins nor destinations are named, the ports of South
        Asia.
    half_life_d
        Days over which a destination loses half of its weight in accessibility.
    options
        The ways are those of least `by`, the hours are theirs.

    Returns
    -------
    Reach
        Days to the nearest destination by origin and scenario, with tables and a map.

    Raises
    ------
    InputError
        If there is no scenario, the first is no network, or origins are named without destinations.

    >>> import corridors as co
    >>> co.reach(co.load(), ["Lahore", "Kabul"], ["Karachi"]).days()["base"].round(1).tolist()
    [3.5, 6.3]
    >>> from_everywhere = co.reach(co.load(), destinations=["Karachi"], cargo="truck").days()["base"]
    >>> round(float(from_everywhere["kabul"]), 1)
    6.3
    """
    if destinations is None and origins is not None:
        expected = (
            "say which places are to be reached: reach(scenarios, destinations=[...]), or origins and destinations"
        )
        raise InputError("destinations", None, expected)
    if not 0 < half_life_d < np.inf:
        raise InputError("half_life_d", half_life_d, "days above zero")
    nets = named_networks(scenarios)
    base = next(iter(nets.values()))
    rows = _everywhere(base) if origins is None else base.place_set(origins)
    columns = base.place_set(DESTINATIONS if destinations is None else destinations)
    hours = {
        name: net.matrix(rows, columns, HOURS.name, **options)
        for name, net in progress(list(nets.items()), "scenarios")
    }
    return Reach(hours, nets, half_life_d)


def _everywhere(net: Network) -> list[str]:
    """Cities, towns and ports that a link touches."""
    places = net.places
    ends = net.tables["links"][["from_id", "to_id"]].to_numpy().ravel()
    return list(places.index[places["kind"].isin(KINDS) & places.index.isin(ends)])
