"""What is carried: tonnes on links, crossings, terminals, ports and in countries, payments, and what does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.arguments import checked
from corridors.base.drawing import Drawing, drawn
from corridors.base.errors import InputError
from corridors.base.results import Result
from corridors.data.countries import country_asked
from corridors.routing.route import Route
from corridors.routing.ways import Ways
from corridors.trade import assign, use
from corridors.trade.assign import COLUMNS, THINGS, Floats, Uses
from corridors.trade.capacity import DAYS_MONTH, Capacity, fitted
from corridors.trade.demand import MONTHS, Flow
from corridors.trade.link_table import link_table
from corridors.trade.printed import PrintedCarried
from corridors.trade.use import CarriedWay
from corridors.uncertainty.draws import DRAWS, SPREAD_OF_MEANS, check_draws
from corridors.whatif.bands import POINTS


@checked
@dataclass(frozen=True, eq=False, repr=False)
class Carried(PrintedCarried, Result):
    """Tonnes of given flows on the network.

    Attributes
    ----------
    flows
        The flows: tonnes of each pair and good by month.
    ways
        Ways of the flows.
    no_way
        Flows without a way (by number), and why.
    capacities
        Limits, binding or not.
    train_net_t, empty_share
        Net tonnes of a train, and trains that run back empty for each loaded one.
    choices
        What ways were shared out by, by number of flow; none where each flow goes its best way.
    """

    flows: tuple[Flow, ...]
    ways: tuple[CarriedWay, ...]
    no_way: Mapping[int, str]
    capacities: tuple[Capacity, ...]
    train_net_t: float
    empty_share: float
    choices: Mapping[int, Ways] = field(default_factory=dict)

    plot = drawn[Drawing]("plot_carried")
    gateways = drawn[Drawing]("gateway_bars")
    sankey = drawn[Drawing]("sankey")

    # --- tonnes ---------------------------------------------------------------------------------------------------

    @cached_property
    def wanted_t(self) -> Floats:
        """Tonnes that would go each way in each month: ways by months."""
        return np.array([way.share * self.flows[way.flow].tonnes for way in self.ways]).reshape(-1, MONTHS)

    @cached_property
    def _fitted(self) -> tuple[Floats, NDArray[np.int64]]:
        """Share of each way that fits in each month, and the capacity that stops it: ways by months."""
        share = np.ones(self.wanted_t.shape)
        stopped = np.full(self.wanted_t.shape, -1, dtype=np.int64)
        binding = [i for i, capacity in enumerate(self.capacities) if capacity.binding]
        if binding:
            limit = np.array([self.capacities[i].per_day for i in binding])
            for month in range(MONTHS):
                load = self._per_tonne[binding] * (self.wanted_t[:, month] / DAYS_MONTH)
                share[:, month], by = fitted(load, limit)
                stopped[:, month] = np.where(by >= 0, np.array(binding)[by], -1)
        return share, stopped

    @cached_property
    def carried_t(self) -> Floats:
        """Tonnes that go each way in each month: ways by months."""
        return self.wanted_t * self._fitted[0]

    @cached_property
    def _per_tonne(self) -> Floats:
        """What a tonne on each way takes of each capacity: capacities by ways."""
        goods = [self.flows[way.flow].commodity for way in self.ways]
        trains = {"train_net_t": self.train_net_t, "empty_share": self.empty_share}
        return use.per_tonne(self.capacities, self.ways, goods, **trains)

    @cached_property
    def _uses(self) -> dict[str, Uses]:
        return {}

    def uses(self, what: str) -> Uses:
        """Things of a kind by ways: how much of each a tonne on each way uses.

        Parameters
        ----------
        what
            `links`, `crossings`, `terminals`, `ports`, `countries`, `places` or `payments`.

        Raises
        ------
        InputError
            If there are no things of the kind.
        """
        if what not in THINGS:
            raise InputError("what", what, f"one of {', '.join(THINGS)}")
        if what not in self._uses:
            self._uses[what] = assign.uses([way.route for way in self.ways], THINGS[what])
        return self._uses[what]

    def months(self, what: str) -> pd.DataFrame:
        """Tonnes carried in each month, 1 to 12 (for `payments` USD, for km of `countries` tonne-km).

        Parameters
        ----------
        what
            As in `uses`.

        >>> import corridors as co
        >>> carried = co.carry(co.load(), {("Tashkent", "Kabul"): 1200}, cargo="truck")
        >>> carried.months("crossings").loc[("galaba-hairatan", "road", "UZ", "AF"), 1].round(1)
        np.float64(100.0)
        """
        used = self.uses(what)
        index = pd.MultiIndex.from_tuples(used.things, names=COLUMNS[what])
        return pd.DataFrame(used.of(self.carried_t), index, pd.RangeIndex(1, MONTHS + 1, name="month"))

    def bands(self, what: str, *, draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
        """Tonnes wanted in a year, with the band of the shares of ways, from joint draws of costs and scale.

        Capacities are left out, because what they stop depends on every flow at once. Without `split` each flow goes
        its best way whole, and the band has no width.

        Parameters
        ----------
        what
            As in `uses`.
        draws, seed
            Draws, the same for all flows and scenarios, and their seed.

        Returns
        -------
        DataFrame
            tonnes (at expected costs), p05, p50 and p95.
        """
        check_draws(draws, seed, SPREAD_OF_MEANS)
        used = self.uses(what)
        yearly = np.array([flow.tonnes.sum() for flow in self.flows])
        tonnes = yearly[[way.flow for way in self.ways]][:, None] if self.ways else np.zeros((0, 1))
        samples = tonnes * use.drawn_shares(self.ways, self.choices, draws=draws, seed=seed)
        points = np.percentile(used.of(samples), POINTS, axis=1)
        index = pd.MultiIndex.from_tuples(used.things, names=COLUMNS[what])
        table = pd.DataFrame({"tonnes": used.of(self.wanted_t).sum(axis=1)}, index)
        return table.assign(**{f"p{point:02d}": row for point, row in zip(POINTS, points, strict=True)})

    def _yearly(self, what: str) -> pd.DataFrame:
        """Tonnes carried in a year, with the columns that name the things."""
        used = self.uses(what)
        names = pd.DataFrame(used.things, columns=COLUMNS[what])
        return names.assign(tonnes=used.of(self.carried_t).sum(axis=1))

    # --- tables ---------------------------------------------------------------------------------------------------

    @property
    def links(self) -> gpd.GeoDataFrame:
        """Links and sea hops, the most tonnes first.

        Columns: id, mode, gauge_mm, from_id, to_id, tonnes, forward and back (tonnes in the direction from `from_id`
        and against it), wagons, boxes, trucks and trains (a year; trains with those that run back empty), and the line.
        """
        goods = [self.flows[way.flow].commodity for way in self.ways]
        routes, trains = [way.route for way in self.ways], (self.train_net_t, self.empty_share)
        return link_table(self.uses("links"), routes, goods, self.carried_t.sum(axis=1), trains)

    @property
    def crossings(self) -> pd.DataFrame:
        """Crossings by mode and direction, the most tonnes first: id, mode, from_country, to_country, tonnes."""
        return self._sorted("crossings")

    @property
    def terminals(self) -> pd.DataFrame:
        """Terminals, the most tonnes first: id, kind of work, place, tonnes."""
        return self._sorted("terminals")

    @property
    def ports(self) -> pd.DataFrame:
        """Ports: place, loaded and landed in tonnes."""
        table = self._yearly("ports").pivot_table(
            index="place", columns="work", values="tonnes", aggfunc="sum", fill_value=0.0
        )
        return table.reindex(columns=["loaded", "landed"], fill_value=0.0).rename_axis(columns=None).reset_index()

    @property
    def places(self) -> pd.DataFrame:
        """Places in tonnes: place, begins, arrives, leaves and ends; begins + arrives = leaves + ends everywhere."""
        table = self._yearly("places").pivot_table(
            index="place", columns="role", values="tonnes", aggfunc="sum", fill_value=0.0, sort=False
        )
        order = ["begins", "arrives", "leaves", "ends"]
        return table.reindex(columns=order, fill_value=0.0).rename_axis(columns=None).reset_index()

    @property
    def countries(self) -> pd.DataFrame:
        """Countries in tonnes, the most first.

        Columns: country, passes (each tonne once), begins, ends, transit (both ends outside), transit_share (of what
        passes), enters_by_land, enters_by_sea, leaves_by_land, leaves_by_sea and tkm (on land).
        """
        table = self._yearly("countries").pivot_table(
            index="country", columns="role", values="tonnes", aggfunc="sum", fill_value=0.0, sort=False
        )
        table = table.rename(columns=lambda name: "tkm" if name == "km" else name.replace(" ", "_"))
        moves = [f"{way}_by_{how}" for way in ("enters", "leaves") for how in ("land", "sea")]
        table = table.reindex(columns=["passes", "begins", "ends", "transit", *moves, "tkm"], fill_value=0.0)
        with np.errstate(invalid="ignore"):
            table.insert(4, "transit_share", table["transit"] / table["passes"])
        table = table.rename_axis(columns=None).reset_index()
        return table.sort_values("passes", ascending=False, kind="stable", ignore_index=True)

    def transit_share(self, country: str) -> float:
        """Share of the tonnes that pass a country with both ends outside it; nan where none pass.

        Parameters
        ----------
        country
            Code or name of a country.

        Raises
        ------
        UnknownNameError
            If there is no such country.

        >>> import corridors as co
        >>> co.carry(co.load(), {("Tashkent", "Karachi"): 100}, cargo="truck").transit_share("AF")
        1.0
        """
        if not self.ways:
            return float("nan")
        code = country_asked(country, self.ways[0].route.problem.tables["places"]["country"])
        return float(self.countries.set_index("country")["transit_share"].get(code, np.nan))

    @property
    def gross(self) -> pd.DataFrame:
        """Gross freight and fees in USD a year, by country and kind of payee: country, payee, usd, usd_t.

        It is what users pay, before operating cost and debt, and no income. `usd_t` is per tonne that passes the
        country (at sea: per tonne carried).
        """
        table = self._yearly("payments").rename(columns={"tonnes": "usd"})
        through = self.countries.set_index("country")["passes"]
        tonnes = table["country"].map(through).fillna(self.carried_t.sum())
        with np.errstate(invalid="ignore"):
            table["usd_t"] = table["usd"] / tonnes
        return table.sort_values("usd", ascending=False, kind="stable", ignore_index=True)

    @property
    def pairs(self) -> pd.DataFrame:
        """Flows by way: origin, destination, commodity, cargo, way, crossings, share, wanted_t, carried_t a year."""
        rows = []
        for way, wanted, got in zip(self.ways, self.wanted_t.sum(axis=1), self.carried_t.sum(axis=1), strict=True):
            flow = self.flows[way.flow]
            through = ";".join(way.route.crossings)
            rows.append((*flow[:3], way.route.cargo, way.number, through, way.share, wanted, got))
        columns = [*Flow._fields[:3], "cargo", "way", "crossings", "share", "wanted_t", "carried_t"]
        return pd.DataFrame(rows, columns=columns)

    @property
    def utilisation(self) -> pd.DataFrame:
        """Capacities in the month with most demand: how much of each is asked for, and how much is used.

        Columns: kind, id, mode, way (blank for both together), capacity, unit, status, year, binding, month,
        wanted_per_day, used_per_day (in the unit of the capacity per day), utilisation (wanted to capacity), state
        (free, close above 0.8, over above 1) and source.
        """
        return use.use_table(self.capacities, self._per_tonne, self.wanted_t, self.carried_t)

    @property
    def not_carried(self) -> pd.DataFrame:
        """Tonnes that are not carried, by flow, way and month: what has no way, and what exceeds a capacity.

        Columns: origin, destination, commodity, cargo, way, month, tonnes and reason.
        """
        rows: list[tuple[Any, ...]] = []
        for number, reason in self.no_way.items():
            flow = self.flows[number]
            rows += [(*flow[:3], "", 0, month + 1, t, reason) for month, t in enumerate(flow.tonnes) if t]
        missing, stopped = self.wanted_t - self.carried_t, self._fitted[1]
        for at, month in np.argwhere((stopped >= 0) & (missing > 0)).tolist():
            way, capacity = self.ways[at], self.capacities[int(stopped[at, month])]
            told = missing[at, month], capacity.label
            rows.append((*self.flows[way.flow][:3], way.route.cargo, way.number, month + 1, *told))
        columns = [*Flow._fields[:3], "cargo", "way", "month", "tonnes", "reason"]
        return pd.DataFrame(rows, columns=columns)

    def _journeys(self) -> tuple[Route, ...]:
        return tuple(way.route for way in self.ways)

    def _sorted(self, what: str) -> pd.DataFrame:
        return self._yearly(what).sort_values("tonnes", ascending=False, kind="stable", ignore_index=True)

    def table(self, *, names: bool = False) -> pd.DataFrame:
        """Table of crossings, as in `crossings`; with `names`, by their names.

        Parameters
        ----------
        names
            Names of crossings in place of ids.
        """
        return self._named(self.crossings, names)

    def summary(self) -> dict[str, Any]:
        """Totals of a year as a flat record.

        Returns
        -------
        dict
            flows, wanted_t, carried_t, not_carried_t, no_way_t (of it), land_tkm, gross_usd, capacities and
            over (capacities that are asked for more than they have).
        """
        whole = float(sum(flow.tonnes.sum() for flow in self.flows))
        got = float(self.carried_t.sum())
        return {
            "flows": len(self.flows),
            "wanted_t": whole,
            "carried_t": got,
            "not_carried_t": whole - got,
            "no_way_t": float(sum(self.flows[number].tonnes.sum() for number in self.no_way)),
            "land_tkm": float(self.countries["tkm"].sum()),
            "gross_usd": float(self.gross["usd"].sum()),
            "capacities": len(self.capacities),
            "over": int((self.utilisation["state"] == "over").sum()),
        }

    def _shown(self) -> pd.DataFrame:
        return self.crossings.round(0)

    def _below(self) -> str:
        all_t = self.summary()
        told = [f"{all_t['carried_t']:,.0f} t of {all_t['wanted_t']:,.0f} t a year are carried."]
        if all_t["no_way_t"]:
            quota = " or are above a quota" if any(text.startswith("above") for text in self.no_way.values()) else ""
            told.append(f"{all_t['no_way_t']:,.0f} t have no way{quota}.")
        if all_t["not_carried_t"] - all_t["no_way_t"] > 0.5:
            told.append(f"{all_t['not_carried_t'] - all_t['no_way_t']:,.0f} t exceed a capacity (`not_carried`).")
        if not self.capacities:
            told.append("No capacities were given, nor are any known of what they pass.")
        return " ".join(told)
