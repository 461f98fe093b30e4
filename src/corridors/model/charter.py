"""Chartered ships: sailings on request between ports, with the distances of the table `sea_distances`.

They are laid beside the shipping services only for a question that asks for them (`charter=True`). Each is a voyage of
its own from port to port: it has the hours and cost of the sea by its class, and the work of both ports, but no wait
for a sailing, because no headway is known of a ship that is not scheduled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from corridors.base.cache import Cache, Slot
from corridors.base.errors import InputError
from corridors.data import schema
from corridors.data.tables import Tables

CLASSES = {"port": ("charter", "tramp", "Chartered ship"), "ferry": ("charter-ferry", "ferry", "Chartered ferry")}
"""Ships by the method of the terminals between which they sail: how their ids begin, their class and their name."""

PREFIXES = tuple(f"{prefix}--" for prefix, *_ in CLASSES.values())
"""How the ids of chartered voyages begin."""


MOST_NAMED = 6
"""Most places that a message names."""


def _carried(before: Tables, tables: Tables) -> Tables:
    """Same voyages with the parameters of other tables; what was compiled and still holds is kept."""
    made = replace(before, overrides=tables.parameters, overridden=tables.overridden, cache=Cache())
    made.cache.take(before.cache, made)
    return made


_CHARTERED = Slot[Tables]("tables with chartered ships", most=1, carried=_carried)


def chartered(tables: Tables) -> Tables:
    """Tables with a chartered ship between every two ports that have a distance and terminals of one method.

    Parameters
    ----------
    tables
        The tables. Their parameters are kept; a chartered ship has those of its class.

    Raises
    ------
    InputError
        If there are no distances by sea.

    >>> import corridors as co
    >>> tables = co.load().tables
    >>> len(chartered(tables)["services"]) - len(tables["services"])
    235
    """
    if tables["services"]["id"].map(is_charter).any():
        return tables  # these have them already
    return tables.cache.get(_CHARTERED, None, lambda: _chartered(tables))


def is_charter(ident: str) -> bool:
    """Whether an id is that of a chartered voyage.

    >>> is_charter("charter--karachi--jebel-ali"), is_charter("karachi-gulf--karachi--jebel-ali")
    (True, False)
    """
    return ident.startswith(PREFIXES)


def ports(tables: Tables, cargo: str) -> set[str]:
    """Places with a terminal between land and sea for a cargo unit.

    >>> import corridors as co
    >>> "karachi" in ports(co.load().tables, "container"), "almaty" in ports(co.load().tables, "container")
    (True, False)
    """
    rows = tables["terminals"]
    at_sea = (rows[["from_system", "to_system"]] == "sea").any(axis=1)
    return set(rows["place"][at_sea & rows["cargo"].map(lambda cell: cargo in schema.items(cell)).astype(bool)])


def require_ports(tables: Tables, cargo: str, modes: frozenset[str], places: Iterable[str]) -> None:
    """Refuse ends of journeys by sea alone that are no ports.

    Parameters
    ----------
    tables, cargo
        The network and the cargo unit.
    modes
        Modes that may be used.
    places
        Ids of origins and destinations.

    Raises
    ------
    InputError
        If ships are the only mode, and a place is no port.
    """
    if modes != {"sea"}:
        return
    wanted, there = dict.fromkeys(places), ports(tables, cargo)
    on_land = [tables.label(place) for place in wanted if place not in there]
    if on_land:
        more = f" and {len(on_land) - MOST_NAMED} more" if len(on_land) > MOST_NAMED else ""
        names = ", ".join(on_land[:MOST_NAMED]) + more
        expected = f"by sea alone a journey is from port to port. No port for a {cargo}: {names}"
        raise InputError("modes", sorted(modes), expected)


def _chartered(tables: Tables) -> Tables:
    if tables["sea_distances"].empty:
        expected = "this network has no distances by sea: add rows to its table 'sea_distances'"
        raise InputError("charter", True, expected)
    services, voyages = tables["services"], pd.DataFrame(list(_voyages(tables)))
    if len(voyages):
        services = pd.concat([services, voyages.reindex(columns=services.columns)], ignore_index=True)
    # the parameters stay as they are: no voyage has a wait of its own
    return replace(tables, frames={**tables.frames, "services": services}, overrides=tables.parameters, cache=Cache())


def _voyages(tables: Tables) -> Iterator[dict[str, Any]]:
    """Yield rows of services, one per pair of ports and method of their terminals."""
    handled = _handled(tables)
    for row in tables["sea_distances"].to_dict("records"):
        ends = row["from_id"], row["to_id"]
        for method, (prefix, kind, name) in CLASSES.items():
            cargo = handled.get((ends[0], method), set()) & handled.get((ends[1], method), set())
            if not cargo:
                continue
            ident = f"{prefix}--{ends[0]}--{ends[1]}"
            blank = dict.fromkeys(("opened", "closed"), "")
            headways = dict.fromkeys(("headway_d", "headway_low_d", "headway_high_d"), np.nan)
            own = {
                "id": ident,
                "service": ident,
                "name": name,
                "mode": "sea",
                "class": kind,
                "cargo": schema.SEPARATOR.join(sorted(cargo)),
            }
            yield {str(key): cell for key, cell in row.items()} | blank | headways | own


def _handled(tables: Tables) -> dict[tuple[str, str], set[str]]:
    """Cargo units that pass between land and sea at each port, by the method of the terminal."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in tables["terminals"].to_dict("records"):
        if "sea" in (row["from_system"], row["to_system"]):
            found.setdefault((row["place"], row["method"]), set()).update(schema.items(row["cargo"]))
    return found
