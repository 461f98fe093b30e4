"""What is near: places, terminals, ports and border crossings around a point."""

from __future__ import annotations

import warnings
from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from shapely.geometry import Point

from corridors.base import names
from corridors.base.errors import AmbiguousNameError, CorridorsWarning, InputError, UnknownNameError
from corridors.base.sphere import geodesic_km
from corridors.data import schema
from corridors.data.gazetteer import Location, geocode
from corridors.data.tables import Tables
from corridors.model.state import State
from corridors.model.view import usable
from corridors.network.select import wished
from corridors.routing.ends import ends_of, swapped_hint

Where = str | tuple[float, float] | Point | Location
"""A place or town by name, (latitude, longitude) in degrees, a shapely point (longitude, latitude), or a location."""

SYSTEMS = schema.tables()["terminals"]["from_system"].choices
"""Systems on which a vehicle can run through."""

FAR_KM = 300.0
"""Distance from all places from which latitude and longitude may be in the wrong order."""

WHAT = ("place", "terminal", "port", "crossing")


def locate(tables: Tables, where: Where) -> Location:
    """Find the position of something: a place of the network, else a town of the gazetteer, or a point.

    Raises
    ------
    UnknownNameError, AmbiguousNameError, InputError
        If there is no such place, several, or the point is none on earth.
    """
    if isinstance(where, Location):
        return where
    if isinstance(where, str):
        return _named(tables, where)
    try:
        lat, lon = (where.y, where.x) if isinstance(where, Point) else map(float, where)
    except (TypeError, ValueError):
        raise InputError("where", where, "a name, (latitude, longitude), or a shapely point") from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise InputError("where", where, "latitude comes first and lies between -90 and 90, longitude within 180")
    return Location(f"{lat:.3f}, {lon:.3f}", "", lat, lon)


def _named(tables: Tables, name: str) -> Location:
    try:
        row = tables.find("places", ends_of(tables, [name])[0])
    except UnknownNameError as unknown:
        try:
            return geocode(name)
        except UnknownNameError:
            raise unknown from None
        except AmbiguousNameError as ambiguous:
            raise ambiguous from None
    facts = {key: str(row[key]) for key in ("name", "country", "kind", "source")}
    lat, lon, population = (float(row[key]) for key in ("lat", "lon", "population"))
    return Location(**facts, lat=lat, lon=lon, population=population, place=str(row["id"]))


def distances_km(frame: pd.DataFrame, at: Location) -> NDArray[np.float64]:
    """Distance in km of every row with `lat` and `lon` from a location, on the ellipsoid."""
    here = np.tile([at.lon, at.lat], (len(frame), 1))
    return geodesic_km(here, frame[["lon", "lat"]])


def nearest(
    net: State,
    where: Where,
    what: str = "place",
    *,
    k: int = 5,
    country: str | Iterable[str] | None = None,
    system: str | None = None,
) -> pd.DataFrame:
    """List what of the network is nearest by great circle, among what is in use in this view.

    Parameters
    ----------
    net
        The network.
    where
        A place or town by name, (latitude, longitude) in degrees, a shapely point or a `Location`. A warning says
        where a latitude and a longitude seem to stand in the wrong order.
    what
        `place`, `terminal`, `port` (a place where a terminal moves cargo between land and sea) or `crossing`.
    k
        Rows at most.
    country
        Only in these countries (a crossing belongs to both).
    system
        Only on this system: `road`, `rail-1520`, `rail-1435`, `rail-1676`, or `rail` for any gauge.

    Returns
    -------
    DataFrame
        id, name, country, km and what tells the rows apart (kind of a place, systems of a terminal, modes of a
        crossing), nearest first.

    Raises
    ------
    UnknownNameError, AmbiguousNameError, InputError
        If there is no such place, several, or an argument is wrong.

    >>> import corridors as co
    >>> co.load().nearest((36.70, 67.10), "terminal", k=1)[["id", "country"]].values.tolist()
    [['gur-e-mar:rail-1520--road:crane', 'AF']]
    >>> co.load().nearest("Kandahar", "port", k=1, country="PK")["name"].tolist()
    ['Karachi']
    """
    if what not in WHAT:
        raise InputError("what", what, f"one of {', '.join(WHAT)}")
    if k < 1:
        raise InputError("k", k, "one or more")
    at = locate(net.tables, where)
    _warn_of_swapped(net.tables, where, at)
    rows = _MAKERS[what](net)
    if country is not None:
        wanted = set(wished("country", country, net.tables["places"]["country"]))
        rows = rows[[bool(wanted & set(cell.split("-"))) for cell in rows["country"]]]
    if system is not None:
        wished("system", system, [*SYSTEMS, "rail"])
        rows = rows[[any(s == system or s.startswith(f"{system}-") for s in cell) for cell in rows["systems"]]]
    rows = rows.assign(km=distances_km(rows, at)).sort_values("km", kind="stable").head(k)
    return rows.drop(columns=["lat", "lon", "systems"]).reset_index(drop=True)


def _warn_of_swapped(tables: Tables, where: Where, at: Location) -> None:
    """Warn of a point far from all places that lies near one with latitude and longitude the other way round."""
    if isinstance(where, str | Location) or distances_km(tables["places"], at).min() < FAR_KM:
        return
    if hint := swapped_hint(tables, at.lat, at.lon):
        warnings.warn(f"{at.name} is far from all places. {hint}", CorridorsWarning, stacklevel=4)


def systems(net: State) -> dict[str, set[str]]:
    """Systems of land that meet at each place, by the links in use."""
    links = net.tables["links"][net.links_in_use()]
    runs_on = names.system(links["mode"], links["gauge_mm"])
    found: dict[str, set[str]] = {}
    for end in ("from_id", "to_id"):
        for place, name in zip(links[end], runs_on, strict=True):
            found.setdefault(place, set()).add(str(name))
    return found


def _places(net: State) -> pd.DataFrame:
    frame = net.tables["places"][["id", "name", "country", "kind", "lat", "lon"]]
    by_place = systems(net)
    return frame.assign(systems=[by_place.get(place, set()) for place in frame["id"]])


def _terminals(net: State) -> pd.DataFrame:
    frame = net.tables["terminals"][usable(net.tables, net.view).terminals]
    at = net.tables["places"].set_index("id").loc[frame["place"]]
    made = frame[["id", "name", "place", "from_system", "to_system", "cargo"]].reset_index(drop=True)
    pairs = zip(made["from_system"], made["to_system"], strict=True)
    extra = {column: at[column].to_numpy() for column in ("country", "lat", "lon")}
    return made.assign(**extra, systems=[set(pair) for pair in pairs])


def _ports(net: State) -> pd.DataFrame:
    terminals = _terminals(net)
    at_sea = terminals[["sea" in pair for pair in terminals["systems"]]]
    land = {place: set().union(*part["systems"]) for place, part in at_sea.groupby("place")}
    places = _places(net)
    places = places[places["id"].isin(land)]
    return places.assign(systems=places["id"].map(land))


def _crossings(net: State) -> pd.DataFrame:
    frame = net.crossings.reset_index()
    frame = frame[frame["open_to"] != ""].reset_index(drop=True)
    at = net.tables["places"].set_index("id")
    a, b = at.loc[frame["place_a"]], at.loc[frame["place_b"]]
    made = frame[["id", "name", "open_to"]].rename(columns={"open_to": "modes"})
    made["country"] = [f"{one}-{other}" for one, other in zip(a["country"], b["country"], strict=True)]
    for column in ("lat", "lon"):
        made[column] = (a[column].to_numpy() + b[column].to_numpy()) / 2
    return made.assign(systems=[set(cell.split(";")) for cell in made["modes"]])


_MAKERS = {"place": _places, "terminal": _terminals, "port": _ports, "crossing": _crossings}
