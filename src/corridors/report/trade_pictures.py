"""The maps and charts of the section on trade."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from corridors.base.errors import InputError
from corridors.base.numbers import tonnes_text
from corridors.base.progress import progress
from corridors.plot import gateway_bars, landed_bars, plot_carried, sankey
from corridors.report.pictures import Picture
from corridors.report.trade import Trade
from corridors.report.words import name_of

WIDTH_CM: Final = 13.0
"""Width of the pictures, for which they are read on a telephone as well."""

PRICES, TONNES, MOVED, GATEWAYS, WAYS = (
    "chart-delivered-prices", "map-tonnes", "map-tonnes-change", "chart-gateways", "chart-from-to",
)  # fmt: skip
"""File names."""


def trade_pictures(found: Trade) -> list[Picture]:
    """Draw all pictures of the section that there is something for.

    Parameters
    ----------
    found
        What was computed.
    """
    makers = [partial(make, found) for make in (_prices, _tonnes, _moved, _gateways, _ways)]
    return [picture for make in progress(makers, "pictures of trade") for picture in make()]


def _prices(found: Trade) -> Iterator[Picture]:
    """Draw the delivered prices of the first good at the first market, as they are and with the first new line."""
    (good, market), prices = next(iter(found.landed.items()))
    if prices.table()["landed_usd_t"].notna().any():
        drawn = landed_bars(prices, scenario=prices.base, width_cm=WIDTH_CM)
        name, where = found.good_name(good), found.place_name(market)
        yield Picture(
            PRICES,
            f"{name} delivered to {where}",
            f"What {name.lower()} of every supplier costs at {where} without a new line, part by part. Prices of "
            "different kinds and years stand under the chart; the file trade-prices.csv has all goods and markets.",
            drawn.fig,
        )


def _tonnes(found: Trade) -> Iterator[Picture]:
    """Draw the tonnes of the given flows as they are."""
    for name, carried in list(found.carried.items())[:1]:
        if carried.ways:
            total = tonnes_text(float(carried.carried_t.sum()))
            yield Picture(
                TONNES,
                "Tonnes of the given flows",
                f"The {total} of the flows on the ways of least cost, {found.results.titles[name].lower()}. Given "
                "flows, no forecast; which town buys how much is not published, so towns share by people.",
                plot_carried(carried, width_cm=WIDTH_CM).fig,
            )


def _moved(found: Trade) -> Iterator[Picture]:
    """Draw which lines gain and lose tonnes with the first new line that moves any."""
    base, *others = found.carried.items()
    for name, carried in others:
        try:
            drawn = plot_carried(carried, what="change", base=base[1], width_cm=WIDTH_CM)
        except InputError:  # nothing is carried
            continue
        subject = name_of(found.results, name)
        yield Picture(
            MOVED,
            f"Lines that gain and lose tonnes with {subject}",
            f"The same flows with {subject}, against the network without: a response of given flows, and no tonnage of "
            "a line.",
            drawn.fig,
        )
        return


def _gateways(found: Trade) -> Iterator[Picture]:
    """Draw crossings by tonnes, before and after the first new line."""
    names = list(found.carried)
    if len(names) > 1 and found.carried[names[0]].crossings["tonnes"].sum() > 1:
        subject = name_of(found.results, names[1])
        drawn = gateway_bars(
            found.carried[names[1]], base=found.carried[names[0]], names=(f"with {subject}", "without"),
            width_cm=WIDTH_CM,
        )  # fmt: skip
        yield Picture(
            GATEWAYS,
            "Border crossings by tonnes",
            f"Crossings of the given flows, with {subject} and without, each flow on its way of least cost.",
            drawn.fig,
        )


def _ways(found: Trade) -> Iterator[Picture]:
    """Draw the tonnes from origins through gateways to destinations."""
    for carried in list(found.carried.values())[:1]:
        if carried.ways:
            yield Picture(
                WAYS,
                "From origin through a gateway to the destination",
                "The given flows without a new line: where they come from, by which crossing they enter the country "
                "that buys them, and where they go.",
                sankey(carried, width_cm=WIDTH_CM).fig,
            )
