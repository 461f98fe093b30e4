"""Choice between ways, on plain arrays: path size, shares of a logit, nested on request, and the logsum.

Utility of way k with cost g (USD/t), scale mu (per USD/t) and path size PS:

    V_k = -mu g_k + beta ln PS_k,    P_k = exp(V_k) / sum_j exp(V_j),    logsum = -(1/mu) ln sum_j exp(V_j)

Costs can have leading axes (draws, pairs, scenarios): the last axis is the ways.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridors.base.errors import InputError

Floats = NDArray[np.float64]

SCALE, SCALE_LOW, SCALE_HIGH = 0.05, 0.02, 0.1
"""Scale of the choice in 1/(USD/t), and the 5 and 95 % points of what is known of it: an assumption.

It has not been estimated for this region. From published elasticities of rail tonnes to rail cost (-0.3 to -1.6,
Europe) it would be about 0.02 to 0.05.
"""

NEST_SCALE = 0.7
"""Parameter of a nest, rail against road (0.4 to 1): an assumption after European chain models."""


def path_size(km: ArrayLike) -> Floats:
    """Path size of every way (0 to 1): the share of it that it has to itself.

    Formula: PS_k = (1 / m_k) sum_a (l_ak / L_k) / N_a, with l the km of the way on link a, L its length, N the number
    of different ways that use the link, and m the number of ways over exactly the same links. So a copy of a way takes
    half of the size of that way and nothing from the others.

    Parameters
    ----------
    km
        Km of every way on every link: ways by links, 0 where a way does not use a link.

    Raises
    ------
    InputError
        If a way has no length, or a length is negative.

    References
    ----------
    M. Ben-Akiva and M. Bierlaire, "Discrete choice methods and their applications to short term travel decisions",
    in Handbook of Transportation Science, 1999, doi:10.1007/978-1-4615-5203-1_2.

    >>> path_size([[50, 50, 0, 0], [50, 0, 50, 0], [0, 0, 0, 100]]).tolist()
    [0.75, 0.75, 1.0]
    """
    lengths = np.asarray(km, dtype=float)
    if lengths.ndim != 2 or not np.isfinite(lengths).all() or (lengths < 0).any():
        raise InputError("km", km, "km of ways (rows) on links (columns), zero or more")
    total = lengths.sum(axis=1)
    if not (total > 0).all():
        raise InputError("km", total.tolist(), "every way has a length above zero")
    patterns, which, copies = np.unique(lengths > 0, axis=0, return_inverse=True, return_counts=True)
    users = np.maximum(patterns.sum(axis=0), 1)
    return np.asarray((lengths / users).sum(axis=1) / total / copies[which.ravel()], dtype=float)


def shares(
    costs: ArrayLike,
    *,
    scale: ArrayLike = SCALE,
    size: ArrayLike = 1.0,
    beta: float = 1.0,
    nests: Sequence[str] | None = None,
    nest_scale: float = NEST_SCALE,
) -> Floats:
    """Share of each way (0 to 1; they add up to one over the last axis).

    With nests, P_k = P(k | n) P(n): inside a nest costs count with the scale divided by `nest_scale`, and nests are
    chosen by their inclusive values, P(n) ~ exp(nest_scale I_n). The path size stands beside the scale of the nest, so
    that a copy of a way changes nothing there, either.

    Parameters
    ----------
    costs
        Costs in USD/t, `inf` where there is no way; the last axis is the ways.
    scale
        Scale in 1/(USD/t), one number or one per leading axis (such as draws).
    size
        Path size of the ways.
    beta
        Exponent of the path size: 0 is a plain logit.
    nests
        Nest of every way, such as its main mode; none by default.
    nest_scale
        Parameter of the nests, above 0 and at most 1, where 1 is no nests.

    Raises
    ------
    InputError
        If no way has a finite cost, or an argument is out of range.

    References
    ----------
    D. McFadden, "Modelling the choice of residential location", in Spatial Interaction Theory and Planning
    Models, 1978.

    >>> shares([132.7, 133.5, 159.0, 159.4]).round(3).tolist()
    [0.401, 0.385, 0.108, 0.106]
    """
    return choose(costs, scale=scale, size=size, beta=beta, nests=nests, nest_scale=nest_scale).shares


def logsum(
    costs: ArrayLike,
    *,
    scale: ArrayLike = SCALE,
    size: ArrayLike = 1.0,
    beta: float = 1.0,
    nests: Sequence[str] | None = None,
    nest_scale: float = NEST_SCALE,
) -> Floats:
    """Expected least cost of the choice in USD/t, with the path size in it; `inf` where there is no way.

    Of one way it is its cost; a copy of a way changes nothing. Its level means little: it falls with the number of
    ways, and a dear way that overlaps a cheap one raises it a little, because the path size does not see costs. Take
    differences between scenarios, and ways that are really different.

    Parameters
    ----------
    costs, scale, size, beta, nests, nest_scale
        As in `shares`.

    >>> float(round(logsum([100, 120]) - logsum([100, 120, 100]), 2)), float(logsum([100, 100], size=[0.5, 0.5]))
    (10.97, 100.0)
    """
    value, outer = _values(costs, scale=scale, size=size, beta=beta, nests=nests, nest_scale=nest_scale)
    if outer is not None:
        value = np.stack([nest_scale * _log_of_sum(value[..., rows]) for rows in outer], axis=-1)
    return np.asarray(-_log_of_sum(value) / np.asarray(scale, dtype=float), dtype=float)


class Chosen(NamedTuple):
    """Shares of the ways, and the expected least cost in USD/t."""

    shares: Floats
    logsum: Floats


def choose(
    costs: ArrayLike,
    *,
    scale: ArrayLike = SCALE,
    size: ArrayLike = 1.0,
    beta: float = 1.0,
    nests: Sequence[str] | None = None,
    nest_scale: float = NEST_SCALE,
) -> Chosen:
    """Shares and logsum together, which takes little longer than one of them.

    Parameters
    ----------
    costs, scale, size, beta, nests, nest_scale
        As in `shares`.

    >>> both = choose([100, 120])
    >>> both.shares.round(3).tolist(), float(both.logsum.round(2))
    ([0.731, 0.269], 93.73)
    """
    value, outer = _values(costs, scale=scale, size=size, beta=beta, nests=nests, nest_scale=nest_scale)
    mu = np.asarray(scale, dtype=float)
    if outer is None:
        found, total = _normed(value)
        return Chosen(found, np.asarray(-total / mu, dtype=float))
    inclusive = np.stack([_log_of_sum(value[..., rows]) for rows in outer], axis=-1)
    chosen, total = _normed(nest_scale * inclusive)
    found = np.zeros_like(value)
    for number, rows in enumerate(outer):
        within = np.exp(value[..., rows] - np.maximum(inclusive[..., [number]], -1e300))  # a nest without any way
        found[..., rows] = within * chosen[..., [number]]
    return Chosen(found, np.asarray(-total / mu, dtype=float))


def _values(
    costs: ArrayLike, *, scale: ArrayLike, size: ArrayLike, beta: float, nests: Sequence[str] | None, nest_scale: float
) -> tuple[Floats, list[NDArray[np.int64]] | None]:
    """Utilities of the ways, inside their nests, and the ways of each nest; None without nests."""
    cost, mu, sizes = (np.asarray(one, dtype=float) for one in (costs, scale, size))
    if not cost.shape or not cost.shape[-1] or np.isnan(cost).any() or np.isneginf(cost).any():
        raise InputError("costs", costs, "at least one way with a cost; inf where there is none")
    if not (np.isfinite(mu) & (mu > 0)).all():
        raise InputError("scale", scale, "a number above zero, in 1/(USD/t)")
    if not ((sizes > 0) & (sizes <= 1)).all():
        raise InputError("size", size, "path sizes are above 0 and at most 1")
    if not np.isfinite(beta) or beta < 0:
        raise InputError("beta", beta, "a number of zero or more")
    size_term = beta * np.log(sizes)
    if nests is None:
        return -mu[..., None] * cost + size_term, None
    if len(nests) != cost.shape[-1]:
        raise InputError("nests", list(nests), f"one nest for each of the {cost.shape[-1]} ways")
    if not 0 < nest_scale <= 1:
        raise InputError("nest_scale", nest_scale, "a number above 0 and at most 1")
    groups = [np.flatnonzero(np.asarray(nests) == name) for name in dict.fromkeys(nests)]
    return -mu[..., None] / nest_scale * cost + size_term, groups


def _normed(value: Floats) -> tuple[Floats, Floats]:
    """Shares of utilities over the last axis, and the logarithms of the sums of their exponentials."""
    top = value.max(axis=-1, keepdims=True)
    if np.isneginf(top).any():
        raise InputError("costs", float("inf"), "at least one way has a finite cost")
    found = np.subtract(value, top)
    np.exp(found, out=found)
    total = found.sum(axis=-1, keepdims=True)
    found /= total
    np.log(total, out=total)
    return found, (total + top)[..., 0]


def _log_of_sum(value: Floats) -> Floats:
    """Logarithm of the sum of exponentials over the last axis; -inf where there is none."""
    top = np.maximum(value.max(axis=-1, keepdims=True), -1e300)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.exp(value - top).sum(axis=-1)) + top[..., 0])
