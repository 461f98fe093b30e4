"""Comparisons in which every pair is shared out between its ways: expected least cost, shares and their bands."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from corridors.base.errors import InputError
from corridors.base.progress import progress
from corridors.base.units import GENERALIZED
from corridors.network.network import Network
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
            bands = np.percentile(self._share_samples(key), POINTS, axis=0).T if self.draws else [()] * len(ways)
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
        """Draws of the generalized cost of every way of a pair: draws by ways; what ways share is priced once."""
        names = {
            (*key[:2], f"{key[2]}/{i}"): route
            for key, ways in self.choices.items()
            for i, route in enumerate(ways.routes)
        }
        found = samples_of(names, GENERALIZED, draws=self.draws, seed=self.seed, spread=SPREAD_OF_MEANS)
        return {
            key: np.column_stack([found[*key[:2], f"{key[2]}/{i}"] for i in range(len(ways))])
            for key, ways in self.choices.items()
        }

    def _share_samples(self, key: Key) -> Floats:
        ways = self.choices[key]
        return ways.shares(self._way_costs[key], ways.logit.scales(self.draws, self.seed))

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
            changes = [self._logsum_change(key) for key in self.routes]
            table["logsum_delta_p05"], table["logsum_delta_p95"] = zip(*map(band_of, changes), strict=True)
        return table

    def _logsum_change(self, key: Key) -> Floats:
        """Draws of the difference of the expected least cost from the base; empty if one has no way."""
        both = key, (self.base, *key[1:])
        if not all(one in self.choices for one in both):
            return np.empty(0)
        ends = []
        for one in both:
            ways = self.choices[one]
            ends.append(ways.logsum(self._way_costs[one], ways.logit.scales(self.draws, self.seed)))
        return np.asarray(ends[0] - ends[1])
