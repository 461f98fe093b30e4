"""The answer in short: a few plain sentences, every figure from the tables of the study."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from corridors.base.units import HOURS
from corridors.measures.headline import TIE
from corridors.measures.robustness import in_words
from corridors.plot.wording import assumed_share
from corridors.report.study import CARGO, RAIL, Study

FREE = "all modes"


class Statement(NamedTuple):
    """A claim, and the evidence for it."""

    claim: str
    evidence: str


def brief(results: Study) -> list[Statement]:
    """Say the answer for the first cargo unit.

    >>> import corridors as co
    >>> from corridors.report import study
    >>> statements = brief(study(co.load(), ["Almaty"], ["Karachi"], scenarios=["uap-kabul"], draws=10))
    >>> statements[0].claim
    'By rail alone the Kabul corridor saves 6.0 days and 43 USD a tonne.'
    """
    return [*_rail(results), *_free(results), *_closed(results), *_which(results), *_sure(results)]


def _rows(results: Study, way: str, border: str) -> pd.DataFrame:
    table = results.head.table()
    base = next(iter(results.titles))
    return table[(table["way"] == way) & (table["border"] == border) & (table["scenario"] != base)]


def _name(results: Study, scenario: str) -> str:
    """Name a scenario inside a sentence."""
    title = results.titles[scenario]
    words = title.split()
    # only the first word loses its capital, and only where it is a common word
    if words[0].lower() in ("western", "eastern", "northern", "southern", "both", "no"):
        words[0] = words[0].lower()
    return "the " + " ".join(words)


def _change(value: float, digits: int, unit: str) -> str:
    """Say a change as saved or lost."""
    if abs(value) < 0.5 * 10**-digits:
        return f"no {unit}"
    return f"{abs(value):,.{digits}f} {unit}"


def _rail(results: Study) -> Iterator[Statement]:
    """Say what each scenario brings by rail alone."""
    for row in _rows(results, RAIL, "open").itertuples():
        name = _name(results, row.scenario)
        if row.gaining + row.joined == 0:
            yield Statement(
                f"By rail alone {name} changes nothing on these pairs.", f"None of {row.pairs} pairs gains."
            )
            continue
        saves = "saves" if row.days <= 0 else "costs"
        band = "" if pd.isna(row.p05) else f" (90 % band {_signed(row.p05)} to {_signed(row.p95)})"
        joined = f"; {row.joined} more are joined anew" if row.joined else ""
        yield Statement(
            f"By rail alone {name} {saves} {_change(row.days, 1, 'days')} and {_money(row, saves)}.",
            f"Mean over the {row.compared} of {row.pairs} pairs that railways join today, of which {row.gaining} gain"
            f"{joined}. With time at its value the change is {_signed(row.generalized_usd_t)} USD a tonne{band}.",
        )


def _money(row: Any, verb: str) -> str:
    """Say the change of cost after a verb that says the direction of the days."""
    amount = _change(row.usd_t, 0, "USD a tonne")
    same = (row.usd_t <= 0) == (verb == "saves")
    return amount if same else f"{'costs' if verb == 'saves' else 'saves'} {amount}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _signed(value: float) -> str:
    return f"{value:+,.0f}".replace("-", "\N{MINUS SIGN}")


def _free(results: Study) -> Iterator[Statement]:
    """Say what is left where cargo may take any mode."""
    rows = _rows(results, FREE, "open")
    if rows.empty:
        return
    parts = [
        f"{_name(results, row.scenario)}: {row.gaining} of {row.pairs} pairs gain, change "
        f"{_signed(row.generalized_usd_t)} USD a tonne"
        + ("" if pd.isna(row.p05) else f" (90 % band {_signed(row.p05)} to {_signed(row.p95)})")
        for row in rows.itertuples()
    ]
    clear = rows["p95"] < 0
    claim = (
        "Where cargo may also go by road and ship, what is gained is within what is not known."
        if not clear.any()
        else "The gain holds where cargo may also go by road and ship."
        if clear.all()
        else "Where cargo may also go by road and ship, the gain holds for some only."
    )
    text = "; ".join(parts)
    yield Statement(
        claim, f"{text[0].upper()}{text[1:]}. Trucks are faster nearly everywhere; rail is chosen for its cost."
    )


def _closed(results: Study) -> Iterator[Statement]:
    """Say what is left with the border closed."""
    shut = pd.concat([_rows(results, way, "closed") for way in (RAIL, FREE)])
    if shut.empty:
        return
    still = shut[(shut["gaining"] > 0) | (shut["joined"] > 0)]
    since = "The border between Afghanistan and Pakistan has been closed to trade since October 2025."
    if still.empty:
        yield Statement("With the Afghan-Pakistani border closed the gain is exactly zero.", since)
    else:
        names = ", ".join(dict.fromkeys(_name(results, name) for name in still["scenario"]))
        yield Statement(f"With the Afghan-Pakistani border closed only these still gain: {names}.", since)


def _which(results: Study) -> Iterator[Statement]:
    """Say which of two railways is better, and what turns the ranking."""
    names = [name for name in results.titles if name != next(iter(results.titles))]
    if len(names) < 2:
        return
    beats = results.head.results[RAIL, "open"].beats()
    first = max(names, key=lambda name: float(beats.loc[name, [n for n in names if n != name]].min()))
    share = float(beats.loc[first, [n for n in names if n != first]].min())
    table = results.robust["assumption"]
    turns = [in_words(str(name)) for name in table.index[~table["same_ranking"]]]
    claim = (
        f"By rail alone {_name(results, first)} is the better one."
        if share > 1 - TIE
        else "Which railway is better is open: they are a tie."
    )
    text = f"{_name(results, first)} is better in {share:.0%} of the draws."
    turned = f" The ranking turns with {', '.join(turns)}." if turns else " No single disputed assumption turns it."
    yield Statement(claim, _capital(text) + turned)


def _sure(results: Study) -> Iterator[Statement]:
    """Say how much of the hours rests on assumed figures."""
    routes = results.shown(results.head.results[RAIL, "open"])
    shares = {results.titles[name]: assumed_share(route, HOURS) for name, route in routes}
    if not shares:
        return
    origin, destination = (results.net.tables.name(place) for place in results.pair)
    parts = ", ".join(f"{share:.0%} ({title})" for title, share in shares.items())
    yield Statement(
        "Many figures behind this are assumed, and all are named below.",
        f"Share of the hours from {origin} to {destination} by rail that rests on assumed values: {parts}. "
        f"Figures here are for a {CARGO[0]}; a {CARGO[1]} stands beside it in every table.",
    )
