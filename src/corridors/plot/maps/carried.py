"""Maps of tonnes: lines as wide as what they carry by mode or cargo unit, or what gains and loses, and what is full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, Unpack

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from shapely.geometry.base import BaseGeometry

from corridors.base.drawing import Drawing
from corridors.base.errors import InputError
from corridors.base.numbers import tonnes_text
from corridors.network.network import Network
from corridors.plot import style
from corridors.plot.canvas import Sheet
from corridors.plot.maps import bands, compose, lines, markers
from corridors.plot.maps import legend as keys
from corridors.plot.maps.bands import Band, Look
from corridors.plot.maps.compose import Map
from corridors.plot.maps.flows import FlowOptions
from corridors.plot.maps.legend import Entries
from corridors.plot.maps.stops import Stop, crossing_label, plain
from corridors.plot.translate import drawing
from corridors.trade.carried import Carried

LOOKS: Final[Mapping[str, Mapping[str, Look]]] = {
    "mode": {
        "rail": Look("By rail", style.ROUTE_COLORS[0]),
        "road": Look("By road", style.ROUTE_COLORS[1], "hollow"),
        "sea": Look("By sea", style.ROUTE_COLORS[2], "dotted"),
    },
    "cargo": {
        "wagon": Look("In wagons", style.ROUTE_COLORS[0]),
        "container": Look("In containers", style.ROUTE_COLORS[2], "dotted"),
        "truck": Look("In trucks", style.ROUTE_COLORS[1], "hollow"),
    },
    "change": {
        "same": Look("Keeps its tonnes", style.SAME),
        "less": Look("Loses tonnes", style.LESS, "hollow"),
        "more": Look("Gains tonnes", style.MORE),
    },
}
"""What a map of tonnes may show, and how each kind of line is drawn, those below first."""

LEAST_SHARE: Final = 1e-6
"""Share of the greatest tonnes below which a line is not drawn."""

NAMED_ENDS: Final = 8
"""Origins and destinations that have a marker and a name, those with most tonnes; the others have a name alone."""

KEY_SHARES: Final = (0.1, 0.4, 1.0)
"""Shares of the greatest tonnes that the key to the widths shows, about."""

FULL: Final = {"over": "Asked for more than it passes", "close": "Asked for over 80 % of what it passes"}
"""What a mark at a capacity says."""


class _Shares(NamedTuple):
    """Tonnes of a link by kind, in the order in which they lie beside each other, and its line along the way."""

    ident: str
    line: BaseGeometry
    tonnes: dict[str, float]


@drawing(FlowOptions)
def plot_carried(
    carried: Carried,
    ax: Axes | None = None,
    *,
    what: str = "mode",
    base: Carried | None = None,
    **options: Unpack[FlowOptions],
) -> Drawing:
    """Draw tonnes on the network: lines as wide as the tonnes of a year, with what exceeds a capacity marked.

    Lines that are not yet built are dashed, and hollow or dotted kinds differ without colour. Every line is at least
    as wide as can be seen, so widths tell tonnes from the least width of the key on.

    Parameters
    ----------
    carried
        What `co.carry` returns.
    ax
        Axes to draw into; by default a new figure.
    what
        What the lines show: `mode`, `cargo` (the cargo unit), or `change`, what gains and loses tonnes against `base`.
    base
        The same flows on another network, which a change is measured against.
    options
        As in `FlowOptions`.

    Returns
    -------
    Drawing
        Figure and axes.

    Raises
    ------
    InputError
        If nothing is carried, there is no such view, or a change has no base.

    >>> import corridors as co
    >>> net = co.load()
    >>> flour = {("Kostanay", "Kabul"): 700_000, ("Tashkent", "Kabul"): 1_200_000}
    >>> carried = co.carry(net, flour, commodity="flour", cargo="wagon")
    >>> drawing = carried.plot(width_cm=10, labels=False)
    >>> drawing.ax.get_title(loc="left")
    '1.9 Mt a year of wheat flour, by mode'
    """
    if what not in LOOKS:
        raise InputError("what", what, f"one of {', '.join(LOOKS)}")
    if (what == "change") != (base is not None):
        raise InputError("base", base, "what='change' with base=, the flows carried by another network")
    shown = _changes(carried, base) if base is not None else _kinds(carried, what)
    if not shown:
        raise InputError("carried", carried.summary()["carried_t"], "flows of which something is carried")
    if options["title"] is None:
        options["title"] = _title(carried, what)
    table = gpd.GeoDataFrame(
        {"id": [one.ident for one in shown]}, geometry=[one.line for one in shown], crs="EPSG:4326"
    )
    table["tonnes"] = [one.tonnes for one in shown]

    def paint(sheet: Sheet, _: str, entries: Entries) -> Map:
        return _draw(sheet, carried, what, table, entries, context=options["context"])

    return compose.draw_map("", paint, compose.coordinates([table]), ax, options)


def _title(carried: Carried, what: str) -> str:
    tonnes = tonnes_text(float(carried.carried_t.sum()))
    goods = list(dict.fromkeys(flow.commodity for flow in carried.flows))
    tables = carried.ways[0].route.problem.tables
    named = f" of {str(tables.find('commodities', goods[0])['name']).lower()}" if len(goods) == 1 and goods[0] else ""
    how = {"mode": "by mode", "cargo": "by cargo unit", "change": "gains and losses"}[what]
    return f"{tonnes} a year{named}, {how}"


def _along(links: gpd.GeoDataFrame) -> dict[tuple[str, str], BaseGeometry]:
    """Lines of links and sea hops in the direction in which most tonnes go."""
    rows = zip(links["id"], links["mode"], links["forward"], links["back"], links.geometry, strict=True)
    return {(ident, mode): line if there >= back else line.reverse() for ident, mode, there, back, line in rows}


def _kinds(carried: Carried, what: str) -> list[_Shares]:
    """Tonnes of links by mode or cargo unit."""
    used, yearly = carried.uses("links"), carried.carried_t.sum(axis=1)
    units = np.array([way.route.cargo for way in carried.ways])
    found: dict[tuple[str, str], dict[str, float]] = {}
    kinds = list(LOOKS["cargo"]) if what == "cargo" else [""]
    for kind in kinds:
        tonnes = used.of(np.where(units == kind, yearly, 0.0) if kind else yearly)
        for (ident, mode, _), amount in zip(used.things, tonnes.tolist(), strict=True):
            mine = found.setdefault((ident, mode), {})
            mine[kind or mode] = mine.get(kind or mode, 0.0) + amount
    along = _along(carried.links)
    return _sized([_Shares(key[0], along[key], amounts) for key, amounts in found.items()])


def _changes(carried: Carried, base: Carried) -> list[_Shares]:
    """Tonnes of links that stay and that change against the base."""
    now, was = (one.links for one in (carried, base))
    along = {**_along(was), **_along(now)}
    after, before = (dict(zip(zip(t["id"], t["mode"], strict=True), t["tonnes"], strict=True)) for t in (now, was))
    found = []
    for key, line in along.items():
        new, old = float(after.get(key, 0.0)), float(before.get(key, 0.0))
        amounts = {"same": min(new, old), "more" if new > old else "less": abs(new - old)}
        found.append(_Shares(key[0], line, amounts))
    return _sized(found)


def _sized(found: Sequence[_Shares]) -> list[_Shares]:
    """Links that carry something, without what is too little to be seen."""
    most = max((sum(one.tonnes.values()) for one in found), default=0.0)
    kept = (one._replace(tonnes={k: t for k, t in one.tonnes.items() if t > LEAST_SHARE * most}) for one in found)
    return [one for one in kept if one.tonnes]


def _draw(
    sheet: Sheet, carried: Carried, what: str, table: gpd.GeoDataFrame, entries: Entries, *, context: bool
) -> Map:
    """Draw one map of tonnes."""
    routes = [way.route for way in carried.ways]
    net = Network(routes[0].problem.tables, routes[0].problem.view)
    drawn = compose.start(sheet, net, focus={code for route in routes for code in route.countries}, entries=entries)
    mine = lines.in_metres(sheet, table)
    most = max(sum(amounts.values()) for amounts in table["tonnes"])
    shown = _bands(mine, most, planned=set(net.links.index[lines.of_project(net.links)]))
    _explain(sheet, entries, what, shown, most)
    places = lines.in_metres(sheet, net.places)
    if context:
        compose.draw_context(drawn, net, planned=False, emphasis=0.7, explain=False)
        markers.draw_closed(drawn.room, entries, places, net.crossings)
    else:
        compose.credit(drawn, net.links.loc[net.links.index.intersection(mine["id"])], net.places)
    bands.draw_bands(sheet, shown, LOOKS[what], list(LOOKS[what]))
    drawn.routes = [band.line for band in shown]
    drawn.room.add_lines(drawn.routes, route=True)
    full = _full(carried, net, mine, places)
    drawn.stops = [*_ends(sheet, carried, net), *full]
    named = {"end": "Origin, destination", **FULL}
    markers.draw_stops(drawn.room, entries, drawn.stops, scale=None, colors=("",), named=named)
    return drawn


def _bands(mine: gpd.GeoDataFrame, most: float, *, planned: set[str]) -> list[Band]:
    """What is drawn of each link, kinds beside each other."""
    found = []
    for ident, amounts, line in zip(mine["id"], mine["tonnes"], mine.geometry, strict=True):
        shares = [tonnes / most for tonnes in amounts.values()]
        for kind, share, aside in zip(amounts, shares, bands.lanes(shares), strict=True):
            found.append(Band(kind, line, share, aside, ident in planned))
    return found


def _explain(sheet: Sheet, entries: Entries, what: str, shown: Sequence[Band], most: float) -> None:
    """Add what is shown to the legend, with tonnes as widths."""
    looks = LOOKS[what]
    for kind, look in looks.items():
        if any(band.kind == kind for band in shown):
            entries.add(look.label, bands.handle(sheet, look))
    if any(band.new for band in shown):
        entries.add(compose.BUILT, bands.handle(sheet, Look("", style.MORE), new=True))
    grey = Look("", style.SAME)
    sizes = list(dict.fromkeys(keys.nice(share * most) for share in KEY_SHARES))
    key = keys.Beside(bands.handle(sheet, grey, bands.width_of(size / most))[0] for size in sizes)
    entries.add(f"{tonnes_text(*sizes)} a year", key)


def _ends(sheet: Sheet, carried: Carried, net: Network) -> list[Stop]:
    """Origins and destinations, those with most tonnes as markers."""
    table = carried.places.set_index("place")
    tonnes = (table["begins"] + table["ends"]).sort_values(ascending=False, kind="stable")
    ends = compose.ends(sheet, net, tonnes.index[tonnes > 0])
    return [stop if at < NAMED_ENDS else _as_town(stop) for at, stop in enumerate(ends)]


def _as_town(stop: Stop) -> Stop:
    return Stop(stop.place, stop.name, "via", stop.x, stop.y, stop.hours, stop.population)


def _full(carried: Carried, net: Network, mine: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> list[Stop]:
    """Marks where more is asked for than a capacity has, or nearly as much."""
    table = carried.utilisation
    found = []
    for row in table[table["state"].isin(list(FULL))].itertuples():
        at = _position(str(row.kind), str(row.id), net, mine, places)
        if at is not None:
            text = f"{_name(str(row.kind), str(row.id), net)}: {100 * row.utilisation:.0f} %"
            found.append(Stop(f"{row.kind}-{row.id}", text, str(row.state), *at, {}))
    return found


def _position(
    kind: str, ident: str, net: Network, mine: gpd.GeoDataFrame, places: gpd.GeoDataFrame
) -> tuple[float, float] | None:
    """Where a thing with a capacity lies, in metres; None where it is not on the map."""
    if kind in ("link", "line"):
        links = net.links
        idents = [ident] if kind == "link" else list(links.index[links["line"] == ident])
        some = mine.geometry[mine["id"].isin(idents)]
        if some.empty:
            return None
        point = some.iloc[int(np.argmax(some.length))].interpolate(0.5, normalized=True)
        return float(point.x), float(point.y)
    if kind == "crossing":
        ends = [places.geometry[net.crossings.loc[ident, side]] for side in ("place_a", "place_b")]
        return (ends[0].x + ends[1].x) / 2, (ends[0].y + ends[1].y) / 2
    terminals: pd.DataFrame = net.tables["terminals"].set_index("id")
    point = places.geometry[ident if kind == "port" else terminals.loc[ident, "place"]]
    return float(point.x), float(point.y)


def _name(kind: str, ident: str, net: Network) -> str:
    """Name of a thing with a capacity."""
    if kind == "crossing":
        return crossing_label(net.tables, ident)
    if kind in ("port", "terminal"):
        place = ident if kind == "port" else str(net.tables.find("terminals", ident)["place"])
        return plain(net.tables.name(place))
    if kind == "line":
        return ident
    link = net.links.loc[ident]
    return "–".join(plain(net.tables.name(str(link[end]))) for end in ("from_id", "to_id"))
