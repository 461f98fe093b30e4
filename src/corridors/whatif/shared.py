"""Comparisons in which every pair is shared out between its ways: expected least cost, shares and their bands."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from corridors.base.arguments import checked
from corridors.base.errors import InputError
from corridors.base.progress import progress
from corridors.base.units import CO2E, COST, GENERALIZED, HOURS, Measure
from corridors.network.network import Network
from corridors.routing.amounts import amounts
from corridors.routing.choice import Floats
from corridors.routing.route import Route
from corridors.routing.ways import Logit, Ways, ways_between
from corridors.uncertainty.draws import SPREAD_OF_MEANS
from corridors.whatif.bands import POINTS, band_of, samples_of
from corridors.whatif.flows import Key

BEST = "best"
"""Choice in which every pair goes its best way."""

COLUMNS = ("ways", "logsum_usd_t", "logsum_usd_t_delta", "share_best")
"""Columns of a table of pairs that a choice adds."""


def choices_of(
    networks: Mapping[str, Network],
    routes: Mapping[Key, Route | None],
    choice: str | Logit,
    options: Mapping[str, Any],
) -> dict[Key, Ways]:
    """Ways of every pair that is joined, in every scenario; none where each goes its best way.

    Parameters
    ----------
    networks
        Network of each scenario.
    routes
        Best way (None where there is none) by scenario, origin and destination.
    choice
        `best`, `logit` or a `Logit`.
    options
        Options of the question. The ways are of the cargo unit of the best way.

    >>> choices_of({}, {}, "best", {})
    {}
    """
    if choice == BEST:
        return {}
    logit = Logit.of(choice)
    asked = {name: value for name, value in options.items() if name != "cargo"}
    joined = [(key, route) for key, route in routes.items() if route is not None]
    found = {}
    for key, route in progress(joined, "pairs", least=5):
        found[key] = ways_between(networks[key[0]], *key[1:], [route.cargo], logit, **asked)
    return found


def way_samples(choices: Mapping[Key, Ways], wanted: Measure, *, draws: int, seed: int) -> dict[Key, Floats]:
    """Draws of a measure of every way of a pair, draws by ways, of what is known of the means.

    Parameters
    ----------
    choices
        Ways of every pair, by scenario, origin and destination; what ways share is priced once.
    wanted
        Measure.
    draws, seed
        Number of draws, and seed.

    >>> way_samples({}, GENERALIZED, draws=9, seed=0)
    {}
    """
    names = {(*key[:2], f"{key[2]}/{i}"): route for key, ways in choices.items() for i, route in enumerate(ways.routes)}
    found = samples_of(names, wanted, draws=draws, seed=seed, spread=SPREAD_OF_MEANS)
    return {
        key: np.column_stack([found[*key[:2], f"{key[2]}/{i}"] for i in range(len(ways))])
        for key, ways in choices.items()
    }


def share_samples(
    choices: Mapping[Key, Ways], costs: Mapping[Key, Floats], *, draws: int, seed: int
) -> dict[Key, Floats]:
    """Draws of the share of every way of a pair (0 to 1), draws by ways; the scale has the same draws for all pairs.

    Parameters
    ----------
    choices
        Ways of every pair.
    costs
        Draws of their generalized cost.
    draws, seed
        Number of draws, and seed.

    >>> share_samples({}, {}, draws=9, seed=0)
    {}
    """
    return {key: ways.shares(costs[key], ways.logit.scales(draws, seed)) for key, ways in choices.items()}


@checked
class SharedOut:
    """What a comparison can be asked where its pairs are shared out between ways."""

    routes: Mapping[Key, Route | None]
    base: str
    draws: int
    seed: int
    choices: Mapping[Key, Ways]

    def ways(self) -> pd.DataFrame:
        """Table of every way of every pair, the cheapest first.

        Columns: scenario, origin, destination, way, crossings, generalized_usd_t, path_size, share (0 to 1), and with
        draws p05, p50 and p95 of the share, from joint draws of costs and scale.

        Raises
        ------
        InputError
            If each pair goes its best way.

        >>> import corridors as co
        >>> logit = co.Logit(ways=2)
        >>> gain = co.compare(co.load(), ["Tashkent"], ["Kabul"], cargo="truck", choice=logit)
        >>> float(gain.ways()["share"].sum().round(6))
        1.0
        """
        self._require_choices()
        rows = []
        for key, ways in self.choices.items():
            shares = ways.shares()
            bands = np.percentile(self._drawn_shares[key], POINTS, axis=0).T if self.draws else [()] * len(ways)
            for i, (route, size, share, band) in enumerate(zip(ways.routes, ways.size, shares, bands, strict=True), 1):
                rows.append((*key, i, ";".join(route.crossings), route.generalized_usd_t, size, share, *band))
        points = [f"p{point:02d}" for point in POINTS] if self.draws else []
        columns = ["scenario", "origin", "destination", "way", "crossings", "generalized_usd_t", "path_size", "share"]
        return pd.DataFrame(rows, columns=[*columns, *points])

    def logsums(self) -> pd.DataFrame:
        """Expected least cost of the choice in USD/t: one row per pair, one column per scenario.

        Raises
        ------
        InputError
            If each pair goes its best way.
        """
        self._require_choices()
        cells = {key: float(ways.logsum()) for key, ways in self.choices.items()}
        pairs = list(dict.fromkeys(key[1:] for key in self.routes))
        scenarios = list(dict.fromkeys(key[0] for key in self.routes))
        values = [[cells.get((name, *pair), np.nan) for name in scenarios] for pair in pairs]
        index = pd.MultiIndex.from_tuples(pairs, names=["origin", "destination"])
        return pd.DataFrame(values, index, pd.Index(scenarios, name="scenario"))

    def _require_choices(self) -> None:
        if not self.choices:
            raise InputError("choice", BEST, "compare(..., choice='logit') shares pairs out between their ways")

    @cached_property
    def _way_costs(self) -> dict[Key, Floats]:
        """Draws of the generalized cost of every way of a pair."""
        return way_samples(self.choices, GENERALIZED, draws=self.draws, seed=self.seed)

    @cached_property
    def _drawn_shares(self) -> dict[Key, Floats]:
        """Draws of the share of every way of a pair."""
        return share_samples(self.choices, self._way_costs, draws=self.draws, seed=self.seed)

    def share_samples(self, scenario: str, origin: str, destination: str) -> Floats:
        """Draws of the share of every way of a pair (0 to 1), draws by ways, the cheapest way first.

        Parameters
        ----------
        scenario, origin, destination
            Name of the scenario, and ids of the places.

        Raises
        ------
        InputError
            If each pair goes its best way, or there are no draws.

        >>> import corridors as co
        >>> one = {"cargo": "truck", "choice": co.Logit(ways=2), "draws": 50}
        >>> gain = co.compare(co.load(), ["Tashkent"], ["Kabul"], **one)
        >>> gain.share_samples("base", "tashkent", "kabul").shape
        (50, 2)
        """
        self._require_choices()
        if not self.draws:
            raise InputError("draws", self.draws, "compare(..., choice='logit', draws=1000) draws the shares")
        return self._drawn_shares[scenario, origin, destination].copy()

    def _chosen(self, wanted: Measure) -> dict[Key, float]:
        """What a choice makes of a measure: the expected least cost of generalized cost, else the mean by the shares.

        Parameters
        ----------
        wanted
            Measure.
        """
        if wanted is GENERALIZED:
            return {key: float(ways.logsum()) for key, ways in self.choices.items()}
        totals = {key: amounts(list(ways.routes))[wanted.column] for key, ways in self.choices.items()}
        return {key: float(self.choices[key].shares() @ total) for key, total in totals.items()}

    def _chosen_samples(self, wanted: Measure) -> Mapping[Key, Floats]:
        """Draws of `_chosen`, of what is known of the means: costs and scale are drawn together."""
        if wanted not in self._chosen_drawn:
            self._chosen_drawn[wanted] = self._draw_chosen(wanted)
        return self._chosen_drawn[wanted]

    @cached_property
    def _chosen_drawn(self) -> dict[Measure, Mapping[Key, Floats]]:
        return {}

    def _draw_chosen(self, wanted: Measure) -> dict[Key, Floats]:
        if wanted is GENERALIZED:
            return {
                key: ways.logsum(self._way_costs[key], ways.logit.scales(self.draws, self.seed))
                for key, ways in self.choices.items()
            }
        drawn = way_samples(self.choices, wanted, draws=self.draws, seed=self.seed)
        return {key: (self._drawn_shares[key] * some).sum(axis=1) for key, some in drawn.items()}

    def _choice_changes(self) -> dict[str, Floats]:
        """Columns of the differences of a choice from the base, a row for every route; nan where one has no way."""
        found = {}
        for wanted in (HOURS, COST, CO2E, GENERALIZED):
            known = self._chosen(wanted)
            ends = [[known.get(k, np.nan) for k in (key, (self.base, *key[1:]))] for key in self.routes]
            here, before = np.array(ends, dtype=float).T
            found[f"{wanted.column}_delta"] = here - before
        return found

    def _choice_columns(self) -> pd.DataFrame:
        """Columns of the table of pairs on the choice: a row for every route."""
        least = {key: float(ways.logsum()) for key, ways in self.choices.items()}
        rows = []
        for key in self.routes:
            ways, before = self.choices.get(key), least.get((self.base, *key[1:]), np.nan)
            if ways is None:
                rows.append((0, np.nan, np.nan, np.nan))
            else:
                rows.append((len(ways), least[key], least[key] - before, float(ways.shares()[0])))
        table = pd.DataFrame(rows, columns=list(COLUMNS))
        if self.draws:
            drawn = self._chosen_samples(GENERALIZED)
            pairs = [(key, (self.base, *key[1:])) for key in self.routes]
            both = (all(end in drawn for end in ends) for ends in pairs)
            changes = [drawn[a] - drawn[b] if ok else np.empty(0) for (a, b), ok in zip(pairs, both, strict=True)]
            table["logsum_delta_p05"], table["logsum_delta_p95"] = zip(*map(band_of, changes), strict=True)
        return table
