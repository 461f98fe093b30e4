"""Origins off the network: a mine or a factory is joined to it by an access link."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString, Point

from corridors.base import names
from corridors.base.errors import CorridorsWarning, InputError, TooFarError
from corridors.base.sphere import lon_scale
from corridors.data.gazetteer import Location
from corridors.data.geography import country_of, great_circle_km
from corridors.data.tables import Tables
from corridors.model.state import N
from corridors.network.nearest import Where, distances_km, locate, nearest, systems
from corridors.network.split import at_share, flattened, insert_place, new_ident, renewed

LINE = "access"
"""Name of the line of access links: their legs stand apart in a route, and parameters may be set for them."""

AT_END_KM = 1.0
"""A link is not split so near to its end; the access link goes to the place there."""

CANDIDATES = 10
"""Links that are measured exactly to find the nearest."""

ABROAD_KM, ABROAD_SHARE = 20.0, 0.5
"""An access link that is longer, to a network of which a neighbour has a line within this share of it, is told."""

LEAST_LINKS = 10
SHORTEST_KM = 5.0
"""The detour of a country is measured on at least so many links that are so long or longer."""


@dataclass(frozen=True, slots=True)
class Detour:
    """Length over great circle: what is expected, its range (nan where unknown), and on what ground."""

    value: float
    low: float
    high: float
    ground: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A point off the network that is to be joined to it: its position and id, on what, and how far at most."""

    at: Location
    ident: str
    mode: str
    gauge_mm: str
    max_km: float

    @property
    def system(self) -> str:
        """System of the access link, such as `road` or `rail-1520`."""
        return str(names.system(self.mode, self.gauge_mm))

    def place(self) -> dict[str, Any]:
        """Row of the point in the table `places`, without its kind, source and reach."""
        facts = {column: getattr(self.at, column) for column in ("name", "country", "lat", "lon", "population")}
        return {"id": self.ident, **facts, "confidence": "C"}

    def link(self, target: str, gap_km: float, detour: Detour) -> dict[str, Any]:
        """Row of the access link in the table `links`, without its source."""
        note = f"great circle of {gap_km:.1f} km x {detour.value:.2f} ({detour.ground})"
        lengths = {"length_low_km": gap_km * detour.low, "length_high_km": gap_km * detour.high}
        return {
            "id": f"{self.ident}--{target}:{self.system}",
            "from_id": self.ident,
            "to_id": target,
            "mode": self.mode,
            "gauge_mm": self.gauge_mm,
            "class": "local",
            "line": LINE,
            "length_km": max(gap_km, 0.01) * detour.value,
            **lengths,
            "length_basis": "circuity",
            "status": "open",
            "opened": "",
            "confidence": "assumed",
            "note": note,
        }


def connect(
    net: N,
    where: Where,
    *,
    max_km: float,
    name: str = "",
    ident: str = "",
    to: str | None = None,
    onto: str = "link",
    mode: str = "road",
    gauge_mm: str = "",
    detour: float | None = None,
    country: str = "",
    kind: str = "site",
    position_km: float = 1.0,
) -> N:
    """Return the network with a place off the network, joined to it by an access link.

    The link has class `local`, line `access` and the length of the great circle times a detour factor, with its range
    and ground in the table; it is a leg of its own in every route. It stays in the country of the point: where the
    network of a neighbour is much nearer, a warning says so, since what is missing then is a border crossing.

    Parameters
    ----------
    net
        The network.
    where
        The point: (latitude, longitude), a shapely point, a `Location`, or the name of a town of the gazetteer.
    max_km
        How far the point may be from the network, by great circle.
    name, ident
        Name and id of the new place; a name is needed for a bare point.
    to
        Place to which the link leads. By default the nearest point of the network in the same country:
    onto
        `link` splits the nearest link where it passes (see `insert_place`), `place` takes the nearest place.
    mode, gauge_mm
        Mode of the access link, with the gauge of a railway siding.
    detour
        Length over great circle. By default the median of the links of this mode in the country (of the network,
        where the country has fewer than ten of 5 km or more), with the 5th and 95th percentile as its range.
    country
        Country of the point; by default that of the map.
    kind, position_km
        As in the table `places`.

    Returns
    -------
    Network
        With the place, its link, and a junction where a link was split; in the same view.

    Warns
    -----
    CorridorsWarning
        If the network of another country is less than half as far.

    Raises
    ------
    TooFarError
        If the network is farther away than `max_km`; it names the nearest places.
    InputError
        If an argument is wrong, or the network has the place already.

    >>> import corridors as co
    >>> net = co.load().connect((35.95, 68.70), name="Coal mine", max_km=40)
    >>> legs = net.route("Coal mine", "Kabul", cargo="truck").legs
    >>> legs["id"].iloc[0], legs["km"].iloc[0].round(1) == net.links.loc[legs["id"].iloc[0], "length_km"].round(1)
    ('coal-mine--coal-mine-junction:road', np.True_)
    """
    _check(onto, mode, gauge_mm, max_km, detour)
    at = _point(net.tables, where, name, country)
    new = Attachment(at, new_ident(net.tables, ident or names.fold(at.name)), mode, gauge_mm, max_km)
    given_net = net
    net, target = _target(net, new, to, onto)
    gap_km = great_circle_km(LineString([at.point, net.tables.point(target)]))
    if gap_km > max_km:
        raise _too_far(given_net, new, gap_km)
    if to is None and (abroad := _abroad(given_net, new, gap_km)):
        reached = net.tables.label(target)
        warnings.warn(f"{at} is joined at {reached}, {gap_km:.0f} km away. {abroad}", CorridorsWarning, stacklevel=3)
    factor = detour_of(net, mode, at.country) if detour is None else Detour(detour, np.nan, np.nan, "given")
    sources, computed, given = _sources(net.tables, at.source)
    # a town is found by the spelling that it was asked for with, too
    asked = where.partition(",")[0].strip() if isinstance(where, str) else ""
    other = {} if names.fold(asked) == names.fold(at.name) else {"aliases": asked}
    place = {**new.place(), **other, "kind": kind, "position_km": position_km, "source": given}
    link = {**new.link(target, gap_km, factor), "source": computed}
    frames = {"places": _added(net.tables["places"], place), "links": _added(net.tables["links"], link)}
    return renewed(net, {**frames, "sources": sources}, lines=dict(net.tables.alignments))


def _check(onto: str, mode: str, gauge_mm: str, max_km: float, detour: float | None) -> None:
    if onto not in ("link", "place"):
        raise InputError("onto", onto, "link or place")
    if mode not in ("rail", "road"):
        raise InputError("mode", mode, "rail or road")
    if (mode == "rail") != bool(gauge_mm):
        raise InputError("gauge_mm", gauge_mm, "a railway needs its gauge: 1520, 1435 or 1676; a road has none")
    if not max_km > 0:
        raise InputError("max_km", max_km, "it is positive")
    if detour is not None and not 1 <= detour < float("inf"):
        raise InputError("detour", detour, "a way is at least as long as the great circle")


def _point(tables: Tables, where: Where, name: str, country: str) -> Location:
    """Find the point, with its name and country."""
    at = locate(tables, where)
    if at.place in tables.place_row:
        raise InputError("where", where, f"it is in the network already: {tables.label(at.place)}")
    name = name or ("" if not isinstance(where, str | Location) else at.name)
    if not name:
        raise InputError("name", name, "a bare point needs a name")
    country = country or at.country or country_of(at.lat, at.lon)
    if not country:
        raise InputError("country", country, "the point lies in no country of the map: give its code")
    return Location(name, country, at.lat, at.lon, at.kind, at.population, "", at.source)


def _target(net: N, new: Attachment, to: str | None, onto: str) -> tuple[N, str]:
    """Place to which the access link leads; the network gets it where the nearest link has to be split."""
    if to is None:
        return (net, _nearest_place(net, new)) if onto == "place" else _nearest_on_links(net, new)
    target = net.tables.place(to)
    if (other := net.tables.find("places", target)["country"]) != new.at.country:
        raise InputError("to", to, f"it lies in {other}, the point in {new.at.country}; a border needs a crossing")
    return net, target


def _nearest_place(net: N, new: Attachment) -> str:
    """Nearest place in the same country that is on the system of the access link."""
    by_place, country = systems(net), new.at.country
    places = net.tables["places"]
    pairs = zip(places["id"], places["country"], strict=True)
    fit = [code == country and new.system in by_place.get(place, ()) for place, code in pairs]
    if not any(fit):
        raise TooFarError(f"no place in {country} is on {new.system}: name one with to=, or take another mode.")
    rows = places[fit].reset_index(drop=True)
    return str(rows["id"].iloc[int(distances_km(rows, new.at).argmin())])


def _nearest_on_links(net: N, new: Attachment) -> tuple[N, str]:
    """Nearest point on a link in use; the link is split there unless that is near its end."""
    tables = net.tables
    row, spot, gap_km = _nearest_point(tables, _rows_on(net, new), new.at.point)
    if gap_km > new.max_km:
        raise _too_far(net, new, gap_km)
    link = tables["links"].iloc[row]
    ends = {end: great_circle_km(LineString([spot, tables.point(end)])) for end in (link["from_id"], link["to_id"])}
    end = min(ends, key=lambda place: ends[place])
    if ends[end] <= AT_END_KM:
        return net, str(end)
    junction = new_ident(tables, f"{new.ident}-junction")
    name, where = f"{new.at.name} junction", (spot.y, spot.x)
    return insert_place(net, name, link["id"], where=where, ident=junction, max_km=AT_END_KM), junction


def _abroad(net: N, new: Attachment, gap_km: float) -> str:
    """Say where a neighbour's network is much nearer than that of the country of the point; blank where it is not."""
    rows = _rows(net, new, abroad=True) if gap_km > ABROAD_KM else []
    if not rows:
        return ""
    row, _, km = _nearest_point(net.tables, rows, new.at.point)
    if km > ABROAD_SHARE * gap_km:
        return ""
    country = net.tables.country(net.tables["links"]["from_id"].iloc[row])
    line = "road" if new.mode == "road" else "railway"
    return f"The nearest {line} lies in another country, {country}, {km:.0f} km away; a way there needs a crossing."


def _rows(net: N, new: Attachment, *, abroad: bool = False) -> list[int]:
    """Row numbers of the links in use on the system of the access link, in the country or abroad, across no border."""
    links = net.tables["links"]
    country = links["from_id"].map(net.tables["places"].set_index("id")["country"])
    runs_on = names.system(links["mode"], links["gauge_mm"])
    fit = (runs_on == new.system) & (links["crossing"] == "") & ((country != new.at.country) == abroad)
    return [int(row) for row in np.flatnonzero(fit.to_numpy() & net.links_in_use())]


def _rows_on(net: N, new: Attachment) -> list[int]:
    """Row numbers of the links in use in the country and on the system of the access link; there is one at least."""
    rows = _rows(net, new)
    if not rows:
        raise TooFarError(f"no link in {new.at.country} is {new.system}: name a place with to=, or take another mode.")
    return rows


def _nearest_point(tables: Tables, rows: list[int], point: Point) -> tuple[int, Point, float]:
    """Link that is nearest to a point: its row, the nearest point on its line, and the distance in km."""
    all_lines = tables.lines("links")
    lines = np.array([all_lines[row] for row in rows], dtype=object)
    # the nearest few on a plane around the point, then the exact distance
    scale = [lon_scale(point.y), 1]
    plane = shapely.transform(lines, lambda lonlat: lonlat * scale)
    nearest_few = np.argsort(shapely.distance(plane, Point(point.x * scale[0], point.y)), kind="stable")[:CANDIDATES]
    spots = [_closest(lines[number], point) for number in nearest_few]
    gaps = [great_circle_km(LineString([point, spot])) for spot in spots]
    best = int(np.argmin(gaps))
    return rows[nearest_few[best]], spots[best], gaps[best]


def _closest(line: LineString, point: Point) -> Point:
    return at_share(line, float(flattened(line).project(flattened(point, like=line), normalized=True)))


def _too_far(net: N, new: Attachment, gap_km: float) -> TooFarError:
    near = nearest(net, new.at, k=3, system=new.system)
    rows = zip(near["name"], near["country"], near["km"], strict=True)
    shown = ", ".join(f"{name} ({country}, {km:.0f} km)" for name, country, km in rows)
    return TooFarError(
        f"{new.at} is {gap_km:.1f} km from the network on {new.system} in {new.at.country}, more than "
        f"max_km={new.max_km:g}. Nearest places on it: {shown}. Raise max_km, or name a place with to=."
        + (f" {abroad}" if (abroad := _abroad(net, new, gap_km)) else "")
    )


def detour_of(net: N, mode: str, country: str) -> Detour:
    """Length over great circle of the links of a mode in a country, or of the whole network where these are few.

    Parameters
    ----------
    net
        The network.
    mode
        `rail` or `road`.
    country
        Code of the country.

    >>> import corridors as co
    >>> round(detour_of(co.load(), "rail", "KZ").value, 2)
    1.09
    """
    links = net.tables["links"]
    straight = great_circle_km(net.tables, "links")
    places = net.tables["places"].set_index("id")["country"]
    fit = (links["mode"] == mode).to_numpy() & net.links_in_use() & (straight >= SHORTEST_KM)
    fit &= (links["line"] != LINE).to_numpy()
    inside = fit & (links["from_id"].map(places) == country).to_numpy()
    for rows, where in ((inside, country), (fit, "this network")):
        if rows.sum() >= LEAST_LINKS:
            ratio = np.maximum(links["length_km"].to_numpy()[rows] / straight[rows], 1.0)
            low, value, high = (float(q) for q in np.percentile(ratio, (5, 50, 95)))
            return Detour(value, low, high, f"median of {rows.sum()} {mode} links of {where}")
    raise InputError("detour", None, f"the network has fewer than {LEAST_LINKS} {mode} links to measure it on; give it")


def _sources(tables: Tables, source: str) -> tuple[pd.DataFrame, str, str]:
    """Table of sources, the source of computed lengths, and that of the position; a table without rows stays so."""
    sources, computed = _with_source(
        tables["sources"], "computed", "Computed from coordinates (great circle)", "computed"
    )
    if source and set(source.split(";")) <= set(sources["id"]):
        return sources, computed, source
    sources, given = _with_source(sources, "given", "Position given by the user", "weak")
    return sources, computed, given


def _with_source(sources: pd.DataFrame, ident: str, title: str, kind: str) -> tuple[pd.DataFrame, str]:
    if sources.empty or ident in set(sources["id"]):
        return sources, ident
    return _added(sources, {"id": ident, "title": title, "kind": kind}), ident


def _added(frame: pd.DataFrame, row: dict[str, Any]) -> pd.DataFrame:
    return pd.concat([frame, pd.DataFrame([row])], ignore_index=True)
