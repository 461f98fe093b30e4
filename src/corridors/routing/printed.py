"""What a route hands out for print: its tables and sources, and a quote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from corridors.base.arguments import checked
from corridors.base.drawing import answered
from corridors.formats.printable import Printable
from corridors.model.problem import Journey

NOT_PRINTED = ["id", "cum_km", "cum_hours"]
"""Columns of legs that the printed table leaves out; the table `steps` has them."""


@checked
class PrintedRoute(Printable):
    """A route as tables: `legs`, `steps`, `breakdown`, `lengths` and `assumptions`."""

    quote = answered[Any]("quote_of", ".report.quote")

    @property
    def legs(self) -> pd.DataFrame:
        """Table of legs."""
        raise NotImplementedError

    @property
    def steps(self) -> pd.DataFrame:
        """Table of steps."""
        raise NotImplementedError

    def lengths(self) -> pd.DataFrame:
        """Links and sea hops with their lengths."""
        raise NotImplementedError

    def breakdown(self) -> pd.DataFrame:
        """Split of hours, cost and emissions."""
        raise NotImplementedError

    def assumptions(self) -> pd.DataFrame:
        """Parameters with their sources."""
        raise NotImplementedError

    def _sheets(self) -> Mapping[str, pd.DataFrame]:
        legs = self.legs.drop(columns=NOT_PRINTED)
        return {
            "legs": legs.assign(kind=legs["kind"].str.replace("_", " ")),
            "steps": self.steps,
            "breakdown": self.breakdown(),
            "lengths": self.lengths(),
            "assumptions": self.assumptions(),
        }

    def _journeys(self) -> Iterable[Journey]:
        return (self,)  # type: ignore[return-value]  # a route has all that a journey has
