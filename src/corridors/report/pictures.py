"""The maps and charts of the report."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from matplotlib.figure import Figure

from corridors.base.errors import InputError
from corridors.base.progress import progress
from corridors.plot import (
    breakdown_bars,
    distributions,
    gain_against_cost,
    gain_cost_table,
    plot_difference,
    plot_differences,
    plot_scenarios,
    time_distance,
)
from corridors.report.study import RAIL, Study
from corridors.routing.route import Route

SEED = 0

WIDTH_CM = 18.0


class Picture(NamedTuple):
    """A picture with its file name, what it shows (for those who cannot see it) and what stands under it."""

    name: str
    title: str
    caption: str
    figure: Figure


def pictures(results: Study) -> list[Picture]:
    """Draw all pictures of the report that the results allow."""
    makers: list[Callable[[Study], Picture | None]] = [
        _worth, _differences, _days, _ways_by_rail, _ways, _profile, _spread, _parts, _slopes,
    ]  # fmt: skip
    drawn = [make(results) for make in progress(makers, "pictures")]
    return [picture for picture in drawn if picture is not None]


def _worth(results: Study) -> Picture | None:
    """Draw mean gains against published construction costs."""
    comparison = results.titled()
    try:
        known = not gain_cost_table(comparison).empty
    except InputError as error:
        # published costs are an optional column: without them there is nothing to set the gain against
        if error.argument != "costs":
            raise
        known = False
    if not known:
        return None
    return Picture(
        "chart-gain-against-cost",
        "Gain against construction cost",
        "Mean gain in generalized cost, rail only, border open, against the published construction cost of what a "
        "scenario builds. Published costs differ widely; the bars show their range and the 90 % band of the gain.",
        gain_against_cost(comparison, width_cm=WIDTH_CM).fig,
    )


def _differences(results: Study) -> Picture | None:
    """Draw what gains and loses flow by rail."""
    comparison = results.titled()
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


def _days(results: Study) -> Picture | None:
    """Draw the days by rail from everywhere to the destination shown."""
    if results.reach.shown().empty:
        return None
    target = results.net.tables.name(results.pair[1])
    return Picture(
        "map-days",
        f"Days by rail to {target}",
        f"Expected days by rail to {target}, border open. Around a place that a railway joins, land of its country "
        "is coloured by the way to that place; the reach and the speed of that way are assumed.",
        results.reach.plot(width_cm=WIDTH_CM).fig,
    )


def _ways_by_rail(results: Study) -> Picture | None:
    return _routes(results, RAIL, "map-ways-by-rail")


def _ways(results: Study) -> Picture | None:
    return _routes(results, "all modes", "map-ways-all-modes")


def _routes(results: Study, way: str, name: str) -> Picture | None:
    """Draw the way of the pair shown in every scenario."""
    routes = dict(results.shown(results.titled(way)))
    if not routes:
        return None
    return Picture(
        name,
        f"{_pair(results)}, {way}",
        f"The way of least generalized cost from {_pair(results)}, {way}, border open. Circles show the hours spent at "
        "borders, terminals and changes of gauge.",
        plot_scenarios(routes, width_cm=WIDTH_CM).fig,
    )


def _by_rail(results: Study) -> dict[str, Route]:
    """Routes of the pair shown by rail, by title of the scenario."""
    return dict(results.shown(results.titled()))


def _profile(results: Study) -> Picture | None:
    """Draw how the hours add up on the way."""
    routes = _by_rail(results)
    if not routes:
        return None
    return Picture(
        "chart-time-distance",
        "Days in transit by distance",
        "Time-distance chart after UNESCAP, rail only, border open: slopes are travel, steps are stops.",
        time_distance(routes, width_cm=WIDTH_CM, draws=results.draws, seed=SEED).fig,
    )


def _pair(results: Study) -> str:
    origin, destination = (results.net.tables.name(place) for place in results.pair)
    return f"{origin} to {destination}"


def _spread(results: Study) -> Picture | None:
    """Draw how trips spread."""
    routes = _by_rail(results)
    if not routes:
        return None
    drawn = {name: route.distribution("hours", draws=results.draws, seed=SEED) for name, route in routes.items()}
    return Picture(
        "chart-spread",
        "How long a trip may take",
        "Spread of the hours by rail, border open, from what differs between trips and what is not known of the means.",
        distributions(drawn, width_cm=WIDTH_CM, title=f"{_pair(results)} by rail: how long a trip may take").fig,
    )


def _parts(results: Study) -> Picture | None:
    """Draw what the hours are made of."""
    routes = _by_rail(results)
    if not routes:
        return None
    return Picture(
        "chart-parts",
        "What the time is spent on",
        "Expected days by component, rail only, border open.",
        breakdown_bars(routes, width_cm=WIDTH_CM).fig,
    )


def _slopes(results: Study) -> Picture | None:
    """Draw how every pair changes by rail."""
    comparison = results.titled()
    joined = [pair for pair in comparison.pair_list if comparison.routes[comparison.base, *pair] is not None]
    if len(comparison.scenarios) < 2 or not joined:
        return None
    return Picture(
        "chart-pairs",
        "Every pair before and after",
        "Expected days of every pair that railways join today, rail only, border open.",
        comparison.slope(width_cm=WIDTH_CM).fig,
    )
