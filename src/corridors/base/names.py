"""Names: spellings folded to one form, and near matches for messages."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import overload

import pandas as pd

from corridors.base.errors import InputError

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_HYPHENS = re.compile(r"-+")

_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "‘": "", "’": "",
     "ك": "ک", "ي": "ی", "ى": "ی", "ة": "ه", "ھ": "ه", "ہ": "ه"}
)  # fmt: skip
"""Letters that do not come apart into a plain one and a mark, apostrophes, which some leave out, and letters that
Arabic, Persian, Pashto and Urdu keyboards write in different ways."""

_FIRST_MARK = 10
"""Combining class of the first marks that only colour a letter; those before belong to it, as vowels of Hindi do."""


def flat(argument: str, given: Iterable[object], *, least: str = "") -> list[str]:
    """Names that were given one by one or in lists.

    Parameters
    ----------
    argument
        Name of the argument, for the message.
    given
        Names, and lists, tuples or sets of names.
    least
        What is missing where nothing at all is given, not even an empty list; blank where that is fine.

    Raises
    ------
    InputError
        If one is no text, or nothing is given.

    >>> flat("what", ["AF-PK", ["torkham", "chaman"]])
    ['AF-PK', 'torkham', 'chaman']
    """
    found: list[str] = []
    given = tuple(given)
    if least and not given:
        raise InputError(argument, given, f"at least {least}")
    for item in given:
        for name in item if isinstance(item, list | tuple | set | frozenset) else (item,):
            if not isinstance(name, str):
                raise InputError(argument, name, "names are texts, given one by one or in a list")
            found.append(name)
    return found


def fold(text: str) -> str:
    """Fold a spelling: lower case, no diacritics, letters of every script kept, hyphens for everything else.

    >>> fold("Mazār-i  Sharif"), fold("Nhava Sheva (JNPT)"), fold(" Термез-1 "), fold("كابل") == fold("کابل")
    ('mazar-i-sharif', 'nhava-sheva-jnpt', 'термез-1', True)
    """
    if text.isascii():
        return _NOT_WORD.sub("-", text.casefold()).strip("-")
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_PLAIN)
    kept = unicodedata.normalize("NFC", "".join(map(_folded, apart)))
    return _HYPHENS.sub("-", kept).strip("-")


def _folded(char: str) -> str:
    """Letter or digit as it is, nothing for a mark or modifier, a hyphen for everything else."""
    if char.isascii():
        return char if char.isalnum() else "-"
    kind = unicodedata.category(char)
    if unicodedata.combining(char) >= _FIRST_MARK or kind in ("Lm", "Cf", "Sk"):
        return ""
    return char if kind[0] in "LMN" else "-"


def spelling_key(text: str) -> str:
    """Form in which two spellings of a name are compared; one without letters or digits is kept as it is.

    >>> spelling_key("Mazār-i  Sharif"), spelling_key(" Термез "), spelling_key("--")
    ('mazar-i-sharif', 'термез', '--')
    """
    return fold(text) or text.strip().casefold()


def near(value: str, names: Iterable[str], *, most: int = 5, cutoff: float = 0.6) -> list[str]:
    """List the names that look most like `value`, best first.

    >>> near("kharachi", ["karachi", "kharlachi", "kabul"])
    ['kharlachi', 'karachi']
    """
    return difflib.get_close_matches(fold(value), list(names), n=most, cutoff=cutoff)


def near_labels(value: str, labels: Mapping[str, str], *, most: int = 5) -> list[str]:
    """List the labels (by folded spelling) that look most like `value`, each once."""
    found: list[str] = []
    for key in near(value, labels, most=most * 2):
        if labels[key] not in found:
            found.append(labels[key])
    return found[:most]


@overload
def system(mode: str, gauge_mm: str = "") -> str: ...
@overload
def system(mode: pd.Series, gauge_mm: pd.Series) -> pd.Series: ...
def system(mode: str | pd.Series, gauge_mm: str | pd.Series = "") -> str | pd.Series:
    """System on which a vehicle can run through: a railway of one gauge, roads, or ships.

    Parameters
    ----------
    mode
        `rail`, `road` or `sea`, or a column of them.
    gauge_mm
        Gauge of a railway in mm, or a column of the same rows; it does not count for other modes.

    >>> system("rail", "1520"), system("road")
    ('rail-1520', 'road')
    >>> system(pd.Series(["rail", "road"]), pd.Series(["1435", ""])).tolist()
    ['rail-1435', 'road']
    """
    if isinstance(mode, str):
        return f"rail-{gauge_mm}" if mode == "rail" else mode
    return mode.where(mode != "rail", "rail-" + gauge_mm)


def mode_and_gauge(name: str) -> tuple[str, str]:
    """Mode, and gauge in mm (blank off the rails), of a system: the way back from `system`.

    >>> mode_and_gauge("rail-1520"), mode_and_gauge("road")
    (('rail', '1520'), ('road', ''))
    """
    mode, _, gauge_mm = name.partition("-")
    return mode, gauge_mm
