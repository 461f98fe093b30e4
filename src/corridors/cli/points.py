"""Points among the places of a command: latitude and longitude are joined to the network by a road."""

from __future__ import annotations

import re
from typing import Any

import corridors as co
from corridors.base.names import fold

POINT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*")
"""Latitude and longitude in degrees."""


def joined(net: co.Network, places: Any, max_km: float) -> tuple[co.Network, Any]:
    """Network with the points among some places joined to it, and the places with the ids of these points.

    A point that is none, or too far from the network, stays as it was typed: the question that it stands in says why.

    Parameters
    ----------
    net
        The network.
    places
        A place, or places in tuples, as click gives them; None for none.
    max_km
        How far a point may be from the network, by great circle.

    Returns
    -------
    tuple
        Network, and places in the form in which they were given.

    >>> net, place = joined(co.load(), "43.25, 76.95", 50)
    >>> place, net.places.loc[place, "country"]
    ('point-43-25-76-95', 'KZ')
    """
    if isinstance(places, tuple):
        found = []
        for one in places:
            net, place = joined(net, one, max_km)
            found.append(place)
        return net, tuple(found)
    point = POINT.fullmatch(places) if isinstance(places, str) else None
    if point is None:
        return net, places
    ident = f"point-{fold(places)}"
    if ident in net.places.index:
        return net, ident
    try:
        where = float(point[1]), float(point[2])
        return net.connect(where, name=f"{where[0]:g} N {where[1]:g} E", ident=ident, max_km=max_km), ident
    except (co.TooFarError, co.InputError):
        return net, places
