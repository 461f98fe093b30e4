"""Ways to choose between: really different corridors of every cargo unit, and the logit that shares them out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from corridors.base.arguments import checked
from corridors.base.errors import InputError, NoRouteError
from corridors.base.names import near
from corridors.data import schema
from corridors.data.tables import Tables
from corridors.model.expansion import CARGO
from corridors.routing import choice
from corridors.routing.choice import NEST_SCALE, SCALE, SCALE_HIGH, SCALE_LOW, Floats
from corridors.routing.passed import passed
from corridors.routing.queries import Queries
from corridors.routing.route import Route
from corridors.uncertainty.draws import draw_between

NESTS = ("", "mode", "cargo")
"""What nests can be made of."""


@checked
@dataclass(frozen=True, slots=True)
class Logit:
    """How ways are shared out: a path-size logit on the generalized cost, with a stated scale.

    Attributes
    ----------
    scale_t_usd
        Scale in t/USD: the larger, the more surely the cheapest way is chosen. An assumption, not estimated for this
        region.
    scale_low_t_usd, scale_high_t_usd
        5 and 95 % points of the scale in draws; by default 0.4 and 2 times the scale, as 0.02 to 0.1 is of 0.05.
    beta
        Exponent of the path size; 0 is a plain logit.
    nests
        Nothing (no nests), `mode` (the mode of most km) or `cargo` (the cargo unit).
    nest_scale
        Parameter of the nests, above 0 and at most 1.
    ways
        Most ways of each cargo unit.
    dissimilarity
        Smallest share of km (0 to 1) that a way must not share with any better one of its cargo unit.
    dearest
        Ways that cost more than this many times the cheapest one are no choice.

    >>> Logit(nests="mod")
    Traceback (most recent call last):
    corridors.base.errors.InputError: nests='mod' is not possible: nothing, 'mode' or 'cargo' (did you mean 'mode'?).
    """

    scale_t_usd: float = SCALE
    scale_low_t_usd: float | None = None
    scale_high_t_usd: float | None = None
    beta: float = 1.0
    nests: str = ""
    nest_scale: float = NEST_SCALE
    ways: int = 5
    dissimilarity: float = 0.3
    dearest: float = 2.0

    def __post_init__(self) -> None:
        choice.shares([0.0], scale=self.scale_t_usd, beta=self.beta, nests=["a"], nest_scale=self.nest_scale)
        if self.nests not in NESTS:
            hint = "".join(f" (did you mean '{name}'?)" for name in near(str(self.nests), NESTS[1:], most=1))
            raise InputError("nests", self.nests, f"nothing, 'mode' or 'cargo'{hint}")
        low, high = self.scale_range_t_usd
        if not 0 < low <= self.scale_t_usd <= high:
            ends = low, self.scale_t_usd, high
            raise InputError("scale_t_usd", ends, "a scale between its low and its high end, all above zero")
        if self.ways < 1:
            raise InputError("ways", self.ways, "a whole number of ways, 1 or more")
        if not 0 <= self.dissimilarity <= 1:
            raise InputError("dissimilarity", self.dissimilarity, "a share between 0 and 1")
        if not self.dearest >= 1:
            raise InputError("dearest", self.dearest, "1 or more, as a multiple of the least cost")

    @staticmethod
    def of(given: str | Logit) -> Logit:
        """Logit of an option `choice="logit"`, which can be a `Logit` as well.

        Parameters
        ----------
        given
            `"logit"` for the scale of the data, or a `Logit`, which stays as it is.

        Raises
        ------
        InputError
            If it is neither.

        >>> Logit.of("logit").scale_t_usd
        0.05
        """
        if isinstance(given, Logit):
            return given
        if given != "logit":
            raise InputError("choice", given, "'best', 'logit' or a co.Logit(scale_t_usd=..., ...)")
        return Logit()

    @property
    def scale_range_t_usd(self) -> tuple[float, float]:
        """5 and 95 % points of the scale in t/USD.

        >>> Logit(scale_t_usd=0.1).scale_range_t_usd
        (0.04, 0.2)
        """
        low, high = self.scale_low_t_usd, self.scale_high_t_usd
        factors = SCALE_LOW / SCALE, SCALE_HIGH / SCALE
        return (
            factors[0] * self.scale_t_usd if low is None else low,
            factors[1] * self.scale_t_usd if high is None else high,
        )

    def scales(self, draws: int, seed: int = 0) -> Floats:
        """Draws of the scale in t/USD, the same for every pair and scenario.

        Parameters
        ----------
        draws
            Number of draws.
        seed
            Seed of the draws.

        >>> Logit().scales(3, 0).shape
        (3,)
        """
        return draw_between("choice/scale", self.scale_t_usd, *self.scale_range_t_usd, draws=draws, seed=seed)


@dataclass(frozen=True, eq=False)
class Ways:
    """Ways of one pair to choose between, the cheapest first.

    Attributes
    ----------
    routes
        The ways.
    size
        Path size of each (0 to 1). Ways of different cargo units are different services: they share no size.
    logit
        How they are shared out.
    left_out
        Ways that are too dear to be a choice.
    """

    routes: tuple[Route, ...]
    size: Floats
    logit: Logit = field(default_factory=Logit)
    left_out: tuple[Route, ...] = ()

    def __len__(self) -> int:
        return len(self.routes)

    @property
    def costs(self) -> Floats:
        """Generalized cost of each way in USD/t."""
        return np.array([route.generalized_usd_t for route in self.routes])

    @property
    def nests(self) -> list[str] | None:
        """Nest of each way; None without nests."""
        if not self.logit.nests:
            return None
        return [route.cargo if self.logit.nests == "cargo" else main_mode(route) for route in self.routes]

    def _options(self, scale: ArrayLike | None) -> dict[str, Any]:
        mu = self.logit.scale_t_usd if scale is None else scale
        more = {"nests": self.nests, "nest_scale": self.logit.nest_scale}
        return {"scale": mu, "size": self.size, "beta": self.logit.beta, **more}

    def shares(self, costs: ArrayLike | None = None, scale: ArrayLike | None = None) -> Floats:
        """Share of each way (0 to 1), at expected costs and the stated scale or at others (draws by ways).

        >>> import corridors as co
        >>> ways = ways_between(co.load(), "Termez", "Kabul", ["truck"], Logit(ways=2), commodity="flour")
        >>> float(ways.shares().sum().round(6))
        1.0
        """
        return choice.shares(self.costs if costs is None else costs, **self._options(scale))

    def logsum(self, costs: ArrayLike | None = None, scale: ArrayLike | None = None) -> Floats:
        """Expected least cost of the choice in USD/t, at expected costs and the stated scale or at others.

        >>> import corridors as co
        >>> ways = ways_between(co.load(), "Termez", "Kabul", ["truck"], Logit(ways=1), commodity="flour")
        >>> float(ways.logsum()) == float(ways.costs[0])
        True
        """
        return choice.logsum(self.costs if costs is None else costs, **self._options(scale))


def ways_between(
    net: Queries, origin: str, destination: str, cargo: Sequence[str], logit: Logit | None = None, **options: Any
) -> Ways:
    """Really different ways between two places by some cargo units, with their path sizes.

    Parameters
    ----------
    net
        The network.
    origin, destination
        Places by id, name or common spelling.
    cargo
        Cargo units.
    logit
        How ways are found and shared out.
    options
        As in `corridors.model.question.Asked`, without `cargo`.

    Raises
    ------
    NoRouteError
        If there is no way by any of the units, with the reasons of each.

    >>> import corridors as co
    >>> ways = ways_between(co.load(), "Tashkent", "Kabul", ["wagon", "truck"], Logit(ways=2), commodity="flour")
    >>> [route.cargo for route in ways.routes][0], len(ways)
    ('truck', 4)
    """
    rule = logit or Logit()
    found: list[Route] = []
    reasons: list[str] = []
    labels = origin, destination
    for unit in cargo:
        try:
            some = net.alternatives(
                origin, destination, rule.ways, dissimilarity=rule.dissimilarity, cargo=unit, **options
            )
        except NoRouteError as error:
            labels = error.origin, error.destination
            reasons += [f"by {unit}: {reason}" for reason in error.reasons]
        else:
            found += some
    if not found:
        raise NoRouteError(*labels, reasons)
    found.sort(key=lambda route: route.generalized_usd_t)
    most = rule.dearest * found[0].generalized_usd_t
    kept = [route for route in found if route.generalized_usd_t <= most]
    return Ways(tuple(kept), path_sizes(kept), rule, tuple(found[len(kept) :]))


def path_sizes(routes: Sequence[Route]) -> Floats:
    """Path size of ways (0 to 1) by the km of the links and sea hops that they use, of one cargo unit at a time.

    Parameters
    ----------
    routes
        The ways.

    >>> import corridors as co
    >>> path_sizes(co.load().alternatives("Tashkent", "Kabul", 1)).tolist()
    [1.0]
    """
    number: dict[tuple[str, str], int] = {}
    rows, columns, km = [], [], []
    for row, route in enumerate(routes):
        over = passed(route)
        rows += [row] * len(over.idents)
        columns += [number.setdefault((route.cargo, ident), len(number)) for ident in over.idents]
        km += over.km.tolist()
    matrix = np.zeros((len(routes), len(number)))
    matrix[rows, columns] = km
    return choice.path_size(matrix)


def main_mode(route: Route) -> str:
    """Mode of most km of a way.

    >>> import corridors as co
    >>> main_mode(co.load().route("Kostanay", "Kabul", cargo="wagon"))
    'rail'
    """
    e = route.problem.expansion
    km: dict[str, float] = {}
    for mode, length in zip(e.mode[route.step_edges], e.km[route.step_edges], strict=True):
        km[mode] = km.get(mode, 0.0) + float(length)
    return max(km, key=lambda mode: km[mode])


def cargo_units(tables: Tables, commodity: str | None, cargo: str | Iterable[str] | None = None) -> tuple[str, ...]:
    """Cargo units to choose between: those that were asked for, or all that the good can travel in.

    Parameters
    ----------
    tables
        Tables with the commodities.
    commodity
        Id of a commodity.
    cargo
        One or several cargo units; all of the good by default.

    Raises
    ------
    InputError, UnknownNameError
        If neither is given, there is no such commodity or unit, or the good does not travel in it.

    >>> import corridors as co
    >>> cargo_units(co.load().tables, "flour")
    ('wagon', 'container', 'truck')
    """
    asked = () if cargo is None else (cargo,) if isinstance(cargo, str) else tuple(cargo)
    for unit in asked:
        if unit not in CARGO:
            hint = "".join(f" (did you mean '{name}'?)" for name in near(str(unit), CARGO, most=1))
            raise InputError("cargo", unit, f"one of {', '.join(CARGO)}{hint}")
    if commodity is None:
        if len(asked) == 1:
            return asked
        raise InputError("commodity", commodity, "a good, such as 'flour'; or one cargo unit")
    able = schema.items(tables.find("commodities", commodity)["cargo_units"])
    for unit in asked:
        if unit not in able:
            raise InputError("cargo", unit, f"{commodity} travels by {', '.join(able)}")
    return asked or tuple(able)
