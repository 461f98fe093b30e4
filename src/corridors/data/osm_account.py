"""What was read from OpenStreetMap, what was dropped and why, what was repaired and what was assumed."""

from __future__ import annotations

import html
from dataclasses import dataclass, field, fields, replace

import numpy as np
import pandas as pd

GAPS = ["mode", "lon", "lat", "to_lon", "to_lat", "gap_km", "closed"]
"""Columns of the table of gaps."""


@dataclass(frozen=True, eq=False)
class Report:
    """The account of one reading; `net.osm_report` holds it.

    Attributes
    ----------
    source
        The files or the query.
    kinds
        One row per tag class (`rail main`, `motorway`) and gauge: ways and km read, and km kept.
    dropped
        One row per reason: mode, ways and km left out.
    repaired
        What was repaired or merged: number and km.
    assumed
        What no tag says and a rule gave: number of rows and km.
    gaps
        Ends of lines that stop short of another line: mode, both points, width in km, whether closed.
    breaks
        Places where lines of two gauges meet without a terminal between them: place, gauges.
    links
        By link id: kind (tag class), name and ref, maxspeed_kmh (harmonic mean over the km that state it), surface and
        the OSM ids of the ways.
    """

    source: str
    kinds: pd.DataFrame
    dropped: pd.DataFrame
    repaired: pd.DataFrame
    assumed: pd.DataFrame
    gaps: pd.DataFrame
    breaks: pd.DataFrame
    links: pd.DataFrame

    def copy(self) -> Report:
        """Return a report with tables of its own."""
        frames = {one.name: getattr(self, one.name).copy() for one in fields(self) if one.name != "source"}
        return replace(self, **frames)

    def __str__(self) -> str:
        parts = [self.source]
        for title in ("kinds", "dropped", "repaired", "assumed"):
            frame = getattr(self, title)
            parts.append(f"\n{title}\n" + (frame.round(1).to_string(index=False) if len(frame) else "  nothing"))
        closed = int(self.gaps["closed"].sum())
        parts.append(f"\ngaps\n  {len(self.gaps)} found, {closed} closed" + " (table: .gaps)" * bool(len(self.gaps)))
        if len(self.breaks):
            parts.append(f"  {len(self.breaks)} places where gauges meet without a terminal (table: .breaks)")
        return "\n".join(parts)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}</pre>"


@dataclass
class Log:
    """Notes taken while a network is made."""

    source: str
    kinds: pd.DataFrame = field(default_factory=pd.DataFrame)
    dropped: list[tuple[str, str, int, float]] = field(default_factory=list)
    repaired: list[tuple[str, int, float]] = field(default_factory=list)
    assumed: list[tuple[str, int, float]] = field(default_factory=list)
    gaps: list[pd.DataFrame] = field(default_factory=list)
    breaks: list[tuple[str, str]] = field(default_factory=list)

    def drop(self, reason: str, mode: str, number: int, km: float) -> None:
        """Note what was left out, if anything."""
        if number:
            self.dropped.append((reason, mode, int(number), float(km)))

    def repair(self, what: str, number: int, km: float = float("nan")) -> None:
        """Note what was repaired, if anything."""
        if number:
            self.repaired.append((what, int(number), float(km)))

    def assume(self, what: str, number: int, km: float = float("nan")) -> None:
        """Note what a rule gave, if anything."""
        if number:
            self.assumed.append((what, int(number), float(km)))

    def ways(self, kinds: pd.DataFrame, km: np.ndarray) -> None:
        """Note what was read and what is left out by its tags."""
        table = kinds.assign(km=km, kept_km=np.where(kinds["dropped"] == "", km, 0.0))
        grouped = table.groupby(["mode", "kind", "gauges"], as_index=False)
        self.kinds = grouped.agg(ways=("km", "size"), km=("km", "sum"), kept_km=("kept_km", "sum"))
        gone = table[table["dropped"] != ""].groupby(["dropped", "mode"])["km"].agg(["size", "sum"])
        for (reason, mode), row in gone.iterrows():
            self.drop(str(reason), str(mode), int(row["size"]), float(row["sum"]))

    def report(self, links: pd.DataFrame) -> Report:
        """Close the account."""
        return Report(
            self.source,
            self.kinds,
            pd.DataFrame(self.dropped, columns=["reason", "mode", "number", "km"]),
            pd.DataFrame(self.repaired, columns=["what", "number", "km"]),
            pd.DataFrame(self.assumed, columns=["what", "number", "km"]),
            pd.concat(self.gaps, ignore_index=True) if self.gaps else pd.DataFrame(columns=GAPS),
            pd.DataFrame(self.breaks, columns=["place", "gauges"]),
            links,
        )
