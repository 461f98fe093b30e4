"""Commands that set scenarios side by side: `compare`, `scenarios` and `report`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

import corridors as co
from corridors.cli.options import asked, chosen, ends, network_options, question_options
from corridors.cli.running import plainly
from corridors.model.expansion import CARGO


@click.command()
@click.argument("scenarios", nargs=-1, required=True)
@click.option("--cargo", type=click.Choice(CARGO), help="Cargo unit (default: container, or what the commodity needs).")
@click.option("--seed", default=0, show_default=True)
@question_options
@network_options
def compare(
    scenarios: Sequence[str],
    *,
    origins: Sequence[str],
    destinations: Sequence[str],
    modes: Sequence[str],
    weights: str,
    closed: Sequence[str],
    net: co.Network,
    **options: Any,
) -> None:
    """Compare SCENARIOS (bundled names or TOML files) with the network as it is; the word base may stand first."""
    options |= asked(modes, weights, closed)
    places = ends(origins, "kazakhstan"), ends(destinations, "south-asian-ports")
    click.echo(str(co.headline(net, chosen(scenarios), *places, **options)))


@click.command("scenarios")
@plainly
def list_scenarios() -> None:
    """List the bundled scenarios."""
    click.echo(co.scenarios()[["title", "variants"]].to_string())


@click.command()
@click.argument("scenarios", nargs=-1)
@click.option("--cargo", multiple=True, type=click.Choice(CARGO), help="Cargo units (default: container and wagon).")
@click.option("--out", type=click.Path(path_type=Path), default=Path("report"), show_default=True, help="Folder.")
@question_options
@network_options
def report(
    scenarios: Sequence[str],
    *,
    origins: Sequence[str],
    destinations: Sequence[str],
    cargo: Sequence[str],
    modes: Sequence[str],
    weights: str,
    closed: Sequence[str],
    out: Path,
    net: co.Network,
    **options: Any,
) -> None:
    """Write the comparison with and without SCENARIOS (default: both railway extensions).

    One HTML page that needs nothing else, CSV tables and maps. Without --to, ports and cities stand side by side.
    """
    from corridors.report import DESTINATIONS, SCENARIOS, write_report  # drawing is loaded for the report alone

    options |= asked(modes, weights, closed) | ({"cargo": cargo} if cargo else {})
    page = write_report(
        out,
        origins=ends(origins, "kazakhstan"),
        destinations=ends(destinations, DESTINATIONS),
        scenarios=chosen(scenarios) or SCENARIOS,
        net=net,
        **options,
    )
    click.echo(f"wrote {page}")
