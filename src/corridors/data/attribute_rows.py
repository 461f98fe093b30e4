"""Rows of the table `attributes`: whether they can be, what is left when places go, and other ids of places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from corridors.base.dates import first_day, last_day
from corridors.data import schema

Misfit = tuple[int, str, str]
"""Row number (-1 for the whole table), column (blank for the whole row) and what is wrong."""

TABLES = {"crossing": "crossings", "terminal": "terminals", "port": "places", "link": "links"}
"""Tables of the kinds whose subjects are ids of rows."""

AMOUNTS = (
    "t/day", "t/month", "t/year", "kt/month", "Mt/year", "wagons/day", "trucks/day", "vehicles/day", "trains/day",
    "pairs/day", "TEU/year",
)  # fmt: skip

UNITS = {
    "capacity": AMOUNTS,
    "traffic": AMOUNTS,
    "tracks": ("tracks",),
    "axle_load_t": ("t",),
    "train_mass_t": ("t",),
    "train_length_m": ("m",),
    "freight_speed_kmh": ("km/h",),
    "line_speed_kmh": ("km/h",),
    "commercial_speed_kmh": ("km/h",),
    "gradient_permille": ("per mille",),
    "loops_km": ("km",),
    "lanes": ("lanes",),
    "servers": ("vehicles",),
}
"""Units of the attributes that are numbers; the others are told in words."""


def check_attributes(attributes: pd.DataFrame, _: Mapping[str, pd.DataFrame]) -> Iterator[Misfit]:
    """Yield statements without a value, in another unit, out of their range, or that end before they begin."""
    low, value, high = (attributes[name].to_numpy() for name in ("low", "value", "high"))
    for row in np.flatnonzero((low > value) | (high < value)).tolist():
        yield row, "value", f"{value[row]:g} is not between low and high"
    for row, told in enumerate(attributes.to_dict("records")):
        name, unit, number = str(told["attribute"]), str(told["unit"]), not np.isnan(told["value"])
        units = UNITS.get(name, ("",))
        if unit not in units:
            yield row, "unit", f"'{unit}' is not {' or '.join(filter(None, units)) or 'blank'}, as {name} needs"
        if number != (name in UNITS):
            yield row, "value", f"{name} is told {'as a number' if name in UNITS else 'in words (column text)'}"
        if name not in UNITS and not told["text"]:
            yield row, "text", f"needed for {name}"
        if told["kind"] in ("section", "country") and not told["mode"]:
            yield row, "mode", f"needed for a {told['kind']}"
        if told["ways"] and name not in ("capacity", "traffic"):
            yield row, "ways", "only capacity and traffic are those of each way"
        start, end = str(told["start"]), str(told["end"])
        if start and end and last_day(end) < first_day(start):
            yield row, "end", f"'{end}' is before start, '{start}'"


def left(frame: pd.DataFrame, existing: Mapping[str, set[str]]) -> pd.DataFrame:
    """Statements of which anything is left when rows of other tables were taken out.

    Parameters
    ----------
    frame
        The table `attributes`.
    existing
        Ids that are left in each of `TABLES`.
    """
    rows = zip(frame["kind"], frame["subject"], strict=True)
    kept = [any(_is_left(str(kind), item, existing) for item in schema.items(subject)) for kind, subject in rows]
    return frame[np.array(kept, dtype=bool)].reset_index(drop=True)


def _is_left(kind: str, item: str, existing: Mapping[str, set[str]]) -> bool:
    if kind == "section":
        return sum(place in existing["places"] for place in item.split("--")) > 1
    return kind not in TABLES or item in existing[TABLES[kind]]


def renamed(subject: str, kind: str, ids: Mapping[str, str]) -> str:
    """Subject with other ids of places.

    >>> renamed("a--b;c--d", "section", {"b": "x"})
    'a--x;c--d'
    """
    if kind not in ("section", "port"):
        return subject
    return schema.SEPARATOR.join("--".join(ids.get(i, i) for i in item.split("--")) for item in schema.items(subject))
