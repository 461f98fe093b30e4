"""Where a place is: names looked up offline, in the reference network and in a list of towns (GeoNames, CC BY 4.0)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import pandas as pd
from shapely.geometry import Point

from corridors.base.arguments import checked
from corridors.base.errors import AmbiguousNameError, InputError, UnknownNameError
from corridors.base.names import fold, near_labels
from corridors.base.spelling import sounded
from corridors.data import bundled, schema
from corridors.data.countries import country_code
from corridors.data.csv_tables import read_csv
from corridors.data.place_names import translated, without_port

LARGE = 100_000
"""Inhabitants from which a town is taken for what a name means, even where it is not in a network."""

COLUMNS = ["name", "country", "lat", "lon", "kind", "population", "place", "source"]


@dataclass(frozen=True, slots=True)
class Location:
    """A named point on the map.

    Attributes
    ----------
    name, country
        Usual name and country code.
    lat, lon
        Position in degrees (WGS 84).
    kind
        As in the table `places`; `town` for what comes from the gazetteer.
    population
        Inhabitants; nan where unknown.
    place
        Id of the place in the reference network, blank if it has none.
    source
        Ids of the sources of the position.
    """

    name: str
    country: str
    lat: float
    lon: float
    kind: str = "site"
    # a number that is not known is equal to none, also not to itself
    population: float = field(default=float("nan"), compare=False)
    place: str = ""
    source: str = ""

    @property
    def point(self) -> Point:
        """Position as a point (longitude, latitude)."""
        return Point(self.lon, self.lat)

    def __str__(self) -> str:
        return f"{self.name} ({self.country}, {self.lat:.3f} N {self.lon:.3f} E)"


@checked
def geocode(name: str) -> Location:
    """Find where a place is, without network access.

    Places of the reference network come first, then the towns of the gazetteer: every town that GeoNames has in
    Central Asia, Afghanistan, Pakistan and Iran, and those of 50,000 inhabitants or more around.

    Parameters
    ----------
    name
        A name in any common spelling, with its country where it has namesakes: `"Alat, AZ"`.

    Returns
    -------
    Location
        Name, country, and latitude and longitude in degrees (WGS 84).

    Raises
    ------
    UnknownNameError
        With near matches.
    AmbiguousNameError
        If several towns have the name, or a place and a town of 100,000 inhabitants or more in another country;
        `gazetteer(name)` has their positions.

    >>> import corridors as co
    >>> where = co.geocode("Naibabad")
    >>> where.country, where.place, round(where.lat, 1)
    ('AF', 'naibabad', 36.8)
    >>> str(co.geocode("Jalalabad, KG"))
    'Jalal-Abad (KG, 40.945 N 72.993 E)'
    """
    found = gazetteer(name)
    in_network = found[found["place"] != ""]
    if len(in_network) == 1:
        return _without_namesakes(name, _location(in_network.iloc[0]))
    # a town of that very name goes before those that are also called so
    same = found[found["name"].map(_key) == _key(name.partition(",")[0])]
    for hits in (in_network, same, found):
        if len(hits) == 1:
            return _location(hits.iloc[0])
        if len(hits):
            raise _ambiguous(name, [_location(row) for _, row in hits.iterrows()])
    text = name.partition(",")[0]
    raise UnknownNameError("town or place", name, near_labels(text, _labels()), where="in the gazetteer")


def _without_namesakes(name: str, found: Location) -> Location:
    """Place of the network, if no large town elsewhere has the name, its country is said, or the name is its id."""
    towns = [] if name == found.place or "," in name else large_towns(name)
    elsewhere = [town for town in towns if town.country != found.country]
    if elsewhere:
        raise _ambiguous(name, [found, *elsewhere])
    return found


def _ambiguous(name: str, hits: list[Location]) -> AmbiguousNameError:
    hint = f"co.gazetteer({name!r}) lists them with their positions"
    return AmbiguousNameError(name, list(map(str, hits[:8])), hint=hint)


@checked
def gazetteer(name: str | None = None) -> pd.DataFrame:
    """List the places and towns that bear a name, the largest first; without a name, all of them.

    Columns: name, country, lat, lon, kind, population, place (its id in the reference network) and source.

    Parameters
    ----------
    name
        Name in any of the scripts of the gazetteer; None for all places.

    Returns
    -------
    DataFrame
        Names, countries, inhabitants, and position in degrees (WGS 84).

    Raises
    ------
    InputError
        If the name is blank.

    >>> import corridors as co
    >>> co.gazetteer("Alat")["country"].tolist()
    ['AZ', 'UZ']
    """
    table = _table()
    if name is None:
        return table[COLUMNS].copy()
    if not isinstance(name, str) or not name.strip():
        raise InputError("name", name, "a name is expected")
    text, _, country = name.partition(",")
    called = _spellings()
    hits = called.get(_key(text)) or called.get(_key(without_port(text))) or _sounds().get(sounded(text), [])
    rows = table.loc[hits]
    if country.strip():
        rows = rows[rows["country"] == (country_code(country) or country.strip().upper())]
    return rows[COLUMNS].sort_values("population", ascending=False, kind="stable").reset_index(drop=True)


def large_towns(name: str) -> list[Location]:
    """List the towns of the gazetteer with 100,000 inhabitants or more of which this is the usual name.

    Parameters
    ----------
    name
        The name, in any common spelling of it.

    >>> [town.country for town in large_towns("Hyderabad")]
    ['IN', 'PK']
    """
    return _large().get(_key(name), [])


@cache
def _large() -> dict[str, list[Location]]:
    """Towns of the gazetteer with many inhabitants by name."""
    found: dict[str, list[Location]] = {}
    for row in _towns().query(f"population >= {LARGE}").to_dict("records"):
        town = Location(row["name"], row["country"], row["lat"], row["lon"], "town", row["population"], "", "geonames")
        found.setdefault(_key(row["name"]), []).append(town)
    return found


@cache
def _towns() -> pd.DataFrame:
    """Towns of the gazetteer."""
    towns, _ = read_csv(bundled.folder() / "gazetteer" / "geonames.csv")
    numbers = {column: pd.to_numeric(towns[column]) for column in ("lat", "lon", "population")}
    return towns.assign(**numbers)


@cache
def _table() -> pd.DataFrame:
    """Join the places of the reference network and the towns; a town that is a place stands once."""
    places = bundled.reference()["places"].rename(columns={"id": "place"})
    towns = _towns().assign(kind="town", place="", source="geonames")
    towns = towns[~_are_places(towns, places)]
    return pd.concat([places[[*COLUMNS, "aliases"]], towns[[*COLUMNS, "aliases"]]], ignore_index=True)


def _are_places(towns: pd.DataFrame, places: pd.DataFrame) -> pd.Series:
    """Mark towns that bear the name of a place within 0.3 degrees, in its country."""
    known: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for row in places.itertuples(index=False):
        for spelling in {_key(text) for text in (row.name, *schema.items(row.aliases))}:
            known.setdefault((row.country, spelling), []).append((row.lat, row.lon))
    found = []
    for row in towns.itertuples(index=False):
        spellings = {_key(text) for text in (row.name, *schema.items(row.aliases))}
        spots = [spot for spelling in spellings for spot in known.get((row.country, spelling), ())]
        found.append(any(abs(lat - row.lat) < 0.3 and abs(lon - row.lon) < 0.3 for lat, lon in spots))
    return pd.Series(found, towns.index)


@cache
def _spellings() -> dict[str, list[int]]:
    """Row numbers of every spelling; names in other languages count where nothing else is spelled so."""
    found: dict[str, list[int]] = {}
    more: dict[str, list[int]] = {}
    for row, name, texts in _texts():
        for numbers, given in ((found, texts), (more, translated(name))):
            for spelling in {_key(text) for text in given} - {""}:
                numbers.setdefault(spelling, []).append(row)
    return more | found


@cache
def _sounds() -> dict[str, list[int]]:
    """Row numbers by sound, for what is written like none of the names."""
    found: dict[str, list[int]] = {}
    for row, _, texts in _texts():
        for sound in {sounded(text) for text in texts} - {""}:
            found.setdefault(sound, []).append(row)
    return found


def _texts() -> list[tuple[int, str, list[str]]]:
    """Row number, name, and id, name and aliases of every place and town."""
    table = _table()
    rows = zip(table.index, table["place"], table["name"], table["aliases"], strict=True)
    return [(row, name, [place, name, *schema.items(aliases)]) for row, place, name, aliases in rows]


def _key(text: str) -> str:
    """Fold a spelling; `Jalal-Abad` and `Jalalabad` are the same."""
    return fold(text).replace("-", "")


def _labels() -> dict[str, str]:
    table = _table()
    rows = _spellings()
    return {spelling: f"{table['name'][hits[0]]} ({table['country'][hits[0]]})" for spelling, hits in rows.items()}


def _location(row: pd.Series) -> Location:
    numbers = {column: float(row[column]) for column in ("lat", "lon", "population")}
    return Location(**{column: row[column] for column in COLUMNS} | numbers)
