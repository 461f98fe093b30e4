"""What a route is made of: components, countries, parameters, their weight, and the spread that follows."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.errors import InputError
from corridors.model.expansion import KINDS

if TYPE_CHECKING:
    from corridors.routing.route import Route

MEASURES = {"hours": "hours", "cost_usd_t": "cost", "co2e_kg_t": "emissions"}
"""Measures of the incidence by column."""

MOVEMENT = ("line_haul", "sea")
"""Components of movement itself."""

UNITS = {"hours": "h", "cost_usd_t": "USD/t", "co2e_kg_t": "kg CO2e/t", "generalized_usd_t": "USD/t"}


def terms(route: Route) -> pd.DataFrame:
    """Give every term of a route: country, component, measure, parameter and amount."""
    expansion = route.problem.expansion
    value = route.problem.tables.theta.value
    rows = [
        ("-".join(expansion.countries[edge]) or "sea", component, measure, parameter, coefficient * value[parameter])
        for edge in route.edges
        for component, measure, coefficient, parameter in expansion.terms[edge]
    ]
    return pd.DataFrame(rows, columns=["country", "component", "measure", "parameter", "amount"])


def leg_terms(route: Route) -> pd.DataFrame:
    """Give the amount that each parameter adds to each leg: leg, component, measure, parameter (row) and amount."""
    expansion, value = route.problem.expansion, route.problem.tables.theta.value
    rows = [
        (leg, component, measure, parameter, coefficient * value[parameter])
        for leg, edge, _ in route.edges_by_leg()
        for component, measure, coefficient, parameter in expansion.terms[edge]
    ]
    keys = ["leg", "component", "measure", "parameter"]
    return pd.DataFrame(rows, columns=[*keys, "amount"]).groupby(keys, as_index=False, sort=False).sum()


def breakdown(route: Route, by: str = "component") -> pd.DataFrame:
    """Split hours, cost and emissions of a route.

    Parameters
    ----------
    route
        The route.
    by
        `component` (line-haul, rest, yard, border, ...) or `country` (a border belongs to both of its countries).

    Returns
    -------
    DataFrame
        Columns hours, cost_usd_t and co2e_kg_t; they add up to the totals.
    """
    if by not in ("component", "country"):
        raise InputError("by", by, "'component' or 'country'")
    table = terms(route).pivot_table(
        index=by, columns="measure", values="amount", aggfunc="sum", fill_value=0.0, sort=False
    )
    columns = {measure: column for column, measure in MEASURES.items()}
    return table.reindex(columns=list(columns), fill_value=0.0).rename(columns=columns).rename_axis(columns=None)


def assumptions(route: Route) -> pd.DataFrame:
    """List every parameter that a route used, with its share of the total and its source.

    Returns
    -------
    DataFrame
        One row per parameter: name, measure, amount (h, USD/t or kg/t), share of the measure's total, kind
        (published, assumed or overridden), value, low, high, unit, confidence, source and note; the largest shares
        of each measure first.
    """
    tables = route.problem.tables
    names = tables.theta.names
    used = terms(route).groupby(["measure", "parameter"], as_index=False)["amount"].sum()
    used["share"] = used["amount"] / used.groupby("measure")["amount"].transform("sum")
    used.insert(0, "name", [names[p] for p in used["parameter"]])
    details = tables.parameters[["value", "low", "high", "unit", "confidence", "source", "note"]]
    used = used.join(details, on="parameter").drop(columns="parameter")
    kind = np.where(used["confidence"] == "assumed", "assumed", "published")
    used.insert(4, "kind", np.where(used["name"].isin(tables.overridden), "overridden", kind))
    return used.sort_values(["measure", "share"], ascending=[False, False]).reset_index(drop=True)


def lengths(route: Route) -> pd.DataFrame:
    """List the links and sea hops of a route with their lengths, and where these come from.

    Returns
    -------
    DataFrame
        One row per link or hop and country, in order: id, mode, gauge_mm, country, km, low_km and high_km (the lowest
        and highest plausible length; the length itself where none is known), basis, project, source and note.
    """
    tables = route.problem.tables
    facts = pd.concat([tables["links"], tables["services"]]).set_index("id")
    steps = route.steps[route.steps["km"] > 0]
    known = facts.loc[steps["id"]].reset_index(drop=True)
    found = steps[["id", "mode", "gauge_mm", "country", "km"]].reset_index(drop=True)
    share = found["km"] / known["length_km"]  # a link over a border has a step on each side
    for end in ("low", "high"):
        found[f"{end}_km"] = share * known[f"length_{end}_km"].fillna(known["length_km"])
    return found.assign(
        basis=known["length_basis"], project=known["project"].fillna(""), source=known["source"], note=known["note"]
    )


def sensitivity(route: Route, measure: str = "hours", *, change_pct: float = 10.0) -> pd.DataFrame:
    """Give the exact change of a total when each parameter changes by some percent, and over its range.

    The total is linear in the parameters (slowness instead of speed), so a parameter's gradient is its coefficient
    and nothing has to be run again on the given route.

    Returns
    -------
    DataFrame
        One row per parameter, by name: amount, change (of the total, for `change_pct` more of the parameter), and
        at_low and at_high (totals with the parameter at its low and high), the widest range first.
    """
    if measure not in MEASURES:
        raise InputError("measure", measure, f"one of {', '.join(MEASURES)}")
    theta = route.problem.tables.theta
    used = terms(route)
    amount = used[used["measure"] == MEASURES[measure]].groupby("parameter")["amount"].sum()
    rows = amount.index.to_numpy()
    total = float(amount.sum())
    scale = np.divide(amount.to_numpy(), theta.value[rows], out=np.zeros(len(rows)), where=theta.value[rows] > 0)
    table = pd.DataFrame(
        {
            "amount": amount.to_numpy(),
            "change": amount.to_numpy() * change_pct / 100,
            "at_low": total + scale * (theta.low[rows] - theta.value[rows]),
            "at_high": total + scale * (theta.high[rows] - theta.value[rows]),
        },
        index=pd.Index([theta.names[row] for row in rows], name="parameter"),
    )
    width = (table["at_high"] - table["at_low"]).sort_values(ascending=False, kind="stable")
    return table.loc[width.index]


def coefficients(
    route: Route, measure: str, *, kinds_out: Collection[str] = (), components: Collection[str] | None = None
) -> NDArray[np.float64]:
    """Give the coefficient of every parameter in a total of a route.

    Parameters
    ----------
    route
        The route.
    measure
        `hours`, `cost_usd_t`, `co2e_kg_t` or `generalized_usd_t`.
    kinds_out
        Kinds of edges to leave out, such as `start`.
    components
        Components to keep; all by default.
    """
    if measure not in UNITS:
        raise InputError("measure", measure, f"one of {', '.join(UNITS)}")
    if measure == "generalized_usd_t":
        hours = coefficients(route, "hours", kinds_out=kinds_out, components=components)
        cost = coefficients(route, "cost_usd_t", kinds_out=kinds_out, components=components)
        return cost + route.problem.vot_usd_t_h * hours
    e = route.problem.expansion
    found = np.zeros(len(route.problem.tables.theta.value))
    for edge in route.edges:
        if KINDS[e.kind[edge]] not in kinds_out:
            for component, which, coefficient, parameter in e.terms[edge]:
                if which == MEASURES[measure] and (components is None or component in components):
                    found[parameter] += coefficient
    return found
