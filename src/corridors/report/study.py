"""What the report shows, computed: comparisons by cargo unit, rankings under disputed assumptions, and reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from corridors.base.progress import progress
from corridors.measures.headline import Headline, headline
from corridors.measures.reach import Reach, reach
from corridors.measures.robustness import measure_robustness, robustness
from corridors.network.network import Network
from corridors.routing.route import Route
from corridors.uncertainty.draws import DRAWS
from corridors.whatif.compare import Comparison
from corridors.whatif.scenario import BASE, Scenario, Scenarios, named_scenarios

SCENARIOS = ("uap-kabul", "western-route")
"""Scenarios of the railway extension that the report compares."""

SHOWN_PAIR = ("almaty", "karachi")
"""Pair whose ways are shown leg by leg, if it is among the pairs compared."""

CARGO = ("container", "wagon")
"""Cargo units that are compared; charts and maps are of the first."""

RAIL = "rail only"
"""Way on which the railways are compared with each other."""


@dataclass(frozen=True, eq=False)
class Study:
    """All results of the report.

    Attributes
    ----------
    heads
        The answer by cargo unit.
    titles
        Title of each scenario, the base first.
    pair
        Pair of places shown in detail.
    robust
        Rankings by `assumption` and by `measure`.
    reach
        Days by rail from everywhere to the destination shown.
    draws
        Draws for bands and probabilities.
    """

    heads: Mapping[str, Headline]
    titles: Mapping[str, str]
    pair: tuple[str, str]
    robust: Mapping[str, pd.DataFrame]
    reach: Reach
    draws: int

    @property
    def net(self) -> Network:
        """Network that everything is measured against."""
        return self.reach.nets[self.reach.base]

    @property
    def head(self) -> Headline:
        """Answer for the cargo unit that charts and maps show."""
        return self.heads[CARGO[0]]

    def titled(self, way: str = RAIL) -> Comparison:
        """Comparison of the first cargo unit with the border open, scenarios by their titles."""
        return self.head.results[way, "open"].renamed(self.titles)

    def comparisons(self) -> Iterator[tuple[str, str, str, Comparison]]:
        """Yield cargo unit, way, border and comparison."""
        for cargo, head in self.heads.items():
            for (way, border), comparison in head.results.items():
                yield cargo, way, border, comparison

    def pairs(self) -> pd.DataFrame:
        """Pair tables of all cargo units, ways and borders as one tidy table."""
        return _stacked((keys, comparison.pairs()) for *keys, comparison in self.comparisons())

    def legs(self) -> gpd.GeoDataFrame:
        """Legs of the pair shown, with their geometry."""
        parts = [
            ((*keys, name), route.to_gdf())
            for *keys, comparison in self.comparisons()
            for name, route in self.shown(comparison)
        ]
        return gpd.GeoDataFrame(_stacked(parts), geometry="geometry", crs="EPSG:4326")

    def gains(self) -> pd.DataFrame:
        """Mean gain over all pairs of each scenario, border open and closed."""
        return _stacked(((cargo,), head.table()) for cargo, head in self.heads.items())

    def flows(self) -> gpd.GeoDataFrame:
        """Share of pairs on every link, with the border open."""
        parts = [((c, w, b), one.flows()) for c, w, b, one in self.comparisons() if b == "open"]
        return gpd.GeoDataFrame(_stacked(parts), geometry="geometry", crs="EPSG:4326")

    def days(self) -> gpd.GeoDataFrame:
        """Days by rail from every place to the destination shown, with positions."""
        table = self.reach.table()
        places = self.net.places
        points = places.loc[table["origin"]]
        named = table.assign(name=points["name"].to_numpy(), country=points["country"].to_numpy())
        return gpd.GeoDataFrame(named, geometry=points.geometry.to_numpy(), crs="EPSG:4326")

    def shown(self, comparison: Comparison) -> Iterator[tuple[str, Route]]:
        """Yield the routes of the pair shown, by scenario."""
        for name in comparison.scenarios:
            route = comparison.routes[(name, *self.pair)]
            if route is not None:
                yield name, route

    def assumptions(self) -> pd.DataFrame:
        """List the parameters behind the pair shown, in any scenario, with their largest share of a total."""
        parts = [route.assumptions() for *_, one in self.comparisons() for _, route in self.shown(one)]
        table = pd.concat(parts).sort_values("share", ascending=False).drop_duplicates(["name", "measure"])
        columns = ["name", "measure", "share", "value", "low", "high", "unit", "confidence", "source", "note"]
        return table[columns].sort_values(["measure", "share"], ascending=[False, False]).reset_index(drop=True)


def _stacked(parts: Iterable[tuple[Sequence[str], pd.DataFrame]]) -> pd.DataFrame:
    """Stack tables, each marked by its keys in the first columns."""
    names = ("cargo", "way", "border", "scenario")
    marked = []
    for keys, table in parts:
        for place, (name, key) in enumerate(zip(names, keys, strict=False)):
            table.insert(place, name, key)
        marked.append(table)
    return pd.concat(marked, ignore_index=True)


def study(
    net: Network,
    origins: str | Iterable[str] = "kazakhstan",
    destinations: str | Iterable[str] = "south-asian-ports",
    *,
    scenarios: Scenarios = SCENARIOS,
    draws: int = DRAWS,
) -> Study:
    """Compute everything that the report shows.

    Parameters
    ----------
    net
        Network in normal operation, which is the base.
    origins, destinations
        Places, or the name of a set of places.
    scenarios
        Names of bundled scenarios, scenarios or networks, in a list or by name.
    draws
        Draws for bands and probabilities.

    >>> import corridors as co
    >>> study(co.load(), ["Almaty"], ["Karachi"], scenarios=["uap-kabul"], draws=10).pair
    ('almaty', 'karachi')
    """
    places, ports = net.place_set(origins), net.place_set(destinations)
    named = named_scenarios(scenarios, base=net)
    heads = {
        cargo: headline(named, (), places, ports, cargo=cargo, draws=draws) for cargo in progress(CARGO, "cargo units")
    }
    pair = SHOWN_PAIR if SHOWN_PAIR[0] in places and SHOWN_PAIR[1] in ports else (places[0], ports[0])
    robust = {
        "assumption": robustness(named, (), places, ports, cargo=CARGO[0], modes={"rail"}),
        "measure": measure_robustness(heads[CARGO[0]].results[RAIL, "open"]),
    }
    titles = {name: one.title or name if isinstance(one, Scenario) else name for name, one in named.items()}
    titles[BASE] = "Today's lines"
    nets = {titles[name]: one for name, one in named.items()}
    days = reach(nets, destinations=[pair[1]], cargo=CARGO[0], modes={"rail"})
    return Study(heads, titles, pair, robust, days, draws)
