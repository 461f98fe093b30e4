"""Networks of a date: what is open and closed by then, and projects that are built from a year on."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import replace

from corridors.base.dates import date_text, first_day, last_day
from corridors.base.errors import ClosedCrossingWarning, InputError, ScenarioError
from corridors.base.names import flat
from corridors.data import schema
from corridors.data.tables import Tables
from corridors.model import projects
from corridors.model.borders import doubts
from corridors.model.state import N
from corridors.model.view import View
from corridors.model.years import STATEMENTS, companions, given_dates, openings, stated_dates


def at(net: N, date: object, *, years: str = "") -> N:
    """Return the network of a day, month or year: what had opened by then, less what was closed.

    Planned lines need `build`. One that is built is in use from the date at which it opens: that of `build(year=)` or
    of `staged`, else that of its row (`opened`); without any it is in use at once.

    The season stands apart: closures of January hold in January, but parameters of winter (waits for snow on the
    Salang) only in `in_season("winter")`. Closures without an end hold on, so that a network of 2030 has the border
    shut that is shut today; `in_year` looks at the lines alone.

    Parameters
    ----------
    net
        The network.
    date
        `YYYY` (the end of that year), `YYYY-MM` (the end of that month) or `YYYY-MM-DD`; a year as a number; a
        `datetime.date`, `datetime.datetime` or `pandas.Timestamp`; or `today`.
    years
        `stated`, `earliest` or `latest`: build what opens by then according to the table `project_years`, as in
        `in_year`; blank builds nothing.

    Returns
    -------
    Network
        The network of that date; what was closed or opened by hand stays so.

    Raises
    ------
    InputError
        If the date is none.

    Warns
    -----
    UndatedLinksWarning
        Where links stay in use although nobody knows when they opened; `undated` lists them.
    AfterDataWarning
        If the date lies after `known_until`.

    >>> import corridors as co
    >>> len(co.load().closed), [pair for pair in co.load().at("2026-11").closed if pair.startswith("AF-PK")]
    (0, ['AF-PK'])
    """
    text = date_text(date)
    view = _announced(net.tables, net.view, text, years) if years else net.view
    found = _seen(net, replace(view, date=text, horizon=None), f" at {text}")
    for kind, doubt in doubts(found.tables, found.view, found.undated):
        warnings.warn(doubt, kind, stacklevel=3)
    return found


def in_year(net: N, year: object, *, years: str = "") -> N:
    """Return the network with the planned lines that have opened by a year; borders and the rest stay as they are.

    Parameters
    ----------
    net
        The network.
    year
        A year, or any date as in `at`.
    years
        `stated`, `earliest` or `latest`: also build every project that opens by then according to the table
        `project_years` (the statement that is taken, the earliest, the latest), and date what is built by it. Left out
        are projects of which another part or a line that they need is not open by then. Blank builds nothing.

    Returns
    -------
    Network
        The network in which what is built is in use only if it opens by then.

    Raises
    ------
    InputError
        If the year is none.
    ScenarioError
        If two projects that exclude each other would be open.

    >>> import corridors as co
    >>> net = co.load().build("khaf-herat", year=2028)
    >>> [int(net.in_year(year).links["in_use"].sum() - co.load().links["in_use"].sum()) for year in (2027, 2028)]
    [0, 2]
    >>> "ml-1-karachi-rohri" in co.load().in_year(2028, years="stated").view.built
    True
    """
    text = date_text(year, name="year")
    view = _announced(net.tables, net.view, text, years) if years else net.view
    return _seen(net, replace(view, horizon=text), f" in {text}")


def build(net: N, *names: str | Iterable[str], year: object = None) -> N:
    """Return the network with projects built.

    Parameters
    ----------
    net
        The network.
    names
        Ids of projects (`net.projects`), or lists of them; of a project with parts, all parts are built.
    year
        Year, or any date, from which they are in use in networks of a date (`at`, `in_year`); or `stated`, `earliest`
        or `latest`, for what the table `project_years` states of each. Without it they are in use at once, at every
        date, as they are in a network without a date.

    Returns
    -------
    Network
        The network with the links of the projects in use, and those they replace out of use.

    Raises
    ------
    UnknownNameError, ScenarioError
        If a project is unknown, built already, in conflict with another, or lacks a prerequisite; or if no year is
        stated for it.

    Warns
    -----
    ClosedCrossingWarning
        If a project ends at a crossing that is closed in this view.

    >>> import corridors as co
    >>> net = co.load().build("uap-kabul")
    >>> net.name, int(net.projects["built"].sum())
    ('reference + uap-kabul', 3)
    >>> net = co.load().build("uap-kabul", year=2031)
    >>> [int(n.links["in_use"].sum() - co.load().links["in_use"].sum()) for n in (net, net.in_year(2030))]
    [17, 0]
    """
    wanted = flat("names", names, least="a project; net.projects lists them")
    new = projects.plan(net.tables, net.view, wanted)
    view = net.view.build(new)
    if year is not None:
        view = _with_dates(view, _dates(net.tables, new, year))
    found = _seen(net, view, f" + {' + '.join(wanted)}" + ("" if year is None else f" ({year})"))
    if shut := projects.closed_ends(found.tables, found.view, new):
        where = f"at {', '.join(shut)}, which is closed in '{net.name}': no cargo can pass there."
        warnings.warn(f"{', '.join(wanted)} crosses the border {where}", ClosedCrossingWarning, stacklevel=3)
    return found


def staged(net: N, years: Mapping[str, object] | str) -> N:
    """Return the network with projects built in stages: each is in use from its own year.

    Parameters
    ----------
    net
        The network.
    years
        Year, or any date, by project; what is not built yet is built. A year of a whole holds for those of its parts
        that are not named. Or `stated`, `earliest` or `latest`, for all that is built by the table `project_years`.

    Returns
    -------
    Network

    Raises
    ------
    UnknownNameError, ScenarioError, InputError
        As in `build`; also if a part that is built with the others is left without a year.

    >>> import corridors as co
    >>> net = co.load().build("western-route").staged({"torghundi-herat": 2028, "western-route": 2032})
    >>> [int(net.in_year(year).links["in_use"].sum() - co.load().links["in_use"].sum()) for year in (2027, 2030, 2032)]
    [0, 2, 11]
    """
    tables, view = net.tables, net.view
    if isinstance(years, str):
        return _seen(net, _with_dates(view, stated_dates(tables, sorted(view.built), years)), f", years {years}")
    if not years:
        raise InputError("years", years, "a year by project, such as {'torghundi-herat': 2028}")
    dates = given_dates(tables, years)
    new = [name for name in years if not set(projects.leaves(tables, name)) <= view.built]
    view = view.build(projects.plan(tables, view, new)) if new else view
    # what was dated before keeps its date
    view = _with_dates(view, dict(net.view.openings) | dates)
    left = sorted((companions(tables, dates) & view.built) - set(dict(view.openings)))
    if left:
        raise ScenarioError(f"{', '.join(left)} is built with the stages and has no year: name it, or the whole.")
    return _seen(net, view, ", " + ", ".join(f"{name} {date_text(year)}" for name, year in years.items()))


def _dates(tables: Tables, names: Iterable[str], year: object) -> dict[str, str]:
    """Dates of projects: what is stated of each, or one for all."""
    if isinstance(year, str) and year in STATEMENTS:
        return stated_dates(tables, names, year)
    return dict.fromkeys(names, date_text(year, name="year"))


def _with_dates(view: View, dates: Mapping[str, str]) -> View:
    return replace(view, openings=frozenset({**dict(view.openings), **dates}.items()))


def _announced(tables: Tables, view: View, date: str, statement: str) -> View:
    """View with everything built that opens by a date as it is stated."""
    stated_dates(tables, [], statement)
    known = {name: str(getattr(one, statement)) for name, one in openings(tables).items()}
    dates = {name: text for name, text in known.items() if text}
    with_links = set(tables["links"]["project"]) | set(tables["terminals"]["project"])
    rows = {row["id"]: row for row in tables["projects"].to_dict("records")}
    new = {
        name
        for name, text in dates.items()
        if first_day(text) <= last_day(date) and rows[name]["kind"] in ("new", "upgrade") and name in with_links
    }
    view = _with_dates(view, {name: text for name, text in dates.items() if name in view.built})
    new -= view.built
    while new != (left := {name for name in new if _has_needs(tables, rows[name]["requires"], new | view.built)}):
        new = left
    if not new:
        return view
    order = [name for name in rows if name in new]
    return _with_dates(view.build(projects.plan(tables, view, order)), {name: dates[name] for name in order})


def _has_needs(tables: Tables, requires: str, together: set[str] | frozenset[str]) -> bool:
    """Whether all that a project needs is built with it."""
    return all(set(projects.leaves(tables, name)) <= together for name in schema.items(requires))


def _seen(net: N, view: View, change: str) -> N:
    """Network in another view, with what was changed in its name."""
    return replace(net, view=view, name=f"{net.name}{change}")
