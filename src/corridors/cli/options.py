"""Options that several commands share: the network, and what is asked of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

import click
import pandas as pd

import corridors as co
from corridors.cli.running import plainly
from corridors.model.expansion import MODES
from corridors.uncertainty.draws import DRAWS

_NETWORK_OPTIONS = [
    click.option(
        "--data", type=click.Path(path_type=Path), help="Own network (folder or file) instead of the reference."
    ),
    click.option("--at", "date", metavar="DATE", help="Network of a day, month, year or 'today', with its closures."),
    click.option("--build", multiple=True, metavar="PROJECT", help="Build a project (may be repeated)."),
    click.option("--close", multiple=True, metavar="WHAT", help="Close a crossing, link or pair such as AF-PK."),
]


def network_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of a network, which the command gets as `net`."""

    @plainly
    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        asked = {name: kwargs.pop(name) for name in ("data", "date", "build", "close")}
        command(*args, net=network(**asked), **kwargs)

    for option in reversed(_NETWORK_OPTIONS):
        run = option(run)
    return run


def network(data: Path | None, date: str | None, build: Sequence[str], close: Sequence[str]) -> co.Network:
    """Network of a file, else the reference network, with what was asked to change."""
    net = co.load() if data is None else co.read(data)
    if date:
        net = net.at(date)
    if close:
        net = net.close(*close)
    return net.build(*build) if build else net


_QUESTION_OPTIONS = [
    click.option("--from", "origins", multiple=True, metavar="PLACE", help="Origins (default: cities of Kazakhstan)."),
    click.option("--to", "destinations", multiple=True, metavar="PLACE", help="Destinations, places or a set."),
    click.option("--commodity", help="Commodity that gives the value of time."),
    click.option("--vot", "vot_usd_t_h", type=float, metavar="USD_T_H", help="Value of time, USD per tonne and hour."),
    click.option("--modes", multiple=True, type=click.Choice(MODES), help="Modes (default: rail only beside all)."),
    click.option("--weights", metavar="WHAT", default="equal", show_default=True,
                 help="equal, population, or a CSV file: origin, destination and tonnes, or place and weight."),
    click.option("--closed", multiple=True, metavar="NAME=WHAT",
                 help="State of the borders: pairs of countries, crossings or countries, separated by commas; or none. "
                 "Default: AF-PK and IR, each open and shut."),
    click.option("--draws", default=DRAWS, show_default=True, help="Draws for bands and probabilities (0: none)."),
]  # fmt: skip


def question_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of a comparison."""
    for option in reversed(_QUESTION_OPTIONS):
        command = option(command)
    return command


def asked(modes: Sequence[str], weights: str, closed: Sequence[str]) -> dict[str, Any]:
    """Options of a comparison as the library takes them."""
    asked: dict[str, Any] = {"modes": modes or None, "weights": _weights(weights)}
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
    if text in ("equal", "population"):
        return None if text == "equal" else text
    try:
        table = pd.read_csv(text)
    except (OSError, ValueError) as error:
        message = "equal, population, or a CSV file with origin, destination and tonnes, or with place and weight"
        raise co.InputError("weights", text, message) from error
    if "origin" in table or table.shape[1] != 2:
        return table
    return dict(zip(table.iloc[:, 0], table.iloc[:, 1], strict=True))


def ends(places: Sequence[str], default: Any) -> Any:
    """Places, a set that was named alone, or what stands for none."""
    return places[0] if len(places) == 1 else places or default


def chosen(scenarios: Sequence[str]) -> list[str | co.Scenario]:
    """Read scenarios given as files; the word base is the network itself."""
    return [co.Scenario.read(s) if s.endswith(".toml") else s for s in scenarios if s != "base"]
