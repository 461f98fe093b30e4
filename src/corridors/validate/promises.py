"""What was promised, beside what the model gives: claims about corridors and projects, row by row.

A claim is asked of the network as a question like any other: its projects are built, its way is routed, and what the
model gives stands beside the figure that was published. No row is judged; a ratio and a band are for the reader.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.arguments import checked
from corridors.base.errors import ClosedCrossingWarning, CorridorsError, DataFileError, NoRouteError, ScenarioError
from corridors.base.numbers import figure, published, span
from corridors.base.results import Result
from corridors.base.units import COST, DISTANCE, HOURS, Measure
from corridors.data import bundled
from corridors.data.csv_tables import read_rows
from corridors.model import parts
from corridors.model.expansion import EdgeKind
from corridors.network.network import Network
from corridors.routing.route import Route
from corridors.uncertainty import totals
from corridors.uncertainty.draws import DRAWS, SPREAD_OF_MEANS, SPREAD_OF_TRIPS

COLUMNS = ["id", "metric", "from_id", "to_id", "low", "high"]
"""Columns that a file of claims must have.

`claim`, `who`, `year`, `kind`, `source`, `note` and `unit` may stand; `cargo` (container by default), `build`, `close`
and `modes` (separated by semicolons) and `via` (by commas) put the question, and `compare` names what a difference is
against: `base` (the same without the projects) or `project;project@from>to` (other projects and another pair).
"""

NOT_MODELLED = "not-modelled"
"""Metric of claims that the model cannot be asked for, such as capacity or money for building."""

Row = dict[str, str]
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Metric:
    """How a claim of one kind is answered.

    Attributes
    ----------
    measure
        Hours, cost or distance.
    unit
        Unit of the claim.
    differs
        Whether two routes are compared.
    combine
        Gives the answer from the totals of the route and, for a difference, of the one it is compared with.
    """

    measure: Measure
    unit: str
    differs: bool
    combine: Callable[[Values], Values]


METRICS = {
    "days": Metric(HOURS, "days", False, lambda t: t[0] / 24),
    "days_saved": Metric(HOURS, "days", True, lambda t: (t[1] - t[0]) / 24),
    "cost_usd_t": Metric(COST, "USD/t", False, lambda t: t[0]),
    "cost_change_pct": Metric(COST, "%", True, lambda t: 100 * (t[0] / t[1] - 1)),
    "length_km": Metric(DISTANCE, "km", False, lambda t: t[0]),
    "length_change_km": Metric(DISTANCE, "km", True, lambda t: t[0] - t[1]),
}
"""Metrics that the model answers; a negative change is shorter or cheaper, a positive saving is quicker."""


@dataclass(frozen=True, eq=False, repr=False)
class Claims(Result):
    """Published claims beside the model's answers.

    Attributes
    ----------
    rows
        What `table()` returns.
    not_modelled
        Claims that the model cannot be asked for, as published.
    """

    rows: pd.DataFrame
    not_modelled: pd.DataFrame

    _indexed: ClassVar[bool] = False
    _widest: ClassVar[int] = 62

    def table(self) -> pd.DataFrame:
        """Table of one row per claim that can be asked.

        Columns: id, claim, who, year, kind, metric, low, high and unit (as published), model (expected value),
        model_p05, model_p95, ratio (model over the middle of low and high), inside (low to high meets p05 to p95), way
        and other_way (what was routed), problem (why it could not be routed) and note.

        >>> import corridors as co
        >>> co.validate.claims(co.load(), draws=50).table().set_index("id").loc["C002", ["unit", "way"]].tolist()
        ['days', 'rail, UZ-AF-PK, 3,372 km']
        """
        return self.rows.copy()

    def shown(self) -> pd.DataFrame:
        """Table as it is printed: id, claim, promised, model, p05 to p95, ratio and inside.

        >>> import corridors as co
        >>> co.validate.claims(co.load(), draws=50).shown().set_index("id").loc["C002", ["promised", "model"]].tolist()
        ['3 to 5 days', '10.5']
        """
        table = self.rows
        meets = {True: "yes", False: "no"}
        return pd.DataFrame(
            {
                "id": table["id"],
                "claim": table["claim"],
                "promised": [
                    f"{published(low, high)} {unit if high != 1 else unit.removesuffix('s')}"
                    for low, high, unit in zip(table["low"], table["high"], table["unit"], strict=True)
                ],
                "model": table["model"].map(figure),
                "p05 to p95": [span(*ends) for ends in zip(table["model_p05"], table["model_p95"], strict=True)],
                "ratio": table["ratio"].map(lambda r: "" if np.isnan(r) else f"{r + 0.0:.2f}"),
                "inside": [meets[bool(met)] if met is not pd.NA else "" for met in table["inside"]],
            }
        )

    def _shown(self) -> pd.DataFrame:
        return self.shown()

    def _below(self) -> str:
        failed = int((self.rows["problem"] != "").sum())
        without = f", {failed} of them without a way" if failed else ""
        return f"{len(self.rows)} claims asked{without}; {len(self.not_modelled)} cannot be asked of the model."


@checked
def claims(net: Network, file: str | Path | pd.DataFrame | None = None, *, draws: int = DRAWS, seed: int = 0) -> Claims:
    """Ask the network for every published claim, and put its answer beside it.

    Days run from departure to arrival: the wait for a train to be formed at the origin is left out. Lengths are of
    the shortest way by the modes of the claim; their band is the sum of the lowest and of the highest published
    lengths of the links. The band of an absolute time is of trips, with the knowledge of the means in them; the band
    of a difference is of what is known of the means, with the same draw of every parameter on both ways.

    Parameters
    ----------
    net
        The network without the projects, normally the reference network.
    file
        CSV file or table with the columns of `COLUMNS`; by default the bundled claims.
    draws, seed
        Draws of the parameters for the bands.

    Returns
    -------
    Claims
        One row per claim: what was promised, what the model says in the same unit, and its p05 to p95.

    Raises
    ------
    DataFileError
        If a row has an unknown metric, project or place, or numbers that cannot be read; it names the row.

    >>> import corridors as co
    >>> answers = co.validate.claims(co.load(), draws=200).table().set_index("id")
    >>> answers.loc["C002", ["low", "high", "model"]].astype(float).round().tolist()  # days
    [3.0, 5.0, 11.0]
    """
    frame = read_rows(bundled.folder() / "validation" / "claims.csv" if file is None else file, COLUMNS)
    rows = [{str(k): "" if pd.isna(v) else str(v) for k, v in row.items()} for row in frame.to_dict("records")]
    asked = [_answer(net, row, draws, seed) for row in rows if row["metric"] != NOT_MODELLED]
    table = pd.DataFrame(asked, columns=list(_blank()) if not asked else None)
    rest = frame[frame["metric"] == NOT_MODELLED].reset_index(drop=True)
    kept = [name for name in ("id", "claim", "who", "year", "kind", "low", "high", "unit", "note") if name in rest]
    return Claims(table.astype({"inside": "boolean"}), rest[kept])


def _blank() -> dict[str, object]:
    texts = dict.fromkeys(("id", "claim", "who", "year", "kind", "metric"), "")
    numbers = dict.fromkeys(("low", "high"), float("nan"))
    answer = dict.fromkeys(("model", "model_p05", "model_p95", "ratio"), float("nan"))
    after = dict.fromkeys(("way", "other_way", "problem", "note"), "")
    return {**texts, **numbers, "unit": "", **answer, "inside": pd.NA, **after}


def _answer(net: Network, row: Row, draws: int, seed: int) -> dict[str, object]:
    """Answer one claim; where there is no way, keep the reason."""
    metric = _metric(row)
    low, high = _promise(row)
    answer = {**_blank(), **{k: row[k] for k in _blank() if k in row}, "low": low, "high": high, "unit": metric.unit}
    try:
        routes = _routes(net, row, metric)
    except (NoRouteError, ScenarioError) as error:
        return {**answer, "problem": str(error)}
    except CorridorsError as error:
        raise DataFileError(f"claim '{row['id']}': {error}") from error
    model, p05, p95 = _lengths(routes) if metric.measure is DISTANCE else _drawn(routes, metric, draws, seed)
    ways = dict(zip(("way", "other_way"), map(_way, routes), strict=False))
    ratio = 2 * model / (low + high) if low + high else float("nan")
    figures = {"model": model, "model_p05": p05, "model_p95": p95, "ratio": ratio}
    return {**answer, **figures, "inside": p05 <= high and low <= p95, **ways}


def _metric(row: Row) -> Metric:
    metric = METRICS.get(row["metric"])
    if metric is None:
        raise DataFileError(
            f"claim '{row['id']}': unknown metric '{row['metric']}'; one of {', '.join(METRICS)}, {NOT_MODELLED}."
        )
    unit = row.get("unit", "") or metric.unit
    if unit != metric.unit:
        raise DataFileError(f"claim '{row['id']}': '{row['metric']}' is in {metric.unit}, not in '{unit}'.")
    if metric.differs != bool(row.get("compare", "")):
        needs = "needs 'base' or 'project@from>to'" if metric.differs else "is no difference and needs nothing"
        raise DataFileError(f"claim '{row['id']}': '{row['metric']}' {needs} in column 'compare'.")
    return metric


def _promise(row: Row) -> tuple[float, float]:
    try:
        low, high = float(row["low"]), float(row["high"])
    except ValueError as error:
        raise DataFileError(f"claim '{row['id']}': low and high must be numbers ({error}).") from error
    if not low <= high:
        raise DataFileError(f"claim '{row['id']}': low ({low:g}) is above high ({high:g}).")
    return low, high


def _routes(net: Network, row: Row, metric: Metric) -> list[Route]:
    """Route the question of a claim, and what it is compared with."""
    build, compare = _items(row, "build"), row.get("compare", "")
    routes = [_route(_changed(net, build, row), row, metric)]
    if compare == "base":
        routes.append(_route(_changed(net, (), row), row, metric))
    elif compare:
        other = re.fullmatch(r"([^@]*)@([^>]+)>(.+)", compare)
        if other is None:
            raise DataFileError(f"'{compare}' in column 'compare' is neither 'base' nor 'project;project@from>to'.")
        pair = {**row, "build": other[1], "from_id": other[2], "to_id": other[3], "via": ""}
        routes.append(_route(_changed(net, _items(pair, "build"), row), pair, metric))
    return routes


def _items(row: Row, column: str, mark: str = ";") -> tuple[str, ...]:
    return tuple(part.strip() for part in row.get(column, "").split(mark) if part.strip())


def _changed(net: Network, build: Sequence[str], row: Row) -> Network:
    """Build, then close: what is shut is the claim's own condition and needs no warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ClosedCrossingWarning)
        built = net.build(*build) if build else net
    closed = _items(row, "close")
    return built.close(*closed) if closed else built


def _route(net: Network, row: Row, metric: Metric) -> Route:
    return net.route(
        row["from_id"],
        row["to_id"],
        by="distance" if metric.measure is DISTANCE else "generalized",
        cargo=row.get("cargo", "") or "container",
        modes=_items(row, "modes") or None,
        via=_items(row, "via", ","),
    )


def _drawn(routes: Sequence[Route], metric: Metric, draws: int, seed: int) -> tuple[float, float, float]:
    """Expected answer, and its percentiles with the same draws behind both routes."""
    theta = routes[0].problem.tables.theta
    waits = (EdgeKind.START,) if metric.measure is HOURS else ()
    weights = np.array([parts.coefficients(route, metric.measure, kinds_out=waits) for route in routes])
    spread = SPREAD_OF_MEANS if metric.differs else SPREAD_OF_TRIPS
    samples = metric.combine(totals.weighted(theta, weights, draws, seed, spread))
    p05, p95 = np.percentile(samples, (5, 95))
    return float(metric.combine(weights @ theta.value)), float(p05), float(p95)


def _lengths(routes: Sequence[Route]) -> tuple[float, float, float]:
    """Length (or difference of two) with its lowest and highest value; links on both ways cancel out."""
    columns = ["km", "low_km", "high_km"]
    signed = [s * r.lengths().groupby("id")[columns].sum() for s, r in zip((1, -1), routes, strict=False)]
    share = pd.concat(signed).groupby(level=0).sum()
    ends = np.sort(share[["low_km", "high_km"]].to_numpy(), axis=1).sum(axis=0)
    return float(share["km"].sum()), float(ends[0]), float(ends[1])


def _way(route: Route) -> str:
    modes = " and ".join(dict.fromkeys(route.modes))
    return f"{modes}, {'-'.join(route.countries)}, {route.km:,.0f} km"
