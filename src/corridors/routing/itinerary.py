"""Steps and legs of a route as columns, taken from the arrays of the expansion, and the lines of its movements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from shapely.geometry import LineString
from shapely.ops import substring

from corridors.base.languages import ENGLISH, words
from corridors.data.tables import Tables
from corridors.model.charter import is_charter
from corridors.model.expansion import KINDS as EDGE_KINDS
from corridors.model.expansion import EdgeKind, Expansion
from corridors.model.problem import Problem

Ints = NDArray[np.int64]
Columns = dict[str, NDArray[Any]]
"""Columns of a table by name."""

KINDS = tuple("waiting" if name == "start" else name for name in EDGE_KINDS)
"""Kinds of steps, by the number of `EdgeKind`: what a journey starts with is a wait."""

TEXT = pd.Series([""]).dtype
"""Type of texts in tables, which depends on the version of pandas."""

NUMBERS = ("km", "hours", "cost_usd_t", "co2e_kg_t")
_SAME_IN_LEG = ("kind", "mode", "gauge_mm", "country")
_KIND_NAMES = np.array(KINDS, dtype=object)


class Move(NamedTuple):
    """One step of a route.

    Attributes
    ----------
    leg
        Number of the leg that it belongs to.
    edge
        Edge of the expansion.
    line
        Line in the direction of travel (WGS 84), None for steps without length.
    """

    leg: int
    edge: int
    line: LineString | None


def steps_of(problem: Problem, edges: Ints) -> Columns:
    """Columns of the steps behind the edges of a journey, as `Route.steps` describes them."""
    e, values = problem.expansion, problem.expansion.values_along(edges)
    tail, head = e.system_code[e.tail[edges]], e.system_code[e.head[edges]]
    second = np.flatnonzero(transshipped(e, edges))
    # from ship to ship all stays at sea, though a port works twice
    head[second - 1], tail[second] = tail[second - 1], head[second]
    columns: Columns = {
        "kind": _KIND_NAMES[e.kind[edges]],
        "from_id": e.tail_place[edges],
        "to_id": e.head_place[edges],
        "mode": e.system_modes[tail, head],
        "gauge_mm": e.system_gauges[tail, head],
        "country": _objects(["-".join(codes) for codes in e.countries[edges]]),
        "id": _idents(problem.tables, e, edges),
        "km": e.km[edges],
        "hours": values["hours"],
        "cost_usd_t": values["cost"],
        "co2e_kg_t": values["emissions"],
    }
    return _with_sums(columns)


def transshipped(e: Expansion, edges: Ints) -> NDArray[np.bool_]:
    """Mask of the second of two port edges by which cargo goes from one ship to another, over the same quay.

    >>> import corridors as co
    >>> route = co.load().route("Gwadar", "Nhava Sheva", modes={"sea"})
    >>> int(transshipped(route.problem.expansion, route.step_edges).sum()), route.summary()["transfers"]
    (1, 3)
    """
    at_port, found = e.kind[edges] == EdgeKind.PORT, np.zeros(len(edges), dtype=bool)
    for second in (np.flatnonzero(at_port[:-1] & at_port[1:]) + 1).tolist():
        ships = e.states[e.tail[edges[second - 1]]], e.states[e.head[edges[second]]]
        found[second] = all(state.system == "sea" for state in ships)
    return found


def _objects(values: list[str]) -> NDArray[np.object_]:
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found


def _idents(tables: Tables, e: Expansion, edges: Ints) -> NDArray[np.object_]:
    """Id of the crossing, terminal, service or link of each edge; a crossing counts before its link."""
    found = _objects([""] * len(edges))
    for table, index in (
        ("links", e.link),
        ("services", e.service),
        ("terminals", e.terminal),
        ("crossings", e.crossing),
    ):
        rows = index[edges]
        some = rows >= 0
        found[some] = tables.column(table, "id")[rows[some]]
    return found


def _with_sums(columns: Columns) -> Columns:
    return {**columns, "cum_km": np.cumsum(columns["km"]), "cum_hours": np.cumsum(columns["hours"])}


def leg_numbers(problem: Problem, edges: Ints, steps: Columns) -> Ints:
    """Number of the leg of each step: movements of one kind and system in one country are one leg."""
    e = problem.expansion
    kind = e.kind[edges]
    changed = (kind != EdgeKind.LINE_HAUL) & (kind != EdgeKind.SEA)
    changed[1:] |= changed[:-1]
    for name in _SAME_IN_LEG:
        changed[1:] |= steps[name][1:] != steps[name][:-1]
    # the way to and from a place off the network is seen apart
    access = (e.link[edges] >= 0) & (problem.tables.column("links", "line")[e.link[edges]] == "access")
    changed[1:] |= access[1:] != access[:-1]
    changed[transshipped(e, edges)] = False
    changed[:1] = True
    return np.cumsum(changed) - 1


def legs_of(steps: Columns, leg: Ints) -> Columns:
    """Columns of the legs, from those of the steps and the leg of each."""
    if not len(leg):
        return steps
    first = np.flatnonzero(np.append(True, leg[1:] != leg[:-1]))
    last = np.append(first[1:], len(leg)) - 1
    columns = {name: steps[name][last if name == "to_id" else first] for name in steps if name not in NUMBERS}
    idents = steps["id"]
    columns["id"] = _objects([";".join(dict.fromkeys(idents[a : b + 1])) for a, b in zip(first, last, strict=True)])
    columns |= {name: np.add.reduceat(steps[name], first) for name in NUMBERS}
    return _with_sums({name: columns[name] for name in steps})


def frames_of(*tables: Columns) -> list[pd.DataFrame]:
    """Tables with the same columns as frames, made together because that takes half the time.

    Parameters
    ----------
    tables
        Columns by name, texts before numbers.
    """
    lengths = [len(table["km"]) for table in tables]
    texts = [name for name, column in tables[0].items() if column.dtype == object]
    # all texts are turned into the text type of pandas at once
    cells = pd.array(np.concatenate([table[name] for name in texts for table in tables]), dtype=TEXT)
    rows = sum(lengths)
    columns: dict[str, Any] = {name: cells[i * rows : (i + 1) * rows] for i, name in enumerate(texts)}
    numbers = (name for name in tables[0] if name not in columns)
    columns |= {name: np.concatenate([table[name] for table in tables]) for name in numbers}
    # all numbers lie in one block, so that a copy of a table is cheap
    index = pd.Index(np.concatenate([np.arange(length) for length in lengths]))
    whole = pd.DataFrame(columns, index, copy=True)
    ends = np.cumsum(lengths).tolist()
    return [whole.iloc[last - length : last] for length, last in zip(lengths, ends, strict=True)]


def moves_of(problem: Problem, edges: Ints, leg: Ints) -> Iterator[Move]:
    """Yield every step with its leg, its edge and its line."""
    for number, edge in zip(leg.tolist(), edges.tolist(), strict=True):
        yield Move(number, edge, _line(problem, edge) if problem.expansion.km[edge] > 0 else None)


def is_forward(problem: Problem, edge: int) -> bool:
    """Whether a movement goes from the first end of its link or sea hop towards the second."""
    e, tables = problem.expansion, problem.tables
    table, row = table_row(e, edge)
    leaves = e.tail_place[edge] == tables.column(table, "from_id")[row] and not e.tail_at_border[edge]
    arrives = e.head_place[edge] == tables.column(table, "to_id")[row] and not e.head_at_border[edge]
    return bool(leaves or arrives)


def table_row(e: Expansion, edge: int) -> tuple[str, int]:
    """Table and row of the link or sea hop that an edge moves over."""
    return ("services", int(e.service[edge])) if e.service[edge] >= 0 else ("links", int(e.link[edge]))


def _line(problem: Problem, edge: int) -> LineString:
    e = problem.expansion
    table, row = table_row(e, edge)
    line = problem.tables.shape(table, row)
    if e.tail_at_border[edge] or e.head_at_border[edge]:
        border_km, length_km, first = (
            problem.tables.column("links", name)[row] for name in ("border_km", "length_km", "from_id")
        )
        share = float(np.nan_to_num(float(border_km))) / float(length_km)  # blank: at the first end, as its km are
        on_first_side = first == e.tail_place[edge]
        start, end = (0.0, share) if on_first_side else (share, 1.0)
        line = LineString(substring(line, start, end, normalized=True).coords)
    return line if is_forward(problem, edge) else line.reverse()


def shown_legs(
    legs: pd.DataFrame, tables: Tables, restrictions: Mapping[str, str], lang: str = ENGLISH
) -> pd.DataFrame:
    """Legs with names and rounded numbers, as they are printed.

    Parameters
    ----------
    legs
        Legs of a route.
    tables
        The network.
    restrictions
        Words on restricted crossings by their ids; a column for them is there if a leg passes one.
    lang
        Code of the language of columns, names and kinds.
    """
    say, told = words(lang), [restrictions.get(ident, "") for ident in legs["id"]]
    kinds = {kind: say(f"leg.{kind}") for kind in legs["kind"].unique()}
    modes = {mode: "-".join(say(f"mode.{part}") for part in mode.split("-")) for mode in legs["mode"].unique() if mode}
    chartered = legs["id"].map(is_charter).astype(bool)
    shown = pd.DataFrame(
        {
            "leg": [say("leg.charter", leg=kinds[kind]) if charter else kinds[kind]
                    for kind, charter in zip(legs["kind"], chartered, strict=True)],
            "from": legs["from_id"].map(tables.name).map(say.name),
            "to": legs["to_id"].map(tables.name).map(say.name),
            "mode": (legs["mode"].replace(modes) + " " + legs["gauge_mm"]).str.strip(),
            "in": legs["country"],
            "km": legs["km"].round().astype(int),
            "hours": legs["hours"].round(1),
            "usd_t": legs["cost_usd_t"].round(1),
            "cum_km": legs["cum_km"].round().astype(int),
            "cum_h": legs["cum_hours"].round(1),
        }
    )  # fmt: skip
    shown = shown.assign(restricted=told) if any(told) else shown
    return shown.rename(columns=lambda column: say(f"legs.{column}"))
