"""The model against published figures: `corridors validate`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

import corridors as co
from corridors.cli.running import plainly
from corridors.uncertainty.draws import DRAWS


@click.group()
def validate() -> None:
    """Compare the model with published figures."""


@validate.command("distances")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--mode", type=click.Choice(("rail", "road", "sea")), default="rail", show_default=True)
@click.option("--tolerance", type=float, help="Percent; by default 2 by rail and 5 by road and sea.")
@plainly
def validate_distances(file: Path | None, mode: str, tolerance: float | None) -> None:
    """Route the published distances of FILE (by default the bundled ones of the mode) over the same way.

    FILE has the columns from_id, to_id and published_km. There may be low_km and high_km (the published range), mode
    (of the row), via (places passed, separated by commas), independent and note. Figures below the great circle are
    named as impossible and not counted.
    """
    click.echo(str(co.validate.distances(co.load(), file, mode=mode, tolerance_pct=tolerance)))


def _observed(command: Callable[..., None]) -> Callable[..., None]:
    """Add what validations with draws ask for."""
    command = click.option("--seed", default=0, show_default=True)(plainly(command))
    command = click.option("--draws", default=DRAWS, show_default=True)(command)
    return click.argument("file", required=False, type=click.Path(path_type=Path))(command)


@validate.command("times")
@_observed
def validate_times(file: Path | None, draws: int, seed: int) -> None:
    """Run the model on the observed journeys of FILE (by default the bundled ones)."""
    click.echo(str(co.validate.times(co.load(), file, draws=draws, seed=seed)))


@validate.command("prices")
@_observed
def validate_prices(file: Path | None, draws: int, seed: int) -> None:
    """Price the published freight rates of FILE (by default the bundled ones) with the model."""
    click.echo(str(co.validate.prices(co.load(), file, draws=draws, seed=seed)))


@validate.command("trade")
@_observed
def validate_trade(file: Path | None, draws: int, seed: int) -> None:
    """Set price gaps, delivered prices and gateway shares of FILE (by default the bundled ones) against the model."""
    click.echo(str(co.validate.trade(co.load(), file, draws=draws, seed=seed)))


@validate.command("claims")
@_observed
def validate_claims(file: Path | None, draws: int, seed: int) -> None:
    """Lay published promises (of FILE, or the bundled ones) beside what the model says."""
    click.echo(str(co.validate.claims(co.load(), file, draws=draws, seed=seed)))
