"""Sets of projects that can be built together: prerequisites and exclusions, as bits of a number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from corridors.base.errors import InputError, ScenarioError
from corridors.data import schema
from corridors.model import projects as rules
from corridors.network.network import Network

MOST_SETS = 4096
"""Most sets that are all valued: two to the power of twelve."""

MOST_CANDIDATES = 20
"""Most candidates: a million sets are looked through for those that can be built."""


@dataclass(frozen=True)
class Candidates:
    """Projects that a plan chooses from, and what they need of each other.

    A set of them is a number: bit k stands for the project k.

    Attributes
    ----------
    names
        Ids of the projects.
    leaves
        Projects without parts that each consists of.
    needs
        Sets (numbers), all of which a project needs.
    clashes
        Sets that cannot be built as a whole.
    """

    names: tuple[str, ...]
    leaves: tuple[tuple[str, ...], ...]
    needs: tuple[int, ...]
    clashes: tuple[int, ...]

    @property
    def everything(self) -> int:
        """Set of all candidates, whether they can be built together or not."""
        return (1 << len(self.names)) - 1

    def can_build(self, chosen: int) -> bool:
        """Whether a set can be built."""
        met = all(chosen & need == need for k, need in enumerate(self.needs) if chosen >> k & 1)
        return met and not any(chosen & clash == clash for clash in self.clashes)

    def buildable_part(self, chosen: int) -> int:
        """Largest part of a set in which every prerequisite is met."""
        while blocked := [k for k, need in enumerate(self.needs) if chosen >> k & 1 and chosen & need != need]:
            chosen &= ~sum(1 << k for k in blocked)
        return chosen

    def named(self, chosen: int) -> tuple[str, ...]:
        """Ids of the projects of a set."""
        return tuple(name for k, name in enumerate(self.names) if chosen >> k & 1)

    def built(self, chosen: int) -> tuple[str, ...]:
        """Projects without parts that a set consists of."""
        return tuple(leaf for k, mine in enumerate(self.leaves) if chosen >> k & 1 for leaf in mine)

    def sets(self) -> list[int]:
        """All sets that can be built, the empty one first, the smaller before the larger.

        Raises
        ------
        InputError
            If there are more than 4,096.
        """
        found = self._buildable()
        if len(found) > MOST_SETS:
            raise InputError("candidates", f"{len(self.names)} with {len(found)} sets", f"at most {MOST_SETS:,} sets")
        return sorted(found.tolist(), key=lambda chosen: (chosen.bit_count(), chosen))

    @cached_property
    def count(self) -> int:
        """Number of the sets that can be built."""
        return len(self._buildable())

    def _buildable(self) -> NDArray[np.int64]:
        chosen = np.arange(self.everything + 1, dtype=np.int64)
        for k, need in enumerate(self.needs):
            chosen = chosen[(chosen >> k & 1 == 0) | (chosen & need == need)]
        for clash in self.clashes:
            chosen = chosen[chosen & clash != clash]
        return chosen


def candidates_of(net: Network, projects: Iterable[str]) -> Candidates:
    """Projects to choose from, with what they need and what they shut out.

    Parameters
    ----------
    net
        The network without the projects.
    projects
        Ids of up to 20 projects, no two of which share a part.

    Raises
    ------
    UnknownNameError
        If there is no such project.
    ScenarioError
        If one can never be built, such as without a prerequisite that is no candidate.
    InputError
        If two candidates share a part, or there are too many.

    >>> import corridors as co
    >>> found = candidates_of(co.load(), ["uap-naibabad-kharlachi", "kharlachi-kohat", "khaf-herat"])
    >>> [found.named(chosen) for chosen in found.sets()][:4]
    [(), ('kharlachi-kohat',), ('khaf-herat',), ('uap-naibabad-kharlachi', 'kharlachi-kohat')]
    """
    names = [projects] if isinstance(projects, str) else list(dict.fromkeys(projects))
    if not 0 < len(names) <= MOST_CANDIDATES:
        raise InputError("candidates", names, f"one to {MOST_CANDIDATES} projects")
    leaves = [tuple(rules.leaves(net.tables, name)) for name in names]
    owner: dict[str, int] = {}
    for k, mine in enumerate(leaves):
        for leaf in mine:
            if leaf in owner:
                both = f"{names[owner[leaf]]} and {names[k]}"
                raise InputError(
                    "candidates", both, f"projects without a common part; both hold '{leaf}': name the parts"
                )
            owner[leaf] = k
    rows = {str(row["id"]): row for row in net.tables["projects"].to_dict("records")}
    members = [dict.fromkeys((name, *mine)) for name, mine in zip(names, leaves, strict=True)]
    needs = [_needs(net, rows, some, owner) for some in members]
    clashes = {clash for some in members for clash in _clashes(net, rows, some, owner)}
    found = Candidates(tuple(names), tuple(leaves), tuple(needs), tuple(sorted(clashes)))
    for k, name in enumerate(names):
        rules.plan(net.tables, net.view, _with_needs(found, k))  # what can never be built says why
        if not found.can_build(_closure(found, k)):
            raise ScenarioError(f"project '{name}' excludes what it needs: it can never be built.")
    return found


def _needs(net: Network, rows: dict[str, dict[str, str]], members: Iterable[str], owner: dict[str, int]) -> int:
    """Set of the candidates that a project needs."""
    need = 0
    for member in members:
        for other in schema.items(rows[member]["requires"]):
            for leaf in rules.leaves(net.tables, other):
                if leaf in net.view.built:
                    continue
                if leaf not in owner:
                    raise ScenarioError(
                        f"project '{member}' leads nowhere without '{other}': make it a candidate, too."
                    )
                need |= 1 << owner[leaf]
    return need


def _clashes(
    net: Network, rows: dict[str, dict[str, str]], members: Iterable[str], owner: dict[str, int]
) -> Iterator[int]:
    """Yield sets that cannot be built as a whole because of what a project excludes."""
    mine = next(iter(members))
    for member in members:
        for other in schema.items(rows[member]["excludes"]):
            clash = set(rules.leaves(net.tables, other)) - set(rules.leaves(net.tables, member)) - net.view.built
            if clash and clash <= set(owner):
                yield 1 << owner[rules.leaves(net.tables, mine)[0]] | sum({1 << owner[leaf] for leaf in clash})


def _closure(found: Candidates, k: int) -> int:
    """A project with all that it needs."""
    chosen, before = 1 << k, 0
    while chosen != before:
        before = chosen
        for one, need in enumerate(found.needs):
            chosen |= need if chosen >> one & 1 else 0
    return chosen


def _with_needs(found: Candidates, k: int) -> tuple[str, ...]:
    return found.named(_closure(found, k))
