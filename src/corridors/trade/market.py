"""Suppliers of one market before and after a change: their shares and delivered prices, expected and drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.errors import InputError, UnknownNameError
from corridors.base.names import fold, near
from corridors.trade.charges import told
from corridors.trade.priced import Landed

Floats = NDArray[np.float64]

Prices: TypeAlias = "Mapping[str, float] | Mapping[str, Floats] | pd.Series[Any] | pd.DataFrame"
"""Delivered prices in USD/t by supplier: numbers, or draws (arrays, or a table of draws by suppliers)."""

Shares: TypeAlias = "Mapping[str, float] | pd.Series[Any]"


class Market(NamedTuple):
    """What a response starts from.

    Attributes
    ----------
    names
        Suppliers.
    shares
        Value shares in the base.
    expected
        Delivered prices in USD/t, before and after.
    drawn
        Draws of them, before and after: draws by suppliers; one row where they are numbers.
    draws
        Number of draws of the prices; 0 where they are numbers.
    notes
        What is to be known of the prices.
    """

    names: tuple[str, ...]
    shares: Floats
    expected: tuple[Floats, Floats]
    drawn: tuple[Floats, Floats]
    draws: int
    notes: tuple[str, ...] = ()


def market_of_prices(before: Prices, after: Prices, shares: Shares) -> Market:
    """Market of prices that were given.

    >>> market_of_prices({"a": 10.0}, {"a": [9.0, 8.0]}, {"a": 1.0}).draws
    2
    """
    names = [str(name) for name in shares.keys()]  # noqa: SIM118 - a Series as well
    base = np.array([float(shares[name]) for name in names])
    old, new = (_prices(argument, prices, names) for argument, prices in (("before", before), ("after", after)))
    drawn = {len(prices) for prices in (old, new)} - {1}
    if len(drawn) > 1:
        raise InputError("before, after", (len(old), len(new)), "as many draws before as after")
    expected = old.mean(axis=0), new.mean(axis=0)
    if not np.isfinite(expected[0][base > 0]).all():
        raise InputError("before", dict(zip(names, expected[0].tolist(), strict=True)), "prices of the base are finite")
    return Market(tuple(names), base, expected, (old, new), drawn.pop() if drawn else 0)


def _prices(argument: str, prices: Prices, names: Sequence[str]) -> Floats:
    """Prices as draws by suppliers; one row where they are numbers."""
    given = [str(name) for name in prices.keys()]  # noqa: SIM118 - a Series as well
    for name in names:
        if name not in given:
            raise UnknownNameError("supplier", name, near(name, given), where=f"in the prices '{argument}'")
    columns = [np.atleast_1d(np.asarray(prices[name], dtype=float)) for name in names]
    if len({len(column) for column in columns}) != 1:
        raise InputError(argument, [len(column) for column in columns], "as many draws for every supplier")
    found = np.column_stack(columns)
    if np.isnan(found).any() or (found <= 0).any():
        raise InputError(argument, found[:1].tolist(), "prices above zero in USD/t; inf for a supplier without a way")
    return found


def market_of_landed(before: Landed, after: Landed | Prices | str | None, shares: Shares) -> Market:
    """Market of delivered prices as `co.landed` returns them.

    Parameters
    ----------
    before, after, shares
        As in `corridors.trade.respond.respond`.

    >>> import corridors as co
    >>> flour = co.landed([co.load(), "uap-kabul"], "flour", market="Kabul", year=2024, draws=0)
    >>> [prices.round(-1).tolist() for prices in market_of_landed(flour, None, {"KZ": 0.5, "UZ": 0.5}).expected]
    [[420.0, 380.0], [400.0, 360.0]]
    """
    later, scenario = _later(before, after)
    names = [str(name) for name in shares.keys()]  # noqa: SIM118 - a Series as well
    base = np.array([float(shares[name]) for name in names])
    expected, drawn, notes = [], [], []
    for name, share in zip(names, base.tolist(), strict=True):
        own = _offers(before, name)
        sold = [offer for offer in own if before.cases[before.base, offer].status == "sold"]
        if not sold:
            reasons = "; ".join(dict.fromkeys(before.cases[before.base, offer].reason for offer in own))
            if share > 0:
                raise InputError("shares", {name: share}, f"suppliers that sell in the base, but {name}: {reasons}")
            expected.append((1.0, 1.0))
            drawn.append((np.ones(1), np.ones(1)))
            continue
        kept = [o for o in sold if (scenario, o) in later.cases and later.cases[scenario, o].status == "sold"]
        held = dict.fromkeys(text for o in kept for row in later.cases[scenario, o].charges.named("quota")
                             for text in [told(row)])  # fmt: skip
        notes += [f"{name}: {text}; the response does not know it, carry(quotas=True) does" for text in held]
        if lost := [offer for offer in sold if offer not in kept]:
            notes.append(f"{name}: no longer sold from {', '.join(lost)}")
        ends = [(before, before.base)], [(later, scenario)] if kept else []
        both = [_mean(*end[0], kept or sold) if end else (np.inf, np.full(1, np.inf)) for end in ends]
        expected.append((both[0][0], both[1][0]))
        drawn.append((both[0][1], both[1][1]))
    draws = before.asked.draws
    old, new = (np.column_stack([np.broadcast_to(one[end], max(draws, 1)) for one in drawn]) for end in (0, 1))
    prices = np.array([one[0] for one in expected]), np.array([one[1] for one in expected])
    if before.basis_warning:
        notes.append(before.basis_warning)
    return Market(tuple(names), base, prices, (old, new), draws, tuple(notes))


def _later(before: Landed, after: Landed | Prices | str | None) -> tuple[Landed, str]:
    """Result and scenario of the change."""
    if isinstance(after, Landed):
        one, other = before.asked, after.asked
        if one._replace(year="") != other._replace(year=""):
            expected = "good, market, draws and seed as before, so that draw by draw both have the same parameters"
            raise InputError("after", tuple(other), f"{expected}: {tuple(one)}")
        return after, after.base
    if after is None and len(before.scenarios) == 2:
        return before, before.scenarios[1]
    if not isinstance(after, str) or after not in before.scenarios:
        names = ", ".join(before.scenarios[1:]) or "none: landed([net, 'uap-kabul'], ...) has one"
        raise InputError("after", after, f"another result of landed, or the name of a scenario of this one ({names})")
    return before, after


def _offers(landed: Landed, name: str) -> list[str]:
    """Offers of a supplier: of a country, a place, or an offer itself."""
    suppliers = {key[1]: case.supplier for key, case in landed.cases.items() if key[0] == landed.base}
    found = [offer for offer, one in suppliers.items() if name in (offer, one.country, one.place)]
    if not found:
        tables = landed.networks[landed.base].tables
        spelt = {offer: tables.name(one.place) for offer, one in suppliers.items() if one.place in tables.place_row}
        found = [offer for offer, label in spelt.items() if fold(name) == fold(label)]
    if not found:
        known = dict.fromkeys(one for some in suppliers.values() for one in (some.country, some.place) if one)
        raise UnknownNameError("supplier", name, near(name, known), f"There are {', '.join(known)}.", "of this good")
    return found


def _mean(landed: Landed, scenario: str, offers: Sequence[str]) -> tuple[float, Floats]:
    """Mean of the delivered prices of some offers by their weights, expected and in every draw."""
    weights = np.array([landed.cases[scenario, offer].supplier.weight for offer in offers], dtype=float)
    if np.isnan(weights).any() or not weights.sum():
        weights = np.ones(len(offers))
    weights /= weights.sum()
    total = float(weights @ np.array([landed.cases[scenario, offer].total for offer in offers]))
    if not landed.samples:
        return total, np.full(1, total)
    return total, np.asarray(weights @ np.array([landed.samples[scenario, offer].landed for offer in offers]))
