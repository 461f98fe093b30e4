"""Edges that are many, made at once: movements over links that are not cut at a border, and the ends of journeys.

Terms are looked up once for all links that agree in what parameters name (mode, class, country, line, direction ...).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.names import mode_and_gauge, system
from corridors.data.tables import Tables
from corridors.model.edges import EdgeArrays, Row, objects
from corridors.model.expansion import EdgeKind, Ints, PlaceState, Term
from corridors.model.view import Mask

LINK_COLUMNS = [
    "id",
    "from_id",
    "to_id",
    "mode",
    "gauge_mm",
    "class",
    "line",
    "length_km",
    "crossing",
    "border_km",
    "traction",
    "head_haul",
]

_TELLING = ("mode", "gauge_mm", "traction", "head_haul")
"""Columns of a link that its terms or its system may depend on, whatever parameters name."""

_NAMED = {"id": "link", "class": "class", "line": "line", "country": "country"}
"""Columns of a link that count where some parameter names the value: the key of the parameters of each."""

HaulTerms = Callable[[Row, str, float, str], tuple[list[Term], int]]
"""Terms of a movement from the link, its country, km and the end that it goes to, with the row of the shift."""


def records(frame: pd.DataFrame, columns: Sequence[str]) -> Iterator[Row]:
    """Yield rows as dicts of some columns; much faster than `to_dict` on columns of text."""
    cells = [frame[name].to_numpy(dtype=object).tolist() for name in columns]
    for row in zip(*cells, strict=True):
        yield dict(zip(columns, row, strict=True))


def plain_hauls(
    tables: Tables, plain: Mask, phases: Sequence[int], named: Mapping[str, frozenset[str]], terms_of: HaulTerms
) -> EdgeArrays:
    """Line-haul edges of links that are not cut at a border, both ways and in every phase.

    Parameters
    ----------
    tables
        The tables.
    plain
        Mask of these links.
    phases
        Phases of the states of the cargo unit.
    named
        Values that parameters name, by key.
    terms_of
        Finds the terms of a movement, which are those of one km times km.
    """
    rows, frame = np.flatnonzero(plain), tables.frames["links"]
    links = frame if len(rows) == len(frame) else frame.iloc[rows]
    places, ids = pd.factorize(pd.concat([links["from_id"], links["to_id"]]))
    ids = np.asarray(ids, dtype=object)
    country = dict(
        zip(tables.column("places", "id").tolist(), tables.column("places", "country").tolist(), strict=True)
    )
    # columns of text are put into numbers as they are: strings of Python would take ten times as long
    column: dict[str, Any] = {name: links[name] for name in LINK_COLUMNS}
    column["country"] = np.array([country[i] for i in ids.tolist()], dtype=object)[places[: len(rows)]]
    group, first = _groups(column, named)
    firsts = links.iloc[first]
    kinds: list[Row] = [
        {**row, "country": name}
        for row, name in zip(records(firsts, LINK_COLUMNS), column["country"][first], strict=True)
    ]
    onward, back = ([terms_of(kind, kind["country"], 1.0, end) for kind in kinds] for end in ("to", "from"))
    systems = [system(kind["mode"], kind["gauge_mm"]) for kind in kinds]
    turned = np.where(places[: len(rows)] == places[len(rows) :], group, group + len(kinds))
    states, tail, head = _both_ways(places.reshape(2, -1), ids, (group, systems), phases)

    def each(values: Any) -> Any:
        return np.repeat(values, 2 * len(phases))

    km, nothing = links["length_km"].to_numpy(dtype=float), np.full(len(tail), -1, dtype=np.int64)
    codes, countries = pd.factorize(column["country"])
    return EdgeArrays(
        states=states,
        templates=[terms for terms, _ in (*onward, *back)],
        kind=np.full(len(tail), int(EdgeKind.LINE_HAUL), dtype=np.int64),
        tail=tail,
        head=head,
        mode=each(objects([kind["mode"] for kind in kinds])[group]),
        countries=each(objects([(name,) for name in countries])[codes]),
        km=each(km),
        link=each(rows),
        crossing=nothing,
        terminal=nothing,
        service=nothing,
        shift=each(np.array([shift for _, shift in onward], dtype=np.int64)[group]),
        headway=np.zeros(len(tail)),
        template=np.tile(np.stack([group, turned], axis=1), (1, len(phases))).ravel(),
        scale=each(km),
    )


def _groups(column: Mapping[str, Any], named: Mapping[str, frozenset[str]]) -> tuple[Ints, Ints]:
    """Number of the kind of each link, links of one kind having the same terms, and the first link of each kind."""
    group = np.zeros(len(column["id"]), dtype=np.int64)
    for name in (*_TELLING, *_NAMED):
        values = pd.Series(column[name])
        if name in _NAMED:  # what no parameter names counts as blank
            telling = values.isin(named[_NAMED[name]])
            if not telling.any():
                continue
            values = values.where(telling, "")
        codes, found = pd.factorize(values)
        group = pd.factorize(group * (len(found) + 1) + codes)[0].astype(np.int64)
    return group, np.unique(group, return_index=True)[1]


def _both_ways(
    ends: Ints, ids: NDArray[np.object_], kinds: tuple[Ints, list[str]], phases: Sequence[int]
) -> tuple[list[PlaceState], Ints, Ints]:
    """States of movements both ways over links in every phase, with their tails and heads; rail ends in phase 1."""
    group, systems = kinds
    names = list(dict.fromkeys(systems))
    number = np.array([names.index(name) for name in systems], dtype=np.int64)[group]
    on_rail = np.array([name.startswith("rail") for name in names], dtype=bool)[number]
    tails, heads = [], []
    for phase in phases:
        onward = np.where(on_rail, 1, phase)
        first, second = (end * len(names) + number for end in ends)
        tails += [first * 2 + phase, second * 2 + phase]
        heads += [second * 2 + onward, first * 2 + onward]
    codes, found = pd.factorize(np.stack([np.stack(tails, axis=1), np.stack(heads, axis=1)]).ravel())
    place, rest = np.divmod(found, 2 * len(names))
    on = [(name, phase) for name in names for phase in (0, 1)]
    states = [
        PlaceState._make((name, *on[code], "", ""))
        for name, code in zip(ids[place].tolist(), rest.tolist(), strict=True)
    ]
    tail, head = codes.astype(np.int64).reshape(2, -1)
    return states, tail, head


def place_ends(
    states: Iterable[PlaceState],
    country: Mapping[str, str],
    phases: Sequence[int],
    terms_of: Callable[[str, str], list[Term]],
) -> EdgeArrays:
    """Edges from and to the places themselves, in their land states.

    Parameters
    ----------
    states
        States of the expansion; those at sea and at a border are left out.
    country
        Country of each place.
    phases
        Phases of the states of the cargo unit.
    terms_of
        Finds the terms of a departure from mode and country.
    """
    land = list(dict.fromkeys(s for s in states if not s.border and s.system != "sea"))
    by_system = sorted({state[1:3] for state in land})  # system and phase, of which there are few
    rank = {kind: number for number, kind in enumerate(by_system)}
    if len(by_system) > 1:
        land.sort(key=lambda state: rank[state[1:3]])
    land.sort(key=itemgetter(0))
    at, places = pd.factorize(objects([s.place for s in land]))
    system, systems = pd.factorize(objects([s.system for s in land]))
    mode, modes = pd.factorize(objects([mode_and_gauge(name)[0] for name in systems]))
    within, countries = pd.factorize(objects([country[place] for place in places]))
    of, found = pd.factorize(mode[system] * len(countries) + within[at])
    kinds = [(modes[one // len(countries)], countries[one % len(countries)]) for one in found.tolist()]
    phase = np.array([s.phase for s in land], dtype=np.int64)
    state, count = np.arange(len(land)), (len(land), len(places))
    # each state may have two edges, from the place and to it, that stand together; what it does not have is left out
    has = np.stack([phase == phases[0], phase == 1], axis=1).ravel()
    of, which = np.repeat(of, 2)[has], np.tile([int(EdgeKind.START), int(EdgeKind.END)], len(land))[has]
    tail = np.stack([at + count[0], state], axis=1).ravel()[has]
    head = np.stack([state, at + sum(count)], axis=1).ravel()[has]
    nothing, zero = np.full(len(which), -1, dtype=np.int64), np.zeros(len(which))
    begun = set(of[which == EdgeKind.START].tolist())
    return EdgeArrays(
        states=[*land, *_as_such(places, "origin"), *_as_such(places, "destination")],
        # those of an arrival, which has no terms, stand last
        templates=[*(terms_of(*kind) if number in begun else [] for number, kind in enumerate(kinds)), []],
        kind=which,
        tail=tail,
        head=head,
        mode=objects([mode for mode, _ in kinds])[of],
        countries=objects([(name,) for _, name in kinds])[of],
        km=zero,
        link=nothing,
        crossing=nothing,
        terminal=nothing,
        service=nothing,
        shift=nothing,
        headway=zero,
        template=np.where(which == EdgeKind.START, of, len(kinds)),
        scale=np.ones(len(which)),
    )


def _as_such(places: Any, end: str) -> Iterator[PlaceState]:
    """Places as such, in a tenth of the time that naming the fields takes."""
    return map(PlaceState._make, zip(places.tolist(), repeat(end), repeat(0), repeat(""), repeat(""), strict=False))
