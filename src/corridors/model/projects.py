"""Projects: what belongs to them, what they need, what they shut out, and where they end at a closed border."""

from __future__ import annotations

from collections.abc import Iterable

from corridors.base.errors import ScenarioError, UnknownNameError
from corridors.base.names import fold, near_labels
from corridors.data import schema
from corridors.data.tables import Tables
from corridors.model.view import View, usable


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
    rows = tables.rows("projects")
    if project not in rows:
        labels = {fold(key): key for key in rows}
        raise UnknownNameError("project", project, near_labels(project, labels), "net.projects lists them all.")
    return {str(k): v for k, v in tables["projects"].iloc[rows[project]].items()}


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


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
