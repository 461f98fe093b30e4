"""One supplier at a market: way, charges and delivered price, or why there is none; and what was asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.trade.charges import Charges
from corridors.trade.equation import Delivered
from corridors.trade.legs import ROWS, Way
from corridors.trade.suppliers import Supplier

Floats = NDArray[np.float64]

CHEAPEST = "cheapest"
"""Cargo unit of the least generalized cost."""


class Asked(NamedTuple):
    """What was asked: good, market, year of the prices (blank for the latest), draws and seed."""

    good: str
    market: str
    year: str
    draws: int
    seed: int


class Samples(NamedTuple):
    """Draws of delivered price and freight in USD per tonne."""

    landed: Floats
    freight: Floats


def loss_share(good: pd.Series) -> float:
    """Share of a good (a row of the table `commodities`) that is lost on the way; none where it is not known."""
    return 0.0 if pd.isna(good["loss_share"]) else float(good["loss_share"])


@dataclass(frozen=True, slots=True)
class Case:
    """One supplier in one network: way, charges and delivered price, or why there is none.

    Attributes
    ----------
    status
        `sold`, `banned`, `no way` or `no price`.
    reason
        Why it is not sold; blank where it is.
    limits
        Quotas, and discounts of transit tariffs that are in the rates already, in words.
    """

    supplier: Supplier
    charges: Charges
    way: Way | None = None
    price: Delivered | None = None
    status: str = "sold"
    reason: str = ""
    limits: str = ""

    def by(self, way: Way) -> Case:
        """Return the case with a way."""
        return replace(self, way=way)

    def at(self, price: Delivered) -> Case:
        """Return the case with a delivered price."""
        return replace(self, price=price)

    def without(self, status: str, reason: str) -> Case:
        """Return the case as one that is not sold."""
        return replace(self, status=status, reason=reason)

    def costs(self) -> dict[str, float]:
        """Costs of the way in USD/t and its hours; zero where the goods are at the market already."""
        return dict.fromkeys(ROWS, 0.0) if self.way is None else self.way.expected()

    def drawn_costs(self, draws: int, seed: int) -> dict[str, Floats]:
        """Draws of `costs`."""
        return {row: np.zeros(draws) for row in ROWS} if self.way is None else self.way.drawn(draws, seed)

    @property
    def total(self) -> float:
        """Delivered price in USD per tonne, nan where there is none."""
        return float("nan") if self.price is None else float(self.price.total)
