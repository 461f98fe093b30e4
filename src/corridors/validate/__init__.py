"""The model against observation: published distances, observed journeys, published prices and claims."""

from corridors.validate.distances import DistanceValidation, distances
from corridors.validate.prices import PriceValidation, prices
from corridors.validate.promises import Claims, claims
from corridors.validate.times import TimeValidation, times

__all__ = [
    "Claims",
    "DistanceValidation",
    "PriceValidation",
    "TimeValidation",
    "claims",
    "distances",
    "prices",
    "times",
]
