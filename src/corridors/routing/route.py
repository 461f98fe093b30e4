"""A route: its steps and legs, totals that are their sums, its geometry, and how it is shown."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.arguments import checked
from corridors.base.drawing import Drawing, drawn
from corridors.model import parts
from corridors.model.borders import border_state
from corridors.model.expansion import EdgeKind
from corridors.model.journey import shares_of
from corridors.model.problem import Problem
from corridors.model.transit import restrictions_of
from corridors.routing import itinerary
from corridors.routing.forwarding import price_weights
from corridors.routing.lines import Lines
from corridors.routing.printed import PrintedRoute
from corridors.routing.profile import profile as running_sums
from corridors.uncertainty import totals
from corridors.uncertainty.draws import DRAWS, SPREAD_OF_TRIPS


@checked
@dataclass(frozen=True, eq=False)
class Route(Lines, PrintedRoute):
    """One way from an origin to a destination, with every edge that is passed.

    Totals are attributes: `km`, `hours`, `days`, `cost_usd_t`, `co2e_kg_t`, `generalized_usd_t`.

    ======================================  =====================================================================
    Asked                                   Answer
    ======================================  =====================================================================
    which way                               `legs`, `steps`, `places`, `countries`, `crossings`, `modes`
    totals as a record, as plain values     `summary()`, `to_dict()`
    what a total is made of                 `breakdown()`, `lengths()`, `assumptions()`
    what a change would do                  `sensitivity()`
    how sure it is                          `distribution()`, `profile()`
    price of a box, truck or wagon          `cost_usd()`
    lines                                   `geometry`, `to_gdf()`, `to_geojson()`
    for print                               `quote()`, `to_latex()`, `to_excel()`, `sources()`, `bibtex()`
    maps and charts                         `plot()`, `explore()`, `time_distance()`, `cost_distance()`,
                                            `breakdown_bars()`, `tornado()`
    ======================================  =====================================================================

    Attributes
    ----------
    problem
        The question that this is an answer to.
    origin, destination
        Ids of the places.
    edges
        Edges of the expansion, in order.
    network
        Name of the network.
    via
        Ids of the places that had to be passed.

    >>> import corridors as co
    >>> route = co.load().route("Tashkent", "Karachi", cargo="truck")
    >>> route.countries, round(route.km)
    (['UZ', 'AF', 'PK'], 2865)
    """

    problem: Problem
    origin: str
    destination: str
    edges: tuple[int, ...]
    network: str
    via: tuple[str, ...] = ()

    breakdown = parts.breakdown
    assumptions = parts.assumptions
    sensitivity = parts.sensitivity
    distribution = totals.distribution

    plot = drawn[Drawing]("plot_routes")
    explore = drawn[Any]("explore_route")
    time_distance = drawn[Drawing]("time_distance")
    cost_distance = drawn[Drawing]("cost_distance")
    breakdown_bars = drawn[Drawing]("breakdown_bars")
    tornado = drawn[Drawing]("tornado")

    @property
    def cargo(self) -> str:
        """Cargo unit of the journey."""
        return self.problem.expansion.cargo

    @property
    def by(self) -> str:
        """Objective by which the way was chosen."""
        return self.problem.by

    @property
    def objective_value(self) -> float:
        """Weight of the way under the objective by which it was chosen, where rest is a share of the driving."""
        return float(self.problem.weight[list(self.edges)].sum())

    @property
    def steps(self) -> pd.DataFrame:
        """Table of links, crossings, terminals and sea hops: one row per step, in order.

        Columns: kind, from_id, to_id, mode, gauge_mm, country, id, km, hours, cost_usd_t, co2e_kg_t and the
        running sums cum_km and cum_hours. `id` names the link, crossing, terminal or service.
        """
        return self._frames[0].copy()

    @property
    def legs(self) -> pd.DataFrame:
        """Table of legs: line-haul through one country on one system is a single row.

        Columns as in `steps`; `id` lists what is passed, separated by semicolons.

        >>> import corridors as co
        >>> legs = co.load().route("Termez", "Mazar-i-Sharif", cargo="wagon").legs
        >>> list(legs["kind"])[:3], round(legs["km"].sum())
        (['waiting', 'line_haul', 'border'], 105)
        """
        return self._frames[1].copy()

    @cached_property
    def _steps(self) -> itinerary.Columns:
        steps = itinerary.steps_of(self.problem, self.step_edges)
        # what is charged at a start without a wait stands with the first step
        steps["cost_usd_t"][:1] += self._beside_steps("cost")
        return steps

    @cached_property
    def _frames(self) -> list[pd.DataFrame]:
        """Tables of steps and of legs."""
        return itinerary.frames_of(self._steps, itinerary.legs_of(self._steps, self.leg_of_step))

    @cached_property
    def leg_of_step(self) -> NDArray[np.int64]:
        """Number of the leg that each step belongs to."""
        found: NDArray[np.int64] = itinerary.leg_numbers(self.problem, self.step_edges, self._steps)
        found.flags.writeable = False
        return found

    @cached_property
    def step_edges(self) -> NDArray[np.int64]:
        """Edge of the expansion behind each step: all but the ends, and the start where nothing is waited for."""
        e = self.problem.expansion
        edges = np.array(self.edges, dtype=np.int64)
        kind, hours = e.kind[edges], e.values["hours"][edges]
        found: NDArray[np.int64] = edges[(kind != EdgeKind.END) & ((kind != EdgeKind.START) | (hours > 0))]
        found.flags.writeable = False
        return found

    @cached_property
    def km(self) -> float:
        """Length in km."""
        return float(self.problem.expansion.km[self.step_edges].sum())

    @cached_property
    def hours(self) -> float:
        """Expected hours from origin to destination."""
        return self._total("hours")

    def _beside_steps(self, quantity: str) -> float:
        """Hours, cost or emissions of the edges that are no steps."""
        values = self.problem.expansion.values[quantity]
        return float(values[np.setdiff1d(self.edges, self.step_edges)].sum())

    def _total(self, quantity: str) -> float:
        return float(self._values[quantity].sum()) + self._beside_steps(quantity)

    @cached_property
    def _values(self) -> dict[str, NDArray[np.float64]]:
        """Hours, cost and emissions of the steps."""
        return self.problem.expansion.values_along(self.step_edges)

    @property
    def rail_share(self) -> float:
        """Share of the land km that goes by rail, which `min_rail_share` is about; nan for a way without land km.

        >>> import corridors as co
        >>> round(co.load().route("Almaty", "Kabul", cargo="wagon").rail_share, 2)
        0.81
        """
        return shares_of(self.problem.expansion, self.edges).rail

    @property
    def days(self) -> float:
        """Expected days from origin to destination."""
        return self.hours / 24

    @cached_property
    def cost_usd_t(self) -> float:
        """Expected cost in USD per tonne."""
        return self._total("cost")

    @cached_property
    def co2e_kg_t(self) -> float:
        """Emissions in kg CO2e per tonne, well to wheel."""
        return self._total("emissions")

    @property
    def generalized_usd_t(self) -> float:
        """Generalized cost in USD per tonne: cost + value of time x hours."""
        return self.cost_usd_t + self.problem.vot_usd_t_h * self.hours

    @property
    def crossings(self) -> list[str]:
        """Ids of the border crossings passed, in order."""
        return [str(ident) for ident in self._steps["id"][self._steps["kind"] == "border"]]

    @property
    def countries(self) -> list[str]:
        """Codes of the countries passed, in order."""
        codes = [code for edge in self.step_edges for code in self.problem.expansion.countries[edge]]
        return [code for code, _ in groupby(codes)]

    @property
    def places(self) -> list[str]:
        """Ids of the places passed, in order."""
        return [place for place, _ in groupby([self.origin, *self._steps["to_id"]])]

    @property
    def modes(self) -> list[str]:
        """Modes in the order in which they are used."""
        e = self.problem.expansion
        moving = self.step_edges[np.isin(e.kind[self.step_edges], (EdgeKind.LINE_HAUL, EdgeKind.SEA))]
        return [str(mode) for mode, _ in groupby(e.mode[moving])]

    @property
    def border_state(self) -> str:
        """State of the borders that the route was found in, in words.

        >>> import corridors as co
        >>> co.load().close("AF-PK").route("Almaty", "Karachi").border_state
        'normal operation; AF-PK closed by hand'
        """
        return border_state(self.problem.tables, self.problem.view)

    @property
    def restrictions(self) -> dict[str, str]:
        """Restrictions of the crossings passed beyond open and closed, in words: transit, loads, hours of opening.

        >>> import corridors as co
        >>> co.load().route("Ashgabat", "Mashhad", cargo="truck", by="distance").restrictions
        {'bajgiran': 'no transit: freight between IR and TM only; at most 20 t a vehicle'}
        """
        return self._restricted("en")

    def _restricted(self, lang: str) -> dict[str, str]:
        """Restrictions of the crossings passed in a language."""
        modes = self._steps["mode"][self._steps["kind"] == "border"]
        return restrictions_of(self.problem.tables, self.crossings, modes, lang)

    @property
    def transfers(self) -> int:
        """Number of transfers between vehicles and at quays; one from ship to ship counts once."""
        twice = int(itinerary.transshipped(self.problem.expansion, self.step_edges).sum())
        return self.count("transfer") + self.count("port") - twice

    def summary(self) -> dict[str, Any]:
        """Totals as a flat record.

        Returns
        -------
        dict
            origin, destination, cargo, by, km, hours, cost_usd_t, co2e_kg_t, generalized_usd_t, borders, transfers,
            gauge_breaks, modes, rail_share (None without land km), countries, crossings and border_state.

        >>> import corridors as co
        >>> co.load().route("Tashkent", "Karachi", cargo="truck").summary()["countries"]
        'UZ-AF-PK'
        """
        return {
            "origin": self.origin,
            "destination": self.destination,
            "cargo": self.cargo,
            "by": self.by,
            "km": self.km,
            "hours": self.hours,
            "cost_usd_t": self.cost_usd_t,
            "co2e_kg_t": self.co2e_kg_t,
            "generalized_usd_t": self.generalized_usd_t,
            "borders": self.count("border"),
            "transfers": self.transfers,
            "gauge_breaks": self.count("gauge_change"),
            "modes": "+".join(dict.fromkeys(self.modes)),
            "rail_share": None if np.isnan(self.rail_share) else self.rail_share,
            "countries": "-".join(self.countries),
            "crossings": ";".join(self.crossings),
            "border_state": self.border_state,
        }

    def to_dict(self) -> dict[str, Any]:
        """Totals and legs as plain Python values."""
        more = {"network": self.network, "restrictions": self.restrictions}
        return {**self.summary(), **more, "legs": self.legs.to_dict("records")}

    def lengths(self) -> pd.DataFrame:
        """List the links and sea hops passed with their lengths, ranges and sources.

        Returns
        -------
        DataFrame
            One row per link or hop and country, in order: id, mode, gauge_mm, country, km, low_km and high_km (the
            lowest and highest plausible length), basis, project, source and note.

        >>> import corridors as co
        >>> lengths = co.load().build("uap-kabul").route("Termez", "Kharlachi", modes={"rail"}).lengths()
        >>> lengths[["low_km", "km", "high_km"]].sum().round().tolist()
        [638.0, 648.0, 765.0]
        """
        return parts.lengths(self.problem.tables, self.steps)

    def profile(
        self, measure: str = "hours", *, draws: int = DRAWS, seed: int = 0, spread: str = SPREAD_OF_TRIPS
    ) -> pd.DataFrame:
        """Total as it adds up on the way, with its band.

        Parameters
        ----------
        measure
            `hours`, `cost` or `co2e`.
        draws, seed, spread
            As in `distribution`; no draws give no percentiles.

        Returns
        -------
        DataFrame
            One row at the origin and one after every step: place_id, kind, id, mode, country, km (covered so far),
            expected (running sum), and with draws p05, p50 and p95 of the running sums.

        >>> import corridors as co
        >>> list(co.load().route("Termez", "Mazar-i-Sharif").profile(draws=100).columns[-4:])
        ['expected', 'p05', 'p50', 'p95']
        """
        return running_sums(self, self.steps, self.step_edges, measure, draws=draws, seed=seed, spread=spread)

    def cost_usd(self, unit: str = "tonne", *, ports: bool = False, empty_return: bool = False) -> float:
        """Cost in USD of one `tonne`, `teu`, `feu`, `truck` or `wagon`, with what is loaded of the commodity.

        Boxes and trucks cost the same whatever is in them; a 20-ft box (`teu`) costs 0.64 of a 40-ft one on land and
        0.875 at sea. A wagon is charged by the tonne.

        Parameters
        ----------
        unit
            What the price is for.
        ports
            Whether the work of the port is in it where the journey begins or ends on land in a port.
        empty_return
            Whether the way back of the empty box or truck is in it.

        >>> import corridors as co
        >>> route = co.load().route("Almaty", "Karachi")
        >>> round(route.cost_usd("feu"), 6) == round(20 * route.cost_usd_t, 6), round(route.cost_usd("feu"), -2)
        (True, 3900.0)
        """
        weights = price_weights(self, unit, ports=ports, empty_return=empty_return)
        return float(weights @ self.problem.tables.theta.value)

    def shown_legs(self, lang: str = "en") -> pd.DataFrame:
        """Legs with names and rounded numbers, as they are printed.

        Parameters
        ----------
        lang
            Language of the texts: `en` or `ru`.
        """
        return itinerary.shown_legs(self.legs, self.problem.tables, self._restricted(lang), lang)

    def _heading(self) -> Iterator[str]:
        names = self.problem.tables
        origin, destination = names.name(self.origin), names.name(self.destination)
        yield f"{origin} - {destination}: {self.cargo}, least {self.by}, {self.network}"
        share = self.problem.rule.min_rail_share
        by_rail = f"; {self.rail_share:.0%} of the land km by rail, at least {share:.0%}" if share else ""
        yield (
            f"{self.km:,.0f} km, {self.hours:,.0f} h ({self.days:.1f} d), {self.cost_usd_t:,.0f} USD/t, "
            f"{self.co2e_kg_t:,.0f} kg CO2e/t; {self.count('border')} borders, {self.transfers} transfers, "
            f"{self.count('gauge_change')} gauge changes{by_rail}"
        )
        yield f"State of the borders: {self.border_state}"

    def __repr__(self) -> str:
        return "\n".join([*self._heading(), self.shown_legs().to_string(index=False)])

    def _repr_html_(self) -> str:
        title, sums, state = map(html.escape, self._heading())
        return f"<p><b>{title}</b><br>{sums}<br>{state}</p>{self.shown_legs().to_html(index=False, border=0)}"
