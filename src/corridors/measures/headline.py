"""The answer: what scenarios gain, built and not, with borders open and shut, rail-only and free, with its band."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Unpack

import pandas as pd

from corridors.base.arguments import checked
from corridors.base.errors import InputError, UnknownNameError
from corridors.base.names import near
from corridors.base.options import takes
from corridors.base.results import Result
from corridors.base.units import CO2E, COST, GENERALIZED, HOURS
from corridors.measures import answer
from corridors.measures.borders import BORDERS, OPEN, Cases, border_cases, state_of
from corridors.measures.connectivity import connectivity, transit_band, transit_countries, transit_shares
from corridors.model.question import Asked, cargo_of
from corridors.network.network import Network
from corridors.routing.ways import Logit
from corridors.whatif.compare import Comparison, compare
from corridors.whatif.named import Scenarios, named_networks
from corridors.whatif.shared import BEST
from corridors.whatif.weights import Pair, Weights

WAYS: dict[str, tuple[str, ...] | None] = {"rail only": ("rail",), "all modes": None}
"""Ways that stand side by side: rail alone, and least generalized cost over all modes."""

TRANSIT = "AF"
"""Country whose share of transit is told, where none is named."""

COUNTS = ("pairs", "compared", "gaining", "joined", "parted")

CHANGES = {
    "days": (HOURS, 1 / 24),
    "usd_t": (COST, 1.0),
    "co2e_kg_t": (CO2E, 1.0),
    "generalized_usd_t": (GENERALIZED, 1.0),
}
"""Columns of mean changes, their measures, and the factor from the unit of the measure."""


@checked
@dataclass(frozen=True, eq=False, repr=False)
class Headline(Result):
    """Comparisons by way and state of the borders, and the tables and sentences made from them.

    Attributes
    ----------
    results
        Comparison by way and state of the borders.
    cargo
        Cargo unit.
    transit
        Country whose role as transit territory is shown.
    """

    results: Mapping[tuple[str, str], Comparison]
    cargo: str
    transit: str

    _indexed: ClassVar[bool] = False

    @property
    def ways(self) -> list[str]:
        """Ways that stand side by side."""
        return list(dict.fromkeys(way for way, _ in self.results))

    @property
    def borders(self) -> list[str]:
        """States of the borders, the first one first."""
        return list(dict.fromkeys(border for _, border in self.results))

    @property
    def first(self) -> Comparison:
        """Comparison of the first way in the first state of the borders."""
        return next(iter(self.results.values()))

    @property
    def heading(self) -> str:
        """What the answer holds for: cargo unit, value of time, places, and state of the borders of the network."""
        return answer.heading(self.first)

    def part(self, pairs: Iterable[Pair]) -> Headline:
        """Headline of some of the pairs.

        Parameters
        ----------
        pairs
            Ids of origin and destination.
        """
        wanted = list(pairs)
        return Headline({key: one.part(wanted) for key, one in self.results.items()}, self.cargo, self.transit)

    def table(self, by: str | None = None) -> pd.DataFrame:
        """Table of one row per way, state of the borders and scenario (and place, with `by`).

        Parameters
        ----------
        by
            `origin`, `destination` or `market` (destinations of one market together) for one row each.

        Returns
        -------
        DataFrame
            way, border, scenario, (the place,) pairs, compared, gaining, joined and parted (counts of questions; those
            joined anew are no part of any mean), days, usd_t, co2e_kg_t and generalized_usd_t (weighted mean change
            against the same network without the scenario and with the borders in the same state) with their p05 and
            p95 (of what is known of the means; p05 and p95 alone are of generalized cost), and, without `by`,
            transit_share (weighted share of joined pairs whose way passes the transit country, at neither end). Where
            pairs are shared out between ways, days, usd_t and co2e_kg_t are means by the shares, generalized_usd_t is
            the expected least cost, and with draws transit_p05 and transit_p95 are the band of the share.
        """
        rows = []
        for (way, border), comparison in self.results.items():
            overall = comparison.overall(by)
            shares = transit_shares(comparison, [self.transit])[self.transit]
            groups = _groups(comparison, by)
            for key, row in zip(overall.index, overall.to_dict("records"), strict=True):
                name, place = key if by else (key, "")
                bands = _bands(comparison, name, groups[place])
                found = {"way": way, "border": border, "scenario": name, **({by: place} if by else {})}
                found |= {column: int(row[column]) for column in COUNTS}
                for column, (measure, factor) in CHANGES.items():
                    found[column] = row[f"{measure.column}_delta"] * factor
                    ends = ("p05", "p95") if measure is GENERALIZED else (f"{column}_p05", f"{column}_p95")
                    found |= dict(zip(ends, bands[column], strict=True))
                transit = {"transit_share": shares[name]}
                if comparison.choices and comparison.draws:
                    band = transit_band(comparison, name, self.transit)
                    transit |= dict(zip(("transit_p05", "transit_p95"), band, strict=True))
                rows.append(found if by else {**found, **transit})
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
        """Sentences that say the answer, every figure from the tables; the first says what they hold for."""
        return answer.sentences(self.results, self.table(), self.table("market"), self.transit)

    def __str__(self) -> str:
        tables = [self._shown().to_string(index=False), self.shown_connectivity().to_string(index=False)]
        return "\n".join([*self.sentences(), "", tables[0], "", "Connectivity", tables[1]])

    def _repr_html_(self) -> str:
        sentences = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in self.sentences())
        return sentences + super()._repr_html_()

    def _shown(self) -> pd.DataFrame:
        table = self.table()
        return table[[c for c in table if not c.startswith(("days_", "usd_t_", "co2e_"))]].round(2)


def _groups(comparison: Comparison, by: str | None) -> dict[str, list[Pair]]:
    """Pairs of each row of a table."""
    groups: dict[str, list[Pair]] = {}
    for pair in comparison.pair_list:
        market = comparison.questions.get(pair, pair)[1]
        place = {"origin": pair[0], "destination": pair[1], "market": market}.get(by or "", "")
        groups.setdefault(place, []).append(pair)
    return groups


def _bands(comparison: Comparison, scenario: str, pairs: list[Pair]) -> dict[str, tuple[float, float]]:
    """Band of every mean change, in the units of the table."""
    bands = {}
    for column, (measure, factor) in CHANGES.items():
        low, high = comparison.overall_band(scenario, measure, pairs=pairs)
        bands[column] = (low * factor, high * factor)
    return bands


@takes(Asked)
def headline(
    net: Scenarios,
    scenarios: Scenarios = (),
    origins: str | Iterable[str] = "kazakhstan",
    destinations: str | Iterable[str] = "south-asian-ports",
    *,
    closed: Cases = BORDERS,
    transit: str = TRANSIT,
    weights: Weights = None,
    choice: str | Logit = BEST,
    draws: int = 0,
    seed: int = 0,
    **options: Unpack[Asked],
) -> Headline:
    """Compare scenarios with the network as it is: built and not, times states of the borders, times ways.

    Parameters
    ----------
    net
        The network in normal operation, which is the base; or networks and scenarios as in `compare`, of which the
        first is the base.
    scenarios
        Further scenarios: names of bundled ones, scenarios or networks, in a list or by name.
    origins, destinations
        Places, or the name of a set of places.
    closed
        States of the borders that stand side by side: closures by name of the state, which are pairs of countries,
        crossings, services or countries. By default the Afghan-Pakistani border open or shut times Iran open or shut,
        as far as the network has them. One closure stands beside the open state; None is the open state alone. The
        open state of a network that has something shut itself is called after that.
    transit
        Code of the country whose share of transit is shown.
    weights, choice
        As in `compare`.
    draws, seed
        As in `compare`; with 0 draws, the default, there are expected values only.
    options
        As in `corridors.model.question.Asked`. Without `modes`, rail only and all modes stand side by side.

    Returns
    -------
    Headline
        Gains in hours, USD/t and kg CO2e/t with their bands, connectivity, and sentences that say them.

    Raises
    ------
    InputError, UnknownNameError
        If an argument cannot be understood, or no network has a place in the country of transit.

    >>> import corridors as co
    >>> found = co.headline(co.load(), ["uap-kabul"], ["Almaty"], ["Karachi"])
    >>> found.table().query("way == 'rail only' and border == 'open'")["days"].round().tolist()
    [0.0, -6.0]
    >>> found.sentences()[-3]
    'AF-PK closed: none of these gains anything; the change is exactly zero on every pair.'
    """
    nets = named_networks(scenarios, base=net)
    countries = {country for one in nets.values() for country in one.tables["places"]["country"]}
    if transit not in {*countries, TRANSIT}:
        raise UnknownNameError("country", transit, near(transit, countries))
    asked: dict[str, Any] = dict(options)
    modes = asked.pop("modes")
    ways = WAYS if modes is None else {_way(modes): modes}
    cases = {name: border_cases(one.tables, closed) for name, one in nets.items()}
    base = next(iter(nets.values()))
    results = {}
    for way, used in ways.items():
        for border in next(iter(cases.values())):
            state = {name: _closed(one, cases[name], border) for name, one in nets.items()}
            # what a network has shut itself is shut in its open state, too
            told = state_of(base) if border == OPEN and base.closed else border
            results[way, told] = compare(
                state, origins, destinations, modes=used, weights=weights, choice=choice, draws=draws, seed=seed,
                **asked,
            )  # fmt: skip
    return Headline(results, cargo_of(base.tables, asked["cargo"], asked["commodity"]), transit)


def _closed(net: Network, cases: Mapping[str, list[str]], border: str) -> Network:
    """Network in one state of the borders."""
    if border not in cases:
        raise InputError("closed", border, f"a state of the borders that the network '{net.name}' can have")
    return net.close(*cases[border]) if cases[border] else net


def _way(modes: str | Iterable[str]) -> str:
    """Name of a way by its modes."""
    names = [modes] if isinstance(modes, str) else sorted(modes)
    return next((way for way, used in WAYS.items() if used == tuple(names)), " + ".join(names))
