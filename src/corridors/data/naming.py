"""Names in place of ids in tables of results: places, crossings, terminals, services, links and projects."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from corridors.base.cache import Slot, unchanged
from corridors.data import schema
from corridors.data.tables import Tables

PLACES = ("origin", "destination", "from_id", "to_id", "place", "place_id", "market", "port", "rival")
"""Columns and levels of an index that hold ids of places."""

THINGS = ("id", "crossing", "crossings", "terminal", "service", "link", "project", "gateway")
"""Those that hold ids of anything else, several separated by semicolons."""

_NAMES = Slot[dict[str, dict[str, str]]]("names by what they are of", most=1, carried=unchanged)


def by_names(table: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Same table with names for ids in rows, index and columns; two of one name are told apart by country or id.

    Parameters
    ----------
    table
        Table of a result.
    tables
        Tables of the network that the result is of.

    >>> import corridors as co
    >>> net = co.load()
    >>> by_names(net.matrix(["almaty"], ["port-qasim"], "distance"), net.tables).columns.tolist()
    ['Port Qasim']
    """
    names = tables.cache.get(_NAMES, "", lambda: {"places": _places(tables), "things": _things(tables)})
    found = table.copy()
    for column in found:
        if column in PLACES or column in THINGS:
            found[column] = [_named(cell, names, str(column)) for cell in found[column]]
    found.index = _renamed(found.index, names)
    found.columns = _renamed(found.columns, names)
    return found


def _renamed(index: pd.Index, names: dict[str, dict[str, str]]) -> pd.Index:
    """Index with names in the levels that hold ids."""
    if isinstance(index, pd.MultiIndex):
        levels = [_renamed(index.get_level_values(place), names) for place in range(index.nlevels)]
        return pd.MultiIndex.from_arrays(levels, names=index.names)
    if index.name not in (*PLACES, *THINGS):
        return index
    return pd.Index([_named(cell, names, str(index.name)) for cell in index], name=index.name)


def _named(cell: object, names: dict[str, dict[str, str]], column: str) -> object:
    if not isinstance(cell, str):
        return cell
    if column in PLACES:
        return names["places"].get(cell, cell)
    return "; ".join(names["things"].get(part, part) for part in schema.items(cell))


def _places(tables: Tables) -> dict[str, str]:
    """Names of places by id, with the country, or else the id, where two share a name."""
    frame = tables["places"]
    ids, names, countries = (frame[column].tolist() for column in ("id", "name", "country"))
    plain, placed = Counter(names), Counter(zip(names, countries, strict=True))
    found = {}
    for ident, name, country in zip(ids, names, countries, strict=True):
        more = "" if plain[name] == 1 else f" ({country})" if placed[name, country] == 1 else f" ({country}, {ident})"
        found[ident] = f"{name}{more}"
    return found


def _things(tables: Tables) -> dict[str, str]:
    """Names of everything else by id; a link is called by its ends."""
    places = _places(tables)
    links = tables["links"]
    ends = zip(links["id"], links["from_id"].map(places), links["to_id"].map(places), strict=True)
    found = {ident: f"{first} - {last}" for ident, first, last in ends}
    for table in ("projects", "services", "terminals", "crossings"):
        frame = tables[table]
        found |= {ident: name or ident for ident, name in zip(frame["id"], frame["name"], strict=True)}
    return places | found
