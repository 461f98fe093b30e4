"""An appraisal in sentences: first what a line needs, then whether it pays, then on what this rests."""

from __future__ import annotations

import math
from typing import Any

from corridors.appraisal.case import Case

VERDICTS = {
    "pays": "At these tonnes it pays",
    "does not pay": "At these tonnes it does not pay",
    "undecided": "Whether it pays at these tonnes is undecided",
}


def sentences(appraisal: Case, *, reference_class: bool = True) -> list[str]:
    """Result in sentences, each with its figures and what they are of.

    Parameters
    ----------
    appraisal
        What `co.appraise` returns.
    reference_class
        Whether cost and tonnes are as other projects had them.

    >>> import corridors as co
    >>> found = co.appraise(co.load(), "uap-kabul", {("Tashkent", "Lahore"): 5e6}, cargo="wagon", draws=0)
    >>> found.sentences()[0].split(":")[0]
    'Break-even'
    """
    total = appraisal.summary(reference_class=reference_class)
    told = [_break_even(total), _verdict(appraisal, total)]
    if reference_class:
        told.append(
            f"In it the cost is {appraisal.overrun.value:+.0f} % and traffic {appraisal.shortfall.value:+.0f} % off "
            f"what is stated, as other railways had it; as stated it is {total['npv_as_stated_musd']:,.0f} m USD."
        )
    told += [f"Not counted: {pair} ({reason})." for pair, reason in appraisal.left_out.items()]
    return [*told, *appraisal.notes]


def _break_even(total: dict[str, Any]) -> str:
    rate, saving = total["rate_pct"], total["saving_usd_t"]
    if not math.isfinite(total["break_even_mt"]):
        return f"Break-even: no tonnage pays for it at {rate:g} %, for these flows save nothing ({saving:,.1f} USD/t)."
    return (
        f"Break-even: {total['break_even_mt']:,.1f} Mt a year that really move, at the {saving:,.1f} USD/t that these "
        f"flows save, discounted at {rate:g} %; stated are {total['flows_mt']:,.2f} Mt."
    )


def _verdict(appraisal: Case, total: dict[str, Any]) -> str:
    text = f"{VERDICTS[total['verdict']]}: net present value {total['npv_musd']:,.0f} m USD"
    if appraisal.draws:
        text += f" ({total['npv_p05_musd']:,.0f} to {total['npv_p95_musd']:,.0f}), above zero in "
        text += f"{100 * total['p_positive']:.0f} % of the draws"
    irr = total["irr_pct"]
    rest = f", internal rate {irr:.1f} %" if math.isfinite(irr) else ", no internal rate"
    return f"{text}{rest}, benefit to cost {total['benefit_cost_ratio']:.2f}."
