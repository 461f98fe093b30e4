"""The model against published distances: every one is routed over the way of its source and compared."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import networkx as nx
import numpy as np
import pandas as pd

from corridors.base.errors import CorridorsError, InputError, NoRouteError
from corridors.base.results import Result
from corridors.base.sphere import geodesic_km
from corridors.data import bundled
from corridors.data.csv_tables import read_rows
from corridors.network.network import Network

COLUMNS = ["from_id", "to_id", "published_km"]
"""Columns that a file of distances must have.

There may be `low_km` and `high_km` (the range that is published), `mode`, `via` (ids of places separated by commas),
`independent` (`no` for a distance from which a length of the network was taken) and `note`.
"""

FILES = {"rail": "rail_distances.csv", "road": "road_distances.csv"}
"""Bundled distances by mode."""

TOLERANCE_PCT = {"rail": 2.0, "road": 5.0, "sea": 5.0}
"""Difference in percent that counts as reproduced, by mode."""

CARGO = {"rail": "wagon", "road": "truck"}
"""Cargo unit that is routed, by mode; ships are followed from port to port, whatever they carry."""


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

        Columns: way (in names), from_id, to_id, via, mode, published_km, low_km and high_km (the published range),
        great_circle_km (by the places passed), model_km, error_pct (against the nearer end of the range, 0 inside it),
        within, impossible (published below the great circle), independent, note, and `problem` where it could not be
        routed.

        >>> import corridors as co
        >>> co.validate.distances(co.load()).table()["within"].sum().item()
        33
        """
        return self.rows.copy()

    @property
    def possible(self) -> pd.DataFrame:
        """Rows whose published distance is not below the great circle, the same columns as `table()`."""
        return self.rows[~self.rows["impossible"]]

    @property
    def share_within(self) -> float:
        """Share of the possible distances that are reproduced within the tolerance."""
        return float(self.possible["within"].mean())

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
        rows = self.possible
        text = f"{int(rows['within'].sum())} of {len(rows)} within {self.tolerance_pct:g} % ({self.share_within:.0%})"
        for name, own in (("independent", True), ("in-sample", False)):
            part = rows[rows["in_sample"] != own]
            if 0 < len(part) < len(rows):
                text += f"; {name}: {int(part['within'].sum())} of {len(part)}"
        if not self.rows["impossible"].any():
            return text
        ways = ", ".join(
            f"{row.way} ({row.high_km:,.0f} km, great circle {row.great_circle_km:,.0f} km)"
            for row in self.rows[self.rows["impossible"]].itertuples()
        )
        return f"{text}\nimpossible, below the great circle: {ways}"


def distances(
    net: Network,
    file: str | Path | pd.DataFrame | None = None,
    *,
    mode: str = "rail",
    tolerance_pct: float | None = None,
) -> DistanceValidation:
    """Route every published distance over the same way and compare.

    Parameters
    ----------
    net
        The network.
    file
        CSV file or table with the columns of `COLUMNS`; by default the bundled published distances of the mode.
    mode
        Mode that is routed, alone: `rail`, `road` or `sea`. A row may name its own in the column `mode`.
    tolerance_pct
        Difference in percent that counts as reproduced; by default that of `TOLERANCE_PCT`.

    Returns
    -------
    DistanceValidation
        Published and routed km of every pair, and scores.

    Raises
    ------
    InputError
        If the mode is unknown, or no distances of it are bundled and no file is given.

    >>> import corridors as co
    >>> round(co.validate.distances(co.load()).share_within, 2)
    0.92
    >>> table = pd.DataFrame({"from_id": ["kabul"], "to_id": ["herat"], "published_km": [400]})
    >>> co.validate.distances(co.load(), table, mode="road").table()["impossible"].item()
    True
    """
    if mode not in TOLERANCE_PCT:
        raise InputError("mode", mode, f"one of {', '.join(TOLERANCE_PCT)}")
    if file is None and mode not in FILES:
        raise InputError("file", file, f"no published distances by {mode} are bundled: give a file")
    tolerance = TOLERANCE_PCT[mode] if tolerance_pct is None else tolerance_pct
    frame = read_rows(bundled.folder() / "validation" / FILES[mode] if file is None else file, COLUMNS)
    published = pd.to_numeric(frame["published_km"])
    for name in ("low_km", "high_km"):
        frame[name] = pd.to_numeric(frame[name]).fillna(published) if name in frame else published
    frame = frame.assign(published_km=published)
    table = pd.DataFrame([_compare(net, row, mode) for row in frame.to_dict("records")])
    return DistanceValidation(_judged(net, table, tolerance), tolerance)


def _compare(net: Network, row: dict[str, object], mode: str) -> dict[str, object]:
    """Route one row."""
    via = [part.strip() for part in str(row.get("via", "") or "").split(",") if part.strip()]
    kept = {name: row.get(name, "") for name in (*COLUMNS, "low_km", "high_km", "independent", "note")}
    mode = str(row.get("mode") or mode)
    kept |= {"way": way_in_names(net, row, via), "via": ", ".join(via), "mode": mode}
    if mode not in TOLERANCE_PCT:
        problem = f"mode {mode!r} is not one of {', '.join(TOLERANCE_PCT)}"
        return {**kept, "model_km": float("nan"), "problem": problem}
    ends = str(row["from_id"]), str(row["to_id"])
    try:
        if mode == "sea":
            km = _sea_km(net, [ends[0], *via, ends[1]])
        else:
            km = net.route(*ends, via=via, by="distance", modes=[mode], cargo=CARGO[mode]).km
    except CorridorsError as error:
        return {**kept, "model_km": float("nan"), "problem": str(error)}
    return {**kept, "model_km": km, "problem": ""}


def _sea_km(net: Network, stops: Sequence[str]) -> float:
    """Shortest distance in km by the services in use from port to port, without what lies on land."""
    services = net.services[net.services["in_use"]].sort_values("length_km", ascending=False)
    ports: nx.Graph[str] = nx.Graph()
    for hop in services[["from_id", "to_id", "length_km"]].itertuples(index=False):
        ports.add_edge(hop.from_id, hop.to_id, km=hop.length_km)
    found = 0.0
    for one, other in itertools.pairwise(map(net.tables.place, stops)):
        if one not in ports or other not in ports or not nx.has_path(ports, one, other):
            raise NoRouteError(net.tables.label(one), net.tables.label(other), ["no services join these ports"])
        found += nx.shortest_path_length(ports, one, other, weight="km")
    return found


def _judged(net: Network, table: pd.DataFrame, tolerance_pct: float) -> pd.DataFrame:
    """Rows with their error against the published range, and whether that is possible at all."""
    nearest = table["model_km"].clip(table["low_km"], table["high_km"])
    table["error_pct"] = 100 * (table["model_km"] / nearest - 1)
    table["within"] = table["error_pct"].abs() <= tolerance_pct
    straight = [_straight(net, row) for row in table.to_dict("records")]
    table["great_circle_km"] = [km for km, _ in straight]
    # the positions of the ends may be off by so much
    table["impossible"] = table["high_km"] < table["great_circle_km"] - [error for _, error in straight]
    table["in_sample"] = table["independent"].astype(str).str.lower().str.startswith("no")
    return table


def _straight(net: Network, row: dict[str, object]) -> tuple[float, float]:
    """Great circle in km by the places passed, and the position errors of both ends; nan where a place is unknown."""
    stops = [str(row["from_id"]), *filter(None, str(row["via"]).split(", ")), str(row["to_id"])]
    places = net.tables["places"].set_index("id")
    if not set(stops) <= set(places.index):
        return float("nan"), float("nan")
    points = places.loc[stops, ["lon", "lat"]].to_numpy(dtype=float)
    errors = places.loc[[stops[0], stops[-1]], "position_km"]
    return float(np.sum(geodesic_km(points[:-1], points[1:]))), float(errors.sum())


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
