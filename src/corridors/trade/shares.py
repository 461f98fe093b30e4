"""Shares of ways: over which of the really different ways, and in which cargo unit, a good goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Unpack

import numpy as np
import pandas as pd

from corridors.base.arguments import checked
from corridors.base.drawing import Drawing, drawn
from corridors.base.errors import InputError
from corridors.base.names import near
from corridors.base.options import takes
from corridors.base.results import Result
from corridors.base.units import GENERALIZED
from corridors.formats.printable import Printable
from corridors.model.question import Asked
from corridors.network.network import Network
from corridors.routing.choice import Floats
from corridors.routing.passed import passed
from corridors.routing.route import Route
from corridors.routing.ways import Logit, Ways, cargo_units, main_mode, ways_between
from corridors.uncertainty.draws import DRAWS, SPREAD_OF_MEANS, check_draws
from corridors.whatif.bands import POINTS, samples_of

KINDS = ("cargo", "mode", "crossing", "country", "link")
"""What shares can be added up by."""


@checked
@dataclass(frozen=True, eq=False, repr=False)
class Split(Printable, Result):
    """Ways of one pair with their shares, and the band of each from joint draws of parameters and scale.

    Attributes
    ----------
    origin, destination
        Ids of the places.
    commodity
        Id of the good; None where only a cargo unit was asked for.
    ways
        The ways, the cheapest first, and how they are shared out.
    draws, seed
        Draws behind the bands (0: none), and their seed. The same seed gives the same draws in every scenario.
    """

    origin: str
    destination: str
    commodity: str | None
    ways: Ways
    draws: int
    seed: int

    plot = drawn[Drawing]("split_bars")

    def table(self, *, names: bool = False) -> pd.DataFrame:
        """Table of one row per way, the cheapest first.

        Columns: cargo, mode (of most km), crossings, countries, km, days, cost_usd_t, generalized_usd_t, path_size,
        share (0 to 1, at expected costs and the stated scale), and with draws p05, p50 and p95 of the share. With
        `names`, names stand for ids.

        Parameters
        ----------
        names
            Names of crossings in place of ids.
        """
        rows = [_record(route) for route in self.ways.routes]
        table = pd.DataFrame(rows, index=pd.RangeIndex(1, len(rows) + 1, name="way"))
        table["path_size"] = self.ways.size
        return self._named(table.assign(share=self.ways.shares(), **self._band(np.eye(len(rows)))), names)

    def _sheets(self) -> dict[str, pd.DataFrame]:
        return {"ways": self.table()}

    def _journeys(self) -> tuple[Route, ...]:
        return self.ways.routes

    def by(self, what: str) -> pd.DataFrame:
        """Shares added up over the ways that use a cargo unit, main mode, crossing, country or link.

        Parameters
        ----------
        what
            `cargo`, `mode`, `crossing`, `country` or `link`.

        Returns
        -------
        DataFrame
            One row each, the largest first: share (0 to 1), and with draws p05, p50 and p95. A way passes several
            crossings, so those shares do not add up to one.

        Raises
        ------
        InputError
            If `what` is something else.

        >>> import corridors as co
        >>> share = co.split(co.load(), "Kostanay", "Kabul", commodity="flour", cargo="wagon", draws=0).by("crossing")
        >>> share["share"].round(2).to_dict()["galaba-hairatan"]
        0.76
        """
        some = self.uses(what)
        uses = np.array(list(some.values()))
        table = pd.DataFrame({"share": uses @ self.ways.shares()}, pd.Index(list(some), name=what))
        table = table.assign(**self._band(uses))
        return table.sort_values("share", ascending=False, kind="stable")

    def uses(self, what: str) -> dict[str, Floats]:
        """Which of the ways use a cargo unit, main mode, crossing, country or link: by its name 1 or 0 for every way.

        Parameters
        ----------
        what
            As in `by`.

        Raises
        ------
        InputError
            If there are no things of the kind.

        >>> import corridors as co
        >>> split = co.split(co.load(), "Tashkent", "Kabul", cargo="truck", choice=co.Logit(ways=2), draws=0)
        >>> split.uses("mode")["road"].tolist()
        [1.0, 1.0]
        """
        if what not in KINDS:
            hint = "".join(f" (did you mean '{name}'?)" for name in near(str(what), KINDS, most=1))
            raise InputError("what", what, f"one of {', '.join(KINDS)}{hint}")
        names = [list(dict.fromkeys(_uses(route, what))) for route in self.ways.routes]
        index = dict.fromkeys(name for some in names for name in some)
        return {one: np.array([one in some for some in names], dtype=float) for one in index}

    @property
    def logsum_usd_t(self) -> float:
        """Expected least cost of the choice in USD/t, at expected costs and the stated scale."""
        return float(self.ways.logsum())

    def logsums(self) -> Floats:
        """Draws of the expected least cost in USD/t, to be set against those of another scenario draw by draw.

        Raises
        ------
        InputError
            If the split was made without draws.

        >>> import corridors as co
        >>> split = co.split(co.load(), "Tashkent", "Kabul", cargo="truck", choice=co.Logit(ways=1), draws=50)
        >>> bool(np.allclose(split.logsums(), split.costs()[:, 0]))  # one way is no choice
        True
        """
        return self.ways.logsum(self.costs(), self._scales)

    def costs(self) -> Floats:
        """Draws of the generalized cost of every way in USD/t: draws by ways.

        Raises
        ------
        InputError
            If the split was made without draws.
        """
        if not self.draws:
            raise InputError("draws", self.draws, "split(..., draws=1000) makes a split with draws")
        return self._costs.copy()

    def samples(self) -> Floats:
        """Draws of the share of every way: draws by ways.

        Raises
        ------
        InputError
            If the split was made without draws.
        """
        return self.ways.shares(self.costs(), self._scales)

    @cached_property
    def _costs(self) -> Floats:
        keys = {("", "", str(i)): route for i, route in enumerate(self.ways.routes)}
        found = samples_of(keys, GENERALIZED, draws=self.draws, seed=self.seed, spread=SPREAD_OF_MEANS)
        return np.column_stack([found[key] for key in keys])

    @property
    def _scales(self) -> Floats:
        return self.ways.logit.scales(self.draws, self.seed)

    def _band(self, uses: Floats) -> dict[str, Floats]:
        """Percentiles of sums of shares: things by ways."""
        if not self.draws:
            return {}
        points = np.percentile(self.samples() @ uses.T, POINTS, axis=0)
        return {f"p{point:02d}": row for point, row in zip(POINTS, points, strict=True)}

    def summary(self) -> dict[str, Any]:
        """Totals as a flat record.

        Returns
        -------
        dict
            origin, destination, commodity, ways, scale_t_usd, logsum_usd_t, least_usd_t (cost of the cheapest way),
            mean_usd_t (mean cost, by the shares), cost_usd_t and days (means by the shares, without the value of time),
            rail_share (of tonnes whose main mode is rail).
        """
        share, routes = self.ways.shares(), self.ways.routes
        on_rail = np.array([main_mode(route) == "rail" for route in routes])
        return {
            "origin": self.origin,
            "destination": self.destination,
            "commodity": self.commodity,
            "ways": len(routes),
            "scale_t_usd": self.ways.logit.scale_t_usd,
            "logsum_usd_t": self.logsum_usd_t,
            "least_usd_t": float(self.ways.costs[0]),
            "mean_usd_t": float(share @ self.ways.costs),
            "cost_usd_t": float(share @ np.array([route.cost_usd_t for route in routes])),
            "days": float(share @ np.array([route.days for route in routes])),
            "rail_share": float(share[on_rail].sum()),
        }

    def _shown(self) -> pd.DataFrame:
        table = self.table().drop(columns=["countries"])
        shares = [name for name in table if name in ("share", "p05", "p50", "p95")]
        table[shares] = (100 * table[shares]).round()
        named = {name: f"{name} %" for name in shares}
        return table.round({"km": 0, "days": 1, "cost_usd_t": 1, "generalized_usd_t": 1, "path_size": 2}).rename(
            columns=named
        )

    def _above(self) -> str:
        label = self.ways.routes[0].problem.tables.name
        good = f", {self.commodity}" if self.commodity else ""
        return f"{label(self.origin)} - {label(self.destination)}{good}: {len(self.ways)} ways"

    def _below(self) -> str:
        logit = self.ways.logit
        low, high = logit.scale_range_t_usd
        told = [
            f"Path-size logit, scale {logit.scale_t_usd:g} t/USD ({low:g} to {high:g} in draws; an assumption), at "
            f"least {logit.dissimilarity:.0%} of km apart by cargo unit."
        ]
        if self.ways.left_out:
            told.append(f"{len(self.ways.left_out)} ways cost over {logit.dearest:g} times the least and are left out.")
        return " ".join(told)


def _record(route: Route) -> dict[str, Any]:
    """What is told of a way."""
    return {
        "cargo": route.cargo,
        "mode": main_mode(route),
        "crossings": ";".join(route.crossings),
        "countries": "-".join(route.countries),
        "km": route.km,
        "days": route.days,
        "cost_usd_t": route.cost_usd_t,
        "generalized_usd_t": route.generalized_usd_t,
    }


def _uses(route: Route, what: str) -> Iterator[str]:
    """Names of a kind that a way uses."""
    if what == "cargo":
        yield route.cargo
    elif what == "mode":
        yield main_mode(route)
    elif what == "crossing":
        yield from route.crossings
    elif what == "country":
        yield from route.countries
    else:
        yield from passed(route).idents


@takes(Asked, cargo=None)
def split(
    net: Network,
    origin: str,
    destination: str,
    *,
    scale_t_usd: float | None = None,
    choice: str | Logit = "logit",
    draws: int = DRAWS,
    seed: int = 0,
    **options: Unpack[Asked],
) -> Split:
    """Share out a pair between its really different ways, over every cargo unit that the good can travel in.

    Parameters
    ----------
    net
        The network.
    origin, destination
        Places by id, name or common spelling.
    scale_t_usd
        Scale of the choice in t/USD, instead of that of `choice`; its range moves with it.
    choice
        `logit`, or a `co.Logit` with its own number of ways, dissimilarity, nests and so on.
    draws, seed
        Joint draws of the parameters (of what is known of the means) and of the scale, and their seed; 0 for none.
    options
        As in `corridors.model.question.Asked`, but that `cargo` is by default every unit in which the good `commodity`
        travels. One of the two is needed.

    Returns
    -------
    Split
        Share (0 to 1) of every way with its band, hours and cost in USD/t.

    Raises
    ------
    InputError, UnknownNameError
        If an argument is not possible, or the good does not travel in a unit.
    NoRouteError
        If there is no way by any of the units, with the reasons of each.

    >>> import corridors as co
    >>> flour = co.split(co.load(), "Tashkent", "Kabul", commodity="flour", choice=co.Logit(ways=2), draws=200)
    >>> flour.by("cargo")[["share", "p05", "p95"]].round(2).loc["wagon"].tolist()
    [0.14, 0.03, 0.26]
    """
    if draws != 0:
        check_draws(draws, seed, SPREAD_OF_MEANS)
    logit = Logit.of(choice)
    if scale_t_usd is not None:
        logit = replace(logit, scale_t_usd=scale_t_usd, scale_low_t_usd=None, scale_high_t_usd=None)
    asked: dict[str, Any] = dict(options)
    units = cargo_units(net.tables, options["commodity"], asked.pop("cargo"))
    ways = ways_between(net, origin, destination, units, logit, **asked)
    first = ways.routes[0]
    return Split(first.origin, first.destination, options["commodity"], ways, draws, seed)
