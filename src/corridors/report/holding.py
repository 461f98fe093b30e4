"""Does the answer hold: single assumptions that turn it, other states of the borders, rankings, what is assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from corridors.base.units import HOURS
from corridors.measures.answer import TIE, goods, listed, of_pairs, pairs
from corridors.measures.robustness import in_words
from corridors.plot.wording import assumed_share
from corridors.report.study import Study
from corridors.report.words import (
    Senses,
    Statement,
    capital,
    group_of,
    holds,
    lead,
    name_of,
    rows_of,
    scenarios,
    signed,
)


def turned(results: Study) -> Iterator[Statement]:
    """Say which single assumptions turn what was said, and which move the ways apart."""
    if not results.turned:
        return
    tables = [found.table() for found in results.turned.values()]
    every = list(dict.fromkeys(name for table in tables for name in table["assumption"]))[1:]
    claims, evidence = [], []
    for way in results.head.ways:
        turning = {n for t in tables for n in t["assumption"][(t["way"] == way) & (t["turned"] != "")]}
        claims.append(f"{len(turning) or 'none'} of {len(every)} {lead(way)[:1].lower()}{lead(way)[1:]}")
        if turning:
            evidence.append(f"{lead(way)}: {listed([name for name in every if name in turning])}.")
    apart = {n for found in results.turned.values() for one in scenarios(results) for n in found.opposed(one)}
    if apart:
        names = listed([name for name in every if name in apart])
        evidence.append(f"The ways move in opposite directions, one gaining more and the other less, with {names}.")
    evidence.append("Each was tried alone, in the first state of the borders; what it turns stands under the table.")
    claim = f"Single assumptions turn a sign of the answer: {', and '.join(claims)}."
    yield Statement(claim, " ".join(evidence), (), holds(results, " and ".join(results.head.ways)), {})


def turn_sentences(results: Study) -> list[str]:
    """Sentences on what single assumptions turn, group by group.

    Parameters
    ----------
    results
        The study.
    """
    names = {scenario: capital(name_of(results, scenario)) for scenario in scenarios(results)}
    return [
        sentence if len(results.turned) == 1 else f"{capital(group)}. {sentence}"
        for group, found in results.turned.items()
        for sentence in found.sentences(names)
    ]


def borders(results: Study) -> Iterator[Statement]:
    """Say what is left in every other state of the borders."""
    for border in results.head.borders[1:]:
        claims, parts = [], []
        senses: Senses = {}
        for group in results.groups:
            rows = {
                (way, scenario): rows_of(results, group, way, border, scenario)[1]
                for way in results.head.ways
                for scenario in scenarios(results)
            }
            claims.append(_left(rows, group))
            for (way, scenario), total in rows.items():
                left = bool(total["gaining"] or total["joined"])
                senses["border", border, group, way, scenario] = int(left)
                told = f"{capital(name_of(results, scenario))}, {way}, {group_of(group)}: {_counts(total)}."
                parts += [told] if left else []
        claim = f"With {_shut(border)} {', and '.join(claims)}."
        yield Statement(claim, "", tuple(parts), holds(results, " and ".join(results.head.ways), border), senses)


def _left(rows: Mapping[tuple[str, str], pd.Series], group: str) -> str:
    """Say the most that is left to a group in any scenario and way, from rows by way and scenario."""
    gaining, joined = (max(int(row[column]) for row in rows.values()) for column in ("gaining", "joined"))
    if not gaining and not joined:
        same = not any(row[column] for row in rows.values() for column in ("parted", "days", "usd_t"))
        absent = dict.fromkeys(way for (way, _), row in rows.items() if not row["compared"])
        none = f" ({' and '.join(absent)}: no pair has a way before and after)" if absent else ""
        return f"the gain {group_of(group)} is {'exactly zero' if same else 'none'}{none}"
    parts = [f"up to {pairs(gaining)} {group_of(group)} gain{'s' if gaining == 1 else ''}"] if gaining else []
    anew = f"{joined}" if gaining else f"{pairs(joined)} {group_of(group)}"
    parts += [f"up to {anew} {'is' if joined == 1 else 'are'} joined anew"] if joined else []
    return " and ".join(parts)


def _shut(border: str) -> str:
    """Say a state of the borders inside a sentence."""
    words = {"AF-PK closed": "the Afghan-Pakistani border closed", "both closed": "both closed"}
    return words.get(border, border)


def _counts(total: pd.Series) -> str:
    counts = [of_pairs(total["gaining"], total["compared"])] if total["gaining"] else []
    counts += [f"{pairs(total['joined'])} joined anew"] if total["joined"] else []
    return ", and ".join(counts)


def other_units(results: Study) -> Iterator[Statement]:
    """Say what is gained by the other cargo units, in free choice or by the only way."""
    for unit, head in list(results.heads.items())[1:]:
        way, claims, parts = head.ways[-1], [], []
        senses: Senses = {}
        for group in results.groups:
            totals = {name: _total(results, unit, group, way, name) for name in scenarios(results)}
            gaining = [int(row["gaining"]) for row in totals.values()]
            claims.append(_at_most(gaining, max(int(row["compared"]) for row in totals.values()), group))
            for name, row in totals.items():
                senses["unit", unit, group, way, name] = int(row["gaining"] > 0)
                if row["gaining"]:
                    change = f"{signed(row['days'], 1)} days, {signed(row['usd_t'])} USD/t in the mean of all of them"
                    counts = of_pairs(row["gaining"], row["compared"])
                    parts.append(f"{capital(name_of(results, name))}, {group_of(group)}: {counts}; {change}.")
        claim = f"By {unit}, {lead(way)[:1].lower()}{lead(way)[1:]}, {', and '.join(claims)}."
        what = f"{unit.capitalize()}, {way}, borders: {results.border}, {goods(head.first)}"
        yield Statement(claim, "", tuple(parts), what, senses)


def _total(results: Study, unit: str, group: str, way: str, scenario: str) -> pd.Series:
    """Row of the mean over a group, by one cargo unit in the first state of the borders."""
    table = results.tables[unit, group, None]
    mine = (table["way"] == way) & (table["border"] == results.border) & (table["scenario"] == scenario)
    return table[mine].iloc[0]


def _at_most(gaining: list[int], compared: int, group: str) -> str:
    """Say how many pairs of a group gain, from the number in every scenario."""
    low, high = min(gaining), max(gaining)
    if not high:
        return f"no pair {group_of(group)} gains"
    number = f"{high}" if low == high else f"{low} to {high}"
    scenario = ", by scenario" if low != high else ""
    return f"{number} of {pairs(compared)} {group_of(group)} gain{'s' if high == 1 else ''}{scenario}"


def which(results: Study) -> Iterator[Statement]:
    """Say which of several scenarios is better for each group, and what turns the ranking."""
    names = scenarios(results)
    if len(names) < 2 or not results.draws:
        return
    for group in results.groups:
        beats = results.parts[results.cargo, group].results[results.way, results.border].beats()
        lowest = {name: float(beats.loc[name, [n for n in names if n != name]].min()) for name in names}
        if all(np.isnan(share) for share in lowest.values()):
            continue
        first = max(names, key=lambda name: np.nan_to_num(lowest[name], nan=-1.0))
        table = results.robust[group, "assumption"]
        turns = [_assumption(results, str(name)) for name in table.index[~table["same_ranking"]]]
        certain = lowest[first] > 1 - TIE
        verdict = f"{name_of(results, first)} is the better one" if certain else "it is open which is better, a tie"
        share = f"{capital(name_of(results, first))} is better in {lowest[first]:.0%} of the draws, in the mean."
        turned = f"The ranking turns with {', '.join(turns)}." if turns else "No single disputed assumption turns it."
        senses: Senses = {("better", group, name): 0 for name in names}
        if certain:
            senses = {("better", group, name): 1 if name == first else -1 for name in names}
        claim = f"{lead(results.way)}, {group_of(group)}, {verdict}."
        yield Statement(claim, f"{share} {turned}", (), holds(results, results.way), senses)


def _assumption(results: Study, name: str) -> str:
    """Say what a row of a ranking changes; a length by the name of its project."""
    project, _, length = name.partition(" ")
    if project in results.net.tables.rows("projects"):
        return f"{results.net.tables.find('projects', project)['name']} of {length}"
    return in_words(name)


def sure(results: Study) -> Iterator[Statement]:
    """Say how much of the hours rests on assumed figures."""
    routes = results.shown(results.head.results[results.way, results.border])
    shares = {results.titles[name]: assumed_share(route, HOURS) for name, route in routes}
    if not shares:
        return
    origin, destination = (results.net.tables.name(place) for place in results.pair)
    parts = ", ".join(f"{share:.0%} ({title})" for title, share in shares.items())
    yield Statement(
        "Many figures behind this are assumed, and all are named below.",
        f"Share of the hours from {origin} to {destination} that rests on assumed values: {parts}.",
        (),
        holds(results, results.way),
        {},
    )
