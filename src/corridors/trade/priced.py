"""The result of `co.landed`: delivered prices of suppliers by scenario, ranked, with bands and break-even freight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from corridors.base.arguments import checked
from corridors.base.drawing import Drawing, drawn
from corridors.base.errors import InputError
from corridors.base.results import Result
from corridors.network.network import Network
from corridors.trade.case import Asked, Case, Samples, loss_share
from corridors.trade.charges import without_duty
from corridors.trade.equation import break_even_freight
from corridors.trade.legs import KINDS, by_country
from corridors.trade.printed import PrintedLanded
from corridors.trade.signs import UNDECIDED, Floats, change_band
from corridors.whatif.bands import POINTS

PARTS = ("price_usd_t", *(f"{kind}_usd_t" for kind in KINDS), "time_usd_t", "loss_usd_t", "duty_usd_t", "export_usd_t")
"""Columns that add up to the delivered price."""

GAINS = ("gain_usd_t", "gain_p05_usd_t", "gain_p95_usd_t", "gain_sign")

CHANGES = (
    "scenario", "country", "place", "base_usd_t", "landed_usd_t", "change_usd_t", "p05_usd_t", "p95_usd_t", "sign",
    "change_pct", "base_rank", "rank", "base_advantage_usd_t", "advantage_usd_t", *GAINS,
)  # fmt: skip
"""Columns of `Landed.changes`."""

Key = tuple[str, str]
"""Scenario and offer."""


@checked
@dataclass(frozen=True, eq=False, repr=False)
class Landed(PrintedLanded, Result):
    """Delivered prices of a good at a market, by scenario and supplier.

    Attributes
    ----------
    asked
        Good, market, year, draws and seed.
    networks
        Networks by scenario, the base first.
    cases
        Way, charges and price by scenario and offer.
    samples
        Draws of delivered price and freight by scenario and offer; empty without draws.

    >>> import corridors as co
    >>> flour = co.landed([co.load(), "uap-kabul"], "flour", market="Kabul", year=2024, draws=50)
    >>> [round(change) for change in flour.changes()["change_usd_t"]][:3]
    [-13, -13, -13]
    """

    asked: Asked
    networks: Mapping[str, Network]
    cases: Mapping[Key, Case]
    samples: Mapping[Key, Samples]

    plot = drawn[Drawing]("landed_bars")

    _indexed = False
    _widest = 40

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios, the base first."""
        return list(self.networks)

    @property
    def base(self) -> str:
        """Name of the base."""
        return self.scenarios[0]

    def table(self, *, names: bool = False) -> pd.DataFrame:
        """Table of all suppliers, those that sell by rank, then those that do not.

        Parameters
        ----------
        names
            Names of places in place of ids.

        Returns
        -------
        DataFrame
            One row per scenario and supplier: scenario, country, place, status (`sold`, `banned`, `no way`,
            `no price`), rank, landed_usd_t, its parts in USD/t (price, freight, border, transfer, port, time, loss,
            duty and export duty or subsidy, which add up), rival (the best supplier of another country),
            advantage_usd_t and advantage_pct over it, break_even_usd_t (freight at which the two are even),
            p05_usd_t, p50_usd_t, p95_usd_t and p_ahead (share of draws with an advantage over the best rival of
            the draw), cargo, days, km, basis, period, weight, basis_warning, reason, limits and offer.
        """
        return self._named(self._table.copy(), names)

    @cached_property
    def _table(self) -> pd.DataFrame:
        rows = [self._row(key) for key in self.cases]
        table = pd.DataFrame(rows)
        table["_order"] = table["scenario"].map({name: number for number, name in enumerate(self.scenarios)})
        table["_sold"] = table["rank"].fillna(np.inf)
        return table.sort_values(["_order", "_sold", "landed_usd_t"], kind="stable", ignore_index=True).drop(
            columns=["_order", "_sold"]
        )

    def _sold(self, scenario: str) -> dict[str, float]:
        """Delivered prices of those who sell in a scenario, the least first."""
        prices = {
            key[1]: case.total for key, case in self.cases.items() if key[0] == scenario and case.status == "sold"
        }
        return dict(sorted(prices.items(), key=lambda item: item[1]))

    def rival(self, scenario: str, offer: str) -> str:
        """Offer of the cheapest supplier of another country that sells, blank where there is none.

        Parameters
        ----------
        scenario, offer
            Their names, as in `table`.

        >>> import corridors as co
        >>> co.landed(co.load(), "flour", market="Kabul", year=2024, draws=0).rival("base", "flour-kz-kostanay-2024")
        'flour-ru-orenburg-2024'
        """
        return next(iter(self._rivals(scenario, offer)), "")

    def _rivals(self, scenario: str, offer: str) -> list[str]:
        """Offers of suppliers of other countries that sell, the cheapest first."""
        if (scenario, offer) not in self.cases:
            raise InputError("scenario and offer", (scenario, offer), "one of each in the table")
        mine = self.cases[scenario, offer].supplier.country
        return [one for one in self._sold(scenario) if self.cases[scenario, one].supplier.country != mine]

    def _row(self, key: Key) -> dict[str, Any]:
        scenario, offer = key
        case = self.cases[key]
        one, sold, rival = case.supplier, list(self._sold(scenario)), self.rival(*key)
        other = self.cases.get((scenario, rival))
        advantage = other.total - case.total if other is not None else np.nan
        costs, price, route = case.costs(), case.price, None if case.way is None else case.way.route
        known = {
            "price_usd_t": one.price_usd_t if one.absent == "" else np.nan,
            **{f"{kind}_usd_t": costs[kind] if price is not None else np.nan for kind in KINDS},
            **{f"{part}_usd_t": np.nan if price is None else float(getattr(price, part)) for part in _REST},
        }
        freight = sum(costs[kind] for kind in KINDS) if price is not None else np.nan
        even = break_even_freight(freight, 0.0, advantage, rate=self._rate(key), loss_share=self._loss(key))
        return {
            "scenario": scenario, "country": one.country, "place": one.place or one.price_place, "status": case.status,
            "rank": sold.index(offer) + 1 if offer in sold else np.nan, "landed_usd_t": case.total, **known,
            "rival": other.supplier.place if other is not None else "", "advantage_usd_t": advantage,
            "advantage_pct": 100 * advantage / other.total if other is not None else np.nan,
            "all_freight_usd_t": freight, "break_even_usd_t": float(even), **self._band(key),
            "cargo": route.cargo if route else "", "days": costs["hours"] / 24 if price is not None else np.nan,
            "km": route.km if route else np.nan, "basis": "own" if one.own else one.basis,
            "period": "" if one.own else one.period, "weight": one.weight, "basis_warning": self._doubts(key),
            "reason": case.reason, "limits": case.limits, "offer": offer,
        }  # fmt: skip

    def _best_rival(self, scenario: str, offer: str) -> Floats | None:
        """Draws of the least price of those of other countries that sell, who may be others in every draw."""
        rivals = self._rivals(scenario, offer) if self.samples else []
        return np.minimum.reduce([self.samples[scenario, one].landed for one in rivals]) if rivals else None

    def _band(self, key: Key) -> dict[str, float]:
        """Percentiles of the delivered price, and the share of draws in which it is below that of every rival."""
        names, mine, other = [f"p{point:02d}_usd_t" for point in POINTS], self._drawn(*key), self._best_rival(*key)
        points = [np.nan] * len(POINTS) if mine is None else np.percentile(mine, POINTS).tolist()
        ahead = np.nan if mine is None or other is None else float((mine < other).mean())
        return {**dict(zip(names, points, strict=True)), "p_ahead": ahead}

    def _rate(self, key: Key) -> float:
        return self.cases[key].charges.amount("import", "ad-valorem")

    def _loss(self, key: Key) -> float:
        return loss_share(self.networks[key[0]].tables.find("commodities", self.asked.good))

    def _doubts(self, key: Key) -> str:
        one, tables = self.cases[key].supplier, self.networks[key[0]].tables
        return one.doubts(tables.name(one.place) if one.place in tables.place_row else one.price_place)

    @property
    def basis_warning(self) -> str:
        """Where prices of those who sell are not of one kind, in words; blank where they are.

        >>> import corridors as co
        >>> net = co.load()
        >>> co.landed(net, "flour", market="Kabul", year=2024, draws=0).basis_warning
        ''
        >>> co.landed(net, "grain", market="Kabul", year=2025, lift="pk-wheat-flour-export-ban", draws=0).basis_warning
        'prices are of different kinds: dap, fob, retail'
        """
        priced = [case.supplier for case in self.cases.values() if case.status == "sold"]
        parts = []
        for name, what in (("basis", "kinds"), ("year", "years")):
            values = sorted({"own" if one.own else str(getattr(one, name)) for one in priced})
            if len(values) > 1:
                parts.append(f"prices are of different {what}: {', '.join(values)}")
        return "; ".join(parts)

    def break_even(self) -> pd.DataFrame:
        """Table of the freight that every supplier can bear against the best rival.

        Returns
        -------
        DataFrame
            One row per scenario and supplier with a delivered price: scenario, country, place, status, rival,
            freight_usd_t (all of it: freight, borders, transfers, ports), break_even_usd_t, spare_usd_t (the second
            less the first), p05_usd_t and p95_usd_t of what is spare, p_ahead and verdict (`ahead`, `behind`, or
            `undecided` where the sign changes in more than 10 % of the draws), and basis_warning (what the verdict
            does not know of the price, such as that it is a bound).

        >>> import corridors as co
        >>> table = co.landed(co.load(), "ammophos", market="Kabul", year=2024, draws=100).break_even()
        >>> table[["place", "verdict"]].to_numpy().tolist()
        [['jebel-ali', 'undecided'], ['taraz', 'undecided']]
        """
        table = self._table[self._table["landed_usd_t"].notna()]
        made = table[["scenario", "country", "place", "status", "rival"]].copy()
        made["freight_usd_t"], made["break_even_usd_t"] = table["all_freight_usd_t"], table["break_even_usd_t"]
        made["spare_usd_t"] = made["break_even_usd_t"] - made["freight_usd_t"]
        bands = [self._spare((row.scenario, row.offer)) for row in table.itertuples()]
        made["p05_usd_t"], made["p95_usd_t"] = (np.array([band[end] for band in bands]) for end in (0, 1))
        made["p_ahead"] = table["p_ahead"]
        made["verdict"] = [
            self._verdict(share, spare) for share, spare in zip(made["p_ahead"], made["spare_usd_t"], strict=True)
        ]
        made["basis_warning"] = table["basis_warning"]
        return made.reset_index(drop=True)

    def _spare(self, key: Key) -> tuple[float, float]:
        """5 and 95 % points of the freight that is spare."""
        other = self._best_rival(*key)
        if other is None or key not in self.samples:
            return float("nan"), float("nan")
        even = break_even_freight(
            0.0, self.samples[key].landed, other, rate=self._rate(key), loss_share=self._loss(key)
        )
        return float(np.percentile(even, 5)), float(np.percentile(even, 95))

    @staticmethod
    def _verdict(share: float, spare: float) -> str:
        if np.isnan(spare):
            return "no rival"
        if np.isnan(share):
            return "ahead" if spare > 0 else "behind"
        return "ahead" if share >= 1 - UNDECIDED else "behind" if share <= UNDECIDED else "undecided"

    def legs(self) -> pd.DataFrame:
        """Table of freight by country and component: scenario, country_from, place, country, component, cost_usd_t."""
        keys = [key for key, case in self.cases.items() if case.way is not None]
        table = by_country([way for key in keys if (way := self.cases[key].way) is not None])
        at = [keys[number] for number in table["way"]]
        table.insert(0, "place", [self.cases[key].supplier.place for key in at])
        table.insert(0, "scenario", [key[0] for key in at])
        return table.drop(columns="way")

    def changes(self) -> pd.DataFrame:
        """Table of what every supplier gains or loses against the base, with the same draws on both sides.

        Returns
        -------
        DataFrame
            One row per scenario (but the base) and supplier that has a price in both: scenario, country, place,
            base_usd_t, landed_usd_t, change_usd_t with p05, p95 and sign, change_pct, rank in the base and here,
            advantage_usd_t over the best rival in the base and here, and gain_usd_t (what the advantage gains) with
            gain_p05_usd_t, gain_p95_usd_t and gain_sign. Signs are rises, falls, unchanged (by less than 0.5 USD/t),
            or undecided where it is another in over 10 % of the draws; blank without draws or a rival.

        >>> import corridors as co
        >>> flour = co.landed([co.load(), "uap-kabul"], "flour", market="Kabul", year=2024, draws=200).changes()
        >>> row = flour.set_index("place").loc["kostanay"]
        >>> row["sign"], row["gain_sign"], float(abs(row["gain_usd_t"]).round(1))  # rivals use the line as well
        ('falls', 'unchanged', 0.0)
        """
        table = self._table.set_index(["scenario", "offer"])
        rows = []
        for (scenario, offer), row in table.iterrows():
            if scenario == self.base or (self.base, offer) not in table.index:
                continue
            before = table.loc[self.base, offer]
            change = row["landed_usd_t"] - before["landed_usd_t"]
            if np.isnan(change):
                continue
            low, high, sign = change_band(self._drawn(scenario, offer), self._drawn(self.base, offer))
            gains = [self._drawn(name, offer, ahead=True) for name in (scenario, self.base)]
            gain = dict(zip(GAINS[1:], change_band(*gains), strict=True))
            rows.append({
                "scenario": scenario, "country": row["country"], "place": row["place"],
                "base_usd_t": before["landed_usd_t"], "landed_usd_t": row["landed_usd_t"], "change_usd_t": change,
                "p05_usd_t": low, "p95_usd_t": high, "sign": sign,
                "change_pct": 100 * change / before["landed_usd_t"],
                "base_rank": before["rank"], "rank": row["rank"], "base_advantage_usd_t": before["advantage_usd_t"],
                "advantage_usd_t": row["advantage_usd_t"],
                GAINS[0]: row["advantage_usd_t"] - before["advantage_usd_t"], **gain,
            })  # fmt: skip
        return pd.DataFrame(rows, columns=CHANGES)

    def _drawn(self, scenario: str, offer: str, *, ahead: bool = False) -> Floats | None:
        """Draws of a delivered price, or of its advantage over the best rival; None where there are none."""
        if (scenario, offer) not in self.samples:
            return None
        mine = self.samples[scenario, offer].landed
        other = self._best_rival(scenario, offer) if ahead else None
        return mine if not ahead else None if other is None else other - mine

    def draws_of(self, scenario: str | None = None) -> pd.DataFrame:
        """Draws of delivered prices in USD/t, also of those whom a ban shuts out: draws by offer, for `co.respond`.

        Parameters
        ----------
        scenario
            Name of a scenario; by default the base.

        Raises
        ------
        InputError
            If there is no such scenario, or there are no draws.

        >>> import corridors as co
        >>> flour = co.landed(co.load(), "flour", market="Kabul", year=2024, draws=50)
        >>> flour.draws_of().shape
        (50, 7)
        """
        name = self.base if scenario is None else scenario
        if name not in self.networks:
            raise InputError("scenario", name, f"one of {', '.join(self.scenarios)}")
        if not self.samples:
            raise InputError("draws", self.asked.draws, "landed(..., draws=1000) makes delivered prices with draws")
        return pd.DataFrame({offer: one.landed for (where, offer), one in self.samples.items() if where == name})

    def summary(self) -> pd.DataFrame:
        """Table of one row per scenario: who is cheapest, at what price, and who is left out.

        Returns
        -------
        DataFrame
            Indexed by scenario: country, place and landed_usd_t of the cheapest, rival, advantage_usd_t, p_ahead,
            verdict, suppliers (that sell), banned, no_way and no_price.

        >>> import corridors as co
        >>> co.landed(co.load(), "ammophos", market="Lahore", year=2024, draws=0).summary()["place"].tolist()
        ['jebel-ali']
        """
        rows = []
        for scenario, part in self._table.groupby("scenario", sort=False):
            best = part[part["rank"] == 1]
            one = best.iloc[0] if len(best) else pd.Series(dtype=object)
            names = ("country", "place", "landed_usd_t", "rival", "advantage_usd_t", "p_ahead")
            counts = part["status"].value_counts()
            rows.append({
                "scenario": scenario, **{name: one.get(name, np.nan) for name in names},
                "verdict": self._verdict(one["p_ahead"], one["advantage_usd_t"]) if len(best) else "nobody sells",
                "suppliers": int(counts.get("sold", 0)),
                **{name: int(counts.get(name.replace("_", " "), 0)) for name in ("banned", "no_way", "no_price")},
            })  # fmt: skip
        return pd.DataFrame(rows).set_index("scenario")

    def _shown(self) -> pd.DataFrame:
        table = self._table
        shown = table[["country", "place", "status", "rank", "landed_usd_t", *PARTS]].copy()
        shown = shown.loc[:, [not (name in PARTS and not shown[name].fillna(0).any()) for name in shown]]
        for name in ("advantage_usd_t", "break_even_usd_t", "p05_usd_t", "p95_usd_t", "cargo", "days"):
            shown[name] = table[name]
        if len(self.scenarios) > 1:
            shown.insert(0, "scenario", table["scenario"])
        shown["rank"] = [f"{rank:.0f}" if rank == rank else "-" for rank in shown["rank"]]  # noqa: PLR0124 - NaN
        shown = shown.rename(columns=lambda name: str(name).removesuffix("_usd_t")).round(1)
        return shown.astype(object).where(shown.notna(), "-")

    def _above(self) -> str:
        tables = self.networks[self.base].tables
        good = tables.find("commodities", self.asked.good)["name"]
        year = f", prices of {self.asked.year}" if self.asked.year else ", latest prices"
        states = "; ".join(dict.fromkeys(net.border_state for net in self.networks.values()))
        return f"{good} at {tables.label(self.asked.market)}, USD per tonne{year}. Borders: {states}"

    def _below(self) -> str:
        market = str(self.networks[self.base].tables.find("places", self.asked.market)["country"])
        known = {case.supplier.country: case.charges for case in self.cases.values() if case.price is not None}
        lines = [text for text in (self.basis_warning, without_duty(market, known)) if text]
        for row in self._table[self._table["scenario"] == self.base].to_dict("records"):
            where = f"{row['place']} ({row['country']})"
            texts = [f"{row['status']}: {row['reason']}"] if row["reason"] else []
            if row["status"] == "banned" and not np.isnan(row["advantage_usd_t"]):
                side = "below" if row["advantage_usd_t"] > 0 else "above"
                texts.append(f"without the ban {abs(row['advantage_usd_t']):.0f} USD/t {side} the best rival")
            texts += [row[name] for name in ("limits", "basis_warning") if row[name]]
            lines += [f"{where}: {'; '.join(texts)}"] if texts else []
        return "\n".join(dict.fromkeys(lines))


_REST = ("time", "loss", "duty", "export")
