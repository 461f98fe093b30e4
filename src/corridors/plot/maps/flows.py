"""Maps of what a scenario does to flows: lines that are new, that gain and that lose, as wide as the change."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Annotated, Final, Unpack

import geopandas as gpd
import numpy as np
from matplotlib.axes import Axes

from corridors.base.drawing import Drawing, Panels
from corridors.base.errors import InputError
from corridors.base.options import Default
from corridors.plot import style
from corridors.plot.canvas import LonLat, Sheet
from corridors.plot.maps import bands, compose, lines, markers
from corridors.plot.maps import legend as keys
from corridors.plot.maps.bands import Band, Look
from corridors.plot.maps.compose import Map, Painter, PanelOptions
from corridors.plot.maps.legend import Entries
from corridors.plot.translate import drawing
from corridors.whatif.compare import Comparison

LEAST_SHARE: Final = 1e-9
"""Share below which a difference is rounding."""

KEY_SHARES: Final = (0.1, 0.4, 0.8)
"""Shares of all pairs that the key to the widths shows."""

KINDS: Final = {
    "more": Look("Gains flow", style.MORE),
    "less": Look("Loses flow", style.LESS, "hollow"),
    "same": Look("Keeps its flow", style.SAME),
}
"""How each kind of band is drawn."""

ORDER: Final = ("same", "less", "more")
"""What stays lies below what changes."""


class FlowOptions(PanelOptions, total=False):
    """Options of maps of differences."""

    context: Annotated[
        bool,
        Default(
            True, "Whether to draw the network of the scenario underneath, with what it builds and what is closed."
        ),
    ]


@drawing(FlowOptions)
def plot_comparison(
    comparison: Comparison, scenario: str | None = None, ax: Axes | None = None, **options: Unpack[FlowOptions]
) -> Drawing | Panels:
    """Draw what gains and loses flow: one scenario against the base, or all of them side by side.

    Parameters
    ----------
    comparison
        A comparison.
    scenario
        Scenario that is compared with the base; by default all of them.
    ax
        Axes to draw one scenario into; by default a new figure.
    options
        As in `FlowOptions`.

    Returns
    -------
    Drawing or Panels
        Figure, and axes (by scenario where there are several).

    Raises
    ------
    UnknownNameError, InputError
        If the scenario is not in the comparison, or there is none but the base, or no pair has a way.

    >>> import corridors as co
    >>> net = co.load()
    >>> gain = co.compare({"base": net, "kabul": net.build("uap-kabul")}, ["Tashkent"], ["Karachi"])
    >>> gain.plot("kabul", width_cm=10, labels=False).ax.get_title(loc="left")
    'kabul against base'
    """
    names = compose.panels_of(comparison.scenarios[1:], scenario)
    if len(names) == 1 and options["title"] is None:
        options["title"] = f"{names[0]} against {comparison.base}"
    return compose.draw_maps(names, *_painter(comparison, context=options["context"]), ax, options)


@drawing(FlowOptions)
def plot_difference(
    comparison: Comparison, scenario: str | None = None, ax: Axes | None = None, **options: Unpack[FlowOptions]
) -> Drawing:
    """Draw which lines gain and lose flow in a scenario, as wide as the share of pairs that moves.

    Where a line keeps part of its flow, that part runs beside the change in grey. Lines that gain are solid, those
    that lose are hollow, those that are not yet built are dashed.

    Parameters
    ----------
    comparison
        A comparison.
    scenario
        Scenario that is compared with the base; may be left out where there is only one.
    ax
        Axes to draw into; by default a new figure.
    options
        As in `FlowOptions`.

    Returns
    -------
    Drawing
        Figure and axes.

    Raises
    ------
    UnknownNameError, InputError
        If the scenario is not in the comparison, or there is none but the base, or no pair has a way.

    >>> import corridors as co
    >>> net = co.load()
    >>> gain = co.compare({"base": net, "kabul": net.build("uap-kabul")}, ["Tashkent"], ["Karachi"], modes={"rail"})
    >>> plot_difference(gain, width_cm=12).ax.get_title(loc="left")
    'kabul against base'
    """
    names = compose.panels_of(comparison.scenarios[1:], scenario)
    if len(names) > 1:
        raise InputError("scenario", scenario, f"one of {', '.join(names)}")
    drawing = plot_comparison(comparison, names[0], ax, **options)
    return Drawing(*drawing)


@drawing(FlowOptions)
def plot_differences(comparison: Comparison, **options: Unpack[FlowOptions]) -> Panels:
    """Draw the difference that every scenario makes, side by side, with one extent and one scale of widths.

    Parameters
    ----------
    comparison
        A comparison of at least two scenarios.
    options
        As in `FlowOptions`.

    Returns
    -------
    Panels
        Figure, and axes by scenario.

    >>> import corridors as co
    >>> net = co.load()
    >>> nets = {"base": net, "kabul": net.build("uap-kabul"), "west": net.build("western-route")}
    >>> gain = co.compare(nets, ["Tashkent"], ["Karachi"], modes={"rail"})
    >>> list(plot_differences(gain, labels=False).axes)
    ['kabul', 'west']
    """
    names = compose.panels_of(comparison.scenarios[1:], None)
    return compose.draw_panels(names, *_painter(comparison, context=options["context"]), options)


def _painter(comparison: Comparison, *, context: bool) -> tuple[Painter, LonLat]:
    """Make the painter of scenarios, with longitudes and latitudes of all flows."""
    table = comparison.flows()
    if table.empty:
        raise InputError("comparison", "no pair has a way", "pairs that are joined in at least one scenario")

    def paint(sheet: Sheet, name: str, entries: Entries) -> Map:
        return _draw(sheet, comparison, name, table, entries, context=context)

    return paint, compose.coordinates([table])


def _draw(
    sheet: Sheet, comparison: Comparison, name: str, table: gpd.GeoDataFrame, entries: Entries, *, context: bool
) -> Map:
    """Draw one map of differences."""
    net = comparison.networks[name]
    pair = (name, comparison.base)
    routes = [route for key, route in comparison.routes.items() if key[0] in pair and route is not None]
    drawn = compose.start(sheet, net, focus={code for route in routes for code in route.countries}, entries=entries)
    mine = lines.in_metres(sheet, table[table["scenario"] == name])
    drawn_bands = _bands(mine, planned=set(net.links.index[lines.of_project(net.links)]))
    _explain(sheet, entries, drawn_bands)
    if context:
        compose.draw_context(drawn, net, planned=False, emphasis=0.7, explain=False)
        markers.draw_closed(drawn.room, entries, lines.in_metres(sheet, net.places), net.crossings)
    else:
        compose.credit(drawn, net.links.loc[net.links.index.intersection(mine["id"])], net.places)
    bands.draw_bands(sheet, drawn_bands, KINDS, ORDER)
    drawn.routes = [band.line for band in drawn_bands]
    drawn.room.add_lines(drawn.routes, route=True)
    drawn.stops = compose.ends(sheet, net, [end for route in routes for end in (route.origin, route.destination)])
    markers.draw_stops(drawn.room, entries, drawn.stops, scale=None, colors=("",))
    return drawn


def _bands(mine: gpd.GeoDataFrame, *, planned: Collection[str]) -> list[Band]:
    """List what is drawn of each link: the flow that stays, and the change beside it, which comes last."""
    kept = np.minimum(mine["share"], mine["base_share"])
    change = mine["delta"].abs().where(mine["delta"].abs() > LEAST_SHARE, 0.0)
    kinds = np.where(mine["delta"] > 0, "more", "less")
    rows = list(zip(kinds, mine.geometry, kept, change, mine["id"].isin(list(planned)), strict=True))
    same: list[Band] = []
    changed: list[Band] = []
    for kind, line, stays, moves, new in rows:
        shown = [(name, share) for name, share in (("same", stays), (kind, moves)) if share > LEAST_SHARE]
        beside = bands.lanes([share for _, share in shown])
        for (name, share), aside in zip(shown, beside, strict=True):
            (same if name == "same" else changed).append(Band(name, line, share, aside, new))
    return same + changed


def _explain(sheet: Sheet, entries: Entries, shown: Sequence[Band]) -> None:
    """Add what is shown to the legend."""
    for kind, look in KINDS.items():
        if any(band.kind == kind for band in shown):
            entries.add(look.label, bands.handle(sheet, look))
    if any(band.new for band in shown):
        entries.add(compose.BUILT, bands.handle(sheet, KINDS["more"], new=True))
    text = ", ".join(f"{100 * share:g}" for share in KEY_SHARES)
    key = keys.Beside(bands.handle(sheet, KINDS["same"], bands.width_of(s))[0] for s in KEY_SHARES)
    entries.add(f"{text} % of all pairs", key)
