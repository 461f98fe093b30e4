"""The answer: what scenarios gain, built and not, border open and closed, rail-only and free, with its band."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from corridors.measures.connectivity import connectivity, transit_countries, transit_shares
from corridors.network.network import Network
from corridors.whatif.compare import Comparison, compare
from corridors.whatif.scenario import Scenario, scenario

WAYS: dict[str, tuple[str, ...] | None] = {"rail only": ("rail",), "all modes": None}
"""Ways that stand side by side: rail alone, and least generalized cost over all modes."""

TIE = 0.05
"""A scenario beats another only where the probability of that is above 1 - TIE; otherwise the two are a tie."""


@dataclass(frozen=True, eq=False)
class Headline:
    """Comparisons by way and state of the border, and the tables and sentences made from them.

    Attributes
    ----------
    results
        Comparison by way and border (`open` or `closed`).
    cargo
        Cargo unit.
    transit
        Country whose role as transit territory is told.
    """

    results: Mapping[tuple[str, str], Comparison]
    cargo: str
    transit: str

    def table(self) -> pd.DataFrame:
        """Give one row per way, border and scenario.

        Columns: pairs, compared, gaining, joined, parted, days and usd_t (weighted mean change against the same
        network without the scenario and with the border in the same state), generalized_usd_t with its p05 and p95
        (of what is known of the means), and transit_share (weighted share of joined pairs whose way passes the
        transit country, at neither end).
        """
        rows = []
        for (way, border), found in self.results.items():
            overall = found.overall()
            shares = transit_shares(found, [self.transit])[self.transit]
            for name in found.scenarios:
                row = overall.loc[name]
                p05, p95 = found.overall_band(name)
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
        """Give the connectivity by scenario, way and border; see `corridors.measures.connectivity.connectivity`."""
        countries = sorted({c for found in self.results.values() for c in transit_countries(found)} | {self.transit})
        parts = {key: connectivity(found, countries=countries) for key, found in self.results.items()}
        return pd.concat(parts, names=["way", "border", "scenario"]).sort_index(
            level=["way", "border"], sort_remaining=False
        )

    def shown_connectivity(self) -> pd.DataFrame:
        """Give `connectivity` for reading: rounded, of transit countries only the one in question, as plain columns."""
        table = self.connectivity().round(3)
        others = [c for c in table if c.startswith("transit_") and c != f"transit_{self.transit}"]
        return table.drop(columns=others).reset_index()

    def sentences(self) -> list[str]:
        """Say the answer in words, every figure from the table."""
        table = self.table()
        said = [self._gain(row) for row in table.itertuples() if row.scenario != self._base and row.border == "open"]
        said += self._ties()
        shut = table[(table["border"] == "closed") & (table["scenario"] != self._base)]
        if len(shut):
            still = shut[(shut["gaining"] > 0) | (shut["joined"] > 0)]
            said.append(
                "With the border closed none of these gains anything: the change is exactly zero on every pair."
                if still.empty
                else "With the border closed these still gain: "
                + "; ".join(f"{r.scenario}, {r.way}, on {r.gaining + r.joined} pairs" for r in still.itertuples())
                + "."
            )
        return said

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
        said = []
        for (way, border), found in self.results.items():
            if border != "open" or not found.draws or len(found.scenarios) < 3:
                continue
            beats = found.beats()
            rivals = found.scenarios[1:]
            for number, one in enumerate(rivals):
                for other in rivals[number + 1 :]:
                    share = float(beats.loc[one, other])
                    first, second, share = (one, other, share) if share >= 0.5 else (other, one, 1 - share)
                    verdict = f"{first} beats {second}" if share > 1 - TIE else f"{first} and {second} are a tie"
                    said.append(f"{way}: {verdict} (the first is better in {share:.0%} of the draws).")
        return said

    def __str__(self) -> str:
        tables = [self.table().round(2).to_string(index=False), self.shown_connectivity().to_string(index=False)]
        return "\n".join([*self.sentences(), "", tables[0], "", "Connectivity", tables[1]])

    __repr__ = __str__


def _less(change: float, unit: str, digits: int) -> str:
    return f"{abs(change):.{digits}f} {unit} {'less' if change <= 0 else 'more'}"


def headline(
    net: Network,
    scenarios: Sequence[str | Scenario],
    origins: str | Iterable[str] = "kazakhstan",
    destinations: str | Iterable[str] = "south-asian-ports",
    *,
    cargo: str = "container",
    closed: str | None = "AF-PK",
    transit: str = "AF",
    weights: str | Mapping[str, float] | None = None,
    draws: int = 0,
    seed: int = 0,
) -> Headline:
    """Compare scenarios with the network as it is: 2 x 2 of built and not, border open and closed.

    Parameters
    ----------
    net
        The network in normal operation, which is the base.
    scenarios
        Names of bundled scenarios, or scenarios.
    origins, destinations
        Places, or the name of a set of places.
    cargo
        Cargo unit.
    closed
        Pair of countries (or crossing) that is shut in the other half of the comparison; None for open only.
    transit
        Country whose share of transit is told.
    weights, draws, seed
        As in `compare`.

    >>> import corridors as co
    >>> found = co.headline(co.load(), ["uap-kabul"], ["Almaty"], ["Karachi"])
    >>> found.sentences()[-1]
    'With the border closed none of these gains anything: the change is exactly zero on every pair.'
    """
    given = [scenario(s) if isinstance(s, str) else s for s in scenarios]
    nets = {"base": net, **{s.name: s.apply(net) for s in given}}
    states = {"open": nets}
    if closed:
        states["closed"] = {name: n.close(closed) for name, n in nets.items()}
    results = {
        (way, border): compare(
            found, origins, destinations, cargo=cargo, modes=modes, weights=weights, draws=draws, seed=seed
        )
        for way, modes in WAYS.items()
        for border, found in states.items()
    }
    return Headline(results, cargo, transit)
