"""Messages of the library in the words of the shell: options and commands instead of arguments and methods."""

from __future__ import annotations

import re

import click

import corridors as co
from corridors.base.errors import shortened

SHELL: tuple[tuple[str, str], ...] = (
    (r"net\.connect\(\(([^)]*)\), name=\.\.\., max_km=(\d+)\)", r"--max-km \2"),
    (r"net\.connect\((['\"].*?['\"]), max_km=(\d+)\)", r"--connect \1 --max-km \2"),
    (r"more than max_km=(\d+)", r"more than --max-km \1"),
    (r"Raise max_km, or name a place with to=", "Raise --max-km"),
    (r"net\.projects lists", "'corridors projects' lists"),
    (r"co\.scenarios\(\) lists", "'corridors scenarios' lists"),
    (r"co\.gazetteer\((['\"].*?['\"])\) lists", r"'corridors places \1' lists"),
    (r"net\.check\(\) names", "'corridors check' names"),
    (r"net\.undated lists them", "they are used as if they had been open then"),
    (r" \(net\.known_until\)", ""),
    (r"with towns=\{'(.*?)': \{place: weight\}\}", r"with --town \1=PLACE:WEIGHT,PLACE:WEIGHT"),
    (r"choose it with flows\[flows\['period'\] == \.\.\.\]", "choose it with --period"),
    (r"a dict of weights of (?:them|at least one)", "weights such as cost=1,hours=0.5"),
    (r"(is not possible: a (?:whole )?number) or None\b", r"\1"),
    (r"; None is all of them", "; without the option, all of them"),
    (r"\bprefer='(\w+)'", r"--prefer \1"),
    (r"split\(\.\.\., draws=1000\) makes", "--draws 1000 makes"),
    (r"split=True shares flows out by it", "with --split flows are shared out by it"),
    (r"\(`not_carried`\)", "(--what not-carried)"),
    (r"give the id, or add the country", "write the id, or add the country"),
)
"""What messages say to a user of Python, and what it is called here."""


def in_words_of_the_shell(error: co.CorridorsError, ctx: click.Context) -> str:
    """Message of an error with the names that options and arguments have on the command line.

    Parameters
    ----------
    error
        The error.
    ctx
        Context of the command that failed.
    """
    text = str(error)
    if isinstance(error, co.InputError) and " is not possible: " in text:
        names = _names(ctx)
        expected = text.split(" is not possible: ", 1)[1]
        if error.argument == "options" and isinstance(error.value, list):
            what = " and ".join(names.get(str(part), str(part)) for part in error.value)
        else:
            parts = [names.get(part, part) for part in error.argument.split(", ")]
            what = f"{' and '.join(parts)} {_value(error.value)}"
        text = f"{what} is not possible: {expected}"
    return plain_words(text)


def plain_words(text: str) -> str:
    """Text in which methods and arguments of Python are options and commands.

    Parameters
    ----------
    text
        A message of the library.

    >>> plain_words("no project 'x' in this network. net.projects lists them all.")
    "no project 'x' in this network. 'corridors projects' lists them all."
    """
    for pattern, words in SHELL:
        text = re.sub(pattern, words, text)
    return text


def _names(ctx: click.Context) -> dict[str, str]:
    """Names as they are typed, by the name that the library has for a thing."""
    typed = {str(param.name): _typed(param) for param in ctx.command.params}
    flags = {flag.lstrip("-").replace("-", "_"): flag for flag in typed.values()}
    rows = {"flows": typed["file"]} if "file" in typed else {}
    return flags | rows | typed


def _typed(param: click.Parameter) -> str:
    """Name of a parameter as it is typed: its longest flag, or the word that stands for an argument."""
    return str(param.name).upper() if isinstance(param, click.Argument) else max(param.opts, key=len)


def _value(value: object) -> str:
    """Value as it was typed, more or less."""
    if value is None:
        return "(not given)"
    if isinstance(value, tuple | list | set | frozenset):
        return shortened(", ".join(map(str, value)) or "(nothing)")
    return shortened(repr(value) if isinstance(value, str) else str(value))
