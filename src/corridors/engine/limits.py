"""Limits that a way may have to keep, and what is asked and answered where ways have limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SLACK = 1e-9
"""Relative error that sums of floats may have against a limit."""


@dataclass(frozen=True, eq=False)
class Limits:
    """What a way must keep.

    Attributes
    ----------
    group
        Group of each node. A way that has left a group does not come back to it. Edges within a group must not win
        balance, or a way could go to and fro.
    spent
        Of each edge, zero or more; the sum along a way may be limited, pair by pair.
    balance
        Of each edge, of either sign; the sum along a way must not be above zero.
    """

    group: Ints
    spent: Floats
    balance: Floats

    def broken(self, tail: Ints, head: Ints, ways: tuple[Ints, Ints], most: Floats) -> NDArray[np.bool_]:
        """Whether ways break the limits.

        Parameters
        ----------
        tail, head
            Nodes of all edges.
        ways
            Edges of the ways, one way after another and each in its order, and where each begins; no way is empty.
        most
            Most that each way may spend.
        """
        edges, first = ways
        if not len(first):
            return np.zeros(0, dtype=bool)
        spent, balance = (np.add.reduceat(column[edges], first) for column in (self.spent, self.balance))
        size = np.add.reduceat(abs(self.balance[edges]), first)
        found = self.repeats(tail[edges], head[edges], first) | (balance > SLACK * (1 + size))
        found |= spent > most + SLACK * (1 + np.where(np.isfinite(most), most, 0.0))
        return np.asarray(found, dtype=bool)

    def repeats(self, tail: Ints, head: Ints, first: Ints) -> NDArray[np.bool_]:
        """Whether ways come back to a group.

        Parameters
        ----------
        tail, head
            Nodes of the edges of all ways, one way after the other, each in its order.
        first
            Where each way begins; no way is empty.
        """
        way = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(tail))))
        entered = self.group[head] != self.group[tail]
        visits = np.concatenate([self.group[tail[first]], self.group[head[entered]]])
        of_way = np.concatenate([np.arange(len(first)), way[entered]])
        order = np.lexsort((visits, of_way))
        again = (np.diff(visits[order]) == 0) & (np.diff(of_way[order]) == 0)
        found = np.zeros(len(first), dtype=bool)
        found[of_way[order][1:][again]] = True
        return found


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of nodes, the most that the way of each may spend, and the flow of each."""

    source: Ints
    target: Ints
    most: Floats
    flow: Floats

    def take(self, order: Ints) -> Pairs:
        """Pairs in another order."""
        return Pairs(self.source[order], self.target[order], self.most[order], self.flow[order])

    def one(self, pair: int) -> tuple[int, int, float]:
        """Source, target and most of one pair."""
        return int(self.source[pair]), int(self.target[pair]), float(self.most[pair])


@dataclass(frozen=True, eq=False)
class LimitedWays:
    """Best ways that keep limits, of many columns of weights.

    Attributes
    ----------
    value
        A measure along the ways: columns by pairs, `inf` where there is no way.
    way
        Number of the way of each pair, -1 where there is none: columns by pairs.
    ways
        Edges of each way in the order of travel, if they were asked for.
    used
        Flow over each edge: edges by columns; no rows where no flow was asked.
    wants_ways
        Whether `ways` is filled.
    """

    value: Floats
    way: Ints
    ways: list[Ints]
    used: Floats
    wants_ways: bool = True

    @property
    def wants_flow(self) -> bool:
        """Whether flows were asked."""
        return len(self.used) > 0
