"""Construction costs of what a network has built, as published."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from corridors.data import schema
from corridors.data.tables import Tables
from corridors.model import projects as rules

_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:-\d+(?:\.\d+)?)?")


@dataclass(frozen=True, slots=True)
class ConstructionCost:
    """Published cost of building some projects.

    Attributes
    ----------
    low_musd, high_musd
        Sums of the least and of the greatest published figures in million USD, of different years and not deflated;
        nan where a part has none.
    figures
        The figures used, in million USD, by project.
    sources
        Ids of the sources of the projects used.
    missing
        Projects without a figure.
    """

    low_musd: float
    high_musd: float
    figures: dict[str, tuple[float, ...]]
    sources: tuple[str, ...]
    missing: tuple[str, ...]


def construction_cost(tables: Tables, built: Iterable[str]) -> ConstructionCost:
    """Give what it costs to build some projects.

    Figures of a project as a whole come before those of its parts. A figure with a remark in brackets is of a part
    of the work and is not used.

    Parameters
    ----------
    tables
        Tables with the projects.
    built
        Ids of projects; upgrades and parts as well.

    >>> import corridors as co
    >>> cost = construction_cost(co.load().tables, ["uap-kabul"])
    >>> cost.low_musd, cost.high_musd, cost.missing
    (4600.0, 8200.0, ())
    """
    todo = {leaf for name in built for leaf in rules.leaves(tables, name)}
    figures: dict[str, tuple[float, ...]] = {}
    sources: list[str] = []
    rows = tables["projects"].to_dict("records")
    members = {str(row["id"]): set(rules.leaves(tables, str(row["id"]))) for row in rows}
    for row in sorted(rows, key=lambda r: -len(members[str(r["id"])])):
        name, found = str(row["id"]), published(str(row["costs_published"]))
        if found and members[name] <= todo:
            figures[name] = found
            sources += schema.items(row["source"])
            todo -= members[name]
    low, high = sum(min(f) for f in figures.values()), sum(max(f) for f in figures.values())
    gap = float("nan") if todo or not figures else 0.0
    return ConstructionCost(low + gap, high + gap, figures, tuple(dict.fromkeys(sources)), tuple(sorted(todo)))


def published(cell: str) -> tuple[float, ...]:
    """Read the figures of a cell, ends of ranges included, those with a remark in brackets left out.

    >>> published("4600;7000;8200"), published("1500-2000"), published("950 (spent by 2021)")
    ((4600.0, 7000.0, 8200.0), (1500.0, 2000.0), ())
    """
    found: list[float] = []
    for part in re.split(r"[;,](?![^(]*\))", cell):
        if _NUMBER.fullmatch(part.strip()):
            found += [float(number) for number in part.split("-")]
    return tuple(found)
