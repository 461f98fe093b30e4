"""What the steps of a scenario do to a network, and what two networks differ in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from corridors.base.errors import InputError, ScenarioError, UnknownNameError
from corridors.base.names import near
from corridors.data.geography import great_circle_km
from corridors.data.tables import Tables
from corridors.model import projects
from corridors.model.parameters import renewed_tables
from corridors.network.network import Network
from corridors.whatif.gauges import with_gauges
from corridors.whatif.link_step import as_arguments

TABLES = ("links", "crossings", "terminals", "services")
"""Tables whose cells a scenario may change."""


COLUMNS = ["table", "id", "what", "before", "after"]
"""Columns of a table of differences."""


def apply_step(net: Network, kind: str, value: Any) -> Network:
    """Network after one step of a scenario.

    Parameters
    ----------
    net
        The network.
    kind, value
        Kind of the step (see `corridors.whatif.scenario_file.KINDS`) and what it is done to.

    >>> import corridors as co
    >>> apply_step(co.load(), "close", ["AF-PK"]).closed
    ['AF-PK']
    """
    return _STEPS[kind](net, value)


def with_lengths(tables: Tables, lengths_km: Mapping[str, float]) -> Tables:
    """Tables in which the links of projects add up to other lengths; every link is scaled alike.

    Parameters
    ----------
    tables
        Tables of the network.
    lengths_km
        Total length in km by project.

    Raises
    ------
    ScenarioError, InputError
        If a project has no links, or a length is not positive or below the great circles of its links less what
        the positions of places may be out.

    >>> import corridors as co
    >>> links = with_lengths(co.load().tables, {"herat-kandahar": 811})["links"]
    >>> round(links.loc[links["project"] == "herat-kandahar", "length_km"].sum())
    811
    """
    links = tables["links"].copy()
    accuracy = tables["places"].set_index("id")["position_km"]
    slack = links["from_id"].map(accuracy) + links["to_id"].map(accuracy)
    for project, length in lengths_km.items():
        mine = links["project"].isin(projects.leaves(tables, project))
        if not mine.any():
            raise ScenarioError(f"project '{project}' has no links whose length could be changed.")
        if not float(length) > 0:
            raise InputError("lengths", length, f"the length of '{project}' in km is positive")
        columns = ["length_km", "length_low_km", "length_high_km", "border_km"]
        links.loc[mine, columns] *= float(length) / links.loc[mine, "length_km"].sum()
        straight = (great_circle_km(tables, "links") - slack)[mine]
        if (links.loc[mine, "length_km"] < straight).any():
            raise InputError("lengths", length, f"'{project}' is at least {straight.sum():.0f} km as the crow flies")
    return renewed_tables(tables, {"links": links})


def with_cells(tables: Tables, changes: Mapping[str, Mapping[str, Any]]) -> Tables:
    """Tables with single cells changed, each of which must have held the stated value before.

    Parameters
    ----------
    tables
        Tables of the network.
    changes
        Change by id of the row: a mapping with `column`, `was` and `to`.

    Raises
    ------
    UnknownNameError, ScenarioError
        If the row or column does not exist, or holds another value than expected (a stale scenario).
    """
    frames = {name: tables[name].copy() for name in TABLES}
    for ident, change in changes.items():
        name = next((n for n in TABLES if ident in tables.rows(n)), None)
        if name is None:
            existing = [key for n in TABLES for key in tables.rows(n)]
            raise UnknownNameError("link, crossing, terminal or service", ident, near(ident, existing))
        column = str(change.get("column", ""))
        if column not in frames[name] or "was" not in change or "to" not in change:
            raise ScenarioError(f"change of '{ident}': give an existing column, and was and to; got {dict(change)}.")
        row = tables.rows(name)[ident]
        now = frames[name].loc[row, column]
        if str(now) != str(change["was"]) and not _same_number(now, change["was"]):
            raise ScenarioError(
                f"'{ident}' has {column} = {now!r}, not {change['was']!r}: the scenario was written for other data."
            )
        # the new cell is checked with the whole table, so it may be of any type here
        frames[name][column] = frames[name][column].astype(object)
        frames[name].loc[row, column] = change["to"]
    return renewed_tables(tables, frames)


def _same_number(one: object, other: object) -> bool:
    try:
        return float(str(one)) == float(str(other))
    except ValueError:
        return False


_STEPS: dict[str, Callable[[Network, Any], Network]] = {
    "build": lambda net, names: net.build(list(names)),
    "close": lambda net, what: net.close(list(what)),
    "open": lambda net, what: net.open(list(what)),
    "at": lambda net, date: net.at(date),
    "in_year": lambda net, year: net.in_year(year),
    "years": lambda net, statement: net.staged(statement),
    "stages": lambda net, years: net.staged(years),
    "gauge": with_gauges,
    "add_link": lambda net, link: net.add_link(**as_arguments(link)),
    "season": lambda net, season: net.in_season(season),
    "parameters": lambda net, changes: net.with_parameters(changes),
    "scale": lambda net, factors: net.with_parameters(scale=factors),
    "lengths": lambda net, lengths: replace(net, tables=with_lengths(net.tables, lengths)),
    "change": lambda net, cells: replace(net, tables=with_cells(net.tables, cells)),
}


def difference(before: Network, after: Network) -> pd.DataFrame:
    """Table of what differs between two networks of the same region.

    Parameters
    ----------
    before, after
        The networks.

    Returns
    -------
    DataFrame
        One row per difference: table, id, what (in_use, open_to, or a column), before and after; rows that exist
        in one network only have `exists`.

    >>> import corridors as co
    >>> net = co.load()
    >>> difference(net, net.in_season("winter")).to_numpy().tolist()
    [['view', 'season', 'value', '', 'winter']]
    """
    parts = [_table_difference(name, *_views(before, after, name)) for name in TABLES]
    old, new = (net.parameters[["value", "low", "high"]] for net in (before, after))
    parts.append(_table_difference("parameters", old, new))
    for field in ("date", "season"):
        one, other = (getattr(net.view, field) or "" for net in (before, after))
        if one != other:
            parts.append(pd.DataFrame([("view", field, "value", one, other)], columns=COLUMNS))
    return pd.concat(parts, ignore_index=True)


def _views(before: Network, after: Network, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    one, other = (pd.DataFrame(getattr(net, name)) for net in (before, after))
    left_out = [column for column in ("geometry", "alignment") if column in one]
    return one.drop(columns=left_out), other.drop(columns=left_out)


def _table_difference(name: str, one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    both = one.index.intersection(other.index)
    rows: list[tuple[str, object, str, object, object]] = [
        (name, ident, "exists", ident in one.index, ident in other.index)
        for ident in one.index.symmetric_difference(other.index)
    ]
    for column in one.columns.intersection(other.columns):
        a, b = one.loc[both, column], other.loc[both, column]
        for ident in both[((a != b) & ~(a.isna() & b.isna())).to_numpy()]:
            rows.append((name, ident, str(column), a[ident], b[ident]))  # noqa: PERF401 - a comprehension hides it
    return pd.DataFrame(rows, columns=COLUMNS)
