"""Maps of what a scenario changes at every place: circles as large as the change."""

from __future__ import annotations

from typing import Any, Final, NamedTuple, Unpack

import geopandas as gpd
import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from corridors.base.drawing import Drawing, Panels
from corridors.base.errors import InputError
from corridors.base.looks import HALO
from corridors.measures.reach import Reach
from corridors.plot import style
from corridors.plot.canvas import Sheet
from corridors.plot.maps import compose, lines, markers
from corridors.plot.maps import legend as keys
from corridors.plot.maps.compose import Map, PanelOptions
from corridors.plot.maps.legend import Entries
from corridors.plot.maps.stops import Scale, plain
from corridors.plot.maps.surfaces import ACCESS_KM, ACCESS_KMH, DaysOptions, draw_reach, plot_days
from corridors.plot.translate import drawing


class Change(NamedTuple):
    """How a change is shown: its format, the sign of a gain, what is rounding, and what gains and losses are called."""

    form: str
    sign: int
    rounding: float
    gain: str
    loss: str


WHAT: Final = {
    "days_delta": Change("{:+.1f} d", -1, 0.05, "Days less to the\nnearest destination", "Days more"),
    "accessibility_pct": Change("{:+.0f} %", 1, 0.5, "Accessibility,\n% more", "Accessibility,\n% less"),
}

LARGEST_PT: Final = 18.0
"""Diameter in points of the greatest change, on a map 18 cm wide."""


@drawing(DaysOptions)
def plot_reach(
    reach: Reach,
    scenario: str | None = None,
    ax: Axes | None = None,
    *,
    what: str = "days",
    **options: Unpack[DaysOptions],
) -> Drawing | Panels:
    """Draw what can be reached: one scenario, or all of them side by side on the same classes.

    Parameters
    ----------
    reach
        Reach of one or several scenarios.
    scenario
        Scenario to draw; by default all of them (the base left out where changes are drawn).
    ax
        Axes to draw the map of one scenario into.
    what
        `days` (surface of days to the nearest destination), `days_delta` or `accessibility_pct` (circles at the
        origins: the change against the base). Classes and the way to a place are of `days` alone.
    options
        As in `DaysOptions`.

    Returns
    -------
    Drawing or Panels
        Figure, and axes (by scenario where there are several).

    Raises
    ------
    UnknownNameError, InputError
        If the scenario is unknown, an option cannot be, or no place has a way.

    >>> import corridors as co
    >>> net = co.load()
    >>> reach = co.reach({"base": net, "kabul": net.build("uap-kabul")}, modes={"rail"})
    >>> reach.plot("kabul", what="days_delta", width_cm=10, labels=False).ax.get_title(loc="left")
    'kabul'
    """
    if what == "days":
        return plot_days(reach, scenario, ax, **options)
    if what not in WHAT:
        raise InputError("what", what, f"one of days, {', '.join(WHAT)}")
    of_days = options["classes"], options["access_km"], options["access_kmh"]
    if of_days != (None, ACCESS_KM, ACCESS_KMH):
        raise InputError("classes, access_km, access_kmh", of_days, "options of what='days' alone")
    return _draw_changes(reach, scenario, ax, what, options)


@drawing(PanelOptions)
def plot_access(
    reach: Reach,
    scenario: str | None = None,
    ax: Axes | None = None,
    *,
    what: str = "days_delta",
    **options: Unpack[PanelOptions],
) -> Drawing | Panels:
    """Draw the change at every place against the base: gains as full circles, losses as rings.

    Places are named with their change.

    Parameters
    ----------
    reach
        Reach of at least two scenarios.
    scenario
        Scenario to draw; by default all but the base, on one scale.
    ax
        Axes to draw one scenario into; by default a new figure.
    what
        `days_delta` (change of the days to the nearest destination) or `accessibility_pct` (change of potential
        accessibility).
    options
        As in `PanelOptions`; the title is by default the scenario, where one of several is drawn.

    Returns
    -------
    Drawing or Panels
        Figure, and axes (by scenario where there are several).

    Raises
    ------
    UnknownNameError, InputError
        If the scenario is unknown, there is none but the base, or `what` is not a change.

    >>> import corridors as co
    >>> net = co.load()
    >>> reach = co.reach({"base": net, "kabul": net.build("uap-kabul")}, modes={"rail"})
    >>> plot_access(reach, title="What Kabul adds", width_cm=10, labels=False).ax.get_title(loc="left")
    'What Kabul adds'
    """
    if what not in WHAT:
        raise InputError("what", what, f"one of {', '.join(WHAT)}")
    return _draw_changes(reach, scenario, ax, what, options)


def _draw_changes(
    reach: Reach, scenario: str | None, ax: Axes | None, what: str, options: PanelOptions
) -> Drawing | Panels:
    """Draw the changes of one scenario or of several on one scale of circles."""
    # without any place that has a way before and after, there is no change to draw
    scale = _scale(float(np.nan_to_num(reach.table()[what].abs().max())))

    def paint(sheet: Sheet, name: str, entries: Entries) -> Map:
        return _draw(sheet, reach, name, entries, what=what, scale=scale)

    return draw_reach(reach, compose.panels_of(reach.scenarios[1:], scenario), paint, ax, options)


def _scale(most: float) -> Scale:
    """Scale of circles with an area in proportion to the change, and round values for the key.

    >>> _scale(7.3).key_hours
    (1.0, 5.0)
    """
    if most <= 0:
        return Scale(0.0, ())
    top = keys.nice(most)
    return Scale(np.pi / 4 * LARGEST_PT**2 / most, (keys.nice(top / 4), top))


def _draw(sheet: Sheet, reach: Reach, name: str, entries: Entries, *, what: str, scale: Scale) -> Map:
    net, table = reach.nets[name], reach.table()
    mine = table[table["scenario"] == name].set_index("origin")
    drawn = compose.start(sheet, net, focus=compose.study_area(net), entries=entries)
    compose.draw_context(drawn, net, planned=False, emphasis=0.7, explain=False)
    places = lines.in_metres(sheet, net.places)
    markers.draw_closed(drawn.room, entries, places, net.crossings)
    rows = places.loc[mine.index].assign(gain=WHAT[what].sign * mine[what], days=mine["days"])
    rows["joined"] = np.isfinite(mine["days"]) & ~np.isfinite(reach.days()[reach.base])
    rows["moved"] = rows["gain"].abs() >= WHAT[what].rounding
    markers.draw_unreached(sheet, entries, rows[~np.isfinite(rows["days"])])
    _draw_circles(sheet, entries, rows[rows["moved"]], what, scale)
    _draw_others(sheet, entries, rows[np.isfinite(rows["days"]) & ~rows["moved"]])
    targets = list(reach.hours[name].columns)
    towns = rows.drop(index=targets, errors="ignore")
    towns["population"] = towns["population"].fillna(0) * np.where(towns["moved"], 5, 1)
    drawn.stops = compose.ends(sheet, net, targets) + compose.towns(towns, _texts(towns, what), towns["gain"].abs())
    drawn.circles, drawn.towns = scale, False
    ends = [stop for stop in drawn.stops if stop.kind == "end"]
    markers.draw_stops(drawn.room, entries, ends, scale=None, colors=("",), named=compose.TARGETS)
    return drawn


def _texts(rows: gpd.GeoDataFrame, what: str) -> list[str]:
    """Name places with their change where they have one."""
    form, sign = WHAT[what].form, WHAT[what].sign
    changes = [
        f", {form.format(sign * gain)}" if moved else ""
        for gain, moved in zip(rows["gain"], rows["moved"], strict=True)
    ]
    return [plain(name) + change for name, change in zip(rows["name"], changes, strict=True)]


def _draw_circles(sheet: Sheet, entries: Entries, moved: gpd.GeoDataFrame, what: str, scale: Scale) -> None:
    """Draw the circles, the larger below the smaller, and explain them."""
    pt = sheet.style.pt
    for row in moved.sort_values("gain", key=np.abs, ascending=False).itertuples():
        looks = {**_looks(row.gain, pt(0.6)), "markersize": pt(scale.diameter(abs(row.gain)))}
        sheet.ax.add_line(Line2D([row.geometry.x], [row.geometry.y], zorder=9, gid=_kind(row.gain), **looks))
    numbers = ", ".join(f"{value:g}" for value in scale.key_hours)
    for sign, label in ((1, WHAT[what].gain), (-1, WHAT[what].loss)):
        if (moved["gain"] * sign > 0).any():
            sizes = sorted(scale.key_hours, reverse=True)
            circles = [keys.marker_handle(**_looks(sign, pt(0.6)), markersize=pt(scale.diameter(v))) for v in sizes]
            entries.add(f"{label}:\n{numbers}", keys.Nested(circles))


def _kind(gain: float) -> str:
    return "gain" if gain > 0 else "loss"


def _looks(gain: float, width: float) -> dict[str, Any]:
    """How a circle is drawn: full for a gain, a ring for a loss."""
    color = style.MORE if gain > 0 else style.LESS
    face = (color, 0.55) if gain > 0 else (HALO, 0.6)
    return {
        "marker": "o", "linestyle": "none", "markerfacecolor": face, "markeredgecolor": color,
        "markeredgewidth": width if gain > 0 else 2.2 * width,
    }  # fmt: skip


def _draw_others(sheet: Sheet, entries: Entries, rows: gpd.GeoDataFrame) -> None:
    """Mark places that have a way now and had none, and places where nothing changes."""
    pt = sheet.style.pt
    star = {"marker": "*", "markersize": pt(7), "markerfacecolor": style.MORE, "markeredgewidth": pt(0.4)}
    dot = {"marker": "o", "markersize": pt(1.8), "markerfacecolor": style.SAME, "markeredgewidth": 0}
    for label, looks, some in (("No change", dot, rows[~rows["joined"]]), ("Newly joined", star, rows[rows["joined"]])):
        options: dict[str, Any] = {**looks, "linestyle": "none", "markeredgecolor": HALO}
        if len(some):
            gid = label.lower().replace(" ", "-")
            sheet.ax.add_line(Line2D(some.geometry.x, some.geometry.y, zorder=8.5, gid=gid, **options))
            entries.add(label, keys.marker_handle(**options))
