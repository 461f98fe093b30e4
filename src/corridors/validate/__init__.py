"""The model against observation: published distances, observed journeys, published prices, trade and claims."""

from corridors.validate.data_change import DataChange, data_change
from corridors.validate.distances import DistanceValidation, distances
from corridors.validate.prices import PriceValidation, prices
from corridors.validate.promises import Claims, claims
from corridors.validate.times import TimeValidation, times
from corridors.validate.trade import TradeValidation, trade

__all__ = [
    "Claims",
    "DataChange",
    "DistanceValidation",
    "PriceValidation",
    "TimeValidation",
    "TradeValidation",
    "claims",
    "data_change",
    "distances",
    "prices",
    "times",
    "trade",
]
