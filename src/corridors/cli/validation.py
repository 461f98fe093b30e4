"""The model against published figures: `corridors validate`."""

from __future__ import annotations

from pathlib import Path

import click

import corridors as co
from corridors.cli.options import draws_options, options
from corridors.cli.output import output_options, show_table
from corridors.cli.running import Command, command

FILE = click.argument("file", required=False, type=click.Path(path_type=Path))
OBSERVED = options(FILE, draws_options(about="Draws for bands."), output_options())
"""What validations with draws ask for."""


@click.group(epilog="Example: corridors validate times --draws 200")
def validate() -> None:
    """Compare the model with published figures: lengths in km, hours, USD, and per cent."""


@command("distances", "corridors validate distances --mode road", "corridors validate distances mine.csv --tolerance 3")
@FILE
@click.option("--mode", type=click.Choice(("rail", "road", "sea")), default="rail", show_default=True, help="Mode.")
@click.option(
    "--tolerance", type=float, metavar="PERCENT", help="Per cent; by default 2 by rail and 5 by road and sea."
)
@output_options()
def distances(file: Path | None, *, mode: str, tolerance: float | None, form: str, out: Path | None) -> None:
    """Route the published distances (km) of FILE, by default the bundled ones of the mode, over the same way.

    FILE has the columns from_id, to_id and published_km. There may be low_km and high_km (the published range), mode
    (of the row), via (places passed, separated by commas), independent and note. Figures below the great circle are
    named as impossible and not counted.
    """
    found = co.validate.distances(co.load(), file, mode=mode, tolerance_pct=tolerance)
    show_table(found.table(), form, out, text=lambda: str(found))


OBSERVED_BY = {
    "times": "Run the model on observed journeys (hours)",
    "prices": "Price published freight rates (USD) with the model",
    "trade": "Set observed price gaps, delivered prices (USD/t) and gateway shares against the model",
    "claims": "Lay published promises (days, km, per cent) beside what the model says",
}
"""Validations with draws: function of `co.validate`, and what it does."""


def _observed(name: str, about: str) -> Command:
    """Command of a validation with draws."""

    def validation(file: Path | None, *, draws: int, seed: int, form: str, out: Path | None) -> None:
        found = getattr(co.validate, name)(co.load(), file, draws=draws, seed=seed)
        show_table(found.table(), form, out, text=lambda: str(found))

    validation.__doc__ = f"{about}: those of FILE, by default the bundled ones."
    examples = f"corridors validate {name}", f"corridors validate {name} mine.csv --draws 200"
    return command(name, *examples)(OBSERVED(validation))


for part in (distances, *(_observed(name, about) for name, about in OBSERVED_BY.items())):
    validate.add_command(part)
