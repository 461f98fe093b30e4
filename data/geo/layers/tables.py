"""The curated tables that the alignments are drawn for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PLANNED = ("planned", "under_construction")


@dataclass(frozen=True)
class Tables:
    """Places by id, links, terminals, and pairs of ports with a service or a distance by sea."""

    places: pd.DataFrame
    links: pd.DataFrame
    services: pd.DataFrame
    terminals: pd.DataFrame
    distances: pd.DataFrame

    def position(self, place: str) -> tuple[float, float]:
        """Longitude and latitude of a place."""
        row = self.places.loc[place]
        return float(row["lon"]), float(row["lat"])


def read_tables(folders: Sequence[Path]) -> Tables:
    """Read the tables from the folders that have them; of equal ids the first counts."""
    places = _read("places", folders).set_index("id")
    places[["lat", "lon"]] = places[["lat", "lon"]].astype(float)
    links = _read("links", folders)
    links["length_km"] = links["length_km"].astype(float)
    for table, name in ((links, "links"), (services := _read("services", folders), "services")):
        unknown = sorted({*table["from_id"], *table["to_id"]} - set(places.index))
        if unknown:
            msg = f"{name} name places that the tables do not have: {', '.join(unknown)}"
            raise ValueError(msg)
    distances = services[["id", "from_id", "to_id"]][:0]
    if any((folder / "sea_distances.csv").exists() for folder in folders):
        distances = _read("sea_distances", folders)
    return Tables(places, links, services, _read("terminals", folders), distances)


def _read(name: str, folders: Sequence[Path]) -> pd.DataFrame:
    """Join one table from several folders, as text with blanks for what is missing."""
    files = [folder / f"{name}.csv" for folder in folders if (folder / f"{name}.csv").exists()]
    if not files:
        msg = f"no {name}.csv in {', '.join(map(str, folders))}"
        raise FileNotFoundError(msg)
    parts = [pd.read_csv(file, dtype=str, keep_default_na=False) for file in files]
    return pd.concat(parts).fillna("").drop_duplicates("id", ignore_index=True)
