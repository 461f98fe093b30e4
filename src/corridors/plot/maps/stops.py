"""Stops of routes on a map: borders, terminals and ports, with the hours spent there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from corridors.base.languages import Words
from corridors.base.looks import CROSS, INK
from corridors.data.tables import Tables
from corridors.plot.canvas import Sheet
from corridors.routing.route import Route

KIND_OF_STEP: Final[Mapping[str, str]] = {
    "waiting": "end", "border": "border", "gauge_change": "terminal", "transfer": "terminal", "port": "port",
}  # fmt: skip

IMPORTANCE: Final = {
    "over": 950.0, "close": 940.0, "end": 900.0, "border": 800.0, "terminal": 700.0, "port": 600.0, "via": 300.0,
}  # fmt: skip
"""Importance of the label by kind of stop."""

MARKERS: Final = {
    "end": "o", "border": "D", "terminal": "s", "port": "p", "via": "o",
    "town": "o", "port-small": "p", "crossing": "D", "over": "^", "close": "^",
}  # fmt: skip
FACES: Final = {
    "end": INK, "border": "#f4c430", "terminal": "#ffffff", "port": "#1d4e79", "via": "#ffffff",
    "town": "#ffffff", "port-small": "#1d4e79", "crossing": "#f4c430",
    "over": CROSS, "close": "#f4c430",
}  # fmt: skip
SIZES: Final = {"end": 5.4, "border": 3.9, "terminal": 3.7, "port": 5.0, "via": 2.8, "over": 6.8, "close": 6.4}
NAMES: Final = {
    "end": "Origin, destination", "border": "Border crossing", "terminal": "Terminal, change of gauge", "port": "Port",
}  # fmt: skip

AREA_PT2_H: Final = 1.7
"""Area of a dwell circle in square points per hour, on a map 18 cm wide."""

LARGEST_PT: Final = 23.0
"""Largest diameter of a dwell circle; longer stops scale all circles down."""


LARGEST_KEY_PT: Final = 15.0
"""Largest diameter of a circle in the key."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A place where a route stops.

    Attributes
    ----------
    place
        Id of the place.
    kind
        end, border, terminal, port or via; over or close at a capacity that is full or nearly so.
    hours
        Hours spent there, by number of the route.
    """

    place: str
    name: str
    kind: str
    x: float
    y: float
    hours: Mapping[int, float]
    population: float = 0

    @property
    def most(self) -> float:
        """Hours of the route that stops longest."""
        return max(self.hours.values(), default=0.0)


def of_routes(sheet: Sheet, routes: Sequence[Route]) -> list[Stop]:
    """List the stops of routes, each place once, those that lie on one another drawn together."""
    stops: dict[str, Stop] = {}
    for number, route in enumerate(routes):
        for place, kind, name, hours in _raw(route, sheet.say):
            row = route.problem.tables["places"].iloc[route.problem.tables.place_row[place]]
            x, y = sheet.project(row["lon"], row["lat"])
            spent = {number: hours} if hours else {}
            stop = Stop(place, name, kind, float(x), float(y), spent, float(np.nan_to_num(row["population"])))
            stops[place] = _joined(stops[place], stop) if place in stops else stop
    return _clustered(list(stops.values()), 3.2 * sheet.style.scale * sheet.metres_per_pt)


def _raw(route: Route, say: Words) -> list[tuple[str, str, str, float]]:
    """List place, kind, name and hours of what happens on the way, ends and towns passed included."""
    tables = route.problem.tables
    rows = [(end, "end", plain(say.name(tables.name(end))), 0.0) for end in (route.origin, route.destination)]
    for leg in route.legs.itertuples(index=False):
        if leg.kind in KIND_OF_STEP:
            border = leg.kind == "border"
            name = crossing_name(route, leg.id, say) if border else plain(say.name(tables.name(leg.to_id)))
            rows.append((leg.to_id, KIND_OF_STEP[leg.kind], name, float(leg.hours)))
    towns = [p for p in route.places if tables["places"]["kind"].iloc[tables.place_row[p]] in ("city", "town", "port")]
    return rows + [(p, "via", plain(say.name(tables.name(p))), 0.0) for p in towns]


def crossing_name(route: Route, ident: str, say: Words | None = None) -> str:
    """Name a crossing as on a map: both sides, without what explains them; in English unless words are given."""
    return crossing_label(route.problem.tables, ident, say)


def crossing_label(tables: Tables, ident: str, say: Words | None = None) -> str:
    """Name a crossing of some tables by both sides.

    >>> import corridors as co
    >>> crossing_label(co.load().tables, "saryagash-keles")
    'Saryagash–Keles'
    """
    name = str(tables.find("crossings", ident)["name"])
    name = name if say is None else say.name(name)
    return plain(name).replace(" - ", "–").replace(" / ", "–")


def plain(name: str) -> str:
    """Shorten a name by what explains it in brackets.

    >>> plain("Hyderabad (Sindh)")
    'Hyderabad'
    """
    return re.sub(r" \(.*?\)", "", name)


def _joined(first: Stop, second: Stop) -> Stop:
    """Draw two stops as one, where the more important is."""
    main, other = (first, second) if IMPORTANCE[first.kind] >= IMPORTANCE[second.kind] else (second, first)
    hours = dict(main.hours)
    for number, value in other.hours.items():
        hours[number] = hours.get(number, 0.0) + value
    return replace(main, hours=hours, population=max(first.population, second.population))


def _clustered(stops: list[Stop], reach: float) -> list[Stop]:
    """Join stops that would cover each other on the map."""
    kept: list[Stop] = []
    for stop in sorted(stops, key=lambda s: (-IMPORTANCE[s.kind], -s.most, s.place)):
        near = [i for i, k in enumerate(kept) if np.hypot(k.x - stop.x, k.y - stop.y) < reach]
        if near and not (stop.kind == "end" and kept[near[0]].kind == "end"):
            kept[near[0]] = _joined(kept[near[0]], stop)
        else:
            kept.append(stop)
    return kept


@dataclass(frozen=True, slots=True)
class Scale:
    """How hours are shown as circles: square points per hour on a map 18 cm wide, and the hours of the key."""

    area_pt2_h: float
    key_hours: tuple[float, ...]

    def diameter(self, hours: float) -> float:
        """Diameter in points of the circle for so many hours."""
        return float(np.sqrt(4 / np.pi * self.area_pt2_h * hours))


def scale_for(stops: Sequence[Stop]) -> Scale:
    """Choose a scale of circles, so that the largest stays moderate."""
    most = max((s.most for s in stops), default=0.0)
    area = min(AREA_PT2_H, np.pi / 4 * LARGEST_PT**2 / most) if most else AREA_PT2_H
    return Scale(area, tuple(key_hours(min(most, np.pi / 4 * LARGEST_KEY_PT**2 / area))))


def key_hours(most: float) -> list[float]:
    """Round numbers of hours for the key of the circles.

    >>> key_hours(130)
    [12.0, 48.0, 120.0]
    """
    steps = [3.0, 6.0, 12.0, 24.0, 48.0, 72.0, 120.0, 168.0, 240.0, 336.0, 480.0, 720.0]
    top = max([s for s in steps if s <= most], default=steps[0])
    lower = [s for s in steps if s < top]
    return sorted({*(lower[i] for i in (-2, -4) if len(lower) >= -i), top})
