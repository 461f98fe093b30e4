"""Places that a question names: which they are, and what to do about those that the network does not have."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np

from corridors.base.errors import AmbiguousNameError, UnknownNameError
from corridors.base.sphere import geodesic_km
from corridors.data.gazetteer import gazetteer, large_towns
from corridors.data.tables import Tables
from corridors.model.places import places_of

SWAPPED_KM = 100.0
"""Distance from a place within which a point lies that was given with latitude and longitude the wrong way round."""

SAME_KM = 2.0
"""Distance within which a place of the network is the town of the gazetteer under another name."""

_PAIR = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,; ]\s*(-?\d+(?:\.\d+)?)\s*")
"""Two numbers, which may be a latitude and a longitude."""


def ends_of(tables: Tables, names: Sequence[str]) -> list[str]:
    """Ids of the places that a question names, in order.

    Parameters
    ----------
    tables
        Tables of the network.
    names
        Ids or names, as in `corridors.model.places.places_of`.

    Raises
    ------
    UnknownNameError
        If the network has no such place; it says where a town or point lies, and how it is joined to the network.
    AmbiguousNameError
        If several places, or one and a large town elsewhere, bear a name and none is in a country of the others.

    >>> import corridors as co
    >>> ends_of(co.load().tables, ["Jalalabad", "Osh"])
    ['jalal-abad', 'osh']
    """
    try:
        found = places_of(tables, names)
    except UnknownNameError as error:
        hint = _hint(tables, str(error.value))
        raise (UnknownNameError("place", error.value, error.matches, hint) if hint else error) from None
    countries = [tables.country(ident) for ident in found]
    for number, (name, ident) in enumerate(zip(names, found, strict=True)):
        others = {*countries[:number], *countries[number + 1 :]}
        if name != ident and "," not in name and countries[number] not in others:
            _refuse_namesakes(tables, name, ident)
    return found


def _refuse_namesakes(tables: Tables, name: str, ident: str) -> None:
    towns = [town for town in large_towns(name) if town.country != tables.country(ident)]
    if towns:
        raise AmbiguousNameError(name, [tables.label(ident), *(f"{town}, not in this network" for town in towns)])


def _hint(tables: Tables, text: str) -> str:
    """Say what to do about a point or town that the network does not have; blank for what is neither."""
    if pair := _PAIR.fullmatch(text):
        lat, lon = float(pair[1]), float(pair[2])
        near, km = _nearest(tables, lat, lon)
        if swapped := swapped_hint(tables, lat, lon):
            return swapped
        if km == float("inf"):
            return "Those are no degrees of latitude and longitude."
        joined = f"net.connect(({lat:g}, {lon:g}), name=..., max_km={math.ceil(km)}) joins the point to the network"
        return f"The nearest place is {near}, {km:,.0f} km away; {joined}."
    towns = gazetteer(text) if text.strip() else gazetteer().head(0)
    towns = towns[towns["place"] == ""]
    if towns.empty:
        return ""
    town = towns.iloc[0]
    near, km = _nearest(tables, town["lat"], town["lon"], town["country"])
    if km < SAME_KM:
        return f"The network has {town['name']} as {near}."
    return (
        f"The gazetteer has {town['name']} ({town['country']}), {km:,.0f} km from {near}: "
        f"net.connect({text!r}, max_km={math.ceil(km)}) joins it to the network."
    )


def swapped_hint(tables: Tables, lat: float, lon: float) -> str:
    """Sentence on a latitude and a longitude that stand in the wrong order; blank where nothing says so.

    Parameters
    ----------
    tables
        Tables of the network.
    lat, lon
        What was given, in degrees.

    >>> import corridors as co
    >>> swapped_hint(co.load().tables, 76.95, 43.24)
    'Latitude comes first: 43.24, 76.95 is 3 km from Almaty (KZ, almaty).'
    """
    near, km = _nearest(tables, lon, lat)
    if km < min(_nearest(tables, lat, lon)[1], SWAPPED_KM):
        return f"Latitude comes first: {lon:g}, {lat:g} is {km:.0f} km from {near}."
    return ""


def _nearest(tables: Tables, lat: float, lon: float, country: str = "") -> tuple[str, float]:
    """Label of the nearest place, and its distance in km by great circle; infinite for a point that is none.

    A town is joined to the network of its own country, if that has places.
    """
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return "", float("inf")
    places = tables["places"]
    inside = places["country"] == country
    places = places[inside] if inside.any() else places
    km = geodesic_km(np.tile([lon, lat], (len(places), 1)), places[["lon", "lat"]].to_numpy(dtype=float))
    row = int(km.argmin())
    return tables.label(str(places["id"].iloc[row])), float(km[row])
