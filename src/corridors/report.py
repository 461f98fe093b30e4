"""The main job: the network with and without the railway extension, with the border open and closed.

One folder is written: `index.html` (a single page that needs nothing else), the tables as CSV and the maps as PNG.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
import pandas as pd
from markupsafe import Markup
from PIL import Image

from corridors.compare import Comparison, compare
from corridors.network import Network, load
from corridors.progress import progress

PROJECTS = ("uap-kabul", "western-route")
"""Variants of the railway extension that the report compares."""

BORDER = "AF-PK"
"""Pair of countries whose border is shut in half of the scenarios."""

SHOWN_PAIR = ("almaty", "karachi")
"""Pair whose legs and maps are shown, if it is among the pairs compared."""

WAYS = {"all modes": None, "rail only": ("rail",)}
"""Ways compared: least generalized cost over all modes, and rail alone."""

CARGO = ("container", "wagon")

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
    scenarios
        Networks by label; the first is the base.
    results
        Comparison by cargo unit and way.
    pair
        Pair of places shown in detail.
    """

    scenarios: Mapping[str, Network]
    results: Mapping[tuple[str, str], Comparison]
    pair: tuple[str, str]

    def pairs(self) -> pd.DataFrame:
        """Give the pair tables of all cargo units and ways as one tidy table."""
        parts = [c.pairs().assign(cargo=cargo, way=way) for (cargo, way), c in self.results.items()]
        table = pd.concat(parts, ignore_index=True)
        return table[["cargo", "way", *[c for c in table if c not in ("cargo", "way")]]]

    def legs(self) -> pd.DataFrame:
        """Give the legs of the pair shown in every scenario, cargo unit and way."""
        parts = []
        for (cargo, way), comparison in self.results.items():
            for scenario in comparison.scenarios:
                route = comparison.routes[(scenario, *self.pair)]
                if route is not None:
                    parts.append(route.legs.assign(cargo=cargo, way=way, scenario=scenario))
        table = pd.concat(parts, ignore_index=True)
        return table[["cargo", "way", "scenario", *[c for c in table if c not in ("cargo", "way", "scenario")]]]

    def gains(self) -> pd.DataFrame:
        """Give the mean gain over all pairs of each project, border open and closed.

        Gains are measured against the network without projects and with the border in the same state; pairs
        without a way in either count in `joined` or `parted`, not in the means.
        """
        rows = []
        for (cargo, way), comparison in self.results.items():
            pairs = comparison.pairs().set_index(["scenario", "origin", "destination"])
            for border in ("open", "closed"):
                base = pairs.loc[label("base", border)]
                for project in PROJECTS:
                    keys = {"cargo": cargo, "way": way, "project": project, "border": border}
                    rows.append(keys | _gain(base, pairs.loc[label(project, border)]))
        return pd.DataFrame(rows)


def _gain(base: pd.DataFrame, built: pd.DataFrame) -> dict[str, Any]:
    had, has = base["km"].notna(), built["km"].notna()
    both = had & has
    days, cost, general = (built[c][both] - base[c][both] for c in ("hours", "cost_usd_t", "generalized_usd_t"))
    return {
        "pairs": len(base),
        "compared": int(both.sum()),
        "gaining": int((general < -1e-9).sum()),
        "joined": int((has & ~had).sum()),
        "parted": int((had & ~has).sum()),
        "days": days.mean() / 24,
        "usd_t": cost.mean(),
        "generalized_usd_t": general.mean(),
        "best_days": days.min() / 24,
        "best_usd_t": cost.min(),
    }


def label(project: str, border: str) -> str:
    """Name a scenario of the grid."""
    return project if border == "open" else f"{project}, border closed"


def grid(net: Network, projects: Iterable[str] = PROJECTS, border: str = BORDER) -> dict[str, Network]:
    """Give the networks of the report: each project and none, with the border open and closed."""
    built = {"base": net, **{project: net.build(project) for project in projects}}
    shut = {label(name, "closed"): network.close(border) for name, network in built.items()}
    return {**built, **shut}


def study(
    net: Network, origins: str | Iterable[str] = "kazakhstan", destinations: str | Iterable[str] = "south-asian-ports"
) -> Study:
    """Compute everything that the report shows."""
    scenarios = grid(net)
    places, ports = net.place_set(origins), net.place_set(destinations)
    results = {
        (cargo, way): compare(scenarios, places, ports, cargo=cargo, modes=modes)
        for cargo, (way, modes) in progress([(c, w) for c in CARGO for w in WAYS.items()], "cargo units and ways")
    }
    pair = SHOWN_PAIR if SHOWN_PAIR[0] in places and SHOWN_PAIR[1] in ports else (places[0], ports[0])
    return Study(scenarios, results, pair)


def write_report(
    folder: str | Path,
    *,
    origins: str | Iterable[str] = "kazakhstan",
    destinations: str | Iterable[str] = "south-asian-ports",
    net: Network | None = None,
) -> Path:
    """Compute the comparison and write it into a folder.

    Parameters
    ----------
    folder
        Folder to write into; it is made if it does not exist, and files of the same names are replaced.
    origins, destinations
        Places, or the name of a set of places.
    net
        Network in normal operation; the reference network by default.

    Returns
    -------
    Path
        The page, `index.html`.
    """
    found = study(load() if net is None else net, origins, destinations)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in (("pairs", found.pairs()), ("gains", found.gains()), ("legs", found.legs())):
        table.round(3).to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    assumed = _assumptions(found)
    assumed.to_csv(folder / "assumptions.csv", index=False, lineterminator="\n")
    maps = _draw_maps(found, folder)
    page = folder / "index.html"
    page.write_text(_render(found, assumed, maps), encoding="utf8")
    return page


def _assumptions(found: Study) -> pd.DataFrame:
    """List the parameters behind the pair shown, in any scenario, with their largest share of a total."""
    parts = [
        route.assumptions()
        for comparison in found.results.values()
        for (_, *pair), route in comparison.routes.items()
        if tuple(pair) == found.pair and route is not None
    ]
    table = pd.concat(parts).sort_values("share", ascending=False).drop_duplicates(["name", "measure"])
    columns = ["name", "measure", "share", "value", "low", "high", "unit", "confidence", "source", "note"]
    return table[columns].sort_values(["measure", "share"], ascending=[False, False]).reset_index(drop=True)


def _draw_maps(found: Study, folder: Path) -> dict[str, Path]:
    """Draw one map per scenario: rail only and least generalized cost for the pair shown."""
    from corridors.plot.maps import plot_routes

    routes = {
        scenario: [
            route
            for (cargo, _), comparison in found.results.items()
            if cargo == "container" and (route := comparison.routes[(scenario, *found.pair)]) is not None
        ]
        for scenario in found.scenarios
    }
    drawn = [route.geometry.bounds for shown in routes.values() for route in shown]
    if not drawn:
        return {}
    low, high = np.min(drawn, axis=0), np.max(drawn, axis=0)
    # one extent for all maps, so that they can be laid side by side
    extent = (low[0] - MARGIN_DEG, low[1] - MARGIN_DEG, high[2] + MARGIN_DEG, high[3] + MARGIN_DEG)
    files = {}
    for scenario, net in progress(list(found.scenarios.items()), "maps"):
        if routes[scenario]:
            files[scenario] = folder / f"map-{scenario.replace(', ', '-').replace(' ', '-')}.png"
            fig, _ = plot_routes(routes[scenario], title=_map_title(net, scenario), width_cm=18, extent=extent)
            fig.savefig(files[scenario], dpi=MAP_DPI)
    return files


def _map_title(net: Network, scenario: str) -> str:
    project, _, border = scenario.partition(", ")
    name = "Today's lines" if project == "base" else str(net.projects.loc[project, "name"])
    return f"{name}, {border or 'border open'}"


def _render(found: Study, assumed: pd.DataFrame, maps: Mapping[str, Path]) -> str:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("corridors"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    name = next(iter(found.scenarios.values())).tables.name
    origin, destination = map(name, found.pair)
    pictures = {scenario: _embedded(path) for scenario, path in maps.items()}
    return environment.get_template("report.html.j2").render(
        origin=origin,
        destination=destination,
        headline=_headline(found, origin, destination),
        gains=_gain_rows(found),
        pictures=pictures,
        tables={key: _pair_table(c) for key, c in found.results.items()},
        legs=_leg_tables(found),
        assumptions=_html(assumed.head(25).assign(share=lambda t: (100 * t["share"]).round(1))),
        labels={s: _map_title(net, s) for s, net in found.scenarios.items()},
    )


def _embedded(path: Path) -> str:
    """Give a picture as base64 text, small enough for a page that holds six of them."""
    buffer = io.BytesIO()
    with Image.open(path) as picture:
        picture.convert("RGB").save(buffer, "WEBP", quality=PAGE_QUALITY)
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def _headline(found: Study, origin: str, destination: str) -> list[str]:
    """Say the answer in sentences made from the results."""
    rail = found.results["container", "rail only"]
    routes = {s: rail.routes[(s, *found.pair)] for s in rail.scenarios}
    said = []
    base = routes["base"]
    for project in PROJECTS:
        built = routes[project]
        if base is not None and built is not None:
            said.append(
                f"By rail alone a container from {origin} to {destination} takes {built.days:.1f} days over "
                f"{built.km:,.0f} km with {project} built, against {base.days:.1f} days over {base.km:,.0f} km "
                f"without it ({built.days - base.days:+.1f} days, {built.cost_usd_t - base.cost_usd_t:+.0f} USD/t)."
            )
    gains = found.gains()
    shut = gains[gains["border"] == "closed"]
    unchanged = bool((shut["gaining"] == 0).all() and (shut["joined"] == 0).all())
    if unchanged:
        said.append(
            "With the Afghan-Pakistani border closed neither project changes any pair: the gain is exactly zero."
        )
    else:
        said.append("With the Afghan-Pakistani border closed some pairs still gain; the table below says which way.")
    free = gains[(gains["border"] == "open") & (gains["way"] == "all modes")]
    said += [
        f"Free to choose among road, rail and sea at least generalized cost, {row.cargo} cargo gains on "
        f"{row.gaining} of {row.pairs} pairs with {row.project}."
        for row in free.itertuples()
    ]
    return said


def _gain_rows(found: Study) -> Markup:
    table = found.gains()
    columns = [
        "cargo",
        "way",
        "project",
        "border",
        "compared",
        "gaining",
        "joined",
        "days",
        "usd_t",
        "generalized_usd_t",
    ]
    shown = table[columns]
    names = {"compared": "pairs compared", "gaining": "pairs that gain", "joined": "pairs newly joined",
             "days": "mean change, days", "usd_t": "mean change, USD/t",
             "generalized_usd_t": "mean change, generalized USD/t"}  # fmt: skip
    return _html(shown.round(2).rename(columns=names))


def _pair_table(comparison: Comparison) -> Markup:
    """Show days and USD/t per pair, one column per scenario."""
    days, cost = comparison.table("hours") / 24, comparison.table("cost_usd_t")
    cells = pd.DataFrame(
        {
            scenario: [
                "no way" if np.isnan(d) else f"{d:.1f} d, {c:.0f} USD/t"
                for d, c in zip(days[scenario], cost[scenario], strict=True)
            ]
            for scenario in comparison.scenarios
        },
        index=days.index,
    )
    net = next(r for r in comparison.routes.values() if r is not None).problem.tables
    cells.index = [f"{net.name(o)} - {net.name(d)}" for o, d in cells.index]
    return _html(cells.rename_axis("pair").reset_index())


def _leg_tables(found: Study) -> dict[str, Markup]:
    tables = {}
    for (cargo, way), comparison in found.results.items():
        for scenario in comparison.scenarios:
            route = comparison.routes[(scenario, *found.pair)]
            if route is not None:
                tables[f"{cargo}, {way}, {scenario}"] = _html(route.shown_legs())
    return tables


def _html(table: pd.DataFrame) -> Markup:
    """Turn a table into HTML; its cells are escaped by pandas."""
    return Markup(table.to_html(index=False, border=0, na_rep="-"))  # noqa: S704
