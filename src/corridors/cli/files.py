"""Commands for data: `check`, `init`, `convert` and `data diff`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

import corridors as co
from corridors.cli.options import draws_options, network
from corridors.cli.output import output_options, show_table
from corridors.cli.running import command
from corridors.formats import FORMATS as NETWORK_FORMATS
from corridors.formats import format_of
from corridors.formats.hierarchies import beside
from corridors.model.expansion import CARGO
from corridors.uncertainty.graphs import LARGE_STATES


@command("check", "corridors check", "corridors check --data mine --all")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Own network (folder or file) instead of the reference.",
)
@click.option(
    "--all", "everything", is_flag=True, help="List what the data explains, and what is told for information."
)
@output_options()
def check(data: Path | None, *, everything: bool, form: str, out: Path | None) -> None:
    """Check the data: positions, lengths in km, borders, sources; exit code 1 where there is an error."""
    try:
        findings = network(data).check()
    except co.SchemaError as error:
        # tables that cannot be a network are what a check is there to find
        raise click.ClickException(str(error)) from error
    more = findings.level("explained") + findings.level("information") if everything else []
    table = findings.to_frame()
    table = table if everything else table[table["level"].isin(["error", "warning"])]
    show_table(table, form, out, text=lambda: "\n".join(map(str, [*more, findings])))
    if not findings:
        sys.exit(1)


@command("init", "corridors init mine", "corridors init mine.xlsx")
@click.argument("path", type=click.Path(path_type=Path))
def init(path: Path) -> None:
    """Write a small network to start your own from: into a new folder PATH, or a file .xlsx or .gpkg."""
    made = co.write_template(path)
    click.echo(f"wrote {made}; try: corridors route Termez Mazar-i-Sharif --data {made}")


@command("convert", "corridors convert reference net.gpkg", "corridors convert net.gpkg tables --format parquet")
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--format", "format", type=click.Choice(tuple(NETWORK_FORMATS)), help="Format of TARGET, if it is a folder."
)
@click.option("--overwrite", is_flag=True, help="Replace what stands at TARGET, also if it is no network.")
@click.option(
    "--hierarchies",
    multiple=True,
    type=click.Choice(CARGO),
    help="Keep beside TARGET what draws of this cargo unit need first on a large network (repeatable).",
)
def convert(
    source: Path,
    target: Path,
    *,
    format: str | None,  # noqa: A002 - as in the library
    overwrite: bool,
    hierarchies: tuple[str, ...],
) -> None:
    """Write the network of SOURCE (a folder or file, or the word reference) in the format of TARGET.

    Other files of a folder and other layers of a GeoPackage stay.
    """
    net = co.load() if str(source) == "reference" else co.read(source)
    written = net.write(target, format=format, overwrite=overwrite, hierarchies=hierarchies or False)
    click.echo(f"wrote {written}")
    if hierarchies and beside(written).is_file():
        click.echo(f"kept hierarchies of {', '.join(dict.fromkeys(hierarchies))} in {beside(written)}")
    elif hierarchies:
        click.echo(f"kept no hierarchies: below {LARGE_STATES:,} places and systems none are needed", err=True)
    kind = format_of(target, format)
    if kind.lost:
        click.echo(f"left out, for the format cannot hold it: {kind.lost}", err=True)


@click.group("data", epilog="Example: corridors data diff old/geo data/geo")
def versions() -> None:
    """Compare versions of data."""


@command("diff", "corridors data diff old/geo data/geo", "corridors data diff reference mine --draws 50 --format csv")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--part",
    "parts",
    multiple=True,
    type=click.Choice(("routes", "headline", "validation")),
    help="Compare this alone, which is quicker (repeatable).",
)
@draws_options(200, about="Draws for the ranges of the validation.")
@output_options()
def diff(old: Path, new: Path, *, parts: tuple[str, ...], draws: int, seed: int, form: str, out: Path | None) -> None:
    """Say what a change of data from OLD to NEW does to routes (km, hours, USD/t), headline (days) and validation.

    OLD and NEW are networks (folders or files), or the word reference. The table has the figures that change.
    """
    first, second = (co.load() if str(path) == "reference" else co.read(path) for path in (old, new))
    some = {"parts": parts} if parts else {}
    found = co.validate.data_change(first, second, **some, draws=draws, seed=seed)
    show_table(found.table(), form, out, text=lambda: str(found))


versions.add_command(diff)
