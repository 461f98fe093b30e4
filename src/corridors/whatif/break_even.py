"""Break-even: the value of a parameter at which two routes are equal."""

from __future__ import annotations

from corridors.base.errors import InputError
from corridors.base.units import Measure
from corridors.model import parts
from corridors.routing.route import Route


def break_even(one: Route, other: Route, parameter: str, measure: str | Measure = "generalized") -> float:
    """Find the value of a parameter at which two routes are equal.

    Both totals are linear in the parameters (a speed counts as slowness), so the answer is exact.

    Parameters
    ----------
    one, other
        The routes; all other parameters keep their values.
    parameter
        Name of the parameter.
    measure
        `hours`, `cost`, `co2e` or `generalized`; the names of columns, such as `cost_usd_t`, will do, too.

    Returns
    -------
    float
        Value in the unit of the table; `nan` where no positive value makes the two equal.

    Raises
    ------
    InputError
        If there is no such parameter, or the measure is no sum of parameters (as km are not).

    >>> import corridors as co
    >>> net = co.load()
    >>> rail, kabul = (n.route("Almaty", "Karachi", modes={"rail"}) for n in (net, net.build("uap-kabul")))
    >>> hours = co.break_even(kabul, rail, "border/kharlachi/PK/rail/hours", "hours")
    >>> round(hours / 24, 1)  # days at the border with which the new line is as slow as the way by Iran
    6.8
    """
    theta = one.problem.tables.theta
    if parameter not in theta.names:
        raise InputError("parameter", parameter, "the full name of a parameter; net.parameters lists them")
    row = theta.names.index(parameter)
    a, b = (parts.coefficients(route, measure) for route in (one, other))
    gap, slope = float((a - b) @ theta.value), float(a[row] - b[row])
    if slope == 0:
        return float("nan")
    value = float(theta.value[row]) - gap / slope
    unit = theta.table["unit"].iloc[row]
    if value <= 0:
        return float("nan")
    return 1 / value if unit == "km/h" else value * 1000 if unit in ("h/1000km", "g/tkm") else value
