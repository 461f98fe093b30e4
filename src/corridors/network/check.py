"""The data check: named checks on a set of tables: errors, warnings, and what is told for information.

A warning that a row's `note` explains is listed as explained. An error about a length that the row names in its column
`explained` is, too. Checks of lengths are in `check_lengths`, that of names
in `check_names`, those of dead ends and of freight at crossings in `check_ends`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import scipy

from corridors.base.cache import Cache
from corridors.base.dates import last_day
from corridors.base.errors import ParameterError
from corridors.base.names import system
from corridors.data import schema
from corridors.data.attributes import of_links, things_of
from corridors.data.geography import country_distance_km
from corridors.data.parameters import KEYS
from corridors.data.schema import NOWHERE
from corridors.data.tables import Tables
from corridors.model.builder import expand
from corridors.model.expansion import CARGO
from corridors.model.projects import leaves
from corridors.model.view import PLANNED
from corridors.network.check_ends import dead_ends, freight
from corridors.network.check_lengths import alignments, drawn_length, great_circle, length_range
from corridors.network.check_names import alike_names
from corridors.network.findings import Check, Finding, Findings, Hits

COUNTRY_TOLERANCE_KM = 5.0
"""Border places, ports and passes may lie this far outside their country on a 1:10m map."""

LONGEST_CROSSING_KM = 25.0
"""Links over a border that are longer than this are worth a look: closing them closes a line within a country, too."""


def _in_country(tables: Tables) -> Hits:
    """Expect coordinates to lie in the stated country, borders, ports and passes within 5 km."""
    places = tables["places"]
    outside = country_distance_km(places)
    lenient = places["kind"].isin(["border", "port", "pass"])
    allowed = np.where(lenient, np.maximum(places["position_km"], COUNTRY_TOLERANCE_KM), places["position_km"])
    wrong = np.flatnonzero(outside > allowed)
    swapped = country_distance_km(places.iloc[wrong].rename(columns={"lat": "lon", "lon": "lat"}))
    for row, other_km in zip(map(int, wrong), swapped, strict=True):
        km = outside[row]
        hint = "; latitude and longitude look swapped" if other_km < min(km, COUNTRY_TOLERANCE_KM) else ""
        text = f"lies {km:.1f} km outside {places['country'][row]} ({allowed[row]:g} km allowed){hint}"
        yield "error", "places", row, "lat", text


def _borders(tables: Tables) -> Hits:
    """Expect a crossing to join two countries by a short link of a mode that it admits."""
    links, rows = tables["links"], tables.rows("crossings")
    crossings, country = tables["crossings"], tables["places"].set_index("id")["country"]
    passed = set(links["crossing"])
    sides = []
    for row, record in enumerate(crossings.itertuples(index=False)):
        sides.append(({record.place_a, record.place_b}, schema.items(record.modes)))
        if country[record.place_a] == country[record.place_b]:
            yield "error", "crossings", row, "place_b", "both sides lie in the same country"
        if record.id not in passed:
            yield "warning", "crossings", row, "id", "no link passes it"
    over = np.flatnonzero(links["crossing"] != "")
    for row, link in zip(map(int, over), links.iloc[over].itertuples(index=False), strict=True):
        places, modes = sides[rows[link.crossing]]
        if {link.from_id, link.to_id} != places:
            yield "error", "links", row, "crossing", f"does not join the two sides of crossing '{link.crossing}'"
        if link.mode not in modes:
            yield "error", "links", row, "mode", f"crossing '{link.crossing}' does not admit {link.mode}"
        if link.length_km > LONGEST_CROSSING_KM:
            yield "warning", "links", row, "length_km", f"crosses a border but is {link.length_km:g} km long"


def _terminals(tables: Tables) -> Hits:
    """Expect a terminal to stand where both its systems exist."""
    links, services = tables["links"], tables["services"]
    systems: dict[str, set[str]] = {}
    for first, second, mode, gauge in zip(
        links["from_id"], links["to_id"], links["mode"], links["gauge_mm"], strict=True
    ):
        for place in (first, second):
            systems.setdefault(place, set()).add(system(mode, gauge))
    for port in [*services["from_id"], *services["to_id"]]:
        systems.setdefault(port, set()).add("sea")
    for row, record in enumerate(tables["terminals"].itertuples(index=False)):
        missing = {record.from_system, record.to_system} - systems.get(record.place, set())
        if missing:
            # a port may be the end of a sea leg without a road beyond it
            port_only = "sea" in (record.from_system, record.to_system) and missing == {"road"}
            level = "warning" if record.status == "planned" or port_only else "error"
            yield level, "terminals", row, "from_system", f"{record.place} has no {' and no '.join(sorted(missing))}"


def _gauge_breaks(tables: Tables) -> Hits:
    """Expect a gauge change where open lines of two gauges meet, and at one end of a crossing only."""
    links, terminals, crossings = tables["links"], tables["terminals"], tables["crossings"]
    rail = links[(links["mode"] == "rail") & links["status"].isin(["open", "seasonal"])]
    gauges: dict[str, set[str]] = {}
    for end in ("from_id", "to_id"):
        for place, gauge in zip(rail[end], rail["gauge_mm"], strict=True):
            gauges.setdefault(place, set()).add(gauge)
    pair = terminals["from_system"].str.startswith("rail") & terminals["to_system"].str.startswith("rail")
    changing = set(terminals["place"][pair & (terminals["status"] == "open")])
    beside: dict[str, set[str]] = {}
    for row, (a, b) in enumerate(zip(crossings["place_a"], crossings["place_b"], strict=True)):
        beside.setdefault(a, set()).add(b)
        beside.setdefault(b, set()).add(a)
        if {a, b} <= changing:
            yield "warning", "crossings", row, "", "the gauge can be changed at both ends"
    for place, found in gauges.items():
        if len(found) > 1 and not ({place} | beside.get(place, set())) & changing:
            yield "warning", "places", tables.place_row[place], "", "gauges meet here but no terminal changes them"


def _sources(tables: Tables) -> Hits:
    """Expect every source to be used, and every assumption to say on what ground."""
    used = {
        ident
        for table, columns in schema.tables().items()
        for name, column in columns.items()
        if column.refers_to == "sources"
        for cell in tables[table][name]
        for ident in schema.items(cell)
    }
    for row, ident in enumerate(tables["sources"]["id"]):
        if ident not in used:
            yield "error", "sources", row, "id", "no row names it"
    for table in ("parameters", "terminals", "services", "commodities"):
        frame = tables[table]
        for number in np.flatnonzero((frame["confidence"] == "assumed") & (frame["note"] == "")):
            yield "error", table, int(number), "note", "is assumed but its note does not say on what ground"


def _parameters_used(tables: Tables) -> Hits:
    """Expect every edge to find its parameters, and every parameter of one thing to fit an edge."""
    used: set[int] = set()
    fewer = _one_of_a_kind(tables)
    for cargo in CARGO:
        try:
            e = expand(fewer, cargo)
            used |= set(e.terms.parameter.tolist()) | set(e.rest_rows.shift.tolist())
        except ParameterError as error:
            yield "error", "parameters", -1, "", str(error)
            return
    # rows of a country or a class are there for any network; those of one thing must meet it
    own = tables["parameters"]
    special = (own[["link", "crossing", "terminal", "service", "line"]] != "").any(axis=1)
    for row in own.index[special]:
        if row not in used:
            yield "warning", "parameters", int(row), "", "fits no edge of any cargo unit"


def _one_of_a_kind(tables: Tables) -> Tables:
    """Tables with one link of each kind that parameters can tell apart, and all that pass a crossing."""
    links, parameters = tables["links"], tables.parameters
    country = dict(zip(tables["places"]["id"], tables["places"]["country"], strict=True))
    kinds = links[["mode", "gauge_mm", "traction", "crossing", "head_haul"]].copy()
    for end in ("from_id", "to_id"):
        kinds[end] = links[end].map(country)
    for key in KEYS:
        column = "id" if key == "link" else key
        if column in links:
            kinds[key] = links[column].where(links[column].isin(set(parameters[key])), "")
    kept = ~kinds.duplicated() | (links["crossing"] != "")
    return replace(tables, frames={**tables.frames, "links": links[kept].reset_index(drop=True)}, cache=Cache())


def _components(tables: Tables) -> Hits:
    """Expect the existing links of a system to hang together, apart from pieces that a note explains."""
    links = tables["links"][tables["links"]["status"].isin(["open", "seasonal", "suspended"])]
    for name, part in links.groupby(system(links["mode"], links["gauge_mm"])):
        numbers, ids = pd.factorize(pd.concat([part["from_id"], part["to_id"]]))
        ends = numbers[: len(part)], numbers[len(part) :]
        graph = scipy.sparse.coo_matrix((np.ones(len(part)), ends), shape=(len(ids),) * 2)
        _, piece = scipy.sparse.csgraph.connected_components(graph, directed=False)
        pieces = pd.Series(ids).groupby(piece).agg(["size", "min", sorted])
        for row in pieces.sort_values("size", ascending=False, kind="stable").iloc[1:].itertuples():
            shown = ", ".join(row.sorted[:4])
            yield "warning", "places", tables.place_row[row.min], "", f"{name}: {shown} do not join the main network"


def _attributes(tables: Tables) -> Hits:
    """Expect statements to be about what there is, and tracks and traction of links to be those that are stated."""
    for row, problems in enumerate(things_of(tables)[1]):
        for problem in problems:
            yield "warning", "attributes", row, "subject", problem
    links, stated = tables["links"], of_links(tables)
    for name in ("tracks", "traction"):
        for row in np.flatnonzero((links[name] != "") & (links[name] != stated[name])).tolist():
            yield "warning", "links", row, name, f"'{links[name][row]}', but a statement says '{stated[name][row]}'"


def _openings(tables: Tables) -> Hits:
    """Expect lines to be open that should be, by the statement that is taken for them."""
    links, years = tables["links"], tables["project_years"]
    if not tables.as_of:
        return
    planned = set(links["project"][links["status"].isin(PLANNED)])
    for row, one in enumerate(years.to_dict("records")):
        late = one["chosen"] == "yes" and last_day(one["opens"]) <= last_day(tables.as_of)
        if late and planned & set(leaves(tables, one["project"])):
            text = f"'{one['project']}' was to open in {one['opens']}, and has links that are only planned"
            yield "warning", "project_years", row, "opens", text


ALL: tuple[Check, ...] = (
    _in_country,
    great_circle,
    length_range,
    drawn_length,
    alignments,
    _borders,
    _terminals,
    _gauge_breaks,
    _sources,
    _attributes,
    _parameters_used,
    _components,
    _openings,
    alike_names,
    dead_ends,
    freight,
)
CHECKS = {function.__name__.removeprefix("_").replace("_", "-"): function for function in ALL}
"""All checks by name."""


def run(tables: Tables) -> Findings:
    """Run every check.

    The form of the tables, their references and the ranges of numbers are checked when they are read; what is
    checked here needs more than one row.

    Parameters
    ----------
    tables
        The tables of a network.

    Returns
    -------
    Findings
        What was found, in the order of the checks.

    >>> import corridors as co
    >>> run(co.load().tables).level("error")
    []
    """
    found = []
    for name, function in CHECKS.items():
        columns: dict[str, tuple[list[str], list[str]]] = {}
        for level, table, row, column, message in function(tables):
            if table not in columns:
                frame = tables[table]
                columns[table] = _texts(frame, "id"), _texts(frame, "note")
            ids, notes = columns[table]
            explained = row >= 0 and level == "warning" and bool(notes[row])
            origin = tables.files.get(table, NOWHERE)
            number, ident = (origin.row(row), str(ids[row])) if row >= 0 else (0, "")
            level_found = "explained" if explained else level
            found.append(Finding(name, level_found, table, number, ident, message, column, origin.file))
    return Findings(found, list(CHECKS))


def _texts(frame: pd.DataFrame, column: str) -> list[str]:
    """Cells of a column as a list; blanks where the table has no such column."""
    return [str(cell) for cell in frame[column].to_numpy(dtype=object)] if column in frame else [""] * len(frame)
