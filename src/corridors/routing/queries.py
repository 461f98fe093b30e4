"""What can be asked of a network: routes, matrices, alternatives, and the problems that they are answers to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Unpack

import numpy as np
import pandas as pd

from corridors.base.arguments import checked
from corridors.base.drawing import answered
from corridors.base.errors import InputError, NoRouteError
from corridors.base.options import takes
from corridors.base.units import DISTANCE, GENERALIZED, Measure
from corridors.base.units import measure as measure_of
from corridors.data.naming import by_names
from corridors.model.problem import Problem, edge_weight, make_problem
from corridors.model.question import Asked, Question, value_of_time
from corridors.model.search import measure_along
from corridors.model.state import State
from corridors.routing.alternatives import find
from corridors.routing.ends import ends_of
from corridors.routing.route import Route
from corridors.routing.side_by_side import Alternatives
from corridors.routing.unreachable import why_no_route
from corridors.uncertainty import totals
from corridors.uncertainty.draws import DRAWS, SPREAD_OF_TRIPS

Places = str | Iterable[str]
"""Places by id or name, or the name of a set of places."""


@checked
class Queries(State):
    """Questions to a network in view; `Network` adds the other views."""

    quote = answered[Any]("quote", ".report.quote")

    def named(self, table: pd.DataFrame) -> pd.DataFrame:
        """Table of a result with names in place of the ids of places, crossings, terminals, services and links.

        Parameters
        ----------
        table
            Table with ids in rows, index or columns, as every result hands out.

        >>> import corridors as co
        >>> net = co.load()
        >>> net.named(net.route("Termez", "Hairatan", cargo="truck").legs)["to_id"].tolist()[-1]
        'Hairatan'
        """
        return by_names(table, self.tables)

    @takes(Asked)
    def route(self, origin: str, destination: str, *, via: str | Sequence[str] = (), **options: Unpack[Asked]) -> Route:
        """Find the best route between two places.

        Parameters
        ----------
        origin, destination
            Places by id, name or common spelling.
        via
            Places to pass, in this order.
        options
            As in `corridors.model.question.Asked`.

        Returns
        -------
        Route
            Way with its steps, legs, hours, USD per tonne and kg CO2e per tonne.

        Raises
        ------
        UnknownNameError, AmbiguousNameError, InputError
            If an argument cannot be understood.
        NoRouteError
            If there is no way, with the reasons and what would join the two.

        >>> import corridors as co
        >>> co.load().route("Tashkent", "Karachi", cargo="truck").countries
        ['UZ', 'AF', 'PK']
        """
        first, last, *stops = ends_of(
            self.tables, [origin, destination, *([via] if isinstance(via, str) else via or ())]
        )
        ends = first, last
        if first == last:
            label = self.tables.label(first)
            raise InputError("destination", destination, f"origin and destination are both {label}")
        problem = self.problem(**options).between(*ends)
        edges = problem.best_path(*ends, stops)
        if edges is None:
            start, end = map(self.tables.label, ends)
            raise NoRouteError(start, end, self._reasons(problem, ends, stops))
        return Route(problem, *ends, tuple(edges), self.name, tuple(stops))

    def _reasons(self, problem: Problem, ends: tuple[str, str], stops: Sequence[str]) -> list[str]:
        """Explain the first part of a journey that has no way."""
        for start, end in pairwise([ends[0], *stops, ends[1]]):
            if start != end and problem.best_path(start, end) is None:
                return why_no_route(problem, start, end)
        names = ", ".join(map(self.tables.label, stops))
        return [f"its parts exist, but they do not meet on one system at {names}"]

    @takes(Asked)
    def problem(self, **options: Unpack[Asked]) -> Problem:
        """Question that routes are answers to: the expansion with the weight of every edge.

        Parameters
        ----------
        options
            As in `corridors.model.question.Asked`.

        >>> import corridors as co
        >>> co.load().problem(by="hours").by
        'hours'
        """
        return make_problem(self.tables, self.view, Question.of(self.tables, **options))

    def value_of_time(self, cargo: str, commodity: str | None = None) -> float:
        """Value of time in USD per tonne and hour: value of the goods x loss per day / 24.

        Parameters
        ----------
        cargo
            Cargo unit, which names the commodity where none is given.
        commodity
            Id of a commodity (table `commodities`).

        References
        ----------
        D. Hummels and G. Schaur, "Time as a trade barrier", American Economic Review 103(7), 2013,
        doi:10.1257/aer.103.7.2935.

        >>> import corridors as co
        >>> [round(24 * co.load().value_of_time(cargo), 1) for cargo in ("wagon", "container")]
        [0.4, 30.0]
        """
        return value_of_time(self.tables, cargo, commodity)

    @takes(Asked, by=None)
    def matrix(
        self,
        origins: Places,
        destinations: Places,
        measure: str = "hours",
        *,
        draws: int | None = None,
        seed: int = 0,
        spread: str = SPREAD_OF_TRIPS,
        adapt: bool = False,
        names: bool = False,
        **options: Unpack[Asked],
    ) -> pd.DataFrame:
        """Measure of the best way of every pair of places.

        Parameters
        ----------
        origins, destinations
            Places, or the name of a set of places.
        measure
            `hours` (h), `cost` (USD/t), `distance` (km), `co2e` (kg/t) or `generalized` (USD/t).
        draws, seed, spread, adapt
            With draws, what `matrix_draws` says.
        names
            Whether names stand for ids.
        options
            As in `corridors.model.question.Asked`; without `by`, ways are chosen by the measure itself.

        Returns
        -------
        DataFrame
            Origins by destinations; `inf` where there is no way, 0 from a place to itself.

        Raises
        ------
        UnknownNameError, AmbiguousNameError, InputError
            If an argument cannot be understood, or ships are the only mode and a place is no port.

        >>> import corridors as co
        >>> co.load().matrix(["Termez"], ["Hairatan", "Mazar-i-Sharif"], "distance").round().to_numpy().tolist()
        [[18.0, 94.0]]
        """
        if draws is not None:
            found = self.matrix_draws(
                origins, destinations, measure, draws=draws, seed=seed, spread=spread, adapt=adapt, **options
            )
            return self.named(found) if names else found
        wanted = measure_of(measure)
        problem = self.problem(**_chosen_by(wanted, options))
        rows, columns = self.place_set(origins), self.place_set(destinations)
        problem.require_ends([*rows, *columns])
        table = _matrix(problem, wanted, rows, columns)
        return self.named(table) if names else table

    @takes(Asked, by=None)
    def matrix_draws(
        self,
        origins: Places,
        destinations: Places,
        measure: str = "hours",
        *,
        draws: int = DRAWS,
        seed: int = 0,
        spread: str = SPREAD_OF_TRIPS,
        adapt: bool = False,
        **options: Unpack[Asked],
    ) -> pd.DataFrame:
        """Spread of a measure for every pair of places.

        Parameters
        ----------
        origins, destinations, measure, options
            As in `matrix`.
        draws, seed, spread, adapt
            As in `Route.distribution`.

        Returns
        -------
        DataFrame
            One row per pair, indexed by origin and destination: expected, mean, p05, p50, p95, buffer_index and
            planning_time_index; `inf` where there is no way.

        >>> import corridors as co
        >>> table = co.load().matrix_draws(["Almaty"], ["Karachi"], "hours", draws=200, by="generalized")
        >>> table[["p05", "expected", "p95"]].round().iloc[0].tolist()
        [158.0, 276.0, 414.0]
        """
        wanted = measure_of(measure)
        routes = self.routes(origins, destinations, **_chosen_by(wanted, options))
        return totals.matrix(routes, wanted, draws=draws, seed=seed, spread=spread, adapt=adapt)[0]

    @takes(Asked)
    def routes(
        self, origins: Places, destinations: Places, **options: Unpack[Asked]
    ) -> dict[tuple[str, str], Route | None]:
        """Find the best route of every pair of two sets of places at once; None where there is no way.

        Parameters
        ----------
        origins, destinations
            Places, or the name of a set of places; pairs of a place with itself are left out.
        options
            As in `corridors.model.question.Asked`.

        Returns
        -------
        dict
            Routes by ids of origin and destination.

        >>> import corridors as co
        >>> routes = co.load().routes(["Termez"], ["Hairatan", "Termez"])
        >>> {pair: round(route.km) for pair, route in routes.items()}
        {('termez', 'hairatan'): 22}
        """
        rows, columns = self.place_set(origins), self.place_set(destinations)
        problem = self.problem(**options)
        problem.require_ends([*rows, *columns])
        found: dict[tuple[str, str], Route | None] = {(p, o): None for p in rows for o in columns if p != o}
        for one, mask in problem.by_pairs(rows, columns):
            pairs = [(rows[i], columns[j]) for i, j in np.argwhere(mask).tolist() if rows[i] != columns[j]]
            for pair, edges in zip(pairs, one.ways(pairs).each(), strict=True):
                found[pair] = None if edges is None else Route(one, *pair, tuple(edges.tolist()), self.name)
        return found

    @takes(Asked)
    def alternatives(
        self,
        origin: str,
        destination: str,
        k: int = 3,
        *,
        via: str | Sequence[str] = (),
        dissimilarity: float = 0.3,
        **options: Unpack[Asked],
    ) -> Alternatives:
        """Find really different corridors, best first: a list of routes, whose `table()` sets them side by side.

        Corridors are branched from the best one by closing, in turn, each border crossing that a found route passes
        (each link, where none is passed). One is kept if at least the share `dissimilarity` of its km runs over
        links that no corridor kept before uses. The search ends after 40 ways for each corridor wanted, which is soon
        where links are short and no border is passed: there, close what is to be gone round (`avoid`).

        Parameters
        ----------
        origin, destination
            Places by id, name or common spelling.
        k
            Number of corridors wanted; fewer are found where there are fewer.
        via
            Places that every corridor passes, in this order.
        dissimilarity
            Smallest share of km (0 to 1) that a corridor must not share with any one kept before it.
        options
            As in `corridors.model.question.Asked`.

        Returns
        -------
        Alternatives
            Routes with hours, cost in USD/t and the share of their km in common with better ones.

        Raises
        ------
        NoRouteError
            If there is no route at all.

        >>> import corridors as co
        >>> [r.countries[1:-1] for r in co.load().alternatives("Tashkent", "Karachi", 2, cargo="truck")][0]
        ['AF']
        """
        if k < 1 or not 0 <= dissimilarity <= 1:
            raise InputError("k, dissimilarity", (k, dissimilarity), "k is at least 1, dissimilarity is 0 to 1")
        first = self.route(origin, destination, via=via, **options)
        return Alternatives(find(first, k, dissimilarity=dissimilarity))


def _chosen_by(wanted: Measure, options: Asked) -> Asked:
    """Options with the objective by which ways are chosen: the measure itself where none is given."""
    return options if options.get("by") is not None else {**options, "by": wanted.name}


def _per_edge(problem: Problem, wanted: Measure) -> Any:
    """Measure of every edge."""
    e = problem.expansion
    if wanted is DISTANCE:
        return e.km
    return edge_weight(e, GENERALIZED.name, problem.vot_usd_t_h) if wanted is GENERALIZED else e.values[wanted.quantity]


def _per_rest(problem: Problem, wanted: Measure) -> float:
    """Measure of one rest of drivers."""
    amounts = problem.expansion.rest.amounts
    if wanted is GENERALIZED:
        return amounts.get("cost", 0.0) + problem.vot_usd_t_h * amounts.get("hours", 0.0)
    return amounts.get(wanted.quantity, 0.0)


def _matrix(problem: Problem, wanted: Measure, origins: list[str], destinations: list[str]) -> pd.DataFrame:
    """Measure of the best way of every pair: origins by destinations."""
    cells = np.full((len(origins), len(destinations)), np.inf)
    for one, mask in problem.by_pairs(origins, destinations):
        at = np.argwhere(mask)
        pairs = [(origins[i], destinations[j]) for i, j in at.tolist()]
        apart = np.array([place != other for place, other in pairs], dtype=bool)
        asked = [pair for pair, differs in zip(pairs, apart, strict=True) if differs]
        amount = np.zeros(len(pairs))
        amount[apart] = measure_along(one, asked, _per_edge(one, wanted), _per_rest(one, wanted))
        cells[tuple(at.T)] = amount
    return pd.DataFrame(cells, pd.Index(origins, name="origin"), pd.Index(destinations, name="destination"))
