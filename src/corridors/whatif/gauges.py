"""Another gauge for a planned line: its links, the terminals that follow, and what is published of its cost."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from corridors.base.errors import InputError, ScenarioError
from corridors.data import schema
from corridors.data.tables import Tables
from corridors.model import projects
from corridors.model.parameters import renewed_tables
from corridors.model.projects import published
from corridors.network.network import Network
from corridors.network.transfers import assumed_terminals, blank_numbers, unjoined

GAUGES = ("1520", "1435", "1676")
"""Gauges in mm of the railways of the region, which meet in Afghanistan."""


def with_gauges(net: Network, gauges_mm: Mapping[str, float]) -> Network:
    """Return the network with other gauges of planned lines.

    The links of the projects have the new gauge, and keep their ids. Terminals that the projects build are of the new
    gauge, too; where that is the gauge on both sides, they are left out. Where the line meets a railway of another
    gauge, that exists or is built, and no terminal joins the two, one is assumed. Costs stay only as far as a statement
    names them for this gauge (tables `projects` and `project_years`); otherwise they are blank.

    Parameters
    ----------
    net
        The network.
    gauges_mm
        Gauge in mm by project. Of a project with parts, those parts keep theirs that have the one gauge of a country
        which they touch (the Pakistani parts of the trans-Afghan lines); name them to change them, too.

    Returns
    -------
    Network
        In the same view; the network given, where all has this gauge already.

    Raises
    ------
    InputError, UnknownNameError, ScenarioError
        If there is no such project or gauge, or the project has no planned railway whose gauge is open.

    >>> import corridors as co
    >>> nets = [with_gauges(co.load().build("uap-kabul"), {"uap-kabul": gauge}) for gauge in (1435, 1676)]
    >>> [net.route("Tashkent", "Karachi", modes={"rail"}).summary()["gauge_breaks"] for net in nets]
    [2, 1]
    """
    for name, gauge in gauges_mm.items():
        net = _with_gauge(net, name, f"{gauge:g}")
    return net


def _with_gauge(net: Network, name: str, gauge: str) -> Network:
    tables = net.tables
    if gauge not in GAUGES:
        raise InputError("gauge_mm", gauge, f"one of {', '.join(GAUGES)}")
    mine = changing(tables, name)
    links = tables["links"]
    concerned = (links["project"].isin(mine) & (links["mode"] == "rail")).to_numpy()
    old = set(links["gauge_mm"][concerned]) - {gauge}
    if not concerned.any():
        raise ScenarioError(f"project '{name}' has no railway whose gauge could be changed.")
    if not old:
        return net
    links.loc[concerned, "gauge_mm"] = gauge
    frames = {
        "links": links,
        "terminals": _terminals(tables["terminals"], mine, {f"rail-{one}" for one in old}, f"rail-{gauge}"),
        "projects": _projects(tables, mine, gauge),
    }
    made = renewed_tables(tables, frames)
    built = net.view.built | set(mine)
    ends = links.loc[concerned, ["from_id", "to_id"]].to_numpy().ravel()
    meetings = unjoined(made, [str(end) for end in ends], f"rail-{gauge}", built, road=False)
    rows: list[dict[str, object]] = []
    for meeting in meetings:
        at_place = concerned & ((links["from_id"] == meeting[0]) | (links["to_id"] == meeting[0])).to_numpy()
        rows += assumed_terminals(made, f"rail-{gauge}", [meeting], str(links["project"][at_place].iloc[0]))
    if rows:
        new = pd.DataFrame([blank_numbers(row, "terminals") for row in rows])
        made = renewed_tables(made, {"terminals": pd.concat([made["terminals"], new], ignore_index=True)})
    return replace(net, tables=made, name=f"{net.name}, {name} {gauge} mm")


def changing(tables: Tables, name: str) -> list[str]:
    """List the parts of a project whose gauge is open: all but those of the one gauge of a country that they touch.

    Parameters
    ----------
    tables
        Tables of the network.
    name
        Id of the project; one without parts is listed as it is.

    >>> import corridors as co
    >>> changing(co.load().tables, "uap-kabul"), len(changing(co.load().tables, "western-route"))
    (['uap-naibabad-kharlachi'], 4)
    """
    parts = projects.leaves(tables, name)
    if parts == [name]:
        return parts
    links, country = tables["links"], tables.place_names.country
    rail = links[links["mode"] == "rail"]
    exists = rail[rail["status"].isin(["open", "seasonal", "suspended"])]
    of_country: dict[str, set[str]] = {}
    for place, gauge in zip(exists["from_id"], exists["gauge_mm"], strict=True):
        of_country.setdefault(country[place], set()).add(gauge)
    kept = set()
    for part in parts:
        own = rail[rail["project"] == part]
        touched = {country[place] for place in own[["from_id", "to_id"]].to_numpy().ravel()}
        if any(of_country.get(code) == set(own["gauge_mm"]) for code in touched):
            kept.add(part)
    return [part for part in parts if part not in kept]


def _terminals(terminals: pd.DataFrame, mine: Collection[str], old: Collection[str], new: str) -> pd.DataFrame:
    """Terminals of some projects, on the new gauge; those that would join it to itself are left out."""
    own = terminals["project"].isin(list(mine)).to_numpy()
    for column in ("from_system", "to_system"):
        terminals.loc[own & terminals[column].isin(list(old)).to_numpy(), column] = new
    pointless = own & (terminals["from_system"] == terminals["to_system"]).to_numpy()
    return terminals[~pointless].reset_index(drop=True)


def _projects(tables: Tables, mine: Collection[str], gauge: str) -> pd.DataFrame:
    """Projects with the new gauge, and with the costs that are published for it."""
    frame, years = tables["projects"], tables["project_years"]
    concerned = [bool(set(projects.leaves(tables, ident)) & set(mine)) for ident in frame["id"]]
    for row in np.flatnonzero(concerned):
        ident, before = frame["id"][row], frame["gauge_mm"][row]
        # a figure for several gauges, or for another one, says nothing of this one
        of_gauge = np.array([re.findall(r"[0-9]{4}", cell) == [gauge] for cell in years["gauge_mm"]], dtype=bool)
        named = years[(years["project"] == ident).to_numpy() & of_gauge]
        costs = [cell for cell in named["costs_published"] if published(cell)]
        frame.loc[row, "costs_published"] = schema.SEPARATOR.join(dict.fromkeys(costs))
        if ident in mine:
            frame.loc[row, "gauge_mm"] = gauge
        elif before:
            frame.loc[row, "gauge_mm"] = f"{gauge} (parts)"
    return frame
