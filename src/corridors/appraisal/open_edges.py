"""What is open with any set of projects, worked out from the networks with one built, and with one missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridors.appraisal.sets import Candidates
from corridors.base.errors import ScenarioError
from corridors.base.units import GENERALIZED
from corridors.network.network import Network
from corridors.uncertainty.batch import Job, make_job

Masks = NDArray[np.bool_]
Bits = NDArray[np.uint32]

CHECKED = 6
"""Sets of which what is open is compared with the network itself."""


@dataclass(frozen=True, eq=False)
class OpenEdges:
    """Edges that are open with any set of candidates: arrays are groups of pairs by edges of a compiled graph.

    Attributes
    ----------
    none, everything
        What is open with nothing built, and with all.
    needs
        Projects without any of which an edge is shut.
    gives
        Projects each of which opens an edge that is shut with nothing built.
    shuts
        Projects each of which shuts an edge, as upgrades do with the links that they replace.
    """

    none: Masks
    everything: Masks
    needs: Bits
    gives: Bits
    shuts: Bits

    def of(self, chosen: int) -> Masks:
        """Edges that are open with a set."""
        mine = np.uint32(chosen)
        new = (self.needs & ~mine == 0) & (self.gives & mine != 0) & ~self.none
        return np.asarray(((self.none & (self.shuts & mine == 0)) & self.everything_or_shut) | (new & self.everything))

    @property
    def everything_or_shut(self) -> Masks:
        """Edges that are open with all built, or would be if nothing were replaced."""
        return np.asarray(self.everything | (self.shuts != 0))

    @property
    def used_by(self) -> Bits:
        """Projects that an edge is of: a way over no edge of a project stands without it."""
        bits = np.where(self.none, 0, self.needs | self.gives)
        return np.asarray(np.bitwise_or.reduce(bits, axis=0), dtype=np.uint32)

    @property
    def replacing(self) -> int:
        """Set of the projects that shut something."""
        return int(np.bitwise_or.reduce(self.shuts, axis=None))


def compiled_job(
    net: Network, candidates: Candidates, ends: tuple[Sequence[str], Sequence[str]],
    *, seed: int, spread: str, asked: Mapping[str, Any],
) -> tuple[Job, OpenEdges]:  # fmt: skip
    """Job of a network with any set of candidates, and what is open with each.

    Parameters
    ----------
    net
        The network without the projects.
    candidates
        The projects.
    ends
        Origins and destinations.
    seed, spread
        Of the draws.
    asked
        Options of the question.

    Raises
    ------
    ScenarioError
        If projects change what is open in a way that cannot be worked out from each alone.
    """
    count, everything = len(candidates.names), candidates.everything
    single = [1 << k for k in range(count)]
    random = np.random.default_rng(0).integers(0, everything + 1, CHECKED).tolist()
    sets = [0, everything, *single, *(everything ^ bit for bit in single), *random]
    problems = [_built(net, candidates, chosen).problem(**asked) for chosen in sets]
    job = make_job(problems, GENERALIZED, *ends, seed=seed, spread=spread)
    masks = job.masks
    none, both = masks[:, 0], masks[:, 1]
    bits = np.array(single, dtype=np.uint32)[None, :, None]
    alone, without = masks[:, 2 : 2 + count], masks[:, 2 + count : 2 + 2 * count]
    needs = _or(np.where(both[:, None] & ~without, bits, 0))
    gives = _or(np.where(alone & ~none[:, None], bits, 0))
    shuts = _or(np.where(none[:, None] & ~alone, bits, 0))
    gives = np.where(gives == 0, np.where(~none, needs, 0), gives).astype(np.uint32)
    found = OpenEdges(none, both, needs.astype(np.uint32), gives, shuts.astype(np.uint32))
    for number, chosen in enumerate(sets):
        if not np.array_equal(found.of(chosen), masks[:, number]):
            some = ", ".join(candidates.named(chosen))
            raise ScenarioError(
                f"what is open with {some} does not follow from each project alone: plan fewer of them."
            )
    return replace(job, masks=masks[:, :1]), found


def _or(bits: NDArray[Any]) -> NDArray[np.uint32]:
    return np.asarray(np.bitwise_or.reduce(bits, axis=1), dtype=np.uint32)


def _built(net: Network, candidates: Candidates, chosen: int) -> Network:
    """Network with a set built, whether or not it could be."""
    return replace(net, view=net.view.build(candidates.built(chosen))) if chosen else net
