"""Connectivity of every scenario of a comparison, on its fixed pairs: the measures of `corridors.measures.metrics`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from corridors.base.arguments import checked
from corridors.base.errors import InputError
from corridors.data.countries import country_asked
from corridors.measures import metrics
from corridors.network.network import Network
from corridors.routing.route import Route
from corridors.whatif.bands import band_of
from corridors.whatif.compare import Comparison
from corridors.whatif.flows import Key, shared_ways

THETA = 5.03
"""Trade elasticity of market access: Reed and Trubetskoy, World Bank WPS 8815, 2019."""

GOODS_USD_T = 3000.0
"""Value of the goods in market access: general goods in containers (table `commodities`)."""

HALF_LIVES_D = (2.0, 5.0, 10.0)
"""Days over which a destination loses half of its weight in potential accessibility (assumed; hence three)."""


@checked
def connectivity(
    comparison: Comparison,
    *,
    theta: float = THETA,
    half_lives_d: Sequence[float] = HALF_LIVES_D,
    countries: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Table of the connectivity of every scenario.

    All measures stand on the pairs and routes of the comparison, so that scenarios with other places stay comparable;
    destinations weigh the same.

    Parameters
    ----------
    comparison
        A comparison; its routes are of least `by`, so a cheaper but slower way can lower accessibility by days. Where
        its pairs are shared out between ways, transit follows the shares; the other measures stay with the best ways,
        for the level of an expected least cost means nothing.
    theta
        Trade elasticity of market access.
    half_lives_d
        Days over which a destination loses half of its weight; one column of accessibility each.
    countries
        Countries whose transit is measured; by default those that any way passes.

    Returns
    -------
    DataFrame
        One row per scenario: unreachable (pairs without a way), efficiency (weighted global efficiency of generalized
        cost, per 1,000 USD/t), efficiency_pct and market_access_pct (change against the base, in percent),
        detour (mean of routed km over straight km), accessibility_<days>d (potential accessibility of the mean
        origin, in destinations, by half-life), and transit_<country> (weighted share of joined pairs).

    Raises
    ------
    InputError
        If a half-life is not above zero.

    >>> import corridors as co
    >>> table = co.connectivity(co.compare([co.load(), "uap-kabul"], ["Almaty"], ["Karachi"], modes={"rail"}))
    >>> table["detour"].round(2).tolist()
    [2.42, 1.94]
    """
    text: object = half_lives_d
    if isinstance(text, str) or not all(days > 0 for days in half_lives_d):
        raise InputError("half_lives_d", half_lives_d, "days above zero")
    rows = {name: _measures(comparison, name, theta, half_lives_d) for name in comparison.scenarios}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("scenario")
    for name in ("efficiency", "market_access"):
        table[f"{name}_pct"] = 100 * (table[name] / table.loc[comparison.base, name] - 1)
    if countries is None:
        codes = transit_countries(comparison)
    else:
        places = comparison.networks[comparison.base].tables["places"]["country"]
        several = [countries] if isinstance(countries, str) else countries
        codes = [country_asked(one, places) for one in several]
    transit = transit_shares(comparison, codes)
    return table.drop(columns="market_access").join(transit.add_prefix("transit_"))


def _matrix(comparison: Comparison, name: str, measure: str) -> pd.DataFrame:
    """Measure along the routes of one scenario; inf where there is no way."""
    values = {
        pair: np.inf if (route := comparison.routes[(name, *pair)]) is None else getattr(route, measure)
        for pair in comparison.pair_list
    }
    return pd.Series(values).unstack(fill_value=0.0)


def _measures(comparison: Comparison, name: str, theta: float, half_lives_d: Sequence[float]) -> dict[str, float]:
    cost, hours, km = (_matrix(comparison, name, measure) for measure in ("generalized_usd_t", "hours", "km"))
    weights = pd.Series(comparison.weights).unstack(fill_value=0.0).reindex_like(cost)
    masses = dict.fromkeys(cost.columns, 1.0)
    return {
        "unreachable": metrics.unreachable(cost),
        "efficiency": 1000 * metrics.global_efficiency(cost, weights=weights),
        "market_access": float(metrics.market_access(cost, masses, theta=theta, goods_value_usd_t=GOODS_USD_T).mean()),
        "detour": _detour(comparison, km),
        **{
            f"accessibility_{days:g}d": float(
                metrics.potential_accessibility(hours / 24, masses, half_life=days).mean()
            )
            for days in half_lives_d
        },
    }


def _detour(comparison: Comparison, km: pd.DataFrame) -> float:
    """Detour index of the pairs joined; nan where none is, or all lie at one point."""
    problem = next((route.problem for route in comparison.routes.values() if route is not None), None)
    if problem is None or not np.isfinite(km.to_numpy()).any():
        return float("nan")
    straight = metrics.great_circle_matrix(Network(problem.tables, problem.view), km.index, km.columns)
    apart = (straight.to_numpy() > 0) & np.isfinite(km.to_numpy())
    return metrics.detour_index(km, straight) if apart.any() else float("nan")


def transit_countries(comparison: Comparison) -> list[str]:
    """Countries that any way of a comparison passes between its ends, in order of their codes.

    Parameters
    ----------
    comparison
        The comparison.

    >>> import corridors as co
    >>> transit_countries(co.compare([co.load(), "uap-kabul"], ["Tashkent"], ["Karachi"], modes={"rail"}))
    ['AF', 'IR', 'TM']
    """
    routes = (way for key in comparison.routes for way, _ in _ways(comparison, key))
    return sorted({country for route in routes for country in route.countries[1:-1]})


def _ways(comparison: Comparison, key: Key) -> list[tuple[Route, float]]:
    """Ways of a pair in a scenario with their shares."""
    return shared_ways(comparison.routes[key], comparison.choices.get(key))


def transit_shares(comparison: Comparison, countries: Iterable[str]) -> pd.DataFrame:
    """Weighted share of joined pairs that transit each country, by the shares of their ways where there is a choice.

    Parameters
    ----------
    comparison, countries
        The comparison, and codes of countries.

    Returns
    -------
    DataFrame
        One row per scenario, one column per country; nan where no pair is joined.

    >>> import corridors as co
    >>> by_rail = co.compare(co.load(), ["Almaty"], ["Karachi"], modes={"rail"})
    >>> transit_shares(by_rail, ["AF", "IR"]).loc["base"].tolist()
    [0.0, 1.0]
    """
    shares = pd.DataFrame(np.nan, index=pd.Index(comparison.scenarios, name="scenario"), columns=list(countries))
    for name in comparison.scenarios:
        joined = [
            (comparison.weights[pair] * share, route)
            for pair in comparison.pair_list
            for route, share in _ways(comparison, (name, *pair))
        ]
        for country in shares if joined else ():
            passing = sum(weight for weight, route in joined if country in route.countries[1:-1])
            shares.loc[name, country] = passing / sum(weight for weight, _ in joined)
    return shares


def transit_band(comparison: Comparison, scenario: str, country: str) -> tuple[float, float]:
    """5 % and 95 % points of the weighted share of joined pairs that transit a country; nan without drawn shares.

    Parameters
    ----------
    comparison
        A comparison whose pairs are shared out between ways, with draws.
    scenario, country
        Name of the scenario, and code of the country.

    >>> import corridors as co
    >>> one = {"cargo": "wagon", "choice": co.Logit(ways=2), "draws": 100}
    >>> split = co.compare(co.load(), ["Tashkent"], ["Kabul"], **one)
    >>> [round(end, 2) for end in transit_band(split, "base", "TM")]
    [0.0, 0.0]
    """
    joined = [pair for pair in comparison.pair_list if (scenario, *pair) in comparison.choices]
    if not joined or not comparison.draws:
        return float("nan"), float("nan")
    drawn = np.zeros(comparison.draws)
    for pair in joined:
        routes = comparison.choices[scenario, *pair].routes
        passes = np.array([country in route.countries[1:-1] for route in routes], dtype=float)
        drawn += comparison.weights[pair] * (comparison.share_samples(scenario, *pair) @ passes)
    return band_of(drawn / sum(comparison.weights[pair] for pair in joined))
