"""Ranked bars of what tonnes pass: crossings, ports, countries or terminals, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from corridors.base.drawing import Drawing
from corridors.base.errors import InputError
from corridors.base.looks import HALO, INK
from corridors.base.numbers import tonnes_text
from corridors.data.tables import Tables
from corridors.plot import style, wording
from corridors.plot.charts import frame
from corridors.plot.charts.frame import Chart
from corridors.plot.charts.options import ChartOptions
from corridors.plot.maps.stops import crossing_label, plain
from corridors.plot.translate import drawing
from corridors.trade.carried import Carried

GATEWAYS: Final = {
    "crossings": "Border crossings", "ports": "Ports", "countries": "Countries", "terminals": "Terminals",
}  # fmt: skip
"""What bars may be of."""

NEW: Final[dict[str, str]] = {"color": style.MORE, "edgecolor": style.MORE}
OLD: Final[dict[str, str]] = {"color": HALO, "edgecolor": style.SAME, "hatch": "////"}
"""Bars of the network itself, and of the base."""

LEAST_T: Final = 0.5
"""Tonnes a year below which a gateway is not shown."""


class _Sizes(NamedTuple):
    """Height of a bar, and where those of the network and of the base lie in a row."""

    height: float
    now: float
    was: float


@drawing(ChartOptions)
def gateway_bars(
    carried: Carried,
    what: str = "crossings",
    ax: Axes | None = None,
    *,
    base: Carried | None = None,
    most: int = 10,
    country: str = "",
    names: tuple[str, str] = ("after", "before"),
    **options: Unpack[ChartOptions],
) -> Drawing:
    """Draw the tonnes of a year at gateways, those with most first, and before a change where a base is given.

    Parameters
    ----------
    carried
        What `co.carry` returns.
    what
        `crossings` (rail and road apart), `ports` (loaded and landed), `countries` (each tonne that passes, once) or
        `terminals`.
    ax
        Axes to draw on; by default a figure of its own, which pyplot does not know.
    base
        The same flows on another network, whose bars stand below.
    most
        Number of gateways that are drawn; the note tells what is left over.
    country
        Code of a country: of crossings and terminals only its own.
    names
        Names of the network and of the base in the key.
    options
        As in `ChartOptions`.

    Returns
    -------
    Drawing
        Figure with its axes, tables and caption, to show or save.

    Raises
    ------
    InputError
        If there is no such kind of gateway, or no tonnes pass any.

    >>> import corridors as co
    >>> net = co.load()
    >>> flour = {("Kostanay", "Kabul"): 700_000, ("Tashkent", "Kabul"): 1_200_000}
    >>> today = co.carry(net, flour, commodity="flour", cargo="wagon")
    >>> drawing = today.gateways()
    >>> [text.get_text() for text in drawing.ax.get_yticklabels()]
    ['Galaba–Hairatan, rail', 'Saryagash–Keles, rail']
    """
    if what not in GATEWAYS:
        raise InputError("what", what, f"one of {', '.join(GATEWAYS)}")
    if most < 1:
        raise InputError("most", most, "one gateway or more")
    now, was = _tonnes(carried, what, country), _tonnes(base, what, country) if base is not None else None
    table = pd.DataFrame({"now": now, "was": now if was is None else was}).fillna(0.0)
    table = table.loc[table.max(axis=1).sort_values(ascending=False, kind="stable").index]
    table = table[table.max(axis=1) >= LEAST_T]
    if table.empty:
        where = f" of {country}" if country else ""
        raise InputError("carried", carried.summary()["carried_t"], f"tonnes that pass {what}{where}")
    shown = table.head(most)
    chart = frame.open_rows(ax, list(shown.index), options, margin_cm=0.6, rows=1.0 if was is None else 1.6, share=0.4)
    _draw(chart, shown, names, pairs=was is not None)
    left = f" {len(table) - most} more with less are left out." if len(table) > most else ""
    _caption(chart, carried, (what, country, left), names if was is not None else ())
    _write(chart, shown, pairs=was is not None)
    return chart.drawing()


def _tonnes(carried: Carried, what: str, country: str) -> pd.Series:
    """Tonnes of a year by the name of the gateway."""
    tables = _tables(carried)
    if what == "countries":
        table = carried.countries
        return pd.Series(table["passes"].to_numpy(), [wording.country_name(code) for code in table["country"]])
    if what == "ports":
        table = carried.ports
        both = (table["loaded"] + table["landed"]).to_numpy()
        return pd.Series(both, [plain(tables.name(ident)) for ident in table["place"]], dtype=float)
    if what == "terminals":
        table = carried.terminals
        if country:
            table = table[[tables.country(place) == country for place in table["place"]]]
        labels = [plain(tables.name(place)) for place in table["place"]]
    else:
        table = carried.crossings
        if country:
            table = table[(table["from_country"] == country) | (table["to_country"] == country)]
        labels = [f"{crossing_label(tables, ident)}, {mode}" for ident, mode in zip(table["id"], table["mode"],
                                                                                   strict=True)]  # fmt: skip
    return table["tonnes"].groupby(np.array(labels, dtype=object)).sum()


def _tables(carried: Carried) -> Tables:
    if not carried.ways:
        raise InputError("carried", carried.summary()["carried_t"], "flows of which something is carried")
    return carried.ways[0].route.problem.tables


def _sizes(*, pairs: bool) -> _Sizes:
    return _Sizes(0.36, -0.19, 0.19) if pairs else _Sizes(0.6, 0.0, 0.0)


def _draw(chart: Chart, shown: pd.DataFrame, names: tuple[str, str], *, pairs: bool) -> None:
    """Draw the bars, those of the base below."""
    rows, sizes = np.arange(len(shown)), _sizes(pairs=pairs)
    width = chart.looks.pt(0.7)
    bars: list[tuple[str, float, dict[str, Any], str]] = [("now", sizes.now, NEW, names[0])]
    bars += [("was", sizes.was, OLD, names[1])] if pairs else []
    for column, shift, looks, _ in bars:
        chart.ax.barh(rows + shift, shown[column], height=sizes.height, linewidth=width, gid=column, **looks)
    chart.axis_label("tonnes a year")
    factor, unit = _unit(float(shown.to_numpy().max()))
    chart.ax.xaxis.set_major_formatter(lambda value, _: f"{value / factor:g} {unit}" if value else "0")
    ends = shown.max(axis=1).to_numpy()
    texts = [("", max(map(tonnes_text, row), key=len)) for row in shown.to_numpy()]
    chart.room_beside(np.zeros(len(shown)), ends, texts, size=_size(chart), floor=True)


def _unit(largest: float) -> tuple[float, str]:
    """Factor and name of the unit of the axis."""
    return next((pair for pair in ((1e6, "Mt"), (1e3, "kt")) if largest >= pair[0]), (1.0, "t"))


def _size(chart: Chart) -> float:
    return chart.looks.body


def _write(chart: Chart, shown: pd.DataFrame, *, pairs: bool) -> None:
    """Write tonnes beside the bars."""
    sizes = _sizes(pairs=pairs)
    for row, (now, was) in enumerate(shown.to_numpy()):
        chart.beside(tonnes_text(now), float(now), row + sizes.now, 4, _size(chart), fontweight="bold", color=INK)
        if pairs:
            chart.beside(tonnes_text(was), float(was), row + sizes.was, 4, _size(chart), color=INK)


def _caption(chart: Chart, carried: Carried, words: tuple[str, str, str], names: Sequence[str]) -> None:
    """Set title, subtitle, key (where there are two bars to a row) and note."""
    what, country, left = words
    patches = [Patch(facecolor=looks["color"], edgecolor=looks["edgecolor"], hatch=looks.get("hatch"))
               for looks in (NEW, OLD)]  # fmt: skip
    key = chart.key(patches, [name[:1].upper() + name[1:] for name in names]) if names else None
    where = f" of {wording.country_name(country)}" if country else ""
    counted = {"countries": "each tonne counts once in a country", "ports": "loaded and landed"}
    per = counted.get(what, "both directions")
    lost = carried.summary()["not_carried_t"]
    missing = f" Not carried: {tonnes_text(lost)}." if lost > LEAST_T else ""
    total = tonnes_text(float(carried.carried_t.sum()))
    chart.caption(
        f"{GATEWAYS[what]}{where} by tonnes",
        f"Tonnes a year of {total} carried; {per}",
        f"Given flows on the model's ways, no forecast.{missing}{left}",
        key,
    )
