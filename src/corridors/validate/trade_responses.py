"""What the model of demand says of a border that shuts, and of promised traffic, for the rows of `validate trade`.

A closure is asked on the way of one good: what the detour adds to its price, and what the market then buys less. How
much more a price rises because goods run short is no part of the model.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridors.base.errors import DataFileError
from corridors.base.units import GENERALIZED
from corridors.network.network import Network
from corridors.trade.elasticities import elasticity
from corridors.uncertainty.draws import SPREAD_OF_MEANS, draw_between
from corridors.validate.observed import items
from corridors.whatif.bands import samples_of

Floats = NDArray[np.float64]


def price_of_detour(net: Network, row: Mapping[str, Any], draws: int, seed: int) -> tuple[float, Floats]:
    """Rise of a price at a market in per cent, where the way around what is shut costs more in money and time.

    >>> import corridors as co
    >>> ends = {"from_id": "kostanay", "to_id": "kabul", "commodity": "flour", "cargo": "wagon"}
    >>> price_of_detour(co.load(), {**ends, "closed": "AF-PK", "price_usd_t": 464}, 0, 0)[0]  # it does not pass there
    0.0
    """
    before, after, drawn = _costs(net, row, draws, seed)
    price = float(row["price_usd_t"])
    return 100 * (after - before) / price, 100 * (drawn[1] - drawn[0]) / price


def loss_of_demand(net: Network, row: Mapping[str, Any], draws: int, seed: int) -> tuple[float, Floats]:
    """Change of the tonnes of a year in per cent, where a market pays the way around during some months of it.

    The goods change their way; by the elasticity of demand of the good, less of it is bought at the higher price.

    >>> import corridors as co
    >>> ends = {"from_id": "karachi", "to_id": "kabul", "commodity": "general", "cargo": "container"}
    >>> round(loss_of_demand(co.load(), {**ends, "closed": "AF-PK", "months": 2.7}, 0, 0)[0], 1)
    -1.1
    """
    tables, good = net.tables, str(row["commodity"])
    before, after, drawn = _costs(net, row, draws, seed)
    value = float(tables.find("commodities", good)["value_usd_t"])
    demand, share = elasticity("eps", None, tables, good), 100 * float(row["months"]) / 12
    expected = share * (((value + after) / (value + before)) ** demand.value - 1)
    if not draws:
        return expected, np.empty(0)
    eps = demand.drawn("eps", draws, seed)
    return expected, share * (((value + drawn[1]) / (value + drawn[0])) ** eps - 1)


def shortfall(net: Network, row: Mapping[str, Any], draws: int, seed: int) -> tuple[float, Floats]:  # noqa: ARG001 - as the other models
    """Traffic below what was promised, in per cent, as other railways have it (row `shortfall` of `elasticities`).

    >>> import corridors as co
    >>> shortfall(co.load(), {}, 0, 0)[0]
    -51.0
    """
    rows = net.tables["elasticities"]
    found = rows[rows["parameter"] == "shortfall"]
    if found.empty:
        raise DataFileError("The table 'elasticities' has no row of the parameter shortfall.")
    value, low, high = (float(found.iloc[0][name]) for name in ("value", "low", "high"))
    drawn = draw_between("trade/shortfall", value, low, high, draws=draws, seed=seed) if draws else np.empty(0)
    return value, drawn


def untested(net: Network, row: Mapping[str, Any], draws: int, seed: int) -> tuple[float, Floats]:  # noqa: ARG001 - as the other models
    """Say why an observation cannot be set against the model.

    Raises
    ------
    DataFileError
        Always, with the reason that the row has in `note`.

    >>> import corridors as co
    >>> untested(co.load(), {"note": "no flows of all goods by origin"}, 0, 0)
    Traceback (most recent call last):
    corridors.base.errors.DataFileError: no flows of all goods by origin
    """
    raise DataFileError(str(row["note"]))


def _costs(net: Network, row: Mapping[str, Any], draws: int, seed: int) -> tuple[float, float, tuple[Floats, Floats]]:
    """Generalized cost of a way in USD/t with the network as it is and with something shut; expected and drawn."""
    cargo, good = str(row["cargo"]), str(row["commodity"])
    ends = str(row["from_id"]), str(row["to_id"])
    before, after = (one.route(*ends, cargo=cargo, commodity=good) for one in (net, net.close(*items(row, "closed"))))
    drawn = np.empty(0), np.empty(0)
    if draws:
        keys = {("before", *ends): before, ("after", *ends): after}
        found = samples_of(keys, GENERALIZED, draws=draws, seed=seed, spread=SPREAD_OF_MEANS)
        drawn = found["before", *ends], found["after", *ends]
    return before.generalized_usd_t, after.generalized_usd_t, drawn
