"""The data check: named checks on a set of tables, errors and warnings apart.

A warning that a row's `note` explains is listed as explained.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import networkx as nx
import numpy as np
import pandas as pd

from corridors.base.errors import ParameterError
from corridors.base.names import fold, near, system
from corridors.data import schema
from corridors.data.geography import country_distance_km, great_circle_km
from corridors.data.schema import NOWHERE
from corridors.data.tables import Tables
from corridors.model.builder import expand
from corridors.model.expansion import CARGO

COUNTRY_TOLERANCE_KM = 5.0
"""Border places, ports and passes may lie this far outside their country on a 1:10m map."""

DETOUR = {"rail": 2.0, "road": 2.2, "sea": 2.5}
"""Length over great circle above which a link of more than 50 km is worth a look."""

ALIGNMENT_TOLERANCE = 0.25
"""Share by which the length of a traced line may differ from the published length."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found."""

    check: str
    level: str
    table: str
    row: int
    ident: str
    message: str
    column: str = ""
    file: str = ""

    def __str__(self) -> str:
        where = f"{self.file or self.table}:{self.row}" if self.row else self.file or self.table
        if self.column:
            where += f" {self.column}"
        return f"{self.level:<9} {self.check:<18} {where:<18} {self.ident}: {self.message}"


@dataclass(frozen=True)
class Findings:
    """All that the checks found; truth value: no error."""

    found: list[Finding] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)

    def level(self, level: str) -> list[Finding]:
        """List findings of a level: `error`, `warning` or `explained`."""
        return [finding for finding in self.found if finding.level == level]

    def to_frame(self) -> pd.DataFrame:
        """Table with one row per finding."""
        columns = ["check", "level", "file", "table", "row", "column", "ident", "message"]
        return pd.DataFrame([[getattr(f, c) for c in columns] for f in self.found], columns=columns)

    def __bool__(self) -> bool:
        return not self.level("error")

    def __str__(self) -> str:
        levels = {level: len(self.level(level)) for level in ("error", "warning", "explained")}
        last = (
            f"{len(self.checks)} checks: {levels['error']} errors, {levels['warning']} warnings, "
            f"{levels['explained']} explained in the data"
        )
        return "\n".join([*map(str, self.level("error") + self.level("warning")), last])

    __repr__ = __str__


Hits = Iterator[tuple[str, str, int, str, str]]

Check = Callable[[Tables], Hits]
"""A check yields (level, table, row number or -1, column or blank, message)."""

CHECKS: dict[str, Check] = {}


def check(function: Check) -> Check:
    """Register a check under the name of its function."""
    CHECKS[function.__name__.removeprefix("_").replace("_", "-")] = function
    return function


def run(tables: Tables) -> Findings:
    """Run every check.

    The form of the tables, their references and the ranges of numbers are checked when they are read; what is
    checked here needs more than one row.
    """
    found = []
    for name, function in CHECKS.items():
        for level, table, row, column, message in function(tables):
            record = tables[table].iloc[row] if row >= 0 else None
            ident = "" if record is None else str(record.get("id", ""))
            explained = record is not None and level == "warning" and bool(str(record.get("note", "")))
            level_found = "explained" if explained else level
            origin = tables.files.get(table, NOWHERE)
            number = origin.row(row) if row >= 0 else 0
            found.append(Finding(name, level_found, table, number, ident, message, column, origin.file))
    return Findings(found, list(CHECKS))


@check
def _in_country(tables: Tables) -> Hits:
    """Expect coordinates to lie in the stated country, borders, ports and passes within 5 km."""
    places = tables["places"]
    outside = country_distance_km(places)
    swapped = country_distance_km(places.rename(columns={"lat": "lon", "lon": "lat"}))
    for row, (kind, tolerance, km) in enumerate(zip(places["kind"], places["position_km"], outside, strict=True)):
        allowed = max(tolerance, COUNTRY_TOLERANCE_KM) if kind in ("border", "port", "pass") else tolerance
        if km > allowed:
            hint = "; latitude and longitude look swapped" if swapped[row] < min(km, COUNTRY_TOLERANCE_KM) else ""
            text = f"lies {km:.1f} km outside {places['country'][row]} ({allowed:g} km allowed){hint}"
            yield "error", "places", row, "lat", text


@check
def _great_circle(tables: Tables) -> Hits:
    """Expect no link to be shorter than the great circle less the position errors, and detours to be plausible."""
    accuracy = tables["places"].set_index("id")["position_km"]
    for table in ("links", "services"):
        frame = tables[table]
        straight = great_circle_km(tables, table)
        slack = frame["from_id"].map(accuracy) + frame["to_id"].map(accuracy)
        for row in np.flatnonzero(straight > frame["length_km"] + slack):
            yield (
                "error", table, int(row), "length_km",
                f"{frame['length_km'][row]:g} km is shorter than the great circle of {straight[row]:.1f} km",
            )  # fmt: skip
        ratio = frame["length_km"] / np.maximum(straight, 1e-9)
        limit = frame["mode"].map(DETOUR)
        for row in np.flatnonzero((ratio > limit) & (frame["length_km"] > 50)):
            yield "warning", table, int(row), "length_km", f"is {ratio[row]:.2f} times the great circle"


@check
def _length_range(tables: Tables) -> Hits:
    """Expect low and high lengths to enclose the length."""
    for table in ("links", "services"):
        frame = tables[table]
        wrong = (frame["length_low_km"] > frame["length_km"]) | (frame["length_high_km"] < frame["length_km"])
        for row in np.flatnonzero(wrong):
            yield "error", table, int(row), "length_km", "length_km is outside its low and high"


@check
def _borders(tables: Tables) -> Hits:
    """Expect a crossing to join two countries by a short link of a mode that it admits."""
    links, rows = tables["links"], tables.rows("crossings")
    crossings, country = tables["crossings"], tables["places"].set_index("id")["country"]
    for row, record in enumerate(crossings.itertuples(index=False)):
        if country[record.place_a] == country[record.place_b]:
            yield "error", "crossings", row, "place_b", "both sides lie in the same country"
        if not (links["crossing"] == record.id).any():
            yield "warning", "crossings", row, "id", "no link passes it"
    for row in map(int, np.flatnonzero(links["crossing"] != "")):
        record = crossings.iloc[rows[links["crossing"][row]]]
        if {links["from_id"][row], links["to_id"][row]} != {record["place_a"], record["place_b"]}:
            yield "error", "links", int(row), "crossing", f"does not join the two sides of crossing '{record['id']}'"
        if links["mode"][row] not in schema.items(record["modes"]):
            yield "error", "links", int(row), "mode", f"crossing '{record['id']}' does not admit {links['mode'][row]}"
        if links["length_km"][row] > 25:
            yield (
                "warning",
                "links",
                int(row),
                "length_km",
                f"crosses a border but is {links['length_km'][row]:g} km long",
            )


@check
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


@check
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


@check
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


@check
def _parameters_used(tables: Tables) -> Hits:
    """Expect every edge to find its parameters, and every parameter of one thing to fit an edge."""
    used: set[int] = set()
    for cargo in CARGO:
        try:
            e = expand(tables, cargo)
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


@check
def _components(tables: Tables) -> Hits:
    """Expect the existing links of a system to hang together, apart from pieces that a note explains."""
    links = tables["links"][tables["links"]["status"].isin(["open", "seasonal", "suspended"])]
    for name, part in links.groupby(system(links["mode"], links["gauge_mm"])):
        graph = nx.Graph(list(zip(part["from_id"], part["to_id"], strict=True)))
        pieces = sorted(nx.connected_components(graph), key=len, reverse=True)
        for piece in pieces[1:]:
            first = min(piece)
            shown = ", ".join(sorted(piece)[:4])
            yield "warning", "places", tables.place_row[first], "", f"{name}: {shown} do not join the main network"


@check
def _alike_names(tables: Tables) -> Hits:
    """Expect names that are nearly alike to stand in different countries or to carry a note."""
    ids = list(tables["places"]["id"])
    country = list(tables["places"]["country"])
    for row, ident in enumerate(ids):
        for other in near(ident, [i for i in ids[:row] if abs(len(i) - len(ident)) <= 1], most=3, cutoff=0.9):
            if country[row] == country[ids.index(other)] and fold(ident) != other and "-" not in ident:
                yield "warning", "places", row, "name", f"is easily taken for '{other}'"


@check
def _alignments(tables: Tables) -> Hits:
    """Expect lines to end at their places, and traced lines to be about as long as published."""
    links = tables["links"]
    for row, (ident, length) in enumerate(zip(links["id"], links["length_km"], strict=True)):
        alignment = tables.alignments.get(ident)
        if alignment is None:
            continue
        line, method = alignment
        ends = tables.point(links["from_id"][row]), tables.point(links["to_id"][row])
        gaps = [
            111 * point.distance(type(point)(*end))
            for point, end in zip(ends, (line.coords[0], line.coords[-1]), strict=True)
        ]
        if max(gaps) > 1:
            yield "error", "links", row, "", f"its line ends {max(gaps):.1f} km from its place"
        drawn = great_circle_km(line)
        if method == "traced" and drawn > length * (1 + ALIGNMENT_TOLERANCE) + 2:
            yield "warning", "links", row, "length_km", f"its line measures {drawn:.0f} km against {length:g} km"
