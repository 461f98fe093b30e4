"""How trade responds to delivered prices: what a market buys in all, and from whom.

Two levels. The market buys more when its price index falls, Q'/Q = P^(-eps). Inside it the suppliers share by the
exact hat of a constant elasticity theta: s'_i = s_i p_i^(-theta) / sum_j s_j p_j^(-theta), with p the ratio of
delivered prices and P = (sum_j s_j p_j^(-theta))^(-1/theta). Only relative changes count; what is not known of the
levels (quality, contracts, politics) stays in the shares of the base. A share of zero stays zero: a new market needs a
comparison of prices, not an elasticity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from corridors.base import drawing
from corridors.base.errors import InputError, UnknownNameError
from corridors.base.names import near
from corridors.base.results import Result
from corridors.formats.printable import Printable
from corridors.uncertainty.draws import DRAWS, SPREAD_OF_MEANS, check_draws, draw_between
from corridors.whatif.bands import POINTS

Floats = NDArray[np.float64]

Prices: TypeAlias = "Mapping[str, float] | Mapping[str, Floats] | pd.Series[Any] | pd.DataFrame"
"""Delivered prices in USD/t by supplier: numbers, or draws (arrays, or a table of draws by suppliers)."""

Range: TypeAlias = "float | Sequence[float]"
"""A number, or (value, low, high) with the 5 and 95 % points of what is known of it."""

UNDECIDED = 0.1
"""Share of draws with the other sign from which on a sign is undecided."""

ONE = 1e-9
"""A change of tonnes by less than this share is none."""


class Hat(NamedTuple):
    """Ratios after to before.

    Attributes
    ----------
    shares
        Value shares of the suppliers afterwards (they add up to one).
    price
        Price index of the market.
    market
        Quantity that the market buys.
    tonnes
        Tonnes of every supplier; 0 for one that had a share of zero.
    """

    shares: Floats
    price: Floats
    market: Floats
    tonnes: Floats


def exact_hat(shares: ArrayLike, ratios: ArrayLike, *, theta: ArrayLike, eps: ArrayLike) -> Hat:
    """Shares, price index and tonnes after delivered prices have changed.

    Parameters
    ----------
    shares
        Value shares of the suppliers in the base, adding up to one (last axis).
    ratios
        Delivered price after to before of each supplier; leading axes are draws. `inf` is a supplier without a way.
    theta
        Elasticity between suppliers, above zero; one number or one per draw.
    eps
        Elasticity of the demand of the market to its price, as a positive number; one or one per draw.

    Returns
    -------
    Hat
        Ratios and shares afterwards.

    Raises
    ------
    InputError
        If shares do not add up to one, a ratio is not above zero, or an elasticity is out of range.

    References
    ----------
    R. Dekle, J. Eaton and S. Kortum, "Global rebalancing with gravity", IMF Staff Papers 55(3), 2008,
    doi:10.1057/imfsp.2008.17.

    >>> hat = exact_hat([0.5, 0.5], [0.9, 1.0], theta=5, eps=0.3)
    >>> hat.shares.round(3).tolist(), hat.tonnes.round(3).tolist()
    ([0.629, 0.371], [1.34, 0.712])
    """
    base, ratio, elasticity, demand = (np.asarray(one, dtype=float) for one in (shares, ratios, theta, eps))
    if base.ndim != 1 or (base < 0).any() or not np.isclose(base.sum(), 1.0, rtol=0, atol=1e-6):
        raise InputError("shares", base.tolist(), "value shares of zero or more that add up to one")
    if ratio.shape[-1:] != base.shape or np.isnan(ratio).any() or (ratio <= 0).any():
        raise InputError("ratios", ratio.tolist(), "one ratio of prices above zero for each supplier")
    if not (np.isfinite(elasticity) & (elasticity > 0)).all():
        raise InputError("theta", elasticity.tolist(), "a number above zero")
    if not (np.isfinite(demand) & (demand >= 0)).all():
        raise InputError("eps", demand.tolist(), "zero or more: the fall of demand in per cent for a price 1 % higher")
    weight = base * ratio ** -elasticity[..., None]
    total = weight.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        index = total ** (-1 / elasticity)
        after = np.where(total[..., None] > 0, weight / total[..., None], 0.0)
        market = index**-demand
        bought = np.where(base > 0, after / base * (index ** (1 - demand))[..., None] / ratio, 0.0)
    return Hat(after, np.asarray(index), np.asarray(market), np.where(after > 0, bought, 0.0))


@dataclass(frozen=True, eq=False, repr=False)
class Response(Printable, Result):
    """What a change of delivered prices does to the trade of one market, by supplier.

    Attributes
    ----------
    suppliers
        Names of the suppliers.
    before, after
        Delivered prices in USD/t, expected values.
    shares
        Value shares in the base.
    tonnes
        Tonnes in the base; nan where they are not known.
    hat
        Response at expected prices and stated elasticities.
    drawn
        The same in every draw; None without draws.
    theta, eps
        Elasticities as (value, low, high).
    """

    suppliers: tuple[str, ...]
    before: Floats
    after: Floats
    shares: Floats
    tonnes: Floats
    hat: Hat
    drawn: Hat | None
    theta: tuple[float, float, float]
    eps: tuple[float, float, float]

    plot = drawing.drawn[drawing.Drawing]("response_bars")

    def table(self) -> pd.DataFrame:
        """Table of one row per supplier, and one of the market.

        Columns: price_before_usd_t, price_after_usd_t, share_before, share_after (of value), tonnes_before,
        tonnes_after, tonnes_change_pct, and with draws p05, p50 and p95 of that change, p_rise (share of draws in which
        the tonnes rise) and sign: rises, falls, unchanged, or undecided where it is another in over 10 % of draws.
        """
        change = 100 * (np.append(self.hat.tonnes, self.hat.market) - 1)
        market = float(self.tonnes.sum())
        old = np.append(self.tonnes, market)
        table = pd.DataFrame(
            {
                "price_before_usd_t": np.append(self.before, np.nan),
                "price_after_usd_t": np.append(self.after, np.nan),
                "share_before": np.append(self.shares, 1.0),
                "share_after": np.append(self.hat.shares, 1.0),
                "tonnes_before": old,
                "tonnes_after": np.append(self.tonnes * self.hat.tonnes, market * self.hat.market),
                "tonnes_change_pct": np.where(np.append(self.shares, 1.0) > 0, change, 0.0),
            },
            index=pd.Index([*self.suppliers, "market"], name="supplier"),
        )
        return table if self.drawn is None else table.assign(**self._bands())

    def samples(self) -> pd.DataFrame:
        """Draws of the ratio of tonnes after to before: draws by suppliers and market.

        Raises
        ------
        InputError
            If the response was made without draws.
        """
        if self.drawn is None:
            raise InputError("draws", 0, "respond(..., draws=1000) makes a response with draws")
        columns = [*self.suppliers, "market"]
        return pd.DataFrame(np.column_stack([self.drawn.tonnes, self.drawn.market]), columns=columns)

    def _bands(self) -> dict[str, Any]:
        ratio = self.samples().to_numpy()
        none = np.append(self.shares == 0, np.False_)
        change = np.where(none, 0.0, 100 * (ratio - 1))
        points = np.percentile(change, POINTS, axis=0)
        rises, falls = (change > 100 * ONE).mean(axis=0), (change < -100 * ONE).mean(axis=0)
        bands: dict[str, Any] = {f"p{point:02d}": row for point, row in zip(POINTS, points, strict=True)}
        return {**bands, "p_rise": rises, "sign": [sign_of(up, down) for up, down in zip(rises, falls, strict=True)]}

    def summary(self) -> dict[str, Any]:
        """Price index and quantity of the market after to before, and the elasticities, as a flat record."""
        ends = ("", "_low", "_high")
        return {
            "price_index": float(self.hat.price),
            "market_quantity": float(self.hat.market),
            **{f"theta{end}": value for end, value in zip(ends, self.theta, strict=True)},
            **{f"eps{end}": value for end, value in zip(ends, self.eps, strict=True)},
        }

    def _sheets(self) -> dict[str, pd.DataFrame]:
        return {"response": self.table()}

    def _shown(self) -> pd.DataFrame:
        table = self.table().drop(columns=["tonnes_before", "tonnes_after"] if np.isnan(self.tonnes).any() else [])
        for name in ("share_before", "share_after", "p_rise"):
            if name in table:
                table[name] = table[name].round(3)
        return table.round(1)

    def _below(self) -> str:
        spans = [f"{n} {v:g} ({a:g} to {b:g})" for n, (v, a, b) in (("theta", self.theta), ("eps", self.eps))]
        return (
            f"Exact hat on {len(self.suppliers)} suppliers of one market; {' and '.join(spans)} are borrowed, not "
            "known for this region."
        )


def sign_of(rises: float, falls: float) -> str:
    """Word for the sign of a change, by the shares of draws in which it rises and falls.

    Parameters
    ----------
    rises, falls
        Shares of draws (0 to 1).

    >>> sign_of(0.95, 0.05), sign_of(0.8, 0.2), sign_of(0, 0)
    ('rises', 'undecided', 'unchanged')
    """
    if rises == 0 and falls == 0:
        return "unchanged"
    if min(rises, falls) > UNDECIDED or max(rises, falls) < 1 - UNDECIDED:
        return "undecided"
    return "rises" if rises > falls else "falls"


def respond(
    before: Prices,
    after: Prices,
    shares: Mapping[str, float] | pd.Series[Any],
    *,
    theta: Range,
    eps: Range,
    tonnes: Mapping[str, float] | pd.Series[Any] | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Response:
    """Response of one market's trade to a change of delivered prices: rivals first, elasticity second.

    Parameters
    ----------
    before, after
        Delivered price of every supplier in USD/t. With draws of both (same seed, so that draw by draw the suppliers
        and scenarios have the same parameters), these are drawn jointly with theta and eps. `inf` afterwards is a
        supplier that has lost its way.
    shares
        Value share of every supplier in the base; they add up to one.
    theta
        Elasticity between suppliers, a number or (value, low, high); no default, because it is borrowed by good:
        agriculture 8.1, food 2.55 (Caliendo and Parro 2015), 5 at the centre of HS6 (Fontagne and others 2022).
    eps
        Elasticity of the market's demand to its price, a number or (value, low, high): 0.1 to 0.6 for staples.
    tonnes
        Tonnes of every supplier in the base, for tonnes afterwards.
    draws, seed
        Draws of the elasticities, and seed; 0 for expected values only. Where prices are drawn, as many as there are.

    Raises
    ------
    InputError
        If shares do not add up to one, or prices, elasticities or draws are not possible.
    UnknownNameError
        If a supplier of `shares` has no price.

    >>> before = {"KZ": 411.9, "UZ": 364.3, "RU": 368.0}
    >>> after = {"KZ": 395.0, "UZ": 347.4, "RU": 351.0}
    >>> both = respond(before, after, {"KZ": 0.434, "UZ": 0.473, "RU": 0.093}, theta=(5, 2.55, 8.11), eps=0.3)
    >>> both.table()["tonnes_change_pct"].round(1).tolist()
    [-0.6, 2.9, 2.7, 1.4]
    """
    names = [str(name) for name in shares.keys()]  # noqa: SIM118 - a Series as well
    base = np.array([float(shares[name]) for name in names])
    old, new = (_prices(argument, prices, names) for argument, prices in (("before", before), ("after", after)))
    many = _count(old, new, draws, seed)
    ends = _range("theta", theta), _range("eps", eps)
    expected = old.mean(axis=0), new.mean(axis=0)
    if not np.isfinite(expected[0][base > 0]).all():
        raise InputError("before", dict(zip(names, expected[0].tolist(), strict=True)), "prices of the base are finite")
    hat = exact_hat(base, _ratios(*expected, base), theta=ends[0][0], eps=ends[1][0])
    drawn = None
    if many:
        elasticity, demand = (
            draw_between(f"trade/{name}", *end, draws=many, seed=seed)
            for name, end in zip(("theta", "eps"), ends, strict=True)
        )
        ratio = np.broadcast_to(_ratios(old, new, base), (many, len(names)))
        drawn = exact_hat(base, ratio, theta=elasticity, eps=demand)
    given = {} if tonnes is None else tonnes
    known = np.array([float(given.get(name, np.nan)) for name in names])
    return Response(tuple(names), *expected, base, known, hat, drawn, *ends)


def _ratios(old: Floats, new: Floats, base: Floats) -> Floats:
    """Ratios of prices; 1 for suppliers without a share, whose price does not count."""
    with np.errstate(invalid="ignore"):
        return np.where(base > 0, new / old, 1.0)


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


def _count(old: Floats, new: Floats, draws: int, seed: int) -> int:
    """Number of draws."""
    drawn = {len(prices) for prices in (old, new)} - {1}
    if len(drawn) > 1:
        raise InputError("before, after", (len(old), len(new)), "as many draws before as after")
    many = drawn.pop() if drawn else draws
    if many != 0:
        check_draws(many, seed, SPREAD_OF_MEANS)
    return many


def _range(name: str, given: Range) -> tuple[float, float, float]:
    """Value and ends of an elasticity."""
    parts = [float(one) for one in np.atleast_1d(np.asarray(given, dtype=float))]
    if len(parts) == 1:
        parts *= 3
    if len(parts) != 3 or not parts[1] <= parts[0] <= parts[2]:
        raise InputError(name, given, "a number, or (value, low, high)")
    return parts[0], parts[1], parts[2]
