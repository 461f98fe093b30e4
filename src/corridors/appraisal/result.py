"""The result of `co.appraise`: what a project is worth, what it needs to be worth it, and on what this rests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from corridors.appraisal import turning, words
from corridors.appraisal.case import Case
from corridors.appraisal.outlook import Outlook
from corridors.appraisal.printed import PrintedAppraisal
from corridors.base.arguments import checked
from corridors.base.drawing import Drawing, drawn
from corridors.base.errors import InputError
from corridors.base.results import Result

RATES_PCT = (4.0, 8.0, 12.0)
"""Discount rates that stand side by side."""


@checked
@dataclass(frozen=True, eq=False, repr=False)
class Appraisal(PrintedAppraisal, Case, Result):
    """Worth of a project for given flows, in million USD of one year; its parts are those of `Case`.

    >>> import corridors as co
    >>> found = co.appraise(co.load(), "uap-kabul", {("Tashkent", "Lahore"): 5e6}, cargo="wagon", draws=0)
    >>> round(found.summary()["break_even_mt"], 1)
    17.5
    """

    _indexed = False

    plot = drawn[Drawing]("npv_tornado")

    # --- tables ---------------------------------------------------------------------------------------------------

    def table(self, *, reference_class: bool = True) -> pd.DataFrame:
        """Table by year, in million USD at expected values.

        Columns: year, construction_musd, operation_musd, benefit_musd, residual_musd, net_musd, discounted_musd and
        cumulated_musd (sum of the discounted).

        Parameters
        ----------
        reference_class
            As in `worth`.
        """
        return self.worth(reference_class=reference_class).by_year()

    def by_rate(self, rates_pct: Sequence[float] = RATES_PCT) -> pd.DataFrame:
        """Table of one row per discount rate: rate_pct, npv_musd, npv_as_stated_musd, break_even_mt.

        Parameters
        ----------
        rates_pct
            Real discount rates in per cent a year.
        """
        rows = []
        for rate in rates_pct:
            worth = self.worth().at_rate(rate)
            even = self.points(worth, reference_class=True)["break_even_mt"]
            rows.append((rate, worth.npv(), self.expected.npv(rate), even))
        return pd.DataFrame(rows, columns=["rate_pct", "npv_musd", "npv_as_stated_musd", "break_even_mt"])

    def by_country(self) -> pd.DataFrame:
        """Table by country, in million USD a year at the tonnes of the flows, in the last stage.

        Columns: country; saving_from and saving_to, what users of flows from and to it save (the same money twice: who
        keeps it, seller or buyer, is not known); gross_musd, change of gross freight and fees paid there (no income:
        before the cost of operation), of it dues_musd at borders; pays_musd, its part of the cost of construction
        (once, in all; nan where nobody says who pays).
        """
        return self.countries.copy()

    def assumptions(self, *, reference_class: bool = True) -> pd.DataFrame:
        """Table of every assumption with the value at which the worth turns, as `corridors.appraisal.turning` has it.

        Parameters
        ----------
        reference_class
            As in `worth`.
        """
        return turning.assumptions(self, reference_class=reference_class)

    def sentences(self, *, reference_class: bool = True) -> list[str]:
        """Result in sentences, the break-even tonnage first.

        Parameters
        ----------
        reference_class
            As in `worth`.
        """
        return words.sentences(self, reference_class=reference_class)

    def outlook(self, *, reference_class: bool = True) -> Outlook:
        """Worth with borders that open and shut over the years.

        Parameters
        ----------
        reference_class
            As in `worth`.

        Raises
        ------
        InputError
            If no borders were given.

        >>> import corridors as co
        >>> border = co.Border("AF-PK", p_shut=0.2, p_open=0.3, open_now=False)
        >>> found = co.appraise(
        ...     co.load(), "uap-kabul", {("Tashkent", "Lahore"): 5e6}, cargo="wagon", draws=0, borders=[border]
        ... )
        >>> outlook = found.outlook()
        >>> outlook.expected_musd < found.npv_musd()
        True
        """
        if self.chain is None:
            raise InputError("borders", None, "appraise(..., borders=[co.Border('AF-PK', p_shut=0.2, p_open=0.3)])")
        worth = self.worth(reference_class=reference_class)
        served = 1 + self.shortfall.value / 100 if reference_class else 1.0
        return Outlook(self.name, self.chain, worth, served * self.benefit_musd, self.draws, self.seed)

    def _shown(self) -> pd.DataFrame:
        return self.by_rate().round(1)

    def _below(self) -> str:
        return "\n".join(self.sentences())
