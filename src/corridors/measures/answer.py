"""The answer in words: what holds for it, what each market gains before any mean, ties, and what shut borders leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from corridors.base.units import GENERALIZED
from corridors.measures.borders import state_of
from corridors.model.question import DEFAULT_COMMODITY
from corridors.whatif.compare import Comparison

TIE = 0.05
"""A scenario beats another only where the probability of that is above 1 - TIE; otherwise the two are a tie."""

MOST_NAMED = 3
"""Most markets whose gains are told one by one; of more, the range is told."""

Key = tuple[str, str]
"""Way and state of the borders."""


def goods(comparison: Comparison) -> str:
    """Value of time of a comparison in words, with the commodity that it is of.

    Parameters
    ----------
    comparison
        The comparison.

    >>> import corridors as co
    >>> goods(co.compare(co.load(), ["Almaty"], ["Karachi"]))
    '30 USD/t a day, general goods in containers'
    """
    value, named = f"{24 * comparison.vot_usd_t_h:.3g} USD/t a day", comparison.asked.get("commodity")
    given = comparison.asked.get("vot_usd_t_h") is not None
    if comparison.base not in comparison.networks or (given and not named):
        return value
    ident = named or DEFAULT_COMMODITY[comparison.cargo]
    name = str(comparison.networks[comparison.base].tables.find("commodities", ident)["name"])
    words = f"{name[:1].lower()}{name[1:]}"
    return f"{value} as given, loads of {words}" if given else f"{value}, {words}"


def heading(comparison: Comparison) -> str:
    """What a comparison holds for: cargo unit, value of time, objective, number of questions, state of the borders.

    Parameters
    ----------
    comparison
        The comparison.

    >>> import corridors as co
    >>> heading(co.compare(co.load(), ["Almaty", "Astana"], ["Karachi"], cargo="wagon"))
    'Wagon at 0.398 USD/t a day, wheat flour; 2 pairs; normal operation.'
    """
    by = comparison.asked.get("by", GENERALIZED.name)
    least = "" if by in (GENERALIZED.name, GENERALIZED.column) else f", ways of least {by}"
    number = len({comparison.questions.get(pair, pair) for pair in comparison.pair_list})
    same = "" if number == len(comparison.pair_list) else f" (of {len(comparison.pair_list)}, one market counted once)"
    state = f"; {state_of(comparison.networks[comparison.base])}" if comparison.base in comparison.networks else ""
    shared = ""
    if comparison.choices:
        scale = next(iter(comparison.choices.values())).logit.scale_t_usd
        shared = f", shared out between different ways (logit, scale {scale:g} t/USD)"
    return f"{comparison.cargo.capitalize()} at {goods(comparison)}{least}{shared}; {pairs(number)}{same}{state}."


def market_names(comparison: Comparison) -> dict[str, str]:
    """Name of each market, which are the names of its destinations, by its first destination.

    Parameters
    ----------
    comparison
        The comparison.

    >>> import corridors as co
    >>> market_names(co.compare(co.load(), ["Almaty"], ["Karachi", "Port Qasim", "Gwadar"]))
    {'karachi': 'Karachi and Port Qasim', 'gwadar': 'Gwadar'}
    """
    tables = [net.tables for net in comparison.networks.values()]
    members: dict[str, dict[str, str]] = {}
    for pair in comparison.pair_list:
        market = comparison.questions.get(pair, pair)[1]
        name = next((one.name(pair[1]) for one in tables if pair[1] in one.rows("places")), pair[1])
        members.setdefault(market, {})[pair[1]] = name
    return {market: listed(list(names.values())) for market, names in members.items()}


def outcome(rows: pd.DataFrame, names: Mapping[str, str]) -> str:
    """What each market gains, what cannot be compared, and what does not gain, in one sentence without an end.

    Parameters
    ----------
    rows
        Rows of one scenario, way and state of the borders of `Headline.table(by="market")`.
    names
        Name of each market.

    >>> rows = pd.DataFrame({"market": ["k", "b", "g"], "pairs": 8, "compared": [8, 8, 0], "gaining": [7, 0, 0],
    ...                      "joined": [0, 0, 2], "parted": 0, "days": [-5.46, 0, 0], "usd_t": [-35, 0, 0]})
    >>> outcome(rows, {"k": "K", "b": "B", "g": "G"})
    'to K 5.5 days less and 35 USD/t less (7 of 8 pairs gain); none of 8 pairs to B gains; joined anew: G (2 pairs)'
    """
    parts = list(_gains(rows[rows["gaining"] > 0], names))
    for count, text in (("joined", "joined anew"), ("parted", "no longer joined")):
        some = rows[rows[count] > 0]
        if len(some):
            numbers = (f"{names[row.market]} ({pairs(getattr(row, count))})" for row in some.itertuples())
            parts.append(f"{text}: {listed(list(numbers))}")
    idle = rows[(rows["compared"] > 0) & (rows["gaining"] == 0)]
    if len(idle):
        number = int(idle["compared"].sum())
        where = listed([names[market] for market in idle["market"]])
        parts.insert(min(len(parts), 1), f"none of {pairs(number)} to {where} gains")
    cut = rows[(rows["compared"] == 0) & (rows["joined"] == 0) & (rows["parted"] == 0)]
    if len(cut):
        parts.append(f"no way with it or without to {listed([names[market] for market in cut['market']])}")
    return "; ".join(parts)


def _gains(rows: pd.DataFrame, names: Mapping[str, str]) -> Iterator[str]:
    """Gains of each market; of many markets the range."""
    if len(rows) <= MOST_NAMED:
        for row in rows.itertuples():
            change = f"{less(row.days, 'days', 1)} and {less(row.usd_t, 'USD/t', 0)}"
            yield f"to {names[row.market]} {change} ({of_pairs(row.gaining, row.compared)})"
        return
    change = f"{_range(rows['days'], 'days', 1)} and {_range(rows['usd_t'], 'USD/t', 0)}"
    counts = of_pairs(rows["gaining"].sum(), rows["compared"].sum())
    yield f"to {listed([names[market] for market in rows['market']])} {change} ({counts})"


def sentences(results: Mapping[Key, Comparison], table: pd.DataFrame, markets: pd.DataFrame, transit: str) -> list[str]:
    """Sentences that say the answer, every figure from the tables.

    Parameters
    ----------
    results
        Comparison by way and state of the borders.
    table, markets
        `Headline.table()`, and with `by="market"`.
    transit
        Country whose share of transit is told.
    """
    first = next(iter(results.values()))
    borders = list(dict.fromkeys(border for _, border in results))
    names = market_names(first)
    keys = ["way", "border", "scenario"]
    changed = table[table["scenario"] != first.base]
    per_market = dict(iter(markets.groupby(keys, sort=False)))
    said = [heading(first)]
    for row in changed[changed["border"] == borders[0]].itertuples():
        parts = outcome(per_market[row.way, row.border, row.scenario], names)
        said.append(f"{row.scenario}, {row.way}, {row.border}: {parts}.{_mean(row, transit)}")
    said += _ties({key: one for key, one in results.items() if key[1] == borders[0]})
    for border in borders[1:]:
        said.append(_when_shut(border, changed[changed["border"] == border]))
    return said


def _mean(row: object, transit: str) -> str:
    """Mean over the pairs joined in both, where any gains."""
    compared, gaining = row.compared, row.gaining  # type: ignore[attr-defined]  # a row of the table
    if not gaining:
        return ""
    p05, p95, share = row.p05, row.p95, row.transit_share  # type: ignore[attr-defined]
    band = "" if np.isnan(p05) else f" (90 % band of the change: {p05:+.0f} to {p95:+.0f})"
    changes = ((row.days, "days", 1), (row.usd_t, "USD/t", 0))  # type: ignore[attr-defined]
    told = " and ".join(less(value, unit, digits) for value, unit, digits in changes)
    general = less(row.generalized_usd_t, "USD/t", 0)  # type: ignore[attr-defined]
    return (
        f" Mean over the {compared} pairs joined with it and without: {told}, which is {general} of generalized "
        f"cost{band}. {share:.0%} of the pairs with a way transit {transit}."
    )


def _ties(results: Mapping[Key, Comparison]) -> Iterator[str]:
    for (way, border), comparison in results.items():
        if not comparison.draws or len(comparison.scenarios) < 3:
            continue
        beats = comparison.beats()
        for one, other in combinations(comparison.scenarios[1:], 2):
            share = float(beats.loc[one, other])
            if np.isnan(share):
                continue
            first, second, share = (one, other, share) if share >= 0.5 else (other, one, 1 - share)
            verdict = f"{first} beats {second}" if share > 1 - TIE else f"{first} and {second} are a tie"
            yield f"{way}, {border}: {verdict} (the first is better in {share:.0%} of the draws)."


def _when_shut(border: str, rows: pd.DataFrame) -> str:
    """What is left of the gains in another state of the borders."""
    still = rows[(rows["gaining"] > 0) | (rows["joined"] > 0)]
    if still.empty:
        same = not (rows[["parted", "days", "usd_t"]] != 0).to_numpy().any()
        zero = "; the change is exactly zero on every pair" if same else ""
        return f"{border}: none of these gains anything{zero}."
    gains = []
    for row in still.itertuples():
        counts = [of_pairs(row.gaining, row.compared)] if row.gaining else []
        counts += [f"{pairs(row.joined)} joined anew"] if row.joined else []
        gains.append(f"{row.scenario}, {row.way}, {' and '.join(counts)}")
    return f"{border}: {'; '.join(gains)}."


def less(change: float, unit: str, digits: int) -> str:
    """A change as so much less or more.

    >>> less(-3.64, "days", 1), less(0.04, "days", 1)
    ('3.6 days less', 'as many days')
    """
    amount = f"{abs(change):,.{digits}f}"
    if not float(amount.replace(",", "")):
        return f"as many {unit}" if unit == "days" else f"no change of {unit}"
    return f"{amount} {unit} {'less' if change < 0 else 'more'}"


def _range(changes: pd.Series, unit: str, digits: int) -> str:
    """Range of some changes, the largest fall last."""
    least, most = sorted((float(changes.max()), float(changes.min())), key=abs)
    first, last = less(least, unit, digits), less(most, unit, digits)
    if first == last:
        return first
    if first.rsplit(" ", 1)[-1] == last.rsplit(" ", 1)[-1] and " " in first and first[0].isdigit():
        return f"{abs(least):,.{digits}f} to {last}"
    return f"{first} to {last}"


def pairs(number: int) -> str:
    """Number of pairs in words.

    >>> pairs(1), pairs(8)
    ('1 pair', '8 pairs')
    """
    return f"{number} pair{'' if number == 1 else 's'}"


def of_pairs(gaining: int, compared: int) -> str:
    """Say how many of the pairs that can be compared gain.

    >>> of_pairs(1, 8), of_pairs(7, 8)
    ('1 of 8 pairs gains', '7 of 8 pairs gain')
    """
    return f"{int(gaining)} of {pairs(int(compared))} gain{'s' if gaining == 1 else ''}"


def listed(names: Sequence[str]) -> str:
    """Names as a list in words.

    >>> listed(["Kabul", "Herat", "Kandahar"])
    'Kabul, Herat and Kandahar'
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
