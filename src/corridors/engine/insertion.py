"""All unions of groups of edges: one search without them, then each edge inserted into the matrix."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridors.engine import kernel
from corridors.engine.lanes import WIDTH_BYTES
from corridors.engine.plan import Layout
from corridors.engine.solve import Question, dense

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]

GROUP = 16
"""Columns whose base matrices are found at a time."""


def all_unions(
    layout: Layout,
    edges: tuple[Ints, Ints],
    weights: Floats,
    groups: list[Ints],
    *,
    ends: tuple[Ints, Ints],
    dtype: np.dtype[Any],
) -> Iterator[Floats]:
    """Yield for every column of weights the distances of all unions: 2^k by sources by targets."""
    tail, head = edges
    chosen = np.concatenate([*groups, np.zeros(0, dtype=np.int64)]).astype(np.int64)
    begin = np.append(0, np.cumsum([len(group) for group in groups])).astype(np.int64)
    sources, targets = ends
    heads, head_row = np.unique(head[chosen], return_inverse=True)
    borders, border = np.unique(np.concatenate([tail[chosen], head[chosen]]), return_inverse=True)
    rows = np.append(sources, heads)
    filling = -(len(targets) + len(borders)) % (WIDTH_BYTES // dtype.itemsize)
    columns = np.concatenate([targets, borders, np.zeros(filling, dtype=np.int64)])
    place = (len(targets) + border[: len(chosen)], len(targets) + border[len(chosen) :], len(sources) + head_row)
    question = Question(layout, rows, columns, dtype)
    work = np.empty((len(groups) + 1, len(rows), len(columns)), dtype=dtype)
    for first in range(0, weights.shape[1], GROUP):
        some = np.array(weights[:, first : first + GROUP], dtype=dtype)
        weight = some[chosen]
        some[chosen] = np.inf
        base = np.empty((1, some.shape[1], len(rows), len(columns)), dtype=dtype)
        for _ in dense(question, [some], base, 0, some.shape[1]):
            pass
        for number in range(some.shape[1]):
            found = np.empty((1 << len(groups), len(sources), len(targets)), dtype=dtype)
            kernel.insert(base[0, number], begin, *place, np.ascontiguousarray(weight[:, number]), work, found)
            yield found
