"""The command that prices goods: `corridors landed`.

It asks `co.landed` for the delivered price of every supplier at one market, on the network as it is and beside it in
scenarios.

As a table the answer has the words of the library below it: who leads, on what prices, and what is not sure.

In JSON and CSV it is the plain table, one row per scenario and supplier, for other programs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

import corridors as co
from corridors.cli.options import chosen, network_options
from corridors.cli.routes import FORMATS
from corridors.model.expansion import CARGO
from corridors.uncertainty.draws import DRAWS


@click.command()
@click.argument("good")
@click.argument("market")
@click.option("--year", type=int, help="Year of the prices (default: the latest of each supplier).")
@click.option("--scenario", "scenarios", multiple=True, metavar="NAME", help="Scenario, or a TOML file of one.")
@click.option("--lift", multiple=True, metavar="ID", help="Row of the table duties to leave out, such as a ban.")
@click.option("--cargo", type=click.Choice((*CARGO, "cheapest")), help="Cargo unit (default: each supplier's own).")
@click.option("--draws", default=DRAWS, show_default=True, help="Draws for bands (0: none).")
@click.option("--seed", default=0, show_default=True)
@click.option("--format", "form", type=click.Choice(FORMATS[:3]), default="table", show_default=True)
@network_options
def landed(good: str, market: str, *, scenarios: Sequence[str], form: str, net: co.Network, **options: Any) -> None:
    """Show what GOOD of every supplier costs delivered to MARKET, part by part, and who is cheapest."""
    found = co.landed([net, *chosen(scenarios)], good, market=market, **options)
    table = found.table()
    texts = {"table": lambda: str(found), "json": lambda: str(table.to_json(orient="records", indent=2))}
    click.echo(texts.get(form, lambda: str(table.to_csv(index=False, lineterminator="\n")).rstrip())())
