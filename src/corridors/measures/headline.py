"""The answer: what scenarios gain, built and not, border open and closed, rail-only and free, with its band."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Annotated, Any, ClassVar, TypedDict, Unpack

import numpy as np
import pandas as pd

from corridors.base.options import Default, takes
from corridors.base.results import Result
from corridors.measures.connectivity import connectivity, transit_countries, transit_shares
from corridors.model.question import By
from corridors.whatif.compare import Comparison, compare
from corridors.whatif.scenario import Scenarios, named_networks
from corridors.whatif.weights import Weights

WAYS: dict[str, tuple[str, ...] | None] = {"rail only": ("rail",), "all modes": None}
"""Ways that stand side by side: rail alone, and least generalized cost over all modes."""

TIE = 0.05
"""A scenario beats another only where the probability of that is above 1 - TIE; otherwise the two are a tie."""


class AskedOfAllModes(TypedDict, total=False):
    """Options of a question whose modes are chosen by the function that asks.

    Attributes
    ----------
    by, avoid, commodity, vot_usd_t_h
        As in `Network.route`; the same for every scenario.
    """

    by: Annotated[By, Default("generalized")]
    avoid: Annotated[str | Iterable[str], Default(())]
    commodity: Annotated[str | None, Default(None)]
    vot_usd_t_h: Annotated[float | None, Default(None)]


@dataclass(frozen=True, eq=False, repr=False)
class Headline(Result):
    """Comparisons by way and state of the border, and the tables and sentences made from them.

    Attributes
    ----------
    results
        Comparison by way and border (`open` or `closed`).
    cargo
        Cargo unit.
    transit
        Country whose role as transit territory is shown.
    """

    results: Mapping[tuple[str, str], Comparison]
    cargo: str
    transit: str

    _indexed: ClassVar[bool] = False

    def table(self) -> pd.DataFrame:
        """Table of one row per way, border and scenario.

        Columns: pairs, compared, gaining, joined, parted, days and usd_t (weighted mean change against the same
        network without the scenario and with the border in the same state), generalized_usd_t with its p05 and p95
        (of what is known of the means), and transit_share (weighted share of joined pairs whose way passes the
        transit country, at neither end).
        """
        rows = []
        for (way, border), comparison in self.results.items():
            overall = comparison.overall()
            shares = transit_shares(comparison, [self.transit])[self.transit]
            for name in comparison.scenarios:
                row = overall.loc[name]
                p05, p95 = comparison.overall_band(name)
                rows.append(
                    {
                        "way": way,
                        "border": border,
                        "scenario": name,
                        **{key: int(row[key]) for key in ("pairs", "compared", "gaining", "joined", "parted")},
                        "days": row["hours_delta"] / 24,
                        "usd_t": row["cost_usd_t_delta"],
                        "generalized_usd_t": row["generalized_usd_t_delta"],
                        "p05": p05,
                        "p95": p95,
                        "transit_share": shares[name],
                    }
                )
        return pd.DataFrame(rows)

    def connectivity(self) -> pd.DataFrame:
        """Connectivity by scenario, way and border; see `corridors.measures.connectivity.connectivity`."""
        countries = sorted({c for one in self.results.values() for c in transit_countries(one)} | {self.transit})
        parts = {key: connectivity(one, countries=countries) for key, one in self.results.items()}
        return pd.concat(parts, names=["way", "border", "scenario"]).sort_index(
            level=["way", "border"], sort_remaining=False
        )

    def shown_connectivity(self) -> pd.DataFrame:
        """`connectivity` for reading: rounded, of transit countries only the one in question, as plain columns."""
        table = self.connectivity().round(3)
        others = [c for c in table if c.startswith("transit_") and c != f"transit_{self.transit}"]
        return table.drop(columns=others).reset_index()

    def sentences(self) -> list[str]:
        """Sentences that say the answer, every figure from the table."""
        table = self.table()
        changed = table[table["scenario"] != self._base]
        gains = [self._gain(row) for row in changed[changed["border"] == "open"].itertuples()]
        shut = changed[changed["border"] == "closed"]
        return [*gains, *self._ties(), *([_when_closed(shut)] if len(shut) else [])]

    @property
    def _base(self) -> str:
        return next(iter(self.results.values())).base

    def _gain(self, row: Any) -> str:
        if row.gaining + row.joined == 0:
            return f"{row.scenario}, {row.way}: no pair gains."
        band = "" if np.isnan(row.p05) else f" (90 % band of the change: {row.p05:+.0f} to {row.p95:+.0f})"
        new = f", {row.joined} pairs are joined anew" if row.joined else ""
        return (
            f"{row.scenario}, {row.way}: {row.gaining} of {row.pairs} pairs gain{new}; over all joined pairs the mean "
            f"journey takes {_less(row.days, 'days', 1)} and costs {_less(row.usd_t, 'USD/t', 0)}, which is "
            f"{_less(row.generalized_usd_t, 'USD/t', 0)} of generalized cost{band}. "
            f"{row.transit_share:.0%} of the pairs transit {self.transit}."
        )

    def _ties(self) -> list[str]:
        sentences = []
        for (way, border), comparison in self.results.items():
            if border != "open" or not comparison.draws or len(comparison.scenarios) < 3:
                continue
            beats = comparison.beats()
            for one, other in combinations(comparison.scenarios[1:], 2):
                share = float(beats.loc[one, other])
                first, second, share = (one, other, share) if share >= 0.5 else (other, one, 1 - share)
                verdict = f"{first} beats {second}" if share > 1 - TIE else f"{first} and {second} are a tie"
                sentences.append(f"{way}: {verdict} (the first is better in {share:.0%} of the draws).")
        return sentences

    def __str__(self) -> str:
        tables = [self.table().round(2).to_string(index=False), self.shown_connectivity().to_string(index=False)]
        return "\n".join([*self.sentences(), "", tables[0], "", "Connectivity", tables[1]])

    def _repr_html_(self) -> str:
        sentences = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in self.sentences())
        return sentences + super()._repr_html_()

    def _shown(self) -> pd.DataFrame:
        return self.table().round(2)


def _when_closed(shut: pd.DataFrame) -> str:
    """Sentence on what still gains with the border closed."""
    still = shut[(shut["gaining"] > 0) | (shut["joined"] > 0)]
    if still.empty:
        return "With the border closed none of these gains anything: the change is exactly zero on every pair."
    gains = (f"{r.scenario}, {r.way}, on {r.gaining + r.joined} pairs" for r in still.itertuples())
    return f"With the border closed these still gain: {'; '.join(gains)}."


def _less(change: float, unit: str, digits: int) -> str:
    return f"{abs(change):.{digits}f} {unit} {'less' if change <= 0 else 'more'}"


@takes(AskedOfAllModes)
def headline(
    net: Scenarios,
    scenarios: Scenarios = (),
    origins: str | Iterable[str] = "kazakhstan",
    destinations: str | Iterable[str] = "south-asian-ports",
    *,
    cargo: str = "container",
    closed: str | None = "AF-PK",
    transit: str = "AF",
    weights: Weights = None,
    draws: int = 0,
    seed: int = 0,
    **options: Unpack[AskedOfAllModes],
) -> Headline:
    """Compare scenarios with the network as it is: 2 x 2 of built and not, border open and closed.

    Parameters
    ----------
    net
        The network in normal operation, which is the base; or networks and scenarios as in `compare`, of which the
        first is the base.
    scenarios
        Further scenarios: names of bundled ones, scenarios or networks, in a list or by name.
    origins, destinations
        Places, or the name of a set of places.
    cargo
        Cargo unit.
    closed
        Pair of countries (or crossing) that is shut in the other half of the comparison; None for open only.
    transit
        Country whose share of transit is shown.
    weights
        As in `compare`.
    draws, seed
        As in `compare`; with 0 draws, the default, there are expected values only.
    options
        As in `Network.route`, but for the modes: rail only and all modes stand side by side.

    >>> import corridors as co
    >>> answer = co.headline(co.load(), ["uap-kabul"], ["Almaty"], ["Karachi"])
    >>> answer.table().query("way == 'rail only' and border == 'open'")["days"].round().tolist()
    [0.0, -6.0]
    >>> answer.sentences()[-1]
    'With the border closed none of these gains anything: the change is exactly zero on every pair.'
    """
    nets = named_networks(scenarios, base=net)
    states = {"open": nets}
    if closed:
        states["closed"] = {name: n.close(closed) for name, n in nets.items()}
    results = {
        (way, border): compare(
            state, origins, destinations, cargo=cargo, modes=modes, weights=weights, draws=draws, seed=seed, **options
        )
        for way, modes in WAYS.items()
        for border, state in states.items()
    }
    return Headline(results, cargo, transit)
