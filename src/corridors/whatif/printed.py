"""What a comparison hands out for print: one row per scenario, its tables, and the sources of its routes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from corridors.base.arguments import checked
from corridors.data.tables import Tables
from corridors.formats.printable import Printable
from corridors.model.problem import Journey
from corridors.network.network import Network
from corridors.routing.route import Route
from corridors.whatif.flows import Key

BANDED = ("hours", "cost", "generalized")
"""Measures whose mean change has a band in the summary."""


@checked
class PrintedComparison(Printable):
    """A comparison as tables: `summary`, `pairs`, and hours and costs by scenario."""

    _columns = (
        *("compared", "gaining", "joined", "hours_delta", "cost_usd_t_delta", "generalized_usd_t_delta"),
        *("generalized_usd_t_delta_p05", "generalized_usd_t_delta_p95", "p_better"),
    )
    routes: Mapping[Key, Route | None]
    networks: Mapping[str, Network]
    base: str
    draws: int

    def overall(self) -> pd.DataFrame:
        """Weighted means over the pairs."""
        raise NotImplementedError

    def overall_band(self, scenario: str, measure: str) -> tuple[float, float]:
        """Band of a weighted mean change."""
        raise NotImplementedError

    def beats(self) -> pd.DataFrame:
        """Probabilities that one scenario is better than another."""
        raise NotImplementedError

    def pairs(self) -> pd.DataFrame:
        """Table of one row per scenario and pair."""
        raise NotImplementedError

    def table(self, measure: str) -> pd.DataFrame:
        """Table of a measure."""
        raise NotImplementedError

    def summary(self) -> pd.DataFrame:
        """Table of one row per scenario: what is compared, the mean changes, and how sure they are.

        Returns
        -------
        DataFrame
            Indexed by scenario: border_state, the columns of `overall` (counts of questions and weighted mean
            differences from the base), and with draws `hours_delta_p05`, `hours_delta_p95`, the same of cost_usd_t and
            generalized_usd_t (of what is known of the means), and p_better, the probability that the weighted
            generalized cost is below that of the base.

        >>> import corridors as co
        >>> gain = co.compare([co.load(), "uap-kabul"], ["Tashkent"], ["Karachi"], modes={"rail"}, draws=100)
        >>> gain.summary().loc["uap-kabul", ["gaining", "hours_delta_p05", "p_better"]].astype(float).round(1).tolist()
        [1.0, -195.5, 1.0]
        """
        found = self.overall()
        found.insert(0, "border_state", [self.networks[str(name)].border_state for name in found.index])
        if not self.draws:
            return found
        columns = {"hours": "hours", "cost": "cost_usd_t", "generalized": "generalized_usd_t"}
        for measure in BANDED:
            bands = [self.overall_band(str(name), measure) for name in found.index]
            for place, point in enumerate(("p05", "p95")):
                found[f"{columns[measure]}_delta_{point}"] = [band[place] for band in bands]
        better = self.beats()[self.base]
        return found.assign(p_better=[better.get(name, np.nan) for name in found.index])

    def _sheets(self) -> Mapping[str, pd.DataFrame]:
        measures: dict[str, Any] = {"hours": "hours", "cost": "cost", "distance": "distance"}
        tables = {name: self.table(measure) for name, measure in measures.items()}
        return {"summary": self.summary(), "pairs": self.pairs(), **tables}

    def _journeys(self) -> Iterable[Journey]:
        return tuple(route for route in self.routes.values() if route is not None)

    def _tables(self) -> Tables | None:
        return self.networks[self.base].tables if self.base in self.networks else super()._tables()
