"""Hierarchies beside a written network: what compiled graphs need most time for, kept on request.

A folder has them in a file of its own, a file has them in a file beside it. Each is found again by the hash of the
graph that it was made of, so that a network whose links have changed since finds nothing there and makes its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corridors.base.errors import InputError
from corridors.base.writing import current
from corridors.engine import kept
from corridors.model.expansion import CARGO
from corridors.model.state import State
from corridors.uncertainty.graphs import LARGE_STATES, orders_so_far, shared_order

FILE = "corridors-hierarchies.npz"
"""Name in a folder."""

ENDING = ".hierarchies.npz"
"""What is added to the name of a file."""

Asked = bool | str | Iterable[str]
"""Whether hierarchies are kept: those that were asked for so far, or those of cargo units."""

Orders = Mapping[str, NDArray[np.int64]]
"""Orders of contraction by the hash of their graph."""


def beside(path: Path) -> Path:
    """File of the hierarchies of a folder or file, whether there is one or not.

    >>> beside(Path("net.gpkg")).name
    'net.gpkg.hierarchies.npz'
    """
    return current(path, FILE) if path.is_dir() else path.with_name(path.name + ENDING)


def orders_of(state: State, asked: Asked) -> Orders:
    """Orders of contraction that are to be kept.

    Parameters
    ----------
    state
        Network.
    asked
        True for the cargo units that draws or simulations were asked of so far, or names of cargo units. Graphs below
        5,000 states are compiled in moments and have none.

    Raises
    ------
    InputError
        If there are none yet, or no cargo unit has the name.

    >>> import corridors as co
    >>> orders_of(co.load(), "container")
    {}
    """
    if isinstance(asked, bool):
        found = orders_so_far(state.tables) if asked else []
        if asked and not found:
            raise InputError("hierarchies", asked, _EXPECTED)
        return {order.digest: order.states for order in found}
    names = (asked,) if isinstance(asked, str) else tuple(asked)
    for name in names:
        if name not in CARGO:
            raise InputError("hierarchies", name, f"True, False, or cargo units: {', '.join(CARGO)}")
    shared = [shared_order(state.tables, name, state.view.season) for name in names]
    return {order.digest: order.states for order in shared if order is not None}


_EXPECTED = (
    f"a network of at least {LARGE_STATES:,} states that was asked for draws or simulations before it is written; or "
    "name the cargo units, such as hierarchies='container'"
)


def put(path: Path, orders: Orders) -> None:
    """Keep orders beside a file that is written; without any, none of an earlier network stay."""
    if orders:
        kept.write_orders(beside(path), orders)
    else:
        beside(path).unlink(missing_ok=True)


def with_file(state: State, path: Path) -> State:
    """Same state, which takes hierarchies from the file beside a path where there is one."""
    file = beside(path)
    return replace(state, tables=replace(state.tables, hierarchies=file)) if file.is_file() else state
