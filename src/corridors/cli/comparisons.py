"""Commands that set scenarios side by side: `compare`, `scenarios` and `report`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pandas as pd

import corridors as co
from corridors.base.languages import ENGLISH, LANGUAGES
from corridors.cli import completion
from corridors.cli.options import asked_options, chosen, draws_options, ends, network_options, options
from corridors.cli.output import output_options, require_folder, show_table
from corridors.cli.running import command
from corridors.model.expansion import CARGO

WEIGHTS = ("equal", "population")
"""Weights by name."""

PAIRS = options(
    click.option("--from", "origins", multiple=True, type=completion.PLACE_OR_SET, metavar="PLACE",
                 help="Origin, or a set of places (repeatable; default: cities of Kazakhstan)."),
    click.option("--to", "destinations", multiple=True, type=completion.PLACE_OR_SET, metavar="PLACE",
                 help="Destination, or a set of places (repeatable; default: ports of South Asia)."),
    click.option("--weights", metavar="WHAT", default="equal", show_default=True,
                 help="Weights of the pairs: equal, population, or a CSV file with origin, destination and tonnes, or "
                 "with place and weight."),
    click.option("--closed", multiple=True, metavar="NAME=WHAT",
                 help="State of the borders: pairs of countries, crossings or countries, separated by commas; or none. "
                 "Default: AF-PK and IR, each open and shut (repeatable)."),
)  # fmt: skip
"""Pairs that are compared, their weights, and states of the borders."""


@command(
    "compare",
    "corridors compare base uap-kabul western-route",
    "corridors compare uap-kabul --from Almaty --to Karachi --modes rail --closed none --draws 0",
    "corridors compare uap-kabul/long --commodity flour --at 2026-11 --format csv --out gains.csv",
)
@click.argument("scenarios", nargs=-1, required=True, type=completion.SCENARIO)
@PAIRS
@asked_options(but=("via",))
@click.option(
    "--transit",
    default="AF",
    show_default=True,
    type=completion.COUNTRY,
    metavar="COUNTRY",
    help="Code of the country whose share of transit is told.",
)
@draws_options()
@output_options()
@network_options  # fmt: skip
def compare(
    scenarios: Sequence[str],
    *,
    origins: Sequence[str],
    destinations: Sequence[str],
    closed: Sequence[str],
    form: str,
    out: Path | None,
    net: co.Network,
    **asked: Any,
) -> None:
    """Compare SCENARIOS with the network as it is: gains in days, USD/t and kg CO2e/t, with their bands.

    SCENARIOS are names of bundled ones (also NAME/VARIANT) or TOML files; the word base may stand first. JSON and CSV
    have one record per way, state of the borders and scenario.
    """
    places = ends(origins, "kazakhstan"), ends(destinations, "south-asian-ports")
    found = co.headline(net, chosen(scenarios), *places, **_asked(closed, asked))
    show_table(found.table(), form, out, text=lambda: str(found))


def _asked(closed: Sequence[str], asked: dict[str, Any]) -> dict[str, Any]:
    """Options of a comparison as the library takes them."""
    asked |= {"modes": asked["modes"] or None, "weights": _weights(asked["weights"])}
    if closed:
        asked["closed"] = None if closed == ("none",) else {"open": (), **dict(map(_border, closed))}
    return asked


def _border(text: str) -> tuple[str, list[str]]:
    """Name and closures of a state of the borders; without a name it is called after what is shut."""
    name, named, shut = text.rpartition("=")
    closures = [part.strip() for part in shut.split(",") if part.strip()]
    return (name if named else f"{shut} closed"), closures


def _weights(text: str) -> Any:
    """Weights by their name, or of a file."""
    if text in WEIGHTS:
        return None if text == "equal" else text
    try:
        table = pd.read_csv(text)
    except (OSError, ValueError) as error:
        message = "equal, population, or a CSV file with origin, destination and tonnes, or with place and weight"
        raise co.InputError("weights", text, message) from error
    if "origin" in table or table.shape[1] != 2:
        return table
    return dict(zip(table.iloc[:, 0], table.iloc[:, 1], strict=True))


@command("scenarios", "corridors scenarios", "corridors scenarios --format json")
@output_options()
def list_scenarios(*, form: str, out: Path | None) -> None:
    """List the bundled scenarios and their variants, for --build, --scenario, compare and report."""
    table = co.scenarios()
    show_table(table.reset_index(), form, out, text=lambda: str(table[["title", "variants"]].to_string()))


@command(
    "report",
    "corridors report --out report",
    "corridors report uap-kabul --from Almaty --from Termez --to Karachi --cargo wagon --at 2026-11 --out wagons",
)
@click.argument("scenarios", nargs=-1, type=completion.SCENARIO)
@click.option(
    "--cargo",
    multiple=True,
    type=click.Choice(CARGO),
    help="Cargo unit (repeatable; default: container and wagon).",
)
@PAIRS
@asked_options(but=("via", "by", "cargo", "min_rail_share", "charter"))
@click.option(
    "--draws",
    type=click.IntRange(min=0),
    default=1000,
    show_default=True,
    metavar="N",
    help="Draws for bands and probabilities (0: none).",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("report"),
    show_default=True,
    metavar="FOLDER",
    help="Folder to write into; files of the same names are replaced.",
)
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=ENGLISH,
    show_default=True,
    help="Language of the page and its pictures.",
)
@network_options  # fmt: skip
def report(
    scenarios: Sequence[str],
    *,
    origins: Sequence[str],
    destinations: Sequence[str],
    cargo: Sequence[str],
    closed: Sequence[str],
    out: Path,
    lang: str,
    net: co.Network,
    **asked: Any,
) -> None:
    """Write the comparison with and without SCENARIOS (default: both railway extensions).

    One HTML page that needs nothing else, CSV tables and maps. Without --to, ports and cities stand side by side.
    """
    from corridors.report import DESTINATIONS, SCENARIOS, write_report  # drawing is loaded for the report alone

    require_folder(out)  # the work takes a minute, so that the place for it comes first
    page = write_report(
        out,
        origins=ends(origins, "kazakhstan"),
        destinations=ends(destinations, DESTINATIONS),
        scenarios=chosen(scenarios) or SCENARIOS,
        net=net,
        lang=lang,
        **_asked(closed, asked | ({"cargo": cargo} if cargo else {})),
    )
    click.echo(f"wrote {page}")
