"""Scenarios side by side, pair by pair, always against the first one, with the same draws for all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Unpack

import geopandas as gpd
import pandas as pd

from corridors.base.arguments import checked
from corridors.base.drawing import Drawing, Panels, drawn
from corridors.base.errors import InputError, UnknownNameError
from corridors.base.names import near
from corridors.base.options import takes
from corridors.base.progress import progress
from corridors.base.results import ReadOnly, Result
from corridors.base.units import GENERALIZED, Measure
from corridors.base.units import measure as measure_of
from corridors.model.question import Asked, cargo_of, value_of_time
from corridors.network.network import Network
from corridors.routing.route import Route
from corridors.routing.ways import Logit, Ways
from corridors.uncertainty.draws import SPREAD_OF_MEANS, check_draws
from corridors.whatif.bands import (
    Samples,
    band_of,
    band_table,
    beats_table,
    mean_change,
)
from corridors.whatif.drawn_routes import DrawnRoutes
from corridors.whatif.flows import Key, flows
from corridors.whatif.named import Scenarios, named_networks
from corridors.whatif.pair_table import COUNTS, column_of, mean_table, pair_table
from corridors.whatif.printed import PrintedComparison
from corridors.whatif.questions import questions_of
from corridors.whatif.shared import BEST, SharedOut, choices_of
from corridors.whatif.value_of_time import by_value_of_time
from corridors.whatif.weights import Pair, Weights, pair_shares, require_pair, require_pairs


@checked
@dataclass(frozen=True, eq=False, repr=False)
class Comparison(DrawnRoutes, SharedOut, PrintedComparison, Result):
    """Routes of every pair in every scenario, and the differences from the base (the first scenario).

    Attributes
    ----------
    routes
        Route (None where there is no way) by scenario, origin and destination.
    base
        Name of the scenario that the others are measured against.
    weights
        Weight of each pair, adding up to one.
    draws, seed
        Number of draws (0: expected values only) and their seed.
    networks
        Network of each scenario.
    questions
        Question that each pair asks: pairs of one market ask the same, and are counted once.
    asked
        Options of the question, the same for every scenario.
    choices
        Ways that every pair is shared out between; none where each goes its best way.
    """

    routes: Mapping[Key, Route | None]
    base: str
    weights: Mapping[tuple[str, str], float] = field(default_factory=dict)
    draws: int = 0
    seed: int = 0
    networks: Mapping[str, Network] = field(default_factory=dict)
    questions: Mapping[Pair, Pair] = field(default_factory=dict)
    asked: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[Key, Ways] = field(default_factory=dict)
    _of: DrawnRoutes | None = None

    by_value_of_time = by_value_of_time

    def __post_init__(self) -> None:
        for name in ("routes", "weights", "networks", "choices"):
            object.__setattr__(self, name, ReadOnly(getattr(self, name)))

    plot = plot_flows = drawn[Drawing | Panels]("plot_comparison")
    explore = drawn[Any]("explore_comparison")
    slope = drawn[Drawing]("slope")
    gain_against_cost = drawn[Drawing]("gain_against_cost")

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios, the base first."""
        return list(dict.fromkeys(key[0] for key in self.routes))

    @property
    def pair_list(self) -> list[tuple[str, str]]:
        """Pairs of origin and destination."""
        return list(dict.fromkeys((o, d) for _, o, d in self.routes))

    def renamed(self, names: Mapping[str, str]) -> Comparison:
        """Comparison with other names of scenarios, such as titles for a chart.

        Parameters
        ----------
        names
            New name by name; scenarios that are not named keep theirs.

        Raises
        ------
        InputError
            If two scenarios would have one name.

        >>> import corridors as co
        >>> co.compare({"base": co.load()}, ["Almaty"], ["Karachi"]).renamed({"base": "Today"}).scenarios
        ['Today']
        """
        routes = {(names.get(key[0], key[0]), key[1], key[2]): route for key, route in self.routes.items()}
        if len(routes) < len(self.routes):
            raise InputError("names", dict(names), "a name of its own for every scenario")
        networks = {names.get(name, name): net for name, net in self.networks.items()}
        choices = {(names.get(key[0], key[0]), key[1], key[2]): ways for key, ways in self.choices.items()}
        base = names.get(self.base, self.base)
        return replace(self, routes=routes, base=base, networks=networks, choices=choices, _of=None)

    @property
    def cargo(self) -> str:
        """Cargo unit."""
        return cargo_of(next(iter(self.networks.values())).tables, *map(self.asked.get, ("cargo", "commodity")))

    @property
    def vot_usd_t_h(self) -> float:
        """Value of time in USD per tonne and hour, of the base."""
        given = self.asked.get("vot_usd_t_h")
        if given is not None or self.base not in self.networks:
            return float("nan") if given is None else float(given)
        return value_of_time(self.networks[self.base].tables, self.cargo, self.asked.get("commodity"))

    def part(self, pairs: Iterable[Pair]) -> Comparison:
        """Comparison of some of the pairs, with weights that add up to one again.

        Parameters
        ----------
        pairs
            Ids of origin and destination.

        Raises
        ------
        InputError
            If a pair is not in the comparison, or no weight is left.

        >>> import corridors as co
        >>> gain = co.compare(co.load(), ["Almaty", "Astana"], ["Karachi"])
        >>> gain.part([("astana", "karachi")]).weights
        {('astana', 'karachi'): 1.0}
        """
        wanted = require_pairs(self.weights, pairs)
        total = sum(self.weights[pair] for pair in wanted)
        if not total:
            raise InputError("pairs", wanted, "pairs of which one has a weight")
        routes = {key: route for key, route in self.routes.items() if key[1:] in wanted}
        weights = {pair: self.weights[pair] / total for pair in wanted}
        choices = {key: ways for key, ways in self.choices.items() if key[1:] in wanted}
        return replace(self, routes=routes, weights=weights, choices=choices, _of=self)

    def pairs(self, *, names: bool = False) -> pd.DataFrame:
        """Table of one row per scenario and pair.

        Columns: scenario, origin, destination, the totals of the route (km, hours, cost_usd_t, co2e_kg_t,
        generalized_usd_t, borders, transfers, gauge_breaks, modes, countries, crossings), `<number>_delta` and
        `<number>_ratio` against the base, and `status`: both, only_base, only_scenario or neither.

        With draws also p05, p50 and p95 of hours, cost_usd_t and co2e_kg_t (`hours_p05`; of trips), and p05 and p95
        of the differences from the base (`hours_delta_p05`, and so on for cost, co2e and generalized; of what is known
        of the means), `p_better` (probability of a lower generalized cost) and `tie` (the band of the difference of
        generalized cost holds zero).

        Where pairs are shared out, `ways`, `logsum_usd_t` (expected least cost), its `_delta`, and `share_best`.
        With `names`, names stand for ids.

        Parameters
        ----------
        names
            Names of places in place of ids.
        """
        table = self._counted.join(self._bands) if self.draws else self._counted.copy()
        return self._named(table.join(self._choice_columns()) if self.choices else table, names)

    @cached_property
    def _totals(self) -> pd.DataFrame:
        return pair_table(self.routes, self.base, counted=False)

    @cached_property
    def _counted(self) -> pd.DataFrame:
        return pair_table(self.routes, self.base)

    def table(self, measure: str | Measure = "hours", *, bands: bool = False, names: bool = False) -> pd.DataFrame:
        """Table of a measure: one row per pair, one column per scenario.

        Parameters
        ----------
        measure
            `hours`, `cost`, `distance`, `co2e` or `generalized` (the names of columns, such as `cost_usd_t`, will do,
            too), or `borders`, `transfers` or `gauge_breaks`.
        bands
            Whether expected, p05 and p95 (of trips) stand side by side for every scenario; needs draws.
        names
            Whether names stand for ids.

        >>> import corridors as co
        >>> co.compare(co.load(), ["Almaty"], ["Karachi"], modes={"rail"}).table("distance").round(-2)
        scenario              base
        origin destination
        almaty karachi      5400.0
        """
        column = column_of(measure)
        index = pd.MultiIndex.from_tuples(self.pair_list, names=["origin", "destination"])
        columns = pd.Index(self.scenarios, name="scenario")
        table = self._counted if column in COUNTS else self._totals
        expected = table.pivot(index=["origin", "destination"], columns="scenario", values=column)
        expected = expected.reindex(index=index, columns=columns).astype(float)
        if bands:
            expected = band_table(expected, self.samples(measure) if column not in COUNTS else {})
        return self._named(expected, names)

    def overall(self, by: str | None = None) -> pd.DataFrame:
        """Weighted means over the pairs that are joined both in the base and in the scenario.

        Parameters
        ----------
        by
            `origin`, `destination` or `market` (destinations of one market together) for one row each; by default one
            row per scenario.

        Returns
        -------
        DataFrame
            pairs, compared, gaining (lower generalized cost), joined (anew, in the scenario only) and parted, which are
            counts of questions (pairs of one market count once) and never averaged away, and the weighted mean
            differences hours_delta, cost_usd_t_delta, co2e_kg_t_delta and generalized_usd_t_delta. Where pairs are
            shared out, generalized cost is the expected least cost of the choice, and the others are means by shares.
        """
        return mean_table(self._compared, self.weights, by, questions=self.questions)

    @property
    def _compared(self) -> pd.DataFrame:
        """Table of pairs of which means are taken: of the best ways, or of the choice."""
        return self._totals.assign(**self._choice_changes()) if self.choices else self._totals

    def _known(self, measure: Measure) -> Mapping[Key, Samples]:
        """Draws of a measure of every pair, of what is known of the means."""
        return self._chosen_samples(measure) if self.choices else self._samples(measure, SPREAD_OF_MEANS)

    def overall_band(
        self, scenario: str, measure: str | Measure = "generalized", *, pairs: Iterable[Pair] | None = None
    ) -> tuple[float, float]:
        """5 % and 95 % points of the weighted mean change of a measure, of what is known of the means.

        Over the pairs joined in both, from paired draws; nan where there is no such pair, or no draws were made.

        Parameters
        ----------
        scenario
            Scenario that is compared with the base.
        measure
            As in `samples`.
        pairs
            Pairs of which the mean is taken; all by default.

        Raises
        ------
        UnknownNameError, InputError
            If the scenario or a pair is not in the comparison.

        >>> import corridors as co
        >>> gain = co.compare([co.load(), "uap-kabul"], ["Tashkent"], ["Karachi"], modes={"rail"}, draws=100)
        >>> [round(end / 24, 1) for end in gain.overall_band("uap-kabul", "hours")]  # days
        [-8.1, -4.1]
        """
        if scenario not in self.scenarios:
            raise UnknownNameError("scenario", scenario, near(scenario, self.scenarios), where="in this comparison")
        drawn = self._known(measure_of(measure)) if self.draws else {}
        among = self.pair_list if pairs is None else require_pairs(self.weights, pairs)
        return band_of(mean_change(drawn, self.weights, scenario, self.base, among))

    def beats(self) -> pd.DataFrame:
        """Probability that one scenario (row) has a lower weighted generalized cost than another (column).

        From paired draws of what is known of the means, over the pairs joined in both.

        Raises
        ------
        InputError
            If the comparison has no draws.
        """
        if not self.draws:
            raise InputError("draws", self.draws, "compare(..., draws=1000) makes a comparison with draws")
        drawn = self._known(GENERALIZED)
        return beats_table(drawn, self.weights, self.scenarios, self.pair_list)

    def flows(self) -> gpd.GeoDataFrame:
        """Weighted share of pairs that each link and sea hop carries, scenario by scenario.

        Returns
        -------
        GeoDataFrame
            scenario, id, mode, gauge_mm, from_id and to_id in the direction in which it is first used, share (0 to
            1), base_share, delta, and the line in that direction.

        >>> import corridors as co
        >>> flows = co.compare({"base": co.load()}, ["Tashkent"], ["Karachi"], modes={"rail"}).flows()
        >>> len(flows), float(flows["share"].max())
        (38, 1.0)
        """
        return flows(self.routes, self.weights, self.base, choices=self.choices)

    def between(self, origin: str, destination: str) -> dict[str, Route]:
        """Routes of one pair by scenario, for charts and maps; scenarios without a way are left out.

        Parameters
        ----------
        origin, destination
            Ids of the places.

        >>> import corridors as co
        >>> gain = co.compare({"base": co.load()}, ["Almaty"], ["Karachi"])
        >>> list(gain.between("almaty", "karachi"))
        ['base']
        """
        require_pair(self.weights, origin, destination)
        routes = {name: self.routes[name, origin, destination] for name in self.scenarios}
        return {name: route for name, route in routes.items() if route is not None}

    def _above(self) -> str:
        return f"Comparison of {', '.join(self.scenarios)} on {len(self.pair_list)} pairs, hours"


@takes(Asked)
def compare(
    scenarios: Scenarios,
    origins: str | Iterable[str],
    destinations: str | Iterable[str],
    *,
    weights: Weights = None,
    choice: str | Logit = BEST,
    draws: int = 0,
    seed: int = 0,
    **options: Unpack[Asked],
) -> Comparison:
    """Comparison of the routes of every pair in every scenario with those in the first.

    Parameters
    ----------
    scenarios
        A network, or networks, scenarios and names of bundled scenarios, by name or in a list. The first is a
        network, the base; scenarios are applied to it.
    origins, destinations
        Places, or the name of a set of places.
    weights
        Of places or of pairs, in any form of `corridors.whatif.weights`; equal by default, where pairs of one market
        (see `corridors.whatif.questions`) share one weight.
    choice
        `best`: every pair goes its best way; `logit` or a `co.Logit`: it is shared out between really different ways
        of its cargo unit, in `ways()`, `logsums()`, `flows()`, `overall()`, `beats()` and columns of `pairs()`. That
        takes about a second for each pair.
    draws, seed
        Draws of the parameters for bands and probabilities, and their seed; with 0, the default, there are expected
        values only.
    options
        The same for every scenario.

    Raises
    ------
    InputError
        If there is no scenario, the first is no network, or a weight is missing.
    UnknownNameError
        If there is no such scenario or place.

    >>> import corridors as co
    >>> gain = co.compare([co.load(), "uap-kabul"], ["Tashkent"], ["Karachi"], cargo="wagon", modes={"rail"})
    >>> (gain.table("hours") / 24).round().loc[("tashkent", "karachi")].tolist()
    [26.0, 19.0]
    """
    if draws != 0:
        check_draws(draws, seed, SPREAD_OF_MEANS)
    ends = [places if isinstance(places, str) else list(places) for places in (origins, destinations)]
    networks = named_networks(scenarios)
    places = {name: [net.place_set(end) for end in ends] for name, net in networks.items()}
    pairs = list(dict.fromkeys((o, d) for rows, columns in places.values() for o in rows for d in columns if o != d))
    if not pairs:
        raise InputError("origins, destinations", tuple(ends), "at least one pair of different places")
    base, first = next(iter(networks.items()))
    questions = questions_of(pairs, first.tables)
    shares = pair_shares(pairs, weights, tables=first.tables, questions=questions)
    routes: dict[Key, Route | None] = {}
    for name, net in progress(list(networks.items()), "scenarios"):
        routes |= {(name, *pair): route for pair, route in net.routes(*places[name], **options).items()}
    choices = choices_of(networks, routes, choice, options)
    return Comparison(routes, base, shares, draws, seed, networks, questions, dict(options), choices)
