"""Trade in the report, computed: delivered prices with rivals, and the flows of the tables on the network."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pandas as pd

from corridors.base.dates import days_of
from corridors.base.progress import progress
from corridors.data import schema
from corridors.data.tables import Tables
from corridors.network.network import Network
from corridors.plot.maps.stops import plain
from corridors.report.study import Study
from corridors.trade.capacity import KNOWN
from corridors.trade.carried import Carried
from corridors.trade.carry import carry
from corridors.trade.landed import landed
from corridors.trade.priced import Landed

GOODS: Final[tuple[str, ...]] = ("flour", "grain", "sunflower-oil", "confectionery", "ammophos")
"""Goods that are asked for, whether there is a price of them or not."""

MARKETS: Final[tuple[str, ...]] = ("kabul", "kandahar", "lahore", "karachi")
"""Markets at which delivered prices are compared, as far as the network has them; else the destinations."""

DELIVERED: Final = ("dap", "fob")
"""Kinds of prices that hold where the way begins, and not where the good comes from."""

YEARLY: Final = re.compile(r"\d{4}")

Case = tuple[str, str]
"""Good and market."""


@dataclass(frozen=True, eq=False)
class Trade:
    """What the report tells of goods.

    Attributes
    ----------
    results
        The study that it belongs to.
    home
        Countries of the origins, whose suppliers are looked at.
    landed
        Delivered prices by good and market, in the first state of the borders.
    shut
        The same in the second state, where there is one, without draws.
    unpriced
        Goods without a price of a supplier of these countries.
    rows
        Rows of the table `flows` that are carried.
    carried
        Tonnes of these rows on the network, by scenario; empty without such rows.
    """

    results: Study
    home: tuple[str, ...]
    landed: Mapping[Case, Landed]
    shut: Mapping[Case, Landed]
    unpriced: tuple[str, ...]
    rows: pd.DataFrame
    carried: Mapping[str, Carried]

    @property
    def tables(self) -> Tables:
        """Tables of the network."""
        return self.results.net.tables

    @property
    def border(self) -> str:
        """Name of the second state of the borders; blank where there is none."""
        return next(iter(self.results.head.borders[1:]), "")

    def good_name(self, good: str) -> str:
        """Name of a good."""
        return str(self.tables.find("commodities", good)["name"])

    def place_name(self, place: str) -> str:
        """Name of a place, short; of one outside the network what stands for it."""
        return plain(self.tables.name(place)) if place in self.tables.place_row else place

    @cached_property
    def gains(self) -> pd.DataFrame:
        """What the cheapest home supplier saves and gains, by good, market and scenario.

        Columns: good, market, year, scenario, place, country, status, base_usd_t, landed_usd_t, p05_usd_t, p95_usd_t,
        saving_usd_t with saving_p05_usd_t and saving_p95_usd_t, saving_sign, rival, rival_country, gain_usd_t with
        gain_p05_usd_t and gain_p95_usd_t, gain_sign (of the advantage over the best rival: rises, falls, unchanged or
        undecided), lead_usd_t, p_ahead, verdict, offer, confidence, doubts, and shut_saving_usd_t and shut_gain_usd_t
        (in the second state of the borders).
        """
        return pd.DataFrame(
            [
                _gain(self, case, found, scenario)
                for case, found in self.landed.items()
                for scenario in found.scenarios[1:]
            ]
        )

    def prices(self) -> pd.DataFrame:
        """Delivered prices of all suppliers by good and market, with their parts and bands."""
        parts = []
        for (good, market), found in self.landed.items():
            table = found.table()
            table.insert(0, "market", market)
            table.insert(0, "good", good)
            parts.append(table)
        return pd.concat(parts, ignore_index=True)

    def tonnes(self) -> pd.DataFrame:
        """Tonnes of the given flows at crossings, by scenario: what is asked for, and what is carried."""
        return _by_scenario(self.carried, lambda one: one.crossings)

    def payments(self) -> pd.DataFrame:
        """Gross freight and fees of the given flows in USD a year, by scenario, country and payee."""
        return _by_scenario(self.carried, lambda one: one.gross)

    def capacities(self) -> pd.DataFrame:
        """Capacities and what the given flows ask of them in the month with most demand, by scenario."""
        return _by_scenario(self.carried, lambda one: one.utilisation)

    def not_carried(self) -> pd.DataFrame:
        """Tonnes of the given flows that exceed a capacity or have no way, by scenario, flow, way and month."""
        return _by_scenario(self.carried, lambda one: one.not_carried)


def _by_scenario(carried: Mapping[str, Carried], table: Any) -> pd.DataFrame:
    """Tables of all scenarios as one."""
    parts = []
    for name, one in carried.items():
        part = table(one)
        part.insert(0, "scenario", name)
        parts.append(part)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def trade_of(results: Study, capacities: pd.DataFrame | str | None = KNOWN) -> Trade | None:
    """Compute what the report tells of goods; None where the network has no price of a supplier of the origins.

    Parameters
    ----------
    results
        The study.
    capacities
        As in `co.carry`.
    """
    tables = results.net.tables
    if "offers" not in tables.frames or tables["offers"].empty:
        return None
    home = tuple(sorted({tables.country(origin) for origin, _ in results.titled().pair_list}))
    years = _years(tables, home)
    if not years:
        return None
    nets = dict(results.head.results[results.way, results.border].networks)
    borders = results.head.borders
    later = dict(results.head.results[results.way, borders[1]].networks) if len(borders) > 1 else {}
    markets = [m for m in MARKETS if m in tables.place_row and tables.country(m) not in home] or list(
        dict.fromkeys(destination for _, destination in results.titled().pair_list)
    )
    cases = [(good, market) for good in years for market in markets]
    rows = flow_rows(tables, home)
    return Trade(
        results,
        home,
        {case: _landed(nets, case, years, results.draws) for case in progress(cases, "delivered prices")},
        {case: _landed(later, case, years, 0) for case in cases if later},
        tuple(good for good in GOODS if good in tables.rows("commodities") and good not in years),
        rows,
        _carried(nets, rows, capacities),
    )


def _landed(nets: Mapping[str, Network], case: Case, years: Mapping[str, int], draws: int) -> Landed:
    good, market = case
    return landed(nets, good, market=market, year=years[good], draws=draws)


def _years(tables: Tables, home: tuple[str, ...]) -> dict[str, int]:
    """Last year with a price of a home supplier, by good: those asked for, then others.

    >>> import corridors as co
    >>> _years(co.load().tables, ("KZ",))
    {'flour': 2024, 'grain': 2025, 'sunflower-oil': 2025, 'ammophos': 2025}
    """
    offers = tables["offers"]
    mine = offers[offers["country"].isin(home) & offers["place"].isin(list(tables.place_row))]
    last = {str(good): max(map(_year, rows["period"])) for good, rows in mine.groupby("commodity")}
    return {good: last[good] for good in (*GOODS, *sorted(set(last) - set(GOODS))) if good in last}


def _year(period: Any) -> int:
    """Year in which a period ends."""
    return int(pd.Timestamp.fromordinal(days_of(str(period))[1]).year)


def _gain(found: Trade, case: Case, prices: Landed, scenario: str) -> dict[str, Any]:
    """Row of the gains of a case in a scenario."""
    row: dict[str, Any] = {"good": case[0], "market": case[1], "year": prices.asked.year, "scenario": scenario}
    table = prices.table()
    mine = table[(table["scenario"] == scenario) & table["country"].isin(found.home)]
    known = mine[mine["landed_usd_t"].notna()]
    if known.empty:
        return {**row, "status": "; ".join(dict.fromkeys(mine["status"])), "reason": "; ".join(set(mine["reason"]))}
    best = known.loc[known["landed_usd_t"].idxmin()]
    row |= {name: best[name] for name in ("place", "country", "status", "landed_usd_t", "p05_usd_t", "p95_usd_t")}
    rival = prices.rival(scenario, str(best["offer"]))
    if rival:
        other = prices.cases[scenario, rival].supplier
        row |= {"rival": other.place, "rival_country": other.country}
    offers = found.tables.find("offers", str(best["offer"]))
    row |= {"offer": best["offer"], "confidence": offers["confidence"]}
    row |= {"lead_usd_t": best["advantage_usd_t"], "p_ahead": best["p_ahead"], "doubts": best["basis_warning"]}
    row |= _at_place(prices.break_even(), scenario, best, {"verdict": "verdict"})
    changes = prices.changes()
    names = {"base_usd_t": "base_usd_t", "change_usd_t": "change", "p05_usd_t": "low", "p95_usd_t": "high",
             "sign": "saving_sign", "gain_usd_t": "gain_usd_t", "gain_p05_usd_t": "gain_p05_usd_t",
             "gain_p95_usd_t": "gain_p95_usd_t", "gain_sign": "gain_sign"}  # fmt: skip
    row |= _at_place(changes, scenario, best, names)
    row |= {"saving_usd_t": -row.pop("change", float("nan")), "saving_p05_usd_t": -row.pop("high", float("nan")),
            "saving_p95_usd_t": -row.pop("low", float("nan"))}  # fmt: skip
    if case in found.shut:
        shut = {"change_usd_t": "shut_saving_usd_t", "gain_usd_t": "shut_gain_usd_t"}
        row |= _at_place(found.shut[case].changes(), scenario, best, shut)
        row["shut_saving_usd_t"] = 0.0 - row.get("shut_saving_usd_t", float("nan"))
    return row


def _at_place(table: pd.DataFrame, scenario: str, best: pd.Series, names: Mapping[str, str]) -> dict[str, Any]:
    """Cells of the row of a supplier in a scenario, by other names."""
    rows = table[
        (table["scenario"] == scenario) & (table["place"] == best["place"]) & (table["country"] == best["country"])
    ]
    return {new: rows.iloc[0][old] for old, new in names.items()} if len(rows) else {}


# --- flows ------------------------------------------------------------------------------------------------------


def flow_rows(tables: Tables, home: tuple[str, ...]) -> pd.DataFrame:
    """Rows of flows from home to other countries, of the year and statistic with most rows, the latest of these.

    Parameters
    ----------
    tables
        Tables of the network.
    home
        Countries of the origins.
    """
    if "flows" not in tables.frames:
        return pd.DataFrame()
    flows = tables["flows"]
    places = tables["places"]
    there = set(places["country"][places["population"].notna()])
    mine = flows[
        flows["origin"].isin(home) & flows["destination"].isin(there - set(home)) & (flows["commodity"] != "")
        & flows["tonnes"].notna() & flows["period"].astype(str).str.fullmatch(YEARLY)
    ]  # fmt: skip
    if mine.empty:
        return mine
    counts = mine.groupby(["period", "statistic"]).size().reset_index(name="rows")
    best = counts.sort_values(["rows", "period"], kind="stable").iloc[-1]
    return mine[(mine["period"] == best["period"]) & (mine["statistic"] == best["statistic"])]


def _carried(
    nets: Mapping[str, Network], rows: pd.DataFrame, capacities: pd.DataFrame | str | None
) -> dict[str, Carried]:
    """Flows on the network of each scenario, whole on the least-cost way of each pair of towns."""
    if rows.empty:
        return {}
    tables = next(iter(nets.values())).tables
    pairs = pd.DataFrame(list(flow_pairs(tables, rows)))
    if pairs.empty:
        return {}
    cargo = shared_unit(tables, pairs)
    return {name: carry(net, pairs, cargo=cargo, capacities=capacities) for name, net in nets.items()}


def shared_unit(tables: Tables, pairs: pd.DataFrame) -> str | None:
    """First cargo unit in which all goods of some flows travel; None where there is none.

    Parameters
    ----------
    tables
        Tables of the network.
    pairs
        Flows with their `commodity`.
    """
    units = [schema.items(tables.find("commodities", good)["cargo_units"]) for good in pairs["commodity"].unique()]
    return next((unit for unit in units[0] if all(unit in some for some in units)), None)


def flow_pairs(tables: Tables, rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Flows of countries shared out: origins by the weights of the offers, destinations by people.

    Parameters
    ----------
    tables
        Tables of the network.
    rows
        Rows of the table `flows`, as in `flow_rows`.
    """
    places = tables["places"]
    towns = places[(places["kind"] == "city") & (places["population"] > 0)]
    for row in rows.to_dict("records"):
        origins = _origins(tables, str(row["origin"]), str(row["commodity"]))
        ends = towns[towns["country"] == row["destination"]].set_index("id")["population"]
        for origin, share in origins.items():
            for end, people in (ends / ends.sum()).items():
                yield {"origin": origin, "destination": end, "commodity": row["commodity"],
                       "tonnes": row["tonnes"] * share * people}  # fmt: skip


def _origins(tables: Tables, country: str, good: str) -> dict[str, float]:
    """Places of a country that sell a good, with their shares; of all its goods where none sells that one."""
    offers = tables["offers"]
    mine = offers[
        (offers["country"] == country) & offers["place"].isin(list(tables.place_row)) & ~offers["basis"].isin(DELIVERED)
    ]
    some = mine[mine["commodity"] == good] if (mine["commodity"] == good).any() else mine
    weights = some.drop_duplicates("place").set_index("place")["weight"].astype(float).fillna(1.0)
    return {str(place): float(weight) for place, weight in (weights / weights.sum()).items()}
