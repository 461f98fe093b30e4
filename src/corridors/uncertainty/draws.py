"""Draws of the parameters: what is not known of a mean, and what differs from trip to trip.

Two kinds of spread are kept apart.

- *Knowledge*: how well the mean of a parameter is known. `low` and `high` are taken as the 5th and 95th percentile
  of the mean; the draw keeps `value` as its own mean. Parameters of one component and mode share a common part
  (if moving speeds are judged too high in one country, they are likely to be too high in the next), so that
  overriding one value does not break the correlation of the others.
- *Trip*: how much one trip differs from the next, by the coefficient of variation `trip_cv`; mean one. Parameters
  of one mode share a part, because a slow vehicle, an unready paper or a bad season is felt on all of the way.

Both are lognormal, because hours and rates are positive and skewed; a parameter whose `low` is zero is drawn from a
PERT distribution instead. A draw belongs to a parameter, not to a link: splitting a link changes nothing, and a
parameter has the same draw in every scenario (common random numbers).
"""

from __future__ import annotations

from numbers import Integral

import numpy as np
import scipy
from numpy.typing import NDArray

from corridors.base.errors import InputError
from corridors.data.parameters import Theta

Z95 = 1.6448536269514722
"""Standard normal quantile of 95 %."""

DRAWS = 1000
"""Draws where a spread is asked for and their number is not given."""

SPREAD_OF_TRIPS = "both"
"""Spread of what one trip may take: what is not known of the means, and what differs from trip to trip."""

SPREAD_OF_MEANS = "knowledge"
"""Spread of a difference between scenarios: what is not known of the means."""

COMMON_SHARE = 0.5
"""Share of the variance of knowledge that parameters of one component and mode have in common (assumed)."""

COMMON_TRIP_SHARE = 0.5
"""Share of the variance between trips that all parameters of a mode have in common (assumed)."""

STREAM_DRAWS = 10_000
"""Draws of a parameter that come from one stream of random numbers."""

CHUNK = 500
"""Draws that are answered at a time, by whatever worker; results do not depend on who does which."""

SPREADS = ("both", "trip", "knowledge")


def draw(theta: Theta, draws: int, seed: int, *, first: int = 0, spread: str = "both") -> NDArray[np.float64]:
    """Draw the parameters.

    Parameters
    ----------
    theta
        The parameters.
    draws
        Number of draws.
    seed
        Seed; the draw of a parameter depends on the seed, its name and its number alone, not on what else is in the
        table nor on how many draws are made at a time.
    first
        Number of the first draw.
    spread
        `trip` (one trip after another, means as given), `knowledge` (the mean itself), or `both`.

    Returns
    -------
    ndarray
        Parameters by draws, in the units of `theta`.

    Raises
    ------
    InputError
        As in `check_draws`.
    """
    check_draws(draws, seed, spread)
    found = np.repeat(theta.value[:, None], draws, axis=1)
    component, mode = theta.table["component"].tolist(), theta.table["mode"].tolist()
    cv = theta.table["trip_cv"].fillna(0.0).to_numpy(dtype=float)
    normals = _Normals(seed, first, draws)
    for row, name in enumerate(theta.names):
        if spread != "trip" and theta.high[row] > theta.low[row]:
            shared = f"common/{component[row]}/{mode[row]}"
            normal = normals.mixed(shared, f"knowledge/{name}", COMMON_SHARE)
            found[row] = _mean_known(theta.value[row], theta.low[row], theta.high[row], normal)
        if spread != "knowledge" and cv[row] > 0:
            sigma = np.sqrt(np.log1p(cv[row] ** 2))
            normal = normals.mixed(f"common trip/{mode[row]}", f"trip/{name}", COMMON_TRIP_SHARE)
            found[row] *= np.exp(sigma * normal - sigma**2 / 2)
    return found


def draw_between(name: str, value: float, low: float, high: float, *, draws: int, seed: int = 0) -> NDArray[np.float64]:
    """Draws of a number that stands in no table of parameters, such as the scale of a choice.

    Drawn as what is known of a parameter: `low` and `high` are the 5 and 95 % points, `value` is the mean. A number of
    the same name and seed has the same draws wherever it is used.

    Parameters
    ----------
    name
        Name of the number: its stream of random numbers.
    value, low, high
        The number and its range; the same three are no range.
    draws, seed
        Number of draws, and seed.

    Raises
    ------
    InputError
        If the value lies outside its range, or a draw is not possible.

    >>> scale = draw_between("scale", 0.05, 0.02, 0.1, draws=4000)
    >>> np.percentile(scale, [5, 95]).round(3).tolist(), float(scale.mean().round(2))
    ([0.02, 0.097], 0.05)
    """
    check_draws(draws, seed, SPREAD_OF_MEANS)
    if not -np.inf < low <= value <= high < np.inf:
        raise InputError(name, (value, low, high), "a value between its low and its high end")
    if low == high:
        return np.full(draws, float(value))
    if low < 0:  # a shifted range: what is drawn of it does not depend on its sign
        return low + draw_between(name, value - low, 0.0, high - low, draws=draws, seed=seed)
    return _mean_known(value, low, high, _Normals(seed, 0, draws).named(f"number/{name}"))


def check_draws(draws: object, seed: object, spread: str) -> None:
    """Refuse what cannot be drawn, before work begins.

    Raises
    ------
    InputError
        If `draws` is no whole number above zero, `seed` none from zero on, or `spread` is unknown.

    >>> check_draws(1000, 0, "both")
    """
    if not isinstance(draws, Integral) or int(draws) < 1:
        raise InputError("draws", draws, "a whole number of draws, 1 or more (0 for none where there is a choice)")
    if not isinstance(spread, str) or spread not in SPREADS:
        raise InputError("spread", spread, f"one of {', '.join(SPREADS)}")
    if not isinstance(seed, Integral) or int(seed) < 0:
        raise InputError("seed", seed, "a whole number, zero or more")


def stream(seed: int, name: str) -> np.random.Generator:
    """Stream of random numbers that depends on the seed and the name alone."""
    # what numpy makes of [seed, *bytes], number by number, in words of 32 bits
    whole = int(seed)
    words = [whole >> 32 * place & 0xFFFFFFFF for place in range(max(1, -(-whole.bit_length() // 32)))]
    return np.random.default_rng(np.array([*words, *name.encode("utf8")], dtype=np.uint32))


class _Normals:
    """Standard normals by name: those of consecutive draws.

    Streams are `STREAM_DRAWS` long; the next one of the same name is a stream of its own, so that any part of a long
    run can be drawn without what comes before.
    """

    def __init__(self, seed: int, first: int, draws: int) -> None:
        self.seed, self.first, self.last = seed, first, first + draws
        self.shared: dict[str, NDArray[np.float64]] = {}

    def mixed(self, shared: str, own: str, share: float) -> NDArray[np.float64]:
        """Normals of which a share of the variance is common to all that name the same stream."""
        if shared not in self.shared:
            self.shared[shared] = self._of(shared)
        return np.asarray(np.sqrt(share) * self.shared[shared] + np.sqrt(1 - share) * self._of(own))

    def named(self, name: str) -> NDArray[np.float64]:
        """Normals of one stream."""
        return self._of(name)

    def _of(self, name: str) -> NDArray[np.float64]:
        parts = []
        for block in range(self.first // STREAM_DRAWS, -(-self.last // STREAM_DRAWS)):
            begin = block * STREAM_DRAWS
            source = stream(self.seed, f"{name}/{block}" if block else name)
            numbers = source.standard_normal(min(self.last - begin, STREAM_DRAWS))
            parts.append(numbers[max(0, self.first - begin) :])
        return np.concatenate(parts)


def _mean_known(value: float, low: float, high: float, normal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Draw a mean between what is known of it, keeping `value` as the mean of the draws."""
    if low > 0:
        sigma = np.log(high / low) / (2 * Z95)
        return np.asarray(value * np.exp(sigma * normal - sigma**2 / 2))
    # PERT with ends low and high whose mean is the value
    share = (value - low) / (high - low)
    quantile = scipy.special.betaincinv(6 * share, 6 * (1 - share), scipy.special.ndtr(normal))
    return np.asarray(low + (high - low) * quantile)


def ranges(draws: int) -> list[tuple[int, int]]:
    """Cut draws in chunks, none of which reaches over the end of a stream.

    >>> ranges(600)
    [(0, 500), (500, 600)]
    """
    found = []
    for begin in range(0, draws, STREAM_DRAWS):
        end = min(begin + STREAM_DRAWS, draws)
        found += [(first, min(first + CHUNK, end)) for first in range(begin, end, CHUNK)]
    return found
