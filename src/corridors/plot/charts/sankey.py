"""Diagram of tonnes from origins through a gateway to destinations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from corridors.base.drawing import Drawing
from corridors.base.errors import InputError
from corridors.base.looks import HALO, INK
from corridors.base.numbers import tonnes_text
from corridors.plot import style, wording
from corridors.plot.charts import frame
from corridors.plot.charts.frame import Chart
from corridors.plot.charts.options import ChartOptions
from corridors.plot.maps.labels import spread
from corridors.plot.maps.stops import crossing_label, plain
from corridors.plot.translate import drawing
from corridors.routing.route import Route
from corridors.trade.carried import Carried

COLUMNS: Final = ("origin", "gateway", "destination")

MOST: Final = 6
"""Most rows of a column by default; the least are joined."""

OTHERS: Final = "others"

NO_BORDER: Final = "no border"

GAP: Final = 0.05
"""Space between two rows of a column, as a share of the height of all bands."""

BAR: Final = 0.014
"""Width of a bar, as a share of the distance of two columns."""


class _Node(NamedTuple):
    """A row of a column: its lower end and its height."""

    low: float
    high: float


@drawing(ChartOptions)
def sankey(
    carried: Carried,
    ax: Axes | None = None,
    *,
    country: str = "",
    most: int = MOST,
    **options: Unpack[ChartOptions],
) -> Drawing:
    """Draw tonnes of a year from origins through gateways to destinations, bands as high as their tonnes.

    The gateway of a way is the crossing or port by which it enters a country: that of `country`, or else that of its
    destination. Bands have the colour of their origin.

    Parameters
    ----------
    carried
        What `co.carry` returns.
    ax
        Axes to draw on; by default a figure of its own, which pyplot does not know.
    country
        Code of the country that is entered; by default that of each destination. Ways that do not pass it have no
        gateway.
    most
        Rows of a column; those with the least tonnes are joined to `others`.
    options
        As in `ChartOptions`.

    Returns
    -------
    Drawing
        Figure with its axes, tables and caption, to show or save.

    Raises
    ------
    InputError
        If nothing is carried, or there are fewer than two rows to a column.

    >>> import corridors as co
    >>> flour = {("Kostanay", "Kabul"): 700_000, ("Tashkent", "Herat"): 100_000}
    >>> drawing = co.carry(co.load(), flour, commodity="flour", cargo="wagon").sankey()
    >>> texts = [text.get_text() for text in drawing.ax.texts]
    >>> "Galaba–Hairatan, 700 kt" in texts, "Serhetabat–Torghundi, 100 kt" in texts
    (True, True)
    """
    if most < 2:
        raise InputError("most", most, "two rows or more")
    table = _table(carried, country)
    if table.empty:
        raise InputError("carried", carried.summary()["carried_t"], "flows of which something is carried")
    table = _joined(table, most)
    rows = max(table[column].nunique() for column in COLUMNS)
    chart = frame.open_chart(ax, 2.5 + 1.15 * rows, options)
    nodes = {column: _stacked(table.groupby(column, sort=False)["tonnes"].sum()) for column in COLUMNS}
    looks = {name: style.ROUTE_COLORS[at % len(style.ROUTE_COLORS)] for at, name in enumerate(nodes["origin"])}
    _open_axes(chart, nodes, table)
    _draw_bands(chart, table, nodes, looks)
    _draw_nodes(chart, table, nodes, looks)
    total = float(carried.carried_t.sum())
    chart.caption(
        f"Origins, gateways and destinations{_through(country)}",
        f"{tonnes_text(total)} carried in a year; bands are as high as their tonnes",
        "Given flows on the model's ways, no forecast. The gateway is where a way enters the country "
        f"{'of its destination' if not country else wording.country_name(country)}.",
    )
    return chart.drawing()


def _through(country: str) -> str:
    return f", by the gateways of {wording.country_name(country)}" if country else ""


def _table(carried: Carried, country: str) -> pd.DataFrame:
    """Tonnes by origin, gateway and destination."""
    rows = []
    for way, tonnes in zip(carried.ways, carried.carried_t.sum(axis=1).tolist(), strict=True):
        route, flow = way.route, carried.flows[way.flow]
        name = route.problem.tables.name
        rows.append((plain(name(flow.origin)), _gateway(route, country), plain(name(flow.destination)), tonnes))
    table = pd.DataFrame(rows, columns=[*COLUMNS, "tonnes"])
    return table[table["tonnes"] > 0].groupby(list(COLUMNS), sort=False, as_index=False)["tonnes"].sum()


def _gateway(route: Route, country: str) -> str:
    """Name of the crossing or port by which a way first enters a country."""
    tables = route.problem.tables
    entered = country or tables.country(route.destination)
    steps = route.steps
    for kind, ident, first, last in zip(steps["kind"], steps["id"], steps["from_id"], steps["to_id"], strict=True):
        if kind == "border" and tables.country(str(last)) == entered != tables.country(str(first)):
            return crossing_label(tables, str(ident))
        if kind == "sea" and tables.country(str(last)) == entered != tables.country(str(first)):
            return f"{plain(tables.name(str(last)))}, port"
    return NO_BORDER if not country else f"not through {wording.country_name(country)}"


def _joined(table: pd.DataFrame, most: int) -> pd.DataFrame:
    """Tonnes with the least rows of each column joined to others."""
    table = table.copy()
    for column in COLUMNS:
        sums = table.groupby(column)["tonnes"].sum().sort_values(ascending=False, kind="stable")
        if len(sums) > most:
            others = f"{len(sums) - most + 1} {OTHERS}"
            table[column] = table[column].where(table[column].isin(sums.index[: most - 1]), others)
    return table.groupby(list(COLUMNS), sort=False, as_index=False)["tonnes"].sum()


def _stacked(sums: pd.Series) -> dict[str, _Node]:
    """Rows of a column from the top, with space between them; all bands together are one high."""
    heights = sums / sums.sum()
    order = sorted(heights.index, key=lambda name: (name.endswith(OTHERS), -heights[name]))
    top, found = 0.0, {}
    for name in order:
        found[str(name)] = _Node(top - float(heights[name]), top)
        top -= float(heights[name]) + GAP
    return found


def _open_axes(chart: Chart, nodes: Mapping[str, Mapping[str, _Node]], table: pd.DataFrame) -> None:
    """Set limits with room for the names of origins and destinations."""
    ax = chart.ax
    chart.axis_looks(grid="")
    lowest = min(node.low for column in nodes.values() for node in column.values())
    ax.set(xticks=[], yticks=[], ylim=(lowest - GAP / 2, GAP / 2), xlim=(0, 2))
    chart.settle()
    inner = ax.get_window_extent().width
    sides = [
        max(chart.size_of(_label(name, tonnes), chart.looks.body)[0] for name, tonnes in _sums(table, column).items())
        for column in ("origin", "destination")
    ]
    unit = 2 / max(inner - sum(sides) - 24 * chart.px, 0.2 * inner)
    ax.set_xlim(-(sides[0] + 10 * chart.px) * unit, 2 + (sides[1] + 10 * chart.px) * unit)


def _sums(table: pd.DataFrame, column: str) -> dict[str, float]:
    return {str(name): float(tonnes) for name, tonnes in table.groupby(column)["tonnes"].sum().items()}


def _label(name: str, tonnes: float) -> str:
    return f"{name}, {tonnes_text(tonnes)}"


def _draw_bands(
    chart: Chart, table: pd.DataFrame, nodes: Mapping[str, Mapping[str, _Node]], looks: Mapping[str, str]
) -> None:
    """Draw the bands between neighbouring columns, coloured by origin."""
    total = float(table["tonnes"].sum())
    for at, (left, right) in enumerate((COLUMNS[:2], COLUMNS[1:])):
        keys = ["origin", left, right] if left != "origin" else [left, right]
        part = table.groupby(keys, as_index=False)["tonnes"].sum()
        order = {column: {name: number for number, name in enumerate(nodes[column])} for column in COLUMNS}
        # on both sides bands lie in the order of the other, so that they cross as little as can be
        out, into = _offsets(part, left, right, order, total), _offsets(part, right, left, order, total)
        for row in part.index:
            height = float(part.loc[row, "tonnes"]) / total
            start, end = (nodes[column][part.loc[row, column]].high for column in (left, right))
            color = looks[part.loc[row, "origin"]]
            chart.ax.add_patch(_band(at, [start - out[row], end - into[row]], height, color))


def _offsets(
    part: pd.DataFrame, column: str, other: str, order: Mapping[str, Mapping[str, int]], total: float
) -> dict[int, float]:
    """How far below the top of its row each band begins."""
    ranks = [*(part[name].map(order[name]) for name in (column, other, "origin"))]
    sequence = np.lexsort([rank.to_numpy() for rank in reversed(ranks)])
    used: dict[str, float] = {}
    found: dict[int, float] = {}
    for row in part.index[sequence]:
        name = str(part.loc[row, column])
        found[row] = used.get(name, 0.0)
        used[name] = found[row] + float(part.loc[row, "tonnes"]) / total
    return found


def _band(at: int, tops: Sequence[float], height: float, color: str) -> PathPatch:
    """Band from one column to the next, bent."""
    x0, x1, middle = at + BAR, at + 1 - BAR, at + 0.5
    points = [
        (x0, tops[0]), (middle, tops[0]), (middle, tops[1]), (x1, tops[1]),
        (x1, tops[1] - height), (middle, tops[1] - height), (middle, tops[0] - height), (x0, tops[0] - height),
        (x0, tops[0]),
    ]  # fmt: skip
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return PathPatch(Path(points, codes), facecolor=color, alpha=0.55, linewidth=0, gid="band")


def _draw_nodes(
    chart: Chart, table: pd.DataFrame, nodes: Mapping[str, Mapping[str, _Node]], looks: Mapping[str, str]
) -> None:
    """Draw the rows of the columns with their names and tonnes, moved apart where they would meet."""
    size = chart.looks.body
    for at, column in enumerate(COLUMNS):
        sums = _sums(table, column)
        for name, node in nodes[column].items():
            color = looks.get(name, INK) if column == "origin" else INK
            bar = Rectangle(
                (at - BAR, node.low), 2 * BAR, node.high - node.low, facecolor=color, linewidth=0, gid="node"
            )
            chart.ax.add_patch(bar)
        middles = [(node.low + node.high) / 2 for node in nodes[column].values()]
        y = chart.pixels([at] * len(middles), middles)[:, 1]
        heights = np.array([1.1 * chart.size_of(_label(name, sums[name]), size)[1] for name in nodes[column]])
        aside, align = (-5, "right") if column == "origin" else (5, "left")
        for name, middle, move in zip(nodes[column], middles, (spread(y, heights) - y) / chart.px, strict=True):
            chart.ax.annotate(
                _label(name, sums[name]), (at + np.sign(aside) * BAR, middle), (aside, float(move)), ha=align,
                textcoords="offset points", va="center", gid=frame.LABEL,
                path_effects=[withStroke(linewidth=chart.looks.pt(2.2), foreground=HALO, alpha=0.85)],
                **chart.text_looks(size),
            )  # fmt: skip
