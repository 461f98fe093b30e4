"""What a journey is made of: components, countries, parameters and their coefficients."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.errors import InputError
from corridors.base.units import CO2E, COST, GENERALIZED, HOURS, QUANTITIES, Measure
from corridors.base.units import measure as measure_of
from corridors.data.tables import Tables
from corridors.model.expansion import EdgeKind
from corridors.model.problem import Journey

SUMS = (HOURS, COST, CO2E, GENERALIZED)
"""Measures that are linear in the parameters."""

MOVEMENT = ("line_haul", "sea")
"""Components of movement itself."""


def terms(journey: Journey) -> pd.DataFrame:
    """Table of every term of a journey: country, component, measure, parameter (row), coefficient and amount.

    Amounts are in h, USD/t and kg CO2e/t, by the measure `hours`, `cost` or `emissions`. A rest belongs to the country
    in which it is taken.

    Parameters
    ----------
    journey
        Route, or anything else with a problem and edges.
    """
    e, value = journey.problem.expansion, journey.problem.tables.theta.value
    edges = np.asarray(journey.edges, dtype=np.int64)
    position, rows, coefficient = e.terms_along(edges)
    countries = ["-".join(e.countries[edge]) or "sea" for edge in edges]
    parameter = e.terms.parameter[rows]
    return pd.DataFrame(
        {
            "country": np.array(countries, dtype=object)[position],
            "component": e.terms.component[rows],
            "measure": e.terms.quantity[rows],
            "parameter": parameter,
            "coefficient": coefficient,
            "amount": coefficient * value[parameter],
        }
    )


def breakdown(journey: Journey, by: str = "component") -> pd.DataFrame:
    """Split hours, cost and emissions of a journey.

    Parameters
    ----------
    journey
        The journey, such as a route.
    by
        `component` (line-haul, rest, yard, border, ...) or `country` (a border belongs to both of its countries).

    Returns
    -------
    DataFrame
        Columns hours, cost_usd_t and co2e_kg_t; they add up to the totals.

    Raises
    ------
    InputError
        If a way of splitting is asked for that there is not.

    >>> import corridors as co
    >>> route = co.load().route("Almaty", "Karachi")
    >>> route.breakdown()["hours"].round(1).to_dict()
    {'charge': 0.0, 'line_haul': 112.2, 'rest': 94.7, 'stops': 23.9, 'border': 45.5}
    >>> float(route.breakdown()["hours"].sum().round(1)), round(route.hours, 1)
    (276.3, 276.3)
    """
    if by not in ("component", "country"):
        raise InputError("by", by, "'component' or 'country'")
    table = terms(journey).pivot_table(
        index=by, columns="measure", values="amount", aggfunc="sum", fill_value=0.0, sort=False
    )
    columns = {m.quantity: m.column for m in QUANTITIES}
    return table.reindex(columns=list(columns), fill_value=0.0).rename(columns=columns).rename_axis(columns=None)


def assumptions(journey: Journey) -> pd.DataFrame:
    """List every parameter that a journey used, with its share of the total and its source.

    Parameters
    ----------
    journey
        Route, or anything else with a problem and edges.

    Returns
    -------
    DataFrame
        One row per parameter: name, measure, amount (h, USD/t or kg/t), share of the measure's total, kind
        (published, assumed or overridden), value, low, high, unit, confidence, source and note; the largest shares
        of each measure first.

    >>> import corridors as co
    >>> table = co.load().route("Almaty", "Karachi").assumptions()
    >>> float(table.groupby("measure")["share"].sum()["hours"].round(6))
    1.0
    """
    tables = journey.problem.tables
    names = tables.theta.names
    found = terms(journey)
    used = found[found["coefficient"] != 0].groupby(["measure", "parameter"], as_index=False)["amount"].sum()
    used["share"] = used["amount"] / used.groupby("measure")["amount"].transform("sum")
    used.insert(0, "name", [names[p] for p in used["parameter"]])
    details = tables.parameters[["value", "low", "high", "unit", "confidence", "source", "note"]]
    used = used.join(details, on="parameter").drop(columns="parameter")
    kind = np.where(used["confidence"] == "assumed", "assumed", "published")
    used.insert(4, "kind", np.where(used["name"].isin(tables.overridden), "overridden", kind))
    return used.sort_values(["measure", "share"], ascending=[False, False]).reset_index(drop=True)


def lengths(tables: Tables, steps: pd.DataFrame) -> pd.DataFrame:
    """List links and sea hops with their lengths, and where these come from.

    Parameters
    ----------
    tables
        Tables of the network.
    steps
        Steps of a route, in order.

    Returns
    -------
    DataFrame
        One row per link or hop and country, in order: id, mode, gauge_mm, country, km, low_km and high_km (the lowest
        and highest plausible length; the length itself where none is known), basis, project, source and note.
    """
    facts = pd.concat([tables["links"], tables["services"]]).set_index("id")
    moving = steps[steps["km"] > 0]
    rows = facts.loc[moving["id"]].reset_index(drop=True)
    found = moving[["id", "mode", "gauge_mm", "country", "km"]].reset_index(drop=True)
    share = found["km"] / rows["length_km"]  # a link over a border has a step on each side
    for end in ("low", "high"):
        found[f"{end}_km"] = share * rows[f"length_{end}_km"].fillna(rows["length_km"])
    return found.assign(
        basis=rows["length_basis"], project=rows["project"].fillna(""), source=rows["source"], note=rows["note"]
    )


def sensitivity(journey: Journey, measure: str | Measure = HOURS, *, change_pct: float = 10.0) -> pd.DataFrame:
    """Exact change of a total when each parameter changes by some percent, and over its range.

    The total is linear in the parameters (slowness instead of speed), so a parameter's gradient is its coefficient
    and nothing has to be run again on the given way.

    Parameters
    ----------
    journey
        The journey, such as a route.
    measure
        `hours`, `cost`, `co2e` or `generalized`.
    change_pct
        Change of each parameter in percent.

    Returns
    -------
    DataFrame
        One row per parameter, by name: amount, change (of the total, for `change_pct` more of the parameter), and
        at_low and at_high (totals with the parameter at its low and high), the widest range first.

    Raises
    ------
    InputError
        If the change is below -100 % or no number.

    >>> import corridors as co
    >>> table = co.load().route("Almaty", "Karachi").sensitivity()
    >>> table[["at_low", "at_high"]].round(1).loc["border/torkham/PK/entry/road/hours"].tolist()
    [268.3, 304.3]
    """
    if not -100 <= change_pct < np.inf:
        raise InputError("change_pct", change_pct, "a change in per cent of -100 or more")
    theta = journey.problem.tables.theta
    weights = coefficients(journey, measure)
    rows = np.flatnonzero(weights)
    amount = weights[rows] * theta.value[rows]
    total = float(amount.sum())
    table = pd.DataFrame(
        {
            "amount": amount,
            "change": amount * change_pct / 100,
            "at_low": total + weights[rows] * (theta.low[rows] - theta.value[rows]),
            "at_high": total + weights[rows] * (theta.high[rows] - theta.value[rows]),
        },
        index=pd.Index([theta.names[row] for row in rows], name="parameter"),
    )
    width = (table["at_high"] - table["at_low"]).sort_values(ascending=False, kind="stable")
    return table.loc[width.index]


def coefficients(
    journey: Journey,
    measure: str | Measure,
    *,
    kinds_out: Collection[EdgeKind] = (),
    components: Collection[str] | None = None,
) -> NDArray[np.float64]:
    """Coefficient of every parameter in a total of a journey.

    Parameters
    ----------
    journey
        The journey, such as a route.
    measure
        `hours`, `cost`, `co2e` or `generalized`.
    kinds_out
        Kinds of edges to leave out.
    components
        Components to keep; all by default.

    Returns
    -------
    ndarray
        One number per parameter: the total is its product with the parameters in the units of computation.
    """
    wanted = measure_of(measure, among=SUMS)
    if wanted is GENERALIZED:
        hours = coefficients(journey, HOURS, kinds_out=kinds_out, components=components)
        cost = coefficients(journey, COST, kinds_out=kinds_out, components=components)
        return cost + journey.problem.vot_usd_t_h * hours
    e = journey.problem.expansion
    edges = np.asarray(journey.edges, dtype=np.int64)
    position, rows, coefficient = e.terms_along(edges)
    kept = (e.terms.quantity[rows] == wanted.quantity) & ~np.isin(e.kind[edges], list(kinds_out))[position]
    if components is not None:
        kept &= np.isin(e.terms.component[rows].astype(str), list(components))
    width = len(journey.problem.tables.theta.value)
    found = np.bincount(e.terms.parameter[rows[kept]], coefficient[kept], minlength=width)
    return found.astype(np.float64, copy=False)
