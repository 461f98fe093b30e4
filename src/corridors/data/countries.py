"""Countries: the code that a name, a code in any case or a code of three letters means."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from corridors.base.errors import UnknownNameError
from corridors.base.names import fold, near_labels

TABLE = "countries.csv"
"""Codes (ISO 3166) and English names by GeoNames (CC BY 4.0); aliases are common ones of the region."""


def country_code(text: str) -> str:
    """Code of two letters of a country; blank if it is none.

    Parameters
    ----------
    text
        Its code of two or three letters, or its English name, in either case.

    >>> [country_code(text) for text in ("Kazakhstan", "ir", "PAK", "UAE", "Karachi")]
    ['KZ', 'IR', 'PK', 'AE', '']
    """
    return _codes().get(fold(text), "")


def near_countries(text: str, codes: Iterable[str]) -> list[str]:
    """List the countries whose names look most like a text, with their codes.

    Parameters
    ----------
    text
        What was given as a country.
    codes
        Codes of the countries that there are.

    >>> near_countries("Iram", ["IR", "KZ", "PK"])
    ['Iran (IR)']
    """
    there = set(codes)
    labels = {key: f"{key.capitalize()} ({code})" for key, code in _codes().items() if code in there and len(key) > 3}
    return near_labels(text, labels, most=2)


def country_asked(text: str, existing: Iterable[str]) -> str:
    """Code of a country that was asked for, by code or name; it need not be among those of a network.

    Parameters
    ----------
    text
        What was asked for.
    existing
        Codes of the network.

    Raises
    ------
    UnknownNameError
        If there is no such country.

    >>> country_asked("Afghanistan", ["KZ"]), country_asked("xa", ["XA"])
    ('AF', 'XA')
    """
    codes = set(existing)
    code = country_code(str(text)) or str(text).upper()
    if code not in codes and not country_code(code):
        raise UnknownNameError("country", text, near_countries(str(text), codes))
    return code


@cache
def country_title(code: str) -> str:
    """English name of a country by its code of two letters; the code where there is none.

    >>> country_title("US"), country_title("XX")
    ('United States', 'XX')
    """
    with files("corridors.data").joinpath(TABLE).open(encoding="utf8") as file:
        return next((row["name"] for row in csv.DictReader(file) if row["code"] == code), code)


@cache
def _codes() -> dict[str, str]:
    """Code of every spelling."""
    found: dict[str, str] = {}
    with files("corridors.data").joinpath(TABLE).open(encoding="utf8") as file:
        for row in csv.DictReader(file):
            for spelling in (row["code"], row["code3"], row["name"], *row["aliases"].split(";")):
                found.setdefault(fold(spelling), row["code"])
    found.pop("", None)
    return found
