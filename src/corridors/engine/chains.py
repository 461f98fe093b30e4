"""Chains of edges as one edge each: what a search for ways under limits needs of a graph, and no more.

A way under limits comes back to no node and to no group. So a node that is no end of a way can be left out, if the
pairs of an edge to it and an edge from it that a way may take stand in its place: chains. This is done where it makes
no more edges, which takes out dead ends, the nodes between two others, and most that branch in three. What is left is
an eighth of the nodes, and the same ways.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Masks = NDArray[np.bool_]

Words = NDArray[np.uint64]
"""Bits of groups, 64 to a word: one row per number."""

Chain = tuple[int, int, int, tuple[int, ...]]
"""Nodes at its ends, groups that it enters as bits of a number, and edges in the order of travel."""


@dataclass(frozen=True, eq=False)
class Chains:
    """Chains of edges between the nodes where ways begin, end or branch.

    Attributes
    ----------
    nodes
        Nodes that are left. They are numbered anew, in this order.
    number
        New number of each node of the graph, -1 where it is left out.
    tail, head
        New numbers of the nodes of each chain; chains are in the order of their tails.
    edges
        Edges of all chains, one chain after another, each in the order of travel.
    first
        Where each chain begins in `edges`.
    entered
        Groups that each chain enters, as bits of a number.
    own
        Bit of the group of each node.
    """

    nodes: Ints
    number: Ints
    tail: Ints
    head: Ints
    edges: Ints
    first: Ints
    entered: Sequence[int]
    own: Sequence[int]

    def sums(self, column: NDArray[Any]) -> NDArray[Any]:
        """Sum of a column of edges along each chain; of columns, if there are some."""
        if not len(self.first):
            return np.zeros((0, *column.shape[1:]), dtype=column.dtype)
        return np.asarray(np.add.reduceat(column[self.edges], self.first, axis=0))

    def edges_of(self, way: Sequence[int]) -> list[int]:
        """Edges of a way of some chains, in the order of travel."""
        ends = np.append(self.first, len(self.edges))
        return [edge for chain in way for edge in self.edges[ends[chain] : ends[chain + 1]].tolist()]

    @cached_property
    def start(self) -> Ints:
        """First chain from each node, and one more."""
        return np.searchsorted(self.tail, np.arange(len(self.nodes) + 1))

    @cached_property
    def near(self) -> list[int]:
        """Groups on the chains from each node, and its own, as bits of a number."""
        found = list(self.own)
        for tail, entered in zip(self.tail.tolist(), self.entered, strict=True):
            found[tail] |= entered
        return found

    @cached_property
    def words(self) -> tuple[Words, Words, Words]:
        """Groups that chains enter, those near each node, and that of each node, as words of as few bits as will do.

        A group that lies on chains between two nodes only needs no bit: a way that passes it twice comes back to both.
        """
        (chain, entered), (node, own) = _bits_of(self.entered), _bits_of(self.own)
        count = 1 + max(int(entered.max(initial=0)), int(own.max(initial=0)))
        ends = np.minimum(self.tail, self.head) * len(self.nodes) + np.maximum(self.tail, self.head)
        needed, beyond = np.zeros(count, dtype=bool), np.iinfo(np.int64).max
        lowest, highest = np.full(count, beyond), np.full(count, -1)
        np.minimum.at(lowest, entered, ends[chain])
        np.maximum.at(highest, entered, ends[chain])
        needed[own] = True
        needed |= lowest < highest
        place = np.where(needed, np.cumsum(needed) - 1, -1)
        words, nodes = max(1, -(-int(needed.sum()) // 64)), len(self.nodes)
        near = np.concatenate([self.tail[chain], node]), np.concatenate([place[entered], place[own]])
        return (
            _packed((len(self.entered), words), chain, place[entered]),
            _packed((nodes, words), *near),
            _packed((nodes, words), node, place[own]),
        )


def single_edges(tail: Ints, head: Ints, group: Ints, kept: Masks) -> Chains:
    """Take every edge as a chain of its own.

    Parameters
    ----------
    tail, head
        Nodes of each edge.
    group
        Group of each node.
    kept
        Whether each edge is open.
    """
    edges = np.flatnonzero(kept & (tail != head))
    edges = edges[np.argsort(tail[edges], kind="stable")]
    bit = [1 << g for g in range(int(group.max(initial=0)) + 1)] + [0]
    entered = np.where(group[tail[edges]] == group[head[edges]], -1, group[head[edges]])
    nodes = np.arange(len(group))
    entered_bits, own = ([bit[g] for g in groups.tolist()] for groups in (entered, group))
    return Chains(nodes, nodes, tail[edges], head[edges], edges, np.arange(len(edges)), entered_bits, own)


def make_chains(tail: Ints, head: Ints, group: Ints, kept: Masks, ends: Ints) -> Chains:
    """Put edges together to chains.

    Parameters
    ----------
    tail, head
        Nodes of each edge.
    group
        Group of each node. A way that has left a group does not come back to it.
    kept
        Whether each edge is open.
    ends
        Nodes at which ways may begin or end, whatever is asked.

    >>> tail, head = np.array([0, 1, 1, 2]), np.array([1, 2, 3, 4])
    >>> chains = make_chains(tail, head, np.arange(5), np.ones(4, dtype=bool), np.array([0, 4]))
    >>> chains.nodes.tolist(), chains.edges.tolist(), chains.first.tolist()
    ([0, 4], [0, 1, 3], [0])
    """
    return _Elimination(tail, head, group, kept, ends).run()


def _bits_of(numbers: Sequence[int]) -> tuple[Ints, Ints]:
    """Row and bit of each bit that is set in some numbers; there are few in numbers of many bits."""
    rows, bits = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for row, number in enumerate(numbers):
        if not number:
            continue
        data = np.frombuffer(number.to_bytes(number.bit_length() + 7 >> 3, "little"), dtype=np.uint8)
        some = np.flatnonzero(data)
        byte, bit = np.nonzero(np.unpackbits(data[some, None], axis=1, bitorder="little"))
        bits.append(8 * some[byte] + bit)
        rows.append(np.full(len(bit), row))
    return np.concatenate(rows), np.concatenate(bits)


def _packed(shape: tuple[int, int], row: Ints, bit: Ints) -> Words:
    """Words of some bits, a row each; bits below zero are left out."""
    found = np.zeros(shape, dtype=np.uint64)
    row, bit = row[bit >= 0], bit[bit >= 0]
    np.bitwise_or.at(found, (row, bit // 64), np.uint64(1) << (bit % 64).astype(np.uint64))
    return found


class _Elimination:
    """Nodes with the chains that begin and end there, while more and more nodes are left out."""

    def __init__(self, tail: Ints, head: Ints, group: Ints, kept: Masks, ends: Ints) -> None:
        self.group, self.ends = group, ends
        self.bit = [1 << g for g in group.tolist()]
        self.into: list[dict[int, Chain]] = [{} for _ in self.bit]
        self.out: list[dict[int, Chain]] = [{} for _ in self.bit]
        self.count = 0
        edges = np.flatnonzero(kept & (tail != head))
        for a, b, e in zip(tail[edges].tolist(), head[edges].tolist(), edges.tolist(), strict=True):
            self._add(_single(a, b, e, group))

    def run(self) -> Chains:
        """Leave out nodes as long as that makes no more chains."""
        is_end = np.zeros(len(self.bit), dtype=bool)
        is_end[self.ends] = True
        waiting = np.flatnonzero(~is_end).tolist()
        waits = ~is_end
        while waiting:
            node = waiting.pop()
            waits[node] = False
            into, out = self.into[node], self.out[node]
            if not into and not out:
                continue
            joined = list(self._joined(into, out, len(into) + len(out)))
            if len(joined) > len(into) + len(out):
                continue
            around = {chain[0] for chain in into.values()} | {chain[1] for chain in out.values()}
            self._leave_out(node, joined)
            again = [other for other in sorted(around) if not (is_end[other] or waits[other])]
            waits[again] = True
            waiting += again
        return _laid_out([chain for out in self.out for chain in out.values()], self.group, self.ends)

    def _add(self, chain: Chain) -> None:
        self.out[chain[0]][self.count] = self.into[chain[1]][self.count] = chain
        self.count += 1

    def _joined(self, into: dict[int, Chain], out: dict[int, Chain], most: int) -> Iterator[Chain]:
        """Yield the chains that a way can take over a node; one more than `most` will do."""
        count = 0
        for a, _, before, way in into.values():
            for _, b, after, onward in out.values():
                # a way that comes back to its first group, or to one in between, is none
                if a == b or before & after or self.bit[a] & (before | after):
                    continue
                yield a, b, before | after, way + onward
                count += 1
                if count > most:
                    return

    def _leave_out(self, node: int, joined: list[Chain]) -> None:
        for number, chain in self.into[node].items():
            del self.out[chain[0]][number]
        for number, chain in self.out[node].items():
            del self.into[chain[1]][number]
        self.into[node], self.out[node] = {}, {}
        for chain in joined:
            self._add(chain)


def _single(a: int, b: int, edge: int, group: Ints) -> Chain:
    return a, b, 1 << int(group[b]) if group[a] != group[b] else 0, (edge,)


def _laid_out(chains: list[Chain], group: Ints, ends: Ints) -> Chains:
    """Chains as arrays, in the order of their tails, with the ends that are asked for among their nodes."""
    chains.sort(key=lambda chain: chain[:2] + chain[3])
    lengths = [len(chain[3]) for chain in chains]
    tail, head = (np.array([chain[side] for chain in chains], dtype=np.int64) for side in (0, 1))
    nodes = np.unique(np.concatenate([tail, head, ends]))
    number = np.full(len(group), -1, dtype=np.int64)
    number[nodes] = np.arange(len(nodes))
    return Chains(
        nodes,
        number,
        number[tail],
        number[head],
        np.array([edge for chain in chains for edge in chain[3]], dtype=np.int64),
        np.cumsum([0, *lengths[:-1]], dtype=np.int64)[: len(chains)],
        [chain[2] for chain in chains],
        [1 << g for g in group[nodes].tolist()],
    )
