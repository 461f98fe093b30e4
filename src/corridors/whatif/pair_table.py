"""Tables of compared pairs: totals of every route, differences from the base, and weighted means of these."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.errors import InputError
from corridors.base.units import CO2E, COST, DISTANCE, GENERALIZED, HOURS, MEASURES, Measure, measure
from corridors.routing.amounts import amounts
from corridors.routing.route import Route
from corridors.whatif.flows import Key
from corridors.whatif.questions import BOTH, STATUS, counts
from corridors.whatif.weights import Pair

Floats = NDArray[np.float64]

COMPARED = [m.column for m in (DISTANCE, HOURS, COST, CO2E, GENERALIZED)]
"""Columns of measures, of which the pair table has ratios, too."""

COUNTS = ["borders", "transfers", "gauge_breaks"]
"""Columns of what is counted along a route."""

NUMBERS = [*COMPARED, *COUNTS]
"""Columns of the pair table that are compared."""

BY = ("origin", "destination", "market")
"""What means can stand for, one row each."""

GAIN_USD_T = 1e-9
"""Difference of generalized cost from which a pair counts as gaining: anything beyond rounding."""


def column_of(name: str | Measure) -> str:
    """Column of a measure or count that is compared.

    Parameters
    ----------
    name
        A measure in either spelling, or one of `COUNTS`.

    >>> column_of("cost"), column_of("km"), column_of("borders")
    ('cost_usd_t', 'km', 'borders')
    """
    if name in COUNTS:
        return str(name)
    try:
        return measure(name).column
    except InputError as error:
        allowed = [*MEASURES, *COUNTS]
        hints = difflib.get_close_matches(str(name), [*allowed, *COMPARED], n=1)
        meant = f" (did you mean '{hints[0]}'?)" if hints else ""
        raise InputError("measure", name, f"one of {', '.join(allowed)}{meant}") from error


def pair_table(routes: Mapping[Key, Route | None], base: str, *, counted: bool = True) -> pd.DataFrame:
    """Table of one row per scenario and pair: totals, differences from and ratios to the base, and status.

    Parameters
    ----------
    routes
        Route (None where there is no way) by scenario, origin and destination.
    base
        Scenario that the others are measured against.
    counted
        Whether what is counted and named along each route (borders, modes, countries, crossings) is in it, which
        takes most of the time.

    >>> import corridors as co
    >>> today = co.load().route("Almaty", "Karachi", modes={"rail"})
    >>> table = pair_table({("base", "almaty", "karachi"): today, ("shut", "almaty", "karachi"): None}, "base")
    >>> table["status"].tolist(), table["km_ratio"].tolist()
    (['both', 'only_base'], [1.0, nan])
    """
    table = _counted(routes) if counted else _keyed(routes)
    for column, amount in _amounts(routes).items():
        table[column] = amount
    numbers = NUMBERS if counted else COMPARED
    before = table[table["scenario"] == base].drop(columns="scenario")
    both = table.merge(before, on=["origin", "destination"], suffixes=("", "_base"), how="left")
    for name in numbers:
        table[f"{name}_delta"] = (both[name] - both[f"{name}_base"]).to_numpy()
    for name in COMPARED:
        table[f"{name}_ratio"] = (both[name] / both[f"{name}_base"]).to_numpy()
    here, there = both["km"].notna(), both["km_base"].notna()
    table["status"] = [STATUS[pair] for pair in zip(there, here, strict=True)]
    return table


def _keyed(routes: Mapping[Key, Route | None]) -> pd.DataFrame:
    """Table of the scenario and ends of every route, without anything else."""
    return pd.DataFrame(list(routes), columns=["scenario", "origin", "destination"])


def _amounts(routes: Mapping[Key, Route | None]) -> dict[str, Floats]:
    """Totals of every route; nan where there is no way."""
    there = [place for place, route in enumerate(routes.values()) if route is not None]
    found = {}
    for column, values in amounts([route for route in routes.values() if route is not None]).items():
        found[column] = np.full(len(routes), np.nan)
        found[column][there] = values
    return found


def _counted(routes: Mapping[Key, Route | None]) -> pd.DataFrame:
    """Table of what is told of every route."""
    return pd.DataFrame([_record(key, route) for key, route in routes.items()])


def _record(key: Key, route: Route | None) -> dict[str, Any]:
    ends = ("origin", "destination")
    totals = {} if route is None else {k: v for k, v in route.summary().items() if k not in ends}
    blank: dict[str, Any] = {**dict.fromkeys(NUMBERS), "modes": "", "countries": "", "crossings": ""}
    record = {**dict(zip(("scenario", *ends), key, strict=True)), **blank, **totals}
    return {k: float("nan") if v is None else v for k, v in record.items() if k not in ("cargo", "by")}


def mean_table(
    pairs: pd.DataFrame,
    weights: Mapping[Pair, float],
    by: str | None = None,
    *,
    questions: Mapping[Pair, Pair] | None = None,
) -> pd.DataFrame:
    """Table of weighted means over the pairs joined both in the base and in a scenario.

    Parameters
    ----------
    pairs
        What `pair_table` returns.
    weights
        Weight of every pair.
    by
        `origin`, `destination` or `market` (destination of the question) for one row each; by default one row per
        scenario.
    questions
        Question that each pair asks; by default each its own.

    >>> import corridors as co
    >>> today = co.load().route("Almaty", "Karachi", modes={"rail"})
    >>> table = pair_table({("base", "almaty", "karachi"): today, ("shut", "almaty", "karachi"): None}, "base")
    >>> mean_table(table, {("almaty", "karachi"): 1.0})["parted"].to_dict()
    {'base': 0, 'shut': 1}
    """
    if by not in (None, *BY):
        raise InputError("by", by, f"one of {', '.join(BY)}")
    ends = list(zip(pairs["origin"], pairs["destination"], strict=True))
    question = [(questions or {}).get(pair, pair) for pair in ends]
    labels = {"origin": [o for o, _ in ends], "destination": [d for _, d in ends], "market": [q[1] for q in question]}
    groups: dict[tuple[str, ...], list[int]] = {}
    for row, name in enumerate(pairs["scenario"]):
        groups.setdefault((name,) if by is None else (name, labels[by][row]), []).append(row)
    figures = _Figures(pairs, np.array([weights[pair] for pair in ends]), question)
    means = pd.DataFrame([figures.mean(rows) for rows in groups.values()])
    names = ["scenario"] if by is None else ["scenario", by]
    index = pd.MultiIndex.from_tuples(groups, names=names) if by else pd.Index([g[0] for g in groups], name="scenario")
    return means.set_axis(index)


class _Figures:
    """Columns of a pair table as arrays, for means of some of its rows."""

    def __init__(self, pairs: pd.DataFrame, weight: Floats, question: Sequence[Pair]) -> None:
        self.weight, self.question = weight, question
        self.deltas = {f"{n}_delta": pairs[f"{n}_delta"].to_numpy(dtype=float) for n in COMPARED[1:]}
        status = pairs["status"].to_numpy(dtype=object)
        self.before, self.here = (np.isin(status, [BOTH, STATUS[side]]) for side in ((True, False), (False, True)))
        self.gains = self.deltas["generalized_usd_t_delta"] < -GAIN_USD_T

    def mean(self, rows: list[int]) -> dict[str, float]:
        """Counts, and weighted means over the pairs joined in both."""
        at = np.array(rows)
        both = at[self.before[at] & self.here[at]]
        weight = self.weight[both]
        share = weight / weight.sum() if weight.sum() else weight
        asked = [self.question[row] for row in rows]
        found = counts(self.before[at], self.here[at], self.gains[at], asked)
        return {**found, **{name: float(delta[both] @ share) for name, delta in self.deltas.items()}}
