"""The maps and charts of the report."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from matplotlib.figure import Figure

from corridors.plot.flows import plot_difference, plot_differences
from corridors.plot.maps import plot_scenarios
from corridors.progress import progress
from corridors.report.study import RAIL, Study

WIDTH_CM = 18.0


class Picture(NamedTuple):
    """A picture with its file name, what it shows (for those who cannot see it) and what stands under it."""

    name: str
    title: str
    caption: str
    figure: Figure


def pictures(found: Study) -> list[Picture]:
    """Draw all pictures of the report that the results allow."""
    makers: list[Callable[[Study], Picture | None]] = [_differences, _days, _ways_by_rail, _ways]
    drawn = [make(found) for make in progress(makers, "pictures")]
    return [picture for picture in drawn if picture is not None]


def _differences(found: Study) -> Picture | None:
    """Draw what gains and loses flow by rail."""
    comparison = found.titled()
    if len(comparison.scenarios) < 2 or all(route is None for route in comparison.routes.values()):
        return None
    several = len(comparison.scenarios) > 2
    drawn = plot_differences(comparison, width_cm=WIDTH_CM) if several else plot_difference(comparison)
    return Picture(
        "map-flows",
        "Which lines gain and lose cargo",
        "Share of the compared pairs on each line, rail only, border open: what every scenario changes against "
        f"{comparison.base.lower()}. Every pair goes its best way.",
        drawn.fig,
    )


def _days(found: Study) -> Picture | None:
    """Draw the days by rail from everywhere to the destination shown."""
    if found.reach.shown().empty:
        return None
    target = found.net.tables.name(found.pair[1])
    return Picture(
        "map-days",
        f"Days by rail to {target}",
        f"Expected days by rail to {target}, border open. Around a place that a railway joins, land of its country "
        "is coloured by the way to that place; the reach and the speed of that way are assumed.",
        found.reach.plot(width_cm=WIDTH_CM).fig,
    )


def _ways_by_rail(found: Study) -> Picture | None:
    return _routes(found, RAIL, "map-ways-by-rail")


def _ways(found: Study) -> Picture | None:
    return _routes(found, "all modes", "map-ways-all-modes")


def _routes(found: Study, way: str, name: str) -> Picture | None:
    """Draw the way of the pair shown in every scenario."""
    routes = dict(found.shown(found.titled(way)))
    if not routes:
        return None
    origin, destination = (found.net.tables.name(place) for place in found.pair)
    return Picture(
        name,
        f"{origin} to {destination}, {way}",
        f"The way of least generalized cost from {origin} to {destination}, {way}, border open. Circles show the hours "
        "spent at borders, terminals and changes of gauge.",
        plot_scenarios(routes, width_cm=WIDTH_CM).fig,
    )
