"""What the places of a network are called, and which of them a name means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

import pandas as pd

from corridors.base.errors import AmbiguousNameError, InputError, UnknownNameError
from corridors.base.languages import ENGLISH, LANGUAGES, words
from corridors.base.names import near_labels, spelling_key
from corridors.base.spelling import sounded
from corridors.data import schema
from corridors.data.countries import country_code

_PORT = re.compile(r"^port (of )?| (sea)?port$", re.IGNORECASE)
"""What a place with a port is also called with."""


def without_port(text: str) -> str:
    """Name of a place without the word that says that it has a port.

    >>> without_port("Mumbai port"), without_port("Port of Gwadar"), without_port("Porto")
    ('Mumbai', 'Gwadar', 'Porto')
    """
    return _PORT.sub("", text.strip())


def translated(name: str) -> list[str]:
    """Names of a place in the other languages of the library.

    >>> translated("Dostyk")
    ['Достык']
    """
    names = (words(lang).names.get(name) for lang in LANGUAGES if lang != ENGLISH)
    return [other for other in names if other]


class PlaceNames:
    """Ids of places by what they are called.

    Attributes
    ----------
    country
        Code of the country of each place.
    spellings
        Ids by folded spelling of id, name and aliases.
    joined
        The same without the breaks between words, by which Jalal-Abad is a Jalalabad.
    """

    def __init__(self, places: pd.DataFrame) -> None:
        ids, name, country = (places[column].to_numpy(dtype=object).tolist() for column in ("id", "name", "country"))
        self._places = places
        self.country: dict[str, str] = dict(zip(ids, country, strict=True))
        self._name: dict[str, str] = dict(zip(ids, name, strict=True))

    @cached_property
    def spellings(self) -> dict[str, list[str]]:
        """Ids by folded spelling; made when a name is first asked for that is no id."""
        found: dict[str, list[str]] = {}

        def add(ident: str, texts: Iterable[str]) -> None:
            for key in map(spelling_key, texts):
                ids = found.setdefault(key, [])
                if ident not in ids:
                    ids.append(ident)

        aliases = self._places["aliases"].to_numpy(dtype=object).tolist()
        for (ident, name), cell in zip(self._name.items(), aliases, strict=True):
            add(ident, (ident, name, *schema.items(cell)))
        given = set(found)
        for ident, name in self._name.items():
            add(ident, (other for other in translated(name) if spelling_key(other) not in given))
        return found

    @cached_property
    def joined(self) -> dict[str, list[str]]:
        """Ids by folded spelling without the breaks between words."""
        found: dict[str, list[str]] = {}
        row = {ident: number for number, ident in enumerate(self.country)}
        for spelling, idents in self.spellings.items():
            found.setdefault(spelling.replace("-", "") or spelling, []).extend(idents)
        return {key: sorted(set(ids), key=row.__getitem__) for key, ids in found.items()}

    @cached_property
    def sounds(self) -> dict[str, list[str]]:
        """Ids by the sound of their spellings, for what is written like none of them."""
        found: dict[str, list[str]] = {}
        for spelling, ids in self.spellings.items():
            for ident in ids if (key := sounded(spelling)) else ():
                if ident not in found.setdefault(key, []):
                    found[key].append(ident)
        return found

    def label(self, ident: str) -> str:
        """Name, country and id of a place, for messages."""
        return f"{self._name[ident]} ({self.country[ident]}, {ident})"

    def find(self, name: str, *, beside: Iterable[str] = ()) -> str:
        """Find the id of a place by id, name or common spelling, with its country after a comma if need be.

        Parameters
        ----------
        name
            An id, which no two places share, or a name: `Alat, AZ`, `Kabul, Afghanistan`, `Karachi port`.
        beside
            Codes of countries: of several places that bear the name, the only one in these is meant.

        Raises
        ------
        UnknownNameError, AmbiguousNameError
            With near matches and their countries.

        >>> import corridors as co
        >>> names = co.load().tables.place_names
        >>> names.find("Kabul, Afghanistan"), names.find("Karachi port"), names.find("Jalalabad", beside=["KG"])
        ('kabul', 'karachi', 'jalal-abad')
        """
        if not isinstance(name, str):
            raise InputError("place", name, "places are given by id or name")
        if name in self.country:
            return name
        text, _, given = name.partition(",")
        ids = self._called(text) or self._called(without_port(text)) or self.sounds.get(sounded(text), [])
        if given.strip():
            code = country_code(given) or given.strip().upper()
            ids = [ident for ident in ids if self.country[ident] == code]
        if len(ids) > 1:
            here = set(beside)
            ids = [ident for ident in ids if self.country[ident] in here] or ids
        if len(ids) == 1:
            return ids[0]
        if ids:
            raise AmbiguousNameError(name, map(self.label, ids))
        labels = {spelling: self.label(found[0]) for spelling, found in self.spellings.items()}
        raise UnknownNameError("place", name, near_labels(text, labels))

    def _called(self, text: str) -> list[str]:
        """Ids of the places that bear a name; one written in a single word may be several words elsewhere."""
        key = spelling_key(text)
        exact = self.spellings.get(key, [])
        return exact if "-" in key and exact else self.joined.get(key.replace("-", "") or key, [])
