"""A plan in words: what is best or tied, what it costs and saves, its regret, its order, and what was assumed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from corridors.trade.signs import UNDECIDED

LEAST_MUSD = 0.05
"""Million USD that round to nothing, as amounts are shown."""


class SetFacts(NamedTuple):
    """A set in figures, million USD: `benefit` a year and `value` as expected, 5 and 95 % points."""

    name: str
    cost: tuple[float, float, float]
    benefit: tuple[float, float, float]
    value: tuple[float, float, float]
    p_above_zero: float


class PlanFacts(NamedTuple):
    """What the sentences of a plan are made of.

    Attributes
    ----------
    wins
        Names and shares of wins of the best set, or of the tied ones.
    is_best
        Whether the first of them wins in more than half of the draws.
    chosen
        Figures of the best set, or of the tied one with the greatest expected value.
    regret
        Sets by futures, million USD.
    least_regret
        Name of the set of the least greatest regret.
    staging
        Order of building; None where no years were asked for, or there is nothing to build.
    tonnes, no_way_t, joined_t
        Tonnes of all flows; those without a way today; and of these, with a way when all is built.
    given
        Projects whose cost the user gave.
    listed
        Sets that can be built, those that a model named best, and its gap in %; None where all were valued.
    """

    wins: list[tuple[str, float]]
    is_best: bool
    chosen: SetFacts
    budget_musd: float
    horizon_years: int | None
    rate: float
    regret: pd.DataFrame
    least_regret: str
    staging: pd.DataFrame | None
    draws: int
    elasticity: float
    tonnes: float
    no_way_t: float
    joined_t: float
    given: tuple[str, ...]
    listed: tuple[int, int, float] | None = None


def sentences(facts: PlanFacts) -> list[str]:
    """Sentences of a plan, the answer first.

    >>> nothing = SetFacts("nothing", (0, 0, 0), (0, 0, 0), (0, 0, 0), 0.0)
    >>> regret = pd.DataFrame({"as it is": [0.0]}, ["nothing"])
    >>> said = sentences(PlanFacts([("nothing", 1.0)], True, nothing, 5.0, None, 0.0, regret, "nothing", None, 0, 0.0,
    ...     1000.0, 1000.0, 0.0, ()))
    >>> said[0]
    'Best at expected values within 5 million USD: nothing.'
    """
    return [*_answer(facts), *_figures(facts), *_futures(facts), *_order(facts), *_assumed(facts)]


def _answer(facts: PlanFacts) -> Iterator[str]:
    limit = "" if np.isinf(facts.budget_musd) else f" within {_money(facts.budget_musd)}"
    first, share = facts.wins[0]
    if not facts.draws:
        yield f"Best at expected values{limit}: {first}."
    elif facts.is_best:
        yield f"Best{limit}: {first}, in {_share(share, facts.draws)} of {facts.draws} draws."
    else:
        together = sum(one for _, one in facts.wins)
        listed = "; ".join(f"{name} ({one:.0%})" for name, one in facts.wins)
        yield (
            f"No set is best{limit}: none wins in more than half of {facts.draws} draws. "
            f"Tied, together {together:.0%}: {listed}. Figures below are of {facts.chosen.name}."
        )


def _figures(facts: PlanFacts) -> Iterator[str]:
    one = facts.chosen
    if one.name == "nothing":
        return
    middle, low, high = one.cost
    span = f" ({low:,.0f} to {high:,.0f})" if high > low else ""
    yield f"It costs {_money(middle)}{span} and saves {_money(one.benefit[0])}{_band(one.benefit, facts.draws)} a year."
    if facts.horizon_years is None and middle > 0:
        yield f"A year saves {100 * one.benefit[0] / middle:.1f} % of the cost: whether that pays, horizon_years= says."
    if facts.horizon_years is not None:
        yield (
            f"Net value of {facts.horizon_years} years at {100 * facts.rate:g} %: {_money(one.value[0])}"
            f"{_band(one.value, facts.draws)}."
        )
    if facts.draws and UNDECIDED < one.p_above_zero < 1 - UNDECIDED:
        asked, what = ("saves", "benefit") if facts.horizon_years is None else ("pays", "net value")
        yield f"Whether it {asked} is undecided: the {what} is above zero in {one.p_above_zero:.0%} of the draws."


def _futures(facts: PlanFacts) -> Iterator[str]:
    if len(facts.regret.columns) < 2:
        return
    row = facts.regret.loc[facts.chosen.name]
    worst = str(row.idxmax())
    if row[worst] < LEAST_MUSD:
        yield f"In none of {len(row)} futures is another set better than {facts.chosen.name} by 0.1 million USD."
    else:
        yield f"Its greatest regret of {len(row)} futures is {_money(row[worst])}, in '{worst}'."
    if facts.least_regret != facts.chosen.name:
        least = float(facts.regret.loc[facts.least_regret].max())
        yield f"The greatest regret is least with {facts.least_regret}: {_money(least)}."


def _order(facts: PlanFacts) -> Iterator[str]:
    if facts.staging is None:
        return
    opens = ["not by the last year" if pd.isna(year) else str(int(year)) for year in facts.staging["opens"]]
    yield f"Order: {', '.join(f'{n} ({y})' for n, y in zip(facts.staging['project'], opens, strict=True))}."


def _assumed(facts: PlanFacts) -> Iterator[str]:
    if facts.listed is not None:
        many, best, gap_pct = facts.listed
        proven = f"no set has more than {gap_pct:.2g} % above its best" if gap_pct > 0.005 else "its best is proven"
        yield (
            f"Of {many:,} sets, those valued are the {best} best of a mixed-integer model at expected values and their "
            f"parts ({proven}); one that is best in some draws alone may be missing."
        )
    how = f"with an elasticity of {facts.elasticity:g}" if facts.elasticity else "fixed"
    yield f"Flows are those stated, {facts.tonnes:,.0f} t a year, {how}; they do not grow."
    if facts.no_way_t:
        yield (
            f"{facts.no_way_t:,.0f} t have no way today and count nowhere, though {facts.joined_t:,.0f} t of them "
            "have one with everything built."
        )
    own = f"; given by the user: {', '.join(facts.given)}" if facts.given else ""
    yield f"Costs are middles of what is published, of different years, not deflated{own}."


def _band(ends: tuple[float, float, float], draws: int) -> str:
    return f" ({_number(ends[1])} to {_number(ends[2])} in 90 % of the draws)" if draws else ""


def _number(amount: float) -> str:
    return f"{amount:,.1f}" if abs(amount) < 100 else f"{amount:,.0f}"


def _money(amount: float) -> str:
    text = _number(amount)
    return f"{text.removesuffix('.0')} million USD"


def _share(share: float, draws: int) -> str:
    return "all" if share == 1 else f"{min(share, 1 - 1 / draws):.0%}"
