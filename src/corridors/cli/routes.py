"""The command that finds a way: `corridors route`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import click
import pandas as pd

import corridors as co
from corridors.base.units import MEASURES
from corridors.cli.options import network_options
from corridors.model.expansion import CARGO, MODES

FORMATS = ("table", "json", "csv", "geojson")


@click.command()
@click.argument("origin")
@click.argument("destination")
@click.option("--via", multiple=True, metavar="PLACE", help="Place to pass (may be repeated, in order).")
@click.option("--avoid", multiple=True, metavar="WHAT", help="Country, place, link, crossing or mode not to use.")
@click.option(
    "--by", type=click.Choice(list(MEASURES)), default="generalized", show_default=True, help="What to minimise."
)
@click.option("--cargo", type=click.Choice(CARGO), default="container", show_default=True, help="Cargo unit.")
@click.option("--modes", multiple=True, type=click.Choice(MODES), help="Modes to use (default: all).")
@click.option("--charter", is_flag=True, help="Charter ships between all ports with a distance, besides the services.")
@click.option("--min-rail-share", type=float, help="Least share of the land km by rail (default: 0.5 for wagons).")
@click.option("-k", "count", default=1, show_default=True, help="Number of different corridors.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
@network_options
def route(origin: str, destination: str, *, count: int, form: str, net: co.Network, **options: Any) -> None:
    """Show the best route from ORIGIN to DESTINATION, leg by leg."""
    options["modes"] = options["modes"] or None
    routes = [net.route(origin, destination, **options)]
    if count > 1:
        routes = net.alternatives(origin, destination, count, **options)
    click.echo(_shown(routes, form))


def _shown(routes: Sequence[co.Route], form: str) -> str:
    if form == "json":
        return json.dumps([r.to_dict() for r in routes] if len(routes) > 1 else routes[0].to_dict(), indent=2)
    if form == "csv":
        frames = [r.legs.assign(route=i) for i, r in enumerate(routes, start=1)]
        return "".join(f.to_csv(index=False, header=i == 0, lineterminator="\n") for i, f in enumerate(frames)).rstrip()
    if form == "geojson":
        return str(pd.concat([r.to_gdf().assign(route=i) for i, r in enumerate(routes, start=1)]).to_json(drop_id=True))
    return "\n\n".join(map(repr, routes))
