"""Draws of one quantity, and the figures that planners read from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridors.base.arguments import checked
from corridors.base.drawing import Drawing, drawn
from corridors.base.errors import InputError

PERCENTILES = (5, 50, 95)


@checked
@dataclass(frozen=True, eq=False)
class Distribution:
    """Draws of one quantity of a route, with the figures that planners read from them.

    Attributes
    ----------
    samples
        The draws, in `unit`.
    expected
        Value at the expected parameters.
    unit
        Unit of the draws.
    free
        Expected value of movement alone, without waits and work on the way.
    """

    samples: NDArray[np.float64]
    expected: float
    unit: str
    free: float

    plot = drawn[Drawing]("distributions")

    def percentile(self, percent: float) -> float:
        """Percentile of the draws, in their unit.

        Parameters
        ----------
        percent
            Per cent of the draws that lie at or below it, 0 to 100.

        Raises
        ------
        InputError
            If it is no percentage.
        """
        if not 0 <= percent <= 100:
            raise InputError("percent", percent, "a number from 0 to 100")
        return float(np.percentile(self.samples, percent))

    @property
    def mean(self) -> float:
        """Mean of the draws."""
        return float(self.samples.mean())

    @property
    def buffer_index(self) -> float:
        """Extra time that keeps 95 % of trips on time, over the mean: (p95 - mean) / mean; nan of a mean of zero.

        Reference: FHWA, "Travel time reliability: making it there on time, all the time", 2006.
        """
        return (self.percentile(95) - self.mean) / self.mean if self.mean else float("nan")

    @property
    def planning_time_index(self) -> float:
        """Time that keeps 95 % of trips on time, over that of movement alone: p95 / free; nan where nothing moves."""
        return self.percentile(95) / self.free if self.free else float("nan")

    def summary(self) -> dict[str, float]:
        """Record of expected value, mean, p05, p50, p95, buffer index and planning time index."""
        points = {f"p{p:02d}": self.percentile(p) for p in PERCENTILES}
        indices = {"buffer_index": self.buffer_index, "planning_time_index": self.planning_time_index}
        return {"expected": self.expected, "mean": self.mean, **points, **indices}

    def __repr__(self) -> str:
        s = self.summary()
        return (
            f"{s['expected']:.1f} {self.unit} expected, {s['p05']:.1f} / {s['p50']:.1f} / {s['p95']:.1f} "
            f"(p05 / p50 / p95 of {len(self.samples)} draws)"
        )
