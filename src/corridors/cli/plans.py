"""The command `plan`: which projects to build under a budget, and in what order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
import pandas as pd

import corridors as co
from corridors.cli import completion
from corridors.cli.options import asked_options, chosen, draws_options, network_options
from corridors.cli.output import output_options, show_table
from corridors.cli.running import command
from corridors.model.expansion import CARGO

DRAWS = 200
"""Draws of a plan where their number is not given, as in the library."""

SHOWN: dict[str, Callable[[co.Plan], pd.DataFrame]] = {
    "sets": lambda found: found.table().reset_index(),
    "frontier": lambda found: found.frontier.reset_index(),
    "regret": lambda found: found.regret.reset_index(),
    "order": lambda found: found.staging(),
    "shares": lambda found: found.shares(),
    "synergies": lambda found: found.synergies(),
}
"""Tables of a plan."""


@command(
    "plan",
    "corridors plan pairs.csv uap-naibabad-kharlachi kharlachi-kohat western-route --budget 8000 --cargo wagon",
    "corridors plan pairs.csv uap-kabul western-route --budget 9000 --years 2027-2046 --rate 6 --what order",
    "corridors plan pairs.csv khaf-herat western-route --cost khaf-herat=100-300 --budget 8000 --future uap-kabul",
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("projects", nargs=-1, required=True, type=completion.PROJECT)
@click.option("--budget", type=float, metavar="MUSD", help="Million USD in all.")
@click.option("--years", metavar="FIRST-LAST", help="Years over which the budget is spread evenly, such as 2027-2046.")
@click.option(
    "--horizon-years",
    type=click.IntRange(min=1),
    metavar="N",
    help="Years of benefit set against the cost (default: the yearly benefit alone counts).",
)
@click.option("--rate", "rate_pct", type=float, metavar="PCT", help="Discount rate in % a year (default: 0).")
@click.option(
    "--lead-years",
    type=click.IntRange(min=0),
    metavar="N",
    help="Years from the last payment of a project to its opening (default: 0).",
)
@click.option(
    "--cost",
    "costs",
    multiple=True,
    metavar="PROJECT=MUSD",
    help="Cost in million USD, or least-greatest (repeatable; default: as published).",
)
@click.option(
    "--future",
    "futures",
    multiple=True,
    type=completion.SCENARIO,
    metavar="NAME",
    help="Scenario, or a TOML file, in which every set is valued again (repeatable).",
)
@click.option(
    "--elasticity",
    type=float,
    metavar="NUMBER",
    help="Elasticity of tonnes to generalized cost, zero or less (default: 0, fixed tonnes).",
)
@click.option("--what", type=click.Choice(tuple(SHOWN)), default="sets", show_default=True, help="Table to show.")
@click.option(
    "--cargo",
    multiple=True,
    type=click.Choice(CARGO),
    help="Cargo unit (repeatable; default: all that a good travels in).",
)
@asked_options(but=("via", "cargo"))
@draws_options(DRAWS, about="Draws for bands and shares of wins (0: none).")
@output_options()
@network_options  # fmt: skip
def plan(
    file: Path,
    projects: Sequence[str],
    *,
    years: str | None,
    costs: Sequence[str],
    futures: Sequence[str],
    what: str,
    cargo: Sequence[str],
    form: str,
    out: Path | None,
    net: co.Network,
    **asked: Any,
) -> None:
    """Choose which PROJECTS to build for the tonnes of FILE under a budget in million USD, and show all sets.

    FILE is a CSV file with origin, destination and tonnes a year, and perhaps commodity. Nothing is forecast.
    """
    asked |= {"modes": asked["modes"] or None, "cargo": cargo or None, "costs": dict(map(_cost, costs)) or None}
    asked |= {"years": None if years is None else _years(years), "futures": chosen(futures) or None}
    asked = {name: value for name, value in asked.items() if value is not None}
    found = co.plan(net, projects, _flows(file), **asked)
    table = SHOWN[what](found)
    text = str(found) if what == "sets" else "\n".join([table.round(3).to_string(index=False), *found.sentences])
    show_table(table, form, out, text=lambda: text)


def _flows(file: Path) -> pd.DataFrame:
    """Rows of a CSV file."""
    try:
        return pd.read_csv(file, keep_default_na=False, na_values={"tonnes": [""]}, dtype={"period": str})
    except ValueError as error:
        raise co.DataFileError(f"'{file}' cannot be read as CSV in UTF-8: {error}.") from error


def _cost(text: str) -> tuple[str, tuple[float, float]]:
    """Project and range of a text such as `khaf-herat=100-300`."""
    name, _, amounts = text.rpartition("=")
    low, _, high = amounts.partition("-")
    try:
        return name, (float(low), float(high or low))
    except ValueError as error:
        raise co.InputError("costs", text, "a project and million USD, such as khaf-herat=100-300") from error


def _years(text: str) -> range:
    """Years of a text such as `2027-2046`."""
    first, _, last = text.partition("-")
    if not (first.isdigit() and (last or first).isdigit()):
        raise co.InputError("years", text, "the first and the last year, such as 2027-2046")
    return range(int(first), int(last or first) + 1)
