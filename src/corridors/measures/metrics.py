"""Connectivity measures of a cost matrix: efficiency, detour, accessibility, market access, logsum, structure.

A matrix has origins as rows and destinations as columns, as `net.matrix` gives it; `inf` is a pair without a way.
A place with itself is left out unless said otherwise. Scenarios are compared on the same places and the same
weights: a new place alone can lower an average.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from shapely.geometry import LineString

from corridors.base.errors import InputError
from corridors.data.geography import great_circle_km
from corridors.measures.choice import (
    break_even_km,
    logit_shares,
    logsum,
    logsum_benefit,
    positive,
    time_tariff_equivalent,
)
from corridors.network.network import Network
from corridors.whatif.weights import Weights, pair_weights

__all__ = [
    "algebraic_connectivity",
    "break_even_km",
    "detour_index",
    "global_efficiency",
    "great_circle_matrix",
    "land_value_gain",
    "logit_shares",
    "logsum",
    "logsum_benefit",
    "market_access",
    "pair_weights",
    "potential_accessibility",
    "relative_efficiency",
    "time_tariff_equivalent",
    "unreachable",
]

Floats = NDArray[np.float64]


def great_circle_matrix(net: Network, origins: str | Iterable[str], destinations: str | Iterable[str]) -> pd.DataFrame:
    """Straight way in km (shortest line on the ellipsoid) between every pair of places.

    Parameters
    ----------
    net
        The network.
    origins, destinations
        Places, or the name of a set of places.

    Returns
    -------
    DataFrame
        Origins by destinations, 0 from a place to itself.

    >>> import corridors as co
    >>> net = co.load()
    >>> great_circle_matrix(net, ["Almaty"], ["Karachi"]).round().loc["almaty", "karachi"].item()
    2238.0
    """
    rows, columns = net.place_set(origins), net.place_set(destinations)
    at = {ident: net.tables.point(ident) for ident in (*rows, *columns)}
    km = [[great_circle_km(LineString([at[a], at[b]])) if a != b else 0.0 for b in columns] for a in rows]
    return pd.DataFrame(km, pd.Index(rows, name="origin"), pd.Index(columns, name="destination"))


def unreachable(matrix: pd.DataFrame) -> int:
    """Number of pairs of different places without a way.

    Parameters
    ----------
    matrix
        Cost of every pair, in any unit; `inf` where there is no way.

    >>> import corridors as co
    >>> unreachable(co.load().matrix("kazakhstan", "south-asian-ports"))
    0
    """
    return int((np.isinf(_costs(matrix)) & ~_same(matrix)).sum())


def global_efficiency(matrix: pd.DataFrame, *, weights: Weights = None) -> float:
    r"""Mean closeness of all pairs: the weighted mean of 1 / cost, where a pair without a way counts 0.

    A pair without cost, such as the two sides of a border in km, has no closeness and is left out.

    .. math:: E = \sum_{i \ne j} w_{ij} / d_{ij} \Big/ \sum_{i \ne j} w_{ij}

    networkx's function of this name ignores lengths.

    Parameters
    ----------
    matrix
        Cost of every pair in km, hours or USD/t; the result is in one over that unit.
    weights
        Weights of ordered pairs, in any form of `corridors.whatif.weights`; equal by default.

    Raises
    ------
    InputError
        If a pair of different places costs nothing.

    References
    ----------
    V. Latora and M. Marchiori, "Efficient behavior of small-world networks", Physical Review Letters 87,
    198701, 2001, doi:10.1103/PhysRevLett.87.198701; weighted form: European Physical Journal B 32, 2003,
    doi:10.1140/epjb/e2003-00095-5.

    >>> import corridors as co
    >>> hours = co.load().matrix("kazakhstan", "south-asian-ports")
    >>> round(1 / global_efficiency(hours))  # hours, the harmonic mean
    319
    """
    cost, weight = _costs(matrix), pair_weights(matrix, weights)
    weight = np.where(cost == 0, 0.0, weight)
    if not weight.any():
        raise InputError("matrix", 0.0, "the cost between different places is more than zero")
    closeness = np.divide(1.0, cost, out=np.zeros_like(cost), where=weight > 0)
    return float((weight * closeness).sum() / weight.sum())


def relative_efficiency(matrix: pd.DataFrame, ideal: pd.DataFrame, *, weights: Weights = None) -> float:
    """Global efficiency as a share of that of an ideal network, in which every pair is joined directly.

    Pairs without cost in either are left out of both.

    Parameters
    ----------
    matrix
        Cost of every pair.
    ideal
        The same in the ideal network. For km it is `great_circle_matrix`, and the share lies between 0 and 1; for
        hours divide that by a speed of reference, and state the speed.
    weights
        As in `global_efficiency`.

    >>> import corridors as co
    >>> net, ends = co.load(), ("kazakhstan", "south-asian-ports")
    >>> ideal = great_circle_matrix(net, *ends)
    >>> round(relative_efficiency(net.matrix(*ends, "distance"), ideal), 2)
    0.67
    """
    best = _like(ideal, matrix)
    counted = np.where((_costs(matrix) == 0) | (_costs(best, "ideal") == 0), 0.0, pair_weights(matrix, weights))
    counted = pd.DataFrame(counted, matrix.index, matrix.columns)
    return global_efficiency(matrix, weights=counted) / global_efficiency(best, weights=counted)


def detour_index(matrix_km: pd.DataFrame, ideal: pd.DataFrame, *, kind: str = "mean", weights: Weights = None) -> float:
    """Factor by which the ways are longer than the straight lines.

    Pairs without a way, and those at one point, such as the two sides of a border, are left out.

    Parameters
    ----------
    matrix_km, ideal, weights
        Routed and straight km of the same pairs, and their weights (equal by default).
    kind
        `mean` of the ratios of pairs, or `ratio_of_sums` (circuity as in osmnx), in which long pairs count more.

    Raises
    ------
    InputError
        If there is no such kind, or all places stand on one spot.

    References
    ----------
    G. Boeing, "OSMnx", Computers, Environment and Urban Systems 65, 2017,
    doi:10.1016/j.compenvurbsys.2017.05.004.

    >>> import corridors as co
    >>> net, ends = co.load(), ("kazakhstan", "south-asian-ports")
    >>> round(detour_index(net.matrix(*ends, "distance"), great_circle_matrix(net, *ends)), 2)
    1.5
    """
    if kind not in ("mean", "ratio_of_sums"):
        raise InputError("kind", kind, "mean or ratio_of_sums")
    km, straight = _costs(matrix_km), _costs(_like(ideal, matrix_km), "ideal")
    weight = pair_weights(matrix_km, weights)
    used = (weight > 0) & np.isfinite(km)
    if not used.any():
        return float("nan")
    used &= straight > 0
    km, straight, weight = km[used], straight[used], weight[used]
    if not used.any():
        raise InputError("ideal", 0.0, "the straight way between different places is more than zero")
    if kind == "mean":
        return float(np.average(km / straight, weights=weight))
    return float((weight * km).sum() / (weight * straight).sum())


def potential_accessibility(
    matrix: pd.DataFrame,
    masses: Mapping[str, float],
    *,
    half_life: float | None = None,
    alpha: float | None = None,
    own: bool = False,
) -> pd.Series:
    r"""Masses that each origin reaches, each counted less the farther it is.

    .. math:: A_i = \sum_{j} M_j \, 2^{-c_{ij} / h} \quad\text{or}\quad A_i = \sum_j M_j \, c_{ij}^{-\alpha}

    How fast freight decays is not known for these corridors: show 2, 5 and 10 days, and whether the ranking holds.

    Parameters
    ----------
    matrix
        Cost of every pair.
    masses
        Mass of every destination, such as population or trade.
    half_life, alpha
        Cost, in the unit of the matrix, at which a mass counts half; or the exponent of decay by a power.
    own
        Whether a place reaches its own mass, too (with a half-life only).

    Raises
    ------
    InputError
        If not exactly one of `half_life` and `alpha` is stated, or a cost of 0 meets `alpha`.

    References
    ----------
    W. G. Hansen, "How accessibility shapes land use", Journal of the American Institute of Planners
    25(2), 1959, doi:10.1080/01944365908978307.

    >>> import corridors as co
    >>> hours = co.load().matrix("kazakhstan", "south-asian-ports")
    >>> access = potential_accessibility(hours, dict.fromkeys(hours.columns, 1.0), half_life=120)
    >>> access.round(2)[["almaty", "kostanay"]].tolist()
    [1.39, 0.97]
    """
    if (half_life is None) == (alpha is None) or (own and half_life is None):
        raise InputError("half_life, alpha, own", (half_life, alpha, own), "one of the two; own only with half_life")
    rate = positive("half_life", half_life) if half_life is not None else positive("alpha", alpha)
    cost = _costs(matrix)
    keep = np.ones_like(cost, dtype=bool) if own else ~_same(matrix)
    if half_life is not None:
        decay = np.exp2(-cost / rate)
    elif (cost[keep] == 0).any():
        raise InputError("matrix", 0.0, "with alpha, the cost between different places is more than zero")
    else:
        decay = np.where(keep, cost, 1.0) ** -rate
    return _sums(np.where(keep, decay, 0.0), matrix, masses, "accessibility")


def market_access(
    matrix_cost: pd.DataFrame, masses: Mapping[str, float], *, theta: float, goods_value_usd_t: float, own: bool = False
) -> pd.Series:
    r"""Access of each origin to markets: their masses, reduced by trade costs.

    .. math:: MA_o = \sum_{d} \tau_{od}^{-\theta} N_d, \qquad \tau_{od} = 1 + c_{od} / p

    Nearly without scale: report its relative change, never its level. Published elasticities: theta 8.22 (Donaldson
    and Hornbeck), 5.03 (Reed and Trubetskoy, for roads and railways of Asia), 1 (market potential).

    Parameters
    ----------
    matrix_cost
        Cost :math:`c` of every pair in USD/t, such as generalized cost.
    masses
        Size :math:`N` of the market of every destination.
    theta, goods_value_usd_t
        Elasticity of trade to its costs, and value :math:`p` of the goods.
    own
        Whether a place is a market for itself.

    References
    ----------
    D. Donaldson and R. Hornbeck, "Railroads and American economic growth: a market access approach",
    Quarterly Journal of Economics 131(2), 2016, doi:10.1093/qje/qjw002. T. Reed and A. Trubetskoy, "Assessing the
    value of market access from Belt and Road projects", World Bank WPS 8815, 2019, doi:10.1596/1813-9450-8815.

    >>> import corridors as co
    >>> cost = co.load().matrix("kazakhstan", "south-asian-ports", "generalized")
    >>> access = market_access(cost, dict.fromkeys(cost.columns, 1.0), theta=5.03, goods_value_usd_t=3000)
    >>> access.round(1)[["almaty", "kostanay"]].tolist()
    [3.2, 2.6]
    """
    tau = 1 + _costs(matrix_cost) / positive("goods_value_usd_t", goods_value_usd_t)
    decay = tau ** -positive("theta", theta)
    return _sums(np.where(_same(matrix_cost) & (not own), 0.0, decay), matrix_cost, masses, "market_access")


def land_value_gain(log_change: float, gdp: float, *, theta: float, alpha: float = 0.05) -> float:
    r"""Yearly gain in land rent from a change of market access.

    .. math:: \alpha \, Y \left( \exp(\Delta\ln MA)^{1 / (1 + \alpha\theta)} - 1 \right)

    Parameters
    ----------
    log_change
        Change of the logarithm of market access.
    gdp
        Product :math:`Y` of the place; the gain has its unit.
    theta, alpha
        Elasticity of trade to its costs, and share :math:`\alpha` of land in income.

    References
    ----------
    T. Reed and A. Trubetskoy, World Bank WPS 8815, 2019, doi:10.1596/1813-9450-8815.

    >>> round(land_value_gain(0.1, 1000, theta=5.03), 3)
    4.159
    """
    return alpha * gdp * float(np.expm1(log_change / (1 + alpha * positive("theta", theta))))


def algebraic_connectivity(graph: Network | nx.Graph[Any], *, cargo: str = "container") -> float:
    """Second smallest eigenvalue of the Laplacian weighted by conductance; 0 if the graph is disconnected.

    A number of structure without a plain meaning for planners: the larger, the harder to fall apart.

    Parameters
    ----------
    graph
        A graph whose edges have a `conductance` (1 / hours; 1 where not given); parallel edges add up, a one-way edge
        counts half. Of a network it is the expanded graph, without states that nothing joins.
    cargo
        Cargo unit for which a network is expanded.

    Raises
    ------
    InputError
        If a conductance is negative or not finite.

    References
    ----------
    M. Fiedler, "Algebraic connectivity of graphs", Czechoslovak Mathematical Journal 23(2), 1973,
    doi:10.21136/CMJ.1973.101168.

    >>> import networkx as nx
    >>> round(algebraic_connectivity(nx.cycle_graph(6)), 6)
    1.0
    """
    joined: nx.Graph[Any] = graph if isinstance(graph, nx.Graph) else _conductance_graph(graph, cargo)
    if len(joined) < 2:
        return 0.0
    conductance = nx.to_numpy_array(joined, weight="conductance", multigraph_weight=sum)
    if not (np.isfinite(conductance) & (conductance >= 0)).all():
        raise InputError("graph", "conductance", "every conductance is finite and not negative")
    conductance = (conductance + conductance.T) / 2
    if not nx.is_connected(nx.from_numpy_array(conductance)):
        return 0.0
    laplacian = np.diag(conductance.sum(axis=1)) - conductance
    return float(np.linalg.eigvalsh(laplacian)[1])


def _conductance_graph(net: Network, cargo: str) -> nx.MultiDiGraph[Any]:
    """Expanded graph of a network, without ends and without states that nothing joins."""
    graph = net.graph(expanded=True, cargo=cargo, plain=False)
    graph.remove_nodes_from([state for state in graph if state[1] in ("origin", "destination")])
    graph.remove_nodes_from(list(nx.isolates(graph)))
    for _, _, edge in graph.edges(data=True):
        if edge["hours"] <= 0:
            raise InputError("graph", edge["hours"], f"a {edge['kind']} edge takes time, or has no conductance")
        edge["conductance"] = 1 / edge["hours"]
    return graph


def _same(matrix: pd.DataFrame) -> NDArray[np.bool_]:
    """Pairs of a place with itself."""
    return np.asarray(matrix.index.to_numpy()[:, None] == matrix.columns.to_numpy()[None, :], dtype=bool)


def _costs(matrix: pd.DataFrame, name: str = "matrix") -> Floats:
    costs = np.asarray(matrix.to_numpy(dtype=float))
    if not (costs >= 0).all():
        raise InputError(name, float(costs[~(costs >= 0)][0]), "costs are zero or more, inf where there is no way")
    return costs


def _like(ideal: pd.DataFrame, matrix: pd.DataFrame) -> pd.DataFrame:
    """Put the ideal in the order of the matrix."""
    if missing := [*matrix.index.difference(ideal.index), *matrix.columns.difference(ideal.columns)]:
        raise InputError("ideal", ", ".join(map(str, missing)), "the ideal has every place of the matrix")
    return ideal.loc[matrix.index, matrix.columns]


def _sums(decay: Floats, matrix: pd.DataFrame, masses: Mapping[str, float], name: str) -> pd.Series:
    """Add up the decayed masses of each origin."""
    if missing := [place for place in matrix.columns if place not in masses]:
        raise InputError("masses", ", ".join(map(str, missing)), "every destination of the matrix has a mass")
    mass = np.array([masses[place] for place in matrix.columns], dtype=float)
    if not (np.isfinite(mass) & (mass >= 0)).all():
        raise InputError("masses", mass.tolist(), "masses are finite and not negative")
    return pd.Series(decay @ mass, index=matrix.index, name=name)
