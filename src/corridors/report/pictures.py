"""The maps and charts of the report."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

from matplotlib.figure import Figure

from corridors.base.progress import progress
from corridors.plot import (
    breakdown_bars,
    distributions,
    gain_against_cost,
    gain_cost_table,
    gains_by_value_of_time,
    plot_difference,
    plot_differences,
    plot_scenarios,
    time_distance,
)
from corridors.report.study import Study
from corridors.report.words import group_of
from corridors.routing.route import Route

SEED = 0

WIDTH_CM = 18.0

DPI = 190
"""Dots per inch of the pictures, in the page and beside it."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture with its file name, what it shows (for those who cannot see it) and what stands under it."""

    name: str
    title: str
    caption: str
    figure: Figure

    @cached_property
    def png(self) -> bytes:
        """The picture as PNG, drawn once for the page and for the file beside it."""
        drawn = io.BytesIO()
        self.figure.savefig(drawn, format="png", dpi=DPI)
        return drawn.getvalue()


def pictures(results: Study) -> list[Picture]:
    """Draw all pictures of the report that the results allow."""
    makers: list[Callable[[Study], Picture | None]] = [
        *(partial(_value, group=group) for group in results.groups if results.values),
        _worth, _differences, _days, _ways_by_rail, _ways, _profile, _spread, _parts, _slopes,
    ]  # fmt: skip
    drawn = [make(results) for make in progress(makers, "pictures")]
    return [picture for picture in drawn if picture is not None]


def _value(results: Study, group: str) -> Picture:
    """Draw gains over the value of time."""
    way = results.head.ways[-1]
    found = results.value_of_time(results.cargo, way, group)
    drawn = gains_by_value_of_time(
        found, names=results.titles, title=f"What is gained {group_of(group)}, by the value of time", width_cm=WIDTH_CM
    )
    return Picture(
        value_chart(group),
        f"Gains {group_of(group)} by the value of time of the goods",
        f"{results.cargo.capitalize()}, {way}, borders: {results.border}. At every value of time each pair takes its "
        "best way in every network; where a curve steps, a pair turns from one way to another.",
        drawn.fig,
    )


def value_chart(group: str) -> str:
    """File name of the chart of a group over the value of time.

    >>> value_chart("ports")
    'chart-value-of-time-ports'
    """
    return f"chart-value-of-time-{re.sub('[^a-z0-9]+', '-', group.lower()).strip('-') or 'group'}"


def _worth(results: Study) -> Picture | None:
    """Draw mean gains against published construction costs."""
    comparison = results.titled()
    if all(route is None for route in comparison.routes.values()) or len(comparison.scenarios) < 2:
        return None
    if gain_cost_table(comparison)[["cost_low_musd", "gain"]].dropna().empty:
        return None
    return Picture(
        "chart-gain-against-cost",
        "Gain against construction cost",
        f"Mean gain in generalized cost, {_state(results)}, against the published construction cost of what a "
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
        f"Expected days to {target}, {_state(results)}. Around a place that a railway joins, land of its country "
        "is coloured by the way to that place; the reach and the speed of that way are assumed.",
        results.reach.plot(width_cm=WIDTH_CM).fig,
    )


def _ways_by_rail(results: Study) -> Picture | None:
    return _routes(results, results.way, "map-ways-by-rail")


def _ways(results: Study) -> Picture | None:
    way = results.head.ways[-1]
    return None if way == results.way else _routes(results, way, "map-ways-all-modes")


def _routes(results: Study, way: str, name: str) -> Picture | None:
    """Draw the way of the pair shown in every scenario."""
    routes = dict(results.shown(results.titled(way)))
    if not routes:
        return None
    return Picture(
        name,
        f"{_pair(results)}, {way}",
        f"The way of least generalized cost from {_pair(results)}, {way}, borders: {results.border}. Circles "
        "show the hours spent at borders, terminals and changes of gauge.",
        plot_scenarios(routes, width_cm=WIDTH_CM).fig,
    )


def _state(results: Study) -> str:
    """Cargo unit, modes and state of the borders of a picture."""
    return f"{results.cargo}, {results.way}, borders: {results.border}"


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
        f"Time-distance chart after UNESCAP, {_state(results)}: slopes are travel, steps are stops.",
        time_distance(routes, width_cm=WIDTH_CM, draws=results.draws, seed=SEED).fig,
    )


def _pair(results: Study) -> str:
    origin, destination = (results.net.tables.name(place) for place in results.pair)
    return f"{origin} to {destination}"


def _spread(results: Study) -> Picture | None:
    """Draw how trips spread."""
    routes = _by_rail(results)
    if not routes or not results.draws:
        return None
    drawn = {name: route.distribution("hours", draws=results.draws, seed=SEED) for name, route in routes.items()}
    return Picture(
        "chart-spread",
        "How long a trip may take",
        f"Spread of the hours, {_state(results)}, from what differs between trips and what is not known of the means.",
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
        f"Expected days by component, {_state(results)}.",
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
        f"Expected days of every pair that has a way without the new lines, {_state(results)}.",
        comparison.slope(width_cm=WIDTH_CM).fig,
    )
