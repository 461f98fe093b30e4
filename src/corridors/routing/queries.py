"""What can be asked of a network: routes, matrices, alternatives, and how it is checked, drawn and handed out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from corridors.base.errors import InputError, NoRouteError
from corridors.model.problem import Problem, edge_weight, make_problem, measure_along
from corridors.model.state import State
from corridors.routing.route import Route
from corridors.routing.unreachable import why_no_route
from corridors.uncertainty import totals

By = str | Mapping[str, float]

MEASURES = {"hours": "hours", "cost": "cost", "distance": "km", "co2e": "emissions", "generalized": "generalized"}
"""Measures of a matrix: h, USD/t, km, kg CO2e/t, USD/t."""

DRAWN = {"cost": "cost_usd_t", "co2e": "co2e_kg_t", "generalized": "generalized_usd_t"}
"""Columns of drawn measures; a distance has no draws."""

DEFAULT_COMMODITY = {"wagon": "flour", "container": "general", "truck": "general"}
"""Commodity whose value of time is used where none is named."""


class Questions(State):
    """Questions to a network in view; `Network` adds the other views."""

    def route(
        self,
        origin: str,
        destination: str,
        *,
        by: By = "generalized",
        cargo: str = "container",
        via: str | Sequence[str] = (),
        avoid: str | Iterable[str] = (),
        modes: str | Iterable[str] | None = None,
        commodity: str | None = None,
        vot_usd_t_h: float | None = None,
    ) -> Route:
        """Find the best route between two places.

        Parameters
        ----------
        origin, destination
            Places by id, name or common spelling.
        by
            `generalized` (cost + value of time x hours), `hours`, `cost`, `distance`, `co2e`, or a dict of weights.
            By hours alone a truck wins nearly everywhere; what really goes by rail goes for its cost.
        cargo
            Cargo unit: `wagon`, `container` or `truck`; it decides which links and terminals can be used.
        via
            Places to pass, in this order.
        avoid
            Countries, places, links, crossings, services or modes not to use.
        modes
            Modes to use; `{"rail"}` is rail only, rail with ships is `{"rail", "sea"}`.
        commodity
            Commodity that gives the value of time (table `commodities`).
        vot_usd_t_h
            Value of time in USD per tonne and hour, instead of a commodity's.

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
        ends = self.tables.place(origin), self.tables.place(destination)
        if ends[0] == ends[1]:
            raise InputError(
                "destination", destination, f"origin and destination are both {self.tables.label(ends[0])}"
            )
        stops = [self.tables.place(v) for v in ([via] if isinstance(via, str) else via)]
        problem = self.problem(
            by=by, cargo=cargo, avoid=avoid, modes=modes, commodity=commodity, vot_usd_t_h=vot_usd_t_h
        )
        edges = problem.best_path(*ends, stops)
        if edges is None:
            start, end = map(self.tables.label, ends)
            raise NoRouteError(start, end, self._reasons(problem, ends, stops, modes))
        return Route(problem, *ends, tuple(edges), self.name, tuple(stops))

    def _reasons(
        self, problem: Problem, ends: tuple[str, str], stops: Sequence[str], modes: str | Iterable[str] | None
    ) -> list[str]:
        """Explain the first part of a journey that has no way."""
        chain = [ends[0], *stops, ends[1]]
        for start, end in pairwise(chain):
            if start != end and problem.best_path(start, end) is None:
                return why_no_route(problem, start, end, modes)
        names = ", ".join(map(self.tables.label, stops))
        return [f"its parts exist, but they do not meet on one system at {names}"]

    def problem(
        self,
        *,
        by: By = "generalized",
        cargo: str = "container",
        avoid: str | Iterable[str] = (),
        modes: str | Iterable[str] | None = None,
        commodity: str | None = None,
        vot_usd_t_h: float | None = None,
    ) -> Problem:
        """Give the question that routes are answers to: the expansion with the weight of every edge.

        Arguments are those of `route`.

        >>> import corridors as co
        >>> co.load().problem(by="hours").by
        'hours'
        """
        vot = self.value_of_time(cargo, commodity) if vot_usd_t_h is None else float(vot_usd_t_h)
        if not 0 <= vot < float("inf"):
            raise InputError("vot_usd_t_h", vot, "a value of time is zero or more")
        return make_problem(self.tables, self.view, cargo=cargo, by=by, vot_usd_t_h=vot, modes=modes, avoid=avoid)

    def value_of_time(self, cargo: str, commodity: str | None = None) -> float:
        """Give the value of time in USD per tonne and hour: value of the goods x loss per day / 24.

        Reference: D. Hummels and G. Schaur, "Time as a trade barrier", American Economic Review 103(7), 2013,
        doi:10.1257/aer.103.7.2935.

        >>> import corridors as co
        >>> 0 < co.load().value_of_time("wagon") < co.load().value_of_time("container")
        True
        """
        ident = commodity or DEFAULT_COMMODITY.get(cargo)
        if ident is None:
            raise InputError("cargo", cargo, f"one of {', '.join(DEFAULT_COMMODITY)}")
        row = self.tables.find("commodities", ident)
        return float(row["value_usd_t"]) * float(row["time_pct_day"]) / 100 / 24

    def matrix(
        self,
        origins: str | Iterable[str],
        destinations: str | Iterable[str],
        measure: str = "hours",
        *,
        by: By | None = None,
        cargo: str = "container",
        avoid: str | Iterable[str] = (),
        modes: str | Iterable[str] | None = None,
        commodity: str | None = None,
        vot_usd_t_h: float | None = None,
        draws: int | None = None,
        seed: int = 0,
        spread: str = "both",
        adapt: bool = False,
    ) -> pd.DataFrame:
        """Give a measure for every pair of places.

        Parameters
        ----------
        origins, destinations
            Places, or the name of a set of places.
        measure
            `hours` (h), `cost` (USD/t), `distance` (km), `co2e` (kg/t) or `generalized` (USD/t).
        by
            Objective by which routes are chosen; by default the measure itself.
        cargo, avoid, modes, commodity, vot_usd_t_h
            As in `route`.
        draws, seed, spread, adapt
            With draws, the spread of the measure instead of its expected value; see
            `corridors.uncertainty.totals.matrix`, which gives the draws themselves, too.

        Returns
        -------
        DataFrame
            Origins by destinations; `inf` where there is no way, 0 from a place to itself. With draws, one row per
            pair with expected, mean, p05, p50, p95, buffer_index and planning_time_index.

        >>> import corridors as co
        >>> co.load().matrix(["Termez"], ["Hairatan", "Mazar-i-Sharif"], "distance").shape
        (1, 2)
        """
        if measure not in MEASURES:
            raise InputError("measure", measure, f"one of {', '.join(MEASURES)}")
        if draws is not None:
            options: dict[str, Any] = {
                "cargo": cargo,
                "avoid": avoid,
                "modes": modes,
                "commodity": commodity,
                "vot_usd_t_h": vot_usd_t_h,
            }
            options |= {"by": measure if by is None else by, "draws": draws, "seed": seed, "spread": spread}
            column = DRAWN.get(measure, measure)
            return totals.matrix(self, origins, destinations, column, adapt=adapt, **options)[0]
        rows, columns = self.place_set(origins), self.place_set(destinations)
        problem = self.problem(
            by=measure if by is None else by,
            cargo=cargo,
            avoid=avoid,
            modes=modes,
            commodity=commodity,
            vot_usd_t_h=vot_usd_t_h,
        )
        e = problem.expansion
        per_edge = {**e.values, "km": e.km}.get(MEASURES[measure])
        if per_edge is None:
            per_edge = edge_weight(e, "generalized", problem.vot_usd_t_h)
        found = pd.DataFrame(np.inf, index=pd.Index(rows, name="origin"), columns=pd.Index(columns, name="destination"))
        have = (
            [i for i, p in enumerate(rows) if p in e.origin],
            [i for i, p in enumerate(columns) if p in e.destination],
        )
        if all(have):
            sources, targets = [e.origin[rows[i]] for i in have[0]], [e.destination[columns[i]] for i in have[1]]
            found.iloc[have[0], have[1]] = measure_along(problem, sources, targets, per_edge).to_numpy()
        for i, place in enumerate(rows):
            found.iloc[i, [j for j, other in enumerate(columns) if other == place]] = 0.0
        return found

    def routes(
        self,
        origins: str | Iterable[str],
        destinations: str | Iterable[str],
        *,
        by: By = "generalized",
        cargo: str = "container",
        avoid: str | Iterable[str] = (),
        modes: str | Iterable[str] | None = None,
        commodity: str | None = None,
        vot_usd_t_h: float | None = None,
    ) -> dict[tuple[str, str], Route | None]:
        """Find the best route of every pair of two sets of places at once; None where there is no way.

        Arguments are those of `route`; pairs of a place with itself are left out.

        >>> import corridors as co
        >>> list(co.load().routes(["Termez"], ["Hairatan", "Termez"]))
        [('termez', 'hairatan')]
        """
        rows, columns = self.place_set(origins), self.place_set(destinations)
        problem = self.problem(
            by=by, cargo=cargo, avoid=avoid, modes=modes, commodity=commodity, vot_usd_t_h=vot_usd_t_h
        )
        e = problem.expansion
        starts = [place for place in rows if place in e.origin]
        distance, before = problem.trees([e.origin[place] for place in starts])
        found: dict[tuple[str, str], Route | None] = {}
        for place, other in ((p, o) for p in rows for o in columns if p != o):
            target = e.destination.get(other)
            found[place, other] = None
            if place in starts and target is not None and np.isfinite(distance[starts.index(place), target]):
                row = starts.index(place)
                edges = problem.path(e.origin[place], target, before[row])
                found[place, other] = Route(problem, place, other, tuple(edges), self.name)
        return found

    def alternatives(self, origin: str, destination: str, k: int = 3, **options: Any) -> list[Route]:
        """Find really different corridors, best first; see `corridors.routing.alternatives.find`.

        >>> import corridors as co
        >>> [r.countries[1:-1] for r in co.load().alternatives("Tashkent", "Karachi", 2, cargo="truck")][0]
        ['AF']
        """
        from corridors.routing.alternatives import find

        return find(self, origin, destination, k, **options)
