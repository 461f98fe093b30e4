"""What a journey is: the rule that a way through the network keeps, for each cargo unit.

- It visits no place twice, in whatever mode. Where a link meets the border is a point of its own.
- Each part by rail joins two different places.
- Where rail is to be the main haul (`min_rail_share`, one half for wagonloads), at least that share of its land km is
  by rail; and rail takes at least half of that share off the km that a truck would drive all the way, so that no
  journey goes far out of its way on rails to make up for the road. Several parts by rail with a road between them are
  a journey.

The truck's way is the shortest by the road links that exist, whatever is closed on the day: so a border that shuts
admits no journey that was none before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from corridors.base.cache import Slot, unchanged
from corridors.data.tables import Tables
from corridors.engine.limits import Limits
from corridors.model.expansion import Expansion, Floats
from corridors.model.view import View, usable

MIN_RAIL_SHARE: Mapping[str, float] = {"wagon": 0.5}
"""Least share of the land km that goes by rail, by cargo unit; none where it is not named.

Assumed: no tariff or rule book defines a wagonload by a share. Half is what "main haul" says in plain words.
"""


@dataclass(frozen=True, eq=False)
class Rule:
    """The rule of one cargo unit on an expansion.

    Attributes
    ----------
    limits
        Points (places, and meetings with the border) as groups of states, road km as what is spent, and the road km
        less what the share of rail allows as balance.
    min_rail_share
        Least share of the land km that goes by rail, 0 for no such rule.
    can_repeat
        Whether any place has more than one state, so that a way could come back to it.
    """

    limits: Limits
    min_rail_share: float
    can_repeat: bool

    @property
    def binds(self) -> bool:
        """Whether any way could break the rule."""
        return self.can_repeat or self.min_rail_share > 0


def rule_of(e: Expansion, min_rail_share: float) -> Rule:
    """Rule of an expansion.

    Parameters
    ----------
    e
        The expansion.
    min_rail_share
        Least share of the land km that goes by rail.

    >>> import corridors as co
    >>> rule = rule_of(co.load().problem(cargo="truck").expansion, 0.0)
    >>> rule.can_repeat, bool(rule.limits.balance.any())  # ports have several states
    (True, False)
    """
    through = ~(e.is_origin | e.is_destination)
    nothing = np.zeros(len(e))
    road, rail = np.where(e.mode == "road", e.km, nothing), np.where(e.mode == "rail", e.km, nothing)
    balance = min_rail_share * road - (1 - min_rail_share) * rail if min_rail_share else nothing
    spent = road if min_rail_share else nothing
    return Rule(
        Limits(e.point, spent, balance), min_rail_share, bool(np.bincount(e.point[through], minlength=1).max() > 1)
    )


def most_road_km(tables: Tables, pairs: Sequence[tuple[str, str]], min_rail_share: float) -> Floats:
    """Most km that trucks may drive between the places of each pair; inf without a rule, or where no road joins them.

    Formula: (1 - min_rail_share) x km of the truck's way. Assumed: a way on which trucks drive nearly as far as one
    truck would drive all the way is no way by rail, however long its rails are.

    Parameters
    ----------
    tables
        Tables with the road links.
    pairs
        Ids of two places each.
    min_rail_share
        Least share of the land km that goes by rail.

    >>> import corridors as co
    >>> most_road_km(co.load().tables, [("kabul", "jalalabad")], 0.5).round().tolist()
    [70.0]
    """
    if not min_rail_share:
        return np.full(len(pairs), np.inf)
    lengths = np.array([truck_km(tables, *pair) for pair in pairs], dtype=float)
    joined = np.isfinite(lengths)
    lengths[joined] *= 1 - min_rail_share
    return lengths


def truck_km(tables: Tables, origin: str, destination: str) -> float:
    """Length of the shortest way by existing road links in km, whatever is closed; inf where there is none.

    Parameters
    ----------
    tables
        Tables with the links.
    origin, destination
        Ids of places.

    >>> import corridors as co
    >>> round(truck_km(co.load().tables, "kabul", "jalalabad"))
    139
    """
    graph, row = tables.cache.get(_ROADS, None, lambda: _roads(tables))
    if origin not in row or destination not in row:
        return np.inf
    lengths = tables.cache.get(_FROM, origin, lambda: _lengths_from(graph, row[origin]))
    return float(lengths[row[destination]])


_ROADS = Slot[tuple[Any, dict[str, int]]]("road links that exist", most=1, carried=unchanged)
_FROM = Slot[NDArray[np.float64]]("km by road from a place", most=64, carried=unchanged)


def _lengths_from(graph: Any, row: int) -> NDArray[np.float64]:
    lengths: NDArray[np.float64] = np.asarray(scipy.sparse.csgraph.dijkstra(graph, directed=False, indices=[row]))[0]
    return lengths


def _roads(tables: Tables) -> tuple[Any, dict[str, int]]:
    """Road links as a graph of places, with the row of each place."""
    links = tables["links"][usable(tables, View()).links & (tables["links"]["mode"] == "road").to_numpy()]
    links = links[links["from_id"] != links["to_id"]]
    row = {place: number for number, place in enumerate(tables["places"]["id"])}
    ends = links["from_id"].map(row).to_numpy(), links["to_id"].map(row).to_numpy()
    # the shorter of two links; a zero would be taken for no link
    length = np.maximum(links["length_km"].to_numpy(dtype=float), 1e-9)
    low, high = np.minimum(*ends), np.maximum(*ends)
    order = np.lexsort((length, high, low))
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(low[order]) != 0) | (np.diff(high[order]) != 0)
    chosen = order[new]
    graph = scipy.sparse.coo_array((length[chosen], (low[chosen], high[chosen])), shape=(len(row), len(row)))
    return graph.tocsr(), row


@dataclass(frozen=True, slots=True)
class Shares:
    """Lengths of a way in km: by rail, and by land as a whole."""

    rail_km: float
    land_km: float

    @property
    def rail(self) -> float:
        """Share of the land km that goes by rail; nan for a way that has none."""
        return self.rail_km / self.land_km if self.land_km else float("nan")


def shares_of(e: Expansion, edges: Sequence[int]) -> Shares:
    """Lengths of a way by rail and by land.

    Parameters
    ----------
    e
        The expansion.
    edges
        Edges of the way.

    >>> import corridors as co
    >>> route = co.load().route("Tashkent", "Mazar-i-Sharif", cargo="wagon")
    >>> round(shares_of(route.problem.expansion, route.edges).rail, 2)
    0.99
    """
    chosen = np.asarray(edges, dtype=np.int64)
    mode, km = e.mode[chosen], e.km[chosen]
    rail = float(km[mode == "rail"].sum())
    return Shares(rail, rail + float(km[mode == "road"].sum()))
