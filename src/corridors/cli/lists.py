"""Commands that list what there is: `places`, `projects` and `schema`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import pandas as pd

import corridors as co
from corridors.base.names import near
from corridors.cli import completion
from corridors.cli.options import network_options
from corridors.cli.output import output_options, show_table
from corridors.cli.points import POINT
from corridors.cli.running import command
from corridors.data import schema
from corridors.data.countries import country_code, near_countries

PLACES = ["id", "name", "country", "kind", "lat", "lon", "population"]
PROJECTS = ["id", "name", "kind", "length_km", "countries", "status", "built"]
"""Columns that are shown to read; JSON and CSV have all."""


@command(
    "places",
    "corridors places --country Kazakhstan --kind port",
    "corridors places Алматы",
    "corridors places 43.25,76.95",
)
@click.argument("name", required=False)
@click.option(
    "--country",
    multiple=True,
    type=completion.COUNTRY,
    metavar="COUNTRY",
    help="Country by code or name (repeatable).",
)
@click.option("--kind", multiple=True, metavar="KIND", help="Kind such as city, port or border (repeatable).")
@output_options()
@network_options  # fmt: skip
def places(
    name: str | None, *, country: Sequence[str], kind: Sequence[str], form: str, out: Path | None, net: co.Network
) -> None:
    """List the places of the network, all that bear NAME, or those nearest to a point.

    NAME is looked up in any script, in the network and among 5,600 towns; a blank place is a town that --connect joins
    to the network. Positions are latitude and longitude in degrees, distances from a point in km.
    """
    if name is None:
        table = net.places.drop(columns="geometry").reset_index()
        shown = PLACES
    else:
        table = _around(net, name) if POINT.fullmatch(name) else _named(name)
        shown = [column for column in table if column not in ("source", "aliases", "note", "confidence", "geometry")]
    table = _only(table, "country", [country_code(one) or one for one in country])
    table = _only(table, "kind", kind)
    show_table(table, form, out, text=lambda: _to_read(table[shown]))


def _named(name: str) -> pd.DataFrame:
    """Places and towns that bear a name; the error names those that look alike."""
    table = co.gazetteer(name)
    if table.empty:
        co.geocode(name)
    return table


def _around(net: co.Network, text: str) -> pd.DataFrame:
    """Places nearest to a point."""
    point = POINT.fullmatch(text)
    assert point is not None  # noqa: S101 - the caller has looked
    return pd.DataFrame(net.nearest((float(point[1]), float(point[2])), k=5))


def _only(table: pd.DataFrame, column: str, wanted: Sequence[str]) -> pd.DataFrame:
    """Rows with one of some values; a value that no row has is an error with its near matches."""
    for one in wanted:
        if one not in set(table[column]):
            existing = sorted(set(table[column].astype(str)))
            matches = near_countries(one, existing) if column == "country" else near(one, existing)
            raise co.UnknownNameError(column, one, matches, "" if matches else f"There are {', '.join(existing)}.")
    return table[table[column].isin(wanted)] if wanted else table


def _to_read(table: pd.DataFrame) -> str:
    """Places with positions of three decimals and whole inhabitants."""
    forms = {"lat": "{:.3f}", "lon": "{:.3f}", "population": "{:,.0f}", "km": "{:,.1f}"}
    shown = {
        name: table[name].map(lambda cell, form=form: "" if pd.isna(cell) else form.format(cell))
        for name, form in forms.items()
        if name in table
    }
    return str(table.assign(**shown).to_string(index=False, max_colwidth=60)) if len(table) else "(none)"


@command("projects", "corridors projects", "corridors projects --country Kyrgyzstan --format json")
@click.option(
    "--country",
    multiple=True,
    type=completion.COUNTRY,
    metavar="COUNTRY",
    help="Projects that touch a country, by code or name (repeatable).",
)
@output_options()
@network_options  # fmt: skip
def list_projects(*, country: Sequence[str], form: str, out: Path | None, net: co.Network) -> None:
    """List the projects that --build takes: length in km, countries, status, and whether they are built.

    JSON and CSV have all that is known: published lengths in km, costs in million USD, sources.
    """
    table = net.projects.reset_index()
    touched = table["countries"].map(schema.items)
    existing = {code for codes in touched for code in codes}
    codes = [country_code(one) for one in country]
    for code, typed in zip(codes, country, strict=True):
        if code not in existing:
            raise co.UnknownNameError(
                "project in country", typed, near_countries(typed, existing), where="in the table"
            )
    if codes:
        table = table[touched.map(lambda some: bool({*some} & {*codes}))]
    show_table(table, form, out, text=lambda: table[PROJECTS].to_string(index=False, max_colwidth=60))


@command("schema", "corridors schema", "corridors schema links")
@click.argument("table", required=False)
def print_schema(table: str | None) -> None:
    """Print the columns of TABLE with their units and choices, or the names of all tables."""
    tables = schema.all_tables()
    if table is None:
        click.echo("\n".join(tables))
        return
    if table not in tables:
        raise co.UnknownNameError("table", table, near(table, tables) or tables)
    for column in tables[table].values():
        choices = f" ({'; '.join(column.choices) or column.range})" if column.choices or column.range else ""
        unit = f" [{column.unit}]" if column.unit else ""
        click.echo(f"{column.name:<18}{'required' if column.required else '':<10}{column.description}{unit}{choices}")
