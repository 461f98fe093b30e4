"""Delivered prices: what a good of every supplier costs at a market, and what that means beside the rivals."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from corridors.base.arguments import checked
from corridors.base.errors import InputError, NoRouteError, UnknownNameError
from corridors.base.names import fold, near_labels
from corridors.data import schema
from corridors.data.tables import Tables
from corridors.model.question import cargo_of
from corridors.network.network import Network
from corridors.routing.route import Route
from corridors.trade.case import CHEAPEST, Asked, Case, Samples, loss_share
from corridors.trade.charges import Charges, charges_on, discounts_on, told
from corridors.trade.equation import Delivered, delivered
from corridors.trade.legs import KINDS, Way, way_of
from corridors.trade.priced import Landed
from corridors.trade.suppliers import Supplier, suppliers
from corridors.uncertainty.draws import DRAWS, check_draws, draw_between
from corridors.whatif.named import Scenarios, named_networks, named_scenarios, under
from corridors.whatif.scenario import Scenario


@checked
def landed(
    scenarios: Scenarios,
    good: str,
    *,
    market: str,
    at: object = None,
    year: int | str | None = None,
    prices: Mapping[str, float] | None = None,
    lift: str | Iterable[str] = (),
    cargo: str | None = None,
    avoid: str | Iterable[str] = (),
    modes: str | Iterable[str] | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Landed:
    """Delivered price of a good from every supplier at a market, part by part.

    Every supplier's way is found on the same network and priced with the same draws. Whoever has no way, no price of
    the year, or is shut out by a ban is listed with the reason, and has no rank.

    Parameters
    ----------
    scenarios
        A network, or networks, scenarios and names of bundled scenarios, as in `co.compare`.
    good
        Id of a commodity with rows in the table `offers`.
    market
        Place where it is sold.
    at
        Date of the network and of the duties, as in `Network.at`; by default that of the network, else duties hold of
        the end of `year`, else of the date of the information.
    year
        Year of the prices; by default the latest price of every supplier.
    prices
        Own prices in USD/t by offer, place or country of the supplier, such as `{"PK": 285}`.
    lift
        Ids of rows of the table `duties` to leave out, such as a ban.
    cargo
        Cargo unit of all suppliers, or `cheapest` for that of the least generalized cost; by default the one in which
        the supplier sends the good, else the first of the good in which there is a way.
    avoid, modes
        As in `corridors.model.question.Asked`.
    draws, seed
        Number of draws for bands (0 for none), and seed. Drawn are the parameters of the network, prices with a
        range, the value of time of the good and duties with a range.

    Returns
    -------
    Landed
        Table, break-even freight, summary, changes between scenarios and a chart.

    Raises
    ------
    UnknownNameError, InputError
        If there is no such good or market, no offer for the good, or an option cannot be.

    References
    ----------
    D. Hummels and G. Schaur, "Time as a trade barrier", American Economic Review 103(7), 2013,
    doi:10.1257/aer.103.7.2935.

    >>> import corridors as co
    >>> flour = co.landed(co.load(), "flour", market="Kabul", year=2024, draws=100)
    >>> flour.table()[["place", "status"]].head(3).to_numpy().tolist()
    [['iletsk', 'sold'], ['tashkent', 'sold'], ['kokshetau', 'sold']]
    """
    if draws:
        check_draws(draws, seed, "knowledge")
    networks = networks_of(scenarios, at)
    first = next(iter(networks.values()))
    asked = Asked(good_of(first.tables, good), first.tables.place(market), str(year or ""), draws, seed)
    lifted = (lift,) if isinstance(lift, str) else tuple(lift)
    options = {"cargo": cargo, "avoid": avoid, "modes": modes}
    cases: dict[tuple[str, str], Case] = {}
    for name, net in networks.items():
        date = date_of(net, year)
        for one in suppliers(net.tables, asked.good, year=year, prices=prices):
            charges = _charges(net.tables, one, asked, date, lifted)
            cases[name, one.offer] = _with_discounts(net, _case(net, one, charges, asked, options), asked, date)
    return Landed(asked, networks, cases, _samples(networks, cases, asked) if draws else {})


def networks_of(scenarios: Scenarios, at: object) -> dict[str, Network]:
    """Networks by name, at the date."""
    if at is None:
        return named_networks(scenarios)
    return named_networks(under(Scenario("date").at(at), named_scenarios(scenarios)))


def good_of(tables: Tables, good: str) -> str:
    """Id of a commodity, also by its name."""
    goods = tables["commodities"]
    if good in tables.rows("commodities"):
        return good
    ids = goods["id"].tolist()
    labels = {fold(text): ident for texts in (goods["name"], ids) for text, ident in zip(texts, ids, strict=True)}
    if fold(str(good)) in labels:
        return str(labels[fold(str(good))])
    traded = ", ".join(sorted(set(tables["offers"]["commodity"])))
    hint = f"There are offers of {traded}." if traded else ""
    raise UnknownNameError("commodity", good, near_labels(str(good), labels), hint)


def date_of(net: Network, year: int | str | None) -> str:
    """Date on which duties are looked up."""
    return net.view.date or str(year or "") or net.tables.as_of


def _charges(tables: Tables, one: Supplier, asked: Asked, date: str, lift: Collection[str]) -> Charges:
    return charges_on(tables, asked.good, one.country, tables.country(asked.market), date=date, lift=lift)


def _case(net: Network, one: Supplier, charges: Charges, asked: Asked, options: Mapping[str, Any]) -> Case:
    """Price, way and charges of one supplier in one network."""
    lost = unsold(net.tables, one)
    if lost is not None:
        return Case(one, charges).without(*lost)
    way = None if one.place == asked.market else _way(net, one, asked, **options)
    return priced(net.tables, asked.good, one, charges, way)


def _with_discounts(net: Network, case: Case, asked: Asked, date: str) -> Case:
    """Case that tells which discounts of transit tariffs its way has."""
    if case.way is None:
        return case
    ends = case.supplier.country, net.tables.country(asked.market)
    rows = discounts_on(net.tables, asked.good, ends, case.way.route.countries, date=date)
    return replace(case, limits="; ".join(filter(None, [case.limits, *map(told, rows)])))


def unsold(tables: Tables, one: Supplier) -> tuple[str, str] | None:
    """Status and reason of a supplier that has no price of the year, or no place in the network; None for others."""
    if one.absent:
        return "no price", one.absent
    if not one.place or one.place not in tables.place_row:
        return "no way", f"{one.price_place or one.country} lies outside this network"
    return None


def priced(tables: Tables, good: str, one: Supplier, charges: Charges, way: Way | str | None) -> Case:
    """Delivered price of a supplier by a way; without one (a text) the reason, None for goods at the market already."""
    made = Case(one, charges, limits="; ".join(map(told, charges.named("quota"))))
    if isinstance(way, str):
        return made.without("no way", way)
    made = made if way is None else made.by(way)
    made = made.at(_delivered(made.costs(), tables, good, made))
    bans = charges.named("ban")
    return made.without("banned", "; ".join(map(told, bans))) if bans else made


def _way(net: Network, one: Supplier, asked: Asked, *, cargo: str | None, **options: Any) -> Way | str:
    """Way in the cargo unit of the supplier, or why there is none."""
    reasons: dict[str, None] = {}
    found: list[Route] = []
    for unit in units_of(net.tables, asked.good, one, cargo):
        try:
            route = net.route(one.place, asked.market, cargo=unit, commodity=asked.good, **options)
        except NoRouteError as error:
            reasons[f"{unit}: {'; '.join(error.reasons)}"] = None
            continue
        found.append(route)
        if cargo != CHEAPEST:
            break
    if not found:
        return "; ".join(reasons)
    best = min(found, key=lambda route: route.generalized_usd_t)
    return way_of(best, net.tables.country(asked.market), on_board=one.on_board)


def units_of(tables: Tables, good: str, one: Supplier, cargo: str | None) -> list[str]:
    """Cargo units to try, in order."""
    able = schema.items(tables.find("commodities", good)["cargo_units"])
    if cargo is not None and cargo != CHEAPEST:
        if cargo not in schema.tables()["parameters"]["cargo"].choices:
            raise InputError("cargo", cargo, f"one of {', '.join(able)}, or '{CHEAPEST}'")
        return [cargo_of(tables, cargo, good)]
    usual = [one.cargo] if one.cargo in able and cargo is None else []
    return usual or able


def _delivered(costs: Mapping[str, float], tables: Tables, good: str, made: Case) -> Delivered:
    """Expected delivered price."""
    row, charges = tables.find("commodities", good), made.charges
    return delivered(
        made.supplier.price_usd_t, sum(costs[kind] for kind in KINDS), costs["hours"] / 24,
        time_pct_day=float(row["time_pct_day"]), loss_share=loss_share(row),
        rate=charges.amount("import", "ad-valorem"), freight_to_border=costs["to_border"],
        duty_usd_t=charges.amount("import", "specific"), export_rate=charges.amount("export", "ad-valorem"),
        export_usd_t=charges.amount("export", "specific"),
    )  # fmt: skip


def _samples(
    networks: Mapping[str, Network], cases: Mapping[tuple[str, str], Case], asked: Asked
) -> dict[tuple[str, str], Samples]:
    """Draws of delivered price and freight, with the same draws of everything for all suppliers and scenarios."""
    draws, seed, found = asked.draws, asked.seed, {}
    for key, case in cases.items():
        if case.price is None:
            continue
        row = networks[key[0]].tables.find("commodities", asked.good)
        ends = [float(row[f"time_{end}pct_day"]) for end in ("", "low_", "high_")]
        value, low, high = (ends[0] if pd.isna(end) else end for end in ends)
        costs, charges = case.drawn_costs(draws, seed), case.charges
        freight = sum((costs[kind] for kind in KINDS), start=costs["hours"] * 0)
        parts = delivered(
            case.supplier.drawn(asked.good, draws, seed), freight, costs["hours"] / 24,
            time_pct_day=draw_between(f"time/{asked.good}", value, low, high, draws=draws, seed=seed),
            loss_share=loss_share(row), freight_to_border=costs["to_border"],
            rate=charges.drawn("import", "ad-valorem", draws, seed),
            duty_usd_t=charges.drawn("import", "specific", draws, seed),
            export_rate=charges.drawn("export", "ad-valorem", draws, seed),
            export_usd_t=charges.drawn("export", "specific", draws, seed),
        )  # fmt: skip
        found[key] = Samples(parts.total, freight)
    return found
