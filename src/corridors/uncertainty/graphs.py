"""Compiled graphs: the expansion of a network, laid out once for any number of weights."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridors.base.cache import Slot, unchanged
from corridors.base.errors import DamagedHierarchiesWarning, DataFileError
from corridors.data.tables import Tables
from corridors.engine import Hierarchy, kept
from corridors.engine.compiled import find_order
from corridors.model.builder import expand
from corridors.model.expansion import Expansion
from corridors.model.problem import Problem

Ints = NDArray[np.int64]

LARGE_STATES = 5_000
"""States from which all questions of a cargo unit and season share one order of contraction, which can be kept."""


@dataclass(frozen=True, eq=False)
class Graph:
    """A compiled graph, and the edges of the expansion that it has."""

    hierarchy: Hierarchy
    edges: Ints


_GRAPHS = Slot[Graph]("compiled graphs by cargo unit, season and ends", most=6, carried=unchanged)


class Order(NamedTuple):
    """States in the order in which they are contracted, and the hash of the graph from which it follows."""

    digest: str
    states: Ints


_ORDERS = Slot[Order]("orders of contraction by cargo unit and season", most=6, carried=unchanged)


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

    def make() -> Graph:
        return _compile(expand(tables, cargo, season), ends, shared_order(tables, cargo, season), quays=quays)

    return tables.cache.get(_GRAPHS, key, make)


def shared_order(tables: Tables, cargo: str, season: str = "") -> Order | None:
    """Order that the graphs of a cargo unit and season share; None if they are small and each has its own.

    It is that of the graph without the ends of journeys, which all questions have, and before it stand the ends.
    Where the file beside the tables has it, it is taken from there.

    Warns
    -----
    DamagedHierarchiesWarning
        If that file cannot be used.

    >>> import corridors as co
    >>> shared_order(co.load().tables, "truck") is None
    True
    """
    e = expand(tables, cargo, season)
    if len(e.states) < LARGE_STATES:
        return None
    return tables.cache.get(_ORDERS, (cargo, season), lambda: _order(tables, e))


def orders_so_far(tables: Tables) -> list[Order]:
    """Orders that compiled graphs of the tables share, as far as there are any yet."""
    found = [tables.cache.find(_ORDERS, key) for key in tables.cache.keys(_ORDERS)]
    return [order for order in found if order is not None]


def _order(tables: Tables, e: Expansion) -> Order:
    inner = np.flatnonzero(~(e.from_origin | e.to_destination))
    nodes, tail, head = len(e.states), e.tail[inner], e.head[inner]
    digest = kept.digest_of(nodes, tail, head)
    if tables.hierarchies is not None and tables.hierarchies.is_file():
        try:
            states = kept.read_order(tables.hierarchies, digest, nodes)
        except DataFileError as error:
            told = f"{error} Until then hierarchies are found anew, with the same answers."
            warnings.warn(told, DamagedHierarchiesWarning, stacklevel=2)
        else:
            if states is not None:
                return Order(digest, states)
    found, between = find_order(nodes, tail, head), np.zeros(nodes, dtype=bool)
    between[tail] = between[head] = True
    return Order(digest, np.concatenate([found[~between[found]], found[between[found]]]))


def _compile(
    e: Expansion, ends: tuple[Sequence[str], Sequence[str]] | None, shared: Order | None, *, quays: bool
) -> Graph:
    taken = np.ones(len(e), dtype=bool) if quays else ~e.at_quay
    if ends is not None:
        sides = ((e.from_origin, e.tail_place), (e.to_destination, e.head_place))
        for (at_end, place), asked in zip(sides, ends, strict=True):
            taken &= ~at_end | np.isin(place.astype(str), list(asked))
    edges = np.flatnonzero(taken)
    order = None if shared is None else shared.states
    return Graph(Hierarchy.build(len(e.states), e.tail[edges], e.head[edges], order=order), edges)


def quays_open(problem: Problem) -> bool:
    """Whether any journey of a question may begin or end at a quay."""
    return bool(np.isfinite(problem.weight[problem.expansion.at_quay]).any())
