"""Commands that draw: `map` for a picture, `explore` for an interactive page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

import corridors as co
from corridors.base.writing import new_file
from corridors.cli import completion
from corridors.cli.options import asked_options, chosen, draws_options, network_options, options, scenario_option
from corridors.cli.running import command

PICTURES = ("png", "pdf", "svg")
"""Endings of pictures."""

DRAWN = options(
    click.option("--route", "pairs", nargs=2, multiple=True, type=completion.PLACE, metavar="ORIGIN DESTINATION",
                 help="Best way between two places (repeatable; default: the network alone)."),
    click.option("--title", metavar="TEXT", help="Title."),
)  # fmt: skip


@command(
    "map",
    "corridors map network.png",
    "corridors map ways.pdf --route Almaty Karachi --route Tashkent Karachi --modes rail --build uap-kabul",
)
@click.argument("target", type=click.Path(path_type=Path))
@DRAWN
@click.option("--planned", is_flag=True, help="Draw the lines of projects that are not built as well.")
@click.option("--width-cm", type=float, default=18.0, show_default=True, metavar="CM", help="Width on paper in cm.")
@asked_options()
@network_options  # fmt: skip
def draw_map(
    target: Path,
    *,
    pairs: Sequence[tuple[str, str]],
    title: str | None,
    planned: bool,
    width_cm: float,
    net: co.Network,
    **asked: Any,
) -> None:
    """Draw the network, or ways on it, into the picture TARGET (.png, .pdf or .svg)."""
    if target.suffix.lstrip(".").lower() not in PICTURES:
        raise co.InputError("target", str(target), f"a file that ends in {', '.join('.' + one for one in PICTURES)}")
    looks: dict[str, Any] = {"title": title, "planned": planned, "width_cm": width_cm}
    asked["modes"] = asked["modes"] or None
    if pairs:
        drawing = co.plot.plot_routes([net.route(*pair, **asked) for pair in pairs], **looks)
    else:
        drawing = net.plot(**looks)
    with new_file(target) as beside:
        drawing.fig.savefig(beside)
    click.echo(f"wrote {target}")


@command(
    "explore",
    "corridors explore map.html --route Almaty Karachi --scenario uap-kabul --modes rail",
    "corridors explore network.html --at 2026-11",
)
@click.argument("target", type=click.Path(path_type=Path))
@DRAWN
@scenario_option
@asked_options()
@draws_options(0, about="Draws for the 5 to 95 % band of the hours of single trips (0: none).")
@network_options  # fmt: skip
def explore(
    target: Path,
    *,
    pairs: Sequence[tuple[str, str]],
    title: str | None,
    scenarios: Sequence[str],
    draws: int,
    seed: int,
    net: co.Network,
    **asked: Any,
) -> None:
    """Write an interactive map of the network, of scenarios and of ways as the page TARGET, which works offline."""
    asked["modes"] = asked["modes"] or None
    others = chosen(scenarios)
    page = co.explore(
        [net, *others] if others else net, list(pairs) or None, draws=draws, seed=seed, title=title, **asked
    )
    click.echo(f"wrote {page.save(target)}")
