"""Indicators in the manner of CAREC's corridor performance measurement, computed from a route.

- TFI1: hours to clear a border crossing point, per side.
- TFI2: USD paid at a border crossing point by a 20-tonne load, per side.
- TFI3: USD to carry 20 tonnes over 500 km of a section, payments at its borders included.
- TFI4: speed without delay (SWOD: km over hours of movement) and with delay (SWD: km over all hours).

Waiting for a train or ship, and the work of terminals and ports, belong to no section and are left out, as in the
published figures, which follow a vehicle on its way.
Reference: CAREC Institute, Corridor Performance Measurement and Monitoring, annual reports (cpmm.carecprogram.org).
"""

from __future__ import annotations

import pandas as pd

from corridors.model.parts import terms
from corridors.routing.route import Route

LOAD_T = 20.0
SECTION_KM = 500.0
ON_THE_WAY = ("line_haul", "rest", "stops", "yard")


def sections(route: Route) -> pd.DataFrame:
    """TFI3 and TFI4 of a route by country and mode.

    Parameters
    ----------
    route
        The route.

    Returns
    -------
    DataFrame
        Indexed by country and mode: km, moving_h, way_h (rest, stops and yards included), border_h and border_usd_t
        (the sides of crossings in that country), tfi3_usd, swod_kmh and swd_kmh.

    >>> import corridors as co
    >>> table = co.cpmm.sections(co.load().route("Tashkent", "Karachi", cargo="truck"))
    >>> table.loc[("AF", "road"), ["swod_kmh", "swd_kmh"]].round().tolist()
    [27.0, 8.0]
    """
    steps = route.steps
    hauls = steps[steps["kind"] == "line_haul"]
    table = hauls.groupby(["country", "mode"], sort=False).agg(
        km=("km", "sum"), way_h=("hours", "sum"), way_usd_t=("cost_usd_t", "sum")
    )
    moving = _moving_hours(route)
    sides = border_sides(route).groupby(["country", "mode"])[["hours", "cost_usd_t"]].sum()
    table["moving_h"] = moving.reindex(table.index)
    table["border_h"] = sides["hours"].reindex(table.index).fillna(0.0)
    table["border_usd_t"] = sides["cost_usd_t"].reindex(table.index).fillna(0.0)
    table["tfi3_usd"] = (table["way_usd_t"] + table["border_usd_t"]) / table["km"] * SECTION_KM * LOAD_T
    table["swod_kmh"] = table["km"] / table["moving_h"]
    table["swd_kmh"] = table["km"] / (table["way_h"] + table["border_h"])
    return table.drop(columns="way_usd_t")


def _moving_hours(route: Route) -> pd.Series:
    """Hours of movement by country and mode."""
    e, value = route.problem.expansion, route.problem.tables.theta.value
    rows = [
        (e.countries[edge][0], e.mode[edge], coefficient * value[parameter])
        for edge in route.edges
        for component, quantity, coefficient, parameter in e.terms[edge]
        if component == "line_haul" and quantity == "hours"
    ]
    return pd.DataFrame(rows, columns=["country", "mode", "hours"]).groupby(["country", "mode"])["hours"].sum()


def border_sides(route: Route) -> pd.DataFrame:
    """TFI1 and TFI2: one row per side of every crossing passed.

    Parameters
    ----------
    route
        The route.

    Returns
    -------
    DataFrame
        Columns crossing, country, direction (exit or entry), mode, hours (TFI1), cost_usd_t, tfi2_usd and the name
        of the parameter of the hours.

    >>> import corridors as co
    >>> co.cpmm.border_sides(co.load().route("Tashkent", "Karachi", cargo="truck"))["hours"].round(1).tolist()
    [4.9, 5.1, 17.2, 12.0]
    """
    e, theta, tables = route.problem.expansion, route.problem.tables.theta, route.problem.tables
    rows = []
    for edge in (i for i in route.edges if e.crossing[i] >= 0):
        crossing = tables["crossings"]["id"].iloc[e.crossing[edge]]
        for measure in ("hours", "cost"):
            mine = [t for t in e.terms[int(edge)] if t.quantity == measure]
            for country, direction, term in zip(e.countries[edge], ("exit", "entry"), mine, strict=True):
                amount = term.coefficient * theta.value[term.parameter]
                rows.append((crossing, country, direction, e.mode[edge], measure, amount, theta.names[term.parameter]))
    columns = ["crossing", "country", "direction", "mode", "measure", "amount", "parameter"]
    long = pd.DataFrame(rows, columns=columns)
    keys = ["crossing", "country", "direction", "mode"]
    hours, cost = (long[long["measure"] == m].reset_index(drop=True) for m in ("hours", "cost"))
    table = hours.rename(columns={"amount": "hours"})[[*keys, "hours", "parameter"]]
    return table.assign(cost_usd_t=cost["amount"], tfi2_usd=cost["amount"] * LOAD_T)


def all_sections(route: Route) -> pd.Series:
    """Indicators of a whole route: km, hours, swod_kmh, swd_kmh and tfi3_usd.

    Parameters
    ----------
    route
        The route.

    >>> import corridors as co
    >>> all_sections(co.load().route("Tashkent", "Karachi", cargo="truck"))[["swod_kmh", "swd_kmh"]].round().tolist()
    [30.0, 12.0]
    """
    table = sections(route)
    km, hours = table["km"].sum(), (table["way_h"] + table["border_h"]).sum()
    costs = terms(route)
    on_the_way = costs["component"].isin([*ON_THE_WAY, "border"]) & (costs["measure"] == "cost")
    return pd.Series(
        {
            "km": km,
            "hours": hours,
            "swod_kmh": km / table["moving_h"].sum(),
            "swd_kmh": km / hours,
            "tfi3_usd": costs["amount"][on_the_way].sum() / km * SECTION_KM * LOAD_T,
        }
    )
