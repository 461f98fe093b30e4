"""Places of a question by name: of several that bear one, the one in a country where another of them lies."""

from __future__ import annotations

from collections.abc import Iterable

from corridors.base.errors import AmbiguousNameError
from corridors.data.tables import Tables


def places_of(tables: Tables, names: Iterable[str]) -> list[str]:
    """Ids of the places that a question names together.

    A name that several places bear means the only one of them that lies in a country of the others: of Jalalabad and
    Osh, the Kyrgyz Jalal-Abad; of Jalalabad and Kabul, the Afghan one.

    Parameters
    ----------
    tables
        Tables of the network.
    names
        Ids or names.

    Raises
    ------
    UnknownNameError, AmbiguousNameError
        If there is no such place, or several are left.

    >>> import corridors as co
    >>> tables = co.load().tables
    >>> places_of(tables, ["Jalalabad", "Osh"]), places_of(tables, ["Jalalabad", "Kabul"])
    (['jalal-abad', 'osh'], ['jalalabad', 'kabul'])
    """
    asked, found = list(names), dict[int, str]()
    several: list[int] = []
    for number, name in enumerate(asked):
        try:
            found[number] = tables.place(name)
        except AmbiguousNameError:
            several.append(number)
    beside = {tables.country(ident) for ident in found.values()}
    for number in several:
        found[number] = tables.place(asked[number], beside=beside)
    return [found[number] for number in range(len(asked))]
