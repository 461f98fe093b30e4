"""Weights of pairs of places: equal, by population, by origin, by pair or as a table; checked in one place."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.errors import InputError
from corridors.data.tables import Tables

Floats = NDArray[np.float64]

Pair: TypeAlias = tuple[str, str]
"""Origin and destination."""

Weights: TypeAlias = "str | Mapping[str, float] | Mapping[Pair, float] | pd.Series[Any] | pd.DataFrame | None"
"""Weights of pairs: `population` (of the origin), numbers by origin, by pair, or a table of origins by destinations.

None is equal weights. Keys and labels are ids or names of places; places that are not asked for may stand among them.
"""

POPULATION = "population"

FORMS = "'population', numbers by origin or by pair (origin, destination), or a table of origins by destinations"


def pair_weights(matrix: pd.DataFrame, weights: Weights = None, *, tables: Tables | None = None) -> Floats:
    """Weight of every pair of a matrix: 1 by default, 0 from a place to itself.

    Parameters
    ----------
    matrix
        Origins by destinations; only its labels count.
    weights
        `population` of the origins, numbers by origin or by pair, or a table of pairs (origins by destinations) such
        as tonnes a year, in any order.
    tables
        Tables of the network: with them, `population` can be asked for, and places are found by name, too.

    Returns
    -------
    ndarray
        Origins by destinations.

    Raises
    ------
    InputError
        If a pair has no weight, one is negative or no number, or all are zero.
    UnknownNameError, AmbiguousNameError
        If the network does not have a place that is named.

    >>> import pandas as pd
    >>> matrix = pd.DataFrame([[0, 5], [7, 0]], list("ab"), list("ab"))
    >>> pair_weights(matrix).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    >>> pair_weights(matrix, {"a": 3, "b": 1}).tolist()
    [[0.0, 3.0], [1.0, 0.0]]
    >>> pair_weights(matrix, {("a", "b"): 2, ("b", "a"): 0}).tolist()
    [[0.0, 2.0], [0.0, 0.0]]
    """
    cells = _cells(matrix.index, matrix.columns, weights, tables)
    different = matrix.index.to_numpy()[:, None] != matrix.columns.to_numpy()[None, :]
    wrong = np.argwhere(different & ~(np.isfinite(cells) & (cells >= 0)))
    if len(wrong):
        row, column = wrong[0]
        value, pair = float(cells[row, column]), f"'{matrix.index[row]}' to '{matrix.columns[column]}'"
        has = "has none" if np.isnan(value) else f"has {value:g}"
        raise InputError("weights", value, f"every pair needs a weight of zero or more, and {pair} {has}")
    cells = np.where(different, cells, 0.0)
    if not cells.any():
        raise InputError("weights", cells.tolist(), "at least one pair of different places has a weight")
    return cells


def pair_shares(pairs: Sequence[Pair], weights: Weights = None, *, tables: Tables | None = None) -> dict[Pair, float]:
    """Weight of every pair, adding up to one.

    Parameters
    ----------
    pairs
        Pairs of different places.
    weights, tables
        As in `pair_weights`; the errors are the same.

    >>> pair_shares([("a", "c"), ("b", "c")], {"a": 3, "b": 1})
    {('a', 'c'): 0.75, ('b', 'c'): 0.25}
    """
    if not pairs:
        return {}
    rows, columns = (list(dict.fromkeys(pair[end] for pair in pairs)) for end in (0, 1))
    cells = pair_weights(pd.DataFrame(0.0, rows, columns), weights, tables=tables)
    row_of, column_of = ({place: i for i, place in enumerate(places)} for places in (rows, columns))
    raw = {(o, d): float(cells[row_of[o], column_of[d]]) for o, d in pairs}
    total = sum(raw.values())
    if not total:
        raise InputError("weights", 0.0, "at least one pair that is compared has a weight")
    return {pair: weight / total for pair, weight in raw.items()}


def _cells(origins: pd.Index, destinations: pd.Index, weights: Weights, tables: Tables | None) -> Floats:
    """Weights as origins by destinations, nan where one is missing."""
    shape = len(origins), len(destinations)
    if weights is None:
        return np.ones(shape)
    if isinstance(weights, str):
        if weights != POPULATION or tables is None:
            raise InputError("weights", weights, FORMS if tables is not None else "numbers: population needs a network")
        weights = dict(zip(tables["places"]["id"], tables["places"]["population"], strict=True))
    asked = {*origins, *destinations}
    if isinstance(weights, pd.DataFrame):
        named = weights.set_axis(_ids(weights.index, asked, tables)).set_axis(
            _ids(weights.columns, asked, tables), axis=1
        )
        return _numbers(named.reindex(index=origins, columns=destinations))
    if not isinstance(weights, Mapping | pd.Series):
        raise InputError("weights", weights, FORMS)
    keys, values = list(weights.keys()), list(weights.values() if isinstance(weights, Mapping) else weights)
    pairs = [key for key in keys if isinstance(key, tuple)]
    if not pairs:
        by_origin = pd.Series(values, _ids(keys, asked, tables), dtype=object)
        return np.repeat(_numbers(by_origin.reindex(origins).to_frame()), len(destinations), axis=1)
    if len(pairs) < len(keys) or any(len(pair) != 2 for pair in pairs):
        raise InputError("weights", keys, f"{FORMS}, one of these forms for all")
    ends = zip(*(_ids(end, asked, tables, twice=True) for end in zip(*pairs, strict=True)), strict=True)
    by_pair = dict(zip(ends, values, strict=True))
    if len(by_pair) < len(keys):
        raise InputError("weights", keys, "every pair once")
    return _numbers(pd.DataFrame([[by_pair.get((o, d)) for d in destinations] for o in origins], dtype=object))


def _ids(labels: Iterable[Hashable], asked: set[Hashable], tables: Tables | None, *, twice: bool = False) -> list[Any]:
    """Ids of places that are named in any spelling; each once, unless `twice`."""
    ids = [label if label in asked or tables is None else tables.place(label) for label in labels]  # type: ignore[arg-type]  # says so itself
    if not twice and len(set(ids)) < len(ids):
        raise InputError("weights", next(i for i in ids if ids.count(i) > 1), "every place once")
    return ids


def _numbers(table: pd.DataFrame) -> Floats:
    try:
        return np.asarray(table.to_numpy(dtype=float))
    except (TypeError, ValueError) as error:
        raise InputError("weights", str(error), "weights are numbers") from error
