"""Who is cheapest where: the supplier of the least delivered price at every market, before and after scenarios."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from corridors.base.arguments import checked
from corridors.base.drawing import Drawing, Panels, drawn
from corridors.base.errors import InputError
from corridors.base.progress import progress
from corridors.base.results import Result
from corridors.network.network import Network
from corridors.routing.queries import Places
from corridors.routing.route import Route
from corridors.trade.case import CHEAPEST, Case
from corridors.trade.charges import charges_on
from corridors.trade.landed import date_of, good_of, networks_of, priced, units_of, unsold
from corridors.trade.legs import way_of
from corridors.trade.suppliers import Supplier, suppliers
from corridors.whatif.named import Scenarios

NO_WAY = "no way in any cargo unit of the supplier"


@checked
def watershed(
    scenarios: Scenarios,
    good: str,
    *,
    markets: Places | None = None,
    at: object = None,
    year: int | str | None = None,
    prices: Mapping[str, float] | None = None,
    lift: str | Iterable[str] = (),
    cargo: str | None = None,
    avoid: str | Iterable[str] = (),
    modes: str | Iterable[str] | None = None,
) -> Watershed:
    """Find the supplier of the least delivered price at every market.

    Parameters
    ----------
    scenarios, good, at, year, prices, lift, cargo, avoid, modes
        As in `corridors.trade.landed.landed`.
    markets
        Places, or the name of a set of places; by default all cities.

    Returns
    -------
    Watershed
        Table, changes against the base, and a map.

    Raises
    ------
    UnknownNameError, InputError
        As `corridors.trade.landed.landed`.

    >>> import corridors as co
    >>> found = co.watershed(co.load(), "ammophos", markets=["Kabul", "Karachi"], year=2024)
    >>> found.table()[["market", "country", "landed_usd_t"]].round().to_numpy().tolist()
    [['kabul', 'SA', 663.0], ['karachi', 'SA', 580.0]]
    """
    networks = networks_of(scenarios, at)
    first = next(iter(networks.values()))
    ident = good_of(first.tables, good)
    places = list(first.places.index[first.places["kind"] == "city"]) if markets is None else first.place_set(markets)
    if not places:
        raise InputError("markets", markets, "at least one place; the network has no cities")
    lifted = (lift,) if isinstance(lift, str) else tuple(lift)
    asked = {"avoid": avoid, "modes": modes}
    cases: dict[tuple[str, str, str], Case] = {}
    for name, net in progress(list(networks.items()), "scenarios"):
        sellers = suppliers(net.tables, ident, year=year, prices=prices)
        ways = _ways(net, ident, sellers, places, cargo=cargo, **asked)
        for one in sellers:
            charges = {
                country: charges_on(net.tables, ident, one.country, country, date=date_of(net, year), lift=lifted)
                for country in {net.tables.country(market) for market in places}
            }
            for market in places:
                country = net.tables.country(market)
                way = ways.get((one.offer, market), NO_WAY)
                cases[name, market, one.offer] = _case(net, ident, Case(one, charges[country]), market, way)
    return Watershed(ident, str(year or ""), networks, places, cases)


def _case(net: Network, good: str, case: Case, market: str, way: Route | str) -> Case:
    """Price, way and charges of one supplier at one market."""
    one, charges = case.supplier, case.charges
    if (lost := unsold(net.tables, one)) is not None:
        return case.without(*lost)
    if one.place == market:
        return priced(net.tables, good, one, charges, None)
    found = way if isinstance(way, str) else way_of(way, net.tables.country(market), on_board=one.on_board)
    return priced(net.tables, good, one, charges, found)


def _ways(
    net: Network, good: str, sellers: Sequence[Supplier], markets: Sequence[str], *, cargo: str | None, **asked: Any
) -> dict[tuple[str, str], Route]:
    """Way of every supplier to every market, in the first of its units that has one, or in the cheapest."""
    able = {one.offer: units_of(net.tables, good, one, cargo) for one in sellers if unsold(net.tables, one) is None}
    found: dict[tuple[str, str], Route] = {}
    for unit in dict.fromkeys(unit for units in able.values() for unit in units):
        mine = [one for one in sellers if unit in able.get(one.offer, [])]
        origins = list(dict.fromkeys(one.place for one in mine))
        routes = net.routes(origins, list(markets), cargo=unit, commodity=good, **asked)
        for one in mine:
            for market in markets:
                route, key = routes.get((one.place, market)), (one.offer, market)
                if route is None:
                    continue
                before = found.get(key)
                first = _place(able[one.offer], unit) < _place(able[one.offer], before.cargo) if before else True
                cheaper = before is not None and route.generalized_usd_t < before.generalized_usd_t
                if before is None or (cheaper if cargo == CHEAPEST else first):
                    found[key] = route
    return found


def _place(units: Sequence[str], unit: str) -> int:
    return list(units).index(unit)


@checked
@dataclass(frozen=True, eq=False, repr=False)
class Watershed(Result):
    """The cheapest supplier at every market, by scenario.

    Attributes
    ----------
    good, year
        Id of the good, and year of the prices (blank for the latest).
    networks
        Networks by scenario, the base first.
    markets
        Ids of the markets.
    cases
        Price, way and charges by scenario, market and offer.
    """

    good: str
    year: str
    networks: Mapping[str, Network]
    markets: Sequence[str]
    cases: Mapping[tuple[str, str, str], Case]

    plot = drawn[Drawing | Panels]("plot_watershed")

    _indexed = False

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios, the base first."""
        return list(self.networks)

    @property
    def base(self) -> str:
        """Name of the base."""
        return self.scenarios[0]

    def table(self) -> pd.DataFrame:
        """Table of one row per scenario and market.

        Returns
        -------
        DataFrame
            scenario, market, market_country, country and place of the cheapest supplier (blank where nobody can
            sell), landed_usd_t, rival (country of the best other one), advantage_usd_t, and banned (countries that
            would be cheaper but for a ban).
        """
        return self._table.copy()

    @cached_property
    def _table(self) -> pd.DataFrame:
        return pd.DataFrame([self._row(name, market) for name in self.scenarios for market in self.markets])

    def _row(self, scenario: str, market: str) -> dict[str, object]:
        tables = self.networks[scenario].tables
        here = [case for key, case in self.cases.items() if key[:2] == (scenario, market) and case.price is not None]
        here.sort(key=lambda case: case.total)
        sold = [case for case in here if case.status == "sold"]
        best = sold[0] if sold else None
        other = next((case for case in sold if best and case.supplier.country != best.supplier.country), None)
        shut = [case for case in here if case.status == "banned" and (best is None or case.total < best.total)]
        return {
            "scenario": scenario, "market": market, "market_country": tables.country(market),
            "country": best.supplier.country if best else "", "place": best.supplier.place if best else "",
            "landed_usd_t": best.total if best else np.nan, "rival": other.supplier.country if other else "",
            "advantage_usd_t": other.total - best.total if other and best else np.nan,
            "banned": ";".join(dict.fromkeys(case.supplier.country for case in shut)),
        }  # fmt: skip

    def changes(self) -> pd.DataFrame:
        """Table of the markets where the country of the cheapest supplier is another than in the base.

        >>> import corridors as co
        >>> net = co.load()
        >>> shut = net.close("AF-PK")
        >>> found = co.watershed({"base": net, "shut": shut}, "ammophos", markets=["Kabul"], year=2024)
        >>> found.changes()[["market", "base_country", "country"]].to_numpy().tolist()
        [['kabul', 'SA', 'KZ']]
        """
        table = self._table.set_index(["scenario", "market"])
        rows = [
            {
                "scenario": scenario, "market": market, "base_country": table.loc[(self.base, market), "country"],
                "country": row["country"], "base_usd_t": table.loc[(self.base, market), "landed_usd_t"],
                "landed_usd_t": row["landed_usd_t"],
            }
            for (scenario, market), row in table.iterrows()
            if row["country"] != table.loc[(self.base, market), "country"]
        ]  # fmt: skip
        columns = ["scenario", "market", "base_country", "country", "base_usd_t", "landed_usd_t"]
        return pd.DataFrame(rows, columns=columns)

    def _shown(self) -> pd.DataFrame:
        shown = self._table.drop(columns="scenario") if len(self.scenarios) == 1 else self._table
        return shown.round(1)
