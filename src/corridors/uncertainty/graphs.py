"""Compiled graphs: the expansion of a network, laid out once for any number of weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridors.base.cache import Slot, unchanged
from corridors.data.tables import Tables
from corridors.engine import Hierarchy
from corridors.model.builder import expand
from corridors.model.expansion import Expansion
from corridors.model.problem import Problem

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Graph:
    """A compiled graph, and the edges of the expansion that it has."""

    hierarchy: Hierarchy
    edges: Ints


_GRAPHS = Slot[Graph]("compiled graphs by cargo unit, season and ends", most=6, carried=unchanged)


def compiled(
    tables: Tables,
    cargo: str,
    season: str = "",
    ends: tuple[Sequence[str], Sequence[str]] | None = None,
    *,
    quays: bool = True,
) -> Graph:
    """Compile the expansion of a network; the most recent graphs are kept with the tables.

    Parameters
    ----------
    tables, cargo, season
        As in `expand`.
    ends
        Origins and destinations that are asked for; where journeys begin and end elsewhere is left out. All by
        default.
    quays
        Whether journeys may begin and end at the quays of ports; without them, the graph is that of other questions.

    >>> import corridors as co
    >>> tables = co.load().tables
    >>> compiled(tables, "container") is compiled(tables, "container")
    True
    """
    key = (cargo, season, None if ends is None else tuple(map(tuple, ends)), quays)
    return tables.cache.get(_GRAPHS, key, lambda: _compile(expand(tables, cargo, season), ends, quays=quays))


def _compile(e: Expansion, ends: tuple[Sequence[str], Sequence[str]] | None, *, quays: bool) -> Graph:
    kept = np.ones(len(e), dtype=bool) if quays else ~e.at_quay
    if ends is not None:
        sides = ((e.from_origin, e.tail_place), (e.to_destination, e.head_place))
        for (at_end, place), asked in zip(sides, ends, strict=True):
            kept &= ~at_end | np.isin(place.astype(str), list(asked))
    edges = np.flatnonzero(kept)
    return Graph(Hierarchy.build(len(e.states), e.tail[edges], e.head[edges]), edges)


def quays_open(problem: Problem) -> bool:
    """Whether any journey of a question may begin or end at a quay."""
    return bool(np.isfinite(problem.weight[problem.expansion.at_quay]).any())
