"""What published hours and prices have in common: one row each, the way that it is of, and how the model meets it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.numbers import span
from corridors.base.results import Result
from corridors.base.units import Measure
from corridors.data import bundled
from corridors.data.csv_tables import read_rows
from corridors.network.network import Network
from corridors.routing.route import Route
from corridors.uncertainty import totals
from corridors.uncertainty.draws import SPREAD_OF_TRIPS
from corridors.validate.distances import way_in_names
from corridors.validate.scores import LEAST_ROWS, group_of, summary_of


@dataclass(frozen=True, eq=False, repr=False)
class Observations(Result):
    """Published figures beside the modelled ones.

    Attributes
    ----------
    rows
        What `table()` returns.
    """

    rows: pd.DataFrame

    _indexed: ClassVar[bool] = False

    def summary(self) -> pd.DataFrame:
        """Table per group and mode: rows, median absolute log error, bias and share inside p05 to p95."""
        return summary_of(self.rows)

    def scores(self) -> pd.DataFrame:
        """Table of mean interval scores (90 %, in logs) of the counted rows, beside those of a naive model."""
        raise NotImplementedError

    def _of(self, group: str | None) -> pd.DataFrame:
        return self.rows if group is None else self.rows[self.rows["group"] == group]

    def __str__(self) -> str:
        scores = self.scores()
        text = f"Interval scores (lower is better)\n{scores.round(2).to_string(index=False)}"
        if scores.empty:
            text = f"Interval scores need more than {LEAST_ROWS} counted rows"
        return f"{super().__str__()}\n\n{self.summary().round(2).to_string(index=False)}\n\n{text}"


Row = Mapping[str, object]
"""A row of published figures."""


def usable_rows(file: str | Path | pd.DataFrame | None, bundled_name: str, columns: list[str]) -> list[dict[str, Any]]:
    """Rows of a file, or of the bundled one, that are marked as usable or not marked."""
    frame = read_rows(bundled.folder() / "validation" / bundled_name if file is None else file, columns)
    return [dict(row) for row in frame.to_dict("records") if row.get("usable", "yes") != "no"]


def items(row: Row, column: str, mark: str = ";") -> list[str]:
    """Entries of a cell that may hold several."""
    return [part.strip() for part in str(row.get(column, "") or "").split(mark) if part.strip()]


def about(net: Network, row: dict[str, Any], mode: str) -> dict[str, Any]:
    """What a row is of: id, journey, from_id, to_id, cargo, mode and kind."""
    return {
        "id": row.get("id", f"{row['from_id']}-{row['to_id']}"),
        "journey": ", ".join(filter(None, [way_in_names(net, row), str(row.get("year", "") or "")])),
        **{name: row[name] for name in ("from_id", "to_id", "cargo")},
        "mode": mode,
        "kind": row["kind"],
    }


def unmet(row: Row, counted: Collection[str]) -> dict[str, Any]:
    """What is known of a row before it is routed: nothing modelled; its group, conditions and note."""
    return {
        **dict.fromkeys(("km", "borders", "expected", "p05", "p50", "p95", "log_error"), float("nan")),
        "inside": False,
        "group": group_of(row, counted),
        "conditions": row.get("conditions", ""),
        "note": row.get("note", ""),
    }


def way_of(net: Network, row: Row) -> Route:
    """Route of a row, over the places and by the modes that it names.

    Raises
    ------
    CorridorsError
        If the network has no such way.
    """
    ends = str(row["from_id"]), str(row["to_id"])
    return net.route(*ends, via=items(row, "via", ","), cargo=str(row["cargo"]), modes=items(row, "modes") or None)


def met(
    route: Route, weights: NDArray[np.float64], of: Measure, published: tuple[float, float], *, draws: int, seed: int
) -> dict[str, Any]:
    """How the model meets a published range: km and borders of the way, percentiles, log error, and whether inside.

    Parameters
    ----------
    route
        The way.
    weights
        What of each parameter the figure holds.
    of
        Measure of the figure.
    published
        Its low and high ends.
    draws, seed
        Of the percentiles, which are of trips.
    """
    points = totals.spread_of(route, weights, of, draws=draws, seed=seed, spread=SPREAD_OF_TRIPS).summary()
    low, high = published
    return {
        "km": route.km,
        "borders": float(route.count("border")),
        **{name: points[name] for name in ("expected", "p05", "p50", "p95")},
        "log_error": float(np.log(points["p50"] / np.sqrt(low * high))),
        "inside": bool(points["p05"] <= high and low <= points["p95"]),
    }


def shown_fit(rows: pd.DataFrame) -> dict[str, Any]:
    """Columns of a printed table that say how rows are met: p05 to p95, ratio and meets."""
    return {
        "p05 to p95": [span(*ends) for ends in zip(rows["p05"], rows["p95"], strict=True)],
        "ratio": np.exp(rows["log_error"]).map("{:.2f}".format),
        "meets": rows["inside"].map({True: "yes", False: "no"}),
    }
