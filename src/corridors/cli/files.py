"""Commands for data: `check`, `init`, `convert` and `schema`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

import corridors as co
from corridors.cli.options import network
from corridors.cli.running import plainly
from corridors.data import schema
from corridors.formats import FORMATS as NETWORK_FORMATS
from corridors.formats import format_of


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="Own network (folder or file) instead of the reference.")
@click.option("--all", "everything", is_flag=True, help="List what the data explains, too.")
@plainly
def check(data: Path | None, everything: bool) -> None:
    """Check the data; exit code 1 where there is an error."""
    findings = network(data, None, (), ()).check()
    if everything:
        click.echo("\n".join(map(str, findings.level("explained"))))
    click.echo(str(findings))
    if not findings:
        sys.exit(1)


@click.command("init")
@click.argument("path", type=click.Path(path_type=Path))
@plainly
def init(path: Path) -> None:
    """Write a small network to start your own from: into a new folder PATH, or a file .xlsx or .gpkg."""
    made = co.write_template(path)
    click.echo(f"wrote {made}; try: corridors route Termez Mazar-i-Sharif --data {made}")


@click.command("convert")
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(tuple(NETWORK_FORMATS)), help="Format of TARGET, if it is a folder."
)
@click.option("--overwrite", is_flag=True, help="Replace what stands at TARGET, also if it is no network.")
@plainly
def convert(source: Path, target: Path, *, form: str | None, overwrite: bool) -> None:
    """Write the network of SOURCE (a folder or file, or the word reference) in the format of TARGET.

    Other files of a folder and other layers of a GeoPackage stay.
    """
    net = co.load() if str(source) == "reference" else co.read(source)
    click.echo(f"wrote {net.write(target, format=form, overwrite=overwrite)}")
    kind = format_of(target, form)
    if kind.lost:
        click.echo(f"left out, for the format cannot hold it: {kind.lost}", err=True)


@click.command("schema")
@click.argument("table", required=False)
@plainly
def print_schema(table: str | None) -> None:
    """Print the columns of TABLE, or the names of all tables."""
    tables = schema.all_tables()
    if table is None:
        click.echo("\n".join(tables))
        return
    if table not in tables:
        raise co.UnknownNameError("table", table, tables)
    for column in tables[table].values():
        choices = f" ({'; '.join(column.choices) or column.range})" if column.choices or column.range else ""
        unit = f" [{column.unit}]" if column.unit else ""
        click.echo(f"{column.name:<18}{'required' if column.required else '':<10}{column.description}{unit}{choices}")
