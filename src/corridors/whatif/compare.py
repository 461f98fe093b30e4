"""Scenarios side by side, pair by pair, always against the first one, with the same draws for all."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.drawing import Drawing, Panels, drawn
from corridors.base.errors import InputError, UnknownNameError
from corridors.base.progress import progress
from corridors.model import parts
from corridors.model.question import By
from corridors.network.network import Network
from corridors.routing.route import Route
from corridors.uncertainty import totals
from corridors.whatif.flows import flows
from corridors.whatif.scenario import Scenario

if TYPE_CHECKING:
    import geopandas as gpd

NUMBERS = ["km", "hours", "cost_usd_t", "co2e_kg_t", "generalized_usd_t", "borders", "transfers", "gauge_breaks"]
"""Columns of the pair table that are compared."""

KEYS = ["scenario", "origin", "destination"]
Key = tuple[str, str, str]
Samples = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Routes of every pair in every scenario, and the differences from the base (the first scenario).

    Attributes
    ----------
    routes
        Route (None where there is no way) by scenario, origin and destination.
    base
        Name of the scenario that the others are measured against.
    weights
        Weight of each pair, adding up to one.
    draws, seed
        Number of draws (0: expected values only) and their seed.
    networks
        Network of each scenario.
    """

    routes: Mapping[Key, Route | None]
    base: str
    weights: Mapping[tuple[str, str], float] = field(default_factory=dict)
    draws: int = 0
    seed: int = 0
    networks: Mapping[str, Network] = field(default_factory=dict)

    plot = drawn[Drawing | Panels]("plot_comparison")
    explore = drawn[Any]("explore_comparison")
    slope = drawn[Drawing]("slope")
    gain_against_cost = drawn[Drawing]("gain_against_cost")

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios, the base first."""
        return list(dict.fromkeys(key[0] for key in self.routes))

    @property
    def pair_list(self) -> list[tuple[str, str]]:
        """Pairs of origin and destination."""
        return list(dict.fromkeys((o, d) for _, o, d in self.routes))

    def renamed(self, names: Mapping[str, str]) -> Comparison:
        """Give the comparison with other names of scenarios, such as titles for a chart.

        >>> import corridors as co
        >>> co.compare({"base": co.load()}, ["Almaty"], ["Karachi"]).renamed({"base": "Today"}).scenarios
        ['Today']
        """
        routes = {(names.get(key[0], key[0]), key[1], key[2]): route for key, route in self.routes.items()}
        if len(routes) < len(self.routes):
            raise InputError("names", dict(names), "a name of its own for every scenario")
        networks = {names.get(name, name): net for name, net in self.networks.items()}
        return replace(self, routes=routes, base=names.get(self.base, self.base), networks=networks)

    def pairs(self) -> pd.DataFrame:
        """Give one row per scenario and pair.

        Columns: scenario, origin, destination, the totals of the route (km, hours, cost_usd_t, co2e_kg_t,
        generalized_usd_t, borders, transfers, gauge_breaks, modes, countries, crossings), `<number>_delta` and
        `<number>_ratio` against the base, and `status`: both, only_base, only_scenario or neither.

        With draws also hours_p05, hours_p50 and hours_p95 (of trips), and of the differences from the base
        hours_delta_p05, hours_delta_p95, generalized_delta_p05, generalized_delta_p95 (of what is known of the
        means), `p_better` (probability of a lower generalized cost) and `tie` (the band of the difference of
        generalized cost holds zero).
        """
        table = pd.DataFrame([_record(key, route) for key, route in self.routes.items()])
        base = table[table["scenario"] == self.base].drop(columns="scenario")
        both = table.merge(base, on=["origin", "destination"], suffixes=("", "_base"), how="left")
        for name in NUMBERS:
            table[f"{name}_delta"] = (both[name] - both[f"{name}_base"]).to_numpy()
        for name in NUMBERS[:5]:
            table[f"{name}_ratio"] = (both[name] / both[f"{name}_base"]).to_numpy()
        here, there = both["km"].notna(), both["km_base"].notna()
        table["status"] = [_STATUS[pair] for pair in zip(here, there, strict=True)]
        return table.join(self._bands()) if self.draws else table

    def _bands(self) -> pd.DataFrame:
        trips = self.samples("hours", "both")
        hours, general = self.samples("hours", "knowledge"), self.samples("generalized_usd_t", "knowledge")
        rows = []
        for key in self.routes:
            basis = (self.base, *key[1:])
            row: dict[str, Any] = {}
            if key in trips:
                row |= {f"hours_p{p:02d}": np.percentile(trips[key], p) for p in (5, 50, 95)}
            if key in general and basis in general:
                for name, found in (("hours", hours), ("generalized", general)):
                    delta = found[key] - found[basis]
                    row[f"{name}_delta_p05"], row[f"{name}_delta_p95"] = np.percentile(delta, (5, 95))
                row["p_better"] = float((general[key] < general[basis]).mean())
                row["tie"] = row["generalized_delta_p05"] <= 0 <= row["generalized_delta_p95"]
            rows.append(row)
        return pd.DataFrame(rows)

    def samples(self, measure: str = "hours", spread: str = "both") -> Mapping[Key, Samples]:
        """Give the draws of every route; the same draw of a parameter stands behind all of them.

        Raises
        ------
        InputError
            If the comparison was made without draws.
        """
        if not self.draws:
            raise InputError("draws", self.draws, "compare(..., draws=2000) gives a comparison with draws")
        if (measure, spread) not in self._drawn:
            self._drawn[measure, spread] = self._draw(measure, spread)
        return self._drawn[measure, spread]

    @cached_property
    def _drawn(self) -> dict[tuple[str, str], Mapping[Key, Samples]]:
        return {}

    def _draw(self, measure: str, spread: str) -> dict[Key, Samples]:
        found: dict[Key, Samples] = {}
        for name in self.scenarios:
            mine = {key: route for key, route in self.routes.items() if key[0] == name and route is not None}
            if mine:
                weights = np.array([parts.coefficients(route, measure) for route in mine.values()])
                theta = next(iter(mine.values())).problem.tables.theta
                rows = totals.weighted(theta, weights, self.draws, self.seed, spread)
                found.update(zip(mine, rows, strict=True))
        return found

    def table(self, measure: str = "hours") -> pd.DataFrame:
        """Give a measure with one row per pair and one column per scenario.

        >>> import corridors as co
        >>> net = co.load()
        >>> co.compare({"base": net}, ["Almaty"], ["Karachi"]).table("km").shape
        (1, 1)
        """
        if measure not in NUMBERS:
            raise InputError("measure", measure, f"one of {', '.join(NUMBERS)}")
        routes = [self.routes[(scenario, *pair)] for pair in self.pair_list for scenario in self.scenarios]
        values = [np.nan if route is None else route.summary()[measure] for route in routes]
        cells = np.array(values).reshape(len(self.pair_list), len(self.scenarios))
        index = pd.MultiIndex.from_tuples(self.pair_list, names=["origin", "destination"])
        return pd.DataFrame(cells, index, pd.Index(self.scenarios, name="scenario"))

    def overall(self, by: str | None = None) -> pd.DataFrame:
        """Give weighted means over the pairs that are joined both in the base and in the scenario.

        Parameters
        ----------
        by
            `origin` or `destination` for one row each; by default one row per scenario.

        Returns
        -------
        DataFrame
            pairs, compared, gaining (lower generalized cost), joined and parted (counted, never averaged away),
            and the weighted mean differences hours_delta, cost_usd_t_delta, co2e_kg_t_delta and
            generalized_usd_t_delta.
        """
        table = self.pairs()
        table["weight"] = [self.weights[o, d] for o, d in zip(table["origin"], table["destination"], strict=True)]
        keys = ["scenario"] if by is None else ["scenario", by]
        if by not in (None, "origin", "destination"):
            raise InputError("by", by, "origin or destination")
        rows = {key: _mean(part) for key, part in table.groupby(keys, sort=False)}
        found = pd.DataFrame.from_dict(rows, orient="index")
        names = list(rows) if by else [key[0] for key in rows]
        found.index = pd.MultiIndex.from_tuples(names, names=keys) if by else pd.Index(names, name="scenario")
        return found

    def overall_band(self, scenario: str, measure: str = "generalized_usd_t") -> tuple[float, float]:
        """Give p05 and p95 of the weighted mean change of a measure, of what is known of the means.

        Over the pairs joined in both, from paired draws; nan where there is no such pair, or no draws were made.

        >>> import corridors as co
        >>> scenarios = {"base": co.load(), "kabul": co.Scenario("kabul").build("uap-kabul")}
        >>> gain = co.compare(scenarios, ["Tashkent"], ["Karachi"], modes={"rail"}, draws=100)
        >>> low, high = gain.overall_band("kabul")
        >>> bool(low < gain.overall().loc["kabul", "generalized_usd_t_delta"] < high)
        True
        """
        drawn = self.samples(measure, "knowledge") if self.draws else {}
        pairs = [p for p in self.pair_list if (scenario, *p) in drawn and (self.base, *p) in drawn]
        if not pairs:
            return float("nan"), float("nan")
        weights = np.array([self.weights[p] for p in pairs])
        change = np.array([drawn[(scenario, *p)] - drawn[(self.base, *p)] for p in pairs])
        low, high = np.percentile(weights @ change / weights.sum(), (5, 95))
        return float(low), float(high)

    def beats(self) -> pd.DataFrame:
        """Give the probability that one scenario (row) has a lower weighted generalized cost than another (column).

        From paired draws of what is known of the means, over the pairs joined in both.
        """
        drawn = self.samples("generalized_usd_t", "knowledge")
        found = pd.DataFrame(np.nan, self.scenarios, self.scenarios)
        for one in self.scenarios:
            for other in self.scenarios:
                shared = [p for p in self.pair_list if (one, *p) in drawn and (other, *p) in drawn]
                if shared and one != other:
                    gap = sum(self.weights[p] * (drawn[(one, *p)] - drawn[(other, *p)]) for p in shared)
                    found.loc[one, other] = float((np.asarray(gap) < 0).mean())
        return found

    def flows(self) -> gpd.GeoDataFrame:
        """Weighted share of pairs that each link and sea hop carries, scenario by scenario.

        Returns
        -------
        GeoDataFrame
            scenario, id, mode, gauge_mm, from_id and to_id in the direction in which it is first used, share (0 to
            1), base_share, delta, and the line in that direction.

        >>> import corridors as co
        >>> flows = co.compare({"base": co.load()}, ["Tashkent"], ["Karachi"], modes={"rail"}).flows()
        >>> len(flows), float(flows["share"].max())
        (38, 1.0)
        """
        return flows(self.routes, self.weights, self.base)

    def between(self, origin: str, destination: str) -> dict[str, Route]:
        """Give the routes of one pair by scenario, for charts and maps; scenarios without a way are left out.

        >>> import corridors as co
        >>> gain = co.compare({"base": co.load()}, ["Almaty"], ["Karachi"])
        >>> list(gain.between("almaty", "karachi"))
        ['base']
        """
        if (origin, destination) not in self.pair_list:
            pairs = [f"{o} - {d}" for o, d in self.pair_list]
            value = f"{origin} - {destination}"
            raise UnknownNameError(
                "pair", value, difflib.get_close_matches(value, pairs), "Give the ids of the places."
            )
        found = {name: self.routes[name, origin, destination] for name in self.scenarios}
        return {name: route for name, route in found.items() if route is not None}

    def __repr__(self) -> str:
        shown = self.table().round(1).to_string()
        return f"Comparison of {', '.join(self.scenarios)} on {len(self.pair_list)} pairs, hours\n{shown}"

    def _repr_html_(self) -> str:
        return str(self.table().round(1).to_html(border=0))


_STATUS = {(True, True): "both", (True, False): "only_scenario", (False, True): "only_base", (False, False): "neither"}


def _record(key: Key, route: Route | None) -> dict[str, Any]:
    totals = {} if route is None else {k: v for k, v in route.summary().items() if k not in ("origin", "destination")}
    blank: dict[str, Any] = {**dict.fromkeys(NUMBERS), "modes": "", "countries": "", "crossings": ""}
    record = {**dict(zip(KEYS, key, strict=True)), **blank, **totals}
    return {k: float("nan") if v is None else v for k, v in record.items() if k not in ("cargo", "by")}


def _mean(part: pd.DataFrame) -> dict[str, float]:
    both = part[part["status"] == "both"]
    weight = both["weight"] / both["weight"].sum() if len(both) else both["weight"]
    deltas = {f"{n}_delta": float((both[f"{n}_delta"] * weight).sum()) for n in NUMBERS[1:5]}
    return {
        "pairs": len(part),
        "compared": len(both),
        "gaining": int((both["generalized_usd_t_delta"] < -GAIN_USD_T).sum()),
        "joined": int((part["status"] == "only_scenario").sum()),
        "parted": int((part["status"] == "only_base").sum()),
        **deltas,
    }


GAIN_USD_T = 1e-9
"""Difference of generalized cost from which a pair counts as gaining: anything beyond rounding."""


def compare(
    scenarios: Mapping[str, Network | Scenario],
    origins: str | Iterable[str],
    destinations: str | Iterable[str],
    *,
    by: By = "generalized",
    cargo: str = "container",
    modes: str | Iterable[str] | None = None,
    weights: str | Mapping[str, float] | None = None,
    draws: int = 0,
    seed: int = 0,
    **options: Any,
) -> Comparison:
    """Route every pair in every scenario and compare with the first.

    Parameters
    ----------
    scenarios
        Networks by name, the first being the base; a `Scenario` is applied to the base.
    origins, destinations
        Places, or the name of a set of places.
    by, cargo, modes, options
        As in `Network.route`; the same for every scenario.
    weights
        Weights of the origins: `population`, or numbers by place id; equal by default.
    draws, seed
        Draws of the parameters for bands and probabilities; none by default.

    Raises
    ------
    InputError
        If there is no scenario, the first is no network, or a weight is missing.

    >>> import corridors as co
    >>> net = co.load()
    >>> scenarios = {"base": net, "kabul": co.Scenario("kabul").build("uap-kabul")}
    >>> gain = co.compare(scenarios, ["Tashkent"], ["Karachi"], cargo="wagon", modes={"rail"})
    >>> bool(gain.overall().loc["kabul", "hours_delta"] < 0)
    True
    """
    names = list(scenarios)
    if not names or not isinstance(scenarios[names[0]], Network):
        raise InputError("scenarios", names, "a dict of networks or scenarios by name that begins with a network")
    base = scenarios[names[0]]
    assert isinstance(base, Network)  # noqa: S101 - checked above
    routes: dict[Key, Route | None] = {}
    networks: dict[str, Network] = {}
    for name, given in progress(list(scenarios.items()), "scenarios"):
        networks[name] = net = given.apply(base) if isinstance(given, Scenario) else given
        found = net.routes(origins, destinations, by=by, cargo=cargo, modes=modes, **options)
        routes.update({(name, *pair): route for pair, route in found.items()})
    shares = _weights(base, list(dict.fromkeys((o, d) for _, o, d in routes)), weights)
    return Comparison(routes, names[0], shares, draws, seed, networks)


def _weights(
    net: Network, pairs: list[tuple[str, str]], weights: str | Mapping[str, float] | None
) -> dict[tuple[str, str], float]:
    """Give every pair the weight of its origin, adding up to one."""
    if isinstance(weights, str):
        if weights != "population":
            raise InputError("weights", weights, "'population', or a dict of numbers by place id")
        weights = dict(net.places["population"])
    given = dict.fromkeys((origin for origin, _ in pairs), 1.0) if weights is None else weights
    raw = {pair: float(given.get(pair[0], float("nan"))) for pair in pairs}
    for (origin, _), weight in raw.items():
        if not weight > 0:
            raise InputError("weights", weight, f"'{origin}' needs a positive weight")
    total = sum(raw.values())
    return {pair: weight / total for pair, weight in raw.items()}


def break_even(one: Route, other: Route, parameter: str, measure: str = "generalized_usd_t") -> float:
    """Find the value of a parameter at which two routes are equal.

    Both totals are linear in the parameters (a speed counts as slowness), so the answer is exact.

    Parameters
    ----------
    one, other
        The routes; all other parameters keep their values.
    parameter
        Name of the parameter.
    measure
        `hours`, `cost_usd_t`, `co2e_kg_t` or `generalized_usd_t`.

    Returns
    -------
    float
        Value in the unit of the table; `nan` where no positive value makes the two equal.

    >>> import corridors as co
    >>> net = co.load()
    >>> today, kabul = (n.route("Almaty", "Karachi", modes={"rail"}) for n in (net, net.build("uap-kabul")))
    >>> hours = break_even(kabul, today, "border/kharlachi/PK/rail/hours", "hours")
    >>> hours > 24
    True
    """
    theta = one.problem.tables.theta
    if parameter not in theta.names:
        raise InputError("parameter", parameter, "the full name of a parameter; net.parameters lists them")
    row = theta.names.index(parameter)
    a, b = (parts.coefficients(route, measure) for route in (one, other))
    gap, slope = float((a - b) @ theta.value), float(a[row] - b[row])
    if slope == 0:
        return float("nan")
    value = float(theta.value[row]) - gap / slope
    unit = theta.table["unit"].iloc[row]
    if value <= 0:
        return float("nan")
    return 1 / value if unit == "km/h" else value * 1000 if unit in ("h/1000km", "g/tkm") else value
