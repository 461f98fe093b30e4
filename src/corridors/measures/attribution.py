"""Attribution of a joint gain to several projects: alone, as the last one, and in fair shares.

Projects in series (either is worth nothing without the other) have no value in isolation and all of it in
complement; substitutes have it the other way round. The Shapley share lies between: the mean of what a project adds
over every order in which all could be built.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.arguments import checked
from corridors.base.errors import ClosedCrossingWarning, InputError, ScenarioError
from corridors.base.progress import progress
from corridors.model import projects as rules
from corridors.network.network import Network

Value = Callable[[frozenset[str]], float]
"""Value of a set of projects."""

EXACT = 12
"""Most projects whose subsets are all tried: 4096 values."""

SAMPLES = 500
"""Orders drawn where there are more projects and no number is asked for."""


@checked
def shapley(value: Value, players: Iterable[str], *, samples: int | None = None, seed: int = 0) -> pd.DataFrame:
    r"""Share out the value of a set of players among them.

    .. math:: \phi_p = \sum_{S \not\ni p} \frac{|S|!\,(n - |S| - 1)!}{n!} \left( v(S + p) - v(S) \right)

    Shares add up to v(all) - v(none). Every subset is valued at most once.

    Parameters
    ----------
    value
        Value of a set of players.
    players
        Their names.
    samples
        Number of random orders over which shares are averaged; by default none and all subsets are tried, up to 12
        players, and 500 orders beyond.
    seed
        Seed of the orders.

    Returns
    -------
    DataFrame
        One row per player: project, isolation (v(p) - v(none)), complement (v(all) - v(all but p)), shapley and its
        standard_error (0 where it is exact, nan from a single order).

    References
    ----------
    L. S. Shapley, "A value for n-person games", in Contributions to the Theory of Games II, 1953,
    doi:10.1515/9781400881970-018. Sampling: J. Castro, D. Gomez and J. Tejada, "Polynomial calculation of the
    Shapley value based on sampling", Computers & Operations Research 36(5), 2009, doi:10.1016/j.cor.2008.04.004.

    >>> gains = {"": 0, "a": 4, "b": 6, "ab": 15}
    >>> shapley(lambda built: gains["".join(sorted(built))], ["a", "b"])["shapley"].tolist()
    [6.5, 8.5]
    """
    names = _players(players)
    worth = cache(value)
    if samples is None and len(names) <= EXACT:
        shares, errors = _exact(worth, names), np.zeros(len(names))
    else:
        shares, errors = _sampled(worth, names, SAMPLES if samples is None else samples, seed)
    none, everyone = frozenset[str](), frozenset(names)
    return pd.DataFrame(
        {
            "project": names,
            "isolation": [worth(frozenset({name})) - worth(none) for name in names],
            "complement": [worth(everyone) - worth(everyone - {name}) for name in names],
            "shapley": shares,
            "standard_error": errors,
        }
    )


def synergies(value: Value, players: Iterable[str]) -> pd.DataFrame:
    """Table of what each pair is worth beyond its members: v(ab) - v(a) - v(b) + v(none).

    Parameters
    ----------
    value, players
        As in `shapley`.

    Returns
    -------
    DataFrame
        One row per pair: first, second and synergy (above zero: they need each other; below: they stand in for each
        other).

    >>> gains = {"": 0, "a": 4, "b": 6, "ab": 15}
    >>> synergies(lambda built: gains["".join(sorted(built))], ["a", "b"]).to_dict("records")
    [{'first': 'a', 'second': 'b', 'synergy': 5}]
    """
    worth = cache(value)
    rows = [
        (a, b, worth(frozenset({a, b})) - worth(frozenset({a})) - worth(frozenset({b})) + worth(frozenset()))
        for a, b in combinations(_players(players), 2)
    ]
    return pd.DataFrame(rows, columns=["first", "second", "synergy"])


@checked
def attribute(
    net: Network,
    projects: Iterable[str],
    measure: Callable[[Network], float],
    *,
    samples: int | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Share out the change of a measure among projects; see `shapley` for the columns.

    A set that cannot be built because prerequisites are missing counts with the value of its buildable part (the
    largest part that can be built): a project is worth nothing until what it needs is there. All projects together
    must be buildable, so of projects that exclude each other only one can be given.

    Parameters
    ----------
    net
        The network without the projects.
    projects
        Ids of projects.
    measure
        Number to be explained; a finite one, such as an efficiency.
    samples, seed
        As in `shapley`.

    Returns
    -------
    DataFrame
        One row per project, in the unit of the measure.

    Raises
    ------
    UnknownNameError, ScenarioError
        If the projects cannot all be built together.
    InputError
        If the measure is not finite.

    >>> import corridors as co
    >>> def closeness(net):
    ...     return 1 / net.route("Tashkent", "Karachi", cargo="wagon", modes={"rail"}).hours
    >>> parts = co.attribute(co.load(), ["uap-naibabad-kharlachi", "kharlachi-kohat"], closeness)
    >>> (parts["shapley"] / parts["shapley"].sum()).tolist()  # neither is worth anything without the other
    [0.5, 0.5]
    """
    names = _players(projects)
    return shapley(project_value(net, names, measure), names, samples=samples, seed=seed)


def project_value(net: Network, projects: Iterable[str], measure: Callable[[Network], float]) -> Value:
    """Value function of sets of projects: the measure with them built, less the measure without.

    The function can be given to `shapley` and `synergies`; it keeps the values of what it has built.

    Parameters
    ----------
    net, projects, measure
        As in `attribute`; the errors are the same.

    >>> import corridors as co
    >>> value = project_value(co.load(), ["uap-kabul"], lambda net: float(net.links["in_use"].sum()))
    >>> value(frozenset()), value(frozenset({"uap-kabul"})) > 0
    (0.0, True)
    """
    names = _players(projects)
    net.build(*names)  # refuses and warns, once, as it should

    @cache
    def measured(part: frozenset[str]) -> float:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ClosedCrossingWarning)
            amount = float(measure(net.build(*sorted(part)) if part else net))
        if not math.isfinite(amount):
            raise InputError("measure", amount, f"a finite number, also with {sorted(part) or 'nothing'} built")
        return amount

    def value(chosen: frozenset[str]) -> float:
        return measured(buildable(net, chosen)) - measured(frozenset())

    return value


def buildable(net: Network, projects: Iterable[str]) -> frozenset[str]:
    """Largest part of some projects that can be built: those with unmet prerequisites are left out.

    Parameters
    ----------
    net
        The network without the projects.
    projects
        Ids of projects.

    >>> import corridors as co
    >>> sorted(buildable(co.load(), ["uap-naibabad-kharlachi", "ml-1"]))
    ['ml-1']
    """
    part = frozenset(projects)
    while blocked := {name for name in part if _is_blocked(net, name, part - {name})}:
        part -= blocked
    return part


def _is_blocked(net: Network, name: str, others: frozenset[str]) -> bool:
    """Tell whether a project could not be built even if all the others stood."""
    standing = {leaf for other in others for leaf in rules.leaves(net.tables, other)}
    if set(rules.leaves(net.tables, name)) <= standing:
        return False
    try:
        rules.plan(net.tables, net.view.build(standing), [name])
    except ScenarioError:
        return True
    return False


def _players(players: Iterable[str]) -> list[str]:
    names = [players] if isinstance(players, str) else list(players)
    if not names or len(set(names)) < len(names):
        raise InputError("players", names, "at least one name, each of them once")
    return names


def _exact(worth: Value, names: Sequence[str]) -> NDArray[np.float64]:
    """Add up what each player adds to every set of the others."""
    n = len(names)
    share = [math.factorial(k) * math.factorial(n - k - 1) / math.factorial(n) for k in range(n)]
    shares = np.zeros(n)
    subsets = [frozenset(s) for size in range(n + 1) for s in combinations(names, size)]
    for subset in progress(subsets, "sets of projects", least=64):
        value = worth(subset)
        for row, name in enumerate(names):
            shares[row] += share[len(subset) - 1] * value if name in subset else -share[len(subset)] * value
    return shares


def _sampled(
    worth: Value, names: Sequence[str], samples: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Average what each player adds over random orders."""
    if samples < 1:
        raise InputError("samples", samples, "one order or more")
    random = np.random.default_rng(seed)
    gains = np.zeros((samples, len(names)))
    for row in progress(range(samples), "orders of projects", least=10):
        built = frozenset[str]()
        for column in random.permutation(len(names)):
            after = built | {names[column]}
            gains[row, column] = worth(after) - worth(built)
            built = after
    error = gains.std(axis=0, ddof=1) / math.sqrt(samples) if samples > 1 else np.full(len(names), np.nan)
    return gains.mean(axis=0), error
