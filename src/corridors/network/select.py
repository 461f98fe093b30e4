"""Part of a network by country, mode, gauge, project or status: rows that refer to nothing go, too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from corridors.base.errors import InputError, UnknownNameError
from corridors.base.names import fold, near_labels
from corridors.data import attribute_rows, schema
from corridors.data.countries import country_code, near_countries
from corridors.data.parameters import parameter_names
from corridors.data.prune import pruned
from corridors.data.tables import Tables
from corridors.model import parameters
from corridors.model.state import N
from corridors.model.targets import existing
from corridors.model.view import View


def select(
    net: N,
    *,
    country: str | Iterable[str] | None = None,
    mode: str | Iterable[str] | None = None,
    gauge: str | int | Iterable[str | int] | None = None,
    project: str | Iterable[str] | None = None,
    status: str | Iterable[str] | None = None,
) -> N:
    """Select the part of the network whose links fit every condition, with the places they touch.

    A link that crosses a border belongs to both countries. Rows of other tables that belong to what is left out
    go, too: terminals, crossings, services, parameters and closures of single things, members of sets.

    Parameters
    ----------
    net
        The network.
    country
        Codes of countries (`UZ`, or `uz`) in which a link has at least one end.
    mode
        `road` or `rail`.
    gauge
        Gauges of railways in mm, such as `1520`.
    project
        Projects by which a link is made; `""` stands for the links of none.
    status
        Statuses of links, as in the table `links`: `open`, `planned` and others.

    Returns
    -------
    Network
        The part, in the same view.

    Raises
    ------
    InputError
        If a list is empty.
    UnknownNameError
        If no place lies in such a country, there is no such project, or no link could have such a mode, gauge or
        status; with near matches.

    >>> import corridors as co
    >>> part = co.load().select(country="UZ", mode="rail")
    >>> set(part.links["gauge_mm"]), len(part.links), round(part.links["length_km"].sum())
    ({'1520'}, 55, 4184)
    """
    links = net.tables["links"]
    keep = np.ones(len(links), dtype=bool)
    columns = schema.tables()["links"]
    given: dict[str, tuple[object, Iterable[str]]] = {
        "mode": (mode, columns["mode"].choices),
        "gauge_mm": (gauge, columns["gauge_mm"].choices),
        "project": (project, ["", *net.tables["projects"]["id"], *links["project"]]),
        "status": (status, columns["status"].choices),
    }
    for column, (wanted, choices) in given.items():
        if wanted is not None:
            keep &= links[column].isin(wished(column.removesuffix("_mm"), wanted, choices)).to_numpy()
    if country is not None:
        codes = net.tables["places"].set_index("id")["country"]
        wanted = wished("country", country, codes)
        ends = [links[end].map(codes).isin(wanted) for end in ("from_id", "to_id")]
        keep &= (ends[0] | ends[1]).to_numpy()
    links, places = links[keep], net.tables["places"]
    touched = set(links["from_id"]) | set(links["to_id"])
    tables = subset(net.tables, {"links": links, "places": places[places["id"].isin(touched)]})
    return replace(net, tables=tables, view=pruned_view(net.view, tables), name=f"part of {net.name}")


def wished(kind: str, value: object, choices: Iterable[str]) -> list[str]:
    """List what is asked for, each of which there must be; a country may be given by name or code.

    >>> wished("gauge", 1520, ["1435", "1520"]), wished("country", ["uz", "Kazakhstan"], ["KZ", "UZ"])
    (['1520'], ['UZ', 'KZ'])
    """
    several = list(value) if isinstance(value, Iterable) and not isinstance(value, str) else [value]
    if not several:
        raise InputError(kind, value, "at least one, or None for all")
    known, found = set(choices), []
    for one in several:
        name = country_code(str(one)) or str(one).upper() if kind == "country" else str(one)
        if name not in known:
            labels = {fold(label): label for label in sorted(known) if label}
            hints = near_countries(str(one), known) if kind == "country" else near_labels(name, labels)
            there = "" if hints else f"There are {', '.join(sorted(labels.values())[:30])}."
            raise UnknownNameError(kind, one, hints, there)
        found.append(name)
    return found


def subset(tables: Tables, frames: Mapping[str, pd.DataFrame]) -> Tables:
    """Tables of which some have fewer rows; what belongs to the rows that are left, and own parameters, are kept."""
    left = pruned({**tables.frames, **frames})
    ids = {name: set(left[name]["id"]) for name in attribute_rows.TABLES.values()}
    left["attributes"] = attribute_rows.left(left["attributes"], ids)
    made = Tables(
        {name: frame if len(frame) else schema.empty(name) for name, frame in left.items()},
        tables.as_of,
        tables.read_alignments,
        osm_report=tables.osm_report,
    )
    names = set(parameter_names(made.parameters))
    own = {name: ends for name, ends in parameters.overridden(tables).items() if name in names}
    return parameters.override(made, own) if own else made


def pruned_view(view: View, tables: Tables) -> View:
    """Leave out of a view what is closed or opened by hand and not there."""
    return replace(view, closed=existing(tables, view.closed), opened=existing(tables, view.opened))
