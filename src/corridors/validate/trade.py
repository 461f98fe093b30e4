"""The model of demand against what was observed: gaps between towns, delivered prices, gateways, shut borders.

The tests, the strongest first. A gap between the prices of two towns needs no export price and tests freight alone.
A delivered price hangs on the price at the origin, whose place of delivery is often not said. A share of a gateway
tests route costs and the scale of the choice at once. Of a border that shut, the model knows the detour and not what
runs short. What cannot be set against the model is listed with the reason. Nothing is fitted to these rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.errors import CorridorsError, DataFileError
from corridors.base.results import Result
from corridors.network.network import Network
from corridors.trade.landed import landed
from corridors.trade.legs import KINDS
from corridors.trade.legs import way_of as priced_way
from corridors.trade.shares import split
from corridors.uncertainty.draws import DRAWS
from corridors.validate.observed import items, usable_rows
from corridors.validate.scores import group_of
from corridors.validate.trade_responses import loss_of_demand, price_of_detour, shortfall, untested

Floats = NDArray[np.float64]

TRADE_COLUMNS = ["kind", "from_id", "to_id", "commodity", "cargo", "value", "tolerance", "year"]
"""Columns that a file of observations must have.

`from_id` and `to_id` of a gateway share may hold several places, separated by semicolons, with a weight after a colon
(by default the population); `via` (places, for a gap), `relation` (of a gap: `equal`, or `bound` where goods need not
go from one town to the other), `gateway` (a crossing, or the code of a country), `markup_pct` (of traders, on a
delivered price), `country` (of the supplier), `closed` (what shut, as in `Network.close`), `price_usd_t` (at the market
before it shut), `months` (for which it was shut), `unit` (of a row that is not tested), `usable`, `in_sample`,
`conditions`, `source` and `note` may stand.
"""

COUNTED = ("gap", "landed", "share", "closure", "loss", "shortfall", "untested")
"""Kinds of rows."""

UNITS = {"gap": "USD/t", "landed": "USD/t", "share": "%", "closure": "%", "loss": "%", "shortfall": "%"}
"""Unit of value, model and error, by kind; the tolerance of a delivered price is in per cent of it.

A `closure` is the change of a price where a border shuts, a `loss` that of what a market buys in a year, a `shortfall`
traffic below what was promised. An `untested` row has a unit of its own, and a reason.
"""

RELATIONS = ("equal", "bound", "floor")
"""Of an observation to the model: equal to it, at most it (a gap of prices), or at least it (a change)."""


@dataclass(frozen=True, eq=False, repr=False)
class TradeValidation(Result):
    """Observed prices, gaps and shares beside the modelled ones.

    Attributes
    ----------
    rows
        What `table()` returns.
    """

    rows: pd.DataFrame

    _indexed: ClassVar[bool] = False

    def table(self) -> pd.DataFrame:
        """Table of one row per observation.

        Columns: id, kind (`gap`, `landed`, `share`, `closure`, `loss`, `shortfall` or `untested`), relation (`equal`,
        `bound` or `floor`), commodity, from_id, to_id, year, unit, value (observed), expected, p05, p50 and p95
        (modelled, of what is known of the means), error (expected less observed; of a bound what the gap is above it,
        with a minus, else 0; of a floor what the change is below it, else 0), tolerance (stated before, in the unit),
        inside (the error is within it), group (counted, in-sample, special, or not modelled), conditions, note.

        >>> import corridors as co
        >>> gap = {"kind": "gap", "from_id": "mazar-i-sharif", "to_id": "kabul", "commodity": "flour", "cargo": "truck"}
        >>> file = pd.DataFrame([{**gap, "value": 27, "tolerance": 20, "year": 2021}])
        >>> co.validate.trade(co.load(), file).table()[["value", "expected", "inside"]].round().to_numpy().tolist()
        [[27.0, 32.0, True]]
        """
        return self.rows.copy()

    def summary(self) -> pd.DataFrame:
        """Table per kind, relation and group of what was modelled: rows, inside, and mean and largest error.

        Returns
        -------
        DataFrame
            kind, relation, group, rows, inside (rows within the tolerance), mean_error and largest_error (with its
            sign), in the unit of the kind.
        """
        done = self.rows[self.rows["error"].notna()]
        made = [
            (*key, UNITS[key[0]], len(part), int(part["inside"].sum()), part["error"].mean(),
             part["error"].loc[part["error"].abs().idxmax()])
            for key, part in done.groupby(["kind", "relation", "group"], sort=False)
        ]  # fmt: skip
        columns = ["kind", "relation", "group", "unit", "rows", "inside", "mean_error", "largest_error"]
        return pd.DataFrame(made, columns=columns)

    def _shown(self) -> pd.DataFrame:
        columns = ["id", "relation", "value", "expected", "p05", "p95", "unit", "error", "inside", "group"]
        shown = self.rows[columns].round(1).astype(object)
        return shown.where(shown.notna(), "-")

    def _below(self) -> str:
        lost = self.rows[self.rows["group"] == "not modelled"]
        lines = ["", self.summary().round(1).to_string(index=False)]
        lines += [f"{ident}: {note}" for ident, note in zip(lost["id"], lost["note"], strict=True)]
        return "\n".join(lines)


def trade(
    net: Network, file: str | Path | pd.DataFrame | None = None, *, draws: int = DRAWS, seed: int = 0
) -> TradeValidation:
    """Set observed price gaps, delivered prices, gateway shares and responses to shut borders against the model.

    Parameters
    ----------
    net
        The network.
    file
        CSV file or table with the columns of `TRADE_COLUMNS`; by default the bundled observations.
    draws, seed
        Draws for the percentiles (0: none), and their seed. Observations are means over months or years, so the draws
        are of what is known of the means.

    Returns
    -------
    TradeValidation
        Observed and modelled figures of each kind in the same unit, and scores.

    Raises
    ------
    DataFileError
        If the file lacks a column, or a row is of no kind or relation that there is.

    >>> import corridors as co
    >>> summary = co.validate.trade(co.load(), draws=0).summary().set_index(["kind", "relation", "group"])
    >>> int(summary.loc[("gap", "equal", "counted"), "rows"])
    7
    """
    rows = usable_rows(file, "trade.csv", TRADE_COLUMNS)
    known: dict[tuple[str, ...], tuple[float, Floats] | str] = {}
    for row in rows:
        key = _asked(row)
        if key not in known:
            known[key] = _modelled(net, row, draws, seed)
    return TradeValidation(pd.DataFrame([_row(row, known[_asked(row)]) for row in rows]))


def _asked(row: Mapping[str, Any]) -> tuple[str, ...]:
    """What the model is asked for a row: rows of several years may ask the same."""
    names = ["kind", "from_id", "to_id", "via", "commodity", "cargo", "gateway", "country", "markup_pct"]
    names += ["closed", "price_usd_t", "months", "note"] if row["kind"] in CHANGES else []
    names += ["year"] if row["kind"] == "landed" else []
    return tuple(str(row.get(name, "")) for name in names)


def _modelled(net: Network, row: Mapping[str, Any], draws: int, seed: int) -> tuple[float, Floats] | str:
    """Expected value and draws of a row, or why there are none."""
    kind = str(row["kind"])
    if kind not in MODELS:
        raise DataFileError(f"kind '{kind}' of row '{row.get('id', '')}' is none of {', '.join(MODELS)}.")
    try:
        return MODELS[kind](net, row, draws, seed)
    except CorridorsError as error:
        return str(error)


def _row(row: Mapping[str, Any], modelled: tuple[float, Floats] | str) -> dict[str, Any]:
    """What a row is of, and how the model meets it."""
    kind, relation = str(row["kind"]), str(row.get("relation", "") or "equal")
    if relation not in RELATIONS:
        raise DataFileError(f"relation '{relation}' of row '{row.get('id', '')}' is none of {', '.join(RELATIONS)}.")
    value = float(row["value"])
    tolerance = float(row["tolerance"] or "nan") * (value / 100 if kind == "landed" else 1)
    about = {
        "id": row.get("id", f"{row['from_id']}-{row['to_id']}"), "kind": kind, "relation": relation,
        **{name: row[name] for name in ("commodity", "from_id", "to_id", "year")},
        "unit": UNITS.get(kind) or row.get("unit", ""), "value": value,
    }  # fmt: skip
    end = {"group": group_of(row, COUNTED), "conditions": row.get("conditions", ""), "note": row.get("note", "")}
    if isinstance(modelled, str):
        none = dict.fromkeys(("expected", "p05", "p50", "p95", "error"), np.nan)
        lost = {"group": "not modelled", "note": modelled}
        return {**about, **none, "tolerance": tolerance, "inside": False, **end, **lost}
    expected, drawn = modelled
    points = np.percentile(drawn, [5, 50, 95]) if len(drawn) else [np.nan] * 3
    error = expected - value
    if relation != "equal":
        error = min(expected - abs(value), 0.0) if relation == "bound" else max(error, 0.0)
    met = {"expected": expected, **dict(zip(("p05", "p50", "p95"), map(float, points), strict=True))}
    return {**about, **met, "error": error, "tolerance": tolerance, "inside": abs(error) <= tolerance, **end}


def _gap(net: Network, row: Mapping[str, Any], draws: int, seed: int) -> tuple[float, Floats]:
    """Freight between two towns in USD/t."""
    route = net.route(str(row["from_id"]), str(row["to_id"]), cargo=str(row["cargo"]), commodity=str(row["commodity"]),
                      via=items(row, "via", ","))  # fmt: skip
    way = priced_way(route, net.tables.country(route.destination))
    drawn = way.drawn(draws, seed) if draws else {kind: np.empty(0) for kind in KINDS}
    return sum(way.expected()[kind] for kind in KINDS), np.sum([drawn[kind] for kind in KINDS], axis=0)


def _landed(net: Network, row: Mapping[str, Any], draws: int, seed: int) -> tuple[float, Floats]:
    """Delivered price of the suppliers of a country, by their weights, with the markup of traders in USD/t."""
    found = landed(net, str(row["commodity"]), market=str(row["to_id"]), year=str(row["year"]), draws=draws, seed=seed)
    table = found.table()
    own = table[(table["country"] == row["country"]) & (table["place"] == row["from_id"])]
    if own["landed_usd_t"].isna().all():
        reason = "; ".join(own["reason"]) or f"no offer of {row['commodity']} from {row['from_id']}"
        raise DataFileError(reason)
    one, factor = own.iloc[0], 1 + float(row.get("markup_pct") or 0) / 100
    drawn = found.draws_of()[one["offer"]].to_numpy() if draws else np.empty(0)
    return float(one["landed_usd_t"]) * factor, drawn * factor


def _share(net: Network, row: Mapping[str, Any], draws: int, seed: int) -> tuple[float, Floats]:
    """Share of a gateway in per cent, over all pairs of places by their weights."""
    ends = [_weights(net, items(row, name)) for name in ("from_id", "to_id")]
    expected, drawn, gateway = 0.0, np.zeros(draws), str(row["gateway"])
    for origin, some in ends[0].items():
        for destination, more in ends[1].items():
            made = split(
                net, origin, destination, commodity=str(row["commodity"]), cargo=str(row["cargo"]), draws=draws,
                seed=seed,
            )  # fmt: skip
            ways = made.ways.routes
            passes = np.array([gateway in (*way.crossings, *way.countries) for way in ways], dtype=float)
            expected += 100 * some * more * float(made.ways.shares() @ passes)
            if draws:
                drawn = drawn + 100 * some * more * (made.samples() @ passes)
    return expected, drawn


def _weights(net: Network, names: list[str]) -> dict[str, float]:
    """Weights of places, adding up to one: as they are given after a colon, else the population."""
    found = {}
    for name in names:
        place, _, weight = name.partition(":")
        ident = net.tables.place(place)
        found[ident] = float(weight) if weight else float(net.places.loc[ident, "population"])
    return {ident: weight / sum(found.values()) for ident, weight in found.items()}


Model = Callable[[Network, Mapping[str, Any], int, int], tuple[float, Floats]]

CHANGES: dict[str, Model] = {
    "closure": price_of_detour, "loss": loss_of_demand, "shortfall": shortfall, "untested": untested
}  # fmt: skip
"""What the model says of rows about a change, or why nothing."""

MODELS: dict[str, Model] = {"gap": _gap, "landed": _landed, "share": _share, **CHANGES}
"""What the model says of each kind of row: expected value and draws, in the unit of the kind."""
