"""Origins off the network: a mine or a factory is joined to it by an access link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString, Point

from corridors.base import names
from corridors.base.errors import InputError, TooFarError
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
    """Give the network with a place off the network, joined to it by an access link.

    The link has class `local`, line `access` and the length of the great circle times a detour factor, with its range
    and ground in the table; it is a leg of its own in every route.

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
    ident = new_ident(net.tables, ident or names.fold(at.name))
    system = names.system(mode, gauge_mm)
    if to is not None:
        target = net.tables.place(to)
        if (other := net.tables.find("places", target)["country"]) != at.country:
            raise InputError("to", to, f"it lies in {other}, the point in {at.country}; a border needs a crossing")
    elif onto == "place":
        target = _nearest_place(net, at, system)
    else:
        net, target = _nearest_on_links(net, at, system, ident, max_km)
    gap = great_circle_km(LineString([at.point, net.tables.point(target)]))
    if gap > max_km:
        raise _too_far(net, at, gap, max_km, system)
    factor = _detour(net, mode, at.country) if detour is None else Detour(detour, np.nan, np.nan, "given")
    sources, source = _with_source(net.tables, "computed", "Computed from coordinates (great circle)", "computed")
    given = at.source if set(at.source.split(";")) <= set(sources["id"]) and at.source else ""
    if not given:
        sources, given = _with_source(net.tables, "given", "Position given by the user", "weak", sources=sources)
    place = {"id": ident, "name": at.name, "country": at.country, "lat": at.lat, "lon": at.lon, "kind": kind,
             "position_km": position_km, "population": at.population, "source": given, "confidence": "C"}  # fmt: skip
    note = f"great circle of {gap:.1f} km x {factor.value:.2f} ({factor.ground})"
    link = {"id": f"{ident}--{target}:{system}", "from_id": ident, "to_id": target, "mode": mode,
            "gauge_mm": gauge_mm, "class": "local", "line": LINE, "length_km": max(gap, 0.01) * factor.value,
            "length_low_km": gap * factor.low, "length_high_km": gap * factor.high, "length_basis": "circuity",
            "status": "open", "opened": "", "source": source, "confidence": "assumed", "note": note}  # fmt: skip
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


def _nearest_place(net: N, at: Location, system: str) -> str:
    known = systems(net)
    places = net.tables["places"]
    fit = [system in known.get(i, ()) and c == at.country for i, c in zip(places["id"], places["country"], strict=True)]
    if not any(fit):
        raise TooFarError(f"no place in {at.country} is on {system}: name one with to=, or take another mode.")
    rows = places[fit].reset_index(drop=True)
    return str(rows["id"].iloc[int(distances_km(rows, at).argmin())])


def _nearest_on_links(net: N, at: Location, system: str, ident: str, max_km: float) -> tuple[N, str]:
    """Find the nearest point on a link in use, and split the link there unless that is near its end."""
    tables = net.tables
    links = tables["links"]
    country = tables["places"].set_index("id")["country"]
    runs_on = names.system(links["mode"], links["gauge_mm"]).to_numpy()
    fit = net.links_in_use() & (runs_on == system) & (links["crossing"] == "").to_numpy()
    rows = [int(row) for row in np.flatnonzero(fit & (links["from_id"].map(country) == at.country).to_numpy())]
    if not rows:
        raise TooFarError(f"no link in {at.country} is {system}: name a place with to=, or take another mode.")
    shapes = tables.lines("links")
    lines = [shapes[row] for row in rows]
    # the nearest few on a plane around the point, then the exact distance
    scale = [lon_scale(at.lat), 1]
    plane = shapely.transform(np.array(lines, dtype=object), lambda xy: xy * scale)
    nearest_few = np.argsort(shapely.distance(plane, Point(at.lon * scale[0], at.lat)), kind="stable")[:CANDIDATES]
    rows, lines = [rows[i] for i in nearest_few], [lines[i] for i in nearest_few]
    gaps = [great_circle_km(LineString([at.point, _closest(line, at.point)])) for line in lines]
    best = int(np.argmin(gaps))
    if gaps[best] > max_km:
        raise _too_far(net, at, gaps[best], max_km, system)
    row, spot = links.iloc[rows[best]], _closest(lines[best], at.point)
    ends = {end: great_circle_km(LineString([spot, tables.point(end)])) for end in (row["from_id"], row["to_id"])}
    end = min(ends, key=lambda place: ends[place])
    if ends[end] <= AT_END_KM:
        return net, str(end)
    junction = new_ident(tables, f"{ident}-junction")
    turn = f"{at.name} junction"
    return insert_place(net, turn, row["id"], where=(spot.y, spot.x), ident=junction, max_km=AT_END_KM), junction


def _closest(line: LineString, point: Point) -> Point:
    return at_share(line, float(flattened(line).project(flattened(point, like=line), normalized=True)))


def _too_far(net: N, at: Location, gap: float, max_km: float, system: str) -> TooFarError:
    near = nearest(net, at, k=3, system=system)
    rows = zip(near["name"], near["country"], near["km"], strict=True)
    shown = ", ".join(f"{name} ({country}, {km:.0f} km)" for name, country, km in rows)
    return TooFarError(
        f"{at} is {gap:.1f} km from the network on {system} in {at.country}, more than max_km={max_km:g}. "
        f"Nearest places on it: {shown}. Raise max_km, or name a place with to=."
    )


def _detour(net: N, mode: str, country: str) -> Detour:
    """Measure the detour on the links of the country, or of the whole network."""
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


def _with_source(
    tables: Tables, ident: str, title: str, kind: str, *, sources: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, str]:
    """Add a source to the table unless it has it; a network without sources stays so."""
    frame = tables["sources"] if sources is None else sources
    if frame.empty or ident in set(frame["id"]):
        return frame, ident
    return _added(frame, {"id": ident, "title": title, "kind": kind}), ident


def _added(frame: pd.DataFrame, row: dict[str, Any]) -> pd.DataFrame:
    return pd.concat([frame, pd.DataFrame([row])], ignore_index=True)
