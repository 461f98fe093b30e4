"""The main job: the network with and without the railway extension, with the border open and closed.

One folder is written: `index.html` (a single page that needs nothing else), the tables as CSV and the maps as PNG.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
import pandas as pd
from markupsafe import Markup
from PIL import Image

from corridors.compare import Comparison
from corridors.headline import Headline, headline
from corridors.network import Network, load
from corridors.progress import progress
from corridors.robustness import measure_robustness, robustness
from corridors.route import Route
from corridors.scenario import Scenario, scenario

SCENARIOS = ("uap-kabul", "western-route")
"""Scenarios of the railway extension that the report compares."""

SHOWN_PAIR = ("almaty", "karachi")
"""Pair whose legs and maps are shown, if it is among the pairs compared."""

CARGO = ("container", "wagon")

DRAWS = 1000

MAP_DPI = 150

MARGIN_DEG = 1.0
"""Margin of the maps around the routes."""

PAGE_QUALITY = 80
"""Quality of the maps inside the page (WebP); the PNG files beside it are lossless."""


@dataclass(frozen=True, eq=False)
class Study:
    """All results of the report.

    Attributes
    ----------
    heads
        The answer by cargo unit.
    titles
        Title of each scenario.
    pair
        Pair of places shown in detail.
    """

    heads: Mapping[str, Headline]
    titles: Mapping[str, str]
    pair: tuple[str, str]
    robust: Mapping[str, pd.DataFrame]

    def comparisons(self) -> Iterator[tuple[str, str, str, Comparison]]:
        """Yield cargo unit, way, border and comparison."""
        for cargo, head in self.heads.items():
            for (way, border), found in head.results.items():
                yield cargo, way, border, found

    def pairs(self) -> pd.DataFrame:
        """Give the pair tables of all cargo units, ways and borders as one tidy table."""
        return _stacked((keys, found.pairs()) for *keys, found in self.comparisons())

    def legs(self) -> pd.DataFrame:
        """Give the legs of the pair shown."""
        return _stacked(
            ((*keys, name), route.legs) for *keys, found in self.comparisons() for name, route in self.shown(found)
        )

    def gains(self) -> pd.DataFrame:
        """Give the mean gain over all pairs of each scenario, border open and closed."""
        return _stacked(((cargo,), head.table()) for cargo, head in self.heads.items())

    def shown(self, found: Comparison) -> Iterator[tuple[str, Route]]:
        """Yield the routes of the pair shown, by scenario."""
        for name in found.scenarios:
            route = found.routes[(name, *self.pair)]
            if route is not None:
                yield name, route


def _stacked(parts: Iterable[tuple[Sequence[str], pd.DataFrame]]) -> pd.DataFrame:
    """Stack tables, each marked by its keys in the first columns."""
    names = ("cargo", "way", "border", "scenario")
    marked = []
    for keys, table in parts:
        for place, (name, key) in enumerate(zip(names, keys, strict=False)):
            table.insert(place, name, key)
        marked.append(table)
    return pd.concat(marked, ignore_index=True)


def study(
    net: Network,
    origins: str | Iterable[str] = "kazakhstan",
    destinations: str | Iterable[str] = "south-asian-ports",
    *,
    scenarios: Sequence[str | Scenario] = SCENARIOS,
    draws: int = DRAWS,
) -> Study:
    """Compute everything that the report shows."""
    places, ports = net.place_set(origins), net.place_set(destinations)
    given = [scenario(s) if isinstance(s, str) else s for s in scenarios]
    heads = {
        cargo: headline(net, given, places, ports, cargo=cargo, draws=draws) for cargo in progress(CARGO, "cargo units")
    }
    pair = SHOWN_PAIR if SHOWN_PAIR[0] in places and SHOWN_PAIR[1] in ports else (places[0], ports[0])
    titles = {"base": "Today's lines", **{s.name: s.title or s.name for s in given}}
    robust = {
        "assumption": robustness(net, given, places, ports, cargo=CARGO[0], modes={"rail"}),
        "measure": measure_robustness(heads[CARGO[0]].results["rail only", "open"]),
    }
    return Study(heads, titles, pair, robust)


def write_report(
    folder: str | Path,
    *,
    origins: str | Iterable[str] = "kazakhstan",
    destinations: str | Iterable[str] = "south-asian-ports",
    scenarios: Sequence[str | Scenario] = SCENARIOS,
    draws: int = DRAWS,
    net: Network | None = None,
) -> Path:
    """Compute the comparison and write it into a folder.

    Parameters
    ----------
    folder
        Folder to write into; it is made if it does not exist, and files of the same names are replaced.
    origins, destinations
        Places, or the name of a set of places.
    scenarios
        Names of bundled scenarios, or scenarios.
    draws
        Draws for bands and probabilities.
    net
        Network in normal operation; the reference network by default.

    Returns
    -------
    Path
        The page, `index.html`.
    """
    found = study(load() if net is None else net, origins, destinations, scenarios=scenarios, draws=draws)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in (("pairs", found.pairs()), ("gains", found.gains()), ("legs", found.legs())):
        table.round(3).to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    for name, table in found.robust.items():
        table.round(3).to_csv(folder / f"ranking-by-{name}.csv", index_label=name, lineterminator="\n")
    assumed = _assumptions(found)
    assumed.to_csv(folder / "assumptions.csv", index=False, lineterminator="\n")
    maps = _draw_maps(found, folder)
    page = folder / "index.html"
    page.write_text(_render(found, assumed, maps), encoding="utf8")
    return page


def _assumptions(found: Study) -> pd.DataFrame:
    """List the parameters behind the pair shown, in any scenario, with their largest share of a total."""
    parts = [route.assumptions() for *_, comparison in found.comparisons() for _, route in found.shown(comparison)]
    table = pd.concat(parts).sort_values("share", ascending=False).drop_duplicates(["name", "measure"])
    columns = ["name", "measure", "share", "value", "low", "high", "unit", "confidence", "source", "note"]
    return table[columns].sort_values(["measure", "share"], ascending=[False, False]).reset_index(drop=True)


def _draw_maps(found: Study, folder: Path) -> dict[str, Path]:
    """Draw one map per scenario and border: rail only and least generalized cost for the pair shown."""
    from corridors.plot.maps import plot_routes

    routes: dict[tuple[str, str], list[Route]] = {}
    for cargo, _, border, comparison in found.comparisons():
        for name, route in found.shown(comparison) if cargo == CARGO[0] else ():
            routes.setdefault((name, border), []).append(route)
    drawn = [route.geometry.bounds for shown in routes.values() for route in shown]
    low, high = np.min(drawn, axis=0), np.max(drawn, axis=0)
    # one extent for all maps, so that they can be laid side by side
    extent = (low[0] - MARGIN_DEG, low[1] - MARGIN_DEG, high[2] + MARGIN_DEG, high[3] + MARGIN_DEG)
    files = {}
    for (name, border), shown in progress(list(routes.items()), "maps"):
        title = f"{found.titles[name]}, border {border}"
        files[title] = folder / f"map-{name}-border-{border}.png"
        fig, _ = plot_routes(shown, title=title, width_cm=18, extent=extent)
        fig.savefig(files[title], dpi=MAP_DPI)
    return files


def _render(found: Study, assumed: pd.DataFrame, maps: Mapping[str, Path]) -> str:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("corridors"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    name = next(route for *_, c in found.comparisons() for route in c.routes.values() if route).problem.tables.name
    origin, destination = map(name, found.pair)
    return environment.get_template("report.html.j2").render(
        origin=origin,
        destination=destination,
        headline={cargo: head.sentences() for cargo, head in found.heads.items()},
        gains=_gain_rows(found),
        connectivity={cargo: _connectivity_rows(head) for cargo, head in found.heads.items()},
        robust={name: _ranking_rows(table, name, found.titles) for name, table in found.robust.items()},
        pictures={title: _embedded(path) for title, path in maps.items()},
        tables={f"{c}, {w}, border {b}": _pair_table(found, t) for c, w, b, t in found.comparisons()},
        legs={
            f"{cargo}, {way}, border {border}: {found.titles[scenario]}": _html(route.shown_legs())
            for cargo, way, border, comparison in found.comparisons()
            for scenario, route in found.shown(comparison)
        },
        assumptions=_html(assumed.head(25).assign(share=lambda t: (100 * t["share"]).round(1))),
    )


def _embedded(path: Path) -> str:
    """Give a picture as base64 text, small enough for a page that holds six of them."""
    buffer = io.BytesIO()
    with Image.open(path) as picture:
        picture.convert("RGB").save(buffer, "WEBP", quality=PAGE_QUALITY)
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def _gain_rows(found: Study) -> Markup:
    """Show the table of gains, the base left out."""
    table = found.gains()
    shown = table[table["scenario"] != "base"].drop(columns=["pairs", "parted"])
    names = {
        "compared": "pairs compared",
        "gaining": "pairs that gain",
        "joined": "newly joined",
        "days": "change, days",
        "usd_t": "change, USD/t",
        "generalized_usd_t": "change, generalized USD/t",
        "transit_share": "share by Afghanistan",
    }
    return _html(shown.round(2).rename(columns=names))


def _connectivity_rows(head: Headline) -> Markup:
    """Show the measures of connectivity with the border open."""
    table = head.shown_connectivity()
    shown = table[table["border"] == "open"].drop(columns="border")
    return _html(shown.rename(columns=lambda name: str(name).replace("_", " ")))


def _ranking_rows(table: pd.DataFrame, name: str, titles: Mapping[str, str]) -> Markup:
    """Show a table of rankings, scenarios by their titles."""
    shown = table.round(1).rename_axis(name).reset_index()
    shown["best"] = shown["best"].map(lambda scenario: titles.get(scenario, scenario))
    shown["same_ranking"] = shown["same_ranking"].map({True: "yes", False: "no"})
    return _html(shown.rename(columns={**titles, "same_ranking": "same ranking"}))


def _pair_table(found: Study, comparison: Comparison) -> Markup:
    """Show days with the band of trips and USD/t per pair, one column per scenario."""
    pairs = comparison.pairs().set_index(["origin", "destination"])
    tables = next(r for r in comparison.routes.values() if r is not None).problem.tables
    cells = pd.DataFrame({"pair": [f"{tables.name(o)} - {tables.name(d)}" for o, d in comparison.pair_list]})
    for scenario_name, part in pairs.groupby("scenario", sort=False):
        cells[found.titles[scenario_name]] = [_cell(row) for row in part.itertuples()]
    return _html(cells)


def _cell(row: Any) -> str:
    if np.isnan(row.hours):
        return "no way"
    return f"{row.hours / 24:.1f} d ({row.hours_p05 / 24:.0f}-{row.hours_p95 / 24:.0f}), {row.cost_usd_t:.0f} USD/t"


def _html(table: pd.DataFrame) -> Markup:
    """Turn a table into HTML; its cells are escaped by pandas."""
    return Markup(table.to_html(index=False, border=0, na_rep="-"))  # noqa: S704
