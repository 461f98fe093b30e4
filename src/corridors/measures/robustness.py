"""Does the ranking of scenarios hold? The comparison run again with one disputed assumption changed at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Unpack

import pandas as pd

from corridors.base.errors import UnknownNameError
from corridors.base.names import near
from corridors.base.options import takes
from corridors.base.progress import progress
from corridors.measures.connectivity import connectivity
from corridors.model.parameters import has_parts
from corridors.model.question import Asked, cargo_of, value_of_time
from corridors.network.network import Network
from corridors.routing.ways import Logit
from corridors.whatif.compare import Comparison, compare
from corridors.whatif.named import Scenarios, named_beside_base, under
from corridors.whatif.scenario import Scenario
from corridors.whatif.shared import BEST
from corridors.whatif.weights import Weights

DISPUTED: Mapping[str, str] = {
    "gauge_change/hours": "hours of a change of gauge",
    "border/kharlachi/rail/hours": "hours at Kharlachi",
    "border/chaman/rail/hours": "hours at Chaman",
    "border/galaba-hairatan/rail/hours": "hours at Hairatan",
    "line_haul/AF/rail/hours": "speed of Afghan railways",
    "line_haul/AF/rail/cost": "rates of Afghan railways",
    "line_haul/PK/rail/hours": "speed of Pakistani railways",
    "line_haul/PK/rail/cost": "rates of Pakistani railways",
    "waiting/rail/hours": "wait for a train",
}
"""Parts of names of parameters that are disputed or assumed and weigh on the railway, and what they are called.

Each is set to its low and high.
"""

LENGTHS_KM: Mapping[str, tuple[float, ...]] = {"uap-naibabad-kharlachi": (685.0,), "herat-kandahar": (811.0,)}
"""Published alternatives of length: the Kabul line as 760 km less 75 existing, and 811 km read as Herat-Kandahar."""

THETAS = (1.0, 5.03, 8.11, 15.72)
"""Trade elasticities: market potential; baseline, agriculture and mining of Reed and Trubetskoy, WPS 8815, 2019."""

HALF_LIVES_D = (1.0, 2.0, 5.0, 10.0, 20.0)
"""Half-lives of potential accessibility, days (assumed; nobody has measured one for this freight)."""

VALUES_OF_TIME = (0.5, 2.0)
"""Factors on the value of time."""


def variations(net: Network, disputed: Iterable[str] = tuple(DISPUTED)) -> dict[str, Scenario]:
    """Scenarios that set each disputed parameter to its low and to its high value.

    Parameters
    ----------
    net
        The network.
    disputed
        Parts of names of parameters; those without a match in the network are left out.

    >>> import corridors as co
    >>> list(variations(co.load(), ["waiting/rail/hours"]))
    ['waiting/rail/hours low', 'waiting/rail/hours high']
    """
    table, names = net.tables.parameters, net.parameter_names
    settings = {}
    for pattern in disputed:
        rows = {name: row for row, name in enumerate(names) if has_parts(name, pattern)}
        for end in ("low", "high"):
            ends = {name: float(table[end].iloc[row]) for name, row in rows.items()}
            changes = {name: {"value": v, "low": v, "high": v} for name, v in ends.items()}
            if changes:
                settings[f"{pattern} {end}"] = Scenario(f"{pattern} {end}").with_parameters(changes)
    return settings


def in_words(variation: str) -> str:
    """What a row of a ranking changes, in words.

    Parameters
    ----------
    variation
        Name of the row.

    >>> in_words("border/chaman/rail/hours low")
    'low hours at Chaman'
    """
    pattern, _, end = variation.rpartition(" ")
    return f"{end} {DISPUTED[pattern]}" if pattern in DISPUTED else variation


@takes(Asked)
def robustness(
    net: Scenarios,
    scenarios: Scenarios = (),
    origins: str | Iterable[str] = "kazakhstan",
    destinations: str | Iterable[str] = "south-asian-ports",
    *,
    disputed: Iterable[str] | None = None,
    lengths_km: Mapping[str, Sequence[float]] | None = None,
    weights: Weights = None,
    choice: str | Logit = BEST,
    **options: Unpack[Asked],
) -> pd.DataFrame:
    """Run a comparison again with one assumption changed at a time, at expected values.

    Parameters
    ----------
    net
        The network, which is the base; or networks and scenarios as in `compare`, of which the first is the base.
    scenarios
        Further scenarios: names of bundled ones, scenarios or networks, in a list or by name.
    origins, destinations, weights, choice
        As in `compare`; with a choice the change is that of the expected least cost.
    disputed
        Parts of names of parameters that are set to their low and high values; those of `DISPUTED` by default, as far
        as the network has them.
    lengths_km
        Other total lengths of projects; the published alternatives by default, where the network has the project.
    options
        The same for every scenario and setting; the value of time is halved and doubled in two of them.

    Returns
    -------
    DataFrame
        One row per setting: the weighted mean change of generalized cost of each scenario (USD/t), `best` (the
        scenario with the largest gain) and `same_ranking` (as at the values of the tables). A `reference` row
        stands first.

    Raises
    ------
    InputError
        If there is no scenario beside the base.
    UnknownNameError
        If the base has no parameter with such a part of a name, or no project whose length is given.

    >>> import corridors as co
    >>> table = co.robustness(co.load(), ["uap-kabul"], ["Almaty"], ["Karachi"], disputed=["waiting/rail/hours"])
    >>> table["uap-kabul"].round().head(3).to_dict()
    {'reference': 0.0, 'waiting/rail/hours low': 0.0, 'waiting/rail/hours high': 0.0}
    """
    named, base = named_beside_base(scenarios, net)
    same: dict[str, Any] = {"weights": weights, "choice": choice}
    rows = {}
    for name, setting in progress(list(_settings(base, disputed, lengths_km).items()), "settings"):
        rows[name] = _change(compare(under(setting, named), origins, destinations, **same, **options))
    vot = options["vot_usd_t_h"]
    if vot is None:
        vot = value_of_time(
            base.tables, cargo_of(base.tables, options["cargo"], options["commodity"]), options["commodity"]
        )
    for factor in VALUES_OF_TIME:
        asked: Asked = {**options, "vot_usd_t_h": factor * vot}
        rows[f"value of time x {factor:g}"] = _change(compare(named, origins, destinations, **same, **asked))
    return _ranked(pd.DataFrame.from_dict(rows, orient="index"), ascending=True)


def _settings(
    net: Network, disputed: Iterable[str] | None, lengths_km: Mapping[str, Sequence[float]] | None
) -> dict[str, Scenario]:
    """Settings that are tried, the reference first."""
    asked = DISPUTED if disputed is None else [disputed] if isinstance(disputed, str) else list(disputed)
    tried = {pattern: variations(net, [pattern]) for pattern in asked}
    for pattern in () if disputed is None else [name for name, found in tried.items() if not found]:
        raise UnknownNameError("parameter with", pattern, near(pattern, [*DISPUTED, *net.parameter_names]))
    settings = {"reference": Scenario("reference")}
    for found in tried.values():
        settings |= found
    existing = set(net.tables["links"]["project"])
    for project in () if lengths_km is None else set(lengths_km) - existing:
        raise UnknownNameError("project with links", project, near(project, existing - {""}))
    for project, lengths in (LENGTHS_KM if lengths_km is None else lengths_km).items():
        for length in lengths if project in existing else ():
            settings[f"{project} {length:g} km"] = Scenario(project).with_lengths({project: float(length)})
    return settings


def measure_robustness(
    comparison: Comparison, *, thetas: Sequence[float] = THETAS, half_lives_d: Sequence[float] = HALF_LIVES_D
) -> pd.DataFrame:
    """Table of whether the ranking depends on the measure of connectivity and its parameter.

    Parameters
    ----------
    comparison
        A comparison of a base and at least one other scenario.
    thetas
        Trade elasticities of market access.
    half_lives_d
        Half-lives of potential accessibility, in days.

    Returns
    -------
    DataFrame
        One row per measure: the change of each scenario against the base (percent), `best` (the scenario with the
        largest gain) and `same_ranking` (as for global efficiency, the first row).

    >>> import corridors as co
    >>> comparison = co.compare([co.load(), "uap-kabul"], ["Almaty"], ["Karachi"], modes={"rail"})
    >>> measure_robustness(comparison, thetas=[5.03], half_lives_d=[5])["uap-kabul"].round().to_dict()
    {'global efficiency': 32.0, 'market access, theta 5.03': 32.0, 'accessibility, half-life 5 d': 125.0}
    """
    near = connectivity(comparison, half_lives_d=half_lives_d)
    rows = {"global efficiency": near["efficiency_pct"]}
    for theta in thetas:
        table = connectivity(comparison, theta=theta, half_lives_d=())
        rows[f"market access, theta {theta:g}"] = table["market_access_pct"]
    for days in half_lives_d:
        level = near[f"accessibility_{days:g}d"]
        rows[f"accessibility, half-life {days:g} d"] = 100 * (level / level[comparison.base] - 1)
    return _ranked(pd.DataFrame(rows).T.drop(columns=comparison.base).rename_axis(columns=None), ascending=False)


def _ranked(table: pd.DataFrame, *, ascending: bool) -> pd.DataFrame:
    """Add the best scenario of every row, and whether the row ranks them as the first one does."""
    ranking = [tuple(row.sort_values(kind="stable", ascending=ascending).index) for _, row in table.iterrows()]
    return table.assign(best=[order[0] for order in ranking], same_ranking=[order == ranking[0] for order in ranking])


def _change(comparison: Comparison) -> pd.Series:
    return comparison.overall()["generalized_usd_t_delta"].drop(comparison.base)
