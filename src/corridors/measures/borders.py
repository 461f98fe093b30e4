"""States of the borders that an answer is given for: which are shut, side by side, and how a country is shut."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from corridors.base.errors import CorridorsError, InputError
from corridors.data.tables import Tables
from corridors.model.targets import find_target
from corridors.network.network import Network

Closures: TypeAlias = str | Iterable[str]
"""Pairs of countries (`AF-PK`), crossings, links, terminals, services, or countries (`IR`) that are shut."""

Cases: TypeAlias = str | Mapping[str, Closures] | None
"""States of the borders by name; or closures of a single second state; None for the network as it is."""

OPEN = "open"
"""Name of the state in which nothing is shut beyond what the network itself has shut."""

BORDERS: Mapping[str, Closures] = {
    OPEN: (),
    "AF-PK closed": ("AF-PK",),
    "Iran closed": ("IR",),
    "both closed": ("AF-PK", "IR"),
}
"""Afghan-Pakistani border open or shut, times Iran open or shut.

Iran stands here because today's railway to Pakistan leads through it: it is what a new line is measured against.
"""


def border_cases(tables: Tables, closed: Cases = BORDERS) -> dict[str, list[str]]:
    """What is shut in each state of the borders, by name of the state; the first one is the one that is told first.

    Parameters
    ----------
    tables
        Tables of the network.
    closed
        States of the borders. Of the default, those are left out whose countries a network does not have; what is
        asked for otherwise must be there.

    Raises
    ------
    UnknownNameError
        If the network does not have what is to be shut, with near matches.

    >>> import corridors as co
    >>> border_cases(co.load().tables, "AF-PK")
    {'open': [], 'AF-PK closed': ['AF-PK']}
    >>> list(border_cases(co.load().tables)), border_cases(co.load().tables)["Iran closed"][:3]
    (['open', 'AF-PK closed', 'Iran closed', 'both closed'], ['AF-IR', 'AZ-IR', 'IR-PK'])
    """
    if closed is None:
        return {OPEN: []}
    if isinstance(closed, str):
        closed = {OPEN: (), f"{closed} closed": closed}
    if not isinstance(closed, Mapping) or not closed:
        raise InputError("closed", closed, "closures by name of the state, such as {'open': (), 'shut': 'AF-PK'}")
    cases: dict[str, list[str]] = {}
    targets: dict[str, list[str]] = {}
    for name, closures in closed.items():
        listed = [closures] if isinstance(closures, str) else list(closures)
        try:
            targets |= {one: _targets(tables, one) for one in listed if one not in targets}
            cases[str(name)] = list(dict.fromkeys(target for one in listed for target in targets[one]))
        except CorridorsError:
            if closed is not BORDERS:
                raise
    return cases


def _targets(tables: Tables, closure: str) -> list[str]:
    """What is to be closed for one closure: itself, or all ways in and out of a country."""
    if closure in set(tables["places"]["country"]):
        return ways_abroad(tables, closure)
    find_target(tables, closure)
    return [closure]


def ways_abroad(tables: Tables, country: str) -> list[str]:
    """Pairs of countries with a crossing of a country, and shipping services and hops that call at its ports.

    Parameters
    ----------
    tables
        Tables of the network.
    country
        Code of the country.

    >>> import corridors as co
    >>> ways_abroad(co.load().tables, "UZ")
    ['AF-UZ', 'KG-UZ', 'KZ-UZ', 'TJ-UZ', 'TM-UZ']
    """
    of_place = tables["places"].set_index("id")["country"]
    crossings, services = tables["crossings"], tables["services"]
    sides = zip(crossings["place_a"].map(of_place), crossings["place_b"].map(of_place), strict=True)
    pairs = sorted({"-".join(sorted(pair)) for pair in sides if country in pair and pair[0] != pair[1]})
    calls = (services["from_id"].map(of_place) == country) | (services["to_id"].map(of_place) == country)
    # a service whose every hop calls there is closed by its name, of others just the hops
    whole = calls.groupby(services["service"]).transform("all") if len(services) else calls
    names = [*services["service"][calls & whole], *services["id"][calls & ~whole]]
    return [*pairs, *dict.fromkeys(names)]


def state_of(net: Network) -> str:
    """What a network has shut itself, in words: the state that every answer is of, whatever is shut beside.

    Parameters
    ----------
    net
        The network.

    >>> import corridors as co
    >>> state_of(co.load()), state_of(co.load().close("AF-PK"))
    ('normal operation', 'closed: AF-PK')
    """
    return f"closed: {', '.join(net.closed)}" if net.closed else "normal operation"
