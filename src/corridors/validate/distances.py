"""The model against published figures: distances over the same way, and journeys that were observed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from corridors.base.errors import CorridorsError, DataFileError
from corridors.base.numbers import figure, published, span
from corridors.data import bundled
from corridors.model import parts
from corridors.network.network import Network
from corridors.uncertainty import totals

COLUMNS = ["from_id", "to_id", "published_km"]
"""Columns that a file of distances must have; `via` (separated by commas), `independent` and `note` may stand."""


@dataclass(frozen=True, eq=False)
class DistanceValidation:
    """Published distances beside the routed ones.

    Attributes
    ----------
    table
        One row per distance: way (in names), from_id, to_id, via, published_km, model_km, error_pct, within,
        independent, note, and `problem` where it could not be routed.
    tolerance_pct
        Difference that counts as reproduced.
    """

    table: pd.DataFrame
    tolerance_pct: float

    @property
    def share_within(self) -> float:
        """Share of distances reproduced within the tolerance."""
        return float(self.table["within"].mean())

    def shown(self) -> pd.DataFrame:
        """Give the table for reading: way (ends, and places passed), published km, routed km and difference in %.

        >>> import corridors as co
        >>> list(distances(co.load()).shown().columns)
        ['way', 'published km', 'routed km', 'difference %']
        """
        numbers = self.table[["published_km", "model_km"]].round().astype("Int64")
        difference = self.table["error_pct"].round(1) + 0.0  # no minus before nothing
        shown = numbers.set_axis(["published km", "routed km"], axis=1).assign(**{"difference %": difference})
        shown.insert(0, "way", self.table["way"])
        return shown

    def __str__(self) -> str:
        columns = ["from_id", "to_id", "via", "published_km", "model_km", "error_pct", "within", "note"]
        shown = self.table[columns].assign(
            note=self.table["problem"].where(self.table["problem"] != "", self.table["note"])
        )
        good = int(self.table["within"].sum())
        last = f"{good} of {len(shown)} within {self.tolerance_pct:g} % ({self.share_within:.0%})"
        return f"{shown.round(1).to_string(index=False, max_colwidth=70)}\n{last}"

    __repr__ = __str__


def distances(
    net: Network, file: str | Path | pd.DataFrame | None = None, *, mode: str = "rail", tolerance_pct: float = 2.0
) -> DistanceValidation:
    """Route every published distance over the same way and compare.

    Parameters
    ----------
    net
        The network.
    file
        CSV file or table with the columns of `COLUMNS`; by default the bundled published rail distances.
    mode
        Mode that is routed, alone.
    tolerance_pct
        Difference in percent that counts as reproduced.

    >>> import corridors as co
    >>> distances(co.load()).share_within >= 0.9
    True
    """
    frame = read_rows(bundled.folder() / "validation" / "rail_distances.csv" if file is None else file, COLUMNS)
    frame = frame.assign(published_km=pd.to_numeric(frame["published_km"]))
    rows = [_compare(net, row, mode) for row in frame.to_dict("records")]
    table = pd.DataFrame(rows)
    table["error_pct"] = 100 * (table["model_km"] / table["published_km"] - 1)
    table["within"] = table["error_pct"].abs() <= tolerance_pct
    return DistanceValidation(table, tolerance_pct)


def read_rows(file: str | Path | pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Read a CSV file or take a table, and see that it has the columns needed."""
    if isinstance(file, pd.DataFrame):
        frame = file
    else:
        path = Path(file)
        if not path.is_file():
            raise DataFileError(f"no file '{path}': give a CSV file with the columns {', '.join(columns)}.")
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    missing = [name for name in columns if name not in frame]
    if missing:
        raise DataFileError(f"the table needs the columns {', '.join(columns)}; missing: {', '.join(missing)}.")
    return frame


def _compare(net: Network, row: dict[str, object], mode: str) -> dict[str, object]:
    via = [part.strip() for part in str(row.get("via", "") or "").split(",") if part.strip()]
    kept = {name: row.get(name, "") for name in ("from_id", "to_id", "published_km", "independent", "note")}
    kept["way"] = _way(net, row, via)
    try:
        route = net.route(
            str(row["from_id"]), str(row["to_id"]), via=via, by="distance", modes=[mode],
            cargo="wagon" if mode == "rail" else "truck",
        )  # fmt: skip
    except CorridorsError as error:
        return {**kept, "via": ", ".join(via), "model_km": float("nan"), "problem": str(error)}
    return {**kept, "via": ", ".join(via), "model_km": route.km, "problem": ""}


def _way(net: Network, row: dict[str, object], via: Sequence[str] = ()) -> str:
    """Name a way by its ends, and by the places passed."""
    names = net.places["name"]
    origin, destination, *passed = (
        str(names.get(place, place)) for place in (str(row["from_id"]), str(row["to_id"]), *via)
    )
    return f"{origin} - {destination}" + (f" by {', '.join(passed)}" if passed else "")


TIME_COLUMNS = ["from_id", "to_id", "cargo", "low_h", "high_h", "kind"]
"""Columns that a file of observed times must have.

`via` (separated by commas), `modes` (by semicolons), `scope`, `usable`, `in_sample`, `conditions`, `year`, `source`
and `note` may stand.
"""

COUNTED = ("observed", "typical", "timetable")
"""Kinds of rows that count; plans, quotes and claims are shown apart."""

SCOPES: dict[str, dict[str, Any]] = {
    "journey": {"kinds_out": ("start",)},
    "order": {},
    "driving": {"components": ("line_haul", "sea")},
}
"""What the hours of a row contain: the journey from departure; the wait for it too; movement alone."""


@dataclass(frozen=True, eq=False)
class TimeValidation:
    """Observed journeys beside the modelled ones.

    Attributes
    ----------
    table
        One row per journey: id, journey (names and year), from_id, to_id, cargo, mode, kind, low_h and high_h
        (observed), expected, p05, p50, p95 (modelled),
        log_error (of p50 against the middle of the observed: a single journey is a draw, and logs of draws centre on
        the log of their median), inside (the observed range meets p05 to
        p95), group (counted, in-sample, special, apart, or not routed) and note.
    """

    table: pd.DataFrame

    def shown(self, group: str | None = None) -> pd.DataFrame:
        """Give the table as it is printed, one group or all: journey, by, cargo, observed and modelled hours, ratio.

        `ratio` is the median trip of the model over the middle of the observed; `meets` says whether the observed
        range meets p05 to p95.

        >>> import corridors as co
        >>> list(times(co.load(), draws=50).shown("counted").columns)
        ['journey', 'by', 'cargo', 'kind', 'observed h', 'modelled h', 'p05 to p95', 'ratio', 'meets']
        """
        rows = self.table if group is None else self.table[self.table["group"] == group]
        return pd.DataFrame(
            {
                "journey": rows["journey"],
                "by": rows["mode"].str.replace("+", " and "),
                "cargo": rows["cargo"],
                "kind": rows["kind"] + [f", {what}" if what else "" for what in rows["conditions"]],
                "observed h": [published(*ends) for ends in zip(rows["low_h"], rows["high_h"], strict=True)],
                "modelled h": rows["p50"].map(figure),
                "p05 to p95": [span(*ends) for ends in zip(rows["p05"], rows["p95"], strict=True)],
                "ratio": np.exp(rows["log_error"]).map("{:.2f}".format),
                "meets": rows["inside"].map({True: "yes", False: "no"}),
            }
        )

    def summary(self) -> pd.DataFrame:
        """Give per group and mode: rows, median absolute log error, bias and share inside p05 to p95."""
        routed = self.table[self.table["expected"].notna()]
        groups = [*routed.groupby(["group", "mode"]), *(((g, "all"), t) for g, t in routed.groupby("group"))]
        rows = [
            {
                "group": group,
                "mode": mode,
                "rows": len(part),
                "median_abs_log_error": part["log_error"].abs().median(),
                "bias": part["log_error"].mean(),
                "inside": part["inside"].mean(),
            }
            for (group, mode), part in groups
        ]
        return pd.DataFrame(rows).sort_values(["group", "mode"], ignore_index=True)

    def __str__(self) -> str:
        columns = ["id", "mode", "kind", "low_h", "high_h", "expected", "p05", "p95", "log_error", "inside", "group"]
        return (
            f"{self.table[columns].round(2).to_string(index=False)}\n\n{self.summary().round(2).to_string(index=False)}"
        )

    __repr__ = __str__


def times(
    net: Network, file: str | Path | pd.DataFrame | None = None, *, draws: int = 2000, seed: int = 0
) -> TimeValidation:
    """Run the model on every usable observed journey, over the way that was taken.

    Rows that set a parameter are told apart as in-sample; rows of special conditions (a pilot run, snow, a jammed
    border) are told apart as special; plans, quotes and claims stand apart and are never counted.

    Parameters
    ----------
    net
        The network.
    file
        CSV file or table with the columns of `TIME_COLUMNS`; by default the bundled observations.
    draws, seed
        Draws for the percentiles; they are of trips, with the knowledge of the means in them.

    >>> import corridors as co
    >>> set(times(co.load(), draws=100).table["group"]) >= {"counted", "in-sample"}
    True
    """
    frame = read_rows(bundled.folder() / "validation" / "observed_times.csv" if file is None else file, TIME_COLUMNS)
    rows = [row for row in frame.to_dict("records") if row.get("usable", "yes") != "no"]
    return TimeValidation(pd.DataFrame([_observe(net, row, draws, seed) for row in rows]))


def _observe(net: Network, row: dict[str, object], draws: int, seed: int) -> dict[str, object]:
    low, high = float(str(row["low_h"])), float(str(row["high_h"]))
    modes = [m for m in str(row.get("modes", "") or "").split(";") if m]
    found: dict[str, object] = {
        "id": row.get("id", f"{row['from_id']}-{row['to_id']}"),
        "journey": ", ".join(filter(None, [_way(net, row), str(row.get("year", "") or "")])),
        **{name: row[name] for name in ("from_id", "to_id", "cargo")},
        "mode": "+".join(modes) or "any",
        "kind": row["kind"],
        "low_h": low,
        "high_h": high,
        **dict.fromkeys(("expected", "p05", "p50", "p95", "log_error"), float("nan")),
        "inside": False,
        "group": _group(row),
        "conditions": row.get("conditions", ""),
        "note": row.get("note", ""),
    }
    via = [part.strip() for part in str(row.get("via", "") or "").split(",") if part.strip()]
    try:
        route = net.route(str(row["from_id"]), str(row["to_id"]), via=via, cargo=str(row["cargo"]), modes=modes or None)
    except CorridorsError as error:
        return {**found, "group": "not routed", "note": str(error)}
    scope = str(row.get("scope", "") or "journey")
    if scope not in SCOPES:
        raise DataFileError(f"scope '{scope}' of row '{found['id']}' is none of {', '.join(SCOPES)}.")
    weights = parts.coefficients(route, "hours", **SCOPES[scope])
    spread = totals.spread_of(route, weights, "hours", draws=draws, seed=seed, spread="both")
    points = spread.summary()
    return {
        **found,
        **{name: points[name] for name in ("expected", "p05", "p50", "p95")},
        "log_error": float(np.log(points["p50"] / np.sqrt(low * high))),
        "inside": bool(points["p05"] <= high and low <= points["p95"]),
    }


def _group(row: dict[str, object]) -> str:
    if row["kind"] not in COUNTED:
        return "apart"
    if row.get("in_sample") == "yes":
        return "in-sample"
    return "special" if row.get("conditions") else "counted"
