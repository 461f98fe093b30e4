"""Commands about goods: `landed` (delivered prices), `split` (shares of ways) and `flows` (tonnes on the network)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
import pandas as pd

import corridors as co
from corridors.cli import completion, output
from corridors.cli.options import asked_options, chosen, draws_options, network_options, scenario_option
from corridors.cli.output import output_options, show_table
from corridors.cli.running import command
from corridors.model.expansion import CARGO

SHARED = ("cargo", "mode", "crossing", "country", "link")
"""What shares of ways can be added up by."""

CARRIED: dict[str, Callable[[co.Carried], pd.DataFrame]] = {
    "crossings": lambda found: found.crossings,
    "links": lambda found: found.links,
    "terminals": lambda found: found.terminals,
    "ports": lambda found: found.ports,
    "countries": lambda found: found.countries,
    "payments": lambda found: found.gross,
    "pairs": lambda found: found.pairs,
    "utilisation": lambda found: found.utilisation,
    "not-carried": lambda found: found.not_carried,
}
"""Tables of what is carried."""

FILTERS = {
    "commodity": "commodity",
    "period": "period",
    "statistic": "statistic",
    "start": "origin",
    "end": "destination",
}
"""Options by which rows of the table flows are chosen, and their columns."""


@command(
    "landed",
    "corridors landed flour Kabul",
    "corridors landed flour Кабул --scenario uap-kabul --year 2024 --draws 0",
    "corridors landed flour Peshawar --lift pk-wheat-flour-export-ban --price KZ=285 --format csv",
)
@click.argument("good", type=completion.COMMODITY)
@click.argument("market", type=completion.PLACE)
@click.option("--year", type=int, metavar="YEAR", help="Year of the prices (default: the latest of each supplier).")
@click.option(
    "--price",
    "prices",
    multiple=True,
    metavar="WHO=USD_T",
    help="Own price in USD/t of an offer, place or country (repeatable).",
)
@scenario_option
@click.option(
    "--lift", multiple=True, metavar="ID", help="Row of the table duties to leave out, such as a ban (repeatable)."
)
@click.option("--cargo", type=click.Choice((*CARGO, "cheapest")), help="Cargo unit (default: each supplier's own).")
@asked_options(but=("via", "by", "cargo", "commodity", "vot_usd_t_h", "min_rail_share", "charter"))
@draws_options(about="Draws for bands (0: none).")
@output_options()
@network_options  # fmt: skip
def landed(
    good: str,
    market: str,
    *,
    scenarios: Sequence[str],
    prices: Sequence[str],
    form: str,
    out: Path | None,
    net: co.Network,
    **asked: Any,
) -> None:
    """Show what GOOD of every supplier costs delivered to MARKET in USD/t, part by part, and who is cheapest."""
    asked |= {"modes": asked["modes"] or None, "prices": dict(_number(one, "prices") for one in prices) or None}
    found = co.landed([net, *chosen(scenarios)], good, market=market, **asked)
    show_table(found.table(), form, out, text=lambda: str(found))


def _number(text: str, option: str) -> tuple[str, float]:
    """Name and number of a text such as `KZ=285`."""
    name, _, number = text.rpartition("=")
    try:
        return name, float(number)
    except ValueError as error:
        raise co.InputError(option, text, "a name and a number, such as KZ=285") from error


@command(
    "split",
    "corridors split Tashkent Kabul --commodity flour",
    "corridors split Kostanay Kabul --commodity flour --cargo wagon --per crossing --draws 0 --format csv",
    "corridors split Almaty Karachi --commodity general --scale 0.1 --nests mode --build uap-kabul",
)
@click.argument("origin", type=completion.PLACE)
@click.argument("destination", type=completion.PLACE)
@click.option(
    "--cargo",
    multiple=True,
    type=click.Choice(CARGO),
    help="Cargo unit (repeatable; default: all that the good travels in).",
)
@asked_options(but=("via", "cargo"))
@click.option(
    "--scale",
    "scale_t_usd",
    type=float,
    metavar="T_USD",
    help="Scale of the choice in t/USD: the larger, the more surely the cheapest way (default: 0.05).",
)
@click.option("--nests", type=click.Choice(("mode", "cargo")), default=None, help="Nests of the logit (default: none).")
@click.option(
    "--ways",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    metavar="N",
    help="Most ways of each cargo unit.",
)
@click.option(
    "--dissimilarity",
    type=float,
    default=0.3,
    show_default=True,
    metavar="SHARE",
    help="Least share of the km, 0 to 1, that a way has to itself.",
)
@click.option("--per", type=click.Choice(SHARED), help="Add the shares up by this (default: one row per way).")
@draws_options(about="Draws for the bands of the shares (0: none).")
@output_options()
@network_options  # fmt: skip
def split(
    origin: str,
    destination: str,
    *,
    cargo: Sequence[str],
    nests: str | None,
    ways: int,
    dissimilarity: float,
    per: str | None,
    form: str,
    out: Path | None,
    net: co.Network,
    **asked: Any,
) -> None:
    """Show over which really different ways, and in which cargo units, a good goes from ORIGIN to DESTINATION.

    Shares (0 to 1) are those of a path-size logit on generalized cost in USD/t. A good (--commodity) or one cargo unit
    is needed.
    """
    asked |= {"modes": asked["modes"] or None, "cargo": cargo or None}
    choice = co.Logit(nests=nests or "", ways=ways, dissimilarity=dissimilarity)
    found = co.split(net, origin, destination, choice=choice, **asked)
    if per is None:
        show_table(found.table().reset_index(), form, out, text=lambda: str(found))
        return
    table = found.by(per).reset_index()
    show_table(table, form, out, text=lambda: table.round(3).to_string(index=False))


@command(
    "flows",
    "corridors flows pairs.csv --cargo wagon",
    "corridors flows --commodity flour --period 2024 --statistic press --from UZ --town UZ=Tashkent:2,Termez:1 "
    "--town AF=Kabul:3,Mazar-i-Sharif:1",
    "corridors flows pairs.csv --commodity flour --split --what links --format geojson --out links.geojson",
)
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--what",
    type=click.Choice(tuple(CARRIED)),
    default="crossings",
    show_default=True,
    help="Table to show: tonnes a year, payments in USD, utilisation of capacities, or what is not carried.",
)
@click.option("--period", metavar="PERIOD", help="Rows of this year, month or span.")
@click.option("--statistic", metavar="KIND", help="Rows of this statistic, such as exporter.")
@click.option("--from", "start", metavar="ORIGIN", help="Rows that begin at this place or country.")
@click.option("--to", "end", metavar="DESTINATION", help="Rows that end at this place or country.")
@click.option(
    "--town",
    "towns",
    multiple=True,
    metavar="NAME=PLACE:WEIGHT,...",
    help="Places that stand for a name in the rows, such as a country, with their weights (repeatable).",
)
@click.option("--split", is_flag=True, help="Share flows out between ways (default: each goes its best way whole).")
@click.option(
    "--capacities",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="CSV",
    help="Limits: kind, id, value and unit, such as crossing, galaba-hairatan, 35, trains/day. Default: what is known.",
)
@click.option("--train-net-t", type=float, metavar="T", help="Net tonnes of a train (default: 3,300).")
@click.option("--empty-share", type=float, metavar="SHARE", help="Trains that run back empty for each loaded one.")
@click.option(
    "--cargo",
    multiple=True,
    type=click.Choice(CARGO),
    help="Cargo unit (repeatable; default: all that a good travels in).",
)
@asked_options(but=("via", "cargo"))
@output_options(*output.FORMATS)
@network_options  # fmt: skip
def flows(
    file: Path | None,
    *,
    what: str,
    towns: Sequence[str],
    capacities: Path | None,
    cargo: Sequence[str],
    form: str,
    out: Path | None,
    net: co.Network,
    **asked: Any,
) -> None:
    """Put the tonnes of FILE on the network: on links, crossings, terminals, ports and in countries, a year.

    FILE is a CSV file with origin, destination and tonnes, and perhaps commodity and period. Without it, rows of the
    table flows are taken, whose ends are countries that need towns. Rows without a good have that of --commodity.
    """
    if form == output.GEOJSON and what != "links":
        raise click.UsageError(f"--format geojson belongs to --what links, not to {what}")
    chosen_by = {name: asked.pop(name) for name in FILTERS if name != "commodity"}
    rows = _rows(net, file, {"commodity": asked["commodity"] if file is None else None, **chosen_by})
    asked |= {"modes": asked["modes"] or None, "cargo": cargo or None}
    asked |= {name: asked.pop(name) for name in ("train_net_t", "empty_share") if asked[name] is not None}
    asked = {name: value for name, value in asked.items() if value is not None}
    if capacities is not None:
        asked["capacities"] = _csv(capacities)
    found = co.carry(net, rows, towns=dict(map(_town, towns)), **asked)
    table = CARRIED[what](found)
    show_table(table, form, out, text=lambda: f"{output.printed(table)}\n{_summary(found)}")


def _rows(net: co.Network, file: Path | None, wanted: dict[str, str | None]) -> pd.DataFrame:
    """Rows of a file, or of the table flows with tonnes and both ends, that are asked for."""
    table = _csv(file) if file is not None else _bundled(net)
    for option, value in wanted.items():
        column = FILTERS[option]
        if value is None:
            continue
        if column not in table:
            raise co.InputError(option, value, f"the rows have no column {column}")
        cells = table[column].astype(str)
        table = table[cells == value]
        if table.empty:
            raise co.InputError(option, value, f"rows have {', '.join(sorted({*cells} - {''}))}")
    if file is None and table["period"].nunique() > 1:
        there = ", ".join(sorted(set(table["period"].astype(str))))
        raise co.InputError("period", None, f"rows of several years are never added; choose one of {there}")
    return table


def _bundled(net: co.Network) -> pd.DataFrame:
    """Rows of the table flows with tonnes and both ends."""
    frames = net.tables.frames
    if "flows" not in frames:
        raise co.DataFileError("the network has no table flows: name a CSV file with origin, destination and tonnes.")
    table = frames["flows"]
    return table[table["tonnes"].notna() & (table["origin"] != "") & (table["destination"] != "")]


def _csv(file: Path) -> pd.DataFrame:
    """Table of a CSV file."""
    try:
        return pd.read_csv(file, keep_default_na=False, na_values={"tonnes": [""]}, dtype={"period": str})
    except ValueError as error:
        raise co.DataFileError(f"'{file}' cannot be read as CSV in UTF-8: {error}.") from error


def _town(text: str) -> tuple[str, dict[str, float]]:
    """Name and weights of a text such as `AF=Kabul:3,Herat:1`; a place without a weight has 1."""
    name, _, places = text.partition("=")
    found: dict[str, float] = {}
    for part in places.split(","):
        place, _, weight = part.partition(":")
        try:
            found[place.strip()] = float(weight or 1)
        except ValueError as error:
            raise co.InputError("towns", text, "a name and places with weights, such as AF=Kabul:3,Herat:1") from error
    return name, found


def _summary(found: co.Carried) -> str:
    """What is carried of what was asked for, in words."""
    total = found.summary()
    told = [f"{total['carried_t']:,.0f} t of {total['wanted_t']:,.0f} t a year are carried."]
    if total["no_way_t"]:
        told.append(f"{total['no_way_t']:,.0f} t have no way (--what not-carried).")
    if total["not_carried_t"] - total["no_way_t"] > 0.5:
        told.append(f"{total['not_carried_t'] - total['no_way_t']:,.0f} t exceed a capacity (--what not-carried).")
    return " ".join(told)
