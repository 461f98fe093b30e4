"""How much of each capacity is asked for: what a tonne of each way takes, the month with most, and draws of shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from corridors.base.units import GENERALIZED
from corridors.routing.route import Route
from corridors.routing.ways import Ways
from corridors.trade import vehicles
from corridors.trade.assign import Floats
from corridors.trade.capacity import DAYS_MONTH, Capacity, state_of
from corridors.uncertainty.draws import SPREAD_OF_MEANS
from corridors.whatif.bands import samples_of

COLUMNS = (
    "kind", "id", "mode", "way", "capacity", "unit", "status", "year", "binding", "month", "wanted_per_day",
    "used_per_day", "utilisation", "state", "source",
)  # fmt: skip
"""Columns of `use_table`."""


class CarriedWay(NamedTuple):
    """One way of one flow.

    Attributes
    ----------
    flow
        Number of the flow.
    route
        The way.
    share
        Share of the flow that would go it (0 to 1).
    number
        Number of the way among those of the flow, from 1.
    """

    flow: int
    route: Route
    share: float
    number: int


def passed_limits(limits: Sequence[Capacity], ways: Sequence[CarriedWay]) -> list[Capacity]:
    """Limits of what any of the ways passes, in that direction if they are of one.

    Parameters
    ----------
    limits
        The limits.
    ways
        The ways.
    """
    touched = {
        (*thing, direction)
        for way in ways
        for thing, times in vehicles.passes_of(way.route).items()
        for direction in ("", *(direction for _, direction, _ in times))
    }
    return [limit for limit in limits if (limit.kind, limit.ident, limit.way) in touched]


def per_tonne(
    capacities: Sequence[Capacity],
    ways: Sequence[CarriedWay],
    goods: Sequence[str | None],
    *,
    train_net_t: float,
    empty_share: float,
) -> Floats:
    """What a tonne on each way takes of each capacity: capacities by ways.

    Parameters
    ----------
    capacities
        The limits.
    ways
        The ways.
    goods
        Good of each way.
    train_net_t, empty_share
        As in `corridors.trade.vehicles.per_tonne`.
    """
    found = np.zeros((len(capacities), len(ways)))
    options = {"train_net_t": train_net_t, "empty_share": empty_share}
    for column, (way, good) in enumerate(zip(ways, goods, strict=True)):
        passes = vehicles.passes_of(way.route) if capacities else {}
        for row, capacity in enumerate(capacities):
            found[row, column] = vehicles.taken(capacity, way.route, passes, commodity=good, **options)
    return found


def use_table(capacities: Sequence[Capacity], taken: Floats, wanted_t: Floats, carried_t: Floats) -> pd.DataFrame:
    """Table of capacities in the month with most demand: how much is asked for, and how much is used.

    Parameters
    ----------
    capacities
        The limits.
    taken
        What a tonne on each way takes of each.
    wanted_t, carried_t
        Tonnes that would go, and go, each way in each month: ways by months.

    Returns
    -------
    DataFrame
        The columns `COLUMNS`, amounts in what a capacity counts, a day.
    """
    rows: list[tuple[Any, ...]] = []
    daily = [taken @ tonnes / DAYS_MONTH for tonnes in (wanted_t, carried_t)]
    for one, wanted, used in zip(capacities, *daily, strict=True):
        month = int(np.argmax(wanted))
        most = float(wanted[month])
        use = most / one.per_day if one.per_day else (np.inf if most else 0.0)
        about = (one.value, one.unit, one.status, one.year, one.binding)
        amounts = (month + 1, most, float(used[month]), use, state_of(use))
        rows.append((one.kind, one.ident, one.mode, one.way, *about, *amounts, one.source))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def drawn_shares(ways: Sequence[CarriedWay], choices: Mapping[int, Ways], *, draws: int, seed: int) -> Floats:
    """Draws of the share of its flow that goes each way, from joint draws of costs and scale: ways by draws.

    Parameters
    ----------
    ways
        The ways.
    choices
        What ways were shared out by, by number of flow; the others keep their share.
    draws, seed
        Number of draws, and seed.
    """
    samples = np.array([[way.share] * draws for way in ways], dtype=float).reshape(-1, draws)
    routes = {("", "", str(i)): way.route for i, way in enumerate(ways) if way.flow in choices}
    if not routes:
        return samples
    costs = samples_of(routes, GENERALIZED, draws=draws, seed=seed, spread=SPREAD_OF_MEANS)
    for flow, some in choices.items():
        rows = [i for i, way in enumerate(ways) if way.flow == flow]
        drawn = np.column_stack([costs["", "", str(i)] for i in rows])
        samples[rows] = some.shares(drawn, some.logit.scales(draws, seed)).T
    return samples
