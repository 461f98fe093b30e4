"""Options that several commands share: the network, what is asked of it, draws, scenarios and states of the borders."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from itertools import groupby
from pathlib import Path
from typing import Any

import click

import corridors as co
from corridors.base.names import near
from corridors.cli import completion
from corridors.cli.points import joined
from corridors.model.expansion import CARGO, MODES
from corridors.uncertainty.draws import DRAWS

Option = Callable[[Callable[..., None]], Callable[..., None]]

POINT_KM = 50.0
"""How far a point may be from the network, by great circle, where `--max-km` does not say."""

ASKED: dict[str, Option] = {
    "via": click.option("--via", multiple=True, type=completion.PLACE, metavar="PLACE",
                        help="Place to pass (repeatable, in order)."),
    "by": click.option("--by", type=completion.OBJECTIVE, default="generalized", show_default=True, metavar="MEASURE",
                       help="What to minimise: generalized (cost and time, USD/t), hours, cost (USD/t), distance (km), "
                       "co2e (kg/t), or weights such as cost=1,hours=0.5."),
    "cargo": click.option("--cargo", type=click.Choice(CARGO),
                          help="Cargo unit (default: container, or what the good travels in)."),
    "commodity": click.option("--commodity", type=completion.COMMODITY, metavar="GOOD",
                              help="Good, which gives the value of time and the load of a unit (table commodities)."),
    "vot_usd_t_h": click.option("--vot", "vot_usd_t_h", type=float, metavar="USD_T_H",
                                help="Value of time in USD per tonne and hour, instead of the good's."),
    "modes": click.option("--modes", multiple=True, type=click.Choice(MODES),
                          help="Mode to use (repeatable; default: all)."),
    "avoid": click.option("--avoid", multiple=True, type=completion.AVOIDED, metavar="WHAT",
                          help="Country, pair such as AF-PK, place, link, crossing or mode not to use (repeatable)."),
    "min_rail_share": click.option("--min-rail-share", type=float, metavar="SHARE",
                                   help="Least share of the land km by rail, 0 to 1 (default: 0.5 for wagons)."),
    "charter": click.option("--charter", is_flag=True,
                            help="Charter ships between all ports with a distance, besides the services."),
}  # fmt: skip
"""What is asked of a network, as in `corridors.model.question.Asked`, and places to pass."""

NETWORK: tuple[Option, ...] = (
    click.option("--data", type=click.Path(path_type=Path), metavar="PATH",
                 help="Own network (folder or file) instead of the reference."),
    click.option("--at", "date", metavar="DATE", help="Network of a day, month, year or 'today', with its closures."),
    click.option("--season", metavar="SEASON", help="Season with parameters of its own, such as winter."),
    click.option("--close", multiple=True, type=completion.CLOSURE, metavar="WHAT",
                 help="Close a crossing, link, terminal, service, port or pair such as AF-PK (repeatable)."),
    click.option("--open", multiple=True, type=completion.CLOSURE, metavar="WHAT",
                 help="Open what is closed, as in --close; after the date and what --close shuts (repeatable)."),
    click.option("--build", multiple=True, type=completion.PROJECT, metavar="NAME",
                 help="Build a project, or apply a scenario (name or TOML file); in order (repeatable)."),
    click.option("--connect", multiple=True, metavar="TOWN",
                 help="Join a town of the gazetteer to the network by a road (repeatable)."),
    click.option("--max-km", type=float, default=POINT_KM, show_default=True, metavar="KM",
                 help="How far a town of --connect, or a point such as 43.25,76.95, may be from the network."),
)  # fmt: skip


def options(*added: Option) -> Option:
    """Options one after the other, in the order of the help.

    Parameters
    ----------
    added
        The options.
    """

    def add(function: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(added):
            function = option(function)
        return function

    return add


def asked_options(*, but: Iterable[str] = ()) -> Option:
    """Options of a question; the command gets them under the names that the library has for them.

    Parameters
    ----------
    but
        Names of those that a command does not take, or has of its own.
    """
    left_out = set(but)
    return options(*(option for name, option in ASKED.items() if name not in left_out))


def draws_options(default: int = DRAWS, *, about: str = "Draws for bands and probabilities (0: none).") -> Option:
    """Options of draws.

    Parameters
    ----------
    default
        Number of draws where none is asked for.
    about
        Text of the help.
    """
    draws = click.option(
        "--draws", type=click.IntRange(min=0), default=default, show_default=True, metavar="N", help=about
    )
    seed = click.option(
        "--seed", type=click.IntRange(min=0), default=0, show_default=True, metavar="N", help="Seed of the draws."
    )
    return options(draws, seed)


scenario_option = click.option(
    "--scenario", "scenarios", multiple=True, type=completion.SCENARIO, metavar="NAME",
    help="Scenario beside the network as it is: a name, or a TOML file (repeatable).",
)  # fmt: skip


def network_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options of a network, which the command gets as `net`; points among its places are joined to it."""

    @wraps(function)
    def run(**given: Any) -> None:
        changes = {name: given.pop(name) for name in ("date", "season", "close", "open", "build", "connect")}
        max_km = given.pop("max_km")
        net = network(given.pop("data"), max_km=max_km, **changes)
        for param in click.get_current_context().command.params:
            if isinstance(param.type, completion.Place) and param.name is not None:
                net, given[param.name] = joined(net, given[param.name], max_km)
        function(net=net, **given)

    return options(*NETWORK)(run)


def network(
    data: Path | None,
    *,
    date: str | None = None,
    season: str | None = None,
    close: Sequence[str] = (),
    open: Sequence[str] = (),  # noqa: A002 - as the method is called
    build: Sequence[str] = (),
    connect: Sequence[str] = (),
    max_km: float = POINT_KM,
) -> co.Network:
    """Network of a file, else the reference network, with what was asked to change, in this order.

    Parameters
    ----------
    data
        Folder or file; None for the reference network.
    date, season, close, open, build
        As the methods of a network; `build` takes names of scenarios as well.
    connect, max_km
        Towns to join, and how far each may be from the network.
    """
    net = co.load() if data is None else co.read(data)
    for town in connect:
        net = net.connect(town, max_km=max_km)
    if date is not None:
        net = net.at(date)
    if season is not None:
        net = net.in_season(season)
    if close:
        net = net.close(*close)
    if open:
        net = net.open(*open)
    return _built(net, build)


def _built(net: co.Network, names: Sequence[str]) -> co.Network:
    """Network with projects built and scenarios applied; projects that stand together are built at once."""
    projects = set(net.projects.index)
    for known, group in groupby(names, lambda name: name in projects):
        if known:
            net = net.build(*group)
            continue
        for name in group:
            net = _scenario(name, projects).apply(net)
    return net


def _scenario(name: str, projects: set[str]) -> co.Scenario:
    """Scenario of a name or file; the error names projects as well."""
    if name.endswith(".toml"):
        return co.Scenario.read(name)
    if name.partition("/")[0] in co.scenarios().index:
        return co.scenario(name)
    hint = "'corridors projects' and 'corridors scenarios' list them all."
    matches = near(name, {*projects, *co.scenarios().index}, cutoff=0.5)
    raise co.UnknownNameError("project or scenario", name, matches, hint)


def chosen(scenarios: Sequence[str]) -> list[str | co.Scenario]:
    """Read scenarios given as files; the word base is the network itself.

    Parameters
    ----------
    scenarios
        Names and files.
    """
    return [co.Scenario.read(s) if s.endswith(".toml") else s for s in scenarios if s != "base"]


def ends(places: Sequence[str], default: Any) -> Any:
    """Places, a set that was named alone, or what stands for none.

    Parameters
    ----------
    places, default
        What was typed, and what holds where nothing was.
    """
    return places[0] if len(places) == 1 else places or default
