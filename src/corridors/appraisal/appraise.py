"""Whether a project pays: given flows on the network without and with it, its cost, and its years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Unpack

import numpy as np
import pandas as pd

from corridors.appraisal.border import Border, Chain
from corridors.appraisal.cost import MOST_MUSD, Amount, Ends, ends_of, given_cost, published_cost, reference_class
from corridors.appraisal.result import Appraisal
from corridors.appraisal.saving import Floats, Saving, checked_resource, per_tonne, saved
from corridors.appraisal.schedule import BUILD_YEARS, LIFE_YEARS, Schedule, shares_of, stages_of
from corridors.base.errors import InputError, UnknownNameError
from corridors.base.options import takes
from corridors.data.countries import country_code
from corridors.data.deflators import PRICE_YEAR
from corridors.model.question import Asked
from corridors.network.network import Network
from corridors.routing.ways import Logit
from corridors.trade.carried import Carried
from corridors.trade.carry import carry
from corridors.trade.demand import FlowTable, demand
from corridors.uncertainty.draws import DRAWS, SPREAD_OF_MEANS, check_draws
from corridors.whatif.named import Named, named_networks

NOTES = (
    "Freight rates are taken as resource cost, though they are tariffs; border dues are transfers and no saving.",
    "Duties are in no benefit. Capacities are not checked: co.carry does.",
)
"""What every appraisal has to say."""

BEST = "best"

MOST_USD_T = 1e5
"""Most that a tonne of CO2e may be priced at."""

YEARS = 1900, 2200
"""Years in which a project can open."""


class _Tonnes(NamedTuple):
    """Flows of both kinds in one table, and their tonnes."""

    pairs: pd.DataFrame
    now_t: Floats
    new_t: Floats


@takes(Asked, cargo=None)
def appraise(
    net: Network,
    scenario: Named,
    flows: FlowTable,
    *,
    new_flows: FlowTable | None = None,
    towns: Mapping[str, Mapping[str, float]] | None = None,
    choice: str | Logit = BEST,
    cost_musd: Ends | None = None,
    cost_year: int = PRICE_YEAR,
    price_year: int = PRICE_YEAR,
    index: Mapping[int, float] | None = None,
    opens: int | None = None,
    build_years: int = BUILD_YEARS,
    life_years: int = LIFE_YEARS,
    present: int = 0,
    growth: float | Sequence[float] = 0.0,
    rate_pct: Ends | None = None,
    overrun_pct: Ends | None = None,
    shortfall_pct: Ends | None = None,
    operating_musd: float = 0.0,
    residual_share: float = 0.0,
    resource: Mapping[str, float] | None = None,
    co2_usd_t: float = 0.0,
    payers: Mapping[str, float] | None = None,
    borders: Sequence[Border] = (),
    draws: int = DRAWS,
    seed: int = 0,
    **options: Unpack[Asked],
) -> Appraisal:
    """Appraise a project: what given flows save by it a year, against what it costs.

    The flows are given, and there is no benefit without them: nothing is forecast. The saving of a tonne is that of its
    generalized cost without and with the project, by the rule of a half. Border dues are transfers. Because nobody
    knows the tonnes of a line that does not exist, read the break-even tonnage first.

    Parameters
    ----------
    net
        Network without the project.
    scenario
        Scenario that builds it, the name of a bundled one, or a network. Stages of `staged` open one after the other.
    flows
        Tonnes a year that move today, as in `co.carry`.
    new_flows
        Tonnes a year that move only with the project, as you state; they count at half of the saving.
    towns
        Places that stand for a name in the flows, such as a country, with their weights.
    choice
        `best`: each flow goes its best way; `logit`, or a `co.Logit`: it is shared out, and the saving is of the
        logsum.
    cost_musd, cost_year
        Cost of construction in million USD, (low, high) or (value, low, high), and year of its prices; by default the
        published figures, each of its own year.
    price_year, index
        Year of prices of the result, and an index of prices by year instead of the deflator of the USA.
    opens
        Year at whose end it opens, where the scenario has none; by default as stated (table `project_years`).
    build_years, life_years
        Years over which a stage is paid for evenly, and years of service after the last opening.
    present
        Year whose money is not discounted; by default the year before the first is spent.
    growth
        Growth of the tonnes in per cent a year of service, or factors by year of service.
    rate_pct
        Real discount rate, or (value, low, high); by default that of the table `elasticities`.
    overrun_pct, shortfall_pct
        Reference class: overrun of the cost and shortfall of traffic (zero or below, above -100) of other projects in
        per cent, or (value, low, high); by default those of the table `elasticities`.
    operating_musd
        Cost of operation a year that is not in the freight rates.
    residual_share
        Share of the cost that is left after the last year.
    resource
        Share of payments that is resource cost, by component or mode, such as `{"rail": 0.7}`; the rest is transfer.
    co2_usd_t
        Price of a tonne of CO2e; by default emissions are counted but not priced. Those of building are not counted:
        published lines have 0.5 to 12,700 t a km (see the reference), too wide a range for a figure.
    payers
        Share of the cost of construction by country (code or name), for `by_country`.
    borders
        Borders that open and shut over the years, for `Appraisal.outlook`. In the network given they are open.
    draws, seed
        Draws of the network, the cost and the reference class (0: none), and their seed.
    options
        As in `corridors.model.question.Asked`: `commodity` is the good of rows without one, and `cargo` by default
        every unit that a good can travel in.

    Raises
    ------
    InputError, ScenarioError
        If an argument is not possible, no tonnes are given, or no cost or year is known.

    References
    ----------
    O. Olugbenga, N. Kalyviotis and S. Saxe, "Embodied emissions in rail infrastructure: a critical literature review",
    Environmental Research Letters 14(12), 2019, doi:10.1088/1748-9326/ab442f: 57 lines, from the abstract.

    >>> import corridors as co
    >>> flour = {("Kostanay", "Kabul"): 1e6}
    >>> asked = {"commodity": "flour", "cargo": "wagon", "cost_musd": 4600, "draws": 0}
    >>> found = co.appraise(co.load(), "uap-kabul", flour, **asked)
    >>> total = found.summary()
    >>> round(total["saving_usd_t"], 1), round(total["break_even_mt"]), total["verdict"]
    (12.7, 53, 'does not pay')
    """
    check_draws(draws or 1, seed, SPREAD_OF_MEANS)
    _possible(opens, operating_musd=operating_musd, co2_usd_t=co2_usd_t, residual_share=residual_share, payers=payers)
    chain = _chain(net, borders)
    networks = named_networks([scenario], base=net)
    name, built = list(networks.items())[-1]
    stages = stages_of(net, built, opens)
    plan = Schedule(
        tuple(stages), shares_of(built, stages), build_years, life_years,
        tuple(growth) if isinstance(growth, Sequence) else growth, present,
    )  # fmt: skip
    cost = _cost(built, net, cost_musd, (cost_year, price_year), index)
    tonnes = _tonnes(net, flows, new_flows, options["commodity"], towns)
    settings: list[list[str]] = [[]] if chain is None else [chain.targets(state) for state in range(len(chain.names))]
    asked = {**options, "choice": choice}
    before = [_carried(net, targets, tonnes, asked) for targets in settings]
    after = [[_carried(one, targets, tonnes, asked) for one in _in_stages(built, stages)] for targets in settings]
    shares = checked_resource(resource)
    savings = _savings(before, after, shares, tonnes, draws=draws, seed=seed)
    last = savings[0][-1]
    return Appraisal(
        name, plan, cost, _per_cent(net, "discount", rate_pct), _per_cent(net, "overrun", overrun_pct),
        _per_cent(net, "shortfall", shortfall_pct), operating_musd, residual_share,
        *_sums(savings), _stacked(savings, draws), co2_usd_t, chain, _flow_table(tonnes, last),
        _countries(net, before[0], after[0][-1], tonnes, saving=last, cost=cost, payers=payers),
        _left_out(savings, chain, before[0]), _notes(cost_musd, resource), draws, seed,
        tuple({id(w.route): w.route for one in (before[0], after[0][-1]) for w in one.ways}.values()), net.tables,
    )  # fmt: skip


def _possible(
    opens: int | None,
    *,
    operating_musd: float,
    co2_usd_t: float,
    residual_share: float,
    payers: Mapping[str, float] | None,
) -> None:
    """Refuse numbers that cannot be, before work begins."""
    for name, value, most in (("operating_musd", operating_musd, MOST_MUSD), ("co2_usd_t", co2_usd_t, MOST_USD_T)):
        if not 0 <= value <= most:
            raise InputError(name, value, f"zero or more, {most:g} at most")
    if not 0 <= residual_share <= 1:
        raise InputError("residual_share", residual_share, "a share between 0 and 1")
    if opens is not None and not YEARS[0] <= opens <= YEARS[1]:
        raise InputError("opens", opens, f"a year from {YEARS[0]} to {YEARS[1]}")
    unknown = [name for name in payers or {} if not country_code(str(name))]
    if unknown:
        raise UnknownNameError("country", unknown[0], where="among the payers")
    if payers is not None:
        shares = list(payers.values())
        if not all(0 <= share <= 1 for share in shares) or abs(sum(shares) - 1) > 1e-6:
            raise InputError("payers", dict(payers), "shares of the cost by country that add up to one")


def _cost(
    built: Network, net: Network, given: Ends | None, years: tuple[int, int], index: Mapping[int, float] | None
) -> Amount:
    if given is not None:
        return given_cost(given, *years, index)
    return published_cost(built.tables, sorted(built.view.built - net.view.built), years[1], index)


def _chain(net: Network, borders: Sequence[Border]) -> Chain | None:
    """Borders as one chain; in the network they are open, so that a state can shut them."""
    if not borders:
        return None
    chain = Chain(tuple(borders))
    shut = sorted({name for name in chain.targets(len(chain.names) - 1) if net.close(name).closed == net.closed})
    if shut:
        expected = f"borders that are open in the network: {', '.join(shut)} is shut in it; say open_now=False instead"
        raise InputError("borders", [border.name for border in borders], expected)
    return chain


def _per_cent(net: Network, parameter: str, given: Ends | None) -> Amount:
    """Discount rate, overrun or shortfall: what was given, else that of the table."""
    if given is None:
        return reference_class(net.tables, parameter)
    parts = ends_of(given)
    value, low, high = parts if len(parts) == 3 else 3 * (parts[:1] or [np.nan])
    least, most = (-100.0, 0.0) if parameter == "shortfall" else (0.0 if parameter == "overrun" else -99.0, 1000.0)
    fits = len(parts) in (1, 3) and least <= low <= value <= high <= most
    if not fits or (parameter == "shortfall" and low == least):
        name = "rate" if parameter == "discount" else parameter
        reach = f"above {least:g} (no traffic at all)" if parameter == "shortfall" else f"from {least:g}"
        raise InputError(f"{name}_pct", given, f"per cent or (value, low, high), {reach} to {most:g}")
    return Amount(value, low, high, "%")


def _tonnes(
    net: Network,
    flows: FlowTable,
    new: FlowTable | None,
    good: str | None,
    towns: Mapping[str, Mapping[str, float]] | None,
) -> _Tonnes:
    """Flows of today and new ones by pair and good."""
    found: dict[tuple[str, str, str | None], Floats] = {}
    for number, table in enumerate((flows, new)):
        if table is None:
            continue
        for row in demand(net.tables, table, commodity=good, towns=towns):
            found.setdefault((row.origin, row.destination, row.commodity), np.zeros(2))[number] += row.tonnes.sum()
    tonnes = np.array(list(found.values()))
    if not tonnes.any():
        raise InputError("flows", 0.0, "tonnes that move today, or new_flows that you state: without, no benefit")
    pairs = pd.DataFrame(
        [(a, b, good_of or "", 1.0) for a, b, good_of in found],
        columns=["origin", "destination", "commodity", "tonnes"],
    )
    return _Tonnes(pairs, tonnes[:, 0], tonnes[:, 1])


def _in_stages(built: Network, stages: Mapping[int, Sequence[str]]) -> list[Network]:
    """Networks after each opening."""
    years = list(stages)
    return [built if year == years[-1] else built.in_year(year) for year in years]


def _carried(net: Network, targets: Sequence[str], tonnes: _Tonnes, asked: Mapping[str, Any]) -> Carried:
    """Ways of a tonne of every flow, with some borders shut."""
    state = net.close(*targets) if targets else net
    options = dict(asked)
    choice = options.pop("choice")
    split = {} if choice == BEST else {"split": True, "choice": choice}
    return carry(state, tonnes.pairs, capacities=None, **split, **options)


def _savings(
    before: Sequence[Carried],
    after: Sequence[Sequence[Carried]],
    resource: Mapping[str, float],
    tonnes: _Tonnes,
    *,
    draws: int,
    seed: int,
) -> list[list[Saving]]:
    """Savings by state of the borders and stage."""
    flat = [*before, *(one for states in after for one in states)]
    priced = per_tonne(flat, resource, draws=draws, seed=seed)
    base, rest = priced[: len(before)], iter(priced[len(before) :])
    return [
        [saved(old, next(rest), tonnes.now_t, tonnes.new_t) for _ in stages]
        for old, stages in zip(base, after, strict=True)
    ]


def _sums(savings: Sequence[Sequence[Saving]]) -> tuple[Floats, Floats, Floats]:
    """Users' savings and transfers in million USD, and t CO2e, by state and stage."""
    users = [[one.users_usd.sum() / 1e6 for one in stages] for stages in savings]
    revenue = [[one.revenue_usd.sum() / 1e6 for one in stages] for stages in savings]
    return np.array(users), np.array(revenue), np.array([[one.co2_t.sum() for one in stages] for stages in savings])


def _stacked(savings: Sequence[Sequence[Saving]], draws: int) -> Floats:
    """Draws of the savings in million USD: draws by states by stages."""
    if not draws:
        return np.empty((0, len(savings), len(savings[0])))
    return np.array([[one.drawn_usd / 1e6 for one in stages] for stages in savings]).transpose(2, 0, 1)


def _flow_table(tonnes: _Tonnes, saving: Saving) -> pd.DataFrame:
    table = tonnes.pairs.drop(columns="tonnes").assign(now_t=tonnes.now_t, new_t=tonnes.new_t)
    return table.assign(
        before_usd_t=saving.cost_before, after_usd_t=saving.cost_after, users_usd=saving.users_usd,
        revenue_usd=saving.revenue_usd, co2_t=saving.co2_t, counted=saving.counted,
    )  # fmt: skip


def _countries(
    net: Network,
    before: Carried,
    after: Carried,
    tonnes: _Tonnes,
    *,
    saving: Saving,
    cost: Amount,
    payers: Mapping[str, float] | None,
) -> pd.DataFrame:
    """Table by country, as `Appraisal.by_country`."""
    country = dict(
        zip(net.tables.column("places", "id"), map(str, net.tables.column("places", "country")), strict=True)
    )
    columns: dict[str, pd.Series[float]] = {}
    for name, ends in (("saving_from_musd", "origin"), ("saving_to_musd", "destination")):
        where = tonnes.pairs[ends].map(country)
        columns[name] = pd.Series(saving.users_usd / 1e6).groupby(where.to_numpy()).sum()
    use = saving.counted
    paid = _paid(after, (tonnes.now_t + tonnes.new_t) * use).sub(_paid(before, tonnes.now_t * use), fill_value=0.0)
    columns |= {"gross_musd": paid.groupby(level=0).sum()}
    dues = paid[paid.index.get_level_values(1) == "border dues and payments"]
    columns |= {"dues_musd": dues.groupby(level=0).sum()}
    table = pd.DataFrame(columns).fillna(0.0)
    pays = {country_code(name): share * cost.value for name, share in (payers or {}).items()}
    table = table.reindex(table.index.union(list(pays))).fillna(0.0)
    table["pays_musd"] = [pays.get(code, 0.0 if payers else np.nan) for code in table.index]
    return table.rename_axis("country").reset_index()


def _paid(carried: Carried, tonnes: Floats) -> pd.Series[float]:
    """Gross freight and fees in million USD a year by country and payee."""
    used = carried.uses("payments")
    moved = np.array([way.share * tonnes[way.flow] for way in carried.ways])
    values = used.of(moved) / 1e6 if len(moved) else np.zeros(len(used.things))
    return pd.Series(values, pd.MultiIndex.from_tuples(used.things, names=["country", "payee"]), dtype=float)


def _left_out(savings: Sequence[Sequence[Saving]], chain: Chain | None, base: Carried) -> dict[str, str]:
    """Flows that count nothing, and why."""
    found: dict[str, str] = {}
    names = ["as given"] if chain is None else chain.names
    for state, stages in zip(names, savings, strict=True):
        for number in np.flatnonzero(~stages[-1].counted).tolist():
            flow, without = base.flows[number], np.isinf(stages[-1].cost_before[number])
            where = "" if state in ("as given", "all open") else f" with {state}"
            new = without and np.isfinite(stages[-1].cost_after[number])
            reason = "no way without the project, so its saving has no size" if new else "no way"
            found[f"{flow.origin}-{flow.destination}{where}"] = reason
    return found


def _notes(cost: Ends | None, resource: Mapping[str, float] | None) -> tuple[str, ...]:
    first = NOTES[0] if not resource else f"Shares of payments that are resource cost: {dict(resource)}, as given."
    middle = (
        () if cost is not None else ("The cost is the middle of published figures; speakers differ, none is a tender.",)
    )
    return (first, NOTES[1], *middle)
