"""The tables of a network, checked for form and references once, then shared unchanged by all its views."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from shapely.geometry import LineString, Point

from corridors.base.cache import Cache, Slot, unchanged
from corridors.base.errors import SchemaError, UnknownNameError
from corridors.base.names import fold, near_labels
from corridors.data import attribute_rows, closures, goods, rules, schema, waiting
from corridors.data.osm_account import Report
from corridors.data.parameters import KEYS, Theta, make_theta, parameter_names
from corridors.data.place_names import PlaceNames
from corridors.data.schema import NOWHERE, Origin

_SINGULAR = {"commodities": "commodity"}

_NAMES = Slot[PlaceNames]("what places are called", most=1, carried=unchanged)
_LINES = Slot[list[LineString]]("lines by table", most=20, carried=unchanged)
_COLUMNS = Slot[NDArray[np.object_]]("columns by table", most=40, carried=unchanged)
_ROWS = Slot[dict[str, int]]("rows of ids by table", most=20, carried=unchanged)


@dataclass(frozen=True, eq=False)
class Tables:
    """All tables by name; a table that was not given is empty.

    Equality is identity: two networks share compiled arrays when they share this object. `tables["links"]` is the
    caller's own: a column set or changed in it changes no network. `frames` are the tables themselves, to be read only.
    `hierarchies` is a file kept beside them, from which compiled graphs may be taken whose hash it has.
    """

    frames: Mapping[str, pd.DataFrame]
    as_of: str = ""
    read_alignments: Callable[[], Mapping[str, tuple[LineString, str]]] | None = None
    overrides: pd.DataFrame | None = None
    overridden: frozenset[str] = frozenset()
    osm_report: Report | None = None
    files: Mapping[str, Origin] = field(default_factory=dict, repr=False)
    hierarchies: Path | None = field(default=None, repr=False)
    cache: Cache = field(default_factory=Cache, repr=False)

    def __getitem__(self, name: str) -> pd.DataFrame:
        # a copy that shares its columns until one is written, so it costs microseconds; with pandas 2 it shares them on
        return self.frames[name].copy(deep=False)

    def __getstate__(self) -> dict[str, object]:
        # compiled arrays are made again rather than sent along
        kept = ("frames", "as_of", "read_alignments", "overrides", "overridden", "osm_report", "files", "hierarchies")
        return {**{name: getattr(self, name) for name in kept}, "cache": Cache()}

    def __setstate__(self, state: Mapping[str, object]) -> None:
        for name, value in state.items():
            object.__setattr__(self, name, value)

    @cached_property
    def place_row(self) -> dict[str, int]:
        """Row number of each place id."""
        return self.rows("places")

    @property
    def place_names(self) -> PlaceNames:
        """What the places are called."""
        return self.cache.get(_NAMES, None, lambda: PlaceNames(self["places"]))

    @cached_property
    def parameters(self) -> pd.DataFrame:
        """All parameters: the table, and the waits for ships and for the opening of crossings that it does not have."""
        if self.overrides is not None:
            return self.overrides
        own = self["parameters"]
        waits = [waiting.for_ships(self["services"], own.columns), waiting.for_opening(self["crossings"], own.columns)]
        named = set(parameter_names(own))
        more = [frame[[name not in named for name in parameter_names(frame)]] for frame in waits if len(frame)]
        more = [frame for frame in more if len(frame)]
        return pd.concat([own, *more], ignore_index=True) if more else own

    @cached_property
    def theta(self) -> Theta:
        """All parameters as vectors."""
        return make_theta(self.parameters)

    def label(self, ident: str) -> str:
        """Name, country and id of a place, for messages."""
        return self.place_names.label(ident)

    def place(self, name: str, *, beside: Iterable[str] = ()) -> str:
        """Find the id of a place by id, name or common spelling, as `PlaceNames.find` does."""
        return self.place_names.find(name, beside=beside)

    def country(self, ident: str) -> str:
        """Code of the country of a place."""
        return self.place_names.country[ident]

    def name(self, ident: str) -> str:
        """Name of a place."""
        return str(self["places"]["name"].iloc[self.place_row[ident]])

    def point(self, ident: str) -> Point:
        """Position of a place (WGS 84)."""
        return Point(*self._lonlat[self.place_row[ident]])

    @cached_property
    def _lonlat(self) -> list[list[float]]:
        """Longitude and latitude of all places."""
        found: list[list[float]] = self["places"][["lon", "lat"]].to_numpy(dtype=float).tolist()
        return found

    @cached_property
    def alignments(self) -> Mapping[str, tuple[LineString, str]]:
        """Lines of links and sea hops by id, each with the method by which it was made."""
        return self.read_alignments() if self.read_alignments else {}

    def shape(self, table: str, row: int) -> LineString:
        """Line of a link or sea hop from its first end to its second, straight where none is known."""
        return self.lines(table)[row]

    def lines(self, table: str) -> list[LineString]:
        """Lines of all links or sea hops, in the order of the table."""
        return self.cache.get(_LINES, table, lambda: list(self._lines(table)))

    def _lines(self, table: str) -> Iterator[LineString]:
        places, frame, drawn = self["places"], self[table], self.alignments
        at = dict(zip(places["id"], zip(places["lon"], places["lat"], strict=True), strict=True))
        for ident, first, second in zip(frame["id"], frame["from_id"], frame["to_id"], strict=True):
            pair, back = f"{first}--{second}", f"{second}--{first}"
            if (found := drawn.get(ident if table == "links" else pair)) is not None:
                yield found[0]
            elif (found := drawn.get(back)) is not None:
                yield found[0].reverse()
            else:
                yield LineString([at[first], at[second]])

    def find(self, table: str, ident: str) -> pd.Series:
        """Row of an id in a table.

        Raises
        ------
        UnknownNameError
            With near matches.
        """
        rows = self.rows(table)
        if ident not in rows:
            labels = {fold(key): key for key in rows}
            raise UnknownNameError(_SINGULAR.get(table, table.removesuffix("s")), ident, near_labels(ident, labels))
        return self[table].iloc[rows[ident]]

    def ident(self, table: str, row: int) -> str:
        """Id of a row of a table."""
        return str(self.column(table, "id")[row])

    def column(self, table: str, name: str) -> NDArray[np.object_]:
        """Column of texts of a table as an array, which is quicker to take from than a column of pandas."""

        def make() -> NDArray[np.object_]:
            found: NDArray[np.object_] = self[table][name].to_numpy(dtype=object)
            found.flags.writeable = False
            return found

        return self.cache.get(_COLUMNS, (table, name), make)

    def rows(self, table: str) -> dict[str, int]:
        """Row number of each id of a table."""
        return self.cache.get(
            _ROWS, table, lambda: {ident: row for row, ident in enumerate(self.column(table, "id").tolist())}
        )


def make_tables(
    frames: Mapping[str, pd.DataFrame],
    *,
    as_of: str = "",
    read_alignments: Callable[[], Mapping[str, tuple[LineString, str]]] | None = None,
    files: Mapping[str, Origin] | None = None,
    checked: Tables | None = None,
) -> Tables:
    """Check tables for form, references and ranges, and bind them together.

    Parameters
    ----------
    frames
        Tables by name; at least `places` and `links`.
    as_of
        Date of the information; open links without a date of opening are known to be open from then.
    read_alignments
        Reads the lines of links by id when they are first needed.
    files
        Where the tables were read, for messages.
    checked
        Tables some of which are among the frames: they have the right form already.

    Raises
    ------
    SchemaError
        Naming file, table, row and column of every misfit.
    """
    files = files or {}
    made = _formed(frames, files, checked)
    made["closures"] = closures.normalised(made["closures"], made)
    for name, frame in made.items():
        if frame.empty and name != "places":
            continue  # nothing can be wrong with no rows, and most tables of a small network have none
        problems = list(_dangling(name, frame, made))
        if name in _RANGES:
            problems += _RANGES[name](frame, made)
        if problems:
            origin = files.get(name, NOWHERE)
            raise SchemaError(name, [origin.say(*p) if p[0] >= 0 else p[2] for p in problems], origin.file)
    return Tables(made, as_of, read_alignments, files=files)


def free_id(ident: str, taken: Container[str]) -> str:
    """Id that is not taken yet: the one asked for, or with `~2`, `~3`, ... behind it.

    >>> free_id("a--b:road", {"a--b:road", "a--b:road~2"})
    'a--b:road~3'
    """
    if ident not in taken:
        return ident
    return next(found for number in count(2) if (found := f"{ident}~{number}") not in taken)


def _formed(
    frames: Mapping[str, pd.DataFrame], files: Mapping[str, Origin], checked: Tables | None
) -> dict[str, pd.DataFrame]:
    """Bring every table into the form of the schema."""
    for name in frames:
        if name not in schema.tables():
            raise SchemaError(name, [f"no such table; there are {', '.join(schema.tables())}"])
    for name in ("places", "links"):
        if name not in frames:
            raise SchemaError(name, ["the table is missing: a network needs places and links"])
    made = {}
    for name in schema.tables():
        frame = frames.get(name)
        if frame is None:
            made[name] = schema.empty(name)
        elif checked is not None and frame is checked[name]:
            made[name] = frame
        else:
            made[name] = schema.conform(name, frame, origin=files.get(name, NOWHERE))
    return made


Misfit = rules.Misfit
"""Row number (-1 for the whole table), column (blank for the whole row) and what is wrong."""


def _dangling(name: str, frame: pd.DataFrame, made: Mapping[str, pd.DataFrame]) -> Iterator[Misfit]:
    """Yield references to rows that do not exist; a table left out altogether is not referred to.

    Places, links and the crossings of links are always needed: nothing can be routed without them.
    """
    for column in schema.tables()[name].values():
        target = made.get(column.refers_to)
        needed = column.refers_to in ("places", "links") or (name, column.name) == ("links", "crossing")
        if target is None or (target.empty and not needed):
            continue
        existing, cells = set(target["id"].to_numpy(dtype=object)), frame[column.name]
        if column.type == "area":
            existing.update(filter(schema.is_country, cells))
        listed = column.type == "list"
        named = set(cells.to_numpy(dtype=object))
        missing = {cell for cell in named if any(i not in existing for i in _named(cell, listed=listed))}
        for row in np.flatnonzero(cells.isin(missing)).tolist() if missing else ():
            for ident in _named(cells[row], listed=listed):
                if ident not in existing:
                    hint = near_labels(ident, {fold(i): i for i in existing}, most=2)
                    also = f"; near matches: {', '.join(hint)}" if hint else ""
                    kind = _SINGULAR.get(column.refers_to, column.refers_to.removesuffix("s"))
                    yield row, column.name, f"no {kind} '{ident}'{also}"


def _named(cell: str, *, listed: bool) -> list[str]:
    """List the ids that a cell names."""
    return schema.items(cell) if listed else [cell] if cell else []


def _check_places(places: pd.DataFrame, _: Mapping[str, pd.DataFrame]) -> Iterator[Misfit]:
    if places.empty:
        yield -1, "", "the table has no rows: a network needs places"
    for row in np.flatnonzero(~(places["lat"].between(-90, 90) & places["lon"].between(-180, 180))).tolist():
        lat, lon = places["lat"][row], places["lon"][row]
        swapped = "; latitude and longitude look swapped" if -90 <= lon <= 90 else ""
        degrees = "; degrees are expected (WGS 84), not metres" if max(abs(lat), abs(lon)) > 1000 else ""
        yield row, "lat", f"lat={lat:g}, lon={lon:g} is no point on earth{degrees or swapped}"


def _check_links(links: pd.DataFrame, made: Mapping[str, pd.DataFrame]) -> Iterator[Misfit]:
    country = dict(made["places"][["id", "country"]].to_numpy(dtype=object).tolist())
    crossing, rail, km = links["crossing"] != "", links["mode"] == "rail", links["length_km"]
    short = (km < 0) | ((km == 0) & ~crossing)
    gauge = rail != (links["gauge_mm"] != "")
    turning = links["from_id"] == links["to_id"]
    across = links["from_id"].map(country).fillna("") != links["to_id"].map(country).fillna("")
    border = crossing & ~links["border_km"].fillna(0).between(0, km)
    for row in np.flatnonzero(short | gauge | turning | (across != crossing) | border).tolist():
        link = links.iloc[row]
        if short[row]:
            yield row, "length_km", f"{link['length_km']:g} must be positive (0 only at a border crossing)"
        if gauge[row]:
            yield row, "gauge_mm", "needed for rail and only for rail"
        if turning[row]:
            yield row, "to_id", f"'{link['id']}' joins '{link['from_id']}' to itself"
        if across[row] != crossing[row]:
            yield row, "crossing", f"a link between two countries needs a crossing, any other has none ('{link['id']}')"
        if border[row]:
            yield row, "border_km", f"{link['border_km']:g} is not between 0 and length_km"


def _check_order(frame: pd.DataFrame, _: Mapping[str, pd.DataFrame]) -> Iterator[Misfit]:
    """Yield numbers that do not lie between their low and their high ends, where both ends are drawn from."""
    for name in frame.columns:
        stem, _joint, unit = str(name).partition("_")
        low, high = f"{stem}_low_{unit}", f"{stem}_high_{unit}"
        if low in frame and high in frame:
            for row in np.flatnonzero((frame[low] > frame[name]) | (frame[high] < frame[name])).tolist():
                yield row, str(name), f"{frame[name][row]:g} is not between {low} and {high}"


def _check_events(events: pd.DataFrame, made: Mapping[str, pd.DataFrame]) -> Iterator[Misfit]:
    yield from _check_order(events, made)
    yield from rules.check_events(events, made)


def _check_commodities(commodities: pd.DataFrame, made: Mapping[str, pd.DataFrame]) -> Iterator[Misfit]:
    yield from _check_order(commodities, made)
    yield from goods.check_commodities(commodities, made)


def _check_parameters(parameters: pd.DataFrame, _: Mapping[str, pd.DataFrame]) -> Iterator[Misfit]:
    ordered = (parameters["low"] <= parameters["value"]) & (parameters["value"] <= parameters["high"])
    for row in np.flatnonzero(~ordered):
        yield int(row), "value", "not low <= value <= high"
    for row in np.flatnonzero((parameters["low"] < 0) | ((parameters["unit"] == "km/h") & (parameters["low"] <= 0))):
        yield int(row), "low", f"{parameters['low'][row]:g} {parameters['unit'][row]} is not possible"
    yield from _check_rest(parameters)
    keys = list(parameters.columns)[: list(parameters.columns).index("value")]
    seen: set[tuple[str, ...]] = set()
    rows = zip(*(parameters[key].to_numpy(dtype=object).tolist() for key in keys), strict=True)
    for number, cells in enumerate(rows):
        if cells in seen:
            yield number, "", "the same keys stand in an earlier row, so neither is more specific"
        seen.add(cells)
    yield from rules.one_name(parameters)


def _check_rest(parameters: pd.DataFrame) -> Iterator[Misfit]:
    """Yield what is wrong with the parameters of the rests of drivers."""
    component, hours = parameters["component"], parameters["measure"] == "hours"
    of_rest = component.isin(["rest", "shift", "layover"])
    for row in np.flatnonzero(of_rest & hours & (parameters["unit"] != "h")):
        meaning = "one rest, the driving of one shift, or the part of a stop that is no rest"
        yield int(row), "unit", f"'{parameters['unit'][row]}': {component[row]} is in h, for {meaning}"
    for row in np.flatnonzero((component == "shift") & (parameters["low"] <= 0)):
        yield int(row), "low", "a shift has more than 0 hours of driving"
    for row in np.flatnonzero(component.isin(["shift", "layover"]) & ~hours):
        yield int(row), "measure", f"{component[row]} is a number of hours"
    for key in KEYS:
        if key in ("cargo", "season", "mode"):
            continue
        for row in np.flatnonzero(component.isin(["rest", "layover"]) & (parameters[key] != "")):
            yield int(row), key, f"{component[row]} is the same on all roads; what differs is the shift"


_RANGES = {
    "places": _check_places,
    "links": _check_links,
    "parameters": _check_parameters,
    "crossings": rules.check_crossings,
    "closures": closures.misfits,
    "events": _check_events,
    "projects": rules.check_projects,
    "project_years": rules.check_project_years,
    **dict.fromkeys(("services", "sea_distances"), _check_order),
    "commodities": _check_commodities,
    "flows": goods.check_flows,
    "duties": goods.check_duties,
    "seasons": goods.check_seasons,
    "attributes": attribute_rows.check_attributes,
    **dict.fromkeys(("offers", "markets", "elasticities"), goods.check_range),
}
