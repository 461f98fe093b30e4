"""The model against observation: published distances, observed journeys, promises."""

from corridors.validate.distances import DistanceValidation, TimeValidation, distances, times

__all__ = ["DistanceValidation", "TimeValidation", "distances", "times"]
