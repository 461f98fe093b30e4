"""Pairs that ask the same question: their ends lie in one market, so a result counts them once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from corridors.base.errors import InputError
from corridors.data import schema
from corridors.data.tables import Tables
from corridors.whatif.weights import Pair

Mask = NDArray[np.bool_]

STATUS = {(True, True): "both", (False, True): "only_scenario", (True, False): "only_base", (False, False): "neither"}
"""Status of a pair by whether it is joined in the base, and in the scenario."""

BOTH = STATUS[True, True]


def markets(tables: Tables) -> dict[str, str]:
    """First place of the market of each place that lies in one market with others.

    The rule is data: a set of places (table `sets`) with `one_market` is one market. Its places stand for the same
    trade, as Karachi and Port Qasim do, two harbours of one city; so they are not two observations of a gain.

    Parameters
    ----------
    tables
        Tables of the network.

    Raises
    ------
    InputError
        If a place lies in two markets.

    >>> import corridors as co
    >>> markets(co.load().tables)["port-qasim"]
    'karachi'
    """
    sets = tables["sets"]
    first: dict[str, str] = {}
    for cell in sets["places"][sets["one_market"] == "yes"]:
        places = schema.items(cell)
        for place in places:
            if place in first:
                raise InputError("sets", place, "a place lies in one market at most")
            first[place] = places[0]
    return first


def questions_of(pairs: Sequence[Pair], tables: Tables) -> dict[Pair, Pair]:
    """First pair of the question that each pair asks: itself, or one whose ends lie in the same markets.

    Parameters
    ----------
    pairs
        Pairs of origin and destination.
    tables
        Tables of the network.

    >>> import corridors as co
    >>> pairs = [("almaty", "karachi"), ("almaty", "port-qasim"), ("almaty", "gwadar")]
    >>> list(questions_of(pairs, co.load().tables).values())
    [('almaty', 'karachi'), ('almaty', 'karachi'), ('almaty', 'gwadar')]
    """
    market = markets(tables)
    seen: dict[Pair, Pair] = {}
    found = {}
    for pair in pairs:
        ends = market.get(pair[0], pair[0]), market.get(pair[1], pair[1])
        # from one place of a market to another of it is a trip of its own
        found[pair] = pair if ends[0] == ends[1] else seen.setdefault(ends, pair)
    return found


def counts(before: Mask, here: Mask, gains: Mask, questions: Iterable[Pair]) -> dict[str, int]:
    """Number of questions, and of those compared, gaining, joined anew and parted.

    A question is compared if any of its pairs is joined both in the base and in the scenario, and gains if any of them
    gains; it is joined anew (or parted) if none of its pairs is compared and one is joined in the scenario (base) only.

    Parameters
    ----------
    before, here
        Whether each pair is joined in the base, and in the scenario.
    gains
        Whether each pair has a lower generalized cost in the scenario.
    questions
        Question of each pair.

    >>> here, gains = np.array([True, True, True]), np.array([True, True, False])
    >>> counts(np.array([True, True, False]), here, gains, [("a", "c"), ("a", "c"), ("a", "e")])
    {'pairs': 2, 'compared': 1, 'gaining': 1, 'joined': 1, 'parted': 0}
    """
    number: dict[Pair, int] = {}
    of_pair = np.array([number.setdefault(question, len(number)) for question in questions], dtype=int)

    def asked(rows: Mask) -> Mask:
        """Questions of which any pair is in a row."""
        return np.asarray(np.bincount(of_pair, rows, minlength=len(number)) > 0)

    compared = asked(before & here)
    found = {
        "compared": compared,
        "gaining": asked(before & here & gains),
        "joined": asked(here & ~before) & ~compared,
        "parted": asked(before & ~here) & ~compared,
    }
    return {"pairs": len(number), **{name: int(rows.sum()) for name, rows in found.items()}}
