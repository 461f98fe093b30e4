"""The command on worth: `appraise`, what a project is worth for given flows and what it needs to be worth it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
import pandas as pd

import corridors as co
from corridors.cli import completion, output
from corridors.cli.options import asked_options, chosen, draws_options, network_options
from corridors.cli.output import output_options, show_table
from corridors.cli.running import command
from corridors.model.expansion import CARGO

TABLES: dict[str, Callable[[co.Appraisal], pd.DataFrame]] = {
    "summary": lambda found: pd.DataFrame([found.summary()]),
    "rates": lambda found: found.by_rate(),
    "years": lambda found: found.table(),
    "assumptions": lambda found: found.assumptions(),
    "flows": lambda found: found.flows,
    "countries": lambda found: found.by_country(),
    "borders": lambda found: found.outlook().table(),
    "waiting": lambda found: found.outlook().waiting(),
}
"""Tables of an appraisal."""

BORDER_FORM = "a border such as AF-PK, iran or hormuz, with both probabilities: AF-PK=0.2,0.3 or AF-PK=0.2,0.3,shut"


@command(
    "appraise",
    "corridors appraise uap-kabul --flow Tashkent:Lahore:3e6 --flow Kostanay:Kabul:1e6 --commodity flour --cargo wagon",
    "corridors appraise uap-kabul pairs.csv --commodity flour --cost 4600,8200 --cost-year 2024 --rate 6 --what years",
    "corridors appraise western-route --flow Tashkent:Karachi:5e6 --commodity general --border AF-PK=0.2,0.3,shut "
    "--what waiting",
)
@click.argument("scenario", type=completion.SCENARIO)
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--flow", "given", multiple=True, metavar="FROM:TO:TONNES", help="Tonnes a year of a pair (repeatable).")
@click.option(
    "--new-flow",
    "new",
    multiple=True,
    metavar="FROM:TO:TONNES",
    help="Tonnes a year that move only with the project; they count at half (repeatable).",
)
@click.option(
    "--what",
    type=click.Choice(tuple(TABLES)),
    default="summary",
    show_default=True,
    help="Table to show; money in million USD.",
)
@click.option("--cost", metavar="MUSD", help="Cost in million USD, or LOW,HIGH (default: the published figures).")
@click.option("--cost-year", type=int, metavar="YEAR", help="Year of the prices of --cost (default: 2025).")
@click.option("--opens", type=int, metavar="YEAR", help="Year at whose end it opens (default: as stated).")
@click.option("--build-years", type=click.IntRange(min=1), metavar="N", help="Years of building (default: 5).")
@click.option("--life-years", type=click.IntRange(min=1), metavar="N", help="Years of service (default: 30).")
@click.option("--growth", type=float, metavar="PCT", help="Growth of the tonnes in % a year (default: none).")
@click.option("--rate", "rate_pct", type=float, metavar="PCT", help="Real discount rate in % a year (default: 8).")
@click.option("--co2-price", "co2_usd_t", type=float, metavar="USD_T", help="Price of CO2e in USD/t (default: none).")
@click.option("--logit", is_flag=True, help="Share flows out between ways (default: each goes its best way whole).")
@click.option(
    "--border",
    "borders",
    multiple=True,
    metavar="NAME=SHUTS,OPENS",
    help="Border that shuts and opens with these probabilities a year, such as AF-PK=0.2,0.3 or, if it is shut now, "
    "AF-PK=0.2,0.3,shut (repeatable).",
)
@click.option(
    "--cargo", multiple=True, type=click.Choice(CARGO), help="Cargo unit (repeatable; default: all of the good)."
)
@asked_options(but=("via", "cargo"))
@draws_options()
@output_options()
@network_options  # fmt: skip
def appraise(
    scenario: str,
    file: Path | None,
    *,
    given: Sequence[str],
    new: Sequence[str],
    what: str,
    cost: str | None,
    logit: bool,
    borders: Sequence[str],
    cargo: Sequence[str],
    form: str,
    out: Path | None,
    net: co.Network,
    **asked: Any,
) -> None:
    """Show what SCENARIO is worth in million USD for the flows of FILE or of --flow, and at how many tonnes it pays.

    FILE is a CSV file with origin, destination and tonnes a year, and perhaps commodity. Nothing is forecast.
    """
    flows = _flows(file, given)
    asked |= {"modes": asked["modes"] or None, "cargo": cargo or None}
    asked = {name: value for name, value in asked.items() if value is not None}
    if cost is not None:
        asked["cost_musd"] = _numbers(cost, "cost")
    if new:
        asked["new_flows"] = dict(map(_flow, new))
    if logit:
        asked["choice"] = "logit"
    found = co.appraise(net, chosen([scenario])[0], flows, borders=[_border(one) for one in borders], **asked)
    table = TABLES[what](found)
    text = str(found) if what == "summary" else output.printed(table)
    show_table(table, form, out, text=lambda: text)


def _flows(file: Path | None, given: Sequence[str]) -> pd.DataFrame | dict[tuple[str, str], float]:
    """Flows of a file, or of the command line."""
    if (file is None) == (not given):
        raise click.UsageError("flows are needed: a FILE, or --flow FROM:TO:TONNES")
    if file is None:
        return dict(map(_flow, given))
    try:
        return pd.read_csv(file, keep_default_na=False, na_values={"tonnes": [""]}, dtype={"period": str})
    except ValueError as error:
        raise co.DataFileError(f"'{file}' cannot be read as CSV in UTF-8: {error}.") from error


def _flow(text: str) -> tuple[tuple[str, str], float]:
    """Pair and tonnes of a text such as `Tashkent:Lahore:3e6`."""
    start, _, rest = text.partition(":")
    end, _, tonnes = rest.partition(":")
    try:
        return (start, end), float(tonnes)
    except ValueError as error:
        raise co.InputError("flow", text, "two places and tonnes, such as Tashkent:Lahore:3e6") from error


def _numbers(text: str, option: str) -> list[float]:
    """Numbers that are separated by commas."""
    try:
        return [float(part) for part in text.split(",")]
    except ValueError as error:
        raise co.InputError(option, text, "a number, or two separated by a comma, such as 4600,8200") from error


def _border(text: str) -> co.Border:
    """Border of a text such as `AF-PK=0.2,0.3,shut`."""
    name, _, rest = text.partition("=")
    parts = rest.split(",")
    if not name or len(parts) not in (2, 3) or (len(parts) == 3 and parts[2] not in ("open", "shut")):
        raise co.InputError("border", text, BORDER_FORM)
    shuts, opens = _numbers(",".join(parts[:2]), "border")
    return co.Border(name, p_shut=shuts, p_open=opens, open_now=parts[2:] != ["shut"])
