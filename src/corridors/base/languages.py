"""Languages: texts by key and names by their English spelling, one file of each for every language.

The texts of a language stand in `lang/<code>.toml`, by section and key; `{...}` is filled in. English has them all, and
the others have the same keys. Names of places, crossings, countries, seas and goods stand in `lang/<code>-names.csv`; a
name that is missing there stays as the tables have it.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from corridors.base.dates import in_words
from corridors.base.errors import InputError

ENGLISH: Final = "en"
LANGUAGES: Final = (ENGLISH, "ru")
"""Codes of the languages (ISO 639-1)."""

_FILES = "lang"


@dataclass(frozen=True, eq=False)
class Words:
    """Texts and names of one language.

    Attributes
    ----------
    lang
        Code of the language.
    texts
        Texts by `section.key`.
    names
        Names by their English spelling; empty for English.
    """

    lang: str
    texts: Mapping[str, str]
    names: Mapping[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        """Text of a key, with values filled in.

        >>> words("ru")("map.route", name="Кабул", km="650", days="3,1")
        'Кабул: 650 км, 3,1 сут'
        """
        return self.texts[key].format(**values) if values else self.texts[key]

    def name(self, english: str) -> str:
        """Name of a place, crossing, country, sea or good; the English one where no other is known.

        >>> words("ru").name("Hyderabad (Sindh)"), words("ru").name("Hyderabad"), words("en").name("Kabul")
        ('Хайдарабад (Синд)', 'Хайдарабад', 'Kabul')
        """
        return self.names.get(english, english)

    def number(self, value: float, digits: int = 0) -> str:
        r"""Number with so many decimals, thousands apart.

        >>> words("en").number(12345.67, 1), words("ru").number(12345.67, 1)
        ('12,345.7', '12\xa0345,7')
        """
        return self.own(f"{value:,.{digits}f}")

    def short(self, value: float) -> str:
        """Number with as many digits as it needs, at most six.

        >>> words("en").short(0.25), words("ru").short(0.25)
        ('0.25', '0,25')
        """
        return self.own(f"{value:g}")

    def own(self, text: str) -> str:
        """A number that was written in English, with the signs of the language."""
        if self.lang == ENGLISH:
            return text
        return text.replace(",", self("number.thousands")).replace(".", self("number.decimal"))

    def count(self, key: str, number: int) -> str:
        """Number of things, in the form of the noun that goes with it.

        >>> [words("ru").count("count.border", n) for n in (1, 3, 5, 11)]
        ['1 граница', '3 границы', '5 границ', '11 границ']
        """
        return self(f"{key}.{self._form(number)}", number=number)

    def _form(self, number: int) -> str:
        if self.lang == ENGLISH:
            return "one" if number == 1 else "many"
        ones, tens = number % 10, number % 100
        if ones == 1 and tens != 11:
            return "one"
        return "few" if ones in (2, 3, 4) and tens not in (12, 13, 14) else "many"

    def date(self, text: str) -> str:
        r"""Date for a heading: a day, a month, or the end of a year.

        >>> [words("ru").date(text) for text in ("2026-12-01", "2026-11", "2024")]
        ['1 декабря 2026\xa0г.', 'ноябрь 2026\xa0г.', 'конец 2024\xa0г.']
        """
        if self.lang == ENGLISH:
            return in_words(text)
        year, month, day = (*text.split("-"), "", "")[:3]
        if not month:
            return self("date.year", year=year)
        name = self(f"{'day' if day else 'month'}.{int(month)}")
        return self("date.day" if day else "date.month", year=year, month=name, day=int(day or 0))


def words(lang: str = ENGLISH) -> Words:
    """Texts and names of a language.

    Parameters
    ----------
    lang
        Code of the language, `en` or `ru`.

    Raises
    ------
    InputError
        If there is no such language.

    >>> words("ru")("legs.from"), words().name("Almaty"), words("ru").name("Almaty")
    ('из', 'Almaty', 'Алматы')
    """
    if not isinstance(lang, str) or lang not in LANGUAGES:
        raise InputError("lang", lang, f"one of {', '.join(LANGUAGES)}")
    return _words(lang)


@lru_cache(maxsize=len(LANGUAGES))
def _words(lang: str) -> Words:
    folder = resources.files("corridors.base") / _FILES
    texts = dict(_flat(tomllib.loads((folder / f"{lang}.toml").read_text(encoding="utf8"))))
    if lang == ENGLISH:
        return Words(lang, texts, {})
    lines = (folder / f"{lang}-names.csv").read_text(encoding="utf8").splitlines()
    rows = {row["en"]: row["name"] for row in csv.DictReader(lines)}
    # maps write names without what explains them in brackets
    bare = {_bare(english): _bare(name) for english, name in rows.items() if english.endswith(")")}
    return Words(lang, texts, bare | rows)


def _bare(name: str) -> str:
    return re.sub(r" \(.*?\)", "", name)


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value
