"""Break-even: the value of a parameter at which two routes are equal."""

from __future__ import annotations

from corridors.base.arguments import checked
from corridors.base.errors import InputError
from corridors.base.units import GENERALIZED, Measure
from corridors.base.units import measure as measure_of
from corridors.model import parts
from corridors.routing.route import Route

VALUE_OF_TIME = "vot_usd_t_h"
"""Name under which the value of time, which is an option and no parameter, can be asked for."""


@checked
def break_even(one: Route, other: Route, parameter: str, measure: str | Measure = "generalized") -> float:
    """Find the value of a parameter at which two routes are equal.

    Both totals are linear in the parameters (a speed counts as slowness), so the answer is exact.

    Parameters
    ----------
    one, other
        The routes; all other parameters keep their values.
    parameter
        Name of the parameter; or `vot_usd_t_h` for the value of time (USD per tonne and hour) of generalized cost.
        For the best ways of two networks at every value of time see `Comparison.by_value_of_time`.
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
    6.6
    """
    if parameter == VALUE_OF_TIME:
        if measure_of(measure) is not GENERALIZED:
            raise InputError("measure", measure, "generalized: only it depends on the value of time")
        slower = one.hours - other.hours
        value = (other.cost_usd_t - one.cost_usd_t) / slower if slower else float("nan")
        return value if value > 0 else float("nan")
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
