"""Use of capacities: what flows ask of lines, crossings, terminals and ports in their peak month, with bands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Unpack

import numpy as np
import pandas as pd

from corridors.base.arguments import checked
from corridors.base.drawing import Drawing, drawn
from corridors.base.errors import InputError
from corridors.base.options import takes
from corridors.base.results import Result
from corridors.data.attributes import of_links
from corridors.model.question import Asked
from corridors.network.network import Network
from corridors.routing.ways import Logit
from corridors.trade import use
from corridors.trade.assign import Floats
from corridors.trade.capacity import CLOSE, DAYS_MONTH, FULL, KNOWN, UNITS, Capacity, capacities_of, single_track_pairs
from corridors.trade.carried import Carried
from corridors.trade.carry import carry
from corridors.trade.demand import FlowTable, Seasons
from corridors.trade.vehicles import EMPTY_SHARE, TRAIN_NET_T, passes_of
from corridors.uncertainty.draws import SPREAD_OF_MEANS, check_draws, draw_between
from corridors.whatif.bands import POINTS


@checked
@dataclass(frozen=True, eq=False, repr=False)
class Utilisation(Result):
    """What flows ask of capacities in the month in which each is asked for most.

    Attributes
    ----------
    net
        The network.
    carried
        The flows and their ways.
    capacities
        Capacities that the ways pass, those that were computed among them.
    draws, seed
        Draws of shares and capacities behind the bands (0: none), and their seed.
    """

    net: Network
    carried: Carried
    capacities: tuple[Capacity, ...]
    draws: int
    seed: int

    plot = drawn[Drawing]("plot_utilisation")

    _indexed = False

    def table(self) -> pd.DataFrame:
        """Table of capacities, the most used first.

        Columns: kind, id, mode, way (blank for both together), capacity, unit, status, year, binding (whether it limits
        what `co.carry` carries), month (1 to 12, the one with most), tonnes (in that month), trains_per_day (for those
        tonnes by rail, with trains that run back empty), wanted_per_day (in what the capacity counts), utilisation
        (wanted to capacity), with draws p05, p50, p95 and p_over (share of draws above 1), state (`free`, `close` above
        0.8, `over` above 1), traffic and traffic_unit (what is known to pass today, of which the flows may be a part),
        and source.
        """
        taken = self._taken
        table = use.use_table(self.capacities, taken, self.carried.wanted_t, self.carried.wanted_t)
        months = table["month"].to_numpy(dtype=int) - 1
        passing = (taken > 0) @ self.carried.wanted_t if len(taken) else np.zeros((0, 12))
        tonnes = passing[np.arange(len(months)), months]
        trains = tonnes / DAYS_MONTH * (1 + self.carried.empty_share) / self.carried.train_net_t
        table.insert(10, "tonnes", tonnes)
        table.insert(11, "trains_per_day", np.where(table["mode"] == "rail", trains, np.nan))
        table = table.drop(columns="used_per_day").assign(**self._bands(taken, months), **self._traffic())
        last = ["state", "traffic", "traffic_unit", "source"]
        table = table[[name for name in table if name not in last] + last]
        return table.sort_values("utilisation", ascending=False, kind="stable", ignore_index=True)

    @cached_property
    def _taken(self) -> Floats:
        goods = [self.carried.flows[way.flow].commodity for way in self.carried.ways]
        trains = {"train_net_t": self.carried.train_net_t, "empty_share": self.carried.empty_share}
        return use.per_tonne(self.capacities, self.carried.ways, goods, **trains)

    def _bands(self, taken: Floats, months: Any) -> dict[str, Floats]:
        """Percentiles of the utilisation, and the share of draws above 1."""
        if not self.draws:
            return {}
        ways = self.carried.ways
        shares = use.drawn_shares(ways, self.carried.choices, draws=self.draws, seed=self.seed)
        wanted = np.array([self.carried.flows[way.flow].tonnes for way in ways]).reshape(-1, 12)
        found = np.zeros((len(self.capacities), self.draws))
        for row, one in enumerate(self.capacities):
            daily = (taken[row] * wanted[:, months[row]] / DAYS_MONTH) @ shares
            found[row] = daily / (_drawn(one, self.draws, self.seed) * UNITS[one.unit][1])
        points = np.percentile(found, POINTS, axis=1)
        bands = {f"p{point:02d}": points[number] for number, point in enumerate(POINTS)}
        return {**bands, "p_over": (found > FULL).mean(axis=1)}

    def _traffic(self) -> dict[str, list[Any]]:
        """What is known to pass each thing today."""
        told = self.net.attributes
        told = told[(told["attribute"] == "traffic") & told["used"]]
        known = {(row["kind"], row["id"], row["mode"]): row for row in told.to_dict("records")}
        rows = [known.get((one.kind, one.ident, one.mode)) or known.get((one.kind, one.ident, "")) or {}
                for one in self.capacities]  # fmt: skip
        amounts = [row.get("value", np.nan) for row in rows]
        return {"traffic": amounts, "traffic_unit": [row.get("unit", "") for row in rows]}

    def links(self) -> pd.DataFrame:
        """Table of the links with a capacity, by id: the highest utilisation of each, with its state and status.

        >>> import corridors as co
        >>> used = co.load().utilisation({("Kostanay", "Tashkent"): 2e6}, commodity="grain", cargo="wagon")
        >>> float(used.links().loc["kandyagash--nikeltau:rail-1520", "utilisation"].round(2))
        0.62
        """
        table = self.table()
        table = table[table["kind"] == "link"].drop_duplicates("id").set_index("id")
        return table[["mode", "tonnes", "utilisation", "state", "status", "binding"]]

    def covered(self) -> pd.DataFrame:
        """Table of how much of what the flows pass has a known capacity, by kind of thing.

        Returns
        -------
        DataFrame
            By kind (link, crossing, terminal, port): passed (number of things) and known (those with a stated capacity,
            computed ones left out).
        """
        touched = {thing for way in self.carried.ways for thing in passes_of(way.route) if thing[0] != "line"}
        known = {(one.kind, one.ident) for one in self.capacities if one.status != "computed"}
        kinds = ["link", "crossing", "terminal", "port"]
        rows = [(sum(k == kind for k, _ in touched), sum(k == kind for k, _ in touched & known)) for kind in kinds]
        return pd.DataFrame(rows, pd.Index(kinds, name="kind"), columns=["passed", "known"])

    def summary(self) -> dict[str, Any]:
        """Totals as a flat record.

        Returns
        -------
        dict
            capacities, over and close (numbers of those with a binding status), most_used (kind and id), utilisation
            (of it), links and crossings passed, and those with a known capacity.
        """
        table, covered = self.table(), self.covered()
        binding = table[table["binding"].astype(bool)]
        first = table.iloc[0] if len(table) else None
        return {
            "capacities": len(table),
            "over": int((binding["state"] == "over").sum()),
            "close": int((binding["state"] == "close").sum()),
            "most_used": "" if first is None else f"{first['kind']} {first['id']}",
            "utilisation": np.nan if first is None else float(first["utilisation"]),
            "links": int(covered.loc["link", "passed"]),
            "links_known": int(covered.loc["link", "known"]),
            "crossings": int(covered.loc["crossing", "passed"]),
            "crossings_known": int(covered.loc["crossing", "known"]),
        }

    def _shown(self) -> pd.DataFrame:
        table = self.table().drop(columns=["source", "traffic", "traffic_unit", "binding", "mode"])
        return table.round({"tonnes": 0, "trains_per_day": 1, "wanted_per_day": 1}).round(2)

    def _below(self) -> str:
        all_in = self.summary()
        told = (
            f"A capacity is known of {all_in['links_known']} of {all_in['links']} links and of "
            f"{all_in['crossings_known']} of {all_in['crossings']} crossings that the flows pass; other traffic is not "
            f"counted. Above {CLOSE:g} is close, above {FULL:g} over."
        )
        if self.draws:
            told += f" {self.draws:,} draws of shares and capacities: p_over between 0.1 and 0.9 is undecided."
        return told


def _drawn(capacity: Capacity, draws: int, seed: int) -> Floats:
    """Draws of a capacity within its range, in its unit; the number itself where no range is known."""
    low, high = capacity.low, capacity.high
    if not low < high or not low > 0:
        return np.full(draws, capacity.value)
    name = f"capacity/{capacity.kind}/{capacity.ident}/{capacity.mode}"
    return draw_between(name, capacity.value, low, high, draws=draws, seed=seed)


@takes(Asked, cargo=None)
def utilisation(
    net: Network,
    flows: Carried | FlowTable,
    *,
    loops_km: float | None = None,
    speed_kmh: float | None = None,
    draws: int = 0,
    seed: int = 0,
    split: bool = False,
    choice: str | Logit = "logit",
    capacities: pd.DataFrame | str | None = KNOWN,
    seasons: Seasons | None = None,
    towns: Mapping[str, Mapping[str, float]] | None = None,
    train_net_t: float = TRAIN_NET_T,
    empty_share: float = EMPTY_SHARE,
    **options: Unpack[Asked],
) -> Utilisation:
    """Set flows against the capacities of what they pass, in the month in which each is asked for most.

    Parameters
    ----------
    net
        The network.
    flows
        What `co.carry` gave on this network (its own limits are taken if it has any), or flows that are carried first.
    loops_km, speed_kmh
        Assumptions on single-track lines without a stated capacity: km between loops, and speed of goods trains. Where
        the network states both (`loops_km`, `freight_speed_kmh`), its own are taken. What is computed is shown and
        limits nothing.
    draws, seed
        Draws of the shares of ways and of capacities with a range, and their seed; 0 for none.
    split, choice, capacities, seasons, towns, train_net_t, empty_share
        As in `co.carry`, for flows that are carried first.
    options
        As in `corridors.model.question.Asked`, for flows that are carried first.

    Returns
    -------
    Utilisation
        Flow over capacity (1 is full) of links, crossings, terminals and ports, with its band.

    Raises
    ------
    InputError, UnknownNameError, AmbiguousNameError
        If an argument is not possible, or names what the network does not have.

    >>> import corridors as co
    >>> used = co.utilisation(co.load(), {("Almaty", "Tashkent"): 4e6}, commodity="grain", cargo="wagon")
    >>> used.table().loc[0, ["id", "way"]].tolist(), float(used.table().loc[0, "utilisation"].round(2))
    (['saryagash-keles', 'KZ-UZ'], 0.1)
    """
    if draws != 0:
        check_draws(draws, seed, SPREAD_OF_MEANS)
    if isinstance(flows, Carried):
        carried = flows
        own = {way.route.problem.tables is net.tables for way in carried.ways}
        if own == {False}:
            raise InputError("flows", "carried on another network", "flows that were carried on this network")
        limits = list(carried.capacities)
        if not limits:  # they were carried without any limit, or pass none that is known
            limits = use.passed_limits(capacities_of(net.tables, capacities, net.view.date), carried.ways)
    else:
        more: dict[str, Any] = {"split": split, "choice": choice, "seasons": seasons, "towns": towns, **options}
        carried = carry(net, flows, capacities=capacities, train_net_t=train_net_t, empty_share=empty_share, **more)
        limits = list(carried.capacities)
    known = {one.ident for one in limits if one.kind == "link"}
    passed = {ident for way in carried.ways for kind, ident in passes_of(way.route) if kind == "link"}
    computed = single_tracks(net, sorted(passed - known), loops_km=loops_km, speed_kmh=speed_kmh)
    return Utilisation(net, carried, (*limits, *computed), draws, seed)


def single_tracks(
    net: Network, idents: list[str], *, loops_km: float | None = None, speed_kmh: float | None = None
) -> list[Capacity]:
    """Capacities by formula of those links that are single tracks and whose loops and speed are known or assumed.

    Parameters
    ----------
    net
        The network.
    idents
        Ids of links.
    loops_km, speed_kmh
        What is assumed where the network does not state it.

    >>> import corridors as co
    >>> net = co.load()
    >>> one = single_tracks(net, ["hairatan--naibabad:rail-1520"], loops_km=20, speed_kmh=40)[0]
    >>> round(one.value), one.unit, one.status
    (17, 'pairs/day', 'computed')
    """
    for name, value in (("loops_km", loops_km), ("speed_kmh", speed_kmh)):
        if value is not None and not 0 < value < np.inf:
            raise InputError(name, value, "a number above zero")
    rows, links = net.tables.rows("links"), net.tables["links"]
    stated = of_links(net.tables, net.view.date)
    found = []
    for ident in idents:
        row = rows.get(ident)
        if row is None or links["mode"][row] != "rail" or stated["tracks"][row] != "1":
            continue
        told = [stated[name][row] for name in ("loops_km", "freight_speed_kmh")]
        given = zip(told, (loops_km, speed_kmh), strict=True)
        loops, speed = (value if pd.notna(value) else other for value, other in given)
        if loops is None or speed is None:
            continue
        pairs = single_track_pairs(block_km=float(loops), speed_kmh=float(speed))
        found.append(Capacity("link", ident, "rail", pairs, "pairs/day", "pair", pairs, "computed", pairs, pairs))
    return found
