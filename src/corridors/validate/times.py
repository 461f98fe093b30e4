"""The model against observation: journeys that were observed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from corridors.base.errors import CorridorsError, DataFileError
from corridors.base.numbers import figure, published
from corridors.base.units import HOURS
from corridors.model import parts
from corridors.model.expansion import EdgeKind
from corridors.network.network import Network
from corridors.uncertainty.draws import DRAWS
from corridors.validate.observed import Observations, about, items, met, shown_fit, unmet, usable_rows, way_of
from corridors.validate.scores import score_table, with_scores

TIME_COLUMNS = ["from_id", "to_id", "cargo", "low_h", "high_h", "kind"]
"""Columns that a file of observed times must have.

`via` (separated by commas), `modes` (by semicolons), `scope`, `usable`, `in_sample`, `conditions`, `year`, `source`
and `note` may stand.
"""

COUNTED = ("observed", "typical", "timetable")
"""Kinds of rows that count; plans, quotes and claims are shown apart."""

SCOPES: dict[str, dict[str, Any]] = {
    "journey": {"kinds_out": (EdgeKind.START,)},
    "order": {},
    "driving": {"components": ("line_haul", "sea")},
}
"""What the hours of a row contain: the journey from departure; the wait for it too; movement alone."""

NAIVE_KM_H, NAIVE_BORDER_H = 25.0, 24.0
"""The naive model: its speed in km/h, and its hours at each border."""

CLASSES = {"up to a day": 24.0, "over one and up to four days": 96.0, "over four days": np.inf}
"""Classes of length by the observed hours, with their highest."""


@dataclass(frozen=True, eq=False, repr=False)
class TimeValidation(Observations):
    """Observed journeys beside the modelled ones.

    Attributes
    ----------
    rows
        What `table()` returns.
    """

    def table(self) -> pd.DataFrame:
        """Table of one row per journey.

        Columns: id, journey (names and year), from_id, to_id, cargo, mode, kind, low_h and high_h (observed),
        scope (what the hours hold, see `SCOPES`), km and borders (of the way), expected, p05, p50, p95 (modelled),
        naive (hours of km / 25 + 24 h a border), score and naive_score (interval scores, see `scores`), log_error (of
        p50 against the middle of the observed: a single journey is a draw, and logs of draws centre on the log of
        their median), inside (the observed range meets p05 to p95), group
        (counted, in-sample, special, apart, or not routed), conditions and note.

        >>> import corridors as co
        >>> co.validate.times(co.load(), draws=50).table()["group"].value_counts().sort_index().to_dict()
        {'apart': 24, 'counted': 35, 'in-sample': 15, 'special': 34}
        """
        return self.rows.copy()

    def shown(self, group: str | None = None) -> pd.DataFrame:
        """Table as it is printed, one group or all: journey, by, cargo, observed and modelled hours, ratio.

        `ratio` is the median trip of the model over the middle of the observed; `meets` says whether the observed
        range meets p05 to p95.

        Parameters
        ----------
        group
            `counted`, `in-sample`, `special`, `apart` or `not routed`.

        >>> import corridors as co
        >>> co.validate.times(co.load(), draws=50).shown("counted").iloc[0, :5].tolist()
        ['Karachi - Torkham (Pakistan), 2020', 'road', 'container', 'observed', '120']
        """
        rows = self._of(group)
        return pd.DataFrame(
            {
                "journey": rows["journey"],
                "by": rows["mode"].str.replace("+", " and "),
                "cargo": rows["cargo"],
                "kind": rows["kind"] + [f", {what}" if what else "" for what in rows["conditions"]],
                "observed h": [published(*ends) for ends in zip(rows["low_h"], rows["high_h"], strict=True)],
                "modelled h": rows["p50"].map(figure),
                **shown_fit(rows),
            }
        )

    def scores(self) -> pd.DataFrame:
        """Table of mean interval scores (90 %, in logs) of the counted rows, beside those of a naive model.

        The naive model is km / 25 + 24 h a border; its spread is that of its own errors on the other counted rows. The
        lower score is the better one.

        Returns
        -------
        DataFrame
            One row for all, and one by mode, by length and by scope: split, of, rows, width (median p95 / p05), score,
            naive_width, naive_score and better (`model` or `naive`).

        >>> import corridors as co
        >>> found = co.validate.times(co.load(), draws=100).scores().set_index("of")
        >>> found.loc["all", "better"], bool(found.loc["all", "width"] > 1)
        ('model', True)
        """
        return score_table(self.rows, {"mode": lambda t: t["mode"], "length": _length, "scope": lambda t: t["scope"]})

    def _shown(self) -> pd.DataFrame:
        columns = ["id", "mode", "kind", "low_h", "high_h", "expected", "p05", "p95", "log_error", "inside", "group"]
        return self.rows[columns].round(2)


def _length(rows: pd.DataFrame) -> pd.Series:
    """Class of length of each row, by its observed hours."""
    return pd.cut(rows["observed"], [0.0, *CLASSES.values()], labels=list(CLASSES))


def times(
    net: Network, file: str | Path | pd.DataFrame | None = None, *, draws: int = DRAWS, seed: int = 0
) -> TimeValidation:
    """Run the model on every usable observed journey, over the way that was taken.

    Rows that set a parameter stand apart as in-sample; rows of special conditions (a pilot run, snow, a jammed
    border) stand apart as special; plans, quotes and claims stand apart and are never counted.

    Parameters
    ----------
    net
        The network.
    file
        CSV file or table with the columns of `TIME_COLUMNS`; by default the bundled observations.
    draws, seed
        Draws for the percentiles; they are of trips, with the knowledge of the means in them.

    Returns
    -------
    TimeValidation
        Observed and modelled hours of every journey, and scores.

    >>> import corridors as co
    >>> summary = co.validate.times(co.load(), draws=100).summary().set_index(["group", "mode"])
    >>> float(summary.loc[("counted", "all"), "median_abs_log_error"].round(1))
    0.3
    """
    rows = usable_rows(file, "observed_times.csv", TIME_COLUMNS)
    found = pd.DataFrame([_observe(net, row, draws, seed) for row in rows])
    observed = np.sqrt(found["low_h"] * found["high_h"]).to_numpy()
    naive = (found["km"] / NAIVE_KM_H + NAIVE_BORDER_H * found["borders"]).to_numpy()
    return TimeValidation(with_scores(found, observed, naive))


def _observe(net: Network, row: dict[str, Any], draws: int, seed: int) -> dict[str, Any]:
    low, high = float(row["low_h"]), float(row["high_h"])
    answer = {
        **about(net, row, "+".join(items(row, "modes")) or "any"),
        "low_h": low,
        "high_h": high,
        "scope": str(row.get("scope", "") or "journey"),
        **unmet(row, COUNTED),
    }
    try:
        route = way_of(net, row)
    except CorridorsError as error:
        return {**answer, "group": "not routed", "note": str(error)}
    if answer["scope"] not in SCOPES:
        raise DataFileError(f"scope '{answer['scope']}' of row '{answer['id']}' is none of {', '.join(SCOPES)}.")
    weights = parts.coefficients(route, "hours", **SCOPES[answer["scope"]])
    return {**answer, **met(route, weights, HOURS, (low, high), draws=draws, seed=seed)}
