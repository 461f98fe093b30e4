"""Commands that find ways: `route`, and `matrix` for many places at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import pandas as pd

import corridors as co
from corridors.base.units import COST, HOURS, MEASURES, Measure, measure
from corridors.cli import completion, output
from corridors.cli.options import asked_options, draws_options, ends, network_options
from corridors.cli.output import output_options, show, show_table
from corridors.cli.running import command

BANDS = (HOURS, COST)
"""What is drawn of a route."""


@command(
    "route",
    "corridors route Almaty Karachi --cargo wagon",
    'corridors route Алматы "Kabul, Afghanistan" --at 2026-11 --commodity flour',
    "corridors route 43.25,76.95 Karachi --build uap-kabul/long --draws 500 -k 2 --format json",
)
@click.argument("origin", type=completion.PLACE)
@click.argument("destination", type=completion.PLACE)
@asked_options()
@click.option(
    "-k",
    "k",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Number of really different corridors; fewer are shown where there are fewer.",
)
@click.option(
    "--dissimilarity",
    type=float,
    default=0.3,
    show_default=True,
    metavar="SHARE",
    help="With -k: least share of the km, 0 to 1, that a corridor has to itself.",
)
@draws_options(0, about="Draws for the 5, 50 and 95 % points of hours and USD/t of single trips (0: none).")
@output_options(*output.FORMATS)
@network_options  # fmt: skip
def route(
    origin: str,
    destination: str,
    *,
    k: int,
    dissimilarity: float,
    draws: int,
    seed: int,
    form: str,
    out: Path | None,
    net: co.Network,
    **asked: Any,
) -> None:
    """Show the best way from ORIGIN to DESTINATION, leg by leg, in km, hours, USD/t and kg CO2e/t.

    Places are ids, names in any script, names with their country ("Jalalabad, KG"), or latitude and longitude in
    degrees ("43.25,76.95"), which are joined to the network by a road. JSON is a list of routes for any -k.
    """
    if draws and form not in (output.TABLE, output.JSON):
        raise click.UsageError(f"--draws belongs to totals, which --format {form} does not hold: use table or json")
    asked["modes"] = asked["modes"] or None
    if k == 1:
        routes = [net.route(origin, destination, **asked)]
    else:
        routes = net.alternatives(origin, destination, k, dissimilarity=dissimilarity, **asked)
    bands = [_bands(one, draws, seed) for one in routes]
    show(
        form,
        out,
        table=lambda: "\n\n".join(_text(*one, draws) for one in zip(routes, bands, strict=True)),
        json=lambda: output.records_as_json(_record(*one) for one in zip(routes, bands, strict=True)),
        csv=lambda: output.as_csv(_numbered([one.legs for one in routes])),
        geojson=lambda: output.as_geojson(_numbered([one.to_gdf() for one in routes])),
    )


def _bands(one: co.Route, draws: int, seed: int) -> dict[Measure, dict[str, float]]:
    """Percentiles of single trips by measure; none without draws."""
    if not draws:
        return {}
    return {wanted: one.distribution(wanted, draws=draws, seed=seed).summary() for wanted in BANDS}


def _text(one: co.Route, bands: Mapping[Measure, Mapping[str, float]], draws: int) -> str:
    """Route as it is printed, with the percentiles of trips under it."""
    points = [
        f"{found['p05']:,.0f} / {found['p50']:,.0f} / {found['p95']:,.0f} {wanted.unit}"
        for wanted, found in bands.items()
    ]
    below = [f"Single trips (p05 / p50 / p95 of {draws:,} draws): {', '.join(points)}"] if points else []
    return "\n".join([repr(one), *below])


def _record(one: co.Route, bands: Mapping[Measure, Mapping[str, float]]) -> dict[str, Any]:
    """Route as plain values, with the percentiles of trips beside the totals."""
    points = {f"{wanted.column}_{end}": found[end] for wanted, found in bands.items() for end in ("p05", "p50", "p95")}
    return {**one.to_dict(), **points}


def _numbered(tables: Sequence[Any]) -> Any:
    """Tables of several routes as one, with the number of the route."""
    return pd.concat([table.assign(route=number) for number, table in enumerate(tables, start=1)])


@command(
    "matrix",
    "corridors matrix --measure distance --modes rail",
    "corridors matrix --from Almaty --from Astana --to Karachi --measure cost --out cost.csv",
    "corridors matrix --from Tashkent --to pakistan --draws 500 --by generalized",
)
@click.option(
    "--from",
    "origins",
    multiple=True,
    type=completion.PLACE_OR_SET,
    metavar="PLACE",
    help="Origin, or a set of places (repeatable; default: kazakhstan).",
)
@click.option(
    "--to",
    "destinations",
    multiple=True,
    type=completion.PLACE_OR_SET,
    metavar="PLACE",
    help="Destination, or a set of places (repeatable; default: south-asian-ports).",
)
@click.option(
    "--measure",
    type=click.Choice(list(MEASURES)),
    default="hours",
    show_default=True,
    help="What to show: hours, cost (USD/t), distance (km), co2e (kg/t) or generalized (USD/t).",
)
@click.option(
    "--by",
    type=completion.OBJECTIVE,
    metavar="MEASURE",
    help="What to minimise (default: the measure itself), or weights such as cost=1,hours=0.5.",
)
@asked_options(but=("via", "by"))
@draws_options(0, about="Draws for percentiles of single trips (0: none).")
@output_options()
@network_options  # fmt: skip
def matrix(
    origins: Sequence[str],
    destinations: Sequence[str],
    *,
    measure: str,
    draws: int,
    seed: int,
    form: str,
    out: Path | None,
    net: co.Network,
    **asked: Any,
) -> None:
    """Show a measure of the best way of every pair of two sets of places.

    As a table, origins stand in rows and destinations in columns, inf where there is no way. JSON and CSV have one
    record per pair, null or inf where there is none. With draws, every form has one row per pair.
    """
    asked["modes"] = asked["modes"] or None
    rows, columns = ends(origins, "kazakhstan"), ends(destinations, "south-asian-ports")
    if draws:
        show_table(net.matrix_draws(rows, columns, measure, draws=draws, seed=seed, **asked).reset_index(), form, out)
        return
    table = net.matrix(rows, columns, measure, **asked)
    show_table(_long(table, measure), form, out, text=lambda: str(table.round(1).to_string()))


def _long(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """One row per pair of different places."""
    long = table.stack().rename(measure(name).column).reset_index()
    return long[long["origin"] != long["destination"]]
