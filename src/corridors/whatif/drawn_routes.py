"""Draws of all routes of a comparison, made when they are first asked for and kept."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import pandas as pd

from corridors.base.arguments import checked
from corridors.base.errors import InputError
from corridors.base.units import COST, GENERALIZED, HOURS, Measure
from corridors.base.units import measure as measure_of
from corridors.routing.route import Route
from corridors.uncertainty.draws import SPREAD_OF_TRIPS, check_draws
from corridors.whatif.bands import Samples, general, pair_bands, samples_of
from corridors.whatif.flows import Key


@checked
class DrawnRoutes:
    """What a comparison with draws can be asked of its routes."""

    routes: Mapping[Key, Route | None]
    base: str
    draws: int
    seed: int
    _of: DrawnRoutes | None

    @cached_property
    def _bands(self) -> pd.DataFrame:
        return pair_bands(list(self.routes), self.base, self._samples)

    def samples(self, measure: str | Measure = "hours", spread: str = SPREAD_OF_TRIPS) -> dict[Key, Samples]:
        """Draws of every route, by scenario, origin and destination; the same draw of a parameter is behind them all.

        Parameters
        ----------
        measure
            `hours` (h), `cost` (USD/t), `distance` (km, the same in all draws), `co2e` (kg/t) or `generalized`
            (USD/t).
        spread
            `trip`, `knowledge` (how well the means are known) or `both`, as in `Route.distribution`.

        Raises
        ------
        InputError
            If the comparison was made without draws, or an argument is not possible.

        >>> import corridors as co
        >>> drawn = co.compare(co.load(), ["Almaty"], ["Karachi"], draws=50).samples("cost")
        >>> len(drawn["base", "almaty", "karachi"])
        50
        """
        if not self.draws:
            raise InputError("draws", self.draws, "compare(..., draws=1000) makes a comparison with draws")
        check_draws(self.draws, self.seed, spread)
        return {key: drawn.copy() for key, drawn in self._samples(measure_of(measure), spread).items()}

    def _samples(self, wanted: Measure, spread: str) -> Mapping[Key, Samples]:
        """Draws of every route, kept for the next question; those of a part are of the whole."""
        if self._of is not None:
            drawn = self._of._samples(wanted, spread)
            return {key: drawn[key] for key in self.routes if key in drawn}
        if (wanted, spread) not in self._drawn:
            self._drawn[wanted, spread] = self._draw(wanted, spread)
        return self._drawn[wanted, spread]

    def _draw(self, wanted: Measure, spread: str) -> Mapping[Key, Samples]:
        if wanted is not GENERALIZED:
            return samples_of(self.routes, wanted, draws=self.draws, seed=self.seed, spread=spread)
        hours, cost = (self._samples(part, spread) for part in (HOURS, COST))
        return general(self.routes, hours, cost)

    @cached_property
    def _drawn(self) -> dict[tuple[Measure, str], Mapping[Key, Samples]]:
        return {}
