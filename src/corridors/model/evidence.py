"""Which sources stand behind journeys: those of parameters, lengths, crossings, terminals and services."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from corridors.data.references import split_sources
from corridors.data.tables import Tables
from corridors.model.problem import Journey

TABLES = {"links": "length", "services": "service", "terminals": "terminal", "crossings": "crossing"}
"""What the sources of a table are used for."""


def sources_of(journeys: Iterable[Journey]) -> dict[str, set[str]]:
    """Ids of the sources behind journeys, with what each is used for.

    Parameters
    ----------
    journeys
        Routes, of one network or of several.

    Returns
    -------
    dict
        By id: `length`, `crossing`, `terminal`, `service`, or the component of a parameter, such as `border`.

    >>> import corridors as co
    >>> sorted(sources_of([co.load().route("Termez", "Hairatan", cargo="truck")])["cpmm-2023-uzbekistan"])
    ['border', 'line haul']
    """
    rows: dict[tuple[int, str], tuple[Tables, set[int]]] = {}
    for journey in journeys:
        tables, e = journey.problem.tables, journey.problem.expansion
        edges = np.asarray(journey.edges, dtype=np.int64)
        _, entries, coefficient = e.terms_along(edges)
        used = {"parameters": e.terms.parameter[entries[coefficient != 0]]}
        used |= {"links": e.link[edges], "services": e.service[edges]}
        used |= {"terminals": e.terminal[edges], "crossings": e.crossing[edges]}
        for table, numbers in used.items():
            here = rows.setdefault((id(tables), table), (tables, set()))[1]
            here.update(number for number in numbers.tolist() if number >= 0)
    found: dict[str, set[str]] = {}
    for (_, table), (tables, numbers) in rows.items():
        frame = (tables.parameters if table == "parameters" else tables[table]).iloc[sorted(numbers)]
        words = frame["component"].str.replace("_", " ") if table == "parameters" else [TABLES[table]] * len(frame)
        for cell, word in zip(frame["source"], words, strict=True):
            for ident in split_sources([cell]):
                found.setdefault(ident, set()).add(str(word))
    return found
