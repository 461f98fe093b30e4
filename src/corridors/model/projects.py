"""Projects: what belongs to them, what they need, what they shut out, and where they end at a closed border."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from corridors.base.cache import Slot, unchanged
from corridors.base.errors import ScenarioError, UnknownNameError
from corridors.base.names import fold, near_labels
from corridors.data import schema
from corridors.data.tables import Tables
from corridors.model.targets import Target, scope
from corridors.model.view import PLANNED, View, usable

_PROJECTS = Slot[dict[str, dict[str, str]]]("rows of projects", most=1, carried=unchanged)


def leaves(tables: Tables, project: str) -> list[str]:
    """List the projects without parts that a project consists of (itself, where it has none).

    >>> import corridors as co
    >>> leaves(co.load().tables, "uap-kabul")
    ['uap-naibabad-kharlachi', 'kharlachi-kohat']
    """
    parts = schema.items(_find(tables, project)["parts"])
    found = [leaf for part in parts for leaf in leaves(tables, part)] if parts else [project]
    return list(dict.fromkeys(found))


def _find(tables: Tables, project: str) -> dict[str, str]:
    existing = tables.cache.get(_PROJECTS, "", lambda: {p["id"]: p for p in tables["projects"].to_dict("records")})
    if project not in existing:
        labels = {fold(key): key for key in existing}
        raise UnknownNameError("project", project, near_labels(project, labels), "net.projects lists them all.")
    return existing[project]


def plan(tables: Tables, view: View, wanted: Iterable[str]) -> list[str]:
    """Check that projects can be built together on a view, and list the leaves to build.

    Raises
    ------
    UnknownNameError
        If there is no such project.
    ScenarioError
        If one is built already or is nothing to build, conflicts with another, or lacks a prerequisite.
    """
    names = list(wanted)
    new = list(dict.fromkeys(leaf for name in names for leaf in leaves(tables, name)))
    together = view.built | set(new)
    for name in names:
        _refuse_existing(tables, view, name)
        for member in {name, *leaves(tables, name)}:
            row = _find(tables, member)
            _refuse_conflicts(tables, row, together)
            missing = [r for r in schema.items(row["requires"]) if not set(leaves(tables, r)) <= together]
            if missing:
                raise ScenarioError(
                    f"project '{member}' leads nowhere without {_quoted(missing)}: build them together, "
                    f"as in build({', '.join(repr(n) for n in [*names, *missing])})."
                )
    return new


def _refuse_existing(tables: Tables, view: View, name: str) -> None:
    row = _find(tables, name)
    if row["kind"] in ("existing", "route"):
        what = "is in the network already" if row["kind"] == "existing" else "is a way over existing links"
        raise ScenarioError(f"project '{name}' {what}: there is nothing to build.")
    mine = leaves(tables, name)
    if set(mine) <= view.built:
        raise ScenarioError(f"project '{name}' is built already in this network.")
    if not tables["links"]["project"].isin(mine).any():
        raise ScenarioError(f"project '{name}' has no links in the tables: {row['note'] or 'it changes no route'}")


def _refuse_conflicts(tables: Tables, row: dict[str, str], together: frozenset[str]) -> None:
    for other in schema.items(row["excludes"]):
        clash = set(leaves(tables, other)) - set(leaves(tables, row["id"]))
        if clash and clash <= together:
            raise ScenarioError(f"projects '{row['id']}' and '{other}' stand for the same line: build one of them.")


def closed_ends(tables: Tables, view: View, built: Iterable[str]) -> list[str]:
    """List the crossings closed to the mode of the links that some projects build over them."""
    links = tables["links"]
    mine = links[links["project"].isin(list(built)) & (links["crossing"] != "")]
    rows, now = tables.rows("crossings"), usable(tables, view)
    shut = [c for c, mode in zip(mine["crossing"], mine["mode"], strict=True) if not now.crossings[mode][rows[c]]]
    return list(dict.fromkeys(shut))


def refuse_planned(tables: Tables, view: View, targets: Iterable[Target]) -> None:
    """Refuse to open what is only planned: it has to be built.

    Raises
    ------
    ScenarioError
        If nothing of a target exists or is built in the view.
    """
    now = usable(tables, replace(view, closed=frozenset(), date=None))
    for target in targets:
        rows = scope(tables, target)
        names = {(table, tables.ident(table, row)) for table, row, _ in rows}
        if not all(tables.column(table, "status")[row] in PLANNED for table, row, _ in rows) or any(
            now.crossings[mode][row] if mode else getattr(now, table)[row] for table, row, mode in rows
        ):
            continue
        links = tables["links"]
        over = links[links["crossing"].isin([ident for table, ident in names if table == "crossings"])]
        own = [tables.column(table, "project")[row] for table, row, _ in rows if "project" in tables[table]]
        builds = [name for name in dict.fromkeys([*own, *over["project"]]) if name]
        advice = f"build {_quoted(builds)} instead" if builds else "no project builds it"
        raise ScenarioError(f"{target.kind} '{target}' is only planned, and opening builds nothing: {advice}.")


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


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
    """Published cost of building some projects, in million USD.

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
    todo = {leaf for name in built for leaf in leaves(tables, name)}
    figures: dict[str, tuple[float, ...]] = {}
    sources: list[str] = []
    rows = tables["projects"].to_dict("records")
    members = {str(row["id"]): set(leaves(tables, str(row["id"]))) for row in rows}
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
