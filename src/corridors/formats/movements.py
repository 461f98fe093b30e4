"""Hours, cost and emissions of whole links and sea hops in each direction, for graphs that are not expanded."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.units import QUANTITIES
from corridors.model.builder import expand
from corridors.model.expansion import EdgeKind, Expansion
from corridors.model.question import load_of
from corridors.model.state import State
from corridors.model.view import usable

MEASURES = tuple(measure.column for measure in QUANTITIES)
"""Columns of what a movement takes: `hours`, `cost_usd_t` and `co2e_kg_t`."""

Amounts = dict[str, NDArray[np.float64]]
"""Amounts by measure: rows of a table by direction, first as the row is written, then back."""


def expansion_of(net: State, cargo: str) -> Expansion:
    """Expansion of a network in view for a cargo unit and the load that it has in routes."""
    return expand(net.tables, cargo, net.view.season, load_of(net.tables, cargo))


def amounts(net: State, cargo: str) -> dict[str, Amounts]:
    """Hours, USD/t and kg CO2e/t of every link and sea hop in each direction, inf where the cargo unit cannot go.

    A link over a border has its passage in it. Transfers, changes of gauge, ports, waits for trains and ships and the
    charges of a journey belong to no link and are left out; rests of drivers are those of the expanded graph.

    Parameters
    ----------
    net
        The network.
    cargo
        Cargo unit: `wagon`, `container` or `truck`.

    Returns
    -------
    dict
        For `links` and `services`, arrays by measure: rows of the table by direction.

    Raises
    ------
    InputError
        If there is no such cargo unit.

    >>> import corridors as co
    >>> net = co.load()
    >>> row = net.tables.rows("links")["termez--galaba:rail-1520"]
    >>> amounts(net, "wagon")["links"]["hours"][row].round(2).tolist()
    [0.78, 0.78]
    """
    e = expansion_of(net, cargo)
    found = {}
    for table, index in (("links", e.link), ("services", e.service)):
        mine = index >= 0 if table == "links" else (index >= 0) & (e.kind == EdgeKind.SEA)
        found[table] = _summed(net, e, table, index, np.flatnonzero(mine))
    return found


def _summed(net: State, e: Expansion, table: str, index: NDArray[np.int64], edges: NDArray[np.int64]) -> Amounts:
    """Sums over the parts of each row and direction; states that differ in what was before count once."""
    shut = ~e.in_use(usable(net.tables, net.view))[edges]
    columns: dict[str, NDArray[np.generic]] = {
        "row": index[edges],
        "back": _backward(net, e, table, index, edges),
        "tail": e.point[e.tail[edges]],
        "head": e.point[e.head[edges]],
    }
    for measure in QUANTITIES:
        columns[measure.column] = np.where(shut, np.inf, e.values[measure.quantity][edges])
    parts = pd.DataFrame(columns).groupby(["row", "back", "tail", "head"], as_index=False).min()
    sums = parts.groupby(["row", "back"], as_index=False)[list(MEASURES)].sum()
    found = {}
    for column in MEASURES:
        amount = np.full((len(net.tables[table]), 2), np.inf)
        amount[sums["row"], sums["back"].astype(int)] = sums[column]
        found[column] = amount
    return found


def _backward(
    net: State, e: Expansion, table: str, index: NDArray[np.int64], edges: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether each edge runs against the direction in which its row is written."""
    first, last = (net.tables.column(table, name)[index[edges]] for name in ("from_id", "to_id"))
    # the part of a link behind the border has both ends at one place
    arriving = e.tail_at_border[edges] & (e.kind[edges] == EdgeKind.LINE_HAUL)
    return np.asarray(np.where(arriving, e.head_place[edges] != last, e.tail_place[edges] != first), dtype=bool)
