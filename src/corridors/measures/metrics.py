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
import scipy
from numpy.typing import NDArray
from shapely.geometry import LineString

from corridors.base.errors import InputError
from corridors.data.geography import great_circle_km
from corridors.network.network import Network
from corridors.whatif.weights import Weights, pair_weights

Floats = NDArray[np.float64]


def great_circle_matrix(net: Network, origins: str | Iterable[str], destinations: str | Iterable[str]) -> pd.DataFrame:
    """Straight way in km (shortest line on the ellipsoid) between every pair of places.

    >>> import corridors as co
    >>> net = co.load()
    >>> great_circle_matrix(net, ["Almaty"], ["Karachi"]).round().loc["almaty", "karachi"].item()
    2237.0
    """
    rows, columns = net.place_set(origins), net.place_set(destinations)
    point = net.tables.point
    km = [[great_circle_km(LineString([point(a), point(b)])) if a != b else 0.0 for b in columns] for a in rows]
    return pd.DataFrame(km, pd.Index(rows, name="origin"), pd.Index(columns, name="destination"))


def unreachable(matrix: pd.DataFrame) -> int:
    """Count the pairs of different places without a way.

    >>> import corridors as co
    >>> unreachable(co.load().matrix("kazakhstan", "south-asian-ports"))
    0
    """
    return int((np.isinf(_costs(matrix)) & ~_same(matrix)).sum())


def global_efficiency(matrix: pd.DataFrame, *, weights: Weights = None) -> float:
    r"""Mean closeness of all pairs: the weighted mean of 1 / cost, where a pair without a way counts 0.

    .. math:: E = \sum_{i \ne j} w_{ij} / d_{ij} \Big/ \sum_{i \ne j} w_{ij}

    The matrix may hold km, hours or USD/t; weights are those of ordered pairs in any form of
    `corridors.whatif.weights`, equal by default.
    networkx's function of this name ignores lengths.

    Reference: V. Latora and M. Marchiori, "Efficient behavior of small-world networks", Physical Review Letters 87,
    198701, 2001, doi:10.1103/PhysRevLett.87.198701; weighted form: European Physical Journal B 32, 2003,
    doi:10.1140/epjb/e2003-00095-5.

    >>> import corridors as co
    >>> hours = co.load().matrix("kazakhstan", "south-asian-ports")
    >>> bool(1 / hours.to_numpy().max() < global_efficiency(hours) < 1 / hours.to_numpy().min())
    True
    """
    cost, weight = _costs(matrix), pair_weights(matrix, weights)
    if (cost[weight > 0] == 0).any():
        raise InputError("matrix", 0.0, "the cost between different places is more than zero")
    closeness = np.divide(1.0, cost, out=np.zeros_like(cost), where=weight > 0)
    return float((weight * closeness).sum() / weight.sum())


def relative_efficiency(matrix: pd.DataFrame, ideal: pd.DataFrame, *, weights: Weights = None) -> float:
    """Global efficiency as a share of that of an ideal network, in which every pair is joined directly.

    For km the ideal is `great_circle_matrix`, and the share lies between 0 and 1. For hours divide it by a speed of
    reference, and state that speed.

    >>> import corridors as co
    >>> net, ends = co.load(), ("kazakhstan", "south-asian-ports")
    >>> ideal = great_circle_matrix(net, *ends)
    >>> round(relative_efficiency(net.matrix(*ends, "distance"), ideal), 1)
    0.7
    """
    return global_efficiency(matrix, weights=weights) / global_efficiency(_like(ideal, matrix), weights=weights)


def detour_index(matrix_km: pd.DataFrame, ideal: pd.DataFrame, *, kind: str = "mean", weights: Weights = None) -> float:
    """Factor by which the ways are longer than the straight lines; pairs without a way are left out.

    Parameters
    ----------
    matrix_km, ideal, weights
        Routed and straight km of the same pairs, and their weights (equal by default).
    kind
        `mean` of the ratios of pairs, or `ratio_of_sums` (circuity as in osmnx), in which long pairs count more.

    Reference: G. Boeing, "OSMnx", Computers, Environment and Urban Systems 65, 2017,
    doi:10.1016/j.compenvurbsys.2017.05.004.

    >>> import corridors as co
    >>> net, ends = co.load(), ("kazakhstan", "south-asian-ports")
    >>> detour_index(net.matrix(*ends, "distance"), great_circle_matrix(net, *ends)) > 1.2
    True
    """
    if kind not in ("mean", "ratio_of_sums"):
        raise InputError("kind", kind, "mean or ratio_of_sums")
    km, straight = _costs(matrix_km), _costs(_like(ideal, matrix_km), "ideal")
    weight = pair_weights(matrix_km, weights)
    used = (weight > 0) & np.isfinite(km)
    km, straight, weight = km[used], straight[used], weight[used]
    if (straight <= 0).any():
        raise InputError("ideal", 0.0, "the straight way between different places is more than zero")
    if not used.any():
        return float("nan")
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

    Reference: W. G. Hansen, "How accessibility shapes land use", Journal of the American Institute of Planners
    25(2), 1959, doi:10.1080/01944365908978307.

    >>> import corridors as co
    >>> hours = co.load().matrix("kazakhstan", "south-asian-ports")
    >>> potential_accessibility(hours, dict.fromkeys(hours.columns, 1.0), half_life=120).idxmin()
    'kostanay'
    """
    if (half_life is None) == (alpha is None) or (own and half_life is None):
        raise InputError("half_life, alpha, own", (half_life, alpha, own), "one of the two; own only with half_life")
    rate = _positive("half_life", half_life) if half_life is not None else _positive("alpha", alpha)
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

    Reference: D. Donaldson and R. Hornbeck, "Railroads and American economic growth: a market access approach",
    Quarterly Journal of Economics 131(2), 2016, doi:10.1093/qje/qjw002. T. Reed and A. Trubetskoy, "Assessing the
    value of market access from Belt and Road projects", World Bank WPS 8815, 2019, doi:10.1596/1813-9450-8815.

    >>> import corridors as co
    >>> cost = co.load().matrix("kazakhstan", "south-asian-ports", "generalized")
    >>> access = market_access(cost, dict.fromkeys(cost.columns, 1.0), theta=5.03, goods_value_usd_t=3000)
    >>> bool(access.between(0, 8).all())
    True
    """
    tau = 1 + _costs(matrix_cost) / _positive("goods_value_usd_t", goods_value_usd_t)
    decay = tau ** -_positive("theta", theta)
    return _sums(np.where(_same(matrix_cost) & (not own), 0.0, decay), matrix_cost, masses, "market_access")


def land_value_gain(log_change: float, gdp: float, *, theta: float, alpha: float = 0.05) -> float:
    r"""Yearly gain in land rent from a change of market access.

    .. math:: \alpha \, Y \left( \exp(\Delta\ln MA)^{1 / (1 + \alpha\theta)} - 1 \right)

    Here :math:`Y` is the product of the place (the gain has its unit), :math:`\alpha` the share of land in income.

    Reference: T. Reed and A. Trubetskoy, World Bank WPS 8815, 2019, doi:10.1596/1813-9450-8815.

    >>> round(land_value_gain(0.1, 1000, theta=5.03), 3)
    4.159
    """
    return alpha * gdp * float(np.expm1(log_change / (1 + alpha * _positive("theta", theta))))


def logsum(costs: Iterable[float], *, mu: float) -> float:
    r"""Expected least cost of a choice between ways: :math:`-\frac{1}{\mu} \ln \sum_r \exp(-\mu c_r)`.

    The costs are those of the ways, `inf` where there is none; near copies of one way would count as choices, so give
    distinct corridors only, as from `net.alternatives`. The larger mu (in one over the unit of the costs), the more
    surely the cheapest is chosen.

    Reference: H. C. W. L. Williams, "On the formation of travel demand models and economic evaluation measures of
    user benefit", Environment and Planning A 9(3), 1977, doi:10.1068/a090285.

    >>> import corridors as co
    >>> ways = co.load().alternatives("Tashkent", "Karachi", 3)
    >>> logsum([way.generalized_usd_t for way in ways], mu=0.1) < ways[0].generalized_usd_t
    True
    """
    return float(-scipy.special.logsumexp(-_positive("mu", mu) * _choices(costs)) / mu)


def logit_shares(costs: Iterable[float], *, mu: float) -> Floats:
    """Share of each way in a logit choice; see `logsum`.

    >>> logit_shares([100, 120], mu=0.05).round(3).tolist()
    [0.731, 0.269]
    """
    choices = -_positive("mu", mu) * _choices(costs)
    if not np.isfinite(choices).any():
        raise InputError("costs", choices.tolist(), "at least one way has a finite cost")
    return np.asarray(np.exp(choices - scipy.special.logsumexp(choices)), dtype=float)


def logsum_benefit(before: Iterable[float], after: Iterable[float], *, mu: float) -> float:
    """Fall of the expected least cost; `inf` where there was no way before.

    >>> round(logsum_benefit([100, 120], [100, 120, 100], mu=0.05), 2)
    10.97
    """
    first, second = logsum(before, mu=mu), logsum(after, mu=mu)
    return 0.0 if first == second else first - second


def break_even_km(*, rail_fixed: float, rail_per_km: float, road_fixed: float, road_per_km: float) -> float:
    """Distance from which on rail is no dearer than road; `inf` if there is none.

    Formula: (rail_fixed - road_fixed) / (road_per_km - rail_per_km), all in one currency and unit of load.

    >>> round(break_even_km(rail_fixed=400, rail_per_km=0.5, road_fixed=50, road_per_km=1.2))
    500
    """
    more, saved = rail_fixed - road_fixed, road_per_km - rail_per_km
    if saved > 0:
        return max(0.0, more / saved)
    return 0.0 if saved == 0 and more <= 0 else float("inf")


def time_tariff_equivalent(days: float, low: float = 0.6, high: float = 2.1) -> tuple[float, float]:
    """Ad valorem tariff, in per cent from low to high, that days in transit are worth.

    Reference: D. Hummels and G. Schaur, "Time as a trade barrier", American Economic Review 103(7), 2013,
    doi:10.1257/aer.103.7.2935: 0.6 to 2.1 % per day.

    >>> time_tariff_equivalent(5)
    (3.0, 10.5)
    """
    return days * low, days * high


def algebraic_connectivity(graph: Network | nx.Graph[Any], *, cargo: str = "container") -> float:
    """Second smallest eigenvalue of the Laplacian weighted by conductance; 0 if the graph is disconnected.

    A number of structure without a plain meaning for planners: the larger, the harder to fall apart.

    The edges of the graph have a `conductance` (1 / hours; 1 where not given). Of a network it is the expanded graph
    for `cargo`, without states that nothing joins. Parallel edges add up; a one-way edge counts half.

    Reference: M. Fiedler, "Algebraic connectivity of graphs", Czechoslovak Mathematical Journal 23(2), 1973,
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
    graph = net.graph(expanded=True, cargo=cargo)
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
    found = np.asarray(matrix.to_numpy(dtype=float))
    if not (found >= 0).all():
        raise InputError(name, float(found[~(found >= 0)][0]), "costs are zero or more, inf where there is no way")
    return found


def _choices(costs: Iterable[float]) -> Floats:
    found = np.array(list(costs), dtype=float)
    if not found.size or np.isnan(found).any() or np.isneginf(found).any():
        raise InputError("costs", found.tolist(), "at least one cost; inf where there is no way")
    return found


def _positive(name: str, value: float | None) -> float:
    if value is None or not 0 < value < float("inf"):
        raise InputError(name, value, "a number above zero")
    return float(value)


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
