"""The command `corridors`: routes, the data check, validation and the report, from a terminal."""

from __future__ import annotations

import errno
import io
import json
import sys
import warnings
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

import click
import pandas as pd

import corridors as co
from corridors.base.units import MEASURES
from corridors.data import schema
from corridors.formats import FORMATS as NETWORK_FORMATS
from corridors.formats import format_of
from corridors.model.expansion import CARGO, MODES
from corridors.uncertainty.draws import DRAWS

FORMATS = ("table", "json", "csv", "geojson")


def _plainly(command: Callable[..., None]) -> Callable[..., None]:
    """Turn the library's errors and warnings into plain lines."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("always", co.CorridorsWarning)
            warnings.showwarning = lambda message, *_, **__: click.echo(f"warning: {message}", err=True)
            try:
                _tolerate(sys.stdout)
                command(*args, **kwargs)
                sys.stdout.flush()
            except co.CorridorsError as error:
                raise click.ClickException(str(error)) from error
            except UnicodeEncodeError as error:
                wrong = error.object[error.start]
                hint = "set the environment variable PYTHONUTF8=1, and write into a file that is read as UTF-8."
                raise click.ClickException(f"{wrong!a} cannot be written in {error.encoding}: {hint}") from error
            except OSError as error:
                # a reader that has seen enough, such as head, is no error; click ends quietly
                if error.errno == errno.EPIPE:
                    raise
                raise click.ClickException(f"{error.strerror or error}: {error.filename or 'output'}") from error

    return run


def _tolerate(screen: object) -> None:
    """Let a screen show a question mark for a letter that it does not have; files and pipes keep every letter."""
    if isinstance(screen, io.TextIOWrapper) and screen.isatty():
        screen.reconfigure(errors="replace")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(co.__version__, prog_name="corridors")
def main() -> None:
    """Freight corridors from Kazakhstan through Afghanistan to the ports of South Asia."""


_NETWORK_OPTIONS = [
    click.option(
        "--data", type=click.Path(path_type=Path), help="Own network (folder or file) instead of the reference."
    ),
    click.option("--at", "date", metavar="DATE", help="Network of a day, month, year or 'today', with its closures."),
    click.option("--build", multiple=True, metavar="PROJECT", help="Build a project (may be repeated)."),
    click.option("--close", multiple=True, metavar="WHAT", help="Close a crossing, link or pair such as AF-PK."),
]


def _network_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of a network, which the command gets as `net`."""

    @_plainly
    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        asked = {name: kwargs.pop(name) for name in ("data", "date", "build", "close")}
        command(*args, net=_network(**asked), **kwargs)

    for option in reversed(_NETWORK_OPTIONS):
        run = option(run)
    return run


def _network(data: Path | None, date: str | None, build: Sequence[str], close: Sequence[str]) -> co.Network:
    net = co.load() if data is None else co.read(data)
    if date:
        net = net.at(date)
    if close:
        net = net.close(*close)
    return net.build(*build) if build else net


@main.command()
@click.argument("origin")
@click.argument("destination")
@click.option("--via", multiple=True, metavar="PLACE", help="Place to pass (may be repeated, in order).")
@click.option("--avoid", multiple=True, metavar="WHAT", help="Country, place, link, crossing or mode not to use.")
@click.option(
    "--by", type=click.Choice(list(MEASURES)), default="generalized", show_default=True, help="What to minimise."
)
@click.option("--cargo", type=click.Choice(CARGO), default="container", show_default=True, help="Cargo unit.")
@click.option("--modes", multiple=True, type=click.Choice(MODES), help="Modes to use (default: all).")
@click.option("--charter", is_flag=True, help="Charter ships between all ports with a distance, besides the services.")
@click.option("--min-rail-share", type=float, help="Least share of the land km by rail (default: 0.5 for wagons).")
@click.option("-k", "count", default=1, show_default=True, help="Number of different corridors.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
@_network_options
def route(origin: str, destination: str, *, count: int, form: str, net: co.Network, **options: Any) -> None:
    """Show the best route from ORIGIN to DESTINATION, leg by leg."""
    options["modes"] = options["modes"] or None
    routes = [net.route(origin, destination, **options)]
    if count > 1:
        routes = net.alternatives(origin, destination, count, **options)
    click.echo(_shown(routes, form))


def _shown(routes: Sequence[co.Route], form: str) -> str:
    if form == "json":
        return json.dumps([r.to_dict() for r in routes] if len(routes) > 1 else routes[0].to_dict(), indent=2)
    if form == "csv":
        frames = [r.legs.assign(route=i) for i, r in enumerate(routes, start=1)]
        return "".join(f.to_csv(index=False, header=i == 0, lineterminator="\n") for i, f in enumerate(frames)).rstrip()
    if form == "geojson":
        return str(pd.concat([r.to_gdf().assign(route=i) for i, r in enumerate(routes, start=1)]).to_json(drop_id=True))
    return "\n\n".join(map(repr, routes))


@main.command()
@click.option("--data", type=click.Path(path_type=Path), help="Own network (folder or file) instead of the reference.")
@click.option(
    "--all", "everything", is_flag=True, help="List what the data explains, and what is told for information."
)
@_plainly
def check(data: Path | None, everything: bool) -> None:
    """Check the data; exit code 1 where there is an error."""
    findings = _network(data, None, (), ()).check()
    if everything:
        click.echo("\n".join(map(str, findings.level("explained") + findings.level("information"))))
    click.echo(str(findings))
    if not findings:
        sys.exit(1)


@main.group()
def validate() -> None:
    """Compare the model with published figures."""


@validate.command("distances")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--mode", type=click.Choice(("rail", "road", "sea")), default="rail", show_default=True)
@click.option("--tolerance", type=float, help="Percent; by default 2 by rail and 5 by road and sea.")
@_plainly
def validate_distances(file: Path | None, mode: str, tolerance: float | None) -> None:
    """Route the published distances of FILE (by default the bundled ones of the mode) over the same way.

    FILE has the columns from_id, to_id and published_km. There may be low_km and high_km (the published range), mode
    (of the row), via (places passed, separated by commas), independent and note. Figures below the great circle are
    named as impossible and not counted.
    """
    click.echo(str(co.validate.distances(co.load(), file, mode=mode, tolerance_pct=tolerance)))


def _observed(command: Callable[..., None]) -> Callable[..., None]:
    """Add what validations with draws ask for."""
    command = click.option("--seed", default=0, show_default=True)(_plainly(command))
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


@main.command("init")
@click.argument("path", type=click.Path(path_type=Path))
@_plainly
def init(path: Path) -> None:
    """Write a small network to start your own from: into a new folder PATH, or a file .xlsx or .gpkg."""
    made = co.write_template(path)
    click.echo(f"wrote {made}; try: corridors route Termez Mazar-i-Sharif --data {made}")


@main.command("convert")
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(tuple(NETWORK_FORMATS)), help="Format of TARGET, if it is a folder."
)
@click.option("--overwrite", is_flag=True, help="Replace what stands at TARGET, also if it is no network.")
@_plainly
def convert(source: Path, target: Path, *, form: str | None, overwrite: bool) -> None:
    """Write the network of SOURCE (a folder or file, or the word reference) in the format of TARGET.

    Other files of a folder and other layers of a GeoPackage stay.
    """
    net = co.load() if str(source) == "reference" else co.read(source)
    click.echo(f"wrote {net.write(target, format=form, overwrite=overwrite)}")
    kind = format_of(target, form)
    if kind.lost:
        click.echo(f"left out, for the format cannot hold it: {kind.lost}", err=True)


@main.command("schema")
@click.argument("table", required=False)
@_plainly
def print_schema(table: str | None) -> None:
    """Print the columns of TABLE, or the names of all tables."""
    tables = schema.all_tables()
    if table is None:
        click.echo("\n".join(tables))
        return
    if table not in tables:
        raise co.UnknownNameError("table", table, tables)
    for column in tables[table].values():
        choices = f" ({'; '.join(column.choices) or column.range})" if column.choices or column.range else ""
        unit = f" [{column.unit}]" if column.unit else ""
        click.echo(f"{column.name:<18}{'required' if column.required else '':<10}{column.description}{unit}{choices}")


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


def _question_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_QUESTION_OPTIONS):
        command = option(command)
    return command


def _asked(modes: Sequence[str], weights: str, closed: Sequence[str]) -> dict[str, Any]:
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


@main.command()
@click.argument("scenarios", nargs=-1, required=True)
@click.option("--cargo", type=click.Choice(CARGO), help="Cargo unit (default: container, or what the commodity needs).")
@click.option("--seed", default=0, show_default=True)
@_question_options
@_network_options
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
    options |= _asked(modes, weights, closed)
    ends = _ends(origins, "kazakhstan"), _ends(destinations, "south-asian-ports")
    click.echo(str(co.headline(net, _chosen(scenarios), *ends, **options)))


def _ends(places: Sequence[str], default: Any) -> Any:
    """Places, a set that was named alone, or what stands for none."""
    return places[0] if len(places) == 1 else places or default


@main.command()
@click.argument("good")
@click.argument("market")
@click.option("--year", type=int, help="Year of the prices (default: the latest of each supplier).")
@click.option("--scenario", "scenarios", multiple=True, metavar="NAME", help="Scenario, or a TOML file of one.")
@click.option("--lift", multiple=True, metavar="ID", help="Row of the table duties to leave out, such as a ban.")
@click.option("--cargo", type=click.Choice((*CARGO, "cheapest")), help="Cargo unit (default: each supplier's own).")
@click.option("--draws", default=DRAWS, show_default=True, help="Draws for bands (0: none).")
@click.option("--seed", default=0, show_default=True)
@click.option("--format", "form", type=click.Choice(FORMATS[:3]), default="table", show_default=True)
@_network_options
def landed(good: str, market: str, *, scenarios: Sequence[str], form: str, net: co.Network, **options: Any) -> None:
    """Show what GOOD of every supplier costs delivered to MARKET, part by part, and who is cheapest."""
    found = co.landed([net, *_chosen(scenarios)], good, market=market, **options)
    table = found.table()
    texts = {"table": lambda: str(found), "json": lambda: str(table.to_json(orient="records", indent=2))}
    click.echo(texts.get(form, lambda: str(table.to_csv(index=False, lineterminator="\n")).rstrip())())


@main.command("scenarios")
@_plainly
def list_scenarios() -> None:
    """List the bundled scenarios."""
    click.echo(co.scenarios()[["title", "variants"]].to_string())


@main.command()
@click.argument("scenarios", nargs=-1)
@click.option("--cargo", multiple=True, type=click.Choice(CARGO), help="Cargo units (default: container and wagon).")
@click.option("--out", type=click.Path(path_type=Path), default=Path("report"), show_default=True, help="Folder.")
@_question_options
@_network_options
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

    options |= _asked(modes, weights, closed) | ({"cargo": cargo} if cargo else {})
    page = write_report(
        out,
        origins=_ends(origins, "kazakhstan"),
        destinations=_ends(destinations, DESTINATIONS),
        scenarios=_chosen(scenarios) or SCENARIOS,
        net=net,
        **options,
    )
    click.echo(f"wrote {page}")


def _chosen(scenarios: Sequence[str]) -> list[str | co.Scenario]:
    """Read scenarios given as files; the word base is the network itself."""
    return [co.Scenario.read(s) if s.endswith(".toml") else s for s in scenarios if s != "base"]


if __name__ == "__main__":
    main()
