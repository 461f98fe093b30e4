"""A link added in one call: its ends by name or position, what is not given assumed and listed, the rest untouched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from shapely.geometry import LineString

from corridors.base.dates import date_text
from corridors.base.errors import InputError
from corridors.base.names import system
from corridors.data import schema
from corridors.data.geography import great_circle_km
from corridors.data.tables import Tables, free_id
from corridors.formats.content import Lines
from corridors.model.state import ADDED, N
from corridors.network.added import (
    ASSUMPTION,
    Addition,
    End,
    Geometry,
    check_crossing,
    end_row,
    line_of,
    source_of,
    straight_km,
)
from corridors.network.connect import detour_of
from corridors.network.split import renewed
from corridors.network.transfers import assumed_terminals, blank_numbers, unjoined

CLASSES = {"rail": "modern", "road": "trunk"}
"""Class of a link that is given none."""


def add_link(
    net: N,
    from_place: End,
    to_place: End,
    *,
    mode: str,
    gauge_mm: int | str = "",
    length_km: float | None = None,
    line_class: str = "",
    opened: object = None,
    geometry: Geometry | None = None,
    crossing: str = "",
    border_km: float | None = None,
    terminals: bool = True,
    name: str = "",
    source: str = "",
) -> N:
    """Return the network with a link added; all other links keep their lines.

    The link is planned and belongs to a project of its own, which is built: it is in use at once, and in networks of a
    date (`at`, `in_year`) from `opened`. What was assumed is in `assumed`.

    Parameters
    ----------
    net
        The network.
    from_place, to_place
        Places by name; towns of the gazetteer, which become places; or new places as (name, latitude, longitude).
    mode
        `rail` or `road`.
    gauge_mm
        Gauge of a railway.
    length_km
        Length; by default that of the geometry, or the great circle times the usual detour of such links.
    line_class
        Class as in the table `links`: it selects speed and cost. By default `modern` (rail) or `trunk` (road).
    opened
        Year, or any date, of opening.
    geometry
        Line in longitude and latitude; by default a straight one.
    crossing
        Crossing that the link passes, where its ends lie in two countries; they are the places of the crossing then.
    border_km
        Distance of the border from the first end; by default half the length.
    terminals
        Whether terminals are assumed at its ends where it meets roads and railways of another gauge and none joins
        them. Without, they are listed as missing, and cargo cannot change there.
    name
        Name of the line; by default that of its ends.
    source
        Ids of sources, or the title or address of a new one; without it the link is an assumption.

    Returns
    -------
    Network
        With the link, its project, terminals and new places; in the same view, with the project built.

    Raises
    ------
    InputError, UnknownNameError, AmbiguousNameError
        If a place, the gauge, the crossing or the geometry does not fit.

    >>> import corridors as co
    >>> net = co.load().add_link("Herat", "Kandahar", mode="rail", gauge_mm=1435, length_km=560, opened=2031)
    >>> net.route("Herat", "Kandahar", modes={"rail"}).km
    560.0
    >>> [bool(net.in_year(year).links.loc["herat--kandahar:rail-1435", "in_use"]) for year in (2030, 2031)]
    [False, True]
    >>> net.assumed["assumed"].iloc[0]
    'a straight line on maps (no geometry was given)'
    """
    tables, gauge = net.tables, str(gauge_mm)
    _check(mode, gauge, length_km)
    made = Addition(tables)
    given = source_of(made, source)
    made.ends += [end_row(made, end, given) for end in (from_place, to_place)]
    first, second = (str(end["id"]) for end in made.ends)
    if first == second:
        raise InputError("to_place", to_place, "another place than the first end")
    check_crossing(made, mode, crossing)
    taken = {*tables["links"]["id"], *tables["projects"]["id"]}
    ident = free_id(f"{first}--{second}:{system(mode, gauge)}", taken)
    line = line_of(made, geometry)
    lines = {**tables.alignments, **({} if geometry is None else {ident: (line, "drawn")})}
    lengths = _lengths(net, made, mode, length_km, None if geometry is None else line)
    link = {"id": ident, "from_id": first, "to_id": second, "mode": mode, "gauge_mm": gauge, **lengths}
    link |= {"class": line_class or _assumed_class(made, mode), "line": name, "status": "planned", "project": ident}
    link |= {"crossing": crossing, "border_km": _border_km(made, crossing, border_km, lengths["length_km"])}
    link |= {"source": given, "confidence": "C" if source else "assumed"}
    if opened is None:
        made.assume("in use at every date (no opening was given)")
    else:
        link |= {"opened": date_text(opened, name="opened"), "opened_basis": "given"}
    if not source:
        made.assume("the line itself (no source was given)")
    made.rows["links"] = [{**dict.fromkeys(tables["links"].columns, ""), **link}]
    made.rows["projects"] = [_project(made, link, name)]
    grown = renewed(net, _frames(tables, made.rows), lines=lines)
    return _with_terminals(grown, made, lines, terminals=terminals)


def _project(made: Addition, link: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Row of the project that the link is."""
    return {
        **dict.fromkeys(made.tables["projects"].columns, ""),
        **{column: link[column] for column in ("id", "gauge_mm", "length_km", "source", "confidence")},
        "name": name or "-".join(end["name"] for end in made.ends),
        "kind": "new",
        "status": ADDED,
        "expected": link.get("opened", ""),
        "countries": schema.SEPARATOR.join(dict.fromkeys(end["country"] for end in made.ends)),
    }


def _with_terminals(net: N, made: Addition, lines: Lines, *, terminals: bool) -> N:
    """Network with the link built, the terminals that follow from it, and the list of what was assumed."""
    link, tables = made.rows["links"][0], net.tables
    ident, runs_on = str(link["id"]), system(link["mode"], link["gauge_mm"])
    view = net.view.build([ident])
    met = unjoined(tables, [end["id"] for end in made.ends], runs_on, view.built, road=True)
    for place, other, cargo in met:
        what = "terminal" if other == "road" else "change of gauge"
        text = f"{what} {runs_on} - {other} at {tables.name(place)} for {cargo}s"
        made.assume(text if terminals else f"nothing of a {text}: it is missing, and they cannot change there")
    rows = {"terminals": assumed_terminals(tables, runs_on, met, ident) if terminals else []}
    if rows["terminals"] and len(tables["sources"]) and "assumption" not in set(tables["sources"]["id"]):
        rows["sources"] = [ASSUMPTION]
    projects = tables["projects"]
    projects.loc[projects["id"] == ident, "note"] = "; ".join(made.assumed)
    grown = renewed(net, {"projects": projects, **_frames(tables, rows)}, lines=lines)
    return replace(grown, view=view, name=f"{net.name} + {projects['name'].iloc[-1]}")


def _check(mode: str, gauge: str, length_km: float | None) -> None:
    if mode not in CLASSES:
        raise InputError("mode", mode, "rail or road")
    if (mode == "rail") != bool(gauge):
        raise InputError("gauge_mm", gauge, "a railway needs its gauge: 1520, 1435 or 1676; a road has none")
    if length_km is not None and (not _is_number(length_km) or not 0 < length_km < float("inf")):
        raise InputError("length_km", length_km, "a positive number")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def _lengths(net: N, made: Addition, mode: str, length_km: float | None, drawn: LineString | None) -> dict[str, Any]:
    """Columns of the length, with its range where it is computed."""
    straight, blank = straight_km(*made.points), {"length_low_km": np.nan, "length_high_km": np.nan}
    if length_km is not None:
        slack = sum(float(end["position_km"]) for end in made.ends)
        if length_km < straight - slack:
            raise InputError("length_km", length_km, f"at least {straight:.0f} km, as the crow flies")
        return {"length_km": float(length_km), **blank, "length_basis": "estimate"}
    if drawn is not None:
        km = float(great_circle_km(drawn))
        made.assume(f"{km:.0f} km, the length of the geometry (none was given)")
        return {"length_km": km, **blank, "length_basis": "network"}
    factor = detour_of(net, mode, made.ends[0]["country"])
    low, high = min(factor.low, factor.value), max(factor.high, factor.value)
    km = straight * factor.value
    made.assume(f"{km:.0f} km, great circle of {straight:.0f} km x {factor.value:.2f} ({factor.ground})")
    span = {"length_low_km": straight * low, "length_high_km": straight * high}
    return {"length_km": km, **span, "length_basis": "circuity"}


def _assumed_class(made: Addition, mode: str) -> str:
    made.assume(f"class {CLASSES[mode]}, which selects speed and cost (none was given)")
    return CLASSES[mode]


def _border_km(made: Addition, crossing: str, border_km: float | None, length_km: float) -> float:
    if not crossing:
        return np.nan
    if border_km is None:
        made.assume("the border half way (no border_km was given)")
        return length_km / 2
    if not _is_number(border_km) or not 0 <= border_km <= length_km:
        raise InputError("border_km", border_km, f"a number between 0 and the length, {length_km:g} km")
    return float(border_km)


def _frames(tables: Tables, rows: Mapping[str, list[dict[str, Any]]]) -> dict[str, pd.DataFrame]:
    """Tables with their new rows."""
    return {
        name: pd.concat([tables[name], pd.DataFrame([blank_numbers(row, name) for row in new])], ignore_index=True)
        for name, new in rows.items()
        if new
    }
