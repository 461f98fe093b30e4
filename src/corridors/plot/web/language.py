"""The interactive map in another language: texts of its page, and names and words among what it holds."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from corridors.base.languages import ENGLISH, words
from corridors.base.phrases import Phrases

Row = dict[str, Any]

NAMED: Final = {
    "places": ("name",), "crossings": ("name",), "terminals": ("name", "project"), "services": ("name",),
    "links": ("crossing", "project", "line"), "statements": ("name",), "parameters": ("unit",),
}  # fmt: skip
"""Names among the rows of each list. Notes, reasons and titles of sources stay as the tables have them."""


@lru_cache(maxsize=4)
def page_texts(lang: str) -> Mapping[str, Mapping[str, str]]:
    """Texts of the page and words of the tables by the English ones; empty for English.

    Parameters
    ----------
    lang
        Code of the language.

    >>> page_texts("ru")["texts"]["Find a place"], page_texts("en")["words"]
    ('Найти место', {})
    """
    if words(lang).lang == ENGLISH:
        return {"texts": {}, "words": {}}
    path = resources.files("corridors.base") / "lang" / f"{lang}-map.toml"
    found: dict[str, dict[str, str]] = tomllib.loads(path.read_text(encoding="utf8"))
    return found


def in_language(data: Row, say: Phrases) -> Row:
    """Contents of a map in a language.

    Parameters
    ----------
    data
        Contents in English; they stay as they are.
    say
        Phrases of the language.

    >>> place = {"name": "Kabul", "aliases": ["کابل"]}
    >>> shown = in_language({"places": [place], "scenarios": [], "base": {}, "looks": {"systems": {}}}, Phrases("ru"))
    >>> shown["places"], len(shown["texts"]) > 100
    ([{'name': 'Кабул', 'aliases': ['Kabul', 'کابل']}], True)
    """
    if say.words.lang == ENGLISH:
        return {**data, "texts": {}}
    lists = {table: [_row(row, keys, say) for row in data[table]] for table, keys in NAMED.items() if table in data}
    for place, english in zip(lists["places"], data["places"], strict=True):
        others = [name for name in [english["name"], *place.get("aliases", ())] if name != place["name"]]
        place["aliases"] = list(dict.fromkeys(others))
    base, looks, every = data["base"], data["looks"], page_texts(say.words.lang)
    systems = {
        system: {**look, "label": say.words.texts.get(f"system.{system}", look["label"])}
        for system, look in looks["systems"].items()
    }
    return {
        **data,
        **lists,
        "base": {
            **base,
            "credits": [named(credit, say) for credit in base.get("credits", ())],
            "names": [_row(row, ("name",), say) for row in base.get("names", ())],
        },
        "looks": {**looks, "systems": systems},
        "scenarios": [_scenario(row, say) for row in data["scenarios"]],
        "texts": {**every["words"], **every["texts"]},
    }


def named(english: str, say: Phrases) -> str:
    """Name or phrase in the language; one without a translation stays.

    Parameters
    ----------
    english
        What stands in the tables, or what a caller named.
    say
        Phrases of the language.

    >>> say = Phrases("ru")
    >>> named("Almaty – Karachi", say), named("Khiva side", say)
    ('Алматы – Карачи', 'Khiva side')
    """
    ends = english.split(" \N{EN DASH} ")
    if len(ends) > 1:
        return " \N{EN DASH} ".join(named(end, say) for end in ends)
    return say.words.names.get(english) or say.known(english) or english


def _row(row: Row, keys: Iterable[str], say: Phrases) -> Row:
    return {**row, **{key: named(row[key], say) for key in keys if row.get(key)}}


def _scenario(row: Row, say: Phrases) -> Row:
    """Scenario with its name, what is built, and its routes."""
    routes = {named(name, say): _route(route, say) for name, route in row["routes"].items()}
    # a caller may have named two routes so that they are the same in the language
    kept = routes if len(routes) == len(row["routes"]) else {n: _route(r, say) for n, r in row["routes"].items()}
    built = [named(name, say) for name in row["built"]]
    network = page_texts(say.words.lang)["words"].get(row["network"]) or named(row["network"], say)
    return {**_row(row, ("name",), say), "network": network, "built": built, "routes": kept}


def _route(route: Row, say: Phrases) -> Row:
    if "legs" not in route:
        return route
    parts = {key: [_row(one, ("name",), say) for one in route[key]] for key in ("legs", "stops")}
    return {**route, **parts}
