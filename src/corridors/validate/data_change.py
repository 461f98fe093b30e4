"""What a change of data does: to the tables, to well-known routes, to the answer on the railway, and to the validation.

Two networks answer the same questions; what differs is told with both figures. Expected values, except for the ranges
of the validation, which come from draws with the same seed. Nothing says which of the two is right: a change that makes
the validation worse can be a correction, and its source says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from corridors.base.errors import CorridorsError, UnknownNameError
from corridors.base.names import near
from corridors.base.numbers import figure
from corridors.base.results import Result
from corridors.data import schema
from corridors.data.parameters import parameter_names
from corridors.data.tables import Tables
from corridors.measures.headline import headline
from corridors.network.network import Network
from corridors.validate.distances import distances
from corridors.validate.observed import Observations
from corridors.validate.prices import prices
from corridors.validate.times import times

DRAWS = 200
"""Draws for the ranges of the validation."""

ROUTES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("karachi", "torkham", {"cargo": "truck"}),
    ("tashkent", "karachi", {"cargo": "truck"}),
    ("almaty", "urumqi", {"cargo": "truck"}),
    ("samarkand", "dushanbe", {"cargo": "truck"}),
    ("gwadar", "kandahar", {"cargo": "container"}),
    ("aktau", "nhava-sheva", {"cargo": "container"}),
    ("almaty", "mundra", {"cargo": "container"}),
    ("almaty", "kabul", {"cargo": "wagon"}),
    ("tashkent", "sarakhs", {"cargo": "wagon", "modes": ("rail",)}),
    ("kostanay", "torghundi", {"cargo": "wagon", "modes": ("rail",)}),
    ("karachi", "peshawar", {"cargo": "container", "modes": ("rail",)}),
    ("astana", "bandar-abbas", {"cargo": "container", "modes": ("rail",)}),
)
"""Routes that a forwarder would recognise: ends and question."""

PARTS = ("routes", "headline", "validation")
"""What can be compared besides the tables."""

PROJECTS = ("uap-kabul", "western-route")
"""Scenarios of the answer that is compared."""

KEY = ["part", "what", "figure"]
BETTER = {"score": -1, "median factor": -1, "inside": 1, "within": 1}
"""Figures of the validation for which less (-1) or more (1) is better."""

LINES = 60
"""Rows of each table that are printed; `cells` and `table()` have all."""

TOLD = 1e-6
"""Relative change below which two figures are the same; sums may differ in their last digits."""


@dataclass(frozen=True, eq=False, repr=False)
class DataChange(Result):
    """Figures of two networks side by side, and the cells in which their tables differ.

    Attributes
    ----------
    versions
        Version of the data of the old and the new network.
    cells
        Table of what differs: table, row (id, name of a parameter, or the cells), change (added, removed, changed),
        column, old and new.
    figures
        Table of all figures, as `table()` returns it without those that are equal.
    ways
        Table of routes that go another way: what, no_longer_by and now_by (places of one way that the other has not).
    """

    versions: tuple[str, str]
    cells: pd.DataFrame
    figures: pd.DataFrame
    ways: pd.DataFrame

    _indexed: ClassVar[bool] = False

    def table(self) -> pd.DataFrame:
        """Table of the figures that change: part, what, figure, old, new and change (new less old).

        Parts and figures: routes (km, hours, usd_t), headline (days, usd_t, gaining, joined: mean changes by a project
        and counts of pairs), validation (score, median factor, bias as a factor, inside and within as shares). Not a
        number stands for what has no answer.
        """
        return self.figures[self._differs()].reset_index(drop=True)

    def sentences(self) -> list[str]:
        """What differs in words: tables, routes, headline, validation, in this order.

        >>> import corridors as co
        >>> net = co.load()
        >>> co.validate.data_change(net, net, parts=["routes"]).sentences()[1:3]
        ['Tables: no cell differs.', 'Routes: none of 12 changes.']
        """
        told = {"routes": self._on_routes, "headline": self._on_headline, "validation": self._on_validation}
        there = set(self.figures["part"])
        first = f"Data {self.versions[0]} (old) against {self.versions[1]} (new)."
        return [first, self._on_tables(), *(say() for part, say in told.items() if part in there)]

    def __str__(self) -> str:
        parts = ["\n".join(self.sentences())]
        for title, table in (("Cells", self.cells), ("Other ways", self.ways), ("Figures", self._shown())):
            if len(table):
                text = table.head(LINES).to_string(index=False, max_colwidth=self._widest)
                more = f"\n... and {len(table) - LINES:,} more" if len(table) > LINES else ""
                parts.append(f"{title}\n{text}{more}")
        return "\n\n".join(parts)

    def _shown(self) -> pd.DataFrame:
        table = self.table()
        texts = {
            name: [f"{value:,.4g}" if np.isfinite(value) else "-" for value in table[name]] for name in ("old", "new")
        }
        return table[KEY].assign(**texts, change=table["change"].round(3))

    def _differs(self) -> pd.Series:
        old, new = self.figures["old"], self.figures["new"]
        return (old.isna() != new.isna()) | ((new - old).abs() > TOLD * np.maximum(old.abs(), new.abs()))

    def _part(self, name: str) -> tuple[pd.DataFrame, int]:
        """Figures of a part that change, and how many things the part has."""
        table = self.table()
        return table[table["part"] == name], self.figures.loc[self.figures["part"] == name, "what"].nunique()

    def _on_tables(self) -> str:
        if self.cells.empty:
            return "Tables: no cell differs."
        rows = self.cells.drop_duplicates(["table", "row", "change"])
        counts = rows.groupby(["table", "change"], sort=False).size()
        told = [f"{table}: {count} {'row' if count == 1 else 'rows'} {how}" for (table, how), count in counts.items()]
        return f"Tables: {'; '.join(told)}."

    def _on_routes(self) -> str:
        changed, count = self._part("routes")
        if changed.empty:
            return f"Routes: none of {count} changes."
        hours = changed[changed["figure"] == "hours"].sort_values("change", key=abs, ascending=False)
        told = [
            f"{row.what} takes {figure(row.old)} h before and {figure(row.new)} h after"
            for row in hours.head(3).itertuples()
        ]
        moved = f"; another way: {'; '.join(self.ways['what'])}" if len(self.ways) else "; all go the same way"
        return f"Routes: {changed['what'].nunique()} of {count} change: {'; '.join(told) or 'not in hours'}{moved}."

    def _on_headline(self) -> str:
        changed, _ = self._part("headline")
        if changed.empty:
            return "Headline: the answer on both railways is the same."
        days = changed[changed["figure"] == "days"].sort_values("change", key=abs, ascending=False)
        if days.empty:
            return f"Headline: {len(changed)} figures change, none of them days."
        first = days.iloc[0]
        return (
            f"Headline: {len(changed)} figures change; most in days, {first['what']}: {first['old']:+.2f} days before, "
            f"{first['new']:+.2f} after."
        )

    def _on_validation(self) -> str:
        changed, _ = self._part("validation")
        told = []
        for row in changed[changed["figure"].isin(list(BETTER))].itertuples():
            how = "better" if row.change * BETTER[row.figure] > 0 else "worse"
            told.append(f"{row.what}, {row.figure}: {row.old:.3g} before, {row.new:.3g} after ({how})")
        return f"Validation: {'; '.join(told) or 'no figure changes'}."


def data_change(
    old: Network, new: Network, *, parts: Collection[str] = PARTS, draws: int = DRAWS, seed: int = 0
) -> DataChange:
    """Compare what two networks say: their tables, `ROUTES`, the answer on two railways, and the validation.

    Both are held against the bundled observations. A question that a network cannot answer has no figure.

    Parameters
    ----------
    old, new
        Networks with the places of the reference network, such as two versions of the bundled tables.
    parts
        What is compared besides the tables: `routes` (seconds), `headline`, `validation`.
    draws, seed
        Draws for the ranges of the validation, the same for both.

    Returns
    -------
    DataChange

    Raises
    ------
    UnknownNameError
        If there is no such part.

    >>> import corridors as co
    >>> net = co.load()
    >>> found = co.validate.data_change(net, net.with_parameters({"border/torkham/road/hours": 30}), parts=["routes"])
    >>> len(found.cells)
    12
    >>> found.table().query("figure == 'hours'")[["what", "change"]].round(1).values.tolist()
    [['karachi - torkham, truck', 11.8], ['tashkent - karachi, truck', 4.9]]
    """
    asked = (parts,) if isinstance(parts, str) else tuple(parts)
    for name in asked:
        if name not in PARTS:
            raise UnknownNameError("part", name, near(name, PARTS))
    told = [_figures(net, asked, draws, seed) for net in (old, new)]
    both = pd.concat([figures for figures, _ in told], axis=1, keys=["old", "new"])
    figures = both.assign(change=both["new"] - both["old"]).reset_index()
    cells = pd.DataFrame(_cells(old.tables, new.tables), columns=["table", "row", "change", "column", "old", "new"])
    ways = pd.DataFrame(_other_ways(told[0][1], told[1][1]), columns=["what", "no_longer_by", "now_by"])
    return DataChange((old.data_version, new.data_version), cells, figures, ways)


def _other_ways(old: dict[str, list[str]], new: dict[str, list[str]]) -> Iterator[tuple[str, str, str]]:
    """Yield routes that pass other places, with the places of one way that the other does not pass."""
    for name, way in old.items():
        other = new.get(name, way)
        if other != way:
            gone, come = (
                " ".join(place for place in mine if place not in theirs)
                for mine, theirs in ((way, other), (other, way))
            )
            yield name, gone, come


def _figures(net: Network, parts: tuple[str, ...], draws: int, seed: int) -> tuple[pd.Series, dict[str, list[str]]]:
    """All figures of a network by part, thing and name, and the places that its routes pass."""
    found: dict[tuple[str, str, str], float] = {}
    ways: dict[str, list[str]] = {}
    for origin, destination, asked in ROUTES if "routes" in parts else ():
        name = ", ".join([f"{origin} - {destination}", asked["cargo"], *asked.get("modes", ())])
        keys = [("routes", name, one) for one in ("km", "hours", "usd_t")]
        try:
            route = net.route(origin, destination, **asked)
        except CorridorsError:
            found |= dict.fromkeys(keys, np.nan)
            continue
        found |= dict(zip(keys, (route.km, route.hours, route.cost_usd_t), strict=True))
        ways[name] = list(route.places)
    if "headline" in parts:
        found |= _headline(net)
    if "validation" in parts:
        found |= {("validation", what, one): value for what, one, value in _validation(net, draws, seed)}
    index = pd.MultiIndex.from_tuples(list(found), names=KEY)
    return pd.Series(list(found.values()), index=index, dtype=float), ways


def _headline(net: Network) -> dict[tuple[str, str, str], float]:
    """Mean changes by both railways, by way and state of the borders."""
    try:
        table = headline(net, PROJECTS).table()
    except CorridorsError:
        return {}
    rows = table[table["scenario"].isin(PROJECTS)].to_dict("records")
    return {
        ("headline", f"{row['scenario']}, {row['way']}, {row['border']}", part): float(row[part])
        for row in rows
        for part in ("days", "usd_t", "gaining", "joined")
    }


def _validation(net: Network, draws: int, seed: int) -> Iterator[tuple[str, str, float]]:
    """Yield the figures of the validation: what it is of, name and value."""
    for mode in ("rail", "road"):
        yield f"distances, {mode}", "within", distances(net, mode=mode).share_within
    observed: dict[str, Observations] = {
        "times": times(net, draws=draws, seed=seed),
        "prices": prices(net, draws=draws, seed=seed),
    }
    for name, found in observed.items():
        summary = found.summary().set_index(["group", "mode"])
        if ("counted", "all") not in summary.index:
            continue
        counted = summary.loc[("counted", "all")]
        yield name, "median factor", float(np.exp(counted["median_abs_log_error"]))
        yield name, "bias", float(np.exp(counted["bias"]))
        yield name, "inside", float(counted["inside"])
        yield name, "score", float(found.scores().set_index("of").loc["all", "score"])


def _cells(old: Tables, new: Tables) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Yield where two sets of tables differ."""
    for name in schema.tables():
        before, after = (_by_key(tables, name) for tables in (old, new))
        yield from ((name, str(key), "removed", "", "", "") for key in before.index.difference(after.index, sort=False))
        yield from ((name, str(key), "added", "", "", "") for key in after.index.difference(before.index, sort=False))
        same = before.index.intersection(after.index, sort=False)
        first, second = before.loc[same], after.loc[same]
        rows, columns = np.nonzero((first != second).to_numpy())
        for row, column in zip(rows, columns, strict=True):
            yield (
                name,
                str(same[row]),
                "changed",
                first.columns[column],
                first.iloc[row, column],
                second.iloc[row, column],
            )


def _by_key(tables: Tables, name: str) -> pd.DataFrame:
    """Rows of a table as text, by id, by name of the parameter, or by all their cells where there is neither."""
    frame = tables.parameters if name == "parameters" else tables.frames[name]
    text = frame.astype(object).where(frame.notna(), "").astype(str)
    if name == "parameters":
        return text.set_axis(parameter_names(frame))
    keys = frame["id"] if "id" in frame and frame["id"].is_unique else text.agg(" | ".join, axis=1)
    counted = text.set_axis(pd.Index(keys.astype(str)) if len(text) else pd.Index([], dtype=str))
    return counted[~counted.index.duplicated()]
