"""What is asked of the engine, checked before work starts, and who answers it."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridors.base.errors import InputError, SlowEngineWarning

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]

DTYPES = ("float32", "float64")
METHODS = ("auto", "kernel", "scipy")

SMALL_S = 0.1
"""Jobs that scipy does in about so many seconds are left to it: loading the compiled kernel takes longer."""

SLOW_S = 2.0
"""Jobs that scipy would take longer for are worth a word where numba is missing."""

SCIPY_S = 25e-9
"""Seconds that a search of scipy takes per node and edge (measured on 73,000 nodes and 204,000 edges)."""

SEARCH_S = 1e-4
"""Seconds that each column takes besides."""


def nodes_of(name: str, given: ArrayLike, nodes: int) -> Ints:
    """Check numbers of nodes."""
    found = np.asarray(given)
    if found.size == 0:
        return np.zeros(0, dtype=np.int64)
    if found.ndim != 1 or not np.issubdtype(found.dtype, np.integer):
        raise InputError(name, f"array of {found.dtype}", "a sequence of numbers of nodes")
    if found.min() < 0 or found.max() >= nodes:
        wrong = found[(found < 0) | (found >= nodes)][0]
        raise InputError(name, int(wrong), f"nodes are numbered from 0 to {nodes - 1}")
    return found.astype(np.int64)


def ends_of(nodes: int, tail: ArrayLike, head: ArrayLike) -> tuple[Ints, Ints]:
    """Check the ends of edges."""
    ends = nodes_of("tail", tail, nodes), nodes_of("head", head, nodes)
    if len(ends[0]) != len(ends[1]):
        raise InputError("tail, head", (len(ends[0]), len(ends[1])), "both have one node per edge")
    return ends


def order_of(given: ArrayLike, nodes: int) -> Ints:
    """Check an order of all nodes."""
    found = nodes_of("order", given, nodes)
    if len(found) != nodes or (np.bincount(found, minlength=nodes) != 1).any():
        raise InputError("order", f"{len(found)} numbers", f"every number from 0 to {nodes - 1} once")
    return found


def columns_of(name: str, given: ArrayLike, edges: int) -> tuple[Floats, bool]:
    """Check weights; return them with columns, and whether there was only one number per edge."""
    found = np.asarray(given)
    if found.dtype not in (np.float32, np.float64):
        found = found.astype(float)
    if found.ndim not in (1, 2) or len(found) != edges:
        raise InputError(name, f"array of shape {found.shape}", f"{edges} numbers, or as many rows of columns")
    if found.size and not found.min() >= 0:
        raise InputError(name, float(found.min()), "zero or more, or inf where the edge is closed")
    return (found[:, None], True) if found.ndim == 1 else (found, False)


def groups_of(given: Sequence[ArrayLike], edges: int) -> list[Ints]:
    """Check groups of edges."""
    return [np.unique(nodes_of("groups", group, edges)) for group in given]


def dtype_of(name: str) -> np.dtype[Any]:
    """Check the precision asked for."""
    if name not in DTYPES:
        raise InputError("dtype", name, f"one of {', '.join(DTYPES)}")
    found: np.dtype[Any] = np.dtype(name)
    return found


def takes_kernel(method: str, searches: int, columns: int, size: int) -> bool:
    """Decide whether the compiled kernel answers.

    Parameters
    ----------
    method
        `kernel`, `scipy`, or `auto`: the kernel unless the job is small.
    searches
        Searches of scipy that the job would take: columns times sources.
    columns
        Columns of weights.
    size
        Nodes and edges.

    Warns
    -----
    SlowEngineWarning
        Once, if a job of more than `SLOW_S` has to do without numba.
    """
    if method not in METHODS:
        raise InputError("method", method, f"one of {', '.join(METHODS)}")
    if method == "scipy":
        return False
    seconds = searches * size * SCIPY_S + columns * SEARCH_S
    if method == "auto" and seconds < SMALL_S:
        return False
    if not has_numba() and seconds > SLOW_S:
        _say_slow()
    return has_numba()


def has_numba() -> bool:
    """Tell whether numba is installed."""
    return find_spec("numba") is not None


@cache
def _say_slow() -> None:
    """Warn, once."""
    warnings.warn(
        "numba is not installed: large jobs run on scipy, with the same results but some hundred times slower. "
        "pip install 'corridors[fast]'",
        SlowEngineWarning,
        stacklevel=5,
    )
