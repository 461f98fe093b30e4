"""Rules by which OpenStreetMap is turned into a network: what is taken, and what is assumed where tags are silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from corridors.base.errors import InputError
from corridors.base.names import near
from corridors.data import schema

RAILWAYS = (
    "rail", "narrow_gauge", "light_rail", "subway", "tram", "monorail", "funicular", "preserved", "miniature",
    "construction", "proposed", "disused", "abandoned", "ferry",
)  # fmt: skip
"""Values of `railway` that are read; those that no rule asks for are counted and dropped."""

HIGHWAYS = ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "service", "track")
"""Values of `highway` that can be asked for, each with its `_link`."""

ROAD_CLASS = MappingProxyType(
    {"motorway": "motorway", "trunk": "trunk", "primary": "secondary", "secondary": "local", "tertiary": "local",
     "unclassified": "local", "residential": "local", "service": "local", "track": "weak"}
)  # fmt: skip
"""Class of a road by its `highway` tag; an unpaved surface makes any of them `weak`."""

RAIL_CLASS = MappingProxyType({"main": "trunk", "branch": "secondary", "": "secondary", "industrial": "weak"})
"""Class of a railway by its `usage` tag (blank: not tagged)."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What is taken from OpenStreetMap, and what is assumed where its tags are silent.

    Every assumption that a rule makes is counted in the report, and its rows have confidence `assumed`.

    Attributes
    ----------
    roads
        Values of `highway` that are taken (one, or several), links (ramps) with them; none for railways alone.
    railways
        Values of `railway` that are taken (one, or several); none for roads alone.
    ferries
        Whether ferries are taken; those whose tags shut out motor vehicles are not.
    service_tracks
        Whether tracks with `service=yard`, `siding` or `spur` are taken.
    gauge
        Gauge of tracks without a `gauge` tag: one for all, or one per country code. By default the gauge that has
        the most km of existing line in the reference network in that country; elsewhere the track is dropped.
    alike
        Gauges that are taken for another: by default 1524 mm for 1520 mm, since wagons pass between them.
    road_class, rail_class
        Class of the link, which selects speed and cost, by `highway` and by `usage`.
    stations
        Kinds of `railway` points that are places.
    towns
        Kinds of `place` points that name a road place.
    station_km
        Tracks that pass a station within this distance are joined there.
    town_km
        A town names the nearest point of a road within this distance.
    access_km
        Longest access road from a terminal or ferry pier to the nearest road; its length is the straight line times
        `access_detour`.
    gauge_change
        Where lines of two gauges that meet get a terminal: `stations` at every station that both reach, `tagged` at
        points with `railway=gauge_conversion` alone, `everywhere`, or `none` nowhere.
    road_rail
        Where road and rail get a terminal: `tagged` at freight yards and terminals, `stations` at every station that
        has a road within `access_km`, `none` nowhere.
    borders
        Which border points are open: `all`, or `tagged` where a border control or `railway=border` stands near; the
        others are crossings with status `suspended`, which `net.open` opens.
    border_km
        How far a line may stray over the mapped border and come back without crossing it.
    coast_km
        A place outside all countries (a pier, a bridge) belongs to the nearest one within this distance.
    close_gaps_km
        Ends of lines are joined over gaps up to this length; wider ones, up to 1 km, are only reported.
    parallel
        Lines between the same two places of the same gauge and class whose lengths differ by no more than this share
        become one link, such as the two tracks of a line; 0 keeps all.
    ferry_headway_d
        Days between sailings of a ferry without an `interval` tag.
    """

    roads: tuple[str, ...] = ("motorway", "trunk", "primary", "secondary")
    railways: tuple[str, ...] = ("rail", "narrow_gauge")
    ferries: bool = True
    service_tracks: bool = False
    gauge: str | Mapping[str, str] | None = None
    alike: Mapping[str, str] = field(default_factory=lambda: {"1524": "1520"})
    road_class: Mapping[str, str] = field(default_factory=lambda: dict(ROAD_CLASS))
    rail_class: Mapping[str, str] = field(default_factory=lambda: dict(RAIL_CLASS))
    stations: tuple[str, ...] = ("station", "yard", "service_station")
    towns: tuple[str, ...] = ("city", "town")
    station_km: float = 0.3
    town_km: float = 2.0
    access_km: float = 1.5
    access_detour: float = 1.3
    gauge_change: str = "stations"
    road_rail: str = "tagged"
    borders: str = "all"
    border_km: float = 5.0
    coast_km: float = 25.0
    close_gaps_km: float = 0.0
    parallel: float = 0.1
    ferry_headway_d: float = 1.0

    def __post_init__(self) -> None:
        for name in ("roads", "railways", "stations", "towns"):
            given = getattr(self, name)
            # a single value is one value, and not its letters
            object.__setattr__(self, name, (given,) if isinstance(given, str) else tuple(given))
        for name, choices in (
            ("gauge_change", ("stations", "tagged", "everywhere", "none")),
            ("road_rail", ("tagged", "stations", "none")),
            ("borders", ("all", "tagged")),
        ):
            if getattr(self, name) not in choices:
                raise InputError(name, getattr(self, name), f"one of {', '.join(choices)}")
        for name in ("station_km", "town_km", "access_km", "border_km", "coast_km", "close_gaps_km", "parallel"):
            if not 0 <= getattr(self, name) < float("inf"):
                raise InputError(name, getattr(self, name), "zero or more")
        if not (self.ferry_headway_d > 0 and self.access_detour >= 1):
            raise InputError("ferry_headway_d, access_detour", (self.ferry_headway_d, self.access_detour),
                             "a headway is positive, a detour at least 1")  # fmt: skip
        known: dict[str, tuple[str, ...]] = {"roads": HIGHWAYS, "railways": RAILWAYS}
        for name, possible in known.items():
            for value in getattr(self, name):
                if value not in possible:
                    close = [f"; near: {one}" for one in near(str(value), possible, most=1)]
                    raise InputError(name, value, f"any of {', '.join(possible)}{''.join(close)}")
        self._check_names()

    def _check_names(self) -> None:
        """Expect gauges and classes that the schema knows."""
        columns = schema.tables()["links"]
        gauges = self.gauge.values() if isinstance(self.gauge, Mapping) else filter(None, [self.gauge])
        for name, values, column in (
            ("gauge", gauges, "gauge_mm"),
            ("alike", self.alike.values(), "gauge_mm"),
            ("road_class", self.road_class.values(), "class"),
            ("rail_class", self.rail_class.values(), "class"),
        ):
            for value in values:
                if value not in columns[column].choices:
                    raise InputError(name, value, f"any of {', '.join(columns[column].choices)}")
