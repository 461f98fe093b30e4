"""What a link that is added has at its ends: places of the network or new ones, the crossing, the line, the source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shapely.errors import ShapelyError
from shapely.geometry import LineString, Point

from corridors.base.errors import InputError
from corridors.base.names import fold
from corridors.data import schema
from corridors.data.gazetteer import Location
from corridors.data.geography import country_of, great_circle_km
from corridors.data.tables import Tables, free_id
from corridors.network.nearest import Where, locate

End = Where | tuple[str, float, float]
"""A place or town by name, or a new place as (name, latitude, longitude)."""

Geometry = LineString | Sequence[tuple[float, float]]
"""A line in longitude and latitude, or its points."""

END_KM = 25.0
"""A line may begin so far from the place at its end; it is drawn on to it."""

NEW_PLACE_KM = 5.0
"""Accuracy of a new place that is given by its position."""


ASSUMPTION = {"id": "assumption", "title": "Assumption", "kind": "assumption"}
"""Source of what is given none."""


@dataclass
class Addition:
    """What is put together: new rows by table, the rows of both ends, and what was assumed."""

    tables: Tables
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {"places": []})
    ends: list[dict[str, Any]] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)

    def assume(self, text: str) -> None:
        """Note something that was not given."""
        self.assumed.append(text.replace(schema.SEPARATOR, ","))

    @property
    def points(self) -> list[Point]:
        """Positions of both ends."""
        return [Point(end["lon"], end["lat"]) for end in self.ends]


def source_of(made: Addition, source: str) -> str:
    """Ids of the sources of a link; what is none becomes a new row.

    Parameters
    ----------
    made
        What is put together.
    source
        Ids, or the title or address of a new source; blank for an assumption.

    >>> import corridors as co
    >>> made = Addition(co.load().tables)
    >>> source_of(made, "Plan of 2026"), made.rows["sources"][0]["title"]
    ('plan-of-2026', 'Plan of 2026')
    """
    sources = made.tables["sources"]
    existing = set(sources["id"])
    if not source:
        if len(sources):
            made.rows["sources"] = [] if "assumption" in existing else [ASSUMPTION]
        return "assumption"
    if set(schema.items(source)) <= existing:
        return source
    ident = free_id(fold(source)[:40].strip("-") or "given", existing)
    url = source if source.startswith(("http://", "https://")) else ""
    made.rows["sources"] = [{"id": ident, "title": source, "url": url, "kind": "weak", "note": "given with the link"}]
    return ident


def end_row(made: Addition, where: End, source: str) -> dict[str, Any]:
    """Row of the place at an end: one of the network, or a new one, which is noted and added.

    Parameters
    ----------
    made
        What is put together.
    where
        The place.
    source
        Source of a new one.
    """
    if isinstance(where, list | tuple) and len(where) == 3:
        return _new_place(made, where, source)
    at = locate(made.tables, where)
    if at.place in made.tables.place_row:
        return {str(key): cell for key, cell in made.tables.find("places", at.place).items()}
    if not isinstance(where, str):
        raise InputError("place", where, "a name, or a new place as (name, latitude, longitude)")
    made.assume(f"place {at.name}: position of the town in the gazetteer")
    return _add_place(made, at, source)


def _new_place(made: Addition, where: Any, source: str) -> dict[str, Any]:
    """Row of a new place that is given by name and position."""
    name, point = str(where[0]), locate(made.tables, (float(where[1]), float(where[2]))).point
    if fold(name) in made.tables.place_row:
        raise InputError("place", where, f"{made.tables.label(fold(name))} is in the network; name it alone")
    country = country_of(point.y, point.x)
    if not country:
        raise InputError("place", where, "it lies in no country of the map")
    made.assume(f"place {name}: in {country}, position to {NEW_PLACE_KM:g} km")
    return _add_place(made, Location(name, country, point.y, point.x), source)


def _add_place(made: Addition, at: Location, source: str) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(made.tables["places"].columns, "")
    row |= {column: getattr(at, column) for column in ("name", "country", "lat", "lon", "population")}
    row |= {"id": free_id(fold(at.name), made.tables.place_row), "kind": "city", "position_km": NEW_PLACE_KM}
    row |= {"source": source, "confidence": "C"}
    made.rows["places"].append(row)
    return row


def check_crossing(made: Addition, mode: str, crossing: str) -> None:
    """Expect a crossing between the two places, where they lie in two countries, and none else.

    Parameters
    ----------
    made
        What is put together, with both ends.
    mode, crossing
        Mode of the link, and the id that is given; blank for none.

    Raises
    ------
    InputError
        Naming the crossings that there are, and what to do.
    """
    countries = {end["country"] for end in made.ends}
    if len(countries) == 1:
        if crossing:
            raise InputError("crossing", crossing, f"both ends lie in {min(countries)}: the link needs none")
        return
    table, country = made.tables["crossings"], made.tables.place_names.country
    between = {
        str(row["id"]): (row["place_a"], row["place_b"])
        for row in table.to_dict("records")
        if {country[row["place_a"]], country[row["place_b"]]} == countries and mode in schema.items(row["modes"])
    }
    listed = ", ".join(f"{name} ({a} to {b})" for name, (a, b) in between.items()) or "none"
    pair = "-".join(sorted(countries))
    if not crossing:
        todo = "name the crossing, and add what leads to it on both sides as links of their own"
        raise InputError("crossing", crossing, f"the ends lie in {pair}: {todo}; for {mode} there are {listed}")
    if crossing not in between:
        raise InputError("crossing", crossing, f"a crossing of {pair} that admits {mode}: {listed}")
    if set(between[crossing]) != {end["id"] for end in made.ends}:
        a, b = between[crossing]
        todo = "add what leads to them as links of their own"
        raise InputError("crossing", crossing, f"the link over the border runs from {a} to {b}; {todo}")


def line_of(made: Addition, geometry: Geometry | None) -> LineString:
    """Line of the link from its first end to its second, straight where none is given.

    Parameters
    ----------
    made
        What is put together, with both ends.
    geometry
        The line, in either direction.

    Raises
    ------
    InputError
        If it is no line in degrees, or does not lead from one end to the other.
    """
    first, last = made.points
    if geometry is None:
        made.assume("a straight line on maps (no geometry was given)")
        return LineString([first, last])
    points = _points(geometry)
    begin, end = Point(points[0]), Point(points[-1])
    if straight_km(begin, last) + straight_km(end, first) < straight_km(begin, first) + straight_km(end, last):
        points.reverse()
    for place, at, point in zip(made.ends, (first, last), (points[0], points[-1]), strict=True):
        gap = straight_km(at, Point(point))
        if gap > END_KM:
            text = f"the line ends {gap:.0f} km from {place['name']} ({END_KM:g} km at most)"
            raise InputError("geometry", point, text)
    return LineString([first, *map(Point, points[1:-1]), last])


def _points(geometry: Geometry) -> list[tuple[float, float]]:
    """Points of a line in longitude and latitude."""
    try:
        line = geometry if isinstance(geometry, LineString) else LineString([tuple(map(float, p)) for p in geometry])
    except (TypeError, ValueError, ShapelyError) as error:
        raise InputError("geometry", geometry, "a line, or two or more points (longitude, latitude)") from error
    points = [(float(point[0]), float(point[1])) for point in line.coords]
    if len(points) < 2:
        raise InputError("geometry", geometry, "a line, or two or more points (longitude, latitude)")
    if not all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in points):
        raise InputError("geometry", points[0], "longitude and latitude in degrees")
    return points


def straight_km(one: Point, other: Point) -> float:
    """Great circle in km between two points (longitude, latitude).

    >>> round(straight_km(Point(62.2, 34.35), Point(65.7, 31.6)))  # Herat to Kandahar
    447
    """
    return 0.0 if one.equals(other) else float(great_circle_km(LineString([one, other])))
