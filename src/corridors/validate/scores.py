"""Interval scores: the model against a naive one that anybody could write down.

An interval is good if it is narrow and yet holds what is observed. The interval score charges both: its width, and
what lies outside with a factor that makes the honest interval the best one. It is taken in logs, so that a factor of
two counts alike for an hour and for a week; lower is better.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.errors import InputError
from corridors.uncertainty.draws import Z95

Floats = NDArray[np.float64]

LEVEL = 0.9
"""Share of what is observed that an interval should hold: p05 to p95."""

LEAST_ROWS = 3
"""Rows that the spread of the naive model is estimated from, at least."""


def interval_score(observed: Floats, low: Floats, high: Floats, *, level: float = LEVEL) -> Floats:
    """Interval score in logs of each observation; lower is better.

    Formula: with l = ln(low), u = ln(high), x = ln(observed) and a = 1 - level,
    `u - l + 2/a * max(l - x, 0) + 2/a * max(x - u, 0)`.

    Parameters
    ----------
    observed
        What was observed, above zero.
    low, high
        Ends of the intervals that were forecast.
    level
        Share that the intervals should hold.

    Raises
    ------
    InputError
        If `level` does not lie between 0 and 1.

    References
    ----------
    T. Gneiting and A. E. Raftery, "Strictly proper scoring rules, prediction, and estimation", Journal of the American
    Statistical Association 102(477), 2007, doi:10.1198/016214506000001437, section 6.2.

    >>> import numpy as np
    >>> one, e = np.ones(1), np.full(1, np.e)
    >>> [round(float(interval_score(x, one, e)[0]), 6) for x in (e, e**2)]
    [1.0, 21.0]
    """
    if not 0 < level < 1:
        raise InputError("level", level, "a share between 0 and 1")
    x, lower, upper = np.log(observed), np.log(low), np.log(high)
    outside = np.maximum(lower - x, 0.0) + np.maximum(x - upper, 0.0)
    return np.asarray(upper - lower + 2 / (1 - level) * outside)


def naive_interval(observed: Floats, naive: Floats, counted: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Ends of the intervals of a naive forecast, from its own errors on the other counted rows.

    The spread of a row is the root mean square of the log errors of all counted rows but itself (leave one out), taken
    as the standard deviation of a lognormal around the forecast: 5 % below, 5 % above.

    Parameters
    ----------
    observed, naive
        What was observed, and the forecast.
    counted
        Rows whose errors count.

    Returns
    -------
    tuple
        Low and high ends; not a number where fewer than `LEAST_ROWS` other rows count.

    >>> import numpy as np
    >>> observed, naive = np.array([1.0, 2.0, 4.0, 8.0]), np.array([2.0, 1.0, 8.0, 4.0])
    >>> low, high = naive_interval(observed, naive, np.ones(4, dtype=bool))
    >>> (high / naive).round(2).tolist()
    [3.13, 3.13, 3.13, 3.13]
    """
    squares = np.where(counted, np.log(naive / observed) ** 2, 0.0)
    others = counted.sum() - counted
    spread = np.sqrt((squares.sum() - squares) / np.where(others >= LEAST_ROWS, others, np.nan))
    factor = np.exp(Z95 * spread)
    return naive / factor, naive * factor


def with_scores(rows: pd.DataFrame, observed: Floats, naive: Floats) -> pd.DataFrame:
    """Rows with the forecast of the naive model, and the interval scores of both.

    Parameters
    ----------
    rows
        Table with p05, p95 and group.
    observed
        What was observed, in the unit of p05 and p95.
    naive
        Forecast of the naive model.

    Returns
    -------
    DataFrame
        The rows with observed, naive, naive_low, naive_high, score and naive_score; not a number where not routed.
    """
    counted = (rows["group"] == "counted").to_numpy() & np.isfinite(naive)
    low, high = naive_interval(observed, naive, counted)
    ends = (rows[name].to_numpy(dtype=float) for name in ("p05", "p95"))
    return rows.assign(
        observed=observed,
        naive=naive,
        naive_low=low,
        naive_high=high,
        score=interval_score(observed, *ends),
        naive_score=interval_score(observed, low, high),
    )


def score_table(rows: pd.DataFrame, splits: Mapping[str, Callable[[pd.DataFrame], pd.Series]]) -> pd.DataFrame:
    """Table of mean interval scores of the counted rows: all, and by each split.

    Parameters
    ----------
    rows
        Rows of `with_scores`.
    splits
        Functions that sort the rows, by the name of the split.

    Returns
    -------
    DataFrame
        Columns split, of, rows, width (median of p95 / p05), score, naive_width, naive_score, and better (`model` or
        `naive`); no rows where too few rows count for the spread of the naive forecast.
    """
    scored = rows[(rows["group"] == "counted") & rows["score"].notna() & rows["naive_score"].notna()]
    parts = [("all", "all", scored)]
    parts += [
        (name, str(value), part)
        for name, split in splits.items()
        for value, part in scored.groupby(split(scored), sort=False, observed=True)
    ]
    return pd.DataFrame(
        [
            {
                "split": name,
                "of": value,
                "rows": len(part),
                "width": (part["p95"] / part["p05"]).median(),
                "score": part["score"].mean(),
                "naive_width": (part["naive_high"] / part["naive_low"]).median(),
                "naive_score": part["naive_score"].mean(),
                "better": "model" if part["score"].mean() < part["naive_score"].mean() else "naive",
            }
            for name, value, part in parts
            if len(part)
        ],
        columns=["split", "of", "rows", "width", "score", "naive_width", "naive_score", "better"],
    )


def mean_of_others(values: Floats, counted: NDArray[np.bool_], kinds: NDArray[np.object_]) -> Floats:
    """Geometric mean of the other counted rows of the same kind; of all others where fewer than `LEAST_ROWS` are.

    >>> import numpy as np
    >>> mean_of_others(np.array([1.0, 2.0, 4.0, 8.0]), np.ones(4, dtype=bool), np.array(list("aaaa"))).round(2).tolist()
    [4.0, 3.17, 2.52, 2.0]
    """
    logs, number = np.log(values), np.arange(len(values))
    found = np.full(len(values), np.nan)
    for row in number:
        others = counted & (number != row) & np.isfinite(logs)
        alike = others & (kinds == kinds[row])
        chosen = alike if alike.sum() >= LEAST_ROWS else others
        if chosen.sum() >= LEAST_ROWS:
            found[row] = np.exp(logs[chosen].mean())
    return found


def group_of(row: Mapping[str, object], counted: Collection[str]) -> str:
    """Group of a row: `apart` by its kind, `in-sample`, `special` by its conditions, or `counted`.

    >>> group_of({"kind": "plan", "conditions": ""}, ("observed",)), group_of({"kind": "observed"}, ("observed",))
    ('apart', 'counted')
    """
    if row["kind"] not in counted:
        return "apart"
    if row.get("in_sample") == "yes":
        return "in-sample"
    return "special" if row.get("conditions") else "counted"


def summary_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Table per group and mode of what was routed: rows, median absolute log error, bias and share inside p05 to p95.

    Parameters
    ----------
    rows
        Table with group, mode, expected, log_error and inside.
    """
    routed = rows[rows["expected"].notna()]
    groups = [*routed.groupby(["group", "mode"]), *(((g, "all"), t) for g, t in routed.groupby("group"))]
    found = [
        {
            "group": group,
            "mode": mode,
            "rows": len(part),
            "median_abs_log_error": part["log_error"].abs().median(),
            "bias": part["log_error"].mean(),
            "inside": part["inside"].mean(),
        }
        for (group, mode), part in groups
    ]
    return pd.DataFrame(found).sort_values(["group", "mode"], ignore_index=True)
