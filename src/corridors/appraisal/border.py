"""Borders that open and shut over the years: a chain of two states for each, stated or fitted on dated closures.

A border that is open in one year is shut in the next with a probability a, and one that is shut opens with b. Its state
holds for a year. After t years it is open with probability pi + (p0 - pi) (1 - a - b)^t, where pi = b / (a + b).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import scipy.stats
from numpy.typing import NDArray

from corridors.base.arguments import checked, fits
from corridors.base.dates import days_of, last_day
from corridors.base.errors import InputError
from corridors.data import schema
from corridors.network.network import Network

Floats = NDArray[np.float64]

YEAR_D = 365.25

TARGETS = {
    "AF-PK": ("AF-PK",),
    "iran": ("IR-TM", "AF-IR", "IR-PK"),
    "hormuz": ("bandar-abbas", "jebel-ali"),
}
"""What is shut with a border that has a name: the border of two countries; those of Iran on land; ports in the Gulf."""

DATED_SINCE = "1992"
"""First year of the data: what opened earlier is `before-1992` in them."""

RATES = (0.05, 0.5, 0.95)
"""Quantiles of a fitted rate; the middle one is its mean instead."""


@checked
@dataclass(frozen=True)
class Border:
    """A border as a chain of two states.

    Attributes
    ----------
    name
        Its name, such as `AF-PK`, `iran` or `hormuz`; or one of your own with `targets`.
    p_shut, p_open
        Probability that it shuts in a year in which it was open, and opens in one in which it was shut.
    open_now
        Whether it is open in the present year.
    targets
        What is closed with it, as in `Network.close`.
    ends
        5 and 95 % points of both probabilities, where they were fitted: (p_shut low, high, p_open low, high).
    told, sources
        Where the numbers come from.

    >>> border = Border("AF-PK", p_shut=0.1, p_open=0.3, open_now=False)
    >>> border.targets, round(border.open_share, 4), border.open_in(1), round(border.open_in(50), 4)
    (('AF-PK',), 0.75, 0.3, 0.75)
    """

    name: str
    p_shut: float
    p_open: float
    open_now: bool = True
    targets: tuple[str, ...] = ()
    ends: tuple[float, ...] = ()
    told: str = "stated"
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for which in ("p_shut", "p_open"):
            if not 0 <= getattr(self, which) <= 1:
                raise InputError(which, getattr(self, which), "a probability between 0 and 1")
        if not fits(self.name, str) or not self.name:
            raise InputError("name", self.name, "the name of a border, such as AF-PK")
        given: object = self.targets
        if isinstance(given, str) or not fits(given, Iterable[str]):
            raise InputError("targets", self.targets, "several texts, such as ('AF-PK',)")
        if len(self.ends) not in (0, 4) or not all(0 <= end <= 1 for end in self.ends):
            raise InputError("ends", self.ends, "four probabilities: p_shut low and high, p_open low and high")
        if not self.targets:
            object.__setattr__(self, "targets", TARGETS.get(self.name, (self.name,)))

    @property
    def open_share(self) -> float:
        """Share of the years in which the border is open in the long run; nan where it never changes."""
        total = self.p_shut + self.p_open
        return self.p_open / total if total else math.nan

    @property
    def matrix(self) -> Floats:
        """Probabilities of the next state (columns: open, shut) from each state (rows)."""
        return np.array([[1 - self.p_shut, self.p_shut], [self.p_open, 1 - self.p_open]])

    def open_in(self, years: int) -> float:
        """Probability that the border is open after some years, from its state now.

        Parameters
        ----------
        years
            Number of years.

        Raises
        ------
        InputError
            If the number is below zero.
        """
        if years < 0:
            raise InputError("years", years, "zero or more years from now")
        total = self.p_shut + self.p_open
        start = float(self.open_now)
        if not total:
            return start
        return self.open_share + (start - self.open_share) * (1 - total) ** years

    @staticmethod
    def fitted(net: Network, name: str, *, since: str, until: str = "", targets: Sequence[str] = ()) -> Border:
        """Border with rates fitted on the dated closures of the network.

        Onsets are counted over the time in which it was open, and ends of closures over the time in which it was shut.
        A rate is the mean of its gamma distribution after n events in T years under the prior of Jeffreys, (n + 1/2) /
        T; from the rates follow the probabilities of a year. Few events make wide ranges: see `ends`.

        Parameters
        ----------
        net
            Network with the table `closures`.
        name
            Name of the border.
        since, until
            Time that was watched; by default until the date of the data. Closures before `since` are not in the table
            of a border that nobody watched then, so a time too long makes it look safer than it was. The data have no
            dates before 1992: an earlier `since` needs a closure of the table that is dated as early.
        targets
            What closures of it have as their target; by default what the name closes.

        Raises
        ------
        InputError
            If no closure of it is dated in that time, it was never shut or never open in it, or the time ends after
            that which is known or begins before all that is dated.

        >>> import corridors as co
        >>> border = Border.fitted(co.load(), "AF-PK", since="2021")
        >>> border.open_now, round(border.p_shut, 2), round(border.p_open, 2)
        (False, 0.22, 0.31)
        """
        blank = Border(name, 0, 0, targets=tuple([targets] if isinstance(targets, str) else targets))
        _check_since(net, since)
        if until and last_day(until) > last_day(net.known_until):
            raise InputError("until", until, f"a date up to {net.known_until}, to which the network is known")
        spans, sources = _spans(net, blank.targets, since, until or net.known_until)
        first, last = days_of(since)[0], last_day(until or net.known_until)
        shut_d = sum(end - start + 1 for start, end in spans)
        open_d = last - first + 1 - shut_d
        if not spans or open_d <= 0:
            expected = f"a border with dated closures since {since}, or numbers: co.Border(name, p_shut=, p_open=)"
            raise InputError("border", name, expected)
        ended = sum(end < last for _, end in spans)
        begun = sum(start > first for start, _ in spans)
        shuts, opens = _rate(begun, open_d / YEAR_D), _rate(ended, shut_d / YEAR_D)
        value = _of_year(shuts[1], opens[1])
        ends = (*(_of_year(rate, opens[1])[0] for rate in shuts[::2]), *(_of_year(shuts[1], r)[1] for r in opens[::2]))
        told = (
            f"{begun} closings in {open_d / YEAR_D:.1f} open years and {ended} reopenings in {shut_d / YEAR_D:.1f} "
            f"shut years from {since} to {until or net.known_until}"
        )
        now = all(end < last for _, end in spans)
        return replace(blank, p_shut=value[0], p_open=value[1], open_now=now, ends=ends, told=told, sources=sources)


def _check_since(net: Network, since: str) -> None:
    """Refuse years that nobody watched: they would count as years in which the border was open."""
    starts = [start for start in net.tables["closures"]["start"] if start]
    earliest = min([*starts, DATED_SINCE], key=lambda start: days_of(start)[0])
    if days_of(since, name="since")[0] < days_of(earliest)[0]:
        raise InputError("since", since, f"a date from {earliest}, before which no closure of the table is dated")


def _spans(
    net: Network, targets: Sequence[str], since: str, until: str
) -> tuple[list[tuple[int, int]], tuple[str, ...]]:
    """First and last day of every time in which any of some targets was shut, joined where they overlap."""
    first, last = days_of(since)[0], last_day(until)
    found, sources = [], []
    for row in net.tables["closures"].to_dict("records"):
        partly = not np.isnan(row["headway_factor"]) or row["months"]
        if row["target"] not in targets or partly:
            continue
        start = days_of(row["start"])[0]
        end = days_of(row["end"])[1] if row["end"] else last
        if start <= last and end >= first:
            found.append((max(start, first), min(end, last)))
            sources += schema.items(row["source"])
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined, tuple(dict.fromkeys(sources))


def _rate(events: int, years: float) -> tuple[float, float, float]:
    """Rate of events a year: 5 % point, mean and 95 % point."""
    law = scipy.stats.gamma(events + 0.5, scale=1 / years)
    return float(law.ppf(RATES[0])), float(law.mean()), float(law.ppf(RATES[2]))


def _of_year(shuts: float, opens: float) -> tuple[float, float]:
    """Probabilities of a year from rates: to be shut a year after it was open, and open a year after it was shut."""
    changed = 1 - math.exp(-(shuts + opens))
    return shuts / (shuts + opens) * changed, opens / (shuts + opens) * changed


@dataclass(frozen=True)
class Chain:
    """Several borders that open and shut independently of each other, as one chain.

    Attributes
    ----------
    borders
        The borders.

    >>> chain = Chain((Border("AF-PK", 0.1, 0.3, open_now=False), Border("hormuz", 0.2, 0.8)))
    >>> chain.names
    ['all open', 'hormuz shut', 'AF-PK shut', 'AF-PK and hormuz shut']
    >>> chain.start.tolist(), chain.matrix.sum(axis=1).round(12).tolist()
    ([0.0, 0.0, 1.0, 0.0], [1.0, 1.0, 1.0, 1.0])
    """

    borders: tuple[Border, ...]

    def __post_init__(self) -> None:
        names = [border.name for border in self.borders]
        if not names or len(set(names)) < len(names):
            raise InputError("borders", names, "one border or more, each with a name of its own")

    @property
    def shut(self) -> list[tuple[int, ...]]:
        """Whether each border is shut (1) in each state; in the first state all are open."""
        return list(product((0, 1), repeat=len(self.borders)))

    @property
    def names(self) -> list[str]:
        """Names of the states."""
        named = [[b.name for b, shut in zip(self.borders, state, strict=True) if shut] for state in self.shut]
        return [f"{' and '.join(one)} shut" if one else "all open" for one in named]

    def targets(self, state: int) -> list[str]:
        """What is closed in a state.

        Parameters
        ----------
        state
            Number of the state.
        """
        return [name for b, shut in zip(self.borders, self.shut[state], strict=True) if shut for name in b.targets]

    @property
    def start(self) -> Floats:
        """Probability of each state in the present year."""
        now = tuple(int(not border.open_now) for border in self.borders)
        return np.array([float(state == now) for state in self.shut])

    @property
    def matrix(self) -> Floats:
        """Probabilities of the next state (columns) from each state (rows)."""
        found: Floats = np.ones((1, 1))
        for border in self.borders:
            found = np.asarray(np.kron(found, border.matrix))
        return found

    def probabilities(self, years: int, start: Floats | None = None) -> Floats:
        """Probability of each state (columns) in the present year and each after it (rows).

        Parameters
        ----------
        years
            Number of years, the present one with them.
        start
            Probabilities in the present year, instead of those known.
        """
        rows = [self.start if start is None else start]
        for _ in range(years - 1):
            rows.append(rows[-1] @ self.matrix)
        return np.array(rows)
