"""Crowding, off unless asked for: the more choose a crossing, the longer its wait, until the choice fits the waits.

Only crossings with an observed or official capacity take part; the results say how many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.arguments import checked
from corridors.base.errors import InputError, UnknownNameError
from corridors.base.names import near
from corridors.base.options import takes
from corridors.base.results import Result
from corridors.model.question import Asked
from corridors.network.network import Network
from corridors.routing.ways import Logit
from corridors.trade import use
from corridors.trade.assign import Floats
from corridors.trade.capacity import DAYS_MONTH, KNOWN, Capacity
from corridors.trade.carried import Carried
from corridors.trade.carry import carry
from corridors.trade.demand import MONTHS, FlowTable, Seasons
from corridors.trade.equilibrium import GAP, MOST, Balance, successive_averages
from corridors.trade.queues import QUEUES, wait_h
from corridors.trade.vehicles import EMPTY_SHARE, TRAIN_NET_T, passes_of

Passing = NDArray[np.bool_]
"""Which ways pass which crossings: crossings by ways."""


@checked
@dataclass(frozen=True, eq=False, repr=False)
class Crowded(Result):
    """Choice of ways with the waits that it makes, in one month.

    Attributes
    ----------
    uncrowded
        The flows and their ways, shared out without crowding.
    capacities
        Capacities of the crossings that take part.
    servers
        Vehicles that each handles at a time.
    month
        The month, 1 to 12.
    loads
        Vehicles a day at each, in what its capacity counts: before (the base), uncrowded and crowded, each with the
        background.
    extra_h
        Hours that each adds to those of the tables.
    balance
        Tonnes a day on each way, gap and iterations.
    """

    uncrowded: Carried
    capacities: tuple[Capacity, ...]
    servers: tuple[int, ...]
    month: int
    loads: pd.DataFrame
    extra_h: Floats
    balance: Balance

    _indexed = False

    def table(self) -> pd.DataFrame:
        """Table of the crossings that take part, the greatest extra wait first.

        Columns: id, mode, way (blank for both together), capacity, unit, status, servers, before, uncrowded and crowded
        (a day, in what the capacity counts), utilisation (crowded to capacity), extra_h (hours of waiting beside those
        of the tables).
        """
        rows = [(one.ident, one.mode, one.way, one.value, one.unit, one.status) for one in self.capacities]
        table = pd.DataFrame(rows, columns=["id", "mode", "way", "capacity", "unit", "status"])
        daily = np.array([one.per_day for one in self.capacities])
        table = table.assign(servers=self.servers, **dict(self.loads.items()))
        table = table.assign(utilisation=self.loads["crowded"] / daily, extra_h=self.extra_h)
        return table.sort_values("extra_h", ascending=False, kind="stable", ignore_index=True)

    @property
    def shares(self) -> Floats:
        """Share of its flow that goes each way (0 to 1)."""
        wanted = self.uncrowded.wanted_t[:, self.month - 1] / DAYS_MONTH
        base = np.array([way.share for way in self.uncrowded.ways])
        with np.errstate(invalid="ignore", divide="ignore"):
            found = base * self.balance.amounts / wanted
        return np.where(wanted > 0, found, base)

    @property
    def carried(self) -> Carried:
        """The flows on their ways with the shares of this month, for tonnes on links, crossings and so on.

        Only this month is in equilibrium; the others have its shares.
        """
        ways = [way._replace(share=float(share)) for way, share in zip(self.uncrowded.ways, self.shares, strict=True)]
        return replace(self.uncrowded, ways=tuple(ways))

    def pairs(self) -> pd.DataFrame:
        """Table of the ways of all flows.

        Columns: origin, destination, commodity, cargo, way, crossings, uncrowded and crowded (shares), extra_h (of all
        its crossings).
        """
        extra = _of_ways(_taken(self.capacities, self.uncrowded) > 0, self.extra_h)
        rows = [
            (*self.uncrowded.flows[way.flow][:3], way.route.cargo, way.number, ";".join(way.route.crossings), way.share)
            for way in self.uncrowded.ways
        ]
        columns = ["origin", "destination", "commodity", "cargo", "way", "crossings", "uncrowded"]
        return pd.DataFrame(rows, columns=columns).assign(crowded=self.shares, extra_h=extra)

    def summary(self) -> dict[str, Any]:
        """Totals as a flat record.

        Returns
        -------
        dict
            flows, month, crossings (that ways pass), crossings_known (that take part), iterations, gap, converged,
            moved_t_day (tonnes a day that choose otherwise than without crowding), mean_extra_h (by tonnes) and
            utilisation (the highest).
        """
        ways, amounts = self.uncrowded.ways, self.balance.amounts
        passed = {thing for way in ways for thing in passes_of(way.route) if thing[0] == "crossing"}
        before = self.uncrowded.wanted_t[:, self.month - 1] / DAYS_MONTH
        extra = _of_ways(_taken(self.capacities, self.uncrowded) > 0, self.extra_h)
        table = self.table()
        return {
            "flows": len(self.uncrowded.flows),
            "month": self.month,
            "crossings": len(passed),
            "crossings_known": len({one.ident for one in self.capacities}),
            "iterations": self.balance.iterations,
            "gap": self.balance.gap,
            "converged": self.balance.converged,
            "moved_t_day": float(np.abs(amounts - before).sum() / 2),
            "mean_extra_h": float(extra @ amounts / amounts.sum()) if amounts.sum() else 0.0,
            "utilisation": float(table["utilisation"].max()) if len(table) else np.nan,
        }

    def _shown(self) -> pd.DataFrame:
        return self.table().round({"before": 1, "uncrowded": 1, "crowded": 1, "utilisation": 2, "extra_h": 1})

    def _below(self) -> str:
        told = self.summary()
        end = "" if told["converged"] else " The gap is larger than was asked for: more iterations may help."
        return (
            f"{told['crossings_known']} of {told['crossings']} crossings that the ways pass have a known capacity and "
            f"take part; at the others nothing changes. Gap {told['gap']:.1e} after {told['iterations']} "
            f"iterations.{end}"
        )


@takes(Asked, cargo=None)
def crowd(
    net: Network,
    flows: FlowTable,
    *,
    base: Network | None = None,
    queue: str = "both",
    month: int | None = None,
    background: Mapping[str, float] | None = None,
    service_cv: float = 1.0,
    gap: float = GAP,
    iterations: int = MOST,
    choice: str | Logit = "logit",
    capacities: pd.DataFrame | str | None = KNOWN,
    seasons: Seasons | None = None,
    towns: Mapping[str, Mapping[str, float]] | None = None,
    train_net_t: float = TRAIN_NET_T,
    empty_share: float = EMPTY_SHARE,
    **options: Unpack[Asked],
) -> Crowded:
    """Share flows out between ways whose waits at crossings grow with what chooses them: a stochastic user equilibrium.

    The hours of the tables hold the wait of today. So what a crossing adds is its wait with the new load less its wait
    with that of `base`, and never less than nothing: with `net` as its own base nothing changes, and where another
    crossing is closed, the waits of the rest grow.

    Parameters
    ----------
    net
        The network, such as one with a crossing closed.
    flows
        Tonnes of pairs, as in `co.carry`.
    base
        The network of today. Without it the whole wait of the load is added to the hours of the tables.
    queue
        `both` (M/M/c that becomes a fluid queue where more arrives than passes, over a month), `mmc` or `fluid`.
    month
        Month, 1 to 12; by default that of most tonnes.
    background
        Other vehicles a day at crossings, by id, in what the capacity counts. With `base` it is by default the traffic
        that the network states, in the same unit and without a way, less that of these flows; else none.
    service_cv
        Coefficient of variation of the time that one vehicle takes.
    gap, iterations
        Gap at which to stop, and most iterations.
    choice, capacities, seasons, towns, train_net_t, empty_share
        As in `co.carry`, whose flows are shared out.
    options
        As in `corridors.model.question.Asked`.

    Returns
    -------
    Crowded
        Flows in tonnes, extra waits in hours at crossings, and the gap that was reached.

    Raises
    ------
    InputError, UnknownNameError, AmbiguousNameError
        If an argument is not possible, or names what the network does not have.

    >>> import corridors as co
    >>> net, flows = co.load(), {("Kabul", "Karachi"): 3e6}
    >>> options = {"commodity": "general", "cargo": "truck", "choice": co.Logit(ways=3)}
    >>> shut = co.crowd(net.close("chaman"), flows, base=net, **options)
    >>> shut.summary()["crossings_known"], shut.summary()["converged"]
    (1, True)
    """
    if queue not in QUEUES:
        raise InputError("queue", queue, f"one of {', '.join(QUEUES)}")
    if not 0 <= service_cv < np.inf:
        raise InputError("service_cv", service_cv, "a coefficient of variation of zero or more")
    if month is not None and month not in range(1, MONTHS + 1):
        raise InputError("month", month, "1 to 12")
    more: dict[str, Any] = {"choice": choice, "capacities": capacities, "seasons": seasons, "towns": towns,
                            "train_net_t": train_net_t, "empty_share": empty_share, **options}  # fmt: skip
    carried = carry(net, flows, split=True, **more)
    number = int(carried.wanted_t.sum(axis=0).argmax()) if month is None else month - 1
    limits = tuple(one for one in carried.capacities if one.kind == "crossing" and one.binding and one.per_day > 0)
    before = np.zeros(len(limits))
    if base is not None:
        earlier = carry(base, flows, split=True, **{**more, "capacities": None})
        before = _taken(limits, earlier) @ earlier.wanted_t[:, number] / DAYS_MONTH
    beside = _background(net, limits, background, before, known=base is not None)
    servers = _servers(net, limits)
    waiting = partial(_waits, limits, servers, queue, service_cv)
    today = waiting(before + beside) if base is not None else waiting(beside)
    if not np.isfinite(today).all():
        raise InputError("queue", queue, "'both' or 'fluid': at a crossing more passes today than its capacity")
    taken, wanted = _taken(limits, carried), carried.wanted_t[:, number] / DAYS_MONTH

    def extra(amounts: Floats) -> Floats:
        """Hours that each crossing adds at these tonnes a day on the ways."""
        return np.maximum(waiting(taken @ amounts + beside) - today, 0.0)

    respond = partial(_respond, carried, taken > 0, extra, number)
    balance = successive_averages(respond, wanted, gap=gap, iterations=iterations)
    rows = {"before": before, "uncrowded": taken @ wanted, "crowded": taken @ balance.amounts}
    loads = pd.DataFrame({name: load + beside for name, load in rows.items()})
    return Crowded(carried, limits, tuple(servers), number + 1, loads, extra(balance.amounts), balance)


def _taken(limits: Sequence[Capacity], carried: Carried) -> Floats:
    """What a tonne on each way takes of each capacity."""
    goods = [carried.flows[way.flow].commodity for way in carried.ways]
    trains = {"train_net_t": carried.train_net_t, "empty_share": carried.empty_share}
    return use.per_tonne(limits, carried.ways, goods, **trains)


def _background(
    net: Network, limits: Sequence[Capacity], given: Mapping[str, float] | None, before: Floats, *, known: bool
) -> Floats:
    """Other vehicles a day at each crossing."""
    names = [one.ident for one in limits]
    for ident, amount in (given or {}).items():
        if ident not in names:
            raise UnknownNameError("crossing with a capacity", ident, near(ident, names))
        if not 0 <= amount < np.inf:
            raise InputError("background", amount, f"vehicles a day of zero or more at {ident}")
    found = np.array([(given or {}).get(ident, 0.0) for ident in names], dtype=float)
    if given is None and known:
        told = net.attributes
        told = told[(told["attribute"] == "traffic") & told["used"]].to_dict("records")
        today = {(row["id"], row["mode"], row["unit"]): float(row["value"]) for row in told if not row["ways"]}
        for row, one in enumerate(limits):
            if not one.way and (key := (one.ident, one.mode, one.unit)) in today:
                found[row] = max(today[key] * one.per_day / one.value - before[row], 0.0)
    return found


def _servers(net: Network, limits: Sequence[Capacity]) -> list[int]:
    """Vehicles that each crossing handles at a time; one where it is not known, which makes the wait the longest."""
    told = net.attributes
    told = told[(told["attribute"] == "servers") & told["used"]].to_dict("records")
    known = {(row["id"], row["mode"]): int(row["value"]) for row in told}
    return [known.get((one.ident, one.mode), 1) for one in limits]


def _waits(limits: Sequence[Capacity], servers: Sequence[int], queue: str, service_cv: float, daily: Floats) -> Floats:
    """Hours of waiting at each crossing with a load a day."""
    options: dict[str, Any] = {"queue": queue, "service_cv": service_cv}
    rows = zip(limits, servers, daily, strict=True)
    found = [wait_h(load / 24, one.per_day / 24, servers=some, **options) for one, some, load in rows]
    return np.array(found, dtype=float)


def _of_ways(passing: Passing, hours: Floats) -> Floats:
    """Hours that the crossings of each way add together."""
    return np.asarray(np.where(passing, hours[:, None], 0.0).sum(axis=0), dtype=float)


def _respond(carried: Carried, passing: Passing, extra: Any, month: int, amounts: Floats) -> Floats:
    """Tonnes a day that would go each way at the waits which these tonnes make."""
    hours = _of_ways(passing, extra(amounts))
    value = np.array([way.route.problem.vot_usd_t_h for way in carried.ways])
    found = np.zeros(len(carried.ways))
    for flow, ways in carried.choices.items():
        rows = [i for i, way in enumerate(carried.ways) if way.flow == flow]
        costs = ways.costs + value[rows] * hours[rows]
        if not np.isfinite(costs).any():
            pair = carried.flows[flow][:2]
            raise InputError("queue", "mmc", f"'both' or 'fluid': every way {pair[0]} - {pair[1]} is over its capacity")
        found[rows] = ways.shares(costs) * carried.flows[flow].tonnes[month] / DAYS_MONTH
    return found
