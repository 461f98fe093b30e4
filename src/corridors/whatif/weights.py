"""Weights of pairs of places: equal, of places, or of pairs as a table; every form is checked in this one place."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.errors import InputError, UnknownNameError
from corridors.data.tables import Tables

Floats = NDArray[np.float64]

Pair: TypeAlias = tuple[str, str]
"""Origin and destination."""

Weights: TypeAlias = "str | Mapping[str, float] | Mapping[Pair, float] | pd.Series[Any] | pd.DataFrame | None"
"""Weights of pairs.

`population` (of the origins); numbers by origin, or by destination, or by pair; a table of origins by destinations; or
a table with the columns `origin`, `destination` and one column of numbers, such as tonnes. None is equal weights. Keys
and labels are ids or names of places; places that are not asked for may stand among them.
"""

POPULATION = "population"

ENDS = ["origin", "destination"]
"""Columns of a table of one row per pair; one more column has the numbers."""

FORMS = (
    "'population', numbers by origin, by destination or by pair (origin, destination), or a table of origins by "
    "destinations, or one with the columns origin, destination and tonnes"
)


def pair_weights(matrix: pd.DataFrame, weights: Weights = None, *, tables: Tables | None = None) -> Floats:
    """Weight of every pair of a matrix: 1 by default, 0 from a place to itself.

    Parameters
    ----------
    matrix
        Origins by destinations; only its labels count.
    weights
        As in `Weights`. Numbers by place are of the origins; of the destinations where they name all of these and none
        of the origins.
    tables
        Tables of the network: with them, `population` can be asked for, and places are found by name, too.

    Returns
    -------
    ndarray
        Origins by destinations.

    Raises
    ------
    InputError
        If a pair has no weight or two, one is negative, infinite or no number, all are zero, or the form is another.
    UnknownNameError, AmbiguousNameError
        If the network does not have a place that is named.

    >>> import pandas as pd
    >>> matrix = pd.DataFrame([[0, 5], [7, 0]], list("ab"), list("ab"))
    >>> pair_weights(matrix).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    >>> pair_weights(matrix, {"a": 3, "b": 1}).tolist()
    [[0.0, 3.0], [1.0, 0.0]]
    >>> tonnes = pd.DataFrame({"origin": ["a", "b"], "destination": ["b", "a"], "tonnes": [2, 0]})
    >>> pair_weights(matrix, tonnes).tolist()
    [[0.0, 2.0], [0.0, 0.0]]
    """
    cells = _cells(matrix.index, matrix.columns, weights, tables)
    different = matrix.index.to_numpy()[:, None] != matrix.columns.to_numpy()[None, :]
    missing = np.argwhere(different & np.isnan(cells))
    if len(missing):
        row, column = missing[0]
        pair = f"'{matrix.index[row]}' to '{matrix.columns[column]}'"
        raise InputError("weights", float("nan"), f"every pair needs a weight of zero or more, and {pair} has none")
    cells = np.where(different, cells, 0.0)
    if not cells.any():
        raise InputError("weights", cells.tolist(), "at least one pair of different places has a weight")
    return cells


def pair_shares(
    pairs: Sequence[Pair],
    weights: Weights = None,
    *,
    tables: Tables | None = None,
    questions: Mapping[Pair, Pair] | None = None,
) -> dict[Pair, float]:
    """Weight of every pair, adding up to one.

    Parameters
    ----------
    pairs
        Pairs of different places.
    weights, tables
        As in `pair_weights`; the errors are the same.
    questions
        Question that each pair asks (see `corridors.whatif.questions`): with equal weights, pairs of one question
        share its weight, so that it counts once. Weights that are given stand as they are.

    >>> pair_shares([("a", "c"), ("b", "c")], {"a": 3, "b": 1})
    {('a', 'c'): 0.75, ('b', 'c'): 0.25}
    >>> pair_shares([("a", "c"), ("a", "d"), ("a", "e")], questions={("a", "d"): ("a", "c")})
    {('a', 'c'): 0.25, ('a', 'd'): 0.25, ('a', 'e'): 0.5}
    """
    if not pairs:
        return {}
    rows, columns = (list(dict.fromkeys(pair[end] for pair in pairs)) for end in (0, 1))
    cells = pair_weights(pd.DataFrame(0.0, rows, columns), weights, tables=tables)
    row_of, column_of = ({place: i for i, place in enumerate(places)} for places in (rows, columns))
    raw = {(o, d): float(cells[row_of[o], column_of[d]]) for o, d in pairs}
    if weights is None and questions:
        asked = [questions.get(pair, pair) for pair in pairs]
        raw = {pair: 1 / asked.count(question) for pair, question in zip(pairs, asked, strict=True)}
    total = sum(raw.values())
    if not total:
        raise InputError("weights", 0.0, "at least one pair that is compared has a weight")
    return {pair: weight / total for pair, weight in raw.items()}


def _cells(origins: pd.Index, destinations: pd.Index, weights: Weights, tables: Tables | None) -> Floats:
    """Weights as origins by destinations, nan where one is missing."""
    if weights is None:
        return np.ones((len(origins), len(destinations)))
    if isinstance(weights, str):
        return _population(origins, destinations, weights, tables)
    asked = {*origins, *destinations}
    if isinstance(weights, pd.DataFrame) and not set(ENDS) <= set(weights.columns):
        named = _of_table(weights, asked, tables).reindex(index=origins, columns=destinations)
        return np.asarray(named.to_numpy(dtype=float))
    keys, values = _listed(weights)
    pairs = [key for key in keys if isinstance(key, tuple)]
    if keys and not pairs:
        of_place = dict(zip(_ids(keys, asked, tables), _numbers(keys, values), strict=True))
        return _of_places(origins, destinations, of_place)
    if not keys or len(pairs) < len(keys) or any(len(pair) != len(ENDS) for pair in pairs):
        raise InputError("weights", keys, f"{FORMS}, one of these forms for all")
    ends = zip(*(_ids(end, asked, tables, twice=True) for end in zip(*pairs, strict=True)), strict=True)
    by_pair = dict(zip(ends, _numbers(keys, values), strict=True))
    if len(by_pair) < len(keys):
        raise InputError("weights", keys, "every pair once")
    return np.array([[by_pair.get((o, d), np.nan) for d in destinations] for o in origins])


def _population(origins: pd.Index, destinations: pd.Index, weights: str, tables: Tables | None) -> Floats:
    """Population of the origins."""
    if weights != POPULATION or tables is None:
        raise InputError("weights", weights, FORMS if tables is not None else "numbers: population needs a network")
    people = tables["places"].set_index("id")["population"].reindex(origins)
    return np.repeat(np.asarray(people, dtype=float)[:, None], len(destinations), axis=1)


def _listed(weights: object) -> tuple[list[Any], list[Any]]:
    """Keys and values of weights by place or by pair."""
    if isinstance(weights, pd.DataFrame):
        if weights.shape[1] != len(ENDS) + 1:
            columns = [str(name) for name in weights.columns]
            raise InputError("weights", columns, "origin, destination and one column of numbers, such as tonnes")
        numbers = weights.drop(columns=ENDS).iloc[:, 0]
        return list(zip(weights["origin"], weights["destination"], strict=True)), list(numbers)
    if isinstance(weights, Mapping):
        return list(weights), list(weights.values())
    if isinstance(weights, pd.Series):
        return list(weights.index), list(weights)
    raise InputError("weights", weights, FORMS)


def _of_places(origins: pd.Index, destinations: pd.Index, weights: Mapping[Any, float]) -> Floats:
    """Weights of places as weights of pairs: of the origins, or of the destinations where these alone are named."""
    shape = len(origins), len(destinations)
    if not any(place in weights for place in origins) and all(place in weights for place in destinations):
        return np.broadcast_to([weights[place] for place in destinations], shape).astype(float)
    return np.broadcast_to([[weights.get(place, np.nan)] for place in origins], shape).astype(float)


def _of_table(weights: pd.DataFrame, asked: set[Hashable], tables: Tables | None) -> pd.DataFrame:
    """Table of origins by destinations with ids as labels; a cell may be empty, which is no weight."""
    rows, columns = (_ids(labels, asked, tables) for labels in (weights.index, weights.columns))
    keys = [(row, column) for row in rows for column in columns]
    cells = np.reshape(_numbers(keys, weights.to_numpy(dtype=object).ravel()), weights.shape)
    return pd.DataFrame(cells, rows, columns)


def _ids(labels: Iterable[Hashable], asked: set[Hashable], tables: Tables | None, *, twice: bool = False) -> list[Any]:
    """Ids of places that are named in any spelling; each once, unless `twice`."""
    ids = [label if label in asked or tables is None else tables.place(label) for label in labels]  # type: ignore[arg-type]  # says so itself
    if not twice and len(set(ids)) < len(ids):
        raise InputError("weights", next(i for i in ids if ids.count(i) > 1), "every place once")
    return ids


def _numbers(keys: Sequence[Any], values: Iterable[Any]) -> list[float]:
    """Weights as numbers, all of them zero or more and finite; nan is no weight, as of a place without a figure."""
    numbers = []
    for key, value in zip(keys, values, strict=True):
        try:
            number = float("nan") if value is None or value is pd.NA else float(value)
        except (TypeError, ValueError) as error:
            raise InputError("weights", value, "weights are numbers") from error
        if number < 0 or number == float("inf"):
            where = " to ".join(map(repr, key)) if isinstance(key, tuple) else repr(key)
            message = f"every pair needs a weight of zero or more that is finite, and {where} has {number:g}"
            raise InputError("weights", number, message)
        numbers.append(number)
    return numbers


def require_pair(weights: Mapping[Pair, float], origin: str, destination: str) -> None:
    """Refuse a pair that is not among those that have a weight."""
    if (origin, destination) not in weights:
        pairs = [f"{start} - {end}" for start, end in weights]
        value = f"{origin} - {destination}"
        raise UnknownNameError("pair", value, get_close_matches(value, pairs), "Give the ids of the places.")


def require_pairs(weights: Mapping[Pair, float], pairs: Iterable[Pair]) -> list[Pair]:
    """List different pairs, all of which have a weight; others are refused."""
    wanted = list(dict.fromkeys(pairs))
    for pair in wanted:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise InputError("pairs", pair, "pairs of an origin and a destination")
        require_pair(weights, *pair)
    return wanted
