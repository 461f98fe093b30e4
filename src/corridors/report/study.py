"""What the report shows, computed: comparisons by cargo unit and group of destinations, and what turns them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Any, TypedDict, Unpack

import geopandas as gpd
import pandas as pd

from corridors.base.errors import InputError
from corridors.base.options import Default, takes
from corridors.base.progress import progress
from corridors.data import schema
from corridors.measures.borders import BORDERS, Cases
from corridors.measures.headline import Headline, headline
from corridors.measures.reach import Reach, reach
from corridors.measures.robustness import measure_robustness, robustness
from corridors.measures.turns import Turns, turns
from corridors.network.network import Network
from corridors.routing.route import Route
from corridors.uncertainty.draws import DRAWS
from corridors.whatif.compare import Comparison
from corridors.whatif.named import BASE, Scenarios, named_scenarios
from corridors.whatif.scenario import Scenario
from corridors.whatif.value_of_time import ValueOfTime
from corridors.whatif.weights import Pair, Weights

SCENARIOS = ("uap-kabul", "western-route")
"""Scenarios of the railway extension that the report compares."""

DESTINATIONS: Mapping[str, str] = {"ports": "south-asian-ports", "cities": "south-asian-markets"}
"""Groups of destinations: ports for trade overseas, and the cities of Afghanistan and Pakistan themselves."""

ALL = "destinations"
"""Name of the only group, where the destinations are the reader's."""

SHOWN_PAIR = ("almaty", "karachi")
"""Pair whose ways are shown leg by leg, if it is among the pairs compared."""

CARGO = ("container", "wagon")
"""Cargo units that are compared; charts and maps are of the first."""

RAIL = "rail only"
"""Way on which the railways are compared with each other, unless modes are asked for."""

NO_NEW_LINE = "No new line"
"""Title of the base."""

Ends = str | Iterable[str]
"""Places, or the name of a set of places."""


class StudyOptions(TypedDict, total=False):
    """What a study is asked with.

    Attributes
    ----------
    cargo
        Cargo units that are compared; charts and maps are of the first. With a commodity, those in which it travels.
    commodity, vot_usd_t_h, avoid
        As in `corridors.model.question.Asked`.
    modes
        Modes to use. By default rail only and all modes stand side by side.
    closed
        States of the borders, as in `headline`.
    """

    cargo: Annotated[str | Iterable[str], Default(CARGO)]
    commodity: Annotated[str | None, Default(None)]
    vot_usd_t_h: Annotated[float | None, Default(None)]
    modes: Annotated[str | Iterable[str] | None, Default(None)]
    avoid: Annotated[str | Iterable[str], Default(())]
    closed: Annotated[Cases, Default(BORDERS)]


@dataclass(frozen=True, eq=False)
class Study:
    """All results of the report.

    Attributes
    ----------
    heads
        The answer by cargo unit, for the destinations of all groups.
    groups
        Pairs of each group of destinations, by its name.
    titles
        Title of each scenario, the base first.
    pair
        Pair of places shown in detail.
    values
        Gains over the value of time, by cargo unit and way, for all groups.
    turned
        What single assumptions turn, by group, for the first cargo unit.
    robust
        Rankings by group, and by `assumption` or `measure`.
    reach
        Days from everywhere to the destination shown, by the first way.
    draws
        Draws for bands and probabilities.
    """

    heads: Mapping[str, Headline]
    groups: Mapping[str, Sequence[Pair]]
    titles: Mapping[str, str]
    pair: Pair
    values: Mapping[tuple[str, str], ValueOfTime]
    turned: Mapping[str, Turns]
    robust: Mapping[tuple[str, str], pd.DataFrame]
    reach: Reach
    draws: int

    @property
    def net(self) -> Network:
        """Network that everything is measured against."""
        return self.reach.nets[self.reach.base]

    @property
    def cargo(self) -> str:
        """Cargo unit that charts and maps show."""
        return next(iter(self.heads))

    @property
    def head(self) -> Headline:
        """Answer for the cargo unit that charts and maps show."""
        return self.heads[self.cargo]

    @property
    def way(self) -> str:
        """Way on which railways are compared: rail only, unless modes were asked for."""
        return self.head.ways[0]

    @property
    def border(self) -> str:
        """State of the borders that is told first."""
        return self.head.borders[0]

    @cached_property
    def parts(self) -> Mapping[tuple[str, str], Headline]:
        """Answer by cargo unit and group."""
        return {(c, g): head.part(pairs) for c, head in self.heads.items() for g, pairs in self.groups.items()}

    def value_of_time(self, cargo: str, way: str, group: str) -> ValueOfTime:
        """Gains over the value of time of one group."""
        found = self.values[cargo, way]
        return replace(found, comparison=self.heads[cargo].results[way, self.border].part(self.groups[group]))

    def titled(self, way: str = "", group: str = "") -> Comparison:
        """Comparison of the first cargo unit in the first state of the borders, scenarios by their titles."""
        found = (self.parts[self.cargo, group] if group else self.head).results[way or self.way, self.border]
        return found.renamed(self.titles)

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

    def gains(self, by: str | None = None) -> pd.DataFrame:
        """Mean gain of each scenario by cargo unit, group and state of the borders (and place, with `by`)."""
        parts = ((keys, self.tables[(*keys, by)].copy()) for keys in self.parts)
        return _stacked(parts, ("cargo", "group"))

    @cached_property
    def tables(self) -> Mapping[tuple[str, str, str | None], pd.DataFrame]:
        """Table of the answer by cargo unit, group, and None or `market`."""
        return {(*keys, by): head.table(by) for keys, head in self.parts.items() for by in (None, "market")}

    def by_value(self) -> pd.DataFrame:
        """Gains at the values of time of all commodities, by cargo unit, group and way."""
        keys = [(cargo, group, way) for cargo, way in self.values for group in self.groups]
        parts = (((c, g, w), self.value_of_time(c, w, g).table()) for c, g, w in keys)
        return _stacked(parts, ("cargo", "group", "way"))

    def break_even(self) -> pd.DataFrame:
        """Values of time at which each pair begins and ceases to gain, by cargo unit and way."""
        return _stacked(((keys, found.break_even()) for keys, found in self.values.items()), ("cargo", "way"))

    def single_assumptions(self) -> pd.DataFrame:
        """What each single assumption makes of the mean gain, by group."""
        return _stacked((((group,), found.table()) for group, found in self.turned.items()), ("group",))

    def flows(self) -> gpd.GeoDataFrame:
        """Share of pairs on every link, in the first state of the borders."""
        parts = [((c, w, b), one.flows()) for c, w, b, one in self.comparisons() if b == self.border]
        return gpd.GeoDataFrame(_stacked(parts), geometry="geometry", crs="EPSG:4326")

    def days(self) -> gpd.GeoDataFrame:
        """Days from every place to the destination shown, with positions."""
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


def _stacked(
    parts: Iterable[tuple[Sequence[str], pd.DataFrame]], names: Sequence[str] = ("cargo", "way", "border", "scenario")
) -> pd.DataFrame:
    """Stack tables, each marked by its keys in the first columns."""
    marked = []
    for keys, table in parts:
        for place, (name, key) in enumerate(zip(names, keys, strict=False)):
            table.insert(place, name, key)
        marked.append(table)
    return pd.concat(marked, ignore_index=True)


@takes(StudyOptions)
def study(
    net: Network,
    origins: Ends = "kazakhstan",
    destinations: Ends | Mapping[str, Ends] = DESTINATIONS,
    *,
    scenarios: Scenarios = SCENARIOS,
    weights: Weights = None,
    draws: int = DRAWS,
    **options: Unpack[StudyOptions],
) -> Study:
    """Compute everything that the report shows.

    Parameters
    ----------
    net
        Network in normal operation, which is the base.
    origins
        Places, or the name of a set of places.
    destinations
        Places, or the name of a set of places; or several of these by the name of the group. By default the ports and
        the cities, as far as the network has these sets.
    scenarios
        Names of bundled scenarios, scenarios or networks, in a list or by name.
    weights
        As in `compare`, for the pairs of all groups.
    draws
        Draws for bands and probabilities.
    options
        As in `StudyOptions`.

    >>> import corridors as co
    >>> asked = {"scenarios": ["uap-kabul"], "cargo": "container", "closed": None, "draws": 10}
    >>> study(co.load(), ["Almaty"], ["Karachi"], **asked).pair
    ('almaty', 'karachi')
    """
    places = net.place_set(origins)
    groups = _groups(net, places, destinations)
    targets = list(dict.fromkeys(d for pairs in groups.values() for _, d in pairs))
    named = named_scenarios(scenarios, base=net)
    modes, avoid, closed = options["modes"], options["avoid"], options["closed"]
    # an iterator of modes or places can be read once only
    asked: dict[str, Any] = {
        "commodity": options["commodity"],
        "vot_usd_t_h": options["vot_usd_t_h"],
        "modes": modes if modes is None or isinstance(modes, str) else tuple(modes),
        "avoid": avoid if isinstance(avoid, str) else tuple(avoid),
    }
    heads = {
        unit: headline(named, (), places, targets, cargo=unit, closed=closed, weights=weights, draws=draws, **asked)
        for unit in progress(_units(net, options["cargo"], options["commodity"]), "cargo units")
    }
    unit, head = next(iter(heads.items()))
    way, border = head.ways[0], head.borders[0]
    rail = {**asked, "cargo": unit, "modes": head.first.asked["modes"]}
    every = [pair for pairs in groups.values() for pair in pairs]
    several = len(named) > 1
    return Study(
        heads,
        groups,
        _titles(named),
        SHOWN_PAIR if SHOWN_PAIR in every else every[0],
        {(c, w): h.results[w, border].by_value_of_time() for c, h in heads.items() for w in h.ways if several},
        {
            group: turns(named, (), places, _ends(pairs), weights=weights, cargo=unit, **asked)
            for group, pairs in groups.items() if several
        },
        {
            (group, kind): table
            for group, pairs in groups.items() if several
            for kind, table in {
                "assumption": robustness(named, (), places, _ends(pairs), weights=weights, **rail),
                "measure": measure_robustness(head.results[way, border].part(pairs)),
            }.items()
        },
        _reach(named, SHOWN_PAIR if SHOWN_PAIR in every else every[0], rail),
        draws,
    )  # fmt: skip


def _ends(pairs: Iterable[Pair]) -> list[str]:
    """Destinations of some pairs."""
    return list(dict.fromkeys(destination for _, destination in pairs))


def _reach(named: Mapping[str, Network | Scenario], pair: Pair, rail: Mapping[str, Any]) -> Reach:
    """Days from everywhere to the destination shown."""
    titles = _titles(named)
    return reach({titles[name]: one for name, one in named.items()}, destinations=[pair[1]], **rail)


def _titles(named: Mapping[str, Network | Scenario]) -> dict[str, str]:
    """Title of each scenario."""
    titles = {name: one.title or name if isinstance(one, Scenario) else name for name, one in named.items()}
    first = next(iter(titles))
    return {**titles, first: NO_NEW_LINE if first == BASE else titles[first]}


def _units(net: Network, cargo: str | Iterable[str], commodity: str | None) -> list[str]:
    """Cargo units that are compared."""
    wanted = [cargo] if isinstance(cargo, str) else list(dict.fromkeys(cargo))
    if commodity is not None:
        fitting = schema.items(net.tables.find("commodities", commodity)["cargo_units"])
        wanted = [unit for unit in wanted if unit in fitting]
    if not wanted:
        raise InputError("cargo", cargo, "a cargo unit, in which the commodity travels")
    return wanted


def _groups(net: Network, places: Sequence[str], destinations: Ends | Mapping[str, Ends]) -> dict[str, list[Pair]]:
    """Pairs of each group of destinations."""
    given = destinations if isinstance(destinations, Mapping) else {ALL: destinations}
    if destinations is DESTINATIONS:
        given = {name: ends for name, ends in given.items() if ends in net.tables.rows("sets")} or given
    groups = {
        name: [(place, other) for place in places for other in net.place_set(ends) if place != other]
        for name, ends in given.items()
    }
    groups = {name: pairs for name, pairs in groups.items() if pairs}
    if not groups:
        raise InputError("origins, destinations", (list(places), given), "at least one pair of different places")
    return groups
