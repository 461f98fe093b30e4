"""How trade responds to delivered prices: what a market buys in all, and from whom.

Two levels. The market buys more when its price index falls, Q'/Q = P^eps with eps below zero. Inside it the suppliers
share by the exact hat of a constant elasticity theta: s'_i = s_i p_i^(-theta) / sum_j s_j p_j^(-theta), with p the
ratio of delivered prices and P = (sum_j s_j p_j^(-theta))^(-1/theta). Only relative changes count; what is not known
of the levels (quality, contracts, politics) stays in the shares of the base. A share of zero stays zero: a new market
needs a comparison of prices, not an elasticity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from corridors.base import drawing
from corridors.base.arguments import checked
from corridors.base.errors import InputError
from corridors.base.results import Result
from corridors.formats.printable import Printable
from corridors.trade.elasticities import Elasticity
from corridors.trade.gateways import End, tonnes_over
from corridors.trade.shares import Split
from corridors.trade.signs import ONE, percentiles, sign_of
from corridors.whatif.bands import POINTS

Floats = NDArray[np.float64]


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
    ratios
        Delivered prices of the suppliers.
    """

    shares: Floats
    price: Floats
    market: Floats
    tonnes: Floats
    ratios: Floats


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
        Elasticity of the demand of the market to its price, zero or below as in publications: -0.3 is a demand that
        falls by 0.3 % where the price rises by 1 %. One number or one per draw.

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

    >>> hat = exact_hat([0.5, 0.5], [0.9, 1.0], theta=5, eps=-0.3)
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
    if not (np.isfinite(demand) & (demand <= 0)).all():
        expected = "zero or below, as in publications: -0.3 is a demand 0.3 % lower for a price 1 % higher"
        raise InputError("eps", demand.tolist(), expected)
    weight = base * ratio ** -elasticity[..., None]
    total = weight.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        index = total ** (-1 / elasticity)
        after = np.where(total[..., None] > 0, weight / total[..., None], 0.0)
        market = index**demand
        bought = np.where(base > 0, after / base * (index ** (1 + demand))[..., None] / ratio, 0.0)
    return Hat(after, np.asarray(index), np.asarray(market), np.where(after > 0, bought, 0.0), ratio)


@checked
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
        Elasticity between suppliers, and of the market's demand to its price (zero or below), each as value, low, high
        and told (where it comes from).
    seed
        Seed of the draws.
    notes
        What is to be known of the prices, in words.
    """

    suppliers: tuple[str, ...]
    before: Floats
    after: Floats
    shares: Floats
    tonnes: Floats
    hat: Hat
    drawn: Hat | None
    theta: Elasticity
    eps: Elasticity
    seed: int = 0
    notes: tuple[str, ...] = ()

    _widest: ClassVar[int] = 40

    plot = drawing.drawn[drawing.Drawing]("response_bars")

    def table(self) -> pd.DataFrame:
        """Table of one row per supplier, and one of the market.

        Columns: price_before_usd_t, price_after_usd_t, share_before, share_after (of value), tonnes_before,
        tonnes_after, tonnes_change_pct, and with draws p05, p50 and p95 of that change, p_rise (share of draws in which
        the tonnes rise), sign (rises, falls, unchanged, or undecided where it is another in over 10 % of draws), and
        p05, p50 and p95 of the price of a supplier after to before (price_ratio_p05), of share_after and tonnes_after.
        The row of the market has the price index.
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
        drawn = self._drawn()
        return pd.DataFrame(np.column_stack([drawn.tonnes, drawn.market]), columns=[*self.suppliers, "market"])

    def _drawn(self) -> Hat:
        if self.drawn is None:
            raise InputError("draws", 0, "respond(..., draws=1000) makes a response with draws")
        return self.drawn

    def _bands(self) -> dict[str, Any]:
        drawn, ratio = self._drawn(), self.samples().to_numpy()
        none = np.append(self.shares == 0, np.False_)
        change = np.where(none, 0.0, 100 * (ratio - 1))
        rises, falls = (change > 100 * ONE).mean(axis=0), (change < -100 * ONE).mean(axis=0)
        old = np.append(self.tonnes, self.tonnes.sum())
        shares = np.column_stack([drawn.shares, np.ones(len(ratio))])
        return {
            **percentiles("", change),
            "p_rise": rises,
            "sign": [sign_of(up, down) for up, down in zip(rises, falls, strict=True)],
            **percentiles("price_ratio_", np.column_stack([drawn.ratios, drawn.price])),
            **percentiles("share_", shares),
            **percentiles("tonnes_", np.where(none, 0.0, ratio) * old),
        }

    def sentences(self) -> list[str]:
        """What happens to every supplier and the market, in words: the change, its band, and whether its sign is sure.

        >>> from corridors.trade.respond import respond
        >>> found = respond({"a": 100, "b": 100}, {"a": 90, "b": 100}, {"a": 0.5, "b": 0.5}, theta=5, eps=-0.3, draws=0)
        >>> found.sentences()[0]
        'a: tonnes 34.0 % more.'
        """
        said = []
        for name, row in self.table().iterrows():
            change = float(row["tonnes_change_pct"])
            amount = "unchanged" if abs(change) < 0.05 else f"{abs(change):.1f} % {'more' if change > 0 else 'less'}"
            if self.drawn is not None and row["sign"] == "undecided":
                spread = f"{row['p05']:+.1f} to {row['p95']:+.1f} %, more in {row['p_rise']:.0%} of the draws"
                said.append(f"{name}: undecided ({spread}).")
            else:
                band = "" if self.drawn is None else f" ({row['p05']:+.1f} to {row['p95']:+.1f} %)"
                said.append(f"{name}: tonnes {amount}{band}.")
        return said

    def over(self, before: Mapping[str, Split], after: Mapping[str, Split], by: str = "crossing") -> pd.DataFrame:
        """Tonnes by crossing, country, cargo unit, main mode or link, before and after, shared out between ways.

        Draw by draw, the tonnes of every supplier times the shares of his ways: one set of draws of network, prices,
        elasticities and scale from one end to the other.

        Parameters
        ----------
        before, after
            Ways of every supplier with tonnes in both networks, by supplier: `co.split`, with the draws and the seed
            of the response.
        by
            As in `Split.by`.

        Returns
        -------
        DataFrame
            One row each, the largest first: tonnes_before, tonnes_after, change (t), and with draws p05, p50 and p95
            of the change and its sign (undecided where it is another in over 10 % of draws).

        Raises
        ------
        InputError
            If tonnes are not known, a supplier with tonnes has no split, or draws and seed differ.

        >>> import corridors as co
        >>> net, few = co.load(), {"cargo": "truck", "choice": co.Logit(ways=2), "draws": 100}
        >>> ends = {"TJ": 100}, {"TJ": 90}, {"TJ": 1.0}
        >>> more = co.respond(*ends, theta=5, eps=-1, tonnes={"TJ": 1000}, draws=100)
        >>> way = {"TJ": co.split(net, "Dushanbe", "Kabul", **few)}
        >>> more.over(way, way, "mode")["change"].round().tolist()
        [111.0]
        """
        if not np.isfinite(self.tonnes).all():
            raise InputError("tonnes", self.tonnes.tolist(), "tonnes of every supplier: respond(..., tonnes=...)")
        some = dict(zip(self.suppliers, self.tonnes.tolist(), strict=True))
        drawn = None if self.drawn is None else self.drawn.tonnes
        ends = (
            End(before, np.ones(len(some)), None if drawn is None else np.ones_like(drawn)),
            End(after, self.hat.tonnes, drawn),
        )
        return tonnes_over(some, *ends, by, seed=self.seed)

    def summary(self) -> dict[str, Any]:
        """Price index and quantity of the market after to before, with their bands, and the elasticities.

        Returns
        -------
        dict
            price_index and market_quantity, with draws their _p05, _p50 and _p95, theta and eps with their _low and
            _high, and theta_source and eps_source.
        """
        record: dict[str, Any] = {}
        for name, value in (("price_index", "price"), ("market_quantity", "market")):
            record[name] = float(getattr(self.hat, value))
            if self.drawn is not None:
                points = np.percentile(getattr(self.drawn, value), POINTS).tolist()
                record |= {f"{name}_p{point:02d}": one for point, one in zip(POINTS, points, strict=True)}
        for name, some in (("theta", self.theta), ("eps", self.eps)):
            record |= {name: some.value, f"{name}_low": some.low, f"{name}_high": some.high}
        return {**record, "theta_source": self.theta.told, "eps_source": self.eps.told}

    def _sheets(self) -> dict[str, pd.DataFrame]:
        return {"response": self.table()}

    def _shown(self) -> pd.DataFrame:
        table = self.table().drop(columns=["tonnes_before", "tonnes_after"] if np.isnan(self.tonnes).any() else [])
        table = table.drop(columns=[name for name in table if str(name).startswith(SPREADS)])
        thin = {name: 3 for name in ("share_before", "share_after", "p_rise") if name in table}
        return table.round({str(name): thin.get(str(name), 1) for name in table})

    def _below(self) -> str:
        spans = [f"{name} {some.words()}" for name, some in (("theta", self.theta), ("eps", self.eps))]
        undecided = [line for line in self.sentences() if "undecided" in line]
        first = f"Exact hat on {len(self.suppliers)} suppliers of one market; not known for this region but borrowed:"
        return "\n".join([first, *spans, *self.notes, *undecided])


SPREADS = ("price_ratio_", "share_p", "tonnes_p")
"""How columns of bands begin that are not printed."""
