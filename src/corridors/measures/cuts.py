"""Smallest cuts: the fewest links, crossings or countries whose closing leaves no way between two places."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from corridors.model.expansion import EdgeKind, Ints
from corridors.model.problem import Problem
from corridors.model.view import Mask
from corridors.whatif.weights import Floats, Pair

Masks = NDArray[np.bool_]


def near_best(problem: Problem, ends: Pair, within: float) -> Problem:
    """Problem without the edges on no way of at most (1 + within) times the best.

    Parameters
    ----------
    problem, ends
        The question, and ids of origin and destination.
    within
        Share, such as 0.25.

    >>> import corridors as co
    >>> route = co.load().route("Almaty", "Karachi")
    >>> near = near_best(route.problem, (route.origin, route.destination), 0.1)
    >>> int(np.isfinite(route.problem.weight).sum()), int(np.isfinite(near.weight).sum())  # edges
    (3956, 241)
    """
    e = problem.expansion
    backward = replace(problem, expansion=replace(e, tail=e.head, head=e.tail))
    to_here = problem.trees([e.origin[ends[0]]])[0][0]
    from_here = backward.trees([e.destination[ends[1]]])[0][0]
    least = to_here[e.tail] + problem.weight + from_here[e.head]
    best = problem.best_path(*ends)
    most = (1 + within) * (np.inf if best is None else float(problem.weight[best].sum()))
    return replace(problem, weight=np.where(least <= most + 1e-9, problem.weight, np.inf))


def closing(problem: Problem, unit: str, ends: Pair) -> tuple[list[str], Masks]:
    """Names of units, and which edges (columns) close with each of them (rows).

    Parameters
    ----------
    problem
        The question.
    unit
        `links` (with sea hops), `crossings` (with ports), or `countries` other than those of the two ends.
    ends
        Ids of origin and destination.

    >>> import corridors as co
    >>> closing(co.load().problem(), "countries", ("almaty", "karachi"))[0][:4]
    ['AE', 'AF', 'AZ', 'CN']
    """
    e, tables = problem.expansion, problem.tables
    country = tables["places"].set_index("id")["country"]
    at_ends = {country[place] for place in ends}
    if unit == "countries":
        names = [[code for code in codes if code not in at_ends] for codes in e.countries]
    elif unit == "crossings":
        ports = np.where(e.kind == EdgeKind.PORT, e.tail_place + " (port)", "")
        passed = np.append(tables["crossings"]["id"].to_numpy(dtype=object), "")[e.crossing]
        names = [[*pair] for pair in zip(passed, ports, strict=True)]
    else:
        now = np.asarray(np.isfinite(problem.weight))
        both = (_parallel(tables[t], rows, now) for t, rows in (("links", e.link), ("services", e.service)))
        names = [[*pair] for pair in zip(*both, strict=True)]
    row = {name: i for i, name in enumerate(sorted({name for some in names for name in some if name}))}
    touches = np.zeros((len(row), len(e)), dtype=bool)
    for edge, some in enumerate(names):
        touches[[row[name] for name in some if name], edge] = True
    return list(row), touches


def _parallel(table: pd.DataFrame, rows: Ints, in_use: Mask) -> list[str]:
    """Name the link or sea hop of each edge, together with those in use beside it."""
    fixed = [column for column in ("mode", "gauge_mm") if column in table]
    keys = [(frozenset(r[:2]), *r[2:]) for r in table[["from_id", "to_id", *fixed]].itertuples(index=False, name=None)]
    beside: dict[Hashable, list[str]] = {}
    for row in np.unique(rows[in_use & (rows >= 0)]):
        beside.setdefault(keys[row], []).append(str(table["id"].iloc[row]))
    return [";".join(beside.get(keys[row], [])) if row >= 0 else "" for row in rows]


def fewest_closed(problem: Problem, ends: Pair, touches: Masks) -> Masks | None:
    """Mark the fewest units (rows of `touches`) that leave no way when their edges close; None if a way passes none.

    Ways are added one by one to those that the set must hit, until closing it leaves none; so the set is exact.

    Parameters
    ----------
    problem, ends
        The question, and ids of origin and destination.
    touches
        Which edges (columns) close with each unit (rows); see `closing`.

    >>> import corridors as co
    >>> problem, ends = co.load().problem(), ("almaty", "karachi")
    >>> names, touches = closing(problem, "countries", ends)
    >>> [name for name, closed in zip(names, fewest_closed(problem, ends, touches), strict=True) if closed]
    ['AF', 'CN', 'IR', 'RU', 'TR']
    """
    fewest = np.where(np.isfinite(problem.weight), touches.sum(axis=0) + 1e-6, np.inf)
    closed: Masks = np.zeros(len(touches), dtype=bool)
    ways: list[Masks] = []
    while True:
        before, banned = len(ways), closed
        while way := replace(problem, weight=np.where(touches[banned].any(axis=0), np.inf, fewest)).best_path(*ends):
            passed = np.asarray(touches[:, way].any(axis=1))
            if not passed.any():
                return None
            ways.append(passed)
            banned = banned | passed
        if len(ways) == before:
            return closed
        closed = _smallest(np.array(ways, dtype=float))


def _smallest(ways: Floats) -> Masks:
    """Choose the fewest columns such that every row has one of them."""
    width = ways.shape[1]
    integers, every_way = np.ones(width, dtype=np.int64), scipy.optimize.LinearConstraint(ways, 1, np.inf)
    solution = scipy.optimize.milp(
        np.ones(width), constraints=every_way, integrality=integers, bounds=scipy.optimize.Bounds(0, 1)
    )
    return np.asarray(solution["x"], dtype=float) > 0.5
