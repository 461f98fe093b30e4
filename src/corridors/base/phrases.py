"""Phrases: finished English sentences in another language, by templates with slots.

What code composes in English is taken apart again by templates and put together in the other language, so that no
function that makes a sentence has to know of languages. The templates stand in `lang/<code>-phrases.toml`, the English
one as the key. Slots by the first letter of their name: `{n...}` a number, `{l...}` a list ("A, B and C"), `{s...}`
parts between semicolons, `{z...}` names of places, countries and scenarios in a list, `{x...}` anything, left as it
is, and any other a phrase or a name. In the other language a slot of a number may have the forms of a noun:
`{n|пара|пары|пар}`.
"""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import Final

from corridors.base.languages import ENGLISH, Words, words

_SLOT: Final = re.compile(r"\{(\w+)(?:\|([^}]*))?\}")
_NUMBER: Final = re.compile(r"[+\-−]?\d+(?:,\d{3})*(?:\.\d+)?")
_LETTERS: Final = re.compile(r"[A-Za-z]")
_CODES: Final = re.compile(r"[A-Z]|[A-Z]{2}(?:-[A-Z]{2})*|[a-z0-9-]+\.(?:csv|html|gpkg|md|png)")
_SENTENCE: Final = re.compile(r"(?<=[.!?]) (?=[A-ZА-Я\"«{0-9])")
_TAGS: Final = re.compile(r"(<(script|style)\b.*?</\2>|<[^>]*>)", re.DOTALL)
_SPOKEN: Final = re.compile(r'\b(alt|title|aria-label|placeholder|data-sort)="([^"]*)"')

Part = tuple[str, str]
"""A literal (kind `""`) or a slot (its name, and its forms)."""


@lru_cache(maxsize=4)
def templates(lang: str) -> Mapping[str, str]:
    """Templates of a language by the English ones.

    Parameters
    ----------
    lang
        Code of the language.

    >>> templates("ru")["rail only"]
    'только ж/д'
    """
    path = resources.files("corridors.base") / "lang" / f"{lang}-phrases.toml"
    found: dict[str, str] = tomllib.loads(path.read_text(encoding="utf8"))["phrases"]
    parts = {one: other for pair in found.items() for one, other in _sentences(*pair)}
    return {**parts, **found}


def _sentences(english: str, other: str) -> list[tuple[str, str]]:
    """Sentences of a template of several, each with its own slots, so that each can stand alone."""
    pairs = list(zip(_SENTENCE.split(english), _SENTENCE.split(other), strict=False))
    alone = len(_SENTENCE.split(english)) == len(_SENTENCE.split(other)) > 1
    fit = alone and all(slots(one) == slots(two) for one, two in pairs)
    return [pair for pair in pairs if fit and len(_LETTERS.findall(_SLOT.sub("", pair[0]))) > 5]


def slots(template: str) -> set[str]:
    """Names of the slots of a template.

    >>> sorted(slots("{n} of {n2|пары|пар|пар}"))
    ['n', 'n2']
    """
    return {name for name, _ in _SLOT.findall(template)}


class Phrases:
    """Says English sentences in another language, and keeps those that it has no template for.

    Parameters
    ----------
    lang
        Code of the language.
    own
        Names that stay as they are, such as those of a user's scenarios.

    >>> say = Phrases("ru")
    >>> say("8 of 16 pairs gain, to Karachi: −5.4 days, −20 USD/t"), say.missing
    ('выигрывают 8 из 16 пар, направления Карачи: −5,4 сут, −20 долл. США/т', [])
    >>> Phrases("en")("8 pairs")
    '8 pairs'
    """

    def __init__(self, lang: str, own: Iterable[str] = ()) -> None:
        self.words: Words = words(lang)
        self.missing: list[str] = []
        self._own = set(own)
        self._kept: dict[str, str | None] = {}
        every = {} if lang == ENGLISH else templates(lang)
        self._exact = {_lower(english): (english, other) for english, other in every.items() if not slots(english)}
        # the most literal template is the one that says most of a sentence
        ordered = sorted((one for one in every if slots(one)), key=lambda one: -len(_SLOT.sub("", one)))
        split = [(_parts(one), every[one]) for one in ordered]
        self._patterns = [(parts, [v.lower() for kind, v in parts if not kind], other) for parts, other in split]
        self._named = {_lower(english): name for english, name in self.words.names.items()}

    def __call__(self, text: str) -> str:
        """Text in the language; sentences without a template stay English and go to `missing`."""
        if self.words.lang == ENGLISH or not text.strip():
            return text
        bare = " ".join(text.split())
        found = self.phrase(bare)
        if found is None:
            sentences = _SENTENCE.split(bare)
            found = " ".join(map(self, sentences)) if len(sentences) > 1 else self._left(bare)
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{before}{found}{after}"

    def _left(self, text: str) -> str:
        self.missing.append(text)
        return text

    def known(self, text: str) -> str | None:
        """Sentences in the language, or None where one of them has no template."""
        said = [self.phrase(one) for one in _SENTENCE.split(text)]
        return None if None in said else " ".join(filter(None, said))

    def phrase(self, text: str) -> str | None:
        """Text in the language, or None where no template fits all of it."""
        if text not in self._kept:
            self._kept[text] = None  # a phrase within itself has no end
            self._kept[text] = self._found(text)
        return self._kept[text]

    def _found(self, text: str) -> str | None:
        if text in self._own or _CODES.fullmatch(text):
            return text
        if not _LETTERS.search(text):
            return self._numbers(text)
        known = self._known(text)
        if known is not None:
            return known
        plain = text.lower()
        for parts, literals, other in self._patterns:
            if _in_order(literals, plain):
                for filled in self._fits(parts, text):
                    said = _SLOT.sub(lambda slot, filled=filled: self._put(slot, filled), other)  # type: ignore[misc]
                    return said if parts[0][0] else _as_begun(text, parts[0][1], said)
        return self._list(text, self._name) if re.search(r", | and |–", text) else None

    def _known(self, text: str) -> str | None:
        """Template without slots, or name."""
        exact = self._exact.get(_lower(text))
        if exact is not None:
            return _as_begun(text, *exact)
        if text in self.words.names:
            return self.words.names[text]
        named = self._named.get(text) if text[:1].islower() else None
        return None if named is None else _lower(named)

    def _numbers(self, text: str) -> str:
        return _NUMBER.sub(lambda number: self.words.own(number[0]), text)

    def _put(self, slot: re.Match[str], filled: Mapping[str, tuple[str, str]]) -> str:
        value, said = filled[slot[1]]
        if not slot[2]:
            return said
        one, few, many = slot[2].split("|")
        digits = value.replace(",", "").lstrip("+-−")
        if not digits.isdigit():
            return f"{said} {few}"
        last, tens = int(digits) % 10, int(digits) % 100
        form = one if last == 1 and tens != 11 else few if last in (2, 3, 4) and tens not in (12, 13, 14) else many
        return f"{said} {form}"

    def _fits(self, parts: Sequence[Part], text: str) -> Iterator[dict[str, tuple[str, str]]]:
        """Yield what stands in the slots, as it is and in the language."""
        if not parts:
            if not text:
                yield {}
            return
        kind, value = parts[0]
        if not kind:
            start = text[: len(value)]
            if start == value or _lower(start) == _lower(value):
                yield from self._fits(parts[1:], text[len(value) :])
            return
        for end in _ends(text, parts[1:]):
            if end and (said := self._slot(kind, text[:end])) is not None:
                for rest in self._fits(parts[1:], text[end:]):
                    yield {kind: (text[:end], said), **rest}

    def _slot(self, kind: str, text: str) -> str | None:
        if kind[0] == "n":
            return self.words.own(text) if _NUMBER.fullmatch(text) else None
        if kind[0] == "x":
            return text
        if kind[0] in "lz":
            return self._list(text, self._worded if kind[0] == "l" else self._name)
        if kind[0] == "s":
            parts = [self.phrase(part) for part in text.split("; ")]
            return None if None in parts else "; ".join(filter(None, parts))
        return self.phrase(text)

    def _worded(self, text: str) -> str | None:
        """Phrase of a list, which is more than a number."""
        return self.phrase(text) if _LETTERS.search(text) and not re.fullmatch(r"[\d.,%]+.?", text) else None

    def _name(self, text: str) -> str | None:
        """Name of a place, country, crossing or scenario in the language."""
        bare = text.removeprefix("the ").removeprefix("The ")
        if bare in self._own or _CODES.fullmatch(bare):
            return bare
        if _lower(bare) in self._exact:
            return self._exact[_lower(bare)][1]
        known = self.words.names.get(bare)
        if known is None and "–" in bare:
            mark = " – " if " – " in bare else "–"
            sides = [self._name(side) for side in bare.split(mark)]
            return None if None in sides else mark.join(filter(None, sides))
        return known

    def _list(self, text: str, said: Callable[[str], str | None]) -> str | None:
        """List of phrases or names; each may have an `and` or a comma of its own."""
        whole = said(text)
        if whole is not None:
            return whole
        for mark in reversed(list(re.finditer(r", (?:and )?| and ", text))):
            first = said(text[: mark.start()])
            rest = None if first is None else self._list(text[mark.end() :], said)
            if rest is not None:
                return f"{first}{' и ' if 'and' in mark[0] else ', '}{rest}"
        return None

    def page(self, page: str) -> str:
        """Page of HTML in the language: its texts, and the attributes that are read out.

        Parameters
        ----------
        page
            The page; what stands in elements with a `lang` stays as it is.

        >>> Phrases("ru").page('<html lang="en"><p title="Sort">All pairs</p><i lang="en">All pairs</i>')
        '<html lang="ru"><p title="Сортировать">Все пары</p><i lang="en">All pairs</i>'
        """
        pieces, kept = [], ""
        for at, piece in enumerate(_tokens(page)):
            tag = at % 2 == 1
            if kept:
                pieces.append(piece)
                kept = "" if tag and piece == f"</{kept}>" else kept
                continue
            if tag and ' lang="' in piece and not piece.startswith("<html"):
                kept = piece[1:].split()[0]
            elif tag:
                pieces.append(_SPOKEN.sub(lambda one: f'{one[1]}="{_escaped(self, one[2])}"', piece))
                continue
            pieces.append(piece if tag or kept else _escaped(self, piece))
        return "".join(pieces).replace('<html lang="en">', f'<html lang="{self.words.lang}">', 1)


def _escaped(say: Callable[[str], str], text: str) -> str:
    """Text of HTML through a function, which sees it without marks."""
    return html.escape(say(html.unescape(text)), quote=True) if text.strip() else text


def _tokens(page: str) -> list[str]:
    """Texts at even places and tags, whole scripts and styles at odd ones."""
    found, last = [], 0
    for tag in _TAGS.finditer(page):
        found += [page[last : tag.start()], tag[0]]
        last = tag.end()
    return [*found, page[last:]]


def _parts(template: str) -> list[Part]:
    parts: list[Part] = []
    last = 0
    for slot in _SLOT.finditer(template):
        if slot.start() > last:
            parts.append(("", template[last : slot.start()]))
        parts.append((slot[1], slot[2] or ""))
        last = slot.end()
    return parts + ([("", template[last:])] if last < len(template) else [])


def _ends(text: str, after: Sequence[Part]) -> Iterator[int]:
    """Yield where a slot may end: at each place where the next literal begins, or at the end."""
    if not after:
        yield len(text)
        return
    literal, at = after[0][1], 0
    while (at := text.find(literal, at + 1)) >= 0:
        yield at


def _as_begun(text: str, english: str, said: str) -> str:
    """What is said, with a capital where the text has one and its template has none, and the other way round."""
    if text[:1] == english[:1]:
        return said
    return _capital(said) if text[:1].isupper() else _lower(said)


def _in_order(literals: Sequence[str], text: str) -> bool:
    """Whether literals stand in a text one after another: what is cheap to see comes before what is dear."""
    at = 0
    for literal in literals:
        at = text.find(literal, at) + len(literal)
        if at < len(literal):
            return False
    return True


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
