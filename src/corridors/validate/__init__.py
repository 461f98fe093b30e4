"""The model against observation: published distances, observed journeys, published claims."""

from corridors.validate.distances import DistanceValidation, distances
from corridors.validate.promises import Claims, claims
from corridors.validate.times import TimeValidation, times

__all__ = ["Claims", "DistanceValidation", "TimeValidation", "claims", "distances", "times"]
