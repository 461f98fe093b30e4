"""The model against published figures: distances over the same way, and journeys that were observed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pandas as pd

from corridors.base.errors import CorridorsError
from corridors.base.results import Result
from corridors.data import bundled
from corridors.data.csv_tables import read_rows
from corridors.network.network import Network

COLUMNS = ["from_id", "to_id", "published_km"]
"""Columns that a file of distances must have; `via` (separated by commas), `independent` and `note` may stand."""


@dataclass(frozen=True, eq=False, repr=False)
class DistanceValidation(Result):
    """Published distances beside the routed ones.

    Attributes
    ----------
    rows
        What `table()` returns.
    tolerance_pct
        Difference that counts as reproduced.
    """

    rows: pd.DataFrame
    tolerance_pct: float

    _indexed: ClassVar[bool] = False

    def table(self) -> pd.DataFrame:
        """Table of one row per distance.

        Columns: way (in names), from_id, to_id, via, published_km, model_km, error_pct, within, independent, note, and
        `problem` where it could not be routed.

        >>> import corridors as co
        >>> co.validate.distances(co.load()).table()["within"].sum().item()
        33
        """
        return self.rows.copy()

    @property
    def share_within(self) -> float:
        """Share of distances reproduced within the tolerance."""
        return float(self.rows["within"].mean())

    def shown(self) -> pd.DataFrame:
        """Table for reading: way (ends, and places passed), published km, routed km and difference in %.

        >>> import corridors as co
        >>> print(co.validate.distances(co.load()).shown().head(1).to_string(index=False))
                        way  published km  routed km  difference %
         Almaty - Saryagash           952        952           0.0
        """
        numbers = self.rows[["published_km", "model_km"]].round().astype("Int64")
        difference = self.rows["error_pct"].round(1) + 0.0  # no minus before nothing
        shown = numbers.set_axis(["published km", "routed km"], axis=1).assign(**{"difference %": difference})
        shown.insert(0, "way", self.rows["way"])
        return shown

    def _shown(self) -> pd.DataFrame:
        columns = ["from_id", "to_id", "via", "published_km", "model_km", "error_pct", "within", "note"]
        notes = self.rows["problem"].where(self.rows["problem"] != "", self.rows["note"])
        return self.rows[columns].assign(note=notes).round(1)

    def _below(self) -> str:
        good = int(self.rows["within"].sum())
        return f"{good} of {len(self.rows)} within {self.tolerance_pct:g} % ({self.share_within:.0%})"


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
    >>> round(co.validate.distances(co.load()).share_within, 2)
    0.92
    """
    frame = read_rows(bundled.folder() / "validation" / "rail_distances.csv" if file is None else file, COLUMNS)
    frame = frame.assign(published_km=pd.to_numeric(frame["published_km"]))
    rows = [_compare(net, row, mode) for row in frame.to_dict("records")]
    table = pd.DataFrame(rows)
    table["error_pct"] = 100 * (table["model_km"] / table["published_km"] - 1)
    table["within"] = table["error_pct"].abs() <= tolerance_pct
    return DistanceValidation(table, tolerance_pct)


def _compare(net: Network, row: dict[str, object], mode: str) -> dict[str, object]:
    via = [part.strip() for part in str(row.get("via", "") or "").split(",") if part.strip()]
    kept = {name: row.get(name, "") for name in ("from_id", "to_id", "published_km", "independent", "note")}
    kept["way"] = way_in_names(net, row, via)
    try:
        route = net.route(
            str(row["from_id"]), str(row["to_id"]), via=via, by="distance", modes=[mode],
            cargo="wagon" if mode == "rail" else "truck",
        )  # fmt: skip
    except CorridorsError as error:
        return {**kept, "via": ", ".join(via), "model_km": float("nan"), "problem": str(error)}
    return {**kept, "via": ", ".join(via), "model_km": route.km, "problem": ""}


def way_in_names(net: Network, row: dict[str, object], via: Sequence[str] = ()) -> str:
    """Name of a way: its ends, and the places passed.

    Parameters
    ----------
    net
        The network.
    row
        Row with `from_id` and `to_id`.
    via
        Ids of places passed.

    >>> import corridors as co
    >>> way_in_names(co.load(), {"from_id": "termez", "to_id": "kabul"}, ["hairatan"])
    'Termez - Kabul by Hairatan'
    """
    names = net.places["name"]
    origin, destination, *passed = (
        str(names.get(place, place)) for place in (str(row["from_id"]), str(row["to_id"]), *via)
    )
    return f"{origin} - {destination}" + (f" by {', '.join(passed)}" if passed else "")
