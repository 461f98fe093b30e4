"""The model against observation: published distances, observed journeys, promises."""

from corridors.validate.distances import DistanceValidation, distances
from corridors.validate.times import TimeValidation, times

__all__ = ["DistanceValidation", "TimeValidation", "distances", "times"]
