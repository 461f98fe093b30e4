"""The book behind an interactive map: everything that is shown, each thing once, referred to by its number.

Positions are whole numbers of `UNIT_M` metres in the projection of the map. A line is its first point followed by
the steps from point to point.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeVar

import numpy as np
import pandas as pd
from pyproj import Transformer
from shapely.geometry import LineString

from corridors.data import schema
from corridors.data.place_names import translated
from corridors.data.tables import Tables

UNIT_M: Final = 100
"""Metres to a unit of position: a tenth of what alignments are good for."""

Row = dict[str, Any]
T = TypeVar("T")


@dataclass
class Register:
    """Rows of one kind, each once, by number."""

    rows: list[Any] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    def add(self, row: Any) -> int:
        """Enter a row if it is new, and return its number."""
        key = json.dumps(row)
        if key not in self.numbers:
            self.numbers[key] = len(self.rows)
            self.rows.append(row)
        return self.numbers[key]


@dataclass
class Book:
    """Registers of one map.

    Attributes
    ----------
    crs
        Projection of the map.
    """

    crs: str
    lines: Register = field(default_factory=Register)
    sources: Register = field(default_factory=Register)
    parameters: Register = field(default_factory=Register)
    places: Register = field(default_factory=Register)
    links: Register = field(default_factory=Register)
    crossings: Register = field(default_factory=Register)
    terminals: Register = field(default_factory=Register)
    services: Register = field(default_factory=Register)
    statements: Register = field(default_factory=Register)
    hours: Register = field(default_factory=Register)
    made: dict[Hashable, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._transformer = Transformer.from_crs("EPSG:4326", self.crs, always_xy=True)

    def as_data(self) -> dict[str, list[Any]]:
        """Rows of all registers by name."""
        return {name: value.rows for name, value in vars(self).items() if isinstance(value, Register)}

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Value made under a key before, or made now."""
        if key not in self.made:
            self.made[key] = make()
        value: T = self.made[key]
        return value

    def position(self, lon: float, lat: float) -> tuple[int, int]:
        """Project degrees to units of the map."""
        x, y = self._transformer.transform(lon, lat)
        return round(x / UNIT_M), round(y / UNIT_M)

    def line(self, shape: LineString) -> int:
        """Enter a line (WGS 84)."""
        xy = np.asarray(shape.coords)[:, :2]
        return self.lines.add(encoded(np.column_stack(self._transformer.transform(xy[:, 0], xy[:, 1]))))

    def source_list(self, tables: Tables, cell: str) -> list[int]:
        """Enter the sources that a cell names."""
        return [self.once(("source", id(tables), i), partial(self._source, tables, i)) for i in schema.items(cell)]

    def _source(self, tables: Tables, ident: str) -> int:
        """Enter a source; a name that the table of sources does not hold stands for itself."""
        rows = tables.rows("sources")
        if ident not in rows:
            return self.sources.add([ident, "", "", ""])
        row = tables["sources"].iloc[rows[ident]]
        return self.sources.add([str(row[c]) for c in ("title", "publisher", "year", "url")])

    def place(self, tables: Tables, ident: str) -> int:
        """Enter a place."""
        return self.once(("place", id(tables), ident), partial(self._place, tables, ident))

    def _place(self, tables: Tables, ident: str) -> int:
        row = tables["places"].iloc[tables.place_row[ident]]
        x, y = self.position(row["lon"], row["lat"])
        facts = kept(row, ("id", "name", "country", "kind", "population", "position_km", "confidence", "note"))
        called = dict.fromkeys([*schema.items(row["aliases"]), *translated(row["name"])])
        more = {"aliases": list(called), "sources": self.source_list(tables, row["source"])}
        return self.places.add({**facts, **without_blanks(more), "x": x, "y": y})

    def parameter(self, tables: Tables, row: int) -> int:
        """Enter a parameter by its row number."""
        return self.once(("parameter", id(tables), row), partial(self._parameter, tables, row))

    def _parameter(self, tables: Tables, row: int) -> int:
        name, about = tables.theta.names[row], tables.parameters.iloc[row]
        facts = kept(about, ("value", "low", "high", "unit", "year", "confidence", "note"))
        facts["sources"] = self.source_list(tables, about["source"])
        if name in tables.overridden:
            facts["overridden"] = True
        return self.parameters.add({"name": name, **facts})


def encoded(metres: np.ndarray[Any, Any]) -> list[int]:
    """Encode points in metres as a first point and steps, in units; points that fall together are left out.

    >>> encoded(np.array([[0, 0], [1000, 500], [1010, 510], [900, 500]]))
    [0, 0, 10, 5, -1, 0]
    """
    points = np.round(np.asarray(metres) / UNIT_M).astype(int)
    steps = np.diff(points, axis=0)
    return [int(v) for v in np.vstack([points[:1], steps[(steps != 0).any(axis=1)]]).ravel()]


def kept(row: Mapping[str, Any] | pd.Series, columns: Iterable[str]) -> Row:
    """Cells of a row as plain values, blank ones left out."""
    return without_blanks({column: plain_value(row[column]) for column in columns})


def plain_value(value: Any) -> Any:
    """Cell as a value that JSON has; a number that is missing is blank."""
    if isinstance(value, float | np.floating):
        return "" if np.isnan(value) else int(value) if float(value).is_integer() else float(value)
    return value.item() if isinstance(value, np.generic) else value


def without_blanks(row: Row) -> Row:
    """Leave out what says nothing."""
    return {key: value for key, value in row.items() if value is not None and value not in ("", [], {})}
