"""The model against published prices: freight rates, quotes and tariffs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from corridors.base.errors import CorridorsError, DataFileError
from corridors.base.numbers import figure, published
from corridors.base.units import COST, PAYLOAD_T
from corridors.network.network import Network
from corridors.routing.forwarding import price_weights
from corridors.uncertainty.draws import DRAWS
from corridors.validate.observed import Observations, about, items, met, shown_fit, unmet, usable_rows, way_of
from corridors.validate.scores import mean_of_others, score_table, with_scores

PRICE_COLUMNS = ["from_id", "to_id", "cargo", "unit", "low_usd", "high_usd", "kind"]
"""Columns that a file of prices must have: prices in USD of one `unit` (tonne, teu, feu, truck or wagon).

`via` (separated by commas), `modes` and `components` (those that the price holds; all by default) by semicolons,
`ports` and `empty_return` (yes where the price holds the port at an end on land, or the way back of the empty box or
truck), `usable`, `in_sample`, `conditions`, `year`, `source` and `note` may stand.
"""

COUNTED = ("observed", "quote", "tariff", "tender")
"""Kinds of rows that count; claims are shown apart."""

CLASSES = {"up to 500 km": 500.0, "over 500 and up to 1,300 km": 1300.0, "over 1,300 km": np.inf}
"""Classes of length by the routed km, with their highest."""


@dataclass(frozen=True, eq=False, repr=False)
class PriceValidation(Observations):
    """Published prices beside the modelled ones.

    Attributes
    ----------
    rows
        What `table()` returns.
    """

    def table(self) -> pd.DataFrame:
        """Table of one row per price.

        Columns: id, journey (names and year), from_id, to_id, cargo, mode, kind, unit, low_usd and high_usd
        (published, USD per unit), km and borders (of the way), expected, p05, p50, p95 (modelled), usd_tkm (published,
        USD per tonne-km at the usual payload of the unit), naive (the mean rate of the other counted rows of the mode,
        times km), score and naive_score (interval scores, see `scores`), log_error (of p50 against the middle of the
        published), inside (the published range meets p05 to p95), group (counted, in-sample, special, apart, or not
        routed), conditions and note.

        >>> import corridors as co
        >>> co.validate.prices(co.load(), draws=50).table()["unit"].value_counts().to_dict()
        {'tonne': 24, 'feu': 18, 'truck': 7, 'teu': 4}
        """
        return self.rows.copy()

    def shown(self, group: str | None = None) -> pd.DataFrame:
        """Table as it is printed, one group or all: journey, by, unit, kind, published and modelled USD, ratio.

        Parameters
        ----------
        group
            `counted`, `in-sample`, `special`, `apart` or `not routed`.

        >>> import corridors as co
        >>> co.validate.prices(co.load(), draws=50).shown("counted").iloc[0, :5].tolist()
        ['Lahore - Karachi, 2022', 'road', 'truck', 'quote', '390 to 537']
        """
        rows = self._of(group)
        ends = zip(rows["low_usd"].round(), rows["high_usd"].round(), strict=True)
        return pd.DataFrame(
            {
                "journey": rows["journey"],
                "by": rows["mode"].str.replace("+", " and "),
                "unit": rows["unit"].str.upper().where(rows["unit"].isin(["teu", "feu"]), rows["unit"]),
                "kind": rows["kind"] + [f", {what}" if what else "" for what in rows["conditions"]],
                "published USD": [published(*pair) for pair in ends],
                "modelled USD": rows["p50"].map(figure),
                **shown_fit(rows),
            }
        )

    def scores(self) -> pd.DataFrame:
        """Table of mean interval scores (90 %, in logs) of the counted rows, beside those of a naive rate.

        The naive price is km times the mean rate per tonne-km of the other counted rows of the mode, with the spread
        of its own errors on the other counted rows. The lower score is the better one.

        Returns
        -------
        DataFrame
            One row for all, and one by mode and by length: split, of, rows, width (median p95 / p05), score,
            naive_width, naive_score and better (`model` or `naive`).

        >>> import corridors as co
        >>> co.validate.prices(co.load(), draws=100).scores()["of"].tolist()[:3]
        ['all', 'road', 'rail']
        """
        return score_table(self.rows, {"mode": lambda t: t["mode"], "length": _length})

    def _shown(self) -> pd.DataFrame:
        columns = [
            "id",
            "mode",
            "unit",
            "low_usd",
            "high_usd",
            "expected",
            "p05",
            "p95",
            "log_error",
            "inside",
            "group",
        ]
        return self.rows[columns].round(2)


def _length(rows: pd.DataFrame) -> pd.Series:
    """Class of length of each row, by the routed km."""
    return pd.cut(rows["km"], [0.0, *CLASSES.values()], labels=list(CLASSES))


def prices(
    net: Network, file: str | Path | pd.DataFrame | None = None, *, draws: int = DRAWS, seed: int = 0
) -> PriceValidation:
    """Price every published freight rate with the model, over the way that it is for.

    Rows that set a parameter stand apart as in-sample; rows of special conditions (a closed border, prices of long
    ago) stand apart as special; claims stand apart and are never counted.

    Parameters
    ----------
    net
        The network.
    file
        CSV file or table with the columns of `PRICE_COLUMNS`; by default the bundled prices.
    draws, seed
        Draws for the percentiles; they are of consignments, with the knowledge of the means in them.

    Returns
    -------
    PriceValidation
        Published and modelled USD of every rate, and scores.

    Raises
    ------
    DataFileError
        If the file lacks a column, a row names a unit that there is not, or its price holds nothing of the way.

    >>> import corridors as co
    >>> summary = co.validate.prices(co.load(), draws=100).summary().set_index(["group", "mode"])
    >>> int(summary.loc[("counted", "all"), "rows"]), bool(summary.loc[("counted", "all"), "inside"] > 0.7)
    (19, True)
    """
    rows = usable_rows(file, "observed_prices.csv", PRICE_COLUMNS)
    found = pd.DataFrame([_price(net, row, draws, seed) for row in rows])
    middle = np.sqrt(found["low_usd"] * found["high_usd"]).to_numpy()
    usual = (found["km"] * found["unit"].map(PAYLOAD_T)).to_numpy()
    counted = (found["group"] == "counted").to_numpy()
    rate = mean_of_others(middle / usual, counted, found["mode"].to_numpy())
    found.insert(found.columns.get_loc("expected"), "usd_tkm", middle / usual)
    return PriceValidation(with_scores(found, middle, rate * usual))


def _price(net: Network, row: dict[str, Any], draws: int, seed: int) -> dict[str, Any]:
    low, high, unit = float(row["low_usd"]), float(row["high_usd"]), str(row["unit"])
    modes = items(row, "modes")
    answer = {
        **about(net, row, "sea" if "sea" in modes else "+".join(modes) or "any"),
        "unit": unit,
        "low_usd": low,
        "high_usd": high,
        **unmet(row, COUNTED),
    }
    if unit not in PAYLOAD_T:
        raise DataFileError(f"unit '{unit}' of row '{answer['id']}' is none of {', '.join(PAYLOAD_T)}.")
    try:
        route = way_of(net, row)
    except CorridorsError as error:
        return {**answer, "group": "not routed", "note": str(error)}
    asked = {name: row.get(name) == "yes" for name in ("ports", "empty_return")}
    weights = price_weights(route, unit, components=items(row, "components") or None, **asked)
    if not weights.any():
        raise DataFileError(f"row '{answer['id']}' holds no cost of the way: see its column 'components'.")
    return {**answer, **met(route, weights, COST, (low, high), draws=draws, seed=seed)}
