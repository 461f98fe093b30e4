"""What an appraisal hands out for print: its tables, and the sources behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from corridors.appraisal.border import Chain
from corridors.appraisal.cost import Amount
from corridors.data.tables import Tables
from corridors.formats.printable import Printable
from corridors.model.problem import Journey
from corridors.routing.route import Route


class PrintedAppraisal(Printable):
    """An appraisal as tables: by rate, years, assumptions, flows and countries, with the sources of its numbers."""

    cost: Amount
    rate: Amount
    overrun: Amount
    shortfall: Amount
    chain: Chain | None
    flows: pd.DataFrame
    journeys: tuple[Route, ...]
    tables: Tables

    def by_rate(self) -> pd.DataFrame:
        """Table of discount rates."""
        raise NotImplementedError

    def table(self) -> pd.DataFrame:
        """Table by year."""
        raise NotImplementedError

    def by_country(self) -> pd.DataFrame:
        """Table by country."""
        raise NotImplementedError

    def assumptions(self) -> pd.DataFrame:
        """Table of assumptions."""
        raise NotImplementedError

    def _sheets(self) -> Mapping[str, pd.DataFrame]:
        return {
            "rates": self.by_rate(), "years": self.table(), "assumptions": self.assumptions(), "flows": self.flows,
            "countries": self.by_country(),
        }  # fmt: skip

    def _journeys(self) -> Iterable[Journey]:
        return self.journeys

    def _tables(self) -> Tables:
        return self.tables

    def _cited(self) -> Mapping[str, Iterable[str]]:
        uses: dict[str, list[str]] = {}
        named = {"construction cost": self.cost, "discount rate": self.rate, "reference class": self.overrun}
        for word, one in [*named.items(), ("reference class", self.shortfall)]:
            for ident in one.sources:
                uses.setdefault(ident, []).append(word)
        for border in self.chain.borders if self.chain else ():
            for ident in border.sources:
                uses.setdefault(ident, []).append("closures")
        return uses
