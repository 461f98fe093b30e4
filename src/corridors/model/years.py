"""Years in which projects open: what is stated of them, which statement is taken, and between which dates they lie."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from corridors.base.cache import Slot, unchanged
from corridors.base.dates import date_text, last_day
from corridors.base.errors import InputError, ScenarioError
from corridors.data import schema
from corridors.data.tables import Tables
from corridors.model.projects import leaves

CHOSEN, EARLIEST, LATEST = "stated", "earliest", "latest"
STATEMENTS = (CHOSEN, EARLIEST, LATEST)
"""Which statement counts: the one that the table takes, the earliest date that was ever stated, the latest one."""

_OPENINGS = Slot[dict[str, "Opening"]]("openings of projects", most=1, carried=unchanged)


@dataclass(frozen=True, slots=True)
class Opening:
    """Dates at which a project without parts opens, each with the id of its statement; blank where none is stated.

    Attributes
    ----------
    stated, earliest, latest
        Date of the statement that is taken, and the earliest and the latest of all statements.
    of_stated, of_earliest, of_latest
        Ids of these statements.
    """

    stated: str = ""
    earliest: str = ""
    latest: str = ""
    of_stated: str = ""
    of_earliest: str = ""
    of_latest: str = ""


def openings(tables: Tables) -> dict[str, Opening]:
    """Openings of all projects without parts that have statements, by id.

    A statement on a project counts for all its parts. Of those that are taken, that of the part itself comes first,
    then that of the project with the fewest parts.

    Parameters
    ----------
    tables
        Tables with `projects` and `project_years`.

    >>> import corridors as co
    >>> found = openings(co.load().tables)
    >>> found["uap-naibabad-kharlachi"].stated, found["uap-naibabad-kharlachi"].earliest, found["sanobar-herat"].stated
    ('2031', '2027', '2028')
    """
    return tables.cache.get(_OPENINGS, "", lambda: _openings(tables))


def _openings(tables: Tables) -> dict[str, Opening]:
    dated = [row for row in tables["project_years"].to_dict("records") if row["opens"]]
    members = {row["project"]: leaves(tables, row["project"]) for row in dated}
    of_leaf: dict[str, list[Mapping[str, str]]] = {}
    # the stable sort has the narrowest project first
    for row in sorted(dated, key=lambda row: len(members[row["project"]])):
        for leaf in members[row["project"]]:
            of_leaf.setdefault(leaf, []).append(row)
    return {leaf: _opening(rows) for leaf, rows in of_leaf.items()}


def _opening(rows: Iterable[Mapping[str, str]]) -> Opening:
    """Opening that statements, the narrowest first, make together."""
    ends = [(date, row["id"]) for row in rows for name in ("opens", "opens_low", "opens_high") if (date := row[name])]
    taken = next(((row["opens"], row["id"]) for row in rows if row["chosen"] == "yes"), ("", ""))
    low, high = min(ends, key=_by_day), max(ends, key=_by_day)
    return Opening(taken[0], low[0], high[0], taken[1], low[1], high[1])


def _by_day(end: tuple[str, str]) -> int:
    return last_day(end[0])


def stated_dates(tables: Tables, projects: Iterable[str], statement: str = CHOSEN) -> dict[str, str]:
    """Dates at which some projects open by what is stated of them.

    Parameters
    ----------
    tables
        Tables with `projects` and `project_years`.
    projects
        Ids of projects without parts.
    statement
        `stated` (the statement that is taken), `earliest` or `latest`.

    Raises
    ------
    InputError
        If there is no such choice.
    ScenarioError
        Naming the projects without a date.

    >>> import corridors as co
    >>> stated_dates(co.load().tables, ["khaf-herat-4b"]), stated_dates(co.load().tables, ["khaf-herat-4b"], "earliest")
    ({'khaf-herat-4b': '2028-08'}, {'khaf-herat-4b': '2026'})
    """
    if statement not in STATEMENTS:
        raise InputError("years", statement, f"one of {', '.join(STATEMENTS)}, or a year for every project")
    known = openings(tables)
    dates = {name: str(getattr(known.get(name, Opening()), statement)) for name in projects}
    missing = [name for name, date in dates.items() if not date]
    if missing:
        raise ScenarioError(
            f"no year is stated (table project_years) for {', '.join(missing)}: give it a year, as in "
            f"staged({{'{missing[0]}': 2035}}) or build('{missing[0]}', year=2035)."
        )
    return dates


def given_dates(tables: Tables, years: Mapping[str, object]) -> dict[str, str]:
    """Dates of projects without parts, from those of projects; what names a part counts before what names the whole.

    Parameters
    ----------
    tables
        Tables with the projects.
    years
        Date by id of a project: a year as a number, or any date.

    >>> import corridors as co
    >>> dates = given_dates(co.load().tables, {"torghundi-herat": 2028, "western-route": "2032-06"})
    >>> dates["sanobar-herat"], dates["herat-kandahar"]
    ('2028', '2032-06')
    """
    found: dict[str, str] = {}
    members = {name: leaves(tables, name) for name in years}
    for name in sorted(members, key=lambda name: -len(members[name])):
        found |= dict.fromkeys(members[name], date_text(years[name], name="year"))
    return found


def companions(tables: Tables, projects: Iterable[str]) -> set[str]:
    """Projects without parts that belong to one whole with some of these.

    Parameters
    ----------
    tables
        Tables with the projects.
    projects
        Ids of projects without parts.

    >>> import corridors as co
    >>> sorted(companions(co.load().tables, ["torghundi-sanobar"]))[:2]
    ['herat-kandahar', 'kandahar-spin-boldak']
    """
    named, found = set(projects), set[str]()
    frame = tables["projects"]
    for ident, parts in zip(frame["id"], frame["parts"], strict=True):
        members = set(leaves(tables, ident)) if schema.items(parts) else set()
        if members & named:
            found |= members
    return found
