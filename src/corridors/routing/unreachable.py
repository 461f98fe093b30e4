"""Why there is no route: what is missing at the ends, and what would join them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from corridors.base.errors import UnknownNameError
from corridors.data.countries import country_code
from corridors.data.tables import Tables
from corridors.model.charter import ports
from corridors.model.problem import Problem, modes_of
from corridors.model.transit import bilateral, no_transit
from corridors.model.view import usable
from corridors.routing.main_haul import why_no_journey

_REFUSED = 1e6
"""Weight of an edge that the question itself rules out, against 1 for one that is closed or not built."""


def why_no_route(problem: Problem, origin: str, destination: str) -> list[str]:
    """Say why two places are not joined.

    Parameters
    ----------
    problem
        The network as it was searched.
    origin, destination
        Ids of the places.

    Returns
    -------
    list
        Reasons: ways that are no journeys, an end without the mode, things closed or not built on the least
        obstructed way, or that no such way exists in the tables at all.
    """
    if reasons := why_no_journey(problem, origin, destination):
        return reasons
    names = set(problem.question.modes or ())
    reasons = [*_avoided(problem, (origin, destination))]
    reasons = reasons or [*_at_ends(problem, origin, destination, names)]
    if problem.expansion.cargo == "wagon" and names and "rail" not in names:
        reasons.append("a wagonload goes by rail at least part of the way; use cargo='truck' or 'container'")
    found = reasons or _obstacles(problem, origin, destination)
    return [*found, *_charters(problem, origin, destination)]


def _avoided(problem: Problem, ends: Iterable[str]) -> Iterable[str]:
    """Say what is to be avoided and has an end of the journey in it."""
    tables = problem.tables
    country = dict(zip(tables["places"]["id"], tables["places"]["country"], strict=True))
    for place in ends:
        for name in problem.question.avoid:
            if (country_code(name) or name.upper()) == country[place]:
                yield f"{tables.label(place)} lies in {country[place]}, which is to be avoided"
            elif _is_place(tables, name, place):
                yield f"{tables.label(place)} is to be avoided"


def _is_place(tables: Tables, name: str, place: str) -> bool:
    """Whether a name is that of a place, and not of something else."""
    try:
        return tables.place(name) == place
    except UnknownNameError:  # a mode, a crossing, a link or a service
        return False


def _at_ends(problem: Problem, origin: str, destination: str, modes: set[str]) -> Iterable[str]:
    e = problem.expansion
    shown = " or ".join(sorted(modes - {"sea"})) or "land"
    for place, ends, at_end in ((origin, e.tail_place, e.from_origin), (destination, e.head_place, e.to_destination)):
        here = (ends == place) & at_end
        if not here.any():
            yield f"{problem.tables.label(place)} has no {shown} link that takes a {e.cargo}"
        elif not np.isfinite(problem.weight[here]).any():
            has = ", ".join(sorted({str(m) for m in e.mode[here & ~e.at_quay]}))
            missing = f"{shown} state, only {has}"
            if modes == {"sea"}:
                missing = f"port terminal in use that takes a {e.cargo}: by sea alone a journey is from port to port"
            yield f"{problem.tables.label(place)} has no {missing}"


def _obstacles(problem: Problem, origin: str, destination: str) -> list[str]:
    """List what stands in the way on the path with the fewest obstacles."""
    e = problem.expansion
    open_by_status = e.in_use(usable(problem.tables, problem.view))
    blocked = ~np.isfinite(problem.weight)
    weight = np.where(blocked, np.where(open_by_status, _REFUSED, 1.0), 1e-9)
    # a quay is no way out of a land state that the question may use
    weight = np.where(blocked & e.at_quay, np.inf, weight)
    path = next(replace(problem, weight=weight).shortest([(origin, destination)])[0].each())
    if path is None:
        return [f"no chain of links, crossings and terminals joins them for cargo '{e.cargo}', open or planned"]
    found: list[str] = []
    for edge in path:
        if blocked[edge]:
            text = _obstacle(problem, edge, bool(open_by_status[edge]))
            if text not in found:
                found.append(text)
    return ["they would be joined by " + ", ".join(found)]


def _charters(problem: Problem, origin: str, destination: str) -> Iterable[str]:
    """Say what chartered ships can do between two ports, where the question allows ships."""
    tables, question = problem.tables, problem.question
    if "sea" not in modes_of(question) or not {origin, destination} <= ports(tables, question.cargo):
        return
    rows = tables["sea_distances"]
    ends = {frozenset(pair) for pair in zip(rows["from_id"], rows["to_id"], strict=True)}
    apart = frozenset((origin, destination)) not in ends
    if question.charter and apart:
        yield f"the table sea_distances has no row for {tables.label(origin)} and {tables.label(destination)}"
    elif not question.charter and not apart:
        yield "charter=True adds chartered ships between ports with a distance"


def _obstacle(problem: Problem, edge: int, refused: bool) -> str:
    e, tables = problem.expansion, problem.tables
    row = int(e.crossing[edge])
    if refused and row in bilateral(tables) and row not in problem.passes:
        return f"the crossing '{tables.ident('crossings', row)}' ({no_transit(tables, row)})"
    if refused:
        return f"{e.mode[edge]} at {e.tail_place[edge]}, which the question rules out"
    if e.terminal[edge] >= 0:
        terminal = tables["terminals"].iloc[e.terminal[edge]]
        return f"the terminal '{terminal['id']}' ({_state(terminal)})"
    if e.service[edge] >= 0:
        service = tables["services"].iloc[e.service[edge]]
        return f"the service '{service['id']}' ({'closed' if service['status'] == 'open' else service['status']})"
    link = tables["links"].iloc[e.link[edge]]
    if e.crossing[edge] >= 0 and not usable(tables, problem.view).crossings[link["mode"]][e.crossing[edge]]:
        return f"the crossing '{link['crossing']}' (closed to {link['mode']})"
    return f"the link '{link['id']}' ({_state(link)})"


def _state(row: object) -> str:
    status, project = str(row["status"]), str(row["project"])  # type: ignore[index]  # a row of a table
    if project:
        return f"{status}, project '{project}'"
    return "closed" if status == "open" else status
