"""The command for a consignment: `corridors quote`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

import corridors as co
from corridors.base.languages import ENGLISH, LANGUAGES
from corridors.cli import completion, output
from corridors.cli.options import asked_options, draws_options, network_options
from corridors.cli.output import output_options, show
from corridors.cli.running import command


@command(
    "quote",
    "corridors quote Almaty Karachi --cargo truck --departure 2026-12-01",
    "corridors quote Kostanay Kabul --commodity flour --units 20 --currency KZT --fx 520 --out quote.html",
)
@click.argument("origin", type=completion.PLACE)
@click.argument("destination", type=completion.PLACE)
@click.option("--ways", type=click.IntRange(min=1), default=3, show_default=True, metavar="N", help="Number of ways.")
@click.option(
    "--dissimilarity",
    type=float,
    default=0.3,
    show_default=True,
    metavar="SHARE",
    help="Least share of the km, 0 to 1, that a way has to itself.",
)
@click.option("--departure", default="today", show_default=True, metavar="DAY", help="Day of departure, YYYY-MM-DD.")
@click.option(
    "--payload",
    "payload_t",
    type=float,
    metavar="T",
    help="Tonnes in one box, truck or wagon, at most 36, 61.5 and 77 (default: what is loaded of the good).",
)
@click.option(
    "--units",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Number of boxes, trucks or wagons.",
)
@click.option("--currency", default="USD", show_default=True, metavar="CODE", help="Currency of the total.")
@click.option("--fx", "fx_per_usd", type=float, metavar="RATE", help="Units of the currency for one USD.")
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=ENGLISH,
    show_default=True,
    help="Language of the text and the page.",
)
@asked_options()
@draws_options(about="Draws behind the P50 and P90 arrivals.")
@output_options(*output.FORMATS[:3], "html")
@network_options  # fmt: skip
def quote(origin: str, destination: str, *, form: str, out: Path | None, net: co.Network, **asked: Any) -> None:
    """Quote a consignment from ORIGIN to DESTINATION: really different ways with USD, arrivals, borders, assumptions.

    Without --at the borders are those of the last date that the data knows.
    """
    asked["modes"] = asked["modes"] or None
    found = net.quote(origin, destination, **asked)
    show(
        form,
        out,
        table=lambda: str(found),
        json=lambda: output.as_json(found.table().reset_index()),
        csv=lambda: output.as_csv(found.table().reset_index()),
        html=lambda: str(found.html),
    )
